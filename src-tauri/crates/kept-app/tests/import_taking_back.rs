//! Stopping an import, and taking one back as a whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod import_support;

use import_support::{
    ask, begin, bring_in, counts, ended, fixture, is_sound, open, open_quietly, page, promises, refused, row,
};
use kept_app::store::{JournaledSled, Options, Row, Store};
use kept_app::{Kept, SCHEMA};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::ops::Bound;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_import_is_taken_back_in_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let (first, _) = bring_in(&kept, &fixture("orders_export.csv")).await;
    let before = page(&kept, "#1031").await;
    let (second, _) = bring_in(&kept, &fixture("orders_export_more.csv")).await;

    let done: Value = ask(&kept, "undo_import", json!({ "import": second })).await;
    assert_eq!(done["said"], "Took back 9 promises from orders_export_more.csv.");
    assert_eq!(promises(&kept).await, 40);
    let after = page(&kept, "#1031").await;
    assert_eq!(after["parts"], before["parts"]);
    assert_eq!(after["payment"], before["payment"]);
    let again = refused(&kept, "undo_import", json!({ "import": second })).await;
    assert_eq!(again.message, "This import was taken back already.");

    // What was taken back can be brought in once more.
    let (_, end) = bring_in(&kept, &fixture("orders_export_more.csv")).await;
    assert_eq!(counts(&end), (2, 7, 33));
    let past: Value = ask(&kept, "imports", json!({})).await;
    let undone: Vec<&Value> =
        past["imports"].as_array().unwrap().iter().map(|import| &import["undone"]).collect();
    assert_eq!(undone, [false, true, false]);
    assert_eq!(past["imports"][2]["import"], json!(first));
    assert_eq!(past["imports"][0]["at_words"], "Sat 21 Nov, 09:41");
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_owner_has_changed_since_stays_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let (import, _) = bring_in(&kept, &fixture("orders_export.csv")).await;
    let mine = row(&kept, "#1027").await;
    let _: Value = ask(&kept, "start_work", json!({ "promise": mine["id"] })).await;
    let done: Value = ask(&kept, "undo_import", json!({ "import": import })).await;
    assert_eq!(
        done["said"],
        "Took back 39 promises from orders_export.csv. One promise that was changed since stays: “Iced cookies with a \
         name - Dozen”."
    );
    assert_eq!(promises(&kept).await, 1);
    assert_eq!(page(&kept, "#1027").await["customer"]["name"], "Maria Silva", "with their customer");
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_import_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, gate) = open_with_gate(folder.path(), 2).await;
    let file = folder.path().join("many.csv");
    std::fs::write(&file, many(3_000, "paid")).unwrap();
    let import = begin(&kept, &file).await;
    let gate = gate.first_chunk_is_written().await;
    let busy = refused(&kept, "undo_import", json!({ "import": import })).await;
    assert_eq!(busy.message, "This import is still running. Stop it instead.");
    let file = kept.offer_file(&file).file;
    let busy = refused(&kept, "bring_in", json!({ "files": [file] })).await;
    assert!(busy.message.starts_with("many.csv is being brought in."));
    let _: Value = ask(&kept, "cancel_import", json!({ "import": import })).await;
    gate.go_on.send(()).unwrap();
    let end = ended(&kept, &import).await;
    assert!(end.cancelled);
    assert_eq!(counts(&end), (0, 0, 0));
    assert_eq!(end.said, "Stopped. Nothing of many.csv was brought in.");
    assert_eq!(promises(&kept).await, 0);
    let past: Value = ask(&kept, "imports", json!({})).await;
    assert_eq!(past["imports"], json!([]));
    let ended = refused(&kept, "cancel_import", json!({ "import": import })).await;
    assert!(ended.message.starts_with("This import has ended already."));
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_interrupted_is_there_to_be_taken_back_or_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, gate) = open_with_gate(folder.path(), 2).await;
    let file = folder.path().join("many.csv");
    std::fs::write(&file, many(3_000, "paid")).unwrap();
    let import = begin(&kept, &file).await;
    let gate = gate.first_chunk_is_written().await;
    kept.close().await.unwrap();
    gate.go_on.send(()).unwrap();
    let end = ended(&kept, &import).await;
    assert!(end.failed.is_some());
    assert!(end.said.contains("1000 promises were done before it"), "{}", end.said);
    drop(kept);

    let kept = open_quietly(folder.path()).await;
    let past: Value = ask(&kept, "imports", json!({})).await;
    assert_eq!(past["imports"][0]["import"], json!(import));
    assert_eq!(past["imports"][0]["created"], 1_000);
    let (_, end) = bring_in(&kept, &file).await;
    assert_eq!(counts(&end), (2_000, 0, 1_000));
    let done: Value = ask(&kept, "undo_import", json!({ "import": import })).await;
    assert_eq!(done["said"], "Took back 1000 promises from many.csv.");
    assert_eq!(promises(&kept).await, 2_000);
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_owner_does_while_an_import_runs_stands_beside_what_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.csv"), folder.path().join("second.csv"));
    std::fs::write(&first, many(2_000, "pending")).unwrap();
    std::fs::write(&second, many(2_000, "paid")).unwrap();
    // The first import makes the changes 2 and 3.
    let (kept, gate) = open_with_gate(folder.path(), 4).await;
    bring_in(&kept, &first).await;
    let promise = row(&kept, "#1500").await["id"].clone();
    let import = begin(&kept, &second).await;
    let gate = gate.first_chunk_is_written().await;
    // The owner's turn comes before that of the second chunk, in which this order is.
    let takes = json!({ "promise": promise });
    let mut work = Box::pin(kept.answer("start_work", takes));
    tokio::select! {
        biased;
        _ = &mut work => panic!("the import has let the owner in too early"),
        () = std::future::ready(()) => {}
    }
    gate.go_on.send(()).unwrap();
    work.await.unwrap();
    let end = ended(&kept, &import).await;
    assert_eq!((end.failed.clone(), counts(&end)), (None, (0, 2_000, 0)));
    let after = page(&kept, "#1500").await;
    assert_eq!((&after["started"], &after["row"]["payment"]), (&json!(true), &json!("paid")));
    assert!(is_sound(kept, folder.path()).await);
}

/// Holds an import behind its first chunk.
struct Gate {
    written: Receiver<()>,
    go_on: Sender<()>,
}

impl Gate {
    async fn first_chunk_is_written(self) -> Self {
        let wait = move || {
            self.written.recv().unwrap();
            self
        };
        tokio::task::spawn_blocking(wait).await.unwrap()
    }
}

/// Opens Kept so that an import waits behind its first chunk, which is the change with this number: the settings are the
/// first one.
async fn open_with_gate(folder: &Path, first_chunk: u64) -> (Kept, Gate) {
    let (has_written, written) = channel();
    let (go_on, wait) = channel();
    let inside = Mutex::new((has_written, wait));
    let changed = move |change: u64| {
        let inside = inside.lock().unwrap();
        if change == first_chunk {
            inside.0.send(()).unwrap();
            inside.1.recv().unwrap();
        }
    };
    (open(folder, Box::new(changed)).await, Gate { written, go_on })
}

/// An export of so many orders of a few customers, all in one state of payment.
fn many(orders: usize, financial: &str) -> String {
    let mut file =
        "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name\n".to_owned();
    for order in 0..orders {
        let customer = order % 40;
        writeln!(
            file,
            "#{order},c{customer}@mail.example,{financial},USD,9.00,2026-11-20 10:00:00 -0500,2,Loaf"
        )
        .unwrap();
    }
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_years_that_an_import_brings_only_the_newest_work_is_remembered() {
    let (folder, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = files.path().join("years.csv");
    let mut file = "Name,Email,Currency,Total,Fulfillment Status,Fulfilled at,Created at,Lineitem quantity,Lineitem name\n"
        .to_owned();
    let newest = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    for order in 0..2_500_u64 {
        let (day, customer) = (newest - chrono::Days::new(order), order % 40);
        writeln!(
            file,
            "#{order},c{customer}@mail.example,USD,9.00,fulfilled,{day} 12:00:00 -0500,{day} 10:00:00 -0500,2,Loaf"
        )
        .unwrap();
    }
    std::fs::write(&path, file).unwrap();
    let kept = open_quietly(folder.path()).await;
    let (_, end) = bring_in(&kept, &path).await;
    assert_eq!(counts(&end), (2_500, 0, 0));
    assert!(is_sound(kept, folder.path()).await, "no row is missed where none is needed");
    let (store, _) =
        JournaledSled::open(folder.path(), Options { schema: SCHEMA, ..Options::default() }).unwrap();
    let (from, to) = (Bound::Included(b"j".to_vec()), Bound::Excluded(b"k".to_vec()));
    let rows = store.range(from, to, false, usize::MAX).await.unwrap();
    assert_eq!(rows.len(), 1_000);
    // Milliseconds since 1970 stand behind the kind of the row.
    let instant = |row: &Row| u64::from_be_bytes(row.key[1..9].try_into().unwrap());
    let oldest = newest - chrono::Days::new(999);
    let oldest = oldest.and_hms_opt(17, 0, 0).unwrap().and_utc().timestamp_millis();
    assert_eq!(rows.first().map(instant), u64::try_from(oldest).ok());
}
