//! Named steps, each with its time; the first that fails ends them all.

use std::time::{Duration, Instant};

/// The steps of one command.
pub(crate) struct Steps {
    started: Instant,
    done: Vec<&'static str>,
    skipped: Vec<&'static str>,
}

/// How a step ended that did not fail.
pub(crate) enum Ended {
    /// It was done.
    Done,
    /// It could not be done here, and why that is no failure.
    Skipped(String),
}

impl Steps {
    /// No step yet.
    pub(crate) fn begin() -> Self {
        Self { started: Instant::now(), done: Vec::new(), skipped: Vec::new() }
    }

    /// Does one step, saying its name before and its time after.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        does: impl FnOnce() -> Result<(), String>,
    ) -> Result<(), String> {
        self.step_or_skip(name, || does().map(|()| Ended::Done))
    }

    /// Does one step that may find that it cannot be done here.
    pub(crate) fn step_or_skip(
        &mut self,
        name: &'static str,
        does: impl FnOnce() -> Result<Ended, String>,
    ) -> Result<(), String> {
        println!("\n── {name}");
        let began = Instant::now();
        match does() {
            Ok(Ended::Done) => {
                println!("── {name}: done in {}", seconds(began.elapsed()));
                self.done.push(name);
                Ok(())
            }
            Ok(Ended::Skipped(why)) => {
                println!("── {name}: skipped. {why}");
                self.skipped.push(name);
                Ok(())
            }
            Err(why) => Err(format!("── {name}: FAILED after {}. {why}", seconds(began.elapsed()))),
        }
    }

    /// What was done, in one line.
    pub(crate) fn summary(&self) -> String {
        let skipped = if self.skipped.is_empty() {
            String::new()
        } else {
            format!(" Skipped: {}.", self.skipped.join(", "))
        };
        format!("All {} steps passed in {}.{skipped}", self.done.len(), seconds(self.started.elapsed()))
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
