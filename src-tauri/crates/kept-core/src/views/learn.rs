//! What is shown of slips, causes and obstacles, of wins and ideas.

use crate::cause::{CauseDraft, CauseKind, Checked};
use crate::day::Stamp;
use crate::id::{CauseId, CommitmentId, CustomerId, IdeaId, SlipId, WinId};
use crate::idea::{IdeaStage, Reaction};
use crate::slip::{SlipKind, Touching};
use crate::views::care::FeedbackRow;
use crate::views::{Done, PromiseRow};
use crate::win::WinKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// What a slip would touch, before it is taken down.
    pub struct Touched {
        /// How many promises.
        pub count: u32,
        /// The most urgent of them; at most 200.
        pub rows: Vec<PromiseRow>,
        /// By what they were found, in words.
        pub why: String,
    }

    /// One slip in a list.
    pub struct SlipRow {
        /// Which one.
        pub id: SlipId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What kind of thing failed.
        pub kind: SlipKind,
        /// What went wrong.
        pub what: String,
        /// When.
        pub at: Stamp,
        /// How many promises it touches.
        pub promises: u32,
        /// When it was over.
        pub over_at: Option<Stamp>,
        /// The cause that it is put down to.
        pub cause: Option<CauseId>,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// One slip with everything about it.
    pub struct SlipPage {
        /// The row, as lists show it.
        pub row: SlipRow,
        /// By what the promises were found, in words.
        pub why: String,
        /// The same, to find more.
        pub touching: Touching,
        /// The promises that it touches.
        pub promises: Vec<TouchedRow>,
        /// What it is put down to.
        pub causes: Vec<CauseRow>,
    }

    /// A promise that a slip touches.
    pub struct TouchedRow {
        /// The promise.
        pub row: PromiseRow,
        /// The warning stands.
        pub warned: bool,
    }

    /// The answer to taking down a slip.
    pub struct SlipRecorded {
        /// What was done.
        pub done: Done,
        /// Which one it became.
        pub slip: SlipId,
        /// How many promises were warned.
        pub warned: u32,
    }

    /// Slips, causes and what stands in the way.
    pub struct CauseList {
        /// Causes that are open, the next thing to do first.
        pub open: Vec<CauseRow>,
        /// Causes that are closed, newest first; at most 100.
        pub closed: Vec<CauseRow>,
        /// How many are closed in all.
        pub closed_count: u32,
        /// Slips that go on, newest first.
        pub slips: Vec<SlipRow>,
        /// Slips that are over, newest first; at most 100.
        pub over: Vec<SlipRow>,
        /// What stood in the way of promises, what does so most first.
        pub obstacles: Vec<ObstacleRow>,
    }

    /// One cause in a list.
    pub struct CauseRow {
        /// Which one.
        pub id: CauseId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What the customer noticed.
        pub symptom: String,
        /// The answer to the last why.
        pub deepest: String,
        /// What kind of thing it is.
        pub kind: Option<CauseKind>,
        /// What comes next, in words: `Look whether it came again, on Fri 18 Dec`.
        pub next: Option<String>,
        /// The day of that has passed.
        pub overdue: bool,
        /// How many promises it broke or put at risk.
        pub promises: u32,
        /// How many slips came of it.
        pub slips: u32,
        /// When it was closed, by a check that passed.
        pub closed_at: Option<Stamp>,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// One cause with everything about it.
    pub struct CausePage {
        /// The row, as lists show it.
        pub row: CauseRow,
        /// What is known of it.
        pub draft: CauseDraft,
        /// When it was begun.
        pub opened_at: Stamp,
        /// When the action was done.
        pub acted_at: Option<Stamp>,
        /// The looks whether it came again, oldest first.
        pub checks: Vec<Checked>,
        /// The promises that it broke or put at risk.
        pub promises: Vec<PromiseRow>,
        /// The slips that came of it.
        pub slips: Vec<SlipRow>,
        /// What customers said of it.
        pub feedback: Vec<FeedbackRow>,
        /// The day to look whether it came again has come.
        pub can_check: bool,
        /// Nothing has to be done before it can be closed, or it is done.
        pub can_close: bool,
    }

    /// The answer to saving a cause.
    pub struct CauseSaved {
        /// What was done.
        pub done: Done,
        /// Which one.
        pub cause: CauseId,
    }

    /// Something that stood in the way of promises.
    pub struct ObstacleRow {
        /// What, as it was first written: a supplier, an obstacle.
        pub what: String,
        /// It is a supplier.
        pub supplier: bool,
        /// How many promises it stands in the way of now.
        pub now: u32,
        /// All promises that it has stood in the way of, newest first.
        pub promises: Vec<CommitmentId>,
        /// Since when it was first seen.
        pub since: Stamp,
    }

    /// Something that went right.
    pub struct WinRow {
        /// Which one; none for what Kept found by itself.
        pub id: Option<WinId>,
        /// Its version, for changes to it; 0 for what Kept found.
        pub version: u64,
        /// What kind of thing.
        pub kind: WinKind,
        /// What, in words.
        pub what: String,
        /// When.
        pub at: Stamp,
        /// For whom.
        pub customer: Option<String>,
        /// The customer.
        pub customer_id: Option<CustomerId>,
        /// With which promise.
        pub promise: Option<CommitmentId>,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// What went right, and what might.
    pub struct WinList {
        /// What went right, newest first; at most 200. Quiet saves of the last 90 days are among them.
        pub wins: Vec<WinRow>,
        /// How many promises of the last 90 days were at risk and kept.
        pub quiet_saves: u32,
        /// How many misses were made good in the same time. They stand below the saves.
        pub rescues: u32,
        /// In words: `6 quiet saves, 1 rescue in 90 days.`
        pub words: String,
        /// Ideas, those that are being tried first.
        pub ideas: Vec<IdeaRow>,
    }

    /// The newest of what went right: the first word of the morning, before what was missed.
    pub struct NewestWin {
        /// It; none if nothing was written down or found in the last seven days.
        pub win: Option<WinRow>,
    }

    /// One idea.
    pub struct IdeaRow {
        /// Which one.
        pub id: IdeaId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What is proposed.
        pub what: String,
        /// Who proposes it.
        pub from: String,
        /// When.
        pub at: Stamp,
        /// How far it has come.
        pub stage: IdeaStage,
        /// What customers made of it, oldest first.
        pub reactions: Vec<Reaction>,
        /// Part of the made-up shop.
        pub made_up: bool,
    }
}
