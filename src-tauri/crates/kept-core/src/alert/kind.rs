//! The kinds of alerts, and what each of them is called.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind an alert is, most urgent first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AlertKind {
    /// The date has passed and something is still owed.
    Overdue,
    /// A customer waits for an answer.
    Reply,
    /// A step by which a miss is made good is due.
    RecoveryStep,
    /// The date is now.
    Due,
    /// The owner wanted to be reminded now.
    Custom,
    /// The time left no longer suffices, and the customer does not know.
    Tell,
    /// Work has to begin now for the date to hold.
    StartBy,
    /// Work has to begin within two working days, and too little time is set aside for it.
    Unblocked,
    /// Somebody is waited for and is to be chased.
    Waiting,
    /// Due within one working day.
    DueSoon,
    /// What waits for an event is to be looked at again.
    ReviewBy,
    /// Paid, and nothing done for days.
    PaidIdle,
    /// Others with later dates were worked on while this waited.
    Squeezed,
    /// Whether something that made promises fail has come back is to be looked at.
    RecurrenceCheck,
    /// There is no good backup of the last days.
    Backup,
}

impl AlertKind {
    /// All kinds, most urgent first.
    pub const ALL: [Self; 15] = [
        Self::Overdue,
        Self::Reply,
        Self::RecoveryStep,
        Self::Due,
        Self::Custom,
        Self::Tell,
        Self::StartBy,
        Self::Unblocked,
        Self::Waiting,
        Self::DueSoon,
        Self::ReviewBy,
        Self::PaidIdle,
        Self::Squeezed,
        Self::RecurrenceCheck,
        Self::Backup,
    ];

    /// The name in ids.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Reply => "reply",
            Self::RecoveryStep => "recovery_step",
            Self::Due => "due",
            Self::Custom => "custom",
            Self::Tell => "tell",
            Self::StartBy => "start_by",
            Self::Unblocked => "unblocked",
            Self::Waiting => "waiting",
            Self::DueSoon => "due_soon",
            Self::ReviewBy => "review_by",
            Self::PaidIdle => "paid_idle",
            Self::Squeezed => "squeezed",
            Self::RecurrenceCheck => "recurrence_check",
            Self::Backup => "backup",
        }
    }

    /// Its name on the screen.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Reply => "Waiting for your answer",
            Self::RecoveryStep => "To make good",
            Self::Due => "Due now",
            Self::Custom => "Your reminders",
            Self::Tell => "Tell the customer",
            Self::StartBy => "Start now",
            Self::Unblocked => "No time blocked",
            Self::Waiting => "Ask again",
            Self::DueSoon => "Due soon",
            Self::ReviewBy => "Look again",
            Self::PaidIdle => "Paid and waiting",
            Self::Squeezed => "Squeezed out",
            Self::RecurrenceCheck => "Causes",
            Self::Backup => "Backup",
        }
    }

    /// When it comes, in a sentence.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::Overdue => "When a date has passed, and again and again until it is handed over or moved.",
            Self::Reply => "When a customer has waited for half, most and all of the time you aim for.",
            Self::RecoveryStep => "When something is due by which you make good for a miss.",
            Self::Due => "At the time that was promised; at opening where only a day was.",
            Self::Custom => "When you wanted to be reminded.",
            Self::Tell => "When the time left is too short and the customer does not know it yet.",
            Self::StartBy => "When work has to begin for the date to hold.",
            Self::Unblocked => {
                "Two working days before work has to begin, if you have set aside too little time."
            }
            Self::Waiting => "When it is time to chase a customer or a supplier.",
            Self::DueSoon => "At opening, one working day before.",
            Self::ReviewBy => "When a promise without a date is to be looked at again.",
            Self::PaidIdle => "When nothing was done for days for somebody who has paid.",
            Self::Squeezed => "When others with later dates were worked on first.",
            Self::RecurrenceCheck => {
                "When something is to be changed, or to be looked at again, so that a miss does not come back."
            }
            Self::Backup => "When there was no good backup for three days.",
        }
    }

    /// How many of it there are, after a number: `2 overdue`.
    pub(super) const fn counted(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Reply => "to be answered",
            Self::RecoveryStep => "to be made good",
            Self::Due => "due today",
            Self::Custom => "of your reminders",
            Self::Tell => "to be told",
            Self::StartBy => "to be started",
            Self::Unblocked => "without time blocked",
            Self::Waiting => "to be chased",
            Self::DueSoon => "due soon",
            Self::ReviewBy => "to be looked at again",
            Self::PaidIdle => "paid and waiting",
            Self::Squeezed => "squeezed out",
            Self::RecurrenceCheck => "to be looked into",
            Self::Backup => "about your backups",
        }
    }

    /// Whether it is about a promise.
    pub const fn is_of_a_promise(self) -> bool {
        !matches!(self, Self::Reply | Self::RecoveryStep | Self::RecurrenceCheck | Self::Backup)
    }

    /// Whether it makes a sound unless the owner has said otherwise.
    pub const fn rings(self) -> bool {
        matches!(self, Self::Overdue | Self::Reply)
    }

    /// Whether the owner can do without it: that a promise is overdue is always said.
    pub const fn can_be_off(self) -> bool {
        !matches!(self, Self::Overdue)
    }

    /// Whether an alert of this kind is silent while one of the other kind stands for the same promise: a later stage
    /// says what the earlier one said, and an overdue promise speaks with one voice.
    pub(super) const fn gives_way_to(self, other: Self) -> bool {
        match self {
            Self::Overdue
            | Self::Reply
            | Self::RecoveryStep
            | Self::Custom
            | Self::RecurrenceCheck
            | Self::Backup => false,
            Self::Due | Self::Tell | Self::StartBy | Self::Waiting | Self::ReviewBy | Self::PaidIdle => {
                matches!(other, Self::Overdue)
            }
            Self::Unblocked => matches!(other, Self::Overdue | Self::Due | Self::Tell | Self::StartBy),
            Self::DueSoon => matches!(other, Self::Overdue | Self::Due),
            Self::Squeezed => matches!(other, Self::Overdue | Self::Tell | Self::StartBy | Self::PaidIdle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_in_the_list_once_and_in_its_place() {
        assert!(AlertKind::ALL.is_sorted());
        let mut names = AlertKind::ALL.map(AlertKind::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), AlertKind::ALL.len());
        for kind in AlertKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name(), "one name everywhere");
        }
    }

    #[test]
    fn nothing_gives_way_to_what_is_less_urgent() {
        for (kind, other) in
            AlertKind::ALL.into_iter().flat_map(|kind| AlertKind::ALL.map(|other| (kind, other)))
        {
            assert!(
                !kind.gives_way_to(other) || other < kind || other == AlertKind::PaidIdle,
                "{kind:?} {other:?}"
            );
        }
    }
}
