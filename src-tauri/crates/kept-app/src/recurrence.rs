//! The days of a recurrence rule: the only place that knows the library which reads RFC 5545.
//!
//! Rules are unrolled over noons of universal time, so that the library sees no clock change: it gives days, and which
//! instants those are is told by `Zone::instant`. (Its own reckoning with zones loses or doubles days around a change.)

use chrono::{DateTime, NaiveTime, TimeZone};
use kept_core::day::Day;
use kept_core::problem::Problem;
use kept_core::repeat;
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

/// A rule that has no day within so many days never happens.
const NEVER_DAYS: i64 = 5 * 366;
/// More days than this are not made at once.
const DAYS_MOST: u16 = 1_000;

/// A rule as Kept writes it, if it can be read and happens at all.
pub(crate) fn checked(rule: &str, from: Day) -> Result<String, Problem> {
    let rule = repeat::tidy(rule)?;
    let days = days(&rule, from, from, from.plus(NEVER_DAYS), 1)?;
    if days.is_empty() {
        return Err(Problem::new("rule", "This never happens within five years. Choose other days."));
    }
    Ok(rule)
}

/// The first days of a rule that lie between two days, both included.
pub(crate) fn days(rule: &str, from: Day, first: Day, last: Day, most: u16) -> Result<Vec<Day>, Problem> {
    let start = noon(from);
    let parsed: RRule<Unvalidated> = rule.parse().map_err(|error| wrong(&error))?;
    let validated = parsed.validate(start).map_err(|error| wrong(&error))?;
    // Its bounds are instants on either side of the noons.
    let set = RRuleSet::new(start).rrule(validated).after(noon(first)).before(noon(last));
    let found = set.all(most.min(DAYS_MOST)).dates;
    let days = found.into_iter().filter_map(|noon| Day::within(noon.date_naive()));
    Ok(days.filter(|day| (first..=last).contains(day)).collect())
}

/// All days of a rule between two days, both included. A rule that lies in the store was read once; what cannot be read
/// any more has no days.
pub(crate) fn all_days(rule: &str, from: Day, first: Day, last: Day) -> Vec<Day> {
    days(rule, from, first, last, DAYS_MOST).unwrap_or_else(|problem| {
        tracing::error!("The rule {rule} cannot be read: {}", problem.is);
        Vec::new()
    })
}

fn noon(day: Day) -> DateTime<Tz> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or(NaiveTime::MIN);
    Tz::UTC.from_utc_datetime(&day.date().and_time(noon))
}

fn wrong(error: &rrule::RRuleError) -> Problem {
    tracing::info!("A rule was refused: {error}");
    Problem::new("rule", "This is not a rule by which something repeats.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn check(rule: &str, from: &str, within: (&str, &str), expected: &[&str]) {
        let rule = checked(rule, day(from)).unwrap();
        let days = all_days(&rule, day(from), day(within.0), day(within.1));
        let days: Vec<String> = days.iter().map(Day::to_string).collect();
        assert_eq!(days, expected, "{rule}");
    }

    #[test]
    fn a_rule_gives_the_days_on_which_something_is_owed() {
        let november = ("2026-11-01", "2026-11-30");
        check("FREQ=WEEKLY;BYDAY=SA", "2026-11-10", november, &["2026-11-14", "2026-11-21", "2026-11-28"]);
        check(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "2020-01-06",
            november,
            &["2026-11-02", "2026-11-16", "2026-11-30"],
        );
        check("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01", november, &["2026-11-27"]);
        check("FREQ=DAILY;COUNT=3", "2026-11-20", november, &["2026-11-20", "2026-11-21", "2026-11-22"]);
        check("FREQ=DAILY;UNTIL=20261103", "2026-11-02", november, &["2026-11-02", "2026-11-03"]);
        check(
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "2026-01-31",
            ("2026-10-01", "2026-12-31"),
            &["2026-10-31", "2026-12-31"],
        );
        check(
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "2026-01-01",
            ("2026-01-01", "2029-01-01"),
            &["2028-02-29"],
        );
    }

    #[test]
    fn no_day_is_lost_or_doubled_where_the_clocks_change() {
        let spring = ["2026-03-28", "2026-03-29", "2026-03-30"];
        check("FREQ=DAILY", "2026-03-01", ("2026-03-28", "2026-03-30"), &spring);
        let autumn = ["2026-10-24", "2026-10-25", "2026-10-26"];
        check("FREQ=DAILY", "2026-03-01", ("2026-10-24", "2026-10-26"), &autumn);
    }

    #[test]
    fn a_rule_that_never_happens_or_never_could_is_refused() {
        for rule in [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=YEARLY;BYMONTH=6;BYWEEKNO=53",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=99999999999",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;UNTIL=20200101",
            "FREQ=SECONDLY",
            "FREQ=WEEKLY;BYDAY=XX",
            "every Saturday",
            "",
        ] {
            assert_eq!(
                checked(rule, day("2026-11-20")).map_err(|problem| problem.field),
                Err("rule".to_owned()),
                "{rule}"
            );
        }
    }

    #[test]
    fn a_rule_without_an_end_is_unrolled_no_further_than_asked() {
        let days = all_days("FREQ=DAILY", Day::FIRST, Day::FIRST, Day::LAST);
        assert_eq!(days.len(), usize::from(DAYS_MOST));
    }
}
