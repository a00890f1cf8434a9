//! Names for records: a UUID each, made outside the core and never reused.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use ts_rs::TS;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[derive(schemars::JsonSchema)]
        #[serde(transparent)]
        #[ts(export)]
        pub struct $name(#[ts(type = "string")] Uuid);

        impl $name {
            /// Wraps a UUID that was made for this record; version 7, so that ids sort by age.
            pub const fn new(uuid: Uuid) -> Self { Self(uuid) }

            /// The UUID, for keys and links.
            pub const fn uuid(self) -> Uuid { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { Uuid::from_str(text).map(Self) }
        }
    )*};
}

ids! {
    /// A person or firm that a promise was made to.
    CustomerId,
    /// What one customer was promised at one occasion; on the screen: a promise.
    CommitmentId,
    /// One part of a commitment.
    DeliverableId,
    /// One step of the work on a commitment.
    StepId,
    /// Hours set aside for a commitment.
    BlockId,
    /// What stands in the way of a commitment.
    BlockerId,
    /// A reminder of the owner's own.
    ReminderId,
    /// One run of an import, so that the whole of it can be undone.
    ImportId,
    /// Something that the shop sells; together they are the menu.
    OfferId,
    /// A promise that repeats: a subscription, a weekly order.
    SeriesId,
    /// Something that the shop does for itself, again and again.
    ChoreId,
    /// Something that a customer told us: a complaint, praise, a question.
    FeedbackId,
    /// The plan by which a missed promise is made good.
    RecoveryId,
    /// A fault inside the shop, and the promises that it touches.
    SlipId,
    /// The step or the obstacle behind slips and misses.
    CauseId,
    /// Something that went right.
    WinId,
    /// Something that somebody proposes to try.
    IdeaId,
}
