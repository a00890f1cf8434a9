//! Taking data along and forgetting customers on the command line.

use super::{Answer, line};
use crate::failure::{Code, Failure};
use crate::takes::out::{ForgetCustomer, WhomToForget};
use crate::{Kept, export, privacy};
use clap::Args;
use kept_core::customer::Customer;
use kept_core::id::CustomerId;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What is written, and where.
#[derive(Debug, Default, Args)]
pub struct Export {
    /// The file. Attached files are copied to a folder beside it.
    pub file: Option<PathBuf>,
    /// Print the JSON Schema of the document, and nothing else.
    #[arg(long, exclusive = true)]
    pub schema: bool,
    /// Write a table for each kind to this folder instead, as CSV.
    #[arg(long, value_name = "FOLDER", conflicts_with = "file")]
    pub csv: Option<PathBuf>,
    /// Write the open promises to this file instead, as a calendar.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "csv"])]
    pub ics: Option<PathBuf>,
    /// With --ics: also what was handed over or called off.
    #[arg(long, requires = "ics")]
    pub closed: bool,
    /// Write all that is known of this customer to the file instead: a page to read, or JSON if it ends in .json.
    #[arg(long, value_name = "NAME|ID", requires = "file", conflicts_with_all = ["csv", "ics"])]
    pub customer: Option<String>,
    /// Say how much was written as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Who is forgotten.
#[derive(Debug, Args)]
pub struct Forget {
    /// The customer's name, or id.
    #[arg(value_name = "NAME|ID")]
    pub customer: String,
    /// Do it. Without this it only says what goes and what remains.
    #[arg(long)]
    pub yes: bool,
    /// A word that goes as well, wherever it stands: a first name, a nickname.
    #[arg(long = "word", value_name = "WORD")]
    pub words: Vec<String>,
    /// Also remove the backups that hold them; a new one is made.
    #[arg(long)]
    pub backups_too: bool,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Writes what is asked for.
pub(super) async fn export(kept: &Kept, what: &Export) -> Result<Answer, Failure> {
    if let Some(folder) = &what.csv {
        let written = export::tables_to(kept, folder).await?;
        let tables: Vec<Value> =
            written.iter().map(|(file, rows)| json!({ "file": file, "rows": rows })).collect();
        return Ok(said(what.json, &json!({ "tables": tables }), &export::tables_words(&written, folder)));
    }
    if let Some(file) = &what.ics {
        let promises = export::calendar_to(kept, file, what.closed).await?;
        let words = export::calendar_words(promises, file);
        return Ok(said(what.json, &json!({ "file": file, "promises": promises }), &words));
    }
    let Some(file) = &what.file else {
        let mut document = Vec::new();
        export::write(kept, &mut document).await?;
        return Ok(Answer { text: String::from_utf8(document).map_err(Failure::bug)?, ok: true });
    };
    match &what.customer {
        Some(customer) => {
            let id = customer_named(kept, customer).await?;
            let words = export::of_one_customer(kept, id, file).await?;
            Ok(said(what.json, &json!({ "file": file, "customer": id }), &words))
        }
        None => everything(kept, file, what.json).await,
    }
}

async fn everything(kept: &Kept, file: &Path, as_json: bool) -> Result<Answer, Failure> {
    let exported = export::to_file(kept, file).await?;
    let mut counts = serde_json::to_value(exported).map_err(Failure::bug)?;
    if let Value::Object(fields) = &mut counts {
        fields.insert("file".to_owned(), json!(file));
    }
    Ok(said(as_json, &counts, &exported.words(file)))
}

/// Forgets a customer, or says what that would mean.
pub(super) async fn forget(kept: &Kept, whom: Forget) -> Result<Answer, Failure> {
    let customer = customer_named(kept, &whom.customer).await?;
    if !whom.yes {
        let view = privacy::forgetting(kept, WhomToForget { customer }).await?;
        let mut text = format!("{} would become “{}”.\n\nGone for ever:\n", view.name, view.becomes);
        // Writing to a string cannot fail.
        for words in &view.goes {
            let _ = writeln!(text, "  {words}");
        }
        text.push_str("\nWhat remains:\n");
        for words in &view.remains {
            let _ = writeln!(text, "  {words}");
        }
        let _ = write!(text, "\n{}\n\nNothing was changed. Say --yes to do it.", view.until);
        let Answer { text, .. } = said(whom.json, &json!(view), &text);
        return Ok(Answer { text, ok: false });
    }
    let takes = ForgetCustomer { customer, version: None, words: whom.words, backups_too: whom.backups_too };
    let done = privacy::forget_customer(kept, takes).await?;
    Ok(said(whom.json, &json!({ "said": done.said }), &done.said))
}

/// The customer with an id, or the only one with a name.
async fn customer_named(kept: &Kept, named: &str) -> Result<CustomerId, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(kept.customer(id).await?.it.id);
    }
    let found = export::customers_named(kept, &Customer::folded_name(named)).await?;
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::new(Code::NotFound, format!("There is no customer “{named}”."))),
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            let words =
                format!("Several customers are called “{named}”. Name one by id: {}.", ids.join(", "));
            Err(Failure::new(Code::Invalid, words))
        }
    }
}

fn said(as_json: bool, value: &Value, words: &str) -> Answer {
    let text = if as_json { line(value) } else { format!("{words}\n") };
    Answer { text, ok: true }
}
