//! The playground, as a person uses it: choose a situation, read the verdict, apply the fix.

use std::time::{Duration, Instant};

use fantoccini::Locator;

use crate::{
    Error,
    case::{Case, scene},
    scene::Stage,
};

const EXAMPLE: &str = "playground";
const READY: &str = "document.body.dataset.ready !== undefined";

/// What the verdict's look says: it works, it does not, mind this.
#[derive(Clone, Copy, Debug)]
enum Tone {
    Good,
    Bad,
    Warn,
}

#[derive(Clone, Copy)]
struct Situation {
    id: &'static str,
    tone: Tone,
    /// What the verdict says, among other things.
    says: &'static str,
    /// Whether one click mends it.
    has_fix: bool,
}

pub fn cases() -> Vec<Case> {
    let situation = |name, why, tone, says, has_fix| {
        let id = name_after_slash(name);
        let situation = Situation { id, tone, says, has_fix };
        scene(name, why, EXAMPLE, move |stage| Box::pin(async move { situation.play(stage).await }))
    };
    use Tone::{Bad, Good, Warn};
    vec![
        situation(
            "playground/works",
            "the page reads what it asked for",
            Good,
            "after a preflight",
            false,
        ),
        situation(
            "playground/article",
            "the gateway's mock before a bare backend",
            Bad,
            "handled the PUT anyway, but the browser hid the answer",
            true,
        ),
        situation(
            "playground/wildcard-credentials",
            "a wrong policy is shown as its developer sees it",
            Warn,
            "any website could send requests as your logged-in user",
            true,
        ),
        situation(
            "playground/trailing-slash",
            "with what to write instead",
            Warn,
            "has no path",
            true,
        ),
        situation(
            "playground/exposed",
            "a header that the script cannot read",
            Warn,
            "X-Total-Count",
            true,
        ),
        situation(
            "playground/port",
            "an origin that only lacks its port",
            Bad,
            "the browser hid the answer",
            true,
        ),
        situation(
            "playground/subdomains",
            "a pattern, from a subdomain",
            Good,
            "can read the response",
            false,
        ),
        situation("playground/null", "a sandboxed frame", Bad, "the browser hid the answer", true),
        situation("playground/method", "a method that is not listed", Bad, "was not sent", true),
        situation("playground/header", "a header that is not listed", Bad, "was not sent", true),
        situation(
            "playground/several",
            "both at once",
            Bad,
            "Disallowed CORS method, headers",
            true,
        ),
        situation(
            "playground/patch",
            "a method that no browser spells right",
            Bad,
            "Disallowed CORS method",
            true,
        ),
        situation(
            "playground/grpc-web",
            "a status in headers that the page cannot read",
            Warn,
            "Grpc-Status",
            true,
        ),
        situation(
            "playground/cookies",
            "credentials that the policy does not speak of",
            Bad,
            "Access-Control-Allow-Credentials",
            true,
        ),
        situation(
            "playground/star-cookies",
            "* is no origin for a page that asks with cookies",
            Bad,
            "is * for a request with credentials",
            true,
        ),
        situation(
            "playground/any-site",
            "a danger that was accepted",
            Warn,
            "so can any website",
            true,
        ),
        situation(
            "playground/two-policies",
            "cookies for the own page, and the public policy for another",
            Good,
            "can read the response",
            false,
        ),
        situation(
            "playground/login",
            "authentication outside of the layer",
            Bad,
            "answered 401",
            true,
        ),
        situation(
            "playground/limit",
            "an error that was made outside of the layer",
            Bad,
            "refused with 429",
            true,
        ),
        situation(
            "playground/redirect",
            "a preflight that was redirected",
            Bad,
            "the preflight was redirected",
            true,
        ),
        situation(
            "playground/other-origin",
            "a gateway that names another origin",
            Bad,
            "is not the page's origin",
            true,
        ),
        situation(
            "playground/header-named",
            "a preflight that passes but for a list",
            Bad,
            "a header is not in Access-Control-Allow-Headers",
            true,
        ),
        situation(
            "playground/both",
            "a gateway that adds headers to those of the layer",
            Bad,
            "has several values",
            true,
        ),
        situation("playground/error", "a readable 500", Good, "failed with 500", false),
        situation(
            "playground/no-guard",
            "a POST handled for a page that is not allowed",
            Bad,
            "handled the POST anyway",
            true,
        ),
        situation("playground/enforced", "and one that is not", Bad, "refused with 403", false),
        scene("playground/keyboard", "one key sends again", EXAMPLE, |stage| {
            Box::pin(keyboard(stage))
        }),
        scene("playground/narrow", "nothing is wider than a phone", EXAMPLE, |stage| {
            Box::pin(narrow(stage))
        }),
    ]
}

fn name_after_slash(name: &'static str) -> &'static str {
    name.split_once('/').map_or(name, |(_, id)| id)
}

impl Situation {
    async fn play(&self, stage: &Stage<'_>) -> Result<(), Error> {
        let (_playground, url) = stage.example(EXAMPLE)?;
        let client = &stage.browser.client;
        stage.open(&format!("{url}/#/works"), READY).await?;
        click(stage, &format!("#choose-{}", self.id)).await?;
        let before = verdict(stage, "", self.tone).await?;
        if !before.contains(self.says) {
            return Err(format!("the verdict is {before:?}, expected {:?} in it", self.says).into());
        }
        stage.screenshot(&format!("playground-{}", self.id)).await?;
        let fix = client.find(Locator::Css("#fix-list button")).await;
        if fix.is_ok() != self.has_fix {
            return Err(
                format!("there is a fix: {}, expected {}", fix.is_ok(), self.has_fix).into()
            );
        }
        if self.has_fix {
            click(stage, "#fix-list button").await?;
            verdict(stage, &before, Tone::Good).await?;
            stage.screenshot(&format!("playground-{}-fixed", self.id)).await?;
        }
        Ok(())
    }
}

async fn keyboard(stage: &Stage<'_>) -> Result<(), Error> {
    let (_playground, url) = stage.example(EXAMPLE)?;
    let client = &stage.browser.client;
    stage.open(&format!("{url}/#/article"), READY).await?;
    verdict(stage, "", Tone::Bad).await?;
    client.find(Locator::Css("#send")).await?.send_keys("\u{e007}").await?;
    verdict(stage, "", Tone::Bad).await.map(drop)
}

async fn narrow(stage: &Stage<'_>) -> Result<(), Error> {
    let (_playground, url) = stage.example(EXAMPLE)?;
    let client = &stage.browser.client;
    let (width, height) = client.get_window_size().await?;
    client.set_window_size(390, 844).await?;
    stage.open(&format!("{url}/#/article"), READY).await?;
    verdict(stage, "", Tone::Bad).await?;
    stage.screenshot("playground-narrow").await?;
    let scroll = "scrollTo({ left: 1000, behavior: 'instant' }); return scrollX";
    let overflow = client.execute(scroll, Vec::new()).await?;
    client.set_window_size(width.try_into()?, height.try_into()?).await?;
    match overflow.as_f64() {
        Some(0.0) => Ok(()),
        _ => Err(format!("the page is {overflow} pixels wider than its window").into()),
    }
}

/// As a script does it, which no scrolling hinders.
async fn click(stage: &Stage<'_>, selector: &str) -> Result<(), Error> {
    let script = "document.querySelector(arguments[0]).click()";
    stage.browser.client.execute(script, vec![selector.into()]).await?;
    Ok(())
}

/// Waits for a verdict that differs from the one before.
async fn verdict(stage: &Stage<'_>, before: &str, tone: Tone) -> Result<String, Error> {
    let read = "const verdict = document.getElementById('verdict'); \
                return verdict.ariaBusy || verdict.hasAttribute('aria-busy') ? '' : \
                (verdict.dataset.tone ?? '') + ' ' + verdict.textContent";
    let until = Instant::now() + Duration::from_secs(12);
    loop {
        let seen = stage.browser.client.execute(read, Vec::new()).await?;
        let seen = seen.as_str().unwrap_or_default();
        let (said, text) = seen.split_once(' ').unwrap_or_default();
        if !said.is_empty() && text != before && said.eq_ignore_ascii_case(&format!("{tone:?}")) {
            return Ok(text.to_owned());
        }
        if Instant::now() > until {
            return Err(format!("the verdict is {seen:?}, expected a {tone:?} one").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
