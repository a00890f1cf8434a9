//! How the ledger and the reports lie in the store: rows without history, found by their prefix.
//!
//! | key | row |
//! | --- | --- |
//! | `ae` alert | what happened to an alert |
//! | `ar` time | a report on a time in which nobody looked |

use super::report::Report;
use crate::Kept;
use crate::commit::{put_rows, rows_of};
use crate::failure::Failure;
use crate::records::{decode, encode, end_of, key};
use crate::store::{Key, Store, Write};
use kept_core::alert::{AlertId, Entry};
use std::ops::Bound;

/// A commit takes so many rows, so that the owner's own changes come in between.
const ROWS_MOST: usize = 1_000;
/// Reports that are kept.
const REPORTS_MOST: usize = 20;

/// All entries of the ledger. One that cannot be read is left out: the alert is announced once more at worst.
pub(super) async fn entries(store: &dyn Store) -> Result<Vec<Entry>, Failure> {
    let rows = rows_of(store, b"ae").await?;
    Ok(rows.iter().filter_map(|row| decode(&row.value).ok()).collect())
}

/// The last report.
pub(super) async fn last_report(store: &dyn Store) -> Result<Option<Report>, Failure> {
    let newest = store.range(Bound::Included(b"ar".to_vec()), end_of(b"ar"), true, 1).await?;
    Ok(newest.first().and_then(|row| decode(&row.value).ok()))
}

/// Writes entries of the ledger and removes others; all of it is on the disk when this returns.
pub(super) async fn write(kept: &Kept, entries: &[Entry], removed: &[AlertId]) -> Result<(), Failure> {
    let mut writes = Vec::with_capacity(entries.len() + removed.len());
    for entry in entries {
        writes.push(Write::Put { key: entry_key(&entry.id), value: encode(entry)? });
    }
    writes.extend(removed.iter().map(|id| Write::Delete { key: entry_key(id) }));
    for some in writes.chunks(ROWS_MOST) {
        put_rows(kept, some.to_vec()).await?;
    }
    Ok(())
}

/// Writes a report and removes the ones that are too many.
pub(super) async fn write_report(kept: &Kept, report: &Report) -> Result<(), Failure> {
    let at = u64::try_from(report.to.millis()).unwrap_or(0);
    let mut writes = vec![Write::Put { key: key(b'a', &[b"r", &at.to_be_bytes()]), value: encode(report)? }];
    let old = rows_of(&kept.0.store, b"ar").await?.into_iter().rev().skip(REPORTS_MOST - 1);
    writes.extend(old.map(|row| Write::Delete { key: row.key }));
    put_rows(kept, writes).await
}

fn entry_key(id: &AlertId) -> Key {
    key(b'a', &[b"e", id.to_string().as_bytes()])
}
