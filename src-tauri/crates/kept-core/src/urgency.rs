//! What must be done first. Blind to money: nothing here can see an amount.
//!
//! The order is earliest deadline first: Jackson's rule (J. R. Jackson, 1955), by which the largest lateness among
//! all promises is the least possible. Ties go to the earlier start-by, then to the older promise.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Stage};
use crate::day::{Now, Stamp};
use crate::id::CommitmentId;
use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use ts_rs::TS;

/// Where an open promise stands, most urgent first; where a closed one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Place {
    /// The date has passed.
    Overdue,
    /// Due before this day ends.
    DueToday,
    /// The time left no longer suffices, and the customer does not know.
    TellFirst,
    /// Start-by was reached, or will be within two working days and nobody has begun.
    StartNow,
    /// Money was received and nothing was done for days.
    PaidIdle,
    /// Due within seven days.
    ThisWeek,
    /// Due later.
    Later,
    /// It waits for an event and has no date.
    Awaiting,
    /// Handed over in full.
    Delivered,
    /// Called off.
    Cancelled,
}

/// How an open promise stands against the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it belongs.
    pub place: Place,
    /// The end of the date that stands now; none while it waits for an event.
    pub deadline: Option<Stamp>,
    /// The latest instant at which work can begin; none when nothing is left to do or no date is set.
    pub start_by: Option<Stamp>,
    /// Minutes of work left.
    pub remaining: i64,
    /// Working minutes from now to the deadline less the work left; negative when the time no longer suffices.
    pub slack: Option<i64>,
    /// Since when a customer's money lies idle, if it does.
    pub idle_since: Option<Stamp>,
    /// When it was promised, for ties.
    pub placed_at: Stamp,
    /// The promise.
    pub id: CommitmentId,
}

impl Standing {
    /// The order of the queue.
    pub fn order(&self, other: &Self) -> Ordering {
        let late_when_none = |stamp: Option<Stamp>| (stamp.is_none(), stamp);
        late_when_none(self.deadline)
            .cmp(&late_when_none(other.deadline))
            .then_with(|| late_when_none(self.start_by).cmp(&late_when_none(other.start_by)))
            .then_with(|| self.placed_at.cmp(&other.placed_at))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// Minutes of work left: what was estimated for the parts that are neither ready nor handed over. A promise for which
/// nothing was ever estimated is taken to need the usual effort.
pub fn remaining_minutes(commitment: &Commitment, usual_effort: u32) -> i64 {
    let mut to_make = commitment
        .deliverables
        .iter()
        .filter(|part| part.stage != Stage::Ready && commitment.left_of(part) > 0);
    if commitment.deliverables.iter().all(|part| part.effort_left.is_none()) {
        return if to_make.next().is_some() { i64::from(usual_effort) } else { 0 };
    }
    to_make.map(|part| i64::from(part.effort_left.unwrap_or(0))).sum()
}

/// The end of the date that stands now: of the earliest date that something is still owed for, where parts have dates of their own.
pub fn current_deadline(commitment: &Commitment, calendar: &WorkingCalendar) -> Option<Stamp> {
    let current = commitment.current_due();
    commitment
        .deliverables
        .iter()
        .filter(|part| commitment.left_of(part) > 0)
        .filter_map(|part| part.due.or(current))
        .map(|due| calendar.deadline(&due))
        .min()
        .or_else(|| current.map(|due| calendar.deadline(&due)))
}

/// How a commitment stands at `now`.
pub fn standing(commitment: &Commitment, settings: &Settings, now: &Now) -> Standing {
    let calendar = &settings.calendar;
    let deadline = current_deadline(commitment, calendar);
    let remaining = remaining_minutes(commitment, settings.usual_effort);
    let start_by = deadline.filter(|_| remaining > 0).map(|deadline| calendar.start_by(deadline, remaining));
    let slack = deadline.map(|deadline| calendar.working_minutes(now.stamp, deadline) - remaining);
    let mut standing = Standing {
        place: Place::Later,
        deadline,
        start_by,
        remaining,
        slack,
        idle_since: idle_since(commitment, settings, now),
        placed_at: commitment.placed_at,
        id: commitment.id,
    };
    standing.place = place(commitment, &standing, calendar, now);
    standing
}

/// Since when a customer's money lies idle: money was received, nothing was done since, and `idle_days` working days have
/// passed. None while it waits for somebody else, who is chased instead.
pub fn idle_since(commitment: &Commitment, settings: &Settings, now: &Now) -> Option<Stamp> {
    if !commitment.is_open() || !commitment.payment.holds_money() || commitment.waiting.is_some() {
        return None;
    }
    let since = last_touched(commitment);
    let calendar = &settings.calendar;
    let days = calendar.working_days_between(calendar.zone.day(since), now.today);
    (days >= i64::from(settings.idle_days)).then_some(since)
}

/// When something was last done for a promise: when it was paid, if nothing was done since.
pub fn last_touched(commitment: &Commitment) -> Stamp {
    let worked = commitment.worked_at.into_iter().chain(commitment.started_at);
    let handed_over = commitment.handovers.iter().map(|handover| handover.at);
    worked.chain(handed_over).chain(commitment.payment.received_at).fold(commitment.placed_at, Stamp::max)
}

fn place(commitment: &Commitment, standing: &Standing, calendar: &WorkingCalendar, now: &Now) -> Place {
    if commitment.cancelled.is_some() {
        return Place::Cancelled;
    }
    if commitment.is_full() {
        return Place::Delivered;
    }
    let Some(deadline) = standing.deadline else {
        return if standing.idle_since.is_some() { Place::PaidIdle } else { Place::Awaiting };
    };
    let ends_before = |day: crate::day::Day| deadline <= calendar.zone.midnight(day.plus(1));
    if deadline < now.stamp {
        Place::Overdue
    } else if ends_before(now.today) {
        Place::DueToday
    } else if standing.slack.is_some_and(|slack| slack < 0) {
        Place::TellFirst
    } else if must_start(commitment, standing, calendar, now) {
        Place::StartNow
    } else if standing.idle_since.is_some() {
        Place::PaidIdle
    } else if ends_before(now.today.plus(7)) {
        Place::ThisWeek
    } else {
        Place::Later
    }
}

/// Start-by was reached, or it lies within two working days and nobody has begun.
fn must_start(commitment: &Commitment, standing: &Standing, calendar: &WorkingCalendar, now: &Now) -> bool {
    if commitment.waiting.is_some() {
        return false;
    }
    standing.start_by.is_some_and(|start_by| {
        start_by <= now.stamp
            || commitment.started_at.is_none()
                && calendar.zone.day(start_by) <= calendar.working_day(now.today, 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money};
    use crate::samples::{commitment, due, handed, now, stamp, zone};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn settings() -> Settings {
        Settings::new(zone())
    }

    fn check(what: &str, commitment: &Commitment, at: &str, expected: Place) {
        assert_eq!(standing(commitment, &settings(), &now(at)).place, expected, "{what}");
    }

    #[test]
    fn a_promise_stands_where_its_clock_puts_it() {
        // Two hours of work, due on a Friday at three.
        let promise = || commitment("12 cupcakes", due("2026-11-20", "15:00"));
        check("three weeks before", &promise(), "2026-11-02 10:00", Place::Later);
        check("a week before", &promise(), "2026-11-13 10:00", Place::ThisWeek);
        check("start-by is two working days away", &promise(), "2026-11-18 10:00", Place::StartNow);
        check("on the day", &promise(), "2026-11-20 09:00", Place::DueToday);
        check("at the very time", &promise(), "2026-11-20 15:00", Place::DueToday);
        check("a minute later", &promise(), "2026-11-20 15:01", Place::Overdue);
        check(
            "handed over",
            &handed(promise(), 12, "2026-11-20 14:00"),
            "2026-11-20 15:01",
            Place::Delivered,
        );
        let mut begun = promise();
        begun.started_at = Some(stamp("2026-11-17 10:00"));
        check("begun in time", &begun, "2026-11-18 10:00", Place::ThisWeek);
        let mut huge = promise();
        huge.deliverables[0].effort_left = Some(100 * 60);
        check("no longer to be done", &huge, "2026-11-13 10:00", Place::TellFirst);
    }

    #[test]
    fn start_by_is_the_deadline_less_the_work_left() {
        let mut promise = commitment("12 cupcakes", due("2026-11-20", "10:00"));
        let start_by =
            |promise: &Commitment| standing(promise, &settings(), &now("2026-11-02 10:00")).start_by;
        assert_eq!(start_by(&promise), Some(stamp("2026-11-19 17:00")));
        promise.deliverables[0].stage = Stage::Ready;
        assert_eq!(start_by(&promise), None);
        promise.deliverables[0].stage = Stage::Open;
        promise.deliverables[0].effort_left = None;
        assert_eq!(start_by(&promise), Some(stamp("2026-11-20 09:00")), "the usual hour is assumed");
    }

    #[test]
    fn paid_and_untouched_for_five_working_days_is_idle() {
        let mut promise = commitment("1 book", due("2026-12-18", "15:00"));
        let idle = |promise: &Commitment, at: &str| standing(promise, &settings(), &now(at)).idle_since;
        assert_eq!(idle(&promise, "2026-11-20 10:00"), None, "nothing was paid");
        promise.payment.received = Some(Money::new(9000, Currency::USD));
        promise.payment.received_at = Some(stamp("2026-11-02 10:00"));
        assert_eq!(idle(&promise, "2026-11-06 10:00"), None, "four working days");
        assert_eq!(idle(&promise, "2026-11-09 10:00"), Some(stamp("2026-11-02 10:00")));
        promise.worked_at = Some(stamp("2026-11-05 10:00"));
        assert_eq!(idle(&promise, "2026-11-09 10:00"), None, "somebody has worked on it");
        check("it is said before the date is near", &promise, "2026-11-20 10:00", Place::PaidIdle);
    }

    proptest! {
        /// Whoever pays more is not served first: any amounts give the same places in the same order.
        #[test]
        fn amounts_never_enter_the_order(
            cases in prop::collection::vec((0_i64..40, 0_u32..3_000, any::<bool>(), 1_i64..10_000_000), 2..30),
            others in prop::collection::vec(1_i64..10_000_000, 30),
        ) {
            let now = now("2026-11-20 10:00");
            let queue = |amounts: &[i64]| {
                let mut standings: Vec<Standing> = cases.iter().zip(amounts).enumerate()
                    .map(|(index, ((days, effort, paid, _), amount))| {
                        let day = now.today.plus(*days - 5).to_string();
                        let mut promise = commitment("12 cupcakes", due(&day, "15:00"));
                        promise.id = CommitmentId::new(Uuid::from_u128(index as u128));
                        promise.deliverables[0].effort_left = Some(*effort);
                        promise.payment.total = Some(Money::new(*amount, Currency::USD));
                        promise.payment.received = paid.then(|| Money::new(*amount, Currency::USD));
                        standing(&promise, &settings(), &now)
                    })
                    .collect();
                standings.sort_by(Standing::order);
                standings
            };
            let amounts: Vec<i64> = cases.iter().map(|case| case.3).collect();
            prop_assert_eq!(queue(&amounts), queue(&others));
        }
    }
}
