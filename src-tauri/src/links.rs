//! Links from outside, `kept://promise/…`: they open a place in the window and never do anything.

use crate::{sayings, window};
use kept_core::link::Link;
use tauri::AppHandle;
use tauri_plugin_deep_link::DeepLinkExt;

/// Opens what a link names. One that is refused is refused in the window, where somebody sees why.
pub(crate) fn follow(app: &AppHandle, link: &str) {
    match link.parse::<Link>() {
        Ok(link) => window::go(app, link),
        Err(refusal) => {
            window::show(app);
            sayings::say(app, refusal);
        }
    }
}

/// Hears of links that the system hands over while Kept runs. Only a Mac does: elsewhere it starts Kept once more.
pub(crate) fn listen(app: &AppHandle) {
    if cfg!(target_os = "macos") {
        let on = app.clone();
        app.deep_link().on_open_url(move |event| {
            for link in event.urls() {
                follow(&on, link.as_str());
            }
        });
    }
}

/// Tells the system that links are Kept's. Packages do that when they are installed; an `AppImage` is not.
pub(crate) fn take(app: &AppHandle) {
    if is_app_image()
        && let Err(error) = app.deep_link().register("kept")
    {
        tracing::debug!("links to Kept will not open it: {error}");
    }
}

fn is_app_image() -> bool {
    cfg!(target_os = "linux") && std::env::var_os("APPIMAGE").is_some()
}
