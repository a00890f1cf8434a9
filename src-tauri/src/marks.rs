//! A development switch: says when what the window shows can be used.
//!
//! With `KEPT_MARKS` set to a file, every performance mark of the page (`today-ready`) is written there, a line each,
//! with its time in milliseconds since 1970; a page that makes none is marked `drawn` once it has a heading and is not
//! busy. `cargo xtask run` waits for a mark, `cargo xtask bench` reads their times.

use tauri::{Manager, Runtime, WebviewWindowBuilder};

const VARIABLE: &str = "KEPT_MARKS";

/// A page has no other way out that needs no permission: it puts its marks into its title. Nobody sees that; the window
/// has a title of its own. Once more a moment later, in case that the page has just changed its title itself.
const INTO_THE_TITLE: &str = "{
  const marks = [];
  const tell = () => (document.title = `marks;${marks.join(';')}`);
  new PerformanceObserver((seen) => {
    for (const mark of seen.getEntries()) marks.push(`${mark.name} ${performance.timeOrigin + mark.startTime}`);
    tell();
    setTimeout(tell, 100);
  }).observe({ type: 'mark', buffered: true });
  const look = setInterval(() => {
    const drawn = document.querySelector('h1') && !document.querySelector('[aria-busy=true]');
    if (drawn && marks.length === 0) performance.mark('drawn');
    if (drawn || marks.length > 0) clearInterval(look);
  }, 50);
}";

/// The same window; with the switch on, one that reports its marks.
pub fn reported<R: Runtime, M: Manager<R>>(
    builder: WebviewWindowBuilder<'_, R, M>,
) -> WebviewWindowBuilder<'_, R, M> {
    let Some(file) = std::env::var_os(VARIABLE) else {
        return builder;
    };
    builder.initialization_script(INTO_THE_TITLE).on_document_title_changed(move |_, title| {
        let Some(marks) = title.strip_prefix("marks;") else { return };
        let lines: String = marks.split(';').flat_map(|mark| [mark, "\n"]).collect();
        if let Err(error) = std::fs::write(&file, lines) {
            tracing::warn!("the marks of the page cannot be written: {error}");
        }
    })
}
