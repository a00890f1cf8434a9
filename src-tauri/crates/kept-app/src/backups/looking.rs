//! Looking into a backup: what it holds, and what would change if it were restored. Changes nothing.

use super::file::{self, Visitor, is_whole};
use super::heading::Heading;
use super::{keys, place_of, row_of};
use crate::Kept;
use crate::care;
use crate::commit::record_of;
use crate::failure::Failure;
use crate::lists::each;
use crate::records::{Record, Stored, decode};
use crate::shape;
use crate::store::{Key, Row, Step};
use crate::takes::backups::TheBackup;
use kept_core::views::backups::{BackupDifference, BackupLook, FewNames};
use kept_core::words::count;
use std::collections::HashMap;
use std::io::Read;
use twox_hash::XxHash3_64;

/// So many are named.
const NAMES: usize = 3;
/// The kinds of rows that are promises, customers, and other records but those of care.
const PROMISES: u8 = b'p';
const CUSTOMERS: u8 = b'c';
const OTHERS: [u8; 4] = [b'f', b'g', b'w', b's'];

/// What a backup holds, and what would change.
pub(crate) async fn look_into_backup(kept: &Kept, takes: TheBackup) -> Result<BackupLook, Failure> {
    let path = place_of(kept, &takes.backup)?;
    let opens = keys::Key::of(kept, &takes);
    let steps = kept.0.steps;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = move || {
        let missing = Heading::read(&path).map(|heading| shape::after(heading.schema, steps));
        let mut records = Records { steps: missing.unwrap_or_default(), found: HashMap::new() };
        let heading = file::read(&path, opens.secret(), &mut records);
        heading
            .map(|heading| (heading, records.found))
            .map_err(|unreadable| opens.blamed(unreadable).failure(&path))
    };
    let (heading, records) = tokio::task::spawn_blocking(read).await.map_err(Failure::bug)??;
    let [promises, customers, others] = differences(kept, records).await?;
    let said = said(&heading, &promises, &customers, &others);
    let changes = [&promises, &customers, &others].iter().any(|of| counted(of) > 0);
    let row = row_of(kept, &name, &heading);
    Ok(BackupLook { row, promises, customers, others, changes, said })
}

/// A record of the backup, as far as it is needed to compare it and to name it.
struct Seen {
    hash: u64,
    name: String,
}

struct Records {
    /// What an older Kept lacked.
    steps: &'static [shape::Step],
    found: HashMap<Key, Seen>,
}

impl Visitor for Records {
    fn row(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Row { key, value, .. } if group(&key).is_some() => {
                let value = shape::stepped(&key, &value, self.steps)?.unwrap_or(value);
                let stored: Stored = decode(&value)?;
                let seen = Seen { hash: XxHash3_64::oneshot(&value), name: name(&stored.record) };
                self.found.insert(key, seen);
            }
            Step::Gone { key } => drop(self.found.remove(&key)),
            Step::Row { .. } => {}
        }
        Ok(())
    }

    fn file(&mut self, hash: &str, _: u64, source: &mut dyn Read) -> Result<bool, Failure> {
        Ok(is_whole(hash, source).unwrap_or(false))
    }
}

/// How what is there now differs from what is in a backup.
async fn differences(kept: &Kept, mut records: HashMap<Key, Seen>) -> Result<[BackupDifference; 3], Failure> {
    let mut found = [nothing(), nothing(), nothing()];
    for (kind, place) in kinds() {
        each(&kept.0.store, &[kind], |row: &Row| {
            match records.remove(&row.key) {
                Some(seen) if seen.hash == XxHash3_64::oneshot(&row.value) => {}
                Some(_) => add(&mut found[place].changed, || Ok(name(&record_of(row)?.it)))?,
                None => add(&mut found[place].gone, || Ok(name(&record_of(row)?.it)))?,
            }
            Ok(())
        })
        .await?;
    }
    let mut back: Vec<(Key, Seen)> = records.into_iter().collect();
    back.sort_by(|a, b| a.0.cmp(&b.0));
    for (key, seen) in back {
        if let Some(place) = group(&key) {
            add(&mut found[place].back, || Ok(seen.name))?;
        }
    }
    for (difference, what) in found.iter_mut().zip(["promise", "customer", "other thing"]) {
        for few in [&mut difference.back, &mut difference.changed, &mut difference.gone] {
            few.words = words(few, what);
        }
    }
    Ok(found)
}

/// `5 promises: 12 cupcakes, 3 tarts and 3 more`.
fn words(few: &FewNames, what: &str) -> String {
    let FewNames { count: all, names, .. } = few;
    let more = usize::try_from(*all).unwrap_or(usize::MAX).saturating_sub(names.len());
    let names = match (names.as_slice(), more) {
        ([], _) => return String::new(),
        ([all_but @ .., last], 0) if !all_but.is_empty() => format!("{} and {last}", all_but.join(", ")),
        (names, 0) => names.join(", "),
        (names, more) => format!("{} and {more} more", names.join(", ")),
    };
    format!("{}: {names}", count(*all, what))
}

fn add(few: &mut FewNames, name: impl FnOnce() -> Result<String, Failure>) -> Result<(), Failure> {
    few.count += 1;
    if few.names.len() < NAMES {
        few.names.push(name()?);
    }
    Ok(())
}

fn group(key: &[u8]) -> Option<usize> {
    kinds().find(|(kind, _)| key.first() == Some(kind)).map(|(_, place)| place)
}

/// The kinds of rows that are records, and their places among the differences.
fn kinds() -> impl Iterator<Item = (u8, usize)> {
    let care = care::KINDS.iter().filter_map(|(prefix, _)| prefix.first().copied());
    let others = OTHERS.into_iter().chain(care).map(|kind| (kind, 2));
    [(PROMISES, 0), (CUSTOMERS, 1)].into_iter().chain(others)
}

fn nothing() -> BackupDifference {
    let none = || FewNames { count: 0, names: Vec::new(), words: String::new() };
    BackupDifference { back: none(), changed: none(), gone: none() }
}

fn name(record: &Record) -> String {
    match record {
        Record::Commitment(it) => it.title(),
        Record::Customer(it) => it.name.clone(),
        Record::Offer(it) => it.name.clone(),
        Record::Series(it) => it.title(),
        Record::Chore(it) => it.what.clone(),
        Record::Care(it) => it.title(),
        Record::Settings(_) => "The settings".to_owned(),
    }
}

fn counted(of: &BackupDifference) -> u32 {
    of.back.count + of.changed.count + of.gone.count
}

fn said(
    heading: &Heading,
    promises: &BackupDifference,
    customers: &BackupDifference,
    others: &BackupDifference,
) -> String {
    let all = [promises, customers, others];
    let sum = |of: fn(&BackupDifference) -> u32| all.iter().map(|difference| of(difference)).sum::<u32>();
    let (back, changed, gone) =
        (sum(|it| it.back.count), sum(|it| it.changed.count), sum(|it| it.gone.count));
    if back + changed + gone == 0 {
        return "What is there now is just what this backup holds.".to_owned();
    }
    let entries = if back == 1 { "1 entry".to_owned() } else { format!("{back} entries") };
    let holds = super::what(heading);
    format!(
        "It holds {holds}. {entries} would be there again, {changed} would be as they were, and {gone} that are there now would be gone."
    )
}
