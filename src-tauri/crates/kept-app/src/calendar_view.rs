//! The calendar: a month of promises, each on the day on which it is due.

use crate::Kept;
use crate::failure::Failure;
use crate::lists;
use crate::rows::to_u32;
use crate::takes::lists::CalendarQuery;
use kept_core::calendar::WorkingCalendar;
use kept_core::day::{Day, Now};
use kept_core::id::CommitmentId;
use kept_core::list::{Column, PromiseList};
use kept_core::settings::WeekStart;
use kept_core::views::PromiseRow;
use kept_core::views::lists::{CalendarDay, CalendarMonth, CalendarWeek};
use std::collections::HashMap;

/// So many rows of a day are given; its count says how many there are.
const ROWS_MOST: usize = 5;

/// A month of promises.
pub(crate) async fn calendar(kept: &Kept, takes: CalendarQuery) -> Result<CalendarMonth, Failure> {
    let now = kept.now();
    let settings = kept.settings();
    let month = Month::of(takes.month.unwrap_or(now.today), settings.week_starts);
    let list = PromiseList { sort: Some(Column::Due), descending: false, ..takes.list };
    let due = lists::look_at(kept, &now, list, |catalogue, numbers| {
        let mut due = Due::default();
        for item in numbers.iter().map(|number| catalogue.item(*number)) {
            match item.day {
                Some(day) if month.shows(day) => due.put(day, item.id),
                Some(_) => {}
                None => due.without_date += 1,
            }
        }
        due
    })
    .await?;
    let ids: Vec<CommitmentId> = due.days.values().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let read = lists::rows_of(kept, &ids, &now).await?;
    let rows: HashMap<CommitmentId, PromiseRow> = read.into_iter().map(|row| (row.id, row)).collect();
    let within = due.days.iter().filter(|(day, _)| month.holds(**day));
    Ok(CalendarMonth {
        month: month.first,
        name: month.first.date().format("%B %Y").to_string(),
        previous: month.beside(-1),
        next: month.beside(1),
        week_days: (0..7).map(|at| month.start.plus(at).date().format("%a").to_string()).collect(),
        count: within.map(|(_, (count, _))| *count).sum(),
        without_date: due.without_date,
        weeks: month.weeks(|day| day_view(day, &month, &due, &rows, &settings.calendar, &now)),
    })
}

/// How many promises are due on each day, and the first of them.
#[derive(Default)]
struct Due {
    days: HashMap<Day, (u32, Vec<CommitmentId>)>,
    without_date: u32,
}

impl Due {
    fn put(&mut self, day: Day, id: CommitmentId) {
        let (count, ids) = self.days.entry(day).or_default();
        *count += 1;
        if ids.len() < ROWS_MOST {
            ids.push(id);
        }
    }
}

/// A month with the days of the months beside it that make its weeks whole.
struct Month {
    first: Day,
    last: Day,
    start: Day,
    weeks: i64,
}

impl Month {
    fn of(day: Day, starts: WeekStart) -> Self {
        use chrono::Datelike as _;
        let date = day.date();
        let first = day.plus(1 - i64::from(date.day()));
        let last = first.plus(i64::from(date.num_days_in_month()) - 1);
        let from_monday = i64::from(first.weekday().num_days_from_monday());
        let before = match starts {
            WeekStart::Monday => from_monday,
            WeekStart::Sunday => (from_monday + 1) % 7,
            WeekStart::Saturday => (from_monday + 2) % 7,
        };
        let start = first.plus(-before);
        Self { first, last, start, weeks: last.days_since(start) / 7 + 1 }
    }

    fn shows(&self, day: Day) -> bool {
        (0..self.weeks * 7).contains(&day.days_since(self.start))
    }

    fn holds(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The first day of the month before or after; none at the ends of time.
    fn beside(&self, months: i64) -> Option<Day> {
        use chrono::Datelike as _;
        let day = if months < 0 { self.first.plus(-1) } else { self.last.plus(1) };
        (!self.holds(day)).then(|| day.plus(1 - i64::from(day.date().day())))
    }

    fn weeks(&self, day: impl Fn(Day) -> CalendarDay) -> Vec<CalendarWeek> {
        let week =
            |week: i64| CalendarWeek { days: (0..7).map(|at| day(self.start.plus(week * 7 + at))).collect() };
        (0..self.weeks).map(week).collect()
    }
}

fn day_view(
    day: Day,
    month: &Month,
    due: &Due,
    rows: &HashMap<CommitmentId, PromiseRow>,
    calendar: &WorkingCalendar,
    now: &Now,
) -> CalendarDay {
    let (count, ids) = due.days.get(&day).cloned().unwrap_or_default();
    CalendarDay {
        day,
        words: day.date().format("%A %-d %B").to_string(),
        within: month.holds(day),
        today: day == now.today,
        past: day < now.today,
        closed: !calendar.is_working_day(day),
        count: to_u32(count),
        rows: ids.iter().filter_map(|id| rows.get(id).cloned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(day: &str, starts: WeekStart, start: &str, weeks: i64) {
        let month = Month::of(day.parse().unwrap(), starts);
        assert_eq!((month.start.to_string().as_str(), month.weeks), (start, weeks), "{day} {starts:?}");
        assert!(month.shows(month.first) && month.shows(month.last));
        assert!(!month.shows(month.start.plus(-1)) && !month.shows(month.start.plus(weeks * 7)));
    }

    #[test]
    fn a_month_is_made_of_whole_weeks() {
        check("2026-11-22", WeekStart::Monday, "2026-10-26", 6);
        check("2026-11-22", WeekStart::Sunday, "2026-11-01", 5);
        check("2026-11-22", WeekStart::Saturday, "2026-10-31", 5);
        check("2027-02-28", WeekStart::Monday, "2027-02-01", 4);
        check("2028-02-29", WeekStart::Sunday, "2028-01-30", 5);
    }

    #[test]
    fn the_months_beside_it_begin_on_their_first_day() {
        let month = Month::of("2026-12-31".parse().unwrap(), WeekStart::Monday);
        let beside = |months| month.beside(months).map(|day| day.to_string());
        assert_eq!((beside(-1).as_deref(), beside(1).as_deref()), (Some("2026-11-01"), Some("2027-01-01")));
    }
}
