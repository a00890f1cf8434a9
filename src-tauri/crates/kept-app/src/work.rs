//! What the owner does with a promise. Each request reads, lets the core decide, writes one commit, and tells.

use crate::Kept;
use crate::attachments::check_files;
use crate::failure::{Code, Failure};
use crate::records::Changes;
use crate::takes::plan::AwaitEvent;
use crate::takes::{
    AddNote, Cancel, CorrectParts, HandOver, MoveDate, OnPromise, SetPayment, SetStage, WaitFor,
};
use kept_core::commitment::{Commitment, Note, Party, Reschedule, Stage};
use kept_core::day::Now;
use kept_core::draft::NOTE_MOST;
use kept_core::evidence::Evidence;
use kept_core::fulfil::{self, Deed, HandedOver};
use kept_core::guards::Meant;
use kept_core::id::{CommitmentId, DeliverableId};
use kept_core::money::Money;
use kept_core::moving;
use kept_core::problem::Problem;
use kept_core::settings::Settings;
use kept_core::views::Done;
use uuid::Uuid;

/// Work on a promise has begun.
pub(crate) async fn start_work(kept: &Kept, takes: OnPromise) -> Result<Done, Failure> {
    change(kept, takes.promise, takes.version, fulfil::start_work, |said| format!("Started {}", said.all()))
        .await
}

/// A part is open, in progress or ready.
pub(crate) async fn set_stage(kept: &Kept, takes: SetStage) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, now: &Now| fulfil::set_stage(it, takes.part, takes.stage, now);
    change(kept, takes.promise, takes.version, deed, |said| {
        let part = said.before.deliverables.iter().find(|part| Some(part.id) == takes.part);
        let what = part.map_or_else(|| said.title(), |part| part.what.clone());
        match takes.stage {
            Stage::Open => format!("{what} for {} is open again", said.customer),
            Stage::InProgress => format!("Started {what} for {}", said.customer),
            Stage::Ready => format!("{what} for {} is ready", said.customer),
        }
    })
    .await
}

/// All or some of a promise was handed over.
pub(crate) async fn hand_over(kept: &Kept, takes: HandOver) -> Result<Done, Failure> {
    check_files(kept, &takes.files)?;
    let calendar = kept.settings().calendar;
    let links = takes.links.iter().map(|link| link.trim().to_owned()).filter(|link| !link.is_empty());
    let what = HandedOver {
        parts: takes.parts.iter().map(|part| (part.part, part.quantity)).collect(),
        channel: trimmed(takes.channel),
        evidence: Evidence {
            tracking: trimmed(takes.tracking),
            links: links.collect(),
            note: trimmed(takes.note).or(trimmed(takes.evidence)),
            files: takes.files,
        },
        meant: Meant {
            more: takes.more_is_meant,
            duplicate: takes.duplicate_is_meant,
            late_help: takes.late_help_is_meant,
            checklist: takes.checklist_is_meant,
        },
    };
    change(
        kept,
        takes.promise,
        takes.version,
        |it, now| fulfil::hand_over(it, &what, &calendar, now),
        |said| format!("Handed over {} to {}", said.handed_over(), said.customer),
    )
    .await
}

/// The date moves.
pub(crate) async fn move_date(kept: &Kept, takes: MoveDate) -> Result<Done, Failure> {
    let settings = kept.settings();
    let (why, note) = (trimmed(takes.why), trimmed(takes.note));
    let deed = |it: &mut Commitment, now: &Now| {
        let plain = fulfil::reschedule(it, takes.to, takes.by, now);
        let told_at = takes.told_at.or(plain.told_at);
        let moved = Reschedule { told_at, agreed: takes.agreed, why, note, ..plain };
        fulfil::move_date(it, moved, takes.past_is_meant, &settings, now)
    };
    change(kept, takes.promise, takes.version, deed, |said| {
        let (what, to) = (said.all(), takes.to.words(said.now.today));
        match (said.before.current_due(), takes.by) {
            (None, _) => format!("Gave {what} a date: {to}"),
            (Some(_), Party::Customer) => format!("Moved {what} to {to} (they asked)"),
            (Some(_), Party::Us) => format!("Moved {what} to {to} (we asked)"),
        }
    })
    .await
}

/// What waits for an event waits for another one, or is looked at again on another day.
pub(crate) async fn await_event(kept: &Kept, takes: AwaitEvent) -> Result<Done, Failure> {
    let event = takes.event;
    let review_by = event.review_by;
    let deed = |it: &mut Commitment, now: &Now| moving::await_event(it, &event, now);
    change(kept, takes.promise, takes.version, deed, |said| {
        format!("{} is looked at again by {}", said.all(), review_by.words(said.now.today))
    })
    .await
}

/// A date that was derived from a lead time is the one that was promised.
pub(crate) async fn confirm_date(kept: &Kept, takes: OnPromise) -> Result<Done, Failure> {
    change(
        kept,
        takes.promise,
        takes.version,
        |it, _| fulfil::confirm_date(it),
        |said| {
            let due = said.before.current_due().map_or_else(String::new, |due| due.words(said.now.today));
            format!("Confirmed {due} for {}", said.all())
        },
    )
    .await
}

/// The customer was told of the last move.
pub(crate) async fn customer_told(kept: &Kept, takes: OnPromise) -> Result<Done, Failure> {
    change(kept, takes.promise, takes.version, fulfil::customer_told, |said| {
        if said.after.is_warned() && !said.before.is_warned() {
            return format!("Told {} that the date of {} may not hold", said.customer, said.title());
        }
        format!("Told {} of the new date of {}", said.customer, said.title())
    })
    .await
}

/// A promise is called off.
pub(crate) async fn cancel(kept: &Kept, takes: Cancel) -> Result<Done, Failure> {
    let why = trimmed(takes.why);
    let deed = |it: &mut Commitment, now: &Now| fulfil::cancel(it, takes.by, why.clone(), now.stamp);
    change(kept, takes.promise, takes.version, deed, |said| {
        let by = crate::promise::party_words(takes.by);
        format!("{} was called off by {by}", said.all())
    })
    .await
}

/// A note is added to a promise.
pub(crate) async fn add_note(kept: &Kept, takes: AddNote) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, now: &Now| {
        let text = takes.text.trim();
        if text.is_empty() {
            return Err(vec![Problem::new("text", "Write something first.")]);
        }
        if text.chars().count() > NOTE_MOST {
            return Err(vec![Problem::new("text", format!("A note is at most {NOTE_MOST} letters long."))]);
        }
        it.notes.push(Note { at: now.stamp, text: text.to_owned() });
        Ok(())
    };
    change(kept, takes.promise, None, deed, |said| format!("Added a note to {}", said.all())).await
}

/// What a promise costs and what was received.
pub(crate) async fn set_payment(kept: &Kept, takes: SetPayment) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, now: &Now| {
        for (field, money) in [("total", takes.total), ("received", takes.received)] {
            if money.is_some_and(|money| !(0..=Money::MOST).contains(&money.minor)) {
                return Err(vec![Problem::new(
                    field,
                    "This is not an amount that Kept takes for one promise.",
                )]);
            }
        }
        let payment = &mut it.payment;
        payment.total = takes.total;
        payment.received = takes.received;
        payment.on_account = takes.on_account;
        payment.refunded = takes.refunded;
        let received = takes.received.is_some_and(|money| money.minor > 0);
        payment.received_at = if received { payment.received_at.or(Some(now.stamp)) } else { None };
        Ok(())
    };
    change(kept, takes.promise, takes.version, deed, |said| format!("Noted the payment for {}", said.all()))
        .await
}

/// The parts of a promise are corrected.
pub(crate) async fn correct_parts(kept: &Kept, takes: CorrectParts) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, _: &Now| {
        fulfil::correct_parts(it, takes.parts.clone(), || DeliverableId::new(Uuid::now_v7()))
    };
    change(kept, takes.promise, takes.version, deed, |said| format!("Corrected the parts of {}", said.all()))
        .await
}

/// A promise waits for the customer or a supplier, or no longer.
pub(crate) async fn wait_for(kept: &Kept, takes: WaitFor) -> Result<Done, Failure> {
    let Settings { calendar, chase_days, .. } = kept.settings();
    let deed = |it: &mut Commitment, now: &Now| {
        let chase = takes.chase.unwrap_or_else(|| calendar.working_day(now.today, i64::from(chase_days)));
        fulfil::wait_for(it, takes.on, chase, now)
    };
    change(kept, takes.promise, takes.version, deed, |said| match takes.on {
        Some(_) => format!("{} waits", said.all()),
        None => format!("{} waits no longer", said.all()),
    })
    .await
}

/// What a change is put into words with.
pub(crate) struct Said<'a> {
    /// The promise as it was.
    pub before: &'a Commitment,
    /// The promise as it is now.
    pub after: &'a Commitment,
    /// The customer's name.
    pub customer: String,
    /// The moment.
    pub now: Now,
}

impl Said<'_> {
    /// `12 cupcakes`.
    pub(crate) fn title(&self) -> String {
        self.before.title()
    }

    /// `12 cupcakes for Maria Silva`.
    pub(crate) fn all(&self) -> String {
        format!("{} for {}", self.title(), self.customer)
    }

    /// What the newest handovers gave away.
    fn handed_over(&self) -> String {
        let new = &self.after.handovers[self.before.handovers.len()..];
        let parts = new.iter().map(|handover| {
            let part = self.after.deliverables.iter().find(|part| part.id == handover.deliverable);
            match (handover.quantity, part.map_or("", |part| part.what.as_str())) {
                (1, what) => what.to_owned(),
                (many, what) => format!("{many} {what}"),
            }
        });
        let parts: Vec<String> = parts.collect();
        match parts.as_slice() {
            [one] => one.clone(),
            [one, rest @ ..] => format!("{one} and {} more", rest.len()),
            [] => self.title(),
        }
    }
}

/// Reads a promise, lets a deed change it, and writes it.
pub(crate) async fn change(
    kept: &Kept,
    id: CommitmentId,
    version: Option<u64>,
    deed: impl FnOnce(&mut Commitment, &Now) -> Deed,
    words: impl FnOnce(&Said<'_>) -> String,
) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = kept.commitment(id).await?;
    if version.is_some_and(|version| version != before.last) {
        return Err(Failure::new(
            Code::Conflict,
            "This was changed in the meantime. Look at it again, then repeat what you wanted.",
        ));
    }
    let customer = kept.customer(before.it.customer).await?.it.name.clone();
    let mut after = before.it.clone();
    deed(&mut after, &now).map_err(Failure::invalid)?;
    if after == before.it {
        return Ok(Done { change: 0, said: "Nothing to change".to_owned(), promise: Some(id) });
    }
    let said = words(&Said { before: &before.it, after: &after, customer, now });
    let mut changes = Changes::new(said.clone(), id);
    changes.commitment(Some(&before), after);
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: Some(id) })
}

/// A text without blanks around it; none if nothing is left.
pub(crate) fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
