//! The work on one promise, for its page: steps, checklist, what the customer owes, time blocks and what stands in the way.

use crate::plan::{block_words, needs_hours, suggestion};
use crate::rows::to_u32;
use crate::shop::Shop;
use kept_core::block::TimeBlock;
use kept_core::blocker::{Blocker, Obstruction};
use kept_core::commitment::Commitment;
use kept_core::day::{Now, Stamp};
use kept_core::urgency::Standing;
use kept_core::views::plan::{BlockView, BlockerView, LineView, StepView, WorkView};
use kept_core::words::{Said, count, duration};

/// The work that is left, and the hours for it.
pub(super) fn work(said: &Said<'_>, shop: &Shop) -> WorkView {
    let Said { commitment: it, standing, calendar, now } = *said;
    let is_open = it.is_open();
    let suggestion = (is_open && needs_hours(standing, it) > 0)
        .then(|| suggestion(standing, calendar, &shop.tallies.taken, now))
        .flatten();
    WorkView {
        remaining: if is_open { to_u32(standing.remaining) } else { 0 },
        set_aside: to_u32(standing.set_aside),
        words: if is_open { work_words(standing) } else { "Nothing is left to do".to_owned() },
        no_time_blocked: is_open && standing.remaining > 0 && standing.set_aside == 0,
        squeezed: standing
            .squeezed
            .map(|others| format!("{} moved while this waited.", count(others, "other"))),
        waits: said.waits(),
        suggestion,
    }
}

/// The steps of the work, in their order.
pub(super) fn steps(it: &Commitment) -> Vec<StepView> {
    let steps = it.steps.iter().map(|step| StepView {
        id: step.id,
        what: step.what.clone(),
        part: step.part,
        effort: step.effort,
        done_at: step.done_at,
    });
    steps.collect()
}

/// What is looked at before the handover.
pub(super) fn checklist(it: &Commitment) -> Vec<LineView> {
    it.checklist.iter().map(|check| line(&check.what, check.checked_at)).collect()
}

/// What is needed from the customer.
pub(super) fn inputs(it: &Commitment) -> Vec<LineView> {
    it.inputs.iter().map(|input| line(&input.what, input.given_at)).collect()
}

/// The hours that are set aside, in order.
pub(super) fn blocks(said: &Said<'_>) -> Vec<BlockView> {
    let view = |block: &TimeBlock| BlockView {
        id: block.id,
        part: block.part,
        day: block.day,
        from: block.span.from,
        to: block.span.to,
        words: block_words(block, said.now.today),
        used: block.instants(said.calendar).1 <= said.now.stamp,
    };
    said.commitment.blocks.iter().map(view).collect()
}

/// What stands in its way, and what did.
pub(super) fn blockers(it: &Commitment, shop: &Shop, now: &Now) -> Vec<BlockerView> {
    it.blocked_by.iter().map(|blocker| blocker_view(blocker, shop, now)).collect()
}

fn blocker_view(blocker: &Blocker, shop: &Shop, now: &Now) -> BlockerView {
    let since = shop.settings.it.calendar.zone.day(blocker.since).words(now.today);
    let mut resolved = blocker.resolved_at.is_some();
    let what = match &blocker.what {
        Obstruction::Supplier { name } => format!("Waits for {name}"),
        Obstruction::Obstacle { what } => what.clone(),
        Obstruction::Promise { promise } => {
            if let Some(known) = shop.open.get(promise) {
                format!("Waits for {} for {}", known.it.title(), shop.customer_name(known.it.customer))
            } else {
                resolved = true;
                "Waited for another promise, which is done".to_owned()
            }
        }
    };
    BlockerView {
        id: blocker.id,
        what: blocker.what.clone(),
        words: format!("{what}, since {since}"),
        resolved,
    }
}

fn work_words(standing: &Standing) -> String {
    let work = duration(standing.remaining);
    match (standing.remaining, standing.set_aside) {
        (..=0, _) => "Nothing is left to do but hand it over".to_owned(),
        (_, ..=0) => format!("No time is blocked for {work} of work"),
        (remaining, aside) if aside < remaining => format!("{} of {work} are blocked", duration(aside)),
        _ => format!("Time is blocked for all {work} of work"),
    }
}

fn line(what: &str, at: Option<Stamp>) -> LineView {
    LineView { what: what.to_owned(), at }
}
