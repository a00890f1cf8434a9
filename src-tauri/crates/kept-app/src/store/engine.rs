//! An open sled, and what stands above its rows while it cannot write.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::folder::sync_tree;
use super::rows::{self, State};
use super::singles;
use super::tree::{self, Between, Change, guarded, is_held};
use super::{Key, Row, StoreError, Version};

/// Bytes of rows sled keeps in memory; its own default would be a gigabyte.
const CACHE: u64 = 16 << 20;

/// About so much may be given to sled before it must have written it.
///
/// sled 0.34 writes each half megabyte of its log as a task for seven threads, and shrinking its file is such a task too.
/// Whoever begins the next half megabyte may wait for the shrinking, and all tasks then wait for him: with seven of them
/// before the shrinking, sled stands still for ever. So there never must be as many; and sled's own thread, which tidies
/// the file up as fast as it can, is not started: what it does is done with the writing, and by `Writer::settle`.
const UNWRITTEN_MOST: usize = 512 * 1024;
/// The same for small commits, each of which has waited for the disk already.
const UNWRITTEN_MOST_SMALL: usize = 8 * UNWRITTEN_MOST;

/// Rows read at one go when all are read.
pub(super) const STRETCH: usize = 500;

/// Why sled did not do what it was asked.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// The file system would not have it; the rows themselves may be sound.
    Disk(StoreError),
    /// The rows cannot be trusted; the sentence says why.
    Broken(String),
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> StoreError {
        match trouble {
            Trouble::Disk(error) => error,
            Trouble::Broken(words) => {
                StoreError::Unavailable(format!("The data could not be read: {words}."))
            }
        }
    }
}

pub(super) type Outcome<T> = Result<T, Trouble>;

/// A row as it is kept: its version and its value.
pub(super) type Kept = (u64, Vec<u8>);

/// Rows that are in the journal but could not be given to sled.
pub(super) type Overlay = BTreeMap<Key, Option<Kept>>;

/// An open sled.
#[derive(Debug)]
pub(super) struct Engine {
    /// `None` while all rows are in the overlay, because the disk lets sled not even read.
    db: Option<sled::Db>,
    path: PathBuf,
    /// About what was given to sled and may not be written yet.
    unwritten: AtomicUsize,
    /// What stands above the rows of sled while sled cannot write.
    pub(super) overlay: Overlay,
}

impl Engine {
    /// Opens or makes a sled. It does so on a thread of its own: a damaged one may panic or never come back.
    pub(super) fn open(path: &Path, patience: Duration) -> Outcome<Engine> {
        remove_unfinished(path);
        let give_up = Instant::now() + Duration::from_secs(1);
        loop {
            let (answer, answered) = mpsc::channel();
            let config = sled::Config::new().path(path).cache_capacity(CACHE).flush_every_ms(None);
            thread::spawn(move || drop(answer.send(guarded(|| config.open()))));
            let outcome = answered.recv_timeout(patience).unwrap_or_else(|_| {
                Err(Trouble::Broken(format!("sled did not open within {} seconds", patience.as_secs())))
            });
            match outcome {
                Ok(db) => {
                    return Ok(Engine::new(Some(db), path, Overlay::new()));
                }
                // An earlier handle of this process may still be letting go of the file.
                Err(Trouble::Disk(error)) if is_held(&error) && Instant::now() < give_up => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// Rows in memory, to be read until sled can be opened again.
    pub(super) fn in_memory(path: &Path, rows: Overlay) -> Engine {
        Engine::new(None, path, rows)
    }

    fn new(db: Option<sled::Db>, path: &Path, overlay: Overlay) -> Engine {
        Engine { db, path: path.to_path_buf(), unwritten: AtomicUsize::new(0), overlay }
    }

    /// Sled, for what cannot be done without it.
    fn sled(&self) -> Outcome<&sled::Db> {
        self.db.as_ref().ok_or(Trouble::Disk(StoreError::Full))
    }

    /// What the rows should add up to; `None` where there is no such record, as in a new sled.
    pub(super) fn state(&self) -> Outcome<Option<State>> {
        let bytes = {
            let db = self.sled()?;
            guarded(|| db.get(rows::STATE))?
        };
        Ok(bytes.and_then(|bytes| State::decode(&bytes)))
    }

    /// Whether a large commit after this one was applied in part.
    pub(super) fn is_partly_after(&self, applied: u64) -> Outcome<bool> {
        let bytes = {
            let db = self.sled()?;
            guarded(|| db.get(rows::PARTLY))?
        };
        let large = bytes.and_then(|bytes| bytes.as_ref().try_into().ok()).map_or(0, u64::from_le_bytes);
        Ok(large > applied)
    }

    pub(super) fn get(&self, key: &[u8]) -> Outcome<Option<Kept>> {
        self.looking().get(key)
    }

    /// Looks for rows in the order of their keys, while nobody writes.
    pub(super) fn looking(&self) -> Looking<'_> {
        Looking { overlay: &self.overlay, below: self.db.as_ref().map(tree::Looking::new) }
    }

    /// Up to `limit` rows between two keys.
    pub(super) fn range(
        &self,
        from: &Bound<Key>,
        to: &Bound<Key>,
        reverse: bool,
        limit: usize,
    ) -> Outcome<Vec<Row>> {
        if is_empty(from, to) {
            return Ok(Vec::new());
        }
        let above = self.overlay.range((from.clone(), to.clone()));
        let below = self.db.as_ref().map(|db| Between::new(db, from, to, reverse)).transpose()?;
        let mut below = below.into_iter().flatten().peekable();
        if self.overlay.is_empty() {
            return below.take(limit).collect();
        }
        let above: Box<dyn Iterator<Item = _>> =
            if reverse { Box::new(above.rev()) } else { Box::new(above) };
        let mut above = above.peekable();
        let mut found = Vec::new();
        while found.len() < limit {
            // Of two rows of one key the one above counts.
            let order = match (above.peek(), below.peek()) {
                (None, None) => break,
                (None, Some(_)) | (Some(_), Some(Err(_))) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some((key, _)), Some(Ok(row))) if reverse => row.key.cmp(key),
                (Some((key, _)), Some(Ok(row))) => (*key).cmp(&row.key),
            };
            if order.is_ge()
                && let Some(row) = below.next()
                && order.is_gt()
            {
                found.push(row?);
            }
            if order.is_le()
                && let Some((key, Some(kept))) = above.next()
            {
                found.push(row(key, kept));
            }
        }
        Ok(found)
    }

    /// Visits all rows in order of their keys.
    pub(super) fn each<E: From<Trouble>>(
        &self,
        visit: &mut dyn FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut from = Bound::Unbounded;
        loop {
            let stretch = self.range(&from, &Bound::Unbounded, false, STRETCH)?;
            let Some(last) = stretch.last() else { return Ok(()) };
            from = Bound::Excluded(last.key.clone());
            for row in stretch {
                visit(row)?;
            }
        }
    }

    /// Changes rows, given in the order of their keys, and what they add up to, if that is known: all of it or, after the
    /// next opening, nothing of it.
    pub(super) fn change(
        &self,
        changes: &mut dyn Iterator<Item = Change<'_>>,
        state: Option<State>,
    ) -> Outcome<()> {
        let cost = tree::change(self.sled()?, changes, state.map(|state| (rows::STATE, state.encode())))?;
        self.unwritten.fetch_add(cost, Relaxed);
        Ok(())
    }

    /// Changes rows, given in the order of their keys, bit by bit.
    pub(super) fn change_in_turn(&self, changes: &mut dyn Iterator<Item = Change<'_>>) -> Outcome<()> {
        tree::change_in_turn(self.sled()?, changes, &mut |cost| {
            self.unwritten.fetch_add(cost, Relaxed);
            self.keep_up(UNWRITTEN_MOST)
        })
    }

    /// Notes what the rows add up to.
    pub(super) fn put_state(&self, state: State) -> Outcome<()> {
        self.put(rows::STATE, state.encode())
    }

    /// Notes that a large commit is about to be applied bit by bit.
    pub(super) fn put_partly(&self, applied: u64) -> Outcome<()> {
        self.put(rows::PARTLY, applied.to_le_bytes().to_vec())
    }

    fn put(&self, name: &[u8], bytes: Vec<u8>) -> Outcome<()> {
        let db = self.sled()?;
        guarded(|| db.insert(name, bytes).map(drop))
    }

    /// Takes over what lies in a sled of an older Kept, if that is one: each row was by itself there.
    pub(super) fn take_over_singles(&self, old: &Engine) -> Outcome<()> {
        let db = old.sled()?;
        let mut from = Vec::new();
        loop {
            let stretch = singles::stretch(db, &from, STRETCH)?;
            let mut changes = stretch.iter().map(|Row { key, value, version }| Change {
                key,
                now: Some((version.number(), value)),
                parts_before: None,
            });
            self.change_in_turn(&mut changes)?;
            let Some(last) = stretch.last() else { break };
            from = [&last.key, &[0][..]].concat();
        }
        for (name, now) in [(singles::PARTLY, rows::PARTLY), (singles::STATE, rows::STATE)] {
            if let Some(bytes) = guarded(|| db.get(name))? {
                self.put(now, bytes.to_vec())?;
            }
        }
        Ok(())
    }

    /// Whether an older Kept wrote it, with each row by itself.
    pub(super) fn has_singles(&self) -> Outcome<bool> {
        let db = self.sled()?;
        guarded(|| Ok(!db.contains_key(rows::STATE)? && db.contains_key(singles::STATE)?))
    }

    /// Waits for sled if small commits have given it much.
    pub(super) fn keep_up_small(&self) -> Outcome<()> {
        self.keep_up(UNWRITTEN_MOST_SMALL)
    }

    fn keep_up(&self, most: usize) -> Outcome<()> {
        if self.unwritten.load(Relaxed) > most { self.hand_over() } else { Ok(()) }
    }

    /// Hands what was written to the system, where a killed program cannot take it along.
    pub(super) fn hand_over(&self) -> Outcome<()> {
        let db = self.sled()?;
        self.unwritten.store(0, Relaxed);
        guarded(|| db.flush().map(drop))
    }

    /// Ends sled with everything on the disk.
    pub(super) fn close(self) -> Outcome<()> {
        let db = self.sled()?;
        guarded(|| db.flush().map(drop))?;
        let path = self.path.clone();
        self.let_go()?;
        sync_tree(&path).map_err(Trouble::Disk)
    }

    /// Drops sled; what it had not written is in the journal.
    pub(super) fn let_go(self) -> Outcome<()> {
        let db = self.db;
        guarded(move || {
            drop(db);
            Ok(())
        })
    }
}

/// Looks for rows, one after the other.
pub(super) struct Looking<'a> {
    overlay: &'a Overlay,
    below: Option<tree::Looking<'a>>,
}

impl Looking<'_> {
    pub(super) fn get(&mut self, key: &[u8]) -> Outcome<Option<Kept>> {
        match (self.overlay.get(key), &mut self.below) {
            (Some(above), _) => Ok(above.clone()),
            (None, Some(below)) => below.get(key),
            (None, None) => Ok(None),
        }
    }
}

fn row(key: &Key, (version, value): &Kept) -> Row {
    Row { key: key.clone(), value: value.clone(), version: Version::from_number(*version) }
}

/// Whether no key can lie between these; sled would panic over some of them.
pub(super) fn is_empty(from: &Bound<Key>, to: &Bound<Key>) -> bool {
    match (from, to) {
        (Bound::Included(from), Bound::Included(to)) => from > to,
        (Bound::Included(from) | Bound::Excluded(from), Bound::Excluded(to))
        | (Bound::Excluded(from), Bound::Included(to)) => from >= to,
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
    }
}

/// A page table that sled was writing when it was cut off: with it there sled would not open again.
fn remove_unfinished(path: &Path) {
    let Ok(entries) = fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    fn bound(at: Option<(u8, bool)>) -> Bound<Key> {
        match at {
            Some((key, true)) => Bound::Included(vec![key]),
            Some((key, false)) => Bound::Excluded(vec![key]),
            None => Bound::Unbounded,
        }
    }

    #[test]
    fn sled_is_never_given_more_than_it_may_have_unwritten() {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::open(dir.path(), Duration::from_secs(30)).unwrap();
        let unwritten = || engine.unwritten.load(Relaxed);
        let (keys, value): (Vec<_>, _) = ((0..3_000_u32).map(u32::to_be_bytes).collect(), [7; 600]);
        let put = |version: u64, key| Change { key, now: Some((version, &value)), parts_before: None };
        let all: usize = keys.iter().map(|key| key.len() + value.len()).sum();
        assert!(all > 3 * UNWRITTEN_MOST);
        engine.change_in_turn(&mut keys.iter().map(|key| put(1, key))).unwrap();
        assert!(unwritten() <= UNWRITTEN_MOST, "{}", unwritten());
        // Each row with the page around it: a few rows here and there are written with many times their bytes.
        let (mut most, mut waits) = (0, 0);
        for few in keys.chunks(10) {
            let before = unwritten();
            engine.change(&mut few.iter().map(|key| put(2, key)), None).unwrap();
            assert!(unwritten() >= before + tree::PAGE, "{}", unwritten());
            engine.keep_up_small().unwrap();
            most = most.max(unwritten());
            waits += u32::from(unwritten() == 0);
        }
        assert!(most <= UNWRITTEN_MOST_SMALL, "{most}");
        assert!(waits > 1, "{waits}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn what_stands_above_sled_is_read_in_its_place(
            below in btree_map(0..20_u8, 0..9_u8, 0..15),
            above in btree_map(0..20_u8, proptest::option::of(10..19_u8), 0..15),
            ranges in proptest::collection::vec(
                (proptest::option::of((0..20_u8, any::<bool>())), proptest::option::of((0..20_u8, any::<bool>())),
                any::<bool>(), 0..22_usize),
                1..8,
            ),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let mut engine = Engine::open(dir.path(), Duration::from_secs(30)).unwrap();
            let put = |(key, value)| Change { key, now: Some((1, value)), parts_before: None };
            let pairs: Vec<([u8; 1], [u8; 1])> = below.iter().map(|(key, value)| ([*key], [*value])).collect();
            engine.change(&mut pairs.iter().map(|(key, value)| put((&key[..], &value[..]))), None).unwrap();
            let kept = |value: u8| (2, vec![value]);
            engine.overlay = above.iter().map(|(key, value)| (vec![*key], value.map(kept))).collect();
            let mut all = below;
            for (key, value) in above {
                match value {
                    Some(value) => drop(all.insert(key, value)),
                    None => drop(all.remove(&key)),
                }
            }
            for (from, to, reverse, limit) in ranges {
                let (from, to) = (bound(from), bound(to));
                let mut expected: Vec<(u8, u8)> = all
                    .iter()
                    .filter(|(key, _)| std::ops::RangeBounds::contains(&(from.clone(), to.clone()), &vec![**key]))
                    .map(|(key, value)| (*key, *value))
                    .collect();
                if reverse {
                    expected.reverse();
                }
                expected.truncate(limit);
                let found = engine.range(&from, &to, reverse, limit).unwrap();
                let found: Vec<(u8, u8)> = found.iter().map(|row| (row.key[0], row.value[0])).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
