use super::*;
use crate::customer::Contact;
use crate::id::CustomerId;
use crate::money::Currency;
use crate::samples::stamp;
use uuid::Uuid;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn id(n: u128) -> CommitmentId {
    CommitmentId::new(Uuid::from_u128(n))
}

/// A promise to `n@example.com`, with a price and what was received of it.
fn payable(payables: &mut Payables, n: u128, who: &str, total: Option<i64>, received: Option<i64>) {
    let at = stamp("2026-11-10 10:00");
    let mut customer = Customer::new(CustomerId::new(Uuid::from_u128(n)), who, at);
    customer.contacts.push(Contact::Email { address: format!("{}@Example.com", who.to_lowercase()) });
    let draft = crate::import::OrderDraft {
        total: total.map(usd),
        outstanding: total.map(|total| usd(total - received.unwrap_or(0))),
        ..crate::import::OrderDraft::empty("etsy", n.to_string(), String::new(), 1)
    };
    let calendar = crate::samples::calendar();
    let merging = crate::import::Merging {
        import: crate::id::ImportId::new(Uuid::nil()),
        calendar: &calendar,
        lead_days: 5,
        now: at,
    };
    let part = || crate::id::DeliverableId::new(Uuid::nil());
    payables.add(&merging.promise(&draft, id(n), customer.id, part), &customer);
}

fn payment(email: &str, name: &str, minor: i64) -> PaymentDraft {
    PaymentDraft {
        rows: vec![2],
        by: "stripe",
        id: "ch_1".to_owned(),
        at: stamp("2026-11-18 14:30"),
        amount: usd(minor),
        email: email.to_owned(),
        name: name.to_owned(),
        what: String::new(),
    }
}

#[track_caller]
fn check(payment: &PaymentDraft, found: &Match) {
    let mut payables = Payables::default();
    payable(&mut payables, 1, "Ada", Some(9_000), None);
    payable(&mut payables, 2, "Ada", Some(4_000), Some(1_000));
    payable(&mut payables, 3, "Bo", Some(5_000), None);
    payable(&mut payables, 4, "Bo", Some(5_000), None);
    payable(&mut payables, 5, "Cy", Some(7_000), Some(7_000));
    payable(&mut payables, 6, "Di", None, None);
    assert_eq!(payables.find(payment), *found);
}

#[test]
fn a_payment_is_for_the_one_promise_that_address_and_amount_fit() {
    check(&payment("ada@example.com", "", 9_000), &Match::Sure(id(1)));
    check(&payment("ADA@example.com ", "", 3_000), &Match::Sure(id(2)));
    check(&payment("cy@example.com", "", 7_000), &Match::Sure(id(5)));
}

#[test]
fn whatever_is_not_certain_is_asked() {
    check(&payment("bo@example.com", "", 5_000), &Match::Unsure(vec![id(3), id(4)]));
    check(&payment("ada@example.com", "", 1_234), &Match::Unsure(vec![id(1), id(2)]));
    check(&payment("di@example.com", "", 1_234), &Match::Unsure(vec![id(6)]));
    check(&payment("", "ada", 9_000), &Match::Unsure(vec![id(1)]));
}

#[test]
fn a_payment_of_a_stranger_is_for_nothing() {
    check(&payment("eve@example.com", "Eve", 9_000), &Match::Nothing);
    check(&payment("", "", 9_000), &Match::Nothing);
    check(&payment("", "Ada", 9_001), &Match::Nothing);
}

#[test]
fn a_payment_adds_to_what_was_received_and_never_twice_to_what_is_paid() {
    let unpaid = Payment { total: Some(usd(9_000)), on_account: true, ..Payment::default() };
    let half = paid_by(&unpaid, &payment("", "", 4_000));
    assert_eq!((half.state(), half.received), (PaymentState::Deposit, Some(usd(4_000))));
    let whole = paid_by(&half, &payment("", "", 5_000));
    assert_eq!(
        (whole.state(), whole.received, whole.evidence.len()),
        (PaymentState::Paid, Some(usd(9_000)), 2)
    );
    let again = paid_by(&whole, &payment("", "", 5_000));
    assert_eq!((again.received, again.evidence.len()), (Some(usd(9_000)), 3));
}
