//! Files on the disk, read into what they tell. An archive is as many files as it holds.

use super::mapping::{self, Remembered};
use super::{archive, own};
use crate::Kept;
use crate::failure::{Code, Failure};
use crate::rows::to_u32;
use crate::takes::imports::{FileAnswers, LookInto};
use kept_core::import::mapped::{self, Mapping, TableLook};
use kept_core::import::{
    Answers, Assumed, CustomerDraft, OrderDraft, PaymentDraft, Question, Reading, recognise,
};
use kept_core::views::LineProblem;
use kept_core::words::count;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Larger files are no order export of a small business, and would not fit into memory beside everything else.
pub(super) const LARGEST: u64 = 500 * 1024 * 1024;

/// What all files of an import tell.
pub(super) struct Batch {
    /// The name of the only file, or how many there are.
    pub name: String,
    /// Each file by itself.
    pub files: Vec<OneFile>,
    pub orders: Vec<OrderDraft>,
    pub payments: Vec<(String, PaymentDraft)>,
    pub customers: Vec<CustomerDraft>,
    pub problems: Vec<LineProblem>,
    /// All of it came from another Kept.
    pub moved: Option<own::Moved>,
}

/// What is known of one file beside what it tells.
pub(super) struct OneFile {
    /// Its name, which is unlike that of any other file.
    pub name: String,
    /// What kind of export it is; empty if it cannot be read.
    pub kind: &'static str,
    /// Why it cannot be read.
    pub refused: Option<String>,
    pub questions: Vec<Question>,
    pub answered: FileAnswers,
    /// Its columns, where the owner says what they mean.
    pub table: Option<MappedTable>,
}

/// A table with what its columns mean.
pub(super) struct MappedTable {
    pub look: TableLook,
    pub mapping: Mapping,
    /// The owner has said so for another file.
    pub remembered: bool,
}

/// The name of a file, without its folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// What an import of several files is called.
pub(super) fn name_of_all(paths: &[PathBuf]) -> String {
    match paths {
        [one] => name(one),
        several => count(to_u32(several.len()), "file"),
    }
}

/// Reads files on a thread that may wait.
pub(super) async fn read(kept: &Kept, paths: Vec<PathBuf>, takes: &LookInto) -> Result<Batch, Failure> {
    let settings = kept.settings();
    let assumed = Assumed::of(settings.calendar.zone, settings.currency, kept.now().stamp);
    let remembered = mapping::remembered(kept).await?;
    let answers = takes.answers.clone();
    tokio::task::spawn_blocking(move || Reader { assumed, remembered, answers }.all(&paths))
        .await
        .map_err(Failure::bug)?
}

struct Reader {
    assumed: Assumed,
    remembered: Remembered,
    answers: Vec<FileAnswers>,
}

impl Reader {
    fn all(&self, paths: &[PathBuf]) -> Result<Batch, Failure> {
        let mut read: Vec<(OneFile, Reading)> = Vec::new();
        let mut names = HashSet::new();
        for path in paths {
            let bytes = bytes(path)?;
            if own::is_one(&bytes) {
                return Self::own(path, paths.len(), &bytes);
            }
            if archive::is_archive(&bytes) {
                let files = archive::files(&bytes)
                    .map_err(|words| Failure::field("files", format!("“{}”: {words}", name(path))))?;
                drop(bytes);
                read.extend(
                    files.into_iter().map(|(name, bytes)| self.one(unlike(&name, &mut names), &bytes)),
                );
            } else {
                read.push(self.one(unlike(&name(path), &mut names), &bytes));
            }
        }
        // A file that cannot be read is said beside the others; if there is no other, it is all that there is to say.
        if let [(OneFile { name, refused: Some(words), .. }, _)] = read.as_slice() {
            return Err(Failure::field("files", format!("“{name}”: {words}")));
        }
        Ok(Batch::of(name_of_all(paths), read))
    }

    /// What another Kept has written is brought in by itself: nothing else can say what it means.
    fn own(path: &Path, files: usize, bytes: &[u8]) -> Result<Batch, Failure> {
        let name = name(path);
        if files > 1 {
            let words = format!("“{name}” holds everything of another Kept. Bring it in by itself.");
            return Err(Failure::field("files", words));
        }
        let moved = own::read(bytes, path)
            .map_err(|words| Failure::field("files", format!("“{name}” was written by Kept. {words}")))?;
        let answered = FileAnswers { name: name.clone(), answers: Answers::default(), mapping: None };
        let file = OneFile {
            name: name.clone(),
            kind: own::KIND,
            refused: None,
            questions: Vec::new(),
            answered,
            table: None,
        };
        let mut batch = Batch::of(name, vec![(file, Reading::empty())]);
        batch.moved = Some(moved);
        Ok(batch)
    }

    fn one(&self, name: String, bytes: &[u8]) -> (OneFile, Reading) {
        let of_name = |answers: &&FileAnswers| answers.name.is_empty() || answers.name == name;
        let nothing = || FileAnswers { name: name.clone(), answers: Answers::default(), mapping: None };
        let answered = self.answers.iter().rev().find(of_name).cloned().unwrap_or_else(nothing);
        let assumed = Assumed { answers: answered.answers, ..self.assumed };
        let file = OneFile { name, kind: "", refused: None, questions: Vec::new(), answered, table: None };
        let not_known = match recognise(bytes) {
            Ok(source) => {
                let reading = (source.read)(bytes, assumed);
                return (
                    OneFile { kind: source.kind, questions: reading.questions.clone(), ..file },
                    reading,
                );
            }
            Err(words) => words,
        };
        if !mapped::is_text(bytes) {
            return (OneFile { refused: Some(not_known), ..file }, Reading::empty());
        }
        match mapped::look(bytes) {
            Ok(look) => self.table(file, bytes, assumed, look),
            Err(words) => (OneFile { refused: Some(words), ..file }, Reading::empty()),
        }
    }

    /// A table that is none of the known ones: by what was said of its columns just now, or for another file with the same
    /// header, or as they seem to mean.
    fn table(&self, file: OneFile, bytes: &[u8], assumed: Assumed, look: TableLook) -> (OneFile, Reading) {
        let known = self.remembered.get(&look.fingerprint);
        let remembered = known.is_some() && file.answered.mapping.is_none();
        let said = file.answered.mapping.clone().or(known.cloned());
        let mapping = said.unwrap_or_else(|| mapping::guessed(&look));
        let reading =
            if mapping.is_enough() { mapped::read(bytes, assumed, &mapping) } else { Reading::empty() };
        let table = Some(MappedTable { look, mapping, remembered });
        (OneFile { kind: mapped::SOURCE.kind, questions: reading.questions.clone(), table, ..file }, reading)
    }
}

impl Batch {
    /// Puts together what several files tell: an order that two of them tell of is one.
    fn of(name: String, read: Vec<(OneFile, Reading)>) -> Self {
        let several = read.len() > 1;
        let mut batch = Self {
            name,
            files: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            customers: Vec::new(),
            problems: Vec::new(),
            moved: None,
        };
        let mut by_name: HashMap<(&'static str, String, String), usize> = HashMap::new();
        for (file, reading) in read {
            if several {
                batch.orders.reserve(reading.orders.len());
                for order in reading.orders {
                    let at = by_name.entry((order.shop, order.order.clone(), order.id.clone()));
                    let at = *at.or_insert(batch.orders.len());
                    match batch.orders.get_mut(at) {
                        Some(known) => *known = known.clone().and(order),
                        None => batch.orders.push(order),
                    }
                }
            } else {
                batch.orders = reading.orders;
            }
            let named = if several { file.name.clone() } else { String::new() };
            batch.payments.extend(reading.payments.into_iter().map(|payment| (named.clone(), payment)));
            batch.customers.extend(reading.customers);
            let said = reading.problems.into_iter();
            batch.problems.extend(said.map(|problem| LineProblem { file: named.clone(), ..problem }));
            let unread = file
                .refused
                .iter()
                .map(|words| LineProblem { file: file.name.clone(), ..LineProblem::new(1, words.clone()) });
            batch.problems.extend(unread);
            batch.files.push(file);
        }
        batch
    }

    /// What has to be said before this can be brought in.
    pub(super) fn unanswered(&self) -> Option<Failure> {
        self.files.iter().find_map(|file| {
            if file.table.as_ref().is_some_and(|table| !table.mapping.is_enough()) {
                let is = format!("Say which column of “{}” names what is promised, or to whom.", file.name);
                return Some(Failure::field("answers", is));
            }
            let question = file.questions.iter().find(|question| **question != Question::AsOrders)?;
            let asked = kept_core::views::imports::ImportQuestion::of(question);
            Some(Failure::field("answers", format!("“{}”: {}", file.name, asked.words)))
        })
    }

    /// What was said of the columns of tables, to be remembered.
    pub(super) fn mappings(&self) -> Vec<(String, Mapping)> {
        let tables = self.files.iter().filter_map(|file| file.table.as_ref());
        tables.map(|table| (table.look.fingerprint.clone(), table.mapping.clone())).collect()
    }
}

/// A name that no other file of the import has.
fn unlike(name: &str, names: &mut HashSet<String>) -> String {
    let mut unlike = name.to_owned();
    let mut count = 1;
    while !names.insert(unlike.clone()) {
        count += 1;
        unlike = format!("{name} ({count})");
    }
    unlike
}

pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = name(path);
    let failed = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Failure::new(Code::NotFound, format!("There is no file “{name}” any more."))
        } else {
            Failure::field("files", format!("“{name}” could not be read: {error}."))
        }
    };
    let about = std::fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        return Err(Failure::field("files", format!("“{name}” is a folder. Choose the file inside.")));
    }
    if about.len() > LARGEST {
        return Err(Failure::field(
            "files",
            format!(
                "“{name}” is larger than 500 MB. Export the orders in several parts, by month or by year."
            ),
        ));
    }
    std::fs::read(path).map_err(failed)
}
