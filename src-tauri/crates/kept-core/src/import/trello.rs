//! Trello's boards: the CSV of paid plans and the JSON that every plan has. A card is a promise.
//!
//! Decided here: a card whose date is ticked off, or that lies in a list of what is done, was handed over. A card that
//! was archived is nothing to keep any more. Trello names no customers.

use super::gathering::{Facts, Gathering, LineFacts};
use super::order::Fulfilment;
use super::said::Said;
use super::table::{Columns as _, Row, columns};
use super::text::{self, Lines};
use super::{Apart, Assumed, CustomerDraft, Reading, Signs, Source};
use crate::day::Stamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A board as CSV.
pub const CSV: Source = Source {
    shop: "trello",
    kind: "Trello board",
    named: "a Trello board",
    is: Signs::Columns(&[&["Card ID"], &["Card Name"], &["List Name"]]),
    apart: Apart::Rows(&[&["Card ID"]]),
    read: read_csv,
};

/// A board as JSON.
pub const JSON: Source = Source {
    shop: "trello",
    kind: "Trello board (JSON)",
    named: "a Trello board as JSON",
    is: Signs::Text(|head| {
        head.trim_start().starts_with('{')
            && (head.contains("trello.com/") || head.contains("\"labelNames\""))
    }),
    apart: Apart::Nothing,
    read: read_json,
};

columns! {
    id: "Card ID",
    name: "Card Name",
    url: "Card URL",
    description: "Card Description",
    labels: "Labels",
    due: "Due Date",
    complete: "Due Complete",
    activity: "Last Activity Date",
    list: "List Name",
    archived: "Archived",
}

/// Reads a board as CSV. Never fails: what cannot be read is among the problems.
pub fn read_csv(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &CSV, assumed, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.due], None);
        gathering.each_row(table, |gathering, row| take_row(gathering, row, &columns));
    })
}

fn take_row(gathering: &mut Gathering, row: &Row, columns: &Columns) {
    let truth = |column| row.text(column).eq_ignore_ascii_case("true");
    let labels = row.text(columns.labels).split(',').map(|label| {
        // `Urgent (red)`: the colour says nothing that the name does not.
        label.rsplit_once(" (").map_or(label, |(name, _)| name).trim().to_owned()
    });
    let card = Card {
        id: row.text(columns.id).to_owned(),
        short: row
            .text(columns.url)
            .split("/c/")
            .nth(1)
            .and_then(|rest| rest.split('/').next())
            .unwrap_or_default()
            .to_owned(),
        name: row.text(columns.name).to_owned(),
        description: row.text(columns.description).to_owned(),
        due: None,
        complete: truth(columns.complete),
        closed: truth(columns.archived),
        labels: labels.filter(|label| !label.is_empty()).map(|name| Label { name }).collect(),
        ..Card::default()
    };
    let due = gathering.due(row, columns.due);
    let seen_at = gathering.stamp(row, columns.activity);
    take(gathering, row.line, &card, row.text(columns.list), due, seen_at);
}

/// Reads a board as JSON. Never fails: what cannot be read is among the problems.
pub fn read_json(bytes: &[u8], assumed: Assumed) -> Reading {
    let text = text::decode(bytes);
    let mut gathering = Gathering::new(&JSON, assumed, Said(text.problems));
    match serde_json::from_str::<Board<'_>>(&text.text) {
        Err(error) => {
            let line = u32::try_from(error.line()).unwrap_or(u32::MAX).max(1);
            gathering.said.say(line, format!("This is not a Trello board as JSON: {error}."));
        }
        Ok(board) => {
            let mut lines = Lines::default();
            for card in &board.cards {
                // Where the card stands in the text is where its slice begins.
                let at = (card.get().as_ptr() as usize).saturating_sub(text.text.as_ptr() as usize);
                take_json(&mut gathering, lines.line_at(&text.text, at), card, &board.lists);
            }
        }
    }
    gathering.finish()
}

fn take_json(gathering: &mut Gathering, line: u32, card: &RawValue, lists: &[List]) {
    let card: Card = match serde_json::from_str(card.get()) {
        Ok(card) => card,
        Err(error) => {
            gathering
                .said
                .say(line, format!("This is no card that Kept can read: {error}. It was left out."));
            return;
        }
    };
    let list = lists.iter().find(|list| list.id == card.list);
    let gone = list.is_some_and(|list| list.closed);
    let moment =
        |text: &Option<String>| super::dates::Moment::read(text.as_deref()?, super::DateOrder::DayFirst);
    let zone = gathering.assumed.zone;
    let due = moment(&card.due).and_then(|moment| moment.due(zone));
    if due.is_none() && card.due.is_some() {
        gathering.said.say(line, "The date of this card cannot be read. It was left empty.");
    }
    let seen_at = moment(&card.activity).and_then(|moment| moment.stamp(zone));
    let card = Card { closed: card.closed || gone, ..card };
    take(gathering, line, &card, list.map_or("", |list| &list.name), due, seen_at);
}

#[derive(Deserialize)]
struct Board<'t> {
    #[serde(borrow, default)]
    cards: Vec<&'t RawValue>,
    #[serde(default)]
    lists: Vec<List>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct List {
    id: String,
    name: String,
    closed: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Card {
    id: String,
    #[serde(rename = "shortLink")]
    short: String,
    name: String,
    #[serde(rename = "desc")]
    description: String,
    due: Option<String>,
    #[serde(rename = "dueComplete")]
    complete: bool,
    closed: bool,
    #[serde(rename = "idList")]
    list: String,
    labels: Vec<Label>,
    #[serde(rename = "dateLastActivity")]
    activity: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Label {
    name: String,
}

fn take(
    gathering: &mut Gathering,
    line: u32,
    card: &Card,
    list: &str,
    due: Option<crate::day::Due>,
    seen_at: Option<Stamp>,
) {
    if card.closed {
        gathering.passed_over.push(line);
        return;
    }
    let order = if card.short.is_empty() { &card.id } else { &card.short };
    if order.is_empty() || card.name.trim().is_empty() {
        gathering.said.say(line, "This card has no name or no number. It was left out.");
        return;
    }
    let done = card.complete || is_done(list);
    let facts = Facts {
        customer: CustomerDraft { name: "Customers on Trello".to_owned(), ..CustomerDraft::default() },
        placed_at: made_at(&card.id).or(seen_at).or(Some(gathering.assumed.now)),
        fulfilled_at: seen_at.filter(|_| done),
        fulfilment: Some(if done { Fulfilment::Done } else { Fulfilment::Open }),
        due,
        notes: vec![card.description.trim().to_owned()],
        tags: card.labels.iter().map(|label| label.name.clone()).filter(|name| !name.is_empty()).collect(),
        ..Facts::default()
    };
    let at = gathering.order(line, order, &card.id, facts);
    let (quantity, what) = super::values::counted(&card.name);
    let facts =
        LineFacts { id: &card.id, what, quantity, price: None, sku: "", fulfilment: Fulfilment::Open };
    gathering.line(at, line, &facts);
}

/// Lists in which cards lie that are done.
fn is_done(list: &str) -> bool {
    let list = list.trim().to_lowercase();
    let words = [
        "done",
        "delivered",
        "shipped",
        "finished",
        "completed",
        "complete",
        "sent",
        "picked up",
        "handed over",
        "erledigt",
        "fertig",
        "geliefert",
        "terminé",
        "fait",
        "livré",
        "hecho",
        "klaar",
    ];
    words.iter().any(|word| list.starts_with(word))
}

/// The number of a card begins with the second at which it was made.
fn made_at(id: &str) -> Option<Stamp> {
    let seconds = id.get(..8).filter(|_| id.len() == 24).and_then(|hex| i64::from_str_radix(hex, 16).ok())?;
    let at = Stamp::from_millis(seconds * 1_000);
    crate::day::Day::within(at.instant().date_naive()).map(|_| at)
}
