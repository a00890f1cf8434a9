//! The mark that a slip leaves on a promise which it touches: a warning in words, until it is taken back.

use crate::commitment::{Commitment, is_default};
use crate::day::Stamp;
use crate::id::SlipId;
use serde::{Deserialize, Serialize};

/// A warning on a promise that a slip touches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SlipMark {
    /// Which slip.
    pub slip: SlipId,
    /// What went wrong and why it touches this promise, in words.
    pub words: String,
    /// Since when.
    pub at: Stamp,
    /// When it turned out that this promise is safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lifted_at: Option<Stamp>,
}

impl Commitment {
    /// Warns that a slip touches this promise; a warning that was taken back stands again.
    pub fn warn_of(&mut self, slip: SlipId, words: &str, at: Stamp) {
        let mark = SlipMark { slip, words: words.to_owned(), at, lifted_at: None };
        match self.slips.iter_mut().find(|known| known.slip == slip) {
            Some(known) if known.lifted_at.is_none() => {}
            Some(known) => *known = mark,
            None => self.slips.push(mark),
        }
    }

    /// A slip does not touch this promise any more, or never did.
    pub fn safe_from(&mut self, slip: SlipId, at: Stamp) {
        for mark in self.slips.iter_mut().filter(|mark| mark.slip == slip && mark.lifted_at.is_none()) {
            mark.lifted_at = Some(at);
        }
    }

    /// The warnings that stand.
    pub fn warnings(&self) -> impl Iterator<Item = &SlipMark> {
        self.slips.iter().filter(|mark| mark.lifted_at.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{commitment, due, stamp};
    use uuid::Uuid;

    #[test]
    fn a_warning_stands_until_it_is_taken_back() {
        let mut it = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let (oven, flour) = (SlipId::new(Uuid::from_u128(1)), SlipId::new(Uuid::from_u128(2)));
        let at = stamp("2026-11-18 10:00");
        let check = |it: &Commitment, expected: &[&str]| {
            assert_eq!(it.warnings().map(|mark| mark.words.as_str()).collect::<Vec<_>>(), expected);
        };
        it.warn_of(oven, "the oven is cold", at);
        it.warn_of(oven, "the oven is still cold", at);
        it.warn_of(flour, "the flour is late", at);
        check(&it, &["the oven is cold", "the flour is late"]);
        it.safe_from(oven, at);
        check(&it, &["the flour is late"]);
        it.warn_of(oven, "the oven broke again", at);
        check(&it, &["the oven broke again", "the flour is late"]);
    }
}
