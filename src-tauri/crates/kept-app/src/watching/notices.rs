//! Notices: what the desktop is asked to show, and when it need not be shown any more. A notice is only a pointer.

use super::Alerts;
use super::buttons::Button;
use crate::shop::Shop;
use crate::{Kept, Notice, Shown};
use kept_core::alert::{
    AlertId, AlertKind, Announcement, Heard, PRIVATE_BODY, PromisePlan, Status, Told, listed, one,
    private_title, several,
};
use kept_core::day::Now;
use kept_core::id::CommitmentId;

/// The id of a notice that speaks for several promises.
const SEVERAL: &str = "several";

/// Whether a notice that is still on the screen has nothing to say any more: what it spoke for was handed over, called
/// off, moved, acknowledged or put off.
pub fn is_over(kept: &Kept, notice: &str) -> bool {
    let about: Option<AlertId> = notice.parse().ok();
    if about.is_none() && notice != SEVERAL {
        return false;
    }
    let now = kept.now();
    kept.with_alerts(|shop, alerts| match about {
        Some(about) => alerts.plan(about.promise).is_none_or(|plan| !calls(shop, alerts, plan, &now)),
        None => !alerts.plans().any(|plan| calls(shop, alerts, plan, &now)),
    })
}

/// Whether anything about a promise is owed to the owner.
fn calls(shop: &Shop, alerts: &Alerts<'_>, plan: &PromisePlan, now: &Now) -> bool {
    let listed = listed(plan, alerts.ledger, &shop.settings.it.calendar, now.stamp);
    listed.iter().any(|listed| matches!(listed.status, Status::Owed { .. }))
}

/// Asks the desktop to show what is announced, in words as things stand now.
pub(super) async fn show(kept: &Kept, what: &Announcement, now: &Now) -> Heard {
    match notice(kept, what, now) {
        Some(notice) => ask(kept, notice).await,
        // Resolved within these milliseconds.
        None => Heard::Unknown,
    }
}

/// Asks the desktop to show a notice, only to see whether it does.
pub(crate) async fn test_notice(kept: &Kept) -> Heard {
    let notice = Notice {
        id: "test".to_owned(),
        title: "Kept can reach you".to_owned(),
        body: "This is how you are told when a promise needs you.".to_owned(),
        promise: None,
        subject: "test".to_owned(),
        buttons: Vec::new(),
        sound: false,
    };
    ask(kept, notice).await
}

async fn ask(kept: &Kept, notice: Notice) -> Heard {
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

fn notice(kept: &Kept, what: &Announcement, now: &Now) -> Option<Notice> {
    let shop = kept.shop();
    let settings = &shop.settings.it;
    let told = |promise: CommitmentId, words: &dyn Fn(&Told<'_>) -> (String, String)| {
        let commitment = &shop.open.get(&promise)?.it;
        let customer = shop.customer_name(commitment.customer);
        let taken = &shop.tallies.taken;
        Some(words(&Told { commitment, customer: &customer, settings, taken, now }))
    };
    let sound = what.subjects.iter().any(|subject| subject.kind == AlertKind::Overdue);
    if let [subject] = what.subjects.as_slice() {
        let (title, body) = told(subject.promise, &|told| {
            if settings.private_notices {
                (private_title(subject.kind).to_owned(), PRIVATE_BODY.to_owned())
            } else {
                one(subject, what.cause, told)
            }
        })?;
        return Some(Notice {
            id: subject.calls.first()?.0.to_string(),
            title,
            body,
            promise: Some(subject.promise),
            subject: subject.promise.to_string(),
            buttons: Button::about(&shop.open.get(&subject.promise)?.it),
            sound,
        });
    }
    let name = |promise| {
        let named = told(promise, &|told| (told.name(), String::new()));
        named.map_or_else(|| "something resolved since".to_owned(), |(name, _)| name)
    };
    let (title, body) = several(what, now, name);
    let body = if settings.private_notices { PRIVATE_BODY.to_owned() } else { body };
    let (id, subject) = (SEVERAL.to_owned(), SEVERAL.to_owned());
    Some(Notice { id, title, body, promise: None, subject, buttons: vec![Button::Open], sound })
}
