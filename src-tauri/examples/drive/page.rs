//! A page in a real window, driven by keys.

use crate::Outcome;
use crate::webdriver::Driver;
use serde_json::{Value, json};
use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Measures from a key to the frame that shows what it changed: the frame after the last change, which was the last when
/// nothing has changed for a while; or the first frame that shows what the key asks for, where that is named.
const LISTEN: &str = "
  const STILL = 150;
  let pressed = null, seen = 0;
  const frames = (then) => requestAnimationFrame(() => requestAnimationFrame(() => then(performance.now())));
  const changed = () => {
    if (!pressed) return;
    const mine = pressed;
    if (mine.shows === null || (!mine.shown && document.querySelector(mine.shows))) {
      mine.shown = true;
      const turn = ++mine.turn;
      frames((at) => { if (turn === mine.turn) mine.painted = at; });
    }
    clearTimeout(mine.still);
    mine.still = setTimeout(() => {
      if (mine.painted === null) return changed();
      mine.done(mine.painted - mine.at);
      if (pressed === mine) pressed = null;
    }, STILL);
  };
  new MutationObserver(changed).observe(document.body,
    { subtree: true, childList: true, characterData: true, attributes: true });
  addEventListener('keydown', (event) => {
    const shows = window.keyShows;
    pressed = { at: event.timeStamp, shows, shown: false, turn: 0, painted: null, still: 0, done: (took) => (window.keyTook = took) };
    changed();
  }, { capture: true });";

/// Scrolls some three rows a frame for some five hundred frames, down and up again where the list ends.
const SCROLL: &str = "
  let box = document.querySelector('[data-index]');
  while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
  const STEP = 110, FRAMES = 500;
  let by = STEP, blank = 0, last = null;
  const took = [];
  const frame = () => new Promise(requestAnimationFrame);
  // What is fetched and compiled once has come.
  for (let i = 0; i < 30; i++) { box.scrollTop += by; await frame(); }
  for (let i = 0; i < FRAMES; i++) {
    const at = await frame();
    if (last !== null) took.push(at - last);
    last = at;
    const { top, bottom } = box.getBoundingClientRect();
    let covered = top;
    for (const row of box.querySelectorAll('[data-index]')) {
      const place = row.getBoundingClientRect();
      if (place.bottom <= top || place.top >= bottom) continue;
      covered = Math.max(covered, place.bottom);
      if (row.textContent.trim() === '' || row.getAttribute('aria-busy') === 'true') blank += 1;
    }
    if (covered < bottom - 40 && box.scrollTop + box.clientHeight < box.scrollHeight - 40) blank += 1;
    if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) by = -STEP;
    if (box.scrollTop <= 0) by = STEP;
    box.scrollTop += by;
  }
  return { took, blank };";

/// So long is a page left alone after a key.
const UNDISTURBED: Duration = Duration::from_millis(260);

/// How a list scrolled.
pub(crate) struct Scrolled {
    took: Vec<f64>,
    /// Rows that were in sight and empty, added up over all frames.
    pub(crate) blank: u32,
}

impl Scrolled {
    /// How many frames in a hundred took longer than this.
    pub(crate) fn late(&self, than: f64) -> f64 {
        let late = u32::try_from(self.took.iter().filter(|took| **took > than).count()).unwrap_or(u32::MAX);
        100.0 * f64::from(late) / f64::from(u32::try_from(self.took.len().max(1)).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for Scrolled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (late, blank) = (self.late(super::LATE), self.blank);
        write!(f, "{late:.1} % of {} frames were late, {blank} blank rows", self.took.len())
    }
}

/// A window with its driver; both end with the value.
pub(crate) struct Page {
    driver: Driver,
    session: String,
    process: Child,
}

impl Page {
    /// Starts a program under a driver of its own.
    pub(crate) fn open(program: &str, arguments: &[&str]) -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        drop(listener);
        let process = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("WebKitWebDriver could not be started: {error}."))?;
        let mut page = Self { driver: Driver(port), session: String::new(), process };
        wait("the driver", || page.driver.is_ready().then_some(()))?;
        page.session = page.driver.begin(program, arguments)?;
        page.wait_for("h1")?;
        page.run(LISTEN, &[])?;
        Ok(page)
    }

    /// Shows a screen and waits until it has something.
    pub(crate) fn go(&self, address: &str, shows: &str) -> Outcome<()> {
        self.run("location.hash = given[0];", &[&json!(address)])?;
        self.wait_for(shows)
    }

    /// Goes back to the screen before and waits until it has something.
    pub(crate) fn back(&self, shows: &str) -> Outcome<()> {
        self.run("history.back();", &[])?;
        self.wait_for(shows)?;
        self.settle()
    }

    pub(crate) fn focus(&self, what: &str) -> Outcome<()> {
        self.run("document.querySelector(given[0])?.focus();", &[&json!(what)])?;
        self.settle()
    }

    /// Presses a key, and gives the time until the screen shows all that it does, in milliseconds.
    pub(crate) fn key(&self, key: &str) -> Outcome<f64> {
        self.press(key, &Value::Null)
    }

    /// Presses a key, and gives the time until the screen shows something, in milliseconds.
    pub(crate) fn key_to(&self, key: &str, shows: &str) -> Outcome<f64> {
        self.press(key, &json!(shows))
    }

    fn press(&self, key: &str, shows: &Value) -> Outcome<f64> {
        self.run("[window.keyTook, window.keyShows] = [null, given[0]];", &[shows])?;
        self.driver.press(&self.session, key)?;
        // Whoever looks in meanwhile takes the page's time.
        std::thread::sleep(UNDISTURBED);
        let took = wait("what a key does", || self.run("return window.keyTook;", &[]).ok()?.as_f64())?;
        Ok(took)
    }

    pub(crate) fn wait_for(&self, what: &str) -> Outcome<()> {
        let there = || {
            let found =
                self.run("return document.querySelector(given[0]) !== null;", &[&json!(what)]).ok()?;
            (found == Value::Bool(true)).then_some(())
        };
        wait(what, there)
    }

    /// Scrolls the list that is shown.
    pub(crate) fn scroll(&self) -> Outcome<Scrolled> {
        self.settle()?;
        let seen = self.run(SCROLL, &[])?;
        let took: Vec<f64> =
            seen["took"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let blank = seen["blank"].as_u64().and_then(|rows| u32::try_from(rows).ok());
        let blank = blank.ok_or_else(|| format!("The list could not be scrolled: {seen}"))?;
        Ok(Scrolled { took, blank })
    }

    /// Waits until nothing has changed for a while.
    fn settle(&self) -> Outcome<()> {
        let still = "const still = () => new Promise((done) => {
            let timer = setTimeout(done, 300);
            new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 300); })
              .observe(document.body, { subtree: true, childList: true, characterData: true });
          });
          await still();";
        self.run(still, &[]).map(|_| ())
    }

    fn run(&self, script: &str, given: &[&Value]) -> Outcome<Value> {
        self.driver.run(&self.session, script, given)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.driver.end(&self.session);
        // It answers before it has ended the program, which would go on without it and be in the way of the next.
        let _ = wait("end of the program", || has_ended_its_program(&self.process).then_some(()));
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether a driver has no program any more.
fn has_ended_its_program(driver: &Child) -> bool {
    let children = format!("/proc/{0}/task/{0}/children", driver.id());
    std::fs::read_to_string(children).is_ok_and(|children| children.trim().is_empty())
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> Outcome<T> {
    const PATIENCE: Duration = Duration::from_secs(60);
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return Ok(found);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(format!("There was no {what} within {PATIENCE:?}."))
}
