//! What the requests for backups take.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// One backup.
    pub struct TheBackup {
        /// Its name in the list, or a file that was offered.
        pub backup: String,
        /// Its passphrase, if it is locked with another one than new backups are.
        #[serde(default)]
        pub passphrase: Option<String>,
    }

    /// The passphrase with which new backups are locked.
    pub struct SetBackupPassphrase {
        /// The passphrase; none to lock them no longer.
        pub passphrase: Option<String>,
    }
    /// Where the newest backup is copied to besides.
    pub struct SetBackupFolder {
        /// The whole path of a folder; none to copy them nowhere.
        pub folder: Option<String>,
    }
}
