//! Chores: what the shop does for itself. A missed one is not caught up: only the latest time is left of it.

use crate::failure::Failure;
use crate::records::{Changes, Known, Record};
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::takes::Nothing;
use crate::takes::menu::{OnChore, SaveChore};
use crate::{Kept, recurrence};
use kept_core::chore::{Chore, ChoreDraft};
use kept_core::day::{Day, Now};
use kept_core::id::ChoreId;
use kept_core::repeat;
use kept_core::views::Done;
use kept_core::views::menu::{ChoreList, ChoreRow};
use std::sync::Arc;
use uuid::Uuid;

/// How far back the days of a chore are looked at.
const BACK_DAYS: i64 = 400;
/// How far ahead its next day is looked for.
const NEXT_DAYS: i64 = 5 * 366;

/// All chores: those that are due first.
pub(crate) async fn chores(kept: &Kept, _: Nothing) -> Result<ChoreList, Failure> {
    let now = kept.now();
    let shop = kept.shop();
    let mut rows: Vec<(Day, ChoreRow)> = shop
        .few
        .chores
        .values()
        .map(|known| {
            let row = row(known, &now);
            (row.due.or_else(|| next(&known.it, now.today)).unwrap_or(Day::LAST), row)
        })
        .collect();
    rows.sort_by(|(a, one), (b, other)| {
        (one.due.is_none(), a, one.draft.time, &one.what).cmp(&(
            other.due.is_none(),
            b,
            other.draft.time,
            &other.what,
        ))
    });
    Ok(ChoreList { chores: rows.into_iter().map(|(_, row)| row).collect() })
}

/// The chores that are due, for Today: by the time of day, those without one last.
pub(crate) fn due(shop: &Shop, now: &Now) -> Vec<ChoreRow> {
    let rows = shop.few.chores.values().map(|known| row(known, now));
    let mut due: Vec<ChoreRow> = rows.filter(|row| row.due.is_some()).collect();
    due.sort_by(|a, b| {
        (a.draft.time.is_none(), a.draft.time, &a.what).cmp(&(b.draft.time.is_none(), b.draft.time, &b.what))
    });
    due
}

/// Saves a chore.
pub(crate) async fn save_chore(kept: &Kept, takes: SaveChore) -> Result<Done, Failure> {
    let mut draft = takes.draft;
    let mut problems = draft.problems();
    match recurrence::checked(&draft.rule, draft.from) {
        Ok(rule) => draft.rule = rule,
        Err(problem) => problems.push(problem),
    }
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    if let Some(chore) = takes.chore {
        let on = OnChore { chore, version: takes.version };
        return change(
            kept,
            on,
            |it| draft.into_chore(chore, Some(&it)),
            |it| format!("Changed the chore “{}”", it.what),
        )
        .await;
    }
    let writing = kept.writing().await;
    let chore = draft.into_chore(ChoreId::new(Uuid::now_v7()), None);
    let said = format!("Added the chore “{}”", chore.what);
    let mut changes = Changes::new(said.clone(), None);
    changes.put(None, Record::Chore(chore));
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

/// A chore is done for now.
pub(crate) async fn chore_done(kept: &Kept, takes: OnChore) -> Result<Done, Failure> {
    let now = kept.now();
    change(kept, takes, |it| it.done(now.today, now.stamp), |it| format!("Did the chore “{}”", it.what)).await
}

/// A chore is left out this time.
pub(crate) async fn skip_chore(kept: &Kept, takes: OnChore) -> Result<Done, Failure> {
    let now = kept.now();
    change(kept, takes, |it| it.skipped(now.today), |it| format!("Skipped the chore “{}”", it.what)).await
}

/// A chore is no longer done.
pub(crate) async fn remove_chore(kept: &Kept, takes: OnChore) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let known = find(kept, &takes)?;
    let said = format!("Removed the chore “{}”", known.it.what);
    let mut changes = Changes::new(said.clone(), None);
    changes.remove(record(&known));
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

async fn change(
    kept: &Kept,
    takes: OnChore,
    deed: impl FnOnce(Chore) -> Chore,
    words: impl FnOnce(&Chore) -> String,
) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let known = find(kept, &takes)?;
    let after = deed(known.it.clone());
    if after == known.it {
        return Ok(Done { change: 0, said: "Nothing to change".to_owned(), promise: None });
    }
    let said = words(&after);
    let mut changes = Changes::new(said.clone(), None);
    changes.put(Some(record(&known)), Record::Chore(after));
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

fn find(kept: &Kept, takes: &OnChore) -> Result<Arc<Known<Chore>>, Failure> {
    let known = kept.shop().few.chores.get(&takes.chore).cloned();
    let known = known.ok_or_else(|| Failure::not_found("This chore"))?;
    known.must_be(takes.version)?;
    Ok(known)
}

fn record(known: &Known<Chore>) -> Known<Record> {
    known.clone().map(Record::Chore)
}

fn row(known: &Known<Chore>, now: &Now) -> ChoreRow {
    let it = &known.it;
    let first = it.settled.map_or(it.from, |settled| settled.plus(1)).max(now.today.plus(-BACK_DAYS));
    let days = if first <= now.today {
        recurrence::all_days(&it.rule, it.from, first, now.today)
    } else {
        Vec::new()
    };
    let due = it.due(&days);
    let time = it.time.map(|time| format!(", {time}")).unwrap_or_default();
    let when = match due {
        Some((day, _)) if day == now.today => format!("today{time}"),
        Some((day, _)) => format!("since {}", day.words(now.today)),
        None => next(it, now.today).map_or_else(
            || "never again".to_owned(),
            |day| format!("next on {}{time}", day.words(now.today)),
        ),
    };
    ChoreRow {
        id: it.id,
        version: known.last,
        what: it.what.clone(),
        rule_words: repeat::words(&it.rule),
        due: due.map(|(day, _)| day),
        when,
        skipped: due.map_or(0, |(_, skipped)| to_u32(skipped)),
        done_at: it.done_at,
        draft: ChoreDraft { what: it.what.clone(), rule: it.rule.clone(), from: it.from, time: it.time },
        made_up: it.made_up,
    }
}

/// Its next day after today.
fn next(it: &Chore, today: Day) -> Option<Day> {
    let first = it.from.max(today.plus(1));
    recurrence::days(&it.rule, it.from, first, first.plus(NEXT_DAYS), 1).ok()?.first().copied()
}
