//! Bits flip, pages turn to zeros, files end early or vanish: all comes back, or it is said what did not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "store_support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kept_app::store::{Health, How, Key, Store, StoreError, Version};
use support::{LANES, Random, all, commit, copy, open, put, wait, work};

type Rows = BTreeMap<Key, (Vec<u8>, Version)>;

/// A data folder to be damaged, and the rows in it.
struct Sample {
    dir: tempfile::TempDir,
    rows: Rows,
}

/// A folder with snapshots, several files of journal, and rows; closed in good order or cut off.
fn sample(closed: bool) -> Sample {
    let (dir, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, _) = open(dir.path()).unwrap();
    for (upto, snapshot) in [(60, true), (90, true), (130, false)] {
        for lane in 0..LANES {
            wait(work(&store, lane, upto, &mut |_, _| {})).unwrap();
        }
        if snapshot {
            wait(store.snapshot()).unwrap();
        }
    }
    let rows = all(&store);
    if closed {
        wait(store.close()).unwrap();
        return Sample { dir, rows };
    }
    copy(dir.path(), left.path());
    Sample { dir: left, rows }
}

impl Sample {
    /// Damages a copy, opens it, and demands all rows or loud words; also when it is opened once more.
    fn damage(&self, what: &str, damage: impl FnOnce(&Path)) -> Outcome {
        let dir = tempfile::tempdir().unwrap();
        copy(self.dir.path(), dir.path());
        damage(dir.path());
        let (store, opened) = match open(dir.path()) {
            Ok(open) => open,
            Err(error) => {
                assert!(matches!(error, StoreError::Damaged(_)), "{what}: {error:?}");
                return Outcome::Refused;
            }
        };
        let whole = all(&store) == self.rows;
        let said = !opened.words.is_empty();
        assert!(whole || said, "{what}: silent loss, {opened:?}");
        assert!(
            whole || opened.words.iter().any(|words| words.contains("missing") || words.contains("check")),
            "{what}: the words do not say what is missing: {opened:?}"
        );
        // What it has become can be worked with, and is sound.
        wait(store.commit(commit(vec![put("new", b"1")]))).unwrap();
        let now = all(&store);
        wait(store.close()).unwrap();
        let (store, again) = open(dir.path()).unwrap();
        assert_eq!((again.how, again.words), (How::Clean, vec![]), "{what}");
        assert_eq!(all(&store), now, "{what}");
        if whole { Outcome::Whole(opened.how, said) } else { Outcome::Less }
    }

    fn files(&self, folder: &str) -> Vec<PathBuf> {
        let mut files: Vec<_> = fs::read_dir(self.dir.path().join(folder))
            .unwrap()
            .map(|entry| Path::new(folder).join(entry.unwrap().file_name()))
            .filter(|path| self.dir.path().join(path).is_file())
            .collect();
        files.sort();
        files
    }
}

#[derive(Debug, PartialEq)]
enum Outcome {
    /// All rows are there; how it was opened, and whether there were words.
    Whole(How, bool),
    Less,
    Refused,
}

impl Outcome {
    fn is_whole(&self) -> bool {
        matches!(self, Outcome::Whole(..))
    }
}

fn flip(path: &Path, random: &mut Random) {
    let mut bytes = fs::read(path).unwrap();
    if !bytes.is_empty() {
        let at = usize::try_from(random.below(bytes.len() as u64)).unwrap();
        bytes[at] ^= 1 << random.below(8);
        fs::write(path, bytes).unwrap();
    }
}

fn zero_page(path: &Path, random: &mut Random) {
    let mut bytes = fs::read(path).unwrap();
    let page = usize::try_from(random.below(bytes.len() as u64 / 4096 + 1)).unwrap() * 4096;
    let end = (page + 4096).min(bytes.len());
    bytes[page..end].fill(0);
    fs::write(path, bytes).unwrap();
}

fn shorten(path: &Path, random: &mut Random) {
    let length = fs::metadata(path).unwrap().len();
    fs::OpenOptions::new().write(true).open(path).unwrap().set_len(random.below(length + 1)).unwrap();
}

type Way = (&'static str, fn(&Path, &mut Random));

const WAYS: [Way; 4] = [
    ("a bit flipped in", flip),
    ("a page of zeros in", zero_page),
    ("cut short:", shorten),
    ("gone:", |path, _| fs::remove_file(path).unwrap()),
];

#[test]
fn whatever_happens_to_the_rows_nothing_is_lost() {
    let mut random = Random(11);
    for closed in [true, false] {
        let sample = sample(closed);
        for file in sample.files("store") {
            for (way, damage) in WAYS {
                for round in 0..if file.ends_with("db") { 8 } else { 2 } {
                    let what = format!("{way} {} (closed {closed}, {round})", file.display());
                    let outcome = sample.damage(&what, |dir| damage(&dir.join(&file), &mut random));
                    assert!(outcome.is_whole(), "{what}: {outcome:?}");
                }
            }
        }
        for gone in ["store", "store/db", "store/conf", "store/blobs"] {
            let outcome = sample.damage(gone, |dir| {
                let path = dir.join(gone);
                if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
            });
            assert!(outcome.is_whole(), "{gone}: {outcome:?}");
        }
    }
}

#[test]
fn whatever_happens_to_the_journal_of_a_closed_store_nothing_is_lost() {
    let mut random = Random(12);
    let sample = sample(true);
    for file in sample.files("journal") {
        for (way, damage) in WAYS {
            for round in 0..3 {
                let what = format!("{way} {} ({round})", file.display());
                let outcome = sample.damage(&what, |dir| damage(&dir.join(&file), &mut random));
                assert!(outcome.is_whole(), "{what}: {outcome:?}");
            }
        }
    }
    let outcome = sample.damage("no journal", |dir| fs::remove_dir_all(dir.join("journal")).unwrap());
    assert_eq!(outcome, Outcome::Whole(How::Healed, true));
}

#[test]
fn a_spoiled_snapshot_is_passed_over_for_an_older_one() {
    let sample = sample(true);
    let newest = sample.files("snapshots").pop().unwrap();
    for (way, damage) in WAYS {
        let mut random = Random(13);
        let outcome = sample.damage(way, |dir| {
            damage(&dir.join(&newest), &mut random);
            fs::remove_dir_all(dir.join("store")).unwrap();
        });
        assert!(outcome.is_whole(), "{way}: {outcome:?}");
    }
}

#[test]
fn what_is_gone_from_both_copies_is_said_loudly() {
    let sample = sample(true);
    let journal = sample.files("journal");
    for file in &journal {
        let what = format!("no store, no {}", file.display());
        sample.damage(&what, |dir| {
            fs::remove_dir_all(dir.join("store")).unwrap();
            fs::remove_file(dir.join(file)).unwrap();
        });
    }
    let newest = journal.last().unwrap();
    let mut less = 0;
    for seed in 1..20 {
        let mut random = Random(seed);
        let outcome = sample.damage(&format!("both damaged, seed {seed}"), |dir| {
            fs::remove_dir_all(dir.join("store")).unwrap();
            WAYS[usize::try_from(seed % 4).unwrap()].1(&dir.join(newest), &mut random);
        });
        less += u32::from(!outcome.is_whole());
    }
    assert!(less > 0, "none of this did any harm, so nothing was tested");
    let outcome = sample.damage("only snapshots", |dir| {
        fs::remove_dir_all(dir.join("store")).unwrap();
        fs::remove_dir_all(dir.join("journal")).unwrap();
        fs::remove_file(dir.join("closed")).unwrap();
    });
    assert_eq!(outcome, Outcome::Less);
}

#[test]
fn a_folder_that_held_data_never_starts_empty() {
    let sample = sample(true);
    let outcome = sample.damage("all gone", |dir| {
        for gone in ["store", "journal", "snapshots"] {
            fs::remove_dir_all(dir.join(gone)).unwrap();
        }
    });
    assert_eq!(outcome, Outcome::Refused);
}

#[test]
fn rows_alone_are_enough() {
    let sample = sample(true);
    let outcome = sample.damage("only the rows", |dir| {
        for gone in ["journal", "snapshots"] {
            fs::remove_dir_all(dir.join(gone)).unwrap();
        }
        fs::remove_file(dir.join("holds-data")).unwrap();
        fs::remove_file(dir.join("closed")).unwrap();
    });
    assert_eq!(outcome, Outcome::Whole(How::Healed, true));
}

#[test]
fn damaged_rows_and_a_damaged_journal_together_never_lose_in_silence() {
    let mut random = Random(14);
    for closed in [true, false] {
        let sample = sample(closed);
        let (rows, journal) = (sample.files("store"), sample.files("journal"));
        for round in 0..40 {
            let ways = (random.below(4), random.below(4));
            let row = &rows[usize::try_from(random.below(rows.len() as u64)).unwrap()];
            let log = &journal[usize::try_from(random.below(journal.len() as u64)).unwrap()];
            let (first, second) =
                (WAYS[usize::try_from(ways.0).unwrap()], WAYS[usize::try_from(ways.1).unwrap()]);
            let what = format!("{round}: {} {row:?}, {} {log:?} (closed {closed})", first.0, second.0);
            // The end of a journal that was cut off is known to nobody else: there only flips can be noticed.
            if closed || ways.1 == 0 {
                sample.damage(&what, |dir| {
                    first.1(&dir.join(row), &mut random);
                    second.1(&dir.join(log), &mut random);
                });
            }
        }
    }
}

#[test]
fn a_frame_that_was_being_written_when_it_was_cut_off_is_dropped_in_silence() {
    let sample = sample(false);
    let newest = sample.files("journal").pop().unwrap();
    let frame = b"KFRM\x40\x00\x00\x00\x12\x34\x56\x78and then the light went out".as_slice();
    for length in 1..=frame.len() {
        let outcome = sample.damage(&format!("{length} bytes more"), |dir| {
            let mut bytes = fs::read(dir.join(&newest)).unwrap();
            bytes.extend_from_slice(&frame[..length]);
            fs::write(dir.join(&newest), bytes).unwrap();
        });
        assert!(matches!(outcome, Outcome::Whole(How::Replayed { .. }, false)), "{length}: {outcome:?}");
    }
}

#[test]
fn damage_in_an_old_part_of_the_journal_is_found_while_the_store_is_open() {
    let sample = sample(true);
    let dir = tempfile::tempdir().unwrap();
    copy(sample.dir.path(), dir.path());
    let newest = sample.files("journal").pop().unwrap();
    let mut bytes = fs::read(dir.path().join(&newest)).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 4;
    fs::write(dir.path().join(&newest), bytes).unwrap();
    let (store, opened) = open(dir.path()).unwrap();
    assert_eq!(opened.how, How::Clean);
    let mut health = store.health();
    let found = wait(async {
        let found = health.wait_for(|health| matches!(health, Health::Rebuilt(_))).await.unwrap();
        found.clone()
    });
    assert!(matches!(&found, Health::Rebuilt(words) if words[0].contains("Nothing is missing")), "{found:?}");
    assert_eq!(all(&store), sample.rows);
    assert_eq!(wait(store.check()).unwrap().wrong, Vec::<String>::new());
}

#[test]
fn a_check_names_what_is_wrong() {
    let sample = sample(true);
    let (store, _) = open(sample.dir.path()).unwrap();
    assert_eq!(wait(store.check()).unwrap().wrong, Vec::<String>::new());
    let snapshot = sample.dir.path().join(sample.files("snapshots").pop().unwrap());
    flip(&snapshot, &mut Random(15));
    let journal = sample.dir.path().join(sample.files("journal").first().unwrap());
    flip(&journal, &mut Random(16));
    let wrong = wait(store.check()).unwrap().wrong.join("\n");
    assert!(wrong.contains(&snapshot.display().to_string()), "{wrong}");
    assert!(wrong.contains(&journal.display().to_string()), "{wrong}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_says_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let sample = sample(true);
    let dir = sample.dir.path();
    fs::set_permissions(dir, fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(dir.join("lock"), fs::Permissions::from_mode(0o444)).unwrap();
    let outcome = open(dir).map(|(_, opened)| opened);
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
    // The superuser may write everywhere: the read-only disk of the tests of faults stands in for this one there.
    match outcome {
        Ok(opened) => assert_eq!(opened.how, How::Clean),
        Err(error) => assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}"),
    }
}
