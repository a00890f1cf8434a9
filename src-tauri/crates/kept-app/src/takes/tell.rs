//! What the requests about messages to customers take.

use kept_core::channel::Channel;
use kept_core::day::{Day, Stamp};
use kept_core::id::CommitmentId;
use kept_core::tell::{Answer, TellKind};
use kept_core::template::MessageTemplate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

takes! {
    /// A message about a promise.
    pub struct MessageOf {
        /// About which promise.
        pub promise: CommitmentId,
        /// What it says; what fits the state best if nothing is said.
        #[serde(default)]
        pub kind: Option<TellKind>,
    }

    /// A message as the owner has changed it.
    pub struct TheMessage {
        /// About which promise.
        pub promise: CommitmentId,
        /// The line above it.
        pub subject: String,
        /// What it says.
        pub text: String,
    }

    /// A customer was told something.
    pub struct LogTold {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// What they were told.
        pub kind: TellKind,
        /// How.
        pub channel: Channel,
        /// On which day; now, if nothing is said or it is today.
        #[serde(default)]
        pub on: Option<Day>,
        /// In which words.
        #[serde(default)]
        pub words: Option<String>,
        /// What they answered.
        #[serde(default)]
        pub answer: Option<Answer>,
    }

    /// A customer answered to what they were told.
    pub struct LogAnswer {
        /// Of which promise.
        pub promise: CommitmentId,
        /// The version that was seen.
        #[serde(default)]
        pub version: Option<u64>,
        /// When they were told what they answer to.
        pub told_at: Stamp,
        /// What they answered.
        pub answer: Answer,
    }

    /// A message in the owner's own words, or the usual one again.
    pub struct SetTemplate {
        /// Which message.
        pub kind: TellKind,
        /// Its template; the usual one if none is given.
        #[serde(default)]
        pub template: Option<MessageTemplate>,
    }
}
