//! Any other table: the owner says what its columns mean. What she said is remembered for every file with the same header.

mod meaning;
mod rows;

pub use meaning::{Mapped, Mapping, Meaning};

use super::amounts::Marks;
use super::dates::{DateOrder, Moment};
use super::order::name_mark;
use super::table::Table;
use super::values::short;
use super::{Apart, Assumed, Reading, Signs, Source, text};

/// How many rows are looked at for samples.
const LOOKED_AT: usize = 200;
/// How many samples of a column are shown.
const SAMPLES: usize = 3;
/// The most columns that can be shown and mapped.
const COLUMNS_MOST: usize = 200;

/// Any table, once its columns have a meaning.
pub const SOURCE: Source = Source {
    shop: "table",
    kind: "Table",
    named: "a table",
    is: Signs::Text(|_| false),
    // Its columns say it, see `InPieces::of_table`.
    apart: Apart::Nothing,
    read: |bytes, assumed| read(bytes, assumed, &Mapping::default()),
};

/// What a table shows before it is known what its columns mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLook {
    /// By which a file with the same header is known again.
    pub fingerprint: String,
    /// Its columns, in the order of the file.
    pub columns: Vec<ColumnLook>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnLook {
    /// Its name in the header.
    pub name: String,
    /// A few of its cells.
    pub samples: Vec<String>,
    /// What it could mean, by its name and its cells.
    pub guess: Option<Meaning>,
}

/// Whether a file is text at all: neither a picture nor an archive nor what another program keeps.
pub fn is_text(bytes: &[u8]) -> bool {
    super::other_format(bytes).is_none()
}

/// Looks at a table; says in a sentence why it is none.
pub fn look(bytes: &[u8]) -> Result<TableLook, String> {
    if super::is_endless(bytes) {
        return Err(super::ENDLESS.to_owned());
    }
    let text = text::decode(super::head(bytes));
    let table = Table::open_any(&text.text)
        .ok_or("This is no table that Kept can read: it has no header with at least two columns.")?;
    let names = table.names();
    if names.len() > COLUMNS_MOST {
        return Err(format!("This table has {} columns; Kept takes at most {COLUMNS_MOST}.", names.len()));
    }
    let mut samples: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    for row in table.rows().flatten().take(LOOKED_AT) {
        for (at, samples) in samples.iter_mut().enumerate() {
            let cell = short(row.cell(at));
            if !cell.is_empty() && samples.len() < SAMPLES && !samples.contains(&cell) {
                samples.push(cell);
            }
        }
    }
    let mut taken = Vec::new();
    let columns = names.iter().zip(samples).map(|(name, samples)| {
        let guess = Meaning::of_name(name)
            .filter(|meaning| fits(*meaning, &samples) && (meaning.may_repeat() || !taken.contains(meaning)));
        taken.extend(guess);
        ColumnLook { name: short(name), samples, guess }
    });
    let columns = columns.collect();
    Ok(TableLook { fingerprint: fingerprint(&names), columns })
}

/// Reads a table whose columns have a meaning. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed, mapping: &Mapping) -> Reading {
    rows::read(bytes, assumed, mapping)
}

/// Whether cells can be what a column is taken to mean.
fn fits(meaning: Meaning, samples: &[String]) -> bool {
    let date = |text: &String| {
        Moment::read(text, DateOrder::DayFirst).or(Moment::read(text, DateOrder::MonthFirst)).is_some()
    };
    match meaning {
        Meaning::Due | Meaning::Placed => samples.iter().all(date),
        Meaning::Price => samples
            .iter()
            .all(|text| Marks::of(text) != Marks::Nothing || text.contains(|c: char| c.is_ascii_digit())),
        Meaning::Email => samples.iter().all(|text| text.contains('@')),
        Meaning::Customer
        | Meaning::Phone
        | Meaning::Address
        | Meaning::What
        | Meaning::Quantity
        | Meaning::Paid
        | Meaning::Status
        | Meaning::Notes
        | Meaning::Order
        | Meaning::Sku => true,
    }
}

fn fingerprint(names: &[&str]) -> String {
    format!("{:016x}", name_mark(&names.join("\n")))
}

#[cfg(test)]
mod tests;
