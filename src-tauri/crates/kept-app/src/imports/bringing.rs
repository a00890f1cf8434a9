//! A run of an import: chunk by chunk, each one durable commit, with progress and cancel between them.

use super::known::{self, Customers, Person};
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
    let mut reading = file::read(kept, paths.clone(), takes).await?;
    if let Some(unanswered) = reading.unanswered() {
        return Err(unanswered);
    }
    backups::before_import(kept, takes.without_backup_is_meant).await?;
    if let Some(moved) = reading.moved.take() {
        running.total.store(own::size(&moved), Ordering::Relaxed);
        let import = Import::new(running.id, running.name.clone(), terms.now);
        let end = own::bring_in(kept, moved, running, import).await?;
        watched::remember(kept, &paths).await?;
        return Ok(end);
    }
    mapping::remember(kept, &reading.mappings()).await?;
    let all = reading.orders.len() + reading.customers.len() + reading.payments.len();
    running.total.store(to_u32(all), Ordering::Relaxed);
    known::name_apart(&mut reading.orders);
    let mut import = Import::new(running.id, running.name.clone(), terms.now);
    let mut deciding = Deciding::new(kept, terms.merging(running.id), &import, reading.orders).await?;
    let mut decided = deciding.decide(0).await?;
    while let Some(chunk) = decided {
        if running.stop.load(Ordering::Relaxed) {
            return cancel(kept, import, reading.problems).await;
        }
        let (from, to) = (chunk.from, chunk.to);
        let (written, next) = tokio::join!(write(kept, &import, chunk), deciding.decide(to));
        import = match written {
            // The owner changed something of it after it was decided.
            Err(failure) if failure.code == Code::Conflict => {
                deciding.decide_and_write(from, &import).await?
            }
            written => written?,
        };
        running.done.store(to_u32(to), Ordering::Relaxed);
        decided = next?;
    }
    let orders = deciding.orders.len();
    drop(deciding);
    import = beside::customers(kept, import, &reading.customers, terms.now).await?;
    if running.stop.load(Ordering::Relaxed) {
        return cancel(kept, import, reading.problems).await;
    }
    running.done.store(to_u32(orders + reading.customers.len()), Ordering::Relaxed);
    import = beside::payments(kept, import, &reading.payments, &takes.payments).await?;
    running.done.store(to_u32(all), Ordering::Relaxed);
    watched::remember(kept, &paths).await?;
    Ok(ended(&import, reading.problems))
}

/// What is to be written for the orders from one place in the file to another.
struct Chunk {
    from: usize,
    to: usize,
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
    orders: Vec<OrderDraft>,
    customers: Customers,
    /// No order was ever brought in before, so that none can be known.
    all_new: bool,
}

impl<'a> Deciding<'a> {
    async fn new(
        kept: &'a Kept,
        merging: Merging<'a>,
        import: &Import,
        orders: Vec<OrderDraft>,
    ) -> Result<Self, Failure> {
        let customers =
            Customers::of(kept, orders.iter().map(|draft| (&draft.customer, draft.placed_at))).await?;
        let all_new = nothing_with(&kept.0.store, b"x").await?;
        Ok(Self { kept, merging, import: import.clone(), orders, customers, all_new })
    }

    /// Decides the chunk that begins at `from` in the file; none if the file ends before.
    async fn decide(&mut self, from: usize) -> Result<Option<Chunk>, Failure> {
        let to = self.orders.len().min(from + CHUNK);
        if from == to {
            return Ok(None);
        }
        let promises = if self.all_new {
            vec![None; to - from]
        } else {
            known::promises(self.kept, &mut self.orders[from..to]).await?
        };
        let new = promises.iter().zip(from..).filter(|(promise, _)| promise.is_none()).map(|(_, at)| at);
        let customers = self.customers.known(self.kept, new).await?;
        let changes = changes_of(&self.import);
        let mut chunk = Chunk { from, to, changes, created: 0, updated: 0, unchanged: 0 };
        for (promise, at) in promises.into_iter().zip(from..) {
            self.decide_one(at, promise, &customers, &mut chunk);
        }
        Ok(Some(chunk))
    }

    fn decide_one(
        &mut self,
        at: usize,
        promise: Option<Known<Commitment>>,
        customers: &HashMap<CustomerId, Known<Customer>>,
        chunk: &mut Chunk,
    ) {
        let draft = &self.orders[at];
        match promise.map(|known| (self.merging.merge(draft, &known.it, part_id), known)) {
            Some((Merged::Changed(after, _), known)) => {
                chunk.updated += 1;
                chunk.changes.commitment(Some(&known), *after);
            }
            Some((Merged::Unchanged, _)) => chunk.unchanged += 1,
            None => {
                chunk.created += 1;
                let customer = customer(self.customers.person(at), customers, chunk);
                let id = CommitmentId::new(Uuid::now_v7());
                chunk.changes.commitment(None, self.merging.promise(draft, id, customer, part_id));
            }
        }
    }

    /// Decides a chunk once more and writes it, while nobody else can change anything.
    async fn decide_and_write(&mut self, from: usize, import: &Import) -> Result<Import, Failure> {
        let writing = self.kept.writing().await;
        self.customers.write_again(from);
        match self.decide(from).await? {
            Some(chunk) => commit(&writing, self.kept, import, chunk).await,
            None => Ok(import.clone()),
        }
    }
}

/// The customer of a new promise: known, or made here with all that the file says about them.
fn customer(
    person: &mut Person,
    known: &HashMap<CustomerId, Known<Customer>>,
    chunk: &mut Chunk,
) -> CustomerId {
    let id = *person.id.get_or_insert_with(|| CustomerId::new(Uuid::now_v7()));
    if person.written_from.is_none() {
        match known.get(&id) {
            Some(known) => {
                if let Some(richer) = person.draft.adds_to(&known.it, person.since) {
                    chunk.changes.customer(Some(known), richer);
                }
            }
            None => chunk.changes.customer(None, person.draft.clone().into_customer(id, person.since)),
        }
        person.written_from = Some(chunk.from);
    }
    id
}

async fn write(kept: &Kept, import: &Import, chunk: Chunk) -> Result<Import, Failure> {
    let writing = kept.writing().await;
    commit(&writing, kept, import, chunk).await
}

/// Writes a chunk and, with it, how far the import has come.
async fn commit(
    writing: &Writing<'_>,
    kept: &Kept,
    import: &Import,
    chunk: Chunk,
) -> Result<Import, Failure> {
    let mut import = import.clone();
    import.created += chunk.created;
    import.updated += chunk.updated;
    import.unchanged += chunk.unchanged;
    put(writing, kept, import, chunk.changes).await
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

fn part_id() -> DeliverableId {
    DeliverableId::new(Uuid::now_v7())
}

fn ended(import: &Import, problems: Vec<LineProblem>) -> ImportEnd {
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
