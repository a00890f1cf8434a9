//! Recoveries: missed promises that are made good. Offered, never forced; a miss stays a miss.

use crate::failure::Failure;
use crate::lists::rows_of;
use crate::records::{Changes, Known};
use crate::rows::{rows, to_u32};
use crate::shop::Shop;
use crate::takes::Nothing;
use crate::takes::care::{
    AddGift, AddRepair, CloseRecovery, LeaveRecovery, MoveRepair, OpenRecovery, OwnUp, RepairDone,
    StrikeRepair, TheRecovery,
};
use crate::{Kept, care, causes, commit};
use kept_core::around::Miss;
use kept_core::commitment::{Commitment, Payment};
use kept_core::day::{Day, Now, Stamp};
use kept_core::fulfil::Deed;
use kept_core::id::{CommitmentId, DeliverableId, RecoveryId, StepId};
use kept_core::money::Money;
use kept_core::owed::By;
use kept_core::recovery::{Recovery, Repair, RepairState, RepairStep};
use kept_core::views::care::{RecoveryList, RecoveryOpened, RecoveryPage, RecoveryRow, RepairStepView};
use kept_core::views::{Done, PromiseRow};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// No more missed promises are offered to be made good.
const OFFERED_MOST: usize = 100;
/// No more closed recoveries are shown.
const CLOSED_MOST: usize = 100;

/// Missed promises and how they are made good.
pub(crate) async fn list(kept: &Kept, _: Nothing) -> Result<RecoveryList, Failure> {
    let now = kept.now();
    let offered = offered(kept, &now).await?;
    let all: Vec<Arc<Known<Recovery>>> = kept.shop().few.care.recoveries.values().cloned().collect();
    let (open, mut closed): (Vec<_>, Vec<_>) = all.into_iter().partition(|known| known.it.closed.is_none());
    let closed_count = to_u32(closed.len());
    closed.sort_by_key(|known| Reverse(known.it.closed.as_ref().map(|closed| closed.at)));
    closed.truncate(CLOSED_MOST);
    let behind = Behind::of(kept, open.iter().chain(&closed)).await?;
    let shop = kept.shop();
    let mut open: Vec<_> = open
        .iter()
        .filter_map(|known| {
            let next = known.it.due(&behind.full_at()).map(|owed| day_of(owed.by, &shop));
            Some(((next.is_none(), next, known.it.id), row(known, &behind, &shop, &now)?))
        })
        .collect();
    open.sort_by_key(|(key, _)| *key);
    Ok(RecoveryList {
        offered,
        open: open.into_iter().map(|(_, row)| row).collect(),
        closed: closed.iter().filter_map(|known| row(known, &behind, &shop, &now)).collect(),
        closed_count,
    })
}

/// One recovery with everything about it.
pub(crate) async fn page(kept: &Kept, takes: TheRecovery) -> Result<RecoveryPage, Failure> {
    let now = kept.now();
    let known = care::find::<Recovery>(kept, takes.recovery)?;
    let promise = kept.commitment(known.it.promise).await?;
    let second_chances = second_chances(kept, &promise.it, &now).await?;
    let promise_row = rows_of(kept, &[promise.it.id], &now).await?.pop();
    let behind = Behind::of(kept, [&known]).await?;
    let shop = kept.shop();
    let missing = || Failure::not_found("The promise of this recovery");
    let calendar = &shop.settings.it.calendar;
    let steps = known.it.steps.iter().map(|step| step_view(&known.it, step, &behind, &now));
    let steps: Vec<RepairStepView> = steps.collect();
    Ok(RecoveryPage {
        row: row(&known, &behind, &shop, &now).ok_or_else(missing)?,
        promise: promise_row.ok_or_else(missing)?,
        price: promise.it.payment.total,
        words: known.it.words.clone(),
        can_close: known.it.closed.is_none() && steps.iter().all(|step| step.state != RepairState::Open),
        steps,
        second_chances,
        causes: causes::rows_where(&shop, &now, |draft| draft.promises.contains(&known.it.promise)),
        worthless: promise.it.worthless_after.is_some_and(|after| now.stamp > calendar.deadline(&after)),
    })
}

/// Begins to make a missed promise good.
pub(crate) async fn open_recovery(kept: &Kept, takes: OpenRecovery) -> Result<RecoveryOpened, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let (promise, customer) = not_begun(kept, takes.promise).await?;
    let recovery = RecoveryId::new(Uuid::now_v7());
    let calendar = kept.settings().calendar;
    let make = || StepId::new(Uuid::now_v7());
    let it = Recovery::open(recovery, &promise.it, takes.words, takes.steps, &calendar, &now, make)
        .map_err(Failure::invalid)?;
    let said = format!("Began to make good {} for {customer}", promise.it.title());
    let done = care::add(&writing, it, said).await?;
    Ok(RecoveryOpened { done, recovery })
}

/// A missed promise is not made good, and why.
pub(crate) async fn leave_recovery(kept: &Kept, takes: LeaveRecovery) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let (promise, customer) = not_begun(kept, takes.promise).await?;
    let (id, calendar) = (RecoveryId::new(Uuid::now_v7()), kept.settings().calendar);
    let it = Recovery::left(id, &promise.it, &takes.why, &calendar, &now).map_err(Failure::invalid)?;
    let said = format!("{} for {customer} is not made good", promise.it.title());
    care::add(&writing, it, said).await
}

/// What went wrong, in the owner's own words.
pub(crate) async fn own_up(kept: &Kept, takes: OwnUp) -> Result<Done, Failure> {
    let deed = |it: &mut Recovery, _: &Now| it.own_up(Some(takes.words));
    let words = |_: &Recovery| "Owned up to what went wrong".to_owned();
    care::change(kept, takes.recovery, takes.version, deed, words).await
}

/// Adds a step.
pub(crate) async fn add_repair(kept: &Kept, takes: AddRepair) -> Result<Done, Failure> {
    let what = takes.draft.repair.words();
    let deed = |it: &mut Recovery, now: &Now| it.add(takes.draft, StepId::new(Uuid::now_v7()), now);
    care::change(kept, takes.recovery, takes.version, deed, |_| format!("Planned: {what}")).await
}

/// Adds a gift, which is promised like anything else.
pub(crate) async fn add_gift(kept: &Kept, takes: AddGift) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = care::seen::<Recovery>(kept, takes.recovery, takes.version)?;
    let missed = kept.commitment(before.it.promise).await?;
    let customer = kept.customer(missed.it.customer).await?;
    let mut after = before.it.clone();
    let (id, step) = (CommitmentId::new(Uuid::now_v7()), StepId::new(Uuid::now_v7()));
    let make = || DeliverableId::new(Uuid::now_v7());
    let gift =
        after.add_gift(takes.gift, missed.it.customer, id, step, &now, make).map_err(Failure::invalid)?;
    let said = format!("Promised {} to {} to make it good", gift.title(), customer.it.name);
    let mut changes = Changes::new(said.clone(), missed.it.id);
    care::put(&mut changes, Some(&before), after);
    changes.commitment(None, gift);
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: Some(missed.it.id) })
}

/// A step is done, or is not after all. Money that went back is taken off what was received.
pub(crate) async fn repair_done(kept: &Kept, takes: RepairDone) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = care::seen::<Recovery>(kept, takes.recovery, takes.version)?;
    let mut after = before.it.clone();
    after.set_done(takes.step, takes.done.then_some(now.stamp), &now).map_err(Failure::invalid)?;
    if after == before.it {
        let promise = Some(before.it.promise);
        return Ok(Done { change: 0, said: "Nothing to change".to_owned(), promise });
    }
    let step = after.steps.iter().find(|step| step.id == takes.step);
    let (what, cost) = step.map(|step| (step.repair.words(), refund_of(&step.repair))).unwrap_or_default();
    let said = if takes.done { format!("Done: {what}") } else { format!("Not done after all: {what}") };
    let promise = before.it.promise;
    let mut changes = Changes::new(said.clone(), promise);
    care::put(&mut changes, Some(&before), after);
    if let Some(amount) = cost {
        let known = kept.commitment(promise).await?;
        let payment = refunded(&known.it.payment, amount, takes.done);
        if payment != known.it.payment {
            changes.commitment(Some(&known), Commitment { payment, ..known.it.clone() });
        }
    }
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: Some(promise) })
}

/// Strikes a step out with a reason, or takes that back.
pub(crate) async fn strike_repair(kept: &Kept, takes: StrikeRepair) -> Result<Done, Failure> {
    let StrikeRepair { recovery, version, step, why } = takes;
    let deed = |it: &mut Recovery, now: &Now| it.strike(step, why.as_deref(), now);
    care::change(kept, recovery, version, deed, |it| {
        let what = words_of(it, step);
        if why.is_some() { format!("Struck out: {what}") } else { format!("Planned again: {what}") }
    })
    .await
}

/// A step gets another day or owner.
pub(crate) async fn move_repair(kept: &Kept, takes: MoveRepair) -> Result<Done, Failure> {
    let MoveRepair { recovery, version, step, by, owner } = takes;
    let today = kept.now().today;
    let deed = |it: &mut Recovery, now: &Now| it.move_step(step, by, &owner, now);
    let words = |it: &Recovery| format!("{} by {}", words_of(it, step), by.words(today));
    care::change(kept, recovery, version, deed, words).await
}

/// Closes a recovery, if each step is done or struck out.
pub(crate) async fn close_recovery(kept: &Kept, takes: CloseRecovery) -> Result<Done, Failure> {
    let known = care::find::<Recovery>(kept, takes.recovery)?;
    let behind = Behind::of(kept, [&known]).await?;
    let deed = |it: &mut Recovery, now: &Now| -> Deed { it.close(takes.words, &behind.full_at(), now) };
    let title = behind.promises.get(&known.it.promise).map_or_else(String::new, |known| known.it.title());
    let words = |_: &Recovery| format!("{title} was made good; the miss stays a miss");
    care::change(kept, takes.recovery, takes.version, deed, words).await
}

/// How many go on.
pub(crate) fn going_on(shop: &Shop) -> u32 {
    to_u32(shop.few.care.recoveries.values().filter(|known| known.it.closed.is_none()).count())
}

/// How the miss of a promise is made good, if that was begun.
pub(crate) async fn of_promise(
    kept: &Kept,
    promise: CommitmentId,
    now: &Now,
) -> Result<Option<RecoveryRow>, Failure> {
    let Some(known) = kept.shop().few.care.recovery_of(promise).cloned() else { return Ok(None) };
    let behind = Behind::of(kept, [&known]).await?;
    Ok(row(&known, &behind, &kept.shop(), now))
}

/// The promises behind some recoveries: those that were missed, and the gifts.
struct Behind {
    promises: BTreeMap<CommitmentId, Arc<Known<Commitment>>>,
}

impl Behind {
    async fn of(
        kept: &Kept,
        recoveries: impl IntoIterator<Item = &Arc<Known<Recovery>>>,
    ) -> Result<Self, Failure> {
        let ids: BTreeSet<CommitmentId> = recoveries
            .into_iter()
            .flat_map(|known| known.it.steps.iter().filter_map(gift_of).chain([known.it.promise]))
            .collect();
        let mut promises = BTreeMap::new();
        let mut closed = Vec::new();
        for id in ids {
            match kept.shop().open.get(&id) {
                Some(known) => drop(promises.insert(id, Arc::clone(known))),
                None => closed.push(id),
            }
        }
        let read = commit::commitments(&kept.0.store, &closed).await?;
        promises.extend(read.into_iter().flatten().map(|known| (known.it.id, Arc::new(known))));
        let customers: Vec<_> = promises.values().map(|known| known.it.customer).collect();
        kept.customers(&customers).await?;
        Ok(Self { promises })
    }

    fn full_at(&self) -> impl Fn(CommitmentId) -> Option<Stamp> {
        |id| self.promises.get(&id).and_then(|known| known.it.full_at())
    }
}

/// Missed promises of which nobody has said whether they are made good: those that are open still, and the misses of the
/// last 90 days; the newest first.
async fn offered(kept: &Kept, now: &Now) -> Result<Vec<PromiseRow>, Failure> {
    let mut misses: Vec<Miss> = {
        let shop = kept.shop();
        let settings = &shop.settings.it;
        let open = shop.open.values().filter_map(|known| Miss::of(&known.it, settings, now));
        let closed = shop.tallies.missed().filter(|miss| miss.is_recent(settings, now));
        let misses = open.chain(closed);
        misses.filter(|miss| shop.few.care.recovery_of(miss.promise).is_none()).collect()
    };
    misses.sort_by_key(|miss| (Reverse(miss.at), miss.promise));
    misses.truncate(OFFERED_MOST);
    let mut known = Vec::with_capacity(misses.len());
    for miss in misses {
        known.push(kept.commitment(miss.promise).await?);
    }
    rows(kept, &known, now).await
}

/// What else the customer was promised and still waits for.
async fn second_chances(kept: &Kept, missed: &Commitment, now: &Now) -> Result<Vec<PromiseRow>, Failure> {
    let known: Vec<Arc<Known<Commitment>>> = {
        let shop = kept.shop();
        let theirs = |known: &&Arc<Known<Commitment>>| {
            known.it.customer == missed.customer && known.it.id != missed.id
        };
        shop.open.values().filter(theirs).cloned().collect()
    };
    rows(kept, &known, now).await
}

/// A promise of which no recovery was begun, with the customer's name.
async fn not_begun(kept: &Kept, promise: CommitmentId) -> Result<(Arc<Known<Commitment>>, String), Failure> {
    let known = kept.commitment(promise).await?;
    if kept.shop().few.care.recovery_of(promise).is_some() {
        return Err(Failure::field("promise", "This was begun already."));
    }
    let name = kept.customer(known.it.customer).await?.it.name.clone();
    Ok((known, name))
}

fn row(known: &Known<Recovery>, behind: &Behind, shop: &Shop, now: &Now) -> Option<RecoveryRow> {
    let it = &known.it;
    let promise = &behind.promises.get(&it.promise)?.it;
    let next = it.due(&behind.full_at());
    let next_day = next.as_ref().map(|owed| day_of(owed.by, shop));
    Some(RecoveryRow {
        id: it.id,
        version: known.last,
        promise: it.promise,
        title: promise.title(),
        customer: shop.customer_name(promise.customer),
        customer_id: promise.customer,
        opened_at: it.opened_at,
        settled: to_u32(it.settled(&behind.full_at())),
        steps: to_u32(it.steps.len()),
        next: next.zip(next_day).map(|(owed, day)| format!("{}, by {}", owed.what, day.words(now.today))),
        overdue: next_day.is_some_and(|day| day < now.today),
        today: next_day == Some(now.today),
        cost: it.cost(),
        cost_words: it.cost_words(promise.payment.total),
        closed: it.closed.clone(),
        made_up: it.made_up,
    })
}

fn step_view(it: &Recovery, step: &RepairStep, behind: &Behind, now: &Now) -> RepairStepView {
    let state = step.state(it.promise, &behind.full_at());
    let gift = gift_of(step).and_then(|id| behind.promises.get(&id));
    RepairStepView {
        id: step.id,
        repair: step.repair.clone(),
        what: gift.map_or_else(|| step.repair.words(), |gift| format!("Give them {}", gift.it.title())),
        by: step.by,
        by_words: step.by.words(now.today),
        owner: step.owner.clone(),
        state,
        done_at: step.finished_at(it.promise, &behind.full_at()),
        struck: step.struck.clone(),
        overdue: state == RepairState::Open && step.by < now.today,
        cost: step.repair.cost(),
        promise: gift_of(step).or_else(|| (step.repair == Repair::Deliver).then_some(it.promise)),
        awaits: gift.and_then(|gift| gift.it.awaits.clone()),
    }
}

fn day_of(by: By, shop: &Shop) -> Day {
    match by {
        By::Day(day) => day,
        By::Instant(instant) => shop.settings.it.calendar.zone.day(instant),
    }
}

const fn gift_of(step: &RepairStep) -> Option<CommitmentId> {
    match &step.repair {
        Repair::MakeGood { promise, .. } => Some(*promise),
        Repair::Deliver
        | Repair::Apologise { .. }
        | Repair::Refund { .. }
        | Repair::CheckBack
        | Repair::Other { .. } => None,
    }
}

const fn refund_of(repair: &Repair) -> Option<Money> {
    match repair {
        Repair::Refund { amount, .. } => Some(*amount),
        Repair::Deliver
        | Repair::Apologise { .. }
        | Repair::MakeGood { .. }
        | Repair::CheckBack
        | Repair::Other { .. } => None,
    }
}

/// A payment after some of it went back, or came again because it had not gone back after all.
fn refunded(before: &Payment, amount: Money, back: bool) -> Payment {
    let Some(received) = before.received.filter(|received| received.currency == amount.currency) else {
        return before.clone();
    };
    let minor = if back { received.minor - amount.minor } else { received.minor + amount.minor };
    let received = Some(Money::new(minor.max(0), received.currency));
    Payment { received, refunded: back && minor <= 0, ..before.clone() }
}

fn words_of(it: &Recovery, step: StepId) -> String {
    it.steps.iter().find(|other| other.id == step).map_or_else(String::new, |step| step.repair.words())
}
