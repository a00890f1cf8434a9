//! The shape of the document that holds everything, and the JSON Schema of it, which is made from the records' own types
//! and the words that describe them.

use super::past::PastChange;
use crate::SCHEMA;
use crate::care::AllCare;
use kept_core::chore::Chore;
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::import::mapped::Mapping;
use kept_core::offer::Offer;
use kept_core::series::Series;
use kept_core::settings::Settings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How every document begins, so that it is known again.
pub(crate) const BEGINNING: &str = "{\"kept\": {";

/// The schema, as it is shipped.
pub(crate) fn schema() -> &'static str {
    include_str!("../../schema/kept-export.schema.json")
}

/// What wrote a document, and in which shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Heading {
    /// The shape of the records. A Kept that knows only smaller numbers refuses the document.
    pub schema: u32,
    /// The version of the Kept that wrote it.
    #[serde(default)]
    pub version: String,
}

impl Heading {
    /// Of this Kept.
    pub(crate) fn ours() -> Self {
        Self { schema: SCHEMA, version: env!("CARGO_PKG_VERSION").to_owned() }
    }

    /// Whether a newer Kept wrote it.
    pub(crate) fn is_newer(&self) -> bool {
        let numbers = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect();
        let (theirs, ours): (Vec<u32>, Vec<u32>) =
            (numbers(&self.version), numbers(env!("CARGO_PKG_VERSION")));
        self.schema > SCHEMA || theirs > ours
    }
}

/// Everything that Kept keeps: what `kept export` writes and `kept import` reads. Attached files lie in a folder beside the
/// document that has its name and ends in “ files”, each under the SHA-256 of its contents.
#[derive(JsonSchema)]
#[schemars(title = "Everything from Kept")]
#[expect(dead_code, reason = "it is never made: its shape is what the schema is made from")]
struct Document {
    /// What wrote it, and in which shape.
    kept: Heading,
    /// What the owner has set.
    settings: Settings,
    /// The customers.
    customers: Vec<Customer>,
    /// What was promised, whether it is open, handed over or called off.
    promises: Vec<Commitment>,
    /// The menu.
    offers: Vec<Offer>,
    /// Promises that repeat.
    series: Vec<Series>,
    /// What the shop does for itself again and again.
    chores: Vec<Chore>,
    /// Feedback, recoveries and their like.
    #[serde(flatten)]
    care: AllCare,
    /// What the columns of tables mean, as the owner has said, by a mark of their headers.
    #[serde(default)]
    columns: BTreeMap<String, Mapping>,
    /// Files that were brought in.
    #[serde(default)]
    imports: Vec<Value>,
    /// What happened to alerts, so that another computer does not call again for what was seen.
    #[serde(default)]
    alerts: Vec<Value>,
    /// What was done, change by change, with each record as it was before.
    #[serde(default)]
    history: Vec<PastChange>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Writes the schema where it is shipped from; the checks fail if what is committed differs.
    #[test]
    fn export_bindings_schema() {
        let schema = schemars::schema_for!(Document);
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("kept-export.schema.json"), text).unwrap();
    }

    #[test]
    fn a_document_of_a_newer_kept_is_known_by_its_numbers() {
        let check = |schema, version: &str, newer| {
            assert_eq!(
                Heading { schema, version: version.to_owned() }.is_newer(),
                newer,
                "{schema} {version}"
            );
        };
        check(SCHEMA, env!("CARGO_PKG_VERSION"), false);
        check(SCHEMA + 1, env!("CARGO_PKG_VERSION"), true);
        check(SCHEMA, "", false);
        check(SCHEMA, "0.0.9", false);
        check(SCHEMA, "99.0.0", true);
    }
}
