//! The invoices of `QuickBooks`: the template by which invoices are brought in, and reports of them with title lines above.
//!
//! The customer and the dates stand on the first row of an invoice only. The date of the service is what was promised;
//! where there is none, it is the date by which the invoice is due.

use super::gathering::{Facts, Gathering, LineFacts};
use super::order::{Financial, Fulfilment};
use super::table::{Column, Columns as _, Row, columns};
use super::{Apart, Assumed, CustomerDraft, Reading, Signs, Source};

/// The invoices.
pub const SOURCE: Source = Source {
    shop: "quickbooks",
    kind: "QuickBooks invoices",
    named: "a QuickBooks invoices file",
    is: Signs::Columns(&[INVOICE, CUSTOMER, DUE, ITEM]),
    apart: Apart::Rows(&[INVOICE]),
    read,
};

const INVOICE: &[&str] = &["*InvoiceNo", "Invoice No", "Invoice No.", "Invoice Number", "Num", "No."];
const CUSTOMER: &[&str] = &["*Customer", "Customer", "Name", "Customer full name"];
const DUE: &[&str] = &["*DueDate", "Due Date"];
const ITEM: &[&str] =
    &["Item(Product/Service)", "Product/Service", "ItemDescription", "Memo/Description", "Item"];

columns! {
    invoice: "*InvoiceNo" | "Invoice No" | "Invoice No." | "Invoice Number" | "Num" | "No.",
    customer: "*Customer" | "Customer" | "Name" | "Customer full name",
    email: "Email" | "BillEmail" | "Customer email",
    date: "*InvoiceDate" | "Invoice Date" | "Date" | "Transaction date",
    due: "*DueDate" | "Due Date",
    service: "Service Date",
    terms: "Terms",
    memo: "Memo",
    item: "Item(Product/Service)" | "Product/Service" | "Item",
    description: "ItemDescription" | "Memo/Description" | "Description",
    quantity: "ItemQuantity" | "Qty" | "Quantity",
    rate: "ItemRate" | "Rate" | "Sales Price",
    amount: "*ItemAmount" | "Amount",
    balance: "Open Balance" | "Balance",
}

/// Reads all invoices. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &SOURCE, assumed, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.date, columns.due, columns.service], None);
        gathering.settle_decimals(table, &[columns.rate, columns.amount], None);
        gathering.footer = |first| first.to_lowercase().starts_with("total");
        gathering.each_row(table, |gathering, row| take(gathering, row, &columns));
    })
}

fn take(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    let named = row.text(columns.invoice);
    let invoice = if named.is_empty() { gathering.latest().unwrap_or_default() } else { named.to_owned() };
    if invoice.is_empty() {
        gathering.nameless(row, columns.invoice);
        return;
    }
    let currency = gathering.assumed.currency;
    let due = gathering.due(row, columns.service).or_else(|| gathering.due(row, columns.due));
    let facts = Facts {
        customer: CustomerDraft {
            name: row.text(columns.customer).to_owned(),
            email: row.text(columns.email).to_owned(),
            ..CustomerDraft::default()
        },
        placed_at: gathering.stamp(row, columns.date),
        due,
        financial: (!columns.balance.is_there()).then_some(Financial::Pending),
        outstanding: gathering.amount(row, columns.balance, currency),
        on_account: !row.text(columns.terms).is_empty(),
        notes: vec![row.text(columns.memo).to_owned()],
        ..Facts::default()
    };
    let at = gathering.order(row.line, &invoice, "", facts);
    let text = |column: Column| row.text(column);
    let (item, description) = (text(columns.item), text(columns.description));
    let what = match (item, description) {
        ("", description) => description.to_owned(),
        (item, "") => item.to_owned(),
        (item, description) if item == description => item.to_owned(),
        (item, description) => format!("{item} - {description}"),
    };
    let Some(quantity) = gathering.quantity(row, columns.quantity) else { return };
    let price = gathering.amount(row, columns.amount, currency);
    let line = LineFacts {
        id: "",
        what: &what,
        quantity,
        price: gathering.amount(row, columns.rate, currency),
        sku: "",
        fulfilment: Fulfilment::Open,
    };
    if gathering.line(at, row.line, &line) {
        gathering.add_to_total(at, price);
    }
}
