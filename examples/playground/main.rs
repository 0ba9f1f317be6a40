//! See CORS happen: a page on one origin, an API on another, and your own browser between them.
//!
//!     cargo run --example playground
//!
//! prints the page's address, <http://localhost:3000>; `-- --open` opens it, `-- --help` says how to
//! take other ports. There you choose a policy and a request, and see what went over the wire, what your
//! browser decided, and what this crate says about it.
//!
//! The API serves whichever policy the page last applied, without a restart: `api.rs` shows how.

mod api;
mod browser;
mod clauses;
mod code;
mod exchange;
mod form;
mod page;
mod python;
mod tabs;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use tabs::Tabs;

const USAGE: &str = "\
Usage: cargo run --example playground -- [PAGE_PORT [API_PORT]] [--open]

  PAGE_PORT  3000 unless given; 0 takes free ports
  API_PORT   4000 unless given
  --open     open the page in the browser";

/// What the servers may be called. Browsers send every name below `localhost` to this machine
/// without asking anybody, and each is an origin of its own.
const HOSTS: [&str; 4] = ["localhost", "127.0.0.1", "app.localhost", "www.app.localhost"];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let page = Door::open(arguments.page_port).await?;
    let api = Door::open(arguments.api_port).await?;
    let neighbour = Door::open_beside(page.port).await?;
    let (page_origin, api_origin) = (page.origin(), api.origin());
    let (page_port, api_port) = (page.port, api.port);

    let mut senders: Vec<_> = HOSTS.iter().map(|host| page.origin_of(host)).collect();
    senders.push(neighbour.origin());
    let tabs = Arc::new(Tabs::default());
    let apis = api::router(tabs.clone());
    let pages = page::router(&page_origin, &api_origin, &senders.join(" "), tabs, apis.clone());
    neighbour.serve(pages.clone());
    page.serve(pages);
    api.serve(apis);

    println!("listening on http://127.0.0.1:{page_port} and http://127.0.0.1:{api_port}");
    println!("open {page_origin} in a browser; Ctrl+C stops the playground");
    if arguments.open && !open_in_browser(&page_origin) {
        eprintln!("No browser could be started; open the address yourself.");
    }
    std::future::pending().await
}

/// A page of another site can let a name of its own point to this machine. Its browser then sends
/// that name as Host, and takes the answer for same-origin: CORS does not help, this does.
async fn only_our_hosts(
    State(hosts): State<Arc<[String]>>,
    request: Request,
    next: Next,
) -> Response {
    match request.headers().get(header::HOST) {
        Some(host) if hosts.iter().any(|ours| host == ours.as_str()) => next.run(request).await,
        _ => (StatusCode::MISDIRECTED_REQUEST, "unknown host; use an address of the playground")
            .into_response(),
    }
}

struct Arguments {
    page_port: u16,
    api_port: u16,
    open: bool,
}

impl Arguments {
    /// `None` when only help is wanted.
    fn read(given: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut open = false;
        let mut ports = Vec::new();
        for argument in given {
            match argument.as_str() {
                "--open" => open = true,
                "--help" | "-h" => return Ok(None),
                port => {
                    ports.push(
                        port.parse().map_err(|_| format!("{port} is not a port (0 to 65535)"))?,
                    );
                }
            }
        }
        let (page_port, api_port) = match ports[..] {
            [] => (3000, 4000),
            [0] => (0, 0),
            [page] => (page, 4000),
            [page, api] => (page, api),
            _ => return Err("give at most two ports".to_owned()),
        };
        Ok(Some(Self { page_port, api_port, open }))
    }
}

/// One port of this machine alone, never of its network.
struct Door {
    port: u16,
    listeners: Vec<TcpListener>,
}

impl Door {
    async fn open(port: u16) -> Result<Self, String> {
        let opened = Self::open_loopback(port).await;
        opened.map_err(|error| format!("port {port}: {error}; see --help to use another port"))
    }

    /// `localhost` means 127.0.0.1 to one browser and `[::1]` to the next: both are taken, or
    /// somebody else's server would answer half of the requests.
    async fn open_loopback(port: u16) -> io::Result<Self> {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = v4.local_addr()?.port();
        let listeners = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(v6) => vec![v4, v6],
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            // A machine without IPv6.
            Err(_) => vec![v4],
        };
        Ok(Self { port, listeners })
    }

    /// The next port, or any other that is free: its number matters to nobody.
    async fn open_beside(port: u16) -> Result<Self, String> {
        let next = port.checked_add(1).unwrap_or_default();
        match Self::open_loopback(next).await {
            Ok(door) => Ok(door),
            Err(_) => Self::open_loopback(0).await.map_err(|error| error.to_string()),
        }
    }

    fn origin(&self) -> String {
        self.origin_of("localhost")
    }

    fn origin_of(&self, host: &str) -> String {
        format!("http://{}", self.authority(host))
    }

    /// As browsers write it: without the default port.
    fn authority(&self, host: &str) -> String {
        match self.port {
            80 => host.to_owned(),
            port => format!("{host}:{port}"),
        }
    }

    fn serve(self, router: Router) {
        let hosts: Arc<[String]> = HOSTS.iter().map(|host| self.authority(host)).collect();
        let router = router.layer(middleware::from_fn_with_state(hosts, only_our_hosts));
        for listener in self.listeners {
            tokio::spawn(axum::serve(listener, router.clone()).into_future());
        }
    }
}

fn open_in_browser(address: &str) -> bool {
    let mut command = if cfg!(target_os = "windows") {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" })
    };
    command.arg(address).spawn().is_ok()
}
