//! A made-up shop on a data folder, filled before a window is opened on it.

use kept_app::clock::{self, Reading};
use kept_app::{Host, Kept, Shown};
use kept_core::calendar::Span;
use kept_core::day::{Due, Now, Stamp, TimeOfDay, Zone};
use kept_core::draft::{PartDraft, PromiseDraft};
use kept_core::settings::Settings;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const MINUTE: i64 = 60_000;

/// A shop that is open day and night and has no quiet hours: the tests find it awake whenever they run.
pub(crate) struct Shop {
    folder: TempDir,
}

impl Shop {
    /// A shop without promises.
    pub(crate) fn new() -> Self {
        Self::with(|_| ())
    }

    /// The same, whose notices name nobody.
    pub(crate) fn private() -> Self {
        Self::with(|settings| settings.alerts.private = true)
    }

    /// The same, whose window comes to the front where no notice can be shown.
    pub(crate) fn that_raises_its_window() -> Self {
        Self::with(|settings| settings.alerts.raise_window = true)
    }

    fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let shop = Self::untouched();
        shop.ask_at(now(), "change_settings", |settings| {
            change(settings);
            let to = TimeOfDay::new(23, 59).unwrap();
            let day = || vec![Span { from: TimeOfDay::MIDNIGHT, to }];
            settings.calendar.zone = Zone::UTC;
            settings.calendar.week = std::array::from_fn(|_| day());
            settings.quiet.on = false;
            json!(settings)
        });
        shop
    }

    /// A folder on which Kept was never opened.
    pub(crate) fn untouched() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Where the data lies.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a promise whose time comes when the next minute begins; what names it in requests.
    pub(crate) fn promise_due_within_a_minute(&self, quantity: u32, what: &str, customer: &str) -> Value {
        let next_minute = (now().millis() / MINUTE + 1) * MINUTE;
        self.promise(now(), Stamp::from_millis(next_minute), quantity, what, customer)
    }

    /// Makes a promise whose time comes in so many minutes.
    pub(crate) fn promise_due_in_minutes(&self, minutes: i64, what: &str, customer: &str) -> Value {
        let due = (now().millis() / MINUTE + minutes) * MINUTE;
        self.promise(now(), Stamp::from_millis(due), 12, what, customer)
    }

    /// Whether Kept has taken down that it watches over the folder.
    pub(crate) fn is_watched(&self) -> bool {
        let beat = std::fs::read_to_string(self.folder().join("watch.json")).unwrap_or_default();
        beat.contains("\"not\"")
    }

    /// Makes a promise, two hours ago, whose time came one hour ago, when nobody watched.
    pub(crate) fn promise_that_turned_overdue_while_kept_was_off(
        &self,
        quantity: u32,
        what: &str,
        customer: &str,
    ) -> Value {
        let ago = |minutes: i64| Stamp::from_millis(now().millis() - minutes * MINUTE);
        self.promise(ago(120), ago(60), quantity, what, customer)
    }

    /// Moves the date of a promise to a time that has passed by now; the customer does not know of it.
    pub(crate) fn moved_without_telling(&self, promise: &Value) {
        let made = Stamp::from_millis(now().millis() - 110 * MINUTE);
        let to = Now::at(Stamp::from_millis(now().millis() - 50 * MINUTE), Zone::UTC);
        let mut takes = promise.clone();
        takes["to"] = json!(Due::at(to.today, to.time));
        takes["by"] = json!("us");
        self.ask_at(made, "move_date", |_| takes);
    }

    /// Makes a promise on which all work is done: only its date can bring an alert.
    fn promise(&self, made: Stamp, due: Stamp, quantity: u32, what: &str, customer: &str) -> Value {
        let due = Now::at(due, Zone::UTC);
        let part = PartDraft { what: what.to_owned(), quantity, ..PartDraft::default() };
        let draft = PromiseDraft {
            customer_name: customer.to_owned(),
            parts: vec![part],
            due: Some(Due::at(due.today, due.time)),
            ..PromiseDraft::default()
        };
        let done = self.ask_at(made, "make_promise", |_| json!({ "draft": draft }));
        let promise = json!({ "promise": done["promise"] });
        self.ask_at(made, "set_stage", |_| json!({ "promise": done["promise"], "stage": "ready" }));
        promise
    }

    /// Opens the data, asks one thing at a time of our choice, and closes it again.
    fn ask_at(&self, at: Stamp, name: &str, takes: impl FnOnce(&mut Settings) -> Value) -> Value {
        let clock = clock::machine();
        let host = Host {
            now: Box::new(move || Reading { stamp: at, ..clock() }),
            notify: Box::new(|_| Shown::Unknown),
            changed: Box::new(|_| {}),
        };
        Runtime::new().unwrap().block_on(async {
            let kept = Kept::open(self.folder(), host).await.unwrap();
            let takes = takes(&mut kept.settings());
            let answer = kept.answer(name, takes).await.unwrap();
            kept.close().await.unwrap();
            answer
        })
    }
}

fn now() -> Stamp {
    clock::machine()().stamp
}
