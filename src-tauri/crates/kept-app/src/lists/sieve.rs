//! What a list lets through, and in which order.

use super::catalogue::{Catalogue, Item};
use super::moment::{Listed, Moment};
use fixedbitset::FixedBitSet;
use kept_core::list::{Column, PromiseList};
use kept_core::search::words_of;
use std::sync::{Arc, PoisonError};

/// What a list shows, as a set, and whether a typing error was forgiven for it.
///
/// What most lists are narrowed by are sets already; only what is left of them is looked at one by one.
pub(super) fn shown(catalogue: &Catalogue, moment: &Moment, list: &PromiseList) -> (FixedBitSet, bool) {
    let mut shown = moment.shown_by(list.filter).clone();
    let words = words_of(&list.search);
    let mut forgiven = false;
    if !words.is_empty() {
        let found = catalogue.text.find(&words);
        shown.intersect_with(&found.entries);
        forgiven = found.forgiven;
    }
    if list.blocked {
        shown.intersect_with(&moment.blocked);
    }
    if is_narrowed(list) {
        shown = shown.ones().filter(|at| lets_through(list, &catalogue.items[*at])).collect();
    }
    (shown, forgiven)
}

/// Whether anything of each promise has to be looked at.
fn is_narrowed(list: &PromiseList) -> bool {
    let PromiseList {
        filter: _,
        search: _,
        blocked: _,
        sort: _,
        descending: _,
        customer,
        statuses,
        payments,
        sources,
        due_from,
        due_to,
        second_chance,
        offer,
    } = list;
    customer.is_some()
        || offer.is_some()
        || !(statuses.is_empty() && payments.is_empty() && sources.is_empty())
        || due_from.is_some()
        || due_to.is_some()
        || *second_chance
}

fn lets_through(list: &PromiseList, item: &Item) -> bool {
    list.customer.is_none_or(|customer| customer == item.customer)
        && any_of(&list.statuses, &item.status)
        && any_of(&list.payments, &item.payment)
        && (list.sources.is_empty() || list.sources.iter().any(|source| **source == *item.source))
        && list.due_from.is_none_or(|from| item.day.is_some_and(|day| day >= from))
        && list.due_to.is_none_or(|to| item.day.is_some_and(|day| day <= to))
        && (!list.second_chance || item.second_chance)
        && list.offer.is_none_or(|offer| item.offers.contains(&offer))
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
    let (shown, forgiven) = shown(catalogue, moment, &list);
    let mut listed = Listed::new(shown, order, list.descending, forgiven);
    if list.descending && list.sort == Some(Column::Due) {
        // What has no date comes last, whichever way the dates go.
        listed.put_last(|number| catalogue.item(number).day.is_none());
    }
    let answer = Arc::new(listed);
    *remembered = Some((list, Arc::clone(&answer)));
    answer
}
