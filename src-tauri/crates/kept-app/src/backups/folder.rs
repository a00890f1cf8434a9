//! Folders with backups: what lies in them, how a file comes to be there whole or not at all, and what is cleared away.

use super::heading::Heading;
use super::trouble::Unreadable;
use chrono::NaiveDateTime;
use kept_core::backup::{MadeBackup, superfluous};
use kept_core::day::{Stamp, Zone};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How the names of backups end.
pub(super) const ENDING: &str = ".kept-backup";
const UNFINISHED: &str = ".part";
/// What the names begin with that Kept gives.
const STAMP: &str = "%Y-%m-%dT%H-%M-%SZ";

/// A backup in a folder.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub heading: Result<Heading, Unreadable>,
}

/// Where the backups beside the data lie.
pub(super) fn beside(data: &Path) -> PathBuf {
    data.join("backups")
}

/// The backups in a folder, the newest first; none if it cannot be read.
pub(super) fn list(folder: &Path) -> Vec<Found> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<Found> = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_str()?.to_owned();
            let path = entry.path();
            (is_name(&name) && path.is_file()).then(|| Found { heading: Heading::read(&path), path, name })
        })
        .collect();
    // Names begin with the time, but for those that the owner has given.
    let made = |found: &Found| found.heading.as_ref().ok().map(|heading| heading.made);
    found.sort_by(|a, b| (made(b), &b.name).cmp(&(made(a), &a.name)));
    found
}

/// Whether a text is the bare name of a backup: nothing that the UI names can lead out of a folder.
pub(super) fn is_name(text: &str) -> bool {
    text.ends_with(ENDING) && !text.starts_with('.') && !text.contains(['/', '\\', ':'])
}

/// A name for a backup that is made now; no other in the folder has it.
pub(super) fn new_name(folder: &Path, now: Stamp) -> String {
    let stamp = now.instant().format(STAMP);
    let mut name = format!("{stamp}{ENDING}");
    let mut copy = 1;
    while folder.join(&name).exists() {
        copy += 1;
        // What sorts behind the first one: by their names they stand in the order in which they were made.
        name = format!("{stamp}_{copy}{ENDING}");
    }
    name
}

/// Makes a file: under another name first, forced to the disk, and under its own only when it is whole. Nothing half is
/// left behind.
pub(super) fn make_whole<T, E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File, &Path) -> Result<T, E>,
) -> Result<T, E> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(UNFINISHED);
    let beside = PathBuf::from(beside);
    let made = File::create(&beside).map_err(E::from).and_then(|mut file| {
        let made = write(&mut file, &beside)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, path)?;
        sync_folder(path.parent().unwrap_or(Path::new(".")))?;
        Ok(made)
    });
    if made.is_err() {
        // On a stick that was pulled out there is nothing to remove; what lies there is cleared away next time.
        drop(fs::remove_file(&beside));
    }
    made
}

/// Whether a name is one that Kept has given, and not the owner.
fn is_given(name: &str) -> bool {
    name.get(..20).is_some_and(|stamp| NaiveDateTime::parse_from_str(stamp, STAMP).is_ok())
}

/// Removes the backups of a business that are no longer needed, and what was left half. What the owner has given a name
/// stays.
pub(super) fn clear_away(folder: &Path, business: &str, zone: Zone) {
    let mut found = list(folder);
    // Of two of one instant the later one counts as the newer.
    found.reverse();
    let good: Vec<(&Found, MadeBackup)> = found
        .iter()
        .filter_map(|found| {
            let heading = found.heading.as_ref().ok().filter(|heading| heading.business == business)?;
            is_given(&found.name).then_some(())?;
            Some((found, made(heading, zone)))
        })
        .collect();
    let all: Vec<MadeBackup> = good.iter().map(|(_, made)| *made).collect();
    let old = superfluous(&all).into_iter().map(|place| good[place].0.path.clone());
    let half = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let half = half.filter(|path| path.to_string_lossy().ends_with(&format!("{ENDING}{UNFINISHED}")));
    for path in old.chain(half) {
        if let Err(error) = fs::remove_file(&path) {
            tracing::warn!("an old backup could not be removed: {error}");
        }
    }
}

pub(super) fn made(heading: &Heading, zone: Zone) -> MadeBackup {
    MadeBackup {
        at: heading.made,
        day: zone.day(heading.made),
        why: heading.why,
        records: u64::from(heading.promises) + u64::from(heading.customers),
    }
}

/// A name is on the disk only when its folder is. Some sticks and network folders cannot say so.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    // That of a bare name is the one where Kept was started.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match File::open(folder)?.sync_all() {
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(error)
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_that_cannot_be_written_to_its_end_leaves_nothing_and_the_old_one_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stick.kept-backup");
        make_whole(&path, |file, _| file.write_all(b"good")).unwrap();
        let full = make_whole(&path, |file, _| {
            file.write_all(b"half")?;
            Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read(&path).unwrap(), b"good");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn those_of_one_second_stand_in_the_order_in_which_they_were_made() {
        let folder = tempfile::tempdir().unwrap();
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let made = [(); 3].map(|()| {
            let name = new_name(folder.path(), now);
            fs::write(folder.path().join(&name), "").unwrap();
            name
        });
        assert!(made.iter().all(|name| is_given(name)) && !is_given("before the fair.kept-backup"));
        let listed: Vec<String> = list(folder.path()).into_iter().rev().map(|found| found.name).collect();
        assert_eq!(listed, made);
    }

    #[test]
    fn only_bare_names_of_backups_are_names() {
        for (name, is) in [
            ("2026-11-20T09-00-00Z.kept-backup", true),
            ("../2026-11-20T09-00-00Z.kept-backup", false),
            ("a\\b.kept-backup", false),
            ("C:b.kept-backup", false),
            (".kept-backup", false),
            ("letter.txt", false),
        ] {
            assert_eq!(is_name(name), is, "{name}");
        }
    }
}
