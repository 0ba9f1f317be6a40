//! Random requests of random pages to servers that answer at random, in an engine and through
//! `tower-browser`: both must send the same and give the page the same.
//!
//! | file | holds |
//! | --- | --- |
//! | random.rs | numbers from a seed |
//! | case.rs | what a case is, and how it is made |
//! | values.rs | what requests and answers are made of |
//! | server.rs | who answers, and what is written down |

mod case;
mod random;
mod server;
mod values;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use tokio::time::timeout;

use self::{case::RandomCase, random::Random, server::Server};
use crate::{
    Error, app, browser::Browser, case::On, engine::Engine, processes::Folder, servers::Port, tower,
};

/// 3,000 cases take some four minutes.
const LIMIT: Duration = Duration::from_secs(15 * 60);
/// Cases of one load of a page.
const LOAD: usize = 100;
/// From this number on a run must meet every reason.
const MANY: usize = 2_000;
const EACH_REASON: usize = 20;
const READABLE_PERCENT: usize = 30;

/// What no random case can bring about, and why.
const NEVER_MET: [(&str, &str); 6] = [
    ("MalformedOrigin", "an engine's page has an origin"),
    ("InvalidHeader", "`Headers` refuses it before anything is fetched"),
    ("WildcardWithAuthorization", "the standard's alone; the engines let it pass"),
    ("ServiceError", "every server answers"),
    ("HandshakeStatus", "a WebSocket's"),
    ("HandshakeHeaders", "a WebSocket's"),
];

/// Who asks, in one load of a page.
#[derive(Clone, Copy, Debug)]
enum Asker {
    Page,
    /// A page of another site.
    Stranger,
    /// A sandboxed frame of the page.
    Frame,
}

/// The servers of a run.
struct Ground {
    on: On,
    stranger: String,
    server: Server,
}

pub async fn run(
    engines: &[Engine],
    count: usize,
    seed: Option<u64>,
    scratch: &Folder,
) -> Result<bool, Error> {
    let fresh = || SystemTime::now().duration_since(UNIX_EPOCH).map(|now| now.as_nanos() as u64);
    let seed = seed.map_or_else(|| fresh().map(|seed| seed % 1_000_000_000), Ok)?;
    let mut all_agree = true;
    for engine in engines {
        println!("{count} random cases, --seed {seed}");
        let compared = timeout(LIMIT, compare(*engine, count, seed, scratch)).await;
        all_agree &= compared.map_err(|_| format!("{engine} took more than {LIMIT:?}"))??;
    }
    Ok(all_agree)
}

/// What a run came to.
#[derive(Default)]
struct Count {
    same: usize,
    differing: usize,
    fetches: usize,
    readable: usize,
    reasons: BTreeMap<String, usize>,
}

async fn compare(engine: Engine, count: usize, seed: u64, scratch: &Folder) -> Result<bool, Error> {
    let ground = Ground::serve().await?;
    let browser = Browser::start(engine, scratch).await?;
    println!("{}", browser.versions());
    let mut random = Random::of(seed);
    let mut total = Count::default();
    for first in (0..count).step_by(LOAD) {
        let asker = *random.pick(&[Asker::Page, Asker::Page, Asker::Stranger, Asker::Frame]);
        let ids = first..count.min(first + LOAD);
        let origin = match asker {
            Asker::Page => ground.on.page.clone(),
            Asker::Stranger => ground.stranger.clone(),
            Asker::Frame => "null".to_owned(),
        };
        let cases: Vec<_> =
            ids.map(|id| RandomCase::make(&mut random, id, &ground.on, &origin)).collect();
        load(&ground, &browser, asker, cases, &mut total).await?;
    }
    browser.close().await;
    Ok(total.report(engine, count))
}

/// One load: in the browser, then through a `Page`.
async fn load(
    ground: &Ground,
    browser: &Browser,
    asker: Asker,
    cases: Vec<RandomCase>,
    total: &mut Count,
) -> Result<(), Error> {
    let fetches: Vec<_> = cases.iter().map(|case| json!(case.fetches)).collect();
    let fetches = Value::from(fetches).to_string();
    let source = match asker {
        Asker::Page | Asker::Stranger => format!("several({fetches})"),
        Asker::Frame => format!("sandboxed({})", json!(format!("several({fetches})"))),
    };
    let address = match asker {
        Asker::Page | Asker::Frame => &ground.on.page,
        Asker::Stranger => &ground.stranger,
    };
    let globals = json!({ "api": ground.on.api });
    ground.server.is_to_answer(&cases);
    browser.client.goto(&format!("{address}/")).await?;
    browser.client.delete_all_cookies().await?;
    let in_engine = browser.evaluate(&source, &globals).await?;
    let seen_of_engine = ground.server.seen();
    ground.server.is_to_answer(&cases);
    let (through_page, reasons) =
        tower::evaluate(browser.engine, address, &[], source, &globals).await?;
    let seen_of_page = ground.server.seen();

    for given in [&in_engine, &through_page] {
        if given.as_array().map(Vec::len) != Some(cases.len()) {
            return Err(format!("not one outcome for each case: {given}").into());
        }
    }
    for reason in reasons {
        *total.reasons.entry(format!("{reason:?}")).or_default() += 1;
    }
    for (position, case) in cases.iter().enumerate() {
        let given = [&in_engine[position], &through_page[position]];
        let seen = [&seen_of_engine, &seen_of_page].map(|seen| seen.get(&case.id));
        total.fetches += case.fetches.len();
        let outcomes = given[1].as_array().into_iter().flatten();
        total.readable += outcomes.filter(|outcome| is_readable(outcome)).count();
        if given[0] == given[1] && seen[0] == seen[1] {
            total.same += 1;
            continue;
        }
        total.differing += 1;
        println!("differs: case {} of {asker:?} {address}", case.id);
        println!("{case}");
        println!("    engine gave {}\n    page   gave {}", given[0], given[1]);
        if seen[0] != seen[1] {
            let lines =
                |seen: Option<&Vec<String>>| seen.cloned().unwrap_or_default().join("\n        ");
            println!("    engine sent {}\n    page   sent {}", lines(seen[0]), lines(seen[1]));
        }
    }
    Ok(())
}

fn is_readable(outcome: &Value) -> bool {
    matches!(outcome[0].as_str(), Some("cors" | "basic"))
}

impl Count {
    fn report(&self, engine: Engine, count: usize) -> bool {
        let Self { same, differing, fetches, readable, reasons } = self;
        let percent = readable * 100 / fetches.max(&1);
        println!(
            "{engine}: {same} of {} random cases agree; {percent} % of {fetches} fetches readable",
            same + differing
        );
        for (reason, times) in reasons {
            println!("     {times:5} {reason}");
        }
        // Where nothing works on either side all would agree.
        let mut holds = *differing == 0 && *same > 0;
        let least = if count >= MANY { READABLE_PERCENT } else { READABLE_PERCENT / 2 };
        if percent < least {
            println!("fewer than {least} % are readable");
            holds = false;
        }
        if count >= MANY {
            for reason in values::REASONS {
                if reasons.get(*reason).is_none_or(|times| *times < EACH_REASON) {
                    println!("fewer than {EACH_REASON} times {reason}");
                    holds = false;
                }
            }
            for (reason, why) in NEVER_MET {
                println!("     never {reason}: {why}");
            }
        }
        holds
    }
}

impl Ground {
    async fn serve() -> Result<Self, Error> {
        let (page, api, beside) = (Port::free().await?, Port::free().await?, Port::free().await?);
        let on = On {
            page: page.url("localhost"),
            second: String::new(),
            api: api.url("localhost"),
            beside: beside.url("localhost"),
        };
        let stranger = page.url("127.0.0.1");
        let server = Server::new([
            (on.page.clone(), "page"),
            (stranger.clone(), "stranger"),
            (on.api.clone(), "api"),
            (on.beside.clone(), "beside"),
        ]);
        page.serve(app::pages());
        api.serve(server.router("api"));
        beside.serve(server.router("beside"));
        Ok(Self { on, stranger, server })
    }
}
