//! What the webview needs before it starts.

/// Whether there is a display to draw on.
pub fn is_possible() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Tells `WebKitGTK` to draw without DMABUF where that is slow (no graphics card: a frame takes three times as long) or
/// leaves the window empty (NVIDIA's own driver). Whoever has set the variable has decided.
pub fn choose_renderer() {
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if cfg!(target_os = "linux")
        && std::env::var_os(VARIABLE).is_none()
        && (!has_graphics_card() || has_nvidia())
    {
        // SAFETY: this is the first thing that the program does, on its only thread: nothing else can be reading the
        // environment.
        #[expect(unsafe_code, reason = "WebKit reads the choice from the environment, and only from there")]
        unsafe {
            std::env::set_var(VARIABLE, "1");
        }
    }
}

fn has_graphics_card() -> bool {
    let devices = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    devices.into_iter().any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
}

fn has_nvidia() -> bool {
    std::path::Path::new("/proc/driver/nvidia/version").exists()
}
