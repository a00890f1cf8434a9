//! The menu of the made-up shop, a delivery that repeats, and chores.

use crate::records::{Changes, Record};
use kept_core::chore::{Chore, ChoreDraft};
use kept_core::day::{Day, Hours, Now, TimeOfDay};
use kept_core::draft::{PartDraft, PlannedStep};
use kept_core::id::{ChoreId, CustomerId, OfferId, SeriesId};
use kept_core::money::{Currency, Money};
use kept_core::offer::{Offer, OfferDraft, OfferPart};
use kept_core::series::{Series, SeriesDraft};
use uuid::Uuid;

/// Puts the made-up offers on the menu.
pub(super) fn put(changes: &mut Changes, currency: Currency) {
    let price = |whole: i64| Some(Money::new(whole * 10_i64.pow(currency.digits()), currency));
    let cake = add(
        changes,
        OfferDraft {
            name: "celebration cake".to_owned(),
            why: "The day comes once; there is no second try.".to_owned(),
            lead_days: Some(4),
            price: price(95),
            parts: Vec::new(),
            steps: steps(&[("bake the layers", 90), ("fill and ice", 75), ("write and decorate", 30)]),
            inputs: lines(&["what to write on it", "allergies"]),
            checklist: lines(&["name spelled as given", "candles", "box label"]),
            worthless_hours: Some(6),
        },
    );
    let cupcakes = add(
        changes,
        OfferDraft {
            name: "box of a dozen cupcakes".to_owned(),
            why: "Everybody at the table gets one of their own.".to_owned(),
            lead_days: Some(2),
            price: price(42),
            parts: vec![OfferPart {
                what: "cupcakes".to_owned(),
                quantity: 12,
                effort: Some(90),
                offer: None,
            }],
            checklist: lines(&["box label"]),
            worthless_hours: Some(24),
            ..OfferDraft::default()
        },
    );
    let contained = |quantity, offer| OfferPart { quantity, offer: Some(offer), ..OfferPart::default() };
    add(
        changes,
        OfferDraft {
            name: "party table".to_owned(),
            why: "The host need not think about anything sweet.".to_owned(),
            price: price(165),
            parts: vec![contained(1, cake), contained(2, cupcakes)],
            steps: steps(&[("set up at the customer's", 45)]),
            inputs: lines(&["address and when somebody is there"]),
            ..OfferDraft::default()
        },
    );
    add(
        changes,
        OfferDraft {
            name: "tray of croissants".to_owned(),
            why: "A café without croissants at seven sends its guests elsewhere.".to_owned(),
            lead_days: Some(1),
            price: price(96),
            checklist: lines(&["counted"]),
            worthless_hours: Some(3),
            ..OfferDraft::default()
        },
    );
}

/// A café that gets its croissants every weekday at seven.
pub(super) fn deliveries(customer: CustomerId, currency: Currency, now: &Now) -> Series {
    let part = PartDraft {
        what: "butter croissants".to_owned(),
        quantity: 30,
        effort_left: Some(45),
        ..PartDraft::default()
    };
    let draft = SeriesDraft {
        customer: Some(customer),
        customer_name: String::new(),
        rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR".to_owned(),
        from: now.today,
        last: None,
        hours: TimeOfDay::new(7, 0).map_or(Hours::AnyTime, |time| Hours::At { time }),
        zone: None,
        parts: vec![part],
        steps: Vec::new(),
        checklist: lines(&["counted"]),
        inputs: Vec::new(),
        worthless_hours: Some(3),
        on_the_day: true,
        total: Some(Money::new(72 * 10_i64.pow(currency.digits()), currency)),
        words: None,
    };
    let id = SeriesId::new(Uuid::now_v7());
    // From tomorrow on, so that nothing is late at the first look.
    let series = draft.into_series(id, customer, now.today.plus(1), now.stamp, None);
    Series { made_up: true, ..series }
}

/// What the made-up shop does for itself.
pub(super) fn chores(today: Day) -> [Chore; 2] {
    let chore = |what: &str, rule: &str, hour| {
        let draft = ChoreDraft {
            what: what.to_owned(),
            rule: rule.to_owned(),
            from: today.plus(-7),
            time: TimeOfDay::new(hour, 0),
        };
        Chore { made_up: true, ..draft.into_chore(ChoreId::new(Uuid::now_v7()), None) }
    };
    [
        chore("feed the sourdough", "FREQ=DAILY", 16),
        chore("descale the coffee machine", "FREQ=WEEKLY;BYDAY=SA", 15),
    ]
}

fn add(changes: &mut Changes, draft: OfferDraft) -> OfferId {
    let id = OfferId::new(Uuid::now_v7());
    let offer = Offer { made_up: true, ..draft.into_offer(id, None) };
    changes.put(None, Record::Offer(offer));
    id
}

fn steps(steps: &[(&str, i32)]) -> Vec<PlannedStep> {
    let step = |(what, effort): &(&str, i32)| PlannedStep {
        what: (*what).to_owned(),
        part: Some(0),
        effort: Some(*effort),
    };
    steps.iter().map(step).collect()
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}
