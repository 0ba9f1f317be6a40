//! `Page`: sends the requests that the core decides on.

use std::{
    fmt,
    future::poll_fn,
    pin::{Pin, pin},
    time::Duration,
};

use bytes::{Buf, Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower_service::Service;

use crate::{
    Blocked, Engine, Exchange, Fetch, Seen,
    standard::{
        attempt::{Attempt, Step},
        origin::Origin,
        session::Session,
    },
};

/// The body of the requests that a page sends: all of it at once.
pub type Body = Full<Bytes>;

/// A page in a browser. It sends requests to any Tower service, as a page of its origin would.
///
/// It keeps cookies and preflights as a browser does, and a clock that moves only by
/// [`advance`](Self::advance). Every request that it sends is in [`exchanges`](Self::exchanges).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use axum::{Router, routing::put};
/// use tower_browser::{Credentials, Fetch, Page};
/// use tower_cors::CorsLayer;
///
/// let mut app = Router::new().route("/items/{id}", put(async || "saved")).layer(
///     CorsLayer::new()
///         .allow_origins(["https://app.example.com"])
///         .allow_methods(["PUT"])
///         .allow_headers(["x-token"])
///         .allow_credentials(true),
/// );
///
/// let mut page = Page::new("https://app.example.com");
/// let put = Fetch::put("https://api.example.com/items/7")
///     .header("x-token", "1")
///     .credentials(Credentials::Include)
///     .body("{}");
/// let seen = page.fetch(&mut app, put).await?;
/// assert_eq!(seen.text(), "saved");
/// assert!(page.exchanges()[0].is_preflight());
/// # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
/// ```
pub struct Page {
    pub(crate) session: Session,
}

impl Page {
    /// A page of an origin, in [`Engine::Standard`].
    ///
    /// It accepts what browsers send as `Origin`, such as `https://app.example.com`,
    /// `http://localhost:3000` or `tauri://localhost`. Anything else, such as a trailing slash, is
    /// reported by the first fetch as [`Reason::MalformedOrigin`](crate::Reason::MalformedOrigin),
    /// with what to write instead. This function never panics.
    #[must_use]
    pub fn new(origin: impl AsRef<str>) -> Self {
        Self { session: Session::of(origin.as_ref()) }
    }

    /// A sandboxed frame, whose origin is `null`.
    ///
    /// For cookies it belongs to no site. Relative URLs have no base.
    #[must_use]
    pub fn sandboxed() -> Self {
        Self { session: Session::sandboxed(None) }
    }

    /// A sandboxed frame that is shown on a page of an origin.
    ///
    /// Its own origin is `null`. WebKit sends it the cookies of the site that it is shown on, the
    /// other engines do not. Relative URLs are relative to the outer page.
    #[must_use]
    pub fn sandboxed_on(origin: impl AsRef<str>) -> Self {
        Self { session: Session::sandboxed(Some(origin.as_ref())) }
    }

    /// Sets the engine that decides. Default: [`Engine::Standard`].
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.session.engine = engine;
        self
    }

    /// Opens a page of another origin in the same browser, with the same cookies and clock.
    /// Preflights are kept separately for each origin.
    ///
    /// ```
    /// let mut page = tower_browser::Page::new("https://app.example.com");
    /// page.visit("https://other.example");
    /// ```
    pub fn visit(&mut self, origin: impl AsRef<str>) {
        let Session { origin, shown_on, base, .. } = Session::of(origin.as_ref());
        (self.session.origin, self.session.shown_on, self.session.base) = (origin, shown_on, base);
    }

    /// Opens a sandboxed frame in the page. The frame sends the following requests: its origin is
    /// `null`.
    pub fn visit_sandboxed(&mut self) {
        if let Ok(origin) = &mut self.session.origin {
            *origin = Origin::Opaque;
        }
    }

    /// Moves the clock: kept preflights and cookies grow older. It starts at the machine's time and
    /// never moves by itself.
    ///
    /// ```
    /// let mut page = tower_browser::Page::new("https://app.example.com");
    /// page.advance(std::time::Duration::from_secs(6));
    /// ```
    pub fn advance(&mut self, time: Duration) {
        self.session.now = self.session.now.saturating_add(time);
    }

    /// Every request that was sent, in order, preflights included.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        &self.session.exchanges
    }

    /// Removes the exchanges. Cookies and preflights stay.
    pub fn clear_exchanges(&mut self) {
        self.session.exchanges.clear();
    }

    /// All exchanges as text, a block for each: for snapshot tests, such as
    /// `insta::assert_snapshot!(page.log())`.
    #[must_use]
    pub fn log(&self) -> String {
        let blocks: Vec<_> = self.session.exchanges.iter().map(Exchange::to_string).collect();
        blocks.join("\n")
    }

    /// Fetches from a service as `fetch()` does.
    ///
    /// The service may be an axum `Router`, a tonic service, a tower stack or an HTTP client. Each
    /// request has an absolute URI and `Host`.
    ///
    /// # Errors
    ///
    /// [`Blocked`], if the page would get a network error or a `TypeError`. An error of the service
    /// also counts: a browser would see a broken connection.
    pub async fn fetch<S, ResBody>(&mut self, app: &mut S, fetch: Fetch) -> Result<Seen, Blocked>
    where
        S: Service<Request<Body>, Response = Response<ResBody>>,
        S::Error: fmt::Display,
        ResBody: http_body::Body,
        ResBody::Error: fmt::Display,
    {
        self.fetch_with(app, fetch, Full::new).await
    }

    /// The same for services with another request body.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// use bytes::Bytes;
    /// use tower_browser::{Fetch, Page};
    ///
    /// let mut app = tower::service_fn(|request: http::Request<String>| async move {
    ///     Ok::<_, std::convert::Infallible>(http::Response::new(request.into_body()))
    /// });
    /// let text = |bytes: Bytes| String::from_utf8_lossy(&bytes).into_owned();
    /// let mut page = Page::new("https://app.example.com");
    /// let seen = page.fetch_with(&mut app, Fetch::post("/echo").body("hello"), text).await?;
    /// assert_eq!(seen.text(), "hello");
    /// # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn fetch_with<S, B, ResBody>(
        &mut self,
        app: &mut S,
        fetch: Fetch,
        body: impl Fn(Bytes) -> B,
    ) -> Result<Seen, Blocked>
    where
        S: Service<Request<B>, Response = Response<ResBody>>,
        S::Error: fmt::Display,
        ResBody: http_body::Body,
        ResBody::Error: fmt::Display,
    {
        let (mut attempt, mut step) = Attempt::start(fetch, &mut self.session)?;
        let mut last = None;
        loop {
            match step {
                Step::Send(request) => {
                    let (parts, bytes) = request.into_parts();
                    let sent = Request::from_parts(parts.clone(), body(bytes));
                    last = None;
                    let answer = call(app, sent).await;
                    let head = answer.map(|response| {
                        let (head, body) = response.into_parts();
                        last = Some(body);
                        (head.status, head.headers)
                    });
                    step = attempt.answer(Request::from_parts(parts, ()), head, &mut self.session);
                }
                Step::Read(mut seen, limit) => {
                    if let Some(body) = last {
                        let read = read(pin!(body), limit).await;
                        seen.set_body(read.bytes);
                        seen.is_cut = read.is_cut;
                        seen.body_error = read.error;
                    }
                    return Ok(*seen);
                }
                Step::Finish(Ok(seen)) => return Ok(*seen),
                Step::Finish(Err(mut blocked)) => {
                    if let Some(body) = last.filter(is_short) {
                        blocked.set_says(&read(pin!(body), SHORT).await.bytes);
                    }
                    return Err(blocked);
                }
            }
        }
    }
}

/// Calls a service when it is ready, and makes a text of its error.
pub(crate) async fn call<S, R>(app: &mut S, request: R) -> Result<S::Response, String>
where
    S: Service<R>,
    S::Error: fmt::Display,
{
    let is_ready = poll_fn(|context| app.poll_ready(context)).await;
    is_ready.map_err(|error| error.to_string())?;
    app.call(request).await.map_err(|error| error.to_string())
}

/// A refused response with a known length up to this is read, because it may tell the reason.
pub(crate) const SHORT: usize = 200;

fn is_short<B: http_body::Body>(body: &B) -> bool {
    body.size_hint().exact().is_some_and(|length| length > 0 && length <= SHORT as u64)
}

/// The most frames of a body that are read, so a body of empty frames also ends.
const MOST_FRAMES: usize = 1 << 20;

#[derive(Default)]
pub(crate) struct Read {
    pub(crate) bytes: Bytes,
    is_cut: bool,
    error: Option<String>,
}

pub(crate) async fn read<B>(mut body: Pin<&mut B>, limit: usize) -> Read
where
    B: http_body::Body,
    B::Error: fmt::Display,
{
    let mut bytes = BytesMut::new();
    let mut read = Read { is_cut: true, ..Read::default() };
    for _ in 0..MOST_FRAMES {
        let room = limit - bytes.len();
        if room == 0 {
            read.is_cut = !body.is_end_stream();
            break;
        }
        match body.frame().await {
            None => {
                read.is_cut = false;
                break;
            }
            Some(Err(error)) => {
                read.is_cut = false;
                read.error = Some(error.to_string());
                break;
            }
            Some(Ok(frame)) => {
                let Ok(mut data) = frame.into_data() else { continue };
                let taken = data.remaining().min(room);
                bytes.extend_from_slice(&data.copy_to_bytes(taken));
                if data.has_remaining() {
                    break;
                }
            }
        }
    }
    read.bytes = bytes.freeze();
    read
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = match &self.session.origin {
            Ok(origin) => origin.serialized(),
            Err(malformed) => &malformed.value,
        };
        f.debug_struct("Page")
            .field("origin", &origin)
            .field("engine", &self.session.engine)
            .field("exchanges", &self.session.exchanges.len())
            .finish_non_exhaustive()
    }
}
