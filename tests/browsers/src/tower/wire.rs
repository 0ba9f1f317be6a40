//! `Wire`: requests of a `Page` on their way to servers of the loopback.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body;
use http::{Request, Response, StatusCode, Uri, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use tokio::io::copy_bidirectional;
use tower::Service;

use crate::Error;

/// A client of HTTP that any name of the loopback leads to, upgrades included.
#[derive(Clone)]
pub struct Wire(Client<HttpConnector, Body>);

impl Wire {
    pub fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }
}

impl<B> Service<Request<B>> for Wire
where
    B: http_body::Body<Data = axum::body::Bytes> + Send + 'static,
    B::Error: Into<Error>,
{
    type Response = Response<Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let client = self.0.clone();
        Box::pin(async move {
            let mut request = request.map(Body::new);
            let near = hyper::upgrade::on(&mut request);
            *request.uri_mut() = on_loopback(&request)?;
            let mut response = client.request(request).await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                let far = hyper::upgrade::on(&mut response);
                tokio::spawn(async move {
                    let (near, far) = (near.await?, far.await?);
                    copy_bidirectional(&mut TokioIo::new(near), &mut TokioIo::new(far)).await?;
                    Ok::<_, Error>(())
                });
            }
            Ok(response.map(Body::new))
        })
    }
}

/// The host is in `Host`, and no system's resolver is asked for a name such as `a.localhost`.
fn on_loopback<B>(request: &Request<B>) -> Result<Uri, Error> {
    let host = request.headers().get(header::HOST).ok_or("a request has a host")?.to_str()?;
    let (_, port) = host.rsplit_once(':').ok_or("a server of a case has a port")?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Ok(format!("http://127.0.0.1:{port}{path}").parse()?)
}
