//! The computer wakes. Only a hint that makes the watch look at once: whether there was a sleep the two clocks say,
//! which also tells where no system says anything.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux::on_waking;
#[cfg(target_os = "macos")]
use macos::on_waking;
#[cfg(windows)]
use windows::on_waking;

use crate::opening::Opening;
use kept_app::watching;
use tauri::{AppHandle, Manager};

/// Hears of it until Kept ends, from a system that says it.
pub(crate) fn listen(app: &AppHandle) {
    let app = app.clone();
    on_waking(move || {
        if let Some(kept) = app.state::<Opening>().if_open() {
            watching::look_now(kept);
        }
    });
}

/// Other systems do not say it.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn on_waking(_woke: impl Fn() + Send + Sync + 'static) {}
