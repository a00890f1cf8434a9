//! Kept's answers over HTTP, for browsers and scripts: a development tool that is not shipped.
//!
//! It listens on the loopback only and asks for a token that it made itself. Its first line of output is
//! `{"url": …, "token": …}`. `POST /<request>` with a JSON body answers as the window does: 200 with the answer, or 4xx
//! with the `Failure`. `GET /events` tells of changes, `POST /files?name=…` offers a file as if it had been chosen,
//! `GET /file?promise=…&hash=…` gives one that was attached. `POST /places?name=…` offers a place to write to, as if it had
//! been chosen, and `GET /place?file=…` gives what was written there.

#![expect(clippy::print_stdout, reason = "its first line of output says where it listens")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as UrlPath, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Parser;
use kept_app::clock::{Reading, machine};
use kept_app::failure::{Code, Failure};
use kept_app::{Host, Kept, Notice, Shown};
use kept_core::day::Stamp;
use kept_core::id::CommitmentId;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};
use uuid::Uuid;

/// How the server is started.
#[derive(Parser)]
struct Args {
    /// The folder that holds the data.
    #[arg(long)]
    data: PathBuf,
    /// The instant at which its clock starts, such as 2026-11-21T09:41:00Z; the machine's clock if none is given.
    #[arg(long)]
    now: Option<Stamp>,
    /// The port on the loopback; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The built UI.
    #[arg(long, default_value = "ui/dist")]
    ui: PathBuf,
    /// Watch as the window does, so that alerts come due.
    #[arg(long)]
    watch: bool,
}

#[derive(Clone)]
struct Server {
    kept: Kept,
    token: Arc<str>,
    ui: Arc<Path>,
    uploads: Arc<Path>,
    /// Where things are written, by the name under which they were offered.
    places: Arc<Mutex<HashMap<String, PathBuf>>>,
    told: broadcast::Sender<(&'static str, String)>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    let (told, _) = broadcast::channel(1_000);
    let kept = Kept::open(&args.data, host(args.now, told.clone())).await?;
    let uploads = std::env::temp_dir().join(format!("kept-serve-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&uploads)?;
    let token = Uuid::new_v4().simple().to_string();
    let server = Server {
        kept: kept.clone(),
        token: token.as_str().into(),
        ui: args.ui.into(),
        uploads: uploads.clone().into(),
        places: Arc::default(),
        told,
    };
    if args.watch {
        tokio::spawn(kept_app::watching::watch(kept.clone()));
    }
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", args.port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    println!("{}", serde_json::json!({ "url": url, "token": token }));
    let router = Router::new()
        .route("/events", get(events))
        .route("/file", get(file))
        .route("/files", post(files))
        .route("/places", post(places))
        .route("/place", get(place))
        .route("/{request}", post(answer).get(ui))
        .fallback(get(ui))
        .layer(DefaultBodyLimit::max(600 << 20))
        .with_state(server);
    // Pages that listen to events never hang up by themselves, so nothing is waited for.
    tokio::select! {
        ended = axum::serve(listener, router) => ended?,
        () = stopped() => {}
    }
    std::fs::remove_dir_all(&uploads)?;
    Ok(kept.close().await?)
}

/// A clock that starts at `now` and runs on from there, and notices that are told to the page.
fn host(now: Option<Stamp>, told: broadcast::Sender<(&'static str, String)>) -> Host {
    let clock = machine();
    let start = clock();
    let notices = told.clone();
    Host {
        now: Box::new(move || {
            let reading = clock();
            match now {
                Some(now) => {
                    let run = reading.stamp.millis() - start.stamp.millis();
                    Reading { stamp: Stamp::from_millis(now.millis() + run), ..reading }
                }
                None => reading,
            }
        }),
        notify: Box::new(move |notice: Notice| {
            let line = serde_json::json!({ "title": notice.title, "body": notice.body });
            drop(notices.send(("notice", line.to_string())));
            Shown::Shown
        }),
        changed: Box::new(move |revision| {
            drop(told.send(("changed", serde_json::json!({ "revision": revision }).to_string())));
        }),
    }
}

async fn answer(
    State(server): State<Server>,
    UrlPath(request): UrlPath<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !server.knows(&headers) {
        return refused();
    }
    let takes = if body.is_empty() { Ok(serde_json::json!({})) } else { serde_json::from_slice(&body) };
    let answer = match takes {
        Ok(takes) => server.kept.answer(&request, takes).await,
        Err(error) => Err(Failure::new(Code::Invalid, format!("The body is no JSON: {error}."))),
    };
    match answer {
        Ok(gives) => axum::Json(gives).into_response(),
        Err(failure) => (status_of(failure.code), axum::Json(failure)).into_response(),
    }
}

fn status_of(code: Code) -> StatusCode {
    match code {
        Code::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Conflict => StatusCode::CONFLICT,
        Code::Busy => StatusCode::LOCKED,
        Code::Storage | Code::NewerData | Code::Bug => StatusCode::BAD_REQUEST,
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn files(
    State(server): State<Server>,
    Query(named): Query<Named>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !server.knows(&headers) {
        return refused();
    }
    let name = Path::new(&named.name).file_name().map_or_else(|| "file".into(), ToOwned::to_owned);
    let folder = server.uploads.join(Uuid::now_v7().to_string());
    let path = folder.join(name);
    match std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &body)) {
        Ok(()) => axum::Json(server.kept.offer_file(&path)).into_response(),
        Err(error) => (StatusCode::INSUFFICIENT_STORAGE, error.to_string()).into_response(),
    }
}

#[derive(Deserialize)]
struct Placed {
    name: String,
    #[serde(default)]
    folder: bool,
}

/// A place to write to: a file that is not there yet, or an empty folder.
async fn places(State(server): State<Server>, Query(wanted): Query<Placed>, headers: HeaderMap) -> Response {
    if !server.knows(&headers) {
        return refused();
    }
    let name = Path::new(&wanted.name).file_name().map_or_else(|| "file".into(), ToOwned::to_owned);
    let path = server.uploads.join(Uuid::now_v7().to_string()).join(name);
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let made = if wanted.folder { made.and_then(|()| std::fs::create_dir(&path)) } else { made };
    match made {
        Ok(()) => {
            let offered = server.kept.offer_file(&path);
            let mut places = server.places.lock().unwrap_or_else(PoisonError::into_inner);
            places.insert(offered.file.clone(), path);
            axum::Json(offered).into_response()
        }
        Err(error) => (StatusCode::INSUFFICIENT_STORAGE, error.to_string()).into_response(),
    }
}

#[derive(Deserialize)]
struct Wanted {
    file: String,
}

/// What was written to a place.
async fn place(State(server): State<Server>, Query(wanted): Query<Wanted>, headers: HeaderMap) -> Response {
    if !server.knows(&headers) {
        return refused();
    }
    let path = server.places.lock().unwrap_or_else(PoisonError::into_inner).get(&wanted.file).cloned();
    match path.map(std::fs::read) {
        Some(Ok(bytes)) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Some(Err(_)) | None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
struct Attached {
    promise: CommitmentId,
    hash: String,
}

/// A file that was attached to a promise, for a browser to save.
async fn file(
    State(server): State<Server>,
    Query(attached): Query<Attached>,
    headers: HeaderMap,
) -> Response {
    if !server.knows(&headers) {
        return refused();
    }
    let path = server.kept.copy_to_open(attached.promise, &attached.hash).await;
    match path.and_then(|path| std::fs::read(path).map_err(Failure::bug)) {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Err(failure) => (status_of(failure.code), axum::Json(failure)).into_response(),
    }
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

async fn events(
    State(server): State<Server>,
    Query(given): Query<Token>,
) -> Result<Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>>, StatusCode> {
    if given.token != *server.token {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let told = BroadcastStream::new(server.told.subscribe());
    Ok(Sse::new(
        told.filter_map(|told| told.ok().map(|(name, data)| Ok(Event::default().event(name).data(data)))),
    ))
}

/// The UI's own files, under the content security policy of the window.
async fn ui(State(server): State<Server>, uri: Uri) -> Response {
    let wanted = uri.path().trim_start_matches('/');
    let inside = !wanted.split('/').any(|piece| piece == "..");
    let path = server.ui.join(if wanted.is_empty() { "index.html" } else { wanted });
    match std::fs::read(&path) {
        Ok(bytes) if inside => {
            ([(header::CONTENT_TYPE, kind_of(&path)), (header::CONTENT_SECURITY_POLICY, POLICY)], bytes)
                .into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn kind_of(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

impl Server {
    fn knows(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        given.and_then(|given| given.strip_prefix("Bearer ")) == Some(&*self.token)
    }
}

fn refused() -> Response {
    (StatusCode::UNAUTHORIZED, "The token is missing or wrong.").into_response()
}

/// Ends when the process is told to.
async fn stopped() {
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
