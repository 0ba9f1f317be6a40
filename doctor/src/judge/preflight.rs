//! Preflights that fail.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, LOCATION,
};
use tower_browser::{Exchange, Reason};
use url::Url;

use super::{credentials, origin};
use crate::{
    answer::{Answer, passes},
    examine::Examination,
    finding::{Finding, Severity::Failure},
};

const NO_LOGIN: &str = "Browsers send preflights without cookies and without Authorization, so a preflight can never log in.";

pub(super) fn explain(examination: &Examination, exchange: &Exchange, reason: Reason) -> Finding {
    match reason {
        Reason::PreflightRedirected => redirected(examination, exchange),
        Reason::AllowOriginMultiple => origin::twice(examination, exchange),
        Reason::AllowOriginMismatch | Reason::AllowOriginInvalid => {
            origin::another(examination, exchange)
        }
        Reason::WildcardWithCredentials | Reason::AllowCredentialsNotTrue => {
            credentials::refused(examination, exchange)
        }
        Reason::MethodNotAllowed => method(examination, exchange),
        Reason::HeaderNotAllowed | Reason::WildcardWithAuthorization => {
            headers(examination, exchange)
        }
        Reason::AllowMethodsInvalid | Reason::AllowHeadersInvalid => malformed(exchange, reason),
        _ if exchange.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) => {
            refused(examination, exchange)
        }
        _ => bare(examination, exchange),
    }
}

fn redirected(examination: &Examination, exchange: &Exchange) -> Finding {
    let location = exchange.joined(&LOCATION).unwrap_or_default();
    let what = format!(
        "The preflight is redirected to {location}. Browsers do not follow redirects of a preflight."
    );
    let seen = format!("OPTIONS: {}, location: {location}", exchange.code());
    if is_login(&location) {
        let what = format!("The preflight is redirected to a login page, {location}. {NO_LOGIN}");
        return login(examination, exchange, &what).seen(seen);
    }
    let target = Url::parse(exchange.url()).and_then(|url| url.join(&location));
    let line = match target {
        Ok(target) => format!("fetch(\"{target}\", …): the page requests the final URL"),
        Err(_) => "answer OPTIONS before the redirect".to_owned(),
    };
    let place = format!("the page; or what redirects ({})", exchange.who());
    Finding::new("preflight-redirected", Failure, what, place, line).seen(seen)
}

fn is_login(location: &str) -> bool {
    let location = location.to_ascii_lowercase();
    ["login", "signin", "sign-in", "sign_in", "sso", "oauth", "/auth", "authorize", "saml"]
        .iter()
        .any(|word| location.contains(word))
}

fn login(examination: &Examination, exchange: &Exchange, what: &str) -> Finding {
    let place =
        format!("what asks for the login ({}): let OPTIONS pass without one", exchange.who());
    let line = match exchange.gateway().and_then(crate::place::Place::passes_options) {
        Some(line) => format!(
            "{line}, before it authenticates\nin the application: {}",
            outermost(examination)
        ),
        None => outermost(examination),
    };
    Finding::new("preflight-needs-login", Failure, what, place, line).seen(format!(
        "OPTIONS: {}; {}",
        exchange.code(),
        exchange.traces()
    ))
}

fn outermost(examination: &Examination) -> String {
    format!(".layer({}) outside of authentication", examination.question.layer())
}

fn method(examination: &Examination, exchange: &Exchange) -> Finding {
    let method = examination.question.sent_method();
    let listed = exchange.joined(&ACCESS_CONTROL_ALLOW_METHODS).unwrap_or("nothing".to_owned());
    let seen = format!("OPTIONS: access-control-allow-methods: {listed}");
    let upper = method.to_ascii_uppercase();
    if upper != method {
        let what = format!(
            "The page writes the method as `{method}`. Browsers send it as it is, methods are case-sensitive, and the server allows {listed}."
        );
        let line = format!("fetch(…, {{ method: \"{upper}\" }})");
        return Finding::new("method-not-allowed", Failure, what, "the page", line).seen(seen);
    }
    let what = if exchange.lists(&ACCESS_CONTROL_ALLOW_METHODS, "*") {
        format!(
            "The method {method} is not allowed: for requests with credentials `*` does not mean any."
        )
    } else {
        let why = if listed.split(',').any(|it| it.trim().eq_ignore_ascii_case(&method)) {
            " Methods are case-sensitive."
        } else {
            ""
        };
        format!("The method {method} is not allowed: the preflight's answer allows {listed}.{why}")
    };
    let place = format!("what answers the preflight ({})", exchange.who());
    let line = format!("allow_methods([\"{method}\"]), or Access-Control-Allow-Methods: {method}");
    Finding::new("method-not-allowed", Failure, what, place, line).seen(seen)
}

/// The requested headers that the answer does not list.
fn unlisted(examination: &Examination, exchange: &Exchange) -> Vec<String> {
    let is_any = !examination.question.with_credentials
        && exchange.lists(&ACCESS_CONTROL_ALLOW_HEADERS, "*");
    let asked = exchange.request_headers().get(ACCESS_CONTROL_REQUEST_HEADERS);
    let asked = asked.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let is_listed = |name: &str| {
        exchange.lists(&ACCESS_CONTROL_ALLOW_HEADERS, name) || (is_any && name != "authorization")
    };
    let asked = asked.unwrap_or_default();
    asked
        .split(',')
        .filter(|name| !name.is_empty() && !is_listed(name))
        .map(str::to_owned)
        .collect()
}

fn headers(examination: &Examination, exchange: &Exchange) -> Finding {
    let refused = unlisted(examination, exchange);
    let listed = exchange.joined(&ACCESS_CONTROL_ALLOW_HEADERS).unwrap_or("nothing".to_owned());
    let names = refused.join(", ");
    let (noun, verb) = if refused.len() == 1 { ("header", "is") } else { ("headers", "are") };
    let why = if exchange.lists(&ACCESS_CONTROL_ALLOW_HEADERS, "*") {
        if refused == ["authorization"] {
            "`*` does not cover Authorization"
        } else {
            "for requests with credentials `*` does not mean any"
        }
    } else {
        "the preflight's answer does not list it"
    };
    let what = format!("The {noun} {names} {verb} not allowed: {why}.");
    let quoted: Vec<_> = refused.iter().map(|name| format!("\"{name}\"")).collect();
    let place = format!("what answers the preflight ({})", exchange.who());
    let line =
        format!("allow_headers([{}]), or Access-Control-Allow-Headers: {names}", quoted.join(", "));
    Finding::new("header-not-allowed", Failure, what, place, line)
        .seen(format!("OPTIONS: access-control-allow-headers: {listed}"))
}

fn malformed(exchange: &Exchange, reason: Reason) -> Finding {
    let name = match reason {
        Reason::AllowMethodsInvalid => ACCESS_CONTROL_ALLOW_METHODS,
        _ => ACCESS_CONTROL_ALLOW_HEADERS,
    };
    let value = exchange.joined(&name).unwrap_or_default();
    Finding::new(
        "list-malformed",
        Failure,
        format!("The preflight's answer has a list that browsers cannot read: {name}: {value}"),
        format!("what answers the preflight ({})", exchange.who()),
        "names, separated by commas, without quotes and brackets",
    )
    .seen(format!("OPTIONS: {name}: {value}"))
}

/// The origin is right, but the status is wrong.
fn refused(examination: &Examination, exchange: &Exchange) -> Finding {
    let method_name = examination.question.sent_method();
    let is_method_listed = exchange.lists(&ACCESS_CONTROL_ALLOW_METHODS, &method_name)
        || exchange.lists(&ACCESS_CONTROL_ALLOW_METHODS, "*")
        || matches!(method_name.as_str(), "GET" | "HEAD" | "POST");
    if !is_method_listed {
        return method(examination, exchange);
    }
    if !unlisted(examination, exchange).is_empty() {
        return headers(examination, exchange);
    }
    status(examination, exchange)
}

/// The answer has no CORS headers.
fn bare(examination: &Examination, exchange: &Exchange) -> Finding {
    let code = exchange.code();
    let response = examination.response();
    match code {
        400 | 403 if exchange.speaks_cors() || exchange.varies_on_origin() => {
            origin::not_allowed(examination, exchange)
        }
        _ if origin::is_lost(examination) => origin::lost(exchange),
        200..300 if exchange.speaks_cors() => origin::not_allowed(examination, exchange),
        200..300 if exchange.is_html() && !passes(response) => {
            let what = format!(
                "The preflight is answered {code} with an HTML page and without CORS headers, as from a login page or a catch-all route. {NO_LOGIN}"
            );
            login(examination, exchange, &what)
        }
        200..300 if passes(response) => answered_elsewhere(examination, exchange),
        200..300 => origin::nothing(examination, exchange),
        _ => status(examination, exchange),
    }
}

/// The application decorates its responses, and something else answers OPTIONS.
fn answered_elsewhere(examination: &Examination, exchange: &Exchange) -> Finding {
    let response = examination.response().map(Answer::traces).unwrap_or_default();
    Finding::new(
        "different-places",
        Failure,
        "The preflight and the response come from different places. The response allows the page, but something in front of the application answers OPTIONS without CORS headers.",
        format!("what answers OPTIONS ({}): let exactly one component set CORS headers, and forward OPTIONS to it", exchange.who()),
        passes_options(exchange),
    )
    .seen(format!("OPTIONS: {}, no access-control-allow-origin; {}", exchange.code(), exchange.traces()))
    .seen(format!("GET: access-control-allow-origin is right; {response}"))
}

pub(super) fn passes_options(exchange: &Exchange) -> String {
    exchange.gateway().and_then(crate::place::Place::passes_options).map_or_else(
        || "forward OPTIONS, Origin and Access-Control-Request-* to the application".to_owned(),
        str::to_owned,
    )
}

fn status(examination: &Examination, exchange: &Exchange) -> Finding {
    let code = exchange.code();
    let who = exchange.who();
    let seen = format!("OPTIONS: {code}; {}", exchange.traces());
    let (id, what, place, line) = match code {
        401 | 403 | 407 => {
            let what = format!("The preflight is answered {code}. {NO_LOGIN}");
            return login(examination, exchange, &what);
        }
        404 | 405 | 501 => (
            "preflight-not-routed",
            format!(
                "The preflight is answered {code}: OPTIONS reaches something that has no route for it. The CORS layer is inside the routing, or there is none."
            ),
            format!("the gateway's routes or the application ({who})"),
            format!(
                "routes: ANY, or OPTIONS in addition to {}\napplication: .layer({}) last, around the whole router",
                examination.question.sent_method(),
                examination.question.layer()
            ),
        ),
        _ => (
            "preflight-error",
            format!("The preflight is answered {code}, but browsers need 200 to 299."),
            format!("what makes this answer ({who})"),
            format!(
                "find the cause of the {code} in its log; put the CORS layer outside: .layer({})",
                examination.question.layer()
            ),
        ),
    };
    Finding::new(id, Failure, what, place, line).seen(seen)
}
