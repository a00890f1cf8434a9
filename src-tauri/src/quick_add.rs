//! The small window in which something is promised while another program is in front.

use crate::{lost_page, window};
use tauri::menu::Menu;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, LogicalSize, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// By which the window and its capability are known.
pub(crate) const LABEL: &str = "quick_add";

const WIDTH: f64 = 680.0;
/// The bar alone.
const LOWEST: f64 = 68.0;
/// With all that can be corrected.
const HIGHEST: f64 = 640.0;

/// What the small window may ask: to make a promise, and whatever that takes.
const MAY_ASK: [&str; 8] =
    ["shell", "settings", "today", "customers_like", "offers", "pick_offer", "read_draft", "make_promise"];

/// Whether a window may ask a request.
pub(crate) fn may_ask(label: &str, request: &str) -> bool {
    label != LABEL || MAY_ASK.contains(&request)
}

/// Opens the small window, or brings it to the front with what was typed into it.
pub(crate) fn open(app: &AppHandle) {
    let app = app.clone();
    // Not on the thread that draws: on Windows a window that is made there waits for itself.
    tauri::async_runtime::spawn(async move {
        match app.get_webview_window(LABEL) {
            Some(window) if is_drawn(&window) => show(&window),
            // The key was pressed again before the page was there.
            Some(_) => {}
            None => window::logged(make(&app).map(|_| ())),
        }
    });
}

/// Whether letters that are typed into the window arrive: it is shown once its page is drawn, and closed, not hidden.
fn is_drawn(window: &WebviewWindow) -> bool {
    window.is_visible().unwrap_or(false)
}

fn show(window: &WebviewWindow) {
    window::logged(window.show().and_then(|()| window.set_focus()));
}

/// Makes the window. It is shown when its page is drawn, so that no letter is typed into an empty one.
fn make(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("quick-add.html".into()))
        .title("Promise something")
        .inner_size(WIDTH, LOWEST)
        .min_inner_size(420.0, LOWEST)
        .maximizable(false)
        .minimizable(false)
        .always_on_top(true)
        .visible(false)
        .skip_taskbar(true)
        .center()
        // The menus of Kept are about promises, of which there is none here.
        .menu(Menu::new(app)?)
        .on_navigation(window::is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    lost_page::draw_again(&window);
    Ok(window)
}

/// The bar is drawn, or has grown or shrunk, and the window around it.
#[tauri::command]
pub(crate) async fn fit_quick_add(window: WebviewWindow, height: f64) {
    if window.label() != LABEL {
        return;
    }
    window::logged(window.set_size(LogicalSize::new(WIDTH, height.clamp(LOWEST, HIGHEST))));
    if !is_drawn(&window) {
        show(&window);
    }
}

/// Something was promised, or nothing after all.
#[tauri::command]
pub(crate) async fn close_quick_add(window: WebviewWindow) {
    if window.label() == LABEL {
        window::logged(window.close());
    }
}
