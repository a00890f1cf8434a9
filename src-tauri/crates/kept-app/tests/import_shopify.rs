//! Bringing in a shop's orders, through the requests and on a real store.

mod import_support;

use import_support::{ask, bring_in, counts, fixture, is_sound, open_quietly, page, promises, refused, row};
use kept_core::views::ImportPreview;
use serde_json::{Value, json};
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn a_look_into_a_file_says_what_bringing_it_in_then_does() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let file = kept.offer_file(&fixture("orders_export.csv")).file;
    let takes = json!({ "files": [file], "lead_days": 7 });
    let preview: ImportPreview = ask(&kept, "look_into_file", takes).await;
    assert_eq!((preview.created, preview.updated, preview.unchanged), (40, 0, 0));
    assert_eq!((preview.without_date, preview.lead_days), (40, 7));
    assert_eq!((preview.kind.as_str(), preview.problem_count), ("Shopify orders", 0));
    let first = &preview.rows[0];
    assert_eq!((first.line, first.order.as_str(), first.customer.as_str()), (2, "#1040", "Omar Farouk"));
    assert_eq!((first.due_words.as_str(), first.derived), ("Tue 1 Dec", true));
    assert_eq!(first.change, None);
    assert_eq!(promises(&kept).await, 0, "a look changes nothing");

    let (_, end) = bring_in(&kept, &fixture("orders_export.csv")).await;
    assert_eq!(counts(&end), (40, 0, 0));
    assert_eq!(end.problems, []);
    assert_eq!(end.said, "Brought in 40 promises from orders_export.csv.");
    assert_eq!(promises(&kept).await, 40);
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_one_promise_with_its_parts_its_money_and_its_notes() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    bring_in(&kept, &fixture("orders_export.csv")).await;
    let partial = page(&kept, "#1011").await;
    let parts: Vec<(u64, u64)> = partial["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["quantity"].as_u64().unwrap(), part["left"].as_u64().unwrap()))
        .collect();
    assert_eq!(parts, [(1, 1), (6, 0), (1, 0)]);
    assert_eq!(partial["row"]["status"], "partly_delivered");
    assert_eq!(row(&kept, "#1006").await["status"], "cancelled");
    assert_eq!(row(&kept, "#1033").await["status"], "cancelled");
    assert_eq!(row(&kept, "#1020").await["payment"], "deposit");
    assert_eq!(row(&kept, "#1022").await["payment"], "on_account");
    let hostile = page(&kept, "#1013").await;
    assert_eq!(hostile["notes"][0]["text"], "PO: 4711/<script>alert(1)</script>");
    assert_eq!(hostile["customer"]["name"], "<b>Mark</b> & Sons");
    assert_eq!(page(&kept, "#1023").await["customer"]["name"], "كريم حداد");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_one_however_often_they_order() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    bring_in(&kept, &fixture("orders_export.csv")).await;
    bring_in(&kept, &fixture("orders_export_more.csv")).await;
    let of = async |order| page(&kept, order).await["customer"].clone();
    // By e-mail address, also over two files.
    assert_eq!(of("#1001").await["id"], of("#1041").await["id"]);
    assert_eq!(of("#1041").await["promises"], 4);
    // By name and postal code.
    assert_eq!(of("#1015").await["id"], of("#1035").await["id"]);
    // Nobody's name is nobody.
    assert_ne!(of("#1005").await["id"], of("#1028").await["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_and_not_begun_for_days_is_idle_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    bring_in(&kept, &fixture("orders_export.csv")).await;
    let takes = json!({ "filter": "paid_idle", "limit": 200 });
    let idle: Value = ask(&kept, "promises", takes).await;
    let orders: Vec<&str> =
        idle["rows"].as_array().unwrap().iter().filter_map(|row| row["source"].as_str()).collect();
    assert!(orders.contains(&"Shopify #1016"), "paid a month ago: {orders:?}");
    assert!(!orders.contains(&"Shopify #1040"), "paid yesterday");
    assert!(!orders.contains(&"Shopify #1022"), "billed later");
    assert!(!orders.contains(&"Shopify #1001"), "handed over");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    bring_in(&kept, &fixture("orders_export.csv")).await;
    let before = page(&kept, "#1031").await;
    let (_, again) = bring_in(&kept, &fixture("orders_export.csv")).await;
    assert_eq!(counts(&again), (0, 0, 40));
    assert_eq!(again.said, "Nothing in orders_export.csv is new. 40 stayed as they were.");
    assert_eq!(page(&kept, "#1031").await, before);
    let past: Value = ask(&kept, "imports", json!({})).await;
    assert_eq!(past["imports"].as_array().unwrap().len(), 1, "nothing was brought in a second time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_export_brings_what_is_new_and_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    bring_in(&kept, &fixture("orders_export.csv")).await;
    let file = kept.offer_file(&fixture("orders_export_more.csv")).file;
    let preview: ImportPreview = ask(&kept, "look_into_file", json!({ "files": [file] })).await;
    let changes: Vec<(&str, &str)> =
        preview.rows.iter().filter_map(|row| Some((row.order.as_str(), row.change.as_deref()?))).collect();
    assert_eq!(
        changes,
        [
            ("#1040", "partly handed over"),
            ("#1038", "refunded, cancelled"),
            ("#1037", "a note"),
            ("#1032", "paid"),
            ("#1031", "one more part, another price"),
            ("#1023", "handed over"),
            ("#1020", "paid"),
        ]
    );
    let (_, end) = bring_in(&kept, &fixture("orders_export_more.csv")).await;
    assert_eq!(counts(&end), (2, 7, 33));
    assert_eq!(page(&kept, "#1031").await["parts"].as_array().unwrap().len(), 3);
    assert_eq!(row(&kept, "#1023").await["status"], "delivered");
    let (_, again) = bring_in(&kept, &fixture("orders_export_more.csv")).await;
    assert_eq!(counts(&again), (0, 0, 42));
    // A file that is older changes nothing back.
    let (_, older) = bring_in(&kept, &fixture("orders_export.csv")).await;
    assert_eq!(counts(&older), (0, 0, 40));
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_broken_is_listed_by_line_and_the_rest_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let (_, end) = bring_in(&kept, &fixture("broken.csv")).await;
    assert_eq!(counts(&end), (18, 0, 0));
    assert!(end.problems.windows(2).all(|pair| pair[0].line <= pair[1].line));
    assert!(end.problems.iter().all(|problem| problem.line > 0 && !problem.is.is_empty()));
    let note = page(&kept, "#2009").await["notes"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(note.chars().count(), 59_999);
    assert!(note.ends_with("The end."));
    let (_, again) = bring_in(&kept, &fixture("broken.csv")).await;
    assert_eq!(counts(&again), (0, 0, 18));
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_export_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let files = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = files.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let too_large = write("large.csv", b"");
    std::fs::File::options().write(true).open(&too_large).unwrap().set_len(501 * 1024 * 1024).unwrap();
    for (path, says) in [
        (write("empty.csv", b""), "The file is empty"),
        (write("other.csv", b"Dear Maria\nThe cake is ready.\n"), "This is no table that Kept can read"),
        (write("photo.pdf", b"%PDF-1.7 Date,Amount\n1,2\n"), "This is a PDF"),
        (write("orders.zip", b"PK\x03\x04"), "damaged or was cut off"),
        (files.path().join("gone.csv"), "There is no file “gone.csv” any more"),
        (files.path().to_owned(), "is a folder"),
        (too_large, "is larger than 500 MB"),
    ] {
        let file = kept.offer_file(&path).file;
        let failure = refused(&kept, "look_into_file", json!({ "files": [file] })).await;
        assert!(failure.message.contains(says), "{} does not say {says:?}", failure.message);
        let import = import_support::begin(&kept, &path).await;
        let end = import_support::ended(&kept, &import).await;
        assert!(end.failed.is_some_and(|words| words.contains(says)));
    }
    let failure = refused(&kept, "look_into_file", json!({ "files": ["no such file"] })).await;
    assert_eq!(failure.message, "Choose the file once more.");
    let file = kept.offer_file(Path::new("x.csv")).file;
    refused(&kept, "bring_in", json!({ "files": [file], "lead_days": 1_000 })).await;
    assert_eq!(promises(&kept).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_shops_may_have_an_order_of_the_same_name() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let files = tempfile::tempdir().unwrap();
    let write = |name: &str, id: u32, what: &str| {
        let path = files.path().join(name);
        let header = "Name,Created at,Lineitem quantity,Lineitem name,Id";
        std::fs::write(&path, format!("{header}\n#1,2026-11-20 10:00:00 -0500,1,{what},{id}\n")).unwrap();
        path
    };
    let (first, second) = (write("first.csv", 7, "Loaf"), write("second.csv", 8, "Bun"));
    assert_eq!(counts(&bring_in(&kept, &first).await.1), (1, 0, 0));
    assert_eq!(counts(&bring_in(&kept, &second).await.1), (1, 0, 0));
    assert_eq!(counts(&bring_in(&kept, &first).await.1), (0, 0, 1));
    assert_eq!(counts(&bring_in(&kept, &second).await.1), (0, 0, 1));
    assert_eq!(row(&kept, "#1 (8)").await["title"], "Bun");
}
