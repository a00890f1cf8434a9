//! Payments of a file, and the promises that they were for.

use crate::Kept;
use crate::commit::commitments;
use crate::failure::Failure;
use crate::records::{Known, id_at_end, order_key};
use crate::store::{Key, Store};
use crate::takes::imports::PaymentChoice;
use kept_core::commitment::Commitment;
use kept_core::day::Day;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::import::{Match, Payables, PaymentDraft};
use kept_core::views::LineProblem;
use kept_core::views::imports::{PaymentCandidate, PaymentCounts, PaymentToMatch};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How many payments that are unsure a preview shows.
const SHOWN: usize = 100;

/// What becomes of one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// An earlier import has counted it.
    Known,
    /// It is counted for this promise, because it fits or the owner chose it.
    For(CommitmentId),
    /// It may have been for one of these; nothing is counted before one is chosen.
    Unsure(Vec<CommitmentId>),
    /// It was for nothing that Kept knows of.
    Stranger,
}

/// By which a payment is named on the wire.
pub(super) fn name(draft: &PaymentDraft) -> String {
    format!("{}:{}", draft.by, draft.id)
}

/// What becomes of payments, in the same order. Looked for among the open promises.
pub(super) async fn fates(
    kept: &Kept,
    drafts: &[(String, PaymentDraft)],
    choices: &[PaymentChoice],
) -> Result<Vec<Fate>, Failure> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<Key> = drafts.iter().map(|(_, draft)| order_key(draft.by, &draft.id)).collect();
    let known = kept.0.store.get(&keys).await?;
    let payables = payables(kept).await?;
    let chosen: HashMap<&str, Option<CommitmentId>> =
        choices.iter().map(|choice| (choice.payment.as_str(), choice.promise)).collect();
    let fate = |draft: &PaymentDraft| match chosen.get(name(draft).as_str()) {
        Some(Some(promise)) => Fate::For(*promise),
        Some(None) => Fate::Stranger,
        None => match payables.find(draft) {
            Match::Sure(promise) => Fate::For(promise),
            Match::Unsure(candidates) => Fate::Unsure(candidates),
            Match::Nothing => Fate::Stranger,
        },
    };
    let mut told = HashSet::new();
    let mut fates = Vec::with_capacity(drafts.len());
    for ((_, draft), row) in drafts.iter().zip(known) {
        let counted = row.and_then(|row| id_at_end(&row.value)).is_some();
        let twice = !told.insert((draft.by, draft.id.as_str()));
        fates.push(if counted || twice { Fate::Known } else { fate(draft) });
    }
    Ok(fates)
}

/// How many there are of each.
pub(super) fn counts(fates: &[Fate]) -> PaymentCounts {
    let count = |is: fn(&Fate) -> bool| crate::rows::to_u32(fates.iter().filter(|fate| is(fate)).count());
    PaymentCounts {
        matched: count(|fate| matches!(fate, Fate::For(_))),
        known: count(|fate| matches!(fate, Fate::Known)),
        unsure: count(|fate| matches!(fate, Fate::Unsure(_))),
        strangers: count(|fate| matches!(fate, Fate::Stranger)),
    }
}

/// The payments that were counted for nothing, by file and line, so that none is lost without a word. What the owner said
/// was for nothing that Kept knows of is not repeated to her.
pub(super) fn left(
    drafts: &[(String, PaymentDraft)],
    fates: &[Fate],
    choices: &[PaymentChoice],
) -> Vec<LineProblem> {
    let mut left = Vec::new();
    for ((file, draft), fate) in drafts.iter().zip(fates) {
        let why = match fate {
            Fate::For(_) | Fate::Known => continue,
            Fate::Stranger if choices.iter().any(|choice| choice.payment == name(draft)) => continue,
            Fate::Stranger => "fits no promise".to_owned(),
            Fate::Unsure(promises) => match promises.len() {
                1 => "may have been for a promise, but the amount or the address is another one".to_owned(),
                several => format!("may have been for one of {several} promises"),
            },
        };
        let who = [&draft.name, &draft.email].into_iter().find(|who| !who.is_empty());
        let by = who.map(|who| format!(" by {who}")).unwrap_or_default();
        let is = format!("The payment of {}{by} {why}. It was not counted.", draft.amount);
        let line = draft.rows.first().copied().unwrap_or(0);
        left.push(LineProblem { file: file.clone(), ..LineProblem::new(line, is) });
    }
    left
}

/// The payments that the owner chooses a promise for: the unsure ones, and those that she has chosen for already.
pub(super) async fn to_match(
    kept: &Kept,
    drafts: &[(String, PaymentDraft)],
    fates: &[Fate],
    choices: &[PaymentChoice],
    today: Day,
) -> Result<Vec<PaymentToMatch>, Failure> {
    let payables = if choices.is_empty() { None } else { Some(payables(kept).await?) };
    let mut shown = Vec::new();
    for ((file, draft), fate) in drafts.iter().zip(fates) {
        let choice = choices.iter().find(|choice| choice.payment == name(draft));
        let candidates = match (fate, &payables) {
            (Fate::Unsure(candidates), _) => candidates.clone(),
            (Fate::For(_) | Fate::Stranger, Some(payables)) if choice.is_some() => match payables.find(draft)
            {
                Match::Unsure(candidates) => candidates,
                Match::Sure(promise) => vec![promise],
                Match::Nothing => continue,
            },
            (Fate::For(_) | Fate::Stranger | Fate::Known, _) => continue,
        };
        let known = commitments(&kept.0.store, &candidates).await?;
        let candidates = candidates_of(kept, known.into_iter().flatten(), today).await?;
        shown.push(PaymentToMatch {
            payment: name(draft),
            file: file.clone(),
            line: draft.rows.first().copied().unwrap_or(0),
            amount: draft.amount,
            at: draft.at,
            by: if draft.name.is_empty() { draft.email.clone() } else { draft.name.clone() },
            what: draft.what.clone(),
            candidates,
            chosen: choice.and_then(|choice| choice.promise),
        });
        if shown.len() == SHOWN {
            break;
        }
    }
    Ok(shown)
}

async fn candidates_of(
    kept: &Kept,
    promises: impl Iterator<Item = Known<Commitment>>,
    today: Day,
) -> Result<Vec<PaymentCandidate>, Failure> {
    let mut candidates = Vec::new();
    for promise in promises {
        let it = promise.it;
        candidates.push(PaymentCandidate {
            promise: it.id,
            title: it.title(),
            customer: kept.customer(it.customer).await?.it.name.clone(),
            total: it.payment.total,
            due_words: it.current_due().map_or_else(String::new, |due| due.words(today)),
        });
    }
    Ok(candidates)
}

async fn payables(kept: &Kept) -> Result<Payables, Failure> {
    let open: Vec<Arc<Known<Commitment>>> = kept.shop().open.values().cloned().collect();
    let customers: Vec<CustomerId> = open.iter().map(|known| known.it.customer).collect();
    kept.customers(&customers).await?;
    let shop = kept.shop();
    let mut payables = Payables::default();
    for known in open.iter().filter(|known| !known.it.made_up) {
        if let Some(customer) = shop.customers.get(&known.it.customer) {
            payables.add(&known.it, &customer.it);
        }
    }
    Ok(payables)
}
