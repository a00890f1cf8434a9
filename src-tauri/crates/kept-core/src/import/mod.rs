//! Files that owners already have: the exports of shops, read into drafts, and drafts merged into promises.
//!
//! Bytes become text ([`text`]), text becomes rows ([`table`]), and each shop's own file here makes orders of the
//! rows. What comes after that is the same for every shop: an order that Kept does not know becomes a new promise,
//! one that it knows is merged ([`merge`]).
//!
//! Nothing is lost silently: each row of a file is in an order or in a problem that names its line.

pub mod amazon;
mod amounts;
pub mod calendar_file;
mod content_lines;
mod customer;
mod dates;
mod decoding;
pub mod ebay;
pub mod etsy;
mod gathering;
pub mod mapped;
mod merge;
mod order;
mod paying;
mod payment;
mod pieces;
mod place;
pub mod quickbooks;
mod said;
mod seen;
pub mod shopify;
mod shops;
pub mod square;
pub mod stripe;
mod table;
mod text;
pub mod todoist;
pub mod trello;
mod values;
pub mod vcard;
pub mod woocommerce;

pub use amounts::DecimalMark;
pub use customer::CustomerDraft;
pub use dates::DateOrder;
pub use decoding::Bytes;
pub use merge::{Merged, Merging};
pub use order::{Financial, Fulfilment, LineDraft, OrderDraft, WHOLE_ORDER};
pub use paying::{Match, Payables, paid_by};
pub use payment::PaymentDraft;
pub use pieces::{Apart, InPieces, PieceText, Texts, Unsplit};
pub use seen::{Seen, SeenLine, SeenPayment};
pub use shops::shop_name;

use crate::day::{Stamp, Zone};
use crate::money::Currency;
use crate::views::LineProblem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The kinds of files that Kept reads. A new one is one line here and one file beside this one.
pub const SOURCES: &[Source] = &[
    shopify::SOURCE,
    etsy::ORDERS,
    etsy::ITEMS,
    ebay::SOURCE,
    amazon::SOURCE,
    woocommerce::ORDERS,
    woocommerce::LEGACY,
    woocommerce::ANALYTICS,
    square::ITEMS,
    square::TRANSACTIONS,
    stripe::SOURCE,
    quickbooks::SOURCE,
    trello::CSV,
    trello::JSON,
    todoist::SOURCE,
    vcard::SOURCE,
    calendar_file::SOURCE,
];

/// One kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// By which a promise remembers where it came from: `shopify`.
    pub shop: &'static str,
    /// What it is called on the screen: `Shopify orders`.
    pub kind: &'static str,
    /// The same in a sentence: `a Shopify orders export`.
    pub named: &'static str,
    /// By which a file shows that it is one.
    pub is: Signs,
    /// What belongs together in it, so that a large one can be read in pieces.
    pub apart: Apart,
    /// Reads a whole file.
    pub read: fn(&[u8], Assumed) -> Reading,
}

/// By which a file shows what it is.
#[derive(Clone, Copy, Debug)]
pub enum Signs {
    /// A table with these columns; each under one of the names that it has in several countries and years.
    Columns(&'static [&'static [&'static str]]),
    /// A text that looks so.
    Text(fn(&str) -> bool),
}

/// What holds where a file does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// The business's zone, for times without an offset.
    pub zone: Zone,
    /// The business's currency, for amounts without one.
    pub currency: Currency,
    /// The moment of the import, for what has no date at all.
    pub now: Stamp,
    /// What the owner has answered about this file.
    pub answers: Answers,
}

impl Assumed {
    /// What the business's settings say, with nothing answered yet.
    pub fn of(zone: Zone, currency: Currency, now: Stamp) -> Self {
        Self { zone, currency, now, answers: Answers::default() }
    }
}

/// What the owner has answered about a file that can be read in more than one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct Answers {
    /// Which of two numbers is the day.
    #[serde(default)]
    pub dates: Option<DateOrder>,
    /// What parts the whole from the fraction.
    #[serde(default)]
    pub decimals: Option<DecimalMark>,
    /// Sales are promises that are still to be kept, not only evidence of payment.
    #[serde(default)]
    pub as_orders: Option<bool>,
}

impl Answers {
    /// These, and where they say nothing, others.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            dates: self.dates.or(others.dates),
            decimals: self.decimals.or(others.decimals),
            as_orders: self.as_orders.or(others.as_orders),
        }
    }
}

/// What has to be asked about a file before it can be brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Which of two numbers is the day; with a date from the file.
    Dates(String),
    /// What parts the whole from the fraction; with a number from the file.
    Decimals(String),
    /// Whether sales without a date are promises, or only evidence that they were paid.
    AsOrders,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its orders, in the order of the file.
    pub orders: Vec<OrderDraft>,
    /// Payments that it shows, to be found among the promises.
    pub payments: Vec<PaymentDraft>,
    /// Customers that it tells of beside any order.
    pub customers: Vec<CustomerDraft>,
    /// What is wrong, by line.
    pub problems: Vec<LineProblem>,
    /// What has to be asked first.
    pub questions: Vec<Question>,
    /// What the file itself answers.
    pub shows: Answers,
    /// Lines that hold nothing to bring in by the format's own rule, such as a footer.
    pub passed_over: Vec<u32>,
}

impl Reading {
    /// A reading of nothing yet.
    pub const fn empty() -> Self {
        Self {
            orders: Vec::new(),
            payments: Vec::new(),
            customers: Vec::new(),
            problems: Vec::new(),
            questions: Vec::new(),
            shows: Answers { dates: None, decimals: None, as_orders: None },
            passed_over: Vec::new(),
        }
    }

    /// Takes in what another piece of the same file tells.
    pub fn and(&mut self, more: Self) {
        self.orders.extend(more.orders);
        self.payments.extend(more.payments);
        self.customers.extend(more.customers);
        self.problems.extend(more.problems);
        self.ask(more.questions);
        self.shows = self.shows.or(more.shows);
        self.passed_over.extend(more.passed_over);
    }

    /// Asks what is not asked yet.
    fn ask(&mut self, questions: Vec<Question>) {
        for question in questions {
            let kind = std::mem::discriminant(&question);
            if self.questions.iter().all(|known| std::mem::discriminant(known) != kind) {
                self.questions.push(question);
            }
        }
    }
}

/// How much of a file is looked at to see what it is.
pub const HEAD: usize = 256 * 1024;

/// Why a file is refused whose first line goes on and on.
const ENDLESS: &str = "Its first line is longer than 256 KB. Kept reads no such table.";

/// Whether a file begins with a line that is no header.
fn is_endless(bytes: &[u8]) -> bool {
    bytes.len() > HEAD && !bytes[..HEAD].iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

/// Finds out what kind of file this is by its beginning, which is a little more than [`HEAD`] if the file is longer; if
/// it is none that Kept reads, says why in a sentence.
pub fn recognise(bytes: &[u8]) -> Result<&'static Source, String> {
    if let Some(other) = other_format(bytes) {
        return Err(other);
    }
    let text = text::decode(head(bytes));
    let mut closest: Option<(usize, String)> = None;
    for source in SOURCES {
        let needs = match source.is {
            Signs::Columns(needs) => needs,
            Signs::Text(is) if is(&text.text) => return Ok(source),
            Signs::Text(_) => continue,
        };
        if is_endless(bytes) {
            continue;
        }
        match table::Table::open(&text.text, needs) {
            Ok(_) => return Ok(source),
            Err(missing) => {
                if closest.as_ref().is_none_or(|(found, _)| missing.found > *found) {
                    closest = Some((missing.found, missing.words(source.named)));
                }
            }
        }
    }
    Err(closest.map_or_else(|| ENDLESS.to_owned(), |(_, words)| words))
}

/// The beginning of a file, cut at a line, so that no character is cut in two.
fn head(bytes: &[u8]) -> &[u8] {
    match bytes.get(..HEAD) {
        Some(head) => &head[..head.iter().rposition(|byte| *byte == b'\n').map_or(HEAD, |at| at + 1)],
        None => bytes,
    }
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
mod tests;

#[cfg(test)]
mod recognising {
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
    fn a_file_that_is_one_long_line_is_refused_by_its_beginning() {
        let file = b"Name,Created at,Lineitem quantity,Lineitem name,".repeat(HEAD / 40);
        check(&file, "first line is longer");
        assert!(mapped::look(&file).is_err_and(|words| words.contains("first line is longer")));
        // A board as JSON is one line, and no table.
        let board = format!("{{\"url\":\"https://trello.com/b/x\",\"cards\":[{}", "{},".repeat(HEAD));
        check(board.as_bytes(), "Trello board (JSON)");
    }

    #[test]
    fn a_long_file_is_recognised_by_its_beginning() {
        let mut file = b"Name,Created at,Lineitem quantity,Lineitem name\n".to_vec();
        file.resize(2 * HEAD, b'x');
        check(&file, "Shopify orders");
    }
}
