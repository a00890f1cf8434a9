//! Data and backups of every released Kept open for ever. `tests/fixtures/released` has, for each version, a data folder, a
//! backup, a locked backup, and what they hold in words.
//!
//! Those of a new version are written once, before it is released, and never again:
//! `KEPT_WRITE_RELEASED=1 cargo test -p kept-app --test journeys released`

use crate::owner::Owner;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// When the owner looks at it; the made-up shop lies around that day.
const WHEN: &str = "2026-11-17 09:00";
const PASSPHRASE: &str = "seven blue doors";

fn released() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/released")
}

/// The folders of all released versions.
fn versions() -> Vec<PathBuf> {
    let present = released().join(env!("CARGO_PKG_VERSION"));
    let folders = fs::read_dir(released()).into_iter().flatten();
    let mut versions: Vec<PathBuf> =
        folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    assert!(versions.contains(&present), "{} has no fixtures yet", env!("CARGO_PKG_VERSION"));
    versions.sort();
    versions
}

/// What fixtures hold, in the words of the lists and pages that every Kept has.
async fn holds(owner: &Owner) -> Value {
    let mut promises = Vec::new();
    let page = owner.ask("promises", json!({ "filter": "all", "limit": 200 })).await;
    for row in page["rows"].as_array().unwrap() {
        let page = owner.page(row["id"].as_str().unwrap()).await;
        let history = page["history"].as_array().unwrap().iter();
        promises.push(json!({
            "title": row["title"], "customer": row["customer"], "status": row["status"], "outcome": row["outcome"],
            "first": page["dates"]["first"], "current": page["dates"]["current"],
            "history": history.map(|change| change["what"].clone()).collect::<Vec<_>>(),
        }));
    }
    let customers = owner.ask("customers", json!({ "limit": 200 })).await;
    let offers = owner.ask("offers", json!({})).await;
    let feedback = owner.ask("feedback_list", json!({ "filter": "all", "limit": 50 })).await;
    let imports = owner.ask("imports", json!({})).await;
    let settings = owner.ask("settings", json!({})).await;
    json!({
        "business": settings["business"], "zone": settings["calendar"]["zone"],
        "promises": sorted(promises),
        "customers": names(&customers["rows"], "name"), "menu": names(&offers["offers"], "name"),
        "feedback": names(&feedback["rows"], "from"), "imports": names(&imports["imports"], "counts"),
    })
}

fn names(rows: &Value, field: &str) -> Vec<Value> {
    sorted(rows.as_array().unwrap().iter().map(|row| row[field].clone()).collect())
}

/// Ids are drawn anew for each fixture, so that lists of equals stand in no order.
fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(Value::to_string);
    values
}

/// Some of everything: the made-up shop, and beside it what an owner does with promises of her own.
async fn fill(owner: &Owner) {
    let mut settings = owner.ask("settings", json!({})).await;
    settings["business"] = json!("Larkfield Bakery");
    owner.ask("change_settings", settings).await;
    owner.ask("look_around", json!({})).await;
    let madeleines = owner.promise("Maria Silva", 12, "madeleines", "2026-11-20", "15:00").await;
    let cake = owner.promise("Tom Berg", 1, "cake", "2026-11-21", "10:00").await;
    let tarts = owner.promise("Ada Novak", 3, "tarts", "2026-11-24", "12:00").await;
    let to = json!({ "day": "2026-11-23", "hours": { "kind": "any_time" } });
    owner.ask("move_date", json!({ "promise": cake, "to": to, "by": "us", "agreed": true })).await;
    owner.ask("cancel", json!({ "promise": tarts, "by": "customer", "why": "ill" })).await;
    let photo = owner.kept.folder().join("photo.jpg");
    fs::write(&photo, "a photograph of 12 madeleines").unwrap();
    let file = owner.ask("attach_file", json!({ "file": owner.kept.offer_file(&photo).file })).await;
    owner
        .ask("hand_over", json!({ "promise": madeleines, "files": [file], "note": "left at the bar" }))
        .await;
    fs::remove_file(photo).unwrap();
    owner
        .ask("take_feedback", json!({ "draft": { "text": "the cake was dry", "from": "a lady in red" } }))
        .await;
    let export = released().join("../import/etsy_orders.csv");
    let import = owner.ask("bring_in", json!({ "files": [owner.kept.offer_file(&export).file] })).await;
    while owner.ask("import_progress", import.clone()).await["ended"].is_null() {
        tokio::task::yield_now().await;
    }
}

/// Writes the fixtures of this version anew, if that is asked for.
async fn write() {
    if std::env::var_os("KEPT_WRITE_RELEASED").is_none() {
        return;
    }
    let folder = released().join(env!("CARGO_PKG_VERSION"));
    fs::create_dir_all(&folder).unwrap();
    let owner = Owner::at(WHEN).await;
    fill(&owner).await;
    for (name, passphrase) in [("backup", None), ("locked", Some(PASSPHRASE))] {
        owner.ask("set_backup_passphrase", json!({ "passphrase": passphrase })).await;
        owner.ask("backup_now", json!({})).await;
        let backups = owner.ask("backups", json!({})).await;
        let made = owner.kept.folder().join("backups").join(backups["rows"][0]["backup"].as_str().unwrap());
        fs::copy(made, folder.join(format!("{name}.kept-backup"))).unwrap();
    }
    let holds = serde_json::to_string_pretty(&holds(&owner).await).unwrap();
    fs::write(folder.join("holds.json"), format!("{holds}\n")).unwrap();
    owner.kept.close().await.unwrap();
    let mut archive = ZipWriter::new(File::create(folder.join("data.zip")).unwrap());
    pack(owner.kept.folder(), "", &mut archive);
    archive.finish().unwrap();
}

/// Packs what belongs to the data: no lock, no room in reserve, no copies.
fn pack(folder: &Path, within: &str, archive: &mut ZipWriter<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if ["lock", "ballast", "backups", "snapshots", "backup-passphrase"].contains(&name.as_str()) {
            continue;
        }
        let path = format!("{within}{name}");
        if entry.path().is_dir() {
            pack(&entry.path(), &format!("{path}/"), archive);
        } else {
            archive.start_file(path, SimpleFileOptions::default()).unwrap();
            archive.write_all(&fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

fn unpack(archive: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = ZipArchive::new(File::open(archive).unwrap()).unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let path = folder.path().join(file.enclosed_name().unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        io::copy(&mut file, &mut File::create(path).unwrap()).unwrap();
    }
    folder
}

fn expected(version: &Path) -> Value {
    serde_json::from_slice(&fs::read(version.join("holds.json")).unwrap()).unwrap()
}

async fn check(owner: &Owner, version: &Path, what: &str) {
    assert_eq!(holds(owner).await, expected(version), "{what} of {}", version.display());
    let photo = owner.ask("promises", json!({ "filter": "all", "search": "madeleines", "limit": 9 })).await;
    let page = owner.page(photo["rows"][0]["id"].as_str().unwrap()).await;
    let hash = page["handovers"][0]["files"][0]["hash"].as_str().unwrap();
    assert_eq!(fs::read(owner.kept.attachment(hash).unwrap()).unwrap(), b"a photograph of 12 madeleines");
}

#[tokio::test]
async fn released_data_and_backups_open_and_hold_what_they_held() {
    write().await;
    for version in versions() {
        // As it was closed in good order; then with nothing left but the journal.
        for without in [None, Some("store")] {
            let folder = unpack(&version.join("data.zip"));
            if let Some(without) = without {
                fs::remove_dir_all(folder.path().join(without)).unwrap();
            }
            let owner = Owner::in_folder(folder, WHEN).await;
            check(&owner, &version, "the data").await;
            // What was done last can still be undone, and done again.
            owner.ask("undo", json!({})).await;
            owner.ask("redo", json!({})).await;
            check(&owner, &version, "the data, undone and redone").await;
            owner.kept.close().await.unwrap();
        }
        for (name, passphrase) in [("backup", None), ("locked", Some(PASSPHRASE))] {
            let owner = Owner::at(WHEN).await;
            let file = owner.kept.offer_file(&version.join(format!("{name}.kept-backup"))).file;
            owner.ask("restore_backup", json!({ "backup": file, "passphrase": passphrase })).await;
            check(&owner, &version, name).await;
            owner.kept.close().await.unwrap();
        }
    }
}
