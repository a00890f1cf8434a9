//! What is shown of what customers tell us, and of how misses are made good.

use crate::channel::Channel;
use crate::commitment::Event;
use crate::day::{Day, Stamp};
use crate::feedback::{Correction, FeedbackKind};
use crate::id::{CommitmentId, CustomerId, FeedbackId, RecoveryId, SlipId, StepId, WinId};
use crate::money::Money;
use crate::recovery::{Closed, Repair, RepairState, Struck};
use crate::reply_clock::Turn;
use crate::views::learn::CauseRow;
use crate::views::tell::{ConsentView, ToldView};
use crate::views::{Done, PromiseRow};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a reply clock stands, for its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReplyState {
    /// They wait for our answer, and there is time.
    Running,
    /// They wait, and hardly any time is left.
    Pressing,
    /// They wait, and the time is over.
    Late,
    /// We wait for them.
    Paused,
    /// They have an answer.
    Answered,
    /// Nobody waits for an answer.
    None,
}

/// Which feedback a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FeedbackFilter {
    /// Not settled.
    #[default]
    Open,
    /// They wait for an answer.
    ToAnswer,
    /// Complaints.
    Complaints,
    /// Praise.
    Praise,
    /// Questions.
    Questions,
    /// All.
    All,
}

views! {
    /// All that is known of a promise beside its work: what the customer was told and what they said, how a miss is made
    /// good, and what touches it.
    pub struct CareView {
        /// What the customer was told, newest first.
        pub told: Vec<ToldView>,
        /// Whether they have to agree to the last delay.
        pub consent: Option<ConsentView>,
        /// Which message fits the state best.
        pub fitting: crate::tell::TellKind,
        /// The time left does not suffice, and they have to be told first.
        pub tell_first: bool,
        /// What they said about it, newest first.
        pub feedback: Vec<FeedbackRow>,
        /// How the miss is made good, if that was begun.
        pub recovery: Option<RecoveryRow>,
        /// It was missed, and nobody has said yet whether it is made good.
        pub recovery_offered: bool,
        /// The missed promise that it is a gift for.
        pub makes_good: Option<CommitmentId>,
        /// Slips that touch it.
        pub slips: Vec<SlipMarkView>,
        /// What it is put down to.
        pub causes: Vec<CauseRow>,
    }

    /// A slip that touches a promise.
    pub struct SlipMarkView {
        /// Which slip.
        pub slip: SlipId,
        /// What went wrong and why it touches this promise.
        pub words: String,
        /// Since when.
        pub at: Stamp,
        /// When it turned out to be safe.
        pub lifted_at: Option<Stamp>,
    }

    /// How the reply clock of something that a customer told us stands.
    pub struct ReplyView {
        /// How it stands.
        pub state: ReplyState,
        /// In words: `40 min left`, `1 h late`, `answered after 25 min`.
        pub words: String,
        /// How much of the target has run, in percent; at most 999.
        pub percent: u32,
        /// Some first reply came too late.
        pub was_late: bool,
    }

    /// One thing that a customer told us, in a list.
    pub struct FeedbackRow {
        /// Which one.
        pub id: FeedbackId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What kind of thing.
        pub kind: FeedbackKind,
        /// It in a few words.
        pub title: String,
        /// What they said.
        pub text: String,
        /// From whom: the customer’s name if it is known, else as it was said.
        pub from: String,
        /// The customer.
        pub customer: Option<CustomerId>,
        /// The promise.
        pub promise: Option<CommitmentId>,
        /// How it reached us.
        pub channel: Option<Channel>,
        /// When it reached us.
        pub at: Stamp,
        /// How the reply clock stands.
        pub reply: ReplyView,
        /// Who sees to it.
        pub owner: String,
        /// To whom it is being handed on.
        pub handed_to: Option<String>,
        /// When it was settled.
        pub settled_at: Option<Stamp>,
        /// A correction is still to be published, in words.
        pub correction_due: Option<String>,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// A page of what customers told us.
    pub struct FeedbackList {
        /// How many match.
        pub count: u32,
        /// Where this page begins.
        pub offset: u32,
        /// Those whose clock runs first, the rest newest first.
        pub rows: Vec<FeedbackRow>,
        /// How many wait for an answer.
        pub to_answer: u32,
        /// How many are not settled.
        pub open: u32,
        /// How many there are in all.
        pub all: u32,
    }

    /// One thing that a customer told us, with everything about it.
    pub struct FeedbackPage {
        /// The row, as lists show it.
        pub row: FeedbackRow,
        /// The promise it is about.
        pub promise: Option<PromiseRow>,
        /// Promises that it could be about: those of the customer, newest first; at most 20.
        pub could_be: Vec<PromiseRow>,
        /// What was said to and fro, oldest first.
        pub turns: Vec<Turn>,
        /// Who took it down.
        pub taken_by: String,
        /// The correction.
        pub correction: Option<Correction>,
        /// The win that it was filed as.
        pub win: Option<WinId>,
        /// How long one has for an answer, in words: `2 h`.
        pub target: String,
        /// What it is put down to.
        pub causes: Vec<CauseRow>,
    }

    /// The answer to taking down feedback.
    pub struct FeedbackTaken {
        /// What was done.
        pub done: Done,
        /// Which one it became.
        pub feedback: FeedbackId,
    }

    /// The answer to filing praise as a win.
    pub struct WinFiled {
        /// What was done.
        pub done: Done,
        /// Which win it became.
        pub win: WinId,
    }

    /// One recovery in a list.
    pub struct RecoveryRow {
        /// Which one.
        pub id: RecoveryId,
        /// Its version, for changes to it.
        pub version: u64,
        /// The promise that was missed.
        pub promise: CommitmentId,
        /// What was promised.
        pub title: String,
        /// To whom.
        pub customer: String,
        /// The customer.
        pub customer_id: CustomerId,
        /// When it was begun.
        pub opened_at: Stamp,
        /// Steps that are done or struck out.
        pub settled: u32,
        /// All steps.
        pub steps: u32,
        /// What comes next, in words: `Say sorry by letter, by Fri 20 Nov`.
        pub next: Option<String>,
        /// The day of the next step has passed.
        pub overdue: bool,
        /// The day of the next step is today.
        pub today: bool,
        /// What it costs, one sum for each currency.
        pub cost: Vec<Money>,
        /// The same against the price: `2.9x the price`.
        pub cost_words: Option<String>,
        /// Its end.
        pub closed: Option<Closed>,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// Missed promises and how they are made good.
    pub struct RecoveryList {
        /// Missed promises of which nobody has said yet whether they are made good; at most 100.
        pub offered: Vec<PromiseRow>,
        /// Recoveries that go on, the next step first.
        pub open: Vec<RecoveryRow>,
        /// Those that are closed, newest first; at most 100.
        pub closed: Vec<RecoveryRow>,
        /// How many are closed in all.
        pub closed_count: u32,
    }

    /// One recovery with everything about it.
    pub struct RecoveryPage {
        /// The row, as lists show it.
        pub row: RecoveryRow,
        /// The promise that was missed. It stays missed.
        pub promise: PromiseRow,
        /// Its price.
        pub price: Option<Money>,
        /// What went wrong, in the owner's own words.
        pub words: Option<String>,
        /// The steps, in their order.
        pub steps: Vec<RepairStepView>,
        /// What else this customer was promised: nobody is let down twice.
        pub second_chances: Vec<PromiseRow>,
        /// It was said to help nobody any more.
        pub worthless: bool,
        /// Every step is done or struck out: it can be closed.
        pub can_close: bool,
        /// What the miss is put down to.
        pub causes: Vec<CauseRow>,
    }

    /// One step of a recovery.
    pub struct RepairStepView {
        /// Which one.
        pub id: StepId,
        /// What it does.
        pub repair: Repair,
        /// In words: `Say sorry by letter`.
        pub what: String,
        /// By which day.
        pub by: Day,
        /// The same in words.
        pub by_words: String,
        /// Who does it.
        pub owner: String,
        /// How it stands.
        pub state: RepairState,
        /// When it was done.
        pub done_at: Option<Stamp>,
        /// Why it was struck out.
        pub struck: Option<Struck>,
        /// Its day has passed.
        pub overdue: bool,
        /// What it costs.
        pub cost: Option<Money>,
        /// The promise that it is done by handing over.
        pub promise: Option<CommitmentId>,
        /// What a gift waits for.
        pub awaits: Option<Event>,
    }

    /// The answer to beginning a recovery.
    pub struct RecoveryOpened {
        /// What was done.
        pub done: Done,
        /// Which one it became.
        pub recovery: RecoveryId,
    }
}
