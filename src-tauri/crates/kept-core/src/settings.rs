//! What the owner has set.

use crate::alert::AlertSettings;
use crate::calendar::WorkingCalendar;
use crate::commitment::is_default;
use crate::day::{TimeOfDay, Zone};
use crate::list::SavedView;
use crate::money::Currency;
use crate::problem::Problem;
use crate::tell::TellKind;
use crate::template::{self, MessageTemplate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What the owner has set; every field has a value that works from the first start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
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
    /// The size of the text on the screen, in percent.
    #[serde(default = "usual::text_size")]
    pub text_size: u32,
    /// The language tag by whose customs dates are written (`en-GB`); as the system if none is named.
    #[serde(default)]
    pub date_format: Option<String>,
    /// The language tag by whose customs numbers and amounts are written; as the system if none is named.
    #[serde(default)]
    pub number_format: Option<String>,
    /// The first day of a week on the screen.
    #[serde(default)]
    pub week_starts: WeekStart,
    /// How often a date may move.
    #[serde(default)]
    pub move_rule: MoveRule,
    /// Working days after which somebody who is waited for is chased.
    #[serde(default = "usual::chase_days")]
    pub chase_days: u32,
    /// So many later promises that were worked on before an earlier one mean that it is squeezed out.
    #[serde(default = "usual::squeezed_by")]
    pub squeezed_by: u32,
    /// Keys that the owner has given to actions, by the action's name; nothing for one whose key was taken away.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
    /// Lists that the owner has given a name, in the order of their tabs.
    #[serde(default)]
    pub views: Vec<SavedView>,
    /// Messages to customers in the owner's own words; the usual ones where nothing is said.
    #[serde(default)]
    pub messages: BTreeMap<TellKind, MessageTemplate>,
    /// Minutes of opening within which a customer who writes to us has an answer.
    #[serde(default = "usual::reply_minutes")]
    pub reply_minutes: u32,
    /// A delay of no more than so many days is taken as agreed to by a customer who does not answer.
    #[serde(default = "usual::silence_days")]
    pub silence_days: u32,
    /// Which alerts there are, and how they are announced.
    #[serde(default)]
    pub alerts: AlertSettings,
    /// The key that opens quick add wherever the owner is on her desktop: `Ctrl+Alt+K`; none if she wants none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub quick_add_key: Option<String>,
    /// The folder in which new exports appear, to be offered; none is watched unless it is named.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exports_folder: Option<String>,
    /// A second folder for backups, such as one on a stick; none unless it is named.
    #[serde(default, skip_serializing_if = "is_default")]
    pub backup_folder: Option<String>,
    /// The folder in which a calendar is kept up to date; in none unless it is named.
    #[serde(default, skip_serializing_if = "is_default")]
    pub calendar_folder: Option<String>,
}

/// What holds where an older Kept has written the settings.
mod usual {
    pub(super) const fn text_size() -> u32 {
        100
    }

    pub(super) const fn chase_days() -> u32 {
        2
    }

    pub(super) const fn squeezed_by() -> u32 {
        3
    }

    pub(super) const fn reply_minutes() -> u32 {
        120
    }

    pub(super) const fn silence_days() -> u32 {
        30
    }
}

/// The first day of a week on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WeekStart {
    /// Monday.
    #[default]
    Monday,
    /// Sunday.
    Sunday,
    /// Saturday.
    Saturday,
}

/// How often a date may move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MoveRule {
    /// As often as it has to.
    #[default]
    Free,
    /// Once, before it has lapsed, and with a note to the customer: the rule of Etsy.
    OnceBeforeItLapses,
}

/// The hours in which notifications are held, never dropped; closed days are quiet as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OnClose {
    /// Kept goes on watching, in the tray where there is one.
    KeepWatching,
    /// Kept quits.
    Quit,
}

/// Light, dark, or as the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
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
            text_size: usual::text_size(),
            date_format: None,
            number_format: None,
            week_starts: WeekStart::Monday,
            move_rule: MoveRule::Free,
            chase_days: usual::chase_days(),
            squeezed_by: usual::squeezed_by(),
            keys: BTreeMap::new(),
            views: Vec::new(),
            messages: BTreeMap::new(),
            reply_minutes: usual::reply_minutes(),
            silence_days: usual::silence_days(),
            alerts: AlertSettings::default(),
            quick_add_key: None,
            exports_folder: None,
            backup_folder: None,
            calendar_folder: None,
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
        wrong(!(80..=150).contains(&self.text_size), "text_size", "Choose between 80 % and 150 %.");
        wrong(!(1..=60).contains(&self.chase_days), "chase_days", "Choose between 1 and 60 working days.");
        wrong(!(1..=100).contains(&self.squeezed_by), "squeezed_by", "Choose between 1 and 100 promises.");
        wrong(
            !(15..=60_000).contains(&self.reply_minutes),
            "reply_minutes",
            "Choose between 15 minutes and 1,000 hours.",
        );
        wrong(!(1..=366).contains(&self.silence_days), "silence_days", "Choose between 1 and 366 days.");
        for (field, tag) in [("date_format", &self.date_format), ("number_format", &self.number_format)] {
            let bad = tag.as_ref().is_some_and(|tag| !is_language_tag(tag));
            wrong(bad, field, "Kept does not know this language.");
        }
        let key = self.quick_add_key.as_deref();
        wrong(
            key.is_some_and(|key| !is_desktop_key(key)),
            "quick_add_key",
            "Choose a letter, a figure or F1 to F12 together with Ctrl, Alt or Super.",
        );
        problems.extend(key_problems(&self.keys));
        problems.extend(SavedView::problems(&self.views));
        problems.extend(template::problems(&self.messages));
        problems.extend(self.alerts.problems());
        problems.extend(
            self.calendar
                .problems()
                .into_iter()
                .map(|problem| Problem { field: format!("calendar.{}", problem.field), ..problem }),
        );
        problems
    }
}

/// Whether a text has the shape of a language tag: `de`, `en-GB`, `zh-Hant-TW`. Whether it exists the UI's formatter knows.
fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && text.len() <= 35
}

/// Whether a key can be taken on the whole desktop: one that nobody types. `Ctrl+Alt+K`, `Super+Shift+F9`.
fn is_desktop_key(key: &str) -> bool {
    let mut parts: Vec<&str> = key.split('+').collect();
    let last = parts.pop().unwrap_or_default();
    let is_letter = last.len() == 1 && last.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    let is_function = last.strip_prefix('F').and_then(|it| it.parse().ok()).is_some_and(|it: u8| it <= 12);
    // Each at most once, and always in this order, so that one key is written in one way.
    let mut places =
        parts.iter().map(|part| ["Ctrl", "Alt", "Shift", "Super"].iter().position(|known| known == part));
    let in_order = places.clone().all(|place| place.is_some()) && places.clone().is_sorted_by(|a, b| a < b);
    (is_letter || is_function) && in_order && places.any(|place| place != Some(2))
}

/// A key belongs to one action, and is one letter or sign, alone or with the control key.
fn key_problems(keys: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut taken = BTreeMap::new();
    for (action, key) in keys.iter().take(KEYS_MOST + 1).filter(|(_, key)| !key.is_empty()) {
        let field = || format!("keys.{action}");
        let bare = key
            .strip_prefix("Ctrl+")
            .map_or(key.as_str(), |rest| rest.strip_prefix("Shift+").unwrap_or(rest));
        let mut letters = bare.chars();
        if !letters.next().is_some_and(|letter| !letter.is_whitespace() && !letter.is_control())
            || letters.next().is_some()
        {
            problems.push(Problem::new(field(), "Choose one letter or sign, alone or with Ctrl."));
        } else if taken.insert(key.to_lowercase(), action).is_some() {
            problems.push(Problem::new(field(), format!("{key} does something else already.")));
        }
    }
    if keys.len() > KEYS_MOST {
        problems.push(Problem::new("keys", "These are more keys than there are actions."));
    }
    problems
}

/// There are fewer actions than this.
const KEYS_MOST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::zone;

    fn check(change: impl Fn(&mut Settings), fields: &[&str]) {
        let mut settings = Settings::new(zone());
        change(&mut settings);
        let problems = settings.problems();
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), fields);
    }

    fn keys(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(action, key)| ((*action).to_owned(), (*key).to_owned())).collect()
    }

    #[test]
    fn every_setting_has_its_bounds() {
        check(|_| {}, &[]);
        check(|it| it.text_size = 79, &["text_size"]);
        check(|it| it.text_size = 150, &[]);
        check(|it| (it.chase_days, it.squeezed_by) = (0, 0), &["chase_days", "squeezed_by"]);
        check(|it| (it.reply_minutes, it.silence_days) = (0, 0), &["reply_minutes", "silence_days"]);
        check(|it| it.date_format = Some("en-GB".to_owned()), &[]);
        check(|it| it.number_format = Some("zh-Hant-TW".to_owned()), &[]);
        check(|it| it.date_format = Some("nowhere land".to_owned()), &["date_format"]);
        check(|it| it.number_format = Some("x".to_owned()), &["number_format"]);
    }

    #[test]
    fn a_key_belongs_to_one_action() {
        check(
            |it| it.keys = keys(&[("start_work", "B"), ("hand_over", "Ctrl+Shift+E"), ("snooze", "")]),
            &[],
        );
        check(|it| it.keys = keys(&[("hand_over", "b"), ("start_work", "B")]), &["keys.start_work"]);
        check(|it| it.keys = keys(&[("hand_over", "Alt+E")]), &["keys.hand_over"]);
        check(|it| it.keys = keys(&[("hand_over", " ")]), &["keys.hand_over"]);
    }

    #[test]
    fn a_key_on_the_whole_desktop_is_one_that_nobody_types() {
        for key in ["Ctrl+Alt+K", "Super+N", "Alt+Shift+7", "Ctrl+F12"] {
            check(|it| it.quick_add_key = Some(key.to_owned()), &[]);
        }
        for key in [
            "",
            "K",
            "Shift+K",
            "Alt+Ctrl+K",
            "Ctrl+Ctrl+K",
            "Ctrl+k",
            "Ctrl+F13",
            "Ctrl+",
            "Hyper+K",
            "Ctrl+KK",
        ] {
            check(|it| it.quick_add_key = Some(key.to_owned()), &["quick_add_key"]);
        }
    }

    #[test]
    fn settings_of_an_older_kept_are_read() {
        let new = Settings::new(zone());
        let mut old = serde_json::to_value(&new).unwrap();
        let fields = [
            "text_size",
            "week_starts",
            "move_rule",
            "chase_days",
            "squeezed_by",
            "messages",
            "reply_minutes",
            "silence_days",
            "alerts",
        ];
        for field in fields {
            old.as_object_mut().unwrap().remove(field);
        }
        assert_eq!(serde_json::from_value::<Settings>(old).unwrap(), new);
    }
}
