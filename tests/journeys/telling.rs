//! Customers are told: before it is late, in the owner's words, by whatever way; what was told is kept on the promise.

use crate::owner::{Owner, draft, section};
use serde_json::{Value, json};

/// A cake that needs more hours than there are, for a customer with an e-mail address.
async fn cake_in_danger() -> (Owner, String) {
    let owner = Owner::at("2026-11-16 09:00").await;
    let form = json!({
        "name": "Hannah Okafor",
        "contacts": [{ "kind": "email", "address": "hannah@mail.example" }],
        "address": ["4 Mill Lane", "Larkfield"],
    });
    let hannah = owner.ask("save_customer", json!({ "form": form })).await["customer"].clone();
    let mut cake = draft("", 1, "lemon cake", "2026-11-19", "17:00");
    cake["customer"] = hannah;
    cake["parts"][0]["effort_left"] = json!(3_000);
    let done = owner.ask("make_promise", json!({ "draft": cake })).await;
    (owner, done["promise"].as_str().unwrap().to_owned())
}

async fn message(owner: &Owner, promise: &str, kind: Value) -> Value {
    owner.ask("message_draft", json!({ "promise": promise, "kind": kind })).await
}

#[tokio::test]
async fn tell_before_due_stands_until_they_were_told() {
    let (owner, cake) = cake_in_danger().await;
    assert!(owner.today().await.contains(&section("Tell before it is late", &["Lemon cake"])));
    let page = owner.page(&cake).await;
    assert_eq!((&page["care"]["tell_first"], &page["care"]["fitting"]), (&json!(true), &json!("late")));
    let draft = message(&owner, &cake, json!(null)).await;
    assert_eq!(draft["lacks"], "It names no new date: move the date first.");

    let to = json!({ "day": "2026-11-26", "hours": { "kind": "at", "time": "17:00" } });
    owner.ask("move_date", json!({ "promise": cake, "to": to, "by": "us" })).await;
    let draft = message(&owner, &cake, json!(null)).await;
    assert_eq!((&draft["kind"], &draft["lacks"]), (&json!("late"), &json!(null)));
    let text = draft["text"].as_str().unwrap();
    assert!(text.contains("Hello Hannah Okafor") && text.contains("Thu 26 Nov, 17:00"), "{text}");
    assert!(text.contains("call it off"), "the right to call it off: {text}");
    let mailto = draft["mailto"].as_str().unwrap();
    assert!(mailto.starts_with("mailto:hannah@mail.example?subject=Lemon%20cake"), "{mailto}");
    assert_eq!(draft["consent"]["running"], false, "she does not know yet");

    owner.now("2026-11-16 10:00");
    let told = json!({ "promise": cake, "kind": "late", "channel": "phone", "words": text });
    let done = owner.ask("log_told", told).await;
    assert_eq!(done["said"], "Told Hannah Okafor that it will be late, by phone");
    let page = owner.page(&cake).await;
    assert_eq!(page["dates"]["moves"][0]["told_at"], "2026-11-16T09:00:00.000Z");
    let said = "Silence is taken as agreement; they can call it off until Thu 26 Nov.";
    assert_eq!(page["care"]["consent"]["words"], said);
    let told_at = page["care"]["told"][0]["at"].clone();
    let answer = json!({ "agreed": true, "words": "no hurry" });
    owner.ask("log_answer", json!({ "promise": cake, "told_at": told_at, "answer": answer })).await;
    let page = owner.page(&cake).await;
    assert_eq!(page["dates"]["moves"][0]["agreed"], true);
    assert_eq!(page["care"]["told"][0]["answer"], answer);
    assert_eq!(page["dates"]["first"], "Thu 19 Nov, 17:00", "the first promise stays");
    let history = page["history"].to_string();
    assert!(history.contains("Told Hannah Okafor that it will be late, by phone"), "{history}");
}

#[tokio::test]
async fn whoever_was_told_by_phone_is_not_called_for_again() {
    let (owner, cake) = cake_in_danger().await;
    owner.ask("log_told", json!({ "promise": cake, "kind": "late", "channel": "phone" })).await;
    assert!(
        owner.today().await.contains(&section("Start now", &["Lemon cake"])),
        "{:?}",
        owner.today().await
    );
    owner.ask("undo", json!({})).await;
    assert!(owner.today().await.contains(&section("Tell before it is late", &["Lemon cake"])));
}

#[tokio::test]
async fn the_owner_has_words_of_her_own() {
    let (owner, cake) = cake_in_danger().await;
    let own =
        json!({ "subject": "Your {what}", "text": "Dear {customer},\n{what} by {date}.\nOrder {order}" });
    owner.ask("set_template", json!({ "kind": "confirmed", "template": own })).await;
    let draft = message(&owner, &cake, json!("confirmed")).await;
    assert_eq!(draft["subject"], "Your lemon cake");
    assert_eq!(draft["text"], "Dear Hannah Okafor,\nLemon cake by Thu 19 Nov, 17:00.");
    let wrong = json!({ "subject": "Hello", "text": "{whatever}" });
    let refused =
        owner.try_ask("set_template", json!({ "kind": "late", "template": wrong })).await.unwrap_err();
    assert_eq!(refused.problems[0].field, "template.text");
    assert_eq!(refused.problems[0].is, "Kept does not know what {whatever} stands for.");
    let templates = owner.ask("templates", json!({})).await;
    assert_eq!(
        (&templates["templates"][0]["own"], &templates["templates"][2]["own"]),
        (&json!(true), &json!(false))
    );
    owner.ask("set_template", json!({ "kind": "confirmed" })).await;
    assert!(message(&owner, &cake, json!("confirmed")).await["text"].as_str().unwrap().starts_with("Hello"));
}

#[tokio::test]
async fn a_letter_is_printed_with_what_she_has_written() {
    let (owner, cake) = cake_in_danger().await;
    let takes = json!({ "promise": cake, "subject": " We are sorry ", "text": "Dear Hannah,\nit is late.\n\n\nYours" });
    let letter = owner.ask("letter", takes).await;
    assert_eq!(letter["address"], json!(["4 Mill Lane", "Larkfield"]));
    assert_eq!(letter["paragraphs"], json!(["Dear Hannah,\nit is late.", "Yours"]));
    assert_eq!(
        (&letter["day_words"], &letter["subject"]),
        (&json!("16 November 2026"), &json!("We are sorry"))
    );
}
