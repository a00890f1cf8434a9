//! What is done with a promise: begun, handed over, called off. Each deed changes the commitment or says what is wrong
//! with it, and changes nothing then. Moves of the date are in `moving`, what asks before a handover in `guards`.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Cancelled, Commitment, Deliverable, Handover, Party, Stage, Waiting, WaitingOn};
use crate::day::{Day, Due, Now, Stamp};
use crate::draft::{PartDraft, QUANTITY_MOST, part_problems};
use crate::evidence::Evidence;
use crate::guards::{Meant, questions};
use crate::id::DeliverableId;
use crate::problem::Problem;

pub use crate::moving::{customer_told, move_date, reschedule};

/// The result of a deed: done, or everything that is wrong with it.
pub type Deed = Result<(), Vec<Problem>>;

pub(crate) fn refuse(field: &str, is: impl Into<String>) -> Deed {
    Err(vec![Problem::new(field, is)])
}

pub(crate) fn must_be_open(it: &Commitment) -> Deed {
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
        // Whoever says of all of it that it is not begun says that nobody is waited for.
        if part.is_none() {
            it.waiting = None;
        }
    } else {
        it.worked_on(now);
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
    /// What shows it.
    pub evidence: Evidence,
    /// What the owner was asked and means all the same.
    pub meant: Meant,
}

/// Hands over some or all of a promise, unless it asks first.
pub fn hand_over(it: &mut Commitment, what: &HandedOver, calendar: &WorkingCalendar, now: &Now) -> Deed {
    let parts = quantities(it, what)?;
    let mut problems = what.evidence.problems();
    problems.extend(questions(it, &parts, what.meant, calendar, now));
    if !problems.is_empty() {
        return Err(problems);
    }
    for (deliverable, quantity) in parts {
        let Evidence { tracking, links, note, files } = what.evidence.clone();
        let channel = what.channel.clone();
        let plain = Handover::new(deliverable, quantity, now.stamp);
        it.handovers.push(Handover { channel, tracking, links, note, files, ..plain });
    }
    it.worked_on(now);
    Ok(())
}

/// What is handed over of each part, if that can be.
fn quantities(it: &Commitment, what: &HandedOver) -> Result<Vec<(DeliverableId, u32)>, Vec<Problem>> {
    if it.cancelled.is_some() {
        must_be_open(it)?;
    }
    let parts: Vec<(DeliverableId, u32)> = if what.parts.is_empty() {
        must_be_open(it)?;
        it.deliverables.iter().map(|part| (part.id, it.left_of(part))).filter(|(_, left)| *left > 0).collect()
    } else {
        what.parts.iter().copied().filter(|(_, quantity)| *quantity > 0).collect()
    };
    let mut problems = Vec::new();
    if parts.is_empty() {
        problems.push(Problem::new("parts", "Say how many are handed over."));
    }
    for (index, (id, quantity)) in parts.iter().enumerate() {
        if it.deliverables.iter().all(|part| part.id != *id) {
            problems.push(Problem::new(format!("parts.{index}"), "This part is not there any more."));
        } else if *quantity > QUANTITY_MOST {
            problems.push(Problem::new(format!("parts.{index}"), "A quantity is at most 1,000,000."));
        }
    }
    if problems.is_empty() { Ok(parts) } else { Err(problems) }
}

/// After this it helps nobody any more; none if it always does.
pub fn set_worthless_after(it: &mut Commitment, after: Option<Due>) -> Deed {
    must_be_open(it)?;
    it.worthless_after = after;
    Ok(())
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
                offer: draft.offer.or_else(|| old.and_then(|part| part.offer)),
            }
        })
        .collect();
    forget_parts(it);
    Ok(())
}

/// What was planned for parts that are gone is planned for the whole.
fn forget_parts(it: &mut Commitment) {
    let there: Vec<DeliverableId> = it.deliverables.iter().map(|part| part.id).collect();
    let steps = it.steps.iter_mut().map(|step| &mut step.part);
    let blocks = it.blocks.iter_mut().map(|block| &mut block.part);
    for part in steps.chain(blocks) {
        *part = part.filter(|part| there.contains(part));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::FulfilmentStatus;
    use crate::samples::{calendar, commitment, due, now};

    fn cupcakes() -> Commitment {
        commitment("12 cupcakes", due("2026-11-20", "15:00"))
    }

    fn some(it: &Commitment, quantity: u32, more: bool) -> HandedOver {
        let meant = Meant { more, duplicate: more, ..Meant::default() };
        HandedOver { parts: vec![(it.deliverables[0].id, quantity)], meant, ..HandedOver::default() }
    }

    #[test]
    fn some_is_handed_over_and_the_rest_stays_owed() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        let four = some(&it, 4, false);
        hand_over(&mut it, &four, &calendar(), &now).unwrap();
        assert_eq!(it.status(), FulfilmentStatus::PartlyDelivered);
        assert_eq!(it.left_of(&it.deliverables[0]), 8);
        hand_over(&mut it, &HandedOver::default(), &calendar(), &now).unwrap();
        assert_eq!(it.status(), FulfilmentStatus::Delivered);
    }

    #[test]
    fn whoever_says_how_far_all_of_it_has_come_waits_for_nobody() {
        let now = now("2026-11-19 10:00");
        let monday = "2026-11-23".parse().unwrap();
        for (stage, status) in [
            (Stage::Open, FulfilmentStatus::Open),
            (Stage::InProgress, FulfilmentStatus::InProgress),
            (Stage::Ready, FulfilmentStatus::Ready),
        ] {
            let mut it = cupcakes();
            start_work(&mut it, &now).unwrap();
            wait_for(&mut it, Some(WaitingOn::Customer), monday, &now).unwrap();
            assert_eq!(it.status(), FulfilmentStatus::Waiting);
            set_stage(&mut it, None, stage, &now).unwrap();
            assert_eq!(it.status(), status, "{stage:?}");
        }
    }

    #[test]
    fn more_than_is_owed_asks_first() {
        let mut it = cupcakes();
        let before = it.clone();
        let now = now("2026-11-19 10:00");
        let asked = hand_over(&mut it, &some(&before, 13, false), &calendar(), &now).unwrap_err();
        assert_eq!(asked[0].field, "more_is_meant");
        assert_eq!(it, before, "nothing was changed");
        hand_over(&mut it, &some(&before, 13, true), &calendar(), &now).unwrap();
        assert!(it.is_full());
        let again = hand_over(&mut it, &some(&before, 1, false), &calendar(), &now).unwrap_err();
        assert!(again[0].is.contains("within the last three days"), "{}", again[0].is);
        assert!(hand_over(&mut it, &HandedOver::default(), &calendar(), &now).is_err(), "nothing is left");
    }

    #[test]
    fn what_was_handed_over_cannot_be_corrected_away() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        let four = some(&it, 4, false);
        hand_over(&mut it, &four, &calendar(), &now).unwrap();
        let draft =
            |id, quantity| PartDraft { id, what: "muffins".to_owned(), quantity, ..PartDraft::default() };
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
        assert!(hand_over(&mut it, &HandedOver::default(), &calendar(), &now).is_err());
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
