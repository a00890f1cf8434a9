//! Files that owners already have: the exports of shops, read into drafts, and drafts merged into promises.
//!
//! Bytes become text ([`text`]), text becomes rows ([`table`]), and each shop's own file here makes orders of the
//! rows. What comes after that is the same for every shop: an order that Kept does not know becomes a new promise,
//! one that it knows is merged ([`merge`]).
//!
//! Nothing is lost silently: each row of a file is in an order or in a problem that names its line.

mod customer;
mod merge;
mod order;
mod seen;
pub mod shopify;
mod table;
mod text;
mod values;

pub use customer::CustomerDraft;
pub use merge::{Merged, Merging};
pub use order::{Financial, Fulfilment, LineDraft, OrderDraft};
pub use seen::{Seen, SeenLine, SeenPayment};

use crate::day::Zone;
use crate::money::Currency;
use crate::views::LineProblem;

/// The kinds of files that Kept reads. A new one is one line here and one file beside this one.
pub const SOURCES: &[Source] = &[shopify::SOURCE];

/// One kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// By which a promise remembers where it came from: `shopify`.
    pub shop: &'static str,
    /// What it is called on the screen: `Shopify orders`.
    pub kind: &'static str,
    /// The same in a sentence: `a Shopify orders export`.
    pub named: &'static str,
    /// The columns without which it is another file.
    pub needs: &'static [&'static str],
    /// Reads a whole file.
    pub read: fn(&[u8], Assumed) -> Reading,
}

/// What holds where a file does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// The business's zone, for times without an offset.
    pub zone: Zone,
    /// The business's currency, for amounts without one.
    pub currency: Currency,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What kind of file it is: `Shopify orders`.
    pub kind: &'static str,
    /// Its orders, in the order of the file.
    pub orders: Vec<OrderDraft>,
    /// What is wrong, by line.
    pub problems: Vec<LineProblem>,
}

/// How much of a file is looked at to see what it is.
const HEAD: usize = 256 * 1024;

/// Finds out what kind of file this is; if it is none that Kept reads, says why in a sentence.
pub fn recognise(bytes: &[u8]) -> Result<&'static Source, String> {
    if let Some(other) = other_format(bytes) {
        return Err(other);
    }
    let head = match bytes.get(..HEAD) {
        // Cut at a line, so that no character is cut in two.
        Some(head) => &head[..head.iter().rposition(|byte| *byte == b'\n').map_or(HEAD, |at| at + 1)],
        None => bytes,
    };
    let text = text::decode(head);
    let mut closest: Option<(usize, String)> = None;
    for source in SOURCES {
        match table::Table::open(&text.text, source.needs) {
            Ok(_) => return Ok(source),
            Err(missing) => {
                if closest.as_ref().is_none_or(|(found, _)| missing.found > *found) {
                    closest = Some((missing.found, missing.words(source.named)));
                }
            }
        }
    }
    Err(closest.map_or_else(|| "Kept reads no files yet.".to_owned(), |(_, words)| words))
}

/// Files that people mistake for an export, by their first bytes.
fn other_format(bytes: &[u8]) -> Option<String> {
    if bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Some("The file is empty.".to_owned());
    }
    let known: [(&[u8], &str); 5] = [
        (
            b"PK\x03\x04",
            "This is a spreadsheet or a ZIP archive. Unpack it, or save the sheet as CSV, and choose that file.",
        ),
        (b"\xD0\xCF\x11\xE0", "This is an old Excel file. Save the sheet as CSV and choose that file."),
        (b"%PDF", "This is a PDF. Export the orders as CSV and choose that file."),
        (b"\x1F\x8B", "This file is compressed. Unpack it and choose the CSV file inside."),
        (b"SQLite format 3", "This is a database. Export the orders as CSV and choose that file."),
    ];
    known.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], says: &str) {
        let said = recognise(bytes).map_or_else(|words| words, |source| source.kind.to_owned());
        assert!(said.contains(says), "{said:?} does not say {says:?}");
    }

    #[test]
    fn a_file_is_recognised_by_its_header_wherever_the_columns_stand() {
        check(b"Name,Created at,Lineitem quantity,Lineitem name\n", "Shopify orders");
        check(b"Lineitem name;lineitem quantity;Other;CREATED AT;\"name\"\r\n", "Shopify orders");
        check(b"\xEF\xBB\xBF\n,,,\nLineitem name\tLineitem quantity\tCreated at\tName\n", "Shopify orders");
    }

    #[test]
    fn a_file_that_is_none_says_what_it_lacks() {
        check(b"", "The file is empty");
        check(b" \r\n\n", "The file is empty");
        check(
            b"Email,Created at,Lineitem quantity,Lineitem name\n",
            "not a Shopify orders export: it has no column “Name”",
        );
        check(b"hello", "it has no columns “Name”, “Created at”");
        check(b"PK\x03\x04rest", "save the sheet as CSV");
        check(&[0xFF, 0xFE, 0x00], "not a Shopify orders export");
    }

    #[test]
    fn a_long_file_is_recognised_by_its_beginning() {
        let mut file = b"Name,Created at,Lineitem quantity,Lineitem name\n".to_vec();
        file.resize(2 * HEAD, b'x');
        check(&file, "Shopify orders");
    }
}
