//! The periods that one asks for, and how the score went in the course of one.

use super::USUAL_DAYS;
use chrono::Datelike as _;
use kept_core::day::{Day, Now};
use kept_core::insights::Period;
use kept_core::views::insights::{PeriodChoice, SpanScore};
use kept_core::words::count;
use std::collections::BTreeMap;

/// A longer period is shown by months: its weeks would be too many to tell apart.
const WEEKS_MOST: i64 = 400;

/// The periods that one asks for, the shortest first.
pub(super) fn choices(shown: Period, now: &Now) -> Vec<PeriodChoice> {
    let today = now.today;
    let year = today.date().year();
    let first = |year: i32, month: u32| Day::new(year, month, 1).unwrap_or(today);
    let this_month = first(year, today.date().month());
    let month_before = this_month.plus(-1);
    let month_before_first = first(month_before.date().year(), month_before.date().month());
    let choices = [
        ("Last 30 days", Period::up_to(today, 30)),
        ("This month", Period { from: this_month, to: today }),
        ("Last month", Period { from: month_before_first, to: month_before }),
        ("Last 90 days", Period::up_to(today, USUAL_DAYS)),
        ("This year", Period { from: first(year, 1), to: today }),
        ("Last year", Period { from: first(year - 1, 1), to: first(year, 1).plus(-1) }),
        ("Last 12 months", Period::up_to(today, 365)),
    ];
    let choice = |(words, period): (&str, Period)| PeriodChoice {
        words: words.to_owned(),
        period,
        shown: period == shown,
    };
    let mut choices: Vec<PeriodChoice> = choices.into_iter().map(choice).collect();
    // On the first of January this month is this year too: one of them is shown.
    let mut seen = false;
    for choice in &mut choices {
        choice.shown &= !seen;
        seen |= choice.shown;
    }
    choices
}

/// The score of a period in the course of it: by weeks that begin on a Monday, of a long one by months.
pub(super) fn course(days: &BTreeMap<Day, (u32, u32)>, period: Period) -> Vec<SpanScore> {
    let by_months = period.days() > WEEKS_MOST;
    let first_of = |day: Day| if by_months { first_of_month(day) } else { monday(day) };
    let mut spans: BTreeMap<Day, (u32, u32)> = BTreeMap::new();
    for (day, (kept, missed)) in days {
        let span = spans.entry(first_of(*day)).or_default();
        *span = (span.0 + kept, span.1 + missed);
    }
    let view = |(first, (kept, missed)): (Day, (u32, u32))| {
        let last = if by_months { first_of_month(first.plus(31)).plus(-1) } else { first.plus(6) };
        let words = first.date().format(if by_months { "%b %Y" } else { "%-d %b" }).to_string();
        let period = Period { from: first.max(period.from), to: last.min(period.to) };
        SpanScore { period, words, kept, missed }
    };
    spans.into_iter().map(view).collect()
}

/// `Everything was kept in 9 of 13 weeks`.
pub(super) fn course_words(course: &[SpanScore], period: Period) -> String {
    let all_kept = course.iter().filter(|span| span.missed == 0).count();
    let what = if period.days() > WEEKS_MOST { "month" } else { "week" };
    let of = count(i64::try_from(course.len()).unwrap_or(i64::MAX), what);
    if all_kept == course.len() {
        return format!("Everything was kept in {of}");
    }
    format!("Everything was kept in {all_kept} of {of}")
}

fn monday(day: Day) -> Day {
    day.plus(-i64::from(day.weekday().num_days_from_monday()))
}

fn first_of_month(day: Day) -> Day {
    day.plus(1 - i64::from(day.date().day()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kept_core::day::Zone;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn check(today: &str, words: &str, from: &str, to: &str) {
        let zone = Zone::UTC;
        let now = Now::at(zone.instant(day(today), "12:00".parse().unwrap()), zone);
        let choices = choices(Period::up_to(now.today, USUAL_DAYS), &now);
        let found = choices.iter().find(|choice| choice.words == words).unwrap();
        assert_eq!((found.period.from, found.period.to), (day(from), day(to)), "{words} on {today}");
        assert_eq!(choices.iter().filter(|choice| choice.shown).count(), 1);
    }

    #[test]
    fn months_and_years_are_those_of_the_calendar() {
        check("2026-11-21", "Last 30 days", "2026-10-23", "2026-11-21");
        check("2026-11-21", "This month", "2026-11-01", "2026-11-21");
        check("2026-11-21", "Last month", "2026-10-01", "2026-10-31");
        check("2026-01-05", "Last month", "2025-12-01", "2025-12-31");
        check("2024-03-31", "Last month", "2024-02-01", "2024-02-29");
        check("2026-01-01", "This year", "2026-01-01", "2026-01-01");
        check("2026-11-21", "Last year", "2025-01-01", "2025-12-31");
    }

    #[test]
    fn the_course_goes_by_weeks_and_in_a_long_period_by_months() {
        let days = BTreeMap::from([
            (day("2026-11-01"), (1, 0)),
            (day("2026-11-02"), (2, 1)),
            (day("2026-11-08"), (1, 0)),
        ]);
        let short = Period { from: day("2026-11-01"), to: day("2026-11-05") };
        let weeks = course(&days, short);
        let words: Vec<(&str, u32, u32)> =
            weeks.iter().map(|span| (span.words.as_str(), span.kept, span.missed)).collect();
        assert_eq!(words, [("26 Oct", 1, 0), ("2 Nov", 3, 1)]);
        assert_eq!((weeks[0].period.from, weeks[1].period.to), (short.from, short.to), "within the period");
        assert_eq!(course_words(&weeks, short), "Everything was kept in 1 of 2 weeks");
        let long = Period { from: day("2025-01-01"), to: day("2026-12-31") };
        let months = course(&days, long);
        assert_eq!((months[0].words.as_str(), months[0].period.to), ("Nov 2026", day("2026-11-30")));
        assert_eq!(course_words(&[], long), "Everything was kept in 0 months");
    }
}
