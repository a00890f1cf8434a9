//! What the requests about the menu, repeating promises and chores take.

use kept_core::chore::ChoreDraft;
use kept_core::commitment::Party;
use kept_core::day::{Day, Hours};
use kept_core::draft::PromiseDraft;
use kept_core::id::{ChoreId, CustomerId, OfferId, SeriesId};
use kept_core::offer::OfferDraft;
use kept_core::series::SeriesDraft;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// Which offers.
    pub struct OffersQuery {
        /// Words that must all occur in the name or the why; all offers if nothing is said.
        #[serde(default)]
        pub search: String,
    }

    /// One offer.
    pub struct TheOffer {
        /// Which one.
        pub offer: OfferId,
    }

    /// An offer as it is to be.
    pub struct SaveOffer {
        /// Which one; a new one if none is named.
        #[serde(default)]
        pub offer: Option<OfferId>,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What it is to be.
        pub draft: OfferDraft,
    }

    /// An offer as it was seen.
    pub struct OnOffer {
        /// Which one.
        pub offer: OfferId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
    }

    /// An offer that is added to a draft.
    pub struct PickOffer {
        /// The draft as it is.
        pub draft: PromiseDraft,
        /// Which offer.
        pub offer: OfferId,
        /// How many of it.
        pub quantity: u32,
    }

    /// Which promises that repeat.
    pub struct SeriesQuery {
        /// Only those to one customer.
        #[serde(default)]
        pub customer: Option<CustomerId>,
        /// Also those that are over.
        #[serde(default)]
        pub also_over: bool,
    }

    /// One promise that repeats.
    pub struct TheSeries {
        /// Which one.
        pub series: SeriesId,
    }

    /// A rule by which something repeats, before it is saved.
    pub struct ReadRule {
        /// The rule: `FREQ=WEEKLY;BYDAY=SA`.
        pub rule: String,
        /// From which day it counts.
        pub from: Day,
        /// At what hours.
        #[serde(default)]
        pub hours: Option<Hours>,
    }

    /// A promise that repeats, as it is to be.
    pub struct SaveSeries {
        /// Which one; a new one if none is named.
        #[serde(default)]
        pub series: Option<SeriesId>,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What it is to be.
        pub draft: SeriesDraft,
        /// Who asked for the change; the customer's own wish lets nobody down.
        pub by: Party,
    }

    /// The end of a promise that repeats.
    pub struct StopSeries {
        /// Which one.
        pub series: SeriesId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// Its last day: today or later.
        pub last: Day,
        /// Who ends it.
        pub by: Party,
    }

    /// A chore as it is to be.
    pub struct SaveChore {
        /// Which one; a new one if none is named.
        #[serde(default)]
        pub chore: Option<ChoreId>,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What it is to be.
        pub draft: ChoreDraft,
    }

    /// A chore as it was seen.
    pub struct OnChore {
        /// Which one.
        pub chore: ChoreId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
    }
}
