//! What the figures need of closed promises, by the day on which they were due, so that a period is read without what lies
//! outside of it. Open promises are in memory anyway.
//!
//! | key | row |
//! | --- | --- |
//! | `D` day id | a closed promise as the figures need it, see `kept_core::insights::Fact` |

use crate::Kept;
use crate::failure::Failure;
use crate::records::{decode, id_at_end, key};
use crate::store::{Key, Store};
use kept_core::commitment::Commitment;
use kept_core::day::Day;
use kept_core::id::CommitmentId;
use kept_core::insights::{Fact, Period};
use std::collections::BTreeMap;
use std::ops::Bound;

/// The kind of these rows.
pub(crate) const KIND: &[u8] = b"D";

/// The row of a commitment: a pure function of it.
pub(crate) fn index(it: &Commitment) -> BTreeMap<Key, Vec<u8>> {
    if it.is_open() {
        return BTreeMap::new();
    }
    let fact = Fact::of(it);
    let row = fact.key_day().zip(serde_json::to_vec(&fact.to_row()).ok());
    row.map(|(day, row)| (day_key(day, Some(it.id)), row)).into_iter().collect()
}

/// What the figures of a period need. A day more on either side is read: which day a deadline falls on depends on zones.
pub(crate) async fn of_period(kept: &Kept, period: Period) -> Result<Vec<Fact>, Failure> {
    let (from, to) = (period.from.plus(-1), period.to.plus(2));
    let (from, to) = (Bound::Included(day_key(from, None)), Bound::Excluded(day_key(to, None)));
    let rows = kept.0.store.range(from, to, false, usize::MAX).await?;
    let mut facts = Vec::with_capacity(rows.len());
    for row in rows {
        let id = id_at_end(&row.key).map(CommitmentId::new);
        let fact = id.zip(decode(&row.value).ok()).and_then(|(id, row)| Fact::from_row(id, row));
        facts.push(fact.ok_or_else(|| Failure::bug("a row of the figures cannot be read"))?);
    }
    facts.extend(kept.shop().open.values().map(|known| Fact::of(&known.it)));
    Ok(facts)
}

/// The closed promises that were due on some days in a row, at most so many, the latest first.
pub(crate) async fn closed_between(
    kept: &Kept,
    period: Period,
    most: usize,
) -> Result<Vec<CommitmentId>, Failure> {
    let (from, to) = (day_key(period.from, None), day_key(period.to.plus(1), None));
    let rows = kept.0.store.range(Bound::Included(from), Bound::Excluded(to), true, most).await?;
    Ok(rows.iter().filter_map(|row| id_at_end(&row.key)).map(CommitmentId::new).collect())
}

fn day_key(day: Day, id: Option<CommitmentId>) -> Key {
    let day = key(KIND[0], &[day.to_string().as_bytes()]);
    id.map_or(day.clone(), |id| [day, id.uuid().as_bytes().to_vec()].concat())
}
