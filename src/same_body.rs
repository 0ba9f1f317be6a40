//! `SameBodyLayer`: the layer that keeps the type of the response body.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::ResponseBody,
    layer::CorsLayer,
    per_request::{AsyncPerRequestLayer, PerRequestLayer},
};

/// A layer that keeps the body type `B` of the inner service.
///
/// [`Cors`](crate::Cors) answers with [`ResponseBody<B>`]. Where the body type must not change, end
/// the chain with [`same_body`](CorsLayer::same_body): for an optional layer, inside a layer that
/// needs the same body type or `Default`, in hand-written middleware over `Response<Body>`, around
/// an axum `Router` that `axum::serve` serves. The short text of a preflight's answer is converted
/// to a `B`.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower::util::option_layer;
/// use tower_cors::CorsLayer;
///
/// let origin: Option<&str> = Some("https://app.example.com");
/// let cors = origin.map(|origin| CorsLayer::new().allow_origins(origin));
/// let app: Router = Router::new()
///     .route("/", get(|| async { "home" }))
///     .layer(option_layer(cors.map(CorsLayer::same_body)));
/// ```
///
/// # Clone
///
/// A clone shares the settings and costs one reference count.
#[must_use]
pub struct SameBodyLayer<B, L = CorsLayer> {
    layer: L,
    make: fn(&'static str) -> B,
}

/// The service of [`SameBodyLayer`]; `C` is [`Cors<S>`](crate::Cors) or
/// [`AsyncCors<S>`](crate::AsyncCors).
pub struct SameBodyService<C, B> {
    cors: C,
    make: fn(&'static str) -> B,
}

/// The service of a [`SameBodyLayer`] of [`CorsLayer`] or [`PerRequestLayer`].
pub type SameBody<S, B> = SameBodyService<crate::Cors<S>, B>;

macro_rules! same_body_verbs {
    ($layer:ty) => {
        impl $layer {
            /// Keeps the body type of the inner service. The type must convert from a text, as
            /// those of axum, jsonrpsee and lambda_http, `Full<Bytes>` and `String` do. It is the
            /// last call of a chain.
            ///
            /// In axum it also saves an allocation: axum boxes bodies of other types.
            pub fn same_body<B: From<&'static str>>(self) -> SameBodyLayer<B, Self> {
                self.same_body_with(B::from)
            }

            /// Keeps the body type of the inner service. `make` makes a body from a short text, for
            /// example `|text| tonic::body::Body::new(Full::from(text))`. It is the last call of a
            /// chain.
            pub fn same_body_with<B>(self, make: fn(&'static str) -> B) -> SameBodyLayer<B, Self> {
                SameBodyLayer { layer: self, make }
            }
        }
    };
}

same_body_verbs!(CorsLayer);
same_body_verbs!(PerRequestLayer);
same_body_verbs!(AsyncPerRequestLayer);

impl<S, B, L: Layer<S>> Layer<S> for SameBodyLayer<B, L> {
    type Service = SameBodyService<L::Service, B>;

    /// # Panics
    ///
    /// If the settings do not build, as [`CorsLayer`].
    fn layer(&self, inner: S) -> Self::Service {
        SameBodyService { cors: self.layer.layer(inner), make: self.make }
    }
}

impl<C, B> SameBodyService<C, B> {
    /// The [`Cors`](crate::Cors) or [`AsyncCors`](crate::AsyncCors) inside.
    #[must_use]
    pub fn get_ref(&self) -> &C {
        &self.cors
    }

    /// The [`Cors`](crate::Cors) or [`AsyncCors`](crate::AsyncCors) inside.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut C {
        &mut self.cors
    }

    /// The [`Cors`](crate::Cors) or [`AsyncCors`](crate::AsyncCors) inside.
    #[must_use]
    pub fn into_inner(self) -> C {
        self.cors
    }
}

impl<C, R, B> Service<Request<R>> for SameBodyService<C, B>
where
    C: Service<Request<R>, Response = Response<ResponseBody<B>>>,
{
    type Response = Response<B>;
    type Error = C::Error;
    type Future = SameBodyFuture<C::Future, B>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.cors.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<R>) -> Self::Future {
        SameBodyFuture { future: self.cors.call(request), make: self.make }
    }
}

pin_project! {
    /// The future of [`SameBodyService`].
    pub struct SameBodyFuture<F, B> {
        #[pin]
        future: F,
        make: fn(&'static str) -> B,
    }
}

impl<F, B, E> Future for SameBodyFuture<F, B>
where
    F: Future<Output = Result<Response<ResponseBody<B>>, E>>,
{
    type Output = Result<Response<B>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.future.poll(cx))?;
        Poll::Ready(Ok(response.map(|body| body.into_inner_or(*this.make))))
    }
}

impl<B, L: Clone> Clone for SameBodyLayer<B, L> {
    fn clone(&self) -> Self {
        Self { layer: self.layer.clone(), make: self.make }
    }
}

impl<C: Clone, B> Clone for SameBodyService<C, B> {
    fn clone(&self) -> Self {
        Self { cors: self.cors.clone(), make: self.make }
    }
}

impl<B, L: fmt::Debug> fmt::Debug for SameBodyLayer<B, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SameBodyLayer").field(&self.layer).finish()
    }
}

impl<C: fmt::Debug, B> fmt::Debug for SameBodyService<C, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SameBodyService").field(&self.cors).finish()
    }
}

impl<F: fmt::Debug, B> fmt::Debug for SameBodyFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SameBodyFuture").field(&self.future).finish()
    }
}
