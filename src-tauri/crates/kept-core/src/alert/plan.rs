//! The plan: which alerts a promise is to have, and when. A pure function of the promise and the settings; what was
//! announced, the clock and amounts do not enter.

use super::ladder::{Ladder, Rung};
use super::{AlertId, AlertKind, Basis};
use crate::calendar::WorkingCalendar;
use crate::commitment::Commitment;
use crate::day::{Day, Due, Hours, Stamp};
use crate::id::CommitmentId;
use crate::settings::Settings;
use crate::taken::Taken;
use crate::urgency::{last_touched, remaining_minutes};
use std::cmp::Ordering;

/// What a promise is to be reminded of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromisePlan {
    /// The promise.
    pub promise: CommitmentId,
    /// Its place among others of the same kind.
    pub urgency: Urgency,
    /// The end of its date, if it has one.
    pub deadline: Option<Stamp>,
    /// It is listed in the alert centre, and never announced: nobody waits for what was made up to look around in.
    pub silent: bool,
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
    placed_at: Stamp,
    promise: CommitmentId,
}

/// One alert that is to come, comes, or has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which one.
    pub id: AlertId,
    /// When it calls first.
    pub first: Stamp,
    /// It calls again until the promise is resolved.
    pub again: bool,
    /// From here on it is no longer announced: the date has passed, and the overdue alert takes over.
    pub until: Option<Stamp>,
}

/// The alerts of an open promise; none of one that is closed. Work begins earlier where others have taken the hours.
pub fn plan(commitment: &Commitment, settings: &Settings, taken: &Taken) -> PromisePlan {
    let calendar = &settings.calendar;
    let due = binding_due(commitment, calendar);
    let dated = due.map(|due| Dated { commitment, settings, taken, due, deadline: calendar.deadline(&due) });
    let start_by = dated.as_ref().and_then(Dated::start_by);
    let deadline = dated.as_ref().map(|dated| dated.deadline);
    let mut alerts = Vec::new();
    if commitment.is_open() {
        if let Some(dated) = &dated {
            let before = [dated.due(), dated.start_now(start_by), dated.due_soon()];
            alerts.push(dated.overdue());
            alerts.extend(before.into_iter().flatten());
        }
        alerts.extend(paid_idle(commitment, settings));
    }
    let placed_at = commitment.placed_at;
    let (no_deadline, no_start_by) = (deadline.is_none(), start_by.is_none());
    PromisePlan {
        promise: commitment.id,
        urgency: Urgency { no_deadline, deadline, no_start_by, start_by, placed_at, promise: commitment.id },
        deadline,
        silent: commitment.made_up,
        alerts,
    }
}

impl PromisePlan {
    /// The order of announcements: by kind, then as in the queue.
    pub fn order(&self, kind: AlertKind, other: &Self, other_kind: AlertKind) -> Ordering {
        (kind, self.urgency).cmp(&(other_kind, other.urgency))
    }
}

impl Planned {
    /// The newest call at or before an instant.
    pub fn newest(&self, calendar: &WorkingCalendar, now: Stamp) -> Option<(Rung, Stamp)> {
        if self.again {
            return Ladder { first: self.first, calendar }.newest(now);
        }
        (self.first <= now).then_some((Rung::First, self.first))
    }

    /// The first call after an instant.
    pub fn next(&self, calendar: &WorkingCalendar, after: Stamp) -> Option<(Rung, Stamp)> {
        if self.again {
            return Ladder { first: self.first, calendar }.next(after);
        }
        (self.first > after).then_some((Rung::First, self.first))
    }
}

/// A promise with the date that binds now: the earliest that something is still owed for.
struct Dated<'a> {
    commitment: &'a Commitment,
    settings: &'a Settings,
    taken: &'a Taken,
    due: Due,
    deadline: Stamp,
}

impl Dated<'_> {
    /// At once if a time was promised, else at the next opening.
    fn overdue(&self) -> Planned {
        let first = match self.due.hours {
            Hours::At { .. } | Hours::Between { .. } => self.deadline,
            Hours::AnyTime => self.calendar().next_opening(self.deadline).unwrap_or(self.deadline),
        };
        Planned { again: true, until: None, ..self.once(AlertKind::Overdue, first) }
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

    /// One working day before, at opening.
    fn due_soon(&self) -> Option<Planned> {
        let day = self.calendar().working_day(self.last_day(), -1);
        let first = self.calendar().opening(day)?;
        self.unless_just_said(self.once(AlertKind::DueSoon, first))
    }

    fn start_by(&self) -> Option<Stamp> {
        let remaining = remaining_minutes(self.commitment, self.settings.usual_effort);
        let start = || self.taken.start_by(self.calendar(), self.commitment.id, self.deadline, remaining);
        (remaining > 0).then(start)
    }

    fn once(&self, kind: AlertKind, first: Stamp) -> Planned {
        let id = AlertId { kind, promise: self.commitment.id, basis: Basis::Date(self.due) };
        Planned { id, first, again: false, until: Some(self.deadline) }
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
    let id = AlertId { kind: AlertKind::PaidIdle, promise: commitment.id, basis: Basis::Since(since) };
    Some(Planned { id, first, again: false, until: None })
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
    use crate::commitment::{Party, Waiting, WaitingOn};
    use crate::money::{Currency, Money};
    use crate::samples::{commitment, due, handed, moved, now, stamp, zone};
    use AlertKind::{Due as DueNow, DueSoon, Overdue, PaidIdle, StartBy};

    fn settings() -> Settings {
        Settings::new(zone())
    }

    fn on(day: &str) -> Due {
        Due::on(day.parse().unwrap())
    }

    fn check(what: &str, commitment: &Commitment, expected: &[(AlertKind, &str)]) {
        let planned: Vec<_> = plan(commitment, &settings(), &Taken::nothing())
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
                (StartBy, "2026-11-20 13:00"),
                (DueSoon, "2026-11-19 09:00"),
            ],
        );
        check(
            "a date alone",
            &commitment("12 cupcakes", on("2026-11-20")),
            &[
                (Overdue, "2026-11-23 09:00"),
                (DueNow, "2026-11-20 09:00"),
                (StartBy, "2026-11-20 16:00"),
                (DueSoon, "2026-11-19 09:00"),
            ],
        );
        check(
            "a date alone on a closed Sunday",
            &commitment("12 cupcakes", on("2026-11-22")),
            &[
                (Overdue, "2026-11-23 09:00"),
                (DueNow, "2026-11-20 09:00"),
                (StartBy, "2026-11-20 16:00"),
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
                (StartBy, "2026-11-23 10:00"),
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
                (StartBy, "2026-11-20 16:00"),
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
            plan(commitment, &settings(), &Taken::nothing())
                .alerts
                .iter()
                .map(|planned| planned.id.kind)
                .collect()
        };
        let mut begun = commitment("12 cupcakes", on("2026-11-20"));
        begun.started_at = Some(stamp("2026-11-10 10:00"));
        assert_eq!(kinds(&begun), [Overdue, DueNow, DueSoon]);
        let mut waits = commitment("12 cupcakes", on("2026-11-20"));
        let (since, chase) = (stamp("2026-11-10 10:00"), "2026-11-12".parse().unwrap());
        waits.waiting = Some(Waiting { on: WaitingOn::Supplier, since, chase });
        assert_eq!(kinds(&waits), [Overdue, DueNow, DueSoon]);
    }

    #[test]
    fn the_owner_is_not_told_what_the_owner_has_just_said() {
        let mut today = commitment("12 cupcakes", on("2026-11-20"));
        today.placed_at = stamp("2026-11-20 11:00");
        check(
            "promised today for today",
            &today,
            &[(Overdue, "2026-11-23 09:00"), (StartBy, "2026-11-20 16:00")],
        );
        today.placed_at = stamp("2026-11-20 17:30");
        check("too late to be done", &today, &[(Overdue, "2026-11-23 09:00"), (StartBy, "2026-11-20 17:30")]);
    }

    #[test]
    fn moving_the_date_makes_new_alerts_and_nothing_else_does() {
        let ids = |commitment: &Commitment, settings: &Settings| -> Vec<AlertId> {
            plan(commitment, settings, &Taken::nothing()).alerts.iter().map(|planned| planned.id).collect()
        };
        let promise = || commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let before = ids(&promise(), &settings());
        let mut worked = promise();
        worked.deliverables[0].effort_left = Some(7);
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
            let alerts = plan(promise, &settings(), &Taken::nothing()).alerts;
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
        for planned in
            promises.iter().flat_map(|promise| plan(promise, &settings(), &Taken::nothing()).alerts)
        {
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
