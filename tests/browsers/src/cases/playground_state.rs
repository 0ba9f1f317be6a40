//! The playground's state: in its address, in its first scene, in what it makes of a console's line, and how
//! far the Tab key has to go.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::sleep;

use super::playground_page::{Playground, TAB, equal, text};
use crate::{
    Error,
    case::{Case, scene},
    scene::Stage,
};

pub fn cases() -> Vec<Case> {
    vec![
        scene(
            "playground/address",
            "the state is in the address: it can be shared and reloaded, Back and Forward lead through it",
            "playground",
            |stage| Box::pin(address(stage)),
        ),
        scene(
            "playground/own-policy",
            "the chip and the story of a situation never stand above another policy",
            "playground",
            |stage| Box::pin(own_policy(stage)),
        ),
        scene(
            "playground/first-scene",
            "four steps without a form, each of them really sent",
            "playground",
            |stage| Box::pin(first_scene(stage)),
        ),
        scene(
            "playground/console-lines",
            "a console's line leads to a situation in which the same is printed",
            "playground",
            |stage| Box::pin(console_lines(stage)),
        ),
        scene(
            "playground/tab-presses",
            "no group of controls is more than 20 presses of the Tab key away",
            "playground",
            |stage| Box::pin(tab_presses(stage)),
        ),
    ]
}

const HASH: &str = "return location.hash";
// The button of WebKit skips entries that were made without a touch of the user, as a test makes them.
const BACK: &str = "history.back()";
const FORWARD: &str = "history.forward()";
const METHODS: &str = "return document.getElementById('allow_methods').value";

/// In a window of its own: a history keeps 50 entries, and drops first those that were made without a touch of the
/// user, as here.
async fn address(stage: &Stage<'_>) -> Result<(), Error> {
    let client = &stage.browser.client;
    let window = client.window().await?;
    let own = client.new_window(true).await?.handle;
    client.switch_to_window(own).await?;
    let came = address_in_this_window(stage).await;
    client.close_window().await?;
    client.switch_to_window(window).await?;
    came
}

async fn address_in_this_window(stage: &Stage<'_>) -> Result<(), Error> {
    let playground = Playground::start(stage).await?;
    let client = playground.client();
    playground.press("#choose-method").await?;
    equal("the verdict of the situation", playground.verdict().await?, "bad")?;
    equal("its address", playground.evaluate(HASH).await?, "#/method")?;

    // An edit runs by itself and is an entry of the history; the same field again is none.
    playground.set("allow_methods", &json!("GET, DEL")).await?;
    equal("the verdict while typing", playground.verdict().await?, "bad")?;
    playground.set("allow_methods", &json!("GET, DELETE")).await?;
    equal("the verdict of the edit", playground.verdict().await?, "good")?;
    let edited = "#/method?allow_methods=GET&allow_methods=DELETE";
    equal("the address of the edit", playground.evaluate(HASH).await?, edited)?;

    client.refresh().await?;
    playground
        .until("the page is ready", "return document.body.dataset.ready !== undefined")
        .await?;
    equal("the verdict after a reload", playground.verdict().await?, "good")?;
    equal("the methods after a reload", playground.evaluate(METHODS).await?, "GET, DELETE")?;

    let is = |methods: &str| {
        format!("return document.getElementById('allow_methods').value === '{methods}'")
    };
    step(&playground, BACK, "Back leads to the situation", &is("GET")).await?;
    equal("the verdict after Back", playground.verdict().await?, "bad")?;
    step(&playground, FORWARD, "Forward leads to the edit", &is("GET, DELETE")).await?;
    equal("the verdict after Forward", playground.verdict().await?, "good")?;
    step(&playground, BACK, "Back leads to the situation again", &is("GET")).await?;
    equal("the verdict after Back again", playground.verdict().await?, "bad")?;
    let pressed =
        "return document.querySelector('.chip[aria-pressed=true]')?.id === 'choose-works'";
    step(&playground, BACK, "Back leads to the situation before", pressed).await?;

    // A shared address, in a tab that has not seen the page yet; lists, words, numbers and nothing.
    client.goto("about:blank").await?;
    let shared = "works?allow_origins=*&allow_headers=&max_age=&enforce_origin=AllRequests&method=GET&headers=X-Token%3A+1";
    playground.open(shared).await?;
    playground.verdict().await?;
    let form = "return import('/form.js').then(({ readForm }) => readForm())";
    let form = playground.evaluate(form).await?;
    equal("the origins", &form["policy"]["allow_origins"], &json!(["*"]))?;
    equal("the headers", &form["policy"]["allow_headers"], &json!([]))?;
    equal("the maximum age", &form["policy"]["max_age"], &Value::Null)?;
    equal("what is enforced", &form["policy"]["enforce_origin"], "AllRequests")?;
    equal("the method", &form["request"]["method"], "GET")?;
    equal("the header", &form["request"]["headers"], &json!(["X-Token: 1"]))
}

/// One step through the history. `history.back()` only asks for it, and an engine on a busy machine may drop the
/// request: where the address stays, it is asked for again, as a person would.
async fn step(
    playground: &Playground<'_>,
    script: &str,
    what: &str,
    is_there: &str,
) -> Result<(), Error> {
    let from = playground.evaluate(HASH).await?;
    for _ in 0..3 {
        playground.evaluate(script).await?;
        let until = Instant::now() + Duration::from_secs(4);
        while Instant::now() < until {
            if playground.evaluate(HASH).await? != from {
                return playground.until(what, is_there).await.map(drop);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
    Err(format!("the address stays {from}: {what}").into())
}

async fn own_policy(stage: &Stage<'_>) -> Result<(), Error> {
    const PRESSED: &str = "return [...document.querySelectorAll('.chip[aria-pressed=true]')].map(({ id }) => id).join()";
    let playground = Playground::start(stage).await?;
    let pressed = async || playground.evaluate(PRESSED).await;
    playground.press("#choose-header").await?;
    equal("the chip", pressed().await?, "choose-header")?;
    playground.shows("#story", "A Bearer token").await?;

    playground.set("allow_headers", &json!("Authorization")).await?;
    equal("the chip above another policy", pressed().await?, "")?;
    playground.shows("#story", "Your own policy and request").await?;
    let busy = "return document.getElementById('verdict').hasAttribute('aria-busy')";
    let stale = playground.evaluate(busy).await?;
    equal("the verdict is that of another policy", stale, true)?;
    equal("the verdict", playground.verdict().await?, "good")?;

    // What is exactly another situation is called so.
    playground.press("#choose-several").await?;
    playground.set("browser_diagnostics", &json!(true)).await?;
    equal("the chip of the other situation", pressed().await?, "choose-diagnostics")?;
    equal("its address", playground.evaluate(HASH).await?, "#/diagnostics")?;

    playground.press("#choose-method").await?;
    playground.verdict().await?;
    playground.press("#fix-list button").await?;
    equal("the verdict after the fix", playground.verdict().await?, "good")?;
    equal("the chip above a mended policy", pressed().await?, "")?;
    playground.press("#reset").await?;
    equal("the verdict after going back", playground.verdict().await?, "bad")?;
    equal("the chip after going back", pressed().await?, "choose-method")
}

async fn first_scene(stage: &Stage<'_>) -> Result<(), Error> {
    let playground = Playground::start(stage).await?;
    let client = playground.client();
    client.goto("about:blank").await?;
    stage
        .open(&format!("{}/", playground.url), "document.body.dataset.ready !== undefined")
        .await?;
    let told = "const told = [...document.querySelectorAll('.told[data-tone]')];
        return told.length === 4 && told.map(({ dataset, innerText }) => [dataset.tone, innerText])";
    let told = playground.until("four steps were sent", told).await?;
    let expected = [
        ("good", "Hello, Alice"),
        ("bad", "The API answered 200"),
        ("bad", "saw only OPTIONS"),
        ("bad", "handled the POST"),
    ];
    for (seen, (tone, says)) in told.as_array().into_iter().flatten().zip(expected) {
        equal("the tone of a step", &seen[0], tone)?;
        equal(says, text(&seen[1]).contains(says), true)?;
    }
    let fields = "return [...document.querySelectorAll('input, select, textarea')]
        .filter((field) => field.checkVisibility()).length";
    equal("the number of fields", playground.evaluate(fields).await?, 0)?;
    stage.screenshot("playground-first-scene").await?;
    playground.press(".step-card:nth-child(2) button").await?;
    equal("the verdict of the second step", playground.verdict().await?, "bad")?;
    playground.shows("#drawing", "visitor=alice").await
}

async fn console_lines(stage: &Stage<'_>) -> Result<(), Error> {
    // What all situations print, and of each line the situations that it leads to. Addresses and names differ.
    const LEADS: &str = "
        const done = arguments[0];
        Promise.all([import('/situations.js'), import('/run.js'), import('/console.js')]).then(
          async ([{ SITUATIONS }, { runOf }, { understand }]) => {
            const alike = (line) => line
              .replace(/https?:\\/\\/[^\\s'’]+/g, 'URL').replace(/\\d+/g, '0')
              .replace(/(Method|header field) \\S+/, '$1').replace(/header ‘[a-z-]+’/, 'header')
              .replace(/‘URL’\\)/, '‘…’)').replace(/Origin null/g, 'Origin URL').replace(/'null'/g, \"'URL'\");
            const printed = new Map();
            for (const { id, policy, request } of SITUATIONS) {
              const { browser } = await runOf({ policy, request });
              printed.set(id, browser?.blocked?.console ?? {});
            }
            const astray = [];
            let lines = 0;
            for (const [id, console] of printed) {
              for (const [engine, line] of Object.entries(console)) {
                if (!line) continue;
                lines += 1;
                const causes = understand(line)?.row.causes ?? [];
                const leads = causes.some(([cause]) => alike(printed.get(cause)[engine] ?? '') === alike(line));
                if (!leads || !understand(line).engine) astray.push(`${id}: ${line}`);
              }
            }
            done({ lines, astray });
          },
        ).catch((error) => done({ error: String(error) }))";
    let playground = Playground::start(stage).await?;
    let leads = playground.client().execute_async(LEADS, Vec::new()).await?;
    equal("what failed", &leads["error"], &Value::Null)?;
    equal("the lines that lead elsewhere", &leads["astray"], &json!([]))?;
    let lines = leads["lines"].as_u64().unwrap_or_default();
    equal(&format!("{lines} lines are enough"), lines > 50, true)?;

    // By hand: paste, read, follow.
    playground.press("#view-console").await?;
    const PASTE: &str = "const field = document.getElementById('line');
        field.value = arguments[0];
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    let line = "Access to fetch at 'https://api.example.com/items' from origin 'https://app.example.com' \
        has been blocked by CORS policy: Request header field x-token is not allowed by \
        Access-Control-Allow-Headers in preflight response.";
    playground.client().execute(PASTE, vec![json!(line)]).await?;
    playground.shows("#causes", "does not list a header").await?;
    playground.shows("#causes", "https://app.example.com").await?;
    let hash = playground.evaluate(HASH).await?;
    equal("the line is in the address", text(&hash).starts_with("#/console?line=Access+to"), true)?;
    playground.press("#causes [data-situation]").await?;
    equal("the verdict of the situation", playground.verdict().await?, "bad")?;
    playground.shows("#console-lines", "Request header field x-token is not allowed").await?;
    let shown = "return document.querySelector('#line').checkVisibility()";
    step(&playground, BACK, "Back leads to the line", shown).await?;
    playground.shows("#causes", "does not list a header").await
}

async fn tab_presses(stage: &Stage<'_>) -> Result<(), Error> {
    // Of each group, how many presses lead to its first control.
    const GROUPS: [&str; 7] = [
        "#views *",
        ".chip",
        "#send",
        "#fixes button",
        "[aria-labelledby=policy-title] *",
        "[aria-labelledby=request-title] *",
        "#code-tabs *",
    ];
    let playground = Playground::start(stage).await?;
    // The most that stands before the form: three fixes, and the way back to the situation.
    for address in
        ["any-site", "wildcard-credentials?max_age=1", "several?method=PATCH", "grpc-web"]
    {
        playground.client().goto("about:blank").await?;
        playground.open(address).await?;
        playground.verdict().await?;
        let mut reached = [false; GROUPS.len()];
        for _ in 0..20 {
            playground.key(TAB).await?;
            for (group, reached) in GROUPS.iter().zip(&mut reached) {
                let at = format!("return document.activeElement.matches('{group}')");
                *reached |= playground.evaluate(&at).await? == true;
            }
        }
        for (group, reached) in GROUPS.iter().zip(reached) {
            let fixes = "return document.querySelector('#fix-list button') !== null";
            let is_there = *group != "#fixes button" || playground.evaluate(fixes).await? == true;
            if is_there {
                equal(&format!("{address}: 20 presses lead to {group}"), reached, true)?;
            }
        }
    }
    Ok(())
}
