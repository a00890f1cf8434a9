//! The icon in the tray: how many promises are overdue, what comes next, and the way back to the window. What it shows
//! Kept decides and words.

use crate::asking::{ask_quietly, asked};
use crate::closing::quit_saying_what_is_not_watched;
use crate::{count_icon, quick_add, window};
use kept_app::Kept;
use kept_core::link::Link;
use kept_core::views::SnoozeFor;
use kept_core::views::desktop::TrayView;
use serde_json::json;
use tauri::image::Image;
use tauri::menu::{Menu, MenuBuilder, MenuEvent, SubmenuBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

const TRAY: &str = "kept";
const OPEN: &str = "open";
const QUICK_ADD: &str = "quick_add";
const SNOOZE_ALL: &str = "snooze_all";
const RESUME: &str = "resume";
const QUIT: &str = "quit";
/// Before the id of a promise, in the id of a menu entry.
const PROMISE: &str = "promise:";
/// Before how long the watch is paused.
const PAUSE: &str = "pause:";

/// Whether the desktop shows an icon of Kept's.
pub(crate) fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(TRAY).is_some()
}

/// Shows how things stand, if the desktop has a tray and shows something else, and gives what it shows then. A tray that
/// comes up later gets its icon when this is asked next.
pub(crate) async fn show(app: &AppHandle, kept: &Kept, before: Option<TrayView>) -> Option<TrayView> {
    let view = match asked::<TrayView>(kept, "tray").await {
        Ok(view) => view,
        Err(failure) => {
            tracing::debug!("the tray cannot say how things stand: {failure}");
            return before;
        }
    };
    if before.as_ref() == Some(&view) && is_there(app) {
        return before;
    }
    let (on, drawn) = (app.clone(), view.clone());
    let shown = app.run_on_main_thread(move || {
        if let Err(error) = draw(&on, &drawn) {
            tracing::debug!("there is no tray: {error}");
        }
        window::count(&on, drawn.overdue);
    });
    if let Err(error) = shown {
        tracing::debug!("the tray is not drawn any more: {error}");
    }
    Some(view)
}

fn draw(app: &AppHandle, view: &TrayView) -> tauri::Result<()> {
    let menu = menu(app, view)?;
    let tray = match app.tray_by_id(TRAY) {
        Some(tray) => {
            tray.set_menu(Some(menu))?;
            tray
        }
        None => make(app, &menu)?,
    };
    tray.set_icon(icon(app, view.overdue))?;
    // Beside the icon on a Mac; elsewhere it is the name under which the icon is read out.
    tray.set_title(Some(if cfg!(target_os = "macos") { beside(view.overdue) } else { view.words.clone() }))?;
    tray.set_tooltip(Some(&view.words))
}

fn make(app: &AppHandle, menu: &Menu<Wry>) -> tauri::Result<TrayIcon> {
    let mut builder = TrayIconBuilder::with_id(TRAY)
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
    if let Some(icon) = icon(app, 0) {
        builder = builder.icon(icon);
    }
    builder.build(app)
}

/// Kept's icon, with a number on it if something is overdue.
fn icon(app: &AppHandle, overdue: u32) -> Option<Image<'static>> {
    let icon = app.default_window_icon()?;
    let mut pixels = icon.rgba().to_vec();
    if overdue > 0 && cfg!(not(target_os = "macos")) {
        count_icon::draw(&mut pixels, icon.width() as usize, overdue);
    }
    Some(Image::new_owned(pixels, icon.width(), icon.height()))
}

fn beside(overdue: u32) -> String {
    if overdue > 0 { overdue.to_string() } else { String::new() }
}

fn menu(app: &AppHandle, view: &TrayView) -> tauri::Result<Menu<Wry>> {
    let mut menu = MenuBuilder::new(app);
    for next in &view.next {
        menu = menu.text(format!("{PROMISE}{}", next.promise), literal(&next.words));
    }
    if !view.next.is_empty() {
        menu = menu.separator();
    }
    menu = menu.text(QUICK_ADD, "Promise something…");
    if let Some(snooze_all) = &view.snooze_all {
        menu = menu.text(SNOOZE_ALL, literal(snooze_all));
    }
    if let Some(resume) = &view.resume {
        menu = menu.text(RESUME, literal(resume));
    } else {
        let mut pauses = SubmenuBuilder::new(app, "Pause the watch");
        for pause in &view.pauses {
            pauses = pauses.text(format!("{PAUSE}{}", json!(pause.until)), literal(&pause.words));
        }
        menu = menu.item(&pauses.build()?);
    }
    menu.separator().text(OPEN, "Open Kept").separator().text(QUIT, "Quit").build()
}

/// A menu takes `&` for the mark of a key; doubled it is itself.
fn literal(words: &str) -> String {
    words.replace('&', "&&")
}

fn on_menu(app: &AppHandle, event: &MenuEvent) {
    match event.id().as_ref() {
        OPEN => window::show(app),
        QUICK_ADD => quick_add::open(app),
        SNOOZE_ALL => ask_quietly(app, "snooze_all", json!({ "until": SnoozeFor::OneHour })),
        RESUME => ask_quietly(app, "pause_watch", json!({ "until": null })),
        QUIT => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move { quit_saying_what_is_not_watched(&app).await });
        }
        id => {
            if let Some(Ok(promise)) = id.strip_prefix(PROMISE).map(str::parse) {
                window::go(app, Link::Promise(promise));
            }
            if let Some(Ok(until)) = id.strip_prefix(PAUSE).map(serde_json::from_str::<SnoozeFor>) {
                ask_quietly(app, "pause_watch", json!({ "until": until }));
            }
        }
    }
}
