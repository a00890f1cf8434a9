//! The memory of a program with all the processes it has started.

use std::collections::HashMap;
use std::fs;

/// The proportional set size of a process and of all its descendants, in bytes: memory that is shared with others is
/// counted by halves, thirds and so on, so that the sum is what the program really costs.
pub(crate) fn memory(of: u32) -> Option<u64> {
    let parents = parents();
    let belongs = |process: u32| {
        let mut at = process;
        while at != of {
            at = *parents.get(&at)?;
        }
        Some(process)
    };
    let family: Vec<u32> = parents.keys().filter_map(|process| belongs(*process)).collect();
    family.into_iter().map(proportional_size).sum()
}

fn parents() -> HashMap<u32, u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let process: u32 = entry.file_name().to_str()?.parse().ok()?;
            let status = fs::read_to_string(entry.path().join("status")).ok()?;
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
            Some((process, parent.trim().parse().ok()?))
        })
        .collect()
}

fn proportional_size(process: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1_024)
}
