//! The server of pages and the backends: this program again, each a process of its own.
//!
//! A role prints its port and ends with its standard input, so that it cannot outlive the process that
//! started it.

use std::{env, io, net::Ipv4Addr, process::Command, thread};

use axum::{
    Json, Router,
    body::Bytes,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{Html, Response},
    routing::get,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower_cors::CorsLayer;
use tower_cors_browsers::{Error, processes::Process};

/// What a backend has of CORS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The layer: the page's origin, PUT, a header and credentials.
    Layered,
    /// Nothing.
    Bare,
    /// It does not run.
    Down,
    /// By hand, with an echo and no Vary, and caches may keep it.
    Unvaried,
    /// The layer, and caches may keep it.
    Kept,
}

const RUNNING: [Backend; 4] = [Backend::Layered, Backend::Bare, Backend::Unvaried, Backend::Kept];

pub struct Roles {
    /// The page's origin.
    pub page: String,
    backends: Vec<(Backend, u16)>,
    nobody: u16,
    _processes: Vec<Process>,
}

impl Roles {
    pub fn start() -> Result<Self, Error> {
        let role = |arguments: &[&str]| -> Result<(Process, u16), Error> {
            let process =
                Process::start(Command::new(env::current_exe()?).arg("role").args(arguments))?;
            let port = process.port_after("listening on ")?;
            Ok((process, port))
        };
        let (pages, port) = role(&["pages"])?;
        let page = format!("http://localhost:{port}");
        let mut roles = Self {
            page: page.clone(),
            backends: Vec::new(),
            nobody: free_port()?,
            _processes: vec![pages],
        };
        for backend in RUNNING {
            let (process, port) = role(&["backend", &format!("{backend:?}"), &page])?;
            roles.backends.push((backend, port));
            roles._processes.push(process);
        }
        Ok(roles)
    }

    pub fn port(&self, backend: Backend) -> u16 {
        self.backends
            .iter()
            .find(|(known, _)| *known == backend)
            .map_or(self.nobody, |(_, port)| *port)
    }
}

/// A port where nobody listens.
pub fn free_port() -> Result<u16, Error> {
    Ok(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// What this program does when it is started as `role NAME ARGUMENTS`.
pub async fn play(arguments: &[String]) -> Result<(), Error> {
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let router = match arguments[..] {
        ["pages"] => pages(),
        ["backend", kind, page] => {
            let kind = RUNNING.into_iter().find(|backend| format!("{backend:?}") == kind);
            backend(kind.ok_or("no such backend")?, page)
        }
        _ => return Err("no such role".into()),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("listening on {}", listener.local_addr()?.port());
    Ok(axum::serve(listener, router).await?)
}

/// The page that tests/browsers drives.
fn pages() -> Router {
    const SCRIPT: &str = include_str!("../../browsers/page/page.js");
    let script = get(async || ([(header::CONTENT_TYPE, "text/javascript")], SCRIPT));
    Router::new()
        .route("/", get(async || Html(include_str!("../../browsers/page/page.html"))))
        .route("/page.js", script)
}

/// The application of `cargo run --example axum`, which accepts PUT and POST, too.
fn application() -> Router {
    // The body is read, or a gateway may pass the answer on before it has seen the end of the upload.
    async fn root(_: Bytes) -> Json<Value> {
        Json(json!({ "message": "Hello World" }))
    }
    Router::new().route("/", get(root).put(root).post(root))
}

fn backend(kind: Backend, page: &str) -> Router {
    let cors = CorsLayer::new()
        .allow_origins([page])
        .allow_methods(["GET", "PUT"])
        .allow_headers(["x-token"])
        .allow_credentials(true);
    match kind {
        Backend::Layered => application().layer(cors),
        Backend::Kept => application().layer(middleware::from_fn(kept)).layer(cors),
        Backend::Unvaried => {
            application().layer(middleware::from_fn(kept)).layer(middleware::from_fn(echo))
        }
        Backend::Bare | Backend::Down => application(),
    }
}

async fn kept(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let minutes = HeaderValue::from_static("public, max-age=600");
    response.headers_mut().insert(header::CACHE_CONTROL, minutes);
    response
}

/// What people write themselves.
async fn echo(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    if let Some(origin) = origin {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}
