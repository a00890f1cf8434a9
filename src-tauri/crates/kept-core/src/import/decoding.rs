//! Bytes to text a stretch at a time, for files that are too large to be held whole. It is the same text as
//! [`text::decode`](super::text::decode) makes of all of them at once.

use super::text::{Letters, guess_utf_16, is_kana, no_text, not_readable, not_text};
use crate::views::LineProblem;
use encoding_rs::{Decoder, Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};
use memchr::memchr2_iter;
use std::io::{self, Read};

/// A file that can be read from its beginning as often as it is wanted.
pub trait Bytes {
    /// Begins to read it.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

impl Bytes for &[u8] {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(*self))
    }
}

/// How bytes are written: the encoding, and how many of them at the beginning only say so.
pub(super) type Written = (&'static Encoding, usize);

/// So many problems of the encoding are named; a file that is all wrong has one on every line.
const PROBLEMS_MOST: usize = 10_000;

/// The text of a file, which comes in stretches.
pub(super) struct Decoding<'b> {
    bytes: Box<dyn Read + 'b>,
    decoder: Decoder,
    /// How many bytes make a stretch.
    stretch: usize,
    raw: Vec<u8>,
    ended: bool,
    damaged: bool,
    ends: Ends,
    problems: Vec<LineProblem>,
}

impl<'b> Decoding<'b> {
    /// Begins to decode a file.
    pub(super) fn begin(bytes: &'b dyn Bytes, written: Written, stretch: usize) -> io::Result<Self> {
        let (encoding, mark) = written;
        let mut bytes = bytes.open()?;
        (&mut bytes).take(mark as u64).read_to_end(&mut Vec::new())?;
        Ok(Self {
            bytes,
            decoder: encoding.new_decoder_without_bom_handling(),
            stretch,
            raw: Vec::with_capacity(stretch),
            ended: false,
            damaged: false,
            ends: Ends::default(),
            problems: Vec::new(),
        })
    }

    /// Adds the next stretch to a text; false if there is none.
    pub(super) fn more(&mut self, text: &mut String) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.raw.clear();
        (&mut self.bytes).take(self.stretch as u64).read_to_end(&mut self.raw)?;
        self.ended = self.raw.len() < self.stretch;
        let from = text.len();
        text.reserve(self.decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(4 * self.raw.len() + 16));
        let (_, _, damaged) = self.decoder.decode_to_string(&self.raw, text, self.ended);
        self.damaged |= damaged;
        let strange = text[from..].contains(no_text);
        if damaged || strange {
            self.note(&text[from..], damaged);
        }
        self.ends.pass(&text[from..]);
        if strange {
            let clean: String = text[from..].chars().filter(|c| !no_text(*c)).collect();
            text.truncate(from);
            text.push_str(&clean);
        }
        Ok(true)
    }

    /// Whether all of it was decoded.
    pub(super) const fn has_ended(&self) -> bool {
        self.ended
    }

    /// What had to be replaced or left out, by line.
    pub(super) fn problems(&mut self) -> Vec<LineProblem> {
        std::mem::take(&mut self.problems)
    }

    /// Notes the lines of a stretch on which something had to be replaced or left out, each once.
    fn note(&mut self, stretch: &str, damaged: bool) {
        let mut ends = self.ends;
        let mut from = 0;
        let wrong = |c: char| no_text(c) || damaged && c == char::REPLACEMENT_CHARACTER;
        for (at, found) in stretch.match_indices(wrong) {
            ends.pass(&stretch[from..at]);
            from = at;
            let line = ends.count.saturating_add(1);
            let problem = if found.contains(no_text) {
                not_text(line)
            } else {
                not_readable(line, self.decoder.encoding())
            };
            if self.problems.len() < PROBLEMS_MOST
                && !self.problems.iter().rev().take(2).any(|it| *it == problem)
            {
                self.problems.push(problem);
            }
        }
    }
}

/// The encoding that bytes show signs of.
pub(super) fn written(bytes: &dyn Bytes, stretch: usize) -> io::Result<Written> {
    let mut reader = bytes.open()?;
    let mut raw = Vec::with_capacity(stretch);
    let mut more = |raw: &mut Vec<u8>| (&mut reader).take(stretch.max(512) as u64).read_to_end(raw);
    more(&mut raw)?;
    if let Some(marked) = Encoding::for_bom(&raw) {
        return Ok(marked);
    }
    if let Some(utf_16) = guess_utf_16(&raw) {
        return Ok((utf_16, 0));
    }
    let mut letters = Letters::default();
    loop {
        // Cut at a line, so that no character is cut in two.
        let end = raw.iter().rposition(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
        letters.hear(&raw[..end]);
        raw.drain(..end);
        if more(&mut raw)? == 0 {
            letters.hear(&raw);
            break;
        }
    }
    Ok((if letters.are_utf_8() { UTF_8 } else { not_utf_8(bytes, stretch)? }, 0))
}

fn not_utf_8(bytes: &dyn Bytes, stretch: usize) -> io::Result<&'static Encoding> {
    let mut decoding = Decoding::begin(bytes, (SHIFT_JIS, 0), stretch)?;
    let mut text = String::new();
    let mut kana = false;
    while !decoding.damaged && decoding.more(&mut text)? {
        kana |= text.contains(is_kana);
        text.clear();
    }
    Ok(if kana && !decoding.damaged { SHIFT_JIS } else { WINDOWS_1252 })
}

/// Counts line ends as a text editor does, over several stretches.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends {
    /// So many lines have ended.
    pub count: u32,
    /// The last stretch ended between the two bytes of `\r\n`, perhaps.
    returned: bool,
}

impl Ends {
    /// Those of one text.
    pub(super) fn of(text: &str) -> u32 {
        let mut ends = Self::default();
        ends.pass(text);
        ends.count
    }

    /// Counts those of a stretch.
    pub(super) fn pass(&mut self, stretch: &str) {
        let bytes = stretch.as_bytes();
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            let second = bytes[at] == b'\n'
                && at.checked_sub(1).map_or(self.returned, |before| bytes[before] == b'\r');
            self.count = self.count.saturating_add(u32::from(!second));
        }
        if let Some(last) = bytes.last() {
            self.returned = *last == b'\r';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::text::decode;
    use proptest::prelude::*;

    /// The text in stretches of so many bytes, and the lines with problems.
    fn decoded(bytes: &[u8], stretch: usize) -> (String, Vec<u32>) {
        let bytes = &bytes;
        let mut decoding = Decoding::begin(bytes, written(bytes, stretch).unwrap(), stretch).unwrap();
        let mut text = String::new();
        while decoding.more(&mut text).unwrap() {}
        (text, decoding.problems().iter().map(|problem| problem.line).collect())
    }

    fn check(bytes: &[u8]) {
        let whole = decode(bytes);
        let lines: Vec<u32> = whole.problems.iter().map(|problem| problem.line).collect();
        for stretch in [600, 1_000, 1_000_000] {
            assert_eq!(decoded(bytes, stretch), (whole.text.to_string(), lines.clone()), "{stretch}");
        }
    }

    #[test]
    fn a_text_in_stretches_is_the_same_text_in_every_encoding() {
        let text = "Name,Straße\r\n#1001,Grüner Weg 3 🎂\r\n".repeat(100);
        check(text.as_bytes());
        check(&[b"\xEF\xBB\xBF", text.as_bytes()].concat());
        check(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        check(&text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>());
        check(&SHIFT_JIS.encode(&"注文,ケーキを一つ\n".repeat(100)).0);
        check(&b"Stra\xDFe,Caf\xE9 \x80 5\n".repeat(100));
    }

    #[test]
    fn a_damaged_text_in_stretches_says_the_same_lines() {
        let mut bytes = "é\r\nü\rö\n".repeat(200).into_bytes();
        bytes[701] = 0xFF;
        bytes[1_403] = 0xFF;
        check(&bytes);
        let mut bytes = b"one\ntwo\r\nthree\r".repeat(200);
        bytes[900] = 0;
        bytes[1_805] = 1;
        check(&bytes);
    }

    proptest! {
        #[test]
        fn lines_end_as_often_in_stretches(pieces in proptest::collection::vec("[a\r\n]{0,4}", 0..20)) {
            let mut ends = Ends::default();
            for piece in &pieces {
                ends.pass(piece);
            }
            prop_assert_eq!(ends.count, Ends::of(&pieces.concat()));
        }
    }
}
