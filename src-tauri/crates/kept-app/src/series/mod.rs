//! Promises that repeat: what the owner sees of them, and saving them. Their occurrences are made in `ahead`.

mod ahead;

pub(crate) use ahead::{keep_ahead, record_ahead};

use crate::commit::commitments;
use crate::failure::Failure;
use crate::promising::customer_meant;
use crate::records::{Changes, Known, Record, occurrence_at, occurrences_of};
use crate::rows::rows;
use crate::store::Store;
use crate::takes::ThePromise;
use crate::takes::menu::{ReadRule, SaveSeries, SeriesQuery, StopSeries, TheSeries};
use crate::{Kept, recurrence};
use kept_core::commitment::{Commitment, Party};
use kept_core::day::{Day, Hours, Now};
use kept_core::id::{CommitmentId, SeriesId};
use kept_core::outcome::outcome;
use kept_core::repeat;
use kept_core::series::{CHRONIC_OF, Pattern, Series, SeriesDraft};
use kept_core::views::Done;
use kept_core::views::menu::{RepeatsView, RuleView, SeriesList, SeriesPage, SeriesRow, SeriesSaved};
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

/// The page of a series shows so many open occurrences, and so many that have ended.
const SHOWN_MOST: usize = 60;
/// So many days of a rule are read back before it is saved.
const READ_BACK: u16 = 6;
/// How far ahead the next occurrence is looked for.
const NEXT_DAYS: i64 = 5 * 366;

/// Promises that repeat: the next due first.
pub(crate) async fn list(kept: &Kept, takes: SeriesQuery) -> Result<SeriesList, Failure> {
    let now = kept.now();
    let all: Vec<Arc<Known<Series>>> = kept
        .shop()
        .few
        .series
        .values()
        .filter(|known| takes.customer.is_none_or(|customer| customer == known.it.customer))
        .cloned()
        .collect();
    let mut series = Vec::new();
    let mut over = 0;
    for known in all {
        let row = row(kept, &known, &now).await?;
        over += u32::from(row.over);
        if takes.also_over || !row.over {
            series.push(row);
        }
    }
    series.sort_by(|a, b| (a.over, a.next, &a.title).cmp(&(b.over, b.next, &b.title)));
    Ok(SeriesList { series, over })
}

/// One promise that repeats, with its occurrences.
pub(crate) async fn page(kept: &Kept, takes: TheSeries) -> Result<SeriesPage, Failure> {
    let now = kept.now();
    let known = find(kept, takes.series)?;
    let row = row(kept, &known, &now).await?;
    let newest = newest(kept, known.it.id, Day::LAST, 2 * SHOWN_MOST).await?;
    let (mut open, mut ended): (Vec<_>, Vec<_>) =
        newest.into_iter().map(Arc::new).partition(|known| known.it.is_open());
    open.reverse();
    open.truncate(SHOWN_MOST);
    ended.truncate(SHOWN_MOST);
    Ok(SeriesPage {
        row,
        draft: draft_of(&known.it),
        open: rows(kept, &open, &now).await?,
        ended: rows(kept, &ended, &now).await?,
        since: known.it.since,
    })
}

/// Reads a rule back before it is saved.
pub(crate) async fn read_rule(kept: &Kept, takes: ReadRule) -> Result<RuleView, Failure> {
    let now = kept.now();
    let hours = takes.hours.unwrap_or(Hours::AnyTime);
    let ahead = |rule: &str| {
        let first = takes.from.max(now.today);
        recurrence::days(rule, takes.from, first, first.plus(NEXT_DAYS), READ_BACK)
    };
    let read = recurrence::checked(&takes.rule, takes.from).and_then(|rule| Ok((ahead(&rule)?, rule)));
    Ok(match read {
        Ok((days, rule)) => RuleView {
            problems: Vec::new(),
            words: rule_words(&rule, hours),
            next: days.iter().map(|day| day.words(now.today)).collect(),
        },
        Err(problem) => RuleView { problems: vec![problem], words: String::new(), next: Vec::new() },
    })
}

/// The same promise again and again, as a draft.
pub(crate) async fn draft(kept: &Kept, takes: ThePromise) -> Result<SeriesDraft, Failure> {
    let known = kept.commitment(takes.promise).await?;
    let customer = kept.customer(known.it.customer).await?;
    Ok(SeriesDraft::of(&known.it, &customer.it.name, &kept.settings().calendar, kept.now().today))
}

/// Saves a promise that repeats: makes its first occurrences, or lets those that are to come follow the change.
pub(crate) async fn save(kept: &Kept, takes: SaveSeries) -> Result<SeriesSaved, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let mut draft = takes.draft;
    let mut problems = draft.problems();
    match recurrence::checked(&draft.rule, draft.from) {
        Ok(rule) => draft.rule = rule,
        Err(problem) => problems.push(problem),
    }
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let before = takes.series.map(|id| find(kept, id)).transpose()?;
    before.as_ref().map_or(Ok(()), |known| known.must_be(takes.version))?;
    let mut changes = Changes::new("", None);
    let (customer, name) = match &before {
        // Whose it is does not change: another customer is another promise.
        Some(before) => (before.it.customer, kept.customer(before.it.customer).await?.it.name.clone()),
        None => customer_meant(kept, draft.customer, &draft.customer_name, &now, &mut changes).await?,
    };
    let id = before.as_ref().map_or_else(|| SeriesId::new(Uuid::now_v7()), |before| before.it.id);
    let holds_from = holds_from(kept, &draft, before.is_none(), &now);
    let old = before.as_ref().map(|known| &known.it);
    let after = draft.into_series(id, customer, holds_from, now.stamp, old);
    let words = rule_words(&after.rule, after.hours);
    let verb = if before.is_none() { "Promised" } else { "Changed" };
    changes.what = format!("{verb} {} to {name}, {words}", after.title());
    let said = changes.what.clone();
    ahead::follow(kept, before.as_deref(), after, takes.by, &now, &mut changes).await?;
    let change = writing.commit(changes).await?;
    Ok(SeriesSaved { done: Done { change, said, promise: None }, series: id })
}

/// Ends a promise that repeats.
pub(crate) async fn stop(kept: &Kept, takes: StopSeries) -> Result<SeriesSaved, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = find(kept, takes.series)?;
    before.must_be(takes.version)?;
    if takes.last < now.today {
        let is = "What was promised up to today stands. Choose today or a later day.";
        return Err(Failure::field("last", is));
    }
    let name = kept.customer(before.it.customer).await?.it.name.clone();
    let holds_from = now.today.plus(1);
    let after = Series { last: Some(takes.last), holds_from, ..before.it.clone() };
    let asked = if takes.by == Party::Customer { "they asked" } else { "we asked" };
    let last = takes.last.words(now.today);
    let mut changes =
        Changes::new(format!("Ended {} for {name}, {last} the last time ({asked})", after.title()), None);
    let said = changes.what.clone();
    ahead::follow(kept, Some(&before), after, takes.by, &now, &mut changes).await?;
    let change = writing.commit(changes).await?;
    Ok(SeriesSaved { done: Done { change, said, promise: None }, series: takes.series })
}

/// What an occurrence says about the promise that it is one of; none if it is none, or that is gone.
pub(crate) async fn repeats(kept: &Kept, it: &Commitment, now: &Now) -> Result<Option<RepeatsView>, Failure> {
    let Some(known) = it.series.and_then(|occurrence| find(kept, occurrence.series).ok()) else {
        return Ok(None);
    };
    let pattern = pattern(kept, &known.it, now).await?;
    Ok(Some(RepeatsView {
        series: known.it.id,
        rule_words: rule_words(&known.it.rule, known.it.hours),
        pattern: pattern.words(),
        chronic: pattern.is_chronic(),
    }))
}

/// A promise that repeats.
fn find(kept: &Kept, id: SeriesId) -> Result<Arc<Known<Series>>, Failure> {
    kept.shop().few.series.get(&id).cloned().ok_or_else(|| Failure::not_found("This repeating promise"))
}

/// From when on occurrences are made: what is over when a promise is made was not promised, and what was promised for
/// today stands as it was.
fn holds_from(kept: &Kept, draft: &SeriesDraft, is_new: bool, now: &Now) -> Day {
    let today = kept_core::day::Due { day: now.today, hours: draft.hours, zone: draft.zone };
    let is_ahead = kept.settings().calendar.deadline(&today) > now.stamp;
    if is_new && is_ahead { now.today } else { now.today.plus(1) }
}

async fn row(kept: &Kept, known: &Known<Series>, now: &Now) -> Result<SeriesRow, Failure> {
    let it = &known.it;
    let pattern = pattern(kept, it, now).await?;
    let customer = kept.customer(it.customer).await?.it.name.clone();
    let next = next(kept, it, now.today).await?;
    let over = next.is_none();
    let next_words = match (next, it.last) {
        (Some(day), _) if day == now.today => "today".to_owned(),
        (Some(day), _) => day.words(now.today),
        (None, Some(last)) => format!("over since {}", last.words(now.today)),
        (None, None) => "over".to_owned(),
    };
    Ok(SeriesRow {
        id: it.id,
        version: known.last,
        title: it.title(),
        customer,
        customer_id: it.customer,
        rule_words: rule_words(&it.rule, it.hours),
        next,
        next_words,
        pattern: pattern.words(),
        chronic: pattern.is_chronic(),
        over,
        made_up: it.made_up,
    })
}

/// The next day of a series from today on for which something is still owed, or will be: an occurrence that was called
/// off or handed over is passed over.
async fn next(kept: &Kept, it: &Series, today: Day) -> Result<Option<Day>, Failure> {
    let last = it.last.unwrap_or(Day::LAST).min(today.plus(NEXT_DAYS));
    let first = today.max(it.from);
    let made = ahead::there(kept, it, first, last).await?;
    let is_owed = |day: &Day| made.get(day).is_none_or(|id| kept.shop().open.contains_key(id));
    // One day more than there are occurrences that can have ended.
    let most = u16::try_from(made.len() + 1).unwrap_or(u16::MAX);
    let days = recurrence::days(&it.rule, it.from, first, last, most);
    Ok(days.unwrap_or_default().into_iter().find(is_owed))
}

/// How the last occurrences went: those of days up to today, for later ones have not ended.
async fn pattern(kept: &Kept, it: &Series, now: &Now) -> Result<Pattern, Failure> {
    // Some of them may be left out of the score, and so do not count among the last twenty.
    let newest = newest(kept, it.id, now.today, 3 * CHRONIC_OF).await?;
    let calendar = &kept.shop().settings.it.calendar;
    Ok(Pattern::of(newest.iter().map(|known| outcome(&known.it, calendar, now))))
}

/// The occurrences of a series up to a day, the newest first.
async fn newest(
    kept: &Kept,
    id: SeriesId,
    last: Day,
    most: usize,
) -> Result<Vec<Known<Commitment>>, Failure> {
    let first = occurrences_of(id);
    let mut end = first.clone();
    end.extend_from_slice(last.plus(1).to_string().as_bytes());
    let rows = kept.0.store.range(Bound::Included(first), Bound::Excluded(end), true, most).await?;
    let ids: Vec<CommitmentId> =
        rows.iter().filter_map(|row| occurrence_at(&row.key)).map(|(_, id)| id).collect();
    Ok(commitments(&kept.0.store, &ids).await?.into_iter().flatten().collect())
}

fn draft_of(it: &Series) -> SeriesDraft {
    let it = it.clone();
    SeriesDraft {
        customer: Some(it.customer),
        customer_name: String::new(),
        rule: it.rule,
        from: it.from,
        last: it.last,
        hours: it.hours,
        zone: it.zone,
        parts: it.parts,
        steps: it.steps,
        checklist: it.checklist,
        inputs: it.inputs,
        worthless_hours: it.worthless_hours,
        on_the_day: it.on_the_day,
        total: it.total,
        words: it.words,
    }
}

fn rule_words(rule: &str, hours: Hours) -> String {
    let words = repeat::words(rule);
    match hours {
        Hours::AnyTime => words,
        Hours::At { time } => format!("{words}, {time}"),
        Hours::Between { from, to } => format!("{words}, {from} to {to}"),
    }
}

/// The series as a record, for a change of it.
fn record(known: &Known<Series>) -> Known<Record> {
    known.clone().map(Record::Series)
}
