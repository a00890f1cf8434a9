//! Lists of promises: filtered, searched and paged.

use crate::owner::Owner;
use serde_json::{Value, json};

fn titles(page: &Value) -> Vec<&str> {
    page["rows"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_search_forgives_case_and_accents_and_finds_customers_and_notes() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let first = owner.promise("Zoë Müller", 2, "crème brûlées", "2026-11-20", "15:00").await;
    owner.promise("Maria Silva", 12, "cupcakes", "2026-11-21", "15:00").await;
    owner.ask("add_note", json!({ "promise": first, "text": "Gate code 4711" })).await;
    for (search, found) in [("muller", 1), ("CREME zoe", 1), ("4711", 1), ("cup", 1), ("", 2), ("cup zoe", 0)]
    {
        let page = owner.ask("promises", json!({ "search": search, "limit": 10 })).await;
        assert_eq!(page["count"], found, "{search}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_filters_show_what_they_say() {
    let owner = Owner::at("2026-11-16 09:00").await;
    for number in 0..30 {
        let day = format!("2026-11-{}", 17 + number % 5);
        let id = owner.promise("Corner Café", 1, &format!("cake {number}"), &day, "15:00").await;
        if number % 3 == 0 {
            owner.ask("hand_over", json!({ "promise": id })).await;
        }
    }
    owner.now("2026-11-18 09:00");
    let of =
        |filter: &str, offset: u32, limit: u32| json!({ "filter": filter, "offset": offset, "limit": limit });
    let all = owner.ask("promises", of("all", 0, 200)).await;
    assert_eq!(
        all["counts"],
        json!({
            "all": 30, "open": 20, "overdue": 4, "this_week": 20, "paid_idle": 0, "unpaid": 0, "closed": 10
        })
    );
    for (filter, count) in [("all", 30), ("open", 20), ("overdue", 4), ("closed", 10)] {
        let whole = owner.ask("promises", of(filter, 0, 200)).await;
        assert_eq!(whole["count"], count, "{filter}");
        let mut paged = Vec::new();
        for offset in (0..count).step_by(7) {
            let page = owner.ask("promises", of(filter, offset, 7)).await;
            paged.extend(titles(&page).into_iter().map(str::to_owned));
        }
        assert_eq!(paged, titles(&whole), "{filter}: the pages make the whole");
    }
}

#[tokio::test]
async fn a_list_follows_every_change() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let count = async |filter: &str| {
        owner.ask("promises", json!({ "filter": filter, "limit": 1 })).await["count"].clone()
    };
    assert_eq!((count("open").await, count("closed").await), (json!(1), json!(0)));
    owner.ask("hand_over", json!({ "promise": id })).await;
    assert_eq!((count("open").await, count("closed").await), (json!(0), json!(1)));
    owner.ask("undo", json!({})).await;
    assert_eq!((count("open").await, count("closed").await), (json!(1), json!(0)));
}
