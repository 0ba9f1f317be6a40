//! The three judges: a real browser, `tower-browser`, `cors-doctor`. Each says `200` or `refused`; the
//! doctor says why, too.

use std::{env, path::PathBuf, process::Stdio};

use axum::http::{Request, header::ORIGIN};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::process::Command;
use tower_browser::{Body, Credentials, Fetch, Page};
use tower_cors_browsers::{Error, browser::Browser, engine::Engine, repository};

use crate::setup::Ask;

pub fn engines(name: &str) -> Result<Vec<Engine>, Error> {
    let named: Vec<_> =
        Engine::ALL.into_iter().filter(|engine| [engine.name(), "all"].contains(&name)).collect();
    if named.is_empty() {
        return Err(format!("no engine {name}: chromium, firefox, webkit or all").into());
    }
    Ok(named)
}

fn client() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

/// What fills a cache.
pub async fn ask_without_origin(url: &str) -> Result<(), Error> {
    let request = Request::get(url).body(Body::default())?;
    assert!(!request.headers().contains_key(ORIGIN));
    client().request(request).await?;
    Ok(())
}

pub async fn browser(browser: &Browser, url: &str, ask: &Ask) -> Result<String, Error> {
    // The browser's own cache has nothing to say here.
    let mut init = json!({ "method": ask.method, "cache": "no-store" });
    if ask.has_credentials {
        init["credentials"] = "include".into();
    }
    if let Some((name, value)) = ask.header {
        init["headers"] = json!({ name: value });
    }
    if ask.body > 0 {
        init["body"] = "x".repeat(ask.body).into();
    }
    let globals = json!({ "api": url, "init": init });
    let given = browser.evaluate("attempt(api, init)", &globals).await?;
    let given = given.as_str().unwrap_or_default().to_owned();
    Ok(given.split(' ').next().unwrap_or_default().to_owned())
}

pub async fn tower_browser(
    engine: Engine,
    page: &str,
    url: &str,
    ask: &Ask,
) -> Result<String, Error> {
    let mut fetch = Fetch::new(ask.method, url);
    if ask.has_credentials {
        fetch = fetch.credentials(Credentials::Include);
    }
    if let Some((name, value)) = ask.header {
        fetch = fetch.header(name, value);
    }
    if ask.body > 0 {
        fetch = fetch.body("x".repeat(ask.body));
    }
    let engine = match engine {
        Engine::Chromium => tower_browser::Engine::Chromium,
        Engine::Firefox => tower_browser::Engine::Firefox,
        Engine::WebKit => tower_browser::Engine::WebKit,
    };
    let mut page = Page::new(page).engine(engine);
    Ok(match page.fetch(&mut client(), fetch).await {
        Ok(seen) => seen.status().to_string(),
        Err(blocked) if blocked.reason() == tower_browser::Reason::ServiceError => {
            return Err(format!("tower-browser: {blocked}").into());
        }
        Err(_) => "refused".to_owned(),
    })
}

/// The binary.
pub struct Doctor(PathBuf);

impl Doctor {
    pub async fn build() -> Result<Self, Error> {
        println!("building cors-doctor");
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args([
            "build",
            "--quiet",
            "-p",
            "cors-doctor",
            "--message-format=json-render-diagnostics",
        ]);
        cargo.arg("--manifest-path").arg(repository().join("Cargo.toml"));
        let output = cargo.stderr(Stdio::inherit()).kill_on_drop(true).output().await?;
        let messages = String::from_utf8_lossy(&output.stdout);
        let built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let program = built
            .filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
            .find(|program| program.ends_with("cors-doctor"));
        program.map(Self).ok_or_else(|| "cors-doctor does not build".into())
    }

    /// With a GET in place of a method that is not safe, unless it sends.
    pub async fn ask(
        &self,
        engine: Engine,
        page: &str,
        url: &str,
        ask: &Ask,
        sends: bool,
    ) -> Result<String, Error> {
        let mut doctor = Command::new(&self.0);
        doctor.args([url, "--origin", page, "--method", ask.method, "--as", engine.name()]);
        doctor.arg("--json");
        if sends {
            doctor.arg("--send");
        }
        if ask.has_credentials {
            doctor.arg("--credentials");
        }
        if let Some((name, value)) = ask.header {
            doctor.args(["--header", &format!("{name}: {value}")]);
        }
        if ask.body > 0 {
            doctor.args(["--body", &"x".repeat(ask.body)]);
        }
        let output = doctor.kill_on_drop(true).output().await?;
        let told: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("cors-doctor says no JSON: {error}\n{output:?}"))?;
        let first = told["findings"].get(0);
        let id = first.filter(|it| it["severity"] != "note").and_then(|it| it["id"].as_str());
        let response = told["requests"]
            .as_array()
            .and_then(|all| all.iter().rfind(|request| request["purpose"] == "response"));
        let status = response.map_or(Value::Null, |response| response["status"].clone());
        Ok(match (output.status.code(), id) {
            (Some(0), None) => status.to_string(),
            (Some(0), Some(id)) => format!("{status}, {id}"),
            (Some(1), Some(id)) => format!("refused: {id}"),
            _ => format!("{}: {}", told["verdict"], told["summary"]),
        })
    }
}
