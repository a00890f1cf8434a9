//! The figures that need keys and a wheel in the real window. `cargo xtask bench` runs it on a virtual display.
//!
//! `drive --kept PROGRAM --empty PROGRAM --large DIR --small DIR` starts the programs under `WebKitWebDriver`, presses
//! real keys, scrolls, and prints the figures as JSON: for each its value and what it is held against.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures go to the output, progress beside it"
)]

mod page;
#[path = "../../../tests/window/webdriver.rs"]
mod webdriver;

use page::{Page, Scrolled};
use serde_json::{Value, json};

type Outcome<T> = Result<T, String>;

/// What is typed into the search, a letter at a time, and taken out again.
const TYPED: [&str; 4] = ["customer 47", "cake 120", "#99", "sign"];
/// How often keys are pressed in Kept and in the empty page, in turn: what counts are the medians.
const ROUNDS: usize = 3;
/// How many promises are opened by a key: of fewer, the 95th of a hundred would be the slowest of all.
const OPENED: usize = 40;
/// A frame that took longer than this was late, in milliseconds.
const LATE: f64 = 25.0;
/// Fewer late frames than this in a hundred are nobody's fault: other programs run, too.
const FEW: f64 = 1.0;

fn main() -> Outcome<()> {
    let given = Given::read()?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let (typed, opened) = keys_in_kept(&given)?;
        let empty = keys_in_empty_page(&given)?;
        eprintln!("p95 of a key: typed {typed:.1} ms, opened {opened:.1} ms; in an empty page {empty:.1} ms");
        rounds.push((typed, opened, empty));
    }
    let median = |of: fn(&(f64, f64, f64)) -> f64| percentile(rounds.iter().map(of).collect(), 50);
    let (typed, opened, empty) = (median(|it| it.0), median(|it| it.1), median(|it| it.2));
    let (large, small) = (scroll(&given, &given.large)?, scroll(&given, &given.small)?);
    eprintln!("scrolled: {large}; with 100 rows: {small}");
    let figures = [
        figure("key_to_paint_p95", "ms", typed.max(opened), empty, 2.0),
        figure("scroll_100k", "% late", large.late(LATE).max(FEW), small.late(LATE).max(FEW), 1.5),
        // A single blank row is one too many.
        figure("scroll_100k_blank", "rows", f64::from(large.blank), 1.0, 0.0),
    ];
    println!("{}", Value::Array(figures.to_vec()));
    Ok(())
}

/// The programs and the data.
struct Given {
    kept: String,
    empty: String,
    large: String,
    small: String,
}

impl Given {
    fn read() -> Outcome<Self> {
        let all: Vec<String> = std::env::args().collect();
        let named = |name: &str| {
            let at = all.iter().position(|argument| argument == name);
            at.and_then(|at| all.get(at + 1)).cloned().ok_or_else(|| format!("{name} is missing."))
        };
        Ok(Self {
            kept: named("--kept")?,
            empty: named("--empty")?,
            large: named("--large")?,
            small: named("--small")?,
        })
    }
}

/// From a key to what it changes on the screen: in the search, and when a promise is opened.
fn keys_in_kept(given: &Given) -> Outcome<(f64, f64)> {
    let page = Page::open(&given.kept, &["--data", &given.large])?;
    page.go("#/promises?filter=all", "[data-index]")?;
    page.focus("#search")?;
    // The first keys bring in what is fetched once.
    for key in ["c", "\u{E003}"] {
        page.key(key)?;
    }
    let mut typed = Vec::new();
    for text in TYPED {
        for letter in text.chars() {
            typed.push(page.key(&letter.to_string())?);
        }
        for _ in text.chars() {
            typed.push(page.key("\u{E003}")?);
        }
    }
    page.focus("[data-index='0']")?;
    let mut opened = Vec::new();
    for round in 0..=OPENED {
        // The title, where the promise stands, and its parts.
        let took = page.key_to("\u{E007}", "main header h1 ~ .sentence")?;
        page.back("[data-index]")?;
        if round > 0 {
            opened.push(took);
        }
        page.key("\u{E015}")?;
    }
    Ok((percentile(typed, 95), percentile(opened, 95)))
}

fn keys_in_empty_page(given: &Given) -> Outcome<f64> {
    let page = Page::open(&given.empty, &[])?;
    page.wait_for("input")?;
    page.focus("input")?;
    let mut keys = Vec::new();
    for round in 0..60 {
        let took = page.key("a")?;
        if round > 1 {
            keys.push(took);
        }
    }
    Ok(percentile(keys, 95))
}

fn scroll(given: &Given, data: &str) -> Outcome<Scrolled> {
    let page = Page::open(&given.kept, &["--data", data])?;
    page.go("#/promises?filter=all", "[data-index]")?;
    page.scroll()
}

fn figure(name: &str, unit: &str, value: f64, reference: f64, aim: f64) -> Value {
    let ratio = value / reference;
    json!({ "name": name, "value": round(value), "unit": unit, "reference": round(reference),
            "ratio": round(ratio), "aim": aim, "ok": ratio <= aim })
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn percentile(mut of: Vec<f64>, percent: usize) -> f64 {
    of.sort_by(f64::total_cmp);
    let at = (of.len() * percent / 100).min(of.len().saturating_sub(1));
    of.get(at).copied().unwrap_or(f64::NAN)
}
