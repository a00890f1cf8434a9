//! What the record says: promises that came due in a period, counted as SCOR counts a perfect order, in full and on time. The
//! denominator is what was due in the period, not what happened to be delivered in it. Nobody who works here is counted.

mod fact;
mod figures;
mod words;

pub use fact::{Fact, FactRow};
pub use figures::{Figures, LeadTimes, Repeated, Score, SizeGroup, figures};
pub use words::{causes_words, growth_words, median_words, score_words, uncertainty};

use crate::day::Day;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Days from one to another, both with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

/// A figure, by which the promises behind it are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Figure {
    /// Kept and missed, as first promised: the missed ones first.
    Due,
    /// Kept, as first promised.
    Kept,
    /// Missed, as first promised.
    Missed,
    /// Kept, as last agreed.
    KeptAsAgreed,
    /// Missed, as last agreed.
    MissedAsAgreed,
    /// Late by a day or more, the worst first.
    Late,
    /// Those from which lead times were taken.
    Lead,
    /// Of those, the ones that took so many days; the longest of the chart and all that took longer for its last.
    LeadDays {
        /// How many.
        days: u32,
    },
    /// At risk, and kept.
    QuietSaves,
    /// Gifts that were due.
    Gifts,
    /// One quarter of the orders by their size, from 0.
    Size {
        /// Which.
        quarter: u32,
    },
    /// What was due on one day.
    Day {
        /// Which.
        day: Day,
    },
}

impl Period {
    /// No period is longer: three years.
    const DAYS_MOST: i64 = 3 * 366;

    /// So many days up to and with a day.
    pub fn up_to(to: Day, days: i64) -> Self {
        Self { from: to.plus(1 - days), to }
    }

    /// As many days, before this one.
    #[must_use]
    pub fn before(&self) -> Self {
        Self::up_to(self.from.plus(-1), self.days())
    }

    /// How many days it has.
    pub fn days(&self) -> i64 {
        self.to.days_since(self.from) + 1
    }

    /// Whether it has an end after its beginning, and not one too far.
    pub fn is_sound(&self) -> bool {
        (0..Self::DAYS_MOST).contains(&self.to.days_since(self.from))
    }

    /// Whether a day lies in it.
    pub fn holds(&self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

#[cfg(test)]
mod tests;
