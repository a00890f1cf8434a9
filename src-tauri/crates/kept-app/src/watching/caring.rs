//! Alerts about what is no promise, in words: what customers told us, steps of recoveries, and causes.

use crate::shop::Shop;
use kept_core::alert::{About, AlertId, Caring};
use kept_core::day::Now;
use kept_core::id::{CauseId, FeedbackId, StepId};
use kept_core::recovery::{Recovery, RepairStep};
use kept_core::views::alerts::LeadsTo;
use uuid::Uuid;

/// What an alert says and why it came; none if what it is about is resolved, or is a promise or the shop.
pub(crate) fn caring_of(shop: &Shop, id: &AlertId, now: &Now) -> Option<Caring> {
    let (care, settings) = (&shop.few.care, &shop.settings.it);
    match id.about {
        About::Feedback(feedback) => {
            Some(care.feedback.get(&FeedbackId::new(feedback))?.it.caring(id.kind, settings, now))
        }
        About::Recovery(step) => {
            let (recovery, step) = step_of(shop, step)?;
            let customer = recovery.customer.map(|customer| shop.customer_name(customer));
            Some(recovery.caring(step, customer.as_deref(), now))
        }
        About::Cause(cause) => care.causes.get(&CauseId::new(cause))?.it.caring(now),
        About::Promise(_) | About::Shop => None,
    }
}

/// Where something can be done about what is no promise.
pub(crate) fn leads_to(shop: &Shop, about: About) -> Option<LeadsTo> {
    match about {
        About::Promise(_) => None,
        About::Feedback(id) => Some(LeadsTo::Feedback { id: FeedbackId::new(id) }),
        About::Recovery(step) => Some(LeadsTo::Recovery { id: step_of(shop, step)?.0.id }),
        About::Cause(id) => Some(LeadsTo::Cause { id: CauseId::new(id) }),
        About::Shop => Some(LeadsTo::Backups),
    }
}

fn step_of(shop: &Shop, step: Uuid) -> Option<(&Recovery, &RepairStep)> {
    let id = StepId::new(step);
    let all =
        shop.few.care.recoveries.values().flat_map(|known| known.it.steps.iter().map(|it| (&known.it, it)));
    all.into_iter().find(|(_, it)| it.id == id)
}
