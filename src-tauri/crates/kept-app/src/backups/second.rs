//! The second folder: on a stick, or one that is synchronised. The newest backup is copied to it as soon as it is there.

use super::folder::{self, Found, make_whole};
use super::trouble::unwritable;
use crate::failure::Failure;
use crate::takes::backups::SetBackupFolder;
use crate::{Kept, settings};
use kept_core::day::{Stamp, Zone};
use kept_core::settings::Settings;
use kept_core::views::Done;
use kept_core::views::backups::SecondFolder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

/// After a copy that failed it is left alone for so long: a full stick is not filled again every minute.
const REST_MINUTES: i64 = 15;
const CHUNK: usize = 256 * 1024;

/// What came of the last copy.
#[derive(Debug)]
pub(crate) struct Tried {
    at: Stamp,
    folder: PathBuf,
    trouble: Option<String>,
}

/// The second folder, if the owner has named one.
pub(super) fn place(kept: &Kept) -> Option<PathBuf> {
    kept.settings().backup_folder.filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Copies the newest backup to another folder from now on, or to none.
pub(crate) async fn set_backup_folder(kept: &Kept, takes: SetBackupFolder) -> Result<Done, Failure> {
    let folder = takes.folder.map(|folder| folder.trim().to_owned()).filter(|folder| !folder.is_empty());
    if let Some(words) = folder.as_deref().and_then(|folder| wrong_with(kept.folder(), Path::new(folder))) {
        return Err(Failure::field("folder", words));
    }
    let said = match &folder {
        Some(folder) => format!("Backups are copied to {folder} from now on"),
        None => "Backups are copied to no second folder any more".to_owned(),
    };
    let done = {
        let writing = kept.writing().await;
        let after = Settings { backup_folder: folder, ..kept.settings() };
        settings::write(kept, &writing, after, said).await?
    };
    let went = copy_newest(kept).await;
    let said = went.map_or_else(|| done.said.clone(), |went| format!("{}. {went}", done.said));
    Ok(Done { said, ..done })
}

/// Why a folder is none for second copies. That it is not there is no reason: a stick may come later.
fn wrong_with(data: &Path, folder: &Path) -> Option<String> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if !folder.is_absolute() {
        Some("Write the whole path, from its beginning on.".to_owned())
    } else if folder.is_file() {
        Some("This is a file. Choose the folder that it lies in.".to_owned())
    } else if real(folder).starts_with(real(data)) {
        Some(
            "This folder lies within the data itself. Choose one that is still there if this disk fails."
                .to_owned(),
        )
    } else {
        None
    }
}

/// Copies the newest backup to the second folder if it does not lie there, and says in a sentence how that stands.
pub(super) async fn copy_newest(kept: &Kept) -> Option<String> {
    let second = place(kept)?;
    let _alone = kept.0.backups.making.lock().await;
    let settings = kept.settings();
    let (business, zone) = (settings.business.clone(), settings.calendar.zone);
    let (from, to) = (folder::beside(kept.folder()), second.clone());
    let copied = tokio::task::spawn_blocking(move || copy(&from, &to, &business, zone)).await;
    let copied = copied.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
    let trouble = copied.err().map(|error| unwritable(&second, &error));
    let words =
        trouble.clone().unwrap_or_else(|| format!("The newest backup is in {} as well.", second.display()));
    let tried = Tried { at: (kept.0.host.now)().stamp, folder: second, trouble };
    *kept.0.backups.tried.lock().unwrap_or_else(PoisonError::into_inner) = Some(tried);
    Some(words)
}

/// Whether the second folder is there, lacks the newest backup, and was not tried just now in vain.
pub(super) fn is_behind(kept: &Kept) -> bool {
    let Some(second) = place(kept).filter(|folder| folder.is_dir()) else { return false };
    let newest = newest(&folder::beside(kept.folder()));
    let behind = newest.is_some_and(|newest| !second.join(newest.name).exists());
    let now = (kept.0.host.now)().stamp;
    let tried = kept.0.backups.tried.lock().unwrap_or_else(PoisonError::into_inner);
    let rests = tried.as_ref().is_some_and(|tried| {
        tried.trouble.is_some() && tried.folder == second && now.minutes_since(tried.at) < REST_MINUTES
    });
    behind && !rests
}

/// How it stands with the second folder.
pub(super) fn view(kept: &Kept) -> Option<SecondFolder> {
    let second = place(kept)?;
    let is_there = second.is_dir();
    let newest = newest(&folder::beside(kept.folder()));
    let has_it = newest.as_ref().is_some_and(|newest| second.join(&newest.name).exists());
    let tried = kept.0.backups.tried.lock().unwrap_or_else(PoisonError::into_inner);
    let trouble =
        tried.as_ref().filter(|tried| tried.folder == second).and_then(|tried| tried.trouble.clone());
    let words = match (is_there, has_it, trouble) {
        (false, _, _) => "It is not there now. Once it is, Kept copies the newest backup to it.".to_owned(),
        (true, true, _) => "The newest backup is there.".to_owned(),
        (true, false, Some(trouble)) => trouble,
        (true, false, None) => "The newest backup is copied there next.".to_owned(),
    };
    Some(SecondFolder { folder: second.display().to_string(), is_there, words })
}

fn newest(folder: &Path) -> Option<Found> {
    folder::list(folder).into_iter().find(|found| found.heading.is_ok())
}

fn copy(from: &Path, to: &Path, business: &str, zone: Zone) -> io::Result<()> {
    // Where a stick was mounted an empty folder may be left that must not be filled; that it is named is the owner's wish,
    // that it is there is not.
    if !to.is_dir() {
        return Err(io::Error::from(io::ErrorKind::NotFound));
    }
    let Some(newest) = newest(from) else { return Ok(()) };
    let target = to.join(&newest.name);
    if !target.exists() {
        make_whole(&target, |file, beside| {
            let written = pour(&mut File::open(&newest.path)?, file)?;
            file.sync_all()?;
            if pour(&mut File::open(beside)?, &mut io::sink())? == written {
                Ok(())
            } else {
                Err(io::Error::other("it could not be read back as it was written"))
            }
        })?;
    }
    folder::clear_away(to, business, zone);
    Ok(())
}

/// Copies all bytes and adds them up.
fn pour(from: &mut impl Read, to: &mut impl Write) -> io::Result<Vec<u8>> {
    let (mut sum, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match from.read(&mut chunk)? {
            0 => return Ok(sum.finalize().to_vec()),
            read => {
                sum.update(&chunk[..read]);
                to.write_all(&chunk[..read])?;
            }
        }
    }
}
