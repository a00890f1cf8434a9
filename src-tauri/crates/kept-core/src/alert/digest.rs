//! The digests: one notice at opening that says what the day brings, and one before closing that says what begins on the
//! next working day and whom to tell. Computed when they are due, from things as they stand then.

use super::words::{as_number, counted_kinds, one_of_each};
use super::{About, AlertKind, Announcement, Half, Subject};
use crate::commitment::{Commitment, Party};
use crate::day::{Now, Stamp};
use crate::id::CommitmentId;
use crate::settings::Settings;
use crate::urgency::{Place, Standing};
use crate::words::count;
use std::collections::BTreeSet;

/// A digest names so many promises.
const NAMED: usize = 3;

/// What a digest is about: each promise in the first part that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    half: Half,
    parts: Vec<(Part, Vec<CommitmentId>)>,
    win: Option<Win>,
}

/// What went right on the last working day: it comes before what did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Win {
    /// So many promises were kept.
    Kept(u32),
    /// Something that somebody thought worth writing down.
    Written(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Overdue,
    DueToday,
    StartToday,
    PaidIdle,
    Waiting,
    StartsNext,
    ToTell,
}

impl Digest {
    /// What a half of a day brings, from the open promises in the order of the queue. What `is_known` was said a moment
    /// ago, or put off.
    pub fn of<'a>(
        half: Half,
        queue: impl Iterator<Item = (&'a Standing, &'a Commitment)>,
        is_known: impl Fn(CommitmentId) -> bool,
        win: Option<Win>,
        settings: &Settings,
        now: &Now,
    ) -> Self {
        let mut parts: Vec<(Part, Vec<CommitmentId>)> = Vec::new();
        let asked = Asked { settings, now };
        for (standing, it) in queue.filter(|(_, it)| !it.made_up && !is_known(it.id)) {
            let part = match half {
                Half::Morning => asked.this_morning(standing, it),
                Half::Afternoon => asked.this_evening(standing, it),
            };
            let Some(part) = part else { continue };
            match parts.iter_mut().find(|(other, _)| *other == part) {
                Some((_, ids)) => ids.push(it.id),
                None => parts.push((part, vec![it.id])),
            }
        }
        parts.sort_by_key(|(part, _)| *part);
        Self { half, parts, win }
    }

    /// Whether it and what is announced with it say nothing. That something was kept is no reason for a notice of its own.
    pub fn is_empty(&self, what: &Announcement) -> bool {
        self.parts.is_empty() && what.subjects.is_empty()
    }

    /// Whether it says no more than the one thing that is announced with it.
    pub fn is_only(&self, subject: &Subject) -> bool {
        let ids = self.parts.iter().flat_map(|(_, ids)| ids);
        ids.into_iter().all(|id| subject.id.about == About::Promise(*id))
    }
}

/// The title and the body of a digest with what is announced with it; `name` says what was promised to whom.
pub fn digest_words(
    digest: &Digest,
    what: &Announcement,
    name: impl Fn(About) -> String,
) -> (String, String) {
    let mut seen: BTreeSet<About> = BTreeSet::new();
    let mut all = Vec::new();
    let mut phrases = Vec::new();
    for (part, ids) in &digest.parts {
        phrases.push(part.words(ids.len()));
        for about in ids.iter().map(|id| About::Promise(*id)) {
            if seen.insert(about) {
                all.push(about);
            }
        }
    }
    let others: Vec<&Subject> = what.subjects.iter().filter(|it| seen.insert(it.id.about)).collect();
    all.extend(others.iter().map(|subject| subject.id.about));
    phrases.extend(counted_kinds(&others).into_iter().map(|(kind, number)| one_of_each(kind, number)));
    let when = match digest.half {
        Half::Morning => "Today",
        Half::Afternoon => "Before you close",
    };
    let mut lines: Vec<String> = digest.win.iter().map(Win::words).collect();
    lines.extend(all.iter().take(NAMED).map(|about| name(*about)));
    if all.len() > NAMED {
        lines.push(format!("and {} more", all.len() - NAMED));
    }
    (format!("{when}: {}", phrases.join(", ")), lines.join("\n"))
}

impl Win {
    fn words(&self) -> String {
        match self {
            Self::Kept(kept) => {
                format!("Kept on the last working day: {}.", count(i64::from(*kept), "promise"))
            }
            Self::Written(what) => format!("Went right: {what}"),
        }
    }
}

struct Asked<'a> {
    settings: &'a Settings,
    now: &'a Now,
}

impl Asked<'_> {
    fn this_morning(&self, standing: &Standing, it: &Commitment) -> Option<Part> {
        let calendar = &self.settings.calendar;
        // What the owner has promised since opening is no news to the owner.
        if calendar.opening(self.now.today).is_some_and(|opening| said_at(it) >= opening) {
            return None;
        }
        let begins = |start: Stamp| calendar.zone.day(start) <= self.now.today;
        if standing.place == Place::Overdue {
            Some(Part::Overdue)
        } else if standing.place == Place::DueToday {
            Some(Part::DueToday)
        } else if let Some(waiting) = &it.waiting {
            (waiting.chase <= self.now.today).then_some(Part::Waiting)
        } else if it.started_at.is_none() && standing.start_by.is_some_and(begins) {
            Some(Part::StartToday)
        } else {
            standing.idle_since.map(|_| Part::PaidIdle)
        }
    }

    fn this_evening(&self, standing: &Standing, it: &Commitment) -> Option<Part> {
        let calendar = &self.settings.calendar;
        let untold =
            it.reschedules.last().is_some_and(|moved| moved.by == Party::Us && moved.told_at.is_none());
        if standing.place == Place::TellFirst || untold {
            return Some(Part::ToTell);
        }
        let next = calendar.working_day(self.now.today, 1);
        let begins = |start: Stamp| calendar.zone.day(start) <= next && self.now.stamp < start;
        let is_free = it.started_at.is_none() && it.waiting.is_none() && standing.set_aside == 0;
        (is_free && standing.start_by.is_some_and(begins)).then_some(Part::StartsNext)
    }
}

impl Part {
    fn words(self, number: usize) -> String {
        let kind = |kind: AlertKind| format!("{number} {}", kind.counted());
        match self {
            Self::Overdue => kind(AlertKind::Overdue),
            Self::DueToday => kind(AlertKind::Due),
            Self::StartToday => kind(AlertKind::StartBy),
            Self::PaidIdle => kind(AlertKind::PaidIdle),
            Self::Waiting => kind(AlertKind::Waiting),
            Self::StartsNext => match number {
                1 => "1 begins next without time blocked".to_owned(),
                _ => format!("{number} begin next without time blocked"),
            },
            Self::ToTell => format!("{} to tell", count(as_number(number), "customer")),
        }
    }
}

/// When the date that stands was named.
fn said_at(it: &Commitment) -> Stamp {
    it.reschedules.last().map_or(it.placed_at, |moved| moved.said_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{AlertId, Basis, Cause};
    use crate::around::Around;
    use crate::commitment::{Waiting, WaitingOn};
    use crate::day::Due;
    use crate::money::{Currency, Money};
    use crate::samples::{block, commitment, due, moved, now, stamp, zone};
    use crate::taken::Taken;
    use crate::urgency::standing;
    use uuid::Uuid;

    /// A digest of promises, in words.
    fn check(what: &str, half: Half, at: &str, promises: &[Commitment], expected: &str) {
        let (settings, now) = (Settings::new(zone()), now(at));
        let taken = Taken::nothing();
        let standings: Vec<Standing> =
            promises.iter().map(|it| standing(it, &settings, &Around::hours(&taken), &now)).collect();
        let queue = standings.iter().zip(promises);
        let digest = Digest::of(half, queue, |_| false, Some(Win::Kept(2)), &settings, &now);
        let none = Announcement { cause: Cause::Digest(half), subjects: Vec::new() };
        let words = if digest.is_empty(&none) {
            String::new()
        } else {
            digest_words(&digest, &none, |_| String::new()).0
        };
        assert_eq!(words, expected, "{what}");
    }

    fn promise(number: u128, date: Due) -> Commitment {
        Commitment { id: CommitmentId::new(Uuid::from_u128(number)), ..commitment("1 cake", date) }
    }

    #[test]
    fn the_morning_says_what_the_day_brings() {
        let overdue = promise(1, due("2026-11-18", "10:00"));
        let today = promise(2, due("2026-11-19", "17:00"));
        let start = promise(3, due("2026-11-20", "10:00"));
        let mut paid = promise(4, due("2026-12-18", "10:00"));
        paid.payment.received = Some(Money::new(1, Currency::USD));
        let mut waits = promise(5, due("2026-12-18", "10:00"));
        let chase = "2026-11-19".parse().unwrap();
        waits.waiting = Some(Waiting { on: WaitingOn::Supplier, since: stamp("2026-11-10 10:00"), chase });
        let later = promise(6, due("2026-12-18", "10:00"));
        let mut just_said = promise(7, due("2026-11-19", "17:00"));
        just_said.placed_at = stamp("2026-11-19 09:30");
        let all = [overdue, today, start, paid, waits, later, just_said];
        check(
            "everything",
            Half::Morning,
            "2026-11-19 10:00",
            &all,
            "Today: 1 overdue, 1 due today, 1 to be started, 1 paid and waiting, 1 to be chased",
        );
        check("nothing but a win", Half::Morning, "2026-11-19 10:00", &all[5..], "");
    }

    #[test]
    fn the_evening_says_what_begins_next_and_whom_to_tell() {
        let begins = promise(1, due("2026-11-20", "15:00"));
        let mut blocked = promise(2, due("2026-11-20", "15:00"));
        blocked.blocks = vec![block(1, "2026-11-20", "09:00", "11:00")];
        let short = Commitment {
            deliverables: vec![crate::commitment::Deliverable {
                effort_left: Some(600),
                ..begins.deliverables[0].clone()
            }],
            ..promise(3, due("2026-11-20", "10:00"))
        };
        let later = promise(4, due("2026-12-18", "10:00"));
        let untold = moved(promise(5, due("2026-12-01", "10:00")), due("2026-12-18", "10:00"), Party::Us);
        check(
            "everything",
            Half::Afternoon,
            "2026-11-19 17:30",
            &[begins, blocked, short, later.clone(), untold],
            "Before you close: 1 begins next without time blocked, 2 customers to tell",
        );
        check("nothing", Half::Afternoon, "2026-11-19 17:30", &[later], "");
    }

    #[test]
    fn what_is_announced_with_it_is_counted_once() {
        let (settings, now) = (Settings::new(zone()), now("2026-11-19 09:00"));
        let it = promise(1, due("2026-11-18", "10:00"));
        let of = standing(&it, &settings, &Around::hours(&Taken::nothing()), &now);
        let digest = Digest::of(Half::Morning, [(&of, &it)].into_iter(), |_| false, None, &settings, &now);
        let subject = |number: u128, kind| {
            let about = About::Promise(CommitmentId::new(Uuid::from_u128(number)));
            let id = AlertId { kind, about, basis: Basis::Since(now.stamp) };
            let (due_at, since) = (now.stamp, now.stamp);
            Subject { id, due_at, since, second_chance: false, calls: vec![], rests: false }
        };
        let (same, other) = (subject(1, AlertKind::Overdue), subject(2, AlertKind::DueSoon));
        assert!(digest.is_only(&same) && !digest.is_only(&other));
        let what = Announcement { cause: Cause::Digest(Half::Morning), subjects: vec![same, other] };
        let (title, body) = digest_words(&digest, &what, |about| about.to_string()[35..].to_owned());
        assert_eq!((title.as_str(), body.as_str()), ("Today: 1 overdue, 1 due soon", "1\n2"));
    }
}
