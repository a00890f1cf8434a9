//! How rows lie in sled, and what they add up to.
//!
//! ```text
//! 'r' key                        -> version u64 | 0 | value
//!                                -> version u64 | 1 | number of parts u32      (a long value)
//! 'p' key version u64 part u32   -> a part of a long value
//! 'm' "state"                    -> applied u64 | digest u64 | rows u64 | schema u32
//! 'm' "partly"                   -> the number u64 of the last large commit
//! ```
//! Numbers are big-endian. sled keeps long values as files of their own which it never forces to the disk and
//! sometimes leaks, so no value in it is longer than [`PART`].

use twox_hash::XxHash3_64;

use super::frame::Input;

/// The longest value sled is given, in bytes. A page of sled holds 16 of them.
pub(super) const PART: usize = 4000;
pub(super) const STATE: &[u8] = b"mstate";
/// The last commit that was large enough to be applied bit by bit. As long as the state has not come so far, rows may be
/// newer than it.
pub(super) const PARTLY: &[u8] = b"mpartly";
/// What the keys of rows begin with.
pub(super) const ROW: u8 = b'r';

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

/// What a row adds to the digest.
pub(super) fn hash(key: &[u8], version: u64, value: &[u8]) -> u64 {
    let mut bytes = Vec::with_capacity(key.len() + value.len() + 16);
    bytes.extend_from_slice(&(key.len() as u64).to_le_bytes());
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(&version.to_le_bytes());
    bytes.extend_from_slice(value);
    XxHash3_64::oneshot(&bytes)
}

/// The name of a row in sled.
pub(super) fn row_key(key: &[u8]) -> Vec<u8> {
    [&[ROW], key].concat()
}

/// The name of a part in sled. All rows of one key have names of one length, so no two rows share a name.
pub(super) fn part_key(key: &[u8], version: u64, part: u32) -> Vec<u8> {
    [b"p", key, &version.to_be_bytes(), &part.to_be_bytes()].concat()
}

/// What stands under the name of a row.
pub(super) enum Head<'a> {
    Whole { version: u64, value: &'a [u8] },
    Parts { version: u64, parts: u32 },
}

impl Head<'_> {
    pub(super) fn decode(bytes: &[u8]) -> Option<Head<'_>> {
        let (version, rest) = bytes.split_first_chunk::<8>()?;
        let version = u64::from_be_bytes(*version);
        match rest.split_first()? {
            (0, value) => Some(Head::Whole { version, value }),
            (1, parts) => Some(Head::Parts { version, parts: u32::from_be_bytes(parts.try_into().ok()?) }),
            _ => None,
        }
    }
}

/// What stands under the name of a row that is not long.
pub(super) fn short(version: u64, value: &[u8]) -> Vec<u8> {
    let mut head = Vec::with_capacity(9 + value.len());
    head.extend_from_slice(&version.to_be_bytes());
    head.push(0);
    head.extend_from_slice(value);
    head
}

/// What sled is given for a row: its head and its parts, if it is long.
pub(super) fn encode(key: &[u8], version: u64, value: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    if value.len() <= PART {
        return vec![(row_key(key), short(version, value))];
    }
    let mut head = version.to_be_bytes().to_vec();
    let mut out = Vec::new();
    let mut parts = 0_u32;
    for part in value.chunks(PART) {
        out.push((part_key(key, version, parts), part.to_vec()));
        parts += 1;
    }
    head.push(1);
    head.extend_from_slice(&parts.to_be_bytes());
    out.push((row_key(key), head));
    out
}
