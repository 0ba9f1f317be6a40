//! Layers that choose a policy for each request, by a closure or an async closure.

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
    cors_policy::CorsPolicy,
    future::ResponseFuture,
    policy::vary::VaryNames,
    service::{Choose, Chooser, Cors, Source, decide},
};

/// A layer with a closure that picks the policy of each request, by path, host or tenant.
///
/// The closure is called exactly once for each request, before anything else. If it returns `None`,
/// the layer neither answers the request nor changes its response. Build the policies beforehand
/// and keep them: picking one is a clone, which costs one reference count. To replace policies
/// while requests run, let the closure load them from a `tokio::sync::watch` or an `ArcSwap`. Keep
/// the old policy until the next replacement: otherwise a request may hold it last and has to free
/// it.
///
/// A preflight has the names of the headers that a script sets, but not their values. So a tenant
/// header cannot choose the policy of preflights; a host or path can.
///
/// If the closure panics, the task of that request panics, as if a handler had panicked. The
/// policies still work.
///
/// To choose by origin, use [`first`](Self::first) instead of a closure.
///
/// ```
/// use tower_cors::{Any, CorsLayer, PerRequestLayer};
///
/// let public = CorsLayer::new().allow_origins(Any).build()?;
/// let private = CorsLayer::new()
///     .allow_origins(["https://app.example.com"])
///     .allow_credentials(true)
///     .build()?;
/// let layer = PerRequestLayer::new(move |head| match head.uri.path() {
///     "/health" => None,
///     path if path.starts_with("/public/") => Some(public.clone()),
///     _ => Some(private.clone()),
/// });
/// # let _: PerRequestLayer = layer;
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
///
/// Tenants by host, from one table. `Host` is not needed in `Vary`, because it is a part of the
/// URL.
///
/// ```
/// use std::collections::HashMap;
/// use tower_cors::{CorsLayer, PerRequestLayer};
///
/// let table = [
///     ("blue.example.com", ["https://blue.example", "https://shop.blue.example"]),
///     ("green.example.com", ["https://green.example", "https://www.green.example"]),
/// ];
/// let mut tenants = HashMap::new();
/// for (host, origins) in table {
///     tenants.insert(host, CorsLayer::new().allow_origins(origins).build()?);
/// }
/// let nobody = CorsLayer::new().build()?;
/// let layer = PerRequestLayer::new(move |head| {
///     let host = head.uri.host().or_else(|| head.headers.get("host")?.to_str().ok());
///     Some(host.and_then(|host| tenants.get(host)).unwrap_or(&nobody).clone())
/// });
/// # let (mut head, _) = http::Request::new(()).into_parts();
/// # head.headers.insert("host", "blue.example.com".parse().unwrap());
/// # head.headers.insert("origin", "https://shop.blue.example".parse().unwrap());
/// # assert!(layer.explain(&head).unwrap().allowed());
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
///
/// # Clone
///
/// A clone shares the closure and costs one reference count.
#[derive(Clone, Debug)]
#[must_use]
#[doc(alias = "dynamic")]
pub struct PerRequestLayer(Arc<Chooser>);

impl PerRequestLayer {
    /// A layer that calls `choose` for the policy of each request.
    pub fn new(choose: impl Fn(&Parts) -> Option<CorsPolicy> + Send + Sync + 'static) -> Self {
        let choose = Choose::Closure(Arc::new(choose));
        Self::of(Chooser { choose, vary_names: Some(Arc::default()) })
    }

    pub(crate) fn of(chooser: Chooser) -> Self {
        Self(Arc::new(chooser))
    }

    pub(crate) fn chooser(&self) -> &Chooser {
        &self.0
    }

    /// Names the request headers that the closure reads beside Origin, for `Vary`. Default: none.
    ///
    /// They are added to every response, because the choice depends on them (RFC 9110, section
    /// 12.5.5): also to preflights, and where the closure returned `None`. Each further call adds.
    ///
    /// ```
    /// use http::header;
    /// use tower_cors::PerRequestLayer;
    ///
    /// let layer = PerRequestLayer::new(|head| {
    ///     let _tenant = head.headers.get("x-tenant");
    ///     None
    /// })
    /// .vary([header::HeaderName::from_static("x-tenant")]);
    /// # let _: PerRequestLayer = layer;
    /// ```
    #[doc(alias("Vary", "preflight_request_headers"))]
    pub fn vary(self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        let mut chooser = Arc::unwrap_or_clone(self.0);
        add_names(&mut chooser.vary_names, names);
        Self(Arc::new(chooser))
    }
}

impl<S> Layer<S> for PerRequestLayer {
    type Service = Cors<S>;

    fn layer(&self, inner: S) -> Cors<S> {
        Cors { inner, source: Source::Chosen(self.0.clone()) }
    }
}

/// A layer with an async closure that picks the policy of each request: from a database or another
/// service.
///
/// As [`PerRequestLayer`](crate::PerRequestLayer), but the closure returns a future. The closure
/// reads the head; the future must own what it needs. The inner service is called after the policy
/// is there. A look-up that never ends keeps its request waiting, so put a timeout layer around
/// this one. Dropping the response future drops the look-up.
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
#[doc(alias = "async_predicate")]
pub struct AsyncPerRequestLayer(Arc<AsyncChooser>);

/// A boxed future. Only this layer pays for the allocation.
type Awaiting = Pin<Box<dyn Future<Output = Option<CorsPolicy>> + Send>>;

#[derive(Clone)]
struct AsyncChooser {
    choose: Arc<dyn Fn(&Parts) -> Awaiting + Send + Sync>,
    vary_names: VaryNames,
}

impl fmt::Debug for AsyncChooser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncChooser")
            .field("choose", &"<fn>")
            .field("vary_names", &self.vary_names)
            .finish()
    }
}

impl AsyncPerRequestLayer {
    /// A layer that awaits the policy from `choose` for each request.
    pub fn new<F, Fut>(choose: F) -> Self
    where
        F: Fn(&Parts) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Option<CorsPolicy>> + Send + 'static,
    {
        let choose = Arc::new(move |head: &Parts| Box::pin(choose(head)) as Awaiting);
        Self(Arc::new(AsyncChooser { choose, vary_names: Some(Arc::default()) }))
    }

    /// Names the request headers that the closure reads beside Origin, for `Vary`, as
    /// [`PerRequestLayer::vary`](crate::PerRequestLayer::vary) does. Default: none.
    pub fn vary(self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        let mut chooser = Arc::unwrap_or_clone(self.0);
        add_names(&mut chooser.vary_names, names);
        Self(Arc::new(chooser))
    }
}

impl<S> Layer<S> for AsyncPerRequestLayer {
    type Service = AsyncCors<S>;

    fn layer(&self, inner: S) -> AsyncCors<S> {
        AsyncCors { inner, chooser: self.0.clone() }
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
    chooser: Arc<AsyncChooser>,
}

impl<S> AsyncCors<S> {
    /// The inner service.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The inner service.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The inner service.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner
    }
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
        let policy = (self.chooser.choose)(&parts);
        let request = Request::from_parts(parts, body);
        // The request takes the service that was polled ready. Its clone stays.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        let chooser = self.chooser.clone();
        AsyncResponseFuture {
            kind: Kind::Choosing { policy, held: Some(Held { request, inner, chooser }) },
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
    chooser: Arc<AsyncChooser>,
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
                    let Held { mut request, mut inner, chooser } =
                        held.take().expect("held until the policy is there");
                    let decision = decide(policy.as_ref(), &chooser.vary_names, &mut request);
                    let future = ResponseFuture::new(decision, &mut inner, request);
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

/// Adds to the names of Vary.
fn add_names(known: &mut VaryNames, names: impl IntoIterator<Item = HeaderName>) {
    let all = known.iter().flat_map(|known| known.iter().cloned()).chain(names);
    *known = Some(Arc::new(all.collect()));
}
