//! How records lie in the store: their keys, their indexes, and the history that every change leaves behind.
//!
//! | key | row |
//! | --- | --- |
//! | `p` id | a commitment |
//! | `c` id | a customer |
//! | `f` id | an offer |
//! | `g` id | a promise that repeats |
//! | `w` id | a chore |
//! | a capital letter and an id | feedback, a recovery and their like, see `care` |
//! | `s` | the settings |
//! | `o` id | index: something is still owed |
//! | `q` customer id | index: the commitments of a customer |
//! | `x` shop 0 order | index: the commitment that an order became |
//! | `e` e-mail 0 id, `n` name 0 id | index: customers, by each of their addresses and names |
//! | `v` series day id | index: the occurrences of a promise that repeats |
//! | `b`, `j`, `l`, `m` | index: what is asked about closed promises, see `tallies` |
//! | `D` day id | index: what figures need of closed promises, see `facts` |
//! | `O` id | index: the commitments that something stands or stood in the way of |
//! | `k`, `kr` | which of the indexes were made; which shape the records have, see `shape` |
//! | `y` key | index: records of the made-up shop |
//! | `h` change | what was done, when, in words |
//! | `t` change | the keys of the records that it touched |
//! | `r` key change | a record as it was before that change; no row for one that was made by it |
//! | `a` … | the ledger of alerts, see `watching` |
//! | `i` id | an import |

use crate::care::Care;
use crate::failure::{Code, Failure};
use crate::store::{Key, Version, Write};
use crate::{facts, tallies};
use kept_core::chore::Chore;
use kept_core::commitment::{Commitment, Source};
use kept_core::customer::Customer;
use kept_core::day::{Day, Stamp};
use kept_core::id::{CommitmentId, CustomerId, ImportId, SeriesId};
use kept_core::offer::Offer;
use kept_core::series::{Occurrence, Series};
use kept_core::settings::Settings;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// One record of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", content = "it", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly all records are commitments, the largest")]
pub(crate) enum Record {
    /// A commitment.
    Commitment(Commitment),
    /// A customer.
    Customer(Customer),
    /// An offer.
    Offer(Offer),
    /// A promise that repeats.
    Series(Series),
    /// A chore.
    Chore(Chore),
    /// Feedback, a recovery, or one of their like.
    Care(Care),
    /// The settings, of which there is one record.
    Settings(Settings),
}

/// A record as it lies in the store: with the change that made it and the change that last touched it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Stored {
    /// The change that made it.
    pub born: u64,
    /// The change that last touched it: the version that the UI sees.
    pub last: u64,
    /// The record.
    #[serde(flatten)]
    pub record: Record,
}

/// A record as it is written: as it lies in the store then.
#[derive(Debug, Serialize)]
pub(crate) struct Storing<'a> {
    pub born: u64,
    pub last: u64,
    #[serde(flatten)]
    pub record: &'a Record,
}

/// A record that was read, with the version of its row, so that nothing newer is overwritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known<T> {
    /// The record.
    pub it: T,
    /// The change that made it.
    pub born: u64,
    /// The change that last touched it.
    pub last: u64,
    /// The version of its row in the store.
    pub row: Version,
}

impl<T> Known<T> {
    /// Refuses to act on it if something has changed it since it was seen; none acts on whatever is there.
    pub(crate) fn must_be(&self, version: Option<u64>) -> Result<(), Failure> {
        if version.is_none_or(|version| version == self.last) {
            return Ok(());
        }
        Err(Failure::new(
            Code::Conflict,
            "This was changed in the meantime. Look at it again, then repeat what you wanted.",
        ))
    }

    pub(crate) fn map<U>(self, with: impl FnOnce(T) -> U) -> Known<U> {
        Known { it: with(self.it), born: self.born, last: self.last, row: self.row }
    }
}

/// What a change did, as the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Entry {
    /// When.
    pub at: Stamp,
    /// What, in words.
    pub what: String,
    /// The promise it was about, if it was about one.
    #[serde(default)]
    pub promise: Option<CommitmentId>,
    /// The change that it takes back.
    #[serde(default)]
    pub undoes: Option<u64>,
    /// The change that it does again, by taking back what had undone it.
    #[serde(default)]
    pub redoes: Option<u64>,
    /// The import that it belongs to.
    #[serde(default)]
    pub import: Option<ImportId>,
    /// Kept did it by itself, and would do it again: nobody undoes it.
    #[serde(default)]
    pub by_itself: bool,
    /// The backup of what was there before another one was restored: restoring it undoes that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way_back: Option<String>,
    /// It took over what another Kept had written, and how old that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_in: Option<Stamp>,
}

impl Entry {
    /// All that is older was done by another Kept: here nobody takes it back.
    pub(crate) const fn begins_anew(&self) -> bool {
        self.moved_in.is_some() && self.by_itself
    }
}

/// A set of records before -> after, to be committed as one.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// What is done, in words: `Handed over 12 cupcakes to Maria Silva`.
    pub what: String,
    /// The promise it is about.
    pub promise: Option<CommitmentId>,
    /// The change that it takes back.
    pub undoes: Option<u64>,
    /// The change that it does again.
    pub redoes: Option<u64>,
    /// The import that it belongs to.
    pub import: Option<ImportId>,
    /// Kept does it by itself, and would do it again: nobody undoes it.
    pub by_itself: bool,
    /// It takes over what another Kept has written, and how old that is.
    pub moved_in: Option<Stamp>,
    /// The records, by key.
    pub records: BTreeMap<Key, Changed>,
    /// Rows that are no records: no history, no undo.
    pub rows: Vec<Write>,
}

/// One record before and after.
#[derive(Debug)]
pub(crate) struct Changed {
    /// As it was; none if it is new.
    pub before: Option<Known<Record>>,
    /// As it is to be; none if it is removed.
    pub after: Option<Record>,
    /// It is as it was before an undone change, and so is its version: the change that made it and the one that last
    /// touched it.
    pub restored: Option<(u64, u64)>,
}

impl Changed {
    /// The change that made the record and the one that last touched it, if `change` is what is done now.
    pub(crate) fn numbers(&self, change: u64) -> (u64, u64) {
        let born = self.before.as_ref().map_or(change, |known| known.born);
        self.restored.unwrap_or((born, change))
    }
}

impl Changes {
    /// A change in words, about one promise or about none.
    pub(crate) fn new(what: impl Into<String>, promise: impl Into<Option<CommitmentId>>) -> Self {
        Self { what: what.into(), promise: promise.into(), ..Self::default() }
    }

    /// A commitment as it is to be.
    pub(crate) fn commitment(&mut self, before: Option<&Known<Commitment>>, after: Commitment) {
        let before = before.map(|known| known.clone().map(Record::Commitment));
        self.put(before, Record::Commitment(after));
    }

    /// A customer as it is to be.
    pub(crate) fn customer(&mut self, before: Option<&Known<Customer>>, after: Customer) {
        let before = before.map(|known| known.clone().map(Record::Customer));
        self.put(before, Record::Customer(after));
    }

    /// Any record as it is to be.
    pub(crate) fn put(&mut self, before: Option<Known<Record>>, after: Record) {
        self.records.insert(after.key(), Changed { before, after: Some(after), restored: None });
    }

    /// A record that is removed.
    pub(crate) fn remove(&mut self, before: Known<Record>) {
        self.records.insert(before.it.key(), Changed { before: Some(before), after: None, restored: None });
    }
}

impl Record {
    /// The key of its row.
    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Commitment(it) => commitment_key(it.id),
            Self::Customer(it) => customer_key(it.id),
            Self::Offer(it) => key(b'f', &[it.id.uuid().as_bytes()]),
            Self::Series(it) => key(b'g', &[it.id.uuid().as_bytes()]),
            Self::Chore(it) => key(b'w', &[it.id.uuid().as_bytes()]),
            Self::Care(it) => it.key(),
            Self::Settings(_) => SETTINGS_KEY.to_vec(),
        }
    }

    /// The rows by which it is found: a pure function of the record, so that they can be rebuilt.
    pub(crate) fn index(&self) -> BTreeMap<Key, Vec<u8>> {
        let mut index = BTreeMap::new();
        let mut made_up = false;
        match self {
            Self::Commitment(it) => {
                if it.is_open() {
                    index.insert(key(b'o', &[it.id.uuid().as_bytes()]), Vec::new());
                }
                let (customer, id) = (it.customer.uuid(), it.id.uuid());
                index.insert(key(b'q', &[customer.as_bytes(), id.as_bytes()]), Vec::new());
                if let Source::Shop { shop, order, .. } = &it.source {
                    index.insert(order_key(shop, order), it.id.uuid().as_bytes().to_vec());
                }
                for paid in &it.payment.evidence {
                    index.insert(order_key(&paid.by, &paid.id), it.id.uuid().as_bytes().to_vec());
                }
                if let Some(Occurrence { series, day }) = it.series {
                    index.insert(occurrence_key(series, day, it.id), Vec::new());
                }
                if !it.blocked_by.is_empty() {
                    index.insert(key(OBSTACLES[0], &[id.as_bytes()]), Vec::new());
                }
                index.append(&mut tallies::index(it));
                index.append(&mut facts::index(it));
                made_up = it.made_up;
            }
            Self::Customer(it) => {
                let id = it.id.uuid();
                for email in it.emails() {
                    index.insert(key(b'e', &[email.as_bytes(), &[0], id.as_bytes()]), Vec::new());
                }
                for name in it.names().map(Customer::folded_name) {
                    index.insert(key(b'n', &[name.as_bytes(), &[0], id.as_bytes()]), Vec::new());
                }
                made_up = it.made_up;
            }
            Self::Offer(it) => made_up = it.made_up,
            Self::Series(it) => made_up = it.made_up,
            Self::Chore(it) => made_up = it.made_up,
            Self::Care(it) => made_up = it.made_up(),
            Self::Settings(_) => {}
        }
        if made_up {
            index.insert(key(b'y', &[&self.key()]), Vec::new());
        }
        index
    }
}

/// The key of the settings.
pub(crate) const SETTINGS_KEY: &[u8] = b"s";

/// Under which it is noted which indexes were made: an older Kept knew fewer.
pub(crate) const INDEXES_KEY: &[u8] = b"k";
/// The indexes that this Kept knows.
pub(crate) const INDEXES: &[u8] = b"3";

/// Under which it is noted which shape the records have; see `shape`.
pub(crate) const SHAPE_KEY: &[u8] = b"kr";

/// The index of commitments that something stands or stood in the way of.
pub(crate) const OBSTACLES: &[u8] = b"O";

/// A key of a kind and its parts.
pub(crate) fn key(kind: u8, parts: &[&[u8]]) -> Key {
    std::iter::once(kind).chain(parts.iter().flat_map(|part| part.iter().copied())).collect()
}

/// The key of a commitment.
pub(crate) fn commitment_key(id: CommitmentId) -> Key {
    key(b'p', &[id.uuid().as_bytes()])
}

/// The key of a customer.
pub(crate) fn customer_key(id: CustomerId) -> Key {
    key(b'c', &[id.uuid().as_bytes()])
}

/// The key under which an order of a shop finds its commitment.
pub(crate) fn order_key(shop: &str, order: &str) -> Key {
    key(b'x', &[shop.as_bytes(), &[0], order.as_bytes()])
}

/// Under which the occurrences of a series are found, in the order of their days.
pub(crate) fn occurrences_of(series: SeriesId) -> Key {
    key(b'v', &[series.uuid().as_bytes()])
}

/// The day and the id of an occurrence, from its key in the index.
pub(crate) fn occurrence_at(key: &[u8]) -> Option<(Day, CommitmentId)> {
    let day = key.get(17..27).and_then(|text| std::str::from_utf8(text).ok())?;
    Some((day.parse().ok()?, id_at_end(key).map(CommitmentId::new)?))
}

fn occurrence_key(series: SeriesId, day: Day, id: CommitmentId) -> Key {
    // Written as 2026-11-20, so that the keys sort as the days do.
    key(b'v', &[series.uuid().as_bytes(), day.to_string().as_bytes(), id.uuid().as_bytes()])
}

/// The key of a change in the history.
pub(crate) fn change_key(kind: u8, change: u64) -> Key {
    key(kind, &[&change.to_be_bytes()])
}

/// The key of a record as it was before a change.
pub(crate) fn before_key(record: &[u8], change: u64) -> Key {
    key(b'r', &[record, &change.to_be_bytes()])
}

/// The id at the end of an index key.
pub(crate) fn id_at_end(key: &[u8]) -> Option<uuid::Uuid> {
    key.last_chunk::<16>().map(|bytes| uuid::Uuid::from_bytes(*bytes))
}

/// The number at the end of a history key.
pub(crate) fn change_at_end(key: &[u8]) -> u64 {
    key.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The smallest key that is greater than every key with this prefix.
pub(crate) fn end_of(prefix: &[u8]) -> std::ops::Bound<Key> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return std::ops::Bound::Excluded(end);
        }
    }
    std::ops::Bound::Unbounded
}

/// A value as it lies in the store: JSON, so that a person can read it when all else fails.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(Failure::bug)
}

/// A value from the store.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        Failure::new(
            Code::Storage,
            format!("A record could not be read ({error}). Let `kept check` look at the data folder."),
        )
    })
}
