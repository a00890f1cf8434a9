//! Snapshots: all rows in one compressed text file that can be read without Kept.
//!
//! One JSON object a line: a heading, the rows in order of their keys, then what was changed while the rows were
//! being written (such a line overrides an earlier one of the same key), and an ending with the number of rows,
//! their digest, and the checksum of everything before it. A snapshot counts only once it was read back.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::folder::{Folder, stamp, sync_dir, trouble};
use super::{SnapshotInfo, StoreError, Version, rows};
use crate::read_ahead::ReadAhead;

const ENDING: &str = ".jsonl.zst";
const LEVEL: i32 = 3;

/// A row, or a change of one that was written before.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Line<'a> {
    /// The key, where it is text ...
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<Cow<'a, str>>,
    /// ... and where it is not, in hexadecimal; so are all fields that end in x.
    #[serde(skip_serializing_if = "Option::is_none")]
    kx: Option<String>,
    /// The commit that wrote it.
    n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vx: Option<String>,
    /// What the row that this line overrides had added to the digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Heading {
    kept: String,
    format: u32,
    schema: u32,
    made: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ending {
    end: u64,
    rows: u64,
    digest: String,
    crc32: String,
}

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

/// A snapshot being written.
pub(super) struct Writer {
    folder: Folder,
    name: String,
    file: zstd::Encoder<'static, BufWriter<File>>,
    crc: crc32fast::Hasher,
    line: Vec<u8>,
    /// Bytes before compression.
    pub(super) raw: u64,
}

impl Writer {
    /// Begins a file that counts for nothing until [`Writer::finish`].
    pub(super) fn begin(folder: &Folder, now: SystemTime, schema: u32) -> Result<Writer, StoreError> {
        let name = stamp(now);
        let path = unfinished(folder);
        let begin = || zstd::Encoder::new(BufWriter::new(File::create(&path)?), LEVEL);
        let mut file = begin().map_err(|e| trouble(&e, &path))?;
        // Our own checksum covers it all; this one lets `zstd -t` check it without Kept.
        file.include_checksum(true).map_err(|e| trouble(&e, &path))?;
        // Rows are read while those before them are compressed.
        file.multithread(1).map_err(|e| trouble(&e, &path))?;
        let crc = crc32fast::Hasher::new();
        let mut writer = Writer { folder: folder.clone(), name, file, crc, line: Vec::new(), raw: 0 };
        let heading =
            Heading { kept: String::from("snapshot"), format: 1, schema, made: writer.name.clone() };
        writer.put(&heading)?;
        Ok(writer)
    }

    /// Writes a row; `was` is what an earlier line of the same row adds to the digest.
    pub(super) fn row(
        &mut self,
        key: &[u8],
        version: u64,
        value: &[u8],
        was: Option<u64>,
    ) -> Result<(), StoreError> {
        let (k, kx) = text_or_hex(key);
        let (v, vx) = text_or_hex(value);
        self.put(&Line { k, kx, n: version, v, vx, was: was.map(|hash| format!("{hash:016x}")), gone: false })
    }

    /// Writes that an earlier line's row has been removed since.
    pub(super) fn gone(&mut self, key: &[u8], was: u64) -> Result<(), StoreError> {
        let (k, kx) = text_or_hex(key);
        self.put(&Line { k, kx, was: Some(format!("{was:016x}")), gone: true, ..Line::default() })
    }

    fn put(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        self.line.clear();
        let written = serde_json::to_writer(&mut self.line, line).map_err(io::Error::from);
        self.line.push(b'\n');
        self.crc.update(&self.line);
        self.raw += self.line.len() as u64;
        written
            .and_then(|()| self.file.write_all(&self.line))
            .map_err(|e| trouble(&e, &unfinished(&self.folder)))
    }

    /// Ends the file, reads it back while `go_on` agrees, and only then gives it its name.
    pub(super) fn finish(
        mut self,
        state: rows::State,
        before: bool,
        go_on: &dyn Fn() -> Result<(), StoreError>,
    ) -> Result<SnapshotInfo, StoreError> {
        let crc32 = format!("{:08x}", self.crc.clone().finalize());
        let digest = format!("{:016x}", state.digest);
        self.put(&Ending { end: state.applied, rows: state.rows, digest, crc32 })?;
        let from = unfinished(&self.folder);
        let end = || -> io::Result<u64> {
            let file = self.file.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let bytes = end().map_err(|e| trouble(&e, &from))?;
        let seen = read(&from, &mut |_| go_on()).map_err(|spoilt| match spoilt {
            Spoilt::File(words) => StoreError::Unavailable(format!(
                "The copy of your data in {} could not be read back ({words}). Check the disk; the copies from before are still there.",
                from.display()
            )),
            Spoilt::Visitor(error) => error,
        })?;
        if (seen.applied, seen.digest, seen.rows) != (state.applied, state.digest, state.rows) {
            return Err(StoreError::Unavailable(String::from(
                "The copy of your data is not equal to the data. It was not kept; Kept will check the data.",
            )));
        }
        let ending = if before { format!("-before{ENDING}") } else { ENDING.to_owned() };
        let file = self.folder.snapshots().join(format!("{}-{:012}{ending}", self.name, state.applied));
        fs::rename(&from, &file).map_err(|e| trouble(&e, &file))?;
        sync_dir(&self.folder.snapshots())?;
        Ok(SnapshotInfo { file, rows: state.rows, bytes, version: Version::from_number(state.applied) })
    }
}

fn unfinished(folder: &Folder) -> PathBuf {
    folder.snapshots().join("unfinished")
}

/// One line of a snapshot: what to do to the row of this key.
pub(crate) enum Step {
    /// The row is there.
    Row {
        /// Its key.
        key: Vec<u8>,
        /// The commit that wrote it.
        version: u64,
        /// What is in it.
        value: Vec<u8>,
        /// An earlier line of the same key is overridden.
        again: bool,
    },
    /// An earlier line of this key is overridden: the row is not there any more.
    Gone {
        /// Its key.
        key: Vec<u8>,
    },
}

/// All rows as they were copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CopyOfRows {
    /// The schema of the data.
    pub schema: u32,
    /// How many rows there are.
    pub rows: u64,
}

/// Why a snapshot could not be read.
#[derive(Debug)]
pub(crate) enum Spoilt {
    /// The file is not as it was written.
    File(String),
    /// What was to be done with the rows failed.
    Visitor(StoreError),
}

/// Reads a snapshot and checks everything in it. What `visit` was given counts only if this returns `Ok`.
pub(super) fn read(
    path: &Path,
    visit: &mut dyn FnMut(Step) -> Result<(), StoreError>,
) -> Result<rows::State, Spoilt> {
    let file = File::open(path).map_err(unreadable)?;
    let text = zstd::Decoder::new(file).map_err(unreadable)?;
    let mut input = ReadAhead::new(text).map_err(unreadable)?;
    let state = read_lines(&mut input, visit)?;
    if !input.fill_buf().map_err(unreadable)?.is_empty() {
        return Err(Spoilt::File(String::from("something follows its end")));
    }
    Ok(state)
}

/// Reads the same lines where they are a part of another file, up to their ending.
pub(crate) fn read_copy(
    input: &mut impl io::BufRead,
    visit: &mut dyn FnMut(Step) -> Result<(), StoreError>,
) -> Result<CopyOfRows, Spoilt> {
    let state = read_lines(input, visit)?;
    Ok(CopyOfRows { schema: state.schema, rows: state.rows })
}

#[expect(clippy::needless_pass_by_value, reason = "it is given where an error is mapped")]
fn unreadable(error: io::Error) -> Spoilt {
    Spoilt::File(error.to_string())
}

fn read_lines(
    input: &mut impl io::BufRead,
    visit: &mut dyn FnMut(Step) -> Result<(), StoreError>,
) -> Result<rows::State, Spoilt> {
    let mut crc = crc32fast::Hasher::new();
    let mut state = rows::State::default();
    let mut line = Vec::new();
    let mut next = |line: &mut Vec<u8>| {
        line.clear();
        input.read_until(b'\n', line).map_err(unreadable)
    };
    next(&mut line)?;
    let heading: Heading = parse(&line)?;
    if heading.format != 1 {
        return Err(Spoilt::File(format!("it has the unknown format {}", heading.format)));
    }
    state.schema = heading.schema;
    crc.update(&line);
    loop {
        if next(&mut line)? == 0 {
            return Err(Spoilt::File(String::from("it ends too early")));
        }
        if line.starts_with(b"{\"end\":") {
            break;
        }
        crc.update(&line);
        visit(step(parse(&line)?, &mut state)?).map_err(Spoilt::Visitor)?;
    }
    let ending: Ending = parse(&line)?;
    let (sum, digest) = (format!("{:08x}", crc.finalize()), format!("{:016x}", state.digest));
    if (ending.crc32, ending.digest, ending.rows) != (sum, digest, state.rows) {
        return Err(Spoilt::File(String::from("its checksum is wrong")));
    }
    state.applied = ending.end;
    Ok(state)
}

fn step(line: Line<'_>, state: &mut rows::State) -> Result<Step, Spoilt> {
    let key = bytes(line.k, line.kx)?;
    let was = line.was.as_deref().map(|hex| u64::from_str_radix(hex, 16)).transpose();
    let was = was.map_err(|e| Spoilt::File(e.to_string()))?;
    state.take(was);
    if line.gone {
        return Ok(Step::Gone { key });
    }
    let value = bytes(line.v, line.vx)?;
    state.give(rows::hash(&key, line.n, &value));
    Ok(Step::Row { key, version: line.n, value, again: was.is_some() })
}

fn parse<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, Spoilt> {
    serde_json::from_slice(line).map_err(|e| Spoilt::File(e.to_string()))
}

fn text_or_hex(bytes: &[u8]) -> (Option<Cow<'_, str>>, Option<String>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Some(Cow::Borrowed(text)), None);
    }
    (None, Some(hex::encode(bytes)))
}

fn bytes(text: Option<Cow<'_, str>>, digits: Option<String>) -> Result<Vec<u8>, Spoilt> {
    let wrong = || Spoilt::File(String::from("a line is not as it was written"));
    match (text, digits) {
        (Some(text), None) => Ok(text.into_owned().into_bytes()),
        (None, Some(digits)) => hex::decode(digits).map_err(|_| wrong()),
        (None, None) | (Some(_), Some(_)) => Err(wrong()),
    }
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

    #[test]
    fn bytes_that_are_no_text_survive_as_hexadecimal() {
        let (text, hex) = text_or_hex(&[0xFF, 0x00, 0x7A]);
        assert_eq!((text.clone(), hex.as_deref()), (None, Some("ff007a")));
        assert_eq!(bytes(text, hex).unwrap(), [0xFF, 0x00, 0x7A]);
    }
}
