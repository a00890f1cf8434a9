//! Promises as a calendar (iCalendar, RFC 5545): each as something to be done (VTODO), and its date as an appointment beside it
//! (VEVENT), for many calendar programs show only those.
//!
//! Decided here: days are days, and hours are written in universal time, which every program reads in the same way and
//! which needs no description of zones. A reminder of the owner's own is written once, with the appointment if there is one.

use super::place;
use crate::Kept;
use crate::commit::commitment_of;
use crate::failure::Failure;
use crate::lists::each;
use crate::records::Known;
use crate::rows::{queue, to_u32};
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property, Todo, TodoStatus};
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::{Commitment, FulfilmentStatus};
use kept_core::day::{Due, Hours, Stamp};
use kept_core::id::CustomerId;
use kept_core::import::calendar_file::OWN_UID;
use kept_core::urgency::Standing;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// An appointment at a time of day lasts so long, so that it can be seen.
const MINUTES_SHOWN: i64 = 30;

/// A promise with what the calendar says of it.
struct Entry<'a> {
    known: &'a Known<Commitment>,
    customer: &'a str,
    standing: Option<&'a Standing>,
}

/// What holds for all entries.
struct Writing<'a> {
    calendar: &'a WorkingCalendar,
    now: Stamp,
    /// Neither what was promised nor to whom is named.
    private: bool,
}

/// The open promises as a calendar. Nothing is read for it but what is in memory.
pub(super) fn of_open(kept: &Kept) -> (String, u32) {
    let now = kept.now();
    let shop = kept.shop();
    let queue = queue(&shop, &now);
    let settings = &shop.settings.it;
    let writing = Writing { calendar: &settings.calendar, now: now.stamp, private: settings.alerts.private };
    let mut by_age: Vec<_> = queue.iter().filter(|(_, known)| !known.it.made_up).collect();
    by_age.sort_by_key(|(_, known)| known.it.id);
    let mut calendar = begun(&settings.business);
    for (standing, known) in &by_age {
        let customer = shop.customer_name(known.it.customer);
        writing.add(&mut calendar, &Entry { known, customer: &customer, standing: Some(standing) });
    }
    (calendar.to_string(), to_u32(by_age.len()))
}

/// Writes a calendar to a file, and says how many promises are in it.
pub(super) async fn to_file(kept: &Kept, path: &Path, also_closed: bool) -> Result<u32, Failure> {
    let (text, promises) = if also_closed { of_all(kept).await? } else { of_open(kept) };
    place::put(path, text.as_bytes())?;
    Ok(promises)
}

async fn of_all(kept: &Kept) -> Result<(String, u32), Failure> {
    let mut names: HashMap<CustomerId, String> = HashMap::new();
    each(&kept.0.store, b"c", |row| {
        let it = crate::commit::customer_of(row)?.it;
        names.insert(it.id, it.name);
        Ok(())
    })
    .await?;
    let (settings, now) = (kept.settings(), kept.now());
    let standings: HashMap<_, Standing> =
        queue(&kept.shop(), &now).into_iter().map(|(standing, known)| (known.it.id, standing)).collect();
    let writing = Writing { calendar: &settings.calendar, now: now.stamp, private: settings.alerts.private };
    let mut calendar = begun(&settings.business);
    let mut promises = 0;
    each(&kept.0.store, b"p", |row| {
        let known = Arc::new(commitment_of(row)?);
        let customer = names.get(&known.it.customer).map_or("", String::as_str);
        writing.add(&mut calendar, &Entry { known: &known, customer, standing: standings.get(&known.it.id) });
        promises += 1;
        Ok(())
    })
    .await?;
    Ok((calendar.to_string(), promises))
}

fn begun(business: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Kept//Promises//EN"), ("CALSCALE", "GREGORIAN")]
    {
        calendar.append_property(Property::new(name, value));
    }
    calendar.name(&format!("Promises of {business}"));
    calendar
}

impl Writing<'_> {
    fn add(&self, calendar: &mut Calendar, entry: &Entry<'_>) {
        let event = entry.known.it.current_due().map(|due| self.event(entry, &due));
        calendar.push(self.todo(entry, event.is_none()));
        if let Some(event) = event {
            calendar.push(event);
        }
    }

    fn todo(&self, entry: &Entry<'_>, with_alarms: bool) -> Todo {
        let it = &entry.known.it;
        let mut todo = Todo::new();
        self.describe(&mut todo, entry, "");
        match it.current_due().map(|due| self.begins(&due)) {
            Some(Begins::Day(day)) => drop(todo.due(day)),
            // Something to be done is due at the end of its window.
            Some(Begins::At(_, to)) => drop(todo.due(to.instant())),
            None => {}
        }
        let status = match it.status() {
            FulfilmentStatus::Delivered => TodoStatus::Completed,
            FulfilmentStatus::Cancelled => TodoStatus::Cancelled,
            FulfilmentStatus::Open | FulfilmentStatus::Waiting => TodoStatus::NeedsAction,
            FulfilmentStatus::InProgress | FulfilmentStatus::Ready | FulfilmentStatus::PartlyDelivered => {
                TodoStatus::InProcess
            }
        };
        todo.status(status);
        todo.percent_complete(percent_handed_over(it));
        if let Some(at) = it.full_at().filter(|_| it.cancelled.is_none()) {
            todo.completed(at.instant());
        }
        if with_alarms {
            self.alarms(&mut todo, entry);
        }
        todo.done()
    }

    fn event(&self, entry: &Entry<'_>, due: &Due) -> Event {
        let mut event = Event::new();
        self.describe(&mut event, entry, "date-");
        match self.begins(due) {
            Begins::Day(day) => {
                event.starts(day);
                event.ends(day.succ_opt().unwrap_or(day));
                event.append_property(Property::new("TRANSP", "TRANSPARENT"));
            }
            Begins::At(from, to) => {
                let to = if from == to { from.plus_minutes(MINUTES_SHOWN) } else { to };
                event.starts(from.instant());
                event.ends(to.instant());
            }
        }
        if entry.known.it.cancelled.is_some() {
            event.status(icalendar::EventStatus::Cancelled);
        }
        self.alarms(&mut event, entry);
        event.done()
    }

    /// What both kinds of entries say.
    fn describe(&self, component: &mut impl EventLike, entry: &Entry<'_>, kind: &str) {
        let it = &entry.known.it;
        component.uid(&format!("{kind}{}{OWN_UID}", it.id));
        // It only grows, also where something is undone: calendar programs take over only what has a higher number.
        component.sequence(u32::try_from(entry.known.row.number()).unwrap_or(u32::MAX));
        component.timestamp(self.now.instant());
        component.summary(&self.summary(entry));
        if !self.private {
            component.description(&parts(it));
        }
        component.url(&format!("kept://promise/{}", it.id));
    }

    fn summary(&self, entry: &Entry<'_>) -> String {
        if self.private {
            return "A promise to a customer".to_owned();
        }
        format!("{} for {}", entry.known.it.title(), entry.customer)
    }

    /// The owner's own reminders.
    fn alarms(&self, component: &mut impl EventLike, entry: &Entry<'_>) {
        let it = &entry.known.it;
        let (deadline, start_by) =
            entry.standing.map_or((None, None), |standing| (standing.deadline, standing.start_by));
        for reminder in it.reminders.iter().filter(|_| it.is_open()) {
            let falls = reminder.falls(it.current_due(), deadline, start_by, self.calendar);
            if let Some((at, _)) = falls {
                let own = reminder.what.clone().filter(|_| !self.private);
                let words = own.unwrap_or_else(|| self.summary(entry));
                component.alarm(Alarm::display(&words, at.instant()));
            }
        }
    }

    fn begins(&self, due: &Due) -> Begins {
        let zone = due.zone.unwrap_or(self.calendar.zone);
        match due.hours {
            Hours::AnyTime => Begins::Day(due.day.date()),
            Hours::At { time } => {
                let at = zone.instant(due.day, time);
                Begins::At(at, at)
            }
            Hours::Between { from, to } => Begins::At(zone.instant(due.day, from), zone.instant(due.day, to)),
        }
    }
}

/// When the date of a promise begins and ends.
enum Begins {
    Day(chrono::NaiveDate),
    At(Stamp, Stamp),
}

/// The parts, one a line.
fn parts(it: &Commitment) -> String {
    let part = |part: &kept_core::commitment::Deliverable| {
        let left = it.left_of(part);
        let state = if left == 0 { " (handed over)".to_owned() } else { String::new() };
        format!("{} {}{state}", part.quantity, part.what)
    };
    it.deliverables.iter().map(part).collect::<Vec<_>>().join("\n")
}

/// How much of all pieces was handed over.
fn percent_handed_over(it: &Commitment) -> u8 {
    let all: u64 = it.deliverables.iter().map(|part| u64::from(part.quantity)).sum();
    let left: u64 = it.deliverables.iter().map(|part| u64::from(it.left_of(part))).sum();
    let percent = all.saturating_sub(left) * 100 / all.max(1);
    u8::try_from(percent).unwrap_or(100)
}
