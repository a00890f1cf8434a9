//! The hours that are set aside, of all open promises: what is blocked for one is not free for the others.

use crate::block::TimeBlock;
use crate::calendar::{Stretch, WorkingCalendar, minutes_within, start_within};
use crate::commitment::Commitment;
use crate::day::{Day, Stamp};
use crate::id::CommitmentId;
use std::collections::BTreeMap;

/// The time blocks of all open promises, by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    days: BTreeMap<Day, Vec<(CommitmentId, TimeBlock)>>,
    promises: BTreeMap<CommitmentId, Vec<Day>>,
}

impl Taken {
    /// Nothing is set aside.
    pub const fn nothing() -> Self {
        Self { days: BTreeMap::new(), promises: BTreeMap::new() }
    }

    /// The blocks of these promises, as far as they are open.
    #[expect(single_use_lifetimes, reason = "a lifetime in `impl Trait` needs a name")]
    pub fn of<'a>(promises: impl IntoIterator<Item = &'a Commitment>) -> Self {
        let mut taken = Self::nothing();
        for it in promises {
            taken.put(it);
        }
        taken
    }

    /// Takes over the blocks of a promise; those of one that is closed are free again.
    pub fn put(&mut self, it: &Commitment) {
        self.remove(it.id);
        if !it.is_open() || it.blocks.is_empty() {
            return;
        }
        for block in &it.blocks {
            self.days.entry(block.day).or_default().push((it.id, *block));
        }
        self.promises.insert(it.id, it.blocks.iter().map(|block| block.day).collect());
    }

    /// Forgets the blocks of a promise.
    pub fn remove(&mut self, promise: CommitmentId) {
        for day in self.promises.remove(&promise).unwrap_or_default() {
            if let Some(blocks) = self.days.get_mut(&day) {
                blocks.retain(|(other, _)| *other != promise);
                if blocks.is_empty() {
                    self.days.remove(&day);
                }
            }
        }
    }

    /// The hours of a day in which a promise can be worked on: the opening hours and what is set aside for it, less what
    /// is set aside for others.
    pub fn free(&self, calendar: &WorkingCalendar, promise: CommitmentId, day: Day) -> Vec<Stretch> {
        let hours = calendar.hours(day);
        let Some(blocks) = self.days.get(&day) else { return hours };
        let stretches = |own: bool| {
            let of = blocks.iter().filter(move |(other, _)| (*other == promise) == own);
            of.map(|(_, block)| block.instants(calendar)).collect::<Vec<_>>()
        };
        without(joined(hours.into_iter().chain(stretches(true)).collect()), &joined(stretches(false)))
    }

    /// The opening hours of a day that are not set aside for anything.
    pub fn unblocked(&self, calendar: &WorkingCalendar, day: Day) -> Vec<Stretch> {
        let Some(blocks) = self.days.get(&day) else { return calendar.hours(day) };
        let blocked = blocks.iter().map(|(_, block)| block.instants(calendar)).collect();
        without(calendar.hours(day), &joined(blocked))
    }

    /// Minutes between two instants in which a promise can be worked on.
    pub fn free_minutes(
        &self,
        calendar: &WorkingCalendar,
        promise: CommitmentId,
        from: Stamp,
        to: Stamp,
    ) -> i64 {
        minutes_within(calendar.zone, from, to, |day| self.free(calendar, promise, day))
    }

    /// Working minutes between two instants that are not set aside for anything.
    pub fn unblocked_minutes(&self, calendar: &WorkingCalendar, from: Stamp, to: Stamp) -> i64 {
        minutes_within(calendar.zone, from, to, |day| self.unblocked(calendar, day))
    }

    /// The latest instant from which the work on a promise still fits in before its deadline.
    pub fn start_by(
        &self,
        calendar: &WorkingCalendar,
        promise: CommitmentId,
        deadline: Stamp,
        minutes: i64,
    ) -> Stamp {
        start_within(calendar.zone, deadline, minutes, |day| self.free(calendar, promise, day))
    }
}

/// Stretches of time in order, those that meet or overlap put together.
fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for (from, to) in stretches {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// What is left of stretches when others are taken away; both in order and apart from each other.
fn without(stretches: Vec<Stretch>, taken: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::with_capacity(stretches.len() + taken.len());
    for (mut from, to) in stretches {
        for &(begins, ends) in taken {
            if from < begins.min(to) {
                left.push((from, begins.min(to)));
            }
            from = from.max(ends);
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{block, calendar, commitment, due, handed, stamp};
    use proptest::prelude::*;
    use uuid::Uuid;

    /// A promise with these blocks on the Thursday, `09:00-11:00 13:00-14:00`.
    fn promise(number: u128, blocks: &str) -> Commitment {
        let mut it = commitment("1 cake", due("2026-11-20", "15:00"));
        it.id = CommitmentId::new(Uuid::from_u128(number));
        for (index, span) in blocks.split_whitespace().enumerate() {
            let (from, to) = span.split_once('-').unwrap();
            it.blocks.push(block(number * 100 + index as u128, "2026-11-19", from, to));
        }
        it
    }

    /// What is free on the Thursday for the first of two promises, with these blocks for it and for the other one.
    fn check(what: &str, own: &str, others: &str, free: &str) {
        let (mine, other) = (promise(1, own), promise(2, others));
        let taken = Taken::of([&mine, &other]);
        let clock = |stamp| calendar().zone.wall(stamp).1.to_string();
        let hours = taken.free(&calendar(), mine.id, "2026-11-19".parse().unwrap());
        let words: Vec<String> =
            hours.into_iter().map(|(from, to)| format!("{}-{}", clock(from), clock(to))).collect();
        assert_eq!(words.join(" "), free, "{what}");
    }

    #[test]
    fn what_is_set_aside_for_others_is_not_free() {
        check("nothing is blocked", "", "", "09:00-18:00");
        check("in the middle", "", "10:00-12:00", "09:00-10:00 12:00-18:00");
        check("the whole day and more", "", "08:00-19:00", "");
        check("two that overlap", "", "10:00-12:00 11:00-13:00", "09:00-10:00 13:00-18:00");
        check("one's own hours are free for oneself", "10:00-12:00", "", "09:00-18:00");
        check("before the shop opens", "06:00-08:00", "", "06:00-08:00 09:00-18:00");
        check(
            "both at once: they are not there twice",
            "10:00-12:00",
            "11:00-13:00",
            "09:00-11:00 13:00-18:00",
        );
    }

    #[test]
    fn what_is_closed_gives_its_hours_back() {
        let open = promise(2, "10:00-12:00");
        let mut taken = Taken::of([&open]);
        let thursday = "2026-11-19".parse().unwrap();
        assert_eq!(taken.unblocked(&calendar(), thursday).len(), 2);
        taken.put(&handed(open, 1, "2026-11-18 10:00"));
        assert_eq!(taken, Taken::nothing());
        assert_eq!(taken.unblocked(&calendar(), thursday), calendar().hours(thursday));
    }

    proptest! {
        /// From start-by to the deadline lies exactly the work, in hours that nobody else has taken.
        #[test]
        fn start_by_leaves_exactly_the_work_among_the_blocks_of_others(
            blocks in prop::collection::vec((0_i64..20, 0_u32..22, 1_u32..4), 0..30),
            minutes in 1_i64..3_000,
        ) {
            let calendar = calendar();
            let mut other = promise(2, "");
            let first: Day = "2026-10-20".parse().unwrap();
            for (index, (day, hour, hours)) in blocks.into_iter().enumerate() {
                let time = |hour: u32| format!("{:02}:00", hour.min(23));
                let day = first.plus(day).to_string();
                other.blocks.push(block(index as u128, &day, &time(hour), &time(hour + hours)));
            }
            let taken = Taken::of([&other]);
            let me = CommitmentId::new(Uuid::from_u128(1));
            let deadline = stamp("2026-11-20 15:00");
            let start = taken.start_by(&calendar, me, deadline, minutes);
            prop_assert_eq!(taken.free_minutes(&calendar, me, start, deadline), minutes);
            prop_assert!(start <= calendar.start_by(deadline, minutes), "what others take never leaves more time");
        }
    }
}
