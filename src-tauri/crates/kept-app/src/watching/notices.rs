//! Notices: what the desktop is asked to show, and what a button on it does. A notice is only a pointer.

use crate::failure::{Code, Failure};
use crate::takes::{HandOver, SnoozePromise};
use crate::{Kept, Notice, Shown, alerts, work};
use kept_core::alert::{AlertId, AlertKind, Announcement, Heard, Told, one, several};
use kept_core::day::Now;
use kept_core::id::CommitmentId;
use kept_core::views::{Done, SnoozeFor};

/// The id of a notice that speaks for several promises.
const SEVERAL: &str = "several";

/// A button on a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// The notice itself, or “Open”.
    Open,
    /// “Handed over”: all that is left of the promise.
    HandedOver,
    /// “Snooze 1 h”: what the notice spoke for.
    Snooze,
}

/// What a pressed button comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// The window is to show this promise; the alert centre if none is named.
    Open(Option<CommitmentId>),
    /// It was done.
    Done(Done),
}

/// Does what a button of a notice says. The notice may be older than this run of Kept.
pub async fn pressed(kept: &Kept, notice: &str, button: Button) -> Result<Pressed, Failure> {
    let alert: Option<AlertId> = notice.parse().ok();
    let about = || {
        let promise = alert.map(|alert| alert.promise);
        promise.ok_or_else(|| {
            Failure::new(Code::NotFound, "This notice is about several promises. Open Kept to see them.")
        })
    };
    match button {
        Button::Open => Ok(Pressed::Open(alert.map(|alert| alert.promise))),
        Button::HandedOver => {
            let promise = about()?;
            match work::hand_over(kept, HandOver::of_all(promise)).await {
                // What asks first is answered in the window.
                Err(failure) if failure.is_question() => Ok(Pressed::Open(Some(promise))),
                done => done.map(Pressed::Done),
            }
        }
        Button::Snooze => {
            let takes = SnoozePromise { promise: about()?, until: SnoozeFor::OneHour };
            alerts::snooze_promise(kept, takes).await.map(Pressed::Done)
        }
    }
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
        buttons: false,
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
        let (title, body) = told(subject.promise, &|told| one(subject, what.cause, told))?;
        let id = subject.calls.first()?.0.to_string();
        return Some(Notice { id, title, body, promise: Some(subject.promise), buttons: true, sound });
    }
    let name = |promise| {
        let named = told(promise, &|told| (told.name(), String::new()));
        named.map_or_else(|| "something resolved since".to_owned(), |(name, _)| name)
    };
    let (title, body) = several(what, now, name);
    Some(Notice { id: SEVERAL.to_owned(), title, body, promise: None, buttons: false, sound })
}
