//! The page of one promise.

mod care;
mod work;

use crate::evidence;
use crate::failure::Failure;
use crate::records::{Known, key};
use crate::rows::{queue, row, to_u32};
use crate::shop::Shop;
use crate::takes::ThePromise;
use crate::{Kept, alerts, commit, history, menu, reminders, series};
use kept_core::commitment::{Commitment, Deliverable, Party, Payment, Reschedule};
use kept_core::customer::Customer;
use kept_core::day::{Due, Now};
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::money::Money;
use kept_core::moving::fixed_by_rule;
use kept_core::outcome::{Outcome, outcome};
use kept_core::settings::{MoveRule, Settings};
use kept_core::urgency::{Standing, effort_left, standing};
use kept_core::views::{CustomerCard, DatesView, MoveView, PartView, PaymentView, PromisePage};
use kept_core::words::{Said, count, duration};
use std::sync::Arc;

/// One promise with everything about it.
pub(crate) async fn promise(kept: &Kept, takes: ThePromise) -> Result<PromisePage, Failure> {
    let now = kept.now();
    let known = kept.commitment(takes.promise).await?;
    let customer = kept.customer(known.it.customer).await?;
    let history = history::of_promise(kept, takes.promise).await?;
    let record = record_of(kept, known.it.customer, &now).await?;
    let reminders = alerts::reminders_of(kept, takes.promise);
    let repeats = series::repeats(kept, &known.it, &now).await?;
    let care = care::care(kept, &known.it, &now).await?;
    let shop = kept.shop();
    let it = &known.it;
    let settings = &shop.settings.it;
    let standing = standing(it, settings, &shop.around(&now), &now);
    let said = Said { commitment: it, standing: &standing, calendar: &settings.calendar, now: &now };
    let (previous, next, position) = neighbours(&shop, it.id, &now);
    Ok(PromisePage {
        row: row(&known, &standing, &shop, &now),
        sentence: sentence(it, &customer.it, &now),
        customer: card(&customer.it, record),
        parts: it.deliverables.iter().map(|part| part_view(it, part, &now)).collect(),
        dates: dates(it, settings, &now),
        start_by: standing.start_by.filter(|_| it.is_open()).map(|start| said.day_and_time(start)),
        slack: slack_words(&standing).filter(|_| it.is_open()),
        work: work::work(&said, &shop),
        steps: work::steps(it),
        checklist: work::checklist(it),
        inputs: work::inputs(it),
        blocks: work::blocks(&said),
        blocked_by: work::blockers(it, &shop, &now),
        worthless_after: it.worthless_after.map(|after| after.words(now.today)),
        worthless: it.worthless_after.is_some_and(|after| now.stamp > settings.calendar.deadline(&after)),
        payment: payment(&it.payment),
        whys: menu::whys(&shop.few, it),
        repeats,
        words: it.words.clone(),
        placed_at: it.placed_at,
        source: it.source.clone(),
        waiting: it.waiting.clone(),
        cancelled: it.cancelled.clone(),
        notes: it.notes.clone(),
        handovers: evidence::handovers(it),
        history,
        reminders,
        care,
        own_reminders: reminders::own(it, &shop, &now),
        open: it.is_open(),
        started: it.started_at.is_some(),
        previous,
        next,
        position,
        open_count: to_u32(shop.open.len()),
    })
}

/// How many promises were made to a customer, and how they went.
pub(crate) struct CustomerRecord {
    /// In all.
    pub promises: u32,
    /// In words: `5 promises since 2024, 1 missed`.
    pub words: String,
}

/// How the promises to a customer went; of a customer with very many the newest 200 are judged.
pub(crate) async fn record_of(kept: &Kept, id: CustomerId, now: &Now) -> Result<CustomerRecord, Failure> {
    let rows = commit::rows_of(&kept.0.store, &key(b'q', &[id.uuid().as_bytes()])).await?;
    let ids: Vec<CommitmentId> = rows
        .iter()
        .rev()
        .take(200)
        .filter_map(|row| crate::records::id_at_end(&row.key).map(CommitmentId::new))
        .collect();
    let known: Vec<Known<Commitment>> =
        commit::commitments(&kept.0.store, &ids).await?.into_iter().flatten().collect();
    let calendar = &kept.shop().settings.it.calendar;
    let missed = known.iter().filter(|known| outcome(&known.it, calendar, now) == Outcome::Missed).count();
    let since = known.iter().map(|known| calendar.zone.day(known.it.placed_at)).min();
    let promises = to_u32(rows.len());
    let year = since.map_or_else(String::new, |day| format!(" since {}", day.date().format("%Y")));
    let words = match (promises, missed) {
        (0, _) => "No promise yet".to_owned(),
        (1, 0) => "First promise".to_owned(),
        (many, 0) => format!("{}{year}, none missed", count(many, "promise")),
        (many, missed) => format!("{}{year}, {missed} missed", count(many, "promise")),
    };
    Ok(CustomerRecord { promises, words })
}

fn sentence(it: &Commitment, customer: &Customer, now: &Now) -> String {
    match (it.current_due(), &it.awaits) {
        (Some(due), _) => format!("Promised to {} for {}.", customer.name, due.words(now.today)),
        (None, Some(event)) => format!("Promised to {}, {}.", customer.name, event.what),
        (None, None) => format!("Promised to {}.", customer.name),
    }
}

fn neighbours(
    shop: &Shop,
    id: CommitmentId,
    now: &Now,
) -> (Option<CommitmentId>, Option<CommitmentId>, Option<u32>) {
    let queue = queue(shop, now);
    let Some(place) = queue.iter().position(|(_, known)| known.it.id == id) else {
        return (None, None, None);
    };
    let at =
        |index: usize| queue.get(index).map(|(_, known): &(Standing, Arc<Known<Commitment>>)| known.it.id);
    (place.checked_sub(1).and_then(at), at(place + 1), Some(to_u32(place + 1)))
}

fn card(customer: &Customer, record: CustomerRecord) -> CustomerCard {
    CustomerCard {
        id: customer.id,
        name: customer.name.clone(),
        contacts: customer.contacts.clone(),
        address: customer.address.clone(),
        promises: record.promises,
        record: record.words,
    }
}

fn part_view(it: &Commitment, part: &Deliverable, now: &Now) -> PartView {
    PartView {
        id: part.id,
        what: part.what.clone(),
        quantity: part.quantity,
        handed_over: it.handed_over(part.id),
        left: it.left_of(part),
        stage: part.stage,
        effort_left: part.effort_left,
        minutes_left: effort_left(it, part),
        by_steps: it.steps_of(part.id).any(|step| step.effort.is_some()),
        due_words: part.due.map(|due| due.words(now.today)),
    }
}

fn dates(it: &Commitment, settings: &Settings, now: &Now) -> DatesView {
    let words = |due: Due| due.words(now.today);
    let (basis, current) = (it.basis(), it.current_due());
    DatesView {
        requested: it.requested.map(words),
        first: it.promised_first().map(words),
        current: current.map(words),
        judged_by: basis.filter(|basis| Some(*basis) != current).map(words),
        derived: it.date_derived,
        awaits: it.awaits.clone(),
        moves: it.reschedules.iter().map(|moved| move_view(moved, now)).collect(),
        fixed: fixed_by_rule(it, settings, now).filter(|_| it.is_open()),
        needs_note: settings.move_rule == MoveRule::OnceBeforeItLapses && current.is_some(),
    }
}

fn move_view(moved: &Reschedule, now: &Now) -> MoveView {
    let to = moved.to.words(now.today);
    let words = moved
        .from
        .map_or_else(|| format!("set to {to}"), |from| format!("from {} to {to}", from.words(now.today)));
    MoveView {
        words,
        by: moved.by,
        said_at: moved.said_at,
        told_at: moved.told_at,
        agreed: moved.agreed,
        why: moved.why.clone(),
        note: moved.note.clone(),
    }
}

fn payment(payment: &Payment) -> PaymentView {
    let outstanding = payment.total.filter(|_| !payment.refunded).and_then(|total| {
        let received = payment.received.map_or(0, |money| money.minor);
        let left = total.minor.saturating_sub(received);
        (left > 0).then(|| Money::new(left, total.currency))
    });
    PaymentView {
        total: payment.total,
        received: payment.received,
        outstanding,
        state: payment.state(),
        received_at: payment.received_at,
    }
}

fn slack_words(standing: &Standing) -> Option<String> {
    let slack = standing.slack?;
    Some(if slack < 0 {
        format!("{} of working time too little", duration(-slack))
    } else {
        format!("{} of slack", duration(slack))
    })
}

/// A side of a promise, in words.
pub(crate) fn party_words(by: Party) -> &'static str {
    match by {
        Party::Customer => "the customer",
        Party::Us => "us",
    }
}
