//! Room for a full disk: a file that is kept only to be given up.
//!
//! Once a commit is in the journal it is confirmed, and then sled must still find room for it. So the last
//! megabytes of a disk are not used for commits: when they are reached, the ballast is removed, and when they are
//! reached again, commits are refused until there is room for a new ballast.

use std::fs::{self, File};
use std::io::{self, Write as _};

use super::folder::Folder;

/// Free bytes below which nothing is accepted: what sled may still have to write for commits already confirmed.
const RESERVE: u64 = 4 << 20;

#[derive(Debug)]
pub(super) struct Ballast {
    folder: Folder,
    size: u64,
}

impl Ballast {
    pub(super) fn new(folder: &Folder, size: u64) -> Ballast {
        Ballast { folder: folder.clone(), size }
    }

    /// Makes room for `bytes`, giving up the ballast if need be; `false` if there is none to be had.
    pub(super) fn room_for(&self, bytes: u64) -> bool {
        let needed = RESERVE + bytes.saturating_mul(4);
        self.free() >= needed || (self.give_up() && self.free() >= needed)
    }

    /// Removes the ballast; `false` if there was none.
    pub(super) fn give_up(&self) -> bool {
        let gone = fs::remove_file(self.folder.ballast()).is_ok();
        if gone {
            tracing::warn!("the disk is nearly full: the reserve was given up");
        }
        gone
    }

    /// Whether the ballast is missing and there is ample room for it.
    pub(super) fn is_due(&self) -> bool {
        self.size > 0
            && !self.folder.ballast().exists()
            && self.free() > self.size.saturating_mul(3) + RESERVE
    }

    /// Writes the ballast. The bytes are noise, since some file systems store zeros in no space at all.
    pub(super) fn take_in(&self) -> io::Result<()> {
        let path = self.folder.ballast();
        let written = self.write();
        if written.is_err() {
            let _ = fs::remove_file(path);
        }
        written
    }

    fn write(&self) -> io::Result<()> {
        let mut file = File::create(self.folder.ballast())?;
        let mut noise = 0x9E37_79B9_7F4A_7C15_u64;
        let mut left = self.size;
        while left > 0 {
            let mut block = Vec::with_capacity(1 << 16);
            while block.len() < 1 << 16 {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                block.extend_from_slice(&noise.to_le_bytes());
            }
            let length = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
            file.write_all(&block[..length])?;
            left -= length as u64;
        }
        file.sync_all()
    }

    /// Free bytes; an unknown number is taken for plenty, the disk will say otherwise itself.
    fn free(&self) -> u64 {
        fs4::available_space(&self.folder.root).unwrap_or(u64::MAX)
    }
}
