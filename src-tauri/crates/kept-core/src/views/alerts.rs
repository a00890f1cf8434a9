//! What the screens show about alerts beside the alert centre: the owner's own reminders, what happened to an alert, what
//! the kinds are, and what the next working day brings.

use crate::alert::{AlertKind, KindSettings};
use crate::day::Stamp;
use crate::id::{CauseId, CustomerId, FeedbackId, RecoveryId, ReminderId};
use crate::reminder::RemindWhen;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The screen on which something can be done about an alert that is about no promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "screen", rename_all = "snake_case")]
#[ts(export)]
pub enum LeadsTo {
    /// What a customer told us.
    Feedback {
        /// Which.
        id: FeedbackId,
    },
    /// How a miss is made good.
    Recovery {
        /// Which.
        id: RecoveryId,
    },
    /// What made promises fail.
    Cause {
        /// Which.
        id: CauseId,
    },
    /// The backups.
    Backups,
}

views! {
    /// A reminder of the owner's own.
    pub struct OwnReminder {
        /// Its id.
        pub id: ReminderId,
        /// When it comes.
        pub when: RemindWhen,
        /// The same in words: `2 h before it is due`.
        pub when_words: String,
        /// What it is to say.
        pub what: Option<String>,
        /// The day and the time in words: `Fri 20 Nov, 13:00`; none as long as there is no date.
        pub at_words: Option<String>,
    }

    /// What happened to an alert, oldest first.
    pub struct AlertHistory {
        /// The events.
        pub events: Vec<AlertEvent>,
    }

    /// Something that happened to an alert.
    pub struct AlertEvent {
        /// When.
        pub at: Stamp,
        /// The same in words.
        pub at_words: String,
        /// What, in words: `Announced`, `Snoozed until today 15:00`.
        pub what: String,
    }

    /// The kinds of alerts, with what the owner has set about each.
    pub struct AlertKinds {
        /// Most urgent first.
        pub kinds: Vec<AlertKindView>,
        /// The customers about whom notifications come in the quiet hours as well.
        pub let_through: Vec<LetThrough>,
    }

    /// One kind of alert.
    pub struct AlertKindView {
        /// Which.
        pub kind: AlertKind,
        /// Its name: `Due soon`.
        pub name: String,
        /// When it comes, in a sentence.
        pub explained: String,
        /// What holds for it.
        pub settings: KindSettings,
        /// Whether the owner can do without it.
        pub can_be_off: bool,
    }

    /// A customer about whom notifications come in the quiet hours as well.
    pub struct LetThrough {
        /// The customer.
        pub customer: CustomerId,
        /// The name.
        pub name: String,
    }

    /// The notices of the next working day, if nothing is done before.
    pub struct AlertsAhead {
        /// The day: `Mon 23 Nov`.
        pub day_words: String,
        /// The notices, in the order of time.
        pub lines: Vec<AheadLine>,
        /// How many more there are.
        pub more: u32,
    }

    /// A notice that is to come.
    pub struct AheadLine {
        /// When.
        pub at: Stamp,
        /// The time of the day.
        pub at_words: String,
        /// What it will be about: `Start 12 cupcakes for Maria Silva`.
        pub what: String,
    }
}
