//! The rows in sled: found in their blocks, and put into them.

use std::iter::Peekable;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sled::{Db, IVec};

use super::blocks::{self, Block, Head, Lying, NoBlock, Rows, Value};
use super::engine::{Kept, Outcome, Trouble};
use super::folder::trouble;
use super::rows;
use super::{Key, Row, StoreError, Version};

/// What a block costs in the log of sled besides its bytes, at most on average: the page around it is written again.
pub(super) const PAGE: usize = 8 * 1024;

/// What is to be done with a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    pub(super) key: &'a [u8],
    /// As it is to be; `None` if there is to be none.
    pub(super) now: Option<(u64, &'a [u8])>,
    /// The version and the number of parts of a long value that was there.
    pub(super) parts_before: Option<(u64, u32)>,
}

/// What sled has to do for some rows that lie together.
#[derive(Debug, Default)]
struct Work {
    /// What may be there before the rest is: nobody reads it, or it comes after all that was there.
    first: Vec<(Vec<u8>, Vec<u8>)>,
    /// What has to be done at once, so that no row lies in two blocks.
    at_once: Vec<(Vec<u8>, Vec<u8>)>,
    /// What nobody reads after that.
    remove: Vec<Vec<u8>>,
}

impl Work {
    /// How much sled will write of it into its log, about.
    fn cost(&self) -> usize {
        let given = self.first.iter().chain(&self.at_once);
        let given: usize = given.map(|(name, bytes)| name.len() + bytes.len() + PAGE).sum();
        given + self.remove.len() * PAGE
    }

    fn apply(self, db: &Db) -> Outcome<()> {
        let Work { first, mut at_once, mut remove } = self;
        for (name, bytes) in first {
            guarded(|| db.insert(name, bytes))?;
        }
        match (at_once.pop(), at_once.is_empty(), remove.pop(), remove.is_empty()) {
            (Some((name, bytes)), true, None, _) => guarded(|| db.insert(name, bytes).map(drop)),
            (None, _, Some(name), true) => guarded(|| db.remove(name).map(drop)),
            (None, _, None, _) => Ok(()),
            (insert, _, gone, _) => {
                let mut batch = sled::Batch::default();
                at_once.into_iter().chain(insert).for_each(|(name, bytes)| batch.insert(name, bytes));
                remove.into_iter().chain(gone).for_each(|name| batch.remove(name));
                guarded(|| db.apply_batch(batch))
            }
        }
    }
}

/// A block, and where it lies.
struct Place {
    name: IVec,
    bytes: IVec,
    /// Where the next one begins.
    next: Option<IVec>,
}

/// The block that a row lies in if it is there.
fn block_with(db: &Db, key: &[u8]) -> Outcome<Option<(IVec, IVec)>> {
    let upto = rows::block_name(key);
    guarded(|| db.range(vec![rows::ROW]..=upto).next_back().transpose())
}

/// The least name of a block that comes after this one.
fn next_name(db: &Db, name: &IVec) -> Outcome<Option<IVec>> {
    let rest = (Bound::Excluded(name.clone()), Bound::Excluded(IVec::from(vec![rows::ROW + 1])));
    let next = guarded(|| db.range(rest).next().transpose())?;
    Ok(next.map(|(name, _)| name))
}

/// Whether a key lies before whatever has this name.
fn is_before_name(key: &[u8], name: Option<&IVec>) -> bool {
    name.and_then(|name| name.get(1..)).is_none_or(|least| key < least)
}

/// Looks for rows, one after the other in the order of their keys: those that lie together are looked for once. Nobody
/// writes meanwhile.
pub(super) struct Looking<'a> {
    db: &'a Db,
    /// The name and the bytes of the block in which the last one was looked for.
    block: Option<(IVec, IVec)>,
    /// Where the next one begins, if the last row would lie behind all that are in this one.
    behind: Behind,
}

enum Behind {
    No,
    Yes,
    Upto(Option<IVec>),
}

impl Looking<'_> {
    pub(super) fn new(db: &Db) -> Looking<'_> {
        Looking { db, block: None, behind: Behind::No }
    }

    pub(super) fn get(&mut self, key: &[u8]) -> Outcome<Option<Kept>> {
        if let Some((name, block)) = &self.block {
            match &self.behind {
                Behind::No => match find(block, key)? {
                    Found::There(head) => return whole(self.db, key, head).map(Some),
                    Found::Not => return Ok(None),
                    Found::Behind => {}
                },
                Behind::Yes => self.behind = Behind::Upto(next_name(self.db, name)?),
                Behind::Upto(_) => {}
            }
            if let Behind::Upto(next) = &self.behind
                && is_before_name(key, next.as_ref())
            {
                return Ok(None);
            }
        }
        self.behind = Behind::No;
        self.block = block_with(self.db, key)?;
        let found = self.block.as_ref().map_or(Ok(Found::Not), |(_, block)| find(block, key))?;
        if matches!(found, Found::Behind) {
            self.behind = Behind::Yes;
        }
        let Found::There(head) = found else { return Ok(None) };
        whole(self.db, key, head).map(Some)
    }
}

/// What there is of a row in a block.
enum Found<'a> {
    There(Head<'a>),
    Not,
    /// It would lie behind all that are there.
    Behind,
}

fn find<'a>(block: &'a [u8], key: &[u8]) -> Outcome<Found<'a>> {
    let mut there = Rows::of(block);
    while let Some(head) = there.read()? {
        if there.key() >= key {
            return Ok(if there.key() == key { Found::There(head) } else { Found::Not });
        }
    }
    Ok(Found::Behind)
}

/// Puts a value together.
fn whole(db: &Db, key: &[u8], Head { version, value }: Head<'_>) -> Outcome<Kept> {
    match value {
        Value::Whole(value) => Ok((version, value.to_vec())),
        Value::Parts(parts) => {
            let mut value = Vec::new();
            for part in 0..parts {
                match guarded(|| db.get(rows::part_key(key, version, part)))? {
                    Some(bytes) => value.extend_from_slice(&bytes),
                    None => {
                        return Err(Trouble::Broken(String::from("a part of a long entry is missing")));
                    }
                }
            }
            Ok((version, value))
        }
    }
}

/// The rows between two keys, one after the other.
pub(super) struct Between<'a> {
    db: &'a Db,
    way: Way,
    from: Bound<Key>,
    to: Bound<Key>,
    /// The rows of the block that was read last, in the order in which they come.
    ready: std::vec::IntoIter<Row>,
    /// The row that came last: while somebody writes, a row may be met in two blocks.
    last: Option<Key>,
    is_over: bool,
}

/// How one comes from block to block. Where a block is divided meanwhile, its last rows come to lie in one after it.
enum Way {
    /// Those that were read before they came there are passed over.
    Forward(Box<sled::Iter>),
    /// One that came to lie there must be met: the next is always looked for from the one that was read last.
    Back(Bound<IVec>),
}

impl<'a> Between<'a> {
    pub(super) fn new(db: &'a Db, from: &Bound<Key>, to: &Bound<Key>, reverse: bool) -> Outcome<Between<'a>> {
        let last = match to {
            Bound::Included(key) | Bound::Excluded(key) => Bound::Included(IVec::from(rows::block_name(key))),
            Bound::Unbounded => Bound::Excluded(IVec::from(vec![rows::ROW + 1])),
        };
        let way = if reverse {
            Way::Back(last)
        } else {
            let first = match from {
                Bound::Included(key) | Bound::Excluded(key) => block_with(db, key)?.map(|(name, _)| name),
                Bound::Unbounded => None,
            };
            let first = first.unwrap_or_else(|| IVec::from(vec![rows::ROW]));
            Way::Forward(guarded(|| Ok(Box::new(db.range((Bound::Included(first), last)))))?)
        };
        let (from, to) = (from.clone(), to.clone());
        Ok(Between { db, way, from, to, ready: Vec::new().into_iter(), last: None, is_over: false })
    }

    /// The rows of the next block that lie between the keys; `None` when there is none.
    fn next_block(&mut self) -> Outcome<Option<Vec<Row>>> {
        let next = match &mut self.way {
            Way::Forward(names) => guarded(|| names.next().transpose())?,
            Way::Back(upto) => {
                let first = Bound::Included(IVec::from(vec![rows::ROW]));
                let next = guarded(|| self.db.range((first, upto.clone())).next_back().transpose())?;
                if let Some((name, _)) = &next {
                    *upto = Bound::Excluded(name.clone());
                }
                next
            }
        };
        let Some((_, block)) = next else { return Ok(None) };
        let mut found = Vec::new();
        let mut there = Rows::of(&block);
        while let Some(head) = there.read()? {
            let (is_before, is_after) = (is_before(&self.from, there.key()), is_after(&self.to, there.key()));
            if !is_before && !is_after && !self.is_behind(there.key()) {
                let key = there.key().to_vec();
                let (version, value) = whole(self.db, &key, head)?;
                found.push(Row { key, value, version: Version::from_number(version) });
            }
            self.is_over |= if self.is_reverse() { is_before } else { is_after };
        }
        if self.is_reverse() {
            found.reverse();
        }
        Ok(Some(found))
    }

    fn is_reverse(&self) -> bool {
        matches!(self.way, Way::Back(_))
    }

    fn is_behind(&self, key: &[u8]) -> bool {
        self.last.as_deref().is_some_and(|last| if self.is_reverse() { key >= last } else { key <= last })
    }
}

impl Iterator for Between<'_> {
    type Item = Outcome<Row>;

    fn next(&mut self) -> Option<Outcome<Row>> {
        loop {
            if let Some(row) = self.ready.next() {
                if self.ready.len() == 0 {
                    self.last = Some(row.key.clone());
                }
                return Some(Ok(row));
            }
            if self.is_over {
                return None;
            }
            match self.next_block() {
                Ok(Some(found)) => self.ready = found.into_iter(),
                Ok(None) => return None,
                Err(trouble) => {
                    self.is_over = true;
                    return Some(Err(trouble));
                }
            }
        }
    }
}

/// Whether a key lies after the end.
fn is_after(to: &Bound<Key>, key: &[u8]) -> bool {
    match to {
        Bound::Included(to) => key > to.as_slice(),
        Bound::Excluded(to) => key >= to.as_slice(),
        Bound::Unbounded => false,
    }
}

/// Whether a key lies before the beginning.
fn is_before(from: &Bound<Key>, key: &[u8]) -> bool {
    match from {
        Bound::Included(from) => key < from.as_slice(),
        Bound::Excluded(from) => key <= from.as_slice(),
        Bound::Unbounded => false,
    }
}

/// Changes rows, given in the order of their keys, and puts one pair, all at once or nothing of it; says what sled will
/// write of it, about.
pub(super) fn change(
    db: &Db,
    changes: &mut dyn Iterator<Item = Change<'_>>,
    pair: Option<(&[u8], Vec<u8>)>,
) -> Outcome<usize> {
    let mut batch = sled::Batch::default();
    let mut cost = PAGE;
    each_work(db, changes, &mut |work| {
        cost += work.cost();
        for (name, bytes) in work.first.into_iter().chain(work.at_once) {
            batch.insert(name, bytes);
        }
        work.remove.into_iter().for_each(|name| batch.remove(name));
        Ok(())
    })?;
    if let Some((name, bytes)) = pair {
        batch.insert(name, bytes);
    }
    guarded(|| db.apply_batch(batch))?;
    Ok(cost)
}

/// Changes rows, given in the order of their keys, one block after the other: all of a block at once. After each it tells
/// what sled will write of it, about.
pub(super) fn change_in_turn(
    db: &Db,
    changes: &mut dyn Iterator<Item = Change<'_>>,
    given: &mut dyn FnMut(usize) -> Outcome<()>,
) -> Outcome<()> {
    each_work(db, changes, &mut |work| {
        let cost = work.cost();
        work.apply(db)?;
        given(cost)
    })
}

/// Works out what is to be done, block after block.
fn each_work(
    db: &Db,
    changes: &mut dyn Iterator<Item = Change<'_>>,
    doing: &mut dyn FnMut(Work) -> Outcome<()>,
) -> Outcome<()> {
    let mut changes = changes.peekable();
    while let Some(next) = changes.peek() {
        let place = place_of(db, next.key)?;
        doing(work_at(&place, &mut changes)?)?;
    }
    Ok(())
}

/// Where a row lies, or would lie.
fn place_of(db: &Db, key: &[u8]) -> Outcome<Place> {
    let (name, bytes) =
        block_with(db, key)?.unwrap_or_else(|| (IVec::from(vec![rows::ROW]), IVec::default()));
    let next = next_name(db, &name)?;
    Ok(Place { name, bytes, next })
}

/// What is to be done in one block, with all changes that belong there.
fn work_at(place: &Place, changes: &mut Peekable<&mut dyn Iterator<Item = Change<'_>>>) -> Outcome<Work> {
    let mut work = Work::default();
    let is_here = |change: &Change<'_>| is_before_name(change.key, place.next.as_ref());
    let here = std::iter::from_fn(|| changes.next_if(is_here)).map(|Change { key, now, parts_before }| {
        // What was cut off is done again: then the parts that were there are those that are to be.
        let again = parts_before.is_some_and(|(before, _)| now.is_some_and(|(now, _)| now == before));
        let (version, parts) = parts_before.filter(|_| !again).unwrap_or_default();
        work.remove.extend((0..parts).map(|part| rows::part_key(key, version, part)));
        let head = now.map(|(version, value)| match rows::parts(value) {
            0 => Head { version, value: Value::Whole(value) },
            parts => {
                let names = (0..parts).map(|part| rows::part_key(key, version, part));
                work.first.extend(names.zip(value.chunks(rows::PART).map(<[u8]>::to_vec)));
                Head { version, value: Value::Parts(parts) }
            }
        });
        (key, head)
    });
    let lying: Vec<Lying<'_>> = blocks::merged(&place.bytes, here)?;
    let packed = blocks::packed(&lying);
    if packed.is_empty() && !place.bytes.is_empty() {
        work.remove.push(place.name.to_vec());
    }
    // A block that begins before a row that lies in this one, be it to be taken away, must not be there before that is done.
    let end = if packed.len() > 1 { blocks::last_key(&place.bytes)? } else { None };
    for Block { name, bytes } in packed {
        match name {
            // Nothing changed in what was there: all that is new comes after it.
            None if *place.bytes == *bytes => {}
            None => work.at_once.push((place.name.to_vec(), bytes)),
            Some(least) if end.as_ref().is_some_and(|end| least <= *end) => {
                work.at_once.push((rows::block_name(&least), bytes));
            }
            Some(least) => work.first.push((rows::block_name(&least), bytes)),
        }
    }
    Ok(work)
}

impl From<NoBlock> for Trouble {
    fn from(_: NoBlock) -> Trouble {
        Trouble::Broken(String::from("some entries are not as they were written"))
    }
}

/// Calls sled and turns its errors and its panics into words.
pub(super) fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Outcome<T> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(error))) if !looks_broken(&error) => {
            Err(Trouble::Disk(trouble(&error, Path::new("store"))))
        }
        Ok(Err(error)) => Err(Trouble::Broken(format!("sled says: {error}"))),
        Err(panic) => {
            let words = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
            Err(Trouble::Broken(format!("sled gave up: {}", words.unwrap_or_default())))
        }
    }
}

/// Some damage reaches us as an error of reading or writing: files that end too early, or hold nonsense.
fn looks_broken(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::NotFound
    ) || (error.kind() == ErrorKind::Other
        && error.raw_os_error().is_none()
        && !is_held(&StoreError::Unavailable(error.to_string())))
}

/// Whether sled is held by another handle.
pub(super) fn is_held(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(words) if words.contains("could not acquire lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    type Model = BTreeMap<Key, Kept>;

    /// Keys that share their beginnings, of few kinds.
    fn key() -> impl Strategy<Value = Key> {
        prop_oneof![
            (0..3_u8, 0..40_u8).prop_map(|(kind, at)| vec![b'a' + kind, at]),
            (0..3_u8, 0..40_u8, 0..4_usize).prop_map(|(kind, at, more)| [
                vec![b'a' + kind, at],
                vec![7; more]
            ]
            .concat()),
            Just(Vec::new()),
        ]
    }

    fn value() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            20 => vec(any::<u8>(), 0..150),
            2 => vec(any::<u8>(), blocks::FULL - 40..blocks::FULL + 40),
            1 => (1..rows::PART * 3).prop_map(|length| vec![b'x'; length]),
        ]
    }

    type Commit = (BTreeMap<Key, Option<Vec<u8>>>, bool);

    /// Some are cut off after so many writes, and done again.
    fn commits() -> impl Strategy<Value = Vec<(Commit, Option<usize>)>> {
        let some = btree_map(key(), proptest::option::weighted(0.7, value()), 1..60);
        vec(((some, any::<bool>()), proptest::option::of(0..40_usize)), 1..8)
    }

    fn open(folder: &Path) -> Db {
        sled::Config::new().path(folder).cache_capacity(1 << 20).open().unwrap()
    }

    fn changes<'a>(
        there: &Model,
        version: u64,
        commit: &'a BTreeMap<Key, Option<Vec<u8>>>,
    ) -> Vec<Change<'a>> {
        let parts_before = |key| there.get(key).map(|(version, value)| (*version, rows::parts(value)));
        let change = |(key, now): (&'a Key, &'a Option<Vec<u8>>)| Change {
            key,
            now: now.as_ref().map(|value| (version, value.as_slice())),
            parts_before: parts_before(key),
        };
        commit.iter().map(change).collect()
    }

    /// Does a commit with what is there, whatever that is.
    fn apply(db: &Db, model: &mut Model, version: u64, (commit, in_turn): &Commit) {
        let there = all(db, &Bound::Unbounded, &Bound::Unbounded, false).into_iter().collect();
        let mut changes = changes(&there, version, commit).into_iter();
        if *in_turn {
            change_in_turn(db, &mut changes, &mut |_| Ok(())).unwrap();
        } else {
            change(db, &mut changes, None).unwrap();
        }
        for (key, now) in commit {
            match now {
                Some(value) => drop(model.insert(key.clone(), (version, value.clone()))),
                None => drop(model.remove(key)),
            }
        }
    }

    /// The commit in turn, cut off after so many writes.
    fn cut_off(db: &Db, model: &Model, version: u64, (commit, _): &Commit, mut after: usize) {
        let mut changes = changes(model, version, commit).into_iter();
        let _ = each_work(db, &mut changes, &mut |Work { first, at_once, remove }| {
            for (name, bytes) in first {
                after = after.checked_sub(1).ok_or(Trouble::Broken(String::new()))?;
                db.insert(name, bytes).unwrap();
            }
            after = after.checked_sub(1).ok_or(Trouble::Broken(String::new()))?;
            let mut batch = sled::Batch::default();
            for (name, bytes) in at_once {
                batch.insert(name, bytes);
            }
            for name in remove {
                batch.remove(name);
            }
            guarded(|| db.apply_batch(batch))
        });
    }

    fn all(db: &Db, from: &Bound<Key>, to: &Bound<Key>, reverse: bool) -> Vec<(Key, Kept)> {
        let rows = Between::new(db, from, to, reverse).unwrap().map(Result::unwrap);
        rows.map(|Row { key, value, version }| (key, (version.number(), value))).collect()
    }

    /// Blocks hold rows of one kind, in order, within their bounds, and no more than they may.
    fn is_well_laid(db: &Db) {
        let mut before: Option<Key> = None;
        for pair in db.scan_prefix([rows::ROW]) {
            let (name, block) = pair.unwrap();
            let least = name.get(1..).unwrap();
            assert!(
                before.as_deref().is_none_or(|before| before < least),
                "a row lies in a block before its own"
            );
            let (mut there, mut count, mut kind) = (Rows::of(&block), 0, None);
            while there.read().unwrap().is_some() {
                let key = there.key();
                assert!(
                    key >= least && before.as_deref().is_none_or(|before| before < key),
                    "rows are in order"
                );
                assert_eq!(*kind.get_or_insert(key.first().copied()), key.first().copied());
                before = Some(key.to_vec());
                count += 1;
            }
            assert!(count > 0, "no block is empty");
            assert!(count == 1 || block.len() <= blocks::FULL, "{count} rows take {} bytes", block.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn rows_are_found_as_they_were_written(
            commits in commits(),
            ranges in vec((proptest::option::of((key(), any::<bool>())), proptest::option::of((key(), any::<bool>()))), 1..12),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let (db, mut model) = (open(folder.path()), Model::new());
            for (version, (commit, again)) in (1..).zip(&commits) {
                if let Some(after) = again {
                    cut_off(&db, &model, version, commit, *after);
                }
                apply(&db, &mut model, version, commit);
                is_well_laid(&db);
                let there: Vec<(Key, Kept)> = model.clone().into_iter().collect();
                prop_assert_eq!(all(&db, &Bound::Unbounded, &Bound::Unbounded, false), there);
                let mut looking = Looking::new(&db);
                for key in commit.0.keys() {
                    prop_assert_eq!(Looking::new(&db).get(key).unwrap(), model.get(key).cloned());
                    prop_assert_eq!(looking.get(key).unwrap(), model.get(key).cloned());
                }
                let mut looking = Looking::new(&db);
                for key in commits.iter().flat_map(|(commit, _)| commit.0.keys()).collect::<BTreeSet<_>>() {
                    prop_assert_eq!(looking.get(key).unwrap(), model.get(key).cloned());
                }
            }
            let bound = |at: Option<(Key, bool)>| match at {
                Some((key, true)) => Bound::Included(key),
                Some((key, false)) => Bound::Excluded(key),
                None => Bound::Unbounded,
            };
            for (from, to) in ranges {
                let (from, to) = (bound(from), bound(to));
                let within = |key: &Key| std::ops::RangeBounds::contains(&(from.clone(), to.clone()), key);
                let mut expected: Vec<(Key, Kept)> =
                    model.iter().filter(|(key, _)| within(key)).map(|(key, kept)| (key.clone(), kept.clone())).collect();
                if !crate::store::engine::is_empty(&from, &to) {
                    prop_assert_eq!(&all(&db, &from, &to, false), &expected);
                    expected.reverse();
                    prop_assert_eq!(&all(&db, &from, &to, true), &expected);
                }
            }
            let parts = model.values().map(|(_, value)| rows::parts(value) as usize).sum::<usize>();
            prop_assert_eq!(db.scan_prefix(b"p").count(), parts, "no part of a long value stays behind");
        }
    }

    #[test]
    fn keys_that_only_grow_fill_their_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let (db, mut model) = (open(folder.path()), Model::new());
        for number in 0..2_000_u32 {
            let commit = BTreeMap::from([([b"h", &number.to_be_bytes()[..]].concat(), Some(vec![b'.'; 30]))]);
            apply(&db, &mut model, 1, &(commit, false));
        }
        is_well_laid(&db);
        let (blocks, bytes) = (db.len(), db.iter().values().map(|block| block.unwrap().len()).sum::<usize>());
        assert!(bytes / blocks > blocks::FULL * 9 / 10, "{blocks} blocks of {} bytes", bytes / blocks);
    }

    #[test]
    fn rows_that_do_not_change_are_read_while_others_are_put_between_them() {
        let folder = tempfile::tempdir().unwrap();
        let (db, mut model) = (open(folder.path()), Model::new());
        let rows = |from: u32| -> Commit {
            let key = |at: u32| [b"c", &at.to_be_bytes()[..]].concat();
            ((0..3_000).map(|at| (key(at * 10 + from), Some(vec![b'.'; 60]))).collect(), true)
        };
        apply(&db, &mut model, 1, &rows(0));
        let lasting: Vec<Key> = model.keys().cloned().collect();
        std::thread::scope(|threads| {
            let reading = |reverse: bool| {
                let (db, lasting) = (&db, &lasting);
                move || {
                    for _ in 0..20 {
                        let found = all(db, &Bound::Unbounded, &Bound::Unbounded, reverse);
                        let mut keys: Vec<Key> = found.into_iter().map(|(key, _)| key).collect();
                        if reverse {
                            keys.reverse();
                        }
                        assert!(keys.is_sorted_by(|a, b| a < b), "in order, each once");
                        keys.retain(|key| key.ends_with(&[0]) || lasting.binary_search(key).is_ok());
                        assert!(lasting.iter().all(|key| keys.binary_search(key).is_ok()), "none is missed");
                        assert!(
                            lasting
                                .iter()
                                .step_by(37)
                                .all(|key| Looking::new(db).get(key).unwrap().is_some())
                        );
                    }
                }
            };
            threads.spawn(reading(false));
            threads.spawn(reading(true));
            for from in 1..10 {
                apply(&db, &mut model, 2, &rows(from));
            }
        });
        is_well_laid(&db);
    }
}
