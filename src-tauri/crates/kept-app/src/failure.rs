//! What can go wrong between a request and its answer.

use crate::store::StoreError;
use kept_core::problem::Problem;
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// Why a request was not done. A code exists only where the UI acts differently on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Code {
    /// Something in the request is wrong: `problems` says which fields.
    Invalid,
    /// What was asked for is not there (any more).
    NotFound,
    /// It was changed in the meantime: look again, then repeat.
    Conflict,
    /// Something else is under way that has to end first, or another Kept holds the data.
    Busy,
    /// The disk refused: nothing was saved.
    Storage,
    /// The data was written by a newer Kept.
    NewerData,
    /// A fault in Kept itself.
    Bug,
}

/// A request that was not done: nothing of it was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Failure {
    /// What kind of failure.
    pub code: Code,
    /// What went wrong and what to do, in a sentence for the owner.
    pub message: String,
    /// The fields that are wrong, if the code is `invalid`.
    #[serde(default)]
    pub problems: Vec<Problem>,
}

impl Failure {
    /// A failure with a sentence for the owner. Logged here, once.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let failure = Self { code, message: message.into(), problems: Vec::new() };
        match code {
            Code::Bug | Code::Storage => tracing::error!("{failure}"),
            Code::Invalid | Code::NotFound | Code::Conflict | Code::Busy | Code::NewerData => {
                tracing::info!("{failure}");
            }
        }
        failure
    }

    /// Fields that are wrong.
    pub fn invalid(problems: Vec<Problem>) -> Self {
        let message = problems.first().map_or_else(String::new, |problem| problem.is.clone());
        Self { problems, ..Self::new(Code::Invalid, message) }
    }

    /// One field that is wrong.
    pub fn field(field: &str, is: impl Into<String>) -> Self {
        Self::invalid(vec![Problem::new(field, is)])
    }

    /// Whether all that stands in the way is that the owner has not said that it is meant.
    pub fn is_question(&self) -> bool {
        !self.problems.is_empty() && self.problems.iter().all(|problem| problem.field.ends_with("_is_meant"))
    }

    /// What was asked for is not there.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("{what} is not there any more. It may have been removed."))
    }

    /// A fault in Kept itself.
    pub fn bug(what: impl fmt::Display) -> Self {
        Self::new(Code::Bug, format!("Kept made a mistake: {what}. Nothing was changed."))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Conflict { .. } => {
                return Self::new(
                    Code::Conflict,
                    "This was changed in the meantime. Look at it again, then repeat what you wanted.",
                );
            }
            StoreError::Locked(_) => Code::Busy,
            StoreError::TooNew { .. } => Code::NewerData,
            StoreError::OutcomeUnknown
            | StoreError::Unavailable(_)
            | StoreError::Full
            | StoreError::ReadOnly(_)
            | StoreError::Damaged(_) => Code::Storage,
        };
        Self::new(code, error.to_string())
    }
}
