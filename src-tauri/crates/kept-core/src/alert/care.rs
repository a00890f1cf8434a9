//! The plans of what is no promise: customers who wait for an answer, steps by which a miss is made good, and causes
//! that somebody looks into. What is promised to make good, and the missed promise itself, have plans of their own.

use super::plan::{Calls, Plan, Planned, Urgency};
use super::{About, AlertId, AlertKind, Basis};
use crate::calendar::WorkingCalendar;
use crate::cause::Cause;
use crate::day::{Day, Due, Now, Stamp};
use crate::feedback::Feedback;
use crate::id::CustomerId;
use crate::owed::By;
use crate::recovery::{Recovery, Repair, RepairStep};
use crate::reply_clock::ReplyRung;
use crate::settings::Settings;

/// What an alert about something that is no promise says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caring {
    /// What it says: `To make good: say sorry by phone`.
    pub title: String,
    /// Why it came, in a sentence.
    pub why: String,
}

/// What a customer told us: a clock runs until somebody answers, and a correction is to be published.
pub fn of_feedback(it: &Feedback, settings: &Settings, now: &Now) -> Option<Plan> {
    let about = About::Feedback(it.id.uuid());
    let calendar = &settings.calendar;
    let rungs = it.reply_rungs(settings, now);
    let at = |rung: ReplyRung| rungs.iter().find(|(other, _)| *other == rung).map(|(_, at)| *at);
    let asked = it.running(calendar, now).map(|clock| clock.from);
    let reply = at(ReplyRung::Half).zip(asked).map(|(first, asked)| Planned {
        id: AlertId { kind: AlertKind::Reply, about, basis: Basis::Since(asked) },
        first,
        calls: Calls::Also([at(ReplyRung::Most), at(ReplyRung::Full)]),
        until: None,
    });
    let correction =
        it.unpublished().and_then(|it| on_a_day(AlertKind::RecoveryStep, about, it.by, calendar));
    let deadline = at(ReplyRung::Full).or_else(|| Some(end_of(it.unpublished()?.by, calendar)));
    let alerts = reply.into_iter().chain(correction);
    planned(about, it.customer, deadline, it.said_at(), it.made_up, alerts, settings)
}

/// The steps of a recovery that are still to be done.
pub fn of_recovery(it: &Recovery, settings: &Settings) -> Vec<Plan> {
    let open = it.steps.iter().filter(|step| it.closed.is_none() && is_open(step));
    let plan = |step: &RepairStep| {
        let about = About::Recovery(step.id.uuid());
        let alert = on_a_day(AlertKind::RecoveryStep, about, step.by, &settings.calendar);
        let deadline = Some(end_of(step.by, &settings.calendar));
        planned(about, it.customer, deadline, it.opened_at, it.made_up, alert.into_iter(), settings)
    };
    open.filter_map(plan).collect()
}

/// What was to be changed about a cause, or the day on which to look whether it came again.
pub fn of_cause(it: &Cause, settings: &Settings) -> Option<Plan> {
    let about = About::Cause(it.id.uuid());
    let By::Day(day) = it.due()?.by else { return None };
    let alert = on_a_day(AlertKind::RecurrenceCheck, about, day, &settings.calendar);
    let deadline = Some(end_of(day, &settings.calendar));
    planned(about, None, deadline, it.opened_at, it.made_up, alert.into_iter(), settings)
}

impl Feedback {
    /// What an alert of a kind about it says.
    pub fn caring(&self, kind: AlertKind, settings: &Settings, now: &Now) -> Caring {
        if let (AlertKind::RecoveryStep, Some(correction)) = (kind, self.unpublished()) {
            let title = format!("Publish the correction {}", correction.place);
            return Caring { title, why: format!("It was promised by {}.", correction.by.words(now.today)) };
        }
        let reached = self.reply_rungs(settings, now).into_iter().rev().find(|(_, at)| *at <= now.stamp);
        let why = match reached.map(|(rung, _)| rung) {
            Some(ReplyRung::Full) => "They have waited longer than you want anybody to wait for an answer.",
            Some(ReplyRung::Most) => "Hardly any of the time in which you want to answer is left.",
            Some(ReplyRung::Half) => "Half of the time in which you want to answer is over.",
            None => "Somebody waits for your answer.",
        };
        Caring { title: format!("Answer: {}", self.title()), why: why.to_owned() }
    }
}

impl Recovery {
    /// What an alert about one of its steps says; `customer` is whose promise it was.
    pub fn caring(&self, step: &RepairStep, customer: Option<&str>, now: &Now) -> Caring {
        let to = customer.map_or_else(String::new, |name| format!(" ({name})"));
        let day = step.by.words(now.today);
        let why = match step.owner.as_str() {
            "" => format!("It is part of making a missed promise good, by {day}."),
            owner => format!("It is part of making a missed promise good, by {day}. {owner} does it."),
        };
        Caring { title: format!("{}{to}", step.repair.words()), why }
    }
}

impl Cause {
    /// What an alert about it says; none if nothing is to be done about it.
    pub fn caring(&self, now: &Now) -> Option<Caring> {
        let owed = self.due()?;
        let By::Day(day) = owed.by else { return None };
        let why = format!("So that it does not happen again, by {}.", day.words(now.today));
        Some(Caring { title: owed.what, why })
    }
}

/// Whether a step calls by itself. What is handed over calls as the promise that it is.
fn is_open(step: &RepairStep) -> bool {
    match step.repair {
        Repair::Deliver | Repair::MakeGood { .. } => false,
        Repair::Apologise { .. } | Repair::Refund { .. } | Repair::CheckBack | Repair::Other { .. } => {
            step.done_at.is_none() && step.struck.is_none()
        }
    }
}

/// At opening on a day.
fn on_a_day(kind: AlertKind, about: About, day: Day, calendar: &WorkingCalendar) -> Option<Planned> {
    let first = calendar.next_opening(calendar.zone.midnight(day))?;
    let id = AlertId { kind, about, basis: Basis::Date(Due::on(day)) };
    Some(Planned { id, first, calls: Calls::Once, until: None })
}

fn end_of(day: Day, calendar: &WorkingCalendar) -> Stamp {
    calendar.deadline(&Due::on(day))
}

/// A plan of alerts; none where the owner wants to hear of none of them.
fn planned(
    about: About,
    customer: Option<CustomerId>,
    deadline: Option<Stamp>,
    since: Stamp,
    made_up: bool,
    alerts: impl Iterator<Item = Planned>,
    settings: &Settings,
) -> Option<Plan> {
    let mut alerts: Vec<Planned> = alerts.filter(|it| settings.alerts.of(it.id.kind).on).collect();
    alerts.sort_by_key(|planned| planned.id.kind);
    (!alerts.is_empty()).then(|| Plan {
        about,
        customer,
        urgency: Urgency::new(about, deadline, None, since),
        deadline,
        start_by: None,
        silent: made_up,
        second_chance: false,
        alerts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Rung, Status, status};
    use crate::cause::CauseDraft;
    use crate::feedback::{Correction, FeedbackDraft, FeedbackKind};
    use crate::id::{CauseId, FeedbackId};
    use crate::reply_clock::{Turn, TurnKind};
    use crate::samples::{calendar, now, stamp, zone};
    use uuid::Uuid;

    fn complaint(at: &str) -> Feedback {
        let draft = FeedbackDraft {
            kind: FeedbackKind::Complaint,
            text: "The paper did not come".to_owned(),
            ..FeedbackDraft::default()
        };
        draft.into_feedback(FeedbackId::new(Uuid::from_u128(1)), &now(at))
    }

    fn turn(it: &mut Feedback, kind: TurnKind, at: &str) {
        it.take_turn(Turn { at: stamp(at), kind, words: None }, &now(at)).unwrap();
    }

    /// The calls of the reply alert as they are planned at a moment.
    fn check_calls(it: &Feedback, at: &str, expected: &[(Rung, &str)]) {
        let plan = of_feedback(it, &Settings::new(zone()), &now(at));
        let planned = plan.and_then(|plan| plan.alerts.first().copied());
        let mut calls = Vec::new();
        let mut after = stamp("2026-11-01 00:00");
        while let Some((rung, at)) = planned.and_then(|planned| planned.next(&calendar(), after)) {
            calls.push((rung, at));
            after = at;
        }
        let expected: Vec<_> = expected.iter().map(|(rung, at)| (*rung, stamp(at))).collect();
        assert_eq!(calls, expected, "planned at {at}");
    }

    const CALLS: [(Rung, &str); 3] = [
        (Rung::First, "2026-11-16 10:00"),
        (Rung::Second, "2026-11-16 10:36"),
        (Rung::Third, "2026-11-16 11:00"),
    ];

    #[test]
    fn a_complaint_calls_at_half_at_most_and_at_all_of_the_time_to_answer_whenever_it_is_planned() {
        let it = complaint("2026-11-16 09:00");
        for at in ["16 09:00", "16 10:10", "16 10:59", "16 11:00", "18 15:00"] {
            check_calls(&it, &format!("2026-11-{at}"), &CALLS);
        }
    }

    #[test]
    fn who_was_answered_or_is_waited_for_calls_no_more_and_what_has_run_counts_when_it_goes_on() {
        let mut it = complaint("2026-11-16 09:00");
        turn(&mut it, TurnKind::Wait, "2026-11-16 09:30");
        check_calls(&it, "2026-11-16 15:00", &[]);
        turn(&mut it, TurnKind::GoOn, "2026-11-16 16:00");
        let later = [
            (Rung::First, "2026-11-16 16:30"),
            (Rung::Second, "2026-11-16 17:06"),
            (Rung::Third, "2026-11-16 17:30"),
        ];
        check_calls(&it, "2026-11-16 17:00", &later);
        turn(&mut it, TurnKind::Reply, "2026-11-16 17:10");
        check_calls(&it, "2026-11-16 17:20", &[]);
        let praise = Feedback { kind: FeedbackKind::Praise, ..complaint("2026-11-16 09:00") };
        assert_eq!(of_feedback(&praise, &Settings::new(zone()), &now("2026-11-16 12:00")), None);
    }

    #[test]
    fn what_was_seen_calls_again_when_more_of_the_time_is_over() {
        let it = complaint("2026-11-16 09:00");
        let plan = of_feedback(&it, &Settings::new(zone()), &now("2026-11-16 10:00")).unwrap();
        let planned = plan.alerts[0];
        let mut ledger = crate::alert::Ledger::default();
        let seen = [ledger.acknowledged(
            &planned.id,
            plan.skips_no_rung(&planned.id),
            &calendar(),
            &now("2026-11-16 10:05"),
        )];
        ledger.put(seen);
        let stands = |at: &str| status(&planned, ledger.get(&planned.id), &calendar(), stamp(at));
        assert_eq!(stands("2026-11-16 10:35"), Status::Acknowledged);
        let Status::Owed { call: Some(call), .. } = stands("2026-11-16 10:36") else {
            panic!("{:?}", stands("2026-11-16 10:36"))
        };
        assert_eq!(call.rung, Rung::Second);
    }

    #[test]
    fn a_correction_is_called_for_on_its_day() {
        let mut it = complaint("2026-11-16 09:00");
        turn(&mut it, TurnKind::Reply, "2026-11-16 09:10");
        let correction = Correction {
            text: "It is Okafor".to_owned(),
            place: "on page 2".to_owned(),
            by: "2026-11-17".parse().unwrap(),
            published_at: None,
        };
        it.correct(Some(correction), &now("2026-11-16 09:20")).unwrap();
        let settings = Settings::new(zone());
        let plan = of_feedback(&it, &settings, &now("2026-11-16 10:00")).unwrap();
        assert_eq!(plan.alerts[0].id.kind, AlertKind::RecoveryStep);
        assert_eq!(plan.alerts[0].first, stamp("2026-11-17 09:00"));
        let said = it.caring(AlertKind::RecoveryStep, &settings, &now("2026-11-17 09:00"));
        assert_eq!(said.title, "Publish the correction on page 2");
    }

    #[test]
    fn a_cause_calls_on_the_day_of_its_action_and_none_where_no_day_was_named() {
        let draft = CauseDraft {
            symptom: "Two cookies were empty".to_owned(),
            check_on: Some("2026-12-18".parse().unwrap()),
            ..CauseDraft::default()
        };
        let id = CauseId::new(Uuid::from_u128(3));
        let it = Cause::begun(id, draft.clone(), &now("2026-11-16 09:00"));
        let plan = of_cause(&it, &Settings::new(zone())).unwrap();
        assert_eq!(plan.alerts[0].id.to_string(), format!("recurrence_check:cause/{}:2026-12-18", id.uuid()));
        assert_eq!(plan.alerts[0].first, stamp("2026-12-18 09:00"));
        let bare = Cause::begun(id, CauseDraft { check_on: None, ..draft }, &now("2026-11-16 09:00"));
        assert_eq!(of_cause(&bare, &Settings::new(zone())), None);
    }
}
