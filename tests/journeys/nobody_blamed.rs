//! No scapegoats: whatever is asked of Kept, no answer counts misses by the people who work there. The test fills every field
//! that takes a person's name, and walks the answers of all requests that show something.

use crate::owner::{Owner, draft};
use serde_json::{Value, json};
use std::path::Path;

const NAME: &str = "Zephyrine Quill";

/// Requests that sum up: in these no person who works there occurs at all.
const SUMS: [&str; 6] = ["insights", "behind", "kept_days", "statement", "review", "recoveries"];

/// A shop in which one person has taken, owned and done everything, and something was missed.
async fn shop() -> (Owner, Vec<(&'static str, Value)>) {
    let owner = Owner::at("2026-11-16 09:00").await;
    let mut cake = draft("Maria Silva", 1, "cake", "2026-11-16", "10:00");
    cake["words"] = json!({ "said": "by ten", "how": "by phone", "by": NAME });
    let promise = owner.ask("make_promise", json!({ "draft": cake })).await["promise"].clone();
    owner.now("2026-11-17 09:00");
    let said = json!({ "text": "no cake", "taken_by": NAME, "promise": promise });
    let feedback = owner.ask("take_feedback", json!({ "draft": said })).await["feedback"].clone();
    let repair = json!({ "repair": { "kind": "check_back" }, "by": "2026-11-20", "owner": NAME });
    let opened = owner.ask("open_recovery", json!({ "promise": promise, "steps": [repair] })).await;
    let slip = json!({ "kind": "tool", "what": "cold oven", "touching": { "to": "2026-11-20" } });
    let slip = owner.ask("record_slip", slip).await["slip"].clone();
    let cause = json!({
        "symptom": "no cake", "promises": [promise], "slips": [slip], "check_on": "2026-12-01",
        "action": { "what": "A clock on the oven", "by": "2026-11-20", "owner": NAME },
    });
    let cause = owner.ask("save_cause", json!({ "draft": cause })).await["cause"].clone();
    owner.ask("add_idea", json!({ "what": "a second oven", "from": NAME })).await;
    let customer = owner.page(promise.as_str().unwrap()).await["customer"]["id"].clone();
    let period = json!({ "from": "2026-11-01", "to": "2026-11-30" });
    let asked = vec![
        ("shell", json!({})),
        ("today", json!({})),
        ("promises", json!({ "limit": 50 })),
        ("promise", json!({ "promise": promise })),
        ("board", json!({ "limit": 50 })),
        ("find", json!({ "text": "zephyrine" })),
        ("customers", json!({ "limit": 50 })),
        ("customer", json!({ "customer": customer, "limit": 50 })),
        ("alerts", json!({})),
        ("feedback_list", json!({ "filter": "all", "limit": 50 })),
        ("feedback", json!({ "feedback": feedback })),
        ("recoveries", json!({})),
        ("recovery", json!({ "recovery": opened["recovery"] })),
        ("causes", json!({})),
        ("cause", json!({ "cause": cause })),
        ("slip", json!({ "slip": slip })),
        ("wins", json!({})),
        ("newest_win", json!({})),
        ("insights", json!({ "period": period })),
        ("behind", json!({ "period": period, "figure": { "kind": "missed" }, "limit": 50 })),
        ("kept_days", json!({})),
        ("review", json!({})),
        ("statement", json!({ "period": period })),
    ];
    (owner, asked)
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
async fn no_answer_holds_a_figure_about_a_person_who_works_there() {
    let (owner, asked) = shop().await;
    let mut named = 0;
    for (request, takes) in asked {
        let answer = owner.ask(request, takes).await;
        let mut found = Vec::new();
        figures_of_people(&answer, request, &mut found);
        assert_eq!(found, Vec::<String>::new());
        let is_named = answer.to_string().contains(NAME);
        assert!(!(is_named && SUMS.contains(&request)), "{request} names a person");
        named += usize::from(is_named);
    }
    assert!(named >= 4, "the names are there: who sees to it is shown where it is seen to");
}

#[test]
fn no_question_can_be_asked_about_a_person_who_works_there() {
    let types = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/lib/gen");
    let people = ["taken_by", "owner", "staff", "employee", "worker", "handed_to", "blamed"];
    let mut queries = 0;
    for file in std::fs::read_dir(types).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name.ends_with("Query") || name == "PromiseList" || name == "Touching" {
            let text = std::fs::read_to_string(&path).unwrap();
            let asks = people
                .iter()
                .find(|person| text.contains(&format!("{person}?:")) || text.contains(&format!("{person}:")));
            assert_eq!(asks, None, "{name}");
            queries += 1;
        }
    }
    assert!(queries > 5, "the types of the requests were looked through");
    let causes = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/lib/gen/CauseKind.ts"),
    );
    let kinds = causes.unwrap();
    for kind in ["\"person\"", "\"people\"", "\"staff\"", "\"human\""] {
        assert!(!kinds.contains(kind), "{kinds}");
    }
}
