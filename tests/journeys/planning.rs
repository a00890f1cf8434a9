//! A week in a bakery that plans its hours: blocks, steps, handovers in parts with evidence, undo and redo.

use crate::owner::{Owner, draft};
use kept_app::failure::Code;
use serde_json::{Value, json};
use std::io::Write as _;

/// Sets hours aside.
async fn block(owner: &Owner, promise: &str, day: &str, from: &str, to: &str) -> Value {
    let takes = json!({ "promise": promise, "day": day, "from": from, "to": to });
    owner.ask("block_time", takes).await
}

async fn why(owner: &Owner, promise: &str) -> String {
    owner.page(promise).await["row"]["why"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_week_in_a_bakery() {
    let mut owner = Owner::at("2026-11-16 09:00").await;
    let cake = owner.promise("Ingrid Larsen", 1, "wedding cake", "2026-11-20", "15:00").await;
    let rolls = owner.promise("Corner Café", 40, "croissants", "2026-11-18", "10:00").await;

    // Monday: the cake gets its steps, and hours.
    let steps = json!([{ "what": "bake", "effort": 240 }, { "what": "ice", "effort": 120 }]);
    let done = owner.ask("set_steps", json!({ "promise": cake, "steps": steps })).await;
    assert_eq!(done["said"], "Corrected the steps of Wedding cake for Ingrid Larsen");
    owner.ask("set_checklist", json!({ "promise": cake, "lines": ["candles", "box label"] })).await;
    let week = owner.ask("week", json!({})).await;
    assert_eq!(week["load"]["words"], "2 promises this week need 8 h; 45 h are left.");
    let unplaced = &week["unplaced"];
    assert_eq!((&unplaced[0]["id"], &unplaced[1]["id"]), (&json!(rolls), &json!(cake)), "the earliest first");
    assert_eq!(unplaced[1]["words"], "6 h to place, begin by Fri 20 Nov, 09:00");
    let place = &unplaced[1]["suggestion"];
    assert_eq!(place["words"], "Fri 20 Nov, 09:00 to 15:00");

    let done = block(&owner, &cake, "2026-11-19", "13:00", "17:00").await;
    assert_eq!(done["said"], "Blocked Thu 19 Nov, 13:00 to 17:00 for Wedding cake for Ingrid Larsen");
    block(&owner, &cake, "2026-11-20", "09:00", "11:00").await;
    block(&owner, &rolls, "2026-11-18", "06:00", "08:00").await;
    let week = owner.ask("week", json!({ "from": "2026-11-20" })).await;
    assert_eq!((&week["from"], &week["words"]), (&json!("2026-11-16"), &json!("16 to 22 November")));
    assert_eq!(week["unplaced"], json!([]));
    assert_eq!(
        week["load"]["words"],
        "2 promises this week need 8 h, of which 8 h are blocked; 39 h are left."
    );
    let thursday = &week["days"][3];
    assert_eq!(thursday["load_words"], "4 h of 9 h blocked");
    assert_eq!(thursday["blocks"][0]["title"], "Wedding cake");
    assert_eq!(week["days"][2]["dues"][0]["time"], "10:00");
    assert_eq!(week["from_minute"], 6 * 60, "the hours before opening are drawn");

    // What is blocked for the cake is not there for others: their work begins before it.
    let pie = owner.promise("Maria Silva", 1, "pie", "2026-11-19", "17:00").await;
    assert_eq!(owner.page(&pie).await["start_by"], "Thu 19 Nov, 11:00");

    // Wednesday: some of the croissants, with a photograph.
    owner.now("2026-11-18 09:30");
    let mut photo = tempfile::NamedTempFile::with_suffix(".jpg").unwrap();
    photo.write_all(b"a photograph of 30 croissants").unwrap();
    let offered = owner.kept.offer_file(photo.path());
    let file = owner.ask("attach_file", json!({ "file": offered.file })).await;
    let part = owner.page(&rolls).await["parts"][0]["id"].clone();
    let some = json!({
        "promise": rolls, "parts": [{ "part": part, "quantity": 30 }], "channel": "by bike",
        "tracking": "B-17", "links": ["https://example.org/photo"], "note": "left at the bar", "files": [file],
    });
    let handed = owner.ask("hand_over", some).await;
    assert_eq!(handed["said"], "Handed over 30 croissants to Corner Café");
    let page = owner.page(&rolls).await;
    assert_eq!((&page["row"]["status"], &page["parts"][0]["left"]), (&json!("partly_delivered"), &json!(10)));
    let evidence = &page["handovers"][0];
    assert_eq!((&evidence["tracking"], &evidence["note"]), (&json!("B-17"), &json!("left at the bar")));
    assert_eq!(evidence["files"][0], file);
    drop(photo);
    let kept = owner.kept.attachment(file["hash"].as_str().unwrap()).unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), b"a photograph of 30 croissants", "also when the file is gone");

    // It is undone, Kept is started again, and it is done again.
    let undone = owner.ask("undo", json!({})).await;
    assert_eq!(undone["said"], "Undid: handed over 30 croissants to Corner Café");
    owner.restart().await;
    let shell = owner.ask("shell", json!({})).await;
    assert_eq!(shell["redo"], "Handed over 30 croissants to Corner Café");
    assert_eq!(owner.page(&rolls).await["handovers"], json!([]));
    owner.ask("redo", json!({})).await;
    assert_eq!(owner.page(&rolls).await["handovers"][0], *evidence);
    owner.ask("hand_over", json!({ "promise": rolls })).await;
    assert_eq!(owner.page(&rolls).await["row"]["outcome"], "kept");
    let week = owner.ask("week", json!({})).await;
    let block = &week["days"][2]["blocks"][0];
    assert_eq!(
        (&block["closed"], &block["used"]),
        (&json!(true), &json!(true)),
        "what was used is still shown"
    );

    // Friday: the checklist asks before the cake leaves.
    owner.now("2026-11-20 14:00");
    for step in owner.page(&cake).await["steps"].as_array().unwrap() {
        owner.ask("step_done", json!({ "promise": cake, "step": step["id"], "done": true })).await;
    }
    assert_eq!(owner.page(&cake).await["work"]["words"], "Nothing is left to do but hand it over");
    owner.ask("check_off", json!({ "promise": cake, "what": "candles", "done": true })).await;
    let asked = owner.try_ask("hand_over", json!({ "promise": cake })).await.unwrap_err();
    assert_eq!(asked.problems[0].field, "checklist_is_meant");
    assert_eq!(asked.message, "Not looked at yet: box label. Hand it over all the same?");
    owner.ask("check_off", json!({ "promise": cake, "what": "box label", "done": true })).await;
    owner.ask("hand_over", json!({ "promise": cake })).await;
    let again = owner.try_ask(
        "hand_over",
        json!({ "promise": cake, "parts": [{
        "part": owner.page(&cake).await["parts"][0]["id"], "quantity": 1
    }] }),
    );
    assert_eq!(again.await.unwrap_err().problems[0].field, "duplicate_is_meant");
}

#[tokio::test]
async fn every_change_of_a_plan_is_undone_and_done_again() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let other = owner.promise("Corner Café", 40, "croissants", "2026-11-19", "10:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let part = owner.page(&id).await["parts"][0]["id"].clone();
    let after = json!({ "day": "2026-11-21", "hours": { "kind": "any_time" } });
    let supplier = json!({ "kind": "supplier", "name": "Mill & Co" });
    let waited = json!({ "kind": "promise", "promise": other });
    let changes: &[(&str, Value)] = &[
        ("set_steps", json!({ "steps": [{ "what": "bake", "effort": 30 }, { "what": "ice" }] })),
        ("set_checklist", json!({ "lines": ["candles"] })),
        ("set_inputs", json!({ "lines": ["the name to write"] })),
        ("set_effort", json!({ "part": part, "minutes": 45 })),
        ("set_worthless_after", json!({ "after": after })),
        ("block_time", json!({ "day": "2026-11-19", "from": "09:00", "to": "11:00" })),
        ("block_by", json!({ "what": supplier })),
        ("block_by", json!({ "what": waited })),
        ("start_work", json!({})),
        ("hand_over", json!({})),
        ("cancel", json!({ "by": "us" })),
    ];
    let stripped = |mut page: Value| {
        page["history"] = json!(null);
        page
    };
    let before = stripped(owner.page(&id).await);
    for (name, takes) in changes {
        let mut takes = takes.clone();
        takes["promise"] = json!(id);
        owner.ask(name, takes).await;
        let after = stripped(owner.page(&id).await);
        assert_ne!(after, before, "{name} changes something");
        for _ in 0..2 {
            owner.ask("undo", json!({})).await;
            assert_eq!(stripped(owner.page(&id).await), before, "{name} is undone");
            let undo = owner.page(&id).await["history"][0].clone();
            assert_eq!(undo["can_redo"], true, "{undo}");
            let done = owner.ask("redo", json!({ "change": undo["change"] })).await;
            assert!(done["said"].as_str().unwrap().starts_with("Did again: "), "{done}");
            assert_eq!(stripped(owner.page(&id).await), after, "{name} is done again");
        }
        owner.ask("undo", json!({})).await;
    }
}

#[tokio::test]
async fn undo_and_redo_walk_back_and_forth_until_something_newer_is_done() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let note = async |text: &str| owner.ask("add_note", json!({ "promise": id, "text": text })).await;
    let count = async || owner.page(&id).await["notes"].as_array().unwrap().len();
    note("one").await;
    note("two").await;
    owner.ask("undo", json!({})).await;
    owner.ask("undo", json!({})).await;
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.try_ask("promise", json!({ "promise": id })).await.unwrap_err().code, Code::NotFound);
    owner.ask("redo", json!({})).await;
    assert_eq!(count().await, 0, "the promise is there again");
    owner.ask("redo", json!({})).await;
    owner.ask("redo", json!({})).await;
    assert_eq!(count().await, 2);
    assert_eq!(owner.try_ask("redo", json!({})).await.unwrap_err().code, Code::NotFound);
    owner.ask("undo", json!({})).await;
    let undo = owner.page(&id).await["history"][0]["change"].clone();
    note("three").await;
    assert_eq!(owner.ask("shell", json!({})).await["redo"], json!(null));
    let late = owner.try_ask("redo", json!({ "change": undo })).await.unwrap_err();
    assert_eq!(late.code, Code::Conflict);
    let made = owner.page(&id).await["history"].as_array().unwrap().last().unwrap()["change"].clone();
    assert_eq!(owner.try_ask("redo", json!({ "change": made })).await.unwrap_err().code, Code::Invalid);
}

#[tokio::test]
async fn the_history_of_any_record_is_told() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let customer = owner.page(&id).await["customer"]["id"].clone();
    let history = async |of: Value| {
        let page = owner.ask("history", json!({ "of": of, "limit": 10 })).await;
        let changes = page["changes"].as_array().unwrap().iter().map(|change| change["what"].clone());
        changes.collect::<Vec<Value>>()
    };
    let made = json!("Promised 12 cupcakes to Maria Silva for Fri 20 Nov, 15:00");
    assert_eq!(history(json!({ "kind": "promise", "promise": id })).await, std::slice::from_ref(&made));
    assert_eq!(history(json!({ "kind": "customer", "customer": customer })).await, [made]);
    assert_eq!(history(json!({ "kind": "settings" })).await, [json!("Changed the settings")]);
    let page = json!({ "of": { "kind": "settings" }, "limit": 10, "offset": 1 });
    assert_eq!(owner.ask("history", page).await, json!({ "count": 1, "changes": [] }));
}

#[tokio::test]
async fn the_small_order_says_by_how_many_it_was_overtaken() {
    let mut owner = Owner::at("2026-11-16 09:00").await;
    let small = owner.promise("Dana Reyes", 1, "signed book", "2026-12-01", "17:00").await;
    let mut big = Vec::new();
    for day in 2..=7 {
        let due = format!("2026-12-0{day}");
        big.push(owner.promise(&format!("Client {day}"), 1, "keynote", &due, "17:00").await);
    }
    owner.now("2026-11-17 10:00");
    for (index, id) in big.iter().enumerate() {
        let deed = if index % 2 == 0 { "start_work" } else { "hand_over" };
        assert!(!why(&owner, &small).await.contains("moved"), "{index} are not enough to be told");
        owner.ask(deed, json!({ "promise": id })).await;
        if index == 2 {
            break;
        }
    }
    let base = "Due Tue 1 Dec, 17:00; begin by Tue 1 Dec, 15:00.";
    assert_eq!(why(&owner, &small).await, format!("{base} 3 others moved while this waited."));
    owner.restart().await;
    assert_eq!(why(&owner, &small).await, format!("{base} 3 others moved while this waited."));
    owner.ask("start_work", json!({ "promise": small })).await;
    assert_eq!(why(&owner, &small).await, base);
}

#[tokio::test]
async fn what_waits_is_chased_on_its_day_and_what_has_no_date_is_looked_at_again() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let chased = async || {
        let today = owner.today().await;
        today.into_iter().find(|(name, _)| name == "Ask again").map_or(Vec::new(), |(_, titles)| titles)
    };
    let cake = owner.promise("Maria Silva", 1, "cake", "2026-12-20", "15:00").await;
    owner.ask("wait_for", json!({ "promise": cake, "on": "customer" })).await;
    let mut book = draft("Dana Reyes", 1, "first edition", "2026-12-20", "15:00");
    book["due"] = json!(null);
    book["awaits"] = json!({ "what": "when the book is out", "review_by": "2026-11-19" });
    let book = owner.ask("make_promise", json!({ "draft": book })).await["promise"].clone();
    assert_eq!(chased().await, [""; 0]);
    owner.now("2026-11-18 09:00");
    assert_eq!(chased().await, ["Cake"], "two working days later");
    assert_eq!(owner.ask("shell", json!({})).await["today"], 1);
    owner.now("2026-11-19 09:00");
    assert_eq!(chased().await.len(), 2);
    let event = json!({ "what": "when the book is out", "review_by": "2026-12-03" });
    owner.ask("await_event", json!({ "promise": book, "event": event })).await;
    assert_eq!(chased().await, ["Cake"]);
    let to = json!({ "day": "2026-12-10", "hours": { "kind": "any_time" } });
    let done = owner.ask("move_date", json!({ "promise": book, "to": to, "by": "us" })).await;
    assert_eq!(done["said"], "Gave First edition for Dana Reyes a date: Thu 10 Dec");
    let page = owner.page(book.as_str().unwrap()).await;
    assert_eq!((&page["dates"]["first"], &page["dates"]["awaits"]), (&json!("Thu 10 Dec"), &json!(null)));
    // What is more urgent than to ask again is said instead, and not besides.
    owner.now("2026-12-20 09:00");
    assert_eq!(chased().await, [""; 0]);
    assert!(owner.today().await.contains(&("Due today".to_owned(), vec!["Cake".to_owned()])));
}

#[tokio::test]
async fn by_the_rule_of_etsy_a_date_moves_once_with_a_note() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let mut settings = owner.ask("settings", json!({})).await;
    settings["move_rule"] = json!("once_before_it_lapses");
    owner.ask("change_settings", settings).await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let to = |day: &str, note: Value| {
        let to = json!({ "day": day, "hours": { "kind": "any_time" } });
        json!({ "promise": id, "to": to, "by": "us", "note": note })
    };
    let silent = owner.try_ask("move_date", to("2026-11-23", json!(null))).await.unwrap_err();
    assert_eq!(silent.problems[0].field, "note");
    owner.ask("move_date", to("2026-11-23", json!("The oven broke; it comes on Monday."))).await;
    let dates = owner.page(&id).await["dates"].clone();
    assert_eq!(dates["moves"][0]["note"], "The oven broke; it comes on Monday.");
    assert!(dates["fixed"].as_str().unwrap().starts_with("By your rule a date moves once"), "{dates}");
    let again = owner.try_ask("move_date", to("2026-11-24", json!("And again."))).await.unwrap_err();
    assert_eq!(again.problems[0].field, "to");
}

#[tokio::test]
async fn whoever_was_let_down_gets_a_second_chance() {
    let mut owner = Owner::at("2026-11-16 09:00").await;
    let late = owner.promise("Maria Silva", 1, "cake", "2026-11-17", "15:00").await;
    let next = owner.promise("Maria Silva", 1, "pie", "2026-12-20", "15:00").await;
    let chance = async |owner: &Owner, id: &str| owner.page(id).await["row"]["second_chance"].clone();
    assert_eq!(chance(&owner, &next).await, false);
    owner.now("2026-11-18 09:00");
    assert_eq!((chance(&owner, &next).await, chance(&owner, &late).await), (json!(true), json!(false)));
    owner.ask("hand_over", json!({ "promise": late })).await;
    assert_eq!(chance(&owner, &next).await, true, "the miss stays a miss");
    owner.restart().await;
    assert_eq!(chance(&owner, &next).await, true);
    owner.now("2027-02-16 09:00");
    assert_eq!(chance(&owner, &next).await, false, "after 90 days");
}

#[tokio::test]
async fn a_draft_says_what_can_honestly_be_promised_and_when_a_week_is_over_promised() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let mut big = draft("Hotel Miramar", 1, "buffet", "2026-11-20", "15:00");
    big["parts"][0]["effort_left"] = json!(40 * 60);
    owner.ask("make_promise", json!({ "draft": big })).await;
    let view =
        owner.ask("read_draft", json!({ "draft": draft("Maria", 1, "cake", "2026-11-20", "15:00") })).await;
    assert_eq!(view["week_words"], json!(null), "42 of 45 h");
    assert_eq!(view["honest"]["why"], "All open work and this, 42 h in all, fit by Fri 20 Nov.");
    let mut more = draft("Maria", 1, "cake", "2026-11-20", "15:00");
    more["parts"][0]["effort_left"] = json!(6 * 60);
    let view = owner.ask("read_draft", json!({ "draft": more })).await;
    assert_eq!(
        view["week_words"],
        "The week of Mon 16 Nov is over-promised: with this it has 46 h of work for 45 h that are left."
    );
    assert_eq!(
        view["honest"]["too_early"],
        "Fri 20 Nov is earlier than you can honestly promise: that is Mon 23 Nov."
    );
    let asked = owner.ask("promise_check", json!({ "effort": 360 })).await;
    assert_eq!(asked["words"], "Mon 23 Nov");
    let wrong = owner.try_ask("promise_check", json!({ "effort": -1 })).await.unwrap_err();
    assert_eq!(wrong.problems[0].field, "effort");
}

#[tokio::test]
async fn past_deliveries_say_what_can_be_promised_once_there_are_enough_of_them() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let offer = json!({ "name": "birthday cake", "lead_days": 3 });
    let offer = owner.ask("save_offer", json!({ "draft": offer })).await["offer"].clone();
    let mut promises = Vec::new();
    for number in 0..10 {
        let mut cake = draft(&format!("Customer {number}"), 1, "birthday cake", "2026-12-20", "15:00");
        cake["parts"][0]["offer"] = offer.clone();
        promises.push(owner.ask("make_promise", json!({ "draft": cake })).await["promise"].clone());
    }
    let asked = json!({ "offer": offer, "effort": 60, "placed": "2026-11-30T08:00:00Z" });
    for (days, promise) in promises.iter().enumerate() {
        owner.now(&format!("2026-11-{} 12:00", 16 + days));
        owner.ask("hand_over", json!({ "promise": promise })).await;
        if days == 8 {
            let check = owner.ask("promise_check", asked.clone()).await;
            let why = check["why"].as_str().unwrap();
            assert!(
                why.starts_with("It was delivered only 9 times; by its lead time of 3 working days"),
                "{why}"
            );
        }
    }
    owner.now("2026-11-30 09:00");
    let check = owner.ask("promise_check", asked.clone()).await;
    assert_eq!(
        check["why"],
        "Four of five of the last 10 deliveries took no more than 7 days: that is Mon 7 Dec. Its 1 h of work fit by Mon \
         30 Nov."
    );
    assert_eq!(check["due"], json!({ "day": "2026-12-07", "hours": { "kind": "any_time" } }));
    let mut nothing = asked;
    nothing["offer"] = json!("01a20049-423d-7423-8907-94b6c3d4a249");
    assert_eq!(owner.try_ask("promise_check", nothing).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn what_cannot_be_planned_is_refused_field_by_field() {
    let owner = Owner::at("2026-11-16 09:00").await;
    let id = owner.promise("Maria Silva", 12, "cupcakes", "2026-11-20", "15:00").await;
    let other = owner.promise("Corner Café", 40, "croissants", "2026-11-19", "10:00").await;
    let part = owner.page(&id).await["parts"][0]["id"].clone();
    owner.ask("block_by", json!({ "promise": other, "what": { "kind": "promise", "promise": id } })).await;
    let hours = |from: &str, to: &str| json!({ "day": "2026-11-19", "from": from, "to": to });
    let no_file = json!([{ "hash": "0f".repeat(32), "name": "photo.jpg", "bytes": 3 }]);
    for (name, takes, field) in [
        ("set_effort", json!({ "part": part, "minutes": -1 }), "minutes"),
        ("set_effort", json!({ "part": part, "minutes": 600_000 }), "minutes"),
        ("set_steps", json!({ "steps": [{ "what": " " }] }), "steps.0.what"),
        ("block_time", hours("11:00", "09:00"), "to"),
        ("block_by", json!({ "what": { "kind": "promise", "promise": id } }), "promise"),
        ("block_by", json!({ "what": { "kind": "promise", "promise": other } }), "promise"),
        ("block_by", json!({ "what": { "kind": "obstacle", "what": " " } }), "what"),
        ("hand_over", json!({ "links": ["javascript:alert(1)"] }), "links.0"),
        ("hand_over", json!({ "files": no_file }), "files.0"),
    ] {
        let mut takes = takes;
        takes["promise"] = json!(id);
        let failure = owner.try_ask(name, takes).await.unwrap_err();
        assert_eq!((failure.code, failure.problems[0].field.as_str()), (Code::Invalid, field), "{name}");
    }
    assert_eq!(owner.page(&id).await["history"].as_array().unwrap().len(), 1, "nothing was changed");
    let seen = owner.page(&id).await["row"]["version"].clone();
    block(&owner, &id, "2026-11-19", "09:00", "11:00").await;
    let mut second = hours("13:00", "14:00");
    second["promise"] = json!(id);
    second["version"] = seen;
    assert_eq!(owner.try_ask("block_time", second).await.unwrap_err().code, Code::Conflict);
}

#[tokio::test]
async fn what_shows_a_handover_comes_later_and_changes_nothing_else() {
    let owner = Owner::at("2026-11-18 09:30").await;
    let rolls = owner.promise("Corner Café", 40, "rolls", "2026-11-18", "10:00").await;
    let part = owner.page(&rolls).await["parts"][0]["id"].clone();
    let some = json!({ "promise": rolls, "parts": [{ "part": part, "quantity": 30 }], "tracking": "B-17" });
    owner.ask("hand_over", some).await;
    owner.ask("hand_over", json!({ "promise": rolls })).await;

    // In the evening the carrier's number comes, for what went last.
    owner.now("2026-11-18 18:00");
    let before = owner.page(&rolls).await;
    let (version, of) = (&before["row"]["version"], &before["handovers"][0]["of"]);
    let later = |number: &str| json!({ "promise": rolls, "version": version, "of": of, "tracking": number });
    let noted = owner.ask("set_evidence", later("B-18")).await;
    assert_eq!(noted["said"], "Noted what shows that 10 rolls went to Corner Café");
    assert_eq!(owner.try_ask("set_evidence", later("B-19")).await.unwrap_err().code, Code::Conflict);
    let after = owner.page(&rolls).await;
    assert_eq!(
        (&after["handovers"][0]["tracking"], &after["handovers"][1]),
        (&json!("B-18"), &before["handovers"][1])
    );
    assert_eq!(after["history"][0]["what"], noted["said"]);
    assert_eq!(after["row"]["outcome"], "kept", "what shows it does not change when it was");

    let gone = json!({ "promise": rolls, "of": [7], "links": ["nowhere"] });
    let refused = owner.try_ask("set_evidence", gone).await.unwrap_err();
    let fields: Vec<&str> = refused.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["links.0", "of"]);
    owner.ask("undo", json!({})).await;
    assert_eq!(owner.page(&rolls).await["handovers"], before["handovers"]);
}
