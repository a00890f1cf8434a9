//! The ledger: what happened to alerts. The plan is computed; only this is kept.

use super::ladder::Rung;
use super::{AlertId, Announcement, Cause, Half};
use crate::calendar::WorkingCalendar;
use crate::day::{Day, Now, Stamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How long an entry outlives its alert, so that undoing a handover announces nothing anew.
pub const PRUNED_AFTER_DAYS: i64 = 7;
/// So often an alert is put off without being asked whether that helps.
pub const SNOOZES_UNASKED: u32 = 2;
/// So much of what happened to an alert is kept.
const EVENTS_MOST: usize = 40;

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
    /// What happened to it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<(Stamp, Event)>,
}

/// Something that happened to an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// It was announced.
    Announced {
        /// Which call.
        rung: Rung,
        /// What the system made of the notice.
        heard: Heard,
    },
    /// The owner has seen it.
    Acknowledged,
    /// It was put off.
    Snoozed {
        /// Until.
        until: Stamp,
    },
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
pub struct Ledger {
    entries: HashMap<AlertId, Entry>,
    digests: Digests,
}

/// The days of the last digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// The morning's.
    #[serde(default)]
    pub morning: Option<Day>,
    /// The evening's.
    #[serde(default)]
    pub evening: Option<Day>,
}

impl Ledger {
    /// A ledger as it was read.
    pub fn new(entries: impl IntoIterator<Item = Entry>, digests: Digests) -> Self {
        Self { entries: entries.into_iter().map(|entry| (entry.id, entry)).collect(), digests }
    }

    /// The day of the last digest of a half of a day.
    pub const fn digested(&self, half: Half) -> Option<Day> {
        match half {
            Half::Morning => self.digests.morning,
            Half::Afternoon => self.digests.evening,
        }
    }

    /// The days of the last digests once something was announced; none if it was no digest.
    pub fn digests(&self, what: &Announcement, now: &Now) -> Option<Digests> {
        let Cause::Digest(half) = what.cause else { return None };
        Some(match half {
            Half::Morning => Digests { morning: Some(now.today), ..self.digests },
            Half::Afternoon => Digests { evening: Some(now.today), ..self.digests },
        })
    }

    /// The days of the last digests.
    pub const fn digests_told(&self) -> Digests {
        self.digests
    }

    /// Takes over the days of the last digests that were written.
    pub fn put_digests(&mut self, digests: Digests) {
        self.digests = digests;
    }

    /// What happened to an alert.
    pub fn get(&self, id: &AlertId) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// All entries, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Takes over entries that were written.
    pub fn put(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.entries.extend(entries.into_iter().map(|entry| (entry.id, entry)));
    }

    /// Forgets entries that were removed.
    pub fn remove(&mut self, ids: &[AlertId]) {
        for id in ids {
            self.entries.remove(id);
        }
    }

    /// The entries as they are once something was announced.
    pub fn announced(&self, what: &Announcement, calendar: &WorkingCalendar, now: &Now) -> Vec<Entry> {
        let mut entries = Vec::new();
        for subject in &what.subjects {
            for (id, rung) in &subject.calls {
                let before = self.entry(id, now.stamp);
                let rests_until = subject.rests.then(|| calendar.working_day(now.today, 1));
                let event = Event::Announced { rung: *rung, heard: Heard::Asked };
                entries.push(Entry {
                    announced: Some(Announced { rung: *rung, at: now.stamp, heard: Heard::Asked }),
                    acknowledged: None,
                    snoozed_until: None,
                    rests_until: rests_until.or(before.rests_until),
                    events: with(before.events, now.stamp, event),
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
        for entry in &mut entries {
            if let Some(announced) = &mut entry.announced {
                announced.heard = heard.clone();
            }
            if let Some((_, Event::Announced { heard: asked, .. })) = entry.events.last_mut() {
                *asked = heard.clone();
            }
        }
        entries
    }

    /// An entry once the owner has seen the alert: its ladder rests until the next working day, unless no rung of it may be
    /// left out.
    pub fn acknowledged(
        &self,
        id: &AlertId,
        skips_no_rung: bool,
        calendar: &WorkingCalendar,
        now: &Now,
    ) -> Entry {
        let before = self.entry(id, now.stamp);
        Entry {
            acknowledged: Some(now.stamp),
            snoozed_until: None,
            rests_until: if skips_no_rung {
                before.rests_until
            } else {
                Some(calendar.working_day(now.today, 1))
            },
            events: with(before.events, now.stamp, Event::Acknowledged),
            ..before
        }
    }

    /// An entry once the owner has put the alert off. The promise stays where it is.
    pub fn snoozed(&self, id: &AlertId, until: Stamp, now: &Now) -> Entry {
        let before = self.entry(id, now.stamp);
        let snoozes = before.snoozes.saturating_add(1);
        let events = with(before.events, now.stamp, Event::Snoozed { until });
        Entry { acknowledged: None, snoozed_until: Some(until), snoozes, events, ..before }
    }

    /// Entries whose alert is planned no longer, and to which nothing has happened for days.
    pub fn prunable(&self, planned: impl Fn(&AlertId) -> bool, now: Stamp) -> Vec<AlertId> {
        let old = now.plus_minutes(-PRUNED_AFTER_DAYS * 24 * 60);
        self.entries
            .values()
            .filter(|entry| entry.at < old && !planned(&entry.id))
            .map(|entry| entry.id)
            .collect()
    }

    /// When notices were shown, newest last: what one notice spoke for was announced at one instant.
    pub fn notices_since(&self, since: Stamp) -> Vec<Stamp> {
        let announced = self.entries.values().filter_map(|entry| entry.announced.as_ref());
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
            events: Vec::new(),
        };
        let mut entry = self.get(id).cloned().unwrap_or_else(new);
        entry.at = at;
        entry
    }
}

/// The events with one more; the oldest of too many are forgotten.
fn with(mut events: Vec<(Stamp, Event)>, at: Stamp, event: Event) -> Vec<(Stamp, Event)> {
    events.push((at, event));
    let too_many = events.len().saturating_sub(EVENTS_MOST);
    events.drain(..too_many);
    events
}
