//! What is known of closed promises without walking them, and of the hours that the open ones have set aside.
//!
//! Each question that reaches beyond the open promises has rows of its own, written with the promise and read by range, and
//! what is held in memory of them is bounded:
//!
//! | key | row | held in memory |
//! | --- | --- | --- |
//! | `b` day id | a closed promise had time blocked on that day | no: a week is read when it is looked at |
//! | `j` instant id | a closed promise, by when it was last worked on; none that a thousand newer ones push out of memory | the newest thousand, for what was squeezed out |
//! | `l` offer instant part | minutes from order to delivery | no: the newest hundred of an offer are read |
//! | `m` day id | a closed promise that may have been missed, by its date | the misses of the last 90 days |

use crate::commit::commitments;
use crate::failure::Failure;
use crate::records::{Changed, Known, Record, decode, end_of, id_at_end, key};
use crate::store::{Key, Store};
use kept_core::around::{Around, Miss, SECOND_CHANCE_DAYS, Worked};
use kept_core::commitment::{Commitment, Deliverable, Party};
use kept_core::day::{Day, Due, Hours, Now, Stamp, TimeOfDay, Zone};
use kept_core::id::{CommitmentId, OfferId};
use kept_core::promise_check::DELIVERIES_MOST;
use kept_core::settings::Settings;
use kept_core::taken::Taken;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// So many of the closed promises that were worked on last are held in memory.
const WORKED_MOST: usize = 1_000;
/// No more of the closed promises that may have been missed are looked at when Kept starts.
const MAYBE_MISSED_MOST: usize = 5_000;
/// The kinds of rows that are explained above.
pub(crate) const KINDS: [&[u8]; 4] = [b"b", b"j", b"l", b"m"];

/// What is held in memory of it.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    /// The hours that are set aside for open promises.
    pub taken: Taken,
    worked: BTreeMap<(Stamp, CommitmentId), Worked>,
    worked_at: HashMap<CommitmentId, Stamp>,
    missed: HashMap<CommitmentId, Miss>,
}

impl Tallies {
    /// Reads what is held in memory.
    #[expect(single_use_lifetimes, reason = "a lifetime in `impl Trait` needs a name")]
    pub(crate) async fn load<'a>(
        store: &dyn Store,
        open: impl Iterator<Item = &'a Commitment>,
        settings: &Settings,
        now: Stamp,
    ) -> Result<Self, Failure> {
        let mut tallies = Self { taken: Taken::of(open), ..Self::default() };
        let newest = Bound::Included(b"j".to_vec());
        for row in store.range(newest, end_of(b"j"), true, WORKED_MOST).await? {
            tallies.put_worked(decode(&row.value)?);
        }
        // A day more on either side: which day an instant lies on depends on the zone.
        let first = settings.calendar.zone.day(now).plus(-SECOND_CHANCE_DAYS - 1);
        let from = Bound::Included(key(b'm', &[first.to_string().as_bytes()]));
        let rows = store.range(from, end_of(b"m"), true, MAYBE_MISSED_MOST).await?;
        let ids: Vec<CommitmentId> =
            rows.iter().filter_map(|row| id_at_end(&row.key).map(CommitmentId::new)).collect();
        for known in commitments(store, &ids).await?.into_iter().flatten() {
            tallies.put_missed(&known.it, settings);
        }
        Ok(tallies)
    }

    /// Follows a change of a record.
    pub(crate) fn follow(&mut self, changed: &Changed, settings: &Settings) {
        if let Some(Known { it: Record::Commitment(before), .. }) = &changed.before {
            self.remove(before.id);
        }
        if let Some(Record::Commitment(after)) = &changed.after {
            self.remove(after.id);
            self.taken.put(after);
            if !after.is_open() {
                self.put_missed(after, settings);
                if let Some(worked) = Worked::of(after) {
                    self.put_worked(worked);
                }
            }
        }
    }

    /// What goes on around each promise, now.
    pub(crate) fn around<'a>(
        &'a self,
        open: impl Iterator<Item = &'a Commitment> + Clone,
        settings: &Settings,
        now: &Now,
    ) -> Around<'a> {
        Around::of(&self.taken, open, self.worked.values(), self.missed.values().copied(), settings, now)
    }

    /// Since when the promises were worked on that are held in memory, if there is room for no more of them.
    pub(crate) fn worked_from(&self) -> Option<Stamp> {
        let ((oldest, _), _) = self.worked.first_key_value()?;
        (self.worked.len() >= WORKED_MOST).then_some(*oldest)
    }

    /// The closed promises that were worked on lately.
    pub(crate) fn worked_lately(&self) -> impl Iterator<Item = &Worked> {
        self.worked.values()
    }

    /// The closed promises of the last months that were missed.
    pub(crate) fn missed(&self) -> impl Iterator<Item = Miss> {
        self.missed.values().copied()
    }

    fn put_worked(&mut self, worked: Worked) {
        self.worked_at.insert(worked.promise, worked.at);
        self.worked.insert((worked.at, worked.promise), worked);
        if self.worked.len() > WORKED_MOST
            && let Some((_, oldest)) = self.worked.pop_first()
        {
            self.worked_at.remove(&oldest.promise);
        }
    }

    fn put_missed(&mut self, it: &Commitment, settings: &Settings) {
        // How a closed promise ended was decided when it was closed.
        let closed_at = it.full_at().or(it.cancelled.as_ref().map(|cancelled| cancelled.at));
        let Some(closed_at) = closed_at else { return };
        if let Some(miss) = Miss::of(it, settings, &Now::at(closed_at, settings.calendar.zone)) {
            self.missed.insert(it.id, miss);
        }
    }

    fn remove(&mut self, promise: CommitmentId) {
        self.taken.remove(promise);
        self.missed.remove(&promise);
        if let Some(at) = self.worked_at.remove(&promise) {
            self.worked.remove(&(at, promise));
        }
    }
}

/// The rows of a commitment: a pure function of it.
pub(crate) fn index(it: &Commitment) -> BTreeMap<Key, Vec<u8>> {
    let mut index = BTreeMap::new();
    let id = it.id.uuid();
    if it.is_open() {
        return index;
    }
    for block in &it.blocks {
        index.insert(key(b'b', &[block.day.to_string().as_bytes(), id.as_bytes()]), Vec::new());
    }
    if let Some((worked, value)) =
        Worked::of(it).and_then(|it| serde_json::to_vec(&it).ok().map(|row| (it, row)))
    {
        index.insert(key(b'j', &[&instant(worked.at), id.as_bytes()]), value);
    }
    for part in &it.deliverables {
        if let Some((at, offer, minutes)) = lead_time(it, part) {
            let key = key(b'l', &[offer.uuid().as_bytes(), &instant(at), part.id.uuid().as_bytes()]);
            index.insert(key, minutes.to_string().into_bytes());
        }
    }
    if let Some(day) = maybe_missed(it) {
        index.insert(key(b'm', &[day.to_string().as_bytes(), id.as_bytes()]), Vec::new());
    }
    index
}

/// Whether a row of an index will ever be read: of the years that an import brings, most were worked on too long ago.
pub(crate) fn is_needed(key: &[u8], worked_from: Option<Stamp>) -> bool {
    let Some(from) = worked_from else { return true };
    !may_be_missing(key) || key.get(1..9) >= Some(&instant(from))
}

/// Whether an index is whole without this row.
pub(crate) fn may_be_missing(key: &[u8]) -> bool {
    key.starts_with(b"j")
}

/// How many minutes it took from order to full delivery of what is on the menu, the newest first.
pub(crate) async fn lead_times(store: &dyn Store, offer: OfferId) -> Result<Vec<i64>, Failure> {
    let prefix = key(b'l', &[offer.uuid().as_bytes()]);
    let rows = store.range(Bound::Included(prefix.clone()), end_of(&prefix), true, DELIVERIES_MOST).await?;
    let minutes = rows.iter().filter_map(|row| std::str::from_utf8(&row.value).ok()?.parse().ok());
    Ok(minutes.collect())
}

/// The closed promises that had time blocked on one of some days in a row.
pub(crate) async fn closed_with_blocks(
    store: &dyn Store,
    from: Day,
    days: i64,
) -> Result<Vec<Known<Commitment>>, Failure> {
    let bound = |day: Day| key(b'b', &[day.to_string().as_bytes()]);
    let end = Bound::Excluded(bound(from.plus(days)));
    let rows = store.range(Bound::Included(bound(from)), end, false, usize::MAX).await?;
    let mut ids: Vec<CommitmentId> =
        rows.iter().filter_map(|row| id_at_end(&row.key).map(CommitmentId::new)).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(commitments(store, &ids).await?.into_iter().flatten().collect())
}

/// What a delivery says about how long the next one will take. What was made up says nothing, nor what repeats by itself.
fn lead_time(it: &Commitment, part: &Deliverable) -> Option<(Stamp, OfferId, i64)> {
    if it.made_up || it.series.is_some() {
        return None;
    }
    let at = it.part_full_at(part)?;
    Some((at, part.offer?, at.minutes_since(it.placed_at).max(0)))
}

/// The day that a closed promise was due on, unless it is certain that it was kept wherever the shop stands: the rows must
/// not depend on the calendar.
fn maybe_missed(it: &Commitment) -> Option<Day> {
    let called_off = it.cancelled.as_ref().filter(|cancelled| cancelled.by == Party::Us);
    let due = it.basis();
    if let Some(called_off) = called_off {
        return Some(due.map_or_else(|| Zone::UTC.day(called_off.at), |due| due.day));
    }
    let is_certain = |part: &Deliverable| {
        let due = part.due.or(due);
        due.is_none_or(|due| it.part_full_at(part).is_some_and(|full| full < earliest_deadline(&due)))
    };
    let is_kept = !it.on_the_day && it.deliverables.iter().all(is_certain);
    due.map(|due| due.day).filter(|_| !is_kept)
}

/// Before this no clock on earth has come to a deadline.
fn earliest_deadline(due: &Due) -> Stamp {
    const EASTERNMOST_MINUTES: i64 = 14 * 60;
    let time = match due.hours {
        Hours::At { time } | Hours::Between { to: time, .. } => time,
        Hours::AnyTime => TimeOfDay::MIDNIGHT,
    };
    Zone::UTC.instant(due.day, time).plus_minutes(-EASTERNMOST_MINUTES)
}

/// An instant as its rows sort by it.
fn instant(stamp: Stamp) -> [u8; 8] {
    u64::try_from(stamp.millis()).unwrap_or(0).to_be_bytes()
}
