//! Drafts: what the owner or an import proposes, before it becomes a promise.

use crate::commitment::{Commitment, Deliverable, Event, Payment, Source, Stage, Words};
use crate::day::{Day, Due, Now, Stamp};
use crate::id::{CommitmentId, CustomerId, DeliverableId};
use crate::money::Money;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A promise as it was typed: nothing is saved before the owner has seen it read back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, optional_fields = nullable)]
pub struct PromiseDraft {
    /// The customer that is meant, if Kept knows them.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The customer's name, for one that Kept does not know yet.
    #[serde(default)]
    pub customer_name: String,
    /// The parts; at least one.
    pub parts: Vec<PartDraft>,
    /// The date that is promised.
    #[serde(default)]
    pub due: Option<Due>,
    /// Instead of a date: what it waits for.
    #[serde(default)]
    pub awaits: Option<Event>,
    /// The price.
    #[serde(default)]
    pub total: Option<Money>,
    /// What was received of it.
    #[serde(default)]
    pub received: Option<Money>,
    /// Billed later, by agreement.
    #[serde(default)]
    pub on_account: bool,
    /// The words that were said.
    #[serde(default)]
    pub words: Option<Words>,
    /// The phrase of the quick-add bar, verbatim.
    #[serde(default)]
    pub phrase: Option<String>,
    /// The owner has seen that the date lies in the past and means it.
    #[serde(default)]
    pub past_is_meant: bool,
}

/// A part as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, optional_fields = nullable)]
pub struct PartDraft {
    /// The part that is corrected; none for a new one.
    #[serde(default)]
    pub id: Option<DeliverableId>,
    /// What it is, without the quantity.
    pub what: String,
    /// How many.
    pub quantity: u32,
    /// Minutes of work left, if estimated.
    #[serde(default)]
    pub effort_left: Option<u32>,
}

/// The longest text of a title or a name, in characters.
pub const NAME_MOST: usize = 300;
/// The longest note, in characters.
pub const NOTE_MOST: usize = 100_000;
/// The largest quantity of one part.
pub const QUANTITY_MOST: u32 = 1_000_000;
/// The most minutes of work that a part may need: 10,000 hours are refused as a typing error.
pub const EFFORT_MOST: u32 = 5_000 * 60;

impl PromiseDraft {
    /// What is wrong with this draft, all at once.
    pub fn problems(&self, now: &Now, deadline: Option<Stamp>) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.customer.is_none() && self.customer_name.trim().is_empty() {
            problems.push(Problem::new("customer_name", "Say to whom it is promised."));
        }
        check_name(&mut problems, "customer_name", &self.customer_name);
        problems.extend(part_problems(&self.parts));
        match (&self.due, &self.awaits) {
            (None, None) => problems.push(Problem::new("due", "Say by when, or what it waits for.")),
            (Some(_), Some(_)) => {
                problems.push(Problem::new("due", "It has a date or waits for an event, not both."));
            }
            (None, Some(event)) if event.what.trim().is_empty() => {
                problems.push(Problem::new("awaits.what", "Say what it waits for."));
            }
            _ => {}
        }
        if deadline.is_some_and(|deadline| deadline <= now.stamp) && !self.past_is_meant {
            problems
                .push(Problem::new("due", "This date has already passed. Choose another, or confirm it."));
        }
        for (field, money) in [("total", self.total), ("received", self.received)] {
            if money.is_some_and(|money| money.minor < 0) {
                problems.push(Problem::new(field, "An amount cannot be negative."));
            }
            if money.is_some_and(|money| money.minor > Money::MOST) {
                problems.push(Problem::new(field, "This is more than Kept takes for one promise."));
            }
        }
        problems
    }

    /// The promise that this draft makes: `make_part` gives an id to each part.
    pub fn into_commitment(
        self,
        id: CommitmentId,
        customer: CustomerId,
        now: &Now,
        mut make_part: impl FnMut() -> DeliverableId,
    ) -> Commitment {
        Commitment {
            id,
            customer,
            placed_at: now.stamp,
            deliverables: self
                .parts
                .into_iter()
                .map(|part| Deliverable {
                    id: make_part(),
                    what: part.what.trim().to_owned(),
                    quantity: part.quantity,
                    effort_left: part.effort_left,
                    stage: Stage::Open,
                    due: None,
                    line: None,
                })
                .collect(),
            requested: None,
            first_due: self.due,
            date_derived: false,
            awaits: self.awaits,
            reschedules: Vec::new(),
            handovers: Vec::new(),
            on_the_day: false,
            worthless_after: None,
            started_at: None,
            worked_at: None,
            waiting: None,
            payment: Payment {
                total: self.total,
                received: self.received,
                received_at: self.received.filter(|money| money.minor > 0).map(|_| now.stamp),
                on_account: self.on_account,
                refunded: false,
            },
            cancelled: None,
            words: self.words,
            notes: Vec::new(),
            source: Source::Typed { phrase: self.phrase },
            second_chance: false,
            made_up: false,
        }
    }
}

/// What is wrong with a list of parts.
pub fn part_problems(parts: &[PartDraft]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if parts.is_empty() {
        problems.push(Problem::new("parts", "Say what was promised."));
    }
    for (index, part) in parts.iter().enumerate() {
        let field = |name| format!("parts.{index}.{name}");
        if part.what.trim().is_empty() {
            problems.push(Problem::new(field("what"), "Say what was promised."));
        }
        check_name(&mut problems, &field("what"), &part.what);
        if part.quantity == 0 || part.quantity > QUANTITY_MOST {
            problems.push(Problem::new(field("quantity"), "A quantity is between 1 and 1,000,000."));
        }
        if part.effort_left.is_some_and(|minutes| minutes > EFFORT_MOST) {
            problems
                .push(Problem::new(field("effort_left"), "More than 5,000 hours of work: check the figure."));
        }
    }
    problems
}

/// Refuses a name that is longer than a screen can show.
pub fn check_name(problems: &mut Vec<Problem>, field: &str, name: &str) {
    if name.chars().count() > NAME_MOST {
        problems.push(Problem::new(field, format!("This is too long; {NAME_MOST} letters are enough.")));
    }
}

/// The day on which a promise falls due that was placed on `placed` and takes `lead_days` working days.
pub fn derived_due(calendar: &crate::calendar::WorkingCalendar, placed: Stamp, lead_days: u32) -> Due {
    let day: Day = calendar.zone.day(placed);
    Due::on(calendar.working_day(day, i64::from(lead_days)))
}
