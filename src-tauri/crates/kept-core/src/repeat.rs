//! Recurrence rules in words, and the few things about a rule that need no library: it repeats by days at most.

use crate::day::Day;
use crate::problem::Problem;
use std::str::FromStr;

/// The longest rule, in characters.
const RULE_MOST: usize = 400;
/// The parts of a rule that would repeat it within a day.
const WITHIN_A_DAY: [&str; 6] = ["HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND"];
const WEEKDAYS: [(&str, &str); 7] = [
    ("MO", "Monday"),
    ("TU", "Tuesday"),
    ("WE", "Wednesday"),
    ("TH", "Thursday"),
    ("FR", "Friday"),
    ("SA", "Saturday"),
    ("SU", "Sunday"),
];

/// The rule of every week, on the weekday of a day.
pub fn weekly_on(day: Day) -> String {
    let (name, _) = WEEKDAYS[day.weekday().num_days_from_monday() as usize % WEEKDAYS.len()];
    format!("FREQ=WEEKLY;BYDAY={name}")
}

/// A rule as Kept writes it: upper case, without its name and without white space. Whether it is a rule at all is for the
/// library that reads it.
pub fn tidy(rule: &str) -> Result<String, Problem> {
    let wrong = |is: &str| Problem::new("rule", is);
    let rule = rule.trim().to_ascii_uppercase();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule).trim_end_matches(';');
    if rule.is_empty() {
        return Err(wrong("Say how often it repeats."));
    }
    if rule.len() > RULE_MOST || rule.contains(|c: char| c.is_whitespace() || c == ':' || !c.is_ascii()) {
        return Err(wrong("This is not a rule by which something repeats."));
    }
    if WITHIN_A_DAY.iter().any(|name| rule.contains(name)) {
        return Err(wrong("Kept repeats things once a day at most; make one for each time of day."));
    }
    if value(rule, "INTERVAL").is_some_and(|every| every.parse::<u32>().is_ok_and(|every| every == 0)) {
        return Err(wrong("“Every 0 days” never happens."));
    }
    // A day alone ends the rule with that day, wherever the clocks are.
    let ends = value(rule, "UNTIL").filter(|until| until.len() >= 8 && until.is_char_boundary(8));
    Ok(ends.map_or_else(
        || rule.to_owned(),
        |until| rule.replace(&format!("UNTIL={until}"), &format!("UNTIL={}T235959Z", &until[..8])),
    ))
}

/// A rule in words: `every Saturday`, `every 2 weeks on Monday and Thursday`, `every month on the last Friday`.
pub fn words(rule: &str) -> String {
    let every: u32 = value(rule, "INTERVAL").and_then(|every| every.parse().ok()).unwrap_or(1);
    let days: Vec<&str> = value(rule, "BYDAY").map_or_else(Vec::new, |days| days.split(',').collect());
    let period =
        |name: &str| if every == 1 { format!("every {name}") } else { format!("every {every} {name}s") };
    let known = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"];
    let names = rule.split(';').filter_map(|part| part.split_once('=')).map(|(name, _)| name);
    let plain = if names.into_iter().all(|name| known.contains(&name)) {
        match value(rule, "FREQ") {
            Some("DAILY") if days.is_empty() => Some(period("day")),
            Some("WEEKLY") => weekly(&days, every, &period("week")),
            Some("MONTHLY") => monthly(rule, &days, &period("month")),
            Some("YEARLY") if days.is_empty() => Some(period("year")),
            _ => None,
        }
    } else {
        None
    };
    let plain = plain.unwrap_or_else(|| format!("by the rule {rule}"));
    format!("{plain}{}", end_words(rule))
}

fn weekly(days: &[&str], every: u32, period: &str) -> Option<String> {
    let names: Option<Vec<&str>> = days.iter().map(|day| weekday(day)).collect();
    let names = names?;
    Some(match (names.as_slice(), every) {
        ([], _) => period.to_owned(),
        (["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], 1) => "every weekday".to_owned(),
        (all, 1) if all.len() == 7 => "every day".to_owned(),
        (some, 1) => format!("every {}", and(some)),
        (some, _) => format!("{period} on {}", and(some)),
    })
}

fn monthly(rule: &str, days: &[&str], period: &str) -> Option<String> {
    match (value(rule, "BYMONTHDAY"), days) {
        (None, []) => Some(period.to_owned()),
        (Some("-1"), []) => Some(format!("{period} on the last day")),
        (Some(day), []) => day.parse::<u32>().ok().map(|day| format!("{period} on the {}", ordinal(day))),
        (None, [day]) if day.len() > 2 && day.is_ascii() => {
            let (place, day) = day.split_at(day.len() - 2);
            let place = match place {
                "-1" => "last".to_owned(),
                place => place.parse().ok().map(ordinal)?,
            };
            Some(format!("{period} on the {place} {}", weekday(day)?))
        }
        _ => None,
    }
}

fn end_words(rule: &str) -> String {
    let until = value(rule, "UNTIL").and_then(|until| {
        let day = format!("{}-{}-{}", until.get(..4)?, until.get(4..6)?, until.get(6..8)?);
        Day::from_str(&day).ok()
    });
    match (value(rule, "COUNT"), until) {
        (Some(times), _) => format!(", {times} times"),
        (None, Some(day)) => format!(", until {}", day.date().format("%-d %b %Y")),
        (None, None) => String::new(),
    }
}

fn value<'a>(rule: &'a str, name: &str) -> Option<&'a str> {
    rule.split(';')
        .filter_map(|part| part.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn weekday(code: &str) -> Option<&'static str> {
    WEEKDAYS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

fn and(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_one_would_say_it() {
        for (rule, said) in [
            ("FREQ=DAILY", "every day"),
            ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
            ("FREQ=WEEKLY", "every week"),
            ("FREQ=WEEKLY;BYDAY=SA", "every Saturday"),
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "every 2 weeks on Monday and Thursday"),
            ("FREQ=MONTHLY;BYMONTHDAY=1", "every month on the 1st"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
            ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=22", "every 3 months on the 22nd"),
            ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
            ("FREQ=MONTHLY;BYDAY=2TU", "every month on the 2nd Tuesday"),
            ("FREQ=YEARLY", "every year"),
            ("FREQ=WEEKLY;BYDAY=SU;COUNT=12", "every Sunday, 12 times"),
            ("FREQ=DAILY;UNTIL=20261224T235959Z", "every day, until 24 Dec 2026"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "by the rule FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
            ("FREQ=MONTHLY;BYDAY=éFR", "by the rule FREQ=MONTHLY;BYDAY=éFR"),
        ] {
            assert_eq!(words(rule), said);
        }
    }

    #[test]
    fn a_rule_is_tidied_and_nonsense_refused() {
        for (typed, tidied) in [
            (" rrule:freq=weekly;byday=sa; ", Some("FREQ=WEEKLY;BYDAY=SA")),
            ("FREQ=DAILY;UNTIL=20261224", Some("FREQ=DAILY;UNTIL=20261224T235959Z")),
            ("FREQ=DAILY;UNTIL=20261224T080000Z", Some("FREQ=DAILY;UNTIL=20261224T235959Z")),
            ("", None),
            ("FREQ=HOURLY", None),
            ("FREQ=DAILY;BYHOUR=7,9", None),
            ("FREQ=DAILY;INTERVAL=0", None),
            ("FREQ=DAILY\nDTSTART:20200101", None),
        ] {
            assert_eq!(tidy(typed).ok().as_deref(), tidied, "{typed}");
        }
    }
}
