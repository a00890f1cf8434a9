//! vCards 2.1, 3.0 and 4.0: customers with the ways to reach them. Photographs and keys are left where they are.

use super::content_lines::{ContentLine, content_lines};
use super::said::Said;
use super::values::{cut, short};
use super::{Apart, Assumed, CustomerDraft, Reading, Signs, Source, text};
use crate::customer::Contact;
use crate::draft::NAME_MOST;

/// Any number of cards in one file.
pub const SOURCE: Source = Source {
    shop: "vcard",
    kind: "Contacts (vCard)",
    named: "a file of vCards",
    is: Signs::Text(|head| {
        head.trim_start().get(..11).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCARD"))
    }),
    apart: Apart::Cards("BEGIN:VCARD"),
    read,
};

/// Reads all cards. Never fails: what cannot be read is among the problems.
pub fn read(bytes: &[u8], _: Assumed) -> Reading {
    let text = text::decode(bytes);
    let mut said = Said(text.problems);
    let mut customers = Vec::new();
    let mut open: Option<(u32, Card)> = None;
    for line in content_lines(&text.text) {
        match line {
            Ok(line) if is(&line, "BEGIN") => {
                if let Some((begun, _)) = open.replace((line.line, Card::default())) {
                    said.say(begun, "This card has no end. It was left out.");
                }
            }
            Ok(line) if is(&line, "END") => match open.take() {
                Some((begun, card)) => match card.into_customer() {
                    Some(customer) => customers.push(CustomerDraft { line: begun, ..customer }),
                    None => said.say(begun, "This card names nobody. It was left out."),
                },
                None => said.say(line.line, "A card ends here that never began."),
            },
            Ok(line) => match &mut open {
                Some((_, card)) => card.take(&line),
                None => said.say(line.line, "This line stands in no card. It was left out."),
            },
            Err(line) => said.say(line, "This is no line of a vCard. It was left out."),
        }
    }
    if let Some((begun, _)) = open {
        said.say(begun, "The file breaks off in this card. It was left out.");
    }
    Reading { customers, problems: said.by_line(), ..Reading::empty() }
}

fn is(line: &ContentLine<'_>, name: &str) -> bool {
    line.name == name && line.raw().trim().eq_ignore_ascii_case("VCARD")
}

#[derive(Default)]
struct Card {
    full_name: String,
    name: String,
    firm: String,
    emails: Vec<String>,
    phones: Vec<String>,
    others: Vec<String>,
    address: Vec<String>,
    zip: String,
    notes: Vec<String>,
}

impl Card {
    fn take(&mut self, line: &ContentLine<'_>) {
        match line.name.as_str() {
            "FN" => self.full_name = line.text(),
            "N" => {
                let parts = line.parts();
                let part = |at: usize| parts.get(at).map_or("", String::as_str);
                let names = [part(3), part(1), part(2), part(0), part(4)];
                self.name = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
            }
            "ORG" => line.parts().join(", ").trim_end_matches([',', ' ']).clone_into(&mut self.firm),
            "EMAIL" => self.emails.push(line.text()),
            "TEL" => self.phones.push(line.text().trim_start_matches("tel:").to_owned()),
            "URL" | "IMPP" => self.others.push(line.text()),
            "ADR" if self.address.is_empty() => self.take_address(&line.parts()),
            "NOTE" => self.notes.push(line.text()),
            "BDAY" => self.notes.push(format!("Birthday: {}", line.text())),
            _ => {}
        }
    }

    fn take_address(&mut self, parts: &[String]) {
        let part = |at: usize| parts.get(at).map_or("", String::as_str);
        let place = [part(5), part(3), part(4)];
        let place = place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let lines = [part(0), part(1), part(2), &place, part(6)];
        self.address = lines
            .iter()
            .flat_map(|line| line.lines())
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        part(5).clone_into(&mut self.zip);
    }

    fn into_customer(self) -> Option<CustomerDraft> {
        let Self { full_name, name, firm, emails, phones, others, address, zip, mut notes } = self;
        let of_mail = emails.first().cloned().unwrap_or_default();
        let called = [full_name, name, firm.clone(), of_mail].into_iter().find(|name| !name.is_empty())?;
        if !firm.is_empty() && firm != called {
            notes.push(format!("Works for {firm}"));
        }
        let first = |texts: &[String]| texts.first().cloned().unwrap_or_default();
        let more = emails.iter().skip(1).map(|address| Contact::Email { address: short(address) });
        let more = more.chain(phones.iter().skip(1).map(|number| Contact::Phone { number: short(number) }));
        let more = more.chain(others.iter().map(|how| Contact::Other { how: cut(how, NAME_MOST) }));
        notes.retain(|note| !note.is_empty());
        Some(CustomerDraft {
            name: cut(&called.split_whitespace().collect::<Vec<_>>().join(" "), NAME_MOST),
            email: first(&emails),
            phone: first(&phones),
            address,
            zip,
            more: more.take(40).collect(),
            notes,
            ..CustomerDraft::default()
        })
    }
}
