//! What a text in the command palette could mean.

use crate::Kept;
use crate::failure::Failure;
use crate::lists::{self, Catalogue, Moment, Number};
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::takes::lists::FindText;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::search::{folded, holds, words_of};
use kept_core::views::CustomerBrief;
use kept_core::views::lists::{Found, FoundOffer};
use kept_core::words::count;
use std::cmp::Reverse;

/// So many promises are offered.
const PROMISES_MOST: usize = 8;
/// So many customers are offered.
const CUSTOMERS_MOST: usize = 6;
/// So many offers are offered.
const OFFERS_MOST: usize = 5;

/// Promises and customers that a text could mean; the most urgent promises while nothing was typed.
pub(crate) async fn find(kept: &Kept, takes: FindText) -> Result<Found, Failure> {
    let now = kept.now();
    let words = words_of(&takes.text);
    let said = lists::with(kept, &now, |catalogue, moment| Hits::of(catalogue, moment, &words)).await?;
    let ids: Vec<CustomerId> = said.customers.iter().map(|customer| customer.id).collect();
    kept.customers(&ids).await?;
    let promises = lists::rows_of(kept, &said.promises, &now).await?;
    let shop = kept.shop();
    let customers = said.customers.into_iter().map(|customer| CustomerBrief {
        id: customer.id,
        name: shop.customer_name(customer.id),
        record: customer.words(),
    });
    Ok(Found {
        promises,
        promise_count: said.promise_count,
        customers: customers.collect(),
        customer_count: said.customer_count,
        offers: offers(&shop, &words),
        forgiven: said.forgiven,
    })
}

/// What is on the menu by such a name; of an empty text nothing.
fn offers(shop: &Shop, words: &[String]) -> Vec<FoundOffer> {
    let all = shop.few.offers.values().map(|known| &known.it);
    let named = all.filter(|offer| !words.is_empty() && holds(&folded(&offer.name), words));
    let found = named.take(OFFERS_MOST).map(|offer| FoundOffer {
        id: offer.id,
        name: offer.name.clone(),
        why: offer.why.clone(),
    });
    found.collect()
}

/// What was found, before it is read.
struct Hits {
    promises: Vec<CommitmentId>,
    promise_count: u32,
    customers: Vec<Customer>,
    customer_count: u32,
    forgiven: bool,
}

struct Customer {
    id: CustomerId,
    promises: u32,
    open: u32,
}

impl Hits {
    fn of(catalogue: &Catalogue, moment: &Moment, words: &[String]) -> Self {
        let found = catalogue.text.find(words);
        let matching = || moment.queue.iter().filter(|number| found.entries.contains(**number as usize));
        let promises = lists::ids(catalogue, matching().take(PROMISES_MOST).copied());
        let promise_count = to_u32(matching().count());
        let Some(first) = words.first() else {
            return Self {
                promises,
                promise_count,
                customers: Vec::new(),
                customer_count: 0,
                forgiven: false,
            };
        };
        let named = catalogue.names.find(words);
        let mut people: Vec<usize> = named.entries.ones().collect();
        let customer_count = to_u32(people.len());
        // Whose name begins like this comes first, and then whoever is promised the most.
        people.sort_by_cached_key(|number| {
            let person = &catalogue.people[*number];
            (!person.folded.starts_with(first.as_str()), Reverse(person.promises.len()), person.id)
        });
        let customers = people.into_iter().take(CUSTOMERS_MOST).map(|number| Customer::of(catalogue, number));
        Self {
            promises,
            promise_count,
            customers: customers.collect(),
            customer_count,
            forgiven: found.forgiven || named.forgiven,
        }
    }
}

impl Customer {
    fn of(catalogue: &Catalogue, number: usize) -> Self {
        let person = &catalogue.people[number];
        let open = |promise: &&Number| catalogue.item(**promise).open;
        Self {
            id: person.id,
            promises: to_u32(person.promises.len()),
            open: to_u32(person.promises.iter().filter(open).count()),
        }
    }

    /// `5 promises, 2 open`.
    fn words(&self) -> String {
        match (self.promises, self.open) {
            (0, _) => "No promise yet".to_owned(),
            (many, 0) => count(many, "promise"),
            (many, open) => format!("{}, {open} open", count(many, "promise")),
        }
    }
}
