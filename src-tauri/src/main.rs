//! `kept`: opens the window, or does one command without it.

// A release on Windows opens no console beside its window. The price: started from a console there, its commands print
// nothing; they still do what they say and end with their codes, and `--json > FILE` works.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use kept_app::command_line::{self, Arguments, Command};
use kept_app::failure::Failure;
use kept_window::Start;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Arguments { data, hidden, quick_add, link, command } = match command_line::parse(std::env::args_os())
    {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let data = match command_line::data_folder(data.as_deref()) {
        Ok(data) => data,
        Err(failure) => return refuse(&failure),
    };
    match command {
        Some(command) => without_window(&data, command),
        None => kept_window::run(Start { data, hidden, quick_add, link }),
    }
}

fn without_window(data: &Path, command: Command) -> ExitCode {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(command_line::run(data, command)),
        Err(error) => refuse(&Failure::bug(error)),
    }
}

#[expect(clippy::print_stderr, reason = "the terminal is all there is before the window")]
fn refuse(failure: &Failure) -> ExitCode {
    eprintln!("kept: {failure}");
    ExitCode::FAILURE
}
