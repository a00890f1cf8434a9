//! What the desktop shows of Kept outside of its window: the tray, pauses, private notices, notices that are over.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod watch_support;

use kept_app::watching::{Button, Pressed, is_over, pressed};
use serde_json::{Value, json};
use watch_support::{Desk, stamp};

async fn tray(desk: &Desk) -> Value {
    desk.ask("tray", json!({})).await
}

/// The words of the entries of the tray's menu that can be pressed.
fn lines(tray: &Value, list: &str) -> Vec<String> {
    let entries = tray[list].as_array().unwrap().iter();
    entries.map(|entry| entry["words"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_tray_counts_what_is_overdue_and_names_the_next_three() {
    let desk = Desk::at("2026-11-19 09:30").await;
    let empty = tray(&desk).await;
    assert_eq!((&empty["words"], &empty["overdue"]), (&json!("Kept: nothing is overdue"), &json!(0)));
    assert_eq!((&empty["next"], &empty["snooze_all"]), (&json!([]), &Value::Null));
    for (name, due) in [
        ("Dora", "2026-11-23 15:00"),
        ("Ada", "2026-11-19 10:00"),
        ("Cleo", "2026-11-20 15:00"),
        ("Bea", "2026-11-19 16:00"),
    ] {
        desk.promise(name, due).await;
    }
    desk.watch("2026-11-19 10:01").await;
    let tray = tray(&desk).await;
    assert_eq!((&tray["words"], &tray["overdue"]), (&json!("Kept: 1 promise is overdue"), &json!(1)));
    let next = lines(&tray, "next");
    let names = ["Ada", "Bea", "Cleo"];
    assert!(next.len() == 3 && next.iter().zip(names).all(|(line, name)| line.ends_with(name)), "{next:?}");
    assert!(tray["snooze_all"].as_str().unwrap().starts_with("Snooze "), "{tray}");
}

#[tokio::test]
async fn all_that_calls_is_put_off_at_once() {
    let desk = Desk::at("2026-11-19 09:30").await;
    desk.promise("Ada", "2026-11-19 10:00").await;
    desk.promise("Bea", "2026-11-19 10:00").await;
    desk.watch("2026-11-19 10:05").await;
    let _: Value = desk.ask("snooze_all", json!({ "until": { "kind": "one_hour" } })).await;
    assert_eq!(desk.owed().await.len(), 0);
    let tray = tray(&desk).await;
    assert_eq!((&tray["snooze_all"], &tray["overdue"]), (&Value::Null, &json!(2)), "they stay overdue");
    assert!(desk.kept().answer("snooze_all", json!({ "until": { "kind": "one_hour" } })).await.is_err());
}

#[tokio::test]
async fn what_comes_due_in_a_pause_is_held_and_announced_once_at_its_end() {
    let desk = Desk::at("2026-11-19 09:30").await;
    for name in ["Ada", "Bea"] {
        desk.promise(name, "2026-11-19 12:30").await;
    }
    desk.watch("2026-11-19 12:00").await;
    desk.notices();
    let done: Value = desk.ask("pause_watch", json!({ "until": { "kind": "one_hour" } })).await;
    assert_eq!(done["said"], "The watch is paused until today 13:00");
    let shell: Value = desk.ask("shell", json!({})).await;
    assert_eq!(shell["paused_until"], "today 13:00");
    desk.watch("2026-11-19 12:59").await;
    assert_eq!(desk.notices().len(), 0, "held");
    assert_eq!(desk.owed().await.len(), 2, "and never dropped");
    desk.watch("2026-11-19 13:02").await;
    let notices = desk.notices();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].1.title.contains("2 promises overdue"), "{notices:?}");
    assert_eq!(tray(&desk).await["resume"], Value::Null);
}

#[tokio::test]
async fn a_pause_can_be_ended_early_and_survives_a_restart() {
    let mut desk = Desk::at("2026-11-19 09:30").await;
    desk.promise("Ada", "2026-11-19 10:00").await;
    let _: Value = desk.ask("pause_watch", json!({ "until": { "kind": "tomorrow_at_opening" } })).await;
    desk.kill();
    desk.reopen_when_free().await;
    assert_eq!(tray(&desk).await["resume"], "Watch again (paused until tomorrow 09:00)");
    desk.watch("2026-11-19 10:30").await;
    assert_eq!(desk.notices().len(), 0);
    let _: Value = desk.ask("pause_watch", json!({})).await;
    desk.watch("2026-11-19 10:31").await;
    assert_eq!(desk.notices().len(), 1);
}

#[tokio::test]
async fn pauses_are_offered_that_end_when_they_say() {
    let desk = Desk::at("2026-11-19 09:30").await;
    assert_eq!(
        lines(&tray(&desk).await, "pauses"),
        ["for 1 hour", "until today 15:00", "until tomorrow 09:00"]
    );
    desk.watch("2026-11-20 16:00").await;
    assert_eq!(lines(&tray(&desk).await, "pauses"), ["for 1 hour", "until Mon 09:00"]);
}

#[tokio::test]
async fn a_notice_is_over_once_nothing_of_it_calls_any_more() {
    let moved =
        json!({ "to": { "day": "2026-11-26", "hours": { "kind": "any_time" }, "zone": null }, "by": "us" });
    let requests = [
        ("hand_over", json!({})),
        ("cancel", json!({ "by": "customer" })),
        ("move_date", moved),
        ("snooze_promise", json!({ "until": { "kind": "one_hour" } })),
    ];
    for (request, mut takes) in requests {
        let desk = Desk::at("2026-11-19 09:30").await;
        let promise = desk.promise("Ada", "2026-11-19 10:00").await;
        desk.watch("2026-11-19 10:01").await;
        let (_, notice) = desk.notices().pop().unwrap();
        assert_eq!(notice.subject, promise.to_string());
        assert!(!is_over(desk.kept(), &notice.id) && !is_over(desk.kept(), "several"));
        takes["promise"] = json!(promise);
        let _: Value = desk.ask(request, takes).await;
        assert!(is_over(desk.kept(), &notice.id) && is_over(desk.kept(), "several"), "{request}");
        assert!(!is_over(desk.kept(), "test"), "what is not about promises stays");
    }
    let desk = Desk::at("2026-11-19 09:30").await;
    desk.promise("Ada", "2026-11-19 10:00").await;
    desk.watch("2026-11-19 10:01").await;
    let (_, notice) = desk.notices().pop().unwrap();
    let alerts: Vec<String> = desk.owed().await.into_iter().map(|row| row.id).collect();
    let _: Value = desk.ask("acknowledge", json!({ "alerts": alerts })).await;
    assert!(is_over(desk.kept(), &notice.id), "it was seen");
}

#[tokio::test]
async fn a_customer_who_does_not_know_of_a_move_can_be_told_on_the_notice() {
    let desk = Desk::at("2026-11-19 09:30").await;
    let promise = desk.promise("Ada", "2026-11-19 10:00").await;
    let hours = json!({ "kind": "at", "time": "12:00" });
    let to = json!({ "day": "2026-11-19", "hours": hours, "zone": null });
    let _: Value = desk.ask("move_date", json!({ "promise": promise, "to": to, "by": "us" })).await;
    desk.watch("2026-11-19 12:01").await;
    let (_, notice) = desk.notices().pop().unwrap();
    assert!(notice.buttons.contains(&Button::Told), "{notice:?}");
    pressed(desk.kept(), &notice.id, Button::Told).await.unwrap();
    let page: Value = desk.ask("promise", json!({ "promise": promise })).await;
    assert_eq!(page["dates"]["moves"][0]["told_at"], json!(stamp("2026-11-19 12:01")), "{page}");
    assert!(!is_over(desk.kept(), &notice.id), "it is overdue still");
    let Pressed::Done(done) = pressed(desk.kept(), &notice.id, Button::Told).await.unwrap() else {
        panic!("nothing is to be opened")
    };
    assert!(done.said.ends_with("may not hold"), "of the move they know: {}", done.said);
}

#[test]
fn every_button_is_known_by_its_name_and_a_click_opens() {
    for button in Button::ALL {
        assert_eq!(Button::named(button.name()), button);
    }
    assert_eq!(Button::named("tap"), Button::Open);
}
