//! What the readers, the writer and the keeper of a store share, and how all rows are read while it runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use std::ops::Bound;
use tokio::sync::watch;

use super::engine::{Engine, Kept, Overlay, STRETCH, Trouble};
use super::folder::Folder;
use super::plan::{Changed, Plan};
use super::rows::{self, State};
use super::since::Since;
use super::sled_store::{Health, Options};
use super::snapshot::Copied;
use super::writer::gone;
use super::{Key, Row, StoreError};

/// The open rows.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) engine: Engine,
    /// What they add up to with every confirmed commit.
    pub(super) state: State,
    /// Counts how often the rows were replaced, so that a fault is not repaired twice.
    pub(super) epoch: u64,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) folder: Folder,
    pub(super) options: Options,
    /// `None` after closing, and while sled cannot be opened again. The writer holds it for as long as it takes
    /// to apply a batch, so that a read sees all of a commit or nothing of it.
    live: RwLock<Option<Live>>,
    scan: Mutex<Option<Scan>>,
    since: Mutex<Since>,
    pub(super) health: watch::Sender<Health>,
    pub(super) closing: AtomicBool,
    /// Bytes in the journal since the last snapshot.
    pub(super) unsaved: AtomicU64,
    /// Commits so far in this run: it stands still in a quiet moment.
    pub(super) commits: AtomicU64,
    /// The writer is at work on commits.
    pub(super) busy: AtomicBool,
}

/// A scan under way: what was changed behind its back.
#[derive(Debug, Default)]
struct Scan {
    /// Rows up to here have been read.
    position: Option<Key>,
    digest: u64,
    rows: u64,
    /// The changes themselves, if somebody wants them.
    late: Option<Vec<Late>>,
}

impl Scan {
    fn hear(&mut self, changed: &Changed<'_>) {
        if self.position.as_ref().is_none_or(|position| changed.key > position) {
            return;
        }
        if let Some(before) = changed.before {
            self.digest = self.digest.wrapping_sub(before.hash);
            self.rows = self.rows.wrapping_sub(1);
        }
        if let Some((now, _)) = changed.now {
            self.digest = self.digest.wrapping_add(now.hash);
            self.rows = self.rows.wrapping_add(1);
        }
        if let Some(late) = &mut self.late {
            let now = changed.now.map(|(known, value)| (known.version, value.to_vec()));
            late.push(Late { key: changed.key.clone(), was: changed.before.map(|known| known.hash), now });
        }
    }
}

/// A row that was changed after a scan had read it.
#[derive(Debug)]
pub(super) struct Late {
    pub(super) key: Key,
    /// What it had added to the digest, if it was there.
    pub(super) was: Option<u64>,
    pub(super) now: Option<Kept>,
}

/// All rows, as a scan has read them.
#[derive(Debug)]
pub(super) struct Scanned {
    /// What all rows add up to.
    pub(super) state: State,
    /// What those add up to that were read.
    pub(super) read: State,
    /// What was changed behind the scan, if that was asked for; with it they are the rows of that state.
    pub(super) late: Vec<Late>,
}

/// Why a scan did not come to its end.
#[derive(Debug)]
pub(super) enum Unfinished {
    /// The store is being closed, or the rows were replaced.
    Stopped,
    /// The rows cannot be read, or do not add up.
    Rows { epoch: u64, why: Trouble },
    /// What was to be done with the rows failed.
    Visitor(StoreError),
}

impl Shared {
    pub(super) fn new(folder: Folder, options: Options, live: Live, health: watch::Sender<Health>) -> Shared {
        let since = Since::opened_at(live.state);
        Shared {
            folder,
            options,
            live: RwLock::new(Some(live)),
            scan: Mutex::new(None),
            since: Mutex::new(since),
            health,
            closing: AtomicBool::new(false),
            unsaved: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            busy: AtomicBool::new(false),
        }
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Option<Live>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Option<Live>> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn scan_under_way(&self) -> MutexGuard<'_, Option<Scan>> {
        self.scan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has changed since all rows were copied.
    pub(super) fn since(&self) -> MutexGuard<'_, Since> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Breaks off long work when the store is being closed.
    pub(super) fn go_on(&self) -> Result<(), StoreError> {
        if self.is_closing() { Err(gone()) } else { Ok(()) }
    }

    pub(super) fn say(&self, health: Health) {
        self.health.send_replace(health);
    }

    /// Tells what a plan changes, whose rows may have been taken out of it, to a scan under way and to whoever copies rows;
    /// called while the rows are held for writing.
    pub(super) fn tell_changes(&self, plan: &Plan, taken: Option<&Overlay>) {
        let mut since = self.since();
        let mut scan = self.scan_under_way();
        for changed in plan.changed(taken) {
            since.add(&changed);
            if let Some(scan) = scan.as_mut() {
                scan.hear(&changed);
            }
        }
    }

    /// Reads all rows while commits go on, and checks that they add up.
    ///
    /// The rows that `visit` sees are of different moments; what was changed after it saw them is returned, if
    /// `late` asks for it.
    pub(super) fn scan(
        &self,
        late: bool,
        visit: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<Scanned, Unfinished> {
        *self.scan_under_way() = Some(Scan { late: late.then(Vec::new), ..Scan::default() });
        let outcome = self.scan_on(visit);
        *self.scan_under_way() = None;
        outcome
    }

    fn scan_on(&self, visit: &mut dyn FnMut(Row) -> Result<(), StoreError>) -> Result<Scanned, Unfinished> {
        let mut read = State::default();
        let mut from = Bound::Unbounded;
        let mut begun = None;
        loop {
            if self.is_closing() {
                return Err(Unfinished::Stopped);
            }
            let guard = self.read();
            let Some(live) = guard.as_ref() else { return Err(Unfinished::Stopped) };
            let epoch = live.epoch;
            if *begun.get_or_insert(epoch) != epoch {
                return Err(Unfinished::Stopped);
            }
            let stretch = live
                .engine
                .range(&from, &Bound::Unbounded, false, STRETCH)
                .map_err(|why| Unfinished::Rows { epoch, why })?;
            let end = (stretch.len() < STRETCH).then(|| (live.state, self.end_scan()));
            if let Some(last) = stretch.last() {
                from = Bound::Excluded(last.key.clone());
                if let Some(scan) = self.scan_under_way().as_mut() {
                    scan.position = Some(last.key.clone());
                }
            }
            drop(guard);
            for row in stretch {
                read.give(rows::hash(&row.key, row.version.number(), &row.value));
                visit(row).map_err(Unfinished::Visitor)?;
            }
            let Some((state, scan)) = end else { continue };
            let digest = read.digest.wrapping_add(scan.digest);
            let rows = read.rows.wrapping_add(scan.rows);
            if (digest, rows) != (state.digest, state.rows) {
                let why = format!("{rows} entries were found where {} should be", state.rows);
                let why =
                    if rows == state.rows { String::from("an entry is not as it was saved") } else { why };
                return Err(Unfinished::Rows { epoch, why: Trouble::Broken(why) });
            }
            return Ok(Scanned { state, read, late: scan.late.unwrap_or_default() });
        }
    }

    /// Ends a scan while the rows are held: what is changed from here on is no longer its business.
    fn end_scan(&self) -> Scan {
        let scan = self.scan_under_way().take().unwrap_or_default();
        if let Some(late) = &scan.late {
            self.since().copying(late);
        }
        scan
    }

    /// What has changed since all rows were copied, and what all rows add up to now; nothing if that is not known, if it is
    /// much, or does not add up.
    pub(super) fn changed_since(&self, copy: &Copied) -> Option<(State, Vec<Late>)> {
        let guard = self.read();
        let live = guard.as_ref()?;
        let changes = self.since().changes(&self.folder, copy.sum)?;
        let (mut sum, mut late) = (State { digest: copy.digest, rows: copy.rows, ..live.state }, Vec::new());
        let mut looking = live.engine.looking();
        for (key, was) in changes {
            let now = looking.get(&key).ok()?;
            sum.take(was);
            if let Some((version, value)) = &now {
                sum.give(rows::hash(&key, *version, value));
            }
            late.push(Late { key, was, now });
        }
        (sum == live.state).then_some((sum, late))
    }
}

/// Adds up all rows of an engine that nobody else uses.
pub(super) fn add_up(engine: &Engine) -> Result<(u64, u64), Trouble> {
    let (mut digest, mut rows) = (0_u64, 0_u64);
    engine.each(&mut |row| {
        digest = digest.wrapping_add(rows::hash(&row.key, row.version.number(), &row.value));
        rows = rows.wrapping_add(1);
        Ok::<_, Trouble>(())
    })?;
    Ok((digest, rows))
}
