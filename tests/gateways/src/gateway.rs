//! `Gateway`: a gateway as a process, with a file of the deployment guide.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use tokio::{net::TcpStream, time::sleep};
use tower_cors_browsers::{
    Error,
    processes::{Folder, Process, find},
    repository,
};

use crate::{
    roles::{Roles, free_port},
    setup::Setup,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Envoy,
    Caddy,
    HAProxy,
    Varnish,
}

const KINDS: [Kind; 5] = [Kind::Nginx, Kind::Envoy, Kind::Caddy, Kind::HAProxy, Kind::Varnish];

/// What stands in the files of the guide.
const PAGE: &str = "https://app.example.com";
const BACKEND: &str = "8000";
const LISTEN: &str = "8080";

impl Kind {
    fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Envoy => "envoy",
            Self::Caddy => "caddy",
            Self::HAProxy => "haproxy",
            Self::Varnish => "varnishd",
        }
    }

    fn path(self) -> Result<PathBuf, Error> {
        let program = self.program();
        // Where `.ci/run gateways` installs what Debian has not.
        let installed = repository().join("target/gateways/bin").join(program);
        let found = find(program).or_else(|| installed.is_file().then_some(installed));
        found.ok_or_else(|| format!("{program} is missing; .ci/run gateways installs it").into())
    }

    fn file(self, with_errors: bool) -> &'static str {
        match (self, with_errors) {
            (Self::Nginx, false) => "nginx.conf",
            (Self::Nginx, true) => "nginx-errors.conf",
            (Self::Envoy, false) => "envoy.yaml",
            (Self::Envoy, true) => "envoy-errors.yaml",
            (Self::Caddy, false) => "Caddyfile",
            (Self::Caddy, true) => "Caddyfile-errors",
            (Self::HAProxy, false) => "haproxy.cfg",
            (Self::HAProxy, true) => "haproxy-errors.cfg",
            (Self::Varnish, false) => "varnish.vcl",
            (Self::Varnish, true) => "varnish-errors.vcl",
        }
    }

    /// What keeps a test's process to itself, and says nothing of CORS: where, and which lines.
    fn seclusion(self) -> (&'static str, &'static str) {
        match self {
            Self::Nginx => (
                "http {",
                "access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;",
            ),
            Self::Caddy => ("", "{\n\tadmin off\n\tauto_https off\n\tpersist_config off\n}\n"),
            // A backend that is down is asked four times by default, a second apart.
            Self::HAProxy => ("mode http", "    retries 0"),
            _ => ("", ""),
        }
    }

    fn command(self, folder: &Path, file: &Path, port: u16) -> Result<Command, Error> {
        let path = self.path()?;
        let mut arguments: Vec<String> = Vec::new();
        let text = |path: &Path| path.display().to_string();
        match self {
            Self::Nginx => {
                let globals = "daemon off; master_process off; pid nginx.pid;";
                let (folder, file) = (text(folder), text(file));
                for argument in ["-p", &folder, "-c", &file, "-e", "stderr", "-g", globals] {
                    arguments.push(argument.to_owned());
                }
            }
            Self::Envoy => {
                let file = text(file);
                for argument in
                    ["-c", &file, "--concurrency", "1", "--use-dynamic-base-id", "-l", "warn"]
                {
                    arguments.push(argument.to_owned());
                }
            }
            Self::Caddy => {
                let file = text(file);
                for argument in ["run", "--config", &file, "--adapter", "caddyfile"] {
                    arguments.push(argument.to_owned());
                }
            }
            Self::HAProxy => arguments.extend(["-db".to_owned(), "-f".to_owned(), text(file)]),
            Self::Varnish => {
                let (working, file) = (text(&folder.join("varnish")), text(file));
                let listen = format!("127.0.0.1:{port}");
                for argument in [
                    "-F",
                    "-j",
                    "none",
                    "-s",
                    "malloc,16m",
                    "-n",
                    &working,
                    "-f",
                    &file,
                    "-a",
                    &listen,
                ] {
                    arguments.push(argument.to_owned());
                }
            }
        }
        // What it says is kept for whoever asks why it does not listen.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$@\" >messages 2>&1 </dev/null", "sh"]);
        command.arg(path).args(arguments).current_dir(folder);
        for name in ["TMPDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"] {
            command.env(name, folder);
        }
        Ok(command)
    }
}

/// Fails if one is missing: no setup is left out.
pub fn are_there() -> Result<(), Error> {
    KINDS.into_iter().try_for_each(|kind| kind.path().map(drop))
}

pub struct Gateway {
    pub port: u16,
    // Ended when this is dropped.
    _process: Process,
}

impl Gateway {
    pub async fn start(setup: &Setup, roles: &Roles, scratch: &Folder) -> Result<Self, Error> {
        let kind = setup.gateway;
        let folder = scratch.subfolder(kind.program())?;
        let name = kind.file(setup.with_errors);
        let guide = repository().join("docs/guide/deploy").join(name);
        let mut text =
            fs::read_to_string(&guide).map_err(|error| format!("{}: {error}", guide.display()))?;
        for (after, lines) in &setup.edits {
            text = inserted(&text, after, lines)?;
        }
        let (after, lines) = kind.seclusion();
        text = inserted(&text, after, lines)?;
        let port = free_port()?;
        let backend = roles.port(setup.backend);
        // By way of marks: a port may hold the digits of another.
        text = text
            .replace(PAGE, "@page@")
            .replace(BACKEND, "@backend@")
            .replace(LISTEN, "@listen@")
            .replace("@page@", &roles.page)
            .replace("@backend@", &backend.to_string())
            .replace("@listen@", &port.to_string());
        let file = folder.join(name);
        fs::write(&file, &text)?;
        let process = Process::start(&mut kind.command(&folder, &file, port)?)?;
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if Instant::now() > until {
                let said = fs::read_to_string(folder.join("messages")).unwrap_or_default();
                return Err(format!("{} does not listen:\n{said}\n{text}", kind.program()).into());
            }
            sleep(Duration::from_millis(30)).await;
        }
        Ok(Self { port, _process: process })
    }
}

/// Lines below the line that holds a text; an empty text is the beginning.
fn inserted(text: &str, after: &str, lines: &str) -> Result<String, Error> {
    if after.is_empty() {
        return Ok(format!("{lines}{text}"));
    }
    let at = text.find(after).ok_or_else(|| format!("{after:?} stands nowhere in:\n{text}"))?;
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    Ok(format!("{}{lines}\n{}", &text[..end], &text[end..]))
}
