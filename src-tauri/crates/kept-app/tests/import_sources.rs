//! Bringing in files of every other kind, several at once and in archives, through the requests and on a real store.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod import_support;

use import_support::{ask, counts, ended, is_sound, open_quietly, promises, refused};
use kept_app::Kept;
use kept_core::views::imports::NewExports;
use kept_core::views::{ImportEnd, ImportPreview};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/import").join(name)
}

/// Files as a request takes them, with whatever else it takes.
fn takes(kept: &Kept, paths: &[PathBuf], more: &Value) -> Value {
    let files: Vec<String> = paths.iter().map(|path| kept.offer_file(path).file).collect();
    let mut takes = more.clone();
    takes["files"] = json!(files);
    takes
}

async fn look(kept: &Kept, paths: &[PathBuf], more: &Value) -> ImportPreview {
    ask(kept, "look_into_file", takes(kept, paths, more)).await
}

async fn bring_in(kept: &Kept, paths: &[PathBuf], more: &Value) -> (String, ImportEnd) {
    let begun: Value = ask(kept, "bring_in", takes(kept, paths, more)).await;
    let import = begun["import"].as_str().unwrap().to_owned();
    let end = ended(kept, &import).await;
    (import, end)
}

async fn row(kept: &Kept, search: &str) -> Value {
    let page: Value = ask(kept, "promises", json!({ "filter": "all", "search": search, "limit": 10 })).await;
    page["rows"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_comes_in_once_and_is_taken_back_whole() {
    for name in [
        "etsy_orders.csv",
        "etsy_items.csv",
        "ebay_us.csv",
        "ebay_de.csv",
        "amazon_unshipped.txt",
        "woocommerce_orders.csv",
        "quickbooks_invoices.csv",
        "trello_board.json",
        "todoist_project.csv",
        "contacts.vcf",
        "calendar.ics",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let kept = open_quietly(folder.path()).await;
        let paths = [sample(name)];
        let preview = look(&kept, &paths, &json!({})).await;
        assert!(preview.ready, "{name}");
        let (import, end) = bring_in(&kept, &paths, &json!({})).await;
        assert_eq!(end.failed, None, "{name}");
        assert_eq!((preview.created, preview.updated), (end.created, end.updated), "{name}");
        assert_eq!(preview.customers_created, end.customers, "{name}");
        assert!(end.created + end.customers > 0, "{name}");
        let (_, again) = bring_in(&kept, &paths, &json!({})).await;
        assert_eq!((again.created, again.updated, again.customers), (0, 0, 0), "{name}");
        let _: Value = ask(&kept, "undo_import", json!({ "import": import })).await;
        assert_eq!(promises(&kept).await, 0, "{name}");
        let customers: Value = ask(&kept, "customers", json!({ "limit": 10 })).await;
        assert_eq!(customers["count"], 0, "{name}");
        assert!(is_sound(kept, folder.path()).await, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_one_shop_are_one_import_and_one_set_of_promises() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let both = [sample("etsy_orders.csv"), sample("etsy_items.csv")];
    let preview = look(&kept, &both, &json!({})).await;
    assert_eq!((preview.name.as_str(), preview.files.len(), preview.created), ("2 files", 2, 6));
    assert!(preview.problems.iter().all(|problem| problem.file == "etsy_items.csv"));
    let (_, end) = bring_in(&kept, &both, &json!({})).await;
    assert_eq!(counts(&end), (6, 0, 0));
    for alone in both {
        assert_eq!(counts(&bring_in(&kept, &[alone], &json!({})).await.1).0, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_as_many_files_as_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let path = folder.path().join("exports.zip");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for name in ["etsy_orders.csv", "ebay_us.csv"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&std::fs::read(sample(name)).unwrap()).unwrap();
    }
    archive.start_file("read me.txt", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"Made up.").unwrap();
    archive.finish().unwrap();
    let preview = look(&kept, std::slice::from_ref(&path), &json!({})).await;
    let kinds: Vec<&str> = preview.files.iter().map(|file| file.kind.as_str()).collect();
    assert_eq!(kinds, ["Etsy orders", "eBay orders", ""]);
    assert!(preview.files[2].refused.is_some());
    assert_eq!(counts(&bring_in(&kept, &[path], &json!({})).await.1), (8, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_counts_once_for_the_promise_that_it_fits_and_is_asked_about_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let orders = folder.path().join("orders.csv");
    std::fs::write(
        &orders,
        "Order,Customer,E-mail,What,Price\n\
         1,Hannah Okafor,hannah.okafor@example.com,Harvest cake,199.00\n\
         2,Jon Bauer,jon@example.com,Oak sign,75.00\n\
         3,Jon Bauer,jon@example.com,Brass hook,75.00\n",
    )
    .unwrap();
    assert_eq!(counts(&bring_in(&kept, &[orders], &json!({})).await.1), (3, 0, 0));
    let payments = [sample("stripe_payments.csv")];
    let preview = look(&kept, &payments, &json!({})).await;
    assert_eq!((preview.payments.matched, preview.payments.unsure), (1, 1));
    let unsure = &preview.to_match[0];
    assert_eq!((unsure.payment.as_str(), unsure.candidates.len(), unsure.chosen), ("stripe:ch_002", 2, None));

    let (_, end) = bring_in(&kept, &payments, &json!({})).await;
    assert_eq!(
        (end.payments, end.said.as_str()),
        (1, "Brought in 1 payment from stripe_payments.csv. 2 problems found. 1 payment was not counted.")
    );
    // What was counted for nothing is named, also in the file of problems.
    let left = end.problems.iter().find(|problem| problem.line == 3).unwrap();
    assert_eq!(
        left.is,
        "The payment of 75.00 USD by Jon Bauer may have been for one of 2 promises. It was not counted."
    );
    let file: Value = ask(&kept, "import_problems", takes(&kept, &payments, &json!({}))).await;
    assert!(file["text"].as_str().unwrap().contains(&left.is));
    assert_eq!(row(&kept, "Harvest cake").await["payment"], "paid");
    assert_eq!(row(&kept, "Oak sign").await["payment"], "unpaid");

    let sign = unsure.candidates.iter().find(|candidate| candidate.title == "Oak sign").unwrap().promise;
    let choice = json!({ "payments": [{ "payment": "stripe:ch_002", "promise": sign }] });
    let chosen = look(&kept, &payments, &choice).await;
    assert_eq!((chosen.payments.known, chosen.payments.matched), (1, 1));
    assert_eq!(chosen.to_match[0].chosen, Some(sign));
    let (import, end) = bring_in(&kept, &payments, &choice).await;
    assert_eq!(end.payments, 1);
    assert_eq!(row(&kept, "Oak sign").await["payment"], "paid");
    assert_eq!(row(&kept, "Brass hook").await["payment"], "unpaid");
    let (_, again) = bring_in(&kept, &payments, &choice).await;
    assert_eq!(again.payments, 0, "no payment counts twice");
    assert!(again.problems.iter().all(|problem| !problem.is.contains("Jon Bauer")));

    let _: Value = ask(&kept, "undo_import", json!({ "import": import })).await;
    assert_eq!(row(&kept, "Oak sign").await["payment"], "unpaid");
    assert_eq!(look(&kept, &payments, &json!({})).await.payments.unsure, 1);
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_are_evidence_unless_the_owner_says_that_they_are_orders() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let sales = [sample("square_items.csv")];
    let preview = look(&kept, &sales, &json!({})).await;
    assert_eq!((preview.created, preview.payments.strangers), (0, 2));
    assert!(!preview.files[0].questions[0].needed && preview.ready);
    let (_, end) = bring_in(&kept, &sales, &json!({})).await;
    assert!(end.said.ends_with("2 payments were not counted."), "{}", end.said);
    let strangers = end.problems.iter().filter(|problem| problem.is.contains("fits no promise"));
    assert_eq!(strangers.count(), 2);
    let as_orders = json!({ "answers": [{ "name": "square_items.csv", "answers": { "as_orders": true } }] });
    assert_eq!(counts(&bring_in(&kept, &sales, &as_orders).await.1), (3, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_columns_of_a_table_mean_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let book = folder.path().join("book.csv");
    std::fs::write(&book, "Wer;Ding;Bis\nZoë;Torte;03/04/26\n").unwrap();
    let preview = look(&kept, std::slice::from_ref(&book), &json!({})).await;
    let table = preview.files[0].table.as_ref().unwrap();
    assert!(table.unfinished && !table.remembered && !preview.ready);
    assert_eq!(table.columns[1].samples, ["Torte"]);
    let (_, end) = bring_in(&kept, std::slice::from_ref(&book), &json!({})).await;
    assert!(end.failed.unwrap().contains("Say which column of “book.csv”"));

    let mapping = json!({ "columns": [
        { "column": 0, "means": "customer" },
        { "column": 1, "means": "what" },
        { "column": 2, "means": "due" },
    ] });
    let mapped = json!({ "answers": [{ "name": "book.csv", "mapping": mapping }] });
    let preview = look(&kept, std::slice::from_ref(&book), &mapped).await;
    assert_eq!(preview.files[0].questions[0].words, "Which day is 03/04/26?");
    assert!(!preview.ready);
    let (_, end) = bring_in(&kept, std::slice::from_ref(&book), &mapped).await;
    assert!(end.failed.unwrap().contains("Which day is 03/04/26?"));
    let answered = json!({
        "answers": [{ "name": "book.csv", "mapping": mapping, "answers": { "dates": "day_first" } }],
    });
    assert_eq!(counts(&bring_in(&kept, std::slice::from_ref(&book), &answered).await.1), (1, 0, 0));
    assert_eq!(row(&kept, "Torte").await["when"], "232 days late");

    // Another file with the same header.
    let next = folder.path().join("next.csv");
    std::fs::write(&next, "Wer;Ding;Bis\nJon;Brot;23/04/26\n").unwrap();
    let preview = look(&kept, &[next], &json!({})).await;
    assert!(preview.files[0].table.as_ref().unwrap().remembered && preview.ready);
    assert_eq!((preview.created, preview.rows[0].title.as_str()), (1, "Brot"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_appears_in_the_watched_folder_is_offered_until_it_is_dealt_with() {
    let folder = tempfile::tempdir().unwrap();
    let exports = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let new = async || -> NewExports { ask(&kept, "new_exports", json!({})).await };
    std::fs::copy(sample("ebay_us.csv"), exports.path().join("orders.csv")).unwrap();
    assert_eq!(new().await.files, [], "no folder is watched unasked");
    let mut settings: Value = ask(&kept, "settings", json!({})).await;
    settings["exports_folder"] = json!(exports.path());
    let _: Value = ask(&kept, "change_settings", settings).await;

    let found = new().await;
    assert_eq!(found.words, "orders.csv is new in the folder for exports.");
    assert_eq!(promises(&kept).await, 0, "nothing is brought in unasked");
    let begun: Value = ask(&kept, "bring_in", json!({ "files": [found.files[0].file] })).await;
    assert_eq!(ended(&kept, begun["import"].as_str().unwrap()).await.created, 3);
    assert_eq!(new().await.files, []);

    std::fs::write(exports.path().join("b.csv"), "Customer,What\nA,B\n").unwrap();
    std::fs::write(exports.path().join("photo.jpg"), "no export").unwrap();
    let found = new().await;
    assert_eq!(found.files.len(), 1);
    let _: Value = ask(&kept, "put_aside", json!({ "files": [found.files[0].file] })).await;
    assert_eq!(new().await.words, "");
    std::fs::write(exports.path().join("b.csv"), "Customer,What\nA,B\nC,D\n").unwrap();
    assert_eq!(new().await.files.len(), 1, "a file that has changed is new again");

    let gone = exports.path().to_owned();
    drop(exports);
    assert!(!gone.exists());
    assert!(new().await.words.contains("cannot be read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_are_a_file_that_no_spreadsheet_runs() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let paths = [sample("etsy_items.csv"), sample("todoist_project.csv")];
    let file: Value = ask(&kept, "import_problems", takes(&kept, &paths, &json!({}))).await;
    assert_eq!(file["name"], "Problems in 2 files.csv");
    let text = file["text"].as_str().unwrap();
    assert!(text.starts_with("File,Line,Problem\n"));
    assert!(text.contains("etsy_items.csv,6,This row of order 3401000006 is in the file twice."));
    assert!(text.contains("todoist_project.csv,9,“tomorrow” is a date in words."));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_are_refused_in_words_or_read_as_far_as_they_go() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let etsy = std::fs::read(sample("etsy_items.csv")).unwrap();
    let utf_16: Vec<u8> =
        std::str::from_utf8(&etsy).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let twice = [etsy.as_slice(), etsy.as_slice()].concat();
    let formulas = b"Customer,What\n=HYPERLINK(\"x\"),+1 cake\n@sum,-2\n".to_vec();
    for (name, bytes, created) in [
        ("utf16.csv", utf_16, 3),
        ("twice.csv", twice, 3),
        ("nul.csv", etsy.iter().flat_map(|byte| [*byte, 0, 0, 0]).collect(), 3),
        ("formulas.csv", formulas, 2),
    ] {
        let preview = look(&kept, &[write(name, &bytes)], &json!({})).await;
        assert_eq!(preview.created, created, "{name}");
    }
    let wide = vec!["Customer"; 3_000].join(",");
    let line = vec![b'x'; 30 * 1024 * 1024];
    for (name, bytes, says) in [
        ("wide.csv", format!("{wide}\n{wide}\n").into_bytes(), "3000 columns"),
        ("line.csv", line, "first line is longer"),
        ("cut.zip", b"PK\x03\x04cut".to_vec(), "damaged or was cut off"),
    ] {
        let failure =
            refused(&kept, "look_into_file", takes(&kept, &[write(name, &bytes)], &json!({}))).await;
        assert!(failure.problems[0].is.contains(says), "{name}: {failure:?}");
    }
}
