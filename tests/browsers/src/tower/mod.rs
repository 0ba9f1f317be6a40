//! The cases through `tower-browser`: the same script of a page, over a `Page` of an engine.
//!
//! | file | holds |
//! | --- | --- |
//! | script.rs | the page: its script in a small JavaScript engine |
//! | wire.rs | requests of a `Page` on their way to the servers of a case |
//! | left_out.rs | the cases that `tower-browser` does not claim, each with its reason |
//! | ../../page/tower.js | what such a page has of a browser |

mod left_out;
mod script;
mod wire;

use std::collections::BTreeMap;

pub use self::script::evaluate;
use self::{
    left_out::{known_to_differ, left_out},
    wire::Wire,
};
use crate::{
    Error,
    case::{Case, From, Row, What},
    engine::Engine,
    record::Record,
    scene::{Came, Ground, globals},
};

/// A row through a `Page` of an engine.
async fn run(engine: Engine, row: &Row, ground: &Ground) -> Result<Came, Error> {
    let set = ground.set(row).await?;
    let mut pages = Vec::new();
    for visit in &row.visits {
        let address = ground.address(visit, &set);
        // What a browser asks the page's server for; only that of `api` keeps a log.
        let opens: &[_] =
            if matches!(visit.from, From::Api | From::Rebound) { &["/", "/page.js"] } else { &[] };
        let source = visit.source.to_owned();
        let (got, _) = evaluate(engine, &address, opens, source, &globals(&set)).await?;
        pages.push(got);
    }
    // The lines of another process come by a pipe.
    tokio::time::sleep(set.lag()).await;
    Ok(set.came(pages))
}

/// The figures of an engine.
#[derive(Default)]
struct Count {
    same: usize,
    known: Vec<(&'static str, &'static str)>,
    differing: Vec<&'static str>,
    left_out: BTreeMap<&'static str, Vec<&'static str>>,
}

/// All cases through a `Page`, compared with what an engine was recorded to do. Says whether all is
/// the same.
pub async fn compare(engine: Engine, cases: &[Case], ground: &Ground) -> Result<bool, Error> {
    let record = Record::read(engine)?;
    let mut count = Count::default();
    for case in cases {
        let reason = match &case.what {
            What::Row(_) => left_out(case.name),
            What::Scene { .. } => Some("the playground's own page"),
        };
        let unplayable = case.unplayable.filter(|(unable, _)| *unable == engine);
        if let Some(reason) = reason.or(unplayable.map(|(_, reason)| reason)) {
            count.left_out.entry(reason).or_default().push(case.name);
            continue;
        }
        let What::Row(row) = &case.what else { continue };
        let difference = match (record.of(case.name), run(engine, row, ground).await) {
            (None, _) => Some("is not recorded".to_owned()),
            (_, Err(error)) => Some(format!("failed: {error}")),
            (Some(seen), Ok(came)) => difference(seen, &came, row),
        };
        match (difference, known_to_differ(engine, case.name)) {
            (None, None) => count.same += 1,
            (Some(_), Some(reason)) => count.known.push((case.name, reason)),
            (None, Some(_)) => {
                println!("{engine}: {} is the same; it may go from the known ones", case.name);
                count.differing.push(case.name);
            }
            (Some(text), None) => {
                println!("differs {engine:8} {}\n     {text}", case.name);
                count.differing.push(case.name);
            }
        }
    }
    let left_out: usize = count.left_out.values().map(Vec::len).sum();
    println!(
        "{engine}: {} of {} cases as {}; {left_out} not compared",
        count.same,
        count.same + count.known.len() + count.differing.len(),
        record.versions,
    );
    for (name, reason) in &count.known {
        println!("     {name} is known to differ: {engine} {reason}");
    }
    for (reason, names) in &count.left_out {
        println!("     {reason}: {}", names.join(", "));
    }
    Ok(count.differing.is_empty())
}

/// What a `Page` made of a row and an engine did not.
fn difference(engine: &Came, page: &Came, row: &Row) -> Option<String> {
    // Requests that a script sends at once arrive in any order.
    let at_once = row.visits.iter().any(|visit| visit.source.contains("Promise.all"));
    let ordered = |came: &Came| {
        let mut came = came.clone();
        if at_once {
            came.server.sort();
            came.beside.sort();
        }
        came
    };
    let (engine, page) = (ordered(engine), ordered(page));
    (engine != page).then(|| format!("engine {engine:?}\n     page   {page:?}"))
}
