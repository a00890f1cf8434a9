//! The check before one says yes: the earliest honest date, and whether a week is over-promised.

use crate::Kept;
use crate::failure::Failure;
use crate::plan::{first_day, load_of_week};
use crate::rows::queue;
use crate::shop::Shop;
use crate::takes::plan::CheckPromise;
use crate::tallies::lead_times;
use kept_core::day::{Day, Due, Now, Stamp};
use kept_core::id::OfferId;
use kept_core::promise_check::{HonestDate, PromiseCheck, honest_date};
use kept_core::step::check_effort;
use kept_core::urgency::remaining_minutes;
use kept_core::views::plan::HonestDateView;
use kept_core::words::duration;
use kept_core::workload::Workload;

/// The earliest date that can honestly be promised.
pub(crate) async fn promise_check(kept: &Kept, takes: CheckPromise) -> Result<HonestDateView, Failure> {
    let mut problems = Vec::new();
    check_effort(&mut problems, "effort", takes.effort);
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let now = kept.now();
    if takes.offer.is_some_and(|offer| !kept.shop().few.offers.contains_key(&offer)) {
        return Err(Failure::not_found("This offer"));
    }
    let effort = takes.effort.map_or_else(|| i64::from(kept.settings().usual_effort), i64::from);
    let offers: Vec<OfferId> = takes.offer.into_iter().collect();
    let honest = honest(kept, &offers, effort, takes.placed.unwrap_or(now.stamp), &now).await?;
    Ok(view(honest, takes.asked_for, &now))
}

/// The honest date of what consists of these offers, or of something that is not on the menu: the latest of theirs.
pub(super) async fn honest(
    kept: &Kept,
    offers: &[OfferId],
    effort: i64,
    placed: Stamp,
    now: &Now,
) -> Result<HonestDate, Failure> {
    let mut past = Vec::new();
    for offer in offers {
        past.push((lead_times(&kept.0.store, *offer).await?, Some(*offer)));
    }
    if past.is_empty() {
        past.push((Vec::new(), None));
    }
    let shop = kept.shop();
    let settings = &shop.settings.it;
    let open_effort =
        shop.open.values().map(|known| remaining_minutes(&known.it, settings.usual_effort)).sum();
    let dates = past.into_iter().map(|(lead_times, offer)| {
        let lead_days =
            offer.and_then(|offer| shop.few.offers.get(&offer)).and_then(|known| known.it.lead_days);
        let check = PromiseCheck { placed, lead_times, lead_days, effort, open_effort };
        honest_date(&check, &settings.calendar, now)
    });
    dates.max_by_key(|honest| honest.day).ok_or_else(|| Failure::bug("nothing was checked"))
}

/// The honest date for the screen, with a warning if an earlier one is asked for.
pub(super) fn view(honest: HonestDate, asked_for: Option<Due>, now: &Now) -> HonestDateView {
    let words = honest.day.map(|day| day.words(now.today));
    let too_early = match (asked_for, honest.day) {
        (Some(asked_for), Some(day)) if asked_for.day < day => Some(format!(
            "{} is earlier than you can honestly promise: that is {}.",
            asked_for.day.words(now.today),
            day.words(now.today)
        )),
        (Some(_), None) => Some("Your opening hours do not suffice for it.".to_owned()),
        (Some(_) | None, _) => None,
    };
    HonestDateView {
        due: honest.day.map(Due::on),
        words,
        by_lead: honest.by_lead,
        by_hours: honest.by_hours,
        why: honest.why,
        too_early,
    }
}

/// A warning if the week of a day is over-promised with so much work more.
pub(super) fn week_warning(day: Day, needed: i64, shop: &Shop, now: &Now) -> Option<String> {
    let from = first_day(day, shop.settings.it.week_starts);
    let queue = queue(shop, now);
    let load = load_of_week(queue.iter().map(|(standing, _)| standing), from, shop, now);
    let load = Workload { needed: load.needed.saturating_add(needed), ..load };
    load.is_over().then(|| {
        format!(
            "The week of {} is over-promised: with this it has {} of work for {} that are left.",
            from.words(now.today),
            duration(load.needed - load.set_aside),
            duration(load.free)
        )
    })
}
