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
use std::collections::{BTreeMap, HashMap};
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
    let wanted = wanted(kept, chosen).await?;
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

/// What a backup holds, checked.
struct Wanted {
    heading: Heading,
    rows: Rows,
}

/// The rows of a backup.
enum Rows {
    /// The hash of each row's value: what is there already is not written again, and the rest read a second time.
    Known(HashMap<RowKey, u64>),
    /// All of them, where nothing is there yet; in the order in which they are written.
    Whole(BTreeMap<RowKey, Vec<u8>>),
}

impl Rows {
    /// A row that is there: what has to be done to it, if it is not one of the backup. One that is as it should be need
    /// not be written.
    fn meet(&mut self, row: &Row) -> Option<Write> {
        let is_as_it_should_be = match self {
            Self::Known(hashes) => hashes.get(&row.key).map(|hash| *hash == XxHash3_64::oneshot(&row.value)),
            Self::Whole(rows) => rows.get(&row.key).map(|value| *value == row.value),
        };
        match (is_as_it_should_be, self) {
            (None, _) => return Some(Write::Delete { key: row.key.clone() }),
            (Some(true), Self::Known(hashes)) => drop(hashes.remove(&row.key)),
            (Some(true), Self::Whole(rows)) => drop(rows.remove(&row.key)),
            (Some(false), _) => {}
        }
        None
    }
}

async fn wanted(kept: &Kept, chosen: &Chosen) -> Result<Wanted, Failure> {
    let Chosen { path, key } = chosen.clone();
    let rows =
        if kept.shop().change > 0 { Rows::Known(HashMap::new()) } else { Rows::Whole(BTreeMap::new()) };
    let read = move || {
        let mut checking = Checking(rows);
        let heading = file::read(&path, key.secret(), &mut checking);
        heading
            .map(|heading| Wanted { heading, rows: checking.0 })
            .map_err(|unreadable| key.blamed(unreadable).failure(&path))
    };
    tokio::task::spawn_blocking(read).await.map_err(Failure::bug)?
}

struct Checking(Rows);

impl Visitor for Checking {
    fn row(&mut self, step: Step) -> Result<(), Failure> {
        match (&mut self.0, step) {
            (Rows::Known(hashes), Step::Row { key, value, .. }) => {
                hashes.insert(key, XxHash3_64::oneshot(&value));
            }
            (Rows::Known(hashes), Step::Gone { key }) => {
                hashes.remove(&key);
            }
            (Rows::Whole(rows), Step::Row { key, value, .. }) => {
                rows.insert(key, value);
            }
            (Rows::Whole(rows), Step::Gone { key }) => {
                rows.remove(&key);
            }
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
    let Wanted { heading, mut rows } = wanted;
    let newest = heading.change.max(kept.shop().change);
    let mut writes = Vec::new();
    each(&kept.0.store, b"", |row: &Row| {
        writes.extend(rows.meet(row));
        Ok(())
    })
    .await?;
    writes.extend(taken(kept, chosen, rows, heading.files > 0).await?);
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
async fn taken(kept: &Kept, chosen: &Chosen, rows: Rows, files: bool) -> Result<Vec<Write>, Failure> {
    let (missing, mut writes) = match rows {
        Rows::Known(missing) => (missing, Vec::new()),
        Rows::Whole(rows) => {
            (HashMap::new(), rows.into_iter().map(|(key, value)| Write::Put { key, value }).collect())
        }
    };
    if !missing.is_empty() || files {
        let (Chosen { path, key }, data) = (chosen.clone(), kept.folder().to_owned());
        let read = move || {
            let mut taking = Taking { data, missing, writes: Vec::new() };
            let read = file::read(&path, key.secret(), &mut taking);
            read.map(|_| taking.writes).map_err(|unreadable| unreadable.failure(&path))
        };
        writes.append(&mut tokio::task::spawn_blocking(read).await.map_err(Failure::bug)??);
    }
    Ok(writes)
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
