//! What the settings say about this desktop, and starting at login.

use crate::desktop_key::DesktopKey;
use crate::tray;
use kept_app::command_line;
use kept_app::failure::{Code, Failure};
use serde::Serialize;
use std::path::Path;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Wry};
use tauri_plugin_autostart::ManagerExt;

/// What this desktop can do.
#[derive(Serialize)]
pub(crate) struct Desktop {
    /// It has a tray, in which Kept shows itself.
    tray: bool,
    /// Kept starts when the owner logs in; none if the system does not say.
    starts_at_login: Option<bool>,
    /// Why the key for quick add cannot be had, in words.
    key_trouble: Option<String>,
}

/// What this desktop can do.
#[tauri::command]
pub(crate) async fn desktop(app: AppHandle) -> Desktop {
    Desktop {
        tray: tray::is_there(&app),
        starts_at_login: app.autolaunch().is_enabled().ok(),
        key_trouble: app.state::<DesktopKey>().trouble(),
    }
}

/// The owner says whether Kept is to start, hidden, when she logs in. Nothing else ever decides it.
#[tauri::command]
pub(crate) async fn start_at_login(app: AppHandle, on: bool) -> Result<(), Failure> {
    let login = app.autolaunch();
    let done = if on { login.enable() } else { login.disable() };
    done.map_err(|error| {
        let words = format!("The system did not take down whether Kept starts at login: {error}.");
        Failure::new(Code::Storage, words)
    })
}

/// How Kept is started at login: without showing the window, on the same data.
pub(crate) fn login(data: &Path) -> TauriPlugin<Wry> {
    let usual = command_line::data_folder(None).is_ok_and(|usual| usual == data);
    let folder = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let builder = tauri_plugin_autostart::Builder::new().app_name("Kept").arg("--hidden");
    if usual {
        return builder.build();
    }
    builder.arg("--data").arg(as_one_argument(&folder)).build()
}

/// A Mac takes arguments one by one; elsewhere they stand on one line.
fn as_one_argument(path: &Path) -> String {
    if cfg!(target_os = "macos") { path.display().to_string() } else { format!("\"{}\"", path.display()) }
}
