//! Notices on the desktop: shown as Kept words them, closed when they have nothing to say any more; what is pressed on
//! them goes back to Kept.

use crate::opening::Opening;
use crate::window;
use kept_app::watching::{self, Button, Pressed};
use kept_app::{Kept, Notice, Shown};
use kept_core::link::Link;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};

/// The notices that may still be on the screen.
#[derive(Default)]
pub(crate) struct Notices(Mutex<OnScreen>);

#[derive(Default)]
struct OnScreen {
    /// How many were shown.
    count: i32,
    /// By what they are about: there is one at most.
    shown: HashMap<String, OneShown>,
}

struct OneShown {
    /// By which the desktop knows it.
    number: i32,
    /// By which Kept knows it.
    id: String,
}

impl Notices {
    fn on_screen(&self) -> MutexGuard<'_, OnScreen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes what is pressed on notices arrive here. Has to come before the first notice: one that nobody listens to is
/// shown without buttons.
pub(crate) fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let notification = app.notification();
    // The desktop wants each set of buttons by name. There are few: none, and Open with any of the others.
    let sets = (0..1_usize << Button::ALL.len()).map(|set| {
        let chosen = Button::ALL.into_iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
        let buttons: Vec<Button> = chosen.map(|(_, button)| button).collect();
        let actions = buttons.iter().map(|button| Action::builder(button.name(), button.words()).build());
        ActionType::builder(name_of(&buttons)).actions(actions.collect()).build()
    });
    notification.register_action_types(sets.collect())?;
    let app = app.clone();
    notification.on_action(move |action| on_action(&app, action))
}

/// Shows a notice in the place of an older one about the same, and says what the desktop made of it.
pub(crate) fn show(app: &AppHandle, notice: &Notice) -> Shown {
    let shown = ask_desktop(app, notice);
    if notice.raises && matches!(shown, Shown::Refused(_)) {
        window::show(app);
    }
    shown
}

fn ask_desktop(app: &AppHandle, notice: &Notice) -> Shown {
    let desktop = match desktop() {
        Ok(desktop) => desktop,
        Err(why) => return Shown::Refused(why),
    };
    let notices = app.state::<Notices>();
    let (number, older) = {
        let mut on_screen = notices.on_screen();
        on_screen.count += 1;
        let this = OneShown { number: on_screen.count, id: notice.id.clone() };
        (this.number, on_screen.shown.insert(notice.subject.clone(), this))
    };
    close(app, older.into_iter().map(|older| older.number).collect());
    let mut builder = app
        .notification()
        .builder()
        .id(number)
        .title(&notice.title)
        .body(if desktop.reads_markup { escaped(&notice.body) } else { notice.body.clone() })
        .action_type_id(name_of(&notice.buttons))
        .extra("notice", &notice.id);
    if notice.sound {
        builder = builder.sound(if cfg!(target_os = "linux") { "message-new-instant" } else { "Default" });
    }
    match builder.show() {
        Ok(()) => desktop.says,
        Err(error) => Shown::Refused(format!("The desktop refused the notification: {error}.")),
    }
}

/// Closes the notices that have nothing to say any more. Only Linux lets a program take a notice back.
pub(crate) async fn close_what_is_over(app: &AppHandle, kept: &Kept) {
    let over: Vec<i32> = {
        let notices = app.state::<Notices>();
        let mut on_screen = notices.on_screen();
        let over = on_screen.shown.extract_if(|_, one| watching::is_over(kept, &one.id));
        over.map(|(_, one)| one.number).collect()
    };
    let app = app.clone();
    // The desktop may take its time.
    let closed = tauri::async_runtime::spawn_blocking(move || close(&app, over)).await;
    if let Err(error) = closed {
        tracing::warn!("notices could not be closed: {error}");
    }
}

fn close(app: &AppHandle, numbers: Vec<i32>) {
    if numbers.is_empty() {
        return;
    }
    if let Err(error) = app.notification().remove_active(numbers) {
        tracing::warn!("notices could not be closed: {error}");
    }
}

/// Where no tray shows that Kept still runs, says so, and how to see it again.
pub(crate) fn say_how_to_come_back(app: &AppHandle) {
    say(
        app,
        "Kept keeps watching",
        "This desktop has no tray. To see the window again, start Kept once more.",
    );
}

/// Says something that is not about a promise.
pub(crate) fn say(app: &AppHandle, title: &str, body: &str) {
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::warn!("“{title}” could not be said: {error}");
    }
}

fn on_action(app: &AppHandle, action: &ActionPerformed) {
    let notice = action.notification().and_then(|notice| notice.extra().get("notice")?.as_str());
    let (Some(notice), Some(kept)) = (notice.map(str::to_owned), app.state::<Opening>().if_open().cloned())
    else {
        return window::show(app);
    };
    let button = Button::named(action.action_id());
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match watching::pressed(&kept, &notice, button).await {
            Ok(Pressed::Open(Some(promise))) => window::go(&app, Link::Promise(promise)),
            Ok(Pressed::Open(None)) => window::go(&app, Link::ALERTS),
            Ok(Pressed::Done(_)) => {}
            Err(failure) => say(&app, "That was not done", &failure.message),
        }
    });
}

/// The name of a set of buttons.
fn name_of(buttons: &[Button]) -> String {
    buttons.iter().map(|button| button.name()).collect::<Vec<_>>().join(" ")
}

/// What is known of who shows the notices.
struct Desktop {
    /// What a notice that was sent comes to.
    says: Shown,
    /// `<` and `&` in a notice's text mean something to it.
    reads_markup: bool,
}

/// Asks who shows notices what it can do. The library that sends them swallows it when there is nobody.
#[cfg(target_os = "linux")]
fn desktop() -> Result<Desktop, String> {
    const NAME: &str = "org.freedesktop.Notifications";
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
    let can = || -> zbus::Result<Vec<String>> {
        let bus = zbus::blocking::connection::Builder::session()?.method_timeout(PATIENCE).build()?;
        let path = "/org/freedesktop/Notifications";
        bus.call_method(Some(NAME), path, Some(NAME), "GetCapabilities", &())?.body().deserialize()
    };
    match can() {
        Ok(can) => Ok(Desktop { says: Shown::Shown, reads_markup: can.iter().any(|it| it == "body-markup") }),
        Err(zbus::Error::MethodError(name, ..)) if name.as_str().ends_with(".ServiceUnknown") => {
            Err("This desktop has no program that shows notifications.".to_owned())
        }
        Err(error) => Err(format!("The desktop does not answer when asked to show notifications: {error}.")),
    }
}

/// Elsewhere the system does not say.
#[cfg(not(target_os = "linux"))]
fn desktop() -> Result<Desktop, String> {
    Ok(Desktop { says: Shown::Unknown, reads_markup: false })
}

/// Names and titles are text, whatever they contain.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
