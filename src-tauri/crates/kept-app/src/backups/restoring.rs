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
    /// All of them, where nothing is there yet.
    Whole(Whole),
}

/// All rows, in the order in which they are written.
#[derive(Default)]
struct Whole {
    /// As they were read one after the other, so that none has to be looked for.
    rows: Vec<(RowKey, Vec<u8>)>,
    /// What was changed meanwhile or since: it overrides them.
    late: BTreeMap<RowKey, Option<Vec<u8>>>,
}

impl Whole {
    fn hear(&mut self, step: Step) {
        match step {
            Step::Row { key, value, again, .. } => {
                let follows = self.rows.last().is_none_or(|(last, _)| *last < key);
                if follows && !again && self.late.is_empty() {
                    self.rows.push((key, value));
                } else {
                    self.late.insert(key, Some(value));
                }
            }
            Step::Gone { key } => drop(self.late.insert(key, None)),
        }
    }

    /// A row that is there already: whether it is one of them, and as it should be. Then it need not be written.
    fn meet(&mut self, row: &Row) -> Option<bool> {
        let wanted = if let Some(late) = self.late.get(&row.key) {
            late.as_ref()
        } else {
            let at = self.rows.binary_search_by(|(key, _)| key.cmp(&row.key)).ok()?;
            Some(&self.rows[at].1)
        };
        let is_as_it_should_be = *wanted? == row.value;
        if is_as_it_should_be {
            self.late.insert(row.key.clone(), None);
        }
        Some(is_as_it_should_be)
    }

    fn writes(self) -> Vec<Write> {
        let mut writes = Vec::with_capacity(self.rows.len() + self.late.len());
        let mut late = self.late.into_iter().peekable();
        for (key, value) in self.rows {
            while let Some((key, value)) = late.next_if(|(before, _)| *before < key) {
                writes.extend(value.map(|value| Write::Put { key, value }));
            }
            match late.next_if(|(same, _)| *same == key) {
                Some((key, value)) => writes.extend(value.map(|value| Write::Put { key, value })),
                None => writes.push(Write::Put { key, value }),
            }
        }
        writes.extend(late.filter_map(|(key, value)| Some(Write::Put { key, value: value? })));
        writes
    }
}

impl Rows {
    /// A row that is there: what has to be done to it, if it is not one of the backup. One that is as it should be need
    /// not be written.
    fn meet(&mut self, row: &Row) -> Option<Write> {
        let is_as_it_should_be = match self {
            Self::Known(hashes) => hashes.get(&row.key).map(|hash| *hash == XxHash3_64::oneshot(&row.value)),
            Self::Whole(whole) => whole.meet(row),
        };
        match (is_as_it_should_be, self) {
            (None, _) => return Some(Write::Delete { key: row.key.clone() }),
            (Some(true), Self::Known(hashes)) => drop(hashes.remove(&row.key)),
            (Some(_), _) => {}
        }
        None
    }
}

async fn wanted(kept: &Kept, chosen: &Chosen) -> Result<Wanted, Failure> {
    let Chosen { path, key } = chosen.clone();
    let rows =
        if kept.shop().change > 0 { Rows::Known(HashMap::new()) } else { Rows::Whole(Whole::default()) };
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
            (Rows::Whole(whole), step) => whole.hear(step),
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
        Rows::Whole(whole) => (HashMap::new(), whole.writes()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Version;
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_makes_all_rows_those_of_the_backup(
            read in btree_map(0..20_u8, 0..4_u8, 0..12),
            late in vec((0..20_u8, proptest::option::of(0..4_u8)), 0..12),
            there in btree_map(0..20_u8, 0..4_u8, 0..8),
        ) {
            let (mut whole, mut wanted) = (Whole::default(), read.clone());
            let row = |key, value, again| Step::Row { key: vec![key], version: 1, value: vec![value], again };
            for (key, value) in read {
                whole.hear(row(key, value, false));
            }
            for (key, value) in late {
                match value {
                    Some(value) => whole.hear(row(key, value, wanted.insert(key, value).is_some())),
                    None if wanted.remove(&key).is_some() => whole.hear(Step::Gone { key: vec![key] }),
                    None => {}
                }
            }
            let (mut rows, mut after) = (Rows::Whole(whole), there.clone());
            let mut writes = Vec::new();
            for (key, value) in there {
                let row = Row { key: vec![key], value: vec![value], version: Version::from_number(1) };
                writes.extend(rows.meet(&row));
            }
            let Rows::Whole(whole) = rows else { panic!("all of them") };
            writes.extend(whole.writes());
            for write in writes {
                match write {
                    Write::Put { key, value } => {
                        let before = after.insert(key[0], value[0]);
                        prop_assert_ne!(before, Some(value[0]), "what is as it should be is not written");
                    }
                    Write::Delete { key } => drop(after.remove(&key[0])),
                }
            }
            prop_assert_eq!(after, wanted);
        }
    }
}
