//! What the tests of the store share: a small job that can be checked from outside, and a process that does it.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kept_app::store::{
    Commit, Expect, JournaledSled, Key, Opened, Options, Row, Store, StoreError, Version, Write,
};
use uuid::Uuid;

/// Independent chains of commits that go on at the same time.
pub(crate) const LANES: usize = 4;
/// Records a lane keeps before it removes its oldest.
const KEPT: u64 = 50;
/// Commits of the first lane after which all that was before is forgotten.
const BEFORE_FORGETTING: u64 = 10;

/// Numbers that look random and are the same for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }
}

/// Options that bring on in seconds what takes weeks otherwise.
pub(crate) fn options() -> Options {
    let often = Options { snapshot_after: 200_000, look_through_after: Duration::ZERO, ..Options::default() };
    Options { at_once: 8, ballast: 0, ..often }
}

pub(crate) fn open(dir: &Path) -> Result<(JournaledSled, Opened), StoreError> {
    JournaledSled::open(dir, options())
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

pub(crate) fn put(key: &str, value: &[u8]) -> Write {
    Write::Put { key: key.as_bytes().to_vec(), value: value.to_vec() }
}

pub(crate) fn delete(key: &str) -> Write {
    Write::Delete { key: key.as_bytes().to_vec() }
}

pub(crate) fn commit(writes: Vec<Write>) -> Commit {
    Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: Vec::new() }
}

pub(crate) fn all(store: &dyn Store) -> BTreeMap<Key, (Vec<u8>, Version)> {
    let rows = wait(store.range(Bound::Unbounded, Bound::Unbounded, false, usize::MAX)).unwrap();
    rows.into_iter().map(|row| (row.key, (row.value, row.version))).collect()
}

/// Copies a data folder as it is at this moment, without the lock: what a killed process leaves behind.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if path.file_name().unwrap() != "lock" {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

fn last_key(lane: usize) -> Key {
    format!("last/{lane}").into_bytes()
}

fn record_key(lane: usize, n: u64) -> Key {
    format!("rec/{lane}/{n:08}").into_bytes()
}

fn index_key(lane: usize, n: u64) -> Key {
    format!("idx/{lane}/{n:08}").into_bytes()
}

/// What the n-th record of a lane holds; every now and then it is a long one.
fn value(lane: usize, n: u64) -> Vec<u8> {
    let length = if n.is_multiple_of(17) { 9_000 + n % 5_000 } else { 100 + n * 37 % 700 };
    let mut noise = Random(n * 8 + lane as u64 + 1);
    (0..length).map(|_| u8::try_from(noise.below(256)).unwrap()).collect()
}

/// The n-th commit of a lane: it makes a record, moves the lane's index, and only goes through in order.
fn step(lane: usize, n: u64, last: Option<Version>) -> Commit {
    let mut writes = vec![
        Write::Put { key: record_key(lane, n), value: value(lane, n) },
        Write::Put { key: index_key(lane, n), value: Vec::new() },
        Write::Delete { key: index_key(lane, n - 1) },
        Write::Put { key: last_key(lane), value: n.to_be_bytes().to_vec() },
    ];
    if n > KEPT {
        writes.push(Write::Delete { key: record_key(lane, n - KEPT) });
    }
    let checks = vec![
        (last_key(lane), last.map_or(Expect::Absent, Expect::At)),
        (record_key(lane, n), Expect::Absent),
    ];
    let id = Uuid::from_u128((lane as u128) << 64 | u128::from(n));
    Commit { id, checks, writes, note: n.to_be_bytes().to_vec() }
}

/// Does commit after commit in a lane and says each once it is confirmed.
pub(crate) async fn work(
    store: &dyn Store,
    lane: usize,
    upto: u64,
    said: &mut (dyn FnMut(usize, u64) + Send),
) -> Result<(), StoreError> {
    let row = store.get(&[last_key(lane)]).await?.remove(0);
    let (mut n, mut last) = row.map_or((0, None), |row| (number(&row), Some(row.version)));
    while n < upto {
        last = Some(store.commit(step(lane, n + 1, last)).await?);
        n += 1;
        said(lane, n);
    }
    Ok(())
}

fn number(row: &Row) -> u64 {
    u64::from_be_bytes(row.value.as_slice().try_into().unwrap())
}

/// How far each lane has come, if every lane is whole and has all that was confirmed.
pub(crate) async fn verify(store: &dyn Store, acked: [u64; LANES]) -> Result<[u64; LANES], String> {
    let mut reached = [0; LANES];
    for (lane, acked) in acked.into_iter().enumerate() {
        let row = store.get(&[last_key(lane)]).await.map_err(|e| e.to_string())?.remove(0);
        let n = row.as_ref().map_or(0, number);
        if n < acked {
            return Err(format!("lane {lane}: {acked} was confirmed, {n} is there"));
        }
        let records = under(store, format!("rec/{lane}/")).await?;
        let first = if n > KEPT { n - KEPT + 1 } else { 1 };
        let expected: Vec<_> = (first..=n).map(|n| (record_key(lane, n), value(lane, n))).collect();
        if records != expected {
            return Err(format!("lane {lane}: the records are not those of {first} to {n}"));
        }
        let index = under(store, format!("idx/{lane}/")).await?;
        let expected: Vec<_> = (n > 0).then(|| (index_key(lane, n), Vec::new())).into_iter().collect();
        if index != expected {
            return Err(format!("lane {lane}: the index is not that of {n}"));
        }
        reached[lane] = n;
    }
    Ok(reached)
}

async fn under(store: &dyn Store, prefix: String) -> Result<Vec<(Key, Vec<u8>)>, String> {
    let mut end = prefix.clone().into_bytes();
    *end.last_mut().unwrap() += 1;
    let (from, to) = (Bound::Included(prefix.into_bytes()), Bound::Excluded(end));
    let rows = store.range(from, to, false, usize::MAX).await.map_err(|e| e.to_string())?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}

/// The program that is cut off: this test started once more.
pub(crate) fn child(role: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("KEPT_CHILD", role).env("KEPT_CHILD_DIR", dir).stdout(Stdio::piped());
    command
}

pub(crate) fn role() -> Option<String> {
    std::env::var("KEPT_CHILD").ok()
}

pub(crate) fn child_dir() -> PathBuf {
    PathBuf::from(std::env::var_os("KEPT_CHILD_DIR").unwrap())
}

/// Says something to the parent in one write.
pub(crate) fn say(words: &str) {
    let mut out = std::io::stdout();
    out.write_all(format!("{words}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Opens the store, checks what was confirmed earlier, and works on all lanes at once.
pub(crate) fn work_on_all_lanes(acked: [u64; LANES], more: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let (store, opened) = open(&child_dir()).unwrap();
        let reached = verify(&store, acked).await.unwrap();
        assert_eq!(opened.words, Vec::<String>::new(), "an owner was told of a cut that did no harm");
        say(&format!("open {}", list(reached)));
        let store = Arc::new(store);
        let mut lanes = Vec::new();
        for (lane, reached) in reached.into_iter().enumerate() {
            let store = Arc::clone(&store);
            lanes.push(tokio::spawn(async move {
                let mut said = |lane, n| say(&format!("{lane} {n}"));
                let (mut reached, upto) = (reached, reached.saturating_add(more));
                while reached < upto {
                    reached = (reached / BEFORE_FORGETTING + 1).saturating_mul(BEFORE_FORGETTING).min(upto);
                    work(&*store, lane, reached, &mut said).await?;
                    if lane == 0 {
                        store.forget_the_past().await?;
                    }
                }
                Ok::<_, StoreError>(())
            }));
        }
        for lane in lanes {
            lane.await.unwrap().unwrap();
        }
        if std::env::var_os("KEPT_CHILD_CLOSES").is_some() {
            store.close().await.unwrap();
        } else {
            // Nothing is closed: this is the end of a process that was cut off.
            std::process::exit(0);
        }
    });
}

pub(crate) fn list(lanes: [u64; LANES]) -> String {
    lanes.map(|n| n.to_string()).join(",")
}

pub(crate) fn unlist(text: &str) -> [u64; LANES] {
    let numbers: Vec<u64> = text.split(',').map(|n| n.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

/// Takes in a line that a child said.
pub(crate) fn hear(line: &str, acked: &mut [u64; LANES]) {
    if let Some(reached) = line.strip_prefix("open ") {
        *acked = unlist(reached);
    } else if let Some((lane, n)) = line.split_once(' ') {
        acked[lane.parse::<usize>().unwrap()] = n.parse().unwrap();
    }
}

/// The library that stands between a child and the disk.
pub(crate) fn recorder() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store_support/recorder.c");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (library, fresh) =
        (dir.join("store_recorder.so"), dir.join(format!("recorder-{}.so", std::process::id())));
    let mut compiler = Command::new("cc");
    compiler.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&fresh).arg(source).args(["-ldl", "-lpthread"]);
    assert!(compiler.status().unwrap().success(), "the recorder needs a C compiler");
    std::fs::rename(&fresh, &library).unwrap();
    library
}
