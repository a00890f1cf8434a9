//! The record of a shop: counted by what was due, each figure with the promises behind it, quiet saves above rescues.

use crate::owner::{Owner, draft};
use serde_json::{Value, json};

/// Nine promises of one week of November: seven kept, one late, one that we moved.
async fn week() -> (Owner, Vec<String>) {
    let owner = Owner::at("2026-11-10 10:00").await;
    let mut promises = Vec::new();
    for (number, day) in (1..=9).zip([16, 16, 17, 17, 18, 18, 19, 19, 20]) {
        let day = format!("2026-11-{day}");
        let mut cake = draft(&format!("Customer {number}"), 1, "cake", &day, "15:00");
        cake["total"] = json!({ "minor": number * 1_000, "currency": "USD" });
        let done = owner.ask("make_promise", json!({ "draft": cake })).await;
        promises.push(done["promise"].as_str().unwrap().to_owned());
    }
    let to = json!({ "day": "2026-11-24", "hours": { "kind": "at", "time": "15:00" } });
    owner.ask("move_date", json!({ "promise": promises[8], "to": to, "by": "us" })).await;
    // The third is begun when less time is left than it needs, and kept all the same.
    owner.now("2026-11-16 12:00");
    for promise in &promises[..2] {
        owner.ask("hand_over", json!({ "promise": promise })).await;
    }
    owner.now("2026-11-17 13:30");
    owner.ask("start_work", json!({ "promise": promises[2] })).await;
    owner.now("2026-11-17 14:30");
    for promise in &promises[2..7] {
        owner.ask("hand_over", json!({ "promise": promise })).await;
    }
    owner.now("2026-11-22 10:00");
    owner.ask("hand_over", json!({ "promise": promises[7] })).await;
    owner.now("2026-11-23 10:00");
    owner.ask("hand_over", json!({ "promise": promises[8] })).await;
    (owner, promises)
}

fn november() -> Value {
    json!({ "from": "2026-11-01", "to": "2026-11-30" })
}

async fn behind(owner: &Owner, figure: Value) -> Vec<String> {
    let takes = json!({ "period": november(), "figure": figure, "limit": 50 });
    let page = owner.ask("behind", takes).await;
    page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_record_is_counted_by_what_was_due_and_shown_as_few() {
    let (mut owner, promises) = week().await;
    let takes = json!({ "period": november() });
    let it = owner.ask("insights", takes.clone()).await;
    assert_eq!((&it["promised"]["words"], &it["agreed"]["words"]), (&json!("7 of 9"), &json!("8 of 9")));
    assert_eq!((&it["late"]["worst"], &it["late"]["median"]), (&json!("3 days"), &json!("3 days")));
    assert_eq!((&it["quiet_saves"], &it["rescues"]), (&json!(1), &json!(0)));
    let week = json!({ "from": "2026-11-16", "to": "2026-11-22" });
    assert_eq!(it["course"], json!([{ "period": week, "words": "16 Nov", "kept": 7, "missed": 2 }]));
    assert_eq!(it["course_words"], "Everything was kept in 0 of 1 week");
    assert_eq!(
        (&it["growth"], &it["causes_words"]),
        (&json!(null), &json!("2 misses, and nobody has asked why"))
    );
    let sizes: Vec<(&Value, &Value)> =
        it["sizes"].as_array().unwrap().iter().map(|size| (&size["kept"], &size["missed"])).collect();
    assert_eq!(
        sizes,
        [(&json!(2), &json!(0)), (&json!(2), &json!(0)), (&json!(2), &json!(0)), (&json!(1), &json!(2))]
    );
    assert_eq!(it["sizes_words"], "Too few to tell whether small orders fare as well as large ones.");
    assert_eq!(it["causes"][0]["misses"], 2);

    // Each figure is one click away from the promises behind it.
    assert_eq!(behind(&owner, json!({ "kind": "missed_as_agreed" })).await, [promises[7].as_str()]);
    assert_eq!(behind(&owner, json!({ "kind": "quiet_saves" })).await, [promises[2].as_str()]);
    let mut missed = behind(&owner, json!({ "kind": "missed" })).await;
    missed.sort();
    assert_eq!(missed, promises[7..]);
    assert_eq!(behind(&owner, json!({ "kind": "day", "day": "2026-11-18" })).await.len(), 2);
    assert_eq!(behind(&owner, json!({ "kind": "due" })).await.len(), 9);
    let by_days: usize = {
        let mut sum = 0;
        for days in it["lead"]["days"].as_array().unwrap() {
            let found = behind(&owner, days["behind"].clone()).await.len();
            assert_eq!(json!(found), days["count"], "{days}");
            sum += found;
        }
        sum
    };
    assert_eq!(json!(by_days), it["lead"]["of"]);
    let these = json!({ "promises": it["causes"][0]["promises"], "limit": 1 });
    let page = owner.ask("these_promises", these).await;
    assert_eq!((&page["count"], page["rows"].as_array().unwrap().len()), (&json!(2), 1));
    let last = owner.ask("last_days", json!({})).await;
    assert_eq!(last["record"]["words"], "7 of 9 kept on time over the last 30 days");
    let backwards = json!({ "period": { "from": "2026-11-30", "to": "2026-11-01" } });
    assert_eq!(owner.try_ask("insights", backwards).await.unwrap_err().problems[0].field, "period");

    let year = owner.ask("kept_days", json!({})).await;
    assert_eq!((&year["kept"], &year["missed"]), (&json!(3), &json!(2)));
    assert_eq!(year["days"][0], json!({ "day": "2026-11-16", "kept": 2, "missed": 0 }));
    let statement = owner.ask("statement", takes.clone()).await;
    let first = json!({ "what": "Kept in full and on time, as first promised", "figure": "7 of 9" });
    assert_eq!(statement["lines"][0], first);
    assert_eq!(statement["period_words"], "1 November 2026 to 30 November 2026");
    let nothing = json!({ "period": { "from": "2024-01-01", "to": "2024-01-31" } });
    assert_eq!(owner.ask("statement", nothing).await["lines"][0]["what"], "Nothing was due in this time");
    owner.restart().await;
    assert_eq!(owner.ask("insights", takes).await, it, "the rows say what memory said");
}

#[tokio::test]
async fn other_amounts_change_nothing_but_the_groups_by_size() {
    let (owner, promises) = week().await;
    let blind = |mut it: Value| {
        it["sizes"] = json!([]);
        it["sizes_words"] = json!(null);
        it
    };
    let before = blind(owner.ask("insights", json!({ "period": november() })).await);
    for (promise, minor) in promises.iter().zip([9_000_000, 1, 5, 77, 3, 2, 1_000, 4, 12]) {
        let total = json!({ "minor": minor, "currency": "USD" });
        owner.ask("set_payment", json!({ "promise": promise, "total": total })).await;
    }
    assert_eq!(blind(owner.ask("insights", json!({ "period": november() })).await), before);
}

/// An answer without its amounts, and without the numbers by which changes are counted.
fn without_money(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("minor") && fields.contains_key("currency") {
                fields.clear();
            }
            fields.retain(|name, _| {
                !["version", "sizes", "sizes_words", "undo", "redo", "cost_words"].contains(&name.as_str())
            });
            fields.values_mut().for_each(without_money);
        }
        Value::Array(items) => items.iter_mut().for_each(without_money),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

#[tokio::test]
async fn amounts_permuted_change_nothing_on_any_screen_but_the_money() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.ask("look_around", json!({})).await;
    let all = owner.ask("promises", json!({ "filter": "all", "limit": 200 })).await["rows"].clone();
    let rows: Vec<Value> =
        all.as_array().unwrap().iter().filter(|row| row["total"].is_object()).cloned().collect();
    assert!(rows.len() > 50);
    let screens = async || {
        let mut answers = Vec::new();
        for (request, takes) in [
            ("shell", json!({})),
            ("today", json!({})),
            ("promises", json!({ "filter": "all", "limit": 200 })),
            ("week", json!({})),
            ("calendar", json!({ "list": { "filter": "all" } })),
            ("board", json!({ "list": { "filter": "all" }, "limit": 50 })),
            ("alerts", json!({})),
            ("alerts_ahead", json!({})),
            ("recoveries", json!({})),
            ("causes", json!({})),
            ("wins", json!({})),
            ("insights", json!({})),
            ("last_days", json!({})),
            ("kept_days", json!({})),
            ("review", json!({})),
            ("statement", json!({})),
            ("quitting", json!({})),
            ("tray", json!({})),
        ] {
            let mut answer = owner.ask(request, takes).await;
            without_money(&mut answer);
            answers.push((request, answer));
        }
        answers
    };
    let before = screens().await;
    // The first gets the price of the last and so on: who has paid has paid that.
    for (row, other) in rows.iter().zip(rows.iter().rev()) {
        let received = (row["payment"] == "paid").then(|| other["total"].clone());
        let on_account = row["payment"] == "on_account";
        let takes = json!({
            "promise": row["id"], "total": other["total"], "received": received, "on_account": on_account,
        });
        owner.ask("set_payment", takes).await;
    }
    for ((request, before), (_, after)) in before.into_iter().zip(screens().await) {
        assert_eq!(before, after, "{request}");
    }
}

#[tokio::test]
async fn what_went_right_is_told_first() {
    let (owner, promises) = week().await;
    let win =
        json!({ "kind": "personal_touch", "what": "A candle for the birthday", "promise": promises[0] });
    owner.ask("add_win", json!({ "draft": win })).await;
    let newest = owner.ask("newest_win", json!({})).await;
    assert_eq!(newest["win"]["what"], "A candle for the birthday");
    let wins = owner.ask("wins", json!({})).await;
    assert_eq!(wins["words"], "1 quiet save, 0 rescues in 90 days.");
    assert_eq!(wins["wins"][1]["what"], "Cake for Customer 3 was at risk, and kept");

    owner.ask("add_idea", json!({ "what": "A note in each box", "from": "Ben" })).await;
    let idea = owner.ask("wins", json!({})).await["ideas"][0]["id"].clone();
    let worked = json!({ "idea": idea, "stage": "worked" });
    assert!(owner.try_ask("set_idea", worked.clone()).await.is_err(), "what did the customers make of it?");
    owner.ask("idea_reaction", json!({ "idea": idea, "words": "she read it aloud", "liked": true })).await;
    owner.ask("set_idea", worked).await;
    let wins = owner.ask("wins", json!({})).await;
    assert_eq!((&wins["wins"][0]["kind"], &wins["ideas"][0]["stage"]), (&json!("idea"), &json!("worked")));

    let review = owner.ask("review", json!({})).await;
    assert_eq!(review["wins"][0]["what"], "A note in each box");
    let questions: Vec<&Value> =
        review["questions"].as_array().unwrap().iter().map(|question| &question["question"]).collect();
    assert_eq!(questions.len(), 3);
}

/// The story of the forgotten order, asked about in the first weekly review.
#[tokio::test]
async fn the_weekly_review_would_have_found_the_forgotten_order() {
    let owner = Owner::at("2026-11-30 10:00").await;
    let mut small = draft("Dana Reyes", 1, "signed book with a video", "2026-12-18", "17:00");
    small["received"] = json!({ "minor": 9_000, "currency": "USD" });
    let book = owner.ask("make_promise", json!({ "draft": small })).await["promise"].clone();
    owner.now("2026-12-07 09:30");
    let review = owner.ask("review", json!({})).await;
    for question in &review["questions"].as_array().unwrap()[..2] {
        assert_eq!(question["rows"][0]["customer"], "Dana Reyes", "{question}");
    }
    assert_eq!(review["questions"][2]["count"], 0, "nobody was let down yet");

    // Too late, and nothing made good: she is not forgotten with the handover.
    owner.now("2026-12-21 09:30");
    owner.ask("hand_over", json!({ "promise": book })).await;
    let review = owner.ask("review", json!({})).await;
    assert_eq!(review["questions"][2]["promises"], json!([book]));
    owner.ask("open_recovery", json!({ "promise": book })).await;
    assert_eq!(owner.ask("review", json!({})).await["questions"][2]["count"], 0, "it is being made good");
}
