//! Restoring a backup: what is there now is backed up first, then all rows become those of the backup, as one commit. It
//! is undone by restoring the backup that was made first.

use super::file::{self, Visitor, is_whole};
use super::heading::Heading;
use super::{at_words, making, passphrase_of, place_of, what};
use crate::commit::Writing;
use crate::failure::{Code, Failure};
use crate::lists::each;
use crate::records::{Entry, change_key, encode};
use crate::store::{Commit, Key, Row, Step, Store, Write};
use crate::takes::backups::TheBackup;
use crate::{Kept, attachments, watching};
use age::secrecy::SecretString;
use kept_core::backup::BackupReason;
use kept_core::views::Done;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use twox_hash::XxHash3_64;
use uuid::Uuid;

/// Restores a backup.
pub(crate) async fn restore_backup(kept: &Kept, takes: TheBackup) -> Result<Done, Failure> {
    let path = place_of(kept, &takes.backup)?;
    let passphrase = passphrase_of(kept, &takes);
    if kept.0.imports.is_running() {
        let words = "A file is being brought in. Wait until it is done, or stop it.";
        return Err(Failure::new(Code::Busy, words));
    }
    let writing = kept.writing().await;
    // All of it is checked before anything is changed.
    let wanted = wanted(&path, passphrase.clone()).await?;
    let had_something = kept.shop().change > 0;
    if had_something {
        // What is no longer needed is cleared away another time: it may be what is restored now.
        making::make(kept, BackupReason::BeforeRestore).await?;
    }
    let heading = wanted.heading.clone();
    let said = format!("Restored {} from the backup of {}.", what(&heading), at_words(kept, heading.made));
    let change = replace(kept, &writing, &path, passphrase, wanted, &said).await?;
    let said =
        if had_something { format!("{said} What was there before is in a backup of its own.") } else { said };
    Ok(Done { change, said, promise: None })
}

/// What a backup holds, checked: the hash of each row's value.
struct Wanted {
    heading: Heading,
    rows: HashMap<Key, u64>,
}

async fn wanted(path: &Path, passphrase: Option<SecretString>) -> Result<Wanted, Failure> {
    let path = path.to_owned();
    let read = move || {
        let mut hashes = Hashes::default();
        let heading = file::read(&path, passphrase.as_ref(), &mut hashes);
        heading
            .map(|heading| Wanted { heading, rows: hashes.0 })
            .map_err(|unreadable| unreadable.failure(&path))
    };
    tokio::task::spawn_blocking(read).await.map_err(Failure::bug)?
}

#[derive(Default)]
struct Hashes(HashMap<Key, u64>);

impl Visitor for Hashes {
    fn row(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Row { key, value, .. } => drop(self.0.insert(key, XxHash3_64::oneshot(&value))),
            Step::Gone { key } => drop(self.0.remove(&key)),
        }
        Ok(())
    }

    fn file(&mut self, hash: &str, _: u64, source: &mut dyn Read) -> Result<bool, Failure> {
        Ok(is_whole(hash, source).unwrap_or(false))
    }
}

/// Makes all rows those of the backup, and reads anew what is held in memory. Answers with the number of the change.
async fn replace(
    kept: &Kept,
    writing: &Writing<'_>,
    path: &Path,
    passphrase: Option<SecretString>,
    wanted: Wanted,
    said: &str,
) -> Result<u64, Failure> {
    let alone = watching::alone(kept).await;
    let Wanted { heading, rows: mut missing } = wanted;
    let newest = heading.change.max(kept.shop().change);
    let mut writes = Vec::new();
    each(&kept.0.store, b"", |row: &Row| {
        match missing.get(&row.key) {
            Some(hash) if *hash == XxHash3_64::oneshot(&row.value) => drop(missing.remove(&row.key)),
            Some(_) => {}
            None => writes.push(Write::Delete { key: row.key.clone() }),
        }
        Ok(())
    })
    .await?;
    writes.append(&mut taken(kept, path, passphrase, missing).await?);
    // Numbers that were given out are not given out again: windows that are open know them.
    let change = newest + 1;
    let entry = Entry {
        at: (kept.0.host.now)().stamp,
        what: said.trim_end_matches('.').to_owned(),
        promise: None,
        undoes: None,
        redoes: None,
        import: None,
        by_itself: true,
        moved_in: None,
    };
    writes.push(Write::Put { key: change_key(b'h', change), value: encode(&entry)? });
    writes.push(Write::Put { key: change_key(b't', change), value: Vec::new() });
    let commit = Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: said.as_bytes().to_vec() };
    kept.0.store.commit(commit).await?;
    writing.read_anew().await?;
    watching::read_anew(kept).await?;
    drop(alone);
    kept.alerts_changed();
    Ok(change)
}

/// The rows of a backup that are missing; its attached files are put back on the way.
async fn taken(
    kept: &Kept,
    path: &Path,
    passphrase: Option<SecretString>,
    missing: HashMap<Key, u64>,
) -> Result<Vec<Write>, Failure> {
    let (path, data) = (path.to_owned(), kept.folder().to_owned());
    let read = move || {
        let mut taking = Taking { data, missing, writes: Vec::new() };
        let read = file::read(&path, passphrase.as_ref(), &mut taking);
        read.map(|_| taking.writes).map_err(|unreadable| unreadable.failure(&path))
    };
    tokio::task::spawn_blocking(read).await.map_err(Failure::bug)?
}

struct Taking {
    data: PathBuf,
    missing: HashMap<Key, u64>,
    writes: Vec<Write>,
}

impl Visitor for Taking {
    fn row(&mut self, step: Step) -> Result<(), Failure> {
        if let Step::Row { key, value, .. } = step
            && self.missing.get(&key) == Some(&XxHash3_64::oneshot(&value))
        {
            self.writes.push(Write::Put { key, value });
        }
        Ok(())
    }

    fn file(&mut self, hash: &str, bytes: u64, source: &mut dyn Read) -> Result<bool, Failure> {
        attachments::put_back(&self.data, hash, bytes, source)
    }
}
