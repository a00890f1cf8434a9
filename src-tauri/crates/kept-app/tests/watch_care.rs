//! Alerts about what is no promise, each through a real store: customers who wait for an answer, steps by which a miss is
//! made good, and causes that are looked into.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "watch_support/mod.rs"]
mod support;

use kept_core::views::Done;
use kept_core::views::alerts::LeadsTo;
use kept_core::views::care::{FeedbackTaken, RecoveryOpened, RecoveryPage};
use serde_json::json;
use support::Desk;

async fn complaint(desk: &Desk) -> FeedbackTaken {
    let draft = json!({ "kind": "complaint", "text": "The paper did not come", "from": "Maria Silva" });
    desk.ask("take_feedback", json!({ "draft": draft })).await
}

#[tokio::test]
async fn who_waits_for_an_answer_calls_three_times_and_is_silent_once_answered() {
    let desk = Desk::at("2026-11-19 09:30").await;
    let taken = complaint(&desk).await;
    desk.watch("2026-11-19 10:35").await;
    assert_eq!(desk.shown(), ["Thu 10:30 Answer: Complaint of Maria Silva"]);
    let row = desk.owed().await.remove(0);
    assert_eq!(row.why, "Half of the time in which you want to answer is over.");
    assert_eq!(row.leads_to, Some(LeadsTo::Feedback { id: taken.feedback }));
    let _: Done = desk.ask("acknowledge", json!({ "alerts": [row.id] })).await;
    desk.watch("2026-11-19 11:29").await;
    assert_eq!(desk.shown(), ["Thu 11:06 Answer: Complaint of Maria Silva"], "seen is not answered");
    desk.watch("2026-11-19 11:31").await;
    assert_eq!(desk.shown(), ["Thu 11:30 Answer: Complaint of Maria Silva"]);
    assert_eq!(
        desk.owed().await.remove(0).why,
        "They have waited longer than you want anybody to wait for an answer."
    );
    let turn = json!({ "feedback": taken.feedback, "kind": "reply" });
    let _: Done = desk.ask("feedback_turn", turn).await;
    assert!(desk.owed().await.is_empty());
    desk.watch("2026-11-19 18:00").await;
    assert!(desk.shown().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_waited_for_over_night_calls_again_in_the_morning_and_after_a_crash_only_once() {
    let mut desk = Desk::at("2026-11-19 17:30").await;
    complaint(&desk).await;
    desk.watch("2026-11-20 09:31").await;
    assert_eq!(
        desk.shown(),
        ["Fri 09:30 Answer: Complaint of Maria Silva"],
        "half an hour ran the day before"
    );
    desk.kill();
    desk.reopen_when_free().await;
    desk.watch("2026-11-20 09:40").await;
    assert!(desk.shown().is_empty());
    assert_eq!(desk.owed().await.len(), 1);
}

#[tokio::test]
async fn a_step_that_makes_a_miss_good_calls_on_its_day_by_the_customers_name_until_it_is_done() {
    let mut desk = Desk::at("2026-11-18 09:30").await;
    let promise = desk.promise("Maria Silva", "2026-11-18 10:00").await;
    desk.watch("2026-11-18 10:30").await;
    desk.hand_over(promise).await;
    let steps = json!([{ "repair": { "kind": "apologise", "channel": "phone" }, "by": "2026-11-19" }]);
    let opened: RecoveryOpened =
        desk.ask("open_recovery", json!({ "promise": promise, "steps": steps })).await;
    desk.notices();
    // Kept starts anew: the promise is closed by now, and its customer is known all the same.
    desk.quit().await;
    desk.open().await;
    desk.watch("2026-11-19 09:05").await;
    let said = desk.notices().pop().unwrap().1;
    assert!(
        said.body.contains("Say sorry by phone (Maria Silva)") || said.title.contains("(Maria Silva)"),
        "{said:?}"
    );
    let row = desk.owed().await.remove(0);
    assert_eq!(row.title, "Say sorry by phone (Maria Silva)");
    assert_eq!(row.leads_to, Some(LeadsTo::Recovery { id: opened.recovery }));
    let page: RecoveryPage = desk.ask("recovery", json!({ "recovery": opened.recovery })).await;
    let done = json!({ "recovery": opened.recovery, "step": page.steps[0].id, "done": true });
    let _: Done = desk.ask("repair_done", done).await;
    assert!(desk.owed().await.is_empty());
}

#[tokio::test]
async fn a_cause_calls_when_it_is_to_be_looked_at_again_and_what_went_right_comes_first_in_the_morning() {
    let desk = Desk::at("2026-11-18 09:30").await;
    let draft = json!({ "symptom": "Two cookies were empty", "check_on": "2026-11-19" });
    let _: serde_json::Value = desk.ask("save_cause", json!({ "draft": draft })).await;
    let win = json!({ "kind": "personal_touch", "what": "A card for Maria" });
    let _: serde_json::Value = desk.ask("add_win", json!({ "draft": win })).await;
    desk.promise("Ana", "2026-11-19 15:00").await;
    desk.notices();
    desk.watch("2026-11-19 09:05").await;
    let said = desk.notices().pop().unwrap().1;
    assert!(said.title.starts_with("Today: "), "{said:?}");
    assert!(said.body.starts_with("Went right: A card for Maria\n"), "{said:?}");
    assert!(said.body.contains("Look whether it came again: Two cookies were empty"), "{said:?}");
    let titles: Vec<String> = desk.owed().await.into_iter().map(|row| row.title).collect();
    assert!(titles.contains(&"Look whether it came again: Two cookies were empty".to_owned()), "{titles:?}");
}
