//! What goes on around a single promise: hours that are set aside for others, others that were worked on while it waited,
//! and whether its customer was let down.

use crate::commitment::Commitment;
use crate::day::{Due, Now, Stamp};
use crate::id::{CommitmentId, CustomerId};
use crate::outcome::{Outcome, basis_deadline, outcome};
use crate::settings::Settings;
use crate::taken::Taken;
use crate::urgency::{current_deadline, last_touched};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// For so many days after a miss all that a customer was promised is a second chance.
pub const SECOND_CHANCE_DAYS: i64 = 90;

/// What goes on around the promises of a shop, computed once for all of them.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    taken: &'a Taken,
    overtaken: HashMap<CommitmentId, u32>,
    let_down: HashMap<CustomerId, Vec<CommitmentId>>,
    /// Open promises that others wait for.
    waited_for: HashSet<CommitmentId>,
}

/// A promise that was worked on: when last, and by when it is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worked {
    /// The promise.
    pub promise: CommitmentId,
    /// Whose it is.
    pub customer: CustomerId,
    /// When work on it was last recorded, or some of it handed over.
    pub at: Stamp,
    /// The date that stands; none if it waits for an event.
    pub due: Option<Due>,
}

/// A promise that was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The promise.
    pub promise: CommitmentId,
    /// Whom it let down.
    pub customer: CustomerId,
    /// When: at its deadline, or when we called it off.
    pub at: Stamp,
}

impl Worked {
    /// When a promise was last worked on; none if it never was. What the customer did, as paying, is no work.
    pub fn of(it: &Commitment) -> Option<Self> {
        let handed_over = it.handovers.iter().map(|handover| handover.at);
        let at = handed_over.chain(it.worked_at).chain(it.started_at).max()?;
        Some(Self { promise: it.id, customer: it.customer, at, due: it.current_due() })
    }
}

impl Miss {
    /// The miss of a promise that was missed, for ever, whatever came later.
    pub fn of(it: &Commitment, settings: &Settings, now: &Now) -> Option<Self> {
        if outcome(it, &settings.calendar, now) != Outcome::Missed {
            return None;
        }
        let called_off = it.cancelled.as_ref().map(|cancelled| cancelled.at);
        let deadline = basis_deadline(it, &settings.calendar);
        let at = called_off.into_iter().chain(deadline).min().unwrap_or(now.stamp);
        Some(Self { promise: it.id, customer: it.customer, at })
    }

    /// Whether it still makes a second chance of what its customer was promised.
    pub fn is_recent(&self, settings: &Settings, now: &Now) -> bool {
        now.today.days_since(settings.calendar.zone.day(self.at)) <= SECOND_CHANCE_DAYS
    }
}

impl<'a> Around<'a> {
    /// Nothing but the hours that are set aside.
    pub fn hours(taken: &'a Taken) -> Self {
        Self { taken, overtaken: HashMap::new(), let_down: HashMap::new(), waited_for: HashSet::new() }
    }

    /// All that goes on: the open promises, those closed ones that were worked on lately, and the misses of closed ones.
    pub fn of<'b>(
        taken: &'a Taken,
        open: impl Iterator<Item = &'b Commitment> + Clone,
        worked: impl Iterator<Item = &'b Worked>,
        missed: impl Iterator<Item = Miss>,
        settings: &Settings,
        now: &Now,
    ) -> Self {
        let mut let_down: HashMap<CustomerId, Vec<CommitmentId>> = HashMap::new();
        let still_open = open.clone().filter_map(|it| Miss::of(it, settings, now));
        // A miss that is still open counts however old it is.
        for miss in still_open.chain(missed.filter(|miss| miss.is_recent(settings, now))) {
            let_down.entry(miss.customer).or_default().push(miss.promise);
        }
        let named: HashSet<CommitmentId> = open.clone().flat_map(Commitment::waits_for).collect();
        let waited_for = open.clone().map(|it| it.id).filter(|id| named.contains(id)).collect();
        Self { taken, overtaken: overtaken(open, worked, settings), let_down, waited_for }
    }

    /// The hours that are set aside.
    pub const fn taken(&self) -> &'a Taken {
        self.taken
    }

    /// How many promises to other customers with a later deadline were worked on since this one was last touched.
    pub fn overtaken(&self, promise: CommitmentId) -> u32 {
        self.overtaken.get(&promise).copied().unwrap_or(0)
    }

    /// Whether something stands in the way of a promise.
    pub fn is_blocked(&self, it: &Commitment) -> bool {
        it.is_blocked(|promise| self.waited_for.contains(&promise))
    }

    /// Whether this promise is a second chance: its customer was let down by another one, or it makes good for a miss.
    pub fn is_second_chance(&self, it: &Commitment) -> bool {
        let missed = self.let_down.get(&it.customer);
        it.second_chance || missed.is_some_and(|missed| missed.iter().any(|other| *other != it.id))
    }

    /// Whether a customer was let down: a promise made to them now would be a second chance.
    pub fn has_let_down(&self, customer: CustomerId) -> bool {
        self.let_down.contains_key(&customer)
    }
}

/// One point of the comparison: when something happened, and by when that promise is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    /// When.
    pub at: i64,
    /// By when; what has no date is due last of all.
    pub deadline: i64,
}

/// What was worked on and what waits, of one customer or of all.
#[derive(Debug, Default)]
pub(crate) struct Points {
    /// What was worked on.
    pub worked: Vec<Point>,
    /// What waits, since it was last touched.
    pub waiting: Vec<(CommitmentId, Point)>,
}

impl Point {
    /// Something that happened at an instant with a promise that is due by another one.
    pub(crate) fn of(at: Stamp, deadline: Option<Stamp>) -> Self {
        Self { at: at.millis(), deadline: deadline.map_or(i64::MAX, Stamp::millis) }
    }
}

fn overtaken<'b>(
    open: impl Iterator<Item = &'b Commitment>,
    worked: impl Iterator<Item = &'b Worked>,
    settings: &Settings,
) -> HashMap<CommitmentId, u32> {
    let mut all = Points::default();
    let mut customers: HashMap<CustomerId, Points> = HashMap::new();
    for it in open {
        let deadline = current_deadline(it, &settings.calendar);
        let waits = (it.id, Point::of(last_touched(it), deadline));
        let own = customers.entry(it.customer).or_default();
        own.waiting.push(waits);
        all.waiting.push(waits);
        if let Some(worked) = Worked::of(it) {
            let point = Point::of(worked.at, deadline);
            own.worked.push(point);
            all.worked.push(point);
        }
    }
    // Many are due on one day, and which instant a day ends at takes time to find.
    let mut deadlines: HashMap<Due, Stamp> = HashMap::new();
    for it in worked {
        let deadline =
            it.due.map(|due| *deadlines.entry(due).or_insert_with(|| settings.calendar.deadline(&due)));
        let point = Point::of(it.at, deadline);
        // Of a customer for whom nothing is open nothing can be crowded out.
        if let Some(own) = customers.get_mut(&it.customer) {
            own.worked.push(point);
        }
        all.worked.push(point);
    }
    let mut counts = all.counts();
    // What was done for the same customer crowds nobody out.
    for (promise, own) in customers.into_values().flat_map(Points::counts) {
        if let Some(count) = counts.get_mut(&promise) {
            *count = count.saturating_sub(own);
        }
    }
    counts
}

impl Points {
    /// For each that waits: how many with a later deadline were worked on after it was last touched.
    ///
    /// The latest are added first to a Fenwick tree over the deadlines (P. M. Fenwick, 1994), so that a shop with very
    /// many open promises does not compare each with each.
    pub(crate) fn counts(mut self) -> HashMap<CommitmentId, u32> {
        let mut deadlines: Vec<i64> = self.worked.iter().map(|point| point.deadline).collect();
        deadlines.sort_unstable();
        deadlines.dedup();
        let mut tree = vec![0_u32; deadlines.len() + 1];
        self.worked.sort_unstable_by_key(|point| std::cmp::Reverse(point.at));
        self.waiting.sort_unstable_by_key(|(_, point)| std::cmp::Reverse(point.at));
        let mut later = self.worked.iter().peekable();
        let mut added = 0;
        let mut counts = HashMap::with_capacity(self.waiting.len());
        for (promise, waits) in &self.waiting {
            while let Some(point) = later.next_if(|point| point.at > waits.at) {
                let mut at = deadlines.partition_point(|deadline| *deadline < point.deadline) + 1;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
                added += 1;
            }
            let mut not_later = 0;
            let mut at = deadlines.partition_point(|deadline| *deadline <= waits.deadline);
            while at > 0 {
                not_later += tree[at];
                at -= at & at.wrapping_neg();
            }
            counts.insert(*promise, added - not_later);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::{Cancelled, Party};
    use crate::samples::{commitment, due, handed, now, stamp, zone};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn settings() -> Settings {
        Settings::new(zone())
    }

    fn promise(number: u128, customer: u128, day: &str) -> Commitment {
        let mut it = commitment("1 cake", due(day, "15:00"));
        it.id = CommitmentId::new(Uuid::from_u128(number));
        it.customer = CustomerId::new(Uuid::from_u128(customer));
        it
    }

    /// How often the first promise, due on the 20th and touched on the 10th, was overtaken by the others.
    fn check(what: &str, others: &[Commitment], expected: u32) {
        let mut mine = promise(1, 1, "2026-11-20");
        mine.worked_at = Some(stamp("2026-11-10 10:00"));
        let closed: Vec<Worked> = others.iter().filter(|it| !it.is_open()).filter_map(Worked::of).collect();
        let open = || others.iter().filter(|it| it.is_open()).chain([&mine]);
        let none = std::iter::empty();
        let taken = Taken::nothing();
        let around = Around::of(&taken, open(), closed.iter(), none, &settings(), &now("2026-11-15 10:00"));
        assert_eq!(around.overtaken(mine.id), expected, "{what}");
    }

    #[test]
    fn it_was_overtaken_by_what_was_worked_on_while_it_waited() {
        let worked = |number, customer, day: &str, at: &str| {
            let mut it = promise(number, customer, day);
            it.worked_at = Some(stamp(at));
            it
        };
        check("nothing else", &[], 0);
        check("later, since", &[worked(2, 2, "2026-11-21", "2026-11-11 10:00")], 1);
        check("before it was touched", &[worked(2, 2, "2026-11-21", "2026-11-10 09:00")], 0);
        check("due earlier", &[worked(2, 2, "2026-11-19", "2026-11-11 10:00")], 0);
        check("due at the same time", &[worked(2, 2, "2026-11-20", "2026-11-11 10:00")], 0);
        check("the same customer", &[worked(2, 1, "2026-11-21", "2026-11-11 10:00")], 0);
        check("never worked on", &[promise(2, 2, "2026-11-21")], 0);
        let delivered = handed(promise(2, 2, "2026-11-21"), 1, "2026-11-11 10:00");
        check("handed over", std::slice::from_ref(&delivered), 1);
        let mut event = worked(3, 3, "2026-11-21", "2026-11-12 10:00");
        event.first_due = None;
        check("without a date, and one handed over", &[event, delivered], 2);
    }

    fn is_second_chance(others: &[Commitment], at: &str) -> bool {
        let mine = promise(1, 1, "2027-06-01");
        let (settings, now) = (settings(), now(at));
        let taken = Taken::nothing();
        let closed = others.iter().filter(|it| !it.is_open()).filter_map(|it| Miss::of(it, &settings, &now));
        let open = others.iter().filter(|it| it.is_open()).chain([&mine]);
        Around::of(&taken, open, std::iter::empty(), closed, &settings, &now).is_second_chance(&mine)
    }

    #[test]
    fn nobody_is_let_down_twice() {
        let missed = || promise(2, 1, "2026-11-20");
        let late = || handed(missed(), 1, "2026-11-23 10:00");
        let mut called_off = promise(2, 1, "2026-12-20");
        called_off.cancelled = Some(Cancelled { by: Party::Us, at: stamp("2026-11-20 10:00"), why: None });
        let in_time = handed(missed(), 1, "2026-11-20 10:00");
        for (what, other, at, expected) in [
            ("an open miss", missed(), "2026-11-21 10:00", true),
            ("an open miss, however old", missed(), "2027-05-21 10:00", true),
            ("not missed yet", missed(), "2026-11-20 15:00", false),
            ("handed over late", late(), "2026-11-24 10:00", true),
            ("90 days later", late(), "2027-02-18 10:00", true),
            ("91 days later", late(), "2027-02-19 10:00", false),
            ("we called it off", called_off, "2026-11-24 10:00", true),
            ("kept", in_time, "2026-11-24 10:00", false),
            ("another customer", promise(2, 2, "2026-11-20"), "2026-11-21 10:00", false),
        ] {
            assert_eq!(is_second_chance(&[other], at), expected, "{what}");
        }
        let mut make_good = promise(1, 1, "2026-12-20");
        make_good.second_chance = true;
        assert!(Around::hours(&Taken::nothing()).is_second_chance(&make_good));
    }

    proptest! {
        /// The tree counts what comparing each with each would count.
        #[test]
        fn overtaking_is_counted_as_by_hand(
            cases in prop::collection::vec((1_u128..4, 0_i64..6, 0_i64..6), 1..40),
        ) {
            let first = now("2026-11-10 10:00").today;
            let promises: Vec<Commitment> = cases.iter().enumerate().map(|(index, (customer, worked, due))| {
                let mut it = promise(index as u128, *customer, &first.plus(*due).to_string());
                it.worked_at = (*worked > 0).then(|| stamp("2026-11-10 10:00").plus_minutes(*worked));
                it
            }).collect();
            let by_hand = |it: &Commitment| {
                let deadline = |it: &Commitment| current_deadline(it, &settings().calendar);
                let passed = promises.iter().filter(|other| {
                    other.customer != it.customer
                        && other.worked_at.is_some_and(|at| at > last_touched(it))
                        && deadline(other) > deadline(it)
                });
                u32::try_from(passed.count()).unwrap()
            };
            let counts = overtaken(promises.iter(), std::iter::empty(), &settings());
            for it in &promises {
                prop_assert_eq!(counts[&it.id], by_hand(it));
            }
        }
    }
}
