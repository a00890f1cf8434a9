//! Where exports are written: under another name first, so that an earlier file is replaced whole or not at all.

use crate::failure::{Code, Failure};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is being written beside its place.
pub(super) struct Beginning {
    path: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
}

impl Beginning {
    /// Begins a file.
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        let name = path.file_name().ok_or_else(|| refused(path, "this is no file name"))?;
        let mut part = name.to_owned();
        part.push(".part");
        let beside = path.with_file_name(part);
        let file = File::create(&beside).map_err(|error| refused(path, &error))?;
        Ok(Self { path: path.to_owned(), beside, file: BufWriter::new(file) })
    }

    /// Forces it to the disk and gives it its name.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let finished = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all())
            .and_then(|()| fs::rename(&self.beside, &self.path));
        finished.map_err(|error| {
            drop(fs::remove_file(&self.beside));
            refused(&self.path, &error)
        })
    }
}

impl Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a whole file.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = Beginning::of(path)?;
    file.write_all(bytes).map_err(|error| refused(path, &error))?;
    file.finish()
}

/// Why nothing could be written there.
pub(super) fn refused(path: &Path, error: &(impl ToString + ?Sized)) -> Failure {
    Failure::new(
        Code::Storage,
        format!(
            "The export to {} failed: {}. Choose another place.",
            path.display(),
            error.to_string().trim_end_matches('.')
        ),
    )
}
