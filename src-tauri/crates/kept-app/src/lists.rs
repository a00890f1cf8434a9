//! Lists of promises: filtered, searched and paged here, so that the UI never holds more than it shows.
//!
//! The open promises are in memory. The others are found through a catalogue of a few words each, which is read once,
//! when a list first needs it, and follows every change from then on.

use crate::Kept;
use crate::commit::{commitment_of, commitments, customer_of};
use crate::failure::Failure;
use crate::records::{Changes, Known, Record, end_of};
use crate::rows::{queue, row, rows, source_words, to_u32};
use crate::shop::Shop;
use crate::store::{Row, Store};
use crate::takes::PromisesQuery;
use kept_core::commitment::{Commitment, PaymentState};
use kept_core::customer::Customer;
use kept_core::day::{Now, Stamp};
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::search::{folded, words_of};
use kept_core::urgency::{Place, Standing, current_deadline};
use kept_core::views::{PromiseCounts, PromiseFilter, PromisesPage};
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

/// No page is longer.
const PAGE_MOST: u32 = 200;
/// Of long notes only the beginning is searched.
const NOTE_SEARCHED: usize = 400;
/// Rows read at a time while the catalogue is made.
const CHUNK: usize = 2_000;

/// All promises in a few words each.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    items: HashMap<CommitmentId, Item>,
    by_date: BTreeSet<(i64, CommitmentId)>,
    customers: HashMap<CustomerId, Box<str>>,
}

#[derive(Debug)]
struct Item {
    deadline: i64,
    open: bool,
    unpaid: bool,
    customer: CustomerId,
    text: Box<str>,
}

/// A page of promises: the open ones most urgent first, the others latest date first.
pub(crate) async fn promises(kept: &Kept, takes: PromisesQuery) -> Result<PromisesPage, Failure> {
    let now = kept.now();
    let mut catalogue = kept.0.catalogue.lock().await;
    if catalogue.is_none() {
        *catalogue = Some(Catalogue::read(kept).await?);
    }
    let Some(catalogue) = catalogue.as_ref() else { return Err(Failure::bug("the catalogue is missing")) };
    let words = words_of(&takes.search);
    let found = |id: CommitmentId| catalogue.matches(id, &words, takes.customer);
    let limit = takes.limit.min(PAGE_MOST) as usize;
    let queue = queue(&kept.shop(), &now);
    let counts = catalogue.counts(&queue);
    if let Some(place) = open_place(takes.filter) {
        let here: Vec<_> =
            queue.into_iter().filter(|(standing, known)| place(standing) && found(known.it.id)).collect();
        let shop = kept.shop();
        let page = here.iter().skip(takes.offset as usize).take(limit);
        let rows = page.map(|(standing, known)| row(known, standing, &shop, &now)).collect();
        return Ok(PromisesPage { count: to_u32(here.len()), offset: takes.offset, rows, counts });
    }
    let ids: Vec<CommitmentId> = catalogue
        .by_date
        .iter()
        .rev()
        .map(|(_, id)| *id)
        .filter(|id| catalogue.shows(*id, takes.filter) && found(*id))
        .collect();
    let page: Vec<CommitmentId> = ids.iter().skip(takes.offset as usize).take(limit).copied().collect();
    let rows = page_rows(kept, &page, &now).await?;
    Ok(PromisesPage { count: to_u32(ids.len()), offset: takes.offset, rows, counts })
}

/// Lets the catalogue follow a change.
pub(crate) fn follow(catalogue: &mut Catalogue, shop: &Shop, changes: &Changes) {
    let records = || changes.records.values();
    for changed in records() {
        if let Some(Record::Customer(it)) = &changed.after {
            catalogue.rename(it);
        }
    }
    for changed in records() {
        match (&changed.before, &changed.after) {
            (_, Some(Record::Commitment(it))) => catalogue.put(it, shop),
            (Some(Known { it: Record::Commitment(it), .. }), None) => catalogue.remove(it.id),
            _ => {}
        }
    }
}

impl Catalogue {
    async fn read(kept: &Kept) -> Result<Self, Failure> {
        let mut catalogue = Self::default();
        each(&kept.0.store, b"c", |row| {
            let customer = customer_of(row)?.it;
            catalogue.customers.insert(customer.id, folded(&customer.name).into());
            Ok(())
        })
        .await?;
        each(&kept.0.store, b"p", |row| {
            catalogue.put(&commitment_of(row)?.it, &kept.shop());
            Ok(())
        })
        .await?;
        Ok(catalogue)
    }

    fn put(&mut self, it: &Commitment, shop: &Shop) {
        self.remove(it.id);
        let deadline = current_deadline(it, &shop.settings.it.calendar).map_or(i64::MAX, Stamp::millis);
        let unpaid = it.cancelled.is_none()
            && matches!(
                it.payment.state(),
                PaymentState::Unpaid | PaymentState::Deposit | PaymentState::OnAccount
            );
        self.by_date.insert((deadline, it.id));
        let item =
            Item { deadline, open: it.is_open(), unpaid, customer: it.customer, text: searched(it).into() };
        self.items.insert(it.id, item);
    }

    fn remove(&mut self, id: CommitmentId) {
        if let Some(item) = self.items.remove(&id) {
            self.by_date.remove(&(item.deadline, id));
        }
    }

    fn rename(&mut self, customer: &Customer) {
        self.customers.insert(customer.id, folded(&customer.name).into());
    }

    fn matches(&self, id: CommitmentId, words: &[String], customer: Option<CustomerId>) -> bool {
        self.items.get(&id).is_some_and(|item| {
            let name = || self.customers.get(&item.customer).map_or("", |name| name);
            customer.is_none_or(|customer| customer == item.customer)
                && words
                    .iter()
                    .all(|word| item.text.contains(word.as_str()) || name().contains(word.as_str()))
        })
    }

    fn shows(&self, id: CommitmentId, filter: PromiseFilter) -> bool {
        self.items.get(&id).is_some_and(|item| match filter {
            PromiseFilter::Closed => !item.open,
            PromiseFilter::Unpaid => item.unpaid,
            PromiseFilter::All => true,
            PromiseFilter::Open
            | PromiseFilter::Overdue
            | PromiseFilter::ThisWeek
            | PromiseFilter::PaidIdle => item.open,
        })
    }

    fn counts(&self, queue: &[(Standing, Arc<Known<Commitment>>)]) -> PromiseCounts {
        let open = |filter| {
            let place = open_place(filter);
            to_u32(queue.iter().filter(|(standing, _)| place.is_some_and(|place| place(standing))).count())
        };
        PromiseCounts {
            open: to_u32(queue.len()),
            overdue: open(PromiseFilter::Overdue),
            this_week: open(PromiseFilter::ThisWeek),
            paid_idle: open(PromiseFilter::PaidIdle),
            unpaid: to_u32(self.items.values().filter(|item| item.unpaid).count()),
            closed: to_u32(self.items.len().saturating_sub(queue.len())),
            all: to_u32(self.items.len()),
        }
    }
}

/// Which open promises a filter shows; none for a filter that shows closed ones too.
fn open_place(filter: PromiseFilter) -> Option<fn(&Standing) -> bool> {
    match filter {
        PromiseFilter::Open => Some(|_| true),
        PromiseFilter::Overdue => Some(|standing| standing.place == Place::Overdue),
        PromiseFilter::ThisWeek => {
            Some(|standing| !matches!(standing.place, Place::Later | Place::Awaiting | Place::PaidIdle))
        }
        PromiseFilter::PaidIdle => Some(|standing| standing.idle_since.is_some()),
        PromiseFilter::Unpaid | PromiseFilter::Closed | PromiseFilter::All => None,
    }
}

/// What a search looks through: parts, source, words and the beginning of the notes.
fn searched(it: &Commitment) -> String {
    let mut text = String::new();
    let parts = it.deliverables.iter().map(|part| part.what.as_str());
    let words = it.words.iter().map(|words| words.said.as_str());
    let notes = it.notes.iter().map(|note| beginning(&note.text));
    let source = source_words(&it.source);
    for piece in parts.chain([source.as_str()]).chain(words).chain(notes) {
        text.push_str(piece);
        text.push('\n');
    }
    folded(&text)
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(NOTE_SEARCHED).map_or(text, |(at, _)| &text[..at])
}

async fn page_rows(
    kept: &Kept,
    ids: &[CommitmentId],
    now: &Now,
) -> Result<Vec<kept_core::views::PromiseRow>, Failure> {
    let known = commitments(&kept.0.store, ids).await?;
    let known: Vec<_> = known.into_iter().flatten().map(Arc::new).collect();
    rows(kept, &known, now).await
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
