//! What the owner said that the columns of a table mean, remembered by the header.

use super::contents::{Contents, unreadable};
use crate::Kept;
use crate::commit::{put_rows, rows_of};
use crate::failure::Failure;
use crate::records::{decode, encode, key};
use crate::rows::to_u32;
use crate::store::Write;
use kept_core::import::mapped::{self, Mapped, Mapping, Meaning, TableLook};
use std::collections::HashMap;
use std::path::PathBuf;

/// What is remembered, by the fingerprint of a header.
pub(super) type Remembered = HashMap<String, Mapping>;

/// All that is remembered.
pub(super) async fn remembered(kept: &Kept) -> Result<Remembered, Failure> {
    let rows = rows_of(&kept.0.store, b"u").await?;
    rows.iter()
        .map(|row| {
            let fingerprint = row.key.get(1..).unwrap_or_default();
            Ok((String::from_utf8_lossy(fingerprint).into_owned(), decode(&row.value)?))
        })
        .collect()
}

/// Remembers what the columns of some tables mean.
pub(super) async fn remember(kept: &Kept, tables: &[(String, Mapping)]) -> Result<(), Failure> {
    let put = |(fingerprint, mapping): &(String, Mapping)| {
        Ok(Write::Put { key: key(b'u', &[fingerprint.as_bytes()]), value: encode(mapping)? })
    };
    let writes = tables.iter().map(put).collect::<Result<Vec<_>, Failure>>()?;
    if writes.is_empty() { Ok(()) } else { put_rows(kept, writes).await }
}

/// What the columns seem to mean by their names and cells.
pub(super) fn guessed(look: &TableLook) -> Mapping {
    let columns = (0..).zip(&look.columns);
    Mapping {
        columns: columns.filter_map(|(column, look)| Some(Mapped { column, means: look.guess? })).collect(),
    }
}

/// What columns mean as the command line says it: `Client=customer,Pick up=due`, by the names in the first file.
pub(crate) fn mapping_by_names(files: &[PathBuf], text: &str) -> Result<Mapping, Failure> {
    let wrong = |is: String| Failure::field("map", is);
    let first = files.first().ok_or_else(|| wrong("Name a file.".to_owned()))?;
    let beginning = Contents::of(first, &mut 0)?.beginning();
    let beginning = beginning.map_err(|error| unreadable(&super::file::name(first), &error))?;
    let look = mapped::look(&beginning).map_err(wrong)?;
    let mut columns = Vec::new();
    for pair in text.split(',') {
        let (name, meaning) =
            pair.split_once('=').ok_or_else(|| wrong(format!("“{pair}” is not like Client=customer.")))?;
        let place = look.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name.trim()));
        let place = place.ok_or_else(|| wrong(format!("There is no column “{}”.", name.trim())))?;
        let means = Meaning::by_name(meaning)
            .ok_or_else(|| wrong(format!("“{}” is nothing that a column can mean.", meaning.trim())))?;
        columns.push(Mapped { column: to_u32(place), means });
    }
    Ok(Mapping { columns })
}
