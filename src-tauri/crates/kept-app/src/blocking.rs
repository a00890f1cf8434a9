//! Hours that are set aside for a promise, and what stands in its way.

use crate::Kept;
use crate::failure::{Code, Failure};
use crate::takes::plan::{BlockBy, BlockTime, MoveBlock, RemoveBlock, Unblock};
use crate::work::{Said, change};
use kept_core::block::{self, TimeBlock};
use kept_core::blocker::{self, Obstruction, waits_for};
use kept_core::calendar::Span;
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::fulfil::Deed;
use kept_core::id::{BlockId, BlockerId, CommitmentId};
use kept_core::problem::Problem;
use kept_core::views::Done;
use uuid::Uuid;

/// Hours are set aside for a promise.
pub(crate) async fn block_time(kept: &Kept, takes: BlockTime) -> Result<Done, Failure> {
    let BlockTime { promise, version, part, day, from, to } = takes;
    let block = TimeBlock { id: BlockId::new(Uuid::now_v7()), part, day, span: Span { from, to } };
    let deed = |it: &mut Commitment, _: &Now| block::block_time(it, block);
    change(kept, promise, version, deed, |said| format!("Blocked {} for {}", hours(&block, said), said.all()))
        .await
}

/// Hours that were set aside are others now.
pub(crate) async fn move_block(kept: &Kept, takes: MoveBlock) -> Result<Done, Failure> {
    let MoveBlock { promise, version, block, day, from, to } = takes;
    let deed = |it: &mut Commitment, _: &Now| -> Deed {
        let Some(known) = it.blocks.iter().find(|other| other.id == block).copied() else {
            return Err(vec![Problem::new("block", "This time block is not there any more.")]);
        };
        block::block_time(it, TimeBlock { day, span: Span { from, to }, ..known })
    };
    change(kept, promise, version, deed, |said| {
        let moved = said.after.blocks.iter().find(|other| other.id == block);
        let to = moved.map_or_else(String::new, |moved| format!(" to {}", hours(moved, said)));
        format!("Moved the time for {}{to}", said.all())
    })
    .await
}

/// Hours that were set aside are free again.
pub(crate) async fn remove_block(kept: &Kept, takes: RemoveBlock) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, _: &Now| block::remove_block(it, takes.block);
    change(kept, takes.promise, takes.version, deed, |said| {
        let removed = said.before.blocks.iter().find(|other| other.id == takes.block);
        let hours = removed.map_or_else(|| "the time".to_owned(), |removed| hours(removed, said));
        format!("Freed {hours}, which was for {}", said.all())
    })
    .await
}

/// Something stands in the way of a promise.
pub(crate) async fn block_by(kept: &Kept, takes: BlockBy) -> Result<Done, Failure> {
    let BlockBy { promise, version, what } = takes;
    let other = match &what {
        Obstruction::Promise { promise } => Some(open_title(kept, *promise)?),
        Obstruction::Supplier { .. } | Obstruction::Obstacle { .. } => None,
    };
    let words = match (&what, other) {
        (Obstruction::Supplier { name: what } | Obstruction::Obstacle { what }, _) => what.trim().to_owned(),
        (Obstruction::Promise { .. }, other) => other.unwrap_or_default(),
    };
    let waits = |id: CommitmentId| -> Vec<CommitmentId> {
        kept.shop().open.get(&id).map(|known| known.it.waits_for().collect()).unwrap_or_default()
    };
    let deed = |it: &mut Commitment, now: &Now| {
        let of = it.id;
        blocker::block_by(it, what, BlockerId::new(Uuid::now_v7()), |other| waits_for(other, of, waits), now)
    };
    change(kept, promise, version, deed, |said| format!("{} is blocked by {words}", said.all())).await
}

/// Something is out of the way.
pub(crate) async fn unblock(kept: &Kept, takes: Unblock) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, now: &Now| blocker::unblock(it, takes.blocker, now);
    change(kept, takes.promise, takes.version, deed, |said| {
        let blocker = said.before.blocked_by.iter().find(|other| other.id == takes.blocker);
        let what = match blocker.map(|blocker| &blocker.what) {
            Some(Obstruction::Supplier { name: what } | Obstruction::Obstacle { what }) => what.as_str(),
            Some(Obstruction::Promise { .. }) => "another promise",
            None => "something",
        };
        format!("{} is no longer blocked by {what}", said.all())
    })
    .await
}

/// The title of a promise that another one can wait for.
fn open_title(kept: &Kept, promise: CommitmentId) -> Result<String, Failure> {
    let shop = kept.shop();
    let known = shop.open.get(&promise).ok_or_else(|| {
        Failure::new(Code::NotFound, "Nothing is owed for that promise any more: it stands in nobody’s way.")
    })?;
    Ok(format!("{} for {}", known.it.title(), shop.customer_name(known.it.customer)))
}

/// `Thu 19 Nov, 09:00 to 11:00`.
fn hours(block: &TimeBlock, said: &Said<'_>) -> String {
    let Span { from, to } = block.span;
    format!("{}, {from} to {to}", block.day.words(said.now.today))
}
