//! Ideas: anybody who works here may propose something, and what the customers made of it decides.

use crate::commitment::is_default;
use crate::day::{Now, Stamp};
use crate::draft::{NOTE_MOST, check_name};
use crate::fulfil::{Deed, refuse};
use crate::id::{IdeaId, WinId};
use crate::problem::Problem;
use crate::win::{Win, WinKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that somebody proposes to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Idea {
    /// Its record's id.
    pub id: IdeaId,
    /// What is proposed.
    pub what: String,
    /// Who proposes it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from: String,
    /// When it was proposed.
    pub at: Stamp,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "is_default")]
    pub stage: IdeaStage,
    /// What customers made of it, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reactions: Vec<Reaction>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// How far an idea has come.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    TS,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IdeaStage {
    /// Proposed.
    #[default]
    New,
    /// Being tried.
    Tried,
    /// It worked: we go on with it.
    Worked,
    /// Put away.
    Dropped,
}

/// What a customer made of an idea.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Reaction {
    /// When.
    pub at: Stamp,
    /// What they said or did.
    pub words: String,
    /// Whether they liked it; none if one cannot tell.
    #[serde(default)]
    pub liked: Option<bool>,
}

impl Idea {
    /// An idea as it was proposed.
    pub fn proposed(id: IdeaId, what: &str, from: &str, now: &Now) -> Result<Self, Vec<Problem>> {
        let (what, from) = (what.trim(), from.trim());
        let mut problems = Vec::new();
        if what.is_empty() || what.chars().count() > NOTE_MOST {
            problems.push(Problem::new("what", "Say what you would try."));
        }
        check_name(&mut problems, "from", from);
        if !problems.is_empty() {
            return Err(problems);
        }
        let (what, from) = (what.to_owned(), from.to_owned());
        let (stage, reactions) = (IdeaStage::New, Vec::new());
        Ok(Self { id, what, from, at: now.stamp, stage, reactions, made_up: false })
    }

    /// Takes down what a customer made of it: it is being tried, then.
    pub fn react(&mut self, words: &str, liked: Option<bool>, now: &Now) -> Deed {
        let words = words.trim();
        if words.is_empty() || words.chars().count() > NOTE_MOST {
            return refuse("words", "Write down what they said or did.");
        }
        self.reactions.push(Reaction { at: now.stamp, words: words.to_owned(), liked });
        if self.stage == IdeaStage::New {
            self.stage = IdeaStage::Tried;
        }
        Ok(())
    }

    /// Sets how far it has come. Whether it worked, customers say.
    pub fn set_stage(&mut self, stage: IdeaStage) -> Deed {
        if stage == IdeaStage::Worked && self.reactions.is_empty() {
            return refuse("stage", "Write down first what a customer made of it.");
        }
        self.stage = stage;
        Ok(())
    }

    /// The win that it becomes when it worked.
    pub fn as_win(&self, id: WinId, now: &Now) -> Win {
        Win {
            id,
            kind: WinKind::Idea,
            what: self.what.clone(),
            at: now.stamp,
            customer: None,
            promise: None,
            feedback: None,
            idea: Some(self.id),
            made_up: self.made_up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::now;
    use uuid::Uuid;

    #[test]
    fn whether_an_idea_worked_customers_say() {
        let (id, at) = (IdeaId::new(Uuid::from_u128(1)), now("2026-11-16 09:00"));
        assert!(Idea::proposed(id, " ", "", &at).is_err());
        let mut it = Idea::proposed(id, "a note in each box", "Ben", &at).unwrap();
        assert!(it.set_stage(IdeaStage::Worked).is_err());
        assert!(it.react(" ", None, &at).is_err());
        it.react("she read it aloud", Some(true), &at).unwrap();
        assert_eq!(it.stage, IdeaStage::Tried);
        it.set_stage(IdeaStage::Worked).unwrap();
        it.react("another one smiled", Some(true), &at).unwrap();
        assert_eq!((it.stage, it.reactions.len()), (IdeaStage::Worked, 2));
        assert_eq!(it.as_win(WinId::new(Uuid::from_u128(2)), &at).what, "a note in each box");
    }
}
