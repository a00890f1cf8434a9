//! When the data was last copied in good order, as far as the reminder of a missing backup needs to know it.

use crate::store::newest_snapshot;
use crate::{Kept, history};
use kept_core::day::Stamp;

/// Since when there is no good backup; none as long as there is nothing to lose.
pub(crate) async fn without_backup_since(kept: &Kept) -> Option<Stamp> {
    let folder = kept.folder().to_owned();
    let newest = tokio::task::spawn_blocking(move || newest_snapshot(&folder)).await.ok().flatten();
    let newest = newest.map(|at| Stamp::new(at.into()));
    if newest.is_some() || kept.shop().change == 0 {
        return newest;
    }
    history::entry(kept, 1).await.ok().map(|first| first.at)
}
