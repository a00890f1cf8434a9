//! A calendar that is kept up to date in a folder of the owner's choice, for calendar programs that read it again and again.
//!
//! It holds the open promises only, which are in memory: it costs the same however many are closed. It is written beside the
//! watch, some seconds after a change, and no commit waits for it.

use super::{calendar, place};
use crate::Kept;
use kept_core::day::Stamp;
use kept_core::views::out::KeptCalendar;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Its name in the folder.
const NAME: &str = "Kept promises.ics";
/// It is not written more often, however much is changed.
const REST: Duration = Duration::from_secs(3);
/// After it could not be written it is tried again so much later.
const TRY_AGAIN_MINUTES: i64 = 5;

/// What came of the last writing.
#[derive(Debug, Default)]
pub(crate) struct Subscription {
    /// Held while it is written.
    writing: tokio::sync::Mutex<()>,
    last: Mutex<Option<Written>>,
}

#[derive(Clone, Debug)]
struct Written {
    at: Stamp,
    change: u64,
    folder: PathBuf,
    trouble: Option<String>,
}

/// Writes the calendar if something was changed since it was last written.
pub(crate) async fn keep_up(kept: &Kept) {
    let subscription = &kept.0.subscription;
    let _alone = subscription.writing.lock().await;
    while let Some(folder) = folder(kept) {
        let change = kept.shop().change;
        let before = subscription.last().clone().filter(|written| written.folder == folder);
        if before.as_ref().is_some_and(|written| written.is_of(change, kept)) {
            return;
        }
        let trouble = write(kept, &folder).await.err();
        let at = (kept.0.host.now)().stamp;
        let said_before = before.and_then(|written| written.trouble);
        if said_before != trouble {
            kept.alerts_changed();
        }
        *subscription.last() = Some(Written { at, change, folder, trouble });
        // What is changed meanwhile is written together.
        if kept.shop().change != change {
            tokio::time::sleep(REST).await;
        }
    }
    *subscription.last() = None;
}

/// How it stands with the calendar.
pub(crate) fn view(kept: &Kept) -> Option<KeptCalendar> {
    let folder = folder(kept)?;
    let last = kept.0.subscription.last().clone().filter(|written| written.folder == folder);
    let trouble = last.and_then(|written| written.trouble);
    let file = folder.join(NAME).display().to_string();
    Some(KeptCalendar { folder: folder.display().to_string(), file, trouble })
}

impl Subscription {
    fn last(&self) -> MutexGuard<'_, Option<Written>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the calendar could not be written, if it could not.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.last().as_ref().and_then(|written| written.trouble.clone())
    }
}

impl Written {
    /// Whether it is what would be written now; what failed just now is left alone for a while.
    fn is_of(&self, change: u64, kept: &Kept) -> bool {
        match self.trouble {
            None => self.change == change,
            Some(_) => (kept.0.host.now)().stamp.minutes_since(self.at) < TRY_AGAIN_MINUTES,
        }
    }
}

fn folder(kept: &Kept) -> Option<PathBuf> {
    kept.settings().calendar_folder.filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Writes it, unless it would say the same; why it could not be written, in a sentence.
async fn write(kept: &Kept, folder: &Path) -> Result<(), String> {
    let (text, _) = calendar::of_open(kept);
    let path = folder.join(NAME);
    let work = move || {
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        if unstamped(&there).eq(unstamped(&text)) {
            return Ok(());
        }
        place::put(&path, text.as_bytes()).map_err(|failure| failure.message)
    };
    let written = tokio::task::spawn_blocking(work).await.map_err(|stopped| stopped.to_string())?;
    written.map_err(|words| format!("The calendar is not up to date. {words}"))
}

/// A calendar without the moments at which it was written.
fn unstamped(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with("DTSTAMP"))
}
