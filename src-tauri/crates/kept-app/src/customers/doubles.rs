//! Customers who may be one, and making one of them: their promises, what repeats for them and all that was known of either
//! come together in one change, which can be undone.

use super::{fresh, people, reach, zone_of};
use crate::Kept;
use crate::commit::{self, rows_of};
use crate::failure::Failure;
use crate::promise::record_of;
use crate::records::{Changes, Known, Record, id_at_end, key};
use crate::rows::to_u32;
use crate::takes::Nothing;
use crate::takes::people::{MergeCustomers, TwoCustomers};
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::day::Now;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::merge::{Likeness, Merging, likeness, merged};
use kept_core::series::Series;
use kept_core::views::Done;
use kept_core::views::people::{CustomerSaved, DoublePair, DoubleView, Doubles};
use std::collections::{BTreeMap, BTreeSet};

/// So many pairs are shown.
const PAIRS_MOST: usize = 50;
/// So many pairs are read to find them.
const READ_MOST: usize = 400;

/// Customers who may be one.
pub(crate) async fn doubles(kept: &Kept, _: Nothing) -> Result<Doubles, Failure> {
    let now = kept.now();
    let pairs = people::with(kept, |people| people.pairs(READ_MOST)).await?;
    let ids: BTreeSet<CustomerId> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let ids: Vec<CustomerId> = ids.into_iter().collect();
    let known = commit::customers(&kept.0.store, &ids).await?;
    let known: BTreeMap<CustomerId, Known<Customer>> =
        known.into_iter().flatten().map(|known| (known.it.id, known)).collect();
    let mut alike: Vec<_> = pairs
        .iter()
        .filter_map(|(a, b)| {
            let (a, b) = (known.get(a)?, known.get(b)?);
            let (one, other) = if a.it.since <= b.it.since { (a, b) } else { (b, a) };
            Some((likeness(&a.it, &b.it, zone_of(kept, &a.it))?, one, other))
        })
        .collect();
    alike.sort_by(|(a, one, _), (b, other, _)| (a, &one.it.name).cmp(&(b, &other.it.name)));
    alike.truncate(PAIRS_MOST);
    let mut pairs = Vec::with_capacity(alike.len());
    for (likeness, one, other) in alike {
        let (one, other) = (view(kept, one, likeness, &now).await?, view(kept, other, likeness, &now).await?);
        pairs.push(DoublePair { one, other });
    }
    Ok(Doubles { pairs })
}

/// Others who may be the same as one customer.
pub(super) async fn of(kept: &Kept, it: &Customer, now: &Now) -> Result<Vec<DoubleView>, Failure> {
    let mut others: Vec<CustomerId> =
        people::with(kept, |people| people.like(it.id)).await?.into_iter().collect();
    others.truncate(READ_MOST);
    let zone = zone_of(kept, it);
    let known = commit::customers(&kept.0.store, &others).await?;
    let mut alike: Vec<_> = known
        .into_iter()
        .flatten()
        .filter_map(|other| Some((likeness(it, &other.it, zone)?, other)))
        .collect();
    alike.sort_by(|(a, one), (b, other)| (a, &one.it.name).cmp(&(b, &other.it.name)));
    let mut views = Vec::new();
    for (likeness, other) in alike.iter().take(PAIRS_MOST) {
        views.push(view(kept, other, *likeness, now).await?);
    }
    Ok(views)
}

/// Makes one customer of two.
pub(crate) async fn merge_customers(kept: &Kept, takes: MergeCustomers) -> Result<CustomerSaved, Failure> {
    let writing = kept.writing().await;
    if takes.keep == takes.other {
        return Err(Failure::field("other", "This is one customer already."));
    }
    let now = kept.now();
    let keep = fresh(kept, takes.keep, takes.keep_version).await?;
    let other = fresh(kept, takes.other, takes.other_version).await?;
    let said = format!("Made one customer of {} and {}", keep.it.name, other.it.name);
    let mut changes = Changes::new(said.clone(), None);
    let promises = promises_of(kept, takes.other).await?;
    let merging = Merging { promises: to_u32(promises.len()), at: now.stamp, zone: zone_of(kept, &keep.it) };
    changes.customer(Some(&keep), merged(&keep.it, &other.it, merging));
    for known in promises {
        let after = Commitment { customer: takes.keep, ..known.it.clone() };
        changes.commitment(Some(&known), after);
    }
    for known in kept.shop().few.series.values().filter(|known| known.it.customer == takes.other) {
        let after = Series { customer: takes.keep, ..known.it.clone() };
        changes.put(Some(known.as_ref().clone().map(Record::Series)), Record::Series(after));
    }
    kept.shop().few.care.merge(takes.other, takes.keep, &mut changes);
    changes.remove(other.as_ref().clone().map(Record::Customer));
    let change = writing.commit(changes).await?;
    Ok(CustomerSaved { done: Done { change, said, promise: None }, customer: takes.keep })
}

/// The owner says that two customers are two: they are not suggested as one again.
pub(crate) async fn two_customers(kept: &Kept, takes: TwoCustomers) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let one = fresh(kept, takes.one, None).await?;
    let other = fresh(kept, takes.other, None).await?;
    let said = format!("{} and {} are two customers", one.it.name, other.it.name);
    let mut changes = Changes::new(said.clone(), None);
    let mut after = one.it.clone();
    if takes.one != takes.other && after.not_same_as.insert(takes.other) {
        changes.customer(Some(&one), after);
    }
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

async fn promises_of(kept: &Kept, id: CustomerId) -> Result<Vec<Known<Commitment>>, Failure> {
    let rows = rows_of(&kept.0.store, &key(b'q', &[id.uuid().as_bytes()])).await?;
    let ids: Vec<CommitmentId> =
        rows.iter().filter_map(|row| id_at_end(&row.key)).map(CommitmentId::new).collect();
    Ok(commit::commitments(&kept.0.store, &ids).await?.into_iter().flatten().collect())
}

async fn view(
    kept: &Kept,
    known: &Known<Customer>,
    likeness: Likeness,
    now: &Now,
) -> Result<DoubleView, Failure> {
    let it = &known.it;
    let record = record_of(kept, it.id, now).await?;
    let why = match likeness {
        Likeness::Email => "the same e-mail address",
        Likeness::Phone => "the same telephone number",
        Likeness::Name => "the same name",
        Likeness::NearlyName => "nearly the same name",
    };
    Ok(DoubleView {
        id: it.id,
        version: known.last,
        name: it.name.clone(),
        reach: reach(it, zone_of(kept, it)),
        record: record.words,
        likeness,
        why: why.to_owned(),
    })
}
