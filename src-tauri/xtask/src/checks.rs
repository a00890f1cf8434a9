//! `test`: every check and every test, each a named step.

use crate::browser;
use crate::command::{cargo, npm, output_of, root, succeed, target};
use crate::setup::{self, For};
use crate::steps::{Ended, Steps};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Sets up what is missing, then checks and tests everything.
pub(crate) fn test(arguments: &[String]) -> Result<(), String> {
    if let Some(argument) = arguments.first() {
        return Err(format!("`cargo xtask test` takes no arguments, and got {argument}."));
    }
    let mut steps = Steps::begin();
    steps.step("system packages", || setup::system(For::Testing))?;
    steps.step("Node", setup::node)?;
    steps.step("UI packages", setup::ui_packages)?;
    check_rust(&mut steps)?;
    check_ui(&mut steps)?;
    steps.step("Rust tests", || succeed(&mut cargo(&["test", "--workspace"])))?;
    steps.step("end-to-end tests", end_to_end)?;
    steps.step_or_skip("licences and sources", licences)?;
    println!("\n{}", steps.summary());
    Ok(())
}

fn check_rust(steps: &mut Steps) -> Result<(), String> {
    const DENY: [&str; 3] = ["--", "--deny", "warnings"];
    steps.step("UI build", setup::ui)?;
    steps.step("rustfmt", || succeed(&mut cargo(&["fmt", "--all", "--check"])))?;
    steps.step("clippy", || succeed(cargo(&["clippy", "--workspace", "--all-targets"]).args(DENY)))?;
    // Together with the others the core gets features of theirs; alone it must still compile, without a clock.
    steps.step("clippy of the core alone", || {
        succeed(cargo(&["clippy", "--package", "kept-core"]).args(DENY))
    })?;
    steps.step("generated types", generated_types)
}

fn check_ui(steps: &mut Steps) -> Result<(), String> {
    steps.step("svelte-check", || succeed(&mut npm(&["run", "--silent", "check"])))?;
    steps.step("eslint", || succeed(&mut npm(&["run", "--silent", "lint"])))?;
    steps.step("prettier", || succeed(&mut npm(&["run", "--silent", "format:check"])))
}

/// The TypeScript that is committed is what the Rust types make today: nothing more, nothing less.
fn generated_types() -> Result<(), String> {
    let folder = root().join("ui/src/lib/gen");
    let committed = texts(&folder)?;
    // Files of types that are gone are not deleted by the generator.
    fs::remove_dir_all(&folder)
        .map_err(|error| format!("{} cannot be emptied: {error}.", folder.display()))?;
    let generated = succeed(&mut cargo(&[
        "test",
        "--quiet",
        "--package",
        "kept-core",
        "--package",
        "kept-app",
        "--lib",
        "export_bindings",
    ]))
    .and_then(|()| texts(&folder));
    let generated = match generated {
        Ok(generated) => generated,
        Err(why) => {
            put_back(&folder, &committed)?;
            return Err(why);
        }
    };
    let names = committed.keys().chain(generated.keys());
    let mut stale: Vec<&str> =
        names.filter(|name| committed.get(*name) != generated.get(*name)).map(String::as_str).collect();
    stale.sort_unstable();
    stale.dedup();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "These were not up to date in ui/src/lib/gen, and now are; commit them: {}",
        stale.join(", ")
    ))
}

fn texts(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}.", folder.display());
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let text = fs::read_to_string(entry.path()).map_err(unreadable)?;
        texts.insert(entry.file_name().to_string_lossy().into_owned(), text);
    }
    Ok(texts)
}

fn put_back(folder: &Path, texts: &BTreeMap<String, String>) -> Result<(), String> {
    let unwritable = |error: std::io::Error| format!("{} cannot be written: {error}.", folder.display());
    fs::create_dir_all(folder).map_err(unwritable)?;
    texts.iter().try_for_each(|(name, text)| fs::write(folder.join(name), text)).map_err(unwritable)
}

/// The real UI in a browser, over the example that answers requests on the loopback interface.
fn end_to_end() -> Result<(), String> {
    let serve = target().join("debug/examples").join(format!("serve{}", std::env::consts::EXE_SUFFIX));
    let mut command = npm(&["run", "--silent", "e2e"]);
    command.env("KEPT_SERVE", serve);
    if let Some(browser) = browser::find() {
        command.env(browser::VARIABLE, browser);
    }
    succeed(&mut command)
}

fn licences() -> Result<Ended, String> {
    if output_of(&mut cargo(&["deny", "--version"])).is_none() {
        return Ok(Ended::Skipped(
            "cargo-deny is not installed (`cargo install --locked cargo-deny`).".to_owned(),
        ));
    }
    // Advisories are left to a machine that can fetch their list: `cargo deny check` there checks them as well.
    succeed(&mut cargo(&["deny", "check", "licenses", "bans", "sources"])).map(|()| Ended::Done)
}
