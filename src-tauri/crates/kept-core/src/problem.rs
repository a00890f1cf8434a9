//! What is wrong with something that the owner gave, field by field.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing that is wrong: where, and what is to be done, in a sentence for the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Problem {
    /// The field it concerns, as the form names it; dotted for a part of a list (`parts.0.what`).
    pub field: String,
    /// What is wrong and what to do.
    pub is: String,
}

impl Problem {
    /// A problem with a field.
    pub fn new(field: impl Into<String>, is: impl Into<String>) -> Self {
        Self { field: field.into(), is: is.into() }
    }
}
