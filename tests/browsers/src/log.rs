//! `Log`: what a server saw, one line for each request, and the layer that writes it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use http::{HeaderMap, HeaderName, Method, header};

#[derive(Clone, Default)]
pub struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    is_printed: bool,
}

/// What a printed line of a log begins with.
pub const SAW: &str = "saw ";

impl Log {
    /// One that is printed, for the process that started this one to read.
    pub fn printed() -> Self {
        Self { is_printed: true, ..Self::default() }
    }

    pub fn add(&self, line: String) {
        if self.is_printed {
            println!("{SAW}{line}");
        } else {
            self.lines.lock().expect("no holder of the lock panics").push(line);
        }
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no holder of the lock panics").clone()
    }
}

/// How a server's log calls the origins it meets.
#[derive(Clone, Default)]
pub struct Names {
    /// The origin that goes without saying: that of the page.
    pub page: String,
    /// The server's own.
    pub api: String,
}

/// Whether a request came to the application.
#[derive(Clone, Default)]
struct Reached(Arc<AtomicBool>);

/// Put outside of everything that a case is about: writes a line for each request.
pub fn record(router: axum::Router, log: Log, names: Names) -> axum::Router {
    router.layer(middleware::from_fn_with_state((log, names), write_line))
}

async fn write_line(
    State((log, names)): State<(Log, Names)>,
    mut request: Request,
    next: Next,
) -> Response {
    let reached = Reached::default();
    request.extensions_mut().insert(reached.clone());
    let head = Head::of(&request, &names);
    let response = next.run(request).await;
    // Browsers ask for them on their own, and for a worker again and again.
    if !matches!(head.path.as_str(), "/favicon.ico" | "/worker.js") {
        log.add(head.line(response.status().as_u16(), reached.0.load(Ordering::Relaxed)));
    }
    response
}

/// Put inside of everything that a case is about.
pub async fn reached(request: Request, next: Next) -> Response {
    if let Some(Reached(reached)) = request.extensions().get() {
        reached.store(true, Ordering::Relaxed);
    }
    next.run(request).await
}

struct Head {
    asked: String,
    path: String,
    is_preflight: bool,
    notes: String,
}

impl Head {
    fn of(request: &Request, names: &Names) -> Self {
        let headers = request.headers();
        let path = request.uri().path().to_owned();
        let origin = field(headers, &header::ORIGIN);
        let method = field(headers, &header::ACCESS_CONTROL_REQUEST_METHOD);
        let is_preflight = request.method() == Method::OPTIONS && method.is_some();
        let mut asked = match method.filter(|_| is_preflight) {
            Some(method) => format!("preflight {method} {path}"),
            None => format!("{} {path}", request.method()),
        };
        if let Some(names) = field(headers, &header::ACCESS_CONTROL_REQUEST_HEADERS) {
            asked.push_str(&format!(" [{names}]"));
        }
        let mut notes = match origin {
            None => " without Origin".to_owned(),
            Some(origin) if origin == names.page => String::new(),
            Some(origin) if origin == names.api => " from itself".to_owned(),
            // Ports change from run to run.
            Some(origin) => match origin.rsplit_once(':') {
                Some((host, port)) if port.parse::<u16>().is_ok() => format!(" from {host}"),
                _ => format!(" from {origin}"),
            },
        };
        if let Some(cookie) = field(headers, &header::COOKIE) {
            notes.push_str(&format!(" with cookie {cookie}"));
        }
        if headers.contains_key(header::AUTHORIZATION) {
            notes.push_str(" with authorization");
        }
        Self { asked, path, is_preflight, notes }
    }

    fn line(&self, status: u16, reached: bool) -> String {
        let Self { asked, notes, .. } = self;
        // Said only where it is not what one would think.
        let note = match (self.is_preflight, reached) {
            (true, false) | (false, true) => "",
            (true, true) => ", by the application",
            (false, false) => ", not carried out",
        };
        format!("{asked}: {status}{notes}{note}")
    }
}

/// All lines of a header; several are told apart from one.
fn field(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> =
        headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    (!lines.is_empty()).then(|| lines.join(" | "))
}
