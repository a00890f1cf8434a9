//! How commits are written into the journal: one frame for all commits that are made durable together.
//!
//! ```text
//! frame   = "KFRM" | length of body u32 | crc32 u32 | body
//! body    = number of commits u32 | commit...
//! commit  = seq u64 | id 16 bytes | digest after it u64 | note | number of writes u32 | write...
//! write   = 0 | key | value    (put)
//!         = 1 | key            (delete)
//! note, key, value = length u32 | bytes
//! ```
//! All numbers are little-endian. The checksum covers the number of the generation, the length and the body, so
//! that a frame of another journal, embedded in a value, is never taken for one of this journal.
//! A frame is forced to the disk before the next one is begun: a bad frame that is followed by a good one had
//! been confirmed, and is damage.

use uuid::Uuid;

use super::Write;

pub(super) const MAGIC: &[u8; 4] = b"KFRM";
/// Bytes of a frame before its body.
pub(super) const HEAD: usize = 12;

/// Bytes of a write besides its key and its value.
const WRITE_MOST: usize = 9;

/// One commit as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) id: Uuid,
    /// The digest of all rows after this commit.
    pub(super) digest: u64,
    pub(super) note: Vec<u8>,
    pub(super) writes: Vec<Write>,
}

/// The frame of these commits; `None` if they are too many for one frame.
pub(super) fn encode(generation: u64, entries: &[Entry]) -> Option<Vec<u8>> {
    let writes = entries.iter().flat_map(|entry| &entry.writes);
    let writes: usize = writes.map(|write| write.key().len() + write.value().len() + WRITE_MOST).sum();
    let mut out = Vec::with_capacity(HEAD + 64 * entries.len() + writes);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[0; HEAD - MAGIC.len()]);
    put_length(&mut out, entries.len())?;
    for entry in entries {
        out.extend_from_slice(&entry.seq.to_le_bytes());
        out.extend_from_slice(entry.id.as_bytes());
        out.extend_from_slice(&entry.digest.to_le_bytes());
        put_bytes(&mut out, &entry.note)?;
        put_length(&mut out, entry.writes.len())?;
        for write in &entry.writes {
            match write {
                Write::Put { key, value } => {
                    out.push(0);
                    put_bytes(&mut out, key)?;
                    put_bytes(&mut out, value)?;
                }
                Write::Delete { key } => {
                    out.push(1);
                    put_bytes(&mut out, key)?;
                }
            }
        }
    }
    let length = u32::try_from(out.len() - HEAD).ok()?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    let crc = checksum(generation, length, &out[HEAD..]);
    out[8..HEAD].copy_from_slice(&crc.to_le_bytes());
    Some(out)
}

/// What stands at the beginning of these bytes.
pub(super) enum Found {
    /// A whole frame of this many bytes.
    Frame { length: usize, entries: Vec<Entry> },
    /// No whole frame; `claims` is the length the head gives, if there is one that can be believed.
    Bad { claims: Option<usize> },
}

pub(super) fn decode(generation: u64, bytes: &[u8]) -> Found {
    let mut input = Input(bytes);
    if input.take(MAGIC.len()) != Some(MAGIC.as_slice()) {
        return Found::Bad { claims: None };
    }
    let (Some(length), Some(crc)) = (input.u32(), input.u32()) else { return Found::Bad { claims: None } };
    let claims = HEAD + length as usize;
    let Some(body) = input.take(length as usize) else { return Found::Bad { claims: Some(claims) } };
    if crc != checksum(generation, length, body) {
        return Found::Bad { claims: Some(claims) };
    }
    match commits(body) {
        Some(entries) => Found::Frame { length: claims, entries },
        None => Found::Bad { claims: Some(claims) },
    }
}

fn commits(body: &[u8]) -> Option<Vec<Entry>> {
    let mut input = Input(body);
    let count = input.u32()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let seq = input.u64()?;
        let id = Uuid::from_slice(input.take(16)?).ok()?;
        let digest = input.u64()?;
        let note = input.bytes()?.to_vec();
        let mut writes = Vec::new();
        for _ in 0..input.u32()? {
            writes.push(match input.take(1)? {
                [0] => Write::Put { key: input.bytes()?.to_vec(), value: input.bytes()?.to_vec() },
                [1] => Write::Delete { key: input.bytes()?.to_vec() },
                _ => return None,
            });
        }
        entries.push(Entry { seq, id, digest, note, writes });
    }
    (input.0.is_empty() && !entries.is_empty()).then_some(entries)
}

fn checksum(generation: u64, length: u32, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&generation.to_le_bytes());
    hasher.update(&length.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

fn put_length(out: &mut Vec<u8>, length: usize) -> Option<()> {
    out.extend_from_slice(&u32::try_from(length).ok()?.to_le_bytes());
    Some(())
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    put_length(out, bytes.len())?;
    out.extend_from_slice(bytes);
    Some(())
}

/// Bytes still to be read; every read that would go past the end is `None`.
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()?;
        self.take(length as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let writes = vec![
            Write::Put { key: b"a".to_vec(), value: b"one".to_vec() },
            Write::Delete { key: b"b".to_vec() },
        ];
        Entry { seq: 7, id: Uuid::from_u128(9), digest: 11, note: b"note".to_vec(), writes }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = encode(3, &[entry(), entry()]).unwrap();
        let Found::Frame { length, entries } = decode(3, &bytes) else { panic!("not read back") };
        assert_eq!((length, entries), (bytes.len(), vec![entry(), entry()]));
    }

    #[test]
    fn a_frame_of_another_generation_is_not_taken_for_one_of_this() {
        assert!(matches!(decode(4, &encode(3, &[entry()]).unwrap()), Found::Bad { .. }));
    }

    #[test]
    fn no_flipped_bit_and_no_cut_goes_unnoticed() {
        let bytes = encode(3, &[entry()]).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(decode(3, &flipped), Found::Bad { .. }), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(matches!(decode(3, &bytes[..length]), Found::Bad { .. }), "cut to {length}");
        }
    }
}
