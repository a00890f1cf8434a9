//! eBay's orders report of the United States, Britain and Germany.
//!
//! An order of several items is a row of its own, with the buyer and the total, and one more row for each item. `Ship By
//! Date` is what the buyer was promised. Above the header stands a blank line or bare commas; below the rows stand
//! how many were downloaded and for which seller.

use super::gathering::{Facts, Gathering, LineFacts};
use super::order::{Financial, Fulfilment};
use super::place::Place;
use super::table::{Column, Columns as _, Row, columns};
use super::{Apart, Assumed, CustomerDraft, Reading, Signs, Source};

/// The orders report, as `eBay-OrdersReport-….csv`.
pub const SOURCE: Source = Source {
    shop: "ebay",
    kind: "eBay orders",
    named: "an eBay orders report",
    is: Signs::Columns(&[
        &["Sales Record Number", "Verkaufsprotokollnummer"],
        &["Order Number", "Bestellnummer"],
        &["Item Title", "Angebotstitel", "Artikelbezeichnung"],
        &["Quantity", "Anzahl", "Stückzahl"],
    ]),
    apart: Apart::Rows(&[&["Order Number", "Bestellnummer"]]),
    read,
};

columns! {
    order: "Order Number" | "Bestellnummer",
    record: "Sales Record Number" | "Verkaufsprotokollnummer",
    user: "Buyer Username" | "Nutzername des Käufers" | "Mitgliedsname",
    name: "Buyer Name" | "Name des Käufers" | "Vollständiger Name des Käufers",
    email: "Buyer Email" | "E-Mail des Käufers",
    note: "Buyer Note" | "Kommentar des Käufers" | "Nachricht des Käufers",
    phone: "Ship To Phone" | "Post To Phone" | "Versand an Telefon",
    ship_name: "Ship To Name" | "Post To Name" | "Versand an Name",
    ship_1: "Ship To Address 1" | "Post To Address 1" | "Versand an Adresse 1",
    ship_2: "Ship To Address 2" | "Post To Address 2" | "Versand an Adresse 2",
    ship_city: "Ship To City" | "Post To City" | "Versand an Ort",
    ship_state: "Ship To State" | "Post To County" | "Post To State" | "Versand an Bundesland",
    ship_zip: "Ship To Zip" | "Post To Postcode" | "Post To Zip" | "Versand an PLZ",
    ship_country: "Ship To Country" | "Post To Country" | "Versand an Land",
    buyer_1: "Buyer Address 1" | "Adresse 1 des Käufers" | "Käuferadresse 1",
    buyer_2: "Buyer Address 2" | "Adresse 2 des Käufers" | "Käuferadresse 2",
    buyer_city: "Buyer City" | "Ort des Käufers",
    buyer_state: "Buyer State" | "Buyer County" | "Bundesland des Käufers" | "Staat des Käufers",
    buyer_zip: "Buyer Zip" | "Buyer Postcode" | "PLZ des Käufers" | "Postleitzahl des Käufers",
    buyer_country: "Buyer Country" | "Land des Käufers",
    item: "Item Number" | "Artikelnummer",
    title: "Item Title" | "Angebotstitel" | "Artikelbezeichnung",
    label: "Custom Label" | "Bestandseinheit",
    quantity: "Quantity" | "Anzahl" | "Stückzahl",
    sold_for: "Sold For" | "Verkauft für" | "Verkaufspreis",
    total: "Total Price" | "Gesamtpreis" | "Gesamtbetrag",
    sale_date: "Sale Date" | "Verkauft am" | "Verkaufsdatum",
    paid_on: "Paid On Date" | "Zahlungsdatum" | "Bezahlt am" | "Bezahldatum",
    ship_by: "Ship By Date" | "Post By Date" | "Dispatch By Date" | "Versenden bis" | "Versand bis",
    shipped_on: "Shipped On Date" | "Posted On Date" | "Dispatched On Date" | "Versanddatum" | "Versandt am",
    my_note: "My Item Note" | "Notizzettel" | "Eigene Notiz",
    transaction: "Transaction ID" | "Transaktions-ID",
    variation: "Variation Details" | "Variantendetails",
}

/// Reads a whole report. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &SOURCE, assumed, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.sale_date, columns.paid_on, columns.ship_by], None);
        gathering.settle_decimals(table, &[columns.sold_for, columns.total], None);
        gathering.footer = is_footer;
        gathering.each_row(table, |gathering, row| take(gathering, row, &columns));
    })
}

/// `52,record(s) downloaded,…` and `Seller ID : …`, which stand below the rows.
fn is_footer(first: &str) -> bool {
    let first = first.to_lowercase();
    first.contains("record(s)")
        || first.contains("datensätze")
        || first.starts_with("seller id")
        || first.starts_with("verkäufer")
}

fn take(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    let order = text(row, columns.order);
    // The footer's count stands beside its words: `52`, `record(s) downloaded`.
    if is_footer(row.cell(1)) {
        gathering.passed_over.push(row.line);
        return;
    }
    if order.is_empty() {
        gathering.nameless(row, columns.order);
        return;
    }
    let currency = gathering.assumed.currency;
    let paid_at = gathering.stamp(row, columns.paid_on);
    let shipped_at = gathering.stamp(row, columns.shipped_on);
    let facts = Facts {
        customer: customer(row, columns),
        placed_at: gathering.stamp(row, columns.sale_date),
        paid_at,
        fulfilled_at: shipped_at,
        due: gathering.due(row, columns.ship_by),
        financial: paid_at.map(|_| Financial::Paid),
        total: gathering.amount(row, columns.total, currency).filter(|total| total.minor > 0),
        notes: [columns.note, columns.my_note].map(|note| text(row, note).to_owned()).to_vec(),
        ..Facts::default()
    };
    let at = gathering.order(row.line, order, "", facts);
    let title = text(row, columns.title);
    if title.is_empty() && text(row, columns.item).is_empty() {
        // The row of an order of several items, which follow.
        return;
    }
    let Some(quantity) = gathering.quantity(row, columns.quantity) else { return };
    let variation = text(row, columns.variation).trim_matches(['[', ']']);
    let what = if variation.is_empty() { title.to_owned() } else { format!("{title} - {variation}") };
    let line = LineFacts {
        id: text(row, columns.transaction),
        what: &what,
        quantity,
        price: gathering.amount(row, columns.sold_for, currency),
        sku: text(row, columns.label),
        fulfilment: if shipped_at.is_some() { Fulfilment::Done } else { Fulfilment::Open },
    };
    gathering.line(at, row.line, &line);
}

/// eBay writes `--` where it has nothing.
fn text(row: &Row, column: Column) -> &str {
    Some(row.text(column)).filter(|text| *text != "--").unwrap_or_default()
}

fn customer(row: &Row, columns: &Columns) -> CustomerDraft {
    let names = [columns.name, columns.ship_name, columns.user];
    let name = names.iter().map(|name| text(row, *name)).find(|name| !name.is_empty()).unwrap_or_default();
    let ship = Place {
        name: columns.ship_name,
        company: Column::NONE,
        address_1: columns.ship_1,
        address_2: columns.ship_2,
        street: Column::NONE,
        city: columns.ship_city,
        zip: columns.ship_zip,
        province: columns.ship_state,
        country: columns.ship_country,
    };
    let buyer = Place {
        name: Column::NONE,
        address_1: columns.buyer_1,
        address_2: columns.buyer_2,
        city: columns.buyer_city,
        zip: columns.buyer_zip,
        province: columns.buyer_state,
        country: columns.buyer_country,
        ..ship
    };
    let (address, zip) = ship.read(row, name).or_else(|| buyer.read(row, name)).unwrap_or_default();
    CustomerDraft {
        name: name.to_owned(),
        email: text(row, columns.email).to_owned(),
        phone: text(row, columns.phone).to_owned(),
        address,
        zip,
        ..CustomerDraft::default()
    }
}
