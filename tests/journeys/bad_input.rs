//! Bad input gets words that say what, where and what to do, and nothing is changed.

use crate::owner::{Owner, draft};
use kept_app::failure::Code;
use serde_json::{Value, json};

async fn check(owner: &Owner, name: &str, takes: Value, field: &str) {
    let failure = owner.try_ask(name, takes).await.unwrap_err();
    assert_eq!(failure.code, Code::Invalid, "{failure}");
    let fields: Vec<&str> = failure.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, [field], "{failure}");
    assert!(failure.message.ends_with(['.', '?']), "a sentence: {failure}");
}

#[tokio::test]
async fn a_draft_that_is_wrong_is_refused_field_by_field() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let with = |field: &str, value: Value| {
        let mut draft = draft("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00");
        draft[field] = value;
        json!({ "draft": draft })
    };
    let part = |what: &str, quantity: u32, effort: u32| json!([{ "what": what, "quantity": quantity, "effort_left": effort }]);
    let money = |minor: i64| json!({ "minor": minor, "currency": "USD" });
    for (takes, field) in [
        (with("customer_name", json!("  ")), "customer_name"),
        (with("customer_name", json!("x".repeat(301))), "customer_name"),
        (with("parts", json!([])), "parts"),
        (with("parts", part(" ", 1, 0)), "parts.0.what"),
        (with("parts", part("cake", 0, 0)), "parts.0.quantity"),
        (with("parts", part("cake", 2_000_000, 0)), "parts.0.quantity"),
        (with("parts", part("cake", 1, 600_000)), "parts.0.effort_left"),
        (with("due", json!(null)), "due"),
        (with("due", json!({ "day": "2026-11-13", "hours": { "kind": "any_time" } })), "due"),
        (with("total", money(-1)), "total"),
        (with("total", money(2_000_000_000_000)), "total"),
    ] {
        check(&owner, "make_promise", takes, field).await;
    }
    assert_eq!(owner.ask("shell", json!({})).await["empty"], true, "nothing was saved");
}

#[tokio::test]
async fn a_request_that_is_no_request_is_refused_in_words() {
    let owner = Owner::at("2026-11-16 09:00").await;
    for (name, takes) in [
        ("make_promise", json!({})),
        ("promises", json!({ "limit": -1 })),
        ("promises", json!({ "limit": 1, "surprise": true })),
        ("today", json!({ "tomorrow": true })),
        ("make_promise", with_day("20260-01-01")),
        ("make_promise", with_day("2026-02-30")),
    ] {
        let failure = owner.try_ask(name, takes).await.unwrap_err();
        assert_eq!(failure.code, Code::Invalid, "{failure}");
        assert!(failure.message.contains(name), "{failure}");
    }
    assert_eq!(owner.try_ask("format_disk", json!({})).await.unwrap_err().code, Code::NotFound);
    let nobody = json!({ "promise": "01a20049-423d-7423-8907-94b6c3d4a249" });
    assert_eq!(owner.try_ask("hand_over", nobody).await.unwrap_err().code, Code::NotFound);
}

fn with_day(day: &str) -> Value {
    json!({ "draft": draft("Maria Silva", 1, "cake", day, "15:00") })
}

#[tokio::test]
async fn any_text_comes_back_as_it_was_given() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let names = [
        "<script>alert(1)</script>",
        "עוגה לשבת",
        "🎂🎂🎂",
        "=HYPERLINK(\"x\")",
        "A\u{0}b",
        "O’Neil & “Sons”",
    ];
    for name in names {
        let id = owner.promise(name, 1, name, "2026-11-20", "15:00").await;
        let page = owner.page(&id).await;
        assert_eq!((&page["customer"]["name"], &page["row"]["title"]), (&json!(name), &json!(name)));
    }
    let id = owner.promise("Maria Silva", 1, "cake", "2026-11-20", "15:00").await;
    let long = "Dear bakers, 🎂 ".repeat(4_000);
    owner.ask("add_note", json!({ "promise": id, "text": long })).await;
    assert_eq!(owner.page(&id).await["notes"][0]["text"], long.trim());
    check(&owner, "add_note", json!({ "promise": id, "text": "x".repeat(100_001) }), "text").await;
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let settings = owner.ask("settings", json!({})).await;
    let mut backwards = settings.clone();
    backwards["calendar"]["week"][0] = json!([{ "from": "18:00", "to": "09:00" }]);
    check(&owner, "change_settings", backwards, "calendar.week.0").await;
    let mut nameless = settings.clone();
    nameless["business"] = json!(" ");
    check(&owner, "change_settings", nameless, "business").await;
    let mut nowhere = settings;
    nowhere["calendar"]["zone"] = json!("Mars/Olympus");
    let failure = owner.try_ask("change_settings", nowhere).await.unwrap_err();
    assert!(failure.message.contains("there is no time zone “Mars/Olympus”"), "{failure}");
}
