//! Whether a promise was kept.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Party};
use crate::day::{Now, Stamp};
use serde::{Deserialize, Serialize};
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
    let deadline = basis_deadline(commitment, calendar);
    if let Some(cancelled) = &commitment.cancelled {
        match cancelled.by {
            Party::Us => return Outcome::Missed,
            Party::Customer if deadline.is_none_or(|deadline| cancelled.at <= deadline) => {
                return Outcome::Excluded;
            }
            Party::Customer => {}
        }
    }
    let parts = || commitment.deliverables.iter().map(|part| part_outcome(commitment, part, calendar, now));
    if parts().any(|part| part == Outcome::Missed) {
        Outcome::Missed
    } else if parts().all(|part| part == Outcome::Kept) {
        Outcome::Kept
    } else {
        Outcome::Open
    }
}

/// Calendar days from the deadline's day to the day of full delivery, or to today while something is owed; 0 if on time.
pub fn late_days(commitment: &Commitment, calendar: &WorkingCalendar, now: &Now) -> i64 {
    let Some(deadline) = basis_deadline(commitment, calendar) else { return 0 };
    let end = commitment.full_at().or(commitment.cancelled.as_ref().map(|it| it.at)).unwrap_or(now.stamp);
    if end <= deadline {
        return 0;
    }
    calendar.zone.day(end).days_since(deadline_day(deadline, calendar)).max(0)
}

/// The end of the date that the commitment is judged by; none while it waits for an event.
pub fn basis_deadline(commitment: &Commitment, calendar: &WorkingCalendar) -> Option<Stamp> {
    commitment.basis().map(|due| calendar.deadline(&due))
}

/// The day that a deadline ends: a deadline at midnight ends the day before.
fn deadline_day(deadline: Stamp, calendar: &WorkingCalendar) -> crate::day::Day {
    calendar.zone.day(Stamp::from_millis(deadline.millis() - 1))
}

fn part_outcome(
    commitment: &Commitment,
    part: &crate::commitment::Deliverable,
    calendar: &WorkingCalendar,
    now: &Now,
) -> Outcome {
    let Some(due) = part.due.or_else(|| commitment.basis()) else {
        return if commitment.left_of(part) == 0 { Outcome::Kept } else { Outcome::Open };
    };
    let deadline = calendar.deadline(&due);
    match commitment.part_full_at(part) {
        Some(full) if full > deadline => Outcome::Missed,
        Some(full) if commitment.on_the_day && calendar.zone.day(full) != due.day => Outcome::Missed,
        Some(_) => Outcome::Kept,
        None if now.stamp > deadline => Outcome::Missed,
        None => Outcome::Open,
    }
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
