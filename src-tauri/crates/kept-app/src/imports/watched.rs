//! A folder in which new exports appear, such as that of downloads: they are offered, never brought in unasked.
//!
//! A file that was brought in or put aside is known by its name, its size and when it was written; one that changes is
//! new again.

use super::contents::LARGEST;
use crate::Kept;
use crate::commit::{put_rows, rows_of};
use crate::failure::Failure;
use crate::records::key;
use crate::store::Write;
use crate::takes::Nothing;
use crate::takes::imports::TheFiles;
use kept_core::views::imports::NewExports;
use kept_core::words::count;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// How a file that may be an export ends.
const ENDS: [&str; 7] = ["csv", "tsv", "txt", "zip", "json", "vcf", "ics"];
/// More are not offered at once.
const FILES_MOST: usize = 20;

/// Exports that have appeared in the watched folder since it was last looked at.
pub(crate) async fn new_exports(kept: &Kept, _: Nothing) -> Result<NewExports, Failure> {
    let Some(folder) = folder(kept) else {
        return Ok(NewExports { files: Vec::new(), words: String::new() });
    };
    let seen = seen(kept).await?;
    let found = tokio::task::spawn_blocking(move || files_in(&folder)).await.map_err(Failure::bug)?;
    let Ok(found) = found else {
        let words = "The folder for new exports cannot be read. See the settings.".to_owned();
        return Ok(NewExports { files: Vec::new(), words });
    };
    let new = found.into_iter().filter(|(_, mark)| !seen.contains(mark)).take(FILES_MOST);
    let files: Vec<_> = new.map(|(path, _)| kept.offer_file(&path)).collect();
    let words = match files.as_slice() {
        [] => String::new(),
        [one] => format!("{} is new in the folder for exports.", one.name),
        several => {
            format!("{} are new in the folder for exports.", count(super::to_u32(several.len()), "file"))
        }
    };
    Ok(NewExports { files, words })
}

/// Exports that are not to be offered again.
pub(crate) async fn put_aside(kept: &Kept, takes: TheFiles) -> Result<NewExports, Failure> {
    let paths = takes.files.iter().map(|file| kept.offered(file)).collect::<Result<Vec<_>, _>>()?;
    remember(kept, &paths).await?;
    new_exports(kept, Nothing {}).await
}

/// Notes that files of the watched folder are dealt with.
pub(super) async fn remember(kept: &Kept, paths: &[PathBuf]) -> Result<(), Failure> {
    let Some(folder) = folder(kept) else { return Ok(()) };
    let marks = paths.iter().filter(|path| path.parent() == Some(&folder)).filter_map(|path| mark(path));
    let writes: Vec<Write> =
        marks.map(|mark| Write::Put { key: key(b'd', &[mark.as_bytes()]), value: Vec::new() }).collect();
    if writes.is_empty() { Ok(()) } else { put_rows(kept, writes).await }
}

fn folder(kept: &Kept) -> Option<PathBuf> {
    kept.settings().exports_folder.filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

async fn seen(kept: &Kept) -> Result<HashSet<String>, Failure> {
    let rows = rows_of(&kept.0.store, b"d").await?;
    Ok(rows
        .iter()
        .map(|row| String::from_utf8_lossy(row.key.get(1..).unwrap_or_default()).into_owned())
        .collect())
}

/// The files of a folder that may be exports, by name.
fn files_in(folder: &Path) -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let ends = path.extension().map(|end| end.to_string_lossy().to_lowercase());
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && ends.is_some_and(|end| ENDS.contains(&end.as_str())) {
            files.extend(mark(&path).map(|mark| (path, mark)));
        }
    }
    files.sort();
    Ok(files)
}

/// By which a file is known again; none if it is no file that can be brought in.
fn mark(path: &Path) -> Option<String> {
    let about = std::fs::metadata(path).ok()?;
    let written = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_millis();
    let name = path.file_name()?.to_string_lossy().into_owned();
    (about.is_file() && about.len() <= LARGEST).then(|| format!("{name}\n{}\n{written}", about.len()))
}
