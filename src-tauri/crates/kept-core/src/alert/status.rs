//! Where an alert stands: its plan held against what happened to it.

use super::AlertKind;
use super::ladder::Rung;
use super::ledger::{Entry, Ledger};
use super::plan::{Calls, Plan, Planned};
use crate::calendar::WorkingCalendar;
use crate::day::Stamp;

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its moment is still to come.
    ToCome,
    /// It came due, and nobody has acknowledged it.
    Owed {
        /// When its newest call came due.
        at: Stamp,
        /// What is to be announced of it; none if that was done.
        call: Option<Call>,
    },
    /// It is put off.
    Snoozed {
        /// Until.
        until: Stamp,
    },
    /// The owner has seen it.
    Acknowledged,
}

/// Something to announce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The call of the ladder.
    pub rung: Rung,
    /// When it came due: the time of the call, or the end of the snooze.
    pub due_at: Stamp,
    /// The owner has asked to be called at this moment.
    pub snoozed: bool,
}

/// An alert of a promise that has come, with where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The alert.
    pub planned: Planned,
    /// Where it stands.
    pub status: Status,
}

/// Where one alert stands.
pub fn status(planned: &Planned, entry: Option<&Entry>, calendar: &WorkingCalendar, now: Stamp) -> Status {
    let announced = entry.and_then(|entry| entry.announced.as_ref());
    let newest = planned.newest(calendar, now);
    // What was announced stays owed when the clock is set back, or when less work moves its start-by away.
    let Some((rung, at)) = newest.or_else(|| announced.map(|announced| (announced.rung, planned.first)))
    else {
        return Status::ToCome;
    };
    let Some(entry) = entry else {
        return Status::Owed { at, call: Some(Call { rung, due_at: at, snoozed: false }) };
    };
    if let Some(until) = entry.snoozed_until.filter(|until| *until > now) {
        return Status::Snoozed { until };
    }
    let rests = entry.rests_until.is_some_and(|day| calendar.zone.day(at) < day);
    if entry.acknowledged.is_some_and(|seen| rests || planned.calls == Calls::Once || at <= seen) {
        return Status::Acknowledged;
    }
    let is_new = announced.is_none_or(|announced| announced.rung < rung) && !rests;
    let call = match entry.snoozed_until {
        Some(until) => Some(Call { rung, due_at: until, snoozed: true }),
        None => is_new.then_some(Call { rung, due_at: at, snoozed: false }),
    };
    Status::Owed { at, call: call.filter(|_| planned.until.is_none_or(|until| now <= until)) }
}

/// The next call of each alert of one promise that is still to come, unless another one will speak for it by then.
pub fn to_come(
    plan: &Plan,
    ledger: &Ledger,
    calendar: &WorkingCalendar,
    now: Stamp,
) -> Vec<(Planned, Rung, Stamp)> {
    let next = |planned: &Planned| {
        let rests = ledger.get(&planned.id).and_then(|entry| entry.rests_until);
        let rested =
            rests.map_or(now, |day| now.max(Stamp::from_millis(calendar.zone.midnight(day).millis() - 1)));
        planned.next(calendar, rested)
    };
    let overdue =
        plan.alerts.iter().find(|planned| planned.id.kind == AlertKind::Overdue).map(|planned| planned.first);
    let is_spoken_for = |planned: &Planned, at: Stamp| {
        let gives_way = planned.id.kind.gives_way_to(AlertKind::Overdue);
        gives_way && overdue.is_some_and(|overdue| overdue <= at)
    };
    plan.alerts
        .iter()
        .filter_map(|planned| next(planned).map(|(rung, at)| (*planned, rung, at)))
        .filter(|(planned, _, at)| !is_spoken_for(planned, *at))
        .collect()
}

/// The alerts of one promise that have come and that no other one speaks for.
pub fn listed(plan: &Plan, ledger: &Ledger, calendar: &WorkingCalendar, now: Stamp) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    // Most urgent first, so that whatever another one can give way to is known already.
    for planned in &plan.alerts {
        let status = status(planned, ledger.get(&planned.id), calendar, now);
        let stands = |kind: AlertKind| listed.iter().any(|other| other.planned.id.kind == kind);
        let spoken_for =
            AlertKind::ALL.into_iter().any(|kind| planned.id.kind.gives_way_to(kind) && stands(kind));
        if status != Status::ToCome && !spoken_for {
            listed.push(Listed { planned: *planned, status });
        }
    }
    listed
}
