//! Backups: one file with everything, made each day and before much is changed; looking into one, and restoring it.

mod daily;
mod file;
mod folder;
mod heading;
mod keys;
mod looking;
mod making;
mod older;
mod restoring;
mod second;
mod trouble;

pub(crate) use daily::{before, keep_up, newest};
pub(crate) use looking::look_into_backup;
pub(crate) use older::{made, make_and_remove_older};
pub(crate) use restoring::restore_backup;

use crate::Kept;
use crate::failure::{Code, Failure};
use crate::takes::Nothing;
use crate::takes::backups::{SetBackupPassphrase, TheBackup};
use age::secrecy::SecretString;
use folder::Found;
use heading::Heading;
use kept_core::backup::BackupReason;
use kept_core::day::Stamp;
use kept_core::views::Done;
use kept_core::views::backups::{BackupRow, BackupsView};
use kept_core::words::count;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What is known of backups beside what lies in their folders.
#[derive(Debug, Default)]
pub(crate) struct Backups {
    /// Held while one is made or copied.
    making: tokio::sync::Mutex<()>,
    /// What came of the last copy to the second folder.
    tried: Mutex<Option<second::Tried>>,
}

/// The backups that are there.
pub(crate) async fn backups(kept: &Kept, _: Nothing) -> Result<BackupsView, Failure> {
    let kept = kept.clone();
    tokio::task::spawn_blocking(move || {
        let here = folder::beside(kept.folder());
        BackupsView {
            rows: rows(&kept, &here),
            folder: here.display().to_string(),
            locked: keys::is_locked(kept.folder()),
            second: second::view(&kept),
        }
    })
    .await
    .map_err(Failure::bug)
}

/// Makes a backup now.
pub(crate) async fn backup_now(kept: &Kept, _: Nothing) -> Result<Done, Failure> {
    let made = making::make(kept, BackupReason::ByHand).await?;
    let second = making::follow_up(kept).await;
    let said = format!("Backed up {} and verified the copy.", what(&made));
    let said = second.map_or_else(|| said.clone(), |second| format!("{said} {second}"));
    Ok(Done { change: 0, said, promise: None })
}

/// Locks new backups with a passphrase, or no longer.
pub(crate) async fn set_backup_passphrase(kept: &Kept, takes: SetBackupPassphrase) -> Result<Done, Failure> {
    let passphrase = takes.passphrase;
    if passphrase.as_ref().is_some_and(|it| it.chars().count() < 8) {
        return Err(Failure::field("passphrase", "Use at least 8 letters; a few words are good."));
    }
    let said = match &passphrase {
        Some(_) => "New backups are locked. Write the passphrase down: without it nobody can open them.",
        None => "New backups are not locked any more. Older ones stay as they are.",
    };
    let data = kept.folder().to_owned();
    tokio::task::spawn_blocking(move || keys::set(&data, passphrase.as_deref()))
        .await
        .map_err(Failure::bug)?
        .map_err(|error| {
            Failure::new(Code::Storage, format!("The passphrase could not be taken down: {error}."))
        })?;
    Ok(Done { change: 0, said: said.to_owned(), promise: None })
}

/// Makes a backup in a file, for the command line: what was backed up, in words.
pub(crate) async fn backup_to(
    kept: &Kept,
    path: &Path,
    passphrase: Option<SecretString>,
) -> Result<(u32, u32, u64), Failure> {
    let made = making::make_at(kept, path.to_owned(), BackupReason::ByHand, passphrase).await?;
    let Heading { promises, customers, bytes, .. } = made;
    Ok((promises, customers, bytes + heading::ROOM as u64))
}

/// Those beside the data and those in the second folder, the newest first.
fn rows(kept: &Kept, here: &Path) -> Vec<BackupRow> {
    let mut rows: BTreeMap<String, BackupRow> = BTreeMap::new();
    for found in folder::list(here) {
        rows.insert(found.name.clone(), BackupRow { here: true, ..row(kept, &found) });
    }
    for found in second::place(kept).iter().flat_map(|second| folder::list(second)) {
        let row = rows.entry(found.name.clone()).or_insert_with(|| row(kept, &found));
        row.second = true;
    }
    rows.into_values().rev().collect()
}

/// A backup as its heading tells it.
fn row(kept: &Kept, found: &Found) -> BackupRow {
    match &found.heading {
        Ok(heading) => row_of(kept, &found.name, heading),
        Err(unreadable) => {
            let written = std::fs::metadata(&found.path).and_then(|about| about.modified());
            let at = written.map_or(Stamp::from_millis(0), |at| Stamp::new(at.into()));
            let heading = Heading::new(at, BackupReason::ByHand, String::new(), false);
            let row = row_of(kept, &found.name, &heading);
            BackupRow { wrong: Some(unreadable.words(&found.name)), ..row }
        }
    }
}

fn row_of(kept: &Kept, name: &str, heading: &Heading) -> BackupRow {
    BackupRow {
        backup: name.to_owned(),
        at: heading.made,
        at_words: at_words(kept, heading.made),
        why: heading.why,
        why_words: heading.why.words().to_owned(),
        business: heading.business.clone(),
        promises: heading.promises,
        customers: heading.customers,
        files: heading.files,
        bytes: heading.bytes + heading::ROOM as u64,
        locked: heading.locked,
        here: false,
        second: false,
        wrong: None,
    }
}

/// `Thu 20 Nov, 09:00`.
fn at_words(kept: &Kept, at: Stamp) -> String {
    let now = kept.now();
    let (day, time) = kept.settings().calendar.zone.wall(at);
    format!("{}, {time}", day.words(now.today))
}

fn what(heading: &Heading) -> String {
    format!("{} and {}", count(heading.promises, "promise"), count(heading.customers, "customer"))
}

/// Where a backup lies that was named: beside the data, in the second folder, or wherever the owner has chosen it.
fn place_of(kept: &Kept, backup: &str) -> Result<PathBuf, Failure> {
    if !folder::is_name(backup) {
        return kept.offered(backup);
    }
    let folders = std::iter::once(folder::beside(kept.folder())).chain(second::place(kept));
    folders
        .map(|folder| folder.join(backup))
        .find(|path| path.is_file())
        .ok_or_else(|| Failure::not_found("This backup"))
}

/// The passphrase of a backup: the one that was typed, else the one that new backups are locked with.
fn passphrase_of(kept: &Kept, takes: &TheBackup) -> Option<SecretString> {
    let typed = takes.passphrase.as_ref().filter(|typed| !typed.is_empty());
    typed.map(|typed| SecretString::from(typed.clone())).or_else(|| keys::passphrase(kept.folder()))
}
