//! What the requests for taking the data along, and for forgetting a customer, take.

use kept_core::id::CustomerId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// Where an export is written.
    pub struct ExportTo {
        /// A place that was offered: a file, or a folder for tables.
        pub to: String,
    }

    /// Where a calendar is written, and of what.
    pub struct CalendarTo {
        /// A place that was offered.
        pub to: String,
        /// Also what was handed over or called off.
        #[serde(default)]
        pub also_closed: bool,
    }

    /// Where a calendar is kept up to date.
    pub struct KeepCalendarIn {
        /// A folder that was offered; none to keep it no longer.
        #[serde(default)]
        pub folder: Option<String>,
    }

    /// Where all that is known of a customer is written.
    pub struct CustomerTo {
        /// Which customer.
        pub customer: CustomerId,
        /// A place that was offered. One whose name ends in `.json` becomes JSON, any other a page to read.
        pub to: String,
    }

    /// A customer who may be forgotten.
    pub struct WhomToForget {
        /// Which customer.
        pub customer: CustomerId,
    }

    /// A customer who is to be forgotten.
    pub struct ForgetCustomer {
        /// Which customer.
        pub customer: CustomerId,
        /// The version that was looked at.
        #[serde(default)]
        pub version: Option<u64>,
        /// Words that go wherever they stand; all their names if nothing is said.
        #[serde(default)]
        pub words: Vec<String>,
        /// Also removes the backups that hold them; a new one is made.
        #[serde(default)]
        pub backups_too: bool,
    }
}
