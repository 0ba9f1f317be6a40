//! `Place`: the component that may have written an answer, guessed from the answer's headers.

use http::HeaderMap;

use crate::shown::shown;

/// Software or a service that writes or changes responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Nginx,
    Envoy,
    Caddy,
    Varnish,
    Apache,
    Kong,
    CloudFront,
    ApiGateway,
    LoadBalancer,
    FunctionUrl,
    Cloudflare,
    Fastly,
    Other,
}

/// A header that shows a place: `server: nginx/1.22.1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(crate) place: Place,
    pub(crate) line: String,
}

/// A header, a part of its value (in lower case; empty for any value), and its place.
const TRACES: [(&str, &str, Place); 30] = [
    ("server", "nginx", Place::Nginx),
    ("server", "openresty", Place::Nginx),
    ("server", "envoy", Place::Envoy),
    ("server", "caddy", Place::Caddy),
    ("server", "varnish", Place::Varnish),
    ("server", "apache", Place::Apache),
    ("server", "kong", Place::Kong),
    ("server", "cloudfront", Place::CloudFront),
    ("server", "awselb", Place::LoadBalancer),
    ("server", "cloudflare", Place::Cloudflare),
    ("server", "", Place::Other),
    ("x-envoy-upstream-service-time", "", Place::Envoy),
    ("via", "caddy", Place::Caddy),
    ("via", "cloudfront", Place::CloudFront),
    ("via", "kong", Place::Kong),
    ("via", "varnish", Place::Varnish),
    ("via", "", Place::Other),
    ("x-varnish", "", Place::Varnish),
    ("x-served-by", "cache-", Place::Fastly),
    ("x-amz-cf-id", "", Place::CloudFront),
    ("x-amz-apigw-id", "", Place::ApiGateway),
    ("apigw-requestid", "", Place::ApiGateway),
    ("x-amzn-requestid", "", Place::FunctionUrl),
    ("cf-ray", "", Place::Cloudflare),
    ("x-kong-upstream-latency", "", Place::Kong),
    ("x-vercel-id", "", Place::Other),
    ("x-nf-request-id", "", Place::Other),
    ("fly-request-id", "", Place::Other),
    ("x-azure-ref", "", Place::Other),
    ("x-powered-by", "", Place::Other),
];

impl Place {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Envoy => "Envoy",
            Self::Caddy => "Caddy",
            Self::Varnish => "Varnish",
            Self::Apache => "Apache",
            Self::Kong => "Kong",
            Self::CloudFront => "CloudFront",
            Self::ApiGateway => "API Gateway",
            Self::LoadBalancer => "the load balancer (ALB)",
            Self::FunctionUrl => "Lambda",
            Self::Cloudflare => "Cloudflare",
            Self::Fastly => "Fastly",
            Self::Other => "a proxy or the application",
        }
    }

    /// Whether it is commonly in front of an application.
    fn is_gateway(self) -> bool {
        self != Self::Other
    }

    /// The change to its configuration that makes it forward preflights.
    pub(crate) fn passes_options(self) -> Option<&'static str> {
        Some(match self {
            Self::Nginx => {
                "remove the block `if ($request_method = OPTIONS) { … return 204; }`, so `proxy_pass` gets OPTIONS too"
            }
            Self::Envoy => {
                "remove `envoy.filters.http.cors` from http_filters, and `cors` or `direct_response` for OPTIONS from the routes"
            }
            Self::Caddy => {
                "remove `@options method OPTIONS` and its `respond`, so that `reverse_proxy` gets OPTIONS, too"
            }
            Self::Varnish => {
                "remove `if (req.method == \"OPTIONS\") { return (synth(…)); }` from vcl_recv; write `return (pass);` there"
            }
            Self::Apache => {
                "remove the `RewriteRule` for OPTIONS that answers with `[R=204]`, so `ProxyPass` gets OPTIONS too"
            }
            Self::Kong => {
                "disable the plugin `cors` of the route, or set `config.preflight_continue: true`"
            }
            Self::CloudFront => {
                "allow OPTIONS in the cache behaviour, and attach the origin request policy Managed-AllViewerExceptHostHeader"
            }
            Self::ApiGateway => {
                "HTTP API: `aws apigatewayv2 delete-cors-configuration --api-id ID`; REST API: delete the OPTIONS method with its MOCK integration, and send OPTIONS to the backend with ANY"
            }
            Self::LoadBalancer => {
                "remove the listener rule that answers OPTIONS with a fixed response"
            }
            Self::FunctionUrl => "remove `Cors` from the function URL's configuration",
            Self::Cloudflare => "remove the rule or the worker that answers OPTIONS",
            Self::Fastly => "remove the code that answers OPTIONS in vcl_recv",
            Self::Other => return None,
        })
    }

    /// The change that stops it from adding headers.
    pub(crate) fn adds_nothing(self) -> Option<&'static str> {
        Some(match self {
            Self::Nginx => "remove each `add_header Access-Control-…`",
            Self::Envoy => {
                "remove `envoy.filters.http.cors` and each `response_headers_to_add` with Access-Control-…"
            }
            Self::Caddy => "remove each `header Access-Control-…`",
            Self::Varnish => "remove each `set resp.http.Access-Control-…`",
            Self::Apache => "remove each `Header … Access-Control-…`",
            Self::Kong => "disable the plugin `cors`",
            Self::CloudFront => {
                "detach the response headers policy, or choose one without CORS headers"
            }
            Self::ApiGateway => {
                "`aws apigatewayv2 delete-cors-configuration --api-id ID`; REST API: remove the mapped Access-Control-… response headers"
            }
            Self::LoadBalancer => {
                "remove the listener's attributes `routing.http.response.access_control_…`"
            }
            Self::FunctionUrl => "remove `Cors` from the function URL's configuration",
            Self::Cloudflare => "remove the Access-Control-… headers from the transform rules",
            Self::Fastly => "remove each `set resp.http.Access-Control-…`",
            Self::Other => return None,
        })
    }

    /// The change that adds the header to its own errors.
    pub(crate) fn decorates_errors(self, origin: &str) -> Option<String> {
        Some(match self {
            Self::Nginx => format!(
                "error_page 404 413 502 503 504 @own; location @own {{ add_header Access-Control-Allow-Origin {origin} always; add_header Vary Origin always; … }}"
            ),
            Self::Caddy => {
                format!("handle_errors {{ header Access-Control-Allow-Origin {origin} }}")
            }
            Self::Varnish => format!(
                "sub vcl_backend_error {{ set beresp.http.Access-Control-Allow-Origin = \"{origin}\"; }}"
            ),
            Self::Envoy => format!(
                "local_reply_config: {{ mappers: [ {{ …, headers_to_add: [ {{ header: {{ key: Access-Control-Allow-Origin, value: {origin} }} }} ] }} ] }}"
            ),
            Self::ApiGateway => format!(
                "REST API: GatewayResponses DEFAULT_4XX and DEFAULT_5XX with gatewayresponse.header.Access-Control-Allow-Origin: \"'{origin}'\"; HTTP API: its own errors cannot have it"
            ),
            _ => return None,
        })
    }
}

/// All traces of an answer.
pub(crate) fn traces(headers: &HeaderMap) -> Vec<Trace> {
    let mut found: Vec<Trace> = Vec::new();
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        let known = TRACES.iter().find(|(header, part, _)| name == header && text.contains(part));
        if let Some((_, _, place)) = known {
            let line = format!("{name}: {}", shown(value.as_bytes()));
            found.push(Trace { place: *place, line });
        }
    }
    found
}

/// The component in front, if it is known.
pub(crate) fn gateway(headers: &HeaderMap) -> Option<Place> {
    let traces = traces(headers);
    // Lambda's header is also on answers through API Gateway.
    let rank = |place: &Place| match place {
        Place::FunctionUrl => 1,
        _ => 0,
    };
    traces.iter().map(|trace| trace.place).filter(|place| place.is_gateway()).min_by_key(rank)
}

/// Whether an answer came from a cache.
pub(crate) fn is_from_cache(headers: &HeaderMap) -> bool {
    let is = |name: &str, test: &dyn Fn(&str) -> bool| {
        headers
            .get_all(name)
            .iter()
            .any(|value| test(&String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase()))
    };
    is("age", &|age| age.trim().parse::<u64>().is_ok_and(|age| age > 0))
        || is("x-cache", &|text| text.contains("hit"))
        || is("cf-cache-status", &|text| text == "hit")
        || is("cache-status", &|text| text.contains("hit"))
        // The second number is the transaction that stored it.
        || is("x-varnish", &|ids| ids.trim().contains(' '))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let parse = |(name, value): &(&str, &str)| {
            (
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            )
        };
        lines.iter().map(parse).collect()
    }

    type Lines = &'static [(&'static str, &'static str)];

    #[test]
    fn gateways() {
        let rows: [(Lines, Option<Place>); 8] = [
            (&[], None),
            (&[("server", "nginx/1.22.1")], Some(Place::Nginx)),
            (&[("server", "uvicorn")], None),
            (&[("server", "uvicorn"), ("via", "1.1 Caddy")], Some(Place::Caddy)),
            (&[("x-envoy-upstream-service-time", "3")], Some(Place::Envoy)),
            (&[("x-amzn-requestid", "1"), ("apigw-requestid", "2")], Some(Place::ApiGateway)),
            (&[("x-amzn-requestid", "1")], Some(Place::FunctionUrl)),
            (&[("via", "1.1 x.cloudfront.net (CloudFront)")], Some(Place::CloudFront)),
        ];
        for (lines, expected) in rows {
            assert_eq!(gateway(&headers(lines)), expected, "{lines:?}");
        }
    }

    #[test]
    fn caches() {
        let rows = [
            ("age", "0", false),
            ("age", "7", true),
            ("x-cache", "Hit from cloudfront", true),
            ("x-cache", "MISS", false),
            ("x-varnish", "12", false),
            ("x-varnish", "12 3", true),
            ("cache-status", "nginx; hit", true),
        ];
        for (name, value, expected) in rows {
            assert_eq!(is_from_cache(&headers(&[(name, value)])), expected, "{name}: {value}");
        }
    }
}
