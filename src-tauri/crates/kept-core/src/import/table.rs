//! Text to rows: the delimiter, the header by names, and rows that say on which lines they stand.
//!
//! Splitting into cells is the `csv` crate's; what is added here is recovery. One quotation mark that is never closed
//! would otherwise swallow the rest of a file without a word.

use super::text::Lines;
use super::values::short;
use crate::views::LineProblem;
use csv::StringRecord;

/// A table with its header found.
#[derive(Debug)]
pub(super) struct Table<'t> {
    text: &'t str,
    delimiter: u8,
    header: StringRecord,
    headed_on: u32,
    /// Where the rows begin.
    body: usize,
    /// The text is a stretch, behind which the table goes on: a row that reaches its end is not whole.
    goes_on: bool,
    /// Quotation marks mean what they do elsewhere; false for a hostile file, see `patience`.
    quotes: bool,
}

/// What a table looks like, without its rows: with it the stretches of a large one are read.
#[derive(Debug)]
pub(super) struct Form {
    delimiter: u8,
    header: StringRecord,
    headed_on: u32,
    /// Where the rows begin.
    pub body: usize,
    /// Quotation marks mean what they do elsewhere.
    pub quotes: bool,
}

impl Form {
    /// The table that a stretch of rows is.
    pub(super) fn over<'t>(&self, text: &'t str, body: usize, goes_on: bool) -> Table<'t> {
        let Self { delimiter, headed_on, quotes, .. } = *self;
        Table { text, delimiter, header: self.header.clone(), headed_on, body, goes_on, quotes }
    }
}

/// The names that one column has in the exports of several countries and years.
pub(super) type Names = &'static [&'static str];

/// Why a text is not the table that was looked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Missing {
    /// How many of the needed columns are there.
    pub found: usize,
    lacks: Vec<&'static str>,
    begins: String,
}

/// A column, by its name in the header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// The name under which the owner knows it.
    pub name: &'static str,
    at: Option<usize>,
}

impl Column {
    /// No column, where a source has none for something.
    pub(super) const NONE: Self = Self { name: "", at: None };

    /// A column by its place.
    pub(super) const fn at(name: &'static str, at: usize) -> Self {
        Self { name, at: Some(at) }
    }

    /// Whether the file has it.
    pub(super) const fn is_there(self) -> bool {
        self.at.is_some()
    }
}

/// The columns that a source reads, by the names that they have in the header: `order: "Order ID" | "Bestellnummer"`.
macro_rules! columns {
    ($($field:ident: $($name:literal)|+),* $(,)?) => {
        /// Where each column stands in this file.
        pub(super) struct Columns { $(pub(super) $field: $crate::import::table::Column),* }

        impl $crate::import::table::Columns for Columns {
            fn of(table: &$crate::import::table::Table<'_>) -> Self {
                Self { $($field: table.column(&[$($name),+])),* }
            }

            fn all(&self) -> Vec<$crate::import::table::Column> {
                vec![$(self.$field),*]
            }
        }
    };
}
pub(super) use columns;

/// What a source reads of a table.
pub(super) trait Columns {
    /// Finds them in the header.
    fn of(table: &Table<'_>) -> Self;

    /// All of them.
    fn all(&self) -> Vec<Column>;
}

/// One row of cells.
#[derive(Debug)]
pub(super) struct Row {
    /// The line that it begins on.
    pub line: u32,
    /// It does not follow the row above at once: blank lines lie between.
    pub after_blank: bool,
    cells: StringRecord,
}

/// A row that cannot be read.
#[derive(Debug)]
pub(super) struct Unread {
    /// What is wrong.
    pub problem: LineProblem,
    /// Its first cell, by which a footer is told apart.
    pub first: String,
}

/// In how many records the header is looked for: some exports put a title or blank lines above it.
const HEADER_WITHIN: usize = 10;

impl<'t> Table<'t> {
    /// Finds the delimiter and the header, which is the first record that has all the needed columns.
    pub(super) fn open(text: &'t str, needs: &'static [Names]) -> Result<Self, Missing> {
        let mut closest = Missing::nothing_of(text, needs);
        for delimiter in *b",;\t|" {
            let mut records = Records::new(text, 0, delimiter, true);
            for _ in 0..HEADER_WITHIN {
                let Some(record) = records.next() else { break };
                let missing = Missing::of(text, needs, &record.cells);
                if missing.lacks.is_empty() {
                    let headed_on = Lines::default().line_at(text, record.start);
                    return Ok(Self::new(text, delimiter, record, headed_on));
                }
                if missing.found > closest.found {
                    closest = missing;
                }
            }
        }
        Err(closest)
    }

    /// Finds the delimiter and the header of any table: the first record of several cells that is followed by one with as
    /// many. None if there is none.
    pub(super) fn open_any(text: &'t str) -> Option<Self> {
        let tables = b",;\t|".iter().filter_map(|delimiter| {
            let mut records = Records::new(text, 0, *delimiter, true);
            for _ in 0..HEADER_WITHIN {
                let record = records.next()?;
                let named = record.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
                if named >= 2 && named * 2 > record.cells.len() {
                    let headed_on = Lines::default().line_at(text, record.start);
                    return Some(Self::new(text, *delimiter, record, headed_on));
                }
            }
            None
        });
        // The delimiter that makes the most of the header.
        tables.max_by_key(|table| table.header.len())
    }

    fn new(text: &'t str, delimiter: u8, header: Record, headed_on: u32) -> Self {
        let (body, header) = (header.end, header.cells);
        Self { text, delimiter, header, headed_on, body, goes_on: false, quotes: true }
    }

    /// What it looks like, without its rows.
    pub(super) fn form(&self) -> Form {
        let Self { delimiter, headed_on, body, quotes, .. } = *self;
        Form { delimiter, header: self.header.clone(), headed_on, body, quotes }
    }

    /// The names of the columns, in the order of the file.
    pub(super) fn names(&self) -> Vec<&str> {
        self.header.iter().map(str::trim).collect()
    }

    /// A column by the first of its names that is there, however it is capitalised and spaced.
    pub(super) fn column(&self, names: Names) -> Column {
        let found = names.iter().find_map(|name| {
            let at = self.header.iter().position(|cell| is_named(cell, name))?;
            Some(Column { name, at: Some(at) })
        });
        found.unwrap_or(Column { name: names.first().copied().unwrap_or_default(), at: None })
    }

    /// The columns of a name that is followed by a number, in the order of the file: `line_item_1`, `line_item_2`.
    pub(super) fn numbered(&self, name: &'static str) -> Vec<Column> {
        let is_one = |cell: &str| {
            let number = fold(cell).strip_prefix(&fold(name)).map(|rest| rest.trim().to_owned());
            number.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|digit| digit.is_ascii_digit()))
        };
        let columns = self.header.iter().enumerate().filter(|(_, cell)| is_one(cell));
        columns.map(|(at, _)| Column { name, at: Some(at) }).collect()
    }

    /// What is wrong with the header as far as these columns are concerned.
    pub(super) fn header_problems(&self, columns: &[Column]) -> Vec<LineProblem> {
        let twice =
            |column: &&Column| self.header.iter().filter(|cell| is_named(cell, column.name)).count() > 1;
        columns
            .iter()
            .filter(twice)
            .map(|column| {
                LineProblem::new(
                    self.headed_on,
                    format!("The column “{}” is there more than once. The first one was read.", column.name),
                )
            })
            .collect()
    }

    /// The rows, in order; in place of one that cannot be read, what is wrong with it. Blank rows are left out.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows {
            table: self,
            records: Records::new(self.text, self.body, self.delimiter, self.quotes),
            lines: Lines::default(),
            reached: self.body,
            patience: if self.quotes { self.text.len().saturating_mul(2) } else { 0 },
        }
    }
}

/// The rows of a table.
pub(super) struct Rows<'t> {
    table: &'t Table<'t>,
    records: Records<'t>,
    lines: Lines,
    /// Up to where it was read.
    reached: usize,
    /// How many bytes may be read a second time after broken quotes, before quotes no longer span lines at all: what
    /// keeps a hostile file from taking for ever.
    patience: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Unread>;

    fn next(&mut self) -> Option<Self::Item> {
        self.placed().map(|placed| placed.row)
    }
}

/// A row, or what is wrong with it, and where it stands in the text.
pub(super) struct Placed {
    pub row: Result<Row, Unread>,
    pub line: u32,
    pub start: usize,
    pub end: usize,
}

impl Rows<'_> {
    /// The next row with its place.
    pub(super) fn placed(&mut self) -> Option<Placed> {
        loop {
            let Some(record) = self.records.next() else {
                // Nothing but line ends.
                self.reached = self.table.text.len();
                return None;
            };
            let (start, mut end) = (record.start, record.end);
            if self.table.goes_on && end == self.table.text.len() {
                self.reached = start;
                return None;
            }
            self.reached = end;
            if record.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let line = self.lines.line_at(self.table.text, start);
            let row = if let Some(first_line_end) = self.broken_quotes(&record) {
                self.go_on_at(first_line_end, end);
                end = first_line_end;
                self.reached = end;
                let is = "A quotation mark on this line is never closed, or not where a cell ends. The line was left \
                          out; reading went on with the next one.";
                Err(Unread::new(line, is.to_owned(), &record))
            } else if let Some(is) = self.wrong_shape(&record) {
                Err(Unread::new(line, is, &record))
            } else {
                Ok(Row { line, after_blank: record.after_blank, cells: record.cells })
            };
            return Some(Placed { row, line, start, end });
        }
    }

    /// Up to where rows were read: what stands behind it is to be read again with what follows the stretch.
    pub(super) const fn reached(&self) -> usize {
        self.reached
    }
}

impl Rows<'_> {
    /// Where the first line of a record ends, if the record spans lines that do not belong together.
    fn broken_quotes(&self, record: &Record) -> Option<usize> {
        let raw = &self.table.text[record.start..record.end];
        let first_line = raw.find(['\n', '\r']).filter(|end| !raw[*end..].trim().is_empty())?;
        let odd = || raw.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
        let at_the_end = record.end == self.table.text.len();
        let broken = record.cells.len() != self.table.header.len()
            || goes_on_behind_a_quote(raw, self.table.delimiter)
            || at_the_end && odd();
        broken.then_some(record.start + first_line)
    }

    fn go_on_at(&mut self, at: usize, read: usize) {
        self.patience = self.patience.saturating_sub(read - at);
        self.records = Records::new(self.table.text, at, self.table.delimiter, self.patience > 0);
    }

    fn wrong_shape(&self, record: &Record) -> Option<String> {
        let (cells, header) = (record.cells.len(), self.table.header.len());
        let extra = || record.cells.iter().skip(header).any(|cell| !cell.trim().is_empty());
        let text = self.table.text;
        let cut_off = || record.end == text.len() && !text.ends_with(['\n', '\r']);
        if cells > header && extra() {
            Some(format!("This row has {cells} cells where the header has {header}. It was left out."))
        } else if cells < header && cut_off() {
            Some("The file breaks off in the middle of this row. It was left out.".to_owned())
        } else if cells == 1 && header > 1 {
            let all = short(record.cells.get(0).unwrap_or_default());
            Some(format!("This is not a row of orders: “{all}”. It was left out."))
        } else {
            None
        }
    }
}

impl Unread {
    fn new(line: u32, is: String, record: &Record) -> Self {
        Self { problem: LineProblem::new(line, is), first: short(record.cells.get(0).unwrap_or_default()) }
    }
}

impl Row {
    /// The first cell, by which a footer is told apart.
    pub(super) fn first(&self) -> &str {
        self.cell(0)
    }

    /// A cell by its place, which may be another one in the next export.
    pub(super) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).unwrap_or_default().trim()
    }

    /// A cell's text, without spaces around it; nothing where the file lacks the column.
    pub(super) fn text(&self, column: Column) -> &str {
        column.at.and_then(|at| self.cells.get(at)).unwrap_or_default().trim()
    }

    /// Whether the row repeats the header, as in files that were put together by hand.
    pub(super) fn is_header_of(&self, table: &Table<'_>) -> bool {
        self.cells == table.header
    }
}

impl Missing {
    fn of(text: &str, needs: &'static [Names], cells: &StringRecord) -> Self {
        let is_there = |names: Names| names.iter().any(|name| cells.iter().any(|cell| is_named(cell, name)));
        let lacks: Vec<_> = needs
            .iter()
            .filter(|names| !is_there(names))
            .filter_map(|names| names.first().copied())
            .collect();
        let begins = short(text.trim_start().lines().next().unwrap_or_default());
        Self { found: needs.len() - lacks.len(), lacks, begins }
    }

    fn nothing_of(text: &str, needs: &'static [Names]) -> Self {
        Self::of(text, needs, &StringRecord::new())
    }

    /// In a sentence: `This is not a Shopify orders export: it has no column “Name”. It begins with “…”.`
    pub(super) fn words(&self, named: &str) -> String {
        let columns: Vec<String> = self.lacks.iter().map(|name| format!("“{name}”")).collect();
        let columns = match columns.as_slice() {
            [one] => format!("no column {one}"),
            [rest @ .., last] => format!("no columns {} and {last}", rest.join(", ")),
            [] => "no rows".to_owned(),
        };
        format!("This is not {named}: it has {columns}. It begins with “{}”.", self.begins)
    }
}

/// Whether a quoted cell ends and its text goes on: then the quotation mark that ends it began another cell, lines further
/// down, and all between was swallowed.
fn goes_on_behind_a_quote(raw: &str, delimiter: u8) -> bool {
    let bytes = raw.as_bytes();
    let (mut quoted, mut begins, mut at) = (false, true, 0);
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        match (quoted, byte) {
            (true, b'"') if next == Some(&b'"') => at += 1,
            (true, b'"') => {
                quoted = false;
                let ends = next.is_none_or(|next| *next == delimiter || matches!(next, b'\n' | b'\r'));
                if !ends {
                    return true;
                }
            }
            (false, b'"') if begins => quoted = true,
            _ => {}
        }
        begins = !quoted && (*byte == delimiter || matches!(byte, b'\n' | b'\r'));
        at += 1;
    }
    false
}

/// Whether a cell of the header is a column's name. An asterisk marks a column that must be filled in.
fn is_named(cell: &str, name: &str) -> bool {
    cell == name || fold(cell) == fold(name)
}

/// A column's name in the form in which two spellings of it are equal.
fn fold(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '*'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// Records of cells with the bytes they stand on.
struct Records<'t> {
    text: &'t str,
    from: usize,
    reader: csv::Reader<&'t [u8]>,
}

struct Record {
    cells: StringRecord,
    after_blank: bool,
    start: usize,
    end: usize,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, from: usize, delimiter: u8, quotes: bool) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .quoting(quotes)
            .from_reader(&text.as_bytes()[from..]);
        Self { text, from, reader }
    }

    fn next(&mut self) -> Option<Record> {
        let begins = self.place();
        let mut cells = StringRecord::new();
        // The text is UTF-8 and in memory, so that reading cannot fail.
        if !self.reader.read_record(&mut cells).unwrap_or(false) {
            return None;
        }
        let end = self.place();
        // The reader stands before the line end of the last record, and before blank lines, when it begins.
        let skipped = self.text[begins..end].find(|c| !matches!(c, '\n' | '\r')).unwrap_or(0);
        let bytes = self.text.as_bytes();
        let ends_above = begins > 0 && bytes[begins - 1] == b'\r' && bytes[begins] == b'\n';
        let after_blank = skipped > usize::from(ends_above);
        Some(Record { cells, after_blank, start: begins + skipped, end })
    }

    fn place(&self) -> usize {
        let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        self.from.saturating_add(read).min(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: &[Names] = &[&["Name"], &["Note"]];

    /// Rows as `line: name/note`, problems as `line! words`.
    fn read(text: &str) -> Vec<String> {
        let table = Table::open(text, NEEDS).unwrap();
        let (name, note) = (table.column(&["Name"]), table.column(&["Note"]));
        let row = |row: Result<Row, Unread>| match row {
            Ok(row) => format!("{}: {}/{}", row.line, row.text(name), row.text(note)),
            Err(unread) => format!("{}! {}", unread.problem.line, &unread.problem.is[..21]),
        };
        table.rows().map(row).collect()
    }

    fn check(text: &str, rows: &[&str]) {
        assert_eq!(read(text), rows, "{text:?}");
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_case() {
        check("Name,Note\na,b\n", &["2: a/b"]);
        check("other;NOTE; name \r\nx;b;a\r\n", &["2: a/b"]);
        check("\n\n,,\nSome title\nNote\tName\nb\ta\n", &["6: a/b"]);
        check("Name|Note\n\"a|a\"|b", &["2: a|a/b"]);
    }

    #[test]
    fn lines_are_those_of_an_editor_even_with_quoted_line_ends() {
        check("Name,Note\na,\"one\ntwo\"\nb,x\n", &["2: a/one\ntwo", "4: b/x"]);
        check("Name,Note\r\na,\"one\r\ntwo\"\r\n\r\n , \r\nb,x\r\n", &["2: a/one\r\ntwo", "6: b/x"]);
        check("Name,Note\ra,1\rb,2", &["2: a/1", "3: b/2"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_its_own_line_only() {
        check(
            "Name,Note\na,1\nb,\"two\nc,3\nd,4\n",
            &["2: a/1", "3! A quotation mark on t", "4: c/3", "5: d/4"],
        );
        check("Name,Note,x\nb,\"two,y\nc,3,\"z\"\nd,4,\n", &["2! A quotation mark on t", "3: c/3", "4: d/4"]);
    }

    #[test]
    fn a_quote_that_another_row_closes_swallows_nothing() {
        check(
            "Name,Note\na,1\nb,\"two\nc,3\nd,\"four \"\"4\"\"\"\ne,5\n",
            &["2: a/1", "3! A quotation mark on t", "4: c/3", "5: d/four \"4\"", "6: e/5"],
        );
    }

    #[test]
    fn rows_of_another_shape_are_said_and_left_out() {
        check(
            "Name,Note\na,b,c\nd,e,,\nf\n",
            &["2! This row has 3 cells ", "3: d/e", "4! This is not a row of "],
        );
        check("Name,Note,x,y\na,b,,\na,b\na,b", &["2: a/b", "3: a/b", "4! The file breaks off i"]);
    }

    #[test]
    fn a_hostile_file_of_quotes_is_read_in_bounded_time() {
        let text = format!("Name,Note,x\n{}", "x,\"y\",\"z\n".repeat(30_000));
        assert_eq!(read(&text).len(), 30_000);
    }
}
