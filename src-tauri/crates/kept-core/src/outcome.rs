//! Whether a promise was kept.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Deliverable, Party};
use crate::day::{Day, Due, Now, Stamp};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use ts_rs::TS;

/// How a promise ended, judged by the first promised date and by what the customer moved, never by what we moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Outcome {
    /// Not decided yet.
    Open,
    /// In full and on time.
    Kept,
    /// Not in full when the date passed, or called off by us. A miss stays a miss.
    Missed,
    /// The customer called it off in time: it counts neither way.
    Excluded,
}

/// The outcome of a commitment at `now`.
pub fn outcome(commitment: &Commitment, calendar: &WorkingCalendar, now: &Now) -> Outcome {
    Case::of(commitment).outcome(calendar, now)
}

/// Calendar days from the deadline's day to the day of full delivery, or to today while something is owed; 0 if on time.
pub fn late_days(commitment: &Commitment, calendar: &WorkingCalendar, now: &Now) -> i64 {
    Case::of(commitment).late_days(calendar, now)
}

/// The end of the date that the commitment is judged by; none while it waits for an event.
pub fn basis_deadline(commitment: &Commitment, calendar: &WorkingCalendar) -> Option<Stamp> {
    commitment.basis().map(|due| calendar.deadline(&due))
}

/// All of a promise that it is judged by, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The date that it is judged by; none while it waits for an event.
    pub due: Option<Due>,
    /// Before its date is too early.
    pub on_the_day: bool,
    /// By whom it was called off, and when.
    pub cancelled: Option<(Party, Stamp)>,
    /// Its parts.
    pub parts: SmallVec<[PartCase; 1]>,
}

/// All of a part that it is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartCase {
    /// Its own date, where that differs.
    pub due: Option<Due>,
    /// When it was handed over in full.
    pub full_at: Option<Stamp>,
}

impl Case {
    /// What a promise is judged by: the first promised date, and what the customer moved.
    pub fn of(it: &Commitment) -> Self {
        let part = |part: &Deliverable| PartCase { due: part.due, full_at: it.part_full_at(part) };
        Self {
            due: it.basis(),
            on_the_day: it.on_the_day,
            cancelled: it.cancelled.as_ref().map(|cancelled| (cancelled.by, cancelled.at)),
            parts: it.deliverables.iter().map(part).collect(),
        }
    }

    /// The end of the date that it is judged by.
    pub fn deadline(&self, calendar: &WorkingCalendar) -> Option<Stamp> {
        self.due.map(|due| calendar.deadline(&due))
    }

    /// When all of it was handed over.
    pub fn full_at(&self) -> Option<Stamp> {
        self.parts.iter().map(|part| part.full_at).try_fold(None, |latest: Option<Stamp>, full| {
            let full = full?;
            Some(Some(latest.map_or(full, |latest| latest.max(full))))
        })?
    }

    /// The outcome at `now`.
    pub fn outcome(&self, calendar: &WorkingCalendar, now: &Now) -> Outcome {
        match self.cancelled {
            Some((Party::Us, _)) => return Outcome::Missed,
            Some((Party::Customer, at)) if self.deadline(calendar).is_none_or(|deadline| at <= deadline) => {
                return Outcome::Excluded;
            }
            Some((Party::Customer, _)) | None => {}
        }
        let parts = || self.parts.iter().map(|part| self.part_outcome(part, calendar, now));
        if parts().any(|part| part == Outcome::Missed) {
            Outcome::Missed
        } else if parts().all(|part| part == Outcome::Kept) {
            Outcome::Kept
        } else {
            Outcome::Open
        }
    }

    /// Calendar days from the deadline's day to the day of full delivery, or to today while something is owed.
    pub fn late_days(&self, calendar: &WorkingCalendar, now: &Now) -> i64 {
        let Some(deadline) = self.deadline(calendar) else { return 0 };
        let end = self.full_at().or(self.cancelled.map(|(_, at)| at)).unwrap_or(now.stamp);
        if end <= deadline {
            return 0;
        }
        calendar.zone.day(end).days_since(deadline_day(deadline, calendar)).max(0)
    }

    fn part_outcome(&self, part: &PartCase, calendar: &WorkingCalendar, now: &Now) -> Outcome {
        let Some(due) = part.due.or(self.due) else {
            return if part.full_at.is_some() { Outcome::Kept } else { Outcome::Open };
        };
        let deadline = calendar.deadline(&due);
        match part.full_at {
            Some(full) if full > deadline => Outcome::Missed,
            Some(full) if self.on_the_day && calendar.zone.day(full) != due.day => Outcome::Missed,
            Some(_) => Outcome::Kept,
            None if now.stamp > deadline => Outcome::Missed,
            None => Outcome::Open,
        }
    }
}

/// The day that a deadline ends: a deadline at midnight ends the day before.
pub(crate) fn deadline_day(deadline: Stamp, calendar: &WorkingCalendar) -> Day {
    calendar.zone.day(Stamp::from_millis(deadline.millis() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, commitment, due, handed, moved, now, stamp};

    fn check(what: &str, commitment: &Commitment, at: &str, expected: Outcome, late: i64) {
        let now = now(at);
        assert_eq!(outcome(commitment, &calendar(), &now), expected, "{what}");
        assert_eq!(late_days(commitment, &calendar(), &now), late, "{what}: days late");
    }

    #[test]
    fn a_promise_is_kept_when_all_of_it_was_handed_over_in_time() {
        let promise = || commitment("12 cupcakes", due("2026-11-20", "15:00"));
        check("open", &promise(), "2026-11-20 14:00", Outcome::Open, 0);
        check("the last moment", &promise(), "2026-11-20 15:00", Outcome::Open, 0);
        check("a minute later", &promise(), "2026-11-20 15:01", Outcome::Missed, 0);
        check("the day after", &promise(), "2026-11-21 09:00", Outcome::Missed, 1);
        check("in time", &handed(promise(), 12, "2026-11-20 15:00"), "2026-12-20 15:00", Outcome::Kept, 0);
        check("late", &handed(promise(), 12, "2026-11-23 09:00"), "2026-12-20 15:00", Outcome::Missed, 3);
        check("in part", &handed(promise(), 11, "2026-11-20 14:00"), "2026-11-20 16:00", Outcome::Missed, 0);
        let rest = handed(handed(promise(), 11, "2026-11-20 14:00"), 1, "2026-11-20 14:30");
        check("in two parts", &rest, "2026-12-20 16:00", Outcome::Kept, 0);
    }

    #[test]
    fn a_date_moved_by_us_never_improves_the_record_and_one_moved_by_the_customer_does() {
        let promise = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let ours = moved(promise.clone(), due("2026-11-25", "15:00"), Party::Us);
        let theirs = moved(promise, due("2026-11-25", "15:00"), Party::Customer);
        check("by us", &handed(ours.clone(), 12, "2026-11-24 10:00"), "2026-12-01 10:00", Outcome::Missed, 4);
        check(
            "by them",
            &handed(theirs.clone(), 12, "2026-11-24 10:00"),
            "2026-12-01 10:00",
            Outcome::Kept,
            0,
        );
        let then_ours = moved(theirs, due("2026-12-20", "15:00"), Party::Us);
        check("then by us", &then_ours, "2026-12-01 10:00", Outcome::Missed, 6);
        let then_theirs = moved(ours, due("2026-12-20", "15:00"), Party::Customer);
        check("then by them", &then_theirs, "2026-12-01 10:00", Outcome::Open, 0);
    }

    #[test]
    fn calling_off_is_a_miss_when_we_do_it_and_nothing_when_the_customer_does_it_in_time() {
        let called_off = |by, at: &str| {
            let mut promise = commitment("12 cupcakes", due("2026-11-20", "15:00"));
            promise.cancelled = Some(crate::commitment::Cancelled { by, at: stamp(at), why: None });
            promise
        };
        check("us", &called_off(Party::Us, "2026-11-01 10:00"), "2026-11-02 10:00", Outcome::Missed, 0);
        check(
            "them",
            &called_off(Party::Customer, "2026-11-20 15:00"),
            "2026-12-02 10:00",
            Outcome::Excluded,
            0,
        );
        check(
            "too late",
            &called_off(Party::Customer, "2026-11-20 15:01"),
            "2026-12-02 10:00",
            Outcome::Missed,
            0,
        );
    }

    #[test]
    fn a_part_with_a_date_of_its_own_is_judged_by_it() {
        let mut promise = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        promise.deliverables[0].due = Some(due("2026-11-18", "12:00"));
        check(
            "late part",
            &handed(promise.clone(), 12, "2026-11-18 13:00"),
            "2026-12-01 10:00",
            Outcome::Missed,
            0,
        );
        check("in time", &handed(promise, 12, "2026-11-18 11:00"), "2026-12-01 10:00", Outcome::Kept, 0);
    }

    #[test]
    fn early_is_on_time_unless_the_promise_says_on_the_day() {
        let mut promise =
            handed(commitment("12 cupcakes", due("2026-11-20", "15:00")), 12, "2026-11-19 12:00");
        check("early", &promise, "2026-12-01 10:00", Outcome::Kept, 0);
        promise.on_the_day = true;
        check("too early", &promise, "2026-12-01 10:00", Outcome::Missed, 0);
    }

    #[test]
    fn what_waits_for_an_event_is_open_until_it_is_there() {
        let mut promise = commitment("1 book", due("2026-11-20", "15:00"));
        promise.first_due = None;
        check("waiting", &promise, "2030-01-01 10:00", Outcome::Open, 0);
        let dated = moved(promise, due("2026-11-20", "15:00"), Party::Us);
        check("the event's date is the first", &dated, "2026-11-21 10:00", Outcome::Missed, 1);
    }
}
