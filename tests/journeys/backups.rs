//! Backups: everything in one verified file, restored in one step, undone by restoring what was there before.

use crate::owner::{Owner, section};
use kept_app::failure::Code;
use kept_app::watching::{keep_backups, tick};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A shop with two promises; the name of the first is returned.
async fn shop() -> (Owner, String) {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cupcakes = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    owner.promise("Tom Berg", 1, "cake", "2026-11-21", "10:00").await;
    (owner, cupcakes)
}

fn here(owner: &Owner) -> PathBuf {
    owner.kept.folder().join("backups")
}

async fn rows(owner: &Owner) -> Vec<Value> {
    owner.ask("backups", json!({})).await["rows"].as_array().unwrap().clone()
}

/// Makes a backup and answers with its name.
async fn back_up(owner: &Owner) -> String {
    owner.ask("backup_now", json!({})).await;
    rows(owner).await[0]["backup"].as_str().unwrap().to_owned()
}

async fn refused(owner: &Owner, file: &Path, passphrase: Option<&str>) -> (Code, String) {
    let backup = owner.kept.offer_file(file).file;
    let takes = json!({ "backup": backup, "passphrase": passphrase });
    let looked = owner.try_ask("look_into_backup", takes.clone()).await.unwrap_err();
    let restored = owner.try_ask("restore_backup", takes).await.unwrap_err();
    assert_eq!(looked, restored, "both say the same");
    (restored.code, restored.message)
}

/// All that can be told apart of a shop: what stands on its lists, by their names and versions.
async fn all(owner: &Owner) -> (Value, Value) {
    let promises = owner.ask("promises", json!({ "filter": "all", "limit": 200 })).await;
    let customers = owner.ask("customers", json!({ "limit": 200 })).await;
    (promises["rows"].clone(), customers["rows"].clone())
}

#[tokio::test]
async fn a_backup_holds_everything_and_restoring_it_is_undone_by_restoring_what_was_there_before() {
    let (mut owner, cupcakes) = shop().await;
    let before = all(&owner).await;
    let backup = back_up(&owner).await;
    let listed = rows(&owner).await;
    assert_eq!((&listed[0]["promises"], &listed[0]["customers"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&listed[0]["wrong"], &listed[0]["locked"], &listed[0]["here"]),
        (&json!(null), &json!(false), &json!(true))
    );

    owner.now("2026-11-17 09:00");
    owner.promise("Ada Novak", 3, "tarts", "2026-11-24", "12:00").await;
    let newest = owner.ask("hand_over", json!({ "promise": cupcakes })).await["change"].as_u64().unwrap();
    let after = all(&owner).await;
    let look = owner.ask("look_into_backup", json!({ "backup": backup })).await;
    let few = |name: &str| json!({ "count": 1, "names": [name], "words": format!("1 promise: {name}") });
    assert_eq!(look["promises"]["changed"], few("12 cupcakes"));
    assert_eq!(look["promises"]["gone"], few("3 tarts"));
    assert_eq!(look["promises"]["back"]["count"], 0);
    assert_eq!(look["customers"]["gone"]["names"], json!(["Ada Novak"]));

    let done = owner.ask("restore_backup", json!({ "backup": backup })).await;
    assert!(done["change"].as_u64().unwrap() > newest, "no number is given out twice");
    assert!(done["said"].as_str().unwrap().starts_with("Restored 2 promises and 2 customers"), "{done}");
    assert_eq!(all(&owner).await, before);
    // Also in what was written, and after a restart.
    owner.restart().await;
    assert_eq!(all(&owner).await, before);
    let same = owner.ask("look_into_backup", json!({ "backup": backup })).await;
    assert_eq!(same["said"], "What is there now is just what this backup holds.");

    // What was there before has a backup of its own.
    let way_back = rows(&owner).await[0].clone();
    assert_eq!(way_back["why"], "before_restore");
    owner.ask("restore_backup", json!({ "backup": way_back["backup"] })).await;
    assert_eq!(all(&owner).await, after);
}

#[tokio::test]
async fn work_goes_on_after_a_restore_as_if_nothing_had_been() {
    let (owner, cupcakes) = shop().await;
    let backup = back_up(&owner).await;
    owner.ask("cancel", json!({ "promise": cupcakes, "by": "customer", "why": "ill" })).await;
    owner.ask("restore_backup", json!({ "backup": backup })).await;
    // The promise is open, on Today, watched, and can be worked on and undone.
    assert!(owner.page(&cupcakes).await["row"]["title"] == "12 cupcakes");
    owner.now("2026-11-20 15:05");
    let done = owner.ask("hand_over", json!({ "promise": cupcakes })).await;
    owner.ask("undo", json!({ "change": done["change"] })).await;
    assert!(owner.today().await.contains(&section("Overdue", &["12 cupcakes"])), "{:?}", owner.today().await);
    tick(&owner.kept, owner.reading()).await.unwrap();
    assert_eq!(owner.notices.lock().unwrap().len(), 1, "what is due calls");
}

#[tokio::test]
async fn a_new_computer_gets_everything_with_its_files_and_its_history() {
    let (owner, cupcakes) = shop().await;
    let photo = owner.kept.folder().join("photo.jpg");
    fs::write(&photo, vec![7; 100_000]).unwrap();
    let offered = owner.kept.offer_file(&photo).file;
    let file = owner.ask("attach_file", json!({ "file": offered })).await;
    owner.ask("hand_over", json!({ "promise": cupcakes, "files": [file] })).await;
    let backup = here(&owner).join(back_up(&owner).await);
    let other = Owner::at("2026-11-16 10:00").await;
    let takes = json!({ "backup": other.kept.offer_file(&backup).file });
    assert_eq!(other.ask("look_into_backup", takes.clone()).await["promises"]["back"]["count"], 2);
    other.ask("restore_backup", takes).await;
    assert_eq!(all(&other).await, all(&owner).await);
    assert_eq!(other.page(&cupcakes).await["history"], owner.page(&cupcakes).await["history"]);
    let hash = file["hash"].as_str().unwrap();
    assert_eq!(fs::read(other.kept.attachment(hash).unwrap()).unwrap(), vec![7; 100_000]);
}

#[tokio::test]
async fn a_locked_backup_opens_with_its_passphrase_only() {
    let (owner, _) = shop().await;
    let short = owner.try_ask("set_backup_passphrase", json!({ "passphrase": "short" })).await.unwrap_err();
    assert_eq!(short.code, Code::Invalid);
    owner.ask("set_backup_passphrase", json!({ "passphrase": "seven blue doors" })).await;
    let backup = back_up(&owner).await;
    assert_eq!(rows(&owner).await[0]["locked"], true);
    let path = here(&owner).join(&backup);
    let bytes = fs::read(&path).unwrap();
    assert!(!bytes.windows(5).any(|some| some == b"Maria"), "nobody is named in it");
    // Here its passphrase is known; elsewhere it has to be typed.
    owner.ask("look_into_backup", json!({ "backup": backup })).await;
    let other = Owner::at("2026-11-16 10:00").await;
    let (code, words) = refused(&other, &path, None).await;
    assert!(code == Code::Invalid && words.contains("Type its passphrase"), "{words}");
    let (code, words) = refused(&other, &path, Some("seven red doors")).await;
    assert!(code == Code::Invalid && words.contains("not the passphrase"), "{words}");
    let takes = json!({ "backup": other.kept.offer_file(&path).file, "passphrase": "seven blue doors" });
    other.ask("restore_backup", takes).await;
    assert_eq!(all(&other).await, all(&owner).await);
    owner.ask("set_backup_passphrase", json!({ "passphrase": null })).await;
    owner.now("2026-11-16 09:01");
    back_up(&owner).await;
    assert_eq!(rows(&owner).await[0]["locked"], false);
}

#[tokio::test]
async fn a_backup_with_any_byte_flipped_is_refused_in_words_and_nothing_is_changed() {
    let (owner, _) = shop().await;
    let good = fs::read(here(&owner).join(back_up(&owner).await)).unwrap();
    let before = all(&owner).await;
    let bad = owner.kept.folder().join("bad.kept-backup");
    let heading = good.iter().position(|byte| *byte == b'\n').unwrap();
    // Some in the heading, some in each part of the body.
    let places = [2, heading / 2, heading - 3, heading + 10, 4096, 4200, good.len() / 2, good.len() - 1];
    for place in places {
        let mut spoilt = good.clone();
        spoilt[place] ^= 4;
        fs::write(&bad, spoilt).unwrap();
        let (code, words) = refused(&owner, &bad, None).await;
        assert_eq!(code, Code::Invalid, "{place}: {words}");
        assert!(words.contains("damaged") || words.contains("no backup"), "{place}: {words}");
    }
    for length in [0, 100, 4095, 4096, 5000.min(good.len() - 1), good.len() - 1] {
        fs::write(&bad, &good[..length]).unwrap();
        let (code, words) = refused(&owner, &bad, None).await;
        assert_eq!(code, Code::Invalid, "{length}: {words}");
    }
    fs::write(&bad, &good[..good.len() - 1]).unwrap();
    assert!(refused(&owner, &bad, None).await.1.contains("cut off"));
    fs::write(&bad, [&good[..], b"more"].concat()).unwrap();
    assert!(refused(&owner, &bad, None).await.1.contains("follows its end"));
    fs::write(&bad, "Dear bakers,\nplease send cupcakes.\n").unwrap();
    assert!(refused(&owner, &bad, None).await.1.contains("no backup of Kept"));
    fs::remove_file(&bad).unwrap();
    assert_eq!(refused(&owner, &bad, None).await.0, Code::NotFound);
    assert_eq!(all(&owner).await, before);
    assert_eq!(rows(&owner).await.len(), 1, "nothing was backed up for it either");
}

#[tokio::test]
async fn a_backup_of_a_newer_kept_is_refused_as_such() {
    let (owner, _) = shop().await;
    let path = here(&owner).join(back_up(&owner).await);
    let good = fs::read(&path).unwrap();
    let end = good.iter().position(|byte| *byte == b'\n').unwrap();
    let line = String::from_utf8(good[..end].to_vec()).unwrap();
    for newer in [line.replace("\"format\":1", "\"format\":2"), line.replace("\"schema\":1", "\"schema\":99")]
    {
        assert_ne!(newer, line);
        let mut file = newer.clone().into_bytes();
        file.push(b'\n');
        file.extend(sha256(newer.as_bytes()).into_bytes());
        file.push(b'\n');
        file.resize(4096, b'\n');
        file.extend(&good[4096..]);
        let newer = owner.kept.folder().join("newer.kept-backup");
        fs::write(&newer, file).unwrap();
        let (code, words) = refused(&owner, &newer, None).await;
        assert!(code == Code::NewerData && words.contains("newer Kept"), "{words}");
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[tokio::test]
async fn one_is_made_on_each_day_and_old_ones_make_room() {
    let (owner, _) = shop().await;
    keep_backups(&owner.kept).await.unwrap();
    keep_backups(&owner.kept).await.unwrap();
    assert_eq!(rows(&owner).await.len(), 1, "one a day");
    assert_eq!(rows(&owner).await[0]["why"], "daily");
    for day in 17..=30 {
        owner.now(&format!("2026-11-{day} 09:00"));
        keep_backups(&owner.kept).await.unwrap();
    }
    let days: Vec<String> =
        rows(&owner).await.iter().map(|row| row["backup"].as_str().unwrap()[..10].to_owned()).collect();
    let kept = ["30", "29", "28", "27", "26", "25", "24", "22"].map(|day| format!("2026-11-{day}"));
    assert_eq!(days, kept, "seven days, and the newest of the weeks before");
}

#[tokio::test]
async fn an_import_is_preceded_by_a_backup() {
    let (owner, _) = shop().await;
    let export =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/shopify/orders_export.csv");
    let takes = json!({ "files": [owner.kept.offer_file(&export).file] });
    brought_in(&owner, &takes).await;
    let rows = rows(&owner).await;
    assert_eq!((&rows[0]["why"], &rows[0]["promises"]), (&json!("before_import"), &json!(2)));
    owner.ask("restore_backup", json!({ "backup": rows[0]["backup"] })).await;
    assert_eq!(owner.ask("promises", json!({ "filter": "all", "limit": 1 })).await["count"], 2);
}

#[tokio::test]
async fn a_stick_that_is_not_there_is_said_calmly_and_gets_its_backup_when_it_is() {
    let (owner, _) = shop().await;
    let stick = owner.kept.folder().parent().unwrap().join(format!("stick-{}", std::process::id()));
    let mut settings = owner.ask("settings", json!({})).await;
    settings["backup_folder"] = json!(stick);
    owner.ask("change_settings", settings).await;
    let said = owner.ask("backup_now", json!({})).await["said"].as_str().unwrap().to_owned();
    assert!(
        said.starts_with("Backed up 2 promises and 2 customers") && said.contains("is not there"),
        "{said}"
    );
    assert_eq!(owner.ask("backups", json!({})).await["second"]["is_there"], false);
    assert!(!stick.exists(), "no folder is made where a stick should be");

    fs::create_dir(&stick).unwrap();
    keep_backups(&owner.kept).await.unwrap();
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 0, "after a failure it rests for a while");
    owner.now("2026-11-16 09:20");
    keep_backups(&owner.kept).await.unwrap();
    let view = owner.ask("backups", json!({})).await;
    assert_eq!((&view["rows"][0]["here"], &view["rows"][0]["second"]), (&json!(true), &json!(true)));
    assert_eq!(view["second"]["words"], "The newest backup is there.");

    // Lost here, it is restored from there.
    let backup = view["rows"][0]["backup"].clone();
    fs::remove_file(here(&owner).join(backup.as_str().unwrap())).unwrap();
    owner.ask("restore_backup", json!({ "backup": backup })).await;
    fs::remove_dir_all(&stick).unwrap();
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_says_why_and_leaves_nothing_half() {
    let (owner, _) = shop().await;
    fs::write(here(&owner), "no folder").unwrap();
    let failure = owner.try_ask("backup_now", json!({})).await.unwrap_err();
    assert_eq!(failure.code, Code::Storage);
    assert!(keep_backups(&owner.kept).await.is_err());
    let view = owner.ask("backups", json!({})).await;
    assert_eq!((&view["trouble"], &view["stale"]), (&json!(failure.message), &json!(false)));
    owner.now("2026-11-19 09:00");
    assert_eq!(owner.ask("backups", json!({})).await["stale"], true, "three days without");
    fs::remove_file(here(&owner)).unwrap();
    // As a run that was cut off leaves it.
    fs::create_dir(here(&owner)).unwrap();
    fs::write(here(&owner).join("2026-11-16T08-00-00Z.kept-backup.part"), "half").unwrap();
    assert_eq!(rows(&owner).await, Vec::<Value>::new(), "half a backup is none");
    back_up(&owner).await;
    assert_eq!(fs::read_dir(here(&owner)).unwrap().count(), 1, "and is cleared away");
    let view = owner.ask("backups", json!({})).await;
    assert_eq!((&view["trouble"], &view["stale"]), (&json!(null), &json!(false)));
    assert_eq!(
        view["said"],
        "The newest good backup is of Thu 19 Nov, 09:00. It holds 2 promises, 2 customers, and lies on this computer."
    );
}

#[tokio::test]
async fn restoring_is_undone_in_one_step_like_anything_else() {
    let (mut owner, cupcakes) = shop().await;
    let backup = back_up(&owner).await;
    let before = all(&owner).await;
    owner.now("2026-11-16 10:00");
    owner.ask("cancel", json!({ "promise": cupcakes, "by": "customer", "why": "ill" })).await;
    let cancelled = all(&owner).await;
    let done = owner.ask("restore_backup", json!({ "backup": backup })).await;
    let restored = owner.ask("backups", json!({})).await["restored"].clone();
    assert_eq!((&restored["change"], &restored["nothing_since"]), (&done["change"], &json!(true)));
    owner.restart().await;
    owner.ask("undo", json!({ "change": done["change"] })).await;
    assert_eq!(all(&owner).await, cancelled);
    // It can be done again and undone again, and what was done before it is undone as if nothing had been.
    let shell = owner.ask("shell", json!({})).await;
    assert!(shell["redo"].as_str().unwrap().starts_with("restored 2 promises"), "{}", shell["redo"]);
    owner.ask("redo", json!({})).await;
    assert_eq!(all(&owner).await, before);
    let undone = owner.ask("undo", json!({})).await;
    assert!(undone["said"].as_str().unwrap().starts_with("Undid: did again: restored"), "{undone}");
    assert_eq!(all(&owner).await, cancelled);
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.page(&cupcakes).await["cancelled"], json!(null));
}

#[tokio::test]
async fn restoring_is_not_undone_over_what_was_done_since() {
    let (owner, _) = shop().await;
    let backup = back_up(&owner).await;
    owner.now("2026-11-16 10:00");
    owner.promise("Ada Novak", 3, "tarts", "2026-11-24", "12:00").await;
    let done = owner.ask("restore_backup", json!({ "backup": backup })).await;
    owner.promise("Ada Novak", 1, "pie", "2026-11-24", "12:00").await;
    let now = all(&owner).await;
    let refused = owner.try_ask("undo", json!({ "change": done["change"] })).await.unwrap_err();
    assert!(refused.code == Code::Conflict && refused.message.contains("since"), "{refused}");
    assert_eq!(all(&owner).await, now);
    let restored = owner.ask("backups", json!({})).await["restored"].clone();
    assert_eq!(restored["nothing_since"], false);
    let look = owner.ask("look_into_backup", json!({ "backup": restored["way_back"] })).await;
    assert_eq!(look["promises"]["back"]["words"], "1 promise: 3 tarts");
    assert_eq!(look["promises"]["gone"]["words"], "1 promise: Pie");
}

#[tokio::test]
async fn an_import_without_a_backup_first_is_asked_about() {
    let (owner, _) = shop().await;
    fs::write(here(&owner), "no folder").unwrap();
    let export =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/shopify/orders_export.csv");
    let mut takes = json!({ "files": [owner.kept.offer_file(&export).file] });
    let progress = brought_in(&owner, &takes).await;
    let words = progress["ended"]["failed"].as_str().unwrap();
    assert!(progress["without_backup"] == true && words.ends_with("Bring it in without?"), "{progress}");
    assert_eq!(owner.ask("promises", json!({ "filter": "all", "limit": 1 })).await["count"], 2);
    takes["without_backup_is_meant"] = json!(true);
    let progress = brought_in(&owner, &takes).await;
    assert!(progress["without_backup"] == false && progress["ended"]["failed"].is_null(), "{progress}");
    assert!(progress["ended"]["created"].as_u64().unwrap() > 20);
}

async fn brought_in(owner: &Owner, takes: &Value) -> Value {
    let import = owner.ask("bring_in", takes.clone()).await["import"].clone();
    loop {
        let progress = owner.ask("import_progress", json!({ "import": import })).await;
        if !progress["ended"].is_null() {
            return progress;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_second_folder_is_one_that_outlives_the_disk() {
    let (owner, _) = shop().await;
    back_up(&owner).await;
    let data = owner.kept.folder().to_owned();
    let file = data.join("README.txt");
    for (folder, says) in [
        ("stick".to_owned(), "whole path"),
        (file.display().to_string(), "This is a file"),
        (data.join("backups").display().to_string(), "within the data itself"),
    ] {
        let refused = owner.try_ask("set_backup_folder", json!({ "folder": folder })).await.unwrap_err();
        assert!(refused.code == Code::Invalid && refused.message.contains(says), "{refused}");
    }
    let stick = tempfile::tempdir().unwrap();
    let done = owner.ask("set_backup_folder", json!({ "folder": stick.path() })).await;
    assert!(done["said"].as_str().unwrap().contains("The newest backup is in"), "{done}");
    assert_eq!(fs::read_dir(stick.path()).unwrap().count(), 1);
    owner.ask("undo", json!({ "change": done["change"] })).await;
    assert_eq!(owner.ask("backups", json!({})).await["second"], json!(null));
    owner.ask("redo", json!({})).await;
    owner.ask("set_backup_folder", json!({ "folder": " " })).await;
    assert_eq!(owner.ask("backups", json!({})).await["second"], json!(null));
}

#[tokio::test]
async fn a_passphrase_that_was_only_tried_is_not_called_wrong() {
    let (owner, _) = shop().await;
    owner.ask("set_backup_passphrase", json!({ "passphrase": "seven blue doors" })).await;
    let backup = back_up(&owner).await;
    owner.ask("set_backup_passphrase", json!({ "passphrase": "eight green doors" })).await;
    let path = here(&owner).join(&backup);
    let (code, words) = refused(&owner, &path, None).await;
    assert!(code == Code::Invalid && words.contains("Type its passphrase"), "{words}");
    let (_, words) = refused(&owner, &path, Some("eight green doors")).await;
    assert!(words.contains("not the passphrase"), "{words}");
    owner.ask("look_into_backup", json!({ "backup": backup, "passphrase": "seven blue doors" })).await;
}
