//! A page has a process of its own, which can end while Kept goes on watching: it crashes, or the system runs out of memory.
//! Then the page is drawn again where it was; nobody is left with an empty window. A Mac tells Tauri of it, and on Windows
//! the web view shows a page of its own that says so.

#[cfg(target_os = "linux")]
pub(crate) use linux::draw_again;

/// Elsewhere no window is asked to tell of it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn draw_again(_: &tauri::WebviewWindow) {}

#[cfg(target_os = "linux")]
mod linux {
    use crate::window::logged;
    use std::cell::Cell;
    use std::time::{Duration, Instant};
    use tauri::WebviewWindow;
    use webkit2gtk::WebViewExt as _;

    /// One that is lost again within this time waits as long: else it could be drawn and lost without end.
    const PAUSE: Duration = Duration::from_secs(10);

    /// Draws the page of a window again whenever it is lost.
    pub(crate) fn draw_again(window: &WebviewWindow) {
        let drawn = window.clone();
        logged(window.with_webview(move |page| {
            let before = Cell::new(None);
            page.inner().connect_web_process_terminated(move |_, why| {
                tracing::error!(?why, "the page of {} was lost; it is drawn again", drawn.label());
                let now = Instant::now();
                let wait = pause(before.replace(Some(now)), now);
                let drawn = drawn.clone();
                tauri::async_runtime::spawn(async move {
                    tokio::time::sleep(wait).await;
                    logged(drawn.reload());
                });
            });
        }));
    }

    /// How long it waits, by when the page was lost before.
    fn pause(before: Option<Instant>, now: Instant) -> Duration {
        let soon = before.is_some_and(|before| now.duration_since(before) < PAUSE);
        if soon { PAUSE } else { Duration::ZERO }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_page_that_is_lost_again_and_again_is_drawn_with_pauses() {
            let first = Instant::now();
            assert_eq!(pause(None, first), Duration::ZERO);
            assert_eq!(pause(Some(first), first + Duration::from_secs(1)), PAUSE);
            assert_eq!(pause(Some(first), first + PAUSE), Duration::ZERO);
        }
    }
}
