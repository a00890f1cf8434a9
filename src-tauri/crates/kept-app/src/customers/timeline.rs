//! Everything that happened with a customer, on one line, the newest first.

use crate::Kept;
use crate::commit::{commitments, rows_of};
use crate::failure::Failure;
use crate::records::{id_at_end, key};
use kept_core::around::Miss;
use kept_core::commitment::{Commitment, Party};
use kept_core::customer::Customer;
use kept_core::day::{Now, Stamp};
use kept_core::id::CommitmentId;
use kept_core::outcome::{Outcome, basis_deadline, outcome};
use kept_core::recovery::Recovery;
use kept_core::settings::Settings;
use kept_core::views::people::{EventKind, EventView};
use kept_core::words::{lower_first, upper_first};
use std::cmp::Reverse;

/// Of a customer with very many promises the newest so many are told.
const PROMISES_MOST: usize = 2_000;

/// What happened with a customer.
pub(super) struct Past {
    /// The newest first.
    pub events: Vec<EventView>,
    /// Why all that they are promised is a second chance, in words.
    pub second_chance: Option<String>,
}

/// What happened with a customer.
pub(super) async fn of(kept: &Kept, it: &Customer, now: &Now) -> Result<Past, Failure> {
    let rows = rows_of(&kept.0.store, &key(b'q', &[it.id.uuid().as_bytes()])).await?;
    let newest = rows.iter().rev().take(PROMISES_MOST);
    let ids: Vec<CommitmentId> =
        newest.filter_map(|row| id_at_end(&row.key)).map(CommitmentId::new).collect();
    let promises = commitments(&kept.0.store, &ids).await?;
    let settings = kept.settings();
    let mut events = of_customer(it);
    events.extend(of_care(kept, it));
    let mut miss: Option<(Stamp, String)> = None;
    for known in promises.into_iter().flatten() {
        // An occurrence that lies ahead has not happened.
        if known.it.placed_at <= now.stamp {
            of_promise(&known.it, &settings, now, &mut events);
            if let Some(recovery) = kept.shop().few.care.recovery_of(known.it.id) {
                of_recovery(&recovery.it, &lower_first(&known.it.title()), &mut events);
            }
        }
        if let Some(words) = let_down(&known.it, &settings, now) {
            miss = miss.max(Some(words));
        }
    }
    events.sort_by_key(|event| Reverse(event.at));
    Ok(Past { events, second_chance: miss.map(|(_, words)| words) })
}

fn of_customer(it: &Customer) -> Vec<EventView> {
    let notes = it.notes.iter().map(|note| event(note.at, EventKind::Note, note.text.clone(), None));
    let merged = it.merged.iter().map(|merged| {
        let what = match merged.promises {
            0 => format!("{} turned out to be the same customer", merged.name),
            1 => format!("{} turned out to be the same customer; 1 promise came along", merged.name),
            many => format!("{} turned out to be the same customer; {many} promises came along", merged.name),
        };
        event(merged.at, EventKind::Merged, what, None)
    });
    notes.chain(merged).collect()
}

/// What they told us, and how misses were made good.
fn of_care(kept: &Kept, it: &Customer) -> Vec<EventView> {
    let shop = kept.shop();
    let theirs = shop.few.care.feedback.values().filter(|known| known.it.customer == Some(it.id));
    let told = theirs.map(|known| {
        let what = format!("{}: {}", upper_first(known.it.kind.word()), known.it.text);
        event(known.it.said_at(), EventKind::Feedback, what, known.it.promise)
    });
    told.collect()
}

fn of_recovery(it: &Recovery, title: &str, events: &mut Vec<EventView>) {
    let mut add = |at, what| events.push(event(at, EventKind::Recovery, what, Some(it.promise)));
    if !it.steps.is_empty() {
        add(it.opened_at, format!("Began to make good {title}"));
    }
    if let Some(closed) = &it.closed {
        let words = closed.words.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
        let what = if it.steps.is_empty() { "is not made good" } else { "was made good" };
        add(closed.at, format!("The miss of {title} {what}{words}"));
    }
}

fn of_promise(it: &Commitment, settings: &Settings, now: &Now, events: &mut Vec<EventView>) {
    let title = it.title();
    let result = outcome(it, &settings.calendar, now);
    let mut add = |at, kind, what| events.push(event(at, kind, what, Some(it.id)));
    let due = it.first_due.map(|due| format!(" for {}", due.words(now.today))).unwrap_or_default();
    add(it.placed_at, EventKind::Promised, format!("Promised {}{due}", lower_first(&title)));
    for moved in &it.reschedules {
        let by = if moved.by == Party::Customer { "they asked" } else { "we asked" };
        let to = moved.to.words(now.today);
        add(moved.said_at, EventKind::Moved, format!("Moved {} to {to} ({by})", lower_first(&title)));
        if let Some(told) =
            moved.told_at.filter(|at| moved.by == Party::Us && !it.told.iter().any(|told| told.at == *at))
        {
            add(told, EventKind::Told, format!("Told of the new date of {}", lower_first(&title)));
        }
    }
    for handover in &it.handovers {
        let part = it.deliverables.iter().find(|part| part.id == handover.deliverable);
        let what = part.map_or(title.as_str(), |part| part.what.as_str());
        let how = handover.channel.as_ref().map(|how| format!(", {how}")).unwrap_or_default();
        let quantity = handover.quantity;
        add(handover.at, EventKind::HandedOver, format!("Handed over {quantity} {what}{how}"));
    }
    if let Some(at) = it.payment.received_at {
        add(at, EventKind::Paid, format!("Money came in for {}", lower_first(&title)));
    }
    if let Some(called_off) = &it.cancelled {
        let by = if called_off.by == Party::Customer { "They called" } else { "We called" };
        add(called_off.at, EventKind::CalledOff, format!("{by} off {}", lower_first(&title)));
    } else if let (Outcome::Missed, Some(deadline)) = (result, basis_deadline(it, &settings.calendar)) {
        add(
            deadline.min(now.stamp),
            EventKind::Missed,
            format!("The date of {} was missed", lower_first(&title)),
        );
    }
    for told in &it.told {
        let what = format!("Told {}, {}: {}", told.kind.words(), told.channel.words(), lower_first(&title));
        add(told.at, EventKind::Told, what);
    }
    for note in &it.notes {
        add(note.at, EventKind::Note, note.text.clone());
    }
    let promised = events.iter_mut().rev();
    let mut promised =
        promised.filter(|event| event.promise == Some(it.id) && event.kind == EventKind::Promised);
    if let Some(promised) = promised.next() {
        promised.outcome = Some(result);
    }
}

/// When and how a customer was let down by a promise, if that still makes a second chance of all others.
fn let_down(it: &Commitment, settings: &Settings, now: &Now) -> Option<(Stamp, String)> {
    let miss = Miss::of(it, settings, now)?;
    let day = settings.calendar.zone.day(miss.at).words(now.today);
    let title = lower_first(&it.title());
    if it.is_open() {
        return Some((miss.at, format!("Let down: {title} was due {day} and is still owed.")));
    }
    miss.is_recent(settings, now).then(|| (miss.at, format!("Let down on {day}: {title}.")))
}

fn event(at: Stamp, kind: EventKind, what: String, promise: Option<CommitmentId>) -> EventView {
    EventView { at, kind, what, promise, outcome: None }
}
