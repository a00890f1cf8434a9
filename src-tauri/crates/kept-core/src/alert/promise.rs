//! The plan of a promise: which alerts it is to have, and when.

use super::plan::{Calls, Plan, Planned, Urgency};
use super::{About, AlertId, AlertKind, Basis};
use crate::around::{Point, Points, Worked};
use crate::block::blocked_minutes;
use crate::calendar::WorkingCalendar;
use crate::commitment::Commitment;
use crate::day::{Day, Due, Hours, Stamp};
use crate::id::{CommitmentId, CustomerId};
use crate::reminder::Reminder;
use crate::settings::Settings;
use crate::taken::Taken;
use crate::urgency::{last_touched, remaining_minutes};
use std::collections::HashMap;

/// So many working days before work has to begin the owner is asked to set time aside.
const UNBLOCKED_DAYS: i64 = 2;
/// To be short of so little time is no reason to alarm a customer.
const SHORT_MINUTES: i64 = 15;

/// What goes on around a promise, as far as its alerts depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The hours that are set aside.
    pub taken: &'a Taken,
    /// Its customer was let down by another promise.
    pub second_chance: bool,
    /// Since when so many others with later dates were worked on that it is squeezed out.
    pub squeezed_at: Option<Stamp>,
}

impl<'a> Surroundings<'a> {
    /// Nothing but the hours that are set aside.
    pub const fn hours(taken: &'a Taken) -> Self {
        Self { taken, second_chance: false, squeezed_at: None }
    }
}

/// The alerts of an open promise; none of one that is closed. Work begins earlier where others have taken the hours.
pub fn plan(commitment: &Commitment, settings: &Settings, around: &Surroundings<'_>) -> Plan {
    let calendar = &settings.calendar;
    let due = binding_due(commitment, calendar);
    let remaining = remaining_minutes(commitment, settings.usual_effort);
    let taken = around.taken;
    let dated = due.map(|due| {
        let deadline = calendar.deadline(&due);
        Dated { commitment, settings, taken, due, deadline, remaining }
    });
    let start_by = dated.as_ref().and_then(Dated::start_by);
    let deadline = dated.as_ref().map(|dated| dated.deadline);
    let mut alerts = Vec::new();
    if commitment.is_open() {
        alerts.extend(dated.iter().flat_map(|dated| dated.alerts(start_by)));
        alerts.extend(own(commitment, calendar, deadline, start_by));
        let others = [
            chase(commitment, calendar),
            review(commitment, calendar),
            paid_idle(commitment, settings),
            squeezed_out(commitment, around),
        ];
        alerts.extend(others.into_iter().flatten());
        alerts.retain(|planned| settings.alerts.of(planned.id.kind).on);
        alerts.sort_by_key(|planned| planned.id.kind);
    }
    let about = About::Promise(commitment.id);
    Plan {
        about,
        customer: Some(commitment.customer),
        urgency: Urgency::new(about, deadline, start_by, commitment.placed_at),
        deadline,
        start_by,
        silent: commitment.made_up,
        second_chance: commitment.second_chance || around.second_chance,
        alerts,
    }
}

/// The open promises that are squeezed out, with the instant at which the last of so many others was worked on that it
/// became so. `closed` are the closed promises that were worked on lately; `blocked` says what something stands in the
/// way of.
pub fn squeezed<'a>(
    open: impl Iterator<Item = (&'a Commitment, Option<Stamp>)>,
    closed: impl Iterator<Item = &'a Worked>,
    blocked: impl Fn(&Commitment) -> bool,
    settings: &Settings,
) -> HashMap<CommitmentId, Stamp> {
    let wanted = settings.squeezed_by.max(1);
    let mut worked: Vec<(Point, CustomerId)> = closed
        .map(|it| (Point::of(it.at, it.due.map(|due| settings.calendar.deadline(&due))), it.customer))
        .collect();
    let mut waiting = HashMap::new();
    let mut points = Points::default();
    for (it, deadline) in open {
        if let Some(done) = Worked::of(it) {
            worked.push((Point::of(done.at, deadline), it.customer));
        }
        let could_go_on =
            || it.waiting.is_none() && !blocked(it) && remaining_minutes(it, settings.usual_effort) > 0;
        if could_go_on() {
            let waits = Point::of(last_touched(it), deadline);
            points.waiting.push((it.id, waits));
            waiting.insert(it.id, (waits, it.customer));
        }
    }
    worked.sort_unstable_by_key(|(point, _)| point.at);
    points.worked = worked.iter().map(|(point, _)| *point).collect();
    // Counted together first: only what is crowded by somebody is looked at closely.
    let crowded = points.counts().into_iter().filter(|(_, count)| *count >= wanted);
    let since = crowded.filter_map(|(promise, _)| {
        let (waits, customer) = waiting.get(&promise)?;
        let later = worked.partition_point(|(point, _)| point.at <= waits.at);
        // What was done for the same customer crowds nobody out.
        let others = worked[later..]
            .iter()
            .filter(|(point, other)| point.deadline > waits.deadline && other != customer);
        let last = others.map(|(point, _)| point.at).nth(wanted as usize - 1)?;
        Some((promise, Stamp::from_millis(last)))
    });
    since.collect()
}

/// A promise with the date that binds now: the earliest that something is still owed for.
struct Dated<'a> {
    commitment: &'a Commitment,
    settings: &'a Settings,
    taken: &'a Taken,
    due: Due,
    deadline: Stamp,
    remaining: i64,
}

impl Dated<'_> {
    fn alerts(&self, start_by: Option<Stamp>) -> impl Iterator<Item = Planned> {
        let before = [
            self.due(),
            self.tell(start_by),
            self.start_now(start_by),
            self.unblocked(start_by),
            self.due_soon(),
        ];
        std::iter::once(self.overdue()).chain(before.into_iter().flatten())
    }

    /// At once if a time was promised, else at the next opening.
    fn overdue(&self) -> Planned {
        let first = match self.due.hours {
            Hours::At { .. } | Hours::Between { .. } => self.deadline,
            Hours::AnyTime => self.calendar().next_opening(self.deadline).unwrap_or(self.deadline),
        };
        Planned { calls: Calls::Ladder, until: None, ..self.once(AlertKind::Overdue, first) }
    }

    /// At its time, a window's when it opens; of a date alone at opening on the day.
    fn due(&self) -> Option<Planned> {
        let zone = self.due.zone.unwrap_or(self.calendar().zone);
        let first = match self.due.hours {
            Hours::At { .. } => self.deadline,
            Hours::Between { from, .. } => zone.instant(self.due.day, from),
            Hours::AnyTime => self.opening_of_last_day(),
        };
        self.unless_just_said(self.once(AlertKind::Due, first))
    }

    /// When start-by is reached and nobody has begun. A date that was too near from the beginning says so at once.
    fn start_now(&self, start_by: Option<Stamp>) -> Option<Planned> {
        if self.commitment.started_at.is_some() || self.commitment.waiting.is_some() {
            return None;
        }
        start_by.map(|start_by| self.once(AlertKind::StartBy, start_by.max(self.said_at())))
    }

    /// When so much time has passed without work that what is left of it is too short, unless the customer knows. While
    /// work goes on, the time that passes is taken to be spent on it.
    fn tell(&self, start_by: Option<Stamp>) -> Option<Planned> {
        let it = self.commitment;
        if it.is_warned() {
            return None;
        }
        let short = self.calendar().done_by(start_by?, SHORT_MINUTES)?;
        let first = match it.worked_at.or(it.started_at) {
            Some(worked) => Some(worked).filter(|worked| *worked >= short)?,
            None => short,
        };
        Some(self.once(AlertKind::Tell, first.max(self.said_at())))
            .filter(|planned| planned.first < self.deadline)
    }

    /// At opening two working days before work has to begin, if too little time is set aside for it by then.
    fn unblocked(&self, start_by: Option<Stamp>) -> Option<Planned> {
        let (it, calendar) = (self.commitment, self.calendar());
        if it.started_at.is_some() || it.waiting.is_some() {
            return None;
        }
        let day = calendar.working_day(calendar.zone.day(start_by?), -UNBLOCKED_DAYS);
        let first = calendar.opening(day)?;
        let set_aside = blocked_minutes(it, calendar, first, Some(self.deadline));
        self.unless_just_said(self.once(AlertKind::Unblocked, first)).filter(|_| set_aside < self.remaining)
    }

    /// One working day before, at opening.
    fn due_soon(&self) -> Option<Planned> {
        let day = self.calendar().working_day(self.last_day(), -1);
        let first = self.calendar().opening(day)?;
        self.unless_just_said(self.once(AlertKind::DueSoon, first))
    }

    fn start_by(&self) -> Option<Stamp> {
        let start =
            || self.taken.start_by(self.calendar(), self.commitment.id, self.deadline, self.remaining);
        (self.remaining > 0).then(start)
    }

    fn once(&self, kind: AlertKind, first: Stamp) -> Planned {
        let id = AlertId { kind, about: self.commitment.id.into(), basis: Basis::Date(self.due) };
        Planned { id, first, calls: Calls::Once, until: Some(self.deadline) }
    }

    /// A date that the owner has named after the alert would have come is no news to the owner.
    fn unless_just_said(&self, planned: Planned) -> Option<Planned> {
        (planned.first > self.said_at()).then_some(planned)
    }

    /// When the date that stands now was named.
    fn said_at(&self) -> Stamp {
        let moved = self.commitment.reschedules.last().map(|moved| moved.said_at);
        moved.unwrap_or(self.commitment.placed_at)
    }

    /// The day on the business's calendar that the deadline ends.
    fn last_day(&self) -> Day {
        self.calendar().zone.day(Stamp::from_millis(self.deadline.millis() - 1))
    }

    /// The opening of the day that it is due on; if that day is closed, of the last one before it.
    fn opening_of_last_day(&self) -> Stamp {
        let day = self.last_day();
        let opening = |day| self.calendar().opening(day);
        opening(day).or_else(|| opening(self.calendar().working_day(day, -1))).unwrap_or(self.deadline)
    }

    fn calendar(&self) -> &WorkingCalendar {
        &self.settings.calendar
    }
}

/// At the opening of the day on which money has lain idle for too long.
fn paid_idle(commitment: &Commitment, settings: &Settings) -> Option<Planned> {
    if !commitment.payment.holds_money() || commitment.waiting.is_some() {
        return None;
    }
    let calendar = &settings.calendar;
    let since = last_touched(commitment);
    let day = calendar.working_day(calendar.zone.day(since), i64::from(settings.idle_days));
    let first = calendar.opening(day).unwrap_or_else(|| calendar.zone.midnight(day));
    Some(once(commitment, AlertKind::PaidIdle, Basis::Since(since), first))
}

/// When the last of so many others was worked on that this one is squeezed out.
fn squeezed_out(commitment: &Commitment, around: &Surroundings<'_>) -> Option<Planned> {
    let basis = Basis::Since(last_touched(commitment));
    around.squeezed_at.map(|at| once(commitment, AlertKind::Squeezed, basis, at))
}

/// At opening on the day on which somebody who is waited for is to be chased.
fn chase(commitment: &Commitment, calendar: &WorkingCalendar) -> Option<Planned> {
    let day = commitment.waiting.as_ref()?.chase;
    let first = calendar.next_opening(calendar.zone.midnight(day))?;
    Some(once(commitment, AlertKind::Waiting, Basis::Date(Due::on(day)), first))
}

/// At opening on the day on which what waits for an event is to be looked at again.
fn review(commitment: &Commitment, calendar: &WorkingCalendar) -> Option<Planned> {
    let event = commitment.awaits.as_ref().filter(|_| commitment.current_due().is_none())?;
    let first = calendar.next_opening(calendar.zone.midnight(event.review_by))?;
    Some(once(commitment, AlertKind::ReviewBy, Basis::Date(Due::on(event.review_by)), first))
}

/// What the owner wanted to be reminded of. One that would have come before it was set, or before the date that it hangs
/// on was named, is no news.
fn own(
    commitment: &Commitment,
    calendar: &WorkingCalendar,
    deadline: Option<Stamp>,
    start_by: Option<Stamp>,
) -> Vec<Planned> {
    let named = commitment.reschedules.last().map(|moved| moved.said_at);
    let planned = |reminder: &Reminder| {
        let (first, basis) =
            reminder.falls(binding_due(commitment, calendar), deadline, start_by, calendar)?;
        let is_news = first > reminder.set_at
            && (!reminder.when.is_relative() || named.is_none_or(|named| first > named));
        let basis = Basis::Own(reminder.id, basis);
        is_news.then(|| once(commitment, AlertKind::Custom, basis, first))
    };
    commitment.reminders.iter().filter_map(planned).collect()
}

/// When a reminder of the owner's own comes; none as long as there is no date that it hangs on.
pub fn falls(
    commitment: &Commitment,
    reminder: &Reminder,
    settings: &Settings,
    taken: &Taken,
) -> Option<Stamp> {
    let Plan { deadline, start_by, .. } = plan(commitment, settings, &Surroundings::hours(taken));
    let due = binding_due(commitment, &settings.calendar);
    reminder.falls(due, deadline, start_by, &settings.calendar).map(|(at, _)| at)
}

fn once(commitment: &Commitment, kind: AlertKind, basis: Basis, first: Stamp) -> Planned {
    let id = AlertId { kind, about: commitment.id.into(), basis };
    Planned { id, first, calls: Calls::Once, until: None }
}

/// The date of the part that is due first among those still owed.
fn binding_due(commitment: &Commitment, calendar: &WorkingCalendar) -> Option<Due> {
    let current = commitment.current_due();
    let owed = commitment.deliverables.iter().filter(|part| commitment.left_of(part) > 0);
    owed.filter_map(|part| part.due.or(current)).min_by_key(|due| calendar.deadline(due)).or(current)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::KindSettings;
    use crate::block::TimeBlock;
    use crate::commitment::{Event, Party, Waiting, WaitingOn, Warned};
    use crate::id::ReminderId;
    use crate::money::{Currency, Money};
    use crate::reminder::RemindWhen;
    use crate::samples::{block, commitment, due, handed, moved, now, stamp, zone};
    use AlertKind::{
        Custom, Due as DueNow, DueSoon, Overdue, PaidIdle, ReviewBy, Squeezed, StartBy, Tell, Unblocked,
        Waiting as Chase,
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    fn settings() -> Settings {
        Settings::new(zone())
    }

    fn on(day: &str) -> Due {
        Due::on(day.parse().unwrap())
    }

    fn planned(commitment: &Commitment, settings: &Settings) -> Plan {
        plan(commitment, settings, &Surroundings::hours(&Taken::nothing()))
    }

    fn check(what: &str, commitment: &Commitment, expected: &[(AlertKind, &str)]) {
        let planned: Vec<_> = planned(commitment, &settings())
            .alerts
            .iter()
            .map(|planned| (planned.id.kind, planned.first))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(kind, at)| (*kind, stamp(at))).collect();
        assert_eq!(planned, expected, "{what}");
    }

    #[test]
    fn every_kind_has_its_moment() {
        // Two hours of work each; 20 November is a Friday.
        check(
            "a time",
            &commitment("12 cupcakes", due("2026-11-20", "15:00")),
            &[
                (Overdue, "2026-11-20 15:00"),
                (DueNow, "2026-11-20 15:00"),
                (Tell, "2026-11-20 13:15"),
                (StartBy, "2026-11-20 13:00"),
                (Unblocked, "2026-11-18 09:00"),
                (DueSoon, "2026-11-19 09:00"),
            ],
        );
        check(
            "a date alone",
            &commitment("12 cupcakes", on("2026-11-20")),
            &[
                (Overdue, "2026-11-23 09:00"),
                (DueNow, "2026-11-20 09:00"),
                (Tell, "2026-11-20 16:15"),
                (StartBy, "2026-11-20 16:00"),
                (Unblocked, "2026-11-18 09:00"),
                (DueSoon, "2026-11-19 09:00"),
            ],
        );
        check(
            "a date alone on a closed Sunday",
            &commitment("12 cupcakes", on("2026-11-22")),
            &[
                (Overdue, "2026-11-23 09:00"),
                (DueNow, "2026-11-20 09:00"),
                (Tell, "2026-11-20 16:15"),
                (StartBy, "2026-11-20 16:00"),
                (Unblocked, "2026-11-18 09:00"),
                (DueSoon, "2026-11-20 09:00"),
            ],
        );
        let (from, to) = ("10:00".parse().unwrap(), "12:00".parse().unwrap());
        let window = Due { hours: Hours::Between { from, to }, ..on("2026-11-23") };
        check(
            "a window on a Monday",
            &commitment("12 cupcakes", window),
            &[
                (Overdue, "2026-11-23 12:00"),
                (DueNow, "2026-11-23 10:00"),
                (Tell, "2026-11-23 10:15"),
                (StartBy, "2026-11-23 10:00"),
                (Unblocked, "2026-11-19 09:00"),
                (DueSoon, "2026-11-20 09:00"),
            ],
        );
    }

    #[test]
    fn another_zone_is_another_instant_and_the_alerts_of_openings_stay_at_our_own() {
        let new_york = Due { zone: "America/New_York".parse().ok(), ..due("2026-11-20", "15:00") };
        check(
            "three in the afternoon in New York",
            &commitment("12 cupcakes", new_york),
            &[
                (Overdue, "2026-11-20 21:00"),
                (DueNow, "2026-11-20 21:00"),
                (Tell, "2026-11-20 16:15"),
                (StartBy, "2026-11-20 16:00"),
                (Unblocked, "2026-11-18 09:00"),
                (DueSoon, "2026-11-19 09:00"),
            ],
        );
    }

    #[test]
    fn what_is_resolved_has_no_alerts() {
        check(
            "handed over",
            &handed(commitment("12 cupcakes", on("2026-11-20")), 12, "2026-11-19 10:00"),
            &[],
        );
    }

    #[test]
    fn work_that_has_begun_or_waits_needs_no_start() {
        let kinds = |commitment: &Commitment| -> Vec<AlertKind> {
            planned(commitment, &settings()).alerts.iter().map(|planned| planned.id.kind).collect()
        };
        let mut begun = commitment("12 cupcakes", on("2026-11-20"));
        begun.started_at = Some(stamp("2026-11-10 10:00"));
        assert_eq!(kinds(&begun), [Overdue, DueNow, DueSoon]);
        let mut waits = commitment("12 cupcakes", on("2026-11-20"));
        let (since, chase) = (stamp("2026-11-10 10:00"), "2026-11-12".parse().unwrap());
        waits.waiting = Some(Waiting { on: WaitingOn::Supplier, since, chase });
        assert_eq!(kinds(&waits), [Overdue, DueNow, Tell, Chase, DueSoon]);
    }

    #[test]
    fn the_owner_is_not_told_what_the_owner_has_just_said() {
        let mut today = commitment("12 cupcakes", on("2026-11-20"));
        today.placed_at = stamp("2026-11-20 11:00");
        check(
            "promised today for today",
            &today,
            &[(Overdue, "2026-11-23 09:00"), (Tell, "2026-11-20 16:15"), (StartBy, "2026-11-20 16:00")],
        );
        today.placed_at = stamp("2026-11-20 17:30");
        check(
            "too late to be done",
            &today,
            &[(Overdue, "2026-11-23 09:00"), (Tell, "2026-11-20 17:30"), (StartBy, "2026-11-20 17:30")],
        );
    }

    #[test]
    fn moving_the_date_makes_new_alerts_and_nothing_else_does() {
        let ids = |commitment: &Commitment, settings: &Settings| -> Vec<AlertId> {
            planned(commitment, settings).alerts.iter().map(|planned| planned.id).collect()
        };
        let promise = || commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let before = ids(&promise(), &settings());
        let mut worked = promise();
        worked.deliverables[0].effort_left = Some(30);
        assert_eq!(ids(&worked, &settings()), before, "the work left");
        let mut elsewhere = settings();
        elsewhere.calendar.zone = "America/New_York".parse().unwrap();
        elsewhere.calendar.week[4].clear();
        assert_eq!(ids(&promise(), &elsewhere), before, "the zone and the opening hours");
        let later = ids(&moved(promise(), due("2026-11-27", "15:00"), Party::Us), &settings());
        assert!(later.iter().all(|id| !before.contains(id)), "the date");
    }

    #[test]
    fn paid_and_idle_comes_at_opening_after_five_working_days() {
        let mut promise = commitment("1 book", on("2026-12-18"));
        let first = |promise: &Commitment| {
            let alerts = planned(promise, &settings()).alerts;
            alerts.iter().find(|planned| planned.id.kind == PaidIdle).map(|planned| planned.first)
        };
        assert_eq!(first(&promise), None, "nothing was paid");
        promise.payment.received = Some(Money::new(9000, Currency::USD));
        promise.payment.received_at = Some(stamp("2026-11-02 10:00"));
        assert_eq!(first(&promise), Some(stamp("2026-11-09 09:00")));
        let standing = |at: &str| {
            crate::urgency::standing(
                &promise,
                &settings(),
                &crate::around::Around::hours(&Taken::nothing()),
                &now(at),
            )
            .idle_since
        };
        assert_eq!((standing("2026-11-08 23:59"), standing("2026-11-09 09:00").is_some()), (None, true));
        promise.worked_at = Some(stamp("2026-11-06 10:00"));
        assert_eq!(first(&promise), Some(stamp("2026-11-13 09:00")), "it was worked on");
    }

    /// When an alert of one kind comes first, of a promise that is due on Friday at three and needs two hours.
    fn one(what: &str, kind: AlertKind, change: impl Fn(&mut Commitment), expected: Option<&str>) {
        let mut it = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        change(&mut it);
        let alerts = planned(&it, &settings()).alerts;
        let first = alerts.iter().find(|planned| planned.id.kind == kind).map(|planned| planned.first);
        assert_eq!(first, expected.map(stamp), "{what}");
    }

    fn worked(at: &str) -> impl Fn(&mut Commitment) {
        move |it| (it.started_at, it.worked_at) = (Some(stamp(at)), Some(stamp(at)))
    }

    #[test]
    fn the_customer_is_to_be_told_when_the_time_no_longer_suffices() {
        one("nobody has begun", Tell, |_| (), Some("2026-11-20 13:15"));
        one("begun in time", Tell, worked("2026-11-20 12:59"), None);
        one("begun a few minutes late", Tell, worked("2026-11-20 13:10"), None);
        one("begun far too late", Tell, worked("2026-11-20 14:00"), Some("2026-11-20 14:00"));
        let warned = |of: Due| {
            move |it: &mut Commitment| {
                it.warned = Some(Warned { of, at: stamp("2026-11-19 10:00") });
            }
        };
        one("the customer knows", Tell, warned(due("2026-11-20", "15:00")), None);
        one("of another date", Tell, warned(due("2026-11-18", "15:00")), Some("2026-11-20 13:15"));
        let ends_at_closing = |it: &mut Commitment| it.first_due = Some(due("2026-11-20", "10:55"));
        one("in the evening it comes in the morning", Tell, ends_at_closing, Some("2026-11-20 09:10"));
    }

    #[test]
    fn time_is_to_be_set_aside_two_working_days_before_work_begins() {
        one("none is", Unblocked, |_| (), Some("2026-11-18 09:00"));
        let set_aside = |blocks: &'static [(&'static str, &'static str)]| {
            move |it: &mut Commitment| {
                let block = |(number, (from, to)): (usize, &(&str, &str))| -> TimeBlock {
                    block(number as u128, "2026-11-19", from, to)
                };
                it.blocks = blocks.iter().enumerate().map(block).collect();
            }
        };
        one("too little is", Unblocked, set_aside(&[("09:00", "10:00")]), Some("2026-11-18 09:00"));
        one("enough is", Unblocked, set_aside(&[("09:00", "10:00"), ("11:00", "12:00")]), None);
        one("work has begun", Unblocked, worked("2026-11-17 10:00"), None);
    }

    #[test]
    fn who_is_waited_for_is_chased_and_what_waits_for_an_event_is_looked_at_again() {
        let waits = |chase: &str| Waiting {
            on: WaitingOn::Customer,
            since: stamp("2026-11-10 10:00"),
            chase: chase.parse().unwrap(),
        };
        one("on a working day", Chase, |it| it.waiting = Some(waits("2026-11-12")), Some("2026-11-12 09:00"));
        one("on a Sunday", Chase, |it| it.waiting = Some(waits("2026-11-15")), Some("2026-11-16 09:00"));
        let event = |it: &mut Commitment| {
            let review_by = "2026-12-05".parse().unwrap();
            it.awaits = Some(Event { what: "the book is out".to_owned(), review_by });
        };
        one("it has a date", ReviewBy, event, None);
        let undated = |it: &mut Commitment| {
            event(it);
            it.first_due = None;
        };
        one("on a Saturday", ReviewBy, undated, Some("2026-12-07 09:00"));
    }

    #[test]
    fn a_promise_has_as_many_reminders_as_the_owner_wants() {
        let reminder = |number: u128, when| Reminder {
            id: ReminderId::new(Uuid::from_u128(number)),
            when,
            what: None,
            set_at: stamp("2026-11-02 10:00"),
        };
        let mut it = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let (day, time) = ("2026-11-14".parse().unwrap(), "11:00".parse().unwrap());
        it.reminders = vec![
            reminder(1, RemindWhen::BeforeDue { days: 1, minutes: 0 }),
            reminder(2, RemindWhen::BeforeDue { days: 2, minutes: 0 }),
            reminder(3, RemindWhen::BeforeStart { days: 0, minutes: 30 }),
            reminder(4, RemindWhen::At { day, time }),
        ];
        let own = |it: &Commitment| -> Vec<Planned> {
            let alerts = planned(it, &settings()).alerts;
            alerts.into_iter().filter(|planned| planned.id.kind == Custom).collect()
        };
        let at: Vec<Stamp> = own(&it).iter().map(|planned| planned.first).collect();
        let times = ["2026-11-19 15:00", "2026-11-18 15:00", "2026-11-20 12:30", "2026-11-14 11:00"];
        assert_eq!(at, times.map(stamp));
        let before: Vec<AlertId> = own(&it).iter().map(|planned| planned.id).collect();
        for id in &before {
            assert_eq!(id.to_string().parse(), Ok(*id), "{id}");
        }
        let later = moved(it, due("2026-11-27", "15:00"), Party::Us);
        let after: Vec<AlertId> = own(&later).iter().map(|planned| planned.id).collect();
        assert_eq!(after[3], before[3], "what hangs on no date stays");
        assert!(after[..3].iter().all(|id| !before.contains(id)), "what hangs on the date is another alert");
    }

    #[test]
    fn a_kind_that_is_off_is_not_planned() {
        let it = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let mut settings = settings();
        for kind in [Unblocked, Tell] {
            settings.alerts.set(kind, KindSettings { on: false, ..KindSettings::usual(kind) });
        }
        let kinds: Vec<_> = planned(&it, &settings).alerts.iter().map(|planned| planned.id.kind).collect();
        assert_eq!(kinds, [Overdue, DueNow, StartBy, DueSoon]);
    }

    fn numbered(number: u128, customer: u128, date: Due, touched: i64) -> Commitment {
        let at = stamp("2026-11-02 10:00").plus_minutes(touched);
        Commitment {
            id: CommitmentId::new(Uuid::from_u128(number)),
            customer: CustomerId::new(Uuid::from_u128(customer)),
            started_at: Some(at),
            ..commitment("1 cake", date)
        }
    }

    /// The third of the others, compared each with each.
    fn third_by_hand(all: &[Commitment], it: &Commitment) -> Option<Stamp> {
        let calendar = &settings().calendar;
        let deadline = |it: &Commitment| calendar.deadline(&it.current_due().unwrap());
        let others =
            all.iter().filter(|other| other.customer != it.customer && deadline(other) > deadline(it));
        let mut later: Vec<Stamp> =
            others.filter_map(|other| other.started_at).filter(|at| *at > last_touched(it)).collect();
        later.sort_unstable();
        later.get(2).copied()
    }

    proptest! {
        #[test]
        fn squeezed_out_is_what_three_others_with_later_dates_overtook(
            cases in prop::collection::vec((1_u128..5, 0_i64..20, 0_i64..5_000), 1..40),
        ) {
            let day: Day = "2026-11-20".parse().unwrap();
            let all: Vec<Commitment> = cases.into_iter().enumerate().map(|(number, (customer, days, touched))| {
                numbered(number as u128 + 1, customer, Due::on(day.plus(days)), touched)
            }).collect();
            let settings = settings();
            let open = all.iter().map(|it| (it, it.current_due().map(|due| settings.calendar.deadline(&due))));
            let found = squeezed(open, std::iter::empty(), |_| false, &settings);
            for it in &all {
                prop_assert_eq!(found.get(&it.id).copied(), third_by_hand(&all, it));
            }
        }
    }

    #[test]
    fn what_is_squeezed_out_says_so_once_for_each_time_that_it_waited() {
        let it = commitment("1 cake", due("2026-12-20", "15:00"));
        let around = |at: &str| Surroundings {
            squeezed_at: Some(stamp(at)),
            ..Surroundings::hours(Box::leak(Box::new(Taken::nothing())))
        };
        let squeezed = |it: &Commitment| {
            let alerts = plan(it, &settings(), &around("2026-11-12 10:00")).alerts;
            alerts.into_iter().find(|planned| planned.id.kind == Squeezed).unwrap()
        };
        assert_eq!(squeezed(&it).first, stamp("2026-11-12 10:00"));
        let again = Commitment { worked_at: Some(stamp("2026-11-11 10:00")), ..it.clone() };
        assert_ne!(squeezed(&it).id, squeezed(&again).id);
    }

    #[test]
    fn ids_survive_being_written_down() {
        let (from, to) = ("10:00".parse().unwrap(), "12:00".parse().unwrap());
        let zone = "America/New_York".parse().ok();
        let mut paid = commitment("1 book", Due { zone, ..due("2026-11-20", "15:00") });
        paid.payment.received = Some(Money::new(9000, Currency::USD));
        let promises = [
            paid,
            commitment("1 book", on("2026-11-20")),
            commitment("1 book", Due { hours: Hours::Between { from, to }, zone, ..on("2026-11-20") }),
        ];
        for planned in promises.iter().flat_map(|promise| planned(promise, &settings()).alerts) {
            let text = planned.id.to_string();
            assert_eq!(text.parse(), Ok(planned.id), "{text}");
        }
        for wrong in
            ["", "overdue", "never:00000000-0000-0000-0000-000000000001:2026-11-20", "due:1:2026-13-40"]
        {
            assert!(wrong.parse::<AlertId>().is_err(), "{wrong}");
        }
    }
}
