//! What the customers of the made-up shop say, how it makes a miss good, what slipped and why, and what went right.

use crate::care;
use crate::records::Changes;
use kept_core::calendar::WorkingCalendar;
use kept_core::cause::{Action, Cause, CauseDraft, CauseKind};
use kept_core::channel::Channel;
use kept_core::commitment::{Commitment, Event};
use kept_core::day::{Now, Stamp, TimeOfDay};
use kept_core::feedback::{Correction, Feedback, FeedbackDraft, FeedbackKind};
use kept_core::id::{
    CauseId, CommitmentId, DeliverableId, FeedbackId, IdeaId, RecoveryId, SlipId, StepId, WinId,
};
use kept_core::idea::Idea;
use kept_core::money::{Currency, Money};
use kept_core::outcome::{Outcome, outcome};
use kept_core::recovery::{GiftDraft, Recovery, Repair, RepairDraft};
use kept_core::reply_clock::{Turn, TurnKind};
use kept_core::slip::{Slip, SlipKind, Touching};
use kept_core::win::{Win, WinDraft, WinKind};
use uuid::Uuid;

/// The made-up shop at a moment.
pub(super) struct Shop<'a> {
    pub(super) changes: &'a mut Changes,
    pub(super) promises: &'a mut Vec<Commitment>,
    pub(super) calendar: &'a WorkingCalendar,
    pub(super) currency: Currency,
    pub(super) now: &'a Now,
}

impl Shop<'_> {
    /// Puts everything there.
    pub(super) fn put(&mut self) {
        self.put_feedback();
        self.put_recovery();
        self.put_slip();
        self.put_causes();
        self.put_wins();
    }

    /// A complaint whose clock runs, a question that waits for the customer, a correction to publish, and praise.
    fn put_feedback(&mut self) {
        let mut cake = self.heard(
            FeedbackKind::Complaint,
            "The lemon cake was not there at five, and nobody called. My mother turns sixty only once.",
            40,
            "three-tier lemon cake",
        );
        cake.channel = Some(Channel::Phone);
        let mut nuts = self.heard(
            FeedbackKind::Question,
            "Are the cupcakes baked beside the almond biscuits? One of the children must not have nuts.",
            self.back(1, 10, 0),
            "gluten-free cupcakes",
        );
        nuts.turns.push(self.turn(TurnKind::Wait, self.back(1, 10, 20), "Which nuts is it about?"));
        let mut hours = self.heard(
            FeedbackKind::Complaint,
            "Your door says open on Mondays. I stood there in the rain.",
            self.back(2, 15, 10),
            "",
        );
        "a man with a red umbrella".clone_into(&mut hours.from);
        let sorry = "You are right, and I am sorry. It will be put right.";
        hours.turns.push(self.turn(TurnKind::Reply, self.back(2, 15, 55), sorry));
        hours.correction = Some(Correction {
            text: "Open from Tuesday to Saturday".to_owned(),
            place: "on the door and on the web site".to_owned(),
            by: self.now.today.plus(2),
            published_at: None,
        });
        let pavlova = self.heard(
            FeedbackKind::Praise,
            "The pavlova was gone before I had a piece. Thank you for the note for my aunt.",
            70 * 60,
            "pavlova",
        );
        for it in [cake, nuts, hours, pavlova] {
            care::put(self.changes, None, it);
        }
    }

    /// A loaf that came a day late is made good: some of it done, some to do, and a gift that waits.
    fn put_recovery(&mut self) {
        let Some(late) = self.find("sourdough loaves", true).cloned() else { return };
        let step =
            |repair, days| RepairDraft { repair, by: self.now.today.plus(days), owner: "Ana".to_owned() };
        let other = Repair::Other { what: "Bring the loaves round in person this week".to_owned() };
        let steps = vec![
            step(Repair::Apologise { channel: Channel::Phone }, 0),
            step(Repair::Apologise { channel: Channel::Letter }, 1),
            step(other, 2),
            step(Repair::CheckBack, 7),
        ];
        let words =
            "We put the big hamper order into the oven first. You had ordered before, and you waited.";
        let make = || StepId::new(Uuid::now_v7());
        let id = RecoveryId::new(Uuid::now_v7());
        let opened = Recovery::open(id, &late, Some(words.to_owned()), steps, self.calendar, self.now, make);
        let Ok(mut it) = opened else { return };
        let gift = GiftDraft {
            what: "first tray from the new oven".to_owned(),
            due: None,
            awaits: Some(Event {
                what: "when the new oven is in".to_owned(),
                review_by: self.now.today.plus(30),
            }),
            value: Some(self.money(60)),
            owner: "Ana".to_owned(),
        };
        let (promise, step) = (CommitmentId::new(Uuid::now_v7()), StepId::new(Uuid::now_v7()));
        let part = || DeliverableId::new(Uuid::now_v7());
        if let Ok(gift) = it.add_gift(gift, late.customer, promise, step, self.now, part) {
            self.promises.push(gift);
        }
        it.opened_at = self.ago(2 * 24 * 60);
        it.apologised(Channel::Phone, self.ago(2 * 24 * 60));
        care::put(self.changes, None, it);
    }

    /// The van is in the workshop: what is due on the next two working days may not get there.
    fn put_slip(&mut self) {
        let id = SlipId::new(Uuid::now_v7());
        let what = "The van is in the workshop";
        let Ok(slip) = Slip::found(id, SlipKind::Tool, what, Some(self.ago(90)), self.now) else { return };
        let day = |days| Some(self.calendar.working_day(self.now.today, days));
        let touching = Touching { from: day(1), to: day(2), ..Touching::default() };
        let zone = self.calendar.zone;
        let words = format!("{what} ({})", touching.why(&[], self.now.today));
        let at = slip.at;
        let mut touched = Vec::new();
        for it in self.promises.iter_mut().filter(|it| touching.touches(it, zone)) {
            it.warn_of(id, &words, at);
            touched.push(it.id);
        }
        care::put(self.changes, None, Slip { touching, promises: touched, made_up: true, ..slip });
    }

    /// One cause that waits for its check, and one that is closed.
    fn put_causes(&mut self) {
        let today = self.now.today;
        let croissants = CauseDraft {
            symptom: "The croissants came at nine, and the café opens at seven".to_owned(),
            whys: lines(&[
                "They went into the oven at eight",
                "The dough was still cold",
                "It is taken out when the first baker comes",
                "No list says that it is to be taken out in the evening",
            ]),
            kind: Some(CauseKind::Step),
            action: Some(Action {
                what: "“Dough out for tomorrow” stands on the closing list".to_owned(),
                by: today.plus(-9),
                owner: "Ana".to_owned(),
            }),
            check_on: Some(today.plus(5)),
            promises: self.missed("morning croissants"),
            ..CauseDraft::default()
        };
        let boxes = CauseDraft {
            symptom: "Two customers had each other’s box".to_owned(),
            whys: lines(&["Both boxes stood under one label", "Labels are written when the customer comes"]),
            kind: Some(CauseKind::Tool),
            action: Some(Action {
                what: "The label is printed with the packing slip, and stuck on before the box is closed"
                    .to_owned(),
                by: today.plus(-44),
                owner: "Ben".to_owned(),
            }),
            check_on: Some(today.plus(-14)),
            promises: self.missed("petits fours"),
            ..CauseDraft::default()
        };
        let mut open = self.cause(croissants, 12);
        open.acted_at = Some(self.ago(10 * 24 * 60));
        let mut closed = self.cause(boxes, 48);
        closed.acted_at = Some(self.ago(45 * 24 * 60));
        let seen = Now { stamp: self.ago(13 * 24 * 60), today: today.plus(-13), ..*self.now };
        let is_closed = closed.check(true, "None in 60 boxes", None, &seen);
        care::put(self.changes, None, open);
        if is_closed.is_ok() {
            care::put(self.changes, None, closed);
        }
    }

    /// A personal touch, praise, and two ideas with what customers made of one of them.
    fn put_wins(&mut self) {
        let win = |kind, what: &str, at| WinDraft {
            kind,
            what: what.to_owned(),
            at: Some(at),
            customer: None,
            promise: None,
        };
        let touch = win(
            WinKind::PersonalTouch,
            "A candle and a card for Tomás’s daughter, who had passed her exam",
            self.ago(27 * 60),
        );
        let praise =
            win(WinKind::Praise, "“The only bakery that calls before it is late”", self.ago(9 * 24 * 60));
        for draft in [touch, praise] {
            let win = Win { made_up: true, ..draft.into_win(WinId::new(Uuid::now_v7()), self.now) };
            care::put(self.changes, None, win);
        }
        let mut note = self.idea("A note in each box: what is in it, and whom to call", "Ben", 12);
        let heard = Now { stamp: self.ago(3 * 24 * 60), ..*self.now };
        let is_heard = note.react("She has it on her fridge", Some(true), &heard);
        let market = self.idea("Open at six on market days", "Ana", 2);
        if is_heard.is_ok() {
            care::put(self.changes, None, note);
        }
        care::put(self.changes, None, market);
    }

    fn idea(&self, what: &str, from: &str, days: i64) -> Idea {
        let at = self.ago(days * 24 * 60);
        Idea {
            id: IdeaId::new(Uuid::now_v7()),
            what: what.to_owned(),
            from: from.to_owned(),
            at,
            stage: kept_core::idea::IdeaStage::New,
            reactions: Vec::new(),
            made_up: true,
        }
    }

    fn cause(&self, draft: CauseDraft, days: i64) -> Cause {
        let begun = Now { stamp: self.ago(days * 24 * 60), ..*self.now };
        Cause { made_up: true, ..Cause::begun(CauseId::new(Uuid::now_v7()), draft, &begun) }
    }

    /// What a customer said so many minutes ago about a promise with these words; about none, if there are none.
    fn heard(&self, kind: FeedbackKind, text: &str, minutes: i64, about: &str) -> Feedback {
        let promise = self.find(about, false).filter(|_| !about.is_empty());
        let draft = FeedbackDraft {
            kind,
            text: text.to_owned(),
            customer: promise.map(|it| it.customer),
            promise: promise.map(|it| it.id),
            taken_by: "Ben".to_owned(),
            at: Some(self.ago(minutes)),
            ..FeedbackDraft::default()
        };
        Feedback { made_up: true, ..draft.into_feedback(FeedbackId::new(Uuid::now_v7()), self.now) }
    }

    fn turn(&self, kind: TurnKind, minutes: i64, words: &str) -> Turn {
        let words = (!words.is_empty()).then(|| words.to_owned());
        Turn { at: self.ago(minutes), kind, words }
    }

    fn find(&self, what: &str, missed: bool) -> Option<&Commitment> {
        let is = |it: &&Commitment| names(it, what) && (!missed || self.is_missed(it));
        self.promises.iter().find(is)
    }

    fn missed(&self, what: &str) -> Vec<CommitmentId> {
        let missed = self.promises.iter().filter(|it| names(it, what) && self.is_missed(it));
        missed.map(|it| it.id).collect()
    }

    fn is_missed(&self, it: &Commitment) -> bool {
        outcome(it, self.calendar, self.now) == Outcome::Missed
    }

    /// How many minutes ago it was some hour of some working days before.
    fn back(&self, days: i64, hour: u32, minute: u32) -> i64 {
        let day = self.calendar.working_day(self.now.today, -days);
        let time = TimeOfDay::new(hour, minute);
        time.map_or(0, |time| self.now.stamp.minutes_since(self.calendar.zone.instant(day, time)))
    }

    fn ago(&self, minutes: i64) -> Stamp {
        self.now.stamp.plus_minutes(-minutes)
    }

    fn money(&self, whole: i64) -> Money {
        Money::new(whole * 10_i64.pow(self.currency.digits()), self.currency)
    }
}

fn names(it: &Commitment, what: &str) -> bool {
    it.title().to_lowercase().contains(what)
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}
