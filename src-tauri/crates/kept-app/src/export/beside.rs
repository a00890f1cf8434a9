//! Attached files beside an exported document: in a folder that has its name, each under the SHA-256 of its contents.

use super::place::refused;
use crate::failure::Failure;
use crate::{Kept, attachments};
use kept_core::evidence::AttachedFile;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// `kept files`, for `kept.json`.
pub(crate) fn name_of(document: &Path) -> String {
    let stem = document.file_stem().unwrap_or(document.as_os_str());
    format!("{} files", stem.to_string_lossy())
}

fn folder(document: &Path) -> PathBuf {
    document.with_file_name(name_of(document))
}

/// Copies all attached files beside a document, and says how many there are.
pub(super) async fn put(kept: &Kept, document: &Path) -> Result<u32, Failure> {
    let all = attachments::all(kept.folder()).map_err(|error| refused(document, &error))?;
    copy(all.into_iter().map(|file| (file.path, file.hash)).collect(), folder(document)).await
}

/// Copies some attached files beside a document, each under a name of its own.
pub(super) async fn put_some(
    kept: &Kept,
    document: &Path,
    files: &[(String, String)],
) -> Result<u32, Failure> {
    // One that is gone is said by `kept check`; whoever asks for what is known of them gets what is there.
    let there = files.iter().filter_map(|(hash, name)| Some((kept.attachment(hash).ok()?, name.clone())));
    copy(there.collect(), folder(document)).await
}

async fn copy(files: Vec<(PathBuf, String)>, folder: PathBuf) -> Result<u32, Failure> {
    if files.is_empty() {
        return Ok(0);
    }
    let work = move || {
        let copied = fs::create_dir_all(&folder)
            .and_then(|()| files.iter().try_for_each(|(from, name)| copy_one(from, &folder.join(name))));
        copied.map(|()| crate::rows::to_u32(files.len())).map_err(|error| refused(&folder, &error))
    };
    tokio::task::spawn_blocking(work).await.map_err(Failure::bug)?
}

/// The same contents lie under the same name, so what is there whole stays.
fn copy_one(from: &Path, to: &Path) -> io::Result<()> {
    let bytes = fs::metadata(from)?.len();
    if fs::metadata(to).is_ok_and(|there| there.len() == bytes) {
        return Ok(());
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    fs::copy(from, &part)?;
    File::open(&part)?.sync_all()?;
    fs::rename(&part, to)
}

/// The hashes of the files that lie beside a document.
pub(crate) fn files_beside(document: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(document)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| AttachedFile::is_hash(name)).collect()
}

/// Takes the files that lie beside a document into the data folder. One whose contents are not those of its name is
/// passed over.
pub(crate) fn take_back(data: &Path, document: &Path) -> Result<u32, Failure> {
    let mut taken = 0;
    for hash in files_beside(document) {
        let path = folder(document).join(&hash);
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (bytes, mut file) = opened.map_err(|error| refused(&path, &error))?;
        taken += u32::from(attachments::put_back(data, &hash, bytes, &mut file)?);
    }
    Ok(taken)
}
