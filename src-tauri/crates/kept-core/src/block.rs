//! Time blocks: hours set aside in the calendar for a promise or a part of it.

use crate::calendar::{Span, WorkingCalendar};
use crate::commitment::{Commitment, is_default};
use crate::day::{Day, Stamp};
use crate::fulfil::{Deed, must_be_open, refuse};
use crate::id::{BlockId, DeliverableId};
use serde::{Deserialize, Serialize};

/// No promise has more time blocks.
pub const BLOCKS_MOST: usize = 200;

/// Hours set aside on one day. Kept as the clocks of the business show them; the instants follow from its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TimeBlock {
    /// Its id within Kept.
    pub id: BlockId,
    /// The part that is worked on; none if it is all of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub part: Option<DeliverableId>,
    /// The day.
    pub day: Day,
    /// From when to when.
    #[serde(flatten)]
    pub span: Span,
}

impl TimeBlock {
    /// When it begins and ends.
    pub fn instants(&self, calendar: &WorkingCalendar) -> (Stamp, Stamp) {
        let instant = |time| calendar.zone.instant(self.day, time);
        (instant(self.span.from), instant(self.span.to))
    }
}

/// Sets hours aside, or moves those that were: a block with an id that is known replaces it.
pub fn block_time(it: &mut Commitment, block: TimeBlock) -> Deed {
    must_be_open(it)?;
    let TimeBlock { part, day, span, .. } = block;
    if span.to <= span.from {
        return refuse("to", "A time block must end after it begins, on the same day.");
    }
    if part.is_some_and(|part| it.deliverables.iter().all(|other| other.id != part)) {
        return refuse("part", "This part is not there any more.");
    }
    let others = || it.blocks.iter().filter(|other| other.id != block.id);
    let meets =
        |other: &TimeBlock| other.day == day && other.span.from < span.to && span.from < other.span.to;
    if let Some(other) = others().find(|other| meets(other)) {
        let Span { from, to } = other.span;
        return refuse("from", format!("{from} to {to} is blocked for this already. Choose other hours."));
    }
    if others().count() >= BLOCKS_MOST {
        return refuse("day", format!("A promise has at most {BLOCKS_MOST} time blocks."));
    }
    it.blocks.retain(|other| other.id != block.id);
    it.blocks.push(block);
    it.blocks.sort_by_key(|block| (block.day, block.span.from));
    Ok(())
}

/// Gives hours free that were set aside.
pub fn remove_block(it: &mut Commitment, block: BlockId) -> Deed {
    must_be_open(it)?;
    if it.blocks.iter().all(|other| other.id != block) {
        return refuse("block", "This time block is not there any more.");
    }
    it.blocks.retain(|other| other.id != block);
    Ok(())
}

/// Minutes that are set aside for a promise from now to its deadline; once that has passed, from now on. What lies in the
/// past is used up.
pub fn blocked_minutes(
    it: &Commitment,
    calendar: &WorkingCalendar,
    now: Stamp,
    deadline: Option<Stamp>,
) -> i64 {
    let until = deadline.filter(|deadline| *deadline > now);
    let minutes = it.blocks.iter().map(|block| {
        let (from, to) = block.instants(calendar);
        until.map_or(to, |until| to.min(until)).minutes_since(from.max(now)).max(0)
    });
    minutes.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{block, calendar, commitment, due, stamp};

    fn cake() -> Commitment {
        commitment("1 cake", due("2026-11-20", "15:00"))
    }

    #[test]
    fn hours_are_set_aside_moved_and_given_free() {
        let mut it = cake();
        block_time(&mut it, block(1, "2026-11-19", "09:00", "11:00")).unwrap();
        block_time(&mut it, block(2, "2026-11-18", "09:00", "10:00")).unwrap();
        assert_eq!(it.blocks[0].id, block(2, "2026-11-18", "09:00", "10:00").id, "in order of time");
        for (what, other, field) in [
            ("it ends before it begins", block(3, "2026-11-19", "12:00", "11:00"), "to"),
            ("it lasts for no time", block(3, "2026-11-19", "12:00", "12:00"), "to"),
            ("it meets another one", block(3, "2026-11-19", "10:59", "12:00"), "from"),
        ] {
            assert_eq!(block_time(&mut it, other).unwrap_err()[0].field, field, "{what}");
        }
        block_time(&mut it, block(3, "2026-11-19", "11:00", "12:00")).unwrap();
        block_time(&mut it, block(1, "2026-11-19", "08:00", "11:00")).unwrap();
        assert_eq!(it.blocks.len(), 3, "a block may be moved over where it was");
        remove_block(&mut it, block(1, "2026-11-19", "08:00", "11:00").id).unwrap();
        assert!(remove_block(&mut it, block(1, "2026-11-19", "08:00", "11:00").id).is_err());
        assert_eq!(it.blocks.len(), 2);
    }

    fn check(what: &str, blocks: &[TimeBlock], at: &str, deadline: Option<&str>, minutes: i64) {
        let mut it = cake();
        it.blocks = blocks.to_vec();
        let blocked = blocked_minutes(&it, &calendar(), stamp(at), deadline.map(stamp));
        assert_eq!(blocked, minutes, "{what}");
    }

    #[test]
    fn what_is_blocked_counts_from_now_to_the_deadline() {
        let two = [block(1, "2026-11-19", "09:00", "11:00"), block(2, "2026-11-20", "14:00", "16:00")];
        let due = Some("2026-11-20 15:00");
        check("nothing", &[], "2026-11-18 10:00", due, 0);
        check("the second ends after the deadline", &two, "2026-11-18 10:00", due, 3 * 60);
        check("no deadline", &two, "2026-11-18 10:00", None, 4 * 60);
        check("in the middle of the first", &two, "2026-11-19 10:15", due, 45 + 60);
        check("the first is used up", &two, "2026-11-19 11:00", due, 60);
        check("overdue: what is still to come", &two, "2026-11-20 15:30", due, 30);
        // In Paris the clocks skip from two to three on this day.
        let spring = [block(1, "2026-03-29", "01:00", "04:00")];
        check("the night on which an hour is skipped", &spring, "2026-03-28 10:00", None, 2 * 60);
        let autumn = [block(1, "2026-10-25", "01:00", "04:00")];
        check("the night on which an hour comes twice", &autumn, "2026-10-24 10:00", None, 4 * 60);
    }
}
