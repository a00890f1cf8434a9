//! A shop in which something of every kind is kept, and how it is written and brought in.

use crate::owner::{Owner, draft};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A shop with promises in every state, a menu, what repeats, chores, and all kinds of care. Its newest promise is
/// returned.
pub(crate) async fn full_shop() -> (Owner, String) {
    let owner = Owner::at("2026-11-02 09:00").await;
    owner.ask("look_around", json!({})).await;
    let form = json!({
        "name": "Marta Silveira",
        "contacts": [{ "kind": "email", "address": "marta@example.com" }, { "kind": "phone", "number": "+49 30 1234567" }],
        "address": ["4 Mill Lane", "Larkfield"], "also": ["M. Silveira"],
    });
    let maria = owner.ask("save_customer", json!({ "form": form })).await["customer"].clone();
    owner
        .ask("note_on_customer", json!({ "customer": maria, "text": "Line\nbreaks, “quotes” and 🎂" }))
        .await;
    let mut cake = draft("", 1, "cake", "2026-11-04", "15:00");
    cake["customer"] = maria.clone();
    let cake =
        owner.ask("make_promise", json!({ "draft": cake })).await["promise"].as_str().unwrap().to_owned();
    let to = json!({ "day": "2026-11-05", "hours": { "kind": "between", "from": "09:00", "to": "12:00" } });
    owner
        .ask("move_date", json!({ "promise": cake, "to": to, "by": "customer", "why": "the party moved" }))
        .await;
    let total = json!({ "minor": 12_000, "currency": "USD" });
    owner.ask("set_payment", json!({ "promise": cake, "total": total, "received": total })).await;
    owner
        .ask(
            "log_told",
            json!({ "promise": cake, "kind": "confirmed", "channel": "email", "words": "See you" }),
        )
        .await;
    owner.now("2026-11-07 10:00");
    hand_over_with_a_photo(&owner, &cake).await;
    let opened = owner.ask("open_recovery", json!({ "promise": cake })).await;
    assert!(opened["recovery"].is_string(), "{opened}");
    let told = json!({ "kind": "praise", "text": "=1+1 is what it tasted like", "customer": maria, "promise": cake });
    let praise = owner.ask("take_feedback", json!({ "draft": told })).await["feedback"].clone();
    owner.ask("praise_to_win", json!({ "feedback": praise })).await;
    owner.ask("add_idea", json!({ "what": "Candles with each cake", "from": "Ana" })).await;
    let slip = json!({ "kind": "tool", "what": "The oven is cold", "touching": { "words": "cake" } });
    owner.ask("record_slip", slip).await;
    owner.ask("save_cause", json!({ "draft": { "symptom": "Cold oven", "whys": ["No power"] } })).await;
    let rolls = owner.promise("Tom Berg", 40, "rolls", "2026-11-20", "07:00").await;
    let when = json!({ "kind": "before_due", "days": 1, "minutes": 0 });
    owner.ask("set_reminder", json!({ "promise": rolls, "when": when, "what": "Order flour" })).await;
    let undone = owner.promise("Nobody Atall", 1, "mistake", "2026-11-21", "10:00").await;
    owner.ask("undo", json!({})).await;
    assert!(owner.try_ask("promise", json!({ "promise": undone })).await.is_err());
    (owner, rolls)
}

async fn hand_over_with_a_photo(owner: &Owner, promise: &str) {
    let photo = owner.kept.folder().join("photo of the cake.jpg");
    std::fs::write(&photo, "a photograph").unwrap();
    let offered = owner.kept.offer_file(&photo);
    let file = owner.ask("attach_file", json!({ "file": offered.file })).await;
    std::fs::remove_file(&photo).unwrap();
    owner.ask("hand_over", json!({ "promise": promise })).await;
    let evidence = json!({
        "promise": promise, "of": [0], "tracking": "B-17", "links": ["https://example.com/cake"],
        "note": "left with the neighbour", "files": [file],
    });
    owner.ask("set_evidence", evidence).await;
}

/// Writes everything to a file of this name in a folder.
pub(crate) async fn export_to(owner: &Owner, folder: &Path, name: &str) -> (PathBuf, Vec<u8>) {
    let path = folder.join(name);
    let place = owner.kept.offer_file(&path);
    owner.ask("export_everything", json!({ "to": place.file })).await;
    let bytes = std::fs::read(&path).unwrap();
    (path, bytes)
}

/// Looks into a file: what it would bring in, or why it cannot.
pub(crate) async fn look_into(owner: &Owner, path: &Path) -> Result<Value, String> {
    let file = owner.kept.offer_file(path).file;
    owner.try_ask("look_into_file", json!({ "files": [file] })).await.map_err(|failure| failure.message)
}

/// Brings in a file to its end: the import and what it said.
pub(crate) async fn bring_in(owner: &Owner, path: &Path) -> (Value, Value) {
    let file = owner.kept.offer_file(path).file;
    let import = owner.ask("bring_in", json!({ "files": [file] })).await["import"].clone();
    loop {
        let progress = owner.ask("import_progress", json!({ "import": import })).await;
        if !progress["ended"].is_null() {
            assert_eq!(progress["ended"]["failed"], json!(null), "{progress}");
            return (import, progress["ended"].clone());
        }
        tokio::task::yield_now().await;
    }
}
