//! A desk for watching: Kept on a real store in a folder of its own, clocks that the test sets, and a desktop that
//! takes down what it is asked to show.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot go on has failed, and each test uses only some of this"
)]

use kept_app::clock::Reading;
use kept_app::failure::{Code, Failure};
use kept_app::{Host, Kept, Notice, Shown, watching};
use kept_core::alert::{AlertKind, KindSettings};
use kept_core::calendar::WorkingCalendar;
use kept_core::day::{Day, Stamp, TimeOfDay, Zone};
use kept_core::id::CommitmentId;
use kept_core::settings::Settings;
use kept_core::views::{AlertCentre, AlertRow, Done};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// The zone of the shop.
pub(crate) fn zone() -> Zone {
    "Europe/Paris".parse().unwrap()
}

/// `2026-11-20 15:00` on the clocks of the shop.
pub(crate) fn stamp(text: &str) -> Stamp {
    let (day, time) = text.split_once(' ').unwrap();
    zone().instant(day.parse().unwrap(), time.parse().unwrap())
}

type Answers = Box<dyn Fn(&Notice) -> Shown + Send>;

/// What the test moves, and what the desktop was asked to show.
struct World {
    clocks: Mutex<Reading>,
    shown: Mutex<Vec<(Stamp, Notice)>>,
    answers: Mutex<Answers>,
}

/// Kept, or the folder that it was closed on.
pub(crate) struct Desk {
    folder: TempDir,
    world: Arc<World>,
    kept: Option<Kept>,
}

impl Desk {
    /// A new shop in Paris, open from nine to six from Monday to Friday, at a time.
    pub(crate) async fn at(time: &str) -> Self {
        Self::with(time, |_| ()).await
    }

    /// A new shop with other settings.
    pub(crate) async fn with(time: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let clocks = Mutex::new(Reading { stamp: stamp(time), monotonic: Duration::from_secs(1_000) });
        let answers: Mutex<Answers> = Mutex::new(Box::new(|_| Shown::Shown));
        let world = Arc::new(World { clocks, shown: Mutex::default(), answers });
        let mut desk = Self { folder: tempfile::tempdir().unwrap(), world, kept: None };
        desk.open().await;
        let mut settings = Settings::new(zone());
        settings.calendar = WorkingCalendar::nine_to_six(zone());
        // No backups are made here unless a test asks for them.
        let never = KindSettings { on: false, ..KindSettings::usual(AlertKind::Backup) };
        settings.alerts.set(AlertKind::Backup, never);
        change(&mut settings);
        let _: Done = desk.ask("change_settings", json!(settings)).await;
        desk
    }

    /// Kept as it runs.
    pub(crate) fn kept(&self) -> &Kept {
        self.kept.as_ref().unwrap()
    }

    /// Opens the folder, as at a start.
    pub(crate) async fn open(&mut self) {
        assert!(self.kept.is_none(), "it is open already");
        self.kept = Some(self.try_open().await.unwrap());
    }

    /// Opens the folder as soon as what was ended has let go of it.
    pub(crate) async fn reopen_when_free(&mut self) {
        assert!(self.kept.is_none(), "it is open already");
        loop {
            match self.try_open().await {
                Ok(kept) => break self.kept = Some(kept),
                Err(failure) if failure.code == Code::Busy => tokio::task::yield_now().await,
                Err(failure) => panic!("{failure}"),
            }
        }
    }

    /// A second Kept on the same folder.
    pub(crate) async fn try_open(&self) -> Result<Kept, Failure> {
        let (now, shown) = (Arc::clone(&self.world), Arc::clone(&self.world));
        let host = Host {
            now: Box::new(move || *now.clocks.lock().unwrap()),
            notify: Box::new(move |notice| {
                let at = shown.clocks.lock().unwrap().stamp;
                let answer = shown.answers.lock().unwrap()(&notice);
                if answer == Shown::Shown {
                    shown.shown.lock().unwrap().push((at, notice));
                }
                answer
            }),
            changed: Box::new(|_| ()),
        };
        Kept::open(self.folder.path(), host).await
    }

    /// Asks a request of the list.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, name: &str, takes: Value) -> T {
        let answer =
            self.kept().answer(name, takes).await.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        serde_json::from_value(answer).unwrap()
    }

    /// Promises 12 cupcakes for `2026-11-20 15:00`, or for a day; no work is left but to hand them over.
    pub(crate) async fn promise(&self, customer: &str, due: &str) -> CommitmentId {
        self.promise_paid(customer, due, 90_00).await
    }

    /// The same for a price, paid.
    pub(crate) async fn promise_paid(&self, customer: &str, due: &str, minor: i64) -> CommitmentId {
        let (day, hours) = match due.split_once(' ') {
            Some((day, time)) => (day, json!({ "kind": "at", "time": time.parse::<TimeOfDay>().unwrap() })),
            None => (due, json!({ "kind": "any_time" })),
        };
        let money = json!({ "minor": minor, "currency": "USD" });
        let draft = json!({
            "customer_name": customer,
            "parts": [{ "what": "cupcakes", "quantity": 12, "effort_left": 0 }],
            "due": { "day": day.parse::<Day>().unwrap(), "hours": hours },
            "total": money,
            "received": money,
            "past_is_meant": true,
        });
        self.ask::<Done>("make_promise", json!({ "draft": draft })).await.promise.unwrap()
    }

    /// Hands over all that is left.
    pub(crate) async fn hand_over(&self, promise: CommitmentId) {
        let _: Done = self.ask("hand_over", json!({ "promise": promise })).await;
    }

    /// The alert centre.
    pub(crate) async fn centre(&self) -> AlertCentre {
        self.ask("alerts", json!({})).await
    }

    /// All alerts that nobody has acknowledged.
    pub(crate) async fn owed(&self) -> Vec<AlertRow> {
        self.centre().await.groups.into_iter().flat_map(|group| group.alerts).collect()
    }

    /// Watches until a time, as the loop does.
    pub(crate) async fn watch(&self, until: &str) {
        self.watch_until(stamp(until)).await;
    }

    /// Watches until an instant.
    pub(crate) async fn watch_until(&self, until: Stamp) {
        loop {
            let now = self.now();
            let next = watching::tick(self.kept(), now).await.unwrap();
            if next == Some(now.stamp) {
                continue;
            }
            if now.stamp >= until {
                return;
            }
            // Two clocks that run on together for less than five minutes are no absence.
            let step = until.min(now.stamp.plus_minutes(4));
            self.run(next.map_or(step, |next| next.min(step)));
        }
    }

    /// Lets both clocks run on to an instant.
    pub(crate) fn run(&self, to: Stamp) {
        let mut clocks = self.world.clocks.lock().unwrap();
        let millis = u64::try_from(to.millis() - clocks.stamp.millis()).unwrap();
        *clocks = Reading { stamp: to, monotonic: clocks.monotonic + Duration::from_millis(millis) };
    }

    /// Sets the wall clock only, as a sleeping machine or somebody who sets it does.
    pub(crate) fn set_wall_clock(&self, to: &str) {
        self.set_wall(stamp(to));
    }

    /// Sets the wall clock only.
    pub(crate) fn set_wall(&self, to: Stamp) {
        self.world.clocks.lock().unwrap().stamp = to;
    }

    /// What the clocks show.
    pub(crate) fn now(&self) -> Reading {
        *self.world.clocks.lock().unwrap()
    }

    /// Quits Kept in good order.
    pub(crate) async fn quit(&mut self) {
        self.kept.take().unwrap().close().await.unwrap();
    }

    /// Ends Kept without telling it.
    pub(crate) fn kill(&mut self) {
        drop(self.kept.take().unwrap());
    }

    /// What the desktop does with notices from now on.
    pub(crate) fn desktop(&self, answers: impl Fn(&Notice) -> Shown + Send + 'static) {
        *self.world.answers.lock().unwrap() = Box::new(answers);
    }

    /// The notices that were shown since this was asked last.
    pub(crate) fn notices(&self) -> Vec<(Stamp, Notice)> {
        std::mem::take(&mut *self.world.shown.lock().unwrap())
    }

    /// The same as `Fri 15:00 Overdue: 12 cupcakes for Maria`.
    pub(crate) fn shown(&self) -> Vec<String> {
        let shown = self.notices().into_iter().map(|(at, notice)| {
            let (day, time) = zone().wall(at);
            format!("{} {time} {}", day.date().format("%a"), notice.title)
        });
        shown.collect()
    }
}
