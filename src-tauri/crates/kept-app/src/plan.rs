//! The week: opening hours, the hours that are set aside, what falls due, and what still needs hours.

mod placing;

pub(crate) use placing::suggestion;

use crate::Kept;
use crate::failure::Failure;
use crate::records::Known;
use crate::rows::{queue, to_u32};
use crate::shop::Shop;
use crate::takes::plan::WeekQuery;
use crate::tallies::closed_with_blocks;
use crate::today::open_minutes;
use chrono::{Datelike, Weekday};
use kept_core::block::TimeBlock;
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::Commitment;
use kept_core::day::{Day, Hours, Now, Stamp};
use kept_core::settings::{Settings, WeekStart};
use kept_core::urgency::{Place, Standing, standing};
use kept_core::views::plan::{MinuteSpan, NeedsHours, WeekBlock, WeekDay, WeekMark, WeekPlan, WorkloadView};
use kept_core::words::{Said, duration};
use kept_core::workload::Workload;
use std::sync::Arc;

/// A week has so many days.
const DAYS: i64 = 7;
/// No day shows more dates, and no more start-by flags.
const MARKS_MOST: usize = 60;
/// So many of the promises that still need hours are listed.
const UNPLACED_MOST: usize = 200;

/// One promise with how it stands.
type Stands = (Standing, Arc<Known<Commitment>>);

/// A week with everything that one plans it by.
pub(crate) async fn week(kept: &Kept, takes: WeekQuery) -> Result<WeekPlan, Failure> {
    let now = kept.now();
    let starts = kept.settings().week_starts;
    let from = first_day(takes.from.unwrap_or(now.today), starts);
    let closed = closed_with_blocks(&kept.0.store, from, DAYS).await?;
    let customers: Vec<_> = closed.iter().map(|known| known.it.customer).collect();
    kept.customers(&customers).await?;
    let shop = kept.shop();
    let week = Week {
        shop: &shop,
        now: &now,
        open: queue(&shop, &now),
        closed: closed_standings(&shop, closed, &now),
    };
    Ok(week.plan(from))
}

/// The first day of the week that a day lies in.
pub(crate) fn first_day(day: Day, starts: WeekStart) -> Day {
    let first = match starts {
        WeekStart::Monday => Weekday::Mon,
        WeekStart::Sunday => Weekday::Sun,
        WeekStart::Saturday => Weekday::Sat,
    };
    day.plus(-i64::from(day.weekday().days_since(first)))
}

/// Work against hours, for the screen.
pub(crate) fn workload_view(load: &Workload, when: &str) -> WorkloadView {
    WorkloadView {
        promises: to_u32(load.promises),
        needed: to_u32(load.needed),
        set_aside: to_u32(load.set_aside),
        free: to_u32(load.free),
        over: load.is_over(),
        words: load.words(when),
    }
}

/// The work that falls due in the seven days from a day on.
#[expect(single_use_lifetimes, reason = "a lifetime in `impl Trait` needs a name")]
pub(crate) fn load_of_week<'a>(
    standings: impl Iterator<Item = &'a Standing>,
    from: Day,
    shop: &Shop,
    now: &Now,
) -> Workload {
    let calendar = &shop.settings.it.calendar;
    let stretch = (calendar.zone.midnight(from), calendar.zone.midnight(from.plus(DAYS)));
    Workload::of(standings, stretch, &shop.tallies.taken, calendar, now)
}

fn closed_standings(shop: &Shop, closed: Vec<Known<Commitment>>, now: &Now) -> Vec<Stands> {
    let around = kept_core::around::Around::hours(&shop.tallies.taken);
    let stands =
        |known: Known<Commitment>| (standing(&known.it, &shop.settings.it, &around, now), Arc::new(known));
    closed.into_iter().map(stands).collect()
}

/// What a week is drawn from.
struct Week<'a> {
    shop: &'a Shop,
    now: &'a Now,
    open: Vec<Stands>,
    /// Closed promises that had time blocked in this week.
    closed: Vec<Stands>,
}

impl Week<'_> {
    fn plan(&self, from: Day) -> WeekPlan {
        let days: Vec<WeekDay> = (0..DAYS).map(|days| self.day(from.plus(days))).collect();
        let is_current = (0..DAYS).contains(&self.now.today.days_since(from));
        let load = load_of_week(self.open.iter().map(|(standing, _)| standing), from, self.shop, self.now);
        let (from_minute, to_minute) = rows_of_hours(&days);
        let needing = || self.open.iter().filter(|(standing, known)| needs_hours(standing, &known.it) > 0);
        WeekPlan {
            from,
            words: week_words(from, from.plus(DAYS - 1), self.now.today),
            previous: from.plus(-DAYS),
            next: from.plus(DAYS),
            is_current,
            from_minute,
            to_minute,
            days,
            unplaced: needing().take(UNPLACED_MOST).map(|stands| self.needs(stands)).collect(),
            unplaced_count: to_u32(needing().count()),
            load: workload_view(&load, if is_current { "this week" } else { "in this week" }),
        }
    }

    fn day(&self, day: Day) -> WeekDay {
        let calendar = self.calendar();
        let open_minutes = open_minutes(calendar, day);
        let unblocked: i64 = self
            .shop
            .tallies
            .taken
            .unblocked(calendar, day)
            .iter()
            .map(|(from, to)| to.minutes_since(*from))
            .sum();
        let blocked_minutes = open_minutes.saturating_sub(to_u32(unblocked));
        let spans = calendar.spans(day).iter();
        let is_today = day == self.now.today;
        WeekDay {
            day,
            words: day.date().format("%a %-d").to_string(),
            today: is_today,
            past: day < self.now.today,
            now: is_today.then(|| self.now.time.minutes()),
            name: calendar.exceptions.get(&day).map(|special| special.name.clone()),
            open: spans.map(|span| MinuteSpan { from: span.from.minutes(), to: span.to.minutes() }).collect(),
            open_minutes,
            blocked_minutes,
            due_minutes: crate::today::load(&self.open, calendar, self.now, day).0,
            load_words: match (open_minutes, blocked_minutes) {
                (0, _) => "Closed".to_owned(),
                (open, 0) => format!("{} open", duration(open.into())),
                (open, blocked) => {
                    format!("{} of {} blocked", duration(blocked.into()), duration(open.into()))
                }
            },
            blocks: self.blocks(day),
            dues: self.dues(day),
            flags: self.flags(day),
        }
    }

    fn blocks(&self, day: Day) -> Vec<WeekBlock> {
        let all = self.open.iter().chain(&self.closed);
        let on_day = all.flat_map(|stands| {
            let blocks = stands.1.it.blocks.iter().filter(move |block| block.day == day);
            blocks.map(move |block| self.block(stands, block))
        });
        let mut blocks: Vec<WeekBlock> = on_day.collect();
        blocks.sort_by_key(|block| (block.from, block.to, block.id));
        set_lanes(&mut blocks);
        blocks
    }

    fn block(&self, (standing, known): &Stands, block: &TimeBlock) -> WeekBlock {
        let it = &known.it;
        let part = it.deliverables.iter().find(|part| Some(part.id) == block.part);
        let title = part.map_or_else(|| it.title(), |part| part.what.clone());
        let customer = self.shop.customer_name(it.customer);
        let due_words = self.said(standing, known).due();
        let (_, ends) = block.instants(self.calendar());
        let when = block_words(block, self.now.today);
        WeekBlock {
            id: block.id,
            promise: it.id,
            version: known.last,
            part: block.part,
            from: block.span.from.minutes(),
            to: block.span.to.minutes(),
            lane: 0,
            lanes: 1,
            words: format!("{when}: {title} for {customer}, due {due_words}"),
            title,
            customer,
            place: standing.place,
            due_words,
            used: ends <= self.now.stamp,
            too_late: standing.deadline.is_some_and(|deadline| deadline < ends),
            closed: !it.is_open(),
        }
    }

    /// What falls due on a day; of the closed promises those that had time blocked in this week.
    fn dues(&self, day: Day) -> Vec<WeekMark> {
        let calendar = self.calendar();
        let all = self.open.iter().chain(&self.closed);
        let due = all.filter_map(|(standing, known)| {
            let deadline = standing.deadline.filter(|_| known.it.cancelled.is_none())?;
            (last_day(deadline, calendar) == day).then(|| self.mark(deadline, day, standing, known))
        });
        in_order(due)
    }

    fn flags(&self, day: Day) -> Vec<WeekMark> {
        let zone = self.calendar().zone;
        let starts = self.open.iter().filter_map(|(standing, known)| {
            let start = standing.start_by.filter(|_| known.it.started_at.is_none())?;
            (zone.day(start) == day).then(|| {
                let (_, time) = zone.wall(start);
                WeekMark {
                    minute: time.minutes(),
                    time: time.to_string(),
                    ..self.mark(start, day, standing, known)
                }
            })
        });
        in_order(starts)
    }

    fn mark(&self, at: Stamp, day: Day, standing: &Standing, known: &Known<Commitment>) -> WeekMark {
        let (last, time) = self.calendar().zone.wall(at);
        let hours = known.it.current_due().map(|due| due.hours);
        let time_words = match hours {
            Some(Hours::At { .. } | Hours::Between { .. }) => time.to_string(),
            Some(Hours::AnyTime) | None => "any time".to_owned(),
        };
        WeekMark {
            id: known.it.id,
            // What ends with its day stands at the end of it.
            minute: if last == day { time.minutes() } else { 24 * 60 },
            time: time_words,
            title: known.it.title(),
            customer: self.shop.customer_name(known.it.customer),
            place: standing.place,
            late: standing.place == Place::Overdue,
            done: known.it.is_full(),
        }
    }

    fn needs(&self, (standing, known): &Stands) -> NeedsHours {
        let said = self.said(standing, known);
        let needed = needs_hours(standing, &known.it);
        let start_by = standing.start_by.map(|start| said.day_and_time(start));
        let begin = start_by.as_ref().map_or_else(String::new, |start| format!(", begin by {start}"));
        NeedsHours {
            id: known.it.id,
            version: known.last,
            title: known.it.title(),
            customer: self.shop.customer_name(known.it.customer),
            place: standing.place,
            due_words: said.due(),
            remaining: to_u32(standing.remaining),
            set_aside: to_u32(standing.set_aside),
            needed: to_u32(needed),
            words: format!("{} to place{begin}", duration(needed)),
            start_by,
            suggestion: suggestion(standing, &self.settings().calendar, &self.shop.tallies.taken, self.now),
        }
    }

    fn said<'b>(&'b self, standing: &'b Standing, known: &'b Known<Commitment>) -> Said<'b> {
        Said { commitment: &known.it, standing, calendar: self.calendar(), now: self.now }
    }

    const fn settings(&self) -> &Settings {
        &self.shop.settings.it
    }

    const fn calendar(&self) -> &WorkingCalendar {
        &self.settings().calendar
    }
}

/// Minutes of work that no time is set aside for yet. What waits for somebody else needs no hours now.
pub(crate) fn needs_hours(standing: &Standing, it: &Commitment) -> i64 {
    if it.waiting.is_some() { 0 } else { (standing.remaining - standing.set_aside).max(0) }
}

/// `Thu 19 Nov, 09:00 to 11:00`.
pub(crate) fn block_words(block: &TimeBlock, today: Day) -> String {
    format!("{}, {} to {}", block.day.words(today), block.span.from, block.span.to)
}

/// The day that a deadline ends: a deadline at midnight ends the day before.
fn last_day(deadline: Stamp, calendar: &WorkingCalendar) -> Day {
    calendar.zone.day(Stamp::from_millis(deadline.millis() - 1))
}

fn in_order(marks: impl Iterator<Item = WeekMark>) -> Vec<WeekMark> {
    let mut marks: Vec<WeekMark> = marks.take(MARKS_MOST).collect();
    marks.sort_by_key(|mark| mark.minute);
    marks
}

/// Blocks at the same time stand side by side: each takes the first column that is free, and all that touch each other
/// share their width.
fn set_lanes(blocks: &mut [WeekBlock]) {
    let mut begin = 0;
    while begin < blocks.len() {
        let mut ends: Vec<u32> = Vec::new();
        let mut end = begin;
        while end < blocks.len() && (end == begin || ends.iter().any(|ends| *ends > blocks[end].from)) {
            let free = ends.iter().position(|ends| *ends <= blocks[end].from).unwrap_or(ends.len());
            if free == ends.len() {
                ends.push(0);
            }
            ends[free] = blocks[end].to;
            blocks[end].lane = to_u32(free);
            end += 1;
        }
        for block in &mut blocks[begin..end] {
            block.lanes = to_u32(ends.len());
        }
        begin = end;
    }
}

/// The hours that are drawn: the opening hours and all that lies outside of them, whole hours, eight at least.
fn rows_of_hours(days: &[WeekDay]) -> (u32, u32) {
    let open = days.iter().flat_map(|day| &day.open).map(|span| (span.from, span.to));
    let blocks = days.iter().flat_map(|day| &day.blocks).map(|block| (block.from, block.to));
    let marks =
        days.iter().flat_map(|day| day.dues.iter().chain(&day.flags)).map(|mark| (mark.minute, mark.minute));
    let (from, to) = open
        .chain(blocks)
        .chain(marks)
        .fold((u32::MAX, 0), |(first, last), (from, to)| (first.min(from), last.max(to)));
    let from = from.min(9 * 60) / 60 * 60;
    (from, (to.div_ceil(60) * 60).clamp(from + 8 * 60, 24 * 60))
}

/// `16 to 22 November`, `30 November to 6 December`; with the year where it is not this one.
fn week_words(from: Day, to: Day, today: Day) -> String {
    let end = if to.date().year() == today.date().year() { "%-d %B" } else { "%-d %B %Y" };
    let begin = match (from.date().year() == to.date().year(), from.date().month() == to.date().month()) {
        (true, true) => "%-d",
        (true, false) => "%-d %B",
        (false, _) => "%-d %B %Y",
    };
    format!("{} to {}", from.date().format(begin), to.date().format(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kept_core::id::{BlockId, CommitmentId};
    use uuid::Uuid;

    fn block(from: u32, to: u32) -> WeekBlock {
        WeekBlock {
            id: BlockId::new(Uuid::nil()),
            promise: CommitmentId::new(Uuid::nil()),
            version: 0,
            part: None,
            from,
            to,
            lane: 0,
            lanes: 1,
            title: String::new(),
            customer: String::new(),
            place: Place::Later,
            due_words: String::new(),
            words: String::new(),
            used: false,
            too_late: false,
            closed: false,
        }
    }

    #[test]
    fn blocks_at_the_same_time_stand_side_by_side() {
        for (spans, lanes) in [
            (vec![], vec![]),
            (vec![(9, 10), (10, 11)], vec![(0, 1), (0, 1)]),
            (vec![(9, 11), (10, 12)], vec![(0, 2), (1, 2)]),
            (vec![(9, 12), (9, 10), (10, 11)], vec![(0, 2), (1, 2), (1, 2)]),
            (vec![(9, 10), (9, 11), (10, 12), (13, 14)], vec![(0, 2), (1, 2), (0, 2), (0, 1)]),
        ] {
            let mut blocks: Vec<WeekBlock> = spans.iter().map(|(from, to)| block(*from, *to)).collect();
            set_lanes(&mut blocks);
            let found: Vec<(u32, u32)> = blocks.iter().map(|block| (block.lane, block.lanes)).collect();
            assert_eq!(found, lanes, "{spans:?}");
        }
    }

    #[test]
    fn a_week_begins_on_the_day_that_the_owner_has_set() {
        let saturday: Day = "2026-11-21".parse().unwrap();
        for (starts, first) in [
            (WeekStart::Monday, "2026-11-16"),
            (WeekStart::Sunday, "2026-11-15"),
            (WeekStart::Saturday, "2026-11-21"),
        ] {
            assert_eq!(first_day(saturday, starts).to_string(), first, "{starts:?}");
        }
    }

    #[test]
    fn a_week_is_named_by_its_days() {
        let today: Day = "2026-11-21".parse().unwrap();
        for (from, words) in [
            ("2026-11-16", "16 to 22 November"),
            ("2026-11-30", "30 November to 6 December"),
            ("2026-12-28", "28 December 2026 to 3 January 2027"),
            ("2027-01-04", "4 to 10 January 2027"),
        ] {
            let from: Day = from.parse().unwrap();
            assert_eq!(week_words(from, from.plus(6), today), words);
        }
    }
}
