//! Forgetting a person: what goes from the records when a customer is anonymised, and what remains.
//!
//! The record of promises stays true: what was promised, when, whether it was kept, and for how much. Whoever it was promised
//! to is gone from it: names, ways to reach them, everything that they said or that was said to them.

use crate::commitment::{Commitment, Source};
use crate::customer::Customer;
use crate::day::Day;
use crate::evidence::Handover;
use crate::feedback::{Correction, Feedback};
use crate::recovery::{Closed, Recovery, RepairStep, Struck};
use crate::reply_clock::Turn;
use crate::series::Series;
use crate::tell::{Answer, Told};
use crate::win::Win;
use chrono::Datelike as _;
use std::collections::BTreeSet;

/// What stands where words were.
pub const GONE: &str = "(anonymised)";
/// Shorter words would take too much with them.
const SHORTEST: usize = 3;

/// How the order of a forgotten customer is named: by a mark of it, so that the same export does not bring them back.
pub const FORGOTTEN_ORDER: &str = "forgotten:";

/// Whether a promise came from an order of a customer who was forgotten since.
pub fn is_of_nobody(source: &Source) -> bool {
    match source {
        Source::Shop { order, .. } => order.starts_with(FORGOTTEN_ORDER),
        Source::Typed { .. } => false,
    }
}

/// The name of somebody who was anonymised on a day.
pub fn name_of_nobody(today: Day) -> String {
    format!("Somebody (anonymised {} {})", today.date().format("%-d %b"), today.date().year())
}

/// A customer of whom nothing is known any more.
pub fn customer(it: &Customer, today: Day) -> Customer {
    Customer { made_up: it.made_up, ..Customer::new(it.id, &name_of_nobody(today), it.since) }
}

/// A promise to somebody. `mark` gives the mark of an order: shop and name.
pub fn commitment(it: &Commitment, mark: impl Fn(&str, &str) -> String) -> Commitment {
    let mut it = it.clone();
    it.words = None;
    it.notes.clear();
    it.payment.evidence.clear();
    for moved in &mut it.reschedules {
        (moved.why, moved.note) = (None, None);
    }
    for reminder in &mut it.reminders {
        reminder.what = None;
    }
    for told in &mut it.told {
        let answer = told.answer.take().map(|answer| Answer { words: None, ..answer });
        *told = Told { words: None, answer, ..told.clone() };
    }
    if let Some(called_off) = &mut it.cancelled {
        called_off.why = None;
    }
    for handover in &mut it.handovers {
        *handover = Handover {
            channel: handover.channel.take(),
            ..Handover::new(handover.deliverable, handover.quantity, handover.at)
        };
    }
    it.source = match it.source {
        Source::Typed { .. } => Source::Typed { phrase: None },
        Source::Shop { shop, order, import, .. } if order.starts_with(FORGOTTEN_ORDER) => {
            Source::Shop { shop, order, import, seen: None }
        }
        Source::Shop { shop, order, import, .. } => {
            let order = mark(&shop, &order);
            Source::Shop { shop, order, import, seen: None }
        }
    };
    it
}

/// What repeats for somebody.
pub fn series(it: &Series) -> Series {
    Series { words: None, ..it.clone() }
}

/// What somebody told us: that they did, and when.
pub fn feedback(it: &Feedback) -> Feedback {
    let turns = it.turns.iter().map(|turn| Turn { words: None, ..turn.clone() });
    let correction = it.correction.clone();
    Feedback {
        text: GONE.to_owned(),
        from: String::new(),
        turns: turns.collect(),
        correction: correction.map(|correction| Correction { text: GONE.to_owned(), ..correction }),
        ..it.clone()
    }
}

/// How a miss was made good, without its words.
pub fn recovery(it: &Recovery) -> Recovery {
    let without_why = |struck: &Struck| Struck { at: struck.at, why: GONE.to_owned() };
    let step =
        |step: &RepairStep| RepairStep { struck: step.struck.as_ref().map(without_why), ..step.clone() };
    Recovery {
        words: None,
        closed: it.closed.as_ref().map(|closed| Closed { at: closed.at, words: None }),
        steps: it.steps.iter().map(step).collect(),
        ..it.clone()
    }
}

/// What went right with somebody. What Kept or the owner has worded stays; their own words do not.
pub fn win(it: &Win) -> Win {
    let theirs = it.feedback.is_some();
    Win { what: if theirs { GONE.to_owned() } else { it.what.clone() }, ..it.clone() }
}

/// Words that go wherever they stand: names, addresses, numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<Vec<char>>);

impl Words {
    /// Words to look for; the longer ones first, so that a name goes before a part of it.
    pub fn new<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Self {
        let folded: BTreeSet<Vec<char>> = words
            .into_iter()
            .map(|word| word.as_ref().trim().chars().flat_map(char::to_lowercase).collect::<Vec<char>>())
            .filter(|word| word.len() >= SHORTEST)
            .collect();
        let mut folded: Vec<Vec<char>> = folded.into_iter().collect();
        folded.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self(folded)
    }

    /// A text without them; none if none of them stands in it. A word within a longer one is another word.
    pub fn out_of(&self, text: &str) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        let (mut left, mut at, mut found) = (String::with_capacity(text.len()), 0, false);
        while let Some(letter) = chars.get(at) {
            let begins = at == 0 || !chars[at - 1].is_alphanumeric() || !letter.is_alphanumeric();
            let length =
                if begins { self.0.iter().find_map(|word| stands(word, &chars[at..])) } else { None };
            if let Some(length) = length {
                (found, at) = (true, at + length);
                left.push('…');
            } else {
                left.push(*letter);
                at += 1;
            }
        }
        found.then_some(left)
    }
}

/// How many letters of a text a word takes up at its beginning.
fn stands(word: &[char], text: &[char]) -> Option<usize> {
    let (mut expected, mut length) = (word.iter(), 0);
    while expected.len() > 0 {
        for folded in text.get(length)?.to_lowercase() {
            if expected.next() != Some(&folded) {
                return None;
            }
        }
        length += 1;
    }
    let ends =
        text.get(length).is_none_or(|next| !next.is_alphanumeric() || !text[length - 1].is_alphanumeric());
    ends.then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::{Note, Party, Reschedule};
    use crate::samples::{commitment as promise, due, stamp, zone};
    use crate::{outcome, settings::Settings};
    use proptest::prelude::*;

    fn check(words: &[&str], text: &str, left: Option<&str>) {
        assert_eq!(Words::new(words).out_of(text).as_deref(), left, "{text}");
    }

    #[test]
    fn names_go_wherever_they_stand_and_other_words_stay() {
        let maria = ["Maria Silva", "maria@example.com", "+49 30 123"];
        check(&maria, "Handed over 12 cupcakes to Maria Silva", Some("Handed over 12 cupcakes to …"));
        check(&maria, "MARIA SILVA, maria@example.com", Some("…, …"));
        check(&maria, "call +49 30 123.", Some("call …."));
        check(&maria, "call +49 30 1234", None);
        check(&maria, "Maria Silvano", None);
        check(&["ab"], "ab", None);
        check(&["Çelik"], "çELİK and Çelik", Some("çELİK and …"));
        check(&["Anna", "Anna Berg"], "Anna Berg and Anna", Some("… and …"));
        check(&[], "anything", None);
        check(&["name"], "", None);
    }

    #[test]
    fn the_record_of_a_promise_stays_and_the_person_goes() {
        let mut it = promise("12 cupcakes", due("2026-11-20", "15:00"));
        it.notes.push(Note { at: stamp("2026-11-16 09:00"), text: "loves lilac".to_owned() });
        it.source = Source::Typed { phrase: Some("12 cupcakes for Maria".to_owned()) };
        let moved = Reschedule {
            why: Some("her mother is ill".to_owned()),
            ..Reschedule::new(
                it.first_due,
                due("2026-11-21", "15:00"),
                Party::Customer,
                stamp("2026-11-17 09:00"),
            )
        };
        it.reschedules.push(moved);
        let left = commitment(&it, |_, _| String::new());
        assert_eq!((left.notes.len(), &left.reschedules[0].why), (0, &None));
        assert_eq!(left.source, Source::Typed { phrase: None });
        assert_eq!(left.current_due(), it.current_due());
        let calendar = Settings::new(zone()).calendar;
        let now = crate::samples::now("2026-12-01 09:00");
        assert_eq!(outcome::outcome(&left, &calendar, &now), outcome::outcome(&it, &calendar, &now));
        assert_eq!(commitment(&left, |_, _| "x".to_owned()), left, "twice is once");
    }

    #[test]
    fn an_order_is_known_by_its_mark_alone() {
        let mut it = promise("12 cupcakes", due("2026-11-20", "15:00"));
        let import = crate::id::ImportId::new(uuid::Uuid::nil());
        it.source = Source::Shop { shop: "shopify".into(), order: "#1001".into(), import, seen: None };
        let mark = |shop: &str, order: &str| format!("{FORGOTTEN_ORDER}{}{}", shop.len(), order.len());
        let left = commitment(&it, mark);
        let expected =
            Source::Shop { shop: "shopify".into(), order: "forgotten:75".into(), import, seen: None };
        assert_eq!(left.source, expected);
        assert_eq!(commitment(&left, mark), left, "twice is once");
    }

    proptest! {
        #[test]
        fn what_went_does_not_stand_there_any_more(text in "\\PC{0,40}", word in "\\PC{3,10}") {
            let words = Words::new([word.as_str()]);
            if let Some(left) = words.out_of(&text) {
                prop_assert!(words.out_of(&left).is_none() || word.contains('…'));
            }
        }
    }
}
