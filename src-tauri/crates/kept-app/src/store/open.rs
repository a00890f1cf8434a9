//! Opening a data folder: the ladder from "all is well" down to "this is lost", never past a rung in silence.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::closed::{self, Closed, Recent};
use super::engine::{Engine, Trouble};
use super::folder::{Folder, sync_dir, trouble};
use super::forgetting;
use super::frame::Entry;
use super::journal::{self, Generation, Journal, Survey, Tail};
use super::rebuild::{self, CaughtUp};
use super::rows::State;
use super::shared::add_up;
use super::sled_store::{How, Opened, Options};
use super::snapshot;

/// Up to this many rows are added up before the store is open. More are added up beside it after a cut, and by the snapshot
/// of the day after a clean close.
const QUICKLY_ADDED_UP: u64 = 20_000;

/// A store that can be used.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) engine: Engine,
    pub(super) state: State,
    pub(super) journal: Journal,
    pub(super) recent: Recent,
    pub(super) opened: Opened,
    /// The rows were added up on the way.
    pub(super) added_up: bool,
}

/// Refuses data of a newer Kept before anything is touched, be it only by making a lock file.
pub(super) fn refuse_newer(folder: &Folder, options: &Options) -> Result<u32, StoreError> {
    let mut schema = folder.held_schema().unwrap_or(0);
    for generation in journal::generations(&folder.journal())? {
        schema = schema.max(journal::schema(&generation).unwrap_or(0));
    }
    if schema > options.schema { Err(StoreError::TooNew { schema }) } else { Ok(schema) }
}

/// Opens what is in the folder, which is locked for us.
pub(super) fn open(folder: &Folder, options: &Options, schema: u32) -> Result<Ready, StoreError> {
    let ladder = Ladder { folder, options, schema };
    let mut ready = ladder.climb()?;
    let found = ready.opened.schema.max(ready.state.schema);
    ready.opened.schema = found;
    if found < options.schema && ready.state.rows > 0 {
        ladder.snapshot(&ready.engine, ready.state, true)?;
    }
    if ready.state.schema < options.schema {
        ready.state.schema = options.schema;
        ready.engine.put_state(ready.state)?;
        ready.journal.rotate()?;
    }
    // A folder that holds data says so from before the first commit on; after a restore it may not.
    if ready.state.applied > 0 && folder.held_schema() != Some(options.schema) {
        folder.hold(options.schema)?;
    }
    Ok(ready)
}

struct Ladder<'a> {
    folder: &'a Folder,
    options: &'a Options,
    schema: u32,
}

impl Ladder<'_> {
    fn climb(&self) -> Result<Ready, StoreError> {
        forgetting::finish(self.folder)?;
        let place = self.folder.rows();
        let held = self.folder.held().exists();
        let generations = journal::generations(&self.folder.journal())?;
        let noted = closed::read(self.folder).is_some_and(|closed| closed.state.applied > 0);
        let kept_elsewhere = noted
            || !snapshot::list(self.folder).is_empty()
            || match look_into(&generations)? {
                Inside::Commits => true,
                // The first commit was cut off after the folder was marked and before the journal had it.
                Inside::NothingYet => false,
                Inside::Unclear => held,
            };
        if !is_there(&place) {
            return if kept_elsewhere {
                self.rebuild(None, "the folder store is gone")
            } else {
                self.fresh(None)
            };
        }
        let engine = match self.open_sled(&place) {
            Ok(engine) => engine,
            // No room and no right to write are not cured by rebuilding.
            Err(Trouble::Disk(error)) => return Err(error),
            // Nothing was ever confirmed here: a first start was cut off.
            Err(Trouble::Broken(_)) if !kept_elsewhere => return self.fresh(None),
            Err(Trouble::Broken(why)) => return self.rebuild(None, &why),
        };
        let engine = match self.in_blocks(engine)? {
            Ok(engine) => engine,
            Err((engine, why)) => return self.rebuild(Some(engine), &why),
        };
        let state = match engine.state() {
            Ok(Some(state)) => state,
            Ok(None) if !kept_elsewhere => return self.fresh(Some(engine)),
            Ok(None) => return self.rebuild(Some(engine), "its entries were gone"),
            Err(trouble) => return self.rebuild(Some(engine), &words(trouble)?),
        };
        if state.schema > self.options.schema {
            return Err(StoreError::TooNew { schema: state.schema });
        }
        if state.applied == 0 && !kept_elsewhere {
            return self.fresh(Some(engine));
        }
        if let Some(closed) = closed::read(self.folder)
            && closed.state == state
            && generations.last().is_some_and(|newest| ends_as_noted(newest, &closed))
        {
            return self.clean(engine, closed, &generations);
        }
        self.after_a_cut(engine, state)
    }

    /// Opens sled, on a full disk with the room of the ballast.
    fn open_sled(&self, place: &Path) -> Result<Engine, Trouble> {
        match Engine::open(place, self.options.open_timeout) {
            Err(Trouble::Disk(StoreError::Full)) if fs::remove_file(self.folder.ballast()).is_ok() => {
                Engine::open(place, self.options.open_timeout)
            }
            outcome => outcome,
        }
    }

    /// Takes over what an older Kept wrote, in which each row lay by itself. Where that cannot be read, it is given back
    /// with the reason.
    fn in_blocks(&self, engine: Engine) -> Result<Result<Engine, (Engine, String)>, StoreError> {
        match rebuild::in_blocks(self.folder, self.options, &engine) {
            Ok(None) => Ok(Ok(engine)),
            Ok(Some(is_all_there)) => {
                engine.let_go()?;
                let (engine, old) = rebuild::install(self.folder, self.options, &self.folder.rebuilding())?;
                if let (Some(old), true) = (old, is_all_there) {
                    fs::remove_dir_all(&old).map_err(|e| trouble(&e, &old))?;
                }
                tracing::info!("the entries of an older Kept were taken over");
                Ok(Ok(engine))
            }
            Err(trouble) => Ok(Err((engine, words(trouble)?))),
        }
    }

    fn opened(&self, how: How, words: Vec<String>) -> Opened {
        Opened { how, schema: self.schema, words }
    }

    /// An empty store. Nothing was ever confirmed here, so what a first start may have left is in the way.
    fn fresh(&self, engine: Option<Engine>) -> Result<Ready, StoreError> {
        let mut words = Vec::new();
        let place = self.folder.rows();
        if engine.is_none() && is_there(&place) {
            self.folder.move_aside(&place, (self.options.now)())?;
        }
        for generation in journal::generations(&self.folder.journal())? {
            if journal::is_bare(&generation) {
                fs::remove_file(&generation.path).map_err(|e| trouble(&e, &generation.path))?;
            } else {
                self.set_aside(&[generation.path])?;
            }
        }
        if fs::read_dir(self.folder.aside()).is_ok_and(|mut entries| entries.next().is_some()) {
            words.push(format!(
                "Kept starts empty. Files from an earlier time are in {}.",
                self.folder.aside().display()
            ));
        }
        let engine = match engine {
            Some(engine) => engine,
            None => Engine::open(&place, self.options.open_timeout)?,
        };
        let state = State { schema: self.options.schema, ..State::default() };
        engine.put_state(state)?;
        // Else a program that is killed after its first commits would seem to have lost its rows.
        engine.hand_over()?;
        sync_dir(&self.folder.root)?;
        let journal = Journal::begin(&self.folder.journal(), 1, self.options.schema)?;
        let mut opened = self.opened(How::Fresh, words);
        opened.schema = self.options.schema;
        Ok(Ready { engine, state, journal, recent: Recent::default(), opened, added_up: true })
    }

    fn clean(&self, engine: Engine, closed: Closed, generations: &[Generation]) -> Result<Ready, StoreError> {
        // Of more rows than that the snapshot of the day finds out, which reads them all in any case: to read them at every
        // start would keep a large part of them in memory for as long as Kept runs.
        let is_quick = closed.state.rows <= QUICKLY_ADDED_UP;
        if is_quick && let Err(why) = adds_up(&engine, closed.state) {
            return self.rebuild(Some(engine), &words(why)?);
        }
        let journal = match generations.last() {
            Some(newest) => self.resume(newest.clone(), closed.end.1, closed.state.applied)?,
            None => self.begin(closed.state)?,
        };
        let opened = self.opened(How::Clean, Vec::new());
        Ok(Ready { engine, state: closed.state, journal, recent: closed.recent, opened, added_up: true })
    }

    fn after_a_cut(&self, engine: Engine, before: State) -> Result<Ready, StoreError> {
        let CaughtUp { state, survey, commits, astray } =
            match rebuild::catch_up(&engine, self.folder, self.options, before, false) {
                Ok(caught_up) => caught_up,
                Err(trouble) => return self.rebuild(Some(engine), &words(trouble)?),
            };
        let gap = survey.missing.iter().any(|(_, to)| *to > before.applied);
        if gap {
            // What the rows lack is lost to the journal too; the snapshots may reach further than the rows.
            return self.rebuild(Some(engine), "changes are missing in the journal");
        }
        if astray {
            return self.rebuild(Some(engine), "its entries do not add up");
        }
        let generations = journal::generations(&self.folder.journal())?;
        let noted = closed::read(self.folder).map_or(0, |closed| closed.state.applied);
        let copied = snapshot::list(self.folder).last().map_or(0, |newest| newest.seq);
        if state.applied < noted.max(copied) {
            return self.rebuild(Some(engine), "the latest changes are missing in it");
        }
        let short = reaches(&generations)? < before.applied;
        let damaged = survey.is_damaged() || short;
        let added_up = damaged || state.rows <= QUICKLY_ADDED_UP;
        if added_up && let Err(why) = adds_up(&engine, state) {
            return self.rebuild(Some(engine), &words(why)?);
        }
        let recent = self.recent(&generations)?;
        if damaged {
            return self.heal_journal(engine, state, &survey, recent);
        }
        let journal = match generations.last() {
            Some(newest) if journal::schema(newest).is_some() => {
                self.resume(newest.clone(), survey.good, state.applied)?
            }
            Some(_) | None => self.begin(state)?,
        };
        let opened = self.opened(How::Replayed { commits }, Vec::new());
        Ok(Ready { engine, state, journal, recent, opened, added_up })
    }

    /// The rows are whole and the journal is not: they are copied at once, and the journal begins anew.
    fn heal_journal(
        &self,
        engine: Engine,
        state: State,
        survey: &Survey,
        recent: Recent,
    ) -> Result<Ready, StoreError> {
        // A spoiled frame at the end is lost unless the rows, which were written after it, have it.
        let generations = journal::generations(&self.folder.journal())?;
        let lost = survey.spoiled && state.applied <= reaches(&generations)?;
        let copy = self.snapshot(&engine, state, false)?;
        let journal = self.begin(state)?;
        let moved = self.set_aside(&survey.damaged)?;
        let aside = match moved.as_slice() {
            [] => String::new(),
            files => format!(" The damaged file was kept in {}.", files[0].display()),
        };
        let whole = if lost {
            "The very last change before Kept stopped may be missing; please check what was entered last."
        } else {
            "Nothing is missing: all entries were there and add up."
        };
        let words = vec![format!(
            "Kept's journal was damaged or incomplete. {whole} A new copy of all entries was written to {}.{aside}",
            copy.display()
        )];
        let opened = self.opened(How::Healed, words);
        Ok(Ready { engine, state, journal, recent, opened, added_up: true })
    }

    /// The rows cannot be used: they are moved aside, and made anew from the newest snapshot and the journal.
    fn rebuild(&self, old: Option<Engine>, why: &str) -> Result<Ready, StoreError> {
        tracing::warn!(why, "the rows are rebuilt");
        let anew = rebuild::anew(self.folder, self.options, old.as_ref());
        if let Some(old) = old {
            // Whatever it says while it goes, it is no longer needed.
            let _ = old.let_go();
        }
        let anew = anew?;
        let (engine, moved_to) = rebuild::install(self.folder, self.options, &self.folder.rebuilding())?;
        let recent = self.recent(&journal::generations(&self.folder.journal())?)?;
        let words = anew.words(why, moved_to.as_deref());
        if !anew.missing.is_empty() || !anew.damaged.is_empty() {
            self.snapshot(&engine, anew.state, false)?;
        }
        let journal = self.begin(anew.state)?;
        self.set_aside(&anew.damaged)?;
        let opened = self.opened(How::Rebuilt { from: anew.from, moved_to }, words);
        Ok(Ready { engine, state: anew.state, journal, recent, opened, added_up: true })
    }

    fn begin(&self, state: State) -> Result<Journal, StoreError> {
        Journal::begin(&self.folder.journal(), state.applied + 1, self.options.schema)
    }

    fn resume(&self, newest: Generation, good: u64, applied: u64) -> Result<Journal, StoreError> {
        let next = (applied + 1).max(newest.first);
        Journal::resume(&self.folder.journal(), newest, good, next, self.options.schema)
    }

    fn set_aside(&self, files: &[PathBuf]) -> Result<Vec<PathBuf>, StoreError> {
        files.iter().map(|file| self.folder.move_aside(file, (self.options.now)())).collect()
    }

    /// The ids of the last commits, out of the two newest generations.
    fn recent(&self, generations: &[Generation]) -> Result<Recent, StoreError> {
        let mut recent = Recent::default();
        let from = generations.iter().rev().take(2).map(|generation| generation.first).min().unwrap_or(1);
        journal::replay(&self.folder.journal(), from.saturating_sub(1), &mut |entry: Entry| {
            recent.add(entry.id, entry.seq);
            ControlFlow::Continue(())
        })?;
        Ok(recent)
    }

    /// Copies all rows while nobody else uses them.
    fn snapshot(&self, engine: &Engine, state: State, before: bool) -> Result<PathBuf, StoreError> {
        let mut writer = snapshot::Writer::begin(self.folder, (self.options.now)(), state.schema)?;
        engine.each(&mut |row| writer.row(row))?;
        Ok(writer.finish(state, before, &|| Ok(()))?.0.file)
    }
}

/// Whether there is anything in the folder of the rows.
fn is_there(place: &Path) -> bool {
    fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_some())
}

/// What can be said of a journal at a glance.
enum Inside {
    /// There are commits in it, or were once.
    Commits,
    /// It was begun and never had a commit.
    NothingYet,
    /// It is not there or not whole.
    Unclear,
}

fn look_into(generations: &[Generation]) -> Result<Inside, StoreError> {
    if generations.iter().any(|generation| generation.first > 1) {
        return Ok(Inside::Commits);
    }
    let mut begun = !generations.is_empty();
    for generation in generations {
        let mut any = false;
        let reading = journal::read(generation, &mut |_| {
            any = true;
            ControlFlow::Break(())
        })
        .map_err(|e| trouble(&e, &generation.path))?;
        if any {
            return Ok(Inside::Commits);
        }
        begun &= journal::schema(generation).is_some() && reading.tail != Tail::Spoiled;
    }
    Ok(if begun { Inside::NothingYet } else { Inside::Unclear })
}

fn ends_as_noted(newest: &Generation, closed: &Closed) -> bool {
    let length = fs::metadata(&newest.path).map(|meta| meta.len());
    closed.end.0 == newest.number
        && length.is_ok_and(|length| length == closed.end.1)
        && journal::schema(newest).is_some()
}

/// The last commit that the journal has.
fn reaches(generations: &[Generation]) -> Result<u64, StoreError> {
    // A survey that begins at what is applied says nothing about whether the journal reaches that far.
    let Some(newest) = generations.last() else { return Ok(0) };
    let mut last = newest.first - 1;
    journal::read(newest, &mut |entry| {
        last = last.max(entry.seq);
        ControlFlow::Continue(())
    })
    .map_err(|e| trouble(&e, &newest.path))?;
    Ok(last)
}

fn adds_up(engine: &Engine, state: State) -> Result<(), Trouble> {
    let (digest, rows) = add_up(engine)?;
    if rows != state.rows {
        return Err(Trouble::Broken(format!("{rows} entries were found where {} should be", state.rows)));
    }
    if digest != state.digest {
        return Err(Trouble::Broken(String::from("an entry is not as it was saved")));
    }
    Ok(())
}

/// The words of a trouble that a rebuild cures; any other trouble ends the climb.
fn words(trouble: Trouble) -> Result<String, StoreError> {
    match trouble {
        Trouble::Broken(why) => Ok(why),
        Trouble::Disk(error) => Err(error),
    }
}
