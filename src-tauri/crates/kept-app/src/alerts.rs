//! The alert centre: what Kept owes the owner. A toast is only a pointer to it.

use crate::Kept;
use crate::failure::{Code, Failure};
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::takes::alerts::TheAlert;
use crate::takes::{Nothing, Snooze, SnoozePromise, TheAlerts, ThePromise};
use crate::watching::{Alerts, caring_of, coming_of, leads_to, test_notice, title_of, told};
use kept_core::alert::{
    About, AlertId, AlertKind, Basis, Entry, Event, Heard, Listed, Plan, Planned, Rung, SNOOZES_UNASKED,
    Status, listed, near, to_come,
};
use kept_core::day::{Now, Stamp, Zone};
use kept_core::id::CommitmentId;
use kept_core::views::alerts::{AlertEvent, AlertHistory, AlertKindView, AlertKinds, LetThrough};
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
    see(kept, |id| ids.contains(id)).await
}

/// Whatever stands about a promise was seen.
pub(crate) async fn acknowledge_promise(kept: &Kept, takes: ThePromise) -> Result<Done, Failure> {
    see(kept, |id| id.about == About::Promise(takes.promise)).await
}

/// Alerts are put off. The promise stays where it is in every list and count.
pub(crate) async fn snooze(kept: &Kept, takes: Snooze) -> Result<Done, Failure> {
    let ids = ids(&takes.alerts)?;
    put_off(kept, takes.until, takes.again_is_meant, |id| ids.contains(id)).await
}

/// Whatever stands about one promise is put off.
pub(crate) async fn snooze_promise(kept: &Kept, takes: SnoozePromise) -> Result<Done, Failure> {
    put_off(kept, takes.until, takes.again_is_meant, |id| id.about == About::Promise(takes.promise)).await
}

/// Whatever stands about some promises is put off.
pub(crate) async fn snooze_promises(
    kept: &Kept,
    promises: &BTreeSet<CommitmentId>,
    until: SnoozeFor,
) -> Result<Done, Failure> {
    let is_one = |id: &AlertId| id.about.promise().is_some_and(|promise| promises.contains(&promise));
    put_off(kept, until, false, is_one).await
}

/// What happened to an alert, oldest first.
pub(crate) async fn alert_history(kept: &Kept, takes: TheAlert) -> Result<AlertHistory, Failure> {
    let id: AlertId = takes.alert.parse().map_err(|is: String| Failure::field("alert", is))?;
    let now = kept.now();
    kept.with_alerts(|shop, alerts| {
        let zone = shop.settings.it.calendar.zone;
        let event = |at: Stamp, what: String| AlertEvent { at, at_words: near(at, &now, zone), what };
        let planned =
            alerts.plan(id.about).and_then(|plan| plan.alerts.iter().find(|planned| planned.id == id));
        let entry = alerts.ledger.get(&id);
        if planned.is_none() && entry.is_none() {
            return Err(Failure::not_found("This alert"));
        }
        let came = planned.filter(|planned| planned.first <= now.stamp);
        let came = came.map(|planned| event(planned.first, "Came due".to_owned()));
        let happened = entry.into_iter().flat_map(|entry| &entry.events);
        let happened = happened.map(|(at, what)| event(*at, event_words(what, &now, zone)));
        let mut events: Vec<AlertEvent> = came.into_iter().chain(happened).collect();
        events.sort_by_key(|event| event.at);
        Ok(AlertHistory { events })
    })
}

/// The kinds of alerts, with what the owner has set about each.
pub(crate) async fn alert_kinds(kept: &Kept, _: Nothing) -> Result<AlertKinds, Failure> {
    let settings = kept.settings().alerts;
    let customers: Vec<_> = settings.let_through.iter().copied().collect();
    kept.customers(&customers).await?;
    let shop = kept.shop();
    let through =
        customers.into_iter().map(|customer| LetThrough { customer, name: shop.customer_name(customer) });
    let kinds = AlertKind::ALL.into_iter().map(|kind| AlertKindView {
        kind,
        name: kind.title().to_owned(),
        explained: kind.explained().to_owned(),
        settings: settings.of(kind),
        can_be_off: kind.can_be_off(),
    });
    Ok(AlertKinds { kinds: kinds.collect(), let_through: through.collect() })
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

async fn see(kept: &Kept, which: impl Fn(&AlertId) -> bool) -> Result<Done, Failure> {
    let now = kept.now();
    let answer = |shop: &Shop, alerts: &Alerts<'_>| {
        let calendar = &shop.settings.it.calendar;
        let seen = standing(shop, alerts, &now).into_iter().filter(|id| which(id));
        let see = |id: AlertId| {
            let skips_no_rung = alerts.plan(id.about).is_some_and(|plan| plan.skips_no_rung(&id));
            alerts.ledger.acknowledged(&id, skips_no_rung, calendar, &now)
        };
        seen.map(see).collect()
    };
    let entries = kept.take_down(answer).await?;
    answered(kept, &entries, "Acknowledged")
}

/// Puts alerts off. What was put off twice already is asked about first: it helps nobody to put it off for ever.
async fn put_off(
    kept: &Kept,
    until: SnoozeFor,
    again_is_meant: bool,
    which: impl Fn(&AlertId) -> bool,
) -> Result<Done, Failure> {
    let now = kept.now();
    if !again_is_meant {
        ask_first(kept, &now, &which)?;
    }
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

fn ask_first(kept: &Kept, now: &Now, which: &impl Fn(&AlertId) -> bool) -> Result<(), Failure> {
    let often = kept.with_alerts(|shop, alerts| {
        let all = standing(shop, alerts, now).into_iter().filter(|id| which(id));
        let mut often = all.filter(|id| asks_first(alerts, id));
        often.next().map(|id| (title_of(shop, &id, now), often.count()))
    });
    let Some((title, more)) = often else { return Ok(()) };
    let what = title.unwrap_or_else(|| "This".to_owned());
    let others = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    let is = format!(
        "“{what}”{others} was put off {SNOOZES_UNASKED} times already. \
         Start now, block time, tell the customer, or move the date."
    );
    Err(Failure::field("again_is_meant", is))
}

fn asks_first(alerts: &Alerts<'_>, id: &AlertId) -> bool {
    alerts.ledger.get(id).is_some_and(|entry| entry.snoozes >= SNOOZES_UNASKED)
}

fn event_words(event: &Event, now: &Now, zone: Zone) -> String {
    match event {
        Event::Announced { heard: Heard::Shown, .. } => "A notification was shown".to_owned(),
        Event::Announced { heard: Heard::Refused { why }, .. } => {
            format!("A notification was refused: {why}")
        }
        Event::Announced { heard: Heard::Asked | Heard::Unknown, .. } => "A notification was sent".to_owned(),
        Event::Acknowledged => "Seen".to_owned(),
        Event::Snoozed { until } => format!("Snoozed until {}", near(*until, now, zone)),
    }
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
        promise: first.id.about.promise(),
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
                name: kind.title().to_owned(),
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
        let mut next: Vec<(&Plan, (Planned, Rung, Stamp))> = of_all.collect();
        next.sort_by(|(plan, (planned, _, at)), (other, (other_planned, _, other_at))| {
            at.cmp(other_at).then_with(|| plan.order(planned.id.kind, other, other_planned.id.kind))
        });
        next.into_iter().take(NEXT_MOST).filter_map(|(_, it)| self.coming(&it)).collect()
    }

    /// The alerts of a kind of status with the instant that matters for it, most urgent first.
    fn with_status(&self, when: impl Fn(Status) -> Option<Stamp>) -> Vec<(Listed, Stamp)> {
        let of_all =
            self.alerts.plans().flat_map(|plan| self.listed(plan).into_iter().map(move |it| (plan, it)));
        let mut found: Vec<(&Plan, Listed, Stamp)> =
            of_all.filter_map(|(plan, it)| when(it.status).map(|at| (plan, it, at))).collect();
        found.sort_by(|(plan, a, _), (other, b, _)| plan.order(a.planned.id.kind, other, b.planned.id.kind));
        found.into_iter().map(|(_, listed, at)| (listed, at)).collect()
    }

    fn listed(&self, plan: &Plan) -> Vec<Listed> {
        listed(plan, self.alerts.ledger, &self.shop.settings.it.calendar, self.now.stamp)
    }

    fn to_come(&self, plan: &Plan) -> Vec<(Planned, Rung, Stamp)> {
        to_come(plan, self.alerts.ledger, &self.shop.settings.it.calendar, self.now.stamp)
    }

    fn row(&self, listed: &Listed, at: Stamp) -> Option<AlertRow> {
        let id = listed.planned.id;
        let promise = id.about.promise();
        let (why, from) = self.reason(&id)?;
        let entry = self.alerts.ledger.get(&id);
        Some(AlertRow {
            id: id.to_string(),
            kind: id.kind,
            promise,
            leads_to: leads_to(self.shop, id.about),
            version: promise.and_then(|promise| self.shop.open.get(&promise)).map(|known| known.last),
            title: title_of(self.shop, &id, self.now)?,
            why,
            from,
            at,
            at_words: self.near(at),
            snoozes: entry.map_or(0, |entry| entry.snoozes),
            asks_first: asks_first(self.alerts, &id),
            snoozed_until: None,
        })
    }

    /// Why an alert came, and what it was computed from.
    fn reason(&self, id: &AlertId) -> Option<(String, String)> {
        if let Some(promise) = id.about.promise() {
            return told(self.shop, promise, self.now, |told| (told.why(id), told.from(id)));
        }
        let from = match id.basis {
            Basis::Since(since) => format!("from {}", self.near(since)),
            Basis::Date(due) | Basis::Own(_, due) => format!("from the date {}", due.words(self.now.today)),
        };
        let said = caring_of(self.shop, id, self.now);
        Some((said.map_or_else(|| id.kind.explained().to_owned(), |said| said.why), from))
    }

    /// A reminder that came and that nobody has acknowledged.
    fn standing(&self, listed: &Listed) -> Option<ReminderView> {
        let Status::Owed { at, .. } = listed.status else { return None };
        let what = title_of(self.shop, &listed.planned.id, self.now)?;
        Some(ReminderView { what, at, at_words: self.near(at), announced: true })
    }

    /// A reminder that is still to come.
    fn coming(&self, (planned, rung, at): &(Planned, Rung, Stamp)) -> Option<ReminderView> {
        let what = coming_of(self.shop, &planned.id, *rung, self.now)?;
        Some(ReminderView { what, at: *at, at_words: self.near(*at), announced: false })
    }

    fn near(&self, at: Stamp) -> String {
        near(at, self.now, self.shop.settings.it.calendar.zone)
    }
}
