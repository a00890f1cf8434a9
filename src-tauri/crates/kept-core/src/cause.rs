//! Causes: the step or the obstacle behind slips and misses. One asks why, up to five times, from the symptom to the step and
//! from the step to its cause. A cause is a thing, never a person: there is no field for one.
//!
//! A cause is answered by something that is different afterwards, and closed only when a check some time later has passed.

use crate::commitment::is_default;
use crate::day::{Day, Now, Stamp};
use crate::draft::{NAME_MOST, NOTE_MOST, check_name};
use crate::fulfil::{Deed, refuse};
use crate::id::{CauseId, CommitmentId, FeedbackId, SlipId};
use crate::owed::Owed;
use crate::problem::Problem;
use crate::search::folded;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One asks no more often why.
pub const WHYS_MOST: usize = 5;

/// The step or the obstacle behind slips and misses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Cause {
    /// Its record's id.
    pub id: CauseId,
    /// When it was begun.
    pub opened_at: Stamp,
    /// What is known of it.
    pub draft: CauseDraft,
    /// When the action was done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub acted_at: Option<Stamp>,
    /// The checks whether it came again, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Vec<Checked>,
    /// When it was closed, by a check that passed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub closed_at: Option<Stamp>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// What is known of a cause, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct CauseDraft {
    /// What the customer noticed: two slips in one cookie.
    pub symptom: String,
    /// Why, and why that, up to five times.
    #[serde(skip_serializing_if = "is_default")]
    pub whys: Vec<String>,
    /// What kind of thing it is, once it is known.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: Option<CauseKind>,
    /// What will be different, and by when.
    #[serde(skip_serializing_if = "is_default")]
    pub action: Option<Action>,
    /// The day on which one looks whether it came again: a promise to oneself.
    #[serde(skip_serializing_if = "is_default")]
    pub check_on: Option<Day>,
    /// The promises that it broke or put at risk.
    #[serde(skip_serializing_if = "is_default")]
    pub promises: Vec<CommitmentId>,
    /// The slips that came of it.
    #[serde(skip_serializing_if = "is_default")]
    pub slips: Vec<SlipId>,
    /// What customers said of it.
    #[serde(skip_serializing_if = "is_default")]
    pub feedback: Vec<FeedbackId>,
}

/// What kind of thing a cause is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CauseKind {
    /// A step of the work.
    Step,
    /// A machine, a program, a form.
    Tool,
    /// Somebody who delivers to us.
    Supplier,
    /// A rule of our own.
    Policy,
    /// Chance: nothing that one could change.
    Noise,
}

/// What will be different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Action {
    /// What.
    pub what: String,
    /// By which day.
    pub by: Day,
    /// Who sees to it.
    #[serde(default)]
    pub owner: String,
}

/// A look whether it came again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Checked {
    /// When.
    pub at: Stamp,
    /// It did not come again.
    pub passed: bool,
    /// What was seen.
    #[serde(default)]
    pub words: String,
}

impl CauseKind {
    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Step => "a step",
            Self::Tool => "a tool",
            Self::Supplier => "a supplier",
            Self::Policy => "a rule of ours",
            Self::Noise => "chance",
        }
    }
}

impl CauseDraft {
    /// What is wrong with this draft; `before` is what was known.
    pub fn problems(&self, before: Option<&Self>, now: &Now) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |bad: bool, field: &str, is: &str| {
            if bad {
                problems.push(Problem::new(field, is));
            }
        };
        let symptom = self.symptom.trim().chars().count();
        wrong(symptom == 0 || symptom > NOTE_MOST, "symptom", "Say what the customer noticed.");
        wrong(self.whys.len() > WHYS_MOST, "whys", "Asking why five times is enough.");
        for (index, why) in self.whys.iter().enumerate() {
            let letters = why.trim().chars().count();
            wrong(letters == 0 || letters > NAME_MOST, &format!("whys.{index}"), "Answer in a few words.");
        }
        let known = |draft: &Self| draft.action.as_ref().map(|action| action.by);
        if let Some(action) = &self.action {
            let letters = action.what.trim().chars().count();
            wrong(letters == 0 || letters > NOTE_MOST, "action.what", "Say what will be different.");
            wrong(is_training_alone(&action.what), "action.what", TRAINING);
            let is_new = before.and_then(known) != Some(action.by);
            wrong(is_new && action.by < now.today, "action.by", "This day has passed.");
            let first = self.check_on.is_none_or(|check| check < action.by);
            wrong(first, "check_on", "Say on which day after that you look whether it came again.");
        }
        if let Some(action) = &self.action {
            check_name(&mut problems, "action.owner", &action.owner);
        }
        problems
    }

    /// The answer to the last why: the cause, as far as it is known.
    pub fn deepest(&self) -> &str {
        self.whys.last().unwrap_or(&self.symptom)
    }
}

impl Cause {
    /// A cause as it is begun.
    pub fn begun(id: CauseId, draft: CauseDraft, now: &Now) -> Self {
        let (opened_at, checks) = (now.stamp, Vec::new());
        Self { id, opened_at, draft, acted_at: None, checks, closed_at: None, made_up: false }
    }

    /// More is known of it.
    pub fn set(&mut self, draft: CauseDraft, now: &Now) -> Deed {
        if self.closed_at.is_some() {
            return refuse("cause", "This is closed.");
        }
        let problems = draft.problems(Some(&self.draft), now);
        if !problems.is_empty() {
            return Err(problems);
        }
        let what = |draft: &CauseDraft| draft.action.as_ref().map(|action| action.what.clone());
        if what(&draft) != what(&self.draft) {
            self.acted_at = None;
        }
        self.draft = draft;
        Ok(())
    }

    /// The action was done, or was not after all.
    pub fn act(&mut self, done: bool, now: &Now) -> Deed {
        if self.closed_at.is_some() {
            return refuse("cause", "This is closed.");
        }
        if self.draft.action.is_none() {
            return refuse("action.what", "Say first what will be different.");
        }
        self.acted_at = done.then(|| self.acted_at.unwrap_or(now.stamp));
        Ok(())
    }

    /// Whether something has to be different before it can be closed: chance alone needs nothing, unless something was
    /// planned.
    pub fn needs_action(&self) -> bool {
        self.draft.kind != Some(CauseKind::Noise) || self.draft.action.is_some()
    }

    /// One has looked whether it came again. It is closed if it did not; if it did, one looks again on another day.
    pub fn check(&mut self, passed: bool, words: &str, again: Option<Day>, now: &Now) -> Deed {
        if self.closed_at.is_some() {
            return refuse("cause", "This is closed.");
        }
        let Some(check_on) = self.draft.check_on else {
            return refuse("check_on", "Say first on which day you look whether it came again.");
        };
        if passed && self.acted_at.is_none() && self.needs_action() {
            return refuse("cause", "What was to be different is not done yet.");
        }
        if passed && now.today < check_on {
            return refuse("check_on", "It is too early to say that it does not come again.");
        }
        if words.chars().count() > NOTE_MOST {
            return refuse("words", "This is too long.");
        }
        let words = words.trim().to_owned();
        if passed {
            self.closed_at = Some(now.stamp);
        } else {
            let Some(again) = again.filter(|day| *day > now.today) else {
                return refuse("again", "It came again. Say on which day you look the next time.");
            };
            self.draft.check_on = Some(again);
        }
        self.checks.push(Checked { at: now.stamp, passed, words });
        Ok(())
    }

    /// What is to be done about it next: the action, then the check.
    pub fn due(&self) -> Option<Owed> {
        if self.closed_at.is_some() {
            return None;
        }
        if let (Some(action), None) = (&self.draft.action, self.acted_at) {
            return Some(Owed::on(action.by, action.what.clone()));
        }
        let check_on = self.draft.check_on?;
        Some(Owed::on(check_on, format!("Look whether it came again: {}", self.draft.symptom)))
    }
}

/// What is said to whoever answers a cause by more training alone.
const TRAINING: &str = "Training alone leaves the step as it is. Say what will be different there, so that anybody gets it right.";

/// Words that ask people to be better.
const ASKS: [&str; 14] = [
    "train",
    "trained",
    "training",
    "trainings",
    "retrain",
    "retraining",
    "remind",
    "reminder",
    "careful",
    "attention",
    "coach",
    "coaching",
    "instruct",
    "educate",
];
/// Words that add nothing to them.
const ADDS_NOTHING: [&str; 36] = [
    "a",
    "all",
    "again",
    "and",
    "be",
    "better",
    "course",
    "do",
    "everybody",
    "everyone",
    "extra",
    "for",
    "give",
    "in",
    "more",
    "need",
    "needs",
    "new",
    "of",
    "on",
    "our",
    "pay",
    "people",
    "please",
    "should",
    "some",
    "staff",
    "team",
    "the",
    "their",
    "them",
    "to",
    "us",
    "we",
    "will",
    "with",
];

/// Whether an action is nothing but asking people to be better.
fn is_training_alone(what: &str) -> bool {
    let folded = folded(what);
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let mut asks = false;
    words.peek().is_some()
        && words.all(|word| {
            let is_asking = ASKS.contains(&word);
            asks |= is_asking;
            is_asking || ADDS_NOTHING.contains(&word)
        })
        && asks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::now;
    use uuid::Uuid;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn cookies() -> CauseDraft {
        let action = Action {
            what: "The machine stops when a slip is missing".to_owned(),
            by: day("2026-11-20"),
            owner: "Ana".to_owned(),
        };
        CauseDraft {
            symptom: "Two cookies were empty".to_owned(),
            whys: vec!["No slip was put in".to_owned(), "The tray of slips ran out unseen".to_owned()],
            kind: Some(CauseKind::Tool),
            action: Some(action),
            check_on: Some(day("2026-12-18")),
            ..CauseDraft::default()
        }
    }

    fn begun() -> Cause {
        Cause::begun(CauseId::new(Uuid::from_u128(1)), cookies(), &now("2026-11-16 09:00"))
    }

    fn check(what: &str, draft: &CauseDraft, wrong: &[&str]) {
        let problems = draft.problems(None, &now("2026-11-16 09:00"));
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, wrong, "{what}");
    }

    #[test]
    fn one_asks_why_up_to_five_times() {
        check("known", &cookies(), &[]);
        check("only the symptom", &CauseDraft { symptom: "empty".to_owned(), ..CauseDraft::default() }, &[]);
        check("nothing", &CauseDraft::default(), &["symptom"]);
        let whys = |count: usize| CauseDraft { whys: vec!["because".to_owned(); count], ..cookies() };
        check("five", &whys(5), &[]);
        check("six", &whys(6), &["whys"]);
        check("an empty one", &CauseDraft { whys: vec![" ".to_owned()], ..cookies() }, &["whys.0"]);
        check("without a check", &CauseDraft { check_on: None, ..cookies() }, &["check_on"]);
        check(
            "a check before it",
            &CauseDraft { check_on: Some(day("2026-11-19")), ..cookies() },
            &["check_on"],
        );
        assert_eq!(cookies().deepest(), "The tray of slips ran out unseen");
    }

    fn check_training(what: &str, expected: bool) {
        assert_eq!(is_training_alone(what), expected, "{what}");
    }

    #[test]
    fn more_training_alone_is_no_answer() {
        check_training("More training", true);
        check_training("Retrain all staff!", true);
        check_training("Remind everyone to be more careful", true);
        check_training("We should pay more attention", true);
        check_training("Train the team on the new checklist", false);
        check_training("The machine stops when a slip is missing", false);
        check_training("More people", false);
        check_training("", false);
        let action = Action { what: "more training".to_owned(), by: day("2026-11-20"), owner: String::new() };
        check("refused with a sentence", &CauseDraft { action: Some(action), ..cookies() }, &["action.what"]);
    }

    #[test]
    fn it_closes_only_when_the_check_passes() {
        let mut it = begun();
        assert!(it.check(true, "", None, &now("2026-12-18 09:00")).is_err(), "nothing is different yet");
        it.act(true, &now("2026-11-19 09:00")).unwrap();
        assert!(it.check(true, "", None, &now("2026-12-17 09:00")).is_err(), "too early");
        assert!(it.check(false, "two more", None, &now("2026-12-01 09:00")).is_err(), "when again?");
        it.check(false, "two more", Some(day("2027-01-15")), &now("2026-12-01 09:00")).unwrap();
        assert_eq!((it.closed_at, it.draft.check_on), (None, Some(day("2027-01-15"))));
        assert!(it.check(true, "", None, &now("2026-12-18 09:00")).is_err(), "the new day holds");
        it.check(true, "none in 5,000", None, &now("2027-01-15 09:00")).unwrap();
        assert!(it.closed_at.is_some());
        assert!(it.set(cookies(), &now("2027-01-15 09:00")).is_err());
    }

    #[test]
    fn chance_needs_nothing_to_be_different() {
        let mut it = begun();
        it.draft.kind = Some(CauseKind::Noise);
        it.draft.action = None;
        assert!(it.check(true, "", None, &now("2026-12-17 09:00")).is_err(), "the day to look has not come");
        it.check(true, "", None, &now("2026-12-18 09:00")).unwrap();
        assert!(it.closed_at.is_some());
    }

    #[test]
    fn the_action_comes_first_and_then_the_check() {
        let mut it = begun();
        let on = |date: &str, what: &str| Some(Owed::on(day(date), what));
        assert_eq!(it.due(), on("2026-11-20", "The machine stops when a slip is missing"));
        it.act(true, &now("2026-11-19 09:00")).unwrap();
        assert_eq!(it.due(), on("2026-12-18", "Look whether it came again: Two cookies were empty"));
        // Another action is not done because the first one was.
        let mut other = cookies();
        other.action.as_mut().unwrap().what = "Slips are counted before baking".to_owned();
        it.set(other, &now("2026-11-19 09:00")).unwrap();
        assert_eq!(it.acted_at, None);
        let bare = CauseDraft { action: None, check_on: None, ..cookies() };
        assert_eq!(Cause::begun(it.id, bare, &now("2026-11-16 09:00")).due(), None);
    }
}
