//! What the menu, repeating promises and chores show.

use crate::chore::ChoreDraft;
use crate::day::{Day, Stamp};
use crate::draft::PromiseDraft;
use crate::id::{ChoreId, CustomerId, OfferId, SeriesId};
use crate::money::Money;
use crate::offer::OfferDraft;
use crate::problem::Problem;
use crate::series::SeriesDraft;
use crate::views::{Done, PromiseRow};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// The menu, or what of it matches a search.
    pub struct MenuView {
        /// By name.
        pub offers: Vec<OfferRow>,
        /// How many offers there are in all.
        pub all: u32,
    }

    /// One offer in a list.
    pub struct OfferRow {
        /// The offer.
        pub id: OfferId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What it is called.
        pub name: String,
        /// Why it matters to the customer.
        pub why: String,
        /// How long it usually takes, in words: `3 working days`.
        pub lead_words: Option<String>,
        /// The price.
        pub price: Option<Money>,
        /// What it consists of, in words: `6 cupcakes`; empty if it is one thing.
        pub contents: Vec<String>,
        /// Promises of it for which something is still owed.
        pub open: u32,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// One offer with everything about it.
    pub struct OfferPage {
        /// The row, as lists show it.
        pub row: OfferRow,
        /// What can be changed of it.
        pub draft: OfferDraft,
        /// The names of the offers that contain it: while there are any it cannot be removed.
        pub contained_in: Vec<String>,
        /// After when it helps nobody any more, in words.
        pub worthless_words: Option<String>,
    }

    /// The answer to saving an offer.
    pub struct OfferSaved {
        /// What was done.
        pub done: Done,
        /// The offer.
        pub offer: OfferId,
    }

    /// A draft that an offer was added to.
    pub struct PickedOffer {
        /// The draft with all that the offer brings.
        pub draft: PromiseDraft,
        /// What it is called.
        pub name: String,
        /// Why it matters to the customer.
        pub why: String,
        /// The date in words, if the draft has one.
        pub due_words: Option<String>,
        /// Where the date comes from, in words, if the offer gave it.
        pub lead_words: Option<String>,
    }

    /// The menu as one printed page.
    pub struct MenuPage {
        /// The name of the business.
        pub business: String,
        /// The day it is, in words.
        pub day_words: String,
        /// The offers, by name.
        pub offers: Vec<MenuEntry>,
    }

    /// One offer on the printed menu.
    pub struct MenuEntry {
        /// What it is called.
        pub name: String,
        /// Why it matters to the customer.
        pub why: String,
        /// How long it usually takes, in words.
        pub lead_words: Option<String>,
        /// The price.
        pub price: Option<Money>,
        /// What it consists of, in words.
        pub contents: Vec<String>,
        /// What is needed from the customer.
        pub inputs: Vec<String>,
        /// What is looked at before it is handed over.
        pub checklist: Vec<String>,
        /// After when it helps nobody any more, in words.
        pub worthless_words: Option<String>,
    }

    /// Why a promise matters to its customer, as the menu says it.
    pub struct WhyView {
        /// The offer.
        pub offer: OfferId,
        /// What it is called.
        pub name: String,
        /// Why it matters.
        pub why: String,
    }

    /// A rule by which something repeats, read back before it is saved.
    pub struct RuleView {
        /// What is wrong with it.
        pub problems: Vec<Problem>,
        /// In words: `every Saturday, 07:00`.
        pub words: String,
        /// The next days of it, in words; at most six.
        pub next: Vec<String>,
    }

    /// Promises that repeat.
    pub struct SeriesList {
        /// The next due first; those that are over last.
        pub series: Vec<SeriesRow>,
        /// How many are over.
        pub over: u32,
    }

    /// One promise that repeats, in a list.
    pub struct SeriesRow {
        /// The promise that repeats.
        pub id: SeriesId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What is owed each time.
        pub title: String,
        /// The customer's name.
        pub customer: String,
        /// The customer.
        pub customer_id: CustomerId,
        /// By which rule, in words: `every Saturday, 07:00`.
        pub rule_words: String,
        /// The day of the next occurrence.
        pub next: Option<Day>,
        /// The same in words; `over since …` if there is none.
        pub next_words: String,
        /// How the last occurrences went, in words.
        pub pattern: Option<String>,
        /// The same thing goes wrong again and again.
        pub chronic: bool,
        /// It is over.
        pub over: bool,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// One promise that repeats, with its occurrences.
    pub struct SeriesPage {
        /// The row, as lists show it.
        pub row: SeriesRow,
        /// What can be changed of it.
        pub draft: SeriesDraft,
        /// Occurrences of which something is still owed, the next one first; at most 60.
        pub open: Vec<PromiseRow>,
        /// Occurrences that have ended, the newest first; at most 60.
        pub ended: Vec<PromiseRow>,
        /// When it was promised.
        pub since: Stamp,
    }

    /// The answer to saving a promise that repeats.
    pub struct SeriesSaved {
        /// What was done.
        pub done: Done,
        /// The promise that repeats.
        pub series: SeriesId,
    }

    /// What an occurrence says about the promise that it is one of.
    pub struct RepeatsView {
        /// The promise that repeats.
        pub series: SeriesId,
        /// By which rule, in words.
        pub rule_words: String,
        /// How the last occurrences went, in words.
        pub pattern: Option<String>,
        /// The same thing goes wrong again and again.
        pub chronic: bool,
    }

    /// The chores.
    pub struct ChoreList {
        /// Those that are due first, then by the day of the next time.
        pub chores: Vec<ChoreRow>,
    }

    /// One chore.
    pub struct ChoreRow {
        /// The chore.
        pub id: ChoreId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What is done.
        pub what: String,
        /// By which rule, in words.
        pub rule_words: String,
        /// It is due since this day; none if it is not due.
        pub due: Option<Day>,
        /// When it is due, in words: `today, 08:00`, `since Mon 16 Nov`, `next on Mon 23 Nov`.
        pub when: String,
        /// How many of its days went by undone before that one.
        pub skipped: u32,
        /// When it was last done.
        pub done_at: Option<Stamp>,
        /// What can be changed of it.
        pub draft: ChoreDraft,
        /// Part of the made-up shop.
        pub made_up: bool,
    }
}
