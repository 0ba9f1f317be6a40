//! The types that the builder accepts for lists and durations.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, Uri};

/// Any origin, method or header: the same as `"*"`.
///
/// ```
/// use tower_cors::{Any, CorsLayer};
///
/// let policy = CorsLayer::new().allow_origins(Any).allow_methods(Any).build()?;
/// assert!(policy.allows_origin("https://example.com"));
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("any", "is_wildcard"))]
#[allow(clippy::exhaustive_structs, reason = "a unit that is written as a value")]
pub struct Any;

/// The types that the list settings of [`CorsLayer`](crate::CorsLayer) accept: one value, [`Any`], or
/// an iterator of texts, `Method`s, `HeaderName`s, `HeaderValue`s or `Uri`s.
///
/// Only this crate implements it. The parameter only distinguishes the forms; you never need to
/// name it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list for a CORS setting",
    label = "expected texts, `Method`s, `HeaderName`s, `HeaderValue`s, or `tower_cors::Any` alone",
    note = "write one text, an array or vector of texts, or `tower_cors::Any` without brackets; `\"*\"` can stand beside other texts",
    note = "`tower_http::cors::Any` is a type of another crate; import `tower_cors::Any`",
    note = "`HeaderValue` and `Uri` are those of the crate `http`, version 1"
)]
pub trait Values<Form> {
    #[doc(hidden)]
    fn texts(self, _: sealed::Token) -> Vec<String>;
}

/// The types that [`CorsLayer::max_age`](crate::CorsLayer::max_age) accepts: whole seconds as
/// `u64`, a `Duration`, or `Option<Duration>`. Only this crate implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a max-age",
    label = "expected seconds as `u64`, a `Duration`, or `Option<Duration>`",
    note = "write `.max_age(600)` or `.max_age(Duration::from_secs(600))`; `None` omits the header"
)]
pub trait MaxAge {
    /// `None` omits the header.
    #[doc(hidden)]
    fn duration(self, _: sealed::Token) -> Option<Duration>;
}

impl<I: IntoIterator<Item: AsRef<str>>> Values<sealed::Texts> for I {
    fn texts(self, _: sealed::Token) -> Vec<String> {
        self.into_iter().map(|text| text.as_ref().to_owned()).collect()
    }
}

impl<T: sealed::Text> Values<sealed::One> for T {
    fn texts(self, _: sealed::Token) -> Vec<String> {
        vec![self.text()]
    }
}

impl<I: IntoIterator<Item: sealed::Opaque>> Values<sealed::Many> for I {
    fn texts(self, _: sealed::Token) -> Vec<String> {
        self.into_iter().map(sealed::Text::text).collect()
    }
}

// The only integer type: with a second one a literal would be an `i32`.
impl MaxAge for u64 {
    fn duration(self, _: sealed::Token) -> Option<Duration> {
        Some(Duration::from_secs(self))
    }
}

impl MaxAge for Duration {
    fn duration(self, _: sealed::Token) -> Option<Duration> {
        Some(self)
    }
}

impl MaxAge for Option<Duration> {
    fn duration(self, _: sealed::Token) -> Option<Duration> {
        self
    }
}

/// Other crates cannot name these types, so they cannot implement the traits above.
#[allow(unnameable_types, reason = "this is what seals the traits")]
pub(crate) mod sealed {
    use super::{Any, HeaderName, HeaderValue, Method, Uri};

    #[derive(Clone, Copy, Debug)]
    pub struct Token;

    /// An iterator of texts.
    #[derive(Debug)]
    pub enum Texts {}

    /// One value.
    #[derive(Debug)]
    pub enum One {}

    /// An iterator of values that do not implement `AsRef<str>`.
    #[derive(Debug)]
    pub enum Many {}

    /// A value that is one item.
    pub trait Text {
        fn text(self) -> String;
    }

    /// A value that does not implement `AsRef<str>`.
    pub trait Opaque: Text {}

    macro_rules! texts {
        ($($type:ty: $this:ident => $text:expr),+ $(,)?) => {$(
            impl Text for $type {
                fn text(self) -> String {
                    let $this = self;
                    $text
                }
            }
        )+};
    }

    texts! {
        &str: text => text.to_owned(),
        String: text => text,
        &String: text => text.clone(),
        Any: _any => "*".to_owned(),
        Method: method => method.as_str().to_owned(),
        &Method: method => method.as_str().to_owned(),
        HeaderName: name => name.as_str().to_owned(),
        &HeaderName: name => name.as_str().to_owned(),
        HeaderValue: value => (&value).text(),
        // A value that is not UTF-8 is not a valid origin, method or name, so `build` reports it.
        &HeaderValue: value => String::from_utf8_lossy(value.as_bytes()).into_owned(),
        Uri: uri => (&uri).text(),
        // Every `Uri` has a path. If it is `/`, the origin was written without one.
        &Uri: uri => match uri.to_string() {
            text if uri.path() == "/" && uri.query().is_none() && uri.scheme().is_some() => {
                text.strip_suffix('/').unwrap_or(&text).to_owned()
            }
            text => text,
        },
    }

    impl Opaque for HeaderValue {}
    impl Opaque for &HeaderValue {}
    impl Opaque for Uri {}
    impl Opaque for &Uri {}
}
