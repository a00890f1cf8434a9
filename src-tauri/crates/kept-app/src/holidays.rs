//! Holidays from a calendar file (iCalendar, RFC 5545): each becomes a closed day of the working calendar.

use crate::failure::Failure;
use crate::settings::write;
use crate::takes::plan::AttachFile;
use crate::{Kept, recurrence};
use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, Event};
use kept_core::calendar::SpecialDay;
use kept_core::day::Day;
use kept_core::views::Done;
use kept_core::words::count;
use std::collections::BTreeMap;
use std::io::Read;

/// A calendar of holidays is small; a larger file is something else.
const LARGEST: u64 = 5 * 1024 * 1024;
/// Holidays are taken over from last month on and for so many days.
const AHEAD_DAYS: i64 = 3 * 366;
/// A holiday that is longer than this is no holiday of a shop.
const LONGEST_DAYS: i64 = 31;
const NAME_MOST: usize = 120;

/// Takes over the holidays of a file that was offered. Days for which the owner has hours of her own stay as they are.
pub(crate) async fn bring_in_holidays(kept: &Kept, takes: AttachFile) -> Result<Done, Failure> {
    let path = kept.offered(&takes.file)?;
    let text = tokio::task::spawn_blocking(move || read(&path)).await.map_err(Failure::bug)??;
    let today = kept.now().today;
    let found = holidays(&text, today.plus(-31), today.plus(AHEAD_DAYS))?;
    let writing = kept.writing().await;
    let mut settings = kept.settings();
    let days = &mut settings.calendar.exceptions;
    let before = days.len();
    for (day, name) in found {
        days.entry(day).or_insert(SpecialDay { name, spans: Vec::new() });
    }
    let new = i64::try_from(days.len() - before).unwrap_or(i64::MAX);
    write(kept, &writing, settings, format!("Brought in {}", count(new, "holiday"))).await
}

fn read(path: &std::path::Path) -> Result<String, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::field("file", format!("The file cannot be read: {error}."));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::field("file", "This file is too large to be a calendar of holidays."));
    }
    String::from_utf8(bytes).map_err(|_| not_a_calendar())
}

/// The days of a calendar that are whole days, within two days, with their names.
fn holidays(text: &str, first: Day, last: Day) -> Result<BTreeMap<Day, String>, Failure> {
    // Some programs end lines otherwise than the standard says.
    let text = icalendar::parser::unfold(text);
    let calendar: Calendar = text.parse().map_err(|_| not_a_calendar())?;
    let events: Vec<&Event> = calendar.components.iter().filter_map(|part| part.as_event()).collect();
    if events.is_empty() {
        return Err(not_a_calendar());
    }
    let mut found = BTreeMap::new();
    for event in events {
        let Some((from, length)) = whole_days(event) else { continue };
        let name: String = event.get_summary().unwrap_or("Holiday").trim().chars().take(NAME_MOST).collect();
        let starts = match event.property_value("RRULE") {
            Some(rule) => recurrence::days(rule, from, first, last, 50).unwrap_or_else(|_| vec![from]),
            None => vec![from],
        };
        let days = starts.into_iter().flat_map(|start| (0..length).map(move |days| start.plus(days)));
        for day in days.filter(|day| (first..=last).contains(day)) {
            found.entry(day).or_insert_with(|| name.clone());
        }
    }
    Ok(found)
}

/// The first day of an event and how many days it lasts; none if it has hours, and so is no holiday.
fn whole_days(event: &Event) -> Option<(Day, i64)> {
    let from = day_of(&event.get_start()?)?;
    let length = match event.get_end().as_ref().and_then(day_of) {
        Some(end) => end.days_since(from).clamp(1, LONGEST_DAYS),
        None => 1,
    };
    Some((from, length))
}

fn day_of(at: &DatePerhapsTime) -> Option<Day> {
    match at {
        DatePerhapsTime::Date(date) => Day::within(*date),
        DatePerhapsTime::DateTime(
            CalendarDateTime::Floating(_) | CalendarDateTime::Utc(_) | CalendarDateTime::WithTimezone { .. },
        ) => None,
    }
}

fn not_a_calendar() -> Failure {
    Failure::field("file", "This is no calendar of holidays. Choose an .ics file with whole days.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(events: &str, expected: &[(&str, &str)]) {
        let text =
            format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made up//EN\r\n{events}END:VCALENDAR\r\n");
        let found = holidays(&text, day("2026-11-01"), day("2028-12-31")).unwrap();
        let found: Vec<(String, &str)> =
            found.iter().map(|(day, name)| (day.to_string(), name.as_str())).collect();
        let expected: Vec<(String, &str)> =
            expected.iter().map(|(day, name)| ((*day).to_owned(), *name)).collect();
        assert_eq!(found, expected);
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn event(lines: &[&str]) -> String {
        format!("BEGIN:VEVENT\r\nUID:1\r\n{}\r\nEND:VEVENT\r\n", lines.join("\r\n"))
    }

    #[test]
    fn whole_days_are_holidays_and_hours_are_not() {
        check(
            &event(&["SUMMARY:Christmas Day", "DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261227"]),
            &[("2026-12-25", "Christmas Day"), ("2026-12-26", "Christmas Day")],
        );
        check(&event(&["SUMMARY:Lunch", "DTSTART:20261225T120000Z", "DTEND:20261225T130000Z"]), &[]);
        check(&event(&["SUMMARY:Long ago", "DTSTART;VALUE=DATE:20191225"]), &[]);
    }

    #[test]
    fn a_holiday_that_comes_every_year_is_taken_for_the_years_ahead() {
        check(
            &event(&["SUMMARY:New Year", "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY"]),
            &[("2027-01-01", "New Year"), ("2028-01-01", "New Year")],
        );
    }

    #[test]
    fn what_is_no_calendar_is_refused_in_words() {
        for text in ["", "Name,Email\n#1001,a@example.com", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"] {
            let failure = holidays(text, day("2026-11-01"), day("2028-12-31")).unwrap_err();
            assert!(failure.problems[0].is.contains("no calendar"), "{failure:?}");
        }
    }
}
