//! Putting the rows together anew from the newest good snapshot and the journal.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::closed;
use super::engine::{Engine, Kept, Overlay, Trouble};
use super::folder::{Folder, sync_dir, trouble};
use super::journal::{self, Survey};
use super::lines::{Spoilt, Step};
use super::plan::Plan;
use super::rows::{self, State};
use super::shared::add_up;
use super::sled_store::Options;
use super::snapshot;
use super::tree::Change;
use super::{Key, StoreError, Write};

/// Writes of the journal that are planned together while sled catches up.
const BATCH: usize = 2000;

/// What catching up with the journal came to.
#[derive(Debug)]
pub(super) struct CaughtUp {
    pub(super) state: State,
    pub(super) survey: Survey,
    /// How many commits were applied.
    pub(super) commits: u64,
    /// After some commit the rows did not add up to what the journal says.
    pub(super) astray: bool,
}

/// Applies the commits of the journal that come after what is in the rows. With `salvaged` rows in it, rows that
/// are newer than a commit are left as they are.
pub(super) fn catch_up(
    engine: &Engine,
    folder: &Folder,
    options: &Options,
    state: State,
    salvaged: bool,
) -> Result<CaughtUp, Trouble> {
    // What was applied of a large commit that was cut off is in the rows, and not in what they should add up to.
    let partly = engine.is_partly_after(state.applied)?;
    let mut plan = if partly { Plan::on_parts(state) } else { Plan::new(state) };
    let (mut commits, mut astray, mut digest) = (0, false, state.digest);
    let mut failed = None;
    let survey = journal::replay(&folder.journal(), state.applied, &mut |entry| {
        digest = entry.digest;
        let step = plan.replay(engine, entry, salvaged).and_then(|()| {
            commits += 1;
            astray |= !partly && plan.state.digest != digest;
            if plan.writes() < BATCH { Ok(()) } else { flush(engine, options, &mut plan) }
        });
        match step {
            Ok(()) => ControlFlow::Continue(()),
            Err(trouble) => {
                failed = Some(trouble);
                ControlFlow::Break(())
            }
        }
    })
    .map_err(Trouble::Disk)?;
    if let Some(trouble) = failed {
        return Err(trouble);
    }
    if !plan.entries.is_empty() {
        flush(engine, options, &mut plan)?;
    }
    if partly {
        (plan.state.digest, plan.state.rows) = add_up(engine)?;
        astray = plan.state.digest != digest;
        engine.put_state(plan.state)?;
    }
    Ok(CaughtUp { state: plan.state, survey, commits, astray })
}

fn flush(engine: &Engine, options: &Options, plan: &mut Plan) -> Result<(), Trouble> {
    if plan.is_large(options.at_once) {
        plan.apply_in_turn(engine, None)?;
    } else {
        plan.apply(engine)?;
    }
    *plan = plan.next();
    Ok(())
}

/// Rows put together anew, not yet in their place.
#[derive(Debug)]
pub(super) struct Anew {
    /// The snapshot they come from.
    pub(super) from: Option<PathBuf>,
    commits: u64,
    /// What was passed over without a loss, one sentence each.
    notes: Vec<String>,
    /// What could not be brought back, one sentence each.
    pub(super) missing: Vec<String>,
    /// Files of the journal with damage in them.
    pub(super) damaged: Vec<PathBuf>,
    pub(super) state: State,
}

impl Anew {
    /// What was done and why, for the owner.
    pub(super) fn words(&self, why: &str, moved_to: Option<&Path>) -> Vec<String> {
        let source = match &self.from {
            Some(path) => {
                format!("the snapshot {} and {} later changes in the journal", path.display(), self.commits)
            }
            None => format!("{} changes in the journal", self.commits),
        };
        let moved = moved_to.map(|path| format!(" The damaged files were kept in {}.", path.display()));
        let whole = if self.missing.is_empty() { " Nothing is missing." } else { " Something is missing." };
        let mut words = vec![format!(
            "Kept's data was damaged ({why}) and has been put together anew from {source}.{whole}{}",
            moved.unwrap_or_default()
        )];
        words.extend(self.missing.iter().chain(&self.notes).cloned());
        words
    }
}

/// Puts the rows together beside the old ones. `old` are the old rows, if they can be opened at all: where the
/// snapshots and the journal do not reach, what can still be read of them is taken over.
pub(super) fn anew(folder: &Folder, options: &Options, old: Option<&Engine>) -> Result<Anew, StoreError> {
    let (mut notes, mut missing) = (Vec::new(), Vec::new());
    let (engine, base, from) = load_newest(folder, options, &mut notes)?;
    let survey = journal::replay(&folder.journal(), base.applied, &mut |_| ControlFlow::Continue(()))?;
    let held = folder.held().exists();
    if from.is_none() && survey.read == 0 && old.is_none() && held {
        engine.let_go()?;
        let _ = fs::remove_dir_all(folder.rebuilding());
        return Err(lost(folder));
    }
    // The last commit that is known to have been there.
    let known = old.and_then(|old| old.state().ok().flatten()).map_or(0, |state| state.applied);
    let known = known.max(closed::read(folder).map_or(0, |closed| closed.state.applied));
    if held && journal::generations(&folder.journal())?.is_empty() {
        missing.push(match &from {
            Some(path) => {
                format!("The journal is gone: what was entered after {} was made is missing.", path.display())
            }
            None => String::from("The journal and all snapshots are gone."),
        });
    }
    name_what_is_missing(&survey, known, &mut missing);
    let salvaged = match old {
        Some(old) if !missing.is_empty() => Some(salvage(old, &engine, base.applied, &mut notes)?),
        Some(_) | None => None,
    };
    let caught_up = catch_up(&engine, folder, options, base, salvaged.is_some())?;
    if caught_up.astray && missing.is_empty() {
        missing.push(String::from(
            "The snapshot and the journal do not quite agree, so single entries may be older than they were. Please look through the latest ones.",
        ));
    }
    let mut state = caught_up.state;
    if let Some(newest) = salvaged {
        (state.digest, state.rows) = add_up(&engine)?;
        state.applied = state.applied.max(newest);
    }
    // Numbers that were given out before must not be given out a second time, also if their commits are gone.
    state.applied = state.applied.max(survey.last).max(known);
    engine.put_state(state)?;
    engine.close()?;
    Ok(Anew { from, commits: caught_up.commits, notes, missing, damaged: survey.damaged, state })
}

fn lost(folder: &Folder) -> StoreError {
    StoreError::Damaged(format!(
        "There was data in {}, but nothing that can be read is left of it: no journal, no snapshot, no entries. Put a copy of the whole folder back in its place, or look into {}. To begin anew, move the folder away.",
        folder.root.display(),
        folder.aside().display()
    ))
}

/// A new sled filled from the newest snapshot that can be read whole; an empty one if there is none.
fn load_newest(
    folder: &Folder,
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<(Engine, State, Option<PathBuf>), StoreError> {
    for found in snapshot::list(folder).into_iter().rev() {
        let engine = fresh(folder, options)?;
        let mut filling = Filling::of(&engine);
        let read = snapshot::read(&found.path, &mut |step| Ok(filling.take(step)?));
        filling.end()?;
        match read {
            Ok(state) if state.schema > options.schema => {
                engine.let_go()?;
                let _ = fs::remove_dir_all(folder.rebuilding());
                return Err(StoreError::TooNew { schema: state.schema });
            }
            Ok(state) => return Ok((engine, state, Some(found.path))),
            Err(Spoilt::Visitor(error)) => return Err(error),
            Err(Spoilt::File(words)) => {
                engine.let_go()?;
                tracing::warn!(path = %found.path.display(), words, "a snapshot cannot be read");
                notes.push(format!(
                    "The snapshot {} is damaged ({words}); an older one or the journal was used instead.",
                    found.path.display()
                ));
            }
        }
    }
    Ok((fresh(folder, options)?, State::default(), None))
}

fn fresh(folder: &Folder, options: &Options) -> Result<Engine, StoreError> {
    let path = folder.rebuilding();
    if path.exists() {
        fs::remove_dir_all(&path).map_err(|e| trouble(&e, &path))?;
    }
    Ok(Engine::open(&path, options.open_timeout)?)
}

/// Gives rows to sled, some at a time.
struct Filling<'a> {
    engine: &'a Engine,
    waiting: Overlay,
}

impl Filling<'_> {
    fn of(engine: &Engine) -> Filling<'_> {
        Filling { engine, waiting: Overlay::new() }
    }

    fn put(&mut self, key: Key, row: Option<Kept>) -> Result<(), Trouble> {
        self.waiting.insert(key, row);
        if self.waiting.len() < BATCH { Ok(()) } else { self.end() }
    }

    fn take(&mut self, step: Step) -> Result<(), Trouble> {
        match step {
            Step::Row { key, version, value, again: _ } => self.put(key, Some((version, value))),
            Step::Gone { key } => self.put(key, None),
        }
    }

    fn end(&mut self) -> Result<(), Trouble> {
        // Where this overrides a long value, parts of that one stay behind; they are never read.
        let mut changes = self.waiting.iter().map(|(key, row)| Change {
            key,
            now: row.as_ref().map(|(version, value)| (*version, value.as_slice())),
            parts_before: None,
        });
        self.engine.change_in_turn(&mut changes)?;
        self.waiting.clear();
        Ok(())
    }
}

/// Takes over what an older Kept wrote, in which each row lay by itself; nothing if it is of this one. Says whether all
/// that it held is there.
pub(super) fn in_blocks(folder: &Folder, options: &Options, old: &Engine) -> Result<Option<bool>, Trouble> {
    if !old.has_singles()? {
        return Ok(None);
    }
    let engine = fresh(folder, options).map_err(Trouble::Disk)?;
    engine.take_over_singles(old)?;
    let state = engine.state()?.unwrap_or_default();
    let is_all_there = add_up(&engine)? == (state.digest, state.rows);
    engine.close()?;
    Ok(Some(is_all_there))
}

fn name_what_is_missing(survey: &Survey, applied: u64, notes: &mut Vec<String>) {
    for (from, to) in &survey.missing {
        notes.push(format!(
            "The changes numbered {from} to {to} ({} in all) can no longer be read in the journal. Please look through what was entered at that time.",
            to - from + 1
        ));
    }
    if survey.spoiled {
        notes.push(String::from(
            "The last change in the journal can no longer be read. Please check what was entered last.",
        ));
    }
    if applied > survey.last {
        notes.push(format!(
            "The journal ends with change {}, but there had been {applied}. Please look through what was entered last.",
            survey.last
        ));
    }
}

/// Which of the two failed while rows were taken over.
enum Salvage {
    Old(Trouble),
    New(Trouble),
}

impl From<Trouble> for Salvage {
    fn from(trouble: Trouble) -> Salvage {
        Salvage::Old(trouble)
    }
}

/// Takes over the rows that are newer than the snapshot from a damaged sled, as far as they can be read.
fn salvage(old: &Engine, new: &Engine, after: u64, notes: &mut Vec<String>) -> Result<u64, Trouble> {
    let (mut taken, mut newest) = (0_u64, after);
    let mut filling = Filling::of(new);
    let outcome = old.each(&mut |row| {
        if row.version.number() > after {
            newest = newest.max(row.version.number());
            taken += 1;
            filling.put(row.key, Some((row.version.number(), row.value))).map_err(Salvage::New)?;
        }
        Ok(())
    });
    filling.end()?;
    match outcome {
        Ok(()) => {}
        Err(Salvage::New(trouble)) => return Err(trouble),
        Err(Salvage::Old(why)) => tracing::warn!(?why, "the damaged rows cannot be read to their end"),
    }
    if taken > 0 {
        notes.push(format!("{taken} entries were saved out of the damaged files."));
    }
    Ok(newest)
}

/// Puts new rows in the place of the old ones, which must not be open, and moves these aside.
pub(super) fn install(
    folder: &Folder,
    options: &Options,
    new: &Path,
) -> Result<(Engine, Option<PathBuf>), StoreError> {
    let place = folder.rows();
    let moved_to = if place.exists() { Some(folder.move_aside(&place, (options.now)())?) } else { None };
    fs::rename(new, &place).map_err(|e| trouble(&e, &place))?;
    sync_dir(&folder.root)?;
    Ok((Engine::open(&place, options.open_timeout)?, moved_to))
}

/// All rows in memory, out of the newest good snapshot and the journal; only if they are those of this state.
pub(super) fn in_memory(folder: &Folder, state: State) -> Result<Overlay, StoreError> {
    let (mut all, mut base) = (Overlay::new(), 0);
    for found in snapshot::list(folder).into_iter().rev() {
        all.clear();
        let read = snapshot::read(&found.path, &mut |step| {
            match step {
                Step::Row { key, version, value, again: _ } => drop(all.insert(key, Some((version, value)))),
                Step::Gone { key } => drop(all.remove(&key)),
            }
            Ok(())
        });
        if read.is_ok() {
            base = found.seq;
            break;
        }
        all.clear();
    }
    journal::replay(&folder.journal(), base, &mut |entry| {
        for write in entry.writes {
            match write {
                Write::Put { key, value } => drop(all.insert(key, Some((entry.seq, value)))),
                Write::Delete { key } => drop(all.remove(&key)),
            }
        }
        ControlFlow::Continue(())
    })?;
    let digest = all.iter().fold(0_u64, |sum, (key, kept)| {
        sum.wrapping_add(kept.as_ref().map_or(0, |(version, value)| rows::hash(key, *version, value)))
    });
    if (digest, all.len() as u64) == (state.digest, state.rows) { Ok(all) } else { Err(StoreError::Full) }
}
