//! One order, put together from its rows.

use super::{Columns, SOURCE};
use crate::day::{Stamp, Zone};
use crate::draft::NAME_MOST;
use crate::import::Assumed;
use crate::import::customer::CustomerDraft;
use crate::import::order::{Financial, Fulfilment, LineDraft, OrderDraft, name_mark};
use crate::import::said::Said;
use crate::import::table::{Column, Row};
use crate::import::values::{Quantity, cut, instant, quantity, short, without_apostrophe};
use crate::money::{Currency, Money};

/// One order while its rows come in.
pub(super) struct Assembly {
    draft: OrderDraft,
    placed_at: Option<Stamp>,
    /// Its rows do not follow one another.
    apart: bool,
    currency: Cell,
    total: Cell,
    outstanding: Cell,
    refunded: Cell,
    /// Of each line: its price, which waits for the order's currency, and the mark of its name.
    prices: Vec<(Cell, u64)>,
}

/// A cell that is read when all rows are there; empty while none had it.
#[derive(Default)]
struct Cell {
    line: u32,
    text: String,
}

/// More lines than this are no order of a small business.
const LINES_MOST: usize = 1_000;

impl Assembly {
    /// An order by its name and, where the file has one, its number.
    pub(super) fn new(name: String, id: &str, line: u32) -> Self {
        Self {
            draft: OrderDraft::empty(SOURCE.shop, name, id.to_owned(), line),
            placed_at: None,
            apart: false,
            currency: Cell::default(),
            total: Cell::default(),
            outstanding: Cell::default(),
            refunded: Cell::default(),
            prices: Vec::new(),
        }
    }

    /// Whether this is the order with that name and that number, as far as one knows.
    pub(super) fn is(&self, name: &str, id: &str) -> bool {
        self.draft.order == name && (id.is_empty() || self.draft.id.is_empty() || self.draft.id == id)
    }

    /// The row that comes next lies apart from those before. It may be a second copy of one, in a file put together from
    /// two exports.
    pub(super) fn goes_on_apart(&mut self) {
        self.apart = !self.draft.rows.is_empty();
    }

    /// Takes over a row: its line, and whatever the order still lacks.
    pub(super) fn add(&mut self, row: &Row, columns: &Columns, zone: Zone, said: &mut Said) {
        self.draft.rows.push(row.line);
        if self.draft.id.is_empty() {
            without_apostrophe(row.text(columns.id)).clone_into(&mut self.draft.id);
        }
        self.add_dates(row, columns, zone, said);
        self.add_states(row, columns, said);
        self.add_notes(row, columns);
        add_customer(&mut self.draft.customer, row, columns);
        self.currency.fill(row, columns.currency);
        self.total.fill(row, columns.total);
        self.outstanding.fill(row, columns.outstanding);
        self.refunded.fill(row, columns.refunded);
        self.add_line(row, columns, said);
    }

    /// The order, once all rows are there; none if it has no lines or cannot be placed in time, which is then said of
    /// each of its rows.
    pub(super) fn finish(mut self, assumed: Assumed, said: &mut Said) -> Option<OrderDraft> {
        let name = &self.draft.order;
        if self.draft.lines.is_empty() {
            said.each(&self.draft.rows, format!("Order {name} has no lines to deliver. It was left out."));
            return None;
        }
        let Some(placed_at) = self.placed_at.or(self.draft.paid_at) else {
            let why = "neither “Created at” nor “Paid at” says when it was placed";
            said.each(&self.draft.rows, format!("Order {name} was left out: {why}."));
            return None;
        };
        self.draft.placed_at = placed_at;
        self.read_amounts(assumed, said);
        self.draft.name_customer(said);
        Some(self.draft)
    }

    fn add_dates(&mut self, row: &Row, columns: &Columns, zone: Zone, said: &mut Said) {
        let mut read = |date: &mut Option<Stamp>, column: Column| {
            let text = row.text(column);
            if date.is_none() && !text.is_empty() {
                *date = instant(text, zone)
                    .map_err(|wrong| said.cell(row.line, column, &wrong, "left empty"))
                    .ok();
            }
        };
        read(&mut self.placed_at, columns.created_at);
        read(&mut self.draft.paid_at, columns.paid_at);
        read(&mut self.draft.fulfilled_at, columns.fulfilled_at);
        read(&mut self.draft.cancelled_at, columns.cancelled_at);
    }

    fn add_states(&mut self, row: &Row, columns: &Columns, said: &mut Said) {
        let financial = row.text(columns.financial);
        if self.draft.financial.is_none() && !financial.is_empty() {
            self.draft.financial = financial_state(financial);
            if self.draft.financial.is_none() {
                let wrong = format!("“{}” is no state of a payment that Kept knows", short(financial));
                said.cell(row.line, columns.financial, &wrong, "taken as not paid");
            }
        }
        let fulfilment = row.text(columns.fulfilment);
        if self.draft.fulfilment.is_none() && !fulfilment.is_empty() {
            self.draft.fulfilment = fulfilment_state(fulfilment);
            if self.draft.fulfilment.is_none() {
                let wrong = format!("“{}” is no state of an order that Kept knows", short(fulfilment));
                said.cell(row.line, columns.fulfilment, &wrong, "taken as open");
            }
        }
        self.draft.on_account |= !row.text(columns.terms).is_empty();
    }

    fn add_notes(&mut self, row: &Row, columns: &Columns) {
        for column in [columns.notes, columns.attributes] {
            let text = row.text(column);
            if !text.is_empty() && !self.draft.notes.iter().any(|note| note == text) {
                self.draft.notes.push(text.to_owned());
            }
        }
        if self.draft.tags.is_empty() {
            let tags = row.text(columns.tags).split(',').map(str::trim).filter(|tag| !tag.is_empty());
            self.draft.tags = tags.map(str::to_owned).collect();
        }
    }

    fn add_line(&mut self, row: &Row, columns: &Columns, said: &mut Said) {
        let (name, sku) = (row.text(columns.line_name), row.text(columns.line_sku));
        let (count, price) = (row.text(columns.line_quantity), row.text(columns.line_price));
        if [name, sku, count, price].iter().all(|text| text.is_empty()) {
            return;
        }
        let what = if !name.is_empty() {
            name
        } else if !sku.is_empty() {
            sku
        } else {
            said.say(row.line, "This line of the order has no name. It came in as “Item”.");
            "Item"
        };
        let mark = name_mark(what);
        let Some(quantity) = read_quantity(count, row.line, columns.line_quantity, said) else { return };
        let alike = self.draft.lines.iter().zip(&self.prices).filter(|(_, (_, other))| *other == mark);
        let twice = |(line, (cell, _)): (&LineDraft, &(Cell, u64))| {
            line.quantity == quantity && line.sku == sku && cell.text == price
        };
        if self.apart && alike.clone().any(twice) {
            let name = &self.draft.order;
            said.say(
                row.line,
                format!("This row of order {name} is in the file twice. The second one was left out."),
            );
            return;
        }
        if self.draft.lines.len() == LINES_MOST {
            said.say(
                row.line,
                format!(
                    "Order {} has more than {LINES_MOST} lines. This one was left out.",
                    self.draft.order
                ),
            );
            return;
        }
        let id = format!("{}-{mark:x}", alike.count() + 1);
        self.draft.lines.push(LineDraft {
            line: row.line,
            id,
            what: cut(what, NAME_MOST),
            quantity,
            price: None,
            sku: sku.to_owned(),
            ships: !row.text(columns.line_ships).eq_ignore_ascii_case("false"),
            fulfilment: line_fulfilment(row, columns, said),
        });
        self.prices.push((Cell { line: row.line, text: price.to_owned() }, mark));
        if self.draft.lines.last().is_some_and(|line| line.what != what) {
            // What is too long for a name is kept whole beside it.
            self.draft.notes.push(what.to_owned());
        }
    }

    fn read_amounts(&mut self, assumed: Assumed, said: &mut Said) {
        let currency: Currency = match self.currency.text.parse() {
            Ok(currency) => currency,
            Err(_) if self.currency.text.is_empty() => assumed.currency,
            Err(_) => {
                let is = format!("“{}” is no currency", short(&self.currency.text));
                said.say(
                    self.currency.line,
                    format!("Column “Currency”: {is}. The amounts of this order were left out."),
                );
                return;
            }
        };
        let mut read = |cell: &Cell, name: &str| read_amount(cell, name, currency, said);
        self.draft.total = read(&self.total, "Total");
        self.draft.outstanding = read(&self.outstanding, "Outstanding Balance");
        self.draft.refunded = read(&self.refunded, "Refunded Amount");
        for (line, (price, _)) in self.draft.lines.iter_mut().zip(&self.prices) {
            line.price = read(price, "Lineitem price");
        }
    }
}

impl Cell {
    fn fill(&mut self, row: &Row, column: Column) {
        let text = row.text(column);
        if self.text.is_empty() && !text.is_empty() {
            *self = Self { line: row.line, text: text.to_owned() };
        }
    }
}

fn financial_state(text: &str) -> Option<Financial> {
    Some(match text.to_ascii_lowercase().replace(' ', "_").as_str() {
        "pending" | "unpaid" | "expired" => Financial::Pending,
        "authorized" => Financial::Authorized,
        "partially_paid" => Financial::PartiallyPaid,
        "paid" => Financial::Paid,
        "partially_refunded" => Financial::PartiallyRefunded,
        "refunded" => Financial::Refunded,
        "voided" => Financial::Voided,
        _ => return None,
    })
}

fn fulfilment_state(text: &str) -> Option<Fulfilment> {
    Some(match text.to_ascii_lowercase().replace(' ', "_").as_str() {
        "fulfilled" => Fulfilment::Done,
        "partial" | "partially_fulfilled" => Fulfilment::Partial,
        "unfulfilled" | "pending" | "open" | "in_progress" | "on_hold" | "scheduled" => Fulfilment::Open,
        "restocked" => Fulfilment::Restocked,
        _ => return None,
    })
}

fn line_fulfilment(row: &Row, columns: &Columns, said: &mut Said) -> Fulfilment {
    let text = row.text(columns.line_fulfilment);
    let state = fulfilment_state(text);
    if state == Some(Fulfilment::Partial) {
        said.say(
            row.line,
            "Some of this line was fulfilled. The file does not say how much, so that it came in as open.",
        );
    } else if state.is_none() && !text.is_empty() {
        let wrong = format!("“{}” is no state of a line that Kept knows", short(text));
        said.cell(row.line, columns.line_fulfilment, &wrong, "taken as open");
    }
    state.unwrap_or(Fulfilment::Open)
}

/// The quantity of a line; none if nothing is owed on it. One that cannot be read is taken as one rather than lost.
fn read_quantity(text: &str, line: u32, column: Column, said: &mut Said) -> Option<u32> {
    match quantity(text) {
        Quantity::Of(quantity) => Some(quantity),
        Quantity::Nothing => {
            let wrong = format!("“{}” of something is nothing to deliver", short(text));
            said.cell(line, column, &wrong, "left out");
            None
        }
        Quantity::Unreadable => {
            let wrong = format!("“{}” is not a quantity between 1 and 1,000,000", short(text));
            said.cell(line, column, &wrong, "taken as 1");
            Some(1)
        }
    }
}

fn read_amount(cell: &Cell, name: &str, currency: Currency, said: &mut Said) -> Option<Money> {
    if cell.text.is_empty() {
        return None;
    }
    let amount = Money::parse(&cell.text, currency);
    let wrong = match amount {
        Ok(money) if money.minor >= 0 => return Some(money),
        Ok(_) => format!("“{}” is less than nothing", short(&cell.text)),
        Err(_) => format!("“{}” is not an amount like 90.00, or more than Kept takes", short(&cell.text)),
    };
    said.say(cell.line, format!("Column “{name}”: {wrong}. It was left empty."));
    None
}

fn add_customer(customer: &mut CustomerDraft, row: &Row, columns: &Columns) {
    let fill = |text: &mut String, candidates: &[Column]| {
        if text.is_empty() {
            let first = candidates
                .iter()
                .map(|column| without_apostrophe(row.text(*column)))
                .find(|cell| !cell.is_empty());
            first.unwrap_or_default().clone_into(text);
        }
    };
    let names =
        [columns.billing_name, columns.shipping_name, columns.billing_company, columns.shipping_company];
    fill(&mut customer.name, &names);
    fill(&mut customer.email, &[columns.email]);
    fill(&mut customer.phone, &[columns.phone, columns.shipping_phone, columns.billing_phone]);
    if customer.address.is_empty() {
        let places = columns.places();
        if let Some((address, zip)) = places.iter().find_map(|place| place.read(row, &customer.name)) {
            customer.address = address;
            customer.zip = zip;
        }
    }
}
