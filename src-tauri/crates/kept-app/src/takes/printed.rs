//! What the requests for what is printed take.

use kept_core::day::Stamp;
use kept_core::id::CommitmentId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// A handover of which the slip is printed.
    pub struct SlipOf {
        /// Of which promise.
        pub promise: CommitmentId,
        /// When it was made; the newest one if nothing is said.
        #[serde(default)]
        pub at: Option<Stamp>,
    }
}
