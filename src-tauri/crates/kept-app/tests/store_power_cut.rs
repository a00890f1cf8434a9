//! The power fails at any moment of a run, and what was never forced to the disk is gone, or gone in part.
//!
//! A run is recorded call by call. For a cut, the files are put together as a disk may have them at that point:
//! what was synced is there, of the rest any pages may be, whole or torn. Only syncs of files and folders count;
//! `sync_file_range` is worth nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]
#![allow(clippy::print_stderr, reason = "this test has no harness that would report for it")]

#[path = "store_support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod disk {
    use std::collections::{BTreeMap, BTreeSet, HashMap};
    use std::path::{Path, PathBuf};

    use super::support::Random;

    const PAGE: usize = 4096;
    const SECTOR: usize = 512;
    /// A cut that only ends the program.
    pub(crate) const KILL: u64 = 3;

    /// One call as the recorder wrote it down.
    pub(crate) struct Call<'a> {
        what: u8,
        a: u64,
        b: u64,
        bytes: &'a [u8],
    }

    impl Call<'_> {
        /// Whether this puts rows that are whole in the place of others.
        pub(crate) fn moves_rows(&self, root: &Path) -> bool {
            let both = String::from_utf8_lossy(self.bytes);
            let from = both.split_once('\n').map(|(from, _)| Path::new(from));
            let is_of_rows = |name: &str| name.starts_with("store");
            self.what == b'R'
                && from.is_some_and(|from| {
                    from.parent() == Some(root)
                        && from.file_name().is_some_and(|n| is_of_rows(&n.to_string_lossy()))
                })
        }
    }

    pub(crate) fn calls(log: &[u8]) -> Vec<Call<'_>> {
        let mut calls = Vec::new();
        let mut rest = log;
        while rest.len() >= 25 {
            let number = |at: usize| u64::from_le_bytes(rest[at..at + 8].try_into().unwrap());
            let (a, b, length) = (number(1), number(9), usize::try_from(number(17)).unwrap());
            calls.push(Call { what: rest[0], a, b, bytes: &rest[25..25 + length] });
            rest = &rest[25 + length..];
        }
        calls
    }

    #[derive(Default)]
    struct File {
        now: Vec<u8>,
        synced: Vec<u8>,
        /// Pages written since the last sync.
        dirty: BTreeSet<usize>,
        resized: bool,
    }

    enum Named {
        Made(PathBuf, usize),
        Folder(PathBuf),
        Moved(PathBuf, PathBuf),
        Gone(PathBuf),
    }

    /// A disk with a cache that forgets.
    #[derive(Default)]
    pub(crate) struct Disk {
        files: Vec<File>,
        by_ino: HashMap<u64, usize>,
        /// Changes of names, and whether the folders they are in were synced since.
        names: Vec<(Named, bool)>,
        /// What was said to be saved.
        pub(crate) said: Vec<u8>,
    }

    impl Disk {
        pub(crate) fn call(&mut self, call: &Call<'_>) {
            let path = || PathBuf::from(String::from_utf8_lossy(call.bytes).into_owned());
            match call.what {
                b'C' => {
                    self.by_ino.insert(call.a, self.files.len());
                    self.names.push((Named::Made(path(), self.files.len()), false));
                    self.files.push(File::default());
                }
                b'W' => self.write(call.a, usize::try_from(call.b).unwrap(), call.bytes),
                b'T' => {
                    if let Some(file) = self.by_ino.get(&call.a) {
                        let file = &mut self.files[*file];
                        file.now.resize(usize::try_from(call.b).unwrap(), 0);
                        file.resized = true;
                    }
                }
                b'S' => {
                    if let Some(file) = self.by_ino.get(&call.a) {
                        let file = &mut self.files[*file];
                        file.synced.resize(file.now.len(), 0);
                        for page in std::mem::take(&mut file.dirty) {
                            let range = page * PAGE..((page + 1) * PAGE).min(file.now.len());
                            if !range.is_empty() {
                                file.synced[range.clone()].copy_from_slice(&file.now[range]);
                            }
                        }
                        file.resized = false;
                    }
                }
                b'D' => {
                    let dir = path();
                    for (named, synced) in &mut self.names {
                        *synced |= match named {
                            Named::Made(path, _) | Named::Folder(path) | Named::Gone(path) => {
                                path.parent() == Some(&dir)
                            }
                            Named::Moved(_, to) => to.parent() == Some(&dir),
                        };
                    }
                }
                b'M' => self.names.push((Named::Folder(path()), false)),
                b'U' => self.names.push((Named::Gone(path()), false)),
                b'R' => {
                    let both = String::from_utf8_lossy(call.bytes).into_owned();
                    let (from, to) = both.split_once('\n').unwrap();
                    self.names.push((Named::Moved(from.into(), to.into()), false));
                }
                b'A' => self.said.extend_from_slice(call.bytes),
                other => panic!("the recorder wrote {other}"),
            }
        }

        fn write(&mut self, ino: u64, at: usize, bytes: &[u8]) {
            let Some(file) = self.by_ino.get(&ino) else { return };
            let file = &mut self.files[*file];
            let end = at + bytes.len();
            if file.now.len() < end {
                file.now.resize(end, 0);
            }
            file.now[at..end].copy_from_slice(bytes);
            for page in at / PAGE..=end.saturating_sub(1) / PAGE {
                file.dirty.insert(page);
            }
        }

        /// Writes to a folder what is left after a cut. With `kind` 0 all that was not synced is gone; with 1 and 2
        /// some of it is there; with `KILL`, which the system outlives, all of it.
        pub(crate) fn cut(&self, root: &Path, to: &Path, kind: u64, random: &mut Random) {
            let unsynced = self.names.iter().filter(|(_, synced)| !synced).count() as u64;
            // Names change in order: of those not synced, the first few survive.
            let mut survive = match kind {
                0 => 0,
                KILL => unsynced,
                _ => random.below(unsynced + 1),
            };
            let mut tree: BTreeMap<PathBuf, Option<usize>> = BTreeMap::new();
            for (named, synced) in &self.names {
                if !synced {
                    if survive == 0 {
                        continue;
                    }
                    survive -= 1;
                }
                match named {
                    Named::Made(path, file) => drop(tree.insert(path.clone(), Some(*file))),
                    Named::Folder(path) => drop(tree.insert(path.clone(), None)),
                    Named::Gone(path) => drop(tree.remove(path)),
                    Named::Moved(from, to) => {
                        let moved: Vec<_> =
                            tree.keys().filter(|path| path.starts_with(from)).cloned().collect();
                        for path in moved {
                            let file = tree.remove(&path).unwrap();
                            let rest = path.strip_prefix(from).unwrap();
                            let place = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
                            tree.insert(place, file);
                        }
                    }
                }
            }
            for (path, file) in tree {
                let Ok(rest) = path.strip_prefix(root) else { continue };
                let place = to.join(rest);
                match file {
                    None => drop(std::fs::create_dir_all(place)),
                    // A file whose folder did not survive is lost with it.
                    Some(file) if place.parent().unwrap().is_dir() => {
                        std::fs::write(place, self.files[file].after_a_cut(kind, random)).unwrap();
                    }
                    Some(_) => {}
                }
            }
        }
    }

    impl File {
        fn after_a_cut(&self, kind: u64, random: &mut Random) -> Vec<u8> {
            if kind == KILL {
                return self.now.clone();
            }
            let mut left = self.synced.clone();
            if kind == 0 {
                return left;
            }
            if (self.resized || self.now.len() > left.len()) && random.below(2) == 0 {
                left.resize(self.now.len(), 0);
            }
            for page in &self.dirty {
                if random.below(2) == 0 {
                    continue;
                }
                let mut from = page * PAGE;
                let end = ((page + 1) * PAGE).min(self.now.len()).min(left.len());
                let torn = kind == 2 && random.below(3) == 0;
                while from < end {
                    let to = (from + SECTOR).min(end);
                    if !torn || random.below(2) == 0 {
                        left[from..to].copy_from_slice(&self.now[from..to]);
                    }
                    from = to;
                }
            }
            left
        }
    }
}

#[cfg(target_os = "linux")]
fn main() {
    use disk::KILL;
    use support::{LANES, Random};

    /// Moves of rows that are looked at.
    const MOVES: usize = 20;

    if support::role().is_some() {
        return support::work_on_all_lanes([0; LANES], 150);
    }
    let seed = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let seed = u64::from(seed.subsec_nanos()) | 1;
    eprintln!("100 power cuts, seed {seed}");
    let mut random = Random(seed);
    let recorder = support::recorder();
    let dir = tempfile::tempdir().unwrap();
    let (root, log) = (dir.path().join("data"), dir.path().join("log"));
    std::fs::create_dir(&root).unwrap();
    // Three runs one after the other on one folder: the second finds what a cut-off one left, the third is closed.
    for run in 0..3 {
        let mut child = support::child("work", &root);
        child.env("LD_PRELOAD", &recorder).env("KEPT_ROOT", &root).env("KEPT_LOG", &log);
        if run == 2 {
            child.env("KEPT_CHILD_CLOSES", "1");
        }
        assert!(child.output().unwrap().status.success(), "the recorded run failed");
    }
    let log = std::fs::read(log).unwrap();
    let calls = disk::calls(&log);
    let mut points: Vec<(usize, u64)> = (0..100)
        .map(|cut| (usize::try_from(random.below(calls.len() as u64)).unwrap(), cut % KILL))
        .collect();
    // Where rows are put in the place of others, the program is killed before and after each step.
    let moves = (0..calls.len()).filter(|at| calls[*at].moves_rows(&root)).take(MOVES);
    points.extend(moves.flat_map(|at| [(at, KILL), (at + 1, KILL)]));
    assert!(points.len() > 100, "no rows were moved");
    points.sort_unstable();
    let mut disk = disk::Disk::default();
    let mut done = 0;
    for (cut, (point, kind)) in points.into_iter().enumerate() {
        for call in &calls[done..point] {
            disk.call(call);
        }
        done = point;
        let mut acked = [0; LANES];
        for line in String::from_utf8(disk.said.clone()).unwrap().lines() {
            support::hear(line, &mut acked);
        }
        let left = dir.path().join(format!("cut-{cut}"));
        std::fs::create_dir(&left).unwrap();
        disk.cut(&root, &left, kind, &mut random);
        let (store, opened) = support::open(&left).unwrap_or_else(|error| {
            panic!("cut {cut} at call {point}, kind {kind}: {error} ({})", left.display())
        });
        if let Err(wrong) = support::wait(support::verify(&store, acked)) {
            let kept = dir.keep();
            panic!("cut {cut} at call {point}, kind {kind}: {wrong}; {opened:?}; see {}", kept.display());
        }
        if kind == KILL {
            assert_eq!(opened.words, Vec::<String>::new(), "an owner was told of a kill that did no harm");
        }
        drop(store);
        std::fs::remove_dir_all(left).unwrap();
    }
    eprintln!("{} calls, none of the confirmed commits lost", calls.len());
}

#[cfg(not(target_os = "linux"))]
fn main() {}
