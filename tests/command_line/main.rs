//! The command line of the real binary, as somebody who helps the owner uses it: no window, no display.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test a panic is how something is found to be wrong"
)]

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The binary on a data folder of its own, without a display to open a window on.
fn kept(data: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kept"))
        .arg("--data")
        .arg(data.path())
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The answer of a command that has to succeed.
fn json_of(data: &TempDir, arguments: &[&str]) -> Value {
    let output = kept(data, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/shopify").join(name)
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn orders_are_brought_in_once_and_counted_in_promises() {
    let data = folder();
    let file = fixture("orders_export.csv");
    let file = file.to_str().unwrap();
    let first = json_of(&data, &["import", file, "--json"]);
    let created = first["created"].as_u64().unwrap();
    assert!(created > 20, "{first}");
    assert_eq!((&first["updated"], &first["unchanged"]), (&json!(0), &json!(0)));
    let second = json_of(&data, &["import", file, "--json"]);
    assert_eq!((&second["created"], &second["updated"]), (&json!(0), &json!(0)));
    assert_eq!(second["unchanged"], json!(created));
    let exported = json_of(&data, &["export"]);
    assert_eq!(exported["promises"].as_array().unwrap().len() as u64, created);
}

#[test]
fn what_is_wrong_in_a_file_is_said_by_line_and_the_rest_comes_in() {
    let data = folder();
    let answer = json_of(&data, &["import", fixture("broken.csv").to_str().unwrap(), "--json"]);
    assert!(answer["created"].as_u64().unwrap() > 0, "{answer}");
    let problems = answer["problems"].as_array().unwrap();
    assert!(!problems.is_empty());
    for problem in problems {
        assert!(problem["line"].as_u64().unwrap() > 0, "{problem}");
        assert!(problem["is"].as_str().unwrap().ends_with(['.', '?', ')']), "{problem}");
    }
}

#[test]
fn a_file_that_is_no_export_is_refused_in_words() {
    let data = folder();
    let other = data.path().join("letter.txt");
    std::fs::write(&other, "Dear bakers,\nplease send cupcakes.\n").unwrap();
    let output = kept(&data, &["import", other.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("letter.txt") || said.contains("export"), "{said}");
    let missing = kept(&data, &["import", "no-such-file.csv"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("no-such-file.csv"));
}

/// A file of its own beside the data.
fn written(data: &TempDir, name: &str, text: &str) -> String {
    let path = data.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What a command that is refused says.
fn refusal(data: &TempDir, arguments: &[&str]) -> String {
    let output = kept(data, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_table_of_ones_own_comes_in_when_it_is_said_what_its_columns_mean() {
    let data = folder();
    let book = written(&data, "book.csv", "Wer;Ding;Bis;Preis\nZoë;Torte;03/04/27;1.234\n");
    assert!(refusal(&data, &["import", &book]).contains("Say which column of “book.csv”"));
    let map = "Wer=customer,Ding=what,Bis=due,Preis=price";
    assert!(refusal(&data, &["import", &book, "--map", "Wer"]).contains("not like Client=customer"));
    assert!(refusal(&data, &["import", &book, "--map", "Nobody=customer"]).contains("no column “Nobody”"));
    assert!(refusal(&data, &["import", &book, "--map", "Wer=colour"]).contains("“colour” is nothing"));
    assert!(refusal(&data, &["import", &book, "--map", map]).contains("Which day is 03/04/27?"));
    let dated = ["import", book.as_str(), "--map", map, "--dates", "mdy"];
    assert!(refusal(&data, &dated).contains("How much is 1.234?"));
    let whole = [dated.as_slice(), &["--decimals", "comma", "--json"]].concat();
    assert_eq!(json_of(&data, &whole)["created"], 1);
    let exported = json_of(&data, &["export"]);
    let promise = &exported["promises"][0];
    assert_eq!(promise["first_due"]["day"], "2027-03-04", "{promise}");
    assert_eq!(promise["payment"]["total"]["minor"], 123_400, "{promise}");
    // What the columns mean is remembered for every file with the same header.
    let next = written(&data, "next.csv", "Wer;Ding;Bis;Preis\nJon;Brot;23/04/27;8,50\n");
    assert_eq!(json_of(&data, &["import", &next, "--json"])["created"], 1);
}

#[test]
fn several_files_and_archives_are_one_import() {
    let data = folder();
    let imports = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let file = |name: &str| imports.join(name).to_str().unwrap().to_owned();
    let (orders, items) = (file("etsy_orders.csv"), file("etsy_items.csv"));
    let both = json_of(&data, &["import", &orders, &items, "--json"]);
    assert_eq!((&both["created"], &both["updated"]), (&json!(6), &json!(0)));
    let problems = both["problems"].as_array().unwrap();
    assert!(!problems.is_empty() && problems.iter().all(|problem| problem["file"] == "etsy_items.csv"));
    assert_eq!(json_of(&data, &["import", &items, "--json"])["created"], 0);

    let archive = data.path().join("exports.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&archive).unwrap());
    for name in ["ebay_us.csv", "contacts.vcf"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, &std::fs::read(imports.join(name)).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    let unpacked = json_of(&data, &["import", archive.to_str().unwrap(), "--json"]);
    assert!(unpacked["created"] == 3 && unpacked["customers"].as_u64().unwrap() > 0, "{unpacked}");
    let cut = written(&data, "cut.zip", "PK\u{3}\u{4}cut");
    assert!(refusal(&data, &["import", &cut]).contains("damaged or was cut off"));
}

#[test]
fn sales_are_payments_or_promises_and_what_fits_nothing_is_said() {
    let data = folder();
    let sales = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import/square_items.csv");
    let sales = sales.to_str().unwrap();
    let evidence = json_of(&data, &["import", sales, "--json"]);
    assert_eq!((&evidence["created"], &evidence["payments"]), (&json!(0), &json!(0)));
    let problems = evidence["problems"].as_array().unwrap();
    let strangers = problems.iter().filter(|it| it["is"].as_str().unwrap().contains("fits no promise"));
    assert_eq!(strangers.count(), 2, "{evidence}");
    let said = String::from_utf8(kept(&data, &["import", sales]).stdout).unwrap();
    assert!(said.contains("2 payments were not counted."), "{said}");
    let promises = json_of(&data, &["import", sales, "--as-orders", "--lead-days", "3", "--json"]);
    assert_eq!(promises["created"], 3);
    let help = String::from_utf8(kept(&data, &["import", "--help"]).stdout).unwrap();
    for flag in ["--map", "--dates", "--decimals", "--as-orders", "--lead-days"] {
        assert!(help.contains(flag), "{flag}");
    }
    let unknown = kept(&data, &["import", sales, "--dates", "ydm"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn a_backup_is_made_and_restored_on_another_computer() {
    let (data, other) = (folder(), folder());
    json_of(&data, &["import", fixture("orders_export.csv").to_str().unwrap(), "--json"]);
    let (file, words) = (data.path().join("all.kept-backup"), data.path().join("words.txt"));
    std::fs::write(&words, "seven blue doors\n").unwrap();
    let (file, words) = (file.to_str().unwrap(), words.to_str().unwrap());
    let made = json_of(&data, &["backup", file, "--passphrase-file", words, "--json"]);
    let exported = json_of(&data, &["export"]);
    assert_eq!(made["promises"].as_u64().unwrap(), exported["promises"].as_array().unwrap().len() as u64);
    let locked = kept(&other, &["restore", file]);
    assert_eq!(locked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&locked.stderr).contains("passphrase"));
    json_of(&other, &["restore", file, "--passphrase-file", words, "--json"]);
    let restored = json_of(&other, &["export"]);
    assert!(without_history(restored.clone()) == without_history(exported), "all of it is there again");
    assert_eq!(json_of(&other, &["check", "--json"])["ok"], true);
    let letter = other.path().join("letter.txt");
    std::fs::write(&letter, "Dear bakers,\n").unwrap();
    let refused = kept(&other, &["restore", letter.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no backup of Kept"));
    let nowhere = kept(&other, &["backup", "/no/such/folder/all.kept-backup"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(json_of(&other, &["export"]) == restored, "nothing was changed");
}

/// Everything but the history: that something was restored stands there, which is the only difference.
fn without_history(mut document: Value) -> Value {
    document.as_object_mut().unwrap().remove("history");
    document
}

/// Asserts that a command is refused with an exit code and in words, on its error output and as JSON.
fn refused(data: &TempDir, arguments: &[&str], code: i32, words: &str) {
    let output = kept(data, &[arguments, &["--json"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(said.starts_with("kept: ") && said.contains(words), "{arguments:?}: {said}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(answer["failure"]["message"].as_str().unwrap().contains(words), "{answer}");
}

#[test]
fn a_backup_that_cannot_be_restored_says_why_and_changes_nothing() {
    let data = folder();
    json_of(&data, &["import", fixture("orders_export.csv").to_str().unwrap(), "--json"]);
    let before = json_of(&data, &["export"]);
    let path = |name: &str| data.path().join(name).to_str().unwrap().to_owned();
    let (plain, locked) = (path("plain.kept-backup"), path("locked.kept-backup"));
    let (words, wrong, empty) = (path("words.txt"), path("wrong.txt"), path("empty.txt"));
    std::fs::write(&words, "seven blue doors\n").unwrap();
    std::fs::write(&wrong, "seven red doors\n").unwrap();
    std::fs::write(&empty, "").unwrap();
    json_of(&data, &["backup", &plain, "--json"]);
    json_of(&data, &["backup", &locked, "--passphrase-file", &words, "--json"]);

    refused(&data, &["restore", &locked], 1, "Type its passphrase");
    refused(&data, &["restore", &locked, "--passphrase-file", &wrong], 1, "not the passphrase");
    refused(&data, &["restore", &locked, "--passphrase-file", &empty], 1, "no passphrase in");
    refused(&data, &["restore", &locked, "--passphrase-file", "no-such-file"], 1, "no-such-file");
    refused(&data, &["restore", "no-such-file"], 1, "no-such-file");
    refused(&data, &["restore", data.path().to_str().unwrap()], 1, "no backup of Kept");
    let newer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/backups/newer.kept-backup");
    refused(&data, &["restore", newer.to_str().unwrap()], 4, "made by a newer Kept");
    let whole = std::fs::read(&plain).unwrap();
    let broken = path("broken.kept-backup");
    std::fs::write(&broken, &whole[..whole.len() / 2]).unwrap();
    refused(&data, &["restore", &broken], 1, "was cut off");
    let mut hit = whole.clone();
    hit[whole.len() - 40] ^= 1;
    std::fs::write(&broken, hit).unwrap();
    refused(&data, &["restore", &broken], 1, "is damaged");

    // While Kept holds the data, nothing else touches it.
    let holds = std::fs::File::create(data.path().join("lock")).unwrap();
    holds.try_lock().unwrap();
    refused(&data, &["restore", &plain], 3, data.path().to_str().unwrap());
    refused(&data, &["backup", &path("another.kept-backup")], 3, data.path().to_str().unwrap());
    assert!(!Path::new(&path("another.kept-backup")).exists());
    drop(holds);
    assert!(json_of(&data, &["export"]) == before, "nothing was changed");
    let restored = json_of(&data, &["restore", &plain, "--json"]);
    assert!(restored["said"].as_str().unwrap().starts_with("Restored "), "{restored}");
    assert!(without_history(json_of(&data, &["export"])) == without_history(before));
}

#[test]
fn an_import_that_cannot_be_preceded_by_a_backup_has_to_be_meant() {
    let data = folder();
    json_of(&data, &["import", fixture("orders_export.csv").to_str().unwrap(), "--json"]);
    std::fs::write(data.path().join("backups"), "no folder").unwrap();
    let more = fixture("orders_export_more.csv");
    let more = more.to_str().unwrap();
    let before = json_of(&data, &["export"]);
    refused(&data, &["import", more], 1, "add --without-backup");
    assert_eq!(json_of(&data, &["export"]), before);
    let brought = json_of(&data, &["import", more, "--without-backup", "--json"]);
    assert!(brought["created"].as_u64().unwrap() > 0, "{brought}");
}

#[test]
fn today_is_said_as_it_was_at_an_instant() {
    let data = folder();
    json_of(&data, &["import", fixture("orders_export.csv").to_str().unwrap(), "--json"]);
    let far = json_of(&data, &["today", "--json", "--now", "2030-01-01T09:00:00Z"]);
    assert_eq!(far["today"], "2030-01-01");
    assert_eq!(far["sections"][0]["place"], "overdue");
    let past = json_of(&data, &["today", "--json", "--now", "2001-01-01T09:00:00Z"]);
    assert!(past["sections"].as_array().unwrap().iter().all(|section| section["place"] != "overdue"));
    let plain = kept(&data, &["today", "--now", "2030-01-01T09:00:00Z"]);
    assert!(String::from_utf8_lossy(&plain.stdout).contains("Overdue ("));
}

#[test]
fn a_check_of_sound_data_says_so() {
    let data = folder();
    json_of(&data, &["import", fixture("orders_export.csv").to_str().unwrap(), "--json"]);
    let checked = json_of(&data, &["check", "--json"]);
    assert_eq!((&checked["ok"], &checked["wrong"]), (&json!(true), &json!([])));
    assert!(checked["rows"].as_u64().unwrap() > 40);
}

#[test]
fn an_export_to_a_file_holds_everything() {
    let data = folder();
    json_of(&data, &["import", fixture("orders_export.csv").to_str().unwrap(), "--json"]);
    let file = data.path().join("everything.json");
    let said = json_of(&data, &["export", file.to_str().unwrap(), "--json"]);
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(said["promises"].as_u64(), written["promises"].as_array().map(|list| list.len() as u64));
    assert_eq!(said["customers"].as_u64(), written["customers"].as_array().map(|list| list.len() as u64));
    let nowhere = kept(&data, &["export", "/no/such/folder/everything.json"]);
    assert_eq!(nowhere.status.code(), Some(1));
}

#[test]
fn a_folder_that_another_kept_holds_is_refused_in_words() {
    let data = folder();
    let holds = std::fs::File::create(data.path().join("lock")).unwrap();
    holds.try_lock().unwrap();
    let output = kept(&data, &["today"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(data.path().to_str().unwrap()), "{said}");
}

#[test]
fn a_command_that_is_none_is_refused_with_its_own_code() {
    let data = folder();
    assert_eq!(kept(&data, &["tomorrow"]).status.code(), Some(2));
    assert_eq!(kept(&data, &["today", "--now", "noonish"]).status.code(), Some(2));
}
