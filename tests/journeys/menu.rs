//! The menu: what is sold, why it matters, and a promise that is filled by picking from it.

use crate::owner::Owner;
use kept_app::failure::Code;
use serde_json::{Value, json};

async fn offer(owner: &Owner, draft: Value) -> String {
    let saved = owner.ask("save_offer", json!({ "draft": draft })).await;
    saved["offer"].as_str().unwrap().to_owned()
}

fn cake() -> Value {
    json!({
        "name": "birthday cake",
        "why": "The day comes once a year.",
        "lead_days": 3,
        "price": { "minor": 4000, "currency": "EUR" },
        "steps": [{ "what": "bake", "part": 0, "effort": 60 }, { "what": "ice", "part": 0, "effort": 45 }],
        "inputs": ["name to write"],
        "checklist": ["candles"],
        "worthless_hours": 24,
    })
}

#[tokio::test]
async fn picking_from_the_menu_fills_a_promise_and_says_why_it_matters() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cake = offer(&owner, cake()).await;
    let draft = json!({ "customer_name": "Maria Silva", "parts": [] });
    let picked = owner.ask("pick_offer", json!({ "draft": draft, "offer": cake, "quantity": 2 })).await;
    assert_eq!(picked["due_words"], "Thu 19 Nov");
    assert_eq!(picked["lead_words"], "3 working days");
    let done = owner.ask("make_promise", json!({ "draft": picked["draft"] })).await;
    let page = owner.page(done["promise"].as_str().unwrap()).await;
    assert_eq!(page["row"]["title"], "2 birthday cake");
    assert_eq!(page["row"]["total"], json!({ "minor": 8000, "currency": "EUR" }));
    assert_eq!(page["whys"][0]["why"], "The day comes once a year.");
    let whats = |list: &str| {
        let list = page[list].as_array().unwrap().iter();
        list.map(|it| it["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(whats("steps"), ["bake", "ice"]);
    assert_eq!(whats("checklist"), ["candles"]);
    assert_eq!(whats("inputs"), ["name to write"]);
    let menu = owner.ask("offers", json!({})).await;
    assert_eq!((&menu["all"], &menu["offers"][0]["open"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn a_later_change_of_the_menu_changes_no_promise() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cake_id = offer(&owner, cake()).await;
    let draft = json!({ "customer_name": "Maria Silva", "parts": [] });
    let picked = owner.ask("pick_offer", json!({ "draft": draft, "offer": cake_id, "quantity": 1 })).await;
    let done = owner.ask("make_promise", json!({ "draft": picked["draft"] })).await;
    let id = done["promise"].as_str().unwrap();
    let seen = owner.ask("offer", json!({ "offer": cake_id })).await;
    let mut dearer = cake();
    dearer["price"]["minor"] = json!(5000);
    dearer["checklist"] = json!([]);
    let change = json!({ "offer": cake_id, "version": seen["row"]["version"], "draft": dearer });
    owner.ask("save_offer", change.clone()).await;
    assert_eq!(owner.page(id).await["row"]["total"]["minor"], 4000);
    assert_eq!(owner.page(id).await["checklist"][0]["what"], "candles");
    let second = owner.try_ask("save_offer", change).await.unwrap_err();
    assert_eq!(second.code, Code::Conflict, "the other window is told");
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.ask("offer", json!({ "offer": cake_id })).await["row"]["price"]["minor"], 4000);
    owner.ask("remove_offer", json!({ "offer": cake_id })).await;
    assert_eq!(owner.page(id).await["whys"], json!([]));
    assert_eq!(owner.page(id).await["row"]["title"], "Birthday cake");
}

#[tokio::test]
async fn an_offer_that_contains_itself_is_refused_and_one_that_is_contained_stays() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cake_id = offer(&owner, cake()).await;
    let party = json!({ "name": "party", "parts": [{ "quantity": 1, "offer": cake_id }] });
    let party_id = offer(&owner, party).await;
    let mut inside_out = cake();
    inside_out["parts"] = json!([{ "quantity": 1, "offer": party_id }]);
    let refused = owner.try_ask("save_offer", json!({ "offer": cake_id, "draft": inside_out })).await;
    assert_eq!(refused.unwrap_err().problems[0].field, "parts.0.offer");
    let refused = owner.try_ask("remove_offer", json!({ "offer": cake_id })).await.unwrap_err();
    assert_eq!(refused.message, "“party” contains it. Take it out there first.");
    for effort in [json!(-1), json!(600_000)] {
        let mut wrong = cake();
        wrong["steps"][0]["effort"] = effort;
        let refused = owner.try_ask("save_offer", json!({ "draft": wrong })).await.unwrap_err();
        assert_eq!(refused.problems[0].field, "steps.0.effort");
    }
}

#[tokio::test]
async fn the_menu_is_printed_on_one_page() {
    let owner = Owner::at("2026-11-16 09:00").await;
    offer(&owner, json!({ "name": "rye bread", "parts": [{ "what": "loaves", "quantity": 2 }] })).await;
    offer(&owner, cake()).await;
    let page = owner.ask("menu_page", json!({})).await;
    let names: Vec<_> = page["offers"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["birthday cake", "rye bread"]);
    assert_eq!(page["offers"][0]["worthless_words"], "worth nothing 1 day after its time");
    assert_eq!(page["offers"][1]["contents"], json!(["2 loaves"]));
}
