//! All that is known of one customer: a page to read and to print, or JSON, with the attached files beside it.

use super::{beside, place};
use crate::care::Care;
use crate::commit::{commitments, rows_of};
use crate::failure::Failure;
use crate::records::{Known, id_at_end, key};
use crate::takes::out::CustomerTo;
use crate::{Kept, care};
use kept_core::commitment::{Commitment, Party};
use kept_core::customer::{Contact, Customer};
use kept_core::day::{Now, Stamp, Zone};
use kept_core::feedback::Feedback;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::outcome::{Outcome, outcome};
use kept_core::series::Series;
use kept_core::settings::Settings;
use kept_core::views::Done;
use kept_core::words::count;
use maud::{DOCTYPE, Markup, html};
use std::collections::BTreeSet;
use std::path::Path;

/// Writes all that is known of a customer to a place that the owner chose.
pub(crate) async fn export_customer(kept: &Kept, takes: CustomerTo) -> Result<Done, Failure> {
    let path = kept.offered(&takes.to)?;
    let said = of_one_customer(kept, takes.customer, &path).await?;
    Ok(Done { change: 0, said, promise: None })
}

/// Writes all that is known of a customer to a file, and says what was written.
pub(crate) async fn of_one_customer(kept: &Kept, id: CustomerId, path: &Path) -> Result<String, Failure> {
    let all = All::of(kept, id).await?;
    let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let text = if is_json { all.json()? } else { all.page(&beside::name_of(path)).into_string() };
    place::put(path, text.as_bytes())?;
    let files = beside::put_some(kept, path, &all.files).await?;
    let name = &all.customer.name;
    let files = match files {
        0 => String::new(),
        some => format!("; {} in “{}”", count(some, "attached file"), beside::name_of(path)),
    };
    Ok(format!("Wrote all that is known of {name} to {}{files}", path.display()))
}

/// The customers with a folded name.
pub(crate) async fn customers_named(kept: &Kept, folded: &str) -> Result<Vec<CustomerId>, Failure> {
    let rows = rows_of(&kept.0.store, &key(b'n', &[folded.as_bytes(), &[0]])).await?;
    Ok(rows.iter().filter_map(|row| id_at_end(&row.key)).map(CustomerId::new).collect())
}

/// All that is known of a customer.
struct All {
    customer: Customer,
    promises: Vec<Known<Commitment>>,
    series: Vec<Series>,
    care: Vec<Care>,
    settings: Settings,
    now: Now,
    /// Hashes of attached files, and the names under which they are given along.
    files: Vec<(String, String)>,
}

impl All {
    async fn of(kept: &Kept, id: CustomerId) -> Result<Self, Failure> {
        let customer = kept.customer(id).await?.it.clone();
        let rows = rows_of(&kept.0.store, &key(b'q', &[id.uuid().as_bytes()])).await?;
        let ids: Vec<CommitmentId> =
            rows.iter().filter_map(|row| id_at_end(&row.key)).map(CommitmentId::new).collect();
        let promises: Vec<Known<Commitment>> =
            commitments(&kept.0.store, &ids).await?.into_iter().flatten().collect();
        let files = files_of(&promises);
        let shop = kept.shop();
        let series = shop.few.series.values().filter(|known| known.it.customer == id);
        Ok(Self {
            series: series.map(|known| known.it.clone()).collect(),
            care: care_of(&shop.few.care, id, &ids),
            settings: shop.settings.it.clone(),
            now: Now::at((kept.0.host.now)().stamp, shop.settings.it.calendar.zone),
            customer,
            promises,
            files,
        })
    }

    fn json(&self) -> Result<String, Failure> {
        let promises: Vec<&Commitment> = self.promises.iter().map(|known| &known.it).collect();
        let care = self.care.iter().map(Care::plain).collect::<Result<Vec<_>, _>>().map_err(Failure::bug)?;
        let all = serde_json::json!({
            "business": self.settings.business,
            "written_at": self.now.stamp,
            "customer": self.customer,
            "promises": promises,
            "series": self.series,
            "care": care,
        });
        serde_json::to_string_pretty(&all).map(|text| text + "\n").map_err(Failure::bug)
    }

    /// One page without scripts or anything from elsewhere; every text is escaped.
    fn page(&self, folder: &str) -> Markup {
        let it = &self.customer;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                    title { "What we know of " (it.name) }
                    style { (maud::PreEscaped(STYLE)) }
                }
                body {
                    h1 dir="auto" { (it.name) }
                    p { "All that " (self.settings.business) " knows of you, as of " (self.when(self.now.stamp)) "." }
                    h2 { "You" }
                    (self.person())
                    h2 { "What was promised to you (" (self.promises.len()) ")" }
                    @for known in self.promises.iter().rev() { (self.promise(&known.it)) }
                    @if !self.series.is_empty() {
                        h2 { "What repeats" }
                        ul { @for series in &self.series { li { (repeats(series)) } } }
                    }
                    @if !self.care.is_empty() {
                        h2 { "What you told us, and what came of it" }
                        @for care in &self.care { (self.cared(care)) }
                    }
                    @if !self.files.is_empty() {
                        h2 { "Attached files" }
                        p { "They lie in the folder “" (folder) "” beside this page." }
                        ul { @for (_, name) in &self.files { li dir="auto" { (name) } } }
                    }
                }
            }
        }
    }

    fn person(&self) -> Markup {
        let it = &self.customer;
        html! {
            dl {
                dt { "Known since" } dd { (self.when(it.since)) }
                @if !it.also.is_empty() { dt { "Also" } dd dir="auto" { (it.also.join(", ")) } }
                @for contact in &it.contacts { dt { (way(contact)) } dd dir="auto" { (contact.text()) } }
                @if !it.address.is_empty() {
                    dt { "Address" } dd dir="auto" { @for line in &it.address { (line) br; } }
                }
                @if let Some(zone) = it.zone { dt { "Clocks" } dd { (zone) } }
                @for note in &it.notes { dt { "Note, " (self.when(note.at)) } dd dir="auto" { (note.text) } }
                @for merged in &it.merged {
                    dt { "Also known as" } dd dir="auto" { (merged.name) " (until " (self.when(merged.at)) ")" }
                }
            }
        }
    }

    fn promise(&self, it: &Commitment) -> Markup {
        let due = |due: kept_core::day::Due| due.words(self.now.today);
        html! {
            section {
                h3 dir="auto" { (it.title()) }
                dl {
                    dt { "Promised" } dd { (self.when(it.placed_at)) }
                    @if let Some(first) = it.promised_first() { dt { "For" } dd { (due(first)) } }
                    @if let Some(event) = &it.awaits { dt { "Waits for" } dd dir="auto" { (event.what) } }
                    dt { "Standing" } dd { (outcome_words(outcome(it, &self.settings.calendar, &self.now))) }
                    @for part in &it.deliverables {
                        dt { "Part" } dd dir="auto" { (part.quantity) " " (part.what) }
                    }
                    @if let Some(words) = &it.words { dt { "Said" } dd dir="auto" { (words.said) } }
                    @if let Some(total) = it.payment.total { dt { "Price" } dd { (total) } }
                    @if let Some(received) = it.payment.received { dt { "Received" } dd { (received) } }
                    @for paid in &it.payment.evidence {
                        dt { "Payment" } dd { (paid.amount) ", " (paid.by) " " (paid.id) ", " (self.when(paid.at)) }
                    }
                    dt { "From" } dd dir="auto" { (crate::rows::source_words(&it.source)) }
                }
                (self.happened(it))
            }
        }
    }

    fn happened(&self, it: &Commitment) -> Markup {
        let due = |due: kept_core::day::Due| due.words(self.now.today);
        html! {
            ul {
                @for moved in &it.reschedules {
                    li dir="auto" {
                        (self.when(moved.said_at)) ": moved to " (due(moved.to))
                        @if moved.by == Party::Customer { ", as you asked" } @else { ", as we asked" }
                        @for words in moved.why.iter().chain(&moved.note) { " – " (words) }
                    }
                }
                @for handover in &it.handovers {
                    li dir="auto" {
                        (self.when(handover.at)) ": handed over " (handover.quantity)
                        @for words in handover.channel.iter().chain(&handover.tracking).chain(&handover.note).chain(&handover.evidence).chain(&handover.links) { " – " (words) }
                        @for file in &handover.files { " – " (file.name) }
                    }
                }
                @for told in &it.told {
                    li dir="auto" {
                        (self.when(told.at)) ": told " (told.kind.words()) ", " (told.channel.words())
                        @if let Some(words) = &told.words { " – " (words) }
                        @for words in told.answer.iter().filter_map(|answer| answer.words.as_ref()) { " – you answered: " (words) }
                    }
                }
                @if let Some(called_off) = &it.cancelled {
                    li dir="auto" { (self.when(called_off.at)) ": called off" @if let Some(why) = &called_off.why { " – " (why) } }
                }
                @for note in &it.notes { li dir="auto" { (self.when(note.at)) ": note – " (note.text) } }
            }
        }
    }

    fn cared(&self, care: &Care) -> Markup {
        html! {
            section {
                @match care {
                    Care::Feedback(it) => (self.feedback(it)),
                    Care::Recovery(it) => {
                        h3 { "How a miss was made good, " (self.when(it.opened_at)) }
                        @if let Some(words) = &it.words { p dir="auto" { (words) } }
                        ul { @for step in &it.steps { li dir="auto" { (step.repair.words()) } } }
                    }
                    Care::Win(it) => { h3 { "What went right, " (self.when(it.at)) } p dir="auto" { (it.what) } }
                    Care::Cause(it) => { p dir="auto" { (it.draft.symptom) } }
                    Care::Slip(it) => { p dir="auto" { (it.what) } }
                    Care::Idea(it) => { p dir="auto" { (it.what) } }
                }
            }
        }
    }

    fn feedback(&self, it: &Feedback) -> Markup {
        html! {
            h3 { (kept_core::words::upper_first(it.kind.word())) ", " (self.when(it.said_at())) }
            p dir="auto" { (it.text) }
            ul {
                @for turn in it.turns.iter().filter(|turn| turn.words.is_some()) {
                    li dir="auto" { (self.when(turn.at)) ": " @if let Some(words) = &turn.words { (words) } }
                }
            }
        }
    }

    /// `22 November 2026, 09:41`, by the clocks of the business.
    fn when(&self, at: Stamp) -> String {
        let zone: Zone = self.settings.calendar.zone;
        let (day, time) = zone.wall(at);
        format!("{}, {time}", day.date().format("%-d %B %Y"))
    }
}

/// A page that can be read and printed anywhere.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1c1b19;\
background:#fff;overflow-wrap:anywhere}h1{font-size:1.6rem}h2{margin-top:2rem;border-bottom:1px solid #ccc;font-size:1.2rem}\
h3{margin-bottom:.2rem;font-size:1rem}dl{display:grid;grid-template-columns:8rem 1fr;gap:.1rem 1rem;margin:.4rem 0}\
dt{color:#666}dd{margin:0;white-space:pre-line}section{break-inside:avoid;margin-bottom:1rem}ul{margin:.3rem 0;padding-left:1.2rem}";

fn files_of(promises: &[Known<Commitment>]) -> Vec<(String, String)> {
    let (mut seen, mut names, mut files) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let handovers = promises.iter().flat_map(|known| &known.it.handovers);
    for file in handovers.flat_map(|handover| &handover.files) {
        if seen.insert(file.hash.clone()) {
            // The owner's name for it, without what leads elsewhere; two of the same name are told apart by their contents.
            let plain: String = file
                .name
                .chars()
                .map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c })
                .collect();
            let plain = plain.trim_start_matches('.').to_owned();
            let short = file.hash.get(..8).unwrap_or_default();
            let name = if names.insert(plain.clone()) { plain } else { format!("{short} {plain}") };
            files.push((file.hash.clone(), name));
        }
    }
    files
}

fn care_of(cares: &care::Cares, id: CustomerId, promises: &[CommitmentId]) -> Vec<Care> {
    let about = |promise: Option<CommitmentId>| promise.is_some_and(|promise| promises.contains(&promise));
    let feedback =
        cares.feedback.values().filter(|known| known.it.customer == Some(id) || about(known.it.promise));
    let recoveries = cares.recoveries.values().filter(|known| about(Some(known.it.promise)));
    let wins = cares.wins.values().filter(|known| known.it.customer == Some(id) || about(known.it.promise));
    let feedback = feedback.map(|known| Care::Feedback(known.it.clone()));
    let recoveries = recoveries.map(|known| Care::Recovery(known.it.clone()));
    feedback.chain(recoveries).chain(wins.map(|known| Care::Win(known.it.clone()))).collect()
}

fn way(contact: &Contact) -> &'static str {
    match contact {
        Contact::Email { .. } => "E-mail",
        Contact::Phone { .. } => "Telephone",
        Contact::Other { .. } => "Otherwise",
    }
}

fn repeats(it: &Series) -> String {
    let parts: Vec<String> = it.parts.iter().map(|part| format!("{} {}", part.quantity, part.what)).collect();
    format!("{}, {}", parts.join(", "), kept_core::repeat::words(&it.rule))
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Open => "still owed",
        Outcome::Kept => "kept",
        Outcome::Missed => "missed",
        Outcome::Excluded => "called off in time",
    }
}
