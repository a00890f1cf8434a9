//! One process per data folder: two that append to one journal would destroy it.

use std::fs::{File, OpenOptions, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::StoreError;
use super::folder::{Folder, trouble};

/// A Kept that is just closing is waited for this long.
const PATIENCE: Duration = Duration::from_secs(1);

/// Holds the data folder until it is dropped. The file stays: removing it would let two in.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(folder: &Folder) -> Result<Lock, StoreError> {
        let path = folder.lock();
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|e| trouble(&e, &path))?;
        let give_up = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => {
                    thread::sleep(Duration::from_millis(25));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Locked(format!(
                        "Kept is already open with the data in {}. Use the window that is open, or close it first.",
                        folder.root.display()
                    )));
                }
                Err(TryLockError::Error(e)) => return Err(trouble(&e, &path)),
            }
        }
    }
}
