//! The reader who mails about a wrong name: answered within two hours, corrected the next day, and praise in the end. And
//! what is taken down at a counter, by anybody, without an order.

use crate::causes::learn;
use crate::owner::Owner;
use serde_json::{Value, json};

async fn take(owner: &Owner, draft: Value) -> String {
    let taken = owner.ask("take_feedback", json!({ "draft": draft })).await;
    taken["feedback"].as_str().unwrap().to_owned()
}

async fn page(owner: &Owner, id: &str) -> Value {
    owner.ask("feedback", json!({ "feedback": id })).await
}

async fn reply(owner: &Owner, id: &str) -> (String, String) {
    let reply = page(owner, id).await["row"]["reply"].clone();
    (reply["state"].as_str().unwrap().to_owned(), reply["words"].as_str().unwrap().to_owned())
}

async fn list(owner: &Owner, filter: &str) -> Value {
    owner.ask("feedback_list", json!({ "filter": filter, "limit": 50 })).await
}

#[tokio::test]
async fn the_clock_stands_while_the_shop_is_closed_and_whoever_waits_too_long_counts() {
    let owner = Owner::at("2026-11-20 18:30").await;
    let draft =
        json!({ "kind": "complaint", "text": "The cake was dry", "from": "a reader", "taken_by": "Ana" });
    let dry = take(&owner, draft).await;
    let (_, words) = reply(&owner, &dry).await;
    assert_eq!(words, "2 h left, from Mon 23 Nov, 09:00");
    owner.now("2026-11-23 10:00");
    assert_eq!(reply(&owner, &dry).await.1, "1 h left");
    let replies = async || owner.ask("insights", json!({})).await["replies"]["words"].clone();
    assert_eq!(replies().await, Value::Null, "there is still time");
    owner.now("2026-11-23 12:00");
    assert_eq!(replies().await, "0 of 1");
    for (search, count) in [("dry", 1), ("reader", 1), ("Ana", 0)] {
        let found = json!({ "filter": "complaints", "search": search, "limit": 50 });
        assert_eq!(owner.ask("feedback_list", found).await["count"], count, "{search}");
    }
}

#[tokio::test]
async fn a_complaint_becomes_praise() {
    let owner = Owner::at("2026-11-16 10:00").await;
    let draft = json!({
        "text": "The baker is called Okafor, not Okafar", "from": "a reader", "channel": "email", "taken_by": "Ana",
    });
    let wrong_name = take(&owner, draft).await;
    assert_eq!(reply(&owner, &wrong_name).await, ("running".to_owned(), "2 h left".to_owned()));
    let today = owner.ask("today", json!({})).await;
    assert_eq!(today["answer"][0]["title"], "Complaint of a reader");
    owner.now("2026-11-16 11:40");
    assert_eq!(reply(&owner, &wrong_name).await, ("pressing".to_owned(), "20 min left".to_owned()));

    // The author himself answers; she who took it down keeps it until he accepts.
    owner.ask("hand_on", json!({ "feedback": wrong_name, "to": "Ben" })).await;
    assert_eq!(page(&owner, &wrong_name).await["row"]["owner"], "Ana");
    owner.ask("accept_feedback", json!({ "feedback": wrong_name, "accepts": true })).await;
    assert_eq!(page(&owner, &wrong_name).await["row"]["owner"], "Ben");
    owner.now("2026-11-16 11:50");
    let sorry = json!({ "feedback": wrong_name, "kind": "reply", "words": "You are right, and I am sorry." });
    owner.ask("feedback_turn", sorry).await;
    let after = "answered after 1 h 50 min".to_owned();
    assert_eq!(reply(&owner, &wrong_name).await, ("answered".to_owned(), after));
    assert_eq!(owner.ask("today", json!({})).await["answer"], json!([]));

    // The correction stands in the paper the next day.
    let correction = json!({ "text": "It is Okafor", "place": "on page 2", "by": "2026-11-17" });
    owner.ask("set_correction", json!({ "feedback": wrong_name, "correction": correction })).await;
    assert_eq!(page(&owner, &wrong_name).await["row"]["correction_due"], "on page 2 by Tue 17 Nov");
    let refused = owner.try_ask("settle_feedback", json!({ "feedback": wrong_name })).await.unwrap_err();
    assert_eq!(refused.message, "The correction is not published yet.");
    owner.now("2026-11-17 08:00");
    owner.ask("correction_published", json!({ "feedback": wrong_name, "published": true })).await;
    assert_eq!(page(&owner, &wrong_name).await["correction"]["published_at"], "2026-11-17T07:00:00.000Z");
    owner.ask("settle_feedback", json!({ "feedback": wrong_name })).await;
    assert_eq!(list(&owner, "open").await["count"], 0);

    // And the reader praises them for it.
    let praise =
        take(&owner, json!({ "kind": "praise", "text": "I have never been answered so fast" })).await;
    assert_eq!(reply(&owner, &praise).await.0, "none");
    let filed = owner.ask("praise_to_win", json!({ "feedback": praise })).await;
    let praise_page = page(&owner, &praise).await;
    assert_eq!((&praise_page["win"], &filed["win"]), (&filed["win"], &praise_page["win"]));
    assert!(owner.try_ask("praise_to_win", json!({ "feedback": praise })).await.is_err(), "once is enough");
    assert!(owner.try_ask("praise_to_win", json!({ "feedback": wrong_name })).await.is_err());

    let about = json!({ "symptom": "A name was wrong", "kind": "step", "feedback": [wrong_name] });
    learn(&owner, about, "It was typed from hearing it", "Names are copied from the order").await;
    assert_eq!(page(&owner, &wrong_name).await["causes"][0]["symptom"], "A name was wrong");
}

#[tokio::test]
async fn only_the_words_are_needed_and_the_rest_is_linked_later() {
    let mut owner = Owner::at("2026-11-16 10:00").await;
    let cake = owner.promise("Maria Silva", 1, "cake", "2026-11-18", "15:00").await;
    let maria = owner.page(&cake).await["customer"]["id"].clone();
    let id = take(&owner, json!({ "text": "the cake was dry", "from": "a lady in red" })).await;
    assert_eq!(page(&owner, &id).await["row"]["from"], "a lady in red");
    owner.ask("link_feedback", json!({ "feedback": id, "customer": maria })).await;
    let linked = page(&owner, &id).await;
    assert_eq!((&linked["row"]["from"], &linked["could_be"][0]["id"]), (&json!("Maria Silva"), &json!(cake)));
    owner.ask("link_feedback", json!({ "feedback": id, "promise": cake })).await;
    let linked = page(&owner, &id).await;
    assert_eq!((&linked["row"]["customer"], &linked["promise"]["id"]), (&maria, &json!(cake)));
    assert_eq!(owner.page(&cake).await["care"]["feedback"][0]["text"], "the cake was dry");
    let timeline = owner.ask("customer", json!({ "customer": maria, "limit": 9 })).await;
    assert_eq!(timeline["events"][0]["what"], "Complaint: the cake was dry");
    owner.restart().await;
    assert_eq!(page(&owner, &id).await["row"]["from"], "Maria Silva");
    let exported = list(&owner, "all").await;
    assert_eq!((&exported["all"], &exported["to_answer"]), (&json!(1), &json!(1)));

    // Two who turn out to be one: what she said comes along.
    let form = json!({ "name": "M. Silva" });
    let other = owner.ask("save_customer", json!({ "form": form })).await["customer"].clone();
    owner.ask("merge_customers", json!({ "keep": other, "other": maria })).await;
    assert_eq!(page(&owner, &id).await["row"]["from"], "M. Silva");
    owner.ask("undo", json!({})).await;
    assert_eq!(page(&owner, &id).await["row"]["from"], "Maria Silva");
}

#[tokio::test]
async fn the_clock_stands_still_while_we_wait_for_them_and_at_night() {
    let owner = Owner::at("2026-11-16 17:00").await;
    let id = take(&owner, json!({ "kind": "question", "text": "Do you bake without eggs?" })).await;
    owner.now("2026-11-17 09:30");
    assert_eq!(reply(&owner, &id).await.1, "30 min left");
    owner.ask("feedback_turn", json!({ "feedback": id, "kind": "wait" })).await;
    owner.now("2026-11-18 12:00");
    assert_eq!(reply(&owner, &id).await.0, "paused");
    owner.ask("feedback_turn", json!({ "feedback": id, "kind": "go_on" })).await;
    owner.now("2026-11-18 13:00");
    assert_eq!(reply(&owner, &id).await, ("late".to_owned(), "30 min late".to_owned()));
    owner.ask("feedback_turn", json!({ "feedback": id, "kind": "reply", "words": "We do." })).await;
    owner.now("2026-11-18 14:00");
    owner
        .ask("feedback_turn", json!({ "feedback": id, "kind": "message", "words": "And without milk?" }))
        .await;
    owner.now("2026-11-18 14:10");
    owner.ask("feedback_turn", json!({ "feedback": id, "kind": "reply" })).await;
    let row = page(&owner, &id).await["row"]["reply"].clone();
    assert_eq!(row["words"], "answered after 10 min");
    assert_eq!(row["was_late"], true, "a first reply that came late stays late");
    assert_eq!(list(&owner, "questions").await["rows"][0]["id"], json!(id));
}
