//! The request once more, sent by `tower-browser`: its verdict, clause by clause, and the lines that the
//! consoles print. So the page needs no reading of the Fetch standard of its own.

use axum::Router;
use serde_json::{Value, json};
use tower_browser::{Blocked, Credentials, Engine, Exchange, Fetch, Page, Verdict};

use crate::clauses::{clauses, exposed};
use crate::form::Asked;
use crate::tabs::Tab;

/// Sends the request of a tab to the API, as a page of its origin would. `address` is the API's.
pub(crate) async fn verdict(mut api: Router, address: &str, tab: &Tab) -> Value {
    let asked = tab.setup().asked;
    let mut page = match asked.origin.as_str() {
        "null" => Page::sandboxed(),
        origin => Page::new(origin),
    };
    // Without a run nothing is recorded: the exchanges that are shown are those of the real browser.
    let seen = page.fetch(&mut api, fetch(&asked, &format!("{address}/{}/items", tab.id))).await;
    let last = page.exchanges().last();
    let hidden = match (&seen, last) {
        (Ok(seen), Some(exchange)) => exposed(exchange, seen),
        _ => Vec::new(),
    };
    let blocked = seen.as_ref().err();
    let exchanges = page.exchanges().iter().map(|exchange| {
        let failed = match exchange.verdict() {
            Verdict::Blocked(reason) => Some((reason, blocked.map_or("", Blocked::value))),
            _ => None,
        };
        let is_last = std::ptr::eq(exchange, last.expect("this is one"));
        json!({
            "preflight": exchange.is_preflight(),
            "passed": failed.is_none(),
            "reason": failed.map(|(reason, _)| format!("{reason:?}")),
            "check": failed.map(|(reason, _)| reason.to_string()),
            "clauses": clauses(exchange, &asked, failed, if is_last { &hidden } else { &[] }),
        })
    });
    let exchanges: Value = exchanges.collect();
    json!({
        "allowed": seen.is_ok(),
        "hidden": hidden,
        "exchanges": exchanges,
        "blocked": blocked.map(|blocked| self::blocked(blocked, &tab.id)),
    })
}

fn fetch(asked: &Asked, url: &str) -> Fetch {
    let mut fetch = Fetch::new(&asked.method, url);
    for line in &asked.headers {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        fetch = fetch.header(name.trim(), value.trim());
    }
    if asked.credentials {
        fetch = fetch.credentials(Credentials::Include);
    }
    match asked.method.to_ascii_uppercase().as_str() {
        "GET" | "HEAD" => fetch,
        _ => fetch.body("name=tea"),
    }
}

fn blocked(blocked: &Blocked, tab: &str) -> Value {
    // The page writes the API's address without the part that the playground makes up.
    let console = |engine| {
        let printed = blocked.console(engine)?;
        Some(printed.replace(&format!("/{tab}/"), "/"))
    };
    json!({
        "reason": format!("{:?}", blocked.reason()),
        "check": blocked.reason().to_string(),
        "preflight": blocked.exchange().is_some_and(Exchange::is_preflight),
        "cause": blocked.likely_cause(),
        "suggestion": blocked.suggestion(),
        "console": {
            "chromium": console(Engine::Chromium),
            "firefox": console(Engine::Firefox),
            "webkit": console(Engine::WebKit),
        },
    })
}
