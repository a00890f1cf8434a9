//! The order that Kept exists for: small, paid, and crowded out by the big customers around Christmas. Nobody looks at
//! it; Kept brings it up on three days, in four ways, before it is late.

use crate::owner::{Owner, draft, section};
use kept_app::watching::tick;
use serde_json::{Value, json};

const BOOK: &str = "Signed book with a video";

/// Dana's order of the last day of November: a signed book and a video of her own for 90 dollars, paid at once. Four big
/// customers are promised things for later; nothing is ever blocked for Dana's.
async fn shop() -> (Owner, String) {
    let owner = Owner::at("2026-11-30 10:00").await;
    let mut small = draft("Dana Reyes", 1, "signed book with a video", "2026-12-18", "17:00");
    small["total"] = json!({ "minor": 9_000, "currency": "USD" });
    small["received"] = small["total"].clone();
    let done = owner.ask("make_promise", json!({ "draft": small })).await;
    let dana = done["promise"].as_str().unwrap().to_owned();
    for client in ["Northwind", "Acme", "Globex", "Initech"] {
        let mut big = draft(client, 1, "keynote", "2026-12-21", "17:00");
        big["total"] = json!({ "minor": 9_000_000, "currency": "USD" });
        owner.ask("make_promise", json!({ "draft": big })).await;
    }
    (owner, dana)
}

/// The owner works for everybody else.
async fn work_for_the_big_ones(owner: &Owner) {
    let list = owner.ask("promises", json!({ "search": "keynote", "limit": 10 })).await;
    for row in list["rows"].as_array().unwrap() {
        owner.ask("start_work", json!({ "promise": row["id"] })).await;
    }
}

async fn why(owner: &Owner, promise: &str) -> String {
    owner.page(promise).await["row"]["why"].as_str().unwrap().to_owned()
}

async fn in_section(owner: &Owner, name: &str) -> bool {
    owner.today().await.contains(&section(name, &[BOOK]))
}

#[tokio::test]
async fn paid_and_forgotten_it_is_brought_up_on_three_days_in_four_ways() {
    let (owner, dana) = shop().await;
    owner.now("2026-12-02 11:00");
    work_for_the_big_ones(&owner).await;
    assert!(!in_section(&owner, "Paid and waiting").await, "two working days are no reason yet");

    // The first day, in two ways: her money lies idle, and the others were worked on while she waited.
    owner.now("2026-12-07 09:30");
    assert!(in_section(&owner, "Paid and waiting").await);
    let today = owner.ask("today", json!({})).await;
    assert_eq!(today["held"]["sums"], json!([{ "minor": 9_000, "currency": "USD" }]));
    assert!(
        why(&owner, &dana).await.contains("4 others moved while this waited"),
        "{}",
        why(&owner, &dana).await
    );

    // The second day, the third way: work has to start and no time is set aside for it.
    owner.now("2026-12-16 09:30");
    assert!(in_section(&owner, "Start now").await, "{:?}", owner.today().await);
    assert!(why(&owner, &dana).await.contains("no time is blocked"), "{}", why(&owner, &dana).await);

    // The third day, the fourth way: whoever does not look is told by the desktop.
    owner.now("2026-12-17 09:00");
    tick(&owner.kept, owner.reading()).await.unwrap();
    owner.now("2026-12-18 15:05");
    while tick(&owner.kept, owner.reading()).await.unwrap().is_some_and(|next| next <= owner.reading().stamp)
    {
    }
    let told: Vec<String> = owner.notices.lock().unwrap().iter().map(|notice| notice.title.clone()).collect();
    assert!(told.iter().any(|title| title.contains(BOOK) || title.contains("signed book")), "{told:?}");

    owner.ask("hand_over", json!({ "promise": dana })).await;
    let page = owner.page(&dana).await;
    assert_eq!(page["row"]["outcome"], Value::from("kept"));
}

/// Whoever pays less waits no longer: with all amounts the other way round the same is said on the same days.
#[tokio::test]
async fn it_does_not_matter_whether_it_is_for_90_or_for_90_000() {
    let (owner, dana) = shop().await;
    owner.now("2026-12-02 11:00");
    work_for_the_big_ones(&owner).await;
    let version = owner.page(&dana).await["row"]["version"].clone();
    let all = json!({ "minor": 9_000_000, "currency": "USD" });
    let before = said(&owner, &dana).await;
    owner
        .ask("set_payment", json!({ "promise": dana, "version": version, "total": all, "received": all }))
        .await;
    assert_eq!(said(&owner, &dana).await, before);
}

async fn said(owner: &Owner, promise: &str) -> Vec<(Vec<(String, Vec<String>)>, String)> {
    let mut said = Vec::new();
    for day in ["2026-12-07 09:30", "2026-12-16 09:30", "2026-12-18 15:05"] {
        owner.now(day);
        said.push((owner.today().await, why(owner, promise).await));
    }
    owner.now("2026-12-02 11:00");
    said
}
