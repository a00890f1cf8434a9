//! Moves of a date: what is allowed, and what a promise that waits for an event is told.

use crate::channel::Channel;
use crate::commitment::{Commitment, Event, Party, Reschedule, Warned};
use crate::day::{Due, Now};
use crate::draft::{NOTE_MOST, check_name};
use crate::fulfil::{Deed, must_be_open, refuse};
use crate::problem::Problem;
use crate::settings::{MoveRule, Settings};
use crate::tell::{TellKind, Told};
use crate::urgency::current_deadline;

/// A move of the date as the owner gave it.
pub fn reschedule(it: &Commitment, to: Due, by: Party, now: &Now) -> Reschedule {
    // Of a move that the customer asked for they know.
    let told_at = (by == Party::Customer).then_some(now.stamp);
    Reschedule { told_at, ..Reschedule::new(it.current_due(), to, by, now.stamp) }
}

/// Moves the date, or gives one to what waited for an event. The first promised date stays what it was.
pub fn move_date(
    it: &mut Commitment,
    moved: Reschedule,
    past_is_meant: bool,
    settings: &Settings,
    now: &Now,
) -> Deed {
    must_be_open(it)?;
    let calendar = &settings.calendar;
    if Some(moved.to) == it.current_due() {
        return refuse("to", "This is the date that stands already.");
    }
    if calendar.deadline(&moved.to) <= now.stamp && !past_is_meant {
        return refuse("to", "This date has already passed. Choose another, or confirm it.");
    }
    for (field, text) in [("why", &moved.why), ("note", &moved.note)] {
        if text.as_ref().is_some_and(|text| text.chars().count() > NOTE_MOST) {
            return refuse(field, "This is too long.");
        }
    }
    let against_the_rule = against_the_rule(it, &moved, settings, now);
    if !against_the_rule.is_empty() {
        return Err(against_the_rule);
    }
    it.awaits = None;
    it.date_derived = false;
    it.reschedules.push(moved);
    Ok(())
}

/// The customer was told of the last move of ours; if they know of it, that the date that stands may not hold. By which
/// way is not asked; what they answer can be taken down with what they were told.
pub fn customer_told(it: &mut Commitment, now: &Now) -> Deed {
    if let Some(moved) = it.reschedules.last_mut().filter(|moved| moved.told_at.is_none()) {
        moved.told_at = Some(now.stamp);
    } else {
        match it.current_due() {
            Some(of) if it.is_open() && !it.is_warned() => it.warned = Some(Warned { of, at: now.stamp }),
            _ => {
                return refuse("promise", "There is nothing about the date that the customer does not know.");
            }
        }
    }
    it.told.push(Told {
        at: now.stamp,
        kind: TellKind::Late,
        channel: Channel::Other,
        words: None,
        answer: None,
    });
    Ok(())
}

/// What waits for an event waits for another one, or is looked at again on another day.
pub fn await_event(it: &mut Commitment, event: &Event, now: &Now) -> Deed {
    must_be_open(it)?;
    if it.current_due().is_some() {
        return refuse("promise", "This has a date. It no longer waits for anything.");
    }
    let problems = event_problems(event, now);
    if !problems.is_empty() {
        return Err(problems);
    }
    it.awaits = Some(Event { what: event.what.trim().to_owned(), review_by: event.review_by });
    Ok(())
}

/// What is wrong with an event that is waited for.
pub fn event_problems(event: &Event, now: &Now) -> Vec<Problem> {
    let mut problems = Vec::new();
    if event.what.trim().is_empty() {
        problems.push(Problem::new("awaits.what", "Say what it waits for."));
    }
    check_name(&mut problems, "awaits.what", &event.what);
    if event.review_by < now.today {
        problems.push(Problem::new("awaits.review_by", "This day has passed. Say when to look at it again."));
    }
    problems
}

/// Why we cannot move the date any more by the owner's rule, if that is so.
pub fn fixed_by_rule(it: &Commitment, settings: &Settings, now: &Now) -> Option<String> {
    let calendar = &settings.calendar;
    match settings.move_rule {
        MoveRule::Free => return None,
        MoveRule::OnceBeforeItLapses => {}
    }
    let change = "You can change the rule in the settings.";
    // The first date of what waited for an event is no move.
    let earlier = it.reschedules.iter().find(|moved| moved.by == Party::Us && moved.from.is_some());
    if let Some(earlier) = earlier {
        let when = calendar.zone.day(earlier.said_at).words(now.today);
        return Some(format!("By your rule a date moves once, and this one was moved on {when}. {change}"));
    }
    let has_lapsed = current_deadline(it, calendar).is_some_and(|deadline| deadline < now.stamp);
    has_lapsed.then(|| format!("By your rule a date moves only before it has lapsed. {change}"))
}

/// The rule of Etsy: a date that we move is moved once, before it has lapsed, and the customer gets a note about it. What
/// the customer asks for is no move of ours.
fn against_the_rule(it: &Commitment, moved: &Reschedule, settings: &Settings, now: &Now) -> Vec<Problem> {
    let holds = match settings.move_rule {
        MoveRule::Free => false,
        MoveRule::OnceBeforeItLapses => moved.by == Party::Us && moved.from.is_some(),
    };
    if !holds {
        return Vec::new();
    }
    let fixed = fixed_by_rule(it, settings, now).map(|words| Problem::new("to", words));
    let note = Problem::new("note", "By your rule the customer gets a note about it. Write one.");
    fixed.into_iter().chain(moved.note.is_none().then_some(note)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{commitment, due, now, zone};

    fn cupcakes() -> Commitment {
        commitment("12 cupcakes", due("2026-11-20", "15:00"))
    }

    /// A move to the 25th.
    fn to_the_25th(it: &Commitment, by: Party, note: Option<&str>, now: &Now) -> Reschedule {
        let plain = reschedule(it, due("2026-11-25", "15:00"), by, now);
        Reschedule { note: note.map(str::to_owned), ..plain }
    }

    #[test]
    fn the_first_promised_date_is_never_altered() {
        let (mut it, settings) = (cupcakes(), Settings::new(zone()));
        let now = now("2026-11-19 10:00");
        let to = to_the_25th(&it, Party::Us, None, &now);
        move_date(&mut it, to, false, &settings, &now).unwrap();
        assert_eq!(it.first_due, Some(due("2026-11-20", "15:00")));
        assert_eq!(it.current_due(), Some(due("2026-11-25", "15:00")));
        assert_eq!(it.reschedules[0].told_at, None, "a move of ours is not told yet");
        customer_told(&mut it, &now).unwrap();
        assert_eq!((it.reschedules[0].told_at, it.warned), (Some(now.stamp), None));
        customer_told(&mut it, &now).unwrap();
        assert_eq!(it.warned.map(|warned| warned.of), it.current_due(), "it may not hold either");
        assert!(customer_told(&mut it, &now).is_err());
        let past = reschedule(&it, due("2026-11-10", "15:00"), Party::Customer, &now);
        assert_eq!(move_date(&mut it, past.clone(), false, &settings, &now).unwrap_err()[0].field, "to");
        move_date(&mut it, past, true, &settings, &now).unwrap();
    }

    fn check(what: &str, it: &Commitment, by: Party, note: Option<&str>, at: &str, wrong: &[&str]) {
        let settings = Settings { move_rule: MoveRule::OnceBeforeItLapses, ..Settings::new(zone()) };
        let now = now(at);
        let to = to_the_25th(it, by, note, &now);
        let problems = move_date(&mut it.clone(), to, false, &settings, &now).err().unwrap_or_default();
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, wrong, "{what}");
    }

    #[test]
    fn by_the_rule_a_date_moves_once_before_it_lapses_with_a_note() {
        let moved = |by| {
            let (mut it, now) = (cupcakes(), now("2026-11-12 10:00"));
            let to = reschedule(&it, due("2026-11-24", "15:00"), by, &now);
            move_date(&mut it, to, false, &Settings::new(zone()), &now).unwrap();
            it
        };
        let note = Some("The oven broke. It comes on Wednesday.");
        check("once", &cupcakes(), Party::Us, note, "2026-11-20 15:00", &[]);
        check("without a note", &cupcakes(), Party::Us, None, "2026-11-20 15:00", &["note"]);
        check("after it has lapsed", &cupcakes(), Party::Us, note, "2026-11-20 15:01", &["to"]);
        check("for the second time", &moved(Party::Us), Party::Us, note, "2026-11-20 15:00", &["to"]);
        check("all of it wrong", &moved(Party::Us), Party::Us, None, "2026-11-20 15:00", &["to", "note"]);
        check(
            "the customer moved it before",
            &moved(Party::Customer),
            Party::Us,
            note,
            "2026-11-20 15:00",
            &[],
        );
        check("the customer asks", &moved(Party::Us), Party::Customer, None, "2026-11-24 16:00", &[]);
        let mut event = cupcakes();
        event.first_due = None;
        check("a first date is no move", &event, Party::Us, None, "2026-11-20 15:00", &[]);
    }

    #[test]
    fn what_waits_for_an_event_is_looked_at_again_and_gets_its_date_later() {
        let mut it = cupcakes();
        let now = now("2026-11-19 10:00");
        let event = |what: &str, day: &str| Event { what: what.to_owned(), review_by: day.parse().unwrap() };
        assert!(
            await_event(&mut it, &event("when the book is out", "2026-12-01"), &now).is_err(),
            "it has a date"
        );
        it.first_due = None;
        it.awaits = Some(event("when the book is out", "2026-11-19"));
        for (event, field) in [
            (event(" ", "2026-12-01"), "awaits.what"),
            (event("when the book is out", "2026-11-18"), "awaits.review_by"),
        ] {
            assert_eq!(await_event(&mut it, &event, &now).unwrap_err()[0].field, field);
        }
        await_event(&mut it, &event("when the book is out", "2026-12-01"), &now).unwrap();
        let to = to_the_25th(&it, Party::Us, None, &now);
        move_date(&mut it, to, false, &Settings::new(zone()), &now).unwrap();
        assert_eq!((it.awaits.is_none(), it.basis()), (true, Some(due("2026-11-25", "15:00"))));
        let later = reschedule(&it, due("2026-11-27", "15:00"), Party::Us, &now);
        move_date(&mut it, later, false, &Settings::new(zone()), &now).unwrap();
        assert_eq!(it.basis(), Some(due("2026-11-25", "15:00")), "it is judged by the first date it got");
    }
}
