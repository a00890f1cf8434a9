//! Links from outside, `kept://promise/…`: they open a place in the window and never do anything.

use crate::{sayings, window};
use kept_core::link::Link;
use tauri::AppHandle;

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
    #[cfg(target_os = "macos")]
    {
        use tauri_plugin_deep_link::DeepLinkExt;
        let on = app.clone();
        app.deep_link().on_open_url(move |event| {
            for link in event.urls() {
                follow(&on, link.as_str());
            }
        });
    }
    #[cfg(not(target_os = "macos"))]
    take_links(app);
}

/// Tells the system that links are Kept's, unless its package has. Never while Kept is being developed: the links of
/// the developer's own Kept would go to the wrong one.
#[cfg(not(target_os = "macos"))]
fn take_links(app: &AppHandle) {
    use tauri_plugin_deep_link::DeepLinkExt;
    if cfg!(debug_assertions) || app.deep_link().is_registered("kept").unwrap_or(false) {
        return;
    }
    if let Err(error) = app.deep_link().register("kept") {
        tracing::debug!("links to Kept will not open it: {error}");
    }
}
