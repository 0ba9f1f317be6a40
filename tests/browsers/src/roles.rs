//! The processes of an architecture: a CDN, a gateway and a backend, each this program again.
//!
//! A role prints its port, then a line for each request, and ends with its standard input, so that
//! it cannot outlive the process that started it.

use std::{env, io, net::Ipv4Addr, process::Command, str::FromStr, sync::Arc, thread};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::net::TcpListener;
use tower_cors::{Any, CorsLayer, EnforceOrigin};

use crate::{
    Error, app,
    log::{Log, Names, SAW, record},
    processes::Process,
};

/// An enum whose values are also arguments of a process.
macro_rules! arguments {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$value_doc])* $value,)+ }

        impl $name {
            fn named(name: &str) -> Result<Self, Error> {
                match name {
                    $(stringify!($value) => Ok(Self::$value),)+
                    _ => Err(format!("{name} is no {}", stringify!($name)).into()),
                }
            }
        }
    };
}

arguments! {
    /// What a gateway does beside passing requests on with the Host of the backend, as gateways do.
    Habit {
        /// Answers every OPTIONS itself, with headers that allow everything: the mock integration.
        AnswersOptions,
        /// Adds the page's origin to every response.
        AddsHeaders,
        /// Does not pass Origin on.
        HidesOrigin,
        /// Sends each element of `Access-Control-Request-Headers` on a line of its own.
        SplitsLists,
        /// Asks for a token before it lets anything pass.
        WantsToken,
        /// Sends everything elsewhere, to the same path below `/v1`.
        Redirects,
        /// Serves the page itself.
        ServesPage,
    }
}

arguments! {
    /// What a backend has of CORS.
    Backend {
        /// Nothing.
        Bare,
        /// The page's origin, PUT, two headers and credentials.
        Listed,
        /// Any origin.
        Wildcard,
        /// Any origin, said without being asked.
        Constant,
        /// No origin, and every request of another origin stopped.
        Enforcing,
        /// It does not run.
        Down,
    }
}

/// Three processes, started.
pub struct Architecture {
    /// Kept until the case is over.
    pub _processes: Vec<Process>,
    pub page: String,
    pub gateway: String,
    pub seen_by_backend: Log,
}

impl Architecture {
    pub fn start(habits: &[Habit], backend: Backend) -> Result<Self, Error> {
        let role = |arguments: &[String]| -> Result<(Process, u16), Error> {
            let process =
                Process::start(Command::new(env::current_exe()?).arg("role").args(arguments))?;
            let port = process.port_after("listening on ")?;
            Ok((process, port))
        };
        let (cdn, cdn_port) = role(&["cdn".to_owned()])?;
        let page = format!("http://localhost:{cdn_port}");
        let (mut backend, backend_port) =
            role(&["backend".to_owned(), page.clone(), format!("{backend:?}")])?;
        let mut arguments = vec!["gateway".to_owned(), page.clone(), backend_port.to_string()];
        arguments.extend(habits.iter().map(|habit| format!("{habit:?}")));
        let (gateway, gateway_port) = role(&arguments)?;

        let seen_by_backend = Log::default();
        backend.log_lines(SAW, seen_by_backend.clone());
        let gateway_url = format!("http://localhost:{gateway_port}");
        let serves_page = habits.contains(&Habit::ServesPage);
        Ok(Self {
            _processes: vec![cdn, backend, gateway],
            page: if serves_page { gateway_url.clone() } else { page },
            gateway: gateway_url,
            seen_by_backend,
        })
    }
}

/// What this program does when it is started as `role NAME ARGUMENTS`.
pub async fn play(arguments: &[String]) -> Result<(), Error> {
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    let router = match arguments[..] {
        ["cdn"] => app::pages(),
        ["gateway", page, backend, ref habits @ ..] => {
            let habits = habits.iter().map(|name| Habit::named(name)).collect::<Result<_, _>>()?;
            gateway(page, backend.parse()?, habits)
        }
        ["backend", page, policy] => match Backend::named(policy)? {
            Backend::Down => {
                println!("listening on {port}");
                drop(listener);
                return std::future::pending().await;
            }
            policy => backend(page, port, policy),
        },
        _ => return Err("no such role".into()),
    };
    println!("listening on {port}");
    Ok(axum::serve(listener, router).await?)
}

fn backend(page: &str, port: u16, policy: Backend) -> Router {
    let names = Names { page: page.to_owned(), api: format!("http://localhost:{port}") };
    let cors = CorsLayer::new();
    let cors = match policy {
        Backend::Bare | Backend::Down => None,
        Backend::Listed => Some(
            cors.allow_origins([page])
                .allow_methods(["GET", "PUT"])
                .allow_headers(["x-token", "x-trace"])
                .allow_credentials(true),
        ),
        Backend::Wildcard => Some(cors.allow_origins(Any)),
        Backend::Constant => Some(cors.allow_origins(Any).constant_wildcard(true)),
        Backend::Enforcing => Some(cors.enforce_origin(EnforceOrigin::AllRequests)),
    };
    let app = match cors {
        Some(cors) => app::router().layer(cors),
        None => app::router(),
    };
    record(app, Log::printed(), names)
}

struct Gateway {
    page: HeaderValue,
    backend: u16,
    habits: Vec<Habit>,
    client: Client<HttpConnector, Body>,
}

fn gateway(page: &str, backend: u16, habits: Vec<Habit>) -> Router {
    let pages = if habits.contains(&Habit::ServesPage) { app::pages() } else { Router::new() };
    let gateway = Arc::new(Gateway {
        page: HeaderValue::from_str(page).expect("an origin is a header value"),
        backend,
        habits,
        client: Client::builder(TokioExecutor::new()).build_http(),
    });
    pages.fallback(move |request: Request| pass_on(gateway, request))
}

async fn pass_on(gateway: Arc<Gateway>, request: Request) -> Response {
    let has = |habit| gateway.habits.contains(&habit);
    if has(Habit::AnswersOptions) && request.method() == Method::OPTIONS {
        return [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "x-token, x-trace"),
        ]
        .into_response();
    }
    if has(Habit::WantsToken) && !request.headers().contains_key(header::AUTHORIZATION) {
        return (StatusCode::UNAUTHORIZED, "a token is missing").into_response();
    }
    if has(Habit::Redirects) {
        return Redirect::permanent(&format!("/v1{}", request.uri().path())).into_response();
    }
    let forwarded = gateway.rewritten(request);
    let mut response = match gateway.client.request(forwarded).await {
        Ok(response) => response.map(Body::new),
        Err(_) => (StatusCode::BAD_GATEWAY, "nobody is there").into_response(),
    };
    if has(Habit::AddsHeaders) {
        response.headers_mut().append(header::ACCESS_CONTROL_ALLOW_ORIGIN, gateway.page.clone());
    }
    response
}

impl Gateway {
    /// As the backend is to see it.
    fn rewritten(&self, mut request: Request) -> Request {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let uri = format!("http://127.0.0.1:{}{path}", self.backend);
        *request.uri_mut() = Uri::from_str(&uri).expect("a path of a request is one of a URI");
        let fields = request.headers_mut();
        // The client puts the backend's own in its place.
        fields.remove(header::HOST);
        fields.remove(header::CONNECTION);
        if self.habits.contains(&Habit::HidesOrigin) {
            fields.remove(header::ORIGIN);
        }
        if self.habits.contains(&Habit::SplitsLists) {
            split(fields, header::ACCESS_CONTROL_REQUEST_HEADERS);
        }
        request
    }
}

fn split(fields: &mut http::HeaderMap, name: HeaderName) {
    let Some(list) = fields.remove(&name) else { return };
    for element in list.as_bytes().split(|byte| *byte == b',') {
        let line = HeaderValue::from_bytes(element).expect("part of a header value is one");
        fields.append(name.clone(), line);
    }
}
