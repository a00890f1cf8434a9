//! What a customer is told of a promise: which message fits its state, what was told, and whether a delay needs an answer.

use crate::channel::Channel;
use crate::commitment::{Commitment, FulfilmentStatus, Party, Reschedule, is_default};
use crate::day::{Day, Now, Stamp, TimeOfDay, Zone};
use crate::draft::NOTE_MOST;
use crate::fulfil::{Deed, refuse};
use crate::owed::Owed;
use crate::settings::Settings;
use crate::urgency::{Place, Standing};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a message to a customer says.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TellKind {
    /// This is what we promised.
    Confirmed,
    /// All is well.
    OnTrack,
    /// It will be late; the new date, and the right to call it off.
    Late,
    /// It can be had.
    Ready,
    /// It was handed over.
    HandedOver,
    /// We did not keep our word.
    Sorry,
}

/// Something that a customer was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Told {
    /// When.
    pub at: Stamp,
    /// What.
    pub kind: TellKind,
    /// How.
    pub channel: Channel,
    /// The words, if they were kept.
    #[serde(default, skip_serializing_if = "is_default")]
    pub words: Option<String>,
    /// What they answered.
    #[serde(default, skip_serializing_if = "is_default")]
    pub answer: Option<Answer>,
}

/// What a customer answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export, optional_fields = nullable)]
pub struct Answer {
    /// Whether they agree; none if that was not the question.
    #[serde(default)]
    pub agreed: Option<bool>,
    /// In their words.
    #[serde(default)]
    pub words: Option<String>,
}

/// Whether a customer has to agree to a delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Consent {
    /// Whoever does not answer has agreed; up to this day they can still call it off.
    BySilence {
        /// The last day on which they can call it off.
        until: Day,
    },
    /// Only an answer is an agreement; without one by this day the money goes back.
    ByAnswer {
        /// By when they have to answer.
        by: Day,
    },
}

impl TellKind {
    /// All kinds, in the order of a promise's life.
    pub const ALL: [Self; 6] =
        [Self::Confirmed, Self::OnTrack, Self::Late, Self::Ready, Self::HandedOver, Self::Sorry];

    /// What the customer was told, to go on with after a name: `that it is ready`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Confirmed => "what was promised",
            Self::OnTrack => "that all is on track",
            Self::Late => "that it will be late",
            Self::Ready => "that it is ready",
            Self::HandedOver => "that it was handed over",
            Self::Sorry => "that we are sorry",
        }
    }
}

impl Commitment {
    /// Whether the customer knows that the date which stands now will not hold.
    pub fn knows_it_is_late(&self) -> bool {
        let since = self.reschedules.last().map_or(self.placed_at, |moved| moved.said_at);
        self.told.iter().any(|told| {
            told.at >= since
                && match told.kind {
                    TellKind::Late | TellKind::Sorry => true,
                    TellKind::Confirmed | TellKind::OnTrack | TellKind::Ready | TellKind::HandedOver => false,
                }
        })
    }
}

/// Which message fits the state of a promise best.
pub fn fitting(it: &Commitment, standing: &Standing) -> TellKind {
    let is_untold =
        it.reschedules.last().is_some_and(|moved| moved.from.is_some() && moved.told_at.is_none());
    if it.cancelled.is_some() || standing.place == Place::Overdue {
        TellKind::Sorry
    } else if it.is_full() {
        TellKind::HandedOver
    } else if it.status() == FulfilmentStatus::Ready {
        TellKind::Ready
    } else if standing.place == Place::TellFirst || is_untold {
        TellKind::Late
    } else if it.told.is_empty() {
        TellKind::Confirmed
    } else {
        TellKind::OnTrack
    }
}

/// The moment of something that they were told on a day, of which no time is known: now if that is today, or else its
/// noon, but after what was promised or moved on that day, and never the same for two messages.
pub fn moment_on(it: &Commitment, day: Day, zone: Zone, now: &Now) -> Stamp {
    if day == now.today {
        return now.stamp;
    }
    let moves = it.reschedules.iter().map(|moved| moved.said_at);
    let of_that_day = moves.chain([it.placed_at]).filter(|at| zone.day(*at) == day);
    let mut at = of_that_day.fold(zone.instant(day, TimeOfDay::NOON), Stamp::max);
    while it.told.iter().any(|told| told.at == at) {
        at = Stamp::from_millis(at.millis() + 1);
    }
    at
}

/// Takes down that a customer was told something. Who is told of a delay knows the date that we moved to.
pub fn log_told(it: &mut Commitment, told: Told, now: &Now) -> Deed {
    if told.at > now.stamp {
        return refuse("on", "This has not happened yet.");
    }
    if told.at < it.placed_at {
        return refuse("on", "At that time nothing was promised yet.");
    }
    check_words("words", told.words.as_deref())?;
    check_words("answer.words", told.answer.as_ref().and_then(|answer| answer.words.as_deref()))?;
    if told.kind == TellKind::Late
        && let Some(moved) = untold_move(it, told.at)
    {
        moved.told_at = Some(told.at);
        moved.agreed = told.answer.as_ref().and_then(|answer| answer.agreed);
    }
    it.told.push(told);
    it.told.sort_by_key(|told| told.at);
    Ok(())
}

/// Takes down what a customer answered to something that they were told.
pub fn log_answer(it: &mut Commitment, told_at: Stamp, answer: Answer) -> Deed {
    check_words("answer.words", answer.words.as_deref())?;
    let Some(told) = it.told.iter_mut().rev().find(|told| told.at == told_at) else {
        return refuse("told", "This is not there any more.");
    };
    let (kind, agreed) = (told.kind, answer.agreed);
    told.answer = Some(answer);
    if kind == TellKind::Late
        && agreed.is_some()
        && let Some(moved) = it.reschedules.last_mut().filter(|moved| moved.by == Party::Us)
        && moved.told_at.is_some_and(|at| at <= told_at)
    {
        moved.agreed = agreed;
    }
    Ok(())
}

/// Whether the customer has to agree to the last move of ours; none if the date was not moved by us. As the rules for
/// orders by mail have it in the United States: a first short delay by silence, a long or a second one by an answer.
pub fn consent(it: &Commitment, settings: &Settings) -> Option<Consent> {
    let is_ours = |moved: &&Reschedule| moved.by == Party::Us && moved.from.is_some();
    let moved = it.reschedules.last().filter(is_ours)?;
    let (first, from) = (it.basis()?.day, moved.from?.day);
    let days = moved.to.day.days_since(first);
    if days <= 0 {
        return None;
    }
    let allowed = i64::from(settings.silence_days);
    let is_second = it.reschedules.iter().filter(is_ours).count() > 1;
    Some(match (is_second, days <= allowed) {
        (true, _) => Consent::ByAnswer { by: from },
        (false, true) => Consent::BySilence { until: moved.to.day },
        (false, false) => Consent::ByAnswer { by: first.plus(allowed) },
    })
}

/// By when the customer's answer to a delay is needed; none if they have answered, or silence is one.
pub fn answer_due(it: &Commitment, settings: &Settings) -> Option<Owed> {
    let moved = it.reschedules.last()?;
    if !it.is_open() || moved.agreed.is_some() || moved.told_at.is_none() {
        return None;
    }
    match consent(it, settings)? {
        Consent::BySilence { .. } => None,
        Consent::ByAnswer { by } => {
            Some(Owed::on(by, format!("An answer about the new date of {} is needed", it.title())))
        }
    }
}

/// The rule about a delay in words, for whoever reads it; it is no legal advice.
pub fn consent_words(consent: Consent, it: &Commitment, today: Day) -> String {
    match consent {
        Consent::BySilence { until } => {
            format!("Silence is taken as agreement; they can call it off until {}.", until.words(today))
        }
        Consent::ByAnswer { by } => format!(
            "They have to agree: without an answer by {} it is as good as called off{}.",
            by.words(today),
            if it.payment.holds_money() { ", and the money goes back" } else { "" }
        ),
    }
}

/// A move of ours that the customer had not heard of when they were told.
fn untold_move(it: &mut Commitment, at: Stamp) -> Option<&mut Reschedule> {
    let moved = it.reschedules.last_mut()?;
    (moved.by == Party::Us && moved.told_at.is_none() && moved.said_at <= at).then_some(moved)
}

fn check_words(field: &str, words: Option<&str>) -> Deed {
    if words.is_some_and(|words| words.chars().count() > NOTE_MOST) {
        return refuse(field, "This is too long.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::around::Around;
    use crate::samples::{commitment, due, handed, moved, now, stamp, zone};
    use crate::taken::Taken;
    use crate::urgency::standing;

    fn cupcakes() -> Commitment {
        commitment("12 cupcakes", due("2026-11-20", "15:00"))
    }

    fn told(kind: TellKind, at: &str) -> Told {
        Told { at: stamp(at), kind, channel: Channel::Phone, words: None, answer: None }
    }

    fn place(it: &Commitment, at: &str) -> Standing {
        standing(it, &Settings::new(zone()), &Around::hours(&Taken::nothing()), &now(at))
    }

    fn check_fitting(what: &str, it: &Commitment, at: &str, expected: TellKind) {
        assert_eq!(fitting(it, &place(it, at)), expected, "{what}");
    }

    #[test]
    fn the_message_fits_the_state() {
        let new = cupcakes();
        check_fitting("new", &new, "2026-11-02 10:00", TellKind::Confirmed);
        let mut known = new.clone();
        known.told.push(told(TellKind::Confirmed, "2026-11-02 10:00"));
        check_fitting("confirmed before", &known, "2026-11-03 10:00", TellKind::OnTrack);
        let ours = moved(known.clone(), due("2026-11-25", "15:00"), Party::Us);
        check_fitting("moved by us", &ours, "2026-11-11 10:00", TellKind::Late);
        let mut huge = known.clone();
        huge.deliverables[0].effort_left = Some(10_000);
        check_fitting("no longer to be done", &huge, "2026-11-13 10:00", TellKind::Late);
        check_fitting("overdue", &known, "2026-11-20 15:01", TellKind::Sorry);
        let full = handed(known, 12, "2026-11-19 10:00");
        check_fitting("handed over", &full, "2026-11-19 11:00", TellKind::HandedOver);
    }

    #[test]
    fn tell_first_stands_until_the_customer_was_told() {
        let mut it = cupcakes();
        it.deliverables[0].effort_left = Some(10_000);
        let check = |it: &Commitment, expected: bool| {
            assert_eq!(place(it, "2026-11-13 10:00").place == Place::TellFirst, expected);
        };
        check(&it, true);
        let now = now("2026-11-13 09:30");
        log_told(&mut it, told(TellKind::OnTrack, "2026-11-13 09:00"), &now).unwrap();
        check(&it, true);
        log_told(&mut it, told(TellKind::Late, "2026-11-13 09:10"), &now).unwrap();
        check(&it, false);
        // A new date that will not hold either has to be told again.
        let mut again = it.clone();
        let to = due("2026-11-23", "15:00");
        again.reschedules.push(Reschedule::new(it.current_due(), to, Party::Us, now.stamp));
        check(&again, true);
    }

    #[test]
    fn what_was_told_on_another_day_comes_after_what_was_moved_on_it() {
        let mut it = moved(cupcakes(), due("2026-11-27", "15:00"), Party::Us);
        let said_at = stamp("2026-11-10 15:30");
        it.reschedules[0].said_at = said_at;
        let (yesterday, now) = (zone().day(said_at), now("2026-11-11 09:00"));
        let at = moment_on(&it, yesterday, zone(), &now);
        assert!(at >= said_at && zone().day(at) == yesterday, "{at:?}");
        log_told(&mut it, Told { at, ..told(TellKind::Late, "2026-11-11 08:00") }, &now).unwrap();
        assert_eq!(it.reschedules[0].told_at, Some(at), "they know of the new date");
        let next = moment_on(&it, yesterday, zone(), &now);
        assert!(next > at, "an answer finds its message by its moment");
        assert_eq!(moment_on(&it, now.today, zone(), &now), now.stamp);
        let before = yesterday.plus(-1);
        assert_eq!(moment_on(&it, before, zone(), &now), zone().instant(before, TimeOfDay::NOON));
    }

    #[test]
    fn whoever_is_told_of_a_delay_knows_the_new_date() {
        let mut it = moved(cupcakes(), due("2026-11-25", "15:00"), Party::Us);
        let now = now("2026-11-11 10:00");
        log_told(&mut it, told(TellKind::Confirmed, "2026-11-11 09:00"), &now).unwrap();
        assert_eq!(it.reschedules[0].told_at, None);
        let late = told(TellKind::Late, "2026-11-11 09:30");
        log_told(&mut it, late.clone(), &now).unwrap();
        assert_eq!((it.reschedules[0].told_at, it.reschedules[0].agreed), (Some(late.at), None));
        let yes = Answer { agreed: Some(true), words: Some("that is fine".to_owned()) };
        log_answer(&mut it, late.at, yes.clone()).unwrap();
        assert_eq!((it.reschedules[0].agreed, &it.told[1].answer), (Some(true), &Some(yes.clone())));
        assert!(log_answer(&mut it, now.stamp, yes).is_err(), "nothing was told then");
        for wrong in ["2026-11-11 10:01", "2026-10-01 10:00"] {
            assert_eq!(
                log_told(&mut it, told(TellKind::Late, wrong), &now).unwrap_err()[0].field,
                "on",
                "{wrong}"
            );
        }
    }

    fn check_consent(what: &str, it: &Commitment, expected: Option<Consent>) {
        assert_eq!(consent(it, &Settings::new(zone())), expected, "{what}");
    }

    #[test]
    fn a_short_delay_is_agreed_to_by_silence_and_a_long_or_second_one_by_an_answer() {
        let day = |text: &str| text.parse().unwrap();
        let ours = |day: &str| moved(cupcakes(), due(day, "15:00"), Party::Us);
        check_consent("on time", &cupcakes(), None);
        check_consent("earlier", &ours("2026-11-18"), None);
        check_consent("they asked", &moved(cupcakes(), due("2027-01-20", "15:00"), Party::Customer), None);
        let until = Consent::BySilence { until: day("2026-12-20") };
        check_consent("30 days", &ours("2026-12-20"), Some(until));
        let by = Consent::ByAnswer { by: day("2026-12-20") };
        check_consent("31 days", &ours("2026-12-21"), Some(by));
        let twice = moved(ours("2026-11-25"), due("2026-11-26", "15:00"), Party::Us);
        check_consent("a second one", &twice, Some(Consent::ByAnswer { by: day("2026-11-25") }));
    }

    #[test]
    fn an_answer_is_waited_for_once_the_customer_knows() {
        let settings = Settings::new(zone());
        let mut it = moved(cupcakes(), due("2027-01-20", "15:00"), Party::Us);
        assert_eq!(answer_due(&it, &settings), None, "not told yet");
        it.reschedules[0].told_at = Some(stamp("2026-11-11 10:00"));
        let owed = answer_due(&it, &settings).unwrap();
        assert_eq!(owed.by, crate::owed::By::Day("2026-12-20".parse().unwrap()));
        it.reschedules[0].agreed = Some(true);
        assert_eq!(answer_due(&it, &settings), None);
    }
}
