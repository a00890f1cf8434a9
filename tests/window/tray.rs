//! The icon in the tray, seen and pressed as the desktop's panel does it: over the session bus.

use crate::desktop::Desktop;
use crate::shop::Shop;
use serde_json::json;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use zbus::blocking::connection::{Builder, Connection};
use zbus::interface;
use zbus::zvariant::{OwnedValue, Value};

const PATIENCE: Duration = Duration::from_secs(60);

/// A panel: it lets programs put icons into its tray.
struct Panel {
    bus: Connection,
    items: Receiver<String>,
}

struct Watcher {
    items: Sender<String>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
#[expect(clippy::unused_self, reason = "the bus calls methods, and what most of them say is always the same")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str) {
        self.items.send(service.to_owned()).unwrap();
    }

    fn register_status_notifier_host(&self, service: &str) {
        assert!(!service.is_empty());
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// An entry of a menu as the panel gets it: its number, what is known of it, its own entries.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Panel {
    fn on(desktop: &Desktop) -> Self {
        let (sender, items) = channel();
        let builder = Builder::address(desktop.bus()).unwrap();
        let builder = builder.serve_at("/StatusNotifierWatcher", Watcher { items: sender }).unwrap();
        let bus = builder.name("org.kde.StatusNotifierWatcher").unwrap().build().unwrap();
        Self { bus, items }
    }

    /// Waits for an icon.
    fn wait_for_icon(&self) -> Icon<'_> {
        let service = self.items.recv_timeout(PATIENCE).unwrap();
        Icon { bus: &self.bus, service }
    }
}

/// Kept's icon in the tray.
struct Icon<'a> {
    bus: &'a Connection,
    service: String,
}

impl Icon<'_> {
    /// Its title.
    fn title(&self) -> String {
        let takes = ("org.kde.StatusNotifierItem", "Title");
        let on = "org.freedesktop.DBus.Properties";
        let answer = self
            .bus
            .call_method(Some(&*self.service), "/StatusNotifierItem", Some(on), "Get", &takes)
            .unwrap();
        let title: OwnedValue = answer.body().deserialize().unwrap();
        String::try_from(title).unwrap()
    }

    /// The entries of its menu, those of the menus in it with them, as `(number, words)`.
    fn menu(&self) -> Vec<(i32, String)> {
        let takes = (0_i32, -1_i32, Vec::<String>::new());
        let on = "com.canonical.dbusmenu";
        let answer =
            self.bus.call_method(Some(&*self.service), "/MenuBar", Some(on), "GetLayout", &takes).unwrap();
        let (_, root): (u32, Entry) = answer.body().deserialize().unwrap();
        let mut entries = Vec::new();
        collect(root, &mut entries);
        entries
    }

    /// Presses an entry that begins with these words.
    fn press(&self, words: &str) {
        let menu = self.menu();
        let (number, _) =
            menu.iter().find(|(_, entry)| entry.starts_with(words)).unwrap_or_else(|| panic!("{menu:?}"));
        let takes = (*number, "clicked", Value::from(0_i32), 0_u32);
        self.bus
            .call_method(Some(&*self.service), "/MenuBar", Some("com.canonical.dbusmenu"), "Event", &takes)
            .unwrap();
    }

    fn offers(&self, words: &str) -> bool {
        self.menu().iter().any(|(_, entry)| entry.starts_with(words))
    }
}

fn collect((number, known, entries): Entry, into: &mut Vec<(i32, String)>) {
    if let Some(words) = known.get("label") {
        into.push((number, String::try_from(words.clone()).unwrap()));
    }
    for entry in entries {
        collect(Entry::try_from(entry).unwrap(), into);
    }
}

#[test]
fn the_tray_says_how_things_stand_and_its_menu_does_what_it_says() {
    let desktop = Desktop::new();
    let panel = Panel::on(&desktop);
    let shop = Shop::new();
    shop.promise_that_turned_overdue_while_kept_was_off(1, "Oak shelf", "Jonas Weber");
    shop.promise_due_in_minutes(600, "cupcakes", "Maria Silva");
    let window = desktop.open(shop.folder());
    window.wait_for_text("Jonas Weber");
    let icon = panel.wait_for_icon();
    window.wait_until("the icon counts", || icon.title() == "Kept: 1 promise is overdue");
    assert_eq!(window.invoke("desktop", &json!({}))["tray"], true);
    assert!(
        icon.menu().iter().any(|(_, entry)| entry.contains("Oak shelf for Jonas Weber")),
        "{:?}",
        icon.menu()
    );

    window.wait_until("something calls", || icon.offers("Snooze 1 alert for 1 hour"));
    icon.press("Snooze 1 alert");
    window.wait_for_answer("alerts", &json!({}), |centre| centre["snoozed"].as_array().unwrap().len() == 1);
    window.wait_until("nothing calls", || !icon.offers("Snooze"));

    icon.press("for 1 hour");
    window.wait_for_text("The watch is paused until");
    window.wait_until("it can be ended", || icon.offers("Watch again"));
    icon.press("Watch again");
    window.wait_for_answer("shell", &json!({}), |shell| shell["paused"].is_null());

    window.invoke("close_window", &json!({ "what": "keep_watching" }));
    window.wait_until("the window is hidden", || !window.is_visible());
    icon.press("Open Kept");
    window.wait_until("the window is back", || window.is_visible());
    icon.press("Promise something");
    desktop.wait_for_window("Promise something");
}
