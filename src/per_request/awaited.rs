//! `AsyncPerRequestLayer`: the policy is awaited, then the inner service is called.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{HeaderName, Request, Response, request::Parts};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::ResponseBody,
    future::{self as response, ResponseFuture},
    policy::{CorsPolicy, decision::Choice},
    source::{decide_chosen, vary_also},
};

/// A layer whose policy is awaited for each request: looked up in a database, asked of a service.
///
/// As [`PerRequestLayer`](crate::PerRequestLayer), but the closure gives a future. It reads the head
/// while it makes the future, which owns what it needs. The inner service is called once the policy
/// is there, and not before. A look-up that never ends keeps its request waiting; a timeout layer
/// outside of this one decides how long. Dropping the response future drops the look-up.
///
/// ```
/// use tower_cors::{AsyncPerRequestLayer, CorsLayer, CorsPolicy};
///
/// async fn look_up(tenant: String) -> Option<CorsPolicy> {
///     let origin = format!("https://{tenant}.example.com");
///     CorsLayer::new().allow_origins([origin]).build().ok()
/// }
///
/// let layer = AsyncPerRequestLayer::new(|head| {
///     let tenant = head.headers.get("x-tenant").and_then(|name| name.to_str().ok());
///     look_up(tenant.unwrap_or("www").to_owned())
/// })
/// .vary([http::HeaderName::from_static("x-tenant")]);
/// # let _: AsyncPerRequestLayer = layer;
/// ```
///
/// # Clone
///
/// A clone shares the closure and costs one reference count.
#[derive(Clone, Debug)]
#[must_use]
pub struct AsyncPerRequestLayer(Arc<Await>);

/// A boxed future: the price of awaiting, paid on this path alone.
type Awaiting = Pin<Box<dyn Future<Output = Option<CorsPolicy>> + Send>>;

#[derive(Clone)]
struct Await {
    pick: Arc<dyn Fn(&Parts) -> Awaiting + Send + Sync>,
    vary: Choice,
}

impl fmt::Debug for Await {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Await").field("pick", &"<fn>").field("vary", &self.vary).finish()
    }
}

impl AsyncPerRequestLayer {
    /// A layer that awaits what `pick` gives for each request.
    pub fn new<F, Fut>(pick: F) -> Self
    where
        F: Fn(&Parts) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        let pick = Arc::new(move |head: &Parts| Box::pin(pick(head)) as Awaiting);
        Self(Arc::new(Await { pick, vary: None }))
    }

    /// Names the request headers that the closure reads beside Origin, for `Vary`, as
    /// [`PerRequestLayer::vary`](crate::PerRequestLayer::vary) does. Default: none.
    pub fn vary(self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        let mut choose = Arc::unwrap_or_clone(self.0);
        vary_also(&mut choose.vary, names);
        Self(Arc::new(choose))
    }
}

impl<S> Layer<S> for AsyncPerRequestLayer {
    type Service = AsyncCors<S>;

    fn layer(&self, inner: S) -> AsyncCors<S> {
        AsyncCors { inner, source: self.0.clone() }
    }
}

/// The service of [`AsyncPerRequestLayer`].
///
/// # Clone
///
/// A clone costs that of the inner service and one reference count.
#[derive(Clone, Debug)]
pub struct AsyncCors<S> {
    inner: S,
    source: Arc<Await>,
}

impl<S, B, ResBody> Service<Request<B>> for AsyncCors<S>
where
    S: Service<Request<B>, Response = Response<ResBody>> + Clone,
{
    type Response = Response<ResponseBody<ResBody>>;
    type Error = S::Error;
    type Future = AsyncResponseFuture<S, B, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let policy = (self.source.pick)(&parts);
        let request = Request::from_parts(parts, body);
        // The service that was polled ready goes with the request, its clone stays.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        let source = self.source.clone();
        AsyncResponseFuture {
            kind: Kind::Choosing { policy, held: Some(Held { request, inner, source }) },
        }
    }
}

pin_project! {
    /// The future of [`AsyncCors`].
    pub struct AsyncResponseFuture<S, B, F> {
        #[pin]
        kind: Kind<S, B, F>,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind<S, B, F> {
        Choosing { policy: Awaiting, held: Option<Held<S, B>> },
        Responding { #[pin] future: ResponseFuture<F> },
    }
}

/// What waits for the policy.
struct Held<S, B> {
    request: Request<B>,
    inner: S,
    source: Arc<Await>,
}

impl<S, B, ResBody> Future for AsyncResponseFuture<S, B, S::Future>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
{
    type Output = Result<Response<ResponseBody<ResBody>>, S::Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let mut kind = self.as_mut().project().kind;
            match kind.as_mut().project() {
                KindProjection::Choosing { policy, held } => {
                    let policy = ready!(policy.as_mut().poll(cx));
                    let Held { mut request, mut inner, source } =
                        held.take().expect("held until the policy is there, which is once");
                    let chosen = policy.as_ref();
                    let future = match decide_chosen(chosen, &source.vary, &mut request) {
                        Ok(decoration) => {
                            response::Kind::Actual { future: inner.call(request), decoration }
                        }
                        Err(answer) => response::Kind::Answered {
                            headers: mem::take(request.headers_mut()),
                            answer,
                        },
                    };
                    let future = ResponseFuture { kind: future };
                    kind.set(Kind::Responding { future });
                }
                KindProjection::Responding { future } => return future.poll(cx),
            }
        }
    }
}

impl<S, B, F> fmt::Debug for AsyncResponseFuture<S, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.kind {
            Kind::Choosing { .. } => "choosing",
            Kind::Responding { .. } => "responding",
        };
        f.debug_struct("AsyncResponseFuture").field("state", &state).finish()
    }
}
