//! The stories that Kept was made for, in rules alone: from what went wrong to the closed cause. The same run through the
//! store and through the screens elsewhere.

use crate::cause::{Action, Cause, CauseDraft, CauseKind};
use crate::channel::Channel;
use crate::commitment::{Commitment, Event, Party};
use crate::day::{Day, Stamp};
use crate::draft::PromiseDraft;
use crate::feedback::{Correction, FeedbackDraft, FeedbackKind};
use crate::fulfil::cancel;
use crate::guards::{Meant, questions};
use crate::id::{
    CauseId, CommitmentId, CustomerId, DeliverableId, FeedbackId, OfferId, RecoveryId, SlipId, StepId, WinId,
};
use crate::money::{Currency, Money};
use crate::offer::{Menu, Offer, OfferDraft, fill};
use crate::outcome::{Outcome, outcome};
use crate::recovery::{GiftDraft, Recovery, Repair, RepairDraft, RepairState};
use crate::reply_clock::{Turn, TurnKind};
use crate::samples::{calendar, commitment, due, handed, now, stamp, zone};
use crate::series::Pattern;
use crate::settings::Settings;
use crate::slip::{Slip, SlipKind, Touching};
use crate::win::{Win, WinKind};
use uuid::Uuid;

const STEP_OF_GIFT: StepId = StepId::new(Uuid::from_u128(77));

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn dollars(whole: i64) -> Money {
    Money::new(whole * 100, Currency::USD)
}

fn ids() -> impl FnMut() -> StepId {
    let mut number = 0;
    move || {
        number += 1;
        StepId::new(Uuid::from_u128(number))
    }
}

/// Asks why, changes a step, and looks twice: it came again once, then it did not.
fn close_the_cause(draft: CauseDraft) {
    let training = Action { what: "More training".to_owned(), by: day("2027-01-20"), owner: String::new() };
    let blamed = CauseDraft { action: Some(training), ..draft.clone() };
    assert_eq!(blamed.problems(None, &now("2027-01-12 09:00"))[0].field, "action.what", "no answer");
    assert_eq!(draft.problems(None, &now("2027-01-12 09:00")), vec![]);
    let mut cause = Cause::begun(CauseId::new(Uuid::from_u128(1)), draft, &now("2027-01-12 09:00"));
    assert!(cause.check(true, "", None, &now("2027-03-01 09:00")).is_err(), "nothing is different yet");
    cause.act(true, &now("2027-01-19 09:00")).unwrap();
    assert!(cause.check(true, "", None, &now("2027-01-30 09:00")).is_err(), "too early to say");
    cause.check(false, "once more", Some(day("2027-04-01")), &now("2027-03-01 09:00")).unwrap();
    assert_eq!(cause.closed_at, None);
    cause.check(true, "not once", None, &now("2027-04-01 09:00")).unwrap();
    assert!(cause.closed_at.is_some() && cause.due().is_none());
}

fn cause(symptom: &str, whys: &[&str], kind: CauseKind, action: &str) -> CauseDraft {
    CauseDraft {
        symptom: symptom.to_owned(),
        whys: whys.iter().map(|why| (*why).to_owned()).collect(),
        kind: Some(kind),
        action: Some(Action { what: action.to_owned(), by: day("2027-01-20"), owner: "Ana".to_owned() }),
        check_on: Some(day("2027-03-01")),
        ..CauseDraft::default()
    }
}

#[test]
fn the_book_with_a_video_that_bigger_orders_crowded_out() {
    let mut book = commitment("1 signed book with a video", due("2026-12-18", "17:00"));
    (book.payment.total, book.payment.received) = (Some(dollars(90)), Some(dollars(90)));
    let at = now("2027-01-11 10:00");
    assert_eq!(outcome(&book, &calendar(), &at), Outcome::Missed);
    let id = RecoveryId::new(Uuid::from_u128(7));
    let words = Some("We let the big clients crowd you out.".to_owned());
    let mut recovery = Recovery::open(id, &book, words, Vec::new(), &calendar(), &at, ids()).unwrap();
    let letter = Repair::Apologise { channel: Channel::Letter };
    let refund = Repair::Refund { amount: dollars(90), method: "to the card".to_owned() };
    for (number, repair) in (50..).zip([letter, refund]) {
        let draft = RepairDraft { repair, by: day("2027-01-15"), owner: "Ana".to_owned() };
        recovery.add(draft, StepId::new(Uuid::from_u128(number)), &at).unwrap();
    }
    let awaits = Event { what: "when the book is out".to_owned(), review_by: day("2027-06-01") };
    let edition = GiftDraft {
        what: "first edition".to_owned(),
        due: None,
        awaits: Some(awaits),
        value: Some(dollars(171)),
        owner: String::new(),
    };
    let (gift_id, step) = (CommitmentId::new(Uuid::from_u128(77)), STEP_OF_GIFT);
    let make = || DeliverableId::new(Uuid::from_u128(77));
    let gift = recovery.add_gift(edition, book.customer, gift_id, step, &at, make).unwrap();
    assert!(gift.second_chance && gift.makes_good == Some(book.id) && gift.awaits.is_some());
    assert_eq!(recovery.cost_words(book.payment.total).as_deref(), Some("2.9x the price"));

    // The book is handed over, the gift months later; all else is done or struck out, and it stays a miss.
    let book = handed(book, 1, "2027-01-12 10:00");
    let there = |gift: Option<Stamp>| {
        let of = book.id;
        move |id: CommitmentId| if id == of { Some(stamp("2027-01-12 10:00")) } else { gift }
    };
    let open: Vec<StepId> = recovery
        .steps
        .iter()
        .filter(|step| step.state(book.id, &there(None)) == RepairState::Open && step.id != STEP_OF_GIFT)
        .map(|step| step.id)
        .collect();
    for step in open {
        recovery.set_done(step, Some(stamp("2027-01-13 09:00")), &now("2027-01-13 09:00")).unwrap();
    }
    assert!(recovery.close(None, &there(None), &now("2027-01-13 09:00")).is_err(), "the gift is still owed");
    recovery.close(None, &there(Some(stamp("2027-05-04 10:00"))), &now("2027-05-04 10:00")).unwrap();
    assert_eq!(outcome(&book, &calendar(), &now("2027-05-05 10:00")), Outcome::Missed, "a miss stays a miss");
    close_the_cause(cause(
        "She waited for weeks for what she had paid",
        &["Nobody made the video", "No time was ever set aside for it"],
        CauseKind::Policy,
        "Whatever is paid gets hours in the calendar on the same day",
    ));
}

#[test]
fn the_newspaper_that_misses_every_now_and_then() {
    let paper = |date: &str| {
        let mut it = commitment("1 newspaper", due(date, "07:00"));
        it.worthless_after = Some(due(date, "19:00"));
        it
    };
    let at = now("2026-11-15 20:00");
    let ended = |it: &Commitment| outcome(it, &calendar(), &at);
    let (missed, came) = (paper("2026-11-12"), handed(paper("2026-11-13"), 1, "2026-11-13 06:30"));
    let outcomes = [ended(&came), ended(&missed), ended(&came), ended(&missed), ended(&missed)];
    let pattern = Pattern::of(outcomes);
    assert!(pattern.is_chronic());
    assert_eq!(pattern.words().as_deref(), Some("3 of the last 5 were missed: look for the cause"));

    // The late copy is worth nothing: it is not among the steps, and handing it over asks whether it still helps.
    let id = RecoveryId::new(Uuid::from_u128(7));
    let recovery = Recovery::open(id, &missed, None, Vec::new(), &calendar(), &at, ids()).unwrap();
    assert!(recovery.steps.iter().all(|step| step.repair != Repair::Deliver));
    let asked = questions(&missed, &[(missed.deliverables[0].id, 1)], Meant::default(), &calendar(), &at);
    assert_eq!(asked[0].field, "late_help_is_meant");
    // Two the day after: the second one asks first.
    let twice = questions(
        &came,
        &[(came.deliverables[0].id, 1)],
        Meant::default(),
        &calendar(),
        &now("2026-11-13 08:00"),
    );
    assert_eq!(twice[0].field, "duplicate_is_meant");
    close_the_cause(cause(
        "No paper on some mornings",
        &["The carrier's list ends on the third street"],
        CauseKind::Step,
        "One list for all streets, ticked off at the door",
    ));
}

#[test]
fn the_wrong_name_that_is_put_right_the_next_day() {
    let at = now("2026-11-16 10:00");
    let draft = FeedbackDraft {
        text: "The baker is called Okafor, not Okafar".to_owned(),
        taken_by: "Ana".to_owned(),
        ..FeedbackDraft::default()
    };
    let mut said = draft.into_feedback(FeedbackId::new(Uuid::from_u128(1)), &at);
    said.hand_on("Ben").unwrap();
    assert_eq!(said.owner, "Ana", "until he accepts it");
    said.accept(true).unwrap();
    let answer = now("2026-11-16 11:50");
    said.take_turn(Turn { at: answer.stamp, kind: TurnKind::Reply, words: None }, &answer).unwrap();
    let clocks = said.clocks(&calendar(), &answer);
    assert_eq!(clocks.iter().map(|clock| clock.elapsed).collect::<Vec<_>>(), [110]);
    assert!(said.publish(true, &answer).is_err(), "there is nothing to publish yet");
    let correction = Correction {
        text: "It is Okafor".to_owned(),
        place: "on page 2".to_owned(),
        by: day("2026-11-17"),
        published_at: None,
    };
    said.correct(Some(correction), &answer).unwrap();
    assert!(said.settle(&calendar(), &answer).is_err(), "it is not published yet");
    let next_day = now("2026-11-17 08:00");
    said.publish(true, &next_day).unwrap();
    said.settle(&calendar(), &next_day).unwrap();
    assert_eq!((said.owner.as_str(), said.unpublished()), ("Ben", None));
    assert!(said.reply_rungs(&Settings::new(zone()), &next_day).is_empty(), "nobody waits for an answer");
    let praise = FeedbackDraft {
        kind: FeedbackKind::Praise,
        text: "I have never been answered so fast".to_owned(),
        ..FeedbackDraft::default()
    };
    let praise = praise.into_feedback(FeedbackId::new(Uuid::from_u128(2)), &next_day);
    assert!(praise.clocks(&calendar(), &next_day).is_empty());
    assert_eq!(Win::of_praise(WinId::new(Uuid::from_u128(3)), &praise).kind, WinKind::Praise);
    close_the_cause(cause(
        "A name was wrong",
        &["It was typed from hearing it"],
        CauseKind::Step,
        "Names are copied from the order, never typed",
    ));
}

#[test]
fn five_fortune_cookies_two_with_the_same_slip_and_two_empty() {
    let at = now("2026-11-16 11:00");
    let mut cookies = commitment("5 fortune cookies", due("2026-11-20", "10:00"));
    let bread = commitment("12 rolls", due("2026-11-20", "10:00"));
    let touching = Touching { words: Some("fortune".to_owned()), ..Touching::default() };
    let touches = |it: &Commitment| touching.touches(it, calendar().zone);
    assert_eq!((touches(&cookies), touches(&bread)), (true, false));
    let id = SlipId::new(Uuid::from_u128(1));
    let mut slip = Slip::found(id, SlipKind::Tool, "The tray of slips ran out", None, &at).unwrap();
    cookies.warn_of(id, &slip.what, at.stamp);
    assert_eq!(cookies.warnings().count(), 1);
    let draft = cause(
        "Two cookies were empty",
        &["No slip was put in", "The tray ran out unseen"],
        CauseKind::Tool,
        "The machine stops when the tray is empty",
    );
    assert_eq!(draft.deepest(), "The tray ran out unseen");
    close_the_cause(CauseDraft { slips: vec![id], promises: vec![cookies.id], ..draft });
    cookies.safe_from(id, at.stamp);
    slip.end(&at).unwrap();
    assert_eq!(
        (cookies.warnings().count(), cookies.slips.len()),
        (0, 1),
        "that it was warned is not forgotten"
    );
}

struct Card(Offer);

impl Menu for Card {
    fn offer(&self, id: OfferId) -> Option<&Offer> {
        Some(&self.0).filter(|offer| offer.id == id)
    }
}

#[test]
fn everybody_knows_what_is_on_the_menu_and_why_it_matters() {
    let id = OfferId::new(Uuid::from_u128(1));
    let draft = OfferDraft {
        name: "birthday table".to_owned(),
        why: "The day comes once a year.".to_owned(),
        lead_days: Some(3),
        price: Some(dollars(40)),
        inputs: vec!["how many children".to_owned()],
        checklist: vec!["candles".to_owned()],
        ..OfferDraft::default()
    };
    let card = Card(draft.into_offer(id, None));
    let at = now("2026-11-16 10:00");
    let mut picked = PromiseDraft::default();
    fill(&mut picked, &card.0, 1, &card, &calendar(), &at).unwrap();
    let make = || DeliverableId::new(Uuid::from_u128(3));
    let (promise, customer) = (CommitmentId::new(Uuid::from_u128(1)), CustomerId::new(Uuid::from_u128(2)));
    let mut table = picked.into_commitment(promise, customer, &at, make);
    assert_eq!(table.first_due.map(|due| due.day), Some(day("2026-11-19")));
    assert_eq!((table.inputs.len(), card.0.why.as_str()), (1, "The day comes once a year."));
    // Before it is handed over the list is asked for.
    let parts = [(table.deliverables[0].id, 1)];
    let asked = |it: &Commitment| questions(it, &parts, Meant::default(), &calendar(), &at);
    assert_eq!(asked(&table)[0].field, "checklist_is_meant");
    table.checklist[0].checked_at = Some(at.stamp);
    assert_eq!(asked(&table), vec![]);
    let kept = handed(table.clone(), 1, "2026-11-18 15:00");
    assert_eq!(outcome(&kept, &calendar(), &now("2026-12-01 10:00")), Outcome::Kept);
    // Who calls off what is on the menu has let somebody down, whatever it is worth.
    cancel(&mut table, Party::Us, None, at.stamp).unwrap();
    assert_eq!(outcome(&table, &calendar(), &at), Outcome::Missed);
}
