//! The steps of the work, what is looked at before a handover, and what is needed from the customer.

use crate::commitment::{Commitment, Stage, WaitingOn, is_default};
use crate::day::{Now, Stamp};
use crate::draft::{EFFORT_MOST, check_name};
use crate::fulfil::{Deed, must_be_open, refuse};
use crate::id::{DeliverableId, StepId};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// No list of steps, checks or inputs is longer: nobody would read it.
pub const LIST_MOST: usize = 100;

/// One step of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Step {
    /// Its id within Kept.
    pub id: StepId,
    /// What is to be done.
    pub what: String,
    /// The part that it makes; none if it is work on the whole.
    #[serde(default, skip_serializing_if = "is_default")]
    pub part: Option<DeliverableId>,
    /// Minutes of work that it needs; none if nobody has estimated them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub effort: Option<u32>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub done_at: Option<Stamp>,
}

/// One thing that is looked at before a handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Check {
    /// What.
    pub what: String,
    /// When it was looked at and found right.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checked_at: Option<Stamp>,
}

/// One thing that is needed from the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Input {
    /// What.
    pub what: String,
    /// When they gave it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub given_at: Option<Stamp>,
}

/// A step as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, optional_fields = nullable)]
pub struct StepDraft {
    /// The step that is corrected; none for a new one.
    #[serde(default)]
    pub id: Option<StepId>,
    /// What is to be done.
    pub what: String,
    /// The part that it makes.
    #[serde(default)]
    pub part: Option<DeliverableId>,
    /// Minutes of work, if estimated.
    #[serde(default)]
    pub effort: Option<i32>,
}

impl Commitment {
    /// The steps that make a part. Of a promise with one part there is no other that a step could make.
    pub fn steps_of(&self, part: DeliverableId) -> impl Iterator<Item = &Step> {
        let is_only = self.deliverables.len() == 1;
        self.steps.iter().filter(move |step| step.part.map_or(is_only, |of| of == part))
    }

    /// The steps that are work on the whole of several parts.
    pub fn steps_of_the_whole(&self) -> impl Iterator<Item = &Step> {
        let is_only = self.deliverables.len() == 1;
        self.steps.iter().filter(move |step| step.part.is_none() && !is_only)
    }
}

/// The steps as they are to be; what was done of those that stay remains done.
pub fn set_steps(it: &mut Commitment, steps: Vec<StepDraft>, mut make: impl FnMut() -> StepId) -> Deed {
    must_be_open(it)?;
    let problems = step_problems(it, &steps);
    if !problems.is_empty() {
        return Err(problems);
    }
    let known = std::mem::take(&mut it.steps);
    let step = |draft: StepDraft| {
        let old = known.iter().find(|step| draft.id == Some(step.id));
        Step {
            id: old.map_or_else(&mut make, |step| step.id),
            what: draft.what.trim().to_owned(),
            part: draft.part,
            effort: draft.effort.and_then(|minutes| u32::try_from(minutes).ok()),
            done_at: old.and_then(|step| step.done_at),
        }
    };
    it.steps = steps.into_iter().map(step).collect();
    Ok(())
}

/// A step is done, or is not after all.
pub fn step_done(it: &mut Commitment, step: StepId, done: bool, now: &Now) -> Deed {
    must_be_open(it)?;
    let Some(found) = it.steps.iter_mut().find(|other| other.id == step) else {
        return refuse("step", "This step is not there any more.");
    };
    found.done_at = done.then(|| found.done_at.unwrap_or(now.stamp));
    let part = found.part;
    if done {
        it.worked_on(now);
        let is_only = it.deliverables.len() == 1;
        let made = it.deliverables.iter_mut().find(|other| is_only || Some(other.id) == part);
        if let Some(made) = made.filter(|made| made.stage == Stage::Open) {
            made.stage = Stage::InProgress;
        }
    }
    Ok(())
}

/// What is to be looked at before the handover; what was found right of what stays remains so.
pub fn set_checklist(it: &mut Commitment, checks: &[String]) -> Deed {
    must_be_open(it)?;
    let checks = list("checklist", checks)?;
    let known = std::mem::take(&mut it.checklist);
    let check = |what: String| {
        let checked_at = known.iter().find(|check| check.what == what).and_then(|check| check.checked_at);
        Check { what, checked_at }
    };
    it.checklist = checks.into_iter().map(check).collect();
    Ok(())
}

/// Something was looked at and found right, or is to be looked at again.
pub fn check_off(it: &mut Commitment, what: &str, checked: bool, now: &Now) -> Deed {
    must_be_open(it)?;
    let Some(check) = it.checklist.iter_mut().find(|check| check.what == what) else {
        return refuse("what", "This is not on the checklist any more.");
    };
    check.checked_at = checked.then(|| check.checked_at.unwrap_or(now.stamp));
    if checked {
        it.worked_at = Some(now.stamp);
    }
    Ok(())
}

/// What is needed from the customer; what they gave of what stays remains given.
pub fn set_inputs(it: &mut Commitment, inputs: &[String]) -> Deed {
    must_be_open(it)?;
    let inputs = list("inputs", inputs)?;
    let known = std::mem::take(&mut it.inputs);
    let input = |what: String| {
        let given_at = known.iter().find(|input| input.what == what).and_then(|input| input.given_at);
        Input { what, given_at }
    };
    it.inputs = inputs.into_iter().map(input).collect();
    Ok(())
}

/// The customer gave something, or has not after all. When they owe nothing more, nothing waits for them any longer.
pub fn input_given(it: &mut Commitment, what: &str, given: bool, now: &Now) -> Deed {
    must_be_open(it)?;
    let Some(input) = it.inputs.iter_mut().find(|input| input.what == what) else {
        return refuse("what", "This is not asked of the customer any more.");
    };
    input.given_at = given.then(|| input.given_at.unwrap_or(now.stamp));
    let is_all_here = it.inputs.iter().all(|input| input.given_at.is_some());
    let waits_for_them = it.waiting.as_ref().is_some_and(|waiting| waiting.on == WaitingOn::Customer);
    if given && is_all_here && waits_for_them {
        it.waiting = None;
    }
    Ok(())
}

/// Sets how many minutes of work a part still needs; none if nobody knows.
pub fn set_effort(it: &mut Commitment, part: DeliverableId, minutes: Option<i32>) -> Deed {
    must_be_open(it)?;
    let mut problems = Vec::new();
    check_effort(&mut problems, "minutes", minutes);
    if !problems.is_empty() {
        return Err(problems);
    }
    if it.steps_of(part).any(|step| step.effort.is_some()) {
        return refuse("minutes", "The steps of this part carry its hours. Change them there.");
    }
    let Some(part) = it.deliverables.iter_mut().find(|other| other.id == part) else {
        return refuse("part", "This part is not there any more.");
    };
    part.effort_left = minutes.and_then(|minutes| u32::try_from(minutes).ok());
    Ok(())
}

/// Refuses an effort that cannot be meant: one below nothing, or of several years.
pub fn check_effort(problems: &mut Vec<Problem>, field: &str, minutes: Option<i32>) {
    match minutes.map(u32::try_from) {
        Some(Err(_)) => problems.push(Problem::new(field, "An effort cannot be less than nothing.")),
        Some(Ok(minutes)) if minutes > EFFORT_MOST => {
            problems.push(Problem::new(field, "More than 5,000 hours of work: check the figure."));
        }
        Some(Ok(_)) | None => {}
    }
}

fn step_problems(it: &Commitment, steps: &[StepDraft]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if steps.len() > LIST_MOST {
        problems.push(Problem::new("steps", format!("More than {LIST_MOST} steps: put some together.")));
    }
    for (index, step) in steps.iter().enumerate() {
        let field = |name| format!("steps.{index}.{name}");
        if step.what.trim().is_empty() {
            problems.push(Problem::new(field("what"), "Say what is to be done."));
        }
        check_name(&mut problems, &field("what"), &step.what);
        check_effort(&mut problems, &field("effort"), step.effort);
        if step.part.is_some_and(|part| it.deliverables.iter().all(|other| other.id != part)) {
            problems.push(Problem::new(field("part"), "This part is not there any more."));
        }
        if step.id.is_some_and(|id| it.steps.iter().all(|other| other.id != id)) {
            problems.push(Problem::new(field("what"), "This step is not there any more."));
        }
    }
    problems
}

/// A list as it is to be kept: without blanks around its lines, without empty ones, and each only once.
fn list(field: &str, lines: &[String]) -> Result<Vec<String>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut kept: Vec<String> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim();
        check_name(&mut problems, &format!("{field}.{index}"), line);
        if !line.is_empty() && kept.iter().all(|other| other != line) {
            kept.push(line.to_owned());
        }
    }
    if kept.len() > LIST_MOST {
        problems.push(Problem::new(field, format!("More than {LIST_MOST} lines: put some together.")));
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::Waiting;
    use crate::samples::{commitment, due, now};
    use crate::urgency::remaining_minutes;
    use uuid::Uuid;

    fn cake() -> Commitment {
        commitment("1 cake", due("2026-11-20", "15:00"))
    }

    fn draft(what: &str, effort: Option<i32>) -> StepDraft {
        StepDraft { id: None, what: what.to_owned(), part: None, effort }
    }

    fn numbered() -> impl FnMut() -> StepId {
        numbered_from(0)
    }

    fn numbered_from(mut number: u128) -> impl FnMut() -> StepId {
        move || {
            number += 1;
            StepId::new(Uuid::from_u128(number))
        }
    }

    #[test]
    fn steps_that_stay_remain_done_and_carry_the_hours_of_their_part() {
        let mut it = cake();
        assert_eq!(remaining_minutes(&it, 60), 120, "the estimate of the part");
        set_steps(&mut it, vec![draft("bake", Some(90)), draft(" ice ", Some(45))], numbered()).unwrap();
        assert_eq!(remaining_minutes(&it, 60), 135, "the steps say it better");
        let bake = it.steps[0].id;
        step_done(&mut it, bake, true, &now("2026-11-18 10:00")).unwrap();
        assert_eq!(remaining_minutes(&it, 60), 45);
        assert_eq!(it.steps[1].what, "ice");
        assert_eq!(it.deliverables[0].stage, Stage::InProgress, "work has begun");
        assert_eq!(it.started_at, Some(now("2026-11-18 10:00").stamp));
        let kept = StepDraft { id: Some(bake), ..draft("bake well", Some(80)) };
        set_steps(&mut it, vec![draft("weigh", None), kept], numbered_from(10)).unwrap();
        assert_eq!(it.steps[1].done_at, Some(now("2026-11-18 10:00").stamp));
        step_done(&mut it, bake, false, &now("2026-11-18 11:00")).unwrap();
        assert_eq!(it.steps[1].done_at, None);
    }

    #[test]
    fn an_effort_that_cannot_be_meant_is_refused() {
        let mut it = cake();
        let part = it.deliverables[0].id;
        for (minutes, field) in [(-1, "steps.0.effort"), (600_000, "steps.0.effort")] {
            let wrong = set_steps(&mut it, vec![draft("bake", Some(minutes))], numbered()).unwrap_err();
            assert_eq!(wrong[0].field, field);
            assert_eq!(set_effort(&mut it, part, Some(minutes)).unwrap_err()[0].field, "minutes");
        }
        assert_eq!(it, cake(), "nothing was changed");
        set_effort(&mut it, part, Some(0)).unwrap();
        assert_eq!(remaining_minutes(&it, 60), 0);
        set_effort(&mut it, part, None).unwrap();
        assert_eq!(remaining_minutes(&it, 60), 60, "the usual effort");
        set_steps(&mut it, vec![draft("bake", Some(30))], numbered()).unwrap();
        assert_eq!(set_effort(&mut it, part, Some(90)).unwrap_err()[0].field, "minutes");
    }

    #[test]
    fn a_list_is_kept_without_blanks_and_each_line_once() {
        let mut it = cake();
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        set_checklist(&mut it, &lines(&["candles", " ", "box label ", "candles"])).unwrap();
        check_off(&mut it, "candles", true, &now("2026-11-18 10:00")).unwrap();
        set_checklist(&mut it, &lines(&["receipt", "candles"])).unwrap();
        let checked: Vec<_> =
            it.checklist.iter().map(|it| (it.what.as_str(), it.checked_at.is_some())).collect();
        assert_eq!(checked, [("receipt", false), ("candles", true)]);
        assert!(check_off(&mut it, "box label", true, &now("2026-11-18 10:00")).is_err());
        let long: Vec<String> = (0..=LIST_MOST).map(|line| line.to_string()).collect();
        assert_eq!(set_checklist(&mut it, &long).unwrap_err()[0].field, "checklist");
    }

    #[test]
    fn what_waits_for_the_customer_goes_on_when_all_of_it_is_here() {
        let mut it = cake();
        let now = now("2026-11-18 10:00");
        set_inputs(&mut it, &["photo".to_owned(), "name to write".to_owned()]).unwrap();
        it.waiting = Some(Waiting { on: WaitingOn::Customer, since: now.stamp, chase: now.today });
        input_given(&mut it, "photo", true, &now).unwrap();
        assert!(it.waiting.is_some());
        input_given(&mut it, "name to write", true, &now).unwrap();
        assert_eq!(it.waiting, None);
        assert_eq!(it.worked_at, None, "what the customer does is no work of ours");
    }
}
