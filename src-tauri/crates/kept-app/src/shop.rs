//! What Kept holds in memory: the open promises, and nothing that grows with the closed ones.

use crate::care::{self, Cares};
use crate::commit::{record_of, rows_of};
use crate::failure::Failure;
use crate::records::{Changed, Known, Record, SETTINGS_KEY};
use crate::store::{Store, Version};
use crate::tallies::Tallies;
use kept_core::around::Around;
use kept_core::chore::Chore;
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::day::Now;
use kept_core::id::{ChoreId, CommitmentId, CustomerId, OfferId, SeriesId};
use kept_core::offer::{Menu, Offer};
use kept_core::series::Series;
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
    /// What is known of closed promises, and the hours that are set aside.
    pub tallies: Tallies,
    /// The menu, what repeats and the chores.
    pub few: Few,
    /// The number of the newest change.
    pub change: u64,
    /// Nothing was ever promised.
    pub empty: bool,
    /// The made-up shop is loaded.
    pub made_up: bool,
}

/// Records of which there are so few that all of them are held in memory.
#[derive(Debug, Default)]
pub(crate) struct Few {
    /// The menu.
    pub offers: BTreeMap<OfferId, Arc<Known<Offer>>>,
    /// The promises that repeat, also those that are over.
    pub series: BTreeMap<SeriesId, Arc<Known<Series>>>,
    /// The chores.
    pub chores: BTreeMap<ChoreId, Arc<Known<Chore>>>,
    /// Feedback, recoveries and their like.
    pub care: Cares,
}

impl Few {
    /// Reads them from the store.
    pub(crate) async fn load(store: &dyn Store) -> Result<Self, Failure> {
        let mut few = Self::default();
        let kinds: [&[u8]; 3] = [b"f", b"g", b"w"];
        for prefix in kinds.into_iter().chain(care::KINDS.iter().map(|(kind, _)| *kind)) {
            for row in rows_of(store, prefix).await? {
                few.put(record_of(&row)?);
            }
        }
        Ok(few)
    }

    fn put(&mut self, known: Known<Record>) {
        match known.it.clone() {
            Record::Offer(it) => drop(self.offers.insert(it.id, Arc::new(known.map(|_| it)))),
            Record::Series(it) => drop(self.series.insert(it.id, Arc::new(known.map(|_| it)))),
            Record::Chore(it) => drop(self.chores.insert(it.id, Arc::new(known.map(|_| it)))),
            Record::Care(it) => self.care.put(known.map(|_| it)),
            Record::Commitment(_) | Record::Customer(_) | Record::Settings(_) => {}
        }
    }

    fn remove(&mut self, record: &Record) {
        match record {
            Record::Offer(it) => drop(self.offers.remove(&it.id)),
            Record::Series(it) => drop(self.series.remove(&it.id)),
            Record::Chore(it) => drop(self.chores.remove(&it.id)),
            Record::Care(it) => self.care.remove(it),
            Record::Commitment(_) | Record::Customer(_) | Record::Settings(_) => {}
        }
    }
}

impl Menu for Few {
    fn offer(&self, id: OfferId) -> Option<&Offer> {
        self.offers.get(&id).map(|known| &known.it)
    }
}

impl Shop {
    /// Takes over what a change did, with the version of its rows.
    pub(crate) fn apply(&mut self, key: &[u8], changed: &Changed, change: u64, row: Version) {
        self.tallies.follow(changed, &self.settings.it);
        let (born, last) = changed.numbers(change);
        let known = Known { it: (), born, last, row };
        match &changed.after {
            Some(Record::Commitment(it)) => {
                self.empty = false;
                self.made_up |= it.made_up;
                if it.is_open() {
                    self.open.insert(it.id, Arc::new(known.map(|()| it.clone())));
                } else {
                    self.open.remove(&it.id);
                }
            }
            Some(Record::Customer(it)) => {
                self.customers.insert(it.id, Arc::new(known.map(|()| it.clone())));
            }
            Some(Record::Settings(it)) => self.settings = known.map(|()| it.clone()),
            Some(record @ (Record::Offer(_) | Record::Series(_) | Record::Chore(_) | Record::Care(_))) => {
                self.few.put(known.map(|()| record.clone()));
            }
            None => match changed.before.as_ref().map(|known| &known.it) {
                Some(Record::Commitment(it)) => drop(self.open.remove(&it.id)),
                Some(Record::Customer(it)) => drop(self.customers.remove(&it.id)),
                Some(
                    record @ (Record::Offer(_) | Record::Series(_) | Record::Chore(_) | Record::Care(_)),
                ) => {
                    self.few.remove(record);
                }
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
        needed.extend(wanted.iter().copied().chain(self.few.care.customers()));
        self.customers.retain(|id, _| needed.contains(id));
    }

    /// What goes on around the open promises.
    pub(crate) fn around(&self, now: &Now) -> Around<'_> {
        self.tallies.around(self.open.values().map(|known| &known.it), &self.settings.it, now)
    }

    /// The name of a customer, as lists show it.
    pub(crate) fn customer_name(&self, id: CustomerId) -> String {
        self.customers.get(&id).map_or_else(|| "Unknown customer".to_owned(), |known| known.it.name.clone())
    }
}
