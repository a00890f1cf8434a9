//! Customers as a file tells them.

use crate::commitment::Note;
use crate::customer::{Contact, Customer};
use crate::day::Stamp;
use crate::id::CustomerId;

/// Who ordered, as a file tells it. What the file does not say is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerDraft {
    /// The name, or what stands for one: the e-mail address, or `Customer of #1001`.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The telephone number.
    pub phone: String,
    /// Where things are sent, line by line.
    pub address: Vec<String>,
    /// The postal code within the address.
    pub zip: String,
    /// More ways to reach them.
    pub more: Vec<Contact>,
    /// What else is known about them.
    pub notes: Vec<String>,
    /// The line of the file that they begin on, where they are told of beside any order.
    pub line: u32,
}

impl CustomerDraft {
    /// Takes over whatever is not known yet.
    pub(super) fn fill(&mut self, other: Self) {
        let fill = |text: &mut String, other: String| {
            if text.is_empty() {
                *text = other;
            }
        };
        fill(&mut self.name, other.name);
        fill(&mut self.email, other.email);
        fill(&mut self.phone, other.phone);
        if self.address.is_empty() {
            self.address = other.address;
            self.zip = other.zip;
        }
    }

    /// The e-mail address in the form in which two spellings of it are equal; none if it is none.
    pub fn folded_email(&self) -> Option<String> {
        let usable = self.email.contains('@') && !self.email.contains(char::is_whitespace);
        usable.then(|| self.email.to_lowercase())
    }

    /// Whether a customer without an e-mail address is this one: by name and postal code.
    pub fn is(&self, customer: &Customer) -> bool {
        let zip = folded_zip(&self.zip);
        let same_place = if zip.is_empty() {
            customer.address.is_empty() && self.address.is_empty()
        } else {
            customer.address.iter().any(|line| folded_zip(line).contains(&zip))
        };
        same_place && Customer::folded_name(&customer.name) == Customer::folded_name(&self.name)
    }

    /// By which the orders of one file that name no e-mail address find their common customer.
    pub fn name_and_place(&self) -> (String, String) {
        (Customer::folded_name(&self.name), folded_zip(&self.zip))
    }

    /// The customer that this draft makes.
    pub fn into_customer(self, id: CustomerId, since: Stamp) -> Customer {
        let mut contacts = self.contacts();
        contacts.extend(self.more);
        let notes = self.notes.into_iter().map(|text| Note { at: since, text }).collect();
        let Self { name, address, .. } = self;
        Customer { name: name.clone(), contacts, address, notes, ..Customer::new(id, &name, since) }
    }

    /// The known customer with what this draft adds: ways to reach them and an address where there was none. Nothing
    /// that is known is replaced. None if it adds nothing.
    pub fn adds_to(&self, known: &Customer, at: Stamp) -> Option<Customer> {
        let mut richer = known.clone();
        let has_phone = known.contacts.iter().any(|contact| matches!(contact, Contact::Phone { .. }));
        for contact in self.contacts() {
            let adds = match &contact {
                Contact::Email { .. } => known.email().is_none(),
                Contact::Phone { .. } => !has_phone,
                Contact::Other { .. } => !known.contacts.contains(&contact),
            };
            if adds {
                richer.contacts.push(contact);
            }
        }
        let more = self.more.iter().filter(|contact| !known.contacts.contains(contact));
        richer.contacts.extend(more.cloned());
        if known.address.is_empty() {
            richer.address.clone_from(&self.address);
        }
        let new = self.notes.iter().filter(|text| known.notes.iter().all(|note| note.text != **text));
        richer.notes.extend(new.map(|text| Note { at, text: text.clone() }));
        (richer != *known).then_some(richer)
    }

    fn contacts(&self) -> Vec<Contact> {
        let email = match self.folded_email() {
            Some(_) => Some(Contact::Email { address: self.email.clone() }),
            None if self.email.is_empty() => None,
            None => Some(Contact::Other { how: self.email.clone() }),
        };
        let phone = (!self.phone.is_empty()).then(|| Contact::Phone { number: self.phone.clone() });
        email.into_iter().chain(phone).collect()
    }
}

fn folded_zip(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn draft(name: &str, email: &str, zip: &str) -> CustomerDraft {
        let address = if zip.is_empty() { vec![] } else { vec![format!("Ottawa, ON {zip}")] };
        CustomerDraft {
            name: name.to_owned(),
            email: email.to_owned(),
            zip: zip.to_owned(),
            address,
            ..CustomerDraft::default()
        }
    }

    fn made(draft: CustomerDraft) -> Customer {
        draft.into_customer(CustomerId::new(Uuid::from_u128(1)), Stamp::from_millis(0))
    }

    #[test]
    fn a_customer_without_an_address_for_mail_is_known_by_name_and_postal_code() {
        let known = made(draft("Noor  de Vries", "", "K2P 2L8"));
        assert!(draft("noor de vries", "", "k2p2l8").is(&known));
        assert!(!draft("noor de vries", "", "1011AB").is(&known));
        assert!(!draft("noor de vries", "", "").is(&known));
        assert!(!draft("Noor", "", "K2P 2L8").is(&known));
        assert!(draft("Noor", "", "").is(&made(draft("noor", "", ""))));
    }

    #[test]
    fn a_poorer_draft_adds_nothing_and_a_richer_one_replaces_nothing() {
        let known = made(draft("Noor", "noor@mail.example", "K2P 2L8"));
        assert_eq!(draft("Noor", "", "").adds_to(&known, Stamp::from_millis(0)), None);
        let richer = CustomerDraft {
            phone: "+1 555 0100".to_owned(),
            ..draft("N. de Vries", "n@mail.example", "1011AB")
        };
        let after = richer.adds_to(&known, Stamp::from_millis(0)).unwrap();
        assert_eq!((&after.name, &after.address), (&known.name, &known.address));
        assert_eq!(after.email().as_deref(), Some("noor@mail.example"));
        assert_eq!(after.contacts.len(), 2);
        assert_eq!(richer.adds_to(&after, Stamp::from_millis(0)), None);
    }

    #[test]
    fn what_is_no_e_mail_address_is_kept_as_another_way_to_reach_them() {
        let customer = made(draft("Noor", "at the counter", ""));
        assert_eq!(customer.email(), None);
        assert_eq!(customer.contacts, [Contact::Other { how: "at the counter".to_owned() }]);
    }
}
