//! Occurrences: each is a promise of its own, made six weeks ahead, and none is left out. Those that came due while Kept
//! was off are made as well, so that they end kept or missed like all others.
//!
//! Which there are is read from an index of keys; no closed promise is walked. An occurrence's id follows from its series
//! and its day, so that making it twice is refused by the store.

use super::{NEXT_DAYS, newest, record};
use crate::failure::Failure;
use crate::records::{Changes, Known, Record, occurrence_at, occurrences_of};
use crate::store::Store;
use crate::{Kept, recurrence};
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::{Commitment, Party};
use kept_core::day::{Day, Now};
use kept_core::id::CommitmentId;
use kept_core::series::{AHEAD_DAYS, Series};
use kept_core::words::count;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// Makes every occurrence that has to be there and is not. Nothing is written if none is missing.
pub(crate) async fn keep_ahead(kept: &Kept, now: &Now) -> Result<u64, Failure> {
    let writing = kept.writing().await;
    let all: Vec<Arc<Known<Series>>> = kept.shop().few.series.values().cloned().collect();
    let mut changes = Changes::new("", None);
    for known in all {
        make_missing(kept, &known.it, now, &mut changes).await?;
    }
    let made = u32::try_from(changes.records.len()).unwrap_or(u32::MAX);
    changes.what = format!("Made {} ahead", count(made, "repeating promise"));
    changes.by_itself = true;
    writing.commit(changes).await
}

/// A new series with its first occurrences, to be committed with others.
pub(crate) async fn record_ahead(
    kept: &Kept,
    series: Series,
    now: &Now,
    changes: &mut Changes,
) -> Result<(), Failure> {
    make_missing(kept, &series, now, changes).await?;
    changes.put(None, Record::Series(series));
    Ok(())
}

/// A series as it is to be, with what follows from it: occurrences after today that nobody has touched yet become what
/// they are now, or go; what was begun stays, or is called off.
pub(super) async fn follow(
    kept: &Kept,
    before: Option<&Known<Series>>,
    after: Series,
    by: Party,
    now: &Now,
    changes: &mut Changes,
) -> Result<(), Failure> {
    let Some(before) = before else { return record_ahead(kept, after, now, changes).await };
    // What came due by the old rule is owed by the old rule.
    make_missing(kept, &Series { last: Some(now.today), ..before.it.clone() }, now, changes).await?;
    let calendar = kept.settings().calendar;
    let wanted = wanted(&after, now.today);
    let mut there = BTreeSet::new();
    for occurrence in to_come(kept, &after, now.today).await? {
        let Some(day) = occurrence.it.series.map(|of| of.day) else { continue };
        there.insert(day);
        let untouched = occurrence.born == occurrence.last;
        if wanted.contains(&day) {
            let becomes = after.changed(&occurrence.it, by, &calendar, now);
            if untouched && becomes != occurrence.it {
                changes.commitment(Some(&occurrence), becomes);
            }
        } else if occurrence.it.is_open() {
            match Series::dropped(&occurrence.it, untouched, by, now) {
                Some(called_off) => changes.commitment(Some(&occurrence), called_off),
                None => changes.remove(occurrence.map(Record::Commitment)),
            }
        }
    }
    make(&after, &mut wanted.difference(&there), &calendar, now, changes);
    if before.it != after {
        changes.put(Some(record(before)), Record::Series(after));
    }
    Ok(())
}

async fn make_missing(kept: &Kept, it: &Series, now: &Now, changes: &mut Changes) -> Result<(), Failure> {
    let wanted = wanted(it, now.today);
    let Some((first, last)) = wanted.first().zip(wanted.last()) else { return Ok(()) };
    let there = there(kept, it, *first, *last).await?.into_keys().collect();
    let calendar = kept.settings().calendar;
    make(it, &mut wanted.difference(&there), &calendar, now, changes);
    Ok(())
}

fn make(
    it: &Series,
    days: &mut dyn Iterator<Item = &Day>,
    calendar: &WorkingCalendar,
    now: &Now,
    changes: &mut Changes,
) {
    for day in days {
        changes.commitment(None, it.occurrence(*day, calendar, now));
    }
}

/// The days for which an occurrence has to be there: all within the window, and the next one however far away it is.
fn wanted(it: &Series, today: Day) -> BTreeSet<Day> {
    let mut days = BTreeSet::new();
    if let Some((first, last)) = it.window(today) {
        days.extend(recurrence::all_days(&it.rule, it.from, first, last));
    }
    if days.last().is_none_or(|last| *last <= today) {
        let first = it.holds_from.max(it.from).max(today.plus(1));
        let last = it.last.unwrap_or(Day::LAST).min(today.plus(NEXT_DAYS));
        let next = recurrence::days(&it.rule, it.from, first, last, 1);
        days.extend(next.unwrap_or_default());
    }
    days
}

/// The occurrences that are there, by their days.
pub(super) async fn there(
    kept: &Kept,
    it: &Series,
    first: Day,
    last: Day,
) -> Result<BTreeMap<Day, CommitmentId>, Failure> {
    let key = |day: Day| [occurrences_of(it.id), day.to_string().into_bytes()].concat();
    let range = (Bound::Included(key(first)), Bound::Excluded(key(last.plus(1))));
    let rows = kept.0.store.range(range.0, range.1, false, usize::MAX).await?;
    Ok(rows.iter().filter_map(|row| occurrence_at(&row.key)).collect())
}

/// The occurrences of days after today.
async fn to_come(kept: &Kept, it: &Series, today: Day) -> Result<Vec<Known<Commitment>>, Failure> {
    let most = usize::try_from(2 * AHEAD_DAYS).unwrap_or(usize::MAX);
    let mut found = newest(kept, it.id, Day::LAST, most).await?;
    found.retain(|known| known.it.series.is_some_and(|of| of.day > today));
    Ok(found)
}
