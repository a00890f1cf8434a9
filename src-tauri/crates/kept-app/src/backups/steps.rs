//! The backup before a newer Kept changes the shape of all data. It is made before anything else is read.

use super::heading::Heading;
use super::{folder, keys, making};
use crate::attachments;
use crate::commit::nothing_with;
use crate::failure::{Code, Failure};
use crate::records::{SETTINGS_KEY, decode};
use crate::store::{Store, look_into, newest_before_change};
use kept_core::backup::BackupReason;
use kept_core::day::Stamp;
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;

/// Backs up data in the shape that an older Kept gave it. Without that nothing is changed, and Kept does not open it.
pub(crate) async fn before_steps(store: &dyn Store, data: &Path, now: Stamp) -> Result<(), Failure> {
    if nothing_with(store, b"h").await? {
        return Ok(());
    }
    // The store has copied its rows as the older Kept left them; a copy of now would say that it is of this one.
    let copied = match newest_before_change(data) {
        Some(copied) => look_into(copied)?,
        None => store.snapshot().await?,
    };
    let folder = folder::beside(data);
    let made = fs::create_dir_all(&folder).and_then(|()| File::open(&copied.file));
    let rows = made.map_err(|error| refused(&making::refused(&folder, &error)))?;
    let passphrase = keys::passphrase(data);
    let business = business(store).await?;
    let begun = Heading::new(now, BackupReason::BeforeSchemaStep, business, passphrase.is_some());
    let (path, data) = (folder.join(folder::new_name(&folder, now)), data.to_owned());
    let attached = attachments::all(&data).map_err(|error| refused(&making::refused(&data, &error)))?;
    let work = move || making::write(&path, (rows, &copied), &attached, &begun, passphrase.as_ref());
    tokio::task::spawn_blocking(work).await.map_err(Failure::bug)?.map_err(|failure| refused(&failure))?;
    Ok(())
}

/// The name of the business, however old the shape of the settings is.
async fn business(store: &dyn Store) -> Result<String, Failure> {
    let Some(row) = store.get(&[SETTINGS_KEY.to_vec()]).await?.pop().flatten() else {
        return Ok(String::new());
    };
    let settings: Value = decode(&row.value)?;
    Ok(settings["it"]["business"].as_str().unwrap_or_default().to_owned())
}

fn refused(why: &Failure) -> Failure {
    let words = format!(
        "This Kept is newer than your data, and changes its shape once. Before that it makes a backup, which failed. {} \
         Nothing was changed; then start Kept again.",
        why.message
    );
    Failure::new(Code::Storage, words)
}
