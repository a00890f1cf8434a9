//! Opening the data, beside the window and not before it: the window is there at once and says so if it cannot be opened.
//! It begins first of all, while the system's toolkit is loaded, so that it is done when the page begins to work.

use crate::{desktop_key, links, memory, notices, stepped_clock, tray, waking, window};
use kept_app::failure::Failure;
use kept_app::{Host, Kept, Shown, watching};
use kept_core::settings::Appearance;
use serde_json::json;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager, Theme};
use tokio::sync::{Notify, OnceCell};

/// Kept, as soon as it is open.
pub(crate) struct Opening {
    data: PathBuf,
    /// The program, as soon as it is built.
    app: Arc<OnceLock<AppHandle>>,
    /// What was begun before the program was built.
    begun: Mutex<Option<JoinHandle<Result<Kept, Failure>>>>,
    kept: OnceCell<Kept>,
    /// Wakes what shows something outside of the window.
    changed: Notify,
    /// The window has asked for something and has its answer.
    answered: Notify,
}

impl Opening {
    /// Begins to open a folder. A second start on it does so in vain and goes before it has learned that: the folder is
    /// locked.
    pub(crate) fn of(data: PathBuf) -> Self {
        let app = Arc::new(OnceLock::new());
        let (folder, host) = (data.clone(), host(&app));
        let begun = tauri::async_runtime::spawn(async move { Kept::open(&folder, host).await });
        Self {
            data,
            app,
            begun: Mutex::new(Some(begun)),
            kept: OnceCell::new(),
            changed: Notify::new(),
            answered: Notify::new(),
        }
    }

    /// Kept; opens it if that was not done. Whoever asks again after a failure tries again: the other program that held
    /// the data may be gone.
    pub(crate) async fn kept(&self, app: &AppHandle) -> Result<&Kept, Failure> {
        self.kept.get_or_try_init(|| self.open(app)).await
    }

    /// Kept, if it is open.
    pub(crate) fn if_open(&self) -> Option<&Kept> {
        self.kept.get()
    }

    /// The window has asked for something and has its answer.
    pub(crate) fn has_answered(&self) {
        self.answered.notify_one();
    }

    async fn open(&self, app: &AppHandle) -> Result<Kept, Failure> {
        let _ = self.app.set(app.clone());
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take();
        let kept = match begun {
            Some(begun) => begun.await.map_err(Failure::bug)??,
            None => Kept::open(&self.data, host(&self.app)).await?,
        };
        if let Some(theme) = theme(kept.settings().appearance) {
            window::set_theme(app, Some(theme));
        }
        tauri::async_runtime::spawn(begin_the_rest(app.clone(), kept.clone()));
        Ok(kept)
    }
}

/// Takes what was begun as soon as it is there, also where no page asks for it.
pub(crate) fn begin(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // A failure is not lost: the window asks, and gets it.
        let _ = app.state::<Opening>().kept(&app).await;
    });
}

/// Begins what is not the window's: the watch, the tray. The first screen comes first, so that the owner sees at once
/// what she has to do; a window that never asks holds nothing up.
async fn begin_the_rest(app: AppHandle, kept: Kept) {
    const TO_DRAW: Duration = Duration::from_millis(700);
    const PATIENCE: Duration = Duration::from_secs(3);
    const TO_SETTLE: Duration = Duration::from_secs(1);
    let opening = app.state::<Opening>();
    if tokio::time::timeout(PATIENCE, opening.answered.notified()).await.is_ok() {
        tokio::time::sleep(TO_DRAW).await;
    }
    tauri::async_runtime::spawn(watching::watch(kept.clone()));
    waking::listen(&app);
    links::take(&app);
    tauri::async_runtime::spawn(show_outside(app.clone(), kept));
    tokio::time::sleep(TO_SETTLE).await;
    memory::give_back_what_is_free();
}

fn host(app: &Arc<OnceLock<AppHandle>>) -> Host {
    let (for_notices, for_changes) = (Arc::clone(app), Arc::clone(app));
    Host {
        now: Box::new(stepped_clock::read()),
        notify: Box::new(move |notice| {
            let app = for_notices.get();
            app.map_or_else(
                || Shown::Refused("Kept is still starting.".to_owned()),
                |app| notices::show(app, &notice),
            )
        }),
        changed: Box::new(move |revision| {
            if let Some(app) = for_changes.get() {
                window::tell(app, "changed", json!({ "revision": revision }));
                app.state::<Opening>().changed.notify_one();
            }
        }),
    }
}

/// Keeps the tray, the notices, the key of the desktop and the colours of the window as the data and the settings want
/// them.
async fn show_outside(app: AppHandle, kept: Kept) {
    // What the tray says goes by the clock, also while nothing is changed.
    const AT_LEAST_EVERY: Duration = Duration::from_secs(60);
    let opening = app.state::<Opening>();
    let (mut shown, mut was_busy) = (None, false);
    loop {
        shown = tray::show(&app, &kept, shown).await;
        notices::close_what_is_over(&app, &kept).await;
        desktop_key::take(&app, kept.settings().quick_add_key);
        let changed = opening.changed.notified();
        if tokio::time::timeout(AT_LEAST_EVERY, changed).await.is_ok() {
            window::set_theme(&app, theme(kept.settings().appearance));
            was_busy = true;
        } else if std::mem::take(&mut was_busy) {
            memory::give_back_what_is_free();
        }
    }
}

fn theme(appearance: Appearance) -> Option<Theme> {
    match appearance {
        Appearance::System => None,
        Appearance::Light => Some(Theme::Light),
        Appearance::Dark => Some(Theme::Dark),
    }
}
