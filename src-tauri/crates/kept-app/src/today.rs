//! Today: what must be done now so that no promise breaks.
//!
//! Computed from the open promises in memory alone; what is closed costs nothing.

use crate::failure::Failure;
use crate::plan::{load_of_week, workload_view};
use crate::records::Known;
use crate::rows::{queue, row, to_u32};
use crate::shop::Shop;
use crate::takes::Nothing;
use crate::{Kept, chores, feedback};
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::Commitment;
use kept_core::day::{Day, Now, Stamp};
use kept_core::money::Money;
use kept_core::urgency::{Place, Standing};
use kept_core::views::plan::WorkloadView;
use kept_core::views::{HeldView, RailMark, RailView, RoomDay, TodaySection, TodayView, WeekView};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// No section shows more rows than this; its count says how many there are.
const ROWS_MOST: usize = 200;

/// The places that Today shows, in the order in which they are to be looked at.
const SECTIONS: [(Place, &str, &str); 7] = [
    (Place::Overdue, "Overdue", "tell the customer first"),
    (Place::DueToday, "Due today", ""),
    (Place::StartNow, "Start now", "or the date is at risk"),
    (Place::PaidIdle, "Paid and waiting", "nothing was done for days"),
    (Place::TellFirst, "Tell before it is late", "the time left no longer suffices"),
    (Place::Awaiting, "Ask again", "the day to do so has come"),
    (Place::ThisWeek, "Later this week", ""),
];

/// The open promises, with how each stands.
pub(crate) type Queue = [(Standing, Arc<Known<Commitment>>)];

/// The home screen.
pub(crate) async fn today(kept: &Kept, _: Nothing) -> Result<TodayView, Failure> {
    let now = kept.now();
    feedback::read_customers(kept).await?;
    let shop = kept.shop();
    let queue = queue(&shop, &now);
    let calendar = &shop.settings.it.calendar;
    Ok(TodayView {
        today: now.today,
        time: now.time,
        day_words: now.today.date().format("%A %-d %B").to_string(),
        sections: sections(&queue, &shop, &now),
        held: held(&queue, calendar, &now),
        rail: rail(&queue, calendar, &now),
        room: room(&queue, calendar, &now),
        week: week(&queue, &shop, &now),
        chores: chores::due(&shop, &now),
        answer: feedback::to_answer(&shop, &now),
        empty: shop.empty,
    })
}

/// How many promises need something now: the badge of Today.
pub(crate) fn needing(queue: &Queue, now: &Now) -> u32 {
    let needs = |section: Option<Place>| section.is_some_and(|place| place != Place::ThisWeek);
    to_u32(queue.iter().filter(|(standing, known)| needs(section_of(standing, &known.it, now))).count())
}

/// How many are overdue: the badge of the tray.
pub(crate) fn overdue(queue: &Queue) -> u32 {
    to_u32(queue.iter().filter(|(standing, _)| standing.place == Place::Overdue).count())
}

fn sections(queue: &Queue, shop: &Shop, now: &Now) -> Vec<TodaySection> {
    let sections = SECTIONS.iter().map(|(place, name, hint)| {
        let is_here = |standing: &Standing, it: &Commitment| section_of(standing, it, now) == Some(*place);
        let here = || queue.iter().filter(|(standing, known)| is_here(standing, &known.it));
        TodaySection {
            place: *place,
            name: (*name).to_owned(),
            hint: (*hint).to_owned(),
            count: to_u32(here().count()),
            rows: here().take(ROWS_MOST).map(|(standing, known)| row(known, standing, shop, now)).collect(),
        }
    });
    sections.filter(|section| section.count > 0).collect()
}

/// The section that a promise stands in, if today shows it. What waits for somebody or for an event comes up when the day
/// to ask again has come, unless something more urgent shows it already.
fn section_of(standing: &Standing, it: &Commitment, now: &Now) -> Option<Place> {
    if standing.is_to_be_asked_again(it, now.today) {
        return Some(Place::Awaiting);
    }
    match standing.place {
        Place::Later | Place::Awaiting | Place::Delivered | Place::Cancelled => None,
        Place::Overdue
        | Place::DueToday
        | Place::TellFirst
        | Place::StartNow
        | Place::PaidIdle
        | Place::ThisWeek => Some(standing.place),
    }
}

/// The money of people who have paid and wait: the one figure about money on this screen. It orders nothing.
fn held(queue: &Queue, calendar: &WorkingCalendar, now: &Now) -> Option<HeldView> {
    let idle = || queue.iter().filter_map(|(standing, known)| Some((standing.idle_since?, &known.it)));
    let oldest = idle().map(|(since, _)| since).min()?;
    let mut sums = BTreeMap::new();
    let mut people = BTreeSet::new();
    for (_, it) in idle() {
        people.insert(it.customer);
        if let Some(money) = it.payment.received {
            let sum: &mut i64 = sums.entry(money.currency).or_default();
            *sum = sum.saturating_add(money.minor);
        }
    }
    let days = now.today.days_since(calendar.zone.day(oldest)).max(0);
    Some(HeldView {
        sums: sums.into_iter().map(|(currency, minor)| Money::new(minor, currency)).collect(),
        people: to_u32(people.len()),
        oldest_days: to_u32(days),
    })
}

/// The rail runs from opening to closing, and further if something hangs outside; what hangs at its end needs room.
fn rail(queue: &Queue, calendar: &WorkingCalendar, now: &Now) -> RailView {
    let minute = |stamp: Stamp| calendar.zone.wall(stamp).1.minutes();
    let on_today = |stamp: Stamp| calendar.zone.day(stamp) == now.today;
    let mark = |stamp: Stamp, standing: &Standing, known: &Known<Commitment>| RailMark {
        id: known.it.id,
        minute: minute(stamp),
        title: known.it.title(),
        late: standing.place == Place::Overdue,
        done: false,
    };
    let due_today = queue.iter().filter_map(|(standing, known)| {
        let deadline = standing.deadline.filter(|deadline| on_today(*deadline))?;
        Some(mark(deadline, standing, known))
    });
    let tickets: Vec<RailMark> = due_today.take(60).collect();
    let start_today = queue.iter().filter_map(|(standing, known)| {
        let start = standing.start_by.filter(|start| on_today(*start) && known.it.started_at.is_none())?;
        Some(mark(start, standing, known))
    });
    let flags: Vec<RailMark> = start_today.take(60).collect();
    let open = calendar.opening(now.today).map_or(8 * 60, minute);
    let close = calendar.closing(now.today).map_or(18 * 60, minute);
    let marks = || tickets.iter().chain(&flags).map(|mark| mark.minute);
    let from = marks().chain([now.time.minutes()]).fold(open, u32::min) / 60 * 60;
    let last = marks().map(|mark| mark + 45).chain([now.time.minutes()]).fold(close, u32::max);
    let to = last.div_ceil(60) * 60;
    let before_today = |(standing, _): &&(Standing, Arc<Known<Commitment>>)| {
        standing.place == Place::Overdue && standing.deadline.is_some_and(|deadline| !on_today(deadline))
    };
    RailView {
        from,
        to: to.clamp(from + 60, 24 * 60),
        now: now.time.minutes(),
        tickets,
        flags,
        overdue: to_u32(queue.iter().filter(before_today).count()),
    }
}

/// The next eight days against their hours; what is overdue weighs on today.
fn room(queue: &Queue, calendar: &WorkingCalendar, now: &Now) -> Vec<RoomDay> {
    (0..8)
        .map(|days| {
            let day = now.today.plus(days);
            let (planned, promises) = load(queue, calendar, now, day);
            RoomDay { day, planned, open: open_minutes(calendar, day), promises }
        })
        .collect()
}

/// Minutes of work and promises that fall due on a day.
pub(crate) fn load(queue: &Queue, calendar: &WorkingCalendar, now: &Now, day: Day) -> (u32, u32) {
    let due = queue.iter().filter(|(standing, _)| {
        let last = standing.deadline.map(|it| calendar.zone.day(Stamp::from_millis(it.millis() - 1)));
        last.is_some_and(|last| last.max(now.today) == day)
    });
    let (mut minutes, mut promises) = (0_i64, 0_u32);
    for (standing, _) in due {
        minutes = minutes.saturating_add(standing.remaining);
        promises += 1;
    }
    (to_u32(minutes), promises)
}

/// Minutes of opening on a day.
pub(crate) fn open_minutes(calendar: &WorkingCalendar, day: Day) -> u32 {
    calendar.spans(day).iter().map(|span| span.to.minutes().saturating_sub(span.from.minutes())).sum()
}

/// The next seven days, beginning with what is left of today.
fn week(queue: &Queue, shop: &Shop, now: &Now) -> WeekView {
    let load = load_of_week(queue.iter().map(|(standing, _)| standing), now.today, shop, now);
    let WorkloadView { promises, needed, set_aside, free, over, words } =
        workload_view(&load, "within seven days");
    WeekView { promises, needed, set_aside, free, over, words }
}
