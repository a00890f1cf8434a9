//! The decision: what is to be announced now, and when to look again.
//!
//! Each look announces one thing at most. Whoever asked writes that to the ledger, shows it, and looks again, so that a
//! promise that was resolved in the meantime is not announced any more, and a crash costs one notice at most.

use super::ladder::Rung;
use super::ledger::Ledger;
use super::plan::{Planned, PromisePlan};
use super::quiet::Quiet;
use super::status::{Call, Listed, Status, listed};
use super::{AlertId, AlertKind};
use crate::day::{Now, Stamp};
use crate::id::CommitmentId;
use crate::settings::Settings;

/// No more notices than this are shown within ten minutes; the rest are folded into the last of them.
pub const NOTICES_MOST: usize = 4;

const TEN_MINUTES: i64 = 10;
/// What came due longer ago than this came due while nobody could announce it.
const LATE_AFTER_MINUTES: i64 = 5;
/// So many late ones get a notice each; more get one together.
const LATE_ALONE: usize = 3;
/// Notices follow each other at this distance.
const APART_MILLIS: i64 = 2_000;
/// What was never announced an hour after its first call was not waiting for room: it arrived late.
const ARRIVED_AFTER_MINUTES: i64 = 60;

/// What a look sees beside the plans and the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The moment.
    pub now: &'a Now,
    /// What the owner has set.
    pub settings: &'a Settings,
    /// The last time in which nobody looked.
    pub away: Option<Away>,
    /// When notices were shown.
    pub notices: &'a [Stamp],
}

/// A time in which nobody looked: Kept was off, or the machine slept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// Since when; none if Kept has never looked before.
    pub from: Option<Stamp>,
    /// Until.
    pub to: Stamp,
}

impl Away {
    fn covers(&self, at: Stamp) -> bool {
        self.from.is_some_and(|from| from < at) && at <= self.to
    }
}

/// What a look has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// What is to be announced now.
    pub announce: Option<Announcement>,
    /// When to look again, if nothing changes before; at once if something was announced.
    pub next: Option<Stamp>,
}

/// One notice: about one promise, or about several together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Why several are announced together.
    pub cause: Cause,
    /// The promises, most urgent first; at least one.
    pub subjects: Vec<Subject>,
}

/// Why something is announced only now, or together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It came due just now.
    Now,
    /// It came due while nobody looked.
    Away,
    /// It came due in the quiet hours.
    Quiet,
    /// It had come due before Kept knew of it.
    Arrived,
    /// There was no room for more notices.
    Folded,
}

/// One promise in an announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The promise.
    pub promise: CommitmentId,
    /// The most urgent of its calls.
    pub kind: AlertKind,
    /// When that came due.
    pub due_at: Stamp,
    /// When it called first.
    pub since: Stamp,
    /// All calls that are announced with it.
    pub calls: Vec<(AlertId, Rung)>,
    /// Its ladder begins on the next working day only: it had come due long before Kept knew of it.
    pub rests: bool,
}

/// What is to be announced now, and when to look again.
pub fn decide(plans: &[&PromisePlan], ledger: &Ledger, look: &Look<'_>) -> Decision {
    let mut looking =
        Looking { look, ledger, quiet_until: Quiet::of(look.settings).end(look.now.stamp), next: None };
    let mut ready: Vec<(&PromisePlan, Subject)> = plans
        .iter()
        .filter(|plan| !plan.silent)
        .filter_map(|plan| looking.subject(plan).map(|subject| (*plan, subject)))
        .collect();
    ready.sort_by(|(plan, a), (other, b)| plan.order(a.kind, other, b.kind));
    let ready = ready.into_iter().map(|(_, subject)| subject).collect();
    let announce = looking.choose(ready);
    Decision { announce, next: looking.next }
}

/// What came due for the first time within a span and is not resolved, most urgent first.
pub fn came_due(
    plans: &[&PromisePlan],
    ledger: &Ledger,
    settings: &Settings,
    away: &Away,
) -> Vec<(CommitmentId, AlertKind, Stamp)> {
    let mut found: Vec<(&PromisePlan, Planned)> = plans
        .iter()
        .filter_map(|plan| {
            let listed = listed(plan, ledger, &settings.calendar, away.to);
            let mut planned = listed.into_iter().map(|listed| listed.planned);
            planned.find(|planned| away.covers(planned.first)).map(|planned| (*plan, planned))
        })
        .collect();
    found.sort_by(|(plan, a), (other, b)| plan.order(a.id.kind, other, b.id.kind));
    found.into_iter().map(|(_, planned)| (planned.id.promise, planned.id.kind, planned.first)).collect()
}

struct Looking<'a> {
    look: &'a Look<'a>,
    ledger: &'a Ledger,
    quiet_until: Option<Stamp>,
    next: Option<Stamp>,
}

impl Looking<'_> {
    /// What is to be announced about a promise now, and notes when it has to be looked at again.
    fn subject(&mut self, plan: &PromisePlan) -> Option<Subject> {
        let (now, calendar) = (self.look.now.stamp, &self.look.settings.calendar);
        for next in plan.alerts.iter().filter_map(|planned| planned.next(calendar, now)) {
            self.look_again(next.1);
        }
        let listed = listed(plan, self.ledger, calendar, now);
        for until in listed.iter().filter_map(|listed| match listed.status {
            Status::Snoozed { until } => Some(until),
            Status::ToCome | Status::Owed { .. } | Status::Acknowledged => None,
        }) {
            self.look_again(until);
        }
        let calls: Vec<(&Planned, Call)> = listed.iter().filter_map(called).collect();
        let (head, call) = *calls.first()?;
        let wait = self.quiet_until.or_else(|| self.told_lately(plan, &calls));
        if let Some(until) = wait {
            self.look_again(until);
            return None;
        }
        Some(Subject {
            promise: plan.promise,
            kind: head.id.kind,
            due_at: call.due_at,
            since: head.first,
            calls: calls.iter().map(|(planned, call)| (planned.id, call.rung)).collect(),
            rests: self.has_arrived_late(head, &call),
        })
    }

    /// Two announcements about one promise within ten minutes become one: the second waits for what else may come. What
    /// the owner has asked for does not wait, nor does the first word that a date has passed.
    fn told_lately(&self, plan: &PromisePlan, calls: &[(&Planned, Call)]) -> Option<Stamp> {
        let at_once =
            |planned: &Planned, call: &Call| call.snoozed || planned.again && call.rung == Rung::First;
        if calls.iter().any(|(planned, call)| at_once(planned, call)) {
            return None;
        }
        let now = self.look.now.stamp;
        let entries = plan.alerts.iter().filter_map(|planned| self.ledger.get(&planned.id));
        let told = entries.filter_map(|entry| entry.announced.as_ref()).map(|announced| announced.at);
        let last = told.filter(|at| *at <= now).max()?;
        Some(last.plus_minutes(TEN_MINUTES)).filter(|until| *until > now)
    }

    /// One thing at most: the most urgent one, or those together that would be too many alone.
    fn choose(&mut self, mut ready: Vec<Subject>) -> Option<Announcement> {
        let now = self.look.now.stamp;
        let lately = now.plus_minutes(-TEN_MINUTES);
        let shown: Vec<Stamp> =
            self.look.notices.iter().copied().filter(|at| lately < *at && *at <= now).collect();
        let first = ready.first()?.clone();
        if let Some(last) = shown.iter().max().filter(|last| now.millis() < last.millis() + APART_MILLIS) {
            self.look_again(Stamp::from_millis(last.millis() + APART_MILLIS));
            return None;
        }
        if shown.len() >= NOTICES_MOST {
            let oldest = shown.iter().min().copied().unwrap_or(now);
            self.look_again(oldest.plus_minutes(TEN_MINUTES));
            return None;
        }
        if let Some(held) = self.held(&ready) {
            return Some(Announcement { cause: Cause::Quiet, subjects: held });
        }
        let late: Vec<Subject> =
            ready.iter().filter(|subject| self.is_late(subject.due_at)).cloned().collect();
        if late.len() > LATE_ALONE {
            return Some(Announcement { cause: self.cause(&late), subjects: late });
        }
        if ready.len() > 1 && shown.len() + 1 == NOTICES_MOST {
            return Some(Announcement { cause: Cause::Folded, subjects: ready });
        }
        ready.truncate(1);
        Some(Announcement { cause: self.cause(&[first]), subjects: ready })
    }

    /// What the quiet hours have held, if they have just ended and there is more than one.
    fn held(&self, ready: &[Subject]) -> Option<Vec<Subject>> {
        let now = self.look.now.stamp;
        let end = Quiet::of(self.look.settings).last_end(now)?;
        let watched = self.look.away.is_none_or(|away| away.to < end);
        if !watched || end.plus_minutes(TEN_MINUTES) <= now {
            return None;
        }
        let held: Vec<Subject> = ready.iter().filter(|subject| subject.due_at < end).cloned().collect();
        (held.len() > 1).then_some(held)
    }

    fn cause(&self, subjects: &[Subject]) -> Cause {
        let due_at = || subjects.iter().map(|subject| subject.due_at);
        if !due_at().any(|at| self.is_late(at)) {
            Cause::Now
        } else if self.look.away.is_some_and(|away| due_at().any(|at| away.covers(at))) {
            Cause::Away
        } else {
            Cause::Arrived
        }
    }

    fn is_late(&self, due_at: Stamp) -> bool {
        due_at.plus_minutes(LATE_AFTER_MINUTES) < self.look.now.stamp
    }

    /// Its first call came at a time when Kept looked and nothing held it: Kept did not know of it yet.
    fn has_arrived_late(&self, head: &Planned, call: &Call) -> bool {
        let now = self.look.now.stamp;
        let quiet = Quiet::of(self.look.settings);
        let was_held = || quiet.end(head.first).is_some_and(|end| Some(end) == quiet.last_end(now));
        head.again
            && !call.snoozed
            && self.ledger.get(&head.id).is_none_or(|entry| entry.announced.is_none())
            && head.first.plus_minutes(ARRIVED_AFTER_MINUTES) < now
            && !self.look.away.is_some_and(|away| away.covers(head.first))
            && !was_held()
    }

    fn look_again(&mut self, at: Stamp) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }
}

fn called(listed: &Listed) -> Option<(&Planned, Call)> {
    match listed.status {
        Status::Owed { call, .. } => call.map(|call| (&listed.planned, call)),
        Status::ToCome | Status::Snoozed { .. } | Status::Acknowledged => None,
    }
}
