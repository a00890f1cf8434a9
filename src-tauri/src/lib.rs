//! The window around Kept. It decides nothing: the UI draws, `kept-app` answers, and what is here carries words from the
//! one to the other and to the desktop.

mod asking;
mod closing;
pub mod drawing;
mod instance;
pub mod marks;
mod memory;
mod menu_bar;
mod notices;
mod opening;
mod tray;
mod window;

use closing::Closing;
use opening::Opening;
use std::path::PathBuf;
use std::process::ExitCode;
use tauri::{App, AppHandle, RunEvent};
use tauri_plugin_window_state::StateFlags;

/// Opens the window on a data folder and stays until Kept quits.
///
/// A hidden start shows nothing until the tray, a notification or a second start asks for it.
#[expect(clippy::print_stderr, reason = "without a window there is no other place to say why")]
pub fn run(data: PathBuf, hidden: bool) -> ExitCode {
    if !drawing::is_possible() {
        eprintln!("Kept needs a display for its window. The commands work without one: see `kept --help`.");
        return ExitCode::FAILURE;
    }
    memory::give_back_large_blocks();
    drawing::choose_renderer();
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    match build(data, hidden) {
        Ok(app) => {
            app.run(|app, event| on_event(app, &event));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Kept's window could not be opened: {error}.");
            ExitCode::FAILURE
        }
    }
}

fn build(data: PathBuf, hidden: bool) -> tauri::Result<App> {
    let remembered = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri::Builder::default()
        .plugin(instance::only_one_on(&data))
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_window_state::Builder::default().with_state_flags(remembered).build())
        .manage(Opening::of(data))
        .manage(Closing::default())
        .invoke_handler(tauri::generate_handler![
            asking::ask,
            asking::choose_file,
            asking::choose_files,
            asking::save_text,
            asking::print_page,
            closing::close_window,
            menu_bar::show_menu_bar,
        ])
        .menu(menu_bar::first)
        .on_menu_event(|app, event| menu_bar::on_menu(app, &event))
        .setup(move |app| {
            notices::listen(app.handle())?;
            window::open(app.handle(), hidden)?;
            opening::begin(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())
}

fn on_event(app: &AppHandle, event: &RunEvent) {
    if let RunEvent::Exit = event {
        closing::close_the_data(app);
    }
    #[cfg(target_os = "macos")]
    if let RunEvent::Reopen { .. } = event {
        window::show(app);
    }
}
