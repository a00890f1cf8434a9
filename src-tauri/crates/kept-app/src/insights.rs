//! The record: figures of a period, the promises behind each, a year day by day, the weekly review and the printed statement.
//! Read by the day on which promises were due; what lies outside of the period costs nothing. Nobody who works here is
//! counted.

mod periods;
mod review;
mod shares;

pub(crate) use review::review;

use crate::failure::Failure;
use crate::lists::rows_of;
use crate::rows::to_u32;
use crate::takes::Nothing;
use crate::takes::learn::{BehindQuery, InsightsQuery, TheYear, ThesePromises};
use crate::{Kept, facts, wins};
use chrono::Datelike as _;
use kept_core::calendar::WorkingCalendar;
use kept_core::day::{Day, Now};
use kept_core::id::CommitmentId;
use kept_core::insights::{
    Figure, Figures, LeadTimes, Period, Score, figures, growth_words, median_words, score_words,
};
use kept_core::views::RecordView;
use kept_core::views::insights::{
    Behind, Insights, KeptDay, KeptDays, LastDays, LateView, LeadDays, LeadView, ScoreView, Statement,
    StatementLine,
};
use kept_core::words::{count, duration};

/// The period that is shown if none is named, in days.
const USUAL_DAYS: i64 = 90;
/// The head of Today tells of so many days.
const LAST_DAYS: i64 = 30;
/// No page is longer.
const PAGE_MOST: u32 = 200;
/// The minutes of a day.
const DAY: i64 = 24 * 60;

/// The record of a period.
pub(crate) async fn insights(kept: &Kept, takes: InsightsQuery) -> Result<Insights, Failure> {
    let now = kept.now();
    let period = checked(takes.period, &now)?;
    let figures = figures_of(kept, period, &now).await?;
    let before = figures_of(kept, period.before(), &now).await?.promised;
    let causes = shares::causes(kept, &figures);
    let course = periods::course(&figures.days, period);
    let series = shares::series(kept, &figures).await?;
    let sizes = shares::sizes(&figures);
    let shop = kept.shop();
    Ok(Insights {
        period,
        period_words: words_of(period, &now),
        choices: periods::choices(period, &now),
        before: period.before(),
        promised: score_view(&figures.promised, Figure::Kept, Figure::Missed),
        growth: growth_words((figures.promised.kept(), figures.promised.of()), (before.kept(), before.of())),
        agreed: score_view(&figures.agreed, Figure::KeptAsAgreed, Figure::MissedAsAgreed),
        late: late_view(&figures),
        lead: lead_view(&figures.lead),
        course_words: periods::course_words(&course, period),
        course,
        causes_words: shares::title_of(&causes),
        causes,
        sizes_words: shares::sizes_words(&sizes),
        sizes,
        replies: shares::replies(&shop, period, &now),
        series,
        gifts: score_view(&figures.gifts, Figure::Gifts, Figure::Gifts),
        quiet_saves: to_u32(figures.quiet_saves.len()),
        rescues: wins::rescues(&shop, period),
    })
}

/// A page of the promises behind a figure.
pub(crate) async fn behind(kept: &Kept, takes: BehindQuery) -> Result<Behind, Failure> {
    let now = kept.now();
    let period = match takes.figure {
        Figure::Day { day } => Period { from: day, to: day },
        Figure::Due
        | Figure::Kept
        | Figure::Missed
        | Figure::KeptAsAgreed
        | Figure::MissedAsAgreed
        | Figure::Late
        | Figure::Lead
        | Figure::LeadDays { .. }
        | Figure::QuietSaves
        | Figure::Gifts
        | Figure::Size { .. } => checked(Some(takes.period), &now)?,
    };
    let ids = figures_of(kept, period, &now).await?.behind(takes.figure);
    page_of(kept, &ids, takes.offset, takes.limit, &now).await
}

/// A page of promises that something names.
pub(crate) async fn these_promises(kept: &Kept, takes: ThesePromises) -> Result<Behind, Failure> {
    page_of(kept, &takes.promises, takes.offset, takes.limit, &kept.now()).await
}

/// How the promises of the last 30 days went, for the head of Today.
pub(crate) async fn last_days(kept: &Kept, _: Nothing) -> Result<LastDays, Failure> {
    let now = kept.now();
    let score = figures_of(kept, Period::up_to(now.today, LAST_DAYS), &now).await?.promised;
    let (kept, of) = (score.kept(), score.of());
    let record = score_words(kept, of).map(|words| {
        let words = format!("{words} kept on time over the last {LAST_DAYS} days");
        RecordView { kept, of, words }
    });
    Ok(LastDays { record })
}

/// A year, day by day.
pub(crate) async fn kept_days(kept: &Kept, takes: TheYear) -> Result<KeptDays, Failure> {
    let now = kept.now();
    let year = takes.year.unwrap_or_else(|| now.today.date().year());
    let wrong = || Failure::field("year", "Kept does not know this year.");
    let from = Day::new(year, 1, 1).ok_or_else(wrong)?;
    let to = Day::new(year, 12, 31).ok_or_else(wrong)?;
    let days = figures_of(kept, Period { from, to }, &now).await?.days;
    let missed = to_u32(days.values().filter(|(_, missed)| *missed > 0).count());
    let all_kept = to_u32(days.len()) - missed;
    let words = format!(
        "{} on which all was kept, {} on which something was missed.",
        count(all_kept, "day"),
        count(missed, "day")
    );
    let day = |(day, (kept, missed)): (Day, (u32, u32))| KeptDay { day, kept, missed };
    Ok(KeptDays { year, days: days.into_iter().map(day).collect(), kept: all_kept, missed, words })
}

/// The record as one printed page.
pub(crate) async fn statement(kept: &Kept, takes: InsightsQuery) -> Result<Statement, Failure> {
    let now = kept.now();
    let period = checked(takes.period, &now)?;
    let figures = figures_of(kept, period, &now).await?;
    let late = late_view(&figures);
    let long = |day: Day| day.date().format("%-d %B %Y").to_string();
    let line =
        |what: &str, figure: Option<String>| Some(StatementLine { what: what.to_owned(), figure: figure? });
    let of = |score: &Score| {
        let (kept, of) = (score.kept(), score.of());
        // Few are said as few: there the words are these numbers.
        let words = score_words(kept, of)?;
        Some(if words.contains('%') { format!("{words} ({kept} of {of})") } else { words })
    };
    let lines = [
        line("Kept in full and on time, as first promised", of(&figures.promised)),
        line("Kept in full and on time, as last agreed", of(&figures.agreed)),
        line("Late by a day or more", (late.count > 0).then(|| late.count.to_string())),
        line("Half of these by no more than", late.median),
        line("The latest by", late.worst),
        line("Gifts for what was missed, kept", of(&figures.gifts)),
    ];
    let mut lines: Vec<StatementLine> = lines.into_iter().flatten().collect();
    if lines.is_empty() {
        lines.push(StatementLine { what: "Nothing was due in this time".to_owned(), figure: String::new() });
    }
    Ok(Statement {
        business: kept.settings().business,
        period_words: format!("{} to {}", long(period.from), long(period.to)),
        day_words: long(now.today),
        lines,
        how: "Counted is every promise that was due in this time. A date that we moved counts as it was first promised, \
              one that the customer moved as they asked. What they called off in time is left out."
            .to_owned(),
    })
}

/// The figures of a period, of closed promises by their rows and of open ones from memory.
async fn figures_of(kept: &Kept, period: Period, now: &Now) -> Result<Figures, Failure> {
    let facts = facts::of_period(kept, period).await?;
    let calendar: WorkingCalendar = kept.settings().calendar;
    Ok(figures(facts.iter(), period, &calendar, now))
}

fn checked(period: Option<Period>, now: &Now) -> Result<Period, Failure> {
    let period = period.unwrap_or_else(|| Period::up_to(now.today, USUAL_DAYS));
    if period.is_sound() {
        return Ok(period);
    }
    Err(Failure::field("period", "Choose a last day after the first, within three years."))
}

fn words_of(period: Period, now: &Now) -> String {
    format!("{} to {}", period.from.words(now.today), period.to.words(now.today))
}

fn score_view(score: &Score, behind_kept: Figure, behind_missed: Figure) -> ScoreView {
    let (kept, of) = (score.kept(), score.of());
    ScoreView { kept, missed: of - kept, words: score_words(kept, of), behind_kept, behind_missed }
}

fn late_view(figures: &Figures) -> LateView {
    let days: Vec<i64> = figures.late.iter().map(|(days, _)| *days).collect();
    let worst = figures.late.first();
    LateView {
        count: to_u32(days.len()),
        median: median_words(&days),
        worst: worst.map(|(days, _)| count(*days, "day")),
        worst_promise: worst.map(|(_, id)| *id),
    }
}

fn lead_view(lead: &LeadTimes) -> Option<LeadView> {
    let idle_percent = lead.idle_percent()?;
    let half = |minutes: &[i64]| shares::median(minutes).map_or_else(String::new, long_words);
    let (order, work) = (half(&lead.lead), half(&lead.cycle));
    let words = format!(
        "From the order to the handover {order}; from the first work {work}. {idle_percent}% is waiting."
    );
    let most = shares::most(&lead.lead).map_or_else(String::new, long_words);
    let title = format!("Half of what was handed over took {order} or less, nine in ten {most} or less");
    Some(LeadView {
        of: to_u32(lead.lead.len()),
        days: lead_days(lead),
        lead: order,
        cycle: work,
        idle_percent,
        words,
        title,
    })
}

/// How many took no day, one day, two days and so on.
fn lead_days(lead: &LeadTimes) -> Vec<LeadDays> {
    let counts = lead.by_days();
    let last = counts.len().saturating_sub(1);
    let middle = shares::median(&lead.lead).and_then(|minutes| usize::try_from(minutes / DAY).ok());
    let row = |(at, count): (usize, &u32)| LeadDays {
        words: if at == last { format!("{at} or more") } else { at.to_string() },
        count: *count,
        median: middle.map(|middle| middle.min(last)) == Some(at),
        behind: Figure::LeadDays { days: to_u32(at) },
    };
    counts.iter().enumerate().map(row).collect()
}

/// A page of promises.
async fn page_of(
    kept: &Kept,
    ids: &[CommitmentId],
    offset: u32,
    limit: u32,
    now: &Now,
) -> Result<Behind, Failure> {
    let limit = limit.min(PAGE_MOST) as usize;
    let page: Vec<CommitmentId> = ids.iter().skip(offset as usize).take(limit).copied().collect();
    Ok(Behind { count: to_u32(ids.len()), offset, rows: rows_of(kept, &page, now).await? })
}

/// Minutes in words; days for what took longer than two.
fn long_words(minutes: i64) -> String {
    if minutes > 2 * DAY { count((minutes + DAY / 2) / DAY, "day") } else { duration(minutes) }
}
