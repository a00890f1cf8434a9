//! A backup and its restoring on an empty computer, against a plain copy of the same bytes.

use super::{Figure, Outcome, draft, fresh, open, percentile, shop};
use kept_app::Kept;
use serde_json::json;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

/// So often is each done, in turn; the medians count.
const ROUNDS: usize = 3;
/// So much was promised since the backup before.
const PROMISED: usize = 100;

/// A verified backup of a shop with 100,000 promises, restored into an empty data folder with everything checked, against
/// copying the data folder of that shop, as one does without Kept, each file forced to the disk.
///
/// It is a backup as on any day: Kept has copied all rows before, as it does once a day when nobody waits for it, was started
/// again, and something was promised since.
pub(crate) async fn backup(folder: &Path, most: u32) -> Outcome<Figure> {
    let data = shop(folder, most.min(100_000)).await?;
    let (restored, copy) = (folder.join("restored"), folder.join("copied"));
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    let kept = open(&data).await?;
    kept.answer("backup_now", json!({})).await?;
    kept.close().await?;
    for _ in 0..ROUNDS {
        let kept = open(&data).await?;
        for _ in 0..PROMISED {
            kept.answer("make_promise", draft()).await?;
        }
        let made = Instant::now();
        kept.answer("backup_now", json!({})).await?;
        let made = made.elapsed();
        let backups = kept.answer("backups", json!({})).await?;
        kept.close().await?;
        let name = backups["rows"][0]["backup"].as_str().unwrap_or_default();
        let empty = open(&fresh(&restored)?).await?;
        ours.push(made + restore(&empty, &data.join("backups").join(name)).await?);
        empty.close().await?;
        let to = fresh(&copy)?;
        let start = Instant::now();
        copied(&data, &to)?;
        plain.push(start.elapsed());
        eprintln!(
            "backup {:.2} s, with restoring {:.2} s, a copy {:.2} s",
            made.as_secs_f64(),
            ours[ours.len() - 1].as_secs_f64(),
            plain[plain.len() - 1].as_secs_f64()
        );
    }
    fs::remove_dir_all(restored)?;
    fs::remove_dir_all(copy)?;
    Ok(Figure {
        name: "backup_100k",
        value: percentile(ours, 50).as_secs_f64(),
        unit: "s",
        reference: percentile(plain, 50).as_secs_f64(),
        aim: 6.0,
    })
}

async fn restore(empty: &Kept, backup: &Path) -> Outcome<Duration> {
    let offered = empty.offer_file(backup).file;
    let start = Instant::now();
    empty.answer("restore_backup", json!({ "backup": offered })).await?;
    Ok(start.elapsed())
}

/// What is no data: other backups, and the room that is kept in reserve.
const NO_DATA: [&str; 2] = ["backups", "ballast"];

/// Copies all files of a folder, each forced to the disk.
fn copied(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if NO_DATA.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copied(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), &to)?;
            File::open(to)?.sync_all()?;
        }
    }
    Ok(())
}
