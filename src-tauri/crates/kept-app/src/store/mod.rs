//! Where the records lie: an ordered map of bytes to bytes with atomic, checked, durable commits.
//!
//! Everything above this module sees only [`Store`]. Below it stands [`JournaledSled`]: a commit is first
//! appended to a journal of our own and forced to the disk, and only then applied to sled, which answers the
//! reads. The journal and its snapshots are the truth; sled can be thrown away and rebuilt from them at any time,
//! and is, whenever it does not open, panics, or its rows do not add up to the digest kept beside them.
//!
//! Deliberately absent: transactions with closures (they can deadlock inside sled, and map onto no other engine),
//! and any knowledge of what the bytes mean.

use std::fmt;
use std::future::Future;
use std::ops::Bound;
use std::path::PathBuf;
use std::pin::Pin;

use uuid::Uuid;

mod ballast;
mod blocks;
mod closed;
mod engine;
mod error;
mod folder;
mod forgetting;
mod frame;
mod journal;
mod keeper;
mod lines;
mod lock;
mod open;
mod plan;
mod rebuild;
mod repair;
mod rows;
mod shared;
mod since;
mod singles;
mod sled_store;
mod snapshot;
mod tree;
mod writer;

pub use error::StoreError;
pub use lines::Kinds;
pub(crate) use lines::{Spoilt, Step};
pub use sled_store::{Health, How, JournaledSled, Opened, Options};
pub(crate) use snapshot::{CopyOfRows, look_into, newest_before_change, read_copy};

/// The name of a row. The caller prefixes keys by kind; rows are ordered bytewise by it.
pub type Key = Vec<u8>;

/// What every operation of a [`Store`] returns: a boxed future, so that the trait can be used behind `dyn`.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The number of the commit that last wrote a row. It only grows, and no two commits share one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// The number, for keeping or sending a version.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The version a number from [`Version::number`] stands for.
    pub fn from_number(number: u64) -> Version {
        Version(number)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A place in the feed of changes: everything up to and including one commit has been seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor(u64);

impl Cursor {
    /// The place before the first commit ever.
    pub const START: Cursor = Cursor(0);

    /// The place right after the commit that made this version.
    pub fn after(version: Version) -> Cursor {
        Cursor(version.0)
    }

    /// The number, for keeping a cursor.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The cursor a number from [`Cursor::number`] stands for.
    pub fn from_number(number: u64) -> Cursor {
        Cursor(number)
    }
}

/// What must be true of a row for a commit to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Anything; says only that the row was looked at.
    Any,
    /// There is no such row.
    Absent,
    /// The row is there and was last written by this commit.
    At(Version),
}

/// One change to one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Make or replace the row.
    Put {
        /// Which row.
        key: Key,
        /// Its new value, of any length.
        value: Vec<u8>,
    },
    /// Remove the row; nothing happens if there is none.
    Delete {
        /// Which row.
        key: Key,
    },
}

impl Write {
    /// The row this changes.
    pub fn key(&self) -> &Key {
        match self {
            Write::Put { key, .. } | Write::Delete { key } => key,
        }
    }

    /// The new value; of a row that is removed, nothing.
    pub fn value(&self) -> &[u8] {
        match self {
            Write::Put { value, .. } => value,
            Write::Delete { .. } => &[],
        }
    }
}

/// Several changes that happen all together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The same id again gives the same answer without writing again, so that an unknown outcome can be retried.
    pub id: Uuid,
    /// What must hold at the moment of writing; several checks of one row must all hold.
    pub checks: Vec<(Key, Expect)>,
    /// The changes, in order: of two of the same row the later one counts.
    pub writes: Vec<Write>,
    /// Bytes kept beside the commit in the feed of changes; no meaning to the store.
    pub note: Vec<u8>,
}

/// One row as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub key: Key,
    /// Its value.
    pub value: Vec<u8>,
    /// Who wrote it last; hand it back in [`Expect::At`].
    pub version: Version,
}

/// One commit as the feed of changes tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub version: Version,
    /// The id it was given.
    pub id: Uuid,
    /// What it changed.
    pub writes: Vec<Write>,
    /// The note it carried.
    pub note: Vec<u8>,
}

/// A copy of all rows that was written, read back and found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Where it lies.
    pub file: PathBuf,
    /// How many rows it holds.
    pub rows: u64,
    /// How many of each kind.
    pub kinds: Kinds,
    /// Its size on the disk in bytes.
    pub bytes: u64,
    /// The schema of the data in it.
    pub schema: u32,
    /// The last commit it includes.
    pub version: Version,
}

/// What a full look at everything on the disk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Rows read and added up.
    pub rows: u64,
    /// Commits read in the journal.
    pub commits: u64,
    /// Snapshots read whole.
    pub snapshots: u64,
    /// What is wrong, one sentence each; empty when all is well.
    pub wrong: Vec<String>,
}

/// An ordered map of bytes with atomic, checked, durable commits.
///
/// Each read sees the rows of one moment: never half of a commit.
pub trait Store: Send + Sync {
    /// The rows of these keys, in the same order; `None` where there is no such row.
    fn get<'a>(&'a self, keys: &'a [Key]) -> Fut<'a, Vec<Option<Row>>>;

    /// Up to `limit` rows between two keys, in order of their keys, or the other way round with `reverse`.
    fn range(&self, from: Bound<Key>, to: Bound<Key>, reverse: bool, limit: usize) -> Fut<'_, Vec<Row>>;

    /// Does all of it or nothing; it is on the disk when this returns.
    ///
    /// `OutcomeUnknown` means just that: ask again with the same id. Ids are remembered for the last 1,024 commits,
    /// also over a restart.
    fn commit(&self, commit: Commit) -> Fut<'_, Version>;

    /// Up to `limit` commits after a place in the feed, in order and without gaps, and the place after them.
    ///
    /// The feed reaches back as far as the journal is kept; `Unavailable` says that a place is older than that.
    fn changes(&self, after: Cursor, limit: usize) -> Fut<'_, (Vec<Change>, Cursor)>;

    /// Writes a copy of all rows to the data folder, reads it back, and removes copies that are no longer needed.
    fn snapshot(&self) -> Fut<'_, SnapshotInfo>;

    /// Reads everything on the disk and says what is wrong; changes nothing.
    fn check(&self) -> Fut<'_, Checked>;

    /// Forgets how rows were before: writes a copy of all rows as they are now, and removes every older copy, the journal,
    /// what was moved aside, and the pages that may still hold bytes of what was replaced. Nobody can write meanwhile.
    fn forget_the_past(&self) -> Fut<'_, SnapshotInfo>;

    /// Ends the store in good order, so that the next start is quick. Every later call is `Unavailable`.
    fn close(&self) -> Fut<'_, ()>;
}
