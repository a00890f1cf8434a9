//! Amounts as the exports of the world write them: `$1,234.56`, `116,99 €`, `-$45.00`, `(45.00)`.

use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What parts the whole from the fraction in `1.234`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DecimalMark {
    /// A point: one and a bit.
    Point,
    /// A comma; the point parts thousands.
    Comma,
}

/// Whether a number can be read in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// It can only be read with this mark.
    Mark(DecimalMark),
    /// It can be read with either, and means two different numbers.
    Either,
    /// It has no mark, or is no number.
    Nothing,
}

impl Marks {
    /// What one text shows.
    pub(super) fn of(text: &str) -> Self {
        let digits: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
        let mark_at_end =
            |point: bool| Self::Mark(if point { DecimalMark::Point } else { DecimalMark::Comma });
        match (points, commas) {
            (0, 0) => Self::Nothing,
            (1.., 1..) => mark_at_end(digits.rfind('.') > digits.rfind(',')),
            (2.., 0) => mark_at_end(false),
            (0, 2..) => mark_at_end(true),
            (_, _) => {
                let (whole, part) = digits.split_once(['.', ',']).unwrap_or_default();
                let thousands = part.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
                if thousands { Self::Either } else { mark_at_end(points == 1) }
            }
        }
    }
}

/// Reads an amount; in `usual` where it names no other currency. The words say why it is none.
pub(super) fn amount(text: &str, mark: DecimalMark, usual: Currency) -> Result<Money, String> {
    // The commonest form by far, and the quickest.
    if mark == DecimalMark::Point
        && let Ok(money) = Money::parse(text, usual)
    {
        return Ok(money);
    }
    let wrong =
        || format!("“{}” is not an amount like 90.00, or more than Kept takes", super::values::short(text));
    let (mut number, mut unit, mut negative) = (String::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '-' | '−' | '(' => negative = true,
            '0'..='9' | '.' | ',' => number.push(letter),
            '\'' | '’' | ')' | '+' => {}
            letter if letter.is_whitespace() => {}
            letter => unit.push(letter),
        }
    }
    let currency = currency_of(&unit, usual).ok_or_else(wrong)?;
    let mark = match Marks::of(&number) {
        Marks::Mark(mark) => mark,
        Marks::Either | Marks::Nothing => mark,
    };
    let plain: String = number
        .chars()
        .filter_map(|letter| match (letter, mark) {
            ('.', DecimalMark::Point) | (',', DecimalMark::Comma) => Some('.'),
            ('.' | ',', _) => None,
            (digit, _) => Some(digit),
        })
        .collect();
    let money = Money::parse(&plain, currency).map_err(|_| wrong())?;
    Ok(Money::new(if negative { -money.minor } else { money.minor }, currency))
}

/// The currency of a sign or a code; none if it is neither.
fn currency_of(unit: &str, usual: Currency) -> Option<Currency> {
    let code = match unit.to_uppercase().as_str() {
        "" => return Some(usual),
        // The shop's own dollar, whichever that is.
        "$" if matches!(usual.to_string().as_str(), "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD") => {
            return Some(usual);
        }
        "$" | "US$" | "US$USD" | "$USD" => "USD",
        "€" => "EUR",
        "£" => "GBP",
        "¥" | "￥" => "JPY",
        "C$" | "CA$" | "$CAD" => "CAD",
        "AU$" | "A$" | "$AUD" => "AUD",
        "NZ$" => "NZD",
        "FR." | "SFR." => "CHF",
        "ZŁ" => "PLN",
        other => return other.parse().ok(),
    };
    code.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, mark: DecimalMark, shown: Option<&str>) {
        let read = amount(text, mark, Currency::USD).ok().map(|money| money.to_string());
        assert_eq!(read.as_deref(), shown, "{text}");
    }

    #[test]
    fn amounts_of_all_exports_are_read() {
        use DecimalMark::{Comma, Point};
        check("$1,234.56", Point, Some("1234.56 USD"));
        check("-$45.00", Point, Some("-45.00 USD"));
        check("($45.00)", Point, Some("-45.00 USD"));
        check("116,99 €", Comma, Some("116.99 EUR"));
        check("116,99 €", Point, Some("116.99 EUR"));
        check("1.234,56 EUR", Point, Some("1234.56 EUR"));
        check("1 234,56\u{a0}€", Point, Some("1234.56 EUR"));
        check("CHF 1'234.50", Comma, Some("1234.50 CHF"));
        check("£12", Point, Some("12.00 GBP"));
        check("AU $12.50", Point, Some("12.50 AUD"));
        check("¥5,000", Point, Some("5000 JPY"));
        check("1.234", Comma, Some("1234.00 USD"));
        check("1,234", Point, Some("1234.00 USD"));
        check("1.234.567", Point, Some("1234567.00 USD"));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "--", "free", "12 apples", "1.2.3,4.5", "99999999999999999999", "$"] {
            check(text, DecimalMark::Point, None);
        }
    }

    #[test]
    fn only_one_mark_before_three_digits_is_in_doubt() {
        for (text, marks) in [
            ("1.234", Marks::Either),
            ("12,500 €", Marks::Either),
            ("0.123", Marks::Mark(DecimalMark::Point)),
            ("1234,50", Marks::Mark(DecimalMark::Comma)),
            ("1,234.50", Marks::Mark(DecimalMark::Point)),
            ("1.234.567", Marks::Mark(DecimalMark::Comma)),
            ("12", Marks::Nothing),
        ] {
            assert_eq!(Marks::of(text), marks, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,40}") {
            let _ = (amount(&text, DecimalMark::Comma, Currency::USD), Marks::of(&text));
        }

        #[test]
        fn an_amount_that_is_written_is_read(minor in 0..1_000_000_000_i64) {
            let (whole, part) = (minor / 100, minor % 100);
            let read = |text: String, mark| amount(&text, mark, Currency::USD).map(|money| money.minor);
            prop_assert_eq!(read(format!("${whole}.{part:02}"), DecimalMark::Point), Ok(minor));
            prop_assert_eq!(read(format!("{whole},{part:02} $"), DecimalMark::Comma), Ok(minor));
        }
    }
}
