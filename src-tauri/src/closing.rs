//! Closing the window, which keeps Kept watching or quits it, as the owner has said once.

use crate::asking::asked;
use crate::opening::Opening;
use crate::{notices, tray, window};
use kept_app::failure::Failure;
use kept_core::settings::{OnClose, Settings};
use kept_core::views::QuitView;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, Manager};

/// For how long quitting waits for the data to be closed. It is safe without; the next start is only slower.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is under way while the window closes.
#[derive(Default)]
pub(crate) struct Closing {
    /// The UI was asked what to do and has not stirred since.
    unanswered: AtomicBool,
}

impl Closing {
    /// The UI has asked for something: it will also answer.
    pub(crate) fn the_ui_is_alive(&self) {
        self.unanswered.store(false, Ordering::Relaxed);
    }
}

/// The owner closes the window.
pub(crate) async fn close(app: AppHandle) {
    let opening = app.state::<Opening>();
    let Some(kept) = opening.if_open() else {
        return quit(&app);
    };
    match kept.settings().on_close {
        Some(OnClose::KeepWatching) => window::hide(&app),
        Some(OnClose::Quit) => quit_saying_what_is_not_watched(&app).await,
        None => let_the_ui_ask(&app),
    }
}

/// Quits, unless something would then go unwatched: that is said first, and the owner chooses.
pub(crate) async fn quit_saying_what_is_not_watched(app: &AppHandle) {
    let opening = app.state::<Opening>();
    let unwatched = match opening.if_open() {
        Some(kept) => asked::<QuitView>(kept, "quitting").await.is_ok_and(|view| !view.unwatched.is_empty()),
        None => false,
    };
    if unwatched { let_the_ui_ask(app) } else { quit(app) }
}

/// The UI says what will not be watched and asks. If it is broken, closing once more quits.
fn let_the_ui_ask(app: &AppHandle) {
    if app.state::<Closing>().unanswered.swap(true, Ordering::Relaxed) {
        return quit(app);
    }
    window::show(app);
    window::tell(app, "ask_close", Value::Null);
}

/// The owner has answered. The answer is kept for the next time; only quitting for once, where closing is to keep
/// watching, is not.
#[tauri::command]
pub(crate) async fn close_window(app: AppHandle, what: OnClose) -> Result<(), Failure> {
    let opening = app.state::<Opening>();
    let kept = opening.kept(&app).await?;
    let settings = kept.settings();
    let first_time = settings.on_close.is_none();
    if first_time || what == OnClose::KeepWatching {
        let settings = Settings { on_close: Some(what), ..settings };
        kept.answer("change_settings", serde_json::to_value(settings).map_err(Failure::bug)?).await?;
    }
    match what {
        OnClose::Quit => quit(&app),
        OnClose::KeepWatching => {
            window::hide(&app);
            if first_time && !tray::is_there(&app) {
                notices::say_how_to_come_back(&app);
            }
        }
    }
    Ok(())
}

/// Quits without a question.
pub(crate) fn quit(app: &AppHandle) {
    window::hide(app);
    app.exit(0);
}

/// The last thing before the program ends, however it came to that.
pub(crate) fn close_the_data(app: &AppHandle) {
    let opening = app.state::<Opening>();
    let Some(kept) = opening.if_open() else { return };
    let closed = tauri::async_runtime::block_on(async { tokio::time::timeout(PATIENCE, kept.close()).await });
    match closed {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => tracing::warn!("the data was not closed in good order: {failure}"),
        Err(_) => tracing::warn!("the data was not closed in good order: it took too long"),
    }
}
