//! Searching as one types, and opening what was found.

use crate::{Figure, Outcome, millis, open, percentile, shop};
use kept_app::Kept;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is typed, a letter at a time: names, accents, a typing error, an order, two words, and what is not there.
const TYPED: [&str; 6] = ["customer 4711", "célébration", "celebraton", "#99", "cake 1200", "xylophone"];

/// The window asks for so many rows with each key.
const ASKED: u32 = 30;

/// So often: the 99th of a hundred keys is to be the slowest key, and not what else the machine did.
const ROUNDS: usize = 20;

/// A key is to be answered within this.
const PROMPT_MILLIS: f64 = 10.0;

/// Searching as one types with 10,000 and with 100,000 promises, and opening each promise that was found.
pub(crate) async fn search(folder: &Path, most: u32) -> Outcome<Vec<Figure>> {
    let mut taken = Vec::new();
    for promises in [10_000, 100_000].into_iter().filter(|promises| *promises <= most) {
        let kept = open(&shop(folder, promises).await?).await?;
        // What the first search reads is read once.
        key(&kept, "").await?;
        let (mut keys, mut opened) = (BTreeMap::<&str, Vec<Duration>>::new(), Vec::new());
        for _ in 0..ROUNDS {
            for text in TYPED {
                for (end, letter) in text.char_indices() {
                    let typed = &text[..end + letter.len_utf8()];
                    let (took, found) = key(&kept, typed).await?;
                    keys.entry(typed).or_default().push(took);
                    opened.extend(open_promise(&kept, &found).await?);
                }
            }
        }
        kept.close().await?;
        let medians = keys.iter().map(|(typed, took)| (millis(percentile(took.clone(), 50)), *typed));
        let (slowest, typed) = medians.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
        eprintln!(
            "with {promises} promises: the slowest key is the last one of “{typed}”, {slowest:.2} ms (median)"
        );
        let keys = keys.into_values().flatten().collect();
        let (key, page) = (millis(percentile(keys, 99)), millis(percentile(opened, 50)));
        eprintln!("with {promises} promises: a key {key:.2} ms (p99), a promise {page:.3} ms (median)");
        taken.push((key, page));
    }
    let figure = |name, value, reference, aim| Figure { name, value, unit: "ms", reference, aim };
    Ok(match *taken {
        [(small_key, small_page), (key, page)] => vec![
            figure("search_100k_p99", key, PROMPT_MILLIS, 1.0),
            figure("search_growth", key, small_key, 2.0),
            figure("search_open_growth", page, small_page, 2.0),
        ],
        _ => Vec::new(),
    })
}

async fn key(kept: &Kept, search: &str) -> Outcome<(Duration, Value)> {
    let start = Instant::now();
    let page = kept
        .answer("promises", json!({ "filter": "all", "search": search, "offset": 0, "limit": ASKED }))
        .await?;
    Ok((start.elapsed(), page))
}

async fn open_promise(kept: &Kept, found: &Value) -> Outcome<Option<Duration>> {
    let Some(promise) = found["rows"].get(0) else { return Ok(None) };
    let start = Instant::now();
    kept.answer("promise", json!({ "promise": promise["id"] })).await?;
    Ok(Some(start.elapsed()))
}
