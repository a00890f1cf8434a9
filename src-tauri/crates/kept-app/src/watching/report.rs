//! The watch report: silence means something only if Kept says when it did not watch.

use super::{notices, rows};
use crate::Kept;
use kept_core::alert::{Away, away_words, came_due, near};
use kept_core::day::{Now, Stamp, Zone};
use kept_core::views::WatchReport;
use serde::{Deserialize, Serialize};

/// A report names so many things that came due; the others are counted.
const NAMED: usize = 10;
/// It is shown for so long.
const SHOWN_HOURS: i64 = 24;

/// A time in which nobody looked, and what came due in it, as it was found then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Since when.
    pub from: Stamp,
    /// Until when.
    pub to: Stamp,
    /// Why, if it is known.
    pub why: Why,
    /// How many things came due.
    pub count: usize,
    /// The most urgent of them, in words.
    pub came_due: Vec<String>,
}

/// Why nobody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// Kept was quit on purpose.
    Quit,
    /// Kept was ended otherwise.
    Crashed,
    /// The computer slept, or its clock was set.
    Slept,
    /// The owner had paused the watch.
    Paused,
}

impl Report {
    /// As it is shown; none once it is old.
    pub(crate) fn view(&self, now: &Now, zone: Zone) -> Option<WatchReport> {
        if now.stamp.minutes_since(self.to) > SHOWN_HOURS * 60 {
            return None;
        }
        let who = match self.why {
            Why::Quit => "Kept was off",
            Why::Crashed => "Kept was ended without being quit and was off",
            Why::Slept => "The computer slept",
            Why::Paused => "You had paused the watch",
        };
        let away = Away { from: Some(self.from), to: self.to };
        let words = away_words(who, &away, self.count, now, zone);
        Some(WatchReport { from: self.from, to: self.to, words, came_due: self.came_due.clone() })
    }
}

/// Reports a time in which nobody looked. If it cannot be stored it is shown all the same.
pub(super) async fn make(kept: &Kept, away: Away, why: Why) {
    let Some(from) = away.from else { return };
    let now = kept.at(away.to);
    let (count, came_due) = kept.with_alerts(|shop, alerts| {
        let settings = &shop.settings.it;
        let found = came_due(&alerts.plans().collect::<Vec<_>>(), alerts.ledger, settings, &away);
        let named = found.iter().take(NAMED).filter_map(|(id, at)| {
            Some(format!(
                "{} ({})",
                notices::title_of(shop, id, &now)?,
                near(*at, &now, settings.calendar.zone)
            ))
        });
        let mut lines: Vec<String> = named.collect();
        if found.len() > NAMED {
            lines.push(format!("and {} more", found.len() - NAMED));
        }
        (found.len(), lines)
    });
    let report = Report { from, to: away.to, why, count, came_due };
    // What fails was logged where it became a failure.
    let _ = rows::write_report(kept, &report).await;
    kept.0.watching.state().report = Some(report);
}
