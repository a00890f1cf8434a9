//! Many promises at once: what the palette finds, the month, the board, and one deed for several.

use crate::owner::Owner;
use kept_app::failure::Code;
use serde_json::{Value, json};

fn titles(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_palette_finds_promises_and_customers() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let late = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-24", "15:00").await;
    owner.promise("Mario Rossi", 1, "oak sign", "2026-11-20", "15:00").await;
    owner.promise("Ana Maria Costa", 1, "cake", "2026-11-18", "15:00").await;
    owner.ask("hand_over", json!({ "promise": late })).await;
    let found = owner.ask("find", json!({ "text": "mari" })).await;
    assert_eq!(
        titles(&found["promises"]),
        ["Cake", "Oak sign", "12 cupcakes"],
        "the open ones by urgency first"
    );
    let names: Vec<&str> =
        found["customers"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names.last(), Some(&"Ana Maria Costa"), "whose name begins like this comes first: {names:?}");
    assert_eq!((&found["customer_count"], &found["promise_count"]), (&json!(3), &json!(3)));
    let sign = owner.ask("find", json!({ "text": "sgin" })).await;
    assert_eq!((titles(&sign["promises"]), &sign["forgiven"]), (vec!["Oak sign"], &json!(true)));
    let records: Vec<&str> =
        found["customers"].as_array().unwrap().iter().map(|it| it["record"].as_str().unwrap()).collect();
    assert!(records.contains(&"1 promise, 1 open") && records.contains(&"1 promise"), "{records:?}");
    let nothing_typed = owner.ask("find", json!({ "text": " " })).await;
    assert_eq!(titles(&nothing_typed["promises"])[0], "Cake", "the most urgent first");
    assert_eq!(nothing_typed["customers"], json!([]));
}

#[tokio::test]
async fn the_month_shows_each_promise_on_its_day() {
    let owner = Owner::at("2026-11-16 09:00").await;
    for number in 0..7 {
        owner.promise("Maria", 1, &format!("cake {number}"), "2026-11-20", "15:00").await;
    }
    owner.promise("Maria", 1, "bread", "2026-12-01", "15:00").await;
    let month = owner.ask("calendar", json!({})).await;
    assert_eq!((&month["name"], &month["count"]), (&json!("November 2026"), &json!(7)));
    assert_eq!(month["week_days"][0], "Mon");
    let days = |month: &Value| -> Vec<Value> {
        let weeks = month["weeks"].as_array().unwrap().iter();
        weeks.flat_map(|week| week["days"].as_array().unwrap().clone()).collect()
    };
    let all = days(&month);
    let day = |text: &str| all.iter().find(|day| day["day"] == text).unwrap();
    assert_eq!((&day("2026-11-20")["count"], titles(&day("2026-11-20")["rows"]).len()), (&json!(7), 5));
    assert_eq!((&day("2026-12-01")["count"], &day("2026-12-01")["within"]), (&json!(1), &json!(false)));
    assert_eq!((&day("2026-11-16")["today"], &day("2026-11-15")["past"]), (&json!(true), &json!(true)));
    assert_eq!(day("2026-11-21")["closed"], true, "a Saturday");
    let december = owner.ask("calendar", json!({ "month": month["next"] })).await;
    assert_eq!((&december["name"], &december["count"]), (&json!("December 2026"), &json!(1)));

    let mut settings = owner.ask("settings", json!({})).await;
    settings["week_starts"] = json!("sunday");
    owner.ask("change_settings", settings).await;
    let sundays = owner.ask("calendar", json!({ "month": "2026-11-30" })).await;
    assert_eq!((&sundays["week_days"][0], &days(&sundays)[0]["day"]), (&json!("Sun"), &json!("2026-11-01")));
}

#[tokio::test]
async fn the_board_shows_how_far_everything_has_come() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(owner.promise("Maria", 1, &format!("cake {number}"), "2026-11-20", "15:00").await);
    }
    owner.ask("start_work", json!({ "promise": ids[0] })).await;
    owner.ask("set_stage", json!({ "promise": ids[1], "stage": "ready" })).await;
    owner.ask("wait_for", json!({ "promise": ids[2], "on": "supplier" })).await;
    owner.ask("hand_over", json!({ "promise": ids[3] })).await;
    let board = owner.ask("board", json!({ "list": { "filter": "all" }, "limit": 1 })).await;
    let columns: Vec<(&str, u64, usize)> = board["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| {
            let rows = titles(&column["rows"]).len();
            (column["status"].as_str().unwrap(), column["count"].as_u64().unwrap(), rows)
        })
        .collect();
    assert_eq!(
        columns,
        [
            ("open", 2, 1),
            ("in_progress", 1, 1),
            ("waiting", 1, 1),
            ("ready", 1, 1),
            ("partly_delivered", 0, 0),
            ("delivered", 1, 1),
        ]
    );
}

#[tokio::test]
async fn a_deed_for_several_promises_is_one_change_with_one_undo() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(owner.promise("Maria", 1, &format!("cake {number}"), "2026-11-20", "15:00").await);
    }
    let to = json!({ "day": "2026-11-24", "hours": { "kind": "any_time" } });
    let deeds = [
        (json!({ "kind": "start_work" }), "Started 4 promises"),
        (json!({ "kind": "move_date", "to": to, "by": "us" }), "Moved 4 promises to Tue 24 Nov (we asked)"),
        (json!({ "kind": "wait_for", "on": "customer" }), "Set 4 promises to waiting"),
        (json!({ "kind": "hand_over" }), "Handed over 4 promises"),
        (json!({ "kind": "cancel", "by": "customer" }), "Called off 4 promises (the customer)"),
    ];
    let pages = async || {
        let mut pages = Vec::new();
        for id in &ids {
            let mut page = owner.page(id).await;
            page["history"] = json!(null);
            page["row"]["version"] = json!(null);
            pages.push(page);
        }
        pages
    };
    let before = pages().await;
    for (deed, said) in deeds {
        let done = owner.ask("bulk", json!({ "promises": ids, "deed": deed })).await;
        assert_eq!((&done["said"], &done["count"], &done["left"]), (&json!(said), &json!(4), &json!([])));
        assert!(pages().await.iter().zip(&before).all(|(after, before)| after != before), "{said}");
        owner.ask("undo", json!({ "change": done["change"] })).await;
        assert_eq!(pages().await, before, "{said} is undone as one");
    }
}

#[tokio::test]
async fn what_cannot_be_done_with_one_promise_leaves_it_and_does_the_others() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cake = owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    let bread = owner.promise("Zoe", 1, "bread", "2026-11-20", "15:00").await;
    owner.ask("hand_over", json!({ "promise": bread })).await;
    let done = owner.ask("bulk", json!({ "promises": [cake, bread], "deed": { "kind": "hand_over" } })).await;
    assert_eq!((&done["said"], &done["promise"]), (&json!("Handed over Cake for Maria"), &json!(cake)));
    assert_eq!(done["left"][0]["title"], "Bread for Zoe");
    assert_eq!(done["left"][0]["is"], "All of this was handed over already.");
    let again = owner
        .try_ask("bulk", json!({ "promises": [cake, bread], "deed": { "kind": "hand_over" } }))
        .await
        .unwrap_err();
    assert_eq!(again.code, Code::Invalid);
    assert!(again.message.starts_with("None of them was changed"), "{}", again.message);
}

#[tokio::test]
async fn the_alerts_of_several_promises_are_put_off_together() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cake = owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    let bread = owner.promise("Zoe", 1, "bread", "2026-11-20", "15:00").await;
    owner.now("2026-11-23 10:00");
    let deed = json!({ "kind": "snooze", "until": { "kind": "one_hour" } });
    let done = owner.ask("bulk", json!({ "promises": [cake, bread], "deed": deed })).await;
    assert!(done["said"].as_str().unwrap().starts_with("Snoozed"), "{done}");
    assert_eq!(owner.ask("alerts", json!({})).await["groups"], json!([]));
}

#[tokio::test]
async fn too_many_or_none_at_all_are_refused() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    for promises in [json!([]), Value::from(vec![id; 501])] {
        let refused = owner
            .try_ask("bulk", json!({ "promises": promises, "deed": { "kind": "start_work" } }))
            .await
            .unwrap_err();
        assert_eq!(refused.code, Code::Invalid);
    }
}
