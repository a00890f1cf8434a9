//! The journal: every commit in order, appended and forced to the disk before it is confirmed.
//!
//! It is cut into generations, one file each. The name says which commit comes first in it; whatever an older
//! generation holds from that number on was never confirmed (it was cut short by an error of the disk) and is
//! passed over.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::folder::{is_full, sync_dir, trouble};
use super::frame::{self, Entry, Found, Input};

const MAGIC: &[u8; 8] = b"KEPTJRNL";
const FORMAT: u32 = 1;
const HEADER: usize = 64;
const ENDING: &str = ".journal";
/// The smallest piece a disk writes as a whole.
const SECTOR: usize = 512;

/// One file of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Generation {
    pub(super) number: u64,
    /// The commit that comes first in it.
    pub(super) first: u64,
    pub(super) path: PathBuf,
}

/// The generations in a folder, oldest first.
pub(super) fn generations(dir: &Path) -> Result<Vec<Generation>, StoreError> {
    let mut found = Vec::new();
    if !dir.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(dir).map_err(|e| trouble(&e, dir))? {
        let path = entry.map_err(|e| trouble(&e, dir))?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let numbers = name.strip_suffix(ENDING).and_then(|stem| stem.split_once('-'));
        if let Some((number, first)) = numbers
            && let (Ok(number), Ok(first)) = (number.parse(), first.parse())
        {
            found.push(Generation { number, first, path });
        }
    }
    found.sort_by_key(|generation| generation.number);
    Ok(found)
}

/// The schema a generation was written with; `None` if its header cannot be read.
pub(super) fn schema(generation: &Generation) -> Option<u32> {
    let mut bytes = vec![0; HEADER];
    let mut file = File::open(&generation.path).ok()?;
    io::Read::read_exact(&mut file, &mut bytes).ok()?;
    read_header(generation, &bytes)
}

/// Whether there is nothing but a header in a generation, or not even that.
pub(super) fn is_bare(generation: &Generation) -> bool {
    fs::metadata(&generation.path).is_ok_and(|meta| meta.len() <= HEADER as u64)
}

fn read_header(generation: &Generation, bytes: &[u8]) -> Option<u32> {
    let mut input = Input(bytes.get(..HEADER)?);
    let whole = input.take(MAGIC.len())? == MAGIC && input.u32()? == FORMAT;
    let schema = input.u32()?;
    let named = input.u64()? == generation.number && input.u64()? == generation.first;
    let end = HEADER - input.0.len();
    (whole && named && input.u32()? == crc32fast::hash(&bytes[..end])).then_some(schema)
}

fn header(generation: &Generation, schema: u32) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&schema.to_le_bytes());
    bytes.extend_from_slice(&generation.number.to_le_bytes());
    bytes.extend_from_slice(&generation.first.to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    bytes.resize(HEADER, 0);
    bytes
}

/// How a generation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// With a whole frame.
    Whole,
    /// With a frame that was still being written when it was cut off, and so was never confirmed.
    Torn,
    /// With a frame that was written whole and is spoiled; it may have been confirmed.
    Spoiled,
}

/// What reading one generation found, besides its commits.
#[derive(Debug)]
pub(super) struct Reading {
    /// Whether the header is as it was written.
    pub(super) headed: bool,
    /// Places where a bad frame is followed by a good one.
    pub(super) bad: usize,
    pub(super) tail: Tail,
    /// Where the last good frame ends.
    pub(super) good: u64,
}

/// Reads a generation from one end to the other, past damaged places, until `visit` breaks off.
pub(super) fn read(
    generation: &Generation,
    visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
) -> io::Result<Reading> {
    let bytes = fs::read(&generation.path)?;
    // Cut off while it was being made: nothing was ever in it. (Where something was, the rows know better.)
    let unmade = bytes.len() < HEADER || bytes.iter().all(|byte| *byte == 0);
    let headed = unmade || read_header(generation, &bytes).is_some();
    let mut reading = Reading { headed, bad: 0, tail: Tail::Whole, good: HEADER.min(bytes.len()) as u64 };
    let mut at = HEADER.min(bytes.len());
    while at < bytes.len() {
        match frame::decode(generation.number, &bytes[at..]) {
            Found::Frame { length, entries } => {
                at += length;
                reading.good = at as u64;
                for entry in entries {
                    if visit(entry).is_break() {
                        return Ok(reading);
                    }
                }
            }
            Found::Bad { claims } => {
                let Some(next) = next_good(generation.number, &bytes, at + 1) else {
                    reading.tail = tail(&bytes, at, claims);
                    break;
                };
                reading.bad += 1;
                at = next;
            }
        }
    }
    Ok(reading)
}

/// Where the next whole frame begins.
fn next_good(generation: u64, bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = bytes.get(at..)?.windows(frame::MAGIC.len()).position(|w| w == frame::MAGIC) {
        at += found;
        if matches!(frame::decode(generation, &bytes[at..]), Found::Frame { .. }) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Tells a frame whose writing was cut off from one that was written and is spoiled: the first is short, or a
/// whole sector of it was never written and still holds zeros.
fn tail(bytes: &[u8], at: usize, claims: Option<usize>) -> Tail {
    let rest = &bytes[at..];
    if claims.is_some_and(|length| length > rest.len()) {
        return Tail::Torn;
    }
    let mut from = at;
    while from < bytes.len() {
        let to = ((from / SECTOR + 1) * SECTOR).min(bytes.len());
        if bytes[from..to].iter().all(|byte| *byte == 0) {
            return Tail::Torn;
        }
        from = to;
    }
    if rest.len() < frame::HEAD { Tail::Torn } else { Tail::Spoiled }
}

/// What reading the journal over all its generations found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The last commit that could be read, or the one asked for as beginning if there was none after it.
    pub(super) last: u64,
    /// Commits that should be there and are not, from and to.
    pub(super) missing: Vec<(u64, u64)>,
    /// Files with damage in them.
    pub(super) damaged: Vec<PathBuf>,
    /// The newest generation ends with a frame that was written whole and is spoiled.
    pub(super) spoiled: bool,
    /// Where the last good frame of the newest generation ends.
    pub(super) good: u64,
    /// How many commits were read in the files looked at.
    pub(super) read: u64,
}

impl Survey {
    /// Whether anything is wrong with what was read.
    pub(super) fn is_damaged(&self) -> bool {
        self.spoiled || !self.missing.is_empty() || !self.damaged.is_empty()
    }
}

/// Visits the commits after a number in order. Files that hold only older ones are not read.
pub(super) fn replay(
    dir: &Path,
    after: u64,
    visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
) -> Result<Survey, StoreError> {
    let all = generations(dir)?;
    let mut survey = Survey { last: after, ..Survey::default() };
    for (index, generation) in all.iter().enumerate() {
        let newer = &all[index + 1..];
        let end = newer.iter().map(|next| next.first).min().unwrap_or(u64::MAX);
        if end <= after.saturating_add(1) {
            continue;
        }
        let mut stopped = false;
        let reading = read(generation, &mut |entry| {
            survey.read += 1;
            if entry.seq >= end || entry.seq <= survey.last {
                return ControlFlow::Continue(());
            }
            if entry.seq > survey.last + 1 {
                survey.missing.push((survey.last + 1, entry.seq - 1));
            }
            survey.last = entry.seq;
            let flow = visit(entry);
            stopped = flow.is_break();
            flow
        })
        .map_err(|e| trouble(&e, &generation.path))?;
        if stopped {
            return Ok(survey);
        }
        // What is missing at the end of an older generation shows as a gap before the next one.
        if newer.is_empty() {
            survey.good = reading.good;
            survey.spoiled = reading.tail == Tail::Spoiled;
        }
        if reading.bad > 0 || !reading.headed || (newer.is_empty() && reading.tail == Tail::Spoiled) {
            survey.damaged.push(generation.path.clone());
        }
        if end != u64::MAX && survey.last + 1 < end {
            survey.missing.push((survey.last + 1, end - 1));
            survey.last = end - 1;
        } else if newer.is_empty() && survey.last + 1 < generation.first {
            survey.missing.push((survey.last + 1, generation.first - 1));
            survey.last = generation.first - 1;
        }
    }
    Ok(survey)
}

/// Why an append did not happen.
#[derive(Debug)]
pub(super) enum Refused {
    /// Nothing of it is there, now or after a restart.
    Not(StoreError),
    /// It may or may not be there after a restart.
    Unknown,
}

/// The journal as it is appended to.
#[derive(Debug)]
pub(super) struct Journal {
    dir: PathBuf,
    schema: u32,
    generation: Generation,
    file: File,
    length: u64,
    /// The number the next commit must have.
    next: u64,
    /// The file may hold more than was confirmed: a new generation must overrule it before anything is appended.
    broken: bool,
}

impl Journal {
    /// Begins a new generation.
    pub(super) fn begin(dir: &Path, first: u64, schema: u32) -> Result<Journal, StoreError> {
        let number = generations(dir)?.last().map_or(1, |newest| newest.number + 1);
        let path = dir.join(format!("{number:08}-{first:012}{ENDING}"));
        let generation = Generation { number, first, path };
        let create = || -> io::Result<File> {
            let mut file = OpenOptions::new().write(true).create_new(true).open(&generation.path)?;
            file.write_all(&header(&generation, schema))?;
            file.sync_all()?;
            Ok(file)
        };
        let made = create()
            .map_err(|e| trouble(&e, &generation.path))
            .and_then(|file| sync_dir(dir).map(|()| file))
            .inspect_err(|_| drop(fs::remove_file(&generation.path)));
        let (dir, length) = (dir.to_path_buf(), HEADER as u64);
        Ok(Journal { dir, schema, file: made?, generation, length, next: first, broken: false })
    }

    /// Goes on with the newest generation, cutting off what comes after its last good frame.
    pub(super) fn resume(
        dir: &Path,
        generation: Generation,
        good: u64,
        next: u64,
        schema: u32,
    ) -> Result<Journal, StoreError> {
        let open = || -> io::Result<File> {
            let file = OpenOptions::new().write(true).open(&generation.path)?;
            if file.metadata()?.len() > good {
                file.set_len(good)?;
                file.sync_all()?;
            }
            Ok(file)
        };
        let file = open().map_err(|e| trouble(&e, &generation.path))?;
        Ok(Journal { dir: dir.to_path_buf(), schema, file, generation, length: good, next, broken: false })
    }

    /// The newest generation and its length in bytes.
    pub(super) fn end(&self) -> (u64, u64) {
        (self.generation.number, self.length)
    }

    /// Appends commits and forces them to the disk: all of them or none.
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<u64, Refused> {
        if self.broken {
            // Until a new generation overrules the old one nothing new can be kept, but nothing is unclear either.
            self.rotate().map_err(Refused::Not)?;
        }
        let Some(frame) = frame::encode(self.generation.number, entries) else {
            return Err(Refused::Not(StoreError::Unavailable(String::from(
                "Nothing was saved: this is more than can be saved in one step. Do it in smaller parts.",
            ))));
        };
        let written = self.file.seek(SeekFrom::Start(self.length)).and_then(|_| self.file.write_all(&frame));
        if let Err(error) = written {
            // What was written of it is no whole frame, so it cannot be taken for one whatever happens next.
            self.broken = self.file.set_len(self.length).is_err();
            return Err(Refused::Not(trouble(&error, &self.generation.path)));
        }
        if let Err(error) = self.file.sync_data() {
            return Err(self.after_failed_sync(&error));
        }
        self.length += frame.len() as u64;
        self.next = entries.last().map_or(self.next, |entry| entry.seq + 1);
        Ok(frame.len() as u64)
    }

    /// After a failed sync nobody knows what of the file is on the disk, and asking again proves nothing: the
    /// system may have dropped what it could not write. So the file is left, and a new generation overrules it.
    fn after_failed_sync(&mut self, error: &io::Error) -> Refused {
        tracing::error!(%error, path = %self.generation.path.display(), "the journal could not be forced to the disk");
        self.broken = true;
        let _ = self.file.set_len(self.length);
        match self.rotate() {
            Ok(()) if is_full(error) => Refused::Not(StoreError::Full),
            Ok(()) => Refused::Not(trouble(error, &self.generation.path)),
            Err(_) => Refused::Unknown,
        }
    }

    /// Goes on in a new file.
    pub(super) fn rotate(&mut self) -> Result<(), StoreError> {
        *self = Journal::begin(&self.dir, self.next, self.schema)?;
        Ok(())
    }
}
