//! The page's origin: its files, the frames that send, and the control endpoint.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_cors::CorsConfig;

use crate::browser;
use crate::form::{Apply, Exchanges, build, configs, report};
use crate::tabs::{Setup, Tabs};

/// The cookie by which the API knows its visitor. Cookies know no ports, so both servers get it.
pub(crate) const VISITOR: &str = "visitor=alice";

const SCRIPTS: [(&str, &str); 17] = [
    ("/address.js", include_str!("page/address.js")),
    ("/app.js", include_str!("page/app.js")),
    ("/code.js", include_str!("page/code.js")),
    ("/console.js", include_str!("page/console.js")),
    ("/control.js", include_str!("page/control.js")),
    ("/element.js", include_str!("page/element.js")),
    ("/fixes.js", include_str!("page/fixes.js")),
    ("/form.js", include_str!("page/form.js")),
    ("/picture.js", include_str!("page/picture.js")),
    ("/report.js", include_str!("page/report.js")),
    ("/roving.js", include_str!("page/roving.js")),
    ("/run.js", include_str!("page/run.js")),
    ("/sequence.js", include_str!("page/sequence.js")),
    ("/situations.js", include_str!("page/situations.js")),
    ("/steps.js", include_str!("page/steps.js")),
    ("/ties.js", include_str!("page/ties.js")),
    ("/verdict.js", include_str!("page/verdict.js")),
];

struct Page {
    origin: String,
    html: String,
    sender: String,
    security: HeaderValue,
    sender_security: HeaderValue,
    tabs: Arc<Tabs>,
    /// The API itself, for a request without a browser, and its address.
    api: Router,
    api_origin: String,
}

/// `senders` are the origins of the frames, with blanks between.
pub(crate) fn router(
    origin: &str,
    api: &str,
    senders: &str,
    tabs: Arc<Tabs>,
    apis: Router,
) -> Router {
    let fill = |text: &str| {
        text.replace("{page}", origin).replace("{api}", api).replace("{senders}", senders)
    };
    let policy = |text: String| {
        HeaderValue::try_from(text).expect("origins of hosts and ports are visible ASCII")
    };
    let page = Arc::new(Page {
        origin: origin.to_owned(),
        html: fill(include_str!("page/index.html")),
        sender: fill(include_str!("page/sender.html")),
        security: policy(format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
             connect-src 'self'; frame-src {senders}; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        )),
        sender_security: policy(format!(
            "default-src 'none'; script-src {senders}; connect-src {api}; frame-ancestors {origin}"
        )),
        tabs,
        api: apis,
        api_origin: api.to_owned(),
    });
    let control = Router::new()
        .route("/control/apply", post(apply))
        .route("/control/exchanges", post(exchanges))
        .layer(middleware::from_fn_with_state(page.clone(), only_the_page));
    let scripts = SCRIPTS.iter().fold(Router::new(), |router, &(path, text)| {
        router.route(path, get(move || async move { file("text/javascript", text) }))
    });
    Router::new()
        .route("/", get(index))
        .route("/sender", get(sender))
        .route(
            "/sender.js",
            get(|| async { file("text/javascript", include_str!("page/sender.js")) }),
        )
        .route("/defaults.js", get(defaults))
        .route("/drawing.css", get(|| async { file("text/css", include_str!("page/drawing.css")) }))
        .route("/scenes.css", get(|| async { file("text/css", include_str!("page/scenes.css")) }))
        .route("/style.css", get(|| async { file("text/css", include_str!("page/style.css")) }))
        .route(
            "/favicon.svg",
            get(|| async { file("image/svg+xml", include_str!("page/favicon.svg")) }),
        )
        .merge(scripts)
        .merge(control)
        .with_state(page)
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store"), NOSNIFF], text)
        .into_response()
}

const NOSNIFF: (HeaderName, &str) = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");

/// The page is one origin; under its other names it only sends.
async fn index(State(page): State<Arc<Page>>, headers: HeaderMap) -> Response {
    if !page.is_host(&headers) {
        return Redirect::temporary(&page.origin).into_response();
    }
    let cookie =
        HeaderValue::try_from(format!("{VISITOR}; Path=/; SameSite=Lax; HttpOnly; Max-Age=86400"))
            .expect("the cookie is visible ASCII");
    let mut response = document(page.html.clone(), &page.security);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

async fn sender(State(page): State<Arc<Page>>) -> Response {
    document(page.sender.clone(), &page.sender_security)
}

fn document(html: String, security: &HeaderValue) -> Response {
    let mut response = (
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            NOSNIFF,
        ],
        html,
    )
        .into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, security.clone());
    response
}

impl Page {
    fn is_host(&self, headers: &HeaderMap) -> bool {
        headers.get(header::HOST).is_some_and(|host| {
            self.origin.strip_prefix("http://").is_some_and(|ours| host == ours)
        })
    }

    /// No page of another origin can send this: browsers put Origin on every POST, and JSON needs a
    /// preflight, which nobody answers here.
    fn is_page(&self, headers: &HeaderMap) -> bool {
        self.is_host(headers)
            && headers.get(header::ORIGIN).is_some_and(|origin| origin == self.origin.as_str())
            && headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json")
            && headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin")
    }
}

async fn only_the_page(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    if page.is_page(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only the playground's page may do this").into_response()
    }
}

/// The settings and their defaults, as the crate has them.
async fn defaults() -> Response {
    let text = format!("export const POLICY = {};\n", json!(CorsConfig::default()));
    (
        [(header::CONTENT_TYPE, "text/javascript"), (header::CACHE_CONTROL, "no-store"), NOSNIFF],
        text,
    )
        .into_response()
}

async fn apply(State(page): State<Arc<Page>>, Json(given): Json<Apply>) -> Json<Value> {
    let Apply { tab, policy: config, request } = given;
    let configs = configs(config, &request);
    let built = build(&configs);
    let report = report(&configs, &built, &request);
    Json(match built {
        Ok(policies) => {
            let (tab, run) = page.tabs.apply(tab.as_deref(), Setup { policies, asked: request });
            json!({ "report": report, "tab": tab.id, "run": run })
        }
        Err(_) => json!({ "report": report }),
    })
}

/// What the API saw of a run, and what `tower-browser` makes of the same request.
async fn exchanges(State(page): State<Arc<Page>>, Json(given): Json<Exchanges>) -> Json<Value> {
    let Some(tab) = page.tabs.find(&given.tab) else {
        return Json(json!({ "exchanges": [], "browser": null }));
    };
    let browser = browser::verdict(page.api.clone(), &page.api_origin, &tab).await;
    Json(json!({ "exchanges": tab.exchanges(given.run), "browser": browser }))
}
