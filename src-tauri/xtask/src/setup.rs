//! What the machine needs: system packages, Node, the UI's packages and the built UI.

use crate::browser;
use crate::command::{npm, output_of, program, root, succeed_aside};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// What is to be done with the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Building and starting Kept on a desktop.
    Running,
    /// The same without one.
    RunningWithoutDisplay,
    /// Every check and every test.
    Testing,
}

/// Something of the system that is needed.
struct Need {
    /// What provides it on Debian and its relatives.
    package: &'static str,
    /// What it is for.
    why: &'static str,
    is_there: fn() -> bool,
}

const TO_BUILD: [Need; 3] = [
    Need { package: "build-essential", why: "a C compiler and linker", is_there: || program("cc").is_some() },
    Need { package: "pkg-config", why: "finds libraries", is_there: || program("pkg-config").is_some() },
    Need { package: "libwebkit2gtk-4.1-dev", why: "the webview", is_there: || library("webkit2gtk-4.1") },
];
const WITHOUT_DISPLAY: [Need; 2] = [
    Need { package: "xvfb", why: "a virtual display", is_there: || program("Xvfb").is_some() },
    Need {
        package: "dbus",
        why: "a session bus",
        is_there: || program("dbus-daemon").is_some() && program("dbus-send").is_some(),
    },
];
const TO_TEST: [Need; 4] = [
    Need {
        package: "webkit2gtk-driver",
        why: "drives the window",
        is_there: || program("WebKitWebDriver").is_some(),
    },
    Need { package: "dunst", why: "a notification daemon", is_there: || program("dunst").is_some() },
    Need { package: "xdotool", why: "presses keys", is_there: || program("xdotool").is_some() },
    Need { package: "chromium", why: "a browser for the UI's tests", is_there: || browser::find().is_some() },
];

/// Makes sure that the system has what is needed, installing it where that is possible.
pub(crate) fn system(purpose: For) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return elsewhere(purpose);
    }
    let mut needs: Vec<&Need> = TO_BUILD.iter().collect();
    if purpose != For::Running {
        needs.extend(&WITHOUT_DISPLAY);
    }
    if purpose == For::Testing {
        needs.extend(&TO_TEST);
    }
    let missing: Vec<&Need> = needs.into_iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        eprintln!("The system has everything that is needed.");
        return Ok(());
    }
    for need in &missing {
        eprintln!("Missing: {} ({})", need.package, need.why);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if packages.contains(&"chromium")
        && let Some(why) = browser::cannot_be_installed()
    {
        return Err(why);
    }
    install(&packages)?;
    match missing.iter().find(|need| !(need.is_there)()) {
        None => Ok(()),
        Some(need) => Err(format!("{} was installed, yet {} is still not there.", need.package, need.why)),
    }
}

/// Elsewhere than on Linux nothing is installed: what is missing is said.
fn elsewhere(purpose: For) -> Result<(), String> {
    if cfg!(target_os = "macos") && output_of(Command::new("xcode-select").arg("-p")).is_none() {
        return Err("Xcode's command line tools are missing: run `xcode-select --install`.".to_owned());
    }
    if purpose == For::Testing {
        eprintln!("The tests of the real window need Linux; everything else runs here.");
        if browser::find().is_none() {
            return Err(format!("Install Google Chrome, or name a Chromium in {}.", browser::VARIABLE));
        }
    }
    Ok(())
}

fn install(packages: &[&str]) -> Result<(), String> {
    let list = packages.join(" ");
    if program("apt-get").is_none() {
        return Err(format!("Install these with your system's package manager; Debian calls them: {list}"));
    }
    let root = output_of(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !root && program("sudo").is_none() {
        return Err(format!("As root, run: apt-get install --no-install-recommends {list}"));
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.arg("apt-get");
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    eprintln!("Installing: {list}");
    succeed_aside(&mut apt(&["update", "--quiet"]))?;
    succeed_aside(apt(&["install", "--quiet", "--yes", "--no-install-recommends"]).args(packages))
}

/// Whether a library is there to be linked with.
fn library(name: &str) -> bool {
    output_of(Command::new("pkg-config").args(["--exists", name])).is_some()
}

/// Makes sure that Node is there and new enough.
pub(crate) fn node() -> Result<(), String> {
    const WANTED: &str = "Kept's UI is built with Node 20.19 or newer (22.12 or newer of the 22 line)";
    let Some(version) = output_of(Command::new("node").arg("--version")) else {
        return Err(format!("{WANTED}, and there is none. See https://nodejs.org."));
    };
    if output_of(&mut npm(&["--version"])).is_none() {
        return Err(format!("Node {version} is there, but npm is not. Install npm."));
    }
    if !new_enough(&version) {
        return Err(format!("{WANTED}; here is {version}."));
    }
    eprintln!("Node {version} is there.");
    Ok(())
}

fn new_enough(version: &str) -> bool {
    let mut numbers =
        version.trim_start_matches('v').split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    }
}

/// Installs the UI's packages if they are not those of the lock file.
pub(crate) fn ui_packages() -> Result<(), String> {
    let ui = root().join("ui");
    let installed = changed_at(&ui.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed_at(&ui.join("package-lock.json")) {
        eprintln!("The UI's packages are those of the lock file.");
        return Ok(());
    }
    succeed_aside(npm(&["ci"]).args(["--no-audit", "--no-fund"]))
}

/// Builds the UI, which becomes part of the program, if it is older than its sources.
pub(crate) fn ui() -> Result<(), String> {
    let ui = root().join("ui");
    let built = changed_at(&ui.join("dist/index.html"));
    let sources = newest(&ui, &["node_modules", "dist"]);
    if built.is_some() && built >= sources {
        eprintln!("The UI is built.");
        return Ok(());
    }
    succeed_aside(&mut npm(&["run", "build"]))
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// When anything in a folder was last changed, leaving out what is `not` to be looked at.
fn newest(folder: &Path, not: &[&str]) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let wanted = entries.filter(|entry| !not.iter().any(|name| entry.file_name() == *name));
    wanted
        .filter_map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => newest(&entry.path(), not),
            _ => changed_at(&entry.path()),
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn node_is_new_enough_from_20_19_and_from_22_12_on() {
        for (version, is) in [
            ("v20.18.3", false),
            ("v20.19.0", true),
            ("v21.7.0", false),
            ("v22.11.0", false),
            ("v22.12.0", true),
            ("v24.1.0", true),
        ] {
            assert_eq!(new_enough(version), is, "{version}");
        }
    }
}
