//! Opening attached files: a copy under the name that the file had, for the system's program for it.
//!
//! The kept file itself is never handed out. Its name is a hash, by which no system knows a program; and what another
//! program wrote into it would no longer be what was attached.

use crate::Kept;
use crate::failure::{Code, Failure};
use kept_core::evidence::AttachedFile;
use kept_core::id::CommitmentId;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Files that a system would start instead of showing them.
const PROGRAMS: [&str; 30] = [
    "app", "appimage", "bat", "cmd", "com", "command", "cpl", "deb", "desktop", "exe", "hta", "jar", "js",
    "jse", "lnk", "msc", "msi", "pif", "ps1", "py", "reg", "rpm", "scf", "scr", "sh", "url", "vb", "vbs",
    "wsf", "wsh",
];
/// File systems take names of up to 255 bytes.
const NAME_MOST: usize = 200;

impl Kept {
    /// A copy of a file that was attached to a promise, under its own name, to be opened with the system's program. It
    /// can be read and not written, and is gone after the next start.
    pub async fn copy_to_open(&self, promise: CommitmentId, hash: &str) -> Result<PathBuf, Failure> {
        let file = self.attached(promise, hash).await?;
        let kept = self.attachment(&file.hash)?;
        let name = safe_name(&file.name)?;
        let opened = opened(self.folder());
        let copied = tokio::task::spawn_blocking(move || copy(&kept, &opened, &name)).await;
        copied.map_err(Failure::bug)?.map_err(|error| {
            Failure::new(Code::Storage, format!("“{}” could not be opened: {error}.", file.name))
        })
    }

    /// What is known of a file that was attached to a promise. A file of another promise is none of this one.
    pub async fn attached(&self, promise: CommitmentId, hash: &str) -> Result<AttachedFile, Failure> {
        let known = self.commitment(promise).await?;
        let mut files = known.it.handovers.iter().flat_map(|handover| &handover.files);
        files.find(|file| file.hash == hash).cloned().ok_or_else(|| Failure::not_found("This file"))
    }
}

/// Removes the copies that were opened before.
pub(crate) fn clear_opened(data: &Path) {
    match fs::remove_dir_all(opened(data)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!("copies of opened files could not be removed: {error}"),
    }
}

/// Beside the data and not where all programs put what they throw away: others on this computer cannot read it there.
fn opened(data: &Path) -> PathBuf {
    data.join("opened")
}

/// The name of a file without anything that leads elsewhere or that a system does not take. Programs are refused.
fn safe_name(name: &str) -> Result<String, Failure> {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_control() || "/\\:*?\"<>|".contains(letter) { '_' } else { letter })
        .collect();
    // Windows drops what stands at the end, and with it what the ending hides.
    let plain = plain.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    let ending = plain.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_lowercase());
    if PROGRAMS.contains(&ending.as_str()) {
        let words = format!("“{name}” is a program. Kept keeps it, and does not start it.");
        return Err(Failure::new(Code::Invalid, words));
    }
    let cut = if plain.len() > NAME_MOST {
        let from = (plain.len() - NAME_MOST..plain.len()).find(|at| plain.is_char_boundary(*at));
        &plain[from.unwrap_or(0)..]
    } else {
        plain
    };
    Ok(if cut.is_empty() { "file".to_owned() } else { cut.to_owned() })
}

fn copy(kept: &Path, opened: &Path, name: &str) -> io::Result<PathBuf> {
    let folder = opened.join(Uuid::now_v7().to_string());
    fs::create_dir_all(&folder)?;
    let copy = folder.join(name);
    fs::copy(kept, &copy)?;
    let mut permissions = fs::metadata(&copy)?.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&copy, permissions)?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, safe: Option<&str>) {
        assert_eq!(safe_name(name).ok().as_deref(), safe, "{name}");
    }

    #[test]
    fn a_copy_has_the_files_own_name_and_nothing_that_leads_elsewhere() {
        check("photo.jpg", Some("photo.jpg"));
        check("Angebot für Jürgen (2).pdf", Some("Angebot für Jürgen (2).pdf"));
        check("../../etc/passwd", Some("_.._etc_passwd"));
        check("C:\\invoice.pdf", Some("C__invoice.pdf"));
        check("..", Some("file"));
        check("", Some("file"));
        check("a\nb.txt", Some("a_b.txt"));
        let long = format!("{}.pdf", "ä".repeat(300));
        let safe = safe_name(&long).unwrap();
        assert!(safe.len() <= NAME_MOST && safe.ends_with("ä.pdf"), "{safe}");
    }

    #[test]
    fn programs_are_kept_and_not_started() {
        for name in ["setup.exe", "SETUP.EXE", "photo.jpg.sh", "x.desktop", "run.bat. .", "a.lnk"] {
            check(name, None);
        }
    }

    #[test]
    fn a_copy_cannot_be_written_and_is_cleared_away() {
        let data = tempfile::tempdir().unwrap();
        let kept = data.path().join("ab12");
        fs::write(&kept, "abc").unwrap();
        let copied = copy(&kept, &opened(data.path()), "photo.jpg").unwrap();
        assert_eq!(fs::read_to_string(&copied).unwrap(), "abc");
        assert!(fs::metadata(&copied).unwrap().permissions().readonly());
        assert!(!fs::metadata(&kept).unwrap().permissions().readonly(), "what is kept is as it was");
        clear_opened(data.path());
        assert!(!copied.exists());
        clear_opened(data.path());
    }
}
