//! The window that all of Kept is in.

use crate::opening::Opening;
use crate::{closing, lost_page, marks};
use kept_core::link::Link;
use kept_core::views::OfferedFile;
use serde::Serialize;
use tauri::webview::NewWindowResponse;
use tauri::window::Color;
use tauri::{
    AppHandle, DragDropEvent, Emitter, Manager, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent,
};

const MAIN: &str = "main";

/// Pages have no menu of a browser (reload, back, inspect); fields keep theirs, with cut and paste.
const WITHOUT_BROWSER_MENU: &str = "addEventListener('contextmenu', (event) => {
  if (!event.target?.closest?.('input, textarea, [contenteditable]')) event.preventDefault();
});";

/// Makes the window. It is there at once, in the colour of the page that it waits for.
pub(crate) fn open(app: &AppHandle, hidden: bool, first: Option<Link>) -> tauri::Result<()> {
    let page = first.map_or_else(WebviewUrl::default, |link| {
        WebviewUrl::App(format!("index.html{}", link.address()).into())
    });
    let mut builder = WebviewWindowBuilder::new(app, MAIN, page)
        .title("Kept")
        .inner_size(1280.0, 800.0)
        .min_inner_size(480.0, 400.0)
        .prevent_overflow()
        .visible(!hidden)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    if !cfg!(debug_assertions) {
        builder = builder.initialization_script(WITHOUT_BROWSER_MENU);
    }
    let window = marks::reported(builder).build()?;
    logged(window.set_background_color(Some(paper(window.theme().unwrap_or(Theme::Light)))));
    lost_page::draw_again(&window);
    let app = app.clone();
    window.on_window_event(move |event| on_event(&app, event));
    Ok(())
}

/// Shows the window in front of all others.
pub(crate) fn show(app: &AppHandle) {
    on_window(app, |window| {
        window.show()?;
        window.unminimize()?;
        window.set_focus()
    });
}

/// Hides the window; Kept goes on.
pub(crate) fn hide(app: &AppHandle) {
    on_window(app, WebviewWindow::hide);
}

/// Tells the UI something that it has not asked for.
pub(crate) fn tell(app: &AppHandle, event: &str, what: impl Serialize + Clone) {
    logged(app.emit_to(MAIN, event, what));
}

/// Shows the window, and in it one of its places.
///
/// By the place's address and not by an event, which a page that is still loading would miss.
pub(crate) fn go(app: &AppHandle, link: Link) {
    let address = link.address();
    show(app);
    on_window(app, |window| window.eval(format!("location.hash = '{address}'")));
}

/// Shows a number on Kept's icon in the dock or on the task bar, where the system has such a thing; none for nothing.
pub(crate) fn count(app: &AppHandle, number: u32) {
    on_window(app, |window| window.set_badge_count((number > 0).then_some(i64::from(number))));
}

/// Light, dark, or as the system.
pub(crate) fn set_theme(app: &AppHandle, theme: Option<Theme>) {
    on_window(app, |window| {
        window.set_theme(theme)?;
        window.set_background_color(Some(paper(window.theme()?)))
    });
}

fn on_event(app: &AppHandle, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        tauri::async_runtime::spawn(closing::close(app.clone()));
    }
    if let WindowEvent::DragDrop(drag) = event {
        on_drag(app, drag);
    }
}

fn on_drag(app: &AppHandle, drag: &DragDropEvent) {
    if let DragDropEvent::Over { .. } = drag {
        return;
    }
    tell(app, "dropping", matches!(drag, DragDropEvent::Enter { .. }));
    if let DragDropEvent::Drop { paths, .. } = drag
        && let Some(kept) = app.state::<Opening>().if_open()
    {
        let files: Vec<OfferedFile> = paths.iter().map(|path| kept.offer_file(path)).collect();
        tell(app, "files_offered", files);
    }
}

/// Whether a page is part of Kept. Nothing else is ever shown in the window.
pub(crate) fn is_ours(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "tauri"
        || host == "tauri.localhost"
        || cfg!(dev) && host == "localhost" && url.port() == Some(5173)
}

/// The colour behind the page before it is drawn: the page's own.
fn paper(theme: Theme) -> Color {
    if theme == Theme::Dark { Color(0x0E, 0x16, 0x18, 0xFF) } else { Color(0xEF, 0xF2, 0xF3, 0xFF) }
}

fn on_window(app: &AppHandle, does: impl FnOnce(&WebviewWindow) -> tauri::Result<()>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        logged(does(&window));
    }
}

pub(crate) fn logged(done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!("the window did not do as it was told: {error}");
    }
}
