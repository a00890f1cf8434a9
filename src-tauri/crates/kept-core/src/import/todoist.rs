//! Todoist's projects. A task is a promise; the notes below it, and the tasks set in below it, are its notes.
//!
//! The file has no numbers by which a task is known again, so that its words are what it is known by. Dates may be
//! words, "every Monday"; they are never guessed.

use super::dates::Moment;
use super::gathering::{Facts, Gathering, LineFacts};
use super::order::Fulfilment;
use super::table::{Columns as _, Row, columns};
use super::values::{counted, short};
use super::{Apart, Assumed, CustomerDraft, DateOrder, Reading, Signs, Source};
use crate::day::Due;
use std::cell::RefCell;

/// A project.
pub const SOURCE: Source = Source {
    shop: "todoist",
    kind: "Todoist project",
    named: "a Todoist project",
    is: Signs::Columns(&[&["TYPE"], &["CONTENT"], &["PRIORITY"], &["INDENT"]]),
    // Notes belong to the task above them, and tasks are known by their words.
    apart: Apart::Nothing,
    read,
};

columns! {
    is: "TYPE",
    content: "CONTENT",
    description: "DESCRIPTION",
    priority: "PRIORITY",
    indent: "INDENT",
    date: "DATE",
    deadline: "DEADLINE",
}

/// Reads a project. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed) -> Reading {
    Gathering::read(bytes, &SOURCE, assumed, |gathering, table| {
        let columns = Columns::of(table);
        gathering.said.0.extend(table.header_problems(&columns.all()));
        gathering.settle_dates(table, &[columns.date, columns.deadline], None);
        let section = RefCell::new(String::new());
        gathering.each_row(table, |gathering, row| take(gathering, row, &columns, &section));
    })
}

fn take(gathering: &mut Gathering, row: &Row, columns: &Columns, section: &RefCell<String>) {
    let content = row.text(columns.content);
    match row.text(columns.is).to_lowercase().as_str() {
        "section" => {
            content.clone_into(&mut section.borrow_mut());
            gathering.passed_over.push(row.line);
        }
        "task" if !matches!(row.text(columns.indent), "" | "1") && gathering.latest().is_some() => {
            note(gathering, row, format!("• {content}"));
        }
        "task" => task(gathering, row, columns, &section.borrow()),
        "note" => note(gathering, row, content.to_owned()),
        // What follows says how the project is shown.
        "meta" => gathering.passed_over.push(row.line),
        _ if content.is_empty() => gathering.passed_over.push(row.line),
        other => {
            let is = format!("“{}” is no kind of row that Kept knows. It was left out.", short(other));
            gathering.said.say(row.line, is);
        }
    }
}

fn note(gathering: &mut Gathering, row: &Row, text: String) {
    match gathering.latest() {
        Some(task) => {
            gathering.order(row.line, &task, "", Facts { notes: vec![text], ..Facts::default() });
        }
        None => gathering.said.say(row.line, "This note stands below no task. It was left out."),
    }
}

fn task(gathering: &mut Gathering, row: &Row, columns: &Columns, section: &str) {
    // A star in front marks what cannot be ticked off.
    let content = row.text(columns.content);
    let content = content.strip_prefix("* ").unwrap_or(content);
    if content.is_empty() {
        gathering.said.say(row.line, "This task has no words. It was left out.");
        return;
    }
    let due = due(gathering, row, columns);
    let urgent = row.text(columns.priority) == "1";
    let tags = [section, if urgent { "Priority 1" } else { "" }];
    let facts = Facts {
        customer: CustomerDraft { name: "Customers on Todoist".to_owned(), ..CustomerDraft::default() },
        placed_at: Some(gathering.assumed.now),
        due,
        notes: vec![row.text(columns.description).to_owned()],
        tags: tags.iter().filter(|tag| !tag.is_empty()).map(|tag| (*tag).to_owned()).collect(),
        ..Facts::default()
    };
    let name = gathering.unused_name(content);
    let at = gathering.order(row.line, &name, "", facts);
    let (quantity, what) = counted(content);
    let line = LineFacts { id: "", what, quantity, price: None, sku: "", fulfilment: Fulfilment::Open };
    gathering.line(at, row.line, &line);
}

fn due(gathering: &mut Gathering, row: &Row, columns: &Columns) -> Option<Due> {
    let deadline = row.text(columns.deadline);
    if !deadline.is_empty() {
        return gathering.due(row, columns.deadline);
    }
    let date = row.text(columns.date);
    let begins_with_word = Moment::read(date, DateOrder::DayFirst).is_none()
        && Moment::read(date, DateOrder::MonthFirst).is_none()
        && date.contains(char::is_alphabetic);
    if begins_with_word {
        let is = format!(
            "“{}” is a date in words. The promise gets one from the lead time; set the right one.",
            short(date)
        );
        gathering.said.say(row.line, is);
        return None;
    }
    gathering.due(row, columns.date)
}
