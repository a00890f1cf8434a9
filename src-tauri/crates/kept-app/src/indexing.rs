//! Data of an older Kept lacks the rows of newer indexes: they are made once, when it is opened.

use crate::commit::record_of;
use crate::failure::Failure;
use crate::records::{INDEXES, INDEXES_KEY, end_of};
use crate::store::{Commit, Store, Write};
use std::ops::Bound;
use uuid::Uuid;

/// Records that are read and whose rows are written at a time.
const CHUNK: usize = 1_000;

/// Makes the rows that an older Kept did not know. Data that this one has begun is only asked for its mark.
pub(crate) async fn make_indexes(store: &dyn Store) -> Result<(), Failure> {
    let mark = store.get(&[INDEXES_KEY.to_vec()]).await?.pop().flatten();
    let is_new = store.range(Bound::Included(b"h".to_vec()), end_of(b"h"), false, 1).await?.is_empty();
    if is_new || mark.is_some_and(|row| row.value == INDEXES) {
        return Ok(());
    }
    for kind in [b"p", b"c"] {
        let mut from = Bound::Included(kind.to_vec());
        loop {
            let rows = store.range(from, end_of(kind), false, CHUNK).await?;
            let mut writes = Vec::new();
            for row in &rows {
                let index = record_of(row)?.it.index();
                writes.extend(index.into_iter().map(|(key, value)| Write::Put { key, value }));
            }
            put(store, writes).await?;
            match rows.last() {
                Some(last) if rows.len() == CHUNK => from = Bound::Excluded(last.key.clone()),
                _ => break,
            }
        }
    }
    put(store, vec![mark_of_indexes()]).await
}

/// Notes that the data has all indexes: written with the first change of new data.
pub(crate) fn mark_of_indexes() -> Write {
    Write::Put { key: INDEXES_KEY.to_vec(), value: INDEXES.to_vec() }
}

async fn put(store: &dyn Store, writes: Vec<Write>) -> Result<(), Failure> {
    if !writes.is_empty() {
        store.commit(Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: Vec::new() }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::machine;
    use crate::lists::each;
    use crate::store::Key;
    use crate::tallies::KINDS;
    use crate::{Host, Kept, Shown};
    use serde_json::json;

    async fn open(folder: &std::path::Path) -> Kept {
        let host =
            Host { now: Box::new(machine()), notify: Box::new(|_| Shown::Shown), changed: Box::new(|_| {}) };
        Kept::open(folder, host).await.unwrap()
    }

    async fn indexes(kept: &Kept) -> Vec<Key> {
        let mut keys = Vec::new();
        for kind in KINDS {
            each(&kept.0.store, kind, |row| {
                keys.push(row.key.clone());
                Ok(())
            })
            .await
            .unwrap();
        }
        keys
    }

    #[tokio::test]
    async fn data_of_an_older_kept_gets_its_indexes_when_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let kept = open(folder.path()).await;
        kept.answer("look_around", json!({})).await.unwrap();
        let made = indexes(&kept).await;
        assert!(made.len() > 5, "the made-up shop has promises that were handed over: {made:?}");
        assert_eq!(kept.records_wrong().await.unwrap(), Vec::<String>::new());
        let older = made.iter().cloned().chain([INDEXES_KEY.to_vec()]);
        put(&kept.0.store, older.map(|key| Write::Delete { key }).collect()).await.unwrap();
        assert_ne!(kept.records_wrong().await.unwrap(), Vec::<String>::new());
        kept.close().await.unwrap();

        let kept = open(folder.path()).await;
        assert_eq!(indexes(&kept).await, made);
        assert_eq!(kept.records_wrong().await.unwrap(), Vec::<String>::new());
        let mark = kept.0.store.get(&[INDEXES_KEY.to_vec()]).await.unwrap().pop().flatten();
        assert_eq!(mark.unwrap().value, INDEXES);
        kept.close().await.unwrap();
    }
}
