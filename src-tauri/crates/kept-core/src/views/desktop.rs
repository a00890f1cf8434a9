//! What the desktop shows of Kept outside of its window.

use crate::id::CommitmentId;
use crate::views::SnoozeFor;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// The icon in the tray and its menu.
    pub struct TrayView {
        /// What the icon says: `Kept: 3 promises are overdue`.
        pub words: String,
        /// Overdue promises: the number on the icon.
        pub overdue: u32,
        /// What is to be done next, most urgent first, at most three.
        pub next: Vec<TrayPromise>,
        /// Putting off all alerts, in words; none if nothing calls.
        pub snooze_all: Option<String>,
        /// Taking up the watch again, in words; none while Kept watches.
        pub resume: Option<String>,
        /// For how long the watch can be paused.
        pub pauses: Vec<PauseChoice>,
    }

    /// A promise in the menu of the tray.
    pub struct TrayPromise {
        /// Which one.
        pub promise: CommitmentId,
        /// When and what, on one line: `15:00: 12 cupcakes for Maria Silva`.
        pub words: String,
    }

    /// For how long the watch can be paused.
    pub struct PauseChoice {
        /// Until when.
        pub until: SnoozeFor,
        /// The same in words: `for 1 hour`.
        pub words: String,
    }
}
