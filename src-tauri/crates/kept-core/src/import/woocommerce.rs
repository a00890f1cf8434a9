//! The exports of `WooCommerce`: that of the order export plugins with a column for each line, the legacy one, and the list of
//! orders of its own analytics, whose header is in the language of the shop.
//!
//! Orders are one row each. What is completed was handed over; a failed payment is one that never came.

mod lines;

use super::gathering::{Facts, Gathering, LineFacts};
use super::order::{Financial, Fulfilment};
use super::place::Place;
use super::table::{Column, Columns as _, Row, columns};
use super::values::short;
use super::{Apart, Assumed, CustomerDraft, Reading, Signs, Source};
use lines::{Line, in_analytics, in_cell};

/// The export of the plugins, with `line_item_1`, `line_item_2` and so on, or all lines in `line_items`.
pub const ORDERS: Source = Source {
    shop: "woocommerce",
    kind: "WooCommerce orders",
    named: "a WooCommerce order export",
    is: Signs::Columns(&[
        &["order_id"],
        &["order_date"],
        &["status", "order_status"],
        &["line_item_1", "line_items"],
    ]),
    apart: Apart::Rows(&[&["order_number_formatted", "order_number"], &["order_id"]]),
    read: read_orders,
};

/// The legacy export, with `order_item_1`, `order_item_2` and so on.
pub const LEGACY: Source = Source {
    shop: "woocommerce",
    kind: "WooCommerce orders (legacy)",
    named: "a legacy WooCommerce order export",
    is: Signs::Columns(&[&["order_id"], &["date"], &["status"], &["order_item_1"]]),
    apart: Apart::Rows(&[&["order_number_formatted", "order_number"], &["order_id"]]),
    read: read_legacy,
};

/// The list of orders of the analytics, as far as its header is in a language that Kept knows.
pub const ANALYTICS: Source = Source {
    shop: "woocommerce",
    kind: "WooCommerce analytics",
    named: "a WooCommerce analytics export",
    is: Signs::Columns(&[DATE, ORDER, STATUS, PRODUCTS]),
    apart: Apart::Rows(&[ORDER]),
    read: read_analytics,
};

const DATE: &[&str] = &["Date", "Datum", "Fecha", "Data"];
const ORDER: &[&str] = &[
    "Order #",
    "Commande n°",
    "Commande #",
    "Bestellung #",
    "Bestellung Nr.",
    "Bestell-Nr.",
    "Bestellnummer",
    "Pedido nº",
    "Pedido n.º",
    "Ordine n.",
    "Bestelling #",
];
const STATUS: &[&str] = &["Status", "État", "Statut", "Estado", "Stato"];
const PRODUCTS: &[&str] =
    &["Product(s)", "Produit(s)", "Produkt(e)", "Produkte", "Producto(s)", "Prodotto/i", "Product(en)"];

columns! {
    id: "order_id",
    number: "order_number_formatted" | "order_number",
    date: "order_date" | "date",
    paid_date: "paid_date",
    completed_date: "completed_date" | "date_completed",
    status: "status" | "order_status",
    total: "order_total",
    currency: "order_currency" | "currency",
    refunded: "refunded_total" | "order_refunded",
    email: "billing_email" | "customer_email",
    phone: "billing_phone" | "shipping_phone",
    note: "customer_note",
    items: "line_items",
    billing_first: "billing_first_name",
    billing_last: "billing_last_name",
    billing_company: "billing_company",
    billing_1: "billing_address_1",
    billing_2: "billing_address_2",
    billing_zip: "billing_postcode",
    billing_city: "billing_city",
    billing_state: "billing_state",
    billing_country: "billing_country",
    shipping_company: "shipping_company",
    shipping_1: "shipping_address_1",
    shipping_2: "shipping_address_2",
    shipping_zip: "shipping_postcode",
    shipping_city: "shipping_city",
    shipping_state: "shipping_state",
    shipping_country: "shipping_country",
}

/// Reads the export of the plugins. Never fails: what cannot be read is among the problems.
pub fn read_orders(bytes: &[u8], assumed: Assumed) -> Reading {
    read(bytes, &ORDERS, "line_item", assumed)
}

/// Reads the legacy export. Never fails: what cannot be read is among the problems.
pub fn read_legacy(bytes: &[u8], assumed: Assumed) -> Reading {
    read(bytes, &LEGACY, "order_item", assumed)
}

fn read(bytes: &[u8], source: &'static Source, item: &'static str, assumed: Assumed) -> Reading {
    Gathering::read(bytes, source, assumed, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.date, columns.paid_date], None);
        gathering.settle_decimals(table, &[columns.total], None);
        let mut items = table.numbered(item);
        items.push(columns.items);
        gathering.each_row(table, |gathering, row| take(gathering, row, &columns, &items));
    })
}

fn take(gathering: &mut Gathering, row: &Row, columns: &Columns, items: &[Column]) {
    let id = row.text(columns.id);
    let number = Some(row.text(columns.number)).filter(|number| !number.is_empty()).unwrap_or(id);
    if number.is_empty() {
        gathering.nameless(row, columns.id);
        return;
    }
    let currency = gathering.currency(row, columns.currency);
    let placed_at = gathering.stamp(row, columns.date);
    let facts = Facts {
        customer: customer(row, columns),
        paid_at: gathering.stamp(row, columns.paid_date),
        fulfilled_at: gathering.stamp(row, columns.completed_date),
        total: gathering.amount(row, columns.total, currency),
        refunded: gathering.amount(row, columns.refunded, currency).filter(|money| money.minor > 0),
        notes: vec![row.text(columns.note).to_owned()],
        placed_at,
        ..in_state(gathering, row, columns.status, placed_at)
    };
    let at = gathering.order(row.line, number.trim_start_matches('#'), id, facts);
    for item in items {
        for line in in_cell(row.text(*item)) {
            let price = line.total.and_then(|total| crate::money::Money::parse(total, currency).ok());
            add(gathering, at, row.line, &line, price);
        }
    }
}

/// Reads the list of the analytics. Never fails: what cannot be read is among the problems.
pub fn read_analytics(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &ANALYTICS, assumed, |gathering, table| {
        let [date, order, status, products] =
            [DATE, ORDER, STATUS, PRODUCTS].map(|names| table.column(names));
        let customer = table.column(&["Customer", "Client", "Client·e", "Kunde", "Cliente", "Klant"]);
        let net = table.column(&[
            "Net Sales",
            "Ventes nettes",
            "Nettoumsatz",
            "Netto-Umsatz",
            "Ventas netas",
            "Vendite nette",
            "Netto-omzet",
        ]);
        let columns = [date, order, status, products, customer, net];
        gathering.said.0.extend(table.header_problems(&columns));
        gathering.settle_dates(table, &[date], None);
        gathering.settle_decimals(table, &[net], None);
        gathering.each_row(table, |gathering, row| take_from_analytics(gathering, row, columns));
    })
}

fn take_from_analytics(gathering: &mut Gathering, row: &Row, columns: [Column; 6]) {
    let [date, order, status, products, customer, net] = columns;
    let number = row.text(order).trim_start_matches('#');
    if number.is_empty() {
        gathering.nameless(row, order);
        return;
    }
    let placed_at = gathering.stamp(row, date);
    let facts = Facts {
        customer: CustomerDraft { name: row.text(customer).to_owned(), ..CustomerDraft::default() },
        placed_at,
        ..in_state(gathering, row, status, placed_at)
    };
    let at = gathering.order(row.line, number, "", facts);
    for line in in_analytics(row.text(products)) {
        add(gathering, at, row.line, &line, None);
    }
    let currency = gathering.assumed.currency;
    let price = gathering.signed_amount(row, net, currency).filter(|money| money.minor > 0);
    gathering.add_to_total(at, price);
}

fn add(
    gathering: &mut Gathering,
    at: super::gathering::At,
    row: u32,
    line: &Line<'_>,
    price: Option<crate::money::Money>,
) {
    let Some(quantity) = line.quantity else {
        gathering
            .said
            .say(row, format!("“{}” of something is nothing to deliver. It was left out.", short(line.what)));
        return;
    };
    let facts =
        LineFacts { id: "", what: line.what, quantity, price, sku: line.sku, fulfilment: Fulfilment::Open };
    gathering.line(at, row, &facts);
}

/// What the state of an order says about its payment and its handover, in the languages of the analytics.
fn in_state(
    gathering: &mut Gathering,
    row: &Row,
    column: Column,
    placed_at: Option<crate::day::Stamp>,
) -> Facts {
    let text = row.text(column);
    let state = text.to_lowercase().replace(['-', '_'], " ");
    let state = state.strip_prefix("wc ").unwrap_or(&state).trim();
    let facts = |financial, fulfilment| Facts {
        financial: Some(financial),
        fulfilment: Some(fulfilment),
        ..Facts::default()
    };
    match state {
        "" => Facts::default(),
        "processing" | "en cours" | "in bearbeitung" | "procesando" | "in lavorazione" | "in behandeling" => {
            facts(Financial::Paid, Fulfilment::Open)
        }
        "completed" | "terminée" | "terminé" | "abgeschlossen" | "fertiggestellt" | "completado"
        | "completato" | "afgerond" => facts(Financial::Paid, Fulfilment::Done),
        "pending"
        | "pending payment"
        | "on hold"
        | "en attente"
        | "en attente de paiement"
        | "en attente paiement"
        | "wartend"
        | "in wartestellung"
        | "zahlung ausstehend"
        | "ausstehende zahlung"
        | "pendiente de pago"
        | "en espera"
        | "in attesa"
        | "in de wacht"
        | "checkout draft"
        | "draft" => facts(Financial::Pending, Fulfilment::Open),
        "cancelled" | "canceled" | "annulée" | "annulé" | "storniert" | "abgebrochen" | "cancelado"
        | "annullato" | "geannuleerd" => {
            Facts { cancelled_at: placed_at, ..facts(Financial::Voided, Fulfilment::Open) }
        }
        "refunded" | "remboursée" | "remboursé" | "rückerstattet" | "erstattet" | "reembolsado"
        | "rimborsato" | "terugbetaald" => facts(Financial::Refunded, Fulfilment::Open),
        "failed" | "échouée" | "échoué" | "fehlgeschlagen" | "fallido" | "fallito" | "mislukt" => {
            facts(Financial::Voided, Fulfilment::Open)
        }
        _ => {
            let wrong = format!("“{}” is no state of an order that Kept knows", short(text));
            gathering.said.cell(row.line, column, &wrong, "taken as open");
            Facts::default()
        }
    }
}

fn customer(row: &Row, columns: &Columns) -> CustomerDraft {
    let name = format!("{} {}", row.text(columns.billing_first), row.text(columns.billing_last));
    let name = Some(name.trim()).filter(|name| !name.is_empty()).unwrap_or(row.text(columns.billing_company));
    let shipping = Place {
        name: Column::NONE,
        company: columns.shipping_company,
        address_1: columns.shipping_1,
        address_2: columns.shipping_2,
        street: Column::NONE,
        city: columns.shipping_city,
        zip: columns.shipping_zip,
        province: columns.shipping_state,
        country: columns.shipping_country,
    };
    let billing = Place {
        company: columns.billing_company,
        address_1: columns.billing_1,
        address_2: columns.billing_2,
        city: columns.billing_city,
        zip: columns.billing_zip,
        province: columns.billing_state,
        country: columns.billing_country,
        ..shipping
    };
    let (address, zip) = shipping.read(row, name).or_else(|| billing.read(row, name)).unwrap_or_default();
    CustomerDraft {
        name: name.to_owned(),
        email: row.text(columns.email).to_owned(),
        phone: row.text(columns.phone).to_owned(),
        address,
        zip,
        ..CustomerDraft::default()
    }
}
