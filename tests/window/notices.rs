//! Toasts on a real notification daemon: pressed, closed by the owner, closed by Kept, with the daemon gone, and after
//! a sleep.

use crate::desktop::{Desktop, Toast};
use crate::shop::Shop;
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How many alerts nobody has acknowledged.
fn owed(centre: &Value) -> usize {
    let groups = centre["groups"].as_array().unwrap().iter();
    groups.map(|group| group["alerts"].as_array().unwrap().len()).sum()
}

#[test]
fn an_alert_is_put_off_on_its_toast_which_then_goes() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let promise = shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    let window = desktop.open(shop.folder());
    desktop.wait_for_toast(|toast| toast.says("Jonas Weber"));
    desktop.press("Snooze 1 h");
    window.wait_for_answer("alerts", &json!({}), |centre| {
        owed(centre) == 0 && centre["snoozed"].as_array().unwrap().len() == 1
    });
    desktop.wait_for_toasts_on_screen(0);
    window.wait_for_answer("promise", &promise, |page| page["row"]["place"] == "overdue");
}

#[test]
fn a_customer_is_told_on_the_toast_of_a_promise_that_was_moved() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let promise = shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    shop.moved_without_telling(&promise);
    let window = desktop.open(shop.folder());
    desktop.wait_for_toast(|toast| toast.says("Jonas Weber"));
    desktop.press("Told the customer");
    window.wait_for_answer("promise", &promise, |page| page["dates"]["moves"][0]["told_at"].is_string());
    desktop.press("Open");
    window.wait_until("the promise is open", || window.address().contains("#/promise/"));
}

#[test]
fn a_toast_that_the_owner_closes_is_hidden_and_not_acknowledged() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    let window = desktop.open(shop.folder());
    desktop.wait_for_toast(|toast| toast.says("Jonas Weber"));
    desktop.wait_for_toasts_on_screen(1);
    desktop.close_toasts();
    desktop.wait_for_toasts_on_screen(0);
    assert_eq!(owed(&window.ask("alerts", &json!({}))), 1);
    window.kill();
    let window = desktop.open(shop.folder());
    window.wait_for_answer("alerts", &json!({}), |centre| owed(centre) == 1);
    assert_eq!(desktop.toasts().len(), 1, "and no second toast comes");
}

#[test]
fn a_toast_goes_when_its_promise_is_resolved_in_the_window() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let shelf = shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    shop.promise_that_turned_overdue_while_kept_was_off(12, "cupcakes", "Maria Silva");
    let window = desktop.open(shop.folder());
    desktop.wait_for_toast(|toast| toast.says("Jonas Weber"));
    desktop.wait_for_toast(|toast| toast.says("Maria Silva"));
    desktop.wait_for_toasts_on_screen(2);
    window.ask("hand_over", &shelf);
    desktop.wait_for_toasts_on_screen(1);
    let alerts: Vec<Value> = window.ask("alerts", &json!({}))["groups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["alerts"].as_array().unwrap().clone())
        .map(|alert| alert["id"].clone())
        .collect();
    window.ask("acknowledge", &json!({ "alerts": alerts }));
    desktop.wait_for_toasts_on_screen(0);
}

#[test]
fn private_toasts_name_nobody() {
    let desktop = Desktop::new();
    let shop = Shop::private();
    shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    let _window = desktop.open(shop.folder());
    let toast = desktop.wait_for_toast(|toast| toast.says("Overdue"));
    assert!(!toast.says("Weber") && !toast.says("shelf"), "{toast:?}");
}

#[test]
fn where_nobody_shows_notices_the_window_says_so_until_somebody_does() {
    let mut desktop = Desktop::new();
    let shop = Shop::new();
    shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    let window = desktop.open(shop.folder());
    desktop.wait_for_toast(|toast| toast.says("Jonas Weber"));

    desktop.kill_daemon();
    shop_promises_more(&window);
    window.wait_for_text("This desktop has no program that shows notifications.");
    window.wait_for_answer("alerts", &json!({}), |centre| owed(centre) == 2);

    desktop.start_daemon();
    window.ask("send_test_notice", &json!({}));
    desktop.wait_for_toast(|toast| toast.says("Kept can reach you"));
    window.wait_for_answer("shell", &json!({}), |shell| shell["notices_refused"].is_null());
    window.wait_until("the bar is gone", || !window.says("no program that shows notifications"));
}

#[test]
fn where_nobody_shows_notices_the_window_comes_to_the_front_if_the_owner_wants_it() {
    for (shop, comes) in [(Shop::that_raises_its_window(), true), (Shop::new(), false)] {
        let mut desktop = Desktop::new();
        desktop.kill_daemon();
        let window = desktop.open(shop.folder());
        window.wait_until("the window is there", || window.is_visible());
        window.close("keep_watching");
        window.wait_until("the window is hidden", || !window.is_visible());
        shop_promises_more(&window);
        window.wait_for_answer("shell", &json!({}), |shell| shell["notices_refused"].is_string());
        if comes {
            window.wait_until("the window is back", || window.is_visible());
        } else {
            assert!(!window.is_visible(), "nobody has asked for it");
        }
    }
}

#[test]
fn without_any_daemon_from_the_start_nothing_is_lost() {
    let mut desktop = Desktop::new();
    desktop.kill_daemon();
    let shop = Shop::new();
    shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    let window = desktop.open(shop.folder());
    window.wait_for_text("This desktop has no program that shows notifications.");
    window.wait_for_answer("alerts", &json!({}), |centre| owed(centre) == 1);
}

#[test]
fn a_computer_that_slept_over_several_dues_wakes_to_one_toast() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    for number in 1..=6 {
        shop.promise_due_in_minutes(30 * number, "cupcakes", &format!("Customer {number}"));
    }
    let window = desktop.open(shop.folder());
    window.wait_for_text("Customer 1");
    // The watch has begun when it has taken down that it watches.
    window.wait_until("Kept watches", || shop.is_watched());
    let before = desktop.toasts();
    let is_catching_up = |toast: &Toast| toast.says("6 things came due");
    assert!(!before.iter().any(is_catching_up), "{before:?}");

    window.suspend();
    desktop.set_clock_ahead(10 * HOUR);
    window.resume();
    desktop.wait_for_toast(is_catching_up);
    window.wait_for_answer("alerts", &json!({}), |centre| owed(centre) == 6);
    let after = desktop.toasts();
    assert_eq!(after.len(), before.len() + 1, "{after:?}");
    window.wait_for_answer("alerts", &json!({}), |centre| {
        centre["report"]["words"].as_str().is_some_and(|words| words.starts_with("The computer slept"))
    });
}

fn shop_promises_more(window: &crate::desktop::Window) {
    let minute = json!({ "kind": "at", "time": "00:01" });
    let due = json!({ "day": window.ask("today", &json!({}))["today"], "hours": minute });
    let draft = json!({
        "customer_name": "Maria Silva",
        "parts": [{ "what": "cupcakes", "quantity": 12, "effort_left": 0 }],
        "due": due,
        "past_is_meant": true,
    });
    window.ask("make_promise", &json!({ "draft": draft }));
}
