//! A Kept on a data folder of its own, asked through the requests, with a clock that stands still.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test program uses a part of it, and fails by panicking"
)]

use kept_app::clock::Reading;
use kept_app::failure::Failure;
use kept_app::{Host, Kept, Shown};
use kept_core::views::{ImportEnd, ImportProgress};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Saturday, the 21st of November 2026, before the shop closes in New York.
pub(crate) const NOW: &str = "2026-11-21T14:41:00Z";

/// What is called after each change.
pub(crate) type Changed = Box<dyn Fn(u64) + Send + Sync>;

pub(crate) async fn open(folder: &Path, changed: Changed) -> Kept {
    let now = || Reading { stamp: NOW.parse().unwrap(), monotonic: Duration::ZERO };
    let host = Host { now: Box::new(now), notify: Box::new(|_| Shown::Unknown), changed };
    let kept = Kept::open(folder, host).await.unwrap();
    let mut settings: Value = ask(&kept, "settings", json!({})).await;
    settings["calendar"]["zone"] = json!("America/New_York");
    let _: Value = ask(&kept, "change_settings", settings).await;
    kept
}

pub(crate) async fn open_quietly(folder: &Path) -> Kept {
    open(folder, Box::new(|_| {})).await
}

pub(crate) async fn ask<T: DeserializeOwned>(kept: &Kept, name: &str, takes: Value) -> T {
    let gives = kept.answer(name, takes).await.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    serde_json::from_value(gives).unwrap()
}

pub(crate) async fn refused(kept: &Kept, name: &str, takes: Value) -> Failure {
    kept.answer(name, takes).await.unwrap_err()
}

/// A file of this repository's fixtures.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/shopify").join(name)
}

/// Begins to bring in a file; gives the import's id.
pub(crate) async fn begin(kept: &Kept, path: &Path) -> String {
    let file = kept.offer_file(path).file;
    let import: Value = ask(kept, "bring_in", json!({ "files": [file] })).await;
    import["import"].as_str().unwrap().to_owned()
}

/// Waits until an import has ended.
pub(crate) async fn ended(kept: &Kept, import: &str) -> ImportEnd {
    loop {
        let progress: ImportProgress = ask(kept, "import_progress", json!({ "import": import })).await;
        if let Some(end) = progress.ended {
            return end;
        }
        tokio::task::yield_now().await;
    }
}

/// Brings in a file to its end; gives the import's id and how it ended.
pub(crate) async fn bring_in(kept: &Kept, path: &Path) -> (String, ImportEnd) {
    let import = begin(kept, path).await;
    let end = ended(kept, &import).await;
    assert_eq!(end.failed, None);
    (import, end)
}

/// Created, updated, unchanged.
pub(crate) fn counts(end: &ImportEnd) -> (u32, u32, u32) {
    (end.created, end.updated, end.unchanged)
}

/// How many promises there are.
pub(crate) async fn promises(kept: &Kept) -> u64 {
    let page: Value = ask(kept, "promises", json!({ "filter": "all", "limit": 1 })).await;
    page["count"].as_u64().unwrap()
}

/// The row of the promise that an order became.
pub(crate) async fn row(kept: &Kept, order: &str) -> Value {
    let takes = json!({ "filter": "all", "search": order, "limit": 200 });
    let page: Value = ask(kept, "promises", takes).await;
    let source = format!("Shopify {order}");
    let rows = page["rows"].as_array().unwrap();
    rows.iter()
        .find(|row| row["source"] == json!(source))
        .unwrap_or_else(|| panic!("{order} is not there"))
        .clone()
}

/// The page of the promise that an order became.
pub(crate) async fn page(kept: &Kept, order: &str) -> Value {
    let id = row(kept, order).await["id"].clone();
    ask(kept, "promise", json!({ "promise": id })).await
}

/// Closes Kept and lets the command line read everything once more.
pub(crate) async fn is_sound(kept: Kept, folder: &Path) -> bool {
    use kept_app::command_line::{Command, run};
    kept.close().await.unwrap();
    drop(kept);
    let code = run(folder, Command::Check { json: true }).await;
    format!("{code:?}") == format!("{:?}", std::process::ExitCode::SUCCESS)
}
