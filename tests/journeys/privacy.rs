//! A customer asks what is known of them, and then to be forgotten: the record of promises stays, they are nowhere any more.

use crate::owner::{Owner, draft};
use kept_app::command_line::{Command, run};
use kept_app::watching::tick;
use serde_json::{Value, json};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Words that mean nobody but her.
const HERS: [&str; 15] = [
    "Zelda Quimby",
    "quimby@example.com",
    "555-0199-8812",
    "Quimby Lane",
    "hates marzipan",
    "in lilac please",
    "QZ-TRACK-77",
    "portal.example.com/qz",
    "by the blue door",
    "zelda-photo",
    "zelda pixels",
    "the icing was runny",
    "QZ9001",
    "so sorry about the icing",
    "Zelda Quimby-Marsh",
];

async fn customer_named(owner: &Owner, name: &str) -> Value {
    let found = owner.ask("customers", json!({ "search": name, "limit": 5 })).await;
    found["rows"][0].clone()
}

/// A shop in which Zelda is in everything: an order of a shop, a promise by phone, evidence with a file, a message, feedback,
/// a recovery, a note elsewhere, and an older name.
async fn shop() -> (Owner, String, String) {
    let owner = Owner::at("2026-11-02 09:00").await;
    let file = owner.kept.folder().join("orders_export.csv");
    fs::write(
        &file,
        "Name,Email,Financial Status,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Total,Currency\n\
         #QZ9001,quimby@example.com,paid,2026-11-01 09:00:00 +0100,2026-11-01 09:00:00 +0100,12,cupcakes,3.00,Zelda Quimby-Marsh,36.00,USD\n\
         #T1,tom@example.com,paid,2026-11-01 09:00:00 +0100,2026-11-01 09:00:00 +0100,1,tart,9.00,Tom Berg,9.00,USD\n",
    )
    .unwrap();
    crate::shop_to_move::bring_in(&owner, &file).await;
    fs::remove_file(&file).unwrap();
    let zelda = customer_named(&owner, "quimby").await;
    let id = zelda["id"].as_str().unwrap().to_owned();
    let form = json!({
        "name": "Zelda Quimby",
        "contacts": [{ "kind": "email", "address": "quimby@example.com" }, { "kind": "phone", "number": "555-0199-8812" }],
        "address": ["7 Quimby Lane"],
    });
    owner.ask("save_customer", json!({ "customer": id, "form": form, "version": zelda["version"] })).await;
    owner.ask("note_on_customer", json!({ "customer": id, "text": "hates marzipan" })).await;
    let mut cake = draft("", 1, "cake", "2026-11-04", "15:00");
    cake["customer"] = json!(id);
    cake["words"] = json!({ "said": "in lilac please", "how": "by phone" });
    let cake =
        owner.ask("make_promise", json!({ "draft": cake })).await["promise"].as_str().unwrap().to_owned();
    owner.now("2026-11-05 10:00");
    hand_over(&owner, &cake).await;
    let told =
        json!({ "promise": cake, "kind": "sorry", "channel": "email", "words": "so sorry about the icing" });
    owner.ask("log_told", told).await;
    let feedback =
        json!({ "text": "the icing was runny", "from": "Zelda Quimby", "customer": id, "promise": cake });
    let feedback = owner.ask("take_feedback", json!({ "draft": feedback })).await["feedback"].clone();
    owner
        .ask(
            "feedback_turn",
            json!({ "feedback": feedback, "kind": "reply", "words": "so sorry about the icing" }),
        )
        .await;
    owner.ask("open_recovery", json!({ "promise": cake })).await;
    let tom = owner.promise("Tom Berg", 40, "rolls", "2026-11-20", "07:00").await;
    owner.ask("add_note", json!({ "promise": tom, "text": "a neighbour of Zelda Quimby" })).await;
    // What is over due calls, so that the ledger has something to say.
    let _ = tick(&owner.kept, owner.reading()).await.unwrap();
    (owner, id, cake)
}

async fn hand_over(owner: &Owner, cake: &str) {
    let photo = owner.kept.folder().join("zelda-photo.jpg");
    fs::write(&photo, "zelda pixels").unwrap();
    let offered = owner.kept.offer_file(&photo).file;
    let file = owner.ask("attach_file", json!({ "file": offered })).await;
    fs::remove_file(&photo).unwrap();
    owner.ask("hand_over", json!({ "promise": cake })).await;
    let evidence = json!({
        "promise": cake, "of": [0], "tracking": "QZ-TRACK-77", "links": ["https://portal.example.com/qz"],
        "note": "by the blue door", "files": [file],
    });
    owner.ask("set_evidence", evidence).await;
}

/// All files of a folder but the backups, and the reserve, in which nothing is ever written.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "backups" {
            all.extend(files(&path));
        } else if path.is_file() && path.file_name().unwrap() != "ballast" {
            all.push(path);
        }
    }
    all
}

/// Which of her words stand in which files, in whatever way they are written there.
fn found(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(folder) {
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        let mut bytes = fs::read(&path).unwrap();
        if path.extension().is_some_and(|ending| ending == "zst") {
            let mut plain = Vec::new();
            zstd::Decoder::new(&bytes[..]).unwrap().read_to_end(&mut plain).unwrap();
            bytes = plain;
        }
        // A text is searched faster than bytes; what is no text stays no text of hers.
        let text = String::from_utf8_lossy(&bytes);
        for word in HERS {
            let hex = word.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            for needle in [word.to_owned(), word.to_lowercase(), hex] {
                if text.contains(&needle) {
                    found.push(format!("{word} in {name}"));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

async fn figures(owner: &Owner) -> Value {
    let mut insights =
        owner.ask("insights", json!({ "period": { "from": "2026-11-01", "to": "2026-11-30" } })).await;
    // What is said beside the figures may name her, and does no more afterwards.
    insights.as_object_mut().unwrap().remove("title");
    insights["replies"].as_object_mut().unwrap().remove("slowest");
    insights
}

#[tokio::test]
async fn a_customer_who_is_forgotten_is_nowhere_any_more_and_the_record_stays() {
    let (mut owner, id, cake) = shop().await;
    let folder = owner.kept.folder().to_owned();
    owner.ask("backup_now", json!({})).await;
    for word in HERS {
        assert!(found(&folder).iter().any(|line| line.starts_with(word)), "{word} is there before");
    }
    let (before, record) = (figures(&owner).await, owner.page(&cake).await);
    let view = owner.ask("forgetting", json!({ "customer": id })).await;
    assert_eq!((&view["name"], &view["backups"]), (&json!("Zelda Quimby"), &json!(2)));
    assert_eq!(view["becomes"], "Somebody (anonymised 5 Nov 2026)");
    assert!(view["until"].as_str().unwrap().contains("cleared away on"), "{view}");
    assert_eq!(view["words"], json!(["Zelda Quimby", "Zelda Quimby-Marsh"]));

    let done = owner.ask("forget_customer", json!({ "customer": id, "version": view["version"] })).await;
    assert_eq!(done["said"], "Anonymised a customer. The record of 2 promises stays.");
    assert_eq!(found(&folder), Vec::<String>::new(), "while Kept runs");
    let after = owner.page(&cake).await;
    assert_eq!(
        (&after["row"]["title"], &after["row"]["outcome"]),
        (&record["row"]["title"], &record["row"]["outcome"])
    );
    assert_eq!(after["dates"], record["dates"]);
    assert_eq!(after["row"]["customer"], "Somebody (anonymised 5 Nov 2026)");
    assert_eq!(figures(&owner).await, before, "the figures are as they were");
    let notes = owner.ask("promises", json!({ "filter": "all", "search": "neighbour", "limit": 5 })).await;
    assert_eq!(notes["count"], 1, "what others have said stays, without her name");
    assert_eq!(owner.ask("find", json!({ "text": "Quimby" })).await["customers"], json!([]));
    assert_eq!(
        owner.ask("shell", json!({})).await["undo"].as_str().map(|it| it.contains("Quimby")),
        Some(false)
    );

    owner.restart().await;
    assert_eq!(figures(&owner).await, before, "also after a restart");
    assert_eq!(owner.ask("backups", json!({})).await["rows"].as_array().unwrap().len(), 2, "backups rotate");
    owner.kept.close().await.unwrap();
    assert_eq!(found(&folder), Vec::<String>::new(), "after Kept was closed");
    let code = run(&folder, Command::Check { json: true }).await;
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
}

#[tokio::test]
async fn the_same_export_does_not_bring_them_back() {
    let (owner, id, _) = shop().await;
    owner.ask("forget_customer", json!({ "customer": id })).await;
    let file = owner.kept.folder().join("orders_export.csv");
    fs::write(
        &file,
        "Name,Email,Financial Status,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Total,Currency\n\
         #QZ9001,quimby@example.com,paid,2026-11-01 09:00:00 +0100,2026-11-01 09:00:00 +0100,12,cupcakes,3.00,Zelda Quimby-Marsh,36.00,USD\n",
    )
    .unwrap();
    let (_, end) = crate::shop_to_move::bring_in(&owner, &file).await;
    assert_eq!((&end["created"], &end["updated"], &end["unchanged"]), (&json!(0), &json!(0), &json!(1)));
    fs::remove_file(&file).unwrap();
    assert_eq!(owner.ask("find", json!({ "text": "quimby" })).await["customers"], json!([]));
    // And a message of before cannot be brought back by undoing.
    let refused =
        owner.try_ask("forget_customer", json!({ "customer": id, "version": 1 })).await.unwrap_err();
    assert!(refused.message.contains("changed in the meantime"), "{refused:?}");
}

#[tokio::test]
async fn backups_that_hold_them_are_removed_where_that_is_asked_for() {
    let (owner, id, _) = shop().await;
    owner.ask("backup_now", json!({})).await;
    let done = owner.ask("forget_customer", json!({ "customer": id, "backups_too": true })).await;
    assert!(done["said"].as_str().unwrap().contains("Removed 2 older backups"), "{done}");
    let rows = owner.ask("backups", json!({})).await["rows"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["wrong"], json!(null));
}

#[tokio::test]
async fn somebody_with_the_same_name_stays_who_they_are() {
    let (owner, id, _) = shop().await;
    let form =
        json!({ "name": "Zelda Quimby", "contacts": [{ "kind": "email", "address": "other@example.com" }] });
    let other = owner.ask("save_customer", json!({ "form": form })).await["customer"].clone();
    let mut pie = draft("", 1, "pie", "2026-11-20", "15:00");
    pie["customer"] = other.clone();
    owner.ask("make_promise", json!({ "draft": pie })).await;
    owner.ask("forget_customer", json!({ "customer": id })).await;
    let page = owner.ask("customer", json!({ "customer": other, "limit": 10 })).await;
    assert_eq!(page["form"]["name"], "Zelda Quimby");
    let rows =
        owner.ask("promises", json!({ "filter": "all", "search": "pie", "limit": 5 })).await["rows"].clone();
    assert_eq!(rows[0]["customer"], "Zelda Quimby");
}

#[tokio::test]
async fn a_customer_gets_all_that_is_known_of_them_on_one_page() {
    let (owner, id, _) = shop().await;
    let folder = tempfile::tempdir().unwrap();
    let nasty = json!({ "customer": id, "text": "<script>alert(1)</script>" });
    owner.ask("note_on_customer", nasty).await;
    let page = folder.path().join("zelda.html");
    let to = owner.kept.offer_file(&page).file;
    let done = owner.ask("export_customer", json!({ "customer": id, "to": to })).await;
    assert!(done["said"].as_str().unwrap().contains("1 attached file in “zelda files”"), "{done}");
    let html = fs::read_to_string(&page).unwrap();
    for word in HERS.iter().filter(|word| !["zelda pixels", "QZ9001", "Zelda Quimby-Marsh"].contains(word)) {
        assert!(html.contains(word) || html.contains(&word.to_lowercase()), "{word} stands on the page");
    }
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;alert(1)"), "every text is escaped");
    assert!(
        !html.contains("http-equiv=\"refresh\"") && !html.contains("src="),
        "nothing is loaded from elsewhere"
    );
    assert!(!html.contains("Tom Berg"), "nobody else is on it");
    assert_eq!(fs::read(folder.path().join("zelda files/zelda-photo.jpg")).unwrap(), b"zelda pixels");

    let data = folder.path().join("zelda.json");
    let to = owner.kept.offer_file(&data).file;
    owner.ask("export_customer", json!({ "customer": id, "to": to })).await;
    let all: Value = serde_json::from_slice(&fs::read(&data).unwrap()).unwrap();
    assert_eq!(
        (&all["customer"]["name"], all["promises"].as_array().unwrap().len()),
        (&json!("Zelda Quimby"), 2)
    );
    assert!(!all["care"].as_array().unwrap().is_empty());
}

/// What the command line is asked for, as it is typed.
fn typed(words: &[&str]) -> Command {
    let words = std::iter::once("kept").chain(words.iter().copied()).map(Into::into);
    kept_app::command_line::parse(words).unwrap().command.unwrap()
}

#[tokio::test]
async fn on_the_command_line_nobody_is_forgotten_without_a_yes() {
    let (owner, _, _) = shop().await;
    let folder = owner.kept.folder().to_owned();
    owner.kept.close().await.unwrap();
    let says = |code: ExitCode, expected: ExitCode| assert_eq!(format!("{code:?}"), format!("{expected:?}"));
    let page = folder.join("zelda.html");
    let export = ["export", "--customer", "zelda quimby", page.to_str().unwrap()];
    says(run(&folder, typed(&export)).await, ExitCode::SUCCESS);
    assert!(fs::read_to_string(&page).unwrap().contains("hates marzipan"));
    fs::remove_file(&page).unwrap();
    fs::remove_dir_all(folder.join("zelda files")).unwrap();
    says(run(&folder, typed(&["forget", "Zelda Quimby"])).await, ExitCode::FAILURE);
    assert!(!found(&folder).is_empty(), "nothing was changed");
    says(run(&folder, typed(&["forget", "Nobody Atall", "--yes"])).await, ExitCode::FAILURE);
    says(
        run(&folder, typed(&["forget", "Zelda Quimby", "--yes", "--word", "marzipan"])).await,
        ExitCode::SUCCESS,
    );
    assert_eq!(found(&folder), Vec::<String>::new());
    says(run(&folder, typed(&["check"])).await, ExitCode::SUCCESS);
}
