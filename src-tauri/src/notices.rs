//! Notices on the desktop: shown as Kept words them; what is pressed on them goes back to Kept.

use crate::opening::Opening;
use crate::window::{self, Place};
use kept_app::watching::{self, Button, Pressed};
use kept_app::{Notice, Shown};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};

/// The buttons of a notice about a promise.
const PROMISE: &str = "promise";
/// The button of a notice about several.
const SUMMARY: &str = "summary";
const OPEN: &str = "open";
const HANDED_OVER: &str = "handed_over";
const SNOOZE: &str = "snooze";

/// Makes what is pressed on notices arrive here. Has to come before the first notice: one that nobody listens to is
/// shown without buttons.
pub(crate) fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let button = |id: &str, words: &str| Action::builder(id, words).build();
    let open = || button(OPEN, "Open");
    let promise = vec![open(), button(HANDED_OVER, "Handed over"), button(SNOOZE, "Snooze 1 h")];
    let notification = app.notification();
    notification.register_action_types(vec![
        ActionType::builder(PROMISE).actions(promise).build(),
        ActionType::builder(SUMMARY).actions(vec![open()]).build(),
    ])?;
    let app = app.clone();
    notification.on_action(move |action| on_action(&app, action))
}

/// Shows a notice and says what the desktop made of it.
pub(crate) fn show(app: &AppHandle, notice: &Notice) -> Shown {
    let desktop = match desktop() {
        Ok(desktop) => desktop,
        Err(why) => return Shown::Refused(why),
    };
    let mut builder = app
        .notification()
        .builder()
        .title(&notice.title)
        .body(if desktop.reads_markup { escaped(&notice.body) } else { notice.body.clone() })
        .action_type_id(if notice.buttons { PROMISE } else { SUMMARY })
        .extra("notice", &notice.id);
    if notice.sound {
        builder = builder.sound(if cfg!(target_os = "linux") { "message-new-instant" } else { "Default" });
    }
    match builder.show() {
        Ok(()) => desktop.says,
        Err(error) => Shown::Refused(format!("The desktop refused the notification: {error}.")),
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
fn say(app: &AppHandle, title: &str, body: &str) {
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
    let button = match action.action_id() {
        HANDED_OVER => Button::HandedOver,
        SNOOZE => Button::Snooze,
        // The first button, or a click on the notice itself.
        _ => Button::Open,
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match watching::pressed(&kept, &notice, button).await {
            Ok(Pressed::Open(Some(promise))) => window::go(&app, &Place::Promise(promise)),
            Ok(Pressed::Open(None)) => window::go(&app, &Place::Alerts),
            Ok(Pressed::Done(_)) => {}
            Err(failure) => say(&app, "That was not done", &failure.message),
        }
    });
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
