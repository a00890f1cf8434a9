//! Chores may skip: a missed one is not caught up.

use crate::owner::Owner;
use serde_json::{Value, json};

async fn due(owner: &Owner) -> Vec<(String, String, u64)> {
    let today = owner.ask("today", json!({})).await;
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let chores = today["chores"].as_array().unwrap().iter();
    chores.map(|it| (text(&it["what"]), text(&it["when"]), it["skipped"].as_u64().unwrap())).collect()
}

#[tokio::test]
async fn of_chores_that_were_missed_only_the_latest_time_is_left() {
    let mut owner = Owner::at("2026-11-16 09:00").await;
    let draft =
        json!({ "what": "feed the sourdough", "rule": "FREQ=DAILY", "from": "2026-11-16", "time": "16:00" });
    owner.ask("save_chore", json!({ "draft": draft })).await;
    let chore = |when: &str, skipped| vec![("feed the sourdough".to_owned(), when.to_owned(), skipped)];
    assert_eq!(due(&owner).await, chore("today, 16:00", 0));
    owner.now("2026-11-20 09:00");
    owner.restart().await;
    assert_eq!(due(&owner).await, chore("today, 16:00", 4), "four days went by, and one is left");
    let list = owner.ask("chores", json!({})).await;
    let on = json!({ "chore": list["chores"][0]["id"], "version": list["chores"][0]["version"] });
    owner.ask("chore_done", on.clone()).await;
    assert_eq!(due(&owner).await, []);
    let list = owner.ask("chores", json!({})).await;
    assert_eq!(list["chores"][0]["when"], "next on Sat 21 Nov, 16:00");
    assert!(owner.try_ask("skip_chore", on).await.is_err(), "the other window is told");
    owner.ask("undo", json!({})).await;
    assert_eq!(due(&owner).await, chore("today, 16:00", 4));
    owner.ask("skip_chore", json!({ "chore": list["chores"][0]["id"] })).await;
    assert_eq!(due(&owner).await, []);
    assert_eq!(owner.ask("chores", json!({})).await["chores"][0]["done_at"], json!(null));
}
