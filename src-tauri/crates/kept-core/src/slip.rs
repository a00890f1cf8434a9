//! Slips: faults inside the shop, and every promise that they touch. A late supplier, a broken oven, a wrong batch: whoever
//! finds one sees at once whom it may let down, and all of those promises are warned of it.

use crate::blocker::Obstruction;
use crate::commitment::{Commitment, Source, is_default};
use crate::day::{Day, Now, Stamp, Zone};
use crate::draft::{NAME_MOST, NOTE_MOST};
use crate::fulfil::{Deed, refuse};
use crate::id::{CommitmentId, OfferId, SlipId};
use crate::problem::Problem;
use crate::search::{folded, holds, words_of};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A fault inside the shop, and the promises that it touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Slip {
    /// Its record's id.
    pub id: SlipId,
    /// What kind of thing failed. Never a person.
    pub kind: SlipKind,
    /// What went wrong.
    pub what: String,
    /// When it was found, or happened.
    pub at: Stamp,
    /// By what the promises were found.
    #[serde(default, skip_serializing_if = "is_default")]
    pub touching: Touching,
    /// The promises that it touches.
    #[serde(default, skip_serializing_if = "is_default")]
    pub promises: Vec<CommitmentId>,
    /// When it was over, and the warnings were taken back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub over_at: Option<Stamp>,
    /// Part of the made-up shop that one can look around in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub made_up: bool,
}

/// What kind of thing failed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SlipKind {
    /// Something came late or wrong from outside.
    Supplier,
    /// A machine, a program, a vehicle.
    Tool,
    /// A batch that was wrong.
    Batch,
    /// A step of the work was left out or done wrong.
    Step,
    /// Something else.
    Other,
}

/// By what promises are found that a slip touches: all that is named here must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct Touching {
    /// One of these is owed.
    #[serde(skip_serializing_if = "is_default")]
    pub offers: Vec<OfferId>,
    /// The work has a step with these words.
    #[serde(skip_serializing_if = "is_default")]
    pub step: Option<String>,
    /// It is due, or was handed over, on this day or later.
    #[serde(skip_serializing_if = "is_default")]
    pub from: Option<Day>,
    /// It is due, or was handed over, on this day or earlier.
    #[serde(skip_serializing_if = "is_default")]
    pub to: Option<Day>,
    /// It waits, or has waited, for this supplier.
    #[serde(skip_serializing_if = "is_default")]
    pub supplier: Option<String>,
    /// These words stand somewhere in it: the number of a batch.
    #[serde(skip_serializing_if = "is_default")]
    pub words: Option<String>,
    /// Also what was handed over already.
    #[serde(skip_serializing_if = "is_default")]
    pub also_delivered: bool,
}

impl Touching {
    /// What is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let texts = [("step", &self.step), ("supplier", &self.supplier), ("words", &self.words)];
        let mut problems = Vec::new();
        let is_empty = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        let is_nothing = texts.iter().all(|(_, text)| is_empty(text))
            && self.offers.is_empty()
            && self.from.is_none()
            && self.to.is_none();
        if is_nothing {
            problems.push(Problem::new("touching", "Say by what the promises are found that it touches."));
        }
        for (field, text) in texts {
            if text.as_ref().is_some_and(|text| text.chars().count() > NAME_MOST) {
                problems.push(Problem::new(format!("touching.{field}"), "This is too long."));
            }
        }
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            problems.push(Problem::new("touching.to", "This lies before the first day."));
        }
        problems
    }

    /// Whether a promise is touched.
    pub fn touches(&self, it: &Commitment, zone: Zone) -> bool {
        (it.is_open() || self.also_delivered && it.cancelled.is_none())
            && self.has_offer(it)
            && self.has_step(it)
            && self.is_between(it, zone)
            && self.has_supplier(it)
            && self.has_words(it)
    }

    /// Why it touches them, in words: `with the step “bake”, due Mon 16 Nov to Wed 18 Nov`.
    pub fn why(&self, offers: &[String], today: Day) -> String {
        let quoted = |text: &Option<String>, before: &str| {
            let text = text.as_ref().map(|text| text.trim()).filter(|text| !text.is_empty());
            text.map(|text| format!("{before} “{text}”"))
        };
        let days = match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => Some(format!("on {}", from.words(today))),
            (Some(from), Some(to)) => Some(format!("from {} to {}", from.words(today), to.words(today))),
            (Some(from), None) => Some(format!("from {} on", from.words(today))),
            (None, Some(to)) => Some(format!("up to {}", to.words(today))),
            (None, None) => None,
        };
        let offers = (!offers.is_empty()).then(|| offers.join(" or "));
        let reasons = [
            offers,
            quoted(&self.step, "with the step"),
            quoted(&self.supplier, "waiting for"),
            quoted(&self.words, "with the words"),
            days,
        ];
        reasons.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn has_offer(&self, it: &Commitment) -> bool {
        let is_named = |offer: OfferId| self.offers.contains(&offer);
        self.offers.is_empty() || it.deliverables.iter().filter_map(|part| part.offer).any(is_named)
    }

    fn has_step(&self, it: &Commitment) -> bool {
        let words = wanted(self.step.as_deref());
        words.is_empty() || it.steps.iter().any(|step| holds(&folded(&step.what), &words))
    }

    fn is_between(&self, it: &Commitment, zone: Zone) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let own = it.deliverables.iter().filter_map(|part| part.due);
        let due = it.current_due().into_iter().chain(own).map(|due| due.day);
        let handed_over = it.handovers.iter().map(|handover| zone.day(handover.at));
        let is_in = |day: Day| self.from.is_none_or(|from| day >= from) && self.to.is_none_or(|to| day <= to);
        due.chain(handed_over).any(is_in)
    }

    fn has_supplier(&self, it: &Commitment) -> bool {
        let words = wanted(self.supplier.as_deref());
        let suppliers = it.blocked_by.iter().filter_map(|blocker| match &blocker.what {
            Obstruction::Supplier { name } => Some(name),
            Obstruction::Obstacle { .. } | Obstruction::Promise { .. } => None,
        });
        words.is_empty() || suppliers.into_iter().any(|name| holds(&folded(name), &words))
    }

    fn has_words(&self, it: &Commitment) -> bool {
        let words = wanted(self.words.as_deref());
        words.is_empty() || holds(&folded(&all_words(it)), &words)
    }
}

impl Slip {
    /// A slip as it was taken down.
    pub fn found(
        id: SlipId,
        kind: SlipKind,
        what: &str,
        at: Option<Stamp>,
        now: &Now,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let what = what.trim();
        if what.is_empty() || what.chars().count() > NOTE_MOST {
            problems.push(Problem::new("what", "Say what went wrong."));
        }
        if at.is_some_and(|at| at > now.stamp) {
            problems.push(Problem::new("at", "This has not happened yet."));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (touching, promises) = (Touching::default(), Vec::new());
        let (what, at) = (what.to_owned(), at.unwrap_or(now.stamp));
        Ok(Self { id, kind, what, at, touching, promises, over_at: None, made_up: false })
    }

    /// It is over: nothing more is touched by it.
    pub fn end(&mut self, now: &Now) -> Deed {
        if self.over_at.is_some() {
            return refuse("slip", "This is over already.");
        }
        self.over_at = Some(now.stamp);
        Ok(())
    }
}

fn wanted(text: Option<&str>) -> Vec<String> {
    text.map(words_of).unwrap_or_default()
}

/// All words in a promise that the number of a batch could be among.
fn all_words(it: &Commitment) -> String {
    let mut text: Vec<&str> = it.deliverables.iter().map(|part| part.what.as_str()).collect();
    text.extend(it.steps.iter().map(|step| step.what.as_str()));
    text.extend(it.notes.iter().map(|note| note.text.as_str()));
    text.extend(it.words.iter().map(|words| words.said.as_str()));
    for handover in &it.handovers {
        text.extend(
            [&handover.tracking, &handover.note, &handover.evidence]
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
    }
    if let Source::Shop { order, .. } = &it.source {
        text.push(order);
    }
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocker::Blocker;
    use crate::commitment::Note;
    use crate::id::{BlockerId, StepId};
    use crate::samples::{commitment, due, handed, now, stamp, zone};
    use crate::step::Step;
    use uuid::Uuid;

    fn offer(number: u128) -> OfferId {
        OfferId::new(Uuid::from_u128(number))
    }

    /// Fortune cookies due on the 20th, baked from batch 17, waiting for the mill.
    fn cookies() -> Commitment {
        let mut it = commitment("500 fortune cookies", due("2026-11-20", "15:00"));
        it.deliverables[0].offer = Some(offer(1));
        let id = StepId::new(Uuid::from_u128(9));
        it.steps.push(Step {
            id,
            what: "Put in the slips".to_owned(),
            part: None,
            effort: None,
            done_at: None,
        });
        it.notes.push(Note { at: stamp("2026-11-10 10:00"), text: "Batch 17-B".to_owned() });
        it.blocked_by.push(Blocker {
            id: BlockerId::new(Uuid::from_u128(8)),
            what: Obstruction::Supplier { name: "The Mill".to_owned() },
            since: stamp("2026-11-10 10:00"),
            resolved_at: None,
        });
        it
    }

    fn check(what: &str, touching: &Touching, it: &Commitment, expected: bool) {
        assert_eq!(touching.problems(), vec![], "{what}");
        assert_eq!(touching.touches(it, zone()), expected, "{what}");
    }

    #[test]
    fn a_slip_touches_by_offer_step_date_supplier_and_words() {
        let (it, text) = (cookies(), |text: &str| Some(text.to_owned()));
        let day = |text: &str| Some(text.parse().unwrap());
        let none = Touching::default;
        check("its offer", &Touching { offers: vec![offer(2), offer(1)], ..none() }, &it, true);
        check("another offer", &Touching { offers: vec![offer(2)], ..none() }, &it, false);
        check("its step", &Touching { step: text("SLIPS"), ..none() }, &it, true);
        check("another step", &Touching { step: text("bake"), ..none() }, &it, false);
        check("its day", &Touching { from: day("2026-11-20"), to: day("2026-11-20"), ..none() }, &it, true);
        check("later", &Touching { from: day("2026-11-21"), ..none() }, &it, false);
        check("earlier", &Touching { to: day("2026-11-19"), ..none() }, &it, false);
        check("its supplier", &Touching { supplier: text("mill"), ..none() }, &it, true);
        check("another one", &Touching { supplier: text("dairy"), ..none() }, &it, false);
        check("its batch", &Touching { words: text("batch 17"), ..none() }, &it, true);
        check("another batch", &Touching { words: text("batch 18"), ..none() }, &it, false);
        let both = Touching { step: text("slips"), to: day("2026-11-19"), ..none() };
        check("all of it must be so", &both, &it, false);
    }

    #[test]
    fn what_was_handed_over_is_touched_if_that_is_asked() {
        let it = handed(cookies(), 500, "2026-11-18 10:00");
        let on = |day: &str, also_delivered| Touching {
            from: Some(day.parse().unwrap()),
            to: Some(day.parse().unwrap()),
            also_delivered,
            ..Touching::default()
        };
        check("not asked", &on("2026-11-18", false), &it, false);
        check("on that day", &on("2026-11-18", true), &it, true);
        check("on another day", &on("2026-11-17", true), &it, false);
    }

    #[test]
    fn a_slip_that_touches_by_nothing_is_refused() {
        let fields = |touching: Touching| -> Vec<String> {
            touching.problems().into_iter().map(|problem| problem.field).collect()
        };
        assert_eq!(fields(Touching { words: Some(" ".to_owned()), ..Touching::default() }), ["touching"]);
        let day = |text: &str| Some(text.parse().unwrap());
        let backwards = Touching { from: day("2026-11-20"), to: day("2026-11-19"), ..Touching::default() };
        assert_eq!(fields(backwards), ["touching.to"]);
        let id = SlipId::new(Uuid::from_u128(1));
        let at = now("2026-11-20 10:00");
        assert!(
            Slip::found(id, SlipKind::Tool, " ", Some(stamp("2026-11-20 10:01")), &at).unwrap_err().len()
                == 2
        );
        let mut oven = Slip::found(id, SlipKind::Tool, "the oven is cold", None, &at).unwrap();
        oven.end(&at).unwrap();
        assert!(oven.end(&at).is_err());
    }
}
