//! Telephone numbers: kept as they were typed, shown as one dials them from abroad, and compared by E.164.
//!
//! What a number without a country means is told by the zone of the business, or of the customer: each zone lies in one
//! country (`zone.tab` of the IANA time zone database, which is in the public domain).

use crate::day::Zone;
use phonenumber::Mode;
use phonenumber::country::Id;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The zones and the countries in which they lie.
const ZONES: &str = include_str!("../data/zone.tab");
/// No number is longer, with all that people write between its digits.
const LENGTH_MOST: usize = 40;
/// So many digits at the end are the same however a number is written.
const ENDING: usize = 7;

/// A telephone number that can be dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// As E.164 has it, by which numbers are compared: `+33123456789`.
    pub e164: String,
    /// As one reads it: `+33 1 23 45 67 89`.
    pub shown: String,
}

/// The number that was typed, if it is one that can be dialled; `zone` says where it was typed.
pub fn read(typed: &str, zone: Zone) -> Option<Number> {
    // Words and addresses are no numbers, whatever digits are in them.
    let is_plain = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+()-./x#".contains(c);
    let typed = typed.trim();
    if typed.len() > LENGTH_MOST || !typed.chars().all(is_plain) {
        return None;
    }
    let (typed, extension) = typed.split_once(['x', '#']).unwrap_or((typed, ""));
    let extension = extension.trim();
    if !extension.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    // With its country named a number is read without ours, which the library would mix in; and the digit in `+33 (0)1` is
    // dialled at home only.
    let (country, typed) = match typed.strip_prefix('+') {
        Some(abroad) => (None, format!("+{}", abroad.replacen("(0)", "", 1))),
        None => (country(zone), typed.to_owned()),
    };
    let number = phonenumber::parse(country, typed.replace(['.', '/'], " ")).ok()?;
    let shown = number.format().mode(Mode::International);
    number.is_valid().then(|| Number {
        e164: number.format().mode(Mode::E164).to_string(),
        shown: if extension.is_empty() { shown.to_string() } else { format!("{shown} x{extension}") },
    })
}

/// A number as one reads it: international if it can be dialled, else as it was typed.
pub fn shown(typed: &str, zone: Zone) -> String {
    read(typed, zone).map_or_else(|| typed.to_owned(), |number| number.shown)
}

/// Whether two numbers are the same: by E.164 where both can be dialled, else by their digits.
pub fn same(a: &str, b: &str, zone: Zone) -> bool {
    match (read(a, zone), read(b, zone)) {
        (Some(a), Some(b)) => a.e164 == b.e164,
        (None, None) => !digits(a).is_empty() && digits(a) == digits(b),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// By which numbers that may be the same are found quickly: the last digits. None of a number too short to tell.
pub fn ending(typed: &str) -> Option<String> {
    let digits = digits(typed);
    digits.len().checked_sub(ENDING).map(|from| digits[from..].to_owned())
}

fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

fn country(zone: Zone) -> Option<Id> {
    static COUNTRIES: LazyLock<HashMap<&str, Id>> = LazyLock::new(|| {
        let lines = ZONES.lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| {
                let mut columns = line.split('\t');
                let country = columns.next()?.parse().ok()?;
                Some((columns.nth(1)?, country))
            })
            .collect()
    });
    COUNTRIES.get(zone.to_string().as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn a_number_is_read_as_it_is_dialled_where_the_shop_stands() {
        for (typed, at, e164) in [
            ("01 23 45 67 89", "Europe/Paris", Some("+33123456789")),
            ("0033 1 23 45 67 89", "Europe/Paris", Some("+33123456789")),
            ("+33 (0)1.23.45.67.89", "America/New_York", Some("+33123456789")),
            ("(520) 878-2491", "America/New_York", Some("+15208782491")),
            ("+1 520-878-2491", "Europe/Paris", Some("+15208782491")),
            ("020 7946 0018", "Europe/London", Some("+442079460018")),
            ("01 23 45 67 89", "UTC", None),
            ("020 7946 0018 x12", "Europe/London", Some("+442079460018")),
            ("1xx000x0xx", "Europe/Paris", None),
            ("555-0100", "America/New_York", None),
            ("someletters1110@gmail.com", "Europe/Paris", None),
            ("ask for Ana", "Europe/Paris", None),
            ("", "Europe/Paris", None),
        ] {
            assert_eq!(read(typed, zone(at)).map(|it| it.e164).as_deref(), e164, "{typed}");
        }
        assert_eq!(shown("01 23 45 67 89", zone("Europe/Paris")), "+33 1 23 45 67 89");
        assert_eq!(shown("ask for Ana", zone("Europe/Paris")), "ask for Ana");
    }

    #[test]
    fn two_ways_to_write_a_number_are_one_number() {
        let check = |a: &str, b: &str, is_same: bool| {
            assert_eq!(same(a, b, zone("Europe/Paris")), is_same, "{a} and {b}");
            assert!(!is_same || ending(a) == ending(b), "{a} and {b} are found together");
        };
        check("01 23 45 67 89", "+33 1 23 45 67 89", true);
        check("01 23 45 67 89", "+33 1 23 45 67 88", false);
        check("555-0100", "5550100", true);
        check("555-0100", "+33 1 23 45 67 89", false);
        check("-", "()", false);
    }

    proptest! {
        /// Nothing that can be typed brings the reading down, and what is shown reads as the same number.
        #[test]
        fn whatever_is_typed_is_read_or_left(typed in "[0-9 +()./x#-]{0,30}") {
            if let Some(number) = read(&typed, zone("Europe/Paris")) {
                prop_assert_eq!(read(&number.shown, zone("Europe/Paris")), Some(number));
            }
        }
    }
}
