//! Bringing in files: a look into one, the run that brings it in, and taking a whole import back.

mod archive;
mod beside;
mod bringing;
mod contents;
mod feed;
mod file;
mod known;
mod large;
mod mapping;
mod own;
mod payments;
mod preview;
mod problems;
mod record;
mod taking_back;
mod watched;

pub(crate) use mapping::mapping_by_names;
pub(crate) use preview::look_into_file;
pub(crate) use problems::import_problems;
pub(crate) use watched::{new_exports, put_aside};

use crate::Kept;
use crate::backups::WITHOUT_BACKUP;
use crate::failure::{Code, Failure};
use crate::rows::to_u32;
use crate::takes::imports::LookInto;
use crate::takes::{Nothing, PastImports, TheImport};
use bringing::Terms;
use kept_core::id::ImportId;
use kept_core::views::{Done, ImportEnd, ImportProgress, PastImport};
use kept_core::words::count;
use record::Import;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The import that runs, or the last one that ran: there is one at a time.
#[derive(Debug, Default)]
pub(crate) struct Latest(Mutex<Option<Arc<Running>>>);

/// An import that runs or has ended.
#[derive(Debug)]
pub(super) struct Running {
    id: ImportId,
    name: String,
    done: AtomicU32,
    total: AtomicU32,
    stop: AtomicBool,
    /// It did not begin, for no backup could be made first.
    without_backup: AtomicBool,
    ended: Mutex<Option<ImportEnd>>,
}

/// Begins to bring in a file that was offered.
pub(crate) async fn bring_in(kept: &Kept, takes: LookInto) -> Result<TheImport, Failure> {
    let paths = offered(kept, &takes)?;
    let terms = Terms::of(kept, takes.lead_days)?;
    let running = kept.0.imports.begin(&paths)?;
    let import = running.id;
    let kept = kept.clone();
    tokio::spawn(async move {
        let (of, run) = (kept.clone(), Arc::clone(&running));
        let work = tokio::spawn(async move { bringing::bring_in(&of, paths, &takes, &terms, &run).await });
        // Whatever happens to the work, its end is said, so that nobody waits for ever.
        let end = work.await.unwrap_or_else(|stopped| Err(Failure::bug(stopped)));
        running.end(end.unwrap_or_else(|failure| failed(&running, &failure)));
        // What came in is announced now that all of it is here.
        kept.0.watching.wake();
    });
    Ok(TheImport { import })
}

/// Brings in files and waits for their end: what the command line asks for.
pub(crate) async fn to_the_end(kept: &Kept, takes: LookInto) -> Result<ImportEnd, Failure> {
    let paths = offered(kept, &takes)?;
    let terms = Terms::of(kept, takes.lead_days)?;
    let running = kept.0.imports.begin(&paths)?;
    let end = bringing::bring_in(kept, paths, &takes, &terms, &running).await;
    running.end(end.as_ref().map_or_else(|failure| failed(&running, failure), Clone::clone));
    end
}

/// Where the files of an import lie.
fn offered(kept: &Kept, takes: &LookInto) -> Result<Vec<PathBuf>, Failure> {
    if takes.files.is_empty() {
        return Err(Failure::field("files", "Choose a file."));
    }
    takes.files.iter().map(|file| kept.offered(file)).collect()
}

/// How far an import has come.
pub(crate) async fn import_progress(kept: &Kept, takes: TheImport) -> Result<ImportProgress, Failure> {
    let running = kept.0.imports.get(takes.import)?;
    let mut ended = running.ended();
    if let Some(end) = &mut ended {
        end.problems.truncate(preview::PROBLEMS);
    }
    Ok(ImportProgress {
        done: running.done.load(Ordering::Relaxed),
        total: running.total.load(Ordering::Relaxed),
        ended,
        without_backup: running.without_backup.load(Ordering::Relaxed),
    })
}

/// Stops an import; it takes back what it did and then ends.
pub(crate) async fn cancel_import(kept: &Kept, takes: TheImport) -> Result<Done, Failure> {
    let running = kept.0.imports.get(takes.import)?;
    if running.ended().is_some() {
        return Err(Failure::new(
            Code::Conflict,
            "This import has ended already. You can take it back as a whole.",
        ));
    }
    running.stop.store(true, Ordering::Relaxed);
    Ok(Done {
        change: 0,
        said: format!("Stopping, and taking back what came from {}", running.name),
        promise: None,
    })
}

/// Takes back a whole import. Promises that something newer has changed stay, and are named.
pub(crate) async fn undo_import(kept: &Kept, takes: TheImport) -> Result<Done, Failure> {
    if kept.0.imports.get(takes.import).is_ok_and(|running| running.ended().is_none()) {
        return Err(Failure::new(Code::Busy, "This import is still running. Stop it instead."));
    }
    let mut import = Import::read(kept, takes.import).await?;
    if import.undone {
        return Err(Failure::new(Code::Conflict, "This import was taken back already."));
    }
    let back = taking_back::take_back(kept, &mut import).await?;
    let promises = count(back.promises, "promise");
    let said = format!("Took back {promises} from {}.{}", import.name, back.stayed_words());
    Ok(Done { change: back.change, said, promise: None })
}

/// The imports of the past.
pub(crate) async fn imports(kept: &Kept, _: Nothing) -> Result<PastImports, Failure> {
    let now = kept.now();
    let zone = kept.settings().calendar.zone;
    let past = |import: Import| {
        let (day, time) = zone.wall(import.at);
        PastImport {
            counts: import.counts(),
            import: import.id,
            name: import.name,
            at: import.at,
            at_words: format!("{}, {time}", day.words(now.today)),
            created: import.created,
            updated: import.updated,
            undone: import.undone,
        }
    };
    Ok(PastImports { imports: Import::all(kept).await?.into_iter().map(past).collect() })
}

impl Latest {
    /// Whether a file is being brought in just now.
    pub(crate) fn is_running(&self) -> bool {
        let latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        latest.as_ref().is_some_and(|running| running.ended().is_none())
    }

    fn begin(&self, paths: &[PathBuf]) -> Result<Arc<Running>, Failure> {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = latest.as_ref().filter(|running| running.ended().is_none()) {
            let words = format!("{} is being brought in. Wait until it is done, or stop it.", running.name);
            return Err(Failure::new(Code::Busy, words));
        }
        let running = Arc::new(Running {
            id: ImportId::new(Uuid::now_v7()),
            name: file::name_of_all(paths),
            done: AtomicU32::new(0),
            total: AtomicU32::new(0),
            stop: AtomicBool::new(false),
            without_backup: AtomicBool::new(false),
            ended: Mutex::new(None),
        });
        *latest = Some(Arc::clone(&running));
        Ok(running)
    }

    fn get(&self, id: ImportId) -> Result<Arc<Running>, Failure> {
        let latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        latest
            .as_ref()
            .filter(|running| running.id == id)
            .cloned()
            .ok_or_else(|| Failure::not_found("This import"))
    }
}

impl Running {
    fn ended(&self) -> Option<ImportEnd> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn end(&self, end: ImportEnd) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
    }
}

fn failed(running: &Running, failure: &Failure) -> ImportEnd {
    let no_backup = failure.problems.iter().any(|problem| problem.field == WITHOUT_BACKUP);
    running.without_backup.store(no_backup, Ordering::Relaxed);
    let done = running.done.load(Ordering::Relaxed);
    let so_far = match done {
        0 => "Nothing was brought in.".to_owned(),
        _ => format!("{} were done before it; they can be taken back as a whole.", count(done, "promise")),
    };
    ImportEnd {
        cancelled: false,
        created: 0,
        updated: 0,
        unchanged: 0,
        customers: 0,
        payments: 0,
        problems: Vec::new(),
        failed: Some(failure.message.clone()),
        said: format!("{} {so_far}", failure.message),
    }
}
