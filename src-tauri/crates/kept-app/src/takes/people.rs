//! What the requests about customers take.

use kept_core::customer::CustomerForm;
use kept_core::id::CustomerId;
use kept_core::views::people::CustomerSort;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// Which customers, in which order, from where on.
    pub struct CustomersQuery {
        /// Words that must all occur in their names, addresses or numbers; accents do not matter, nor does a slip in a
        /// long word.
        #[serde(default)]
        pub search: String,
        /// In which order.
        #[serde(default)]
        pub sort: CustomerSort,
        /// How many to leave out from the beginning.
        #[serde(default)]
        pub offset: u32,
        /// How many to give; at most 200.
        pub limit: u32,
    }

    /// One customer, and a stretch of what happened with them.
    pub struct TheCustomer {
        /// Which one.
        pub customer: CustomerId,
        /// How many events to leave out, from the newest on.
        #[serde(default)]
        pub offset: u32,
        /// How many to give; at most 200.
        pub limit: u32,
    }

    /// A customer as they are to be.
    pub struct SaveCustomer {
        /// Which one; a new one if none is named.
        #[serde(default)]
        pub customer: Option<CustomerId>,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What is known of them.
        pub form: CustomerForm,
    }

    /// A note about a customer.
    pub struct NoteOnCustomer {
        /// About whom.
        pub customer: CustomerId,
        /// What it says.
        pub text: String,
    }

    /// Two customers of whom the owner says that they are one.
    pub struct MergeCustomers {
        /// Who stays.
        pub keep: CustomerId,
        /// The version of them that was seen.
        #[serde(default)]
        pub keep_version: Option<u64>,
        /// Who turned out to be the same.
        pub other: CustomerId,
        /// The version of them that was seen.
        #[serde(default)]
        pub other_version: Option<u64>,
    }

    /// Two customers of whom the owner says that they are two.
    pub struct TwoCustomers {
        /// One of them.
        pub one: CustomerId,
        /// The other.
        pub other: CustomerId,
    }
}
