//! Alerts in words: computed when they are shown, from things as they stand then.

use super::decide::{Announcement, Away, Cause, OLD_DAYS, Subject};
use super::ladder::Rung;
use super::{About, AlertId, AlertKind, Basis};
use crate::around::Around;
use crate::commitment::Commitment;
use crate::day::{Day, Now, Stamp, Zone};
use crate::reminder::Reminder;
use crate::settings::Settings;
use crate::taken::Taken;
use crate::urgency::{Place, Standing, standing};
use crate::words::{Said, count};

/// A notice has room for so many letters of what was promised, and of the customer's name.
const TITLE_LETTERS: usize = 70;
const NAME_LETTERS: usize = 50;
/// A notice about several names so many of them.
const NAMED: usize = 3;

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
pub fn title(id: &AlertId, told: &Told<'_>) -> String {
    format!("{}: {}", told.heading(id), told.name())
}

/// What an alert about something that is no promise says where there is nothing but its kind to say it by.
pub fn heading(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Backup => "There is no good backup of the last three days",
        AlertKind::Reply => "A customer waits for your answer",
        AlertKind::RecoveryStep => "Something by which you make good is due",
        AlertKind::RecurrenceCheck => "See whether something that went wrong does so again",
        AlertKind::Overdue
        | AlertKind::Due
        | AlertKind::Custom
        | AlertKind::Tell
        | AlertKind::StartBy
        | AlertKind::Unblocked
        | AlertKind::Waiting
        | AlertKind::DueSoon
        | AlertKind::ReviewBy
        | AlertKind::PaidIdle
        | AlertKind::Squeezed => kind.title(),
    }
}

/// A notice that names neither what was promised nor to whom.
pub fn private(what: &Announcement) -> (String, String) {
    let title = match what.subjects.as_slice() {
        [] => "Your day".to_owned(),
        [subject] => subject.kind().title().to_owned(),
        subjects => by_kind(subjects),
    };
    (title, "Open Kept to see more.".to_owned())
}

/// What an alert that is still to come will be about: `Start 12 cupcakes for Maria Silva`.
pub fn coming(id: &AlertId, rung: Rung, told: &Told<'_>) -> String {
    let name = told.name();
    match (id.kind, rung) {
        (AlertKind::Overdue, Rung::First) => format!("Overdue unless handed over: {name}"),
        (AlertKind::Overdue, Rung::Second | Rung::Third | Rung::On(..)) => format!("Still overdue: {name}"),
        (AlertKind::Due, _) => format!("Due: {name}"),
        (AlertKind::StartBy, _) => format!("Start {name}"),
        (AlertKind::Tell, _) => format!("Tell the customer unless it is begun: {name}"),
        (AlertKind::Custom, _) => format!("{}: {name}", told.heading(id)),
        (
            AlertKind::Unblocked
            | AlertKind::Waiting
            | AlertKind::DueSoon
            | AlertKind::ReviewBy
            | AlertKind::PaidIdle
            | AlertKind::Squeezed
            | AlertKind::Reply
            | AlertKind::RecoveryStep
            | AlertKind::RecurrenceCheck
            | AlertKind::Backup,
            _,
        ) => format!("{}: {name}", id.kind.title()),
    }
}

/// The title and the body of a notice about one promise.
pub fn one(subject: &Subject, cause: Cause, told: &Told<'_>) -> (String, String) {
    let why = told.why(&subject.id);
    let says_when = told.heading(&subject.id) == OVERDUE;
    let body = match cause {
        Cause::Now | Cause::Digest(_) => why,
        _ if says_when => why,
        Cause::Away | Cause::Quiet | Cause::Paused | Cause::Arrived | Cause::Folded => {
            let zone = told.settings.calendar.zone;
            format!("{why} This was due {}.", near(subject.due_at, told.now, zone))
        }
    };
    (title(&subject.id, told), body)
}

/// The title and the body of a notice about several promises; `name` says what was promised to whom.
pub fn several(what: &Announcement, now: &Now, name: impl Fn(About) -> String) -> (String, String) {
    let kinds = by_kind(&what.subjects);
    let title = match (what.cause, what.subjects.len()) {
        (Cause::Away, many) => format!("{many} things came due while Kept was off: {kinds}"),
        (Cause::Quiet, many) => format!("{many} things came due in the quiet hours: {kinds}"),
        (Cause::Paused, many) => format!("{many} things came due while the watch was paused: {kinds}"),
        (Cause::Folded, many) => format!("And {many} more: {kinds}"),
        (Cause::Now | Cause::Arrived | Cause::Digest(_), many) => {
            format!("{many} things are waiting for you: {kinds}")
        }
    };
    let long_ago = now.stamp.plus_minutes(-OLD_DAYS * 24 * 60);
    let (old, recent): (Vec<&Subject>, Vec<&Subject>) =
        what.subjects.iter().partition(|subject| subject.since < long_ago);
    let mut lines: Vec<String> = recent.iter().take(NAMED).map(|subject| name(subject.id.about)).collect();
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
    pub fn why(&self, id: &AlertId) -> String {
        let mut standing = self.standing();
        standing.place = match id.kind {
            AlertKind::PaidIdle => Place::PaidIdle,
            _ if standing.place == Place::Overdue => Place::Overdue,
            AlertKind::Overdue => Place::Overdue,
            AlertKind::Due => Place::DueToday,
            AlertKind::Tell => Place::TellFirst,
            AlertKind::StartBy | AlertKind::Unblocked => Place::StartNow,
            AlertKind::DueSoon => Place::ThisWeek,
            AlertKind::ReviewBy => Place::Awaiting,
            AlertKind::Squeezed => {
                standing.squeezed = Some(self.settings.squeezed_by);
                standing.place
            }
            AlertKind::Custom
            | AlertKind::Waiting
            | AlertKind::Reply
            | AlertKind::RecoveryStep
            | AlertKind::RecurrenceCheck
            | AlertKind::Backup => standing.place,
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
        let today = self.now.today;
        match (id.basis, id.kind) {
            (Basis::Own(reminder, due), _) => match self.reminder(id) {
                Some(own) if own.when.is_relative() => {
                    format!(
                        "from your reminder “{}”, the date being {}",
                        own.when.words(today),
                        due.words(today)
                    )
                }
                Some(_) => format!("from your reminder for {}", due.words(today)),
                None => format!("from a reminder of yours ({reminder})"),
            },
            (Basis::Date(due), AlertKind::Waiting) => {
                format!("from the day on which you wanted to ask again, {}", due.words(today))
            }
            (Basis::Date(due), AlertKind::ReviewBy) => {
                format!("from the day on which you wanted to look again, {}", due.words(today))
            }
            (Basis::Date(due), _) => format!("from the date {}", due.words(today)),
            (Basis::Since(since), _) => {
                let day = self.settings.calendar.zone.day(since);
                format!("from {}, when something was last done", day.words(today))
            }
        }
    }

    fn heading(&self, id: &AlertId) -> String {
        let is_late = self.standing().place == Place::Overdue;
        match id.kind {
            AlertKind::Custom => {
                let what = self.reminder(id).and_then(|own| own.what.as_deref());
                what.map_or_else(|| "Reminder".to_owned(), |what| short(what, NAME_LETTERS))
            }
            AlertKind::PaidIdle => "Paid and waiting".to_owned(),
            AlertKind::Overdue => OVERDUE.to_owned(),
            _ if is_late => OVERDUE.to_owned(),
            AlertKind::StartBy => "Start now".to_owned(),
            AlertKind::Due | AlertKind::DueSoon => format!("Due {}", self.due_day()),
            AlertKind::Tell
            | AlertKind::Unblocked
            | AlertKind::Waiting
            | AlertKind::ReviewBy
            | AlertKind::Squeezed
            | AlertKind::Reply
            | AlertKind::RecoveryStep
            | AlertKind::RecurrenceCheck
            | AlertKind::Backup => id.kind.title().to_owned(),
        }
    }

    /// The owner's own reminder that an alert came from.
    fn reminder(&self, id: &AlertId) -> Option<&Reminder> {
        let Basis::Own(reminder, _) = id.basis else { return None };
        self.commitment.reminders.iter().find(|own| own.id == reminder)
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
    let kinds = counted_kinds(&subjects.iter().collect::<Vec<_>>());
    let phrases = kinds.into_iter().enumerate().map(|(index, (kind, number))| match index {
        0 if kind.is_of_a_promise() => format!("{} {}", count(as_number(number), "promise"), kind.counted()),
        _ => one_of_each(kind, number),
    });
    phrases.collect::<Vec<_>>().join(", ")
}

/// How many there are of each kind, in the order of the kinds.
pub(super) fn counted_kinds(subjects: &[&Subject]) -> Vec<(AlertKind, usize)> {
    let number = |kind| subjects.iter().filter(|subject| subject.kind() == kind).count();
    AlertKind::ALL.into_iter().map(|kind| (kind, number(kind))).filter(|(_, number)| *number > 0).collect()
}

/// `2 overdue`.
pub(super) fn one_of_each(kind: AlertKind, number: usize) -> String {
    format!("{number} {}", kind.counted())
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

pub(super) fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
