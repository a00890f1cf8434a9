//! Making promises: a draft is read back before it is saved, with what Kept thinks of its date.

mod check;

pub(crate) use check::promise_check;

use crate::Kept;
use crate::failure::Failure;
use crate::promise::record_of;
use crate::records::{Changes, id_at_end, key};
use crate::rows::queue;
use crate::shop::Shop;
use crate::store::Store;
use crate::takes::{CustomerSuggestions, CustomersLike, TheDraft};
use crate::today::{load, open_minutes};
use kept_core::around::Around;
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::day::{Day, Due, Hours, Now};
use kept_core::draft::PromiseDraft;
use kept_core::id::{CommitmentId, CustomerId, DeliverableId, OfferId};
use kept_core::search::folded;
use kept_core::urgency::{remaining_minutes, standing};
use kept_core::views::plan::HonestDateView;
use kept_core::views::{BetterDate, CustomerBrief, Done, DraftView};
use kept_core::words::{Said, count, duration};
use std::collections::BTreeSet;
use std::ops::Bound;
use uuid::Uuid;

/// Suggestions are few, so that one can see them at a glance.
const SUGGESTIONS: usize = 8;

/// Customers whose name or e-mail address begins with a text.
pub(crate) async fn customers_like(
    kept: &Kept,
    takes: CustomersLike,
) -> Result<CustomerSuggestions, Failure> {
    let now = kept.now();
    let mut customers = Vec::new();
    for id in like(kept, &takes.text).await? {
        customers.push(brief(kept, id, &now).await?);
    }
    Ok(CustomerSuggestions { customers })
}

/// Reads a draft back before it is saved.
pub(crate) async fn read_draft(kept: &Kept, takes: TheDraft) -> Result<DraftView, Failure> {
    let now = kept.now();
    let draft = takes.draft;
    let (known, others) = meant(kept, draft.customer, &draft.customer_name).await?;
    let mut customer = None;
    if let Some(id) = known {
        customer = Some(brief(kept, id, &now).await?);
    }
    let mut could_be = Vec::new();
    for id in others.into_iter().filter(|id| Some(*id) != known) {
        could_be.push(brief(kept, id, &now).await?);
    }
    let meant = as_meant(&draft, &now);
    let honest = honest_view(kept, &draft, &meant, &now).await?;
    let shop = kept.shop();
    let deadline = draft.due.map(|due| shop.settings.it.calendar.deadline(&due));
    let problems = draft.problems(&now, deadline);
    let due_words = draft.due.map(|due| due.words(now.today));
    let ahead = draft.due.filter(|_| deadline.is_some_and(|deadline| deadline > now.stamp));
    let room = ahead.map(|due| Room::of(&meant, due, &shop, &now)).unwrap_or_default();
    let Room { start_words, warning: room_words, better, week_words } = room;
    let let_down = customer.as_ref().filter(|it| shop.around(&now).has_let_down(it.id));
    let second_chance = let_down.map(|it| {
        format!("{} was let down before: this is their second chance. Promise what will hold.", it.name)
    });
    Ok(DraftView {
        problems,
        customer,
        could_be,
        second_chance,
        due_words,
        start_words,
        room_words,
        better,
        week_words,
        honest,
    })
}

/// The promise that a draft would make, to reckon with; its ids mean nothing.
fn as_meant(draft: &PromiseDraft, now: &Now) -> Commitment {
    let mut number = 0;
    draft.clone().into_commitment(CommitmentId::new(Uuid::nil()), CustomerId::new(Uuid::nil()), now, || {
        number += 1;
        DeliverableId::new(Uuid::from_u128(number))
    })
}

/// The earliest date that can honestly be promised for a draft, once it says what is promised.
async fn honest_view(
    kept: &Kept,
    draft: &PromiseDraft,
    meant: &Commitment,
    now: &Now,
) -> Result<Option<HonestDateView>, Failure> {
    if meant.deliverables.iter().all(|part| part.what.is_empty()) || draft.awaits.is_some() {
        return Ok(None);
    }
    let offers: BTreeSet<OfferId> = meant.deliverables.iter().filter_map(|part| part.offer).collect();
    let offers: Vec<OfferId> = offers.into_iter().collect();
    let effort = remaining_minutes(meant, kept.settings().usual_effort);
    let honest = check::honest(kept, &offers, effort, now.stamp, now).await?;
    Ok(Some(check::view(honest, draft.due, now)))
}

/// What a date means for the work before it.
#[derive(Default)]
struct Room {
    start_words: Option<String>,
    warning: Option<String>,
    better: Vec<BetterDate>,
    week_words: Option<String>,
}

impl Room {
    fn of(commitment: &Commitment, due: Due, shop: &Shop, now: &Now) -> Self {
        let calendar = &shop.settings.it.calendar;
        let around = Around::hours(&shop.tallies.taken);
        let standing = standing(commitment, &shop.settings.it, &around, now);
        let said = Said { commitment, standing: &standing, calendar, now };
        let away = away(due.day, now);
        let start_words = match standing.start_by {
            Some(start) if start <= now.stamp => format!("{away}, start now"),
            Some(start) => format!("{away}, start by {}", said.day_and_time(start)),
            None => away,
        };
        let (warning, better) = warning(due, standing.remaining, shop, now);
        let week_words = check::week_warning(due.day, standing.remaining, shop, now);
        Self { start_words: Some(start_words), warning, better, week_words }
    }
}

/// A warning about a day that is full or closed, and days near it that are not.
fn warning(due: Due, needed: i64, shop: &Shop, now: &Now) -> (Option<String>, Vec<BetterDate>) {
    let calendar = &shop.settings.it.calendar;
    let better = |days: &[i64], fits: &dyn Fn(Day) -> bool| -> Vec<BetterDate> {
        let near = days.iter().map(|days| calendar.working_day(due.day, *days));
        near.filter(|day| *day >= now.today && fits(*day))
            .take(2)
            .map(|day| better_date(Due { day, ..due }, now))
            .collect()
    };
    if !calendar.is_working_day(due.day) {
        let words =
            (due.hours == Hours::AnyTime).then(|| format!("You are closed on {}.", due.words(now.today)));
        let better = if words.is_some() { better(&[-1, 1], &|_| true) } else { Vec::new() };
        return (words, better);
    }
    let queue = queue(shop, now);
    let load_of = |day: Day| load(&queue, calendar, now, day);
    let fits = |day: Day| i64::from(load_of(day).0) + needed <= i64::from(open_minutes(calendar, day));
    if fits(due.day) {
        return (None, Vec::new());
    }
    let (planned, promises) = load_of(due.day);
    let words = format!(
        "{} is full: {} already need {} of {}.",
        due.day.date().format("%A"),
        count(promises, "promise"),
        duration(i64::from(planned)),
        duration(i64::from(open_minutes(calendar, due.day))),
    );
    (Some(words), better(&[-1, 1, 2, 3, 4, 5], &fits))
}

/// Makes a promise, and its customer if Kept does not know them yet.
pub(crate) async fn make_promise(kept: &Kept, takes: TheDraft) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let draft = takes.draft;
    let deadline = draft.due.map(|due| kept.settings().calendar.deadline(&due));
    let problems = draft.problems(&now, deadline);
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let id = CommitmentId::new(Uuid::now_v7());
    let mut changes = Changes::new("", id);
    let (customer, name) =
        customer_meant(kept, draft.customer, &draft.customer_name, &now, &mut changes).await?;
    let worthless_after = draft.worthless_after(&kept.settings().calendar);
    let commitment = draft.into_commitment(id, customer, &now, || DeliverableId::new(Uuid::now_v7()));
    let commitment = Commitment { worthless_after, ..commitment };
    let due =
        commitment.current_due().map(|due| format!(" for {}", due.words(now.today))).unwrap_or_default();
    changes.what = format!("Promised {} to {name}{due}", commitment.title());
    changes.commitment(None, commitment);
    let said = changes.what.clone();
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: Some(id) })
}

/// The customer that is meant, with the name; one whom Kept does not know yet is made with the change.
pub(crate) async fn customer_meant(
    kept: &Kept,
    customer: Option<CustomerId>,
    name: &str,
    now: &Now,
    changes: &mut Changes,
) -> Result<(CustomerId, String), Failure> {
    if let (Some(known), _) = meant(kept, customer, name).await? {
        return Ok((known, kept.customer(known).await?.it.name.clone()));
    }
    let customer = Customer::new(CustomerId::new(Uuid::now_v7()), name, now.stamp);
    let (id, name) = (customer.id, customer.name.clone());
    changes.customer(None, customer);
    Ok((id, name))
}

/// The customer that a draft means, if that is certain, and all that could be meant.
async fn meant(
    kept: &Kept,
    customer: Option<CustomerId>,
    name: &str,
) -> Result<(Option<CustomerId>, Vec<CustomerId>), Failure> {
    let name = Customer::folded_name(name);
    let others = if name.is_empty() { Vec::new() } else { like(kept, &name).await? };
    if customer.is_some() {
        return Ok((customer, others));
    }
    let mut same = Vec::new();
    for id in &others {
        if kept.customer(*id).await?.it.names().any(|known| Customer::folded_name(known) == name) {
            same.push(*id);
        }
    }
    // Two customers of one name: the owner says which.
    let certain = if let [one] = same.as_slice() { Some(*one) } else { None };
    Ok((certain, others))
}

/// Customers whose name (any word of it, for those with open promises) or e-mail address begins with a text.
async fn like(kept: &Kept, text: &str) -> Result<Vec<CustomerId>, Failure> {
    let text = Customer::folded_name(text);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<CustomerId> = Vec::new();
    for kind in [b'n', b'e'] {
        let prefix = key(kind, &[text.as_bytes()]);
        let end = crate::records::end_of(&prefix);
        let rows = kept.0.store.range(Bound::Included(prefix), end, false, SUGGESTIONS).await?;
        ids.extend(rows.iter().filter_map(|row| id_at_end(&row.key).map(CustomerId::new)));
    }
    let wanted = folded(&text);
    let by_word = {
        let shop = kept.shop();
        let by_word = shop.customers.values().filter(|known| {
            let name = folded(&known.it.name);
            name.starts_with(&wanted) || name.split_whitespace().any(|word| word.starts_with(&wanted))
        });
        let mut found: Vec<_> = by_word.map(|known| (known.it.name.clone(), known.it.id)).collect();
        found.sort();
        found
    };
    ids.extend(by_word.into_iter().map(|(_, id)| id));
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    ids.truncate(SUGGESTIONS);
    kept.customers(&ids).await?;
    Ok(ids)
}

async fn brief(kept: &Kept, id: CustomerId, now: &Now) -> Result<CustomerBrief, Failure> {
    let name = kept.customer(id).await?.it.name.clone();
    let record = record_of(kept, id, now).await?.words;
    Ok(CustomerBrief { id, name, record })
}

fn away(day: Day, now: &Now) -> String {
    match day.days_since(now.today) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {}", count(days, "day")),
    }
}

fn better_date(due: Due, now: &Now) -> BetterDate {
    BetterDate { due, words: due.words(now.today) }
}
