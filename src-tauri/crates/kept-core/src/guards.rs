//! What asks first before a handover: a duplicate costs as much as a miss, and what comes too late may help nobody.

use crate::calendar::WorkingCalendar;
use crate::commitment::{Commitment, Deliverable};
use crate::day::Now;
use crate::id::DeliverableId;
use crate::problem::Problem;

/// Within this many days of the last handover, more of a part that was handed over in full is taken for a duplicate.
pub const REPLACEMENT_DAYS: i64 = 3;

/// What the owner was asked and means all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is the answer to a question of its own")]
pub struct Meant {
    /// It is more than was promised.
    pub more: bool,
    /// The same was handed over a few days ago.
    pub duplicate: bool,
    /// After its date it was said to help nobody.
    pub late_help: bool,
    /// Not everything on the checklist was looked at.
    pub checklist: bool,
}

/// The questions that a handover of these quantities raises and that are not answered yet: each names the field that
/// answers it.
pub fn questions(
    it: &Commitment,
    parts: &[(DeliverableId, u32)],
    meant: Meant,
    calendar: &WorkingCalendar,
    now: &Now,
) -> Vec<Problem> {
    let mut questions = too_many(it, parts, meant, now);
    let worthless = it.worthless_after.filter(|due| now.stamp > calendar.deadline(due));
    if let Some(due) = worthless.filter(|_| !meant.late_help) {
        questions.push(Problem::new(
            "late_help_is_meant",
            format!(
                "After {} it was said to help nobody any more. Does it still help? Think first of what would: doing it \
                 again, doing something else for them.",
                due.words(now.today)
            ),
        ));
    }
    let unchecked: Vec<&str> = it
        .checklist
        .iter()
        .filter(|check| check.checked_at.is_none())
        .map(|check| check.what.as_str())
        .collect();
    if !unchecked.is_empty() && !meant.checklist {
        let named = unchecked.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        let more = match unchecked.len().saturating_sub(5) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        questions.push(Problem::new(
            "checklist_is_meant",
            format!("Not looked at yet: {named}{more}. Hand it over all the same?"),
        ));
    }
    questions
}

/// A handover of more than is owed of a part; the first such part asks for all.
fn too_many(it: &Commitment, parts: &[(DeliverableId, u32)], meant: Meant, now: &Now) -> Vec<Problem> {
    let mut questions: Vec<Problem> = Vec::new();
    for part in &it.deliverables {
        // The same part may be named on several lines.
        let of_it = parts.iter().filter(|(id, _)| *id == part.id);
        let quantity = of_it.fold(0_u32, |sum, (_, quantity)| sum.saturating_add(*quantity));
        let (field, is_meant, words) = match it.left_of(part) {
            left if quantity <= left => continue,
            0 if is_recent(it, part, now) => (
                "duplicate_is_meant",
                meant.duplicate,
                format!(
                    "{} was handed over within the last three days. Hand over {quantity} more?",
                    part.what
                ),
            ),
            0 => (
                "more_is_meant",
                meant.more,
                format!("All of {} was handed over already. Hand over {quantity} more?", part.what),
            ),
            left => (
                "more_is_meant",
                meant.more,
                format!("Only {left} of {} are still owed. Hand over {quantity} all the same?", part.what),
            ),
        };
        if !is_meant && questions.iter().all(|question| question.field != field) {
            questions.push(Problem::new(field, words));
        }
    }
    questions
}

fn is_recent(it: &Commitment, part: &Deliverable, now: &Now) -> bool {
    it.handovers.iter().any(|handover| {
        handover.deliverable == part.id && now.stamp.minutes_since(handover.at) < REPLACEMENT_DAYS * 24 * 60
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{calendar, commitment, due, handed, now, stamp};
    use crate::step::Check;

    fn check(what: &str, it: &Commitment, quantity: u32, at: &str, meant: Meant, expected: &[&str]) {
        let parts = [(it.deliverables[0].id, quantity)];
        let questions = questions(it, &parts, meant, &calendar(), &now(at));
        let fields: Vec<&str> = questions.iter().map(|question| question.field.as_str()).collect();
        assert_eq!(fields, expected, "{what}");
        assert!(questions.iter().all(|question| question.is.contains('?')), "{questions:?}");
    }

    #[test]
    fn a_handover_asks_before_it_doubles_or_comes_too_late_or_unchecked() {
        let none = Meant::default();
        let promise = || commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let at = "2026-11-19 10:00";
        check("what is owed", &promise(), 12, at, none, &[]);
        check("one too many", &promise(), 13, at, none, &["more_is_meant"]);
        check("and meant", &promise(), 13, at, Meant { more: true, ..none }, &[]);
        let full = handed(promise(), 12, "2026-11-16 10:01");
        check("within three days", &full, 1, at, none, &["duplicate_is_meant"]);
        check(
            "more is another question",
            &full,
            1,
            at,
            Meant { more: true, ..none },
            &["duplicate_is_meant"],
        );
        check("and meant", &full, 1, at, Meant { duplicate: true, ..none }, &[]);
        check("three days later", &full, 1, "2026-11-19 10:01", none, &["more_is_meant"]);
        let some = handed(promise(), 4, "2026-11-19 09:00");
        check("the rest is no duplicate", &some, 8, at, none, &[]);

        let mut paper = promise();
        paper.worthless_after = Some(due("2026-11-19", "10:00"));
        check("at the last moment", &paper, 12, at, none, &[]);
        check("a minute later", &paper, 12, "2026-11-19 10:01", none, &["late_help_is_meant"]);
        check("it helps", &paper, 12, "2026-11-19 10:01", Meant { late_help: true, ..none }, &[]);

        let mut listed = promise();
        listed.checklist = vec![
            Check { what: "candles".to_owned(), checked_at: Some(stamp("2026-11-19 09:00")) },
            Check { what: "box label".to_owned(), checked_at: None },
        ];
        check("something was not looked at", &listed, 12, at, none, &["checklist_is_meant"]);
        check("and meant", &listed, 12, at, Meant { checklist: true, ..none }, &[]);
        listed.checklist[1].checked_at = Some(stamp("2026-11-19 09:00"));
        check("all is checked", &listed, 12, at, none, &[]);

        listed.checklist[1].checked_at = None;
        listed.worthless_after = paper.worthless_after;
        let all = ["more_is_meant", "late_help_is_meant", "checklist_is_meant"];
        check("all at once", &listed, 13, "2026-11-19 12:00", none, &all);
    }

    #[test]
    fn two_lines_of_one_part_are_added_up() {
        let it = commitment("12 cupcakes", due("2026-11-20", "15:00"));
        let part = it.deliverables[0].id;
        let parts = [(part, 7), (part, 7)];
        let asked = questions(&it, &parts, Meant::default(), &calendar(), &now("2026-11-19 10:00"));
        assert_eq!(asked[0].field, "more_is_meant");
        assert!(asked[0].is.contains("14"), "{}", asked[0].is);
    }
}
