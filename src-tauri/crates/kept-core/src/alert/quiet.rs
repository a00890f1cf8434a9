//! Quiet hours: what comes due in them is held, never dropped.

use crate::calendar::WorkingCalendar;
use crate::day::{Day, Stamp};
use crate::settings::{QuietHours, Settings};
use serde::{Deserialize, Serialize};

/// The hours of the night and the closed days.
#[derive(Clone, Copy, Debug)]
pub struct Quiet<'a> {
    hours: &'a QuietHours,
    calendar: &'a WorkingCalendar,
}

/// The owner has paused the watch: what comes due is held as in the quiet hours, and nothing comes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub from: Stamp,
    /// Until when.
    pub until: Stamp,
}

impl Pause {
    /// Whether it holds at an instant. If the clock is set back to before it began it holds no longer.
    pub fn holds(&self, at: Stamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// A quiet time that lasts longer than this is a mistake in the settings, and holds nothing.
const LONGEST_DAYS: i64 = 366;

impl<'a> Quiet<'a> {
    /// As the owner has set it.
    pub fn of(settings: &'a Settings) -> Self {
        Self { hours: &settings.quiet, calendar: &settings.calendar }
    }

    /// When the quiet that holds at an instant ends; none if it is not quiet.
    pub fn end(&self, at: Stamp) -> Option<Stamp> {
        if !self.covers(at) {
            return None;
        }
        let today = self.calendar.zone.day(at);
        let mut edges = (0..LONGEST_DAYS).flat_map(|ahead| self.edges(today.plus(ahead)));
        edges.find(|edge| *edge > at && !self.covers(*edge))
    }

    /// The end of the last quiet before an instant that is not quiet itself.
    pub fn last_end(&self, at: Stamp) -> Option<Stamp> {
        let today = self.calendar.zone.day(at);
        let mut edges = (0..LONGEST_DAYS).flat_map(|back| self.edges(today.plus(-back)).into_iter().rev());
        edges.find(|edge| {
            *edge <= at && !self.covers(*edge) && self.covers(Stamp::from_millis(edge.millis() - 1))
        })
    }

    fn covers(&self, at: Stamp) -> bool {
        if !self.hours.on {
            return false;
        }
        let QuietHours { from, to, on: _ } = *self.hours;
        let (day, time) = self.calendar.zone.wall(at);
        let by_night = if from <= to { from <= time && time < to } else { from <= time || time < to };
        by_night || self.is_closed(day)
    }

    /// A business without any weekly hours has not said when it is closed.
    fn is_closed(&self, day: Day) -> bool {
        !self.calendar.is_working_day(day) && self.calendar.week.iter().any(|spans| !spans.is_empty())
    }

    /// The instants of a day at which quiet can begin or end, in order.
    fn edges(&self, day: Day) -> [Stamp; 3] {
        let zone = self.calendar.zone;
        let (from, to) = (zone.instant(day, self.hours.from), zone.instant(day, self.hours.to));
        [zone.midnight(day), from.min(to), from.max(to)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{stamp, zone};

    fn check(settings: &Settings, at: &str, end: Option<&str>) {
        assert_eq!(Quiet::of(settings).end(stamp(at)), end.map(stamp), "{at}");
    }

    #[test]
    fn nights_and_closed_days_are_quiet() {
        let settings = Settings::new(zone());
        check(&settings, "2026-11-19 12:00", None);
        check(&settings, "2026-11-19 17:59", None);
        check(&settings, "2026-11-19 18:00", Some("2026-11-20 08:00"));
        check(&settings, "2026-11-20 07:59", Some("2026-11-20 08:00"));
        check(&settings, "2026-11-20 08:00", None);
        check(&settings, "2026-11-20 22:00", Some("2026-11-23 08:00"));
        check(&settings, "2026-11-21 12:00", Some("2026-11-23 08:00"));
        check(&settings, "2026-10-24 23:00", Some("2026-10-26 08:00"));
    }

    #[test]
    fn the_last_quiet_is_found_again() {
        let settings = Settings::new(zone());
        let quiet = Quiet::of(&settings);
        assert_eq!(quiet.last_end(stamp("2026-11-23 08:00")), Some(stamp("2026-11-23 08:00")));
        assert_eq!(quiet.last_end(stamp("2026-11-20 17:00")), Some(stamp("2026-11-20 08:00")));
    }

    #[test]
    fn quiet_hours_can_be_off_or_lie_within_a_day() {
        let mut settings = Settings::new(zone());
        settings.quiet.on = false;
        check(&settings, "2026-11-21 03:00", None);
        assert_eq!(Quiet::of(&settings).last_end(stamp("2026-11-21 03:00")), None);
        settings.quiet =
            QuietHours { on: true, from: "12:00".parse().unwrap(), to: "13:00".parse().unwrap() };
        check(&settings, "2026-11-20 12:30", Some("2026-11-20 13:00"));
        check(&settings, "2026-11-20 03:00", None);
    }

    #[test]
    fn a_business_without_hours_is_not_silenced_for_ever() {
        let mut settings = Settings::new(zone());
        settings.calendar.week = Default::default();
        check(&settings, "2026-11-20 12:00", None);
        check(&settings, "2026-11-20 19:00", Some("2026-11-21 08:00"));
    }
}
