//! The menu: what the shop sells, why it matters to the customer, and everything that a promise of it needs. Picking an
//! offer fills a draft; from then on the promise has its own, and a later change of the menu changes no promise.

use crate::calendar::WorkingCalendar;
use crate::commitment::is_default;
use crate::day::Now;
use crate::draft::{
    EFFORT_MOST, NAME_MOST, PartDraft, PlannedStep, PromiseDraft, QUANTITY_MOST, check_list, check_name,
    check_worthless, derived_due, step_problems,
};
use crate::id::OfferId;
use crate::money::Money;
use crate::problem::Problem;
use crate::step::LIST_MOST;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The longest explanation of why something matters, in characters.
const WHY_MOST: usize = 2_000;
/// The longest lead time, in working days.
const LEAD_MOST: u32 = 366;

/// Something that the shop sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Offer {
    /// Its record's id.
    pub id: OfferId,
    /// What it is called.
    pub name: String,
    /// Why it matters to the customer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub why: String,
    /// Working days that it usually takes; none if that was not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lead_days: Option<u32>,
    /// The price; none if it is agreed each time, or is that of what it contains.
    #[serde(default, skip_serializing_if = "is_default")]
    pub price: Option<Money>,
    /// What it consists of; itself alone if nothing is named.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parts: Vec<OfferPart>,
    /// The steps of the work.
    #[serde(default, skip_serializing_if = "is_default")]
    pub steps: Vec<PlannedStep>,
    /// What is needed from the customer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inputs: Vec<String>,
    /// What is looked at before it is handed over.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checklist: Vec<String>,
    /// So many hours after its date it helps nobody any more.
    #[serde(default, skip_serializing_if = "is_default")]
    pub worthless_hours: Option<u32>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// One part of an offer: a thing of its own, or another offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export, optional_fields = nullable)]
pub struct OfferPart {
    /// What it is, without the quantity; of another offer its name stands for it.
    #[serde(default)]
    pub what: String,
    /// How many.
    pub quantity: u32,
    /// Minutes of work for all of them, if estimated.
    #[serde(default)]
    pub effort: Option<u32>,
    /// The other offer that it is.
    #[serde(default)]
    pub offer: Option<OfferId>,
}

/// An offer as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct OfferDraft {
    /// What it is called.
    pub name: String,
    /// Why it matters to the customer.
    #[serde(default)]
    pub why: String,
    /// Working days that it usually takes.
    #[serde(default)]
    pub lead_days: Option<u32>,
    /// The price.
    #[serde(default)]
    pub price: Option<Money>,
    /// What it consists of; itself alone if nothing is named.
    #[serde(default)]
    pub parts: Vec<OfferPart>,
    /// The steps of the work.
    #[serde(default)]
    pub steps: Vec<PlannedStep>,
    /// What is needed from the customer.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// What is looked at before it is handed over.
    #[serde(default)]
    pub checklist: Vec<String>,
    /// So many hours after its date it helps nobody any more.
    #[serde(default)]
    pub worthless_hours: Option<u32>,
}

/// The offers that others may contain, by their ids.
pub trait Menu {
    /// An offer, if it is on the menu.
    fn offer(&self, id: OfferId) -> Option<&Offer>;
}

impl OfferDraft {
    /// What is wrong with this draft, all at once. `id` is that of the offer it changes.
    pub fn problems(&self, id: Option<OfferId>, menu: &impl Menu) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |bad: bool, field: &str, is: &str| {
            if bad {
                problems.push(Problem::new(field, is));
            }
        };
        wrong(self.name.trim().is_empty(), "name", "Give it a name.");
        wrong(self.why.chars().count() > WHY_MOST, "why", "Say it in 2,000 letters at most.");
        wrong(
            self.lead_days.is_some_and(|days| days > LEAD_MOST),
            "lead_days",
            "A lead time is at most 366 working days.",
        );
        wrong(
            self.price.is_some_and(|price| !(0..=Money::MOST).contains(&price.minor)),
            "price",
            "This is not an amount that Kept takes for one offer.",
        );
        wrong(self.parts.len() > LIST_MOST, "parts", "More than 100 parts: make several offers of them.");
        check_name(&mut problems, "name", &self.name);
        for (index, part) in self.parts.iter().enumerate() {
            part.problems(index, id, menu, &mut problems);
        }
        problems.extend(step_problems(&self.steps, self.parts.len().max(1)));
        check_list(&mut problems, "inputs", &self.inputs);
        check_list(&mut problems, "checklist", &self.checklist);
        check_worthless(&mut problems, self.worthless_hours);
        problems
    }

    /// The offer that this draft makes, or that `before` becomes by it.
    pub fn into_offer(self, id: OfferId, before: Option<&Offer>) -> Offer {
        let Self { name, why, lead_days, price, parts, steps, inputs, checklist, worthless_hours } = self;
        Offer {
            id,
            name: name.trim().to_owned(),
            why: why.trim().to_owned(),
            lead_days,
            price,
            parts,
            steps: steps.into_iter().filter(|step| !step.what.trim().is_empty()).collect(),
            inputs: tidy(inputs),
            checklist: tidy(checklist),
            worthless_hours,
            made_up: before.is_some_and(|before| before.made_up),
        }
    }
}

impl OfferPart {
    fn problems(&self, index: usize, id: Option<OfferId>, menu: &impl Menu, problems: &mut Vec<Problem>) {
        let field = |name| format!("parts.{index}.{name}");
        check_name(problems, &field("what"), &self.what);
        if self.quantity == 0 || self.quantity > QUANTITY_MOST {
            problems.push(Problem::new(field("quantity"), "A quantity is between 1 and 1,000,000."));
        }
        if self.effort.is_some_and(|minutes| minutes > EFFORT_MOST) {
            problems.push(Problem::new(field("effort"), "More than 5,000 hours of work: check the figure."));
        }
        match self.offer {
            None if self.what.trim().is_empty() => {
                problems.push(Problem::new(field("what"), "Say what it is."));
            }
            Some(other) if id.is_some_and(|id| contains(other, id, menu)) => {
                problems.push(Problem::new(field("offer"), "An offer cannot contain itself."));
            }
            Some(other) if menu.offer(other).is_none() => {
                problems.push(Problem::new(field("offer"), "This is not on the menu any more."));
            }
            None | Some(_) => {}
        }
    }
}

/// Whether an offer is another one, or contains it.
pub fn contains(offer: OfferId, other: OfferId, menu: &impl Menu) -> bool {
    let mut seen = Vec::new();
    let mut left = vec![offer];
    while let Some(id) = left.pop() {
        if id == other {
            return true;
        }
        if !seen.contains(&id) {
            seen.push(id);
            let parts = menu.offer(id).map(|offer| offer.parts.as_slice()).unwrap_or_default();
            left.extend(parts.iter().filter_map(|part| part.offer));
        }
    }
    false
}

/// Fills a draft with an offer: its parts, steps, needs and price are added to what the draft has; the date is the one
/// after its lead time, if the draft has none.
pub fn fill(
    draft: &mut PromiseDraft,
    offer: &Offer,
    quantity: u32,
    menu: &impl Menu,
    calendar: &WorkingCalendar,
    now: &Now,
) -> Result<(), Problem> {
    let mut contents = Contents::default();
    contents.add(offer, quantity, menu, &mut Vec::new())?;
    draft.parts.retain(|part| !part.what.trim().is_empty());
    let first = u32::try_from(draft.parts.len()).unwrap_or(u32::MAX);
    draft.parts.extend(contents.parts.into_iter().map(|part| PartDraft { offer: Some(offer.id), ..part }));
    let steps = contents.steps.into_iter();
    draft.steps.extend(steps.map(|step| PlannedStep { part: step.part.map(|part| part + first), ..step }));
    add_new(&mut draft.inputs, contents.inputs);
    add_new(&mut draft.checklist, contents.checklist);
    draft.worthless_hours = earliest(draft.worthless_hours, contents.worthless_hours);
    if first == 0 {
        draft.total = contents.price.known();
    } else if let Some(total) = draft.total {
        draft.total = Price::Known(total).plus(contents.price).known();
    }
    if let (None, None, Some(days)) = (draft.due, &draft.awaits, contents.lead_days) {
        draft.due = Some(derived_due(calendar, now.stamp, days));
    }
    Ok(())
}

/// Everything that an offer consists of, with the offers that it contains.
#[derive(Default)]
struct Contents {
    parts: Vec<PartDraft>,
    steps: Vec<PlannedStep>,
    inputs: Vec<String>,
    checklist: Vec<String>,
    lead_days: Option<u32>,
    worthless_hours: Option<u32>,
    price: Price,
}

impl Contents {
    fn add(
        &mut self,
        offer: &Offer,
        times: u32,
        menu: &impl Menu,
        within: &mut Vec<OfferId>,
    ) -> Result<(), Problem> {
        if within.contains(&offer.id) {
            return Err(Problem::new(
                "offer",
                format!("“{}” contains itself; correct it first.", offer.name),
            ));
        }
        within.push(offer.id);
        let own_price = offer.price.map(|price| Price::of(price, times));
        let price_before = self.price;
        // Where the parts of this offer begin, for its steps: the place of each part among all.
        let mut places = Vec::new();
        if offer.parts.is_empty() {
            places.push(self.parts.len());
            self.parts.push(part(&offer.name, times, None));
        }
        for one in &offer.parts {
            places.push(self.parts.len());
            let many = one.quantity.saturating_mul(times);
            match one.offer {
                Some(other) => {
                    let other = menu.offer(other).ok_or_else(|| {
                        let is = format!("A part of “{}” is not on the menu any more.", offer.name);
                        Problem::new("offer", is)
                    })?;
                    self.add(other, many, menu, within)?;
                }
                None => self.parts.push(part(&one.what, many, one.effort.map(|it| it.saturating_mul(times)))),
            }
            if self.parts.len() > LIST_MOST {
                return Err(Problem::new("offer", format!("“{}” has more than 100 parts.", offer.name)));
            }
        }
        within.pop();
        self.steps.extend(offer.steps.iter().map(|step| step_of(step, times, &places)));
        add_new(&mut self.inputs, offer.inputs.clone());
        add_new(&mut self.checklist, offer.checklist.clone());
        self.lead_days = self.lead_days.max(offer.lead_days);
        self.worthless_hours = earliest(self.worthless_hours, offer.worthless_hours);
        // Its own price stands for those of what it contains.
        match own_price {
            Some(own) => self.price = price_before.plus(own),
            None if offer.parts.iter().any(|part| part.offer.is_none()) || offer.parts.is_empty() => {
                self.price = Price::Open;
            }
            None => {}
        }
        Ok(())
    }
}

/// A price that is added up: nothing yet, an amount, or open because a part of it is.
#[derive(Clone, Copy, Default)]
enum Price {
    #[default]
    Nothing,
    Known(Money),
    Open,
}

impl Price {
    fn of(price: Money, times: u32) -> Self {
        let minor = price.minor.checked_mul(i64::from(times));
        minor.map_or(Self::Open, |minor| Self::Known(Money::new(minor, price.currency)))
    }

    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, price) | (price, Self::Nothing) => price,
            (Self::Known(a), Self::Known(b)) if a.currency == b.currency => a
                .minor
                .checked_add(b.minor)
                .map_or(Self::Open, |minor| Self::Known(Money::new(minor, a.currency))),
            (Self::Known(_) | Self::Open, Self::Known(_) | Self::Open) => Self::Open,
        }
    }

    const fn known(self) -> Option<Money> {
        match self {
            Self::Known(money) => Some(money),
            Self::Nothing | Self::Open => None,
        }
    }
}

fn part(what: &str, quantity: u32, effort_left: Option<u32>) -> PartDraft {
    let what = what.trim().chars().take(NAME_MOST).collect();
    PartDraft { what, quantity, effort_left, ..PartDraft::default() }
}

fn step_of(step: &PlannedStep, times: u32, places: &[usize]) -> PlannedStep {
    let place = step.part.and_then(|part| places.get(part as usize)).and_then(|at| u32::try_from(*at).ok());
    let times = i32::try_from(times).unwrap_or(i32::MAX);
    PlannedStep {
        what: step.what.clone(),
        part: place,
        effort: step.effort.map(|it| it.saturating_mul(times)),
    }
}

fn add_new(list: &mut Vec<String>, more: Vec<String>) {
    for line in more {
        if !list.contains(&line) {
            list.push(line);
        }
    }
}

fn earliest(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.into_iter().chain(b).min()
}

fn tidy(lines: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let lines = lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty());
    add_new(&mut kept, lines.collect());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Due;
    use crate::money::Currency;
    use crate::samples::{calendar, now};
    use std::collections::BTreeMap;
    use uuid::Uuid;

    struct Card(BTreeMap<OfferId, Offer>);

    impl Menu for Card {
        fn offer(&self, id: OfferId) -> Option<&Offer> {
            self.0.get(&id)
        }
    }

    fn id(number: u128) -> OfferId {
        OfferId::new(Uuid::from_u128(number))
    }

    fn dollars(amount: i64) -> Money {
        Money::new(amount * 100, Currency::USD)
    }

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    /// A birthday cake (1), a box of six cupcakes (2), and a party (3) of one cake and two boxes.
    fn menu() -> Card {
        let step = |what: &str, part, effort| PlannedStep { what: what.to_owned(), part, effort };
        let cake = OfferDraft {
            name: "birthday cake".to_owned(),
            why: "The day comes once a year.".to_owned(),
            lead_days: Some(3),
            price: Some(dollars(40)),
            parts: vec![],
            steps: vec![step("bake", Some(0), Some(60)), step("ice", Some(0), Some(45))],
            inputs: lines(&["name to write", " "]),
            checklist: lines(&["candles", "box label"]),
            worthless_hours: Some(24),
        };
        let six = OfferPart { what: "cupcakes".to_owned(), quantity: 6, effort: Some(30), offer: None };
        let cupcakes = OfferDraft {
            name: "box of cupcakes".to_owned(),
            lead_days: Some(1),
            price: Some(dollars(12)),
            parts: vec![six],
            checklist: lines(&["box label"]),
            ..OfferDraft::default()
        };
        let part = |number, quantity| OfferPart { quantity, offer: Some(id(number)), ..OfferPart::default() };
        let party = OfferDraft {
            name: "party".to_owned(),
            parts: vec![part(1, 1), part(2, 2)],
            steps: vec![step("pack", Some(1), Some(5)), step("deliver", None, None)],
            ..OfferDraft::default()
        };
        let drafts = [cake, cupcakes, party].into_iter().zip(1..);
        Card(drafts.map(|(draft, number)| (id(number), draft.into_offer(id(number), None))).collect())
    }

    fn filled(
        draft: PromiseDraft,
        number: u128,
        quantity: u32,
        menu: &Card,
    ) -> Result<PromiseDraft, Problem> {
        let mut draft = draft;
        let offer = menu.offer(id(number)).unwrap();
        fill(&mut draft, offer, quantity, menu, &calendar(), &now("2026-11-16 10:00"))?;
        Ok(draft)
    }

    fn parts(draft: &PromiseDraft) -> Vec<(u32, &str, Option<u32>)> {
        draft.parts.iter().map(|part| (part.quantity, part.what.as_str(), part.effort_left)).collect()
    }

    #[test]
    fn picking_an_offer_fills_a_promise() {
        let menu = menu();
        let draft = filled(PromiseDraft::default(), 1, 2, &menu).unwrap();
        assert_eq!(parts(&draft), [(2, "birthday cake", None)]);
        assert_eq!(draft.parts[0].offer, Some(id(1)));
        assert_eq!(draft.due, Some(Due::on("2026-11-19".parse().unwrap())));
        assert_eq!((draft.total, draft.worthless_hours), (Some(dollars(80)), Some(24)));
        assert_eq!(
            (draft.inputs, draft.checklist),
            (lines(&["name to write"]), lines(&["candles", "box label"]))
        );
        let steps: Vec<_> = draft.steps.iter().map(|it| (it.what.as_str(), it.part, it.effort)).collect();
        assert_eq!(steps, [("bake", Some(0), Some(120)), ("ice", Some(0), Some(90))]);
    }

    #[test]
    fn an_offer_of_offers_brings_all_that_they_consist_of() {
        let menu = menu();
        let draft = filled(PromiseDraft::default(), 3, 1, &menu).unwrap();
        assert_eq!(parts(&draft), [(1, "birthday cake", None), (12, "cupcakes", Some(60))]);
        assert!(
            draft.parts.iter().all(|part| part.offer == Some(id(3))),
            "it was the party that was promised"
        );
        assert_eq!(draft.total, Some(dollars(64)), "the sum of what it contains");
        assert_eq!(draft.due, Some(Due::on("2026-11-19".parse().unwrap())), "the longest lead time");
        assert_eq!(draft.checklist, lines(&["candles", "box label"]), "each line once");
        let steps: Vec<_> = draft.steps.iter().map(|it| (it.what.as_str(), it.part)).collect();
        assert_eq!(steps, [("bake", Some(0)), ("ice", Some(0)), ("pack", Some(1)), ("deliver", None)]);
    }

    #[test]
    fn a_second_offer_is_added_to_the_first_and_changes_no_date() {
        let menu = menu();
        let due = Some(Due::on("2026-12-24".parse().unwrap()));
        let empty = PromiseDraft { parts: vec![part(" ", 1, None)], due, ..PromiseDraft::default() };
        let one = filled(empty, 2, 1, &menu).unwrap();
        let two = filled(one, 1, 1, &menu).unwrap();
        assert_eq!(parts(&two), [(6, "cupcakes", Some(30)), (1, "birthday cake", None)]);
        assert_eq!((two.due, two.total), (due, Some(dollars(52))));
        assert_eq!(two.steps[0].part, Some(1), "the steps follow their part");
    }

    #[test]
    fn a_price_that_is_not_said_leaves_the_sum_open() {
        let mut menu = menu();
        menu.0.get_mut(&id(2)).unwrap().price = None;
        assert_eq!(filled(PromiseDraft::default(), 3, 1, &menu).unwrap().total, None);
        menu.0.get_mut(&id(3)).unwrap().price = Some(dollars(50));
        assert_eq!(filled(PromiseDraft::default(), 3, 2, &menu).unwrap().total, Some(dollars(100)));
    }

    #[test]
    fn an_offer_that_contains_itself_is_refused() {
        let mut menu = menu();
        let party = OfferPart { quantity: 1, offer: Some(id(3)), ..OfferPart::default() };
        let draft = |part: &OfferPart| OfferDraft {
            name: "box".to_owned(),
            parts: vec![part.clone()],
            ..OfferDraft::default()
        };
        assert_eq!(draft(&party).problems(None, &menu), vec![]);
        let refused = draft(&party).problems(Some(id(2)), &menu);
        assert_eq!(refused[0], Problem::new("parts.0.offer", "An offer cannot contain itself."));
        assert_eq!(draft(&party).problems(Some(id(3)), &menu).len(), 1);
        // Data that came from elsewhere is not followed for ever.
        menu.0.get_mut(&id(2)).unwrap().parts.push(party);
        assert!(filled(PromiseDraft::default(), 3, 1, &menu).is_err());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_all_at_once() {
        let draft = OfferDraft {
            lead_days: Some(400),
            price: Some(Money::new(-1, Currency::USD)),
            parts: vec![OfferPart { effort: Some(600_000), ..OfferPart::default() }],
            steps: vec![PlannedStep { what: "bake".to_owned(), part: Some(1), effort: Some(-1) }],
            worthless_hours: Some(u32::MAX),
            ..OfferDraft::default()
        };
        let fields: Vec<String> = draft.problems(None, &menu()).into_iter().map(|it| it.field).collect();
        let expected = [
            "name",
            "lead_days",
            "price",
            "parts.0.quantity",
            "parts.0.effort",
            "parts.0.what",
            "steps.0.effort",
            "steps.0.part",
            "worthless_hours",
        ];
        assert_eq!(fields, expected);
    }
}
