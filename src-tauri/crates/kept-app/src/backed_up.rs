//! When the data was last copied in good order, as far as the reminder of a missing backup needs to know it.

use crate::{Kept, backups, history};
use kept_core::day::Stamp;

/// Since when there is no good backup; none as long as there is nothing to lose.
pub(crate) async fn without_backup_since(kept: &Kept) -> Option<Stamp> {
    let newest = backups::newest(kept).await;
    if newest.is_some() || kept.shop().change == 0 {
        return newest;
    }
    history::entry(kept, 1).await.ok().map(|first| first.at)
}
