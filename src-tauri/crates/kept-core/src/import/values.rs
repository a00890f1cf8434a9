//! Single cells: dates, amounts, quantities. What cannot be read is said in words, never guessed.

use crate::day::{Day, Pattern, Stamp, TimeOfDay, Zone, iso_date, parsed, pattern};
use crate::draft::QUANTITY_MOST;
use chrono::{DateTime, NaiveDateTime, NaiveTime, Timelike};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Reads an instant: `2026-05-11 09:55:16 -0400`, RFC 3339, or the same without an offset, which is then on the
/// clocks of `zone`. Orders of the day and the month that depend on the country are not read here.
pub(super) fn instant(text: &str, zone: Zone) -> Result<Stamp, String> {
    let with_offset =
        text.strip_suffix(" UTC").map_or(Cow::Borrowed(text), |rest| Cow::Owned(format!("{rest} +0000")));
    let (date, stamp) = if let Some(instant) = offset_instant(&with_offset) {
        (instant.date_naive(), Stamp::new(instant.to_utc()))
    } else if let Some(local) = local_time(text) {
        let day = Day::within(local.date()).ok_or_else(|| out_of_bounds(text))?;
        let time = TimeOfDay::new(local.hour(), local.minute()).unwrap_or(TimeOfDay::MIDNIGHT);
        (local.date(), zone.instant(day, time))
    } else if year_of(text).is_some_and(|year| year > 9999) {
        return Err(out_of_bounds(text));
    } else {
        return Err(format!("“{}” is not a date like 2026-05-11 09:55:16 -0400", short(text)));
    };
    Day::within(date).map(|_| stamp).ok_or_else(|| out_of_bounds(text))
}

fn offset_instant(text: &str) -> Option<DateTime<chrono::FixedOffset>> {
    static WITH_OFFSET: LazyLock<Pattern> = LazyLock::new(|| pattern("%Y-%m-%d %H:%M:%S %z"));
    parsed(text, &WITH_OFFSET)
        .and_then(|parsed| parsed.to_datetime().ok())
        .or_else(|| DateTime::parse_from_rfc3339(text).ok())
}

fn local_time(text: &str) -> Option<NaiveDateTime> {
    static LOCAL: LazyLock<[Pattern; 2]> =
        LazyLock::new(|| [pattern("%Y-%m-%d %H:%M:%S"), pattern("%Y-%m-%d %H:%M")]);
    let text = text.replacen('T', " ", 1);
    LOCAL
        .iter()
        .find_map(|pattern| parsed(&text, pattern)?.to_naive_datetime_with_offset(0).ok())
        .or_else(|| Some(iso_date(&text)?.and_time(NaiveTime::MIN)))
}

fn year_of(text: &str) -> Option<u64> {
    text.split('-').next().and_then(|year| year.parse().ok())
}

fn out_of_bounds(text: &str) -> String {
    format!("“{}” does not lie between the years 1970 and 2199", short(text))
}

/// A quantity as an export writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// So many are owed.
    Of(u32),
    /// None or fewer: nothing is owed.
    Nothing,
    /// It cannot be read, or is larger than a small business promises.
    Unreadable,
}

/// Reads a quantity: `12`, `12.0`.
pub(super) fn quantity(text: &str) -> Quantity {
    let whole = text
        .split_once('.')
        .map_or(text, |(whole, part)| if part.bytes().all(|digit| digit == b'0') { whole } else { "" });
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Quantity::Unreadable;
    }
    match digits.parse::<u32>() {
        _ if whole.starts_with('-') => Quantity::Nothing,
        Ok(0) => Quantity::Nothing,
        Ok(quantity) if quantity <= QUANTITY_MOST => Quantity::Of(quantity),
        Ok(_) | Err(_) => Quantity::Unreadable,
    }
}

/// How many of what a text means: `12 cupcakes` and `12x cupcakes` are twelve; anything else is one of it.
pub(super) fn counted(text: &str) -> (u32, &str) {
    let text = text.trim();
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0));
    let rest = rest.strip_prefix(['x', '×']).unwrap_or(rest);
    match (digits.parse::<u32>(), rest.strip_prefix(' ')) {
        // A longer number is no quantity but a number of something.
        (Ok(quantity), Some(what))
            if quantity > 0 && digits.len() <= 4 && what.trim_start().starts_with(char::is_alphabetic) =>
        {
            (quantity, what.trim())
        }
        _ => (1, text),
    }
}

/// A cell as it is quoted in a sentence: not longer than a line, without line ends.
pub(super) fn short(text: &str) -> String {
    cut(text, 60).chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// A text of at most so many characters, with an ellipsis where it was cut.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// A text without the apostrophe by which exports keep spreadsheets from reading it as a number: `'07030`.
pub(super) fn without_apostrophe(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, utc: Result<&str, &str>) {
        let read = instant(text, "Europe/Paris".parse().unwrap());
        match utc {
            Ok(utc) => assert_eq!(read, Ok(utc.parse().unwrap()), "{text}"),
            Err(says) => assert!(read.as_ref().is_err_and(|words| words.contains(says)), "{text}: {read:?}"),
        }
    }

    #[test]
    fn instants_are_read_with_their_offset_or_on_the_clocks_of_the_shop() {
        check("2026-05-11 09:55:16 -0400", Ok("2026-05-11T13:55:16Z"));
        check("2026-05-11 09:55:16 UTC", Ok("2026-05-11T09:55:16Z"));
        check("2026-05-11T09:55:16+02:00", Ok("2026-05-11T07:55:16Z"));
        check("2026-05-11 09:55:00", Ok("2026-05-11T07:55:00Z"));
        check("2026-05-11 09:55", Ok("2026-05-11T07:55:00Z"));
        check("2026-05-11", Ok("2026-05-10T22:00:00Z"));
    }

    #[test]
    fn what_is_no_date_is_said_with_its_text() {
        for text in ["", "soon", "11/05/2026", "2026-13-45 10:00:00 +0000", "2026-02-30"] {
            check(text, Err(&format!("“{text}” is not a date")));
        }
        for text in ["20260-03-01 10:00:00 +0100", "0026-05-11 09:55:16 -0400", "1850-01-01", "9999-01-01"] {
            check(text, Err("does not lie between the years 1970 and 2199"));
        }
    }

    #[test]
    fn quantities_are_whole_and_between_one_and_a_million() {
        for (text, read) in [
            ("12", Quantity::Of(12)),
            ("1000000", Quantity::Of(1_000_000)),
            ("3.00", Quantity::Of(3)),
            ("0", Quantity::Nothing),
            ("-2", Quantity::Nothing),
            ("-99999999999999999999", Quantity::Nothing),
            ("", Quantity::Unreadable),
            ("-", Quantity::Unreadable),
            ("2.5", Quantity::Unreadable),
            ("1000001", Quantity::Unreadable),
            ("99999999999999999999", Quantity::Unreadable),
            ("twelve", Quantity::Unreadable),
        ] {
            assert_eq!(quantity(text), read, "{text}");
        }
    }

    #[test]
    fn a_quantity_in_front_is_taken_for_one() {
        for (text, read) in [
            ("12 cupcakes", (12, "cupcakes")),
            ("3x mug", (3, "mug")),
            ("Oak sign", (1, "Oak sign")),
            ("2026-11-20 pick up", (1, "2026-11-20 pick up")),
            ("0 things", (1, "0 things")),
            ("40th birthday cake", (1, "40th birthday cake")),
            ("12", (1, "12")),
            ("", (1, "")),
        ] {
            assert_eq!(counted(text), read, "{text}");
        }
    }

    #[test]
    fn a_long_cell_is_quoted_on_one_short_line() {
        assert_eq!(short("a\nb"), "a b");
        assert_eq!(short(&"é".repeat(1000)).chars().count(), 60);
    }
}
