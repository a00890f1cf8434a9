//! Sentences for the owner that the window has not asked for. They wait until it can say them: an event alone would be
//! lost on a page that is still loading.

use crate::window;
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager};

/// What is still to be said.
#[derive(Default)]
pub(crate) struct Sayings(Mutex<Vec<String>>);

/// Says a sentence in the window, now or as soon as it is drawn.
pub(crate) fn say(app: &AppHandle, sentence: String) {
    app.state::<Sayings>().0.lock().unwrap_or_else(PoisonError::into_inner).push(sentence);
    window::tell(app, "sayings", ());
}

/// The window takes what is to be said.
#[tauri::command]
pub(crate) async fn take_sayings(app: AppHandle) -> Vec<String> {
    let sayings = app.state::<Sayings>();
    std::mem::take(&mut *sayings.0.lock().unwrap_or_else(PoisonError::into_inner))
}
