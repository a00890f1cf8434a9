//! The plan, the ledger and the decision together: a watch over a few promises on a clock that the test moves.

use super::*;
use crate::commitment::{Commitment, Party};
use crate::day::{Due, Now};
use crate::id::CommitmentId;
use crate::money::{Currency, Money};
use crate::samples::{commitment, due, handed, moved, stamp, zone};
use crate::settings::Settings;
use crate::taken::Taken;
use crate::views::SnoozeFor;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use std::cell::RefCell;
use std::collections::HashMap;
use uuid::Uuid;

/// A watch as the app runs it, without store and desktop.
struct Watch {
    settings: Settings,
    promises: Vec<Commitment>,
    ledger: Ledger,
    now: Stamp,
    away: Option<Away>,
    notices: Vec<Stamp>,
    pause: Option<Pause>,
    /// When each plan has to be looked at again, since the clock was set or something else has happened.
    looks: HashMap<About, Option<Stamp>>,
    /// What was announced: when, and what.
    said: Vec<(Stamp, Announcement)>,
}

impl Watch {
    fn from(start: &str) -> Self {
        Self {
            settings: Settings::new(zone()),
            promises: Vec::new(),
            ledger: Ledger::default(),
            now: stamp(start),
            away: None,
            notices: Vec::new(),
            pause: None,
            looks: HashMap::new(),
            said: Vec::new(),
        }
    }

    fn with(mut self, promises: impl IntoIterator<Item = Commitment>) -> Self {
        for promise in promises {
            self.add(promise);
        }
        self
    }

    fn add(&mut self, mut promise: Commitment) -> usize {
        promise.id = CommitmentId::new(Uuid::from_u128(100 + self.promises.len() as u128));
        self.promises.push(promise);
        self.promises.len() - 1
    }

    fn plans(&self) -> Vec<Plan> {
        self.promises
            .iter()
            .map(|promise| plan(promise, &self.settings, &Surroundings::hours(&Taken::nothing())))
            .collect()
    }

    fn moment(&self) -> Now {
        Now::at(self.now, zone())
    }

    /// Looks once; answers when to look again.
    fn look(&mut self) -> Option<Stamp> {
        let (plans, now) = (self.plans(), self.moment());
        let look = Look {
            now: &now,
            settings: &self.settings,
            away: self.away,
            notices: &self.notices,
            pause: self.pause,
        };
        let decision = decide(&plans.iter().collect::<Vec<_>>(), &self.ledger, &look);
        let is_due =
            |plan: &&Plan| self.looks.get(&plan.about).is_none_or(|at| at.is_some_and(|at| at <= self.now));
        let due = decide(&plans.iter().filter(is_due).collect::<Vec<_>>(), &self.ledger, &look);
        assert_eq!(due.announce, decision.announce, "what is not due to be looked at has nothing to say");
        self.looks.extend(due.again);
        let Some(what) = decision.announce else { return decision.next };
        assert!(!self.pause.is_some_and(|pause| pause.holds(self.now)), "announced in a pause");
        let entries = self.ledger.announced(&what, &self.settings.calendar, &now);
        self.ledger.put(entries);
        if let Some(digests) = self.ledger.digests(&what, &now) {
            self.ledger.put_digests(digests);
            if what.subjects.is_empty() {
                // Whether the digest itself is empty is known to whoever words it; here it is.
                return Some(self.now);
            }
        }
        self.ledger.put(self.ledger.heard(&what, &Heard::Shown));
        for subject in &what.subjects {
            self.looks.remove(&subject.id.about);
        }
        self.notices.push(self.now);
        self.said.push((self.now, what));
        Some(self.now)
    }

    /// Watches until an instant, looking when it has to.
    fn watch(&mut self, until: Stamp) {
        self.looks.clear();
        loop {
            let next = self.look();
            if next == Some(self.now) {
                continue;
            }
            match next.filter(|next| *next <= until) {
                Some(next) => self.now = next,
                None => break,
            }
        }
        self.now = until;
        self.look();
    }

    fn until(&mut self, until: &str) -> &mut Self {
        self.watch(stamp(until));
        self
    }

    /// Nobody looks for a while.
    fn away_until(&mut self, until: &str) -> &mut Self {
        let from = Some(self.now);
        self.now = stamp(until);
        self.away = Some(Away { from, to: self.now });
        self
    }

    fn entry(&mut self, promise: usize, kind: AlertKind, change: impl Fn(&Ledger, &AlertId, &Now) -> Entry) {
        let plans = self.plans();
        let planned = plans[promise].alerts.iter().find(|planned| planned.id.kind == kind).unwrap();
        let entry = change(&self.ledger, &planned.id, &self.moment());
        self.ledger.put([entry]);
    }

    fn acknowledge(&mut self, promise: usize, kind: AlertKind) {
        let calendar = self.settings.calendar.clone();
        let second_chance = self.promises[promise].second_chance;
        self.entry(promise, kind, |ledger, id, now| ledger.acknowledged(id, second_chance, &calendar, now));
    }

    fn snooze(&mut self, promise: usize, kind: AlertKind, minutes: i64) {
        self.entry(promise, kind, |ledger, id, now| ledger.snoozed(id, now.stamp.plus_minutes(minutes), now));
    }

    /// What was said since it was asked last, as `Thu 15:00 overdue` or `Thu 15:00 away 8`.
    fn said(&mut self) -> Vec<String> {
        let said = std::mem::take(&mut self.said);
        said.iter()
            .map(|(at, what)| {
                let (day, time) = zone().wall(*at);
                let what = match what.subjects.as_slice() {
                    [subject] => subject.kind().name().to_owned(),
                    many => format!("{:?} {}", what.cause, many.len()).to_lowercase(),
                };
                format!("{} {time} {what}", day.date().format("%a"))
            })
            .collect()
    }

    fn owed(&self) -> usize {
        let calendar = &self.settings.calendar;
        let listed =
            self.plans().into_iter().flat_map(|plan| listed(&plan, &self.ledger, calendar, self.now));
        listed.filter(|listed| matches!(listed.status, Status::Owed { .. })).count()
    }
}

fn cupcakes(due: Due) -> Commitment {
    let mut promise = commitment("12 cupcakes", due);
    // Begun, so that start-by does not speak as well.
    promise.started_at = Some(stamp("2026-11-02 10:00"));
    promise
}

/// Promised on such short notice that nothing speaks before its time.
fn urgent(due: Due) -> Commitment {
    Commitment { placed_at: stamp("2026-11-20 08:00"), ..cupcakes(due) }
}

fn of(promise: &Commitment, kind: AlertKind) -> AlertId {
    AlertId { kind, about: promise.id.into(), basis: Basis::Date(promise.current_due().unwrap()) }
}

fn on(day: &str) -> Due {
    Due::on(day.parse().unwrap())
}

#[test]
fn a_promise_calls_the_day_before_at_its_time_and_up_the_ladder() {
    let mut watch = Watch::from("2026-11-16 08:00").with([cupcakes(due("2026-11-19", "10:00"))]);
    watch.until("2026-11-27 12:00");
    assert_eq!(
        watch.said(),
        [
            "Wed 09:00 due_soon",
            "Thu 10:00 overdue",
            "Thu 12:00 overdue",
            "Thu 15:00 overdue",
            "Fri 09:00 overdue",
            "Fri 15:00 overdue",
            "Mon 09:00 overdue",
            "Mon 15:00 overdue",
            "Tue 09:00 overdue",
            "Wed 09:00 overdue",
            "Thu 09:00 overdue",
            "Fri 09:00 overdue",
        ]
    );
}

#[test]
fn a_date_alone_calls_at_opening_and_again_when_the_next_day_opens() {
    let mut watch = Watch::from("2026-11-19 08:00").with([cupcakes(on("2026-11-20"))]);
    watch.until("2026-11-23 10:00");
    assert_eq!(watch.said(), ["Thu 09:00 due_soon", "Fri 09:00 due", "Mon 09:00 overdue"]);
}

#[test]
fn acknowledging_pauses_to_the_next_working_day() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "10:00"))]);
    watch.until("2026-11-20 10:30");
    assert_eq!((watch.said().len(), watch.owed()), (1, 1));
    watch.acknowledge(0, AlertKind::Overdue);
    assert_eq!(watch.owed(), 0);
    watch.until("2026-11-23 08:59");
    assert_eq!((watch.said().len(), watch.owed()), (0, 0));
    watch.until("2026-11-23 10:00");
    assert_eq!((watch.said(), watch.owed()), (vec!["Mon 09:00 overdue".to_owned()], 1));
}

#[test]
fn a_snooze_calls_once_when_it_ends_and_moves_nothing() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "10:00"))]);
    watch.until("2026-11-20 10:01");
    watch.snooze(0, AlertKind::Overdue, 10);
    watch.until("2026-11-20 10:10");
    assert_eq!((watch.said().len(), watch.owed()), (1, 0));
    watch.until("2026-11-20 11:59");
    assert_eq!((watch.said(), watch.owed()), (vec!["Fri 10:11 overdue".to_owned()], 1));
    watch.until("2026-11-20 13:00");
    assert_eq!(watch.said(), ["Fri 12:00 overdue"], "the ladder goes on");
}

#[test]
fn a_snooze_that_ended_while_nobody_looked_calls_once() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "10:00"))]);
    watch.until("2026-11-20 10:01");
    watch.snooze(0, AlertKind::Overdue, 60);
    watch.said();
    watch.away_until("2026-11-20 13:05").until("2026-11-20 14:00");
    assert_eq!(watch.said(), ["Fri 13:05 overdue"]);
}

#[test]
fn moving_the_date_retires_the_alert_and_its_snooze() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "10:00"))]);
    watch.until("2026-11-20 10:01");
    watch.snooze(0, AlertKind::Overdue, 60);
    let promise = watch.promises[0].clone();
    watch.promises[0] = moved(promise, due("2026-11-25", "10:00"), Party::Customer);
    watch.said();
    watch.until("2026-11-24 08:00");
    assert_eq!((watch.said().len(), watch.owed()), (0, 0));
    watch.until("2026-11-25 10:30");
    assert_eq!(watch.said(), ["Tue 09:00 due_soon", "Wed 10:00 overdue"]);
}

#[test]
fn three_that_came_due_meanwhile_speak_alone_and_eight_together() {
    let late = |hour: u32| cupcakes(due("2026-11-19", &format!("{hour}:00")));
    for (count, expected) in [
        (3, vec!["Thu 17:30 overdue", "Thu 17:30 overdue", "Thu 17:30 overdue"]),
        (8, vec!["Thu 17:30 away 8"]),
    ] {
        let mut watch = Watch::from("2026-11-19 09:01").with((10..10 + count).map(late));
        watch.until("2026-11-19 09:30");
        watch.said();
        watch.away_until("2026-11-19 17:30").until("2026-11-19 17:45");
        assert_eq!(watch.said(), expected);
    }
}

#[test]
fn what_comes_at_night_is_held_and_told_together_in_the_morning() {
    let at_night = |hour: u32| urgent(due("2026-11-20", &format!("{hour}:00")));
    let mut watch = Watch::from("2026-11-20 10:00").with([at_night(19), at_night(20)]);
    watch.until("2026-11-23 07:59");
    assert_eq!((watch.said().len(), watch.owed()), (0, 2), "listed, and not announced");
    watch.until("2026-11-23 08:59");
    assert_eq!(watch.said(), ["Mon 08:00 quiet 2"]);
}

#[test]
fn a_weekend_is_held_until_monday() {
    let mut watch = Watch::from("2026-11-20 08:30").with([urgent(due("2026-11-21", "11:00"))]);
    watch.until("2026-11-23 08:30");
    assert_eq!(watch.said(), ["Fri 09:00 due_soon", "Mon 08:00 overdue"]);
}

#[test]
fn a_crowd_at_opening_is_one_digest() {
    let mut watch = Watch::from("2026-11-19 08:30").with((0..9).map(|_| cupcakes(on("2026-11-20"))));
    watch.until("2026-11-19 09:30");
    assert_eq!((watch.said(), watch.owed()), (vec!["Thu 09:00 digest(morning) 9".to_owned()], 9));
}

#[test]
fn a_crowd_gets_four_notices() {
    let mut watch = Watch::from("2026-11-19 08:30").with((0..9).map(|_| cupcakes(on("2026-11-20"))));
    watch.settings.alerts.morning = false;
    watch.until("2026-11-19 09:30");
    assert_eq!(
        watch.said(),
        ["Thu 09:00 due_soon", "Thu 09:00 due_soon", "Thu 09:00 due_soon", "Thu 09:00 folded 6"]
    );
    assert_eq!(watch.owed(), 9);
}

#[test]
fn two_calls_of_one_promise_within_ten_minutes_become_one() {
    let mut promise = commitment("12 cupcakes", due("2026-11-20", "11:05"));
    // Start-by comes five minutes after due soon.
    promise.deliverables[0].effort_left = Some(11 * 60);
    let mut watch = Watch::from("2026-11-19 08:30").with([promise.clone()]);
    watch.until("2026-11-19 10:00");
    let said = ["Thu 08:30 unblocked", "Thu 09:00 due_soon", "Thu 09:10 start_by", "Thu 09:20 tell"];
    assert_eq!(watch.said(), said, "the second waits");
    // Start-by comes with due soon.
    promise.deliverables[0].effort_left = Some(11 * 60 + 5);
    let mut watch = Watch::from("2026-11-19 08:30").with([promise]);
    watch.until("2026-11-19 09:09");
    assert_eq!(watch.said(), ["Thu 08:30 unblocked", "Thu 09:00 start_by"]);
    assert_eq!(watch.owed(), 2, "time was to be blocked before work had to begin");
}

#[test]
fn what_turns_overdue_says_so_at_once() {
    let mut promise = commitment("12 cupcakes", due("2026-11-20", "10:00"));
    promise.placed_at = stamp("2026-11-20 09:55");
    let mut watch = Watch::from("2026-11-20 09:56").with([promise]);
    watch.until("2026-11-20 10:30");
    assert_eq!(watch.said(), ["Fri 09:56 tell", "Fri 10:00 overdue"]);
}

#[test]
fn five_hundred_that_arrive_overdue_get_one_notice_and_rest_until_the_next_working_day() {
    let days = ["2026-11-02", "2026-11-11", "2026-11-16", "2026-11-17"];
    let mut watch = Watch::from("2026-11-18 09:00");
    watch.until("2026-11-18 10:30");
    for index in 0..500 {
        watch.add(cupcakes(on(days[index % days.len()])));
    }
    watch.until("2026-11-18 23:00");
    assert_eq!(watch.said(), ["Wed 10:30 arrived 500"]);
    assert_eq!(watch.owed(), 500);
    watch.until("2026-11-19 08:59");
    assert_eq!(watch.said().len(), 0);
    watch.until("2026-11-19 09:09");
    assert_eq!(watch.said().last().map(String::as_str), Some("Thu 09:00 digest(morning) 500"));
}

#[test]
fn what_comes_through_does_so_in_the_quiet_hours_and_nothing_else() {
    let at_night = |hour: u32| urgent(due("2026-11-20", &format!("{hour}:00")));
    let mut watch = Watch::from("2026-11-20 10:00").with([at_night(19), at_night(20), at_night(21)]);
    let maria = crate::id::CustomerId::new(Uuid::from_u128(77));
    watch.promises[1].customer = maria;
    watch.settings.alerts.let_through.insert(maria);
    watch.until("2026-11-23 07:59");
    assert_eq!(watch.said(), ["Fri 20:00 overdue", "Fri 22:00 overdue"], "by customer");
    let usual = KindSettings::usual(AlertKind::Overdue);
    watch.settings.alerts.set(AlertKind::Overdue, KindSettings { let_through: true, ..usual });
    watch.add(urgent(due("2026-11-23", "22:00")));
    watch.until("2026-11-23 08:30");
    watch.said();
    watch.until("2026-11-23 23:00");
    assert_eq!(watch.said().last().map(String::as_str), Some("Mon 22:00 overdue"), "by kind");
}

#[test]
fn a_pause_holds_everything_and_is_followed_by_one_notice() {
    let at = |hour: u32| urgent(due("2026-11-20", &format!("{hour}:00")));
    let mut watch = Watch::from("2026-11-20 09:30").with([at(10), at(11)]);
    watch.pause = Some(Pause { from: stamp("2026-11-20 09:45"), until: stamp("2026-11-20 11:30") });
    watch.until("2026-11-20 11:29");
    assert_eq!((watch.said().len(), watch.owed()), (0, 2), "listed, and not announced");
    watch.until("2026-11-20 11:59");
    assert_eq!(watch.said(), ["Fri 11:30 paused 2"]);
}

#[test]
fn a_second_chance_skips_no_rung() {
    let promise = || urgent(due("2026-11-20", "10:00"));
    let mut watch = Watch::from("2026-11-20 09:30").with([promise(), promise()]);
    watch.promises[1].second_chance = true;
    watch.until("2026-11-20 10:30");
    watch.acknowledge(0, AlertKind::Overdue);
    watch.acknowledge(1, AlertKind::Overdue);
    assert_eq!((watch.said().len(), watch.owed()), (2, 0), "both are seen");
    watch.until("2026-11-20 15:30");
    assert_eq!(
        watch.said(),
        ["Fri 12:00 overdue", "Fri 15:00 overdue"],
        "only the second chance calls again"
    );
}

#[test]
fn what_is_seen_before_it_could_be_announced_is_seen() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "19:00"))]);
    watch.promises[0].second_chance = true;
    watch.until("2026-11-21 10:00");
    assert_eq!((watch.said().len(), watch.owed()), (0, 1), "it is quiet");
    watch.acknowledge(0, AlertKind::Overdue);
    assert_eq!(watch.owed(), 0);
    watch.until("2026-11-23 08:59");
    assert_eq!((watch.said().len(), watch.owed()), (0, 0));
    watch.until("2026-11-23 09:30");
    assert_eq!(watch.said(), ["Mon 09:00 overdue"]);
}

#[test]
fn what_is_old_is_folded_after_what_is_of_these_days() {
    let old = ["2026-09-01", "2026-09-02", "2026-09-03", "2026-09-04"].map(on).map(cupcakes);
    let mut watch = Watch::from("2026-08-30 10:00").with(old);
    watch.add(cupcakes(due("2026-11-18", "10:00")));
    watch.settings.alerts.morning = false;
    watch.away_until("2026-11-19 10:00").until("2026-11-19 11:00");
    assert_eq!(watch.said(), ["Thu 10:00 overdue", "Thu 10:00 away 4"]);
}

#[test]
fn what_happened_to_an_alert_is_remembered() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "10:00"))]);
    watch.until("2026-11-20 10:01");
    watch.snooze(0, AlertKind::Overdue, 10);
    watch.until("2026-11-20 10:15");
    watch.acknowledge(0, AlertKind::Overdue);
    let id = watch.plans()[0].alerts[0].id;
    let events: Vec<String> = watch
        .ledger
        .get(&id)
        .unwrap()
        .events
        .iter()
        .map(|(at, event)| {
            let what = match event {
                Event::Announced { heard, .. } => format!("{heard:?}").to_lowercase(),
                Event::Acknowledged => "seen".to_owned(),
                Event::Snoozed { .. } => "snoozed".to_owned(),
            };
            format!("{} {what}", zone().wall(*at).1)
        })
        .collect();
    assert_eq!(events, ["10:00 shown", "10:01 snoozed", "10:11 shown", "10:15 seen"]);
}

#[test]
fn setting_the_clock_back_announces_nothing_again() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "15:00"))]);
    watch.until("2026-11-20 15:30");
    assert_eq!(watch.said(), ["Fri 15:00 overdue"]);
    watch.away_until("2026-11-20 13:30");
    assert_eq!(watch.owed(), 1, "it is still listed");
    watch.until("2026-11-20 16:59");
    assert_eq!(watch.said().len(), 0);
}

#[test]
fn what_was_resolved_meanwhile_stays_silent() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "15:00"))]);
    watch.until("2026-11-20 14:00");
    watch.promises[0] = handed(watch.promises[0].clone(), 12, "2026-11-20 14:30");
    watch.away_until("2026-11-20 17:00").until("2026-11-20 17:30");
    assert_eq!((watch.said().len(), watch.owed()), (0, 0));
}

#[test]
fn what_was_made_up_to_look_around_in_rings_for_nobody() {
    let mut promise = urgent(due("2026-11-20", "15:00"));
    promise.made_up = true;
    let mut watch = Watch::from("2026-11-20 09:30").with([promise]);
    watch.until("2026-11-20 17:30");
    assert_eq!((watch.said().len(), watch.owed()), (0, 1));
}

#[test]
fn taking_a_handover_back_announces_nothing_again() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "10:00"))]);
    watch.until("2026-11-20 10:30");
    let before = watch.promises[0].clone();
    watch.promises[0] = handed(before.clone(), 12, "2026-11-20 10:31");
    watch.until("2026-11-20 10:45");
    watch.promises[0] = before;
    watch.said();
    watch.until("2026-11-20 11:59");
    assert_eq!(watch.said().len(), 0);
}

#[test]
fn entries_of_resolved_promises_age_out() {
    let mut watch = Watch::from("2026-11-20 09:30").with([urgent(due("2026-11-20", "10:00"))]);
    watch.until("2026-11-20 10:30");
    let plans = watch.plans();
    let planned = |id: &AlertId| plans.iter().any(|plan| plan.alerts.iter().any(|planned| planned.id == *id));
    let in_days = |days: i64| watch.now.plus_minutes(days * 24 * 60);
    assert_eq!(watch.ledger.prunable(planned, in_days(30)), [], "it is planned");
    assert_eq!(watch.ledger.prunable(|_| false, in_days(1)), [], "it may be taken back");
    assert_eq!(watch.ledger.prunable(|_| false, in_days(8)).len(), 1);
}

#[test]
fn what_came_due_while_nobody_looked_is_reported_once() {
    let promises = [due("2026-11-19", "10:00"), due("2026-11-20", "16:00"), due("2026-11-21", "10:00")];
    let mut watch = Watch::from("2026-11-19 09:30").with(promises.map(cupcakes));
    watch.until("2026-11-20 15:00").away_until("2026-11-23 08:11");
    let plans = watch.plans();
    let found =
        came_due(&plans.iter().collect::<Vec<_>>(), &watch.ledger, &watch.settings, &watch.away.unwrap());
    let found: Vec<_> = found.into_iter().map(|(id, at)| (id.kind, at)).collect();
    let expected =
        [(AlertKind::Overdue, stamp("2026-11-20 16:00")), (AlertKind::Overdue, stamp("2026-11-21 10:00"))];
    assert_eq!(found, expected);
}

#[test]
fn notices_say_what_when_and_why() {
    let settings = Settings::new(zone());
    let mut promise = commitment("12 cupcakes", due("2026-11-20", "16:00"));
    let check = |promise: &Commitment, kind, cause, at: &str, expected: (&str, &str)| {
        let now = Now::at(stamp(at), zone());
        let told = Told {
            commitment: promise,
            customer: "Maria Silva",
            settings: &settings,
            taken: &Taken::nothing(),
            now: &now,
        };
        let (id, due_at) = (of(promise, kind), stamp("2026-11-20 14:00"));
        let subject =
            Subject { id, due_at, since: due_at, second_chance: false, calls: vec![], rests: false };
        let (title, body) = one(&subject, cause, &told);
        assert_eq!((title.as_str(), body.as_str()), expected);
    };
    check(
        &promise,
        AlertKind::Overdue,
        Cause::Now,
        "2026-11-20 16:00",
        ("Overdue: 12 cupcakes for Maria Silva", "It was due today, 16:00; work has not begun."),
    );
    check(
        &promise,
        AlertKind::Overdue,
        Cause::Away,
        "2026-11-23 08:11",
        ("Overdue: 12 cupcakes for Maria Silva", "It was due Fri 20 Nov, 16:00; work has not begun."),
    );
    check(
        &promise,
        AlertKind::StartBy,
        Cause::Away,
        "2026-11-20 14:30",
        (
            "Start now: 12 cupcakes for Maria Silva",
            "2 h of work are left and no time is blocked: it should have begun by Fri 20 Nov, 14:00, due today, 16:00. This was due today 14:00.",
        ),
    );
    check(
        &promise,
        AlertKind::DueSoon,
        Cause::Now,
        "2026-11-19 09:00",
        ("Due tomorrow: 12 cupcakes for Maria Silva", "Due Fri 20 Nov, 16:00; begin by Fri 20 Nov, 14:00."),
    );
    promise.deliverables[0].what = "a very long name ".repeat(4_000);
    let now = Now::at(stamp("2026-11-20 16:00"), zone());
    let told = Told {
        commitment: &promise,
        customer: "Maria\nSilva",
        settings: &settings,
        taken: &Taken::nothing(),
        now: &now,
    };
    let words = title(&of(&promise, AlertKind::Overdue), &told);
    assert!(words.chars().count() < 150 && words.ends_with("… for Maria Silva"), "{words}");
}

#[test]
fn a_notice_about_many_counts_and_names_a_few() {
    let subject = |index: u128, kind, since: &str| Subject {
        id: AlertId {
            kind,
            about: CommitmentId::new(Uuid::from_u128(index)).into(),
            basis: Basis::Since(stamp(since)),
        },
        second_chance: false,
        due_at: stamp("2026-11-20 16:00"),
        since: stamp(since),
        calls: vec![],
        rests: false,
    };
    let mut subjects: Vec<_> =
        (0..5).map(|index| subject(index, AlertKind::Overdue, "2026-11-19 10:00")).collect();
    subjects.push(subject(5, AlertKind::StartBy, "2026-11-20 10:00"));
    subjects.push(subject(6, AlertKind::Overdue, "2026-09-01 10:00"));
    let what = Announcement { cause: Cause::Away, subjects };
    let now = Now::at(stamp("2026-11-23 08:11"), zone());
    let (title, body) =
        several(&what, &now, |about| format!("no. {}", about.promise().unwrap().uuid().as_u128()));
    assert_eq!(title, "7 things came due while Kept was off: 6 promises overdue, 1 to be started");
    assert_eq!(body, "no. 0\nno. 1\nno. 2\nand 3 more\n1 promise for more than 30 days");
}

#[test]
fn a_report_says_from_when_to_when() {
    let now = Now::at(stamp("2026-11-23 08:11"), zone());
    let away = |from: Option<&str>| Away { from: from.map(stamp), to: stamp("2026-11-23 08:11") };
    let words = |from, count| away_words("Kept was off", &away(from), count, &now, zone());
    assert_eq!(
        words(Some("2026-11-20 18:02"), 3),
        "Kept was off from Fri 18:02 to Mon 08:11; three things came due."
    );
    assert_eq!(
        words(Some("2026-11-02 18:02"), 0),
        "Kept was off from Mon 2 Nov, 18:02 to Mon 08:11; nothing came due."
    );
}

/// Something that happens to a shop.
#[derive(Clone, Debug)]
enum Happens {
    Watched { minutes: i64 },
    Away { minutes: i64 },
    ClockMoved { minutes: i64 },
    Promised { days: i64, hour: Option<u32>, effort: u32, paid: bool },
    HandedOver { which: usize },
    Moved { which: usize, days: i64 },
    Acknowledged { which: usize },
    Snoozed { which: usize, minutes: i64 },
    Paused { minutes: i64 },
    Restarted { minutes: i64 },
}

fn happens() -> impl Strategy<Value = Happens> {
    let hour = prop_oneof![Just(None), (7_u32..21).prop_map(Some)];
    prop_oneof![
        6 => (1_i64..4_000).prop_map(|minutes| Happens::Watched { minutes }),
        2 => (1_i64..6_000).prop_map(|minutes| Happens::Away { minutes }),
        1 => (-300_i64..300).prop_map(|minutes| Happens::ClockMoved { minutes }),
        4 => (-5_i64..8, hour, 0_u32..600, any::<bool>())
            .prop_map(|(days, hour, effort, paid)| Happens::Promised { days, hour, effort, paid }),
        1 => (0_usize..20).prop_map(|which| Happens::HandedOver { which }),
        1 => (0_usize..20, 0_i64..6).prop_map(|(which, days)| Happens::Moved { which, days }),
        1 => (0_usize..20).prop_map(|which| Happens::Acknowledged { which }),
        1 => (0_usize..20, 1_i64..600).prop_map(|(which, minutes)| Happens::Snoozed { which, minutes }),
        1 => (1_i64..600).prop_map(|minutes| Happens::Paused { minutes }),
        1 => (0_i64..3_000).prop_map(|minutes| Happens::Restarted { minutes }),
    ]
}

impl Watch {
    fn happen(&mut self, what: &Happens) {
        let index = |which: usize, count: usize| (count > 0).then(|| which % count);
        match *what {
            Happens::Watched { minutes } => self.watch(self.now.plus_minutes(minutes)),
            Happens::Away { minutes } | Happens::ClockMoved { minutes } => {
                let from = Some(self.now);
                self.now = self.now.plus_minutes(minutes);
                self.away = Some(Away { from, to: self.now });
            }
            Happens::Promised { days, hour, effort, paid } => {
                let day = self.moment().today.plus(days);
                let due = hour.map_or(Due::on(day), |hour| Due::at(day, TimeOfDay::new(hour, 0).unwrap()));
                let mut promise = commitment("12 cupcakes", due);
                promise.placed_at = self.now.plus_minutes(-3 * 24 * 60);
                promise.deliverables[0].effort_left = Some(effort);
                promise.payment.received = paid.then(|| Money::new(9000, Currency::USD));
                self.add(promise);
            }
            Happens::HandedOver { which } => {
                if let Some(which) = index(which, self.promises.len()) {
                    let part = self.promises[which].deliverables[0].id;
                    let handover = crate::commitment::Handover::new(part, 12, self.now);
                    self.promises[which].handovers.push(handover);
                }
            }
            Happens::Moved { which, days } => {
                if let Some(which) = index(which, self.promises.len()) {
                    let to = Due::on(self.moment().today.plus(days));
                    let mut promise = moved(self.promises[which].clone(), to, Party::Us);
                    promise.reschedules.last_mut().unwrap().said_at = self.now;
                    self.promises[which] = promise;
                }
            }
            Happens::Paused { minutes } => {
                self.pause = Some(Pause { from: self.now, until: self.now.plus_minutes(minutes) });
            }
            Happens::Restarted { minutes } => {
                let lately = self.now.plus_minutes(minutes - 10);
                self.happen(&Happens::Away { minutes });
                let text = serde_json::to_string(&self.ledger.entries().collect::<Vec<_>>()).unwrap();
                let digests = self.ledger.digests_told();
                self.ledger = Ledger::new(serde_json::from_str::<Vec<Entry>>(&text).unwrap(), digests);
                self.notices = self.ledger.notices_since(lately);
            }
            Happens::Acknowledged { which } => {
                self.answer(which, |ledger, id, calendar, now| ledger.acknowledged(id, false, calendar, now));
            }
            Happens::Snoozed { which, minutes } => self
                .answer(which, |ledger, id, _, now| ledger.snoozed(id, now.stamp.plus_minutes(minutes), now)),
        }
    }

    /// The owner answers one of the alerts that are listed.
    fn answer(
        &mut self,
        which: usize,
        with: impl Fn(&Ledger, &AlertId, &crate::calendar::WorkingCalendar, &Now) -> Entry,
    ) {
        let (calendar, now) = (self.settings.calendar.clone(), self.moment());
        let plans = self.plans();
        let all: Vec<AlertId> = plans
            .iter()
            .flat_map(|plan| listed(plan, &self.ledger, &calendar, self.now))
            .filter(|listed| matches!(listed.status, Status::Owed { .. }))
            .map(|listed| listed.planned.id)
            .collect();
        if let Some(id) = (!all.is_empty()).then(|| all[which % all.len()]) {
            let entry = with(&self.ledger, &id, &calendar, &now);
            self.ledger.put([entry]);
        }
    }

    /// What is to be announced and was not.
    fn unannounced(&self) -> Vec<(AlertId, Rung)> {
        let calendar = &self.settings.calendar;
        let plans = self.plans();
        let listed = plans.iter().flat_map(|plan| listed(plan, &self.ledger, calendar, self.now));
        listed
            .filter_map(|listed| match listed.status {
                Status::Owed { call: Some(call), .. } => Some((listed.planned.id, call.rung)),
                Status::ToCome | Status::Owed { .. } | Status::Snoozed { .. } | Status::Acknowledged => None,
            })
            .collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Never more than four notices within ten minutes, and no two at once.
    #[test]
    fn there_is_never_a_storm(history in prop::collection::vec(happens(), 1..40)) {
        let mut watch = Watch::from("2026-11-16 09:30");
        for what in history.iter().filter(|what| !matches!(what, Happens::ClockMoved { .. })) {
            watch.happen(what);
        }
        let at: Vec<Stamp> = watch.said.iter().map(|(at, _)| *at).collect();
        for five in at.windows(NOTICES_MOST + 1) {
            prop_assert!(five[NOTICES_MOST].minutes_since(five[0]) >= 10, "{:?}", five);
        }
        for two in at.windows(2) {
            prop_assert!(two[1].millis() - two[0].millis() >= 2_000, "{:?}", two);
        }
    }

    /// Whoever pays more is not called about first: any amounts give the same announcements in the same order.
    #[test]
    fn amounts_never_enter_an_announcement(
        cases in prop::collection::vec((-3_i64..6, 8_u32..18, any::<bool>(), 1_i64..10_000_000), 2..12),
        others in prop::collection::vec(1_i64..10_000_000, 12),
    ) {
        let run = |amounts: &[i64]| {
            let mut watch = Watch::from("2026-11-16 09:30");
            for ((days, hour, paid, _), amount) in cases.iter().zip(amounts) {
                let day = watch.moment().today.plus(*days);
                let mut promise = commitment("12 cupcakes", Due::at(day, TimeOfDay::new(*hour, 0).unwrap()));
                promise.payment.total = Some(Money::new(*amount, Currency::USD));
                promise.payment.received = paid.then(|| Money::new(*amount, Currency::USD));
                watch.add(promise);
            }
            watch.watch(stamp("2026-11-24 18:00"));
            watch.said
        };
        let amounts: Vec<i64> = cases.iter().map(|case| case.3).collect();
        prop_assert_eq!(run(&amounts), run(&others));
    }
}

/// What the random histories came to.
#[derive(Debug, Default)]
struct Figures {
    histories: u32,
    happened: usize,
    notices: usize,
    calls: usize,
    restarts: usize,
}

/// Whatever happens, no call is announced twice, none is announced in the quiet hours or in a pause, and after an hour of
/// watching outside of them nothing is left to announce.
fn every_call_is_announced_once(
    history: &[Happens],
    figures: &RefCell<Figures>,
) -> Result<(), TestCaseError> {
    let mut watch = Watch::from("2026-11-16 09:30");
    for what in history {
        watch.happen(what);
        figures.borrow_mut().restarts += usize::from(matches!(what, Happens::Restarted { .. }));
    }
    // The next time that it is open, for an hour.
    watch.pause = None;
    let opening = watch.settings.calendar.next_opening(watch.now).unwrap();
    watch.watch(opening.plus_minutes(65));
    prop_assert_eq!(watch.unannounced(), vec![]);

    let mut times: HashMap<(AlertId, Rung), u32> = HashMap::new();
    for (at, what) in &watch.said {
        prop_assert_eq!(Quiet::of(&watch.settings).end(*at), None, "announced at {} in the quiet hours", at);
        for call in what.subjects.iter().flat_map(|subject| &subject.calls) {
            *times.entry(*call).or_default() += 1;
        }
    }
    let mut figures = figures.borrow_mut();
    figures.histories += 1;
    figures.happened += history.len();
    figures.notices += watch.said.len();
    figures.calls += times.len();
    for ((id, rung), times) in times {
        let snoozes = watch.ledger.get(&id).map_or(0, |entry| entry.snoozes);
        prop_assert!(times <= 1 + snoozes, "{} {:?} was announced {} times", id, rung, times);
    }
    Ok(())
}

/// A thousand histories; as many as `KEPT_HISTORIES` says for a longer run, with its figures printed.
#[test]
#[expect(clippy::print_stdout, reason = "whoever asks for a longer run wants its figures")]
fn n20_in_random_histories_every_call_is_announced_once_and_none_is_lost() {
    let wanted: Option<u32> = std::env::var("KEPT_HISTORIES").ok().map(|many| many.parse().unwrap());
    let config = ProptestConfig {
        cases: wanted.unwrap_or(1_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let figures = RefCell::new(Figures::default());
    let run = TestRunner::new(config).run(&prop::collection::vec(happens(), 1..40), |history| {
        every_call_is_announced_once(&history, &figures)
    });
    assert!(run.is_ok(), "{}", run.unwrap_err());
    if wanted.is_some() {
        println!("{:?}", figures.borrow());
    }
}

#[test]
fn every_choice_of_snooze_ends_in_one_call() {
    for choice in
        [SnoozeFor::TenMinutes, SnoozeFor::OneHour, SnoozeFor::ThisAfternoon, SnoozeFor::NextWorkingDay]
    {
        let mut watch = Watch::from("2026-11-19 09:30").with([cupcakes(due("2026-11-19", "10:00"))]);
        watch.until("2026-11-19 10:01");
        let until = choice.until(&watch.settings.calendar, &watch.moment()).unwrap();
        watch.entry(0, AlertKind::Overdue, |ledger, id, now| ledger.snoozed(id, until, now));
        watch.said();
        watch.watch(until);
        assert_eq!(watch.said().len(), 1, "{choice:?}");
    }
}
