//! Wins and ideas. Praise, personal touches and ideas that worked are written down; quiet saves are found in the record: they
//! stand above rescues, for calm beats heroic.

use crate::failure::Failure;
use crate::records::{Changes, Known};
use crate::rows::to_u32;
use crate::shop::Shop;
use crate::takes::Nothing;
use crate::takes::learn::{AddIdea, AddWin, IdeaReaction, OnWin, SetIdea};
use crate::{Kept, care, commit, facts};
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::id::{CustomerId, IdeaId, WinId};
use kept_core::idea::{Idea, IdeaStage};
use kept_core::insights::{Period, figures};
use kept_core::views::Done;
use kept_core::views::learn::{IdeaRow, NewestWin, WinList, WinRow};
use kept_core::win::{Win, WinKind};
use kept_core::words::count;
use std::cmp::Reverse;
use uuid::Uuid;

/// Quiet saves of so many days are looked for.
const DAYS: i64 = 90;
/// No win that is older is told in the morning.
const NEWEST_DAYS: i64 = 7;
/// No more wins are shown.
const SHOWN_MOST: usize = 200;

/// What went right, and what might.
pub(crate) async fn list(kept: &Kept, _: Nothing) -> Result<WinList, Failure> {
    let now = kept.now();
    let period = Period::up_to(now.today, DAYS);
    let saves = quiet_saves(kept, period, &now).await?;
    let quiet = to_u32(saves.len());
    let mut wins = written(kept).await?;
    wins.extend(saves);
    wins.sort_by_key(|win| Reverse(win.at));
    wins.truncate(SHOWN_MOST);
    let shop = kept.shop();
    let rescues = rescues(&shop, period);
    let mut ideas: Vec<IdeaRow> = shop.few.care.ideas.values().map(|known| idea_row(known)).collect();
    ideas.sort_by_key(|idea| (place(idea.stage), Reverse(idea.at)));
    let words = format!("{}, {} in {DAYS} days.", count(quiet, "quiet save"), count(rescues, "rescue"));
    Ok(WinList { wins, quiet_saves: quiet, rescues, words, ideas })
}

/// Something that went right is written down.
pub(crate) async fn add_win(kept: &Kept, takes: AddWin) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let problems = takes.draft.problems(&now);
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let win = takes.draft.into_win(WinId::new(Uuid::now_v7()), &now);
    let said = format!("A win: {}", win.what);
    care::add(&writing, win, said).await
}

/// What was written down as a win is none.
pub(crate) async fn remove_win(kept: &Kept, takes: OnWin) -> Result<Done, Failure> {
    let words = |it: &Win| format!("No win after all: {}", it.what);
    care::remove::<Win>(kept, takes.win, takes.version, words).await
}

/// Somebody proposes something to try.
pub(crate) async fn add_idea(kept: &Kept, takes: AddIdea) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let id = IdeaId::new(Uuid::now_v7());
    let idea = Idea::proposed(id, &takes.what, &takes.from, &kept.now()).map_err(Failure::invalid)?;
    let said = format!("An idea: {}", idea.what);
    care::add(&writing, idea, said).await
}

/// What a customer made of an idea.
pub(crate) async fn idea_reaction(kept: &Kept, takes: IdeaReaction) -> Result<Done, Failure> {
    let deed = |it: &mut Idea, now: &Now| it.react(&takes.words, takes.liked, now);
    let words = |it: &Idea| format!("What a customer made of it: {}", it.what);
    care::change(kept, takes.idea, takes.version, deed, words).await
}

/// Sets how far an idea has come; one that worked is a win.
pub(crate) async fn set_idea(kept: &Kept, takes: SetIdea) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let now = kept.now();
    let before = care::seen::<Idea>(kept, takes.idea, takes.version)?;
    let mut after = before.it.clone();
    after.set_stage(takes.stage).map_err(Failure::invalid)?;
    if after == before.it {
        return Ok(Done { change: 0, said: "Nothing to change".to_owned(), promise: None });
    }
    let said = match takes.stage {
        IdeaStage::New => format!("Not tried yet: {}", after.what),
        IdeaStage::Tried => format!("Being tried: {}", after.what),
        IdeaStage::Worked => format!("It worked: {}", after.what),
        IdeaStage::Dropped => format!("Put away: {}", after.what),
    };
    let mut changes = Changes::new(said.clone(), None);
    let is_known = kept.shop().few.care.wins.values().any(|win| win.it.idea == Some(after.id));
    if takes.stage == IdeaStage::Worked && !is_known {
        care::put(&mut changes, None, after.as_win(WinId::new(Uuid::now_v7()), &now));
    }
    care::put(&mut changes, Some(&before), after);
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

/// The newest win of the last days, for the morning: what went right comes before what was missed.
pub(crate) async fn newest_win(kept: &Kept, _: Nothing) -> Result<NewestWin, Failure> {
    let now = kept.now();
    let period = Period::up_to(now.today, NEWEST_DAYS);
    Ok(NewestWin { win: of_period(kept, period, &now).await?.into_iter().next() })
}

/// The wins of some days, newest first.
pub(crate) async fn of_period(kept: &Kept, period: Period, now: &Now) -> Result<Vec<WinRow>, Failure> {
    let zone = kept.settings().calendar.zone;
    let mut wins = written(kept).await?;
    wins.retain(|win| period.holds(zone.day(win.at)));
    wins.extend(quiet_saves(kept, period, now).await?);
    wins.sort_by_key(|win| Reverse(win.at));
    Ok(wins)
}

/// How many misses were made good in some days.
pub(crate) fn rescues(shop: &Shop, period: Period) -> u32 {
    let zone = shop.settings.it.calendar.zone;
    let recoveries = shop.few.care.recoveries.values().filter(|known| !known.it.steps.is_empty());
    let closed = recoveries.filter_map(|known| known.it.closed.as_ref());
    to_u32(closed.filter(|closed| period.holds(zone.day(closed.at))).count())
}

/// Promises due in some days that were at risk and kept, as wins.
async fn quiet_saves(kept: &Kept, period: Period, now: &Now) -> Result<Vec<WinRow>, Failure> {
    let facts = facts::of_period(kept, period).await?;
    let calendar = kept.settings().calendar;
    let mut ids = figures(facts.iter(), period, &calendar, now).quiet_saves;
    ids.truncate(SHOWN_MOST);
    let known = commit::commitments(&kept.0.store, &ids).await?;
    let customers: Vec<CustomerId> = known.iter().flatten().map(|known| known.it.customer).collect();
    kept.customers(&customers).await?;
    let shop = kept.shop();
    Ok(known.into_iter().flatten().map(|known| save_row(&known.it, &shop)).collect())
}

fn save_row(it: &Commitment, shop: &Shop) -> WinRow {
    let customer = shop.customer_name(it.customer);
    WinRow {
        id: None,
        version: 0,
        kind: WinKind::QuietSave,
        what: format!("{} for {customer} was at risk, and kept", it.title()),
        at: it.full_at().unwrap_or(it.placed_at),
        customer: Some(customer),
        customer_id: Some(it.customer),
        promise: Some(it.id),
        made_up: it.made_up,
    }
}

/// The wins that were written down.
async fn written(kept: &Kept) -> Result<Vec<WinRow>, Failure> {
    let customers: Vec<CustomerId> =
        kept.shop().few.care.wins.values().filter_map(|known| known.it.customer).collect();
    kept.customers(&customers).await?;
    let shop = kept.shop();
    let row = |known: &Known<Win>| WinRow {
        id: Some(known.it.id),
        version: known.last,
        kind: known.it.kind,
        what: known.it.what.clone(),
        at: known.it.at,
        customer: known.it.customer.map(|id| shop.customer_name(id)),
        customer_id: known.it.customer,
        promise: known.it.promise,
        made_up: known.it.made_up,
    };
    // The newest first also among those of the same moment.
    Ok(shop.few.care.wins.values().rev().map(|known| row(known)).collect())
}

fn idea_row(known: &Known<Idea>) -> IdeaRow {
    let it = &known.it;
    IdeaRow {
        id: it.id,
        version: known.last,
        what: it.what.clone(),
        from: it.from.clone(),
        at: it.at,
        stage: it.stage,
        reactions: it.reactions.clone(),
        made_up: it.made_up,
    }
}

/// Those that are being tried come first, those that were put away last.
const fn place(stage: IdeaStage) -> u8 {
    match stage {
        IdeaStage::Tried => 0,
        IdeaStage::New => 1,
        IdeaStage::Worked => 2,
        IdeaStage::Dropped => 3,
    }
}
