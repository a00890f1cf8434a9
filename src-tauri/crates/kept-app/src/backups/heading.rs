//! The first 4,096 bytes of a backup: what it holds, readable without Kept (`head -c 4096 FILE`), in one line of JSON and
//! the SHA-256 of that line.

use super::trouble::Unreadable;
use kept_core::backup::BackupReason;
use kept_core::day::Stamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// The bytes that are set aside for it.
pub(super) const ROOM: usize = 4096;
/// The shape of the file that this Kept writes; a higher one is from a newer Kept.
const FORMAT: u32 = 1;
const BEGINNING: &[u8] = b"{\"kept\":\"backup\",";

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Heading {
    /// Always `backup`.
    pub kept: String,
    /// The shape of the file.
    pub format: u32,
    /// The shape of the records.
    pub schema: u32,
    /// The Kept that made it.
    pub version: String,
    /// When.
    pub made: Stamp,
    /// Why.
    pub why: BackupReason,
    /// The name of the business.
    pub business: String,
    /// The newest change in it.
    pub change: u64,
    /// Rows of every kind.
    pub rows: u64,
    /// Promises.
    pub promises: u32,
    /// Customers.
    pub customers: u32,
    /// Attached files.
    pub files: u32,
    /// What follows the heading is an age file that a passphrase opens.
    pub locked: bool,
    /// The bytes that follow the heading.
    pub bytes: u64,
    /// The SHA-256 of them.
    pub sha256: String,
}

/// A newer Kept may say other things in its heading: only these have to be understood.
#[derive(Deserialize)]
struct Format {
    format: u32,
    schema: u32,
}

impl Heading {
    /// The heading of a backup of which nothing has been counted yet.
    pub(super) fn new(made: Stamp, why: BackupReason, business: String, locked: bool) -> Self {
        Self {
            kept: "backup".to_owned(),
            format: FORMAT,
            schema: 0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made,
            why,
            business,
            change: 0,
            rows: 0,
            promises: 0,
            customers: 0,
            files: 0,
            locked,
            bytes: 0,
            sha256: String::new(),
        }
    }

    /// Writes it into its room at the beginning of a file.
    pub(super) fn write(&self, file: &mut File) -> std::io::Result<()> {
        let line = serde_json::to_vec(self)?;
        let sum = hex::encode(Sha256::digest(&line));
        let mut room = [&line[..], b"\n", sum.as_bytes(), b"\n"].concat();
        if room.len() > ROOM {
            return Err(std::io::Error::other("the heading of the backup is too long"));
        }
        room.resize(ROOM, b'\n');
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&room)
    }

    /// Reads it, and looks whether the file is as long as it says.
    pub(super) fn read(path: &Path) -> Result<Self, Unreadable> {
        let mut file = File::open(path).map_err(Unreadable::Disk)?;
        let length = file.metadata().map_err(Unreadable::Disk)?.len();
        let mut room = Vec::with_capacity(ROOM);
        Read::by_ref(&mut file).take(ROOM as u64).read_to_end(&mut room).map_err(|error| {
            // Such as a folder.
            if error.kind() == ErrorKind::IsADirectory {
                Unreadable::NoBackup
            } else {
                Unreadable::Disk(error)
            }
        })?;
        let heading = Self::parse(&room)?;
        let should = heading.bytes + ROOM as u64;
        match length.cmp(&should) {
            std::cmp::Ordering::Less => Err(Unreadable::CutOff { is: length, should }),
            std::cmp::Ordering::Greater => Err(Unreadable::Damaged("something follows its end".to_owned())),
            std::cmp::Ordering::Equal => Ok(heading),
        }
    }

    fn parse(room: &[u8]) -> Result<Self, Unreadable> {
        if !room.starts_with(BEGINNING) {
            return Err(Unreadable::NoBackup);
        }
        let damaged = || Unreadable::Damaged("its heading is not as it was written".to_owned());
        let mut lines = room.split(|byte| *byte == b'\n');
        let (line, sum) = lines.next().zip(lines.next()).ok_or_else(damaged)?;
        // Behind the two lines there are only breaks, up to the end of the room.
        let is_whole = room.len() == ROOM && lines.all(<[u8]>::is_empty);
        if hex::encode(Sha256::digest(line)).as_bytes() != sum || !is_whole {
            return Err(damaged());
        }
        let Format { format, schema } = serde_json::from_slice(line).map_err(|_| damaged())?;
        if format > FORMAT || schema > crate::SCHEMA {
            return Err(Unreadable::Newer);
        }
        serde_json::from_slice(line).map_err(|_| damaged())
    }
}
