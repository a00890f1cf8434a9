//! Chores: what the shop does for itself, again and again. Unlike a promise to a customer a chore may skip: of days that
//! were missed only the latest is left, and nobody is let down.

use crate::commitment::is_default;
use crate::day::{Day, Stamp, TimeOfDay};
use crate::draft::check_name;
use crate::id::ChoreId;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that the shop does for itself, again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Chore {
    /// Its record's id.
    pub id: ChoreId,
    /// What is done.
    pub what: String,
    /// On which days: a recurrence rule as RFC 5545 writes it, without its name.
    pub rule: String,
    /// From which day the rule counts.
    pub from: Day,
    /// At what time of those days, if that matters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub time: Option<TimeOfDay>,
    /// All days up to this one are done or were skipped.
    #[serde(default, skip_serializing_if = "is_default")]
    pub settled: Option<Day>,
    /// When it was last done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub done_at: Option<Stamp>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// A chore as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct ChoreDraft {
    /// What is done.
    pub what: String,
    /// On which days: `FREQ=WEEKLY;BYDAY=MO`.
    pub rule: String,
    /// From which day the rule counts.
    pub from: Day,
    /// At what time of those days, if that matters.
    #[serde(default)]
    pub time: Option<TimeOfDay>,
}

impl ChoreDraft {
    /// What is wrong with this draft, apart from its rule.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.what.trim().is_empty() {
            problems.push(Problem::new("what", "Say what is to be done."));
        }
        check_name(&mut problems, "what", &self.what);
        problems
    }

    /// The chore that this draft makes, or that `before` becomes by it.
    pub fn into_chore(self, id: ChoreId, before: Option<&Chore>) -> Chore {
        Chore {
            id,
            what: self.what.trim().to_owned(),
            rule: self.rule,
            from: self.from,
            time: self.time,
            settled: before.and_then(|before| before.settled),
            done_at: before.and_then(|before| before.done_at),
            made_up: before.is_some_and(|before| before.made_up),
        }
    }
}

impl Chore {
    /// The day since which it is due, and how many of its days before that were skipped: `days` are those of its rule up
    /// to today, in order. None if it is not due.
    pub fn due(&self, days: &[Day]) -> Option<(Day, usize)> {
        let mut open = days.iter().filter(|day| self.settled.is_none_or(|settled| **day > settled));
        open.next_back().map(|latest| (*latest, open.count()))
    }

    /// It is done: nothing up to today is left of it.
    pub fn done(self, today: Day, at: Stamp) -> Self {
        Self { settled: Some(today), done_at: Some(at), ..self }
    }

    /// It is left out this time.
    pub fn skipped(self, today: Day) -> Self {
        Self { settled: Some(today), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::stamp;
    use uuid::Uuid;

    #[test]
    fn of_the_days_that_were_missed_only_the_latest_is_left() {
        let draft = ChoreDraft {
            what: "feed the sourdough".to_owned(),
            rule: "FREQ=DAILY".to_owned(),
            from: "2026-11-16".parse().unwrap(),
            time: None,
        };
        assert_eq!(draft.problems(), vec![]);
        let chore = draft.into_chore(ChoreId::new(Uuid::from_u128(1)), None);
        let check = |chore: &Chore, days: &[&str], expected: Option<(&str, usize)>| {
            let days: Vec<Day> = days.iter().map(|day| day.parse().unwrap()).collect();
            assert_eq!(chore.due(&days), expected.map(|(day, skipped)| (day.parse().unwrap(), skipped)));
        };
        check(&chore, &[], None);
        check(&chore, &["2026-11-16"], Some(("2026-11-16", 0)));
        check(&chore, &["2026-11-16", "2026-11-17", "2026-11-18"], Some(("2026-11-18", 2)));
        let done = chore.clone().done("2026-11-17".parse().unwrap(), stamp("2026-11-17 09:00"));
        check(&done, &["2026-11-16", "2026-11-17"], None);
        check(&done, &["2026-11-16", "2026-11-17", "2026-11-18"], Some(("2026-11-18", 0)));
        let skipped = chore.skipped("2026-11-18".parse().unwrap());
        check(&skipped, &["2026-11-16", "2026-11-18"], None);
        assert_eq!(skipped.done_at, None, "left out is not done");
    }
}
