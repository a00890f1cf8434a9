//! Bytes to text: byte-order marks, UTF-8, UTF-16, and the Windows-1252 that spreadsheets still write.

use crate::views::LineProblem;
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// A file as text, without its byte-order mark and without characters that no text has.
pub(super) struct Text<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// What could not be read, by line.
    pub problems: Vec<LineProblem>,
}

/// Reads bytes in the encoding that they show signs of; never fails, and says what it had to replace.
pub(super) fn decode(bytes: &[u8]) -> Text<'_> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let (text, replaced) = encoding.decode_without_bom_handling(&bytes[mark..]);
    let mut problems = Vec::new();
    if replaced {
        let not_readable = |line| not_readable(line, encoding);
        problems.extend(lines_with(&text, |c| c == char::REPLACEMENT_CHARACTER, not_readable));
    }
    if !text.contains(no_text) {
        return Text { text, problems };
    }
    problems.extend(lines_with(&text, no_text, not_text));
    Text { text: Cow::Owned(text.replace(no_text, "")), problems }
}

/// That a line holds bytes that mean nothing in the encoding of the file.
pub(super) fn not_readable(line: u32, encoding: &'static Encoding) -> LineProblem {
    let name = encoding.name();
    LineProblem::new(line, format!("Some characters on this line are not readable as {name} and show as �."))
}

/// That a line holds bytes that no text has.
pub(super) fn not_text(line: u32) -> LineProblem {
    LineProblem::new(line, "This line holds bytes that are no text (such as NUL). They were left out.")
}

/// The encoding of bytes without a mark.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(utf_16) = guess_utf_16(bytes) {
        return utf_16;
    }
    let mut letters = Letters::default();
    letters.hear(bytes);
    if letters.are_utf_8() {
        UTF_8
    } else if is_japanese(bytes) {
        SHIFT_JIS
    } else {
        WINDOWS_1252
    }
}

/// By which one sees whether bytes are UTF-8.
#[derive(Default)]
pub(super) struct Letters {
    whole: usize,
    broken: usize,
}

impl Letters {
    /// Counts those of a stretch, which cuts no letter in two.
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            self.whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            self.broken += usize::from(!chunk.invalid().is_empty());
        }
    }

    /// A few broken bytes among many letters are a damaged UTF-8 file; broken bytes alone are another encoding.
    pub(super) const fn are_utf_8(&self) -> bool {
        self.broken <= self.whole
    }
}

/// No Japanese text is without kana, and no Western one happens to hold them.
fn is_japanese(bytes: &[u8]) -> bool {
    let (text, replaced) = SHIFT_JIS.decode_without_bom_handling(bytes);
    !replaced && text.contains(is_kana)
}

/// The letters of the Japanese syllabaries.
pub(super) const fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ん' | 'ァ'..='ン')
}

/// Western text in UTF-16 has a zero in nearly every second byte.
pub(super) fn guess_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() * 2 / 5;
    if head.len() < 8 {
        None
    } else if zeros(1) >= most.max(8 * zeros(0)) {
        Some(UTF_16LE)
    } else if zeros(0) >= most.max(8 * zeros(1)) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Control characters other than tabs and line ends.
pub(super) const fn no_text(c: char) -> bool {
    c < ' ' && !matches!(c, '\t' | '\n' | '\r')
}

/// A problem for each line on which such a character stands.
fn lines_with(
    text: &str,
    found: impl Fn(char) -> bool + Copy,
    problem: impl Fn(u32) -> LineProblem,
) -> Vec<LineProblem> {
    let mut lines = Lines::default();
    let mut numbers: Vec<u32> = text.match_indices(found).map(|(at, _)| lines.line_at(text, at)).collect();
    numbers.dedup();
    numbers.into_iter().map(problem).collect()
}

/// Counts lines as a text editor does: `\n`, `\r\n` and a lone `\r` each end one, inside quotes as well.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lines {
    at: usize,
    ended: u32,
}

impl Lines {
    /// The line, from 1, on which the byte at `at` stands. Asked in ascending order only.
    pub(super) fn line_at(&mut self, text: &str, at: usize) -> u32 {
        let bytes = text.as_bytes();
        let ends = (self.at..at).filter(|at| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        self.ended = self.ended.saturating_add(u32::try_from(ends.count()).unwrap_or(u32::MAX));
        self.at = self.at.max(at);
        self.ended.saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, problems: &[u32]) {
        let read = decode(bytes);
        assert_eq!(read.text, text);
        assert_eq!(read.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), problems, "{text}");
    }

    fn utf_16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn text_is_read_in_the_encoding_that_it_was_written_in() {
        let text = "Name,Straße\n#1001,Grüner Weg 3 🎂\n";
        check(text.as_bytes(), text, &[]);
        check(&[b"\xEF\xBB\xBF", text.as_bytes()].concat(), text, &[]);
        for mark in [true, false] {
            check(&utf_16(text, mark, u16::to_le_bytes), text, &[]);
            check(&utf_16(text, mark, u16::to_be_bytes), text, &[]);
        }
        let (japanese, _, _) = SHIFT_JIS.encode("注文,ケーキを一つ\n");
        check(&japanese, "注文,ケーキを一つ\n", &[]);
        check(b"Name,Stra\xDFe\n#1001,Caf\xE9 \x80 5\n", "Name,Straße\n#1001,Café € 5\n", &[]);
    }

    #[test]
    fn a_damaged_file_says_on_which_lines() {
        check("é\nü\r\nö\u{0}\n".as_bytes(), "é\nü\r\nö\n", &[3]);
        check(b"\xC3\xA9\xC3\xA9\n\xFF\rx\n", "éé\n�\rx\n", &[2]);
        check(b"a\x00b", "ab", &[1]);
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let text = "a\nb\r\nc\rd";
        let mut lines = Lines::default();
        let counted: Vec<u32> = "abcd".chars().map(|c| lines.line_at(text, text.find(c).unwrap())).collect();
        assert_eq!(counted, [1, 2, 3, 4]);
    }
}
