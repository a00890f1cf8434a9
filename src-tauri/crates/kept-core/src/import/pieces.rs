//! A large file in pieces, each a file of its own with the same header: so that it is read without ever being whole in
//! memory.
//!
//! It is gone through once to see where to cut. Rows of one order are in one piece wherever they lie: those that lie
//! astray are kept and added to the piece in which their order began. Blank lines stand for what is not in a piece, so
//! that whatever is told of a line names the line of the file.

mod splitting;

use super::decoding::{Bytes, Decoding, Ends, Written};
use super::mapped::Mapping;
use super::{Assumed, HEAD, Reading, Source};
use crate::views::LineProblem;
use splitting::Splitting;
use std::io;
use std::iter::Peekable;
use std::ops::ControlFlow;
use std::slice::Iter;

/// A large file, and where it is cut.
#[derive(Debug)]
pub struct InPieces {
    /// What stands at the beginning of each piece.
    head: String,
    pieces: Vec<Piece>,
    /// What is in no piece, or in an earlier one.
    holes: Vec<Hole>,
    /// What is wrong with lines that no piece has.
    problems: Vec<LineProblem>,
    written: Written,
    sizes: Sizes,
}

/// What belongs together in a kind of file, by which it is known where it can be cut.
#[derive(Clone, Copy, Debug)]
pub enum Apart {
    /// Rows in which the first of these columns that is filled has the same text. A row in which none is belongs to the
    /// order that was begun last.
    Rows(&'static [&'static [&'static str]]),
    /// All from one line that begins so to the next.
    Cards(&'static str),
    /// All of it.
    Nothing,
}

/// Why a large file cannot be read in pieces.
#[derive(Debug)]
pub enum Unsplit {
    /// The disk says so.
    Disk(io::Error),
    /// It is not such a file; in a sentence.
    Refused(String),
}

impl From<io::Error> for Unsplit {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// A piece: from a place in the text up to the next piece.
#[derive(Debug)]
struct Piece {
    from: u64,
    /// The line on which it begins.
    line: u32,
    /// Rows that belong to it and lie in later pieces.
    astray: Vec<Stray>,
}

#[derive(Debug)]
struct Stray {
    line: u32,
    text: String,
}

/// A stretch of the text that is left out where it stands.
#[derive(Debug)]
struct Hole {
    from: u64,
    to: u64,
    /// So many lines end within it.
    ends: u32,
}

/// How much of a file is held at once.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// Looked at to find the header.
    head: usize,
    /// Read from the disk at once.
    decoded: usize,
    /// Looked at at once.
    stretch: usize,
    /// No row is longer.
    row: usize,
    /// A piece ends at the first place where it can when it is so long.
    piece: usize,
    /// No piece is longer.
    piece_most: usize,
    /// All rows that lie astray.
    astray: usize,
}

const MIB: usize = 1024 * 1024;

impl Sizes {
    const USUAL: Self = Self {
        head: HEAD,
        decoded: MIB / 4,
        stretch: MIB,
        row: 4 * MIB,
        piece: MIB,
        piece_most: 64 * MIB,
        astray: 32 * MIB,
    };
}

impl InPieces {
    /// Goes through a file of a known kind to see where it can be cut.
    pub fn of(source: &Source, bytes: &dyn Bytes) -> Result<Self, Unsplit> {
        Splitting::of_source(source, bytes, Sizes::USUAL)
    }

    /// The same for a table whose columns have a meaning.
    pub fn of_table(mapping: &Mapping, bytes: &dyn Bytes) -> Result<Self, Unsplit> {
        Splitting::of_table(mapping, bytes, Sizes::USUAL)
    }

    /// What is wrong with the file beside what its pieces say.
    pub fn problems(&self) -> &[LineProblem] {
        &self.problems
    }

    /// Reads piece after piece, until all are read or whoever hears it has heard enough.
    pub fn read(
        &self,
        bytes: &dyn Bytes,
        assumed: Assumed,
        read: &dyn Fn(&[u8], Assumed) -> Reading,
        mut hear: impl FnMut(Reading) -> ControlFlow<()>,
    ) -> io::Result<()> {
        for text in self.texts(bytes)? {
            if hear(text?.read(assumed, read)).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The text of each piece, for whoever reads several at a time.
    pub fn texts<'a>(&'a self, bytes: &'a dyn Bytes) -> io::Result<Texts<'a>> {
        let decoding = Decoding::begin(bytes, self.written, self.sizes.decoded)?;
        let rest = Rest { decoding, text: String::new(), from: 0 };
        Ok(Texts { cut: self, rest, holes: self.holes.iter().peekable(), at: 0 })
    }

    /// The header, and blank lines up to the line on which the piece begins.
    fn beginning(&self, at: usize, piece: &Piece) -> String {
        let mut text = self.head.clone();
        if at > 0 {
            if text.ends_with('\r') {
                text.push('\n');
            }
            let blank = piece.line.saturating_sub(1).saturating_sub(Ends::of(&text));
            push_lines(&mut text, blank);
        }
        text
    }
}

/// The texts of the pieces, one after the other.
pub struct Texts<'a> {
    cut: &'a InPieces,
    rest: Rest<'a>,
    holes: Peekable<Iter<'a, Hole>>,
    /// The next piece.
    at: usize,
}

/// The text of a piece.
#[derive(Debug)]
pub struct PieceText {
    text: String,
    /// So many lines are the header, if another piece tells what is wrong with it.
    headed: Option<u32>,
}

impl Texts<'_> {
    fn text_of(&mut self, piece: &Piece) -> io::Result<PieceText> {
        let Self { cut, rest, holes, at } = self;
        let mut text = cut.beginning(*at, piece);
        let to = cut.pieces.get(*at + 1).map_or(u64::MAX, |next| next.from);
        rest.skip(piece.from)?;
        while let Some(hole) = holes.next_if(|hole| hole.from < to) {
            rest.copy(hole.from, &mut text)?;
            push_lines(&mut text, hole.ends);
            rest.skip(hole.to)?;
        }
        rest.copy(to, &mut text)?;
        add_astray(&mut text, &piece.astray);
        // What is wrong with the header is said of the first piece.
        let headed = (*at > 0).then(|| Ends::of(&cut.head).max(1));
        Ok(PieceText { text, headed })
    }
}

impl Iterator for Texts<'_> {
    type Item = io::Result<PieceText>;

    fn next(&mut self) -> Option<io::Result<PieceText>> {
        let piece = self.cut.pieces.get(self.at)?;
        let text = self.text_of(piece);
        self.at = if text.is_ok() { self.at + 1 } else { usize::MAX };
        Some(text)
    }
}

impl PieceText {
    /// Reads the piece.
    pub fn read(self, assumed: Assumed, read: &dyn Fn(&[u8], Assumed) -> Reading) -> Reading {
        let mut reading = read(self.text.as_bytes(), assumed);
        reading.problems.retain(|problem| self.headed.is_none_or(|headed| problem.line > headed));
        reading
    }
}

/// Adds rows that lie astray, each on its own line.
fn add_astray(text: &mut String, astray: &[Stray]) {
    let mut ended = if astray.is_empty() { 0 } else { Ends::of(text) };
    for stray in astray {
        push_lines(text, stray.line.saturating_sub(1).saturating_sub(ended));
        let from = text.len();
        text.push_str(&stray.text);
        text.push('\n');
        ended = stray.line.saturating_sub(1) + Ends::of(&text[from..]);
    }
}

fn push_lines(text: &mut String, count: u32) {
    text.extend(std::iter::repeat_n('\n', count as usize));
}

/// What was not read yet of a file.
struct Rest<'b> {
    decoding: Decoding<'b>,
    text: String,
    /// Where the text begins in the whole one.
    from: u64,
}

impl Rest<'_> {
    /// Copies up to a place, or to the end.
    fn copy(&mut self, to: u64, into: &mut String) -> io::Result<()> {
        self.pass(to, |text| into.push_str(text))
    }

    fn skip(&mut self, to: u64) -> io::Result<()> {
        self.pass(to, |_| {})
    }

    fn pass(&mut self, to: u64, mut hear: impl FnMut(&str)) -> io::Result<()> {
        loop {
            let wanted = usize::try_from(to.saturating_sub(self.from)).unwrap_or(usize::MAX);
            if wanted <= self.text.len() {
                // Another file under the same name may have letters of another length there.
                let changed = || io::Error::other("it was changed while it was read");
                hear(self.text.get(..wanted).ok_or_else(changed)?);
                self.text.drain(..wanted);
                self.from += wanted as u64;
                return Ok(());
            }
            hear(&self.text);
            self.from += self.text.len() as u64;
            self.text.clear();
            if !self.decoding.more(&mut self.text)? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
