//! A file on the disk, read into orders.

use crate::Kept;
use crate::failure::{Code, Failure};
use kept_core::import::{Assumed, Reading, recognise};
use std::path::Path;

/// Larger files are no order export of a small business, and would not fit into memory beside everything else.
const LARGEST: u64 = 500 * 1024 * 1024;

/// The name of a file, without its folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Reads a file on a thread that may wait.
pub(super) async fn read(kept: &Kept, path: &Path) -> Result<Reading, Failure> {
    let settings = kept.settings();
    let assumed = Assumed::of(settings.calendar.zone, settings.currency, kept.now().stamp);
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || {
        let bytes = bytes(&path)?;
        let source = recognise(&bytes)
            .map_err(|words| Failure::field("file", format!("“{}”: {words}", name(&path))))?;
        Ok((source.read)(&bytes, assumed))
    })
    .await
    .map_err(Failure::bug)?
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = name(path);
    let failed = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Failure::new(Code::NotFound, format!("There is no file “{name}” any more."))
        } else {
            Failure::field("file", format!("“{name}” could not be read: {error}."))
        }
    };
    let about = std::fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        return Err(Failure::field("file", format!("“{name}” is a folder. Choose the file inside.")));
    }
    if about.len() > LARGEST {
        return Err(Failure::field(
            "file",
            format!(
                "“{name}” is larger than 500 MB. Export the orders in several parts, by month or by year."
            ),
        ));
    }
    std::fs::read(path).map_err(failed)
}
