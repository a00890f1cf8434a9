//! The figures that need the real window: how soon it can be used, and what it costs in memory.

use crate::command::succeed_aside;
use crate::figures::Figure;
use crate::processes;
use crate::run::MARKS;
use crate::screen::{Screen, end_in_order, wait_for};
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The names of the figures that are measured here.
pub(crate) const NAMES: [&str; 2] = ["start_100k", "memory_100k"];

const RUNS: usize = 7;
const PROMISES: &str = "100000";

/// What one start showed.
#[derive(Clone, Copy)]
struct Seen {
    /// Milliseconds from starting the process to a window that can be used.
    start: f64,
    /// Mebibytes of all its processes, once nothing moves any more.
    memory: f64,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} ms, {:.1} MiB", self.start, self.memory)
    }
}

/// Kept on many promises against an empty window with the same UI library, the two in turn.
pub(crate) fn measure(built: &Path, measurement: &Path) -> Result<Vec<Figure>, String> {
    if !cfg!(target_os = "linux") {
        eprintln!("The window is measured on Linux only: start_100k and memory_100k are left out.");
        return Ok(Vec::new());
    }
    let (kept, empty) = (built.join("kept"), built.join("examples/empty_window"));
    let screen = Screen::start()?;
    let data = screen.path("data");
    let shop = [OsStr::new("--shop"), data.as_os_str(), OsStr::new("--promises"), OsStr::new(PROMISES)];
    succeed_aside(screen.command(measurement).args(shop))?;
    let with_data = [OsStr::new("--data"), data.as_os_str()];
    let (mut kept_runs, mut empty_runs) = (Vec::new(), Vec::new());
    // The first start of each reads the program from the disk; it is not counted.
    for run in 0..=RUNS {
        let (ours, theirs) = (once(&screen, &kept, &with_data)?, once(&screen, &empty, &[])?);
        eprintln!("Start {run} of {RUNS}: {ours}; the empty window: {theirs}");
        if run > 0 {
            kept_runs.push(ours);
            empty_runs.push(theirs);
        }
    }
    let figure = |name: &str, unit: &str, aim: f64, of: fn(&Seen) -> f64| {
        Figure::against(name, unit, median(&kept_runs, of), median(&empty_runs, of), aim)
    };
    Ok(vec![
        figure("start_100k", "ms", 1.25, |seen| seen.start),
        figure("memory_100k", "MiB", 1.3, |seen| seen.memory),
    ])
}

/// Starts a window, waits until it can be used and then until its memory has settled, and ends it.
fn once(screen: &Screen, program: &Path, arguments: &[&OsStr]) -> Result<Seen, String> {
    const LIMIT: Duration = Duration::from_secs(60);
    let marks = screen.path("marks");
    let _ = fs::remove_file(&marks);
    let mut command = screen.command(program);
    command
        .args(arguments)
        .env(MARKS, &marks)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1_000.0;
    let mut child =
        command.spawn().map_err(|error| format!("{} could not be started: {error}.", program.display()))?;
    let ready = wait_for(LIMIT, || ready_at(&marks));
    let memory = ready.and_then(|_| settled(child.id(), LIMIT));
    end_in_order(&mut child);
    let name = program.display();
    Ok(Seen {
        start: ready.ok_or_else(|| format!("{name} was not ready within {LIMIT:?}."))? - began,
        memory: memory.ok_or_else(|| format!("The memory of {name} did not settle within {LIMIT:?}."))?,
    })
}

/// When the window said that it can be used, in milliseconds since 1970.
fn ready_at(marks: &Path) -> Option<f64> {
    let marks = fs::read_to_string(marks).ok()?;
    let line = marks.lines().find(|line| line.starts_with("today-ready ") || line.starts_with("ready "))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// The memory of a program when it has moved by less than a hundredth for two seconds.
fn settled(process: u32, limit: Duration) -> Option<f64> {
    const STILL: u32 = 8;
    let (mut last, mut same) = (0.0, 0);
    wait_for(limit, || {
        std::thread::sleep(Duration::from_millis(250));
        #[expect(clippy::cast_precision_loss, reason = "a few hundred mebibytes, shown with one digit")]
        let now = processes::memory(process)? as f64 / 1_048_576.0;
        same = if (now - last).abs() < last / 100.0 { same + 1 } else { 0 };
        last = now;
        (same >= STILL).then_some(now)
    })
}

fn median(runs: &[Seen], of: fn(&Seen) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
