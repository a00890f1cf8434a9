//! Calendars (iCalendar, RFC 5545): what is to be done, and appointments, as promises.
//!
//! Decided here: an appointment that is over is nothing to keep any more. Of one that repeats only the first comes in, which
//! is said; it is better made a promise that repeats.

use super::content_lines::{ContentLine, content_lines};
use super::dates::Moment;
use super::gathering::{Facts, Gathering, LineFacts};
use super::order::{Fulfilment, name_mark};
use super::said::Said;
use super::values::{counted, short};
use super::{Apart, Assumed, CustomerDraft, DateOrder, Reading, Signs, Source, text};
use crate::day::{Due, Hours, Stamp, Zone};

/// How the names of entries end that Kept itself has written: what is in Kept already is not brought in a second time.
pub const OWN_UID: &str = "@promises.kept";

/// A calendar, as `.ics`.
pub const SOURCE: Source = Source {
    shop: "calendar",
    kind: "Calendar (iCalendar)",
    named: "a calendar file",
    is: Signs::Text(|head| {
        head.trim_start().get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
    }),
    apart: Apart::Nothing,
    read,
};

/// Reads a calendar. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], assumed: Assumed) -> Reading {
    let text = text::decode(bytes);
    let mut gathering = Gathering::new(&SOURCE, assumed, Said(text.problems));
    let mut within: Vec<String> = Vec::new();
    let mut open: Option<Entry> = None;
    for line in content_lines(&text.text) {
        let line = match line {
            Ok(line) => line,
            Err(line) => {
                gathering.said.say(line, "This is no line of a calendar. It was left out.");
                continue;
            }
        };
        match line.name.as_str() {
            "BEGIN" => {
                let begun = line.raw().trim().to_uppercase();
                if open.is_none() && matches!(begun.as_str(), "VTODO" | "VEVENT") {
                    open =
                        Some(Entry { line: line.line, appointment: begun == "VEVENT", ..Entry::default() });
                }
                within.push(begun);
            }
            "END" => {
                let ended = line.raw().trim().to_uppercase();
                within.pop();
                if matches!(ended.as_str(), "VTODO" | "VEVENT")
                    && let Some(entry) = open.take()
                {
                    entry.finish(&mut gathering);
                }
            }
            // Alarms within an entry have a text of their own.
            _ if matches!(within.last().map(String::as_str), Some("VTODO" | "VEVENT")) => {
                if let Some(entry) = &mut open {
                    entry.take(&line, &mut gathering);
                }
            }
            _ => {}
        }
    }
    if let Some(entry) = open {
        gathering.said.say(entry.line, "The file breaks off in this entry. It was left out.");
    }
    gathering.finish()
}

#[derive(Default)]
struct Entry {
    line: u32,
    appointment: bool,
    uid: String,
    summary: String,
    description: String,
    place: String,
    customer: String,
    email: String,
    due: Option<Due>,
    starts: Option<Due>,
    ends: Option<Due>,
    made_at: Option<Stamp>,
    done_at: Option<Stamp>,
    status: String,
    repeats: bool,
    tags: Vec<String>,
}

impl Entry {
    fn take(&mut self, line: &ContentLine<'_>, gathering: &mut Gathering) {
        match line.name.as_str() {
            "UID" => self.uid = line.text(),
            "SUMMARY" => self.summary = line.text(),
            "DESCRIPTION" => self.description = line.text(),
            "LOCATION" => self.place = line.text(),
            "CONTACT" => self.customer = line.text(),
            "ATTENDEE" if self.customer.is_empty() => {
                line.parameter("CN").unwrap_or_default().clone_into(&mut self.customer);
                let address = line.text();
                let is_mail = address.to_lowercase().starts_with("mailto:");
                address.get(7..).filter(|_| is_mail).unwrap_or_default().clone_into(&mut self.email);
            }
            "CATEGORIES" => self.tags = line.text().split(',').map(|tag| tag.trim().to_owned()).collect(),
            "STATUS" => self.status = line.text().to_uppercase(),
            "RRULE" | "RDATE" => self.repeats = true,
            "DUE" => self.due = due_of(line, gathering),
            "DTSTART" => self.starts = due_of(line, gathering),
            "DTEND" => self.ends = due_of(line, gathering),
            "CREATED" => self.made_at = stamp_of(line, gathering),
            "COMPLETED" => self.done_at = stamp_of(line, gathering),
            _ => {}
        }
    }

    fn finish(self, gathering: &mut Gathering) {
        if self.uid.ends_with(OWN_UID) {
            gathering.passed_over.push(self.line);
            return;
        }
        let due = self.due.or(self.starts);
        let today = gathering.assumed.zone.day(gathering.assumed.now);
        let last = self.ends.or(due).map(|due| due.day);
        if self.appointment && !self.repeats && last.is_some_and(|day| day < today) {
            gathering.passed_over.push(self.line);
            return;
        }
        if self.summary.is_empty() {
            gathering.said.say(self.line, "This entry says nothing. It was left out.");
            return;
        }
        if self.repeats {
            let is = format!(
                "“{}” repeats. Only its first date came in; make it a promise that repeats.",
                short(&self.summary)
            );
            gathering.said.say(self.line, is);
        }
        let done = self.status == "COMPLETED" || self.done_at.is_some();
        let now = gathering.assumed.now;
        let nobody = self.customer.is_empty() && self.email.is_empty();
        let name = if nobody { "Customers in the calendar".to_owned() } else { self.customer };
        let facts = Facts {
            customer: CustomerDraft { name, email: self.email, ..CustomerDraft::default() },
            placed_at: Some(self.made_at.unwrap_or(now)),
            fulfilled_at: self.done_at,
            cancelled_at: (self.status == "CANCELLED").then_some(now),
            fulfilment: Some(if done { Fulfilment::Done } else { Fulfilment::Open }),
            due,
            notes: vec![self.description, self.place],
            tags: self.tags,
            ..Facts::default()
        };
        let named = if self.uid.is_empty() { self.summary.clone() } else { self.uid };
        let named = if named.chars().count() > 60 { format!("{:x}", name_mark(&named)) } else { named };
        let order = gathering.unused_name(&named);
        let at = gathering.order(self.line, &order, "", facts);
        let (quantity, what) = counted(&self.summary);
        let line =
            LineFacts { id: "entry", what, quantity, price: None, sku: "", fulfilment: Fulfilment::Open };
        gathering.line(at, self.line, &line);
    }
}

fn due_of(line: &ContentLine<'_>, gathering: &mut Gathering) -> Option<Due> {
    let (moment, zone) = moment_of(line, gathering)?;
    due(moment, zone, gathering)
}

fn stamp_of(line: &ContentLine<'_>, gathering: &mut Gathering) -> Option<Stamp> {
    let (moment, zone) = moment_of(line, gathering)?;
    moment.stamp(zone)
}

/// When, and on the clocks of which zone; none if that cannot be read.
fn moment_of(line: &ContentLine<'_>, gathering: &mut Gathering) -> Option<(Moment, Zone)> {
    let text = line.text();
    let moment = Moment::read(&text, DateOrder::DayFirst);
    if moment.is_none() {
        let is = format!("“{}” is not a date that Kept can read. It was left empty.", short(&text));
        gathering.said.say(line.line, is);
    }
    let zone = match line.parameter("TZID").map(str::parse) {
        Some(Ok(zone)) => zone,
        Some(Err(_)) | None => gathering.assumed.zone,
    };
    moment.map(|moment| (moment, zone))
}

/// What is due then, on the clocks of the shop.
fn due(moment: Moment, zone: Zone, gathering: &Gathering) -> Option<Due> {
    let due = moment.due(zone)?;
    match due.hours {
        Hours::At { .. } if zone != gathering.assumed.zone => {
            let (day, time) = gathering.assumed.zone.wall(moment.stamp(zone)?);
            Some(Due::at(day, time))
        }
        Hours::At { .. } | Hours::AnyTime | Hours::Between { .. } => Some(due),
    }
}
