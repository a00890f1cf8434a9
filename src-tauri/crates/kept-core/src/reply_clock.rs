//! The reply clock: working time from a customer's message to the first reply by a person.
//!
//! Waiting on the customer pauses it and keeps the time that has run. A new message from them starts a new clock, unless
//! one is running: whoever writes twice has not waited less. A first reply that came late stays late.

use crate::calendar::WorkingCalendar;
use crate::commitment::is_default;
use crate::day::{Now, Stamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One turn of an exchange with a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Turn {
    /// When.
    pub at: Stamp,
    /// Whose turn, and what was done.
    pub kind: TurnKind,
    /// What was said, if it was kept.
    #[serde(default, skip_serializing_if = "is_default")]
    #[ts(optional)]
    pub words: Option<String>,
}

/// What was done in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TurnKind {
    /// The customer wrote, called or came.
    Message,
    /// A person answered.
    Reply,
    /// Nothing can be answered until the customer says more.
    Wait,
    /// It is our turn again.
    GoOn,
}

/// One clock: from a message to its first reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyClock {
    /// When the message came.
    pub from: Stamp,
    /// Working minutes that have run.
    pub elapsed: i64,
    /// When it was answered.
    pub answered_at: Option<Stamp>,
    /// Since when it runs on end; none while it is paused or was stopped.
    running_since: Option<Stamp>,
}

/// How much of the target has run, as it is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReplyRung {
    /// Half of it.
    Half,
    /// Four fifths.
    Most,
    /// All of it: from here on the reply is late.
    Full,
}

impl ReplyRung {
    /// All rungs, in order.
    pub const ALL: [Self; 3] = [Self::Half, Self::Most, Self::Full];

    /// The part of the target in percent.
    pub const fn percent(self) -> i64 {
        match self {
            Self::Half => 50,
            Self::Most => 80,
            Self::Full => 100,
        }
    }
}

impl ReplyClock {
    /// Whether the reply came, or is going to come, after the target.
    pub fn is_late(&self, target: u32) -> bool {
        self.elapsed > i64::from(target)
    }

    /// Whether it runs.
    pub const fn is_running(&self) -> bool {
        self.running_since.is_some()
    }

    /// Whether it stands still because the customer has to say more.
    pub const fn is_paused(&self) -> bool {
        self.running_since.is_none() && self.answered_at.is_none()
    }

    /// The instant at which a rung of the target was reached, or is, if the clock runs on until then: the same at
    /// whatever moment one asks.
    pub fn rung_at(
        &self,
        rung: ReplyRung,
        target: u32,
        calendar: &WorkingCalendar,
        now: &Now,
    ) -> Option<Stamp> {
        let since = self.running_since?;
        let before = self.elapsed - calendar.working_minutes(since, now.stamp);
        let left = i64::from(target) * rung.percent() / 100 - before;
        if left > 0 { calendar.done_by(since, left) } else { Some(since) }
    }

    fn stop(&mut self, at: Stamp, calendar: &WorkingCalendar) {
        if let Some(since) = self.running_since.take() {
            self.elapsed += calendar.working_minutes(since, at);
        }
    }
}

/// The clocks of an exchange, oldest first; of those that run, the time up to now has been added. Turns that lie ahead
/// have not happened.
pub fn clocks(turns: &[Turn], calendar: &WorkingCalendar, now: &Now) -> Vec<ReplyClock> {
    let mut clocks: Vec<ReplyClock> = Vec::new();
    for turn in turns.iter().filter(|turn| turn.at <= now.stamp) {
        let open = clocks.last_mut().filter(|clock| clock.answered_at.is_none());
        match (turn.kind, open) {
            (TurnKind::Message, Some(open)) if open.is_running() => {}
            (TurnKind::Message, _) => clocks.push(ReplyClock {
                from: turn.at,
                elapsed: 0,
                answered_at: None,
                running_since: Some(turn.at),
            }),
            (TurnKind::Reply, Some(open)) => {
                open.stop(turn.at, calendar);
                open.answered_at = Some(turn.at);
            }
            (TurnKind::Wait, Some(open)) => open.stop(turn.at, calendar),
            (TurnKind::GoOn, Some(open)) => open.running_since = open.running_since.or(Some(turn.at)),
            (TurnKind::Reply | TurnKind::Wait | TurnKind::GoOn, None) => {}
        }
    }
    for clock in &mut clocks {
        let since = clock.running_since;
        clock.stop(now.stamp, calendar);
        clock.running_since = since;
    }
    clocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, now, stamp};
    use proptest::prelude::*;

    /// `message 09:00, reply 10:00` on Monday the 16th, unless a day is named: `reply 17 10:00`.
    fn turns(text: &str) -> Vec<Turn> {
        text.split(", ")
            .map(|turn| {
                let mut words = turn.split(' ');
                let kind = match words.next().unwrap() {
                    "message" => TurnKind::Message,
                    "reply" => TurnKind::Reply,
                    "wait" => TurnKind::Wait,
                    "go_on" => TurnKind::GoOn,
                    other => panic!("{other}"),
                };
                let (first, second) = (words.next().unwrap(), words.next());
                let (day, time) = second.map_or(("16", first), |time| (first, time));
                Turn { at: stamp(&format!("2026-11-{day} {time}")), kind, words: None }
            })
            .collect()
    }

    /// Minutes that ran of each clock, with a sign for one that was answered (`.`), runs (`>`) or is paused (`|`).
    fn check(text: &str, at: &str, expected: &[&str]) {
        let clocks = clocks(&turns(text), &calendar(), &now(&format!("2026-11-{at}")));
        let shown: Vec<String> = clocks
            .iter()
            .map(|clock| {
                let sign = match (clock.answered_at, clock.is_running()) {
                    (Some(_), _) => '.',
                    (None, true) => '>',
                    (None, false) => '|',
                };
                format!("{}{sign}", clock.elapsed)
            })
            .collect();
        assert_eq!(shown, expected, "{text}, seen at {at}");
    }

    #[test]
    fn it_runs_in_working_hours_from_the_message_to_the_first_reply() {
        check("message 09:00", "16 09:00", &["0>"]);
        check("message 09:00", "16 10:30", &["90>"]);
        check("message 09:00, reply 10:00", "16 18:00", &["60."]);
        check("message 17:00, reply 17 10:00", "17 10:00", &["120."]);
        check("message 20 17:30", "22 12:00", &["30>"]);
        check("message 20 17:30, reply 23 09:30", "23 12:00", &["60."]);
        check("message 14 12:00, reply 16 09:00", "16 12:00", &["0."]);
        check("message 09:00, reply 10:00, reply 11:00", "16 18:00", &["60."]);
        check("message 09:00, reply 10:00", "16 09:30", &["30>"]);
    }

    #[test]
    fn waiting_on_the_customer_pauses_it_and_keeps_the_time() {
        check("message 09:00, wait 09:30", "16 15:00", &["30|"]);
        check("message 09:00, wait 09:30, go_on 14:00", "16 14:45", &["75>"]);
        check("message 09:00, wait 09:30, go_on 14:00, reply 15:00", "16 18:00", &["90."]);
        check("message 09:00, wait 09:30, wait 10:00, go_on 14:00, go_on 14:10", "16 14:30", &["60>"]);
        check("message 09:00, wait 09:30, reply 12:00", "16 18:00", &["30."]);
    }

    #[test]
    fn a_new_message_starts_a_new_one_unless_one_is_running() {
        check("message 09:00, reply 12:00, message 14:00", "16 14:10", &["180.", "10>"]);
        check("message 09:00, message 10:00, reply 12:00", "16 18:00", &["180."]);
        check("message 09:00, wait 09:30, message 14:00, reply 14:20", "16 18:00", &["30|", "20."]);
        check("reply 09:00, wait 10:00, message 11:00", "16 12:00", &["60>"]);
    }

    #[test]
    fn a_late_first_reply_stays_late() {
        let of = |text: &str| clocks(&turns(text), &calendar(), &now("2026-11-20 18:00"));
        assert!(!of("message 09:00, reply 11:00")[0].is_late(120));
        assert!(of("message 09:00, reply 11:01")[0].is_late(120));
        let later = of("message 09:00, reply 11:01, message 12:00, reply 12:05");
        assert_eq!((later[0].is_late(120), later[1].is_late(120)), (true, false));
    }

    #[test]
    fn each_rung_is_reached_when_its_part_of_the_target_has_run() {
        let at = |text: &str, now_is: &str| -> Vec<Option<String>> {
            let now = now(&format!("2026-11-{now_is}"));
            let clock = *clocks(&turns(text), &calendar(), &now).last().unwrap();
            let wall = |at: Stamp| {
                let (day, time) = calendar().zone.wall(at);
                format!("{} {time}", day.date().format("%d"))
            };
            ReplyRung::ALL.iter().map(|rung| clock.rung_at(*rung, 120, &calendar(), &now).map(wall)).collect()
        };
        let some = |times: [&str; 3]| times.map(|time| (!time.is_empty()).then(|| time.to_owned())).to_vec();
        assert_eq!(at("message 09:00", "16 09:00"), some(["16 10:00", "16 10:36", "16 11:00"]));
        assert_eq!(at("message 17:30", "16 17:30"), some(["17 09:30", "17 10:06", "17 10:30"]));
        assert_eq!(at("message 09:00", "16 10:30"), some(["16 10:00", "16 10:36", "16 11:00"]));
        assert_eq!(at("message 09:00, wait 09:10", "16 10:30"), some(["", "", ""]));
        assert_eq!(at("message 09:00, reply 09:10", "16 10:30"), some(["", "", ""]));
    }

    proptest! {
        /// No turn of ours and no second message makes a clock that was late in time, and no clock runs longer than the
        /// shop was open.
        #[test]
        fn nothing_that_comes_later_makes_a_late_reply_timely(
            kinds in proptest::collection::vec((0..4_u8, 0..2_000_i64), 1..12),
        ) {
            let start = stamp("2026-11-16 09:00");
            let mut at = start;
            let mut turns = vec![Turn { at, kind: TurnKind::Message, words: None }];
            let mut before: Vec<ReplyClock> = Vec::new();
            for (kind, minutes) in kinds {
                at = at.plus_minutes(minutes);
                let kind = [TurnKind::Message, TurnKind::Reply, TurnKind::Wait, TurnKind::GoOn][usize::from(kind)];
                turns.push(Turn { at, kind, words: None });
                let seen = Now::at(at, calendar().zone);
                let now = clocks(&turns, &calendar(), &seen);
                prop_assert!(now.len() >= before.len());
                for (was, is) in before.iter().zip(&now) {
                    prop_assert_eq!(was.from, is.from);
                    prop_assert!(is.elapsed >= was.elapsed, "time that has run does not come back");
                    if was.answered_at.is_some() {
                        prop_assert_eq!(was, is, "an answered clock stands");
                    }
                }
                for clock in &now {
                    prop_assert!(clock.elapsed <= calendar().working_minutes(clock.from, at));
                }
                before = now;
            }
        }
    }
}
