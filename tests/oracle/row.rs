//! The rows of the differential test as this crate's and `http`'s types; `rows.py` says how they
//! look.

use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tower_cors::{CorsLayer, Kind, Risk};

/// The layer for FastAPI's keyword arguments, every risk tolerated: the reference knows none.
pub(crate) fn layer(config: &Value) -> CorsLayer {
    let layer = CorsLayer::new().tolerate(Risk::AnyOrigin).tolerate(Risk::NullOrigin);
    let settings = config.as_object().expect("a configuration is an object");
    let layer = settings.iter().fold(layer, |layer, (name, value)| match name.as_str() {
        "allow_origins" => layer.allow_origins(strings(value)),
        "allow_origin_regex" => layer,
        "allow_hosts" => layer.allow_hosts(strings(value)),
        "allow_methods" => layer.allow_methods(strings(value)),
        "allow_headers" => layer.allow_headers(strings(value)),
        "expose_headers" => layer.expose_headers(strings(value)),
        "allow_credentials" => layer.allow_credentials(boolean(value)),
        "allow_private_network" => layer.allow_private_network(boolean(value)),
        "max_age" => layer.max_age(Duration::from_secs(number(value))),
        unknown => panic!("the reference has no setting {unknown}"),
    });
    let Some(regex) = settings.get("allow_origin_regex") else { return layer };
    let matched = layer.clone().allow_origin_regex(string(regex));
    // The reference takes expressions that match no origin, and allows none by them.
    let matches_nothing = matched.build().is_err_and(|error| {
        error.diagnostics().iter().any(|found| found.kind() == Kind::MatchesNothing)
    });
    // What was built is kept: an expression takes most of the time of this test.
    if matches_nothing { layer } else { matched }
}

/// A request: its method and its header lines.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) headers: Headers,
}

impl Ask {
    pub(crate) fn read(row: &Value, table: &[Value]) -> Self {
        let row = array(row);
        Self { method: string(&row[0]).to_owned(), headers: Headers::read(&row[1..], table) }
    }

    pub(crate) fn request(&self) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::from("asked"));
        *request.method_mut() = self.method.parse().expect("a method is a token");
        *request.headers_mut() = self.headers.to_map();
        request
    }
}

/// A response: what the app inside answers, or what comes out at the end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) headers: Headers,
}

impl Reply {
    pub(crate) fn read(row: &[Value], table: &[Value]) -> Self {
        Self {
            status: number(&row[0]).try_into().expect("a status has three digits"),
            body: string(&row[1]).to_owned(),
            headers: Headers::read(&row[2..], table),
        }
    }

    pub(crate) fn write(&self) -> Vec<Value> {
        let mut row = vec![json!(self.status), json!(self.body)];
        row.extend(self.headers.write());
        row
    }

    pub(crate) fn response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::from(to_bytes(&self.body)));
        *response.status_mut() = self.status.try_into().expect("a status has three digits");
        *response.headers_mut() = self.headers.to_map();
        response
    }

    pub(crate) async fn from_response<B>(response: Response<B>) -> Self
    where
        B: Body<Data = Bytes, Error: std::fmt::Debug>,
    {
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("nothing here fails").to_bytes();
        Self {
            status: head.status.as_u16(),
            body: from_bytes(&body),
            headers: Headers::from_map(&head.headers),
        }
    }
}

/// Header lines in their order, the bytes of the values as latin-1 text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Headers(pub(crate) Vec<(String, String)>);

impl Headers {
    fn read(row: &[Value], table: &[Value]) -> Self {
        let line = |item: &Value| {
            let line = string(item.as_u64().map_or(item, |index| &table[index as usize]));
            let (name, value) = line.split_once(": ").expect("a line is `name: value`");
            let name = name.strip_prefix(SHORT).map_or(name.into(), |rest| format!("{LONG}{rest}"));
            (name, value.to_owned())
        };
        Self(row.iter().map(line).collect())
    }

    pub(crate) fn write(&self) -> Vec<Value> {
        let line = |(name, value): &(String, String)| {
            let name =
                name.strip_prefix(LONG).map_or(name.clone(), |rest| format!("{SHORT}{rest}"));
            json!(format!("{name}: {value}"))
        };
        self.0.iter().map(line).collect()
    }

    fn from_map(map: &HeaderMap) -> Self {
        let line = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.as_str().to_owned(), from_bytes(value.as_bytes()))
        };
        Self(map.iter().map(line).collect())
    }

    pub(crate) fn to_map(&self) -> HeaderMap {
        let line = |(name, value): &(String, String)| {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name is a token");
            (name, HeaderValue::from_bytes(&to_bytes(value)).expect("no control bytes"))
        };
        self.0.iter().map(line).fold(HeaderMap::new(), |mut map, (name, value)| {
            map.append(name, value);
            map
        })
    }
}

const SHORT: &str = "ac-";
const LONG: &str = "access-control-";

fn to_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("bytes are written as latin-1")).collect()
}

fn from_bytes(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no array"))
}

fn strings(value: &Value) -> Vec<&str> {
    array(value).iter().map(string).collect()
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string"))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn boolean(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| panic!("{value} is neither true nor false"))
}
