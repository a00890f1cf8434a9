//! All promises in a few words each: what a list is searched, narrowed and ordered by.
//!
//! It is read once, when a list is first asked for, and follows every change from then on. Promises and customers have a
//! number each, their place in a list, and sets of them are sets of numbers.

use super::each;
use super::moment::{Key, Moment};
use crate::Kept;
use crate::commit::{commitment_of, customer_of};
use crate::failure::Failure;
use crate::records::{Changes, Known, Record};
use crate::rows::{source_words, to_u32};
use crate::shop::Shop;
use kept_core::commitment::{Commitment, FulfilmentStatus, PaymentState, Source};
use kept_core::customer::{Contact, Customer};
use kept_core::day::{Day, Stamp};
use kept_core::id::{CommitmentId, CustomerId, OfferId};
use kept_core::list::Column;
use kept_core::search::{Index, folded};
use kept_core::urgency::current_deadline;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// Of long notes only the beginning is searched.
const NOTE_SEARCHED: usize = 400;

/// The number of a promise or a customer in the catalogue; it keeps it until Kept quits.
pub(crate) type Number = u32;

/// All promises and customers in a few words each.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    pub(crate) items: Vec<Item>,
    pub(crate) people: Vec<Person>,
    pub(crate) text: Index,
    pub(crate) names: Index,
    numbers: HashMap<CommitmentId, Number>,
    persons: HashMap<CustomerId, Number>,
    /// All promises in the order of a column, made when it is first asked for after a change.
    orders: HashMap<Column, Arc<[Number]>>,
    pub(super) moment: Option<(Key, Arc<Moment>)>,
}

/// One promise.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about a promise, not a state")]
pub(crate) struct Item {
    pub id: CommitmentId,
    pub customer: CustomerId,
    pub there: bool,
    pub open: bool,
    pub unpaid: bool,
    pub second_chance: bool,
    pub status: FulfilmentStatus,
    pub payment: PaymentState,
    /// The end of the date that stands now, in milliseconds; the end of time if there is none.
    pub deadline: i64,
    /// The day on which it is due.
    pub day: Option<Day>,
    pub placed: i64,
    pub source: Box<str>,
    /// What of the menu it was made of.
    pub offers: Box<[OfferId]>,
    title: Box<str>,
    /// Everything about it that is searched, but for the customer's name.
    text: Box<str>,
}

/// One customer.
#[derive(Debug)]
pub(crate) struct Person {
    pub id: CustomerId,
    pub there: bool,
    name: Box<str>,
    /// The name as it is searched.
    pub(crate) folded: Box<str>,
    /// The promises that were made to them.
    pub promises: Vec<Number>,
}

impl Catalogue {
    pub(super) async fn read(kept: &Kept) -> Result<Self, Failure> {
        let mut catalogue = Self::default();
        each(&kept.0.store, b"c", |row| {
            catalogue.put_customer(&customer_of(row)?.it);
            Ok(())
        })
        .await?;
        each(&kept.0.store, b"p", |row| {
            catalogue.put(&commitment_of(row)?.it, &kept.shop());
            Ok(())
        })
        .await?;
        Ok(catalogue)
    }

    /// Follows a change; customers first, because promises name them.
    pub(super) fn follow(&mut self, shop: &Shop, changes: &Changes) {
        let records = || changes.records.values();
        for changed in records() {
            match (&changed.before, &changed.after) {
                (_, Some(Record::Customer(it))) => self.put_customer(it),
                (Some(Known { it: Record::Customer(it), .. }), None) => self.remove_customer(it.id),
                _ => {}
            }
        }
        for changed in records() {
            match (&changed.before, &changed.after) {
                (_, Some(Record::Commitment(it))) => self.put(it, shop),
                (Some(Known { it: Record::Commitment(it), .. }), None) => self.remove(it.id),
                _ => {}
            }
        }
        self.orders.clear();
        self.moment = None;
    }

    pub(super) fn number(&self, id: CommitmentId) -> Option<Number> {
        self.numbers.get(&id).copied()
    }

    fn person(&self, id: CustomerId) -> Option<&Person> {
        self.persons.get(&id).and_then(|number| self.people.get(*number as usize))
    }

    /// The customer of a promise by name, if they are there.
    pub(super) fn customer_of(&self, number: Number) -> Option<(CustomerId, String)> {
        let customer = self.item(number).customer;
        let person = self.person(customer).filter(|person| person.there)?;
        Some((customer, person.name.to_string()))
    }

    /// The promise with a number.
    pub(crate) fn item(&self, number: Number) -> &Item {
        &self.items[number as usize]
    }

    /// The numbers of all promises that are there.
    fn all(&self) -> impl Iterator<Item = Number> {
        (0..to_u32(self.items.len())).filter(|number| self.items[*number as usize].there)
    }

    /// All promises in the order of a column, from its beginning.
    pub(super) fn order(&mut self, column: Column) -> Arc<[Number]> {
        if let Some(order) = self.orders.get(&column) {
            return Arc::clone(order);
        }
        let mut numbers: Vec<Number> = self.all().collect();
        numbers.sort_by(|a, b| self.compare(column, *a, *b));
        let order: Arc<[Number]> = numbers.into();
        self.orders.insert(column, Arc::clone(&order));
        order
    }

    /// What is equal in a column comes by date, and then as it was promised.
    fn compare(&self, column: Column, a: Number, b: Number) -> Ordering {
        let (a, b) = (&self.items[a as usize], &self.items[b as usize]);
        let name = |item: &Item| self.person(item.customer).map_or("", |person| &*person.folded);
        let ordering = match column {
            Column::Promise => a.title.cmp(&b.title),
            Column::Customer => name(a).cmp(name(b)),
            Column::Due => Ordering::Equal,
            Column::Status => (a.status as u8).cmp(&(b.status as u8)),
            Column::Payment => (a.payment as u8).cmp(&(b.payment as u8)),
            Column::Source => a.source.cmp(&b.source),
            Column::Placed => a.placed.cmp(&b.placed),
        };
        ordering.then_with(|| a.deadline.cmp(&b.deadline)).then_with(|| a.id.cmp(&b.id))
    }

    fn put(&mut self, it: &Commitment, shop: &Shop) {
        let number = *self.numbers.entry(it.id).or_insert(to_u32(self.items.len()));
        let item = Item::of(it, shop);
        match self.items.get_mut(number as usize) {
            Some(place) => {
                let before = std::mem::replace(place, item).customer;
                self.unlink(before, number);
            }
            None => self.items.push(item),
        }
        self.link(it.customer, number);
        self.put_text(number);
    }

    fn remove(&mut self, id: CommitmentId) {
        if let Some(number) = self.number(id) {
            let item = &mut self.items[number as usize];
            item.there = false;
            let customer = item.customer;
            self.unlink(customer, number);
            self.text.put(number, "");
        }
    }

    fn put_customer(&mut self, it: &Customer) {
        let number = self.person_number(it.id);
        let person = &mut self.people[number as usize];
        let renamed = !person.there || *person.folded != *folded(&it.name);
        person.there = true;
        person.name = it.name.as_str().into();
        person.folded = folded(&it.name).into();
        let promises = if renamed { person.promises.clone() } else { Vec::new() };
        self.names.put(number, &folded(&searched_of(it)));
        for promise in promises {
            self.put_text(promise);
        }
    }

    fn remove_customer(&mut self, id: CustomerId) {
        if let Some(number) = self.persons.get(&id).copied() {
            self.people[number as usize].there = false;
            self.names.put(number, "");
        }
    }

    fn person_number(&mut self, id: CustomerId) -> Number {
        let next = to_u32(self.people.len());
        let number = *self.persons.entry(id).or_insert(next);
        if number == next {
            self.people.push(Person {
                id,
                there: false,
                name: Box::default(),
                folded: Box::default(),
                promises: Vec::new(),
            });
        }
        number
    }

    fn link(&mut self, customer: CustomerId, promise: Number) {
        let person = self.person_number(customer);
        self.people[person as usize].promises.push(promise);
    }

    fn unlink(&mut self, customer: CustomerId, promise: Number) {
        let person = self.person_number(customer);
        self.people[person as usize].promises.retain(|other| *other != promise);
    }

    fn put_text(&mut self, number: Number) {
        let item = &self.items[number as usize];
        let name = self.person(item.customer).map_or("", |person| &*person.folded);
        let text = format!("{}\n{name}", item.text);
        self.text.put(number, &text);
    }
}

impl Item {
    fn of(it: &Commitment, shop: &Shop) -> Self {
        let calendar = &shop.settings.it.calendar;
        let deadline = current_deadline(it, calendar);
        let payment = it.payment.state();
        let owed = matches!(payment, PaymentState::Unpaid | PaymentState::Deposit | PaymentState::OnAccount);
        let last_moment = deadline.map(|deadline| Stamp::from_millis(deadline.millis() - 1));
        Self {
            id: it.id,
            customer: it.customer,
            there: true,
            open: it.is_open(),
            unpaid: it.cancelled.is_none() && owed,
            second_chance: it.second_chance,
            offers: it.deliverables.iter().filter_map(|part| part.offer).collect(),
            status: it.status(),
            payment,
            deadline: deadline.map_or(i64::MAX, Stamp::millis),
            day: last_moment.map(|last| calendar.zone.day(last)),
            placed: it.placed_at.millis(),
            source: source_name(&it.source).into(),
            title: folded(&it.title()).into(),
            text: searched(it).into(),
        }
    }
}

/// By what a list is narrowed to where promises came from.
fn source_name(source: &Source) -> &str {
    match source {
        Source::Typed { .. } => "typed",
        Source::Shop { shop, .. } => shop,
    }
}

/// What a search looks through: parts, source, words and the beginning of the notes.
fn searched(it: &Commitment) -> String {
    let mut text = String::new();
    let parts = it.deliverables.iter().map(|part| part.what.as_str());
    let words = it.words.iter().map(|words| words.said.as_str());
    let notes = it.notes.iter().map(|note| beginning(&note.text));
    let source = source_words(&it.source);
    for piece in parts.chain([source.as_str()]).chain(words).chain(notes) {
        text.push_str(piece);
        text.push('\n');
    }
    folded(&text)
}

/// What a search for a customer looks through: the name and the ways to reach them.
fn searched_of(it: &Customer) -> String {
    let mut text = it.name.clone();
    for contact in &it.contacts {
        text.push('\n');
        match contact {
            Contact::Email { address } => text.push_str(address),
            Contact::Phone { number } => {
                text.push_str(number);
                text.push('\n');
                text.extend(number.chars().filter(char::is_ascii_digit));
            }
            Contact::Other { how } => text.push_str(how),
        }
    }
    text
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(NOTE_SEARCHED).map_or(text, |(at, _)| &text[..at])
}
