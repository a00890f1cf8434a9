//! The heartbeat: a small file beside the data that says when Kept last watched, and whether it was quit on purpose.
//!
//! It is no record: it is written every minute, replaced as a whole, and nothing is lost with it but the beginning of
//! the next report.

use crate::Kept;
use kept_core::day::Stamp;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

const FILE: &str = "watch.json";

/// When Kept last watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Heartbeat {
    /// When.
    pub at: Stamp,
    /// Whether it was the end.
    pub ended: Ended,
}

/// Whether Kept was quit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ended {
    /// It goes on; found after a start, it was killed.
    Not,
    /// It was quit on purpose.
    Quit,
}

impl Heartbeat {
    /// The last one; none if there is none that can be read.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let text = std::fs::read(folder.join(FILE)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn write(self, folder: &Path) -> io::Result<()> {
        let new = folder.join(format!("{FILE}.new"));
        std::fs::write(&new, serde_json::to_vec(&self)?)?;
        std::fs::rename(new, folder.join(FILE))
    }
}

/// Replaces the heartbeat. If that fails the next report begins too early, which is no reason to stop watching.
pub(super) async fn write(kept: &Kept, beat: Heartbeat) {
    let folder = kept.folder().to_owned();
    let written = tokio::task::spawn_blocking(move || beat.write(&folder)).await;
    if let Err(error) = written.map_err(io::Error::other).and_then(|written| written) {
        tracing::warn!("The heartbeat could not be written: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heartbeat_is_read_back_and_a_broken_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Heartbeat::read(folder.path()), None);
        let beat = Heartbeat { at: "2026-11-20T15:00:00Z".parse().unwrap(), ended: Ended::Quit };
        beat.write(folder.path()).unwrap();
        assert_eq!(Heartbeat::read(folder.path()), Some(beat));
        std::fs::write(folder.path().join(FILE), "{\"at\":").unwrap();
        assert_eq!(Heartbeat::read(folder.path()), None);
    }
}
