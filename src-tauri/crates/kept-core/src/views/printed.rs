//! What is printed for customers and for the wall.

use crate::day::Stamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// What goes into the parcel with one handover: its quantities, and what is still to come. No amounts: it may be a
    /// present.
    pub struct PackingSlip {
        /// The name of the business.
        pub business: String,
        /// The day of the handover, in words.
        pub day_words: String,
        /// Who gets it.
        pub customer: String,
        /// Where it goes, line by line.
        pub address: Vec<String>,
        /// The order as the shop names it, if it came from one.
        pub order: Option<String>,
        /// What is in this handover.
        pub here: Vec<SlipLine>,
        /// What is still to come.
        pub to_come: Vec<SlipLine>,
        /// When that comes, in words.
        pub to_come_words: Option<String>,
        /// How it goes: by post, picked up.
        pub channel: Option<String>,
        /// The number by which the carrier finds it.
        pub tracking: Option<String>,
        /// What the customer was told with it.
        pub note: Option<String>,
        /// All handovers of the promise, newest first, of which one can be chosen.
        pub handovers: Vec<Stamp>,
    }

    /// One line of a packing slip.
    pub struct SlipLine {
        /// How many.
        pub quantity: u32,
        /// Of what.
        pub what: String,
    }
}
