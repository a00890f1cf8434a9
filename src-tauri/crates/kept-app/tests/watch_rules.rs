//! The rules of the watch, each through a real store, with clocks that the test sets and a desktop that takes down
//! what it is asked to show.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "watch_support/mod.rs"]
mod support;

use kept_app::failure::Code;
use kept_app::watching::{Button, Pressed, pressed, tick, watch};
use kept_app::{Notice, Shown};
use kept_core::views::{Done, PromisePage, ShellView};
use serde_json::json;
use std::sync::mpsc;
use support::{Desk, stamp};

const OVERDUE: &str = "Overdue: 12 cupcakes for Maria";

#[tokio::test]
async fn n01_fires_at_due_exactly_once() {
    let desk = Desk::at("2026-11-20 09:30").await;
    desk.promise("Maria", "2026-11-20 15:00").await;
    desk.watch("2026-11-20 14:59").await;
    assert_eq!(desk.shown(), Vec::<String>::new());
    desk.watch("2026-11-20 16:59").await;
    assert_eq!(desk.shown(), [format!("Fri 15:00 {OVERDUE}")]);
    assert_eq!(desk.owed().await.len(), 1);
}

#[tokio::test]
async fn n02_killed_between_ledger_and_show_the_centre_has_it_and_no_second_notice_comes() {
    let mut desk = Desk::at("2026-11-20 14:59").await;
    desk.promise("Maria", "2026-11-20 15:00").await;
    let (asked, was_asked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    desk.desktop(move |_| {
        asked.send(()).unwrap();
        // Ends when the test lets go of the other side.
        let _ = released.recv();
        Shown::Unknown
    });
    desk.run(stamp("2026-11-20 15:00"));
    let (kept, now) = (desk.kept().clone(), desk.now());
    let looking = tokio::spawn(async move { tick(&kept, now).await });
    tokio::task::spawn_blocking(move || was_asked.recv().unwrap()).await.unwrap();
    looking.abort();
    assert!(looking.await.unwrap_err().is_cancelled(), "it was ended while the desktop was being asked");
    drop(release);
    desk.kill();
    desk.reopen_when_free().await;
    desk.desktop(|_| Shown::Shown);
    desk.watch("2026-11-20 15:30").await;
    assert_eq!(desk.shown(), Vec::<String>::new());
    let owed = desk.owed().await;
    assert_eq!(owed.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), [OVERDUE]);
}

#[tokio::test]
async fn n03_off_over_three_dues_gives_three_notices_with_their_times() {
    let mut desk = Desk::at("2026-11-20 09:30").await;
    for hour in [10, 12, 16] {
        desk.promise("Maria", &format!("2026-11-20 {hour}:00")).await;
    }
    desk.watch("2026-11-20 09:45").await;
    desk.quit().await;
    desk.run(stamp("2026-11-20 17:00"));
    desk.open().await;
    desk.watch("2026-11-20 17:10").await;
    let notices = desk.notices();
    let bodies: Vec<&str> = notices.iter().map(|(_, notice)| notice.body.as_str()).collect();
    assert_eq!(
        bodies,
        [
            "It was due today, 10:00; work has not begun.",
            "It was due today, 12:00; work has not begun.",
            "It was due today, 16:00; work has not begun.",
        ],
        "the most urgent first"
    );
    for pair in notices.windows(2) {
        assert!(pair[1].0.millis() - pair[0].0.millis() >= 2_000, "two seconds apart");
    }
    let report = desk.centre().await.report.unwrap();
    assert_eq!(report.words, "Kept was off from Fri 09:45 to Fri 17:00; three things came due.");
    assert_eq!(report.came_due[0], "Overdue: 12 cupcakes for Maria (today 10:00)");
}

#[tokio::test]
async fn n03_off_over_eight_dues_gives_one_notice() {
    let mut desk = Desk::at("2026-11-20 09:30").await;
    for hour in 10..18 {
        desk.promise("Maria", &format!("2026-11-20 {hour}:00")).await;
    }
    desk.watch("2026-11-20 09:45").await;
    desk.kill();
    desk.run(stamp("2026-11-20 17:30"));
    desk.reopen_when_free().await;
    desk.watch("2026-11-20 17:45").await;
    assert_eq!(desk.shown(), ["Fri 17:30 8 things came due while Kept was off: 8 promises overdue"]);
    assert_eq!(desk.owed().await.len(), 8);
    let report = desk.centre().await.report.unwrap();
    assert!(
        report.words.starts_with("Kept was ended without being quit and was off from Fri 09:4"),
        "{}",
        report.words
    );
}

#[tokio::test]
async fn n04_suspended_for_ten_hours_while_alive_catches_up_as_after_a_start() {
    for (dues, expected) in
        [(3, vec![OVERDUE; 3]), (8, vec!["8 things came due while Kept was off: 8 promises overdue"])]
    {
        let desk = Desk::with("2026-11-20 07:00", |settings| settings.quiet.on = false).await;
        for due in 0..dues {
            desk.promise("Maria", &format!("2026-11-20 {}:00", 9 + due)).await;
        }
        desk.watch("2026-11-20 07:10").await;
        desk.set_wall_clock("2026-11-20 17:10");
        desk.watch("2026-11-20 17:20").await;
        let titles: Vec<String> = desk.notices().into_iter().map(|(_, notice)| notice.title).collect();
        assert_eq!(titles, expected);
        let report = desk.centre().await.report.unwrap();
        assert!(
            report.words.starts_with("The computer slept from Fri 07:10 to Fri 17:10; "),
            "{}",
            report.words
        );
    }
}

#[tokio::test]
async fn n04_quit_right_after_a_sleep_the_next_start_catches_up() {
    let mut desk = Desk::with("2026-11-16 09:30", |settings| settings.quiet.on = false).await;
    desk.promise("Maria", "2026-11-16 10:00").await;
    desk.watch("2026-11-16 09:31").await;
    desk.set_wall_clock("2026-11-16 11:33");
    desk.quit().await;
    desk.run(stamp("2026-11-17 08:23"));
    desk.reopen_when_free().await;
    desk.watch("2026-11-17 08:30").await;
    assert_eq!(desk.shown(), [format!("Tue 08:23 {OVERDUE}")]);
    desk.watch("2026-11-17 09:30").await;
    assert_eq!(
        desk.shown(),
        [format!("Tue 09:00 {OVERDUE}")],
        "its ladder goes on in the morning and does not rest for a day"
    );
}

#[tokio::test]
async fn n05_dismissed_and_restarted_in_the_same_minute_stays_dismissed() {
    let mut desk = Desk::at("2026-11-20 14:30").await;
    desk.promise("Maria", "2026-11-20 15:00").await;
    desk.watch("2026-11-20 15:00").await;
    let ids: Vec<String> = desk.owed().await.into_iter().map(|row| row.id).collect();
    let _: Done = desk.ask("acknowledge", json!({ "alerts": ids })).await;
    desk.kill();
    desk.reopen_when_free().await;
    desk.notices();
    desk.watch("2026-11-20 17:59").await;
    assert_eq!((desk.shown().len(), desk.owed().await.len()), (0, 0));
}

#[tokio::test]
async fn n06_snoozed_for_an_hour_and_started_after_three_gives_one_notice() {
    let mut desk = Desk::at("2026-11-20 09:30").await;
    let promise = desk.promise("Maria", "2026-11-20 10:00").await;
    desk.watch("2026-11-20 10:01").await;
    let (_, notice) = desk.notices().remove(0);
    let done = pressed(desk.kept(), &notice.id, Button::Snooze).await.unwrap();
    assert!(matches!(done, Pressed::Done(done) if done.said == "Snoozed 1 alert until today 11:01"));
    let centre = desk.centre().await;
    assert_eq!((centre.groups.len(), centre.snoozed.len()), (0, 1));
    let page: PromisePage = desk.ask("promise", json!({ "promise": promise })).await;
    assert_eq!(page.row.when, "1 min late", "the promise stays where it is");
    desk.quit().await;
    desk.run(stamp("2026-11-20 13:01"));
    desk.open().await;
    desk.watch("2026-11-20 14:59").await;
    assert_eq!(desk.shown(), [format!("Fri 13:01 {OVERDUE}")]);
}

#[tokio::test]
async fn n08_resolved_while_off_stays_silent() {
    let mut desk = Desk::at("2026-11-20 09:30").await;
    let promise = desk.promise("Maria", "2026-11-20 10:00").await;
    desk.watch("2026-11-20 09:45").await;
    desk.quit().await;
    desk.run(stamp("2026-11-20 12:00"));
    // Somebody works on the folder without watching, as the command line does.
    desk.open().await;
    desk.hand_over(promise).await;
    desk.quit().await;
    desk.run(stamp("2026-11-20 14:00"));
    desk.open().await;
    desk.watch("2026-11-20 17:00").await;
    assert_eq!((desk.shown().len(), desk.owed().await.len()), (0, 0));
    let report = desk.centre().await.report.unwrap();
    assert_eq!(report.words, "Kept was off from Fri 09:45 to Fri 14:00; nothing came due.");
}

#[tokio::test]
async fn n09_quiet_hours_hold_and_give_one_digest_at_their_end() {
    let desk = Desk::at("2026-11-20 17:30").await;
    desk.promise("Maria", "2026-11-20 19:00").await;
    desk.promise("Tom", "2026-11-21 11:00").await;
    desk.watch("2026-11-23 07:59").await;
    assert_eq!((desk.shown().len(), desk.owed().await.len()), (0, 2), "listed, and held");
    desk.watch("2026-11-23 08:59").await;
    assert_eq!(desk.shown(), ["Mon 08:00 2 things came due in the quiet hours: 2 promises overdue"]);
}

#[tokio::test]
async fn n10_nine_stays_nine_when_the_clocks_are_moved_either_way() {
    for (friday, monday) in [("2026-10-23", "2026-10-26"), ("2026-03-27", "2026-03-30")] {
        let desk = Desk::at(&format!("{friday} 09:30")).await;
        desk.promise("Maria", friday).await;
        desk.watch(&format!("{monday} 08:59")).await;
        assert_eq!(desk.shown(), Vec::<String>::new());
        desk.watch(&format!("{monday} 09:30")).await;
        assert_eq!(desk.shown(), [format!("Mon 09:00 {OVERDUE}")]);
    }
}

#[tokio::test]
async fn n12_the_clock_set_back_by_two_hours_gives_nothing() {
    let desk = Desk::at("2026-11-20 14:30").await;
    desk.promise("Maria", "2026-11-20 15:00").await;
    desk.watch("2026-11-20 15:30").await;
    assert_eq!(desk.shown().len(), 1);
    desk.set_wall_clock("2026-11-20 13:30");
    desk.watch("2026-11-20 16:59").await;
    assert_eq!((desk.shown().len(), desk.owed().await.len()), (0, 1));
    desk.watch("2026-11-20 17:30").await;
    assert_eq!(desk.shown(), [format!("Fri 17:00 {OVERDUE}")], "the ladder goes on");
}

#[tokio::test]
async fn n13_five_hundred_overdue_give_one_summary_and_the_ladder_starts_on_the_next_working_day() {
    let desk = Desk::at("2026-11-18 09:30").await;
    desk.watch("2026-11-18 10:00").await;
    for index in 0..500 {
        desk.promise(&format!("Customer {index}"), &format!("2026-11-{:02}", 2 + index % 15)).await;
    }
    desk.watch("2026-11-19 08:59").await;
    assert_eq!(desk.shown(), ["Wed 10:00 500 things are waiting for you: 500 promises overdue"]);
    let groups = desk.centre().await.groups;
    assert_eq!((groups.len(), groups[0].count, groups[0].alerts.len()), (1, 500, 200));
    desk.watch("2026-11-19 09:10").await;
    assert_eq!(desk.shown(), ["Thu 09:00 Today: 500 overdue"]);
}

#[tokio::test]
async fn n15_a_desktop_that_refuses_loses_nothing_and_is_said() {
    let mut desk = Desk::at("2026-11-20 14:30").await;
    let promise = desk.promise("Maria", "2026-11-20 15:00").await;
    desk.desktop(|_| Shown::Refused("no notification daemon".to_owned()));
    desk.watch("2026-11-20 15:30").await;
    assert_eq!(desk.owed().await.len(), 1);
    let refused = Some("no notification daemon".to_owned());
    assert_eq!(desk.ask::<ShellView>("shell", json!({})).await.notices_refused, refused);
    desk.kill();
    desk.reopen_when_free().await;
    assert_eq!(desk.centre().await.notices_refused, refused, "also after a restart");
    desk.desktop(|_| Shown::Shown);
    let done: Done = desk.ask("send_test_notice", json!({})).await;
    assert!(done.said.starts_with("Sent."), "{}", done.said);
    assert_eq!(desk.centre().await.notices_refused, None);
    desk.notices();
    desk.watch("2026-11-20 17:30").await;
    assert_eq!(desk.shown(), [format!("Fri 17:00 {OVERDUE}")], "the ladder goes on");
    desk.hand_over(promise).await;
    assert_eq!(desk.owed().await.len(), 0);
}

#[tokio::test]
async fn n16_of_two_on_one_folder_only_one_watches() {
    let desk = Desk::at("2026-11-20 14:30").await;
    let failure = desk.try_open().await.unwrap_err();
    assert_eq!(failure.code, Code::Busy);
}

#[tokio::test]
async fn n19_other_amounts_give_the_same_notices_in_the_same_order() {
    let amounts = [5, 900_000, 1, 77_00, 12];
    let run = async |order: &[usize]| {
        let desk = Desk::at("2026-11-19 09:30").await;
        for (index, amount) in order.iter().enumerate() {
            let due = format!("2026-11-20 {}:00", 10 + index / 2);
            desk.promise_paid(&format!("Customer {index}"), &due, amounts[*amount]).await;
        }
        desk.watch("2026-11-24 12:00").await;
        desk.shown()
    };
    let first = run(&[0, 1, 2, 3, 4]).await;
    assert!(first.len() > 10, "{first:?}");
    assert_eq!(first, run(&[4, 3, 0, 2, 1]).await);
}

#[tokio::test]
async fn a_button_hands_over_and_no_further_notice_comes() {
    let mut desk = Desk::at("2026-11-20 14:30").await;
    let promise = desk.promise("Maria", "2026-11-20 15:00").await;
    desk.watch("2026-11-20 15:01").await;
    let (_, notice): (_, Notice) = desk.notices().remove(0);
    assert!(notice.sound && notice.promise == Some(promise));
    assert_eq!(notice.buttons, Button::ALL);
    // The notice is still on the screen when Kept has been ended and started again.
    desk.kill();
    desk.reopen_when_free().await;
    assert_eq!(pressed(desk.kept(), &notice.id, Button::Open).await.unwrap(), Pressed::Open(Some(promise)));
    let done = pressed(desk.kept(), &notice.id, Button::HandedOver).await.unwrap();
    assert!(matches!(done, Pressed::Done(done) if done.said == "Handed over 12 cupcakes to Maria"));
    assert!(pressed(desk.kept(), &notice.id, Button::HandedOver).await.is_err(), "there is nothing left");
    assert!(pressed(desk.kept(), &notice.id, Button::Snooze).await.is_err(), "there is nothing to put off");
    assert_eq!(pressed(desk.kept(), "several", Button::Open).await.unwrap(), Pressed::Open(None));
    assert!(pressed(desk.kept(), "several", Button::HandedOver).await.is_err());
    desk.watch("2026-11-24 12:00").await;
    assert_eq!((desk.shown().len(), desk.owed().await.len()), (0, 0));
}

#[tokio::test]
async fn the_loop_looks_at_a_change_at_once_and_ends_when_kept_is_closed() {
    let mut desk = Desk::at("2026-11-20 15:30").await;
    let (asked, was_asked) = mpsc::channel();
    desk.desktop(move |notice| {
        asked.send(notice.title.clone()).unwrap();
        Shown::Shown
    });
    let watching = tokio::spawn(watch(desk.kept().clone()));
    desk.promise("Maria", "2026-11-20 15:00").await;
    let title = tokio::task::spawn_blocking(move || was_asked.recv().unwrap());
    assert_eq!(title.await.unwrap(), OVERDUE);
    desk.quit().await;
    watching.await.unwrap();
}

#[tokio::test]
async fn the_centre_says_why_from_what_and_what_comes_next() {
    let desk = Desk::at("2026-11-20 14:30").await;
    let promise = desk.promise("Maria", "2026-11-20 15:00").await;
    desk.promise("Tom", "2026-11-23 11:00").await;
    let next: Vec<String> =
        desk.centre().await.next.into_iter().map(|it| format!("{}: {}", it.at_words, it.what)).collect();
    assert_eq!(
        next,
        [
            "today 15:00: Overdue unless handed over: 12 cupcakes for Maria",
            "Mon 11:00: Overdue unless handed over: 12 cupcakes for Tom",
        ]
    );
    desk.watch("2026-11-20 15:30").await;
    let row = desk.owed().await.remove(0);
    assert_eq!(
        (row.title.as_str(), row.why.as_str(), row.from.as_str(), row.at_words.as_str()),
        (
            OVERDUE,
            "It was due today, 15:00; work has not begun.",
            "from the date Fri 20 Nov, 15:00",
            "today 15:00"
        )
    );
    let page: PromisePage = desk.ask("promise", json!({ "promise": promise })).await;
    let reminders: Vec<(bool, String)> = page
        .reminders
        .into_iter()
        .map(|it| (it.announced, format!("{}: {}", it.at_words, it.what)))
        .collect();
    assert_eq!(
        reminders,
        [
            (true, format!("today 15:00: {OVERDUE}")),
            (false, "today 17:00: Still overdue: 12 cupcakes for Maria".to_owned()),
        ]
    );
}

#[tokio::test]
async fn alerts_that_are_wrong_or_gone_are_refused_in_words() {
    let desk = Desk::at("2026-11-20 14:30").await;
    let promise = desk.promise("Maria", "2026-11-20 15:00").await;
    let refused =
        async |name: &str, takes: serde_json::Value| desk.kept().answer(name, takes).await.unwrap_err().code;
    assert_eq!(refused("acknowledge", json!({ "alerts": ["nonsense"] })).await, Code::Invalid);
    let to_come = format!("overdue:{promise}:2026-11-20T15:00");
    assert_eq!(refused("acknowledge", json!({ "alerts": [to_come] })).await, Code::NotFound);
    desk.watch("2026-11-20 15:01").await;
    let past = json!({ "alerts": [to_come], "until": { "kind": "until", "at": stamp("2026-11-20 14:00") } });
    assert_eq!(refused("snooze", past).await, Code::Invalid);
}
