//! What is in a file: held if it is small, else on the disk, to be read as often as it is wanted.

use super::file::name;
use crate::failure::{Code, Failure};
use kept_core::import::{Bytes, HEAD};
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

/// Larger files are no order export of a small business.
pub(super) const LARGEST: u64 = 500 * 1024 * 1024;
/// So much is held of all files of an import together: what they tell takes many times as much.
pub(super) const HELD_MOST: u64 = 32 * 1024 * 1024;

/// What is in a file.
#[derive(Debug)]
pub(super) enum Contents {
    Held(Vec<u8>),
    OnDisk(OnDisk),
}

/// A file that stays open: another one that takes its name is not read by mistake.
#[derive(Debug)]
pub(super) struct OnDisk {
    file: File,
    size: u64,
    written: Option<SystemTime>,
}

impl Contents {
    /// What is in a file; it is held if there is room for it, which there is less of then.
    pub(super) fn of(path: &Path, room: &mut u64) -> Result<Self, Failure> {
        let name = name(path);
        let about = std::fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
        if about.is_dir() {
            return Err(Failure::field("files", format!("“{name}” is a folder. Choose the file inside.")));
        }
        if about.len() > LARGEST {
            let is = format!(
                "“{name}” is larger than 500 MB. Export the orders in several parts, by month or by year."
            );
            return Err(Failure::field("files", is));
        }
        let read = || {
            if about.len() > *room {
                return File::open(path).and_then(OnDisk::new).map(Self::OnDisk);
            }
            std::fs::read(path).map(Self::Held)
        };
        let contents = read().map_err(|error| unreadable(&name, &error))?;
        if let Self::Held(bytes) = &contents {
            *room = room.saturating_sub(bytes.len() as u64);
        }
        Ok(contents)
    }

    /// The beginning, by which one sees what it is: all of it, or a little more than is looked at.
    pub(super) fn beginning(&self) -> io::Result<Vec<u8>> {
        let most = HEAD + 1;
        match self {
            Self::Held(bytes) => Ok(bytes[..bytes.len().min(most)].to_vec()),
            Self::OnDisk(it) => {
                let mut bytes = Vec::with_capacity(most);
                it.open()?.take(most as u64).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

impl OnDisk {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let about = file.metadata()?;
        Ok(Self { file, size: about.len(), written: about.modified().ok() })
    }

    /// The file itself, from its beginning.
    pub(super) fn into_file(self) -> io::Result<File> {
        let mut file = self.file;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    fn is_as_it_was(&self, about: &Metadata) -> bool {
        about.len() == self.size && about.modified().ok() == self.written
    }
}

impl Bytes for OnDisk {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        if !self.is_as_it_was(&self.file.metadata()?) {
            return Err(io::Error::other("it was changed while it was read"));
        }
        (&self.file).seek(SeekFrom::Start(0))?;
        Ok(Box::new(&self.file))
    }
}

/// Why a file cannot be read, in words.
pub(super) fn unreadable(name: &str, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::NotFound {
        return Failure::new(Code::NotFound, format!("There is no file “{name}” any more."));
    }
    Failure::field("files", format!("“{name}” could not be read: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_is_held_as_long_as_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.csv");
        std::fs::write(&path, "a,b\n").unwrap();
        let mut room = 6;
        assert!(matches!(Contents::of(&path, &mut room), Ok(Contents::Held(bytes)) if bytes == b"a,b\n"));
        assert_eq!(room, 2);
        assert!(matches!(Contents::of(&path, &mut room), Ok(Contents::OnDisk(_))));
        let failure = Contents::of(folder.path(), &mut room).unwrap_err();
        assert!(failure.problems[0].is.contains("is a folder"), "{failure:?}");
        let failure = Contents::of(&folder.path().join("gone.csv"), &mut room).unwrap_err();
        assert!(failure.message.contains("There is no file “gone.csv”"), "{failure:?}");
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_not_read_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.csv");
        std::fs::write(&path, "a,b\n").unwrap();
        let Ok(Contents::OnDisk(it)) = Contents::of(&path, &mut 0) else { panic!("it is held") };
        for _ in 0..2 {
            let mut text = String::new();
            it.open().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "a,b\n");
        }
        std::fs::write(&path, "a,b\nc,d\n").unwrap();
        assert!(it.open().is_err_and(|error| error.to_string().contains("was changed")));
    }
}
