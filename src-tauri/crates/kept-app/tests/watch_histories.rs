//! Random histories of a watch on a real store: watched, quit, killed, slept through. The calls that are due are worked
//! out here by hand, without asking the code that is tested.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "watch_support/mod.rs"]
mod support;

use kept_core::day::Stamp;
use kept_core::id::CommitmentId;
use proptest::prelude::*;
use support::{Desk, stamp};

/// What happens for some minutes.
#[derive(Clone, Copy, Debug)]
enum Stretch {
    Watched(i64),
    Quit(i64),
    Killed(i64),
    Slept(i64),
}

fn stretch() -> impl Strategy<Value = Stretch> {
    prop_oneof![
        3 => (1_i64..900).prop_map(Stretch::Watched),
        1 => (0_i64..1_500).prop_map(Stretch::Quit),
        1 => (0_i64..1_500).prop_map(Stretch::Killed),
        1 => (2_i64..1_500).prop_map(Stretch::Slept),
    ]
}

/// What a history came to.
struct Lived {
    promises: Vec<(CommitmentId, Vec<Stamp>)>,
    watched: Vec<(Stamp, Stamp)>,
    notices: Vec<(Stamp, Option<CommitmentId>)>,
    ended: Stamp,
}

/// Monday at 10:00 and at 10:30; nothing is quiet, so that each call has a notice of its own.
async fn live(history: &[Stretch]) -> Lived {
    let mut desk = Desk::with("2026-11-16 09:30", |settings| {
        settings.quiet.on = false;
        settings.alerts.morning = false;
    })
    .await;
    let mut promises = Vec::new();
    for (due, second) in [("10:00", "12:00"), ("10:30", "12:30")] {
        let promise = desk.promise("Maria", &format!("2026-11-16 {due}")).await;
        let calls = [format!("16 {due}"), format!("16 {second}")].into_iter().chain(
            [
                "16 15:00", "17 09:00", "17 15:00", "18 09:00", "18 15:00", "19 09:00", "20 09:00",
                "23 09:00", "24 09:00",
            ]
            .map(str::to_owned),
        );
        promises.push((promise, calls.map(|call| stamp(&format!("2026-11-{call}"))).collect()));
    }
    // From the first look on Kept knows since when it has not looked.
    desk.watch("2026-11-16 09:31").await;
    let mut watched = Vec::new();
    for stretch in history {
        let from = desk.now().stamp;
        match *stretch {
            Stretch::Watched(minutes) => {
                desk.watch_until(from.plus_minutes(minutes)).await;
                watched.push((from, desk.now().stamp));
            }
            Stretch::Quit(minutes) => {
                desk.quit().await;
                desk.run(from.plus_minutes(minutes));
                desk.reopen_when_free().await;
            }
            Stretch::Killed(minutes) => {
                desk.kill();
                desk.run(from.plus_minutes(minutes));
                desk.reopen_when_free().await;
            }
            Stretch::Slept(minutes) => desk.set_wall(from.plus_minutes(minutes)),
        }
    }
    let notices = desk.notices().into_iter().map(|(at, notice)| (at, notice.promise)).collect();
    Lived { promises, watched, notices, ended: desk.now().stamp }
}

impl Lived {
    /// How many notices a promise had within a span, and whether somebody watched for long enough to give one.
    fn within(&self, promise: CommitmentId, from: Stamp, to: Stamp) -> (usize, bool) {
        let given =
            self.notices.iter().filter(|(at, about)| *about == Some(promise) && from <= *at && *at < to);
        // A call may wait for ten minutes if another one has just been announced.
        let watched = self
            .watched
            .iter()
            .any(|(begun, ended)| (*ended).min(to).minutes_since((*begun).max(from)) >= 15);
        (given.count(), watched)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn n20_every_call_is_announced_once_while_somebody_watches(history in prop::collection::vec(stretch(), 1..16)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let lived = runtime.block_on(live(&history));
        for (promise, calls) in &lived.promises {
            let ends = calls.iter().skip(1).copied().chain([stamp("2026-11-25 09:00")]);
            for (call, end) in calls.iter().zip(ends) {
                let (given, watched) = lived.within(*promise, *call, end.min(lived.ended));
                prop_assert!(given <= 1, "{} was announced {} times", call, given);
                prop_assert!(!watched || given == 1, "{} was not announced", call);
            }
            let (too_soon, _) = lived.within(*promise, stamp("2026-11-16 00:00"), calls[0]);
            prop_assert_eq!(too_soon, 0);
        }
        prop_assert!(lived.notices.iter().all(|(_, about)| about.is_some()), "each has a notice of its own");
    }
}
