//! The watch: looks at what is due, announces it, and remembers that it did.
//!
//! What is to be announced is decided by the core from the open promises and the ledger. The order of writing keeps it
//! right through a crash: first the ledger says that something is announced, on the disk; then the desktop is asked to
//! show it; then the ledger says what the desktop made of it. A crash in between costs one notice at most, never the
//! alert: that stands in the alert centre until it is acknowledged.
//!
//! The loop never sleeps for longer than half a minute, and compares at each look how far the wall clock and the other
//! one have come: after a sleep, or when somebody has set the clock, it catches up.

mod ahead;
mod buttons;
mod caring;
mod heartbeat;
mod notices;
mod pausing;
mod plans;
mod report;
mod rows;

use crate::clock::Reading;
use crate::failure::Failure;
use crate::records::Changed;
use crate::rows::to_u32;
use crate::series;
use crate::shop::Shop;
use crate::store::Store;
use crate::{Kept, Notice};
use heartbeat::{Ended, Heartbeat};
use kept_core::alert::{
    About, AlertId, AlertKind, Announcement, Away, Digests, Entry, Heard, Ledger, Look, Pause, Plan, Rung,
    Status, decide, listed,
};
use kept_core::day::{Day, Now, Stamp};
use kept_core::settings::Settings;
use plans::Plans;
use report::{Report, Why};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

pub(crate) use ahead::alerts_ahead;
pub use buttons::{Button, Pressed, pressed};
pub(crate) use caring::{caring_of, leads_to};
pub use notices::is_over;
pub(crate) use notices::{coming_of, test_notice, title_of, told};
pub(crate) use pausing::{pause_watch, paused_until};

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
    plans: Plans,
    /// When notices were shown.
    notices: Vec<Stamp>,
    away: Option<Away>,
    report: Option<Report>,
    /// Why the desktop refused the last notice.
    refused: Option<String>,
    pause: Option<Pause>,
    /// What the clocks showed at the last look; none before the first one of this run.
    seen: Option<Reading>,
    beat: Option<Duration>,
    /// The day up to which everything that repeats was made ahead.
    ahead_on: Option<Day>,
    pruned: Option<Day>,
}

/// Watches until Kept is closed: the loop that runs beside the window, whether that is open or not.
pub async fn watch(kept: Kept) {
    let watching = &kept.0.watching;
    let mut backing_up = None;
    while !watching.stopped.load(Ordering::Acquire) {
        let reading = (kept.0.host.now)();
        // What went wrong was logged where it became a failure; the next look tries again.
        let next = tick(&kept, reading).await.unwrap_or(None);
        back_up(&kept, &mut backing_up);
        let wait = next.map_or(TICK, |next| until(reading.stamp, next).min(TICK));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = watching.woken.notified() => tokio::time::sleep(SETTLE).await,
        }
    }
}

/// Keeps the backups up beside the watch, which waits for no disk.
fn back_up(kept: &Kept, backing_up: &mut Option<JoinHandle<()>>) {
    if backing_up.as_ref().is_some_and(|work| !work.is_finished()) {
        return;
    }
    let kept = kept.clone();
    *backing_up = Some(tokio::spawn(async move {
        keep_calendar(&kept).await;
        // What went wrong was logged where it became a failure; the next look tries again.
        let _ = keep_backups(&kept).await;
    }));
}

/// Makes the backup of the day if there is none yet, and copies it to the second folder if that is there.
pub async fn keep_backups(kept: &Kept) -> Result<(), Failure> {
    crate::privacy::finish(kept).await?;
    crate::backups::keep_up(kept).await
}

/// Writes the calendar that the owner keeps in a folder, if something was changed since.
pub async fn keep_calendar(kept: &Kept) {
    crate::export::keep_calendar(kept).await;
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
    pausing::end_if_over(kept, &now).await;
    let announced = announce(kept, &now).await;
    beat(kept, reading, &now).await;
    announced
}

/// Keeps everybody else from writing to the ledger until the answer is dropped.
pub(crate) async fn alone(kept: &Kept) -> tokio::sync::MutexGuard<'_, ()> {
    kept.0.watching.answering.lock().await
}

/// All rows were replaced: what happened is read anew, and everything is planned anew.
pub(crate) async fn read_anew(kept: &Kept) -> Result<(), Failure> {
    let read =
        Watching::load(&kept.0.store).await?.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    {
        let mut state = kept.0.watching.state();
        let State { notices, away, seen, beat, .. } = std::mem::take(&mut *state);
        *state = State { notices, away, seen, beat, ..read };
    }
    kept.0.watching.wake();
    Ok(())
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
        let digests = rows::digests(store).await?;
        let pause = rows::pause(store).await?;
        let report = rows::last_report(store).await?;
        let newest = entries.iter().filter_map(|entry| entry.announced.as_ref()).max_by_key(|it| it.at);
        let refused = newest.and_then(|announced| match &announced.heard {
            Heard::Refused { why } => Some(why.clone()),
            Heard::Asked | Heard::Shown | Heard::Unknown => None,
        });
        let ledger = Ledger::new(entries, digests);
        let state = State { ledger, report, refused, pause, ..State::default() };
        Ok(Self {
            state: Mutex::new(state),
            answering: tokio::sync::Mutex::default(),
            woken: Notify::new(),
            stopped: AtomicBool::new(false),
        })
    }

    /// Takes note of a change, so that what it touches is planned again.
    pub(crate) fn follow(&self, changed: &Changed) {
        self.state().plans.follow(changed);
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
        self.with_state(|shop, state| tell(shop, &state.alerts()))
    }

    /// The same, for whoever changes what the watch knows.
    fn with_state<T>(&self, does: impl FnOnce(&Shop, &mut State) -> T) -> T {
        let shop = self.shop();
        let now = Now::at((self.0.host.now)().stamp, shop.settings.it.calendar.zone);
        let mut state = self.0.watching.state();
        state.plans.bring_up_to_date(&shop, &now);
        does(&shop, &mut state)
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
        watching.state().take_over(entries.iter().cloned());
        Ok(entries)
    }

    /// Tells whoever shows the alerts that they have changed.
    pub(crate) fn alerts_changed(&self) {
        let change = self.shop().change;
        (self.0.host.changed)(change);
    }
}

/// What there is to know about alerts at a moment.
#[derive(Clone, Copy)]
pub(crate) struct Alerts<'a> {
    /// What happened.
    pub ledger: &'a Ledger,
    plans: &'a Plans,
    notices: &'a [Stamp],
    away: Option<Away>,
    /// The last time in which nobody looked.
    pub report: Option<&'a Report>,
    /// Why the desktop refused the last notice.
    pub refused: Option<&'a str>,
    /// The owner has paused the watch.
    pub pause: Option<Pause>,
}

impl Alerts<'_> {
    /// The plans of everything that is open.
    pub(crate) fn plans(&self) -> impl Iterator<Item = &Plan> {
        self.plans.all()
    }

    /// The plan of one thing; none if nothing is to be said about it.
    pub(crate) fn plan(&self, about: impl Into<About>) -> Option<&Plan> {
        self.plans.get(about.into())
    }

    /// How many alerts nobody has acknowledged.
    pub(crate) fn owed(&self, settings: &Settings, now: Stamp) -> u32 {
        let listed = self.plans().flat_map(|plan| listed(plan, self.ledger, &settings.calendar, now));
        to_u32(listed.filter(|listed| matches!(listed.status, Status::Owed { .. })).count())
    }
}

impl State {
    fn alerts(&self) -> Alerts<'_> {
        let Self { ledger, plans, notices, away, report, refused, pause, .. } = self;
        let (report, refused) = (report.as_ref(), refused.as_deref());
        Alerts { ledger, plans, notices, away: *away, report, refused, pause: *pause }
    }

    /// Takes over entries of the ledger that were written.
    fn take_over(&mut self, entries: impl Iterator<Item = Entry> + Clone) {
        self.plans.look_at_these(entries.clone().map(|entry| entry.id.about));
        self.ledger.put(entries);
    }

    /// Takes over that something was announced.
    fn has_announced(&mut self, what: &Announcement, written: Announced, at: Stamp) {
        self.take_over(written.entries.into_iter());
        if let Some(digests) = written.digests {
            self.ledger.put_digests(digests);
        }
        for (id, rung) in what.subjects.iter().flat_map(|subject| &subject.calls) {
            if (id.kind, *rung) == (AlertKind::Overdue, Rung::First) {
                self.plans.turned_overdue(id.about);
            }
        }
        self.notices.retain(|notice| at.minutes_since(*notice).abs() <= 10);
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
        let mut state = kept.0.watching.state();
        state.ahead_on = Some(now.today);
        // A miss of long ago makes no second chance any more.
        state.plans.forget();
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
    {
        let mut state = kept.0.watching.state();
        state.away = Some(away);
        state.plans.look_at_all();
    }
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

/// What is written before something is shown.
struct Announced {
    entries: Vec<Entry>,
    digests: Option<Digests>,
}

/// What a look has found.
struct Looked {
    announce: Option<(Announcement, Announced, Option<Notice>)>,
    next: Option<Stamp>,
}

/// Looks at what has to be looked at by now.
fn look(shop: &Shop, state: &mut State, now: &Now) -> Looked {
    let settings = &shop.settings.it;
    let alerts = state.alerts();
    let look = Look { now, settings, away: alerts.away, notices: alerts.notices, pause: alerts.pause };
    let decision = decide(&alerts.plans.due(now.stamp), alerts.ledger, &look);
    let announce = decision.announce.map(|what| {
        let entries = alerts.ledger.announced(&what, &settings.calendar, now);
        let digests = alerts.ledger.digests(&what, now);
        let notice = notices::notice(shop, &alerts, &what, now);
        (what, Announced { entries, digests }, notice)
    });
    state.plans.look_again(&decision.again);
    let next = decision.next.into_iter().chain(state.plans.next(now.stamp)).min();
    Looked { announce, next }
}

/// Decides, writes, shows, and writes what the desktop said.
async fn announce(kept: &Kept, now: &Now) -> Result<Option<Stamp>, Failure> {
    if kept.0.imports.is_running() {
        // What an import brings is announced when all of it is here, together.
        return Ok(Some(Stamp::from_millis(now.stamp.millis() + WHILE_IMPORTING_MILLIS)));
    }
    let watching = &kept.0.watching;
    let alone = watching.answering.lock().await;
    let Looked { announce, next } = kept.with_state(|shop, state| look(shop, state, now));
    let Some((what, written, notice)) = announce else { return Ok(next) };
    rows::write(kept, &written.entries, &[]).await?;
    if let Some(digests) = written.digests {
        rows::write_digests(kept, digests).await?;
    }
    {
        let mut state = watching.state();
        state.has_announced(&what, written, now.stamp);
        if notice.is_some() {
            state.notices.push(now.stamp);
        }
    }
    drop(alone);
    let Some(notice) = notice else { return Ok(Some(now.stamp)) };
    let heard = notices::ask(kept, notice).await;
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
    let since = crate::backed_up::without_backup_since(kept).await;
    kept.0.watching.state().plans.backed_up(since);
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
