//! A run of an import: chunk by chunk, each one durable commit, with progress and cancel between them.

use super::known::{self, Customers};
use super::record::Import;
use super::taking_back::take_back;
use super::{Running, file};
use crate::Kept;
use crate::commit::put_rows;
use crate::failure::Failure;
use crate::records::{Changes, Known};
use crate::rows::to_u32;
use kept_core::calendar::WorkingCalendar;
use kept_core::customer::Customer;
use kept_core::day::Stamp;
use kept_core::id::{CommitmentId, CustomerId, DeliverableId, ImportId};
use kept_core::import::{Merged, Merging, OrderDraft, Source};
use kept_core::views::{ImportEnd, LineProblem};
use kept_core::words::count;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
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

    pub(super) fn merging(&self, source: &Source, import: ImportId) -> Merging<'_> {
        Merging {
            shop: source.shop,
            import,
            calendar: &self.calendar,
            lead_days: self.lead_days,
            now: self.now,
        }
    }
}

/// Brings in a file. What was written before a failure stays and can be taken back; a cancelled import is taken back here.
pub(super) async fn bring_in(
    kept: &Kept,
    path: &Path,
    terms: &Terms,
    running: &Running,
) -> Result<ImportEnd, Failure> {
    let (source, mut reading) = file::read(kept, path).await?;
    running.total.store(to_u32(reading.orders.len()), Ordering::Relaxed);
    known::name_apart(&mut reading.orders);
    let customers = Customers::of(kept, &reading.orders).await?;
    let import = Import::new(running.id, running.name.clone(), terms.now);
    let mut run = Run { kept, merging: terms.merging(source, running.id), customers, import };
    for (number, drafts) in reading.orders.chunks_mut(CHUNK).enumerate() {
        if running.stop.load(Ordering::Relaxed) {
            return run.cancel(reading.problems).await;
        }
        run.bring_in_chunk(number * CHUNK, drafts).await?;
        running.done.fetch_add(to_u32(drafts.len()), Ordering::Relaxed);
    }
    Ok(ended(&run.import, reading.problems))
}

struct Run<'a> {
    kept: &'a Kept,
    merging: Merging<'a>,
    customers: Customers,
    import: Import,
}

impl Run<'_> {
    /// Reads, decides and writes one chunk, whose first order stands at `from` in the file.
    async fn bring_in_chunk(&mut self, from: usize, drafts: &mut [OrderDraft]) -> Result<(), Failure> {
        let writing = self.kept.writing().await;
        let promises = known::promises(self.kept, self.merging.shop, drafts).await?;
        let new =
            promises.iter().enumerate().filter(|(_, promise)| promise.is_none()).map(|(at, _)| from + at);
        let customers = self.customers.known(self.kept, new).await?;
        let mut changes = Changes::new(format!("Brought in from {}", self.import.name), None);
        changes.import = Some(self.import.id);
        let mut import = self.import.clone();
        for (at, (draft, promise)) in drafts.iter().zip(promises).enumerate() {
            if let Some(known) = promise {
                match self.merging.merge(draft, &known.it, part_id) {
                    Merged::Changed(after, _) => {
                        import.updated += 1;
                        changes.commitment(Some(&known), *after);
                    }
                    Merged::Unchanged => import.unchanged += 1,
                }
            } else {
                import.created += 1;
                let customer = self.customer(from + at, &customers, &mut changes);
                let id = CommitmentId::new(Uuid::now_v7());
                changes.commitment(None, self.merging.promise(draft, id, customer, part_id));
            }
        }
        if !changes.records.is_empty() {
            // No other change can come in between, for `writing` is held.
            import.changes.push(self.kept.shop().change + 1);
            changes.rows.push(import.put()?);
            writing.commit(changes).await?;
        }
        self.import = import;
        Ok(())
    }

    /// The customer of a new promise: known, or made here with all that the file says about them.
    fn customer(
        &mut self,
        at: usize,
        known: &HashMap<CustomerId, Known<Customer>>,
        changes: &mut Changes,
    ) -> CustomerId {
        let person = self.customers.person(at);
        let id = person.id.unwrap_or_else(|| CustomerId::new(Uuid::now_v7()));
        if !person.written {
            match person.id.and_then(|id| known.get(&id)) {
                Some(known) => {
                    if let Some(richer) = person.draft.adds_to(&known.it) {
                        changes.customer(Some(known), richer);
                    }
                }
                None => changes.customer(None, person.draft.clone().into_customer(id, person.since)),
            }
            person.written = true;
            person.id = Some(id);
        }
        id
    }

    async fn cancel(mut self, problems: Vec<LineProblem>) -> Result<ImportEnd, Failure> {
        let back = take_back(self.kept, &mut self.import).await?;
        if back.stayed.is_empty() {
            put_rows(self.kept, vec![self.import.delete()]).await?;
        }
        let said = format!("Stopped. Nothing of {} was brought in.{}", self.import.name, back.stayed_words());
        Ok(ImportEnd { cancelled: true, created: 0, updated: 0, unchanged: 0, problems, failed: None, said })
    }
}

fn part_id() -> DeliverableId {
    DeliverableId::new(Uuid::now_v7())
}

fn ended(import: &Import, problems: Vec<LineProblem>) -> ImportEnd {
    let Import { name, created, updated, unchanged, .. } = import;
    let mut said = match (created, updated) {
        (0, 0) => format!("Nothing in {name} is new."),
        (_, 0) => format!("Brought in {} from {name}.", count(*created, "promise")),
        (0, _) => format!("{} changed, from {name}.", count(*updated, "promise")),
        _ => format!("Brought in {} from {name}; {updated} changed.", count(*created, "promise")),
    };
    // Writing to a string cannot fail.
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
        problems,
        failed: None,
        said,
    }
}
