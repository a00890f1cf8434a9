//! An owner with a shop of her own: a data folder, a clock and the notices that she saw.

use kept_app::clock::Reading;
use kept_app::failure::Failure;
use kept_app::{Host, Kept, Notice, Shown};
use kept_core::day::{Stamp, TimeOfDay, Zone};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) struct Owner {
    pub(crate) kept: Kept,
    folder: TempDir,
    clock: Arc<Mutex<Stamp>>,
    pub(crate) notices: Arc<Mutex<Vec<Notice>>>,
}

impl Owner {
    /// A new shop in Paris, open from nine to six on weekdays, at `2026-11-16 09:00` on its clocks.
    pub(crate) async fn at(wall: &str) -> Self {
        let owner = Self::fresh_at(wall).await;
        let mut settings = owner.ask("settings", json!({})).await;
        settings["calendar"]["zone"] = json!("Europe/Paris");
        owner.ask("change_settings", settings).await;
        owner
    }

    /// A Kept in which nothing was ever done.
    pub(crate) async fn fresh_at(wall: &str) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), wall).await
    }

    /// What is in a folder already, at a time on the clocks of Paris.
    pub(crate) async fn in_folder(folder: TempDir, wall: &str) -> Self {
        let clock = Arc::new(Mutex::new(stamp(wall)));
        let notices = Arc::default();
        let kept = open(&folder, &clock, &notices).await;
        Self { kept, folder, clock, notices }
    }

    /// Sets her clock.
    pub(crate) fn now(&self, wall: &str) {
        *self.clock.lock().unwrap() = stamp(wall);
    }

    /// What both her clocks show.
    pub(crate) fn reading(&self) -> Reading {
        reading(*self.clock.lock().unwrap())
    }

    /// Quits Kept and starts it again.
    pub(crate) async fn restart(&mut self) {
        self.kept.close().await.unwrap();
        self.kept = open(&self.folder, &self.clock, &self.notices).await;
    }

    pub(crate) async fn ask(&self, name: &str, takes: Value) -> Value {
        self.try_ask(name, takes).await.unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
    }

    pub(crate) async fn try_ask(&self, name: &str, takes: Value) -> Result<Value, Failure> {
        self.kept.answer(name, takes).await
    }

    /// Promises a quantity of something; the promise's id.
    pub(crate) async fn promise(&self, to: &str, quantity: u32, what: &str, day: &str, time: &str) -> String {
        let done = self.ask("make_promise", json!({ "draft": draft(to, quantity, what, day, time) })).await;
        done["promise"].as_str().unwrap().to_owned()
    }

    /// The page of a promise.
    pub(crate) async fn page(&self, id: &str) -> Value {
        self.ask("promise", json!({ "promise": id })).await
    }

    /// The titles on Today, by section.
    pub(crate) async fn today(&self) -> Vec<(String, Vec<String>)> {
        let today = self.ask("today", json!({})).await;
        let sections = today["sections"].as_array().unwrap().iter();
        sections
            .map(|section| {
                let rows = section["rows"].as_array().unwrap().iter();
                let titles = rows.map(|row| row["title"].as_str().unwrap().to_owned()).collect();
                (section["name"].as_str().unwrap().to_owned(), titles)
            })
            .collect()
    }
}

/// A draft as the quick-add bar makes it.
pub(crate) fn draft(to: &str, quantity: u32, what: &str, day: &str, time: &str) -> Value {
    json!({
        "customer_name": to,
        "parts": [{ "what": what, "quantity": quantity, "effort_left": 120 }],
        "due": { "day": day, "hours": { "kind": "at", "time": time } },
    })
}

/// One section of Today, as [`Owner::today`] gives it.
pub(crate) fn section(name: &str, titles: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), titles.iter().map(|title| (*title).to_owned()).collect())
}

fn stamp(wall: &str) -> Stamp {
    let (day, time) = wall.split_once(' ').unwrap();
    let zone: Zone = "Europe/Paris".parse().unwrap();
    zone.instant(day.parse().unwrap(), time.parse::<TimeOfDay>().unwrap())
}

fn reading(stamp: Stamp) -> Reading {
    Reading { stamp, monotonic: Duration::from_millis(stamp.millis().unsigned_abs()) }
}

async fn open(folder: &TempDir, clock: &Arc<Mutex<Stamp>>, notices: &Arc<Mutex<Vec<Notice>>>) -> Kept {
    let (clock, notices) = (Arc::clone(clock), Arc::clone(notices));
    let host = Host {
        now: Box::new(move || reading(*clock.lock().unwrap())),
        notify: Box::new(move |notice| {
            notices.lock().unwrap().push(notice);
            Shown::Shown
        }),
        changed: Box::new(|_| {}),
    };
    Kept::open(folder.path(), host).await.unwrap()
}
