//! What is inside a ZIP archive. One that would fill the memory is refused, whatever its header promises.

use super::contents::{Contents, OnDisk};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use zip::ZipArchive;

/// More files than this are no export.
const FILES_MOST: usize = 100;
/// The most that all files may have together.
const SIZE_MOST: u64 = 500 * 1024 * 1024;
/// Beyond this size a file that shrinks so well is none that a shop has written.
const SUSPICIOUS_FROM: u64 = 10 * 1024 * 1024;
/// Tables shrink to a tenth or a twentieth.
const RATIO_MOST: u64 = 200;

/// The files of an archive, by name; a sentence says why it is refused. Those for which there is no room in memory are
/// unpacked into a file without a name in `beside`, which is gone when it is closed.
pub(super) fn files(
    archive: impl Read + Seek,
    room: &mut u64,
    beside: &Path,
) -> Result<Vec<(String, Contents)>, String> {
    let broken = |_| "This ZIP archive is damaged or was cut off. Download it again.".to_owned();
    let mut archive = ZipArchive::new(archive).map_err(broken)?;
    if archive.index_for_name("[Content_Types].xml").is_some() {
        return Err("This is a spreadsheet. Save the sheet as CSV and choose that file.".to_owned());
    }
    if archive.len() > FILES_MOST {
        return Err(format!(
            "This ZIP archive holds {} files; Kept takes at most {FILES_MOST}.",
            archive.len()
        ));
    }
    let mut files = Vec::new();
    let mut left = SIZE_MOST;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(broken)?;
        let path = file.name().map_err(broken)?.into_owned();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        // What the system of the sender has left there.
        if file.is_dir() || name.starts_with('.') || path.starts_with("__MACOSX/") {
            continue;
        }
        if file.encrypted() {
            return Err(format!("“{name}” in this ZIP archive is locked with a password. Unpack it first."));
        }
        let packed = file.compressed_size();
        let most = left.min(SUSPICIOUS_FROM.max(packed.saturating_mul(RATIO_MOST)));
        let (contents, size) =
            unpacked(file.take(most + 1), room, beside).map_err(|error| not_unpacked(&name, &error))?;
        if size > most {
            return Err(format!(
                "“{name}” in this ZIP archive is too large. Unpack it and choose the file you want."
            ));
        }
        left -= size;
        files.push((name, contents));
    }
    if files.is_empty() { Err("This ZIP archive is empty.".to_owned()) } else { Ok(files) }
}

/// Why a file could not be unpacked: the archive is not whole, or the disk takes no more.
fn not_unpacked(name: &str, error: &io::Error) -> String {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    if matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof | Other) {
        format!("“{name}” in this ZIP archive is damaged. Download it again.")
    } else {
        format!("“{name}” in this ZIP archive could not be unpacked: {error}.")
    }
}

/// Unpacks a file, whatever its header says of its size.
fn unpacked(mut file: impl Read, room: &mut u64, beside: &Path) -> io::Result<(Contents, u64)> {
    let mut held = Vec::new();
    file.by_ref().take(*room + 1).read_to_end(&mut held)?;
    let size = held.len() as u64;
    if size <= *room {
        *room -= size;
        return Ok((Contents::Held(held), size));
    }
    let mut unnamed = tempfile::tempfile_in(beside)?;
    unnamed.write_all(&held)?;
    drop(held);
    let size = size + io::copy(&mut file, &mut unnamed)?;
    Ok((Contents::OnDisk(OnDisk::new(unnamed)?), size))
}

/// Whether a file is a ZIP archive, by its first bytes.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, contents) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(contents).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn check(bytes: &[u8], says: Result<&[&str], &str>) {
        let read = files(Cursor::new(bytes), &mut 1_000_000, &std::env::temp_dir())
            .map(|files| files.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        match says {
            Ok(names) => assert_eq!(read.unwrap(), names),
            Err(says) => assert!(read.as_ref().is_err_and(|words| words.contains(says)), "{read:?}"),
        }
    }

    #[test]
    fn files_come_out_without_what_the_system_left() {
        check(
            &packed(&[
                ("export/orders.csv", b"a,b"),
                ("__MACOSX/._orders.csv", b"x"),
                ("export/.DS_Store", b"x"),
            ]),
            Ok(&["orders.csv"]),
        );
        assert!(is_archive(&packed(&[("a", b"b")])));
    }

    #[test]
    fn what_cannot_be_unpacked_says_why() {
        let whole = packed(&[("orders.csv", &b"Name,Created at\n".repeat(1_000))]);
        check(&whole[..whole.len() / 2], Err("damaged or was cut off"));
        let mut hit = whole;
        hit[40] ^= 0xFF;
        check(&hit, Err("damaged"));
        check(&packed(&[]), Err("empty"));
        check(&packed(&[("[Content_Types].xml", b"<x/>")]), Err("spreadsheet"));
        let many: Vec<(String, &[u8])> = (0..101).map(|n| (format!("{n}.csv"), b"a".as_slice())).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        check(&packed(&many), Err("holds 101 files"));
    }

    #[test]
    fn what_does_not_fit_into_memory_is_unpacked_beside_it() {
        let archive = packed(&[("small.csv", b"a,b"), ("large.csv", &b"Name,Created at\n".repeat(1_000))]);
        let folder = tempfile::tempdir().unwrap();
        let files = files(Cursor::new(archive), &mut 100, folder.path()).unwrap();
        assert!(matches!(&files[0].1, Contents::Held(bytes) if bytes == b"a,b"));
        let (_, Contents::OnDisk(large)) = &files[1] else { panic!("{files:?}") };
        for _ in 0..2 {
            let mut bytes = Vec::new();
            kept_core::import::Bytes::open(large).unwrap().read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes.len(), 16_000);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_archive_that_would_fill_the_memory_is_refused() {
        let bomb = packed(&[("orders.csv", &vec![0; 40 * 1024 * 1024])]);
        assert!(bomb.len() < 100_000);
        check(&bomb, Err("too large"));
    }
}
