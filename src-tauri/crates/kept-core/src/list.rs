//! Which promises a list shows, and in which order: what a saved view keeps.

use crate::commitment::{FulfilmentStatus, PaymentState};
use crate::day::Day;
use crate::id::{CustomerId, OfferId};
use crate::problem::Problem;
use crate::views::PromiseFilter;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The longest search.
const SEARCH_MOST: usize = 200;
/// The longest name of a view.
const NAME_MOST: usize = 40;

/// Which promises, and in which order. Everything that is said has to hold; what is left empty leaves nobody out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct PromiseList {
    /// Which ones at first.
    #[serde(default)]
    pub filter: PromiseFilter,
    /// Words that must all occur in the parts, the customer, the source or the notes. Case, accents and, where nothing
    /// is spelled like this, one typing error per word are forgiven.
    #[serde(default)]
    pub search: String,
    /// Only those of one customer.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// Only those that have come as far as one of these.
    #[serde(default)]
    pub statuses: Vec<FulfilmentStatus>,
    /// Only those whose payment stands at one of these.
    #[serde(default)]
    pub payments: Vec<PaymentState>,
    /// Only those from one of these: `typed`, or a shop by its name.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Only those due on this day or later.
    #[serde(default)]
    pub due_from: Option<Day>,
    /// Only those due on this day or earlier.
    #[serde(default)]
    pub due_to: Option<Day>,
    /// Only those to customers who were let down before.
    #[serde(default)]
    pub second_chance: bool,
    /// Only those that cannot go on: they wait for somebody, or something stands in their way.
    #[serde(default)]
    pub blocked: bool,
    /// Only those that were made of one offer of the menu.
    #[serde(default)]
    pub offer: Option<OfferId>,
    /// By what they are ordered; the most urgent first if nothing is said, and the closed ones latest first.
    #[serde(default)]
    pub sort: Option<Column>,
    /// The other way round.
    #[serde(default)]
    pub descending: bool,
}

/// What a list can be ordered by. The amount is not among it: Kept is blind to money.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Column {
    /// What was promised, by the alphabet.
    Promise,
    /// To whom, by the alphabet.
    Customer,
    /// The date that stands now; those without one last.
    Due,
    /// How far it has come.
    Status,
    /// How the payment stands, never how much it is.
    Payment,
    /// Where it came from.
    Source,
    /// When it was promised.
    Placed,
}

/// A list that the owner has given a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SavedView {
    /// Its name: `Cakes to be confirmed`.
    pub name: String,
    /// What it shows.
    pub list: PromiseList,
}

impl PromiseList {
    /// What is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.search.chars().count() > SEARCH_MOST {
            problems.push(Problem::new("search", "A search is at most 200 letters long."));
        }
        if self.due_from.zip(self.due_to).is_some_and(|(from, to)| from > to) {
            problems.push(Problem::new("due_to", "The last day lies before the first."));
        }
        problems
    }
}

impl SavedView {
    /// The most views that one can keep.
    pub const MOST: usize = 20;

    /// What is wrong with these views.
    pub fn problems(views: &[Self]) -> Vec<Problem> {
        if views.len() > Self::MOST {
            return vec![Problem::new("views", "Kept keeps 20 views. Remove one that you no longer need.")];
        }
        let of_one = |(index, view): (usize, &Self)| {
            let name = view.name.trim();
            let taken = views[..index].iter().any(|other| other.name.trim().eq_ignore_ascii_case(name));
            let is = if name.is_empty() {
                Some("Give this view a name.")
            } else if name.chars().count() > NAME_MOST {
                Some("The name is too long; 40 letters are enough.")
            } else if taken {
                Some("Another view has this name already.")
            } else {
                None
            };
            let named = is.map(|is| Problem::new(format!("views.{index}.name"), is));
            let listed = view.list.problems().into_iter().map(move |problem| Problem {
                field: format!("views.{index}.list.{}", problem.field),
                ..problem
            });
            named.into_iter().chain(listed)
        };
        views.iter().enumerate().flat_map(of_one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(views: &[(&str, PromiseList)], fields: &[&str]) {
        let views: Vec<SavedView> = views
            .iter()
            .map(|(name, list)| SavedView { name: (*name).to_owned(), list: list.clone() })
            .collect();
        let problems = SavedView::problems(&views);
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), fields);
    }

    #[test]
    fn a_view_has_a_name_of_its_own_and_days_in_order() {
        let any = PromiseList::default;
        let day = |text: &str| text.parse().ok();
        let backwards =
            PromiseList { due_from: day("2026-11-20"), due_to: day("2026-11-19"), ..PromiseList::default() };
        let one_day =
            PromiseList { due_from: day("2026-11-20"), due_to: day("2026-11-20"), ..PromiseList::default() };
        check(&[("Cakes", any()), ("Signs", one_day)], &[]);
        check(&[("Cakes", any()), (" cakes ", any())], &["views.1.name"]);
        check(&[(" ", any()), ("x", backwards)], &["views.0.name", "views.1.list.due_to"]);
        check(&[(&"x".repeat(41), any())], &["views.0.name"]);
        check(&vec![("", any()); 21], &["views"]);
    }
}
