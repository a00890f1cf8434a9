//! What an import would do, without doing it.

use super::bringing::{CHUNK, Terms};
use super::{file, known};
use crate::Kept;
use crate::failure::Failure;
use crate::rows::to_u32;
use crate::takes::LookInto;
use kept_core::commitment::Commitment;
use kept_core::day::Day;
use kept_core::id::{CommitmentId, CustomerId, DeliverableId, ImportId};
use kept_core::import::{Merged, OrderDraft};
use kept_core::views::{ImportPreview, ImportRow};
use uuid::Uuid;

/// How many promises a preview shows.
const ROWS: usize = 100;
/// How many problems a preview shows.
pub(super) const PROBLEMS: usize = 500;

/// What an offered file would bring in.
pub(crate) async fn look_into_file(kept: &Kept, takes: LookInto) -> Result<ImportPreview, Failure> {
    let path = kept.offered(&takes.file)?;
    let terms = Terms::of(kept, takes.lead_days)?;
    let mut reading = file::read(kept, &path).await?;
    let today = kept.now().today;
    let mut preview = ImportPreview {
        file: takes.file,
        name: file::name(&path),
        kind: reading.kind.to_owned(),
        created: 0,
        updated: 0,
        unchanged: 0,
        without_date: 0,
        lead_days: terms.lead_days,
        rows: Vec::new(),
        problem_count: to_u32(reading.problems.len()),
        problems: Vec::new(),
    };
    reading.problems.truncate(PROBLEMS);
    preview.problems = reading.problems;
    known::name_apart(&mut reading.orders);
    let merging = terms.merging(ImportId::new(Uuid::nil()));
    for drafts in reading.orders.chunks_mut(CHUNK) {
        let promises = known::promises(kept, drafts).await?;
        for (draft, promise) in drafts.iter().zip(promises) {
            let part = || DeliverableId::new(Uuid::nil());
            match promise.map(|known| merging.merge(draft, &known.it, part)) {
                Some(Merged::Unchanged) => preview.unchanged += 1,
                Some(Merged::Changed(after, what)) => {
                    preview.updated += 1;
                    preview.show(draft, &after, Some(what.join(", ")), today);
                }
                None => {
                    preview.created += 1;
                    preview.without_date += u32::from(draft.due.is_none());
                    if preview.rows.len() < ROWS {
                        let nobody = CustomerId::new(Uuid::nil());
                        let promise = merging.promise(draft, CommitmentId::new(Uuid::nil()), nobody, part);
                        preview.show(draft, &promise, None, today);
                    }
                }
            }
        }
    }
    Ok(preview)
}

trait Show {
    fn show(&mut self, draft: &OrderDraft, promise: &Commitment, change: Option<String>, today: Day);
}

impl Show for ImportPreview {
    fn show(&mut self, draft: &OrderDraft, promise: &Commitment, change: Option<String>, today: Day) {
        if self.rows.len() < ROWS {
            self.rows.push(ImportRow {
                line: draft.line,
                order: draft.order.clone(),
                title: promise.title(),
                customer: draft.customer.name.clone(),
                due_words: promise.current_due().map_or_else(String::new, |due| due.words(today)),
                derived: promise.date_derived,
                change,
            });
        }
    }
}
