//! Files of every kind, of 100,000 rows each, against Shopify's in the same run; and the memory that a large file takes.

use super::kinds::{KINDS, Kind};
use super::{Figure, Outcome, bring_in, fresh, import, open};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// Rows of each file, as many as promises.
const ROWS: u32 = 100_000;

/// Whether a figure is one of these.
pub(crate) fn is_kind(name: &str) -> bool {
    KINDS.iter().any(|kind| kind.figure.starts_with(name))
}

/// Each kind against Shopify's; only those whose figures begin so, if any does.
pub(crate) async fn kinds(folder: &Path, only: Option<&str>) -> Outcome<Vec<Figure>> {
    let only = only.filter(|only| is_kind(only));
    let shopify = import(&fresh(&folder.join("import-100k"))?, ROWS).await?;
    let mut figures = Vec::new();
    for kind in KINDS.iter().filter(|kind| only.is_none_or(|only| kind.figure.starts_with(only))) {
        let took = one(&folder.join("import-kind"), kind).await?;
        figures.push(Figure {
            name: kind.figure,
            value: took.as_secs_f64(),
            unit: "s",
            reference: shopify.as_secs_f64(),
            aim: 1.5,
        });
    }
    Ok(figures)
}

async fn one(folder: &Path, kind: &Kind) -> Outcome<Duration> {
    let data = fresh(folder)?;
    let file = folder.with_extension(kind.end);
    kind.write(&file, ROWS)?;
    let kept = open(&data).await?;
    let start = Instant::now();
    bring_in(&kept, &file).await?;
    let took = start.elapsed();
    kept.close().await?;
    std::fs::remove_file(file)?;
    Ok(took)
}

/// What an import of 200 MB adds to the memory at its highest, against 300 MB.
pub(crate) async fn memory(folder: &Path) -> Outcome<Vec<Figure>> {
    let data = fresh(&folder.join("import-memory"))?;
    let file = data.with_extension("csv");
    let mut out = BufWriter::new(File::create(&file)?);
    writeln!(
        out,
        "Name,Email,Created at,Lineitem quantity,Lineitem name,Notes,Billing Name,Financial Status,Fulfillment Status,Total"
    )?;
    let note = "Please ring twice and leave it with the neighbour. ".repeat(8);
    let (mut written, mut order) = (0, 0_u32);
    while written < 200 << 20 {
        let row = format!(
            "#{order},c{0}@example.com,2025-09-01 09:00:00 +0000,1,Celebration cake,{note},Customer {0},paid,fulfilled,90.00\n",
            order / 3
        );
        out.write_all(row.as_bytes())?;
        written += row.len();
        order += 1;
    }
    out.flush()?;
    let kept = open(&data).await?;
    let Some(idle) = highest() else { return Ok(Vec::new()) };
    // From here on the highest is counted anew.
    std::fs::write("/proc/self/clear_refs", "5")?;
    bring_in(&kept, &file).await?;
    let peak = highest().unwrap_or_default();
    kept.close().await?;
    std::fs::remove_file(file)?;
    Ok(vec![Figure { name: "import_memory", value: peak - idle, unit: "MiB", reference: 300.0, aim: 1.0 }])
}

/// The most memory that this program has held, in MiB; none where the system does not say.
fn highest() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
}
