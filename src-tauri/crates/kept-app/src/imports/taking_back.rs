//! Taking back a whole import: the inverse of each of its commits, the newest first.

use super::record::Import;
use crate::Kept;
use crate::commit::record_of;
use crate::failure::Failure;
use crate::history;
use crate::records::{Changed, Changes, Record, SETTINGS_KEY, end_of, id_at_end, key};
use crate::store::{Key, Store};
use kept_core::id::CommitmentId;
use std::collections::HashSet;
use std::ops::Bound;

/// What taking back an import did.
#[derive(Debug, Default)]
pub(super) struct Back {
    /// The last change; 0 if there was nothing to take back.
    pub change: u64,
    /// Promises taken back.
    pub promises: u32,
    /// The titles of promises that something newer has changed, which stayed.
    pub stayed: Vec<String>,
}

/// Takes back all that an import did and nothing newer has touched. One that was interrupted is continued: what is
/// done so far is noted with each commit.
pub(super) async fn take_back(kept: &Kept, import: &mut Import) -> Result<Back, Failure> {
    let mut back = Back::default();
    // Held throughout, so that for everybody else it is one step.
    let writing = kept.writing().await;
    while let Some(change) = import.changes.last().copied() {
        let entry = history::entry(kept, change).await?;
        let (mut changes, _) = history::inverse(kept, change, &entry).await?;
        keep_customers_with_promises(kept, &mut changes).await?;
        // There are always settings: those that came stay where there were none before.
        changes.records.retain(|key, changed| key != SETTINGS_KEY || changed.after.is_some());
        let stayed = stayed(kept, change, &changes).await?;
        changes.what = format!("Took back what came from {}", import.name);
        changes.import = Some(import.id);
        back.promises += crate::rows::to_u32(promises(&changes).count());
        back.stayed.extend(stayed);
        import.changes.pop();
        import.undone = import.changes.is_empty();
        changes.rows.push(import.put()?);
        back.change = writing.commit(changes).await?;
    }
    Ok(back)
}

impl Back {
    /// In words, with a space before them: ` 2 promises that were changed since stay: “12 cupcakes” and “Loaf”.`
    pub(super) fn stayed_words(&self) -> String {
        let named: Vec<String> = self.stayed.iter().take(3).map(|title| format!("“{title}”")).collect();
        let more = self.stayed.len().saturating_sub(named.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        match self.stayed.len() {
            0 => String::new(),
            1 => format!(" One promise that was changed since stays: {}.", named.join(", ")),
            count => format!(" {count} promises that were changed since stay: {}{more}.", named.join(", ")),
        }
    }
}

/// A customer made by the import stays while any promise is left that was made to them.
async fn keep_customers_with_promises(kept: &Kept, changes: &mut Changes) -> Result<(), Failure> {
    let removed: HashSet<CommitmentId> = promises(changes).collect();
    let leaving = changes.records.iter().filter_map(|(key, changed)| match &changed.before.as_ref()?.it {
        Record::Customer(it) if changed.after.is_none() => Some((key.clone(), it.id)),
        Record::Customer(_)
        | Record::Commitment(_)
        | Record::Offer(_)
        | Record::Series(_)
        | Record::Chore(_)
        | Record::Care(_)
        | Record::Settings(_) => None,
    });
    for (row, customer) in leaving.collect::<Vec<_>>() {
        let prefix = key(b'q', &[customer.uuid().as_bytes()]);
        let promises =
            kept.0.store.range(Bound::Included(prefix.clone()), end_of(&prefix), false, usize::MAX).await?;
        let mut ids = promises.iter().filter_map(|row| id_at_end(&row.key)).map(CommitmentId::new);
        if ids.any(|id| !removed.contains(&id)) {
            changes.records.remove(&row);
        }
    }
    Ok(())
}

/// The titles of the promises that a change touched and its inverse leaves alone.
async fn stayed(kept: &Kept, change: u64, inverse: &Changes) -> Result<Vec<String>, Failure> {
    let touched = history::touched(kept, change).await?;
    let left: Vec<Key> = touched
        .into_iter()
        .filter(|key| key.first() == Some(&b'p') && !inverse.records.contains_key(key))
        .collect();
    let rows = kept.0.store.get(&left).await?;
    let mut titles = Vec::new();
    for row in rows.into_iter().flatten() {
        if let Record::Commitment(it) = record_of(&row)?.it {
            titles.push(it.title());
        }
    }
    Ok(titles)
}

/// The promises that an inverse removes or sets back.
fn promises(changes: &Changes) -> impl Iterator<Item = CommitmentId> {
    let id = |changed: &Changed| match &changed.before.as_ref()?.it {
        Record::Commitment(it) => Some(it.id),
        Record::Customer(_)
        | Record::Offer(_)
        | Record::Series(_)
        | Record::Chore(_)
        | Record::Care(_)
        | Record::Settings(_) => None,
    };
    changes.records.values().filter_map(id)
}
