//! The store on sled, with a journal in front of it.

use std::fmt;
use std::ops::{Bound, ControlFlow};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use tokio::sync::{oneshot, watch};

use super::ballast::Ballast;
use super::engine::{Engine, Trouble};
use super::folder::Folder;
use super::frame::Entry;
use super::keeper::{Keeper, Task};
use super::lock::Lock;
use super::shared::{Live, Shared};
use super::writer::{Answer, Job, Writer, gone};
use super::{Change, Checked, Commit, Cursor, Fut, Key, Row, SnapshotInfo, Store, StoreError, Version};
use super::{journal, open, snapshot};

/// How a store is opened. `Options::default()` is right for the app, but for the schema and the clock.
#[derive(Clone)]
pub struct Options {
    /// The schema of the data the caller writes; data with a higher one is refused, untouched.
    pub schema: u32,
    /// The clock that dates snapshots.
    pub now: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    /// How long sled may take to open before it is given up on and rebuilt.
    pub open_timeout: Duration,
    /// A snapshot is due when the journal has grown by this many bytes since the last one (or by the size of all
    /// rows, if that is more).
    pub snapshot_after: u64,
    /// Changes of rows that sled is given in one batch at most; of more, it is given row after row in their order.
    pub at_once: usize,
    /// Bytes kept in reserve on the disk; 0 for none.
    pub ballast: u64,
    /// How long after opening the journal is looked through, so that the start has the machine for itself.
    pub look_through_after: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            schema: 1,
            now: Arc::new(SystemTime::now),
            open_timeout: Duration::from_secs(30),
            snapshot_after: 32 << 20,
            at_once: 100,
            ballast: 32 << 20,
            look_through_after: Duration::from_secs(20),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// What opening found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The way in which the store came to be open.
    pub how: How,
    /// The schema the data was last written with; less than [`Options::schema`] means the caller has to migrate it.
    /// A snapshot from before was then made.
    pub schema: u32,
    /// What was done, for the owner; empty when there is nothing to say.
    pub words: Vec<String>,
}

/// The way in which a store came to be open, from the best to the worst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// There was nothing; an empty store was made.
    Fresh,
    /// It had been closed in good order.
    Clean,
    /// It had been cut off; commits from the journal were applied once more. Nothing is missing.
    Replayed {
        /// How many.
        commits: u64,
    },
    /// Something was damaged and has been repaired; the words say what, and whether anything is missing.
    Healed,
    /// The rows were put together anew from a snapshot and the journal; the words say whether anything is missing.
    Rebuilt {
        /// The snapshot used; `None` when the journal alone reached back to the beginning.
        from: Option<PathBuf>,
        /// Where the old rows were moved to; `None` when there were none.
        moved_to: Option<PathBuf>,
    },
}

/// How the store is while it runs: the result of checks that go on in the background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// As far as is known all is well.
    Sound,
    /// The rows are being added up after the last run was cut off.
    Checking,
    /// The rows did not add up and were rebuilt; the sentences say what was done and whether anything is missing.
    Rebuilt(Vec<String>),
    /// The rows do not add up and could not be rebuilt now; the sentences say what is wrong and what to do.
    Wrong(Vec<String>),
}

/// The store on sled, with a journal in front of it.
///
/// Reads of a few rows are done where they are asked for: they take microseconds, or some tens of them from the
/// disk. Long ranges and the feed of changes are read on a thread for blocking work, where there is a runtime.
/// Dropping a store closes it, and waits for that.
#[derive(Debug)]
pub struct JournaledSled {
    shared: Arc<Shared>,
    jobs: Sender<Job>,
    tasks: Sender<Task>,
    writer: Option<JoinHandle<()>>,
}

/// How often a read asks for repair: what was opened anew on a full disk may fail once more.
const HEALINGS: usize = 3;

/// Rows up to which a range is read at once.
const SHORT: usize = 1000;

impl JournaledSled {
    /// Opens the data folder, making it if it is not there, and repairs what can be repaired.
    ///
    /// This blocks: call it from a thread that may wait. It never starts empty where data had been.
    pub fn open(data: &Path, options: Options) -> Result<(JournaledSled, Opened), StoreError> {
        let folder = Folder::new(data);
        open::refuse_newer(&folder, &options)?;
        folder.prepare()?;
        let lock = Lock::take(&folder)?;
        let schema = open::refuse_newer(&folder, &options)?;
        let ready = open::open(&folder, &options, schema)?;
        let unsaved = journal_since_snapshot(&folder)?;
        let ballast = Ballast::new(&folder, options.ballast);
        let held = folder.held().exists();
        let live = Live { engine: ready.engine, state: ready.state, epoch: 0 };
        let (health, _) = watch::channel(if ready.added_up { Health::Sound } else { Health::Checking });
        let shared = Arc::new(Shared::new(folder, options, live, health));
        shared.unsaved.store(unsaved, Ordering::Relaxed);
        let (jobs, queue) = mpsc::channel();
        let (keeper, tasks) = Keeper::start(&shared, jobs.clone());
        if ready.opened.how != How::Fresh {
            keeper.ask(if ready.added_up { Task::VerifyJournalLater } else { Task::Verify });
        }
        if ballast.is_due() {
            keeper.ask(Task::TakeInBallast);
        }
        let writer = Writer {
            shared: Arc::clone(&shared),
            keeper,
            journal: ready.journal,
            recent: ready.recent,
            ballast,
            sick: None,
            held,
            unsettled: false,
            appended: 0,
            state: ready.state,
            epoch: 0,
            _lock: lock,
        };
        let thread =
            thread::Builder::new().name(String::from("store writer")).spawn(move || writer.run(&queue));
        let writer =
            thread.map_err(|e| StoreError::Unavailable(format!("The store could not be started ({e}).")))?;
        for words in &ready.opened.words {
            tracing::warn!("{words}");
        }
        Ok((JournaledSled { shared, jobs, tasks, writer: Some(writer) }, ready.opened))
    }

    /// Tells of the checks that go on in the background.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.shared.health.subscribe()
    }

    /// Reads from sled. When it cannot be read, that is repaired, and it is read again.
    async fn read<T: Send + 'static>(
        &self,
        long: bool,
        read: impl Fn(&Engine) -> Result<T, Trouble> + Send + Sync + 'static,
    ) -> Result<T, StoreError> {
        let read = Arc::new(read);
        for _ in 0..HEALINGS {
            match self.read_once(long, Arc::clone(&read)).await {
                Err(Failed::Rows(epoch, why)) => self.ask(|answer| Job::Heal { epoch, why, answer }).await?,
                outcome => return outcome.map_err(StoreError::from),
            }
        }
        self.read_once(long, read).await.map_err(StoreError::from)
    }

    async fn read_once<T: Send + 'static>(
        &self,
        long: bool,
        read: Arc<impl Fn(&Engine) -> Result<T, Trouble> + Send + Sync + 'static>,
    ) -> Result<T, Failed> {
        let shared = Arc::clone(&self.shared);
        let work = move || match shared.read().as_ref() {
            Some(live) => read(&live.engine).map_err(|why| Failed::Rows(live.epoch, why)),
            None if shared.is_closing() => Err(Failed::Said(gone())),
            None => Err(Failed::Said(StoreError::Unavailable(String::from(
                "The data cannot be read now: the disk is full or was disconnected. Make room on it and try again.",
            )))),
        };
        if long { aside(work).await.map_err(Failed::Said)? } else { work() }
    }

    async fn ask<T>(&self, job: impl FnOnce(Answer<T>) -> Job) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(job(answer)).map_err(|_| gone())?;
        answered.await.unwrap_or_else(|_| Err(gone()))
    }

    async fn ask_keeper<T>(&self, task: impl FnOnce(Answer<T>) -> Task) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.tasks.send(task(answer)).map_err(|_| gone())?;
        answered.await.unwrap_or_else(|_| Err(gone()))
    }
}

/// Why a read did not come about.
enum Failed {
    Rows(u64, Trouble),
    Said(StoreError),
}

impl From<Failed> for StoreError {
    fn from(failed: Failed) -> StoreError {
        match failed {
            Failed::Rows(_, why) => why.into(),
            Failed::Said(error) => error,
        }
    }
}

/// Does something that blocks where it keeps nobody else waiting, if there is such a place.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.map_err(|_| gone()),
        Err(_) => Ok(work()),
    }
}

/// Bytes of the journal that the newest snapshot does not hold.
fn journal_since_snapshot(folder: &Folder) -> Result<u64, StoreError> {
    let covered = snapshot::list(folder).last().map_or(0, |newest| newest.seq);
    let generations = journal::generations(&folder.journal())?;
    let mut bytes = 0;
    for (index, generation) in generations.iter().enumerate() {
        let end = generations.get(index + 1).map_or(u64::MAX, |next| next.first);
        if end > covered + 1 {
            bytes += std::fs::metadata(&generation.path).map_or(0, |meta| meta.len());
        }
    }
    Ok(bytes)
}

/// Up to `limit` commits after a place, none of them later than what is confirmed.
fn changes(dir: &Path, after: u64, upto: u64, limit: usize) -> Result<(Vec<Change>, Cursor), StoreError> {
    let mut changes: Vec<Change> = Vec::new();
    let oldest = journal::generations(dir)?.first().map_or(1, |oldest| oldest.first);
    if after >= upto || limit == 0 {
        return Ok((changes, Cursor::from_number(after)));
    }
    let survey = journal::replay(dir, after, &mut |entry| {
        if entry.seq > upto || changes.len() >= limit {
            return ControlFlow::Break(());
        }
        let Entry { seq, id, note, writes, .. } = entry;
        changes.push(Change { version: Version::from_number(seq), id, writes, note });
        ControlFlow::Continue(())
    })?;
    let gap = survey.missing.iter().any(|(from, _)| *from <= upto);
    if gap || after + 1 < oldest {
        return Err(StoreError::Unavailable(format!(
            "The changes after number {after} are not kept any more. Read all entries anew and go on from there."
        )));
    }
    let last = changes.last().map_or(after, |change| change.version.number());
    Ok((changes, Cursor::from_number(last)))
}

impl Store for JournaledSled {
    fn get<'a>(&'a self, keys: &'a [Key]) -> Fut<'a, Vec<Option<Row>>> {
        let keys = keys.to_vec();
        Box::pin(self.read(keys.len() > SHORT, move |engine| {
            let get = |key: &Key| {
                let kept = engine.get(key)?;
                Ok(kept.map(|(version, value)| {
                    let version = Version::from_number(version);
                    Row { key: key.clone(), value, version }
                }))
            };
            keys.iter().map(get).collect()
        }))
    }

    fn range(&self, from: Bound<Key>, to: Bound<Key>, reverse: bool, limit: usize) -> Fut<'_, Vec<Row>> {
        Box::pin(self.read(limit > SHORT, move |engine| engine.range(&from, &to, reverse, limit)))
    }

    fn commit(&self, commit: Commit) -> Fut<'_, Version> {
        Box::pin(self.ask(|answer| Job::Commit(commit, answer)))
    }

    fn changes(&self, after: Cursor, limit: usize) -> Fut<'_, (Vec<Change>, Cursor)> {
        Box::pin(async move {
            let upto = self.shared.read().as_ref().map(|live| live.state.applied).ok_or_else(gone)?;
            let dir = self.shared.folder.journal();
            aside(move || changes(&dir, after.number(), upto, limit)).await?
        })
    }

    fn snapshot(&self) -> Fut<'_, SnapshotInfo> {
        Box::pin(self.ask_keeper(Task::Snapshot))
    }

    fn check(&self) -> Fut<'_, Checked> {
        Box::pin(self.ask_keeper(Task::Check))
    }

    fn forget_the_past(&self) -> Fut<'_, SnapshotInfo> {
        Box::pin(self.ask_keeper(Task::ForgetThePast))
    }

    fn close(&self) -> Fut<'_, ()> {
        Box::pin(self.ask(Job::Close))
    }
}

impl Drop for JournaledSled {
    fn drop(&mut self) {
        let (answer, _) = oneshot::channel();
        let _ = self.jobs.send(Job::Close(answer));
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Write;
    use super::super::engine::Overlay;
    use super::super::tree;
    use super::*;
    use std::fs;
    use uuid::Uuid;

    fn opened(data: &Path, at_once: usize) -> JournaledSled {
        let options = Options { at_once, ballast: 0, ..Options::default() };
        JournaledSled::open(data, options).unwrap().0
    }

    async fn put(store: &JournaledSled, rows: &[(&str, &str)]) -> Result<Version, StoreError> {
        let put = |(key, value): &(&str, &str)| Write::Put {
            key: key.as_bytes().into(),
            value: value.as_bytes().into(),
        };
        let writes = rows.iter().map(put).collect();
        store.commit(Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: Vec::new() }).await
    }

    async fn rows(store: &JournaledSled) -> Vec<(String, String)> {
        let rows = store.range(Bound::Unbounded, Bound::Unbounded, false, 100).await.unwrap();
        let words = |bytes| String::from_utf8(bytes).unwrap();
        rows.into_iter().map(|row| (words(row.key), words(row.value))).collect()
    }

    fn expected(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    /// Puts a sled in the place of that of a store that can write no more, and has made half of what it was to write.
    fn fail_in_the_middle(store: &JournaledSled) {
        let half = Overlay::from([(b"b".to_vec(), Some((2, b"half".to_vec())))]);
        let mut guard = store.shared.write();
        let live = guard.as_mut().unwrap();
        let failed = Engine::in_memory(&store.shared.folder.rows(), half);
        std::mem::replace(&mut live.engine, failed).let_go().unwrap();
    }

    #[tokio::test]
    async fn what_sled_could_write_half_of_is_not_read() {
        // In one batch, and row after row.
        for at_once in [500, 1] {
            let dir = tempfile::tempdir().unwrap();
            let store = opened(dir.path(), at_once);
            put(&store, &[("a", "1"), ("b", "1")]).await.unwrap();
            fail_in_the_middle(&store);
            // The disk takes nothing either with which to try whether sled can be opened again.
            let probe = dir.path().join("probe");
            fs::create_dir(&probe).unwrap();

            put(&store, &[("c", "1"), ("d", "1")]).await.unwrap();
            let confirmed = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")];
            assert_eq!(rows(&store).await, expected(&confirmed));
            assert_eq!(put(&store, &[("a", "2")]).await, Err(StoreError::Full));
            assert_eq!(rows(&store).await, expected(&confirmed));

            fs::remove_dir(&probe).unwrap();
            put(&store, &[("a", "2")]).await.unwrap();
            let confirmed = [("a", "2"), ("b", "1"), ("c", "1"), ("d", "1")];
            assert_eq!(rows(&store).await, expected(&confirmed));
            drop(store);
            assert_eq!(rows(&opened(dir.path(), at_once)).await, expected(&confirmed));
        }
    }

    #[tokio::test]
    async fn damaged_rows_that_cannot_be_put_together_anew_are_read_from_memory() {
        let dir = tempfile::tempdir().unwrap();
        let store = opened(dir.path(), 500);
        put(&store, &[("a", "1"), ("b", "1")]).await.unwrap();
        let damage = tree::Change { key: b"b", now: Some((1, b"damaged")), parts_before: None };
        store.shared.read().as_ref().unwrap().engine.change_in_turn(&mut std::iter::once(damage)).unwrap();
        let in_the_way = store.shared.folder.rebuilding();
        fs::write(&in_the_way, "no folder").unwrap();

        let copied = store.snapshot().await.unwrap();
        assert_eq!(copied.rows, 2);
        let confirmed = [("a", "1"), ("b", "1")];
        assert_eq!(rows(&store).await, expected(&confirmed));
        assert!(matches!(*store.health().borrow(), Health::Wrong(_)));

        fs::remove_file(&in_the_way).unwrap();
        put(&store, &[("a", "2")]).await.unwrap();
        let confirmed = [("a", "2"), ("b", "1")];
        assert_eq!(rows(&store).await, expected(&confirmed));
        assert!(matches!(*store.health().borrow(), Health::Rebuilt(_)));
        drop(store);
        assert_eq!(rows(&opened(dir.path(), 500)).await, expected(&confirmed));
    }
}
