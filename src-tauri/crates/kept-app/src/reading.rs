//! How a record is read out of its row.
//!
//! It lies there as `{"born": 1, "last": 2, "kind": "customer", "it": {…}}`. What a derived reader would first keep aside as a
//! whole, because it cannot know what kind it is of, is read as it comes: every list and every start reads hundreds.

use crate::care::Care;
use crate::records::{Record, Stored};
use kept_core::chore::Chore;
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::offer::Offer;
use kept_core::series::Series;
use kept_core::settings::Settings;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The kinds of records.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Commitment,
    Customer,
    Offer,
    Series,
    Chore,
    Care,
    Settings,
}

impl<'de> DeserializeSeed<'de> for Kind {
    type Value = Record;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Record, D::Error> {
        match self {
            Self::Commitment => Commitment::deserialize(from).map(Record::Commitment),
            Self::Customer => Customer::deserialize(from).map(Record::Customer),
            Self::Offer => Offer::deserialize(from).map(Record::Offer),
            Self::Series => Series::deserialize(from).map(Record::Series),
            Self::Chore => Chore::deserialize(from).map(Record::Chore),
            Self::Care => Care::deserialize(from).map(Record::Care),
            Self::Settings => Settings::deserialize(from).map(Record::Settings),
        }
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Born,
    Last,
    Kind,
    It,
    /// Something that this Kept does not know.
    #[serde(other)]
    Other,
}

struct Row;

impl<'de> Visitor<'de> for Row {
    type Value = Stored;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a record with its changes")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut row: M) -> Result<Stored, M::Error> {
        let (mut born, mut last, mut kind, mut record) = (None, None, None, None);
        let mut before_its_kind: Option<serde_json::Value> = None;
        while let Some(field) = row.next_key()? {
            match (field, kind) {
                (Field::Born, _) => born = Some(row.next_value()?),
                (Field::Last, _) => last = Some(row.next_value()?),
                (Field::Kind, _) => kind = Some(row.next_value::<Kind>()?),
                (Field::It, Some(kind)) => record = Some(row.next_value_seed(kind)?),
                (Field::It, None) => before_its_kind = Some(row.next_value()?),
                (Field::Other, _) => drop(row.next_value::<serde::de::IgnoredAny>()?),
            }
        }
        if let (Some(kind), Some(it)) = (kind, before_its_kind) {
            record = Some(kind.deserialize(it).map_err(Error::custom)?);
        }
        kind.ok_or_else(|| Error::missing_field("kind"))?;
        Ok(Stored {
            born: born.ok_or_else(|| Error::missing_field("born"))?,
            last: last.ok_or_else(|| Error::missing_field("last"))?,
            record: record.ok_or_else(|| Error::missing_field("it"))?,
        })
    }
}

impl<'de> Deserialize<'de> for Stored {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kept_core::day::Zone;
    use serde_json::{json, to_value};

    fn settings() -> Stored {
        Stored { born: 1, last: 7, record: Record::Settings(Settings::new(Zone::UTC)) }
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let text = serde_json::to_string(&settings()).unwrap();
        assert_eq!(serde_json::from_str::<Stored>(&text).unwrap(), settings());
    }

    #[test]
    fn in_whatever_order_a_row_comes_it_is_the_same() {
        let it = to_value(settings()).unwrap()["it"].clone();
        let text = format!(r#"{{"it":{it},"newer":[1,{{}}],"last":7,"kind":"settings","born":1}}"#);
        assert_eq!(serde_json::from_str::<Stored>(&text).unwrap(), settings());
    }

    #[test]
    fn a_row_that_lacks_something_says_what() {
        for missing in ["born", "last", "kind", "it"] {
            let mut row = to_value(settings()).unwrap();
            row.as_object_mut().unwrap().remove(missing);
            let error = serde_json::from_value::<Stored>(row).unwrap_err().to_string();
            assert_eq!(error, format!("missing field `{missing}`"));
        }
        let unknown = json!({ "born": 1, "last": 1, "kind": "dragon", "it": {} });
        assert!(serde_json::from_value::<Stored>(unknown).unwrap_err().to_string().contains("`dragon`"));
    }
}
