//! What the watch does about backups: one on each day, and a copy of it as soon as the second folder is there.

use super::{folder, making, second};
use crate::Kept;
use crate::failure::Failure;
use kept_core::backup::BackupReason;
use kept_core::day::Stamp;

/// What an import has to be told if it is meant without a backup.
pub(crate) const WITHOUT_BACKUP: &str = "without_backup_is_meant";

/// Makes the backup of the day if there is none, and brings the second folder up to date. What fails is tried again at
/// the next look.
pub(crate) async fn keep_up(kept: &Kept) -> Result<(), Failure> {
    let now = kept.now();
    let zone = kept.settings().calendar.zone;
    let newest = newest(kept).await;
    let has_today = newest.is_some_and(|at| zone.day(at) == now.today);
    if kept.shop().change > 0 && !has_today {
        making::make(kept, BackupReason::Daily).await?;
        making::follow_up(kept).await;
    } else if second::is_behind(kept) {
        second::copy_newest(kept).await;
    }
    Ok(())
}

/// When the newest good backup beside the data was made.
pub(crate) async fn newest(kept: &Kept) -> Option<Stamp> {
    let folder = folder::beside(kept.folder());
    let list = tokio::task::spawn_blocking(move || folder::list(&folder)).await.ok()?;
    list.into_iter().filter_map(|found| found.heading.ok()).map(|heading| heading.made).max()
}

/// Makes a backup before a file is brought in. Where none can be made the owner is asked whether it is meant without.
pub(crate) async fn before_import(kept: &Kept, without_is_meant: bool) -> Result<(), Failure> {
    match before(kept, BackupReason::BeforeImport).await {
        Err(failure) if !without_is_meant => {
            let words = format!(
                "{} So there would be no backup from before this import. Bring it in without?",
                failure.message
            );
            Err(Failure::field(WITHOUT_BACKUP, words))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes a backup before much is changed, unless the newest one holds all that there is.
async fn before(kept: &Kept, why: BackupReason) -> Result<(), Failure> {
    let change = kept.shop().change;
    let folder = folder::beside(kept.folder());
    let list = tokio::task::spawn_blocking(move || folder::list(&folder)).await.map_err(Failure::bug)?;
    let newest = list.into_iter().find_map(|found| found.heading.ok());
    if change > 0 && newest.is_none_or(|heading| heading.change != change) {
        making::make(kept, why).await?;
        making::follow_up(kept).await;
    }
    Ok(())
}
