//! Tables for spreadsheets: whole, harmless, and read back as they were.

use crate::shop_to_move::full_shop;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;

/// The rows of a table, each by the names of its columns.
fn table(folder: &Path, name: &str) -> Vec<HashMap<String, String>> {
    let bytes = std::fs::read(folder.join(format!("{name}.csv"))).unwrap();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| header.iter().map(String::from).zip(row.iter().map(String::from)).collect()).collect()
}

#[tokio::test]
async fn every_kind_has_a_table_that_says_what_is_kept() {
    let (owner, rolls) = full_shop().await;
    let folder = tempfile::tempdir().unwrap();
    let place = owner.kept.offer_file(&folder.path().join("tables"));
    let done = owner.ask("export_tables", json!({ "to": place.file })).await;
    assert!(done["said"].as_str().unwrap().starts_with("Wrote 14 tables with"), "{done}");
    let folder = folder.path().join("tables");

    let promises = table(&folder, "promises");
    let all = owner.ask("promises", json!({ "filter": "all", "limit": 1 })).await;
    assert_eq!(promises.len() as u64, all["count"].as_u64().unwrap(), "closed ones as well");
    let row = promises.iter().find(|row| row["id"] == rolls).unwrap();
    assert_eq!((&*row["customer"], &*row["title"]), ("Tom Berg", "40 rolls"));
    assert_eq!((&*row["due_day"], &*row["due_from"]), ("2026-11-20", "07:00"));
    assert_eq!((&*row["status"], &*row["outcome"]), ("open", "open"));
    let cake = promises.iter().find(|row| row["customer"] == "Marta Silveira").unwrap();
    assert_eq!((&*cake["total"], &*cake["currency"], &*cake["outcome"]), ("120.00", "USD", "missed"));
    assert_eq!((&*cake["due_from"], &*cake["due_to"]), ("09:00", "12:00"));

    let customers = table(&folder, "customers");
    let maria = customers.iter().find(|row| row["name"] == "Marta Silveira").unwrap();
    assert_eq!(maria["phone"], "'+49 30 1234567", "a number is no formula");
    assert_eq!(maria["address"], "4 Mill Lane\nLarkfield");
    let feedback = table(&folder, "feedback");
    assert!(feedback.iter().any(|row| row["text"] == "'=1+1 is what it tasted like"));
    let handover = &table(&folder, "handovers").into_iter().find(|row| row["tracking"] == "B-17").unwrap();
    assert_eq!((&*handover["files"], &*handover["promise_id"]), ("photo of the cake.jpg", &*cake["id"]));
    let moves = table(&folder, "moves");
    assert!(moves.iter().any(|row| row["why"] == "the party moved" && row["by"] == "customer"));
    for name in ["parts", "payments", "told", "menu", "repeating", "chores", "recoveries", "learning"] {
        assert!(!table(&folder, name).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn an_empty_kept_has_tables_with_headers_only() {
    let owner = crate::owner::Owner::at("2026-11-16 09:00").await;
    let folder = tempfile::tempdir().unwrap();
    let place: Value = json!(owner.kept.offer_file(folder.path()).file);
    owner.ask("export_tables", json!({ "to": place })).await;
    assert_eq!(table(folder.path(), "promises").len(), 0);
    let head = std::fs::read_to_string(folder.path().join("steps.csv")).unwrap();
    assert_eq!(head, "\u{feff}id,promise_id,what,minutes,done_at\r\n");
}
