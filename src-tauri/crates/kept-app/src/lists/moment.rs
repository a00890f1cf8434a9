//! How all promises stand at a moment. Lists are asked for page by page and key by key; between two changes, within one
//! minute, nothing about them is computed twice.

use super::catalogue::{Catalogue, Number};
use super::sieve::Sieve;
use crate::Kept;
use crate::rows::{queue, to_u32};
use fixedbitset::FixedBitSet;
use kept_core::day::Now;
use kept_core::import::shop_name;
use kept_core::list::{Column, PromiseList};
use kept_core::urgency::Place;
use kept_core::views::lists::SourceCount;
use kept_core::views::{PromiseCounts, PromiseFilter};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The change and the minute for which it holds.
pub(crate) type Key = (u64, i64);

/// How all promises stand at a moment.
#[derive(Debug)]
pub(crate) struct Moment {
    /// The open ones most urgent first, then the others latest date first.
    pub(crate) queue: Arc<[Number]>,
    pub(super) overdue: FixedBitSet,
    pub(super) this_week: FixedBitSet,
    pub(super) paid_idle: FixedBitSet,
    /// They cannot go on: they wait for somebody, or something stands in their way.
    pub(super) blocked: FixedBitSet,
    pub(super) counts: PromiseCounts,
    pub(super) views: Vec<u32>,
    pub(super) sources: Vec<SourceCount>,
    /// The list that was asked for last, so that its next page is there.
    pub(super) last: Mutex<Option<(PromiseList, Arc<Listed>)>>,
}

/// A list in its order.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(super) numbers: Vec<Number>,
    pub(super) forgiven: bool,
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
        let none = || FixedBitSet::with_capacity(size);
        let (mut overdue, mut this_week, mut paid_idle, mut blocked) = (none(), none(), none(), none());
        let mut order = Vec::with_capacity(size);
        for (standing, known) in queue(&shop, now) {
            let Some(number) = catalogue.number(known.it.id) else { continue };
            let at = number as usize;
            order.push(number);
            overdue.set(at, standing.place == Place::Overdue);
            let later = matches!(standing.place, Place::Later | Place::Awaiting | Place::PaidIdle);
            this_week.set(at, !later);
            paid_idle.set(at, standing.idle_since.is_some());
            let stopped = known.it.is_blocked(|other| shop.open.contains_key(&other));
            blocked.set(at, known.it.waiting.is_some() || stopped);
        }
        order.extend(by_date.iter().rev().filter(|number| !catalogue.item(**number).open));
        let mut moment = Self {
            queue: order.into(),
            overdue,
            this_week,
            paid_idle,
            blocked,
            counts: counts(catalogue),
            views: Vec::new(),
            sources: sources(catalogue),
            last: Mutex::new(None),
        };
        moment.counts.overdue = to_u32(moment.overdue.count_ones(..));
        moment.counts.this_week = to_u32(moment.this_week.count_ones(..));
        moment.counts.paid_idle = to_u32(moment.paid_idle.count_ones(..));
        let views = &shop.settings.it.views;
        moment.views = views.iter().map(|view| Sieve::new(catalogue, &moment, &view.list).count()).collect();
        let moment = Arc::new(moment);
        catalogue.moment = Some((key, Arc::clone(&moment)));
        moment
    }

    /// Whether one of the usual lists shows a promise.
    pub(super) fn shows(&self, catalogue: &Catalogue, filter: PromiseFilter, number: Number) -> bool {
        let (item, at) = (catalogue.item(number), number as usize);
        match filter {
            PromiseFilter::Open => item.open,
            PromiseFilter::Overdue => self.overdue.contains(at),
            PromiseFilter::ThisWeek => self.this_week.contains(at),
            PromiseFilter::PaidIdle => self.paid_idle.contains(at),
            PromiseFilter::Unpaid => item.unpaid,
            PromiseFilter::Closed => !item.open,
            PromiseFilter::All => true,
        }
    }
}

/// The counts that no clock changes.
fn counts(catalogue: &Catalogue) -> PromiseCounts {
    let mut counts =
        PromiseCounts { open: 0, overdue: 0, this_week: 0, paid_idle: 0, unpaid: 0, closed: 0, all: 0 };
    for item in catalogue.items.iter().filter(|item| item.there) {
        counts.all += 1;
        *(if item.open { &mut counts.open } else { &mut counts.closed }) += 1;
        counts.unpaid += u32::from(item.unpaid);
    }
    counts
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
