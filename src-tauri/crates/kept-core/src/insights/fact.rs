//! All of a promise that the figures need, and nothing else, so that a year of them is read in no time.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Party};
use crate::day::{Day, Due, Hours, Now, Stamp, TimeOfDay, Zone};
use crate::id::{CommitmentId, SeriesId};
use crate::money::{Currency, Money};
use crate::outcome::{Case, Outcome, PartCase, deadline_day};
use serde::{Deserialize, Serialize};

/// All of a promise that the figures need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The promise.
    pub id: CommitmentId,
    /// What it is judged by.
    pub case: Case,
    /// The date that stands: what was last agreed.
    pub agreed: Option<Due>,
    /// When it was promised.
    pub placed_at: Stamp,
    /// When work began.
    pub started_at: Option<Stamp>,
    /// When something of it was first handed over.
    pub first_handed_over: Option<Stamp>,
    /// Minutes of work that it was taken to need in all, if anybody has estimated them.
    pub effort: Option<i64>,
    /// Something had put it at risk: a slip, an obstacle, or word that it would be late.
    pub flagged: bool,
    /// It makes up for a miss.
    pub gift: bool,
    /// The promise that repeats which it is one of.
    pub series: Option<SeriesId>,
    /// Its price: for the fairness by size, and nothing else.
    pub total: Option<Money>,
}

impl Fact {
    /// What a promise adds to the figures.
    pub fn of(it: &Commitment) -> Self {
        Self {
            id: it.id,
            case: Case::of(it),
            agreed: it.current_due(),
            placed_at: it.placed_at,
            started_at: it.started_at,
            first_handed_over: it.handovers.iter().map(|handover| handover.at).min(),
            effort: effort(it),
            flagged: !it.slips.is_empty() || !it.blocked_by.is_empty() || it.knows_it_is_late(),
            gift: it.makes_good.is_some(),
            series: it.series.map(|of| of.series),
            total: it.payment.total,
        }
    }

    /// The day under which it is found: that of its date, wherever the shop stands; of what waited for an event and was
    /// called off by us, that day.
    pub fn key_day(&self) -> Option<Day> {
        let called_off = self.case.cancelled.filter(|(by, _)| *by == Party::Us);
        self.case.due.map(|due| due.day).or_else(|| called_off.map(|(_, at)| Zone::UTC.day(at)))
    }

    /// The day on which its deadline falls, by the clocks of the shop.
    pub fn deadline_day(&self, calendar: &WorkingCalendar) -> Option<Day> {
        let deadline = self.case.deadline(calendar).map(|deadline| deadline_day(deadline, calendar));
        let called_off = self.case.cancelled.filter(|(by, _)| *by == Party::Us);
        deadline.or_else(|| called_off.map(|(_, at)| calendar.zone.day(at)))
    }

    /// The outcome as first promised.
    pub fn outcome(&self, calendar: &WorkingCalendar, now: &Now) -> Outcome {
        self.case.outcome(calendar, now)
    }

    /// The outcome as last agreed.
    pub fn outcome_as_agreed(&self, calendar: &WorkingCalendar, now: &Now) -> Outcome {
        if self.agreed == self.case.due {
            return self.outcome(calendar, now);
        }
        Case { due: self.agreed, ..self.case.clone() }.outcome(calendar, now)
    }

    /// Whether it was at risk and kept all the same: something had put it at risk, or work on it began when the time left
    /// was shorter than what it was taken to need. Who only notes the handover says nothing about when work began.
    pub fn is_quiet_save(&self, calendar: &WorkingCalendar, now: &Now) -> bool {
        self.outcome(calendar, now) == Outcome::Kept && (self.flagged || self.began_late(calendar))
    }

    fn began_late(&self, calendar: &WorkingCalendar) -> bool {
        let began =
            self.started_at.filter(|start| self.first_handed_over.is_some_and(|first| *start < first));
        let (Some(began), Some(effort), Some(deadline)) = (began, self.effort, self.case.deadline(calendar))
        else {
            return false;
        };
        effort > 0 && began > calendar.start_by(deadline, effort)
    }

    /// As it lies in the store, without its id.
    pub fn to_row(&self) -> FactRow {
        FactRow::from(self)
    }

    /// As it was read from the store; none if it makes no sense.
    pub fn from_row(id: CommitmentId, row: FactRow) -> Option<Self> {
        row.into_fact(id).ok()
    }
}

/// All minutes of work that were estimated, done or not.
fn effort(it: &Commitment) -> Option<i64> {
    let steps = it.steps.iter().filter_map(|step| Some((step.part, step.effort?)));
    let in_steps: Vec<_> = steps.collect();
    let by_steps = |part| in_steps.iter().any(|(of, _)| *of == Some(part));
    let parts = it.deliverables.iter().filter(|part| !by_steps(part.id)).filter_map(|part| part.effort_left);
    let minutes: Vec<u32> = parts.chain(in_steps.iter().map(|(_, minutes)| *minutes)).collect();
    (!minutes.is_empty()).then(|| minutes.into_iter().map(i64::from).sum())
}

/// A fact as an array of plain values: short, quickly read, and legible all the same.
#[derive(Debug, Serialize, Deserialize)]
pub struct FactRow(
    i64,
    Option<i64>,
    Option<i64>,
    Option<DueRow>,
    Option<DueRow>,
    Vec<(Option<DueRow>, Option<i64>)>,
    Option<(u8, i64)>,
    u8,
    Option<i64>,
    Option<(i64, Currency)>,
    Option<SeriesId>,
);

/// A date as the day since 1970, minutes from and to, and the zone if it is not the business's.
#[derive(Debug, Serialize, Deserialize)]
struct DueRow(i64, Option<u32>, Option<u32>, Option<Zone>);

const ON_THE_DAY: u8 = 1;
const FLAGGED: u8 = 2;
const GIFT: u8 = 4;

impl From<&Fact> for FactRow {
    fn from(it: &Fact) -> Self {
        let millis = |stamp: Option<Stamp>| stamp.map(Stamp::millis);
        let flag = |is: bool, flag: u8| if is { flag } else { 0 };
        Self(
            it.placed_at.millis(),
            millis(it.started_at),
            millis(it.first_handed_over),
            it.case.due.map(DueRow::from),
            it.agreed.filter(|agreed| Some(*agreed) != it.case.due).map(DueRow::from),
            it.case.parts.iter().map(|part| (part.due.map(DueRow::from), millis(part.full_at))).collect(),
            it.case.cancelled.map(|(by, at)| (u8::from(by == Party::Us), at.millis())),
            flag(it.case.on_the_day, ON_THE_DAY) | flag(it.flagged, FLAGGED) | flag(it.gift, GIFT),
            it.effort,
            it.total.map(|total| (total.minor, total.currency)),
            it.series,
        )
    }
}

impl FactRow {
    fn into_fact(self, id: CommitmentId) -> Result<Fact, Unreadable> {
        let Self(placed, started, first, due, agreed, parts, cancelled, flags, effort, total, series) = self;
        let stamp = |millis: Option<i64>| millis.map(Stamp::from_millis);
        let due = due.map(DueRow::into_due).transpose()?;
        let agreed = agreed.map(DueRow::into_due).transpose()?.or(due);
        let parts = parts.into_iter().map(|(due, full_at)| {
            Ok(PartCase { due: due.map(DueRow::into_due).transpose()?, full_at: stamp(full_at) })
        });
        let cancelled = cancelled
            .map(|(us, at)| (if us == 1 { Party::Us } else { Party::Customer }, Stamp::from_millis(at)));
        let is = |flag: u8| flags & flag != 0;
        Ok(Fact {
            id,
            case: Case {
                due,
                on_the_day: is(ON_THE_DAY),
                cancelled,
                parts: parts.collect::<Result<_, Unreadable>>()?,
            },
            agreed,
            placed_at: Stamp::from_millis(placed),
            started_at: stamp(started),
            first_handed_over: stamp(first),
            effort,
            flagged: is(FLAGGED),
            gift: is(GIFT),
            series,
            total: total.map(|(minor, currency)| Money::new(minor, currency)),
        })
    }
}

impl From<Due> for DueRow {
    fn from(due: Due) -> Self {
        let (from, to) = match due.hours {
            Hours::AnyTime => (None, None),
            Hours::At { time } => (Some(time.minutes()), None),
            Hours::Between { from, to } => (Some(from.minutes()), Some(to.minutes())),
        };
        Self(due.day.days_since(epoch()), from, to, due.zone)
    }
}

impl DueRow {
    fn into_due(self) -> Result<Due, Unreadable> {
        let Self(day, from, to, zone) = self;
        let time = |minutes: u32| TimeOfDay::new(minutes / 60, minutes % 60).ok_or(Unreadable);
        let hours = match (from, to) {
            (None, _) => Hours::AnyTime,
            (Some(at), None) => Hours::At { time: time(at)? },
            (Some(from), Some(to)) => Hours::Between { from: time(from)?, to: time(to)? },
        };
        Ok(Due { day: epoch().plus(day), hours, zone })
    }
}

/// The day from which days are counted in a row.
fn epoch() -> Day {
    Zone::UTC.day(Stamp::from_millis(0))
}

/// A row that makes no sense.
struct Unreadable;
