//! One Kept on a data folder: a second start shows the window of the first.

use crate::window;
use std::path::Path;
use tauri::Wry;
use tauri::plugin::TauriPlugin;

/// Makes a second start on the same folder show the first one's window and end.
///
/// Where there is no session bus the second start goes on and finds the data locked, which its window then says.
pub(crate) fn only_one_on(data: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, _, _| window::show(app))
        .dbus_id(name_of(data))
        .build()
}

/// The name on the session bus under which Kept holds a folder.
fn name_of(data: &Path) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    std::path::absolute(data).unwrap_or_else(|_| data.to_owned()).hash(&mut hasher);
    format!("app.kept.desktop.on{:016x}", hasher.finish())
}
