//! The figures that need no window, each against a reference in the same run. `cargo xtask bench` runs it.
//!
//! `measure [--json] [--only NAME] [--most N]` prints figures; `measure --shop DIR --promises N` only makes a shop with N
//! promises of which 200 are open, for the figures of the window.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures go to the output, progress beside it"
)]

mod backups;
mod imports;
mod kinds;
mod search;
mod watching;

use clap::Parser;
use kept_app::clock::machine;
use kept_app::store::{Commit, JournaledSled, Options, Store, Write};
use kept_app::{Host, Kept, Shown};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What to measure.
#[derive(Parser)]
struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Only the figures of this name, or whose names begin so.
    #[arg(long)]
    only: Option<String>,
    /// The most promises that any figure is taken with.
    #[arg(long, default_value_t = 1_000_000)]
    most: u32,
    /// Where shops are made and kept for the next run.
    #[arg(long, default_value = "target/measure")]
    folder: PathBuf,
    /// Only make a shop in this folder.
    #[arg(long)]
    shop: Option<PathBuf>,
    /// How many promises that shop gets.
    #[arg(long, default_value_t = 100_000)]
    promises: u32,
}

/// One figure.
struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    reference: f64,
    aim: f64,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let args = Args::parse();
    if let Some(shop) = &args.shop {
        make_shop(shop, args.promises).await?;
        return Ok(());
    }
    std::fs::create_dir_all(&args.folder)?;
    let wanted = |name: &str| {
        args.only.as_ref().is_none_or(|only| name.starts_with(only.as_str()) || only.starts_with(name))
    };
    let mut figures = Vec::new();
    if wanted("commit_p99") {
        figures.push(commit_p99(&args.folder).await?);
    }
    if wanted("import_shopify") {
        figures.extend(import_shopify(&args.folder).await?);
    }
    if wanted("import_kinds") || args.only.as_deref().is_some_and(imports::is_kind) {
        figures.extend(imports::kinds(&args.folder, args.only.as_deref()).await?);
    }
    if wanted("import_memory") {
        figures.extend(imports::memory(&args.folder).await?);
    }
    if wanted("today_growth") {
        figures.push(today_growth(&args.folder, args.most).await?);
    }
    if wanted("reopen_growth") {
        figures.extend(reopen_growth(&args.folder, args.most).await?);
    }
    if wanted("insights") {
        figures.extend(insights(&args.folder, args.most).await?);
    }
    if wanted("backup") {
        figures.push(backups::backup(&args.folder, args.most).await?);
    }
    if wanted("search") {
        figures.extend(search::search(&args.folder, args.most).await?);
    }
    if wanted("replan") {
        figures.extend(watching::replan(&args.folder, args.most).await?);
    }
    if wanted("alert_lateness_p99") {
        figures.push(watching::alert_lateness(&args.folder).await?);
    }
    if wanted("announced_24h") {
        figures.push(watching::announced_24h(&args.folder).await?);
    }
    if wanted("wake_ups_per_minute") {
        figures.push(watching::wake_ups(&args.folder).await?);
    }
    print(&figures, args.json);
    Ok(())
}

fn print(figures: &[Figure], as_json: bool) {
    let row = |it: &Figure| {
        let ratio = it.value / it.reference;
        json!({
            "name": it.name, "value": it.value, "unit": it.unit, "reference": it.reference,
            "ratio": ratio, "aim": it.aim, "ok": ratio <= it.aim,
        })
    };
    if as_json {
        println!("{}", Value::Array(figures.iter().map(row).collect()));
        return;
    }
    for it in figures {
        let ratio = it.value / it.reference;
        let ok = if ratio <= it.aim { "ok" } else { "missed" };
        println!(
            "{:<24} {:>12.3} {:<4} reference {:>12.3}  ratio {ratio:>7.2}  aim {:>6.2}  {ok}",
            it.name, it.value, it.unit, it.reference, it.aim
        );
    }
}

/// A promise as it is entered.
fn draft() -> Value {
    json!({ "draft": {
        "customer_name": "Maria Silva",
        "parts": [{ "what": "cupcakes", "quantity": 12, "effort_left": 120 }],
        "due": { "day": "2199-11-20", "hours": { "kind": "at", "time": "15:00" } },
    }})
}

/// One durable commit through a request (record, indexes, history, journal), against a bare append and fdatasync of
/// as many bytes as the journal grew by; the two in turn.
async fn commit_p99(folder: &Path) -> Outcome<Figure> {
    let data = fresh(&folder.join("commit"))?;
    let kept = open(&data).await?;
    let draft = draft();
    let mut bare = OpenOptions::new().create(true).append(true).open(folder.join("bare"))?;
    let (mut commits, mut appends) = (Vec::new(), Vec::new());
    for round in 0..1_100 {
        let before = size_of(&data.join("journal"))?;
        let start = Instant::now();
        kept.answer("make_promise", draft.clone()).await?;
        let commit = start.elapsed();
        let bytes = vec![7; usize::try_from(size_of(&data.join("journal"))?.saturating_sub(before))?];
        let start = Instant::now();
        bare.write_all(&bytes)?;
        bare.sync_data()?;
        if round >= 100 {
            commits.push(commit);
            appends.push(start.elapsed());
        }
    }
    kept.close().await?;
    let (value, reference) = (percentile(commits, 99), percentile(appends, 99));
    Ok(Figure {
        name: "commit_p99",
        value: millis(value),
        unit: "ms",
        reference: millis(reference),
        aim: 3.0,
    })
}

/// So often is each import done, in turn with its references; the medians count.
const IMPORTS: usize = 3;

/// An import of 100,000 rows, durable, against a bare bulk load of the same records into the store; and how it grows.
async fn import_shopify(folder: &Path) -> Outcome<Vec<Figure>> {
    let (mut small, mut large, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..IMPORTS {
        small.push(import(&fresh(&folder.join("import-10k"))?, 10_000).await?);
        let data = fresh(&folder.join("import-100k"))?;
        large.push(import(&data, 100_000).await?);
        bare.push(bulk_load(&data, &fresh(&folder.join("bulk-100k"))?).await?);
    }
    let [small, large, bare] = [small, large, bare].map(|times| percentile(times, 50));
    let seconds = |it: Duration| it.as_secs_f64();
    Ok(vec![
        Figure {
            name: "import_shopify_100k",
            value: seconds(large),
            unit: "s",
            reference: seconds(bare),
            aim: 1.5,
        },
        Figure {
            name: "import_shopify_growth",
            value: seconds(large),
            unit: "s",
            reference: seconds(small),
            aim: 12.0,
        },
    ])
}

async fn import(data: &Path, orders: u32) -> Outcome<Duration> {
    import_with(data, orders, OPEN).await
}

async fn import_with(data: &Path, orders: u32, open_orders: u32) -> Outcome<Duration> {
    let file = data.with_extension("csv");
    write_orders(&file, orders, open_orders)?;
    let kept = open(data).await?;
    let start = Instant::now();
    bring_in(&kept, &file).await?;
    let took = start.elapsed();
    kept.close().await?;
    std::fs::remove_file(file)?;
    Ok(took)
}

/// The days over which a shop's orders are spread.
const DAYS: u64 = 1_500;

/// What an import adds to the records and their indexes: the history, the import itself and marks are its own cost.
const NO_RECORDS: &[u8] = b"ahikrt";

/// Loads the records of one store and their indexes into another, in as many commits as wrote them and in their order.
async fn bulk_load(from: &Path, to: &Path) -> Outcome<Duration> {
    let (source, _) = JournaledSled::open(from, Options::default())?;
    let (target, _) = JournaledSled::open(to, Options::default())?;
    let mut commits: BTreeMap<u64, Vec<Write>> = BTreeMap::new();
    for row in source.range(Bound::Unbounded, Bound::Unbounded, false, usize::MAX).await? {
        if !row.key.first().is_some_and(|kind| NO_RECORDS.contains(kind)) {
            let write = Write::Put { key: row.key, value: row.value };
            commits.entry(row.version.number()).or_default().push(write);
        }
    }
    let start = Instant::now();
    for writes in commits.into_values() {
        target.commit(Commit { id: Uuid::now_v7(), checks: Vec::new(), writes, note: Vec::new() }).await?;
    }
    let took = start.elapsed();
    source.close().await?;
    target.close().await?;
    Ok(took)
}

/// Today, computed with more and more closed promises beside 200 open ones: the slowest against the fastest.
async fn today_growth(folder: &Path, most: u32) -> Outcome<Figure> {
    let mut medians = Vec::new();
    for promises in [1_000, 10_000, 100_000, 1_000_000].into_iter().filter(|promises| *promises <= most) {
        let kept = open(&shop(folder, promises).await?).await?;
        let mut times = Vec::new();
        for _ in 0..200 {
            let start = Instant::now();
            kept.answer("today", json!({})).await?;
            times.push(start.elapsed());
        }
        kept.close().await?;
        medians.push(millis(percentile(times, 50)));
        eprintln!("today with {promises} promises: {:.3} ms", medians[medians.len() - 1]);
    }
    let slowest = medians.iter().copied().fold(0.0, f64::max);
    let fastest = medians.iter().copied().fold(f64::INFINITY, f64::min);
    Ok(Figure { name: "today_growth", value: slowest, unit: "ms", reference: fastest, aim: 2.0 })
}

/// Opening after a clean quit, with more and more promises.
async fn reopen_growth(folder: &Path, most: u32) -> Outcome<Vec<Figure>> {
    let mut medians = Vec::new();
    for promises in [1_000, 100_000, 1_000_000].into_iter().filter(|promises| *promises <= most) {
        let data = shop(folder, promises).await?;
        let mut times = Vec::new();
        for _ in 0..5 {
            let start = Instant::now();
            let kept = open(&data).await?;
            times.push(start.elapsed());
            kept.close().await?;
        }
        medians.push(millis(percentile(times, 50)));
        eprintln!("reopen with {promises} promises: {:.1} ms", medians[medians.len() - 1]);
    }
    let figure = |name, value, reference, aim| Figure { name, value, unit: "ms", reference, aim };
    let mut figures = Vec::new();
    if let [small, large, ..] = *medians {
        figures.push(figure("reopen_growth", large, small, 3.0));
    }
    if let [_, _, million] = *medians {
        figures.push(figure("reopen_1m", million, 3_000.0, 1.0));
    }
    Ok(figures)
}

/// The record of the last 90 days, of a shop with 100,000 promises; and of a month in which nothing was due, which none of
/// them may cost anything.
async fn insights(folder: &Path, most: u32) -> Outcome<Vec<Figure>> {
    let kept = open(&shop(folder, most.min(100_000)).await?).await?;
    let empty = json!({ "period": { "from": "2001-01-01", "to": "2001-01-31" } });
    let mut figures = Vec::new();
    for (name, takes, reference) in
        [("insights_100k", json!({}), 100.0), ("insights_of_nothing", empty, 10.0)]
    {
        let mut times = Vec::new();
        for _ in 0..50 {
            let start = Instant::now();
            kept.answer("insights", takes.clone()).await?;
            times.push(start.elapsed());
        }
        let value = millis(percentile(times, 50));
        figures.push(Figure { name, value, unit: "ms", reference, aim: 1.0 });
    }
    kept.close().await?;
    Ok(figures)
}

/// A shop that is made once and kept for the next run.
async fn shop(folder: &Path, promises: u32) -> Outcome<PathBuf> {
    let data = folder.join(format!("shop-{promises}"));
    let made = data.join("made");
    if !made.exists() {
        make_shop(&fresh(&data)?, promises).await?;
        File::create(made)?;
    }
    Ok(data)
}

/// The same with so many open ones.
async fn shop_with(folder: &Path, promises: u32, open_promises: u32) -> Outcome<PathBuf> {
    let data = folder.join(format!("shop-{promises}-{open_promises}"));
    let took = import_with(&fresh(&data)?, promises, open_promises).await?;
    eprintln!(
        "a shop with {promises} promises, {open_promises} open, was made in {:.1} s",
        took.as_secs_f64()
    );
    Ok(data)
}

async fn make_shop(data: &Path, promises: u32) -> Outcome<()> {
    let took = import(data, promises).await?;
    eprintln!("a shop with {promises} promises was made in {:.1} s", took.as_secs_f64());
    Ok(())
}

async fn open(data: &Path) -> Outcome<Kept> {
    let host =
        Host { now: Box::new(machine()), notify: Box::new(|_| Shown::Unknown), changed: Box::new(|_| {}) };
    Ok(Kept::open(data, host).await?)
}

async fn bring_in(kept: &Kept, file: &Path) -> Outcome<()> {
    let offered = kept.offer_file(file);
    let begun = kept.answer("bring_in", json!({ "files": [offered.file] })).await?;
    loop {
        let progress = kept.answer("import_progress", begun.clone()).await?;
        if progress["ended"].is_object() {
            if progress["ended"]["failed"].is_string() {
                return Err(progress["ended"].to_string().into());
            }
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// So many of the promises of a shop are open.
const OPEN: u32 = 200;

/// An export with as many orders as Shopify writes them: one after the other, over some years,
/// all fulfilled but the last ones.
fn write_orders(path: &Path, orders: u32, open_orders: u32) -> Outcome<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(
        out,
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Total,Created at,\
         Lineitem quantity,Lineitem name,Lineitem price,Lineitem fulfillment status,Billing Name,Outstanding Balance,Id"
    )?;
    let today = machine()().stamp.instant().date_naive();
    for order in 0..orders {
        let open = orders - order <= open_orders;
        let age = if open {
            1 + (orders - order) / (open_orders / 5).max(1)
        } else {
            10 + u32::try_from(u64::from(orders - order) * DAYS / u64::from(orders))?
        };
        let day = today - chrono::Days::new(u64::from(age));
        // Each comes back some three times, and none where they are looked for next to each other.
        let customer = u64::from(order) * 7_919 % u64::from(orders / 3 + 1);
        let (state, fulfilled) = if open {
            ("unfulfilled", String::new())
        } else {
            ("fulfilled", format!("{day} 15:00:00 +0000"))
        };
        writeln!(
            out,
            "#{order},customer{customer}@example.com,paid,{day} 09:00:00 +0000,{state},{fulfilled},USD,90.00,\
             {day} 09:00:00 +0000,{},Celebration cake with {customer} candles,90.00,{state},Customer {customer},0.00,{}",
            1 + order % 12,
            4_000_000_000_u64 + u64::from(order),
        )?;
    }
    Ok(out.flush()?)
}

fn fresh(folder: &Path) -> Outcome<PathBuf> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}

fn size_of(folder: &Path) -> Outcome<u64> {
    let mut size = 0;
    for entry in std::fs::read_dir(folder)? {
        size += entry?.metadata()?.len();
    }
    Ok(size)
}

fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
