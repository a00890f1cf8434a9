//! What an alert can be about.

use crate::id::CommitmentId;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// What an alert is about. Of what is no promise the alerts know no more than its name: its plan says the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A promise.
    Promise(CommitmentId),
    /// Something that a customer wrote.
    Feedback(Uuid),
    /// A step by which a miss is made good.
    Recovery(Uuid),
    /// Something that made promises fail.
    Cause(Uuid),
    /// The shop as a whole, and its data.
    Shop,
}

impl About {
    /// The first of all in their order.
    pub const FIRST: Self = Self::Promise(CommitmentId::new(Uuid::nil()));

    /// The promise, if it is one.
    pub const fn promise(self) -> Option<CommitmentId> {
        match self {
            Self::Promise(id) => Some(id),
            Self::Feedback(_) | Self::Recovery(_) | Self::Cause(_) | Self::Shop => None,
        }
    }
}

impl From<CommitmentId> for About {
    fn from(id: CommitmentId) -> Self {
        Self::Promise(id)
    }
}

/// A promise stands there by its id alone, as it did before there was anything else.
impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Promise(id) => id.fmt(f),
            Self::Feedback(id) => write!(f, "feedback/{id}"),
            Self::Recovery(id) => write!(f, "recovery/{id}"),
            Self::Cause(id) => write!(f, "cause/{id}"),
            Self::Shop => f.write_str("shop"),
        }
    }
}

impl FromStr for About {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let id = |id: &str| id.parse::<Uuid>().map_err(|error| format!("“{text}” names nothing: {error}"));
        match text.split_once('/') {
            None if text == "shop" => Ok(Self::Shop),
            None => id(text).map(|id| Self::Promise(CommitmentId::new(id))),
            Some(("feedback", rest)) => id(rest).map(Self::Feedback),
            Some(("recovery", rest)) => id(rest).map(Self::Recovery),
            Some(("cause", rest)) => id(rest).map(Self::Cause),
            Some(_) => Err(format!("there are no alerts about “{text}”")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_an_alert_is_about_survives_being_written_down() {
        let id = Uuid::from_u128(7);
        let promise = About::Promise(CommitmentId::new(id));
        for about in [promise, About::Feedback(id), About::Recovery(id), About::Cause(id), About::Shop] {
            assert_eq!(about.to_string().parse(), Ok(about), "{about}");
        }
        for wrong in ["", "shops", "feedback/1", "weather/00000000-0000-0000-0000-000000000007"] {
            assert!(wrong.parse::<About>().is_err(), "{wrong}");
        }
    }
}
