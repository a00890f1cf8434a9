//! A stick that is full, cannot be written to, or is pulled out in the middle of a backup: said in words, nothing half is
//! taken for a whole one, the data is as it was, and on again when the stick is there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "this test has no harness that would report for it")]

#[path = "store_support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod faults {
    use super::support;
    use kept_app::clock::machine;
    use kept_app::command_line::{Command, run};
    use kept_app::watching::keep_backups;
    use kept_app::{Host, Kept, Shown};
    use serde_json::{Value, json};
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;

    /// Backs up to a stick that fails, from the window and from the command line, and again when it does no longer.
    pub(crate) async fn child(role: &str) {
        let dir = support::child_dir();
        let (data, stick) = (dir.join("data"), dir.join("stick"));
        let kept = open(&data).await;
        fill(&kept).await;
        ask(&kept, "set_backup_folder", json!({ "folder": stick })).await;
        let said = ask(&kept, "backup_now", json!({})).await["said"].as_str().unwrap().to_owned();
        let here = said.starts_with("Backed up 40 promises and 40 customers and verified the copy.");
        assert!(here && said.contains(words_of(role)), "{role}: {said}");
        let view = ask(&kept, "backups", json!({})).await;
        assert_eq!((&view["rows"][0]["here"], &view["rows"][0]["second"]), (&json!(true), &json!(false)));
        assert!(view["second"]["words"].as_str().unwrap().contains(words_of(role)), "{view}");
        kept.close().await.unwrap();
        drop(kept);

        let file = stick.join("by hand.kept-backup");
        assert!(!succeeds(run(&data, backup(&file)).await), "{role}: the command line says that it failed");
        assert_eq!(whole_ones(&stick), Vec::<PathBuf>::new(), "{role}");
        if role == "full" {
            assert_eq!(
                fs::read_dir(&stick).unwrap().count(),
                0,
                "nothing half takes the room that is missing"
            );
        }

        if role == "read-only" {
            return;
        }
        fs::write(std::env::var_os("KEPT_ROOM").unwrap(), "").unwrap();
        assert!(succeeds(run(&data, backup(&file)).await), "{role}: room again");
        let kept = open(&data).await;
        keep_backups(&kept).await.unwrap();
        assert_eq!(ask(&kept, "backups", json!({})).await["second"]["words"], "The newest backup is there.");
        assert_eq!(
            whole_ones(&stick).len(),
            fs::read_dir(&stick).unwrap().count(),
            "what was half is cleared away"
        );
        assert_eq!(promises(&kept).await, 40, "the data is as it was");
        kept.close().await.unwrap();
        let other = dir.join("other");
        assert!(succeeds(run(&other, Command::Restore { file, passphrase_file: None, json: true }).await));
        assert_eq!(promises(&open(&other).await).await, 40);
    }

    fn words_of(role: &str) -> &'static str {
        match role {
            "full" => "There is no room for a backup in",
            "read-only" => "Kept may not write to",
            _ => "Kept tries it again.",
        }
    }

    fn backup(file: &Path) -> Command {
        Command::Backup { file: file.to_owned(), passphrase_file: None, json: true }
    }

    fn succeeds(code: ExitCode) -> bool {
        format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS)
    }

    fn whole_ones(stick: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(stick).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "kept-backup")).collect()
    }

    async fn open(data: &Path) -> Kept {
        let host = Host {
            now: Box::new(machine()),
            notify: Box::new(|_| Shown::Unknown),
            changed: Box::new(|_| {}),
        };
        Kept::open(data, host).await.unwrap()
    }

    async fn ask(kept: &Kept, name: &str, takes: Value) -> Value {
        kept.answer(name, takes).await.unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    async fn fill(kept: &Kept) {
        for number in 0..40 {
            let draft = json!({
                "customer_name": format!("Customer {number}"),
                "parts": [{ "what": format!("cake {number}"), "quantity": 1 }],
                "due": { "day": "2199-11-20", "hours": { "kind": "any_time" } },
            });
            ask(kept, "make_promise", json!({ "draft": draft })).await;
        }
    }

    async fn promises(kept: &Kept) -> Value {
        ask(kept, "promises", json!({ "filter": "all", "limit": 1 })).await["count"].clone()
    }

    /// Runs a child whose stick has this fault.
    pub(crate) fn run_with(role: &str, fault: &str, value: u64) {
        let dir = tempfile::tempdir().unwrap();
        let stick = dir.path().join("stick");
        fs::create_dir(&stick).unwrap();
        let output = support::child(role, dir.path())
            .env("LD_PRELOAD", support::recorder())
            .env("KEPT_ROOT", &stick)
            .env("KEPT_ROOM", dir.path().join("room"))
            .env(fault, value.to_string())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{role} {value}: {errors}");
    }
}

#[cfg(target_os = "linux")]
fn main() {
    if let Some(role) = support::role() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        return runtime.block_on(faults::child(&role));
    }
    // Before the first byte, in the heading, at its end, and in the middle of what follows.
    for bytes in [0, 100, 4_096, 5_000] {
        faults::run_with("full", "KEPT_FULL_AFTER", bytes);
        faults::run_with("gone", "KEPT_GONE_AFTER", bytes);
    }
    faults::run_with("read-only", "KEPT_READ_ONLY", 1);
    eprintln!("a stick that is full or pulled out: said, nothing half, and on again");
}

#[cfg(not(target_os = "linux"))]
fn main() {}
