//! Time zones by the names that Square gives them.

use crate::day::Zone;

/// A zone by its name; also by that of the IANA, for files that have it.
pub(super) fn by_name(name: &str) -> Option<Zone> {
    let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, zone)| *zone);
    known.or(Some(name).filter(|name| name.contains('/'))).and_then(|zone| zone.parse().ok())
}

const NAMES: [(&str, &str); 31] = [
    ("Hawaii", "Pacific/Honolulu"),
    ("Alaska", "America/Anchorage"),
    ("Pacific Time (US & Canada)", "America/Los_Angeles"),
    ("Arizona", "America/Phoenix"),
    ("Mountain Time (US & Canada)", "America/Denver"),
    ("Central Time (US & Canada)", "America/Chicago"),
    ("Saskatchewan", "America/Regina"),
    ("Mexico City", "America/Mexico_City"),
    ("Eastern Time (US & Canada)", "America/New_York"),
    ("Indiana (East)", "America/Indiana/Indianapolis"),
    ("Atlantic Time (Canada)", "America/Halifax"),
    ("Newfoundland", "America/St_Johns"),
    ("Puerto Rico", "America/Puerto_Rico"),
    ("Edinburgh", "Europe/London"),
    ("London", "Europe/London"),
    ("Dublin", "Europe/Dublin"),
    ("Lisbon", "Europe/Lisbon"),
    ("UTC", "UTC"),
    ("Amsterdam", "Europe/Amsterdam"),
    ("Berlin", "Europe/Berlin"),
    ("Brussels", "Europe/Brussels"),
    ("Madrid", "Europe/Madrid"),
    ("Paris", "Europe/Paris"),
    ("Rome", "Europe/Rome"),
    ("Perth", "Australia/Perth"),
    ("Osaka", "Asia/Tokyo"),
    ("Tokyo", "Asia/Tokyo"),
    ("Adelaide", "Australia/Adelaide"),
    ("Brisbane", "Australia/Brisbane"),
    ("Sydney", "Australia/Sydney"),
    ("Auckland", "Pacific/Auckland"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_zone() {
        for (name, zone) in NAMES {
            assert_eq!(by_name(name).map(|zone| zone.to_string()).as_deref(), Some(zone), "{name}");
        }
        assert_eq!(by_name("America/Toronto").unwrap().to_string(), "America/Toronto");
        assert_eq!(by_name("Middle Earth"), None);
    }
}
