//! Dates as the exports of the world write them. Which of two numbers is the day is never guessed: a file that shows it
//! nowhere is asked about.

use crate::day::{Day, Due, Stamp, TimeOfDay, Zone};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which of the two numbers in `03/04/26` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DateOrder {
    /// The 3rd of April, as in most of the world.
    DayFirst,
    /// The 4th of March, as in the United States.
    MonthFirst,
}

/// A date, and as much of a time as stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    date: NaiveDate,
    time: Option<NaiveTime>,
    offset: Option<FixedOffset>,
}

/// What a text shows about the order of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// It can only be read in this order.
    Order(DateOrder),
    /// It can be read in either, and means two different days.
    Either,
    /// It is no such date, or means the same day both ways.
    Nothing,
}

impl Moment {
    /// Reads a date with or without a time; none if the text is none.
    pub(super) fn read(text: &str, order: DateOrder) -> Option<Self> {
        // The commonest form by far, and the quickest.
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            let local = instant.naive_local();
            return Some(Self {
                date: local.date(),
                time: Some(local.time()),
                offset: Some(*instant.offset()),
            });
        }
        let mut tokens = Tokens::of(text)?;
        let date = tokens.date(order)?;
        let time = tokens.time()?;
        let offset = if time.is_some() { tokens.offset()? } else { None };
        tokens.is_done().then_some(Self { date, time, offset })
    }

    /// The instant; on the clocks of `zone` where the text names no offset, and at midnight where it names no time.
    /// None outside of the years that Kept takes.
    pub(super) fn stamp(self, zone: Zone) -> Option<Stamp> {
        let day = Day::within(self.date)?;
        let time = self.time.unwrap_or(NaiveTime::MIN);
        if let Some(offset) = self.offset {
            let instant = self.date.and_time(time).and_local_timezone(offset).single()?;
            return Some(Stamp::new(instant.to_utc()));
        }
        let minute = TimeOfDay::new(time.hour(), time.minute())?;
        let seconds = i64::from(time.second());
        Some(Stamp::from_millis(zone.instant(day, minute).millis() + 1_000 * seconds))
    }

    /// What is due then: on the day, or to the minute as the clocks of `zone` show it.
    pub(super) fn due(self, zone: Zone) -> Option<Due> {
        let day = Day::within(self.date)?;
        let Some(time) = self.time else { return Some(Due::on(day)) };
        if self.offset.is_some() {
            let (day, time) = zone.wall(self.stamp(zone)?);
            return Some(Due::at(day, time));
        }
        Some(Due::at(day, TimeOfDay::new(time.hour(), time.minute())?))
    }
}

impl Shows {
    /// What one text shows.
    pub(super) fn of(text: &str) -> Self {
        let Some(mut tokens) = Tokens::of(text) else { return Self::Nothing };
        let Some([Field::Number(first, few), Field::Number(second, _), Field::Number(_, _)]) =
            tokens.fields()
        else {
            return Self::Nothing;
        };
        if few > 2 || tokens.dotted || first == second {
            return Self::Nothing;
        }
        match (first > 12, second > 12) {
            (true, false) => Self::Order(DateOrder::DayFirst),
            (false, true) => Self::Order(DateOrder::MonthFirst),
            (false, false) => Self::Either,
            (true, true) => Self::Nothing,
        }
    }
}

/// A part of a date.
#[derive(Clone, Copy)]
enum Field {
    /// A number, and how many digits it has.
    Number(u32, usize),
    /// A month by its name.
    Month(u32),
}

#[derive(Clone, Copy, PartialEq)]
enum Token<'t> {
    Number(u32, usize),
    Word(&'t str),
    Mark(char),
}

/// The longest text that is looked at: a date with a weekday, a time and a zone is shorter.
const LONGEST: usize = 48;

struct Tokens<'t> {
    all: Vec<Token<'t>>,
    at: usize,
    /// The day and the month are parted by points, which is written in one order only.
    dotted: bool,
}

impl<'t> Tokens<'t> {
    fn of(text: &'t str) -> Option<Self> {
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let mut all = Vec::with_capacity(16);
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let of_kind = |kind: fn(char) -> bool| rest.find(|c| !kind(c)).unwrap_or(rest.len());
            let (token, end) = if first.is_ascii_digit() {
                let end = of_kind(|c| c.is_ascii_digit());
                (Token::Number(rest[..end].parse().ok()?, end), end)
            } else if first.is_alphabetic() {
                let end = of_kind(char::is_alphabetic);
                (Token::Word(&rest[..end]), end)
            } else {
                (Token::Mark(if first.is_whitespace() { ' ' } else { first }), first.len_utf8())
            };
            all.push(token);
            rest = &rest[end..];
        }
        Some(Self { all, at: 0, dotted: false })
    }

    fn date(&mut self, order: DateOrder) -> Option<NaiveDate> {
        if let Some(Token::Number(whole, 8)) = self.peek() {
            self.at += 1;
            return NaiveDate::from_ymd_opt(
                i32::try_from(whole / 10_000).ok()?,
                whole / 100 % 100,
                whole % 100,
            );
        }
        let fields = self.fields()?;
        let (year, month, day) = match fields {
            [
                Field::Number(year, 4),
                Field::Number(month, _) | Field::Month(month),
                Field::Number(day, _),
            ] => ((year, 4), month, day),
            [Field::Month(month), Field::Number(day, _), Field::Number(year, digits)]
            | [Field::Number(day, _), Field::Month(month), Field::Number(year, digits)] => {
                ((year, digits), month, day)
            }
            [Field::Number(first, _), Field::Number(second, _), Field::Number(year, digits)] => {
                let day_first = self.dotted || order == DateOrder::DayFirst;
                let (day, month) = if day_first { (first, second) } else { (second, first) };
                ((year, digits), month, day)
            }
            _ => return None,
        };
        let year = match year {
            (year, 4) => year,
            (year, 2) => 2000 + year,
            _ => return None,
        };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }

    /// Three parts of a date with what stands between them; a weekday in front is passed over.
    fn fields(&mut self) -> Option<[Field; 3]> {
        if let Some(Token::Word(word)) = self.peek()
            && month(word).is_none()
        {
            self.at += 1;
        }
        let mut fields = [Field::Number(0, 0); 3];
        for (place, field) in fields.iter_mut().enumerate() {
            let mut points = 0;
            while let Some(Token::Mark(' ' | '-' | '/' | '.' | ',')) = self.peek() {
                points += u32::from(self.peek() == Some(Token::Mark('.')));
                self.at += 1;
            }
            self.dotted |= place == 1 && points > 0;
            *field = match self.next()? {
                Token::Number(number, digits) => Field::Number(number, digits),
                Token::Word(word) => Field::Month(month(word)?),
                Token::Mark(_) => return None,
            };
            if let Some(Token::Word("st" | "nd" | "rd" | "th")) = self.peek() {
                self.at += 1;
            }
        }
        Some(fields)
    }

    /// The time; `Some(None)` if the text ends with the date, none if what follows is no time.
    #[expect(clippy::option_option, reason = "nothing there is another answer than something unreadable")]
    fn time(&mut self) -> Option<Option<NaiveTime>> {
        while let Some(Token::Mark(' ' | ',') | Token::Word("T" | "at" | "um" | "à")) = self.peek() {
            self.at += 1;
        }
        let Some(token) = self.next() else { return Some(None) };
        let (mut hour, minute, second) = match token {
            Token::Number(whole, 6) => (whole / 10_000, whole / 100 % 100, whole % 100),
            Token::Number(whole, 4) => (whole / 100, whole % 100, 0),
            Token::Number(hour, 1 | 2) => {
                let minute = self.after_colon()?;
                let second = if self.peek() == Some(Token::Mark(':')) { self.after_colon()? } else { 0 };
                if self.peek() == Some(Token::Mark('.')) {
                    self.at += 2;
                }
                (hour, minute, second)
            }
            Token::Number(..) | Token::Word(_) | Token::Mark(_) => return None,
        };
        while self.peek() == Some(Token::Mark(' ')) {
            self.at += 1;
        }
        if let Some(Token::Word(word)) = self.peek() {
            let half = word.to_ascii_lowercase();
            if hour <= 12 && matches!(half.as_str(), "am" | "pm") {
                self.at += 1;
                hour = hour % 12 + if half == "pm" { 12 } else { 0 };
            }
        }
        NaiveTime::from_hms_opt(hour, minute, second).map(Some)
    }

    /// The offset from universal time; `Some(None)` if the text names none.
    #[expect(clippy::option_option, reason = "nothing there is another answer than something unreadable")]
    fn offset(&mut self) -> Option<Option<FixedOffset>> {
        while self.peek() == Some(Token::Mark(' ')) {
            self.at += 1;
        }
        let seconds = match self.next() {
            None => return Some(None),
            Some(Token::Word(word)) => zone_hours(word)? * 3_600,
            Some(Token::Mark(sign @ ('+' | '-'))) => {
                let (hours, minutes) = match self.next()? {
                    Token::Number(whole, 4) => (whole / 100, whole % 100),
                    Token::Number(hours, 2) => (hours, self.after_colon().unwrap_or(0)),
                    Token::Number(..) | Token::Word(_) | Token::Mark(_) => return None,
                };
                let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
                if sign == '-' { -seconds } else { seconds }
            }
            Some(Token::Number(..) | Token::Mark(_)) => return None,
        };
        FixedOffset::east_opt(seconds).map(Some)
    }

    fn after_colon(&mut self) -> Option<u32> {
        match (self.next()?, self.next()?) {
            (Token::Mark(':'), Token::Number(number, 1 | 2)) => Some(number),
            _ => None,
        }
    }

    fn is_done(&self) -> bool {
        self.all.get(self.at..).unwrap_or_default().iter().all(|token| *token == Token::Mark(' '))
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.all.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.peek();
        self.at += 1;
        token
    }
}

/// The month of a name, whole or shortened, in the languages of the exports.
fn month(word: &str) -> Option<u32> {
    let plain: String = word
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'é' | 'è' => 'e',
            'û' => 'u',
            'ä' => 'a',
            c => c,
        })
        .collect();
    let short: String = plain.chars().take(3).collect();
    Some(match short.as_str() {
        "jan" | "gen" | "ene" => 1,
        "feb" | "fev" => 2,
        "mar" | "mae" | "mrz" => 3,
        "apr" | "avr" | "abr" => 4,
        "mai" | "may" | "mag" => 5,
        "jun" | "giu" => 6,
        "jui" if plain.starts_with("juin") => 6,
        "jul" | "jui" | "lug" => 7,
        "aug" | "aou" | "ago" => 8,
        "sep" | "set" => 9,
        "oct" | "okt" | "ott" => 10,
        "nov" => 11,
        "dec" | "dez" | "dic" => 12,
        _ => return None,
    })
}

/// Hours from universal time, of the abbreviations that exports use.
fn zone_hours(word: &str) -> Option<i32> {
    Some(match word {
        "Z" | "UTC" | "GMT" | "WET" => 0,
        "BST" | "CET" | "MEZ" => 1,
        "CEST" | "MESZ" | "EET" => 2,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "JST" => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, order: DateOrder, utc: Option<&str>) {
        let read = Moment::read(text, order).and_then(|moment| moment.stamp("Europe/Paris".parse().unwrap()));
        assert_eq!(read, utc.map(|utc| utc.parse().unwrap()), "{text}");
    }

    #[test]
    fn dates_of_all_exports_are_read() {
        use DateOrder::{DayFirst, MonthFirst};
        for (text, utc) in [
            ("2026-11-27T23:59:59-08:00", "2026-11-28T07:59:59Z"),
            ("2026-05-11 09:55:16 -0400", "2026-05-11T13:55:16Z"),
            ("2026-05-11 09:55:16 UTC", "2026-05-11T09:55:16Z"),
            ("2026-05-11", "2026-05-10T22:00:00Z"),
            ("2026/05/11 09:55", "2026-05-11T07:55:00Z"),
            ("Sep-30-26", "2026-09-29T22:00:00Z"),
            ("10-Dez-25", "2025-12-09T23:00:00Z"),
            ("24-Mär-26", "2026-03-23T23:00:00Z"),
            ("30 Sept 2026", "2026-09-29T22:00:00Z"),
            ("September 30th, 2026", "2026-09-29T22:00:00Z"),
            ("Wed, Sep 30, 2026", "2026-09-29T22:00:00Z"),
            ("25.09.2026", "2026-09-24T22:00:00Z"),
            ("25.9.26, 14:30", "2026-09-25T12:30:00Z"),
            ("3 août 2026", "2026-08-02T22:00:00Z"),
            ("12 juin 2026 à 10:00", "2026-06-12T08:00:00Z"),
            ("12 juillet 2026", "2026-07-11T22:00:00Z"),
            ("20260925", "2026-09-24T22:00:00Z"),
            ("20260925T101500Z", "2026-09-25T10:15:00Z"),
            ("2026-09-25T10:15:00.000Z", "2026-09-25T10:15:00Z"),
            ("Nov 20, 2026 9:05 PM PST", "2026-11-21T05:05:00Z"),
        ] {
            check(text, MonthFirst, Some(utc));
            check(text, DayFirst, Some(utc));
        }
        check("03/04/26", DayFirst, Some("2026-04-02T22:00:00Z"));
        check("03/04/26", MonthFirst, Some("2026-03-03T23:00:00Z"));
        check("10/05/2026 2:30:00 PM", MonthFirst, Some("2026-10-05T12:30:00Z"));
        check("12/31/2026 12:05 am", MonthFirst, Some("2026-12-30T23:05:00Z"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "soon",
            "tomorrow",
            "every Monday",
            "31/02/2026",
            "13/13/2026",
            "2026",
            "1.5",
            "12:30",
            "03/04/126",
        ] {
            check(text, DateOrder::DayFirst, None);
        }
        check("1850-01-01", DateOrder::DayFirst, None);
        check("13/04/2026", DateOrder::MonthFirst, None);
    }

    #[test]
    fn only_numbers_that_fit_both_ways_are_in_doubt() {
        for (text, shows) in [
            ("03/04/26", Shows::Either),
            ("03-04-2026 10:00", Shows::Either),
            ("13/04/26", Shows::Order(DateOrder::DayFirst)),
            ("04/13/26", Shows::Order(DateOrder::MonthFirst)),
            ("04/04/26", Shows::Nothing),
            ("03.04.26", Shows::Nothing),
            ("2026-03-04", Shows::Nothing),
            ("03-Apr-26", Shows::Nothing),
            ("tomorrow", Shows::Nothing),
        ] {
            assert_eq!(Shows::of(text), shows, "{text}");
        }
    }

    #[test]
    fn a_time_is_due_to_the_minute_on_the_clocks_of_the_shop() {
        let due =
            |text| Moment::read(text, DateOrder::DayFirst).unwrap().due("Europe/Paris".parse().unwrap());
        let (day, time) = ("2026-11-28".parse().unwrap(), "08:59".parse().unwrap());
        assert_eq!(due("2026-11-27T23:59:59-08:00"), Some(Due::at(day, time)));
        assert_eq!(due("28.11.2026 08:59"), Some(Due::at(day, time)));
        assert_eq!(due("28.11.2026"), Some(Due::on(day)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,60}") {
            let _ = (Moment::read(&text, DateOrder::DayFirst), Shows::of(&text));
        }

        #[test]
        fn a_date_that_is_written_is_read(year in 1970..2199_i32, month in 1..=12_u32, day in 1..=28_u32) {
            let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            for (format, order) in [
                ("%d/%m/%Y", DateOrder::DayFirst),
                ("%m/%d/%Y", DateOrder::MonthFirst),
                ("%Y-%m-%d", DateOrder::DayFirst),
                ("%b-%d-%Y", DateOrder::DayFirst),
                ("%d %B %Y", DateOrder::MonthFirst),
            ] {
                let text = date.format(format).to_string();
                prop_assert_eq!(Moment::read(&text, order).map(|moment| moment.date), Some(date), "{}", text);
            }
        }
    }
}
