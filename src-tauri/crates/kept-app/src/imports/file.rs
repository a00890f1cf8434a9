//! Files on the disk, read into what they tell. An archive is as many files as it holds.

use super::contents::{Contents, HELD_MOST, unreadable};
use super::feed::Feed;
use super::known::People;
use super::large::{How, LargeFile, Survey};
use super::mapping::{self, Remembered};
use super::{archive, own};
use crate::Kept;
use crate::failure::Failure;
use crate::rows::to_u32;
use crate::takes::imports::{FileAnswers, LookInto};
use kept_core::import::mapped::{self, Mapping, TableLook};
use kept_core::import::{
    Answers, Assumed, CustomerDraft, OrderDraft, PaymentDraft, Question, Reading, Unsplit, recognise,
};
use kept_core::views::LineProblem;
use kept_core::words::count;
use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What all files of an import tell.
pub(super) struct Batch {
    /// The name of the only file, or how many there are.
    pub name: String,
    /// Each file by itself.
    pub files: Vec<OneFile>,
    /// The orders of small files.
    orders: Vec<OrderDraft>,
    /// Files whose orders are read when they are brought in.
    large: Vec<Arc<LargeFile>>,
    /// How many orders there are in all files.
    pub order_count: usize,
    /// Everybody who ordered.
    pub people: People,
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
    let beside = kept.folder().to_owned();
    tokio::task::spawn_blocking(move || Reader { assumed, remembered, answers, beside }.all(&paths))
        .await
        .map_err(Failure::bug)?
}

struct Reader {
    assumed: Assumed,
    remembered: Remembered,
    answers: Vec<FileAnswers>,
    /// Where large files of archives are unpacked.
    beside: PathBuf,
}

/// What a file tells: all of it, or what it was surveyed to hold.
enum Told {
    Held(Reading),
    Large(Box<(LargeFile, Survey)>),
}

impl Reader {
    fn all(&self, paths: &[PathBuf]) -> Result<Batch, Failure> {
        let mut read: Vec<(OneFile, Told)> = Vec::new();
        let mut names = HashSet::new();
        let mut room = HELD_MOST;
        for path in paths {
            let contents = Contents::of(path, &mut room)?;
            let beginning = contents.beginning().map_err(|error| unreadable(&name(path), &error))?;
            if own::is_one(&beginning) {
                return Self::own(path, paths.len());
            }
            if archive::is_archive(&beginning) {
                for (name, contents) in self.unpacked(path, contents, &mut room)? {
                    read.push(self.one(unlike(&name, &mut names), contents)?);
                }
            } else {
                read.push(self.one(unlike(&name(path), &mut names), contents)?);
            }
        }
        // A file that cannot be read is said beside the others; if there is no other, it is all that there is to say.
        if let [(OneFile { name, refused: Some(words), .. }, _)] = read.as_slice() {
            return Err(Failure::field("files", format!("“{name}”: {words}")));
        }
        Ok(Batch::of(name_of_all(paths), read))
    }

    /// What another Kept has written is brought in by itself: nothing else can say what it means.
    fn own(path: &Path, files: usize) -> Result<Batch, Failure> {
        let name = name(path);
        let bytes = std::fs::read(path).map_err(|error| unreadable(&name, &error))?;
        if files > 1 {
            let words = format!("“{name}” holds everything of another Kept. Bring it in by itself.");
            return Err(Failure::field("files", words));
        }
        let moved = own::read(&bytes, path)
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
        let mut batch = Batch::of(name, vec![(file, Told::Held(Reading::empty()))]);
        batch.moved = Some(moved);
        Ok(batch)
    }

    fn unpacked(
        &self,
        path: &Path,
        contents: Contents,
        room: &mut u64,
    ) -> Result<Vec<(String, Contents)>, Failure> {
        let files = match contents {
            Contents::Held(bytes) => archive::files(Cursor::new(bytes), room, &self.beside),
            Contents::OnDisk(it) => {
                let file = it.into_file().map_err(|error| unreadable(&name(path), &error))?;
                archive::files(BufReader::new(file), room, &self.beside)
            }
        };
        files.map_err(|words| Failure::field("files", format!("“{}”: {words}", name(path))))
    }

    fn one(&self, name: String, contents: Contents) -> Result<(OneFile, Told), Failure> {
        let beginning = contents.beginning().map_err(|error| unreadable(&name, &error))?;
        let of_name = |answers: &&FileAnswers| answers.name.is_empty() || answers.name == name;
        let nothing = || FileAnswers { name: name.clone(), answers: Answers::default(), mapping: None };
        let answered = self.answers.iter().rev().find(of_name).cloned().unwrap_or_else(nothing);
        let file = OneFile { name, kind: "", refused: None, questions: Vec::new(), answered, table: None };
        match recognise(&beginning) {
            Ok(source) => self.read(OneFile { kind: source.kind, ..file }, How::Source(source), contents),
            Err(words) if !mapped::is_text(&beginning) => Ok(refused(file, words)),
            Err(_) => match mapped::look(&beginning) {
                Ok(look) => self.table(file, contents, look),
                Err(words) => Ok(refused(file, words)),
            },
        }
    }

    /// A table that is none of the known ones: by what was said of its columns just now, or for another file with the same
    /// header, or as they seem to mean.
    fn table(&self, file: OneFile, contents: Contents, look: TableLook) -> Result<(OneFile, Told), Failure> {
        let known = self.remembered.get(&look.fingerprint);
        let remembered = known.is_some() && file.answered.mapping.is_none();
        let said = file.answered.mapping.clone().or(known.cloned());
        let mapping = said.unwrap_or_else(|| mapping::guessed(&look));
        let table = Some(MappedTable { look, mapping: mapping.clone(), remembered });
        let file = OneFile { kind: mapped::SOURCE.kind, table, ..file };
        if mapping.is_enough() {
            self.read(file, How::Table(mapping), contents)
        } else {
            Ok((file, Told::Held(Reading::empty())))
        }
    }

    fn read(&self, file: OneFile, how: How, contents: Contents) -> Result<(OneFile, Told), Failure> {
        let assumed = Assumed { answers: file.answered.answers, ..self.assumed };
        let (told, questions) = match contents {
            Contents::Held(bytes) => {
                let reading = how.read_held(&bytes, assumed);
                let questions = reading.questions.clone();
                (Told::Held(reading), questions)
            }
            Contents::OnDisk(contents) => match LargeFile::survey(&file.name, contents, how, assumed) {
                Ok((large, survey)) => {
                    let questions = survey.reading.questions.clone();
                    (Told::Large(Box::new((large, survey))), questions)
                }
                Err(Unsplit::Refused(words)) => return Ok(refused(file, words)),
                Err(Unsplit::Disk(error)) => return Err(unreadable(&file.name, &error)),
            },
        };
        Ok((OneFile { questions, ..file }, told))
    }
}

fn refused(file: OneFile, words: String) -> (OneFile, Told) {
    (OneFile { kind: "", refused: Some(words), ..file }, Told::Held(Reading::empty()))
}

impl Batch {
    /// Puts together what several files tell: an order that two of them tell of is one. Those of large files are not held,
    /// and are merged when they are brought in.
    fn of(name: String, read: Vec<(OneFile, Told)>) -> Self {
        let several = read.len() > 1;
        let mut batch = Self {
            name,
            files: Vec::new(),
            orders: Vec::new(),
            large: Vec::new(),
            order_count: 0,
            people: People::default(),
            payments: Vec::new(),
            customers: Vec::new(),
            problems: Vec::new(),
            moved: None,
        };
        let mut by_name: HashMap<(&'static str, String, String), usize> = HashMap::new();
        for (file, told) in read {
            let reading = match told {
                Told::Held(reading) => reading,
                Told::Large(surveyed) => {
                    let (large, survey) = *surveyed;
                    batch.large.push(Arc::new(large));
                    batch.order_count += survey.orders;
                    batch.people.and(survey.people);
                    survey.reading
                }
            };
            if several {
                batch.hold(reading.orders, &mut by_name);
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
        batch.order_count += batch.orders.len();
        for order in &batch.orders {
            batch.people.hear(&order.customer, order.placed_at);
        }
        batch
    }

    fn hold(
        &mut self,
        orders: Vec<OrderDraft>,
        by_name: &mut HashMap<(&'static str, String, String), usize>,
    ) {
        self.orders.reserve(orders.len());
        for order in orders {
            let at = by_name.entry((order.shop, order.order.clone(), order.id.clone()));
            let at = *at.or_insert(self.orders.len());
            match self.orders.get_mut(at) {
                Some(known) => *known = known.clone().and(order),
                None => self.orders.push(order),
            }
        }
    }

    /// All orders, some at a time.
    pub(super) fn feed(&mut self) -> Feed {
        Feed::new(std::mem::take(&mut self.orders), std::mem::take(&mut self.large))
    }

    /// Whether orders may come that were brought in by this import already.
    pub(super) fn repeats(&self) -> bool {
        self.large.len() + usize::from(!self.orders.is_empty()) > 1
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
