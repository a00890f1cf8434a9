//! Parts of the record that stand beside the score: causes, order sizes, answers to customers, and what repeats.

use crate::failure::Failure;
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::{Kept, feedback};
use kept_core::day::Now;
use kept_core::id::{CauseId, CommitmentId, CustomerId};
use kept_core::insights::{Figure, Figures, Period, causes_words, score_words, uncertainty};
use kept_core::views::insights::{CauseShare, RepliesView, SeriesView, SizeView};
use kept_core::words::duration;
use std::cmp::Reverse;
use std::collections::HashSet;

/// So many answers are named.
const SLOWEST_MOST: usize = 50;

/// What the misses of a period are put down to, the most first, with the running share of Pareto's chart.
pub(super) fn causes(kept: &Kept, figures: &Figures) -> Vec<CauseShare> {
    let missed: HashSet<CommitmentId> = figures.promised.missed.iter().copied().collect();
    let mut known: HashSet<CommitmentId> = HashSet::new();
    let mut shares: Vec<(Option<CauseId>, String, Vec<CommitmentId>)> = Vec::new();
    for cause in kept.shop().few.care.causes.values() {
        let of = &cause.it.draft;
        // A miss that several causes name counts for the one that was asked about first.
        let promises: Vec<CommitmentId> =
            of.promises.iter().copied().filter(|id| missed.contains(id) && known.insert(*id)).collect();
        if !promises.is_empty() {
            shares.push((Some(cause.it.id), of.deepest().to_owned(), promises));
        }
    }
    shares.sort_by_key(|(cause, _, promises)| (Reverse(promises.len()), *cause));
    let unknown: Vec<CommitmentId> =
        figures.promised.missed.iter().copied().filter(|id| !known.contains(id)).collect();
    if !unknown.is_empty() {
        shares.push((None, "Nobody has asked why yet".to_owned(), unknown));
    }
    let all = missed.len().max(1);
    let mut running = 0;
    let share = |(cause, words, promises): (Option<CauseId>, String, Vec<CommitmentId>)| {
        running += promises.len();
        let running_percent = to_u32(running * 100 / all);
        CauseShare { cause, words, misses: to_u32(promises.len()), running_percent, promises }
    };
    shares.into_iter().map(share).collect()
}

/// How many causes are behind most of the misses.
pub(super) fn title_of(shares: &[CauseShare]) -> Option<String> {
    let known: Vec<u32> =
        shares.iter().filter(|share| share.cause.is_some()).map(|share| share.misses).collect();
    causes_words(&known, shares.iter().map(|share| share.misses).sum())
}

/// On time by order size.
pub(super) fn sizes(figures: &Figures) -> Vec<SizeView> {
    let view = |(quarter, group): (u32, &kept_core::insights::SizeGroup)| {
        let (kept, missed) = (to_u32(group.kept.len()), to_u32(group.missed.len()));
        let (low, high) = uncertainty(kept, kept + missed).unwrap_or((0, 100));
        SizeView {
            from: group.from,
            to: group.to,
            kept,
            missed,
            words: score_words(kept, kept + missed),
            percent: kept * 100 / (kept + missed).max(1),
            low,
            high,
            behind: Figure::Size { quarter },
        }
    };
    (0..).zip(&figures.sizes).map(view).collect()
}

/// Whether small orders fare worse than large ones, in a sentence.
pub(super) fn sizes_words(sizes: &[SizeView]) -> Option<String> {
    let (small, large) = (sizes.first()?, sizes.last()?);
    // A difference counts only where chance alone would hardly make it.
    let words = match (small.high < large.low, large.high < small.low) {
        (true, _) => "The smallest orders fare worse than the largest. They should not.",
        (false, true) => "The largest orders fare worse than the smallest.",
        (false, false) if small.percent.abs_diff(large.percent) > 5 => {
            "Too few to tell whether small orders fare as well as large ones."
        }
        (false, false) => "Small orders fare as well as large ones.",
    };
    Some(words.to_owned())
}

/// How fast messages of a period were answered.
pub(super) fn replies(shop: &Shop, period: Period, now: &Now) -> RepliesView {
    let settings = &shop.settings.it;
    let (calendar, target) = (&settings.calendar, settings.reply_minutes);
    let clocks = shop.few.care.feedback.values().flat_map(|known| known.it.clocks(calendar, now));
    let clocks = clocks.filter(|clock| period.holds(calendar.zone.day(clock.from)));
    let (answered, waiting): (Vec<_>, Vec<_>) = clocks.partition(|clock| clock.answered_at.is_some());
    // Who waits for longer than they should was not answered in time, whenever that will be.
    let late_already = waiting.iter().filter(|clock| clock.is_late(target)).count();
    let answered: Vec<i64> = answered.iter().map(|clock| clock.elapsed).collect();
    let in_time = to_u32(answered.iter().filter(|minutes| **minutes <= i64::from(target)).count());
    let of = to_u32(answered.len() + late_already);
    RepliesView {
        answered: to_u32(answered.len()),
        in_time,
        words: score_words(in_time, of),
        median: median(&answered).map(duration),
        target: duration(i64::from(target)),
        slowest: feedback::slowest(shop, period, SLOWEST_MOST, now),
    }
}

/// What repeats and was missed, what was missed most first.
pub(super) async fn series(kept: &Kept, figures: &Figures) -> Result<Vec<SeriesView>, Failure> {
    let customers: Vec<CustomerId> = {
        let shop = kept.shop();
        let missed = figures.series.keys().filter_map(|id| shop.few.series.get(id));
        missed.map(|known| known.it.customer).collect()
    };
    kept.customers(&customers).await?;
    let shop = kept.shop();
    let mut views: Vec<(usize, SeriesView)> = figures
        .series
        .iter()
        .filter_map(|(id, of)| {
            let known = shop.few.series.get(id)?;
            let view = SeriesView {
                series: *id,
                title: known.it.title(),
                customer: shop.customer_name(known.it.customer),
                words: of.pattern.words().unwrap_or_default(),
                chronic: of.pattern.is_chronic(),
                missed: of.missed.clone(),
            };
            Some((of.pattern.missed, view))
        })
        .collect();
    views.sort_by_key(|(missed, view)| (Reverse(*missed), view.series));
    Ok(views.into_iter().map(|(_, view)| view).collect())
}

/// What nine in ten did not exceed: the 90th percentile by nearest rank.
pub(super) fn most(minutes: &[i64]) -> Option<i64> {
    let mut minutes = minutes.to_vec();
    minutes.sort_unstable();
    minutes.get((minutes.len() * 9).div_ceil(10).checked_sub(1)?).copied()
}

/// The middle of some minutes.
pub(super) fn median(minutes: &[i64]) -> Option<i64> {
    let mut minutes = minutes.to_vec();
    minutes.sort_unstable();
    let middle = minutes.len() / 2;
    let high = *minutes.get(middle)?;
    let low = if minutes.len().is_multiple_of(2) { minutes[middle - 1] } else { high };
    Some(i64::midpoint(low, high))
}
