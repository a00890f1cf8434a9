//! The real program in a real window, with a real notification daemon on a session bus of its own.
//!
//! Everything is found by what the owner reads, not by how the page is built. Nothing sleeps: each test waits for what
//! has to become true, and fails with what it saw instead.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by a panic")]

mod around;
mod desktop;
mod notices;
mod shop;
mod tray;
mod webdriver;

use desktop::Desktop;
use serde_json::json;
use shop::Shop;

/// The way of an order that runs late: the toast, its button, the promise, a power cut, and no second toast.
#[test]
fn an_order_that_turns_overdue_is_announced_once_and_can_be_handed_over_on_the_toast() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let promise = shop.promise_due_within_a_minute(12, "cupcakes", "Maria Silva");
    let window = desktop.open(shop.folder());
    window.wait_for_text("Maria Silva");

    let toast = desktop.wait_for_toast(|toast| toast.says("Maria Silva") && toast.says("verdue"));
    assert!(toast.says("cupcakes"), "{toast:?}");
    desktop.press("Handed over");
    window.wait_for_answer("promise", &promise, |page| page["open"] == false);
    window.show(&promise);
    window.wait_for_text("Handed over 12 cupcakes to Maria Silva");

    let toasts = desktop.toasts().len();
    window.kill();
    let window = desktop.open(shop.folder());
    window.wait_for_answer("promise", &promise, |page| page["open"] == false);
    window.show(&promise);
    window.wait_for_text("Handed over 12 cupcakes to Maria Silva");
    // Once it stands in the answer that nothing is left to be announced, no toast can be on its way.
    window.wait_for_answer("alerts", &json!({}), |centre| centre["groups"] == json!([]));
    assert_eq!(desktop.toasts().len(), toasts, "{:?}", desktop.toasts());
}

#[test]
fn a_click_on_a_toast_opens_its_promise() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    let window = desktop.open(shop.folder());
    window.wait_for_text("Jonas Weber");
    desktop.wait_for_toast(|toast| toast.says("Jonas Weber"));
    desktop.click();
    window.wait_until("the promise is open", || window.address().contains("#/promise/"));
    window.wait_for_text("Oak shelf");
}

#[test]
fn a_closed_window_goes_on_watching_and_comes_back_at_the_next_start() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let window = desktop.open(shop.folder());
    window.wait_for_answer("settings", &json!({}), |settings| settings["on_close"].is_null());
    window.close("keep_watching");
    window.wait_until("the window is hidden", || !window.is_visible());
    window.wait_for_answer("settings", &json!({}), |settings| settings["on_close"] == "keep_watching");
    desktop.wait_for_toast(|toast| toast.says("Kept keeps watching"));

    let second = desktop.start(shop.folder());
    assert!(second.success(), "a second start shows the first one's window and ends: {second}");
    window.wait_until("the window is back", || window.is_visible());
}

#[test]
fn a_page_that_is_lost_is_drawn_again() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    shop.promise_due_in_minutes(600, "cupcakes", "Maria Silva");
    let window = desktop.open_without_driver(shop.folder());
    window.lose_page();
}

#[test]
fn who_logs_out_finds_all_in_order_at_the_next_start() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let promise = shop.promise_due_in_minutes(600, "Oak shelf", "Jonas Weber");
    let window = desktop.open(shop.folder());
    window.wait_for_answer("promise", &promise, |page| page["open"] == true);
    let closed = shop.folder().join("closed");
    // It is still that of the last time.
    std::fs::remove_file(&closed).unwrap();
    window.log_out();
    assert!(closed.exists(), "the data was closed in good order");
}

#[test]
fn the_first_start_shows_the_welcome_and_two_windows_never_share_a_folder() {
    let desktop = Desktop::new();
    let shop = Shop::untouched();
    let first = desktop.open(shop.folder());
    first.wait_for_text("promise");
    first.wait_for_answer("shell", &json!({}), |shell| shell["empty"] == true);

    let second = desktop.start(shop.folder());
    assert!(
        second.success(),
        "a second start on the same desktop shows the first one's window and ends: {second}"
    );

    let elsewhere = Desktop::new();
    let refused = elsewhere.open(shop.folder());
    refused.wait_for_text("already open");
    first.wait_for_answer("shell", &json!({}), |shell| shell["empty"] == true);
}
