//! Origins by pattern, regular expression and predicate, as browsers spell them.

use tower_cors::CorsLayer;

use super::listed;
use crate::case::{Case, From, On, REFUSED, case};

const GET: &str = "attempt(api + '/echo')";

fn subdomains(_: &On) -> CorsLayer {
    CorsLayer::new().allow_origins(["http://*.localhost:*"])
}

pub fn cases() -> Vec<Case> {
    vec![
        case("pattern/subdomain", "one label or more before the domain, at any port")
            .policy(subdomains)
            .page_at(From::Host("app.localhost"), GET)
            .gives("200 GET")
            .page_at(From::Host("a.b.localhost"), GET)
            .gives("200 GET"),
        case("pattern/apex", "never the domain itself")
            .policy(subdomains)
            .page(GET)
            .gives(REFUSED)
            .server(["GET /echo: 200"]),
        case("pattern/look-alike", "nor one that only ends alike")
            .policy(|_| CorsLayer::new().allow_origins(["http://*.app.localhost:*"]))
            .page_at(From::Host("myapp.localhost"), GET)
            .gives(REFUSED)
            .page_at(From::Host("my.app.localhost"), GET)
            .gives("200 GET"),
        case("pattern/any-port", "a host at any port: the development servers of a team")
            .policy(|_| CorsLayer::new().allow_origins(["http://localhost:*"]))
            .page(GET)
            .gives("200 GET")
            .page_at(From::Second, GET)
            .gives("200 GET"),
        case("pattern/any-port-other-host", "localhost is not 127.0.0.1")
            .policy(|_| CorsLayer::new().allow_origins(["http://localhost:*"]))
            .page_at(From::Host("127.0.0.1"), GET)
            .gives(REFUSED),
        case("pattern/ip-any-port", "which is a host of its own")
            .policy(|_| CorsLayer::new().allow_origins(["http://127.0.0.1:*"]))
            .page_at(From::Host("127.0.0.1"), GET)
            .gives("200 GET"),
        case("pattern/other-port", "an origin is its port, too")
            .policy(listed)
            .page(GET)
            .gives("200 GET")
            .page_at(From::Second, GET)
            .gives(REFUSED),
        case("pattern/with-credentials", "the origin itself is echoed, so cookies work")
            .policy(|on| subdomains(on).allow_credentials(true))
            .page_at(From::Host("app.localhost"), "attempt(api + '/echo', include)")
            .gives("200 GET"),
        case(
            "pattern/idn",
            "browsers send international names in punycode, so the policy names them so",
        )
        .policy(|on| CorsLayer::new().allow_origins([on.page.replace("bücher", "xn--bcher-kva")]))
        .page_at(From::Host("bücher.localhost"), GET)
        .gives("200 GET")
        .server(["GET /echo: 200 from http://xn--bcher-kva.localhost"]),
        case("pattern/underscore", "browsers send underscores, which no domain may have")
            .policy(listed)
            .page_at(From::Host("my_app.localhost"), GET)
            .gives("200 GET"),
        case("regex/whole", "the whole origin must match, as with Python's fullmatch")
            .policy(|_| CorsLayer::new().allow_origin_regex(r"http://[a-z]+\.localhost:\d+"))
            .page_at(From::Host("app.localhost"), GET)
            .gives("200 GET")
            .page_at(From::Host("a.b.localhost"), GET)
            .gives(REFUSED),
        case("predicate", "a closure decides, in union with the list")
            .policy(|on| {
                CorsLayer::new()
                    .allow_origins([&on.second])
                    .allow_origin_if(|origin| origin.starts_with("http://branch-"))
            })
            .page_at(From::Host("branch-7.localhost"), GET)
            .gives("200 GET")
            .page_at(From::Second, GET)
            .gives("200 GET")
            .page_at(From::Page, GET)
            .gives(REFUSED),
    ]
}
