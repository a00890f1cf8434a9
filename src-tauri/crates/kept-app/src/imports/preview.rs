//! What an import would do, without doing it.

use super::bringing::Terms;
use super::feed::{Feed, Portion};
use super::file::{Batch, OneFile};
use super::{beside, file, known, own, payments};
use crate::Kept;
use crate::failure::Failure;
use crate::rows::to_u32;
use crate::takes::imports::LookInto;
use kept_core::commitment::Commitment;
use kept_core::day::Day;
use kept_core::id::{CommitmentId, CustomerId, DeliverableId, ImportId};
use kept_core::import::mapped::Meaning;
use kept_core::import::{Merged, OrderDraft};
use kept_core::views::imports::{ImportColumn, ImportFile, ImportQuestion, ImportTable, MeaningChoice};
use kept_core::views::{ImportPreview, ImportRow};
use uuid::Uuid;

/// How many promises a preview shows.
const ROWS: usize = 100;
/// How many problems a preview shows.
pub(super) const PROBLEMS: usize = 500;

/// What offered files would bring in.
pub(crate) async fn look_into_file(kept: &Kept, takes: LookInto) -> Result<ImportPreview, Failure> {
    let paths = super::offered(kept, &takes)?;
    let terms = Terms::of(kept, takes.lead_days)?;
    let mut batch = file::read(kept, paths, &takes).await?;
    let now = kept.now();
    let mut preview = begun(&batch, &terms, takes.files.clone());
    if let Some(moved) = &batch.moved {
        own::look_at(kept, moved, &now, &mut preview).await?;
        return Ok(preview);
    }
    batch.problems.truncate(PROBLEMS);
    preview.problems = std::mem::take(&mut batch.problems);
    look_at_orders(kept, batch.feed(), &terms, now.today, &mut preview).await?;
    let (created, updated) = beside::look_at_customers(kept, &batch.customers, now.stamp).await?;
    preview.customers_created = created;
    preview.customers_updated = updated;
    let fates = payments::fates(kept, &batch.payments, &takes.payments).await?;
    preview.payments = payments::counts(&fates);
    preview.to_match = payments::to_match(kept, &batch.payments, &fates, &takes.payments, now.today).await?;
    Ok(preview)
}

fn begun(batch: &Batch, terms: &Terms, offered: Vec<String>) -> ImportPreview {
    let mut kinds: Vec<&str> =
        batch.files.iter().map(|file| file.kind).filter(|kind| !kind.is_empty()).collect();
    kinds.dedup();
    ImportPreview {
        offered,
        files: batch.files.iter().map(shown).collect(),
        ready: batch.unanswered().is_none(),
        name: batch.name.clone(),
        kind: kinds.join(", "),
        created: 0,
        updated: 0,
        unchanged: 0,
        without_date: 0,
        lead_days: terms.lead_days,
        rows: Vec::new(),
        problem_count: to_u32(batch.problems.len()),
        problems: Vec::new(),
        customers_created: 0,
        customers_updated: 0,
        payments: payments::counts(&[]),
        to_match: Vec::new(),
        others: 0,
        notes: Vec::new(),
    }
}

/// A file with what can be asked about it. What was answered is shown as well, so that it can be answered otherwise.
fn shown(file: &OneFile) -> ImportFile {
    let table = file.table.as_ref().map(|table| ImportTable {
        columns: table
            .look
            .columns
            .iter()
            .map(|column| ImportColumn { name: column.name.clone(), samples: column.samples.clone() })
            .collect(),
        mapping: table.mapping.clone(),
        remembered: table.remembered,
        unfinished: !table.mapping.is_enough(),
        meanings: Meaning::ALL
            .iter()
            .map(|meaning| MeaningChoice { meaning: *meaning, words: meaning.words().to_owned() })
            .collect(),
    });
    ImportFile {
        name: file.name.clone(),
        kind: file.kind.to_owned(),
        refused: file.refused.clone(),
        questions: file.questions.iter().map(ImportQuestion::of).collect(),
        table,
        answers: file.answered.answers,
    }
}

async fn look_at_orders(
    kept: &Kept,
    mut orders: Feed,
    terms: &Terms,
    today: Day,
    preview: &mut ImportPreview,
) -> Result<(), Failure> {
    let merging = terms.merging(ImportId::new(Uuid::nil()));
    while let Some(Portion { orders: mut drafts, .. }) = orders.next().await? {
        let promises = known::promises(kept, &mut drafts).await?;
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
    Ok(())
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
