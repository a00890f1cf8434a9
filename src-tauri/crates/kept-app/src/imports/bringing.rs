//! A run of an import: chunk by chunk, each one durable commit, with progress and cancel between them.

use super::feed::Portion;
use super::file::Batch;
use super::known::{self, People, Person};
use super::record::Import;
use super::taking_back::take_back;
use super::{Running, beside, file, mapping, own, watched};
use crate::commit::{Writing, nothing_with, put_rows};
use crate::failure::{Code, Failure};
use crate::records::{Changes, Known};
use crate::rows::to_u32;
use crate::takes::imports::LookInto;
use crate::{Kept, backups};
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::day::Stamp;
use kept_core::id::{CommitmentId, CustomerId, DeliverableId, ImportId};
use kept_core::import::{Merged, Merging, OrderDraft};
use kept_core::views::{ImportEnd, LineProblem};
use kept_core::words::count;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// Orders for each commit: few enough that the owner's own changes come in between, many enough that waiting for the
/// disk does not count.
pub(super) const CHUNK: usize = 1_000;

/// What holds for all orders of an import.
pub(super) struct Terms {
    calendar: WorkingCalendar,
    pub lead_days: u32,
    now: Stamp,
}

impl Terms {
    /// The owner's settings, with another lead time if one was named.
    pub(super) fn of(kept: &Kept, lead_days: Option<u32>) -> Result<Self, Failure> {
        let settings = kept.settings();
        let lead_days = lead_days.unwrap_or(settings.lead_days);
        if lead_days > 366 {
            return Err(Failure::field("lead_days", "A lead time is at most 366 working days."));
        }
        Ok(Self { calendar: settings.calendar, lead_days, now: kept.now().stamp })
    }

    pub(super) fn merging(&self, import: ImportId) -> Merging<'_> {
        Merging { import, calendar: &self.calendar, lead_days: self.lead_days, now: self.now }
    }
}

/// Brings in a file. What was written before a failure stays and can be taken back; a cancelled import is taken back here.
///
/// While the store writes one chunk the next one is decided, so that the two do not wait for each other.
pub(super) async fn bring_in(
    kept: &Kept,
    paths: Vec<PathBuf>,
    takes: &LookInto,
    terms: &Terms,
    running: &Running,
) -> Result<ImportEnd, Failure> {
    let mut batch = file::read(kept, paths.clone(), takes).await?;
    if let Some(unanswered) = batch.unanswered() {
        return Err(unanswered);
    }
    backups::before_import(kept, takes.without_backup_is_meant).await?;
    if let Some(moved) = batch.moved.take() {
        running.total.store(own::size(&moved), Ordering::Relaxed);
        let import = Import::new(running.id, running.name.clone(), terms.now);
        let end = own::bring_in(kept, moved, running, import).await?;
        watched::remember(kept, &paths).await?;
        return Ok(end);
    }
    mapping::remember(kept, &batch.mappings()).await?;
    let all = batch.order_count + batch.customers.len() + batch.payments.len();
    running.total.store(to_u32(all), Ordering::Relaxed);
    let import = Import::new(running.id, running.name.clone(), terms.now);
    let (import, stopped) = orders(kept, &mut batch, terms, import, running).await?;
    if stopped {
        return cancel(kept, import, batch.problems).await;
    }
    let import = beside::customers(kept, import, &batch.customers, terms.now).await?;
    if running.stop.load(Ordering::Relaxed) {
        return cancel(kept, import, batch.problems).await;
    }
    running.done.store(to_u32(batch.order_count + batch.customers.len()), Ordering::Relaxed);
    let (import, left) = beside::payments(kept, import, &batch.payments, &takes.payments).await?;
    running.done.store(to_u32(all), Ordering::Relaxed);
    watched::remember(kept, &paths).await?;
    Ok(ended(&import, batch.problems, left))
}

/// Brings in the orders, until all are there or the owner stops it.
async fn orders(
    kept: &Kept,
    batch: &mut Batch,
    terms: &Terms,
    mut import: Import,
    running: &Running,
) -> Result<(Import, bool), Failure> {
    let people = std::mem::take(&mut batch.people).find(kept).await?;
    let mut deciding =
        Deciding::new(kept, terms.merging(running.id), &import, people, batch.repeats()).await?;
    let mut feed = batch.feed();
    let mut done = 0;
    let mut decided = deciding.decide_next(feed.next().await?).await?;
    while let Some(Chunk { number, orders, decision }) = decided {
        if running.stop.load(Ordering::Relaxed) {
            return Ok((import, true));
        }
        // What another file tells of the same orders can only be decided when these are written.
        let mut following = feed.next().await?;
        let meanwhile = following.take_if(|portion| !portion.begins);
        let (written, next) = tokio::join!(write(kept, &import, decision), deciding.decide_next(meanwhile));
        done += orders.len();
        import = match written {
            // The owner changed something of it after it was decided.
            Err(failure) if failure.code == Code::Conflict => {
                deciding.decide_and_write(number, orders, &import).await?
            }
            written => written?,
        };
        running.done.store(to_u32(done), Ordering::Relaxed);
        decided = match next? {
            Some(next) => Some(next),
            None => deciding.decide_next(following).await?,
        };
    }
    Ok((import, false))
}

/// Some orders, and what is to be written for them.
struct Chunk {
    number: usize,
    orders: Vec<OrderDraft>,
    decision: Decision,
}

/// What is to be written.
struct Decision {
    changes: Changes,
    created: u32,
    updated: u32,
    unchanged: u32,
}

/// What an import changes is one entry of the history each time.
pub(super) fn changes_of(import: &Import) -> Changes {
    let mut changes = Changes::new(format!("Brought in from {}", import.name), None);
    changes.import = Some(import.id);
    changes
}

/// Decides what becomes of each order; writes nothing.
struct Deciding<'a> {
    kept: &'a Kept,
    merging: Merging<'a>,
    /// The import as it began.
    import: Import,
    people: People,
    /// No order was ever brought in before, so that none can be known.
    all_new: bool,
    /// So many chunks were decided.
    chunks: usize,
}

impl<'a> Deciding<'a> {
    async fn new(
        kept: &'a Kept,
        merging: Merging<'a>,
        import: &Import,
        people: People,
        repeats: bool,
    ) -> Result<Self, Failure> {
        let all_new = !repeats && nothing_with(&kept.0.store, b"x").await?;
        Ok(Self { kept, merging, import: import.clone(), people, all_new, chunks: 0 })
    }

    /// Decides some orders, if there are any.
    async fn decide_next(&mut self, portion: Option<Portion>) -> Result<Option<Chunk>, Failure> {
        let Some(Portion { mut orders, .. }) = portion else { return Ok(None) };
        let number = self.chunks;
        self.chunks += 1;
        let decision = self.decide(number, &mut orders).await?;
        Ok(Some(Chunk { number, orders, decision }))
    }

    /// Decides the chunk of this number.
    async fn decide(&mut self, number: usize, orders: &mut [OrderDraft]) -> Result<Decision, Failure> {
        let promises =
            if self.all_new { vec![None; orders.len()] } else { known::promises(self.kept, orders).await? };
        let new = promises.iter().zip(&*orders).filter(|(promise, _)| promise.is_none());
        let customers = self.people.known(self.kept, new.map(|(_, draft)| draft)).await?;
        let changes = changes_of(&self.import);
        let mut decision = Decision { changes, created: 0, updated: 0, unchanged: 0 };
        for (promise, draft) in promises.into_iter().zip(&*orders) {
            self.decide_one(number, draft, promise, &customers, &mut decision);
        }
        Ok(decision)
    }

    fn decide_one(
        &mut self,
        number: usize,
        draft: &OrderDraft,
        promise: Option<Known<Commitment>>,
        customers: &HashMap<CustomerId, Known<Customer>>,
        decision: &mut Decision,
    ) {
        match promise.map(|known| (self.merging.merge(draft, &known.it, part_id), known)) {
            Some((Merged::Changed(after, _), known)) => {
                decision.updated += 1;
                decision.changes.commitment(Some(&known), *after);
            }
            Some((Merged::Unchanged, _)) => decision.unchanged += 1,
            None => {
                decision.created += 1;
                let customer = customer(self.people.person(draft), customers, number, &mut decision.changes);
                let id = CommitmentId::new(Uuid::now_v7());
                decision.changes.commitment(None, self.merging.promise(draft, id, customer, part_id));
            }
        }
    }

    /// Decides a chunk once more and writes it, while nobody else can change anything.
    async fn decide_and_write(
        &mut self,
        number: usize,
        mut orders: Vec<OrderDraft>,
        import: &Import,
    ) -> Result<Import, Failure> {
        let writing = self.kept.writing().await;
        self.people.write_again(number);
        let decision = self.decide(number, &mut orders).await?;
        commit(&writing, self.kept, import, decision).await
    }
}

/// The customer of a new promise: known, or made here with all that the file says about them.
fn customer(
    person: &mut Person,
    known: &HashMap<CustomerId, Known<Customer>>,
    chunk: usize,
    changes: &mut Changes,
) -> CustomerId {
    let id = *person.id.get_or_insert_with(|| CustomerId::new(Uuid::now_v7()));
    if person.written_with.is_none() {
        match known.get(&id) {
            Some(known) => {
                if let Some(richer) = person.draft.adds_to(&known.it, person.since) {
                    changes.customer(Some(known), richer);
                }
            }
            None => changes.customer(None, person.draft.clone().into_customer(id, person.since)),
        }
        person.written_with = Some(chunk);
    }
    id
}

async fn write(kept: &Kept, import: &Import, decision: Decision) -> Result<Import, Failure> {
    let writing = kept.writing().await;
    commit(&writing, kept, import, decision).await
}

/// Writes a chunk and, with it, how far the import has come.
async fn commit(
    writing: &Writing<'_>,
    kept: &Kept,
    import: &Import,
    decision: Decision,
) -> Result<Import, Failure> {
    let mut import = import.clone();
    import.created += decision.created;
    import.updated += decision.updated;
    import.unchanged += decision.unchanged;
    put(writing, kept, import, decision.changes).await
}

/// Writes changes and, with them, how far the import has come.
pub(super) async fn put(
    writing: &Writing<'_>,
    kept: &Kept,
    mut import: Import,
    mut changes: Changes,
) -> Result<Import, Failure> {
    if !changes.records.is_empty() {
        // No other change can come in between, for `writing` is held.
        import.changes.push(kept.shop().change + 1);
        changes.rows.push(import.put()?);
        writing.commit(changes).await?;
    }
    Ok(import)
}

async fn cancel(kept: &Kept, mut import: Import, problems: Vec<LineProblem>) -> Result<ImportEnd, Failure> {
    let back = take_back(kept, &mut import).await?;
    if back.stayed.is_empty() {
        put_rows(kept, vec![import.delete()]).await?;
    }
    let said = format!("Stopped. Nothing of {} was brought in.{}", import.name, back.stayed_words());
    Ok(ImportEnd {
        cancelled: true,
        created: 0,
        updated: 0,
        unchanged: 0,
        customers: 0,
        payments: 0,
        problems,
        failed: None,
        said,
    })
}

/// `1 payment was`, `3 payments were`.
fn payments_were(some: usize) -> String {
    format!("{} {}", count(to_u32(some), "payment"), if some == 1 { "was" } else { "were" })
}

fn part_id() -> DeliverableId {
    DeliverableId::new(Uuid::now_v7())
}

/// What an import did; `left` are payments that were counted for nothing.
fn ended(import: &Import, mut problems: Vec<LineProblem>, left: Vec<LineProblem>) -> ImportEnd {
    let Import { name, created, updated, unchanged, customers, payments, .. } = import;
    let mut said = match (created, updated) {
        (0, 0) if *customers + *payments > 0 => format!("Brought in {} from {name}.", import.counts()),
        (0, 0) => format!("Nothing in {name} is new."),
        (_, 0) => format!("Brought in {} from {name}.", count(*created, "promise")),
        (0, _) => format!("{} changed, from {name}.", count(*updated, "promise")),
        _ => format!("Brought in {} from {name}; {updated} changed.", count(*created, "promise")),
    };
    let beside = [(customers, "customer"), (payments, "payment")];
    let beside = beside.into_iter().filter(|(some, _)| **some > 0 && *created + *updated > 0);
    // Writing to a string cannot fail.
    for (some, what) in beside {
        let _ = write!(said, " And {}.", count(*some, what));
    }
    if *unchanged > 0 {
        let _ = write!(said, " {unchanged} stayed as they were.");
    }
    if !problems.is_empty() {
        let _ = write!(said, " {} found.", count(to_u32(problems.len()), "problem"));
    }
    if !left.is_empty() {
        let _ = write!(said, " {} not counted.", payments_were(left.len()));
    }
    problems.extend(left);
    ImportEnd {
        cancelled: false,
        created: *created,
        updated: *updated,
        unchanged: *unchanged,
        customers: *customers,
        payments: *payments,
        problems,
        failed: None,
        said,
    }
}
