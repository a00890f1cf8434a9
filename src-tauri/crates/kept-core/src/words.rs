//! Reasons in words: the same on the screen, in a notification and on the command line.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, FulfilmentStatus, Party, WaitingOn};
use crate::day::{Day, Hours, Now, Stamp};
use crate::outcome::{Outcome, late_days, outcome};
use crate::urgency::{Place, Standing};

/// A promise as it stands at a moment, ready to be put into words.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The promise.
    pub commitment: &'a Commitment,
    /// How it stands.
    pub standing: &'a Standing,
    /// The business's calendar.
    pub calendar: &'a WorkingCalendar,
    /// The moment.
    pub now: &'a Now,
}

impl Said<'_> {
    /// The short words beside the sign of a row: `1 day late`, `15:00`, `by 12:00`.
    pub fn when(&self) -> String {
        let (now, standing) = (self.now, self.standing);
        match standing.place {
            Place::Overdue => standing.deadline.map_or_else(String::new, |deadline| late(deadline, self)),
            Place::DueToday => match self.commitment.current_due().map(|due| due.hours) {
                Some(Hours::At { .. } | Hours::Between { .. }) => {
                    standing.deadline.map_or_else(String::new, |deadline| self.wall(deadline).1)
                }
                Some(Hours::AnyTime) | None => "today".to_owned(),
            },
            Place::TellFirst => format!("{} short", duration(-standing.slack.unwrap_or(0))),
            Place::StartNow => match standing.start_by {
                Some(start) if start <= now.stamp => "now".to_owned(),
                Some(start) => format!("by {}", self.near(start)),
                None => "now".to_owned(),
            },
            Place::PaidIdle => count(self.waited_days(), "day"),
            Place::ThisWeek => standing.deadline.map_or_else(String::new, |_| self.due_near()),
            Place::Later => {
                self.commitment.current_due().map_or_else(String::new, |due| due.day.words(now.today))
            }
            Place::Awaiting => {
                let review = self.commitment.awaits.as_ref().map(|event| event.review_by.words(now.today));
                review.map_or_else(|| "no date".to_owned(), |day| format!("by {day}"))
            }
            Place::Delivered => match outcome(self.commitment, self.calendar, now) {
                Outcome::Missed => {
                    let days = late_days(self.commitment, self.calendar, now);
                    if days == 0 { "late".to_owned() } else { format!("{} late", count(days, "day")) }
                }
                Outcome::Kept | Outcome::Open | Outcome::Excluded => "kept".to_owned(),
            },
            Place::Cancelled => "called off".to_owned(),
        }
    }

    /// Why it stands where it stands, in a sentence; what keeps it waiting follows in others, unless that is why.
    pub fn why(&self) -> String {
        let (place, waits) = (Some(self.place()), self.waits());
        let asked_again = self.standing.is_to_be_asked_again(self.commitment, self.now.today);
        let (first, second) = if asked_again { (waits, place) } else { (place, waits) };
        let sentences = [first, second, self.worthless(), self.squeezed()];
        sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Whom it waits for and when to chase them; none if it waits for nobody.
    pub fn waits(&self) -> Option<String> {
        let waiting = self.commitment.waiting.as_ref().filter(|_| self.commitment.is_open())?;
        let on = match waiting.on {
            WaitingOn::Customer => "the customer",
            WaitingOn::Supplier => "the supplier",
        };
        let since = self.calendar.zone.day(waiting.since).words(self.now.today);
        let chase = match waiting.chase.days_since(self.now.today) {
            ..=0 => "chase them now".to_owned(),
            _ => format!("chase them on {}", waiting.chase.words(self.now.today)),
        };
        Some(format!("It waits for {on} since {since}; {chase}."))
    }

    /// It helps nobody any more.
    fn worthless(&self) -> Option<String> {
        let after = self.commitment.worthless_after.filter(|_| self.commitment.is_open())?;
        let is_past = self.now.stamp > self.calendar.deadline(&after);
        is_past.then(|| format!("After {} it was said to help nobody.", after.words(self.now.today)))
    }

    /// `6 others moved while this waited.`
    fn squeezed(&self) -> Option<String> {
        let others = self.standing.squeezed?;
        Some(format!("{} moved while this waited.", count(others, "other")))
    }

    fn place(&self) -> String {
        let due = self.due();
        let standing = self.standing;
        match standing.place {
            Place::Overdue => format!("It was due {due}; {}.", self.progress()),
            Place::DueToday => format!("Due {due}; {}.", self.progress()),
            Place::TellFirst => format!(
                "{} of work are left and {} before {due}: tell them before it is late.",
                duration(standing.remaining),
                duration((standing.slack.unwrap_or(0) + standing.remaining).max(0)),
            ),
            Place::StartNow => {
                let work = duration(standing.remaining);
                let aside = if standing.set_aside == 0 { " and no time is blocked" } else { "" };
                format!("{work} of work are left{aside}: {}, due {due}.", self.begin())
            }
            Place::PaidIdle => {
                format!("Paid, and nothing was done for {}; due {due}.", count(self.waited_days(), "day"))
            }
            Place::ThisWeek | Place::Later => match standing.start_by {
                Some(start) => format!("Due {due}; begin by {}.", self.day_and_time(start)),
                None => format!("Due {due}; {}.", self.progress()),
            },
            Place::Awaiting => self.commitment.awaits.as_ref().map_or_else(
                || "It has no date yet.".to_owned(),
                |event| {
                    let review = event.review_by.words(self.now.today);
                    format!("It waits for “{}”; look again by {review}.", event.what)
                },
            ),
            Place::Delivered => self.ended(),
            Place::Cancelled => match self.commitment.cancelled.as_ref().map(|cancelled| cancelled.by) {
                Some(Party::Customer) => "The customer called it off.".to_owned(),
                Some(Party::Us) | None => "We called it off.".to_owned(),
            },
        }
    }

    /// The date that stands now, in words.
    pub fn due(&self) -> String {
        match (self.commitment.current_due(), &self.commitment.awaits) {
            (Some(due), _) if due.day == self.now.today => {
                due.words(self.now.today).replacen(&due.day.words(self.now.today), "today", 1)
            }
            (Some(due), _) => due.words(self.now.today),
            (None, Some(event)) => event.what.clone(),
            (None, None) => "no date".to_owned(),
        }
    }

    /// An instant as the business's clocks show it: `Thu 26 Nov, 14:00`.
    pub fn day_and_time(&self, stamp: Stamp) -> String {
        let (day, time) = self.calendar.zone.wall(stamp);
        format!("{}, {time}", day.words(self.now.today))
    }

    /// Calendar days since a customer's money lies idle.
    pub fn waited_days(&self) -> i64 {
        let since = self.standing.idle_since.unwrap_or(self.standing.placed_at);
        self.now.today.days_since(self.calendar.zone.day(since)).max(0)
    }

    fn progress(&self) -> &'static str {
        match self.commitment.status() {
            FulfilmentStatus::Open => "work has not begun",
            FulfilmentStatus::InProgress => "work has begun",
            FulfilmentStatus::Waiting => "it waits for somebody else",
            FulfilmentStatus::Ready => "it is ready to be handed over",
            FulfilmentStatus::PartlyDelivered => "a part of it was handed over",
            FulfilmentStatus::Delivered => "it was handed over",
            FulfilmentStatus::Cancelled => "it was called off",
        }
    }

    fn begin(&self) -> String {
        match self.standing.start_by {
            Some(start) if start > self.now.stamp => format!("begin by {}", self.day_and_time(start)),
            Some(start) => format!("it should have begun by {}", self.day_and_time(start)),
            None => "begin now".to_owned(),
        }
    }

    fn ended(&self) -> String {
        let full = self.commitment.full_at().map_or_else(String::new, |at| self.day_and_time(at));
        match outcome(self.commitment, self.calendar, self.now) {
            Outcome::Missed => match late_days(self.commitment, self.calendar, self.now) {
                0 => format!("Handed over {full}, after its time."),
                days => format!("Handed over {full}, {} late.", count(days, "day")),
            },
            Outcome::Kept | Outcome::Open | Outcome::Excluded => format!("Handed over {full}, on time."),
        }
    }

    fn due_near(&self) -> String {
        let Some(due) = self.commitment.current_due() else { return String::new() };
        let day = due.day.date().format("%a");
        match due.hours {
            Hours::AnyTime => day.to_string(),
            Hours::At { time } | Hours::Between { from: time, .. } => format!("{day} {time}"),
        }
    }

    /// `12:00` today, `Thu` on another day.
    fn near(&self, stamp: Stamp) -> String {
        let (day, time) = self.wall(stamp);
        if day == self.now.today { time } else { day.date().format("%a").to_string() }
    }

    fn wall(&self, stamp: Stamp) -> (Day, String) {
        let (day, time) = self.calendar.zone.wall(stamp);
        (day, time.to_string())
    }
}

/// `1 day`, `19 days`.
pub fn count(number: impl Into<i64>, what: &str) -> String {
    let number = number.into();
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// `25 min`, `2 h`, `2 h 30 min`; minutes are left out of long ones.
pub fn duration(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, _) if hours >= 10 => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The first letter in lower case, to go on with in a sentence.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The first letter in upper case, as a sentence begins.
pub fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn late(deadline: Stamp, said: &Said<'_>) -> String {
    let days = said.now.today.days_since(said.calendar.zone.day(Stamp::from_millis(deadline.millis() - 1)));
    if days > 0 {
        return format!("{} late", count(days, "day"));
    }
    match said.now.stamp.minutes_since(deadline) {
        0 => "late".to_owned(),
        minutes if minutes < 60 => format!("{minutes} min late"),
        minutes => format!("{} h late", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::around::{Around, Worked};
    use crate::commitment::Waiting;
    use crate::id::{CommitmentId, CustomerId};
    use crate::samples::{commitment, due, handed, now, zone};
    use crate::settings::Settings;
    use crate::taken::Taken;
    use crate::urgency::standing;
    use uuid::Uuid;

    fn check(commitment: &Commitment, at: &str, when: &str, why: &str) {
        let (settings, now) = (Settings::new(zone()), now(at));
        let standing = standing(commitment, &settings, &Around::hours(&Taken::nothing()), &now);
        let said = Said { commitment, standing: &standing, calendar: &settings.calendar, now: &now };
        assert_eq!((said.when().as_str(), said.why().as_str()), (when, why));
    }

    #[test]
    fn every_row_says_why_it_is_there() {
        let promise = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        check(
            &promise,
            "2026-11-02 10:00",
            "Fri 20 Nov",
            "Due Fri 20 Nov, 15:00; begin by Fri 20 Nov, 13:00.",
        );
        check(
            &promise,
            "2026-11-18 10:00",
            "by Fri",
            "2 h of work are left and no time is blocked: begin by Fri 20 Nov, 13:00, due Fri 20 Nov, 15:00.",
        );
        check(&promise, "2026-11-20 09:00", "15:00", "Due today, 15:00; work has not begun.");
        check(&promise, "2026-11-20 15:25", "25 min late", "It was due today, 15:00; work has not begun.");
        check(&promise, "2026-11-20 17:25", "2 h late", "It was due today, 15:00; work has not begun.");
        check(
            &promise,
            "2026-11-21 08:00",
            "1 day late",
            "It was due Fri 20 Nov, 15:00; work has not begun.",
        );
        let part = handed(promise.clone(), 4, "2026-11-20 14:00");
        check(
            &part,
            "2026-12-09 08:00",
            "19 days late",
            "It was due Fri 20 Nov, 15:00; a part of it was handed over.",
        );
        let full = handed(promise, 12, "2026-11-23 10:00");
        check(&full, "2026-12-09 08:00", "3 days late", "Handed over Mon 23 Nov, 10:00, 3 days late.");
    }

    #[test]
    fn what_keeps_it_waiting_is_said_too() {
        let promise = || commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let mut waits = promise();
        let chase = "2026-11-12".parse().unwrap();
        waits.waiting =
            Some(Waiting { on: WaitingOn::Customer, since: now("2026-11-10 10:00").stamp, chase });
        let due = "Due Fri 20 Nov, 15:00; begin by Fri 20 Nov, 13:00.";
        let why = format!("{due} It waits for the customer since Tue 10 Nov; chase them on Thu 12 Nov.");
        check(&waits, "2026-11-11 10:00", "Fri 20 Nov", &why);
        let why = format!("It waits for the customer since Tue 10 Nov; chase them now. {due}");
        check(&waits, "2026-11-12 10:00", "Fri 20 Nov", &why);
        let why = "Due today, 15:00; it waits for somebody else. It waits for the customer since Tue 10 Nov; chase them now.";
        check(&waits, "2026-11-20 10:00", "15:00", why);
        let mut stale = promise();
        stale.worthless_after = stale.first_due;
        let why = "It was due today, 15:00; work has not begun. After Fri 20 Nov, 15:00 it was said to help nobody.";
        check(&stale, "2026-11-20 15:25", "25 min late", why);
    }

    #[test]
    fn what_was_squeezed_out_says_by_how_many() {
        let (settings, now) = (Settings::new(zone()), now("2026-11-11 10:00"));
        let promise = commitment("1 book", due("2026-12-18", "15:00"));
        let worked: Vec<Worked> = (10..16)
            .map(|number| Worked {
                promise: CommitmentId::new(Uuid::from_u128(number)),
                customer: CustomerId::new(Uuid::from_u128(number)),
                at: now.stamp,
                due: None,
            })
            .collect();
        let (taken, misses) = (Taken::nothing(), std::iter::empty());
        let around = Around::of(&taken, [&promise].into_iter(), worked.iter(), misses, &settings, &now);
        let standing = standing(&promise, &settings, &around, &now);
        let said =
            Said { commitment: &promise, standing: &standing, calendar: &settings.calendar, now: &now };
        let why = "Due Fri 18 Dec, 15:00; begin by Fri 18 Dec, 13:00. 6 others moved while this waited.";
        assert_eq!(said.why(), why);
    }

    #[test]
    fn durations_are_said_as_one_would() {
        for (minutes, words) in
            [(0, "0 min"), (59, "59 min"), (60, "1 h"), (150, "2 h 30 min"), (61 * 60 + 5, "61 h")]
        {
            assert_eq!(duration(minutes), words);
        }
    }
}
