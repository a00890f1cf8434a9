//! What the writer does when sled fails while the store is open.

use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;

use super::StoreError;
use super::engine::{Engine, Trouble};
use super::rebuild;
use super::shared::Live;
use super::sled_store::Health;
use super::writer::Writer;

/// What sled must be able to write before it is opened again after it had failed to.
const PROBE: usize = 1 << 20;

impl Writer {
    /// Opens sled again after it had failed, and has it catch up with the journal.
    pub(super) fn recover(&mut self) -> Result<(), StoreError> {
        match self.sick.clone() {
            None => Ok(()),
            Some(Trouble::Broken(words)) => {
                let epoch = self.shared.read().as_ref().map_or(0, |live| live.epoch);
                self.rebuild_rows(epoch, &words)
            }
            Some(Trouble::Disk(error)) => {
                if error == StoreError::Full {
                    self.ballast.give_up();
                }
                // Until then the rows are read from memory.
                if !self.can_write() {
                    return Err(error);
                }
                self.reopen()
            }
        }
    }

    fn can_write(&self) -> bool {
        let path = self.shared.folder.root.join("probe");
        let probe = || {
            let mut file = File::create(&path)?;
            file.write_all(&vec![b'.'; PROBE])?;
            file.sync_all()
        };
        let written: std::io::Result<()> = probe();
        let removed = fs::remove_file(&path);
        written.is_ok() && removed.is_ok()
    }

    fn reopen(&mut self) -> Result<(), StoreError> {
        let mut guard = self.shared.write();
        if let Some(live) = guard.take() {
            let _ = live.engine.let_go();
        }
        self.epoch += 1;
        let epoch = self.epoch;
        let (folder, options) = (&self.shared.folder, &self.shared.options);
        let opened = Engine::open(&folder.rows(), options.open_timeout).and_then(|engine| {
            let state =
                engine.state()?.ok_or_else(|| Trouble::Broken(String::from("its entries were gone")))?;
            let caught_up = rebuild::catch_up(&engine, folder, options, state, false)?;
            if caught_up.astray || caught_up.survey.is_damaged() {
                return Err(Trouble::Broken(String::from("its entries do not add up")));
            }
            Ok(Live { engine, state: caught_up.state, epoch })
        });
        match opened {
            Ok(live) => {
                self.state = live.state;
                *guard = Some(live);
                self.sick = None;
                Ok(())
            }
            Err(Trouble::Disk(error)) => {
                drop(guard);
                self.sick = Some(Trouble::Disk(error.clone()));
                self.read_from_memory()?;
                Err(error)
            }
            Err(Trouble::Broken(words)) => {
                drop(guard);
                self.rebuild_rows(epoch, &words)
            }
        }
    }

    /// Puts all rows into memory: a sled that could not write may refuse to read, too.
    fn read_from_memory(&mut self) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        let mut guard = shared.write();
        if let Some(live) = guard.as_mut() {
            return self.read_past_sled(live);
        }
        let engine = self.in_memory()?;
        self.epoch += 1;
        *guard = Some(Live { engine, state: self.state, epoch: self.epoch });
        Ok(())
    }

    /// Has all rows read from memory: of a change that sled could not make it may have half, and with that rows that
    /// were not to be changed are out of place.
    pub(super) fn read_past_sled(&mut self, live: &mut Live) -> Result<(), StoreError> {
        let engine = self.in_memory()?;
        self.epoch += 1;
        live.epoch = self.epoch;
        let _ = std::mem::replace(&mut live.engine, engine).let_go();
        Ok(())
    }

    /// All rows as they are confirmed, without sled.
    fn in_memory(&self) -> Result<Engine, StoreError> {
        let folder = &self.shared.folder;
        Ok(Engine::in_memory(&folder.rows(), rebuild::in_memory(folder, self.state)?))
    }

    /// Makes the rows readable again: opens sled once more where the disk failed, and puts the rows together anew where
    /// they are damaged. Where the disk allows neither, they are read from memory.
    pub(super) fn heal(&mut self, epoch: u64, why: &Trouble) -> Result<(), StoreError> {
        match why {
            Trouble::Disk(_) if self.epoch > epoch => Ok(()),
            Trouble::Disk(_) => {
                self.sick = Some(why.clone());
                self.recover().or_else(|_| self.read_from_memory())
            }
            Trouble::Broken(words) => self.rebuild_rows(epoch, words).or_else(|error| {
                self.sick = Some(why.clone());
                self.read_from_memory().map_err(|_| error)
            }),
        }
    }

    /// Puts the rows together anew from the newest snapshot and the journal, unless that was done since this epoch. Until
    /// then the old ones can be read.
    fn rebuild_rows(&mut self, epoch: u64, words: &str) -> Result<(), StoreError> {
        let guard = self.shared.read();
        let now = guard.as_ref().map(|live| live.epoch);
        if now.is_some_and(|now| now > epoch) {
            return Ok(());
        }
        tracing::warn!(words, "the rows are rebuilt");
        let (folder, options) = (&self.shared.folder, &self.shared.options);
        let anew = rebuild::anew(folder, options, guard.as_ref().map(|live| &live.engine));
        drop(guard);
        let anew = anew.inspect_err(|error| {
            self.shared.say(Health::Wrong(vec![format!(
                "Kept's data is damaged ({words}) and could not be repaired now: {error}"
            )]));
        })?;
        let mut guard = self.shared.write();
        if let Some(live) = guard.take() {
            let _ = live.engine.let_go();
        }
        let (engine, moved_to) = rebuild::install(folder, options, &folder.rebuilding()).inspect_err(|error| {
            self.shared.say(Health::Wrong(vec![format!(
                "Kept's data was damaged ({words}). It has been put together anew, but cannot be opened now: {error} Start Kept again."
            )]));
        })?;
        self.epoch += 1;
        self.state = anew.state;
        *guard = Some(Live { engine, state: anew.state, epoch: self.epoch });
        drop(guard);
        self.sick = None;
        self.shared.say(Health::Rebuilt(anew.words(words, moved_to.as_deref())));
        Ok(())
    }
}
