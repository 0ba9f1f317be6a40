//! `Exchange`: one request and its response as the API saw them, for the page to draw.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use tower_cors::{Explanation, Part, Refusal};

use crate::api::is_visitor;
use crate::page::VISITOR;
use crate::tabs::{Front, Tabs};

#[derive(Clone, Serialize)]
pub(crate) struct Exchange {
    preflight: bool,
    method: String,
    target: String,
    asked: Fields,
    status: u16,
    reason: Option<&'static str>,
    answered: Fields,
    /// Of a response that the handler did not make.
    text: Option<String>,
    by: By,
    refusal: Option<String>,
    /// What the crate says; `None` where the layer is not installed.
    explanation: Option<Value>,
    behind: Option<Behind>,
}

type Fields = Vec<(String, String)>;

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum By {
    Handler,
    Layer,
    /// What stands before the layer.
    Front,
}

/// Marks a response of the handler.
#[derive(Clone, Copy)]
pub(crate) struct CarriedOut;

/// A response before something outside of the layer changed it. Without one, such a thing answered.
#[derive(Clone, Serialize)]
pub(crate) struct Behind {
    status: u16,
    reason: Option<&'static str>,
    answered: Fields,
}

impl Behind {
    /// Notes a response in its extensions.
    pub(crate) fn seen(mut response: Response) -> Response {
        let behind = Self {
            status: response.status().as_u16(),
            reason: response.status().canonical_reason(),
            answered: fields(response.headers()),
        };
        response.extensions_mut().insert(behind);
        response
    }
}

/// Records the exchange for the run that the address names.
pub(crate) async fn record(
    State(tabs): State<Arc<Tabs>>,
    request: Request,
    next: Next,
) -> Response {
    let run = run(request.uri());
    let Some((tab, run)) = tabs.of(request.uri()).zip(run) else {
        return next.run(request).await;
    };
    let (head, body) = request.into_parts();
    let setup = tab.setup();
    let explanation = setup.explain(&head).map(|explained| explanation(&explained));
    let has_front = setup.asked.front != Front::Nothing;
    let preflight = head.method == Method::OPTIONS
        && head.headers.contains_key(header::ORIGIN)
        && head.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let method = head.method.to_string();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let asked = fields(&head.headers);

    let response = next.run(Request::from_parts(head, body)).await;

    let behind = response.extensions().get::<Behind>().cloned();
    let by = match response.extensions().get::<CarriedOut>() {
        Some(CarriedOut) => By::Handler,
        None if has_front && behind.is_none() => By::Front,
        None => By::Layer,
    };
    let refusal = response.extensions().get::<Refusal>().map(Refusal::to_string);
    let (text, response) = match by {
        By::Handler => (None, response),
        By::Layer | By::Front => read(response).await,
    };
    tab.record(
        run,
        Exchange {
            preflight,
            method,
            target,
            asked,
            status: response.status().as_u16(),
            reason: response.status().canonical_reason(),
            answered: fields(response.headers()),
            text,
            by,
            refusal,
            explanation,
            behind,
        },
    );
    response
}

fn run(uri: &Uri) -> Option<u64> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("run="))?.parse().ok()
}

/// The text of a short response, and the response again.
async fn read(response: Response) -> (Option<String>, Response) {
    let (head, body) = response.into_parts();
    match to_bytes(body, 1024).await {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            (Some(text), Response::from_parts(head, Body::from(bytes)))
        }
        Err(error) => {
            let mut response = Response::new(Body::from(error.to_string()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            (None, response)
        }
    }
}

/// What CORS, or a person who looks at it, reads: not what every request has.
fn fields(headers: &HeaderMap) -> Fields {
    let shown = headers.iter().filter(|(name, value)| match **name {
        header::ACCEPT => *value != "*/*",
        header::COOKIE => false,
        _ => !is_plumbing(name),
    });
    let mut fields: Fields = shown
        .map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    // Other cookies of this machine's names are nobody's business.
    if is_visitor(headers) {
        fields.push((header::COOKIE.to_string(), VISITOR.to_owned()));
    }
    fields
}

fn is_plumbing(name: &HeaderName) -> bool {
    const NAMES: [HeaderName; 15] = [
        header::ACCEPT_ENCODING,
        header::ACCEPT_LANGUAGE,
        header::CACHE_CONTROL,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::DATE,
        header::DNT,
        header::HOST,
        header::PRAGMA,
        header::REFERER,
        header::TE,
        header::TRANSFER_ENCODING,
        header::UPGRADE_INSECURE_REQUESTS,
        header::USER_AGENT,
        HeaderName::from_static("priority"),
    ];
    NAMES.contains(name) || name.as_str().starts_with("sec-")
}

fn explanation(explanation: &Explanation) -> Value {
    let findings = explanation.findings().iter().map(|finding| {
        json!({
            "part": match finding.part() {
                Part::Origin => "origin",
                Part::Method => "method",
                Part::Header => "header",
                Part::PrivateNetwork => "private-network",
                Part::Credentials => "credentials",
                _ => "other",
            },
            "asked": finding.asked(),
            "allowed": finding.allowed(),
            "reason": finding.reason(),
            "nearest": finding.nearest(),
            "fix": finding.fix(),
        })
    });
    json!({
        "allowed": explanation.allowed(),
        "text": explanation.to_string(),
        "findings": findings.collect::<Value>(),
    })
}
