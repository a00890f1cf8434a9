//! Promises in a calendar: as a file, and as one that is kept up to date for programs which read it again and again.

use crate::owner::Owner;
use crate::shop_to_move::{bring_in, full_shop, look_into};
use icalendar::{Calendar, CalendarComponent, Component};
use kept_app::watching::keep_calendar;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn parsed(path: &Path) -> Calendar {
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// What an entry says: its name, its values by the names of its properties, and how many alarms it has.
fn entry(calendar: &Calendar, uid: &str, name: &str) -> Option<String> {
    calendar.components.iter().find_map(|component| {
        let (todo, event) = (component.as_todo(), component.as_event());
        let value =
            |it: &dyn Fn(&str) -> Option<String>| (it("UID").as_deref() == Some(uid)).then(|| it(name));
        let of_todo = todo.map(|it| value(&|name| it.property_value(name).map(String::from)));
        let of_event = event.map(|it| value(&|name| it.property_value(name).map(String::from)));
        of_todo.or(of_event).flatten().flatten()
    })
}

fn uids(calendar: &Calendar) -> Vec<String> {
    let uid = |component: &CalendarComponent| {
        let of_todo = component.as_todo().map(|it| it.property_value("UID"));
        let of_event = component.as_event().map(|it| it.property_value("UID"));
        of_todo.or(of_event).flatten().map(String::from)
    };
    calendar.components.iter().filter_map(uid).collect()
}

async fn export(owner: &Owner, path: &Path, also_closed: bool) -> Calendar {
    let place = owner.kept.offer_file(path).file;
    owner.ask("export_calendar", json!({ "to": place, "also_closed": also_closed })).await;
    parsed(path)
}

#[tokio::test]
async fn an_open_promise_is_something_to_do_and_an_appointment() {
    let (owner, rolls) = full_shop().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.ics");
    let calendar = export(&owner, &path, false).await;
    let (todo, date) = (format!("{rolls}@promises.kept"), format!("date-{rolls}@promises.kept"));
    let says = |uid: &str, name: &str| entry(&calendar, uid, name).unwrap_or_default();
    assert_eq!(says(&todo, "SUMMARY"), "40 rolls for Tom Berg");
    // Seven in the morning in Paris.
    assert_eq!(
        (says(&todo, "DUE"), says(&date, "DTSTART")),
        ("20261120T060000Z".into(), "20261120T060000Z".into())
    );
    assert_eq!((says(&todo, "STATUS"), says(&todo, "PERCENT-COMPLETE")), ("NEEDS-ACTION".into(), "0".into()));
    assert_eq!(says(&todo, "URL"), format!("kept://promise/{rolls}"));
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("BEGIN:VALARM").count(), 1, "a reminder rings once");
    assert!(text.contains("DESCRIPTION:Order flour") && text.contains("20261119T060000Z"), "{text}");
    assert!(text.lines().all(|line| line.len() <= 75), "no line is too long");

    // It is changed, and undone: what a program has taken over is replaced each time.
    let number = |calendar: &Calendar| entry(calendar, &todo, "SEQUENCE").unwrap().parse::<u64>().unwrap();
    let first = number(&calendar);
    let to = json!({ "day": "2026-11-23", "hours": { "kind": "any_time" } });
    owner.ask("move_date", json!({ "promise": rolls, "to": to, "by": "us" })).await;
    let moved = export(&owner, &path, false).await;
    assert_eq!(entry(&moved, &date, "DTSTART").as_deref(), Some("20261123"), "a day is a day");
    assert_eq!(entry(&moved, &date, "DTEND").as_deref(), Some("20261124"));
    assert_eq!(uids(&moved), uids(&calendar), "the entries are the same ones");
    owner.ask("undo", json!({})).await;
    let undone = export(&owner, &path, false).await;
    assert!(first < number(&moved) && number(&moved) < number(&undone), "the number only grows");

    let all = export(&owner, &path, true).await;
    assert!(uids(&all).len() > uids(&undone).len());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("STATUS:COMPLETED")
            && text.contains("PERCENT-COMPLETE:100")
            && text.contains("COMPLETED:")
    );
}

#[tokio::test]
async fn a_calendar_of_kept_brings_in_no_promise_a_second_time() {
    let (owner, _) = full_shop().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.ics");
    export(&owner, &path, true).await;
    let count = |page: &Value| page["count"].clone();
    let before = count(&owner.ask("promises", json!({ "filter": "all", "limit": 1 })).await);
    assert_eq!(look_into(&owner, &path).await.unwrap()["created"], 0);
    let (_, end) = bring_in(&owner, &path).await;
    assert_eq!((&end["created"], &end["updated"]), (&json!(0), &json!(0)));
    assert_eq!(count(&owner.ask("promises", json!({ "filter": "all", "limit": 1 })).await), before);
}

#[tokio::test]
async fn names_are_hidden_in_the_calendar_where_they_are_hidden_in_notices() {
    let (owner, _) = full_shop().await;
    let mut settings = owner.ask("settings", json!({})).await;
    settings["alerts"]["private"] = json!(true);
    owner.ask("change_settings", settings).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.ics");
    export(&owner, &path, true).await;
    let text = std::fs::read_to_string(&path).unwrap().replace("\r\n ", "");
    for word in ["Tom", "Berg", "Marta", "rolls", "cake", "flour"] {
        assert!(!text.contains(word), "{word} stands in it");
    }
    assert!(text.contains("SUMMARY:A promise to a customer"));
}

/// Keeps the calendar in a folder, and answers with the file.
async fn subscribe(owner: &Owner, folder: &Path) -> PathBuf {
    let place = owner.kept.offer_file(folder).file;
    owner.ask("keep_calendar_in", json!({ "folder": place })).await;
    folder.join("Kept promises.ics")
}

#[tokio::test]
async fn a_calendar_in_a_folder_follows_what_is_promised() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let folder = tempfile::tempdir().unwrap();
    let file = subscribe(&owner, folder.path()).await;
    assert_eq!(uids(&parsed(&file)).len(), 0);
    let rolls = owner.promise("Tom Berg", 40, "rolls", "2026-11-20", "07:00").await;
    keep_calendar(&owner.kept).await;
    assert_eq!(uids(&parsed(&file)).len(), 2);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["Kept promises.ics"], "nothing half is left beside it");

    // What says the same is not written again, whatever the clock shows.
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap().replace("DTSTAMP:2026", "DTSTAMP:2025"))
        .unwrap();
    let old = std::fs::read_to_string(&file).unwrap();
    owner.now("2026-11-16 10:00");
    owner.ask("save_customer", json!({ "form": { "name": "Lena Quist" } })).await;
    keep_calendar(&owner.kept).await;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), old);

    owner.ask("hand_over", json!({ "promise": rolls })).await;
    keep_calendar(&owner.kept).await;
    assert_eq!(uids(&parsed(&file)).len(), 0, "only what is still owed stands in it");
    owner.ask("keep_calendar_in", json!({})).await;
    assert_eq!(owner.ask("out", json!({})).await["calendar"], json!(null));
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_trouble_that_is_said_and_heals() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let folder = tempfile::tempdir().unwrap();
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let file = subscribe(&owner, &stick).await;
    std::fs::remove_dir_all(&stick).unwrap();
    owner.promise("Tom Berg", 40, "rolls", "2026-11-20", "07:00").await;
    keep_calendar(&owner.kept).await;
    let trouble = owner.ask("shell", json!({})).await["calendar_trouble"].clone();
    assert!(trouble.as_str().unwrap().contains("The calendar is not up to date"), "{trouble}");
    assert_eq!(owner.ask("out", json!({})).await["calendar"]["trouble"], trouble);
    std::fs::create_dir(&stick).unwrap();
    owner.now("2026-11-16 09:10");
    keep_calendar(&owner.kept).await;
    assert_eq!(owner.ask("shell", json!({})).await["calendar_trouble"], json!(null));
    assert_eq!(uids(&parsed(&file)).len(), 2);
}
