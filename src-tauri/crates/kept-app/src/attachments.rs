//! Attached files: kept in the data folder under the hash of their contents, so that the same file lies there once and
//! what was attached cannot change.

use crate::Kept;
use crate::commit::commitment_of;
use crate::failure::{Code, Failure};
use crate::lists::each;
use crate::takes::plan::AttachFile;
use kept_core::evidence::AttachedFile;
use kept_core::problem::Problem;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Larger files are better linked to: they would make every copy of the data folder slow.
const LARGEST: u64 = 250 * 1024 * 1024;
/// Read at a time.
const CHUNK: usize = 256 * 1024;

/// Copies a file that was offered into the data folder. Nothing refers to it until it is named in a handover.
pub(crate) async fn attach_file(kept: &Kept, takes: AttachFile) -> Result<AttachedFile, Failure> {
    let path = kept.offered(&takes.file)?;
    let folder = folder(kept.folder());
    tokio::task::spawn_blocking(move || copy(&path, &folder)).await.map_err(Failure::bug)?
}

/// Refuses files that are not in the data folder as they were attached.
pub(crate) fn check_files(kept: &Kept, files: &[AttachedFile]) -> Result<(), Failure> {
    let missing = files.iter().enumerate().filter(|(_, file)| {
        let found = kept.attachment(&file.hash).ok().and_then(|path| fs::metadata(path).ok());
        found.is_none_or(|found| found.len() != file.bytes)
    });
    let problems: Vec<Problem> = missing
        .map(|(index, file)| {
            let words = format!("“{}” is not in the data folder. Attach it again.", file.name);
            Problem::new(format!("files.{index}"), words)
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Failure::invalid(problems)) }
}

/// Reads all files that handovers name, and says in sentences which of them are not as they were attached; with how
/// many there are.
pub(crate) async fn check_all(kept: &Kept) -> Result<(usize, Vec<String>), Failure> {
    let mut files: BTreeMap<String, AttachedFile> = BTreeMap::new();
    each(&kept.0.store, b"p", |row| {
        let named = commitment_of(row)?.it.handovers.into_iter().flat_map(|handover| handover.files);
        files.extend(named.map(|file| (file.hash.clone(), file)));
        Ok(())
    })
    .await?;
    let folder = folder(kept.folder());
    let check = move || {
        let wrong = files.values().filter_map(|file| wrong_with(file, &folder)).collect();
        (files.len(), wrong)
    };
    tokio::task::spawn_blocking(check).await.map_err(Failure::bug)
}

/// A file as it lies in the data folder.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    /// The hash of its contents, which is its name.
    pub hash: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// All files that lie in the data folder, in the order of their hashes.
pub(crate) fn all(data: &Path) -> io::Result<Vec<Attachment>> {
    let mut all = Vec::new();
    let shelves = match fs::read_dir(folder(data)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(all),
        shelves => shelves?,
    };
    for shelf in shelves {
        let shelf = shelf?.path();
        if !shelf.is_dir() {
            continue;
        }
        for file in fs::read_dir(shelf)? {
            let file = file?;
            let hash = file.file_name().to_string_lossy().into_owned();
            if AttachedFile::is_hash(&hash) {
                all.push(Attachment { hash, path: file.path() });
            }
        }
    }
    all.sort_by(|a, b| a.hash.cmp(&b.hash));
    Ok(all)
}

/// Puts a file back under its hash, if it does not lie there; answers whether its bytes are those of the hash.
pub(crate) fn put_back(data: &Path, hash: &str, bytes: u64, source: &mut dyn Read) -> Result<bool, Failure> {
    let folder = folder(data);
    if !AttachedFile::is_hash(hash) {
        return Ok(false);
    }
    match keep((source, bytes), &folder, Some(hash)) {
        Ok(_) => Ok(true),
        Err(Trouble::Changed) => Ok(false),
        Err(trouble) => Err(trouble.words("An attached file of the backup")),
    }
}

/// Removes files that nothing refers to any more.
pub(crate) fn remove(data: &Path, hashes: &[String]) -> Result<(), Failure> {
    let folder = folder(data);
    for hash in hashes.iter().filter(|hash| AttachedFile::is_hash(hash)) {
        match fs::remove_file(path_of(&folder, hash)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let words =
                    format!("An attached file could not be removed from {}: {error}.", at(&folder, hash));
                return Err(Failure::new(Code::Storage, words));
            }
        }
    }
    Ok(())
}

/// Removes what was left when Kept was cut off while it copied a file.
pub(crate) fn clear_incoming(data: &Path) {
    let incoming = incoming(&folder(data));
    let left = fs::read_dir(&incoming).into_iter().flatten().flatten();
    for entry in left {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::warn!("an unfinished attachment could not be removed: {error}");
        }
    }
}

impl Kept {
    /// Where an attached file lies, for whoever opens it.
    pub fn attachment(&self, hash: &str) -> Result<PathBuf, Failure> {
        // Only a hash becomes a path: nothing that the UI names can lead out of the folder.
        if !AttachedFile::is_hash(hash) {
            return Err(Failure::not_found("This file"));
        }
        let path = path_of(&folder(self.folder()), hash);
        if path.is_file() { Ok(path) } else { Err(Failure::not_found("This file")) }
    }
}

/// What is wrong with an attached file as it lies there.
fn wrong_with(file: &AttachedFile, folder: &Path) -> Option<String> {
    let AttachedFile { hash, name, bytes } = file;
    let read = File::open(path_of(folder, hash))
        .map_err(Trouble::Source)
        .and_then(|source| pour((source, *bytes), &mut io::sink()));
    match read {
        Ok((found, _)) if found == *hash => None,
        Err(Trouble::Source(error)) => Some(format!(
            "The attached file “{name}” cannot be read: {error}. It lies at {}.",
            at(folder, hash)
        )),
        Ok(_) | Err(Trouble::Changed | Trouble::TooLarge | Trouble::Target(_)) => Some(format!(
            "The attached file “{name}” is not as it was attached. It lies at {}.",
            at(folder, hash)
        )),
    }
}

fn at(folder: &Path, hash: &str) -> String {
    path_of(folder, hash).display().to_string()
}

/// Copies a file under another name, forces it to the disk, and gives it its name only when it is whole.
fn copy(from: &Path, folder: &Path) -> Result<AttachedFile, Failure> {
    let name = from.file_name().unwrap_or(from.as_os_str()).to_string_lossy().into_owned();
    let source = open(from, &name)?;
    match keep(source, folder, None) {
        Ok((hash, bytes)) => Ok(AttachedFile { hash, name, bytes }),
        Err(trouble) => Err(trouble.words(&name)),
    }
}

/// Keeps a file under the hash of its contents, which has to be the one that is expected, if one is.
fn keep(source: (impl Read, u64), folder: &Path, expected: Option<&str>) -> Result<(String, u64), Trouble> {
    let beside = incoming(folder).join(Uuid::now_v7().to_string());
    let kept = fs::create_dir_all(incoming(folder))
        .and_then(|()| File::create_new(&beside))
        .map_err(Trouble::Target)
        .and_then(|mut target| {
            let poured = pour(source, &mut target)?;
            target.sync_all().map_err(Trouble::Target)?;
            Ok(poured)
        })
        .and_then(|(hash, bytes)| {
            if expected.is_some_and(|expected| expected != hash) {
                return Err(Trouble::Changed);
            }
            settle(&beside, folder, &hash).map(|()| (hash, bytes)).map_err(Trouble::Target)
        });
    if kept.is_err() {
        // It may never have come to be there.
        drop(fs::remove_file(&beside));
    }
    kept
}

/// What went wrong while a file was copied.
enum Trouble {
    Source(io::Error),
    Changed,
    TooLarge,
    Target(io::Error),
}

impl Trouble {
    fn words(self, name: &str) -> Failure {
        match self {
            Self::Source(error) => Failure::field("file", format!("“{name}” could not be read: {error}.")),
            Self::Changed => Failure::field(
                "file",
                format!(
                    "“{name}” was changed or removed while it was copied. Nothing was attached; choose it again."
                ),
            ),
            Self::TooLarge => too_large(name),
            Self::Target(error) => Failure::new(
                Code::Storage,
                format!("“{name}” could not be kept in the data folder: {error}. Nothing was attached."),
            ),
        }
    }
}

fn too_large(name: &str) -> Failure {
    Failure::field(
        "file",
        format!("“{name}” is larger than 250 MB. Keep it where your large files are, and add a link to it."),
    )
}

fn open(path: &Path, name: &str) -> Result<(File, u64), Failure> {
    let failed = |error: io::Error| {
        if error.kind() == ErrorKind::NotFound {
            Failure::new(Code::NotFound, format!("There is no file “{name}” any more."))
        } else {
            Failure::field("file", format!("“{name}” could not be read: {error}."))
        }
    };
    let about = fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err(Failure::field("file", format!("“{name}” is no file. Choose a single file.")));
    }
    if about.len() > LARGEST {
        return Err(too_large(name));
    }
    Ok((File::open(path).map_err(failed)?, about.len()))
}

/// Copies all bytes and adds them up. A file that grows, shrinks or goes away meanwhile is not taken.
fn pour((mut source, expected): (impl Read, u64), target: &mut impl Write) -> Result<(String, u64), Trouble> {
    let mut chunk = vec![0; CHUNK];
    let (mut sum, mut bytes) = (Sha256::new(), 0_u64);
    loop {
        let read = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Trouble::Source(error)),
        };
        bytes += read as u64;
        if bytes > LARGEST {
            return Err(Trouble::TooLarge);
        }
        sum.update(&chunk[..read]);
        target.write_all(&chunk[..read]).map_err(Trouble::Target)?;
    }
    if bytes != expected {
        return Err(Trouble::Changed);
    }
    Ok((hex::encode(sum.finalize()), bytes))
}

/// Gives a whole file its name, on the disk before anything refers to it.
fn settle(beside: &Path, folder: &Path, hash: &str) -> io::Result<()> {
    let path = path_of(folder, hash);
    let shelf = path.parent().unwrap_or(folder);
    fs::create_dir_all(shelf)?;
    // If the same contents lie there already they are replaced by themselves.
    fs::rename(beside, &path)?;
    [shelf, folder].into_iter().try_for_each(sync_folder)
}

/// A name is on the disk only when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder(data: &Path) -> PathBuf {
    data.join("attachments")
}

fn incoming(folder: &Path) -> PathBuf {
    folder.join("incoming")
}

/// `ab/abcdef…`: a folder for each beginning, so that none grows too large to be listed.
fn path_of(folder: &Path, hash: &str) -> PathBuf {
    folder.join(&hash[..2]).join(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes and then fails, as a disk does that is pulled out.
    struct PulledOut(&'static [u8]);

    impl Read for PulledOut {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("the disk is gone"));
            }
            self.0.read(into)
        }
    }

    fn pour_into(folder: &Path, source: impl Read, expected: u64) -> Result<(String, u64), Trouble> {
        pour((source, expected), &mut File::create_new(folder.join(Uuid::now_v7().to_string())).unwrap())
    }

    #[test]
    fn a_file_lies_under_the_hash_of_its_contents_once() {
        let data = tempfile::tempdir().unwrap();
        let photo = data.path().join("photo.jpg");
        fs::write(&photo, "abc").unwrap();
        let folder = folder(data.path());
        let first = copy(&photo, &folder).unwrap();
        assert_eq!(first.hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!((first.name.as_str(), first.bytes), ("photo.jpg", 3));
        assert_eq!(fs::read_to_string(path_of(&folder, &first.hash)).unwrap(), "abc");
        assert_eq!(copy(&photo, &folder).unwrap(), first, "the same again");
        assert_eq!(fs::read_dir(folder.join("ba")).unwrap().count(), 1);
        assert_eq!(fs::read_dir(incoming(&folder)).unwrap().count(), 0, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_changes_or_goes_away_while_it_is_copied_is_not_taken() {
        let data = tempfile::tempdir().unwrap();
        let pour = |source, expected| pour_into(data.path(), source, expected);
        assert!(matches!(pour(&b"abc"[..], 4), Err(Trouble::Changed)), "it shrank");
        assert!(matches!(pour(&b"abc"[..], 2), Err(Trouble::Changed)), "it grew");
        let gone = pour_into(data.path(), PulledOut(b"abc"), 3);
        assert!(matches!(gone, Err(Trouble::Source(_))));
        let endless = pour_into(data.path(), io::repeat(7), LARGEST);
        assert!(matches!(endless, Err(Trouble::TooLarge)), "it grew without end");
    }

    #[test]
    fn what_is_no_file_of_a_sensible_size_is_refused_in_words() {
        let data = tempfile::tempdir().unwrap();
        let folder = folder(data.path());
        let huge = data.path().join("video.mp4");
        // Two gigabytes that take no room on the disk.
        File::create_new(&huge).unwrap().set_len(2 * 1024 * 1024 * 1024).unwrap();
        let refused = copy(&huge, &folder).unwrap_err();
        assert!(refused.message.contains("larger than 250 MB"), "{refused}");
        assert!(copy(data.path(), &folder).unwrap_err().message.contains("is no file"));
        let gone = copy(&data.path().join("gone.jpg"), &folder).unwrap_err();
        assert_eq!(gone.code, Code::NotFound);
        assert!(!folder.exists(), "nothing was begun");
    }

    #[test]
    fn a_file_that_is_gone_or_no_longer_as_it_was_attached_is_found_out() {
        let data = tempfile::tempdir().unwrap();
        let photo = data.path().join("photo.jpg");
        fs::write(&photo, "abc").unwrap();
        let folder = folder(data.path());
        let file = copy(&photo, &folder).unwrap();
        assert_eq!(wrong_with(&file, &folder), None);
        let lies = path_of(&folder, &file.hash);
        for other in ["abd", "ab", "abcd"] {
            fs::write(&lies, other).unwrap();
            let wrong = wrong_with(&file, &folder).unwrap();
            assert!(wrong.contains("“photo.jpg” is not as it was attached"), "{wrong}");
        }
        fs::remove_file(&lies).unwrap();
        assert!(wrong_with(&file, &folder).unwrap().contains("cannot be read"));
    }

    #[test]
    fn what_was_cut_off_is_cleared_away() {
        let data = tempfile::tempdir().unwrap();
        clear_incoming(data.path());
        let incoming = incoming(&folder(data.path()));
        fs::create_dir_all(&incoming).unwrap();
        fs::write(incoming.join("half"), "ab").unwrap();
        clear_incoming(data.path());
        assert_eq!(fs::read_dir(incoming).unwrap().count(), 0);
    }
}
