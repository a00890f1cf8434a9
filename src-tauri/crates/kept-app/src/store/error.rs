//! What can go wrong with the store, in words for the owner.

use std::fmt;

use super::Key;

/// Why the store did not do what it was asked. Unless it says otherwise, nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// These rows are not as the commit expected them.
    Conflict {
        /// The rows whose check failed.
        keys: Vec<Key>,
    },
    /// The disk failed in the middle; the commit may or may not be there. Ask again with the same id.
    OutcomeUnknown,
    /// The store cannot be read or written now; the sentence says why.
    Unavailable(String),
    /// There is no room on the disk.
    Full,
    /// The data folder cannot be written to; the sentence says where.
    ReadOnly(String),
    /// Another Kept has this data folder open; the sentence says which folder.
    Locked(String),
    /// Data was there and cannot be brought back; the sentence says what, where, and what to do.
    Damaged(String),
    /// A newer Kept wrote this data.
    TooNew {
        /// The schema the data was written with.
        schema: u32,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Conflict { keys } => write!(
                f,
                "Nothing was saved: {} of the entries to be changed had been changed in the meantime. Look again and repeat it.",
                keys.len()
            ),
            StoreError::OutcomeUnknown => f.write_str(
                "The disk reported an error while saving, so it is not certain whether the change was kept. Try it once more.",
            ),
            StoreError::Full => f.write_str(
                "Nothing was saved: the disk that holds Kept's data is full. Make room on it and try again; what was saved before can still be read.",
            ),
            StoreError::TooNew { schema } => write!(
                f,
                "This data was written by a newer Kept (data version {schema}). Nothing was touched. Install the newest Kept to open it."
            ),
            StoreError::Unavailable(words)
            | StoreError::ReadOnly(words)
            | StoreError::Locked(words)
            | StoreError::Damaged(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for StoreError {}
