//! The system tells Kept to end: the owner logs out, the computer shuts down, a terminal is closed. It quits as if it had
//! been asked to, so that the next start need not look through all rows.

use tauri::AppHandle;

/// Quits as soon as the system says so.
#[cfg(unix)]
pub(crate) fn listen(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            match signal(kind) {
                Ok(mut told) => {
                    if told.recv().await.is_some() {
                        crate::closing::quit(&app);
                    }
                }
                Err(error) => tracing::warn!("Kept will not hear {kind:?} of the system: {error}"),
            }
        });
    }
}

/// Windows tells the window, which Tauri hears.
#[cfg(not(unix))]
pub(crate) fn listen(_: &AppHandle) {}
