//! What the screen of backups shows.

use crate::backup::BackupReason;
use crate::day::Stamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// The backups that are there, the newest first.
    pub struct BackupsView {
        /// The backups.
        pub rows: Vec<BackupRow>,
        /// When the newest good one was made and where it lies, in a sentence.
        pub said: String,
        /// There is something to lose, and no good one of the last three days.
        pub stale: bool,
        /// Why the last one could not be made.
        pub trouble: Option<String>,
        /// What was restored last, if that can still be taken back.
        pub restored: Option<RestoredBackup>,
        /// Where they lie.
        pub folder: String,
        /// New ones are locked with a passphrase.
        pub locked: bool,
        /// The second folder, if the owner has named one.
        pub second: Option<SecondFolder>,
    }

    /// What was restored, and the way back from it.
    pub struct RestoredBackup {
        /// The change that restored it: undoing that makes everything as it was before.
        pub change: u64,
        /// What was restored, in a sentence.
        pub said: String,
        /// The backup of what was there before.
        pub way_back: String,
        /// Nothing was changed since, so that one step undoes it; otherwise that step would undo more.
        pub nothing_since: bool,
    }

    /// A backup, as its heading tells it.
    pub struct BackupRow {
        /// Its name, by which it is asked for.
        pub backup: String,
        /// When it was made.
        pub at: Stamp,
        /// The same in words.
        pub at_words: String,
        /// Why it was made.
        pub why: BackupReason,
        /// The same in words.
        pub why_words: String,
        /// The name of the business.
        pub business: String,
        /// Promises in it.
        pub promises: u32,
        /// Customers in it.
        pub customers: u32,
        /// Attached files in it.
        pub files: u32,
        /// All of that in words: `120 promises, 80 customers, 3 files`.
        pub holds: String,
        /// Its size on the disk.
        pub bytes: u64,
        /// It is locked with a passphrase.
        pub locked: bool,
        /// It lies beside the data.
        pub here: bool,
        /// It lies in the second folder.
        pub second: bool,
        /// Where it lies, in words.
        pub where_words: String,
        /// What is wrong with it; it was verified when it was made.
        pub wrong: Option<String>,
    }

    /// The second folder: on a stick, or one that is synchronised.
    pub struct SecondFolder {
        /// Where it is.
        pub folder: String,
        /// It can be reached now.
        pub is_there: bool,
        /// How it stands with it, in a sentence.
        pub words: String,
    }

    /// What a backup holds, and what would change if it were restored.
    pub struct BackupLook {
        /// The backup.
        pub row: BackupRow,
        /// What would change about promises.
        pub promises: BackupDifference,
        /// About customers.
        pub customers: BackupDifference,
        /// About the menu, what repeats, the chores and the settings.
        pub others: BackupDifference,
        /// Restoring it would change something.
        pub changes: bool,
        /// All of it in a sentence.
        pub said: String,
    }

    /// What would change about records of a kind.
    pub struct BackupDifference {
        /// They would be there again.
        pub back: FewNames,
        /// They would be as they were.
        pub changed: FewNames,
        /// They would not be there any more.
        pub gone: FewNames,
    }

    /// How many, and the names of some.
    pub struct FewNames {
        /// How many.
        pub count: u32,
        /// The names of some of them.
        pub names: Vec<String>,
        /// Both in words: `5 promises: 12 cupcakes, 3 tarts and 3 more`; empty if there are none.
        pub words: String,
    }
}
