//! What the requests about feedback, recoveries, slips, causes, wins and ideas take.

use kept_core::day::{Day, Stamp};
use kept_core::feedback::{Correction, FeedbackDraft};
use kept_core::id::{CommitmentId, CustomerId, FeedbackId, RecoveryId, StepId};
use kept_core::recovery::{GiftDraft, RepairDraft};
use kept_core::reply_clock::TurnKind;
use kept_core::views::care::FeedbackFilter;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// Something that a customer told us.
    pub struct TakeFeedback {
        /// As it was taken down.
        pub draft: FeedbackDraft,
    }

    /// A page of what customers told us.
    pub struct FeedbackQuery {
        /// Which of it.
        #[serde(default)]
        pub filter: FeedbackFilter,
        /// Words that must all occur in it.
        #[serde(default)]
        pub search: String,
        /// Where the page begins.
        #[serde(default)]
        pub offset: u32,
        /// How many rows it has, at most 200.
        pub limit: u32,
    }

    /// One thing that a customer told us.
    pub struct TheFeedback {
        /// Which one.
        pub feedback: FeedbackId,
    }

    /// One thing that a customer told us, as it was seen.
    pub struct OnFeedback {
        /// Which one.
        pub feedback: FeedbackId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
    }

    /// Whom and what feedback is about.
    pub struct LinkFeedback {
        /// Which one.
        pub feedback: FeedbackId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// The customer; of a promise that is named it is that promise's own.
        #[serde(default)]
        pub customer: Option<CustomerId>,
        /// The promise.
        #[serde(default)]
        pub promise: Option<CommitmentId>,
    }

    /// A turn of an exchange with a customer.
    pub struct FeedbackTurn {
        /// Of which feedback.
        pub feedback: FeedbackId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Whose turn, and what was done.
        pub kind: TurnKind,
        /// In which words.
        #[serde(default)]
        pub words: Option<String>,
        /// When; now, if nothing is said.
        #[serde(default)]
        pub at: Option<Stamp>,
    }

    /// Feedback is handed on.
    pub struct HandOn {
        /// Which one.
        pub feedback: FeedbackId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// To whom.
        pub to: String,
    }

    /// Whoever it was handed on to accepts it, or does not.
    pub struct AcceptFeedback {
        /// Which one.
        pub feedback: FeedbackId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Whether they accept it.
        pub accepts: bool,
    }

    /// A correction that is to be published.
    pub struct SetCorrection {
        /// For which feedback.
        pub feedback: FeedbackId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// The correction; none if there is nothing to correct.
        #[serde(default)]
        pub correction: Option<Correction>,
    }

    /// A correction was published, or was not after all.
    pub struct CorrectionPublished {
        /// For which feedback.
        pub feedback: FeedbackId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Whether it is published.
        pub published: bool,
    }

    /// A missed promise is to be made good.
    pub struct OpenRecovery {
        /// Which promise.
        pub promise: CommitmentId,
        /// What went wrong, in the owner's own words.
        #[serde(default)]
        pub words: Option<String>,
        /// The steps; the usual ones if none are named.
        #[serde(default)]
        pub steps: Vec<RepairDraft>,
    }

    /// A missed promise is not made good.
    pub struct LeaveRecovery {
        /// Which promise.
        pub promise: CommitmentId,
        /// Why.
        pub why: String,
    }

    /// One recovery.
    pub struct TheRecovery {
        /// Which one.
        pub recovery: RecoveryId,
    }

    /// What went wrong, owned up to.
    pub struct OwnUp {
        /// In which recovery.
        pub recovery: RecoveryId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// In the owner's own words.
        pub words: String,
    }

    /// A step is added to a recovery.
    pub struct AddRepair {
        /// To which recovery.
        pub recovery: RecoveryId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// The step.
        pub draft: RepairDraft,
    }

    /// A gift is added to a recovery.
    pub struct AddGift {
        /// To which recovery.
        pub recovery: RecoveryId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// The gift.
        pub gift: GiftDraft,
    }

    /// A step of a recovery is done, or is not after all.
    pub struct RepairDone {
        /// Of which recovery.
        pub recovery: RecoveryId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which step.
        pub step: StepId,
        /// Whether it is done.
        pub done: bool,
    }

    /// A step of a recovery is struck out, or stands again.
    pub struct StrikeRepair {
        /// Of which recovery.
        pub recovery: RecoveryId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which step.
        pub step: StepId,
        /// Why; it stands again if nothing is said.
        #[serde(default)]
        pub why: Option<String>,
    }

    /// A step of a recovery gets another day or owner.
    pub struct MoveRepair {
        /// Of which recovery.
        pub recovery: RecoveryId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which step.
        pub step: StepId,
        /// By which day.
        pub by: Day,
        /// Who does it.
        #[serde(default)]
        pub owner: String,
    }

    /// A recovery is closed.
    pub struct CloseRecovery {
        /// Which one.
        pub recovery: RecoveryId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// How it ended, in words.
        #[serde(default)]
        pub words: Option<String>,
    }
}
