//! What surrounds the window: links, the small window, the key of the desktop, the start at login.

use crate::desktop::Desktop;
use crate::shop::Shop;
use serde_json::json;

const SMALL: &str = "Promise something";

#[test]
fn a_link_opens_its_place_in_the_window_that_is_there_and_does_nothing_else() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let promise = shop.promise_due_in_minutes(600, "cupcakes", "Maria Silva");
    let id = promise["promise"].as_str().unwrap();
    let window = desktop.open(shop.folder());
    window.wait_for_text("Maria Silva");

    assert!(desktop.start_with(shop.folder(), &[&format!("kept://promise/{id}")]).success());
    window.wait_until("the promise is open", || window.address().ends_with(&format!("#/promise/{id}")));
    window.wait_for_text("cupcakes");
    assert!(desktop.start_with(shop.folder(), &["kept://alerts"]).success());
    window.wait_until("the alerts are open", || window.address().ends_with("#/alerts"));

    assert!(desktop.start_with(shop.folder(), &[&format!("kept://promise/{id}?hand_over=all")]).success());
    window.wait_for_text("A link opens a promise or a screen and does nothing else.");
    assert!(window.address().ends_with("#/alerts"), "it stays where it is");
    window.wait_for_answer("promise", &promise, |page| page["open"] == true);
}

#[test]
fn a_first_start_with_a_link_opens_it_or_says_why_not() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    shop.promise_due_in_minutes(600, "cupcakes", "Maria Silva");
    let window = desktop.open_with(shop.folder(), &["kept://settings"]);
    window.wait_until("the settings are open", || window.address().ends_with("#/settings"));
    window.kill();
    let window = desktop.open_with(shop.folder(), &["kept://delete/everything"]);
    window.wait_for_text("Kept did not open “kept://delete/everything”.");
}

#[test]
fn something_is_promised_in_the_small_window_by_the_key_of_the_desktop() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let window = desktop.open(shop.folder());
    window.wait_for_answer("settings", &json!({}), |settings| settings["quick_add_key"].is_null());
    assert!(desktop.start_with(shop.folder(), &["--quick-add"]).success());
    desktop.wait_for_window(SMALL);
    desktop.type_into(SMALL, "12 cup");
    // The first closes what was read, the second the window.
    desktop.press_keys("Escape");
    desktop.press_keys("Escape");
    desktop.wait_for_no_window(SMALL);

    let mut settings = window.ask("settings", &json!({}));
    settings["quick_add_key"] = json!("Ctrl+Alt+K");
    window.ask("change_settings", &settings);
    window.wait_until("the key opens the small window", || {
        desktop.press_keys("ctrl+alt+k");
        desktop.has_window(SMALL)
    });
    desktop.type_into(SMALL, "12 cupcakes for Maria Silva by tomorrow 3pm");
    desktop.press_keys("Return");
    window.wait_for_answer("find", &json!({ "text": "Maria" }), |found| {
        found["promises"].as_array().is_some_and(|found| found.len() == 1)
    });
    desktop.wait_for_no_window(SMALL);
}

#[test]
fn kept_starts_at_login_only_if_the_owner_says_so() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let window = desktop.open(shop.folder());
    window.wait_for_text("Today");
    assert_eq!(window.invoke("desktop", &json!({}))["starts_at_login"], false);
    assert_eq!(desktop.started_at_login(), None);
    window.invoke("start_at_login", &json!({ "on": true }));
    let entry = desktop.started_at_login().unwrap();
    assert!(entry.contains("--hidden"), "{entry}");
    assert!(entry.contains(&format!("--data \"{}\"", shop.folder().display())), "{entry}");
    assert_eq!(window.invoke("desktop", &json!({}))["starts_at_login"], true);
    window.invoke("start_at_login", &json!({ "on": false }));
    assert_eq!(desktop.started_at_login(), None);
}

#[test]
fn the_window_may_write_to_people_and_open_nothing_else() {
    let desktop = Desktop::new();
    let shop = Shop::new();
    let window = desktop.open(shop.folder());
    window.wait_for_text("Today");
    for url in ["https://example.com", "file:///etc/passwd", "javascript:alert(1)", "kept://today"] {
        let refused = window.invoke("plugin:opener|open_url", &json!({ "url": url }));
        let said = refused["failed"].to_string();
        assert!(said.contains("Not allowed"), "{url}: {refused}");
    }
    let path = json!({ "path": "/etc/passwd" });
    assert!(window.invoke("plugin:opener|open_path", &path)["failed"].is_string(), "no path is opened");
    let other = json!({ "promise": "01980f6e-1111-7222-8333-444455556666", "hash": "../../etc/passwd" });
    let refused = window.invoke("open_file", &other);
    assert_eq!(refused["failed"]["code"], "not_found", "{refused}");
}

/// Each screen comes as a file of its own, and what a browser lets it do the window may not.
#[test]
fn every_screen_opens_in_the_real_window() {
    let desktop = Desktop::new();
    let data = tempfile::tempdir().unwrap();
    let window = desktop.open(data.path());
    window.ask("look_around", &json!({}));
    for (screen, heading) in [
        ("promises", "Promises"),
        ("calendar", "Calendar"),
        ("board", "Board"),
        ("week", "Week"),
        ("customers", "Customers"),
        ("menu", "Menu"),
        ("offer/new", "New offer"),
        ("repeating", "Repeating"),
        ("chores", "Chores"),
        ("feedback", "Feedback"),
        ("recoveries", "Recoveries"),
        ("causes", "Causes"),
        ("wins", "Wins"),
        ("insights", "Insights"),
        ("review", "The week"),
        ("alerts", "Alerts"),
        ("import", "Import"),
        ("backups", "Backups"),
        ("settings", "Settings"),
    ] {
        window.go(&format!("#/{screen}"));
        window.wait_until(heading, || window.heading().trim().starts_with(heading));
    }
}
