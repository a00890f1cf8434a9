//! The working calendar: opening hours, closed days and holidays. All working days and hours count over it.

use crate::day::{Day, Due, Hours, Stamp, TimeOfDay, Zone};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// When the business works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct WorkingCalendar {
    /// The business's zone.
    pub zone: Zone,
    /// The hours of each day of the week, Monday first: seven lists, an empty one for a day on which it is closed.
    pub week: [Vec<Span>; 7],
    /// Single days with hours of their own: a holiday has none, an extra open day has some.
    #[serde(default)]
    pub exceptions: BTreeMap<Day, SpecialDay>,
}

/// Hours on end, within one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Span {
    /// Work begins.
    pub from: TimeOfDay,
    /// Work ends; later than it begins.
    pub to: TimeOfDay,
}

/// A single day with hours of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct SpecialDay {
    /// What it is: “Christmas Day”, “open for the fair”.
    pub name: String,
    /// The hours; none if it is closed.
    #[serde(default)]
    pub spans: Vec<Span>,
}

/// How far the calendar is walked to find hours: a business that is closed for longer has none.
const HORIZON_DAYS: i64 = 3 * 366;

impl WorkingCalendar {
    /// Nine to six from Monday to Friday: what holds until the owner has said otherwise.
    pub fn nine_to_six(zone: Zone) -> Self {
        let span = |from, to| {
            TimeOfDay::new(from, 0).zip(TimeOfDay::new(to, 0)).map(|(from, to)| Span { from, to }).into_iter()
        };
        let day = || span(9, 18).collect();
        Self {
            zone,
            week: [day(), day(), day(), day(), day(), Vec::new(), Vec::new()],
            exceptions: BTreeMap::new(),
        }
    }

    /// What is wrong with these hours.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let week = self.week.iter().enumerate().map(|(day, spans)| (format!("week.{day}"), spans));
        let single =
            self.exceptions.iter().map(|(day, special)| (format!("exceptions.{day}"), &special.spans));
        for (field, spans) in week.chain(single) {
            if spans.iter().any(|span| span.to <= span.from) {
                problems.push(Problem::new(field, "The hours must end after they begin."));
            } else if spans.windows(2).any(|pair| pair[1].from < pair[0].to) {
                problems.push(Problem::new(field, "The hours overlap; give them in order."));
            }
        }
        problems
    }

    /// The hours of a day, in order; none if it is closed.
    pub fn spans(&self, day: Day) -> &[Span] {
        match self.exceptions.get(&day) {
            Some(special) => &special.spans,
            None => &self.week[day.weekday().num_days_from_monday() as usize],
        }
    }

    /// Whether the business works on a day.
    pub fn is_working_day(&self, day: Day) -> bool {
        !self.spans(day).is_empty()
    }

    /// When a day's work begins.
    pub fn opening(&self, day: Day) -> Option<Stamp> {
        self.spans(day).first().map(|span| self.zone.instant(day, span.from))
    }

    /// When a day's work ends.
    pub fn closing(&self, day: Day) -> Option<Stamp> {
        self.spans(day).last().map(|span| self.zone.instant(day, span.to))
    }

    /// The next opening at or after an instant.
    pub fn next_opening(&self, after: Stamp) -> Option<Stamp> {
        let first = self.zone.day(after);
        (0..HORIZON_DAYS).find_map(|days| self.opening(first.plus(days)).filter(|opening| *opening >= after))
    }

    /// The end of what was promised: the time or the end of the window; of a date alone the closing time of that day,
    /// and midnight if it is closed.
    pub fn deadline(&self, due: &Due) -> Stamp {
        let zone = due.zone.unwrap_or(self.zone);
        match due.hours {
            Hours::At { time } | Hours::Between { to: time, .. } => zone.instant(due.day, time),
            Hours::AnyTime => self
                .spans(due.day)
                .last()
                .map_or_else(|| zone.midnight(due.day.plus(1)), |span| zone.instant(due.day, span.to)),
        }
    }

    /// The first working day that lies `count` working days after (or, if negative, before) a day.
    pub fn working_day(&self, from: Day, count: i64) -> Day {
        let step = if count < 0 { -1 } else { 1 };
        let mut left = count.abs();
        let mut day = from;
        for _ in 0..HORIZON_DAYS {
            if left == 0 {
                return day;
            }
            day = day.plus(step);
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        // Closed for years: count calendar days rather than none.
        from.plus(count)
    }

    /// Working days after `from` up to and with `to`; 0 if `to` is not later.
    pub fn working_days_between(&self, from: Day, to: Day) -> i64 {
        let days = to.days_since(from).clamp(0, HORIZON_DAYS);
        let closed_beyond = to.days_since(from).max(0) - days;
        let counted = (1..=days).filter(|day| self.is_working_day(from.plus(*day))).count();
        i64::try_from(counted).unwrap_or(i64::MAX) + closed_beyond
    }

    /// Minutes of work between two instants; 0 if the second is not later. Of spans longer than three years only the
    /// first three are counted.
    pub fn working_minutes(&self, from: Stamp, to: Stamp) -> i64 {
        minutes_within(self.zone, from, to, |day| self.hours(day))
    }

    /// The latest instant from which `minutes` of work still fit in before `deadline`; the deadline itself for no work.
    ///
    /// If the hours of three years do not suffice the business is as good as closed, and the answer is the deadline
    /// less the bare minutes.
    pub fn start_by(&self, deadline: Stamp, minutes: i64) -> Stamp {
        start_within(self.zone, deadline, minutes, |day| self.hours(day))
    }

    /// The first instant by which `minutes` of work fit in from `from` on; none if the hours of three years do not
    /// suffice.
    pub fn done_by(&self, from: Stamp, minutes: i64) -> Option<Stamp> {
        let mut left = minutes;
        let first = self.zone.day(from);
        if left <= 0 {
            return Some(from);
        }
        (0..HORIZON_DAYS).flat_map(|days| self.hours(first.plus(days))).find_map(|(start, end)| {
            let start = start.max(from);
            let free = end.minutes_since(start).max(0);
            if free >= left {
                return Some(start.plus_minutes(left));
            }
            left -= free;
            None
        })
    }

    /// The hours of a day as instants, in order.
    pub fn hours(&self, day: Day) -> Vec<Stretch> {
        let instant = |time| self.zone.instant(day, time);
        self.spans(day).iter().map(|span| (instant(span.from), instant(span.to))).collect()
    }
}

/// Time on end, from one instant to another.
pub type Stretch = (Stamp, Stamp);

/// Minutes between two instants that lie within the hours of each day.
pub(crate) fn minutes_within(zone: Zone, from: Stamp, to: Stamp, hours: impl Fn(Day) -> Vec<Stretch>) -> i64 {
    let first = zone.day(from);
    let days = zone.day(to).days_since(first).clamp(0, HORIZON_DAYS);
    (0..=days)
        .flat_map(|day| hours(first.plus(day)))
        .map(|(start, end)| end.min(to).minutes_since(start.max(from)).max(0))
        .sum()
}

/// The latest instant from which minutes of work fit into the hours of each day before a deadline.
pub(crate) fn start_within(
    zone: Zone,
    deadline: Stamp,
    minutes: i64,
    hours: impl Fn(Day) -> Vec<Stretch>,
) -> Stamp {
    if minutes <= 0 {
        return deadline;
    }
    let mut left = minutes;
    let last = zone.day(deadline);
    for days in 0..HORIZON_DAYS {
        for (start, end) in hours(last.plus(-days)).into_iter().rev() {
            let end = end.min(deadline);
            let free = end.minutes_since(start).max(0);
            if free >= left {
                return end.plus_minutes(-left);
            }
            left -= free;
        }
    }
    deadline.plus_minutes(-minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bakery() -> WorkingCalendar {
        let mut calendar = WorkingCalendar::nine_to_six("Europe/Paris".parse().unwrap());
        let span = |from: &str, to: &str| Span { from: from.parse().unwrap(), to: to.parse().unwrap() };
        calendar.week[5] = vec![span("08:00", "12:00"), span("14:00", "16:00")];
        calendar.exceptions.insert(
            "2026-12-25".parse().unwrap(),
            SpecialDay { name: "Christmas".to_owned(), spans: vec![] },
        );
        calendar
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Stamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_alone_is_due_when_the_shop_closes_and_at_midnight_if_it_is_shut() {
        let calendar = bakery();
        assert_eq!(calendar.deadline(&Due::on(day("2026-11-20"))), at("2026-11-20T17:00:00Z"));
        assert_eq!(calendar.deadline(&Due::on(day("2026-11-21"))), at("2026-11-21T15:00:00Z"));
        assert_eq!(calendar.deadline(&Due::on(day("2026-11-22"))), at("2026-11-22T23:00:00Z"));
        assert_eq!(calendar.deadline(&Due::on(day("2026-12-25"))), at("2026-12-25T23:00:00Z"));
        let new_york = Due { zone: "America/New_York".parse().ok(), ..Due::on(day("2026-11-20")) };
        assert_eq!(calendar.deadline(&new_york), at("2026-11-20T23:00:00Z"));
    }

    #[test]
    fn working_days_skip_closed_days_both_ways() {
        let calendar = bakery();
        assert_eq!(calendar.working_day(day("2026-12-24"), 1), day("2026-12-26"));
        assert_eq!(calendar.working_day(day("2026-11-23"), -1), day("2026-11-21"));
        assert_eq!(calendar.working_day(day("2026-11-20"), 3), day("2026-11-24"));
        assert_eq!(calendar.working_days_between(day("2026-12-23"), day("2026-12-28")), 3);
        assert_eq!(calendar.working_days_between(day("2026-12-28"), day("2026-12-23")), 0);
    }

    #[test]
    fn start_by_counts_back_over_lunch_and_closed_days() {
        let calendar = bakery();
        let saturday = calendar.deadline(&Due::on(day("2026-11-21")));
        for (minutes, expected) in [
            (0, "2026-11-21T15:00:00Z"),
            (60, "2026-11-21T14:00:00Z"),
            (180, "2026-11-21T10:00:00Z"),
            (6 * 60, "2026-11-21T07:00:00Z"),
            (6 * 60 + 30, "2026-11-20T16:30:00Z"),
        ] {
            assert_eq!(calendar.start_by(saturday, minutes), at(expected), "{minutes} minutes");
        }
    }

    #[test]
    fn work_is_done_over_lunch_and_closed_days() {
        let calendar = bakery();
        for (minutes, expected) in [
            (0, "2026-11-21T09:30:00Z"),
            (90, "2026-11-21T11:00:00Z"),
            (91, "2026-11-21T13:01:00Z"),
            (4 * 60 + 30, "2026-11-23T09:00:00Z"),
        ] {
            let done = calendar.done_by(at("2026-11-21T09:30:00Z"), minutes);
            assert_eq!(done, Some(at(expected)), "{minutes} minutes");
        }
    }

    #[test]
    fn a_business_without_hours_still_gets_an_answer() {
        let mut calendar = bakery();
        calendar.week = Default::default();
        let due = calendar.deadline(&Due::on(day("2026-11-20")));
        assert_eq!(calendar.start_by(due, 90), due.plus_minutes(-90));
        assert_eq!(calendar.working_day(day("2026-11-20"), 2), day("2026-11-22"));
        assert_eq!(calendar.next_opening(due), None);
        assert_eq!(calendar.done_by(due, 1), None);
    }

    #[test]
    fn hours_that_end_before_they_begin_are_a_problem() {
        let mut calendar = bakery();
        calendar.week[0][0].to = calendar.week[0][0].from;
        assert_eq!(calendar.problems().len(), 1);
        assert_eq!(calendar.problems()[0].field, "week.0");
    }

    proptest::proptest! {
        /// From start-by to the deadline lies exactly the work asked for.
        #[test]
        fn start_by_leaves_exactly_the_work(day in 0_i64..700, minutes in 1_i64..20_000) {
            let calendar = bakery();
            let deadline = calendar.deadline(&Due::on(Day::new(2026, 1, 1).unwrap().plus(day)));
            let start = calendar.start_by(deadline, minutes);
            proptest::prop_assert_eq!(calendar.working_minutes(start, deadline), minutes);
        }
    }
}
