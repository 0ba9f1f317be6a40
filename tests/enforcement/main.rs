//! Proves who passes `enforce_origin` and `allow_hosts`: the rows of table.rs, held against the layer
//! and against the second writing of the rules that the law in fuzz/laws.rs uses.

mod advisories;
#[path = "../common/mod.rs"]
mod common;
#[path = "../../fuzz/enforcement.rs"]
mod enforcement;
#[path = "../../fuzz/grammar.rs"]
mod grammar;
mod sockets;
mod table;

use common::*;
use enforcement::{Guard, Level};
use http::Version;
use tower_cors::{CorsLayer, EnforceOrigin, Risk};

const ORIGINS: [&str; 3] = ["https://app.example", "https://*.app.example", "tauri://localhost"];
const OPEN: [&str; 2] = ["*", "*.vercel.app"];

const LEVELS: [(Level, EnforceOrigin); 3] = [
    (Level::WebSockets, EnforceOrigin::WebSockets),
    (Level::StateChanging, EnforceOrigin::StateChanging),
    (Level::AllRequests, EnforceOrigin::AllRequests),
];

struct Row {
    asked: Vec<String>,
    hosts: Vec<&'static str>,
    outcomes: [char; 3],
    text: &'static str,
}

impl Row {
    fn all() -> Vec<Self> {
        let rows = table::TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        rows.map(Self::read).collect()
    }

    fn read(text: &'static str) -> Self {
        let columns: Vec<_> = text.split(" | ").map(str::trim).collect();
        let [request, origin, fetch, host, hosts, outcomes, why] = columns[..] else {
            panic!("seven columns: {text}");
        };
        assert!(!why.is_empty(), "{text}");
        let (method, target) = request.split_once(' ').expect("a method and a target");
        let (method, upgrade): (_, &[&str]) = match method {
            "ws" => ("GET", &["websocket"]),
            "ws-upper-case" => ("GET", &["WebSocket"]),
            "ws-in-a-list" => ("GET", &["h2c, websocket"]),
            "ws-in-two-lines" => ("GET", &["h2c", "websocket"]),
            "ws2" => ("GET", &["websocket2"]),
            "ws-by-post" => ("POST", &["websocket"]),
            _ => (method, &[]),
        };
        let mut asked = vec![format!("{method} {target}")];
        asked.extend(upgrade.iter().map(|value| format!("upgrade: {value}")));
        let mut add = |name: &str, cell: &str| {
            let values = cell.split('&').filter(|value| *value != "-");
            asked.extend(values.map(|value| match value {
                "()" => format!("{name}: "),
                value => format!("{name}: {value}"),
            }));
        };
        add("origin", origin);
        let [site, mode, destination] = fetch.split(' ').collect::<Vec<_>>()[..] else {
            panic!("three Sec-Fetch headers: {text}");
        };
        add("sec-fetch-site", site);
        add("sec-fetch-mode", mode);
        add("sec-fetch-dest", destination);
        add("host", host);
        let outcomes: Vec<_> = outcomes.chars().collect();
        Self {
            asked,
            hosts: hosts.split(',').filter(|item| *item != "-").collect(),
            outcomes: outcomes.try_into().expect("three levels"),
            text,
        }
    }

    fn asked(&self) -> Vec<&str> {
        self.asked.iter().map(String::as_str).collect()
    }
}

#[test]
fn the_layer_decides_as_the_table_says() {
    let rows = Row::all();
    assert!(rows.len() >= 120, "{} rows", rows.len());
    for row in rows {
        for ((_, enforce), outcome) in LEVELS.into_iter().zip(row.outcomes) {
            let layer = CorsLayer::new()
                .allow_origins(ORIGINS)
                .allow_hosts(&row.hosts)
                .tolerate(Risk::AnyOrigin)
                .enforce_origin(enforce);
            let (response, calls) = through(&layer, &row.asked(), &["200"]);
            let status = match outcome {
                '+' => 200,
                '-' => 403,
                'h' => 400,
                other => panic!("{other} is no outcome: {}", row.text),
            };
            let found = (response.status().as_u16(), calls);
            assert_eq!(found, (status, usize::from(status == 200)), "{enforce:?}: {}", row.text);
            // The protocol version says nothing.
            let mut asked = request(&row.asked());
            *asked.version_mut() = Version::HTTP_2;
            let response = call(&mut around(&layer, &Spy::new(&["200"])), asked);
            assert_eq!(response.status().as_u16(), status, "HTTP/2, {enforce:?}: {}", row.text);
        }
        // Without enforcement no origin is refused.
        let nothing = CorsLayer::new().allow_origins(ORIGINS).tolerate(Risk::AnyOrigin);
        let (response, _) = through(&nothing.allow_hosts(&row.hosts), &row.asked(), &["200"]);
        let status = if row.outcomes == ['h'; 3] { 400 } else { 200 };
        assert_eq!(response.status().as_u16(), status, "{}", row.text);
    }
}

#[test]
fn the_second_writing_decides_as_the_table_says() {
    for row in Row::all() {
        let asked = request(&row.asked());
        for ((level, _), outcome) in LEVELS.into_iter().zip(row.outcomes) {
            let guard = Guard { level, origins: &ORIGINS, hosts: &row.hosts, open: &OPEN };
            let found = match (guard.refuses_host(&asked), guard.refuses_origin(&asked)) {
                (true, _) => 'h',
                (_, true) => '-',
                _ => '+',
            };
            assert_eq!(found, outcome, "{level:?}: {}", row.text);
        }
    }
}
