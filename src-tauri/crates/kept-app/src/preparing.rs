//! What is prepared before a handover: the steps of the work, the checklist, and what is needed from the customer.

use crate::Kept;
use crate::failure::Failure;
use crate::takes::plan::{SetEffort, SetLines, SetSteps, SetWorthlessAfter, StepDone, TickLine};
use crate::work::change;
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::id::StepId;
use kept_core::views::Done;
use kept_core::words::duration;
use kept_core::{fulfil, step};
use uuid::Uuid;

/// The steps of a promise are corrected.
pub(crate) async fn set_steps(kept: &Kept, takes: SetSteps) -> Result<Done, Failure> {
    let steps = takes.steps;
    let deed = |it: &mut Commitment, _: &Now| step::set_steps(it, steps, || StepId::new(Uuid::now_v7()));
    change(kept, takes.promise, takes.version, deed, |said| format!("Corrected the steps of {}", said.all()))
        .await
}

/// A step is done, or is not after all.
pub(crate) async fn step_done(kept: &Kept, takes: StepDone) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, now: &Now| step::step_done(it, takes.step, takes.done, now);
    change(kept, takes.promise, takes.version, deed, |said| {
        let step = said.before.steps.iter().find(|step| step.id == takes.step);
        let what = step.map_or("A step", |step| step.what.as_str());
        let how = if takes.done { "is done" } else { "is open again" };
        format!("“{what}” {how} for {}", said.all())
    })
    .await
}

/// What is to be looked at before the handover.
pub(crate) async fn set_checklist(kept: &Kept, takes: SetLines) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, _: &Now| step::set_checklist(it, &takes.lines);
    change(kept, takes.promise, takes.version, deed, |said| {
        format!("Corrected the checklist of {}", said.all())
    })
    .await
}

/// Something was looked at and found right, or is to be looked at again.
pub(crate) async fn check_off(kept: &Kept, takes: TickLine) -> Result<Done, Failure> {
    let TickLine { promise, version, what, done } = takes;
    let deed = |it: &mut Commitment, now: &Now| step::check_off(it, &what, done, now);
    change(kept, promise, version, deed, |said| {
        let how = if done { "Checked" } else { "Is to be checked again:" };
        format!("{how} “{what}” for {}", said.all())
    })
    .await
}

/// What is needed from the customer.
pub(crate) async fn set_inputs(kept: &Kept, takes: SetLines) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, _: &Now| step::set_inputs(it, &takes.lines);
    change(kept, takes.promise, takes.version, deed, |said| {
        format!("Corrected what {} has to give for {}", said.customer, said.title())
    })
    .await
}

/// The customer gave something, or has not after all.
pub(crate) async fn input_given(kept: &Kept, takes: TickLine) -> Result<Done, Failure> {
    let TickLine { promise, version, what, done } = takes;
    let deed = |it: &mut Commitment, now: &Now| step::input_given(it, &what, done, now);
    change(kept, promise, version, deed, |said| {
        let how = if done { "gave" } else { "has still to give" };
        format!("{} {how} “{what}” for {}", said.customer, said.title())
    })
    .await
}

/// How much work a part still needs.
pub(crate) async fn set_effort(kept: &Kept, takes: SetEffort) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, _: &Now| step::set_effort(it, takes.part, takes.minutes);
    change(kept, takes.promise, takes.version, deed, |said| {
        let part = said.before.deliverables.iter().find(|part| part.id == takes.part);
        let what = part.map_or_else(|| said.title(), |part| part.what.clone());
        match takes.minutes {
            Some(minutes) => {
                format!("{} of work are left for {what} for {}", duration(minutes.into()), said.customer)
            }
            None => format!("Nobody knows how much work is left for {what} for {}", said.customer),
        }
    })
    .await
}

/// When a promise begins to help nobody any more.
pub(crate) async fn set_worthless_after(kept: &Kept, takes: SetWorthlessAfter) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, _: &Now| fulfil::set_worthless_after(it, takes.after);
    change(kept, takes.promise, takes.version, deed, |said| match takes.after {
        Some(after) => format!("{} helps nobody after {}", said.all(), after.words(said.now.today)),
        None => format!("{} always helps", said.all()),
    })
    .await
}
