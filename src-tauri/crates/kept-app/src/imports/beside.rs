//! What a file tells beside orders: customers and payments.

use super::bringing::{CHUNK, changes_of, put};
use super::known::{People, Person};
use super::payments::{self, Fate};
use super::record::Import;
use crate::Kept;
use crate::commit::{commitments, customers as customers_by_id};
use crate::failure::Failure;
use crate::rows::to_u32;
use crate::takes::imports::PaymentChoice;
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::day::Stamp;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::import::{CustomerDraft, PaymentDraft, paid_by};
use kept_core::views::LineProblem;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Brings in customers: new ones, and what is new about those whom Kept knows.
pub(super) async fn customers(
    kept: &Kept,
    mut import: Import,
    drafts: &[CustomerDraft],
    now: Stamp,
) -> Result<Import, Failure> {
    if drafts.is_empty() {
        return Ok(import);
    }
    let people = drafts.iter().map(|draft| (draft, now)).collect::<People>().find(kept).await?;
    for people in people.everybody().chunks(CHUNK) {
        // Held from reading to writing, so that nothing comes in between.
        let writing = kept.writing().await;
        let ids: Vec<CustomerId> = people.iter().filter_map(|person| person.id).collect();
        let known = customers_by_id(&kept.0.store, &ids).await?;
        let mut known: BTreeMap<CustomerId, _> =
            known.into_iter().flatten().map(|known| (known.it.id, known)).collect();
        let mut changes = changes_of(&import);
        for person in people {
            match person.id.and_then(|id| known.remove(&id)) {
                Some(known) => {
                    if let Some(richer) = person.draft.adds_to(&known.it, now) {
                        changes.customer(Some(&known), richer);
                    }
                }
                None => changes.customer(None, made(person, now)),
            }
        }
        import.customers += to_u32(changes.records.len());
        import = put(&writing, kept, import, changes).await?;
    }
    Ok(import)
}

/// How many customers are new, and of how many more becomes known.
pub(super) async fn look_at_customers(
    kept: &Kept,
    drafts: &[CustomerDraft],
    now: Stamp,
) -> Result<(u32, u32), Failure> {
    if drafts.is_empty() {
        return Ok((0, 0));
    }
    let people = drafts.iter().map(|draft| (draft, now)).collect::<People>().find(kept).await?;
    let people = people.everybody();
    let ids: Vec<CustomerId> = people.iter().filter_map(|person| person.id).collect();
    let known = customers_by_id(&kept.0.store, &ids).await?;
    let known: BTreeMap<CustomerId, Customer> =
        known.into_iter().flatten().map(|known| (known.it.id, known.it)).collect();
    let (mut created, mut updated) = (0, 0);
    for person in people {
        match person.id.and_then(|id| known.get(&id)) {
            Some(known) => updated += u32::from(person.draft.adds_to(known, now).is_some()),
            None => created += 1,
        }
    }
    Ok((created, updated))
}

/// Counts payments for the promises that they were for. Those that are not certain are left for the owner, and said.
pub(super) async fn payments(
    kept: &Kept,
    mut import: Import,
    drafts: &[(String, PaymentDraft)],
    choices: &[PaymentChoice],
) -> Result<(Import, Vec<LineProblem>), Failure> {
    if drafts.is_empty() {
        return Ok((import, Vec::new()));
    }
    let writing = kept.writing().await;
    let fates = payments::fates(kept, drafts, choices).await?;
    let left = payments::left(drafts, &fates, choices);
    let mut of: BTreeMap<CommitmentId, Vec<&PaymentDraft>> = BTreeMap::new();
    for ((_, draft), fate) in drafts.iter().zip(fates) {
        if let Fate::For(promise) = fate {
            of.entry(promise).or_default().push(draft);
        }
    }
    let ids: Vec<CommitmentId> = of.keys().copied().collect();
    let mut changes = changes_of(&import);
    for known in commitments(&kept.0.store, &ids).await?.into_iter().flatten() {
        let paid = of.remove(&known.it.id).unwrap_or_default();
        let payment = paid.iter().fold(known.it.payment.clone(), |payment, draft| paid_by(&payment, draft));
        import.payments += to_u32(paid.len());
        let after = Commitment { payment, ..known.it.clone() };
        changes.commitment(Some(&known), after);
    }
    Ok((put(&writing, kept, import, changes).await?, left))
}

fn made(person: &Person, now: Stamp) -> Customer {
    person.draft.clone().into_customer(CustomerId::new(Uuid::now_v7()), now)
}
