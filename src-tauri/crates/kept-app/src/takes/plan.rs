//! What the requests about work and time take.

use kept_core::blocker::Obstruction;
use kept_core::commitment::Event;
use kept_core::day::{Day, Due, Stamp, TimeOfDay};
use kept_core::evidence::AttachedFile;
use kept_core::id::{
    BlockId, BlockerId, ChoreId, CommitmentId, CustomerId, DeliverableId, OfferId, SeriesId, StepId,
};
use kept_core::step::StepDraft;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// The steps of a promise, corrected.
    pub struct SetSteps {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// All steps as they are to be; one without an id is new, one that is left out is removed.
        pub steps: Vec<StepDraft>,
    }

    /// A step is done, or is not after all.
    pub struct StepDone {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which step.
        pub step: StepId,
        /// Whether it is done.
        pub done: bool,
    }

    /// The lines of a checklist, or what is needed from the customer.
    pub struct SetLines {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// All lines as they are to be, in their order.
        pub lines: Vec<String>,
    }

    /// A line is ticked, or is not after all.
    pub struct TickLine {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which line.
        pub what: String,
        /// Whether it is ticked.
        pub done: bool,
    }

    /// How much work a part still needs.
    pub struct SetEffort {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which part.
        pub part: DeliverableId,
        /// Minutes; none if nobody knows.
        #[serde(default)]
        pub minutes: Option<i32>,
    }

    /// When a promise begins to help nobody any more.
    pub struct SetWorthlessAfter {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// After which date; none if it always helps.
        #[serde(default)]
        pub after: Option<Due>,
    }

    /// What a promise without a date waits for, and when to look at it again.
    pub struct AwaitEvent {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// The event.
        pub event: Event,
    }

    /// Hours that are set aside.
    pub struct BlockTime {
        /// For which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// For which part; for all of them if none is named.
        #[serde(default)]
        pub part: Option<DeliverableId>,
        /// The day.
        pub day: Day,
        /// From when.
        pub from: TimeOfDay,
        /// To when.
        pub to: TimeOfDay,
    }

    /// Hours that were set aside, and are others now.
    pub struct MoveBlock {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which block.
        pub block: BlockId,
        /// The day.
        pub day: Day,
        /// From when.
        pub from: TimeOfDay,
        /// To when.
        pub to: TimeOfDay,
    }

    /// Hours that are free again.
    pub struct RemoveBlock {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which block.
        pub block: BlockId,
    }

    /// Something stands in the way of a promise.
    pub struct BlockBy {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What.
        pub what: Obstruction,
    }

    /// Something is out of the way.
    pub struct Unblock {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What it was.
        pub blocker: BlockerId,
    }

    /// What shows that something was handed over, as it is to be.
    pub struct SetEvidence {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Of which of its handovers, by their places among them.
        pub of: Vec<u32>,
        /// The number by which the carrier finds it.
        #[serde(default)]
        pub tracking: Option<String>,
        /// Where it can be seen or was delivered by link.
        #[serde(default)]
        pub links: Vec<String>,
        /// What else there is to know.
        #[serde(default)]
        pub note: Option<String>,
        /// Files that were attached.
        #[serde(default)]
        pub files: Vec<AttachedFile>,
    }

    /// A file that was offered, to be kept with the data.
    pub struct AttachFile {
        /// The file, as it was offered.
        pub file: String,
    }

    /// A week.
    pub struct WeekQuery {
        /// Any day of it; the week that it is now if none is named.
        #[serde(default)]
        pub from: Option<Day>,
    }

    /// What one is asked to promise.
    pub struct CheckPromise {
        /// What of the menu it is.
        #[serde(default)]
        pub offer: Option<OfferId>,
        /// Minutes of work that it needs; the usual effort if nobody knows.
        #[serde(default)]
        pub effort: Option<i32>,
        /// When it was ordered; now if nothing is said.
        #[serde(default)]
        pub placed: Option<Stamp>,
        /// The date that the customer asks for.
        #[serde(default)]
        pub asked_for: Option<Due>,
    }

    /// The history of one record.
    pub struct HistoryOf {
        /// Of which one.
        pub of: RecordOf,
        /// How many changes to leave out from the newest on.
        #[serde(default)]
        pub offset: u32,
        /// How many to give; at most 200.
        pub limit: u32,
    }
}

/// One record of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum RecordOf {
    /// A promise.
    Promise {
        /// Which one.
        promise: CommitmentId,
    },
    /// A customer.
    Customer {
        /// Which one.
        customer: CustomerId,
    },
    /// An offer of the menu.
    Offer {
        /// Which one.
        offer: OfferId,
    },
    /// A promise that repeats.
    Series {
        /// Which one.
        series: SeriesId,
    },
    /// A chore.
    Chore {
        /// Which one.
        chore: ChoreId,
    },
    /// What the owner has set.
    Settings {},
}
