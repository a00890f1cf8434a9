//! No scapegoats: whatever is asked of Kept, no answer counts misses by the people who work there. The test fills every field
//! that takes a person's name, and walks the answers of all requests that show something, as the list has them.

use crate::owner::{Owner, draft};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const NAME: &str = "Zephyrine Quill";

/// Requests that sum up: in these no person who works there occurs at all.
const SUMS: [&str; 8] =
    ["insights", "behind", "these_promises", "last_days", "kept_days", "statement", "review", "recoveries"];

/// Requests that look into files from elsewhere, tell when an alert was shown, or do something to several promises: they
/// show nothing of the record.
const NOT_OF_THE_RECORD: [&str; 9] = [
    "alert_history",
    "attach_file",
    "bring_in",
    "bulk",
    "import_problems",
    "import_progress",
    "look_into_backup",
    "look_into_file",
    "put_aside",
];

/// A shop in which one person has taken, owned and done everything, and something was missed; with whatever a request
/// may have to be told, by the name of its field.
async fn shop() -> (Owner, BTreeMap<&'static str, Value>) {
    let owner = Owner::at("2026-11-16 09:00").await;
    let offer = owner.ask("save_offer", json!({ "draft": { "name": "cake" } })).await["offer"].clone();
    let mut cake = draft("Maria Silva", 1, "cake", "2026-11-16", "10:00");
    cake["words"] = json!({ "said": "by ten", "how": "by phone", "by": NAME });
    let promise = owner.ask("make_promise", json!({ "draft": cake })).await["promise"].clone();
    let repeats = owner.ask("draft_series", json!({ "promise": promise })).await;
    let series =
        owner.ask("save_series", json!({ "draft": repeats, "by": "customer" })).await["series"].clone();
    owner.now("2026-11-17 09:00");
    owner.ask("hand_over", json!({ "promise": promise })).await;
    let said = json!({ "text": "no cake", "taken_by": NAME, "promise": promise });
    let feedback = owner.ask("take_feedback", json!({ "draft": said })).await["feedback"].clone();
    let repair = json!({ "repair": { "kind": "check_back" }, "by": "2026-11-20", "owner": NAME });
    let recovery =
        owner.ask("open_recovery", json!({ "promise": promise, "steps": [repair] })).await["recovery"]
            .clone();
    let touching = json!({ "to": "2026-11-20", "also_delivered": true });
    let slip = json!({ "kind": "tool", "what": "cold oven", "touching": touching });
    let slip = owner.ask("record_slip", slip).await["slip"].clone();
    let cause = json!({
        "symptom": "no cake", "promises": [promise], "slips": [slip], "check_on": "2026-12-01",
        "action": { "what": "A clock on the oven", "by": "2026-11-20", "owner": NAME },
    });
    let cause = owner.ask("save_cause", json!({ "draft": cause })).await["cause"].clone();
    owner.ask("add_idea", json!({ "what": "a second oven", "from": NAME })).await;
    let customer = owner.page(promise.as_str().unwrap()).await["customer"]["id"].clone();
    let known = BTreeMap::from([
        ("cause", cause),
        ("customer", customer),
        ("draft", draft("Maria Silva", 1, "cake", "2026-11-30", "10:00")),
        ("feedback", feedback),
        ("figure", json!({ "kind": "missed" })),
        ("filter", json!("all")),
        ("from", json!("2026-11-16")),
        ("limit", json!(50)),
        ("list", json!({ "filter": "all" })),
        ("of", json!({ "kind": "promise", "promise": promise })),
        ("offer", offer),
        ("period", json!({ "from": "2026-11-01", "to": "2026-11-30" })),
        ("promises", json!([promise])),
        ("promise", promise),
        ("quantity", json!(1)),
        ("recovery", recovery),
        ("rule", json!("FREQ=DAILY")),
        ("series", series),
        ("slip", slip),
        ("subject", json!("About your cake")),
        ("text", json!("zephyrine")),
        ("touching", touching),
    ]);
    (owner, known)
}

/// The types that the UI asks and is answered in, by name.
fn types() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/lib/gen");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// All requests that show something, each with the type that it takes. Those that do something say only what was done.
fn shows(types: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let requests = types["Requests"].lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(": { takes: ")?;
        let (takes, rest) = rest.split_once("; gives: ")?;
        Some((name.to_owned(), takes.to_owned(), rest.strip_suffix(" };")?.to_owned()))
    });
    let does = |gives: &str| gives == "Done" || types[gives].contains("\ndone: Done");
    let all: Vec<_> = requests.collect();
    assert_eq!(all.len(), kept_app::requests::NAMES.len(), "the list was read as it is");
    all.into_iter().filter(|(.., gives)| !does(gives)).map(|(name, takes, _)| (name, takes)).collect()
}

/// What a request is told: of each field whatever is known by its name. What may be left out is.
fn told(takes: &str, types: &BTreeMap<String, String>, known: &BTreeMap<&str, Value>) -> Value {
    let mut body = serde_json::Map::new();
    for line in types[takes].lines() {
        let Some((field, _)) = line.split_once(": ").filter(|(field, _)| {
            field.trim_end_matches('?').chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
        }) else {
            continue;
        };
        let name = field.trim_end_matches('?');
        if !field.ends_with('?')
            && let Some(value) = known.get(name)
        {
            body.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(body)
}

/// A person's name beside a figure, or as the key of one.
fn figures_of_people(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let names_one = fields.values().any(|field| field == NAME);
            for (name, field) in fields {
                if name == NAME || names_one && field.is_number() && name != "version" {
                    found.push(format!("{path}.{name}"));
                }
                figures_of_people(field, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| figures_of_people(item, path, found)),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

#[tokio::test]
async fn no_answer_of_any_request_holds_a_figure_about_a_person_who_works_there() {
    let (owner, known) = shop().await;
    let types = types();
    let shows = shows(&types);
    let mut named = 0;
    for (request, takes) in &shows {
        if NOT_OF_THE_RECORD.contains(&request.as_str()) {
            continue;
        }
        let answer = owner.ask(request, told(takes, &types, &known)).await;
        let mut found = Vec::new();
        figures_of_people(&answer, request, &mut found);
        assert_eq!(found, Vec::<String>::new());
        let is_named = answer.to_string().contains(NAME);
        assert!(!(is_named && SUMS.contains(&request.as_str())), "{request} names a person");
        named += usize::from(is_named);
    }
    assert!(named >= 4, "the names are there: who sees to it is shown where it is seen to");
    for name in SUMS.iter().chain(&NOT_OF_THE_RECORD) {
        assert!(shows.iter().any(|(request, _)| request == name), "{name} is a request no more");
    }
}

#[test]
fn no_question_can_be_asked_about_a_person_who_works_there() {
    let types = types();
    let people = ["taken_by", "owner", "staff", "employee", "worker", "handed_to", "blamed"];
    let mut queries = 0;
    for (name, text) in &types {
        if name.ends_with("Query") || name == "PromiseList" || name == "Touching" {
            let asks = people
                .iter()
                .find(|person| text.contains(&format!("{person}?:")) || text.contains(&format!("{person}:")));
            assert_eq!(asks, None, "{name}");
            queries += 1;
        }
    }
    assert!(queries > 5, "the types of the requests were looked through");
    let kinds = &types["CauseKind"];
    for kind in ["\"person\"", "\"people\"", "\"staff\"", "\"human\""] {
        assert!(!kinds.contains(kind), "{kinds}");
    }
}
