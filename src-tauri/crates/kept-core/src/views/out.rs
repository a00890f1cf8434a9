//! What is shown of taking the data along, and of a customer who is to be forgotten.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// What is taken along by itself.
    pub struct OutView {
        /// The calendar that is kept up to date, if the owner has named a folder for it.
        pub calendar: Option<KeptCalendar>,
    }

    /// A calendar that is kept up to date.
    pub struct KeptCalendar {
        /// In which folder.
        pub folder: String,
        /// The file that calendar programs read.
        pub file: String,
        /// Why it could not be written.
        pub trouble: Option<String>,
    }

    /// What happens if a customer is anonymised.
    pub struct Forgetting {
        /// The version of the customer that this was said of.
        pub version: u64,
        /// Their name as it is now.
        pub name: String,
        /// Their name as it would be.
        pub becomes: String,
        /// What goes, one line each.
        pub goes: Vec<String>,
        /// What remains, one line each.
        pub remains: Vec<String>,
        /// Until when backups still hold them, in a sentence.
        pub until: String,
        /// How many backups hold them that Kept can remove at once.
        pub backups: u32,
        /// The words that go wherever they stand: all their names.
        pub words: Vec<String>,
    }
}
