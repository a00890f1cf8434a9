//! Payments to promises: which promise a payment was for, by e-mail address and amount. Where that is not certain the owner
//! is asked, and nothing is guessed.

use super::payment::PaymentDraft;
use crate::commitment::{Commitment, Payment, PaymentState};
use crate::customer::Customer;
use crate::id::CommitmentId;
use crate::money::Money;
use crate::payment::PaidBy;
use std::collections::HashMap;

/// How many promises an unsure payment is offered.
const CANDIDATES_MOST: usize = 8;

/// Promises that a payment may have been for.
#[derive(Debug, Default)]
pub struct Payables {
    all: Vec<Payable>,
    by_email: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Payable {
    promise: CommitmentId,
    /// What is still to be paid; none if no price is named.
    left: Option<Money>,
    /// The price, if it counts as paid and no file has shown how.
    paid: Option<Money>,
}

/// Which promise a payment was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// This one: nothing else fits.
    Sure(CommitmentId),
    /// One of these, perhaps: the likeliest first.
    Unsure(Vec<CommitmentId>),
    /// None that Kept knows of.
    Nothing,
}

impl Payables {
    /// Takes in a promise with its customer.
    pub fn add(&mut self, promise: &Commitment, customer: &Customer) {
        let payment = &promise.payment;
        if payment.refunded || promise.cancelled.is_some() {
            return;
        }
        let is_paid = payment.state() == PaymentState::Paid;
        let received = payment.received.map_or(0, |money| money.minor);
        let left = payment.total.filter(|_| !is_paid);
        let at = self.all.len();
        self.all.push(Payable {
            promise: promise.id,
            left: left.map(|total| Money::new(total.minor - received, total.currency)),
            paid: payment.received.filter(|_| is_paid && payment.evidence.is_empty()),
        });
        for email in customer.emails() {
            self.by_email.entry(email).or_default().push(at);
        }
        for name in customer.names() {
            self.by_name.entry(Customer::folded_name(name)).or_default().push(at);
        }
    }

    /// The promise that a payment was for. It is certain when the customer's address and the amount fit one promise only.
    pub fn find(&self, draft: &PaymentDraft) -> Match {
        let of = |index: &HashMap<String, Vec<usize>>, key: &str| -> Vec<&Payable> {
            index.get(key).into_iter().flatten().map(|at| &self.all[*at]).collect()
        };
        let by_email = of(&self.by_email, &draft.email.trim().to_lowercase());
        let by_name = of(&self.by_name, &Customer::folded_name(&draft.name));
        let owes = |payable: &&&Payable| payable.left == Some(draft.amount);
        let was_paid = |payable: &&&Payable| payable.paid == Some(draft.amount);
        let owing: Vec<_> = by_email.iter().filter(owes).collect();
        let paid: Vec<_> = by_email.iter().filter(was_paid).collect();
        match (owing.as_slice(), paid.as_slice()) {
            // Paid, when a shop's export has said so already: now it is shown how.
            ([one], []) | ([], [one]) => return Match::Sure(one.promise),
            _ => {}
        }
        let open = by_email.iter().filter(|payable| payable.paid.is_none() && payable.takes(draft.amount));
        let named = by_name.iter().filter(|payable| owes(payable) || was_paid(payable));
        let mut candidates: Vec<CommitmentId> = Vec::new();
        for payable in owing.into_iter().chain(paid).chain(open).chain(named) {
            if !candidates.contains(&payable.promise) && candidates.len() < CANDIDATES_MOST {
                candidates.push(payable.promise);
            }
        }
        if candidates.is_empty() { Match::Nothing } else { Match::Unsure(candidates) }
    }
}

impl Payable {
    /// Whether such an amount could be a part of what is still to be paid.
    fn takes(&self, amount: Money) -> bool {
        self.left.is_none_or(|left| left.currency == amount.currency)
    }
}

/// What a promise's payment becomes by a payment that was for it. One that counts as paid already only gets the evidence.
pub fn paid_by(before: &Payment, draft: &PaymentDraft) -> Payment {
    let mut after = before.clone();
    let received = before.received.filter(|money| money.currency == draft.amount.currency);
    if before.state() != PaymentState::Paid {
        let so_far = received.map_or(0, |money| money.minor);
        let minor = so_far.saturating_add(draft.amount.minor).min(Money::MOST);
        after.received = Some(Money::new(minor, draft.amount.currency));
        after.received_at = Some(before.received_at.map_or(draft.at, |at| at.min(draft.at)));
        after.on_account = false;
    }
    after.evidence.push(PaidBy {
        by: draft.by.to_owned(),
        id: draft.id.clone(),
        at: draft.at,
        amount: draft.amount,
    });
    after
}

#[cfg(test)]
mod tests;
