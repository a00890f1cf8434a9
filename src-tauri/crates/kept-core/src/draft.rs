//! Drafts: what the owner or an import proposes, before it becomes a promise.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Deliverable, Event, Payment, Source, Stage, Words};
use crate::day::{Day, Due, Now, Stamp};
use crate::id::{CommitmentId, CustomerId, DeliverableId, OfferId, StepId};
use crate::money::Money;
use crate::moving::event_problems;
use crate::problem::Problem;
use crate::step::{Check, Input, LIST_MOST, Step, check_effort};
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
    /// The steps of the work.
    #[serde(default)]
    pub steps: Vec<PlannedStep>,
    /// What is to be looked at before it is handed over.
    #[serde(default)]
    pub checklist: Vec<String>,
    /// What is needed from the customer.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// So many hours after its date it helps nobody any more.
    #[serde(default)]
    pub worthless_hours: Option<u32>,
    /// The owner has seen that the date lies in the past and means it.
    #[serde(default)]
    pub past_is_meant: bool,
}

/// A part as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
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
    /// What of the menu it is.
    #[serde(default)]
    pub offer: Option<OfferId>,
}

/// A step of the work, before there is a promise that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export, optional_fields = nullable)]
pub struct PlannedStep {
    /// What is to be done.
    pub what: String,
    /// The place of the part that it makes, from 0; none if it is work on the whole.
    #[serde(default)]
    pub part: Option<u32>,
    /// Minutes of work, if estimated.
    #[serde(default)]
    pub effort: Option<i32>,
}

/// The longest text of a title or a name, in characters.
pub const NAME_MOST: usize = 300;
/// The longest note, in characters.
pub const NOTE_MOST: usize = 100_000;
/// The most hours after its date at which something helps nobody any more: ten years.
pub const WORTHLESS_MOST: u32 = 10 * 366 * 24;
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
        problems.extend(step_problems(&self.steps, self.parts.len()));
        check_list(&mut problems, "checklist", &self.checklist);
        check_list(&mut problems, "inputs", &self.inputs);
        check_worthless(&mut problems, self.worthless_hours);
        match (&self.due, &self.awaits) {
            (None, None) => problems.push(Problem::new("due", "Say by when, or what it waits for.")),
            (Some(_), Some(_)) => {
                problems.push(Problem::new("due", "It has a date or waits for an event, not both."));
            }
            (None, Some(event)) => problems.extend(event_problems(event, now)),
            (Some(_), None) => {}
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

    /// The moment after which it helps nobody any more, by the clocks that its date is told by.
    pub fn worthless_after(&self, calendar: &WorkingCalendar) -> Option<Due> {
        let (due, hours) = (self.due?, self.worthless_hours?);
        let after = calendar.deadline(&due).plus_minutes(i64::from(hours) * 60);
        let (day, time) = due.zone.unwrap_or(calendar.zone).wall(after);
        Some(Due { zone: due.zone, ..Due::at(day, time) })
    }

    /// The promise that this draft makes: `make_part` gives an id to each part and to each step. What depends on the
    /// calendar is left to whoever has one: [`Self::worthless_after`].
    pub fn into_commitment(
        self,
        id: CommitmentId,
        customer: CustomerId,
        now: &Now,
        mut make_part: impl FnMut() -> DeliverableId,
    ) -> Commitment {
        let parts = self.parts.into_iter().map(|part| Deliverable {
            id: make_part(),
            what: part.what.trim().to_owned(),
            quantity: part.quantity,
            effort_left: part.effort_left,
            stage: Stage::Open,
            due: None,
            line: None,
            offer: part.offer,
        });
        let deliverables: Vec<Deliverable> = parts.collect();
        let steps = self.steps.into_iter().filter(|step| !step.what.trim().is_empty()).map(|step| Step {
            id: StepId::new(make_part().uuid()),
            what: step.what.trim().to_owned(),
            part: step.part.and_then(|index| deliverables.get(index as usize)).map(|part| part.id),
            effort: step.effort.and_then(|minutes| u32::try_from(minutes).ok()),
            done_at: None,
        });
        let steps = steps.collect();
        Commitment {
            id,
            customer,
            placed_at: now.stamp,
            deliverables,
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
            blocked_by: Vec::new(),
            reminders: Vec::new(),
            warned: None,
            steps,
            checklist: tidy(self.checklist).map(|what| Check { what, checked_at: None }).collect(),
            inputs: tidy(self.inputs).map(|what| Input { what, given_at: None }).collect(),
            blocks: Vec::new(),
            payment: Payment {
                total: self.total,
                received: self.received,
                received_at: self.received.filter(|money| money.minor > 0).map(|_| now.stamp),
                on_account: self.on_account,
                refunded: false,
                evidence: Vec::new(),
            },
            cancelled: None,
            words: self.words,
            notes: Vec::new(),
            source: Source::Typed { phrase: self.phrase },
            second_chance: false,
            series: None,
            told: Vec::new(),
            makes_good: None,
            slips: Vec::new(),
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

/// What is wrong with a list of steps for so many parts.
pub fn step_problems(steps: &[PlannedStep], parts: usize) -> Vec<Problem> {
    let mut problems = Vec::new();
    if steps.len() > LIST_MOST {
        problems.push(Problem::new("steps", format!("More than {LIST_MOST} steps: put some together.")));
    }
    for (index, step) in steps.iter().enumerate() {
        let field = |name| format!("steps.{index}.{name}");
        check_name(&mut problems, &field("what"), &step.what);
        check_effort(&mut problems, &field("effort"), step.effort);
        if step.part.is_some_and(|part| part as usize >= parts) {
            problems.push(Problem::new(field("part"), "This part is not there."));
        }
    }
    problems
}

/// Refuses a list that nobody would read to its end.
pub fn check_list(problems: &mut Vec<Problem>, field: &str, lines: &[String]) {
    if lines.len() > LIST_MOST {
        problems.push(Problem::new(field, format!("More than {LIST_MOST} lines: put some together.")));
    }
    for (index, line) in lines.iter().enumerate() {
        check_name(problems, &format!("{field}.{index}"), line);
    }
}

/// Refuses a time after which something helps nobody that no one alive will see.
pub fn check_worthless(problems: &mut Vec<Problem>, hours: Option<u32>) {
    if hours.is_some_and(|hours| hours > WORTHLESS_MOST) {
        problems.push(Problem::new("worthless_hours", "This is more than ten years: check the figure."));
    }
}

/// The lines of a list without blanks around them, and without empty ones.
fn tidy(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
}

/// Refuses a name that is longer than a screen can show.
pub fn check_name(problems: &mut Vec<Problem>, field: &str, name: &str) {
    if name.chars().count() > NAME_MOST {
        problems.push(Problem::new(field, format!("This is too long; {NAME_MOST} letters are enough.")));
    }
}

/// The day on which a promise falls due that was placed on `placed` and takes `lead_days` working days.
pub fn derived_due(calendar: &WorkingCalendar, placed: Stamp, lead_days: u32) -> Due {
    let day: Day = calendar.zone.day(placed);
    Due::on(calendar.working_day(day, i64::from(lead_days)))
}
