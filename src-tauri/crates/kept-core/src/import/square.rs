//! Square's sales: by item, and by transaction.
//!
//! Square knows no promised date. So a sale is evidence that something was paid, to be found among the promises;
//! the owner may say that her sales are orders that are still to be kept.

mod zones;

use super::gathering::{Facts, Gathering, LineFacts};
use super::order::{Financial, Fulfilment};
use super::table::{Column, Columns as _, Row, columns};
use super::{Apart, Assumed, CustomerDraft, OrderDraft, PaymentDraft, Question, Reading, Signs, Source};

/// The sales by item, as `items-2026-07-18-2026-07-19.csv`.
pub const ITEMS: Source = Source {
    shop: "square",
    kind: "Square items",
    named: "a Square items file",
    is: Signs::Columns(&[&["Date"], &["Time"], &["Item"], &["Qty"], &["Transaction ID"]]),
    apart: Apart::Rows(&[&["Transaction ID"]]),
    read: read_items,
};

/// The sales by transaction, as `transactions-….csv`.
pub const TRANSACTIONS: Source = Source {
    shop: "square",
    kind: "Square transactions",
    named: "a Square transactions file",
    is: Signs::Columns(&[&["Date"], &["Time"], &["Total Collected"], &["Transaction ID"]]),
    apart: Apart::Rows(&[&["Transaction ID"]]),
    read: read_transactions,
};

columns! {
    date: "Date",
    time: "Time",
    zone: "Time Zone",
    item: "Item",
    quantity: "Qty",
    price_point: "Price Point Name",
    sku: "SKU",
    modifiers: "Modifiers Applied",
    net: "Net Sales",
    tax: "Tax",
    collected: "Total Collected",
    transaction: "Transaction ID",
    notes: "Notes",
    description: "Description",
    event: "Event Type",
    fulfilment_note: "Fulfillment Note",
    customer: "Customer Name",
    status: "Transaction Status",
}

/// Reads the sales by item. Never fails: what cannot be read is among the problems.
pub fn read_items(bytes: &[u8], assumed: Assumed) -> Reading {
    read(bytes, &ITEMS, assumed, take_item)
}

/// Reads the sales by transaction. Never fails: what cannot be read is among the problems.
pub fn read_transactions(bytes: &[u8], assumed: Assumed) -> Reading {
    read(bytes, &TRANSACTIONS, assumed, take_transaction)
}

fn read(
    bytes: &[u8],
    source: &'static Source,
    assumed: Assumed,
    take: fn(&mut Gathering, &Row, &Columns),
) -> Reading {
    let mut reading = Gathering::read(bytes, source, assumed, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.date], None);
        gathering.settle_decimals(table, &[columns.net, columns.collected], None);
        gathering.each_row(table, |gathering, row| take(gathering, row, &columns));
    });
    if assumed.answers.as_orders.is_none() && !reading.orders.is_empty() {
        reading.questions.push(Question::AsOrders);
    }
    if assumed.answers.as_orders != Some(true) {
        for sale in std::mem::take(&mut reading.orders) {
            match evidence(&sale) {
                Some(payment) => reading.payments.push(payment),
                // A sale of nothing is evidence of nothing.
                None => reading.passed_over.extend(sale.rows),
            }
        }
    }
    reading
}

fn take_item(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    let Some((placed_at, transaction)) = sale(gathering, row, columns) else { return };
    let currency = gathering.assumed.currency;
    let paid = [columns.net, columns.tax].map(|column| gathering.signed_amount(row, column, currency));
    if is_refund(row, columns) {
        refund(gathering, row, transaction, paid.iter().flatten().map(|money| money.minor.abs()).sum());
        return;
    }
    let facts = Facts { notes: vec![row.text(columns.notes).to_owned()], ..sold(row, columns, placed_at) };
    let at = gathering.order(row.line, transaction, "", facts);
    let quantity = whole(gathering, row, columns.quantity);
    let named = [row.text(columns.item), row.text(columns.price_point), row.text(columns.modifiers)];
    let named: Vec<&str> = named.into_iter().filter(|name| !name.is_empty() && *name != "Regular").collect();
    let line = LineFacts {
        id: "",
        what: &named.join(" - "),
        quantity,
        price: paid[0],
        sku: row.text(columns.sku),
        fulfilment: Fulfilment::Open,
    };
    if gathering.line(at, row.line, &line) {
        for price in paid {
            gathering.add_to_total(at, price);
        }
    }
}

fn take_transaction(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    let Some((placed_at, transaction)) = sale(gathering, row, columns) else { return };
    let currency = gathering.assumed.currency;
    let collected = gathering.signed_amount(row, columns.collected, currency);
    if is_refund(row, columns) {
        refund(gathering, row, transaction, collected.map_or(0, |money| money.minor.abs()));
        return;
    }
    let facts = Facts {
        total: collected.filter(|money| money.minor > 0),
        notes: vec![row.text(columns.fulfilment_note).to_owned()],
        ..sold(row, columns, placed_at)
    };
    let at = gathering.order(row.line, transaction, "", facts);
    let line = LineFacts {
        id: "",
        what: Some(row.text(columns.description)).filter(|what| !what.is_empty()).unwrap_or("Sale"),
        quantity: 1,
        price: None,
        sku: "",
        fulfilment: Fulfilment::Open,
    };
    gathering.line(at, row.line, &line);
}

/// When a sale was made and the number it has; what is wrong if either lacks.
fn sale<'r>(
    gathering: &mut Gathering,
    row: &'r Row,
    columns: &Columns,
) -> Option<(Option<crate::day::Stamp>, &'r str)> {
    let transaction = row.text(columns.transaction);
    if transaction.is_empty() {
        let is =
            "The column “Transaction ID” is empty, so that this row belongs to no sale. It was left out.";
        gathering.said.say(row.line, is);
        return None;
    }
    let when = format!("{} {}", row.text(columns.date), row.text(columns.time));
    let usual = gathering.assumed.zone;
    let zone = row.text(columns.zone);
    match zones::by_name(zone) {
        Some(named) => gathering.assumed.zone = named,
        None if zone.is_empty() => {}
        None => {
            let wrong = format!("“{}” is no time zone that Kept knows", super::values::short(zone));
            gathering.said.cell(row.line, columns.zone, &wrong, "taken as the shop's own");
        }
    }
    let at = gathering.stamp_of(row.line, columns.date, when.trim());
    gathering.assumed.zone = usual;
    Some((at, transaction))
}

fn sold(row: &Row, columns: &Columns, at: Option<crate::day::Stamp>) -> Facts {
    Facts {
        customer: CustomerDraft { name: row.text(columns.customer).to_owned(), ..CustomerDraft::default() },
        placed_at: at,
        paid_at: at,
        financial: Some(Financial::Paid),
        ..Facts::default()
    }
}

fn is_refund(row: &Row, columns: &Columns) -> bool {
    row.text(columns.event).eq_ignore_ascii_case("refund")
}

/// Takes what was given back off the sale; said where the file does not tell of that sale.
fn refund(gathering: &mut Gathering, row: &Row, transaction: &str, minor: i64) {
    let currency = gathering.assumed.currency;
    if !gathering.give_back(row.line, transaction, crate::money::Money::new(minor, currency)) {
        let is = format!(
            "This gives back money of the sale {transaction}, which the file does not tell of. It was left out."
        );
        gathering.said.say(row.line, is);
    }
}

/// `1`, `2.0`, and `0.5` of what is sold by weight, which is one.
fn whole(gathering: &mut Gathering, row: &Row, column: Column) -> u32 {
    match row.text(column).split_once('.') {
        Some((whole, part)) if part.bytes().any(|digit| digit != b'0') => {
            whole.parse::<u32>().unwrap_or(0).saturating_add(1).min(crate::draft::QUANTITY_MOST)
        }
        Some(_) | None => gathering.quantity(row, column).unwrap_or(1),
    }
}

/// What a sale shows about a payment; none if nothing was paid, or all of it was given back.
fn evidence(sale: &OrderDraft) -> Option<PaymentDraft> {
    let received = sale.payment().received.filter(|money| money.minor > 0)?;
    let nobody = sale.customer.name.starts_with("Customer of ");
    Some(PaymentDraft {
        rows: sale.rows.clone(),
        by: ITEMS.shop,
        id: sale.order.clone(),
        at: sale.placed_at,
        amount: received,
        email: sale.customer.email.clone(),
        name: if nobody { String::new() } else { sale.customer.name.clone() },
        what: sale.lines.iter().map(|line| line.what.as_str()).collect::<Vec<_>>().join(", "),
    })
}
