//! Something that is to be done at a time, in words: what a record other than a promise asks to be reminded of.

use crate::day::{Day, Stamp};

/// Something that is to be done by a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// By when.
    pub by: By,
    /// What, in words: `Check back with Dana Reyes`.
    pub what: String,
}

/// By when something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// On a day, before the business closes.
    Day(Day),
    /// At an instant.
    Instant(Stamp),
}

impl Owed {
    /// Something to be done on a day.
    pub fn on(day: Day, what: impl Into<String>) -> Self {
        Self { by: By::Day(day), what: what.into() }
    }

    /// Something to be done by an instant.
    pub fn at(instant: Stamp, what: impl Into<String>) -> Self {
        Self { by: By::Instant(instant), what: what.into() }
    }
}
