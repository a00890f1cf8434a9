//! What Kept holds in memory: the open promises, and nothing that grows with the closed ones.

use crate::records::{Changed, Known, Record, SETTINGS_KEY};
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::settings::Settings;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The open promises with their customers, the settings, and how far the history has come.
#[derive(Debug)]
pub(crate) struct Shop {
    /// What the owner has set.
    pub settings: Known<Settings>,
    /// The promises for which something is still owed.
    pub open: BTreeMap<CommitmentId, Arc<Known<Commitment>>>,
    /// Customers that were needed so far: those of the open promises at least.
    pub customers: HashMap<CustomerId, Arc<Known<Customer>>>,
    /// The number of the newest change.
    pub change: u64,
    /// Nothing was ever promised.
    pub empty: bool,
    /// The made-up shop is loaded.
    pub made_up: bool,
}

impl Shop {
    /// Takes over what a change did.
    pub(crate) fn apply(&mut self, key: &[u8], changed: &Changed, after: Option<Known<Record>>) {
        match after.map(|known| (known.clone(), known.it)) {
            Some((known, Record::Commitment(it))) => {
                self.empty = false;
                self.made_up |= it.made_up;
                if it.is_open() {
                    self.open.insert(it.id, Arc::new(known.map(|_| it)));
                } else {
                    self.open.remove(&it.id);
                }
            }
            Some((known, Record::Customer(it))) => {
                self.customers.insert(it.id, Arc::new(known.map(|_| it)));
            }
            Some((known, Record::Settings(it))) => self.settings = known.map(|_| it),
            None => match changed.before.as_ref().map(|known| &known.it) {
                Some(Record::Commitment(it)) => drop(self.open.remove(&it.id)),
                Some(Record::Customer(it)) => drop(self.customers.remove(&it.id)),
                Some(Record::Settings(_)) | None => debug_assert_ne!(key, SETTINGS_KEY, "settings are never removed"),
            },
        }
    }

    /// The name of a customer, as lists show it.
    pub(crate) fn customer_name(&self, id: CustomerId) -> String {
        self.customers.get(&id).map_or_else(|| "Unknown customer".to_owned(), |known| known.it.name.clone())
    }
}
