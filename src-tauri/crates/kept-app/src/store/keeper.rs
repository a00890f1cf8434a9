//! The thread that does what must not keep anybody waiting: snapshots, checks, the ballast.

use std::fs;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::ballast::Ballast;
use super::engine::Trouble;
use super::folder::{stamp, sync_tree, trouble};
use super::journal;
use super::lines::Spoilt;
use super::shared::{Scanned, Shared, Unfinished};
use super::sled_store::Health;
use super::snapshot::{self, Copied};
use super::writer::{Answer, Job, gone};
use super::{Checked, SnapshotInfo, StoreError};

/// A snapshot waits for this long without a commit.
const QUIET: Duration = Duration::from_millis(500);

/// What the keeper can be asked to do.
#[derive(Debug)]
pub(super) enum Task {
    Snapshot(Answer<SnapshotInfo>),
    Check(Answer<Checked>),
    /// Keep what the rows are now, and nothing of what they were.
    ForgetThePast(Answer<SnapshotInfo>),
    /// Add up the rows and look through the journal, and repair what is wrong.
    Verify,
    /// Look through the journal only, where the rows were added up already, and not before the start is over.
    VerifyJournalLater,
    /// Make a snapshot in the next quiet moment.
    SnapshotSoon,
    TakeInBallast,
    /// Bring to the disk what sled has written.
    Settle,
    Stop,
}

/// The writer's end of the keeper.
#[derive(Debug)]
pub(super) struct Keeper {
    tasks: Sender<Task>,
    thread: Option<JoinHandle<()>>,
    /// A snapshot was asked for and is not yet made.
    due: Arc<AtomicBool>,
    ballast_asked: bool,
}

impl Keeper {
    pub(super) fn start(shared: &Arc<Shared>, jobs: Sender<Job>) -> (Keeper, Sender<Task>) {
        let (tasks, asked) = mpsc::channel();
        let due = Arc::new(AtomicBool::new(false));
        let newest = snapshot::list(&shared.folder).pop();
        let work = Work {
            shared: Arc::clone(shared),
            jobs,
            due: Arc::clone(&due),
            // A guess until the first snapshot of this run: text like ours shrinks to about a sixth.
            bytes: newest.as_ref().and_then(|n| fs::metadata(&n.path).ok()).map_or(0, |meta| meta.len() * 6),
            day: newest.map_or_else(String::new, |newest| {
                Copied::of(&newest.path).map_or(newest.day, |copied| copied.day)
            }),
        };
        let thread =
            thread::Builder::new().name(String::from("store keeper")).spawn(move || work.run(&asked));
        let keeper = Keeper { tasks: tasks.clone(), thread: thread.ok(), due, ballast_asked: false };
        (keeper, tasks)
    }

    pub(super) fn ask(&self, task: Task) {
        let _ = self.tasks.send(task);
    }

    /// Asks for what a commit may have made due.
    pub(super) fn after_commit(&mut self, shared: &Shared, ballast: bool) {
        if ballast && !self.ballast_asked {
            self.ask(Task::TakeInBallast);
        }
        self.ballast_asked = ballast;
        if shared.unsaved.load(Ordering::Relaxed) > 0 && !self.due.swap(true, Ordering::Relaxed) {
            self.ask(Task::SnapshotSoon);
        }
    }

    /// Ends the keeper; what it is at is broken off. It may just be waiting for an answer of the writer, who is the
    /// one that calls this: so nobody gets an answer to a job any more.
    pub(super) fn stop(&mut self, jobs: &Receiver<Job>) {
        self.ask(Task::Stop);
        let Some(thread) = self.thread.take() else { return };
        while !thread.is_finished() {
            drop(jobs.recv_timeout(Duration::from_millis(2)));
        }
        let _ = thread.join();
    }
}

struct Work {
    shared: Arc<Shared>,
    jobs: Sender<Job>,
    due: Arc<AtomicBool>,
    /// Bytes of all rows, at the last snapshot.
    bytes: u64,
    /// The day on which all rows were read for a snapshot the last time.
    day: String,
}

impl Work {
    fn run(mut self, asked: &Receiver<Task>) {
        let mut soon = false;
        let mut commits = 0;
        let mut look_through: Option<Instant> = None;
        loop {
            let left = look_through.map(|at| at.saturating_duration_since(Instant::now()));
            let task = match (soon, left) {
                (true, _) => asked.recv_timeout(QUIET),
                (false, Some(left)) => asked.recv_timeout(left),
                (false, None) => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            if self.shared.is_closing() {
                return;
            }
            match task {
                Ok(Task::Snapshot(answer)) => {
                    let _ = answer.send(self.quick_snapshot());
                }
                Ok(Task::Check(answer)) => {
                    let _ = answer.send(self.check());
                }
                Ok(Task::ForgetThePast(answer)) => {
                    let _ = answer.send(self.forget_the_past());
                }
                Ok(Task::Verify) => self.verify(),
                Ok(Task::VerifyJournalLater) => {
                    look_through = Some(Instant::now() + self.shared.options.look_through_after);
                }
                Ok(Task::SnapshotSoon) => soon = true,
                Ok(Task::TakeInBallast) => self.take_in_ballast(),
                Ok(Task::Settle) => {
                    if let Err(error) = sync_tree(&self.shared.folder.rows()) {
                        tracing::warn!(%error, "what sled has written may not be on the disk; the journal is");
                    }
                }
                Ok(Task::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if look_through.is_some_and(|at| at <= Instant::now()) => {
                    look_through = None;
                    if let Err(error) = self.verify_journal() {
                        tracing::warn!(%error, "the journal could not be looked through");
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let now = self.shared.commits.load(Ordering::Relaxed);
                    let quiet = now == commits && !self.shared.busy.load(Ordering::Relaxed);
                    commits = now;
                    soon = !self.snapshot_if_due(quiet);
                }
            }
        }
    }

    /// Makes a snapshot if it is time for one; `false` if it has to be asked again.
    fn snapshot_if_due(&mut self, quiet: bool) -> bool {
        let unsaved = self.shared.unsaved.load(Ordering::Relaxed);
        let much = self.shared.options.snapshot_after.max(self.bytes);
        let today = stamp((self.shared.options.now)());
        let due = unsaved >= much
            || (unsaved > 0 && !today.starts_with(&self.day))
            || (unsaved > 0 && self.day.is_empty());
        if due && !quiet && unsaved < much.saturating_mul(8) {
            return false;
        }
        if due && let Err(error) = self.snapshot() {
            tracing::warn!(%error, "no snapshot could be made");
        }
        self.due.store(false, Ordering::Relaxed);
        true
    }

    fn snapshot(&mut self) -> Result<SnapshotInfo, StoreError> {
        let before = self.shared.unsaved.load(Ordering::Relaxed);
        let made = self.write_snapshot();
        let info = match made {
            Ok(info) => info,
            Err(Unfinished::Visitor(error)) => return Err(error),
            Err(Unfinished::Stopped) => return Err(gone()),
            Err(Unfinished::Rows { epoch, why }) => {
                // A copy of damaged rows would be worse than none.
                self.heal(epoch, why)?;
                self.write_snapshot().map_err(|unfinished| match unfinished {
                    Unfinished::Visitor(error) => error,
                    Unfinished::Rows { why, .. } => why.into(),
                    Unfinished::Stopped => gone(),
                })?
            }
        };
        self.shared.unsaved.fetch_sub(before, Ordering::Relaxed);
        self.clear_away();
        Ok(info)
    }

    fn write_snapshot(&mut self) -> Result<SnapshotInfo, Unfinished> {
        let Shared { folder, options, .. } = &*self.shared;
        let now = (options.now)();
        let begun = snapshot::Writer::begin(folder, now, options.schema);
        let mut writer = begun.map_err(Unfinished::Visitor)?;
        let mut bytes = 0;
        let scanned = self.shared.scan(true, &mut |row| {
            bytes += (row.key.len() + row.value.len()) as u64;
            writer.row(row)
        })?;
        let Scanned { state, read, late } = scanned;
        let finish = || -> Result<_, StoreError> {
            writer.late(read, late)?;
            writer.finish(state, false, &|| self.shared.go_on())
        };
        let (info, copied) = finish().map_err(Unfinished::Visitor)?;
        self.shared.since().copied(copied.sum);
        self.bytes = bytes;
        self.day = copied.day;
        Ok(info)
    }

    /// Makes a snapshot for somebody who waits: out of the rows that were copied before, and what has changed since. Where
    /// that is too much, or not known, all rows are copied; they also are once a day, when nobody waits for it.
    fn quick_snapshot(&mut self) -> Result<SnapshotInfo, StoreError> {
        let Shared { folder, options, .. } = &*self.shared;
        if let Some((path, copied)) = snapshot::newest_copied(folder, options.schema)
            && let Some((state, late)) = self.shared.changed_since(&copied)
            && let Some(info) = snapshot::again(folder, (options.now)(), (&path, &copied), late, state)?
        {
            self.clear_away();
            return Ok(info);
        }
        self.snapshot()
    }

    /// Removes snapshots that are no longer needed, and what two newer snapshots hold of the journal.
    fn clear_away(&self) {
        let folder = &self.shared.folder;
        let found = snapshot::list(folder);
        for path in snapshot::superfluous(&found) {
            let _ = fs::remove_file(path);
        }
        let Some(covered) = found.iter().rev().nth(1).map(|second| second.seq) else { return };
        let Ok(generations) = journal::generations(&folder.journal()) else { return };
        for pair in generations.windows(2) {
            if pair[1].first <= covered + 1 {
                let _ = fs::remove_file(&pair[0].path);
            }
        }
    }

    /// Looks through everything after a start, and repairs what is wrong.
    fn verify(&mut self) {
        self.shared.say(Health::Checking);
        match self.shared.scan(false, &mut |_| Ok(())) {
            Ok(_) => {}
            Err(Unfinished::Rows { epoch, why }) => {
                if let Err(error) = self.heal(epoch, why) {
                    tracing::error!(%error, "the rows could not be rebuilt");
                }
                return;
            }
            Err(Unfinished::Stopped | Unfinished::Visitor(_)) => return,
        }
        if let Err(error) = self.verify_journal() {
            tracing::warn!(%error, "the journal could not be looked through");
        }
        self.shared.health.send_if_modified(|health| {
            let checking = *health == Health::Checking;
            if checking {
                *health = Health::Sound;
            }
            checking
        });
    }

    /// With the rows known to be good, damage in the journal is mended by a snapshot.
    fn verify_journal(&mut self) -> Result<(), StoreError> {
        let dir = self.shared.folder.journal();
        let oldest = journal::generations(&dir)?.first().map_or(1, |oldest| oldest.first);
        let survey = journal::replay(&dir, oldest.saturating_sub(1), &mut |_| ControlFlow::Continue(()))?;
        // What the newest generation ends with is still being written, and no damage.
        let damaged = if survey.spoiled { &survey.damaged[..0] } else { &survey.damaged[..] };
        if damaged.is_empty() && survey.missing.is_empty() {
            return Ok(());
        }
        let covered = snapshot::list(&self.shared.folder).last().map_or(0, |newest| newest.seq);
        if damaged.is_empty() && survey.missing.iter().all(|(_, to)| *to <= covered) {
            return Ok(());
        }
        let copy = self.snapshot()?;
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::SetAside(damaged.to_vec(), answer)).map_err(|_| gone())?;
        answered.blocking_recv().map_err(|_| gone())??;
        self.shared.say(Health::Rebuilt(vec![format!(
            "Kept's journal was damaged or incomplete. Nothing is missing: all entries are there and add up. A new copy of them was written to {}; the damaged files were kept in {}.",
            copy.file.display(),
            self.shared.folder.aside().display()
        )]));
        Ok(())
    }

    fn forget_the_past(&self) -> Result<SnapshotInfo, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::ForgetThePast(answer)).map_err(|_| gone())?;
        answered.blocking_recv().map_err(|_| gone())?
    }

    fn heal(&self, epoch: u64, why: Trouble) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::Heal { epoch, why, answer }).map_err(|_| gone())?;
        answered.blocking_recv().map_err(|_| gone())?
    }

    fn take_in_ballast(&self) {
        let ballast = Ballast::new(&self.shared.folder, self.shared.options.ballast);
        if ballast.is_due()
            && let Err(error) = ballast.take_in()
        {
            tracing::warn!(%error, "no room could be reserved");
        }
    }

    fn check(&self) -> Result<Checked, StoreError> {
        let mut checked = Checked::default();
        match self.shared.scan(false, &mut |_| Ok(())) {
            Ok(scanned) => checked.rows = scanned.state.rows,
            Err(Unfinished::Stopped) => return Err(gone()),
            Err(Unfinished::Visitor(error) | Unfinished::Rows { why: Trouble::Disk(error), .. }) => {
                return Err(error);
            }
            Err(Unfinished::Rows { why: Trouble::Broken(why), .. }) => checked.wrong.push(format!(
                "The entries in {} are damaged ({why}). Kept rebuilds them when it is started again.",
                self.shared.folder.rows().display()
            )),
        }
        self.check_journal(&mut checked)?;
        for found in snapshot::list(&self.shared.folder) {
            match snapshot::read(&found.path, &mut |_| self.shared.go_on()) {
                Ok(_) => checked.snapshots += 1,
                Err(Spoilt::Visitor(error)) => return Err(error),
                Err(Spoilt::File(words)) => checked.wrong.push(format!(
                    "The snapshot {} is damaged ({words}). It will not be used; make a new one.",
                    found.path.display()
                )),
            }
        }
        Ok(checked)
    }

    fn check_journal(&self, checked: &mut Checked) -> Result<(), StoreError> {
        let dir = self.shared.folder.journal();
        let applied = self.shared.read().as_ref().map_or(0, |live| live.state.applied);
        let generations = journal::generations(&dir)?;
        let oldest = generations.first().map_or(applied + 1, |oldest| oldest.first);
        let mut good = 0;
        let survey = journal::replay(&dir, oldest.saturating_sub(1), &mut |_| {
            good += 1;
            ControlFlow::Continue(())
        })?;
        checked.commits = good;
        let newest = generations.last();
        for path in &survey.damaged {
            // A frame that is being written just now looks like a spoiled one.
            let writing = newest.is_some_and(|newest| newest.path == *path) && survey.last > applied;
            if !writing {
                checked.wrong.push(format!("The journal {} is damaged. Make a snapshot.", path.display()));
            }
        }
        let covered = snapshot::list(&self.shared.folder).last().map_or(0, |newest| newest.seq);
        for (from, to) in survey.missing.iter().filter(|(_, to)| *to > covered) {
            checked
                .wrong
                .push(format!("The changes {from} to {to} are missing in the journal. Make a snapshot."));
        }
        if survey.last < applied {
            checked.wrong.push(format!(
                "The journal in {} ends with change {} where {applied} should be. Make a snapshot.",
                dir.display(),
                survey.last
            ));
        }
        let snapshots = fs::read_dir(self.shared.folder.snapshots());
        snapshots.map(drop).map_err(|e| trouble(&e, &self.shared.folder.snapshots()))
    }
}
