//! Sandboxed frames, whose origin is `null`.

use tower_cors::{Any, CorsLayer, Risk};

use super::listed;
use crate::case::{Case, REFUSED, case};

pub fn cases() -> Vec<Case> {
    const GET: &str = r#"sandboxed("attempt(api + '/echo')")"#;
    vec![
        case("frame/null-not-listed", "a sandboxed frame is not its page's origin")
            .policy(listed)
            .page(GET)
            .gives(REFUSED)
            .server(["GET /echo: 200 from null"]),
        case("frame/null-listed", "`null` is an origin to list")
            .policy(|_| CorsLayer::new().allow_origins(["null"]))
            .page(GET)
            .gives("200 GET")
            .server(["GET /echo: 200 from null"]),
        case("frame/null-any", "`*` is `null`, too")
            .policy(|_| CorsLayer::new().allow_origins(Any))
            .page(GET)
            .gives("200 GET"),
        case("frame/null-by-pattern", "no pattern is")
            .policy(|_| {
                CorsLayer::new().allow_origins(["http://*.localhost:*", "http://localhost:*"])
            })
            .page(GET)
            .gives(REFUSED),
        case("frame/null-preflight", "its preflights are answered alike")
            .policy(|_| CorsLayer::new().allow_origins(["null"]).allow_methods(["PUT"]))
            .page(r#"sandboxed("attempt(api + '/echo', put)")"#)
            .gives("200 PUT")
            .server(["preflight PUT /echo: 200 from null", "PUT /echo: 200 from null"]),
        case("frame/null-credentials", "with credentials it is any site; it works once tolerated")
            .policy(|_| {
                CorsLayer::new()
                    .allow_origins(["null"])
                    .allow_credentials(true)
                    .tolerate(Risk::NullOrigin)
            })
            .page(r#"sandboxed("attempt(api + '/echo', include)")"#)
            .gives("200 GET"),
    ]
}
