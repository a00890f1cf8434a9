//! The only place that reads a clock.

use chrono::Utc;
use kept_core::day::{Stamp, Zone};
use std::time::{Duration, Instant};

/// What the clocks show: the wall clock, which people and time servers move, and one that only runs on.
///
/// When the two have moved apart the machine has slept, or somebody has set the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock.
    pub stamp: Stamp,
    /// Time since some fixed moment of this run; stands still while the machine sleeps on some systems.
    pub monotonic: Duration,
}

/// A clock that shows the time of this machine.
pub fn machine() -> impl Fn() -> Reading + Send + Sync + Clone + 'static {
    let start = Instant::now();
    move || Reading { stamp: Stamp::new(Utc::now()), monotonic: start.elapsed() }
}

/// The zone that this machine is set to; universal time if it does not say.
pub fn machine_zone() -> Zone {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Zone::UTC)
}
