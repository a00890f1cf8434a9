//! Stripe's payments, of both generations of the export: evidence that a promise was paid, to be found among the promises
//! by e-mail address and amount.

use super::gathering::Gathering;
use super::table::{Column, Columns as _, Row, columns};
use super::{Apart, Assumed, PaymentDraft, Reading, Signs, Source};
use crate::day::Zone;
use crate::money::Money;

/// The payments, as `unified_payments.csv` or the older `payments.csv`.
pub const SOURCE: Source = Source {
    shop: "stripe",
    kind: "Stripe payments",
    named: "a Stripe payments file",
    is: Signs::Columns(&[
        &["id"],
        &["Created date (UTC)", "Created (UTC)"],
        &["Amount"],
        &["Currency"],
        &["Customer Email"],
    ]),
    apart: Apart::Rows(&[&["id"]]),
    read,
};

columns! {
    id: "id",
    created: "Created date (UTC)" | "Created (UTC)",
    amount: "Amount",
    refunded: "Amount Refunded",
    currency: "Currency",
    captured: "Captured",
    mode: "Mode",
    status: "Status",
    description: "Description",
    items: "Checkout Line Item Summary",
    email: "Customer Email",
    name: "Card Name" | "Shipping Name" | "Customer Description",
}

/// Reads all payments. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed) -> Reading {
    let in_utc = Assumed { zone: Zone::UTC, ..assumed };
    Gathering::read(bytes, &SOURCE, in_utc, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.created], None);
        gathering.settle_decimals(table, &[columns.amount], None);
        gathering.each_row(table, |gathering, row| take(gathering, row, &columns));
    })
}

fn take(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    let id = row.text(columns.id);
    if id.is_empty() {
        gathering
            .said
            .say(row.line, "The column “id” is empty, so that this is no payment. It was left out.");
        return;
    }
    if !is_received(row, columns) {
        gathering.passed_over.push(row.line);
        return;
    }
    let currency = gathering.currency(row, columns.currency);
    let amount = gathering.amount(row, columns.amount, currency);
    let back = gathering.amount(row, columns.refunded, currency).map_or(0, |back| back.minor);
    let (Some(amount), Some(at)) = (amount, gathering.stamp(row, columns.created)) else {
        gathering.said.say(row.line, format!("The payment {id} has no amount or no date. It was left out."));
        return;
    };
    if back >= amount.minor {
        gathering.passed_over.push(row.line);
        return;
    }
    let text = |column: Column| row.text(column).to_owned();
    let what = [columns.items, columns.description].map(text).into_iter().find(|what| !what.is_empty());
    gathering.payments.push(PaymentDraft {
        rows: vec![row.line],
        by: SOURCE.shop,
        id: id.to_owned(),
        at,
        amount: Money::new(amount.minor - back, currency),
        email: text(columns.email),
        name: text(columns.name),
        what: what.unwrap_or_default(),
    });
}

/// Failed, cancelled and merely reserved payments brought no money; neither did trials of the shop.
fn is_received(row: &Row, columns: &Columns) -> bool {
    let says = |column: Column, word: &str| row.text(column).eq_ignore_ascii_case(word);
    let status = row.text(columns.status).to_lowercase();
    let received = matches!(
        status.as_str(),
        "" | "paid" | "succeeded" | "partially refunded" | "partial refund" | "refunded"
    );
    received && !says(columns.captured, "false") && !says(columns.mode, "test")
}
