//! The one thread that writes: it takes commits from a queue, makes those that wait durable together, applies
//! them to the rows, and answers.
//!
//! What is in the journal is confirmed, whatever sled says to it: when sled fails, the rows stand above it in
//! memory until it can be opened again and catches up with the journal.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use tokio::sync::oneshot;
use uuid::Uuid;

use super::ballast::Ballast;
use super::closed::{self, Recent};
use super::engine::{Engine, Trouble};
use super::journal::{Journal, Refused};
use super::keeper::{Keeper, Task};
use super::lock::Lock;
use super::plan::{Objection, Plan};
use super::rows::State;
use super::shared::Shared;
use super::{Commit, SnapshotInfo, StoreError, Version, Write};

/// Commits and bytes that are made durable together at most.
const TOGETHER: usize = 256;
const TOGETHER_BYTES: u64 = 4 << 20;
/// Above this much in the journal of a run, closing also has sled write its page table.
const MUCH: u64 = 4 << 20;

/// With nobody asking for anything for so long, sled writes what it was given.
const QUIET: Duration = Duration::from_millis(500);

pub(super) type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer can be asked to do.
#[derive(Debug)]
pub(super) enum Job {
    Commit(Commit, Answer<Version>),
    /// Sled failed somebody: rebuild the rows, unless that was done since this epoch.
    Heal {
        epoch: u64,
        why: Trouble,
        answer: Answer<()>,
    },
    /// Go on in a new generation and move these files of the journal aside; a snapshot stands for them.
    SetAside(Vec<PathBuf>, Answer<()>),
    /// Keep what the rows are now, and nothing of what they were.
    ForgetThePast(Answer<SnapshotInfo>),
    Close(Answer<()>),
}

#[derive(Debug)]
pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) keeper: Keeper,
    pub(super) journal: Journal,
    pub(super) recent: Recent,
    pub(super) ballast: Ballast,
    /// What sled failed with; until it is opened again nothing is accepted.
    pub(super) sick: Option<Trouble>,
    /// The folder says that it holds data.
    pub(super) held: bool,
    /// sled may not have written all that it was given.
    pub(super) unsettled: bool,
    /// Bytes appended in this run.
    pub(super) appended: u64,
    /// What the rows add up to with every confirmed commit.
    pub(super) state: State,
    /// How often the rows were replaced.
    pub(super) epoch: u64,
    /// Dropped last, when everything is closed.
    pub(super) _lock: Lock,
}

impl Writer {
    /// Works until it is asked to close, or nobody is left who could ask.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        let mut put_off = None;
        loop {
            let job = match put_off.take() {
                Some(job) => job,
                None => match self.next(jobs) {
                    Some(job) => job,
                    None => break drop(self.close(jobs)),
                },
            };
            match job {
                Job::Commit(commit, answer) => {
                    let mut waiting = vec![(commit, answer)];
                    put_off = gather(jobs, &mut waiting);
                    self.shared.busy.store(true, Ordering::Relaxed);
                    self.commit(waiting);
                    self.shared.busy.store(false, Ordering::Relaxed);
                }
                Job::Heal { epoch, why, answer } => {
                    let _ = answer.send(self.heal(epoch, &why));
                }
                Job::SetAside(files, answer) => {
                    let _ = answer.send(self.set_aside(&files));
                }
                Job::ForgetThePast(answer) => {
                    let _ = answer.send(self.forget_the_past());
                }
                Job::Close(answer) => {
                    let _ = answer.send(self.close(jobs));
                    break;
                }
            }
        }
    }

    /// The next job; `None` when nobody is left who could ask.
    fn next(&mut self, jobs: &Receiver<Job>) -> Option<Job> {
        if self.unsettled {
            match jobs.recv_timeout(QUIET) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.settle(),
            }
        }
        jobs.recv().ok()
    }

    /// Has sled write what it was given, and the keeper bring that to the disk: less of the journal is then read again
    /// after Kept was cut off.
    fn settle(&mut self) {
        self.unsettled = false;
        self.with_sled(Engine::hand_over);
        if self.sick.is_none() {
            self.keeper.ask(Task::Settle);
        }
    }

    /// Asks something of sled that nobody waits for.
    fn with_sled(&mut self, ask: impl FnOnce(&Engine) -> Result<(), Trouble>) {
        if self.sick.is_some() {
            return;
        }
        let guard = self.shared.read();
        let asked = guard.as_ref().map_or(Ok(()), |live| ask(&live.engine));
        drop(guard);
        if let Err(trouble) = asked {
            self.read_past(trouble);
        }
    }

    /// Has everybody read what sled should have written from elsewhere.
    fn read_past(&mut self, trouble: Trouble) {
        self.sick = Some(ill(trouble));
        if let Some(live) = Arc::clone(&self.shared).write().as_mut()
            && let Err(error) = self.read_past_sled(live)
        {
            tracing::error!(%error, "what is shown above sled is all that can be read of the last change");
        }
    }

    fn commit(&mut self, waiting: Vec<(Commit, Answer<Version>)>) {
        let bytes = waiting.iter().map(|(commit, _)| size(commit)).sum();
        if let Err(error) = self.ready(bytes) {
            for (_, answer) in waiting {
                let _ = answer.send(Err(error.clone()));
            }
            return;
        }
        let Planned { mut plan, mut answers } = self.plan(waiting);
        let outcome = if plan.entries.is_empty() { Ok(()) } else { self.append(&plan) };
        if let Err(error) = &outcome {
            // Also a conflict may have been one with a commit that now did not happen.
            for (_, answer) in &mut answers {
                *answer = Err(error.clone());
            }
        } else if !plan.entries.is_empty() {
            if plan.is_large(self.shared.options.at_once) {
                self.show(&mut plan);
                tell(answers.drain(..));
                self.catch_up(&plan);
            } else {
                self.apply(&plan);
            }
            self.after_appended(&plan);
        }
        tell(answers.drain(..));
        self.unsettled = true;
        self.with_sled(Engine::keep_up_small);
        if self.sick.is_some() {
            let _ = self.recover();
        }
        if outcome.is_ok() {
            self.keeper.after_commit(&self.shared, self.ballast.is_due());
        }
    }

    /// Makes sure that what is about to be confirmed can also be kept.
    fn ready(&mut self, bytes: u64) -> Result<(), StoreError> {
        if self.sick.is_some() {
            self.recover()?;
        }
        if !self.ballast.room_for(bytes) {
            return Err(StoreError::Full);
        }
        if !self.held {
            self.shared.folder.hold(self.shared.options.schema)?;
            self.held = true;
        }
        Ok(())
    }

    fn plan(&mut self, waiting: Vec<(Commit, Answer<Version>)>) -> Planned {
        let mut planned = Planned { plan: Plan::new(self.state), answers: Vec::new() };
        let before = planned.plan.state;
        let Some((epoch, why, left)) = self.add_to(&mut planned, waiting) else { return planned };
        // The rows could not be read: once they are rebuilt, the rest is planned too.
        let healed = self.heal(epoch, &why);
        // What can be read from memory only cannot be added to.
        let healed = healed.and_then(|()| self.sick.clone().map_or(Ok(()), |why| Err(why.into())));
        if healed.is_ok() && self.state == before {
            if let Some((_, why, left)) = self.add_to(&mut planned, left) {
                planned.refuse(left, &why.into());
            }
            return planned;
        }
        let error = healed.err().unwrap_or_else(|| {
            StoreError::Unavailable(String::from(
                "Nothing was saved: the data was damaged and has just been repaired. Look through it and try again.",
            ))
        });
        planned.plan = Plan::new(before);
        planned.refuse(left, &error);
        for (_, answer) in &mut planned.answers {
            *answer = Err(error.clone());
        }
        planned
    }

    /// Adds commits to a plan, up to one whose rows cannot be read.
    fn add_to(&self, planned: &mut Planned, waiting: Vec<(Commit, Answer<Version>)>) -> Option<Failed> {
        let guard = self.shared.read();
        let Some(live) = guard.as_ref() else {
            planned.refuse(waiting, &gone());
            return None;
        };
        let mut new: HashMap<Uuid, Version> =
            planned.plan.entries.iter().map(|entry| (entry.id, Version::from_number(entry.seq))).collect();
        let mut waiting = waiting.into_iter();
        while let Some((commit, answer)) = waiting.next() {
            let id = commit.id;
            let known = self.recent.get(id).map(Version::from_number).or_else(|| new.get(&id).copied());
            let result = match known {
                Some(version) => Ok(version),
                None => match planned.plan.check(&live.engine, &commit) {
                    Ok(()) => Ok(planned.plan.add(commit)),
                    Err(Objection::Trouble(why)) => {
                        return Some((
                            live.epoch,
                            why,
                            std::iter::once((commit, answer)).chain(waiting).collect(),
                        ));
                    }
                    Err(objection) => Err(objection.into()),
                },
            };
            if let Ok(version) = result {
                new.insert(id, version);
            }
            planned.answers.push((answer, result));
        }
        None
    }

    fn append(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let mut outcome = self.journal.append(&plan.entries);
        if matches!(outcome, Err(Refused::Not(StoreError::Full))) && self.ballast.give_up() {
            outcome = self.journal.append(&plan.entries);
        }
        match outcome {
            Ok(bytes) => {
                self.appended += bytes;
                self.shared.unsaved.fetch_add(bytes, Ordering::Relaxed);
                Ok(())
            }
            Err(Refused::Not(error)) => Err(error),
            Err(Refused::Unknown) => Err(StoreError::OutcomeUnknown),
        }
    }

    /// Applies what is in the journal. From here on nothing can go wrong for whoever asked.
    fn apply(&mut self, plan: &Plan) {
        let shared = Arc::clone(&self.shared);
        let mut guard = shared.write();
        if let Some(live) = guard.as_mut() {
            live.state = plan.state;
            self.state = plan.state;
            if let Err(trouble) = plan.apply(&live.engine) {
                self.sick = Some(ill(trouble));
                if self.read_past_sled(live).is_err() {
                    live.engine.overlay.extend(plan.overlay());
                }
            }
            self.shared.tell_changes(plan, None);
        }
    }

    /// Shows the rows of a large plan above those of sled, which take much longer: whoever asked need not wait for them,
    /// and nobody who reads.
    fn show(&mut self, plan: &mut Plan) {
        let above = plan.take_rows();
        let mut guard = self.shared.write();
        if let Some(live) = guard.as_mut() {
            self.shared.tell_changes(plan, Some(&above));
            live.engine.overlay = above;
            live.state = plan.state;
            self.state = plan.state;
        }
    }

    /// Has sled do what is shown already.
    fn catch_up(&mut self, plan: &Plan) {
        let guard = self.shared.read();
        let Some(live) = guard.as_ref() else { return };
        let applied = plan.apply_in_turn(&live.engine, Some(&live.engine.overlay));
        drop(guard);
        match applied {
            Ok(()) => {
                let above = self.shared.write().as_mut().map(|live| std::mem::take(&mut live.engine.overlay));
                // Not while anybody waits for the rows.
                drop(above);
            }
            Err(trouble) => self.read_past(trouble),
        }
    }

    fn after_appended(&mut self, plan: &Plan) {
        for entry in &plan.entries {
            self.recent.add(entry.id, entry.seq);
        }
        self.shared.commits.fetch_add(plan.entries.len() as u64, Ordering::Relaxed);
        // Small generations let what snapshots hold be removed bit by bit.
        if self.journal.end().1 > self.shared.options.snapshot_after / 2
            && let Err(error) = self.journal.rotate()
        {
            // Going on in the old one is just as good.
            tracing::warn!(%error, "no new generation of the journal could be begun");
        }
    }

    fn set_aside(&mut self, files: &[PathBuf]) -> Result<(), StoreError> {
        self.journal.rotate()?;
        for file in files {
            self.shared.folder.move_aside(file, (self.shared.options.now)())?;
        }
        Ok(())
    }

    fn close(&mut self, jobs: &Receiver<Job>) -> Result<(), StoreError> {
        self.shared.closing.store(true, Ordering::Release);
        self.keeper.stop(jobs);
        let Some(live) = self.shared.write().take() else { return Ok(()) };
        if self.sick.is_some() {
            // Everything is in the journal.
            let _ = live.engine.let_go();
            return Ok(());
        }
        let closed = live.engine.close().and_then(|()| self.write_page_table());
        if let Err(trouble) = closed {
            tracing::warn!(?trouble, "sled did not close in good order; the journal has everything");
            return Ok(());
        }
        if let Err(error) = self.shared.since().write(&self.shared.folder, live.state) {
            tracing::warn!(%error, "the next copy of all entries will take longer");
        }
        closed::write(&self.shared.folder, live.state, self.journal.end(), &self.recent)
    }

    /// sled writes its page table only while it opens, and without a recent one it reads its whole log at the
    /// next start. After a run that wrote much, that time is better spent now.
    fn write_page_table(&self) -> Result<(), Trouble> {
        if self.appended < MUCH {
            return Ok(());
        }
        Engine::open(&self.shared.folder.rows(), self.shared.options.open_timeout)?.close()
    }
}

type Failed = (u64, Trouble, Vec<(Commit, Answer<Version>)>);

/// Commits worked out, and what everyone will be told.
struct Planned {
    plan: Plan,
    answers: Vec<(Answer<Version>, Result<Version, StoreError>)>,
}

impl Planned {
    fn refuse(&mut self, waiting: Vec<(Commit, Answer<Version>)>, error: &StoreError) {
        self.answers.extend(waiting.into_iter().map(|(_, answer)| (answer, Err(error.clone()))));
    }
}

fn ill(trouble: Trouble) -> Trouble {
    tracing::error!(?trouble, "sled failed; it is opened again");
    trouble
}

fn tell(answers: impl Iterator<Item = (Answer<Version>, Result<Version, StoreError>)>) {
    for (answer, result) in answers {
        let _ = answer.send(result);
    }
}

/// What a store says that is closed, or could not be opened again.
pub(super) fn gone() -> StoreError {
    StoreError::Unavailable(String::from("The store is closed. Start Kept again to go on."))
}

/// Takes the commits that already wait; another job among them is done right after.
fn gather(jobs: &Receiver<Job>, waiting: &mut Vec<(Commit, Answer<Version>)>) -> Option<Job> {
    let mut bytes: u64 = waiting.iter().map(|(commit, _)| size(commit)).sum();
    while waiting.len() < TOGETHER && bytes < TOGETHER_BYTES {
        match jobs.try_recv() {
            Ok(Job::Commit(commit, answer)) => {
                bytes += size(&commit);
                waiting.push((commit, answer));
            }
            Ok(job) => return Some(job),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
        }
    }
    None
}

fn size(commit: &Commit) -> u64 {
    let write = |write: &Write| match write {
        Write::Put { key, value } => key.len() + value.len(),
        Write::Delete { key } => key.len(),
    };
    (commit.writes.iter().map(write).sum::<usize>() + commit.note.len()) as u64 + 64
}
