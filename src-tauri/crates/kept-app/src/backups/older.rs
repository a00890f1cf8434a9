//! Backups that hold what is to be forgotten: which there are, and how the older ones are removed.

use super::folder::{self, Found};
use super::{making, second};
use crate::Kept;
use crate::failure::{Code, Failure};
use crate::rows::to_u32;
use kept_core::backup::{BackupReason, MadeBackup};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The backups of this business that Kept can see, here and in the second folder, each once.
pub(crate) async fn made(kept: &Kept) -> Result<Vec<MadeBackup>, Failure> {
    let zone = kept.settings().calendar.zone;
    let found = found(kept).await?;
    let by_name: BTreeMap<&String, MadeBackup> = found
        .iter()
        .filter_map(|found| Some((&found.name, folder::made(found.heading.as_ref().ok()?, zone))))
        .collect();
    Ok(by_name.into_values().collect())
}

/// Makes a backup of what is there now and removes all that were made before, here and in the second folder. Says how many.
pub(crate) async fn make_and_remove_older(kept: &Kept) -> Result<u32, Failure> {
    let older: Vec<PathBuf> = found(kept).await?.into_iter().map(|found| found.path).collect();
    making::make(kept, BackupReason::ByHand).await?;
    let removing = move || {
        for path in &older {
            std::fs::remove_file(path).map_err(|error| {
                let words = format!("The backup {} could not be removed: {error}.", path.display());
                Failure::new(Code::Storage, words)
            })?;
        }
        Ok::<_, Failure>(to_u32(older.len()))
    };
    let removed = tokio::task::spawn_blocking(removing).await.map_err(Failure::bug)??;
    second::copy_newest(kept).await;
    Ok(removed)
}

/// Those of this business. One beside the data that cannot be read may be of it as well.
async fn found(kept: &Kept) -> Result<Vec<Found>, Failure> {
    let here = folder::beside(kept.folder());
    let second = second::place(kept);
    let business = kept.settings().business;
    let looking = move || {
        let ours = |found: &Found| found.heading.as_ref().is_ok_and(|heading| heading.business == business);
        let mut all = folder::list(&here);
        all.extend(second.iter().flat_map(|second| folder::list(second)).filter(ours));
        all
    };
    tokio::task::spawn_blocking(looking).await.map_err(Failure::bug)
}
