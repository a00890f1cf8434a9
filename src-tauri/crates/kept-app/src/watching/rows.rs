//! How the ledger and the reports lie in the store: rows without history, found by their prefix.
//!
//! | key | row |
//! | --- | --- |
//! | `ae` alert | what happened to an alert |
//! | `ar` time | a report on a time in which nobody looked |
//! | `ad` | the days of the last digests |
//! | `ap` | the owner has paused the watch |

use super::report::Report;
use crate::Kept;
use crate::commit::{put_rows, rows_of};
use crate::failure::Failure;
use crate::records::{decode, encode, end_of, key};
use crate::store::{Key, Store, Write};
use kept_core::alert::{AlertId, Digests, Entry, Pause};
use serde::de::DeserializeOwned;
use std::ops::Bound;

/// A commit takes so many rows, so that the owner's own changes come in between.
const ROWS_MOST: usize = 1_000;
const DIGESTS: &[u8] = b"ad";
const PAUSE: &[u8] = b"ap";
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

/// The days of the last digests.
pub(super) async fn digests(store: &dyn Store) -> Result<Digests, Failure> {
    Ok(one(store, DIGESTS).await?.unwrap_or_default())
}

/// The owner's pause, if there is one.
pub(super) async fn pause(store: &dyn Store) -> Result<Option<Pause>, Failure> {
    one(store, PAUSE).await
}

/// Writes the days of the last digests; they are on the disk when this returns.
pub(super) async fn write_digests(kept: &Kept, digests: Digests) -> Result<(), Failure> {
    put_rows(kept, vec![Write::Put { key: DIGESTS.to_vec(), value: encode(&digests)? }]).await
}

/// Writes the owner's pause, or that it is over.
pub(super) async fn write_pause(kept: &Kept, pause: Option<Pause>) -> Result<(), Failure> {
    let write = match pause {
        Some(pause) => Write::Put { key: PAUSE.to_vec(), value: encode(&pause)? },
        None => Write::Delete { key: PAUSE.to_vec() },
    };
    put_rows(kept, vec![write]).await
}

/// What a single row holds, if it can be read.
async fn one<T: DeserializeOwned>(store: &dyn Store, key: &[u8]) -> Result<Option<T>, Failure> {
    let row = store.get(&[key.to_vec()]).await?.pop().flatten();
    Ok(row.and_then(|row| decode(&row.value).ok()))
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
