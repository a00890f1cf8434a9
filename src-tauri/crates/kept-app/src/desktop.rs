//! What the desktop shows of Kept outside of its window, and what can be asked of it there: the tray, putting off all
//! alerts, pausing the watch.

use crate::failure::Failure;
use crate::rows::queue;
use crate::takes::desktop::{PauseWatch, SnoozeAll};
use crate::takes::{Nothing, Snooze};
use crate::today::overdue;
use crate::{Kept, alerts, settings};
use kept_core::alert::{AlertId, Status, listed, near};
use kept_core::day::Now;
use kept_core::settings::{Pause, Settings};
use kept_core::urgency::Place;
use kept_core::views::desktop::{PauseChoice, TrayPromise, TrayView};
use kept_core::views::{Done, SnoozeFor};
use kept_core::words::count;

/// The menu of the tray names so many promises.
const NEXT: usize = 3;
/// No line of it is longer.
const LETTERS_MOST: usize = 60;

/// The icon in the tray and its menu.
pub(crate) async fn tray(kept: &Kept, _: Nothing) -> Result<TrayView, Failure> {
    let now = kept.now();
    let calling = i64::try_from(owed(kept, &now).len()).unwrap_or(i64::MAX);
    let shop = kept.shop();
    let settings = &shop.settings.it;
    let queue = queue(&shop, &now);
    let overdue = overdue(&queue);
    let paused = paused(settings, &now);
    let next = queue.iter().filter(|(standing, _)| is_to_do(standing.place)).take(NEXT);
    let next = next.map(|(standing, known)| {
        let row = crate::rows::row(known, standing, &shop, &now);
        let words = format!("{}: {} for {}", row.when, row.title, row.customer);
        TrayPromise { promise: row.id, words: cut(&words) }
    });
    Ok(TrayView {
        words: icon_words(overdue, paused.as_deref()),
        overdue,
        next: next.collect(),
        snooze_all: (calling > 0).then(|| format!("Snooze {} for 1 hour", count(calling, "alert"))),
        resume: paused.map(|until| format!("Watch again (paused until {until})")),
        pauses: pauses(settings, &now),
    })
}

/// All that calls now is put off. The promises stay where they are.
pub(crate) async fn snooze_all(kept: &Kept, takes: SnoozeAll) -> Result<Done, Failure> {
    let calling = owed(kept, &kept.now());
    let alerts = calling.iter().map(ToString::to_string).collect();
    alerts::snooze(kept, Snooze { alerts, until: takes.until }).await
}

/// Nothing is announced for a while. What comes due meanwhile is held, and announced together at the end.
pub(crate) async fn pause_watch(kept: &Kept, takes: PauseWatch) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = kept.settings();
    let until = takes
        .until
        .until(&before.calendar, &now)
        .ok_or_else(|| Failure::field("until", "This time has passed. Choose a later one."))?;
    let said = format!("Paused the watch until {}", near(until, &now, before.calendar.zone));
    let pause = Some(Pause { from: now.stamp, until });
    settings::write(kept, &writing, Settings { pause, ..before }, said).await
}

/// Kept watches again before the pause has ended.
pub(crate) async fn resume_watch(kept: &Kept, _: Nothing) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = kept.settings();
    // What was held is announced as at the end of any pause, so it ends now and is not forgotten.
    let pause = before.pause.map(|pause| Pause { until: pause.until.min(now.stamp), ..pause });
    settings::write(kept, &writing, Settings { pause, ..before }, "Watching again".to_owned()).await
}

/// Until when the watch is paused, in words; none while Kept watches.
pub(crate) fn paused(settings: &Settings, now: &Now) -> Option<String> {
    let zone = settings.calendar.zone;
    settings.pause.filter(|pause| pause.covers(now.stamp)).map(|pause| near(pause.until, now, zone))
}

/// The alerts that call now.
fn owed(kept: &Kept, now: &Now) -> Vec<AlertId> {
    kept.with_alerts(|shop, alerts| {
        let calendar = &shop.settings.it.calendar;
        let listed = alerts.plans().flat_map(|plan| listed(plan, alerts.ledger, calendar, now.stamp));
        let owed = listed.filter(|listed| matches!(listed.status, Status::Owed { .. }));
        owed.map(|listed| listed.planned.id).collect()
    })
}

/// Whether something has to be done about what stands here, and not only waited for.
fn is_to_do(place: Place) -> bool {
    match place {
        Place::Overdue
        | Place::DueToday
        | Place::TellFirst
        | Place::StartNow
        | Place::PaidIdle
        | Place::ThisWeek
        | Place::Later => true,
        Place::Awaiting | Place::Delivered | Place::Cancelled => false,
    }
}

fn icon_words(overdue: u32, paused: Option<&str>) -> String {
    let stands = match overdue {
        0 => "nothing is overdue".to_owned(),
        1 => "1 promise is overdue".to_owned(),
        many => format!("{many} promises are overdue"),
    };
    match paused {
        Some(until) => format!("Kept: {stands}. Paused until {until}"),
        None => format!("Kept: {stands}"),
    }
}

/// For how long the watch can be paused.
fn pauses(settings: &Settings, now: &Now) -> Vec<PauseChoice> {
    let calendar = &settings.calendar;
    let ending = |until: SnoozeFor| Some((until, until.until(calendar, now)?));
    let this_afternoon =
        ending(SnoozeFor::ThisAfternoon).filter(|(_, at)| calendar.zone.day(*at) == now.today);
    let until = this_afternoon.into_iter().chain(ending(SnoozeFor::TomorrowAtOpening));
    let until = until.map(|(until, at)| (until, format!("until {}", near(at, now, calendar.zone))));
    let hour = (SnoozeFor::OneHour, "for 1 hour".to_owned());
    [hour].into_iter().chain(until).map(|(until, words)| PauseChoice { until, words }).collect()
}

fn cut(words: &str) -> String {
    if words.chars().count() > LETTERS_MOST {
        words.chars().take(LETTERS_MOST).chain(['…']).collect()
    } else {
        words.to_owned()
    }
}
