//! What there is of a promise beside its work: what was told and said, how a miss is made good, and what touches it.

use crate::failure::Failure;
use crate::{Kept, causes, feedback, recoveries, telling};
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::outcome::{Outcome, outcome};
use kept_core::slip_mark::SlipMark;
use kept_core::tell::fitting;
use kept_core::urgency::{Place, standing};
use kept_core::views::care::{CareView, SlipMarkView};

pub(super) async fn care(kept: &Kept, it: &Commitment, now: &Now) -> Result<CareView, Failure> {
    let recovery = recoveries::of_promise(kept, it.id, now).await?;
    feedback::read_customers(kept).await?;
    let shop = kept.shop();
    let settings = &shop.settings.it;
    let standing = standing(it, settings, &shop.around(now), now);
    let is_missed = outcome(it, &settings.calendar, now) == Outcome::Missed;
    Ok(CareView {
        told: telling::told(it),
        consent: telling::consent_view(it, settings, now),
        fitting: fitting(it, &standing),
        tell_first: standing.place == Place::TellFirst,
        feedback: feedback::of_promise(&shop, it.id, now),
        recovery_offered: recovery.is_none() && is_missed,
        recovery,
        makes_good: it.makes_good,
        slips: it.slips.iter().map(mark_view).collect(),
        causes: causes::rows_where(&shop, now, |draft| draft.promises.contains(&it.id)),
    })
}

fn mark_view(mark: &SlipMark) -> SlipMarkView {
    SlipMarkView { slip: mark.slip, words: mark.words.clone(), at: mark.at, lifted_at: mark.lifted_at }
}
