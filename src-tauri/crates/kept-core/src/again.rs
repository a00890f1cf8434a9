//! The same promise again and again: what a promise that was made once becomes as one that repeats.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Deliverable};
use crate::day::{Day, Due};
use crate::draft::{PartDraft, PlannedStep};
use crate::repeat::weekly_on;
use crate::series::SeriesDraft;
use crate::step::Step;

impl SeriesDraft {
    /// The draft of a series of the same promises: every week on its weekday, after its own date. What was promised with
    /// it holds each time: what of the menu it is, and for how long it helps.
    pub fn of(it: &Commitment, customer_name: &str, calendar: &WorkingCalendar, today: Day) -> Self {
        let due = it.current_due().unwrap_or(Due::on(today));
        Self {
            customer: Some(it.customer),
            customer_name: customer_name.to_owned(),
            rule: weekly_on(due.day),
            from: due.day.plus(1),
            last: None,
            hours: due.hours,
            zone: due.zone,
            parts: it.deliverables.iter().map(part).collect(),
            steps: it.steps.iter().map(|step| planned(it, step)).collect(),
            checklist: it.checklist.iter().map(|check| check.what.clone()).collect(),
            inputs: it.inputs.iter().map(|input| input.what.clone()).collect(),
            worthless_hours: worthless_hours(it, calendar),
            on_the_day: it.on_the_day,
            total: it.payment.total,
            words: None,
        }
    }
}

fn part(part: &Deliverable) -> PartDraft {
    PartDraft {
        id: None,
        what: part.what.clone(),
        quantity: part.quantity,
        effort_left: part.effort_left,
        offer: part.offer,
    }
}

fn planned(it: &Commitment, step: &Step) -> PlannedStep {
    let place = it.deliverables.iter().position(|part| step.part == Some(part.id));
    PlannedStep {
        what: step.what.clone(),
        part: place.and_then(|place| u32::try_from(place).ok()),
        effort: step.effort.and_then(|minutes| i32::try_from(minutes).ok()),
    }
}

/// So many hours after its date it helps nobody any more; a begun hour counts.
fn worthless_hours(it: &Commitment, calendar: &WorkingCalendar) -> Option<u32> {
    let (due, after) = (it.current_due()?, it.worthless_after?);
    let minutes = calendar.deadline(&after).minutes_since(calendar.deadline(&due));
    u32::try_from(minutes).ok().map(|minutes| minutes.div_ceil(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::OfferId;
    use crate::samples::{calendar, commitment, due};
    use uuid::Uuid;

    fn again(it: &Commitment) -> SeriesDraft {
        SeriesDraft::of(it, "Maria Silva", &calendar(), "2026-11-20".parse().unwrap())
    }

    #[test]
    fn it_is_promised_every_week_on_its_weekday_after_its_own_date() {
        let check = |day: &str, rule: &str, from: &str| {
            let draft = again(&commitment("12 cupcakes", due(day, "15:00")));
            assert_eq!((draft.rule.as_str(), draft.from), (rule, from.parse().unwrap()), "{day}");
            assert_eq!(draft.hours, due(day, "15:00").hours);
            assert_eq!(draft.problems(), vec![]);
        };
        check("2026-11-23", "FREQ=WEEKLY;BYDAY=MO", "2026-11-24");
        check("2026-11-29", "FREQ=WEEKLY;BYDAY=SU", "2026-11-30");
        check("2026-12-31", "FREQ=WEEKLY;BYDAY=TH", "2027-01-01");
    }

    #[test]
    fn what_of_the_menu_it_is_and_how_long_it_helps_holds_each_time() {
        let offer = OfferId::new(Uuid::from_u128(9));
        let check = |after: Option<Due>, hours: Option<u32>| {
            let mut it = commitment("12 cupcakes", due("2026-11-20", "15:00"));
            it.deliverables[0].offer = Some(offer);
            it.worthless_after = after;
            let draft = again(&it);
            assert_eq!(draft.parts[0].offer, Some(offer));
            assert_eq!(draft.worthless_hours, hours, "{after:?}");
        };
        check(None, None);
        check(Some(due("2026-11-20", "15:00")), Some(0));
        check(Some(due("2026-11-20", "16:30")), Some(2));
        check(Some(due("2026-11-21", "15:00")), Some(24));
        // It was worthless before it was due: that says nothing about the next one.
        check(Some(due("2026-11-20", "14:00")), None);
    }
}
