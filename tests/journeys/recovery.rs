//! The book with a video that was forgotten, carried to its end: eight repairs, each with a date, two of them gifts that wait
//! for an event; and the miss that stays a miss.

use crate::causes::learn;
use crate::owner::{Owner, draft};
use serde_json::{Value, json};

fn dollars(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "USD" })
}

/// A paid order of 90 dollars that was due on the 18th of December; it is the 11th of January.
async fn forgotten() -> (Owner, String) {
    let owner = Owner::at("2026-11-30 10:00").await;
    let mut book = draft("Dana Reyes", 1, "signed book with a video", "2026-12-18", "17:00");
    book["total"] = dollars(9_000);
    book["received"] = dollars(9_000);
    let done = owner.ask("make_promise", json!({ "draft": book })).await;
    owner.now("2027-01-11 10:00");
    (owner, done["promise"].as_str().unwrap().to_owned())
}

async fn opened(owner: &Owner, promise: &str) -> String {
    let opened = owner.ask("open_recovery", json!({ "promise": promise })).await;
    opened["recovery"].as_str().unwrap().to_owned()
}

async fn page(owner: &Owner, id: &str) -> Value {
    owner.ask("recovery", json!({ "recovery": id })).await
}

/// The steps of a recovery, each with its state.
async fn steps(owner: &Owner, id: &str) -> Vec<(String, String)> {
    let page = page(owner, id).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    page["steps"].as_array().unwrap().iter().map(|step| (text(&step["what"]), text(&step["state"]))).collect()
}

async fn step(owner: &Owner, id: &str, what: &str) -> Value {
    let page = page(owner, id).await;
    let steps = page["steps"].as_array().unwrap();
    steps.iter().find(|step| step["what"] == what).unwrap_or_else(|| panic!("{what}: {steps:?}")).clone()
}

async fn do_step(owner: &Owner, id: &str, what: &str) {
    let step = step(owner, id, what).await["id"].clone();
    owner.ask("repair_done", json!({ "recovery": id, "step": step, "done": true })).await;
}

async fn give(owner: &Owner, id: &str, what: &str, value: i64, waits_for: &str) -> String {
    let awaits = json!({ "what": waits_for, "review_by": "2027-06-01" });
    let gift = json!({ "what": what, "awaits": awaits, "value": dollars(value) });
    owner.ask("add_gift", json!({ "recovery": id, "gift": gift })).await;
    let what = format!("Give them {what}");
    step(owner, id, &what).await["promise"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_piece_of_the_repair_is_carried_to_its_end_and_the_miss_stays_a_miss() {
    let (owner, book) = forgotten().await;
    let list = owner.ask("recoveries", json!({})).await;
    assert_eq!(list["offered"][0]["id"], json!(book), "offered, not forced");
    assert_eq!(owner.page(&book).await["care"]["recovery_offered"], true);
    let id = opened(&owner, &book).await;
    let words = "We let the big clients crowd you out. That was our choice, and it was wrong.";
    owner.ask("own_up", json!({ "recovery": id, "words": words })).await;
    for repair in [
        json!({ "kind": "apologise", "channel": "letter" }),
        json!({ "kind": "refund", "amount": dollars(9_000), "method": "to the card" }),
        json!({ "kind": "other", "what": "The video on a stick as well" }),
    ] {
        let draft = json!({ "repair": repair, "by": "2027-01-15", "owner": "Ana" });
        owner.ask("add_repair", json!({ "recovery": id, "draft": draft })).await;
    }
    let edition = give(&owner, &id, "First edition", 4_500, "when the book is out").await;
    let platform = give(&owner, &id, "Three months of the platform", 12_600, "when it has launched").await;
    let row = page(&owner, &id).await["row"].clone();
    assert_eq!(
        (&row["cost_words"], &row["settled"], &row["steps"]),
        (&json!("2.9x the price"), &json!(0), &json!(8))
    );
    assert_eq!(row["next"], "Say sorry by phone, by Mon 11 Jan");

    // The gifts are promises like any other, and second chances.
    let gift = owner.page(&edition).await;
    assert_eq!((&gift["row"]["second_chance"], &gift["care"]["makes_good"]), (&json!(true), &json!(book)));
    assert_eq!(gift["dates"]["awaits"]["review_by"], "2027-06-01");
    let chances = page(&owner, &id).await["second_chances"].as_array().unwrap().len();
    assert_eq!(chances, 2, "nobody is let down twice");

    // A sorry that is logged where it was said does the step that planned it.
    owner.ask("log_told", json!({ "promise": book, "kind": "sorry", "channel": "phone" })).await;
    owner.ask("log_told", json!({ "promise": book, "kind": "sorry", "channel": "letter" })).await;
    owner.ask("hand_over", json!({ "promise": book, "channel": "by link" })).await;
    do_step(&owner, &id, "Give the money back to the card").await;
    assert_eq!(owner.page(&book).await["payment"]["state"], "refunded");
    do_step(&owner, &id, "The video on a stick as well").await;
    let open: Vec<String> = steps(&owner, &id)
        .await
        .into_iter()
        .filter(|(_, state)| state == "open")
        .map(|(what, _)| what)
        .collect();
    let gifts = ["Give them First edition", "Give them Three months of the platform"];
    assert_eq!(open, ["Ask whether all is well again", gifts[0], gifts[1]]);
    let refused = owner.try_ask("close_recovery", json!({ "recovery": id })).await.unwrap_err();
    assert_eq!(refused.problems.len(), 3, "{refused:?}");

    // The book is out in May; the platform never launches.
    owner.now("2027-05-04 10:00");
    do_step(&owner, &id, "Ask whether all is well again").await;
    owner.ask("hand_over", json!({ "promise": edition })).await;
    owner.ask("cancel", json!({ "promise": platform, "by": "us", "why": "it never launched" })).await;
    let undone = step(&owner, &id, gifts[1]).await["id"].clone();
    let strike =
        json!({ "recovery": id, "step": undone, "why": "it never launched; she got a dinner instead" });
    owner.ask("strike_repair", strike).await;
    assert_eq!(page(&owner, &id).await["can_close"], true);
    owner.ask("close_recovery", json!({ "recovery": id, "words": "She orders again" })).await;
    let page = owner.page(&book).await;
    assert_eq!(page["row"]["outcome"], "missed", "a miss stays a miss");
    assert_eq!(page["care"]["recovery"]["closed"]["words"], "She orders again");
    let list = owner.ask("recoveries", json!({})).await;
    assert_eq!((list["open"].as_array().unwrap().len(), &list["closed_count"]), (0, &json!(1)));

    // And what it came of does not come again.
    let about =
        json!({ "symptom": "She waited for what she had paid", "kind": "policy", "promises": [book] });
    let action = "Whatever is paid gets hours in the calendar on the same day";
    learn(&owner, about, "No time was ever set aside for it", action).await;
    assert!(owner.page(&book).await["care"]["causes"][0]["closed_at"].is_string());
}

#[tokio::test]
async fn what_is_not_made_good_is_not_offered_again() {
    let (mut owner, book) = forgotten().await;
    let refused = owner.try_ask("leave_recovery", json!({ "promise": book, "why": " " })).await.unwrap_err();
    assert_eq!(refused.problems[0].field, "why");
    owner.ask("leave_recovery", json!({ "promise": book, "why": "she moved away" })).await;
    assert_eq!(owner.ask("recoveries", json!({})).await["offered"], json!([]));
    assert!(owner.try_ask("open_recovery", json!({ "promise": book })).await.is_err());
    owner.restart().await;
    assert_eq!(owner.page(&book).await["care"]["recovery_offered"], false);
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.page(&book).await["care"]["recovery_offered"], true);
}

#[tokio::test]
async fn a_step_of_yesterday_is_overdue_and_gets_another_day() {
    let (owner, book) = forgotten().await;
    let id = opened(&owner, &book).await;
    owner.now("2027-01-13 10:00");
    let row = page(&owner, &id).await["row"].clone();
    assert_eq!((&row["overdue"], &row["today"]), (&json!(true), &json!(false)));
    for what in ["Say sorry by phone", "Deliver it all the same"] {
        let step = step(&owner, &id, what).await["id"].clone();
        let moved = json!({ "recovery": id, "step": step, "by": "2027-01-13", "owner": "Ben" });
        owner.ask("move_repair", moved).await;
    }
    let row = page(&owner, &id).await["row"].clone();
    assert_eq!((&row["overdue"], &row["today"]), (&json!(false), &json!(true)));
    let kept = owner.promise("Maria Silva", 1, "cake", "2027-01-20", "15:00").await;
    let refused = owner.try_ask("open_recovery", json!({ "promise": kept })).await.unwrap_err();
    assert_eq!(refused.message, "This promise was not missed.");
}

#[tokio::test]
async fn whoever_was_let_down_is_named_before_the_next_promise_is_made() {
    let (owner, _) = forgotten().await;
    let read = async |name: &str| {
        let next = draft(name, 1, "signed book", "2027-01-29", "17:00");
        owner.ask("read_draft", json!({ "draft": next })).await["second_chance"].clone()
    };
    let words = "Dana Reyes was let down before: this is their second chance. Promise what will hold.";
    assert_eq!(read("Dana Reyes").await, words);
    assert_eq!(read("Somebody Else").await, json!(null));
}

#[tokio::test]
async fn what_we_call_off_is_paid_back_by_a_step_with_a_day() {
    let owner = Owner::at("2026-11-30 10:00").await;
    let mut cake = draft("Dana Reyes", 1, "cake", "2026-12-18", "17:00");
    cake["total"] = dollars(9_000);
    cake["received"] = dollars(9_000);
    let cake =
        owner.ask("make_promise", json!({ "draft": cake })).await["promise"].as_str().unwrap().to_owned();
    owner.ask("cancel", json!({ "promise": cake, "by": "us", "why": "the oven broke" })).await;
    let id = opened(&owner, &cake).await;
    let back = step(&owner, &id, "Give the money back").await;
    assert_eq!((&back["cost"], &back["by"]), (&dollars(9_000), &json!("2026-12-01")));
    assert_eq!(page(&owner, &id).await["row"]["cost_words"], "1.0x the price");
    do_step(&owner, &id, "Give the money back").await;
    assert_eq!(owner.page(&cake).await["payment"]["state"], "refunded");
}
