//! The watch: how long it takes to plan again after a commit, how late an alert comes, whether a busy day is announced
//! exactly, and how often an idle Kept wakes up.

use crate::{Figure, Outcome, fresh, millis, percentile, shop_with};
use kept_app::clock::{Reading, machine};
use kept_app::watching::{tick, watch};
use kept_app::{Host, Kept, Notice, Shown};
use kept_core::alert::{AlertKind, KindSettings, Ladder};
use kept_core::calendar::WorkingCalendar;
use kept_core::day::{Stamp, TimeOfDay, Zone};
use kept_core::settings::Settings;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Re-planning after a commit is to take no longer than this.
const PROMPT_MILLIS: f64 = 5.0;
/// An alert is to come no later than this after its time.
const PUNCTUAL_MILLIS: f64 = 1_000.0;
/// So many alerts are waited for.
const AWAITED: usize = 30;
/// A busy day.
const BUSY: u32 = 240;

/// A look after each of many commits, in a shop with 5,000 open promises among 100,000.
pub(crate) async fn replan(folder: &Path, most: u32) -> Outcome<Vec<Figure>> {
    let promises = most.min(100_000);
    let data = shop_with(folder, promises, promises / 20).await?;
    let kept = Kept::open(&data, host(Box::new(machine()), |_| ())).await?;
    // What came due long ago is announced first.
    settle(&kept).await?;
    let list = json!({ "filter": "open", "limit": 200, "offset": 0 });
    let rows = kept.answer("promises", list).await?["rows"].clone();
    let mut times = Vec::new();
    for (round, row) in rows.as_array().into_iter().flatten().enumerate() {
        let promise = &row["id"];
        let day = format!("2199-{:02}-{:02}", 1 + round % 12, 1 + round % 28);
        let to = json!({ "day": day, "hours": { "kind": "any_time" } });
        kept.answer("move_date", json!({ "promise": promise, "to": to, "by": "us" })).await?;
        let start = Instant::now();
        tick(&kept, machine()()).await?;
        times.push(start.elapsed());
    }
    kept.close().await?;
    eprintln!("99 of 100 looks after a commit: {:.3} ms", millis(percentile(times.clone(), 99)));
    let value = millis(percentile(times, 50));
    Ok(vec![Figure { name: "replan_100k", value, unit: "ms", reference: PROMPT_MILLIS, aim: 1.0 }])
}

/// From the instant for which an alert was put off to its notice, with the loop as it runs beside the window.
pub(crate) async fn alert_lateness(folder: &Path) -> Outcome<Figure> {
    let (told, mut notices) = mpsc::unbounded_channel();
    let mut wanted = Vec::new();
    for number in 0..AWAITED {
        let told = told.clone();
        let shown = move |notice: &Notice| {
            // Nobody waits any more when all have come.
            let _ = told.send((number, machine()().stamp, notice.promise));
        };
        let kept =
            Kept::open(&fresh(&folder.join(format!("late-{number}")))?, host(Box::new(machine()), shown))
                .await?;
        kept.answer("change_settings", json!(loud())).await?;
        let promise = overdue(&kept).await?;
        settle(&kept).await?;
        wanted.push((kept, promise));
    }
    while notices.try_recv().is_ok() {}
    let soon = machine()().stamp.millis() + 1_500;
    let mut due = Vec::new();
    for (number, (kept, promise)) in wanted.iter().enumerate() {
        let at = Stamp::from_millis(soon + i64::try_from(number)? * 77);
        let until = json!({ "kind": "until", "at": at });
        kept.answer("snooze_promise", json!({ "promise": promise, "until": until })).await?;
        tokio::spawn(watch(kept.clone()));
        due.push(at);
    }
    let mut late = Vec::new();
    while late.len() < AWAITED {
        let (number, at, _) = notices.recv().await.ok_or("the watch has ended")?;
        late.push(Duration::from_millis(u64::try_from(at.millis() - due[number].millis())?));
    }
    for (kept, _) in wanted {
        kept.close().await?;
    }
    let value = millis(percentile(late, 99));
    Ok(Figure { name: "alert_lateness_p99", value, unit: "ms", reference: PUNCTUAL_MILLIS, aim: 1.0 })
}

/// 24 simulated hours of a busy shop: what was announced against what came due, the larger number against the smaller.
pub(crate) async fn announced_24h(folder: &Path) -> Outcome<Figure> {
    let zone: Zone = "Europe/Paris".parse()?;
    let begin = zone.midnight("2026-11-18".parse()?);
    let clocks = Arc::new(Mutex::new(Reading { stamp: begin, monotonic: Duration::ZERO }));
    let reads = Arc::clone(&clocks);
    let now = move || *reads.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = Kept::open(&fresh(&folder.join("busy"))?, host(Box::new(now.clone()), |_| ())).await?;
    let settings = loud();
    kept.answer("change_settings", json!(settings)).await?;
    let mut promises = Vec::new();
    for number in 0..BUSY {
        let minutes = 1 + number * 11 * 60 / BUSY;
        let time = TimeOfDay::new(minutes / 60, minutes % 60).ok_or("no such time")?;
        let due = json!({ "day": "2026-11-18", "hours": { "kind": "at", "time": time } });
        promises.push((promise(&kept, &due).await?, zone.instant("2026-11-18".parse()?, time)));
    }
    let end = begin.plus_minutes(24 * 60);
    while now().stamp < end {
        let reading = now();
        let next = tick(&kept, reading).await?.unwrap_or(end);
        let longest = Stamp::from_millis(reading.stamp.millis() + 30_000);
        let next = next.min(longest).min(end);
        let step = Duration::from_millis(u64::try_from(next.millis() - reading.stamp.millis())?);
        let later = Reading { stamp: next, monotonic: reading.monotonic + step };
        *clocks.lock().unwrap_or_else(PoisonError::into_inner) = later;
    }
    let (mut announced, mut due) = (0, 0);
    for (promise, first) in &promises {
        announced += announcements(&kept, promise, *first, zone).await?;
        due += calls(*first, end, &settings.calendar);
    }
    kept.close().await?;
    let (value, reference) = (f64::from(announced.max(due)), f64::from(announced.min(due)));
    Ok(Figure { name: "announced_24h", value, unit: "", reference, aim: 1.0 })
}

/// How often an idle Kept looks at the clock in a minute; looks that follow each other at once are one wake-up.
pub(crate) async fn wake_ups(folder: &Path) -> Outcome<Figure> {
    let looks: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let (seen, clock) = (Arc::clone(&looks), machine());
    let now = move || {
        seen.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
        clock()
    };
    let kept = Kept::open(&fresh(&folder.join("idle"))?, host(Box::new(now), |_| ())).await?;
    let due = json!({ "day": "2199-11-20", "hours": { "kind": "any_time" } });
    promise(&kept, &due).await?;
    let watching = tokio::spawn(watch(kept.clone()));
    tokio::time::sleep(Duration::from_secs(2)).await;
    looks.lock().unwrap_or_else(PoisonError::into_inner).clear();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let looks = looks.lock().unwrap_or_else(PoisonError::into_inner).clone();
    kept.close().await?;
    watching.await?;
    let apart = |pair: &[Instant]| pair[1] - pair[0] > Duration::from_secs(1);
    let wake_ups = usize::from(!looks.is_empty()) + looks.windows(2).filter(|pair| apart(pair)).count();
    let value = f64::from(u32::try_from(wake_ups)?);
    Ok(Figure { name: "wake_ups_per_minute", value, unit: "", reference: 2.0, aim: 1.0 })
}

fn host(
    now: Box<dyn Fn() -> Reading + Send + Sync>,
    shown: impl Fn(&Notice) + Send + Sync + 'static,
) -> Host {
    let notify = move |notice: Notice| {
        shown(&notice);
        Shown::Shown
    };
    Host { now, notify: Box::new(notify), changed: Box::new(|_| {}) }
}

/// Nothing is quiet and nothing told together: each call has to come by itself.
fn loud() -> Settings {
    let zone = "Europe/Paris".parse().unwrap_or(Zone::UTC);
    let mut settings = Settings::new(zone);
    settings.quiet.on = false;
    (settings.alerts.morning, settings.alerts.evening) = (false, false);
    for kind in AlertKind::ALL.into_iter().filter(|kind| *kind != AlertKind::Overdue) {
        settings.alerts.set(kind, KindSettings { on: false, ..KindSettings::usual(kind) });
    }
    settings
}

async fn promise(kept: &Kept, due: &Value) -> Outcome<Value> {
    let draft = json!({
        "customer_name": "Maria Silva",
        "parts": [{ "what": "cupcakes", "quantity": 12, "effort_left": 0 }],
        "due": due,
        "past_is_meant": true,
    });
    Ok(kept.answer("make_promise", json!({ "draft": draft })).await?["promise"].clone())
}

async fn overdue(kept: &Kept) -> Outcome<Value> {
    promise(kept, &json!({ "day": "2026-11-02", "hours": { "kind": "at", "time": "10:00" } })).await
}

/// Looks until there is nothing more to announce now.
async fn settle(kept: &Kept) -> Outcome<()> {
    loop {
        let reading = machine()();
        let next = tick(kept, reading).await?;
        let soon = Stamp::from_millis(reading.stamp.millis() + 10_000);
        match next.filter(|next| *next < soon) {
            Some(next) if next == reading.stamp => {}
            Some(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            None => return Ok(()),
        }
    }
}

/// How often a promise was announced as overdue.
async fn announcements(kept: &Kept, promise: &Value, first: Stamp, zone: Zone) -> Outcome<u32> {
    let (day, time) = zone.wall(first);
    let alert = format!("overdue:{}:{day}T{time}", promise.as_str().unwrap_or_default());
    let history = kept.answer("alert_history", json!({ "alert": alert })).await?;
    let events = history["events"].as_array().into_iter().flatten();
    let shown = events.filter(|event| event["what"] == "A notification was shown").count();
    Ok(u32::try_from(shown)?)
}

/// How often the ladder calls within a time.
fn calls(first: Stamp, end: Stamp, calendar: &WorkingCalendar) -> u32 {
    let ladder = Ladder { first, calendar };
    let after = |at: Stamp| ladder.next(at).map(|(_, at)| at).filter(|at| *at < end);
    let calls = std::iter::successors(after(first.plus_minutes(-1)), |at| after(*at));
    u32::try_from(calls.count()).unwrap_or(u32::MAX)
}
