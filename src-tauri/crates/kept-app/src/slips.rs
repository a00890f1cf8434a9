//! Slips: a fault inside the shop names every promise that it touches, and warns them all in one change.

use crate::failure::Failure;
use crate::lists::rows_of;
use crate::records::{Changes, Known};
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::takes::learn::{OnSlip, RecordSlip, TheSlip, TouchedBy};
use crate::{Kept, care, causes, commit, facts};
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::id::{CommitmentId, SlipId};
use kept_core::insights::Period;
use kept_core::offer::Menu as _;
use kept_core::slip::{Slip, Touching};
use kept_core::urgency::current_deadline;
use kept_core::views::Done;
use kept_core::views::learn::{SlipPage, SlipRecorded, SlipRow, Touched, TouchedRow};
use kept_core::words::count;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// So many rows are shown before a slip is taken down.
const SHOWN_MOST: usize = 200;
/// No slip touches more promises.
const TOUCHED_MOST: usize = 5_000;
/// Of what was handed over already, promises due within so many days around are looked at.
const AROUND_DAYS: i64 = 60;

/// What a slip would touch.
pub(crate) async fn slip_touches(kept: &Kept, takes: TouchedBy) -> Result<Touched, Failure> {
    let now = kept.now();
    let found = touched(kept, &takes.touching, &now).await?;
    let ids: Vec<CommitmentId> = found.iter().take(SHOWN_MOST).map(|known| known.it.id).collect();
    Ok(Touched {
        count: to_u32(found.len()),
        rows: rows_of(kept, &ids, &now).await?,
        why: why(&takes.touching, &kept.shop(), &now),
    })
}

/// Takes down a slip, and warns every promise that it touches.
pub(crate) async fn record_slip(kept: &Kept, takes: RecordSlip) -> Result<SlipRecorded, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let id = SlipId::new(Uuid::now_v7());
    let mut slip = Slip::found(id, takes.kind, &takes.what, takes.at, &now).map_err(Failure::invalid)?;
    let wanted: BTreeSet<CommitmentId> = takes.promises.into_iter().collect();
    let mut found = touched(kept, &takes.touching, &now).await?;
    found.retain(|known| wanted.is_empty() || wanted.contains(&known.it.id));
    let words = {
        let why = why(&takes.touching, &kept.shop(), &now);
        if why.is_empty() { slip.what.clone() } else { format!("{} ({why})", slip.what) }
    };
    let said = format!("Took down a slip: {}. {} warned", slip.what, count(to_u32(found.len()), "promise"));
    let mut changes = Changes::new(said.clone(), None);
    for known in &found {
        let mut after = known.it.clone();
        after.warn_of(id, &words, now.stamp);
        changes.commitment(Some(known), after);
    }
    slip.touching = takes.touching;
    slip.promises = found.iter().map(|known| known.it.id).collect();
    let warned = to_u32(found.len());
    care::put(&mut changes, None, slip);
    let change = writing.commit(changes).await?;
    Ok(SlipRecorded { done: Done { change, said, promise: None }, slip: id, warned })
}

/// One slip with everything about it.
pub(crate) async fn slip(kept: &Kept, takes: TheSlip) -> Result<SlipPage, Failure> {
    let now = kept.now();
    let known = care::find::<Slip>(kept, takes.slip)?;
    let rows = rows_of(kept, &known.it.promises, &now).await?;
    let promises = commit::commitments(&kept.0.store, &known.it.promises).await?;
    let warned: BTreeSet<CommitmentId> = promises
        .iter()
        .flatten()
        .filter(|promise| promise.it.warnings().any(|mark| mark.slip == known.it.id))
        .map(|promise| promise.it.id)
        .collect();
    let shop = kept.shop();
    Ok(SlipPage {
        row: row(&known, &shop),
        why: why(&known.it.touching, &shop, &now),
        touching: known.it.touching.clone(),
        promises: rows.into_iter().map(|row| TouchedRow { warned: warned.contains(&row.id), row }).collect(),
        causes: causes::rows_where(&shop, &now, |draft| draft.slips.contains(&takes.slip)),
    })
}

/// A slip is over, or one promise is safe from it: the warnings are taken back.
pub(crate) async fn slip_over(kept: &Kept, takes: OnSlip) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = care::seen::<Slip>(kept, takes.slip, takes.version)?;
    let touched = takes.promise.map_or_else(|| before.it.promises.clone(), |promise| vec![promise]);
    let promises = commit::commitments(&kept.0.store, &touched).await?;
    let said = match takes.promise {
        Some(_) => format!("One promise is safe from: {}", before.it.what),
        None => format!("It is over: {}", before.it.what),
    };
    let mut changes = Changes::new(said.clone(), takes.promise);
    for known in promises.into_iter().flatten() {
        let mut after = known.it.clone();
        after.safe_from(before.it.id, now.stamp);
        if after != known.it {
            changes.commitment(Some(&known), after);
        }
    }
    if takes.promise.is_none() {
        let mut after = before.it.clone();
        after.end(&now).map_err(Failure::invalid)?;
        care::put(&mut changes, Some(&before), after);
    }
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: takes.promise })
}

/// A slip as a row of a list.
pub(crate) fn row(known: &Known<Slip>, shop: &Shop) -> SlipRow {
    let it = &known.it;
    let mut causes = shop.few.care.causes.values();
    SlipRow {
        id: it.id,
        version: known.last,
        kind: it.kind,
        what: it.what.clone(),
        at: it.at,
        promises: to_u32(it.promises.len()),
        over_at: it.over_at,
        cause: causes.find(|cause| cause.it.draft.slips.contains(&it.id)).map(|cause| cause.it.id),
        made_up: it.made_up,
    }
}

/// The promises that are touched: the open ones by their dates, then what was handed over.
async fn touched(
    kept: &Kept,
    touching: &Touching,
    now: &Now,
) -> Result<Vec<Arc<Known<Commitment>>>, Failure> {
    let problems = touching.problems();
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let mut found = {
        let shop = kept.shop();
        let calendar = &shop.settings.it.calendar;
        let open = shop.open.values().filter(|known| touching.touches(&known.it, calendar.zone));
        let mut open: Vec<_> = open.cloned().collect();
        let deadline = |known: &Arc<Known<Commitment>>| current_deadline(&known.it, calendar);
        open.sort_by_cached_key(|known| (deadline(known).is_none(), deadline(known), known.it.id));
        open
    };
    if touching.also_delivered {
        found.extend(delivered(kept, touching, now).await?);
    }
    if found.len() > TOUCHED_MOST {
        let is = format!("This would touch {} promises. Say more exactly which.", found.len());
        return Err(Failure::field("touching", is));
    }
    Ok(found)
}

async fn delivered(
    kept: &Kept,
    touching: &Touching,
    now: &Now,
) -> Result<Vec<Arc<Known<Commitment>>>, Failure> {
    let from = touching.from.unwrap_or(now.today).plus(-AROUND_DAYS);
    let to = touching.to.unwrap_or(now.today).plus(AROUND_DAYS);
    let ids = facts::closed_between(kept, Period { from, to }, TOUCHED_MOST).await?;
    let zone = kept.settings().calendar.zone;
    let read = commit::commitments(&kept.0.store, &ids).await?;
    let touched = read.into_iter().flatten().filter(|known| touching.touches(&known.it, zone));
    Ok(touched.map(Arc::new).collect())
}

fn why(touching: &Touching, shop: &Shop, now: &Now) -> String {
    let names = touching.offers.iter().filter_map(|id| shop.few.offer(*id)).map(|offer| offer.name.clone());
    touching.why(&names.collect::<Vec<_>>(), now.today)
}
