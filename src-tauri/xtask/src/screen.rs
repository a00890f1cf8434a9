//! A display that nobody looks at, with a session bus of its own, and folders that leave nothing behind.

use crate::picture::Picture;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A virtual display of 1280 by 800 points: as large as Kept's window, which therefore fills it.
pub(crate) struct Screen {
    folder: PathBuf,
    display: String,
    bus_address: String,
    running: Vec<Child>,
}

impl Screen {
    /// Starts a display and a bus; they end with the value.
    pub(crate) fn start() -> Result<Self, String> {
        let folder = new_folder().map_err(|error| format!("No temporary folder could be made: {error}."))?;
        let mut screen =
            Self { folder, display: String::new(), bus_address: String::new(), running: Vec::new() };
        let frame = screen.folder.display().to_string();
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir", &frame]);
        screen.display = format!(":{}", screen.first_line_of(&mut xvfb)?);
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address=1"]).env("DISPLAY", &screen.display);
        screen.bus_address = screen.first_line_of(&mut bus)?;
        Ok(screen)
    }

    /// A command that runs here instead of on a desktop.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display).env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        command.env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
        for variable in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            command.env(variable, &self.folder);
        }
        command
    }

    /// A path for something that goes when the display goes.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What the display shows.
    pub(crate) fn picture(&self) -> Result<Picture, String> {
        let dump = fs::read(self.path("Xvfb_screen0"))
            .map_err(|error| format!("The display cannot be read: {error}."))?;
        Picture::of_dump(&dump)
            .ok_or_else(|| "The display is kept in a form that is not known here.".to_owned())
    }

    fn first_line_of(&mut self, command: &mut Command) -> Result<String, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("{name} could not be started: {error}."))?;
        let output = child.stdout.take();
        self.running.push(child);
        let mut line = String::new();
        if let Some(output) = output {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(|error| format!("{name} says nothing: {error}."))?;
        }
        let line = line.trim().to_owned();
        if line.is_empty() { Err(format!("{name} ended at once.")) } else { Ok(line) }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in self.running.iter_mut().rev() {
            end(child);
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Ends a program that was started here.
pub(crate) fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Ends a program as the system does when its owner logs out: it may put its data in order.
pub(crate) fn end_in_order(child: &mut Child) {
    const PATIENCE: Duration = Duration::from_secs(10);
    let told = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
    if told.is_ok_and(|status| status.success()) {
        wait_for(PATIENCE, || child.try_wait().ok().flatten());
    }
    end(child);
}

/// Looks again and again until there is something, for at most `limit`.
pub(crate) fn wait_for<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if began.elapsed() > limit {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn new_folder() -> std::io::Result<PathBuf> {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let folder = std::env::temp_dir().join(format!("kept-{}-{nanos}", std::process::id()));
    fs::create_dir(&folder)?;
    Ok(folder)
}
