//! Undo takes back any change, and says so when something newer stands in the way.

use crate::owner::Owner;
use kept_app::failure::Code;
use serde_json::{Value, json};

#[tokio::test]
async fn every_change_of_a_promise_can_be_undone() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let part = owner.page(&id).await["parts"][0]["id"].clone();
    let to = json!({ "day": "2026-11-24", "hours": { "kind": "any_time" } });
    let parts = json!([{ "id": part, "what": "muffins", "quantity": 6 }, { "what": "card", "quantity": 1 }]);
    let money = json!({ "minor": 500, "currency": "EUR" });
    let changes: &[(&str, Value)] = &[
        ("start_work", json!({})),
        ("set_stage", json!({ "part": part, "stage": "ready" })),
        ("hand_over", json!({})),
        ("hand_over", json!({ "parts": [{ "part": part, "quantity": 5 }] })),
        ("move_date", json!({ "to": to, "by": "customer" })),
        ("cancel", json!({ "by": "customer", "why": "changed her mind" })),
        ("add_note", json!({ "text": "no nuts" })),
        ("set_payment", json!({ "total": money, "received": money })),
        ("correct_parts", json!({ "parts": parts })),
        ("wait_for", json!({ "on": "customer" })),
    ];
    let stripped = |mut page: Value| {
        page["history"] = json!(null);
        page["row"]["version"] = json!(null);
        page
    };
    let before = stripped(owner.page(&id).await);
    for (name, takes) in changes {
        let mut takes = takes.clone();
        takes["promise"] = json!(id);
        let done = owner.ask(name, takes).await;
        assert_ne!(stripped(owner.page(&id).await), before, "{name} changes something");
        let undone = owner.ask("undo", json!({ "change": done["change"] })).await;
        assert!(undone["said"].as_str().unwrap().starts_with("Undid: "), "{undone}");
        assert_eq!(stripped(owner.page(&id).await), before, "{name} is undone");
    }
}

#[tokio::test]
async fn undoing_the_making_of_a_promise_removes_it_and_its_new_customer() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    owner.ask("undo", json!({})).await;
    let gone = owner.try_ask("promise", json!({ "promise": id })).await.unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
    assert_eq!(owner.ask("customers_like", json!({ "text": "maria" })).await["customers"], json!([]));
    let all = owner.ask("promises", json!({ "filter": "all", "limit": 10 })).await;
    assert_eq!(all["count"], 0);
}

#[tokio::test]
async fn undo_goes_back_step_by_step_also_after_a_restart() {
    let mut owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    owner.ask("start_work", json!({ "promise": id })).await;
    owner.ask("add_note", json!({ "promise": id, "text": "no nuts" })).await;
    assert_eq!(owner.ask("shell", json!({})).await["undo"], "Added a note to 12 cupcakes for Maria Silva");
    owner.restart().await;
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.page(&id).await["notes"], json!([]));
    assert_eq!(owner.ask("shell", json!({})).await["undo"], "Started 12 cupcakes for Maria Silva");
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.page(&id).await["row"]["status"], "open");
}

#[tokio::test]
async fn what_something_newer_has_touched_is_not_undone() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let first = owner.ask("add_note", json!({ "promise": id, "text": "no nuts" })).await;
    owner.ask("start_work", json!({ "promise": id })).await;
    let refused = owner.try_ask("undo", json!({ "change": first["change"] })).await.unwrap_err();
    assert_eq!(refused.code, Code::Conflict);
    assert_eq!(owner.page(&id).await["notes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn two_windows_on_one_promise_overwrite_nothing() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let seen = owner.page(&id).await["row"]["version"].clone();
    owner.ask("start_work", json!({ "promise": id, "version": seen })).await;
    let second =
        owner.try_ask("cancel", json!({ "promise": id, "version": seen, "by": "us" })).await.unwrap_err();
    assert_eq!(second.code, Code::Conflict);
    assert_eq!(owner.page(&id).await["row"]["status"], "in_progress");
}
