//! `Engine`: the browsers, and how each is started through its WebDriver.

use std::{
    fmt,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    Error,
    processes::{Process, find},
};

/// A name of the network that Chromium and Firefox are told to look for on the loopback: an attacker's, who
/// made it point there. To them it is neither loopback nor a secure context.
pub const REBOUND: &str = "rebound.example";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// What the browser is asked for, beside the wait for scripts that all have.
    fn capabilities(self, folder: &Path) -> Result<Value, Error> {
        Ok(match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:chromeOptions": {
                    "binary": self.program("chromium")?,
                    "args": [
                        "--headless=new",
                        // Browsers run as root refuse to start with one; they see loopback only.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        format!("--host-resolver-rules=MAP {REBOUND} 127.0.0.1"),
                        format!("--user-data-dir={}", folder.join("profile").display()),
                    ],
                },
                "goog:loggingPrefs": { "browser": "ALL" },
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": self.program("firefox-esr").or_else(|error| find("firefox").ok_or(error))?,
                    "args": ["-headless"],
                    "prefs": { "network.dns.localDomains": REBOUND },
                },
            }),
            Self::WebKit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": self.mini_browser()?, "args": ["--automation"] },
            }),
        })
    }

    fn program(self, program: &str) -> Result<PathBuf, Error> {
        find(program).ok_or_else(|| self.missing(program))
    }

    fn missing(self, program: &str) -> Error {
        let packages = match self {
            Self::Chromium => "the Debian packages chromium and chromium-driver",
            Self::Firefox => "the Debian package firefox-esr, and geckodriver by cargo install",
            Self::WebKit => "the Debian packages webkit2gtk-driver and xvfb",
        };
        format!("{program} is missing; install {packages}: tests/browsers/install {self}").into()
    }

    /// Debian keeps it outside of PATH.
    fn mini_browser(self) -> Result<PathBuf, Error> {
        let output = Command::new("dpkg").args(["-S", "MiniBrowser"]).output();
        let listed = output.map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&listed)
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(_, path)| PathBuf::from(path))
            .rfind(|path| path.ends_with("MiniBrowser") && path.is_file())
            .ok_or_else(|| self.missing("MiniBrowser"))
    }

    /// cargo puts geckodriver where `tests/browsers/install` tells it.
    fn geckodriver(self) -> Result<PathBuf, Error> {
        let built = crate::repository().join("target/geckodriver/bin/geckodriver");
        find("geckodriver")
            .or_else(|| built.is_file().then_some(built))
            .ok_or_else(|| self.missing("geckodriver"))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A driver that runs, and what a session is to ask it for.
pub struct Driver {
    // Dropped in this order: the driver ends its browser, which needs the display to the last.
    _process: Process,
    _display: Option<Process>,
    pub url: String,
    pub capabilities: Value,
}

impl Driver {
    /// Whatever the driver and its browser write goes to this folder, which is empty.
    pub fn start(engine: Engine, folder: &Path) -> Result<Self, Error> {
        let mut capabilities = engine.capabilities(folder)?;
        capabilities["timeouts"] = json!({ "script": 20_000, "pageLoad": 20_000 });
        let mut display = None;
        let (process, port) = match engine {
            Engine::Chromium => {
                let mut driver = Command::new(engine.program("chromedriver")?);
                let process = Process::start(at_home(driver.arg("--port=0"), folder))?;
                let port = process.port_after("started successfully on port ")?;
                (process, port)
            }
            Engine::Firefox => {
                let mut driver = Command::new(engine.geckodriver()?);
                // System access: only the chrome context can read the console.
                driver.args(["--port", "0", "--allow-system-access", "--profile-root"]);
                driver.arg(folder);
                let process = Process::start(at_home(&mut driver, folder))?;
                let port = process.port_after("Listening on 127.0.0.1:")?;
                (process, port)
            }
            Engine::WebKit => {
                let mut server = Command::new(engine.program("Xvfb")?);
                server.args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1280x1024x24",
                    "-nolisten",
                    "tcp",
                ]);
                let server = Process::start(&mut server)?;
                let number = server.line_after("")?;
                display = Some(server);
                // It tells nobody which port it takes.
                let port = free_port()?;
                let mut driver = Command::new(engine.program("WebKitWebDriver")?);
                driver.args([&format!("--port={port}"), "--host=127.0.0.1"]);
                driver.env("DISPLAY", format!(":{number}"));
                let process = Process::start(at_home(&mut driver, folder))?;
                wait_for(port)?;
                (process, port)
            }
        };
        let url = format!("http://127.0.0.1:{port}");
        Ok(Self { _process: process, _display: display, url, capabilities })
    }
}

/// Keeps what a browser writes out of the home of whoever runs the tests.
fn at_home<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    for name in ["TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, folder);
    }
    command
}

fn free_port() -> Result<u16, Error> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn wait_for(port: u16) -> Result<(), Error> {
    for _ in 0..200 {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(format!("nothing listens on port {port} after 10 seconds").into())
}
