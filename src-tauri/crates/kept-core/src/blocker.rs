//! What stands in the way of a promise: a supplier, an obstacle, another promise.

use crate::commitment::{Commitment, is_default};
use crate::day::{Now, Stamp};
use crate::draft::check_name;
use crate::fulfil::{Deed, must_be_open, refuse};
use crate::id::{BlockerId, CommitmentId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Blocker {
    /// Its id within Kept.
    pub id: BlockerId,
    /// What.
    pub what: Obstruction,
    /// Since when.
    pub since: Stamp,
    /// When it was out of the way.
    #[serde(default, skip_serializing_if = "is_default")]
    pub resolved_at: Option<Stamp>,
}

/// What stands in the way of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum Obstruction {
    /// A supplier who has to deliver first.
    Supplier {
        /// Their name.
        name: String,
    },
    /// Anything else: a broken oven, no flour.
    Obstacle {
        /// In the owner's words.
        what: String,
    },
    /// Another promise that has to be done first.
    Promise {
        /// Which one.
        promise: CommitmentId,
    },
}

/// No promise has more in its way at a time.
const BLOCKERS_MOST: usize = 50;

/// Something stands in the way. `goes_round` says whether another promise would, by way of others, wait for this one.
pub fn block_by(
    it: &mut Commitment,
    what: Obstruction,
    id: BlockerId,
    goes_round: impl Fn(CommitmentId) -> bool,
    now: &Now,
) -> Deed {
    must_be_open(it)?;
    let what = match what {
        Obstruction::Supplier { name } => Obstruction::Supplier { name: named("name", &name)? },
        Obstruction::Obstacle { what } => Obstruction::Obstacle { what: named("what", &what)? },
        Obstruction::Promise { promise } if promise == it.id => {
            return refuse("promise", "A promise cannot wait for itself.");
        }
        Obstruction::Promise { promise } if goes_round(promise) => {
            return refuse("promise", "That promise waits for this one. Neither would ever be done.");
        }
        Obstruction::Promise { promise } => Obstruction::Promise { promise },
    };
    if it.standing_blockers().any(|other| other.what == what) {
        return refuse("what", "This stands in its way already.");
    }
    if it.blocked_by.len() >= BLOCKERS_MOST {
        return refuse("what", format!("A promise keeps at most {BLOCKERS_MOST} of these."));
    }
    it.blocked_by.push(Blocker { id, what, since: now.stamp, resolved_at: None });
    Ok(())
}

/// Something is out of the way.
pub fn unblock(it: &mut Commitment, blocker: BlockerId, now: &Now) -> Deed {
    must_be_open(it)?;
    match it.blocked_by.iter_mut().find(|other| other.id == blocker) {
        Some(found) if found.resolved_at.is_none() => {
            found.resolved_at = Some(now.stamp);
            Ok(())
        }
        _ => refuse("blocker", "This is out of the way already."),
    }
}

/// Whether `from` waits for `target`, directly or by way of other promises.
pub fn waits_for(
    from: CommitmentId,
    target: CommitmentId,
    waits: impl Fn(CommitmentId) -> Vec<CommitmentId>,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(id) = next.pop() {
        if id == target {
            return true;
        }
        if seen.insert(id) {
            next.extend(waits(id));
        }
    }
    false
}

impl Commitment {
    /// What stands in its way now, as far as this promise knows: another promise may have been done in the meantime.
    pub fn standing_blockers(&self) -> impl Iterator<Item = &Blocker> {
        self.blocked_by.iter().filter(|blocker| blocker.resolved_at.is_none())
    }

    /// The promises that it waits for.
    pub fn waits_for(&self) -> impl Iterator<Item = CommitmentId> {
        self.standing_blockers().filter_map(|blocker| match blocker.what {
            Obstruction::Promise { promise } => Some(promise),
            Obstruction::Supplier { .. } | Obstruction::Obstacle { .. } => None,
        })
    }

    /// Whether something stands in its way. `is_open` says whether something is still owed for another promise.
    pub fn is_blocked(&self, is_open: impl Fn(CommitmentId) -> bool) -> bool {
        self.standing_blockers().any(|blocker| match blocker.what {
            Obstruction::Promise { promise } => is_open(promise),
            Obstruction::Supplier { .. } | Obstruction::Obstacle { .. } => true,
        })
    }
}

fn named(field: &str, name: &str) -> Result<String, Vec<crate::problem::Problem>> {
    let mut problems = Vec::new();
    check_name(&mut problems, field, name);
    if name.trim().is_empty() {
        problems.push(crate::problem::Problem::new(field, "Say what stands in its way."));
    }
    if problems.is_empty() { Ok(name.trim().to_owned()) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{commitment, due, now};
    use uuid::Uuid;

    fn promise(number: u128) -> CommitmentId {
        CommitmentId::new(Uuid::from_u128(number))
    }

    fn blocker(number: u128) -> BlockerId {
        BlockerId::new(Uuid::from_u128(number))
    }

    #[test]
    fn what_stands_in_the_way_is_noted_once_and_goes() {
        let mut it = commitment("1 cake", due("2026-11-20", "15:00"));
        let now = now("2026-11-18 10:00");
        let oven = || Obstruction::Obstacle { what: " the oven ".to_owned() };
        block_by(&mut it, oven(), blocker(1), |_| false, &now).unwrap();
        assert!(it.is_blocked(|_| false));
        assert!(block_by(&mut it, oven(), blocker(2), |_| false, &now).is_err(), "it is noted already");
        let nobody = Obstruction::Supplier { name: " ".to_owned() };
        assert_eq!(block_by(&mut it, nobody, blocker(2), |_| false, &now).unwrap_err()[0].field, "name");
        unblock(&mut it, blocker(1), &now).unwrap();
        assert!(!it.is_blocked(|_| true));
        assert!(unblock(&mut it, blocker(1), &now).is_err());
        block_by(&mut it, oven(), blocker(2), |_| false, &now).unwrap();
        assert_eq!(it.blocked_by.len(), 2, "it broke again");
    }

    #[test]
    fn promises_that_wait_for_each_other_are_refused() {
        let mut it = commitment("1 cake", due("2026-11-20", "15:00"));
        let now = now("2026-11-18 10:00");
        let by = |promise| Obstruction::Promise { promise };
        // 1 is this promise; 3 waits for 2, and 2 for 1.
        let waits = |id| if id == promise(3) { vec![promise(2)] } else { vec![promise(1)] };
        let goes_round = |id| waits_for(id, promise(1), waits);
        assert!(block_by(&mut it, by(promise(1)), blocker(1), |_| false, &now).is_err());
        assert!(block_by(&mut it, by(promise(3)), blocker(1), goes_round, &now).is_err());
        block_by(&mut it, by(promise(4)), blocker(1), |id| waits_for(id, promise(1), |_| vec![]), &now)
            .unwrap();
        assert!(it.is_blocked(|_| true));
        assert!(!it.is_blocked(|_| false), "the other one was done");
        assert!(!waits_for(promise(5), promise(9), |id| vec![id]), "a ring ends the search");
    }
}
