//! Promises that repeat: no occurrence is skipped, whatever the owner, the clocks or the machine do.

use crate::owner::{Owner, draft};
use kept_app::clock::Reading;
use kept_app::failure::Code;
use kept_app::watching::tick;
use kept_core::day::{Stamp, Zone};
use serde_json::{Value, json};
use std::time::Duration;

fn paper(rule: &str, from: &str, time: &str) -> Value {
    json!({
        "customer_name": "Ines Duarte",
        "rule": rule,
        "from": from,
        "hours": { "kind": "at", "time": time },
        "parts": [{ "what": "newspaper", "quantity": 1, "effort_left": 10 }],
        "worthless_hours": 12,
        "on_the_day": true,
    })
}

async fn subscribe(owner: &Owner, rule: &str, from: &str, time: &str) -> String {
    let takes = json!({ "draft": paper(rule, from, time), "by": "customer" });
    owner.ask("save_series", takes).await["series"].as_str().unwrap().to_owned()
}

async fn page(owner: &Owner, series: &str) -> Value {
    owner.ask("series", json!({ "series": series })).await
}

/// The days of the occurrences that are still owed, the next one first.
async fn open_days(owner: &Owner, series: &str) -> Vec<String> {
    let page = page(owner, series).await;
    let open = page["open"].as_array().unwrap().iter();
    open.map(|row| row["due"]["day"].as_str().unwrap().to_owned()).collect()
}

/// The watch looks: at the start, and whenever the clock goes on.
async fn look(owner: &Owner, wall: &str) {
    owner.now(wall);
    let (day, time) = wall.split_once(' ').unwrap();
    let zone: Zone = "Europe/Paris".parse().unwrap();
    let stamp: Stamp = zone.instant(day.parse().unwrap(), time.parse().unwrap());
    let monotonic = Duration::from_millis(stamp.millis().unsigned_abs());
    tick(&owner.kept, Reading { stamp, monotonic }).await.unwrap();
}

async fn deliver(owner: &Owner, wall: &str, promise: &Value) {
    owner.now(wall);
    owner
        .ask("hand_over", json!({ "promise": promise, "channel": "letter box", "late_help_is_meant": true }))
        .await;
}

#[tokio::test]
async fn a_subscription_with_an_outage_misses_what_it_missed() {
    let mut owner = Owner::at("2026-11-02 05:00").await;
    let series = subscribe(&owner, "FREQ=DAILY", "2026-11-02", "07:00").await;
    assert_eq!(open_days(&owner, &series).await.len(), 43, "today and six weeks ahead");
    // A week in which every paper is there in time.
    for day in 2..=8 {
        look(&owner, &format!("2026-11-{day:02} 05:30")).await;
        let next = page(&owner, &series).await["open"][0]["id"].clone();
        deliver(&owner, &format!("2026-11-{day:02} 06:40"), &next).await;
    }
    assert_eq!(page(&owner, &series).await["row"]["pattern"], "7 of 7 kept");
    // The machine is off for longer than occurrences are made ahead.
    owner.restart().await;
    look(&owner, "2027-01-12 08:00").await;
    let after = page(&owner, &series).await;
    assert_eq!(after["row"]["chronic"], true);
    assert_eq!(after["row"]["pattern"], "20 of the last 20 were missed: look for the cause");
    let all = owner.ask("promises", json!({ "filter": "overdue", "limit": 200 })).await;
    assert_eq!(all["count"], 65, "every day from 9 November to 12 January, each its own promise");
    // One is brought late: it stays missed, and the ones ahead are there.
    let late = all["rows"][0]["id"].clone();
    deliver(&owner, "2027-01-12 08:30", &late).await;
    assert_eq!(owner.page(late.as_str().unwrap()).await["row"]["outcome"], "missed");
    assert!(owner.page(late.as_str().unwrap()).await["repeats"]["chronic"].as_bool().unwrap());
    let ahead = owner.ask("promises", json!({ "filter": "open", "limit": 200 })).await;
    assert_eq!(ahead["count"], 64 + 42);
}

#[tokio::test]
async fn making_ahead_twice_makes_nothing_twice() {
    let mut owner = Owner::at("2026-11-02 05:00").await;
    let series = subscribe(&owner, "FREQ=WEEKLY;BYDAY=SA", "2026-11-02", "07:00").await;
    let before = open_days(&owner, &series).await;
    assert_eq!(before.first().map(String::as_str), Some("2026-11-07"));
    assert_eq!(before.len(), 6);
    for wall in ["2026-11-02 05:01", "2026-11-02 05:02", "2026-11-02 23:59"] {
        look(&owner, wall).await;
    }
    owner.restart().await;
    look(&owner, "2026-11-02 23:59").await;
    assert_eq!(open_days(&owner, &series).await, before);
    look(&owner, "2026-11-08 00:00").await;
    assert_eq!(open_days(&owner, &series).await.last().map(String::as_str), Some("2026-12-19"));
    let undo = owner.ask("shell", json!({})).await["undo"].clone();
    assert!(
        undo.as_str().unwrap().starts_with("Promised newspaper"),
        "what Kept makes by itself is not undone: {undo}"
    );
}

#[tokio::test]
async fn what_was_called_off_or_is_done_is_not_the_next() {
    let owner = Owner::at("2026-11-02 05:00").await;
    let series = subscribe(&owner, "FREQ=DAILY", "2026-11-02", "07:00").await;
    let next = async || page(&owner, &series).await["row"]["next"].clone();
    assert_eq!(next().await, "2026-11-02");
    let open = page(&owner, &series).await["open"].clone();
    deliver(&owner, "2026-11-02 06:40", &open[0]["id"]).await;
    assert_eq!(next().await, "2026-11-03");
    for row in &open.as_array().unwrap()[1..=2] {
        owner.ask("cancel", json!({ "promise": row["id"], "by": "customer" })).await;
    }
    assert_eq!(next().await, "2026-11-05");
    owner.ask("undo", json!({})).await;
    assert_eq!(next().await, "2026-11-04", "the one of the day before is still called off");
    let listed = owner.ask("series_list", json!({})).await;
    assert_eq!(listed["series"][0]["next_words"], "Wed 4 Nov");
}

#[tokio::test]
async fn a_promise_that_is_made_to_repeat_keeps_what_it_was_promised_with() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let saved = owner
        .ask(
            "save_offer",
            json!({ "draft": { "name": "Lunch", "why": "Nobody works hungry.", "worthless_hours": 2 } }),
        )
        .await;
    let mut draft = draft("Corner Café", 20, "lunches", "2026-11-20", "12:00");
    draft["parts"][0]["offer"] = saved["offer"].clone();
    draft["worthless_hours"] = json!(2);
    let done = owner.ask("make_promise", json!({ "draft": draft })).await;
    let again = owner.ask("draft_series", json!({ "promise": done["promise"] })).await;
    assert_eq!(again["rule"], "FREQ=WEEKLY;BYDAY=FR");
    let saved = owner.ask("save_series", json!({ "draft": again, "by": "customer" })).await;
    let page = page(&owner, saved["series"].as_str().unwrap()).await;
    assert_eq!((&page["draft"]["worthless_hours"], &page["row"]["next"]), (&json!(2), &json!("2026-11-27")));
    let first = owner.page(page["open"][0]["id"].as_str().unwrap()).await;
    assert_eq!(first["whys"][0]["why"], "Nobody works hungry.");
    assert_eq!(first["worthless_after"], "Fri 27 Nov, 14:00");
}

#[tokio::test]
async fn the_clocks_change_in_spring_and_in_autumn_and_the_hour_stays() {
    for (from, day, next, utc) in [
        (
            "2026-03-27 05:00",
            "2026-03-28",
            "2026-03-29",
            ["2026-03-28T06:00:00.000Z", "2026-03-29T05:00:00.000Z"],
        ),
        (
            "2026-10-23 05:00",
            "2026-10-24",
            "2026-10-25",
            ["2026-10-24T05:00:00.000Z", "2026-10-25T06:00:00.000Z"],
        ),
    ] {
        let owner = Owner::at(from).await;
        let series = subscribe(&owner, "FREQ=DAILY", day, "07:00").await;
        let days = open_days(&owner, &series).await;
        assert_eq!(days[..2], [day, next], "no day is lost or doubled");
        for (row, deadline) in page(&owner, &series).await["open"].as_array().unwrap().iter().zip(utc) {
            assert_eq!(row["due"]["hours"]["time"], "07:00");
            let id = row["id"].as_str().unwrap();
            let due: Stamp = deadline.parse().unwrap();
            let zone: Zone = "Europe/Paris".parse().unwrap();
            let (on, at) = zone.wall(due.plus_minutes(1));
            owner.now(&format!("{on} {at}"));
            assert_eq!(owner.page(id).await["row"]["place"], "overdue", "a minute after {deadline}");
            let (on, at) = zone.wall(due);
            owner.now(&format!("{on} {at}"));
            assert_eq!(owner.page(id).await["row"]["place"], "due_today", "at {deadline}");
        }
    }
}

#[tokio::test]
async fn a_change_that_the_customer_asked_for_moves_what_is_to_come_and_nothing_before() {
    let owner = Owner::at("2026-11-02 05:00").await;
    let series = subscribe(&owner, "FREQ=WEEKLY;BYDAY=MO,SA", "2026-11-02", "07:00").await;
    look(&owner, "2026-11-02 05:30").await;
    let version = page(&owner, &series).await["row"]["version"].clone();
    let draft = paper("FREQ=WEEKLY;BYDAY=SU", "2026-11-02", "09:00");
    let change = json!({ "series": series, "version": version, "draft": draft, "by": "customer" });
    owner.ask("save_series", change.clone()).await;
    let days = open_days(&owner, &series).await;
    assert_eq!(days[..3], ["2026-11-02", "2026-11-08", "2026-11-15"], "today stands as it was promised");
    assert_eq!(owner.try_ask("save_series", change).await.unwrap_err().code, Code::Conflict);
    look(&owner, "2026-11-16 05:00").await;
    let page = page(&owner, &series).await;
    assert_eq!(page["row"]["pattern"], "3 of the last 3 were missed: look for the cause");
    assert!(!open_days(&owner, &series).await.contains(&"2026-11-07".to_owned()), "no Saturday came back");
}

#[tokio::test]
async fn what_we_end_at_short_notice_is_missed_and_one_undo_brings_it_back() {
    let owner = Owner::at("2026-11-02 05:00").await;
    let series = subscribe(&owner, "FREQ=DAILY", "2026-11-02", "07:00").await;
    let before = open_days(&owner, &series).await;
    let refused =
        owner.try_ask("stop_series", json!({ "series": series, "last": "2026-11-01", "by": "us" })).await;
    assert_eq!(refused.unwrap_err().problems[0].field, "last");
    owner.ask("stop_series", json!({ "series": series, "last": "2026-11-02", "by": "us" })).await;
    assert_eq!(open_days(&owner, &series).await, ["2026-11-02"]);
    let ended = page(&owner, &series).await["ended"].clone();
    assert_eq!(ended.as_array().unwrap().len(), 7, "the week that nobody was told of");
    assert!(ended.as_array().unwrap().iter().all(|row| row["outcome"] == "missed"));
    owner.ask("undo", json!({})).await;
    assert_eq!(open_days(&owner, &series).await, before);
    owner.ask("stop_series", json!({ "series": series, "last": "2026-11-02", "by": "customer" })).await;
    assert_eq!(page(&owner, &series).await["ended"], json!([]), "their own wish lets nobody down");
    owner.ask("undo", json!({})).await;
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.ask("promises", json!({ "filter": "all", "limit": 10 })).await["count"], 0);
}

#[tokio::test]
async fn a_rule_that_never_ends_or_never_happens_does_no_harm() {
    let owner = Owner::at("2026-11-02 05:00").await;
    for rule in ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "whenever"]
    {
        let read = owner.ask("read_rule", json!({ "rule": rule, "from": "2026-11-02" })).await;
        assert_eq!(read["problems"][0]["field"], "rule", "{rule}");
        let takes = json!({ "draft": paper(rule, "2026-11-02", "07:00"), "by": "customer" });
        assert_eq!(owner.try_ask("save_series", takes).await.unwrap_err().problems[0].field, "rule");
    }
    let read =
        owner.ask("read_rule", json!({ "rule": "FREQ=MONTHLY;BYDAY=-1FR", "from": "2026-11-02" })).await;
    assert_eq!(read["words"], "every month on the last Friday");
    assert_eq!((&read["next"][0], &read["next"][1]), (&json!("Fri 27 Nov"), &json!("Fri 25 Dec")));
    // Far more seldom than occurrences are made ahead: the next one is there all the same.
    let leap = subscribe(&owner, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-11-02", "07:00").await;
    assert_eq!(open_days(&owner, &leap).await, ["2028-02-29"]);
    let mut nowhere = paper("FREQ=DAILY", "2026-11-02", "07:00");
    nowhere["zone"] = json!("Europe/Atlantis");
    let refused = owner.try_ask("save_series", json!({ "draft": nowhere, "by": "customer" })).await;
    assert_eq!(refused.unwrap_err().code, Code::Invalid);
}
