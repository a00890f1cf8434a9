//! The passphrase with which new backups are locked.
//!
//! It protects what leaves this computer, on a stick or in a synchronised folder. On this computer it lies beside the data
//! that it locks, in a file that only the owner's account may read and that is in no backup and no export.

use super::trouble::Unreadable;
use crate::Kept;
use crate::takes::backups::TheBackup;
use age::secrecy::SecretString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What opens a backup: the passphrase that was typed, else the one that new backups are locked with.
#[derive(Clone)]
pub(super) struct Key {
    secret: Option<SecretString>,
    typed: bool,
}

impl Key {
    pub(super) fn of(kept: &Kept, takes: &TheBackup) -> Self {
        let typed = takes.passphrase.clone().filter(|typed| !typed.is_empty()).map(SecretString::from);
        let is_typed = typed.is_some();
        Self { secret: typed.or_else(|| passphrase(kept.folder())), typed: is_typed }
    }

    pub(super) fn secret(&self) -> Option<&SecretString> {
        self.secret.as_ref()
    }

    /// Nobody has typed what is wrong about a passphrase that was only tried.
    pub(super) fn blamed(&self, unreadable: Unreadable) -> Unreadable {
        if !self.typed && matches!(unreadable, Unreadable::WrongPassphrase) {
            Unreadable::Locked
        } else {
            unreadable
        }
    }
}

/// The passphrase, if there is one.
pub(super) fn passphrase(data: &Path) -> Option<SecretString> {
    let text = fs::read_to_string(place(data)).ok()?;
    (!text.is_empty()).then(|| SecretString::from(text))
}

/// Whether there is one.
pub(super) fn is_locked(data: &Path) -> bool {
    passphrase(data).is_some()
}

/// Takes another one, or none.
pub(super) fn set(data: &Path, passphrase: Option<&str>) -> io::Result<()> {
    let place = place(data);
    match passphrase {
        None => match fs::remove_file(place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        },
        Some(passphrase) => {
            let new = place.with_extension("new");
            drop(fs::remove_file(&new));
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&new)?;
            file.write_all(passphrase.as_bytes())?;
            file.sync_all()?;
            fs::rename(new, place)
        }
    }
}

fn place(data: &Path) -> PathBuf {
    data.join("backup-passphrase")
}
