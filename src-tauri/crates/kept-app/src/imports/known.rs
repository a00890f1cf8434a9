//! What Kept knows already of the orders and customers of a file. Looked up in batches, never one by one.

use crate::commit::{commitments, customers};
use crate::failure::Failure;
use crate::lists::each;
use crate::records::{Known, id_at_end, order_key};
use crate::store::{Key, Store};
use crate::{Kept, privacy};
use kept_core::commitment::{Commitment, Source};
use kept_core::customer::Customer;
use kept_core::day::Stamp;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::import::{CustomerDraft, OrderDraft};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// The promises that orders became, in the order of the drafts; none for one that is new.
///
/// Two shops may each have an order `#1001`: then the second one is kept as `#1001 (number)`, and the draft is renamed.
pub(super) async fn promises(
    kept: &Kept,
    drafts: &mut [OrderDraft],
) -> Result<Vec<Option<Known<Commitment>>>, Failure> {
    let names = drafts.iter().map(|draft| order_key(draft.shop, &draft.order));
    let longer = drafts.iter().map(|draft| order_key(draft.shop, &longer_name(draft)));
    let marks =
        drafts.iter().map(|draft| order_key(draft.shop, &privacy::order_mark(draft.shop, &draft.order)));
    let keys: Vec<Key> = names.chain(longer).chain(marks).collect();
    let ids: Vec<Option<CommitmentId>> = kept
        .0
        .store
        .get(&keys)
        .await?
        .into_iter()
        .map(|row| row.and_then(|row| id_at_end(&row.value)).map(CommitmentId::new))
        .collect();
    let wanted: Vec<CommitmentId> = ids.iter().flatten().copied().collect();
    let mut found: HashMap<CommitmentId, Known<Commitment>> = commitments(&kept.0.store, &wanted)
        .await?
        .into_iter()
        .flatten()
        .map(|known| (known.it.id, known))
        .collect();
    let mut take = |id: Option<CommitmentId>| id.and_then(|id| found.remove(&id));
    let (by_name, others) = ids.split_at(drafts.len());
    let (by_longer_name, by_mark) = others.split_at(drafts.len());
    let pairs = by_name.iter().zip(by_longer_name).zip(by_mark);
    Ok(drafts
        .iter_mut()
        .zip(pairs)
        .map(|(draft, ((by_name, by_longer_name), by_mark))| {
            if let Some(of_nobody) = take(*by_mark) {
                return Some(of_nobody);
            }
            let by_longer_name = take(*by_longer_name).filter(|known| !known.it.made_up);
            if by_longer_name.is_some() {
                draft.order = longer_name(draft);
                return by_longer_name;
            }
            let known = take(*by_name)?;
            let other_shop = !draft.id.is_empty() && number_of(&known.it).is_some_and(|id| *id != draft.id);
            if other_shop || known.it.made_up {
                draft.order = longer_name(draft);
                return None;
            }
            Some(known)
        })
        .collect())
}

/// The name of an order whose own name is another one's.
pub(super) fn longer_name(draft: &OrderDraft) -> String {
    format!("{} ({})", draft.order, draft.id)
}

fn number_of(it: &Commitment) -> Option<&String> {
    match &it.source {
        Source::Shop { seen, .. } => seen.as_ref().map(|seen| &seen.id).filter(|id| !id.is_empty()),
        Source::Typed { .. } => None,
    }
}

/// The customers of an import, each once, with everything that its files say about them.
#[derive(Default)]
pub(super) struct People {
    all: Vec<Person>,
    by_mark: HashMap<Mark, usize>,
}

/// One customer of a file.
pub(super) struct Person {
    /// What the file says.
    pub draft: CustomerDraft,
    /// Their first order in this file.
    pub since: Stamp,
    /// The customer whom Kept knows, or who was made by this import.
    pub id: Option<CustomerId>,
    /// What the file says about them is written with the chunk of this number.
    pub written_with: Option<usize>,
}

#[derive(PartialEq, Eq, Hash)]
enum Mark {
    Email(String),
    NameAndPlace(String, String),
}

impl People {
    /// What an order, or a card, says about a customer.
    pub(super) fn hear(&mut self, draft: &CustomerDraft, since: Stamp) -> &mut Person {
        let at = match self.by_mark.entry(mark(draft)) {
            Entry::Occupied(known) => {
                let at = *known.get();
                self.all[at].hear(draft, since);
                at
            }
            Entry::Vacant(new) => {
                self.all.push(Person::new(draft, since));
                *new.insert(self.all.len() - 1)
            }
        };
        &mut self.all[at]
    }

    /// Takes in those of another file.
    pub(super) fn and(&mut self, others: Self) {
        if self.all.is_empty() {
            *self = others;
            return;
        }
        for person in others.all {
            self.hear(&person.draft, person.since);
        }
    }

    /// Everybody, each once.
    pub(super) fn everybody(&self) -> &[Person] {
        &self.all
    }

    /// The customer of an order. Everybody was heard of before; one who was not, because the file was changed, is heard
    /// of now.
    pub(super) fn person(&mut self, draft: &OrderDraft) -> &mut Person {
        match self.by_mark.get(&mark(&draft.customer)) {
            Some(at) => &mut self.all[*at],
            None => self.hear(&draft.customer, draft.placed_at),
        }
    }

    /// The chunk of this number was not written after all.
    pub(super) fn write_again(&mut self, chunk: usize) {
        for person in self.all.iter_mut().filter(|person| person.written_with == Some(chunk)) {
            person.written_with = None;
        }
    }

    /// Those customers of some orders whom Kept knows and whom this import has not written yet.
    pub(super) async fn known(
        &self,
        kept: &Kept,
        orders: impl Iterator<Item = &OrderDraft>,
    ) -> Result<HashMap<CustomerId, Known<Customer>>, Failure> {
        let people: HashSet<usize> =
            orders.filter_map(|draft| self.by_mark.get(&mark(&draft.customer)).copied()).collect();
        let ids: Vec<CustomerId> = people
            .into_iter()
            .map(|at| &self.all[at])
            .filter(|person| person.written_with.is_none())
            .filter_map(|person| person.id)
            .collect();
        Ok(customers(&kept.0.store, &ids)
            .await?
            .into_iter()
            .flatten()
            .map(|known| (known.it.id, known))
            .collect())
    }

    /// Finds those whom Kept knows: by e-mail address, else by name and postal code.
    pub(super) async fn find(mut self, kept: &Kept) -> Result<Self, Failure> {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (mark, at) in &self.by_mark {
            if let Mark::NameAndPlace(name, _) = mark {
                by_name.entry(name).or_default().push(*at);
            }
        }
        let mut candidates: Vec<(CustomerId, usize)> = Vec::new();
        if self.by_mark.len() > by_name.len() {
            each(&kept.0.store, b"e", |row| {
                let (email, id) = split(&row.key);
                let at = self.by_mark.get(&Mark::Email(email.to_owned()));
                candidates.extend(id.zip(at.copied()));
                Ok(())
            })
            .await?;
        }
        if !by_name.is_empty() {
            each(&kept.0.store, b"n", |row| {
                let (name, id) = split(&row.key);
                let people = by_name.get(name).into_iter().flatten();
                candidates.extend(people.filter_map(|at| Some((id?, *at))));
                Ok(())
            })
            .await?;
        }
        let ids: Vec<CustomerId> = candidates.iter().map(|(id, _)| *id).collect();
        let known = customers(&kept.0.store, &ids).await?;
        for ((id, at), known) in candidates.into_iter().zip(known) {
            let person = &mut self.all[at];
            let same = |known: &Known<Customer>| {
                !known.it.made_up && (person.draft.folded_email().is_some() || person.draft.is(&known.it))
            };
            if person.id.is_none() && known.as_ref().is_some_and(same) {
                person.id = Some(id);
            }
        }
        Ok(self)
    }
}

impl<'d> FromIterator<(&'d CustomerDraft, Stamp)> for People {
    fn from_iter<I: IntoIterator<Item = (&'d CustomerDraft, Stamp)>>(drafts: I) -> Self {
        let mut people = Self::default();
        for (draft, since) in drafts {
            people.hear(draft, since);
        }
        people
    }
}

impl Person {
    fn new(draft: &CustomerDraft, since: Stamp) -> Self {
        Self { draft: draft.clone(), since, id: None, written_with: None }
    }

    /// Another order says more about them.
    fn hear(&mut self, draft: &CustomerDraft, at: Stamp) {
        self.since = self.since.min(at);
        if self.draft.phone.is_empty() {
            self.draft.phone.clone_from(&draft.phone);
        }
        if self.draft.address.is_empty() {
            self.draft.address.clone_from(&draft.address);
            self.draft.zip.clone_from(&draft.zip);
        }
        let new = draft.more.iter().filter(|contact| !self.draft.more.contains(contact));
        let new: Vec<_> = new.cloned().collect();
        self.draft.more.extend(new);
        let new = draft.notes.iter().filter(|note| !self.draft.notes.contains(note));
        let new: Vec<_> = new.cloned().collect();
        self.draft.notes.extend(new);
        if self.draft.name == self.draft.email {
            self.draft.name.clone_from(&draft.name);
        }
    }
}

fn mark(draft: &CustomerDraft) -> Mark {
    draft.folded_email().map_or_else(
        || {
            let (name, zip) = draft.name_and_place();
            Mark::NameAndPlace(name, zip)
        },
        Mark::Email,
    )
}

/// The text and the id of a key of an index of customers.
fn split(key: &[u8]) -> (&str, Option<CustomerId>) {
    let text = key.len().checked_sub(17).and_then(|end| key.get(1..end)).unwrap_or_default();
    (std::str::from_utf8(text).unwrap_or_default(), id_at_end(key).map(CustomerId::new))
}
