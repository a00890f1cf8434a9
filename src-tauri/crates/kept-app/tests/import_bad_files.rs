//! Files that no shop means to export: refused in words, or read as far as they can be, with nothing lost in silence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod import_support;

use import_support::{ask, is_sound, open_quietly, promises, refused};
use kept_app::Kept;
use kept_app::failure::Code;
use kept_core::views::{ImportEnd, ImportPreview};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::path::Path;

const HEADER: &str = "Name,Email,Created at,Lineitem quantity,Lineitem name,Billing Name,Financial Status";

/// An export with one order.
fn order(name: &str, item: &str) -> String {
    format!("{HEADER}\n#1,maria@example.com,2026-11-16 09:00:00 +0000,1,{item},{name},paid\n")
}

/// What becomes of a file.
enum Becomes {
    /// It is refused, and the sentence has these words in it.
    Refused(&'static str),
    /// So many promises come of it, and so many lines have problems.
    Comes(u32, usize),
}
use Becomes::{Comes, Refused};

async fn check(folder: &Path, name: &str, bytes: &[u8], becomes: Becomes) {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    check_file(&path, becomes).await;
}

async fn check_file(path: &Path, becomes: Becomes) {
    let (folder, name) = (tempfile::tempdir().unwrap(), path.display());
    let kept = open_quietly(folder.path()).await;
    match becomes {
        Refused(words) => {
            let failure = refused(&kept, "look_into_file", takes(&kept, path)).await;
            assert_eq!(failure.code, Code::Invalid, "{name}: {failure}");
            assert!(failure.message.contains(words), "{name}: {failure}");
            assert_eq!(promises(&kept).await, 0, "{name}");
        }
        Comes(created, problems) => {
            let preview: ImportPreview = ask(&kept, "look_into_file", takes(&kept, path)).await;
            assert_eq!((preview.created, preview.problems.len()), (created, problems), "{name}: {preview:?}");
            let (_, end) = import_support::bring_in(&kept, path).await;
            assert_eq!(end.created, created, "{name}");
        }
    }
    assert!(is_sound(kept, folder.path()).await, "{name}");
}

fn takes(kept: &Kept, path: &Path) -> Value {
    json!({ "files": [kept.offer_file(path).file] })
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn utf_16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_an_export_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let whole = archive(&[("orders.csv", order("Maria Silva", "cake").repeat(50).as_bytes())]);
    check(folder.path(), "cut off.zip", &whole[..whole.len() - 20], Refused("damaged or was cut off")).await;
    let bomb = archive(&[("orders.csv", &vec![b'a'; 40 << 20])]);
    assert!(bomb.len() < 100_000, "it would grow to four hundred times its size");
    check(folder.path(), "bomb.zip", &bomb, Refused("too large")).await;
    check(folder.path(), "one line.csv", &vec![b'a'; 8 << 20], Refused("“one line.csv”")).await;
    check(folder.path(), "nothing.csv", b"", Refused("“nothing.csv”")).await;
    check(folder.path(), "only NUL.csv", &[0; 4096], Refused("“only NUL.csv”")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_larger_than_any_export_is_not_even_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one line of 500 MB.csv");
    // It takes no room on the disk: there is nothing in it.
    File::create(&path).unwrap().set_len((500 << 20) + 1).unwrap();
    check_file(&path, Refused("larger than 500 MB")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_files_are_read_as_far_as_they_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let text = order("Zoë Ørsted", "cake");
    check(folder.path(), "utf 16.csv", &utf_16(&text), Comes(1, 0)).await;
    check(folder.path(), "nul.csv", text.replace("cake", "ca\0ke").as_bytes(), Comes(1, 1)).await;
    let twice =
        format!("{text}{HEADER}\n#2,tom@example.com,2026-11-16 09:00:00 +0000,1,tart,Tom Berg,paid\n");
    check(folder.path(), "header twice.csv", twice.as_bytes(), Comes(2, 1)).await;
    let columns: Vec<String> = (0..3_000).map(|column| format!(",Column {column}")).collect();
    let wide = text.lines().zip([columns.concat(), ",x".repeat(3_000)]);
    let wide: Vec<String> = wide.map(|(line, more)| format!("{line}{more}\n")).collect();
    check(folder.path(), "3,000 columns.csv", wide.concat().as_bytes(), Comes(1, 0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_formula_is_the_text_that_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open_quietly(folder.path()).await;
    let path = folder.path().join("formulas.csv");
    let (who, what) = ("=1+cmd|' /C calc'!A0", "@SUM(1+1)*2");
    std::fs::write(&path, order(who, what)).unwrap();
    let (_, end): (String, ImportEnd) = import_support::bring_in(&kept, &path).await;
    assert_eq!(end.created, 1);
    let page: Value = ask(&kept, "promises", json!({ "filter": "all", "limit": 9 })).await;
    assert_eq!((&page["rows"][0]["customer"], &page["rows"][0]["title"]), (&json!(who), &json!(what)));
    assert!(is_sound(kept, folder.path()).await);
}
