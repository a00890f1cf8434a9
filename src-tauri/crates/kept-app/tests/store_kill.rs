//! A process that saves is killed again and again, at any moment: what it was told is saved is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]
#![allow(clippy::print_stderr, reason = "this test has no harness that would report for it")]

#[path = "store_support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use support::{LANES, Random};

const ROUNDS: u64 = 200;

fn main() {
    if support::role().is_some() {
        let acked = support::unlist(&std::env::var("KEPT_CHILD_ACKED").unwrap());
        return support::work_on_all_lanes(acked, u64::MAX);
    }
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
    let seed = u64::try_from(seed & 0xFFFF_FFFF).unwrap() | 1;
    eprintln!("{ROUNDS} kills, seed {seed}");
    let mut random = Random(seed);
    let dir = tempfile::tempdir().unwrap();
    let mut acked = [0; LANES];
    for round in 0..ROUNDS {
        let mut child =
            support::child("work", dir.path()).env("KEPT_CHILD_ACKED", support::list(acked)).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (heard, lines) = mpsc::channel();
        let listener = thread::spawn(move || {
            for line in out.lines() {
                if heard.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut all = Vec::new();
        // A quarter of the kills hits the opening; the others come after some commits, and a little later.
        let enough = if random.below(4) == 0 { 0 } else { 1 + random.below(60) };
        while (all.len() as u64) < enough {
            match lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => all.push(line),
                Err(_) => break,
            }
        }
        let moment = if enough == 0 { random.below(100_000) } else { random.below(4_000) };
        let end = std::time::Instant::now() + Duration::from_micros(moment);
        while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(std::time::Instant::now())) {
            all.push(line);
        }
        let by_itself = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        listener.join().unwrap();
        all.extend(lines.try_iter());
        assert!(by_itself.is_none(), "round {round}: the child found something wrong, see above");
        for line in &all {
            support::hear(line, &mut acked);
        }
    }
    let (store, _) = support::open(dir.path()).unwrap();
    let reached = support::wait(support::verify(&store, acked)).unwrap();
    eprintln!("{} commits confirmed, none lost, all whole", reached.iter().sum::<u64>());
    assert!(reached.iter().sum::<u64>() > 0, "nothing was ever saved");
}
