//! What is done with a promise: begun, handed over, moved, called off. Each deed changes the commitment or says what
//! is wrong with it, and changes nothing then.

use crate::calendar::WorkingCalendar;
use crate::commitment::{
    Cancelled, Commitment, Deliverable, Handover, Party, Reschedule, Stage, Waiting, WaitingOn,
};
use crate::day::{Day, Due, Now, Stamp};
use crate::draft::{NOTE_MOST, PartDraft, QUANTITY_MOST, part_problems};
use crate::id::DeliverableId;
use crate::problem::Problem;

/// The result of a deed: done, or everything that is wrong with it.
pub type Deed = Result<(), Vec<Problem>>;

/// Within this many days a second handover of a part that was handed over in full asks first.
pub const REPLACEMENT_DAYS: i64 = 3;

fn refuse(field: &str, is: impl Into<String>) -> Deed {
    Err(vec![Problem::new(field, is)])
}

fn must_be_open(it: &Commitment) -> Deed {
    if it.cancelled.is_some() {
        return refuse("promise", "This promise was called off.");
    }
    if it.is_full() {
        return refuse("promise", "All of this was handed over already.");
    }
    Ok(())
}

/// Work has begun: every open part is in progress.
pub fn start_work(it: &mut Commitment, now: &Now) -> Deed {
    must_be_open(it)?;
    if it.started_at.is_some() {
        return refuse("promise", "Work on this has begun already.");
    }
    set_stage(it, None, Stage::InProgress, now)
}

/// Sets how far the work on one part, or on all that are still owed, has come.
pub fn set_stage(it: &mut Commitment, part: Option<DeliverableId>, stage: Stage, now: &Now) -> Deed {
    must_be_open(it)?;
    if part.is_some_and(|part| it.deliverables.iter().all(|other| other.id != part)) {
        return refuse("part", "This part is not there any more.");
    }
    let owed: Vec<DeliverableId> =
        it.deliverables.iter().filter(|part| it.left_of(part) > 0).map(|part| part.id).collect();
    for other in
        it.deliverables.iter_mut().filter(|other| part.map_or(owed.contains(&other.id), |id| id == other.id))
    {
        other.stage = stage;
    }
    if stage == Stage::Open {
        if it.deliverables.iter().all(|part| part.stage == Stage::Open) {
            it.started_at = None;
        }
    } else {
        it.started_at = it.started_at.or(Some(now.stamp));
        it.worked_at = Some(now.stamp);
        it.waiting = None;
    }
    Ok(())
}

/// What is handed over, of which parts, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandedOver {
    /// Quantities by part; all that is left if nothing is named.
    pub parts: Vec<(DeliverableId, u32)>,
    /// How: picked up, posted, by link.
    pub channel: Option<String>,
    /// A link, a tracking number, a note.
    pub evidence: Option<String>,
    /// The owner has seen that it is more than was promised and means it.
    pub more_is_meant: bool,
}

/// Hands over some or all of a promise.
///
/// More than is open, or more of what was handed over in full within the last three days, asks first: a duplicate costs
/// as much as a miss.
pub fn hand_over(it: &mut Commitment, what: &HandedOver, now: &Now) -> Deed {
    if it.cancelled.is_some() {
        return refuse("promise", "This promise was called off.");
    }
    let parts: Vec<(DeliverableId, u32)> = if what.parts.is_empty() {
        must_be_open(it)?;
        it.deliverables.iter().map(|part| (part.id, it.left_of(part))).filter(|(_, left)| *left > 0).collect()
    } else {
        what.parts.iter().copied().filter(|(_, quantity)| *quantity > 0).collect()
    };
    if parts.is_empty() {
        return refuse("parts", "Say how many are handed over.");
    }
    for (index, (id, quantity)) in parts.iter().enumerate() {
        let Some(part) = it.deliverables.iter().find(|part| part.id == *id) else {
            return refuse(&format!("parts.{index}"), "This part is not there any more.");
        };
        if *quantity > QUANTITY_MOST {
            return refuse(&format!("parts.{index}"), "A quantity is at most 1,000,000.");
        }
        if *quantity > it.left_of(part) && !what.more_is_meant {
            return refuse("more_is_meant", too_many(it, part, *quantity, now));
        }
    }
    for (deliverable, quantity) in parts {
        it.handovers.push(Handover {
            deliverable,
            quantity,
            at: now.stamp,
            channel: what.channel.clone(),
            evidence: what.evidence.clone(),
        });
    }
    it.started_at = it.started_at.or(Some(now.stamp));
    it.worked_at = Some(now.stamp);
    it.waiting = None;
    Ok(())
}

fn too_many(it: &Commitment, part: &Deliverable, quantity: u32, now: &Now) -> String {
    let left = it.left_of(part);
    let recent = it.handovers.iter().rev().find(|handover| {
        handover.deliverable == part.id && now.stamp.minutes_since(handover.at) < REPLACEMENT_DAYS * 24 * 60
    });
    match (left, recent) {
        (0, Some(_)) => {
            format!("{} was handed over within the last three days. Hand over {quantity} more?", part.what)
        }
        (0, None) => format!("All of {} was handed over already. Hand over {quantity} more?", part.what),
        (left, _) => {
            format!("Only {left} of {} are still owed. Hand over {quantity} all the same?", part.what)
        }
    }
}

/// Moves the date. The first promised date stays what it was.
pub fn move_date(
    it: &mut Commitment,
    moved: Reschedule,
    past_is_meant: bool,
    calendar: &WorkingCalendar,
    now: &Now,
) -> Deed {
    must_be_open(it)?;
    if Some(moved.to) == it.current_due() {
        return refuse("to", "This is the date that stands already.");
    }
    if calendar.deadline(&moved.to) <= now.stamp && !past_is_meant {
        return refuse("to", "This date has already passed. Choose another, or confirm it.");
    }
    if moved.why.as_ref().is_some_and(|why| why.chars().count() > NOTE_MOST) {
        return refuse("why", "This is too long.");
    }
    it.awaits = None;
    it.date_derived = false;
    it.reschedules.push(moved);
    Ok(())
}

/// The customer was told of the last move of ours.
pub fn customer_told(it: &mut Commitment, now: &Now) -> Deed {
    match it.reschedules.last_mut() {
        Some(moved) if moved.told_at.is_none() => {
            moved.told_at = Some(now.stamp);
            Ok(())
        }
        _ => refuse("promise", "There is no move that the customer does not know of."),
    }
}

/// A date that was derived from a lead time is the one that was promised.
pub fn confirm_date(it: &mut Commitment) -> Deed {
    if !it.date_derived {
        return refuse("promise", "This date is confirmed already.");
    }
    it.date_derived = false;
    Ok(())
}

/// Calls a promise off.
pub fn cancel(it: &mut Commitment, by: Party, why: Option<String>, at: Stamp) -> Deed {
    must_be_open(it)?;
    it.cancelled = Some(Cancelled { by, at, why });
    Ok(())
}

/// It waits for somebody else until they are chased, or no longer.
pub fn wait_for(it: &mut Commitment, on: Option<WaitingOn>, chase: Day, now: &Now) -> Deed {
    must_be_open(it)?;
    if on.is_some() && chase < now.today {
        return refuse("chase", "This day has already passed.");
    }
    it.waiting = on.map(|on| Waiting { on, since: now.stamp, chase });
    Ok(())
}

/// Corrects the parts. What was handed over of a part cannot be corrected away.
pub fn correct_parts(
    it: &mut Commitment,
    parts: Vec<PartDraft>,
    mut make: impl FnMut() -> DeliverableId,
) -> Deed {
    let mut problems = part_problems(&parts);
    for part in it.deliverables.iter().filter(|part| it.handed_over(part.id) > 0) {
        let named = parts.iter().position(|draft| draft.id == Some(part.id));
        match named {
            None => problems
                .push(Problem::new("parts", format!("{} was handed over and has to stay.", part.what))),
            Some(index) if parts[index].quantity < it.handed_over(part.id) => problems.push(Problem::new(
                format!("parts.{index}.quantity"),
                format!("{} of it were handed over already.", it.handed_over(part.id)),
            )),
            Some(_) => {}
        }
    }
    if parts.iter().any(|draft| draft.id.is_some_and(|id| it.deliverables.iter().all(|part| part.id != id))) {
        problems.push(Problem::new("parts", "One of these parts is not there any more."));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    it.deliverables = parts
        .into_iter()
        .map(|draft| {
            let old = it.deliverables.iter().find(|part| draft.id == Some(part.id));
            Deliverable {
                id: old.map_or_else(&mut make, |part| part.id),
                what: draft.what.trim().to_owned(),
                quantity: draft.quantity,
                effort_left: draft.effort_left,
                stage: old.map_or(Stage::Open, |part| part.stage),
                due: old.and_then(|part| part.due),
                line: old.and_then(|part| part.line.clone()),
            }
        })
        .collect();
    Ok(())
}

/// A move of the date as the owner gave it.
pub fn reschedule(it: &Commitment, to: Due, by: Party, now: &Now) -> Reschedule {
    // Of a move that the customer asked for they know.
    let told_at = (by == Party::Customer).then_some(now.stamp);
    Reschedule { from: it.current_due(), to, by, said_at: now.stamp, told_at, agreed: None, why: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::FulfilmentStatus;
    use crate::samples::{calendar, commitment, due, now};

    fn cupcakes() -> Commitment {
        commitment("12 cupcakes", due("2026-11-20", "15:00"))
    }

    fn some(it: &Commitment, quantity: u32, more_is_meant: bool) -> HandedOver {
        HandedOver { parts: vec![(it.deliverables[0].id, quantity)], more_is_meant, ..HandedOver::default() }
    }

    #[test]
    fn some_is_handed_over_and_the_rest_stays_owed() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        let four = some(&it, 4, false);
        hand_over(&mut it, &four, &now).unwrap();
        assert_eq!(it.status(), FulfilmentStatus::PartlyDelivered);
        assert_eq!(it.left_of(&it.deliverables[0]), 8);
        hand_over(&mut it, &HandedOver::default(), &now).unwrap();
        assert_eq!(it.status(), FulfilmentStatus::Delivered);
    }

    #[test]
    fn more_than_is_owed_asks_first() {
        let mut it = cupcakes();
        let before = it.clone();
        let now = now("2026-11-19 10:00");
        let asked = hand_over(&mut it, &some(&before, 13, false), &now).unwrap_err();
        assert_eq!(asked[0].field, "more_is_meant");
        assert_eq!(it, before, "nothing was changed");
        hand_over(&mut it, &some(&before, 13, true), &now).unwrap();
        assert!(it.is_full());
        let again = hand_over(&mut it, &some(&before, 1, false), &now).unwrap_err();
        assert!(again[0].is.contains("within the last three days"), "{}", again[0].is);
        assert!(hand_over(&mut it, &HandedOver::default(), &now).is_err(), "nothing is left");
    }

    #[test]
    fn the_first_promised_date_is_never_altered() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        let to = reschedule(&it, due("2026-11-25", "15:00"), Party::Us, &now);
        move_date(&mut it, to, false, &calendar(), &now).unwrap();
        assert_eq!(it.first_due, Some(due("2026-11-20", "15:00")));
        assert_eq!(it.current_due(), Some(due("2026-11-25", "15:00")));
        assert_eq!(it.reschedules[0].told_at, None, "a move of ours is not told yet");
        customer_told(&mut it, &now).unwrap();
        assert!(customer_told(&mut it, &now).is_err());
        let past = reschedule(&it, due("2026-11-10", "15:00"), Party::Customer, &now);
        assert_eq!(move_date(&mut it, past.clone(), false, &calendar(), &now).unwrap_err()[0].field, "to");
        move_date(&mut it, past, true, &calendar(), &now).unwrap();
    }

    #[test]
    fn what_was_handed_over_cannot_be_corrected_away() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        let four = some(&it, 4, false);
        hand_over(&mut it, &four, &now).unwrap();
        let draft = |id, quantity| PartDraft { id, what: "muffins".to_owned(), quantity, effort_left: None };
        let id = Some(it.deliverables[0].id);
        let fresh = || DeliverableId::new(uuid::Uuid::from_u128(99));
        assert!(correct_parts(&mut it, vec![draft(None, 12)], fresh).is_err());
        assert!(correct_parts(&mut it, vec![draft(id, 3)], fresh).is_err());
        assert!(correct_parts(&mut it, vec![], fresh).is_err());
        correct_parts(&mut it, vec![draft(id, 6), draft(None, 2)], fresh).unwrap();
        assert_eq!(it.title(), "6 muffins and 1 more");
        assert_eq!(it.handed_over(it.deliverables[0].id), 4);
    }

    #[test]
    fn what_was_called_off_stays_as_it_is() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        cancel(&mut it, Party::Customer, None, now.stamp).unwrap();
        assert!(start_work(&mut it, &now).is_err());
        assert!(hand_over(&mut it, &HandedOver::default(), &now).is_err());
        assert!(cancel(&mut it, Party::Us, None, now.stamp).is_err());
    }

    #[test]
    fn work_begins_once_and_can_be_taken_back() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        start_work(&mut it, &now).unwrap();
        assert_eq!((it.status(), it.started_at), (FulfilmentStatus::InProgress, Some(now.stamp)));
        assert!(start_work(&mut it, &now).is_err());
        set_stage(&mut it, None, Stage::Ready, &now).unwrap();
        assert_eq!(it.status(), FulfilmentStatus::Ready);
        set_stage(&mut it, None, Stage::Open, &now).unwrap();
        assert_eq!((it.status(), it.started_at), (FulfilmentStatus::Open, None));
    }
}
