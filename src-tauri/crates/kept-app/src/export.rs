//! Taking the data along: everything as one JSON document, tables for spreadsheets, a calendar, and the page of one customer.

mod beside;
mod calendar;
mod document;
mod everything;
mod one_customer;
mod past;
mod place;
mod subscription;
mod tables;

pub(crate) use beside::{files_beside, take_back as take_back_files};
pub(crate) use document::{BEGINNING, Heading, schema};
pub(crate) use everything::{to_file, write};
pub(crate) use one_customer::{customers_named, export_customer, of_one_customer};
pub(crate) use past::PastChange;
pub(crate) use subscription::{Subscription, keep_up as keep_calendar, view as calendar_view};
pub(crate) use tables::harmless;

use crate::Kept;
use crate::failure::Failure;
use crate::rows::to_u32;
use crate::settings::write as write_settings;
use crate::takes::Nothing;
use crate::takes::out::{CalendarTo, ExportTo, KeepCalendarIn};
use kept_core::views::Done;
use kept_core::views::out::OutView;
use kept_core::words::count;
use std::path::{Path, PathBuf};

/// What is taken along, and how that stands.
pub(crate) async fn out(kept: &Kept, _: Nothing) -> Result<OutView, Failure> {
    Ok(OutView { calendar: calendar_view(kept) })
}

/// Writes everything to a place that the owner chose.
pub(crate) async fn export_everything(kept: &Kept, takes: ExportTo) -> Result<Done, Failure> {
    let path = kept.offered(&takes.to)?;
    let exported = to_file(kept, &path).await?;
    Ok(done(exported.words(&path)))
}

/// Writes a table for each kind to a folder that the owner chose.
pub(crate) async fn export_tables(kept: &Kept, takes: ExportTo) -> Result<Done, Failure> {
    let folder = kept.offered(&takes.to)?;
    let written = tables_to(kept, &folder).await?;
    Ok(done(tables_words(&written, &folder)))
}

/// Writes a calendar to a place that the owner chose.
pub(crate) async fn export_calendar(kept: &Kept, takes: CalendarTo) -> Result<Done, Failure> {
    let path = kept.offered(&takes.to)?;
    let promises = calendar_to(kept, &path, takes.also_closed).await?;
    Ok(done(calendar_words(promises, &path)))
}

/// Keeps a calendar up to date in a folder that the owner chose, or no longer.
pub(crate) async fn keep_calendar_in(kept: &Kept, takes: KeepCalendarIn) -> Result<Done, Failure> {
    let folder = takes.folder.map(|folder| kept.offered(&folder)).transpose()?;
    let writing = kept.writing().await;
    let mut settings = kept.settings();
    settings.calendar_folder = folder.map(|folder| folder.display().to_string());
    let said = match &settings.calendar_folder {
        Some(folder) => format!("Keeping the calendar up to date in {folder}"),
        None => "No longer keeping a calendar up to date".to_owned(),
    };
    let done = write_settings(kept, &writing, settings, said).await?;
    drop(writing);
    keep_calendar(kept).await;
    Ok(done)
}

/// Writes a table for each kind: their names and how many rows each has.
pub(crate) async fn tables_to(kept: &Kept, folder: &Path) -> Result<Vec<(PathBuf, u32)>, Failure> {
    tables::to_folder(kept, folder).await
}

/// What was written, in a sentence.
pub(crate) fn tables_words(written: &[(PathBuf, u32)], folder: &Path) -> String {
    let rows: u32 = written.iter().map(|(_, rows)| rows).sum();
    let tables = count(to_u32(written.len()), "table");
    format!("Wrote {tables} with {} to {}", count(rows, "row"), folder.display())
}

/// Writes the open promises, or all of them, as a calendar.
pub(crate) async fn calendar_to(kept: &Kept, path: &Path, also_closed: bool) -> Result<u32, Failure> {
    calendar::to_file(kept, path, also_closed).await
}

/// What was written, in a sentence.
pub(crate) fn calendar_words(promises: u32, path: &Path) -> String {
    format!("Wrote {} to {}", count(promises, "promise"), path.display())
}

fn done(said: String) -> Done {
    Done { change: 0, said, promise: None }
}
