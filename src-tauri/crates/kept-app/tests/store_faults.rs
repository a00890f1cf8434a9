//! A disk that is full, that cannot be written to, or that fails to sync: a clear answer, nothing lost, and on
//! again when the fault is gone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]
#![allow(clippy::print_stderr, reason = "this test has no harness that would report for it")]

#[path = "store_support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod faults {
    use std::fs;
    use std::path::{Path, PathBuf};

    use kept_app::store::{Store, StoreError};

    use super::support::{self, LANES, verify, wait, work};

    /// Commits until the disk fails, reads on, is refused again, and goes on when the fault is gone.
    pub(crate) fn child(role: &str) {
        let dir = support::child_dir();
        if role == "read-only" {
            let error = support::open(&dir).expect_err("a folder that cannot be written to was opened");
            assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
            assert!(error.to_string().contains(&dir.display().to_string()), "it must say where: {error}");
            return;
        }
        let full = |error: &StoreError| match role {
            "full" => *error == StoreError::Full,
            _ => matches!(error, StoreError::Unavailable(_) | StoreError::OutcomeUnknown),
        };
        let mut failing = true;
        let store = match support::open(&dir) {
            Ok((store, _)) => store,
            Err(error) => {
                assert!(full(&error), "{error:?}");
                make_room();
                failing = false;
                support::open(&dir).unwrap().0
            }
        };
        let mut acked = wait(verify(&store, [0; LANES])).unwrap();
        wait(async {
            let mut failed = 0;
            // Some thousand commits are more than any of the disks takes in before it fails.
            for round in 0..if failing { 2000 } else { 0 } {
                let lane = round % LANES;
                let upto = acked[lane] + 1;
                let mut said = |lane: usize, n| acked[lane] = n;
                match work(&store, lane, upto, &mut said).await {
                    Ok(()) => failed = 0,
                    Err(error) => {
                        assert!(full(&error), "{error:?}");
                        failed += 1;
                        let reached = verify(&store, acked).await.unwrap();
                        assert_eq!(reached, acked, "what was refused can be seen");
                    }
                }
                if failed > 3 {
                    break;
                }
            }
            assert!(failed > 3 || !failing, "the disk never failed");
            make_room();
            for lane in 0..LANES {
                let mut said = |lane: usize, n| acked[lane] = n;
                work(&store, lane, acked_plus(&store, lane).await, &mut said).await.unwrap();
            }
            verify(&store, acked).await.unwrap();
            if acked[0].is_multiple_of(2) {
                store.close().await.unwrap();
            }
        });
        support::say(&format!("open {}", support::list(acked)));
        std::process::exit(0);
    }

    async fn acked_plus(store: &dyn Store, lane: usize) -> u64 {
        verify(store, [0; LANES]).await.unwrap()[lane] + 10
    }

    fn make_room() {
        fs::write(std::env::var_os("KEPT_ROOM").unwrap(), "").unwrap();
    }

    pub(crate) struct Bench {
        recorder: PathBuf,
        dir: tempfile::TempDir,
        cases: u32,
    }

    impl Bench {
        pub(crate) fn new() -> Bench {
            Bench { recorder: support::recorder(), dir: tempfile::tempdir().unwrap(), cases: 0 }
        }

        /// Runs a child on a disk with this fault, and looks at what it leaves from outside.
        pub(crate) fn run(&mut self, role: &str, fault: &str, value: u64, before: Option<&Path>) {
            self.cases += 1;
            let data = self.dir.path().join(format!("data-{}", self.cases));
            match before {
                Some(before) => support::copy(before, &data),
                None => fs::create_dir(&data).unwrap(),
            }
            let output = support::child(role, &data)
                .env("LD_PRELOAD", &self.recorder)
                .env("KEPT_ROOT", &data)
                .env("KEPT_ROOM", self.dir.path().join(format!("room-{}", self.cases)))
                .env(fault, value.to_string())
                .output()
                .unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{role} {value}: {errors}");
            let mut acked = [0; LANES];
            String::from_utf8(output.stdout)
                .unwrap()
                .lines()
                .for_each(|line| support::hear(line, &mut acked));
            let (store, opened) = support::open(&data).unwrap();
            let reached =
                wait(verify(&store, acked)).unwrap_or_else(|e| panic!("{role} {value}: {e}; {opened:?}"));
            assert!(role == "read-only" || reached.iter().all(|n| *n > 0));
        }
    }

    /// A folder with some data in it, closed in good order.
    pub(crate) fn with_data(dir: &Path) -> PathBuf {
        let data = dir.join("data");
        let (store, _) = support::open(&data).unwrap();
        for lane in 0..LANES {
            wait(work(&store, lane, 60, &mut |_, _| {})).unwrap();
        }
        wait(store.close()).unwrap();
        data
    }
}

#[cfg(target_os = "linux")]
fn main() {
    if let Some(role) = support::role() {
        return faults::child(&role);
    }
    let dir = tempfile::tempdir().unwrap();
    let data = faults::with_data(dir.path());
    let mut bench = faults::Bench::new();
    // Near its end sled may take half of a change.
    let late = (0..15).map(|n| 1_500_000 + n * 79_190);
    let early = [0, 100, 1_000, 30_000, 100_000, 300_000, 555_555, 700_000, 1_000_001];
    for bytes in early.into_iter().chain(late) {
        bench.run("full", "KEPT_FULL_AFTER", bytes, None);
        bench.run("full", "KEPT_FULL_AFTER", bytes, Some(&data));
    }
    for sync in [1, 2, 3, 10, 50] {
        bench.run("sync", "KEPT_SYNC_FAILS", sync, None);
        bench.run("sync", "KEPT_SYNC_FAILS", sync, Some(&data));
    }
    bench.run("read-only", "KEPT_READ_ONLY", 1, Some(&data));
    eprintln!("a full, a failing and a read-only disk: nothing lost");
}

#[cfg(not(target_os = "linux"))]
fn main() {}
