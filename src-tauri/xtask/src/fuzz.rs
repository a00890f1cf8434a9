//! `fuzz`: damaged files for the readers of imports, for as long as one likes.

use crate::command::{cargo, succeed};

/// Builds the tool with every check that a release leaves out, and runs it.
pub(crate) fn fuzz(arguments: &[String]) -> Result<(), String> {
    let quick = ["--config", "profile.dev.opt-level=2", "--"];
    let run = ["run", "--quiet", "--package", "kept-app", "--example", "fuzz"];
    succeed(cargo(&run).args(quick).args(arguments))
}
