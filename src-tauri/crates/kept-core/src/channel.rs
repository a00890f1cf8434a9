//! By which way somebody was reached, or reached us.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// By which way somebody was reached, or reached us.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Channel {
    /// By e-mail.
    Email,
    /// On the telephone.
    Phone,
    /// Face to face.
    InPerson,
    /// On paper.
    Letter,
    /// By a short message: SMS, chat, the shop's own messages.
    Message,
    /// Where everybody can read it: a review, a post.
    Review,
    /// In any other way.
    Other,
}

impl Channel {
    /// In words, as they end a sentence: `by e-mail`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Email => "by e-mail",
            Self::Phone => "by phone",
            Self::InPerson => "in person",
            Self::Letter => "by letter",
            Self::Message => "by message",
            Self::Review => "in a review",
            Self::Other => "in another way",
        }
    }
}
