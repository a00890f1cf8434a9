//! Links into Kept, `kept://promise/0198…`, `kept://today`, which open a screen and never do anything; and links out of
//! it, to customers.

use crate::id::{CauseId, CommitmentId, CustomerId, FeedbackId, OfferId, RecoveryId, SeriesId, SlipId};
use std::fmt::Write as _;
use std::str::FromStr;

/// What a link can open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A screen, by the name that it has in addresses.
    Screen(&'static str),
    /// The page of a promise.
    Promise(CommitmentId),
    /// The page of a customer.
    Customer(CustomerId),
    /// The page of something on the menu.
    Offer(OfferId),
    /// The page of a promise that repeats.
    Series(SeriesId),
    /// What a customer said.
    Feedback(FeedbackId),
    /// How a miss is made good.
    Recovery(RecoveryId),
    /// A cause.
    Cause(CauseId),
    /// A slip.
    Slip(SlipId),
}

/// What every link begins with.
const SCHEME: &str = "kept:";

/// The screens that a link can open.
const SCREENS: [&str; 19] = [
    "today",
    "promises",
    "week",
    "calendar",
    "board",
    "customers",
    "menu",
    "repeating",
    "chores",
    "feedback",
    "recoveries",
    "causes",
    "wins",
    "insights",
    "review",
    "alerts",
    "import",
    "backups",
    "settings",
];

/// A refusal quotes so many letters of a link.
const QUOTED: usize = 80;

impl Link {
    /// The alert centre.
    pub const ALERTS: Self = Self::Screen("alerts");

    /// Whether a text is meant as a link of Kept's, be it one that is refused.
    pub fn is_meant_by(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }

    /// Its address in the window.
    pub fn address(self) -> String {
        match self {
            Self::Screen(name) => format!("#/{name}"),
            Self::Promise(id) => format!("#/promise/{id}"),
            Self::Customer(id) => format!("#/customer/{id}"),
            Self::Offer(id) => format!("#/offer/{id}"),
            Self::Series(id) => format!("#/series/{id}"),
            Self::Feedback(id) => format!("#/feedback/{id}"),
            Self::Recovery(id) => format!("#/recovery/{id}"),
            Self::Cause(id) => format!("#/cause/{id}"),
            Self::Slip(id) => format!("#/slip/{id}"),
        }
    }
}

impl FromStr for Link {
    type Err = String;

    /// Reads a link. What is no link to a place of Kept's is refused in a sentence, with all that stands in it: whoever
    /// made it wanted more than to open something, or something that is not there.
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            let quoted: String = text.chars().filter(|letter| !letter.is_control()).take(QUOTED).collect();
            let more = if text.chars().count() > QUOTED { "…" } else { "" };
            format!(
                "Kept did not open “{quoted}{more}”. A link opens a promise or a screen and does nothing else."
            )
        };
        if !Self::is_meant_by(text) {
            return Err(refused());
        }
        let place = text[SCHEME.len()..].strip_prefix("//").ok_or_else(refused)?;
        // Some systems end an address without a path with a stroke of their own.
        let place = place.strip_suffix('/').unwrap_or(place);
        read(place).ok_or_else(refused)
    }
}

/// A link that writes to an e-mail address. Whatever means something in a link is written so that it means itself.
pub fn mail_to(address: &str) -> String {
    let mut link = "mailto:".to_owned();
    for byte in address.trim().bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_+~!*'".contains(&byte) {
            link.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(link, "%{byte:02X}");
        }
    }
    link
}

fn read(place: &str) -> Option<Link> {
    let Some((kind, id)) = place.split_once('/') else {
        return SCREENS.into_iter().find(|name| name.eq_ignore_ascii_case(place)).map(Link::Screen);
    };
    // A UUID can be written in several ways; in links it is written in one.
    if id.len() != 36 {
        return None;
    }
    match kind.to_ascii_lowercase().as_str() {
        "promise" => id.parse().ok().map(Link::Promise),
        "customer" => id.parse().ok().map(Link::Customer),
        "offer" => id.parse().ok().map(Link::Offer),
        "series" => id.parse().ok().map(Link::Series),
        "feedback" => id.parse().ok().map(Link::Feedback),
        "recovery" => id.parse().ok().map(Link::Recovery),
        "cause" => id.parse().ok().map(Link::Cause),
        "slip" => id.parse().ok().map(Link::Slip),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "01980f6e-1111-7222-8333-444455556666";

    /// The address that a link opens; none for one that is refused.
    fn check(link: &str, address: Option<&str>) {
        let read = link.parse::<Link>();
        assert_eq!(read.as_ref().ok().map(|link| link.address()).as_deref(), address, "{link}");
        if let Err(sentence) = read {
            assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
        }
    }

    #[test]
    fn a_link_opens_a_place() {
        check("kept://today", Some("#/today"));
        check("kept://today/", Some("#/today"));
        check("KEPT://Today", Some("#/today"));
        check("kept://alerts", Some("#/alerts"));
        check(&format!("kept://promise/{ID}/"), Some(&format!("#/promise/{ID}")));
        for kind in ["promise", "customer", "offer", "series", "feedback", "recovery", "cause", "slip"] {
            check(&format!("kept://{kind}/{ID}"), Some(&format!("#/{kind}/{ID}")));
        }
    }

    #[test]
    fn whatever_else_stands_in_a_link_is_refused() {
        for link in [
            "",
            "kept:",
            "kept:today",
            "kept://",
            "kept:///today",
            "kept://promise",
            "kept://promise/",
            "kept://promise/1",
            "kept://yesterday",
            "kept://today?hand_over=all",
            "kept://today#/settings",
            "kept://me@today",
            "kept://today:80",
            "kept://today/now",
            "kept://today\n",
            "kept://promise/../settings",
            "https://example.com/kept://today",
        ] {
            check(link, None);
        }
        for more in ["/hand_over", "?delete", "#x", "';alert(1)//", "%27", " "] {
            check(&format!("kept://promise/{ID}{more}"), None);
        }
        check(&format!("kept://promise/{}", "9".repeat(2_000)), None);
    }

    #[test]
    fn an_address_is_written_so_that_it_is_nothing_else() {
        assert_eq!(mail_to("maria.silva+cakes@example.com"), "mailto:maria.silva+cakes@example.com");
        assert_eq!(mail_to(" jürgen@example.com "), "mailto:j%C3%BCrgen@example.com");
        assert_eq!(mail_to("a?cc=b@example.com&body=x"), "mailto:a%3Fcc%3Db@example.com%26body%3Dx");
    }

    proptest! {
        #[test]
        fn no_link_leads_to_an_address_with_anything_but_letters_figures_and_strokes(text in "kept://\\PC{0,60}") {
            if let Ok(link) = text.parse::<Link>() {
                let plain = |it: char| it.is_ascii_alphanumeric() || "#/-_".contains(it);
                prop_assert!(link.address().chars().all(plain));
            }
        }
    }
}
