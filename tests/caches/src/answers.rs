//! What a client sees of an answer, and what of it is compared.

use std::io::Read;

use axum::{
    body::Body,
    http::{
        HeaderMap,
        header::{CONTENT_ENCODING, HeaderName},
    },
};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use hyper_util::{
    client::legacy::{Client as HttpClient, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::{Error, caches::Hit, requests::Request};

/// The header with which both caches are told to say whether they answered from their memory.
pub const CACHE_STATUS: HeaderName = HeaderName::from_static("x-cache");

/// Status, grant and body.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Every `Access-Control-*` field, sorted.
    grant: Vec<String>,
    /// Decoded: Varnish decompresses for clients that do not accept gzip.
    body: String,
}

pub struct Client(HttpClient<HttpConnector, Body>);

impl Client {
    pub fn new() -> Self {
        Self(HttpClient::builder(TokioExecutor::new()).build_http())
    }

    pub async fn send(&self, port: u16, request: &Request) -> Result<(Answer, Hit), Error> {
        let builder = axum::http::Request::builder()
            .method(request.method.clone())
            .uri(format!("http://127.0.0.1:{port}{}", request.path));
        let response = self.0.request(request.fill(builder).body(Body::empty())?).await?;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let is_gzip = parts.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding == "gzip");
        let body = if is_gzip && !bytes.is_empty() {
            let mut text = String::new();
            GzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
            text
        } else {
            String::from_utf8(bytes.into())?
        };
        let hit = parts.headers.get(CACHE_STATUS).is_some_and(|status| status == "HIT");
        let answer = Answer { status: parts.status.as_u16(), grant: grant(&parts.headers), body };
        Ok((answer, if hit { Hit::Yes } else { Hit::No }))
    }
}

fn grant(headers: &HeaderMap) -> Vec<String> {
    let mut fields: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("access-control-"))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("not ASCII")))
        .collect();
    fields.sort();
    fields
}
