//! The window around Kept. It decides nothing: the UI draws, `kept-app` answers, and what is here carries words from the
//! one to the other and to the desktop.

mod asking;
mod closing;
mod count_icon;
mod desktop;
mod desktop_key;
pub mod drawing;
mod ending;
mod instance;
mod links;
mod lost_page;
pub mod marks;
mod memory;
mod menu_bar;
mod notices;
mod opening;
mod quick_add;
mod sayings;
mod stepped_clock;
mod tray;
mod waking;
mod window;

use closing::Closing;
use desktop_key::DesktopKey;
use kept_core::link::Link;
use notices::Notices;
use opening::Opening;
use sayings::Sayings;
use std::path::PathBuf;
use std::process::ExitCode;
use tauri::{App, AppHandle, RunEvent};
use tauri_plugin_window_state::StateFlags;

/// How Kept is started.
#[derive(Debug)]
pub struct Start {
    /// The folder that holds the data.
    pub data: PathBuf,
    /// Nothing is shown until the tray, a notification or a second start asks for it.
    pub hidden: bool,
    /// The small window is opened, in which something is promised, and not the large one.
    pub quick_add: bool,
    /// The link that is to be opened.
    pub link: Option<String>,
}

/// Opens the window on a data folder and stays until Kept quits.
#[expect(clippy::print_stderr, reason = "without a window there is no other place to say why")]
pub fn run(start: Start) -> ExitCode {
    if !drawing::is_possible() {
        eprintln!("Kept needs a display for its window. The commands work without one: see `kept --help`.");
        return ExitCode::FAILURE;
    }
    memory::set_up();
    drawing::choose_renderer();
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    match build(start) {
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

fn build(start: Start) -> tauri::Result<App> {
    let opening = Opening::of(start.data.clone());
    let remembered = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    let window_state = tauri_plugin_window_state::Builder::default()
        .with_state_flags(remembered)
        .with_denylist(&[quick_add::LABEL]);
    let builder = tauri::Builder::default();
    #[cfg(target_os = "macos")]
    let builder = builder.on_web_content_process_terminate(|page| window::logged(page.reload()));
    builder
        .plugin(instance::only_one_on(&start.data))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(desktop::login(&start.data))
        .plugin(window_state.build())
        .manage(opening)
        .manage(Closing::default())
        .manage(DesktopKey::default())
        .manage(Notices::default())
        .manage(Sayings::default())
        .invoke_handler(tauri::generate_handler![
            asking::ask,
            asking::choose_file,
            asking::open_file,
            asking::choose_files,
            asking::choose_folder,
            asking::save_text,
            asking::choose_place,
            asking::print_page,
            closing::close_window,
            desktop::desktop,
            desktop::start_at_login,
            menu_bar::show_menu_bar,
            quick_add::close_quick_add,
            quick_add::fit_quick_add,
            sayings::take_sayings,
        ])
        .menu(menu_bar::first)
        .on_menu_event(|app, event| menu_bar::on_menu(app, &event))
        .setup(move |app| set_up(app.handle(), &start))
        .build(tauri::generate_context!())
}

fn set_up(app: &AppHandle, start: &Start) -> Result<(), Box<dyn std::error::Error>> {
    notices::listen(app)?;
    let link = start.link.as_deref().map(str::parse::<Link>);
    let (first, refusal) = match link {
        Some(Ok(link)) => (Some(link), None),
        Some(Err(refusal)) => (None, Some(refusal)),
        None => (None, None),
    };
    window::open(app, start.hidden || start.quick_add, first)?;
    if let Some(refusal) = refusal {
        sayings::say(app, refusal);
    }
    if start.quick_add {
        quick_add::open(app);
    }
    links::listen(app);
    ending::listen(app);
    opening::begin(app);
    Ok(())
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
