//! The law of enforcement and hosts.

use std::cell::Cell;

use http::{HeaderMap, Method, Request, StatusCode, header};
use tower_cors::{CorsLayer, EnforceOrigin, Refusal, Risk};

use super::{
    Inner, Reached, append, carry_out,
    enforcement::{Guard, Level},
    is_preflight, lines,
};

/// A request of a method, a target and arbitrary header lines under enforcement: it is refused if the
/// reference says so, or else carried out, and told to the inner service where it is only reported.
pub(crate) fn enforcement_equals_reference(data: &[u8]) -> Reached {
    const ORIGINS: [&str; 3] =
        ["https://a.example", "https://*.b.example:*", "capacitor://localhost"];
    const OPEN: [&str; 2] = ["*", "*.vercel.app"];
    const HOSTS: [&str; 7] = [
        "own.example",
        "own.example:8000",
        "*.own.example",
        "[::1]:443",
        "localhost",
        OPEN[0],
        OPEN[1],
    ];
    let mut lines = lines(data);
    let seed = lines.next().unwrap_or_default();
    let seed = |index: usize| usize::from(seed.get(index).copied().unwrap_or_default());
    let hosts: Vec<_> =
        (0..7).filter(|bit| seed(0) >> bit & 1 == 1).map(|bit| HOSTS[bit]).collect();
    let (level, enforce) = [
        (Level::WebSockets, EnforceOrigin::WebSockets),
        (Level::StateChanging, EnforceOrigin::StateChanging),
        (Level::AllRequests, EnforceOrigin::AllRequests),
    ][seed(1) % 3];
    let report_only = seed(2) % 4 == 1;
    let mut request = Request::new(());
    let method = lines.next().unwrap_or_default();
    *request.method_mut() = Method::from_bytes(method).unwrap_or(Method::POST);
    let target = std::str::from_utf8(lines.next().unwrap_or_default()).unwrap_or_default();
    *request.uri_mut() = target.parse().unwrap_or_default();
    append(request.headers_mut(), lines);

    let guard = Guard { level, origins: &ORIGINS, hosts: &hosts, open: &OPEN };
    let (host, origin) = (guard.refuses_host(&request), guard.refuses_origin(&request));
    let is_preflight = is_preflight(request.method(), request.headers());
    let told = format!("{guard:?} {request:?}");
    let is_fetch = request.headers().contains_key("sec-fetch-site");
    let is_tunnel = request.method() == Method::CONNECT;
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let policy = CorsLayer::new()
        .allow_origins(ORIGINS)
        .allow_hosts(&hosts)
        .enforce_origin(enforce)
        .report_only(report_only)
        .tolerate(Risk::AnyOrigin)
        .build()
        .expect("the settings are right");
    let (headers, told_inner) = (HeaderMap::new(), Cell::new(None));
    let inner = Inner { status: StatusCode::OK, headers: &headers, told: &told_inner };
    let response = carry_out(&policy, request, inner);
    let reported = told_inner.get();
    let refusal = response.extensions().get::<Refusal>().copied();

    let reached = !is_preflight && (report_only || !host && !origin);
    assert_eq!(reached, reported.is_some(), "{told}");
    let vary = response.headers().get(header::VARY).map(|line| line.to_str().expect("text"));
    if let Some(reported) = reported {
        let told_of = reported.map_or((false, false), |it| (it.host(), it.origin()));
        let due = if report_only { (host, origin) } else { (false, false) };
        assert_eq!((response.status(), refusal, told_of), (StatusCode::OK, None, due), "{told}");
        assert_eq!(
            vary,
            match level {
                _ if is_tunnel => None,
                Level::AllRequests if is_read && !report_only => Some(ALL),
                _ => Some("Origin"),
            },
            "{told}"
        );
    } else if host && !report_only {
        assert!(refusal.is_some_and(|refusal| refusal.host()), "{told}");
        assert_eq!((response.status(), vary), (StatusCode::BAD_REQUEST, None), "{told}");
    } else if !is_preflight {
        let all = level == Level::AllRequests && is_read;
        let due = if all { ALL } else { "Origin, Sec-Fetch-Site" };
        assert!(refusal.is_some_and(|refusal| refusal.origin()), "{told}");
        assert_eq!((response.status(), vary), (StatusCode::FORBIDDEN, Some(due)), "{told}");
    }

    let mut found = vec![match (is_preflight, host, origin) {
        (true, false, _) => "preflight",
        (true, true, _) => "preflight to another host",
        (false, true, _) if report_only => "host reported",
        (false, true, _) => "host refused",
        (false, _, true) if report_only => "origin reported",
        (false, _, true) => "origin refused",
        (false, false, false) => "passed",
    }];
    found.push(["web sockets", "state changing", "all requests"][seed(1) % 3]);
    if !is_preflight && !host && !origin {
        found.push(if is_fetch { "passed by sec-fetch-site" } else { "passed without" });
    }
    found.extend(is_tunnel.then_some("tunnel"));
    found
}

const ALL: &str = "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest";
