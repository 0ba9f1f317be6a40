//! WebSockets: handshakes over an in-memory HTTP/1.1 connection, because a service has no
//! connection of its own.

use std::{
    fmt, io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{Empty, Full};
use hyper::{body::Incoming, service::service_fn, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    runtime::Handle,
    sync::{mpsc, oneshot},
};
use tower_service::Service;

use crate::{
    Blocked, Body, Page,
    page::{SHORT, call, read},
    standard::handshake::Handshake,
};

/// How many bytes each direction of the connection holds.
const BUFFER: usize = 64 << 10;

/// A WebSocket after its handshake: the bytes of the connection.
///
/// A WebSocket library speaks over it as the client:
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use axum::{Router, extract::ws::{Message, WebSocketUpgrade}, routing::any};
/// use futures_util::StreamExt;
/// use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};
/// use tower_browser::Page;
///
/// let mut app = Router::new().route("/live", any(async |upgrade: WebSocketUpgrade| {
///     upgrade.on_upgrade(async |mut socket| drop(socket.send(Message::text("hello")).await))
/// }));
///
/// let mut page = Page::new("https://app.example.com");
/// let socket = page.web_socket(&mut app, "wss://api.example.com/live").await?;
/// let mut stream = WebSocketStream::from_raw_socket(socket, Role::Client, None).await;
/// assert_eq!(stream.next().await.unwrap().unwrap().to_text().unwrap(), "hello");
/// # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
/// ```
pub struct Socket {
    io: TokioIo<Upgraded>,
    protocol: Option<String>,
}

impl Socket {
    /// The protocol that the server chose. `None` if the page offered none.
    #[must_use]
    pub fn protocol(&self) -> Option<&str> {
        self.protocol.as_deref()
    }
}

impl Page {
    /// Opens a WebSocket as `new WebSocket(url)` does. Needs the feature `connection`.
    ///
    /// The handshake has the page's `Origin` and cookies, also to other origins. There is no
    /// preflight and no CORS check, so the server must check `Origin` itself. It goes over an
    /// in-memory HTTP/1.1 connection.
    ///
    /// # Errors
    ///
    /// [`Blocked`], if the answer is not a handshake, or if there is no Tokio runtime.
    pub async fn web_socket<S, ResBody>(
        &mut self,
        app: &mut S,
        url: impl AsRef<str>,
    ) -> Result<Socket, Blocked>
    where
        S: Service<Request<Body>, Response = Response<ResBody>>,
        S::Error: fmt::Display,
        ResBody: http_body::Body,
        ResBody::Error: fmt::Display,
    {
        self.web_socket_with(app, url, &[]).await
    }

    /// The same with protocols to choose from: `new WebSocket(url, protocols)`.
    ///
    /// # Errors
    ///
    /// As [`web_socket`](Self::web_socket), and if the server chooses none of them.
    pub async fn web_socket_with<S, ResBody>(
        &mut self,
        app: &mut S,
        url: impl AsRef<str>,
        protocols: &[&str],
    ) -> Result<Socket, Blocked>
    where
        S: Service<Request<Body>, Response = Response<ResBody>>,
        S::Error: fmt::Display,
        ResBody: http_body::Body,
        ResBody::Error: fmt::Display,
    {
        let handshake = Handshake::prepare(url.as_ref(), protocols, &self.session)?;
        let request = handshake
            .request(&self.session)
            .ok_or_else(|| handshake.failed("the request cannot be written"))?;
        let sent = request.headers().clone();
        let mut connection = Connection::open(request)
            .await
            .map_err(|error| handshake.failed(&error.to_string()))?;
        let (head, says) = connection.serve(app).await;
        let answer = handshake.answer(sent, head, &mut self.session);
        let protocol = answer.map_err(|mut blocked| {
            blocked.set_says(&says);
            blocked
        })?;
        let io =
            connection.upgraded().await.map_err(|error| handshake.failed(&error.to_string()))?;
        Ok(Socket { io: TokioIo::new(io), protocol })
    }
}

type Error = Box<dyn std::error::Error + Send + Sync>;
type Head = Result<(StatusCode, http::HeaderMap), String>;

/// A client and a server in memory. The server hands over its one request.
struct Connection {
    requests: mpsc::Receiver<Passed>,
    response: tokio::task::JoinHandle<hyper::Result<Response<Incoming>>>,
}

/// A request, and where its answer goes.
type Passed = (Request<Incoming>, oneshot::Sender<Response<Full<Bytes>>>);

impl Connection {
    async fn open(request: Request<()>) -> Result<Self, Error> {
        let runtime = Handle::try_current()?;
        let (client, server) = tokio::io::duplex(BUFFER);
        let (passing, requests) = mpsc::channel::<Passed>(1);
        let service = service_fn(move |request| {
            let passing = passing.clone();
            async move {
                let (answer, answered) = oneshot::channel();
                passing
                    .send((request, answer))
                    .await
                    .map_err(|_| io::ErrorKind::ConnectionReset)?;
                answered.await.map_err(|_| io::Error::from(io::ErrorKind::ConnectionReset))
            }
        });
        let server = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(server), service)
            .with_upgrades();
        // The client sees errors of the connection.
        runtime.spawn(async move { drop(server.await) });
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(client)).await?;
        runtime.spawn(async move { drop(connection.with_upgrades().await) });
        let request = request.map(|()| Empty::<Bytes>::new());
        let response = runtime.spawn(async move { sender.send_request(request).await });
        Ok(Self { requests, response })
    }

    /// Lets the application answer. Returns its own head, before the connection adds headers.
    async fn serve<S, ResBody>(&mut self, app: &mut S) -> (Head, Bytes)
    where
        S: Service<Request<Body>, Response = Response<ResBody>>,
        S::Error: fmt::Display,
        ResBody: http_body::Body,
        ResBody::Error: fmt::Display,
    {
        let Some((request, answer)) = self.requests.recv().await else {
            return (Err("the connection was closed".to_owned()), Bytes::new());
        };
        let (parts, _) = request.into_parts();
        let response = match call(app, Request::from_parts(parts, Body::default())).await {
            Ok(response) => response,
            Err(error) => return (Err(error), Bytes::new()),
        };
        let (mut parts, body) = response.into_parts();
        let head = (parts.status, parts.headers.clone());
        let is_switching = parts.status == StatusCode::SWITCHING_PROTOCOLS;
        let says =
            if is_switching { Bytes::new() } else { read(std::pin::pin!(body), SHORT).await.bytes };
        if !is_switching {
            // Only the handshake must reach the client unchanged.
            parts.headers.clear();
        }
        // If the client is gone, it reports that itself.
        drop(answer.send(Response::from_parts(parts, Full::new(Bytes::new()))));
        (Ok(head), says)
    }

    async fn upgraded(self) -> Result<Upgraded, Error> {
        let response = self.response.await??;
        Ok(hyper::upgrade::on(response).await?)
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("protocol", &self.protocol).finish_non_exhaustive()
    }
}
