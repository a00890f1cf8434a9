//! What is noted when the store is closed in good order, so that the next start need not read the journal.
//!
//! The note stays where it is while the store is open. It counts only if the journal still ends where it says and
//! the rows are in the state it says, which stops being so with the first commit.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StoreError;
use super::folder::{Folder, read_note, write_note};
use super::rows::State;

/// How many commits are remembered by their ids.
const REMEMBERED: usize = 1024;

/// The ids of the last commits and the numbers they were given.
#[derive(Debug, Default)]
pub(super) struct Recent {
    numbers: HashMap<Uuid, u64>,
    order: VecDeque<Uuid>,
}

impl Recent {
    pub(super) fn get(&self, id: Uuid) -> Option<u64> {
        self.numbers.get(&id).copied()
    }

    pub(super) fn add(&mut self, id: Uuid, seq: u64) {
        if self.numbers.insert(id, seq).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.numbers.remove(&oldest);
        }
    }

    fn list(&self) -> Vec<(Uuid, u64)> {
        self.order.iter().filter_map(|id| Some((*id, self.get(*id)?))).collect()
    }
}

#[derive(Serialize, Deserialize)]
struct Note {
    generation: u64,
    length: u64,
    applied: u64,
    digest: u64,
    rows: u64,
    schema: u32,
    ids: Vec<(Uuid, u64)>,
}

/// The state in which the store was closed.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) state: State,
    /// The newest generation of the journal, and its length in bytes.
    pub(super) end: (u64, u64),
    pub(super) recent: Recent,
}

pub(super) fn write(
    folder: &Folder,
    state: State,
    end: (u64, u64),
    recent: &Recent,
) -> Result<(), StoreError> {
    let State { applied, digest, rows, schema } = state;
    let (generation, length) = end;
    let note = Note { generation, length, applied, digest, rows, schema, ids: recent.list() };
    write_note(&folder.closed(), &note)
}

/// What was noted; `None` if there is no note, or not as it was written.
pub(super) fn read(folder: &Folder) -> Option<Closed> {
    let Note { generation, length, applied, digest, rows, schema, ids } = read_note(&folder.closed())?;
    let mut recent = Recent::default();
    for (id, seq) in ids {
        recent.add(id, seq);
    }
    Some(Closed { state: State { applied, digest, rows, schema }, end: (generation, length), recent })
}
