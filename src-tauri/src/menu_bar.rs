//! The menu bar. The UI knows what can be done, in words and with its keys, and says so; what is chosen goes back to it.

use crate::{closing, window};
use kept_app::failure::Failure;
use serde::Deserialize;
use tauri::menu::{Menu, MenuEvent, MenuItemBuilder, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Wry};

/// Before the name of what is done, in the id of an entry.
const ENTRY: &str = "bar:";
/// The one entry that is no matter of the UI's.
const QUIT: &str = "bar:quit";

/// One menu of the bar.
#[derive(Debug, Deserialize)]
pub(crate) struct BarMenu {
    /// Its name: `Promise`.
    title: String,
    /// What is in it; groups are set apart by a line.
    groups: Vec<Vec<BarEntry>>,
    /// Cut, copy and paste belong to it.
    #[serde(default)]
    edits: bool,
}

/// One entry.
#[derive(Debug, Deserialize)]
pub(crate) struct BarEntry {
    /// By which the UI knows it.
    name: String,
    /// What it does.
    words: String,
    /// Its key, if it has one that may be pressed while something is typed: `Ctrl+K`.
    #[serde(default)]
    key: Option<String>,
}

/// The bar before the UI has said what is in it, so that nothing moves when it does.
pub(crate) fn first(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let menus = ["File", "Edit", "Go", "Promise", "Help"];
    bar(app, &menus.map(|title| BarMenu { title: title.to_owned(), groups: Vec::new(), edits: false }))
}

/// Shows the bar as the UI has it now. It may change with the owner's own keys.
#[tauri::command]
pub(crate) async fn show_menu_bar(app: AppHandle, menus: Vec<BarMenu>) -> Result<(), Failure> {
    let on = app.clone();
    let (shown, answer) = tokio::sync::oneshot::channel();
    app.run_on_main_thread(move || {
        let made = bar(&on, &menus).and_then(|bar| on.set_menu(bar));
        // Nobody waits any more if the window has gone.
        let _ = shown.send(made.map(|_| ()));
    })
    .map_err(Failure::bug)?;
    answer.await.map_err(Failure::bug)?.map_err(Failure::bug)
}

/// What was chosen goes to the UI, which does it as if its key had been pressed.
pub(crate) fn on_menu(app: &AppHandle, event: &MenuEvent) {
    let id = event.id().as_ref();
    if id == QUIT {
        let app = app.clone();
        tauri::async_runtime::spawn(async move { closing::quit_saying_what_is_not_watched(&app).await });
    } else if let Some(name) = id.strip_prefix(ENTRY) {
        window::show(app);
        window::tell(app, "do", name);
    }
}

fn bar(app: &AppHandle, menus: &[BarMenu]) -> tauri::Result<Menu<Wry>> {
    let bar = Menu::new(app)?;
    if cfg!(target_os = "macos") {
        bar.append(&of_the_app(app)?)?;
    }
    for menu in menus {
        bar.append(&submenu(app, menu)?)?;
    }
    Ok(bar)
}

fn submenu(app: &AppHandle, menu: &BarMenu) -> tauri::Result<Submenu<Wry>> {
    let mut built = SubmenuBuilder::new(app, &menu.title);
    for (index, group) in menu.groups.iter().enumerate() {
        if index > 0 {
            built = built.separator();
        }
        for entry in group {
            let mut item = MenuItemBuilder::with_id(format!("{ENTRY}{}", entry.name), literal(&entry.words));
            if let Some(key) = &entry.key {
                item = item.accelerator(key.replace("Ctrl+", "CmdOrCtrl+"));
            }
            built = built.item(&item.build(app)?);
        }
    }
    if menu.edits {
        built = built.separator().cut().copy().paste().select_all();
    }
    built.build()
}

/// What a Mac shows under the name of the app.
fn of_the_app(app: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    SubmenuBuilder::new(app, "Kept")
        .about(None)
        .separator()
        .services()
        .separator()
        .hide()
        .hide_others()
        .show_all()
        .separator()
        .item(&MenuItemBuilder::with_id(QUIT, "Quit Kept").accelerator("Cmd+Q").build(app)?)
        .build()
}

/// A menu takes `&` for the mark of a key; doubled it is itself.
fn literal(words: &str) -> String {
    words.replace('&', "&&")
}
