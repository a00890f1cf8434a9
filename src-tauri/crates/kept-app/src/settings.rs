//! What the owner has set.

use crate::Kept;
use crate::failure::Failure;
use crate::records::{Changes, Record};
use crate::takes::Nothing;
use kept_core::settings::Settings;
use kept_core::views::Done;

/// What the owner has set.
pub(crate) async fn settings(kept: &Kept, _: Nothing) -> Result<Settings, Failure> {
    Ok(kept.settings())
}

/// The owner sets something else. Dates keep their days and hours; the instants follow the new calendar.
pub(crate) async fn change_settings(kept: &Kept, takes: Settings) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let problems = takes.problems();
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let before = kept.shop().settings.clone();
    let said = "Changed the settings".to_owned();
    if before.it == takes {
        return Ok(Done { change: 0, said, promise: None });
    }
    let mut changes = Changes::new(said.clone(), None);
    // Until they are first changed the settings are what a new shop starts with, and no record.
    let record = (before.last > 0).then(|| before.map(Record::Settings));
    changes.put(record, Record::Settings(takes));
    let change = writing.commit(changes).await?;
    // What the catalogue holds was computed with the old calendar.
    *kept.0.catalogue.lock().await = None;
    Ok(Done { change, said, promise: None })
}
