//! The file of a backup: a heading, and behind it all rows and attached files, compressed.
//!
//! ```text
//! backup  = heading, 4,096 bytes | body
//! body    = content, or an age file of it that a passphrase opens
//! content = Zstandard frames: the rows, as in a snapshot
//!         | a Zstandard frame: for each attached file {"file":SHA-256,"bytes":N}, a line break, its bytes, a line break;
//!           at the end {"files":N} and a line break
//! ```
//! Without Kept: `tail -c +4097 FILE | zstd -dc`, with `age -d` between the two where it is locked.

use super::heading::{Heading, ROOM};
use super::trouble::Unreadable;
use crate::attachments::Attachment;
use crate::failure::Failure;
use crate::read_ahead::ReadAhead;
use crate::records::change_at_end;
use crate::rows::to_u32;
use crate::store::{CopyOfRows, Kinds, SnapshotInfo, Spoilt, Step, read_copy};
use age::secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

const LEVEL: i32 = 3;
/// How hard a passphrase is to guess: 64 MB and a fraction of a second for each try.
const WORK: u8 = 16;
/// Backups that were locked elsewhere may have been made harder.
const WORK_MOST: u8 = 22;
const CHUNK: usize = 256 * 1024;

/// The line before an attached file.
#[derive(Serialize, Deserialize)]
struct FileLine {
    file: String,
    bytes: u64,
}

/// The line behind all attached files.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    files: u32,
}

/// What is done with what is in a backup.
pub(super) trait Visitor {
    /// A row, or that it is gone after all.
    fn row(&mut self, step: Step) -> Result<(), Failure>;
    /// An attached file: its hash, its size and its bytes. Answers whether they are what the hash says.
    fn file(&mut self, hash: &str, bytes: u64, source: &mut dyn Read) -> Result<bool, Failure>;
}

/// Writes the body behind the room for the heading.
pub(super) fn write_body(
    file: &mut File,
    rows: &mut dyn Read,
    attached: &[Attachment],
    passphrase: Option<&SecretString>,
) -> io::Result<()> {
    file.write_all(&[b'\n'; ROOM])?;
    let mut out = BufWriter::with_capacity(CHUNK, file);
    match passphrase {
        None => write_content(&mut out, rows, attached)?,
        Some(passphrase) => {
            let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
            recipient.set_work_factor(WORK);
            let recipient: &dyn age::Recipient = &recipient;
            let locking =
                age::Encryptor::with_recipients(std::iter::once(recipient)).map_err(io::Error::other)?;
            let mut locked = locking.wrap_output(&mut out)?;
            write_content(&mut locked, rows, attached)?;
            locked.finish()?;
        }
    }
    out.flush()
}

fn write_content(out: &mut dyn Write, rows: &mut dyn Read, attached: &[Attachment]) -> io::Result<()> {
    // The rows are compressed already.
    io::copy(rows, out)?;
    let mut files = zstd::Encoder::new(out, LEVEL)?;
    files.include_checksum(true)?;
    for Attachment { hash, path } in attached {
        let source = File::open(path)?;
        let bytes = source.metadata()?.len();
        serde_json::to_writer(&mut files, &FileLine { file: hash.clone(), bytes })?;
        files.write_all(b"\n")?;
        if io::copy(&mut source.take(bytes), &mut files)? != bytes {
            return Err(io::Error::other("an attached file was changed while it was copied"));
        }
        files.write_all(b"\n")?;
    }
    let end = EndLine { files: u32::try_from(attached.len()).map_err(io::Error::other)? };
    serde_json::to_writer(&mut files, &end)?;
    files.write_all(b"\n")?;
    files.finish()?;
    Ok(())
}

/// The length and the SHA-256 of the body, as it lies on the disk.
pub(super) fn sum_of_body(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(ROOM as u64))?;
    let (mut sum, mut bytes, mut chunk) = (Sha256::new(), 0_u64, vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok((bytes, hex::encode(sum.finalize()))),
            Ok(read) => {
                bytes += read as u64;
                sum.update(&chunk[..read]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads a backup from one end to the other and checks everything in it. What the visitor was given counts only if
/// this returns `Ok`.
pub(super) fn read(
    path: &Path,
    passphrase: Option<&SecretString>,
    visitor: &mut dyn Visitor,
) -> Result<Heading, Unreadable> {
    let heading = Heading::read(path)?;
    if sum_of_body(path).map_err(Unreadable::Disk)? != (heading.bytes, heading.sha256.clone()) {
        return Err(Unreadable::Damaged("its checksum is wrong".to_owned()));
    }
    let mut counting = Counting::new(visitor);
    let copy = match body(path, heading.locked, passphrase)? {
        Body::Open(body) => read_content(body, &mut counting)?,
        Body::Locked(body) => read_content(body, &mut counting)?,
    };
    if counting.heading(&heading, &copy) != heading {
        return Err(Unreadable::Damaged("it does not hold what its heading says".to_owned()));
    }
    Ok(heading)
}

/// Reads again a body that was just written, against the verified copy of the rows that it was made of, and completes its
/// heading.
pub(super) fn compare(
    path: &Path,
    begun: &Heading,
    rows: &mut File,
    copied: &SnapshotInfo,
    passphrase: Option<&SecretString>,
) -> Result<Heading, Unreadable> {
    let mut nobody = OnlyChecking;
    let mut counting = Counting::new(&mut nobody);
    match body(path, begun.locked, passphrase)? {
        Body::Open(body) => compare_content(body, rows, &mut counting)?,
        Body::Locked(body) => compare_content(body, rows, &mut counting)?,
    }
    let (bytes, sha256) = sum_of_body(path).map_err(Unreadable::Disk)?;
    let counted = heading(begun, copied.schema, copied.rows, &copied.kinds, counting.files);
    Ok(Heading { bytes, sha256, ..counted })
}

/// The body of a backup, unlocked.
enum Body {
    Open(BufReader<File>),
    Locked(BufReader<age::stream::StreamReader<BufReader<File>>>),
}

fn body(path: &Path, locked: bool, passphrase: Option<&SecretString>) -> Result<Body, Unreadable> {
    let mut file = File::open(path).map_err(Unreadable::Disk)?;
    file.seek(SeekFrom::Start(ROOM as u64)).map_err(Unreadable::Disk)?;
    let body = BufReader::with_capacity(CHUNK, file);
    if !locked {
        return Ok(Body::Open(body));
    }
    let unlocked = unlock(body, passphrase.ok_or(Unreadable::Locked)?)?;
    Ok(Body::Locked(BufReader::with_capacity(CHUNK, unlocked)))
}

/// The rows have to be the same bytes as in their copy; the attached files behind them are read as ever.
fn compare_content(
    mut body: impl BufRead + Send + 'static,
    rows: &mut File,
    visitor: &mut Counting<'_>,
) -> Result<(), Unreadable> {
    rows.rewind().map_err(Unreadable::Disk)?;
    let (mut theirs, mut ours) = (vec![0; CHUNK], vec![0; CHUNK]);
    loop {
        let read = rows.read(&mut theirs).map_err(Unreadable::Disk)?;
        if read == 0 {
            break;
        }
        body.read_exact(&mut ours[..read]).map_err(unreadable)?;
        if ours[..read] != theirs[..read] {
            return Err(Unreadable::Damaged("it does not hold the rows that were copied".to_owned()));
        }
    }
    let files = zstd::Decoder::with_buffer(body).map_err(unreadable)?;
    read_files(&mut ReadAhead::new(files).map_err(unreadable)?, visitor)
}

#[expect(clippy::needless_pass_by_value, reason = "it is given where an error is mapped")]
fn unreadable(error: io::Error) -> Unreadable {
    Unreadable::Damaged(error.to_string())
}

fn unlock<R: BufRead>(
    body: R,
    passphrase: &SecretString,
) -> Result<age::stream::StreamReader<R>, Unreadable> {
    let damaged = |error: age::DecryptError| Unreadable::Damaged(error.to_string());
    let mut identity = age::scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(WORK_MOST);
    let identity: &dyn age::Identity = &identity;
    // That the file is as it was written is known by now: what does not fit is the passphrase.
    age::Decryptor::new_buffered(body)
        .map_err(damaged)?
        .decrypt(std::iter::once(identity))
        .map_err(|_| Unreadable::WrongPassphrase)
}

fn read_content(
    body: impl BufRead + Send + 'static,
    visitor: &mut Counting<'_>,
) -> Result<CopyOfRows, Unreadable> {
    let content = zstd::Decoder::with_buffer(body).map_err(unreadable)?;
    let mut input = ReadAhead::new(content).map_err(unreadable)?;
    let mut failed = None;
    let copy = read_copy(&mut input, &mut |step| {
        visitor.row(step).map_err(|failure| {
            let words = failure.message.clone();
            failed = Some(failure);
            crate::store::StoreError::Unavailable(words)
        })
    });
    let copy = match (copy, failed) {
        (_, Some(failure)) => return Err(Unreadable::Visitor(failure)),
        (Ok(copy), None) => copy,
        (Err(Spoilt::File(why)), None) => return Err(Unreadable::Damaged(why)),
        (Err(Spoilt::Visitor(error)), None) => return Err(Unreadable::Visitor(error.into())),
    };
    read_files(&mut input, visitor)?;
    Ok(copy)
}

/// Reads the attached files, which are the last that is in a backup.
fn read_files(input: &mut impl BufRead, visitor: &mut Counting<'_>) -> Result<(), Unreadable> {
    let wrong = || Unreadable::Damaged("an attached file is not as it was attached".to_owned());
    loop {
        let mut line = Vec::new();
        input.take(CHUNK as u64).read_until(b'\n', &mut line).map_err(unreadable)?;
        if let Ok(EndLine { files }) = serde_json::from_slice(&line) {
            return match input.fill_buf().map_err(unreadable)? {
                [] if files == visitor.files => Ok(()),
                [] => Err(wrong()),
                _ => Err(Unreadable::Damaged("something follows its end".to_owned())),
            };
        }
        let FileLine { file, bytes } = serde_json::from_slice(&line).map_err(|_| wrong())?;
        let mut source = input.take(bytes);
        if !visitor.file(&file, bytes, &mut source).map_err(Unreadable::Visitor)? || source.limit() > 0 {
            return Err(wrong());
        }
        let mut end = [0];
        input.read_exact(&mut end).map_err(unreadable)?;
    }
}

/// Whether bytes are those of a hash.
pub(super) fn is_whole(hash: &str, source: &mut dyn Read) -> io::Result<bool> {
    let (mut sum, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match source.read(&mut chunk)? {
            0 => return Ok(hex::encode(sum.finalize()) == hash),
            read => sum.update(&chunk[..read]),
        }
    }
}

/// Looks at everything and does nothing with it.
pub(super) struct OnlyChecking;

impl Visitor for OnlyChecking {
    fn row(&mut self, _: Step) -> Result<(), Failure> {
        Ok(())
    }

    fn file(&mut self, hash: &str, _: u64, source: &mut dyn Read) -> Result<bool, Failure> {
        Ok(is_whole(hash, source).unwrap_or(false))
    }
}

/// Counts what is in a backup while it is read.
struct Counting<'a> {
    visitor: &'a mut dyn Visitor,
    kinds: Kinds,
    files: u32,
}

impl<'a> Counting<'a> {
    fn new(visitor: &'a mut dyn Visitor) -> Self {
        Self { visitor, kinds: Kinds::default(), files: 0 }
    }

    fn row(&mut self, step: Step) -> Result<(), Failure> {
        self.kinds.see(&step);
        self.visitor.row(step)
    }

    fn file(&mut self, hash: &str, bytes: u64, source: &mut dyn Read) -> Result<bool, Failure> {
        self.files += 1;
        self.visitor.file(hash, bytes, source)
    }

    /// A heading with what was counted.
    fn heading(&self, begun: &Heading, copy: &CopyOfRows) -> Heading {
        heading(begun, copy.schema, copy.rows, &self.kinds, self.files)
    }
}

/// A heading with what there is of rows and attached files.
fn heading(begun: &Heading, schema: u32, rows: u64, kinds: &Kinds, files: u32) -> Heading {
    Heading {
        schema,
        rows,
        change: kinds.last(b'h').map_or(0, change_at_end),
        promises: to_u32(kinds.rows(b'p')),
        customers: to_u32(kinds.rows(b'c')),
        files,
        ..begun.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{JournaledSled, Options, Store};
    use std::fs;

    /// A body of a copy of no rows, without attached files.
    fn written(folder: &Path, passphrase: Option<&SecretString>) -> (std::path::PathBuf, File, SnapshotInfo) {
        let (store, _) = JournaledSled::open(&folder.join("data"), Options::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let copied = runtime.block_on(store.snapshot()).unwrap();
        let mut rows = File::open(&copied.file).unwrap();
        let path = folder.join("new.part");
        write_body(&mut File::create(&path).unwrap(), &mut rows, &[], passphrase).unwrap();
        (path, rows, copied)
    }

    fn begun(passphrase: Option<&SecretString>) -> Heading {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        Heading::new(now, kept_core::backup::BackupReason::ByHand, String::new(), passphrase.is_some())
    }

    #[test]
    fn what_was_just_written_is_compared_byte_by_byte_locked_or_not() {
        for passphrase in [None, Some(SecretString::from("a few words"))] {
            let folder = tempfile::tempdir().unwrap();
            let (path, mut rows, copied) = written(folder.path(), passphrase.as_ref());
            let mut look =
                || compare(&path, &begun(passphrase.as_ref()), &mut rows, &copied, passphrase.as_ref());
            let heading = look().unwrap();
            assert_eq!((heading.rows, heading.files, heading.schema), (0, 0, 1));
            let good = fs::read(&path).unwrap();
            for place in [ROOM + 9, ROOM + good[ROOM..].len() / 2, good.len() - 2] {
                let mut changed = good.clone();
                changed[place] ^= 1;
                fs::write(&path, changed).unwrap();
                assert!(look().is_err(), "changed at {place}");
            }
            fs::write(&path, &good[..good.len() - 1]).unwrap();
            assert!(look().is_err(), "cut off");
            fs::write(&path, [&good[..], b"more"].concat()).unwrap();
            assert!(look().is_err(), "something behind it");
        }
    }
}
