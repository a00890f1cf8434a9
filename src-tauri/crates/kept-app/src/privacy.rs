//! Forgetting a customer on their request: the record of promises stays true, the person is gone from all of it, and from
//! everything by which Kept could go back.
//!
//! The rows are rewritten as one commit, which also says that the past is still to be forgotten; then every copy of what they
//! were is removed. Where that was cut off it is done when Kept looks after its backups next.

mod lasting;
mod person;
mod rewriting;

use crate::commit::{nothing_with, put_rows, rows_of};
use crate::failure::{Code, Failure};
use crate::records::key;
use crate::store::{Commit, Store, Write};
use crate::takes::out::{ForgetCustomer, WhomToForget};
use crate::{Kept, attached, attachments, backups, export, watching};
use kept_core::forget::{FORGOTTEN_ORDER, name_of_nobody};
use kept_core::views::Done;
use kept_core::views::out::Forgetting;
use kept_core::words::count;
use person::Person;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Under which it is noted that the past is to be forgotten: the hashes of files that go with it follow.
const UNFINISHED: &[u8] = b"z";

/// What happens if a customer is anonymised.
pub(crate) async fn forgetting(kept: &Kept, takes: WhomToForget) -> Result<Forgetting, Failure> {
    let person = Person::of(kept, takes.customer).await?;
    let today = kept.now().today;
    let lasting = lasting::of(kept).await?;
    Ok(Forgetting {
        version: person.version,
        name: person.name.clone(),
        becomes: name_of_nobody(today),
        goes: person.goes(),
        remains: person.remains(),
        until: lasting.words(today),
        backups: lasting.backups,
        words: person.names.clone(),
    })
}

/// Anonymises a customer, for ever.
pub(crate) async fn forget_customer(kept: &Kept, takes: ForgetCustomer) -> Result<Done, Failure> {
    if kept.0.imports.is_running() {
        let words = "A file is being brought in. Wait until it is done, or stop it.";
        return Err(Failure::new(Code::Busy, words));
    }
    let writing = kept.writing().await;
    let known = kept.customer(takes.customer).await?;
    known.must_be(takes.version)?;
    let mut person = Person::of(kept, takes.customer).await?;
    person.also(takes.words);
    let alone = watching::alone(kept).await;
    let rewritten = rewriting::all(kept, &person).await?;
    let change = rewritten.change;
    let commit = Commit {
        id: Uuid::now_v7(),
        checks: Vec::new(),
        writes: rewritten.writes,
        note: b"Anonymised a customer".to_vec(),
    };
    kept.0.store.commit(commit).await?;
    writing.read_anew().await?;
    watching::read_anew(kept).await?;
    drop(alone);
    kept.alerts_changed();
    finish_now(kept).await?;
    drop(writing);
    export::keep_calendar(kept).await;
    let promises = count(crate::rows::to_u32(person.promises.len()), "promise");
    let mut said = format!("Anonymised a customer. The record of {promises} stays.");
    if takes.backups_too {
        let removed = backups::make_and_remove_older(kept).await?;
        said = format!("{said} Removed {}.", count(removed, "older backup"));
    }
    Ok(Done { change, said, promise: None })
}

/// Goes on where forgetting was cut off.
pub(crate) async fn finish(kept: &Kept) -> Result<(), Failure> {
    if nothing_with(&kept.0.store, UNFINISHED).await? {
        return Ok(());
    }
    let _writing = kept.writing().await;
    finish_now(kept).await
}

/// Removes every copy of what the rows were, and files that only they used.
async fn finish_now(kept: &Kept) -> Result<(), Failure> {
    let rows = rows_of(&kept.0.store, UNFINISHED).await?;
    kept.0.store.forget_the_past().await?;
    let hashes: Vec<String> = rows
        .iter()
        .map(|row| String::from_utf8_lossy(row.key.get(1..).unwrap_or_default()).into_owned())
        .collect();
    let data = kept.folder().to_owned();
    let removing = move || {
        attached::clear_opened(&data);
        attachments::clear_incoming(&data);
        attachments::remove(&data, &hashes)
    };
    tokio::task::spawn_blocking(removing).await.map_err(Failure::bug)??;
    put_rows(kept, rows.into_iter().map(|row| Write::Delete { key: row.key }).collect()).await
}

/// Notes that the past is to be forgotten, and which files go with it.
fn unfinished(files: impl Iterator<Item = String>) -> Vec<Write> {
    let mark = std::iter::once(String::new()).chain(files);
    mark.map(|file| Write::Put { key: key(UNFINISHED[0], &[file.as_bytes()]), value: Vec::new() }).collect()
}

/// The mark by which the order of a forgotten customer is known again, and they are not.
pub(crate) fn order_mark(shop: &str, order: &str) -> String {
    let mut sum = Sha256::new();
    sum.update(shop);
    sum.update([0]);
    sum.update(order);
    let hex = hex::encode(sum.finalize());
    format!("{FORGOTTEN_ORDER}{}", &hex[..16])
}
