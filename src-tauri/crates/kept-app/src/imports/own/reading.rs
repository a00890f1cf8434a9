//! Reading a document that Kept has written: all of it or nothing, and what is wrong with its place.

use super::super::record::Import;
use crate::care::{self, Care};
use crate::export::{BEGINNING, Heading, PastChange};
use crate::records::{Record, key};
use kept_core::alert;
use kept_core::customer::Customer;
use kept_core::day::Stamp;
use kept_core::id::CustomerId;
use kept_core::import::mapped::Mapping;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// So many faults are named at once.
const FAULTS_MOST: usize = 5;

/// What a document holds.
#[derive(Debug, Default)]
pub(in crate::imports) struct Moved {
    /// Where it lies; its attached files lie beside it.
    pub document: PathBuf,
    /// All records, the settings among them.
    pub records: Vec<Record>,
    /// What the columns of tables mean.
    pub columns: BTreeMap<String, Mapping>,
    /// Files that were brought in there.
    pub imports: Vec<Import>,
    /// What happened to alerts there.
    pub alerts: Vec<alert::Entry>,
    /// What was done there, the oldest first.
    pub history: Vec<PastChange>,
}

impl Moved {
    /// When the newest thing in it was done.
    pub(super) fn as_of(&self) -> Option<Stamp> {
        self.history.iter().map(|change| change.entry.at).max()
    }

    /// The name of a customer in it.
    pub(super) fn customer_name(&self, id: CustomerId) -> String {
        let mut customers = self.customers().filter(|it| it.id == id);
        customers.next().map_or_else(String::new, |it| it.name.clone())
    }

    fn customers(&self) -> impl Iterator<Item = &Customer> {
        self.records.iter().filter_map(|record| match record {
            Record::Customer(it) => Some(it),
            Record::Commitment(_)
            | Record::Offer(_)
            | Record::Series(_)
            | Record::Chore(_)
            | Record::Care(_)
            | Record::Settings(_) => None,
        })
    }
}

/// Whether a file is a document that Kept has written, by its heading.
pub(in crate::imports) fn is_one(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let head = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    let begins = BEGINNING.bytes().filter(|byte| !byte.is_ascii_whitespace());
    head.copied().take(begins.clone().count()).eq(begins)
}

/// Reads a document; why it cannot be brought in, in sentences.
pub(in crate::imports) fn read(bytes: &[u8], document: &Path) -> Result<Moved, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("It is damaged: byte {} is no text.", error.valid_up_to() + 1))?;
    let sections: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let why = words(&error);
        format!("It is damaged in line {line}, column {column}: {why}. Nothing of it can be brought in.")
    })?;
    let mut reading = Reading { text, faults: Vec::new(), seen: BTreeSet::new() };
    let heading: Option<Heading> = sections.get("kept").and_then(|raw| reading.parse("heading", raw));
    if heading.as_ref().is_some_and(Heading::is_newer) {
        return Err("It was written by a newer Kept. Install the newest Kept to bring it in.".to_owned());
    }
    let mut moved = Moved { document: document.to_owned(), ..Moved::default() };
    for (name, raw) in &sections {
        reading.section(name, raw, &mut moved);
    }
    reading.look_for_customers(&moved);
    reading.finish().map(|()| moved)
}

struct Reading<'a> {
    text: &'a str,
    faults: Vec<String>,
    /// The keys of records that were read.
    seen: BTreeSet<Vec<u8>>,
}

impl Reading<'_> {
    fn section(&mut self, name: &str, raw: &RawValue, moved: &mut Moved) {
        match name {
            "kept" => {}
            "settings" => {
                let settings = self.parse("the settings", raw).map(Record::Settings);
                moved.records.extend(settings);
            }
            "columns" => moved.columns = self.parse("columns", raw).unwrap_or_default(),
            "imports" => moved.imports = self.list(raw, "import"),
            "alerts" => moved.alerts = self.list(raw, "alert"),
            "history" => moved.history = self.list(raw, "change"),
            "customers" => self.records(raw, "customer", Record::Customer, moved),
            "promises" => self.records(raw, "promise", Record::Commitment, moved),
            "offers" => self.records(raw, "offer", Record::Offer, moved),
            "series" => self.records(raw, "promise that repeats", Record::Series, moved),
            "chores" => self.records(raw, "chore", Record::Chore, moved),
            other => self.care(other, raw, moved),
        }
    }

    fn care(&mut self, name: &str, raw: &RawValue, moved: &mut Moved) {
        let prefix =
            care::KINDS.iter().find(|(_, kind)| *kind == name).and_then(|(prefix, _)| prefix.first());
        let Some(prefix) = prefix else {
            let (line, _) = self.place(raw);
            self.faults.push(format!("Line {line}: this Kept does not know what “{name}” is."));
            return;
        };
        let items: Vec<&RawValue> = self.parse(name, raw).unwrap_or_default();
        for item in items {
            match Care::parse(*prefix, item.get()) {
                Some(Ok(it)) => self.take(item, name, Record::Care(it), moved),
                Some(Err(error)) => self.fault(item, name, &error),
                None => {}
            }
        }
    }

    fn records<T: DeserializeOwned>(
        &mut self,
        raw: &RawValue,
        name: &str,
        record: fn(T) -> Record,
        moved: &mut Moved,
    ) {
        let items: Vec<&RawValue> = self.parse(name, raw).unwrap_or_default();
        for item in items {
            if let Some(it) = self.parse(name, item) {
                self.take(item, name, record(it), moved);
            }
        }
    }

    fn list<T: DeserializeOwned>(&mut self, raw: &RawValue, name: &str) -> Vec<T> {
        let items: Vec<&RawValue> = self.parse(name, raw).unwrap_or_default();
        items.into_iter().filter_map(|item| self.parse(name, item)).collect()
    }

    /// Takes a record, once.
    fn take(&mut self, raw: &RawValue, name: &str, record: Record, moved: &mut Moved) {
        let (line, _) = self.place(raw);
        let is_bare = matches!(&record, Record::Commitment(it) if it.deliverables.is_empty());
        if is_bare {
            self.faults.push(format!("Line {line}: this promise{} has no part.", of(raw)));
        } else if self.seen.insert(record.key()) {
            moved.records.push(record);
        } else {
            self.faults.push(format!("Line {line}: this {name}{} is there twice.", of(raw)));
        }
    }

    /// Every promise is made to a customer who is in the document as well.
    fn look_for_customers(&mut self, moved: &Moved) {
        let owed = moved.records.iter().filter_map(|record| match record {
            Record::Commitment(it) => Some((format!("The promise {}", it.id), it.customer)),
            Record::Series(it) => Some((format!("What repeats as {}", it.id), it.customer)),
            Record::Customer(_)
            | Record::Offer(_)
            | Record::Chore(_)
            | Record::Care(_)
            | Record::Settings(_) => None,
        });
        for (what, customer) in owed {
            if !self.seen.contains(&key(b'c', &[customer.uuid().as_bytes()])) {
                self.faults.push(format!("{what} is for the customer {customer}, who is not in the file."));
            }
        }
    }

    fn parse<'r, T: serde::Deserialize<'r>>(&mut self, name: &str, raw: &'r RawValue) -> Option<T> {
        serde_json::from_str(raw.get()).map_err(|error| self.fault(raw, name, &error)).ok()
    }

    fn fault(&mut self, raw: &RawValue, name: &str, error: &serde_json::Error) {
        let (line, column) = self.place(raw);
        let column = if error.line() <= 1 { column + error.column() } else { error.column() };
        let line = line + error.line().saturating_sub(1);
        self.faults.push(format!(
            "Line {line}, column {column}: {name}{} cannot be read: {}.",
            of(raw),
            words(error)
        ));
    }

    /// The line and the column before which a value begins.
    fn place(&self, raw: &RawValue) -> (usize, usize) {
        let at = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        let begins = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        (line, at - begins)
    }

    fn finish(self) -> Result<(), String> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let more = self.faults.len().saturating_sub(FAULTS_MOST);
        let mut words = self.faults.iter().take(FAULTS_MOST).cloned().collect::<Vec<_>>().join(" ");
        if more > 0 {
            words = format!("{words} And {more} more.");
        }
        Err(format!("{words} Nothing of it can be brought in before that is mended."))
    }
}

/// ` 0198…`: the id of a record, if it has one that can be read.
fn of(raw: &RawValue) -> String {
    let value: Option<serde_json::Value> = serde_json::from_str(raw.get()).ok();
    let id = value.as_ref().and_then(|value| value.get("id")).and_then(|id| id.as_str());
    id.map_or_else(String::new, |id| format!(" {id}"))
}

/// What is wrong, without the place within the value.
fn words(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.split(" at line ").next().unwrap_or(&words).to_owned()
}
