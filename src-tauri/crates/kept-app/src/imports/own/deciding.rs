//! What becomes of each record of a document.

use super::Moved;
use crate::commit::{nothing_with, record_of};
use crate::failure::Failure;
use crate::indexing::mark_of_indexes;
use crate::records::{
    Changed, Changes, Entry, Known, Record, SETTINGS_KEY, Stored, before_key, change_key, decode, encode,
    end_of, key,
};
use crate::store::{Key, Store, Write};
use crate::{Kept, care, export, history};
use kept_core::commitment::Commitment;
use kept_core::day::Stamp;
use kept_core::words::count;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

/// Records that are looked up at a time.
const CHUNK: usize = 1_000;
/// A history that is longer is one: whoever has only begun has done less.
const BEGUN_MOST: usize = 200;

/// How many records of some kinds there are.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::imports) struct Counts {
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    /// Changed here later than there.
    pub newer_here: u32,
}

/// What is to be done with a document.
#[derive(Debug, Default)]
pub(in crate::imports) struct Decided {
    pub changes: Changes,
    /// Nothing was kept here, so all of it comes in with its history.
    pub whole: bool,
    /// The last change that was given a number, here or there.
    pub last_change: u64,
    pub promises: Counts,
    pub customers: Counts,
    pub others: Counts,
}

/// Decides what becomes of each record. Writes nothing.
pub(in crate::imports) async fn decide(kept: &Kept, moved: &Moved) -> Result<Decided, Failure> {
    let here = kept.shop().change;
    let mut decided = Decided { whole: is_empty(kept).await?, last_change: here, ..Decided::default() };
    if decided.whole {
        decided.last_change = moved.history.iter().map(|change| change.change + here).fold(here, u64::max);
        decided.take_history(moved, here)?;
    }
    let there = changed_there(moved);
    let born = born_there(moved);
    let settings = kept.settings();
    let mut when_here = HashMap::new();
    for records in moved.records.chunks(CHUNK) {
        let keys: Vec<Key> = records.iter().map(Record::key).collect();
        let rows = kept.0.store.get(&keys).await?;
        for ((record, key), row) in records.iter().zip(keys).zip(rows) {
            let known = row.map(|row| record_of(&row)).transpose()?;
            // Settings that nobody has changed yet have no row, and may be the same all the same.
            if matches!(record, Record::Settings(it) if known.is_none() && *it == settings) {
                decided.others.unchanged += 1;
                continue;
            }
            let keeps_ours = match &known {
                Some(known) if !decided.whole => {
                    is_newer_here(kept, known, there.get(&key).copied().or(moved.as_of()), &mut when_here)
                        .await?
                }
                _ => false,
            };
            let born = born.get(&key).filter(|_| decided.whole).map(|born| born + here);
            decided.one(record, known, born, keeps_ours);
        }
    }
    decided.take_columns(kept, moved).await?;
    Ok(decided)
}

impl Decided {
    fn one(&mut self, record: &Record, known: Option<Known<Record>>, born: Option<u64>, keeps_ours: bool) {
        let counts = match record {
            Record::Commitment(_) => &mut self.promises,
            Record::Customer(_) => &mut self.customers,
            Record::Offer(_)
            | Record::Series(_)
            | Record::Chore(_)
            | Record::Care(_)
            | Record::Settings(_) => &mut self.others,
        };
        match &known {
            Some(known) if known.it == *record => {
                counts.unchanged += 1;
                return;
            }
            Some(_) if keeps_ours => {
                counts.newer_here += 1;
                return;
            }
            Some(_) => counts.updated += 1,
            None => counts.created += 1,
        }
        // It was made when it was made there.
        let restored = born.filter(|_| known.is_none()).map(|born| (born, self.last_change + 1));
        let changed = Changed { before: known, after: Some(record.clone()), restored };
        self.changes.records.insert(record.key(), changed);
    }

    /// The history, the alerts and the imports of the other Kept, as rows.
    fn take_history(&mut self, moved: &Moved, here: u64) -> Result<(), Failure> {
        let rows = &mut self.changes.rows;
        rows.push(mark_of_indexes());
        for past in &moved.history {
            let change = past.change + here;
            let later = |number: Option<u64>| number.map(|number| number + here);
            let entry = Entry {
                undoes: later(past.entry.undoes),
                redoes: later(past.entry.redoes),
                ..past.entry.clone()
            };
            rows.push(Write::Put { key: change_key(b'h', change), value: encode(&entry)? });
            let touched: Vec<String> = past.touched.keys().map(|held| hex::encode(&held.0)).collect();
            rows.push(Write::Put { key: change_key(b't', change), value: touched.join(" ").into_bytes() });
            for (held, before) in &past.touched {
                if let Some(before) = before {
                    let before =
                        Stored { born: before.born + here, last: before.last + here, ..before.clone() };
                    rows.push(Write::Put { key: before_key(&held.0, change), value: encode(&before)? });
                }
            }
        }
        for entry in &moved.alerts {
            let key = key(b'a', &[b"e", entry.id.to_string().as_bytes()]);
            rows.push(Write::Put { key, value: encode(entry)? });
        }
        for import in &moved.imports {
            let changes = import.changes.iter().map(|change| change + here).collect();
            rows.push(super::super::record::Import { changes, ..import.clone() }.put()?);
        }
        Ok(())
    }

    /// What columns mean is taken over where nothing was said here.
    async fn take_columns(&mut self, kept: &Kept, moved: &Moved) -> Result<(), Failure> {
        let keys: Vec<Key> = moved.columns.keys().map(|mark| key(b'u', &[mark.as_bytes()])).collect();
        let rows = kept.0.store.get(&keys).await?;
        for ((mapping, key), row) in moved.columns.values().zip(keys).zip(rows) {
            if row.is_none() {
                self.changes.rows.push(Write::Put { key, value: encode(mapping)? });
            }
        }
        Ok(())
    }

    /// The promises that are new or change, and whether they are new.
    pub(super) fn changed_promises(&self) -> impl Iterator<Item = (&Commitment, bool)> {
        self.changes.records.values().filter_map(|changed| match &changed.after {
            Some(Record::Commitment(it)) => Some((it, changed.before.is_none())),
            _ => None,
        })
    }

    /// What else there is to say before it comes in, in sentences.
    pub(super) fn notes(&self, kept: &Kept, moved: &Moved) -> Vec<String> {
        let mut notes = vec![if self.whole {
            "Nothing is kept here yet: all of it comes in as it was there, with its history and its settings."
                .to_owned()
        } else {
            "What is the same stays. Of what differs the version that was changed later wins, here or there. The \
             history of the other Kept stays there."
                .to_owned()
        }];
        let newer = self.newer_here();
        if newer > 0 {
            notes.push(format!("{} changed here later and stay as they are here.", records_are(newer)));
        }
        let others = self.others.created + self.others.updated;
        if others > 0 {
            notes.push(format!(
                "Beside promises and customers: {} of the menu, the settings and their like.",
                count(others, "record")
            ));
        }
        notes.extend(missing_files(kept, moved));
        notes
    }

    /// A sentence, and what stayed.
    pub(super) fn and_said(&self, said: String) -> String {
        match self.newer_here() {
            0 => said,
            newer => format!("{said} {} changed here later and stayed.", records_are(newer)),
        }
    }

    fn newer_here(&self) -> u32 {
        [self.promises, self.customers, self.others].iter().map(|counts| counts.newer_here).sum()
    }
}

fn records_are(many: u32) -> String {
    if many == 1 { "1 record was".to_owned() } else { format!("{many} records were") }
}

/// Which attached files are neither here nor beside the document, in a sentence.
fn missing_files(kept: &Kept, moved: &Moved) -> Option<String> {
    let beside = export::files_beside(&moved.document);
    let named: BTreeSet<&str> = moved
        .records
        .iter()
        .filter_map(|record| match record {
            Record::Commitment(it) => Some(it),
            Record::Customer(_)
            | Record::Offer(_)
            | Record::Series(_)
            | Record::Chore(_)
            | Record::Care(_)
            | Record::Settings(_) => None,
        })
        .flat_map(|it| it.handovers.iter().flat_map(|handover| &handover.files))
        .map(|file| file.hash.as_str())
        .filter(|hash| !beside.contains(*hash) && kept.attachment(hash).is_err())
        .collect();
    match named.len() {
        0 => None,
        1 => Some("1 attached file is not beside this file. Bring its folder along first.".to_owned()),
        many => {
            Some(format!("{many} attached files are not beside this file. Bring their folder along first."))
        }
    }
}

/// Whether nothing is kept here but settings, and nothing came from another Kept before.
async fn is_empty(kept: &Kept) -> Result<bool, Failure> {
    let kinds: [&[u8]; 5] = [b"p", b"c", b"f", b"g", b"w"];
    for kind in kinds.into_iter().chain(care::KINDS.iter().map(|(kind, _)| *kind)) {
        if !nothing_with(&kept.0.store, kind).await? {
            return Ok(false);
        }
    }
    let entries = kept.0.store.range(Bound::Included(b"h".to_vec()), end_of(b"h"), false, BEGUN_MOST).await?;
    for row in &entries {
        let entry: Entry = decode(&row.value)?;
        if entry.begins_anew() {
            return Ok(false);
        }
    }
    Ok(entries.len() < BEGUN_MOST)
}

/// When each record was last changed there.
fn changed_there(moved: &Moved) -> HashMap<Key, Stamp> {
    let mut changed = HashMap::new();
    for past in &moved.history {
        for held in past.touched.keys() {
            let at = changed.entry(held.0.clone()).or_insert(past.entry.at);
            *at = past.entry.at.max(*at);
        }
    }
    changed
}

/// By which change each record was made there.
fn born_there(moved: &Moved) -> BTreeMap<Key, u64> {
    let mut born = BTreeMap::new();
    for past in &moved.history {
        for held in past.touched.keys() {
            born.entry(held.0.clone()).or_insert(past.change);
        }
    }
    born
}

/// Whether a record was changed here later than there. What a person has written into a document by hand is meant.
async fn is_newer_here(
    kept: &Kept,
    known: &Known<Record>,
    there: Option<Stamp>,
    when_here: &mut HashMap<u64, Option<Stamp>>,
) -> Result<bool, Failure> {
    let Some(there) = there else { return Ok(false) };
    if let Some(here) = when_here.get(&known.last) {
        return Ok(here.is_some_and(|here| here > there));
    }
    // The settings may stand as they were on the first day, changed by nobody.
    let entry = if known.last == 0 && known.it.key() == SETTINGS_KEY {
        None
    } else {
        Some(history::entry(kept, known.last).await?)
    };
    let here = entry.map(|entry| entry.moved_in.unwrap_or(entry.at));
    when_here.insert(known.last, here);
    Ok(here.is_some_and(|here| here > there))
}
