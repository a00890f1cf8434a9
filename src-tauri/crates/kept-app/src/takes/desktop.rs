//! What the requests from the tray take.

use kept_core::views::SnoozeFor;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// All that calls now is put off.
    pub struct SnoozeAll {
        /// For how long.
        pub until: SnoozeFor,
    }
}
