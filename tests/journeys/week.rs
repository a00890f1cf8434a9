//! A week of the owner.

use crate::owner::{Owner, section};
use serde_json::json;

#[tokio::test]
async fn a_promise_goes_from_a_sentence_to_a_full_handover() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    assert_eq!(owner.today().await, [section("Later this week", &["12 cupcakes"])]);
    owner.now("2026-11-18 10:00");
    assert_eq!(
        owner.today().await,
        [section("Start now", &["12 cupcakes"])],
        "two working days before start-by"
    );
    owner.ask("start_work", json!({ "promise": id })).await;
    assert_eq!(owner.today().await, [section("Later this week", &["12 cupcakes"])]);
    owner.now("2026-11-20 09:00");
    assert_eq!(owner.today().await, [section("Due today", &["12 cupcakes"])]);

    let page = owner.page(&id).await;
    assert_eq!(page["sentence"], "Promised to Maria Silva for Fri 20 Nov, 15:00.");
    let part = &page["parts"][0]["id"];
    let some = json!({ "promise": id, "parts": [{ "part": part, "quantity": 8 }], "channel": "picked up" });
    let done = owner.ask("hand_over", some).await;
    assert_eq!(done["said"], "Handed over 8 cupcakes to Maria Silva");
    let page = owner.page(&id).await;
    assert_eq!((&page["row"]["status"], &page["parts"][0]["left"]), (&json!("partly_delivered"), &json!(4)));

    owner.ask("hand_over", json!({ "promise": id })).await;
    let page = owner.page(&id).await;
    assert_eq!((&page["row"]["status"], &page["row"]["outcome"]), (&json!("delivered"), &json!("kept")));
    assert_eq!(page["row"]["why"], "Handed over Fri 20 Nov, 09:00, on time.");
    let history: Vec<&str> =
        page["history"].as_array().unwrap().iter().map(|change| change["what"].as_str().unwrap()).collect();
    assert_eq!(
        history,
        [
            "Handed over 4 cupcakes to Maria Silva",
            "Handed over 8 cupcakes to Maria Silva",
            "Started 12 cupcakes for Maria Silva",
            "Promised 12 cupcakes to Maria Silva for Fri 20 Nov, 15:00",
        ]
    );
    assert_eq!(owner.today().await, []);
}

#[tokio::test]
async fn the_small_paid_order_is_not_crowded_out_by_the_big_ones() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let mut small = crate::owner::draft("Dana Reyes", 1, "signed book with a video", "2026-12-22", "17:00");
    small["total"] = json!({ "minor": 9_000, "currency": "USD" });
    small["received"] = small["total"].clone();
    owner.ask("make_promise", json!({ "draft": small })).await;
    for day in 1..=9 {
        let mut big = crate::owner::draft("Big Client", 1, "keynote", &format!("2026-12-2{day}"), "17:00");
        big["total"] = json!({ "minor": 9_000_000, "currency": "USD" });
        owner.ask("make_promise", json!({ "draft": big })).await;
    }
    owner.now("2026-11-20 09:00");
    assert_eq!(owner.today().await, [], "four working days are no reason yet");
    owner.now("2026-11-23 09:00");
    assert_eq!(owner.today().await, [section("Paid and waiting", &["Signed book with a video"])]);
    let today = owner.ask("today", json!({})).await;
    assert_eq!(
        today["held"],
        json!({ "sums": [{ "minor": 9_000, "currency": "USD" }], "people": 1, "oldest_days": 7 })
    );
}

#[tokio::test]
async fn a_moved_date_keeps_the_first_promise_and_says_who_asked() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let to = |day: &str| json!({ "day": day, "hours": { "kind": "at", "time": "15:00" } });
    owner
        .ask("move_date", json!({ "promise": id, "to": to("2026-11-24"), "by": "us", "why": "the oven" }))
        .await;
    let page = owner.page(&id).await;
    assert_eq!(page["dates"]["first"], "Fri 20 Nov, 15:00");
    assert_eq!(page["dates"]["current"], "Tue 24 Nov, 15:00");
    assert_eq!(page["dates"]["judged_by"], "Fri 20 Nov, 15:00");
    assert_eq!(page["dates"]["moves"][0]["words"], "from Fri 20 Nov, 15:00 to Tue 24 Nov, 15:00");
    assert_eq!(page["dates"]["moves"][0]["told_at"], json!(null), "nobody has told her yet");
    owner.ask("customer_told", json!({ "promise": id })).await;
    assert_ne!(owner.page(&id).await["dates"]["moves"][0]["told_at"], json!(null));

    owner.now("2026-11-23 09:00");
    owner.ask("hand_over", json!({ "promise": id })).await;
    assert_eq!(
        owner.page(&id).await["row"]["outcome"],
        "missed",
        "a date that we moved does not improve the record"
    );
}

#[tokio::test]
async fn nothing_is_gone_after_a_restart_in_the_middle() {
    let mut owner = Owner::at("2026-11-16 09:00").await;
    let kept = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-17", "15:00").await;
    owner.promise("Tomás Ortega", 1, "cake", "2026-11-16", "17:00").await;
    owner.ask("hand_over", json!({ "promise": kept })).await;
    let before = (owner.page(&kept).await, owner.today().await, owner.ask("shell", json!({})).await);
    owner.restart().await;
    let after = (owner.page(&kept).await, owner.today().await, owner.ask("shell", json!({})).await);
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_customer_who_is_known_is_not_made_again() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let first = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let second = owner.promise("  maria   SILVA ", 6, "muffins", "2026-11-21", "10:00").await;
    let of = |page: &serde_json::Value| page["customer"]["id"].clone();
    assert_eq!(of(&owner.page(&first).await), of(&owner.page(&second).await));
    assert_eq!(owner.page(&second).await["customer"]["record"], "2 promises since 2026, none missed");
    let like = owner.ask("customers_like", json!({ "text": "silv" })).await;
    assert_eq!(like["customers"][0]["name"], "Maria Silva");
}

#[tokio::test]
async fn a_draft_is_read_back_with_what_it_means_for_the_work() {
    let owner = Owner::at("2026-11-16 09:00").await;
    for hour in ["10:00", "12:00", "14:00", "16:00"] {
        owner.promise("Corner Café", 40, "croissants", "2026-11-20", hour).await;
    }
    let draft = crate::owner::draft("corner café", 12, "cupcakes", "2026-11-20", "15:00");
    let view = owner.ask("read_draft", json!({ "draft": draft })).await;
    assert_eq!(view["problems"], json!([]));
    assert_eq!(view["customer"]["name"], "Corner Café");
    assert_eq!(view["start_words"], "in 4 days, start by Fri 20 Nov, 13:00");
    assert_eq!(view["room_words"], "Friday is full: 4 promises already need 8 h of 9 h.");
    assert_eq!(view["better"][0]["words"], "Thu 19 Nov, 15:00");
    let past = crate::owner::draft("Maria", 12, "cupcakes", "2026-11-13", "15:00");
    let view = owner.ask("read_draft", json!({ "draft": past })).await;
    assert_eq!(view["problems"][0]["field"], "due");
}

#[tokio::test]
async fn the_made_up_shop_comes_and_goes_without_a_trace() {
    let owner = Owner::at("2026-11-16 09:00").await;
    assert_eq!(owner.ask("shell", json!({})).await["empty"], true);
    let own = owner.promise("Maria Silva", 1, "cake of my own", "2026-11-20", "15:00").await;
    owner.ask("look_around", json!({})).await;
    assert!(owner.try_ask("look_around", json!({})).await.is_err(), "it is there already");
    let all = owner.ask("promises", json!({ "filter": "all", "limit": 200 })).await;
    assert!(all["count"].as_u64().unwrap() > 20);
    owner.ask("remove_made_up", json!({})).await;
    let all = owner.ask("promises", json!({ "filter": "all", "limit": 200 })).await;
    assert_eq!((&all["count"], &all["rows"][0]["id"]), (&json!(1), &json!(own)));
    assert_eq!(owner.ask("shell", json!({})).await["made_up"], false);
}

#[tokio::test]
async fn the_made_up_shop_is_gone_however_it_goes() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let shell = async || {
        let shell = owner.ask("shell", json!({})).await;
        (shell["empty"].as_bool().unwrap(), shell["made_up"].as_bool().unwrap())
    };
    let loaded = owner.ask("look_around", json!({})).await;
    assert_eq!(shell().await, (false, true));
    owner.ask("undo", json!({ "change": loaded["change"] })).await;
    assert_eq!(shell().await, (true, false));
    owner.ask("look_around", json!({})).await;
    let removed = owner.ask("remove_made_up", json!({})).await;
    assert_eq!(shell().await, (true, false));
    owner.ask("undo", json!({ "change": removed["change"] })).await;
    assert_eq!(shell().await, (false, true));
}

#[tokio::test]
async fn quitting_says_what_will_not_be_watched() {
    let owner = Owner::at("2026-11-20 09:00").await;
    owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    owner.promise("Hotel Miramar", 1, "buffet", "2026-12-20", "15:00").await;
    let view = owner.ask("quitting", json!({})).await;
    assert_eq!(
        view,
        json!({ "unwatched": ["12 cupcakes for Maria Silva: due today, 15:00; work has not begun."], "more": 0 })
    );
}
