//! `Browser`: a session, what it is told and what it says.

use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, wd::WebDriverCompatibleCommand};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::{
    Error,
    engine::{Driver, Engine},
    processes::Folder,
};

pub struct Browser {
    pub engine: Engine,
    pub client: Client,
    _driver: Driver,
}

impl Browser {
    pub async fn start(engine: Engine, scratch: &Folder) -> Result<Self, Error> {
        let folder = scratch.subfolder(engine.name())?;
        let start = move || Driver::start(engine, &folder);
        let driver = tokio::task::spawn_blocking(start).await??;
        let Value::Object(capabilities) = driver.capabilities.clone() else {
            unreachable!("capabilities are an object");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .map_err(|error| format!("{engine} does not start: {error}"))?;
        Ok(Self { engine, client, _driver: driver })
    }

    /// The versions of the browser and its driver, as the session says them.
    pub fn versions(&self) -> String {
        let said = |name: &str| {
            let value = self.client.capabilities()?.get(name)?;
            Some(value.as_str()?.to_owned())
        };
        let browser = said("browserVersion").unwrap_or_default();
        let chromedriver = self
            .client
            .capabilities()
            .and_then(|all| all.get("chrome")?.get("chromedriverVersion")?.as_str())
            .and_then(|version| Some(format!(" with chromedriver {}", version.split(' ').next()?)));
        let geckodriver =
            said("moz:geckodriverVersion").map(|version| format!(" with geckodriver {version}"));
        match self.engine {
            Engine::Chromium => format!("Chromium {browser}{}", chromedriver.unwrap_or_default()),
            Engine::Firefox => format!("Firefox {browser}{}", geckodriver.unwrap_or_default()),
            Engine::WebKit => format!("WebKitGTK {browser}"),
        }
    }

    /// Opens a page of the harness and evaluates an expression there. `globals` are its addresses.
    pub async fn evaluate(&self, source: &str, globals: &Value) -> Result<Value, Error> {
        const SCRIPT: &str =
            "const [source, globals, done] = arguments; evaluate(source, globals).then(done)";
        let arguments = vec![json!(source), json!(globals.to_string())];
        let text = self.client.execute_async(SCRIPT, arguments).await?;
        let mut result: Value = serde_json::from_str(text.as_str().unwrap_or_default())?;
        if let Some(thrown) = result.get("thrown") {
            return Err(format!("the page threw {thrown}").into());
        }
        Ok(result["value"].take())
    }

    /// Forgets what the console said.
    pub async fn clear_console(&self) -> Result<(), Error> {
        match self.engine {
            Engine::Chromium => self.console().await.map(drop),
            Engine::Firefox => self.in_chrome("Services.console.reset()").await.map(drop),
            Engine::WebKit => Ok(()),
        }
    }

    /// What the console said since it was asked last (Chromium) or cleared (Firefox). WebKitGTK's
    /// cannot be read under WebDriver.
    pub async fn console(&self) -> Result<Vec<String>, Error> {
        let texts = |entries: Value, field: &str| {
            let entries = entries.as_array().cloned().unwrap_or_default();
            entries
                .iter()
                .filter_map(|entry| Some(entry.get(field)?.as_str()?.to_owned()))
                .collect()
        };
        Ok(match self.engine {
            Engine::Chromium => {
                let log = Extension { path: "se/log", body: json!({ "type": "browser" }) };
                texts(self.client.issue_cmd(log).await?, "message")
            }
            Engine::Firefox => {
                let read = "return Services.console.getMessageArray().map(said => ({ message: said.message }))";
                texts(self.in_chrome(read).await?, "message")
            }
            Engine::WebKit => Vec::new(),
        })
    }

    /// Waits until the console has said all of these, for the consoles lag behind.
    pub async fn console_says(
        &self,
        expected: &[String],
    ) -> Result<Result<(), Vec<String>>, Error> {
        let until = Instant::now() + Duration::from_secs(3);
        let mut said = Vec::new();
        loop {
            match self.engine {
                Engine::Chromium => said.extend(self.console().await?),
                Engine::Firefox | Engine::WebKit => said = self.console().await?,
            }
            if expected.iter().all(|text| said.iter().any(|said| said.contains(text))) {
                return Ok(Ok(()));
            }
            if Instant::now() > until {
                return Ok(Err(said));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn in_chrome(&self, script: &str) -> Result<Value, Error> {
        let context = |name| Extension { path: "moz/context", body: json!({ "context": name }) };
        self.client.issue_cmd(context("chrome")).await?;
        let result = self.client.execute(script, Vec::new()).await;
        self.client.issue_cmd(context("content")).await?;
        Ok(result?)
    }

    pub async fn close(self) {
        // The driver is ended next, so a session that does not end by itself is no loss.
        let _ = tokio::time::timeout(Duration::from_secs(10), self.client.close()).await;
        let driver = self._driver;
        let _ = tokio::task::spawn_blocking(move || drop(driver)).await;
    }
}

/// A command that a driver has beside the standard's.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
