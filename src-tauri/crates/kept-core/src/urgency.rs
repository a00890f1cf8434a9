//! What must be done first. Blind to money: nothing here can see an amount.
//!
//! The order is earliest deadline first: Jackson's rule (J. R. Jackson, 1955), by which the largest lateness among
//! all promises is the least possible. Ties go to the earlier start-by, then to the older promise.

use crate::around::Around;
use crate::block::blocked_minutes;
use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Deliverable, Stage};
use crate::day::{Day, Now, Stamp};
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
    /// Start-by was reached, or will be within two working days, and nobody has begun or set any time aside.
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
    /// Working minutes from now to the deadline that nobody else has taken, less the work left; negative when the time no
    /// longer suffices.
    pub slack: Option<i64>,
    /// Minutes that are set aside for it from now to the deadline.
    pub set_aside: i64,
    /// Something stands in its way.
    pub blocked: bool,
    /// So many promises to other customers with later dates were worked on since this one was last touched, if they are
    /// too many.
    pub squeezed: Option<u32>,
    /// Its customer was let down before.
    pub second_chance: bool,
    /// Since when a customer's money lies idle, if it does.
    pub idle_since: Option<Stamp>,
    /// When it was promised, for ties.
    pub placed_at: Stamp,
    /// The promise.
    pub id: CommitmentId,
}

impl Standing {
    /// Whether the day has come to ask somebody again that it waits for, or to look again whether its event has happened,
    /// and nothing about it is more urgent.
    pub fn is_to_be_asked_again(&self, commitment: &Commitment, today: Day) -> bool {
        let chase = commitment.waiting.as_ref().map(|waiting| waiting.chase);
        let review = commitment.awaits.as_ref().map(|event| event.review_by);
        let is_time = [chase, review].into_iter().flatten().any(|day| day <= today);
        is_time && matches!(self.place, Place::ThisWeek | Place::Later | Place::Awaiting)
    }

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

/// Minutes of work left: what was estimated for the parts that are neither ready nor handed over, and for the steps of
/// the whole. Where the steps of a part are estimated they say it better than the part. A promise for which nothing was
/// ever estimated is taken to need the usual effort.
pub fn remaining_minutes(commitment: &Commitment, usual_effort: u32) -> i64 {
    let mut to_make = commitment
        .deliverables
        .iter()
        .filter(|part| part.stage != Stage::Ready && commitment.left_of(part) > 0)
        .peekable();
    if to_make.peek().is_none() {
        return 0;
    }
    let is_estimated = commitment.deliverables.iter().any(|part| part.effort_left.is_some())
        || commitment.steps.iter().any(|step| step.effort.is_some());
    if !is_estimated {
        return i64::from(usual_effort);
    }
    let of_the_whole = commitment.steps_of_the_whole().filter(|step| step.done_at.is_none());
    let of_the_whole: i64 = of_the_whole.map(|step| i64::from(step.effort.unwrap_or(0))).sum();
    to_make.map(|part| i64::from(effort_left(commitment, part).unwrap_or(0))).sum::<i64>() + of_the_whole
}

/// Minutes of work that a part still needs, if anybody has estimated them: its steps that are not done, else its own.
pub fn effort_left(commitment: &Commitment, part: &Deliverable) -> Option<u32> {
    let steps = || commitment.steps_of(part.id).filter(|step| step.effort.is_some());
    if steps().next().is_none() {
        return part.effort_left;
    }
    let open = steps().filter(|step| step.done_at.is_none()).filter_map(|step| step.effort);
    Some(open.fold(0, u32::saturating_add))
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

/// How a commitment stands at `now`, among what goes on around it.
pub fn standing(commitment: &Commitment, settings: &Settings, around: &Around<'_>, now: &Now) -> Standing {
    let calendar = &settings.calendar;
    let deadline = current_deadline(commitment, calendar);
    let remaining = remaining_minutes(commitment, settings.usual_effort);
    let (id, taken) = (commitment.id, around.taken());
    let start_by =
        deadline.filter(|_| remaining > 0).map(|deadline| taken.start_by(calendar, id, deadline, remaining));
    let slack = deadline.map(|deadline| taken.free_minutes(calendar, id, now.stamp, deadline) - remaining);
    let mut standing = Standing {
        place: Place::Later,
        deadline,
        start_by,
        remaining,
        slack,
        set_aside: blocked_minutes(commitment, calendar, now.stamp, deadline),
        blocked: around.is_blocked(commitment),
        squeezed: squeezed_out(commitment, remaining, settings, around),
        second_chance: around.is_second_chance(commitment),
        idle_since: idle_since(commitment, settings, now),
        placed_at: commitment.placed_at,
        id,
    };
    standing.place = place(commitment, &standing, calendar, now);
    standing
}

/// How many were worked on while this one waited, if they are as many as the owner calls squeezed out. What waits for
/// somebody else, or only to be handed over, is squeezed out by nobody.
fn squeezed_out(
    commitment: &Commitment,
    remaining: i64,
    settings: &Settings,
    around: &Around<'_>,
) -> Option<u32> {
    let could_go_on = commitment.is_open()
        && commitment.waiting.is_none()
        && !around.is_blocked(commitment)
        && remaining > 0;
    let overtaken = around.overtaken(commitment.id);
    (could_go_on && overtaken >= settings.squeezed_by).then_some(overtaken)
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
    let ends_before = |day: Day| deadline <= calendar.zone.midnight(day.plus(1));
    if deadline < now.stamp {
        Place::Overdue
    } else if ends_before(now.today) {
        Place::DueToday
    } else if standing.slack.is_some_and(|slack| slack < 0)
        && !commitment.is_warned()
        && !commitment.knows_it_is_late()
    {
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

/// Start-by was reached, or it lies within two working days and nobody has begun or set any time aside.
fn must_start(commitment: &Commitment, standing: &Standing, calendar: &WorkingCalendar, now: &Now) -> bool {
    if commitment.waiting.is_some() {
        return false;
    }
    standing.start_by.is_some_and(|start_by| {
        start_by <= now.stamp
            || commitment.started_at.is_none()
                && standing.set_aside == 0
                && calendar.zone.day(start_by) <= calendar.working_day(now.today, 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::around::Worked;
    use crate::commitment::{Event, Waiting, WaitingOn};
    use crate::id::CustomerId;
    use crate::money::{Currency, Money};
    use crate::samples::{block, commitment, due, handed, now, stamp, zone};
    use crate::taken::Taken;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn settings() -> Settings {
        Settings::new(zone())
    }

    fn alone(commitment: &Commitment, now: &Now) -> Standing {
        standing(commitment, &settings(), &Around::hours(&Taken::nothing()), now)
    }

    fn check(what: &str, commitment: &Commitment, at: &str, expected: Place) {
        assert_eq!(alone(commitment, &now(at)).place, expected, "{what}");
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
        let mut blocked = promise();
        blocked.blocks = vec![block(1, "2026-11-20", "10:00", "12:00")];
        check("time is set aside for it", &blocked, "2026-11-18 10:00", Place::ThisWeek);
        check("the time is used up", &blocked, "2026-11-20 12:00", Place::DueToday);
        let mut huge = promise();
        huge.deliverables[0].effort_left = Some(100 * 60);
        check("no longer to be done", &huge, "2026-11-13 10:00", Place::TellFirst);
    }

    #[test]
    fn start_by_is_the_deadline_less_the_work_left() {
        let mut promise = commitment("12 cupcakes", due("2026-11-20", "10:00"));
        let start_by = |promise: &Commitment| alone(promise, &now("2026-11-02 10:00")).start_by;
        assert_eq!(start_by(&promise), Some(stamp("2026-11-19 17:00")));
        promise.deliverables[0].stage = Stage::Ready;
        assert_eq!(start_by(&promise), None);
        promise.deliverables[0].stage = Stage::Open;
        promise.deliverables[0].effort_left = None;
        assert_eq!(start_by(&promise), Some(stamp("2026-11-20 09:00")), "the usual hour is assumed");
    }

    #[test]
    fn start_by_and_slack_count_the_hours_that_others_have_taken_and_its_own() {
        let promise = commitment("12 cupcakes", due("2026-11-20", "12:00"));
        let check = |what: &str, blocks: &[(&str, &str)], own: bool, start_by: &str, slack: i64| {
            let mut blocked = commitment("1 buffet", due("2026-12-20", "12:00"));
            blocked.id = CommitmentId::new(Uuid::from_u128(if own { 1 } else { 9 }));
            for (index, (from, to)) in blocks.iter().enumerate() {
                blocked.blocks.push(block(index as u128, "2026-11-20", from, to));
            }
            let taken = Taken::of([&blocked]);
            let standing = standing(&promise, &settings(), &Around::hours(&taken), &now("2026-11-20 08:00"));
            assert_eq!((standing.start_by, standing.slack), (Some(stamp(start_by)), Some(slack)), "{what}");
        };
        check("nothing is blocked", &[], false, "2026-11-20 10:00", 60);
        check("an hour for somebody else", &[("10:30", "11:30")], false, "2026-11-20 09:00", 0);
        check("two hours", &[("09:30", "11:30")], false, "2026-11-19 17:00", -60);
        check("its own hours", &[("09:30", "11:30")], true, "2026-11-20 10:00", 60);
        check("its own, before opening", &[("06:00", "08:30")], true, "2026-11-20 10:00", 60 + 30);
    }

    fn squeezed(others: u32, at_most: u32, change: impl Fn(&mut Commitment)) -> Option<u32> {
        let mut mine = commitment("1 book", due("2026-12-18", "15:00"));
        change(&mut mine);
        let worked: Vec<Worked> = (0..others)
            .map(|other| Worked {
                promise: CommitmentId::new(Uuid::from_u128(u128::from(other) + 10)),
                customer: CustomerId::new(Uuid::from_u128(99)),
                at: stamp("2026-11-10 10:00"),
                due: Some(due("2026-12-20", "15:00")),
            })
            .collect();
        let settings = Settings { squeezed_by: at_most, ..settings() };
        let (taken, now) = (Taken::nothing(), now("2026-11-11 10:00"));
        let around =
            Around::of(&taken, [&mine].into_iter(), worked.iter(), std::iter::empty(), &settings, &now);
        standing(&mine, &settings, &around, &now).squeezed
    }

    #[test]
    fn a_promise_is_squeezed_out_when_too_many_others_moved_while_it_waited() {
        assert_eq!(squeezed(2, 3, |_| {}), None);
        assert_eq!(squeezed(3, 3, |_| {}), Some(3));
        assert_eq!(squeezed(6, 3, |_| {}), Some(6));
        assert_eq!(squeezed(6, 7, |_| {}), None, "the owner says how many are too many");
        let waits = |it: &mut Commitment| {
            let (since, chase) = (stamp("2026-11-02 10:00"), "2026-11-12".parse().unwrap());
            it.waiting = Some(Waiting { on: WaitingOn::Customer, since, chase });
        };
        assert_eq!(squeezed(6, 3, waits), None, "it waits for somebody else");
        assert_eq!(squeezed(6, 3, |it| it.deliverables[0].stage = Stage::Ready), None, "it is ready");
        assert_eq!(
            squeezed(6, 3, |it| it.worked_at = Some(stamp("2026-11-10 11:00"))),
            None,
            "touched since"
        );
    }

    #[test]
    fn what_waits_is_asked_again_from_its_day_on_unless_more_is_said_already() {
        let asked = |due_day: &str, chase: Option<&str>, review: Option<&str>| {
            let mut it = commitment("1 book", due(due_day, "15:00"));
            let (on, since) = (WaitingOn::Customer, stamp("2026-11-02 10:00"));
            it.waiting = chase.map(|day| Waiting { on, since, chase: day.parse().unwrap() });
            it.awaits = review.map(|day| Event {
                what: "when the book is out".to_owned(),
                review_by: day.parse().unwrap(),
            });
            let now = now("2026-11-11 10:00");
            alone(&it, &now).is_to_be_asked_again(&it, now.today)
        };
        let far = "2026-12-18";
        assert!(!asked(far, None, None));
        assert!(!asked(far, Some("2026-11-12"), None), "the day after");
        assert!(asked(far, Some("2026-11-11"), None));
        assert!(asked(far, Some("2026-11-03"), None));
        assert!(asked(far, None, Some("2026-11-11")));
        assert!(asked(far, Some("2026-11-12"), Some("2026-11-11")), "either of the two days");
        assert!(asked("2026-11-16", Some("2026-11-11"), None), "within the week");
        assert!(!asked("2026-11-11", Some("2026-11-11"), None), "due today");
        assert!(!asked("2026-11-10", Some("2026-11-11"), None), "overdue");
    }

    #[test]
    fn paid_and_untouched_for_five_working_days_is_idle() {
        let mut promise = commitment("1 book", due("2026-12-18", "15:00"));
        let idle = |promise: &Commitment, at: &str| alone(promise, &now(at)).idle_since;
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
                let promises: Vec<Commitment> = cases.iter().zip(amounts).enumerate()
                    .map(|(index, ((days, effort, paid, _), amount))| {
                        let day = now.today.plus(*days - 5).to_string();
                        let mut promise = commitment("12 cupcakes", due(&day, "15:00"));
                        promise.id = CommitmentId::new(Uuid::from_u128(index as u128));
                        promise.customer = CustomerId::new(Uuid::from_u128(index as u128 % 3));
                        promise.worked_at = (index % 2 == 0).then_some(stamp("2026-11-19 10:00"));
                        promise.deliverables[0].effort_left = Some(*effort);
                        promise.payment.total = Some(Money::new(*amount, Currency::USD));
                        promise.payment.received = paid.then(|| Money::new(*amount, Currency::USD));
                        promise
                    })
                    .collect();
                let (settings, taken, none) = (settings(), Taken::of(&promises), std::iter::empty());
                let around =
                    Around::of(&taken, promises.iter(), [].iter(), none, &settings, &now);
                let mut standings: Vec<Standing> =
                    promises.iter().map(|promise| standing(promise, &settings, &around, &now)).collect();
                standings.sort_by(Standing::order);
                standings
            };
            let amounts: Vec<i64> = cases.iter().map(|case| case.3).collect();
            prop_assert_eq!(queue(&amounts), queue(&others));
        }
    }
}
