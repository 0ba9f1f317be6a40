//! Real browsers against the crate.
//!
//!     cargo run -p tower-cors-browsers -- --engine chromium
//!
//! `--engine chromium|firefox|webkit|all` may be given again and again; without it Chromium is
//! driven. `--only TEXT` runs the cases whose names hold the text, `--list` prints all of them and
//! what each is for. `--summary FILE` writes versions and figures as Markdown, or as JSON for a name
//! that ends so; `--screenshots FOLDER` keeps the pictures that scenes take.
//!
//! `--record` writes what each engine did to recorded/; `--recorded` drives no browser: it runs the cases
//! through `tower-browser` and compares with that.
//!
//! `--random COUNT` runs that many random cases in place of the others, in each engine and through
//! `tower-browser`, which must agree. `--seed N` repeats a run; without it the seed is fresh, and printed.
//!
//! `tests/browsers/install ENGINE` installs what an engine needs. Every server listens on a free
//! port of the loopback, but for the page of the examples' cases, which is on port 8080, the one
//! local origin that the examples list.
//!
//! | file | holds |
//! | --- | --- |
//! | cases/ | the cases |
//! | case.rs | how a case is said |
//! | scene.rs | how it is run; what a scene may do |
//! | app.rs, grpc.rs | the application behind the layer |
//! | lib.rs | the parts that `tests/gateways` uses, too: engine.rs, browser.rs, processes.rs, program.rs, log.rs, servers.rs |
//! | log.rs | what a server saw |
//! | record.rs | what engines did, in a file |
//! | tower/ | the same cases through `tower-browser` |
//! | fuzz/ | random cases |
//! | roles.rs | CDN, gateway and backend as processes |
//! | engine.rs, browser.rs | drivers, sessions, consoles |
//! | processes.rs | how processes start and end |
//! | ../page/ | what pages do; a pixel, and a font of one square |

mod app;
mod case;
mod cases;
mod examples;
mod fuzz;
mod grpc;
mod record;
mod report;
mod roles;
mod scene;
mod tower;

use std::{
    panic,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use tokio::time::{error::Elapsed, timeout};

// The parts of the library, under the names that they have there.
use tower_cors_browsers::{Error, browser, engine, log, processes, program, repository, servers};

use crate::{
    browser::Browser,
    case::{Case, What},
    engine::Engine,
    processes::Folder,
    record::Record,
    report::Report,
    scene::{Ground, Pages, Stage, Verdict},
    servers::Port,
};

/// No case takes a fourth of it.
const CASE_LIMIT: Duration = Duration::from_secs(40);
const ENGINE_LIMIT: Duration = Duration::from_secs(15 * 60);
/// A session that hangs or dies is started anew; one that does so again and again is broken.
const RESTARTS: usize = 3;

#[derive(Default)]
struct Arguments {
    engines: Vec<Engine>,
    only: Option<String>,
    list: bool,
    summary: Option<PathBuf>,
    screenshots: Option<PathBuf>,
    record: bool,
    recorded: bool,
    random: Option<usize>,
    seed: Option<u64>,
}

fn main() -> ExitCode {
    program::main(roles::play, run)
}

async fn run(arguments: &[String], scratch: &Folder) -> Result<bool, Error> {
    let arguments = Arguments::read(arguments)?;
    if let Some(count) = arguments.random {
        return fuzz::run(&arguments.engines, count, arguments.seed, scratch).await;
    }
    let mut cases = cases::all();
    let names: Vec<_> = cases.iter().map(|case| case.name).collect();
    if arguments.record {
        cases.retain(|case| matches!(case.what, What::Row(_)));
    }
    if let Some(only) = &arguments.only {
        cases.retain(|case| case.name.contains(only));
    }
    if cases.is_empty() {
        return Err("no case has such a name; --list prints all".into());
    }
    if arguments.list {
        for case in &cases {
            println!("{}\n    {}", case.name, case.why);
        }
        return Ok(true);
    }
    hush_expected_panics();

    // Scenes are for browsers alone, and so are their examples.
    let needed: Vec<_> = cases
        .iter()
        .filter(|case| !arguments.recorded || matches!(case.what, What::Row(_)))
        .collect();
    let examples = examples::build(&needed).await?;
    let ground = Ground { pages: Pages::serve().await?, examples };
    if arguments.recorded {
        let mut is_same = true;
        for engine in arguments.engines {
            is_same &= tower::compare(engine, &cases, &ground).await?;
        }
        return Ok(is_same);
    }
    if !ground.examples.0.is_empty() {
        Port::take(8080).await?.serve(app::pages());
    }
    let mut reports = Vec::new();
    for engine in arguments.engines {
        let drive = drive(engine, &cases, &ground, arguments.screenshots.as_deref(), scratch);
        let report = timeout(ENGINE_LIMIT, drive).await;
        let (report, record) =
            report.map_err(|_| format!("{engine} took more than {ENGINE_LIMIT:?}"))??;
        if arguments.record {
            record.write(&names)?;
        }
        reports.push(report);
    }
    let all_passed = report::close(&reports);
    if let Some(file) = &arguments.summary {
        report::write(&reports, file)?;
    }
    Ok(all_passed)
}

async fn drive(
    engine: Engine,
    cases: &[Case],
    ground: &Ground,
    screenshots: Option<&Path>,
    scratch: &Folder,
) -> Result<(Report, Record), Error> {
    let began = Instant::now();
    let mut browser = Browser::start(engine, scratch).await?;
    let mut report = Report::new(engine, browser.versions());
    let mut record = Record::new(engine, browser.versions());
    let mut restarts = 0;
    for case in cases {
        if let Some((_, reason)) = case.unplayable.filter(|(unable, _)| *unable == engine) {
            report.leave_out(case, reason);
            continue;
        }
        let stage = Stage { browser: &browser, ground, screenshots };
        let mut case_began = Instant::now();
        let mut outcome = play(case, &stage, &mut record).await;
        // An engine on a busy machine drops a click now and then. A scene has many, so it gets a second chance,
        // which is said.
        let is_scene = matches!(case.what, What::Scene { .. });
        if let Ok(Ok(Verdict::Failure(text))) = &outcome
            && is_scene
        {
            report.again(case, text);
            case_began = Instant::now();
            outcome = play(case, &stage, &mut record).await;
        }
        let is_broken = !matches!(outcome, Ok(Ok(_)));
        let verdict =
            outcome.unwrap_or_else(|_| Err(format!("no end after {CASE_LIMIT:?}").into()));
        report.add(case, verdict, case_began.elapsed());
        if is_broken {
            restarts += 1;
            if restarts > RESTARTS {
                return Err(format!("{engine} fails again and again").into());
            }
            browser.close().await;
            browser = Browser::start(engine, scratch).await?;
        }
    }
    browser.close().await;
    report.end(began.elapsed().as_secs_f64());
    Ok((report, record))
}

async fn play(
    case: &Case,
    stage: &Stage<'_>,
    record: &mut Record,
) -> Result<Result<Verdict, Error>, Elapsed> {
    match &case.what {
        What::Row(row) => timeout(CASE_LIMIT, stage.run(row)).await.map(|result| {
            let (verdict, came) = result?;
            record.add(case.name, came);
            Ok(verdict)
        }),
        What::Scene { scene, .. } => {
            timeout(CASE_LIMIT, scene(stage)).await.map(|result| match result {
                Ok(()) => Ok(Verdict::AsTheStandardSays),
                Err(error) => Ok(Verdict::Failure(error.to_string())),
            })
        }
    }
}

/// Some cases are about handlers that panic.
fn hush_expected_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload_as_str() != Some(app::PANIC) {
            print(info);
        }
    }));
}

impl Arguments {
    fn read(given: &[String]) -> Result<Self, Error> {
        let mut read = Self::default();
        let mut given = given.iter();
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or_else(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--engine" => {
                    let name = value()?;
                    let named = Engine::ALL
                        .into_iter()
                        .filter(|engine| [engine.name(), "all"].contains(&name.as_str()));
                    let before = read.engines.len();
                    read.engines.extend(named);
                    if read.engines.len() == before {
                        return Err(
                            format!("no engine {name}: chromium, firefox, webkit or all").into()
                        );
                    }
                }
                "--only" => read.only = Some(value()?.clone()),
                "--list" => read.list = true,
                "--random" => read.random = Some(value()?.parse()?),
                "--seed" => read.seed = Some(value()?.parse()?),
                "--record" => read.record = true,
                "--recorded" => read.recorded = true,
                "--summary" => read.summary = Some(value()?.into()),
                "--screenshots" => read.screenshots = Some(value()?.into()),
                _ => return Err(format!("unknown argument {argument}; see src/main.rs").into()),
            }
        }
        if read.engines.is_empty() {
            read.engines.push(Engine::Chromium);
        }
        Ok(read)
    }
}
