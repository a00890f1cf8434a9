//! Forgetting how rows were before: what is left is one verified copy of the rows as they are, a journal that begins after
//! it, and rows that were put together anew from that copy.
//!
//! At each moment there is something whole: the old files go only when the copy was read back and the new rows are open.
//! If it is cut off in between, it is done again from its beginning.

use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{Folder, sync_dir, trouble};
use super::shared::Live;
use super::snapshot::Copied;
use super::writer::{Writer, gone};
use super::{SnapshotInfo, StoreError, journal, rebuild, snapshot};

impl Writer {
    /// Keeps what the rows are now, and nothing of what they were. The keeper asks for it and waits, so that no other copy
    /// is being written.
    pub(super) fn forget_the_past(&mut self) -> Result<SnapshotInfo, StoreError> {
        if self.sick.is_some() {
            self.recover()?;
        }
        let (copy, copied) = self.copy_rows()?;
        self.journal.rotate()?;
        self.put_together_anew()?;
        self.remove_the_past(&copy.file)?;
        // The keys of rows that have changed may tell as much as the rows.
        self.shared.since().begin_anew(copied.sum);
        Ok(copy)
    }

    /// Copies all rows, and reads the copy back.
    fn copy_rows(&self) -> Result<(SnapshotInfo, Copied), StoreError> {
        let (folder, options) = (&self.shared.folder, &self.shared.options);
        let guard = self.shared.read();
        let live = guard.as_ref().ok_or_else(gone)?;
        let mut writer = snapshot::Writer::begin(folder, (options.now)(), options.schema)?;
        live.engine.each(&mut |row| writer.row(row))?;
        writer.finish(self.state, false, &|| self.shared.go_on())
    }

    /// Puts new rows in the place of the old ones, whose pages are removed.
    fn put_together_anew(&mut self) -> Result<(), StoreError> {
        let (folder, options) = (&self.shared.folder, &self.shared.options);
        let anew = rebuild::anew(folder, options, None)?;
        if (anew.state.digest, anew.state.rows) != (self.state.digest, self.state.rows) {
            let _ = fs::remove_dir_all(folder.rebuilding());
            return Err(StoreError::Damaged(String::from(
                "The copy of all entries does not hold what the entries are. Nothing was forgotten. Let `kept check` look at the data folder.",
            )));
        }
        fs::rename(folder.rebuilding(), folder.replacing()).map_err(|e| trouble(&e, &folder.rebuilding()))?;
        sync_dir(&folder.root)?;
        let mut guard = self.shared.write();
        if let Some(live) = guard.take() {
            let _ = live.engine.let_go();
        }
        let (engine, _) = rebuild::install(folder, options, &folder.replacing())?;
        self.epoch += 1;
        *guard = Some(Live { engine, state: self.state, epoch: self.epoch });
        Ok(())
    }

    fn remove_the_past(&self, copy: &Path) -> Result<(), StoreError> {
        let folder = &self.shared.folder;
        let copies = entries(&folder.snapshots())?.into_iter().filter(|path| path != copy);
        let newest = self.journal.end().0;
        let generations = journal::generations(&folder.journal())?;
        let journal = generations.into_iter().filter(|it| it.number < newest).map(|it| it.path);
        for path in copies.chain(journal) {
            remove(&path)?;
        }
        for path in entries(&folder.aside())? {
            remove(&path)?;
        }
        if folder.since().exists() {
            remove(&folder.since())?;
        }
        for dir in [folder.snapshots(), folder.journal(), folder.aside(), folder.root.clone()] {
            sync_dir(&dir)?;
        }
        Ok(())
    }
}

/// Ends what was cut off while rows took the place of others: if the old ones had made room, the new ones take it, and
/// else they are not needed.
pub(super) fn finish(folder: &Folder) -> Result<(), StoreError> {
    let (old, new) = (folder.rows(), folder.replacing());
    if !new.exists() {
        return Ok(());
    }
    if old.exists() {
        return fs::remove_dir_all(&new).map_err(|e| trouble(&e, &new));
    }
    fs::rename(&new, &old).map_err(|e| trouble(&e, &new))?;
    sync_dir(&folder.root)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = fs::read_dir(dir).map_err(|error| trouble(&error, dir))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn remove(path: &Path) -> Result<(), StoreError> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(|error| trouble(&error, path))
}
