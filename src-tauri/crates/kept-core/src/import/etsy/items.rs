//! Etsy's file with one row for each line of an order.

use crate::import::CustomerDraft;
use crate::import::gathering::{Facts, Gathering, LineFacts};
use crate::import::order::{Financial, Fulfilment};
use crate::import::place::Place;
use crate::import::table::{Column, Row, columns};

columns! {
    sale_date: "Sale Date",
    item: "Item Name",
    buyer: "Buyer",
    quantity: "Quantity",
    price: "Price",
    shipping: "Order Shipping" | "Order Delivery",
    tax: "Order Sales Tax",
    item_total: "Item Total",
    currency: "Currency",
    transaction: "Transaction ID",
    date_paid: "Date Paid",
    date_shipped: "Date Shipped" | "Date Posted",
    name: "Ship Name" | "Delivery Name",
    address_1: "Ship Address1" | "Delivery Address1" | "Street 1",
    address_2: "Ship Address2" | "Delivery Address2" | "Street 2",
    city: "Ship City" | "Delivery City",
    state: "Ship State" | "Delivery State",
    zip: "Ship Zipcode" | "Delivery Zipcode",
    country: "Ship Country" | "Delivery Country",
    order: "Order ID",
    variations: "Variations",
    sku: "SKU",
}

pub(super) fn take(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    if row.text(columns.order).is_empty() {
        gathering.nameless(row, columns.order);
        return;
    }
    let currency = gathering.currency(row, columns.currency);
    let paid_at = gathering.stamp(row, columns.date_paid);
    let shipped_at = gathering.stamp(row, columns.date_shipped);
    let item = row.text(columns.item);
    let (choice, wish) = variations(row.text(columns.variations));
    let facts = Facts {
        customer: customer(row, columns),
        placed_at: gathering.stamp(row, columns.sale_date),
        paid_at,
        fulfilled_at: shipped_at,
        financial: paid_at.map(|_| Financial::Paid),
        notes: if wish.is_empty() { Vec::new() } else { vec![format!("{item}\n{wish}")] },
        ..Facts::default()
    };
    let at = gathering.order(row.line, row.text(columns.order), "", facts);
    let Some(quantity) = gathering.quantity(row, columns.quantity) else { return };
    let what = if choice.is_empty() { item.to_owned() } else { format!("{item} - {choice}") };
    let line = LineFacts {
        id: row.text(columns.transaction),
        what: &what,
        quantity,
        price: gathering.amount(row, columns.price, currency),
        sku: row.text(columns.sku),
        fulfilment: if shipped_at.is_some() { Fulfilment::Done } else { Fulfilment::Open },
    };
    let price = gathering.amount(row, columns.item_total, currency);
    if gathering.line(at, row.line, &line) {
        gathering.add_to_total(at, price);
    }
}

/// What was chosen, and what the buyer wrote: `Size:Small,Personalization:For Zoë, with love`.
fn variations(text: &str) -> (&str, &str) {
    let wish = ["Personalization", "Personalisation"].iter().find_map(|word| text.find(word));
    let (choice, wish) = text.split_at(wish.unwrap_or(text.len()));
    (choice.trim_end_matches([',', ' ']), wish)
}

/// `Buyer` is `Zoë Müller (zoemueller)`.
fn customer(row: &Row, columns: &Columns) -> CustomerDraft {
    let buyer = row.text(columns.buyer);
    let name = buyer.rsplit_once(" (").map_or(buyer, |(name, _)| name);
    let name = if name.is_empty() { row.text(columns.name) } else { name };
    let place = Place {
        name: columns.name,
        company: Column::NONE,
        address_1: columns.address_1,
        address_2: columns.address_2,
        street: Column::NONE,
        city: columns.city,
        zip: columns.zip,
        province: columns.state,
        country: columns.country,
    };
    let (address, zip) = place.read(row, name).unwrap_or_default();
    CustomerDraft { name: name.to_owned(), address, zip, ..CustomerDraft::default() }
}
