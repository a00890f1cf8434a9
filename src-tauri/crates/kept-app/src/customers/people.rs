//! All customers in a few words each, to find and to sort them. Read when somebody first asks for customers; follows every
//! change from then on.

use crate::Kept;
use crate::commit::customer_of;
use crate::failure::Failure;
use crate::lists::each;
use crate::records::{Changes, Record};
use kept_core::customer::{Contact, Customer};
use kept_core::day::Stamp;
use kept_core::id::CustomerId;
use kept_core::merge::{name_key, nearly_same_key};
use kept_core::phone;
use kept_core::search::{Index, folded};
use kept_core::views::people::CustomerSort;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What very many customers have in common says nothing about any two of them.
const IN_COMMON_MOST: usize = 300;

/// All customers in a few words each.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Each has a number, which they keep; none for one who is gone.
    all: Vec<Option<Person>>,
    numbers: HashMap<CustomerId, u32>,
    text: Index,
    /// Who may be the same: the numbers of those who have something in common, by a hash of it.
    in_common: HashMap<u64, Vec<u32>>,
}

#[derive(Debug)]
struct Person {
    id: CustomerId,
    /// The name as it sorts.
    name: Box<str>,
    /// All names as they are compared.
    keys: Vec<String>,
    since: Stamp,
    /// The hashes of what they may have in common with others.
    marks: Vec<u64>,
}

/// Looks into the list of customers; reads it if nobody has asked before.
pub(super) async fn with<T>(kept: &Kept, looks: impl FnOnce(&People) -> T) -> Result<T, Failure> {
    let mut people = kept.0.people.lock().await;
    if people.is_none() {
        let mut read = People::default();
        each(&kept.0.store, b"c", |row| {
            read.put(&customer_of(row)?.it);
            Ok(())
        })
        .await?;
        *people = Some(read);
    }
    people.as_ref().map(looks).ok_or_else(|| Failure::bug("the list of customers is missing"))
}

impl People {
    /// Follows a change.
    pub(crate) fn follow(&mut self, changes: &Changes) {
        for changed in changes.records.values() {
            match (&changed.before, &changed.after) {
                (_, Some(Record::Customer(it))) => self.put(it),
                (Some(before), None) => {
                    if let Record::Customer(it) = &before.it {
                        self.remove(it.id);
                    }
                }
                _ => {}
            }
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Those who hold all words, and whether only those were found who come close.
    pub(super) fn find(&self, words: &[String]) -> (Vec<CustomerId>, bool) {
        if words.is_empty() {
            return (self.numbers.keys().copied().collect(), false);
        }
        let found = self.text.find(words);
        let people = found.entries.ones().filter_map(|number| self.all.get(number)?.as_ref());
        (people.map(|person| person.id).collect(), found.forgiven)
    }

    /// Brings customers into an order.
    pub(super) fn sort(&self, ids: &mut [CustomerId], by: CustomerSort, open: &HashMap<CustomerId, u32>) {
        let name = |id: &CustomerId| self.person(*id).map_or("", |person| &person.name);
        let since = |id: &CustomerId| self.person(*id).map(|person| person.since);
        let open = |id: &CustomerId| open.get(id).copied().unwrap_or_default();
        match by {
            CustomerSort::Name => ids.sort_unstable_by_key(|id| (name(id), *id)),
            CustomerSort::Newest => ids.sort_unstable_by_key(|id| (Reverse(since(id)), *id)),
            CustomerSort::MostOpen => ids.sort_unstable_by_key(|id| (Reverse(open(id)), name(id), *id)),
        }
    }

    /// Others who may be the same as one: those with an address, a number or nearly a name in common.
    pub(super) fn like(&self, id: CustomerId) -> BTreeSet<CustomerId> {
        let Some(one) = self.person(id) else { return BTreeSet::new() };
        let others = one.marks.iter().filter_map(|mark| self.in_common.get(mark)).flatten();
        let others = others.filter_map(|number| self.all.get(*number as usize)?.as_ref());
        others.filter(|other| other.id != id && one.may_be(other)).map(|other| other.id).collect()
    }

    /// Pairs of customers who may be the same, at most so many.
    pub(super) fn pairs(&self, most: usize) -> BTreeSet<(CustomerId, CustomerId)> {
        let mut pairs = BTreeSet::new();
        for numbers in self.in_common.values().filter(|numbers| (2..=IN_COMMON_MOST).contains(&numbers.len()))
        {
            let people = || numbers.iter().filter_map(|number| self.all.get(*number as usize)?.as_ref());
            for (place, one) in people().enumerate() {
                let others = people().skip(place + 1).filter(|other| one.may_be(other));
                pairs.extend(others.map(|other| (one.id.min(other.id), one.id.max(other.id))));
                if pairs.len() >= most {
                    return pairs;
                }
            }
        }
        pairs
    }

    fn person(&self, id: CustomerId) -> Option<&Person> {
        self.numbers.get(&id).and_then(|number| self.all.get(*number as usize)?.as_ref())
    }

    fn put(&mut self, it: &Customer) {
        self.forget_marks(it.id);
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(it.id).or_insert(next);
        if number == next {
            self.all.push(None);
        }
        let person = Person::of(it);
        for mark in &person.marks {
            self.in_common.entry(*mark).or_default().push(number);
        }
        self.text.put(number, &searched(it));
        if let Some(place) = self.all.get_mut(number as usize) {
            *place = Some(person);
        }
    }

    fn remove(&mut self, id: CustomerId) {
        self.forget_marks(id);
        if let Some(number) = self.numbers.remove(&id) {
            self.text.put(number, "");
            if let Some(place) = self.all.get_mut(number as usize) {
                *place = None;
            }
        }
    }

    fn forget_marks(&mut self, id: CustomerId) {
        let Some(number) = self.numbers.get(&id).copied() else { return };
        let person = self.all.get_mut(number as usize).and_then(Option::take);
        for mark in person.map(|person| person.marks).unwrap_or_default() {
            if let Some(numbers) = self.in_common.get_mut(&mark) {
                numbers.retain(|other| *other != number);
                if numbers.is_empty() {
                    self.in_common.remove(&mark);
                }
            }
        }
    }
}

impl Person {
    fn of(it: &Customer) -> Self {
        let keys: Vec<String> = it.names().map(name_key).collect();
        let mut marks: Vec<u64> = it.emails().map(|email| mark("e", &email)).collect();
        marks.extend(it.phones().filter_map(phone::ending).map(|ending| mark("p", &ending)));
        for key in &keys {
            // A slip of the pen leaves the name's beginning as it is, or its end, or one of its words.
            let letters: Vec<char> = key.chars().collect();
            let ends = [letters.iter().take(4).collect(), letters.iter().rev().take(4).collect::<String>()];
            marks.push(mark("n", key));
            marks.extend(ends.iter().zip(["b", "f"]).map(|(end, kind)| mark(kind, end)));
            marks.extend(key.split(' ').filter(|word| word.len() > 2).map(|word| mark("w", word)));
        }
        marks.sort_unstable();
        marks.dedup();
        Self { id: it.id, name: folded(&it.name).into(), keys, since: it.since, marks }
    }

    /// Whether it is worth reading both to find out: names that are nearly the same, or another mark in common.
    fn may_be(&self, other: &Self) -> bool {
        let names = || self.keys.iter().any(|a| other.keys.iter().any(|b| a == b || nearly_same_key(a, b)));
        names() || self.has_way_in_common(other)
    }

    fn has_way_in_common(&self, other: &Self) -> bool {
        // The marks of names are odd, those of ways to reach somebody are even.
        self.marks.iter().any(|mark| mark % 2 == 0 && other.marks.binary_search(mark).is_ok())
    }
}

/// A hash of something that customers may have in common.
fn mark(kind: &str, what: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, what).hash(&mut hasher);
    let is_way = kind == "e" || kind == "p";
    (hasher.finish() << 1) | u64::from(!is_way)
}

/// What a search looks through: names, ways to reach them, and the address.
fn searched(it: &Customer) -> String {
    let mut text: Vec<&str> = it.names().collect();
    text.extend(it.contacts.iter().map(Contact::text));
    text.extend(it.address.iter().map(String::as_str));
    let numbers: Vec<String> =
        it.phones().map(|number| number.chars().filter(char::is_ascii_digit).collect()).collect();
    text.extend(numbers.iter().map(String::as_str));
    folded(&text.join("\n"))
}
