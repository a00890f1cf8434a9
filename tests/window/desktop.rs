//! A desktop of its own for every test: a virtual display, a session bus, a notification daemon, folders.

use crate::webdriver::Driver;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

const KEPT: &str = env!("CARGO_BIN_EXE_kept");
/// An order that is due within a minute is announced within two.
const PATIENCE: Duration = Duration::from_secs(120);

/// A session bus that starts nothing by itself: the notification daemon is ours or there is none.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"#;

/// A desktop. Whatever was started on it ends with it.
pub(crate) struct Desktop {
    folder: TempDir,
    display: String,
    bus: String,
    running: Vec<Running>,
    daemon: Option<Running>,
}

/// A toast, as the daemon showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast(String);

impl Toast {
    /// Whether these words stand on it.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.0.contains(words)
    }
}

/// Kept's window, under the driver that started it.
pub(crate) struct Window {
    driver: Driver,
    session: String,
    data: PathBuf,
    _driving: Running,
}

/// A program that ends with the value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Desktop {
    /// Starts a display, a bus and dunst, a notification daemon that people use.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut desktop =
            Self { folder, display: String::new(), bus: String::new(), running: Vec::new(), daemon: None };
        for name in ["toasts", "run", ".config"] {
            fs::create_dir(desktop.path(name)).unwrap();
        }
        fs::set_permissions(desktop.path("run"), fs::Permissions::from_mode(0o700)).unwrap();
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        desktop.display = format!(":{}", desktop.first_line_of(&mut xvfb));
        let mut bus = desktop.command("dbus-daemon");
        let config = desktop.path("bus.conf");
        fs::write(&config, BUS).unwrap();
        bus.arg("--config-file").arg(config).args(["--nofork", "--print-address=1"]);
        desktop.bus = desktop.first_line_of(&mut bus);
        desktop.start_daemon();
        desktop
    }

    /// Opens Kept's window on a data folder.
    pub(crate) fn open(&self, data: &Path) -> Window {
        self.open_with(data, &[])
    }

    /// The same with more arguments.
    pub(crate) fn open_with(&self, data: &Path, arguments: &[&str]) -> Window {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command = self.command("WebKitWebDriver");
        command.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
        let driving = spawn(command.env("TAURI_WEBVIEW_AUTOMATION", "true"));
        let driver = Driver(port);
        wait("the driver answers", || driver.is_ready().then_some(()).ok_or(""));
        let session = driver.begin(KEPT, &[&["--data", data.to_str().unwrap()], arguments].concat()).unwrap();
        Window { driver, session, data: data.to_owned(), _driving: driving }
    }

    /// Starts Kept on a data folder without a driver, which would end with the page, and waits until its page is drawn.
    pub(crate) fn open_without_driver(&self, data: &Path) -> Undriven {
        let marks = self.path("marks");
        let mut command = self.command(KEPT);
        let running = spawn(command.arg("--data").arg(data).env("KEPT_MARKS", &marks));
        let undriven = Undriven { running, marks };
        undriven.wait_until_drawn_after(SystemTime::UNIX_EPOCH);
        undriven
    }

    /// Starts Kept on a data folder without a driver, and waits for its end.
    pub(crate) fn start(&self, data: &Path) -> ExitStatus {
        self.start_with(data, &[])
    }

    /// The same with more arguments.
    pub(crate) fn start_with(&self, data: &Path, arguments: &[&str]) -> ExitStatus {
        let mut running = spawn(self.command(KEPT).arg("--data").arg(data).args(arguments));
        wait("the second start ends", || running.0.try_wait().unwrap().ok_or("it still runs"))
    }

    /// How many toasts are on the screen.
    pub(crate) fn toasts_on_screen(&self) -> usize {
        let output = self.command("dunstctl").args(["count", "displayed"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    }

    /// Waits until so many toasts are on the screen.
    pub(crate) fn wait_for_toasts_on_screen(&self, count: usize) {
        wait("toasts on the screen", || {
            let there = self.toasts_on_screen();
            if there == count { Ok(()) } else { Err((there, self.toasts())) }
        });
    }

    /// Closes all toasts, as the owner does with a click on their x.
    pub(crate) fn close_toasts(&self) {
        self.tell_dunst(&["close-all"]);
    }

    /// The notification daemon crashes.
    pub(crate) fn kill_daemon(&mut self) {
        drop(self.daemon.take());
    }

    /// Presses keys, as on the keyboard: `ctrl+alt+k`.
    pub(crate) fn press_keys(&self, keys: &str) {
        self.tell_display(&["key", keys]);
    }

    /// Types into the window with this title, as soon as it is there.
    pub(crate) fn type_into(&self, title: &str, text: &str) {
        let window = self.wait_for_window(title);
        self.tell_display(&["windowfocus", "--sync", &window]);
        self.tell_display(&["type", "--delay", "20", text]);
    }

    /// Waits until a window with this title can be seen; what it is called by the display.
    pub(crate) fn wait_for_window(&self, title: &str) -> String {
        wait(title, || self.window(title).ok_or("there is no such window"))
    }

    /// Waits until no window with this title can be seen.
    pub(crate) fn wait_for_no_window(&self, title: &str) {
        wait(title, || self.window(title).map_or(Ok(()), Err));
    }

    /// Whether a window with this title can be seen.
    pub(crate) fn has_window(&self, title: &str) -> bool {
        self.window(title).is_some()
    }

    fn window(&self, title: &str) -> Option<String> {
        let mut command = self.command("xdotool");
        let output = command.args(["search", "--onlyvisible", "--name", title]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().next().map(str::to_owned)
    }

    fn tell_display(&self, what: &[&str]) {
        let status = self.command("xdotool").args(what).status().unwrap();
        assert!(status.success(), "xdotool {what:?}: {status}");
    }

    /// The address of the session bus.
    pub(crate) fn bus(&self) -> &str {
        &self.bus
    }

    /// What Kept is started with at login; none if it is not.
    pub(crate) fn started_at_login(&self) -> Option<String> {
        fs::read_to_string(self.path(".config/autostart/Kept.desktop")).ok()
    }

    /// Sets the wall clock of every Kept on this desktop ahead; the other one runs on.
    pub(crate) fn set_clock_ahead(&self, by: Duration) {
        let new = self.path("clock.new");
        fs::write(&new, by.as_millis().to_string()).unwrap();
        fs::rename(new, self.path("clock")).unwrap();
    }

    /// All toasts that were shown.
    pub(crate) fn toasts(&self) -> Vec<Toast> {
        let files = fs::read_dir(self.path("toasts")).unwrap().flatten();
        files.map(|file| Toast(fs::read_to_string(file.path()).unwrap())).collect()
    }

    /// Waits for a toast.
    pub(crate) fn wait_for_toast(&self, is_it: impl Fn(&Toast) -> bool) -> Toast {
        wait("a toast", || {
            let toasts = self.toasts();
            toasts.iter().find(|toast| is_it(toast)).cloned().ok_or(toasts)
        })
    }

    /// Presses a button of the toasts that are shown.
    pub(crate) fn press(&self, button: &str) {
        fs::write(self.path("button"), button).unwrap();
        self.tell_dunst(&["context"]);
    }

    /// Clicks on the toast that was shown last.
    pub(crate) fn click(&self) {
        self.tell_dunst(&["action", "0"]);
    }

    fn tell_dunst(&self, what: &[&str]) {
        let status = self.command("dunstctl").args(what).status().unwrap();
        assert!(status.success(), "dunstctl {what:?}: {status}");
    }

    /// Starts dunst with a rule that writes every toast it shows to a file, and a chooser of buttons that needs nobody.
    pub(crate) fn start_daemon(&mut self) {
        let (toasts, button) = (self.path("toasts"), self.path("button"));
        let record = self.script(
            "record",
            &format!(
                "printf '%s\\n%s' \"$DUNST_SUMMARY\" \"$DUNST_BODY\" > {0}.$$\nmv {0}.$$ {0}/$$",
                toasts.display()
            ),
        );
        let choose = self.script(
            "choose",
            &format!("grep --fixed-strings --max-count=1 \"#$(cat {})\"", button.display()),
        );
        let config = self.path("dunstrc");
        let rules = format!(
            "[global]\n  dmenu = {}\n[urgency_low]\n  timeout = 0\n[urgency_normal]\n  timeout = 0\n\
             [urgency_critical]\n  timeout = 0\n[record]\n  summary = \"*\"\n  script = {}\n",
            choose.display(),
            record.display()
        );
        fs::write(&config, rules).unwrap();
        let daemon = spawn(self.command("dunst").arg("-config").arg(config));
        self.daemon = Some(daemon);
        wait("dunst answers", || {
            let count =
                self.command("dunstctl").arg("count").stdout(Stdio::null()).stderr(Stdio::null()).status();
            count.unwrap().success().then_some(()).ok_or("it does not")
        });
    }

    /// A command on this desktop: nothing of it reaches the developer's own.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display).env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        command.env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus);
        command.env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
        for variable in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env(variable, self.folder.path());
        }
        command.env_remove("XDG_SESSION_TYPE").env("KEPT_CLOCK_AHEAD", self.path("clock"));
        command.env("XDG_RUNTIME_DIR", self.path("run")).stdin(Stdio::null());
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn script(&self, name: &str, does: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn first_line_of(&mut self, command: &mut Command) -> String {
        let mut running = spawn(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let output = running.0.stdout.take().unwrap();
        self.running.push(running);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{command:?} says nothing");
        line.trim().to_owned()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        drop(self.daemon.take());
        // The display goes last.
        while self.running.pop().is_some() {}
    }
}

/// A window of Kept without a driver.
pub(crate) struct Undriven {
    running: Running,
    marks: PathBuf,
}

impl Window {
    /// Waits until these words stand in the window.
    pub(crate) fn wait_for_text(&self, words: &str) {
        wait(words, || {
            let text = self.text();
            if text.contains(words) { Ok(()) } else { Err(text) }
        });
    }

    /// Whether these words stand in the window.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Waits until something is true.
    pub(crate) fn wait_until(&self, what: &str, is: impl Fn() -> bool) {
        wait(what, || if is() { Ok(()) } else { Err(self.text()) });
    }

    /// Waits until Kept answers a request, asked through the window, as expected.
    pub(crate) fn wait_for_answer(&self, name: &str, takes: &Value, expected: impl Fn(&Value) -> bool) {
        const ASK: &str =
            "return await window.__TAURI_INTERNALS__.invoke('ask', { name: given[0], takes: given[1] });";
        wait(name, || {
            let answer = self.driver.run(&self.session, ASK, &[&json!(name), takes]).unwrap();
            if expected(&answer) { Ok(()) } else { Err(answer) }
        });
    }

    /// Asks Kept through the window.
    pub(crate) fn ask(&self, name: &str, takes: &Value) -> Value {
        let answer = self.invoke("ask", &json!({ "name": name, "takes": takes }));
        assert!(answer["failed"].is_null(), "{name}: {answer}");
        answer
    }

    /// Gives the window a command.
    pub(crate) fn invoke(&self, command: &str, takes: &Value) -> Value {
        const INVOKE: &str = "return await window.__TAURI_INTERNALS__.invoke(given[0], given[1]);";
        self.driver.run(&self.session, INVOKE, &[&json!(command), takes]).unwrap()
    }

    /// Opens the page of a promise.
    pub(crate) fn show(&self, promise: &Value) {
        let go = "location.hash = `#/promise/${given[0].promise}`;";
        self.driver.run(&self.session, go, &[promise]).unwrap();
    }

    /// Opens the screen at an address.
    pub(crate) fn go(&self, address: &str) {
        self.driver.run(&self.session, "location.hash = given[0];", &[&json!(address)]).unwrap();
    }

    /// What stands above the screen that is open.
    pub(crate) fn heading(&self) -> String {
        self.read("return document.querySelector('h1')?.textContent ?? '';")
    }

    /// Answers what closing the window is to do.
    pub(crate) fn close(&self, what: &str) {
        let close = "await window.__TAURI_INTERNALS__.invoke('close_window', { what: given[0] });";
        self.driver.run(&self.session, close, &[&json!(what)]).unwrap();
    }

    /// Whether anybody could see the window.
    pub(crate) fn is_visible(&self) -> bool {
        self.read("return document.visibilityState;") == "visible"
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        self.read("return location.href;")
    }

    /// Ends Kept as a power cut would: it gets no chance to do anything about it.
    pub(crate) fn kill(self) {
        self.signal("KILL");
    }

    /// Ends Kept as the system does when its owner logs out, and waits until it has ended.
    pub(crate) fn log_out(self) {
        let process = PathBuf::from("/proc").join(self.process());
        self.signal("TERM");
        // The driver takes its time to notice that a program has ended.
        wait("the end of Kept", || match fs::read(process.join("cmdline")) {
            Ok(line) if !line.is_empty() => Err("Kept still runs"),
            Ok(_) | Err(_) => Ok(()),
        });
    }

    /// Stops Kept where it stands, as a computer does that falls asleep.
    pub(crate) fn suspend(&self) {
        self.signal("STOP");
    }

    /// Lets Kept go on.
    pub(crate) fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        signal(name, &self.process());
    }

    /// The one Kept that runs on the data folder.
    fn process(&self) -> String {
        let data = self.data.to_str().unwrap();
        let on_data = fs::read_dir("/proc").unwrap().flatten().filter(|process| {
            let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
            let mut arguments = line.split(|byte| *byte == 0);
            arguments.next() == Some(KEPT.as_bytes()) && arguments.any(|argument| argument == data.as_bytes())
        });
        let ids: Vec<String> = on_data.map(|process| process.file_name().into_string().unwrap()).collect();
        assert_eq!(ids.len(), 1, "one Kept runs on {data}");
        ids[0].clone()
    }

    fn text(&self) -> String {
        self.read("return document.body.innerText;")
    }

    fn read(&self, script: &str) -> String {
        let value = self.driver.run(&self.session, script, &[]).unwrap();
        value.as_str().unwrap_or_default().to_owned()
    }
}

impl Undriven {
    /// Ends the process that draws the page, as a crash would, and waits until the page is drawn by another one.
    pub(crate) fn lose_page(&self) {
        let page = self.process_of_page().unwrap();
        signal("KILL", &page);
        self.wait_until_drawn_after(SystemTime::now());
        assert_ne!(self.process_of_page().unwrap(), page);
    }

    /// The page marks when it is drawn, in milliseconds since 1970.
    fn wait_until_drawn_after(&self, moment: SystemTime) {
        let moment = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0;
        wait("the page is drawn", || {
            let marks = fs::read_to_string(&self.marks).unwrap_or_default();
            let mut times = marks.lines().filter_map(|mark| mark.rsplit_once(' ')?.1.parse::<f64>().ok());
            if times.any(|time| time > moment) { Ok(()) } else { Err(marks) }
        });
    }

    fn process_of_page(&self) -> Option<String> {
        let kept = format!("PPid:\t{}\n", self.running.0.id());
        let page = fs::read_dir("/proc").unwrap().flatten().find(|process| {
            let status = fs::read_to_string(process.path().join("status")).unwrap_or_default();
            status.starts_with("Name:\tWebKitWebProces") && status.contains(&kept)
        });
        page.map(|process| process.file_name().into_string().unwrap())
    }
}

fn signal(name: &str, process: &str) {
    assert!(Command::new("kill").args(["-s", name, process]).status().unwrap().success());
}

fn spawn(command: &mut Command) -> Running {
    let name = command.get_program().to_owned();
    Running(command.spawn().unwrap_or_else(|error| {
        panic!("{}: {error}; `cargo xtask test` installs what is missing", name.display())
    }))
}

/// Looks until there is something; fails with what was seen instead.
fn wait<T, E: Debug>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let began = Instant::now();
    loop {
        match look() {
            Ok(found) => return found,
            Err(seen) => assert!(began.elapsed() < PATIENCE, "waited in vain for “{what}”; saw {seen:#?}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
