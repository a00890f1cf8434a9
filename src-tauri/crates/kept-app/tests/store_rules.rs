//! What the store promises to those above it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "store_support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::path::Path;

use kept_app::store::{
    Commit, Cursor, Expect, How, JournaledSled, Key, Options, Store, StoreError, Version, Write,
};
use proptest::prelude::*;
use support::{all, commit, copy, delete, open, options, put, wait};
use uuid::Uuid;

fn keys(rows: Vec<kept_app::store::Row>) -> Vec<String> {
    rows.into_iter().map(|row| String::from_utf8(row.key).unwrap()).collect()
}

fn with_checks(checks: Vec<(&str, Expect)>, writes: Vec<Write>) -> Commit {
    let checks = checks.into_iter().map(|(key, expect)| (key.as_bytes().to_vec(), expect)).collect();
    Commit { checks, ..commit(writes) }
}

#[test]
fn a_new_folder_is_fresh_and_a_closed_one_clean() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("a/b");
    let (store, opened) = open(&data).unwrap();
    assert_eq!((opened.how, opened.schema, opened.words), (How::Fresh, 1, vec![]));
    wait(store.commit(commit(vec![put("a", b"1")]))).unwrap();
    wait(store.close()).unwrap();
    assert!(matches!(wait(store.get(&[b"a".to_vec()])), Err(StoreError::Unavailable(_))));
    let (store, opened) = open(&data).unwrap();
    assert_eq!((opened.how, opened.words), (How::Clean, vec![]));
    assert_eq!(all(&store)[b"a".as_slice()].0, b"1");
    assert!(data.join("README.txt").exists());
}

#[test]
fn a_folder_that_was_never_written_to_stays_fresh() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        let (_store, opened) = open(dir.path()).unwrap();
        assert_eq!((opened.how, opened.words), (How::Fresh, vec![]));
    }
}

#[test]
fn a_store_that_was_dropped_was_closed() {
    let dir = tempfile::tempdir().unwrap();
    drop({
        let (store, _) = open(dir.path()).unwrap();
        wait(store.commit(commit(vec![put("a", b"1")]))).unwrap();
        store
    });
    assert_eq!(open(dir.path()).unwrap().1.how, How::Clean);
}

#[test]
fn a_store_that_was_cut_off_is_replayed() {
    let (dir, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, _) = open(dir.path()).unwrap();
    for n in 0..10 {
        wait(store.commit(commit(vec![put(&n.to_string(), b"1")]))).unwrap();
    }
    copy(dir.path(), left.path());
    let (after, opened) = open(left.path()).unwrap();
    assert!(matches!(opened.how, How::Replayed { .. }), "{opened:?}");
    assert_eq!(opened.words, Vec::<String>::new());
    assert_eq!(all(&after), all(&store));
}

#[test]
fn what_is_expected_must_hold() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    let first = wait(store.commit(commit(vec![put("a", b"1")]))).unwrap();
    let wrong = Version::from_number(first.number() + 1);
    let conflict = |checks: Vec<(&str, Expect)>, names: &[&str]| {
        let before = all(&store);
        let outcome = wait(store.commit(with_checks(checks, vec![put("a", b"x"), put("c", b"x")])));
        let keys = names.iter().map(|name| name.as_bytes().to_vec()).collect();
        assert_eq!(outcome, Err(StoreError::Conflict { keys }));
        assert_eq!(all(&store), before);
    };
    conflict(vec![("a", Expect::Absent)], &["a"]);
    conflict(vec![("a", Expect::At(wrong))], &["a"]);
    conflict(vec![("b", Expect::At(first)), ("a", Expect::At(first))], &["b"]);
    conflict(vec![("a", Expect::Absent), ("b", Expect::At(first))], &["a", "b"]);
    let checks = vec![("a", Expect::At(first)), ("b", Expect::Absent), ("c", Expect::Any)];
    let second = wait(store.commit(with_checks(checks, vec![put("a", b"2")]))).unwrap();
    assert!(second > first);
    assert_eq!(all(&store)[b"a".as_slice()], (b"2".to_vec(), second));
}

#[test]
fn the_later_of_two_writes_of_one_row_counts() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    let writes =
        vec![put("a", b"1"), delete("a"), put("a", b"2"), put("b", b"1"), delete("b"), delete("never")];
    let version = wait(store.commit(commit(writes))).unwrap();
    assert_eq!(all(&store), BTreeMap::from([(b"a".to_vec(), (b"2".to_vec(), version))]));
}

#[test]
fn the_same_id_gives_the_same_answer_also_after_a_restart() {
    let (dir, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, _) = open(dir.path()).unwrap();
    let once = with_checks(vec![("a", Expect::Absent)], vec![put("a", b"1")]);
    let version = wait(store.commit(once.clone())).unwrap();
    wait(store.commit(commit(vec![put("a", b"2")]))).unwrap();
    assert_eq!(wait(store.commit(once.clone())), Ok(version));
    copy(dir.path(), left.path());
    wait(store.close()).unwrap();
    for data in [dir.path(), left.path()] {
        let (store, _) = open(data).unwrap();
        assert_eq!(wait(store.commit(once.clone())), Ok(version));
        assert_eq!(all(&store)[b"a".as_slice()].0, b"2");
    }
}

#[test]
fn ranges_go_both_ways_and_keep_to_their_ends() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    let writes = ["a", "b", "c", "d", ""].iter().map(|key| put(key, b"1")).collect();
    wait(store.commit(commit(writes))).unwrap();
    let key = |name: &str| name.as_bytes().to_vec();
    let check = |from: Bound<&str>, to: Bound<&str>, reverse, limit, expected: &[&str]| {
        let rows = wait(store.range(from.map(key), to.map(key), reverse, limit)).unwrap();
        assert_eq!(keys(rows), expected, "{from:?} {to:?} {reverse} {limit}");
    };
    check(Unbounded, Unbounded, false, 9, &["", "a", "b", "c", "d"]);
    check(Unbounded, Unbounded, true, 9, &["d", "c", "b", "a", ""]);
    check(Unbounded, Unbounded, true, 2, &["d", "c"]);
    check(Included("b"), Excluded("d"), false, 9, &["b", "c"]);
    check(Excluded("b"), Included("d"), true, 1, &["d"]);
    check(Included("aa"), Unbounded, false, 1, &["b"]);
    check(Included("c"), Included("c"), false, 9, &["c"]);
    check(Included("c"), Excluded("c"), false, 9, &[]);
    check(Excluded("c"), Included("c"), true, 9, &[]);
    check(Excluded("c"), Excluded("c"), true, 9, &[]);
    check(Included("d"), Included("a"), false, 9, &[]);
    check(Unbounded, Unbounded, false, 0, &[]);
}

#[test]
fn a_long_note_comes_back_whole_and_as_one_row() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    let long: Vec<u8> = "Grüße, und alles Gute zum Fest! ".bytes().cycle().take(60_000).collect();
    let mut versions = Vec::new();
    for length in [60_000, 0, 3_999, 4_000, 4_001, 8_000, 8_001, 50_000, 60_000] {
        let version =
            wait(store.commit(commit(vec![put("note", &long[..length]), put("other", b"")]))).unwrap();
        let rows = all(&store);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[b"note".as_slice()], (long[..length].to_vec(), version), "{length} bytes");
        versions.push(version);
    }
    wait(store.close()).unwrap();
    let (store, _) = open(dir.path()).unwrap();
    assert_eq!(all(&store)[b"note".as_slice()].0, long);
    wait(store.commit(commit(vec![delete("note")]))).unwrap();
    assert_eq!(all(&store).len(), 1);
    assert_eq!(wait(store.check()).unwrap().wrong, Vec::<String>::new());
}

#[test]
fn the_feed_tells_every_commit_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    let mut commits = Vec::new();
    for n in 0..25_u8 {
        let commit = Commit { note: vec![n], ..commit(vec![put("a", &[n]), delete("b")]) };
        let version = wait(store.commit(commit.clone())).unwrap();
        commits.push((version, commit.id, commit.writes, commit.note));
    }
    let (mut cursor, mut seen) = (Cursor::START, Vec::new());
    loop {
        let (changes, next) = wait(store.changes(cursor, 10)).unwrap();
        if changes.is_empty() {
            assert_eq!(next, cursor);
            break;
        }
        seen.extend(
            changes.into_iter().map(|change| (change.version, change.id, change.writes, change.note)),
        );
        cursor = next;
    }
    assert_eq!(seen, commits);
    let (changes, _) = wait(store.changes(Cursor::after(commits[22].0), 10)).unwrap();
    assert_eq!(changes.len(), 2);
}

#[test]
fn a_snapshot_holds_everything_and_old_parts_of_the_journal_go() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    for n in 0..400 {
        let value = vec![b'x'; 2_000];
        wait(store.commit(commit(vec![put(&format!("{n}"), &value), put("bytes", &[0xFF, 0x00])]))).unwrap();
    }
    let first = wait(store.snapshot()).unwrap();
    wait(store.commit(commit(vec![put("more", b"1")]))).unwrap();
    let second = wait(store.snapshot()).unwrap();
    assert_eq!((first.rows, second.rows), (401, 402));
    assert!(second.version > first.version);
    assert_eq!(std::fs::metadata(&second.file).unwrap().len(), second.bytes);
    let generations = std::fs::read_dir(dir.path().join("journal")).unwrap().count();
    assert!(generations < 5, "{generations} files of the journal are still there");
    assert!(matches!(wait(store.changes(Cursor::START, 1)), Err(StoreError::Unavailable(_))));
    let checked = wait(store.check()).unwrap();
    assert_eq!((checked.rows, checked.wrong), (402, vec![]));
    let before = all(&store);
    wait(store.close()).unwrap();
    std::fs::remove_dir_all(dir.path().join("store")).unwrap();
    let (store, opened) = open(dir.path()).unwrap();
    assert!(matches!(&opened.how, How::Rebuilt { from: Some(_), moved_to: None }), "{opened:?}");
    assert_eq!(all(&store), before);
}

#[test]
fn a_snapshot_taken_while_commits_go_on_is_of_one_moment() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    for n in 0..40 {
        let writes = (0..50).map(|m| put(&format!("{m:03}-{n:03}"), &[b'x'; 100])).collect();
        wait(store.commit(commit(writes))).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let (info, rows) = runtime.block_on(async {
        let snapshot = store.snapshot();
        let writing = async {
            for n in 0..60 {
                let at = format!("{:03}-{:03}", n % 50, n % 40);
                let writes =
                    vec![put(&at, &[b'y'; 9_000]), delete(&format!("{:03}-000", n % 50)), put("zz", &[n])];
                store.commit(commit(writes)).await.unwrap();
            }
        };
        let (info, ()) = tokio::join!(snapshot, writing);
        (info.unwrap(), all_async(&store).await)
    });
    wait(store.close()).unwrap();
    // Only the snapshot and what came after it are left: together they are everything.
    std::fs::remove_dir_all(dir.path().join("store")).unwrap();
    let (store, opened) = open(dir.path()).unwrap();
    assert!(matches!(&opened.how, How::Rebuilt { from: Some(path), .. } if *path >= info.file), "{opened:?}");
    assert_eq!(all(&store), rows);
}

type Rows = BTreeMap<Key, (Vec<u8>, Version)>;

async fn all_async(store: &dyn Store) -> Rows {
    let rows = store.range(Unbounded, Unbounded, false, usize::MAX).await.unwrap();
    rows.into_iter().map(|row| (row.key, (row.value, row.version))).collect()
}

#[test]
fn a_second_opening_is_refused_and_says_where() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, _) = open(dir.path()).unwrap();
    let error = open(dir.path()).expect_err("opened twice");
    assert!(matches!(error, StoreError::Locked(_)), "{error:?}");
    assert!(error.to_string().contains(&dir.path().display().to_string()));
}

#[test]
fn data_of_a_newer_kept_is_refused_and_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let newer = Options { schema: 7, ..options() };
    let (store, _) = JournaledSled::open(dir.path(), newer.clone()).unwrap();
    wait(store.commit(commit(vec![put("a", b"1")]))).unwrap();
    wait(store.close()).unwrap();
    let before = fingerprint(dir.path());
    let error = open(dir.path()).expect_err("older code opened newer data");
    assert_eq!(error, StoreError::TooNew { schema: 7 });
    assert_eq!(fingerprint(dir.path()), before);
    assert_eq!(JournaledSled::open(dir.path(), newer).unwrap().1.how, How::Clean);
}

#[test]
fn before_a_newer_kept_changes_data_a_snapshot_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path()).unwrap();
    wait(store.commit(commit(vec![put("a", b"1")]))).unwrap();
    wait(store.close()).unwrap();
    let (store, opened) = JournaledSled::open(dir.path(), Options { schema: 2, ..options() }).unwrap();
    assert_eq!((opened.schema, opened.how), (1, How::Clean));
    let names: Vec<_> = std::fs::read_dir(dir.path().join("snapshots"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().any(|name| name.contains("-before")), "{names:?}");
    wait(store.close()).unwrap();
    assert_eq!(open(dir.path()).expect_err("opened"), StoreError::TooNew { schema: 2 });
}

fn fingerprint(dir: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(fingerprint(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// What may happen to a store.
#[derive(Clone, Debug)]
enum Event {
    /// Writes, and for each key whether its check is to be right.
    Commit(Vec<(u8, Option<usize>)>, Vec<(u8, bool)>),
    Together(Vec<(u8, usize)>),
    Again,
    Snapshot,
    Reopen,
    /// The process is killed: what is on the disk at that moment is opened.
    Kill,
    Range(u8, u8, bool, usize),
}

fn event() -> impl Strategy<Value = Event> {
    let length = prop_oneof![4 => 0..200_usize, 1 => 3_900..12_100_usize];
    let write = (0..30_u8, proptest::option::weighted(0.75, length.clone()));
    let commits =
        (proptest::collection::vec(write, 0..8), proptest::collection::vec((0..30_u8, any::<bool>()), 0..3));
    prop_oneof![
        12 => commits.prop_map(|(writes, checks)| Event::Commit(writes, checks)),
        3 => proptest::collection::vec((0..30_u8, length), 1..12).prop_map(Event::Together),
        1 => Just(Event::Again),
        1 => Just(Event::Snapshot),
        1 => Just(Event::Reopen),
        1 => Just(Event::Kill),
        4 => (0..30_u8, 0..30_u8, any::<bool>(), 0..20_usize).prop_map(|(a, b, r, n)| Event::Range(a, b, r, n)),
    ]
}

/// A store beside a map that does the same.
struct Twins {
    dir: tempfile::TempDir,
    store: Option<JournaledSled>,
    map: Rows,
    last: Option<(Commit, Version)>,
    fill: u8,
}

impl Twins {
    fn store(&self) -> &JournaledSled {
        self.store.as_ref().unwrap()
    }

    fn value(&mut self, length: usize) -> Vec<u8> {
        self.fill = self.fill.wrapping_add(1);
        vec![self.fill; length]
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Commit(writes, checks) => self.commit(writes, checks),
            Event::Together(puts) => self.together(&puts),
            Event::Again => {
                if let Some((commit, version)) = self.last.clone() {
                    assert_eq!(wait(self.store().commit(commit)), Ok(version));
                }
            }
            Event::Snapshot => assert_eq!(wait(self.store().snapshot()).unwrap().rows, self.map.len() as u64),
            Event::Reopen => {
                wait(self.store().close()).unwrap();
                self.store = None;
                self.open();
            }
            Event::Kill => {
                let left = tempfile::tempdir().unwrap();
                copy(self.dir.path(), left.path());
                self.store = None;
                self.dir = left;
                self.open();
            }
            Event::Range(a, b, reverse, limit) => self.range(a, b, reverse, limit),
        }
    }

    fn open(&mut self) {
        let (store, opened) = open(self.dir.path()).unwrap();
        assert_eq!(opened.words, Vec::<String>::new());
        self.store = Some(store);
    }

    fn commit(&mut self, writes: Vec<(u8, Option<usize>)>, checks: Vec<(u8, bool)>) {
        let mut conflicts = Vec::new();
        let mut checked = Vec::new();
        for (key, right) in checks {
            let here = self.map.get([key].as_slice()).map(|row| row.1);
            let expect = match (here, right) {
                (Some(version), true) => Expect::At(version),
                (None, true) | (Some(_), false) => Expect::Absent,
                (None, false) => Expect::At(Version::from_number(1)),
            };
            if !right && !conflicts.contains(&vec![key]) {
                conflicts.push(vec![key]);
            }
            checked.push((vec![key], expect));
        }
        let writes: Vec<Write> = writes
            .into_iter()
            .map(|(key, length)| match length {
                Some(length) => Write::Put { key: vec![key], value: self.value(length) },
                None => Write::Delete { key: vec![key] },
            })
            .collect();
        let commit = Commit { id: Uuid::now_v7(), checks: checked, writes: writes.clone(), note: vec![] };
        let outcome = wait(self.store().commit(commit.clone()));
        if !conflicts.is_empty() {
            assert_eq!(outcome, Err(StoreError::Conflict { keys: conflicts }));
            return;
        }
        let version = outcome.unwrap();
        for write in writes {
            match write {
                Write::Put { key, value } => drop(self.map.insert(key, (value, version))),
                Write::Delete { key } => drop(self.map.remove(&key)),
            }
        }
        self.last = Some((commit, version));
    }

    /// Commits of one row each that wait in the queue at the same time.
    fn together(&mut self, puts: &[(u8, usize)]) {
        let puts: Vec<_> = puts.iter().map(|(key, length)| (vec![*key], self.value(*length))).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let versions: Vec<Version> = runtime.block_on(async {
            let commits: Vec<_> = puts
                .iter()
                .map(|(key, value)| commit(vec![Write::Put { key: key.clone(), value: value.clone() }]))
                .collect();
            let mut waiting = tokio::task::JoinSet::new();
            let store = std::sync::Arc::new(self.store.take().unwrap());
            for (place, commit) in commits.into_iter().enumerate() {
                let store = std::sync::Arc::clone(&store);
                waiting.spawn(async move { (place, store.commit(commit).await.unwrap()) });
            }
            let mut done = waiting.join_all().await;
            done.sort_by_key(|(place, _)| *place);
            self.store = Some(std::sync::Arc::into_inner(store).unwrap());
            done.into_iter().map(|(_, version)| version).collect()
        });
        let mut rows: Vec<_> = versions.into_iter().zip(puts).collect();
        rows.sort_by_key(|(version, _)| *version);
        for (version, (key, value)) in rows {
            self.map.insert(key, (value, version));
        }
    }

    fn range(&self, a: u8, b: u8, reverse: bool, limit: usize) {
        let (from, to) = (vec![a.min(b)], vec![a.max(b)]);
        let bounds = (Included(from), Excluded(to));
        let rows = wait(self.store().range(bounds.0.clone(), bounds.1.clone(), reverse, limit)).unwrap();
        let mut expected: Vec<_> =
            self.map.range(bounds).map(|(key, row)| (key.clone(), row.clone())).collect();
        if reverse {
            expected.reverse();
        }
        expected.truncate(limit);
        let rows: Vec<_> = rows.into_iter().map(|row| (row.key, (row.value, row.version))).collect();
        assert_eq!(rows, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_store_does_what_a_map_does_through_restarts_and_kills(
        events in proptest::collection::vec(event(), 1..40),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut twins = Twins { dir, store: None, map: Rows::new(), last: None, fill: 0 };
        twins.open();
        for event in events {
            twins.happen(event);
            let keys: Vec<Key> = (0..30).map(|key| vec![key]).collect();
            let rows = wait(twins.store().get(&keys)).unwrap();
            for (key, row) in keys.iter().zip(rows) {
                assert_eq!(row.map(|row| (row.value, row.version)), twins.map.get(key).cloned());
            }
        }
        assert_eq!(all(twins.store()), twins.map);
        assert_eq!(wait(twins.store().check()).unwrap().wrong, Vec::<String>::new());
    }
}
