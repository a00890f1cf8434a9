//! THE LIST of what can be asked of Kept. The window, the command line, `serve` and the tests ask nothing else.
//!
//! A request is what the owner does, in the owner's words. Adding one line here adds it everywhere: to the dispatcher
//! below and, through the types' TypeScript, to `ask()` in the UI, where a wrong name or field does not compile.

use crate::failure::{Code, Failure};
use crate::takes::alerts::{PauseWatch, RemoveReminder, SetReminder, TheAlert};
use crate::takes::backups::{SetBackupFolder, SetBackupPassphrase, TheBackup};
use crate::takes::care::{
    AcceptFeedback, AddGift, AddRepair, CloseRecovery, CorrectionPublished, FeedbackQuery, FeedbackTurn,
    HandOn, LeaveRecovery, LinkFeedback, MoveRepair, OnFeedback, OpenRecovery, OwnUp, RepairDone,
    SetCorrection, StrikeRepair, TakeFeedback, TheFeedback, TheRecovery,
};
use crate::takes::desktop::SnoozeAll;
use crate::takes::imports::{LookInto, TheFiles};
use crate::takes::learn::{
    AddIdea, AddWin, BehindQuery, CauseActed, CauseChecked, IdeaReaction, InsightsQuery, OnSlip, OnWin,
    RecordSlip, SaveCause, SetIdea, TheCause, TheSlip, TheYear, ThesePromises, TouchedBy,
};
use crate::takes::lists::{
    BoardQuery, Bulk, CalendarQuery, FindText, PromisesQuery, RemoveView, SaveView, SetKey,
};
use crate::takes::menu::{
    OffersQuery, OnChore, OnOffer, PickOffer, ReadRule, SaveChore, SaveOffer, SaveSeries, SeriesQuery,
    StopSeries, TheOffer, TheSeries,
};
use crate::takes::out::{CalendarTo, CustomerTo, ExportTo, ForgetCustomer, KeepCalendarIn, WhomToForget};
use crate::takes::people::{
    CustomersQuery, MergeCustomers, NoteOnCustomer, SaveCustomer, TheCustomer, TwoCustomers,
};
use crate::takes::plan::{
    AttachFile, AwaitEvent, BlockBy, BlockTime, CheckPromise, HistoryOf, MoveBlock, RemoveBlock, SetEffort,
    SetEvidence, SetLines, SetSteps, SetWorthlessAfter, StepDone, TickLine, Unblock, WeekQuery,
};
use crate::takes::printed::SlipOf;
use crate::takes::tell::{LogAnswer, LogTold, MessageOf, SetTemplate, TheMessage};
use crate::takes::{
    AddNote, Cancel, CorrectParts, CustomerSuggestions, CustomersLike, HandOver, MoveDate, Nothing,
    OnPromise, PastImports, SetPayment, SetStage, Snooze, SnoozePromise, TheAlerts, TheDraft, TheImport,
    ThePromise, UndoThis, WaitFor,
};
use crate::{
    Kept, alerts, board, bulk, calendar_view, chores, customers, find, history, imports, lists, made_up,
    menu, promise, promising, series, settings, shell, today, work,
};
use crate::{
    attachments, backups, blocking, desktop, evidence, holidays, plan, preparing, printed, reminders,
    watching,
};
use crate::{causes, feedback, insights, recoveries, slips, telling, wins};
use crate::{export, privacy};
use kept_core::evidence::AttachedFile;
use kept_core::series::SeriesDraft;
use kept_core::settings::Settings;
use kept_core::views::alerts::{AlertHistory, AlertKinds, AlertsAhead};
use kept_core::views::backups::{BackupLook, BackupsView};
use kept_core::views::care::{
    FeedbackList, FeedbackPage, FeedbackTaken, RecoveryList, RecoveryOpened, RecoveryPage, WinFiled,
};
use kept_core::views::desktop::TrayView;
use kept_core::views::imports::{NewExports, TextFile};
use kept_core::views::insights::{Behind, Insights, KeptDays, LastDays, Statement, WeeklyReview};
use kept_core::views::learn::{
    CauseList, CausePage, CauseSaved, NewestWin, SlipPage, SlipRecorded, Touched, WinList,
};
use kept_core::views::lists::{Board, BulkDone, CalendarMonth, Found};
use kept_core::views::menu::{
    ChoreList, MenuPage, MenuView, OfferPage, OfferSaved, PickedOffer, RuleView, SeriesList, SeriesPage,
    SeriesSaved,
};
use kept_core::views::out::{Forgetting, OutView};
use kept_core::views::people::{CustomerPage, CustomerSaved, CustomersPage, Doubles};
use kept_core::views::plan::{HistoryPage, HonestDateView, WeekPlan};
use kept_core::views::printed::PackingSlip;
use kept_core::views::tell::{Letter, MailAddress, MessageDraft, Templates};
use kept_core::views::{
    AlertCentre, Done, DraftView, ImportPreview, ImportProgress, PromisePage, PromisesPage, QuitView,
    ShellView, TodayView,
};
use serde_json::Value;

macro_rules! requests {
    ($($(#[doc = $doc:literal])+ $name:ident($takes:ty) -> $gives:ty = $does:path;)*) => {
        impl Kept {
            /// Answers one request, by its name and its body.
            pub async fn answer(&self, name: &str, takes: Value) -> Result<Value, Failure> {
                match name {
                    $(stringify!($name) => {
                        let takes: $takes = serde_json::from_value(takes).map_err(|error| {
                            Failure::new(Code::Invalid, format!("The request “{name}” is not as it should be: {error}."))
                        })?;
                        let gives: $gives = $does(self, takes).await?;
                        serde_json::to_value(gives).map_err(Failure::bug)
                    })*
                    _ => Err(Failure::new(Code::NotFound, format!("There is no request “{name}”."))),
                }
            }
        }

        /// The names of all requests.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        #[cfg(test)]
        fn typescript(config: &ts_rs::Config) -> String {
            use std::collections::BTreeSet;
            use ts_rs::TS;
            let mut names = BTreeSet::new();
            let mut rows = String::new();
            $(
                names.insert(<$takes as TS>::name(config));
                names.insert(<$gives as TS>::name(config));
                rows += &format!(
                    "  /**{} */\n  {}: {{ takes: {}; gives: {} }};\n",
                    [$($doc),+].concat(), stringify!($name), <$takes as TS>::name(config), <$gives as TS>::name(config),
                );
            )*
            let imports: String = names.iter().map(|name| format!("import type {{ {name} }} from \"./{name}\";\n")).collect();
            format!(
                "// This file was generated by [ts-rs](https://github.com/Aleph-Alpha/ts-rs). Do not edit this file manually.\n\
                 {imports}\n/** What can be asked of Kept. */\nexport interface Requests {{\n{rows}}}\n"
            )
        }
    };
}

requests! {
    /// What stands around every screen: counts, repairs, what can be undone.
    shell(Nothing) -> ShellView = shell::shell;
    /// The home screen.
    today(Nothing) -> TodayView = today::today;
    /// A page of promises.
    promises(PromisesQuery) -> PromisesPage = lists::promises;
    /// A month of promises, by the day on which they are due.
    calendar(CalendarQuery) -> CalendarMonth = calendar_view::calendar;
    /// Promises by how far they have come.
    board(BoardQuery) -> Board = board::board;
    /// Promises and customers that a text could mean.
    find(FindText) -> Found = find::find;
    /// One thing is done with several promises at once, as one change.
    bulk(Bulk) -> BulkDone = bulk::bulk;
    /// One promise with everything about it.
    promise(ThePromise) -> PromisePage = promise::promise;
    /// Customers that could be meant by a text.
    customers_like(CustomersLike) -> CustomerSuggestions = promising::customers_like;
    /// Reads a draft back before it is saved.
    read_draft(TheDraft) -> DraftView = promising::read_draft;
    /// Makes a promise.
    make_promise(TheDraft) -> Done = promising::make_promise;
    /// Work on a promise has begun.
    start_work(OnPromise) -> Done = work::start_work;
    /// A part is open, in progress or ready.
    set_stage(SetStage) -> Done = work::set_stage;
    /// All or some of a promise was handed over.
    hand_over(HandOver) -> Done = work::hand_over;
    /// The date moves.
    move_date(MoveDate) -> Done = work::move_date;
    /// A date that was derived from a lead time is the one that was promised.
    confirm_date(OnPromise) -> Done = work::confirm_date;
    /// The customer was told of the last move; if they know of it, that the date may not hold.
    customer_told(OnPromise) -> Done = work::customer_told;
    /// A promise is called off.
    cancel(Cancel) -> Done = work::cancel;
    /// A note is added to a promise.
    add_note(AddNote) -> Done = work::add_note;
    /// What a promise costs and what was received.
    set_payment(SetPayment) -> Done = work::set_payment;
    /// The parts of a promise are corrected.
    correct_parts(CorrectParts) -> Done = work::correct_parts;
    /// A promise waits for the customer or a supplier, or no longer.
    wait_for(WaitFor) -> Done = work::wait_for;
    /// The steps of a promise are corrected.
    set_steps(SetSteps) -> Done = preparing::set_steps;
    /// A step is done, or is not after all.
    step_done(StepDone) -> Done = preparing::step_done;
    /// What is to be looked at before a handover.
    set_checklist(SetLines) -> Done = preparing::set_checklist;
    /// Something was looked at and found right, or is to be looked at again.
    check_off(TickLine) -> Done = preparing::check_off;
    /// What is needed from the customer.
    set_inputs(SetLines) -> Done = preparing::set_inputs;
    /// The customer gave something that was needed, or has not after all.
    input_given(TickLine) -> Done = preparing::input_given;
    /// How much work a part still needs.
    set_effort(SetEffort) -> Done = preparing::set_effort;
    /// When a promise begins to help nobody any more.
    set_worthless_after(SetWorthlessAfter) -> Done = preparing::set_worthless_after;
    /// What a promise without a date waits for, and when to look at it again.
    await_event(AwaitEvent) -> Done = work::await_event;
    /// Hours are set aside for a promise.
    block_time(BlockTime) -> Done = blocking::block_time;
    /// Hours that were set aside are others now.
    move_block(MoveBlock) -> Done = blocking::move_block;
    /// Hours that were set aside are free again.
    remove_block(RemoveBlock) -> Done = blocking::remove_block;
    /// Something stands in the way of a promise.
    block_by(BlockBy) -> Done = blocking::block_by;
    /// Something is out of the way.
    unblock(Unblock) -> Done = blocking::unblock;
    /// An offered file is kept with the data, to be named in a handover.
    attach_file(AttachFile) -> AttachedFile = attachments::attach_file;
    /// What shows that something was handed over is added to, or corrected.
    set_evidence(SetEvidence) -> Done = evidence::set_evidence;
    /// A week with its hours, time blocks and dates.
    week(WeekQuery) -> WeekPlan = plan::week;
    /// The earliest date that can honestly be promised.
    promise_check(CheckPromise) -> HonestDateView = promising::promise_check;
    /// Does again what was undone, if nothing newer touched what it changed.
    redo(UndoThis) -> Done = history::redo;
    /// What was changed about a record.
    history(HistoryOf) -> HistoryPage = history::history;
    /// Undoes a change, if nothing newer touched what it changed.
    undo(UndoThis) -> Done = history::undo;
    /// The alert centre.
    alerts(Nothing) -> AlertCentre = alerts::alerts;
    /// Alerts were seen.
    acknowledge(TheAlerts) -> Done = alerts::acknowledge;
    /// Alerts are put off; the promise stays where it is.
    snooze(Snooze) -> Done = alerts::snooze;
    /// Whatever calls about a promise is put off; the promise stays where it is.
    snooze_promise(SnoozePromise) -> Done = alerts::snooze_promise;
    /// Whatever stands about a promise was seen.
    acknowledge_promise(ThePromise) -> Done = alerts::acknowledge_promise;
    /// What happened to an alert.
    alert_history(TheAlert) -> AlertHistory = alerts::alert_history;
    /// The kinds of alerts, with what the owner has set about each.
    alert_kinds(Nothing) -> AlertKinds = alerts::alert_kinds;
    /// The notices of the next working day, if nothing is done before.
    alerts_ahead(Nothing) -> AlertsAhead = watching::alerts_ahead;
    /// The watch is paused, or goes on.
    pause_watch(PauseWatch) -> Done = watching::pause_watch;
    /// A reminder of the owner's own is set, or another one is made of it.
    set_reminder(SetReminder) -> Done = reminders::set_reminder;
    /// A reminder of the owner's own is not wanted any more.
    remove_reminder(RemoveReminder) -> Done = reminders::remove_reminder;
    /// Shows a notification now, to see whether the desktop lets it through.
    send_test_notice(Nothing) -> Done = alerts::send_test_notice;
    /// The menu.
    offers(OffersQuery) -> MenuView = menu::offers;
    /// One offer with everything about it.
    offer(TheOffer) -> OfferPage = menu::offer;
    /// An offer is put on the menu, or changed.
    save_offer(SaveOffer) -> OfferSaved = menu::save_offer;
    /// An offer is taken off the menu.
    remove_offer(OnOffer) -> Done = menu::remove_offer;
    /// An offer fills a draft.
    pick_offer(PickOffer) -> PickedOffer = menu::pick_offer;
    /// The packing slip of one handover.
    packing_slip(SlipOf) -> PackingSlip = printed::packing_slip;
    /// The menu as one printed page.
    menu_page(Nothing) -> MenuPage = menu::menu_page;
    /// Promises that repeat.
    series_list(SeriesQuery) -> SeriesList = series::list;
    /// One promise that repeats, with its occurrences.
    series(TheSeries) -> SeriesPage = series::page;
    /// Reads a rule back before it is saved.
    read_rule(ReadRule) -> RuleView = series::read_rule;
    /// The same promise again and again, as a draft of a promise that repeats.
    draft_series(ThePromise) -> SeriesDraft = series::draft;
    /// A promise that repeats is made or changed; its occurrences follow.
    save_series(SaveSeries) -> SeriesSaved = series::save;
    /// A promise that repeats ends.
    stop_series(StopSeries) -> SeriesSaved = series::stop;
    /// The chores.
    chores(Nothing) -> ChoreList = chores::chores;
    /// A chore is made or changed.
    save_chore(SaveChore) -> Done = chores::save_chore;
    /// A chore is done for now.
    chore_done(OnChore) -> Done = chores::chore_done;
    /// A chore is left out this time.
    skip_chore(OnChore) -> Done = chores::skip_chore;
    /// A chore is no longer done.
    remove_chore(OnChore) -> Done = chores::remove_chore;
    /// A page of customers.
    customers(CustomersQuery) -> CustomersPage = customers::customers;
    /// One customer with everything that happened with them.
    customer(TheCustomer) -> CustomerPage = customers::customer;
    /// A customer is taken down, or what is known of them changed.
    save_customer(SaveCustomer) -> CustomerSaved = customers::save_customer;
    /// A note about a customer.
    note_on_customer(NoteOnCustomer) -> Done = customers::note_on_customer;
    /// Customers who may be one.
    doubles(Nothing) -> Doubles = customers::doubles;
    /// Two customers turn out to be one.
    merge_customers(MergeCustomers) -> CustomerSaved = customers::merge_customers;
    /// Two customers who look like one are two.
    two_customers(TwoCustomers) -> Done = customers::two_customers;
    /// What the owner has set.
    settings(Nothing) -> Settings = settings::settings;
    /// The owner sets something else.
    change_settings(Settings) -> Done = settings::change_settings;
    /// Holidays of a calendar file become closed days.
    bring_in_holidays(AttachFile) -> Done = holidays::bring_in_holidays;
    /// A list gets a name, or a view another list or name.
    save_view(SaveView) -> Done = settings::save_view;
    /// A view is no longer needed.
    remove_view(RemoveView) -> Done = settings::remove_view;
    /// An action gets another key, none, or its usual one again.
    set_key(SetKey) -> Done = settings::set_key;
    /// What an offered file would bring in.
    look_into_file(LookInto) -> ImportPreview = imports::look_into_file;
    /// Begins to bring in a file.
    bring_in(LookInto) -> TheImport = imports::bring_in;
    /// What is wrong in files, as a file to be saved.
    import_problems(LookInto) -> TextFile = imports::import_problems;
    /// Exports that have appeared in the watched folder.
    new_exports(Nothing) -> NewExports = imports::new_exports;
    /// Exports of the watched folder that are not to be offered again.
    put_aside(TheFiles) -> NewExports = imports::put_aside;
    /// How far an import has come.
    import_progress(TheImport) -> ImportProgress = imports::import_progress;
    /// Stops an import and takes back what it did.
    cancel_import(TheImport) -> Done = imports::cancel_import;
    /// Takes back a whole import.
    undo_import(TheImport) -> Done = imports::undo_import;
    /// The imports of the past.
    imports(Nothing) -> PastImports = imports::imports;
    /// The backups that are there.
    backups(Nothing) -> BackupsView = backups::backups;
    /// Makes a backup now.
    backup_now(Nothing) -> Done = backups::backup_now;
    /// What a backup holds, and what would change if it were restored.
    look_into_backup(TheBackup) -> BackupLook = backups::look_into_backup;
    /// Everything becomes as it was in a backup; what is there now is backed up first.
    restore_backup(TheBackup) -> Done = backups::restore_backup;
    /// New backups are locked with a passphrase, or no longer.
    set_backup_passphrase(SetBackupPassphrase) -> Done = backups::set_backup_passphrase;
    /// The newest backup is copied to a second folder, or no longer.
    set_backup_folder(SetBackupFolder) -> Done = backups::set_backup_folder;
    /// What is taken along by itself.
    out(Nothing) -> OutView = export::out;
    /// Writes everything to a place that the owner chose.
    export_everything(ExportTo) -> Done = export::export_everything;
    /// Writes a table for each kind to a folder that the owner chose.
    export_tables(ExportTo) -> Done = export::export_tables;
    /// Writes a calendar to a place that the owner chose.
    export_calendar(CalendarTo) -> Done = export::export_calendar;
    /// Keeps a calendar up to date in a folder that the owner chose, or no longer.
    keep_calendar_in(KeepCalendarIn) -> Done = export::keep_calendar_in;
    /// Writes all that is known of a customer to a place that the owner chose.
    export_customer(CustomerTo) -> Done = export::export_customer;
    /// What happens if a customer is anonymised.
    forgetting(WhomToForget) -> Forgetting = privacy::forgetting;
    /// Anonymises a customer, for ever.
    forget_customer(ForgetCustomer) -> Done = privacy::forget_customer;
    /// Loads a made-up shop to look around in.
    look_around(Nothing) -> Done = made_up::look_around;
    /// Removes the made-up shop.
    remove_made_up(Nothing) -> Done = made_up::remove_made_up;
    /// A message to a customer, written from the state of a promise.
    message_draft(MessageOf) -> MessageDraft = telling::message_draft;
    /// What opens the mail program with a message in it.
    mail_address(TheMessage) -> MailAddress = telling::mail_address;
    /// A message as a letter, to be printed.
    letter(TheMessage) -> Letter = telling::letter;
    /// A customer was told something.
    log_told(LogTold) -> Done = telling::log_told;
    /// A customer answered to what they were told.
    log_answer(LogAnswer) -> Done = telling::log_answer;
    /// The templates of the messages.
    templates(Nothing) -> Templates = telling::templates;
    /// A message in the owner's own words, or the usual one again.
    set_template(SetTemplate) -> Done = telling::set_template;
    /// Takes down what a customer told us.
    take_feedback(TakeFeedback) -> FeedbackTaken = feedback::take_feedback;
    /// A page of what customers told us.
    feedback_list(FeedbackQuery) -> FeedbackList = feedback::list;
    /// One thing that a customer told us, with everything about it.
    feedback(TheFeedback) -> FeedbackPage = feedback::page;
    /// Says whom and what feedback is about.
    link_feedback(LinkFeedback) -> Done = feedback::link_feedback;
    /// They wrote again, we answered, or we wait for them.
    feedback_turn(FeedbackTurn) -> Done = feedback::take_turn;
    /// Feedback is handed on to somebody, who has to accept it.
    hand_on(HandOn) -> Done = feedback::hand_on;
    /// Whoever feedback was handed on to accepts it, or does not.
    accept_feedback(AcceptFeedback) -> Done = feedback::accept_feedback;
    /// Feedback is settled.
    settle_feedback(OnFeedback) -> Done = feedback::settle_feedback;
    /// A correction is to be published, was published, or is not needed.
    set_correction(SetCorrection) -> Done = feedback::set_correction;
    /// A correction was published, or was not after all.
    correction_published(CorrectionPublished) -> Done = feedback::correction_published;
    /// Praise is filed as a win.
    praise_to_win(OnFeedback) -> WinFiled = feedback::praise_to_win;
    /// Missed promises and how they are made good.
    recoveries(Nothing) -> RecoveryList = recoveries::list;
    /// One recovery with everything about it.
    recovery(TheRecovery) -> RecoveryPage = recoveries::page;
    /// Begins to make a missed promise good.
    open_recovery(OpenRecovery) -> RecoveryOpened = recoveries::open_recovery;
    /// A missed promise is not made good, and why.
    leave_recovery(LeaveRecovery) -> Done = recoveries::leave_recovery;
    /// What went wrong, in the owner's own words.
    own_up(OwnUp) -> Done = recoveries::own_up;
    /// Adds a step to a recovery.
    add_repair(AddRepair) -> Done = recoveries::add_repair;
    /// Adds a gift to a recovery, which is promised like anything else.
    add_gift(AddGift) -> Done = recoveries::add_gift;
    /// A step of a recovery is done, or is not after all.
    repair_done(RepairDone) -> Done = recoveries::repair_done;
    /// A step of a recovery is struck out with a reason, or stands again.
    strike_repair(StrikeRepair) -> Done = recoveries::strike_repair;
    /// A step of a recovery gets another day or owner.
    move_repair(MoveRepair) -> Done = recoveries::move_repair;
    /// Closes a recovery.
    close_recovery(CloseRecovery) -> Done = recoveries::close_recovery;
    /// What a slip would touch, before it is taken down.
    slip_touches(TouchedBy) -> Touched = slips::slip_touches;
    /// Takes down a slip, and warns every promise that it touches.
    record_slip(RecordSlip) -> SlipRecorded = slips::record_slip;
    /// One slip with everything about it.
    slip(TheSlip) -> SlipPage = slips::slip;
    /// A slip is over, or one promise is safe from it.
    slip_over(OnSlip) -> Done = slips::slip_over;
    /// Slips, causes and what stands in the way.
    causes(Nothing) -> CauseList = causes::list;
    /// One cause with everything about it.
    cause(TheCause) -> CausePage = causes::page;
    /// Begins to ask why, or takes down what more is known.
    save_cause(SaveCause) -> CauseSaved = causes::save_cause;
    /// What was to be different is so, or is not after all.
    cause_acted(CauseActed) -> Done = causes::cause_acted;
    /// One has looked whether it came again.
    cause_checked(CauseChecked) -> Done = causes::cause_checked;
    /// What went right, and what might.
    wins(Nothing) -> WinList = wins::list;
    /// The newest of what went right, for the morning.
    newest_win(Nothing) -> NewestWin = wins::newest_win;
    /// Something that went right is written down.
    add_win(AddWin) -> Done = wins::add_win;
    /// What was written down as a win is none.
    remove_win(OnWin) -> Done = wins::remove_win;
    /// Somebody proposes something to try.
    add_idea(AddIdea) -> Done = wins::add_idea;
    /// What a customer made of an idea.
    idea_reaction(IdeaReaction) -> Done = wins::idea_reaction;
    /// How far an idea has come.
    set_idea(SetIdea) -> Done = wins::set_idea;
    /// The record of a period.
    insights(InsightsQuery) -> Insights = insights::insights;
    /// A page of the promises behind a figure.
    behind(BehindQuery) -> Behind = insights::behind;
    /// A page of promises that something names: a cause, an obstacle.
    these_promises(ThesePromises) -> Behind = insights::these_promises;
    /// How the promises of the last 30 days went.
    last_days(Nothing) -> LastDays = insights::last_days;
    /// A year, day by day.
    kept_days(TheYear) -> KeptDays = insights::kept_days;
    /// The week, looked back on.
    review(Nothing) -> WeeklyReview = insights::review;
    /// The record as one printed page.
    statement(InsightsQuery) -> Statement = insights::statement;
    /// The icon in the tray and its menu.
    tray(Nothing) -> TrayView = desktop::tray;
    /// All that calls now is put off; the promises stay where they are.
    snooze_all(SnoozeAll) -> Done = desktop::snooze_all;
    /// What will not be watched if Kept quits now.
    quitting(Nothing) -> QuitView = shell::quitting;
}

#[cfg(test)]
mod tests {
    /// Writes the list as TypeScript, beside the types; CI fails if what is committed differs.
    #[test]
    fn export_bindings_requests() {
        let config = ts_rs::Config::from_env();
        let folder = std::env::var("TS_RS_EXPORT_DIR").unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(std::path::Path::new(&folder).join("Requests.ts"), super::typescript(&config))
            .unwrap();
    }

    #[test]
    fn no_request_has_two_lines() {
        let mut names = super::NAMES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), super::NAMES.len());
    }
}
