//! Putting an alert off. The promise stays where it is.

use super::three_in_the_afternoon;
use crate::calendar::WorkingCalendar;
use crate::day::{Day, Now, Stamp, TimeOfDay};
use crate::views::SnoozeFor;

/// Where a business has no hours its day begins at nine.
fn nine() -> TimeOfDay {
    TimeOfDay::new(9, 0).unwrap_or(TimeOfDay::MIDNIGHT)
}

impl SnoozeFor {
    /// Until when; none for an instant that lies behind.
    pub fn until(self, calendar: &WorkingCalendar, now: &Now) -> Option<Stamp> {
        let opening = |day: Day| calendar.opening(day).unwrap_or_else(|| calendar.zone.instant(day, nine()));
        let tomorrow = now.today.plus(1);
        match self {
            Self::TenMinutes => Some(now.stamp.plus_minutes(10)),
            Self::OneHour => Some(now.stamp.plus_minutes(60)),
            Self::ThisAfternoon => {
                let three = |day| calendar.zone.instant(day, three_in_the_afternoon());
                Some(three(now.today)).filter(|at| *at > now.stamp).or_else(|| Some(three(tomorrow)))
            }
            Self::TomorrowAtOpening => {
                let next = calendar.next_opening(calendar.zone.midnight(tomorrow));
                Some(next.unwrap_or_else(|| opening(tomorrow)))
            }
            Self::NextWorkingDay => Some(opening(calendar.working_day(now.today, 1))),
            Self::Until { at } => (at > now.stamp).then_some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, now, stamp};

    fn check(snooze: SnoozeFor, at: &str, until: &str) {
        assert_eq!(snooze.until(&calendar(), &now(at)), Some(stamp(until)), "{snooze:?} at {at}");
    }

    #[test]
    fn every_choice_ends_when_it_says() {
        check(SnoozeFor::TenMinutes, "2026-11-20 10:00", "2026-11-20 10:10");
        check(SnoozeFor::OneHour, "2026-11-20 23:30", "2026-11-21 00:30");
        check(SnoozeFor::ThisAfternoon, "2026-11-20 10:00", "2026-11-20 15:00");
        check(SnoozeFor::ThisAfternoon, "2026-11-20 15:00", "2026-11-21 15:00");
        check(SnoozeFor::TomorrowAtOpening, "2026-11-19 10:00", "2026-11-20 09:00");
        check(SnoozeFor::TomorrowAtOpening, "2026-11-20 10:00", "2026-11-23 09:00");
        check(SnoozeFor::NextWorkingDay, "2026-11-20 10:00", "2026-11-23 09:00");
        check(SnoozeFor::Until { at: stamp("2026-12-01 08:00") }, "2026-11-20 10:00", "2026-12-01 08:00");
    }

    #[test]
    fn nothing_is_put_off_into_the_past() {
        let at = stamp("2026-11-20 10:00");
        assert_eq!(SnoozeFor::Until { at }.until(&calendar(), &now("2026-11-20 10:00")), None);
    }

    #[test]
    fn an_hour_is_an_hour_when_the_clocks_are_moved() {
        let before = calendar().zone.instant("2026-10-25".parse().unwrap(), "01:30".parse().unwrap());
        let until = SnoozeFor::OneHour.until(&calendar(), &Now::at(before, calendar().zone));
        assert_eq!(until, Some(before.plus_minutes(60)));
    }
}
