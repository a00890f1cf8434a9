//! What the owner has set.

use crate::calendar::WorkingCalendar;
use crate::day::{TimeOfDay, Zone};
use crate::money::Currency;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the owner has set; every field has a value that works from the first start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Settings {
    /// The name of the business, as it stands on what customers see.
    pub business: String,
    /// Opening hours, closed days and the zone.
    pub calendar: WorkingCalendar,
    /// The currency of amounts that name none.
    pub currency: Currency,
    /// Working days from an order to its promised date, where an order names no date.
    pub lead_days: u32,
    /// Minutes of work that a promise is taken to need while nobody has estimated it.
    pub usual_effort: u32,
    /// Working days without any work after which a paid promise counts as idle.
    pub idle_days: u32,
    /// When notifications are held back.
    pub quiet: QuietHours,
    /// What closing the window does; none until the owner was asked.
    #[serde(default)]
    pub on_close: Option<OnClose>,
    /// Light, dark, or as the system.
    #[serde(default)]
    pub appearance: Appearance,
}

/// The hours in which notifications are held, never dropped; closed days are quiet as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct QuietHours {
    /// Whether there are quiet hours at all.
    pub on: bool,
    /// They begin in the evening.
    pub from: TimeOfDay,
    /// They end in the morning.
    pub to: TimeOfDay,
}

/// What closing the window does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OnClose {
    /// Kept goes on watching, in the tray where there is one.
    KeepWatching,
    /// Kept quits.
    Quit,
}

/// Light, dark, or as the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Appearance {
    /// As the system.
    #[default]
    System,
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Settings {
    /// What holds in a new shop in `zone`.
    pub fn new(zone: Zone) -> Self {
        let quiet_from = TimeOfDay::new(18, 0).unwrap_or(TimeOfDay::MIDNIGHT);
        let quiet_to = TimeOfDay::new(8, 0).unwrap_or(TimeOfDay::MIDNIGHT);
        Self {
            business: "My business".to_owned(),
            calendar: WorkingCalendar::nine_to_six(zone),
            currency: Currency::USD,
            lead_days: 5,
            usual_effort: 60,
            idle_days: 5,
            quiet: QuietHours { on: true, from: quiet_from, to: quiet_to },
            on_close: None,
            appearance: Appearance::System,
        }
    }

    /// What is wrong with these settings.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |bad: bool, field: &str, is: &str| {
            if bad {
                problems.push(Problem::new(field, is));
            }
        };
        wrong(self.business.trim().is_empty(), "business", "Give your business a name.");
        wrong(
            self.business.chars().count() > 120,
            "business",
            "The name is too long; 120 letters are enough.",
        );
        wrong(self.lead_days > 366, "lead_days", "A lead time is at most 366 working days.");
        wrong(self.usual_effort > 60_000, "usual_effort", "The usual effort is at most 1,000 hours.");
        wrong(!(1..=366).contains(&self.idle_days), "idle_days", "Choose between 1 and 366 working days.");
        problems.extend(
            self.calendar
                .problems()
                .into_iter()
                .map(|problem| Problem { field: format!("calendar.{}", problem.field), ..problem }),
        );
        problems
    }
}
