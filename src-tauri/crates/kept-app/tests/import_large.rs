//! Files that are too large to be held, and what would fill the memory, through the requests and on a real store.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod import_support;

use import_support::{ask, counts, ended, is_sound, open_quietly, page, promises, refused};
use kept_app::Kept;
use kept_core::views::{ImportEnd, ImportPreview};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const ORDERS: u64 = 120;

/// An export in several pieces, for each row has a long cell that Kept does not read. The second line of the first order
/// stands at its end.
fn large(folder: &Path, name: &str, fulfilled: bool) -> PathBuf {
    let path = folder.join(name);
    write_large(BufWriter::new(File::create(&path).unwrap()), fulfilled);
    path
}

fn write_large(mut out: impl Write, fulfilled: bool) {
    let state = if fulfilled { "fulfilled" } else { "unfulfilled" };
    let more = "nothing that matters, ".repeat(2_000);
    writeln!(out, "Name,Email,Created at,Lineitem quantity,Lineitem name,Fulfillment Status,More").unwrap();
    for order in 0..ORDERS {
        let customer = order % 40;
        let row = format!("#{order},c{customer}@example.com,2026-11-01 09:00:00 +0000,1,Loaf,{state}");
        writeln!(out, "{row},\"{more}\"").unwrap();
    }
    writeln!(out, "#0,,2026-11-01 09:00:00 +0000,2,Bun,,").unwrap();
    out.flush().unwrap();
}

/// Files of one import of which all but the first are read from the disk: the first one, which is no export, leaves no room
/// in memory.
fn without_room(kept: &Kept, folder: &Path, paths: &[&Path]) -> Value {
    let filler = folder.join("filler.bin");
    let file = File::create(&filler).unwrap();
    file.set_len(32 * 1024 * 1024 - 100).unwrap();
    let files = [filler.as_path()].into_iter().chain(paths.iter().copied());
    let files: Vec<String> = files.map(|path| kept.offer_file(path).file).collect();
    json!({ "files": files })
}

async fn bring_in(kept: &Kept, takes: &Value) -> (Value, ImportEnd) {
    let begun: Value = ask(kept, "bring_in", takes.clone()).await;
    let end = ended(kept, begun["import"].as_str().unwrap()).await;
    assert_eq!((&end.failed, end.problems.len()), (&None, 1), "only the filler is a problem");
    (begun, end)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_held_comes_in_once_and_is_taken_back_whole() {
    let (folder, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let kept = open_quietly(folder.path()).await;
    let path = large(files.path(), "orders.csv", false);
    let takes = without_room(&kept, files.path(), &[&path]);
    let preview: ImportPreview = ask(&kept, "look_into_file", takes.clone()).await;
    assert_eq!((u64::from(preview.created), preview.rows.len(), preview.problem_count), (ORDERS, 100, 1));
    let (begun, end) = bring_in(&kept, &takes).await;
    assert_eq!(counts(&end), (120, 0, 0));
    let first = page(&kept, "#0").await;
    assert_eq!(first["parts"].as_array().unwrap().len(), 2, "the row at the end belongs to the first order");
    let customers: Value = ask(&kept, "customers", json!({ "limit": 1 })).await;
    assert_eq!(customers["count"], 40);
    assert_eq!(counts(&bring_in(&kept, &takes).await.1), (0, 0, 120));
    let _: Value = ask(&kept, "undo_import", begun).await;
    assert_eq!(promises(&kept).await, 0);
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_the_same_orders_that_are_not_held_are_one_set_of_promises() {
    let (folder, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let kept = open_quietly(folder.path()).await;
    let (earlier, later) = (large(files.path(), "a.csv", false), large(files.path(), "b.csv", true));
    let takes = without_room(&kept, files.path(), &[&earlier, &later]);
    let (begun, end) = bring_in(&kept, &takes).await;
    assert_eq!(counts(&end), (120, 120, 0));
    assert_eq!(promises(&kept).await, ORDERS);
    // A poorer file takes nothing back.
    let takes = without_room(&kept, files.path(), &[&earlier]);
    assert_eq!(counts(&bring_in(&kept, &takes).await.1), (0, 0, 120));
    let _: Value = ask(&kept, "undo_import", begun).await;
    assert_eq!(promises(&kept).await, 0);
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_an_archive_is_unpacked_beside_and_nothing_of_it_stays() {
    let (folder, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let kept = open_quietly(folder.path()).await;
    let path = files.path().join("export.zip");
    let mut archive = zip::ZipWriter::new(File::create(&path).unwrap());
    archive.start_file("orders.csv", zip::write::SimpleFileOptions::default()).unwrap();
    write_large(&mut archive, false);
    archive.finish().unwrap();
    let takes = without_room(&kept, files.path(), &[&path]);
    let (_, end) = bring_in(&kept, &takes).await;
    assert_eq!(counts(&end), (120, 0, 0));
    let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(is_sound(kept, folder.path()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_fill_the_memory_is_refused_by_its_beginning_or_left_out_with_its_line() {
    let (folder, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let kept = open_quietly(folder.path()).await;
    let line = files.path().join("line.csv");
    std::fs::write(&line, "a,b,".repeat(100_000)).unwrap();
    let file = kept.offer_file(&line).file;
    let failure = refused(&kept, "look_into_file", json!({ "files": [file] })).await;
    assert!(failure.problems[0].is.contains("first line is longer"), "{failure:?}");

    let gap = files.path().join("gap.csv");
    let long = "x".repeat(6 * 1024 * 1024);
    let header = "Name,Created at,Lineitem quantity,Lineitem name";
    std::fs::write(&gap, format!("{header}\n#1,2026-11-01,1,Loaf\n{long}\n#3,2026-11-01,1,Bun\n")).unwrap();
    let takes = without_room(&kept, files.path(), &[&gap]);
    let preview: ImportPreview = ask(&kept, "look_into_file", takes).await;
    assert_eq!(preview.created, 2);
    let problem = preview.problems.iter().find(|problem| problem.file == "gap.csv").unwrap();
    assert!(problem.line == 3 && problem.is.contains("longer than any row"), "{problem:?}");
}
