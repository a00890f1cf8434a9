//! What is wrong in files, as a file that can be saved and gone through.

use super::{file, payments};
use crate::Kept;
use crate::export::harmless;
use crate::failure::Failure;
use crate::takes::imports::LookInto;
use kept_core::views::imports::TextFile;

/// All problems of some files as CSV, by file and line, and their payments that fit no promise.
pub(crate) async fn import_problems(kept: &Kept, takes: LookInto) -> Result<TextFile, Failure> {
    let paths = super::offered(kept, &takes)?;
    let mut batch = file::read(kept, paths, &takes).await?;
    let fates = payments::fates(kept, &batch.payments, &takes.payments).await?;
    batch.problems.extend(payments::left(&batch.payments, &fates, &takes.payments));
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["File", "Line", "Problem"]).map_err(Failure::bug)?;
    for problem in &batch.problems {
        let file = if problem.file.is_empty() { &batch.name } else { &problem.file };
        csv.write_record([&harmless(file), &problem.line.to_string(), &harmless(&problem.is)])
            .map_err(Failure::bug)?;
    }
    let bytes = csv.into_inner().map_err(Failure::bug)?;
    let text = String::from_utf8(bytes).map_err(Failure::bug)?;
    Ok(TextFile { name: format!("Problems in {}.csv", batch.name), text })
}
