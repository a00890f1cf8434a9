//! Payments as a file tells them: evidence that a promise was paid, to be found among the promises.

use crate::day::Stamp;
use crate::money::Money;

/// A payment as a file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentDraft {
    /// The lines of the file that tell of it; at least one.
    pub rows: Vec<u32>,
    /// Where it was made: `stripe`.
    pub by: &'static str,
    /// The number that it has there.
    pub id: String,
    /// When.
    pub at: Stamp,
    /// How much, less what was given back.
    pub amount: Money,
    /// By whom: the e-mail address.
    pub email: String,
    /// By whom: the name.
    pub name: String,
    /// What it was for, in the words of the file.
    pub what: String,
}
