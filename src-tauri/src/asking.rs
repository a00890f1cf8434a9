//! The windows' commands: one for every request, one for the system's file dialog.

use crate::closing::Closing;
use crate::opening::Opening;
use crate::{notices, quick_add};
use kept_app::Kept;
use kept_app::failure::{Code, Failure};
use kept_core::id::CommitmentId;
use kept_core::views::OfferedFile;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::{AppHandle, Manager, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

/// Asks Kept. A panic on the way becomes a failure: what the owner is typing is not lost with it.
#[tauri::command]
pub(crate) async fn ask(
    app: AppHandle,
    window: WebviewWindow,
    name: String,
    takes: Value,
) -> Result<Value, Failure> {
    if !quick_add::may_ask(window.label(), &name) {
        return Err(Failure::new(Code::Invalid, format!("This window may not ask “{name}”.")));
    }
    app.state::<Closing>().the_ui_is_alive();
    let answering = tokio::spawn(async move {
        let opening = app.state::<Opening>();
        let answer = opening.kept(&app).await?.answer(&name, takes).await;
        opening.has_answered();
        answer
    });
    answering.await.map_err(Failure::bug)?
}

/// What a file is chosen for.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    ToAttach,
    ForHolidays,
    ToRestore,
}

/// Lets the owner choose a file; none if she closes the dialog.
#[tauri::command]
pub(crate) async fn choose_file(
    app: AppHandle,
    window: WebviewWindow,
    what: Purpose,
) -> Result<Option<OfferedFile>, Failure> {
    let (chosen, choice) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file().set_parent(&window);
    let dialog = match what {
        Purpose::ToAttach => dialog.set_title("Attach a file"),
        Purpose::ForHolidays => {
            dialog.set_title("Bring in holidays").add_filter("Calendars (iCalendar)", &["ics"])
        }
        Purpose::ToRestore => {
            dialog.set_title("Look into a backup").add_filter("Backups of Kept", &["kept-backup"])
        }
    };
    dialog.pick_file(move |file| {
        // Nobody waits any more if the window has gone.
        let _ = chosen.send(file);
    });
    let Some(path) = choice.await.ok().flatten().and_then(|file| file.into_path().ok()) else {
        return Ok(None);
    };
    Ok(Some(app.state::<Opening>().kept(&app).await?.offer_file(&path)))
}

/// Lets the owner choose a folder; none if she closes the dialog.
#[tauri::command]
pub(crate) async fn choose_folder(app: AppHandle, window: WebviewWindow, title: String) -> Option<String> {
    let (chosen, choice) = tokio::sync::oneshot::channel();
    app.dialog().file().set_parent(&window).set_title(title).pick_folder(move |folder| {
        // Nobody waits any more if the window has gone.
        let _ = chosen.send(folder);
    });
    let folder = choice.await.ok().flatten()?.into_path().ok()?;
    Some(folder.to_string_lossy().into_owned())
}

/// Opens a copy of a file that was attached to a promise with the system's program for it. The window names the file
/// and no path.
#[tauri::command]
pub(crate) async fn open_file(app: AppHandle, promise: CommitmentId, hash: String) -> Result<(), Failure> {
    let opening = app.state::<Opening>();
    let path = opening.kept(&app).await?.copy_to_open(promise, &hash).await?;
    let opened = app.opener().open_path(path.to_string_lossy(), None::<&str>);
    opened.map_err(|error| {
        let words = format!("The system did not open the file: it may have no program for it ({error}).");
        Failure::new(Code::NotFound, words)
    })
}

/// Lets the owner choose files to bring in; none if she closes the dialog.
#[tauri::command]
pub(crate) async fn choose_files(app: AppHandle, window: WebviewWindow) -> Result<Vec<OfferedFile>, Failure> {
    let (chosen, choice) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file().set_parent(&window).set_title("Bring in files");
    let dialog = dialog
        .add_filter("Exports", &["csv", "txt", "tsv", "zip", "json", "vcf", "ics"])
        .add_filter("All files", &["*"]);
    dialog.pick_files(move |files| {
        // Nobody waits any more if the window has gone.
        let _ = chosen.send(files);
    });
    let files = choice.await.ok().flatten().unwrap_or_default();
    let opening = app.state::<Opening>();
    let kept = opening.kept(&app).await?;
    Ok(files
        .into_iter()
        .filter_map(|file| file.into_path().ok())
        .map(|path| kept.offer_file(&path))
        .collect())
}

/// What a place is chosen for.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlaceFor {
    Everything,
    Tables,
    Calendar,
    CalendarFolder,
    Customer,
}

/// Lets the owner say where something is to be written; none if she closes the dialog. The window learns no path.
#[tauri::command]
pub(crate) async fn choose_place(
    app: AppHandle,
    window: WebviewWindow,
    what: PlaceFor,
    name: String,
) -> Result<Option<OfferedFile>, Failure> {
    let (chosen, choice) = tokio::sync::oneshot::channel();
    let answer = move |file| {
        // Nobody waits any more if the window has gone.
        let _ = chosen.send(file);
    };
    let dialog = app.dialog().file().set_parent(&window);
    match what {
        PlaceFor::Tables => dialog.set_title("A folder for the tables").pick_folder(answer),
        PlaceFor::CalendarFolder => dialog.set_title("A folder for the calendar").pick_folder(answer),
        PlaceFor::Everything => {
            dialog
                .set_title("Save everything")
                .set_file_name(name)
                .add_filter("JSON", &["json"])
                .save_file(answer);
        }
        PlaceFor::Calendar => {
            dialog
                .set_title("Save a calendar")
                .set_file_name(name)
                .add_filter("Calendars (iCalendar)", &["ics"])
                .save_file(answer);
        }
        PlaceFor::Customer => {
            dialog
                .set_title("Save what is known of them")
                .set_file_name(name)
                .add_filter("A page to read", &["html"])
                .add_filter("JSON", &["json"])
                .save_file(answer);
        }
    }
    let Some(path) = choice.await.ok().flatten().and_then(|file| file.into_path().ok()) else {
        return Ok(None);
    };
    Ok(Some(app.state::<Opening>().kept(&app).await?.offer_file(&path)))
}

/// Saves a text where the owner says; false if she closes the dialog.
#[tauri::command]
pub(crate) async fn save_text(
    app: AppHandle,
    window: WebviewWindow,
    name: String,
    text: String,
) -> Result<bool, Failure> {
    let (chosen, choice) = tokio::sync::oneshot::channel();
    app.dialog().file().set_parent(&window).set_file_name(name).save_file(move |file| {
        // Nobody waits any more if the window has gone.
        let _ = chosen.send(file);
    });
    let Some(path) = choice.await.ok().flatten().and_then(|file| file.into_path().ok()) else {
        return Ok(false);
    };
    let written = tokio::task::spawn_blocking(move || std::fs::write(path, text)).await;
    written
        .map_err(Failure::bug)?
        .map(|()| true)
        .map_err(|error| Failure::field("file", format!("The file could not be written: {error}.")))
}

/// Opens the system's print dialog for what the page gives the printer.
#[tauri::command]
pub(crate) async fn print_page(window: WebviewWindow) -> Result<(), Failure> {
    window.print().map_err(Failure::bug)
}

/// The typed answer to a request that takes nothing.
pub(crate) async fn asked<T: DeserializeOwned>(kept: &Kept, name: &str) -> Result<T, Failure> {
    let answer = kept.answer(name, json!({})).await?;
    serde_json::from_value(answer).map_err(Failure::bug)
}

/// Asks for something that was chosen outside of the window. What could not be done is said on the desktop.
pub(crate) fn ask_quietly(app: &AppHandle, name: &'static str, takes: Value) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let opening = app.state::<Opening>();
        let Some(kept) = opening.if_open() else { return };
        if let Err(failure) = kept.answer(name, takes).await {
            notices::say(&app, "That was not done", &failure.message);
        }
    });
}
