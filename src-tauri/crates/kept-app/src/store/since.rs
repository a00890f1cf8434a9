//! Which rows have changed since all of them were copied, so that the next copy need not read all of them again.
//!
//! This is never trusted: a copy that is made with it counts only if it adds up to what all rows add up to.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;

use serde::{Deserialize, Serialize};

use super::folder::{Folder, read_note, write_note};
use super::plan::Changed;
use super::rows::State;
use super::shared::Late;
use super::{Key, StoreError};

/// Where more rows than these have changed, all of them are copied again.
const MOST: usize = 10_000;

/// The rows that have changed, and what each of them had added to the digest; `None` if they are too many.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Changes(Option<BTreeMap<Key, Option<u64>>>);

impl Changes {
    fn none() -> Changes {
        Changes(Some(BTreeMap::new()))
    }

    /// What a row was before its first change counts.
    fn add(&mut self, key: &Key, was: Option<u64>) {
        let Some(rows) = &mut self.0 else { return };
        if let Entry::Vacant(place) = rows.entry(key.clone()) {
            place.insert(was);
        }
        if rows.len() > MOST {
            self.0 = None;
        }
    }
}

/// The changes since the newest copy, and since the one that is being made.
#[derive(Debug)]
pub(super) struct Since {
    /// The sum of the copy; `None` if that stands in the note of an earlier run.
    copy: Option<u64>,
    changes: Changes,
    /// What all rows added up to when the store was opened.
    opened: State,
    coming: Option<Changes>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    /// The sum of the copy.
    copy: u64,
    /// What all rows added up to when the store was closed.
    applied: u64,
    digest: u64,
    /// The keys in hexadecimal.
    changes: Vec<(String, Option<u64>)>,
}

impl Since {
    pub(super) fn opened_at(opened: State) -> Since {
        Since { copy: None, changes: Changes::none(), opened, coming: None }
    }

    /// Takes in what a plan changes.
    pub(super) fn add(&mut self, changed: &Changed<'_>) {
        let was = changed.before.map(|known| known.hash);
        self.changes.add(changed.key, was);
        if let Some(coming) = &mut self.coming {
            coming.add(changed.key, was);
        }
    }

    /// All rows were read for a copy; these were changed behind its back.
    pub(super) fn copying(&mut self, late: &[Late]) {
        let mut coming = Changes::none();
        for late in late {
            coming.add(&late.key, late.was);
        }
        self.coming = Some(coming);
    }

    /// The copy whose rows were read counts from now on.
    pub(super) fn copied(&mut self, copy: u64) {
        if let Some(changes) = self.coming.take() {
            (self.copy, self.changes) = (Some(copy), changes);
        }
    }

    /// All rows were copied while none could change: nothing is known any more of what was before.
    pub(super) fn begin_anew(&mut self, copy: u64) {
        (self.copy, self.changes, self.coming) = (Some(copy), Changes::none(), None);
    }

    /// The rows that have changed since this copy, in order of their keys, and what each had added to the digest; if that
    /// is known, and they are not too many.
    pub(super) fn changes(&mut self, folder: &Folder, copy: u64) -> Option<BTreeMap<Key, Option<u64>>> {
        self.take_in_note(folder);
        if self.copy == Some(copy) { self.changes.0.clone() } else { None }
    }

    /// Adds what an earlier run noted, if this one begins where that one ended.
    fn take_in_note(&mut self, folder: &Folder) {
        if self.copy.is_some() || self.changes.0.is_none() {
            return;
        }
        let now = std::mem::replace(&mut self.changes, Changes(None)).0.unwrap_or_default();
        let Some(note) = read_note::<Note>(&folder.since()) else { return };
        if (note.applied, note.digest) != (self.opened.applied, self.opened.digest) {
            return;
        }
        let mut changes = Changes::none();
        for (key, was) in note.changes {
            let Ok(key) = hex::decode(key) else { return };
            changes.add(&key, was);
        }
        for (key, was) in &now {
            changes.add(key, *was);
        }
        (self.copy, self.changes) = (Some(note.copy), changes);
    }

    /// Notes for the next run what is known when the store is closed.
    pub(super) fn write(&mut self, folder: &Folder, state: State) -> Result<(), StoreError> {
        if state == self.opened && self.copy.is_none() {
            return Ok(());
        }
        self.take_in_note(folder);
        let (Some(copy), Some(changes)) = (self.copy, &self.changes.0) else {
            // Without a note, or with one of another time, all rows are copied.
            let _ = fs::remove_file(folder.since());
            return Ok(());
        };
        let changes = changes.iter().map(|(key, was)| (hex::encode(key), *was)).collect();
        write_note(&folder.since(), &Note { copy, applied: state.applied, digest: state.digest, changes })
    }
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::{self, Copied};
    use super::super::{Commit, JournaledSled, Options, SnapshotInfo, Step, Store, Write};
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::path::Path;
    use std::sync::Arc;
    use tokio::runtime::Runtime;
    use uuid::Uuid;

    /// A store, and what should be in it.
    struct Kept {
        runtime: Runtime,
        store: Option<JournaledSled>,
        folder: tempfile::TempDir,
        rows: BTreeMap<Key, Vec<u8>>,
    }

    impl Kept {
        fn new() -> Kept {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let folder = tempfile::tempdir().unwrap();
            let store = Some(opened(folder.path()));
            Kept { runtime, store, folder, rows: BTreeMap::new() }
        }

        fn store(&self) -> &JournaledSled {
            self.store.as_ref().unwrap()
        }

        fn commit(&mut self, changes: Vec<(Key, Option<Vec<u8>>)>) {
            let write = |(key, value): (Key, Option<Vec<u8>>)| match value {
                Some(value) => Write::Put { key, value },
                None => Write::Delete { key },
            };
            let writes = changes.iter().cloned().map(write).collect();
            let commit = Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: Vec::new() };
            self.runtime.block_on(self.store().commit(commit)).unwrap();
            for (key, value) in changes {
                match value {
                    Some(value) => drop(self.rows.insert(key, value)),
                    None => drop(self.rows.remove(&key)),
                }
            }
        }

        fn put(&mut self, rows: &[(&str, &str)]) {
            let rows =
                rows.iter().map(|(key, value)| (key.as_bytes().to_vec(), Some(value.as_bytes().to_vec())));
            self.commit(rows.collect());
        }

        /// Makes a snapshot, and checks that it is what is there.
        fn snapshot(&self) -> (SnapshotInfo, Copied) {
            let info = self.runtime.block_on(self.store().snapshot()).unwrap();
            let mut found = BTreeMap::new();
            let read = snapshot::read(&info.file, &mut |step| {
                match step {
                    Step::Row { key, value, .. } => drop(found.insert(key, value)),
                    Step::Gone { key } => drop(found.remove(&key)),
                }
                Ok(())
            });
            assert_eq!((read.unwrap().rows, &found), (self.rows.len() as u64, &self.rows));
            let kind = |first| self.rows.keys().filter(|key| key.first() == Some(first)).count() as u64;
            for first in b"abc" {
                assert_eq!(info.kinds.rows(*first), kind(first));
            }
            assert_eq!(
                (info.rows, info.bytes),
                (self.rows.len() as u64, fs::metadata(&info.file).unwrap().len())
            );
            let copied = Copied::of(&info.file).unwrap();
            (info, copied)
        }

        fn reopen(&mut self) {
            self.runtime.block_on(self.store().close()).unwrap();
            self.store = Some(opened(self.folder.path()));
        }

        /// Goes on with what lies on the disk while it is open, as after a cut.
        fn cut(&mut self) {
            let there = tempfile::tempdir().unwrap();
            copy(self.folder.path(), there.path());
            self.runtime.block_on(self.store().close()).unwrap();
            self.store = Some(opened(there.path()));
            self.folder = there;
        }
    }

    fn opened(data: &Path) -> JournaledSled {
        JournaledSled::open(data, Options { ballast: 0, ..Options::default() }).unwrap().0
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }

    /// A store of three rows and its snapshot.
    fn begun() -> (Kept, Copied) {
        let mut kept = Kept::new();
        kept.put(&[("a1", "one"), ("a2", "two"), ("b1", "three")]);
        let copied = kept.snapshot().1;
        assert_eq!(copied.rows, 3);
        (kept, copied)
    }

    #[test]
    fn the_next_snapshot_takes_over_what_was_copied_also_in_another_run() {
        let (mut kept, copied) = begun();
        kept.put(&[("a1", "once"), ("c1", "four")]);
        kept.put(&[("a1", "twice")]);
        assert_eq!(kept.snapshot().1, copied);
        kept.commit(vec![(b"b1".to_vec(), None)]);
        kept.reopen();
        kept.put(&[("a1", "thrice")]);
        kept.commit(vec![(b"c1".to_vec(), None)]);
        assert_eq!(kept.snapshot().1, copied);
        // In this run nothing is changed and no copy made.
        kept.reopen();
        kept.reopen();
        assert_eq!(kept.snapshot().1, copied);
        kept.reopen();
        kept.put(&[("b1", "three again")]);
        kept.reopen();
        let (info, again) = kept.snapshot();
        assert_eq!(again, copied);
        let text = zstd::decode_all(fs::File::open(info.file).unwrap()).unwrap();
        assert!(text.ends_with(b"}\n"), "what is known of the first frame is passed over");
    }

    #[test]
    fn all_rows_are_copied_where_it_is_not_known_what_has_changed() {
        let (mut kept, _) = begun();
        kept.put(&[("c1", "four")]);
        kept.cut();
        assert_eq!(kept.snapshot().1.rows, 4, "after a cut");
        kept.put(&[("c2", "five")]);
        kept.reopen();
        fs::remove_file(kept.folder.path().join("since")).unwrap();
        assert_eq!(kept.snapshot().1.rows, 5, "the note is gone");
        let many = (0..=MOST).map(|n| (format!("c3-{n}").into_bytes(), Some(b"x".to_vec()))).collect();
        kept.commit(many);
        assert_eq!(kept.snapshot().1.rows, 5 + MOST as u64 + 1, "too many");
    }

    #[test]
    fn a_copy_that_was_damaged_is_not_taken_over() {
        for (from_end, place) in [(false, 0), (false, 20), (true, 20), (true, 3)] {
            let (mut kept, copied) = begun();
            let (info, _) = kept.snapshot();
            let mut bytes = fs::read(&info.file).unwrap();
            let place = if from_end { bytes.len() - place } else { place };
            bytes[place] ^= 1;
            fs::write(&info.file, bytes).unwrap();
            kept.put(&[("c1", "four")]);
            assert_eq!((kept.snapshot().1.rows, copied.rows), (4, 3), "damaged at {place}");
        }
    }

    #[test]
    fn a_snapshot_of_an_older_kept_is_read_and_not_taken_over() {
        let (mut kept, copied) = begun();
        kept.put(&[("c1", "four")]);
        let (info, _) = kept.snapshot();
        let text = zstd::decode_all(fs::File::open(&info.file).unwrap()).unwrap();
        fs::write(&info.file, zstd::encode_all(&text[..], 3).unwrap()).unwrap();
        assert_eq!(Copied::of(&info.file), None);
        let checked = kept.runtime.block_on(kept.store().check()).unwrap();
        assert_eq!((checked.snapshots, checked.wrong), (2, Vec::new()));
        assert_eq!((kept.snapshot().1.rows, copied.rows), (4, 3));
    }

    #[test]
    fn what_is_changed_while_all_rows_are_copied_is_known_afterwards() {
        let mut kept = Kept::new();
        let key = |n: usize| format!("a{n:05}").into_bytes();
        kept.commit((0..4_000).map(|n| (key(n), Some(vec![b'x'; 300]))).collect());
        let store = Arc::new(kept.store.take().unwrap());
        let copying = Arc::clone(&store);
        let copy = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap()
                .block_on(copying.snapshot())
                .unwrap()
        });
        let mut writes = Vec::new();
        while !copy.is_finished() {
            let n = writes.len() * 37 % 4_000;
            let value = writes.len().to_string().into_bytes();
            writes.push((key(n), value.clone()));
            let write = vec![Write::Put { key: key(n), value }];
            let commit = Commit { id: Uuid::now_v7(), checks: Vec::new(), writes: write, note: Vec::new() };
            kept.runtime.block_on(store.commit(commit)).unwrap();
        }
        let copied = Copied::of(&copy.join().unwrap().file).unwrap();
        kept.rows.extend(writes);
        kept.store = Some(Arc::into_inner(store).unwrap());
        assert_eq!(kept.snapshot().1, copied);
    }

    #[test]
    fn what_was_changed_behind_the_back_of_a_copy_has_changed_since() {
        let folder = Folder::new(Path::new("nowhere"));
        let mut since = Since::opened_at(State::default());
        let late = |key: &[u8], was| Late { key: key.to_vec(), was, now: None };
        since.copying(&[late(b"b", Some(1)), late(b"a", None), late(b"b", Some(2))]);
        assert_eq!(since.changes(&folder, 7), None, "it does not count yet");
        since.copied(7);
        let changes = BTreeMap::from([(b"a".to_vec(), None), (b"b".to_vec(), Some(1))]);
        assert_eq!(since.changes(&folder, 7), Some(changes));
        assert_eq!(since.changes(&folder, 8), None, "another copy");
    }

    #[test]
    fn a_note_in_which_something_is_missing_is_not_believed() {
        let (mut kept, _) = begun();
        kept.put(&[("a1", "once"), ("c1", "four")]);
        kept.runtime.block_on(kept.store().close()).unwrap();
        let path = kept.folder.path().join("since");
        let mut note: Note = read_note(&path).unwrap();
        assert_eq!(note.changes.len(), 2);
        note.changes.pop();
        write_note(&path, &note).unwrap();
        kept.store = Some(opened(kept.folder.path()));
        assert_eq!(kept.snapshot().1.rows, 4, "all rows were copied");
    }

    #[test]
    fn what_was_forgotten_is_not_taken_over() {
        let (mut kept, _) = begun();
        kept.put(&[("a1", "forgotten")]);
        kept.snapshot();
        kept.put(&[("a1", "somebody")]);
        kept.reopen();
        kept.runtime.block_on(kept.store().forget_the_past()).unwrap();
        assert!(!kept.folder.path().join("since").exists(), "a key may tell as much as a row");
        kept.put(&[("a2", "two and a half")]);
        let (info, copied) = kept.snapshot();
        assert_eq!(copied.rows, 3);
        kept.put(&[("c1", "four")]);
        assert_eq!(kept.snapshot().1, copied, "what was copied then is");
        let text = zstd::decode_all(fs::File::open(info.file).unwrap()).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("somebody") && !text.contains("forgotten") && !text.contains("one"), "{text}");
    }

    #[derive(Clone, Debug)]
    enum Event {
        Commit(Vec<(u8, u8, Option<u8>)>),
        Snapshot,
        Reopen,
        Cut,
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            6 => vec((0..3_u8, 0..9_u8, proptest::option::of(any::<u8>())), 1..6).prop_map(Event::Commit),
            4 => Just(Event::Snapshot),
            2 => Just(Event::Reopen),
            1 => Just(Event::Cut),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn every_snapshot_is_what_is_there(events in vec(event(), 1..24)) {
            let mut kept = Kept::new();
            for event in events {
                match event {
                    Event::Commit(changes) => {
                        let change = |(kind, n, value): (u8, u8, Option<u8>)| (vec![b'a' + kind, n], value.map(|value| vec![value]));
                        let changes: BTreeMap<_, _> = changes.into_iter().map(change).collect();
                        kept.commit(changes.into_iter().collect());
                    }
                    Event::Snapshot => drop(kept.snapshot()),
                    Event::Reopen => kept.reopen(),
                    Event::Cut => kept.cut(),
                }
            }
        }
    }
}
