//! lambda_http 1: the events of four gateways through its own conversion, in and out.

use axum::{Router, routing::get};
use http::{Response, header};
use lambda_http::{Adapter, Body, LambdaEvent, request::LambdaRequest};
use serde_json::{Value, json};
use tower::{
    Layer, Service, ServiceBuilder, ServiceExt,
    layer::util::{Identity, Stack},
    service_fn,
    util::{BoxCloneService, option_layer},
};
use tower_cors::SameBodyLayer;
use tower_cors_fits::{Layered, ORIGIN, ours, theirs};

#[derive(Clone, Copy, Debug)]
enum Gateway {
    Rest,
    Http,
    Alb,
    AlbMultiValue,
}

const GATEWAYS: [Gateway; 4] = [Gateway::Rest, Gateway::Http, Gateway::Alb, Gateway::AlbMultiValue];

impl Gateway {
    /// An event as the gateway writes it.
    fn event(self, method: &str, fields: &[(&str, &str)]) -> LambdaRequest {
        let single: serde_json::Map<_, _> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let multi: serde_json::Map<_, _> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
        let event = match self {
            Self::Rest => json!({
                "resource": "/", "path": "/", "httpMethod": method,
                "headers": single, "multiValueHeaders": multi,
                "requestContext": {
                    "accountId": "1", "apiId": "x", "stage": "test", "resourcePath": "/",
                    "httpMethod": method, "requestTimeEpoch": 1, "identity": { "sourceIp": "1.2.3.4" },
                },
                "isBase64Encoded": false,
            }),
            Self::Http => json!({
                "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
                "headers": single,
                "requestContext": {
                    "accountId": "1", "apiId": "x", "stage": "$default", "routeKey": "$default",
                    "requestId": "1", "timeEpoch": 1,
                    "http": {
                        "method": method, "path": "/", "protocol": "HTTP/1.1",
                        "sourceIp": "1.2.3.4", "userAgent": "x",
                    },
                },
                "isBase64Encoded": false,
            }),
            Self::Alb => json!({
                "requestContext": { "elb": { "targetGroupArn": "arn" } },
                "httpMethod": method, "path": "/", "headers": single, "isBase64Encoded": false,
            }),
            Self::AlbMultiValue => json!({
                "requestContext": { "elb": { "targetGroupArn": "arn" } },
                "httpMethod": method, "path": "/", "multiValueHeaders": multi,
                "isBase64Encoded": false,
            }),
        };
        let request: LambdaRequest =
            serde_json::from_value(event).unwrap_or_else(|error| panic!("{self:?}: {error}"));
        assert!(
            matches!(
                (self, &request),
                (Self::Rest, LambdaRequest::ApiGatewayV1(_))
                    | (Self::Http, LambdaRequest::ApiGatewayV2(_))
                    | (Self::Alb | Self::AlbMultiValue, LambdaRequest::Alb(_))
            ),
            "{self:?} was read as {request:?}"
        );
        request
    }

    /// The lines of a field in the answer, where this gateway reads them.
    fn field(self, answer: &Value, name: &str) -> String {
        let multi = matches!(self, Self::Rest | Self::AlbMultiValue);
        let fields = &answer[if multi { "multiValueHeaders" } else { "headers" }];
        match &fields[name] {
            Value::Null => String::new(),
            Value::String(line) => line.clone(),
            Value::Array(lines) => {
                assert_eq!(lines.len(), 1, "{self:?}: {name}: {lines:?}");
                lines[0].as_str().expect("text").to_owned()
            }
            other => panic!("{self:?}: {name}: {other}"),
        }
    }
}

/// Sends a preflight and a request of each gateway through the conversion, and checks the answers.
macro_rules! works {
    ($layered:expr, $service:expr) => {{
        let service = $service;
        for gateway in GATEWAYS {
            let mut adapter = Adapter::from(service.clone());
            let asked = [
                ("host", "api.example.com"),
                ("origin", ORIGIN),
                ("access-control-request-method", "GET"),
                ("access-control-request-headers", "authorization"),
            ];
            let mut answers = Vec::new();
            for (method, fields) in [("OPTIONS", &asked[..]), ("GET", &asked[..2])] {
                let event = LambdaEvent::new(gateway.event(method, fields), Default::default());
                let service = ServiceExt::ready(&mut adapter).await.expect("a ready service");
                let answer = Service::call(service, event).await.expect("an answer");
                answers.push(serde_json::to_value(answer).expect("JSON"));
            }
            check($layered, gateway, &answers[0], &answers[1]);
        }
    }};
}

/// The same lines with tower-http's layer and with ours under `same_body()`.
macro_rules! both {
    (|$cors:ident| $service:expr) => {
        both!([ours().same_body()], |$cors| $service)
    };
    ([$ours:expr], |$cors:ident| $service:expr) => {{
        let $cors = theirs();
        works!(Layered::Theirs, $service);
        let $cors = $ours;
        works!(Layered::Ours, $service);
    }};
}

#[track_caller]
fn check(layered: Layered, gateway: Gateway, preflight: &Value, actual: &Value) {
    let told = format!("{layered:?}, {gateway:?}: {preflight}, {actual}");
    let allow_origin = header::ACCESS_CONTROL_ALLOW_ORIGIN;
    for answer in [preflight, actual] {
        assert_eq!(answer["statusCode"], 200, "{told}");
        assert_eq!(gateway.field(answer, allow_origin.as_str()), ORIGIN, "{told}");
    }
    assert_eq!(gateway.field(preflight, "access-control-max-age"), "600", "{told}");
    assert_eq!(gateway.field(actual, "access-control-expose-headers"), "etag", "{told}");
    assert_eq!(actual["body"], "home", "{told}");
    if layered == Layered::Ours {
        assert_eq!(preflight["body"], "OK", "{told}");
        assert_eq!(preflight["isBase64Encoded"], false, "{told}");
        assert_eq!(gateway.field(preflight, "content-type"), "text/plain; charset=utf-8", "{told}");
        // One line, since HTTP APIs and load balancers keep one.
        assert_eq!(gateway.field(actual, "vary"), "accept-language, Origin", "{told}");
    }
}

async fn home(_: lambda_http::Request) -> Result<Response<Body>, lambda_http::Error> {
    let mut response = Response::new(Body::from("home"));
    let vary = header::HeaderValue::from_static("accept-language");
    response.headers_mut().insert(header::VARY, vary);
    Ok(response)
}

fn router() -> Router {
    // A REST API puts its stage before the path.
    let home = get(async || ([("vary", "accept-language")], "home"));
    Router::new().route("/", home.clone()).route("/test/", home)
}

#[tokio::test]
async fn around_a_function() {
    both!([ours()], |cors| cors.layer(service_fn(home)));
    both!(|cors| cors.layer(service_fn(home)));
    both!(|cors| option_layer(Some(cors)).layer(service_fn(home)));
    both!(|cors| {
        let service: BoxCloneService<lambda_http::Request, Response<Body>, lambda_http::Error> =
            BoxCloneService::new(ServiceBuilder::new().layer(cors).service_fn(home));
        service
    });
}

#[tokio::test]
async fn around_an_axum_router() {
    both!([ours()], |cors| router().layer(cors));
    both!(|cors| router().layer(option_layer(Some(cors))));
    both!(|cors| { cors.layer(router().into_service::<Body>()) });
}

/// The layer's type in a signature.
fn cors() -> SameBodyLayer<Body> {
    ours().same_body()
}

fn stack() -> ServiceBuilder<Stack<SameBodyLayer<Body>, Identity>> {
    ServiceBuilder::new().layer(cors())
}

#[tokio::test]
async fn types_in_signatures() {
    works!(Layered::Ours, stack().service_fn(home));
}
