//! The packing slip of one handover.

use crate::commitment::{Commitment, Deliverable, Source};
use crate::customer::Customer;
use crate::day::{Now, Stamp, Zone};
use crate::evidence::Handover;
use crate::views::printed::{PackingSlip, SlipLine};

/// The slip of the handover that was made at an instant, or of the newest one. Before anything was handed over it is the
/// slip of all that is to be.
///
/// None if nothing was handed over at that instant.
pub fn packing_slip(
    it: &Commitment,
    customer: &Customer,
    business: &str,
    at: Option<Stamp>,
    zone: Zone,
    now: &Now,
) -> Option<PackingSlip> {
    let mut made: Vec<Stamp> = it.handovers.iter().map(|handover| handover.at).collect();
    made.sort_unstable_by(|a, b| b.cmp(a));
    made.dedup();
    let at = match at {
        Some(at) => Some(made.iter().copied().find(|made| *made == at)?),
        None => made.first().copied(),
    };
    let with: Vec<&Handover> = it.handovers.iter().filter(|handover| Some(handover.at) == at).collect();
    let first = with.first().copied();
    let to_come: Vec<SlipLine> = match at {
        Some(at) => lines(it, |part| part.quantity.saturating_sub(handed_over_by(it, part, at))),
        None => Vec::new(),
    };
    let order = match &it.source {
        Source::Shop { order, .. } => Some(order.clone()),
        Source::Typed { .. } => None,
    };
    Some(PackingSlip {
        business: business.to_owned(),
        day_words: at.map_or(now.today, |at| zone.day(at)).words(now.today),
        customer: customer.name.clone(),
        address: customer.address.clone(),
        order,
        here: lines(it, |part| match at {
            Some(_) => quantity(&with, part),
            None => it.left_of(part),
        }),
        to_come_words: it.current_due().filter(|_| !to_come.is_empty()).map(|due| due.words(now.today)),
        to_come,
        channel: first.and_then(|handover| handover.channel.clone()),
        tracking: first.and_then(|handover| handover.tracking.clone()),
        note: first.and_then(|handover| handover.note.clone()),
        handovers: made,
    })
}

fn lines(it: &Commitment, how_many: impl Fn(&Deliverable) -> u32) -> Vec<SlipLine> {
    let line = |part: &Deliverable| SlipLine { quantity: how_many(part), what: part.what.clone() };
    it.deliverables.iter().map(line).filter(|line| line.quantity > 0).collect()
}

fn quantity(with: &[&Handover], part: &Deliverable) -> u32 {
    with.iter()
        .filter(|handover| handover.deliverable == part.id)
        .fold(0, |sum: u32, handover| sum.saturating_add(handover.quantity))
}

fn handed_over_by(it: &Commitment, part: &Deliverable, at: Stamp) -> u32 {
    let until: Vec<&Handover> = it.handovers.iter().filter(|handover| handover.at <= at).collect();
    quantity(&until, part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::CustomerId;
    use crate::samples::{commitment, due, handed, now, stamp, zone};
    use uuid::Uuid;

    fn check(what: &str, it: &Commitment, at: Option<&str>, here: &[u32], to_come: &[u32]) {
        let slip = slip(it, at).unwrap();
        let quantities = |lines: &[SlipLine]| lines.iter().map(|line| line.quantity).collect::<Vec<_>>();
        assert_eq!(quantities(&slip.here), here, "{what}: in this handover");
        assert_eq!(quantities(&slip.to_come), to_come, "{what}: still to come");
    }

    fn slip(it: &Commitment, at: Option<&str>) -> Option<PackingSlip> {
        let maria =
            Customer::new(CustomerId::new(Uuid::from_u128(2)), "Maria Silva", stamp("2026-11-01 10:00"));
        packing_slip(it, &maria, "Larkfield Bakery", at.map(stamp), zone(), &now("2026-11-20 12:00"))
    }

    #[test]
    fn a_slip_has_the_quantities_of_its_own_handover_and_what_is_still_to_come() {
        let twelve = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        check("nothing was handed over", &twelve, None, &[12], &[]);
        let five = handed(twelve, 5, "2026-11-18 10:00");
        check("a first part", &five, None, &[5], &[7]);
        let all = handed(five, 7, "2026-11-19 10:00");
        check("the rest", &all, None, &[7], &[]);
        check("the first part, printed again", &all, Some("2026-11-18 10:00"), &[5], &[7]);
        assert_eq!(slip(&all, Some("2026-11-17 10:00")), None, "nothing was handed over then");
        assert_eq!(slip(&all, None).unwrap().handovers.len(), 2);
    }
}
