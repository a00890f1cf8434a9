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
mod steps;
mod trouble;

pub(crate) use daily::{WITHOUT_BACKUP, before_import, keep_up, newest};
pub(crate) use looking::look_into_backup;
pub(crate) use older::{made, make_and_remove_older};
pub(crate) use restoring::{restore_backup, take_back};
pub(crate) use second::set_backup_folder;
pub(crate) use steps::before_steps;

use crate::failure::{Code, Failure};
use crate::history::{Restored, newest_restored};
use crate::takes::Nothing;
use crate::takes::backups::SetBackupPassphrase;
use crate::{Kept, backed_up};
use age::secrecy::SecretString;
use folder::Found;
use heading::Heading;
use kept_core::backup::{BackupReason, missed_from};
use kept_core::day::Stamp;
use kept_core::views::Done;
use kept_core::views::backups::{BackupRow, BackupsView, RestoredBackup};
use kept_core::words::{count, lower_first};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What is known of backups beside what lies in their folders.
#[derive(Debug, Default)]
pub(crate) struct Backups {
    /// Held while one is made or copied.
    making: tokio::sync::Mutex<()>,
    /// Why the last one could not be made.
    trouble: Mutex<Option<String>>,
    /// What came of the last copy to the second folder.
    tried: Mutex<Option<second::Tried>>,
}

/// The backups that are there.
pub(crate) async fn backups(kept: &Kept, _: Nothing) -> Result<BackupsView, Failure> {
    let restored = restored(kept).await?;
    let since = backed_up::without_backup_since(kept).await;
    let now = (kept.0.host.now)().stamp;
    let kept = kept.clone();
    tokio::task::spawn_blocking(move || {
        let here = folder::beside(kept.folder());
        let rows = rows(&kept, &here);
        BackupsView {
            said: said(&rows),
            rows,
            stale: since.is_some_and(|since| missed_from(since) <= now),
            trouble: kept.0.backups.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            restored,
            folder: here.display().to_string(),
            locked: keys::is_locked(kept.folder()),
            second: second::view(&kept),
        }
    })
    .await
    .map_err(Failure::bug)
}

/// When the newest good one was made, and where it lies.
fn said(rows: &[BackupRow]) -> String {
    match rows.iter().find(|row| row.wrong.is_none()) {
        Some(BackupRow { at_words, where_words, holds, .. }) => {
            format!(
                "The newest good backup is of {at_words}. It holds {holds}, and lies {}.",
                lower_first(where_words)
            )
        }
        None => "There is no good backup yet.".to_owned(),
    }
}

/// What was restored last, as long as the backup of what was there before is.
async fn restored(kept: &Kept) -> Result<Option<RestoredBackup>, Failure> {
    let newest = newest_restored(kept).await?.filter(|newest| place_of(kept, &newest.way_back).is_ok());
    Ok(newest.map(|Restored { change, what, way_back, nothing_since }| RestoredBackup {
        change,
        said: what,
        way_back,
        nothing_since,
    }))
}

/// Makes a backup now.
pub(crate) async fn backup_now(kept: &Kept, _: Nothing) -> Result<Done, Failure> {
    let made = making::make(kept, BackupReason::ByHand).await?;
    let second = making::follow_up(kept).await;
    let said = format!("Backed up {} and verified the copy.", what(&made.heading));
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
    let mut rows: Vec<BackupRow> = rows
        .into_values()
        .map(|row| BackupRow { where_words: where_words(&row).to_owned(), ..row })
        .collect();
    rows.sort_by(|a, b| (b.at, &b.backup).cmp(&(a.at, &a.backup)));
    rows
}

/// Where a backup lies, in words.
fn where_words(row: &BackupRow) -> &'static str {
    match (row.here, row.second) {
        (true, true) => "On this computer and in the second folder",
        (true, false) => "On this computer",
        (false, true) => "In the second folder",
        (false, false) => "Elsewhere",
    }
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
        holds: holds(heading),
        bytes: heading.bytes + heading::ROOM as u64,
        locked: heading.locked,
        here: false,
        second: false,
        where_words: String::new(),
        wrong: None,
    }
}

/// `120 promises, 80 customers, 3 files`.
fn holds(heading: &Heading) -> String {
    let files = (heading.files > 0).then(|| count(heading.files, "file"));
    let all = [count(heading.promises, "promise"), count(heading.customers, "customer")];
    all.into_iter().chain(files).collect::<Vec<_>>().join(", ")
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
