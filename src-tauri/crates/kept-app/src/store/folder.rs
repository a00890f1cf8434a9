//! The data folder: what lies where in it, and the few ways in which files in it are made, replaced and moved.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

const README: &str = "\
This folder holds the data of Kept. Please do not change or remove single files in it.

To move Kept to another computer, close Kept and copy the whole folder.
Keep it on this computer's own disk: folders that a cloud service synchronises can damage it.

journal/     every change in the order in which it was saved
store/       the same data, arranged for quick reading; Kept rebuilds it from the journal and the snapshots if it must
attachments/ files that were attached to handovers, each under the SHA-256 of its contents
snapshots/   copies of all entries, one per line, compressed with Zstandard (readable with: zstd -dc FILE)
backups/     everything in one file each, as it was on a day; restore them with Kept
aside/       damaged files that Kept has replaced; they may be removed once nothing is missed
ballast      empty reserve that is given up when the disk is full
lock         keeps a second Kept out while one is running
";

/// The paths of a data folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) root: PathBuf,
}

impl Folder {
    pub(super) fn new(root: &Path) -> Folder {
        Folder { root: root.to_path_buf() }
    }

    /// Where the rows lie, arranged for reading.
    pub(super) fn rows(&self) -> PathBuf {
        self.root.join("store")
    }

    /// Where rows are put together anew; it becomes `store` only when it is whole.
    pub(super) fn rebuilding(&self) -> PathBuf {
        self.root.join("store.rebuilding")
    }

    /// Rows that are whole and equal to those in `store`, and are about to take their place.
    pub(super) fn replacing(&self) -> PathBuf {
        self.root.join("store.new")
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    pub(super) fn snapshots(&self) -> PathBuf {
        self.root.join("snapshots")
    }

    pub(super) fn aside(&self) -> PathBuf {
        self.root.join("aside")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(super) fn ballast(&self) -> PathBuf {
        self.root.join("ballast")
    }

    /// Written when the store was closed in good order.
    pub(super) fn closed(&self) -> PathBuf {
        self.root.join("closed")
    }

    /// What has changed since all rows were copied, written when the store was closed.
    pub(super) fn since(&self) -> PathBuf {
        self.root.join("since")
    }

    /// Written before the first commit is confirmed: from then on an empty folder is a loss, not a beginning.
    pub(super) fn held(&self) -> PathBuf {
        self.root.join("holds-data")
    }

    /// Makes the folder and what belongs in it; does not touch what is there.
    pub(super) fn prepare(&self) -> Result<(), StoreError> {
        let new = !self.root.exists();
        for dir in [self.root.clone(), self.journal(), self.snapshots(), self.aside()] {
            fs::create_dir_all(&dir).map_err(|e| trouble(&e, &dir))?;
        }
        let readme = self.root.join("README.txt");
        if !readme.exists() {
            fs::write(&readme, README).map_err(|e| trouble(&e, &readme))?;
        }
        sync_dir(&self.root)?;
        if new && let Some(parent) = self.root.parent() {
            // The folder is only there after a power cut if the one above it says so.
            sync_dir(parent)?;
        }
        Ok(())
    }

    /// The schema of the data that was here, if there ever was any.
    pub(super) fn held_schema(&self) -> Option<u32> {
        let text = fs::read_to_string(self.held()).ok()?;
        text.split_whitespace().filter_map(|word| word.parse().ok()).next_back().or(Some(0))
    }

    /// Notes that this folder holds data of this schema.
    pub(super) fn hold(&self, schema: u32) -> Result<(), StoreError> {
        replace(
            &self.held(),
            format!("This folder holds data of Kept with the data version {schema}\n").as_bytes(),
        )
    }

    /// Moves something damaged out of the way; it is never deleted. Returns where it lies now.
    pub(super) fn move_aside(&self, what: &Path, now: SystemTime) -> Result<PathBuf, StoreError> {
        let name = what.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let day = stamp(now);
        let mut to = self.aside().join(format!("{day}-{name}"));
        let mut copy = 1;
        while to.exists() {
            copy += 1;
            to = self.aside().join(format!("{day}-{name}-{copy}"));
        }
        fs::create_dir_all(self.aside()).map_err(|e| trouble(&e, &self.aside()))?;
        fs::rename(what, &to).map_err(|e| trouble(&e, what))?;
        sync_dir(&self.aside())?;
        if let Some(parent) = what.parent() {
            sync_dir(parent)?;
        }
        Ok(to)
    }
}

/// A moment as it stands in file names: sorted by name is sorted by time.
pub(super) fn stamp(at: SystemTime) -> String {
    DateTime::<Utc>::from(at).format("%Y-%m-%dT%H-%M-%SZ").to_string()
}

/// Makes the names in a folder durable. Windows has no such call and does not need one.
pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        let opened = File::open(dir).map_err(|e| trouble(&e, dir))?;
        match opened.sync_all() {
            // Some network file systems cannot sync a folder; there is nothing better to do there.
            Err(e) if e.kind() != ErrorKind::InvalidInput && e.kind() != ErrorKind::Unsupported => {
                return Err(trouble(&e, dir));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Forces every file of a folder, the folders below it, and the folder itself to the disk.
pub(super) fn sync_tree(dir: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(dir).map_err(|e| trouble(&e, dir))? {
        let path = entry.map_err(|e| trouble(&e, dir))?.path();
        if path.is_dir() {
            sync_tree(&path)?;
        } else {
            File::open(&path).and_then(|file| file.sync_all()).map_err(|e| trouble(&e, &path))?;
        }
    }
    sync_dir(dir)
}

/// Replaces a small file so that after a cut there is either the old or the new one.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let new = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&new, path)
    };
    write().map_err(|e| trouble(&e, path))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Writes something small with its checksum, in the place of what was there.
pub(super) fn write_note(path: &Path, note: &impl Serialize) -> Result<(), StoreError> {
    let json = serde_json::to_string(note).unwrap_or_default();
    replace(path, format!("{:08x}\n{json}\n", crc32fast::hash(json.as_bytes())).as_bytes())
}

/// What was noted; `None` if there is no note, or not as it was written.
pub(super) fn read_note<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let text = fs::read_to_string(path).ok()?;
    let (crc, json) = text.trim_end().split_once('\n')?;
    if u32::from_str_radix(crc, 16).ok()? != crc32fast::hash(json.as_bytes()) {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// Says whether an error of the file system means that there is no room.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// An error of the file system in words.
pub(super) fn trouble(error: &io::Error, path: &Path) -> StoreError {
    if is_full(error) {
        return StoreError::Full;
    }
    let path = path.display();
    if matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) {
        return StoreError::ReadOnly(format!(
            "Kept may not write to {path} ({error}). Nothing was saved. Make the folder writable, or choose another one."
        ));
    }
    StoreError::Unavailable(format!(
        "Kept could not read or write {path} ({error}). Check that the disk is connected and sound, then try again."
    ))
}
