//! Alerts in words: computed when they are shown, from things as they stand then.

use super::decide::{Announcement, Away, Cause, Subject};
use super::ladder::Rung;
use super::{AlertId, AlertKind, Basis};
use crate::around::Around;
use crate::commitment::Commitment;
use crate::day::{Day, Now, Stamp, Zone};
use crate::id::CommitmentId;
use crate::settings::Settings;
use crate::taken::Taken;
use crate::urgency::{Place, Standing, standing};
use crate::words::{Said, count};

/// A notice has room for so many letters of what was promised, and of the customer's name.
const TITLE_LETTERS: usize = 70;
const NAME_LETTERS: usize = 50;
/// A notice about several names so many of them.
const NAMED: usize = 3;
/// What came due longer ago than this is folded into one line.
const OLD_DAYS: i64 = 30;

/// A promise that an alert is about, ready to be put into words.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The promise.
    pub commitment: &'a Commitment,
    /// The customer's name.
    pub customer: &'a str,
    /// What the owner has set.
    pub settings: &'a Settings,
    /// The hours that are set aside.
    pub taken: &'a Taken,
    /// The moment.
    pub now: &'a Now,
}

/// What an alert says: `Overdue: 12 cupcakes for Maria Silva`.
pub fn title(kind: AlertKind, told: &Told<'_>) -> String {
    format!("{}: {}", told.heading(kind), told.name())
}

/// What an alert that is still to come will be about: `Start 12 cupcakes for Maria Silva`.
pub fn coming(kind: AlertKind, rung: Rung, told: &Told<'_>) -> String {
    let name = told.name();
    match (kind, rung) {
        (AlertKind::Overdue, Rung::First) => format!("Overdue unless handed over: {name}"),
        (AlertKind::Overdue, Rung::Second | Rung::On(..)) => format!("Still overdue: {name}"),
        (AlertKind::Due, _) => format!("Due: {name}"),
        (AlertKind::StartBy, _) => format!("Start {name}"),
        (AlertKind::DueSoon, _) => format!("Due soon: {name}"),
        (AlertKind::PaidIdle, _) => format!("Paid and waiting: {name}"),
    }
}

/// The title and the body of a notice about one promise.
pub fn one(subject: &Subject, cause: Cause, told: &Told<'_>) -> (String, String) {
    let why = told.why(subject.kind);
    let says_when = told.heading(subject.kind) == OVERDUE;
    let body = match cause {
        Cause::Now => why,
        _ if says_when => why,
        Cause::Away | Cause::Quiet | Cause::Arrived | Cause::Folded => {
            let zone = told.settings.calendar.zone;
            format!("{why} This was due {}.", near(subject.due_at, told.now, zone))
        }
    };
    (title(subject.kind, told), body)
}

/// The title and the body of a notice about several promises; `name` says what was promised to whom.
pub fn several(what: &Announcement, now: &Now, name: impl Fn(CommitmentId) -> String) -> (String, String) {
    let kinds = by_kind(&what.subjects);
    let title = match (what.cause, what.subjects.len()) {
        (Cause::Away, many) => format!("{many} things came due while Kept was off: {kinds}"),
        (Cause::Quiet, many) => format!("{many} things came due in the quiet hours: {kinds}"),
        (Cause::Folded, many) => format!("And {many} more: {kinds}"),
        (Cause::Now | Cause::Arrived, many) => format!("{many} things are waiting for you: {kinds}"),
    };
    let long_ago = now.stamp.plus_minutes(-OLD_DAYS * 24 * 60);
    let (old, recent): (Vec<&Subject>, Vec<&Subject>) =
        what.subjects.iter().partition(|subject| subject.since < long_ago);
    let mut lines: Vec<String> = recent.iter().take(NAMED).map(|subject| name(subject.promise)).collect();
    if recent.len() > NAMED {
        lines.push(format!("and {} more", recent.len() - NAMED));
    }
    if !old.is_empty() {
        lines.push(format!("{} for more than {OLD_DAYS} days", count(as_number(old.len()), "promise")));
    }
    (title, lines.join("\n"))
}

/// What is said about a time in which nobody looked: `Kept was off from Fri 18:02 to Mon 08:11; three things came due.`
pub fn away_words(who: &str, away: &Away, came_due: usize, now: &Now, zone: Zone) -> String {
    let at = |stamp| day_and_time(stamp, now, zone);
    let from = away.from.map_or_else(String::new, |from| format!(" from {}", at(from)));
    let things = match came_due {
        0 => "nothing came due".to_owned(),
        1 => "one thing came due".to_owned(),
        many => format!("{} things came due", in_letters(many)),
    };
    format!("{who}{from} to {}; {things}.", at(away.to))
}

/// An instant, as near as it is: `today 14:30`, `tomorrow 09:00`, `Mon 09:00`, `Fri 20 Nov, 16:00`.
pub fn near(stamp: Stamp, now: &Now, zone: Zone) -> String {
    let (day, time) = zone.wall(stamp);
    match day.days_since(now.today) {
        0 => format!("today {time}"),
        1 => format!("tomorrow {time}"),
        -1 => format!("yesterday {time}"),
        _ => day_and_time(stamp, now, zone),
    }
}

const OVERDUE: &str = "Overdue";

impl Told<'_> {
    /// What was promised to whom: `12 cupcakes for Maria Silva`.
    pub fn name(&self) -> String {
        format!(
            "{} for {}",
            short(&self.commitment.title(), TITLE_LETTERS),
            short(self.customer, NAME_LETTERS)
        )
    }

    /// Why an alert came, in a sentence, as things stand now.
    pub fn why(&self, kind: AlertKind) -> String {
        let mut standing = self.standing();
        standing.place = match kind {
            AlertKind::PaidIdle => Place::PaidIdle,
            _ if standing.place == Place::Overdue => Place::Overdue,
            AlertKind::Overdue => Place::Overdue,
            AlertKind::Due => Place::DueToday,
            AlertKind::StartBy => Place::StartNow,
            AlertKind::DueSoon => Place::ThisWeek,
        };
        let said = Said {
            commitment: self.commitment,
            standing: &standing,
            calendar: &self.settings.calendar,
            now: self.now,
        };
        said.why()
    }

    /// What an alert was computed from: `from the date Fri 20 Nov, 15:00`.
    pub fn from(&self, id: &AlertId) -> String {
        match id.basis {
            Basis::Date(due) => format!("from the date {}", due.words(self.now.today)),
            Basis::Since(since) => {
                let day = self.settings.calendar.zone.day(since);
                format!("from {}, when something was last done", day.words(self.now.today))
            }
        }
    }

    fn heading(&self, kind: AlertKind) -> String {
        let is_late = self.standing().place == Place::Overdue;
        match kind {
            AlertKind::PaidIdle => "Paid and waiting".to_owned(),
            AlertKind::Overdue => OVERDUE.to_owned(),
            _ if is_late => OVERDUE.to_owned(),
            AlertKind::StartBy => "Start now".to_owned(),
            AlertKind::Due | AlertKind::DueSoon => format!("Due {}", self.due_day()),
        }
    }

    /// `today`, `tomorrow`, `Sun 22 Nov`.
    fn due_day(&self) -> String {
        let deadline = self.standing().deadline.unwrap_or(self.now.stamp);
        let day = self.settings.calendar.zone.day(Stamp::from_millis(deadline.millis() - 1));
        match day.days_since(self.now.today) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            _ => day.words(self.now.today),
        }
    }

    fn standing(&self) -> Standing {
        standing(self.commitment, self.settings, &Around::hours(self.taken), self.now)
    }
}

/// `2 promises overdue, 1 due today`, in the order of the kinds.
fn by_kind(subjects: &[Subject]) -> String {
    let phrases = AlertKind::ALL.into_iter().filter_map(|kind| {
        let number = subjects.iter().filter(|subject| subject.kind == kind).count();
        let words = match kind {
            AlertKind::Overdue => "overdue",
            AlertKind::Due => "due today",
            AlertKind::StartBy => "to be started",
            AlertKind::DueSoon => "due soon",
            AlertKind::PaidIdle => "paid and waiting",
        };
        (number > 0).then_some((number, words))
    });
    let phrases: Vec<String> = phrases
        .enumerate()
        .map(|(index, (number, words))| match index {
            0 => format!("{} {words}", count(as_number(number), "promise")),
            _ => format!("{number} {words}"),
        })
        .collect();
    phrases.join(", ")
}

/// `Fri 18:02` within six days, `Fri 20 Nov, 18:02` beyond them.
fn day_and_time(stamp: Stamp, now: &Now, zone: Zone) -> String {
    let (day, time): (Day, _) = zone.wall(stamp);
    if day.days_since(now.today).abs() < 7 {
        format!("{} {time}", day.date().format("%a"))
    } else {
        format!("{}, {time}", day.words(now.today))
    }
}

fn in_letters(number: usize) -> String {
    let words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let word = number.checked_sub(2).and_then(|index| words.get(index));
    word.map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// A text on one line, cut where there is no room for more.
fn short(text: &str, letters: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= letters {
        return line;
    }
    line.chars().take(letters - 1).chain(['…']).collect()
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
