//! Etsy's two exports of what was sold: one row for each order, and one for each line of one.
//!
//! Decided here: an order without its lines is one part until the file with the lines comes; the address is where
//! things are sent, and who bought is the customer. Etsy takes the money at the sale, except for cheques and the like.
//! Buyers' own texts for a piece are notes, verbatim.

mod items;
mod orders;

use super::dates::DateOrder;
use super::gathering::Gathering;
use super::table::{Column, Columns as _, Table};
use super::{Apart, Assumed, Reading, Signs, Source};

/// The file with one row for each order, as `EtsySoldOrders2026-9.csv`.
pub const ORDERS: Source = Source {
    shop: "etsy",
    kind: "Etsy orders",
    named: "an Etsy orders file",
    is: Signs::Columns(&[&["Sale Date"], &["Order ID"], &["Full Name"], &["Number of Items"]]),
    apart: Apart::Rows(&[&["Order ID"]]),
    read: read_orders,
};

/// The file with one row for each line, as `EtsySoldOrderItems2026-9.csv`.
pub const ITEMS: Source = Source {
    shop: "etsy",
    kind: "Etsy order items",
    named: "an Etsy order items file",
    is: Signs::Columns(&[&["Sale Date"], &["Item Name"], &["Quantity"], &["Transaction ID"], &["Order ID"]]),
    apart: Apart::Rows(&[&["Order ID"]]),
    read: read_items,
};

/// Reads the file of orders. Never fails: what cannot be read is among the problems.
pub fn read_orders(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &ORDERS, assumed, |gathering, table| {
        let columns = orders::Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        settle(gathering, table, &[columns.sale_date, columns.date_shipped]);
        gathering.each_row(table, |gathering, row| orders::take(gathering, row, &columns));
    })
}

/// Reads the file of lines. Never fails: what cannot be read is among the problems.
pub fn read_items(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &ITEMS, assumed, |gathering, table| {
        let columns = items::Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        settle(gathering, table, &[columns.sale_date, columns.date_paid, columns.date_shipped]);
        gathering.each_row(table, |gathering, row| items::take(gathering, row, &columns));
    })
}

/// Etsy writes the month first for everybody, as far as is known; a file with British words that shows nothing is asked
/// about.
fn settle(gathering: &mut Gathering, table: &Table<'_>, dates: &[Column]) {
    let british = table.column(&["Date Posted", "Delivery City", "Delivery Name"]).is_there();
    gathering.settle_dates(table, dates, (!british).then_some(DateOrder::MonthFirst));
}
