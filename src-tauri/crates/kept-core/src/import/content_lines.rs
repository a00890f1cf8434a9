//! The lines of vCards and calendars (RFC 6350, RFC 5545, vCard 2.1): a name, parameters and a value, folded over several
//! lines of the file.

use encoding_rs::Encoding;
use std::borrow::Cow;

/// One line of content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ContentLine<'t> {
    /// The line of the file that it begins on.
    pub line: u32,
    /// Its name in capitals, without the group: `TEL` of `item1.TEL`.
    pub name: String,
    parameters: Vec<(String, String)>,
    value: Cow<'t, str>,
}

/// The lines of a text, unfolded. What has no colon is no line of content and comes as an error with its line.
pub(super) fn content_lines(text: &str) -> impl Iterator<Item = Result<ContentLine<'_>, u32>> {
    let mut lines =
        text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).zip(1_u32..).peekable();
    std::iter::from_fn(move || {
        loop {
            let (first, line) = lines.next()?;
            let mut whole = Cow::Borrowed(first);
            // A fold is a line end and a space. In vCard 2.1 an equals sign at the end goes on as well.
            while let Some((next, _)) = lines.peek() {
                if let Some(rest) = next.strip_prefix([' ', '\t']) {
                    whole.to_mut().push_str(rest);
                } else if whole.ends_with('=') && is_quoted_printable(&whole) {
                    whole.to_mut().pop();
                    whole.to_mut().push_str(next);
                } else {
                    break;
                }
                lines.next();
            }
            if whole.trim().is_empty() {
                continue;
            }
            return Some(ContentLine::of(line, whole).ok_or(line));
        }
    })
}

impl<'t> ContentLine<'t> {
    fn of(line: u32, whole: Cow<'t, str>) -> Option<Self> {
        let colon = colon_of(&whole)?;
        let mut parts = parted(&whole[..colon], ';').into_iter();
        let name = parts.next()?;
        let name = name.rsplit_once('.').map_or(name, |(_, name)| name).trim().to_uppercase();
        let parameters = parts
            .map(|part| match part.split_once('=') {
                Some((name, value)) => (name.to_uppercase(), value.trim_matches('"').to_owned()),
                // vCard 2.1 leaves the name of a parameter out: `TEL;CELL`, `NOTE;QUOTED-PRINTABLE`.
                None => (String::new(), part.to_owned()),
            })
            .collect();
        let value = match whole {
            Cow::Borrowed(whole) => Cow::Borrowed(&whole[colon + 1..]),
            Cow::Owned(whole) => Cow::Owned(whole[colon + 1..].to_owned()),
        };
        Some(Self { line, name, parameters, value })
    }

    /// A parameter by its name.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value as it stands there, decoded.
    pub(super) fn raw(&self) -> Cow<'_, str> {
        let encoded = self.parameters.iter().any(|(name, value)| {
            matches!(name.as_str(), "" | "ENCODING") && value.eq_ignore_ascii_case("QUOTED-PRINTABLE")
        });
        if !encoded {
            return Cow::Borrowed(&self.value);
        }
        let charset = self.parameter("CHARSET").and_then(|label| Encoding::for_label(label.as_bytes()));
        let bytes = from_quoted_printable(&self.value);
        Cow::Owned(charset.unwrap_or(encoding_rs::UTF_8).decode(&bytes).0.into_owned())
    }

    /// The value as text, its escapes undone.
    pub(super) fn text(&self) -> String {
        unescaped(&self.raw()).trim().to_owned()
    }

    /// The parts of a value that has several: of a name, of an address.
    pub(super) fn parts(&self) -> Vec<String> {
        parted(&self.raw(), ';').into_iter().map(|part| unescaped(part).trim().to_owned()).collect()
    }
}

fn is_quoted_printable(whole: &str) -> bool {
    let head = &whole[..whole.find(':').unwrap_or(0)];
    head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

/// The colon that ends the name and the parameters: not one within quotation marks.
fn colon_of(whole: &str) -> Option<usize> {
    let mut quoted = false;
    whole.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })
}

/// Parts between separators that are neither escaped nor within quotation marks.
fn parted(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, letter) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if letter == '"' && separator == ';' && !text[..at].contains(':') {
            quoted = !quoted;
        } else if letter == separator && !quoted {
            parts.push(&text[from..at]);
            from = at + separator.len_utf8();
        }
    }
    parts.push(&text[from..]);
    parts
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            '\r' => {}
            letter => plain.push(letter),
        }
    }
    plain
}

fn from_quoted_printable(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (bytes[at], pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'=', Some(byte)) => {
                plain.push(byte);
                at += 3;
            }
            (byte, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        let told = |line: Result<ContentLine<'_>, u32>| match line {
            Ok(line) => format!("{} {} {}", line.line, line.name, line.text()),
            Err(line) => format!("{line}!"),
        };
        content_lines(text).map(told).collect()
    }

    #[test]
    fn folded_lines_are_one() {
        assert_eq!(
            read(
                "BEGIN:VCARD\r\nNOTE:one\\, two\r\n  and three\\nfour\r\n\r\nitem1.TEL;TYPE=\"a:b\":+1\r\nnothing"
            ),
            ["1 BEGIN VCARD", "2 NOTE one, two and three\nfour", "5 TEL +1", "6!"]
        );
    }

    #[test]
    fn what_vcard_2_1_encodes_is_decoded() {
        assert_eq!(
            read(
                "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=FCrgen =\r\nGro=DF\r\nNOTE;QUOTED-PRINTABLE:=C3=A9=\n=C3=A8\nTEL;CELL:1"
            ),
            ["1 FN Jürgen Groß", "3 NOTE éè", "5 TEL 1"]
        );
    }

    #[test]
    fn parts_are_parted_by_what_is_not_escaped() {
        let line = content_lines("ADR;TYPE=home:;;Lot 4\\; rear;Oslo;;0150;NO").next().unwrap().unwrap();
        assert_eq!(line.parts(), ["", "", "Lot 4; rear", "Oslo", "", "0150", "NO"]);
        assert_eq!(line.parameter("TYPE"), Some("home"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "(?s).{0,200}") {
            for line in content_lines(&text).flatten() {
                let _ = (line.text(), line.parts());
            }
        }
    }
}
