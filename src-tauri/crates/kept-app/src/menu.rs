//! The menu: offers, and picking one into a draft.

use crate::Kept;
use crate::failure::Failure;
use crate::records::{Changes, Known, Record};
use crate::rows::to_u32;
use crate::shop::{Few, Shop};
use crate::takes::Nothing;
use crate::takes::menu::{OffersQuery, OnOffer, PickOffer, SaveOffer, TheOffer};
use kept_core::commitment::Commitment;
use kept_core::draft::QUANTITY_MOST;
use kept_core::id::OfferId;
use kept_core::offer::{Menu as _, Offer, OfferDraft, OfferPart, contains, fill};
use kept_core::search::{folded, holds, words_of};
use kept_core::views::Done;
use kept_core::views::menu::{
    MenuEntry, MenuPage, MenuView, OfferPage, OfferRow, OfferSaved, PickedOffer, WhyView,
};
use kept_core::words::count;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The menu, or what of it matches a search.
pub(crate) async fn offers(kept: &Kept, takes: OffersQuery) -> Result<MenuView, Failure> {
    let shop = kept.shop();
    let words = words_of(&takes.search);
    let open = open_by_offer(&shop);
    let found = by_name(&shop.few)
        .into_iter()
        .filter(|known| holds(&folded(&format!("{}\n{}", known.it.name, known.it.why)), &words));
    let offers = found.map(|known| row(known, &shop.few, &open)).collect();
    Ok(MenuView { offers, all: to_u32(shop.few.offers.len()) })
}

/// One offer with everything about it.
pub(crate) async fn offer(kept: &Kept, takes: TheOffer) -> Result<OfferPage, Failure> {
    let shop = kept.shop();
    let known = find(&shop.few, takes.offer)?;
    Ok(OfferPage {
        row: row(&known, &shop.few, &open_by_offer(&shop)),
        draft: draft_of(&known.it),
        contained_in: contained_in(&shop.few, takes.offer),
        worthless_words: known.it.worthless_hours.map(worthless_words),
    })
}

/// Saves an offer. Promises that were made of it before stay as they are.
pub(crate) async fn save_offer(kept: &Kept, takes: SaveOffer) -> Result<OfferSaved, Failure> {
    let writing = kept.writing().await;
    let before = takes.offer.map(|id| find(&kept.shop().few, id)).transpose()?;
    before.as_ref().map_or(Ok(()), |known| known.must_be(takes.version))?;
    let problems = takes.draft.problems(takes.offer, &kept.shop().few);
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let id = takes.offer.unwrap_or_else(|| OfferId::new(Uuid::now_v7()));
    let after = takes.draft.into_offer(id, before.as_ref().map(|known| &known.it));
    let verb = if before.is_none() { "Put" } else { "Changed" };
    let said = format!("{verb} “{}” on the menu", after.name);
    if before.as_ref().is_some_and(|before| before.it == after) {
        let done = Done { change: 0, said: "Nothing to change".to_owned(), promise: None };
        return Ok(OfferSaved { done, offer: id });
    }
    let mut changes = Changes::new(said.clone(), None);
    changes.put(before.map(|known| record(&known)), Record::Offer(after));
    let change = writing.commit(changes).await?;
    Ok(OfferSaved { done: Done { change, said, promise: None }, offer: id })
}

/// Takes an offer off the menu, unless another one contains it.
pub(crate) async fn remove_offer(kept: &Kept, takes: OnOffer) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let known = find(&kept.shop().few, takes.offer)?;
    known.must_be(takes.version)?;
    if let [first, ..] = contained_in(&kept.shop().few, takes.offer).as_slice() {
        let is = format!("“{first}” contains it. Take it out there first.");
        return Err(Failure::field("offer", is));
    }
    let said = format!("Took “{}” off the menu", known.it.name);
    let mut changes = Changes::new(said.clone(), None);
    changes.remove(record(&known));
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

/// Adds an offer to a draft, with all that a promise of it needs.
pub(crate) async fn pick_offer(kept: &Kept, takes: PickOffer) -> Result<PickedOffer, Failure> {
    if !(1..=QUANTITY_MOST).contains(&takes.quantity) {
        return Err(Failure::field("quantity", "A quantity is between 1 and 1,000,000."));
    }
    let now = kept.now();
    let shop = kept.shop();
    let known = find(&shop.few, takes.offer)?;
    let mut draft = takes.draft;
    let had_date = draft.due.is_some();
    let calendar = &shop.settings.it.calendar;
    fill(&mut draft, &known.it, takes.quantity, &shop.few, calendar, &now)
        .map_err(|problem| Failure::invalid(vec![problem]))?;
    let lead_words = known.it.lead_days.filter(|_| !had_date && draft.due.is_some()).map(lead_words);
    Ok(PickedOffer {
        due_words: draft.due.map(|due| due.words(now.today)),
        draft,
        name: known.it.name.clone(),
        why: known.it.why.clone(),
        lead_words,
    })
}

/// The menu as one printed page.
pub(crate) async fn menu_page(kept: &Kept, _: Nothing) -> Result<MenuPage, Failure> {
    let now = kept.now();
    let shop = kept.shop();
    let offers = by_name(&shop.few).into_iter().map(|known| entry(&known.it, &shop.few));
    Ok(MenuPage {
        business: shop.settings.it.business.clone(),
        day_words: now.today.date().format("%-d %B %Y").to_string(),
        offers: offers.collect(),
    })
}

/// Why a promise matters to its customer, as the menu says it today; each offer once.
pub(crate) fn whys(few: &Few, it: &Commitment) -> Vec<WhyView> {
    let mut whys: Vec<WhyView> = Vec::new();
    for offer in it.deliverables.iter().filter_map(|part| few.offer(part.offer?)) {
        if !offer.why.is_empty() && whys.iter().all(|why| why.offer != offer.id) {
            whys.push(WhyView { offer: offer.id, name: offer.name.clone(), why: offer.why.clone() });
        }
    }
    whys
}

fn find(few: &Few, id: OfferId) -> Result<Arc<Known<Offer>>, Failure> {
    few.offers.get(&id).cloned().ok_or_else(|| Failure::not_found("This offer"))
}

fn record(known: &Known<Offer>) -> Known<Record> {
    known.clone().map(Record::Offer)
}

fn by_name(few: &Few) -> Vec<&Known<Offer>> {
    let mut offers: Vec<&Known<Offer>> = few.offers.values().map(AsRef::as_ref).collect();
    offers.sort_by_cached_key(|known| folded(&known.it.name));
    offers
}

fn row(known: &Known<Offer>, few: &Few, open: &HashMap<OfferId, u32>) -> OfferRow {
    let it = &known.it;
    OfferRow {
        id: it.id,
        version: known.last,
        name: it.name.clone(),
        why: it.why.clone(),
        lead_words: it.lead_days.map(lead_words),
        price: it.price,
        contents: contents(it, few),
        open: open.get(&it.id).copied().unwrap_or_default(),
        made_up: it.made_up,
    }
}

fn entry(it: &Offer, few: &Few) -> MenuEntry {
    MenuEntry {
        name: it.name.clone(),
        why: it.why.clone(),
        lead_words: it.lead_days.map(lead_words),
        price: it.price,
        contents: contents(it, few),
        inputs: it.inputs.clone(),
        checklist: it.checklist.clone(),
        worthless_words: it.worthless_hours.map(worthless_words),
    }
}

/// For how many open promises something of each offer is still owed.
fn open_by_offer(shop: &Shop) -> HashMap<OfferId, u32> {
    let mut open = HashMap::new();
    for known in shop.open.values() {
        let mut offers: Vec<OfferId> = known.it.deliverables.iter().filter_map(|part| part.offer).collect();
        offers.sort_unstable();
        offers.dedup();
        for offer in offers {
            *open.entry(offer).or_insert(0) += 1;
        }
    }
    open
}

fn contained_in(few: &Few, id: OfferId) -> Vec<String> {
    let others = by_name(few).into_iter().filter(|other| other.it.id != id);
    others.filter(|other| contains(other.it.id, id, few)).map(|other| other.it.name.clone()).collect()
}

fn contents(it: &Offer, few: &Few) -> Vec<String> {
    let words = |part: &OfferPart| {
        let name = part.offer.and_then(|id| few.offer(id)).map_or(part.what.as_str(), |other| &other.name);
        if part.quantity == 1 { name.to_owned() } else { format!("{} {name}", part.quantity) }
    };
    it.parts.iter().map(words).collect()
}

fn lead_words(days: u32) -> String {
    match days {
        0 => "the same day".to_owned(),
        days => count(days, "working day"),
    }
}

fn worthless_words(hours: u32) -> String {
    match (hours, hours % 24) {
        (0, _) => "worth nothing after its time".to_owned(),
        (hours, 0) => format!("worth nothing {} after its time", count(hours / 24, "day")),
        (hours, _) => format!("worth nothing {} after its time", count(hours, "hour")),
    }
}

fn draft_of(it: &Offer) -> OfferDraft {
    let it = it.clone();
    OfferDraft {
        name: it.name,
        why: it.why,
        lead_days: it.lead_days,
        price: it.price,
        parts: it.parts,
        steps: it.steps,
        inputs: it.inputs,
        checklist: it.checklist,
        worthless_hours: it.worthless_hours,
    }
}
