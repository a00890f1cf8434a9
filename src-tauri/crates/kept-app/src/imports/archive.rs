//! What is inside a ZIP archive. One that would fill the memory is refused, whatever its header promises.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// More files than this are no export.
const FILES_MOST: usize = 100;
/// The most that all files may have together.
const SIZE_MOST: u64 = 500 * 1024 * 1024;
/// Beyond this size a file that shrinks so well is none that a shop has written.
const SUSPICIOUS_FROM: u64 = 10 * 1024 * 1024;
/// Tables shrink to a tenth or a twentieth.
const RATIO_MOST: u64 = 200;

/// The files of an archive, by name; a sentence says why it is refused.
pub(super) fn files(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let broken = |_| "This ZIP archive is damaged or was cut off. Download it again.".to_owned();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
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
    let mut room = SIZE_MOST;
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
        let most = room.min(SUSPICIOUS_FROM.max(packed.saturating_mul(RATIO_MOST)));
        let mut contents = Vec::new();
        file.take(most + 1)
            .read_to_end(&mut contents)
            .map_err(|_| format!("“{name}” in this ZIP archive is damaged. Download it again."))?;
        if contents.len() as u64 > most {
            return Err(format!(
                "“{name}” in this ZIP archive is too large. Unpack it and choose the file you want."
            ));
        }
        room -= contents.len() as u64;
        files.push((name, contents));
    }
    if files.is_empty() { Err("This ZIP archive is empty.".to_owned()) } else { Ok(files) }
}

/// Whether a file is a ZIP archive, by its first bytes.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
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
        let read = files(bytes).map(|files| files.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
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
    fn an_archive_that_would_fill_the_memory_is_refused() {
        let bomb = packed(&[("orders.csv", &vec![0; 40 * 1024 * 1024])]);
        assert!(bomb.len() < 100_000);
        check(&bomb, Err("too large"));
    }
}
