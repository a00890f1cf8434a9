//! The figures that need keys and a wheel in the real window.

use crate::command::succeed_aside;
use crate::figures::{self, Figure};
use crate::screen::Screen;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

/// The names of the figures that are measured here.
pub(crate) const NAMES: [&str; 3] = ["key_to_paint_p95", "scroll_100k", "scroll_100k_blank"];

/// How many promises the large shop has, and the small one.
const PROMISES: [(&str, &str); 2] = [("large", "100000"), ("small", "100")];

/// Has the example `drive` press keys and scroll in a large shop, a small one and an empty window.
pub(crate) fn measure(built: &Path, measurement: &Path) -> Result<Vec<Figure>, String> {
    if !cfg!(target_os = "linux") {
        eprintln!("The window is driven on Linux only: {} are left out.", NAMES.join(", "));
        return Ok(Vec::new());
    }
    let screen = Screen::start()?;
    let examples = built.join("examples");
    let mut drive = screen.command(&examples.join("drive"));
    drive.arg("--kept").arg(built.join("kept")).arg("--empty").arg(examples.join("empty_window"));
    for (name, promises) in PROMISES {
        let data = screen.path(name);
        let shop = [OsStr::new("--shop"), data.as_os_str(), OsStr::new("--promises"), OsStr::new(promises)];
        succeed_aside(screen.command(measurement).args(shop))?;
        drive.arg(format!("--{name}")).arg(data);
    }
    let output = drive
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("The window could not be driven: {error}."))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("The window could not be driven ({}). {text}", output.status));
    }
    figures::read(&text).ok_or_else(|| format!("The window gave no figures: {text}"))
}
