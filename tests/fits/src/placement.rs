//! The tables of `docs/guide/placement.md`, as they are seen.

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::Full;
use std::{fmt::Write, net::SocketAddr};
use tower::Service;

use crate::{Call, ask, ask_at, field, is_granted};

/// A framework's table. Each row is asked of a stack; [`check`](Table::check) compares all with the
/// guide.
pub struct Table {
    framework: &'static str,
    text: String,
}

impl Table {
    /// An empty table under the guide's heading `## framework`.
    #[must_use]
    pub fn of(framework: &'static str) -> Self {
        let heads = "| the layer stands | the answer | preflight | response |\n";
        Self { framework, text: format!("{heads}| --- | --- | --- | --- |\n") }
    }

    /// Asks a service.
    pub async fn row<B, S, R>(&mut self, stands: &str, answer: &str, call: Call<B>, mut service: S)
    where
        S: Service<Request<B>, Response = Response<R>>,
        S::Error: std::fmt::Debug,
        R: http_body::Body<Data = Bytes>,
        R::Error: std::fmt::Debug,
    {
        let preflight = ask(&mut service, call.preflight()).await;
        let actual = ask(&mut service, call.actual()).await;
        self.seen(stands, answer, &call, &preflight, &actual);
    }

    /// Asks a server.
    pub async fn row_at(
        &mut self,
        stands: &str,
        answer: &str,
        call: Call<Full<Bytes>>,
        address: SocketAddr,
    ) {
        let preflight = ask_at(address, call.preflight()).await;
        let actual = ask_at(address, call.actual()).await;
        self.seen(stands, answer, &call, &preflight, &actual);
    }

    /// Notes two answers. That the response is the one that is meant is checked by its status and
    /// text.
    #[track_caller]
    pub fn seen<B>(
        &mut self,
        stands: &str,
        answer: &str,
        call: &Call<B>,
        preflight: &Response<Bytes>,
        actual: &Response<Bytes>,
    ) {
        let text = String::from_utf8_lossy(actual.body());
        assert_eq!(actual.status(), call.status, "{stands}, {answer}: {actual:?}");
        assert!(text.contains(call.answer), "{stands}, {answer}: {actual:?}");
        let preflight = said(preflight);
        let actual = said(actual);
        writeln!(self.text, "| {stands} | {answer} | {preflight} | {actual} |").expect("a string");
    }

    /// # Panics
    ///
    /// If the guide says anything else, with the table that is right.
    #[track_caller]
    pub fn check(self) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/placement.md");
        let guide = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let heading = format!("\n## {}\n", self.framework);
        let section = guide.split_once(&heading).map_or("", |(_, rest)| rest);
        let section = section.split("\n## ").next().unwrap_or_default();
        assert!(
            section.contains(&format!("\n\n{}", self.text)),
            "docs/guide/placement.md should have under `## {}`:\n\n{}",
            self.framework,
            self.text,
        );
    }
}

/// `200, granted`, or `404, **bare**`.
fn said(response: &Response<Bytes>) -> String {
    let lines = response.headers().get_all(header::ACCESS_CONTROL_ALLOW_ORIGIN).iter().count();
    let grant = match lines {
        0 => "**bare**",
        1 if is_granted(response) => "granted",
        _ => panic!("several grants: {response:?}"),
    };
    let code = field(response.headers(), header::HeaderName::from_static("grpc-status"));
    let code = if code.is_empty() { code } else { format!(" (grpc-status {code})") };
    format!("{}{code}, {grant}", response.status().as_u16())
}
