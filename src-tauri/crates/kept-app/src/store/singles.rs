//! How rows lay in sled before there were blocks: each by itself. Such data is taken over once.
//!
//! ```text
//! 'r' key                        -> version u64 | 0 | value
//!                                -> version u64 | 1 | number of parts u32      (a long value)
//! 'p' key version u64 part u32   -> a part of a long value
//! 'm' "state"                    -> applied u64 | digest u64 | rows u64 | schema u32
//! 'm' "partly"                   -> the number u64 of the last large commit
//! ```

use sled::{Db, IVec};

use super::engine::{Outcome, Trouble};
use super::rows::part_key;
use super::tree::guarded;
use super::{Row, Version};

pub(super) const STATE: &[u8] = b"mstate";
pub(super) const PARTLY: &[u8] = b"mpartly";

/// Up to so many rows from a key on.
pub(super) fn stretch(db: &Db, from: &[u8], rows: usize) -> Outcome<Vec<Row>> {
    let names = guarded(|| Ok(db.range([b"r", from].concat()..b"s".to_vec())))?;
    names.take(rows).map(|pair| row(db, &guarded(|| pair)?)).collect()
}

fn row(db: &Db, (name, head): &(IVec, IVec)) -> Outcome<Row> {
    let broken = || Trouble::Broken(String::from("an entry is not as it was written"));
    let key = name.get(1..).unwrap_or_default().to_vec();
    let (version, rest) = head.split_first_chunk::<8>().ok_or_else(broken)?;
    let version = u64::from_be_bytes(*version);
    let value = match rest.split_first() {
        Some((0, value)) => value.to_vec(),
        Some((1, parts)) => {
            let parts = u32::from_be_bytes(parts.try_into().map_err(|_| broken())?);
            let part = |part| guarded(|| db.get(part_key(&key, version, part)))?.ok_or_else(broken);
            (0..parts).map(part).collect::<Outcome<Vec<_>>>()?.concat()
        }
        _ => return Err(broken()),
    };
    Ok(Row { key, value, version: Version::from_number(version) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::engine::Engine;
    use crate::store::rows::{self, State};
    use std::time::Duration;

    #[test]
    fn what_an_older_kept_wrote_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        let mut state = State { applied: 700, schema: 1, ..State::default() };
        let key = |at: u32| [b"p", &at.to_be_bytes()[..]].concat();
        let value = |at: u32| vec![b'v'; if at == 300 { 9_000 } else { at as usize % 90 }];
        let db = sled::open(&old).unwrap();
        for at in 0..1_200 {
            let (version, value) = (u64::from(at) / 2, value(at));
            state.give(rows::hash(&key(at), version, &value));
            let mut head = version.to_be_bytes().to_vec();
            if value.len() > 4_000 {
                for (part, bytes) in (0..).zip(value.chunks(4_000)) {
                    db.insert(part_key(&key(at), version, part), bytes).unwrap();
                }
                head.extend_from_slice(&[1, 0, 0, 0, 3]);
            } else {
                head.push(0);
                head.extend_from_slice(&value);
            }
            db.insert([&b"r"[..], &key(at)].concat(), head).unwrap();
        }
        db.insert(STATE, state.encode()).unwrap();
        db.insert(PARTLY, &650_u64.to_le_bytes()).unwrap();
        db.flush().unwrap();
        drop(db);

        let open = |path| Engine::open(path, Duration::from_secs(30)).unwrap();
        let (old, new) = (open(&old), open(&new));
        assert!(old.has_singles().unwrap() && !new.has_singles().unwrap());
        new.take_over_singles(&old).unwrap();
        assert!(!new.has_singles().unwrap());
        assert_eq!(new.state().unwrap(), Some(state));
        assert!(new.is_partly_after(649).unwrap() && !new.is_partly_after(650).unwrap());
        assert_eq!(crate::store::shared::add_up(&new).unwrap(), (state.digest, state.rows));
        for at in [0, 299, 300, 301, 1_199] {
            assert_eq!(new.get(&key(at)).unwrap(), Some((u64::from(at) / 2, value(at))));
        }
    }
}
