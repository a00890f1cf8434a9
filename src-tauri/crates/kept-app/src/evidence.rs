//! What shows that something was handed over: it can be added to and corrected as long as one likes.

use crate::Kept;
use crate::attachments::check_files;
use crate::failure::Failure;
use crate::takes::plan::SetEvidence;
use crate::work::{change, trimmed};
use kept_core::commitment::{Commitment, Handover};
use kept_core::day::Now;
use kept_core::evidence::{self, Evidence};
use kept_core::views::{Done, HandoverView};
use std::cmp::Reverse;

/// What shows that something was handed over is added to, or corrected.
pub(crate) async fn set_evidence(kept: &Kept, takes: SetEvidence) -> Result<Done, Failure> {
    check_files(kept, &takes.files)?;
    let links = takes.links.iter().map(|link| link.trim().to_owned()).filter(|link| !link.is_empty());
    let evidence = Evidence {
        tracking: trimmed(takes.tracking),
        links: links.collect(),
        note: trimmed(takes.note),
        files: takes.files,
    };
    let deed = |it: &mut Commitment, _: &Now| evidence::set_evidence(it, &takes.of, &evidence);
    change(kept, takes.promise, takes.version, deed, |said| {
        let of = takes.of.iter().filter_map(|place| said.before.handovers.get(*place as usize));
        let what: Vec<String> = of.map(|handover| quantity_of(said.before, handover)).collect();
        format!("Noted what shows that {} went to {}", what.join(", "), said.customer)
    })
    .await
}

/// What was handed over, newest first: what went at one time and is shown by the same stands together.
pub(crate) fn handovers(it: &Commitment) -> Vec<HandoverView> {
    let mut views: Vec<HandoverView> = Vec::new();
    for (handover, place) in it.handovers.iter().zip(0_u32..) {
        let this = view(it, handover, place);
        match views.last_mut().filter(|last| went_together(last, &this)) {
            Some(last) => {
                last.of.push(place);
                last.what = format!("{}, {}", last.what, this.what);
            }
            None => views.push(this),
        }
    }
    views.sort_by_key(|view| Reverse((view.at, view.of.first().copied())));
    views
}

fn went_together(one: &HandoverView, other: &HandoverView) -> bool {
    let same = HandoverView { of: one.of.clone(), what: one.what.clone(), ..other.clone() };
    *one == same
}

fn view(it: &Commitment, handover: &Handover, place: u32) -> HandoverView {
    HandoverView {
        of: vec![place],
        what: quantity_of(it, handover),
        at: handover.at,
        channel: handover.channel.clone(),
        evidence: handover.evidence.clone(),
        tracking: handover.tracking.clone(),
        links: handover.links.clone(),
        note: handover.note.clone(),
        files: handover.files.clone(),
    }
}

/// `12 cupcakes`.
fn quantity_of(it: &Commitment, handover: &Handover) -> String {
    let part = it.deliverables.iter().find(|part| part.id == handover.deliverable);
    format!("{} {}", handover.quantity, part.map_or("of a part", |part| part.what.as_str()))
}
