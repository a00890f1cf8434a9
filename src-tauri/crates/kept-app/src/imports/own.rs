//! A document that another Kept has written, or this one before: everything comes back as it was.
//!
//! Where nothing was kept yet all of it comes in, with its history, so that a second export is the same. Where something is
//! kept already, what is the same stays; of what differs the version wins that was changed later, here or there. It is one
//! change, and taken back as one.

mod deciding;
mod reading;

pub(super) use deciding::{Decided, decide};
pub(super) use reading::{Moved, is_one, read};

use super::record::Import;
use super::{Running, bringing};
use crate::commit::put_rows;
use crate::failure::Failure;
use crate::records::Changes;
use crate::rows::to_u32;
use crate::{Kept, export};
use kept_core::day::Now;
use kept_core::views::{ImportEnd, ImportPreview, ImportRow};
use kept_core::words::count;
use std::sync::atomic::Ordering;

/// What it is called on the screen.
pub(super) const KIND: &str = "Everything from Kept";
/// How many promises a preview shows.
const ROWS: usize = 100;

/// Adds to a preview what a document would bring in.
pub(super) async fn look_at(
    kept: &Kept,
    moved: &Moved,
    now: &Now,
    preview: &mut ImportPreview,
) -> Result<(), Failure> {
    let decided = decide(kept, moved).await?;
    preview.created = decided.promises.created;
    preview.updated = decided.promises.updated;
    preview.unchanged = decided.promises.unchanged;
    preview.customers_created = decided.customers.created;
    preview.customers_updated = decided.customers.updated;
    preview.others = decided.others.created + decided.others.updated;
    preview.notes = decided.notes(kept, moved);
    for (promise, is_new) in decided.changed_promises().take(ROWS) {
        preview.rows.push(ImportRow {
            line: 1,
            order: String::new(),
            title: promise.title(),
            customer: moved.customer_name(promise.customer),
            due_words: promise.current_due().map_or_else(String::new, |due| due.words(now.today)),
            derived: promise.date_derived,
            change: (!is_new).then(|| "changed there since".to_owned()),
        });
    }
    Ok(())
}

/// Brings in a document, as one change.
pub(super) async fn bring_in(
    kept: &Kept,
    moved: Moved,
    running: &Running,
    mut import: Import,
) -> Result<ImportEnd, Failure> {
    let (data, document) = (kept.folder().to_owned(), moved.document.clone());
    // The files first: what names them must never be there without them.
    tokio::task::spawn_blocking(move || export::take_back_files(&data, &document))
        .await
        .map_err(Failure::bug)??;
    let writing = kept.writing().await;
    let mut decided = decide(kept, &moved).await?;
    let before = kept.shop().change;
    let mut changes = std::mem::take(&mut decided.changes);
    changes.what = format!("Brought in from {}", import.name);
    changes.import = Some(import.id);
    changes.by_itself = decided.whole;
    changes.moved_in = Some(moved.as_of().unwrap_or(import.at));
    (import.created, import.updated) = (decided.promises.created, decided.promises.updated);
    import.whole = decided.whole;
    import.unchanged = decided.promises.unchanged;
    import.customers = decided.customers.created + decided.customers.updated;
    kept.go_on_after(decided.last_change);
    let written = write(kept, &writing, import.clone(), changes).await;
    if written.is_err() {
        kept.go_back_to(before);
    } else if decided.whole {
        // Another calendar, another history: what is held in memory is read anew.
        writing.read_anew().await?;
        crate::watching::read_anew(kept).await?;
    }
    drop(writing);
    running.done.store(running.total.load(Ordering::Relaxed), Ordering::Relaxed);
    written?;
    Ok(ended(&import, &decided))
}

async fn write(
    kept: &Kept,
    writing: &crate::commit::Writing<'_>,
    import: Import,
    changes: Changes,
) -> Result<(), Failure> {
    // All that was ever kept there may be gone, and its history is left.
    if changes.records.is_empty() {
        return put_rows(kept, changes.rows).await;
    }
    bringing::put(writing, kept, import, changes).await.map(drop)
}

fn ended(import: &Import, decided: &Decided) -> ImportEnd {
    let others = decided.others.created + decided.others.updated;
    let what = [
        (import.created, count(import.created, "new promise")),
        (import.updated, format!("{} changed", import.updated)),
        (import.customers, count(import.customers, "customer")),
        (others, count(others, "other record")),
    ];
    let what: Vec<String> = what.into_iter().filter(|(some, _)| *some > 0).map(|(_, words)| words).collect();
    let said = if what.is_empty() {
        format!("Nothing in {} is new.", import.name)
    } else {
        format!("Brought in {} from {}.", what.join(", "), import.name)
    };
    ImportEnd {
        cancelled: false,
        created: import.created,
        updated: import.updated,
        unchanged: import.unchanged,
        customers: import.customers,
        payments: 0,
        problems: Vec::new(),
        failed: None,
        said: decided.and_said(said),
    }
}

/// How many records a document holds, for the progress.
pub(super) fn size(moved: &Moved) -> u32 {
    to_u32(moved.records.len())
}
