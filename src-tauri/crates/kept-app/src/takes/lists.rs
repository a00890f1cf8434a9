//! What the requests for lists take.

use kept_core::commitment::{FulfilmentStatus, Party, PaymentState, WaitingOn};
use kept_core::day::{Day, Due, Stamp};
use kept_core::id::{CommitmentId, CustomerId, OfferId};
use kept_core::list::{Column, PromiseList, SavedView};
use kept_core::views::{PromiseFilter, SnoozeFor};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// Which promises, in which order, from where on: the fields of a `PromiseList`, and a page of it.
    pub struct PromisesQuery {
        /// Which ones at first.
        #[serde(default)]
        pub filter: PromiseFilter,
        /// Words that must all occur in the parts, the customer, the source or the notes.
        #[serde(default)]
        pub search: String,
        /// Only those of one customer.
        #[serde(default)]
        pub customer: Option<CustomerId>,
        /// Only those that have come as far as one of these.
        #[serde(default)]
        pub statuses: Vec<FulfilmentStatus>,
        /// Only those whose payment stands at one of these.
        #[serde(default)]
        pub payments: Vec<PaymentState>,
        /// Only those from one of these.
        #[serde(default)]
        pub sources: Vec<String>,
        /// Only those due on this day or later.
        #[serde(default)]
        pub due_from: Option<Day>,
        /// Only those due on this day or earlier.
        #[serde(default)]
        pub due_to: Option<Day>,
        /// Only those to customers who were let down before.
        #[serde(default)]
        pub second_chance: bool,
        /// Only those that cannot go on.
        #[serde(default)]
        pub blocked: bool,
        /// Only those that were made of one offer of the menu.
        #[serde(default)]
        pub offer: Option<OfferId>,
        /// By what they are ordered.
        #[serde(default)]
        pub sort: Option<Column>,
        /// The other way round.
        #[serde(default)]
        pub descending: bool,
        /// How many to leave out from the beginning.
        #[serde(default)]
        pub offset: u32,
        /// How many to give; at most 200.
        pub limit: u32,
    }

    /// A text that somebody looks for.
    pub struct FindText {
        /// The text, as far as it was typed.
        pub text: String,
    }

    /// A month of a list.
    pub struct CalendarQuery {
        /// Any day of the month; the month that it is now if none is named.
        #[serde(default)]
        pub month: Option<Day>,
        /// Which promises; the order is that of their dates.
        #[serde(default)]
        pub list: PromiseList,
    }

    /// A list by how far its promises have come.
    pub struct BoardQuery {
        /// Which promises; the open and the closed ones alike.
        #[serde(default)]
        pub list: PromiseList,
        /// How many rows of each column to give; at most 50.
        pub limit: u32,
    }

    /// One thing done with several promises at once.
    pub struct Bulk {
        /// With which; at most 500.
        pub promises: Vec<CommitmentId>,
        /// What.
        pub deed: BulkDeed,
    }

    /// A list that gets a name.
    pub struct SaveView {
        /// The view as it is to be.
        pub view: SavedView,
        /// The name of the view that it takes the place of; none for a new one.
        #[serde(default)]
        pub instead_of: Option<String>,
    }

    /// A view that is no longer needed.
    pub struct RemoveView {
        /// Its name.
        pub name: String,
    }

    /// A key for an action.
    pub struct SetKey {
        /// The action's name, as the UI knows it.
        pub action: String,
        /// The key; nothing for none at all; the usual one if nothing is said.
        #[serde(default)]
        pub key: Option<String>,
    }
}

/// What is done with several promises at once. What asks questions about one promise is done with it alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub enum BulkDeed {
    /// Work on them has begun.
    StartWork,
    /// All that is left of them is handed over.
    HandOver,
    /// Their dates move to one date.
    MoveDate {
        /// The new date.
        to: Due,
        /// Who asked for it.
        by: Party,
        /// The customers know: when they were told.
        #[serde(default)]
        told_at: Option<Stamp>,
        /// Whether they agreed; none if they did not answer.
        #[serde(default)]
        agreed: Option<bool>,
        /// Why.
        #[serde(default)]
        why: Option<String>,
        /// What the customers are told, where the rule about moves wants a note.
        #[serde(default)]
        note: Option<String>,
    },
    /// Their alerts are put off. Nothing of the promises changes.
    Snooze {
        /// For how long.
        until: SnoozeFor,
    },
    /// They wait for somebody, or no longer.
    WaitFor {
        /// For whom; none when the waiting is over.
        #[serde(default)]
        on: Option<WaitingOn>,
        /// The day on which to chase them; the setting if none is named.
        #[serde(default)]
        chase: Option<Day>,
    },
    /// They are called off.
    Cancel {
        /// By whom.
        by: Party,
        /// Why.
        #[serde(default)]
        why: Option<String>,
    },
}

impl PromisesQuery {
    /// Which promises, without the page.
    pub fn list(self) -> PromiseList {
        PromiseList {
            filter: self.filter,
            search: self.search,
            customer: self.customer,
            statuses: self.statuses,
            payments: self.payments,
            sources: self.sources,
            due_from: self.due_from,
            due_to: self.due_to,
            second_chance: self.second_chance,
            blocked: self.blocked,
            offer: self.offer,
            sort: self.sort,
            descending: self.descending,
        }
    }
}
