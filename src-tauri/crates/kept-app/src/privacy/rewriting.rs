//! What every row becomes when a person is forgotten: the records, how they were before, and what was done in words.

use super::person::Person;
use super::{order_mark, unfinished};
use crate::Kept;
use crate::care::{self, Care};
use crate::commit::{rows_of, unhex};
use crate::failure::{Code, Failure};
use crate::lists::each;
use crate::records::{Entry, Record, Stored, change_at_end, change_key, decode, encode};
use crate::store::{Key, Row, Write};
use kept_core::day::Day;
use kept_core::forget::{self, GONE, Words};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

/// The fields that hold what people have written. Names of customers and ids are none of them.
const TEXTS: [&str; 21] = [
    "what",
    "why",
    "whys",
    "words",
    "note",
    "text",
    "symptom",
    "supplier",
    "step",
    "search",
    "label",
    "title",
    "place",
    "said",
    "came_due",
    "checklist",
    "inputs",
    "method",
    "owner",
    "why_not",
    "from",
];
/// Fields that hold texts in some records and something else in others.
const NAME: &str = "name";

/// All rows as they are to be.
pub(super) struct Rewritten {
    /// The number of the change.
    pub change: u64,
    pub writes: Vec<Write>,
}

/// Rewrites every row in which the person is.
pub(super) async fn all(kept: &Kept, person: &Person) -> Result<Rewritten, Failure> {
    let change = kept.shop().change + 1;
    let mut rewriting = Rewriting {
        person,
        theirs: person.words(),
        elsewhere: person.words_elsewhere(),
        today: kept.now().today,
        change,
        writes: Vec::new(),
        keys: BTreeSet::new(),
    };
    let kinds: [&[u8]; 6] = [b"p", b"c", b"f", b"g", b"w", b"s"];
    for kind in kinds.into_iter().chain(care::KINDS.iter().map(|(kind, _)| *kind)) {
        each(&kept.0.store, kind, |row| rewriting.record(row)).await?;
    }
    each(&kept.0.store, b"r", |row| rewriting.before(row)).await?;
    rewriting.history(kept).await?;
    for kind in [b"i", b"a"] {
        each(&kept.0.store, kind, |row| rewriting.any(row)).await?;
    }
    // A file that is named after them is offered once more at worst.
    let marks = rows_of(&kept.0.store, b"d").await?;
    let named = |row: &Row| rewriting.elsewhere.out_of(&String::from_utf8_lossy(&row.key[1..])).is_some();
    let named: Vec<Key> = marks.into_iter().filter(named).map(|row| row.key).collect();
    let mut writes = rewriting.writes;
    writes.extend(named.into_iter().map(|key| Write::Delete { key }));
    writes.extend(unfinished(person.files.iter().cloned()));
    writes.extend(noted(kept, change)?);
    Ok(Rewritten { change, writes })
}

/// That it was done stands in the history, and that nobody undoes it.
fn noted(kept: &Kept, change: u64) -> Result<[Write; 2], Failure> {
    let entry = Entry {
        at: (kept.0.host.now)().stamp,
        what: "Anonymised a customer".to_owned(),
        promise: None,
        undoes: None,
        redoes: None,
        import: None,
        by_itself: true,
        way_back: None,
        moved_in: None,
    };
    Ok([
        Write::Put { key: change_key(b'h', change), value: encode(&entry)? },
        Write::Put { key: change_key(b't', change), value: Vec::new() },
    ])
}

struct Rewriting<'a> {
    person: &'a Person,
    theirs: Words,
    elsewhere: Words,
    today: Day,
    change: u64,
    writes: Vec<Write>,
    /// The keys of records that are theirs, now or before.
    keys: BTreeSet<Key>,
}

impl Rewriting<'_> {
    /// A record as it is, with the rows by which it is found.
    fn record(&mut self, row: &Row) -> Result<(), Failure> {
        let stored: Stored = decode(&row.value)?;
        let after = self.without_them(&stored.record)?;
        if after == stored.record {
            return Ok(());
        }
        let mut old = stored.record.index();
        for (key, value) in after.index() {
            if old.remove(&key).as_ref() != Some(&value) {
                self.writes.push(Write::Put { key, value });
            }
        }
        self.writes.extend(old.into_keys().map(|key| Write::Delete { key }));
        // What was done to it before cannot be undone any more.
        let stored = Stored { born: stored.born, last: self.change, record: after };
        self.writes.push(Write::Put { key: row.key.clone(), value: encode(&stored)? });
        Ok(())
    }

    /// A record as it was before a change.
    fn before(&mut self, row: &Row) -> Result<(), Failure> {
        let stored: Stored = decode(&row.value)?;
        let after = self.without_them(&stored.record)?;
        if after != stored.record {
            let stored = Stored { record: after, ..stored };
            self.writes.push(Write::Put { key: row.key.clone(), value: encode(&stored)? });
        }
        Ok(())
    }

    fn without_them(&mut self, record: &Record) -> Result<Record, Failure> {
        if !self.person.is_theirs(record) {
            return scrubbed(record, &self.elsewhere, is_customer(record));
        }
        self.keys.insert(record.key());
        let left = match record {
            Record::Customer(it) => return Ok(Record::Customer(forget::customer(it, self.today))),
            Record::Commitment(it) => Record::Commitment(forget::commitment(it, order_mark)),
            Record::Series(it) => Record::Series(forget::series(it)),
            Record::Care(Care::Feedback(it)) => Record::Care(Care::Feedback(forget::feedback(it))),
            Record::Care(Care::Recovery(it)) => Record::Care(Care::Recovery(forget::recovery(it))),
            Record::Care(Care::Win(it)) => Record::Care(Care::Win(forget::win(it))),
            Record::Care(_) | Record::Offer(_) | Record::Chore(_) | Record::Settings(_) => record.clone(),
        };
        scrubbed(&left, &self.theirs, false)
    }

    /// What was done, in words. What customers say stands in the words of what was done with it.
    async fn history(&mut self, kept: &Kept) -> Result<(), Failure> {
        let mut touched_them = BTreeSet::new();
        let mut touched_care = BTreeSet::new();
        each(&kept.0.store, b"t", |row| {
            let list = String::from_utf8_lossy(&row.value);
            for key in list.split_whitespace() {
                let key = unhex(key)?;
                if self.keys.contains(&key) {
                    let is_care = care::KINDS.iter().any(|(kind, _)| key.starts_with(kind));
                    touched_them.insert(change_at_end(&row.key));
                    if is_care {
                        touched_care.insert(change_at_end(&row.key));
                    }
                }
            }
            Ok(())
        })
        .await?;
        each(&kept.0.store, b"h", |row| {
            let entry: Entry = decode(&row.value)?;
            let change = change_at_end(&row.key);
            let theirs = touched_them.contains(&change)
                || entry.promise.is_some_and(|promise| self.person.promises.contains(&promise));
            let words = if theirs { &self.theirs } else { &self.elsewhere };
            let what = if touched_care.contains(&change) {
                Some(format!("Something with a customer {GONE}"))
            } else {
                words.out_of(&entry.what)
            };
            if let Some(what) = what {
                let entry = Entry { what, ..entry };
                self.writes.push(Write::Put { key: row.key.clone(), value: encode(&entry)? });
            }
            Ok(())
        })
        .await
    }

    /// Any other row that is JSON.
    fn any(&mut self, row: &Row) -> Result<(), Failure> {
        let Ok(mut value) = serde_json::from_slice::<Value>(&row.value) else { return Ok(()) };
        if take_out(&mut value, &self.elsewhere, &|field| field == NAME || is_text(field)) {
            self.writes.push(Write::Put { key: row.key.clone(), value: encode(&value)? });
        }
        Ok(())
    }
}

/// The name of another customer is theirs, whoever has the same.
fn is_customer(record: &Record) -> bool {
    matches!(record, Record::Customer(_))
}

fn is_text(field: &str) -> bool {
    TEXTS.contains(&field)
}

/// A record without some words, wherever people have written them.
fn scrubbed<T: Clone + Serialize + DeserializeOwned>(
    record: &T,
    words: &Words,
    names_stay: bool,
) -> Result<T, Failure> {
    let mut value = serde_json::to_value(record).map_err(Failure::bug)?;
    if !take_out(&mut value, words, &|field| is_text(field) || (field == NAME && !names_stay)) {
        return Ok(record.clone());
    }
    serde_json::from_value(value).map_err(|error| {
        let words =
            format!("One of these words cannot be taken out of everything ({error}). Use whole names.");
        Failure::new(Code::Invalid, words)
    })
}

/// Takes words out of the texts of a value; whether any was there.
fn take_out(value: &mut Value, words: &Words, is_text: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Object(fields) => {
            let mut found = false;
            for (name, field) in fields {
                found |= if is_text(name) {
                    take_out_of_text(field, words, is_text)
                } else {
                    take_out(field, words, is_text)
                };
            }
            found
        }
        Value::Array(items) => {
            items.iter_mut().fold(false, |found, item| take_out(item, words, is_text) | found)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn take_out_of_text(value: &mut Value, words: &Words, is_text: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => words.out_of(text).is_some_and(|left| {
            *text = left;
            true
        }),
        Value::Array(items) => {
            items.iter_mut().fold(false, |found, item| take_out_of_text(item, words, is_text) | found)
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => take_out(value, words, is_text),
    }
}
