//! The buttons on notices: which a notice has, and what each of them does.

use crate::failure::{Code, Failure};
use crate::takes::{HandOver, OnPromise, SnoozePromise};
use crate::{Kept, alerts, work};
use kept_core::alert::AlertId;
use kept_core::commitment::Commitment;
use kept_core::id::CommitmentId;
use kept_core::views::{Done, SnoozeFor};

/// A button on a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// The notice itself, or “Open”.
    Open,
    /// “Handed over”: all that is left of the promise.
    HandedOver,
    /// “Snooze 1 h”: what the notice spoke for.
    Snooze,
    /// “Told the customer”: of the last move of the date, or that the date that stands may not hold.
    Told,
}

impl Button {
    /// All buttons, in the order in which they stand on a notice. Where only the first few have room, the others are
    /// reached by the first.
    pub const ALL: [Self; 4] = [Self::Open, Self::HandedOver, Self::Snooze, Self::Told];

    /// By which the desktop gives it back when it is pressed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HandedOver => "handed_over",
            Self::Snooze => "snooze",
            Self::Told => "told",
        }
    }

    /// What stands on it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::HandedOver => "Handed over",
            Self::Snooze => "Snooze 1 h",
            Self::Told => "Told the customer",
        }
    }

    /// The button that was pressed; a click on the notice itself has a name that belongs to none, and opens.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|button| button.name() == name).unwrap_or(Self::Open)
    }

    /// What can be done about a promise right on its notice.
    pub(super) fn about(it: &Commitment) -> Vec<Self> {
        let untold = it.reschedules.last().is_some_and(|moved| moved.told_at.is_none()) || !it.is_warned();
        Self::ALL.into_iter().filter(|button| *button != Self::Told || untold).collect()
    }
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
        let promise = alert.and_then(|alert| alert.about.promise());
        promise.ok_or_else(|| {
            Failure::new(Code::NotFound, "This notice is about several promises. Open Kept to see them.")
        })
    };
    match button {
        Button::Open => Ok(Pressed::Open(alert.and_then(|alert| alert.about.promise()))),
        Button::HandedOver => {
            let promise = about()?;
            match work::hand_over(kept, HandOver::of_all(promise)).await {
                // What asks first is answered in the window.
                Err(failure) if failure.is_question() => Ok(Pressed::Open(Some(promise))),
                done => done.map(Pressed::Done),
            }
        }
        Button::Snooze => {
            let promise = about()?;
            let takes = SnoozePromise { promise, until: SnoozeFor::OneHour, again_is_meant: false };
            match alerts::snooze_promise(kept, takes).await {
                // The third time asks for something better, in the window.
                Err(failure) if failure.is_question() => Ok(Pressed::Open(Some(promise))),
                done => done.map(Pressed::Done),
            }
        }
        Button::Told => {
            let takes = OnPromise { promise: about()?, version: None };
            work::customer_told(kept, takes).await.map(Pressed::Done)
        }
    }
}
