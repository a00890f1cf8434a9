use super::*;
use crate::samples::{calendar, commitment, due, handed, now, stamp};
use uuid::Uuid;

fn step_id(number: u128) -> StepId {
    StepId::new(Uuid::from_u128(number))
}

fn ids() -> impl FnMut() -> StepId {
    let mut number = 0;
    move || {
        number += 1;
        step_id(number)
    }
}

fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// A signed book for 90 dollars, due on the 18th of December and not delivered.
fn book() -> Commitment {
    let mut it = commitment("1 signed book", due("2026-12-18", "17:00"));
    it.payment.total = Some(dollars(9_000));
    it
}

fn opened(it: &Commitment, at: &str) -> Recovery {
    let id = RecoveryId::new(Uuid::from_u128(7));
    Recovery::open(id, it, None, Vec::new(), &calendar(), &now(at), ids()).unwrap()
}

fn refund(minor: i64) -> RepairDraft {
    let repair = Repair::Refund { amount: dollars(minor), method: "to the card".to_owned() };
    RepairDraft { repair, by: "2027-01-12".parse().unwrap(), owner: "Ana".to_owned() }
}

fn gift(what: &str, minor: i64) -> GiftDraft {
    let review_by = "2027-06-01".parse().unwrap();
    let awaits = Some(Event { what: "when the book is out".to_owned(), review_by });
    GiftDraft { what: what.to_owned(), due: None, awaits, value: Some(dollars(minor)), owner: String::new() }
}

fn nothing(_: CommitmentId) -> Option<Stamp> {
    None
}

fn add_gift(it: &mut Recovery, gift: GiftDraft, number: u128) -> Result<Commitment, Vec<Problem>> {
    let to = CustomerId::new(Uuid::from_u128(2));
    let id = CommitmentId::new(Uuid::from_u128(number));
    let part = || DeliverableId::new(Uuid::from_u128(number));
    it.add_gift(gift, to, id, step_id(number), &now("2027-01-11 10:00"), part)
}

fn check_plan(what: &str, it: &Commitment, at: &str, expected: &[(&str, &str)]) {
    let plan = usual_plan(it, &calendar(), &now(at));
    let plan: Vec<(String, String)> =
        plan.iter().map(|step| (step.repair.words(), step.by.to_string())).collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(what, by)| ((*what).to_owned(), (*by).to_owned())).collect();
    assert_eq!(plan, expected, "{what}");
}

#[test]
fn the_usual_plan_delivers_says_sorry_and_asks_again() {
    let deliver = ("Deliver it all the same", "2026-12-21");
    let sorry = ("Say sorry by phone", "2026-12-18");
    let ask = ("Ask whether all is well again", "2026-12-29");
    check_plan("open", &book(), "2026-12-18 17:30", &[deliver, sorry, ask]);
    let mut stale = book();
    stale.worthless_after = stale.first_due;
    check_plan("worthless by now", &stale, "2026-12-18 17:30", &[sorry, ask]);
    let mut called_off = book();
    called_off.payment.received = Some(dollars(9_000));
    let at = stamp("2026-12-18 16:00");
    crate::fulfil::cancel(&mut called_off, crate::commitment::Party::Us, None, at).unwrap();
    let refund = ("Give the money back", "2026-12-21");
    check_plan("called off, and paid", &called_off, "2026-12-18 17:30", &[sorry, refund, ask]);
    called_off.payment.refunded = true;
    check_plan("given back already", &called_off, "2026-12-18 17:30", &[sorry, ask]);
    check_plan("late but there", &handed(book(), 1, "2026-12-18 17:20"), "2026-12-18 17:30", &[sorry, ask]);
}

#[test]
fn it_is_only_for_what_was_missed() {
    let open = |it: &Commitment, at: &str| {
        let id = RecoveryId::new(Uuid::from_u128(7));
        Recovery::open(id, it, None, Vec::new(), &calendar(), &now(at), ids()).is_ok()
    };
    assert!(!open(&book(), "2026-12-18 16:00"));
    assert!(open(&book(), "2026-12-18 17:01"));
    assert!(!open(&handed(book(), 1, "2026-12-18 16:00"), "2026-12-20 10:00"));
    assert!(open(&handed(book(), 1, "2026-12-19 16:00"), "2026-12-20 10:00"));
}

#[test]
fn it_closes_when_each_step_is_done_or_struck_out_with_a_reason() {
    let at = now("2027-01-11 10:00");
    let mut it = opened(&book(), "2027-01-11 10:00");
    let fields = |problems: Vec<Problem>| -> Vec<String> {
        problems.into_iter().map(|problem| problem.field).collect()
    };
    assert_eq!(fields(it.close(None, &nothing, &at).unwrap_err()), ["steps.0", "steps.1", "steps.2"]);
    assert!(it.set_done(step_id(1), Some(at.stamp), &at).is_err(), "delivering is handing over");
    it.apologised(Channel::Letter, at.stamp);
    assert_eq!(it.settled(&nothing), 0, "nobody planned a letter");
    it.apologised(Channel::Phone, at.stamp);
    assert_eq!(it.settled(&nothing), 1);
    assert!(it.strike(step_id(3), Some("  "), &at).is_err(), "not without a reason");
    it.strike(step_id(3), Some("they moved away"), &at).unwrap();
    assert!(it.strike(step_id(2), Some("no"), &at).is_err(), "what is done is not struck out");
    assert_eq!(fields(it.close(None, &nothing, &at).unwrap_err()), ["steps.0"]);
    let delivered = |_| Some(stamp("2027-01-11 09:00"));
    it.close(Some("all is well".to_owned()), &delivered, &at).unwrap();
    assert!(it.close(None, &delivered, &at).is_err());
    assert!(it.add(refund(100), step_id(9), &at).is_err());
}

#[test]
fn a_gift_is_a_promise_of_its_own_and_may_wait_for_an_event() {
    let at = now("2027-01-11 10:00");
    let mut it = opened(&book(), "2027-01-11 10:00");
    let promise = add_gift(&mut it, gift("first edition", 9_000), 40).unwrap();
    assert!(promise.second_chance, "nobody is let down twice");
    assert_eq!((promise.makes_good, promise.first_due), (Some(book().id), None));
    assert_eq!(promise.payment.total, None, "a gift is not paid for");
    let step = it.steps.last().unwrap().clone();
    assert_eq!(step.by.to_string(), "2027-06-01", "it is looked at again by then");
    assert!(it.set_done(step.id, Some(at.stamp), &at).is_err(), "it is done by handing it over");
    let state = |full: Option<&str>| {
        let full = full.map(stamp);
        step.state(it.promise, &move |id| full.filter(|_| id == promise.id))
    };
    assert_eq!(state(None), RepairState::Open);
    assert_eq!(state(Some("2027-05-01 10:00")), RepairState::Done);
    let fields = |gift: GiftDraft| -> Vec<String> {
        let problems = add_gift(&mut opened(&book(), "2027-01-11 10:00"), gift, 41).unwrap_err();
        problems.into_iter().map(|problem| problem.field).collect()
    };
    assert_eq!(fields(GiftDraft { awaits: None, ..gift("", -1) }), ["what", "due", "value"]);
}

#[test]
fn the_story_of_the_book_costs_nearly_three_times_its_price() {
    let mut it = opened(&book(), "2027-01-11 10:00");
    assert_eq!(it.cost_words(book().payment.total), None, "nothing was spent yet");
    it.add(refund(9_000), step_id(20), &now("2027-01-11 10:00")).unwrap();
    add_gift(&mut it, gift("first edition", 4_500), 21).unwrap();
    add_gift(&mut it, gift("three months of the platform", 12_600), 22).unwrap();
    assert_eq!(it.cost(), [dollars(26_100)]);
    assert_eq!(it.cost_words(book().payment.total).as_deref(), Some("2.9x the price"));
    it.strike(step_id(20), Some("they would not take it"), &now("2027-01-11 10:00")).unwrap();
    assert_eq!(it.cost_words(book().payment.total).as_deref(), Some("1.9x the price"));
    assert_eq!(it.cost_words(Some(Money::new(9_000, "EUR".parse().unwrap()))), None);
    assert_eq!(it.cost_words(None), None);
}

#[test]
fn the_step_with_the_earliest_day_comes_next() {
    let mut it = opened(&book(), "2027-01-11 10:00");
    let due = |it: &Recovery| it.due(&nothing);
    let on = |day: &str, what: &str| Some(Owed::on(day.parse().unwrap(), what));
    assert_eq!(due(&it), on("2027-01-11", "Say sorry by phone"));
    it.apologised(Channel::Phone, stamp("2027-01-11 10:00"));
    assert_eq!(due(&it), on("2027-01-12", "Deliver it all the same"));
    let later = now("2027-01-13 10:00");
    it.move_step(step_id(1), "2027-02-01".parse().unwrap(), "Ben", &later).unwrap();
    assert!(it.move_step(step_id(1), "2027-01-12".parse().unwrap(), "", &later).is_err());
    assert_eq!(due(&it), on("2027-01-20", "Ask whether all is well again"));
    let left = Recovery::left(it.id, &book(), "they never came back", &calendar(), &later).unwrap();
    assert_eq!(left.due(&nothing), None);
}

#[test]
fn a_refund_and_a_gift_never_change_what_the_promise_is_judged_by() {
    let late = now("2027-01-11 10:00");
    let before = book();
    let mut it = opened(&before, "2027-01-11 10:00");
    it.add(refund(9_000), step_id(20), &late).unwrap();
    add_gift(&mut it, gift("first edition", 9_000), 21).unwrap();
    assert_eq!(outcome(&before, &calendar(), &late), Outcome::Missed);
}
