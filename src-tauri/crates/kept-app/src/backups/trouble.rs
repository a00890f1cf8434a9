//! What can go wrong with the file of a backup, in words.

use crate::failure::{Code, Failure};
use std::io::{Error, ErrorKind};
use std::path::Path;

/// Why a backup cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It is something else.
    NoBackup,
    /// Its end is missing.
    CutOff {
        /// So long it is,
        is: u64,
        /// and so long it was.
        should: u64,
    },
    /// It is not as it was written.
    Damaged(String),
    /// A newer Kept wrote it.
    Newer,
    /// It is locked, and no passphrase was named.
    Locked,
    /// It is locked with another passphrase.
    WrongPassphrase,
    /// The disk does not give it.
    Disk(Error),
    /// What was to be done with what is in it failed.
    Visitor(Failure),
}

impl Unreadable {
    /// For the owner, with the name of the file.
    pub(super) fn words(&self, name: &str) -> String {
        match self {
            Self::NoBackup => format!("“{name}” is no backup of Kept. Nothing was changed."),
            Self::CutOff { is, should } => format!(
                "“{name}” was cut off: {is} of its {should} bytes are there. It cannot be used; nothing was changed."
            ),
            Self::Damaged(why) => {
                format!("“{name}” is damaged ({why}). It cannot be used; nothing was changed.")
            }
            Self::Newer => format!(
                "“{name}” was made by a newer Kept. Nothing was changed. Install the newest Kept to restore it."
            ),
            Self::Locked => format!("“{name}” is locked. Type its passphrase."),
            Self::WrongPassphrase => format!("This is not the passphrase of “{name}”. Nothing was changed."),
            Self::Disk(error) => format!("“{name}” could not be read ({error}). Nothing was changed."),
            Self::Visitor(failure) => failure.message.clone(),
        }
    }

    /// As the answer to a request.
    pub(super) fn failure(self, path: &Path) -> Failure {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let words = self.words(&name);
        match self {
            Self::Visitor(failure) => failure,
            Self::Locked | Self::WrongPassphrase => Failure::field("passphrase", words),
            Self::NoBackup | Self::CutOff { .. } | Self::Damaged(_) => Failure::field("backup", words),
            Self::Newer => Failure::new(Code::NewerData, words),
            Self::Disk(error) if error.kind() == ErrorKind::NotFound => Failure::new(Code::NotFound, words),
            Self::Disk(_) => Failure::new(Code::Storage, words),
        }
    }
}

/// Why a backup could not be written to a folder, in a sentence. Nothing half is left there.
pub(super) fn unwritable(folder: &Path, error: &Error) -> String {
    let (folder, kind) = (folder.display(), error.kind());
    if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        format!("There is no room for a backup in {folder}. Make room there, or choose another folder.")
    } else if matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
        format!("Kept may not write to {folder}. Allow it, or choose another folder for backups.")
    } else if matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory) {
        format!("The folder {folder} is not there. Once it is, Kept copies the newest backup to it.")
    } else {
        format!("No backup could be written to {folder} ({error}). Kept tries it again.")
    }
}
