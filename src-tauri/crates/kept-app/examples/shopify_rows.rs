//! Writes a Shopify orders export of made-up orders, for benchmarks and tests: the same one each time.
//!
//! `cargo run -p kept-app --example shopify_rows -- 100000 orders.csv`
//!
//! The first argument counts rows, as the file has them: an order has one to four. Most orders are handed over, as in
//! a shop that has been running for years; 200 are open.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool of the command line says what it did")]

use std::io::{BufWriter, Write};
use std::process::ExitCode;

const HEADER: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,\
    Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,\
    Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,\
    Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,\
    Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,\
    Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,\
    Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,\
    Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,\
    Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,\
    Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,\
    Payment Terms Name,Next Payment Due At,Payment References";

const GOODS: [(&str, u64); 8] = [
    ("Sourdough loaf - Country, 900 g", 950),
    ("Dark rye - 1 kg", 875),
    ("Cardamom buns - Box of 6", 1_800),
    ("Cupcakes - Vanilla & raspberry", 375),
    ("Layer cake - 8 in", 6_400),
    ("Iced cookies with a name - Dozen", 3_200),
    ("Letterpress card - Pack of 5", 1_400),
    ("Linen notebook - A5, dotted", 2_200),
];

const NAMES: [&str; 10] = ["Maria", "Noor", "Hannah", "Jon", "Karim", "Yuki", "Zoë", "Ines", "Leo", "Ada"];

/// How many orders are open, at the end of the file's time.
const OPEN: u64 = 200;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(rows), Some(path)) = (arguments.next().and_then(|rows| rows.parse().ok()), arguments.next())
    else {
        eprintln!("usage: shopify_rows ROWS FILE");
        return ExitCode::from(2);
    };
    let written = std::fs::File::create(&path).and_then(|file| write(rows, &mut BufWriter::new(file)));
    match written {
        Ok(orders) => {
            println!("{{\"rows\": {rows}, \"orders\": {orders}}}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes exactly so many rows; gives the number of orders.
fn write(rows: u64, out: &mut impl Write) -> std::io::Result<u64> {
    writeln!(out, "{HEADER}")?;
    let (mut left, mut order) = (rows, 0);
    let orders = orders_in(rows);
    while left > 0 {
        let lines = lines_of(order).min(left);
        write_order(order, lines, order + OPEN >= orders, out)?;
        left -= lines;
        order += 1;
    }
    out.flush()?;
    Ok(order)
}

fn orders_in(rows: u64) -> u64 {
    let (mut left, mut order) = (rows, 0);
    while left > 0 {
        left -= lines_of(order).min(left);
        order += 1;
    }
    order
}

/// One to four lines, most orders one: 1.5 in the mean.
fn lines_of(order: u64) -> u64 {
    match mixed(order) % 10 {
        0..=6 => 1,
        7 | 8 => 2,
        _ => 4,
    }
}

fn write_order(order: u64, lines: u64, open: bool, out: &mut impl Write) -> std::io::Result<()> {
    let number = 1_001 + order;
    let created = date(order, 9);
    // A quarter as many customers as orders: people come back.
    let customer = mixed(order) % (order / 4 + 1);
    let name = format!("{} Nr{customer}", NAMES[usize::try_from(customer).unwrap_or(0) % NAMES.len()]);
    let email = format!("customer{customer}@mail{}.example", customer % 7);
    let goods: Vec<(u64, &str, u64)> = (0..lines)
        .map(|line| {
            let (what, price) = GOODS[usize::try_from(mixed(order * 7 + line)).unwrap_or(0) % GOODS.len()];
            (1 + mixed(order + line) % 12, what, price)
        })
        .collect();
    let total: u64 = goods.iter().map(|(quantity, _, price)| quantity * price).sum();
    let (status, fulfilled) =
        if open { ("unfulfilled", String::new()) } else { ("fulfilled", date(order, 16)) };
    let street = format!("{} Alder Lane", 1 + customer % 180);
    let address =
        format!("{name},{street},{street},,,Hudson,'12534,NY,US,+1 202 555 {:04}", customer % 10_000);
    for (line, (quantity, what, price)) in goods.iter().enumerate() {
        let line_status = if open { "pending" } else { "fulfilled" };
        let item = format!("{quantity},\"{what}\",{},,SKU-{price},true,true,{line_status}", amount(*price));
        if line == 0 {
            let paid = format!("paid,{created},{status},{fulfilled},no,USD");
            let sums = format!("{0},0.00,0.00,{0},,0.00,Standard", amount(total));
            let note = if order.is_multiple_of(9) { "Please ring twice." } else { "" };
            writeln!(
                out,
                "#{number},{email},{paid},{sums},{created},{item},{address},{address},{note},,,Card,r{number},0.00,\
                 Alder & Rye,0.00,,,,{},,Low,web,0.00,,,,,,,,,,,,,,New York,New York,r{number},,,r{number}",
                5_870_000_000_000 + number * 1_137
            )?;
        } else {
            writeln!(
                out,
                "#{number},{email},,,,,,,,,,,,,,{created},{item},,,,,,,,,,,,,,,,,,,,,,,,,,,Alder & Rye,,,,,,,,,0.00\
                 ,,,,,,,,,,,,,,,,,,,"
            )?;
        }
    }
    Ok(())
}

/// A day for each order: forty a day, the newest in November 2026; months of 28 days are days enough here.
fn date(order: u64, hour: u64) -> String {
    let day = order / 40;
    format!(
        "{}-{:02}-{:02} {hour:02}:{:02}:00 +0000",
        2018 + day / 336 % 9,
        1 + day / 28 % 12,
        1 + day % 28,
        order % 60
    )
}

fn amount(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A number that looks random and is always the same: `SplitMix64`.
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
