//! Everything that is kept, as one JSON document: settings, customers, promises, the menu, what repeats, the chores, and
//! what there is of feedback, recoveries and their like, each as its record stands.

use crate::Kept;
use crate::SCHEMA;
use crate::care;
use crate::commit::record_of;
use crate::failure::{Code, Failure};
use crate::lists::each;
use crate::records::Record;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Exported {
    /// Customers.
    pub customers: u32,
    /// Promises.
    pub promises: u32,
    /// Offers.
    pub offers: u32,
    /// Promises that repeat.
    pub series: u32,
    /// Chores.
    pub chores: u32,
}

/// Writes everything to a file: under another name first, so that a file of an earlier export is replaced whole or not at all.
pub(crate) async fn to_file(kept: &Kept, path: &Path) -> Result<Exported, Failure> {
    let mut document = Vec::new();
    let exported = write(kept, &mut document).await?;
    let name = path.file_name().ok_or_else(|| no_room(path, "this is no file name"))?;
    let mut beside = name.to_owned();
    beside.push(".part");
    let beside = path.with_file_name(beside);
    std::fs::write(&beside, &document)
        .and_then(|()| std::fs::File::open(&beside)?.sync_all())
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|error| no_room(path, &error.to_string()))?;
    Ok(exported)
}

/// Writes everything, one record a line, so that two exports can be compared.
pub(crate) async fn write(kept: &Kept, out: &mut (impl Write + Send)) -> Result<Exported, Failure> {
    let mut exported = Exported::default();
    let settings = kept.settings();
    line(out, &format!("{{\"kept\": {{\"schema\": {SCHEMA}}},\n\"settings\": "))?;
    json(out, &settings)?;
    exported.customers = records(kept, out, "customers", b"c").await?;
    exported.promises = records(kept, out, "promises", b"p").await?;
    exported.offers = records(kept, out, "offers", b"f").await?;
    exported.series = records(kept, out, "series", b"g").await?;
    exported.chores = records(kept, out, "chores", b"w").await?;
    for (kind, name) in care::KINDS {
        records(kept, out, name, kind).await?;
    }
    line(out, "}\n")?;
    Ok(exported)
}

/// Writes all records of a kind under a name, and answers with how many they are.
async fn records(
    kept: &Kept,
    out: &mut (impl Write + Send),
    name: &str,
    kind: &[u8],
) -> Result<u32, Failure> {
    let mut written = 0;
    line(out, &format!(",\n\"{name}\": ["))?;
    each(&kept.0.store, kind, |row| {
        line(out, if written == 0 { "\n" } else { ",\n" })?;
        written += 1;
        match record_of(row)?.it {
            Record::Commitment(it) => json(out, &it),
            Record::Customer(it) => json(out, &it),
            Record::Offer(it) => json(out, &it),
            Record::Series(it) => json(out, &it),
            Record::Chore(it) => json(out, &it),
            Record::Care(it) => json(out, &it),
            Record::Settings(it) => json(out, &it),
        }
    })
    .await?;
    line(out, "\n]")?;
    Ok(written)
}

fn json(out: &mut impl Write, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(out, value)
        .map_err(|error| Failure::new(Code::Storage, format!("The export failed: {error}.")))
}

fn line(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes())
        .map_err(|error| Failure::new(Code::Storage, format!("The export failed: {error}.")))
}

fn no_room(path: &Path, error: &str) -> Failure {
    Failure::new(
        Code::Storage,
        format!("The export to {} failed: {error}. Choose another place.", path.display()),
    )
}
