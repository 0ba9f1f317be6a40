//! A transcript: policies, a request and the inner service's response, as text that a fuzzer can change and a person
//! can read.
//!
//! ```text
//! allow_origins: https://a.example
//! allow_credentials: true
//! ---
//! allow_origins: *
//!
//! GET /path
//! origin: https://a.example
//!
//! 200
//! vary: Accept
//! ```

use http::{HeaderMap, Method, Request, StatusCode, request::Parts};
use tower_cors::{CorsConfig, CorsLayer};

use super::append;

/// More would only cost time.
const MOST_LINES: usize = 24;

pub(crate) struct Transcript {
    /// At least one.
    pub(crate) configs: Vec<CorsConfig>,
    pub(crate) head: Parts,
    pub(crate) status: StatusCode,
    pub(crate) inner: HeaderMap,
}

impl Transcript {
    /// Without the settings that do not build.
    pub(crate) fn read(data: &[u8]) -> Self {
        let mut blocks = blocks(data);
        let configs = blocks.next().unwrap_or_default();
        let configs = configs.split(|line| *line == b"---").take(3).map(sound_config).collect();

        let mut request = Request::new(());
        let lines = blocks.next().unwrap_or_default();
        if let Some((first, lines)) = lines.split_first() {
            let mut words = first.splitn(2, |byte| *byte == b' ');
            let method = words.next().unwrap_or_default();
            *request.method_mut() = Method::from_bytes(method).unwrap_or(Method::OPTIONS);
            let target = std::str::from_utf8(words.next().unwrap_or_default()).unwrap_or_default();
            *request.uri_mut() = target.parse().unwrap_or_default();
            append(request.headers_mut(), lines.iter().copied());
        }

        let (mut status, mut inner) = (StatusCode::OK, HeaderMap::new());
        if let Some((first, lines)) = blocks.next().unwrap_or_default().split_first() {
            status = StatusCode::from_bytes(first).unwrap_or_default();
            append(&mut inner, lines.iter().copied());
        }
        Self { configs, head: request.into_parts().0, status, inner }
    }
}

/// What is between empty lines.
pub(crate) fn blocks(data: &[u8]) -> impl Iterator<Item = Vec<&[u8]>> {
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let blocks: Vec<_> = lines.split(|line| line.is_empty()).map(<[_]>::to_vec).collect();
    blocks.into_iter()
}

/// All settings that can be read, those that do not build included.
pub(crate) fn config(lines: &[&[u8]]) -> CorsConfig {
    lines
        .iter()
        .take(MOST_LINES)
        .fold(CorsConfig::default(), |config, line| with(&config, line).unwrap_or(config))
}

/// Those settings that build beside the ones before them.
fn sound_config(lines: &[&[u8]]) -> CorsConfig {
    lines.iter().take(MOST_LINES).fold(CorsConfig::default(), |config, line| {
        let next = with(&config, line);
        let is_sound = |next: &CorsConfig| CorsLayer::from(next.clone()).build().is_ok();
        next.filter(is_sound).unwrap_or(config)
    })
}

/// With one more setting. Lists grow, and their default goes first, as with the builder.
fn with(config: &CorsConfig, line: &[u8]) -> Option<CorsConfig> {
    let (key, value) = std::str::from_utf8(line).ok()?.split_once(": ")?;
    let one = serde_json::json!({ key: value });
    let read: CorsConfig = serde_json::from_value(one).ok()?;
    let mut next = config.clone();
    match key {
        "allow_origins" => next.allow_origins.extend(read.allow_origins),
        "allow_origin_regex" => next.allow_origin_regex.extend(read.allow_origin_regex),
        "allow_methods" if *config.allow_methods == ["GET"] => {
            next.allow_methods = read.allow_methods
        }
        "allow_methods" => next.allow_methods.extend(read.allow_methods),
        "allow_headers" => next.allow_headers.extend(read.allow_headers),
        "expose_headers" => next.expose_headers.extend(read.expose_headers),
        "allow_hosts" => next.allow_hosts.extend(read.allow_hosts),
        "preset" => next.preset.extend(read.preset),
        "tolerate" => next.tolerate.extend(read.tolerate),
        "allow_credentials" => next.allow_credentials = read.allow_credentials,
        "allow_private_network" => next.allow_private_network = read.allow_private_network,
        "max_age" => next.max_age = read.max_age,
        "mirror_methods" => next.mirror_methods = read.mirror_methods,
        "preflight_status" => next.preflight_status = read.preflight_status,
        "browser_diagnostics" => next.browser_diagnostics = read.browser_diagnostics,
        "constant_wildcard" => next.constant_wildcard = read.constant_wildcard,
        "enforce_origin" => next.enforce_origin = read.enforce_origin,
        "report_only" => next.report_only = read.report_only,
        "inner_headers" => next.inner_headers = read.inner_headers,
        "timing_allow_origin" => next.timing_allow_origin = read.timing_allow_origin,
        _ => return None,
    }
    Some(next)
}
