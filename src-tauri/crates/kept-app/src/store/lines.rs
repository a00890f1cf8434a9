//! The text of a snapshot: one JSON object a line, written and read on all cores.
//!
//! A heading, the rows in order of their keys, then what was changed while the rows were being written, or since (such a
//! line overrides an earlier one of the same key), and an ending with the number of rows, their digest, and the checksum of
//! everything before it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::thread;

use serde::{Deserialize, Serialize};

use super::{Key, Row, StoreError, rows};
use crate::cores::Cores;

/// How the ending begins, which is the last line.
const ENDING: &[u8] = b"{\"end\":";
/// So much text is taken apart at one go.
const BLOCK: usize = 128 * 1024;
/// So many blocks wait for each of those who take them apart.
const AHEAD: usize = 4;

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

/// One line: what to do to the row of this key.
pub(crate) enum Step {
    /// The row is there.
    Row {
        /// Its key.
        key: Key,
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
        key: Key,
    },
}

/// How many rows there are of each kind, which is the first byte of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds(BTreeMap<u8, Kind>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kind {
    rows: i64,
    /// The last key that a line names.
    last: Key,
}

impl Kinds {
    /// Counts a line.
    pub(crate) fn see(&mut self, step: &Step) {
        match step {
            Step::Row { key, again, .. } => self.count(key, i64::from(!again)),
            Step::Gone { key } => self.count(key, -1),
        }
    }

    /// Counts what a line changes about the number of rows.
    pub(super) fn count(&mut self, key: &Key, more: i64) {
        let Some(first) = key.first() else { return };
        let kind = self.0.entry(*first).or_default();
        kind.rows += more;
        if kind.last < *key {
            kind.last.clone_from(key);
        }
    }

    /// The rows of a kind.
    pub fn rows(&self, kind: u8) -> u64 {
        self.0.get(&kind).map_or(0, |kind| u64::try_from(kind.rows).unwrap_or(0))
    }

    /// The last key of a kind, if there is one; also that of a row that went while the others were read.
    pub fn last(&self, kind: u8) -> Option<&[u8]> {
        self.0.get(&kind).map(|kind| kind.last.as_slice())
    }
}

/// Why what was written cannot be read.
#[derive(Debug)]
pub(crate) enum Spoilt {
    /// The file is not as it was written.
    File(String),
    /// What was to be done with the rows failed.
    Visitor(StoreError),
}

/// Writes lines.
#[derive(Debug)]
pub(super) struct Lines<W> {
    out: W,
    crc: crc32fast::Hasher,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    /// Begins with the heading.
    pub(super) fn begin(out: W, schema: u32, made: &str) -> io::Result<Self> {
        let mut lines = Lines { out, crc: crc32fast::Hasher::new(), line: Vec::new() };
        let made = made.to_owned();
        lines.put(&Heading { kept: String::from("snapshot"), format: 1, schema, made })?;
        Ok(lines)
    }

    /// Goes on behind lines whose checksum is known.
    pub(super) fn go_on(out: W, crc32: u32) -> Self {
        Lines { out, crc: crc32fast::Hasher::new_with_initial(crc32), line: Vec::new() }
    }

    /// Breaks off, with the checksum of all lines so far.
    pub(super) fn break_off(self) -> (W, u32) {
        (self.out, self.crc.finalize())
    }

    /// Writes a row; `was` is what an earlier line of the same row adds to the digest.
    pub(super) fn row(&mut self, row: &Row, was: Option<u64>) -> io::Result<()> {
        let (k, kx) = text_or_hex(&row.key);
        let (v, vx) = text_or_hex(&row.value);
        let was = was.map(|hash| format!("{hash:016x}"));
        self.put(&Line { k, kx, n: row.version.number(), v, vx, was, gone: false })
    }

    /// Writes that an earlier line's row has been removed since.
    pub(super) fn gone(&mut self, key: &[u8], was: u64) -> io::Result<()> {
        let (k, kx) = text_or_hex(key);
        self.put(&Line { k, kx, was: Some(format!("{was:016x}")), gone: true, ..Line::default() })
    }

    /// Ends with what all rows add up to.
    pub(super) fn end(mut self, state: rows::State) -> io::Result<W> {
        let crc32 = format!("{:08x}", self.crc.clone().finalize());
        let digest = format!("{:016x}", state.digest);
        self.put(&Ending { end: state.applied, rows: state.rows, digest, crc32 })?;
        Ok(self.out)
    }

    fn put(&mut self, line: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        self.crc.update(&self.line);
        self.out.write_all(&self.line)
    }
}

/// Reads lines up to their ending, and checks everything in them. What `visit` was given counts only if this returns `Ok`.
pub(super) fn read(
    input: &mut impl BufRead,
    visit: &mut dyn FnMut(Step) -> Result<(), StoreError>,
) -> Result<rows::State, Spoilt> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line).map_err(unreadable)?;
    let heading: Heading = parse(&line)?;
    if heading.format != 1 {
        return Err(Spoilt::File(format!("it has the unknown format {}", heading.format)));
    }
    let mut crc = crc32fast::Hasher::new();
    crc.update(&line);
    let mut blocks = Blocks { input, ending: None };
    let mut state = thread::scope(|scope| {
        let mut readers =
            Cores::begin(scope, AHEAD, &|block: Vec<u8>| take_apart(&block)).map_err(unreadable)?;
        let mut state = rows::State::default();
        loop {
            while readers.have_room()
                && let Some(block) = blocks.next()?
            {
                crc.update(&block);
                readers.give(block);
            }
            let Some(taken) = readers.take() else { return Ok::<_, Spoilt>(state) };
            let Taken { steps, adds } = taken?;
            state.digest = state.digest.wrapping_add(adds.digest);
            state.rows = state.rows.wrapping_add(adds.rows);
            steps.into_iter().try_for_each(&mut *visit).map_err(Spoilt::Visitor)?;
        }
    })?;
    let Some(ending) = blocks.ending else {
        return Err(Spoilt::File(String::from("it ends too early")));
    };
    let ending: Ending = parse(&ending)?;
    let (sum, digest) = (format!("{:08x}", crc.finalize()), format!("{:016x}", state.digest));
    if (ending.crc32, ending.digest, ending.rows) != (sum, digest, state.rows) {
        return Err(Spoilt::File(String::from("its checksum is wrong")));
    }
    (state.applied, state.schema) = (ending.end, heading.schema);
    Ok(state)
}

#[expect(clippy::needless_pass_by_value, reason = "it is given where an error is mapped")]
pub(super) fn unreadable(error: io::Error) -> Spoilt {
    Spoilt::File(error.to_string())
}

/// Lines between the heading and the ending, some at a time.
struct Blocks<'a, R> {
    input: &'a mut R,
    /// The ending, when it was come to.
    ending: Option<Vec<u8>>,
}

impl<R: BufRead> Blocks<'_, R> {
    /// Some whole lines, if there are any left. Nothing behind the ending is read.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Spoilt> {
        let mut block = Vec::with_capacity(BLOCK + BLOCK / 8);
        while block.len() < BLOCK && self.ending.is_none() {
            let line = block.len();
            if self.input.read_until(b'\n', &mut block).map_err(unreadable)? == 0 {
                break;
            }
            if block[line..].starts_with(ENDING) {
                self.ending = Some(block.split_off(line));
            }
        }
        Ok((!block.is_empty()).then_some(block))
    }
}

/// What stood in a block.
struct Taken {
    steps: Vec<Step>,
    /// What they add to all rows.
    adds: rows::State,
}

fn take_apart(block: &[u8]) -> Result<Taken, Spoilt> {
    let mut taken = Taken { steps: Vec::with_capacity(BLOCK / 128), adds: rows::State::default() };
    for line in block.split_inclusive(|byte| *byte == b'\n') {
        taken.steps.push(step(parse(line)?, &mut taken.adds)?);
    }
    Ok(taken)
}

fn step(line: Line<'_>, adds: &mut rows::State) -> Result<Step, Spoilt> {
    let key = bytes(line.k, line.kx)?;
    let was = line.was.as_deref().map(|hex| u64::from_str_radix(hex, 16)).transpose();
    let was = was.map_err(|e| Spoilt::File(e.to_string()))?;
    adds.take(was);
    if line.gone {
        return Ok(Step::Gone { key });
    }
    let value = bytes(line.v, line.vx)?;
    adds.give(rows::hash(&key, line.n, &value));
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
    use crate::store::Version;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn written(rows: &[Row]) -> Vec<u8> {
        let mut lines = Lines::begin(Vec::new(), 3, "now").unwrap();
        let mut state = rows::State { applied: 9, ..rows::State::default() };
        for row in rows {
            lines.row(row, None).unwrap();
            state.give(rows::hash(&row.key, row.version.number(), &row.value));
        }
        lines.end(state).unwrap()
    }

    fn read_back(text: &[u8]) -> Result<(Vec<Row>, rows::State, Vec<u8>), Spoilt> {
        let (mut found, mut input) = (Vec::new(), text);
        let state = read(&mut input, &mut |step| {
            let Step::Row { key, version, value, again: false } = step else { panic!("no row") };
            found.push(Row { key, value, version: Version::from_number(version) });
            Ok(())
        })?;
        Ok((found, state, input.to_vec()))
    }

    fn numbered(number: usize) -> Row {
        let key = [&b"p"[..], &number.to_be_bytes()].concat();
        Row { key, value: vec![b'x'; 300], version: Version::from_number(number as u64) }
    }

    proptest! {
        #[test]
        fn rows_come_back_in_their_order_and_what_follows_is_left(
            some in vec((vec(any::<u8>(), 0..20), vec(any::<u8>(), 0..60), any::<u64>()), 0..40),
            behind in vec(any::<u8>(), 0..40),
        ) {
            let rows: Vec<Row> = some
                .into_iter()
                .map(|(key, value, n)| Row { key, value, version: Version::from_number(n) })
                .collect();
            let (found, state, left) = read_back(&[written(&rows), behind.clone()].concat()).unwrap();
            prop_assert_eq!((state.applied, state.schema, state.rows), (9, 3, rows.len() as u64));
            prop_assert_eq!((found, left), (rows, behind));
        }
    }

    #[test]
    fn many_blocks_come_back_in_their_order() {
        let rows: Vec<Row> = (0..20 * BLOCK / 300).map(numbered).collect();
        assert_eq!(read_back(&written(&rows)).unwrap().0, rows);
    }

    #[test]
    fn text_that_was_cut_or_changed_is_spoilt() {
        let rows: Vec<Row> = (0..4 * BLOCK / 300).map(numbered).collect();
        let text = written(&rows);
        for length in [0, 30, 500, text.len() / 2, text.len() - 60] {
            assert!(matches!(read_back(&text[..length]), Err(Spoilt::File(_))), "cut to {length}");
        }
        for place in [40, 500, text.len() / 2, text.len() - 30] {
            let mut changed = text.clone();
            changed[place] ^= 1;
            assert!(matches!(read_back(&changed), Err(Spoilt::File(_))), "changed at {place}");
        }
    }

    #[test]
    fn whoever_breaks_off_gets_his_own_error() {
        let text = written(&(0..9 * BLOCK / 300).map(numbered).collect::<Vec<Row>>());
        let mut seen = 0;
        let broken_off = read(&mut text.as_slice(), &mut |_| {
            seen += 1;
            if seen == 7 { Err(StoreError::Full) } else { Ok(()) }
        });
        assert!(matches!(broken_off, Err(Spoilt::Visitor(StoreError::Full))) && seen == 7);
    }

    #[test]
    fn rows_are_counted_by_kind() {
        let mut kinds = Kinds::default();
        let row = |key: &[u8], again| Step::Row { key: key.to_vec(), version: 1, value: Vec::new(), again };
        let steps = [row(b"p1", false), row(b"p2", false), row(b"q", false), row(b"p1", true)];
        steps.iter().chain(&[Step::Gone { key: b"p2".to_vec() }]).for_each(|step| kinds.see(step));
        assert_eq!((kinds.rows(b'p'), kinds.rows(b'q'), kinds.rows(b'x')), (1, 1, 0));
        assert_eq!((kinds.last(b'p'), kinds.last(b'x')), (Some(&b"p2"[..]), None));
    }

    #[test]
    fn bytes_that_are_no_text_survive_as_hexadecimal() {
        let (text, hex) = text_or_hex(&[0xFF, 0x00, 0x7A]);
        assert_eq!((text.clone(), hex.as_deref()), (None, Some("ff007a")));
        assert_eq!(bytes(text, hex).unwrap(), [0xFF, 0x00, 0x7A]);
    }
}
