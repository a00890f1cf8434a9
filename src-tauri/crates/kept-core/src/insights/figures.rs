//! The figures of a period.

use super::{Fact, Figure, Period};
use crate::calendar::WorkingCalendar;
use crate::day::{Day, Now};
use crate::id::{CommitmentId, SeriesId};
use crate::money::{Currency, Money};
use crate::outcome::Outcome;
use crate::series::Pattern;
use std::collections::BTreeMap;

/// Fewer orders than this are not parted by their size.
const SIZES_LEAST: usize = 8;
/// What took longer than so many days stands together.
const LEAD_DAYS_MOST: u32 = 14;
const MINUTES_OF_DAY: i64 = 24 * 60;
/// In how many groups orders are parted by their size.
const QUARTERS: usize = 4;

/// The figures of a period, each with the promises behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Kept and missed, as first promised.
    pub promised: Score,
    /// Kept and missed, as last agreed.
    pub agreed: Score,
    /// Gifts that make up for a miss.
    pub gifts: Score,
    /// Days late of each that was missed and is late by a day or more, with the promise; the worst first.
    pub late: Vec<(i64, CommitmentId)>,
    /// How long it took.
    pub lead: LeadTimes,
    /// At risk, and kept.
    pub quiet_saves: Vec<CommitmentId>,
    /// Kept and missed by the day on which they were due.
    pub days: BTreeMap<Day, (u32, u32)>,
    /// On time by order size, the smallest first; nothing if there are too few.
    pub sizes: Vec<SizeGroup>,
    /// What repeats, and was missed at least once.
    pub series: BTreeMap<SeriesId, Repeated>,
}

/// How what repeats went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated {
    /// How its last occurrences went.
    pub pattern: Pattern,
    /// All that were missed, the latest first.
    pub missed: Vec<CommitmentId>,
}

/// Kept and missed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Kept.
    pub kept: Vec<CommitmentId>,
    /// Missed.
    pub missed: Vec<CommitmentId>,
}

/// How long promises took: from the order to the handover, and how much of that somebody worked on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadTimes {
    /// Minutes from the order to the handover in full.
    pub lead: Vec<i64>,
    /// Minutes from the first work to it.
    pub cycle: Vec<i64>,
    /// Of which promises.
    pub promises: Vec<CommitmentId>,
}

/// A quarter of the orders by their size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SizeGroup {
    /// The smallest price in it.
    pub from: Money,
    /// The largest.
    pub to: Money,
    /// Those that were kept.
    pub kept: Vec<CommitmentId>,
    /// Those that were missed.
    pub missed: Vec<CommitmentId>,
}

impl Score {
    /// How many were kept.
    pub fn kept(&self) -> u32 {
        u32::try_from(self.kept.len()).unwrap_or(u32::MAX)
    }

    /// How many were kept or missed.
    pub fn of(&self) -> u32 {
        u32::try_from(self.kept.len() + self.missed.len()).unwrap_or(u32::MAX)
    }

    fn add(&mut self, outcome: Outcome, id: CommitmentId) {
        match outcome {
            Outcome::Kept => self.kept.push(id),
            Outcome::Missed => self.missed.push(id),
            Outcome::Open | Outcome::Excluded => {}
        }
    }
}

impl LeadTimes {
    /// The share of the whole time in which nobody worked on it, in percent: of the sums, so that no short one weighs more
    /// than it lasted.
    pub fn idle_percent(&self) -> Option<u32> {
        let (lead, cycle) = (self.lead.iter().sum::<i64>(), self.cycle.iter().sum::<i64>());
        if lead <= 0 {
            return None;
        }
        u32::try_from((lead - cycle) * 100 / lead).ok()
    }

    /// How many took no day, one day, two days and so on; the last number is of all that took that long or longer.
    pub fn by_days(&self) -> Vec<u32> {
        let mut counts = vec![0; LEAD_DAYS_MOST as usize + 1];
        for minutes in &self.lead {
            counts[lead_days(*minutes) as usize] += 1;
        }
        counts
    }

    /// Those that took so many days.
    fn of_days(&self, days: u32) -> Vec<CommitmentId> {
        let took = |(minutes, id): (&i64, &CommitmentId)| (lead_days(*minutes) == days).then_some(*id);
        self.lead.iter().zip(&self.promises).filter_map(took).collect()
    }
}

/// Whole days, no more than the chart shows.
fn lead_days(minutes: i64) -> u32 {
    u32::try_from(minutes / MINUTES_OF_DAY).unwrap_or(0).min(LEAD_DAYS_MOST)
}

impl Figures {
    /// The promises behind a figure. Those behind a day are all that there are: its figures are those of that day alone.
    pub fn behind(&self, figure: Figure) -> Vec<CommitmentId> {
        let both = |kept: &[CommitmentId], missed: &[CommitmentId]| [missed, kept].concat();
        match figure {
            Figure::Kept => self.promised.kept.clone(),
            Figure::Missed => self.promised.missed.clone(),
            Figure::KeptAsAgreed => self.agreed.kept.clone(),
            Figure::MissedAsAgreed => self.agreed.missed.clone(),
            Figure::Late => self.late.iter().map(|(_, id)| *id).collect(),
            Figure::Lead => self.lead.promises.clone(),
            Figure::LeadDays { days } => self.lead.of_days(days),
            Figure::QuietSaves => self.quiet_saves.clone(),
            Figure::Gifts => both(&self.gifts.kept, &self.gifts.missed),
            Figure::Size { quarter } => self
                .sizes
                .get(quarter as usize)
                .map_or_else(Vec::new, |group| both(&group.kept, &group.missed)),
            Figure::Due | Figure::Day { .. } => both(&self.promised.kept, &self.promised.missed),
        }
    }
}

/// The figures of a period, of whatever facts there are.
#[expect(single_use_lifetimes, reason = "a lifetime in `impl Trait` needs a name")]
pub fn figures<'a>(
    facts: impl Iterator<Item = &'a Fact>,
    period: Period,
    calendar: &WorkingCalendar,
    now: &Now,
) -> Figures {
    let mut figures = Figures::default();
    let mut series_outcomes: BTreeMap<SeriesId, Vec<(Day, Outcome, CommitmentId)>> = BTreeMap::new();
    let mut sizes: BTreeMap<Currency, Vec<(i64, bool, CommitmentId)>> = BTreeMap::new();
    for fact in facts {
        let Some(day) = fact.deadline_day(calendar).filter(|day| period.holds(*day)) else { continue };
        let outcome = fact.outcome(calendar, now);
        figures.promised.add(outcome, fact.id);
        figures.agreed.add(fact.outcome_as_agreed(calendar, now), fact.id);
        if fact.gift {
            figures.gifts.add(outcome, fact.id);
        }
        if let Some(series) = fact.series {
            series_outcomes.entry(series).or_default().push((day, outcome, fact.id));
        }
        let is_kept = match outcome {
            Outcome::Kept => true,
            Outcome::Missed => false,
            Outcome::Open | Outcome::Excluded => continue,
        };
        let (kept, missed) = figures.days.entry(day).or_default();
        *(if is_kept { kept } else { missed }) += 1;
        if !is_kept {
            let late = fact.case.late_days(calendar, now);
            if late > 0 {
                figures.late.push((late, fact.id));
            }
        } else if fact.is_quiet_save(calendar, now) {
            figures.quiet_saves.push(fact.id);
        }
        figures.lead.add(fact);
        if let Some(total) = fact.total.filter(|total| total.minor > 0) {
            sizes.entry(total.currency).or_default().push((total.minor, is_kept, fact.id));
        }
    }
    figures.late.sort_unstable_by(|(a, one), (b, other)| b.cmp(a).then(one.cmp(other)));
    figures.series = patterns(series_outcomes);
    let most = sizes.into_iter().max_by_key(|(_, orders)| orders.len());
    figures.sizes = most.map(|(currency, orders)| quarters(currency, orders)).unwrap_or_default();
    figures
}

impl LeadTimes {
    /// What repeats by itself was not ordered, and says nothing about how long an order takes.
    fn add(&mut self, fact: &Fact) {
        let Some(full) = fact.case.full_at().filter(|_| fact.series.is_none()) else { return };
        let first = fact.started_at.into_iter().chain(fact.first_handed_over).min().unwrap_or(full);
        let lead = full.minutes_since(fact.placed_at).max(0);
        self.lead.push(lead);
        self.cycle.push(full.minutes_since(first).clamp(0, lead));
        self.promises.push(fact.id);
    }
}

/// How what repeats went, where something was missed.
fn patterns(outcomes: BTreeMap<SeriesId, Vec<(Day, Outcome, CommitmentId)>>) -> BTreeMap<SeriesId, Repeated> {
    let repeated = |(series, mut days): (SeriesId, Vec<(Day, Outcome, CommitmentId)>)| {
        days.sort_unstable_by_key(|(day, ..)| std::cmp::Reverse(*day));
        let pattern = Pattern::of(days.iter().map(|(_, outcome, _)| *outcome));
        let missed = days.iter().filter(|(_, outcome, _)| *outcome == Outcome::Missed).map(|(.., id)| *id);
        let missed: Vec<CommitmentId> = missed.collect();
        (!missed.is_empty()).then_some((series, Repeated { pattern, missed }))
    };
    outcomes.into_iter().filter_map(repeated).collect()
}

/// Orders in four groups of the same number, the smallest first. Amounts enter here and nowhere else.
fn quarters(currency: Currency, mut orders: Vec<(i64, bool, CommitmentId)>) -> Vec<SizeGroup> {
    if orders.len() < SIZES_LEAST {
        return Vec::new();
    }
    orders.sort_unstable_by_key(|(minor, _, id)| (*minor, *id));
    let bound = |quarter: usize| orders.len() * quarter / QUARTERS;
    let group = |quarter: usize| {
        let orders = &orders[bound(quarter)..bound(quarter + 1)];
        let (from, to) = (orders.first()?.0, orders.last()?.0);
        let of = |wanted: bool| {
            orders.iter().filter(|(_, kept, _)| *kept == wanted).map(|(_, _, id)| *id).collect()
        };
        let money = |minor| Money::new(minor, currency);
        Some(SizeGroup { from: money(from), to: money(to), kept: of(true), missed: of(false) })
    };
    (0..QUARTERS).filter_map(group).collect()
}
