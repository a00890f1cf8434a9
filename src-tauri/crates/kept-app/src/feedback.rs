//! What customers tell us: taken down by anybody, answered within a time, handed on only to whoever accepts it.

use crate::failure::Failure;
use crate::lists::rows_of;
use crate::records::{Changes, Known, end_of, id_at_end, key};
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::store::Store;
use crate::takes::care::{
    AcceptFeedback, CorrectionPublished, FeedbackQuery, FeedbackTurn, HandOn, LinkFeedback, OnFeedback,
    SetCorrection, TakeFeedback, TheFeedback,
};
use crate::{Kept, care, causes};
use kept_core::calendar::WorkingCalendar;
use kept_core::day::{Due, Now, Stamp};
use kept_core::feedback::{Feedback, FeedbackKind};
use kept_core::id::{CommitmentId, CustomerId, FeedbackId, WinId};
use kept_core::insights::Period;
use kept_core::reply_clock::{ReplyClock, Turn, TurnKind};
use kept_core::search::{folded, holds, words_of};
use kept_core::settings::Settings;
use kept_core::views::care::{
    FeedbackFilter, FeedbackList, FeedbackPage, FeedbackRow, FeedbackTaken, ReplyState, ReplyView, WinFiled,
};
use kept_core::views::{Done, PromiseRow};
use kept_core::win::Win;
use kept_core::words::duration;
use std::cmp::Reverse;
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

/// No page is longer.
const PAGE_MOST: u32 = 200;
/// So many are shown on Today.
const TODAY_MOST: usize = 50;
/// So many promises of a customer are offered as what it could be about.
const COULD_BE_MOST: usize = 20;

/// Takes down what a customer told us: only their words are needed.
pub(crate) async fn take_feedback(kept: &Kept, takes: TakeFeedback) -> Result<FeedbackTaken, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let mut draft = takes.draft;
    let problems = draft.problems(&now);
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    (draft.customer, draft.promise) = linked(kept, draft.customer, draft.promise).await?;
    let feedback = FeedbackId::new(Uuid::now_v7());
    let it = draft.into_feedback(feedback, &now);
    let said = format!("Took down a {}", it.kind.word());
    let done = care::add(&writing, it, said).await?;
    Ok(FeedbackTaken { done, feedback })
}

/// A page of what customers told us: those who wait for an answer first, the rest newest first.
pub(crate) async fn list(kept: &Kept, takes: FeedbackQuery) -> Result<FeedbackList, Failure> {
    let now = kept.now();
    read_customers(kept).await?;
    let shop = kept.shop();
    let words = words_of(&takes.search);
    let all = || shop.few.care.feedback.values().map(|known| row(known, &shop, &now));
    let wanted = |row: &FeedbackRow| {
        let is_kind = match takes.filter {
            FeedbackFilter::Open => row.settled_at.is_none(),
            FeedbackFilter::ToAnswer => waits(row),
            FeedbackFilter::Complaints => row.kind == FeedbackKind::Complaint,
            FeedbackFilter::Praise => row.kind == FeedbackKind::Praise,
            FeedbackFilter::Questions => row.kind == FeedbackKind::Question,
            FeedbackFilter::All => true,
        };
        // Not by who sees to it: how many complaints somebody had to answer is nobody's figure.
        is_kind && holds(&folded(&format!("{}\n{}", row.text, row.from)), &words)
    };
    let mut found: Vec<FeedbackRow> = all().filter(wanted).collect();
    found.sort_by_key(order);
    let count = to_u32(found.len());
    let (offset, limit) = (takes.offset as usize, takes.limit.min(PAGE_MOST) as usize);
    Ok(FeedbackList {
        count,
        offset: takes.offset,
        rows: found.into_iter().skip(offset).take(limit).collect(),
        to_answer: to_u32(all().filter(waits).count()),
        open: to_u32(all().filter(|row| row.settled_at.is_none()).count()),
        all: to_u32(shop.few.care.feedback.len()),
    })
}

/// One thing that a customer told us, with everything about it.
pub(crate) async fn page(kept: &Kept, takes: TheFeedback) -> Result<FeedbackPage, Failure> {
    let now = kept.now();
    read_customers(kept).await?;
    let known = care::find::<Feedback>(kept, takes.feedback)?;
    let promise = match known.it.promise {
        Some(id) => rows_of(kept, &[id], &now).await?.pop(),
        None => None,
    };
    let could_be = match (known.it.promise, known.it.customer) {
        (None, Some(customer)) => promises_of(kept, customer, &now).await?,
        (Some(_), _) | (None, None) => Vec::new(),
    };
    let shop = kept.shop();
    let mut wins = shop.few.care.wins.values();
    Ok(FeedbackPage {
        row: row(&known, &shop, &now),
        promise,
        could_be,
        turns: known.it.turns.clone(),
        taken_by: known.it.taken_by.clone(),
        correction: known.it.correction.clone(),
        win: wins.find(|win| win.it.feedback == Some(takes.feedback)).map(|win| win.it.id),
        target: duration(i64::from(shop.settings.it.reply_minutes)),
        causes: causes::rows_where(&shop, &now, |draft| draft.feedback.contains(&takes.feedback)),
    })
}

/// Says whom and what it is about.
pub(crate) async fn link_feedback(kept: &Kept, takes: LinkFeedback) -> Result<Done, Failure> {
    let (customer, promise) = linked(kept, takes.customer, takes.promise).await?;
    let name = match customer {
        Some(id) => Some(kept.customer(id).await?.it.name.clone()),
        None => None,
    };
    let deed = |it: &mut Feedback, _: &Now| {
        (it.customer, it.promise) = (customer, promise);
        Ok(())
    };
    care::change(kept, takes.feedback, takes.version, deed, |it| match name {
        Some(name) => format!("The {} is from {name}", it.kind.word()),
        None => format!("It is open from whom the {} is", it.kind.word()),
    })
    .await
}

/// Takes down a turn of the exchange: they wrote, we answered, we wait for them.
pub(crate) async fn take_turn(kept: &Kept, takes: FeedbackTurn) -> Result<Done, Failure> {
    let FeedbackTurn { feedback, version, kind, words, at } = takes;
    let words = crate::work::trimmed(words);
    let deed =
        |it: &mut Feedback, now: &Now| it.take_turn(Turn { at: at.unwrap_or(now.stamp), kind, words }, now);
    care::change(kept, feedback, version, deed, |it| {
        let title = it.title();
        match kind {
            TurnKind::Message => format!("They wrote again. {title}"),
            TurnKind::Reply => format!("Answered. {title}"),
            TurnKind::Wait => format!("It waits for the customer. {title}"),
            TurnKind::GoOn => format!("It is our turn again. {title}"),
        }
    })
    .await
}

/// Hands it on; whoever owns it does so until the other one accepts.
pub(crate) async fn hand_on(kept: &Kept, takes: HandOn) -> Result<Done, Failure> {
    let deed = |it: &mut Feedback, _: &Now| it.hand_on(&takes.to);
    care::change(kept, takes.feedback, takes.version, deed, |it| {
        format!("Handed on to {}, who has to accept it. {}", takes.to.trim(), it.title())
    })
    .await
}

/// Whoever it was handed on to accepts it, or does not.
pub(crate) async fn accept_feedback(kept: &Kept, takes: AcceptFeedback) -> Result<Done, Failure> {
    let deed = |it: &mut Feedback, _: &Now| it.accept(takes.accepts);
    care::change(kept, takes.feedback, takes.version, deed, |it| {
        let owner = if it.owner.is_empty() { "whoever took it down" } else { &it.owner };
        format!("{} is seen to by {owner}", it.title())
    })
    .await
}

/// It is settled.
pub(crate) async fn settle_feedback(kept: &Kept, takes: OnFeedback) -> Result<Done, Failure> {
    let calendar = kept.settings().calendar;
    let deed = |it: &mut Feedback, now: &Now| it.settle(&calendar, now);
    care::change(kept, takes.feedback, takes.version, deed, |it| format!("Settled. {}", it.title())).await
}

/// A correction is to be published, was published, or is not needed.
pub(crate) async fn set_correction(kept: &Kept, takes: SetCorrection) -> Result<Done, Failure> {
    let deed = |it: &mut Feedback, now: &Now| it.correct(takes.correction, now);
    care::change(kept, takes.feedback, takes.version, deed, |it| match &it.correction {
        Some(correction) if correction.published_at.is_some() => {
            format!("Published the correction {}", correction.place)
        }
        Some(correction) => format!("A correction is to be published {}", correction.place),
        None => "No correction is needed".to_owned(),
    })
    .await
}

/// A correction was published, or was not after all.
pub(crate) async fn correction_published(kept: &Kept, takes: CorrectionPublished) -> Result<Done, Failure> {
    let deed = |it: &mut Feedback, now: &Now| it.publish(takes.published, now);
    care::change(kept, takes.feedback, takes.version, deed, |it| {
        let place = it.correction.as_ref().map_or("", |correction| &correction.place);
        if takes.published {
            format!("Published the correction {place}")
        } else {
            format!("Not published after all, {place}")
        }
    })
    .await
}

/// Files praise as a win, and settles it: nobody waits for an answer.
pub(crate) async fn praise_to_win(kept: &Kept, takes: OnFeedback) -> Result<WinFiled, Failure> {
    let writing = kept.writing().await;
    let before = care::seen::<Feedback>(kept, takes.feedback, takes.version)?;
    if before.it.kind != FeedbackKind::Praise {
        return Err(Failure::field("feedback", "Only praise is filed as a win."));
    }
    if kept.shop().few.care.wins.values().any(|win| win.it.feedback == Some(before.it.id)) {
        return Err(Failure::field("feedback", "This is filed as a win already."));
    }
    let win = WinId::new(Uuid::now_v7());
    let said = format!("Filed as a win. {}", before.it.title());
    let mut changes = Changes::new(said.clone(), before.it.promise);
    care::put(&mut changes, None, Win::of_praise(win, &before.it));
    let settled_at = before.it.settled_at.or(Some(kept.now().stamp));
    let promise = before.it.promise;
    care::put(&mut changes, Some(&before), Feedback { settled_at, ..before.it.clone() });
    let change = writing.commit(changes).await?;
    Ok(WinFiled { done: Done { change, said, promise }, win })
}

/// Whom to answer, for Today: the most pressing first.
pub(crate) fn to_answer(shop: &Shop, now: &Now) -> Vec<FeedbackRow> {
    let open = shop.few.care.feedback.values().filter(|known| known.it.settled_at.is_none());
    let mut rows: Vec<FeedbackRow> = open.map(|known| row(known, shop, now)).filter(waits).collect();
    rows.sort_by_key(order);
    rows.truncate(TODAY_MOST);
    rows
}

/// How many wait for an answer.
pub(crate) fn waiting(shop: &Shop, now: &Now) -> u32 {
    let calendar = &shop.settings.it.calendar;
    to_u32(shop.few.care.feedback.values().filter(|known| known.it.running(calendar, now).is_some()).count())
}

/// What was answered in a period, the slowest first.
pub(crate) fn slowest(shop: &Shop, period: Period, most: usize, now: &Now) -> Vec<FeedbackRow> {
    let calendar = &shop.settings.it.calendar;
    let longest = |known: &Arc<Known<Feedback>>| {
        let clocks = known.it.clocks(calendar, now).into_iter();
        let answered = clocks.filter(|clock| clock.answered_at.is_some());
        answered.filter(|clock| period.holds(calendar.zone.day(clock.from))).map(|clock| clock.elapsed).max()
    };
    let all = shop.few.care.feedback.values();
    let mut answered: Vec<_> = all.filter_map(|known| Some((longest(known)?, known))).collect();
    answered.sort_by_key(|(minutes, known)| (Reverse(*minutes), known.it.id));
    answered.into_iter().take(most).map(|(_, known)| row(known, shop, now)).collect()
}

/// What was said about a promise, newest first.
pub(crate) fn of_promise(shop: &Shop, promise: CommitmentId, now: &Now) -> Vec<FeedbackRow> {
    let about = shop.few.care.feedback.values().rev().filter(|known| known.it.promise == Some(promise));
    about.map(|known| row(known, shop, now)).collect()
}

/// How a reply clock stands.
pub(crate) fn reply(it: &Feedback, settings: &Settings, now: &Now) -> ReplyView {
    let target = settings.reply_minutes;
    let clocks = it.clocks(&settings.calendar, now);
    let was_late = clocks.iter().any(|clock| clock.is_late(target));
    let view = |state, words: String, percent: i64| ReplyView {
        state,
        words,
        percent: to_u32(percent.clamp(0, 999)),
        was_late,
    };
    let Some(clock) = clocks.last() else {
        return view(ReplyState::None, String::new(), 0);
    };
    let percent = clock.elapsed * 100 / i64::from(target).max(1);
    view(state(clock, it, percent), reply_words(clock, settings, now), percent)
}

/// The customers of all feedback are in memory from here on.
pub(crate) async fn read_customers(kept: &Kept) -> Result<(), Failure> {
    let ids: Vec<CustomerId> =
        kept.shop().few.care.feedback.values().filter_map(|known| known.it.customer).collect();
    kept.customers(&ids).await
}

fn state(clock: &ReplyClock, it: &Feedback, percent: i64) -> ReplyState {
    if clock.answered_at.is_some() || it.settled_at.is_some() {
        ReplyState::Answered
    } else if clock.is_paused() {
        ReplyState::Paused
    } else if percent > 100 {
        ReplyState::Late
    } else if percent >= 80 {
        ReplyState::Pressing
    } else {
        ReplyState::Running
    }
}

fn reply_words(clock: &ReplyClock, settings: &Settings, now: &Now) -> String {
    let left = i64::from(settings.reply_minutes) - clock.elapsed;
    match (clock.answered_at, clock.is_paused()) {
        (Some(_), _) if left < 0 => format!("answered after {}, late", duration(clock.elapsed)),
        (Some(_), _) => format!("answered after {}", duration(clock.elapsed)),
        (None, true) => "waits for the customer".to_owned(),
        (None, false) if left < 0 => format!("{} late", duration(-left)),
        (None, false) => format!("{} left{}", duration(left), from_opening(&settings.calendar, now)),
    }
}

/// While the shop is closed the clock stands: `, from Mon 23 Nov, 09:00`.
fn from_opening(calendar: &WorkingCalendar, now: &Now) -> String {
    let is_open = calendar.spans(now.today).iter().any(|span| span.from <= now.time && now.time < span.to);
    let opening = calendar.next_opening(now.stamp).filter(|_| !is_open);
    opening.map_or_else(String::new, |at| {
        let (day, time) = calendar.zone.wall(at);
        format!(", from {}", Due::at(day, time).words(now.today))
    })
}

/// Feedback as a row of a list.
pub(crate) fn row(known: &Known<Feedback>, shop: &Shop, now: &Now) -> FeedbackRow {
    let it = &known.it;
    let correction = it.correction.as_ref().filter(|it| it.published_at.is_none());
    let from = it.customer.map_or_else(|| it.from.clone(), |id| shop.customer_name(id));
    FeedbackRow {
        id: it.id,
        version: known.last,
        kind: it.kind,
        title: it.title_of(&from),
        text: it.text.clone(),
        from,
        customer: it.customer,
        promise: it.promise,
        channel: it.channel,
        at: it.said_at(),
        reply: reply(it, &shop.settings.it, now),
        owner: it.owner.clone(),
        handed_to: it.handed_to.clone(),
        settled_at: it.settled_at,
        correction_due: correction.map(|it| format!("{} by {}", it.place, it.by.words(now.today))),
        made_up: it.made_up,
    }
}

/// Who waits for our answer.
fn waits(row: &FeedbackRow) -> bool {
    matches!(row.reply.state, ReplyState::Running | ReplyState::Pressing | ReplyState::Late)
}

/// Those who wait first, of them the one whose time runs out first; then the newest.
fn order(row: &FeedbackRow) -> (bool, Reverse<u32>, Reverse<Stamp>) {
    (!waits(row), Reverse(if waits(row) { row.reply.percent } else { 0 }), Reverse(row.at))
}

/// Whom and what it is about: of a promise that is named the customer is its own.
async fn linked(
    kept: &Kept,
    customer: Option<CustomerId>,
    promise: Option<CommitmentId>,
) -> Result<(Option<CustomerId>, Option<CommitmentId>), Failure> {
    match (customer, promise) {
        (_, Some(promise)) => Ok((Some(kept.commitment(promise).await?.it.customer), Some(promise))),
        (Some(customer), None) => Ok((Some(kept.customer(customer).await?.it.id), None)),
        (None, None) => Ok((None, None)),
    }
}

/// The newest promises to a customer.
async fn promises_of(kept: &Kept, id: CustomerId, now: &Now) -> Result<Vec<PromiseRow>, Failure> {
    let prefix = key(b'q', &[id.uuid().as_bytes()]);
    let end = end_of(&prefix);
    let found = kept.0.store.range(Bound::Included(prefix), end, true, COULD_BE_MOST).await?;
    let ids: Vec<CommitmentId> =
        found.iter().filter_map(|row| id_at_end(&row.key)).map(CommitmentId::new).collect();
    rows_of(kept, &ids, now).await
}
