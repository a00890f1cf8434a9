//! Snapshots: all rows in one compressed text file that can be read without Kept. What stands in it: see [`lines`].
//!
//! A snapshot counts only once it was read back.

use std::fs::{self, File};
use std::io::{self, BufRead, BufWriter, IntoInnerError};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use super::folder::{Folder, stamp, sync_dir, trouble};
use super::lines::{self, Kinds, Lines, Spoilt, Step, unreadable};
use super::{Key, Row, SnapshotInfo, StoreError, Version, rows};
use crate::read_ahead::ReadAhead;

const ENDING: &str = ".jsonl.zst";
const LEVEL: i32 = 3;
/// So many lines are handed on at one go ...
const HANDFUL: usize = 500;
/// ... and so many times may they wait to be written.
const AHEAD: usize = 8;

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
    thread: Option<JoinHandle<Result<u64, StoreError>>>,
}

/// A line to be written.
#[derive(Debug)]
enum Given {
    /// A row; and what an earlier line of the same row adds to the digest.
    Row(Row, Option<u64>),
    /// An earlier line's row has been removed since.
    Gone(Key, u64),
    /// All rows, and what they add up to.
    End(rows::State),
}

type Compressed = zstd::Encoder<'static, BufWriter<File>>;

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
        Ok(Writer {
            folder: folder.clone(),
            name,
            schema,
            handful: Vec::with_capacity(HANDFUL),
            give,
            thread,
        })
    }

    /// Writes a row; `was` is what an earlier line of the same row adds to the digest.
    pub(super) fn row(&mut self, row: Row, was: Option<u64>) -> Result<(), StoreError> {
        self.put(Given::Row(row, was))
    }

    /// Writes that an earlier line's row has been removed since.
    pub(super) fn gone(&mut self, key: Key, was: u64) -> Result<(), StoreError> {
        self.put(Given::Gone(key, was))
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

    /// Waits until all is written. Answers with the length of the file.
    fn written(&mut self) -> Result<u64, StoreError> {
        self.give = None;
        let ended = self.thread.take().and_then(|thread| thread.join().ok());
        ended.unwrap_or_else(|| {
            Err(StoreError::Unavailable(String::from("The copy of your data was not written.")))
        })
    }

    /// Ends the file, reads it back while `go_on` agrees, and only then gives it its name.
    pub(super) fn finish(
        mut self,
        state: rows::State,
        before: bool,
        go_on: &dyn Fn() -> Result<(), StoreError>,
    ) -> Result<SnapshotInfo, StoreError> {
        self.put(Given::End(state))?;
        self.hand_on()?;
        let bytes = self.written()?;
        let from = unfinished(&self.folder);
        let mut kinds = Kinds::default();
        let seen = read(&from, &mut |step| {
            kinds.see(&step);
            go_on()
        });
        let seen = seen.map_err(|spoilt| match spoilt {
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
        let (version, schema) = (Version::from_number(state.applied), self.schema);
        Ok(SnapshotInfo { file, rows: state.rows, kinds, bytes, schema, version })
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

fn unfinished(folder: &Folder) -> PathBuf {
    folder.snapshots().join("unfinished")
}

fn begin(path: &Path, schema: u32, name: &str) -> io::Result<Lines<Compressed>> {
    let mut file = zstd::Encoder::new(BufWriter::new(File::create(path)?), LEVEL)?;
    // Our own checksum covers it all; this one lets `zstd -t` check it without Kept.
    file.include_checksum(true)?;
    file.multithread(1)?;
    Lines::begin(file, schema, name)
}

/// Writes what is given, to its end. Answers with the length of the file.
fn write(mut lines: Lines<Compressed>, given: &Receiver<Vec<Given>>) -> io::Result<u64> {
    for line in given.iter().flatten() {
        match line {
            Given::Row(row, was) => lines.row(&row, was)?,
            Given::Gone(key, was) => lines.gone(&key, was)?,
            Given::End(state) => {
                let file = lines.end(state)?.finish()?.into_inner().map_err(IntoInnerError::into_error)?;
                file.sync_all()?;
                return Ok(file.metadata()?.len());
            }
        }
    }
    Err(io::Error::other("it was broken off"))
}

/// Reads a snapshot and checks everything in it. What `visit` was given counts only if this returns `Ok`.
pub(super) fn read(
    path: &Path,
    visit: &mut dyn FnMut(Step) -> Result<(), StoreError>,
) -> Result<rows::State, Spoilt> {
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
