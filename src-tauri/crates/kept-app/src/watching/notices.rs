//! Notices: what the desktop is asked to show, and when it need not be shown any more. A notice is only a pointer.

use super::Alerts;
use super::buttons::Button;
use super::caring::caring_of;
use crate::rows::{queue, to_u32};
use crate::shop::Shop;
use crate::{Kept, Notice, Shown};
use kept_core::alert::{
    About, AlertId, AlertKind, Announcement, Cause, Digest, Half, Heard, Plan, Rung, Status, Subject, Told,
    Win, coming, digest_words, heading, listed, one, private, several, title,
};
use kept_core::day::Now;
use kept_core::id::CommitmentId;

/// The id of a notice that speaks for several promises.
const SEVERAL: &str = "several";

/// Asks the desktop to show a notice, only to see whether it does.
pub(crate) async fn test_notice(kept: &Kept) -> Heard {
    let notice = Notice {
        id: "test".to_owned(),
        title: "Kept can reach you".to_owned(),
        body: "This is how you are told when a promise needs you.".to_owned(),
        promise: None,
        subject: "test".to_owned(),
        buttons: vec![Button::Open],
        sound: false,
        raises: false,
    };
    ask(kept, notice).await
}

/// Asks the desktop to show a notice.
pub(super) async fn ask(kept: &Kept, notice: Notice) -> Heard {
    let asking = kept.clone();
    // The desktop may take its time, and must not take Kept down.
    let shown = tokio::task::spawn_blocking(move || (asking.0.host.notify)(notice)).await;
    let mut state = kept.0.watching.state();
    match shown.unwrap_or(Shown::Unknown) {
        Shown::Shown => {
            state.refused = None;
            Heard::Shown
        }
        Shown::Refused(why) => {
            state.refused = Some(why.clone());
            Heard::Refused { why }
        }
        Shown::Unknown => Heard::Unknown,
    }
}

/// What the desktop is asked to show, in words as things stand now; none if there is nothing to be said.
pub(super) fn notice(shop: &Shop, alerts: &Alerts<'_>, what: &Announcement, now: &Now) -> Option<Notice> {
    let (title, body) = words(shop, alerts, what, now)?;
    let settings = &shop.settings.it.alerts;
    let (title, body) = if settings.private { private(what) } else { (title, body) };
    let sound = what.subjects.iter().any(|subject| settings.rings(subject.id.kind, subject.second_chance));
    let overdue = what.subjects.iter().any(|subject| subject.id.kind == AlertKind::Overdue);
    let raises = settings.raise_window && overdue;
    let one = match what.subjects.as_slice() {
        [subject] => Some(subject),
        _ => None,
    };
    let promise = one.and_then(|subject| subject.id.about.promise());
    let id = one.map_or_else(|| SEVERAL.to_owned(), |subject| subject.id.to_string());
    let subject = one.map_or_else(|| SEVERAL.to_owned(), |subject| subject.id.about.to_string());
    let known = promise.and_then(|promise| shop.open.get(&promise));
    let buttons = known.map_or_else(|| vec![Button::Open], |known| Button::about(&known.it));
    Some(Notice { id, title, body, promise, subject, buttons, sound, raises })
}

/// Whether a notice that is still on the screen has nothing to say any more: what it spoke for was handed over, called
/// off, moved, acknowledged or put off.
pub fn is_over(kept: &Kept, notice: &str) -> bool {
    let alert: Option<AlertId> = notice.parse().ok();
    if alert.is_none() && notice != SEVERAL {
        return false;
    }
    let now = kept.now();
    kept.with_alerts(|shop, alerts| match alert {
        Some(alert) => alerts.plan(alert.about).is_none_or(|plan| !calls(shop, alerts, plan, &now)),
        None => !alerts.plans().any(|plan| calls(shop, alerts, plan, &now)),
    })
}

/// Whether anything about one thing is owed to the owner.
fn calls(shop: &Shop, alerts: &Alerts<'_>, plan: &Plan, now: &Now) -> bool {
    let listed = listed(plan, alerts.ledger, &shop.settings.it.calendar, now.stamp);
    listed.iter().any(|listed| matches!(listed.status, Status::Owed { .. }))
}

/// What an announcement says; nothing of an empty digest.
pub(super) fn words(
    shop: &Shop,
    alerts: &Alerts<'_>,
    what: &Announcement,
    now: &Now,
) -> Option<(String, String)> {
    let name = |about| name_of(shop, what, about, now);
    if let Cause::Digest(half) = what.cause {
        let digest = digest(shop, alerts, half, now);
        return match what.subjects.as_slice() {
            [subject] if digest.is_only(subject) => words_of_one(shop, subject, what.cause, now),
            _ if digest.is_empty(what) => None,
            _ => Some(digest_words(&digest, what, name)),
        };
    }
    match what.subjects.as_slice() {
        [subject] => words_of_one(shop, subject, what.cause, now),
        _ => Some(several(what, now, name)),
    }
}

/// What an alert says: `Overdue: 12 cupcakes for Maria Silva`; none if what it is about is resolved.
pub(crate) fn title_of(shop: &Shop, id: &AlertId, now: &Now) -> Option<String> {
    match id.about {
        About::Promise(promise) => told(shop, promise, now, |told| title(id, told)),
        About::Shop => Some(heading(id.kind).to_owned()),
        About::Feedback(_) | About::Recovery(_) | About::Cause(_) => {
            caring_of(shop, id, now).map(|said| said.title)
        }
    }
}

/// What an alert that is still to come will be about.
pub(crate) fn coming_of(shop: &Shop, id: &AlertId, rung: Rung, now: &Now) -> Option<String> {
    match id.about {
        About::Promise(promise) => told(shop, promise, now, |told| coming(id, rung, told)),
        About::Feedback(_) | About::Recovery(_) | About::Cause(_) | About::Shop => title_of(shop, id, now),
    }
}

/// Says something about an open promise; none if it is not open any more.
pub(crate) fn told<T>(
    shop: &Shop,
    promise: CommitmentId,
    now: &Now,
    words: impl FnOnce(&Told<'_>) -> T,
) -> Option<T> {
    let commitment = &shop.open.get(&promise)?.it;
    let customer = shop.customer_name(commitment.customer);
    let (settings, taken) = (&shop.settings.it, &shop.tallies.taken);
    Some(words(&Told { commitment, customer: &customer, settings, taken, now }))
}

fn words_of_one(shop: &Shop, subject: &Subject, cause: Cause, now: &Now) -> Option<(String, String)> {
    match subject.id.about {
        About::Promise(promise) => told(shop, promise, now, |told| one(subject, cause, told)),
        About::Shop => Some((heading(subject.id.kind).to_owned(), subject.id.kind.explained().to_owned())),
        About::Feedback(_) | About::Recovery(_) | About::Cause(_) => {
            caring_of(shop, &subject.id, now).map(|said| (said.title, said.why))
        }
    }
}

/// What is said of one among several.
fn name_of(shop: &Shop, what: &Announcement, about: About, now: &Now) -> String {
    let name = if let Some(promise) = about.promise() {
        told(shop, promise, now, |told: &Told<'_>| told.name())
    } else {
        let subject = what.subjects.iter().find(|subject| subject.id.about == about);
        subject.and_then(|subject| title_of(shop, &subject.id, now))
    };
    name.unwrap_or_else(|| "something resolved since".to_owned())
}

/// What a digest says now. What was said in the last ten minutes or put off is left out.
fn digest(shop: &Shop, alerts: &Alerts<'_>, half: Half, now: &Now) -> Digest {
    const LATELY_MINUTES: i64 = 10;
    let calendar = &shop.settings.it.calendar;
    let is_known = |promise: CommitmentId| {
        let Some(plan) = alerts.plan(promise) else { return false };
        let listed = listed(plan, alerts.ledger, calendar, now.stamp);
        let entries = plan.alerts.iter().filter_map(|planned| alerts.ledger.get(&planned.id));
        let mut announced = entries.filter_map(|entry| entry.announced.as_ref());
        announced.any(|it| it.at <= now.stamp && now.stamp < it.at.plus_minutes(LATELY_MINUTES))
            || listed.first().is_some_and(|first| matches!(first.status, Status::Snoozed { .. }))
    };
    let queue = queue(shop, now);
    let queue = queue.iter().map(|(standing, known)| (standing, &known.it));
    Digest::of(half, queue, is_known, win(shop, now), &shop.settings.it, now)
}

/// What went right on the last working day, or since: what was written down, else how many promises were kept.
fn win(shop: &Shop, now: &Now) -> Option<Win> {
    let calendar = &shop.settings.it.calendar;
    let since = calendar.zone.midnight(calendar.working_day(now.today, -1));
    let written = shop.few.care.wins.values().map(|known| &known.it);
    let written = written.filter(|it| !it.made_up && since <= it.at && it.at <= now.stamp);
    if let Some(newest) = written.max_by_key(|it| it.at) {
        return Some(Win::Written(newest.what.clone()));
    }
    let today = calendar.zone.midnight(now.today);
    let worked = shop.tallies.worked_lately().filter(|it| since <= it.at && it.at < today);
    let kept = worked.filter(|it| it.due.is_some_and(|due| it.at <= calendar.deadline(&due))).count();
    (kept > 0).then(|| Win::Kept(to_u32(kept)))
}
