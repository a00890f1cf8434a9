//! The watch is paused by the owner: whatever comes due is listed and held, and one notice follows.

use super::report::{self, Why};
use super::rows;
use crate::Kept;
use crate::failure::Failure;
use crate::takes::alerts::PauseWatch;
use kept_core::alert::{Away, Pause, near};
use kept_core::day::{Now, Stamp};
use kept_core::views::Done;

/// What the pause has held is told together for so long after its end.
const TOLD_MINUTES: i64 = 10;

/// The watch is paused, or goes on. Nothing is lost: what comes due in the pause stands in the alert centre.
pub(crate) async fn pause_watch(kept: &Kept, takes: PauseWatch) -> Result<Done, Failure> {
    let now = kept.now();
    let calendar = kept.settings().calendar;
    let running = running(kept, now.stamp);
    let said = if let Some(until) = takes.until {
        let until = until
            .until(&calendar, &now)
            .ok_or_else(|| Failure::field("until", "This time has passed. Choose a later one."))?;
        let from = running.map_or(now.stamp, |pause| pause.from);
        set(kept, Some(Pause { from, until })).await?;
        format!("The watch is paused until {}", near(until, &now, calendar.zone))
    } else {
        if let Some(pause) = running {
            // It ends now, as it would have by itself.
            set(kept, Some(Pause { until: now.stamp, ..pause })).await?;
        }
        "The watch goes on".to_owned()
    };
    kept.alerts_changed();
    kept.0.watching.wake();
    Ok(Done { change: 0, said, promise: None })
}

/// Until when the watch is paused, in words; none if it is not.
pub(crate) fn paused_until(kept: &Kept) -> Option<String> {
    let now = kept.now();
    let zone = kept.settings().calendar.zone;
    running(kept, now.stamp).map(|pause| near(pause.until, &now, zone))
}

/// Reports a pause that is over, and forgets it once what it has held was told.
pub(super) async fn end_if_over(kept: &Kept, now: &Now) {
    let pause = kept.0.watching.state().pause;
    let Some(pause) = pause.filter(|pause| pause.until <= now.stamp) else { return };
    let is_reported = {
        let state = kept.0.watching.state();
        state.report.as_ref().is_some_and(|report| report.to >= pause.until)
    };
    if !is_reported {
        report::make(kept, Away { from: Some(pause.from), to: pause.until }, Why::Paused).await;
        // Whoever shows that it is paused has to hear that it is over.
        kept.alerts_changed();
    }
    if pause.until.plus_minutes(TOLD_MINUTES) <= now.stamp {
        // What fails was logged where it became a failure, and is tried again at the next look.
        let _ = set(kept, None).await;
    }
}

async fn set(kept: &Kept, pause: Option<Pause>) -> Result<(), Failure> {
    rows::write_pause(kept, pause).await?;
    let mut state = kept.0.watching.state();
    state.pause = pause;
    state.plans.look_at_all();
    Ok(())
}

fn running(kept: &Kept, now: Stamp) -> Option<Pause> {
    kept.0.watching.state().pause.filter(|pause| pause.holds(now))
}
