//! Two customers who are one: who may be whom, and what becomes of both. Nothing that was known of either is lost.

use crate::customer::{Contact, Customer, Merged};
use crate::day::{Stamp, Zone};
use crate::phone;
use crate::search::folded;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why two customers may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Likeness {
    /// They have an e-mail address in common.
    Email,
    /// They have a telephone number in common.
    Phone,
    /// They have a name in common.
    Name,
    /// Their names are nearly the same.
    NearlyName,
}

/// Names shorter than this are not compared letter by letter: two of them are soon nearly the same.
const SHORT_NAME: usize = 6;

/// Why two customers may be one; none if nothing speaks for it, or the owner has said that they are two.
pub fn likeness(a: &Customer, b: &Customer, zone: Zone) -> Option<Likeness> {
    if a.id == b.id || a.not_same_as.contains(&b.id) || b.not_same_as.contains(&a.id) {
        return None;
    }
    if a.emails().any(|address| b.emails().any(|other| other == address)) {
        return Some(Likeness::Email);
    }
    if a.phones().any(|number| b.phones().any(|other| phone::same(number, other, zone))) {
        return Some(Likeness::Phone);
    }
    let likeness =
        |likes: fn(&str, &str) -> bool| a.names().any(|name| b.names().any(|other| likes(name, other)));
    if likeness(|a, b| name_key(a) == name_key(b)) {
        return Some(Likeness::Name);
    }
    likeness(nearly_equal).then_some(Likeness::NearlyName)
}

/// A name without case, accents, punctuation and the order of its words: `Silva, Maria` is `maria silva`.
pub fn name_key(name: &str) -> String {
    let folded = folded(name);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    words.join(" ")
}

/// Whether two names differ by no more than a slip of the pen.
pub fn nearly_equal(a: &str, b: &str) -> bool {
    nearly_same_key(&name_key(a), &name_key(b))
}

/// Whether two names, as [`name_key`] gives them, differ by no more than a slip of the pen: one letter, or two neighbours
/// that changed places; in long names two such.
pub fn nearly_same_key(a: &str, b: &str) -> bool {
    let (a_long, b_long) = (a.chars().count(), b.chars().count());
    let (long, short) = (a_long.max(b_long), a_long.min(b_long));
    let slips = if long >= 2 * SHORT_NAME { 2 } else { 1 };
    if short < SHORT_NAME || long - short > slips {
        return false;
    }
    // Digits tell houses and orders apart: `Table 4` is not `Table 5`.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(a) == digits(b) && strsim::osa_distance(a, b) <= slips
}

/// What is to be joined of two customers who are one.
#[derive(Clone, Copy, Debug)]
pub struct Merging {
    /// How many promises come with the other one.
    pub promises: u32,
    /// When it is done.
    pub at: Stamp,
    /// The zone in which numbers without a country were typed.
    pub zone: Zone,
}

/// The customer that `keep` becomes when `other` turns out to be the same one.
pub fn merged(keep: &Customer, other: &Customer, merging: Merging) -> Customer {
    let mut after = keep.clone();
    for contact in &other.contacts {
        if !after.contacts.iter().any(|known| same_contact(known, contact, merging.zone)) {
            after.contacts.push(contact.clone());
        }
    }
    if after.address.is_empty() {
        after.address.clone_from(&other.address);
    } else if !other.address.is_empty()
        && name_key(&after.address.join(" ")) != name_key(&other.address.join(" "))
    {
        let how = format!("Another address: {}", other.address.join(", "));
        after.contacts.push(Contact::Other { how });
    }
    for name in other.names() {
        if !after.names().any(|known| Customer::folded_name(known) == Customer::folded_name(name)) {
            after.also.push(name.to_owned());
        }
    }
    after.zone = after.zone.or(other.zone);
    after.since = after.since.min(other.since);
    after.notes.extend(other.notes.iter().cloned());
    after.notes.sort_by_key(|note| note.at);
    after.merged.extend(other.merged.iter().cloned());
    let Merging { promises, at, zone: _ } = merging;
    after.merged.push(Merged { id: other.id, name: other.name.clone(), promises, at });
    after.merged.sort_by_key(|merged| merged.at);
    after.not_same_as.extend(&other.not_same_as);
    after.not_same_as.remove(&keep.id);
    after.not_same_as.remove(&other.id);
    after
}

fn same_contact(a: &Contact, b: &Contact, zone: Zone) -> bool {
    match (a, b) {
        (Contact::Phone { number: a }, Contact::Phone { number: b }) => phone::same(a, b, zone) || a == b,
        (Contact::Email { address: a }, Contact::Email { address: b })
        | (Contact::Other { how: a }, Contact::Other { how: b }) => a.to_lowercase() == b.to_lowercase(),
        (Contact::Phone { .. }, Contact::Email { .. } | Contact::Other { .. })
        | (Contact::Email { .. }, Contact::Phone { .. } | Contact::Other { .. })
        | (Contact::Other { .. }, Contact::Email { .. } | Contact::Phone { .. }) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::Note;
    use crate::id::CustomerId;
    use crate::samples::{stamp, zone};
    use uuid::Uuid;

    fn customer(number: u128, name: &str, contacts: &[Contact]) -> Customer {
        let id = CustomerId::new(Uuid::from_u128(number));
        Customer { contacts: contacts.to_vec(), ..Customer::new(id, name, stamp("2026-11-16 10:00")) }
    }

    fn email(address: &str) -> Contact {
        Contact::Email { address: address.to_owned() }
    }

    fn phone(number: &str) -> Contact {
        Contact::Phone { number: number.to_owned() }
    }

    #[test]
    fn customers_who_may_be_one_are_found_by_what_they_have_in_common() {
        let check = |a: (&str, &[Contact]), b: (&str, &[Contact]), expected| {
            let (a, b) = (customer(1, a.0, a.1), customer(2, b.0, b.1));
            assert_eq!(likeness(&a, &b, zone()), expected, "{} and {}", a.name, b.name);
            assert_eq!(likeness(&b, &a, zone()), expected, "either way round");
        };
        let mail = [email("ana@mail.example")];
        check(("Ana", &mail), ("A. Costa", &[email("ANA@mail.example")]), Some(Likeness::Email));
        let numbers = [phone("01 23 45 67 89"), phone("+33 1 23 45 67 89")];
        check(("Ana", &numbers[..1]), ("A. Costa", &numbers[1..]), Some(Likeness::Phone));
        check(("Maria Silva", &[]), ("silva, María", &[]), Some(Likeness::Name));
        check(("Maria Silva", &[]), ("Maria Sivla", &[]), Some(Likeness::NearlyName));
        check(("Maria Silva", &[]), ("Marie Silva", &[]), Some(Likeness::NearlyName));
        check(("Maria Silva", &[]), ("Mario Silvo", &[]), None);
        check(("Hannah Okafor-Jones", &[]), ("Hanna Okafor Jone", &[]), Some(Likeness::NearlyName));
        check(("Ana", &[]), ("Ann", &[]), None);
        check(("Customer 1001", &[]), ("Customer 1002", &[]), None);
        check(("Maria Silva", &mail), ("Tomás Ortega", &[email("tom@mail.example")]), None);
    }

    #[test]
    fn what_the_owner_has_said_to_be_two_stays_two() {
        let (mut a, b) = (customer(1, "Maria Silva", &[]), customer(2, "Maria Silva", &[]));
        a.not_same_as.insert(b.id);
        assert_eq!(likeness(&a, &b, zone()), None);
        assert_eq!(likeness(&b, &a, zone()), None);
        assert_eq!(likeness(&a, &a, zone()), None, "nobody is their own double");
    }

    #[test]
    fn nothing_that_was_known_of_either_is_lost() {
        let line = |line: &str| vec![line.to_owned()];
        let mut keep = customer(1, "Maria Silva", &[email("maria@mail.example"), phone("01 23 45 67 89")]);
        keep.address = line("1 Mill Lane");
        let other_contacts =
            [email("Maria@mail.example"), phone("+33 1 23 45 67 89"), phone("06 12 34 56 78")];
        let mut other = customer(2, "M. Silva", &other_contacts);
        other.address = line("2 Dock Road");
        other.since = stamp("2024-01-05 10:00");
        other.notes.push(Note { at: stamp("2024-02-05 10:00"), text: "no nuts".to_owned() });
        let merging = Merging { promises: 3, at: stamp("2026-11-20 10:00"), zone: zone() };
        let after = merged(&keep, &other, merging);
        assert_eq!((after.id, after.name.as_str(), &after.address), (keep.id, "Maria Silva", &keep.address));
        let ways: Vec<&str> = after.contacts.iter().map(Contact::text).collect();
        let expected =
            ["maria@mail.example", "01 23 45 67 89", "06 12 34 56 78", "Another address: 2 Dock Road"];
        assert_eq!(ways, expected);
        assert_eq!(after.also, ["M. Silva"]);
        assert_eq!((after.since, after.notes.len()), (other.since, 1));
        assert_eq!((after.merged[0].id, after.merged[0].promises), (other.id, 3));
    }
}
