//! Orders to promises: a new one for an order that Kept does not know, a merge for one that it knows.
//!
//! A merge applies what changed in the *shop* since the last import and nothing else (see [`Seen`]). So the same file
//! twice changes nothing; a poorer file blanks nothing; and what the owner did by hand stands: moved dates,
//! handovers, parts, payments, notes. Dates of a promise are never touched by an import, because the first promise is
//! kept for ever.

use super::order::{Fulfilment, LineDraft, OrderDraft, WHOLE_ORDER};
use super::seen::{Seen, SeenPayment};
use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Deliverable, Handover, Note, Payment, Source, Stage};
use crate::day::Stamp;
use crate::draft::{NOTE_MOST, derived_due};
use crate::forget::is_of_nobody;
use crate::id::{CommitmentId, CustomerId, DeliverableId, ImportId};
use std::borrow::Cow;

/// What an import does with an order that Kept knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// A promise that changes, and what changes, in words: `one more part`, `paid`.
    Changed(Box<Commitment>, Vec<String>),
    /// Nothing to do.
    Unchanged,
}

/// What all merges of one import have in common.
#[derive(Clone, Copy, Debug)]
pub struct Merging<'a> {
    /// The run of the import.
    pub import: ImportId,
    /// The working calendar, for dates that are derived.
    pub calendar: &'a WorkingCalendar,
    /// Working days from an order to its date, where it names none.
    pub lead_days: u32,
    /// The moment of the import.
    pub now: Stamp,
}

impl Merging<'_> {
    /// The promise that an order becomes. Its date, where the file names none, lies the lead time after it was paid
    /// (else placed), also for orders that were handed over long ago: a promise without any date could not be judged.
    pub fn promise(
        &self,
        draft: &OrderDraft,
        id: CommitmentId,
        customer: CustomerId,
        mut make_part: impl FnMut() -> DeliverableId,
    ) -> Commitment {
        let due = draft.due.unwrap_or_else(|| derived_due(self.calendar, draft.lead_from(), self.lead_days));
        let mut promise = Commitment {
            id,
            customer,
            placed_at: draft.placed_at,
            deliverables: Vec::with_capacity(draft.lines.len()),
            requested: None,
            first_due: Some(due),
            date_derived: draft.due.is_none(),
            awaits: None,
            reschedules: Vec::new(),
            handovers: Vec::new(),
            on_the_day: false,
            worthless_after: None,
            started_at: None,
            worked_at: None,
            waiting: None,
            blocked_by: Vec::new(),
            reminders: Vec::new(),
            warned: None,
            steps: Vec::new(),
            checklist: Vec::new(),
            inputs: Vec::new(),
            blocks: Vec::new(),
            payment: draft.payment(),
            cancelled: draft.cancelled(),
            words: None,
            notes: notes(draft),
            source: Source::Shop {
                shop: draft.shop.to_owned(),
                order: draft.order.clone(),
                import: self.import,
                seen: Some(Box::new(Seen::of(draft))),
            },
            second_chance: false,
            series: None,
            told: Vec::new(),
            makes_good: None,
            slips: Vec::new(),
            made_up: false,
        };
        for line in &draft.lines {
            add_part(&mut promise, line, make_part());
            if draft.is_done(line) {
                hand_over(&mut promise, line, draft.fulfilled_at.unwrap_or(draft.placed_at));
            }
        }
        promise
    }

    /// What an order changes about the promise that it became.
    pub fn merge(
        &self,
        draft: &OrderDraft,
        known: &Commitment,
        make_part: impl FnMut() -> DeliverableId,
    ) -> Merged {
        // An export that still names them brings nothing of them back.
        if is_of_nobody(&known.source) {
            return Merged::Unchanged;
        }
        let before = match &known.source {
            Source::Shop { seen, .. } => seen.as_deref(),
            Source::Typed { .. } => None,
        };
        let draft = &as_rich_as(draft, before, known);
        let mut after = known.clone();
        let mut what = Vec::new();
        what.extend(name_the_whole(draft, &mut after));
        what.extend(merge_parts(draft, before, &mut after, make_part));
        what.extend(merge_handovers(draft, before, &mut after, self.now));
        what.extend(merge_payment(draft, before, &mut after.payment).map(str::to_owned));
        what.extend(merge_cancelled(draft, before, &mut after));
        what.extend(merge_notes(draft, &mut after));
        if what.is_empty() {
            return Merged::Unchanged;
        }
        if let Source::Shop { seen, .. } = &mut after.source {
            let now = Seen::of(draft);
            *seen = Some(Box::new(match before {
                Some(before) => now.and_before(before),
                None => now,
            }));
        }
        Merged::Changed(Box::new(after), what)
    }
}

/// What a file says, without what another one has said better: lines where it names none, and a price that it only adds
/// up from lines.
fn as_rich_as<'d>(draft: &'d OrderDraft, before: Option<&Seen>, known: &Commitment) -> Cow<'d, OrderDraft> {
    let mut draft = Cow::Borrowed(draft);
    let has_lines =
        known.deliverables.iter().any(|part| part.line.as_deref().is_some_and(|line| line != WHOLE_ORDER));
    if draft.is_without_lines() && has_lines {
        let done = draft.fulfilment == Some(Fulfilment::Done);
        let lines = before.map(|before| before.lines.as_slice()).unwrap_or_default();
        let known = lines.iter().filter(|line| line.line != WHOLE_ORDER).map(|line| LineDraft {
            id: line.line.clone(),
            quantity: line.quantity,
            fulfilment: if line.done || done { Fulfilment::Done } else { Fulfilment::Open },
            price: None,
            ..draft.lines[0].clone()
        });
        let known: Vec<LineDraft> = known.collect();
        draft.to_mut().lines = known;
    }
    if draft.total_is_sum && before.is_some_and(|before| before.payment.total.is_some()) {
        let draft = draft.to_mut();
        draft.total = None;
        draft.financial = None;
    }
    draft
}

/// Names the part that stood for all lines of an order by the first of them, now that a file tells them. What was
/// handed over of it by then was the whole order, and stays.
fn name_the_whole(draft: &OrderDraft, after: &mut Commitment) -> Option<String> {
    let whole = |part: &&mut Deliverable| part.line.as_deref() == Some(WHOLE_ORDER);
    let first = draft.lines.first().filter(|_| !draft.is_without_lines())?;
    let untouched = after.handovers.is_empty() && after.deliverables.len() == 1;
    let part = after.deliverables.iter_mut().find(whole).filter(|_| untouched)?;
    part.line = Some(first.id.clone());
    part.what.clone_from(&first.what);
    part.quantity = first.quantity;
    Some("its parts by name".to_owned())
}

/// Adds the lines that the shop added, and takes over quantities that the shop changed and the owner did not.
fn merge_parts(
    draft: &OrderDraft,
    before: Option<&Seen>,
    after: &mut Commitment,
    mut make_part: impl FnMut() -> DeliverableId,
) -> Vec<String> {
    let (mut added, mut resized) = (0_usize, 0_usize);
    let whole_is_done = after
        .deliverables
        .iter()
        .any(|part| part.line.as_deref() == Some(WHOLE_ORDER) && after.left_of(part) == 0);
    for line in &draft.lines {
        let seen = before.and_then(|before| before.line(&line.id));
        match after.deliverables.iter_mut().find(|part| part.line.as_ref() == Some(&line.id)) {
            Some(part) => {
                let by_shop =
                    seen.is_some_and(|seen| seen.quantity != line.quantity && seen.quantity == part.quantity);
                if by_shop {
                    part.quantity = line.quantity;
                    resized += 1;
                }
            }
            // A line that was there and is no part any more was removed by the owner.
            None if seen.is_some() => {}
            // The whole order was handed over before a file named its lines.
            None if whole_is_done => {}
            None => {
                add_part(after, line, make_part());
                added += 1;
            }
        }
    }
    let added = match added {
        0 => None,
        1 => Some("one more part".to_owned()),
        more => Some(format!("{more} more parts")),
    };
    added.into_iter().chain((resized > 0).then(|| "another quantity".to_owned())).collect()
}

/// Hands over what is still open of the lines that the shop has fulfilled since. The moment is the shop's, and
/// that of the import where the file does not say it.
fn merge_handovers(
    draft: &OrderDraft,
    before: Option<&Seen>,
    after: &mut Commitment,
    now: Stamp,
) -> Option<String> {
    let at = draft.fulfilled_at.unwrap_or(now);
    let mut any = false;
    for line in draft.lines.iter().filter(|line| draft.is_done(line)) {
        let seen = before.and_then(|before| before.line(&line.id));
        let known = seen.is_some_and(|seen| seen.done && seen.quantity == line.quantity);
        any |= !known && hand_over(after, line, at);
    }
    any.then(|| if after.is_full() { "handed over" } else { "partly handed over" }.to_owned())
}

/// Takes over how the payment changed in the shop. Where the owner has entered another payment by hand, only more
/// money and a refund are taken over.
fn merge_payment(draft: &OrderDraft, before: Option<&Seen>, ours: &mut Payment) -> Option<&'static str> {
    let now = draft.payment();
    let says = SeenPayment::of(&now);
    let before = before.map(|before| before.payment);
    let nothing_new = before == Some(says) || says == SeenPayment::default();
    if nothing_new || before.is_some_and(|before| is_older(draft, says, before)) {
        return None;
    }
    let was = ours.clone();
    if before == Some(SeenPayment::of(ours)) {
        ours.total = now.total.or(ours.total);
        ours.received = now.received.or(ours.received);
        ours.on_account = (now.on_account || ours.on_account) && !ours.holds_money();
        ours.refunded = now.refunded;
    } else if now.refunded {
        ours.refunded = true;
    } else if now.received.map(|money| money.minor) > ours.received.map(|money| money.minor) {
        ours.received = now.received;
        ours.total = ours.total.or(now.total);
    }
    if ours.holds_money() {
        ours.received_at = ours.received_at.or(now.received_at);
    }
    if *ours == was {
        None
    } else if ours.state() != was.state() {
        Some(payment_words(ours))
    } else if ours.total != was.total {
        Some("another price")
    } else {
        Some("another payment")
    }
}

/// Whether a file is older than what Kept has seen: money does not become less unless it is given back, and a refund is
/// not taken back.
fn is_older(draft: &OrderDraft, now: SeenPayment, before: SeenPayment) -> bool {
    let gives_back = now.refunded || draft.refunded.is_some_and(|money| money.minor > 0);
    let less = now.received.is_some() && now.received < before.received && !gives_back;
    less || before.refunded && !now.refunded
}

fn payment_words(payment: &Payment) -> &'static str {
    use crate::commitment::PaymentState;
    match payment.state() {
        PaymentState::Paid => "paid",
        PaymentState::Deposit => "a deposit was paid",
        PaymentState::Refunded => "refunded",
        PaymentState::OnAccount => "billed later",
        PaymentState::Unpaid | PaymentState::None => "not paid",
    }
}

/// Calls off what the shop has called off since, if something is still owed. A refund alone calls nothing off here:
/// giving the money back may be a part of making good, and the promise goes on.
fn merge_cancelled(draft: &OrderDraft, before: Option<&Seen>, after: &mut Commitment) -> Option<String> {
    let refund_only = draft.cancelled_at.is_none() && draft.financial == Some(super::Financial::Refunded);
    let known = before.is_some_and(|before| before.cancelled);
    if known || refund_only || !after.is_open() {
        return None;
    }
    after.cancelled = draft.cancelled();
    after.cancelled.as_ref().map(|_| "cancelled".to_owned())
}

/// Adds notes that are not there yet.
fn merge_notes(draft: &OrderDraft, after: &mut Commitment) -> Option<String> {
    let new: Vec<Note> = order_notes(draft)
        .filter(|text| after.notes.iter().all(|note| note.text != *text))
        .map(|text| Note { at: draft.placed_at, text })
        .collect();
    let any = !new.is_empty();
    after.notes.extend(new);
    any.then(|| "a note".to_owned())
}

fn add_part(promise: &mut Commitment, line: &LineDraft, id: DeliverableId) {
    promise.deliverables.push(Deliverable {
        id,
        what: line.what.clone(),
        quantity: line.quantity,
        effort_left: None,
        stage: Stage::Open,
        due: None,
        line: Some(line.id.clone()),
        offer: None,
    });
}

/// Hands over what is open of a line; false if nothing is.
fn hand_over(promise: &mut Commitment, line: &LineDraft, at: Stamp) -> bool {
    let part = promise.deliverables.iter().find(|part| part.line.as_ref() == Some(&line.id));
    let Some((deliverable, quantity)) = part.map(|part| (part.id, promise.left_of(part))) else {
        return false;
    };
    if quantity == 0 {
        return false;
    }
    let evidence = Some("Fulfilled in the shop".to_owned());
    promise.handovers.push(Handover { evidence, ..Handover::new(deliverable, quantity, at) });
    promise.handovers.sort_by_key(|handover| handover.at);
    true
}

/// The notes of a new promise: those of the order, then what the owner may look for and no other field holds.
fn notes(draft: &OrderDraft) -> Vec<Note> {
    let tags = (!draft.tags.is_empty()).then(|| format!("Tags: {}", draft.tags.join(", ")));
    let partly_back = draft.financial != Some(super::Financial::Refunded);
    let refund = draft
        .refunded
        .filter(|refunded| partly_back && refunded.minor > 0)
        .zip(draft.total)
        .map(|(refunded, total)| format!("{refunded} of {total} were refunded."));
    order_notes(draft).chain(refund).chain(tags).map(|text| Note { at: draft.placed_at, text }).collect()
}

/// The notes of an order, whole: one that is longer than a note may be becomes several.
fn order_notes(draft: &OrderDraft) -> impl Iterator<Item = String> {
    draft.notes.iter().flat_map(|note| {
        let mut rest = note.as_str();
        std::iter::from_fn(move || {
            let end = rest.char_indices().nth(NOTE_MOST).map_or(rest.len(), |(end, _)| end);
            let (piece, left) = rest.split_at(end);
            rest = left;
            (!piece.is_empty()).then(|| piece.to_owned())
        })
    })
}

#[cfg(test)]
mod tests;
