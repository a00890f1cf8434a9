//! Reminders of the owner's own: at a time, or so long before a promise is due or has to be begun.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, is_default};
use crate::day::{Day, Due, Now, Stamp, TimeOfDay};
use crate::fulfil::{Deed, must_be_open, refuse};
use crate::id::ReminderId;
use crate::words::duration;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A promise keeps at most so many.
pub const REMINDERS_MOST: usize = 20;
const WHAT_MOST: usize = 200;
const DAYS_MOST: u32 = 366;
const MINUTES_MOST: u32 = 24 * 60;

/// A reminder of the owner's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Reminder {
    /// Its id within Kept.
    pub id: ReminderId,
    /// When it comes.
    pub when: RemindWhen,
    /// What it is to say, in the owner's words.
    #[serde(default, skip_serializing_if = "is_default")]
    #[ts(optional)]
    pub what: Option<String>,
    /// When it was set.
    pub set_at: Stamp,
}

/// When a reminder of the owner's own comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum RemindWhen {
    /// At a time of a day, by the shop's clocks.
    At {
        /// The day.
        day: Day,
        /// The time.
        time: TimeOfDay,
    },
    /// So long before it is due. Days are calendar days: nine stays nine when the clocks are moved.
    BeforeDue {
        /// Days before.
        days: u32,
        /// And minutes.
        minutes: u32,
    },
    /// So long before work has to begin.
    BeforeStart {
        /// Days before.
        days: u32,
        /// And minutes.
        minutes: u32,
    },
}

impl RemindWhen {
    /// Whether it moves with the promise's date.
    pub const fn is_relative(self) -> bool {
        match self {
            Self::At { .. } => false,
            Self::BeforeDue { .. } | Self::BeforeStart { .. } => true,
        }
    }

    /// In words: `Fri 20 Nov, 15:00`, `1 day before it is due`, `2 h before work has to begin`.
    pub fn words(self, today: Day) -> String {
        match self {
            Self::At { day, time } => Due::at(day, time).words(today),
            Self::BeforeDue { days: 0, minutes: 0 } => "when it is due".to_owned(),
            Self::BeforeStart { days: 0, minutes: 0 } => "when work has to begin".to_owned(),
            Self::BeforeDue { days, minutes } => format!("{} before it is due", long(days, minutes)),
            Self::BeforeStart { days, minutes } => {
                format!("{} before work has to begin", long(days, minutes))
            }
        }
    }

    fn problem(self) -> Option<&'static str> {
        match self {
            Self::BeforeDue { days, minutes } | Self::BeforeStart { days, minutes }
                if days > DAYS_MOST || minutes > MINUTES_MOST =>
            {
                Some("A reminder comes at most a year before.")
            }
            Self::At { .. } | Self::BeforeDue { .. } | Self::BeforeStart { .. } => None,
        }
    }
}

impl Reminder {
    /// When it comes, and the date that this was computed from; none as long as there is no such date.
    pub fn falls(
        &self,
        due: Option<Due>,
        deadline: Option<Stamp>,
        start_by: Option<Stamp>,
        calendar: &WorkingCalendar,
    ) -> Option<(Stamp, Due)> {
        let before = |stamp: Stamp, days: u32, minutes: u32| {
            let (day, time) = calendar.zone.wall(stamp);
            let day = day.plus(-i64::from(days));
            calendar.zone.instant(day, time).plus_minutes(-i64::from(minutes))
        };
        match self.when {
            RemindWhen::At { day, time } => Some((calendar.zone.instant(day, time), Due::at(day, time))),
            RemindWhen::BeforeDue { days, minutes } => Some((before(deadline?, days, minutes), due?)),
            // Where no work is left it is taken to begin when it is due.
            RemindWhen::BeforeStart { days, minutes } => {
                Some((before(start_by.or(deadline)?, days, minutes), due?))
            }
        }
    }
}

/// Sets a reminder: a new one, or another time or other words for one that is there. `falls` says when it would come.
pub fn set_reminder(
    it: &mut Commitment,
    reminder: Reminder,
    falls: impl Fn(&Commitment, &Reminder) -> Option<Stamp>,
    now: &Now,
) -> Deed {
    must_be_open(it)?;
    let what = reminder.what.map(|what| what.trim().to_owned()).filter(|what| !what.is_empty());
    if what.as_ref().is_some_and(|what| what.chars().count() > WHAT_MOST) {
        return refuse("what", format!("{WHAT_MOST} letters are enough for a reminder."));
    }
    if let Some(problem) = reminder.when.problem() {
        return refuse("when", problem);
    }
    let reminder = Reminder { what, set_at: now.stamp, ..reminder };
    match falls(it, &reminder) {
        Some(at) if at <= now.stamp => return refuse("when", "This time has passed. Choose a later one."),
        Some(_) | None => {}
    }
    let count = it.reminders.len();
    match it.reminders.iter_mut().find(|other| other.id == reminder.id) {
        Some(other) => *other = reminder,
        None if count >= REMINDERS_MOST => {
            return refuse("when", format!("A promise keeps at most {REMINDERS_MOST} reminders."));
        }
        None => it.reminders.push(reminder),
    }
    Ok(())
}

/// Takes a reminder away.
pub fn remove_reminder(it: &mut Commitment, reminder: ReminderId) -> Deed {
    must_be_open(it)?;
    if it.reminders.iter().all(|other| other.id != reminder) {
        return refuse("reminder", "This reminder is not there any more.");
    }
    it.reminders.retain(|other| other.id != reminder);
    Ok(())
}

/// `1 day`, `2 h`, `1 day and 2 h`.
fn long(days: u32, minutes: u32) -> String {
    let of_days = crate::words::count(days, "day");
    match (days, minutes) {
        (_, 0) => of_days,
        (0, _) => duration(minutes.into()),
        _ => format!("{of_days} and {}", duration(minutes.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, commitment, due, now, stamp};
    use uuid::Uuid;

    fn reminder(when: RemindWhen) -> Reminder {
        let id = ReminderId::new(Uuid::from_u128(1));
        Reminder { id, when, what: None, set_at: stamp("2026-11-01 10:00") }
    }

    fn check(what: &str, when: RemindWhen, words: &str, expected: Option<&str>) {
        let due = due("2026-10-26", "15:00");
        let deadline = calendar().deadline(&due);
        let start_by = deadline.plus_minutes(-120);
        let falls = reminder(when).falls(Some(due), Some(deadline), Some(start_by), &calendar());
        assert_eq!(falls.map(|(at, _)| at), expected.map(stamp), "{what}");
        assert_eq!(when.words("2026-10-20".parse().unwrap()), words, "{what}");
    }

    #[test]
    fn a_reminder_falls_when_it_was_asked_for() {
        let (day, time) = ("2026-10-23".parse().unwrap(), "08:15".parse().unwrap());
        check("at a time", RemindWhen::At { day, time }, "Fri 23 Oct, 08:15", Some("2026-10-23 08:15"));
        let due = |days, minutes| RemindWhen::BeforeDue { days, minutes };
        check("two hours before", due(0, 120), "2 h before it is due", Some("2026-10-26 13:00"));
        check("when it is due", due(0, 0), "when it is due", Some("2026-10-26 15:00"));
        check(
            "two days before, over the end of summer time",
            due(2, 30),
            "2 days and 30 min before it is due",
            Some("2026-10-24 14:30"),
        );
        let start = RemindWhen::BeforeStart { days: 1, minutes: 0 };
        check("a day before work begins", start, "1 day before work has to begin", Some("2026-10-25 13:00"));
    }

    #[test]
    fn what_has_no_date_reminds_of_nothing_before_it() {
        let falls = |when| reminder(when).falls(None, None, None, &calendar());
        assert_eq!(falls(RemindWhen::BeforeDue { days: 1, minutes: 0 }), None);
        assert_eq!(falls(RemindWhen::BeforeStart { days: 1, minutes: 0 }), None);
    }

    #[test]
    fn reminders_are_set_changed_and_taken_away() {
        let mut it = commitment("1 cake", due("2026-11-20", "15:00"));
        let at = now("2026-11-10 10:00");
        let falls = |it: &Commitment, reminder: &Reminder| {
            let deadline = it.current_due().map(|due| calendar().deadline(&due));
            reminder.falls(it.current_due(), deadline, deadline, &calendar()).map(|(at, _)| at)
        };
        let set = |it: &mut Commitment, reminder| set_reminder(it, reminder, falls, &at);
        let before = RemindWhen::BeforeDue { days: 1, minutes: 0 };
        set(&mut it, Reminder { what: Some("  Ring her ".to_owned()), ..reminder(before) }).unwrap();
        assert_eq!(it.reminders[0].what.as_deref(), Some("Ring her"));
        set(&mut it, reminder(RemindWhen::BeforeDue { days: 2, minutes: 0 })).unwrap();
        assert_eq!((it.reminders.len(), it.reminders[0].what.as_deref()), (1, None), "it was changed");
        let (day, time) = ("2026-11-10".parse().unwrap(), "10:00".parse().unwrap());
        for (wrong, field) in [
            (reminder(RemindWhen::At { day, time }), "when"),
            (reminder(RemindWhen::BeforeDue { days: 11, minutes: 0 }), "when"),
            (reminder(RemindWhen::BeforeDue { days: 367, minutes: 0 }), "when"),
            (Reminder { what: Some("x".repeat(201)), ..reminder(before) }, "what"),
        ] {
            assert_eq!(set(&mut it, wrong).unwrap_err()[0].field, field);
        }
        for number in 2..=20 {
            let id = ReminderId::new(Uuid::from_u128(number));
            set(&mut it, Reminder { id, ..reminder(before) }).unwrap();
        }
        let id = ReminderId::new(Uuid::from_u128(21));
        assert_eq!(set(&mut it, Reminder { id, ..reminder(before) }).unwrap_err()[0].field, "when");
        let first = it.reminders[0].id;
        remove_reminder(&mut it, first).unwrap();
        assert_eq!(it.reminders.len(), 19);
        assert_eq!(remove_reminder(&mut it, id).unwrap_err()[0].field, "reminder");
    }
}
