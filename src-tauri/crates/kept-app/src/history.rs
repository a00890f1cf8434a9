//! The history of changes; undo, the inverse of a change, if nothing newer touched what it touched; and redo, which takes
//! back an undo.
//!
//! What is undone or done again is as it was before, also by the numbers of the changes that made and last touched it. So
//! a change that was done again can be undone again.

use crate::commit::{record_of, unhex};
use crate::failure::{Code, Failure};
use crate::records::{
    Changed, Changes, Entry, SETTINGS_KEY, Stored, before_key, change_at_end, change_key, commitment_key,
    customer_key, decode, end_of, key,
};
use crate::store::{Key, Row, Store};
use crate::takes::UndoThis;
use crate::takes::plan::{HistoryOf, RecordOf};
use crate::{Kept, backups};
use kept_core::id::CommitmentId;
use kept_core::views::plan::HistoryPage;
use kept_core::views::{ChangeView, Done};
use kept_core::words::lower_first;
use std::collections::BTreeSet;
use std::ops::Bound;

/// How far back one looks for something to undo, some entries at a time.
const DEEP: usize = 50;
const DEEPEST: usize = 1_000;
/// What the words of an undo begin with.
const UNDID: &str = "Undid: ";
/// So many of the changes of one record are told.
const TOLD_MOST: usize = 500;
/// No page of the history is longer.
const PAGE_MOST: usize = 200;

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
    if let Some(restored) = Restored::of(kept, change, &entry).await? {
        return backups::take_back(kept, &writing, restored, undone_words(&entry.what), true).await;
    }
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

/// Does again what was undone, if nothing newer has touched it since.
pub(crate) async fn redo(kept: &Kept, takes: UndoThis) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let undo = match takes.change {
        Some(undo) => undo,
        None => newest_to_redo(kept)
            .await?
            .map(|(undo, _)| undo)
            .ok_or_else(|| Failure::new(Code::NotFound, "There is nothing to do again."))?,
    };
    let change = entry(kept, undo).await?;
    if let Some(restored) = Restored::of(kept, undo, &change).await?.filter(|_| change.by_itself) {
        let words = done_again_words(first_words(&change.what));
        return backups::take_back(kept, &writing, restored, words, false).await;
    }
    let undone = change.undoes.filter(|_| change.redoes.is_none() && change.import.is_none());
    let Some(undone) = undone else {
        return Err(Failure::new(Code::Invalid, "Only what was undone can be done again."));
    };
    let first = entry(kept, undone).await?;
    let Some(changes) = again(kept, undo, undone, &first).await? else {
        return Err(Failure::new(
            Code::Conflict,
            format!("“{}” cannot be done again: something newer has changed it since.", first.what),
        ));
    };
    let said = changes.what.clone();
    let done = writing.commit(changes).await?;
    Ok(Done { change: done, said, promise: first.promise })
}

/// What takes back an undo; none if something newer has touched what it touched.
async fn again(kept: &Kept, undo: u64, undone: u64, first: &Entry) -> Result<Option<Changes>, Failure> {
    let mut changes = Changes::new(done_again_words(&first.what), first.promise);
    (changes.undoes, changes.redoes) = (Some(undo), Some(undone));
    let touched = touched(kept, undo).await?;
    let before = |change: u64| touched.iter().map(|key| before_key(key, change)).collect::<Vec<Key>>();
    // As it was before the change is how the undo has left it; as it was before the undo is how the change had left it.
    let left = kept.0.store.get(&before(undone)).await?;
    let wanted = kept.0.store.get(&before(undo)).await?;
    let nows = kept.0.store.get(&touched).await?;
    for (((key, left), wanted), now) in touched.iter().zip(left).zip(wanted).zip(nows) {
        let left: Option<Stored> = left.map(|row| decode(&row.value)).transpose()?;
        let wanted: Option<Stored> = wanted.map(|row| decode(&row.value)).transpose()?;
        let now = now.map(|row| record_of(&row)).transpose()?;
        if left.as_ref().map(|stored| stored.last) != now.as_ref().map(|known| known.last) {
            return Ok(None);
        }
        let restored = wanted.as_ref().map(|stored| (stored.born, stored.last));
        let after = wanted.map(|stored| stored.record);
        changes.records.insert(key.clone(), Changed { before: now, after, restored });
    }
    Ok((!changes.records.is_empty()).then_some(changes))
}

/// The newest change that can be undone, with its words.
pub(crate) async fn newest_to_undo(kept: &Kept) -> Result<Option<(u64, String)>, Failure> {
    let mut undone = BTreeSet::new();
    newest(kept, |change, entry| match entry.undoes {
        _ if undone.contains(&change) => Look::Further,
        Some(other) => {
            undone.insert(other);
            Look::Further
        }
        // What was done before on another computer is the past.
        None if entry.begins_anew() => Look::No,
        // An import is undone as a whole, where it was brought in.
        None if entry.import.is_some() || entry.by_itself => Look::Further,
        None => Look::Here(change),
    })
    .await
}

/// A change by which a backup was restored.
pub(crate) struct Restored {
    /// The change.
    pub change: u64,
    /// What was restored, in words.
    pub what: String,
    /// The backup of what was there before.
    pub way_back: String,
    /// Nobody has changed anything since.
    pub nothing_since: bool,
}

impl Restored {
    /// None if it is another change, or if there was nothing before.
    async fn of(kept: &Kept, change: u64, entry: &Entry) -> Result<Option<Self>, Failure> {
        let Some(way_back) = entry.way_back.clone() else { return Ok(None) };
        let nothing_since = nothing_since(kept, change).await?;
        Ok(Some(Self { change, what: entry.what.clone(), way_back, nothing_since }))
    }
}

/// What was restored last, if it was not long ago.
pub(crate) async fn newest_restored(kept: &Kept) -> Result<Option<Restored>, Failure> {
    let newest = kept.0.store.range(Bound::Included(b"h".to_vec()), end_of(b"h"), true, DEEP).await?;
    for row in &newest {
        let entry: Entry = decode(&row.value)?;
        if let Some(restored) = Restored::of(kept, change_at_end(&row.key), &entry).await? {
            return Ok(Some(restored));
        }
    }
    Ok(None)
}

/// Whether nobody has changed anything since a change; what Kept does by itself does not count.
async fn nothing_since(kept: &Kept, change: u64) -> Result<bool, Failure> {
    let from = Bound::Excluded(change_key(b'h', change));
    let newer = kept.0.store.range(from, end_of(b"h"), false, DEEPEST).await?;
    let by_itself = |row: &Row| decode::<Entry>(&row.value).map(|entry| entry.by_itself);
    newer.iter().try_fold(true, |nothing, row| Ok(nothing && by_itself(row)?))
}

/// The newest undo that can be taken back, with the words of what it undid: nothing else was done since.
pub(crate) async fn newest_to_redo(kept: &Kept) -> Result<Option<(u64, String)>, Failure> {
    let mut done_again = BTreeSet::new();
    let found = newest(kept, |change, entry| match (entry.undoes, entry.redoes) {
        // That a backup was restored was undone.
        _ if entry.by_itself && entry.way_back.is_some() => Look::Here(change),
        _ if done_again.contains(&change) || entry.by_itself => Look::Further,
        (Some(undo), Some(_)) => {
            done_again.insert(undo);
            Look::Further
        }
        (Some(_), None) if entry.import.is_none() => Look::Here(change),
        (_, None | Some(_)) => Look::No,
    });
    let Some((undo, words)) = found.await? else { return Ok(None) };
    match entry(kept, undo).await? {
        Entry { way_back: Some(_), .. } => Ok(Some((undo, first_words(&words).to_owned()))),
        Entry { undoes: Some(undone), .. } => Ok(Some((undo, entry(kept, undone).await?.what))),
        Entry { way_back: None, undoes: None, .. } => Ok(None),
    }
}

/// Where to look on in the history.
enum Look {
    Further,
    Here(u64),
    No,
}

/// Walks the history from its newest entry on.
async fn newest(
    kept: &Kept,
    mut look: impl FnMut(u64, &Entry) -> Look,
) -> Result<Option<(u64, String)>, Failure> {
    let mut end = end_of(b"h");
    for _ in 0..DEEPEST / DEEP {
        let rows = kept.0.store.range(Bound::Included(b"h".to_vec()), end, true, DEEP).await?;
        for row in &rows {
            let entry: Entry = decode(&row.value)?;
            match look(change_at_end(&row.key), &entry) {
                Look::Further => {}
                Look::Here(change) => return Ok(Some((change, entry.what))),
                Look::No => return Ok(None),
            }
        }
        match rows.last() {
            Some(last) if rows.len() == DEEP => end = Bound::Excluded(last.key.clone()),
            _ => break,
        }
    }
    Ok(None)
}

/// What was changed about a promise, newest first.
pub(crate) async fn of_promise(kept: &Kept, id: CommitmentId) -> Result<Vec<ChangeView>, Failure> {
    of_record(kept, &commitment_key(id), Some(id)).await
}

/// What was changed about any record, newest first.
pub(crate) async fn history(kept: &Kept, takes: HistoryOf) -> Result<HistoryPage, Failure> {
    let id = |kind: u8, id: uuid::Uuid| key(kind, &[id.as_bytes()]);
    let (key, promise) = match takes.of {
        RecordOf::Promise { promise } => (commitment_key(promise), Some(promise)),
        RecordOf::Customer { customer } => (customer_key(customer), None),
        RecordOf::Offer { offer } => (id(b'f', offer.uuid()), None),
        RecordOf::Series { series } => (id(b'g', series.uuid()), None),
        RecordOf::Chore { chore } => (id(b'w', chore.uuid()), None),
        RecordOf::Settings {} => (SETTINGS_KEY.to_vec(), None),
    };
    let changes = of_record(kept, &key, promise).await?;
    let count = crate::rows::to_u32(changes.len());
    let limit = (takes.limit as usize).min(PAGE_MOST);
    Ok(HistoryPage { count, changes: changes.into_iter().skip(takes.offset as usize).take(limit).collect() })
}

async fn of_record(
    kept: &Kept,
    key: &[u8],
    promise: Option<CommitmentId>,
) -> Result<Vec<ChangeView>, Failure> {
    let now = kept.0.store.get(&[key.to_vec()]).await?.pop().flatten();
    let now = now.map(|row| record_of(&row)).transpose()?;
    let prefix = before_key(key, 0)[..=key.len()].to_vec();
    let rows = kept.0.store.range(Bound::Included(prefix.clone()), end_of(&prefix), true, TOLD_MOST).await?;
    let mut numbers: Vec<u64> = rows.iter().map(|row| change_at_end(&row.key)).collect();
    numbers.extend(now.as_ref().map(|known| known.born).filter(|born| !numbers.contains(born)));
    let keys: Vec<Key> = numbers.iter().map(|change| change_key(b'h', *change)).collect();
    let entries = kept.0.store.get(&keys).await?;
    let mut told = Telling { promise, last: now.map(|known| known.last), ..Telling::default() };
    let mut changes = Vec::with_capacity(numbers.len());
    for (change, row) in numbers.into_iter().zip(entries) {
        let Some(row) = row else { continue };
        changes.push(told.change(change, decode(&row.value)?));
    }
    Ok(changes)
}

/// Tells the changes of one record from the newest on, and what can be undone and done again of them.
#[derive(Default)]
struct Telling {
    promise: Option<CommitmentId>,
    last: Option<u64>,
    done_again: BTreeSet<u64>,
    something_newer: bool,
}

impl Telling {
    fn change(&mut self, change: u64, entry: Entry) -> ChangeView {
        // What touched other promises as well is undone where it was done, not from the page of one of them.
        let is_own = entry.promise == self.promise && entry.import.is_none() && !entry.by_itself;
        let can_undo = is_own && entry.undoes.is_none() && Some(change) == self.last;
        let is_undo = entry.undoes.is_some() && entry.redoes.is_none();
        let can_redo = is_own && is_undo && !self.something_newer && !self.done_again.contains(&change);
        if let (Some(undo), Some(_)) = (entry.undoes, entry.redoes) {
            self.done_again.insert(undo);
        } else if !self.done_again.contains(&change) {
            self.something_newer = true;
        }
        ChangeView { change, at: entry.at, what: entry.what, can_undo, can_redo }
    }
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
    format!("{UNDID}{}", lower_first(what))
}

/// What was done at first, whether it was undone or done again since.
fn first_words(what: &str) -> &str {
    what.trim_start_matches(UNDID).trim_start_matches("did again: ")
}

fn done_again_words(what: &str) -> String {
    format!("Did again: {}", lower_first(what))
}
