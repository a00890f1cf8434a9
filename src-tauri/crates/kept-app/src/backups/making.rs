//! Making a backup: copied, written under another name, read again to its end, and only then given its name.

use super::file::{compare, sum_of_body, write_body};
use super::folder::{self, make_whole, new_name};
use super::heading::Heading;
use super::trouble::{Unreadable, unwritable};
use super::{keys, second};
use crate::attachments::Attachment;
use crate::failure::{Code, Failure};
use crate::store::{SnapshotInfo, Store};
use crate::{Kept, attachments};
use age::secrecy::SecretString;
use kept_core::backup::BackupReason;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

/// A backup that was made beside the data.
pub(super) struct Made {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub heading: Heading,
}

/// Makes a backup beside the data. Whoever calls clears away afterwards what is no longer needed.
pub(super) async fn make(kept: &Kept, why: BackupReason) -> Result<Made, Failure> {
    let made = make_beside(kept, why).await;
    let trouble = made.as_ref().err().map(|failure| failure.message.clone());
    *kept.0.backups.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    made
}

async fn make_beside(kept: &Kept, why: BackupReason) -> Result<Made, Failure> {
    let folder = folder::beside(kept.folder());
    fs::create_dir_all(&folder).map_err(|error| refused(&folder, &error))?;
    let name = new_name(&folder, (kept.0.host.now)().stamp);
    let passphrase = keys::passphrase(kept.folder());
    let heading = make_at(kept, folder.join(&name), why, passphrase).await?;
    Ok(Made { name, heading })
}

/// Makes a backup in a file.
pub(super) async fn make_at(
    kept: &Kept,
    path: PathBuf,
    why: BackupReason,
    passphrase: Option<SecretString>,
) -> Result<Heading, Failure> {
    let _alone = kept.0.backups.making.lock().await;
    let settings = kept.settings();
    let begun = Heading::new((kept.0.host.now)().stamp, why, settings.business.clone(), passphrase.is_some());
    let copied = kept.0.store.snapshot().await?;
    // Held open from here on: the copy may be cleared away, what is open stays readable.
    let rows = File::open(&copied.file).map_err(|error| refused(&copied.file, &error))?;
    let data = kept.folder().to_owned();
    let work = move || {
        let attached = attachments::all(&data).map_err(|error| refused(&data, &error))?;
        write(&path, (rows, &copied), &attached, &begun, passphrase.as_ref())
    };
    tokio::task::spawn_blocking(work).await.map_err(Failure::bug)?
}

/// Clears away what is no longer needed beside the data, copies the newest backup to the second folder, and says how
/// that went, if there is one.
pub(super) async fn follow_up(kept: &Kept) -> Option<String> {
    let settings = kept.settings();
    let folder = folder::beside(kept.folder());
    let (business, zone) = (settings.business.clone(), settings.calendar.zone);
    let cleared = tokio::task::spawn_blocking(move || folder::clear_away(&folder, &business, zone)).await;
    if let Err(error) = cleared {
        tracing::warn!("old backups were not cleared away: {error}");
    }
    second::copy_newest(kept).await
}

/// Writes a backup of a verified copy of all rows, which is open, and of attached files.
pub(super) fn write(
    path: &Path,
    (mut rows, copied): (File, &SnapshotInfo),
    attached: &[Attachment],
    begun: &Heading,
    passphrase: Option<&SecretString>,
) -> Result<Heading, Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let made = make_whole(path, |file, beside| {
        write_body(file, &mut rows, attached, passphrase)?;
        file.sync_all()?;
        let heading = compare(beside, begun, &mut rows, copied, passphrase).map_err(unequal)?;
        heading.write(file)?;
        // What is read again has to be what was written, and so has the heading.
        let again = Heading::read(beside).map_err(unequal)?;
        if again != heading || sum_of_body(beside)? != (heading.bytes, heading.sha256.clone()) {
            return Err(io::Error::other("it could not be read back as it was written"));
        }
        Ok(heading)
    });
    made.map_err(|error| refused(folder, &error))
}

fn unequal(unreadable: Unreadable) -> io::Error {
    if let Unreadable::Disk(error) = unreadable {
        return error;
    }
    io::Error::other(unreadable.words("the new backup"))
}

pub(super) fn refused(folder: &Path, error: &io::Error) -> Failure {
    Failure::new(Code::Storage, unwritable(folder, error))
}
