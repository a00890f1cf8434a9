//! What stands around every screen, and what quitting would leave unwatched.

use crate::failure::Failure;
use crate::rows::{queue, to_u32};
use crate::takes::Nothing;
use crate::today::{Queue, needing, overdue};
use crate::{Kept, alerts, feedback, history, recoveries, watching};
use kept_core::calendar::WorkingCalendar;
use kept_core::day::Now;
use kept_core::urgency::{Place, Standing};
use kept_core::views::{QuitView, ShellView};
use kept_core::words::Said;

/// How many promises are named when Kept is about to quit.
const NAMED_MOST: usize = 5;

/// Counts, repairs, what can be undone.
pub(crate) async fn shell(kept: &Kept, _: Nothing) -> Result<ShellView, Failure> {
    let undo = history::newest_to_undo(kept).await?.map(|(_, what)| what);
    let redo = history::newest_to_redo(kept).await?.map(|(_, what)| what);
    let (alerts, notices_refused) = alerts::standing_of(kept);
    let paused_until = watching::paused_until(kept);
    let now = kept.now();
    let shop = kept.shop();
    let queue = queue(&shop, &now);
    let settings = &shop.settings.it;
    Ok(ShellView {
        business: settings.business.clone(),
        appearance: settings.appearance,
        currency: settings.currency,
        today: needing(&queue, &now),
        overdue: overdue(&queue),
        alerts,
        to_answer: feedback::waiting(&shop, &now),
        recoveries: recoveries::going_on(&shop),
        empty: shop.empty,
        made_up: shop.made_up,
        notices_refused,
        paused_until,
        long_overdue: long_overdue(&queue, &settings.calendar, &now),
        repaired: kept.repaired(),
        calendar_trouble: kept.0.subscription.trouble(),
        data_folder: kept.folder().display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        undo,
        redo,
        keys: settings.keys.clone(),
        text_size: settings.text_size,
        date_format: settings.date_format.clone(),
        number_format: settings.number_format.clone(),
    })
}

/// From this working day on what is overdue calls only once each morning, and stands in a line of its own.
const LONG_DAYS: i64 = 3;

/// How many promises are overdue for so long that they hardly call any more.
fn long_overdue(queue: &Queue, calendar: &WorkingCalendar, now: &Now) -> Option<String> {
    let late = |deadline| calendar.working_days_between(calendar.zone.day(deadline), now.today) >= LONG_DAYS;
    let is_long =
        |standing: &Standing| standing.place == Place::Overdue && standing.deadline.is_some_and(late);
    match queue.iter().filter(|(standing, known)| is_long(standing) && !known.it.made_up).count() {
        0 => None,
        1 => Some(format!("1 promise is overdue for {LONG_DAYS} working days or more.")),
        many => Some(format!("{many} promises are overdue for {LONG_DAYS} working days or more.")),
    }
}

/// What will not be watched if Kept quits now: what is late or comes due within two working days.
pub(crate) async fn quitting(kept: &Kept, _: Nothing) -> Result<QuitView, Failure> {
    let now = kept.now();
    let shop = kept.shop();
    let calendar = &shop.settings.it.calendar;
    let horizon = calendar.zone.midnight(calendar.working_day(now.today, 2).plus(1));
    let queue = queue(&shop, &now);
    let near: Vec<String> = queue
        .iter()
        .filter(|(standing, _)| {
            standing.place == Place::StartNow || standing.deadline.is_some_and(|deadline| deadline <= horizon)
        })
        .map(|(standing, known)| {
            let said = Said { commitment: &known.it, standing, calendar, now: &now };
            let customer = shop.customer_name(known.it.customer);
            format!("{} for {customer}: {}", known.it.title(), kept_core::words::lower_first(&said.why()))
        })
        .collect();
    let more = near.len().saturating_sub(NAMED_MOST);
    Ok(QuitView { unwatched: near.into_iter().take(NAMED_MOST).collect(), more: to_u32(more) })
}
