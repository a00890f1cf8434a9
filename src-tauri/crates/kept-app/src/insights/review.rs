//! The weekly review: what went right first, then three questions that a small, paid order which is crowded out by large ones
//! would have answered in its first week.

use super::{figures_of, score_view};
use crate::Kept;
use crate::failure::Failure;
use crate::lists::rows_of;
use crate::records::Known;
use crate::rows::{queue, to_u32};
use crate::takes::Nothing;
use crate::{recoveries, wins};
use kept_core::commitment::Commitment;
use kept_core::id::CommitmentId;
use kept_core::insights::{Figure, Period};
use kept_core::urgency::{Place, Standing};
use kept_core::views::insights::{ReviewDeed, ReviewQuestion, WeeklyReview};
use std::sync::Arc;

/// So many days are looked back on.
const DAYS: i64 = 7;
/// So many promises are shown for each question.
const ROWS_MOST: usize = 20;

type Stands = (Standing, Arc<Known<Commitment>>);

/// A question, what to do about its answer, and which promises answer it.
type Question = (&'static str, &'static str, ReviewDeed, fn(&Stands) -> bool);

const QUESTIONS: [Question; 3] = [
    (
        "What was promised, and no time is set aside for it?",
        "Block the hours now, or say now that it will be later.",
        ReviewDeed::BlockTime,
        has_no_time,
    ),
    (
        "Who has paid and waits, while others are served?",
        "Do one of these first tomorrow, whatever it is worth.",
        ReviewDeed::StartWork,
        is_crowded_out,
    ),
    (
        "Whom have we let down, or are about to?",
        "Tell them before they ask, and make it good.",
        ReviewDeed::Tell,
        is_let_down,
    ),
];

/// The week, looked back on.
pub(crate) async fn review(kept: &Kept, _: Nothing) -> Result<WeeklyReview, Failure> {
    let now = kept.now();
    let period = Period::up_to(now.today, DAYS);
    let score = figures_of(kept, period, &now).await?.promised;
    let queue = queue(&kept.shop(), &now);
    let mut questions = Vec::with_capacity(QUESTIONS.len());
    let recoveries = recoveries::list(kept, Nothing {}).await?;
    for (question, hint, deed, answers) in QUESTIONS {
        let mut ids: Vec<CommitmentId> =
            queue.iter().filter(|stands| answers(stands)).map(|(_, known)| known.it.id).collect();
        if deed == ReviewDeed::Tell {
            // Whoever had it too late, and nothing was made good yet.
            let late = recoveries.offered.iter().map(|row| row.id).filter(|id| !ids.contains(id));
            ids.extend(late.collect::<Vec<_>>());
        }
        let shown: Vec<CommitmentId> = ids.iter().take(ROWS_MOST).copied().collect();
        questions.push(ReviewQuestion {
            question: question.to_owned(),
            hint: hint.to_owned(),
            deed,
            count: to_u32(ids.len()),
            rows: rows_of(kept, &shown, &now).await?,
            promises: ids,
        });
    }
    Ok(WeeklyReview {
        period,
        words: super::words_of(period, &now),
        wins: wins::of_period(kept, period, &now).await?,
        score: score_view(&score, Figure::Kept, Figure::Missed),
        questions,
        recoveries: recoveries.open,
    })
}

fn has_no_time((standing, known): &Stands) -> bool {
    known.it.waiting.is_none()
        && standing.remaining > 0
        && standing.set_aside == 0
        && known.it.started_at.is_none()
}

fn is_crowded_out((standing, _): &Stands) -> bool {
    standing.idle_since.is_some() || standing.squeezed.is_some()
}

fn is_let_down((standing, _): &Stands) -> bool {
    matches!(standing.place, Place::Overdue | Place::TellFirst)
}
