//! Everything that is kept, as one JSON document: each record as it stands, one a line, so that two exports can be compared.
//! Its shape is that of `document`.

use super::document::Heading;
use super::place::Beginning;
use super::{beside, past};
use crate::Kept;
use crate::care;
use crate::commit::record_of;
use crate::failure::{Code, Failure};
use crate::lists::each;
use crate::records::Record;
use kept_core::words::count;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
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
    /// Changes of the history.
    pub changes: u32,
    /// Attached files, in the folder beside it.
    pub files: u32,
}

impl Exported {
    /// In a sentence.
    pub(crate) fn words(&self, path: &Path) -> String {
        let (promises, customers) = (count(self.promises, "promise"), count(self.customers, "customer"));
        let files = match self.files {
            0 => String::new(),
            some => format!("; {} in “{}”", count(some, "attached file"), beside::name_of(path)),
        };
        format!("Wrote {promises} and {customers} to {}{files}", path.display())
    }
}

/// Writes everything to a file, and the attached files beside it.
pub(crate) async fn to_file(kept: &Kept, path: &Path) -> Result<Exported, Failure> {
    let mut file = Beginning::of(path)?;
    let mut exported = write(kept, &mut file).await?;
    exported.files = beside::put(kept, path).await?;
    file.finish()?;
    Ok(exported)
}

/// Writes everything.
pub(crate) async fn write(kept: &Kept, out: &mut (impl Write + Send)) -> Result<Exported, Failure> {
    let mut exported = Exported::default();
    let Heading { schema, version } = Heading::ours();
    line(out, &format!("{{\"kept\": {{\"schema\": {schema}, \"version\": \"{version}\"}},\n\"settings\": "))?;
    json(out, &kept.settings())?;
    exported.customers = records(kept, out, "customers", b"c").await?;
    exported.promises = records(kept, out, "promises", b"p").await?;
    exported.offers = records(kept, out, "offers", b"f").await?;
    exported.series = records(kept, out, "series", b"g").await?;
    exported.chores = records(kept, out, "chores", b"w").await?;
    for (kind, name) in care::KINDS {
        records(kept, out, name, kind).await?;
    }
    columns(kept, out).await?;
    as_they_lie(kept, out, "imports", b"i").await?;
    as_they_lie(kept, out, "alerts", b"ae").await?;
    exported.changes = history(kept, out).await?;
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
    let mut list = List::begin(out, name)?;
    each(&kept.0.store, kind, |row| match record_of(row)?.it {
        Record::Commitment(it) => list.add(&it),
        Record::Customer(it) => list.add(&it),
        Record::Offer(it) => list.add(&it),
        Record::Series(it) => list.add(&it),
        Record::Chore(it) => list.add(&it),
        Record::Care(it) => list.add(&it.plain().map_err(Failure::bug)?),
        Record::Settings(it) => list.add(&it),
    })
    .await?;
    list.end()
}

/// That all of it came over from another Kept is no part of what is kept.
#[derive(Deserialize)]
struct About {
    #[serde(default)]
    whole: bool,
}

/// Writes rows that are JSON already.
async fn as_they_lie(
    kept: &Kept,
    out: &mut (impl Write + Send),
    name: &str,
    prefix: &[u8],
) -> Result<(), Failure> {
    let mut list = List::begin(out, name)?;
    each(&kept.0.store, prefix, |row| {
        let About { whole } = serde_json::from_slice(&row.value).map_err(Failure::bug)?;
        let raw: &RawValue = serde_json::from_slice(&row.value).map_err(Failure::bug)?;
        if whole { Ok(()) } else { list.add(raw) }
    })
    .await?;
    list.end().map(drop)
}

/// Writes what the columns of tables mean.
async fn columns(kept: &Kept, out: &mut (impl Write + Send)) -> Result<(), Failure> {
    line(out, ",\n\"columns\": {")?;
    let mut begun = false;
    each(&kept.0.store, b"u", |row| {
        let name = String::from_utf8_lossy(row.key.get(1..).unwrap_or_default());
        line(out, if begun { ",\n" } else { "\n" })?;
        begun = true;
        json(out, &name)?;
        line(out, ": ")?;
        let raw: &RawValue = serde_json::from_slice(&row.value).map_err(Failure::bug)?;
        json(out, raw)
    })
    .await?;
    line(out, "\n}")
}

async fn history(kept: &Kept, out: &mut (impl Write + Send)) -> Result<u32, Failure> {
    let mut list = List::begin(out, "history")?;
    past::each_change(kept, |change| list.add(change)).await?;
    list.end()
}

/// A list that is being written, one item a line.
struct List<'a, W> {
    out: &'a mut W,
    items: u32,
}

impl<'a, W: Write> List<'a, W> {
    fn begin(out: &'a mut W, name: &str) -> Result<Self, Failure> {
        line(out, &format!(",\n\"{name}\": ["))?;
        Ok(Self { out, items: 0 })
    }

    fn add(&mut self, item: &(impl Serialize + ?Sized)) -> Result<(), Failure> {
        line(self.out, if self.items == 0 { "\n" } else { ",\n" })?;
        self.items += 1;
        json(self.out, item)
    }

    fn end(self) -> Result<u32, Failure> {
        line(self.out, "\n]")?;
        Ok(self.items)
    }
}

fn json(out: &mut impl Write, value: &(impl Serialize + ?Sized)) -> Result<(), Failure> {
    serde_json::to_writer(out, value)
        .map_err(|error| Failure::new(Code::Storage, format!("The export failed: {error}.")))
}

fn line(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes())
        .map_err(|error| Failure::new(Code::Storage, format!("The export failed: {error}.")))
}
