//! What the palette, the calendar, the board and bulk actions show.

use super::{CustomerBrief, PromiseRow};
use crate::commitment::FulfilmentStatus;
use crate::day::Day;
use crate::id::{CommitmentId, OfferId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// Where promises came from.
    pub struct SourceCount {
        /// By which a list is narrowed to it: `typed`, `shopify`.
        pub source: String,
        /// In words: `Typed in`, `Shopify`.
        pub words: String,
        /// How many promises.
        pub count: u32,
    }

    /// What a text in the command palette could mean.
    pub struct Found {
        /// Promises: the open ones most urgent first, then the closed ones, the latest first.
        pub promises: Vec<PromiseRow>,
        /// How many promises there are in all.
        pub promise_count: u32,
        /// Customers whose name begins like this first.
        pub customers: Vec<CustomerBrief>,
        /// How many customers there are in all.
        pub customer_count: u32,
        /// What is on the menu by a name like this.
        pub offers: Vec<FoundOffer>,
        /// Nothing is spelled like this: these come close.
        pub forgiven: bool,
    }

    /// An offer of the menu, as the palette shows it.
    pub struct FoundOffer {
        /// The offer.
        pub id: OfferId,
        /// What it is called.
        pub name: String,
        /// Why it matters to the customer.
        pub why: String,
    }

    /// A month of promises.
    pub struct CalendarMonth {
        /// Its first day.
        pub month: Day,
        /// Its name: `November 2026`.
        pub name: String,
        /// The first day of the month before; none at the beginning of time.
        pub previous: Option<Day>,
        /// The first day of the month after.
        pub next: Option<Day>,
        /// The days of the week in the owner's order: `Mon`.
        pub week_days: Vec<String>,
        /// Whole weeks, so that some days belong to the months beside it.
        pub weeks: Vec<CalendarWeek>,
        /// Promises in this month.
        pub count: u32,
        /// Promises that match and have no date.
        pub without_date: u32,
    }

    /// A week of a month.
    pub struct CalendarWeek {
        /// Its seven days.
        pub days: Vec<CalendarDay>,
    }

    /// One day of a month.
    pub struct CalendarDay {
        /// The day.
        pub day: Day,
        /// In words, for those who hear it: `Friday 20 November`.
        pub words: String,
        /// It belongs to this month.
        pub within: bool,
        /// It is today.
        pub today: bool,
        /// It has passed.
        pub past: bool,
        /// The business is closed.
        pub closed: bool,
        /// Promises due on it.
        pub count: u32,
        /// The first of them, at most five.
        pub rows: Vec<PromiseRow>,
    }

    /// Promises by how far they have come.
    pub struct Board {
        /// One column for each status but called off.
        pub columns: Vec<BoardColumn>,
    }

    /// One column of the board. What lies below its first rows is asked for as a list of this status.
    pub struct BoardColumn {
        /// How far these have come.
        pub status: FulfilmentStatus,
        /// In words: `In progress`.
        pub name: String,
        /// How many there are.
        pub count: u32,
        /// The first of them.
        pub rows: Vec<PromiseRow>,
    }

    /// What was done with several promises at once: one change, which is undone as one.
    pub struct BulkDone {
        /// The commit that did it.
        pub change: u64,
        /// In words: `Handed over 5 promises`.
        pub said: String,
        /// The promise, if it was done with one alone.
        pub promise: Option<CommitmentId>,
        /// With how many it was done.
        pub count: u32,
        /// Those that stayed as they are, and why.
        pub left: Vec<LeftAsIs>,
    }

    /// A promise that a bulk action could not change.
    pub struct LeftAsIs {
        /// The promise.
        pub promise: CommitmentId,
        /// What it is and for whom: `12 cupcakes for Maria Silva`.
        pub title: String,
        /// Why, in a sentence.
        pub is: String,
    }
}
