//! Lists of promises: searched, narrowed, ordered and paged here, so that the UI never holds more than it shows.

mod catalogue;
mod moment;
mod sieve;

pub(crate) use catalogue::{Catalogue, Number};
pub(crate) use moment::Moment;

use crate::Kept;
use crate::commit::commitments;
use crate::failure::Failure;
use crate::records::{Changes, Known, Record, end_of};
use crate::rows::{named_rows, rows, to_u32};
use crate::shop::Shop;
use crate::store::{Row, Store};
use crate::takes::lists::PromisesQuery;
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::id::CommitmentId;
use kept_core::list::PromiseList;
use kept_core::views::{PromiseRow, PromisesPage};
use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

/// No page is longer.
const PAGE_MOST: u32 = 200;
/// Rows read at a time while the catalogue is made.
const CHUNK: usize = 2_000;

/// A page of promises: the open ones most urgent first, the others latest date first, or by a column.
pub(crate) async fn promises(kept: &Kept, takes: PromisesQuery) -> Result<PromisesPage, Failure> {
    let now = kept.now();
    let (offset, limit) = (takes.offset as usize, takes.limit.min(PAGE_MOST) as usize);
    let list = checked(takes.list())?;
    let (customer, offer) = names(kept, &list).await?;
    let (mut page, ids, names) = with(kept, &now, |catalogue, moment| {
        let listed = sieve::listed(catalogue, moment, list);
        let numbers = listed.page(offset, limit);
        let ids = ids(catalogue, numbers.iter().copied());
        let names: HashMap<_, _> =
            numbers.iter().filter_map(|number| catalogue.customer_of(*number)).collect();
        let page = PromisesPage {
            count: to_u32(listed.count),
            offset: to_u32(offset),
            rows: Vec::new(),
            counts: moment.counts.clone(),
            views: moment.views.clone(),
            sources: moment.sources.clone(),
            customer,
            offer,
            forgiven: listed.forgiven,
        };
        (page, ids, names)
    })
    .await?;
    let known = known(kept, &ids).await?;
    page.rows = if known.iter().all(|known| names.contains_key(&known.it.customer)) {
        // With each key the store is asked for thirty promises; it need not be asked for as many customers, too.
        named_rows(&known, &kept.shop(), &now, |customer| names.get(&customer).cloned().unwrap_or_default())
    } else {
        rows(kept, &known, &now).await?
    };
    Ok(page)
}

/// The names of the customer and of the offer that a list is narrowed to, as far as they are there.
async fn names(kept: &Kept, list: &PromiseList) -> Result<(Option<String>, Option<String>), Failure> {
    kept.customers(&list.customer.into_iter().collect::<Vec<_>>()).await?;
    let shop = kept.shop();
    let customer = list.customer.and_then(|id| shop.customers.get(&id)).map(|known| known.it.name.clone());
    let offer = list.offer.and_then(|id| shop.few.offers.get(&id)).map(|known| known.it.name.clone());
    Ok((customer, offer))
}

/// A list whose fields make sense.
pub(crate) fn checked(list: PromiseList) -> Result<PromiseList, Failure> {
    let problems = list.problems();
    if problems.is_empty() { Ok(list) } else { Err(Failure::invalid(problems)) }
}

/// Looks at a whole list, in its order.
pub(crate) async fn look_at<T>(
    kept: &Kept,
    now: &Now,
    list: PromiseList,
    looks: impl FnOnce(&Catalogue, &[Number]) -> T,
) -> Result<T, Failure> {
    let list = checked(list)?;
    with(kept, now, |catalogue, moment| {
        let listed = sieve::listed(catalogue, moment, list);
        looks(catalogue, listed.numbers())
    })
    .await
}

/// Looks into the catalogue as things stand now; reads it if nobody has asked before.
pub(crate) async fn with<T>(
    kept: &Kept,
    now: &Now,
    looks: impl FnOnce(&mut Catalogue, &Moment) -> T,
) -> Result<T, Failure> {
    let mut catalogue = kept.0.catalogue.lock().await;
    if catalogue.is_none() {
        *catalogue = Some(Catalogue::read(kept).await?);
    }
    let Some(catalogue) = catalogue.as_mut() else { return Err(Failure::bug("the catalogue is missing")) };
    let moment = Moment::of(catalogue, kept, now);
    Ok(looks(catalogue, &moment))
}

/// Lets the catalogue follow a change. With another calendar every date ends at another instant: it is read anew.
pub(crate) fn follow(catalogue: &mut Option<Catalogue>, shop: &Shop, changes: &Changes) {
    let other_calendar = changes.records.values().any(|changed| match (&changed.before, &changed.after) {
        (Some(Known { it: Record::Settings(before), .. }), Some(Record::Settings(after))) => {
            before.calendar != after.calendar
        }
        (_, Some(Record::Settings(_))) => true,
        _ => false,
    });
    if other_calendar {
        *catalogue = None;
    } else if let Some(catalogue) = catalogue {
        catalogue.follow(shop, changes);
    }
}

/// The promises with these numbers.
pub(crate) fn ids(catalogue: &Catalogue, numbers: impl Iterator<Item = Number>) -> Vec<CommitmentId> {
    numbers.map(|number| catalogue.item(number).id).collect()
}

/// Rows of any promises, open or closed, in the same order.
pub(crate) async fn rows_of(
    kept: &Kept,
    ids: &[CommitmentId],
    now: &Now,
) -> Result<Vec<PromiseRow>, Failure> {
    rows(kept, &known(kept, ids).await?, now).await
}

/// Promises as they are, open or closed, in the same order.
async fn known(kept: &Kept, ids: &[CommitmentId]) -> Result<Vec<Arc<Known<Commitment>>>, Failure> {
    let mut open: HashMap<CommitmentId, Arc<Known<Commitment>>> = {
        let shop = kept.shop();
        ids.iter().filter_map(|id| Some((*id, Arc::clone(shop.open.get(id)?)))).collect()
    };
    let closed: Vec<CommitmentId> = ids.iter().filter(|id| !open.contains_key(id)).copied().collect();
    let read = commitments(&kept.0.store, &closed).await?;
    open.extend(read.into_iter().flatten().map(|known| (known.it.id, Arc::new(known))));
    Ok(ids.iter().filter_map(|id| open.get(id).cloned()).collect())
}

/// Walks all rows of a kind, some at a time.
pub(crate) async fn each(
    store: &dyn Store,
    kind: &[u8],
    mut visit: impl FnMut(&Row) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut from = Bound::Included(kind.to_vec());
    loop {
        let rows = store.range(from, end_of(kind), false, CHUNK).await?;
        for row in &rows {
            visit(row)?;
        }
        match rows.last() {
            Some(last) if rows.len() == CHUNK => from = Bound::Excluded(last.key.clone()),
            _ => return Ok(()),
        }
    }
}
