//! What is wrong in a file, gathered line by line.

use super::table::Column;
use crate::views::LineProblem;

/// Gathers what is wrong.
#[derive(Debug, Default)]
pub(super) struct Said(pub(super) Vec<LineProblem>);

impl Said {
    /// Something is wrong on a line.
    pub(super) fn say(&mut self, line: u32, is: impl Into<String>) {
        self.0.push(LineProblem::new(line, is));
    }

    /// Something is wrong in one cell, and what was done about it.
    pub(super) fn cell(&mut self, line: u32, column: Column, wrong: &str, done: &str) {
        self.say(line, format!("Column “{}”: {wrong}. It was {done}.", column.name));
    }

    /// Several rows share one fault: it is said on the first, and the others point there.
    pub(super) fn each(&mut self, rows: &[u32], is: String) {
        let Some((first, others)) = rows.split_first() else { return };
        for line in others {
            self.say(*line, format!("This row was left out with its order: see line {first}."));
        }
        self.say(*first, is);
    }

    /// What was gathered, by line.
    pub(super) fn by_line(mut self) -> Vec<LineProblem> {
        self.0.sort_by_key(|problem| problem.line);
        self.0
    }
}
