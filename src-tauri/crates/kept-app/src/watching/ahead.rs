//! What the next working day will bring, as things stand now: the watch is run ahead on a copy of what it knows.

use super::Alerts;
use super::notices::{coming_of, words};
use crate::Kept;
use crate::failure::Failure;
use crate::shop::Shop;
use crate::takes::Nothing;
use kept_core::alert::{About, Announcement, Look, Plan, decide};
use kept_core::day::{Now, Stamp};
use kept_core::views::alerts::{AheadLine, AlertsAhead};
use std::collections::HashMap;

/// The watch is not run further ahead than so many notices, and so many are told.
const STEPS_MOST: usize = 400;
const TOLD_MOST: usize = 30;

/// The notices of the next working day, if nothing is done before.
pub(crate) async fn alerts_ahead(kept: &Kept, _: Nothing) -> Result<AlertsAhead, Failure> {
    let now = kept.now();
    Ok(kept.with_alerts(|shop, alerts| {
        let calendar = &shop.settings.it.calendar;
        let day = calendar.working_day(now.today, 1);
        let (from, to) = (calendar.zone.midnight(day), calendar.zone.midnight(day.plus(1)));
        let mut lines = Vec::new();
        run(shop, alerts, &now, to, |ahead, what, at| {
            if from <= at.stamp
                && let Some(what) = line(shop, ahead, what, at)
            {
                lines.push(AheadLine { at: at.stamp, at_words: at.time.to_string(), what });
            }
        });
        let more = lines.len().saturating_sub(TOLD_MOST);
        lines.truncate(TOLD_MOST);
        AlertsAhead { day_words: day.words(now.today), lines, more: crate::rows::to_u32(more) }
    }))
}

/// Runs ahead from now to an instant and hands on what is announced, with the ledger as it will be then.
fn run(
    shop: &Shop,
    alerts: &Alerts<'_>,
    now: &Now,
    to: Stamp,
    mut announced: impl FnMut(&Alerts<'_>, &Announcement, &Now),
) {
    let settings = &shop.settings.it;
    let mut looks: HashMap<About, Option<Stamp>> =
        alerts.plans().map(|plan| (plan.about, Some(now.stamp))).collect();
    let mut ledger = alerts.ledger.clone();
    let mut shown = alerts.notices.to_vec();
    let mut at = *now;
    for _ in 0..STEPS_MOST {
        let look = Look { now: &at, settings, away: None, notices: &shown, pause: alerts.pause };
        let is_due =
            |plan: &&Plan| looks.get(&plan.about).copied().flatten().is_some_and(|look| look <= at.stamp);
        let decision = decide(&alerts.plans().filter(is_due).collect::<Vec<_>>(), &ledger, &look);
        looks.extend(decision.again);
        if let Some(what) = decision.announce {
            announced(&Alerts { ledger: &ledger, ..*alerts }, &what, &at);
            looks.extend(what.subjects.iter().map(|subject| (subject.id.about, Some(at.stamp))));
            ledger.put(ledger.announced(&what, &settings.calendar, &at));
            if let Some(digests) = ledger.digests(&what, &at) {
                ledger.put_digests(digests);
            }
            if !what.subjects.is_empty() {
                shown.push(at.stamp);
            }
            continue;
        }
        let later = looks.values().flatten().copied().filter(|look| *look > at.stamp);
        match later.chain(decision.next).min() {
            Some(next) if next < to => at = Now::at(next, settings.calendar.zone),
            _ => return,
        }
    }
}

/// What a notice will say, in one line.
fn line(shop: &Shop, alerts: &Alerts<'_>, what: &Announcement, at: &Now) -> Option<String> {
    match what.subjects.as_slice() {
        [subject] => {
            let (id, rung) = subject.calls.first()?;
            coming_of(shop, id, *rung, at)
        }
        _ => words(shop, alerts, what, at).map(|(title, _)| title),
    }
}
