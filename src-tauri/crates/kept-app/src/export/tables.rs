//! Tables for spreadsheets: one file a kind (RFC 4180), in UTF-8 with the mark by which spreadsheets know it. Days and instants
//! as ISO 8601, amounts as plain decimals beside their currency. A cell that a spreadsheet would take for a formula has an
//! apostrophe in front of it; whoever reads the file back takes it off.

use super::place;
use crate::Kept;
use crate::commit::record_of;
use crate::failure::Failure;
use crate::lists::each;
use crate::records::Record;
use crate::rows::source_words;
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::{Commitment, Deliverable, Party, Stage};
use kept_core::customer::Customer;
use kept_core::day::{Due, Hours, Now, Stamp};
use kept_core::feedback::Feedback;
use kept_core::id::CustomerId;
use kept_core::money::Money;
use kept_core::offer::Offer;
use kept_core::outcome::outcome;
use kept_core::recovery::{Recovery, Repair};
use kept_core::series::Series;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// By which spreadsheets know that a file is UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A table that is being written.
struct Table {
    name: &'static str,
    csv: csv::Writer<Vec<u8>>,
    rows: u32,
}

/// The tables by name.
struct Tables(BTreeMap<&'static str, Table>);

const TABLES: [(&str, &[&str]); 14] = [
    ("customers", &["id", "name", "also", "email", "phone", "other", "address", "zone", "since", "notes"]),
    (
        "promises",
        &[
            "id",
            "customer_id",
            "customer",
            "title",
            "placed_at",
            "first_due_day",
            "first_due_from",
            "due_day",
            "due_from",
            "due_to",
            "due_zone",
            "waits_for",
            "status",
            "outcome",
            "total",
            "received",
            "currency",
            "payment",
            "said",
            "source",
            "series_id",
            "cancelled_at",
            "cancelled_by",
            "notes",
        ],
    ),
    ("parts", &["id", "promise_id", "what", "quantity", "handed_over", "minutes_left", "stage", "offer_id"]),
    ("handovers", &["promise_id", "part_id", "quantity", "at", "how", "tracking", "links", "note", "files"]),
    (
        "moves",
        &[
            "promise_id",
            "from_day",
            "from_time",
            "to_day",
            "to_time",
            "by",
            "said_at",
            "told_at",
            "agreed",
            "why",
        ],
    ),
    (
        "payments",
        &["promise_id", "received_at", "total", "received", "currency", "state", "shown_by", "number"],
    ),
    ("told", &["promise_id", "at", "what", "how", "words", "agreed", "answer"]),
    ("steps", &["id", "promise_id", "what", "minutes", "done_at"]),
    ("menu", &["id", "name", "why", "lead_days", "price", "currency", "parts"]),
    ("repeating", &["id", "customer_id", "rule", "from", "last", "parts", "total", "currency"]),
    ("chores", &["id", "what", "rule", "from", "time", "done_at"]),
    (
        "feedback",
        &["id", "kind", "text", "from", "customer_id", "promise_id", "how", "said_at", "owner", "settled_at"],
    ),
    ("recoveries", &["id", "promise_id", "opened_at", "words", "steps", "closed_at", "closed_words"]),
    ("learning", &["id", "kind", "what", "at", "promise_ids"]),
];

/// Writes all tables to a folder: their files, and how many rows each has.
pub(super) async fn to_folder(kept: &Kept, folder: &Path) -> Result<Vec<(PathBuf, u32)>, Failure> {
    std::fs::create_dir_all(folder).map_err(|error| place::refused(folder, &error))?;
    let mut tables = Tables::begin()?;
    let mut names = HashMap::new();
    each(&kept.0.store, b"c", |row| {
        if let Record::Customer(it) = record_of(row)?.it {
            names.insert(it.id, it.name.clone());
            tables.customer(&it)?;
        }
        Ok(())
    })
    .await?;
    let (calendar, now) = (kept.settings().calendar, kept.now());
    let around = Promised { names: &names, calendar: &calendar, now: &now };
    let care = crate::care::KINDS.iter().map(|(kind, _)| *kind);
    for kind in [b"p", b"f", b"g", b"w"].into_iter().map(|kind| &kind[..]).chain(care) {
        each(&kept.0.store, kind, |row| tables.record(&record_of(row)?.it, &around)).await?;
    }
    tables.finish(folder)
}

/// What is said of promises beside their records.
struct Promised<'a> {
    names: &'a HashMap<CustomerId, String>,
    calendar: &'a WorkingCalendar,
    now: &'a Now,
}

impl Tables {
    fn begin() -> Result<Self, Failure> {
        let mut tables = BTreeMap::new();
        for (name, columns) in TABLES {
            let mut csv =
                csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec());
            csv.write_record(columns).map_err(Failure::bug)?;
            tables.insert(name, Table { name, csv, rows: 0 });
        }
        Ok(Self(tables))
    }

    fn row(&mut self, table: &'static str, cells: &[String]) -> Result<(), Failure> {
        let table =
            self.0.get_mut(table).ok_or_else(|| Failure::bug(format!("there is no table {table}")))?;
        table.rows += 1;
        table.csv.write_record(cells.iter().map(|cell| harmless(cell))).map_err(Failure::bug)
    }

    fn record(&mut self, record: &Record, around: &Promised<'_>) -> Result<(), Failure> {
        match record {
            Record::Commitment(it) => self.promise(it, around),
            Record::Offer(it) => self.offer(it),
            Record::Series(it) => self.series(it),
            Record::Chore(it) => self.row(
                "chores",
                &[
                    text(it.id),
                    it.what.clone(),
                    it.rule.clone(),
                    text(it.from),
                    maybe(it.time),
                    maybe(it.done_at),
                ],
            ),
            Record::Care(it) => self.care(it),
            Record::Customer(_) | Record::Settings(_) => Ok(()),
        }
    }

    fn customer(&mut self, it: &Customer) -> Result<(), Failure> {
        use kept_core::customer::Contact;
        let of = |wanted: fn(&Contact) -> bool| {
            let found = it.contacts.iter().filter(|contact| wanted(contact)).map(Contact::text);
            found.collect::<Vec<_>>().join("; ")
        };
        let notes: Vec<&str> = it.notes.iter().map(|note| note.text.as_str()).collect();
        self.row(
            "customers",
            &[
                text(it.id),
                it.name.clone(),
                it.also.join("; "),
                of(|contact| matches!(contact, Contact::Email { .. })),
                of(|contact| matches!(contact, Contact::Phone { .. })),
                of(|contact| matches!(contact, Contact::Other { .. })),
                it.address.join("\n"),
                maybe(it.zone),
                text(it.since),
                notes.join("\n"),
            ],
        )
    }

    fn promise(&mut self, it: &Commitment, around: &Promised<'_>) -> Result<(), Failure> {
        let due = it.current_due();
        let notes: Vec<&str> = it.notes.iter().map(|note| note.text.as_str()).collect();
        let payment = &it.payment;
        let [first_day, first_from, _, _] = dated(it.first_due);
        let [day, from, to, zone] = dated(due);
        self.row(
            "promises",
            &[
                text(it.id),
                text(it.customer),
                around.names.get(&it.customer).cloned().unwrap_or_default(),
                it.title(),
                text(it.placed_at),
                first_day,
                first_from,
                day,
                from,
                to,
                zone,
                it.awaits.as_ref().map_or_else(String::new, |event| event.what.clone()),
                word(&it.status()),
                word(&outcome(it, around.calendar, around.now)),
                amount(payment.total),
                amount(payment.received),
                currency(payment.total.or(payment.received)),
                word(&payment.state()),
                it.words.as_ref().map_or_else(String::new, |words| words.said.clone()),
                source_words(&it.source),
                maybe(it.series.map(|series| series.series)),
                maybe(it.cancelled.as_ref().map(|called_off| called_off.at)),
                it.cancelled.as_ref().map_or_else(String::new, |called_off| party(called_off.by)),
                notes.join("\n"),
            ],
        )?;
        for part in &it.deliverables {
            self.part(it, part)?;
        }
        self.what_happened(it)
    }

    fn part(&mut self, it: &Commitment, part: &Deliverable) -> Result<(), Failure> {
        let stage = match part.stage {
            Stage::Open => "open",
            Stage::InProgress => "in_progress",
            Stage::Ready => "ready",
        };
        self.row(
            "parts",
            &[
                text(part.id),
                text(it.id),
                part.what.clone(),
                text(part.quantity),
                text(it.handed_over(part.id)),
                maybe(part.effort_left),
                stage.to_owned(),
                maybe(part.offer),
            ],
        )
    }

    fn what_happened(&mut self, it: &Commitment) -> Result<(), Failure> {
        let id = text(it.id);
        for handover in &it.handovers {
            let files: Vec<&str> = handover.files.iter().map(|file| file.name.as_str()).collect();
            let note = handover.note.clone().or_else(|| handover.evidence.clone()).unwrap_or_default();
            let how = handover.channel.clone().unwrap_or_default();
            let tracking = handover.tracking.clone().unwrap_or_default();
            let (part, quantity, at) =
                (text(handover.deliverable), text(handover.quantity), text(handover.at));
            let links = handover.links.join("\n");
            self.row(
                "handovers",
                &[id.clone(), part, quantity, at, how, tracking, links, note, files.join("\n")],
            )?;
        }
        for moved in &it.reschedules {
            let [from_day, from_time, _, _] = dated(moved.from);
            let [to_day, to_time, _, _] = dated(Some(moved.to));
            let (by, said, told) = (party(moved.by), text(moved.said_at), maybe(moved.told_at));
            let why = moved.why.clone().unwrap_or_default();
            self.row(
                "moves",
                &[id.clone(), from_day, from_time, to_day, to_time, by, said, told, maybe(moved.agreed), why],
            )?;
        }
        for told in &it.told {
            let answer = told.answer.clone();
            let agreed = maybe(answer.as_ref().and_then(|answer| answer.agreed));
            let answer = answer.and_then(|answer| answer.words).unwrap_or_default();
            let words = told.words.clone().unwrap_or_default();
            self.row(
                "told",
                &[id.clone(), text(told.at), word(&told.kind), word(&told.channel), words, agreed, answer],
            )?;
        }
        for step in &it.steps {
            let cells =
                [text(step.id), id.clone(), step.what.clone(), maybe(step.effort), maybe(step.done_at)];
            self.row("steps", &cells)?;
        }
        self.payments(it)
    }

    /// One row for what was agreed and received, and one for each payment that a file has shown.
    fn payments(&mut self, it: &Commitment) -> Result<(), Failure> {
        let payment = &it.payment;
        if payment.total.is_none() && payment.received.is_none() {
            return Ok(());
        }
        let (total, received) = (amount(payment.total), amount(payment.received));
        let unit = currency(payment.total.or(payment.received));
        let state = word(&payment.state());
        let at = maybe(payment.received_at);
        self.row("payments", &[text(it.id), at, total, received, unit, state, String::new(), String::new()])?;
        for paid in &payment.evidence {
            let (at, received, unit) =
                (text(paid.at), amount(Some(paid.amount)), currency(Some(paid.amount)));
            let cells = [
                text(it.id),
                at,
                String::new(),
                received,
                unit,
                "shown".to_owned(),
                paid.by.clone(),
                paid.id.clone(),
            ];
            self.row("payments", &cells)?;
        }
        Ok(())
    }

    fn offer(&mut self, it: &Offer) -> Result<(), Failure> {
        let parts: Vec<String> =
            it.parts.iter().map(|part| format!("{} {}", part.quantity, part.what)).collect();
        let cells = [
            text(it.id),
            it.name.clone(),
            it.why.clone(),
            maybe(it.lead_days),
            amount(it.price),
            currency(it.price),
            parts.join("\n"),
        ];
        self.row("menu", &cells)
    }

    fn series(&mut self, it: &Series) -> Result<(), Failure> {
        let parts: Vec<String> =
            it.parts.iter().map(|part| format!("{} {}", part.quantity, part.what)).collect();
        let (rule, total) = (it.rule.clone(), it.total);
        let (from, last) = (text(it.from), maybe(it.last));
        let cells = [
            text(it.id),
            text(it.customer),
            rule,
            from,
            last,
            parts.join("\n"),
            amount(total),
            currency(total),
        ];
        self.row("repeating", &cells)
    }

    fn care(&mut self, it: &crate::care::Care) -> Result<(), Failure> {
        use crate::care::Care;
        match it {
            Care::Feedback(it) => self.feedback(it),
            Care::Recovery(it) => self.recovery(it),
            Care::Cause(it) => {
                self.learned("cause", text(it.id), &it.draft.symptom, it.opened_at, &it.draft.promises)
            }
            Care::Slip(it) => self.learned("slip", text(it.id), &it.what, it.at, &it.promises),
            Care::Idea(it) => self.learned::<String>("idea", text(it.id), &it.what, it.at, &[]),
            Care::Win(it) => {
                let promises: Vec<_> = it.promise.into_iter().collect();
                self.learned("win", text(it.id), &it.what, it.at, &promises)
            }
        }
    }

    fn learned<T: Display>(
        &mut self,
        kind: &str,
        id: String,
        what: &str,
        at: Stamp,
        promises: &[T],
    ) -> Result<(), Failure> {
        let promises: Vec<String> = promises.iter().map(ToString::to_string).collect();
        self.row("learning", &[id, kind.to_owned(), what.to_owned(), text(at), promises.join("\n")])
    }

    fn feedback(&mut self, it: &Feedback) -> Result<(), Failure> {
        let how = it.channel.as_ref().map_or_else(String::new, word);
        let cells = [
            text(it.id),
            word(&it.kind),
            it.text.clone(),
            it.from.clone(),
            maybe(it.customer),
            maybe(it.promise),
            how,
            text(it.said_at()),
            it.owner.clone(),
            maybe(it.settled_at),
        ];
        self.row("feedback", &cells)
    }

    fn recovery(&mut self, it: &Recovery) -> Result<(), Failure> {
        let steps: Vec<String> = it.steps.iter().map(|step| repair(&step.repair)).collect();
        let closed = it.closed.as_ref();
        let cells = [
            text(it.id),
            text(it.promise),
            text(it.opened_at),
            it.words.clone().unwrap_or_default(),
            steps.join("\n"),
            maybe(closed.map(|closed| closed.at)),
            closed.and_then(|closed| closed.words.clone()).unwrap_or_default(),
        ];
        self.row("recoveries", &cells)
    }

    fn finish(self, folder: &Path) -> Result<Vec<(PathBuf, u32)>, Failure> {
        let mut written = Vec::new();
        for (_, table) in self.0 {
            let path = folder.join(format!("{}.csv", table.name));
            let bytes = table.csv.into_inner().map_err(Failure::bug)?;
            place::put(&path, &bytes)?;
            written.push((path, table.rows));
        }
        Ok(written)
    }
}

/// A cell that no spreadsheet takes for a formula.
pub(crate) fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

fn text(value: impl Display) -> String {
    value.to_string()
}

fn maybe(value: Option<impl Display>) -> String {
    value.map_or_else(String::new, text)
}

/// The word by which a kind stands in the JSON as well.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(fields)) => {
            fields.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned()
        }
        Ok(_) | Err(_) => String::new(),
    }
}

fn party(party: Party) -> String {
    match party {
        Party::Customer => "customer".to_owned(),
        Party::Us => "us".to_owned(),
    }
}

/// The day, when it begins and ends, and the zone.
fn dated(due: Option<Due>) -> [String; 4] {
    let Some(Due { day, hours, zone }) = due else { return Default::default() };
    let (from, to) = match hours {
        Hours::AnyTime => (String::new(), String::new()),
        Hours::At { time } => (text(time), String::new()),
        Hours::Between { from, to } => (text(from), text(to)),
    };
    [text(day), from, to, maybe(zone)]
}

/// `90.00`; the currency stands in a column of its own.
fn amount(money: Option<Money>) -> String {
    let words = maybe(money);
    words.split(' ').next().unwrap_or_default().to_owned()
}

fn currency(money: Option<Money>) -> String {
    maybe(money.map(|money| money.currency))
}

fn repair(repair: &Repair) -> String {
    match repair {
        Repair::Deliver => "deliver".to_owned(),
        Repair::Apologise { channel } => format!("apologise {}", channel.words()),
        Repair::Refund { amount, .. } => format!("refund {amount}"),
        Repair::MakeGood { .. } => "make good".to_owned(),
        Repair::CheckBack => "check back".to_owned(),
        Repair::Other { what } => what.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_the_apostrophe_comes_off_again() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("-3", "'-3"),
            ("@a", "'@a"),
            ("+1", "'+1"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("a=b", "a=b"),
            ("", ""),
            ("2026-11-20", "2026-11-20"),
        ] {
            assert_eq!(harmless(cell), written);
            let back = written.strip_prefix('\'').filter(|rest| harmless(rest) == written).unwrap_or(written);
            assert_eq!(back, cell);
        }
    }

    #[test]
    fn an_amount_is_a_plain_decimal_beside_its_currency() {
        let check = |minor, unit: &str, plain: &str| {
            let money = Some(Money::new(minor, unit.parse().unwrap()));
            assert_eq!((amount(money).as_str(), currency(money).as_str()), (plain, unit));
        };
        check(9_000, "USD", "90.00");
        check(-5, "EUR", "-0.05");
        check(1_200, "JPY", "1200");
        assert_eq!(amount(None), "");
    }
}
