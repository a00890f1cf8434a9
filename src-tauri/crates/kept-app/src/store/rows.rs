//! How rows lie in sled, and what they add up to.
//!
//! ```text
//! 'b' least key                  -> a block of rows, see `blocks`
//! 'p' key version u64 part u32   -> a part of a long value
//! 'm' "sum"                      -> applied u64 | digest u64 | rows u64 | schema u32
//! 'm' "large"                    -> the number u64 of the last large commit
//! ```
//! Numbers in names are big-endian. sled keeps long values as files of their own which it never forces to the disk and
//! sometimes leaks, so no value in it is much longer than [`PART`].

use std::cell::RefCell;

use twox_hash::XxHash3_64;

use super::frame::Input;

/// The longest value that lies in a block, in bytes; a page of sled holds 16 blocks.
pub(super) const PART: usize = 4000;
pub(super) const STATE: &[u8] = b"msum";
/// The last commit that was large enough to be applied bit by bit. As long as the state has not come so far, rows may be
/// newer than it.
pub(super) const PARTLY: &[u8] = b"mlarge";
/// What the names of blocks begin with.
pub(super) const ROW: u8 = b'b';

/// No more room than this is held for adding up rows.
const ROOM: usize = 64 * 1024;

/// What is known of all rows together. It is written with every change of them, in the same batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The last commit that is in the rows.
    pub(super) applied: u64,
    /// The wrapping sum of [`hash`] over all rows.
    pub(super) digest: u64,
    pub(super) rows: u64,
    pub(super) schema: u32,
}

impl State {
    /// Adds a row by its [`hash`].
    pub(super) fn give(&mut self, hash: u64) {
        self.digest = self.digest.wrapping_add(hash);
        self.rows = self.rows.wrapping_add(1);
    }

    /// Takes out a row by its [`hash`], if there was one.
    pub(super) fn take(&mut self, hash: Option<u64>) {
        let Some(hash) = hash else { return };
        self.digest = self.digest.wrapping_sub(hash);
        self.rows = self.rows.wrapping_sub(1);
    }

    pub(super) fn encode(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(28);
        for number in [self.applied, self.digest, self.rows] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&self.schema.to_le_bytes());
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<State> {
        let mut input = Input(bytes);
        Some(State { applied: input.u64()?, digest: input.u64()?, rows: input.u64()?, schema: input.u32()? })
    }
}

thread_local! {
    /// The bytes of a row that is added up; of each one by itself it would take longer to get room for them.
    static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What a row adds to the digest.
pub(super) fn hash(key: &[u8], version: u64, value: &[u8]) -> u64 {
    BYTES.with_borrow_mut(|bytes| {
        bytes.clear();
        bytes.extend_from_slice(&(key.len() as u64).to_le_bytes());
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(&version.to_le_bytes());
        bytes.extend_from_slice(value);
        let hash = XxHash3_64::oneshot(bytes);
        bytes.shrink_to(ROOM);
        hash
    })
}

/// The name of a block in sled, of which this is the least key.
pub(super) fn block_name(least: &[u8]) -> Vec<u8> {
    [&[ROW], least].concat()
}

/// The name of a part in sled. All rows of one key have names of one length, so no two rows share a name.
pub(super) fn part_key(key: &[u8], version: u64, part: u32) -> Vec<u8> {
    [b"p", key, &version.to_be_bytes(), &part.to_be_bytes()].concat()
}

/// How many parts a value lies in; 0 if it is short.
pub(super) fn parts(value: &[u8]) -> u32 {
    if value.len() <= PART { 0 } else { u32::try_from(value.len().div_ceil(PART)).unwrap_or(u32::MAX) }
}
