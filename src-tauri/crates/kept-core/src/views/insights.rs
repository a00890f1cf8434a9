//! What is shown of the record: figures, each with what it takes to ask for the promises behind it.

use crate::day::Day;
use crate::id::{CauseId, CommitmentId, SeriesId};
use crate::insights::{Figure, Period};
use crate::money::Money;
use crate::views::care::{FeedbackRow, RecoveryRow};
use crate::views::learn::WinRow;
use crate::views::{PromiseRow, RecordView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What can be done at once about a promise of the weekly review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReviewDeed {
    /// Hours are set aside for it.
    BlockTime,
    /// Work on it begins.
    StartWork,
    /// The customer is told.
    Tell,
}

views! {
    /// The record of a period.
    pub struct Insights {
        /// Which period.
        pub period: Period,
        /// The same in words.
        pub period_words: String,
        /// Periods that one asks for.
        pub choices: Vec<PeriodChoice>,
        /// As many days before.
        pub before: Period,
        /// As first promised: the record.
        pub promised: ScoreView,
        /// How that grew against the time before: `up 7 points`; of few, `5 of 9 before`.
        pub growth: Option<String>,
        /// As last agreed: beside it, smaller, never alone.
        pub agreed: ScoreView,
        /// How late what was missed was.
        pub late: LateView,
        /// How long promises took; none if none was handed over.
        pub lead: Option<LeadView>,
        /// The score week by week, or month by month in a long period.
        pub course: Vec<SpanScore>,
        /// What the course says, in a sentence.
        pub course_words: String,
        /// What misses are put down to, the most first.
        pub causes: Vec<CauseShare>,
        /// How many causes are behind most misses, in a sentence; none if nothing was missed.
        pub causes_words: Option<String>,
        /// On time by order size, the smallest orders first.
        pub sizes: Vec<SizeView>,
        /// What the sizes say, in a sentence; none if there are too few orders.
        pub sizes_words: Option<String>,
        /// How fast customers were answered.
        pub replies: RepliesView,
        /// What repeats and was missed, what was missed most first.
        pub series: Vec<SeriesView>,
        /// Gifts that make up for misses.
        pub gifts: ScoreView,
        /// Promises that were at risk and kept, without noise. They stand above the rescues.
        pub quiet_saves: u32,
        /// Misses that were made good.
        pub rescues: u32,
    }

    /// Kept and missed.
    pub struct ScoreView {
        /// Kept.
        pub kept: u32,
        /// Missed.
        pub missed: u32,
        /// `7 of 8` under ten, else `94%`; none if nothing was due.
        pub words: Option<String>,
        /// The promises behind what was kept.
        pub behind_kept: Figure,
        /// The promises behind what was missed.
        pub behind_missed: Figure,
    }

    /// How late what was missed was.
    pub struct LateView {
        /// How many were late by a day or more.
        pub count: u32,
        /// The median, in words: `2 days`.
        pub median: Option<String>,
        /// The worst, in words.
        pub worst: Option<String>,
        /// The promise that was.
        pub worst_promise: Option<CommitmentId>,
    }

    /// How long promises took.
    pub struct LeadView {
        /// Of how many.
        pub of: u32,
        /// How many took so many days.
        pub days: Vec<LeadDays>,
        /// The median from the order to the handover, in words.
        pub lead: String,
        /// The median from the first work to the handover, in words.
        pub cycle: String,
        /// The share of the time in which nobody worked on them, in percent.
        pub idle_percent: u32,
        /// The same, in a sentence.
        pub words: String,
        /// How long half of them and nine in ten took, in a sentence.
        pub title: String,
    }

    /// How many promises took so many days.
    pub struct LeadDays {
        /// `3`, and `14 or more` for the last.
        pub words: String,
        /// How many.
        pub count: u32,
        /// The middle one is among them.
        pub median: bool,
        /// The promises behind it.
        pub behind: Figure,
    }

    /// A period that one asks for.
    pub struct PeriodChoice {
        /// Its name: `Last 90 days`.
        pub words: String,
        /// Which days.
        pub period: Period,
        /// It is the one that is shown.
        pub shown: bool,
    }

    /// The score of one week or month.
    pub struct SpanScore {
        /// Its days, as far as they lie in the period.
        pub period: Period,
        /// In words: `16 Nov`, `Nov 2026`.
        pub words: String,
        /// Kept.
        pub kept: u32,
        /// Missed.
        pub missed: u32,
    }

    /// What some misses are put down to.
    pub struct CauseShare {
        /// The cause; none for misses that nobody has looked into.
        pub cause: Option<CauseId>,
        /// In words.
        pub words: String,
        /// How many misses.
        pub misses: u32,
        /// The share of all misses up to and with this one, in percent.
        pub running_percent: u32,
        /// Which promises.
        pub promises: Vec<CommitmentId>,
    }

    /// A quarter of the orders by their size.
    pub struct SizeView {
        /// The smallest price.
        pub from: Money,
        /// The largest.
        pub to: Money,
        /// Kept.
        pub kept: u32,
        /// Missed.
        pub missed: u32,
        /// `7 of 8` under ten, else `94%`.
        pub words: Option<String>,
        /// The share that was kept, in percent.
        pub percent: u32,
        /// Between which shares the true one lies, as far as so few can say.
        pub low: u32,
        /// The upper end of that.
        pub high: u32,
        /// The promises behind it.
        pub behind: Figure,
    }

    /// How fast customers were answered.
    pub struct RepliesView {
        /// Messages that were answered.
        pub answered: u32,
        /// Of those, within the time.
        pub in_time: u32,
        /// `7 of 8` under ten, else `94%`.
        pub words: Option<String>,
        /// The median working time to a first reply, in words.
        pub median: Option<String>,
        /// The time that one has, in words.
        pub target: String,
        /// What was answered, the slowest first; at most 50.
        pub slowest: Vec<FeedbackRow>,
    }

    /// What repeats and was missed.
    pub struct SeriesView {
        /// Which.
        pub series: SeriesId,
        /// What.
        pub title: String,
        /// For whom.
        pub customer: String,
        /// In words: `3 of the last 20 were missed: look for the cause`.
        pub words: String,
        /// Missed again and again.
        pub chronic: bool,
        /// Which were missed, the latest first.
        pub missed: Vec<CommitmentId>,
    }

    /// A page of the promises behind a figure.
    pub struct Behind {
        /// How many there are.
        pub count: u32,
        /// Where this page begins.
        pub offset: u32,
        /// The rows of this page.
        pub rows: Vec<PromiseRow>,
    }

    /// A year, day by day.
    pub struct KeptDays {
        /// Which year.
        pub year: i32,
        /// The days on which something was due.
        pub days: Vec<KeptDay>,
        /// Days on which all was kept.
        pub kept: u32,
        /// Days on which something was missed.
        pub missed: u32,
        /// In words: `211 days on which all was kept, 4 on which something was missed.`
        pub words: String,
    }

    /// How the promises of the last 30 days went, for the head of Today.
    pub struct LastDays {
        /// Kept and missed; none if nothing was due.
        pub record: Option<RecordView>,
    }

    /// One day of it.
    pub struct KeptDay {
        /// Which.
        pub day: Day,
        /// Kept.
        pub kept: u32,
        /// Missed.
        pub missed: u32,
    }

    /// The week, looked back on: what went right first, then three questions.
    pub struct WeeklyReview {
        /// From when to when.
        pub period: Period,
        /// The same in words.
        pub words: String,
        /// What went right in it.
        pub wins: Vec<WinRow>,
        /// The score of it.
        pub score: ScoreView,
        /// The three questions.
        pub questions: Vec<ReviewQuestion>,
        /// Recoveries that go on.
        pub recoveries: Vec<RecoveryRow>,
    }

    /// One question of the weekly review, with the promises that answer it.
    pub struct ReviewQuestion {
        /// The question.
        pub question: String,
        /// What to do about the answer.
        pub hint: String,
        /// The same as one step for each promise.
        pub deed: ReviewDeed,
        /// How many promises answer it.
        pub count: u32,
        /// The most urgent of them; at most 20.
        pub rows: Vec<PromiseRow>,
        /// All of them.
        pub promises: Vec<CommitmentId>,
    }

    /// The record as one printed page.
    pub struct Statement {
        /// The name of the business.
        pub business: String,
        /// The period, in words.
        pub period_words: String,
        /// The day on which it was made, in words.
        pub day_words: String,
        /// What it says, line by line.
        pub lines: Vec<StatementLine>,
        /// How it was counted.
        pub how: String,
    }

    /// One line of the statement.
    pub struct StatementLine {
        /// What.
        pub what: String,
        /// How much.
        pub figure: String,
    }
}
