//! Servers on free ports of the loopback.

use std::net::Ipv4Addr;

use axum::Router;
use tokio::net::TcpListener;

use crate::Error;

/// A port that is taken and not served yet, so that addresses are known before policies are made.
///
/// What it serves is served until the run ends: caches of browsers know servers by their ports, so
/// no port is used twice.
pub struct Port(TcpListener);

impl Port {
    pub async fn free() -> Result<Self, Error> {
        Self::take(0).await
    }

    pub async fn take(port: u16) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        Ok(Self(listener.map_err(|error| format!("port {port} of the loopback: {error}"))?))
    }

    pub fn number(&self) -> u16 {
        self.0.local_addr().expect("a listener has an address").port()
    }

    /// Its address under a name of the loopback.
    pub fn url(&self, host: &str) -> String {
        format!("http://{host}:{}", self.number())
    }

    pub fn serve(self, router: Router) {
        tokio::spawn(async { axum::serve(self.0, router).await });
    }
}
