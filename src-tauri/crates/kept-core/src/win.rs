//! Wins: what went right. Praise, personal touches and ideas that worked are written down; quiet saves Kept finds by itself.

use crate::commitment::is_default;
use crate::day::{Now, Stamp};
use crate::draft::NOTE_MOST;
use crate::feedback::Feedback;
use crate::id::{CommitmentId, CustomerId, FeedbackId, IdeaId, WinId};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that went right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Win {
    /// Its record's id.
    pub id: WinId,
    /// What kind of thing.
    pub kind: WinKind,
    /// What, in words.
    pub what: String,
    /// When.
    pub at: Stamp,
    /// For which customer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub customer: Option<CustomerId>,
    /// With which promise.
    #[serde(default, skip_serializing_if = "is_default")]
    pub promise: Option<CommitmentId>,
    /// The praise that it came from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub feedback: Option<FeedbackId>,
    /// The idea that it came from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub idea: Option<IdeaId>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// What kind of thing went right.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WinKind {
    /// A customer said so.
    Praise,
    /// A promise was at risk and was kept, without noise. Kept finds these by itself.
    QuietSave,
    /// Somebody did a little more than was promised.
    PersonalTouch,
    /// An idea that worked.
    Idea,
}

/// A win as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct WinDraft {
    /// What kind of thing.
    pub kind: WinKind,
    /// What, in words.
    pub what: String,
    /// When; now, if nothing is said.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// For which customer.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// With which promise.
    #[serde(default)]
    pub promise: Option<CommitmentId>,
}

impl WinDraft {
    /// What is wrong with this draft.
    pub fn problems(&self, now: &Now) -> Vec<Problem> {
        let mut problems = Vec::new();
        let letters = self.what.trim().chars().count();
        if letters == 0 || letters > NOTE_MOST {
            problems.push(Problem::new("what", "Say what went right."));
        }
        if self.kind == WinKind::QuietSave {
            problems.push(Problem::new("kind", "Kept finds these by itself."));
        }
        if self.at.is_some_and(|at| at > now.stamp) {
            problems.push(Problem::new("at", "This has not happened yet."));
        }
        problems
    }

    /// The win that this draft makes.
    pub fn into_win(self, id: WinId, now: &Now) -> Win {
        Win {
            id,
            kind: self.kind,
            what: self.what.trim().to_owned(),
            at: self.at.unwrap_or(now.stamp),
            customer: self.customer,
            promise: self.promise,
            feedback: None,
            idea: None,
            made_up: false,
        }
    }
}

impl Win {
    /// Praise, filed as a win.
    pub fn of_praise(id: WinId, praise: &Feedback) -> Self {
        Self {
            id,
            kind: WinKind::Praise,
            what: praise.text.clone(),
            at: praise.said_at(),
            customer: praise.customer,
            promise: praise.promise,
            feedback: Some(praise.id),
            idea: None,
            made_up: praise.made_up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{now, stamp};

    #[test]
    fn a_win_needs_words_and_lies_behind_us() {
        let check = |kind, what: &str, at: Option<&str>, wrong: &[&str]| {
            let at = at.map(stamp);
            let draft = WinDraft { kind, what: what.to_owned(), at, customer: None, promise: None };
            let fields: Vec<String> =
                draft.problems(&now("2026-11-16 09:00")).into_iter().map(|problem| problem.field).collect();
            assert_eq!(fields, wrong, "{what}");
        };
        check(WinKind::PersonalTouch, "a candle for the birthday", None, &[]);
        check(WinKind::Praise, " ", Some("2026-11-16 09:01"), &["what", "at"]);
        check(WinKind::QuietSave, "the cake", None, &["kind"]);
    }
}
