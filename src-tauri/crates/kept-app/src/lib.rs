//! Kept without a window: whoever runs it says what time it is, how to show a notice, and whom to tell of changes.
//!
//! Every use case reads like four steps: read, decide, write, tell. Deciding is `kept-core`; writing is one atomic
//! commit, on the disk before the answer; telling is `Host::changed`, upon which the open screen asks again.

mod alerts;
mod attached;
mod attachments;
mod backed_up;
mod backups;
mod blocking;
mod board;
mod bulk;
mod calendar_view;
mod care;
mod causes;
mod chores;
pub mod clock;
pub mod command_line;
mod commit;
mod cores;
mod customers;
mod desktop;
mod evidence;
mod export;
mod facts;
pub mod failure;
mod feedback;
mod find;
mod history;
mod holidays;
mod imports;
mod indexing;
mod insights;
mod lists;
mod made_up;
mod menu;
mod plan;
mod preparing;
mod printed;
mod privacy;
mod promise;
mod promising;
mod read_ahead;
mod reading;
mod records;
mod recoveries;
mod recurrence;
mod reminders;
pub mod requests;
mod rows;
mod series;
mod settings;
mod shape;
mod shell;
mod shop;
mod slips;
pub mod store;
pub mod takes;
mod tallies;
mod telling;
mod today;
pub mod watching;
mod wins;
mod work;

use crate::clock::Reading;
use crate::failure::{Code, Failure};
use crate::records::Known;
use crate::shop::Shop;
use crate::store::{Health, JournaledSled, Options, Store};
use kept_core::commitment::Commitment;
use kept_core::customer::Customer;
use kept_core::day::Now;
use kept_core::id::{CommitmentId, CustomerId};
use kept_core::settings::Settings;
use kept_core::views::OfferedFile;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use uuid::Uuid;

/// The version of the records' shape. Data with a higher one is refused, untouched.
pub const SCHEMA: u32 = 1;

/// What Kept needs from whoever runs it.
pub struct Host {
    /// What the clocks show.
    pub now: Box<dyn Fn() -> Reading + Send + Sync>,
    /// Shows a notice on the desktop and says what the system made of it. May block for a moment.
    pub notify: Box<dyn Fn(Notice) -> Shown + Send + Sync>,
    /// Something was changed: whoever shows it asks again. The number of the newest change; it stays the same when only
    /// alerts have changed.
    pub changed: Box<dyn Fn(u64) + Send + Sync>,
}

/// A notice for the desktop. It is only a pointer: the alert centre is the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// By which a click or a button is told apart from those of other notices.
    pub id: String,
    /// The first line.
    pub title: String,
    /// What follows, in plain text.
    pub body: String,
    /// The promise that a click opens; none for a summary, which opens the alert centre.
    pub promise: Option<CommitmentId>,
    /// What it is about: of two about the same the newer takes the place of the older.
    pub subject: String,
    /// What can be done right there.
    pub buttons: Vec<watching::Button>,
    /// It may make a sound.
    pub sound: bool,
    /// If it cannot be shown the window is to come to the front: the owner wants that for what is overdue.
    pub raises: bool,
}

/// What the system made of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It was taken.
    Shown,
    /// It was refused, and why, in words.
    Refused(String),
    /// The system does not say.
    Unknown,
}

/// Kept, open on one data folder. Clones are handles on the same one.
#[derive(Clone)]
pub struct Kept(Arc<Inner>);

struct Inner {
    store: JournaledSled,
    /// What brings data of an older Kept to the shape of this one.
    steps: &'static [shape::Step],
    host: Host,
    folder: PathBuf,
    /// What had to be repaired when the data was opened, in words.
    repaired: Vec<String>,
    shop: RwLock<Shop>,
    watching: watching::Watching,
    /// Held from reading to telling by every use case that writes, so that what was read still holds when it is written.
    writing: tokio::sync::Mutex<()>,
    catalogue: tokio::sync::Mutex<Option<lists::Catalogue>>,
    people: tokio::sync::Mutex<Option<customers::People>>,
    offered: Mutex<HashMap<String, PathBuf>>,
    imports: imports::Latest,
    backups: backups::Backups,
    subscription: export::Subscription,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

impl Kept {
    /// Opens a data folder, making it if it is not there, and repairs what can be repaired.
    ///
    /// Blocks while the disk is read: call it from a thread that may wait.
    pub async fn open(folder: &Path, host: Host) -> Result<Self, Failure> {
        Self::open_in_shape(folder, host, SCHEMA, shape::STEPS).await
    }

    /// Opens a data folder and brings it to a shape by these steps.
    async fn open_in_shape(
        folder: &Path,
        host: Host,
        schema: u32,
        steps: &'static [shape::Step],
    ) -> Result<Self, Failure> {
        let options = Options { schema, ..Options::default() };
        let data = folder.to_owned();
        let (store, opened) = tokio::task::spawn_blocking(move || JournaledSled::open(&data, options))
            .await
            .map_err(Failure::bug)??;
        let now = (host.now)().stamp;
        if shape::is_old(&store, steps).await? {
            backups::before_steps(&store, folder, now).await?;
            shape::take_steps(&store, steps).await?;
        }
        let shop = commit::load(&store, clock::machine_zone(), now).await?;
        let watching = watching::Watching::load(&store).await?;
        attachments::clear_incoming(folder);
        attached::clear_opened(folder);
        Ok(Self(Arc::new(Inner {
            store,
            steps,
            host,
            folder: folder.to_owned(),
            repaired: opened.words,
            shop: RwLock::new(shop),
            watching,
            writing: tokio::sync::Mutex::new(()),
            catalogue: tokio::sync::Mutex::new(None),
            people: tokio::sync::Mutex::new(None),
            offered: Mutex::default(),
            imports: imports::Latest::default(),
            backups: backups::Backups::default(),
            subscription: export::Subscription::default(),
        })))
    }

    /// Closes the data in good order. Whatever is asked afterwards fails.
    pub async fn close(&self) -> Result<(), Failure> {
        watching::quit(self).await;
        Ok(self.0.store.close().await?)
    }

    /// Takes note of a file that the owner has chosen or dropped. Only such files can be imported: their paths never
    /// reach the UI, and the UI cannot name others.
    pub fn offer_file(&self, path: &Path) -> OfferedFile {
        let file = Uuid::now_v7().to_string();
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.0.offered.lock().unwrap_or_else(PoisonError::into_inner).insert(file.clone(), path.to_owned());
        OfferedFile { file, name }
    }

    /// The folder that holds the data.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// What the owner has set.
    pub fn settings(&self) -> Settings {
        self.shop().settings.it.clone()
    }

    /// What had to be repaired, when the data was opened or since, in words.
    pub(crate) fn repaired(&self) -> Vec<String> {
        let mut words = self.0.repaired.clone();
        match &*self.0.store.health().borrow() {
            Health::Sound | Health::Checking => {}
            Health::Rebuilt(more) | Health::Wrong(more) => words.extend(more.iter().cloned()),
        }
        words
    }

    /// Numbers of changes up to this one were given out, be it by another Kept.
    pub(crate) fn go_on_after(&self, change: u64) {
        let mut shop = self.shop_mut();
        shop.change = shop.change.max(change);
    }

    /// They were not given out after all.
    pub(crate) fn go_back_to(&self, change: u64) {
        self.shop_mut().change = change;
    }

    /// The moment, as the business's clocks show it.
    pub(crate) fn now(&self) -> Now {
        let zone = self.shop().settings.it.calendar.zone;
        Now::at((self.0.host.now)().stamp, zone)
    }

    /// The path of a file that was offered.
    pub(crate) fn offered(&self, file: &str) -> Result<PathBuf, Failure> {
        let offered = self.0.offered.lock().unwrap_or_else(PoisonError::into_inner);
        offered.get(file).cloned().ok_or_else(|| Failure::new(Code::NotFound, "Choose the file once more."))
    }

    /// What is held in memory. Never kept across an `await`.
    pub(crate) fn shop(&self) -> RwLockReadGuard<'_, Shop> {
        self.0.shop.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn shop_mut(&self) -> RwLockWriteGuard<'_, Shop> {
        self.0.shop.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A commitment, open or closed.
    pub(crate) async fn commitment(&self, id: CommitmentId) -> Result<Arc<Known<Commitment>>, Failure> {
        if let Some(known) = self.shop().open.get(&id) {
            return Ok(Arc::clone(known));
        }
        commit::commitments(&self.0.store, &[id])
            .await?
            .pop()
            .flatten()
            .map(Arc::new)
            .ok_or_else(|| Failure::not_found("This promise"))
    }

    /// A customer.
    pub(crate) async fn customer(&self, id: CustomerId) -> Result<Arc<Known<Customer>>, Failure> {
        self.customers(&[id]).await?;
        self.shop().customers.get(&id).cloned().ok_or_else(|| Failure::not_found("This customer"))
    }

    /// Makes sure that these customers are in memory.
    pub(crate) async fn customers(&self, ids: &[CustomerId]) -> Result<(), Failure> {
        let missing: Vec<CustomerId> = {
            let shop = self.shop();
            ids.iter().filter(|id| !shop.customers.contains_key(id)).copied().collect()
        };
        if missing.is_empty() {
            return Ok(());
        }
        let read = commit::customers(&self.0.store, &missing).await?;
        let mut shop = self.shop_mut();
        shop.make_room(ids);
        for known in read.into_iter().flatten() {
            shop.customers.entry(known.it.id).or_insert_with(|| Arc::new(known));
        }
        Ok(())
    }
}
