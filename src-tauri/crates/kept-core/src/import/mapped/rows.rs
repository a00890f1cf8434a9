//! The rows of a table whose columns have a meaning.

use super::{Mapping, Meaning, SOURCE};
use crate::import::gathering::{Facts, Gathering, LineFacts};
use crate::import::order::{Financial, Fulfilment, name_mark};
use crate::import::table::{Column, Row, Table};
use crate::import::{Assumed, CustomerDraft, Reading};
use crate::money::Money;

pub(super) fn read(bytes: &[u8], assumed: Assumed, mapping: &Mapping) -> Reading {
    Gathering::read_with(
        bytes,
        &SOURCE,
        assumed,
        |text| Table::open_any(text).ok_or_else(no_table),
        |gathering, table| {
            let one = |meaning: Meaning| {
                mapping.places(meaning).next().map_or(Column::NONE, |at| Column::at(meaning.words(), at))
            };
            let (due, placed, price, paid) =
                (one(Meaning::Due), one(Meaning::Placed), one(Meaning::Price), one(Meaning::Paid));
            gathering.settle_dates(table, &[due, placed], None);
            gathering.settle_decimals(table, &[price, paid], None);
            let columns = Columns { mapping, due, placed, price, paid, quantity: one(Meaning::Quantity) };
            gathering.each_row(table, |gathering, row| columns.take(gathering, row));
        },
    )
}

fn no_table() -> String {
    "This is no table that Kept can read.".to_owned()
}

struct Columns<'m> {
    mapping: &'m Mapping,
    due: Column,
    placed: Column,
    price: Column,
    paid: Column,
    quantity: Column,
}

impl Columns<'_> {
    fn take(&self, gathering: &mut Gathering, row: &Row) {
        let (who, what) = (self.text(row, Meaning::Customer), self.text(row, Meaning::What));
        if who.is_empty() && what.is_empty() {
            gathering
                .said
                .say(row.line, "This row names neither what is promised nor to whom. It was left out.");
            return;
        }
        let currency = gathering.assumed.currency;
        let placed_at = gathering.stamp(row, self.placed);
        let price = gathering.amount(row, self.price, currency);
        let facts = Facts {
            customer: self.customer(row, &who),
            placed_at: Some(placed_at.unwrap_or(gathering.assumed.now)),
            due: gathering.due(row, self.due),
            notes: self.mapping.places(Meaning::Notes).map(|at| row.cell(at).to_owned()).collect(),
            ..self.state(row, placed_at)
        };
        let facts = Facts { ..self.payment(gathering, row, price, facts) };
        let named = self.text(row, Meaning::Order);
        let order = if named.is_empty() { name_of(gathering, &facts, &what) } else { named };
        let at = gathering.order(row.line, &order, "", facts);
        let Some(quantity) = gathering.quantity(row, self.quantity) else { return };
        let (counted, plain) = crate::import::values::counted(&what);
        let has_quantity = self.quantity.is_there();
        let line = LineFacts {
            id: "",
            what: if has_quantity { &what } else { plain },
            quantity: if has_quantity { quantity } else { counted },
            price: None,
            sku: &self.text(row, Meaning::Sku),
            fulfilment: Fulfilment::Open,
        };
        if gathering.line(at, row.line, &line) {
            gathering.add_to_total(at, price);
        }
    }

    /// The cells of a meaning, put together.
    fn text(&self, row: &Row, meaning: Meaning) -> String {
        let cells = self.mapping.places(meaning).map(|at| row.cell(at)).filter(|cell| !cell.is_empty());
        cells.collect::<Vec<_>>().join(" ")
    }

    fn customer(&self, row: &Row, name: &str) -> CustomerDraft {
        let address = self.mapping.places(Meaning::Address).map(|at| row.cell(at).to_owned());
        let email = self.text(row, Meaning::Email);
        let name = if name.is_empty() && email.is_empty() && self.text(row, Meaning::Order).is_empty() {
            "Customers of the table".to_owned()
        } else {
            name.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        CustomerDraft {
            name,
            email,
            phone: self.text(row, Meaning::Phone),
            address: address.filter(|line| !line.is_empty()).collect(),
            ..CustomerDraft::default()
        }
    }

    fn state(&self, row: &Row, placed_at: Option<crate::day::Stamp>) -> Facts {
        let state = self.text(row, Meaning::Status).to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| state.starts_with(word));
        let done = begins(&[
            "done",
            "deliver",
            "complete",
            "shipped",
            "picked",
            "closed",
            "finished",
            "erledigt",
            "geliefert",
            "abgeholt",
            "fertig",
            "livr",
            "termin",
        ]);
        let off = begins(&["cancel", "storniert", "annul"]);
        Facts {
            fulfilment: done.then_some(Fulfilment::Done),
            cancelled_at: if off { placed_at } else { None },
            ..Facts::default()
        }
    }

    /// `Paid` is either an amount or a word.
    fn payment(&self, gathering: &mut Gathering, row: &Row, price: Option<Money>, facts: Facts) -> Facts {
        let paid = row.text(self.paid).to_lowercase();
        let financial = match paid.as_str() {
            "" => return facts,
            "yes" | "y" | "true" | "x" | "✓" | "paid" | "in full" | "ja" | "bezahlt" | "oui" | "payé"
            | "sí" | "si" => Financial::Paid,
            "no" | "n" | "false" | "unpaid" | "nein" | "offen" | "non" | "-" => Financial::Pending,
            _ => {
                let currency = price.map_or(gathering.assumed.currency, |price| price.currency);
                let Some(received) = gathering.amount(row, self.paid, currency) else { return facts };
                let Some(price) = price else {
                    return Facts { total: Some(received), financial: Some(Financial::Paid), ..facts };
                };
                let left = Money::new((price.minor - received.minor).max(0), price.currency);
                return Facts { outstanding: Some(left), ..facts };
            }
        };
        Facts { financial: Some(financial), ..facts }
    }
}

/// What a row without a number is known by: to whom, what, and when. The same row is the same promise at the next import.
fn name_of(gathering: &Gathering, facts: &Facts, what: &str) -> String {
    let due = facts.due.map(|due| due.day.to_string()).unwrap_or_default();
    let mark = name_mark(&format!("{}\n{what}\n{due}", facts.customer.name));
    gathering.unused_name(&format!("{:08x}", mark >> 32))
}
