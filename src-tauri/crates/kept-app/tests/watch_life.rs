//! The life of alerts beyond their first call, each through a real store: moved and travelled with, snoozed once too often,
//! climbing the ladder, told together in a digest, held in a pause.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "watch_support/mod.rs"]
mod support;

use kept_app::failure::Code;
use kept_app::watching::{Button, Pressed, pressed};
use kept_core::alert::{AlertKind, KindSettings};
use kept_core::id::CommitmentId;
use kept_core::views::alerts::{AlertHistory, AlertKinds, AlertsAhead};
use kept_core::views::{Done, PromisePage, ShellView};
use serde_json::{Value, json};
use support::{Desk, stamp};

const OVERDUE: &str = "Overdue: 12 cupcakes for Maria";

fn at(day: &str, time: &str) -> Value {
    json!({ "day": day, "hours": { "kind": "at", "time": time } })
}

async fn snooze(desk: &Desk, until: &str, again_is_meant: bool) -> Result<Done, Code> {
    let ids: Vec<String> = desk.owed().await.into_iter().map(|row| row.id).collect();
    let takes = json!({ "alerts": ids, "until": { "kind": until }, "again_is_meant": again_is_meant });
    let answer = desk.kept().answer("snooze", takes).await.map_err(|failure| failure.code)?;
    Ok(serde_json::from_value(answer).unwrap())
}

async fn page(desk: &Desk, promise: CommitmentId) -> PromisePage {
    desk.ask("promise", json!({ "promise": promise })).await
}

#[tokio::test]
async fn n07_a_date_moved_while_snoozed_retires_the_alert_and_plans_a_new_one() {
    let desk = Desk::at("2026-11-19 09:30").await;
    let promise = desk.promise("Maria", "2026-11-19 10:00").await;
    desk.watch("2026-11-19 10:01").await;
    let before = desk.owed().await.remove(0).id;
    snooze(&desk, "one_hour", false).await.unwrap();
    let to = at("2026-11-20", "16:00");
    let _: Done = desk.ask("move_date", json!({ "promise": promise, "to": to, "by": "customer" })).await;
    desk.notices();
    desk.watch("2026-11-20 15:59").await;
    assert_eq!(desk.owed().await.len(), 0);
    assert_eq!(desk.shown(), ["Fri 09:00 Today: 1 due today"], "the snooze went with the old date");
    let first = page(&desk, promise).await;
    assert_eq!(first.dates.first.as_deref(), Some("Thu 19 Nov, 10:00"), "no alert has moved anything");
    desk.watch("2026-11-20 16:30").await;
    assert_eq!(desk.shown(), [format!("Fri 16:00 {OVERDUE}")]);
    assert_ne!(desk.owed().await.remove(0).id, before);
}

#[tokio::test]
async fn n11_from_new_york_to_paris_dates_stay_and_nothing_is_told_twice() {
    let new_york = "America/New_York";
    let desk =
        Desk::with("2026-11-19 14:00", |settings| settings.calendar.zone = new_york.parse().unwrap()).await;
    let promise = desk.promise("Maria", "2026-11-20 10:00").await;
    let due = page(&desk, promise).await.row.due;
    // Eight in the morning in New York, ten o'clock there is four in the afternoon in Paris.
    desk.watch("2026-11-19 15:00").await;
    let mut settings: Value = desk.ask("settings", json!({})).await;
    settings["calendar"]["zone"] = json!("Europe/Paris");
    let _: Done = desk.ask("change_settings", settings).await;
    desk.notices();
    assert_eq!(page(&desk, promise).await.row.due, due);
    desk.watch("2026-11-20 09:59").await;
    let before: Vec<String> = desk.shown().into_iter().filter(|line| line.contains("Overdue")).collect();
    assert_eq!(before, Vec::<String>::new());
    desk.watch("2026-11-20 11:30").await;
    assert_eq!(desk.shown(), [format!("Fri 10:00 {OVERDUE}")], "by the clocks of Paris, once");
}

#[tokio::test]
async fn n14_five_occurrences_missed_while_off_are_told_in_one_notice() {
    let mut desk = Desk::with("2026-11-02 08:30", |settings| {
        settings.quiet.on = false;
        let off = KindSettings { on: false, ..KindSettings::usual(AlertKind::DueSoon) };
        settings.alerts.set(AlertKind::DueSoon, off);
    })
    .await;
    let draft = json!({
        "customer_name": "Ines",
        "rule": "FREQ=DAILY",
        "from": "2026-11-02",
        "hours": { "kind": "at", "time": "10:00" },
        "parts": [{ "what": "newspaper", "quantity": 1, "effort_left": 0 }],
    });
    let _: Value = desk.ask("save_series", json!({ "draft": draft, "by": "customer" })).await;
    desk.watch("2026-11-02 09:30").await;
    let first = desk.ask::<Value>("promises", list("open")).await["rows"][0]["id"].clone();
    let _: Done = desk.ask("hand_over", json!({ "promise": first })).await;
    desk.quit().await;
    desk.notices();
    desk.run(stamp("2026-11-07 17:00"));
    desk.open().await;
    desk.watch("2026-11-07 23:59").await;
    assert_eq!(
        desk.shown(),
        ["Sat 17:00 5 things came due while Kept was off: 5 promises overdue"],
        "from Tuesday to Saturday"
    );
    let missed = desk.ask::<Value>("promises", list("overdue")).await["count"].clone();
    assert_eq!(missed, 5, "no occurrence was left out");
}

/// The fields of a list with one of its filters.
fn list(filter: &str) -> Value {
    json!({ "filter": filter, "limit": 50, "offset": 0 })
}

#[tokio::test]
async fn n17_the_ladder_calls_exactly_so_often_in_ten_days() {
    let desk = Desk::at("2026-11-19 09:30").await;
    desk.promise("Maria", "2026-11-19 10:00").await;
    desk.watch("2026-11-29 23:59").await;
    let times: Vec<String> =
        desk.shown().into_iter().map(|line| line.replace(OVERDUE, "").trim().to_owned()).collect();
    assert_eq!(
        times,
        [
            "Thu 10:00",
            "Thu 12:00",
            "Thu 15:00",
            "Fri 09:00",
            "Fri 15:00",
            "Mon 09:00",
            "Mon 15:00",
            "Tue 09:00",
            "Wed 09:00",
            "Thu 09:00",
            "Fri 09:00",
        ]
    );
}

#[tokio::test]
async fn n18_the_third_snooze_asks() {
    let desk = Desk::at("2026-11-20 09:30").await;
    let promise = desk.promise("Maria", "2026-11-20 10:00").await;
    desk.watch("2026-11-20 10:00").await;
    let (_, notice) = desk.notices().remove(0);
    for until in ["10:11", "10:22"] {
        snooze(&desk, "ten_minutes", false).await.unwrap();
        desk.watch(&format!("2026-11-20 {until}")).await;
    }
    assert_eq!(snooze(&desk, "ten_minutes", false).await, Err(Code::Invalid));
    let takes = json!({ "promise": promise, "until": { "kind": "one_hour" } });
    let failure = desk.kept().answer("snooze_promise", takes).await.unwrap_err();
    assert!(failure.is_question(), "{failure}");
    assert!(
        failure.message.ends_with("Start now, block time, tell the customer, or move the date."),
        "{failure}"
    );
    let row = desk.owed().await.remove(0);
    assert!(row.asks_first && row.snoozes == 2);
    // On the notice there is no room for the question: the window asks it.
    assert_eq!(pressed(desk.kept(), &notice.id, Button::Snooze).await.unwrap(), Pressed::Open(Some(promise)));
    let done = snooze(&desk, "ten_minutes", true).await.unwrap();
    assert_eq!(done.said, "Snoozed 1 alert until today 10:32");
    assert_eq!(page(&desk, promise).await.row.when, "22 min late", "no snooze has moved the date");
}

#[tokio::test]
async fn the_morning_is_told_in_one_notice_and_not_again_after_a_restart() {
    let mut desk = Desk::at("2026-11-18 12:00").await;
    for (customer, due) in [("Maria", "2026-11-19 16:00"), ("Tom", "2026-11-19"), ("Ana", "2026-11-20 10:00")]
    {
        desk.promise(customer, due).await;
    }
    desk.watch("2026-11-19 09:05").await;
    let notices = desk.notices();
    let [(when, notice)] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!(*when, stamp("2026-11-19 09:00"));
    assert_eq!(notice.title, "Today: 2 due today, 1 due soon");
    assert_eq!(notice.body, "12 cupcakes for Maria\n12 cupcakes for Tom\n12 cupcakes for Ana");
    assert!(!notice.sound);
    assert_eq!(notice.buttons, [Button::Open], "nothing of several is done at once");
    desk.kill();
    desk.reopen_when_free().await;
    desk.watch("2026-11-19 11:00").await;
    assert_eq!(desk.shown(), Vec::<String>::new());
}

#[tokio::test]
async fn a_digest_of_nothing_is_not_shown_and_days_that_were_skipped_do_not_pile_up() {
    let mut desk = Desk::at("2026-11-16 12:00").await;
    desk.watch("2026-11-17 18:30").await;
    assert_eq!(desk.shown(), Vec::<String>::new());
    desk.promise("Maria", "2026-11-20 10:00").await;
    desk.quit().await;
    desk.run(stamp("2026-11-20 09:30"));
    desk.open().await;
    desk.watch("2026-11-20 09:45").await;
    let shown = desk.shown();
    assert_eq!(shown, ["Fri 09:30 Due today: 12 cupcakes for Maria"], "one for all mornings");
}

#[tokio::test]
async fn before_closing_it_says_what_begins_next_and_whom_to_tell() {
    let desk = Desk::at("2026-11-18 12:00").await;
    let promise = desk.promise("Maria", "2026-11-24 16:00").await;
    let to = at("2026-11-25", "16:00");
    let _: Done = desk.ask("move_date", json!({ "promise": promise, "to": to, "by": "us" })).await;
    desk.watch("2026-11-18 17:59").await;
    assert_eq!(desk.shown(), ["Wed 17:30 Before you close: 1 customer to tell"]);
    let _: Done = desk.ask("customer_told", json!({ "promise": promise })).await;
    desk.watch("2026-11-19 17:59").await;
    assert_eq!(desk.shown(), Vec::<String>::new());
}

#[tokio::test]
async fn a_pause_holds_what_comes_due_and_is_reported() {
    let mut desk = Desk::at("2026-11-20 09:30").await;
    for hour in [10, 11] {
        desk.promise("Maria", &format!("2026-11-20 {hour}:00")).await;
    }
    desk.watch("2026-11-20 09:45").await;
    let takes = json!({ "until": { "kind": "until", "at": stamp("2026-11-20 11:30") } });
    let done: Done = desk.ask("pause_watch", takes).await;
    assert_eq!(done.said, "The watch is paused until today 11:30");
    desk.kill();
    desk.reopen_when_free().await;
    let shell: ShellView = desk.ask("shell", json!({})).await;
    assert_eq!(shell.paused_until.as_deref(), Some("today 11:30"), "also after a restart");
    desk.watch("2026-11-20 11:29").await;
    assert_eq!((desk.shown().len(), desk.owed().await.len()), (0, 2));
    desk.watch("2026-11-20 11:45").await;
    assert_eq!(desk.shown(), ["Fri 11:30 2 things came due while the watch was paused: 2 promises overdue"]);
    let report = desk.centre().await.report.unwrap();
    assert_eq!(report.words, "You had paused the watch from Fri 09:45 to Fri 11:30; two things came due.");
    assert_eq!(desk.ask::<ShellView>("shell", json!({})).await.paused_until, None);
}

#[tokio::test]
async fn a_pause_that_is_ended_early_lets_the_notices_through_at_once() {
    let desk = Desk::at("2026-11-20 09:30").await;
    desk.promise("Maria", "2026-11-20 10:00").await;
    desk.watch("2026-11-20 09:45").await;
    let _: Done = desk.ask("pause_watch", json!({ "until": { "kind": "next_working_day" } })).await;
    desk.watch("2026-11-20 10:15").await;
    assert_eq!(desk.shown(), Vec::<String>::new());
    let done: Done = desk.ask("pause_watch", json!({})).await;
    assert_eq!(done.said, "The watch goes on");
    desk.watch("2026-11-20 10:16").await;
    assert_eq!(desk.shown(), [format!("Fri 10:15 {OVERDUE}")]);
}

#[tokio::test]
async fn the_owners_own_reminders_ring_move_with_the_date_and_are_taken_away() {
    let desk = Desk::at("2026-11-17 09:30").await;
    let promise = desk.promise("Maria", "2026-11-19 16:00").await;
    let set = async |when: Value, what: Value| -> Done {
        desk.ask("set_reminder", json!({ "promise": promise, "when": when, "what": what })).await
    };
    let done = set(json!({ "kind": "at", "day": "2026-11-17", "time": "11:00" }), json!("Ring her")).await;
    assert_eq!(done.said, "Reminds of 12 cupcakes for Maria on Tue 17 Nov, 11:00");
    set(json!({ "kind": "before_due", "days": 0, "minutes": 120 }), Value::Null).await;
    set(json!({ "kind": "before_due", "days": 1, "minutes": 0 }), Value::Null).await;
    let too_late = json!({ "kind": "before_due", "days": 9, "minutes": 0 });
    let takes = json!({ "promise": promise, "when": too_late });
    assert_eq!(desk.kept().answer("set_reminder", takes).await.unwrap_err().problems[0].field, "when");
    desk.watch("2026-11-17 11:30").await;
    assert_eq!(desk.shown(), ["Tue 11:00 Ring her: 12 cupcakes for Maria"]);
    let own = page(&desk, promise).await.own_reminders;
    let words: Vec<_> =
        own.iter().map(|it| (it.when_words.as_str(), it.at_words.as_deref().unwrap())).collect();
    let expected = [
        ("Tue 17 Nov, 11:00", "Tue 17 Nov, 11:00"),
        ("2 h before it is due", "Thu 19 Nov, 14:00"),
        ("1 day before it is due", "Wed 18 Nov, 16:00"),
    ];
    assert_eq!(words, expected);
    let _: Done = desk.ask("remove_reminder", json!({ "promise": promise, "reminder": own[2].id })).await;
    let to = at("2026-11-20", "16:00");
    let _: Done = desk.ask("move_date", json!({ "promise": promise, "to": to, "by": "customer" })).await;
    desk.watch("2026-11-20 15:59").await;
    let rung: Vec<String> = desk.shown().into_iter().filter(|line| line.contains("Reminder")).collect();
    assert_eq!(rung, ["Fri 14:00 Reminder: 12 cupcakes for Maria"]);
}

#[tokio::test]
async fn notices_that_are_private_name_nobody() {
    let desk = Desk::with("2026-11-20 09:30", |settings| settings.alerts.private = true).await;
    desk.promise("Maria", "2026-11-20 10:00").await;
    desk.watch("2026-11-20 10:01").await;
    let (_, notice) = desk.notices().remove(0);
    assert_eq!((notice.title.as_str(), notice.body.as_str()), ("Overdue", "Open Kept to see more."));
    assert!(notice.buttons.contains(&Button::HandedOver), "it can be answered all the same");
}

#[tokio::test]
async fn sounds_are_for_what_is_overdue_and_for_second_chances() {
    let desk = Desk::at("2026-11-19 08:30").await;
    let told = async |customer: &str, due: &str, watch: &str| {
        desk.promise(customer, due).await;
        desk.watch(watch).await;
        desk.notices().into_iter().map(|(_, notice)| notice.sound).collect::<Vec<_>>()
    };
    assert_eq!(told("Tom", "2026-11-20 14:00", "2026-11-19 09:01").await, [false], "due soon");
    assert_eq!(told("Ana", "2026-11-19 09:30", "2026-11-19 09:31").await, [true], "overdue");
    // Ana was let down: whatever else she was promised is a second chance.
    assert_eq!(told("Ana", "2026-11-23 14:00", "2026-11-19 10:30").await, Vec::<bool>::new());
    desk.watch("2026-11-20 12:00").await;
    let second =
        desk.notices().into_iter().find(|(_, notice)| notice.body.contains("Mon")).map(|(_, it)| it.sound);
    assert_ne!(second, Some(false), "a second chance");
}

#[tokio::test]
async fn an_alert_remembers_what_happened_to_it() {
    let desk = Desk::at("2026-11-20 09:30").await;
    desk.promise("Maria", "2026-11-20 10:00").await;
    desk.watch("2026-11-20 10:01").await;
    snooze(&desk, "ten_minutes", false).await.unwrap();
    desk.watch("2026-11-20 10:15").await;
    let id = desk.owed().await.remove(0).id;
    let _: Done = desk.ask("acknowledge", json!({ "alerts": [id] })).await;
    let history: AlertHistory = desk.ask("alert_history", json!({ "alert": id })).await;
    let events: Vec<String> =
        history.events.into_iter().map(|event| format!("{}: {}", event.at_words, event.what)).collect();
    assert_eq!(
        events,
        [
            "today 10:00: Came due",
            "today 10:00: A notification was shown",
            "today 10:01: Snoozed until today 10:11",
            "today 10:11: A notification was shown",
            "today 10:15: Seen",
        ]
    );
    let unknown = json!({ "alert": "overdue:00000000-0000-0000-0000-000000000001:2026-11-20" });
    assert_eq!(desk.kept().answer("alert_history", unknown).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn the_next_working_day_is_told_ahead_and_comes_so() {
    let desk = Desk::at("2026-11-18 12:00").await;
    desk.promise("Maria", "2026-11-19 16:00").await;
    desk.promise("Tom", "2026-11-19 11:00").await;
    desk.watch("2026-11-18 12:10").await;
    let ahead: AlertsAhead = desk.ask("alerts_ahead", json!({})).await;
    assert_eq!(ahead.day_words, "Thu 19 Nov");
    let told: Vec<(String, String)> =
        ahead.lines.into_iter().map(|line| (line.at_words, line.what)).collect();
    let lines: Vec<(&str, &str)> = told.iter().map(|(at, what)| (at.as_str(), what.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("09:00", "Today: 2 due today"),
            ("11:00", "Overdue unless handed over: 12 cupcakes for Tom"),
            ("13:00", "Still overdue: 12 cupcakes for Tom"),
            ("15:00", "Still overdue: 12 cupcakes for Tom"),
            ("16:00", "Overdue unless handed over: 12 cupcakes for Maria"),
            ("18:00", "Still overdue: 12 cupcakes for Maria"),
        ][..lines.len()]
    );
    desk.notices();
    desk.watch("2026-11-19 23:59").await;
    let came: Vec<String> =
        desk.notices().iter().map(|(at, _)| support::zone().wall(*at).1.to_string()).collect();
    assert_eq!(came, told.iter().map(|(at, _)| at.clone()).collect::<Vec<_>>(), "exactly so");
}

#[tokio::test]
async fn a_kind_that_is_off_says_nothing_and_overdue_cannot_be_off() {
    let desk = Desk::with("2026-11-18 12:00", |settings| {
        let off = |kind| KindSettings { on: false, ..KindSettings::usual(kind) };
        settings.alerts.set(AlertKind::DueSoon, off(AlertKind::DueSoon));
        settings.alerts.set(AlertKind::Due, off(AlertKind::Due));
        settings.alerts.morning = false;
    })
    .await;
    desk.promise("Maria", "2026-11-20").await;
    desk.watch("2026-11-20 17:59").await;
    assert_eq!((desk.shown().len(), desk.owed().await.len()), (0, 0));
    let kinds: AlertKinds = desk.ask("alert_kinds", json!({})).await;
    let off: Vec<&str> =
        kinds.kinds.iter().filter(|kind| !kind.settings.on).map(|kind| kind.name.as_str()).collect();
    assert_eq!(off, ["Due now", "Due soon", "Backup"]);
    let mut settings: Value = desk.ask("settings", json!({})).await;
    settings["alerts"]["kinds"]["overdue"] = json!({ "on": false, "sound": true, "let_through": false });
    let failure = desk.kept().answer("change_settings", settings).await.unwrap_err();
    assert_eq!(failure.problems[0].field, "alerts.kinds.overdue");
}

#[tokio::test]
async fn a_missing_backup_is_said_after_three_days_and_a_promise_that_waits_is_chased() {
    let desk = Desk::with("2026-11-16 09:30", |settings| {
        settings.alerts.set(AlertKind::Backup, KindSettings::usual(AlertKind::Backup));
        settings.alerts.morning = false;
    })
    .await;
    let promise = desk.promise("Maria", "2026-12-18 10:00").await;
    let takes = json!({ "promise": promise, "on": "supplier", "chase": "2026-11-18" });
    let _: Done = desk.ask("wait_for", takes).await;
    desk.watch("2026-11-19 12:00").await;
    assert_eq!(
        desk.shown(),
        [
            "Wed 09:00 Ask again: 12 cupcakes for Maria",
            "Thu 09:30 There is no good backup of the last three days",
        ]
    );
    let backup = desk.owed().await.into_iter().find(|row| row.kind == AlertKind::Backup).unwrap();
    assert_eq!(
        (backup.promise, backup.why.as_str()),
        (None, "When there was no good backup for three days.")
    );
}
