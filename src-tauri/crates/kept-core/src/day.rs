//! Days, times and instants.
//!
//! A promised date is a [`Day`] on the owner's calendar, never an instant: the instant is computed from it when
//! it is needed, in one place ([`Zone::instant`]), and again when the zone changes. What *happened* is a [`Stamp`].

use chrono::format::{Item, Parsed, StrftimeItems};
use chrono::{
    DateTime, Datelike, Days, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
    Timelike, Utc, Weekday,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;
use ts_rs::TS;

/// A day on the calendar: `"2026-03-01"` on disk, on the wire and in the UI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(export, type = "string")]
pub struct Day(NaiveDate);

impl Day {
    /// The first day that Kept takes as a promised date: before it lies a typing error.
    pub const FIRST: Self = Self(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap());
    /// The last day that Kept takes as a promised date: behind it lies a typing error ("20260").
    pub const LAST: Self = Self(NaiveDate::from_ymd_opt(2199, 12, 31).unwrap());

    /// The day, if there is one and it lies between [`Day::FIRST`] and [`Day::LAST`].
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).and_then(Self::within)
    }

    /// The day, if it lies between [`Day::FIRST`] and [`Day::LAST`].
    pub fn within(date: NaiveDate) -> Option<Self> {
        let day = Self(date);
        (Self::FIRST <= day && day <= Self::LAST).then_some(day)
    }

    /// The date, for calendar arithmetic.
    pub const fn date(self) -> NaiveDate {
        self.0
    }

    /// This day moved by a number of calendar days; stays within what a date can hold.
    pub fn plus(self, days: i64) -> Self {
        let by = Days::new(days.unsigned_abs());
        let moved = if days < 0 { self.0.checked_sub_days(by) } else { self.0.checked_add_days(by) };
        Self(moved.unwrap_or(self.0))
    }

    /// Calendar days from `earlier` to this day; negative when this day lies before it.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_days()
    }

    /// The day of the week, Monday first.
    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// In words: `Fri 20 Nov`, with the year when it is not the year of `today`.
    pub fn words(self, today: Self) -> String {
        let format = if self.0.year() == today.0.year() { "%a %-d %b" } else { "%a %-d %b %Y" };
        self.0.format(format).to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        iso_date(text)
            .and_then(Self::within)
            .ok_or_else(|| format!("“{text}” is not a day between {} and {}", Self::FIRST, Self::LAST))
    }
}

/// A calendar's date as ISO 8601 has it.
pub(crate) fn iso_date(text: &str) -> Option<NaiveDate> {
    static ISO: LazyLock<Pattern> = LazyLock::new(|| pattern("%Y-%m-%d"));
    parsed(text, &ISO)?.to_naive_date().ok()
}

/// How something is written. It is taken apart once, for it is read in every record and in every line of an import.
pub(crate) type Pattern = Vec<Item<'static>>;

pub(crate) fn pattern(strftime: &'static str) -> Pattern {
    StrftimeItems::new(strftime).collect()
}

/// What a text says that is written like this.
pub(crate) fn parsed(text: &str, pattern: &Pattern) -> Option<Parsed> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, pattern.iter()).ok()?;
    Some(parsed)
}

/// A time of day to the minute: `"15:00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(export, type = "string")]
pub struct TimeOfDay(NaiveTime);

impl TimeOfDay {
    /// Midnight, at which a day begins.
    pub const MIDNIGHT: Self = Self(NaiveTime::MIN);

    /// The middle of a day.
    pub const NOON: Self = Self(NaiveTime::from_hms_opt(12, 0, 0).expect("noon is on every clock"));

    /// The time, if the clock has it.
    pub fn new(hour: u32, minute: u32) -> Option<Self> {
        NaiveTime::from_hms_opt(hour, minute, 0).map(Self)
    }

    /// The time as chrono has it.
    pub const fn time(self) -> NaiveTime {
        self.0
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> u32 {
        self.0.hour() * 60 + self.0.minute()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl FromStr for TimeOfDay {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        NaiveTime::parse_from_str(text, "%H:%M")
            .map(Self)
            .map_err(|_| format!("“{text}” is not a time of day like 15:00"))
    }
}

/// An instant at which something happened, to the millisecond, as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(export, type = "string")]
pub struct Stamp(DateTime<Utc>);

impl Stamp {
    /// Before anything that Kept knows of happened.
    pub const BEGINNING: Self = Self(DateTime::UNIX_EPOCH);

    /// An instant, cut to the millisecond.
    pub fn new(instant: DateTime<Utc>) -> Self {
        Self::from_millis(instant.timestamp_millis())
    }

    /// An instant by its milliseconds since 1970; what lies outside of the calendar becomes 1970.
    pub fn from_millis(millis: i64) -> Self {
        Self(DateTime::from_timestamp_millis(millis).unwrap_or_default())
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// The instant as chrono has it.
    pub const fn instant(self) -> DateTime<Utc> {
        self.0
    }

    /// This instant moved by minutes.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.checked_add_signed(Duration::minutes(minutes)).unwrap_or(self.0))
    }

    /// Whole minutes from `earlier` to this instant, towards zero.
    pub fn minutes_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_minutes()
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    }
}

impl FromStr for Stamp {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        DateTime::parse_from_rfc3339(text)
            .map(|instant| Self::new(instant.to_utc()))
            .map_err(|_| format!("“{text}” is not an instant like 2026-11-21T09:41:00Z"))
    }
}

/// An IANA time zone, such as `Europe/Paris`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, TS)]
#[ts(export, type = "string")]
pub struct Zone(chrono_tz::Tz);

impl Zone {
    /// Universal time, for a machine that does not say where it stands.
    pub const UTC: Self = Self(chrono_tz::Tz::UTC);

    /// The instant at which the clocks of this zone show `time` on `day`.
    ///
    /// A local time that does not exist (spring) moves forward by the gap; one that exists twice (autumn) is the
    /// first, as RFC 5545 has it for recurring events.
    pub fn instant(self, day: Day, time: TimeOfDay) -> Stamp {
        let local = day.0.and_time(time.0);
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Stamp::new(instant.to_utc()),
            LocalResult::None => self.after_the_gap(local),
        }
    }

    /// The wall clock of this zone at an instant.
    pub fn wall(self, stamp: Stamp) -> (Day, TimeOfDay) {
        let local = stamp.0.with_timezone(&self.0).naive_local();
        let minute = NaiveTime::from_hms_opt(local.hour(), local.minute(), 0).unwrap_or(NaiveTime::MIN);
        (Day(local.date()), TimeOfDay(minute))
    }

    /// The day in this zone at an instant.
    pub fn day(self, stamp: Stamp) -> Day {
        self.wall(stamp).0
    }

    /// The first instant of a day.
    pub fn midnight(self, day: Day) -> Stamp {
        self.instant(day, TimeOfDay::MIDNIGHT)
    }

    fn after_the_gap(self, local: NaiveDateTime) -> Stamp {
        // The offset that held before the gap, applied to a wall time inside it, lands behind the gap by
        // exactly as much as the clocks were moved.
        let before = self.0.offset_from_utc_datetime(&(local - Duration::days(1))).fix();
        Stamp::new((local - Duration::seconds(i64::from(before.local_minus_utc()))).and_utc())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for Zone {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("there is no time zone “{text}”"))
    }
}

/// The moment at which a question is asked, as the business's clocks and as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The instant.
    pub stamp: Stamp,
    /// The day in the business's zone.
    pub today: Day,
    /// The time of day in the business's zone.
    pub time: TimeOfDay,
}

impl Now {
    /// The moment `stamp` as a business in `zone` sees it.
    pub fn at(stamp: Stamp, zone: Zone) -> Self {
        let (today, time) = zone.wall(stamp);
        Self { stamp, today, time }
    }
}

/// The hours of a due day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Hours {
    /// Any time before the business day ends.
    AnyTime,
    /// At a time of day.
    At {
        /// The time promised.
        time: TimeOfDay,
    },
    /// Within a window; late is after its end.
    Between {
        /// The beginning of the window.
        from: TimeOfDay,
        /// The end of the window.
        to: TimeOfDay,
    },
}

/// When something is due: a local date, or one with a time or a window, in the business's zone or another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Due {
    /// The day promised.
    pub day: Day,
    /// The hours of that day.
    pub hours: Hours,
    /// The zone whose clocks count; the business's own if none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub zone: Option<Zone>,
}

impl Due {
    /// Due on a day, at any time before the business closes.
    pub const fn on(day: Day) -> Self {
        Self { day, hours: Hours::AnyTime, zone: None }
    }

    /// Due at a time of a day.
    pub const fn at(day: Day, time: TimeOfDay) -> Self {
        Self { day, hours: Hours::At { time }, zone: None }
    }

    /// In words: `Fri 20 Nov`, `Fri 20 Nov, 17:00`, `Fri 20 Nov, 14:00 to 16:00`.
    pub fn words(&self, today: Day) -> String {
        let day = self.day.words(today);
        let hours = match self.hours {
            Hours::AnyTime => day,
            Hours::At { time } => format!("{day}, {time}"),
            Hours::Between { from, to } => format!("{day}, {from} to {to}"),
        };
        self.zone.map_or(hours.clone(), |zone| format!("{hours} ({zone})"))
    }
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}
as_text!(Day, TimeOfDay, Stamp, Zone);

/// How each of them stands in the schema of an export.
macro_rules! text_in_schema {
    ($($name:ident, $says:literal, $pattern:literal;)*) => {$(
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $says, "pattern": $pattern })
            }
        }
    )*};
}
text_in_schema! {
    Day, "A day on the calendar: 2026-03-01.", r"^\d{4}-\d{2}-\d{2}$";
    TimeOfDay, "A time of day to the minute: 15:00.", r"^\d{2}:\d{2}$";
    Stamp, "An instant in universal time, to the millisecond: 2026-11-21T09:41:00.000Z.", r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$";
    Zone, "A time zone by its name: Europe/Paris.", r"^[A-Za-z0-9_+/-]+$";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, wall: (&str, &str), utc: &str) {
        let zone: Zone = zone.parse().unwrap();
        let instant = zone.instant(wall.0.parse().unwrap(), wall.1.parse().unwrap());
        assert_eq!(instant, utc.parse().unwrap(), "{} {} in {zone}", wall.0, wall.1);
    }

    #[test]
    fn a_local_time_becomes_the_instant_its_clocks_show() {
        check("Europe/Paris", ("2026-11-21", "09:00"), "2026-11-21T08:00:00Z");
        check("America/New_York", ("2026-11-21", "09:00"), "2026-11-21T14:00:00Z");
    }

    #[test]
    fn a_time_that_spring_skips_moves_forward_by_the_gap() {
        check("Europe/Paris", ("2026-03-29", "02:30"), "2026-03-29T01:30:00Z");
        check("Australia/Lord_Howe", ("2026-10-04", "02:10"), "2026-10-03T15:40:00Z");
        // A zone whose clocks skip midnight itself.
        check("America/Santiago", ("2026-09-06", "00:00"), "2026-09-06T04:00:00Z");
    }

    #[test]
    fn a_time_that_autumn_repeats_is_the_first_of_the_two() {
        check("Europe/Paris", ("2026-10-25", "02:30"), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn a_day_in_the_year_20260_is_refused() {
        assert!("20260-01-01".parse::<Day>().is_err());
        assert!("2026-02-30".parse::<Day>().is_err());
        assert!("1850-01-01".parse::<Day>().is_err());
        assert_eq!("2026-02-28".parse::<Day>().unwrap().plus(1).to_string(), "2026-03-01");
    }

    #[test]
    fn a_due_date_reads_as_one_would_say_it() {
        let today = Day::new(2026, 11, 21).unwrap();
        let friday = Day::new(2026, 11, 27).unwrap();
        assert_eq!(Due::on(friday).words(today), "Fri 27 Nov");
        assert_eq!(Due::at(friday, TimeOfDay::new(15, 0).unwrap()).words(today), "Fri 27 Nov, 15:00");
        assert_eq!(Due::on(Day::new(2027, 1, 4).unwrap()).words(today), "Mon 4 Jan 2027");
    }
}
