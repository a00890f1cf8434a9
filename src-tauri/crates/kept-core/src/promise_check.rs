//! The check before one says yes: the earliest date that can honestly be promised.

use crate::calendar::WorkingCalendar;
use crate::day::{Day, Now, Stamp};
use crate::words::{count, duration};

/// With fewer past deliveries than this the lead time of the menu says more than they do.
pub const DELIVERIES_ENOUGH: usize = 10;
/// So many past deliveries are looked at, the newest.
pub const DELIVERIES_MOST: usize = 100;

/// What is asked before one says yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseCheck {
    /// When it was ordered.
    pub placed: Stamp,
    /// Minutes from order to full delivery of the past deliveries of the same thing, in any order.
    pub lead_times: Vec<i64>,
    /// The usual lead time in working days, if the menu names one.
    pub lead_days: Option<u32>,
    /// Minutes of work that it needs.
    pub effort: i64,
    /// Minutes of work that all open promises still need.
    pub open_effort: i64,
}

/// The earliest date that can honestly be promised, and what it follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HonestDate {
    /// The day; none if the opening hours of the next years do not suffice.
    pub day: Option<Day>,
    /// By past deliveries, or by the lead time.
    pub by_lead: Option<Day>,
    /// By the hours: the first day by which all open work and this fit.
    pub by_hours: Option<Day>,
    /// Why, in sentences.
    pub why: String,
}

/// The later of two days: the order plus what four of five past deliveries took, and the first day by which all open work
/// and this one fit into the working hours.
pub fn honest_date(check: &PromiseCheck, calendar: &WorkingCalendar, now: &Now) -> HonestDate {
    let work = check.open_effort.saturating_add(check.effort);
    let by_hours = calendar.done_by(now.stamp, work).map(|done| calendar.zone.day(done));
    let (by_lead, lead_words) = by_lead(check, calendar, now);
    let open = |day: Day| if calendar.is_working_day(day) { day } else { calendar.working_day(day, 1) };
    let day = by_hours.map(|hours| open(by_lead.map_or(hours, |lead| lead.max(hours)).max(now.today)));
    let hours_words = match by_hours {
        Some(day) if check.open_effort > 0 => {
            format!("All open work and this, {} in all, fit by {}.", duration(work), day.words(now.today))
        }
        Some(day) => format!("Its {} of work fit by {}.", duration(work), day.words(now.today)),
        None => format!("Your opening hours do not suffice for {} of work.", duration(work)),
    };
    let why = lead_words.into_iter().chain([hours_words]).collect::<Vec<_>>().join(" ");
    HonestDate { day, by_lead, by_hours, why }
}

/// What lead times say: past deliveries if there are enough of them, else the menu.
fn by_lead(check: &PromiseCheck, calendar: &WorkingCalendar, now: &Now) -> (Option<Day>, Option<String>) {
    let past = check.lead_times.len();
    let placed = calendar.zone.day(check.placed);
    if let Some(lead) = percentile_80(&check.lead_times).filter(|_| past >= DELIVERIES_ENOUGH) {
        let day = calendar.zone.day(check.placed.plus_minutes(lead));
        let took = match day.days_since(placed) {
            0 => "no more than the same day".to_owned(),
            days => format!("no more than {}", count(days, "day")),
        };
        let words = format!(
            "Four of five of the last {past} deliveries took {took}: that is {}.",
            day.words(now.today)
        );
        return (Some(day), Some(words));
    }
    let Some(days) = check.lead_days else { return (None, None) };
    let day = calendar.working_day(placed, i64::from(days));
    let known = match past {
        0 => "It was never delivered yet".to_owned(),
        1 => "It was delivered only once".to_owned(),
        many => format!("It was delivered only {many} times"),
    };
    let words = format!(
        "{known}; by its lead time of {} that is {}.",
        count(days, "working day"),
        day.words(now.today)
    );
    (Some(day), Some(words))
}

/// The 80th percentile by the nearest rank: the least of the values that four of five do not exceed.
pub fn percentile_80(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * 4).div_ceil(5);
    rank.checked_sub(1).and_then(|index| sorted.get(index).copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, now, stamp};
    use proptest::prelude::*;

    const DAY: i64 = 24 * 60;

    #[test]
    fn the_80th_percentile_is_what_four_of_five_do_not_exceed() {
        for (values, expected) in [
            (vec![], None),
            (vec![7], Some(7)),
            (vec![9, 1], Some(9)),
            (vec![5, 4, 3, 2, 1], Some(4)),
            ((1..=10).collect(), Some(8)),
            ((1..=11).collect(), Some(9)),
            ((1..=100).rev().collect(), Some(80)),
        ] {
            assert_eq!(percentile_80(&values), expected, "{values:?}");
        }
    }

    /// A check on Monday the 16th at nine, of something ordered then.
    fn check(lead_times: Vec<i64>, lead_days: Option<u32>, hours: (i64, i64), day: &str, why: &str) {
        let (open_effort, effort) = (hours.0 * 60, hours.1 * 60);
        let placed = stamp("2026-11-16 09:00");
        let asked = PromiseCheck { placed, lead_times, lead_days, effort, open_effort };
        let honest = honest_date(&asked, &calendar(), &now("2026-11-16 09:00"));
        assert_eq!(honest.day.map(|day| day.to_string()).unwrap_or_default(), day);
        assert_eq!(honest.why, why);
    }

    #[test]
    fn the_honest_date_is_the_later_of_past_deliveries_and_free_hours() {
        check(vec![], None, (0, 2), "2026-11-16", "Its 2 h of work fit by Mon 16 Nov.");
        check(vec![], None, (18, 1), "2026-11-18", "All open work and this, 19 h in all, fit by Wed 18 Nov.");
        check(
            vec![DAY; 9],
            Some(3),
            (0, 2),
            "2026-11-19",
            "It was delivered only 9 times; by its lead time of 3 working days that is Thu 19 Nov. Its 2 h of work fit \
             by Mon 16 Nov.",
        );
        check(
            (1..=10).map(|days| days * DAY).collect(),
            Some(3),
            (0, 2),
            "2026-11-24",
            "Four of five of the last 10 deliveries took no more than 8 days: that is Tue 24 Nov. Its 2 h of work fit \
             by Mon 16 Nov.",
        );
        check(
            vec![60; 10],
            None,
            (45, 9),
            "2026-11-23",
            "Four of five of the last 10 deliveries took no more than the same day: that is Mon 16 Nov. All open work \
             and this, 54 h in all, fit by Mon 23 Nov.",
        );
        check(
            vec![5 * DAY; 10],
            None,
            (0, 1),
            "2026-11-23",
            "Four of five of the last 10 deliveries took no more than 5 days: that is Sat 21 Nov. Its 1 h of work fit by \
             Mon 16 Nov.",
        );
    }

    #[test]
    fn a_shop_without_hours_promises_nothing() {
        let mut closed = calendar();
        closed.week = Default::default();
        let placed = stamp("2026-11-16 09:00");
        let asked = PromiseCheck { placed, lead_times: vec![], lead_days: None, effort: 60, open_effort: 0 };
        assert_eq!(honest_date(&asked, &closed, &now("2026-11-16 09:00")).day, None);
    }

    proptest! {
        /// More to do never makes an earlier date honest.
        #[test]
        fn more_work_is_never_done_earlier(effort in 0_i64..5_000, more in 0_i64..5_000) {
            let honest = |effort| {
                let placed = stamp("2026-11-16 09:00");
                let asked = PromiseCheck { placed, lead_times: vec![], lead_days: None, effort, open_effort: 0 };
                honest_date(&asked, &calendar(), &now("2026-11-16 09:00")).day
            };
            prop_assert!(honest(effort) <= honest(effort + more));
        }
    }
}
