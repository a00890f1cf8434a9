//! Shopify's orders export: one row for each line of an order, with what concerns the whole order on the first.
//!
//! Decided here: the customer is who paid (billing name, else shipping name), because the promise was made to them; the
//! address is where things are sent. An order stands for itself however its rows lie in the file, and a field of the
//! order is taken from the first row that has it.

mod assembly;

use super::place::Place;
use super::said::Said;
use super::table::{Columns as _, Names, Row, Table, columns};
use super::values::{short, without_apostrophe};
use super::{Apart, Assumed, Reading, Signs, Source, text};
use assembly::Assembly;
use std::collections::HashMap;

/// Shopify's orders export, as `orders_export.csv`.
pub const SOURCE: Source = Source {
    shop: "shopify",
    kind: "Shopify orders",
    named: "a Shopify orders export",
    is: Signs::Columns(NEEDS),
    apart: Apart::Rows(&[&["Name"]]),
    read,
};

/// The columns without which it is another file.
const NEEDS: &[Names] = &[&["Name"], &["Created at"], &["Lineitem quantity"], &["Lineitem name"]];

/// Reads a whole file. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed) -> Reading {
    let text = text::decode(bytes);
    let mut said = Said(text.problems);
    let mut finished = Vec::new();
    match Table::open(&text.text, NEEDS) {
        Err(missing) => said.say(1, missing.words(SOURCE.named)),
        Ok(table) => {
            let columns = Columns::of(&table);
            said.0.extend(table.header_problems(&columns.all()));
            let orders = orders(&table, &columns, assumed, &mut said);
            finished.extend(orders.into_iter().filter_map(|order| order.finish(assumed, &mut said)));
        }
    }
    Reading { orders: finished, problems: said.by_line(), ..Reading::empty() }
}

/// Puts the rows together that belong to one order.
fn orders(table: &Table<'_>, columns: &Columns, assumed: Assumed, said: &mut Said) -> Vec<Assembly> {
    let mut orders: Vec<Assembly> = Vec::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut above = None;
    for row in table.rows() {
        let row = match row {
            Ok(row) => row,
            Err(unread) => {
                said.0.push(unread.problem);
                continue;
            }
        };
        if let Some(is) = no_order(&row, table, columns) {
            said.say(row.line, is);
            continue;
        }
        let name = short(without_apostrophe(row.text(columns.name)));
        let id = without_apostrophe(row.text(columns.id));
        // Two shops may both have an order #1001; their numbers tell them apart.
        let numbered = format!("{name}\n{id}");
        let latest = orders.len().checked_sub(1);
        let places = [latest, by_name.get(&name).copied(), by_name.get(&numbered).copied()];
        let known = places.into_iter().flatten().find(|at| orders[*at].is(&name, id));
        let at = known.unwrap_or_else(|| {
            let key = if by_name.contains_key(&name) { numbered } else { name.clone() };
            by_name.insert(key, orders.len());
            orders.push(Assembly::new(name, id, row.line));
            orders.len() - 1
        });
        if above.is_some_and(|above| above != at) || row.after_blank {
            orders[at].goes_on_apart();
        }
        above = Some(at);
        orders[at].add(&row, columns, assumed.zone, said);
    }
    orders
}

/// Why a row belongs to no order.
fn no_order(row: &Row, table: &Table<'_>, columns: &Columns) -> Option<String> {
    if row.is_header_of(table) {
        Some("This line repeats the header. It was left out.".to_owned())
    } else if row.text(columns.name).is_empty() {
        Some("The column “Name” is empty, so that this row belongs to no order. It was left out.".to_owned())
    } else {
        None
    }
}

columns! {
    name: "Name",
    id: "Id",
    email: "Email",
    phone: "Phone",
    financial: "Financial Status",
    fulfilment: "Fulfillment Status",
    created_at: "Created at",
    paid_at: "Paid at",
    fulfilled_at: "Fulfilled at",
    cancelled_at: "Cancelled at",
    currency: "Currency",
    total: "Total",
    outstanding: "Outstanding Balance",
    refunded: "Refunded Amount",
    terms: "Payment Terms Name",
    notes: "Notes",
    attributes: "Note Attributes",
    tags: "Tags",
    line_quantity: "Lineitem quantity",
    line_name: "Lineitem name",
    line_price: "Lineitem price",
    line_sku: "Lineitem sku",
    line_ships: "Lineitem requires shipping",
    line_fulfilment: "Lineitem fulfillment status",
    billing_name: "Billing Name",
    billing_company: "Billing Company",
    billing_address_1: "Billing Address1",
    billing_address_2: "Billing Address2",
    billing_street: "Billing Street",
    billing_city: "Billing City",
    billing_zip: "Billing Zip",
    billing_province: "Billing Province",
    billing_country: "Billing Country",
    billing_phone: "Billing Phone",
    shipping_name: "Shipping Name",
    shipping_company: "Shipping Company",
    shipping_address_1: "Shipping Address1",
    shipping_address_2: "Shipping Address2",
    shipping_street: "Shipping Street",
    shipping_city: "Shipping City",
    shipping_zip: "Shipping Zip",
    shipping_province: "Shipping Province",
    shipping_country: "Shipping Country",
    shipping_phone: "Shipping Phone",
}

impl Columns {
    /// The addresses of an order, in the order in which they are preferred: where things are sent goes first.
    fn places(&self) -> [Place; 2] {
        [
            Place {
                name: self.shipping_name,
                company: self.shipping_company,
                address_1: self.shipping_address_1,
                address_2: self.shipping_address_2,
                street: self.shipping_street,
                city: self.shipping_city,
                zip: self.shipping_zip,
                province: self.shipping_province,
                country: self.shipping_country,
            },
            Place {
                name: self.billing_name,
                company: self.billing_company,
                address_1: self.billing_address_1,
                address_2: self.billing_address_2,
                street: self.billing_street,
                city: self.billing_city,
                zip: self.billing_zip,
                province: self.billing_province,
                country: self.billing_country,
            },
        ]
    }
}

#[cfg(test)]
mod tests;
