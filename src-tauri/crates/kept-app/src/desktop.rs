//! What the desktop shows of Kept outside of its window, and what can be asked of it there: the tray, and putting off all
//! alerts.

use crate::failure::Failure;
use crate::rows::queue;
use crate::takes::desktop::SnoozeAll;
use crate::takes::{Nothing, Snooze};
use crate::today::overdue;
use crate::{Kept, alerts, watching};
use kept_core::alert::{AlertId, Status, listed, near};
use kept_core::day::Now;
use kept_core::settings::Settings;
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
    let paused = watching::paused_until(kept);
    let shop = kept.shop();
    let settings = &shop.settings.it;
    let queue = queue(&shop, &now);
    let overdue = overdue(&queue);
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
    alerts::snooze(kept, Snooze { alerts, until: takes.until, again_is_meant: true }).await
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
