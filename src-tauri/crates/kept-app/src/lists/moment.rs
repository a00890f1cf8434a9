//! How all promises stand at a moment. Lists are asked for page by page and key by key; between two changes, within one
//! minute, nothing about them is computed twice.

use super::catalogue::{Catalogue, Number};
use super::sieve::shown;
use crate::Kept;
use crate::rows::{queue, to_u32};
use fixedbitset::FixedBitSet;
use kept_core::day::Now;
use kept_core::import::shop_name;
use kept_core::list::{Column, PromiseList};
use kept_core::urgency::Place;
use kept_core::views::lists::SourceCount;
use kept_core::views::{PromiseCounts, PromiseFilter};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

/// The change and the minute for which it holds.
pub(crate) type Key = (u64, i64);

/// How all promises stand at a moment.
#[derive(Debug)]
pub(crate) struct Moment {
    /// The open ones most urgent first, then the others latest date first.
    pub(crate) queue: Arc<[Number]>,
    sets: Sets,
    /// They cannot go on: they wait for somebody, or something stands in their way.
    pub(super) blocked: FixedBitSet,
    pub(super) counts: PromiseCounts,
    pub(super) views: Vec<u32>,
    pub(super) sources: Vec<SourceCount>,
    /// The list that was asked for last, so that its next page is there.
    pub(super) last: Mutex<Option<(PromiseList, Arc<Listed>)>>,
}

/// What the usual lists show.
#[derive(Debug)]
struct Sets {
    open: FixedBitSet,
    overdue: FixedBitSet,
    this_week: FixedBitSet,
    paid_idle: FixedBitSet,
    unpaid: FixedBitSet,
    closed: FixedBitSet,
    all: FixedBitSet,
}

/// A list in its order. With each key another one is asked for, and of most of them only the first page.
#[derive(Debug)]
pub(crate) struct Listed {
    shown: FixedBitSet,
    pub(super) count: usize,
    /// All promises in the order that this list takes them from.
    order: Arc<[Number]>,
    descending: bool,
    /// The list itself, once more than its first page was asked for.
    numbers: OnceLock<Vec<Number>>,
    pub(super) forgiven: bool,
}

impl Listed {
    pub(super) fn new(shown: FixedBitSet, order: Arc<[Number]>, descending: bool, forgiven: bool) -> Self {
        let count = shown.count_ones(..);
        Self { shown, count, order, descending, numbers: OnceLock::new(), forgiven }
    }

    /// All of it.
    pub(super) fn numbers(&self) -> &[Number] {
        self.numbers.get_or_init(|| self.first(self.count))
    }

    /// A part of it.
    pub(super) fn page(&self, offset: usize, limit: usize) -> Cow<'_, [Number]> {
        if offset == 0 && self.numbers.get().is_none() {
            return Cow::Owned(self.first(limit.min(self.count)));
        }
        let numbers = self.numbers();
        let from = offset.min(numbers.len());
        Cow::Borrowed(&numbers[from..(from + limit).min(numbers.len())])
    }

    fn first(&self, limit: usize) -> Vec<Number> {
        let is_shown = |number: &Number| self.shown.contains(*number as usize);
        let order = self.order.iter().copied();
        let mut first = Vec::with_capacity(limit);
        if self.descending {
            first.extend(order.rev().filter(is_shown).take(limit));
        } else {
            first.extend(order.filter(is_shown).take(limit));
        }
        first
    }

    /// Those of which something is so come after the others.
    pub(super) fn put_last(&mut self, is_last: impl Fn(Number) -> bool) {
        let mut numbers = self.first(self.count);
        numbers.sort_by_key(|number| is_last(*number));
        self.numbers = numbers.into();
    }
}

impl Moment {
    /// How the promises stand now; computed if something was changed or a minute has passed.
    pub(super) fn of(catalogue: &mut Catalogue, kept: &Kept, now: &Now) -> Arc<Self> {
        let shop = kept.shop();
        let key = (shop.change, now.stamp.millis().div_euclid(60_000));
        if let Some((known, moment)) = &catalogue.moment
            && *known == key
        {
            return Arc::clone(moment);
        }
        let by_date = catalogue.order(Column::Due);
        let size = catalogue.items.len();
        let mut sets = Sets::of(catalogue);
        let mut blocked = FixedBitSet::with_capacity(size);
        let mut order = Vec::with_capacity(size);
        for (standing, known) in queue(&shop, now) {
            let Some(number) = catalogue.number(known.it.id) else { continue };
            let at = number as usize;
            order.push(number);
            sets.overdue.set(at, standing.place == Place::Overdue);
            let later = matches!(standing.place, Place::Later | Place::Awaiting | Place::PaidIdle);
            sets.this_week.set(at, !later);
            sets.paid_idle.set(at, standing.idle_since.is_some());
            let stopped = known.it.is_blocked(|other| shop.open.contains_key(&other));
            blocked.set(at, known.it.waiting.is_some() || stopped);
        }
        order.extend(by_date.iter().rev().filter(|number| !catalogue.item(**number).open));
        let mut moment = Self {
            queue: order.into(),
            counts: sets.counts(),
            sets,
            blocked,
            views: Vec::new(),
            sources: sources(catalogue),
            last: Mutex::new(None),
        };
        let count = |list: &PromiseList| to_u32(shown(catalogue, &moment, list).0.count_ones(..));
        moment.views = shop.settings.it.views.iter().map(|view| count(&view.list)).collect();
        let moment = Arc::new(moment);
        catalogue.moment = Some((key, Arc::clone(&moment)));
        moment
    }

    /// What one of the usual lists shows.
    pub(super) fn shown_by(&self, filter: PromiseFilter) -> &FixedBitSet {
        let sets = &self.sets;
        match filter {
            PromiseFilter::Open => &sets.open,
            PromiseFilter::Overdue => &sets.overdue,
            PromiseFilter::ThisWeek => &sets.this_week,
            PromiseFilter::PaidIdle => &sets.paid_idle,
            PromiseFilter::Unpaid => &sets.unpaid,
            PromiseFilter::Closed => &sets.closed,
            PromiseFilter::All => &sets.all,
        }
    }
}

impl Sets {
    /// What no clock changes; the others are still empty.
    fn of(catalogue: &Catalogue) -> Self {
        let none = || FixedBitSet::with_capacity(catalogue.items.len());
        let mut sets = Self {
            open: none(),
            overdue: none(),
            this_week: none(),
            paid_idle: none(),
            unpaid: none(),
            closed: none(),
            all: none(),
        };
        for (at, item) in catalogue.items.iter().enumerate().filter(|(_, item)| item.there) {
            sets.all.insert(at);
            if item.open { &mut sets.open } else { &mut sets.closed }.insert(at);
            sets.unpaid.set(at, item.unpaid);
        }
        sets
    }

    fn counts(&self) -> PromiseCounts {
        let count = |set: &FixedBitSet| to_u32(set.count_ones(..));
        PromiseCounts {
            open: count(&self.open),
            overdue: count(&self.overdue),
            this_week: count(&self.this_week),
            paid_idle: count(&self.paid_idle),
            unpaid: count(&self.unpaid),
            closed: count(&self.closed),
            all: count(&self.all),
        }
    }
}

fn sources(catalogue: &Catalogue) -> Vec<SourceCount> {
    let mut sources: BTreeMap<&str, u32> = BTreeMap::new();
    for item in catalogue.items.iter().filter(|item| item.there) {
        *sources.entry(&item.source).or_default() += 1;
    }
    let counted = sources.into_iter().map(|(source, count)| {
        let words = match source {
            "typed" => "Typed in".to_owned(),
            shop => shop_name(shop).to_owned(),
        };
        SourceCount { source: source.to_owned(), words, count }
    });
    let mut sources: Vec<SourceCount> = counted.collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.count));
    sources
}
