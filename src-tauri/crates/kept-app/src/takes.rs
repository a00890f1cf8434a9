//! What the requests take.

use kept_core::commitment::{Party, Stage, WaitingOn};
use kept_core::day::{Day, Due, Stamp};
use kept_core::draft::{PartDraft, PromiseDraft};
use kept_core::evidence::AttachedFile;
use kept_core::id::{CommitmentId, DeliverableId, ImportId};
use kept_core::money::Money;
use kept_core::views::{CustomerBrief, PastImport, SnoozeFor};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! takes {
    ($($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(deny_unknown_fields)]
        #[ts(export, optional_fields = nullable)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )*};
}

pub mod alerts;
pub mod backups;
pub mod care;
pub mod desktop;
pub mod imports;
pub mod learn;
pub mod lists;
pub mod menu;
pub mod out;
pub mod people;
pub mod plan;
pub mod printed;
pub mod tell;

takes! {
    /// Nothing has to be said.
    pub struct Nothing {}

    /// One promise.
    pub struct ThePromise {
        /// Which one.
        pub promise: CommitmentId,
    }

    /// Customers whose name or e-mail address begins like a text.
    pub struct CustomersLike {
        /// The text.
        pub text: String,
    }

    /// A draft.
    pub struct TheDraft {
        /// The promise as it was typed.
        pub draft: PromiseDraft,
    }

    /// A promise as it was seen.
    pub struct OnPromise {
        /// Which one.
        pub promise: CommitmentId,
        /// The version that was seen, so that nothing newer is overwritten; none to act on whatever is there now.
        #[serde(default)]
        pub version: Option<u64>,
    }

    /// How far the work on a part has come.
    pub struct SetStage {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Which part; all of them if none is named.
        #[serde(default)]
        pub part: Option<DeliverableId>,
        /// How far.
        pub stage: Stage,
    }

    /// A handover.
    pub struct HandOver {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What of it; all that is left if nothing is named.
        #[serde(default)]
        pub parts: Vec<HandOverPart>,
        /// How: picked up, posted, by link.
        #[serde(default)]
        pub channel: Option<String>,
        /// A note, as older screens call it.
        #[serde(default)]
        pub evidence: Option<String>,
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
        /// The owner has seen that this is more than was promised and means it.
        #[serde(default)]
        pub more_is_meant: bool,
        /// The owner has seen that the same was handed over a few days ago and means it.
        #[serde(default)]
        pub duplicate_is_meant: bool,
        /// The owner has seen that it was said to help nobody by now and means it.
        #[serde(default)]
        pub late_help_is_meant: bool,
        /// The owner has seen that not everything was looked at and means it.
        #[serde(default)]
        pub checklist_is_meant: bool,
    }

    /// Some of one part.
    pub struct HandOverPart {
        /// Which part.
        pub part: DeliverableId,
        /// How many.
        pub quantity: u32,
    }

    /// A new date.
    pub struct MoveDate {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// The new date.
        pub to: Due,
        /// Who asked for it.
        pub by: Party,
        /// The customer knows: when they were told; none if not yet.
        #[serde(default)]
        pub told_at: Option<Stamp>,
        /// Whether they agreed; none if they did not answer.
        #[serde(default)]
        pub agreed: Option<bool>,
        /// Why.
        #[serde(default)]
        pub why: Option<String>,
        /// What was written to the customer about it.
        #[serde(default)]
        pub note: Option<String>,
        /// The owner has seen that the date lies in the past and means it.
        #[serde(default)]
        pub past_is_meant: bool,
    }

    /// The promise is called off.
    pub struct Cancel {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Who calls it off.
        pub by: Party,
        /// Why.
        #[serde(default)]
        pub why: Option<String>,
    }

    /// A note on a promise.
    pub struct AddNote {
        /// Which promise.
        pub promise: CommitmentId,
        /// What it says.
        pub text: String,
    }

    /// What was paid for a promise.
    pub struct SetPayment {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// The price.
        #[serde(default)]
        pub total: Option<Money>,
        /// What was received of it.
        #[serde(default)]
        pub received: Option<Money>,
        /// Billed later, by agreement.
        #[serde(default)]
        pub on_account: bool,
        /// Given back in full.
        #[serde(default)]
        pub refunded: bool,
    }

    /// The parts of a promise, corrected.
    pub struct CorrectParts {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// All parts as they are to be; one without an id is new, one that is left out is removed.
        pub parts: Vec<PartDraft>,
    }

    /// Whom a promise waits for.
    pub struct WaitFor {
        /// Which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Whom; none when the waiting is over.
        #[serde(default)]
        pub on: Option<WaitingOn>,
        /// The day on which to chase them; as many working days from now as is set if none is named.
        #[serde(default)]
        pub chase: Option<Day>,
    }

    /// One change.
    pub struct UndoThis {
        /// Which one; the newest that can be undone, or done again, if none is named.
        #[serde(default)]
        pub change: Option<u64>,
    }

    /// Some alerts.
    pub struct TheAlerts {
        /// Their ids.
        pub alerts: Vec<String>,
    }

    /// Alerts that are put off.
    pub struct Snooze {
        /// Their ids.
        pub alerts: Vec<String>,
        /// For how long.
        pub until: SnoozeFor,
        /// The owner was asked whether putting it off once more helps, and means it.
        #[serde(default)]
        pub again_is_meant: bool,
    }

    /// Whatever calls about a promise is put off.
    pub struct SnoozePromise {
        /// Which promise.
        pub promise: CommitmentId,
        /// For how long.
        pub until: SnoozeFor,
        /// The owner was asked whether putting it off once more helps, and means it.
        #[serde(default)]
        pub again_is_meant: bool,
    }

    /// An import that has begun.
    pub struct TheImport {
        /// Which one.
        pub import: ImportId,
    }

    /// Customers that could be meant.
    pub struct CustomerSuggestions {
        /// The best first; at most eight.
        pub customers: Vec<CustomerBrief>,
    }

    /// The imports of the past.
    pub struct PastImports {
        /// The newest first.
        pub imports: Vec<PastImport>,
    }
}

impl HandOver {
    /// All that is left of a promise, with nothing else said.
    pub const fn of_all(promise: CommitmentId) -> Self {
        Self {
            promise,
            version: None,
            parts: Vec::new(),
            channel: None,
            evidence: None,
            tracking: None,
            links: Vec::new(),
            note: None,
            files: Vec::new(),
            more_is_meant: false,
            duplicate_is_meant: false,
            late_help_is_meant: false,
            checklist_is_meant: false,
        }
    }
}
