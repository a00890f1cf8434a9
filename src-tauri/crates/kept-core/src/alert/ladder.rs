//! The ladder: how an overdue promise calls again until it is resolved.
//!
//! At once; two hours later; then at opening and in the middle of the afternoon of each working day; from the third
//! working day on once each morning.

use super::three_in_the_afternoon;
use crate::calendar::WorkingCalendar;
use crate::day::{Day, Stamp};
use serde::{Deserialize, Serialize};

/// From the first call to the second.
const SECOND_AFTER_MINUTES: i64 = 2 * 60;
/// From this working day after the first call on it calls only in the morning.
const MORNINGS_FROM: i64 = 3;
/// How far ahead and back the calendar is walked: a business that is closed for longer calls no more.
const HORIZON_DAYS: i64 = 366;

/// One call of an alert. Later ones are greater.
///
/// The calls of a day are named by the day and not counted, so that a holiday entered later renames none of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The first call; of most kinds the only one.
    First,
    /// Two hours later; where the time for an answer runs out, when hardly any is left.
    Second,
    /// When no time for an answer is left.
    Third,
    /// A working day's morning or afternoon.
    On(Day, Half),
}

/// Half of a working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// At opening.
    Morning,
    /// At three, or half-way between opening and closing where three lies outside of the hours.
    Afternoon,
}

/// So long before closing comes the evening's digest.
const BEFORE_CLOSING_MINUTES: i64 = 30;

impl Half {
    /// When the digest of this half of a day comes; none on a closed day.
    pub(super) fn digest_at(self, calendar: &WorkingCalendar, day: Day) -> Option<Stamp> {
        match self {
            Self::Morning => calendar.opening(day),
            Self::Afternoon => {
                calendar.closing(day).map(|closing| closing.plus_minutes(-BEFORE_CLOSING_MINUTES))
            }
        }
    }
}

/// The calls of an overdue promise.
#[derive(Clone, Copy, Debug)]
pub struct Ladder<'a> {
    /// The first call.
    pub first: Stamp,
    /// By which working days are counted.
    pub calendar: &'a WorkingCalendar,
}

impl Ladder<'_> {
    /// The newest call at or before an instant.
    pub fn newest(&self, now: Stamp) -> Option<(Rung, Stamp)> {
        if now < self.first {
            return None;
        }
        let begun = self.first_day();
        let today = self.calendar.zone.day(now);
        let days = today.days_since(begun).clamp(0, HORIZON_DAYS);
        let of_a_day = (0..=days)
            .flat_map(|back| self.of_day(today.plus(-back)).into_iter().rev())
            .find(|(_, at)| *at <= now);
        let second = Some((Rung::Second, self.second())).filter(|(_, at)| *at <= now);
        of_a_day.or(second).or(Some((Rung::First, self.first)))
    }

    /// The first call after an instant.
    pub fn next(&self, after: Stamp) -> Option<(Rung, Stamp)> {
        if after < self.first {
            return Some((Rung::First, self.first));
        }
        if after < self.second() {
            return Some((Rung::Second, self.second()));
        }
        let today = self.calendar.zone.day(after);
        (0..HORIZON_DAYS).flat_map(|ahead| self.of_day(today.plus(ahead))).find(|(_, at)| *at > after)
    }

    fn first_day(&self) -> Day {
        self.calendar.zone.day(self.first)
    }

    fn second(&self) -> Stamp {
        self.first.plus_minutes(SECOND_AFTER_MINUTES)
    }

    /// The calls of one day that come after the second one.
    fn of_day(&self, day: Day) -> Vec<(Rung, Stamp)> {
        let calendar = self.calendar;
        let Some((opening, closing)) = calendar.opening(day).zip(calendar.closing(day)) else {
            return Vec::new();
        };
        let only_mornings = day >= calendar.working_day(self.first_day(), MORNINGS_FROM);
        let three = calendar.zone.instant(day, three_in_the_afternoon());
        let half_way = opening.plus_minutes(closing.minutes_since(opening) / 2);
        let afternoon = if opening < three && three < closing { three } else { half_way };
        let mut calls = vec![(Rung::On(day, Half::Morning), opening)];
        if !only_mornings {
            calls.push((Rung::On(day, Half::Afternoon), afternoon));
        }
        calls.retain(|(_, at)| *at > self.second());
        calls
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, stamp};

    /// All calls up to an instant, as the clocks of the shop show them.
    fn calls(first: &str, until: &str) -> Vec<String> {
        let calendar = calendar();
        let ladder = Ladder { first: stamp(first), calendar: &calendar };
        let mut calls = Vec::new();
        let mut at = stamp(first).plus_minutes(-1);
        while let Some((rung, next)) = ladder.next(at).filter(|(_, next)| *next <= stamp(until)) {
            assert_eq!(ladder.newest(next), Some((rung, next)), "what comes next is then the newest");
            let (day, time) = calendar.zone.wall(next);
            calls.push(format!("{} {time}", day.date().format("%a %-d")));
            at = next;
        }
        calls
    }

    #[test]
    fn it_calls_at_once_after_two_hours_twice_a_day_and_then_each_morning() {
        assert_eq!(
            calls("2026-11-19 10:00", "2026-11-26 23:00"),
            [
                "Thu 19 10:00",
                "Thu 19 12:00",
                "Thu 19 15:00",
                "Fri 20 09:00",
                "Fri 20 15:00",
                "Mon 23 09:00",
                "Mon 23 15:00",
                "Tue 24 09:00",
                "Wed 25 09:00",
                "Thu 26 09:00",
            ]
        );
    }

    #[test]
    fn what_falls_before_the_second_call_is_left_out() {
        assert_eq!(
            calls("2026-11-20 16:30", "2026-11-23 10:00"),
            ["Fri 20 16:30", "Fri 20 18:30", "Mon 23 09:00"]
        );
        assert_eq!(
            calls("2026-11-20 14:00", "2026-11-20 20:00"),
            ["Fri 20 14:00", "Fri 20 16:00"],
            "three in the afternoon lies before the second call"
        );
    }

    #[test]
    fn nine_stays_nine_when_the_clocks_are_moved() {
        assert_eq!(
            calls("2026-10-22 10:00", "2026-10-27 12:00").last().map(String::as_str),
            Some("Tue 27 09:00"),
            "summer time ends on 25 October"
        );
        assert_eq!(
            calls("2026-03-26 10:00", "2026-03-31 12:00").last().map(String::as_str),
            Some("Tue 31 09:00"),
            "summer time begins on 29 March"
        );
    }

    #[test]
    fn a_shop_that_closes_at_noon_is_called_in_the_middle_of_its_day() {
        let mut calendar = calendar();
        for spans in &mut calendar.week[..5] {
            spans[0].to = "13:00".parse().unwrap();
        }
        let ladder = Ladder { first: stamp("2026-11-19 09:00"), calendar: &calendar };
        assert_eq!(
            ladder.next(stamp("2026-11-20 09:00")),
            Some((Rung::On("2026-11-20".parse().unwrap(), Half::Afternoon), stamp("2026-11-20 11:00")))
        );
    }

    #[test]
    fn a_holiday_entered_later_renames_no_other_call() {
        let mut calendar = calendar();
        let first = stamp("2026-11-19 10:00");
        let before = Ladder { first, calendar: &calendar }.newest(stamp("2026-11-24 10:00"));
        let closed = crate::calendar::SpecialDay { name: "Inventory".to_owned(), spans: vec![] };
        calendar.exceptions.insert("2026-11-23".parse().unwrap(), closed);
        assert_eq!(Ladder { first, calendar: &calendar }.newest(stamp("2026-11-24 10:00")), before);
    }

    #[test]
    fn a_business_without_hours_is_called_twice() {
        let mut calendar = calendar();
        calendar.week = Default::default();
        let ladder = Ladder { first: stamp("2026-11-19 10:00"), calendar: &calendar };
        assert_eq!(ladder.next(stamp("2026-11-19 12:00")), None);
        assert_eq!(ladder.newest(stamp("2027-11-19 12:00")).map(|(rung, _)| rung), Some(Rung::Second));
    }
}
