//! Where hours for a promise could be set aside: a place to begin with, which the owner moves as is wanted.

use kept_core::calendar::{Stretch, WorkingCalendar};
use kept_core::day::{Now, Stamp};
use kept_core::taken::Taken;
use kept_core::urgency::Standing;
use kept_core::views::plan::Suggestion;

/// So far back from the date a place is looked for.
const DAYS_MOST: i64 = 30;
/// What has no date, or one that has passed, is placed within so many days.
const DAYS_AHEAD: i64 = 7;
/// A place begins at a quarter of an hour.
const QUARTER: i64 = 15;

/// The last stretch of free hours before the date into which the work that has no place yet fits; the first one from now
/// on where there is no date, or it has passed. If it fits into none, the longest one.
pub(crate) fn suggestion(
    standing: &Standing,
    calendar: &WorkingCalendar,
    taken: &Taken,
    now: &Now,
) -> Option<Suggestion> {
    let needed = standing.remaining - standing.set_aside;
    if needed <= 0 {
        return None;
    }
    let zone = calendar.zone;
    let from = next_quarter(now.stamp);
    let deadline = standing.deadline.filter(|deadline| *deadline > from);
    let until = deadline.unwrap_or_else(|| zone.midnight(now.today.plus(DAYS_AHEAD)));
    let last = zone.day(until);
    let days = last.days_since(now.today).clamp(0, DAYS_MOST);
    let free = (0..=days).flat_map(|step| {
        let day = if deadline.is_some() { last.plus(-step) } else { now.today.plus(step) };
        let mut stretches = taken.unblocked(calendar, day);
        if deadline.is_some() {
            stretches.reverse();
        }
        stretches.into_iter().map(|(begins, ends)| (begins.max(from), ends.min(until)))
    });
    let mut longest: Option<Stretch> = None;
    for (begins, ends) in free {
        let minutes = ends.minutes_since(begins);
        if minutes >= needed && deadline.is_some() {
            return suggested((ends.plus_minutes(-needed), ends), calendar, now);
        }
        if minutes >= needed {
            return suggested((begins, begins.plus_minutes(needed)), calendar, now);
        }
        if minutes >= QUARTER && longest.is_none_or(|(from, to)| minutes > to.minutes_since(from)) {
            longest = Some((begins, ends));
        }
    }
    longest.and_then(|longest| suggested(longest, calendar, now))
}

fn suggested((begins, ends): Stretch, calendar: &WorkingCalendar, now: &Now) -> Option<Suggestion> {
    let (day, from) = calendar.zone.wall(begins);
    let (_, to) = calendar.zone.wall(ends);
    // A stretch that ends at midnight ends on no time of its own day.
    (from < to).then(|| Suggestion {
        day,
        from,
        to,
        words: format!("{}, {from} to {to}", day.words(now.today)),
    })
}

fn next_quarter(stamp: Stamp) -> Stamp {
    let quarter = QUARTER * 60_000;
    Stamp::from_millis(stamp.millis().div_euclid(quarter).saturating_add(1).saturating_mul(quarter))
}
