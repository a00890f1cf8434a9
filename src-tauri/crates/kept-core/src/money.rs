//! Money: kept for the owner's books and never asked by any rule of urgency.

use iso_currency::Currency as Iso;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use std::str::FromStr;
use ts_rs::TS;

/// A currency of ISO 4217, by its three letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(export, type = "string")]
pub struct Currency(Iso);

impl Currency {
    /// The currency of a new shop until its owner says another.
    pub const USD: Self = Self(Iso::USD);

    /// How many digits stand behind the point: 2 for the dollar, 0 for the yen, 3 for the Kuwaiti dinar.
    pub fn digits(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(2))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code())
    }
}

impl FromStr for Currency {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Iso::from_code(text).map(Self).ok_or_else(|| format!("there is no currency “{text}”"))
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl schemars::JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "description": "A currency by its three letters: USD.", "pattern": "^[A-Z]{3}$"
        })
    }
}

/// An amount in the smallest unit of its currency: 9000 and `USD` are ninety dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Money {
    /// Cents, pence, yen: the smallest unit.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// No more than this many smallest units: ten billion dollars, far above what a small business is paid.
    pub const MOST: i64 = 1_000_000_000_000;

    /// An amount in smallest units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a plain decimal amount with a point (`90`, `1234.5`, `-3.00`); digits beyond the currency's are refused
    /// unless they are zeros.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, String> {
        let wrong = || format!("“{text}” is not an amount like 90.00");
        let (sign, digits) = text.trim().strip_prefix('-').map_or((1, text.trim()), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() && part.is_empty() || !numeric(whole) || !numeric(part) {
            return Err(wrong());
        }
        let places = currency.digits() as usize;
        let part = part.trim_end_matches('0');
        if part.len() > places {
            return Err(format!("“{text}” has more digits than {currency} has"));
        }
        let minor: i64 = format!("{whole}{part:0<places$}").parse().map_err(|_| wrong())?;
        if minor > Self::MOST {
            return Err(format!("“{text}” is more than Kept takes for one promise"));
        }
        Ok(Self { minor: sign * minor, currency })
    }
}

impl fmt::Display for Money {
    /// `90.00 USD`: for the command line and exports; the screen formats by the owner's own settings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.currency.digits();
        let unit = 10_u64.pow(places);
        let (sign, minor) = (if self.minor < 0 { "-" } else { "" }, self.minor.unsigned_abs());
        write!(f, "{sign}{}", minor / unit)?;
        if places > 0 {
            write!(f, ".{:0width$}", minor % unit, width = places as usize)?;
        }
        write!(f, " {}", self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, currency: &str, shown: Result<&str, ()>) {
        let read = Money::parse(text, currency.parse().unwrap());
        assert_eq!(read.map(|money| money.to_string()).map_err(|_| ()), shown.map(String::from), "{text}");
    }

    #[test]
    fn an_amount_is_read_to_the_smallest_unit_of_its_currency() {
        check("90", "USD", Ok("90.00 USD"));
        check("90.5", "USD", Ok("90.50 USD"));
        check("-3.00", "EUR", Ok("-3.00 EUR"));
        check("1200", "JPY", Ok("1200 JPY"));
        check("1200.00", "JPY", Ok("1200 JPY"));
        check("1.234", "KWD", Ok("1.234 KWD"));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in
            ["", "-", ".", "ninety", "1,234.56", "1.234", "--3", "99999999999999999999", "20000000000"]
        {
            check(text, "USD", Err(()));
        }
    }
}
