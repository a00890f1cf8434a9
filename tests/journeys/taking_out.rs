//! Leaving with everything, and coming back with it: the exported document is valid by its schema, and brings back the same.

use crate::owner::Owner;
use crate::shop_to_move::{bring_in, export_to, full_shop, look_into};
use kept_app::command_line::{Command, run};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use std::process::ExitCode;

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/kept-export.schema.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

async fn is_sound(mut owner: Owner) {
    owner.restart().await;
    let folder = owner.kept.folder().to_owned();
    owner.kept.close().await.unwrap();
    let code = run(&folder, Command::Check { json: true }).await;
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
}

#[tokio::test]
async fn what_is_exported_is_as_the_shipped_schema_says() {
    let (owner, _) = full_shop().await;
    let folder = tempfile::tempdir().unwrap();
    let (_, bytes) = export_to(&owner, folder.path(), "kept.json").await;
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(wrong, Vec::<String>::new());
    for section in document.as_object().unwrap().keys() {
        assert!(!schema()["properties"][section].is_null(), "“{section}” is described");
    }
    for section in
        ["customers", "promises", "offers", "series", "chores", "feedback", "recoveries", "wins", "history"]
    {
        assert!(!document[section].as_array().unwrap().is_empty(), "“{section}” is tried out");
    }
    let mut broken = document.clone();
    broken["promises"][0]["placed_at"] = json!("yesterday");
    assert!(!validator.is_valid(&broken), "the schema says what an instant is");
}

#[tokio::test]
async fn a_document_brings_back_the_same_into_an_empty_kept_and_is_taken_back_as_one() {
    let (there, rolls) = full_shop().await;
    let folder = tempfile::tempdir().unwrap();
    let (path, first) = export_to(&there, folder.path(), "kept.json").await;
    let here = Owner::fresh_at("2026-11-09 09:00").await;
    let preview = look_into(&here, &path).await.unwrap();
    assert_eq!((&preview["kind"], &preview["ready"]), (&json!("Everything from Kept"), &json!(true)));
    let notes = preview["notes"].as_array().unwrap();
    assert!(notes[0].as_str().unwrap().contains("with its history"), "{notes:?}");
    assert!(preview["created"].as_u64().unwrap() > 20, "{preview}");
    assert!(preview["rows"].as_array().unwrap().iter().all(|row| row["title"] != ""));

    let (import, end) = bring_in(&here, &path).await;
    assert_eq!(end["created"], preview["created"]);
    let (_, second) = export_to(&here, folder.path(), "second.json").await;
    same(&first, &second);
    let photos = |name: &str| std::fs::read_dir(folder.path().join(name)).unwrap().count();
    assert_eq!((photos("kept files"), photos("second files")), (1, 1), "the attached file came along");
    let history = |owner: &Owner| owner.kept.clone();
    let told = |page: &Value| page["changes"].clone();
    let of = json!({ "of": { "kind": "promise", "promise": rolls }, "limit": 50 });
    let there_told = told(&history(&there).answer("history", of.clone()).await.unwrap());
    let here_told = told(&history(&here).answer("history", of).await.unwrap());
    assert_eq!(there_told.as_array().unwrap().len(), here_told.as_array().unwrap().len());
    assert_eq!(there_told[0]["what"], here_told[0]["what"], "the history is told here as it was there");
    assert_eq!(here.ask("shell", json!({})).await["undo"], json!(null), "what was done there is the past");

    assert_eq!(look_into(&here, &path).await.unwrap()["created"], json!(0), "once more brings in nothing");
    here.ask("undo_import", json!({ "import": import })).await;
    let left = here.ask("promises", json!({ "filter": "all", "limit": 1 })).await;
    assert_eq!(left["count"], 0, "taken back as one");
    is_sound(here).await;
}

#[tokio::test]
async fn of_what_differs_the_version_that_was_changed_later_wins_and_nothing_is_lost() {
    let (there, rolls) = full_shop().await;
    let here = Owner::fresh_at("2026-11-07 12:00").await;
    let folder = tempfile::tempdir().unwrap();
    let (first, _) = export_to(&there, folder.path(), "first.json").await;
    bring_in(&here, &first).await;

    // Changed here, and later something else there: each wins where it was the later one.
    let all = here.ask("promises", json!({ "filter": "all", "search": "cake", "limit": 50 })).await;
    let cake =
        all["rows"].as_array().unwrap().iter().find(|row| row["customer"] == "Marta Silveira").unwrap();
    here.now("2026-11-08 10:00");
    here.ask("add_note", json!({ "promise": rolls, "text": "written here" })).await;
    there.now("2026-11-08 09:00");
    there.ask("add_note", json!({ "promise": rolls, "text": "written there before" })).await;
    there.now("2026-11-09 09:00");
    there.ask("add_note", json!({ "promise": cake["id"], "text": "written there later" })).await;
    there.promise("Lena Quist", 3, "buns", "2026-11-24", "09:00").await;

    let (second, _) = export_to(&there, folder.path(), "second.json").await;
    here.now("2026-11-10 09:00");
    let preview = look_into(&here, &second).await.unwrap();
    assert_eq!((&preview["created"], &preview["updated"]), (&json!(1), &json!(1)));
    let notes = preview["notes"].to_string();
    assert!(notes.contains("1 record was changed here later"), "{notes}");
    let (import, end) = bring_in(&here, &second).await;
    assert!(end["said"].as_str().unwrap().contains("changed here later and stayed"), "{end}");
    assert!(here.page(&rolls).await["notes"].to_string().contains("written here"));
    let cake = cake["id"].as_str().unwrap();
    assert!(here.page(cake).await["notes"].to_string().contains("written there later"));
    here.ask("undo_import", json!({ "import": import })).await;
    assert!(!here.page(cake).await["notes"].to_string().contains("written there later"), "undone as one");
    is_sound(here).await;
}

#[tokio::test]
async fn a_document_that_cannot_be_brought_in_says_where_it_is_wrong() {
    let (there, _) = full_shop().await;
    let folder = tempfile::tempdir().unwrap();
    let (_, bytes) = export_to(&there, folder.path(), "kept.json").await;
    let text = String::from_utf8(bytes).unwrap();
    let here = Owner::fresh_at("2026-11-09 09:00").await;
    let line = |needle: &str| text.lines().position(|line| line.contains(needle)).unwrap() + 1;
    let rolls = line("\"what\":\"rolls\"");
    let cases = [
        (text.replace("{\"schema\": 1", "{\"schema\": 99"), vec!["a newer Kept".to_owned()]),
        (
            text.replace("\"what\":\"rolls\",\"quantity\":40", "\"what\":\"rolls\""),
            vec![
                format!("Line {rolls}, column"),
                "promise ".to_owned(),
                "missing field `quantity`".to_owned(),
            ],
        ),
        (text[..text.len() / 2].to_owned(), vec!["damaged in line".to_owned()]),
        (
            text.replace("\"chores\": [", "\"hamsters\": ["),
            vec!["does not know what “hamsters” is".to_owned()],
        ),
        (
            text.replace("\"customers\": [", "\"customers\": [], \"ideas\": ["),
            vec!["who is not in the file".to_owned()],
        ),
    ];
    for (index, (text, expected)) in cases.into_iter().enumerate() {
        let path = folder.path().join(format!("broken {index}.json"));
        std::fs::write(&path, text).unwrap();
        let refused = look_into(&here, &path).await.unwrap_err();
        for words in expected {
            assert!(refused.contains(&words), "{index}: {refused} does not say {words}");
        }
        assert!(refused.contains(&format!("broken {index}.json")), "{refused}");
    }
    let other = folder.path().join("kept.json");
    let files: Vec<Value> =
        [&other, &other].iter().map(|path| json!(here.kept.offer_file(path).file)).collect();
    let refused = here.try_ask("look_into_file", json!({ "files": files })).await.unwrap_err();
    assert!(refused.message.contains("by itself"), "{refused:?}");
    assert_eq!(here.ask("customers", json!({ "limit": 1 })).await["all"], 0, "nothing came in");
}

/// Two exports are the same, byte for byte; else the first line is named that is not.
fn same(first: &[u8], second: &[u8]) {
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(String::from).collect::<Vec<_>>();
    for (line, (one, other)) in lines(first).into_iter().zip(lines(second)).enumerate() {
        assert_eq!(one, other, "line {line}");
    }
    assert!(first == second, "the one is longer");
}

/// What the command line is asked for, as it is typed.
fn typed(words: &[&str]) -> Command {
    let words = std::iter::once("kept").chain(words.iter().copied()).map(Into::into);
    kept_app::command_line::parse(words).unwrap().command.unwrap()
}

#[tokio::test]
async fn everything_leaves_and_comes_back_on_the_command_line() {
    let (there, _) = full_shop().await;
    let folder = there.kept.folder().to_owned();
    there.kept.close().await.unwrap();
    let (out, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = |name: &str| out.path().join(name).display().to_string();
    let succeeds = |code: ExitCode| assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
    succeeds(run(&folder, typed(&["export", &path("first.json")])).await);
    succeeds(run(&folder, typed(&["export", "--csv", &path("tables")])).await);
    succeeds(run(&folder, typed(&["export", "--ics", &path("kept.ics"), "--closed"])).await);
    succeeds(run(&folder, typed(&["export", "--schema"])).await);
    assert!(out.path().join("tables/promises.csv").is_file() && out.path().join("kept.ics").is_file());
    succeeds(run(other.path(), typed(&["import", &path("first.json")])).await);
    succeeds(run(other.path(), typed(&["export", &path("second.json")])).await);
    succeeds(run(other.path(), typed(&["check"])).await);
    let bytes = |name: &str| std::fs::read(out.path().join(name)).unwrap();
    same(&bytes("first.json"), &bytes("second.json"));
}

#[tokio::test]
async fn a_kept_in_which_only_settings_were_made_takes_the_history_along_as_well() {
    let (there, rolls) = full_shop().await;
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = export_to(&there, folder.path(), "kept.json").await;
    let here = Owner::at("2026-11-09 09:00").await;
    bring_in(&here, &path).await;
    let of = json!({ "of": { "kind": "promise", "promise": rolls }, "limit": 50 });
    assert_eq!(
        here.ask("history", of.clone()).await["changes"].as_array().unwrap().len(),
        there.ask("history", of).await["changes"].as_array().unwrap().len()
    );
    here.ask("add_note", json!({ "promise": rolls, "text": "written here" })).await;
    here.ask("undo", json!({})).await;
    assert!(
        !here.page(&rolls).await["notes"].to_string().contains("written here"),
        "what is done here is undone"
    );
    is_sound(here).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_was_done_a_second_export_is_the_first(deeds in prop::collection::vec((0..7_u8, 0..4_u32), 1..14)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let there = Owner::fresh_at("2026-11-02 09:00").await;
            for (deed, of) in &deeds {
                some_deed(&there, *deed, *of).await;
            }
            let folder = tempfile::tempdir().unwrap();
            let (path, first) = export_to(&there, folder.path(), "first.json").await;
            let here = Owner::fresh_at("2026-11-03 09:00").await;
            bring_in(&here, &path).await;
            let (_, second) = export_to(&here, folder.path(), "second.json").await;
            same(&first, &second);
        });
    }
}

/// Something that an owner may do, to one of the promises that there are.
async fn some_deed(owner: &Owner, deed: u8, of: u32) {
    let rows = owner.ask("promises", json!({ "filter": "all", "limit": 10 })).await["rows"].clone();
    let promise = rows.as_array().unwrap().get(of as usize).map(|row| row["id"].clone());
    match (deed, promise) {
        (1, Some(promise)) => drop(owner.try_ask("hand_over", json!({ "promise": promise })).await),
        (2, Some(promise)) => {
            drop(owner.try_ask("cancel", json!({ "promise": promise, "by": "customer" })).await);
        }
        (3, Some(promise)) => {
            drop(owner.try_ask("add_note", json!({ "promise": promise, "text": "\u{7}\"\\ \n ü" })).await);
        }
        (4, _) => drop(owner.try_ask("undo", json!({})).await),
        (5, _) => drop(owner.try_ask("redo", json!({})).await),
        (6, _) => {
            let draft = json!({ "kind": "question", "text": "Is it vegan?", "from": "somebody" });
            owner.ask("take_feedback", json!({ "draft": draft })).await;
        }
        _ => drop(owner.promise(&format!("Customer {of}"), of + 1, "things", "2026-11-20", "10:00").await),
    }
}
