//! Messages to customers: templates in the owner's own words, and what their placeholders stand for.

use crate::commitment::{Commitment, Source};
use crate::customer::{Contact, Customer};
use crate::day::Now;
use crate::draft::NAME_MOST;
use crate::outcome::{Outcome, outcome};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::tell::{Consent, TellKind, consent};
use crate::words::{lower_first, upper_first};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A message with placeholders: `{date}` becomes the date that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MessageTemplate {
    /// The line above it.
    pub subject: String,
    /// What it says. A line in which a placeholder has nothing to say is left out.
    pub text: String,
}

/// A message that is ready to be sent, by whatever way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The line above it.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// The longest message, in characters: what a mail program still takes over from a link.
const TEXT_MOST: usize = 4_000;

/// What can stand in braces, and what it stands for.
pub const PLACEHOLDERS: [(&str, &str); 12] = [
    ("customer", "the customer’s name"),
    ("what", "what was promised"),
    ("first_date", "the date that was first promised"),
    ("date", "the date that stands"),
    ("new_date", "the date that stands, if it was moved"),
    ("answer_by", "by when they have to answer about a new date"),
    ("refund", "that they get back what they paid, if they have paid"),
    ("own_words", "what went wrong, as you own up to it in the recovery"),
    ("tracking", "the number by which the carrier finds it"),
    ("to_come", "what is still to come"),
    ("order", "the number of the order"),
    ("business", "the name of your business"),
];

/// The template for a message: the owner's, or the usual one.
pub fn template(kind: TellKind, settings: &Settings) -> MessageTemplate {
    settings.messages.get(&kind).cloned().unwrap_or_else(|| usual(kind))
}

/// What Kept says where the owner has said nothing else.
pub fn usual(kind: TellKind) -> MessageTemplate {
    let (subject, text) = match kind {
        TellKind::Confirmed => (
            "{what} for {date}",
            "We have promised you {what} for {date}.\nThe number of your order is {order}.\n\n\
             If anything about this is not as you meant it, please tell us.",
        ),
        TellKind::OnTrack => {
            ("{what}: all is on track", "A short word about {what}: all is on track for {date}.")
        }
        TellKind::Late => (
            "{what} will be late",
            "{what} will be late, and we would rather tell you now than then. We promised it for {first_date}.\n\
             You will have it on {new_date}.\nPlease tell us by {answer_by} whether that suits you.\n\n\
             You do not have to wait. If you would rather call it off, tell us.\n{refund}\n\n\
             We are sorry.",
        ),
        TellKind::Ready => ("{what}: ready for you", "{what} is ready for you."),
        TellKind::HandedOver => (
            "{what}: on the way",
            "We have handed over {what}.\nThe number to follow it by is {tracking}.\nStill to come: {to_come}.\n\n\
             Is everything as you wished? A word from you helps us.",
        ),
        TellKind::Sorry => (
            "We are sorry about {what}",
            "We promised you {what} for {first_date}, and we did not keep our word. That is our fault alone.\n\
             {own_words}\n\n\
             We are sorry. We will put it right, and tell you how and by when.",
        ),
    };
    let text = format!("Hello {{customer}},\n\n{text}\n\n{{business}}");
    MessageTemplate { subject: subject.to_owned(), text }
}

/// What is wrong with the owner's templates.
pub fn problems(messages: &BTreeMap<TellKind, MessageTemplate>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (kind, template) in messages {
        let name = kind_name(*kind);
        for (field, text, most) in
            [("subject", &template.subject, NAME_MOST), ("text", &template.text, TEXT_MOST)]
        {
            let field = format!("messages.{name}.{field}");
            if text.trim().is_empty() {
                problems.push(Problem::new(field, "Write something, or take the usual message."));
            } else if text.chars().count() > most {
                problems.push(Problem::new(field, format!("This is too long; {most} letters are enough.")));
            } else if let Some(unknown) = placeholders(text).find(|name| !is_known(name)) {
                let is = format!("Kept does not know what {{{unknown}}} stands for.");
                problems.push(Problem::new(field, is));
            }
        }
    }
    problems
}

/// The message about a promise as it stands, and about its miss in the owner's own words, if she has found some.
pub fn message(
    kind: TellKind,
    it: &Commitment,
    customer: &Customer,
    own_words: Option<&str>,
    settings: &Settings,
    now: &Now,
) -> Message {
    let values = Values::of(it, customer, own_words, settings, now);
    let MessageTemplate { subject, text } = template(kind, settings);
    let text = text.lines().filter_map(|line| values.filled(line)).collect::<Vec<_>>().join("\n");
    Message { subject: values.filled(&subject).unwrap_or_else(|| it.title()), text: text.trim().to_owned() }
}

/// What a message cannot say yet, and what to do about it, in a sentence; none if it says all.
pub fn lacks(kind: TellKind, it: &Commitment, settings: &Settings, now: &Now) -> Option<&'static str> {
    match kind {
        TellKind::Late if !is_moved(it) => Some("It names no new date: move the date first."),
        TellKind::OnTrack if outcome(it, &settings.calendar, now) == Outcome::Missed => {
            Some("The date has passed: this is not on track.")
        }
        TellKind::Confirmed
        | TellKind::OnTrack
        | TellKind::Late
        | TellKind::Ready
        | TellKind::HandedOver
        | TellKind::Sorry => None,
    }
}

/// The address that opens the owner's mail program with a message in it, as RFC 6068 has it. Without an address the
/// program asks to whom it goes.
pub fn mailto(to: Option<&str>, message: &Message) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    const ADDRESS: &AsciiSet = &KEPT.remove(b'@');
    let encoded = |text: &str, set| utf8_percent_encode(text, set).to_string();
    let lines = message.text.replace("\r\n", "\n").replace('\n', "\r\n");
    format!(
        "mailto:{}?subject={}&body={}",
        to.map_or_else(String::new, |to| encoded(to.trim(), ADDRESS)),
        encoded(&message.subject, KEPT),
        encoded(&lines, KEPT),
    )
}

/// The first e-mail address of a customer.
pub fn email_of(customer: &Customer) -> Option<&str> {
    customer.contacts.iter().find_map(|contact| match contact {
        Contact::Email { address } => Some(address.as_str()),
        Contact::Phone { .. } | Contact::Other { .. } => None,
    })
}

/// What the placeholders stand for; nothing where there is nothing to say.
struct Values(BTreeMap<&'static str, String>);

impl Values {
    fn of(
        it: &Commitment,
        customer: &Customer,
        own_words: Option<&str>,
        settings: &Settings,
        now: &Now,
    ) -> Self {
        let day = |day: crate::day::Day| day.words(now.today);
        let tracking = it.handovers.iter().rev().find_map(|handover| handover.tracking.clone());
        let answer_by = match consent(it, settings) {
            Some(Consent::ByAnswer { by }) => Some(day(by)),
            Some(Consent::BySilence { .. }) | None => None,
        };
        let order = match &it.source {
            Source::Shop { order, .. } => Some(order.clone()),
            Source::Typed { .. } => None,
        };
        let current = it.current_due().map(|due| due.words(now.today));
        let waits = it.awaits.as_ref().map(|event| event.what.clone());
        let values = [
            ("customer", Some(customer.name.clone())),
            ("what", Some(lower_first(&it.title()))),
            ("first_date", it.promised_first().map(|due| due.words(now.today))),
            ("date", current.clone().or(waits)),
            ("new_date", current.filter(|_| is_moved(it))),
            ("answer_by", answer_by),
            ("refund", it.payment.holds_money().then(|| "You then get back what you paid.".to_owned())),
            ("own_words", own_words.map(str::to_owned)),
            ("tracking", tracking),
            ("to_come", to_come(it)),
            ("order", order),
            ("business", Some(settings.business.clone())),
        ];
        Self(values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }

    /// A line with its placeholders filled; none if one of them has nothing to say.
    fn filled(&self, line: &str) -> Option<String> {
        let mut filled = String::with_capacity(line.len());
        for piece in pieces(line) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder(name) => filled.push_str(self.0.get(name)?),
            }
        }
        let begins = matches!(pieces(line).next(), Some(Piece::Placeholder("what")));
        Some(if begins { upper_first(&filled) } else { filled })
    }
}

/// What is still to be handed over, once some was.
fn to_come(it: &Commitment) -> Option<String> {
    let left =
        it.deliverables.iter().map(|part| (it.left_of(part), &part.what)).filter(|(left, _)| *left > 0);
    let left: Vec<String> = left.map(|(left, what)| format!("{left} {what}")).collect();
    (!left.is_empty() && !it.handovers.is_empty()).then(|| left.join(", "))
}

fn is_moved(it: &Commitment) -> bool {
    it.reschedules.last().is_some_and(|moved| moved.from.is_some() && Some(moved.to) != it.promised_first())
}

/// A piece of a template.
enum Piece<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

/// The pieces of a template, in order. A brace that encloses no word is a brace.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = placeholder_at_start(rest) {
            rest = after;
            return Some(Piece::Placeholder(name));
        }
        let next = rest.char_indices().skip(1).find(|(at, _)| placeholder_at_start(&rest[*at..]).is_some());
        let (text, after) = rest.split_at(next.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(Piece::Text(text))
    })
}

fn placeholder_at_start(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_word.then_some((name, after))
}

fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|piece| match piece {
        Piece::Placeholder(name) => Some(name),
        Piece::Text(_) => None,
    })
}

fn is_known(name: &str) -> bool {
    PLACEHOLDERS.iter().any(|(known, _)| *known == name)
}

/// The name of a kind, as the settings' fields have it.
const fn kind_name(kind: TellKind) -> &'static str {
    match kind {
        TellKind::Confirmed => "confirmed",
        TellKind::OnTrack => "on_track",
        TellKind::Late => "late",
        TellKind::Ready => "ready",
        TellKind::HandedOver => "handed_over",
        TellKind::Sorry => "sorry",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::Party;
    use crate::id::CustomerId;
    use crate::money::{Currency, Money};
    use crate::samples::{commitment, due, moved, now, stamp, zone};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn maria() -> Customer {
        Customer::new(CustomerId::new(Uuid::from_u128(2)), "Maria Silva", stamp("2026-11-01 10:00"))
    }

    fn settings() -> Settings {
        Settings { business: "Larkfield Bakery".to_owned(), ..Settings::new(zone()) }
    }

    fn written(kind: TellKind, it: &Commitment) -> Message {
        message(kind, it, &maria(), None, &settings(), &now("2026-11-12 10:00"))
    }

    #[test]
    fn a_message_says_what_there_is_to_say_and_leaves_out_the_rest() {
        let it = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let confirmed = written(TellKind::Confirmed, &it);
        assert_eq!(confirmed.subject, "12 cupcakes for Fri 20 Nov, 15:00");
        let expected = "Hello Maria Silva,\n\nWe have promised you 12 cupcakes for Fri 20 Nov, 15:00.\n\n\
                        If anything about this is not as you meant it, please tell us.\n\nLarkfield Bakery";
        assert_eq!(confirmed.text, expected, "typed in, it has no number of an order");
    }

    #[test]
    fn a_delay_names_the_new_date_and_the_right_to_call_it_off() {
        let it = commitment("1 signed book", due("2026-11-20", "15:00"));
        let (calendar, at) = (settings(), now("2026-11-12 10:00"));
        assert!(lacks(TellKind::Late, &it, &calendar, &at).is_some());
        let short = moved(it.clone(), due("2026-11-27", "15:00"), Party::Us);
        assert_eq!(lacks(TellKind::Late, &short, &calendar, &at), None);
        let text = written(TellKind::Late, &short).text;
        assert!(text.contains("Signed book will be late"), "{text}");
        assert!(
            text.contains("You will have it on Fri 27 Nov, 15:00.\n\nYou do not have to wait."),
            "{text}"
        );
        let long = moved(it, due("2027-01-20", "15:00"), Party::Us);
        let text = written(TellKind::Late, &long).text;
        assert!(text.contains("Please tell us by Sun 20 Dec whether"), "{text}");
    }

    #[test]
    fn the_money_is_spoken_of_only_where_some_was_paid_and_a_sorry_has_the_owners_own_words() {
        let mut it = moved(
            commitment("1 signed book", due("2026-11-20", "15:00")),
            due("2026-11-27", "15:00"),
            Party::Us,
        );
        assert!(!written(TellKind::Late, &it).text.contains("what you paid"));
        it.payment.received = Some(Money { minor: 9_000, currency: Currency::USD });
        let text = written(TellKind::Late, &it).text;
        assert!(text.contains("call it off, tell us.\nYou then get back what you paid.\n"), "{text}");
        let own = Some("We let bigger orders crowd you out.");
        let sorry = message(TellKind::Sorry, &it, &maria(), own, &settings(), &now("2026-11-21 10:00")).text;
        assert!(sorry.contains("alone.\nWe let bigger orders crowd you out.\n\nWe are sorry."), "{sorry}");
        let sorry = written(TellKind::Sorry, &it).text;
        assert!(sorry.contains("alone.\n\nWe are sorry."), "{sorry}");
    }

    fn check(template: &str, wrong: &[&str]) {
        let template = MessageTemplate { subject: "Hello".to_owned(), text: template.to_owned() };
        let fields: Vec<String> = problems(&BTreeMap::from([(TellKind::Late, template)]))
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(fields, wrong);
    }

    #[test]
    fn a_placeholder_that_nobody_knows_is_a_problem_at_its_field() {
        check("{what} on {date}", &[]);
        check("{what} on {dat}", &["messages.late.text"]);
        check("a {brace and } { } {} {two words}", &[]);
        check(" ", &["messages.late.text"]);
        check(&"x".repeat(4_001), &["messages.late.text"]);
    }

    #[test]
    fn the_usual_messages_use_only_what_is_known() {
        let usual = TellKind::ALL.into_iter().map(|kind| (kind, usual(kind))).collect();
        assert_eq!(problems(&usual), vec![]);
    }

    #[test]
    fn a_mail_address_is_encoded_so_that_nothing_is_lost() {
        let message = Message { subject: "Oak & ash: 50 %?".to_owned(), text: "Añejo\n=1+1#".to_owned() };
        let expected = "mailto:o%27neil%2Bshop@mail.example?subject=Oak%20%26%20ash%3A%2050%20%25%3F\
                        &body=A%C3%B1ejo%0D%0A%3D1%2B1%23";
        assert_eq!(mailto(Some("o'neil+shop@mail.example"), &message), expected);
        assert!(mailto(None, &message).starts_with("mailto:?subject="));
    }

    proptest! {
        /// Whatever is typed between the braces, a template is read to its end and nothing but known words is filled in.
        #[test]
        fn any_template_is_read(text in ".{0,80}") {
            let whole: String = pieces(&text)
                .map(|piece| match piece {
                    Piece::Text(text) => text.to_owned(),
                    Piece::Placeholder(name) => format!("{{{name}}}"),
                })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }
}
