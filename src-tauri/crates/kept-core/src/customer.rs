//! Customers.

use crate::commitment::{Note, is_default};
use crate::day::{Stamp, Zone};
use crate::draft::{check_list, check_name};
use crate::id::CustomerId;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// A person or firm that a promise was made to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// Other names that they go by, so that an order finds them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub also: Vec<String>,
    /// Notes about them, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: Vec<Note>,
    /// Customers who turned out to be this one, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub merged: Vec<Merged>,
    /// Customers who look like this one and are not, as the owner has said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_same_as: BTreeSet<CustomerId>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// A customer who turned out to be another one that Kept knew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Merged {
    /// Who they were.
    pub id: CustomerId,
    /// Under which name.
    pub name: String,
    /// How many promises came with them.
    pub promises: u32,
    /// When that was found.
    pub at: Stamp,
}

/// A customer as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct CustomerForm {
    /// The name.
    pub name: String,
    /// Ways to reach them, the preferred one first.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Where things are sent, line by line.
    #[serde(default)]
    pub address: Vec<String>,
    /// The zone whose clocks count for their dates, if it is not the business's.
    #[serde(default)]
    pub zone: Option<Zone>,
    /// Other names that they go by.
    #[serde(default)]
    pub also: Vec<String>,
}

/// More ways to reach one customer than anybody has.
const CONTACTS_MOST: usize = 50;

impl CustomerForm {
    /// What is wrong with it, all at once.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push(Problem::new("name", "Give the customer a name."));
        }
        check_name(&mut problems, "name", &self.name);
        if self.contacts.len() > CONTACTS_MOST {
            problems
                .push(Problem::new("contacts", format!("{CONTACTS_MOST} ways to reach them are enough.")));
        }
        for (index, contact) in self.contacts.iter().enumerate() {
            let field = format!("contacts.{index}");
            check_name(&mut problems, &field, contact.text());
            match contact {
                Contact::Email { address } if !is_email(address) => {
                    problems.push(Problem::new(field, "This is no e-mail address."));
                }
                Contact::Phone { number } if !number.chars().any(|c| c.is_ascii_digit()) => {
                    problems.push(Problem::new(field, "There is no digit in this telephone number."));
                }
                Contact::Email { .. } | Contact::Phone { .. } | Contact::Other { .. } => {}
            }
        }
        check_list(&mut problems, "address", &self.address);
        check_list(&mut problems, "also", &self.also);
        problems
    }

    /// The customer that `before` becomes by this form. What is empty in it is left out.
    pub fn apply_to(self, before: Customer) -> Customer {
        let contacts = self.contacts.into_iter().map(Contact::trimmed);
        Customer {
            name: one_line(&self.name),
            contacts: contacts.filter(|contact| !contact.text().is_empty()).collect(),
            address: lines(&self.address),
            zone: self.zone,
            also: lines(&self.also),
            ..before
        }
    }
}

fn is_email(address: &str) -> bool {
    let address = address.trim();
    address.split_once('@').is_some_and(|(who, host)| !who.is_empty() && !host.is_empty())
        && !address.contains(char::is_whitespace)
}

fn lines(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| one_line(line)).filter(|line| !line.is_empty()).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One way to reach a customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
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

impl Contact {
    /// What was typed.
    pub fn text(&self) -> &str {
        match self {
            Self::Email { address: text } | Self::Phone { number: text } | Self::Other { how: text } => text,
        }
    }

    fn trimmed(self) -> Self {
        match self {
            Self::Email { address } => Self::Email { address: one_line(&address) },
            Self::Phone { number } => Self::Phone { number: one_line(&number) },
            Self::Other { how } => Self::Other { how: one_line(&how) },
        }
    }
}

impl Customer {
    /// Somebody of whom nothing is known but the name.
    pub fn new(id: CustomerId, name: &str, since: Stamp) -> Self {
        Self {
            id,
            name: one_line(name),
            contacts: Vec::new(),
            address: Vec::new(),
            zone: None,
            since,
            also: Vec::new(),
            notes: Vec::new(),
            merged: Vec::new(),
            not_same_as: BTreeSet::new(),
            made_up: false,
        }
    }

    /// All names that they go by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.also).map(String::as_str)
    }

    /// All their e-mail addresses, lower-cased.
    pub fn emails(&self) -> impl Iterator<Item = String> {
        self.contacts.iter().filter_map(|contact| match contact {
            Contact::Email { address } => Some(address.to_lowercase()),
            Contact::Phone { .. } | Contact::Other { .. } => None,
        })
    }

    /// All their telephone numbers, as they were given.
    pub fn phones(&self) -> impl Iterator<Item = &str> {
        self.contacts.iter().filter_map(|contact| match contact {
            Contact::Phone { number } => Some(number.as_str()),
            Contact::Email { .. } | Contact::Other { .. } => None,
        })
    }

    /// The name in the form in which two spellings of one name are equal: case and spaces folded.
    pub fn folded_name(name: &str) -> String {
        name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    }

    /// The first e-mail address, lower-cased, by which an order finds its customer.
    pub fn email(&self) -> Option<String> {
        self.emails().next()
    }
}
