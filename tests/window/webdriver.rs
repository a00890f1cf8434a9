//! As much of a `WebDriver` client as the tests need.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// Long enough for a window on a busy machine; a driver that hangs fails the test instead of stopping it for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// A driver, at its port.
#[derive(Clone, Copy)]
pub(crate) struct Driver(pub(crate) u16);

impl Driver {
    /// Whether it answers.
    pub(crate) fn is_ready(self) -> bool {
        self.call("GET", "/status", &Value::Null).is_ok()
    }

    /// Starts a program that shows a window; gives the id of the session.
    pub(crate) fn begin(self, program: &str, arguments: &[&str]) -> Result<String, String> {
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let session = self.call("POST", "/session", &wanted)?;
        session["sessionId"].as_str().map(str::to_owned).ok_or_else(|| format!("no session: {session}"))
    }

    /// Runs a script in the page; what it returns, or what its promise becomes.
    pub(crate) fn run(self, session: &str, script: &str, arguments: &[&Value]) -> Result<Value, String> {
        let script = format!(
            "const [given, done] = [[...arguments].slice(0, -1), arguments[arguments.length - 1]];
             (async (...given) => {{ {script} }})(...given).then(done, (error) => done({{ failed: error }}));"
        );
        let body = json!({ "script": script, "args": arguments });
        self.call("POST", &format!("/session/{session}/execute/async"), &body)
    }

    /// Presses a key, and lets go of it; special keys by their code points.
    #[allow(dead_code, reason = "the window's tests press no keys, the figures do")]
    pub(crate) fn press(self, session: &str, key: &str) -> Result<(), String> {
        let strokes = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.call("POST", &format!("/session/{session}/actions"), &body).map(|_| ())
    }

    /// Ends a session, and the program with it.
    #[allow(dead_code, reason = "the window's tests end their programs themselves")]
    pub(crate) fn end(self, session: &str) -> Result<(), String> {
        self.call("DELETE", &format!("/session/{session}"), &Value::Null).map(|_| ())
    }

    fn call(self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let words = |error: std::io::Error| format!("{method} {path}: {error}");
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.0)).map_err(words)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(words)?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.0,
            body.len(),
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).map_err(words)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).map_err(words)?;
        let answer = String::from_utf8_lossy(&answer);
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        let mut body: Value = serde_json::from_str(body).map_err(|_| format!("{method} {path}: {answer}"))?;
        let value = body["value"].take();
        if value["error"].is_string() { Err(format!("{method} {path}: {value}")) } else { Ok(value) }
    }
}
