//! `PerRequestLayer`: a closure picks the policy from the head of the request.

use std::sync::Arc;

use http::{HeaderName, request::Parts};
use tower_layer::Layer;

use crate::{
    policy::CorsPolicy,
    service::Cors,
    source::{Choose, Source, vary_also},
};

/// A layer whose policy a closure picks for each request, by path, host or tenant.
///
/// The closure is asked exactly once for each request, before anything else happens to it; `None`
/// leaves the request alone: neither answered nor decorated. Build policies beforehand and keep
/// them: picking one is a clone, which costs one reference count. To replace policies while requests
/// run, let the closure load them from a `tokio::sync::watch` or an `ArcSwap`.
///
/// A preflight carries no header that a page's script sets, only its name: a tenant header of your own
/// cannot choose the policy of preflights, a host or path can.
///
/// A panic of the closure is a panic of the request's task, as one of a handler is; no policy is
/// harmed.
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
/// # Clone
///
/// A clone shares the closure and costs one reference count.
#[derive(Clone, Debug)]
#[must_use]
pub struct PerRequestLayer(Arc<Choose>);

impl PerRequestLayer {
    /// A layer that asks `pick` for the policy of each request.
    pub fn new(pick: impl Fn(&Parts) -> Option<CorsPolicy> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Choose { pick: Arc::new(pick), vary: None }))
    }

    /// Names the request headers that the closure reads beside Origin, for `Vary`. Default: none.
    ///
    /// They are added to every response, preflights and requests left alone included, since the
    /// choice depends on them (RFC 9110, section 12.5.5). Each further call adds.
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
    pub fn vary(self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        let mut choose = Arc::unwrap_or_clone(self.0);
        vary_also(&mut choose.vary, names);
        Self(Arc::new(choose))
    }
}

impl<S> Layer<S> for PerRequestLayer {
    type Service = Cors<S>;

    fn layer(&self, inner: S) -> Cors<S> {
        Cors { inner, source: Source::Chosen(self.0.clone()) }
    }
}
