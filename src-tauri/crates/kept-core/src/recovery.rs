//! Recoveries: the plan by which a missed promise is made good. It is offered and never forced, each of its steps has a
//! date and an owner, and it is closed when every step is done or struck out with a reason. The miss stays a miss.

use crate::calendar::WorkingCalendar;
use crate::channel::Channel;
use crate::commitment::{Commitment, Event, is_default};
use crate::day::{Day, Due, Now, Stamp};
use crate::draft::{NAME_MOST, NOTE_MOST, PartDraft, PromiseDraft, check_name};
use crate::fulfil::{Deed, refuse};
use crate::id::{CommitmentId, CustomerId, DeliverableId, RecoveryId, StepId};
use crate::money::{Currency, Money};
use crate::outcome::{Outcome, outcome};
use crate::owed::Owed;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// After so many working days one asks the customer whether all is well again.
const CHECK_BACK_DAYS: i64 = 7;
/// No recovery has more steps.
const STEPS_MOST: usize = 50;

/// The plan by which a missed promise is made good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Recovery {
    /// Its record's id.
    pub id: RecoveryId,
    /// The promise that was missed.
    pub promise: CommitmentId,
    /// Whose promise it was.
    #[serde(default, skip_serializing_if = "is_default")]
    pub customer: Option<CustomerId>,
    /// When it was begun.
    pub opened_at: Stamp,
    /// What went wrong, owned up to in the owner's own words.
    #[serde(default, skip_serializing_if = "is_default")]
    pub words: Option<String>,
    /// The steps, in their order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub steps: Vec<RepairStep>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub closed: Option<Closed>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// The end of a recovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Closed {
    /// When.
    pub at: Stamp,
    /// How it ended, or why it was not begun, in words.
    #[serde(default, skip_serializing_if = "is_default")]
    #[ts(optional)]
    pub words: Option<String>,
}

/// One step of a recovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RepairStep {
    /// Its id within Kept.
    pub id: StepId,
    /// What is done.
    pub repair: Repair,
    /// By which day.
    pub by: Day,
    /// Who does it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub owner: String,
    /// When it was done. What is promised and delivered is done when all of it was handed over.
    #[serde(default, skip_serializing_if = "is_default")]
    pub done_at: Option<Stamp>,
    /// It was struck out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub struck: Option<Struck>,
}

/// Why a step was struck out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Struck {
    /// When.
    pub at: Stamp,
    /// Why.
    pub why: String,
}

/// What a step of a recovery does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Repair {
    /// What was promised is delivered all the same.
    Deliver,
    /// We say that we are sorry.
    Apologise {
        /// By which way; each is a step of its own.
        channel: Channel,
    },
    /// Money goes back.
    Refund {
        /// How much.
        amount: Money,
        /// How: to the card, in cash.
        #[serde(default)]
        method: String,
    },
    /// A gift, which is a promise of its own.
    MakeGood {
        /// That promise.
        promise: CommitmentId,
        /// What it is worth.
        #[serde(default)]
        value: Option<Money>,
    },
    /// We ask whether all is well again.
    CheckBack,
    /// Something else.
    Other {
        /// What.
        what: String,
    },
}

/// How a step of a recovery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RepairState {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// Struck out with a reason.
    Struck,
}

/// A step as it was typed. A gift is not among them: it is promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct RepairDraft {
    /// What is done.
    pub repair: Repair,
    /// By which day.
    pub by: Day,
    /// Who does it.
    #[serde(default)]
    pub owner: String,
}

/// A gift as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct GiftDraft {
    /// What it is.
    pub what: String,
    /// The date that is promised for it.
    #[serde(default)]
    pub due: Option<Due>,
    /// Instead of a date: what it waits for, and when to look again.
    #[serde(default)]
    pub awaits: Option<Event>,
    /// What it is worth.
    #[serde(default)]
    pub value: Option<Money>,
    /// Who sees to it.
    #[serde(default)]
    pub owner: String,
}

/// When a promise was handed over in full; none if it is not.
pub trait Promises {
    /// Of one promise.
    fn full_at(&self, promise: CommitmentId) -> Option<Stamp>;
}

impl<F: Fn(CommitmentId) -> Option<Stamp>> Promises for F {
    fn full_at(&self, promise: CommitmentId) -> Option<Stamp> {
        self(promise)
    }
}

impl Repair {
    /// What it does, in words: `Say sorry by letter`.
    pub fn words(&self) -> String {
        match self {
            Self::Deliver => "Deliver it all the same".to_owned(),
            Self::Apologise { channel } => format!("Say sorry {}", channel.words()),
            Self::Refund { method, .. } if method.is_empty() => "Give the money back".to_owned(),
            Self::Refund { method, .. } => format!("Give the money back {method}"),
            Self::MakeGood { .. } => "Make it good".to_owned(),
            Self::CheckBack => "Ask whether all is well again".to_owned(),
            Self::Other { what } => what.clone(),
        }
    }

    /// What it costs, where that was noted.
    pub const fn cost(&self) -> Option<Money> {
        match self {
            Self::Refund { amount, .. } => Some(*amount),
            Self::MakeGood { value, .. } => *value,
            Self::Deliver | Self::Apologise { .. } | Self::CheckBack | Self::Other { .. } => None,
        }
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, is: &str| problems.push(Problem::new(field, is));
        if self.cost().is_some_and(|money| !(0..=Money::MOST).contains(&money.minor)) {
            wrong("repair.amount", "This is not an amount that Kept takes.");
        }
        match self {
            Self::Other { what } if what.trim().is_empty() || what.chars().count() > NAME_MOST => {
                wrong("repair.what", "Say what is to be done.");
            }
            Self::Refund { method, .. } if method.chars().count() > NAME_MOST => {
                wrong("repair.method", "This is too long.");
            }
            Self::MakeGood { .. } => wrong("repair", "A gift is promised: add it as one."),
            Self::Deliver
            | Self::Apologise { .. }
            | Self::Refund { .. }
            | Self::CheckBack
            | Self::Other { .. } => {}
        }
        problems
    }
}

impl RepairStep {
    /// How it stands: what is promised is done when all of it was handed over.
    pub fn state(&self, of: CommitmentId, promises: &impl Promises) -> RepairState {
        if self.struck.is_some() {
            RepairState::Struck
        } else if self.finished_at(of, promises).is_some() {
            RepairState::Done
        } else {
            RepairState::Open
        }
    }

    /// When it was done, for a recovery of a promise.
    pub fn finished_at(&self, of: CommitmentId, promises: &impl Promises) -> Option<Stamp> {
        match &self.repair {
            Repair::Deliver => self.done_at.or_else(|| promises.full_at(of)),
            Repair::MakeGood { promise, .. } => promises.full_at(*promise),
            Repair::Apologise { .. } | Repair::Refund { .. } | Repair::CheckBack | Repair::Other { .. } => {
                self.done_at
            }
        }
    }
}

impl Recovery {
    /// Begins to make a missed promise good: by the usual plan, if no steps are named. `make` gives an id to each step.
    pub fn open(
        id: RecoveryId,
        it: &Commitment,
        words: Option<String>,
        steps: Vec<RepairDraft>,
        calendar: &WorkingCalendar,
        now: &Now,
        mut make: impl FnMut() -> StepId,
    ) -> Result<Self, Vec<Problem>> {
        must_be_missed(it, calendar, now)?;
        let steps = if steps.is_empty() { usual_plan(it, calendar, now) } else { steps };
        let mut recovery = Self {
            id,
            promise: it.id,
            customer: Some(it.customer),
            opened_at: now.stamp,
            words: None,
            steps: Vec::new(),
            closed: None,
            made_up: it.made_up,
        };
        recovery.own_up(words)?;
        for step in steps {
            recovery.add(step, make(), now)?;
        }
        Ok(recovery)
    }

    /// Notes that a missed promise is not made good, and why.
    pub fn left(
        id: RecoveryId,
        it: &Commitment,
        why: &str,
        calendar: &WorkingCalendar,
        now: &Now,
    ) -> Result<Self, Vec<Problem>> {
        must_be_missed(it, calendar, now)?;
        let why = reason("why", why)?;
        Ok(Self {
            id,
            promise: it.id,
            customer: Some(it.customer),
            opened_at: now.stamp,
            words: None,
            steps: Vec::new(),
            closed: Some(Closed { at: now.stamp, words: Some(why) }),
            made_up: it.made_up,
        })
    }

    /// What went wrong, in the owner's own words.
    pub fn own_up(&mut self, words: Option<String>) -> Deed {
        let words = words.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty());
        if words.as_ref().is_some_and(|words| words.chars().count() > NOTE_MOST) {
            return refuse("words", "This is too long.");
        }
        self.words = words;
        Ok(())
    }

    /// Adds a step.
    pub fn add(&mut self, draft: RepairDraft, id: StepId, now: &Now) -> Deed {
        self.must_be_open()?;
        let mut problems = draft.repair.problems();
        check_name(&mut problems, "owner", &draft.owner);
        if draft.by < now.today {
            problems.push(Problem::new("by", "This day has passed."));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let RepairDraft { repair, by, owner } = draft;
        self.push(RepairStep { id, repair, by, owner: owner.trim().to_owned(), done_at: None, struck: None })
    }

    /// Adds a gift: the promise of it, a second chance, which waits for an event or has a date like any other.
    pub fn add_gift(
        &mut self,
        gift: GiftDraft,
        to: CustomerId,
        id: CommitmentId,
        step: StepId,
        now: &Now,
        make: impl FnMut() -> DeliverableId,
    ) -> Result<Commitment, Vec<Problem>> {
        self.must_be_open()?;
        let by = gift.due.map(|due| due.day).or(gift.awaits.as_ref().map(|event| event.review_by));
        let part = PartDraft { what: gift.what.clone(), quantity: 1, ..PartDraft::default() };
        let draft = PromiseDraft {
            customer: Some(to),
            parts: vec![part],
            due: gift.due,
            awaits: gift.awaits,
            ..PromiseDraft::default()
        };
        let mut problems = gift_problems(&draft, gift.value, now);
        check_name(&mut problems, "owner", &gift.owner);
        let Some(by) = by.filter(|_| problems.is_empty()) else { return Err(problems) };
        let mut promise = draft.into_commitment(id, to, now, make);
        promise.second_chance = true;
        promise.makes_good = Some(self.promise);
        promise.made_up = self.made_up;
        let repair = Repair::MakeGood { promise: id, value: gift.value };
        let owner = gift.owner.trim().to_owned();
        self.push(RepairStep { id: step, repair, by, owner, done_at: None, struck: None })?;
        Ok(promise)
    }

    /// A step is done, or is not after all. What is promised is done by handing it over.
    pub fn set_done(&mut self, id: StepId, done_at: Option<Stamp>, now: &Now) -> Deed {
        self.must_be_open()?;
        if done_at.is_some_and(|at| at > now.stamp) {
            return refuse("at", "This has not happened yet.");
        }
        let step = self.step_mut(id)?;
        if step.struck.is_some() {
            return refuse("step", "This step was struck out.");
        }
        match &step.repair {
            Repair::Deliver => refuse("step", "Hand the promise over: that does this step."),
            Repair::MakeGood { .. } => refuse("step", "Hand the gift over: that does this step."),
            Repair::Apologise { .. } | Repair::Refund { .. } | Repair::CheckBack | Repair::Other { .. } => {
                step.done_at = done_at;
                Ok(())
            }
        }
    }

    /// An apology was made by a channel: does the first open step that says so.
    pub fn apologised(&mut self, channel: Channel, at: Stamp) {
        let says_so = |step: &&mut RepairStep| {
            step.repair == Repair::Apologise { channel } && step.done_at.is_none() && step.struck.is_none()
        };
        if let Some(step) = self.steps.iter_mut().find(says_so).filter(|_| self.closed.is_none()) {
            step.done_at = Some(at);
        }
    }

    /// Strikes a step out with a reason, or takes that back.
    pub fn strike(&mut self, id: StepId, why: Option<&str>, now: &Now) -> Deed {
        self.must_be_open()?;
        let struck = match why {
            Some(why) => Some(Struck { at: now.stamp, why: reason("why", why)? }),
            None => None,
        };
        let step = self.step_mut(id)?;
        if step.done_at.is_some() {
            return refuse("step", "This step is done.");
        }
        step.struck = struck;
        Ok(())
    }

    /// A step gets another day, or another owner.
    pub fn move_step(&mut self, id: StepId, by: Day, owner: &str, now: &Now) -> Deed {
        self.must_be_open()?;
        let mut problems = Vec::new();
        check_name(&mut problems, "owner", owner);
        let step = self.step_mut(id)?;
        if by < now.today && by != step.by {
            problems.push(Problem::new("by", "This day has passed."));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        (step.by, step.owner) = (by, owner.trim().to_owned());
        Ok(())
    }

    /// Closes it, if every step is done or struck out. The miss stays a miss.
    pub fn close(&mut self, words: Option<String>, promises: &impl Promises, now: &Now) -> Deed {
        self.must_be_open()?;
        let of = self.promise;
        let open = |step: &RepairStep| step.state(of, promises) == RepairState::Open;
        let problems: Vec<Problem> = self
            .steps
            .iter()
            .enumerate()
            .filter(|(_, step)| open(step))
            .map(|(index, step)| {
                let is = format!("“{}” is still to be done. Do it, or strike it out.", step.repair.words());
                Problem::new(format!("steps.{index}"), is)
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let words = words.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty());
        if words.as_ref().is_some_and(|words| words.chars().count() > NOTE_MOST) {
            return refuse("words", "This is too long.");
        }
        self.closed = Some(Closed { at: now.stamp, words });
        Ok(())
    }

    /// Its next step: the open one with the earliest day.
    pub fn due(&self, promises: &impl Promises) -> Option<Owed> {
        if self.closed.is_some() {
            return None;
        }
        let open = self.steps.iter().filter(|step| step.state(self.promise, promises) == RepairState::Open);
        let next = open.min_by_key(|step| step.by)?;
        Some(Owed::on(next.by, next.repair.words()))
    }

    /// How many steps are behind us, done or struck out.
    pub fn settled(&self, promises: &impl Promises) -> usize {
        let settled = |step: &&RepairStep| step.state(self.promise, promises) != RepairState::Open;
        self.steps.iter().filter(settled).count()
    }

    /// What it costs, one sum for each currency; what was struck out costs nothing.
    pub fn cost(&self) -> Vec<Money> {
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for money in
            self.steps.iter().filter(|step| step.struck.is_none()).filter_map(|step| step.repair.cost())
        {
            let sum = sums.entry(money.currency).or_default();
            *sum = sum.saturating_add(money.minor);
        }
        sums.into_iter().map(|(currency, minor)| Money::new(minor, currency)).collect()
    }

    /// What it costs against the price of the promise: `2.9x the price`. None if they cannot be compared.
    pub fn cost_words(&self, price: Option<Money>) -> Option<String> {
        let price = price.filter(|price| price.minor > 0)?;
        match self.cost().as_slice() {
            [cost] if cost.currency == price.currency && cost.minor > 0 => {
                let tenths =
                    (i128::from(cost.minor) * 10 + i128::from(price.minor) / 2) / i128::from(price.minor);
                Some(format!("{}.{}x the price", tenths / 10, tenths % 10))
            }
            _ => None,
        }
    }

    fn push(&mut self, step: RepairStep) -> Deed {
        if self.steps.len() >= STEPS_MOST {
            return refuse("steps", "These are more steps than anybody will do.");
        }
        self.steps.push(step);
        Ok(())
    }

    fn step_mut(&mut self, id: StepId) -> Result<&mut RepairStep, Vec<Problem>> {
        let step = self.steps.iter_mut().find(|step| step.id == id);
        step.ok_or_else(|| vec![Problem::new("step", "This step is not there any more.")])
    }

    fn must_be_open(&self) -> Deed {
        if self.closed.is_some() {
            return refuse("recovery", "This is closed.");
        }
        Ok(())
    }
}

/// What is usually done for a missed promise: deliver it, unless that helps nobody any more, say sorry today, give back what
/// was paid for what we called off, and ask a week later whether all is well again.
pub fn usual_plan(it: &Commitment, calendar: &WorkingCalendar, now: &Now) -> Vec<RepairDraft> {
    let is_worthless = it.worthless_after.is_some_and(|after| now.stamp > calendar.deadline(&after));
    let step = |repair, by| RepairDraft { repair, by, owner: String::new() };
    let soon = calendar.working_day(now.today, 1);
    let stands = it.current_due().filter(|due| calendar.deadline(due) > now.stamp).map(|due| due.day);
    let deliver = (it.is_open() && !is_worthless).then(|| step(Repair::Deliver, stands.unwrap_or(soon)));
    let sorry = step(Repair::Apologise { channel: Channel::Phone }, now.today);
    let paid = it.payment.received.filter(|_| it.cancelled.is_some() && it.payment.holds_money());
    let refund = paid.map(|amount| step(Repair::Refund { amount, method: String::new() }, soon));
    let check_back = step(Repair::CheckBack, calendar.working_day(now.today, CHECK_BACK_DAYS));
    deliver.into_iter().chain([sorry]).chain(refund).chain([check_back]).collect()
}

fn must_be_missed(it: &Commitment, calendar: &WorkingCalendar, now: &Now) -> Deed {
    match outcome(it, calendar, now) {
        Outcome::Missed => Ok(()),
        Outcome::Open | Outcome::Kept | Outcome::Excluded => {
            refuse("promise", "This promise was not missed.")
        }
    }
}

fn gift_problems(draft: &PromiseDraft, value: Option<Money>, now: &Now) -> Vec<Problem> {
    let mut problems = draft.problems(now, None);
    for problem in &mut problems {
        if let Some(field) = problem.field.strip_prefix("parts.0.") {
            problem.field = field.to_owned();
        }
    }
    if draft.due.is_some_and(|due| due.day < now.today) {
        problems.push(Problem::new("due", "This day has passed."));
    }
    if value.is_some_and(|money| !(0..=Money::MOST).contains(&money.minor)) {
        problems.push(Problem::new("value", "This is not an amount that Kept takes."));
    }
    problems
}

fn reason(field: &str, why: &str) -> Result<String, Vec<Problem>> {
    let why = why.trim();
    if why.is_empty() || why.chars().count() > NOTE_MOST {
        return Err(vec![Problem::new(field, "Say why, in a few words.")]);
    }
    Ok(why.to_owned())
}

#[cfg(test)]
mod tests;
