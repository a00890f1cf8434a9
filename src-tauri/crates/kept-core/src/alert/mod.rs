//! Alerts: reminders that Kept owes the owner. An alert never changes a promise.
//!
//! Three things are kept apart. The [plan](PromisePlan) says when an alert is to come: a pure function of a promise and
//! the settings, computed and never stored. The [ledger](Ledger) says what happened to it: announced, acknowledged,
//! snoozed; that is stored. A [decision](decide) holds the two against the moment and says what is to be announced
//! now, and when to look again. Whoever calls it writes the ledger first and shows the notice afterwards, so that a
//! crash between the two costs one notice and never an alert.
//!
//! Deliberately absent: amounts. Nothing here can see one.

mod about;
mod care;
mod decide;
mod digest;
mod kind;
mod ladder;
mod ledger;
mod plan;
mod promise;
mod quiet;
mod settings;
mod snooze;
mod status;
#[cfg(test)]
mod tests;
mod words;

use crate::day::{Day, Due, Hours, Stamp, TimeOfDay};
use crate::id::ReminderId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use std::str::FromStr;

pub use about::About;
pub use care::{Caring, of_cause, of_feedback, of_recovery};
pub use decide::{Announcement, Away, Cause, Decision, Look, NOTICES_MOST, Subject, came_due, decide};
pub use digest::{Digest, Win, digest_words};
pub use kind::AlertKind;
pub use ladder::{Half, Ladder, Rung};
pub use ledger::{Announced, Digests, Entry, Event, Heard, Ledger, PRUNED_AFTER_DAYS, SNOOZES_UNASKED};
pub use plan::{Calls, Plan, Planned, Urgency};
pub use promise::{Surroundings, falls, plan, squeezed};
pub use quiet::{Pause, Quiet};
pub use settings::{AlertSettings, KindSettings};
pub use status::{Call, Listed, Status, listed, status, to_come};
pub use words::{Told, away_words, coming, heading, near, one, private, several, title};

/// Which alert: its kind, what it is about, and the date it was computed from. Moving that date retires it and makes
/// a new one; nothing else does.
///
/// As text `overdue:0198…:2026-11-20T15:00`, in the ledger and on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AlertId {
    /// What kind it is.
    pub kind: AlertKind,
    /// What it is about.
    pub about: About,
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
    /// A reminder of the owner's own, of which a promise may have several on one date.
    Own(ReminderId, Due),
}

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.kind.name(), self.about, self.basis)
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
            about: part()?.parse()?,
            basis: part()?.parse()?,
        })
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Since(stamp) => stamp.fmt(f),
            Self::Own(reminder, due) => write!(f, "{reminder}@{}", Self::Date(*due)),
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
        if let Some((reminder, date)) = text.split_once('@') {
            let reminder =
                reminder.parse().map_err(|error| format!("“{text}” names no reminder: {error}"))?;
            return date.parse().and_then(|basis| match basis {
                Self::Date(due) => Ok(Self::Own(reminder, due)),
                Self::Since(_) | Self::Own(..) => Err(format!("“{text}” names no date")),
            });
        }
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
