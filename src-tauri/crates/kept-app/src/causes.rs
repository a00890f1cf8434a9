//! Causes: what slips and misses come of, what is done about it, and whether it came again. No person is a cause.

use crate::failure::Failure;
use crate::lists::{each, rows_of};
use crate::records::{Known, OBSTACLES, id_at_end};
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::takes::Nothing;
use crate::takes::learn::{CauseActed, CauseChecked, SaveCause, TheCause};
use crate::{Kept, care, commit, feedback, slips};
use kept_core::blocker::Obstruction;
use kept_core::cause::{Cause, CauseDraft};
use kept_core::day::{Day, Now};
use kept_core::id::{CauseId, CommitmentId};
use kept_core::owed::By;
use kept_core::search::folded;
use kept_core::views::Done;
use kept_core::views::learn::{CauseList, CausePage, CauseRow, CauseSaved, ObstacleRow};
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

/// No more of what is behind us is shown.
const BEHIND_MOST: usize = 100;
/// Obstacles are looked for in the newest promises that something stood in the way of.
const BLOCKED_MOST: usize = 2_000;

/// Slips, causes and what stands in the way.
pub(crate) async fn list(kept: &Kept, _: Nothing) -> Result<CauseList, Failure> {
    let now = kept.now();
    let obstacles = obstacles(kept).await?;
    let shop = kept.shop();
    let care = &shop.few.care;
    let rows = |open: bool| care.causes.values().filter(move |known| known.it.closed_at.is_none() == open);
    let mut open: Vec<_> =
        rows(true).map(|known| (next_day(&known.it, &shop), row(known, &shop, &now))).collect();
    open.sort_by_key(|(day, row)| (day.is_none(), *day, row.id));
    let mut closed: Vec<CauseRow> = rows(false).map(|known| row(known, &shop, &now)).collect();
    closed.sort_by_key(|row| Reverse(row.closed_at));
    let closed_count = to_u32(closed.len());
    closed.truncate(BEHIND_MOST);
    let slips = |open: bool| {
        let slips = care.slips.values().rev().filter(move |known| known.it.over_at.is_none() == open);
        slips.map(|known| slips::row(known, &shop))
    };
    Ok(CauseList {
        open: open.into_iter().map(|(_, row)| row).collect(),
        closed,
        closed_count,
        slips: slips(true).collect(),
        over: slips(false).take(BEHIND_MOST).collect(),
        obstacles,
    })
}

/// One cause with everything about it.
pub(crate) async fn page(kept: &Kept, takes: TheCause) -> Result<CausePage, Failure> {
    let now = kept.now();
    let known = care::find::<Cause>(kept, takes.cause)?;
    let promises = rows_of(kept, &known.it.draft.promises, &now).await?;
    feedback::read_customers(kept).await?;
    let shop = kept.shop();
    let draft = &known.it.draft;
    let slips = draft.slips.iter().filter_map(|id| shop.few.care.slips.get(id));
    let said = draft.feedback.iter().filter_map(|id| shop.few.care.feedback.get(id));
    Ok(CausePage {
        row: row(&known, &shop, &now),
        draft: draft.clone(),
        opened_at: known.it.opened_at,
        acted_at: known.it.acted_at,
        checks: known.it.checks.clone(),
        promises,
        slips: slips.map(|known| slips::row(known, &shop)).collect(),
        feedback: said.map(|known| feedback::row(known, &shop, &now)).collect(),
        can_close: known.it.acted_at.is_some() || !known.it.needs_action(),
        can_check: known.it.closed_at.is_none() && draft.check_on.is_some_and(|day| day <= now.today),
    })
}

/// Begins a cause, or takes down what more is known of it.
pub(crate) async fn save_cause(kept: &Kept, takes: SaveCause) -> Result<CauseSaved, Failure> {
    let draft = tidy(takes.draft);
    if let Some(cause) = takes.cause {
        let deed = |it: &mut Cause, now: &Now| it.set(draft, now);
        let words = |it: &Cause| format!("More is known of: {}", it.draft.symptom);
        let done = care::change(kept, cause, takes.version, deed, words).await?;
        return Ok(CauseSaved { done, cause });
    }
    let writing = kept.writing().await;
    let now = kept.now();
    let problems = draft.problems(None, &now);
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let draft = with_touched(draft, &kept.shop());
    let cause = CauseId::new(Uuid::now_v7());
    let said = format!("Began to ask why: {}", draft.symptom);
    let done = care::add(&writing, Cause::begun(cause, draft, &now), said).await?;
    Ok(CauseSaved { done, cause })
}

/// What was to be different is so, or is not after all.
pub(crate) async fn cause_acted(kept: &Kept, takes: CauseActed) -> Result<Done, Failure> {
    let deed = |it: &mut Cause, now: &Now| it.act(takes.done, now);
    care::change(kept, takes.cause, takes.version, deed, |it| {
        let what = it.draft.action.as_ref().map_or("", |action| &action.what);
        if takes.done {
            format!("It is different now: {what}")
        } else {
            format!("Not different after all: {what}")
        }
    })
    .await
}

/// One has looked whether it came again: a cause closes only when it did not.
pub(crate) async fn cause_checked(kept: &Kept, takes: CauseChecked) -> Result<Done, Failure> {
    let CauseChecked { cause, version, passed, words, again } = takes;
    let deed = |it: &mut Cause, now: &Now| it.check(passed, &words, again, now);
    care::change(kept, cause, version, deed, |it| {
        let symptom = &it.draft.symptom;
        if passed { format!("It did not come again: {symptom}") } else { format!("It came again: {symptom}") }
    })
    .await
}

/// The causes to which something is put down, the open ones first.
pub(crate) fn rows_where(shop: &Shop, now: &Now, names: impl Fn(&CauseDraft) -> bool) -> Vec<CauseRow> {
    let all = shop.few.care.causes.values().filter(|known| names(&known.it.draft));
    let mut rows: Vec<CauseRow> = all.map(|known| row(known, shop, now)).collect();
    rows.sort_by_key(|row| (row.closed_at.is_some(), row.id));
    rows
}

/// What stood in the way of promises, what does so now first: suppliers and obstacles of one name together.
async fn obstacles(kept: &Kept) -> Result<Vec<ObstacleRow>, Failure> {
    let mut ids = Vec::new();
    each(&kept.0.store, OBSTACLES, |row| {
        ids.extend(id_at_end(&row.key).map(CommitmentId::new));
        Ok(())
    })
    .await?;
    // Ids sort by age: the newest are the last.
    let newest: Vec<CommitmentId> = ids.into_iter().rev().take(BLOCKED_MOST).collect();
    let mut found: HashMap<(bool, String), ObstacleRow> = HashMap::new();
    for known in commit::commitments(&kept.0.store, &newest).await?.into_iter().flatten() {
        let is_open = known.it.is_open();
        for blocker in &known.it.blocked_by {
            let (supplier, what) = match &blocker.what {
                Obstruction::Supplier { name } => (true, name),
                Obstruction::Obstacle { what } => (false, what),
                Obstruction::Promise { .. } => continue,
            };
            let row = found.entry((supplier, folded(what))).or_insert_with(|| ObstacleRow {
                what: what.clone(),
                supplier,
                now: 0,
                promises: Vec::new(),
                since: blocker.since,
            });
            row.since = row.since.min(blocker.since);
            if row.promises.last() != Some(&known.it.id) {
                row.promises.push(known.it.id);
                row.now += u32::from(is_open && blocker.resolved_at.is_none());
            }
        }
    }
    let mut rows: Vec<ObstacleRow> = found.into_values().collect();
    rows.sort_by(|a, b| (b.now, b.promises.len(), &a.what).cmp(&(a.now, a.promises.len(), &b.what)));
    Ok(rows)
}

fn row(known: &Known<Cause>, shop: &Shop, now: &Now) -> CauseRow {
    let it = &known.it;
    let day = next_day(it, shop);
    let next = it.due().zip(day).map(|(owed, day)| format!("{}, by {}", owed.what, day.words(now.today)));
    CauseRow {
        id: it.id,
        version: known.last,
        symptom: it.draft.symptom.clone(),
        deepest: it.draft.deepest().to_owned(),
        kind: it.draft.kind,
        next,
        overdue: day.is_some_and(|day| day < now.today),
        promises: to_u32(it.draft.promises.len()),
        slips: to_u32(it.draft.slips.len()),
        closed_at: it.closed_at,
        made_up: it.made_up,
    }
}

fn next_day(it: &Cause, shop: &Shop) -> Option<Day> {
    it.due().map(|owed| match owed.by {
        By::Day(day) => day,
        By::Instant(instant) => shop.settings.it.calendar.zone.day(instant),
    })
}

/// What a slip touches is touched by its cause.
fn with_touched(mut draft: CauseDraft, shop: &Shop) -> CauseDraft {
    let slips = draft.slips.iter().filter_map(|id| shop.few.care.slips.get(id));
    let touched: Vec<CommitmentId> = slips.flat_map(|known| known.it.promises.iter().copied()).collect();
    for promise in touched {
        if !draft.promises.contains(&promise) {
            draft.promises.push(promise);
        }
    }
    draft
}

/// A draft without blanks around its words; answers that are empty are left out.
fn tidy(draft: CauseDraft) -> CauseDraft {
    let whys = draft.whys.iter().map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
    CauseDraft { symptom: draft.symptom.trim().to_owned(), whys: whys.collect(), ..draft }
}
