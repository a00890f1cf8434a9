//! Backups: why one was made, and which of them are no longer needed.

use crate::day::{Day, Stamp};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// So many days keep their newest backup,
const DAYS: usize = 7;
/// so many weeks,
const WEEKS: usize = 5;
/// and so many months.
const MONTHS: usize = 12;

/// So many days without a good backup are too many.
const DAYS_WITHOUT: i64 = 3;

/// From when on a good backup is missed, if the last one was made at an instant.
pub fn missed_from(last: Stamp) -> Stamp {
    last.plus_minutes(DAYS_WITHOUT * 24 * 60)
}

/// Why a backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BackupReason {
    /// The owner asked for it.
    ByHand,
    /// A day had begun.
    Daily,
    /// A file was about to be brought in.
    BeforeImport,
    /// Another backup was about to be restored.
    BeforeRestore,
    /// A newer Kept was about to change the shape of all data.
    BeforeSchemaStep,
}

impl BackupReason {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ByHand => "Made by hand",
            Self::Daily => "Made at the beginning of the day",
            Self::BeforeImport => "Made before an import",
            Self::BeforeRestore => "Made before another backup was restored",
            Self::BeforeSchemaStep => "Made before Kept was renewed",
        }
    }

    /// Whether it was made because much was about to change: the newest of each of these is the way back.
    const fn is_way_back(self) -> bool {
        match self {
            Self::BeforeImport | Self::BeforeRestore | Self::BeforeSchemaStep => true,
            Self::ByHand | Self::Daily => false,
        }
    }
}

/// What decides whether a backup is still needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeBackup {
    /// When it was made.
    pub at: Stamp,
    /// The day of that, by the clocks of the business.
    pub day: Day,
    /// Why.
    pub why: BackupReason,
    /// How many promises and customers it holds.
    pub records: u64,
}

/// Which of these backups are no longer needed, by their places in the list. Of two of one instant that which stands later
/// is the newer.
///
/// Kept are the newest of each of 7 days, 5 weeks and 12 months, and the newest way back of each kind. A backup that
/// holds more than twice as much as every newer one that is kept stays as well: if most of the data is lost without
/// anybody noticing, the backups of what is left never push out the last one that had it all.
pub fn superfluous(backups: &[MadeBackup]) -> Vec<usize> {
    let mut newest_first: Vec<usize> = (0..backups.len()).collect();
    newest_first.sort_by_key(|place| (std::cmp::Reverse(backups[*place].at), std::cmp::Reverse(*place)));
    let (mut days, mut weeks, mut months) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut ways_back, mut most, mut superfluous) = (BTreeSet::new(), 0, Vec::new());
    for place in newest_first {
        let backup = &backups[place];
        let date = backup.day.date();
        let takes = [
            days.len() < DAYS && days.insert(backup.day),
            weeks.len() < WEEKS && weeks.insert((date.iso_week().year(), date.iso_week().week())),
            months.len() < MONTHS && months.insert((date.year(), date.month())),
            backup.why.is_way_back() && ways_back.insert(backup.why),
            backup.records / 2 > most,
        ];
        if takes.contains(&true) {
            most = most.max(backup.records);
        } else {
            superfluous.push(place);
        }
    }
    superfluous.sort_unstable();
    superfluous
}

/// How long backups last that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The day on which the last of those goes that go by themselves; none if none does.
    pub last_goes: Option<Day>,
    /// How many stay until a newer one of their kind is made.
    pub stay: u32,
}

/// Backups are looked after for so many days: longer than any that goes by itself stays.
const LASTS_DAYS: i64 = 400;

/// How long backups last if another one is made on each day from tomorrow on, and they are cleared away each time.
pub fn rotation(made: &[MadeBackup], today: Day) -> Rotation {
    let records = made.iter().map(|backup| backup.records).max().unwrap_or_default();
    // The first of each pair says whether it is one of those that there are.
    let mut all: Vec<(bool, MadeBackup)> = made.iter().map(|backup| (true, *backup)).collect();
    let newest = made.iter().map(|backup| backup.at).max().unwrap_or(Stamp::BEGINNING);
    let mut last_goes = None;
    for ahead in 1..=LASTS_DAYS {
        let day = today.plus(ahead);
        let at = newest.plus_minutes(ahead * 24 * 60);
        all.push((false, MadeBackup { at, day, why: BackupReason::Daily, records }));
        let gone = superfluous(&all.iter().map(|(_, backup)| *backup).collect::<Vec<_>>());
        if gone.iter().any(|place| all[*place].0) {
            last_goes = Some(day);
        }
        let mut place = 0;
        all.retain(|_| {
            place += 1;
            gone.binary_search(&(place - 1)).is_err()
        });
    }
    let stay = all.iter().filter(|(there, _)| *there).count();
    Rotation { last_goes, stay: u32::try_from(stay).unwrap_or(u32::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn made(day: &str, hour: i64, records: u64, why: BackupReason) -> MadeBackup {
        let day: Day = day.parse().unwrap();
        let midnight: Stamp = format!("{day}T00:00:00Z").parse().unwrap();
        MadeBackup { at: midnight.plus_minutes(hour * 60), day, why, records }
    }

    /// Backups as they were made, and the places of those that are still needed.
    fn check(backups: &[(&str, i64, u64, BackupReason)], kept: &[usize]) {
        let all: Vec<MadeBackup> =
            backups.iter().map(|(day, hour, records, why)| made(day, *hour, *records, *why)).collect();
        let superfluous = superfluous(&all);
        let left: Vec<usize> = (0..all.len()).filter(|place| !superfluous.contains(place)).collect();
        assert_eq!(left, kept, "{backups:?}");
    }

    #[test]
    fn the_newest_of_each_day_is_kept_and_the_last_that_had_it_all() {
        use BackupReason::{BeforeImport, BeforeRestore, ByHand, Daily};
        check(&[], &[]);
        check(&[("2026-11-20", 9, 100, Daily)], &[0]);
        // Of one day the newest.
        check(&[("2026-11-20", 9, 100, Daily), ("2026-11-20", 12, 100, ByHand)], &[1]);
        // Of one instant the one that stands later.
        check(&[("2026-11-20", 9, 100, BeforeImport), ("2026-11-20", 9, 100, ByHand)], &[0, 1]);
        check(&[("2026-11-20", 9, 100, Daily), ("2026-11-20", 9, 100, ByHand)], &[1]);
        // In whichever order they are listed.
        check(&[("2026-11-20", 12, 100, ByHand), ("2026-11-20", 9, 100, Daily)], &[0]);
        // The newest way back of each kind stays beside it.
        let ways_back = [
            ("2026-11-20", 8, 100, BeforeImport),
            ("2026-11-20", 9, 100, BeforeImport),
            ("2026-11-20", 10, 100, BeforeRestore),
            ("2026-11-20", 11, 100, ByHand),
        ];
        check(&ways_back, &[1, 2, 3]);
        // A small one does not push out a large one of the same day; one that is about as large does.
        check(&[("2026-11-20", 9, 100, Daily), ("2026-11-20", 12, 49, ByHand)], &[0, 1]);
        check(&[("2026-11-20", 9, 100, Daily), ("2026-11-20", 12, 50, ByHand)], &[1]);
        // Not even many small ones do.
        check(
            &[("2026-11-20", 9, 9, Daily), ("2026-11-20", 12, 1, ByHand), ("2026-11-20", 13, 1, ByHand)],
            &[0, 2],
        );
    }

    #[test]
    fn a_year_of_daily_backups_leaves_seven_days_five_weeks_and_twelve_months() {
        let first: Day = "2026-01-01".parse().unwrap();
        let all: Vec<MadeBackup> =
            (0..365).map(|day| made(&first.plus(day).to_string(), 9, 100, BackupReason::Daily)).collect();
        let superfluous = superfluous(&all);
        let left: Vec<String> = (0..365)
            .filter(|place| !superfluous.contains(place))
            .map(|place| all[place].day.to_string())
            .collect();
        let months = [
            "01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30",
        ];
        let weeks = ["12-06", "12-13", "12-20"];
        // The Sunday before is one of the seven days.
        let days = ["12-25", "12-26", "12-27", "12-28", "12-29", "12-30", "12-31"];
        let expected: Vec<String> =
            months.iter().chain(&weeks).chain(&days).map(|day| format!("2026-{day}")).collect();
        assert_eq!(left, expected);
    }

    /// Backups that there are on a day, when the last of them goes by itself, and how many stay.
    fn check_rotation(
        backups: &[(&str, i64, u64, BackupReason)],
        today: &str,
        goes: Option<&str>,
        stay: u32,
    ) {
        let all: Vec<MadeBackup> =
            backups.iter().map(|(day, hour, records, why)| made(day, *hour, *records, *why)).collect();
        let last_goes = goes.map(|day| day.parse().unwrap());
        assert_eq!(rotation(&all, today.parse().unwrap()), Rotation { last_goes, stay }, "{backups:?}");
    }

    #[test]
    fn it_is_known_when_the_last_backup_of_today_goes() {
        use BackupReason::{BeforeImport, ByHand, Daily};
        check_rotation(&[], "2026-11-22", None, 0);
        // The newest of its month stays until twelve newer months have one: a second one of the same day goes at once.
        check_rotation(&[("2026-11-30", 9, 100, Daily)], "2026-11-30", Some("2027-11-01"), 0);
        // One that is not the newest of its month goes when its week has left the five.
        check_rotation(&[("2026-11-22", 9, 100, Daily)], "2026-11-22", Some("2026-12-21"), 0);
        check_rotation(
            &[("2026-11-22", 9, 100, Daily), ("2026-11-22", 10, 100, ByHand)],
            "2026-11-22",
            Some("2026-12-21"),
            0,
        );
        // The way back from an import stays until there is a newer one.
        check_rotation(&[("2026-11-22", 9, 100, BeforeImport)], "2026-11-22", None, 1);
    }

    proptest! {
        #[test]
        fn something_about_as_large_and_at_least_as_new_stays_for_all_that_goes(
            made_up in prop::collection::vec((0..900_i64, 0..24_i64, 0..1_000_u64, 0..5_usize), 0..60)
        ) {
            use BackupReason::{BeforeImport, BeforeRestore, BeforeSchemaStep, ByHand, Daily};
            let first: Day = "2025-01-01".parse().unwrap();
            let reasons = [ByHand, Daily, BeforeImport, BeforeRestore, BeforeSchemaStep];
            let all: Vec<MadeBackup> = made_up
                .iter()
                .map(|(day, hour, records, why)| made(&first.plus(*day).to_string(), *hour, *records, reasons[*why]))
                .collect();
            let gone = superfluous(&all);
            let left: Vec<&MadeBackup> =
                (0..all.len()).filter(|place| !gone.contains(place)).map(|place| &all[place]).collect();
            for place in &gone {
                let backup = &all[*place];
                prop_assert!(left.iter().any(|other| other.at >= backup.at && other.records >= backup.records / 2));
            }
            // What is asked of what is left takes nothing more away.
            let again: Vec<MadeBackup> = left.iter().map(|backup| **backup).collect();
            prop_assert_eq!(superfluous(&again), Vec::<usize>::new());
            prop_assert!(all.is_empty() || !left.is_empty());
        }
    }
}
