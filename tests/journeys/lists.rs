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

#[tokio::test]
async fn one_typing_error_per_word_is_forgiven_where_nothing_is_spelled_like_it() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.promise("Hannah Okafor", 12, "cupcakes", "2026-11-20", "15:00").await;
    owner.promise("Hanna Berg", 1, "oak sign", "2026-11-21", "15:00").await;
    for (search, count, forgiven) in [
        ("hanna", 2, false),
        ("hannah", 1, false),
        ("hamnah cupacke", 1, true),
        ("okafro", 1, true),
        ("hannah sign", 1, true),
        ("xyzxyz", 0, false),
    ] {
        let page = owner.ask("promises", json!({ "search": search, "limit": 10 })).await;
        assert_eq!((&page["count"], &page["forgiven"]), (&json!(count), &json!(forgiven)), "{search}");
    }
}

#[tokio::test]
async fn a_list_is_ordered_by_any_column_and_the_other_way_round() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.promise("Zoe", 1, "apple pie", "2026-11-24", "15:00").await;
    owner.promise("ädam", 1, "bread", "2026-11-20", "15:00").await;
    let cake = owner.promise("Maria", 1, "cake", "2026-11-22", "15:00").await;
    owner.ask("start_work", json!({ "promise": cake })).await;
    for (sort, order) in [
        ("promise", ["Apple pie", "Bread", "Cake"]),
        ("customer", ["Bread", "Cake", "Apple pie"]),
        ("due", ["Bread", "Cake", "Apple pie"]),
        ("status", ["Bread", "Apple pie", "Cake"]),
        ("placed", ["Bread", "Cake", "Apple pie"]),
    ] {
        let page = owner.ask("promises", json!({ "sort": sort, "limit": 10 })).await;
        assert_eq!(titles(&page), order, "{sort}");
        let page = owner.ask("promises", json!({ "sort": sort, "descending": true, "limit": 10 })).await;
        let backwards: Vec<&str> = order.iter().rev().copied().collect();
        assert_eq!(titles(&page), backwards, "{sort}, backwards");
    }
}

#[tokio::test]
async fn what_narrows_a_list_combines() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cake = owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    let bread = owner.promise("Maria", 1, "bread", "2026-11-23", "15:00").await;
    owner.promise("Zoe", 1, "pie", "2026-11-20", "15:00").await;
    owner.ask("start_work", json!({ "promise": cake })).await;
    owner.ask("wait_for", json!({ "promise": bread, "on": "customer" })).await;
    let money = json!({ "minor": 500, "currency": "EUR" });
    owner.ask("set_payment", json!({ "promise": cake, "total": money })).await;
    let maria = owner.page(&cake).await["customer"]["id"].clone();
    for (narrowed, found) in [
        (json!({ "customer": maria }), vec!["Cake", "Bread"]),
        (json!({ "statuses": ["in_progress", "waiting"] }), vec!["Cake", "Bread"]),
        (json!({ "payments": ["unpaid"] }), vec!["Cake"]),
        (json!({ "due_from": "2026-11-20", "due_to": "2026-11-20" }), vec!["Cake", "Pie"]),
        (json!({ "customer": maria, "due_to": "2026-11-20" }), vec!["Cake"]),
        (json!({ "blocked": true }), vec!["Bread"]),
        (json!({ "sources": ["typed"], "search": "zoe" }), vec!["Pie"]),
        (json!({ "sources": ["shopify"] }), vec![]),
        (json!({ "second_chance": true }), vec![]),
    ] {
        let mut takes = narrowed.clone();
        takes["limit"] = json!(10);
        takes["sort"] = json!("due");
        let page = owner.ask("promises", takes).await;
        assert_eq!(titles(&page), found, "{narrowed}");
        assert_eq!(page["count"], found.len(), "{narrowed}");
    }
}

#[tokio::test]
async fn what_cannot_go_on_is_listed_until_its_way_is_free() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let cake = owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    let topper = owner.promise("Zoe", 1, "cake topper", "2026-11-19", "15:00").await;
    let oven = json!({ "kind": "obstacle", "what": "the oven is broken" });
    owner.ask("block_by", json!({ "promise": topper, "what": oven })).await;
    owner.ask("block_by", json!({ "promise": cake, "what": { "kind": "promise", "promise": topper } })).await;
    let blocked = async || {
        let page = owner.ask("promises", json!({ "blocked": true, "limit": 10 })).await;
        titles(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(blocked().await, ["Cake topper", "Cake"]);
    owner.ask("hand_over", json!({ "promise": topper })).await;
    assert_eq!(blocked().await, [""; 0], "the other promise was kept");
}

#[tokio::test]
async fn a_list_is_narrowed_to_one_offer_which_the_palette_finds_by_name() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let offer = json!({ "name": "Wedding cake", "why": "It is the one thing everybody photographs." });
    let offer = owner.ask("save_offer", json!({ "draft": offer })).await["offer"].clone();
    owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    let mut wedding = crate::owner::draft("Zoe", 1, "wedding cake", "2026-11-21", "15:00");
    wedding["parts"][0]["offer"] = offer.clone();
    owner.ask("make_promise", json!({ "draft": wedding })).await;
    let page = owner.ask("promises", json!({ "offer": offer, "limit": 10 })).await;
    assert_eq!(titles(&page), ["Wedding cake"]);
    let found = owner.ask("find", json!({ "text": "wedd" })).await;
    assert_eq!((&found["offers"][0]["id"], &found["offers"][0]["name"]), (&offer, &json!("Wedding cake")));
}

#[tokio::test]
async fn a_saved_view_counts_along_and_can_be_changed_and_taken_back() {
    let mut owner = Owner::at("2026-11-16 09:00").await;
    let cake = owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    let view = |name: &str, list: Value| json!({ "name": name, "list": list });
    let waiting = view("Waiting", json!({ "statuses": ["waiting"] }));
    owner.ask("save_view", json!({ "view": waiting })).await;
    owner
        .ask("save_view", json!({ "view": view("Cakes", json!({ "search": "cake", "sort": "customer" })) }))
        .await;
    let counts = async |owner: &Owner| owner.ask("promises", json!({ "limit": 1 })).await["views"].clone();
    assert_eq!(counts(&owner).await, json!([0, 1]));
    owner.ask("wait_for", json!({ "promise": cake, "on": "customer" })).await;
    assert_eq!(counts(&owner).await, json!([1, 1]));
    owner.restart().await;
    assert_eq!(counts(&owner).await, json!([1, 1]), "views outlive Kept");

    let taken = owner.try_ask("save_view", json!({ "view": waiting })).await.unwrap_err();
    assert_eq!(taken.problems[0].field, "name");
    let late = view("Late", json!({ "filter": "overdue" }));
    owner.ask("save_view", json!({ "view": late, "instead_of": "Waiting" })).await;
    assert_eq!(counts(&owner).await, json!([0, 1]));
    let removed = owner.ask("remove_view", json!({ "name": "Cakes" })).await;
    assert_eq!(removed["said"], "Removed the view “Cakes”");
    assert_eq!(counts(&owner).await, json!([0]));
    owner.ask("undo", json!({})).await;
    assert_eq!(counts(&owner).await, json!([0, 1]));
}

#[tokio::test]
async fn a_list_follows_the_clock_and_the_calendar() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.promise("Maria", 1, "cake", "2026-11-20", "15:00").await;
    let overdue =
        async || owner.ask("promises", json!({ "filter": "overdue", "limit": 1 })).await["count"].clone();
    assert_eq!(overdue().await, 0);
    owner.now("2026-11-20 15:01");
    assert_eq!(overdue().await, 1);
    let mut settings = owner.ask("settings", json!({})).await;
    settings["calendar"]["zone"] = json!("America/New_York");
    owner.ask("change_settings", settings).await;
    assert_eq!(overdue().await, 0, "three in the afternoon is later in New York");
}

#[tokio::test]
async fn what_was_undone_is_found_no_more() {
    let owner = Owner::at("2026-11-16 09:00").await;
    owner.promise("Maria Silva", 1, "cake", "2026-11-20", "15:00").await;
    let found = async |text: &str| {
        let page = owner.ask("promises", json!({ "search": text, "limit": 1 })).await;
        let customers = owner.ask("find", json!({ "text": text })).await["customer_count"].clone();
        (page["count"].clone(), customers)
    };
    assert_eq!(found("silva").await, (json!(1), json!(1)));
    owner.ask("undo", json!({})).await;
    assert_eq!(found("silva").await, (json!(0), json!(0)), "nobody is there any more");
}
