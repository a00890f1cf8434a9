//! `bench`: the figures, as a table or as JSON.

use crate::command::{cargo, root, succeed_aside, target};
use crate::driven_figures;
use crate::figures::{self, Figure};
use crate::setup::{self, For};
use crate::window_figures;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The figures that the example `measure` of kept-app takes, without a window.
const WITHOUT_WINDOW: [&str; 26] = [
    "commit_p99",
    "import_shopify_100k",
    "import_etsy_100k",
    "import_ebay_100k",
    "import_amazon_100k",
    "import_woocommerce_100k",
    "import_square_100k",
    "import_stripe_100k",
    "import_quickbooks_100k",
    "import_trello_100k",
    "import_trello_json_100k",
    "import_todoist_100k",
    "import_vcard_100k",
    "import_calendar_100k",
    "import_table_100k",
    "import_memory",
    "backup_100k",
    "today_growth",
    "reopen_growth",
    "search_100k_p99",
    "search_growth",
    "search_open_growth",
    "replan_100k",
    "alert_lateness_p99",
    "announced_24h",
    "wake_ups_per_minute",
];

/// What is measured is built as what is shipped.
const SHIPPED: &str = "dist";

struct Wanted {
    json: bool,
    only: Option<String>,
    profile: String,
}

/// Measures and prints; progress goes to the error output.
pub(crate) fn bench(arguments: &[String]) -> Result<(), String> {
    let wanted = read(arguments)?;
    let built = build(&wanted.profile)?;
    let measure = built.join("examples/measure");
    let asked = |names: &[&str]| wanted.only.as_deref().is_none_or(|only| names.contains(&only));
    let mut figures = Vec::new();
    if asked(&WITHOUT_WINDOW) {
        figures.extend(without_window(&measure, wanted.only.as_deref())?);
    }
    if asked(&window_figures::NAMES) {
        figures.extend(window_figures::measure(&built, &measure)?);
    }
    if asked(&driven_figures::NAMES) {
        figures.extend(driven_figures::measure(&built, &measure)?);
    }
    // What one measurement gives under one name only is taken whole.
    if let Some(only) = &wanted.only
        && figures.iter().any(|figure| figure.is(only))
    {
        figures.retain(|figure| figure.is(only));
    }
    if wanted.json {
        println!("{}", figures::json(&figures));
    } else {
        print!("{}", figures::table(&figures));
    }
    Ok(())
}

/// Builds all that is measured, in one go, so that every part is compiled once; gives the folder it is in.
fn build(profile: &str) -> Result<PathBuf, String> {
    setup::system(For::Testing)?;
    setup::node()?;
    setup::ui_packages()?;
    setup::ui()?;
    let what = [
        "--package",
        "kept",
        "--package",
        "kept-app",
        "--bin",
        "kept",
        "--example",
        "empty_window",
        "--example",
        "drive",
        "--example",
        "measure",
    ];
    succeed_aside(cargo(&["build", "--profile", profile]).args(what))?;
    Ok(target().join(if profile == "dev" { "debug" } else { profile }))
}

fn read(arguments: &[String]) -> Result<Wanted, String> {
    let mut wanted = Wanted { json: false, only: None, profile: SHIPPED.to_owned() };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut following = || arguments.next().cloned().ok_or_else(|| format!("{argument} needs a name."));
        match argument.as_str() {
            "--json" => wanted.json = true,
            "--only" => wanted.only = Some(following()?),
            "--profile" => wanted.profile = following()?,
            unknown => return Err(format!("`cargo xtask bench` does not know {unknown}.")),
        }
    }
    let known = || WITHOUT_WINDOW.iter().chain(&window_figures::NAMES).chain(&driven_figures::NAMES);
    match &wanted.only {
        Some(only) if !known().any(|name| name == only) => {
            let names: Vec<&str> = known().copied().collect();
            Err(format!("There is no figure {only}; there are {}.", names.join(", ")))
        }
        _ => Ok(wanted),
    }
}

/// Runs the measurement; it takes the beginning of a name for all that begin so.
fn without_window(measure: &Path, only: Option<&str>) -> Result<Vec<Figure>, String> {
    let mut command = Command::new(measure);
    // The program sets its allocator so; what is measured of it has the same.
    command.env("MALLOC_MMAP_THRESHOLD_", "4194304").env("MALLOC_TOP_PAD_", "1048576");
    command.arg("--json").current_dir(root()).stdin(Stdio::null()).stderr(Stdio::inherit());
    if let Some(only) = only {
        command.args(["--only", only.trim_end_matches("_100k")]);
    }
    let output =
        command.output().map_err(|error| format!("The measurement could not be started: {error}."))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("The measurement failed ({}). {text}", output.status));
    }
    figures::read(&text).ok_or_else(|| format!("The measurement gave no figures: {text}"))
}

#[cfg(test)]
mod tests {
    use super::WITHOUT_WINDOW;

    #[test]
    fn every_kind_of_file_that_is_measured_can_be_asked_for() {
        let kinds = include_str!("../../crates/kept-app/examples/measure/kinds.rs");
        let figures = kinds.split('"').filter(|text| text.starts_with("import_"));
        let missing: Vec<&str> = figures.filter(|figure| !WITHOUT_WINDOW.contains(figure)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
