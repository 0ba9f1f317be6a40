//! The servers, each a process of its own with one thread.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use axum::{Router, http::HeaderValue, routing::any};
use http::{HeaderName, Method, header};
use tokio::{net::TcpListener, runtime, sync::watch};
use tower_cors::{CorsLayer, EnforceOrigin, PerRequestLayer};

use crate::cases::{ALWAYS, BODY, EVEN, HOST, NEVER, ODD};

/// The argument by which this program becomes a server.
pub(crate) const SERVE: &str = "--serve";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Server {
    Bare,
    Ours,
    Theirs,
    FastApi,
    /// With all guards on, and a policy that is replaced every second.
    Guarded,
}

impl Server {
    /// Those of the load test without faults.
    pub(crate) const ALL: [Server; 4] =
        [Server::Bare, Server::Ours, Server::Theirs, Server::FastApi];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Server::Bare => "axum",
            Server::Ours => "axum, tower-cors",
            Server::Theirs => "axum, tower-http",
            Server::FastApi => "FastAPI, uvicorn",
            Server::Guarded => "axum, tower-cors, guards on",
        }
    }

    pub(crate) fn has_cors(self) -> bool {
        self != Server::Bare
    }

    /// Starts it in a process of its own, and waits until it says where it listens.
    pub(crate) fn start(self) -> Running {
        let mut command = match self {
            Server::FastApi => fast_api(),
            _ => {
                let mut command =
                    Command::new(env::current_exe().expect("the path of this program"));
                command.args([SERVE, self.name()]);
                command
            }
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", self.name()));
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its standard output");
        BufReader::new(stdout).read_line(&mut line).expect("the address it listens at");
        let address = line.trim().parse().unwrap_or_else(|_| {
            panic!("{} says {line:?} instead of where it listens", self.name())
        });
        Running { child, address }
    }
}

/// Ended when dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// No server outlives this, whatever becomes of the client.
const LIFETIME: Duration = Duration::from_secs(3600);

const ORIGIN: &str = "https://app.example.com";
const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::DELETE];
const HEADERS: [HeaderName; 3] =
    [header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("x-request-id")];

/// Serves until the parent closes its end of standard input.
pub(crate) fn serve(name: &str) {
    let routes = Router::new().route("/things/{id}", any(async || BODY));
    let server =
        Server::ALL.into_iter().chain([Server::Guarded]).find(|server| server.name() == name);
    let router = match server.expect("a server's name") {
        Server::Guarded => {
            let never = any(async || -> &'static str { std::process::exit(3) });
            routes.route(NEVER, never).layer(replaced())
        }
        Server::Bare => routes.route(NEVER, any(async || BODY)),
        Server::Ours => routes.layer(
            CorsLayer::new()
                .allow_origins([ORIGIN])
                .allow_methods(METHODS)
                .allow_headers(HEADERS)
                .allow_credentials(true),
        ),
        Server::Theirs => routes.layer(
            tower_http::cors::CorsLayer::new()
                .allow_origin([HeaderValue::from_static(ORIGIN)])
                .allow_methods(METHODS)
                .allow_headers(HEADERS)
                .allow_credentials(true)
                .max_age(Duration::from_secs(600)),
        ),
        Server::FastApi => routes,
    };
    thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        tokio::select! {
            _ = axum::serve(listener, router).into_future() => {}
            () = tokio::time::sleep(LIFETIME) => {}
        }
    });
}

/// Two policies in turn, made anew every second. The old one is freed by the thread that made it, not by a request.
fn replaced() -> PerRequestLayer {
    let build = |number: u64| {
        let other = if number % 2 == 0 { EVEN } else { ODD };
        let layer = CorsLayer::new()
            .allow_origins([ALWAYS, other])
            .allow_methods([Method::GET, Method::POST, Method::PUT])
            .allow_headers(["x-token"])
            .allow_credentials(true)
            .allow_hosts([HOST])
            .enforce_origin(EnforceOrigin::AllRequests);
        layer.build().expect("sound settings")
    };
    let (policies, policy) = watch::channel(build(0));
    thread::spawn(move || {
        let mut retired = None;
        for number in 1.. {
            thread::sleep(Duration::from_secs(1));
            drop(retired.replace(policies.send_replace(build(number))));
        }
    });
    PerRequestLayer::new(move |_| Some(policy.borrow().clone()))
}

/// FastAPI in a virtual environment beneath `target`, made when it is first needed.
fn fast_api() -> Command {
    let environment = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fastapi");
    let python = environment.join("bin/python");
    let ready = environment.join("ready");
    if fs::read_to_string(&ready).ok().as_deref() != Some(PINNED) {
        eprintln!("  makes a virtual environment with {PINNED}");
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment));
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(PINNED.split(' ')));
        fs::write(&ready, PINNED).expect("a writable target");
    }
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load/server.py"));
    command.arg(LIFETIME.as_secs().to_string());
    command
}

const PINNED: &str =
    "fastapi==0.165.0 starlette==1.10.0 uvicorn==0.54.0 uvloop==0.23.0 httptools==0.9.0";

fn run(command: &mut Command) {
    // This program's own output is the table alone.
    let status = command.stdout(std::io::stderr()).status();
    if !status.is_ok_and(|status| status.success()) {
        eprintln!(
            "{command:?} failed: FastAPI needs python3 with venv (on Debian: `apt-get install python3-venv`) \
             and a package index; `-- --without-fastapi` leaves it out"
        );
        std::process::exit(2);
    }
}
