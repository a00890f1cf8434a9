//! Etsy's file with one row for each order.

use crate::import::CustomerDraft;
use crate::import::gathering::{Facts, Gathering, LineFacts};
use crate::import::order::{Financial, Fulfilment, WHOLE_ORDER};
use crate::import::place::Place;
use crate::import::table::{Column, Row, columns};
use crate::money::Money;

columns! {
    sale_date: "Sale Date",
    order: "Order ID",
    full_name: "Full Name",
    first_name: "First Name",
    last_name: "Last Name",
    buyer: "Buyer" | "Buyer User ID",
    items: "Number of Items",
    method: "Payment Method",
    payment_type: "Payment Type",
    order_type: "Order Type",
    date_shipped: "Date Shipped" | "Date Posted",
    street_1: "Street 1",
    street_2: "Street 2",
    city: "Ship City" | "Delivery City",
    state: "Ship State" | "Delivery State",
    zip: "Ship Zipcode" | "Delivery Zipcode",
    country: "Ship Country" | "Delivery Country",
    currency: "Currency",
    total: "Order Total",
    adjusted: "Adjusted Order Total",
    status: "Status",
    sku: "SKU",
}

pub(super) fn take(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    if row.text(columns.order).is_empty() {
        gathering.nameless(row, columns.order);
        return;
    }
    let currency = gathering.currency(row, columns.currency);
    let total = gathering.amount(row, columns.total, currency);
    let adjusted = gathering.amount(row, columns.adjusted, currency).filter(|money| money.minor > 0);
    let placed_at = gathering.stamp(row, columns.sale_date);
    let in_person =
        row.text(columns.order_type).to_lowercase().replace([' ', '-', '_'], "").contains("inperson");
    let shipped_at = gathering.stamp(row, columns.date_shipped);
    let fulfilled_at = shipped_at.or(if in_person { placed_at } else { None });
    let cancelled = row.text(columns.status).to_lowercase().starts_with("cancel");
    let facts = Facts {
        customer: customer(row, columns),
        placed_at,
        paid_at: placed_at.filter(|_| financial(row, columns) == Financial::Paid),
        fulfilled_at,
        cancelled_at: placed_at.filter(|_| cancelled),
        financial: Some(financial(row, columns)),
        fulfilment: Some(if fulfilled_at.is_some() { Fulfilment::Done } else { Fulfilment::Open }),
        total,
        refunded: total
            .zip(adjusted)
            .map(|(total, adjusted)| Money::new((total.minor - adjusted.minor).max(0), currency)),
        ..Facts::default()
    };
    let at = gathering.order(row.line, row.text(columns.order), "", facts);
    let line = LineFacts {
        id: WHOLE_ORDER,
        what: &what(row, columns),
        quantity: 1,
        price: total,
        sku: row.text(columns.sku),
        fulfilment: Fulfilment::Open,
    };
    gathering.line(at, row.line, &line);
}

/// What stands for the lines that this file does not name: `3 items (BOWL-S, MUG-2)`.
fn what(row: &Row, columns: &Columns) -> String {
    let items = match row.text(columns.items) {
        "" | "1" => "1 item".to_owned(),
        items => format!("{items} items"),
    };
    match row.text(columns.sku) {
        "" => items,
        sku => format!("{items} ({})", sku.split(',').map(str::trim).collect::<Vec<_>>().join(", ")),
    }
}

fn financial(row: &Row, columns: &Columns) -> Financial {
    let method = row.text(columns.method).to_lowercase();
    let by_hand = ["check", "cheque", "money order", "bank transfer", "other"];
    let later =
        by_hand.iter().any(|hand| method.contains(hand)) && row.text(columns.payment_type) != "online_cc";
    if later { Financial::Pending } else { Financial::Paid }
}

fn customer(row: &Row, columns: &Columns) -> CustomerDraft {
    let name = match row.text(columns.full_name) {
        "" => format!("{} {}", row.text(columns.first_name), row.text(columns.last_name)).trim().to_owned(),
        name => name.to_owned(),
    };
    let name = if name.is_empty() { row.text(columns.buyer).to_owned() } else { name };
    let place = Place {
        name: Column::NONE,
        company: Column::NONE,
        address_1: columns.street_1,
        address_2: columns.street_2,
        street: Column::NONE,
        city: columns.city,
        zip: columns.zip,
        province: columns.state,
        country: columns.country,
    };
    let (address, zip) = place.read(row, &name).unwrap_or_default();
    CustomerDraft { name, address, zip, ..CustomerDraft::default() }
}
