//! What Kept holds in memory: the open promises, and nothing that grows with the closed ones.

use crate::records::{Changed, Known, Record, SETTINGS_KEY};
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::settings::Settings;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Customers without an open promise that are remembered from lists and pages.
const SPARE_CUSTOMERS: usize = 5_000;

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
                Some(Record::Settings(_)) | None => {
                    debug_assert_ne!(key, SETTINGS_KEY, "settings are never removed");
                }
            },
        }
    }

    /// Lets go of customers that no open promise needs, when many were looked at; those that are asked for stay.
    pub(crate) fn make_room(&mut self, wanted: &[CustomerId]) {
        if self.customers.len() < self.open.len() + SPARE_CUSTOMERS {
            return;
        }
        let mut needed: HashSet<CustomerId> = self.open.values().map(|known| known.it.customer).collect();
        needed.extend(wanted);
        self.customers.retain(|id, _| needed.contains(id));
    }

    /// The name of a customer, as lists show it.
    pub(crate) fn customer_name(&self, id: CustomerId) -> String {
        self.customers.get(&id).map_or_else(|| "Unknown customer".to_owned(), |known| known.it.name.clone())
    }
}
