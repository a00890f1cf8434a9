//! Reading records from the store, and writing a set of them as one change.

use crate::failure::{Code, Failure};
use crate::indexing::{make_indexes, mark_of_indexes};
use crate::records::{
    Changed, Changes, Entry, Known, OBSTACLES, Record, SETTINGS_KEY, Stored, Storing, before_key,
    change_at_end, change_key, commitment_key, customer_key, decode, encode, end_of, id_at_end,
};
use crate::shop::{Few, Shop};
use crate::store::{Commit, Expect, Key, Row, Store, Version, Write};
use crate::tallies::{self, Tallies};
use crate::{Kept, care, facts, lists, shape};
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::day::{Stamp, Zone};
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::settings::Settings;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

/// Held by a use case from reading to telling.
pub(crate) struct Writing<'a> {
    kept: &'a Kept,
    _alone: tokio::sync::MutexGuard<'a, ()>,
}

impl Kept {
    /// Begins a use case that writes: no other one runs until the answer is dropped.
    pub(crate) async fn writing(&self) -> Writing<'_> {
        Writing { kept: self, _alone: self.0.writing.lock().await }
    }
}

impl Writing<'_> {
    /// Writes the records, their indexes and the history as one commit, takes it over in memory, and tells.
    ///
    /// Answers with the number of the change; 0 if nothing was to be changed.
    pub(crate) async fn commit(&self, changes: Changes) -> Result<u64, Failure> {
        let kept = self.kept;
        if changes.records.is_empty() && changes.rows.is_empty() {
            return Ok(0);
        }
        let change = kept.shop().change + 1;
        let at = (kept.0.host.now)().stamp;
        let worked_from = kept.shop().tallies.worked_from();
        let (mut writes, checks) = writes_of(&changes, change, at, worked_from)?;
        if change == 1 {
            writes.push(mark_of_indexes());
        }
        let commit = Commit { id: Uuid::now_v7(), checks, writes, note: changes.what.clone().into_bytes() };
        let row = kept.0.store.commit(commit).await?;
        take_over(kept, &changes, change, row).await;
        (kept.0.host.changed)(change);
        kept.0.watching.wake();
        Ok(change)
    }
}

impl Writing<'_> {
    /// All rows were replaced: reads anew what is held in memory.
    pub(crate) async fn read_anew(&self) -> Result<(), Failure> {
        let kept = self.kept;
        let zone = kept.settings().calendar.zone;
        shape::take_steps(&kept.0.store, kept.0.steps).await?;
        let read = load(&kept.0.store, zone, (kept.0.host.now)().stamp).await?;
        let mut catalogue = kept.0.catalogue.lock().await;
        let mut people = kept.0.people.lock().await;
        (*catalogue, *people) = (None, None);
        *kept.shop_mut() = read;
        Ok(())
    }
}

impl Kept {
    /// What is wrong with the records: one that cannot be read, or one that its indexes do not lead to.
    pub(crate) async fn records_wrong(&self) -> Result<Vec<String>, Failure> {
        let mut wrong = Vec::new();
        let mut expected: BTreeMap<Key, Vec<u8>> = BTreeMap::new();
        let records: [&[u8]; 5] = [b"p", b"c", b"f", b"g", b"w"];
        for kind in records.into_iter().chain(care::KINDS.iter().map(|(kind, _)| *kind)) {
            lists::each(&self.0.store, kind, |row| {
                match record_of(row) {
                    Ok(known) => expected.extend(known.it.index()),
                    Err(failure) => wrong.push(failure.message),
                }
                Ok(())
            })
            .await?;
        }
        let kinds: [&[u8]; 7] = [b"o", b"q", b"v", b"x", b"e", b"n", b"y"];
        for kind in kinds.into_iter().chain(tallies::KINDS).chain([facts::KIND, OBSTACLES]) {
            lists::each(&self.0.store, kind, |row| {
                if expected.remove(&row.key).as_ref() != Some(&row.value) {
                    wrong.push(format!("An entry of the index “{}” leads nowhere.", char::from(kind[0])));
                }
                Ok(())
            })
            .await?;
        }
        expected.retain(|key, _| !tallies::may_be_missing(key));
        if !expected.is_empty() {
            wrong.push(format!("{} entries are missing from the indexes.", expected.len()));
        }
        wrong.truncate(100);
        Ok(wrong)
    }
}

/// Writes rows that are no records: no history, no undo. The ledger of alerts and the reports of the watch are such.
pub(crate) async fn put_rows(kept: &Kept, writes: Vec<Write>) -> Result<(), Failure> {
    let commit = Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: Vec::new() };
    kept.0.store.commit(commit).await?;
    Ok(())
}

/// All rows whose keys begin with a prefix. Only for kinds of which there are few.
pub(crate) async fn rows_of(store: &dyn Store, prefix: &[u8]) -> Result<Vec<Row>, Failure> {
    Ok(store.range(Bound::Included(prefix.to_vec()), end_of(prefix), false, usize::MAX).await?)
}

/// Commitments by their ids, in the same order.
pub(crate) async fn commitments(
    store: &dyn Store,
    ids: &[CommitmentId],
) -> Result<Vec<Option<Known<Commitment>>>, Failure> {
    let keys: Vec<Key> = ids.iter().map(|id| commitment_key(*id)).collect();
    let rows = store.get(&keys).await?;
    rows.into_iter().map(|row| row.map(|row| commitment_of(&row)).transpose()).collect()
}

/// Customers by their ids, in the same order.
pub(crate) async fn customers(
    store: &dyn Store,
    ids: &[CustomerId],
) -> Result<Vec<Option<Known<Customer>>>, Failure> {
    let keys: Vec<Key> = ids.iter().map(|id| customer_key(*id)).collect();
    let rows = store.get(&keys).await?;
    rows.into_iter().map(|row| row.map(|row| customer_of(&row)).transpose()).collect()
}

/// Any record from its row.
pub(crate) fn record_of(row: &Row) -> Result<Known<Record>, Failure> {
    let stored: Stored = decode(&row.value)?;
    Ok(Known { it: stored.record, born: stored.born, last: stored.last, row: row.version })
}

/// A commitment from its row.
pub(crate) fn commitment_of(row: &Row) -> Result<Known<Commitment>, Failure> {
    of_kind(record_of(row)?, |record| match record {
        Record::Commitment(it) => Some(it),
        Record::Customer(_)
        | Record::Offer(_)
        | Record::Series(_)
        | Record::Chore(_)
        | Record::Care(_)
        | Record::Settings(_) => None,
    })
}

/// A customer from its row.
pub(crate) fn customer_of(row: &Row) -> Result<Known<Customer>, Failure> {
    of_kind(record_of(row)?, |record| match record {
        Record::Customer(it) => Some(it),
        Record::Commitment(_)
        | Record::Offer(_)
        | Record::Series(_)
        | Record::Chore(_)
        | Record::Care(_)
        | Record::Settings(_) => None,
    })
}

fn of_kind<T>(known: Known<Record>, kind: impl FnOnce(Record) -> Option<T>) -> Result<Known<T>, Failure> {
    let Known { it, born, last, row } = known;
    let it = kind(it).ok_or_else(|| Failure::bug("a record lies under a wrong key"))?;
    Ok(Known { it, born, last, row })
}

/// Reads what is held in memory: the open promises, and nothing that grows with the closed ones.
pub(crate) async fn load(store: &dyn Store, zone: Zone, now: Stamp) -> Result<Shop, Failure> {
    make_indexes(store).await?;
    let settings = match store.get(&[SETTINGS_KEY.to_vec()]).await?.pop().flatten() {
        Some(row) => of_kind(record_of(&row)?, |record| match record {
            Record::Settings(it) => Some(it),
            Record::Commitment(_)
            | Record::Customer(_)
            | Record::Offer(_)
            | Record::Series(_)
            | Record::Chore(_)
            | Record::Care(_) => None,
        })?,
        None => Known { it: Settings::new(zone), born: 0, last: 0, row: Version::default() },
    };
    let ids: Vec<CommitmentId> = rows_of(store, b"o")
        .await?
        .iter()
        .filter_map(|row| id_at_end(&row.key).map(CommitmentId::new))
        .collect();
    let open: BTreeMap<_, _> = commitments(store, &ids)
        .await?
        .into_iter()
        .flatten()
        .map(|known| (known.it.id, Arc::new(known)))
        .collect();
    let few = Few::load(store).await?;
    let ids: BTreeSet<CustomerId> =
        open.values().map(|known| known.it.customer).chain(few.care.customers()).collect();
    let ids: Vec<CustomerId> = ids.into_iter().collect();
    let customers: HashMap<_, _> = customers(store, &ids)
        .await?
        .into_iter()
        .flatten()
        .map(|known| (known.it.id, Arc::new(known)))
        .collect();
    let newest = store.range(Bound::Included(b"h".to_vec()), end_of(b"h"), true, 1).await?;
    let promises = open.values().map(|known| &known.it);
    let tallies = Tallies::load(store, promises, &settings.it, now).await?;
    Ok(Shop {
        settings,
        open,
        customers,
        few,
        tallies,
        change: newest.first().map_or(0, |row| change_at_end(&row.key)),
        empty: nothing_with(store, b"p").await?,
        made_up: !nothing_with(store, b"y").await?,
    })
}

/// Whether there is no row with this prefix.
pub(crate) async fn nothing_with(store: &dyn Store, prefix: &[u8]) -> Result<bool, Failure> {
    Ok(store.range(Bound::Included(prefix.to_vec()), end_of(prefix), false, 1).await?.is_empty())
}

type Checks = Vec<(Key, Expect)>;

/// The rows that a change writes: records, indexes, and the history that it leaves behind.
fn writes_of(
    changes: &Changes,
    change: u64,
    at: Stamp,
    worked_from: Option<Stamp>,
) -> Result<(Vec<Write>, Checks), Failure> {
    let mut writes = Vec::with_capacity(changes.records.len() * 5 + changes.rows.len() + 2);
    let mut checks = Vec::with_capacity(changes.records.len());
    let mut touched = Vec::with_capacity(changes.records.len());
    for (key, changed) in &changes.records {
        let Changed { before, after, restored: _ } = changed;
        touched.push(hex::encode(key));
        checks.push((key.clone(), before.as_ref().map_or(Expect::Absent, |known| Expect::At(known.row))));
        let mut old = before.as_ref().map(|known| known.it.index()).unwrap_or_default();
        let (born, last) = changed.numbers(change);
        if let Some(record) = after {
            for (key, value) in record.index() {
                if !tallies::is_needed(&key, worked_from) {
                    continue;
                }
                if old.remove(&key).as_ref() != Some(&value) {
                    writes.push(Write::Put { key, value });
                }
            }
            let value = encode(&Storing { born, last, record })?;
            writes.push(Write::Put { key: key.clone(), value });
        } else {
            writes.push(Write::Delete { key: key.clone() });
        }
        writes.extend(old.into_keys().map(|key| Write::Delete { key }));
        if let Some(known) = before {
            let value = encode(&Storing { born: known.born, last: known.last, record: &known.it })?;
            writes.push(Write::Put { key: before_key(key, change), value });
        }
    }
    if !touched.is_empty() {
        let entry = Entry {
            at,
            what: changes.what.clone(),
            promise: changes.promise,
            undoes: changes.undoes,
            redoes: changes.redoes,
            import: changes.import,
            by_itself: changes.by_itself,
            way_back: None,
            moved_in: changes.moved_in,
        };
        writes.push(Write::Put { key: change_key(b'h', change), value: encode(&entry)? });
        writes.push(Write::Put { key: change_key(b't', change), value: touched.join(" ").into_bytes() });
    }
    writes.extend(changes.rows.iter().cloned());
    Ok((writes, checks))
}

/// Takes over in memory what was written.
async fn take_over(kept: &Kept, changes: &Changes, change: u64, row: Version) {
    let left = left_after(&kept.0.store, changes).await;
    let mut catalogue = kept.0.catalogue.lock().await;
    let mut people = kept.0.people.lock().await;
    let mut shop = kept.shop_mut();
    // Customers first: the rows of the catalogue name them.
    for (key, changed) in &changes.records {
        shop.apply(key, changed, change, row);
        kept.0.watching.follow(changed);
    }
    if let Some((empty, made_up)) = left {
        (shop.empty, shop.made_up) = (empty, made_up);
    }
    if !changes.records.is_empty() {
        shop.change = change;
    }
    shop.make_room(&[]);
    lists::follow(&mut catalogue, &shop, changes);
    if let Some(people) = people.as_mut() {
        people.follow(changes);
    }
}

/// Whether no promise is left, and something that is made up, where a change removed records; it may have been the last.
async fn left_after(store: &dyn Store, changes: &Changes) -> Option<(bool, bool)> {
    if changes.records.values().all(|changed| changed.after.is_some()) {
        return None;
    }
    // Were the rows not to be read now, the next start would know.
    let no_promise = nothing_with(store, b"p").await.ok()?;
    let nothing_made_up = nothing_with(store, b"y").await.ok()?;
    Some((no_promise, !nothing_made_up))
}

/// A key from its text.
pub(crate) fn unhex(text: &str) -> Result<Key, Failure> {
    hex::decode(text).map_err(|_| Failure::new(Code::Storage, "The history holds a key that cannot be read."))
}
