//! What the screens show: computed here, drawn there. The UI compares no dates and keeps no second copy of a rule.

use crate::commitment::{
    Cancelled, Event, FulfilmentStatus, Note, Party, PaymentState, Source, Stage, Waiting, Words,
};
use crate::customer::Contact;
use crate::day::{Day, Due, Stamp, TimeOfDay};
use crate::id::{CommitmentId, CustomerId, DeliverableId};
use crate::money::{Currency, Money};
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::settings::Appearance;
use crate::urgency::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

macro_rules! views {
    ($($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[ts(export)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )*};
}

pub mod alerts;
pub mod backups;
pub mod care;
pub mod desktop;
pub mod imports;
pub mod insights;
pub mod learn;
pub mod lists;
pub mod menu;
pub mod out;
pub mod people;
pub mod plan;
pub mod printed;
pub mod tell;

views! {
    /// One promise in a list: the same row on Today, in lists, and beside a customer.
    pub struct PromiseRow {
        /// The promise.
        pub id: CommitmentId,
        /// Its version, for changes to it.
        pub version: u64,
        /// What was promised, in a few words.
        pub title: String,
        /// The customer's name.
        pub customer: String,
        /// The customer.
        pub customer_id: CustomerId,
        /// How it stands, for its sign and its place.
        pub place: Place,
        /// The short words beside the sign: `1 day late`, `15:00`, `by 12:00`.
        pub when: String,
        /// Why it stands here, in a sentence.
        pub why: String,
        /// The date that stands now.
        pub due: Option<Due>,
        /// The same in words.
        pub due_words: String,
        /// How far it has come.
        pub status: FulfilmentStatus,
        /// Parts handed over in full.
        pub parts_done: u32,
        /// All parts.
        pub parts: u32,
        /// Kept, missed, open or left out of the score.
        pub outcome: Outcome,
        /// The price.
        pub total: Option<Money>,
        /// The state of the payment.
        pub payment: PaymentState,
        /// Where it came from: `Shopify #1001`, `Typed in`.
        pub source: String,
        /// Its date was derived from a lead time and is to be confirmed.
        pub date_derived: bool,
        /// A customer who was let down before.
        pub second_chance: bool,
        /// It is one of a promise that repeats.
        pub repeats: bool,
        /// Something stands in its way: a supplier, an obstacle, another promise.
        pub blocked: bool,
        /// Work is left and no time is set aside for it.
        pub no_time_blocked: bool,
        /// So many promises to others were worked on while this one waited, if they are too many.
        pub squeezed: Option<u32>,
        /// Part of the made-up shop.
        pub made_up: bool,
    }

    /// The home screen: what must be done now so that no promise breaks.
    pub struct TodayView {
        /// The day it is.
        pub today: Day,
        /// The time it is.
        pub time: TimeOfDay,
        /// The day in words: `Saturday 21 November`.
        pub day_words: String,
        /// The groups, in the order in which they are to be looked at; empty ones are left out.
        pub sections: Vec<TodaySection>,
        /// The money of people who wait: per currency.
        pub held: Option<HeldView>,
        /// Today from opening to closing.
        pub rail: RailView,
        /// The next eight days against their hours.
        pub room: Vec<RoomDay>,
        /// What is promised within seven days against the hours left.
        pub week: WeekView,
        /// Chores that are due.
        pub chores: Vec<menu::ChoreRow>,
        /// Whom to answer, the most pressing first; at most 50.
        pub answer: Vec<care::FeedbackRow>,
        /// Nothing is promised to anybody yet.
        pub empty: bool,
    }

    /// A group of promises on Today.
    pub struct TodaySection {
        /// Which group.
        pub place: Place,
        /// Its name: `Overdue`.
        pub name: String,
        /// What to do about it, in a few words.
        pub hint: String,
        /// How many there are in all.
        pub count: u32,
        /// The most urgent of them, at most 200.
        pub rows: Vec<PromiseRow>,
    }

    /// How the promises of a period went, as first promised.
    pub struct RecordView {
        /// Kept.
        pub kept: u32,
        /// Kept and missed.
        pub of: u32,
        /// In words: `94% kept on time over the last 30 days`, or `7 of 8` where there are few.
        pub words: String,
    }

    /// Money of people who have paid and wait.
    pub struct HeldView {
        /// The sums, one for each currency.
        pub sums: Vec<Money>,
        /// From how many people.
        pub people: u32,
        /// The longest wait in days.
        pub oldest_days: u32,
    }

    /// Today from opening to closing, with what hangs on it.
    pub struct RailView {
        /// Where the rail begins: an hour of the day, in minutes since midnight.
        pub from: u32,
        /// Where it ends.
        pub to: u32,
        /// Now, in minutes since midnight.
        pub now: u32,
        /// Due times of today.
        pub tickets: Vec<RailMark>,
        /// Start-by times of today.
        pub flags: Vec<RailMark>,
        /// How many are overdue from before today.
        pub overdue: u32,
    }

    /// One mark on the rail.
    pub struct RailMark {
        /// The promise.
        pub id: CommitmentId,
        /// Minutes since midnight.
        pub minute: u32,
        /// Its title.
        pub title: String,
        /// It is late.
        pub late: bool,
        /// It was handed over.
        pub done: bool,
    }

    /// One day against its hours.
    pub struct RoomDay {
        /// The day.
        pub day: Day,
        /// Minutes of work that fall due on it.
        pub planned: u32,
        /// Minutes of opening.
        pub open: u32,
        /// Promises due on it.
        pub promises: u32,
    }

    /// What is promised within seven days against the hours left.
    pub struct WeekView {
        /// Promises due.
        pub promises: u32,
        /// Minutes of work that they still need.
        pub needed: u32,
        /// Of these: minutes that are set aside for them.
        pub set_aside: u32,
        /// Working minutes left that are not set aside for anything.
        pub free: u32,
        /// More is promised than fits.
        pub over: bool,
        /// In words: `9 promises need 14 h; 31 h are left.`
        pub words: String,
    }

    /// A page of promises.
    pub struct PromisesPage {
        /// How many match.
        pub count: u32,
        /// Where this page begins.
        pub offset: u32,
        /// The rows of this page.
        pub rows: Vec<PromiseRow>,
        /// How many promises each filter would show, without the search.
        pub counts: PromiseCounts,
        /// How many promises each saved view shows, in the order of the settings.
        pub views: Vec<u32>,
        /// Where promises came from, the most frequent first.
        pub sources: Vec<lists::SourceCount>,
        /// The name of the customer that the list is narrowed to.
        pub customer: Option<String>,
        /// The name of the offer that the list is narrowed to.
        pub offer: Option<String>,
        /// Nothing is spelled as it was searched for: these come close.
        pub forgiven: bool,
    }

    /// How many promises each filter shows.
    pub struct PromiseCounts {
        /// Something is still owed.
        pub open: u32,
        /// The date has passed.
        pub overdue: u32,
        /// Due within seven days.
        pub this_week: u32,
        /// Paid and nothing done for days.
        pub paid_idle: u32,
        /// A price is open.
        pub unpaid: u32,
        /// Handed over or called off.
        pub closed: u32,
        /// All.
        pub all: u32,
    }

    /// One promise with everything about it.
    pub struct PromisePage {
        /// The row, as lists show it.
        pub row: PromiseRow,
        /// A sentence: `Promised to Hannah Okafor for Fri 20 Nov, 17:00.`
        pub sentence: String,
        /// The customer.
        pub customer: CustomerCard,
        /// The parts.
        pub parts: Vec<PartView>,
        /// The dates and how they moved.
        pub dates: DatesView,
        /// When work has to begin: none when nothing is left to do.
        pub start_by: Option<String>,
        /// How much time is left, in words: `2 h of slack`, `1 h too little`.
        pub slack: Option<String>,
        /// The work that is left, and the hours for it.
        pub work: plan::WorkView,
        /// The steps of the work, in their order.
        pub steps: Vec<plan::StepView>,
        /// What is looked at before it is handed over.
        pub checklist: Vec<plan::LineView>,
        /// What is needed from the customer.
        pub inputs: Vec<plan::LineView>,
        /// The hours that are set aside, in order.
        pub blocks: Vec<plan::BlockView>,
        /// What stands in its way, and what did.
        pub blocked_by: Vec<plan::BlockerView>,
        /// After this it helps nobody, in words.
        pub worthless_after: Option<String>,
        /// It was said to help nobody any more.
        pub worthless: bool,
        /// What was paid.
        pub payment: PaymentView,
        /// Why it matters to the customer, as the menu says it.
        pub whys: Vec<menu::WhyView>,
        /// The promise that repeats which this is one of.
        pub repeats: Option<menu::RepeatsView>,
        /// The words that were said.
        pub words: Option<Words>,
        /// When it was promised or the order was placed.
        pub placed_at: Stamp,
        /// Where it came from.
        pub source: Source,
        /// Whom it waits for.
        pub waiting: Option<Waiting>,
        /// It was called off.
        pub cancelled: Option<Cancelled>,
        /// Notes, oldest first.
        pub notes: Vec<Note>,
        /// Deliveries, newest first.
        pub handovers: Vec<HandoverView>,
        /// What was changed, newest first.
        pub history: Vec<ChangeView>,
        /// Reminders that are still to come or not acknowledged, in words.
        pub reminders: Vec<ReminderView>,
        /// What the customer was told and said, how a miss is made good, and what touches it.
        pub care: care::CareView,
        /// The owner's own reminders.
        pub own_reminders: Vec<alerts::OwnReminder>,
        /// Something is still owed.
        pub open: bool,
        /// Work on it has begun.
        pub started: bool,
        /// The promise before this one in the queue.
        pub previous: Option<CommitmentId>,
        /// The promise after it.
        pub next: Option<CommitmentId>,
        /// Its place among the open ones, from 1; none if it is closed.
        pub position: Option<u32>,
        /// How many are open.
        pub open_count: u32,
    }

    /// A customer beside a promise.
    pub struct CustomerCard {
        /// The customer.
        pub id: CustomerId,
        /// The name.
        pub name: String,
        /// Ways to reach them.
        pub contacts: Vec<Contact>,
        /// The address, line by line.
        pub address: Vec<String>,
        /// Promises made to them in all.
        pub promises: u32,
        /// In words: `5 promises since 2024, 1 missed`.
        pub record: String,
    }

    /// One part of a promise.
    pub struct PartView {
        /// The part.
        pub id: DeliverableId,
        /// What it is.
        pub what: String,
        /// How many.
        pub quantity: u32,
        /// How many were handed over.
        pub handed_over: u32,
        /// How many are still owed.
        pub left: u32,
        /// How far the work has come.
        pub stage: Stage,
        /// Minutes of work left, if estimated.
        pub effort_left: Option<u32>,
        /// Minutes of work that it still needs: those of its steps, if they are estimated, else its own.
        pub minutes_left: Option<u32>,
        /// Its steps carry the minutes, and are where they are changed.
        pub by_steps: bool,
        /// Its own date in words, where it differs.
        pub due_words: Option<String>,
    }

    /// The dates of a promise.
    pub struct DatesView {
        /// What the customer asked for.
        pub requested: Option<String>,
        /// The first promised date, in words.
        pub first: Option<String>,
        /// The date that stands now, in words.
        pub current: Option<String>,
        /// The date it is judged by, in words, where it is not the current one.
        pub judged_by: Option<String>,
        /// The date was derived and is to be confirmed.
        pub derived: bool,
        /// What it waits for.
        pub awaits: Option<Event>,
        /// The moves, oldest first.
        pub moves: Vec<MoveView>,
        /// By the owner's rule we cannot move it any more; why, in words.
        pub fixed: Option<String>,
        /// By the owner's rule a move of ours needs a note to the customer.
        pub needs_note: bool,
    }

    /// One move of a date.
    pub struct MoveView {
        /// In words: `from Fri 20 Nov to Mon 23 Nov`.
        pub words: String,
        /// Who asked.
        pub by: Party,
        /// When it was decided.
        pub said_at: Stamp,
        /// When the customer was told.
        pub told_at: Option<Stamp>,
        /// Whether they agreed.
        pub agreed: Option<bool>,
        /// Why.
        pub why: Option<String>,
        /// What was written to the customer about it.
        pub note: Option<String>,
    }

    /// What was paid.
    pub struct PaymentView {
        /// The price.
        pub total: Option<Money>,
        /// What was received.
        pub received: Option<Money>,
        /// What is still to be paid.
        pub outstanding: Option<Money>,
        /// The state.
        pub state: PaymentState,
        /// When money first came in.
        pub received_at: Option<Stamp>,
    }

    /// What was handed over at one time, with what shows it.
    pub struct HandoverView {
        /// Which handovers of the promise these are, by their places among them.
        pub of: Vec<u32>,
        /// What: `12 cupcakes`, `12 cupcakes, 3 pies`.
        pub what: String,
        /// When.
        pub at: Stamp,
        /// How.
        pub channel: Option<String>,
        /// Evidence.
        pub evidence: Option<String>,
        /// The number by which the carrier finds it.
        pub tracking: Option<String>,
        /// Where it can be seen.
        pub links: Vec<String>,
        /// What else there is to know.
        pub note: Option<String>,
        /// Photographs and papers.
        pub files: Vec<crate::evidence::AttachedFile>,
    }

    /// One change, as the history tells it.
    pub struct ChangeView {
        /// The commit that made it.
        pub change: u64,
        /// When.
        pub at: Stamp,
        /// What, in words: `Moved to Fri 27 Nov (we asked)`.
        pub what: String,
        /// It can still be undone: nothing newer has touched what it changed.
        pub can_undo: bool,
        /// It was undone, and can be done again: nothing newer has touched what it changed.
        pub can_redo: bool,
    }

    /// One reminder of a promise.
    pub struct ReminderView {
        /// What it says.
        pub what: String,
        /// When it comes or came.
        pub at: Stamp,
        /// The same in words.
        pub at_words: String,
        /// It was announced already.
        pub announced: bool,
    }

    /// How a draft would look as a promise, before it is saved.
    pub struct DraftView {
        /// What is wrong with it; saving is refused until it is empty.
        pub problems: Vec<Problem>,
        /// The customer that is meant, if Kept knows one.
        pub customer: Option<CustomerBrief>,
        /// Others that could be meant.
        pub could_be: Vec<CustomerBrief>,
        /// They were let down before, in words: nobody is let down twice.
        pub second_chance: Option<String>,
        /// The date in words.
        pub due_words: Option<String>,
        /// How far away it is and when work must begin: `in 6 days, start Thu 26 Nov, 14:00`.
        pub start_words: Option<String>,
        /// A warning about that day or week: `Friday is full: 9 h of work for 8 h.`
        pub room_words: Option<String>,
        /// Days that have room, where the chosen one has not.
        pub better: Vec<BetterDate>,
        /// A warning about that week: `The week of Mon 16 Nov is over-promised: 48 h of work for 45 h.`
        pub week_words: Option<String>,
        /// The earliest date that can honestly be promised.
        pub honest: Option<plan::HonestDateView>,
    }

    /// A date that has room.
    pub struct BetterDate {
        /// The date.
        pub due: Due,
        /// In words: `Thu 26 Nov`.
        pub words: String,
    }

    /// A customer in a list of suggestions.
    pub struct CustomerBrief {
        /// The customer.
        pub id: CustomerId,
        /// The name.
        pub name: String,
        /// In words: `5 promises, all kept`.
        pub record: String,
    }

    /// The answer to every change: what was done, so that it can be undone.
    pub struct Done {
        /// The commit that did it; 0 if there was nothing to do.
        pub change: u64,
        /// In words: `Handed over 12 cupcakes to Maria Silva`.
        pub said: String,
        /// The promise that was made or changed.
        pub promise: Option<CommitmentId>,
    }

    /// What stands around every screen.
    pub struct ShellView {
        /// The name of the business.
        pub business: String,
        /// Light, dark or as the system.
        pub appearance: Appearance,
        /// The currency for amounts that name none.
        pub currency: Currency,
        /// Promises on Today that need something: overdue, due, to be started, paid and idle.
        pub today: u32,
        /// Overdue promises.
        pub overdue: u32,
        /// Alerts that nobody has acknowledged.
        pub alerts: u32,
        /// Customers who wait for an answer.
        pub to_answer: u32,
        /// Recoveries that go on.
        pub recoveries: u32,
        /// Nothing was ever entered: show the welcome.
        pub empty: bool,
        /// The made-up shop is loaded.
        pub made_up: bool,
        /// The desktop refuses to show notifications, in words; none while all is well.
        pub notices_refused: Option<String>,
        /// The watch is paused until, in words; none if it goes on.
        pub paused_until: Option<String>,
        /// Promises that are overdue for three working days or more, in words; none if there are none.
        pub long_overdue: Option<String>,
        /// What had to be repaired when the data was opened, in words.
        pub repaired: Vec<String>,
        /// Where the data lies.
        pub data_folder: String,
        /// Why the calendar that is kept up to date could not be written.
        pub calendar_trouble: Option<String>,
        /// The version of Kept.
        pub version: String,
        /// What can be undone, in words.
        pub undo: Option<String>,
        /// What was undone and can be done again, in words.
        pub redo: Option<String>,
        /// Keys that the owner has given to actions, by the action's name.
        pub keys: BTreeMap<String, String>,
        /// The size of the text on the screen, in percent.
        pub text_size: u32,
        /// The language tag by whose customs dates are written.
        pub date_format: Option<String>,
        /// The language tag by whose customs numbers and amounts are written.
        pub number_format: Option<String>,
    }

    /// What will not be watched when Kept quits.
    pub struct QuitView {
        /// Each in a sentence: `Maria's 12 cupcakes are due today, 15:00.`
        pub unwatched: Vec<String>,
        /// How many more there are.
        pub more: u32,
    }

    /// A file that was chosen, before it is read.
    pub struct OfferedFile {
        /// By which Kept knows it; paths do not reach the UI.
        pub file: String,
        /// Its name.
        pub name: String,
    }

    /// What an import would do.
    pub struct ImportPreview {
        /// The files, as they were offered.
        pub offered: Vec<String>,
        /// The files that are read; an archive holds several.
        pub files: Vec<imports::ImportFile>,
        /// All that has to be asked is answered.
        pub ready: bool,
        /// Its name, or how many there are: `3 files`.
        pub name: String,
        /// What kind of export it is: `Shopify orders`.
        pub kind: String,
        /// Promises that are new.
        pub created: u32,
        /// Promises that change.
        pub updated: u32,
        /// Promises that stay as they are.
        pub unchanged: u32,
        /// Of the new ones: how many name no date and get one from the lead time.
        pub without_date: u32,
        /// The lead time that was used, in working days.
        pub lead_days: u32,
        /// The first hundred promises that are new or change.
        pub rows: Vec<ImportRow>,
        /// What is wrong, by line; the first 500.
        pub problems: Vec<LineProblem>,
        /// How many problems there are in all.
        pub problem_count: u32,
        /// Customers that are new, beside those of new promises.
        pub customers_created: u32,
        /// Customers of whom more becomes known.
        pub customers_updated: u32,
        /// What becomes of payments.
        pub payments: imports::PaymentCounts,
        /// Payments that may have been for several promises; the first hundred.
        pub to_match: Vec<imports::PaymentToMatch>,
        /// Other records that are new or change: of the menu, the settings and their like.
        pub others: u32,
        /// What else there is to say of it, in sentences.
        pub notes: Vec<String>,
    }

    /// One promise that an import would make or change.
    pub struct ImportRow {
        /// The line of the file it begins on.
        pub line: u32,
        /// The order as the shop names it.
        pub order: String,
        /// What.
        pub title: String,
        /// For whom.
        pub customer: String,
        /// The date in words.
        pub due_words: String,
        /// The date comes from the lead time.
        pub derived: bool,
        /// New, or what changes in words.
        pub change: Option<String>,
    }

    /// Something that is wrong in a file.
    pub struct LineProblem {
        /// The file; empty if there is only one.
        #[serde(default)]
        pub file: String,
        /// The line, from 1, as a text editor counts it.
        pub line: u32,
        /// What is wrong and what was done about it.
        pub is: String,
    }

    /// How far an import has come.
    pub struct ImportProgress {
        /// Promises written.
        pub done: u32,
        /// Promises to write.
        pub total: u32,
        /// Set when it has ended.
        pub ended: Option<ImportEnd>,
        /// It ended before it began, for no backup could be made first: the owner may say that it is meant without one.
        pub without_backup: bool,
    }

    /// How an import ended.
    pub struct ImportEnd {
        /// It was cancelled and taken back.
        pub cancelled: bool,
        /// Promises made.
        pub created: u32,
        /// Promises changed.
        pub updated: u32,
        /// Promises left as they were.
        pub unchanged: u32,
        /// Customers made or changed, beside those of promises.
        pub customers: u32,
        /// Payments that were counted.
        pub payments: u32,
        /// What was wrong, by line.
        pub problems: Vec<LineProblem>,
        /// It failed, in words.
        pub failed: Option<String>,
        /// In words: `Brought in 120 promises from orders_export.csv`.
        pub said: String,
    }

    /// One import of the past.
    pub struct PastImport {
        /// The import.
        pub import: crate::id::ImportId,
        /// The file's name.
        pub name: String,
        /// When.
        pub at: Stamp,
        /// When, in words.
        pub at_words: String,
        /// Promises made.
        pub created: u32,
        /// Promises changed.
        pub updated: u32,
        /// In words: `120 promises, 3 changed`.
        pub counts: String,
        /// It was taken back.
        pub undone: bool,
    }
}

/// Which promises a list shows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PromiseFilter {
    /// Something is still owed.
    #[default]
    Open,
    /// The date has passed.
    Overdue,
    /// Due within seven days.
    ThisWeek,
    /// Paid, and nothing done for days.
    PaidIdle,
    /// A price is open.
    Unpaid,
    /// Handed over or called off.
    Closed,
    /// All.
    All,
}

views! {
    /// The alert centre: what Kept owes the owner. A toast is only a pointer to it.
    pub struct AlertCentre {
        /// Alerts that came due and were not acknowledged, most urgent first, grouped.
        pub groups: Vec<AlertGroup>,
        /// Alerts that were snoozed, soonest first.
        pub snoozed: Vec<AlertRow>,
        /// What comes next, in words: `14:30 start Maria's cake`; at most ten.
        pub next: Vec<ReminderView>,
        /// The last time that Kept did not watch, if something is to be said about it.
        pub report: Option<WatchReport>,
        /// The desktop refuses to show notifications, in words.
        pub notices_refused: Option<String>,
    }

    /// Alerts of one urgency.
    pub struct AlertGroup {
        /// Its name: `Overdue`.
        pub name: String,
        /// How many there are in all.
        pub count: u32,
        /// The most urgent of them, at most 200.
        pub alerts: Vec<AlertRow>,
    }

    /// One alert.
    pub struct AlertRow {
        /// By which it is acknowledged and snoozed.
        pub id: String,
        /// What kind it is.
        pub kind: crate::alert::AlertKind,
        /// The promise it is about, if it is about one.
        pub promise: Option<CommitmentId>,
        /// Where something can be done about it, if it is about no promise.
        pub leads_to: Option<alerts::LeadsTo>,
        /// The version of that promise.
        pub version: Option<u64>,
        /// What it says: `Overdue: 12 cupcakes for Maria Silva`.
        pub title: String,
        /// Why it came, in a sentence, as things stand now.
        pub why: String,
        /// What it was computed from: `from the date Fri 20 Nov, 15:00`.
        pub from: String,
        /// When it came due.
        pub at: Stamp,
        /// The same in words.
        pub at_words: String,
        /// How often it was snoozed.
        pub snoozes: u32,
        /// Putting it off once more is asked about first.
        pub asks_first: bool,
        /// Until when it is snoozed, in words.
        pub snoozed_until: Option<String>,
    }

    /// A time in which Kept did not watch.
    pub struct WatchReport {
        /// From.
        pub from: Stamp,
        /// To.
        pub to: Stamp,
        /// In words: `Kept was off from Fri 18:02 to Mon 08:11; three things came due.`
        pub words: String,
        /// What came due, in words.
        pub came_due: Vec<String>,
    }
}

/// For how long an alert is put off. The promise stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum SnoozeFor {
    /// Ten minutes.
    TenMinutes,
    /// One hour.
    OneHour,
    /// Until three in the afternoon; tomorrow's, if that has passed.
    ThisAfternoon,
    /// Until the next day's opening.
    TomorrowAtOpening,
    /// Until the opening of the next working day.
    NextWorkingDay,
    /// Until an instant.
    Until {
        /// The instant.
        at: Stamp,
    },
}
