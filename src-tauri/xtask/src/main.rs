//! The commands of this repository: set up and start Kept, set up and check everything, measure, soak.
//!
//! It has no dependencies, so that it is there before anything else is.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool of the terminal talks to the terminal")]

mod bench;
mod browser;
mod checks;
mod command;
mod driven_figures;
mod figures;
mod fuzz;
mod picture;
mod processes;
mod run;
mod screen;
mod setup;
mod soak;
mod steps;
mod window_figures;

use std::process::ExitCode;

const USAGE: &str = "\
The commands of this repository:

  cargo xtask run [-- ARGUMENTS]        sets up what is missing, builds Kept and starts it (`--data DIR` and all else
                                        is handed on); without a display: in a virtual one, saving a picture of it
  cargo xtask test                      sets up what is missing, then runs every check and every test
  cargo xtask bench [--json] [--only NAME] [--profile NAME]
                                        measures; the table compares each figure with a reference of the same run
  cargo xtask soak [HISTORIES]          lets the watch live through random histories, 100,000 unless another number is
                                        given, and prints what they came to
  cargo xtask fuzz [NAME] [--minutes N] tries the readers of files with damaged ones, each for so long
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match command.as_str() {
        "run" => run::run(&rest),
        "test" => checks::test(&rest),
        "bench" => bench::bench(&rest),
        "soak" => soak::soak(&rest),
        "fuzz" => fuzz::fuzz(&rest),
        "help" | "--help" | "-h" | "" => {
            print!("{USAGE}");
            return if command.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
        unknown => Err(format!("There is no command “{unknown}”.\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\n{why}");
            ExitCode::FAILURE
        }
    }
}
