//! Promises as rows: read from memory or the store, put into words by the core.

use crate::Kept;
use crate::failure::Failure;
use crate::records::Known;
use crate::shop::Shop;
use kept_core::around::Around;
use kept_core::commitment::{Commitment, Source};
use kept_core::day::Now;
use kept_core::forget::is_of_nobody;
use kept_core::id::CustomerId;
use kept_core::import::shop_name;
use kept_core::outcome::outcome;
use kept_core::urgency::{Standing, standing};
use kept_core::views::PromiseRow;
use kept_core::words::Said;
use std::sync::Arc;

/// A promise as a row of a list.
pub(crate) fn row(known: &Known<Commitment>, standing: &Standing, shop: &Shop, now: &Now) -> PromiseRow {
    named_row(known, standing, shop.customer_name(known.it.customer), shop, now)
}

fn named_row(
    known: &Known<Commitment>,
    standing: &Standing,
    customer: String,
    shop: &Shop,
    now: &Now,
) -> PromiseRow {
    let calendar = &shop.settings.it.calendar;
    let it = &known.it;
    let said = Said { commitment: it, standing, calendar, now };
    let parts_done = it.deliverables.iter().filter(|part| it.left_of(part) == 0).count();
    PromiseRow {
        id: it.id,
        version: known.last,
        title: it.title(),
        customer,
        customer_id: it.customer,
        place: standing.place,
        when: said.when(),
        why: said.why(),
        due: it.current_due(),
        due_words: said.due(),
        status: it.status(),
        parts_done: to_u32(parts_done),
        parts: to_u32(it.deliverables.len()),
        outcome: outcome(it, calendar, now),
        total: it.payment.total,
        payment: it.payment.state(),
        source: source_words(&it.source),
        date_derived: it.date_derived,
        second_chance: standing.second_chance,
        blocked: standing.blocked,
        no_time_blocked: it.is_open() && standing.remaining > 0 && standing.set_aside == 0,
        squeezed: standing.squeezed,
        repeats: it.series.is_some(),
        made_up: it.made_up,
    }
}

/// Rows of any promises, open or closed.
pub(crate) async fn rows(
    kept: &Kept,
    known: &[Arc<Known<Commitment>>],
    now: &Now,
) -> Result<Vec<PromiseRow>, Failure> {
    let customers: Vec<CustomerId> = known.iter().map(|known| known.it.customer).collect();
    kept.customers(&customers).await?;
    let shop = kept.shop();
    Ok(named_rows(known, &shop, now, |customer| shop.customer_name(customer)))
}

/// Rows of promises whose customers are known by name.
pub(crate) fn named_rows(
    known: &[Arc<Known<Commitment>>],
    shop: &Shop,
    now: &Now,
    name: impl Fn(CustomerId) -> String,
) -> Vec<PromiseRow> {
    // What goes on around them matters only to those that are open.
    let is_any_open = known.iter().any(|known| known.it.is_open());
    let around = if is_any_open { shop.around(now) } else { Around::hours(&shop.tallies.taken) };
    let rows = known.iter().map(|known| {
        let standing = standing(&known.it, &shop.settings.it, &around, now);
        named_row(known, &standing, name(known.it.customer), shop, now)
    });
    rows.collect()
}

/// The open promises in the order of the queue.
pub(crate) fn queue(shop: &Shop, now: &Now) -> Vec<(Standing, Arc<Known<Commitment>>)> {
    let around = shop.around(now);
    let mut queue: Vec<_> = shop
        .open
        .values()
        .map(|known| (standing(&known.it, &shop.settings.it, &around, now), Arc::clone(known)))
        .collect();
    queue.sort_by(|(a, _), (b, _)| a.order(b));
    queue
}

/// Where a promise came from, in words.
pub(crate) fn source_words(source: &Source) -> String {
    match source {
        Source::Typed { .. } => "Typed in".to_owned(),
        Source::Shop { shop, .. } if is_of_nobody(source) => format!("{} (anonymised)", shop_name(shop)),
        Source::Shop { shop, order, .. } => format!("{} {order}", shop_name(shop)),
    }
}

/// A count for the wire.
pub(crate) fn to_u32(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}
