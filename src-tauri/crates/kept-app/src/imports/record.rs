//! What is kept of an import: enough to show it and to take it back.

use crate::Kept;
use crate::commit::rows_of;
use crate::failure::Failure;
use crate::records::{decode, encode, key};
use crate::store::{Store, Write};
use kept_core::day::Stamp;
use kept_core::id::ImportId;
use kept_core::words::count;
use serde::{Deserialize, Serialize};

/// An import, as it lies in the store. It is written with each commit of the import, so that one that was interrupted
/// can be taken back as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Import {
    /// Its id.
    pub id: ImportId,
    /// The file's name.
    pub name: String,
    /// When it began.
    pub at: Stamp,
    /// Promises made so far.
    pub created: u32,
    /// Promises changed so far.
    pub updated: u32,
    /// Promises left as they were; not counted any further once nothing more is written.
    pub unchanged: u32,
    /// Customers made or changed, beside those of promises.
    #[serde(default, skip_serializing_if = "is_none")]
    pub customers: u32,
    /// Payments that were counted.
    #[serde(default, skip_serializing_if = "is_none")]
    pub payments: u32,
    /// The changes that it made and that were not taken back, oldest first.
    pub changes: Vec<u64>,
    /// It was taken back.
    #[serde(default)]
    pub undone: bool,
    /// All that was kept by another Kept came in by it: with that the data begins, so that it is no part of the data.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

impl Import {
    /// An import that has done nothing yet.
    pub(super) fn new(id: ImportId, name: String, at: Stamp) -> Self {
        Self {
            id,
            name,
            at,
            created: 0,
            updated: 0,
            unchanged: 0,
            customers: 0,
            payments: 0,
            changes: Vec::new(),
            undone: false,
            whole: false,
        }
    }

    /// What it did, in words: `120 promises, 3 changed`.
    pub(super) fn counts(&self) -> String {
        let parts = [
            (self.created, count(self.created, "promise")),
            (self.updated, format!("{} changed", self.updated)),
            (self.customers, count(self.customers, "customer")),
            (self.payments, count(self.payments, "payment")),
        ];
        let parts: Vec<String> =
            parts.into_iter().filter(|(some, _)| *some > 0).map(|(_, words)| words).collect();
        if parts.is_empty() { "Nothing".to_owned() } else { parts.join(", ") }
    }

    /// The row that keeps it.
    pub(super) fn put(&self) -> Result<Write, Failure> {
        Ok(Write::Put { key: row_key(self.id), value: encode(self)? })
    }

    /// Forgets it.
    pub(super) fn delete(&self) -> Write {
        Write::Delete { key: row_key(self.id) }
    }

    /// An import of the past.
    pub(super) async fn read(kept: &Kept, id: ImportId) -> Result<Self, Failure> {
        let row = kept.0.store.get(&[row_key(id)]).await?.pop().flatten();
        row.map_or_else(|| Err(Failure::not_found("This import")), |row| decode(&row.value))
    }

    /// All imports of the past, the newest first.
    pub(super) async fn all(kept: &Kept) -> Result<Vec<Self>, Failure> {
        // Their ids sort by age.
        rows_of(&kept.0.store, b"i").await?.iter().rev().map(|row| decode(&row.value)).collect()
    }
}

fn row_key(id: ImportId) -> Vec<u8> {
    key(b'i', &[id.uuid().as_bytes()])
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}
