//! Commitments: what one customer was promised at one occasion. On the screen: a promise.

use crate::block::TimeBlock;
use crate::blocker::Blocker;
use crate::day::{Day, Due, Now, Stamp};
use crate::id::{CommitmentId, CustomerId, DeliverableId, ImportId, OfferId};
use crate::import::Seen;
use crate::reminder::Reminder;
use crate::series::Occurrence;
use crate::slip_mark::SlipMark;
use crate::step::{Check, Input, Step};
use crate::tell::Told;
use crate::words::upper_first;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

pub use crate::evidence::Handover;
pub use crate::payment::{Payment, PaymentState};

/// What one customer was promised at one occasion: an order, a call back, a repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about a promise, not a state")]
pub struct Commitment {
    /// Its record's id.
    pub id: CommitmentId,
    /// To whom it was promised.
    pub customer: CustomerId,
    /// When it was promised or the order was placed.
    pub placed_at: Stamp,
    /// The parts of it; at least one.
    pub deliverables: Vec<Deliverable>,
    /// What the customer asked for, where that differs from what was promised.
    #[serde(default, skip_serializing_if = "is_default")]
    pub requested: Option<Due>,
    /// The first date that we said yes to. Never altered afterwards.
    #[serde(default, skip_serializing_if = "is_default")]
    pub first_due: Option<Due>,
    /// The date was derived from a lead time and not yet confirmed by the owner.
    #[serde(default, skip_serializing_if = "is_default")]
    pub date_derived: bool,
    /// What it waits for when it has no date yet.
    #[serde(default, skip_serializing_if = "is_default")]
    pub awaits: Option<Event>,
    /// Moves of the date, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reschedules: Vec<Reschedule>,
    /// Deliveries, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub handovers: Vec<Handover>,
    /// Before its date is too early.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_the_day: bool,
    /// After this it helps nobody any more.
    #[serde(default, skip_serializing_if = "is_default")]
    pub worthless_after: Option<Due>,
    /// Work on it began at.
    #[serde(default, skip_serializing_if = "is_default")]
    pub started_at: Option<Stamp>,
    /// Work on it was last recorded at.
    #[serde(default, skip_serializing_if = "is_default")]
    pub worked_at: Option<Stamp>,
    /// Nothing can be done on it until somebody else acts.
    #[serde(default, skip_serializing_if = "is_default")]
    pub waiting: Option<Waiting>,
    /// What stands in its way: a supplier, an obstacle, another promise.
    #[serde(default, skip_serializing_if = "is_default")]
    pub blocked_by: Vec<Blocker>,
    /// The steps of the work, in their order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub steps: Vec<Step>,
    /// What is looked at before it is handed over.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checklist: Vec<Check>,
    /// What is needed from the customer before the work can be done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inputs: Vec<Input>,
    /// Hours set aside for it, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub blocks: Vec<TimeBlock>,
    /// The owner's own reminders, in the order in which they were set.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reminders: Vec<Reminder>,
    /// The customer was told that a date may not hold.
    #[serde(default, skip_serializing_if = "is_default")]
    pub warned: Option<Warned>,
    /// What it costs and what was received.
    #[serde(default, skip_serializing_if = "is_default")]
    pub payment: Payment,
    /// It was called off.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cancelled: Option<Cancelled>,
    /// The words that were said, kept verbatim.
    #[serde(default, skip_serializing_if = "is_default")]
    pub words: Option<Words>,
    /// Notes of the owner and the customer, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: Vec<Note>,
    /// Where it came from.
    pub source: Source,
    /// A customer who was let down before: nobody is let down twice.
    #[serde(default, skip_serializing_if = "is_default")]
    pub second_chance: bool,
    /// The promise that repeats which this is one occurrence of.
    #[serde(default, skip_serializing_if = "is_default")]
    pub series: Option<Occurrence>,
    /// What the customer was told, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub told: Vec<Told>,
    /// The missed promise that this one is a gift for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub makes_good: Option<CommitmentId>,
    /// Slips inside the shop that touch it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub slips: Vec<SlipMark>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// One part of a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Deliverable {
    /// Its id within Kept.
    pub id: DeliverableId,
    /// What it is, without the quantity.
    pub what: String,
    /// How many; at least one.
    pub quantity: u32,
    /// Minutes of work left; none if nobody has estimated them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub effort_left: Option<u32>,
    /// How far the work has come.
    #[serde(default, skip_serializing_if = "is_default")]
    pub stage: Stage,
    /// Its own date, where that differs from the commitment's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub due: Option<Due>,
    /// The line of the source that it came from, so that the same line is the same part.
    #[serde(default, skip_serializing_if = "is_default")]
    pub line: Option<String>,
    /// What of the menu it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub offer: Option<OfferId>,
}

/// How far the work on a part has come; whether it was delivered is told by the handovers alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Stage {
    /// Nothing was done yet.
    #[default]
    Open,
    /// Work has begun.
    InProgress,
    /// Finished, and only to be handed over.
    Ready,
}

/// An event that a promise without a date waits for, and the day by which one looks again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Event {
    /// In the owner's words: “when the book is out”.
    pub what: String,
    /// No open promise is without a date to look at it again.
    pub review_by: Day,
}

/// A move of the date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reschedule {
    /// The date that held before; none if it waited for an event.
    pub from: Option<Due>,
    /// The date that holds now.
    pub to: Due,
    /// Who asked for it.
    pub by: Party,
    /// When the move was decided.
    pub said_at: Stamp,
    /// When the customer was told; none if they were not told yet. Of a move that the customer asked for: when they asked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub told_at: Option<Stamp>,
    /// Whether the customer agreed; none if they did not answer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub agreed: Option<bool>,
    /// Why, in the owner's words.
    #[serde(default, skip_serializing_if = "is_default")]
    pub why: Option<String>,
    /// What was written to the customer about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub note: Option<String>,
}

/// The customer was told that a date may not hold. Another date is another matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Warned {
    /// The date.
    pub of: Due,
    /// When they were told.
    pub at: Stamp,
}

/// One of the two sides of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Party {
    /// The customer.
    Customer,
    /// The business.
    Us,
}

/// Nothing can be done until somebody else acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Waiting {
    /// For whom.
    pub on: WaitingOn,
    /// Since when.
    pub since: Stamp,
    /// The day on which to chase them.
    pub chase: Day,
}

/// Whom a promise waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WaitingOn {
    /// The customer owes an answer.
    Customer,
    /// A supplier owes a part.
    Supplier,
}

/// It was called off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Cancelled {
    /// By whom.
    pub by: Party,
    /// When.
    pub at: Stamp,
    /// Why, in the owner's words.
    #[serde(default)]
    pub why: Option<String>,
}

/// The words that were said to the customer, kept verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Words {
    /// What was said.
    pub said: String,
    /// How: by phone, at the counter, in the order.
    #[serde(default)]
    pub how: Option<String>,
    /// By whom.
    #[serde(default)]
    pub by: Option<String>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Note {
    /// When it was written.
    pub at: Stamp,
    /// What it says. Plain text, never markup.
    pub text: String,
}

/// Where a commitment came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Source {
    /// Typed in by the owner, with the phrase as it was typed if it came from the quick-add bar.
    Typed {
        /// The phrase, verbatim.
        #[serde(default)]
        phrase: Option<String>,
    },
    /// Read from a shop's export.
    Shop {
        /// The shop system: `shopify`.
        shop: String,
        /// The order as that shop names it: `#1001`.
        order: String,
        /// The run of the import that brought it.
        import: ImportId,
        /// What the shop last said about it, so that the next import can tell the shop's changes from the owner's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(skip)]
        seen: Option<Box<Seen>>,
    },
}

/// How far a commitment has come, as one word on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FulfilmentStatus {
    /// Nothing was done yet.
    Open,
    /// Work has begun.
    InProgress,
    /// It waits for the customer or a supplier.
    Waiting,
    /// All that is left is to hand it over.
    Ready,
    /// Some of it was handed over.
    PartlyDelivered,
    /// All of it was handed over.
    Delivered,
    /// It was called off.
    Cancelled,
}

/// Whether a field says nothing: such are left out of what is written, and read as what they were.
pub(crate) fn is_default<T: Default + PartialEq>(field: &T) -> bool {
    *field == T::default()
}

impl Commitment {
    /// The date that stands now: the last move's, else the first promised one; none while it waits for an event.
    pub fn current_due(&self) -> Option<Due> {
        self.reschedules.last().map(|moved| moved.to).or(self.first_due)
    }

    /// The first date that it was promised for: what waited for an event was promised for the one that the event gave it.
    pub fn promised_first(&self) -> Option<Due> {
        self.first_due.or_else(|| self.reschedules.first().map(|moved| moved.to))
    }

    /// The date that it is judged by: the first promised one, replaced by each move that the *customer* asked for and
    /// never by one of ours.
    pub fn basis(&self) -> Option<Due> {
        self.reschedules
            .iter()
            .rev()
            .find(|moved| moved.by == Party::Customer)
            .map(|moved| moved.to)
            .or_else(|| self.promised_first())
    }

    /// How many of a part were handed over.
    pub fn handed_over(&self, part: DeliverableId) -> u32 {
        self.handovers
            .iter()
            .filter(|handover| handover.deliverable == part)
            .fold(0, |sum: u32, handover| sum.saturating_add(handover.quantity))
    }

    /// How many of a part are still to be handed over.
    pub fn left_of(&self, part: &Deliverable) -> u32 {
        part.quantity.saturating_sub(self.handed_over(part.id))
    }

    /// Whether every part was handed over in full.
    pub fn is_full(&self) -> bool {
        self.deliverables.iter().all(|part| self.left_of(part) == 0)
    }

    /// Takes down that something was done for it at this moment.
    pub(crate) fn worked_on(&mut self, now: &Now) {
        self.started_at = self.started_at.or(Some(now.stamp));
        self.worked_at = Some(now.stamp);
        self.waiting = None;
    }

    /// The first instant at which a part was handed over in full.
    pub fn part_full_at(&self, part: &Deliverable) -> Option<Stamp> {
        let mut by_time: BTreeMap<Stamp, u32> = BTreeMap::new();
        for handover in self.handovers.iter().filter(|handover| handover.deliverable == part.id) {
            let sum = by_time.entry(handover.at).or_default();
            *sum = sum.saturating_add(handover.quantity);
        }
        let mut sum: u32 = 0;
        by_time.into_iter().find_map(|(at, quantity)| {
            sum = sum.saturating_add(quantity);
            (sum >= part.quantity).then_some(at)
        })
    }

    /// The first instant at which every part was handed over in full.
    pub fn full_at(&self) -> Option<Stamp> {
        let parts: Option<Vec<Stamp>> =
            self.deliverables.iter().map(|part| self.part_full_at(part)).collect();
        parts.and_then(|instants| instants.into_iter().max())
    }

    /// Whether something is still owed: neither full nor called off.
    pub fn is_open(&self) -> bool {
        self.cancelled.is_none() && !self.is_full()
    }

    /// Whether the customer knows that the date that stands may not hold.
    pub fn is_warned(&self) -> bool {
        self.warned.is_some_and(|warned| Some(warned.of) == self.current_due())
    }

    /// How far it has come, as one word.
    pub fn status(&self) -> FulfilmentStatus {
        let open_parts = || self.deliverables.iter().filter(|part| self.left_of(part) > 0);
        if self.cancelled.is_some() {
            FulfilmentStatus::Cancelled
        } else if self.is_full() {
            FulfilmentStatus::Delivered
        } else if self.waiting.is_some() {
            FulfilmentStatus::Waiting
        } else if !self.handovers.is_empty() {
            FulfilmentStatus::PartlyDelivered
        } else if open_parts().all(|part| part.stage == Stage::Ready) {
            FulfilmentStatus::Ready
        } else if self.started_at.is_some() || open_parts().any(|part| part.stage != Stage::Open) {
            FulfilmentStatus::InProgress
        } else {
            FulfilmentStatus::Open
        }
    }

    /// What was promised, in a few words: `12 cupcakes`, `Three-tier cake and 2 more`.
    pub fn title(&self) -> String {
        let Some(first) = self.deliverables.first() else { return "Promise".to_owned() };
        let name = if first.quantity == 1 {
            upper_first(&first.what)
        } else {
            format!("{} {}", first.quantity, first.what)
        };
        match self.deliverables.len() {
            1 => name,
            parts => format!("{name} and {} more", parts - 1),
        }
    }
}

impl Reschedule {
    /// A move that the customer was not told of, and why nobody has said.
    pub const fn new(from: Option<Due>, to: Due, by: Party, said_at: Stamp) -> Self {
        Self { from, to, by, said_at, told_at: None, agreed: None, why: None, note: None }
    }
}
