//! What was published of servers that checked no origin, or checked it wrongly: a test for each kind.
//! docs/known-bugs.md lists them.

use crate::common::*;
use http::Request;
use http_body_util::Full;
use tower_cors::{CorsLayer, EnforceOrigin, Risk};

const LEVELS: [EnforceOrigin; 3] =
    [EnforceOrigin::WebSockets, EnforceOrigin::StateChanging, EnforceOrigin::AllRequests];

fn guard(enforce: EnforceOrigin) -> CorsLayer {
    CorsLayer::new().allow_origins("https://app.example").enforce_origin(enforce)
}

#[track_caller]
fn status(layer: &CorsLayer, asked: &[&str]) -> u16 {
    let (response, calls) = through(layer, asked, &["200"]);
    let status = response.status().as_u16();
    assert_eq!(calls == 0, status != 200, "{asked:?}");
    status
}

/// GHSA-4643-wpgq-w329 (semantica#917), cli-agent-orchestrator#533: a WebSocket took handshakes of every
/// page. CORS alone has nothing to say to that (P8).
#[test]
fn a_socket_of_another_site_is_refused() {
    let asked = |origin| ["GET /ws/terminal", origin, "host: localhost:9889", "upgrade: websocket"];
    for origin in ["origin: https://evil.example", "origin: null", "origin: http://localhost:3000"]
    {
        for enforce in LEVELS {
            assert_eq!(status(&guard(enforce), &asked(origin)), 403, "{origin}");
        }
        assert_eq!(status(&guard(EnforceOrigin::Nothing), &asked(origin)), 200, "CORS alone");
    }
    for origin in ["origin: https://app.example", "origin: http://localhost:9889"] {
        assert_eq!(status(&guard(EnforceOrigin::WebSockets), &asked(origin)), 200, "{origin}");
    }
}

/// CVE-2026-42559 (rmcp), CVE-2025-66414, CVE-2025-66416, CVE-2026-34742: "Origin equals Host" was taken
/// for one's own page, or Host was not looked at. A rebound name satisfies both.
#[test]
fn a_rebound_name_is_no_page_of_this_server() {
    let all = guard(EnforceOrigin::AllRequests);
    let hosts = all.clone().allow_hosts(["localhost:8000"]);
    let (origin, host) = ("origin: http://evil.example:8000", "host: evil.example:8000");
    for (asked, alone, with_hosts) in [
        (&["POST /mcp", origin, host][..], 403, 400),
        (&["DELETE /mcp", origin, host], 403, 400),
        (&["GET /ws", origin, host, "upgrade: websocket"], 403, 400),
        // Such a page's own GET carries neither Origin nor Sec-Fetch-Site.
        (&["GET /mcp", host], 200, 400),
        (&["OPTIONS /mcp", origin, host, "ac-request-method: POST"], 400, 400),
        (&["POST /mcp", "origin: http://localhost:8000", "host: localhost:8000"], 200, 200),
    ] {
        assert_eq!(status(&all, asked), alone, "{asked:?}");
        assert_eq!(status(&hosts, asked), with_hosts, "with hosts: {asked:?}");
    }
}

/// A page of an application is no page of the server, though the host is written alike.
#[test]
fn the_scheme_of_an_application_is_no_host() {
    for scheme in ["capacitor", "ionic", "tauri", "app", "chrome-extension"] {
        let origin = format!("origin: {scheme}://localhost");
        for line in ["x: 1", "sec-fetch-site: same-origin", "sec-fetch-site: none"] {
            let asked = ["GET /", &origin, "host: localhost", "upgrade: websocket", line];
            for enforce in LEVELS {
                assert_eq!(status(&guard(enforce), &asked), 403, "{asked:?}");
            }
        }
    }
}

/// The browser's own word comes before a comparison of names.
#[test]
fn sec_fetch_site_is_not_overruled_by_the_host() {
    for origin in ["http://api.example", "https://api.example"] {
        for site in ["cross-site", "same-site", "unknown"] {
            let (origin, site) = (format!("origin: {origin}"), format!("sec-fetch-site: {site}"));
            let asked = ["POST /", &origin, &site, "host: api.example"];
            assert_eq!(status(&guard(EnforceOrigin::StateChanging), &asked), 403, "{asked:?}");
        }
    }
}

/// Cookies go with WebSockets whatever CORS says, so an open list is asked for without credentials too.
#[test]
fn an_enforced_list_that_anybody_is_on_does_not_build() {
    let open: &[(&str, Risk)] = &[
        ("*", Risk::AnyOrigin),
        ("https://*.com", Risk::AnyOrigin),
        ("https://*.vercel.app", Risk::AnyOrigin),
        ("null", Risk::NullOrigin),
    ];
    for enforce in LEVELS {
        for (item, risk) in open {
            let layer = CorsLayer::new().allow_origins([item]).enforce_origin(enforce);
            let error = layer.build().expect_err(item);
            assert_eq!(error.diagnostics()[0].risk(), Some(*risk), "{error}");
            layer.tolerate(*risk).build().expect("tolerated");
        }
        let predicate = CorsLayer::new().allow_origin_if(|_| true).enforce_origin(enforce);
        assert!(predicate.build().is_err());
    }
}

/// P9: what blocks breaks own pages and other clients (actix-extras#286, echo#2732). These pass.
#[test]
fn p9_own_pages_and_other_clients_are_not_blocked() {
    for enforce in LEVELS {
        let layer = guard(enforce);
        for asked in [
            &["POST /", "host: api.example"][..],
            &["POST /", "host: api.example", "user-agent: curl/8"],
            &["POST /", "host: api.example", "origin: https://api.example"],
            &[
                "POST /",
                "host: api.example",
                "origin: http://api.example",
                "sec-fetch-site: same-origin",
            ],
            &["POST /", "host: proxy:8080", "origin: https://app.example"],
            &["POST /", "host: proxy:8080", "sec-fetch-site: same-origin"],
            &["GET /", "host: api.example", "sec-fetch-site: none", "sec-fetch-mode: navigate"],
        ] {
            assert_eq!(status(&layer, asked), 200, "{enforce:?}: {asked:?}");
        }
    }
    // Behind a proxy that rewrites Host, one's own site is a stranger until it is listed.
    let asked = ["POST /", "host: proxy:8080", "origin: https://own.example"];
    let layer = guard(EnforceOrigin::StateChanging);
    assert_eq!(status(&layer, &asked), 403);
    assert_eq!(status(&layer.allow_origins("https://own.example"), &asked), 200);
}

/// A form through the site's own service worker: WebKit sends the foreign Origin beside `same-origin`,
/// and a null one with the destination of a worker.
#[test]
fn a_service_worker_does_not_launder_a_form() {
    let own = ["sec-fetch-site: same-origin", "sec-fetch-mode: navigate", "host: api.example"];
    for (origin, destination) in [
        ("origin: https://evil.example", "sec-fetch-dest: document"),
        ("origin: https://evil.example", "sec-fetch-dest: empty"),
        ("origin: null", "sec-fetch-dest: empty"),
    ] {
        let asked = [&["POST /", origin, destination], &own[..]].concat();
        assert_eq!(status(&guard(EnforceOrigin::StateChanging), &asked), 403, "{asked:?}");
    }
}

/// A refusal is kept by no cache, and one that is only reported reaches the application, decorated for
/// nobody.
#[test]
fn a_refusal_is_stored_by_nobody() {
    for enforce in LEVELS {
        let layer = guard(enforce).allow_credentials(true);
        let asked = ["GET /", "origin: https://evil.example", "upgrade: websocket"];
        let (response, _) = through(&layer, &asked, &["200"]);
        assert_eq!(response.headers()["cache-control"], "no-store");
        let names = response.headers().keys().filter(|name| name.as_str().starts_with("access-"));
        assert_eq!(names.count(), 0);
        let reported: Request<Full<_>> = request(&asked);
        let spy = Spy::new(&["200"]);
        let response = call(&mut around(&layer.report_only(true), &spy), reported);
        assert_eq!((response.status().as_u16(), spy.calls()), (200, 1));
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }
}
