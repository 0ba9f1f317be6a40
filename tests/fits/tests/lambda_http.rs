//! lambda_http 1: the events of five gateways through its own conversion, in and out.

#[path = "../../../examples/lambda/app.rs"]
mod example;

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
    FunctionUrl,
    Alb,
    AlbMultiValue,
}

const GATEWAYS: [Gateway; 5] =
    [Gateway::Rest, Gateway::Http, Gateway::FunctionUrl, Gateway::Alb, Gateway::AlbMultiValue];

impl Gateway {
    /// An event as the gateway writes it, for `/`.
    fn event(self, method: &str, fields: &[(&str, &str)]) -> LambdaRequest {
        self.event_at("/", Some("test"), method, fields)
    }

    /// The same for any path. Without a stage lambda_http does what `AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH`
    /// makes it do: a REST API's stage does not come before the path.
    fn event_at(
        self,
        path: &str,
        stage: Option<&str>,
        method: &str,
        fields: &[(&str, &str)],
    ) -> LambdaRequest {
        let single: serde_json::Map<_, _> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let multi: serde_json::Map<_, _> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
        let event = match self {
            Self::Rest => json!({
                "resource": "/{proxy+}", "path": path, "httpMethod": method,
                "headers": single, "multiValueHeaders": multi,
                "requestContext": {
                    "accountId": "1", "apiId": "x", "stage": stage, "resourcePath": "/{proxy+}",
                    "httpMethod": method, "requestTimeEpoch": 1, "identity": { "sourceIp": "1.2.3.4" },
                },
                "isBase64Encoded": false,
            }),
            Self::Http => json!({
                "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
                "headers": single,
                "requestContext": {
                    "accountId": "1", "apiId": "x", "stage": "$default", "routeKey": "$default",
                    "requestId": "1", "timeEpoch": 1,
                    "http": {
                        "method": method, "path": path, "protocol": "HTTP/1.1",
                        "sourceIp": "1.2.3.4", "userAgent": "x",
                    },
                },
                "isBase64Encoded": false,
            }),
            Self::FunctionUrl => json!({
                "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
                "headers": single,
                "requestContext": {
                    "accountId": "anonymous", "apiId": "url-id",
                    "domainName": "url-id.lambda-url.eu-central-1.on.aws", "domainPrefix": "url-id",
                    "requestId": "1", "routeKey": "$default", "stage": "$default",
                    "time": "25/Nov/2026:00:00:00 +0000", "timeEpoch": 1,
                    "http": {
                        "method": method, "path": path, "protocol": "HTTP/1.1",
                        "sourceIp": "1.2.3.4", "userAgent": "x",
                    },
                },
                "isBase64Encoded": false,
            }),
            Self::Alb => json!({
                "requestContext": { "elb": { "targetGroupArn": "arn" } },
                "httpMethod": method, "path": path, "headers": single, "isBase64Encoded": false,
            }),
            Self::AlbMultiValue => json!({
                "requestContext": { "elb": { "targetGroupArn": "arn" } },
                "httpMethod": method, "path": path, "multiValueHeaders": multi,
                "isBase64Encoded": false,
            }),
        };
        let request: LambdaRequest =
            serde_json::from_value(event).unwrap_or_else(|error| panic!("{self:?}: {error}"));
        assert!(
            matches!(
                (self, &request),
                (Self::Rest, LambdaRequest::ApiGatewayV1(_))
                    | (Self::Http | Self::FunctionUrl, LambdaRequest::ApiGatewayV2(_))
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

/// The example's own handler: two `Vary` lines of a handler become one, which every gateway passes on.
#[tokio::test]
async fn the_example() {
    let router = example::router(&format!("{ORIGIN}, https://*.preview.example.com"))
        .expect("they are origins");
    for gateway in GATEWAYS {
        let answer = async |method: &str, path: &str, fields: &[(&str, &str)]| {
            let event = gateway.event_at(path, None, method, fields);
            let mut adapter = Adapter::from(router.clone());
            let service = ServiceExt::ready(&mut adapter).await.expect("a ready service");
            let event = LambdaEvent::new(event, Default::default());
            let answer = Service::call(service, event).await.expect("an answer");
            serde_json::to_value(answer).expect("JSON")
        };
        let page = ("origin", ORIGIN);
        let host = ("host", "api.example.com");
        let put = ("access-control-request-method", "PUT");
        let names = ("access-control-request-headers", "authorization,content-type");
        let field = |answer: &Value, name| gateway.field(answer, name);

        let preflight = answer("OPTIONS", "/items", &[host, page, put, names]).await;
        assert_eq!(preflight["statusCode"], 200, "{gateway:?}: {preflight}");
        assert_eq!(field(&preflight, "access-control-allow-origin"), ORIGIN, "{preflight}");
        assert_eq!(field(&preflight, "access-control-allow-methods"), "GET, PUT", "{preflight}");
        assert_eq!(field(&preflight, "access-control-allow-credentials"), "true", "{preflight}");
        assert_eq!(
            field(&preflight, "vary"),
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network",
            "{preflight}"
        );

        let stranger = ("origin", "https://stranger.example");
        let refused = answer("OPTIONS", "/items", &[host, stranger, put]).await;
        assert_eq!(refused["statusCode"], 400, "{gateway:?}: {refused}");
        assert_eq!(refused["body"], "Disallowed CORS origin", "{refused}");
        assert_eq!(field(&refused, "access-control-allow-origin"), "", "{refused}");

        let items = answer("GET", "/items", &[host, page]).await;
        assert_eq!(items["statusCode"], 200, "{gateway:?}: {items}");
        assert_eq!(items["body"], r#"{"items":[7]}"#, "{items}");
        assert_eq!(items["isBase64Encoded"], false, "{items}");
        assert_eq!(field(&items, "access-control-allow-origin"), ORIGIN, "{items}");
        assert_eq!(field(&items, "access-control-expose-headers"), "etag", "{items}");
        assert_eq!(field(&items, "vary"), "accept-language, x-theme, Origin", "{items}");

        let missing = answer("GET", "/nowhere", &[host, page]).await;
        assert_eq!(missing["statusCode"], 404, "{gateway:?}: {missing}");
        assert_eq!(field(&missing, "access-control-allow-origin"), ORIGIN, "{missing}");

        let without = answer("GET", "/items", &[host]).await;
        assert_eq!(field(&without, "access-control-allow-origin"), "", "{without}");
        assert_eq!(field(&without, "vary"), "accept-language, x-theme, Origin", "{without}");
    }
}

#[tokio::test]
async fn types_in_signatures() {
    works!(Layered::Ours, stack().service_fn(home));
}
