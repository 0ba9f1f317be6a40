//! A page of `tower-browser` that evaluates a case's expression.

use std::{cell::RefCell, rc::Rc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use rquickjs::{CatchResultExt, Context, Function, Promise, Runtime};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};
use tower_browser::{Blocked, Credentials, Fetch, Mode, Page, Reason, Redirect, Seen, Socket};

use super::Wire;
use crate::{Error, engine::Engine};

/// Opens a page of an address and evaluates an expression there, as `Browser::evaluate` does in a
/// browser. Gives what came of it, and why fetches were blocked. `opens` are the addresses that a browser asks the page's server for at first.
pub async fn evaluate(
    engine: Engine,
    page: &str,
    opens: &'static [&'static str],
    source: String,
    globals: &Value,
) -> Result<(Value, Vec<Reason>), Error> {
    let origin = url::Url::parse(page)?.origin().ascii_serialization();
    let globals = globals.to_string();
    let handle = Handle::current();
    // The script waits for each answer, and none of its values leaves the thread.
    let evaluation = move || -> Result<_, Error> {
        let mut tab = Tab::new(handle, engine, &origin);
        for path in opens {
            tab.load(&format!("{origin}{path}"))?;
        }
        let tab = Rc::new(RefCell::new(tab));
        let (_, host) = origin.split_once("://").unwrap_or_default();
        let text = run(tab.clone(), host, &source, &globals)?;
        let reasons = std::mem::take(&mut tab.borrow_mut().reasons);
        let mut result: Value = serde_json::from_str(&text)?;
        match result.get("thrown") {
            Some(thrown) => Err(format!("the page threw {thrown}").into()),
            None => Ok((result["value"].take(), reasons)),
        }
    };
    tokio::task::spawn_blocking(evaluation).await?
}

fn run(tab: Rc<RefCell<Tab>>, host: &str, source: &str, globals: &str) -> Result<String, Error> {
    const SCRIPTS: [&str; 3] = [
        include_str!("../../page/tower.js"),
        include_str!("../../page/page.js"),
        include_str!("../../page/tower-after.js"),
    ];
    let runtime = Runtime::new()?;
    let context = Context::full(&runtime)?;
    context.with(|ctx| {
        let native = move |what: String| {
            let done = serde_json::from_str(&what)
                .map_err(Error::from)
                .and_then(|what| tab.borrow_mut().does(&what));
            done.unwrap_or_else(|error| json!({ "thrown": error.to_string() })).to_string()
        };
        let text = || -> rquickjs::Result<String> {
            ctx.globals().set("native", Function::new(ctx.clone(), native)?)?;
            ctx.globals().set("host", host)?;
            for script in SCRIPTS {
                ctx.eval::<(), _>(script)?;
            }
            let evaluate: Function = ctx.globals().get("evaluate")?;
            evaluate.call::<_, Promise>((source, globals))?.finish()
        };
        text().catch(&ctx).map_err(|error| error.to_string().into())
    })
}

/// A page and what it has open.
struct Tab {
    handle: Handle,
    page: Page,
    wire: Wire,
    socket: Option<WebSocketStream<Socket>>,
    /// Why fetches of the script were blocked.
    reasons: Vec<Reason>,
}

impl Tab {
    fn new(handle: Handle, engine: Engine, origin: &str) -> Self {
        let engine = match engine {
            Engine::Chromium => tower_browser::Engine::Chromium,
            Engine::Firefox => tower_browser::Engine::Firefox,
            Engine::WebKit => tower_browser::Engine::WebKit,
        };
        let page = Page::new(origin).engine(engine);
        Self { handle, page, wire: Wire::new(), socket: None, reasons: Vec::new() }
    }

    /// A document of the page's own server, or what it loads without asking.
    fn load(&mut self, url: &str) -> Result<(), Error> {
        let fetch = match url.ends_with(".js") {
            true => Fetch::get(url).mode(Mode::NoCors),
            false => Fetch::navigate(url),
        };
        self.fetch(fetch)?;
        Ok(())
    }

    fn fetch(&mut self, fetch: Fetch) -> Result<Seen, Blocked> {
        let Self { handle, page, wire, .. } = self;
        handle.block_on(page.fetch(wire, fetch))
    }

    /// What tower.js wants of `native`.
    fn does(&mut self, what: &Value) -> Result<Value, Error> {
        let text = |name: &str| what[name].as_str();
        if let Some(url) = text("fetch") {
            let fetch = read(url, what)?;
            return Ok(match self.fetch(fetch) {
                Ok(seen) => written(&seen),
                Err(blocked) => {
                    self.reasons.push(blocked.reason());
                    json!({ "blocked": blocked.to_string() })
                }
            });
        }
        if let Some(path) = text("load") {
            // What becomes of it is nobody's business here.
            let _ = self.fetch(Fetch::navigate(path));
            return Ok(json!({}));
        }
        if let Some(url) = text("form") {
            let form = Fetch::post(url).mode(Mode::Navigate).form("");
            self.fetch(form)?;
            return Ok(json!({}));
        }
        if let Some(url) = text("socket") {
            return Ok(self.open(url));
        }
        if let Some(said) = text("says") {
            return self.say(said);
        }
        if let Some(milliseconds) = what["advance"].as_u64() {
            self.page.advance(Duration::from_millis(milliseconds));
            return Ok(json!({}));
        }
        if what["sandboxed"] == true {
            self.page.visit_sandboxed();
            return Ok(json!({}));
        }
        Err(format!("tower.js wants {what}").into())
    }

    fn open(&mut self, url: &str) -> Value {
        let Self { handle, page, wire, .. } = self;
        let opened = handle.block_on(async {
            let socket = page.web_socket(wire, url).await?;
            Ok::<_, Blocked>(WebSocketStream::from_raw_socket(socket, Role::Client, None).await)
        });
        match opened {
            Ok(socket) => {
                self.socket = Some(socket);
                json!({ "socket": true })
            }
            Err(blocked) => json!({ "blocked": blocked.to_string() }),
        }
    }

    fn say(&mut self, said: &str) -> Result<Value, Error> {
        let socket = self.socket.as_mut().ok_or("no socket is open")?;
        let said = said.to_owned();
        self.handle.block_on(async {
            socket.send(said.into()).await?;
            let heard = socket.next().await.ok_or("the socket was closed")??;
            Ok(json!({ "heard": heard.to_text()? }))
        })
    }
}

/// The arguments of `fetch()`.
fn read(url: &str, what: &Value) -> Result<Fetch, Error> {
    let mut fetch = Fetch::new(what["method"].as_str().unwrap_or("GET"), url);
    for pair in what["headers"].as_array().into_iter().flatten() {
        let (Some(name), Some(value)) = (pair[0].as_str(), pair[1].as_str()) else {
            return Err(format!("{pair} is no header").into());
        };
        fetch = fetch.header(name, value);
    }
    fetch = match what["mode"].as_str() {
        None | Some("cors") => fetch,
        Some("no-cors") => fetch.mode(Mode::NoCors),
        Some("same-origin") => fetch.mode(Mode::SameOrigin),
        Some(other) => return Err(format!("no mode {other}").into()),
    };
    fetch = match what["credentials"].as_str() {
        None | Some("same-origin") => fetch,
        Some("include") => fetch.credentials(Credentials::Include),
        Some("omit") => fetch.credentials(Credentials::Omit),
        Some(other) => return Err(format!("no credentials {other}").into()),
    };
    fetch = match what["redirect"].as_str() {
        None | Some("follow") => fetch,
        Some("error") => fetch.redirect(Redirect::Error),
        Some("manual") => fetch.redirect(Redirect::Manual),
        Some(other) => return Err(format!("no redirect {other}").into()),
    };
    if what["listens"] == true {
        fetch = fetch.upload_listener(true);
    }
    let Some(body) = what["body"].as_array() else { return Ok(fetch) };
    let bytes: Vec<u8> = body.iter().filter_map(|byte| u8::try_from(byte.as_u64()?).ok()).collect();
    if let Some(kind) = what["type"].as_str() {
        fetch = fetch.header("content-type", kind);
    }
    Ok(match () {
        () if what["form"] == true => fetch.form(bytes),
        () if what["text"] == true => fetch.body(String::from_utf8(bytes)?),
        () => fetch.body(bytes),
    })
}

/// The response that the script gets.
fn written(seen: &Seen) -> Value {
    let headers: serde_json::Map<_, _> =
        seen.headers().map(|(name, _)| (name.to_owned(), json!(seen.header(name)))).collect();
    json!({
        "status": seen.status(),
        "type": seen.kind(),
        "redirected": seen.is_redirected(),
        "headers": headers,
        "body": seen.bytes().to_vec(),
    })
}
