//! Which Chromium the end-to-end tests drive.

use crate::command::{output_of, program};
use std::path::PathBuf;
use std::process::Command;

/// Says where a Chromium lies that cannot be started by one of its usual names.
pub(crate) const VARIABLE: &str = "KEPT_CHROMIUM";

const NAMES: [&str; 5] = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"];

/// A Chromium or Chrome that can be driven.
pub(crate) fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Some(named.into());
    }
    let macos = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    NAMES
        .iter()
        .filter_map(|name| program(name))
        .find(|path| !is_snap_stub(path))
        .or_else(|| macos.is_file().then_some(macos))
}

/// Why installing Debian's package by name would not help here, if so: Ubuntu's is an empty package around a snap, whose
/// confinement keeps it from the folders and sockets of a test.
pub(crate) fn cannot_be_installed() -> Option<String> {
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    system.lines().any(|line| line == "ID=ubuntu").then(|| {
        format!(
            "Ubuntu's chromium is a snap, which tests cannot drive. Install Google Chrome, or name a Chromium in {VARIABLE}."
        )
    })
}

fn is_snap_stub(path: &std::path::Path) -> bool {
    let text = std::fs::read(path).ok().filter(|bytes| bytes.starts_with(b"#!"));
    let stub = text.is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains("snap"));
    stub && output_of(Command::new(path).arg("--version")).is_none_or(|version| version.contains("snap"))
}
