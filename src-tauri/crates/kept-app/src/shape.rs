//! Data of an older Kept gets the shape that this one writes, step by step, when it is opened or restored.
//!
//! The shape that the records have stands in a row of its own and is written with what a step changes, in one commit: a
//! step is done or not, and a backup of an older Kept, which lacks the row or has a lower number in it, is brought along
//! like any other data. What was there before lies in a backup. A change to a record that older data can be read with, such
//! as a new field with a default, needs no step.

use crate::failure::Failure;
use crate::lists::each;
use crate::records::{SHAPE_KEY, decode, encode};
use crate::store::{Commit, Key, Store, Write};
use serde_json::Value;
use uuid::Uuid;

/// The shape of data that says nothing of its shape.
const FIRST: u32 = 1;

/// What makes the rows of one shape those of the next.
#[derive(Debug)]
pub(crate) struct Step {
    /// The shape that they have afterwards: one more than before.
    pub to: u32,
    /// What is changed, in words, for the log.
    pub what: &'static str,
    /// Changes the JSON of a row; the first letter of its key says what kind of row it is (see `records`), for a record as
    /// it was before a change that of the record. Rows that it leaves alone are not written.
    pub change: fn(kind: u8, value: &mut Value),
}

/// All steps so far, in order. Data of the first released Kept has the first shape.
pub(crate) const STEPS: &[Step] = &[];

/// Whether data has an older shape than these steps lead to.
pub(crate) async fn is_old(store: &dyn Store, steps: &[Step]) -> Result<bool, Failure> {
    Ok(!pending(store, steps).await?.is_empty())
}

/// Takes the steps that the data has not taken yet.
pub(crate) async fn take_steps(store: &dyn Store, steps: &[Step]) -> Result<(), Failure> {
    let pending = pending(store, steps).await?;
    let Some(last) = pending.last() else { return Ok(()) };
    for Step { to, what, .. } in pending {
        tracing::info!("data gets the shape {to}: {what}");
    }
    let mut writes = Vec::new();
    each(store, b"", |row| {
        let value = stepped(&row.key, &row.value, pending)?;
        writes.extend(value.map(|value| Write::Put { key: row.key.clone(), value }));
        Ok(())
    })
    .await?;
    writes.push(mark(last.to)?);
    let note = format!("Gave the data the shape {}", last.to).into_bytes();
    store.commit(Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note }).await?;
    Ok(())
}

/// Notes which shape the data has.
fn mark(shape: u32) -> Result<Write, Failure> {
    Ok(Write::Put { key: SHAPE_KEY.to_vec(), value: encode(&shape)? })
}

/// The steps that the data has not taken yet. New data has nothing to change, and takes them all the same.
async fn pending<'a>(store: &dyn Store, steps: &'a [Step]) -> Result<&'a [Step], Failure> {
    let row = store.get(&[SHAPE_KEY.to_vec()]).await?.pop().flatten();
    let shape: u32 = row.map_or(Ok(FIRST), |row| decode(&row.value))?;
    Ok(after(shape, steps))
}

/// The steps that data of a shape has still to take.
pub(crate) fn after(shape: u32, steps: &[Step]) -> &[Step] {
    let taken = steps.iter().take_while(|step| step.to <= shape).count();
    &steps[taken..]
}

/// The value of a row after some steps; none if they leave it as it is or if it is no JSON.
pub(crate) fn stepped(key: &Key, value: &[u8], steps: &[Step]) -> Result<Option<Vec<u8>>, Failure> {
    let (Some(kind), [_, ..]) = (kind(key), steps) else { return Ok(None) };
    let Ok(before) = serde_json::from_slice::<Value>(value) else { return Ok(None) };
    let mut after = before.clone();
    for step in steps {
        (step.change)(kind, &mut after);
    }
    if after == before { Ok(None) } else { encode(&after).map(Some) }
}

/// What kind of row it is. A record as it was before a change has the key of the record behind the `r`.
fn kind(key: &Key) -> Option<u8> {
    match key.as_slice() {
        [b'r', kind, ..] | [kind, ..] => Some(*kind),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::machine;
    use crate::{Host, Kept, SCHEMA, Shown};
    use kept_core::words::upper_first;
    use serde_json::json;
    use std::path::Path;

    /// A step as one may be.
    const MADE_UP: &[Step] = &[Step {
        to: 2,
        what: "addresses of customers begin with a capital letter",
        change: |kind, value| {
            if kind == b'c'
                && let Some(street) = value["it"]["address"][0].as_str()
            {
                value["it"]["address"][0] = json!(upper_first(street));
            }
        },
    }];

    async fn open(folder: &Path, schema: u32, steps: &'static [Step]) -> Kept {
        let host =
            Host { now: Box::new(machine()), notify: Box::new(|_| Shown::Shown), changed: Box::new(|_| {}) };
        Kept::open_in_shape(folder, host, schema, steps).await.unwrap()
    }

    async fn ask(kept: &Kept, name: &str, takes: Value) -> Value {
        kept.answer(name, takes).await.unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    /// A customer with an address, taken down by an older Kept and changed once.
    async fn customer(kept: &Kept) -> Value {
        let form = |street: &str| json!({ "name": "Maria Silva", "address": [street] });
        let saved = ask(kept, "save_customer", json!({ "form": form("mill lane 3") })).await;
        let id = saved["customer"].clone();
        ask(kept, "save_customer", json!({ "customer": id, "form": form("high street 7") })).await;
        id
    }

    async fn street(kept: &Kept, id: &Value) -> Value {
        ask(kept, "customer", json!({ "customer": id, "limit": 1 })).await["form"]["address"][0].clone()
    }

    #[test]
    fn the_steps_lead_without_a_gap_from_the_first_shape_to_that_of_this_kept() {
        for steps in [STEPS, MADE_UP] {
            let shapes: Vec<u32> = steps.iter().map(|step| step.to).collect();
            assert_eq!(shapes, (FIRST + 1..).take(steps.len()).collect::<Vec<u32>>());
        }
        assert_eq!(STEPS.last().map_or(FIRST, |step| step.to), SCHEMA);
    }

    #[test]
    fn a_row_before_and_after_a_step() {
        let check = |key: &[u8], before: &str, after: Option<&str>| {
            let stepped = stepped(&key.to_vec(), before.as_bytes(), MADE_UP).unwrap();
            assert_eq!(stepped.as_deref().map(String::from_utf8_lossy).as_deref(), after, "{before}");
        };
        check(b"c1", r#"{"it":{"address":["mill lane"]}}"#, Some(r#"{"it":{"address":["Mill lane"]}}"#));
        check(b"rc1", r#"{"it":{"address":["mill lane"]}}"#, Some(r#"{"it":{"address":["Mill lane"]}}"#));
        check(b"c1", r#"{"it":{"address":["Mill lane"]}}"#, None);
        check(b"p1", r#"{"it":{"address":["mill lane"]}}"#, None);
        check(b"t1", "6331", None);
        check(b"q1", "", None);
        assert_eq!(after(2, MADE_UP).len(), 0, "one that was taken is not taken again");
    }

    #[tokio::test]
    async fn older_data_is_backed_up_and_takes_its_steps_once_also_in_its_history() {
        let folder = tempfile::tempdir().unwrap();
        let kept = open(folder.path(), 1, &[]).await;
        let id = customer(&kept).await;
        assert_eq!(street(&kept, &id).await, "high street 7");
        kept.close().await.unwrap();
        for _ in 0..2 {
            let kept = open(folder.path(), 2, MADE_UP).await;
            assert_eq!(street(&kept, &id).await, "High street 7");
            let backups = ask(&kept, "backups", json!({})).await;
            let rows = backups["rows"].as_array().unwrap();
            assert_eq!((rows.len(), &rows[0]["why"]), (1, &json!("before_schema_step")), "one is enough");
            assert_eq!(kept.records_wrong().await.unwrap(), Vec::<String>::new());
            kept.close().await.unwrap();
        }
        let kept = open(folder.path(), 2, MADE_UP).await;
        ask(&kept, "undo", json!({})).await;
        assert_eq!(street(&kept, &id).await, "Mill lane 3");
        kept.close().await.unwrap();
        // The backup is one of the older Kept: it opens it, had there been no step.
        let older = tempfile::tempdir().unwrap();
        let kept = open(older.path(), 1, &[]).await;
        let backups = std::fs::read_dir(folder.path().join("backups")).unwrap();
        let backup = backups.map(|entry| entry.unwrap().path()).next().unwrap();
        ask(&kept, "restore_backup", json!({ "backup": kept.offer_file(&backup).file })).await;
        assert_eq!(street(&kept, &id).await, "high street 7");
        kept.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_backup_of_an_older_kept_takes_its_steps_when_it_is_looked_into_and_restored() {
        let (older, newer) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let kept = open(older.path(), 1, &[]).await;
        let id = customer(&kept).await;
        ask(&kept, "backup_now", json!({})).await;
        let backups = ask(&kept, "backups", json!({})).await;
        let backup = older.path().join("backups").join(backups["rows"][0]["backup"].as_str().unwrap());
        kept.close().await.unwrap();
        let kept = open(newer.path(), 1, MADE_UP).await;
        let takes = json!({ "backup": kept.offer_file(&backup).file });
        assert_eq!(ask(&kept, "look_into_backup", takes.clone()).await["customers"]["back"]["count"], 1);
        ask(&kept, "restore_backup", takes.clone()).await;
        assert_eq!(street(&kept, &id).await, "High street 7");
        assert_eq!(ask(&kept, "look_into_backup", takes).await["changes"], false, "it is what it holds");
        kept.close().await.unwrap();
    }
}
