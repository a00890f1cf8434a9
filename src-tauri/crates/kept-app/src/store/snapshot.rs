//! Snapshots: all rows in one compressed text file that can be read without Kept. What stands in it: see [`lines`].
//!
//! ```text
//! snapshot = a Zstandard frame: the heading and the rows, as they were read
//!          | a Zstandard frame: what was changed meanwhile or since, and the ending
//!          | a frame that is passed over: what is known of the first frame in JSON, its CRC-32 u32, its length u32, "kept"
//! ```
//! An older Kept wrote all lines into one frame and nothing behind it. A snapshot counts only once it was read back.

use std::fs::{self, File, OpenOptions};
use std::hash::Hasher;
use std::io::{self, BufRead, BufWriter, ErrorKind, IntoInnerError, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use super::folder::{Folder, stamp, sync_dir, trouble};
use super::frame::Input;
use super::lines::{self, Kinds, Lines, Spoilt, Step, unreadable};
use super::rows::State;
use super::shared::Late;
use super::{Key, Row, SnapshotInfo, StoreError, Version};
use crate::read_ahead::ReadAhead;

const ENDING: &str = ".jsonl.zst";
const LEVEL: i32 = 3;
/// So many lines are handed on at one go ...
const HANDFUL: usize = 500;
/// ... and so many times may they wait to be written.
const AHEAD: usize = 8;
const CHUNK: usize = 256 * 1024;
/// How a frame begins that is passed over when a file is decompressed.
const PASSED_OVER: u32 = 0x184D_2A50;
/// With this a snapshot ends, behind what is known of its first frame.
const END: &[u8; 4] = b"kept";
/// The length of that end: a checksum, a length, and the four letters.
const END_BYTES: u32 = 12;
/// What is known of the first frame is never longer.
const COPIED_MOST: u32 = 1024 * 1024;

/// A snapshot file, as its name tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// The last commit in it.
    pub(super) seq: u64,
    /// When it was made: year, month and day.
    pub(super) day: String,
    /// It was made because a newer Kept was about to change all data.
    before_change: bool,
}

/// The snapshots in a data folder, oldest first.
pub(super) fn list(folder: &Folder) -> Vec<Found> {
    let Ok(entries) = fs::read_dir(folder.snapshots()) else { return Vec::new() };
    let mut found: Vec<Found> = entries.flatten().filter_map(|entry| named(entry.path())).collect();
    found.sort_by(|a, b| (a.seq, &a.path).cmp(&(b.seq, &b.path)));
    found
}

/// The newest snapshot in a data folder, if it was made because a newer Kept was about to change all data.
pub(crate) fn newest_before_change(data: &Path) -> Option<PathBuf> {
    list(&Folder::new(data)).pop().filter(|newest| newest.before_change).map(|newest| newest.path)
}

fn named(path: PathBuf) -> Option<Found> {
    let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?.to_owned();
    let (name, before_change) =
        name.strip_suffix("-before").map_or((name.as_str(), false), |rest| (rest, true));
    let (at, seq) = name.rsplit_once('-')?;
    Some(Found { seq: seq.parse().ok()?, day: at.get(..10)?.to_owned(), path, before_change })
}

/// The files that are no longer needed: kept are the newest of each of 7 days and of each of 4 weeks, the two
/// newest of all, and the newest that was made before a change of all data.
pub(super) fn superfluous(found: &[Found]) -> Vec<PathBuf> {
    let (mut days, mut weeks, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for snapshot in found.iter().rev() {
        let week = week(&snapshot.day);
        if !days.contains(&snapshot.day) && days.len() < 7 {
            days.push(snapshot.day.clone());
            kept.push(&snapshot.path);
        }
        if !weeks.contains(&week) && weeks.len() < 4 {
            weeks.push(week);
            kept.push(&snapshot.path);
        }
    }
    kept.extend(found.iter().rev().take(2).map(|snapshot| &snapshot.path));
    kept.extend(found.iter().rev().find(|snapshot| snapshot.before_change).map(|snapshot| &snapshot.path));
    found.iter().filter(|snapshot| !kept.contains(&&snapshot.path)).map(|s| s.path.clone()).collect()
}

fn week(day: &str) -> String {
    let parsed = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d");
    parsed.map_or_else(|_| day.to_owned(), |date| date.format("%G-W%V").to_string())
}

/// All rows of a moment, which lie in a frame of their own at the beginning of a snapshot. What was changed while they were
/// read follows in another frame, so that the next snapshot can take the first one over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copied {
    /// The length of the frame.
    bytes: u64,
    /// The XXH3 of its bytes, by which it is known again.
    pub(super) sum: u64,
    /// The checksum of the text in it.
    crc32: u32,
    /// What its rows add up to.
    pub(super) digest: u64,
    pub(super) rows: u64,
    schema: u32,
    kinds: Kinds,
    /// The day on which the rows were read.
    pub(super) day: String,
}

impl Copied {
    /// Reads what a snapshot ends with; nothing if it was written by an older Kept.
    pub(super) fn of(path: &Path) -> Option<Copied> {
        let mut file = File::open(path).ok()?;
        let mut end = [0; END_BYTES as usize];
        file.seek(SeekFrom::End(-i64::from(END_BYTES))).ok()?;
        file.read_exact(&mut end).ok()?;
        let mut input = Input(&end);
        let (crc, length) = (input.u32()?, input.u32()?);
        if input.0 != END || length > COPIED_MOST {
            return None;
        }
        file.seek(SeekFrom::End(-i64::from(END_BYTES) - i64::from(length))).ok()?;
        let mut json = vec![0; length as usize];
        file.read_exact(&mut json).ok()?;
        if crc32fast::hash(&json) == crc { serde_json::from_slice(&json).ok() } else { None }
    }

    /// A frame that is passed over when the snapshot is read.
    fn end(&self) -> io::Result<Vec<u8>> {
        let json = serde_json::to_vec(self)?;
        let length = u32::try_from(json.len()).map_err(io::Error::other)?;
        let frame = length + END_BYTES;
        let crc = crc32fast::hash(&json);
        Ok([
            &PASSED_OVER.to_le_bytes(),
            &frame.to_le_bytes(),
            &json[..],
            &crc.to_le_bytes(),
            &length.to_le_bytes(),
            END,
        ]
        .concat())
    }
}

/// A snapshot being written, on a thread of its own: rows are read while those before them are put into words, and those
/// before them compressed.
#[derive(Debug)]
pub(super) struct Writer {
    folder: Folder,
    name: String,
    schema: u32,
    handful: Vec<Given>,
    /// Where handfuls are given; it ends when that is gone.
    give: Option<SyncSender<Vec<Given>>>,
    thread: Option<JoinHandle<Result<First, StoreError>>>,
    /// What the rows add up to that were written before those that were changed meanwhile.
    read: Option<State>,
}

/// A line to be written.
#[derive(Debug)]
enum Given {
    /// A row; and what an earlier line of the same row adds to the digest.
    Row(Row, Option<u64>),
    /// What follows was changed while the rows before it were read.
    Late,
    /// An earlier line's row has been removed since.
    Gone(Key, u64),
    /// All rows, and what they add up to.
    End(State),
}

/// The frame of all rows.
#[derive(Clone, Copy, Debug, Default)]
struct First {
    bytes: u64,
    crc32: u32,
}

type Compressed<W> = zstd::Encoder<'static, W>;

impl Writer {
    /// Begins a file that counts for nothing until [`Writer::finish`].
    pub(super) fn begin(folder: &Folder, now: SystemTime, schema: u32) -> Result<Writer, StoreError> {
        let (name, path) = (stamp(now), unfinished(folder));
        let lines = begin(&path, schema, &name).map_err(|e| trouble(&e, &path))?;
        let (give, given) = sync_channel(AHEAD);
        let write = move || write(lines, &given).map_err(|e| trouble(&e, &path));
        let thread = thread::Builder::new().name(String::from("writing rows")).spawn(write);
        let thread = thread.map_err(|e| trouble(&e, &unfinished(folder)))?;
        let (give, thread) = (Some(give), Some(thread));
        let handful = Vec::with_capacity(HANDFUL);
        Ok(Writer { folder: folder.clone(), name, schema, handful, give, thread, read: None })
    }

    /// Writes a row.
    pub(super) fn row(&mut self, row: Row) -> Result<(), StoreError> {
        self.put(Given::Row(row, None))
    }

    /// Writes what was changed while the rows were read, and what these add up to.
    pub(super) fn late(&mut self, read: State, late: Vec<Late>) -> Result<(), StoreError> {
        self.read = Some(read);
        self.put(Given::Late)?;
        late.into_iter().filter_map(given).try_for_each(|line| self.put(line))
    }

    fn put(&mut self, line: Given) -> Result<(), StoreError> {
        self.handful.push(line);
        if self.handful.len() < HANDFUL { Ok(()) } else { self.hand_on() }
    }

    fn hand_on(&mut self) -> Result<(), StoreError> {
        let handful = std::mem::replace(&mut self.handful, Vec::with_capacity(HANDFUL));
        match self.give.as_ref().map(|give| give.send(handful)) {
            Some(Ok(())) => Ok(()),
            // It ended, and says why.
            Some(Err(_)) | None => self.written().map(drop),
        }
    }

    /// Waits until all is written.
    fn written(&mut self) -> Result<First, StoreError> {
        self.give = None;
        let ended = self.thread.take().and_then(|thread| thread.join().ok());
        ended.unwrap_or_else(|| {
            Err(StoreError::Unavailable(String::from("The copy of your data was not written.")))
        })
    }

    /// Ends the file, reads it back while `go_on` agrees, and only then gives it its name.
    pub(super) fn finish(
        mut self,
        state: State,
        before: bool,
        go_on: &dyn Fn() -> Result<(), StoreError>,
    ) -> Result<(SnapshotInfo, Copied), StoreError> {
        if self.read.is_none() {
            self.late(state, Vec::new())?;
        }
        self.put(Given::End(state))?;
        self.hand_on()?;
        let First { bytes, crc32 } = self.written()?;
        let from = unfinished(&self.folder);
        let State { digest, rows, .. } = self.read.unwrap_or(state);
        let (mut kinds, mut lines, mut kinds_read) = (Kinds::default(), 0, Kinds::default());
        let seen = read(&from, &mut |step| {
            kinds.see(&step);
            lines += 1;
            if lines == rows {
                kinds_read = kinds.clone();
            }
            go_on()
        });
        let seen = seen.map_err(|spoilt| match spoilt {
            Spoilt::File(words) => not_read_back(&from, &words),
            Spoilt::Visitor(error) => error,
        })?;
        if (seen.applied, seen.digest, seen.rows) != (state.applied, state.digest, state.rows) {
            return Err(StoreError::Unavailable(String::from(
                "The copy of your data is not equal to the data. It was not kept; Kept will check the data.",
            )));
        }
        let day = self.name.chars().take(10).collect();
        let (schema, kinds_read) = (self.schema, kinds_read);
        let noted = || -> io::Result<Copied> {
            let sum = pass_on(&mut File::open(&from)?.take(bytes), &mut io::sink())?.1;
            let copied = Copied { bytes, sum, crc32, digest, rows, schema, kinds: kinds_read, day };
            let mut file = OpenOptions::new().append(true).open(&from)?;
            file.write_all(&copied.end()?)?;
            file.sync_all()?;
            Ok(copied)
        };
        let copied = noted().map_err(|e| trouble(&e, &from))?;
        let ending = if before { format!("-before{ENDING}") } else { ENDING.to_owned() };
        Ok((name(&self.folder, &self.name, &ending, state, kinds)?, copied))
    }
}

impl Drop for Writer {
    /// One that was broken off lets go of the file, before another one is begun.
    fn drop(&mut self) {
        self.give = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The line of a row that was changed late; none if it was neither there before nor is now.
fn given(Late { key, was, now }: Late) -> Option<Given> {
    match (now, was) {
        (Some((version, value)), was) => {
            Some(Given::Row(Row { key, value, version: Version::from_number(version) }, was))
        }
        (None, Some(was)) => Some(Given::Gone(key, was)),
        (None, None) => None,
    }
}

fn not_read_back(path: &Path, words: &str) -> StoreError {
    StoreError::Unavailable(format!(
        "The copy of your data in {} could not be read back ({words}). Check the disk; the copies from before are still there.",
        path.display()
    ))
}

/// Gives a finished file its name.
fn name(
    folder: &Folder,
    at: &str,
    ending: &str,
    state: State,
    kinds: Kinds,
) -> Result<SnapshotInfo, StoreError> {
    let from = unfinished(folder);
    let bytes = fs::metadata(&from).map_err(|e| trouble(&e, &from))?.len();
    let file = folder.snapshots().join(format!("{at}-{:012}{ending}", state.applied));
    fs::rename(&from, &file).map_err(|e| trouble(&e, &file))?;
    sync_dir(&folder.snapshots())?;
    let (version, schema) = (Version::from_number(state.applied), state.schema);
    Ok(SnapshotInfo { file, rows: state.rows, kinds, bytes, schema, version })
}

fn unfinished(folder: &Folder) -> PathBuf {
    folder.snapshots().join("unfinished")
}

fn begin(path: &Path, schema: u32, name: &str) -> io::Result<Lines<Compressed<BufWriter<File>>>> {
    let mut file = compressed(BufWriter::new(File::create(path)?))?;
    file.multithread(1)?;
    Lines::begin(file, schema, name)
}

fn compressed<W: Write>(out: W) -> io::Result<Compressed<W>> {
    let mut compressed = zstd::Encoder::new(out, LEVEL)?;
    // Our own checksum covers it all; this one lets `zstd -t` check it without Kept.
    compressed.include_checksum(true)?;
    Ok(compressed)
}

/// Writes what is given, to its end.
fn write(mut lines: Lines<Compressed<BufWriter<File>>>, given: &Receiver<Vec<Given>>) -> io::Result<First> {
    let mut first = First::default();
    for line in given.iter().flatten() {
        match line {
            Given::Row(row, was) => lines.row(&row, was)?,
            Given::Gone(key, was) => lines.gone(&key, was)?,
            Given::Late => {
                let (out, crc32) = lines.break_off();
                let mut file = out.finish()?;
                first = First { bytes: file.stream_position()?, crc32 };
                lines = Lines::go_on(compressed(file)?, crc32);
            }
            Given::End(state) => {
                let file = lines.end(state)?.finish()?.into_inner().map_err(IntoInnerError::into_error)?;
                file.sync_all()?;
                return Ok(first);
            }
        }
    }
    Err(io::Error::other("it was broken off"))
}

/// Makes a snapshot out of the rows that an earlier one has copied, and what has changed since. Nothing if those are not as
/// they were written.
pub(super) fn again(
    folder: &Folder,
    now: SystemTime,
    earlier: (&Path, &Copied),
    late: Vec<Late>,
    state: State,
) -> Result<Option<SnapshotInfo>, StoreError> {
    let (path, copied) = earlier;
    let mut kinds = copied.kinds.clone();
    for Late { key, was, now } in &late {
        kinds.count(key, i64::from(now.is_some()) - i64::from(was.is_some()));
    }
    let from = unfinished(folder);
    let write = || -> io::Result<bool> {
        let mut lines = Lines::go_on(compressed(Vec::new())?, copied.crc32);
        for line in late.into_iter().filter_map(given) {
            match line {
                Given::Row(row, was) => lines.row(&row, was)?,
                Given::Gone(key, was) => lines.gone(&key, was)?,
                Given::Late | Given::End(_) => {}
            }
        }
        let rest = [lines.end(state)?.finish()?, copied.end()?].concat();
        let mut file = File::options().read(true).write(true).create(true).truncate(true).open(&from)?;
        let is_whole = (copied.bytes, copied.sum);
        if pass_on(&mut File::open(path)?.take(copied.bytes), &mut file)? != is_whole {
            return Ok(false);
        }
        file.write_all(&rest)?;
        file.sync_all()?;
        file.rewind()?;
        let mut read = Vec::new();
        let is_read_back = pass_on(&mut Read::take(&mut file, copied.bytes), &mut io::sink())? == is_whole;
        file.read_to_end(&mut read)?;
        if is_read_back && read == rest { Ok(true) } else { Err(ErrorKind::InvalidData.into()) }
    };
    match write() {
        Ok(true) => name(folder, &stamp(now), ENDING, state, kinds).map(Some),
        Ok(false) => Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Err(not_read_back(&from, "it is not as it was written"))
        }
        Err(error) => Err(trouble(&error, &from)),
    }
}

/// The newest snapshot, with what all rows in it are, if that can be used again.
pub(super) fn newest_copied(folder: &Folder, schema: u32) -> Option<(PathBuf, Copied)> {
    let newest = list(folder).pop()?;
    let copied = Copied::of(&newest.path)?;
    (copied.schema == schema).then_some((newest.path, copied))
}

/// Passes bytes on. Answers how many there were, and with their XXH3.
fn pass_on(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<(u64, u64)> {
    let (mut bytes, mut sum, mut chunk) = (0, XxHash3_64::new(), vec![0; CHUNK]);
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok((bytes, sum.finish())),
            Ok(read) => {
                bytes += read as u64;
                sum.write(&chunk[..read]);
                to.write_all(&chunk[..read])?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads a snapshot and checks everything in it. What `visit` was given counts only if this returns `Ok`.
pub(super) fn read(
    path: &Path,
    visit: &mut dyn FnMut(Step) -> Result<(), StoreError>,
) -> Result<State, Spoilt> {
    let file = File::open(path).map_err(unreadable)?;
    let text = zstd::Decoder::new(file).map_err(unreadable)?;
    let mut input = ReadAhead::new(text).map_err(unreadable)?;
    let state = lines::read(&mut input, visit)?;
    if !input.fill_buf().map_err(unreadable)?.is_empty() {
        return Err(Spoilt::File(String::from("something follows its end")));
    }
    Ok(state)
}

/// What a snapshot holds that was made earlier.
pub(crate) fn look_into(file: PathBuf) -> Result<SnapshotInfo, StoreError> {
    let mut kinds = Kinds::default();
    let read = read(&file, &mut |step| {
        kinds.see(&step);
        Ok(())
    });
    let state = read.map_err(|spoilt| match spoilt {
        Spoilt::File(words) => {
            StoreError::Damaged(format!("The snapshot {} is damaged ({words}).", file.display()))
        }
        Spoilt::Visitor(error) => error,
    })?;
    let bytes = fs::metadata(&file).map_err(|e| trouble(&e, &file))?.len();
    let (version, schema) = (Version::from_number(state.applied), state.schema);
    Ok(SnapshotInfo { file, rows: state.rows, kinds, bytes, schema, version })
}

/// All rows as they were copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CopyOfRows {
    /// The schema of the data.
    pub schema: u32,
    /// How many rows there are.
    pub rows: u64,
}

/// Reads the same lines where they are a part of another file, up to their ending.
pub(crate) fn read_copy(
    input: &mut impl BufRead,
    visit: &mut dyn FnMut(Step) -> Result<(), StoreError>,
) -> Result<CopyOfRows, Spoilt> {
    let state = lines::read(input, visit)?;
    Ok(CopyOfRows { schema: state.schema, rows: state.rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_on(day: &str, seq: u64) -> Found {
        named(PathBuf::from(format!("{day}T10-00-00Z-{seq:012}{ENDING}"))).unwrap()
    }

    #[test]
    fn of_many_snapshots_seven_days_and_four_weeks_are_kept() {
        let days: Vec<Found> = (1..=60)
            .map(|n| {
                let date = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(n);
                made_on(&date.to_string(), n)
            })
            .collect();
        let gone = superfluous(&days);
        let kept: Vec<u64> =
            days.iter().filter(|found| !gone.contains(&found.path)).map(|found| found.seq).collect();
        // Day 60 is Monday the 2nd of March; the Sundays before it are the newest of their weeks.
        assert_eq!(kept, [45, 52, 54, 55, 56, 57, 58, 59, 60]);
    }
}
