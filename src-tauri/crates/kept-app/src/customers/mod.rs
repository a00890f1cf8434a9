//! Customers: the list, one of them with everything that happened, and what the owner changes of them.

mod doubles;
mod people;
mod timeline;

pub(crate) use doubles::{doubles, merge_customers, two_customers};
pub(crate) use people::People;

use crate::failure::Failure;
use crate::promise::record_of;
use crate::records::{Changes, Known, key};
use crate::rows::to_u32;
use crate::takes::menu::SeriesQuery;
use crate::takes::people::{CustomersQuery, NoteOnCustomer, SaveCustomer, TheCustomer};
use crate::{Kept, commit, series};
use kept_core::commitment::Note;
use kept_core::customer::{Contact, Customer, CustomerForm};
use kept_core::day::Zone;
use kept_core::draft::NOTE_MOST;
use kept_core::id::CustomerId;
use kept_core::link;
use kept_core::phone;
use kept_core::search::words_of;
use kept_core::views::Done;
use kept_core::views::people::{
    ContactKind, ContactView, CustomerPage, CustomerRow, CustomerSaved, CustomersPage,
};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// No page is longer.
const PAGE_MOST: u32 = 200;

/// A page of customers.
pub(crate) async fn customers(kept: &Kept, takes: CustomersQuery) -> Result<CustomersPage, Failure> {
    let now = kept.now();
    let words = words_of(&takes.search);
    let open = open_counts(kept);
    let (ids, all, forgiven) = people::with(kept, |people| {
        let (mut found, forgiven) = people.find(&words);
        people.sort(&mut found, takes.sort, &open);
        (found, people.len(), forgiven)
    })
    .await?;
    let page = ids.iter().skip(takes.offset as usize).take(takes.limit.min(PAGE_MOST) as usize).copied();
    let page: Vec<CustomerId> = page.collect();
    let known = commit::customers(&kept.0.store, &page).await?;
    let mut counted = Vec::with_capacity(page.len());
    for known in known.into_iter().flatten() {
        counted.push((to_u32(promise_count(kept, known.it.id).await?), known));
    }
    let shop = kept.shop();
    let around = shop.around(&now);
    let row = |(promises, known): &(u32, Known<Customer>)| {
        let it = &known.it;
        CustomerRow {
            id: it.id,
            version: known.last,
            name: it.name.clone(),
            reach: reach(it, it.zone.unwrap_or(shop.settings.it.calendar.zone)),
            promises: *promises,
            open: open.get(&it.id).copied().unwrap_or_default(),
            second_chance: around.has_let_down(it.id),
            since: it.since,
            made_up: it.made_up,
        }
    };
    let rows = counted.iter().map(row).collect();
    Ok(CustomersPage { count: to_u32(ids.len()), all: to_u32(all), offset: takes.offset, rows, forgiven })
}

/// One customer with everything that happened with them.
pub(crate) async fn customer(kept: &Kept, takes: TheCustomer) -> Result<CustomerPage, Failure> {
    let now = kept.now();
    let known = kept.customer(takes.customer).await?;
    let zone = zone_of(kept, &known.it);
    let record = record_of(kept, takes.customer, &now).await?;
    let past = timeline::of(kept, &known.it, &now).await?;
    let query = SeriesQuery { customer: Some(takes.customer), also_over: true };
    let series = series::list(kept, query).await?.series;
    let doubles = doubles::of(kept, &known.it, &now).await?;
    let most = takes.limit.min(PAGE_MOST) as usize;
    let event_count = to_u32(past.events.len());
    let it = &known.it;
    Ok(CustomerPage {
        id: it.id,
        version: known.last,
        form: form_of(it),
        contacts: it.contacts.iter().map(|contact| contact_view(contact, zone)).collect(),
        record: record.words,
        promises: record.promises,
        open: open_counts(kept).get(&it.id).copied().unwrap_or_default(),
        second_chance: past.second_chance,
        series,
        doubles,
        events: past.events.into_iter().skip(takes.offset as usize).take(most).collect(),
        event_count,
        since: it.since,
        made_up: it.made_up,
    })
}

/// Saves what is known of a customer.
pub(crate) async fn save_customer(kept: &Kept, takes: SaveCustomer) -> Result<CustomerSaved, Failure> {
    let writing = kept.writing().await;
    let problems = takes.form.problems();
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let Some(id) = takes.customer else {
        let id = CustomerId::new(Uuid::now_v7());
        let after = takes.form.apply_to(Customer::new(id, "", kept.now().stamp));
        let said = format!("Took down {}", after.name);
        let mut changes = Changes::new(said.clone(), None);
        changes.customer(None, after);
        let change = writing.commit(changes).await?;
        return Ok(CustomerSaved { done: Done { change, said, promise: None }, customer: id });
    };
    let known = fresh(kept, id, takes.version).await?;
    let after = takes.form.apply_to(known.it.clone());
    let said = if after == known.it {
        "Nothing to change".to_owned()
    } else {
        format!("Changed what is known of {}", after.name)
    };
    let mut changes = Changes::new(said.clone(), None);
    if after != known.it {
        changes.customer(Some(&known), after);
    }
    let change = writing.commit(changes).await?;
    Ok(CustomerSaved { done: Done { change, said, promise: None }, customer: id })
}

/// A note about a customer.
pub(crate) async fn note_on_customer(kept: &Kept, takes: NoteOnCustomer) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let text = takes.text.trim();
    if text.is_empty() {
        return Err(Failure::field("text", "Write something first."));
    }
    if text.chars().count() > NOTE_MOST {
        return Err(Failure::field("text", format!("A note is at most {NOTE_MOST} letters long.")));
    }
    let known = kept.customer(takes.customer).await?;
    let mut after = known.it.clone();
    after.notes.push(Note { at: kept.now().stamp, text: text.to_owned() });
    let said = format!("Added a note about {}", after.name);
    let mut changes = Changes::new(said.clone(), None);
    changes.customer(Some(&known), after);
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

/// A customer, if nothing has changed them since they were seen.
async fn fresh(kept: &Kept, id: CustomerId, version: Option<u64>) -> Result<Arc<Known<Customer>>, Failure> {
    let known = kept.customer(id).await?;
    known.must_be(version)?;
    Ok(known)
}

/// How many promises were made to a customer in all: counted in the index, without reading them.
async fn promise_count(kept: &Kept, id: CustomerId) -> Result<usize, Failure> {
    Ok(commit::rows_of(&kept.0.store, &key(b'q', &[id.uuid().as_bytes()])).await?.len())
}

/// For how many promises something is still owed, by customer.
fn open_counts(kept: &Kept) -> HashMap<CustomerId, u32> {
    let mut counts = HashMap::new();
    for known in kept.shop().open.values() {
        *counts.entry(known.it.customer).or_insert(0) += 1;
    }
    counts
}

/// The zone in which numbers without a country are read.
fn zone_of(kept: &Kept, it: &Customer) -> Zone {
    it.zone.unwrap_or_else(|| kept.shop().settings.it.calendar.zone)
}

/// The preferred way to reach a customer, as one reads it.
fn reach(it: &Customer, zone: Zone) -> Option<String> {
    it.contacts.first().map(|contact| contact_view(contact, zone).shown)
}

fn contact_view(contact: &Contact, zone: Zone) -> ContactView {
    let typed = contact.text().to_owned();
    match contact {
        Contact::Email { address } => {
            let link = Some(link::mail_to(address));
            ContactView { kind: ContactKind::Email, shown: typed.clone(), typed, link }
        }
        Contact::Phone { number } => {
            let read = phone::read(number, zone);
            let link = read.as_ref().map(|number| format!("tel:{}", number.e164));
            let shown = read.map_or_else(|| typed.clone(), |number| number.shown);
            ContactView { kind: ContactKind::Phone, shown, typed, link }
        }
        Contact::Other { .. } => {
            ContactView { kind: ContactKind::Other, shown: typed.clone(), typed, link: None }
        }
    }
}

fn form_of(it: &Customer) -> CustomerForm {
    CustomerForm {
        name: it.name.clone(),
        contacts: it.contacts.clone(),
        address: it.address.clone(),
        zone: it.zone,
        also: it.also.clone(),
    }
}
