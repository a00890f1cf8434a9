//! Customers: everything about one of them on one page, and two who are one.

use crate::owner::Owner;
use kept_app::command_line::{Command, Export, run};
use kept_app::failure::Code;
use serde_json::{Value, json};
use std::process::ExitCode;

async fn customer(owner: &Owner, form: Value) -> String {
    let saved = owner.ask("save_customer", json!({ "form": form })).await;
    saved["customer"].as_str().unwrap().to_owned()
}

async fn page(owner: &Owner, id: &str) -> Value {
    owner.ask("customer", json!({ "customer": id, "limit": 100 })).await
}

async fn names(owner: &Owner, search: &str, sort: &str) -> Vec<String> {
    let page = owner.ask("customers", json!({ "search": search, "sort": sort, "limit": 50 })).await;
    page["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

fn kinds(page: &Value) -> Vec<&str> {
    page["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everything_that_happened_with_a_customer_stands_on_one_line() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let first = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-18", "15:00").await;
    let id = owner.page(&first).await["customer"]["id"].as_str().unwrap().to_owned();
    let to = json!({ "day": "2026-11-19", "hours": { "kind": "any_time" } });
    owner.now("2026-11-17 09:00");
    owner.ask("move_date", json!({ "promise": first, "to": to, "by": "us" })).await;
    owner.now("2026-11-17 10:00");
    owner.ask("customer_told", json!({ "promise": first })).await;
    owner.now("2026-11-19 10:00");
    owner.ask("hand_over", json!({ "promise": first, "channel": "picked up" })).await;
    owner.now("2026-11-19 11:00");
    owner.ask("note_on_customer", json!({ "customer": id, "text": "no nuts" })).await;
    let page = page(&owner, &id).await;
    assert_eq!(kinds(&page), ["note", "handed_over", "missed", "told", "moved", "promised"]);
    assert_eq!(page["events"][5]["outcome"], "missed", "a move of ours never improves the record");
    assert_eq!(page["second_chance"], "Let down on Wed 18 Nov: 12 cupcakes.");
    let part = owner.ask("customer", json!({ "customer": id, "offset": 4, "limit": 1 })).await;
    assert_eq!((kinds(&part), &part["event_count"]), (vec!["moved"], &json!(6)));
    owner.now("2027-02-17 11:00");
    let later = owner.ask("customer", json!({ "customer": id, "limit": 1 })).await;
    assert_eq!(later["second_chance"], json!(null), "90 days later that is over");
}

#[tokio::test]
async fn numbers_are_kept_as_typed_and_shown_as_dialled() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let form = json!({
        "name": "  Maria   Silva ",
        "contacts": [
            { "kind": "phone", "number": "01 23 45 67 89" },
            { "kind": "email", "address": "maria@mail.example" },
            { "kind": "other", "how": "at the counter" },
        ],
        "address": ["1 Mill Lane", " "],
    });
    let id = customer(&owner, form).await;
    let page = page(&owner, &id).await;
    assert_eq!(page["form"]["name"], "Maria Silva");
    assert_eq!(page["form"]["address"], json!(["1 Mill Lane"]));
    let phone = json!({ "kind": "phone", "typed": "01 23 45 67 89", "shown": "+33 1 23 45 67 89", "link": "tel:+33123456789" });
    assert_eq!(page["contacts"][0], phone);
    let wrong = json!({ "name": "", "contacts": [{ "kind": "email", "address": "maria" }, { "kind": "phone", "number": "none" }] });
    let refused = owner.try_ask("save_customer", json!({ "form": wrong })).await.unwrap_err();
    let fields: Vec<&str> = refused.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["name", "contacts.0", "contacts.1"]);
}

#[tokio::test]
async fn customers_are_found_in_spite_of_accents_and_slips() {
    let owner = Owner::at("2026-11-16 09:00").await;
    for (at, name, number) in
        [("09:01", "Zoë Müller", "06 12 34 56 78"), ("09:02", "Ana Costa", ""), ("09:03", "Bernard", "")]
    {
        owner.now(&format!("2026-11-16 {at}"));
        let contacts =
            if number.is_empty() { json!([]) } else { json!([{ "kind": "phone", "number": number }]) };
        customer(&owner, json!({ "name": name, "contacts": contacts })).await;
    }
    owner.promise("Bernard", 1, "cake", "2026-11-18", "15:00").await;
    assert_eq!(names(&owner, "", "name").await, ["Ana Costa", "Bernard", "Zoë Müller"]);
    assert_eq!(names(&owner, "", "newest").await, ["Bernard", "Ana Costa", "Zoë Müller"]);
    assert_eq!(names(&owner, "", "most_open").await, ["Bernard", "Ana Costa", "Zoë Müller"]);
    for search in ["zoe muller", "MULLER", "0612345678", "mulelr"] {
        assert_eq!(names(&owner, search, "name").await, ["Zoë Müller"], "{search}");
    }
    let missing = owner.ask("customers", json!({ "search": "nobody", "limit": 10 })).await;
    assert_eq!((&missing["count"], &missing["all"]), (&json!(0), &json!(3)));
}

#[tokio::test]
async fn two_customers_who_are_one_become_one_and_an_undo_parts_them() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let phone = |number: &str| json!([{ "kind": "phone", "number": number }]);
    let keep = customer(&owner, json!({ "name": "Maria Silva", "contacts": phone("01 23 45 67 89") })).await;
    let other = customer(&owner, json!({ "name": "M. Silva", "contacts": phone("+33 1 23 45 67 89") })).await;
    let promise = owner.promise("M. Silva", 12, "cupcakes", "2026-11-18", "15:00").await;
    let paper = json!({
        "customer": other, "rule": "FREQ=WEEKLY", "from": "2026-11-17", "hours": { "kind": "any_time" },
        "parts": [{ "what": "loaf", "quantity": 1 }],
    });
    owner.ask("save_series", json!({ "draft": paper, "by": "customer" })).await;
    let doubles = page(&owner, &keep).await["doubles"].clone();
    assert_eq!((&doubles[0]["id"], &doubles[0]["why"]), (&json!(other), &json!("the same telephone number")));
    let pairs = owner.ask("doubles", json!({})).await["pairs"].clone();
    assert_eq!(pairs.as_array().unwrap().len(), 1);
    let versions =
        (page(&owner, &keep).await["version"].clone(), page(&owner, &other).await["version"].clone());
    let merge =
        json!({ "keep": keep, "keep_version": versions.0, "other": other, "other_version": versions.1 });
    let done = owner.ask("merge_customers", merge).await;
    assert_eq!(done["done"]["said"], "Made one customer of Maria Silva and M. Silva");
    let one = page(&owner, &keep).await;
    assert_eq!((&one["promises"], &one["series"].as_array().unwrap().len()), (&json!(7), &1));
    assert_eq!(one["contacts"].as_array().unwrap().len(), 1, "one number, however it was typed");
    assert_eq!(one["form"]["also"], json!(["M. Silva"]));
    assert_eq!(kinds(&one)[0], "merged");
    assert_eq!(owner.page(&promise).await["row"]["customer"], "Maria Silva");
    let gone = owner.try_ask("customer", json!({ "customer": other, "limit": 1 })).await.unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
    // An order under the other name finds them.
    let next = owner.promise("m. silva", 1, "cake", "2026-11-20", "15:00").await;
    assert_eq!(owner.page(&next).await["customer"]["id"], json!(keep));
    owner.ask("undo", json!({})).await;
    owner.ask("undo", json!({ "change": done["done"]["change"] })).await;
    assert_eq!(owner.page(&promise).await["row"]["customer"], "M. Silva");
    assert_eq!(page(&owner, &keep).await["promises"], 0);
    assert_eq!(page(&owner, &other).await["promises"], 7);
    assert_eq!(names(&owner, "silva", "name").await, ["M. Silva", "Maria Silva"]);
    // The owner says that they are two: they are not suggested again.
    owner.ask("two_customers", json!({ "one": keep, "other": other })).await;
    assert_eq!(owner.ask("doubles", json!({})).await["pairs"], json!([]));
    assert_eq!(page(&owner, &other).await["doubles"], json!([]));
}

#[tokio::test]
async fn the_menu_what_repeats_and_the_chores_are_exported_and_their_indexes_lead_to_them() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.ask("look_around", json!({})).await;
    assert_eq!(owner.ask("offers", json!({})).await["all"], 4);
    assert_eq!(owner.ask("series_list", json!({})).await["series"].as_array().unwrap().len(), 1);
    assert_eq!(owner.ask("chores", json!({})).await["chores"].as_array().unwrap().len(), 2);
    let folder = owner.kept.folder().to_owned();
    let file = folder.join("export.json");
    owner.kept.close().await.unwrap();
    let export = Command::Export(Export { file: Some(file.clone()), json: true, ..Export::default() });
    for command in [export, Command::Check { json: true }] {
        let code = run(&folder, command).await;
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
    }
    let export: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let many = |kind: &str| export[kind].as_array().unwrap().len();
    assert_eq!((many("offers"), many("series"), many("chores")), (4, 1, 2));
    assert_eq!(
        many("promises"),
        24 + 60 + 1 + 30,
        "with those behind it, a gift, and the occurrences of six weeks"
    );
    let care = ["feedback", "recoveries", "slips", "causes", "wins", "ideas"].map(many);
    assert_eq!(care, [4, 1, 1, 2, 2, 2]);
}

#[tokio::test]
async fn the_made_up_shop_goes_without_a_trace() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.ask("look_around", json!({})).await;
    owner.ask("remove_made_up", json!({})).await;
    assert_eq!(owner.ask("offers", json!({})).await["all"], 0);
    assert_eq!(owner.ask("series_list", json!({ "also_over": true })).await["series"], json!([]));
    assert_eq!(owner.ask("chores", json!({})).await["chores"], json!([]));
    assert_eq!(owner.ask("customers", json!({ "limit": 10 })).await["all"], 0);
    assert_eq!(owner.ask("feedback_list", json!({ "filter": "all", "limit": 10 })).await["all"], 0);
    assert_eq!(owner.ask("recoveries", json!({})).await["open"], json!([]));
    let wins = owner.ask("wins", json!({})).await;
    assert_eq!((&wins["wins"], &wins["ideas"]), (&json!([]), &json!([])));
    let causes = owner.ask("causes", json!({})).await;
    assert_eq!((&causes["open"], &causes["closed"], &causes["slips"]), (&json!([]), &json!([]), &json!([])));
}

#[tokio::test]
async fn the_made_up_shop_holds_an_example_of_everything() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.ask("look_around", json!({})).await;
    let feedback = owner.ask("feedback_list", json!({ "filter": "open", "limit": 10 })).await;
    let states: Vec<&str> = feedback["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["reply"]["state"].as_str().unwrap())
        .collect();
    assert_eq!(states.len(), 4);
    for state in ["running", "paused", "answered", "none"] {
        assert!(states.contains(&state), "{states:?}");
    }
    assert!(feedback["rows"].as_array().unwrap().iter().any(|row| row["correction_due"].is_string()));
    let recovery = owner.ask("recoveries", json!({})).await["open"][0].clone();
    assert_eq!((&recovery["settled"], &recovery["steps"]), (&json!(1), &json!(5)));
    let causes = owner.ask("causes", json!({})).await;
    assert!(causes["open"][0]["next"].as_str().unwrap().starts_with("Look whether it came again"));
    assert_eq!(causes["closed_count"], 1);
    assert!(causes["slips"][0]["promises"].as_u64().unwrap() > 0);
    let insights = owner.ask("insights", json!({})).await;
    assert!(insights["promised"]["kept"].as_u64().unwrap() > 20, "{insights}");
    assert!(insights["quiet_saves"].as_u64().unwrap() > 0);
    assert_eq!(insights["sizes"].as_array().unwrap().len(), 4);
    assert!(
        insights["causes"].as_array().unwrap().len() >= 3,
        "two causes, and some that nobody asked about"
    );
    let review = owner.ask("review", json!({})).await;
    for question in review["questions"].as_array().unwrap() {
        assert!(question["count"].as_u64().unwrap() > 0, "{question}");
    }
}
