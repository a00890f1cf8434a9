//! An empty window with the UI library that Kept uses, and nothing else: what Kept's own window is measured against.

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    kept_window::drawing::choose_renderer();
    tauri::Builder::default()
        .setup(|app| {
            let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("empty.html".into()))
                .title("Empty")
                .inner_size(1280.0, 800.0);
            kept_window::marks::reported(window).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
