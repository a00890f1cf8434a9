//! The ledger: what happened to alerts. The plan is computed; only this is kept.

use super::ladder::Rung;
use super::{AlertId, Announcement};
use crate::calendar::WorkingCalendar;
use crate::day::{Day, Now, Stamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How long an entry outlives its alert, so that undoing a handover announces nothing anew.
pub const PRUNED_AFTER_DAYS: i64 = 7;

/// What happened to one alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which alert.
    pub id: AlertId,
    /// The newest call that was announced.
    #[serde(default)]
    pub announced: Option<Announced>,
    /// The owner has seen it; taken back by the next call of a ladder.
    #[serde(default)]
    pub acknowledged: Option<Stamp>,
    /// It is put off until.
    #[serde(default)]
    pub snoozed_until: Option<Stamp>,
    /// How often it was put off.
    #[serde(default)]
    pub snoozes: u32,
    /// Its ladder does not call before this day.
    #[serde(default)]
    pub rests_until: Option<Day>,
    /// When something happened to it last.
    pub at: Stamp,
}

/// A call that was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Which call.
    pub rung: Rung,
    /// When. All alerts that one notice spoke for share it.
    pub at: Stamp,
    /// What the system made of the notice.
    pub heard: Heard,
}

/// What the system made of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Heard {
    /// It is being asked; if this is what the ledger says after a start, Kept was killed while it asked.
    Asked,
    /// It took the notice.
    Shown,
    /// It refused.
    Refused {
        /// Why, in words.
        why: String,
    },
    /// It does not say.
    Unknown,
}

/// What happened to all alerts that are of interest still.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger(HashMap<AlertId, Entry>);

impl Ledger {
    /// A ledger as it was read.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        Self(entries.into_iter().map(|entry| (entry.id, entry)).collect())
    }

    /// What happened to an alert.
    pub fn get(&self, id: &AlertId) -> Option<&Entry> {
        self.0.get(id)
    }

    /// All entries, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }

    /// Takes over entries that were written.
    pub fn put(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.0.extend(entries.into_iter().map(|entry| (entry.id, entry)));
    }

    /// Forgets entries that were removed.
    pub fn remove(&mut self, ids: &[AlertId]) {
        for id in ids {
            self.0.remove(id);
        }
    }

    /// The entries as they are once something was announced.
    pub fn announced(&self, what: &Announcement, calendar: &WorkingCalendar, now: &Now) -> Vec<Entry> {
        let mut entries = Vec::new();
        for subject in &what.subjects {
            for (id, rung) in &subject.calls {
                let before = self.entry(id, now.stamp);
                let rests_until = subject.rests.then(|| calendar.working_day(now.today, 1));
                entries.push(Entry {
                    announced: Some(Announced { rung: *rung, at: now.stamp, heard: Heard::Asked }),
                    acknowledged: None,
                    snoozed_until: None,
                    rests_until: rests_until.or(before.rests_until),
                    ..before
                });
            }
        }
        entries
    }

    /// The same entries once the system has answered.
    pub fn heard(&self, what: &Announcement, heard: &Heard) -> Vec<Entry> {
        let ids = what.subjects.iter().flat_map(|subject| &subject.calls);
        let entries = ids.filter_map(|(id, _)| self.get(id).cloned());
        let mut entries: Vec<Entry> = entries.collect();
        for announced in entries.iter_mut().filter_map(|entry| entry.announced.as_mut()) {
            announced.heard = heard.clone();
        }
        entries
    }

    /// An entry once the owner has seen the alert: the ladder rests until the next working day.
    pub fn acknowledged(&self, id: &AlertId, calendar: &WorkingCalendar, now: &Now) -> Entry {
        Entry {
            acknowledged: Some(now.stamp),
            snoozed_until: None,
            rests_until: Some(calendar.working_day(now.today, 1)),
            ..self.entry(id, now.stamp)
        }
    }

    /// An entry once the owner has put the alert off. The promise stays where it is.
    pub fn snoozed(&self, id: &AlertId, until: Stamp, now: &Now) -> Entry {
        let before = self.entry(id, now.stamp);
        let snoozes = before.snoozes.saturating_add(1);
        Entry { acknowledged: None, snoozed_until: Some(until), snoozes, ..before }
    }

    /// Entries whose alert is planned no longer, and to which nothing has happened for days.
    pub fn prunable(&self, planned: impl Fn(&AlertId) -> bool, now: Stamp) -> Vec<AlertId> {
        let old = now.plus_minutes(-PRUNED_AFTER_DAYS * 24 * 60);
        self.0.values().filter(|entry| entry.at < old && !planned(&entry.id)).map(|entry| entry.id).collect()
    }

    /// When notices were shown, newest last: what one notice spoke for was announced at one instant.
    pub fn notices_since(&self, since: Stamp) -> Vec<Stamp> {
        let announced = self.0.values().filter_map(|entry| entry.announced.as_ref());
        let mut stamps: Vec<Stamp> =
            announced.map(|announced| announced.at).filter(|at| *at > since).collect();
        stamps.sort_unstable();
        stamps.dedup();
        stamps
    }

    fn entry(&self, id: &AlertId, at: Stamp) -> Entry {
        let new = || Entry {
            id: *id,
            announced: None,
            acknowledged: None,
            snoozed_until: None,
            snoozes: 0,
            rests_until: None,
            at,
        };
        let mut entry = self.get(id).cloned().unwrap_or_else(new);
        entry.at = at;
        entry
    }
}
