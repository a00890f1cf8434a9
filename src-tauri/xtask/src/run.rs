//! `run`: sets up, builds, starts.

use crate::command::{cargo, succeed, target};
use crate::picture::Picture;
use crate::screen::{Screen, end_in_order, wait_for};
use crate::setup::{self, For};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Into this file the window writes when what it shows can be used, a line each: the mark and its time in milliseconds
/// since 1970.
pub(crate) const MARKS: &str = "KEPT_MARKS";

/// Starts Kept; its own arguments are handed on.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let display = has_display();
    setup::system(if display { For::Running } else { For::RunningWithoutDisplay })?;
    setup::node()?;
    setup::ui_packages()?;
    setup::ui()?;
    succeed(&mut cargo(&["build", "--package", "kept", "--bin", "kept"]))?;
    let kept = target().join("debug").join(format!("kept{}", std::env::consts::EXE_SUFFIX));
    if display {
        println!("Starting Kept.");
        return succeed(std::process::Command::new(kept).args(arguments));
    }
    run_without_display(&kept, arguments)
}

fn run_without_display(kept: &Path, arguments: &[String]) -> Result<(), String> {
    println!("There is no display: Kept is started in a virtual one, to take a picture of its window.");
    let screen = Screen::start()?;
    let marks = screen.path("marks");
    let mut command = screen.command(kept);
    command.args(arguments).env(MARKS, &marks).stdin(Stdio::null());
    if !arguments.iter().any(|argument| argument.starts_with("--data")) {
        command.arg("--data").arg(screen.path("data"));
    }
    let mut child = command.spawn().map_err(|error| format!("Kept could not be started: {error}."))?;
    let drawn = wait_for(Duration::from_secs(90), || match child.try_wait() {
        Ok(Some(status)) => Some(Err(format!("Kept ended before its window was drawn ({status})."))),
        _ => fs::metadata(&marks).is_ok_and(|marks| marks.len() > 0).then_some(Ok(())),
    });
    let picture = drawn.unwrap_or_else(|| Err("The window was not drawn within 90 seconds.".to_owned()));
    let picture = picture.and_then(|()| settled(&screen));
    end_in_order(&mut child);
    let picture = picture?;
    let path = target().join("kept-window.png");
    picture.save(&path)?;
    println!("Kept runs. A picture of its window: {}", path.display());
    Ok(())
}

/// The display, once two looks at it show the same; after a while as it is, for something may blink.
fn settled(screen: &Screen) -> Result<Picture, String> {
    let mut last = screen.picture()?;
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(250));
        let picture = screen.picture()?;
        let same = picture == last && !picture.is_blank();
        last = picture;
        if same {
            break;
        }
    }
    if last.is_blank() { Err("The window stayed empty.".to_owned()) } else { Ok(last) }
}

fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
