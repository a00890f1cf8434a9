//! What the requests about slips, causes, wins, ideas and the record take.

use kept_core::cause::CauseDraft;
use kept_core::day::{Day, Stamp};
use kept_core::id::{CauseId, CommitmentId, IdeaId, SlipId, WinId};
use kept_core::idea::IdeaStage;
use kept_core::insights::{Figure, Period};
use kept_core::slip::{SlipKind, Touching};
use kept_core::win::WinDraft;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// By what promises are found that a slip touches.
    pub struct TouchedBy {
        /// By what.
        pub touching: Touching,
    }

    /// A slip.
    pub struct RecordSlip {
        /// What kind of thing failed.
        pub kind: SlipKind,
        /// What went wrong.
        pub what: String,
        /// When; now, if nothing is said.
        #[serde(default)]
        pub at: Option<Stamp>,
        /// By what the promises are found that it touches.
        pub touching: Touching,
        /// Of those, these; all of them if none are named.
        #[serde(default)]
        pub promises: Vec<CommitmentId>,
    }

    /// One slip.
    pub struct TheSlip {
        /// Which one.
        pub slip: SlipId,
    }

    /// A slip as it was seen.
    pub struct OnSlip {
        /// Which one.
        pub slip: SlipId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Only for this promise; for all if none is named.
        #[serde(default)]
        pub promise: Option<CommitmentId>,
    }

    /// One cause.
    pub struct TheCause {
        /// Which one.
        pub cause: CauseId,
    }

    /// A cause as it is to be.
    pub struct SaveCause {
        /// Which one; a new one if none is named.
        #[serde(default)]
        pub cause: Option<CauseId>,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What is known of it.
        pub draft: CauseDraft,
    }

    /// What was to be different is so, or is not after all.
    pub struct CauseActed {
        /// Of which cause.
        pub cause: CauseId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Whether it is done.
        pub done: bool,
    }

    /// One has looked whether it came again.
    pub struct CauseChecked {
        /// Of which cause.
        pub cause: CauseId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// It did not come again.
        pub passed: bool,
        /// What was seen.
        #[serde(default)]
        pub words: String,
        /// On which day one looks again, if it came again.
        #[serde(default)]
        pub again: Option<Day>,
    }

    /// Something that went right.
    pub struct AddWin {
        /// As it was typed.
        pub draft: WinDraft,
    }

    /// A win as it was seen.
    pub struct OnWin {
        /// Which one.
        pub win: WinId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
    }

    /// Something that somebody proposes to try.
    pub struct AddIdea {
        /// What.
        pub what: String,
        /// Who proposes it.
        #[serde(default)]
        pub from: String,
    }

    /// What a customer made of an idea.
    pub struct IdeaReaction {
        /// Of which idea.
        pub idea: IdeaId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What they said or did.
        pub words: String,
        /// Whether they liked it; none if one cannot tell.
        #[serde(default)]
        pub liked: Option<bool>,
    }

    /// How far an idea has come.
    pub struct SetIdea {
        /// Which one.
        pub idea: IdeaId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// How far.
        pub stage: IdeaStage,
    }

    /// Of which days.
    pub struct InsightsQuery {
        /// The period; the last 90 days if none is named.
        #[serde(default)]
        pub period: Option<Period>,
    }

    /// The promises behind a figure.
    pub struct BehindQuery {
        /// Of which days.
        pub period: Period,
        /// Which figure.
        pub figure: Figure,
        /// Where the page begins.
        #[serde(default)]
        pub offset: u32,
        /// How many rows it has, at most 200.
        pub limit: u32,
    }

    /// Some promises, by what names them.
    pub struct ThesePromises {
        /// Which.
        pub promises: Vec<CommitmentId>,
        /// Where the page begins.
        #[serde(default)]
        pub offset: u32,
        /// How many rows it has, at most 200.
        pub limit: u32,
    }

    /// One year.
    pub struct TheYear {
        /// Which one; this one if none is named.
        #[serde(default)]
        pub year: Option<i32>,
    }
}
