//! `Client`: HTTP over TLS, with the certificates of the system and with limits.

use std::{
    error::Error as _,
    fmt,
    io::ErrorKind,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use http::{Request, Response, header};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        self,
        connect::{HttpConnector, HttpInfo},
    },
    rt::TokioExecutor,
};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tower_browser::Body;
use tower_service::Service;

/// The head of a response may be this long. Browsers accept 256 KiB.
const HEAD_LIMIT: usize = 256 << 10;

#[derive(Clone)]
pub(crate) struct Client {
    inner: legacy::Client<HttpsConnector<HttpConnector>, Body>,
    has_certificates: bool,
    address: Arc<Mutex<Option<IpAddr>>>,
}

impl Client {
    pub(crate) fn new() -> Self {
        let mut roots = RootCertStore::empty();
        // If one does not parse, the others are still used.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let has_certificates = !roots.is_empty();
        let tls =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("ring has cipher suites for the default versions")
                .with_root_certificates(roots)
                .with_no_client_auth();
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .build();
        let inner = legacy::Client::builder(TokioExecutor::new())
            .http1_max_buf_size(HEAD_LIMIT)
            .http2_max_header_list_size(HEAD_LIMIT as u32)
            .build(https);
        Self { inner, has_certificates, address: Arc::default() }
    }

    /// Where the last response came from.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        *self.address.lock().expect("nobody panics while it is locked")
    }
}

impl Service<Request<Body>> for Client {
    type Response = Response<Incoming>;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // HTTP/2 has the host in the URI, and HTTP/1 takes it from there.
        request.headers_mut().remove(header::HOST);
        let uri = request.uri().clone();
        let place = uri.authority().map_or(String::new(), ToString::to_string);
        let (has_certificates, address) = (self.has_certificates, Arc::clone(&self.address));
        let sending = self.inner.request(request);
        Box::pin(async move {
            let response = sending
                .await
                .map_err(|error| Failure(what_failed(&error, &place, has_certificates)))?;
            if let Some(info) = response.extensions().get::<HttpInfo>() {
                *address.lock().expect("nobody panics while it is locked") =
                    Some(info.remote_addr().ip());
            }
            Ok(response)
        })
    }
}

/// Why there is no answer, in one line.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn what_failed(error: &legacy::Error, place: &str, has_certificates: bool) -> String {
    let mut chain: Vec<&(dyn std::error::Error + 'static)> = Vec::new();
    let mut next = error.source();
    while let Some(error) = next {
        chain.push(error);
        // `source` does not return the error inside an I/O error.
        next = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    for error in &chain {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return format!("no TLS connection to {place}: {}", tls_failed(tls, has_certificates));
        }
    }
    for error in &chain {
        if let Some(http) = error.downcast_ref::<hyper::Error>() {
            if http.is_parse() {
                return format!("{place} answered with something that is not HTTP: {http}");
            }
            if http.is_incomplete_message() {
                return format!("{place} closed the connection without an answer");
            }
        }
    }
    if chain.iter().any(|error| error.to_string().contains("dns error")) {
        let host = place.rsplit_once(':').map_or(place, |(host, _)| host);
        return format!("the host {host} was not found: {}", last(&chain));
    }
    for error in &chain {
        match error.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(ErrorKind::ConnectionRefused) => {
                return format!("nothing listens at {place}: connection refused");
            }
            Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof) => {
                return format!("{place} closed the connection without an answer");
            }
            _ => {}
        }
    }
    format!("no answer from {place}: {}", last(&chain))
}

fn last(chain: &[&(dyn std::error::Error + 'static)]) -> String {
    chain.last().map_or("unknown error".to_owned(), ToString::to_string)
}

fn tls_failed(error: &rustls::Error, has_certificates: bool) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) if !has_certificates => {
            "this system has no root certificates; install ca-certificates, or set SSL_CERT_FILE".to_owned()
        }
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate is not signed by an authority that this system trusts; add yours with SSL_CERT_FILE".to_owned()
        }
        rustls::Error::InvalidMessage(_) => format!("this port does not use TLS ({error})"),
        _ => error.to_string(),
    }
}
