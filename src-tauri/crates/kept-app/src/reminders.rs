//! The owner's own reminders of a promise.

use crate::Kept;
use crate::failure::Failure;
use crate::shop::Shop;
use crate::takes::alerts::{RemoveReminder, SetReminder};
use crate::work::change;
use kept_core::alert::falls;
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::id::ReminderId;
use kept_core::reminder::{self, Reminder};
use kept_core::views::Done;
use kept_core::views::alerts::OwnReminder;
use uuid::Uuid;

/// A reminder is set, or another one is made of it.
pub(crate) async fn set_reminder(kept: &Kept, takes: SetReminder) -> Result<Done, Failure> {
    let id = takes.reminder.unwrap_or_else(|| ReminderId::new(Uuid::now_v7()));
    let (settings, hours) = {
        let shop = kept.shop();
        (shop.settings.it.clone(), shop.tallies.taken.clone())
    };
    let deed = |it: &mut Commitment, now: &Now| {
        let reminder = Reminder { id, when: takes.when, what: takes.what, set_at: now.stamp };
        reminder::set_reminder(it, reminder, |it, reminder| falls(it, reminder, &settings, &hours), now)
    };
    change(kept, takes.promise, takes.version, deed, |said| {
        format!(
            "Reminds of {} {}",
            said.all(),
            on(&takes.when.words(said.now.today), takes.when.is_relative())
        )
    })
    .await
}

/// A reminder is not wanted any more.
pub(crate) async fn remove_reminder(kept: &Kept, takes: RemoveReminder) -> Result<Done, Failure> {
    let deed = |it: &mut Commitment, _: &Now| reminder::remove_reminder(it, takes.reminder);
    change(kept, takes.promise, takes.version, deed, |said| format!("Removed a reminder of {}", said.all()))
        .await
}

/// The owner's own reminders of a promise, in the order in which they were set.
pub(crate) fn own(it: &Commitment, shop: &Shop, now: &Now) -> Vec<OwnReminder> {
    let settings = &shop.settings.it;
    let at_words = |reminder: &Reminder| {
        let at = falls(it, reminder, settings, &shop.tallies.taken)?;
        let (day, time) = settings.calendar.zone.wall(at);
        Some(format!("{}, {time}", day.words(now.today)))
    };
    let view = |reminder: &Reminder| OwnReminder {
        id: reminder.id,
        when: reminder.when,
        when_words: reminder.when.words(now.today),
        what: reminder.what.clone(),
        at_words: at_words(reminder),
    };
    it.reminders.iter().map(view).collect()
}

/// `on Fri 20 Nov, 15:00`, `2 h before it is due`.
fn on(when: &str, is_relative: bool) -> String {
    if is_relative { when.to_owned() } else { format!("on {when}") }
}
