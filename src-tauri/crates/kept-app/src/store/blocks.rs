//! Rows that are neighbours lie in sled together, in blocks.
//!
//! A page of sled holds 16 pairs at most, however small they are, and of each page there is something in memory for as
//! long as sled is open. Most rows are indexes of some tens of bytes, so that a pair for each would make ten times the
//! pages.
//!
//! ```text
//! block  = row...
//! row    = bytes that its key shares with the one before | length of the rest | rest | twice the version | value
//! value  = length | bytes
//! ```
//! The rows of a block are in the order of their keys, and their keys begin with the same byte. All numbers are of
//! varying length (LEB128). A version is odd where the value is long: what stands there is the number of its parts.
//!
//! The name of a block is the least key that may lie in it; what lies in it ends where the next one begins. So a name is
//! only as long as it takes to tell it from the row before it, and stays when that row is gone.

use std::borrow::Cow;

use unsigned_varint::{decode, encode};

/// The size that a block has at most, in bytes, unless it is of a single row.
pub(super) const FULL: usize = 1024;

/// What stands in a block for a row, beside its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head<'a> {
    pub(super) version: u64,
    pub(super) value: Value<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Whole(&'a [u8]),
    /// A long one lies beside the blocks, in so many parts.
    Parts(u32),
}

/// Some bytes that are no block.
#[derive(Debug)]
pub(super) struct NoBlock;

/// The rows of a block, one after the other.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    rest: &'a [u8],
    key: Vec<u8>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(block: &'a [u8]) -> Rows<'a> {
        Rows { rest: block, key: Vec::new() }
    }

    /// The key of the row that was read last.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// The next row, whose key then is [`Rows::key`].
    pub(super) fn read(&mut self) -> Result<Option<Head<'a>>, NoBlock> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let shared = self.length()?;
        let rest = self.bytes()?;
        if shared > self.key.len() {
            return Err(NoBlock);
        }
        self.key.truncate(shared);
        self.key.extend_from_slice(rest);
        let version = self.number()?;
        let value = if version % 2 == 0 {
            Value::Whole(self.bytes()?)
        } else {
            Value::Parts(u32::try_from(self.number()?).map_err(|_| NoBlock)?)
        };
        Ok(Some(Head { version: version / 2, value }))
    }

    fn number(&mut self) -> Result<u64, NoBlock> {
        let (number, rest) = decode::u64(self.rest).map_err(|_| NoBlock)?;
        self.rest = rest;
        Ok(number)
    }

    fn length(&mut self) -> Result<usize, NoBlock> {
        usize::try_from(self.number()?).map_err(|_| NoBlock)
    }

    fn bytes(&mut self) -> Result<&'a [u8], NoBlock> {
        let length = self.length()?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(NoBlock)?;
        self.rest = rest;
        Ok(bytes)
    }
}

/// A row of a block, or one that is to be in it.
#[derive(Debug)]
pub(super) struct Lying<'a> {
    pub(super) key: Cow<'a, [u8]>,
    pub(super) head: Head<'a>,
    /// It lay there before.
    pub(super) was_there: bool,
}

/// A block as it is to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// `None` for the first one of several, which keeps the name that it had.
    pub(super) name: Option<Vec<u8>>,
    pub(super) bytes: Vec<u8>,
}

/// The last key of a block.
pub(super) fn last_key(block: &[u8]) -> Result<Option<Vec<u8>>, NoBlock> {
    let mut there = Rows::of(block);
    while there.read()?.is_some() {}
    Ok((!block.is_empty()).then_some(there.key))
}

/// The rows of what was one block, with those that are to lie there too; `changes` are in order, each key once, and
/// `None` takes a row away.
pub(super) fn merged<'a>(
    block: &'a [u8],
    changes: impl Iterator<Item = (&'a [u8], Option<Head<'a>>)>,
) -> Result<Vec<Lying<'a>>, NoBlock> {
    let mut out = Vec::new();
    let mut there = Rows::of(block);
    let mut head = there.read()?;
    let lying = |key: &[u8], head| Lying { key: Cow::Owned(key.to_vec()), head, was_there: true };
    for (key, change) in changes {
        while let Some(old) = head
            && there.key() < key
        {
            out.push(lying(there.key(), old));
            head = there.read()?;
        }
        if head.is_some() && there.key() == key {
            head = there.read()?;
        }
        if let Some(head) = change {
            out.push(Lying { key: Cow::Borrowed(key), head, was_there: false });
        }
    }
    while let Some(old) = head {
        out.push(lying(there.key(), old));
        head = there.read()?;
    }
    Ok(out)
}

/// Packs rows into as few blocks as they need; none for no row. Where all that are new come last, as with keys that
/// only grow, each block is filled; anywhere else all get about the same, so that each has room for more.
pub(super) fn packed(rows: &[Lying<'_>]) -> Vec<Block> {
    let shared =
        |(a, b): (&Lying<'_>, &Lying<'_>)| a.key.iter().zip(b.key.iter()).take_while(|(a, b)| a == b).count();
    let shared: Vec<usize> =
        std::iter::once(0).chain(rows.iter().zip(rows.iter().skip(1)).map(shared)).collect();
    let whole: usize = rows.iter().zip(&shared).map(|(row, shared)| row.size(*shared)).sum();
    let grows = rows.is_sorted_by_key(|row| !row.was_there);
    let enough = if grows { FULL } else { whole.div_ceil(whole.div_ceil(FULL).max(1)) };
    let mut blocks: Vec<Block> = Vec::new();
    for (row, shared) in rows.iter().zip(shared) {
        match blocks.last_mut() {
            Some(block)
                if shared > 0
                    && block.bytes.len() < enough
                    && block.bytes.len() + row.size(shared) <= FULL =>
            {
                row.write(&mut block.bytes, shared);
            }
            before => {
                let name = before.map(|_| row.key.get(..=shared).unwrap_or(&row.key).to_vec());
                let mut bytes = Vec::with_capacity(FULL);
                row.write(&mut bytes, 0);
                blocks.push(Block { name, bytes });
            }
        }
    }
    blocks
}

impl Lying<'_> {
    /// The bytes that it takes.
    fn size(&self, shared: usize) -> usize {
        let rest = self.key.len() - shared;
        let (version, value) = match self.head.value {
            Value::Whole(value) => (self.head.version * 2, length_of(value.len() as u64) + value.len()),
            Value::Parts(parts) => (self.head.version * 2 + 1, length_of(u64::from(parts))),
        };
        length_of(shared as u64) + length_of(rest as u64) + rest + length_of(version) + value
    }

    fn write(&self, out: &mut Vec<u8>, shared: usize) {
        let rest = self.key.get(shared..).unwrap_or_default();
        put(out, shared as u64);
        put(out, rest.len() as u64);
        out.extend_from_slice(rest);
        match self.head.value {
            Value::Whole(value) => {
                put(out, self.head.version * 2);
                put(out, value.len() as u64);
                out.extend_from_slice(value);
            }
            Value::Parts(parts) => {
                put(out, self.head.version * 2 + 1);
                put(out, u64::from(parts));
            }
        }
    }
}

/// The bytes that a number takes.
fn length_of(number: u64) -> usize {
    encode::u64(number, &mut encode::u64_buffer()).len()
}

fn put(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(encode::u64(number, &mut encode::u64_buffer()));
}
