//! Alerts: reminders that Kept owes the owner. An alert never changes a promise.
//!
//! Three things are kept apart. The [plan](PromisePlan) says when an alert is to come: a pure function of a promise and
//! the settings, computed and never stored. The [ledger](Ledger) says what happened to it: announced, acknowledged,
//! snoozed; that is stored. A [decision](decide) holds the two against the moment and says what is to be announced
//! now, and when to look again. Whoever calls it writes the ledger first and shows the notice afterwards, so that a
//! crash between the two costs one notice and never an alert.
//!
//! Deliberately absent: amounts. Nothing here can see one.

mod decide;
mod ladder;
mod ledger;
mod plan;
mod private;
mod quiet;
mod snooze;
mod status;
#[cfg(test)]
mod tests;
mod words;

use crate::day::{Day, Due, Hours, Stamp, TimeOfDay};
use crate::id::CommitmentId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use std::str::FromStr;
use ts_rs::TS;

pub use decide::{Announcement, Away, Cause, Decision, Look, NOTICES_MOST, Subject, came_due, decide};
pub use ladder::{Half, Ladder, Rung};
pub use ledger::{Announced, Entry, Heard, Ledger, PRUNED_AFTER_DAYS};
pub use plan::{Planned, PromisePlan, Urgency, plan};
pub use private::{PRIVATE_BODY, private_title};
pub use quiet::Quiet;
pub use status::{Call, Listed, Status, listed, status, to_come};
pub use words::{Told, away_words, coming, near, one, several, title};

/// What an alert is about, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AlertKind {
    /// The date has passed and something is still owed.
    Overdue,
    /// The date is now.
    Due,
    /// Work has to begin now for the date to hold.
    StartBy,
    /// Due within one working day.
    DueSoon,
    /// Paid, and nothing done for days.
    PaidIdle,
}

impl AlertKind {
    /// All kinds, most urgent first.
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Due, Self::StartBy, Self::DueSoon, Self::PaidIdle];

    /// The name in ids.
    const fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::StartBy => "start_by",
            Self::DueSoon => "due_soon",
            Self::PaidIdle => "paid_idle",
        }
    }

    /// Whether an alert of this kind is silent while one of the other kind stands for the same promise: a later stage
    /// says what the earlier one said, and an overdue promise speaks with one voice.
    const fn gives_way_to(self, other: Self) -> bool {
        match self {
            Self::Overdue => false,
            Self::Due | Self::StartBy | Self::PaidIdle => matches!(other, Self::Overdue),
            Self::DueSoon => matches!(other, Self::Overdue | Self::Due),
        }
    }
}

/// Which alert: its kind, what it is about, and the date it was computed from. Moving that date retires it and makes
/// a new one; nothing else does.
///
/// As text `overdue:0198…:2026-11-20T15:00`, in the ledger and on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AlertId {
    /// What kind it is.
    pub kind: AlertKind,
    /// The promise it is about.
    pub promise: CommitmentId,
    /// The date it was computed from.
    pub basis: Basis,
}

/// The date that an alert was computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// A promised date: local, so that neither a change of the zone nor one of the opening hours makes a new alert.
    Date(Due),
    /// Something that happened.
    Since(Stamp),
}

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.kind.name(), self.promise, self.basis)
    }
}

impl FromStr for AlertId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let mut part = || parts.next().ok_or_else(|| format!("“{text}” is not an alert"));
        let name = part()?;
        let kind = AlertKind::ALL.into_iter().find(|kind| kind.name() == name);
        Ok(Self {
            kind: kind.ok_or_else(|| format!("there are no alerts of the kind “{name}”"))?,
            promise: part()?.parse().map_err(|error| format!("“{text}” names no promise: {error}"))?,
            basis: part()?.parse()?,
        })
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Since(stamp) => stamp.fmt(f),
            Self::Date(Due { day, hours, zone }) => {
                match hours {
                    Hours::AnyTime => write!(f, "{day}")?,
                    Hours::At { time } => write!(f, "{day}T{time}")?,
                    Hours::Between { from, to } => write!(f, "{day}T{from}/{to}")?,
                }
                zone.map_or(Ok(()), |zone| write!(f, "[{zone}]"))
            }
        }
    }
}

impl FromStr for Basis {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text.ends_with('Z') {
            return text.parse().map(Self::Since);
        }
        let (local, zone) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((local, zone)) => (local, Some(zone.parse()?)),
            None => (text, None),
        };
        let (day, hours) = match local.split_once('T') {
            None => (local, Hours::AnyTime),
            Some((day, time)) => match time.split_once('/') {
                None => (day, Hours::At { time: time.parse()? }),
                Some((from, to)) => (day, Hours::Between { from: from.parse()?, to: to.parse()? }),
            },
        };
        Ok(Self::Date(Due { day: day.parse::<Day>()?, hours, zone }))
    }
}

impl Serialize for AlertId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AlertId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The middle of the afternoon: the second time of a day at which the ladder calls.
fn three_in_the_afternoon() -> TimeOfDay {
    TimeOfDay::new(15, 0).unwrap_or(TimeOfDay::MIDNIGHT)
}
