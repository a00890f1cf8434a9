//! One Kept on a data folder: a second start shows the window of the first, and opens there what it was started for.

use crate::{links, quick_add, window};
use kept_app::command_line::{self, Arguments};
use std::ffi::OsString;
use std::path::Path;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Wry};

/// Makes a second start on the same folder show the first one's window and end.
///
/// Where there is no session bus the second start goes on and finds the data locked, which its window then says.
pub(crate) fn only_one_on(data: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, arguments, _| second_start(app, arguments))
        .dbus_id(name_of(data))
        .build()
}

fn second_start(app: &AppHandle, arguments: Vec<String>) {
    match command_line::parse(arguments.into_iter().map(OsString::from)) {
        Ok(Arguments { link: Some(link), .. }) => links::follow(app, &link),
        Ok(Arguments { quick_add: true, .. }) => quick_add::open(app),
        // At login, or by somebody who says so: there is nothing to be seen.
        Ok(Arguments { hidden: true, .. }) => {}
        Ok(_) | Err(_) => window::show(app),
    }
}

/// The name on the session bus under which Kept holds a folder.
fn name_of(data: &Path) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    std::path::absolute(data).unwrap_or_else(|_| data.to_owned()).hash(&mut hasher);
    format!("app.kept.desktop.on{:016x}", hasher.finish())
}
