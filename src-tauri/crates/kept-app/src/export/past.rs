//! The history as an export holds it: each change in words, with what it touched as that was before.

use crate::Kept;
use crate::commit::unhex;
use crate::failure::Failure;
use crate::records::{Entry, SETTINGS_KEY, Stored, before_key, change_at_end, change_key, decode, end_of};
use crate::store::{Key, Store};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Bound;
use uuid::Uuid;

/// Changes that are read at a time.
const CHUNK: usize = 500;
/// The kinds of records, by the prefixes of their keys, under the names of their sections.
const KINDS: [(u8, &str); 5] =
    [(b'p', "promises"), (b'c', "customers"), (b'f', "offers"), (b'g', "series"), (b'w', "chores")];

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PastChange {
    /// Its number: they only grow.
    pub change: u64,
    /// What was done, and when.
    #[serde(flatten)]
    pub entry: Entry,
    /// The records that it touched, as section and id: `promises/0198…`; each as it was before, and nothing for one that
    /// was made by it.
    pub touched: BTreeMap<Held, Option<Stored>>,
}

/// A record by its section and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub(crate) struct Held(pub Key);

impl From<Held> for String {
    fn from(held: Held) -> Self {
        let Held(key) = held;
        let section = key.first().and_then(|kind| section_of(*kind));
        let id = key.get(1..).and_then(|bytes| Uuid::from_slice(bytes).ok());
        match (section, id) {
            (Some(section), Some(id)) => format!("{section}/{id}"),
            _ => "settings".to_owned(),
        }
    }
}

impl TryFrom<String> for Held {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text == "settings" {
            return Ok(Self(SETTINGS_KEY.to_vec()));
        }
        let wrong = || format!("“{text}” names no record");
        let (section, id) = text.split_once('/').ok_or_else(wrong)?;
        let kind = kind_of(section).ok_or_else(wrong)?;
        let id: Uuid = id.parse().map_err(|_| wrong())?;
        Ok(Self(crate::records::key(kind, &[id.as_bytes()])))
    }
}

fn section_of(kind: u8) -> Option<&'static str> {
    let care = crate::care::KINDS.iter().filter_map(|(prefix, name)| Some((*prefix.first()?, *name)));
    KINDS.into_iter().chain(care).find(|(prefix, _)| *prefix == kind).map(|(_, name)| name)
}

fn kind_of(section: &str) -> Option<u8> {
    let care = crate::care::KINDS.iter().filter_map(|(prefix, name)| Some((*prefix.first()?, *name)));
    KINDS.into_iter().chain(care).find(|(_, name)| *name == section).map(|(prefix, _)| prefix)
}

/// Visits all changes, the oldest first. That data came over from another Kept is no history of the data.
pub(super) async fn each_change(
    kept: &Kept,
    mut visit: impl FnMut(&PastChange) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut from = Bound::Included(b"h".to_vec());
    loop {
        let rows = kept.0.store.range(from, end_of(b"h"), false, CHUNK).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            let entry: Entry = decode(&row.value)?;
            if !entry.begins_anew() {
                entries.push((change_at_end(&row.key), entry));
            }
        }
        for (change, entry, touched) in with_befores(kept, entries).await? {
            visit(&PastChange { change, entry, touched })?;
        }
        match rows.last() {
            Some(last) if rows.len() == CHUNK => from = Bound::Excluded(last.key.clone()),
            _ => return Ok(()),
        }
    }
}

type WithBefores = (u64, Entry, BTreeMap<Held, Option<Stored>>);

async fn with_befores(kept: &Kept, entries: Vec<(u64, Entry)>) -> Result<Vec<WithBefores>, Failure> {
    let lists: Vec<Key> = entries.iter().map(|(change, _)| change_key(b't', *change)).collect();
    let lists = kept.0.store.get(&lists).await?;
    let mut all = Vec::with_capacity(entries.len());
    for ((change, entry), list) in entries.into_iter().zip(lists) {
        let list = list.map_or_else(Vec::new, |row| row.value);
        let keys =
            String::from_utf8_lossy(&list).split_whitespace().map(unhex).collect::<Result<Vec<Key>, _>>()?;
        let befores: Vec<Key> = keys.iter().map(|key| before_key(key, change)).collect();
        let befores = kept.0.store.get(&befores).await?;
        let before = |row: Option<crate::store::Row>| row.map(|row| decode::<Stored>(&row.value)).transpose();
        let touched = keys.into_iter().map(Held).zip(befores).map(|(held, row)| Ok((held, before(row)?)));
        let touched = touched.collect::<Result<BTreeMap<_, _>, Failure>>()?;
        all.push((change, entry, touched));
    }
    Ok(all)
}
