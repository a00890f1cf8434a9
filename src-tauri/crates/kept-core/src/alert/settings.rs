//! What the owner has set about alerts.

use super::AlertKind;
use crate::id::CustomerId;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// What the owner has set about alerts; every field has a value that works from the first start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(default)]
#[ts(export)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct AlertSettings {
    /// The kinds for which the owner has set something; the others are as usual.
    pub kinds: BTreeMap<AlertKind, KindSettings>,
    /// Customers about whom notifications come in the quiet hours as well.
    pub let_through: BTreeSet<CustomerId>,
    /// Whether any notification may make a sound.
    pub sound: bool,
    /// Notifications name neither what was promised nor to whom.
    pub private: bool,
    /// Where no notification can be shown, the window comes to the front for what is overdue.
    pub raise_window: bool,
    /// One notification at opening says what the day brings.
    pub morning: bool,
    /// One notification before closing says what begins on the next working day and whom to tell.
    pub evening: bool,
}

/// What the owner has set about one kind of alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct KindSettings {
    /// Whether there are alerts of this kind at all.
    pub on: bool,
    /// Whether its notifications make a sound.
    pub sound: bool,
    /// Whether its notifications come in the quiet hours as well.
    pub let_through: bool,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self {
            kinds: BTreeMap::new(),
            let_through: BTreeSet::new(),
            sound: true,
            private: false,
            raise_window: false,
            morning: true,
            evening: true,
        }
    }
}

impl KindSettings {
    /// What holds for a kind until the owner has said otherwise.
    pub const fn usual(kind: AlertKind) -> Self {
        Self { on: true, sound: kind.rings(), let_through: false }
    }
}

impl AlertSettings {
    /// What holds for a kind.
    pub fn of(&self, kind: AlertKind) -> KindSettings {
        self.kinds.get(&kind).copied().unwrap_or(KindSettings::usual(kind))
    }

    /// Sets what holds for a kind.
    pub fn set(&mut self, kind: AlertKind, settings: KindSettings) {
        if settings == KindSettings::usual(kind) {
            self.kinds.remove(&kind);
        } else {
            self.kinds.insert(kind, settings);
        }
    }

    /// Whether a notification about this comes in the quiet hours as well.
    pub fn lets_through(&self, kind: AlertKind, customer: Option<CustomerId>) -> bool {
        self.of(kind).let_through || customer.is_some_and(|customer| self.let_through.contains(&customer))
    }

    /// Whether a notification about this makes a sound: a second chance always does.
    pub fn rings(&self, kind: AlertKind, second_chance: bool) -> bool {
        self.sound && (second_chance || self.of(kind).sound)
    }

    /// What is wrong with these settings.
    pub fn problems(&self) -> Vec<Problem> {
        let off = self.kinds.iter().filter(|(kind, settings)| !settings.on && !kind.can_be_off());
        let off = off.map(|(kind, _)| {
            let is = "That a promise is overdue is always said. Quiet hours and the sound can be changed.";
            Problem::new(format!("alerts.kinds.{}", kind.name()), is)
        });
        off.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_as_usual_is_not_kept() {
        let mut settings = AlertSettings::default();
        let silent = KindSettings { sound: false, ..KindSettings::usual(AlertKind::Overdue) };
        settings.set(AlertKind::Overdue, silent);
        assert!(!settings.rings(AlertKind::Overdue, false));
        assert!(settings.rings(AlertKind::DueSoon, true), "a second chance");
        settings.set(AlertKind::Overdue, KindSettings::usual(AlertKind::Overdue));
        assert_eq!(settings, AlertSettings::default());
        assert!(settings.rings(AlertKind::Overdue, false) && !settings.rings(AlertKind::Due, false));
        settings.sound = false;
        assert!(!settings.rings(AlertKind::Overdue, true));
    }

    #[test]
    fn exceptions_from_the_quiet_hours_are_by_kind_or_by_customer() {
        let mut settings = AlertSettings::default();
        let maria = CustomerId::new(Uuid::from_u128(1));
        assert!(!settings.lets_through(AlertKind::Due, Some(maria)));
        settings.let_through.insert(maria);
        assert!(settings.lets_through(AlertKind::Due, Some(maria)));
        assert!(!settings.lets_through(AlertKind::Due, None));
        settings
            .set(AlertKind::Due, KindSettings { let_through: true, ..KindSettings::usual(AlertKind::Due) });
        assert!(settings.lets_through(AlertKind::Due, None));
    }

    #[test]
    fn nobody_switches_off_that_a_promise_is_overdue() {
        let mut settings = AlertSettings::default();
        let off = |kind| KindSettings { on: false, ..KindSettings::usual(kind) };
        settings.set(AlertKind::DueSoon, off(AlertKind::DueSoon));
        assert_eq!(settings.problems(), []);
        settings.set(AlertKind::Overdue, off(AlertKind::Overdue));
        assert_eq!(settings.problems()[0].field, "alerts.kinds.overdue");
    }

    #[test]
    fn settings_of_an_older_kept_are_read() {
        assert_eq!(serde_json::from_str::<AlertSettings>("{}").unwrap(), AlertSettings::default());
    }
}
