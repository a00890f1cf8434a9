//! Restoring a backup: what is there now is backed up first, then all rows become those of the backup, as one commit. It
//! is undone, like any other change, by restoring the backup that was made first.

use super::file::{self, Visitor, is_whole};
use super::heading::Heading;
use super::keys::Key;
use super::{at_words, making, place_of, what};
use crate::commit::Writing;
use crate::failure::{Code, Failure};
use crate::history::Restored;
use crate::lists::each;
use crate::records::{Entry, change_key, encode};
use crate::store::{Commit, Key as RowKey, Row, Step, Store, Write};
use crate::takes::backups::TheBackup;
use crate::{Kept, attachments, watching};
use kept_core::backup::BackupReason;
use kept_core::views::Done;
use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use twox_hash::XxHash3_64;
use uuid::Uuid;

/// Restores a backup.
pub(crate) async fn restore_backup(kept: &Kept, takes: TheBackup) -> Result<Done, Failure> {
    let path = place_of(kept, &takes.backup)?;
    let chosen = Chosen { path, key: Key::of(kept, &takes) };
    refuse_while_importing(kept)?;
    let writing = kept.writing().await;
    let words = |heading: &Heading| {
        format!("Restored {} from the backup of {}", what(heading), at_words(kept, heading.made))
    };
    let (change, said, way_back) = restore(kept, &writing, &chosen, words, false).await?;
    let said = match way_back {
        Some(_) => format!("{said}. What was there before is in a backup of its own."),
        None => format!("{said}."),
    };
    Ok(Done { change, said, promise: None })
}

/// Takes back that a backup was restored, if nobody has changed anything since: what was there before was backed up.
pub(crate) async fn take_back(
    kept: &Kept,
    writing: &Writing<'_>,
    restored: Restored,
    said: String,
    by_itself: bool,
) -> Result<Done, Failure> {
    refuse_while_importing(kept)?;
    if !restored.nothing_since {
        let words = "Something was changed since that backup was restored. Look into the backup that was made before \
                     it, and restore that one.";
        return Err(Failure::new(Code::Conflict, words));
    }
    let takes = TheBackup { backup: restored.way_back, passphrase: None };
    let chosen = Chosen { path: place_of(kept, &takes.backup)?, key: Key::of(kept, &takes) };
    let (change, said, _) = restore(kept, writing, &chosen, |_| said, by_itself).await?;
    Ok(Done { change, said, promise: None })
}

fn refuse_while_importing(kept: &Kept) -> Result<(), Failure> {
    if kept.0.imports.is_running() {
        let words = "A file is being brought in. Wait until it is done, or stop it.";
        return Err(Failure::new(Code::Busy, words));
    }
    Ok(())
}

/// Where a backup lies, and what opens it.
#[derive(Clone)]
struct Chosen {
    path: PathBuf,
    key: Key,
}

/// Restores a backup: the number of the change, its words, and the backup of what was there before, if there was
/// anything.
async fn restore(
    kept: &Kept,
    writing: &Writing<'_>,
    chosen: &Chosen,
    words: impl FnOnce(&Heading) -> String,
    by_itself: bool,
) -> Result<(u64, String, Option<String>), Failure> {
    // All of it is checked before anything is changed.
    let wanted = wanted(chosen).await?;
    let way_back = if kept.shop().change > 0 {
        // What is no longer needed is cleared away another time: it may be what is restored now.
        Some(making::make(kept, BackupReason::BeforeRestore).await?.name)
    } else {
        None
    };
    let said = words(&wanted.heading);
    let entry = Entry {
        at: (kept.0.host.now)().stamp,
        what: said.clone(),
        promise: None,
        undoes: None,
        redoes: None,
        import: None,
        by_itself: by_itself || way_back.is_none(),
        way_back: way_back.clone(),
        moved_in: None,
    };
    let change = replace(kept, writing, chosen, wanted, &entry).await?;
    Ok((change, said, way_back))
}

/// What a backup holds, checked: the hash of each row's value.
struct Wanted {
    heading: Heading,
    rows: HashMap<RowKey, u64>,
}

async fn wanted(chosen: &Chosen) -> Result<Wanted, Failure> {
    let Chosen { path, key } = chosen.clone();
    let read = move || {
        let mut hashes = Hashes::default();
        let heading = file::read(&path, key.secret(), &mut hashes);
        heading
            .map(|heading| Wanted { heading, rows: hashes.0 })
            .map_err(|unreadable| key.blamed(unreadable).failure(&path))
    };
    tokio::task::spawn_blocking(read).await.map_err(Failure::bug)?
}

#[derive(Default)]
struct Hashes(HashMap<RowKey, u64>);

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
    chosen: &Chosen,
    wanted: Wanted,
    entry: &Entry,
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
    writes.append(&mut taken(kept, chosen, missing).await?);
    // Numbers that were given out are not given out again: windows that are open know them.
    let change = newest + 1;
    writes.push(Write::Put { key: change_key(b'h', change), value: encode(entry)? });
    writes.push(Write::Put { key: change_key(b't', change), value: Vec::new() });
    let commit =
        Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: entry.what.as_bytes().to_vec() };
    kept.0.store.commit(commit).await?;
    writing.read_anew().await?;
    watching::read_anew(kept).await?;
    drop(alone);
    kept.alerts_changed();
    Ok(change)
}

/// The rows of a backup that are missing; its attached files are put back on the way.
async fn taken(kept: &Kept, chosen: &Chosen, missing: HashMap<RowKey, u64>) -> Result<Vec<Write>, Failure> {
    let (Chosen { path, key }, data) = (chosen.clone(), kept.folder().to_owned());
    let read = move || {
        let mut taking = Taking { data, missing, writes: Vec::new() };
        let read = file::read(&path, key.secret(), &mut taking);
        read.map(|_| taking.writes).map_err(|unreadable| unreadable.failure(&path))
    };
    tokio::task::spawn_blocking(read).await.map_err(Failure::bug)?
}

struct Taking {
    data: PathBuf,
    missing: HashMap<RowKey, u64>,
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
