//! The record: figures of a period, the promises behind each, a year day by day, the weekly review and the printed statement.
//! Read by the day on which promises were due; what lies outside of the period costs nothing. Nobody who works here is
//! counted.

mod review;
mod shares;

pub(crate) use review::review;

use crate::failure::Failure;
use crate::lists::rows_of;
use crate::rows::to_u32;
use crate::takes::learn::{BehindQuery, InsightsQuery, TheYear};
use crate::{Kept, facts, wins};
use chrono::Datelike as _;
use kept_core::calendar::WorkingCalendar;
use kept_core::day::{Day, Now};
use kept_core::id::CommitmentId;
use kept_core::insights::{Figure, Figures, LeadTimes, Period, Score, figures, median_words, score_words};
use kept_core::views::insights::{
    Behind, Insights, KeptDay, KeptDays, LateView, LeadView, ScoreView, Statement, StatementLine, WeekScore,
};
use kept_core::words::{count, duration};
use std::collections::BTreeMap;

/// The period that is shown if none is named, in days.
const USUAL_DAYS: i64 = 90;
/// No page is longer.
const PAGE_MOST: u32 = 200;

/// The record of a period.
pub(crate) async fn insights(kept: &Kept, takes: InsightsQuery) -> Result<Insights, Failure> {
    let now = kept.now();
    let period = checked(takes.period, &now)?;
    let figures = figures_of(kept, period, &now).await?;
    let causes = shares::causes(kept, &figures);
    let series = shares::series(kept, &figures).await?;
    let sizes = shares::sizes(&figures);
    let shop = kept.shop();
    Ok(Insights {
        period,
        period_words: words_of(period, &now),
        promised: score_view(&figures.promised, Figure::Kept, Figure::Missed),
        agreed: score_view(&figures.agreed, Figure::KeptAsAgreed, Figure::MissedAsAgreed),
        late: late_view(&figures),
        lead: lead_view(&figures.lead),
        weeks: weeks(&figures.days),
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
        Figure::Kept
        | Figure::Missed
        | Figure::KeptAsAgreed
        | Figure::MissedAsAgreed
        | Figure::Late
        | Figure::Lead
        | Figure::QuietSaves
        | Figure::Gifts
        | Figure::Size { .. } => checked(Some(takes.period), &now)?,
    };
    let ids = figures_of(kept, period, &now).await?.behind(takes.figure);
    let limit = takes.limit.min(PAGE_MOST) as usize;
    let page: Vec<CommitmentId> = ids.iter().skip(takes.offset as usize).take(limit).copied().collect();
    Ok(Behind { count: to_u32(ids.len()), offset: takes.offset, rows: rows_of(kept, &page, &now).await? })
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
    let line =
        |what: &str, figure: Option<String>| Some(StatementLine { what: what.to_owned(), figure: figure? });
    let of = |score: &Score| {
        let words = score_words(score.kept(), score.of())?;
        Some(format!("{words} ({} of {})", score.kept(), score.of()))
    };
    let lines = [
        line("Kept in full and on time, as first promised", of(&figures.promised)),
        line("Kept in full and on time, as last agreed", of(&figures.agreed)),
        line("Late, half of them by no more than", late.median),
        line("The latest by", late.worst),
        line("Gifts for what was missed, kept", of(&figures.gifts)),
    ];
    Ok(Statement {
        business: kept.settings().business,
        period_words: words_of(period, &now),
        day_words: now.today.date().format("%-d %B %Y").to_string(),
        lines: lines.into_iter().flatten().collect(),
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
    Some(LeadView { of: to_u32(lead.lead.len()), lead: order, cycle: work, idle_percent, words })
}

/// Minutes in words; days for what took longer than two.
fn long_words(minutes: i64) -> String {
    const DAY: i64 = 24 * 60;
    if minutes > 2 * DAY { count((minutes + DAY / 2) / DAY, "day") } else { duration(minutes) }
}

/// The score by weeks that begin on a Monday.
fn weeks(days: &BTreeMap<Day, (u32, u32)>) -> Vec<WeekScore> {
    let mut weeks: BTreeMap<Day, (u32, u32)> = BTreeMap::new();
    for (day, (kept, missed)) in days {
        let monday = day.plus(-i64::from(day.weekday().num_days_from_monday()));
        let week = weeks.entry(monday).or_default();
        *week = (week.0 + kept, week.1 + missed);
    }
    weeks.into_iter().map(|(from, (kept, missed))| WeekScore { from, kept, missed }).collect()
}
