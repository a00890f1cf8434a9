//! What a shop last said about an order, kept with the promise that it became.
//!
//! A merge needs three sides: what the shop said last time, what it says now, and what stands in Kept. Only what
//! changed from the first to the second is a change of the shop's; whatever differs between the first and the third
//! was the owner's hand, and stays.

use super::order::OrderDraft;
use crate::commitment::Payment;
use serde::{Deserialize, Serialize};

/// What a shop last said about an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Seen {
    /// The shop's own number for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Its lines, also those that a later file no longer had.
    #[serde(default)]
    pub lines: Vec<SeenLine>,
    /// How the payment stood.
    #[serde(default)]
    pub payment: SeenPayment,
    /// It was called off.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cancelled: bool,
}

/// What a shop last said about a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SeenLine {
    /// The line's id.
    pub line: String,
    /// How many.
    pub quantity: u32,
    /// It was handed over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub done: bool,
}

/// What a shop last said about a payment, in the smallest unit of the order's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SeenPayment {
    /// The price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// What was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<i64>,
    /// Billed later.
    #[serde(default, skip_serializing_if = "is_false")]
    pub on_account: bool,
    /// Given back in full.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refunded: bool,
}

impl Seen {
    /// What an order says now.
    pub fn of(draft: &OrderDraft) -> Self {
        let line = |line: &super::order::LineDraft| SeenLine {
            line: line.id.clone(),
            quantity: line.quantity,
            done: draft.is_done(line),
        };
        Self {
            id: draft.id.clone(),
            lines: draft.lines.iter().map(line).collect(),
            payment: SeenPayment::of(&draft.payment()),
            cancelled: draft.cancelled().is_some(),
        }
    }

    /// What was said about a line.
    pub fn line(&self, id: &str) -> Option<&SeenLine> {
        self.lines.iter().find(|line| line.line == id)
    }

    /// This, with what was known before and a poorer file no longer says.
    pub(super) fn and_before(mut self, before: &Self) -> Self {
        if self.id.is_empty() {
            self.id.clone_from(&before.id);
        }
        let gone: Vec<_> =
            before.lines.iter().filter(|line| self.line(&line.line).is_none()).cloned().collect();
        self.lines.extend(gone);
        for line in &mut self.lines {
            line.done |= before.line(&line.line).is_some_and(|line| line.done);
        }
        self.cancelled |= before.cancelled;
        self.payment = self.payment.and_before(before.payment);
        self
    }
}

impl SeenPayment {
    /// The facts of a payment.
    pub fn of(payment: &Payment) -> Self {
        Self {
            total: payment.total.map(|money| money.minor),
            received: payment.received.map(|money| money.minor),
            on_account: payment.on_account,
            refunded: payment.refunded,
        }
    }

    fn and_before(self, before: Self) -> Self {
        Self { total: self.total.or(before.total), received: self.received.or(before.received), ..self }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(value: &bool) -> bool {
    !*value
}
