//! The plan: which alerts something is to have, and when. A pure function of the records and the settings; what was
//! announced, the clock and amounts do not enter.

use super::ladder::{Ladder, Rung};
use super::{About, AlertId, AlertKind, Basis};
use crate::backup::missed_from;
use crate::calendar::WorkingCalendar;
use crate::day::Stamp;
use crate::id::CustomerId;
use crate::settings::Settings;
use std::cmp::Ordering;

/// What the owner is to be reminded of about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What it is about.
    pub about: About,
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// Its place among others of the same kind.
    pub urgency: Urgency,
    /// The end of its date, if it has one.
    pub deadline: Option<Stamp>,
    /// The latest instant at which work can begin.
    pub start_by: Option<Stamp>,
    /// It is listed in the alert centre, and never announced: nobody waits for what was made up to look around in.
    pub silent: bool,
    /// Its customer was let down before: no rung of its ladder is left out.
    pub second_chance: bool,
    /// Its alerts, most urgent kind first.
    pub alerts: Vec<Planned>,
}

/// The order among alerts of one kind, as in the queue: earliest deadline first; ties by start-by, then by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Urgency {
    no_deadline: bool,
    deadline: Option<Stamp>,
    no_start_by: bool,
    start_by: Option<Stamp>,
    since: Stamp,
    about: About,
}

/// One alert that is to come, comes, or has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which one.
    pub id: AlertId,
    /// When it calls first.
    pub first: Stamp,
    /// How often it calls.
    pub calls: Calls,
    /// From here on it is no longer announced: the date has passed, and the overdue alert takes over.
    pub until: Option<Stamp>,
}

/// How often an alert calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// Once.
    Once,
    /// Again and again, until the promise is resolved.
    Ladder,
    /// Twice more at most, as the time for an answer runs out.
    Also([Option<Stamp>; 2]),
}

impl Urgency {
    /// The place of something that is there since an instant.
    pub const fn new(about: About, deadline: Option<Stamp>, start_by: Option<Stamp>, since: Stamp) -> Self {
        let (no_deadline, no_start_by) = (deadline.is_none(), start_by.is_none());
        Self { no_deadline, deadline, no_start_by, start_by, since, about }
    }
}

impl Plan {
    /// One alert about something that is no promise, once, at an instant that follows from the basis.
    pub fn of_one(about: About, kind: AlertKind, basis: Basis, first: Stamp, settings: &Settings) -> Self {
        let planned = Planned { id: AlertId { kind, about, basis }, first, calls: Calls::Once, until: None };
        Self {
            about,
            customer: None,
            urgency: Urgency::new(about, None, None, first),
            deadline: None,
            start_by: None,
            silent: false,
            second_chance: false,
            alerts: Some(planned).filter(|_| settings.alerts.of(kind).on).into_iter().collect(),
        }
    }

    /// That there is no good backup of the last three days: `last` is when the last one was made, or, if there is none,
    /// since when there is something to lose.
    pub fn of_backup(last: Stamp, settings: &Settings) -> Self {
        Self::of_one(About::Shop, AlertKind::Backup, Basis::Since(last), missed_from(last), settings)
    }

    /// Whether an alert calls at each of its rungs, although one before was seen: of whoever was let down before, and
    /// of whoever waits for an answer.
    pub fn skips_no_rung(&self, id: &AlertId) -> bool {
        let runs_out = |planned: &Planned| planned.id == *id && matches!(planned.calls, Calls::Also(_));
        self.second_chance || self.alerts.iter().any(runs_out)
    }

    /// The order of announcements: by kind, then as in the queue.
    pub fn order(&self, kind: AlertKind, other: &Self, other_kind: AlertKind) -> Ordering {
        (kind, self.urgency).cmp(&(other_kind, other.urgency))
    }
}

impl Planned {
    /// The newest call at or before an instant.
    pub fn newest(&self, calendar: &WorkingCalendar, now: Stamp) -> Option<(Rung, Stamp)> {
        match self.calls {
            Calls::Ladder => Ladder { first: self.first, calendar }.newest(now),
            Calls::Once | Calls::Also(_) => self.counted().into_iter().rev().find(|(_, at)| *at <= now),
        }
    }

    /// The first call after an instant.
    pub fn next(&self, calendar: &WorkingCalendar, after: Stamp) -> Option<(Rung, Stamp)> {
        match self.calls {
            Calls::Ladder => Ladder { first: self.first, calendar }.next(after),
            Calls::Once | Calls::Also(_) => self.counted().into_iter().find(|(_, at)| *at > after),
        }
    }

    /// It calls again until what it is about is resolved.
    pub fn is_ladder(&self) -> bool {
        self.calls == Calls::Ladder
    }

    /// The calls of one that has no ladder.
    fn counted(&self) -> Vec<(Rung, Stamp)> {
        let [second, third] = match self.calls {
            Calls::Also(more) => more,
            Calls::Once | Calls::Ladder => [None, None],
        };
        let all = [(Rung::First, Some(self.first)), (Rung::Second, second), (Rung::Third, third)];
        all.into_iter().filter_map(|(rung, at)| at.map(|at| (rung, at))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{stamp, zone};

    #[test]
    fn three_days_without_a_good_backup_are_too_many() {
        let settings = Settings::new(zone());
        let first = |last: &str| Plan::of_backup(stamp(last), &settings).alerts.first().map(|it| it.first);
        assert_eq!(first("2026-11-16 10:00"), Some(stamp("2026-11-19 10:00")));
        let ids = |last: &str| Plan::of_backup(stamp(last), &settings).alerts[0].id.to_string();
        assert_eq!(ids("2026-11-16 10:00"), "backup:shop:2026-11-16T09:00:00.000Z");
        assert_ne!(ids("2026-11-16 10:00"), ids("2026-11-17 10:00"), "the next backup retires it");
    }
}
