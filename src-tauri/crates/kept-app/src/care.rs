//! Records of care: what customers tell us, how misses are made good, what slipped and why, what went right.
//!
//! There are few of them beside the promises, so all are held in memory. Each kind has a prefix of its own:
//!
//! | key | row |
//! | --- | --- |
//! | `C` id | a cause |
//! | `F` id | feedback |
//! | `I` id | an idea |
//! | `R` id | a recovery |
//! | `S` id | a slip |
//! | `W` id | a win |

use crate::Kept;
use crate::commit::Writing;
use crate::failure::Failure;
use crate::records::{Changes, Known, Record, key};
use crate::store::Key;
use kept_core::cause::Cause;
use kept_core::day::Now;
use kept_core::feedback::Feedback;
use kept_core::fulfil::Deed;
use kept_core::id::{CauseId, CommitmentId, CustomerId, FeedbackId, IdeaId, RecoveryId, SlipId, WinId};
use kept_core::idea::Idea;
use kept_core::recovery::Recovery;
use kept_core::slip::Slip;
use kept_core::views::Done;
use kept_core::win::Win;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All records of one kind, by their ids, which sort by age.
pub(crate) type All<T> = BTreeMap<<T as Kind>::Id, Arc<Known<T>>>;

/// One kind of these records.
pub(crate) trait Kind: Clone + PartialEq {
    /// Its ids.
    type Id: Ord + Copy;
    /// What is said of one that is gone: `This recovery`.
    const THIS: &'static str;

    /// All of them.
    fn all(cares: &Cares) -> &All<Self>;
    /// As a record of any kind.
    fn into_care(self) -> Care;
    /// What it is called where it is one of many.
    fn title(&self) -> String;
    /// The promise in whose history a change of it stands.
    fn promise(&self) -> Option<CommitmentId>;
}

macro_rules! kinds {
    ($($kind:ident($id:ident) in $all:ident at $prefix:literal, $this:literal, $title:expr, $promise:expr;)*) => {
        /// One record of care.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(tag = "kind", content = "it", rename_all = "snake_case")]
        pub(crate) enum Care {
            $(#[doc = concat!("One of the kind `", stringify!($kind), "`.")] $kind($kind),)*
        }

        /// All records of care.
        #[derive(Debug, Default)]
        pub(crate) struct Cares {
            $(#[doc = concat!("All of the kind `", stringify!($kind), "`.")] pub $all: All<$kind>,)*
        }

        /// The prefixes of their keys, each with the name under which they are exported.
        pub(crate) const KINDS: &[(&[u8], &str)] = &[$((&[$prefix], stringify!($all))),*];

        /// All records of care as an export holds them, for its schema.
        #[derive(schemars::JsonSchema)]
        #[expect(dead_code, reason = "it is never made: its shape is what the schema is made from")]
        pub(crate) struct AllCare {
            $(#[doc = concat!("All of the kind `", stringify!($kind), "`.")] $all: Vec<$kind>,)*
        }

        impl Care {
            /// One of the kind with this prefix, from its JSON.
            pub(crate) fn parse(prefix: u8, json: &str) -> Option<serde_json::Result<Self>> {
                match prefix {
                    $($prefix => Some(serde_json::from_str(json).map(Self::$kind)),)*
                    _ => None,
                }
            }

            /// Its JSON, without its kind.
            pub(crate) fn plain(&self) -> serde_json::Result<Box<RawValue>> {
                match self { $(Self::$kind(it) => to_raw_value(it),)* }
            }

            /// The key of its row.
            pub(crate) fn key(&self) -> Key {
                match self { $(Self::$kind(it) => key($prefix, &[it.id.uuid().as_bytes()]),)* }
            }

            /// What it is called where it is one of many.
            pub(crate) fn title(&self) -> String {
                match self { $(Self::$kind(it) => Kind::title(it),)* }
            }

            /// Part of the made-up shop.
            pub(crate) const fn made_up(&self) -> bool {
                match self { $(Self::$kind(it) => it.made_up,)* }
            }
        }

        impl Cares {
            /// Takes over a record as it is now.
            pub(crate) fn put(&mut self, known: Known<Care>) {
                match known.it.clone() {
                    $(Care::$kind(it) => drop(self.$all.insert(it.id, Arc::new(known.map(|_| it)))),)*
                }
            }

            /// Forgets a record that was removed.
            pub(crate) fn remove(&mut self, care: &Care) {
                match care { $(Care::$kind(it) => drop(self.$all.remove(&it.id)),)* }
            }
        }

        $(impl Kind for $kind {
            type Id = $id;
            const THIS: &'static str = $this;
            fn all(cares: &Cares) -> &All<Self> { &cares.$all }
            fn into_care(self) -> Care { Care::$kind(self) }
            fn title(&self) -> String {
                let title: fn(&Self) -> String = $title;
                title(self)
            }
            fn promise(&self) -> Option<CommitmentId> {
                let promise: fn(&Self) -> Option<CommitmentId> = $promise;
                promise(self)
            }
        })*
    };
}

kinds! {
    Cause(CauseId) in causes at b'C', "This cause", |it| it.draft.symptom.clone(), |_| None;
    Feedback(FeedbackId) in feedback at b'F', "This feedback", Feedback::title, |it| it.promise;
    Idea(IdeaId) in ideas at b'I', "This idea", |it| it.what.clone(), |_| None;
    Recovery(RecoveryId) in recoveries at b'R', "This recovery", |_| "A recovery".to_owned(), |it| Some(it.promise);
    Slip(SlipId) in slips at b'S', "This slip", |it| it.what.clone(), |_| None;
    Win(WinId) in wins at b'W', "This win", |it| it.what.clone(), |it| it.promise;
}

impl Cares {
    /// The recovery of a promise.
    pub(crate) fn recovery_of(&self, promise: CommitmentId) -> Option<&Arc<Known<Recovery>>> {
        self.recoveries.values().rev().find(|known| known.it.promise == promise)
    }

    /// Those to whom something is to be made good, by whose names it is called.
    pub(crate) fn customers(&self) -> impl Iterator<Item = CustomerId> {
        let open = self.recoveries.values().filter(|known| known.it.closed.is_none());
        open.filter_map(|known| known.it.customer)
    }

    /// Two customers turned out to be one: what was known of the other is known of the one that is kept.
    pub(crate) fn merge(&self, other: CustomerId, keep: CustomerId, changes: &mut Changes) {
        for known in self.feedback.values().filter(|known| known.it.customer == Some(other)) {
            put(changes, Some(known), Feedback { customer: Some(keep), ..known.it.clone() });
        }
        for known in self.recoveries.values().filter(|known| known.it.customer == Some(other)) {
            put(changes, Some(known), Recovery { customer: Some(keep), ..known.it.clone() });
        }
        for known in self.wins.values().filter(|known| known.it.customer == Some(other)) {
            put(changes, Some(known), Win { customer: Some(keep), ..known.it.clone() });
        }
    }
}

/// One record, by its id.
pub(crate) fn find<T: Kind>(kept: &Kept, id: T::Id) -> Result<Arc<Known<T>>, Failure> {
    let known = T::all(&kept.shop().few.care).get(&id).cloned();
    known.ok_or_else(|| Failure::not_found(T::THIS))
}

/// One record as it was seen, to be changed.
pub(crate) fn seen<T: Kind>(kept: &Kept, id: T::Id, version: Option<u64>) -> Result<Arc<Known<T>>, Failure> {
    let known = find::<T>(kept, id)?;
    known.must_be(version)?;
    Ok(known)
}

/// A record as it is to be.
pub(crate) fn put<T: Kind>(changes: &mut Changes, before: Option<&Arc<Known<T>>>, after: T) {
    let before = before.map(|known| known.as_ref().clone().map(|it| Record::Care(it.into_care())));
    changes.put(before, Record::Care(after.into_care()));
}

/// Writes a new record.
pub(crate) async fn add<T: Kind>(writing: &Writing<'_>, it: T, said: String) -> Result<Done, Failure> {
    let promise = it.promise();
    let mut changes = Changes::new(said.clone(), promise);
    put(&mut changes, None, it);
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise })
}

/// Reads a record, lets a deed change it, and writes it.
pub(crate) async fn change<T: Kind>(
    kept: &Kept,
    id: T::Id,
    version: Option<u64>,
    deed: impl FnOnce(&mut T, &Now) -> Deed,
    words: impl FnOnce(&T) -> String,
) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let before = seen::<T>(kept, id, version)?;
    let mut after = before.it.clone();
    deed(&mut after, &kept.now()).map_err(Failure::invalid)?;
    let promise = after.promise();
    if after == before.it {
        return Ok(Done { change: 0, said: "Nothing to change".to_owned(), promise });
    }
    let said = words(&after);
    let mut changes = Changes::new(said.clone(), promise);
    put(&mut changes, Some(&before), after);
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise })
}

/// Removes a record.
pub(crate) async fn remove<T: Kind>(
    kept: &Kept,
    id: T::Id,
    version: Option<u64>,
    words: impl FnOnce(&T) -> String,
) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let before = seen::<T>(kept, id, version)?;
    let (said, promise) = (words(&before.it), before.it.promise());
    let mut changes = Changes::new(said.clone(), promise);
    changes.remove(before.as_ref().clone().map(|it| Record::Care(it.into_care())));
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise })
}
