//! Real gateways in front of the crate: nginx, Envoy, Caddy, HAProxy and Varnish.
//!
//!     cargo run -p tower-cors-gateways -- --engine chromium
//!
//! Each setup is an architecture of three processes: a server of pages, a gateway and a backend. The
//! gateway runs a configuration of `docs/guide/deploy/`, as it is or with the lines that people add. A
//! page in a real browser sends a request, `tower-browser` sends the same, and `cors-doctor` is asked
//! about it. All three must come to the same verdict, and the doctor must name the cause.
//!
//! `--engine chromium|firefox|webkit|all` chooses the browsers, `--only TEXT` the setups whose names hold
//! the text, `--list` prints them. nginx, haproxy, varnishd, envoy and caddy must be in the path, or the
//! last two in target/gateways/bin; `.ci/run gateways` installs them. Every server listens on a free port
//! of the loopback.
//!
//! | file | holds |
//! | --- | --- |
//! | setups/ | the setups: what people write, what is asked, what comes of it |
//! | setup.rs | how a setup is said |
//! | gateway.rs | how a gateway starts |
//! | roles.rs | the server of pages and the backends, as processes |
//! | judges.rs | the browser, tower-browser, cors-doctor |

mod gateway;
mod judges;
mod roles;
mod setup;
mod setups;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use tower_cors_browsers::{Error, browser::Browser, engine::Engine, processes::Folder, program};

use crate::{gateway::Gateway, judges::Doctor, roles::Roles, setup::Setup};

/// No setup takes a fourth of it.
const SETUP_LIMIT: Duration = Duration::from_secs(60);
const LIMIT: Duration = Duration::from_secs(8 * 60);

fn main() -> ExitCode {
    program::main(roles::play, async |arguments, scratch| {
        let result = timeout(LIMIT, run(arguments, scratch)).await;
        result.map_err(|_| format!("no end after {LIMIT:?}"))?
    })
}

async fn run(arguments: &[String], scratch: &Folder) -> Result<bool, Error> {
    let mut setups = setups::all();
    let mut engines = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--engine" => engines.extend(judges::engines(value()?)?),
            "--only" => {
                let only = value()?;
                setups.retain(|setup| setup.name.contains(only.as_str()));
            }
            "--list" => {
                for Setup { name, why, .. } in &setups {
                    println!("{name}\n    {why}");
                }
                return Ok(true);
            }
            _ => return Err(format!("unknown argument {argument}; see src/main.rs").into()),
        }
    }
    if setups.is_empty() {
        return Err("no setup has such a name; --list prints all".into());
    }
    if engines.is_empty() {
        engines.push(Engine::Chromium);
    }
    gateway::are_there()?;
    let doctor = Doctor::build().await?;
    let roles = Roles::start()?;
    let began = Instant::now();
    let (mut asked, mut failures) = (0, Vec::new());
    for engine in &engines {
        let browser = Browser::start(*engine, scratch).await?;
        println!("{}", browser.versions());
        browser.client.goto(&format!("{}/", roles.page)).await?;
        for setup in &setups {
            let setup_began = Instant::now();
            let faults =
                timeout(SETUP_LIMIT, play(setup, &roles, &browser, &doctor, scratch)).await;
            let faults = match faults {
                Ok(Ok(faults)) => faults,
                Ok(Err(error)) => vec![error.to_string()],
                Err(_) => vec![format!("no end after {SETUP_LIMIT:?}")],
            };
            asked += setup.asks.len();
            let word = if faults.is_empty() { "pass" } else { "FAIL" };
            let seconds = setup_began.elapsed().as_secs_f64();
            println!(
                "{word} {engine:8} {:44} {:2} asked {seconds:5.2} s",
                setup.name,
                setup.asks.len()
            );
            for fault in faults {
                println!("     {}\n     {}", setup.why, fault.replace('\n', "\n     "));
                failures.push(setup.name);
            }
        }
        browser.close().await;
    }
    println!(
        "\n{} setups, {} engines, {asked} questions to three judges, {} failures, {:.0} s",
        setups.len(),
        engines.len(),
        failures.len(),
        began.elapsed().as_secs_f64()
    );
    Ok(failures.is_empty())
}

/// What differs from what the setup says.
async fn play(
    setup: &Setup,
    roles: &Roles,
    browser: &Browser,
    doctor: &Doctor,
    scratch: &Folder,
) -> Result<Vec<String>, Error> {
    let gateway = Gateway::start(setup, roles, scratch).await?;
    let mut faults = Vec::new();
    for ask in &setup.asks {
        let url = format!("http://localhost:{}{}", gateway.port, ask.path);
        if ask.is_primed {
            judges::ask_without_origin(&url).await?;
        }
        let (engine, page) = (browser.engine, &roles.page);
        let mut seen = vec![
            ("the browser", judges::browser(browser, &url, ask).await?),
            ("tower-browser", judges::tower_browser(engine, page, &url, ask).await?),
            ("cors-doctor", doctor.ask(engine, page, &url, ask, true).await?),
        ];
        // A limit of uploads shows on uploads alone.
        if ask.body == 0 {
            seen.push((
                "cors-doctor without --send",
                doctor.ask(engine, page, &url, ask, false).await?,
            ));
        }
        for (who, seen) in seen {
            let expected = ask.expected.as_seen_by(who);
            if seen != expected {
                faults.push(format!("{}: {who} says {seen:?}, expected {expected:?}", ask.shown()));
            }
        }
    }
    Ok(faults)
}
