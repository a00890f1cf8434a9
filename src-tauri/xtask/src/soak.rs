//! `soak`: many more random histories of the watch than the tests have time for.

use crate::command::{cargo, succeed};

/// So many unless another number is given.
const HISTORIES: u32 = 100_000;
/// The test that lives through them, and prints what they came to.
const TEST: &str = "n20_in_random_histories_every_call_is_announced_once_and_none_is_lost";

/// Lets the watch live through random histories.
pub(crate) fn soak(arguments: &[String]) -> Result<(), String> {
    let histories = match arguments {
        [] => HISTORIES,
        [number] => number.parse().map_err(|_| format!("{number} is no number of histories."))?,
        [_, more, ..] => return Err(format!("`cargo xtask soak` takes one number, and got {more} as well.")),
    };
    println!("{histories} random histories; this takes a while.");
    let test = ["test", "--release", "--package", "kept-core", "--lib", TEST, "--", "--nocapture"];
    succeed(cargo(&test).env("KEPT_HISTORIES", histories.to_string()))
}
