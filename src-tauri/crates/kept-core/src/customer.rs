//! Customers.

use crate::commitment::is_default;
use crate::day::{Stamp, Zone};
use crate::id::CustomerId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A person or firm that a promise was made to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its record's id.
    pub id: CustomerId,
    /// The name as the owner writes it.
    pub name: String,
    /// Ways to reach them, the preferred one first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub contacts: Vec<Contact>,
    /// Where things are sent, line by line.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address: Vec<String>,
    /// The zone whose clocks count for this customer's dates, if it is not the business's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub zone: Option<Zone>,
    /// When Kept first heard of them.
    pub since: Stamp,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// One way to reach a customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Contact {
    /// By e-mail.
    Email {
        /// The address.
        address: String,
    },
    /// By telephone.
    Phone {
        /// The number as it was given.
        number: String,
    },
    /// In any other way: a handle, a counter, a neighbour.
    Other {
        /// How, in the owner's words.
        how: String,
    },
}

impl Customer {
    /// The name in the form in which two spellings of one name are equal: case and spaces folded.
    pub fn folded_name(name: &str) -> String {
        name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    }

    /// The first e-mail address, lower-cased, by which an order finds its customer.
    pub fn email(&self) -> Option<String> {
        self.contacts.iter().find_map(|contact| match contact {
            Contact::Email { address } => Some(address.to_lowercase()),
            Contact::Phone { .. } | Contact::Other { .. } => None,
        })
    }
}
