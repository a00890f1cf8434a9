//! Small promises for the tests of this crate, in a shop that is open from nine to six in Paris.

use crate::block::TimeBlock;
use crate::calendar::{Span, WorkingCalendar};
use crate::commitment::{Commitment, Handover, Party, Reschedule};
use crate::day::{Due, Now, Stamp, Zone};
use crate::draft::{PartDraft, PromiseDraft};
use crate::id::{BlockId, CommitmentId, CustomerId, DeliverableId};
use uuid::Uuid;

pub(crate) fn zone() -> Zone {
    "Europe/Paris".parse().unwrap()
}

pub(crate) fn calendar() -> WorkingCalendar {
    WorkingCalendar::nine_to_six(zone())
}

/// `2026-11-20 15:00` on the clocks of the shop.
pub(crate) fn stamp(text: &str) -> Stamp {
    let (day, time) = text.split_once(' ').unwrap();
    zone().instant(day.parse().unwrap(), time.parse().unwrap())
}

pub(crate) fn now(text: &str) -> Now {
    Now::at(stamp(text), zone())
}

pub(crate) fn due(day: &str, time: &str) -> Due {
    Due::at(day.parse().unwrap(), time.parse().unwrap())
}

/// `12 cupcakes`: a promise of one part, placed on the first of November.
pub(crate) fn commitment(what: &str, due: Due) -> Commitment {
    let (quantity, what) = what.split_once(' ').unwrap();
    let part = PartDraft {
        id: None,
        what: what.to_owned(),
        quantity: quantity.parse().unwrap(),
        effort_left: Some(120),
        offer: None,
    };
    PromiseDraft { parts: vec![part], due: Some(due), ..PromiseDraft::default() }.into_commitment(
        CommitmentId::new(Uuid::from_u128(1)),
        CustomerId::new(Uuid::from_u128(2)),
        &now("2026-11-01 10:00"),
        || DeliverableId::new(Uuid::from_u128(3)),
    )
}

pub(crate) fn handed(mut commitment: Commitment, quantity: u32, at: &str) -> Commitment {
    let deliverable = commitment.deliverables[0].id;
    commitment.handovers.push(Handover::new(deliverable, quantity, stamp(at)));
    commitment
}

pub(crate) fn moved(mut commitment: Commitment, to: Due, by: Party) -> Commitment {
    let from = commitment.current_due();
    let said_at = stamp("2026-11-10 10:00");
    commitment.reschedules.push(Reschedule::new(from, to, by, said_at));
    commitment
}

pub(crate) fn block(number: u128, day: &str, from: &str, to: &str) -> TimeBlock {
    let span = Span { from: from.parse().unwrap(), to: to.parse().unwrap() };
    TimeBlock { id: BlockId::new(Uuid::from_u128(number)), part: None, day: day.parse().unwrap(), span }
}
