//! The alert centre: what Kept owes the owner. A toast is only a pointer to it.

use crate::Kept;
use crate::failure::{Code, Failure};
use crate::records::Known;
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::takes::{Nothing, Snooze, SnoozePromise, TheAlerts};
use crate::watching::{Alerts, test_notice};
use kept_core::alert::{
    AlertId, AlertKind, Entry, Heard, Listed, Planned, PromisePlan, Rung, Status, Told, coming, listed, near,
    title, to_come,
};
use kept_core::commitment::Commitment;
use kept_core::day::{Now, Stamp};
use kept_core::id::CommitmentId;
use kept_core::views::{AlertCentre, AlertGroup, AlertRow, Done, ReminderView, SnoozeFor};
use kept_core::words::count;
use std::collections::{BTreeSet, HashSet};

/// No group shows more alerts than this; its count says how many there are.
const ALERTS_MOST: usize = 200;
/// So many of the alerts to come are named.
const NEXT_MOST: usize = 10;

/// The alert centre as things stand now.
pub(crate) async fn alerts(kept: &Kept, _: Nothing) -> Result<AlertCentre, Failure> {
    let now = kept.now();
    Ok(kept.with_alerts(|shop, alerts| {
        let view = View { shop, alerts, now: &now };
        let zone = shop.settings.it.calendar.zone;
        AlertCentre {
            groups: view.groups(),
            snoozed: view.snoozed(),
            next: view.next(),
            report: alerts.report.and_then(|report| report.view(&now, zone)),
            notices_refused: alerts.refused.map(str::to_owned),
        }
    }))
}

/// Alerts were seen. An overdue promise calls again on the next working day.
pub(crate) async fn acknowledge(kept: &Kept, takes: TheAlerts) -> Result<Done, Failure> {
    let ids = ids(&takes.alerts)?;
    let now = kept.now();
    let answer = |shop: &Shop, alerts: &Alerts<'_>| {
        let calendar = &shop.settings.it.calendar;
        let seen = standing(shop, alerts, &now).into_iter().filter(|id| ids.contains(id));
        seen.map(|id| alerts.ledger.acknowledged(&id, calendar, &now)).collect()
    };
    let entries = kept.take_down(answer).await?;
    answered(kept, &entries, "Acknowledged")
}

/// Alerts are put off. The promise stays where it is in every list and count.
pub(crate) async fn snooze(kept: &Kept, takes: Snooze) -> Result<Done, Failure> {
    let ids = ids(&takes.alerts)?;
    put_off(kept, takes.until, |id| ids.contains(id)).await
}

/// Whatever stands about one promise is put off.
pub(crate) async fn snooze_promise(kept: &Kept, takes: SnoozePromise) -> Result<Done, Failure> {
    put_off(kept, takes.until, |id| id.promise == takes.promise).await
}

/// Whatever stands about some promises is put off.
pub(crate) async fn snooze_promises(
    kept: &Kept,
    promises: &BTreeSet<CommitmentId>,
    until: SnoozeFor,
) -> Result<Done, Failure> {
    put_off(kept, until, |id| promises.contains(&id.promise)).await
}

/// Shows a notification now, to see whether the desktop lets it through.
pub(crate) async fn send_test_notice(kept: &Kept, _: Nothing) -> Result<Done, Failure> {
    let said = match test_notice(kept).await {
        Heard::Shown => {
            "Sent. If nothing has appeared, allow notifications for Kept in your system’s settings."
                .to_owned()
        }
        Heard::Unknown | Heard::Asked => {
            "Sent, and the desktop does not say whether it was shown. Did it appear?".to_owned()
        }
        Heard::Refused { why } => format!("The desktop refuses notifications: {why}"),
    };
    kept.alerts_changed();
    Ok(Done { change: 0, said, promise: None })
}

/// Reminders of a promise that are still to come or not acknowledged, in the order of time.
pub(crate) fn reminders_of(kept: &Kept, promise: CommitmentId) -> Vec<ReminderView> {
    let now = kept.now();
    kept.with_alerts(|shop, alerts| {
        let view = View { shop, alerts, now: &now };
        let Some(plan) = alerts.plan(promise) else { return Vec::new() };
        let standing = view.listed(plan).into_iter().filter_map(|listed| view.standing(&listed));
        let coming = view.to_come(plan).into_iter().filter_map(|it| view.coming(&it));
        let mut reminders: Vec<ReminderView> = standing.chain(coming).collect();
        reminders.sort_by_key(|reminder| reminder.at);
        reminders
    })
}

/// How many alerts nobody has acknowledged, and why notices are refused.
pub(crate) fn standing_of(kept: &Kept) -> (u32, Option<String>) {
    let now = kept.now();
    kept.with_alerts(|shop, alerts| {
        (alerts.owed(&shop.settings.it, now.stamp), alerts.refused.map(str::to_owned))
    })
}

async fn put_off(kept: &Kept, until: SnoozeFor, which: impl Fn(&AlertId) -> bool) -> Result<Done, Failure> {
    let now = kept.now();
    let until = until
        .until(&kept.settings().calendar, &now)
        .ok_or_else(|| Failure::field("until", "This time has passed. Choose a later one."))?;
    let answer = |shop: &Shop, alerts: &Alerts<'_>| {
        let put_off = standing(shop, alerts, &now).into_iter().filter(|id| which(id));
        put_off.map(|id| alerts.ledger.snoozed(&id, until, &now)).collect()
    };
    let entries = kept.take_down(answer).await?;
    let zone = kept.settings().calendar.zone;
    let mut done = answered(kept, &entries, "Snoozed")?;
    done.said = format!("{} until {}", done.said, near(until, &now, zone));
    Ok(done)
}

/// The alerts that can be answered: they came due and are owed or put off.
fn standing(shop: &Shop, alerts: &Alerts<'_>, now: &Now) -> Vec<AlertId> {
    let calendar = &shop.settings.it.calendar;
    alerts
        .plans()
        .flat_map(|plan| listed(plan, alerts.ledger, calendar, now.stamp))
        .filter(|listed| matches!(listed.status, Status::Owed { .. } | Status::Snoozed { .. }))
        .map(|listed| listed.planned.id)
        .collect()
}

fn answered(kept: &Kept, entries: &[Entry], what: &str) -> Result<Done, Failure> {
    let Some(first) = entries.first() else {
        return Err(Failure::new(Code::NotFound, "These alerts are resolved already."));
    };
    kept.alerts_changed();
    kept.0.watching.wake();
    let number = i64::from(to_u32(entries.len()));
    Ok(Done {
        change: 0,
        said: format!("{what} {}", count(number, "alert")),
        promise: Some(first.id.promise),
    })
}

fn ids(texts: &[String]) -> Result<HashSet<AlertId>, Failure> {
    texts.iter().map(|text| text.parse().map_err(|is: String| Failure::field("alerts", is))).collect()
}

/// The alerts of a shop, to be put into words.
struct View<'a> {
    shop: &'a Shop,
    alerts: &'a Alerts<'a>,
    now: &'a Now,
}

impl View<'_> {
    fn groups(&self) -> Vec<AlertGroup> {
        let owed = self.with_status(|status| match status {
            Status::Owed { at, .. } => Some(at),
            Status::ToCome | Status::Snoozed { .. } | Status::Acknowledged => None,
        });
        let groups = AlertKind::ALL.into_iter().map(|kind| {
            let of_kind = || owed.iter().filter(|(listed, _)| listed.planned.id.kind == kind);
            AlertGroup {
                name: name(kind).to_owned(),
                count: to_u32(of_kind().count()),
                alerts: of_kind()
                    .take(ALERTS_MOST)
                    .filter_map(|(listed, at)| self.row(listed, *at))
                    .collect(),
            }
        });
        groups.filter(|group| group.count > 0).collect()
    }

    fn snoozed(&self) -> Vec<AlertRow> {
        let mut snoozed = self.with_status(|status| match status {
            Status::Snoozed { until } => Some(until),
            Status::ToCome | Status::Owed { .. } | Status::Acknowledged => None,
        });
        snoozed.sort_by_key(|(_, until)| *until);
        let rows = snoozed.iter().take(ALERTS_MOST).filter_map(|(listed, until)| {
            let row = self.row(listed, listed.planned.first)?;
            Some(AlertRow { snoozed_until: Some(self.near(*until)), ..row })
        });
        rows.collect()
    }

    fn next(&self) -> Vec<ReminderView> {
        let of_all =
            self.alerts.plans().flat_map(|plan| self.to_come(plan).into_iter().map(move |it| (plan, it)));
        let mut next: Vec<(&PromisePlan, (Planned, Rung, Stamp))> = of_all.collect();
        next.sort_by(|(plan, (planned, _, at)), (other, (other_planned, _, other_at))| {
            at.cmp(other_at).then_with(|| plan.order(planned.id.kind, other, other_planned.id.kind))
        });
        next.into_iter().take(NEXT_MOST).filter_map(|(_, it)| self.coming(&it)).collect()
    }

    /// The alerts of a kind of status with the instant that matters for it, most urgent first.
    fn with_status(&self, when: impl Fn(Status) -> Option<Stamp>) -> Vec<(Listed, Stamp)> {
        let of_all =
            self.alerts.plans().flat_map(|plan| self.listed(plan).into_iter().map(move |it| (plan, it)));
        let mut found: Vec<(&PromisePlan, Listed, Stamp)> =
            of_all.filter_map(|(plan, it)| when(it.status).map(|at| (plan, it, at))).collect();
        found.sort_by(|(plan, a, _), (other, b, _)| plan.order(a.planned.id.kind, other, b.planned.id.kind));
        found.into_iter().map(|(_, listed, at)| (listed, at)).collect()
    }

    fn listed(&self, plan: &PromisePlan) -> Vec<Listed> {
        listed(plan, self.alerts.ledger, &self.shop.settings.it.calendar, self.now.stamp)
    }

    fn to_come(&self, plan: &PromisePlan) -> Vec<(Planned, Rung, Stamp)> {
        to_come(plan, self.alerts.ledger, &self.shop.settings.it.calendar, self.now.stamp)
    }

    fn row(&self, listed: &Listed, at: Stamp) -> Option<AlertRow> {
        let id = listed.planned.id;
        let known = self.shop.open.get(&id.promise)?;
        let entry = self.alerts.ledger.get(&id);
        Some(self.told(known, |told| AlertRow {
            id: id.to_string(),
            kind: id.kind,
            promise: id.promise,
            version: known.last,
            title: title(id.kind, told),
            why: told.why(id.kind),
            from: told.from(&id),
            at,
            at_words: self.near(at),
            snoozes: entry.map_or(0, |entry| entry.snoozes),
            snoozed_until: None,
        }))
    }

    /// A reminder that came and that nobody has acknowledged.
    fn standing(&self, listed: &Listed) -> Option<ReminderView> {
        let Status::Owed { at, .. } = listed.status else { return None };
        let known = self.shop.open.get(&listed.planned.id.promise)?;
        let what = self.told(known, |told| title(listed.planned.id.kind, told));
        Some(ReminderView { what, at, at_words: self.near(at), announced: true })
    }

    /// A reminder that is still to come.
    fn coming(&self, (planned, rung, at): &(Planned, Rung, Stamp)) -> Option<ReminderView> {
        let known = self.shop.open.get(&planned.id.promise)?;
        let what = self.told(known, |told| coming(planned.id.kind, *rung, told));
        Some(ReminderView { what, at: *at, at_words: self.near(*at), announced: false })
    }

    fn told<T>(&self, known: &Known<Commitment>, words: impl FnOnce(&Told<'_>) -> T) -> T {
        let customer = self.shop.customer_name(known.it.customer);
        let settings = &self.shop.settings.it;
        let taken = &self.shop.tallies.taken;
        words(&Told { commitment: &known.it, customer: &customer, settings, taken, now: self.now })
    }

    fn near(&self, at: Stamp) -> String {
        near(at, self.now, self.shop.settings.it.calendar.zone)
    }
}

const fn name(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Overdue => "Overdue",
        AlertKind::Due => "Due now",
        AlertKind::StartBy => "Start now",
        AlertKind::DueSoon => "Due soon",
        AlertKind::PaidIdle => "Paid and waiting",
    }
}
