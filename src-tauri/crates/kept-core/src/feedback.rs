//! What customers tell us: complaints, praise, questions, by any way, and without an order number. Whoever takes one owns it
//! until the next person accepts it: to a customer a business is one thing.

use crate::calendar::WorkingCalendar;
use crate::channel::Channel;
use crate::commitment::is_default;
use crate::day::{Day, Now, Stamp};
use crate::draft::{NAME_MOST, NOTE_MOST, check_name};
use crate::fulfil::{Deed, refuse};
use crate::id::{CommitmentId, CustomerId, FeedbackId};
use crate::problem::Problem;
use crate::reply_clock::{ReplyClock, ReplyRung, Turn, TurnKind, clocks};
use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that a customer told us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Feedback {
    /// Its record's id.
    pub id: FeedbackId,
    /// What kind of thing.
    pub kind: FeedbackKind,
    /// What they said. Plain text, never markup.
    pub text: String,
    /// How it reached us.
    #[serde(default, skip_serializing_if = "is_default")]
    pub channel: Option<Channel>,
    /// From whom, as it was said: `the lady with the red hat, table 4`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from: String,
    /// Which customer that is, once it is known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub customer: Option<CustomerId>,
    /// Which promise it is about, once it is known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub promise: Option<CommitmentId>,
    /// Who took it down.
    #[serde(default, skip_serializing_if = "is_default")]
    pub taken_by: String,
    /// Who sees to it: whoever took it, until somebody else has accepted it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub owner: String,
    /// To whom it is being handed on, while they have not accepted it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub handed_to: Option<String>,
    /// What was said to and fro, oldest first, beginning with their message.
    pub turns: Vec<Turn>,
    /// A correction that is to be published.
    #[serde(default, skip_serializing_if = "is_default")]
    pub correction: Option<Correction>,
    /// When it was settled.
    #[serde(default, skip_serializing_if = "is_default")]
    pub settled_at: Option<Stamp>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// What kind of thing a customer told us.
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
pub enum FeedbackKind {
    /// Something was not right.
    #[default]
    Complaint,
    /// Something was.
    Praise,
    /// They want to know something.
    Question,
}

/// A correction that is to be published: what, where and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct Correction {
    /// What it says.
    pub text: String,
    /// Where it is to stand: on page 2, on the web site, on the door.
    pub place: String,
    /// By which day.
    pub by: Day,
    /// When it was published.
    #[serde(default)]
    pub published_at: Option<Stamp>,
}

/// Feedback as it is taken down: only the text is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct FeedbackDraft {
    /// What kind of thing.
    #[serde(default)]
    pub kind: FeedbackKind,
    /// What they said.
    pub text: String,
    /// How it reached us.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// From whom, as it was said.
    #[serde(default)]
    pub from: String,
    /// Which customer that is, if it is known.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// Which promise it is about, if it is known.
    #[serde(default)]
    pub promise: Option<CommitmentId>,
    /// Who takes it down.
    #[serde(default)]
    pub taken_by: String,
    /// When it reached us; now, if nothing is said.
    #[serde(default)]
    pub at: Option<Stamp>,
}

impl FeedbackKind {
    /// The kind in a word, for a sentence.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Praise => "praise",
            Self::Question => "question",
        }
    }
}

impl FeedbackDraft {
    /// What is wrong with this draft.
    pub fn problems(&self, now: &Now) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.text.trim().is_empty() {
            problems.push(Problem::new("text", "Write down what they said."));
        }
        if self.text.chars().count() > NOTE_MOST {
            problems.push(Problem::new("text", "This is too long."));
        }
        check_name(&mut problems, "from", &self.from);
        check_name(&mut problems, "taken_by", &self.taken_by);
        if self.at.is_some_and(|at| at > now.stamp) {
            problems.push(Problem::new("at", "This has not happened yet."));
        }
        problems
    }

    /// The feedback that this draft makes.
    pub fn into_feedback(self, id: FeedbackId, now: &Now) -> Feedback {
        let taken_by = self.taken_by.trim().to_owned();
        let message = Turn { at: self.at.unwrap_or(now.stamp), kind: TurnKind::Message, words: None };
        Feedback {
            id,
            kind: self.kind,
            text: self.text.trim().to_owned(),
            channel: self.channel,
            from: self.from.trim().to_owned(),
            customer: self.customer,
            promise: self.promise,
            owner: taken_by.clone(),
            taken_by,
            handed_to: None,
            turns: vec![message],
            correction: None,
            settled_at: None,
            made_up: false,
        }
    }
}

impl Feedback {
    /// When it reached us.
    pub fn said_at(&self) -> Stamp {
        self.turns.first().map_or(Stamp::from_millis(0), |turn| turn.at)
    }

    /// The clocks of its messages. Praise has none: nobody waits for an answer to it.
    pub fn clocks(&self, calendar: &WorkingCalendar, now: &Now) -> Vec<ReplyClock> {
        match self.kind {
            FeedbackKind::Complaint | FeedbackKind::Question => clocks(&self.turns, calendar, now),
            FeedbackKind::Praise => Vec::new(),
        }
    }

    /// The clock that runs; none if nobody waits for our answer.
    pub fn running(&self, calendar: &WorkingCalendar, now: &Now) -> Option<ReplyClock> {
        let clock = self.clocks(calendar, now).pop().filter(ReplyClock::is_running)?;
        self.settled_at.is_none().then_some(clock)
    }

    /// When half, most and all of the time to answer is over, where somebody waits for our answer.
    pub fn reply_rungs(&self, settings: &Settings, now: &Now) -> Vec<(ReplyRung, Stamp)> {
        let Some(clock) = self.running(&settings.calendar, now) else { return Vec::new() };
        let at = |rung| clock.rung_at(rung, settings.reply_minutes, &settings.calendar, now);
        ReplyRung::ALL.into_iter().filter_map(|rung| Some((rung, at(rung)?))).collect()
    }

    /// The correction that is still to be published.
    pub fn unpublished(&self) -> Option<&Correction> {
        self.correction.as_ref().filter(|it| it.published_at.is_none())
    }

    /// It in a few words: `Complaint of Maria Silva`, `Question: do you bake on…`.
    pub fn title(&self) -> String {
        self.title_of(&self.from)
    }

    /// The same of somebody who is known by now.
    pub fn title_of(&self, from: &str) -> String {
        let kind = match self.kind {
            FeedbackKind::Complaint => "Complaint",
            FeedbackKind::Praise => "Praise",
            FeedbackKind::Question => "Question",
        };
        if from.is_empty() {
            format!("{kind}: {}", beginning(&self.text))
        } else {
            format!("{kind} of {from}")
        }
    }

    /// Takes down a turn of the exchange. A message after it was settled opens it again.
    pub fn take_turn(&mut self, turn: Turn, now: &Now) -> Deed {
        if turn.at > now.stamp {
            return refuse("at", "This has not happened yet.");
        }
        if turn.at < self.said_at() {
            return refuse("at", "This was before they told us.");
        }
        if turn.words.as_ref().is_some_and(|words| words.chars().count() > NOTE_MOST) {
            return refuse("words", "This is too long.");
        }
        if turn.kind == TurnKind::Message {
            self.settled_at = None;
        }
        self.turns.push(turn);
        // What happened at the same time stays in the order in which it was taken down.
        self.turns.sort_by_key(|turn| turn.at);
        Ok(())
    }

    /// Hands it on. Whoever owned it does so until the other one accepts it.
    pub fn hand_on(&mut self, to: &str) -> Deed {
        let to = to.trim();
        if to.is_empty() || to.chars().count() > NAME_MOST {
            return refuse("to", "Say to whom it goes.");
        }
        if to == self.owner {
            return refuse("to", "They see to it already.");
        }
        self.handed_to = Some(to.to_owned());
        Ok(())
    }

    /// The one to whom it was handed on accepts it, or does not.
    pub fn accept(&mut self, accepts: bool) -> Deed {
        let Some(to) = self.handed_to.take() else {
            return refuse("feedback", "It was not handed on to anybody.");
        };
        if accepts {
            self.owner = to;
        }
        Ok(())
    }

    /// It is settled: nothing more is to be said.
    pub fn settle(&mut self, calendar: &WorkingCalendar, now: &Now) -> Deed {
        if self.settled_at.is_some() {
            return refuse("feedback", "It is settled already.");
        }
        if self.running(calendar, now).is_some() {
            return refuse("feedback", "They have no answer yet. Answer first, then it is settled.");
        }
        if self.correction.as_ref().is_some_and(|it| it.published_at.is_none()) {
            return refuse("feedback", "The correction is not published yet.");
        }
        self.settled_at = Some(now.stamp);
        Ok(())
    }

    /// A correction is to be published, or no longer.
    pub fn correct(&mut self, correction: Option<Correction>, now: &Now) -> Deed {
        if let Some(it) = &correction {
            let mut problems = Vec::new();
            for (field, text) in [("correction.text", &it.text), ("correction.place", &it.place)] {
                if text.trim().is_empty() {
                    problems.push(Problem::new(field, "Say what is to stand where."));
                }
            }
            check_name(&mut problems, "correction.place", &it.place);
            if it.published_at.is_none() && it.by < now.today {
                problems.push(Problem::new("correction.by", "This day has passed."));
            }
            if it.published_at.is_some_and(|at| at > now.stamp) {
                problems.push(Problem::new("correction.published_at", "This has not happened yet."));
            }
            if !problems.is_empty() {
                return Err(problems);
            }
        }
        self.correction = correction;
        Ok(())
    }

    /// The correction that was to be published is, or is not after all.
    pub fn publish(&mut self, is_published: bool, now: &Now) -> Deed {
        let Some(correction) = &mut self.correction else {
            return refuse("feedback", "There is no correction to publish.");
        };
        correction.published_at = is_published.then(|| correction.published_at.unwrap_or(now.stamp));
        Ok(())
    }
}

/// The beginning of a text, as a title needs it.
pub(crate) fn beginning(text: &str) -> String {
    const LETTERS: usize = 48;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, now, stamp};
    use uuid::Uuid;

    fn taken(kind: FeedbackKind, at: &str) -> Feedback {
        let text = "The paper did not come".to_owned();
        let draft = FeedbackDraft { kind, text, taken_by: "Ana".to_owned(), ..FeedbackDraft::default() };
        assert_eq!(draft.problems(&now(at)), vec![]);
        draft.into_feedback(FeedbackId::new(Uuid::from_u128(1)), &now(at))
    }

    fn turn(kind: TurnKind, at: &str) -> Turn {
        Turn { at: stamp(at), kind, words: None }
    }

    #[test]
    fn only_the_text_is_needed() {
        let fields = |draft: FeedbackDraft| -> Vec<String> {
            draft.problems(&now("2026-11-16 09:00")).into_iter().map(|problem| problem.field).collect()
        };
        assert_eq!(
            fields(FeedbackDraft { text: "cold soup".to_owned(), ..FeedbackDraft::default() }),
            [""; 0]
        );
        assert_eq!(fields(FeedbackDraft::default()), ["text"]);
        let ahead = FeedbackDraft {
            text: "cold soup".to_owned(),
            from: "x".repeat(301),
            at: Some(stamp("2026-11-16 09:01")),
            ..FeedbackDraft::default()
        };
        assert_eq!(fields(ahead), ["from", "at"]);
    }

    #[test]
    fn whoever_took_it_owns_it_until_the_next_one_accepts_it() {
        let mut it = taken(FeedbackKind::Complaint, "2026-11-16 09:00");
        it.hand_on("Ben").unwrap();
        assert_eq!((it.owner.as_str(), it.handed_to.as_deref()), ("Ana", Some("Ben")));
        it.accept(false).unwrap();
        assert_eq!((it.owner.as_str(), it.handed_to.as_deref()), ("Ana", None));
        assert!(it.accept(true).is_err());
        it.hand_on("Ben").unwrap();
        it.accept(true).unwrap();
        assert_eq!((it.owner.as_str(), it.taken_by.as_str()), ("Ben", "Ana"));
        assert!(it.hand_on("Ben").is_err());
    }

    #[test]
    fn it_is_settled_once_they_have_an_answer_and_opens_with_their_next_message() {
        let mut it = taken(FeedbackKind::Complaint, "2026-11-16 09:00");
        let at = now("2026-11-16 12:00");
        assert!(it.settle(&calendar(), &at).is_err(), "no answer yet");
        it.take_turn(turn(TurnKind::Reply, "2026-11-16 09:30"), &at).unwrap();
        let wrong = Correction {
            text: "It is Okafor".to_owned(),
            place: "on page 2".to_owned(),
            by: "2026-11-17".parse().unwrap(),
            published_at: None,
        };
        it.correct(Some(wrong.clone()), &at).unwrap();
        assert_eq!(it.unpublished(), Some(&wrong));
        assert!(it.settle(&calendar(), &at).is_err(), "the correction is not published");
        it.correct(Some(Correction { published_at: Some(at.stamp), ..wrong }), &at).unwrap();
        it.settle(&calendar(), &at).unwrap();
        it.take_turn(turn(TurnKind::Message, "2026-11-16 12:00"), &at).unwrap();
        assert_eq!(it.settled_at, None);
        assert!(it.take_turn(turn(TurnKind::Reply, "2026-11-16 12:01"), &at).is_err(), "not yet");
        assert!(it.take_turn(turn(TurnKind::Reply, "2026-11-15 12:00"), &at).is_err(), "before");
    }
}
