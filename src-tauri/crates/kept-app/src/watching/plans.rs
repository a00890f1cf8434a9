//! The plans of everything that is open, kept up to date by what was changed, and the order in which they have to be
//! looked at: a commit plans again what it touches, and a look sees what is due to be seen.

use crate::records::{Changed, Record};
use crate::shop::Shop;
use kept_core::alert::{About, Plan, Surroundings, of_cause, of_feedback, of_recovery, plan, squeezed};
use kept_core::around::Miss;
use kept_core::commitment::Commitment;
use kept_core::day::{Day, Now, Stamp};
use kept_core::id::{CommitmentId, CustomerId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The plans of everything that is open.
#[derive(Debug, Default)]
pub(super) struct Plans {
    known: HashMap<About, Plan>,
    /// When each plan has to be looked at, the earliest first.
    agenda: BTreeSet<(Stamp, About)>,
    looks: HashMap<About, Stamp>,
    /// The open promises to each customer.
    of_customer: HashMap<CustomerId, BTreeSet<CommitmentId>>,
    /// The open promises that wait for another one.
    waiting: BTreeMap<CommitmentId, Vec<CommitmentId>>,
    squeezed: HashMap<CommitmentId, Stamp>,
    /// Without a good backup since.
    no_backup_since: Option<Stamp>,
    stale: Stale,
}

/// What was changed since it was planned.
#[derive(Debug)]
struct Stale {
    everything: bool,
    backup: bool,
    /// Something of which there are few: feedback, recoveries, causes.
    care: bool,
    promises: BTreeSet<CommitmentId>,
    /// Other hours of these are set aside now.
    days: BTreeSet<Day>,
    /// Whether these were let down may be another matter now.
    customers: BTreeSet<CustomerId>,
}

impl Default for Stale {
    /// Nothing was planned yet.
    fn default() -> Self {
        Self {
            everything: true,
            backup: true,
            care: true,
            promises: BTreeSet::new(),
            days: BTreeSet::new(),
            customers: BTreeSet::new(),
        }
    }
}

impl Plans {
    /// Takes note of what a change did. It is planned again when it is asked for.
    pub(super) fn follow(&mut self, changed: &Changed) {
        let before = changed.before.as_ref().map(|known| &known.it);
        for record in before.into_iter().chain(&changed.after) {
            match record {
                Record::Commitment(it) => {
                    self.stale.promises.insert(it.id);
                    self.stale.customers.insert(it.customer);
                }
                Record::Settings(_) => self.stale.everything = true,
                Record::Care(_) => self.stale.care = true,
                Record::Customer(_) | Record::Offer(_) | Record::Series(_) | Record::Chore(_) => {}
            }
        }
        let blocks = |record: Option<&Record>| match record {
            Some(Record::Commitment(it)) if it.is_open() => it.blocks.clone(),
            _ => Vec::new(),
        };
        let (before, after) = (blocks(before), blocks(changed.after.as_ref()));
        if before != after {
            self.stale.days.extend(before.into_iter().chain(after).map(|block| block.day));
        }
    }

    /// All of it has to be planned again.
    pub(super) fn forget(&mut self) {
        self.stale.everything = true;
    }

    /// All of it has to be looked at again: the clock was set, or the quiet has changed.
    pub(super) fn look_at_all(&mut self) {
        for about in self.known.keys().copied().collect::<Vec<_>>() {
            self.look_at(about, Some(ANY_TIME));
        }
    }

    /// These have to be looked at again: something happened to their alerts.
    pub(super) fn look_at_these(&mut self, all: impl Iterator<Item = About>) {
        for about in all {
            self.look_at(about, Some(ANY_TIME));
        }
    }

    /// A promise has turned overdue: whatever else its customer was promised is a second chance now.
    pub(super) fn turned_overdue(&mut self, about: About) {
        self.stale.customers.extend(self.known.get(&about).and_then(|plan| plan.customer));
    }

    /// Since when there is no good backup; none if there is nothing to lose.
    pub(super) fn backed_up(&mut self, since: Option<Stamp>) {
        self.stale.backup |= self.no_backup_since != since;
        self.no_backup_since = since;
    }

    /// Plans again what was changed since it was planned.
    pub(super) fn bring_up_to_date(&mut self, shop: &Shop, now: &Now) {
        let stale = std::mem::replace(&mut self.stale, Stale::none());
        if stale.everything || stale.backup {
            let plan = self.no_backup_since.map(|since| Plan::of_backup(since, &shop.settings.it));
            self.put(About::Shop, plan);
        }
        if stale.everything || stale.care {
            self.plan_care(shop, now);
        }
        let ids = self.touched(stale, shop);
        if ids.is_empty() {
            return;
        }
        self.plan_these(&ids, shop, now);
        // Who is squeezed out follows from all of them.
        let squeezed = self.squeezed_now(shop);
        let before = std::mem::replace(&mut self.squeezed, squeezed);
        let both = before.keys().chain(self.squeezed.keys());
        let changed = both.filter(|id| before.get(id) != self.squeezed.get(id)).copied().collect();
        self.plan_these(&changed, shop, now);
    }

    /// The plans, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Plan> {
        self.known.values()
    }

    /// The plan of one thing; none if nothing is to be said about it.
    pub(super) fn get(&self, about: About) -> Option<&Plan> {
        self.known.get(&about)
    }

    /// The plans that have to be looked at by now.
    pub(super) fn due(&self, now: Stamp) -> Vec<&Plan> {
        let due = self.agenda.iter().take_while(|(at, _)| *at <= now);
        due.filter_map(|(_, about)| self.known.get(about)).collect()
    }

    /// When the next plan has to be looked at after now.
    pub(super) fn next(&self, now: Stamp) -> Option<Stamp> {
        let later = self.agenda.range((Stamp::from_millis(now.millis() + 1), About::FIRST)..).next();
        later.map(|(at, _)| *at)
    }

    /// When plans that were looked at have to be looked at again.
    pub(super) fn look_again(&mut self, again: &[(About, Option<Stamp>)]) {
        for (about, at) in again {
            self.look_at(*about, *at);
        }
    }

    /// Which promises have to be planned again.
    fn touched(&self, stale: Stale, shop: &Shop) -> BTreeSet<CommitmentId> {
        if stale.everything {
            let known = self.known.keys().filter_map(|about| about.promise());
            return shop.open.keys().copied().chain(known).collect();
        }
        let waiting = self.waiting.iter().filter(|(_, on)| on.iter().any(|on| stale.promises.contains(on)));
        let waiting = waiting.map(|(id, _)| *id).collect::<Vec<_>>();
        let customers = stale.customers.iter().filter_map(|customer| self.of_customer.get(customer));
        let of_customers = customers.flatten().copied().collect::<Vec<_>>();
        let crowded = self.crowded(&stale.days, shop);
        stale.promises.into_iter().chain(waiting).chain(of_customers).chain(crowded).collect()
    }

    /// The promises whose work may have to begin at another time, since other hours of some days are set aside now: those
    /// between whose start-by and deadline one of the days lies.
    fn crowded(&self, days: &BTreeSet<Day>, shop: &Shop) -> Vec<CommitmentId> {
        if days.is_empty() {
            return Vec::new();
        }
        let zone = shop.settings.it.calendar.zone;
        let spans: Vec<(Stamp, Stamp)> =
            days.iter().map(|day| (zone.midnight(*day), zone.midnight(day.plus(1)))).collect();
        let is_crowded = |plan: &&Plan| {
            let Some((start, deadline)) = plan.start_by.zip(plan.deadline) else { return false };
            spans.iter().any(|(from, to)| start < *to && *from < deadline)
        };
        self.known.values().filter(is_crowded).filter_map(|plan| plan.about.promise()).collect()
    }

    /// Plans again whatever is no promise.
    fn plan_care(&mut self, shop: &Shop, now: &Now) {
        let (care, settings) = (&shop.few.care, &shop.settings.it);
        let feedback = care.feedback.values().filter_map(|known| of_feedback(&known.it, settings, now));
        let recoveries = care.recoveries.values().flat_map(|known| of_recovery(&known.it, settings));
        let causes = care.causes.values().filter_map(|known| of_cause(&known.it, settings));
        let plans: HashMap<About, Plan> =
            feedback.chain(recoveries).chain(causes).map(|plan| (plan.about, plan)).collect();
        let is_care = |about: &About| about.promise().is_none() && *about != About::Shop;
        let over: Vec<About> =
            self.known.keys().filter(|about| is_care(about) && !plans.contains_key(about)).copied().collect();
        for about in over {
            self.put(about, None);
        }
        for (about, plan) in plans {
            if self.known.get(&about) != Some(&plan) {
                self.put(about, Some(plan));
            }
        }
    }

    fn plan_these(&mut self, ids: &BTreeSet<CommitmentId>, shop: &Shop, now: &Now) {
        for known in ids.iter().filter_map(|id| shop.open.get(id)) {
            self.of_customer.entry(known.it.customer).or_default().insert(known.it.id);
        }
        let customers =
            ids.iter().filter_map(|id| shop.open.get(id)).map(|known| known.it.customer).collect();
        let let_down = LetDown::of(&customers, &self.of_customer, shop, now);
        for id in ids {
            self.plan_again(*id, shop, &let_down);
        }
    }

    fn plan_again(&mut self, id: CommitmentId, shop: &Shop, let_down: &LetDown) {
        self.forget_links(id);
        let Some(known) = shop.open.get(&id) else { return self.put(About::Promise(id), None) };
        let it = &known.it;
        self.of_customer.entry(it.customer).or_default().insert(id);
        let on: Vec<CommitmentId> = it.waits_for().collect();
        if !on.is_empty() {
            self.waiting.insert(id, on);
        }
        let around = Surroundings {
            taken: &shop.tallies.taken,
            second_chance: let_down.by_another(it),
            squeezed_at: self.squeezed.get(&id).copied(),
        };
        let new = plan(it, &shop.settings.it, &around);
        if self.known.get(&new.about) != Some(&new) {
            self.put(new.about, Some(new));
        }
    }

    /// Forgets by which customer and by which other promises a promise is found.
    fn forget_links(&mut self, id: CommitmentId) {
        self.waiting.remove(&id);
        let customer = self.known.get(&About::Promise(id)).and_then(|plan| plan.customer);
        if let Some(customer) = customer
            && let Some(ids) = self.of_customer.get_mut(&customer)
        {
            ids.remove(&id);
            if ids.is_empty() {
                self.of_customer.remove(&customer);
            }
        }
    }

    fn squeezed_now(&self, shop: &Shop) -> HashMap<CommitmentId, Stamp> {
        let open = shop.open.iter().map(|(id, known)| {
            let deadline = self.known.get(&About::Promise(*id)).and_then(|plan| plan.deadline);
            (&known.it, deadline)
        });
        let is_blocked = |it: &Commitment| it.is_blocked(|other| shop.open.contains_key(&other));
        squeezed(open, shop.tallies.worked_lately(), is_blocked, &shop.settings.it)
    }

    fn put(&mut self, about: About, plan: Option<Plan>) {
        let look = plan.as_ref().map(|_| ANY_TIME);
        match plan {
            Some(plan) => drop(self.known.insert(about, plan)),
            None => drop(self.known.remove(&about)),
        }
        self.look_at(about, look);
    }

    fn look_at(&mut self, about: About, at: Option<Stamp>) {
        if let Some(before) = self.looks.remove(&about) {
            self.agenda.remove(&(before, about));
        }
        if let Some(at) = at.filter(|_| self.known.contains_key(&about)) {
            self.looks.insert(about, at);
            self.agenda.insert((at, about));
        }
    }
}

/// Before all times: at the next look.
const ANY_TIME: Stamp = Stamp::BEGINNING;

impl Stale {
    /// All is up to date.
    const fn none() -> Self {
        Self {
            everything: false,
            backup: false,
            care: false,
            promises: BTreeSet::new(),
            days: BTreeSet::new(),
            customers: BTreeSet::new(),
        }
    }
}

/// Who was let down, and by which promises: two of each customer tell of any promise whether it was another one.
struct LetDown(HashMap<CustomerId, Vec<CommitmentId>>);

impl LetDown {
    /// As far as it is about some customers.
    fn of(
        customers: &HashSet<CustomerId>,
        of_customer: &HashMap<CustomerId, BTreeSet<CommitmentId>>,
        shop: &Shop,
        now: &Now,
    ) -> Self {
        let settings = &shop.settings.it;
        let open = customers.iter().filter_map(|customer| of_customer.get(customer)).flatten();
        let open = open.filter_map(|id| Miss::of(&shop.open.get(id)?.it, settings, now));
        let closed = shop.tallies.missed().filter(|miss| customers.contains(&miss.customer));
        let closed = closed.filter(|miss| miss.is_recent(settings, now));
        let mut let_down: HashMap<CustomerId, Vec<CommitmentId>> = HashMap::new();
        for miss in open.chain(closed) {
            let by = let_down.entry(miss.customer).or_default();
            if by.len() < 2 {
                by.push(miss.promise);
            }
        }
        Self(let_down)
    }

    fn by_another(&self, it: &Commitment) -> bool {
        self.0.get(&it.customer).is_some_and(|by| by.iter().any(|other| *other != it.id))
    }
}
