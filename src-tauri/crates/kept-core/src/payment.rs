//! What a commitment costs and what was received for it. No rule of urgency may see more of it than that money is held.

use crate::commitment::is_default;
use crate::day::Stamp;
use crate::money::Money;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a commitment costs and what was received for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Payment {
    /// The price, if one was named.
    #[serde(default, skip_serializing_if = "is_default")]
    pub total: Option<Money>,
    /// What was received, refunds taken off.
    #[serde(default, skip_serializing_if = "is_default")]
    pub received: Option<Money>,
    /// When money first came in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub received_at: Option<Stamp>,
    /// Billed later, by agreement.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_account: bool,
    /// The price was given back in full.
    #[serde(default, skip_serializing_if = "is_default")]
    pub refunded: bool,
    /// What files of payments have shown of it, so that no payment counts twice.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evidence: Vec<PaidBy>,
}

/// A payment that a file has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PaidBy {
    /// Where it was made: `stripe`.
    pub by: String,
    /// The number that it has there.
    pub id: String,
    /// When.
    pub at: Stamp,
    /// How much.
    pub amount: Money,
}

/// The state of a payment, for a word and a sign on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PaymentState {
    /// No price and nothing received.
    None,
    /// A price, and nothing received.
    Unpaid,
    /// A part was received.
    Deposit,
    /// The price was received in full.
    Paid,
    /// Billed later, by agreement.
    OnAccount,
    /// Given back in full.
    Refunded,
}

impl Payment {
    /// The state, for a word and a sign.
    pub fn state(&self) -> PaymentState {
        let received = self.received.map_or(0, |money| money.minor);
        match (self.total, self.on_account) {
            _ if self.refunded => PaymentState::Refunded,
            (Some(total), _) if received >= total.minor && total.minor > 0 => PaymentState::Paid,
            _ if received > 0 && self.total.is_none() => PaymentState::Paid,
            _ if received > 0 => PaymentState::Deposit,
            (_, true) => PaymentState::OnAccount,
            (Some(_), false) => PaymentState::Unpaid,
            (None, false) => PaymentState::None,
        }
    }

    /// Whether the customer's money is held: the only thing about money that any rule of urgency may ask.
    pub fn holds_money(&self) -> bool {
        !self.refunded && self.received.is_some_and(|money| money.minor > 0)
    }
}
