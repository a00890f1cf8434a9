//! What the requests for imports take.

use kept_core::id::CommitmentId;
use kept_core::import::Answers;
use kept_core::import::mapped::Mapping;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// Files to look into or to bring in.
    pub struct LookInto {
        /// The files, as they were offered.
        pub files: Vec<String>,
        /// Working days from an order to its date, where it names none; the setting if nothing is said.
        #[serde(default)]
        pub lead_days: Option<u32>,
        /// What was answered about files.
        #[serde(default)]
        pub answers: Vec<FileAnswers>,
        /// What payments were for, where it was chosen.
        #[serde(default)]
        pub payments: Vec<PaymentChoice>,
        /// If no backup can be made first, it is meant without one.
        #[serde(default)]
        pub without_backup_is_meant: bool,
    }

    /// What was answered about a file.
    pub struct FileAnswers {
        /// The file, by its name in the preview; all files if it is empty.
        #[serde(default)]
        pub name: String,
        /// What was answered.
        #[serde(default)]
        pub answers: Answers,
        /// What its columns mean.
        #[serde(default)]
        pub mapping: Option<Mapping>,
    }

    /// Files that were offered.
    pub struct TheFiles {
        /// The files, as they were offered.
        pub files: Vec<String>,
    }

    /// What a payment was for.
    pub struct PaymentChoice {
        /// The payment, as the preview names it.
        pub payment: String,
        /// The promise; none if it was for nothing that Kept knows of.
        pub promise: Option<CommitmentId>,
    }
}
