//! What the requests about alerts and reminders take.

use kept_core::id::{CommitmentId, ReminderId};
use kept_core::reminder::RemindWhen;
use kept_core::views::SnoozeFor;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// One alert.
    pub struct TheAlert {
        /// Its id.
        pub alert: String,
    }

    /// A pause of the watch.
    pub struct PauseWatch {
        /// For how long; none to go on watching.
        #[serde(default)]
        pub until: Option<SnoozeFor>,
    }

    /// A reminder of the owner's own.
    pub struct SetReminder {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which reminder; a new one if none is named.
        #[serde(default)]
        pub reminder: Option<ReminderId>,
        /// When it comes.
        pub when: RemindWhen,
        /// What it is to say.
        #[serde(default)]
        pub what: Option<String>,
    }

    /// A reminder that is not wanted any more.
    pub struct RemoveReminder {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which one.
        pub reminder: ReminderId,
    }
}
