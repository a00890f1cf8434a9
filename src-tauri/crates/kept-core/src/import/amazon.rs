//! Amazon's order report and its report of unshipped orders: tab-separated, one row for each line of an order.
//!
//! Only the report of unshipped orders names the promised date, to the minute; only the order report names prices. So
//! each adds to the other, and neither blanks it.

use super::gathering::{Facts, Gathering, LineFacts};
use super::order::{Financial, Fulfilment};
use super::place::Place;
use super::table::{Column, Columns as _, Row, columns};
use super::{Apart, Assumed, CustomerDraft, Reading, Signs, Source};

/// Both reports: they have these columns in common.
pub const SOURCE: Source = Source {
    shop: "amazon",
    kind: "Amazon orders",
    named: "an Amazon order report",
    is: Signs::Columns(&[
        &["order-id"],
        &["order-item-id"],
        &["purchase-date"],
        &["product-name"],
        &["quantity-purchased"],
    ]),
    apart: Apart::Rows(&[&["order-id"]]),
    read,
};

columns! {
    order: "order-id",
    line: "order-item-id",
    purchase_date: "purchase-date",
    payments_date: "payments-date",
    promise_date: "promise-date",
    email: "buyer-email",
    name: "buyer-name",
    phone: "buyer-phone-number",
    sku: "sku",
    product: "product-name",
    purchased: "quantity-purchased",
    shipped: "quantity-shipped",
    currency: "currency",
    price: "item-price",
    tax: "item-tax",
    shipping_price: "shipping-price",
    shipping_tax: "shipping-tax",
    recipient: "recipient-name",
    address_1: "ship-address-1",
    address_2: "ship-address-2",
    address_3: "ship-address-3",
    city: "ship-city",
    state: "ship-state",
    zip: "ship-postal-code",
    country: "ship-country",
    purchase_order: "purchase-order-number",
    instructions: "delivery-Instructions",
    customized: "customized-page",
}

/// Reads a whole report. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &SOURCE, assumed, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.purchase_date], None);
        gathering.settle_decimals(table, &[columns.price], None);
        gathering.each_row(table, |gathering, row| take(gathering, row, &columns));
    })
}

fn take(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    let order = row.text(columns.order);
    if order.is_empty() {
        gathering.nameless(row, columns.order);
        return;
    }
    let currency = gathering.currency(row, columns.currency);
    let paid_at = gathering.stamp(row, columns.payments_date);
    let purchase_order = row.text(columns.purchase_order);
    let mut notes = vec![row.text(columns.instructions).to_owned(), row.text(columns.customized).to_owned()];
    if !purchase_order.is_empty() {
        notes.push(format!("Purchase order {purchase_order}"));
    }
    let facts = Facts {
        customer: customer(row, columns),
        placed_at: gathering.stamp(row, columns.purchase_date),
        paid_at,
        due: gathering.due(row, columns.promise_date),
        financial: paid_at.map(|_| Financial::Paid),
        notes,
        ..Facts::default()
    };
    let at = gathering.order(row.line, order, "", facts);
    let Some(quantity) = gathering.quantity(row, columns.purchased) else { return };
    let prices = [columns.price, columns.tax, columns.shipping_price, columns.shipping_tax];
    let prices = prices.map(|column| gathering.amount(row, column, currency));
    let line = LineFacts {
        id: row.text(columns.line),
        what: row.text(columns.product),
        quantity,
        price: prices[0],
        sku: row.text(columns.sku),
        fulfilment: fulfilment(gathering, row, columns, quantity),
    };
    if gathering.line(at, row.line, &line) {
        for price in prices {
            gathering.add_to_total(at, price);
        }
    }
}

fn fulfilment(gathering: &mut Gathering, row: &Row, columns: &Columns, quantity: u32) -> Fulfilment {
    match row.text(columns.shipped).parse::<u32>() {
        Ok(shipped) if shipped >= quantity => Fulfilment::Done,
        Ok(shipped @ 1..) => {
            let is = format!(
                "{shipped} of {quantity} were sent. The line came in as open; hand those over by hand."
            );
            gathering.said.say(row.line, is);
            Fulfilment::Partial
        }
        Ok(0) | Err(_) => Fulfilment::Open,
    }
}

fn customer(row: &Row, columns: &Columns) -> CustomerDraft {
    let recipient = row.text(columns.recipient);
    let name = Some(row.text(columns.name)).filter(|name| !name.is_empty()).unwrap_or(recipient);
    let place = Place {
        name: columns.recipient,
        company: columns.address_3,
        address_1: columns.address_1,
        address_2: columns.address_2,
        street: Column::NONE,
        city: columns.city,
        zip: columns.zip,
        province: columns.state,
        country: columns.country,
    };
    let (address, zip) = place.read(row, name).unwrap_or_default();
    CustomerDraft {
        name: name.to_owned(),
        email: row.text(columns.email).to_owned(),
        phone: row.text(columns.phone).to_owned(),
        address,
        zip,
        ..CustomerDraft::default()
    }
}
