//! The history of changes, and undo: the inverse of a change, if nothing newer touched what it touched.

use crate::Kept;
use crate::commit::{record_of, unhex};
use crate::failure::{Code, Failure};
use crate::records::{
    Changed, Changes, Entry, Stored, before_key, change_at_end, change_key, commitment_key, decode, end_of,
};
use crate::store::{Key, Store};
use crate::takes::UndoThis;
use kept_core::id::CommitmentId;
use kept_core::views::{ChangeView, Done};
use std::collections::BTreeSet;
use std::ops::Bound;

/// How far back one looks for something to undo.
const DEEP: usize = 50;

/// Undoes a change by committing its inverse. What was announced stays announced.
pub(crate) async fn undo(kept: &Kept, takes: UndoThis) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let change = match takes.change {
        Some(change) => change,
        None => newest_to_undo(kept)
            .await?
            .map(|(change, _)| change)
            .ok_or_else(|| Failure::new(Code::NotFound, "There is nothing to undo."))?,
    };
    let entry = entry(kept, change).await?;
    let (changes, kept_back) = inverse(kept, change, &entry).await?;
    if kept_back > 0 || changes.records.is_empty() {
        return Err(Failure::new(
            Code::Conflict,
            format!(
                "“{}” cannot be undone: something newer has changed it since. Undo that first.",
                entry.what
            ),
        ));
    }
    let said = changes.what.clone();
    let done = writing.commit(changes).await?;
    Ok(Done { change: done, said, promise: entry.promise })
}

/// The inverse of a change, and how many records something newer has touched: those are left as they are.
pub(crate) async fn inverse(kept: &Kept, change: u64, entry: &Entry) -> Result<(Changes, usize), Failure> {
    let mut changes = Changes::new(undone_words(&entry.what), entry.promise);
    changes.undoes = Some(change);
    let touched = touched(kept, change).await?;
    let befores: Vec<Key> = touched.iter().map(|key| before_key(key, change)).collect();
    let befores = kept.0.store.get(&befores).await?;
    let nows = kept.0.store.get(&touched).await?;
    let mut newer = 0;
    for ((key, before), now) in touched.into_iter().zip(befores).zip(nows) {
        let before: Option<Stored> = before.map(|row| decode(&row.value)).transpose()?;
        let now = now.map(|row| record_of(&row)).transpose()?;
        let untouched = match &now {
            Some(known) => known.last == change,
            // It was removed by this very change, if there was something to remove.
            None => before.is_some(),
        };
        if untouched {
            let restored = before.as_ref().map(|stored| (stored.born, stored.last));
            let after = before.map(|stored| stored.record);
            changes.records.insert(key, Changed { before: now, after, restored });
        } else {
            newer += 1;
        }
    }
    Ok((changes, newer))
}

/// The newest change that can be undone, with its words.
pub(crate) async fn newest_to_undo(kept: &Kept) -> Result<Option<(u64, String)>, Failure> {
    let rows = kept.0.store.range(Bound::Included(b"h".to_vec()), end_of(b"h"), true, DEEP).await?;
    let mut undone = BTreeSet::new();
    for row in rows {
        let change = change_at_end(&row.key);
        let entry: Entry = decode(&row.value)?;
        match entry.undoes {
            Some(other) => drop(undone.insert(other)),
            // An import is undone as a whole, where it was brought in.
            None if entry.import.is_some() || undone.contains(&change) => {}
            None => return Ok(Some((change, entry.what))),
        }
    }
    Ok(None)
}

/// What was changed about a promise, newest first.
pub(crate) async fn of_promise(kept: &Kept, id: CommitmentId) -> Result<Vec<ChangeView>, Failure> {
    let key = commitment_key(id);
    let known = kept.commitment(id).await?;
    let prefix = before_key(&key, 0)[..=key.len()].to_vec();
    let rows = kept.0.store.range(Bound::Included(prefix.clone()), end_of(&prefix), true, 500).await?;
    let mut numbers: Vec<u64> = rows.iter().map(|row| change_at_end(&row.key)).collect();
    if !numbers.contains(&known.born) {
        numbers.push(known.born);
    }
    let keys: Vec<Key> = numbers.iter().map(|change| change_key(b'h', *change)).collect();
    let entries = kept.0.store.get(&keys).await?;
    let mut changes = Vec::with_capacity(numbers.len());
    for (change, row) in numbers.into_iter().zip(entries) {
        let Some(row) = row else { continue };
        let entry: Entry = decode(&row.value)?;
        // What touched other promises as well is undone where it was done, not from the page of one of them.
        let is_own = entry.promise == Some(id) && entry.undoes.is_none() && entry.import.is_none();
        let can_undo = is_own && change == known.last;
        changes.push(ChangeView { change, at: entry.at, what: entry.what, can_undo });
    }
    Ok(changes)
}

/// What a change did.
pub(crate) async fn entry(kept: &Kept, change: u64) -> Result<Entry, Failure> {
    let row = kept.0.store.get(&[change_key(b'h', change)]).await?.pop().flatten();
    row.map_or_else(|| Err(Failure::not_found("This change")), |row| decode(&row.value))
}

/// The keys of the records that a change touched.
pub(crate) async fn touched(kept: &Kept, change: u64) -> Result<Vec<Key>, Failure> {
    let row = kept.0.store.get(&[change_key(b't', change)]).await?.pop().flatten();
    let row = row.ok_or_else(|| Failure::not_found("This change"))?;
    String::from_utf8_lossy(&row.value).split_whitespace().map(unhex).collect()
}

fn undone_words(what: &str) -> String {
    format!("Undid: {}", kept_core::words::lower_first(what))
}
