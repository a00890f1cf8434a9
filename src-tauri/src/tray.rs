//! The icon in the tray: how many promises are overdue, what comes next, and the way back to the window.

use crate::asking::asked;
use crate::closing::quit_saying_what_is_not_watched;
use crate::window::{self, Place};
use kept_app::Kept;
use kept_app::failure::Failure;
use kept_core::views::{PromiseRow, ShellView, TodayView};
use tauri::menu::{Menu, MenuBuilder, MenuEvent};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

const TRAY: &str = "kept";
const OPEN: &str = "open";
const QUIT: &str = "quit";
/// Before the id of a promise, in the id of a menu entry.
const PROMISE: &str = "promise:";

/// Whether the desktop shows an icon of Kept's.
pub(crate) fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(TRAY).is_some()
}

/// Shows how things stand, if the desktop has a tray. One that comes up later gets its icon at the next change.
pub(crate) async fn show(app: &AppHandle, kept: &Kept) {
    match stand(kept).await {
        Ok(stand) => {
            let on = app.clone();
            let shown = app.run_on_main_thread(move || {
                if let Err(error) = draw(&on, &stand) {
                    tracing::debug!("there is no tray: {error}");
                }
            });
            if let Err(error) = shown {
                tracing::debug!("the tray is not drawn any more: {error}");
            }
        }
        Err(failure) => tracing::debug!("the tray cannot say how things stand: {failure}"),
    }
}

/// How things stand.
struct Stand {
    words: String,
    next: Vec<PromiseRow>,
}

async fn stand(kept: &Kept) -> Result<Stand, Failure> {
    let shell: ShellView = asked(kept, "shell").await?;
    let today: TodayView = asked(kept, "today").await?;
    let words = match shell.overdue {
        0 => "Kept: nothing is overdue".to_owned(),
        1 => "Kept: 1 promise is overdue".to_owned(),
        many => format!("Kept: {many} promises are overdue"),
    };
    let next = today.sections.into_iter().flat_map(|section| section.rows).take(3).collect();
    Ok(Stand { words, next })
}

fn draw(app: &AppHandle, stand: &Stand) -> tauri::Result<()> {
    let menu = menu(app, &stand.next)?;
    let tray = match app.tray_by_id(TRAY) {
        Some(tray) => {
            tray.set_menu(Some(menu))?;
            tray
        }
        None => make(app, &menu)?,
    };
    tray.set_tooltip(Some(&stand.words))
}

fn make(app: &AppHandle, menu: &Menu<Wry>) -> tauri::Result<TrayIcon> {
    let mut builder = TrayIconBuilder::with_id(TRAY)
        .title("Kept")
        .menu(menu)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(|app, event| on_menu(app, &event))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::show(tray.app_handle());
            }
        });
    if let Some(icon) = app.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    builder.build(app)
}

fn menu(app: &AppHandle, next: &[PromiseRow]) -> tauri::Result<Menu<Wry>> {
    let mut menu = MenuBuilder::new(app);
    for row in next {
        menu = menu.text(format!("{PROMISE}{}", row.id), entry(row));
    }
    if !next.is_empty() {
        menu = menu.separator();
    }
    menu.text(OPEN, "Open Kept").separator().text(QUIT, "Quit").build()
}

/// A menu takes `&` for the mark of a key; doubled it is itself.
fn entry(row: &PromiseRow) -> String {
    const LONGEST: usize = 60;
    let words = format!("{}: {} for {}", row.when, row.title, row.customer);
    let cut = if words.chars().count() > LONGEST {
        words.chars().take(LONGEST).chain(['…']).collect()
    } else {
        words
    };
    cut.replace('&', "&&")
}

fn on_menu(app: &AppHandle, event: &MenuEvent) {
    match event.id().as_ref() {
        OPEN => window::show(app),
        QUIT => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move { quit_saying_what_is_not_watched(&app).await });
        }
        id => {
            if let Some(Ok(promise)) = id.strip_prefix(PROMISE).map(str::parse) {
                window::go(app, &Place::Promise(promise));
            }
        }
    }
}
