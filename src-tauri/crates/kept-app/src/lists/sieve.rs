//! What a list lets through, and in which order.

use super::catalogue::{Catalogue, Number};
use super::moment::{Listed, Moment};
use crate::rows::to_u32;
use fixedbitset::FixedBitSet;
use kept_core::list::{Column, PromiseList};
use kept_core::search::words_of;
use std::sync::{Arc, PoisonError};

/// One list, ready to say of each promise whether it shows it.
pub(super) struct Sieve<'a> {
    catalogue: &'a Catalogue,
    moment: &'a Moment,
    list: &'a PromiseList,
    found: Option<FixedBitSet>,
    pub(super) forgiven: bool,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, moment: &'a Moment, list: &'a PromiseList) -> Self {
        let words = words_of(&list.search);
        let found = (!words.is_empty()).then(|| catalogue.text.find(&words));
        let forgiven = found.as_ref().is_some_and(|found| found.forgiven);
        Self { catalogue, moment, list, found: found.map(|found| found.entries), forgiven }
    }

    pub(super) fn shows(&self, number: Number) -> bool {
        let (item, list) = (self.catalogue.item(number), self.list);
        self.found.as_ref().is_none_or(|found| found.contains(number as usize))
            && self.moment.shows(self.catalogue, list.filter, number)
            && list.customer.is_none_or(|customer| customer == item.customer)
            && any_of(&list.statuses, &item.status)
            && any_of(&list.payments, &item.payment)
            && (list.sources.is_empty() || list.sources.iter().any(|source| **source == *item.source))
            && list.due_from.is_none_or(|from| item.day.is_some_and(|day| day >= from))
            && list.due_to.is_none_or(|to| item.day.is_some_and(|day| day <= to))
            && (!list.second_chance || item.second_chance)
            && (!list.blocked || self.moment.blocked.contains(number as usize))
            && list.offer.is_none_or(|offer| item.offers.contains(&offer))
    }

    pub(super) fn count(&self) -> u32 {
        to_u32(self.moment.queue.iter().filter(|number| self.shows(**number)).count())
    }
}

/// Whether a value is among those that are let through; nothing said lets all through.
fn any_of<T: PartialEq>(wanted: &[T], value: &T) -> bool {
    wanted.is_empty() || wanted.contains(value)
}

/// A list in its order. The last one is remembered, for its next page.
pub(super) fn listed(catalogue: &mut Catalogue, moment: &Moment, list: PromiseList) -> Arc<Listed> {
    let mut remembered = moment.last.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, answer)) = remembered.as_ref()
        && *known == list
    {
        return Arc::clone(answer);
    }
    let order = match list.sort {
        None => Arc::clone(&moment.queue),
        Some(column) => catalogue.order(column),
    };
    let sieve = Sieve::new(catalogue, moment, &list);
    let shown = order.iter().copied().filter(|number| sieve.shows(*number));
    let mut numbers: Vec<Number> = shown.collect();
    if list.descending {
        numbers.reverse();
        if list.sort == Some(Column::Due) {
            // What has no date comes last, whichever way the dates go.
            numbers.sort_by_key(|number| catalogue.item(*number).day.is_none());
        }
    }
    let answer = Arc::new(Listed { numbers, forgiven: sieve.forgiven });
    *remembered = Some((list, Arc::clone(&answer)));
    answer
}
