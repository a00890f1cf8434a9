//! Promises that repeat. Each occurrence is a promise of its own, which ends kept or missed; none can be skipped.
//!
//! A rule says on which *days* something is owed (RFC 5545); which instants those are is told by the clocks of the place,
//! so that seven in the morning stays seven in the morning when the clocks change.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Cancelled, Commitment, Party, Words, is_default};
use crate::customer::Customer;
use crate::day::{Day, Due, Hours, Now, Stamp, Zone};
use crate::draft::{
    PartDraft, PlannedStep, PromiseDraft, check_list, check_name, check_worthless, part_problems,
    step_problems,
};
use crate::fulfil;
use crate::id::{CommitmentId, CustomerId, DeliverableId, SeriesId};
use crate::money::Money;
use crate::outcome::Outcome;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Occurrences are made so many days ahead, and at least the next one.
pub const AHEAD_DAYS: i64 = 42;
/// Occurrences that came due while nobody looked are made so many days back.
pub const BACK_DAYS: i64 = 400;
/// Of what we no longer do, a customer has to hear so many days before; what is nearer is called off by us, and missed.
pub const NOTICE_DAYS: i64 = 7;
/// So many misses among the last [`CHRONIC_OF`] occurrences are a chronic miss.
pub const CHRONIC_MISSES: usize = 3;
/// How many occurrences a chronic miss is looked for in.
pub const CHRONIC_OF: usize = 20;

/// Which occurrence of which series a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Occurrence {
    /// The promise that repeats.
    pub series: SeriesId,
    /// The day that the rule gave it. It stays when the date is moved.
    pub day: Day,
}

/// A promise that repeats: what is owed, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Series {
    /// Its record's id.
    pub id: SeriesId,
    /// To whom it is promised.
    pub customer: CustomerId,
    /// On which days: a recurrence rule as RFC 5545 writes it, without its name: `FREQ=WEEKLY;BYDAY=SA`.
    pub rule: String,
    /// From which day the rule counts.
    pub from: Day,
    /// From which day occurrences are made by this rule: those before were promised by an earlier one, or by none.
    pub holds_from: Day,
    /// The last day of it; none while it goes on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub last: Option<Day>,
    /// At what hours of those days.
    pub hours: Hours,
    /// By whose clocks, if not the business's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub zone: Option<Zone>,
    /// What is owed each time.
    pub parts: Vec<PartDraft>,
    /// The work of each time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub steps: Vec<PlannedStep>,
    /// What is checked before each handover.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checklist: Vec<String>,
    /// What the customer has to give each time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inputs: Vec<String>,
    /// So many hours after its date an occurrence helps nobody any more.
    #[serde(default, skip_serializing_if = "is_default")]
    pub worthless_hours: Option<u32>,
    /// Before its date is too early.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_the_day: bool,
    /// The price of each time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub total: Option<Money>,
    /// The words that were said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub words: Option<Words>,
    /// When it was promised.
    pub since: Stamp,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// A promise that repeats, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct SeriesDraft {
    /// The customer that is meant, if Kept knows them.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The customer's name, for one that Kept does not know yet.
    #[serde(default)]
    pub customer_name: String,
    /// On which days: `FREQ=WEEKLY;BYDAY=SA`.
    pub rule: String,
    /// From which day the rule counts.
    pub from: Day,
    /// The last day of it.
    #[serde(default)]
    pub last: Option<Day>,
    /// At what hours.
    pub hours: Hours,
    /// By whose clocks, if not the business's.
    #[serde(default)]
    pub zone: Option<Zone>,
    /// What is owed each time; at least one part.
    pub parts: Vec<PartDraft>,
    /// The work of each time.
    #[serde(default)]
    pub steps: Vec<PlannedStep>,
    /// What is checked before each handover.
    #[serde(default)]
    pub checklist: Vec<String>,
    /// What the customer has to give each time.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// So many hours after its date an occurrence helps nobody any more.
    #[serde(default)]
    pub worthless_hours: Option<u32>,
    /// Before its date is too early.
    #[serde(default)]
    pub on_the_day: bool,
    /// The price of each time.
    #[serde(default)]
    pub total: Option<Money>,
    /// The words that were said.
    #[serde(default)]
    pub words: Option<Words>,
}

impl SeriesDraft {
    /// What is wrong with this draft, apart from its rule.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.customer.is_none() && Customer::folded_name(&self.customer_name).is_empty() {
            problems.push(Problem::new("customer_name", "Say to whom it is promised."));
        }
        check_name(&mut problems, "customer_name", &self.customer_name);
        problems.extend(part_problems(&self.parts));
        problems.extend(step_problems(&self.steps, self.parts.len()));
        check_worthless(&mut problems, self.worthless_hours);
        for (field, list) in [("checklist", &self.checklist), ("inputs", &self.inputs)] {
            check_list(&mut problems, field, list);
        }
        if self.last.is_some_and(|last| last < self.from) {
            problems.push(Problem::new("last", "It cannot end before it begins."));
        }
        if self.total.is_some_and(|total| !(0..=Money::MOST).contains(&total.minor)) {
            problems.push(Problem::new("total", "This is not an amount that Kept takes for one promise."));
        }
        problems
    }

    /// The series that this draft makes, or that `before` becomes by it. Occurrences are made from `holds_from` on.
    pub fn into_series(
        self,
        id: SeriesId,
        customer: CustomerId,
        holds_from: Day,
        since: Stamp,
        before: Option<&Series>,
    ) -> Series {
        let Self { customer: _, customer_name: _, rule, from, last, hours, zone, parts, .. } = self;
        Series {
            id,
            customer,
            rule,
            from,
            holds_from,
            last,
            hours,
            zone,
            parts,
            steps: self.steps,
            checklist: self.checklist,
            inputs: self.inputs,
            worthless_hours: self.worthless_hours,
            on_the_day: self.on_the_day,
            total: self.total,
            words: self.words,
            since: before.map_or(since, |before| before.since),
            made_up: before.is_some_and(|before| before.made_up),
        }
    }
}

impl Series {
    /// When an occurrence is due.
    pub fn due(&self, day: Day) -> Due {
        Due { day, hours: self.hours, zone: self.zone }
    }

    /// The days between which every occurrence has to be there; none if it is over for good.
    pub fn window(&self, today: Day) -> Option<(Day, Day)> {
        let first = self.holds_from.max(self.from).max(today.plus(-BACK_DAYS));
        let last = self.last.map_or(today.plus(AHEAD_DAYS), |last| last.min(today.plus(AHEAD_DAYS)));
        (first <= last).then_some((first, last))
    }

    /// The id of an occurrence: the same whenever it is made, so that none is made twice. It sorts with the other ids by
    /// the day on which it would be made ahead.
    pub fn occurrence_id(&self, day: Day) -> CommitmentId {
        let hash = Uuid::new_v5(&self.id.uuid(), day.to_string().as_bytes());
        let millis = Zone::UTC.midnight(day.plus(-AHEAD_DAYS)).millis();
        let mut bytes = hash.into_bytes();
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        CommitmentId::new(Uuid::new_v8(bytes))
    }

    /// The promise of one day.
    pub fn occurrence(&self, day: Day, calendar: &WorkingCalendar, now: &Now) -> Commitment {
        let id = self.occurrence_id(day);
        let placed = calendar.zone.midnight(day.plus(-AHEAD_DAYS)).max(self.since).min(now.stamp);
        let mut part = 0_u32;
        let make_part = || {
            part += 1;
            DeliverableId::new(Uuid::new_v5(&id.uuid(), &part.to_be_bytes()))
        };
        let draft = self.draft(day);
        let worthless_after = draft.worthless_after(calendar);
        let placed = Now { stamp: placed, ..*now };
        let made = draft.into_commitment(id, self.customer, &placed, make_part);
        Commitment {
            worthless_after,
            on_the_day: self.on_the_day,
            series: Some(Occurrence { series: self.id, day }),
            made_up: self.made_up,
            ..made
        }
    }

    /// An occurrence that nobody has touched yet, as it is to be after a change of the series. Another time of day is a
    /// move of its date: the first promise stays.
    pub fn changed(
        &self,
        before: &Commitment,
        by: Party,
        calendar: &WorkingCalendar,
        now: &Now,
    ) -> Commitment {
        let Some(Occurrence { day, .. }) = before.series else { return before.clone() };
        let fresh = self.occurrence(day, calendar, now);
        let mut after = Commitment {
            placed_at: before.placed_at,
            first_due: before.first_due,
            reschedules: before.reschedules.clone(),
            ..fresh
        };
        let to = self.due(day);
        if before.current_due() != Some(to) {
            after.reschedules.push(fulfil::reschedule(before, to, by, now));
        }
        after
    }

    /// What becomes of an open occurrence whose day is no longer in the rule: none if it goes without a trace.
    pub fn dropped(before: &Commitment, untouched: bool, by: Party, now: &Now) -> Option<Commitment> {
        let day = before.series.map(|occurrence| occurrence.day);
        let is_near = day.is_some_and(|day| day.days_since(now.today) <= NOTICE_DAYS);
        if untouched && (by == Party::Customer || !is_near) {
            return None;
        }
        let cancelled = Cancelled { by, at: now.stamp, why: Some("It repeats otherwise now".to_owned()) };
        Some(Commitment { cancelled: Some(cancelled), ..before.clone() })
    }

    /// What is owed each time, in a few words.
    pub fn title(&self) -> String {
        let first = self.parts.first().map(|part| match part.quantity {
            1 => part.what.clone(),
            quantity => format!("{quantity} {}", part.what),
        });
        let first = first.unwrap_or_else(|| "A promise".to_owned());
        match self.parts.len() {
            0 | 1 => first,
            parts => format!("{first} and {} more", parts - 1),
        }
    }

    fn draft(&self, day: Day) -> PromiseDraft {
        PromiseDraft {
            customer: Some(self.customer),
            parts: self.parts.clone(),
            due: Some(self.due(day)),
            total: self.total,
            on_account: self.total.is_some(),
            words: self.words.clone(),
            steps: self.steps.clone(),
            checklist: self.checklist.clone(),
            inputs: self.inputs.clone(),
            worthless_hours: self.worthless_hours,
            ..PromiseDraft::default()
        }
    }
}

/// How the last occurrences of a series went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Occurrences that ended, of the last [`CHRONIC_OF`].
    pub ended: usize,
    /// Of those, missed.
    pub missed: usize,
}

impl Pattern {
    /// The pattern of outcomes, the newest first. What is open or left out of the score does not count.
    pub fn of(newest_first: impl IntoIterator<Item = Outcome>) -> Self {
        let ended = newest_first.into_iter().filter(|it| matches!(it, Outcome::Kept | Outcome::Missed));
        ended.take(CHRONIC_OF).fold(Self::default(), |pattern, outcome| Self {
            ended: pattern.ended + 1,
            missed: pattern.missed + usize::from(outcome == Outcome::Missed),
        })
    }

    /// The same thing goes wrong again and again.
    pub const fn is_chronic(self) -> bool {
        self.missed >= CHRONIC_MISSES
    }

    /// In words; none if nothing has ended yet.
    pub fn words(self) -> Option<String> {
        let Self { ended, missed } = self;
        match (ended, missed) {
            (0, _) => None,
            (ended, 0) => Some(format!("{ended} of {ended} kept")),
            (ended, missed) if self.is_chronic() => {
                Some(format!("{missed} of the last {ended} were missed: look for the cause"))
            }
            (ended, missed) => Some(format!("{} of {ended} kept", ended - missed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::outcome;
    use crate::samples::{calendar, handed, now, stamp};
    use proptest::prelude::*;

    fn croissants(hours: Hours) -> Series {
        let part = PartDraft { what: "croissants".to_owned(), quantity: 40, ..PartDraft::default() };
        let draft = SeriesDraft {
            customer: None,
            customer_name: "Corner Café".to_owned(),
            rule: "FREQ=DAILY".to_owned(),
            from: day("2026-03-01"),
            last: None,
            hours,
            zone: None,
            parts: vec![part],
            steps: vec![],
            checklist: vec![],
            inputs: vec![],
            worthless_hours: Some(3),
            on_the_day: true,
            total: None,
            words: None,
        };
        assert_eq!(draft.problems(), vec![]);
        let (id, customer) = (SeriesId::new(Uuid::from_u128(7)), CustomerId::new(Uuid::from_u128(2)));
        draft.into_series(id, customer, day("2026-03-01"), stamp("2026-02-20 10:00"), None)
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn at(time: &str) -> Hours {
        Hours::At { time: time.parse().unwrap() }
    }

    #[test]
    fn the_clocks_change_and_the_hour_stays() {
        let check = |series: &Series, on: &str, utc: &str| {
            let made = series.occurrence(day(on), &calendar(), &now("2026-03-20 10:00"));
            let deadline = calendar().deadline(&made.first_due.unwrap());
            assert_eq!(deadline, utc.parse().unwrap(), "{on}");
        };
        let early = croissants(at("07:00"));
        check(&early, "2026-03-28", "2026-03-28T06:00:00Z");
        check(&early, "2026-03-29", "2026-03-29T05:00:00Z");
        check(&early, "2026-10-24", "2026-10-24T05:00:00Z");
        check(&early, "2026-10-25", "2026-10-25T06:00:00Z");
        // The clocks skip this time in spring and show it twice in autumn.
        let night = croissants(at("02:30"));
        check(&night, "2026-03-29", "2026-03-29T01:30:00Z");
        check(&night, "2026-10-25", "2026-10-25T00:30:00Z");
    }

    #[test]
    fn an_occurrence_is_a_promise_of_its_own() {
        let series = croissants(at("07:00"));
        let made = series.occurrence(day("2026-11-20"), &calendar(), &now("2026-11-01 10:00"));
        assert_eq!(made.title(), "40 croissants");
        assert_eq!(made.series, Some(Occurrence { series: series.id, day: day("2026-11-20") }));
        assert_eq!(made.worthless_after, Some(Due::at(day("2026-11-20"), "10:00".parse().unwrap())));
        let late = now("2026-11-20 07:01");
        assert_eq!(outcome(&made, &calendar(), &late), Outcome::Missed);
        let kept = handed(made, 40, "2026-11-20 06:50");
        assert_eq!(outcome(&kept, &calendar(), &late), Outcome::Kept);
    }

    #[test]
    fn what_came_due_while_nobody_looked_has_to_be_there_and_six_weeks_ahead() {
        let check = |series: &Series, today: &str, expected: Option<(&str, &str)>| {
            let expected = expected.map(|(from, to)| (day(from), day(to)));
            assert_eq!(series.window(day(today)), expected, "{today}");
        };
        let mut series = croissants(at("07:00"));
        check(&series, "2026-03-01", Some(("2026-03-01", "2026-04-12")));
        check(&series, "2026-09-01", Some(("2026-03-01", "2026-10-13")));
        series.holds_from = day("2026-08-01");
        check(&series, "2026-09-01", Some(("2026-08-01", "2026-10-13")));
        series.last = Some(day("2026-09-05"));
        check(&series, "2026-09-01", Some(("2026-08-01", "2026-09-05")));
        check(&series, "2028-09-01", None);
    }

    #[test]
    fn another_hour_is_a_move_that_the_first_promise_outlives() {
        let before = croissants(at("07:00"));
        let after = croissants(at("09:00"));
        let now = now("2026-03-20 10:00");
        let made = before.occurrence(day("2026-03-25"), &calendar(), &now);
        for (by, judged_by) in [(Party::Us, "07:00"), (Party::Customer, "09:00")] {
            let changed = after.changed(&made, by, &calendar(), &now);
            assert_eq!(changed.id, made.id);
            assert_eq!(changed.first_due, made.first_due);
            assert_eq!(changed.current_due(), Some(after.due(day("2026-03-25"))));
            assert_eq!(changed.basis().map(|due| due.hours), Some(at(judged_by)), "{by:?}");
        }
        assert_eq!(before.changed(&made, Party::Us, &calendar(), &now), made, "nothing changes");
    }

    #[test]
    fn what_we_drop_at_short_notice_is_missed() {
        let series = croissants(at("07:00"));
        let now = now("2026-03-20 10:00");
        let check = |on: &str, untouched: bool, by: Party, expected: Option<Outcome>| {
            let made = series.occurrence(day(on), &calendar(), &now);
            let after = Series::dropped(&made, untouched, by, &now);
            let outcome = after.map(|it| outcome(&it, &calendar(), &now));
            assert_eq!(outcome, expected, "{on} {untouched} {by:?}");
        };
        check("2026-03-27", true, Party::Us, Some(Outcome::Missed));
        check("2026-03-28", true, Party::Us, None);
        check("2026-03-28", false, Party::Us, Some(Outcome::Missed));
        check("2026-03-21", true, Party::Customer, None);
        check("2026-03-21", false, Party::Customer, Some(Outcome::Excluded));
    }

    #[test]
    fn three_misses_of_the_last_twenty_are_chronic() {
        use Outcome::{Excluded, Kept, Missed, Open};
        let check = |outcomes: &[(usize, Outcome)], chronic: bool, words: Option<&str>| {
            let outcomes = outcomes.iter().flat_map(|(times, outcome)| vec![*outcome; *times]);
            let pattern = Pattern::of(outcomes);
            assert_eq!((pattern.is_chronic(), pattern.words().as_deref()), (chronic, words));
        };
        check(&[], false, None);
        check(&[(5, Open), (2, Excluded)], false, None);
        check(&[(4, Kept)], false, Some("4 of 4 kept"));
        check(&[(2, Missed), (18, Kept)], false, Some("18 of 20 kept"));
        let said = "3 of the last 20 were missed: look for the cause";
        check(&[(2, Missed), (17, Kept), (1, Missed)], true, Some(said));
        check(&[(2, Missed), (18, Kept), (1, Missed)], false, Some("18 of 20 kept"));
        check(&[(9, Open), (2, Missed), (3, Excluded), (17, Kept), (1, Missed)], true, Some(said));
        check(&[(3, Missed)], true, Some("3 of the last 3 were missed: look for the cause"));
    }

    proptest! {
        /// Whoever makes an occurrence, and whenever, makes the same one; no two days share one.
        #[test]
        fn an_occurrence_is_made_once(a in 0_i64..20_000, b in 0_i64..20_000) {
            let series = croissants(at("07:00"));
            let (a, b) = (Day::FIRST.plus(a), Day::FIRST.plus(b));
            prop_assert_eq!(a == b, series.occurrence_id(a) == series.occurrence_id(b));
            let made = |now| series.occurrence(a, &calendar(), &now).id;
            prop_assert_eq!(made(now("2026-03-20 10:00")), made(now("2027-03-20 10:00")));
        }
    }
}
