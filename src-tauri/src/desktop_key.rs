//! The key that opens quick add wherever the owner is on her desktop.

use crate::quick_add;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauri::{AppHandle, Manager};
use tauri_plugin_global_shortcut::{GlobalShortcutExt, ShortcutState};

/// The key that is taken, and why the one that is wanted is not.
#[derive(Default)]
pub(crate) struct DesktopKey(Mutex<State>);

#[derive(Default)]
struct State {
    /// What listens to the desktop's keys runs. It comes with the first key: on X11 it looks at the keyboard twenty
    /// times a second, which nobody shall pay who wants no key.
    listens: bool,
    wanted: Option<String>,
    trouble: Option<String>,
}

impl DesktopKey {
    /// Why the key that the owner wants cannot be had, in words.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.state().trouble.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the key that is wanted now and lets go of the one before.
pub(crate) fn take(app: &AppHandle, wanted: Option<String>) {
    if app.state::<DesktopKey>().state().wanted == wanted {
        return;
    }
    let on = app.clone();
    // A Mac has its keys on the main thread.
    let done = app.run_on_main_thread(move || {
        let key = on.state::<DesktopKey>();
        let mut state = key.state();
        state.trouble = change(&on, &mut state.listens, wanted.as_deref()).err();
        state.wanted = wanted;
    });
    if let Err(error) = done {
        tracing::debug!("keys are not taken any more: {error}");
    }
}

fn change(app: &AppHandle, listens: &mut bool, wanted: Option<&str>) -> Result<(), String> {
    if *listens && let Err(error) = app.global_shortcut().unregister_all() {
        tracing::warn!("a key of the desktop is still taken: {error}");
    }
    let Some(key) = wanted else { return Ok(()) };
    if is_wayland() {
        return Err(
            "This desktop (Wayland) lets no program take a key. In its keyboard settings, give the key to \
                    the command kept --quick-add."
                .to_owned(),
        );
    }
    let refused = |error: &dyn std::fmt::Display| {
        tracing::debug!("{key} could not be taken: {error}");
        format!("{key} could not be taken: another program may have it. Choose another key.")
    };
    if !*listens {
        let listening = tauri_plugin_global_shortcut::Builder::new().with_handler(|app, _, event| {
            if event.state == ShortcutState::Pressed {
                quick_add::open(app);
            }
        });
        app.plugin(listening.build()).map_err(|error| refused(&error))?;
        *listens = true;
    }
    let key = key.replace("Ctrl+", "CmdOrCtrl+");
    app.global_shortcut().register(key.as_str()).map_err(|error| refused(&error))
}

/// Under Wayland only the desktop itself hears all keys, also where Kept is drawn through X11.
fn is_wayland() -> bool {
    let is =
        |name: &str, wanted: &dyn Fn(&str) -> bool| std::env::var(name).is_ok_and(|value| wanted(&value));
    cfg!(target_os = "linux")
        && (is("WAYLAND_DISPLAY", &|value| !value.is_empty())
            || is("XDG_SESSION_TYPE", &|value| value == "wayland"))
}
