//! The decision: what is to be announced now, and when to look again.
//!
//! Each look announces one thing at most. Whoever asked writes that to the ledger, shows it, and looks again, so that a
//! promise that was resolved in the meantime is not announced any more, and a crash costs one notice at most.

use super::ladder::Rung;
use super::ledger::Ledger;
use super::plan::{Plan, Planned};
use super::quiet::{Pause, Quiet};
use super::status::{Call, Listed, Status, listed};
use super::{About, AlertId, AlertKind, Half};
use crate::day::{Now, Stamp};
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
/// What came due longer ago than this is folded into one line.
pub(super) const OLD_DAYS: i64 = 30;
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
    /// The owner has paused the watch.
    pub pause: Option<Pause>,
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
    /// When to look again at what was looked at, if nothing changes before; at once if something was announced.
    pub next: Option<Stamp>,
    /// When each of the plans has to be looked at again, whatever becomes of the others; none if it has nothing to say any
    /// more. Plans that are left out of a look until then change nothing about it.
    pub again: Vec<(About, Option<Stamp>)>,
}

/// One notice: about one thing, or about several together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Why several are announced together.
    pub cause: Cause,
    /// What it is about, most urgent first; a digest may be about none of them.
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
    /// It came due while the watch was paused.
    Paused,
    /// There was no room for more notices.
    Folded,
    /// It is the morning's digest, or the evening's.
    Digest(Half),
}

/// One thing in an announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The most urgent of its alerts.
    pub id: AlertId,
    /// When that one came due.
    pub due_at: Stamp,
    /// When it called first.
    pub since: Stamp,
    /// Its customer was let down before.
    pub second_chance: bool,
    /// All of its alerts that are announced with this, each with its call.
    pub calls: Vec<(AlertId, Rung)>,
    /// It had come due before Kept knew of it: its ladder begins on the next working day.
    pub rests: bool,
}

impl Subject {
    /// What the most urgent of its alerts is.
    pub const fn kind(&self) -> AlertKind {
        self.id.kind
    }
}

/// What is to be announced now, and when to look again.
pub fn decide(plans: &[&Plan], ledger: &Ledger, look: &Look<'_>) -> Decision {
    let quiet_until = Quiet::of(look.settings).end(look.now.stamp);
    let mut looking =
        Looking { look, ledger, quiet_until, next: None, again: Vec::with_capacity(plans.len()) };
    let mut ready: Vec<(&Plan, Subject)> =
        plans.iter().filter_map(|plan| looking.subject(plan).map(|subject| (*plan, subject))).collect();
    ready.sort_by(|(plan, a), (other, b)| plan.order(a.kind(), other, b.kind()));
    let ready = ready.into_iter().map(|(_, subject)| subject).collect();
    let announce = looking.choose(ready);
    Decision { announce, next: looking.next, again: looking.again }
}

/// What came due for the first time within a span and is not resolved, most urgent first.
pub fn came_due(plans: &[&Plan], ledger: &Ledger, settings: &Settings, away: &Away) -> Vec<(AlertId, Stamp)> {
    let mut found: Vec<(&Plan, Planned)> = plans
        .iter()
        .filter_map(|plan| {
            let listed = listed(plan, ledger, &settings.calendar, away.to);
            let mut planned = listed.into_iter().map(|listed| listed.planned);
            planned.find(|planned| away.covers(planned.first)).map(|planned| (*plan, planned))
        })
        .collect();
    found.sort_by(|(plan, a), (other, b)| plan.order(a.id.kind, other, b.id.kind));
    found.into_iter().map(|(_, planned)| (planned.id, planned.first)).collect()
}

struct Looking<'a> {
    look: &'a Look<'a>,
    ledger: &'a Ledger,
    quiet_until: Option<Stamp>,
    next: Option<Stamp>,
    again: Vec<(About, Option<Stamp>)>,
}

impl Looking<'_> {
    /// What is to be announced about something now, and notes when it has to be looked at again.
    fn subject(&mut self, plan: &Plan) -> Option<Subject> {
        if plan.silent {
            self.again.push((plan.about, None));
            return None;
        }
        let (now, calendar) = (self.look.now.stamp, &self.look.settings.calendar);
        let listed = listed(plan, self.ledger, calendar, now);
        let calls: Vec<(&Planned, Call)> = listed.iter().filter_map(called).collect();
        let wait = calls.first().and_then(|_| self.wait(plan, &calls));
        let is_ready = !calls.is_empty() && wait.is_none();
        let next = plan.alerts.iter().filter_map(|planned| planned.next(calendar, now)).map(|(_, at)| at);
        let snoozed = listed.iter().filter_map(|listed| match listed.status {
            Status::Snoozed { until } => Some(until),
            Status::ToCome | Status::Owed { .. } | Status::Acknowledged => None,
        });
        let next = next.chain(snoozed).chain(wait).min();
        // What is ready has to be looked at until there is room for it.
        self.again.push((plan.about, if is_ready { Some(now) } else { next }));
        if let Some(next) = next {
            self.look_again(next);
        }
        let (head, call) = calls.first().filter(|_| is_ready)?;
        Some(Subject {
            id: head.id,
            due_at: call.due_at,
            since: head.first,
            second_chance: plan.second_chance,
            calls: calls.iter().map(|(planned, call)| (planned.id, call.rung)).collect(),
            rests: self.has_arrived_late(head, call),
        })
    }

    /// Until when something has to wait that could be announced now.
    fn wait(&self, plan: &Plan, calls: &[(&Planned, Call)]) -> Option<Stamp> {
        let alerts = &self.look.settings.alerts;
        let comes_through = || calls.iter().any(|(it, _)| alerts.lets_through(it.id.kind, plan.customer));
        self.paused_until()
            .or_else(|| self.quiet_until.filter(|_| !comes_through()))
            .or_else(|| self.told_lately(plan, calls))
    }

    fn paused_until(&self) -> Option<Stamp> {
        self.look.pause.filter(|pause| pause.holds(self.look.now.stamp)).map(|pause| pause.until)
    }

    /// Two announcements about one thing within ten minutes become one: the second waits for what else may come. What
    /// the owner has asked for does not wait, nor does the first word that a date has passed.
    fn told_lately(&self, plan: &Plan, calls: &[(&Planned, Call)]) -> Option<Stamp> {
        let at_once =
            |planned: &Planned, call: &Call| call.snoozed || planned.is_ladder() && call.rung == Rung::First;
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
    fn choose(&mut self, ready: Vec<Subject>) -> Option<Announcement> {
        let digest = self.digest();
        if ready.is_empty() && digest.is_none() {
            return None;
        }
        let shown = self.shown_lately();
        if let Some(wait) = self.no_room(&shown) {
            self.look_again(wait);
            return None;
        }
        let held = self.held(&ready);
        let (late, in_time): (Vec<Subject>, Vec<Subject>) =
            ready.iter().cloned().partition(|subject| self.is_late(subject.due_at));
        if digest == Some(Half::Morning) && (held.is_some() || late.is_empty()) {
            return Some(Announcement { cause: Cause::Digest(Half::Morning), subjects: ready });
        }
        if held.is_some() {
            return held;
        }
        if let Some(late) = self.together(&late) {
            return Some(late);
        }
        if let Some(half) = digest.filter(|_| ready.is_empty()) {
            return Some(Announcement { cause: Cause::Digest(half), subjects: Vec::new() });
        }
        if ready.len() > 1 && shown.len() + 1 == NOTICES_MOST {
            return Some(Announcement { cause: Cause::Folded, subjects: ready });
        }
        // Old ones come together, after what is of these days.
        let mut recent = late.iter().chain(&in_time).filter(|subject| !self.is_old(subject));
        let first = recent.next().or(ready.first())?.clone();
        Some(Announcement { cause: self.cause(std::slice::from_ref(&first)), subjects: vec![first] })
    }

    /// What is late and too many for a notice each: more than three, or several that are old.
    fn together(&self, late: &[Subject]) -> Option<Announcement> {
        let old = late.iter().filter(|subject| self.is_old(subject)).count();
        let recent = late.len() - old;
        (recent > LATE_ALONE || recent == 0 && old > 1)
            .then(|| Announcement { cause: self.cause(late), subjects: late.to_vec() })
    }

    /// When notices were shown in the last ten minutes.
    fn shown_lately(&self) -> Vec<Stamp> {
        let now = self.look.now.stamp;
        let lately = now.plus_minutes(-TEN_MINUTES);
        self.look.notices.iter().copied().filter(|at| lately < *at && *at <= now).collect()
    }

    /// When there is room for a notice again, if there is none now.
    fn no_room(&self, shown: &[Stamp]) -> Option<Stamp> {
        let now = self.look.now.stamp;
        let apart = shown.iter().max().map(|last| Stamp::from_millis(last.millis() + APART_MILLIS));
        let oldest = shown.iter().min().filter(|_| shown.len() >= NOTICES_MOST);
        apart.filter(|at| *at > now).or_else(|| oldest.map(|oldest| oldest.plus_minutes(TEN_MINUTES)))
    }

    /// The digest that is due now, and notes when the next one is.
    fn digest(&mut self) -> Option<Half> {
        let (now, settings) = (self.look.now, self.look.settings);
        let calendar = &settings.calendar;
        let today = calendar.opening(now.today).zip(calendar.closing(now.today));
        let wait = self.paused_until().or(self.quiet_until);
        let mut due = None;
        for (half, is_on) in
            [(Half::Morning, settings.alerts.morning), (Half::Afternoon, settings.alerts.evening)]
        {
            let begins = |day| half.digest_at(calendar, day);
            let is_told = self.ledger.digested(half) == Some(now.today);
            let span = today.and_then(|(_, closing)| begins(now.today).map(|from| (from, closing)));
            let is_due = span.is_some_and(|(from, to)| from <= now.stamp && now.stamp < to);
            let ahead = span.filter(|(from, _)| now.stamp < *from).map(|(from, _)| from);
            let next = ahead.or_else(|| begins(calendar.working_day(now.today, 1)));
            match (is_on, is_due && !is_told, wait) {
                (false, ..) => continue,
                (true, true, None) => due = due.or(Some(half)),
                (true, true, Some(until)) => self.look_again(until),
                (true, false, _) => {}
            }
            if let Some(next) = next {
                self.look_again(next);
            }
        }
        due
    }

    /// What the quiet hours or a pause have held, if they have just ended and there is more than one.
    fn held(&self, ready: &[Subject]) -> Option<Announcement> {
        let now = self.look.now.stamp;
        let quiet = Quiet::of(self.look.settings).last_end(now).map(|end| (end, Cause::Quiet));
        let pause =
            self.look.pause.filter(|pause| pause.until <= now).map(|pause| (pause.until, Cause::Paused));
        let (end, cause) = quiet.into_iter().chain(pause).max_by_key(|(end, _)| *end)?;
        let watched = self.look.away.is_none_or(|away| away.to < end);
        if !watched || end.plus_minutes(TEN_MINUTES) <= now {
            return None;
        }
        let held: Vec<Subject> = ready.iter().filter(|subject| subject.due_at < end).cloned().collect();
        (held.len() > 1).then_some(Announcement { cause, subjects: held })
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

    fn is_old(&self, subject: &Subject) -> bool {
        subject.since.plus_minutes(OLD_DAYS * 24 * 60) < self.look.now.stamp
    }

    fn is_late(&self, due_at: Stamp) -> bool {
        due_at.plus_minutes(LATE_AFTER_MINUTES) < self.look.now.stamp
    }

    /// Its first call came at a time when Kept looked and nothing held it: Kept did not know of it yet.
    fn has_arrived_late(&self, head: &Planned, call: &Call) -> bool {
        let now = self.look.now.stamp;
        let quiet = Quiet::of(self.look.settings);
        let was_held = || quiet.end(head.first).is_some_and(|end| Some(end) == quiet.last_end(now));
        head.is_ladder()
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
