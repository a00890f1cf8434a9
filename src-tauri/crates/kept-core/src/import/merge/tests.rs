use super::*;
use crate::commitment::{FulfilmentStatus, Party, PaymentState, Reschedule};
use crate::day::Due;
use crate::import::tests::SAMPLES;
use crate::import::{Assumed, Reading, shopify};
use crate::money::{Currency, Money};
use crate::samples::{calendar, stamp};
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

const EXPORT: &[u8] = include_bytes!("../../../../../../tests/fixtures/shopify/orders_export.csv");
const MORE: &[u8] = include_bytes!("../../../../../../tests/fixtures/shopify/orders_export_more.csv");

fn read(bytes: &[u8]) -> Reading {
    let assumed = Assumed::of("America/New_York".parse().unwrap(), Currency::USD, stamp("2026-11-21 09:41"));
    shopify::read(bytes, assumed)
}

fn orders(bytes: &'static [u8]) -> &'static [OrderDraft] {
    static FIRST: LazyLock<Reading> = LazyLock::new(|| read(EXPORT));
    static SECOND: LazyLock<Reading> = LazyLock::new(|| read(MORE));
    if bytes == EXPORT { &FIRST.orders } else { &SECOND.orders }
}

fn of(bytes: &'static [u8], order: &str) -> OrderDraft {
    orders(bytes).iter().find(|draft| draft.order == order).unwrap().clone()
}

fn merging(calendar: &WorkingCalendar) -> Merging<'_> {
    let import = ImportId::new(Uuid::from_u128(9));
    Merging { import, calendar, lead_days: 5, now: stamp("2026-11-21 09:41") }
}

fn part_ids(from: u128) -> impl FnMut() -> DeliverableId {
    let mut next = from;
    move || {
        next += 1;
        DeliverableId::new(Uuid::from_u128(next))
    }
}

fn promise(draft: &OrderDraft) -> Commitment {
    let (id, customer) = (CommitmentId::new(Uuid::from_u128(1)), CustomerId::new(Uuid::from_u128(2)));
    merging(&calendar()).promise(draft, id, customer, part_ids(100))
}

fn merge(draft: &OrderDraft, known: &Commitment) -> Merged {
    merging(&calendar()).merge(draft, known, part_ids(200))
}

#[track_caller]
fn changed(draft: &OrderDraft, known: &Commitment, words: &[&str]) -> Commitment {
    let Merged::Changed(after, what) = merge(draft, known) else { panic!("{} did not change", draft.order) };
    assert_eq!(what, words, "{}", draft.order);
    assert_eq!(merge(draft, &after), Merged::Unchanged, "a second time changes nothing");
    *after
}

/// What the first export made of an order, merged with the second.
#[track_caller]
fn next_export(order: &str, words: &[&str]) -> Commitment {
    changed(&of(MORE, order), &promise(&of(EXPORT, order)), words)
}

#[test]
fn an_order_of_two_lines_becomes_one_promise_with_two_parts() {
    let made = promise(&of(EXPORT, "#1031"));
    assert_eq!(made.deliverables.len(), 2);
    assert_eq!(made.status(), FulfilmentStatus::Open);
    assert_eq!(made.title(), "36 Cupcakes - Vanilla & raspberry and 1 more");
    // Friday the 13th of November and five working days.
    assert_eq!(made.first_due, Some(Due::on("2026-11-20".parse().unwrap())));
    assert!(made.date_derived);
    assert_eq!(made.payment.state(), PaymentState::Paid);
}

#[test]
fn of_a_partial_order_the_fulfilled_lines_are_handed_over() {
    let made = promise(&of(EXPORT, "#1011"));
    assert_eq!(made.status(), FulfilmentStatus::PartlyDelivered);
    assert_eq!(made.handovers.len(), 2);
    assert!(made.handovers.iter().all(|handover| handover.at == made.placed_at), "no time is given");
    let whole = promise(&of(EXPORT, "#1001"));
    assert_eq!(whole.status(), FulfilmentStatus::Delivered);
    assert_eq!(whole.full_at(), Some("2026-09-03T20:40:00Z".parse().unwrap()));
}

#[test]
fn voided_and_cancelled_orders_come_in_as_called_off() {
    for order in ["#1006", "#1007", "#1012", "#1033"] {
        assert_eq!(promise(&of(EXPORT, order)).status(), FulfilmentStatus::Cancelled, "{order}");
    }
}

#[test]
fn what_has_no_field_of_its_own_is_among_the_notes() {
    let texts =
        |order| promise(&of(EXPORT, order)).notes.into_iter().map(|note| note.text).collect::<Vec<_>>();
    assert_eq!(texts("#1003"), ["Tags: birthday"]);
    assert_eq!(texts("#1014"), ["14.00 USD of 154.00 USD were refunded."]);
}

#[test]
fn a_note_that_is_longer_than_a_note_may_be_becomes_several() {
    let mut draft = of(EXPORT, "#1031");
    draft.notes = vec!["é".repeat(2 * NOTE_MOST + 5)];
    let made = promise(&draft);
    let lengths: Vec<usize> = made.notes.iter().map(|note| note.text.chars().count()).collect();
    assert_eq!(lengths, [NOTE_MOST, NOTE_MOST, 5]);
    assert_eq!(merge(&draft, &made), Merged::Unchanged);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    for bytes in [EXPORT, MORE] {
        for draft in orders(bytes) {
            assert_eq!(merge(draft, &promise(draft)), Merged::Unchanged, "{}", draft.order);
        }
    }
}

#[test]
fn a_line_more_is_one_more_part() {
    let after = next_export("#1031", &["one more part", "another price"]);
    assert_eq!(after.deliverables.len(), 3);
    assert_eq!(after.deliverables[0], promise(&of(EXPORT, "#1031")).deliverables[0]);
}

#[test]
fn what_the_shop_has_done_since_is_taken_over() {
    assert_eq!(next_export("#1032", &["paid"]).payment.state(), PaymentState::Paid);
    assert_eq!(
        next_export("#1020", &["paid"]).payment.received_at,
        promise(&of(EXPORT, "#1020")).payment.received_at
    );
    let handed = next_export("#1023", &["handed over"]);
    assert_eq!(handed.full_at(), Some("2026-11-20T19:30:00Z".parse().unwrap()));
    let partly = next_export("#1040", &["partly handed over"]);
    assert_eq!(partly.handovers[0].at, stamp("2026-11-21 09:41"), "the file gives no time");
    assert_eq!(next_export("#1037", &["a note"]).notes[0].text, "Ring twice.");
    let off = next_export("#1038", &["refunded", "cancelled"]);
    assert_eq!(off.cancelled.unwrap().at, "2026-11-20T14:00:00Z".parse().unwrap());
}

#[test]
fn a_poorer_file_blanks_nothing() {
    let rich = promise(&of(EXPORT, "#1020"));
    let mut poor = of(EXPORT, "#1020");
    poor.id.clear();
    poor.customer = crate::import::CustomerDraft::default();
    poor.financial = None;
    poor.fulfilment = None;
    poor.total = None;
    poor.outstanding = None;
    poor.notes.clear();
    poor.tags.clear();
    poor.lines.truncate(1);
    assert_eq!(merge(&poor, &rich), Merged::Unchanged);
    let done = promise(&of(EXPORT, "#1001"));
    let mut poor = of(EXPORT, "#1001");
    poor.fulfilment = None;
    poor.lines[0].fulfilment = Fulfilment::Open;
    assert_eq!(merge(&poor, &done), Merged::Unchanged);
}

#[test]
fn an_older_file_takes_nothing_back() {
    for order in ["#1020", "#1023", "#1031", "#1032", "#1038", "#1040"] {
        let Merged::Changed(newer, _) = merge(&of(MORE, order), &promise(&of(EXPORT, order))) else {
            panic!("{order} did not change")
        };
        assert_eq!(merge(&of(EXPORT, order), &newer), Merged::Unchanged, "{order}");
    }
}

#[test]
fn a_part_that_is_given_back_makes_the_price_less() {
    let mut back = of(EXPORT, "#1037");
    back.financial = Some(crate::import::Financial::PartiallyRefunded);
    back.refunded = Some(Money::new(1_000, back.total.unwrap().currency));
    let after = changed(&back, &promise(&of(EXPORT, "#1037")), &["another price"]);
    assert_eq!(after.payment.total.unwrap().minor, back.total.unwrap().minor - 1_000);
    assert_eq!(after.payment.state(), PaymentState::Paid);
}

#[test]
fn what_the_owner_did_by_hand_stands() {
    let mut mine = promise(&of(EXPORT, "#1031"));
    let to = Due::on("2026-12-01".parse().unwrap());
    let said_at = stamp("2026-11-18 10:00");
    mine.reschedules.push(Reschedule::new(mine.first_due, to, Party::Us, said_at));
    mine.date_derived = false;
    mine.deliverables[0].stage = Stage::InProgress;
    mine.deliverables[0].effort_left = Some(90);
    mine.deliverables[0].what = "Cupcakes with flags".to_owned();
    mine.deliverables[0].quantity = 30;
    mine.deliverables.pop();
    mine.payment.received = mine.payment.total.map(|total| Money::new(total.minor / 2, total.currency));
    mine.notes.push(Note { at: said_at, text: "She calls on Monday.".to_owned() });
    assert_eq!(merge(&of(EXPORT, "#1031"), &mine), Merged::Unchanged, "nothing changed in the shop");

    let after = changed(&of(MORE, "#1031"), &mine, &["one more part", "paid"]);
    assert_eq!(after.deliverables[0], mine.deliverables[0]);
    assert_eq!(after.deliverables.len(), 2, "the part that the owner removed does not come back");
    assert_eq!((after.current_due(), after.date_derived), (Some(to), false));
    assert_eq!(after.notes, mine.notes);
}

#[test]
fn a_fulfilment_in_the_shop_hands_over_only_what_is_still_open() {
    let mut mine = promise(&of(EXPORT, "#1031"));
    let (part, at) = (mine.deliverables[0].id, stamp("2026-11-19 10:00"));
    mine.handovers.push(Handover::new(part, 20, at));
    let mut done = of(EXPORT, "#1031");
    done.fulfilment = Some(Fulfilment::Done);
    let after = changed(&done, &mine, &["handed over"]);
    assert_eq!(after.handovers.iter().map(|handover| handover.quantity).collect::<Vec<_>>(), [20, 16, 1]);
    // What Kept knows as handed over is not handed over again.
    assert_eq!(after.handed_over(part), 36);
}

#[test]
fn a_quantity_that_the_shop_changed_is_taken_over_unless_the_owner_changed_it_too() {
    let known = promise(&of(EXPORT, "#1031"));
    let mut more = of(EXPORT, "#1031");
    more.lines[0].quantity = 48;
    assert_eq!(changed(&more, &known, &["another quantity"]).deliverables[0].quantity, 48);
    let mut mine = known;
    mine.deliverables[0].quantity = 24;
    assert_eq!(merge(&more, &mine), Merged::Unchanged);
}

#[test]
fn a_refund_alone_does_not_end_a_promise_that_is_being_kept() {
    let known = promise(&of(EXPORT, "#1024"));
    let mut back = of(EXPORT, "#1037");
    back.financial = Some(crate::import::Financial::Refunded);
    let after = changed(&back, &promise(&of(EXPORT, "#1037")), &["refunded"]);
    assert!(after.is_open() && after.payment.refunded);
    assert!(known.is_open());
}

#[test]
fn what_was_delivered_is_not_called_off_afterwards() {
    let mut late = of(EXPORT, "#1001");
    late.cancelled_at = Some(stamp("2026-11-20 10:00"));
    assert_eq!(merge(&late, &promise(&of(EXPORT, "#1001"))), Merged::Unchanged);
}

#[test]
fn a_promise_without_a_memory_of_the_shop_only_gains() {
    let mut known = promise(&of(EXPORT, "#1031"));
    if let Source::Shop { seen, .. } = &mut known.source {
        *seen = None;
    }
    assert_eq!(merge(&of(EXPORT, "#1031"), &known), Merged::Unchanged);
    known.payment = Payment::default();
    let after = changed(&of(EXPORT, "#1031"), &known, &["paid"]);
    assert_eq!(after.payment.state(), PaymentState::Paid);
}

fn sample(name: &str) -> Vec<OrderDraft> {
    let sample = SAMPLES.iter().find(|sample| sample.name == name).unwrap();
    let source = crate::import::recognise(sample.bytes).unwrap();
    let zone = "America/New_York".parse().unwrap();
    (source.read)(sample.bytes, Assumed::of(zone, Currency::USD, stamp("2026-11-21 09:41"))).orders
}

fn in_sample(name: &str, order: &str) -> OrderDraft {
    sample(name).into_iter().find(|draft| draft.order == order).unwrap()
}

#[test]
fn an_order_without_its_lines_gets_them_from_the_other_file() {
    let (order, items) =
        (in_sample("etsy_orders.csv", "3401000001"), in_sample("etsy_items.csv", "3401000001"));
    let whole = promise(&order);
    assert_eq!(whole.deliverables.len(), 1);
    let after = changed(&items, &whole, &["its parts by name", "one more part", "a note"]);
    assert_eq!(after.deliverables[0].id, whole.deliverables[0].id);
    assert_eq!(after.deliverables[0].what, "Stoneware bowl | speckled, hand thrown - Size:Small");
    assert_eq!(after.payment.total.unwrap().minor, 7_600, "the price of the whole order goes first");
    // Neither file changes anything a second time, in whatever order they come.
    assert_eq!(merge(&order, &after), Merged::Unchanged);
    assert_eq!(merge(&items, &after), Merged::Unchanged);
    // The other way round.
    let parts = promise(&items);
    let after = changed(&order, &parts, &["another price"]);
    assert_eq!(after.deliverables, parts.deliverables);
    assert_eq!(after.payment.total.unwrap().minor, 7_600);
    assert_eq!(merge(&items, &after), Merged::Unchanged);
}

#[test]
fn an_order_that_was_handed_over_as_a_whole_stays_so() {
    let (order, items) =
        (in_sample("etsy_orders.csv", "3401000002"), in_sample("etsy_items.csv", "3401000002"));
    let whole = promise(&order);
    assert_eq!(whole.status(), FulfilmentStatus::Delivered);
    assert_eq!(merge(&items, &whole), Merged::Unchanged);
    let mut open = order;
    open.fulfilment = None;
    open.fulfilled_at = None;
    let after = changed(&items, &promise(&open), &["its parts by name", "handed over"]);
    assert_eq!(after.status(), FulfilmentStatus::Delivered);
}

#[test]
fn a_report_without_prices_leaves_those_of_the_other() {
    let (priced, promised) = (
        in_sample("amazon_orders.txt", "111-0000001-0000001"),
        in_sample("amazon_unshipped.txt", "111-0000001-0000001"),
    );
    let known = promise(&priced);
    assert_eq!(known.payment.state(), PaymentState::Paid);
    assert_eq!(merge(&promised, &known), Merged::Unchanged, "dates are never touched by an import");
    let known = promise(&promised);
    assert_eq!(known.first_due.unwrap().words("2026-11-21".parse().unwrap()), "Mon 23 Nov, 17:30");
    assert_eq!(changed(&priced, &known, &["paid"]).payment.total.unwrap().minor, 13_340);
}

#[test]
fn two_files_of_one_order_are_one_draft() {
    let (order, items) =
        (in_sample("etsy_orders.csv", "3401000001"), in_sample("etsy_items.csv", "3401000001"));
    for both in [order.clone().and(items.clone()), items.clone().and(order.clone())] {
        assert_eq!(both.lines, items.lines);
        assert_eq!(both.total.unwrap().minor, 7_600);
        assert_eq!(merge(&order, &promise(&both)), Merged::Unchanged);
        assert_eq!(merge(&items, &promise(&both)), Merged::Unchanged);
    }
}

#[test]
fn every_sample_twice_changes_nothing() {
    for draft in SAMPLES.iter().flat_map(|each| sample(each.name)) {
        assert_eq!(merge(&draft, &promise(&draft)), Merged::Unchanged, "{} {}", draft.shop, draft.order);
    }
}

#[test]
fn a_promise_remembers_the_shop_through_the_store() {
    let made = promise(&of(EXPORT, "#1011"));
    let json = serde_json::to_string(&made).unwrap();
    assert_eq!(serde_json::from_str::<Commitment>(&json).unwrap(), made);
}

proptest! {
    /// Whatever the next file says of an order, a second look at that file changes nothing, and dates never move.
    #[test]
    fn a_merge_is_done_once(
        which in 0..40_usize,
        other in 0..40_usize,
        quantity in 1..9_u32,
        done in any::<bool>(),
        cancelled in any::<bool>(),
    ) {
        let orders = orders(EXPORT);
        let known = promise(&orders[which]);
        let mut next = orders[other].clone();
        next.order.clone_from(&orders[which].order);
        let own = orders[which].lines.iter();
        let more = own.filter(|line| orders[other].lines.iter().all(|twin| twin.id != line.id));
        next.lines.extend(more.cloned());
        next.lines[0].quantity = quantity;
        if done {
            next.fulfilment = Some(Fulfilment::Done);
        }
        if cancelled {
            next.cancelled_at = Some(stamp("2026-11-20 10:00"));
        }
        if let Merged::Changed(after, what) = merge(&next, &known) {
            prop_assert!(!what.is_empty());
            prop_assert_eq!(after.first_due, known.first_due);
            prop_assert_eq!(after.id, known.id);
            prop_assert!(after.deliverables.len() >= known.deliverables.len());
            prop_assert_eq!(merge(&next, &after), Merged::Unchanged);
        }
    }
}
