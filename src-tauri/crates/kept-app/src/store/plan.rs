//! Working out what commits change, before anything is written.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;

use uuid::Uuid;

use super::engine::{Engine, Kept, Looking, Overlay, Trouble};
use super::frame::Entry;
use super::rows::{self, State};
use super::tree::Change;
use super::{Commit, Expect, Key, Row, StoreError, Version, Write};

/// Above so many bytes sled is given the rows of a commit bit by bit.
const AT_ONCE_BYTES: usize = 512 * 1024;

/// Where there are so many times fewer rows than are written, all are read instead of looking for each.
const FEW: u64 = 8;

/// What is known of a row without its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) version: u64,
    pub(super) hash: u64,
    /// How many parts its value lies in; 0 if it is short.
    parts: u32,
}

impl Known {
    fn of(key: &[u8], version: u64, value: &[u8]) -> Known {
        Known { version, hash: rows::hash(key, version, value), parts: rows::parts(value) }
    }
}

/// A row that commits of a plan look at or change.
#[derive(Debug)]
struct Touched {
    before: Option<Known>,
    now: Option<Known>,
    /// The commit and the write in the plan that its value comes from.
    source: Option<(usize, usize)>,
    changed: bool,
}

/// One row before and after a plan.
#[derive(Debug)]
pub(super) struct Changed<'a> {
    pub(super) key: &'a Key,
    pub(super) before: Option<Known>,
    pub(super) now: Option<(Known, &'a [u8])>,
}

impl<'a> Changed<'a> {
    /// What sled has to do for it.
    fn for_sled(&self) -> Change<'a> {
        Change {
            key: self.key,
            now: self.now.map(|(known, value)| (known.version, value)),
            parts_before: self.before.map(|before| (before.version, before.parts)),
        }
    }
}

/// Commits that are made durable together.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) entries: Vec<Entry>,
    /// What holds when they are applied.
    pub(super) state: State,
    touched: BTreeMap<Key, Touched>,
    writes: usize,
    /// The rows hold a commit in part that is not in the state.
    partly: bool,
}

/// Why a commit cannot be part of a plan.
#[derive(Debug)]
pub(super) enum Objection {
    Conflict(Vec<Key>),
    Trouble(Trouble),
}

impl From<Objection> for StoreError {
    fn from(objection: Objection) -> StoreError {
        match objection {
            Objection::Conflict(keys) => StoreError::Conflict { keys },
            Objection::Trouble(trouble) => trouble.into(),
        }
    }
}

impl Plan {
    pub(super) fn new(state: State) -> Plan {
        Plan { entries: Vec::new(), state, touched: BTreeMap::new(), writes: 0, partly: false }
    }

    /// Begins with rows that hold a commit in part: their state is only known when they have been added up.
    pub(super) fn on_parts(state: State) -> Plan {
        Plan { partly: true, ..Plan::new(state) }
    }

    /// An empty plan that goes on after this one.
    pub(super) fn next(&self) -> Plan {
        Plan { partly: self.partly, ..Plan::new(self.state) }
    }

    /// How many writes there are so far.
    pub(super) fn writes(&self) -> usize {
        self.writes
    }

    /// Whether a commit can be the next one: its checks hold, and all it touches can be read.
    pub(super) fn check(&mut self, engine: &Engine, commit: &Commit) -> Result<(), Objection> {
        let mut conflicts = Vec::new();
        for (key, expect) in &commit.checks {
            let now = self
                .look(&mut engine.looking(), key)
                .map_err(Objection::Trouble)?
                .now
                .map(|known| known.version);
            let holds = match expect {
                Expect::Any => true,
                Expect::Absent => now.is_none(),
                Expect::At(version) => now == Some(version.number()),
            };
            if !holds && !conflicts.contains(key) {
                conflicts.push(key.clone());
            }
        }
        if !conflicts.is_empty() {
            return Err(Objection::Conflict(conflicts));
        }
        self.look_at(engine, &commit.writes).map_err(Objection::Trouble)
    }

    /// Adds a commit that was checked as the next one.
    pub(super) fn add(&mut self, commit: Commit) -> Version {
        let seq = self.state.applied + 1;
        self.take(seq, commit.id, commit.note, commit.writes, false);
        Version::from_number(seq)
    }

    /// Adds a commit out of the journal. With `salvaged` rows below it, a newer row is left as it is.
    pub(super) fn replay(&mut self, engine: &Engine, entry: Entry, salvaged: bool) -> Result<(), Trouble> {
        self.look_at(engine, &entry.writes)?;
        self.take(entry.seq, entry.id, entry.note, entry.writes, salvaged);
        Ok(())
    }

    /// Works out what a commit changes, all of whose rows were looked at.
    fn take(&mut self, seq: u64, id: Uuid, note: Vec<u8>, writes: Vec<Write>, salvaged: bool) {
        let index = self.entries.len();
        // Whoever writes many rows has most of them in order: the next one is looked for only where it is not the next.
        let mut in_order = self.touched.range_mut::<Key, _>(..).peekable();
        for (position, write) in writes.iter().enumerate() {
            if in_order.peek().is_none_or(|(key, _)| *key != write.key()) {
                in_order = self.touched.range_mut::<Key, _>(write.key()..).peekable();
            }
            let Some((_, touched)) = in_order.next_if(|(key, _)| *key == write.key()) else { continue };
            if salvaged && touched.now.is_some_and(|known| known.version > seq) {
                continue;
            }
            self.state.take(touched.now.take().map(|old| old.hash));
            if let Write::Put { key, value } = write {
                let known = Known::of(key, seq, value);
                self.state.give(known.hash);
                touched.now = Some(known);
            }
            touched.source = Some((index, position));
            touched.changed = true;
        }
        self.writes += writes.len();
        self.state.applied = seq;
        self.entries.push(Entry { seq, id, digest: self.state.digest, note, writes });
    }

    /// Looks at all that is to be written, in order, so that sled finds neighbours one after the other.
    fn look_at(&mut self, engine: &Engine, writes: &[Write]) -> Result<(), Trouble> {
        let mut keys: Vec<&Key> = writes.iter().map(Write::key).collect();
        // Whoever writes many rows has most of them in order, which this way of sorting makes use of.
        keys.sort();
        if self.entries.is_empty() && self.state.rows < keys.len() as u64 / FEW {
            return self.look_at_all(engine, keys);
        }
        let mut looking = engine.looking();
        keys.into_iter().try_for_each(|key| self.look(&mut looking, key).map(drop))
    }

    /// Looks at what is to be written where there are few rows: all of them are read, and nothing is looked for.
    fn look_at_all(&mut self, engine: &Engine, mut keys: Vec<&Key>) -> Result<(), Trouble> {
        let mut there: BTreeMap<Key, Known> = BTreeMap::new();
        engine.each(&mut |Row { key, value, version }| {
            let known = Known::of(&key, version.number(), &value);
            there.insert(key, known);
            Ok::<_, Trouble>(())
        })?;
        keys.dedup();
        let touched = |key: &Key| {
            let before = there.get(key).copied();
            Touched { before, now: before, source: None, changed: false }
        };
        let mut touched: BTreeMap<Key, Touched> =
            keys.into_iter().map(|key| (key.clone(), touched(key))).collect();
        self.touched.append(&mut touched);
        Ok(())
    }

    fn look(&mut self, looking: &mut Looking<'_>, key: &Key) -> Result<&Touched, Trouble> {
        match self.touched.entry(key.clone()) {
            Place::Occupied(touched) => Ok(touched.into_mut()),
            Place::Vacant(place) => {
                let known = looking.get(key)?.map(|(version, value)| Known::of(key, version, &value));
                Ok(place.insert(Touched { before: known, now: known, source: None, changed: false }))
            }
        }
    }

    /// The rows that are changed, in order of their keys; what was taken out by [`Plan::take_rows`] is found there.
    pub(super) fn changed<'a>(&'a self, taken: Option<&'a Overlay>) -> impl Iterator<Item = Changed<'a>> {
        let mut taken = taken.map(Overlay::values);
        self.touched.iter().filter(|(_, touched)| touched.changed).map(move |(key, touched)| {
            let value = match &mut taken {
                Some(taken) => taken.next().and_then(Option::as_ref).map(|(_, value)| value),
                None => touched.source.and_then(|source| {
                    match self.entries.get(source.0)?.writes.get(source.1)? {
                        Write::Put { value, .. } => Some(value),
                        Write::Delete { .. } => None,
                    }
                }),
            };
            Changed { key, before: touched.before, now: touched.now.zip(value.map(Vec::as_slice)) }
        })
    }

    /// Whether there is more in it than sled can be given at once: rows, or bytes.
    pub(super) fn is_large(&self, at_once: usize) -> bool {
        let many = self.touched.values().filter(|touched| touched.changed).nth(at_once).is_some();
        let bytes = || self.changed(None).filter_map(|changed| changed.now).map(|(_, value)| value.len());
        many || bytes().sum::<usize>() > AT_ONCE_BYTES
    }

    /// Has sled do all of it, at once or not at all.
    pub(super) fn apply(&self, engine: &Engine) -> Result<(), Trouble> {
        engine.change(&mut self.changed(None).map(|changed| changed.for_sled()), self.known_state())
    }

    /// Has sled do all of it, block after block.
    ///
    /// A batch of sled has no order and goes all over its tree; rows in their order are many times faster. What was cut
    /// off there is marked, and completed out of the journal.
    pub(super) fn apply_in_turn(&self, engine: &Engine, taken: Option<&Overlay>) -> Result<(), Trouble> {
        if let Some(state) = self.known_state() {
            engine.put_partly(state.applied)?;
        }
        engine.change_in_turn(&mut self.changed(taken).map(|changed| changed.for_sled()))?;
        self.known_state().map_or(Ok(()), |state| engine.put_state(state))
    }

    /// What holds afterwards. With a part of a commit below, what the rows add up to is written when that is known.
    fn known_state(&self) -> Option<State> {
        (!self.partly).then_some(self.state)
    }

    /// Takes its rows out of it, for reading above a sled that has not yet come so far.
    pub(super) fn take_rows(&mut self) -> Overlay {
        let Self { touched, entries, .. } = self;
        let changed = touched.iter().filter(|(_, touched)| touched.changed);
        let kept = changed.map(|(key, touched)| {
            let write =
                touched.source.and_then(|(entry, write)| entries.get_mut(entry)?.writes.get_mut(write));
            match (touched.now, write) {
                (Some(known), Some(Write::Put { key, value })) => {
                    (std::mem::take(key), Some((known.version, std::mem::take(value))))
                }
                _ => (key.clone(), None),
            }
        });
        kept.collect()
    }

    /// All of it for reading above a sled that cannot write.
    pub(super) fn overlay(&self) -> Overlay {
        let kept = |(known, value): (Known, &[u8])| -> Kept { (known.version, value.to_vec()) };
        self.changed(None).map(|changed| (changed.key.clone(), changed.now.map(kept))).collect()
    }
}
