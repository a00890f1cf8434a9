//! The watch: looks at what is due, announces it, and remembers that it did.
//!
//! What is to be announced is decided by the core from the open promises and the ledger. The order of writing keeps it
//! right through a crash: first the ledger says that something is announced, on the disk; then the desktop is asked to
//! show it; then the ledger says what the desktop made of it. A crash in between costs one notice at most, never the
//! alert: that stands in the alert centre until it is acknowledged.
//!
//! The loop never sleeps for longer than half a minute, and compares at each look how far the wall clock and the other
//! one have come: after a sleep, or when somebody has set the clock, it catches up.

mod buttons;
mod heartbeat;
mod notices;
mod report;
mod rows;

use crate::Kept;
use crate::clock::Reading;
use crate::failure::Failure;
use crate::rows::to_u32;
use crate::series;
use crate::shop::Shop;
use crate::store::Store;
use heartbeat::{Ended, Heartbeat};
use kept_core::alert::{
    AlertId, Away, Entry, Heard, Ledger, Look, PromisePlan, Status, decide, listed, plan,
};
use kept_core::day::{Day, Now, Stamp};
use kept_core::id::CommitmentId;
use kept_core::settings::Settings;
use kept_core::taken::Taken;
use report::{Report, Why};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

pub use buttons::{Button, Pressed, pressed};
pub use notices::is_over;
pub(crate) use notices::test_notice;

/// The loop looks at least this often.
const TICK: Duration = Duration::from_secs(30);
/// After a change the loop waits for others that follow at once, as in an import.
const SETTLE: Duration = Duration::from_millis(300);
/// How often it looks whether an import has ended.
const WHILE_IMPORTING_MILLIS: i64 = 500;
/// How often the heartbeat is written.
const BEAT: Duration = Duration::from_secs(60);
/// The two clocks may drift apart by this much between two looks.
const DRIFT_MILLIS: i64 = 90_000;
/// A time without any look that is longer than this is reported.
const AWAY_MILLIS: i64 = 5 * 60_000;

/// What the watch knows.
pub(crate) struct Watching {
    state: Mutex<State>,
    /// Held from reading an entry of the ledger to having written it.
    answering: tokio::sync::Mutex<()>,
    woken: Notify,
    stopped: AtomicBool,
}

#[derive(Default)]
struct State {
    ledger: Ledger,
    plans: HashMap<CommitmentId, Planned>,
    /// The settings that the plans were made with.
    planned_with: Option<Settings>,
    /// The hours that were set aside when the plans were made.
    planned_among: Taken,
    /// When notices were shown.
    notices: Vec<Stamp>,
    away: Option<Away>,
    report: Option<Report>,
    /// Why the desktop refused the last notice.
    refused: Option<String>,
    /// What the clocks showed at the last look; none before the first one of this run.
    seen: Option<Reading>,
    beat: Option<Duration>,
    /// The day up to which everything that repeats was made ahead.
    ahead_on: Option<Day>,
    pruned: Option<Day>,
    /// The owner had paused the watch at the last look.
    paused: bool,
}

/// The plan of one promise, and the change that the promise was last touched by when it was made.
struct Planned {
    last: u64,
    plan: PromisePlan,
}

/// Watches until Kept is closed: the loop that runs beside the window, whether that is open or not.
pub async fn watch(kept: Kept) {
    let watching = &kept.0.watching;
    while !watching.stopped.load(Ordering::Acquire) {
        let reading = (kept.0.host.now)();
        // What went wrong was logged where it became a failure; the next look tries again.
        let next = tick(&kept, reading).await.unwrap_or(None);
        let wait = next.map_or(TICK, |next| until(reading.stamp, next).min(TICK));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = watching.woken.notified() => tokio::time::sleep(SETTLE).await,
        }
    }
}

/// Looks at once: the computer may have woken. Only a hint; whether it has slept the clocks say.
pub fn look_now(kept: &Kept) {
    kept.0.watching.wake();
}

/// One look: announces one thing at most, and says when to look again if nothing changes before.
pub async fn tick(kept: &Kept, reading: Reading) -> Result<Option<Stamp>, Failure> {
    let now = kept.at(reading.stamp);
    // Before it is said what came due: of what repeats it has to be there.
    turn_of_day(kept, &now).await;
    catch_up(kept, reading).await;
    let announced = announce(kept, &now).await;
    end_of_pause(kept, &now);
    beat(kept, reading, &now).await;
    announced
}

/// Takes down that Kept was quit on purpose, so that the next start can say so. Ends the loop.
pub(crate) async fn quit(kept: &Kept) {
    let watching = &kept.0.watching;
    let was_watching = watching.state().seen.is_some();
    if watching.stopped.swap(true, Ordering::AcqRel) || !was_watching {
        return;
    }
    watching.wake();
    let now = (kept.0.host.now)();
    // Quit right after a sleep, before any look: what came due in the sleep is still to be caught up.
    let slept = watching.state().see(now).and_then(|away| away.from);
    heartbeat::write(kept, Heartbeat { at: slept.unwrap_or(now.stamp), ended: Ended::Quit }).await;
}

impl Watching {
    /// What the ledger and the last report say.
    pub(crate) async fn load(store: &dyn Store) -> Result<Self, Failure> {
        let entries = rows::entries(store).await?;
        let report = rows::last_report(store).await?;
        let newest = entries.iter().filter_map(|entry| entry.announced.as_ref()).max_by_key(|it| it.at);
        let refused = newest.and_then(|announced| match &announced.heard {
            Heard::Refused { why } => Some(why.clone()),
            Heard::Asked | Heard::Shown | Heard::Unknown => None,
        });
        let state = State { ledger: Ledger::new(entries), report, refused, ..State::default() };
        Ok(Self {
            state: Mutex::new(state),
            answering: tokio::sync::Mutex::default(),
            woken: Notify::new(),
            stopped: AtomicBool::new(false),
        })
    }

    /// Something was changed: the loop looks again.
    pub(crate) fn wake(&self) {
        self.woken.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// A moment, as the business's clocks show it.
    fn at(&self, stamp: Stamp) -> Now {
        Now::at(stamp, self.shop().settings.it.calendar.zone)
    }

    /// Tells of the plans and the ledger, brought up to date, beside the promises that they are about.
    pub(crate) fn with_alerts<T>(&self, tell: impl FnOnce(&Shop, &Alerts<'_>) -> T) -> T {
        let shop = self.shop();
        let mut state = self.0.watching.state();
        state.plan_again(&shop);
        let State { ledger, plans, notices, away, report, refused, .. } = &*state;
        let (report, refused) = (report.as_ref(), refused.as_deref());
        tell(&shop, &Alerts { ledger, plans, notices, away: *away, report, refused })
    }

    /// Writes entries of the ledger that were made from it as it is now.
    pub(crate) async fn take_down(
        &self,
        entries: impl FnOnce(&Shop, &Alerts<'_>) -> Vec<Entry>,
    ) -> Result<Vec<Entry>, Failure> {
        let watching = &self.0.watching;
        let _alone = watching.answering.lock().await;
        let entries = self.with_alerts(entries);
        rows::write(self, &entries, &[]).await?;
        watching.state().ledger.put(entries.iter().cloned());
        Ok(entries)
    }

    /// Tells whoever shows the alerts that they have changed.
    pub(crate) fn alerts_changed(&self) {
        let change = self.shop().change;
        (self.0.host.changed)(change);
    }
}

/// What there is to know about alerts at a moment.
pub(crate) struct Alerts<'a> {
    /// What happened.
    pub ledger: &'a Ledger,
    plans: &'a HashMap<CommitmentId, Planned>,
    notices: &'a [Stamp],
    away: Option<Away>,
    /// The last time in which nobody looked.
    pub report: Option<&'a Report>,
    /// Why the desktop refused the last notice.
    pub refused: Option<&'a str>,
}

impl Alerts<'_> {
    /// The plans of the open promises.
    pub(crate) fn plans(&self) -> impl Iterator<Item = &PromisePlan> {
        self.plans.values().map(|planned| &planned.plan)
    }

    /// The plan of one promise; none if it is closed.
    pub(crate) fn plan(&self, promise: CommitmentId) -> Option<&PromisePlan> {
        self.plans.get(&promise).map(|planned| &planned.plan)
    }

    /// How many alerts nobody has acknowledged.
    pub(crate) fn owed(&self, settings: &Settings, now: Stamp) -> u32 {
        let listed = self.plans().flat_map(|plan| listed(plan, self.ledger, &settings.calendar, now));
        to_u32(listed.filter(|listed| matches!(listed.status, Status::Owed { .. })).count())
    }
}

impl State {
    /// Plans again what was changed since it was planned: one promise after a commit, all after a change of the
    /// settings or of the hours that are set aside.
    fn plan_again(&mut self, shop: &Shop) {
        let settings = &shop.settings.it;
        let taken = &shop.tallies.taken;
        if self.planned_with.as_ref() != Some(settings) || self.planned_among != *taken {
            self.plans.clear();
            self.planned_with = Some(settings.clone());
            self.planned_among = taken.clone();
        }
        for (id, known) in &shop.open {
            if self.plans.get(id).is_none_or(|planned| planned.last != known.last) {
                self.plans.insert(*id, Planned { last: known.last, plan: plan(&known.it, settings, taken) });
            }
        }
        if self.plans.len() > shop.open.len() {
            self.plans.retain(|id, _| shop.open.contains_key(id));
        }
    }

    /// Takes over that something was announced.
    fn has_announced(&mut self, entries: Vec<Entry>, at: Stamp) {
        self.ledger.put(entries);
        self.notices.retain(|notice| at.minutes_since(*notice).abs() <= 10);
        self.notices.push(at);
    }

    /// Takes note of what the clocks show, and answers with the time in which nobody looked, if there was one.
    fn see(&mut self, reading: Reading) -> Option<Away> {
        let seen = self.seen.replace(reading)?;
        let wall = reading.stamp.millis() - seen.stamp.millis();
        let run =
            i64::try_from(reading.monotonic.saturating_sub(seen.monotonic).as_millis()).unwrap_or(i64::MAX);
        let jumped = wall.saturating_sub(run).abs() > DRIFT_MILLIS || wall > AWAY_MILLIS;
        jumped.then_some(Away { from: Some(seen.stamp), to: reading.stamp })
    }
}

/// At the first look and on each new day: makes ahead what repeats. What fails is tried again at the next look.
async fn turn_of_day(kept: &Kept, now: &Now) {
    let is_made = kept.0.watching.state().ahead_on == Some(now.today);
    if !is_made && series::keep_ahead(kept, now).await.is_ok() {
        kept.0.watching.state().ahead_on = Some(now.today);
    }
}

/// Tells whoever shows it that a pause has ended by itself.
fn end_of_pause(kept: &Kept, now: &Now) {
    let paused = kept.shop().settings.it.pause.is_some_and(|pause| pause.covers(now.stamp));
    let was_paused = std::mem::replace(&mut kept.0.watching.state().paused, paused);
    if was_paused && !paused {
        kept.alerts_changed();
    }
}

/// Finds out whether nobody has looked for a while, and reports it.
async fn catch_up(kept: &Kept, reading: Reading) {
    let (is_first, away) = {
        let mut state = kept.0.watching.state();
        (state.seen.is_none(), state.see(reading))
    };
    let (away, why) = match (is_first, away) {
        (false, None) => return,
        (false, Some(away)) => (away, Why::Slept),
        (true, _) => {
            let last = Heartbeat::read(kept.folder());
            let why =
                if last.is_some_and(|last| last.ended == Ended::Not) { Why::Crashed } else { Why::Quit };
            (Away { from: last.map(|last| last.at), to: reading.stamp }, why)
        }
    };
    kept.0.watching.state().away = Some(away);
    let long = away.from.is_some_and(|from| away.to.millis() - from.millis() > AWAY_MILLIS);
    if long {
        report::make(kept, away, why).await;
    }
    if is_first {
        let mut state = kept.0.watching.state();
        let lately = reading.stamp.plus_minutes(-10);
        state.notices = state.ledger.notices_since(lately);
    }
}

/// Decides, writes, shows, and writes what the desktop said.
async fn announce(kept: &Kept, now: &Now) -> Result<Option<Stamp>, Failure> {
    if kept.0.imports.is_running() {
        // What an import brings is announced when all of it is here, together.
        return Ok(Some(Stamp::from_millis(now.stamp.millis() + WHILE_IMPORTING_MILLIS)));
    }
    let watching = &kept.0.watching;
    let alone = watching.answering.lock().await;
    let (decision, entries) = kept.with_alerts(|shop, alerts| {
        let settings = &shop.settings.it;
        let look = Look { now, settings, away: alerts.away, notices: alerts.notices };
        let decision = decide(&alerts.plans().collect::<Vec<_>>(), alerts.ledger, &look);
        let announced = |what| alerts.ledger.announced(what, &settings.calendar, now);
        let entries = decision.announce.as_ref().map(announced).unwrap_or_default();
        (decision, entries)
    });
    let Some(what) = decision.announce else { return Ok(decision.next) };
    rows::write(kept, &entries, &[]).await?;
    watching.state().has_announced(entries, now.stamp);
    drop(alone);
    let heard = notices::show(kept, &what, now).await;
    kept.take_down(|_, alerts| alerts.ledger.heard(&what, &heard)).await?;
    kept.alerts_changed();
    Ok(Some(now.stamp))
}

/// Once a minute: takes down that Kept is watching. Once a day: forgets what nobody needs any more.
async fn beat(kept: &Kept, reading: Reading, now: &Now) {
    let is_due = {
        let mut state = kept.0.watching.state();
        let is_due = state.beat.is_none_or(|beat| reading.monotonic.saturating_sub(beat) >= BEAT);
        if is_due {
            state.beat = Some(reading.monotonic);
        }
        is_due
    };
    if !is_due {
        return;
    }
    heartbeat::write(kept, Heartbeat { at: now.stamp, ended: Ended::Not }).await;
    if kept.0.watching.state().pruned.replace(now.today) != Some(now.today) {
        prune(kept, now).await;
    }
}

/// Removes the entries of alerts that are planned no longer. What fails is tried again on the next day.
async fn prune(kept: &Kept, now: &Now) {
    let _alone = kept.0.watching.answering.lock().await;
    let old = kept.with_alerts(|_, alerts| {
        let planned = alerts.plans().flat_map(|plan| &plan.alerts).map(|planned| planned.id);
        let planned: HashSet<AlertId> = planned.collect();
        alerts.ledger.prunable(|id| planned.contains(id), now.stamp)
    });
    if !old.is_empty() && rows::write(kept, &[], &old).await.is_ok() {
        kept.0.watching.state().ledger.remove(&old);
    }
}

/// How long it is until an instant.
fn until(now: Stamp, then: Stamp) -> Duration {
    Duration::from_millis(u64::try_from(then.millis().saturating_sub(now.millis())).unwrap_or(0))
}
