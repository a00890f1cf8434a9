//! What the screens about customers show.

use crate::customer::CustomerForm;
use crate::day::Stamp;
use crate::id::{CommitmentId, CustomerId};
use crate::merge::Likeness;
use crate::outcome::Outcome;
use crate::views::Done;
use crate::views::menu::SeriesRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// In which order customers are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CustomerSort {
    /// By name.
    #[default]
    Name,
    /// Those whom Kept heard of last first.
    Newest,
    /// Those to whom most is still owed first.
    MostOpen,
}

/// One way to reach a customer, for its sign on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ContactKind {
    /// By e-mail.
    Email,
    /// By telephone.
    Phone,
    /// In any other way.
    Other,
}

/// What happened with a customer, for its sign on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EventKind {
    /// Something was promised.
    Promised,
    /// A date was moved.
    Moved,
    /// The customer was told something.
    Told,
    /// The customer told us something.
    Feedback,
    /// We began to make a miss good, or ended it.
    Recovery,
    /// Something was handed over.
    HandedOver,
    /// A date passed and not all was there.
    Missed,
    /// A promise was called off.
    CalledOff,
    /// Money came in.
    Paid,
    /// A note was written.
    Note,
    /// Another customer turned out to be this one.
    Merged,
}

views! {
    /// A page of customers.
    pub struct CustomersPage {
        /// How many match.
        pub count: u32,
        /// How many there are in all.
        pub all: u32,
        /// Where this page begins.
        pub offset: u32,
        /// The rows of this page.
        pub rows: Vec<CustomerRow>,
        /// Nobody is spelled as it was searched for: these come close.
        pub forgiven: bool,
    }

    /// One customer in a list.
    pub struct CustomerRow {
        /// The customer.
        pub id: CustomerId,
        /// Their version, for changes to them.
        pub version: u64,
        /// The name.
        pub name: String,
        /// The preferred way to reach them.
        pub reach: Option<String>,
        /// Promises made to them in all.
        pub promises: u32,
        /// Promises of which something is still owed.
        pub open: u32,
        /// They were let down not long ago.
        pub second_chance: bool,
        /// When Kept first heard of them.
        pub since: Stamp,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// One customer with everything that happened with them.
    pub struct CustomerPage {
        /// The customer.
        pub id: CustomerId,
        /// Their version, for changes to them.
        pub version: u64,
        /// What can be changed of them.
        pub form: CustomerForm,
        /// Ways to reach them, the preferred one first.
        pub contacts: Vec<ContactView>,
        /// In words: `5 promises since 2024, 1 missed`.
        pub record: String,
        /// Promises made to them in all.
        pub promises: u32,
        /// Promises of which something is still owed.
        pub open: u32,
        /// Why all that they are promised is a second chance, in words; none if they were not let down lately.
        pub second_chance: Option<String>,
        /// What repeats for them.
        pub series: Vec<SeriesRow>,
        /// Customers who may be the same one.
        pub doubles: Vec<DoubleView>,
        /// What happened, the newest first.
        pub events: Vec<EventView>,
        /// How many events there are in all.
        pub event_count: u32,
        /// When Kept first heard of them.
        pub since: Stamp,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// One way to reach a customer.
    pub struct ContactView {
        /// What kind of way.
        pub kind: ContactKind,
        /// As it was typed.
        pub typed: String,
        /// As one reads it: numbers as they are dialled from abroad.
        pub shown: String,
        /// What opens the mail program or the telephone; none if nothing does.
        pub link: Option<String>,
    }

    /// One thing that happened with a customer.
    pub struct EventView {
        /// When.
        pub at: Stamp,
        /// What kind of thing.
        pub kind: EventKind,
        /// What, in words.
        pub what: String,
        /// The promise it was about.
        pub promise: Option<CommitmentId>,
        /// How that promise stands or ended, where it was made.
        pub outcome: Option<Outcome>,
    }

    /// A customer who may be the same as another.
    pub struct DoubleView {
        /// The other one.
        pub id: CustomerId,
        /// The other one's version.
        pub version: u64,
        /// The other one's name.
        pub name: String,
        /// How to reach the other one.
        pub reach: Option<String>,
        /// The other one's promises, in words.
        pub record: String,
        /// What speaks for it.
        pub likeness: Likeness,
        /// The same in words: `the same e-mail address`.
        pub why: String,
    }

    /// Customers who may be the same.
    pub struct Doubles {
        /// Pairs, those with most in common first; at most 50.
        pub pairs: Vec<DoublePair>,
    }

    /// Two customers who may be one.
    pub struct DoublePair {
        /// The one of whom Kept heard first.
        pub one: DoubleView,
        /// The other.
        pub other: DoubleView,
    }

    /// The answer to saving a customer.
    pub struct CustomerSaved {
        /// What was done.
        pub done: Done,
        /// The customer.
        pub customer: CustomerId,
    }
}
