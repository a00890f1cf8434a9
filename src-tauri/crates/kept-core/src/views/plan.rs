//! What the screens about work and time show: the week with its time blocks, steps, what stands in the way, and the check
//! before one says yes.

use crate::blocker::Obstruction;
use crate::day::{Day, Due, Stamp, TimeOfDay};
use crate::id::{BlockId, BlockerId, CommitmentId, DeliverableId, StepId};
use crate::urgency::Place;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// A week: hours, time blocks, what falls due, and what still needs hours.
    pub struct WeekPlan {
        /// Its first day.
        pub from: Day,
        /// In words: `16 to 22 November`.
        pub words: String,
        /// The first day of the week before.
        pub previous: Day,
        /// The first day of the week after.
        pub next: Day,
        /// The week that it is now.
        pub is_current: bool,
        /// The rows of hours to draw: where they begin, in minutes since midnight.
        pub from_minute: u32,
        /// Where they end.
        pub to_minute: u32,
        /// Seven days.
        pub days: Vec<WeekDay>,
        /// Open promises for which less time is set aside than they need, in the order of the queue; at most 200.
        pub unplaced: Vec<NeedsHours>,
        /// How many there are.
        pub unplaced_count: u32,
        /// The work that falls due in this week against the hours that are left.
        pub load: WorkloadView,
    }

    /// Work against hours.
    pub struct WorkloadView {
        /// Promises that fall due.
        pub promises: u32,
        /// Minutes of work that they still need.
        pub needed: u32,
        /// Of these: minutes that are set aside for them.
        pub set_aside: u32,
        /// Working minutes that are left, not set aside for anything.
        pub free: u32,
        /// More is promised than fits.
        pub over: bool,
        /// In words: `9 promises this week need 14 h, of which 6 h are blocked; 31 h are left.`
        pub words: String,
    }

    /// One day of a week.
    pub struct WeekDay {
        /// The day.
        pub day: Day,
        /// In words: `Mon 16`.
        pub words: String,
        /// It is today.
        pub today: bool,
        /// It has passed.
        pub past: bool,
        /// Now, in minutes since midnight, if it is today.
        pub now: Option<u32>,
        /// Why its hours are others than usual: `Christmas Day`.
        pub name: Option<String>,
        /// The opening hours.
        pub open: Vec<MinuteSpan>,
        /// Minutes of opening.
        pub open_minutes: u32,
        /// Minutes of opening that are set aside.
        pub blocked_minutes: u32,
        /// Minutes of work that fall due on it.
        pub due_minutes: u32,
        /// In words: `6 h of 9 h blocked`, `Closed`.
        pub load_words: String,
        /// The time blocks, in order.
        pub blocks: Vec<WeekBlock>,
        /// What falls due, in order; at most 60.
        pub dues: Vec<WeekMark>,
        /// When work has to begin, in order; at most 60.
        pub flags: Vec<WeekMark>,
    }

    /// A stretch of a day, in minutes since midnight.
    pub struct MinuteSpan {
        /// Where it begins.
        pub from: u32,
        /// Where it ends.
        pub to: u32,
    }

    /// Hours that are set aside, as the week shows them.
    pub struct WeekBlock {
        /// The block.
        pub id: BlockId,
        /// The promise.
        pub promise: CommitmentId,
        /// The version of that promise.
        pub version: u64,
        /// The part that is worked on.
        pub part: Option<DeliverableId>,
        /// Where it begins, in minutes since midnight.
        pub from: u32,
        /// Where it ends.
        pub to: u32,
        /// Which of the columns of its day it stands in, from 0: blocks at the same time stand side by side.
        pub lane: u32,
        /// How many columns there are beside it.
        pub lanes: u32,
        /// What is worked on: the promise, or its part.
        pub title: String,
        /// For whom.
        pub customer: String,
        /// How the promise stands.
        pub place: Place,
        /// Its date in words.
        pub due_words: String,
        /// In words, for whoever does not see it: `Mon 16 Nov, 09:00 to 11:00: 12 cupcakes for Maria Silva, due Fri 20 Nov`.
        pub words: String,
        /// It has passed: it counts as used.
        pub used: bool,
        /// It lies after the date that it is for.
        pub too_late: bool,
        /// The promise is done or called off: the block can no longer be moved.
        pub closed: bool,
    }

    /// A date or a start-by on a day of the week.
    pub struct WeekMark {
        /// The promise.
        pub id: CommitmentId,
        /// When, in minutes since midnight; a date alone stands at the closing of the day.
        pub minute: u32,
        /// The time in words: `15:00`, `any time`.
        pub time: String,
        /// Its title.
        pub title: String,
        /// For whom.
        pub customer: String,
        /// How it stands.
        pub place: Place,
        /// The date has passed.
        pub late: bool,
        /// It was handed over.
        pub done: bool,
    }

    /// A promise for which less time is set aside than it needs.
    pub struct NeedsHours {
        /// The promise.
        pub id: CommitmentId,
        /// Its version.
        pub version: u64,
        /// Its title.
        pub title: String,
        /// For whom.
        pub customer: String,
        /// How it stands.
        pub place: Place,
        /// Its date in words.
        pub due_words: String,
        /// When work has to begin, in words.
        pub start_by: Option<String>,
        /// Minutes of work that are left.
        pub remaining: u32,
        /// Minutes that are set aside.
        pub set_aside: u32,
        /// Minutes that still need a place.
        pub needed: u32,
        /// In words: `2 h to place, begin by Thu 19 Nov, 14:00`.
        pub words: String,
        /// A place that is free, to begin with: the last in which it still fits before its date.
        pub suggestion: Option<Suggestion>,
    }

    /// Hours that could be set aside.
    pub struct Suggestion {
        /// The day.
        pub day: Day,
        /// From when.
        pub from: TimeOfDay,
        /// To when.
        pub to: TimeOfDay,
        /// In words: `Thu 19 Nov, 09:00 to 11:00`.
        pub words: String,
    }

    /// One step of the work.
    pub struct StepView {
        /// The step.
        pub id: StepId,
        /// What is to be done.
        pub what: String,
        /// The part that it makes.
        pub part: Option<DeliverableId>,
        /// Minutes of work, if estimated.
        pub effort: Option<u32>,
        /// When it was done.
        pub done_at: Option<Stamp>,
    }

    /// One line of a checklist, or of what is needed from the customer.
    pub struct LineView {
        /// What.
        pub what: String,
        /// When it was looked at, or came.
        pub at: Option<Stamp>,
    }

    /// Hours that are set aside for a promise.
    pub struct BlockView {
        /// The block.
        pub id: BlockId,
        /// The part that is worked on.
        pub part: Option<DeliverableId>,
        /// The day.
        pub day: Day,
        /// From when.
        pub from: TimeOfDay,
        /// To when.
        pub to: TimeOfDay,
        /// In words: `Thu 19 Nov, 09:00 to 11:00`.
        pub words: String,
        /// It has passed: it counts as used.
        pub used: bool,
    }

    /// Something that stands in the way of a promise.
    pub struct BlockerView {
        /// By which it is taken out of the way.
        pub id: BlockerId,
        /// What.
        pub what: Obstruction,
        /// In words: `Waits for Mill & Co since Mon 16 Nov`.
        pub words: String,
        /// It is out of the way.
        pub resolved: bool,
    }

    /// The work that is left for a promise, and the hours for it.
    pub struct WorkView {
        /// Minutes of work that are left.
        pub remaining: u32,
        /// Minutes that are set aside for it from now to its date.
        pub set_aside: u32,
        /// In words: `2 h of 5 h are blocked`, `No time is blocked for 5 h of work`.
        pub words: String,
        /// No time is set aside for work that is left.
        pub no_time_blocked: bool,
        /// `6 others moved while this waited.`
        pub squeezed: Option<String>,
        /// `It waits for the customer since Mon 16 Nov; chase them now.`
        pub waits: Option<String>,
        /// A place that is free, to begin with.
        pub suggestion: Option<Suggestion>,
    }

    /// The earliest date that can honestly be promised.
    pub struct HonestDateView {
        /// The date; none if the opening hours of the next years do not suffice.
        pub due: Option<Due>,
        /// In words: `Thu 26 Nov`.
        pub words: Option<String>,
        /// What past deliveries, or the lead time, say.
        pub by_lead: Option<Day>,
        /// What the hours say.
        pub by_hours: Option<Day>,
        /// Why, in sentences.
        pub why: String,
        /// The date that was asked for is earlier: a warning, in words.
        pub too_early: Option<String>,
    }

    /// The history of a record.
    pub struct HistoryPage {
        /// How many changes there were in all.
        pub count: u32,
        /// The changes, newest first.
        pub changes: Vec<super::ChangeView>,
    }
}
