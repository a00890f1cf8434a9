//! One thing done with several promises at once: one change, told in one sentence and undone as one.
//!
//! What cannot be done with one of them does not stop the others: it stays as it is, and it is said why.

use crate::failure::{Code, Failure};
use crate::records::{Changes, Known};
use crate::rows::to_u32;
use crate::takes::lists::{Bulk, BulkDeed};
use crate::{Kept, alerts};
use kept_core::commitment::{Commitment, Party, Reschedule};
use kept_core::day::Now;
use kept_core::fulfil::{self, Deed, HandedOver};
use kept_core::id::CommitmentId;
use kept_core::settings::Settings;
use kept_core::views::lists::{BulkDone, LeftAsIs};
use kept_core::words::count;
use std::collections::BTreeSet;
use std::sync::Arc;

/// More promises than this are not changed at once.
const MOST: usize = 500;

/// Does one thing with several promises.
pub(crate) async fn bulk(kept: &Kept, takes: Bulk) -> Result<BulkDone, Failure> {
    if takes.promises.len() > MOST {
        return Err(Failure::field("promises", format!("Choose at most {MOST} promises at once.")));
    }
    let ids: BTreeSet<CommitmentId> = takes.promises.into_iter().collect();
    let BulkDeed::Snooze { until } = takes.deed else { return change(kept, &ids, takes.deed).await };
    let done = alerts::snooze_promises(kept, &ids, until).await?;
    let (change, said, promise) = (done.change, done.said, done.promise);
    Ok(BulkDone { change, said, promise, count: to_u32(ids.len()), left: Vec::new() })
}

async fn change(kept: &Kept, ids: &BTreeSet<CommitmentId>, deed: BulkDeed) -> Result<BulkDone, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let settings = kept.settings();
    let mut changes = Changes::default();
    let mut done = Vec::new();
    let mut left = Vec::new();
    for id in ids {
        let before = match kept.commitment(*id).await {
            Ok(before) => before,
            Err(failure) if failure.code == Code::NotFound => {
                left.push(LeftAsIs { promise: *id, title: "A promise".to_owned(), is: failure.message });
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let mut after = before.it.clone();
        match apply(&deed, &mut after, &settings, &now) {
            Ok(()) => {
                changes.commitment(Some(&before), after);
                done.push(before);
            }
            Err(problems) => {
                let is = problems.into_iter().next().map_or_else(String::new, |problem| problem.is);
                left.push(LeftAsIs { promise: *id, title: title(kept, &before).await?, is });
            }
        }
    }
    if done.is_empty() {
        return Err(Failure::new(Code::Invalid, nothing_words(&left)));
    }
    let one = if let [one] = done.as_slice() { Some(one.it.id) } else { None };
    let what = match done.as_slice() {
        [one] => title(kept, one).await?,
        many => count(i64::from(to_u32(many.len())), "promise"),
    };
    changes.what = words(&deed, &what, &now);
    changes.promise = one;
    let said = changes.what.clone();
    let change = writing.commit(changes).await?;
    Ok(BulkDone { change, said, promise: one, count: to_u32(done.len()), left })
}

/// Does it with one of them.
fn apply(deed: &BulkDeed, it: &mut Commitment, settings: &Settings, now: &Now) -> Deed {
    let calendar = &settings.calendar;
    match deed {
        BulkDeed::StartWork => fulfil::start_work(it, now),
        BulkDeed::HandOver => fulfil::hand_over(it, &HandedOver::default(), calendar, now),
        BulkDeed::MoveDate { to, by, told_at, agreed, why, note } => {
            let plain = fulfil::reschedule(it, *to, *by, now);
            let moved = Reschedule {
                told_at: told_at.or(plain.told_at),
                agreed: *agreed,
                why: why.clone(),
                note: note.clone(),
                ..plain
            };
            fulfil::move_date(it, moved, false, settings, now)
        }
        BulkDeed::WaitFor { on, chase } => {
            let usual = || calendar.working_day(now.today, i64::from(settings.chase_days));
            fulfil::wait_for(it, *on, chase.unwrap_or_else(usual), now)
        }
        BulkDeed::Cancel { by, why } => fulfil::cancel(it, *by, why.clone(), now.stamp),
        // Alerts are put off without a change of the promise.
        BulkDeed::Snooze { .. } => Ok(()),
    }
}

/// `Handed over 5 promises`, `Handed over 12 cupcakes for Maria Silva`.
fn words(deed: &BulkDeed, what: &str, now: &Now) -> String {
    match deed {
        BulkDeed::StartWork => format!("Started {what}"),
        BulkDeed::HandOver => format!("Handed over {what}"),
        BulkDeed::MoveDate { to, by, .. } => {
            let asked = if *by == Party::Customer { "they asked" } else { "we asked" };
            format!("Moved {what} to {} ({asked})", to.words(now.today))
        }
        BulkDeed::WaitFor { on: Some(_), .. } => format!("Set {what} to waiting"),
        BulkDeed::WaitFor { on: None, .. } => format!("Ended the waiting of {what}"),
        BulkDeed::Cancel { by, .. } => format!("Called off {what} ({})", crate::promise::party_words(*by)),
        BulkDeed::Snooze { .. } => format!("Snoozed {what}"),
    }
}

fn nothing_words(left: &[LeftAsIs]) -> String {
    match left {
        [] => "Choose some promises first.".to_owned(),
        [one] => one.is.clone(),
        [first, rest @ ..] if rest.iter().all(|other| other.is == first.is) => {
            format!("None of them was changed: {}", kept_core::words::lower_first(&first.is))
        }
        [first, ..] => format!("None of them was changed. {}: {}", first.title, first.is),
    }
}

/// `12 cupcakes for Maria Silva`.
async fn title(kept: &Kept, known: &Arc<Known<Commitment>>) -> Result<String, Failure> {
    let customer = kept.customer(known.it.customer).await?;
    Ok(format!("{} for {}", known.it.title(), customer.it.name))
}
