//! Orders as a file tells them, the same for every shop.

use super::customer::CustomerDraft;
use super::said::Said;
use super::values::cut;
use crate::commitment::{Cancelled, Party, Payment};
use crate::customer::Customer;
use crate::day::{Due, Stamp};
use crate::draft::NAME_MOST;
use crate::money::Money;

/// An order as a file tells it: facts only, nothing derived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDraft {
    /// By which a promise remembers where it came from: `shopify`.
    pub shop: &'static str,
    /// The line of the file it begins on.
    pub line: u32,
    /// The lines on which its rows begin.
    pub rows: Vec<u32>,
    /// As the shop names it: `#1001`. What Kept knows it by.
    pub order: String,
    /// The shop's own number for it, where the file has one: tells apart orders of two shops that have one name.
    pub id: String,
    /// Who ordered.
    pub customer: CustomerDraft,
    /// When it was placed; when it was paid, if the file does not say.
    pub placed_at: Stamp,
    /// When it was paid.
    pub paid_at: Option<Stamp>,
    /// When the last of it was handed over.
    pub fulfilled_at: Option<Stamp>,
    /// When it was called off.
    pub cancelled_at: Option<Stamp>,
    /// The date promised, from shops that export one.
    pub due: Option<Due>,
    /// How the payment stands; none if the file does not say.
    pub financial: Option<Financial>,
    /// How the order as a whole stands; none if the file does not say.
    pub fulfilment: Option<Fulfilment>,
    /// The price before anything was given back.
    pub total: Option<Money>,
    /// The file names no price of the whole: it is that of the lines, and yields to a better one.
    pub total_is_sum: bool,
    /// What is still to be paid.
    pub outstanding: Option<Money>,
    /// What was given back.
    pub refunded: Option<Money>,
    /// Billed later, by agreement.
    pub on_account: bool,
    /// What was ordered; at least one line.
    pub lines: Vec<LineDraft>,
    /// The notes of the customer and the shop, whole.
    pub notes: Vec<String>,
    /// The shop's tags.
    pub tags: Vec<String>,
}

/// The id of a line that stands for all lines of an order, from a file that does not name them.
pub const WHOLE_ORDER: &str = "whole order";

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDraft {
    /// The line of the file.
    pub line: u32,
    /// By which the same line is the same part at the next import: unique within the order.
    pub id: String,
    /// What was ordered.
    pub what: String,
    /// How many; at least one.
    pub quantity: u32,
    /// The price of one.
    pub price: Option<Money>,
    /// The shop's number for the article.
    pub sku: String,
    /// It is sent or fetched; false for gift cards and downloads, which are promised all the same.
    pub ships: bool,
    /// How it stands.
    pub fulfilment: Fulfilment,
}

/// How the payment of an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Financial {
    /// Nothing was received.
    Pending,
    /// Reserved on a card and not received.
    Authorized,
    /// A part was received.
    PartiallyPaid,
    /// Received in full.
    Paid,
    /// Received, and a part of it given back.
    PartiallyRefunded,
    /// Given back in full.
    Refunded,
    /// Called off before anything was received.
    Voided,
}

/// How a line or an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fulfilment {
    /// Nothing was handed over.
    Open,
    /// Some was handed over; the file does not say how much.
    Partial,
    /// All was handed over.
    Done,
    /// It went back on the shelf: nothing is owed any more.
    Restocked,
}

impl OrderDraft {
    /// An order of which nothing is known yet but its name.
    pub(super) fn empty(shop: &'static str, order: String, id: String, line: u32) -> Self {
        Self {
            shop,
            line,
            rows: Vec::new(),
            order,
            id,
            customer: CustomerDraft::default(),
            placed_at: Stamp::from_millis(0),
            paid_at: None,
            fulfilled_at: None,
            cancelled_at: None,
            due: None,
            financial: None,
            fulfilment: None,
            total: None,
            total_is_sum: false,
            outstanding: None,
            refunded: None,
            on_account: false,
            lines: Vec::new(),
            notes: Vec::new(),
            tags: Vec::new(),
        }
    }

    /// Gives the customer a name: the e-mail address, or that of the order. One that is too long is cut.
    pub(super) fn name_customer(&mut self, said: &mut Said) {
        let customer = &mut self.customer;
        if customer.name.is_empty() {
            let nobody = || format!("Customer of {}", self.order);
            customer.name =
                Some(customer.email.clone()).filter(|email| !email.is_empty()).unwrap_or_else(nobody);
        }
        if customer.name.chars().count() > NAME_MOST {
            said.say(self.line, "The customer's name is too long. It was cut; the whole is among the notes.");
            self.notes.push(std::mem::take(&mut customer.name));
            customer.name = cut(self.notes.last().map_or("", String::as_str), NAME_MOST);
        }
    }

    /// Whether the file names no line of the order.
    pub(super) fn is_without_lines(&self) -> bool {
        matches!(self.lines.as_slice(), [only] if only.id == WHOLE_ORDER)
    }

    /// This, with what another file says about the same order. What is here goes first; lines are those of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if self.is_without_lines() {
            self.lines = other.lines;
        } else if !other.is_without_lines() {
            let new =
                other.lines.into_iter().filter(|line| self.lines.iter().all(|known| known.id != line.id));
            let new: Vec<LineDraft> = new.collect();
            self.lines.extend(new);
        }
        if self.total.is_none() || self.total_is_sum && other.total.is_some() {
            self.total = other.total;
            self.total_is_sum = other.total_is_sum;
        }
        self.customer.fill(other.customer);
        self.paid_at = self.paid_at.or(other.paid_at);
        self.fulfilled_at = self.fulfilled_at.or(other.fulfilled_at);
        self.cancelled_at = self.cancelled_at.or(other.cancelled_at);
        self.due = self.due.or(other.due);
        self.financial = self.financial.or(other.financial);
        self.fulfilment = self.fulfilment.or(other.fulfilment);
        self.outstanding = self.outstanding.or(other.outstanding);
        self.refunded = self.refunded.or(other.refunded);
        self.on_account |= other.on_account;
        let notes = other.notes.into_iter().filter(|note| !self.notes.contains(note));
        let notes: Vec<String> = notes.collect();
        self.notes.extend(notes);
        self
    }

    /// From when the lead time of an order without a date counts: work begins when it is paid.
    pub fn lead_from(&self) -> Stamp {
        self.paid_at.unwrap_or(self.placed_at)
    }

    /// Whether a line was handed over. What the shop says of the whole order goes first: a line of a finished order
    /// that is not marked was given back, and nothing is owed on it.
    pub fn is_done(&self, line: &LineDraft) -> bool {
        self.fulfilment == Some(Fulfilment::Done) || line.fulfilment == Fulfilment::Done
    }

    /// What it costs and what was received. A part of the price that was given back is no longer part of it.
    pub fn payment(&self) -> Payment {
        let back = self.refunded.map_or(0, |money| money.minor);
        let total = self.total.filter(|total| total.minor > 0);
        let in_full = self.financial == Some(Financial::Refunded);
        let price = total.map(|total| if in_full { total } else { less(total, back) });
        let received = match self.financial {
            Some(Financial::Paid | Financial::PartiallyRefunded) => price,
            Some(Financial::Refunded) => total.map(|total| less(total, total.minor)),
            Some(Financial::PartiallyPaid) | None => self.less_outstanding(),
            Some(Financial::Pending | Financial::Authorized | Financial::Voided) => None,
        };
        let holds = received.is_some_and(|money| money.minor > 0);
        Payment {
            total: price,
            received,
            received_at: holds.then(|| self.lead_from()),
            on_account: self.on_account && !holds && !in_full,
            refunded: in_full,
            evidence: Vec::new(),
        }
    }

    fn less_outstanding(&self) -> Option<Money> {
        let (total, outstanding) = (self.total?, self.outstanding?);
        Some(less(total, outstanding.minor)).filter(|received| received.minor > 0)
    }

    /// Whether it was called off, in a new promise: by the customer, unless the shop's own words say that it was the
    /// shop, since exports do not say who it was.
    ///
    /// Money that was given back in full before anything was handed over counts as called off too. The file does
    /// not say when that was, nor when a payment was voided: then it was the moment of the order.
    pub fn cancelled(&self) -> Option<Cancelled> {
        let nothing_done = !self.lines.iter().any(|line| self.is_done(line));
        let restocked = self.fulfilment == Some(Fulfilment::Restocked);
        let why = if self.cancelled_at.is_some() {
            "Cancelled in the shop"
        } else if restocked {
            "Put back on the shelf in the shop"
        } else if self.financial == Some(Financial::Voided) && nothing_done {
            "The payment was voided in the shop"
        } else if self.financial == Some(Financial::Refunded) && nothing_done {
            "Refunded in full in the shop"
        } else {
            return None;
        };
        let by = if self.shop_called_off() { Party::Us } else { Party::Customer };
        Some(Cancelled { by, at: self.cancelled_at.unwrap_or(self.placed_at), why: Some(why.to_owned()) })
    }

    /// Tags are the shop's own words. Notes may be the customer's ("call me if it is out of stock"), so that only
    /// plain words count there.
    fn shop_called_off(&self) -> bool {
        const IN_TAGS: [&str; 4] = ["out of stock", "out-of-stock", "inventory", "sold out"];
        const ANYWHERE: [&str; 4] =
            ["cancelled by us", "canceled by us", "cancelled by the shop", "canceled by the shop"];
        let says = |text: &String, words: &[&str]| {
            let text = text.to_lowercase();
            words.iter().any(|word| text.contains(word))
        };
        self.tags.iter().any(|tag| says(tag, &IN_TAGS) || says(tag, &ANYWHERE))
            || self.notes.iter().any(|note| says(note, &ANYWHERE))
    }
}

/// A mark of a name by which the same line is found again at the next import, however it is spaced and capitalised:
/// the FNV-1a hash, which is the same in every version and on every machine.
pub(super) fn name_mark(name: &str) -> u64 {
    Customer::folded_name(name)
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn less(money: Money, minor: i64) -> Money {
    Money::new((money.minor - minor).max(0), money.currency)
}
