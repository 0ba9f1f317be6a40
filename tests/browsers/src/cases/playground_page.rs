//! The playground's page beyond its situations: origins, what the crate says, keys, and whom the
//! servers listen to.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use fantoccini::Client;
use serde_json::{Value, json};
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    Error,
    case::{Case, scene},
    processes::Process,
    scene::Stage,
};

pub fn cases() -> Vec<Case> {
    vec![
        scene(
            "playground/all-situations",
            "no situation is forgotten here, and none makes the page stumble",
            "playground",
            |stage| Box::pin(all_situations(stage)),
        ),
        scene(
            "playground/every-origin",
            "a request comes from the origin that was chosen, null included",
            "playground",
            |stage| Box::pin(every_origin(stage)),
        ),
        scene(
            "playground/what-the-crate-says",
            "a wrong policy is never hidden: mark, error, explanation and code are on the page",
            "playground",
            |stage| Box::pin(what_the_crate_says(stage)),
        ),
        scene(
            "playground/tab-key",
            "no mouse is needed, and the focus is seen and not lost",
            "playground",
            |stage| Box::pin(tab_key(stage)),
        ),
        scene(
            "playground/policies-at-run-time",
            "a tab's policy is replaced while the API runs; no other tab notices",
            "playground",
            |stage| Box::pin(policies_at_run_time(stage)),
        ),
        scene(
            "playground/control-endpoint",
            "it listens to its own page, and to no other origin or Host",
            "playground",
            |stage| Box::pin(control_endpoint(stage)),
        ),
    ]
}

async fn all_situations(stage: &Stage<'_>) -> Result<(), Error> {
    let playground = Playground::start(stage).await?;
    stage.browser.clear_console().await?;
    playground.open("works").await?;
    let offered = "return [...document.querySelectorAll('.chip')].map(({ id }) => id)";
    let offered = playground.evaluate(offered).await?;
    let offered: Vec<_> = offered.as_array().into_iter().flatten().map(text).collect();
    equal("the number of situations", offered.len(), 30)?;
    for situation in offered {
        playground.press(&format!("#{situation}")).await?;
        // A good verdict needs no fix; the first fix of any other makes it one.
        // But for a guard that did its work: a grant would be no answer to that.
        let is_guarded = situation == "choose-enforced";
        let tone = playground.verdict().await?;
        playground.agrees(situation).await?;
        if tone != "good" && !is_guarded {
            playground.press("#fix-list button").await?;
            equal(&format!("{situation}, fixed"), playground.verdict().await?, "good")?;
            playground.agrees(situation).await?;
        }
    }
    // What browsers say of refused requests is what this is about; a fault of the page is not.
    let own = ["Uncaught", "SyntaxError", "Content Security Policy", "Content-Security-Policy"];
    let said = stage.browser.console().await?;
    match said.iter().find(|said| own.iter().any(|fault| said.contains(fault))) {
        Some(fault) => Err(fault.clone().into()),
        None => Ok(()),
    }
}

async fn every_origin(stage: &Stage<'_>) -> Result<(), Error> {
    const FIELD: &str = "return document.querySelector('.browser-api .cors .value').textContent";
    let playground = Playground::start(stage).await?;
    let origins = "return [...document.getElementById('origin').options].map(({ value }) => value)";
    let origins = playground.evaluate(origins).await?;
    let origins = origins.as_array().ok_or("no origins to choose from")?;
    equal("the number of origins", origins.len(), 6)?;
    for origin in origins {
        playground.press("#choose-subdomains").await?;
        playground.set("origin", origin).await?;
        playground.set("allow_origins", origin).await?;
        equal("the verdict", playground.verdict().await?, "good")?;
        equal("the Origin on the wire", &playground.evaluate(FIELD).await?, origin)?;
    }
    Ok(())
}

async fn what_the_crate_says(stage: &Stage<'_>) -> Result<(), Error> {
    let playground = Playground::start(stage).await?;
    let origin = &playground.url;
    playground.press("#choose-trailing-slash").await?;
    let fault = format!("allow_origins(\"{origin}/\"): an origin has no path; write \"{origin}\"");
    playground.shows("#report .says", &fault).await?;
    playground.verdict().await?;
    let mark = "return document.getElementById('allow_origins').getAttribute('aria-invalid')";
    equal("the mark at the field", playground.evaluate(mark).await?, "true")?;
    playground.shows("#verdict .terminal", &fault).await?;

    playground.press("#choose-scheme").await?;
    playground.shows("#explanations", "only the scheme differs").await?;
    playground.shows("#code-rust", ".allow_origins([\"https://localhost:").await?;
    playground.press("#tab-python").await?;
    playground.shows("#code-python", "allow_origins=[\"https://localhost:").await?;

    playground.press("#choose-any-site").await?;
    playground.shows("#report .finding.warn", "this is tolerated").await?;
    playground.shows("#drawing", "visitor=alice").await?;
    playground.shows("#drawing", "Hello, Alice").await
}

async fn tab_key(stage: &Stage<'_>) -> Result<(), Error> {
    let playground = Playground::start(stage).await?;
    playground.tab_to("#choose-works").await?;
    for chip in ["#choose-exposed", "#choose-scheme", "#choose-works", "#choose-enforced"] {
        let key = match chip {
            "#choose-works" => HOME,
            "#choose-enforced" => END,
            "#choose-scheme" => ARROW_RIGHT,
            _ => ARROW_DOWN,
        };
        // From the first to the fifth.
        for _ in 0..if key == ARROW_DOWN { 4 } else { 1 } {
            playground.key(key).await?;
        }
        playground.has_focus(chip).await?;
    }
    playground.press("#choose-method").await?;
    equal("the verdict", playground.verdict().await?, "bad")?;
    playground.tab_to("#send").await?;
    playground.key(ENTER).await?;
    equal("the verdict", playground.verdict().await?, "bad")?;
    playground.tab_to("#fix-list button").await?;
    playground.key(ENTER).await?;
    equal("the verdict after the fix", playground.verdict().await?, "good")?;
    playground
        .until("the verdict has the focus", "return document.activeElement.id === 'verdict-title'")
        .await?;
    let methods = "return document.getElementById('allow_methods').value";
    equal("what the fix wrote", playground.evaluate(methods).await?, "GET, DELETE")
}

async fn policies_at_run_time(stage: &Stage<'_>) -> Result<(), Error> {
    const POLICY: &str = "return import('/form.js').then(({ readForm }) => readForm().policy)";
    let playground = Playground::start(stage).await?;
    let policy = playground.evaluate(POLICY).await?;
    let first = playground.apply(&policy, &Value::Null, "https://one.example").await?;
    let second = playground.apply(&policy, &Value::Null, "https://two.example").await?;
    equal("its own page", playground.allows(&first, "https://one.example").await?, true)?;
    equal("another's page", playground.allows(&first, "https://two.example").await?, false)?;
    let replaced = playground.apply(&policy, &first["tab"], "https://three.example").await?;
    equal("the tab", &replaced["tab"], &first["tab"])?;
    equal("what was", playground.allows(&replaced, "https://one.example").await?, false)?;
    equal("what is", playground.allows(&replaced, "https://three.example").await?, true)?;
    equal("the other tab", playground.allows(&second, "https://two.example").await?, true)
}

async fn control_endpoint(stage: &Stage<'_>) -> Result<(), Error> {
    let playground = Playground::start(stage).await?;
    let (port, api_port) = (playground.port, playground.api_port);
    let [own, loopback, api] =
        [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("localhost:{api_port}")];
    let rebound = format!("rebound.example:{port}");
    let json = "application/json";
    // Who asks with which Host, Origin and type. The page alone is told that {} is no policy.
    let rows = [
        ("the page", &own, Some(&*own), json, 422),
        ("nobody", &own, None, json, 403),
        ("another site", &own, Some("evil.example"), json, 403),
        ("the page's other name", &own, Some(&*loopback), json, 403),
        ("the other name, to itself", &loopback, Some(&*loopback), json, 403),
        ("the API", &own, Some(&*api), json, 403),
        ("a form", &own, Some(&*own), "text/plain", 403),
        ("a name that was rebound to this machine", &rebound, Some(&*rebound), json, 421),
    ];
    for (who, host, origin, kind, status) in rows {
        let origin =
            origin.map(|origin| format!("Origin: http://{origin}\r\n")).unwrap_or_default();
        let head = format!("Host: {host}\r\n{origin}Content-Type: {kind}\r\n");
        for path in ["apply", "exchanges"] {
            let answer = ask(port, "POST", &format!("/control/{path}"), &head, "{}").await?;
            equal(&format!("{path}, asked by {who}"), answer.status, status)?;
            equal("what is granted", answer.head.contains("access-control-"), false)?;
        }
    }
    for port in [port, api_port] {
        let answer = ask(port, "GET", "/", &format!("Host: {rebound}\r\n"), "").await?;
        equal("the status under a rebound name", answer.status, 421)?;
    }
    Ok(())
}

pub(super) const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const ARROW_RIGHT: &str = "\u{e014}";
const ARROW_DOWN: &str = "\u{e015}";

/// The example, running, and its page, open.
pub(super) struct Playground<'a> {
    stage: &'a Stage<'a>,
    pub(super) url: String,
    port: u16,
    api_port: u16,
    _process: Process,
}

impl<'a> Playground<'a> {
    pub(super) async fn start(stage: &'a Stage<'a>) -> Result<Self, Error> {
        let (process, url) = stage.example("playground")?;
        let port = url.rsplit(':').next().unwrap_or_default().parse()?;
        let mut playground = Self { stage, url, port, api_port: 0, _process: process };
        playground.open("works").await?;
        let api = playground.evaluate("return new URL(document.body.dataset.api).port").await?;
        playground.api_port = text(&api).parse()?;
        Ok(playground)
    }

    pub(super) fn client(&self) -> &Client {
        &self.stage.browser.client
    }

    pub(super) async fn open(&self, situation: &str) -> Result<(), Error> {
        let url = format!("{}/#/{situation}", self.url);
        self.stage.open(&url, "document.body.dataset.ready !== undefined").await
    }

    pub(super) async fn evaluate(&self, script: &str) -> Result<Value, Error> {
        Ok(self.client().execute(script, Vec::new()).await?)
    }

    /// Presses a button that need not be in view.
    pub(super) async fn press(&self, selector: &str) -> Result<(), Error> {
        self.evaluate(&format!("document.querySelector({}).click()", json!(selector))).await?;
        Ok(())
    }

    pub(super) async fn key(&self, key: &str) -> Result<(), Error> {
        Ok(self.client().active_element().await?.send_keys(key).await?)
    }

    /// Goes on with the Tab key, and expects to see where the focus is.
    pub(super) async fn tab_to(&self, selector: &str) -> Result<(), Error> {
        let reached = format!("return document.activeElement.matches({})", json!(selector));
        for _ in 0..80 {
            self.key(TAB).await?;
            if self.evaluate(&reached).await? == true {
                let ring = "return getComputedStyle(document.activeElement).outlineStyle";
                return equal("the ring of the focus", self.evaluate(ring).await?, "solid");
            }
        }
        Err(format!("the Tab key does not lead to {selector}").into())
    }

    async fn has_focus(&self, selector: &str) -> Result<(), Error> {
        let focus = self.evaluate("return `#${document.activeElement.id}`").await?;
        equal("what has the focus", text(&focus), selector)
    }

    /// The browser and `tower-browser` decided the same, and every check names its step.
    async fn agrees(&self, situation: &str) -> Result<(), Error> {
        const DIFFERS: &str = "return document.querySelector('.differs') !== null";
        const CHECKS: &str = "return [...document.querySelectorAll('.note.checks')].every(checks =>
            checks.querySelector('.clause') &&
            checks.querySelectorAll('.fails').length === Number(checks.classList.contains('bad')) &&
            [...checks.querySelectorAll('.step')].every(step => /(CORS check|CORS-preflight fetch|Main fetch), step [0-9.]+$/.test(step.textContent)))";
        equal(&format!("{situation} differs"), self.evaluate(DIFFERS).await?, false)?;
        equal(&format!("{situation} has its checks"), self.evaluate(CHECKS).await?, true)
    }

    /// Fills in a field, as typing does.
    pub(super) async fn set(&self, field: &str, value: &Value) -> Result<(), Error> {
        const SCRIPT: &str = "const [name, value] = arguments;
            const field = document.getElementById('form').elements[name];
            field[field.type === 'checkbox' ? 'checked' : 'value'] = value;
            field.dispatchEvent(new Event('input', { bubbles: true }));";
        self.client().execute(SCRIPT, vec![json!(field), value.clone()]).await?;
        Ok(())
    }

    /// The tone of the verdict, once it is there.
    pub(super) async fn verdict(&self) -> Result<String, Error> {
        const SCRIPT: &str =
            "return document.querySelector('#verdict:not([aria-busy])')?.dataset.tone ?? null";
        let tone = self.until("there is a verdict", SCRIPT).await?;
        Ok(text(&tone).to_owned())
    }

    pub(super) async fn shows(&self, selector: &str, expected: &str) -> Result<(), Error> {
        let (selector, expected) = (json!(selector), json!(expected));
        let script = format!(
            "return (document.querySelector({selector})?.innerText ?? '').includes({expected})"
        );
        self.until(&format!("{selector} shows {expected}"), &script).await.map(drop)
    }

    pub(super) async fn until(&self, what: &str, script: &str) -> Result<Value, Error> {
        let until = Instant::now() + Duration::from_secs(12);
        loop {
            let value = self.evaluate(script).await?;
            if !value.is_null() && value != false {
                return Ok(value);
            }
            if Instant::now() > until {
                return Err(format!("this does not come: {what}").into());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Applies a policy as the page does, in a tab of its own unless one is given.
    async fn apply(&self, policy: &Value, tab: &Value, origin: &str) -> Result<Value, Error> {
        let mut policy = policy.clone();
        policy["allow_origins"] = json!([origin]);
        let request = json!({
            "origin": origin, "method": "GET", "headers": [], "credentials": false,
            "answer": "json", "front": "nothing", "others": false,
        });
        let body = json!({ "tab": tab, "policy": policy, "request": request });
        let head = format!(
            "Host: localhost:{}\r\nOrigin: {}\r\nContent-Type: application/json\r\n",
            self.port, self.url
        );
        let answer = ask(self.port, "POST", "/control/apply", &head, &body.to_string()).await?;
        Ok(serde_json::from_str(&answer.body)?)
    }

    /// Whether the API lets a page of this origin read, at the address of a tab.
    async fn allows(&self, applied: &Value, origin: &str) -> Result<bool, Error> {
        let path = format!("/{}/items?run={}", text(&applied["tab"]), applied["run"]);
        let head = format!("Host: localhost:{}\r\nOrigin: {origin}\r\n", self.api_port);
        let answer = ask(self.api_port, "GET", &path, &head, "").await?;
        equal("the status", answer.status, 200)?;
        Ok(answer.head.contains(&format!("access-control-allow-origin: {origin}\r\n")))
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// A request as no browser would send it. `head` is lines.
async fn ask(port: u16, method: &str, path: &str, head: &str, body: &str) -> Result<Answer, Error> {
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let exchange = move || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = spawn_blocking(exchange).await??;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("the head has no end")?;
    let status = head.split(' ').nth(1).unwrap_or_default().parse()?;
    Ok(Answer { status, head: format!("{head}\r\n"), body: body.to_owned() })
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn equal<A: PartialEq<B> + std::fmt::Debug, B: std::fmt::Debug>(
    what: &str,
    given: A,
    expected: B,
) -> Result<(), Error> {
    if given == expected {
        Ok(())
    } else {
        Err(format!("{what}: {given:?}, expected {expected:?}").into())
    }
}
