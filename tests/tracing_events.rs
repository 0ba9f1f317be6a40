//! Proves the events of the feature `tracing`: one for each refusal with its fields escaped, none
//! for what is no refusal, nothing put together that nobody listens to, and what start-up says.
#![cfg(feature = "tracing")]

mod common;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use common::*;
use http::StatusCode;
use tower::Layer;
use tower_cors::{
    Any, AsyncPerRequestLayer, CorsLayer, EnforceOrigin, InnerHeaders, PerRequestLayer, Risk,
    Severity,
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::with_default,
};

/// An event's level, target and fields.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    level: Level,
    target: String,
    fields: BTreeMap<String, String>,
}

/// Keeps the events of one test up to a level.
#[derive(Clone)]
struct Listener {
    seen: Arc<Mutex<Vec<Seen>>>,
    level: Level,
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn event(&self, event: &Event<'_>) {
        struct Fields(BTreeMap<String, String>);

        impl Visit for Fields {
            fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
                self.0.insert(field.name().to_owned(), format!("{value:?}"));
            }

            fn record_str(&mut self, field: &Field, value: &str) {
                self.0.insert(field.name().to_owned(), value.to_owned());
            }
        }

        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        self.seen.lock().unwrap().push(Seen {
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            fields: fields.0,
        });
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The events while something runs, for a listener up to a level.
fn listen(level: Level, run: impl FnOnce()) -> Vec<Seen> {
    let listener = Listener { seen: Arc::default(), level };
    with_default(listener.clone(), run);
    let seen = listener.seen.lock().unwrap();
    seen.clone()
}

/// The events of one request to a policy that nobody asked before; it is built beforehand.
fn events(layer: &CorsLayer, asked: &[&str]) -> Vec<Seen> {
    let layer = CorsLayer::from(layer.build().unwrap().config().clone());
    let layer = &layer;
    let _ = layer.build().unwrap();
    listen(Level::TRACE, || drop(through(layer, asked, &["200"])))
}

#[track_caller]
fn one(events: Vec<Seen>, fields: &[(&str, &str)]) {
    let [event] = &events[..] else { panic!("not one event: {events:?}") };
    assert_eq!((event.level, &*event.target), (Level::WARN, "tower_cors"));
    let expected: BTreeMap<String, String> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(event.fields, expected);
}

#[test]
fn a_refused_preflight_is_one_event() {
    one(
        events(
            &one_origin(),
            &[
                "OPTIONS /",
                "origin: http://a.example",
                "ac-request-method: PUT",
                "ac-request-headers: x-a, x-b",
                "ac-request-headers: x-c",
            ],
        ),
        &[
            ("message", "preflight refused"),
            ("path", "/"),
            ("origin", "http://a.example"),
            ("method", "PUT"),
            ("headers", "x-a, x-b, x-c"),
            ("reasons", "origin, method, headers"),
            ("nearest", "https://a.example"),
            (
                "fix",
                "allow_origins = [\"https://a.example\", \"http://a.example\"]; allow_methods = [\"GET\", \"PUT\"]; allow_headers = [\"x-a\", \"x-b\", \"x-c\"]",
            ),
        ],
    );
    one(
        events(&one_origin(), &["OPTIONS /", A, GET, "ac-request-private-network: true"]),
        &[
            ("message", "preflight refused"),
            ("path", "/"),
            ("origin", "https://a.example"),
            ("method", "GET"),
            ("reasons", "private-network"),
        ],
    );
}

#[test]
fn a_withheld_response_is_one_event() {
    one(
        events(&one_origin(), &["POST /", "origin: https://www.a.example"]),
        &[
            ("message", "origin not allowed, so the browser hides the response"),
            ("path", "/"),
            ("origin", "https://www.a.example"),
            ("method", "POST"),
            ("reasons", "origin"),
            ("nearest", "https://a.example"),
            ("fix", "allow_origins = [\"https://a.example\", \"https://www.a.example\"]"),
        ],
    );
    one(
        events(&one_origin(), &["GET /", A, B]),
        &[
            ("message", "origin not allowed, so the browser hides the response"),
            ("path", "/"),
            ("origin", "(several)"),
            ("method", "GET"),
            ("reasons", "origin"),
        ],
    );
}

#[test]
fn an_enforced_refusal_is_one_event() {
    let enforced = one_origin().enforce_origin(EnforceOrigin::AllRequests);
    one(
        events(&enforced, &["POST /", "origin: http://a.example"]),
        &[
            ("message", "request refused"),
            ("path", "/"),
            ("origin", "http://a.example"),
            ("method", "POST"),
            ("reasons", "origin"),
            ("nearest", "https://a.example"),
        ],
    );
    let sockets = one_origin().enforce_origin(EnforceOrigin::WebSockets);
    let events = events(&sockets, &["GET /", B, "upgrade: websocket"]);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].fields["message"], "request refused");
}

/// A page of the request's own host needs no CORS, so nobody refuses it anything.
#[test]
fn what_is_no_refusal_is_no_event() {
    let refused_diagnosed = one_origin().browser_diagnostics(true);
    for asked in [
        &["GET /"][..],
        &["GET /", A],
        &["OPTIONS /", A, GET],
        &["OPTIONS /"],
        &["POST /", "host: b.example", B],
        &["POST /", "host: other.example", B, "sec-fetch-site: same-origin"],
        &["POST https://b.example/", B],
        &["POST /", "host: other.example", A, B, "sec-fetch-site: same-origin"],
        &["CONNECT b.example:443"],
    ] {
        assert_eq!(events(&one_origin(), asked), [], "{asked:?}");
        assert_eq!(events(&refused_diagnosed, asked), [], "{asked:?}");
    }
    let any = CorsLayer::new().allow_origins(Any);
    assert_eq!(events(&any, &["GET /", B]), []);
    // With the diagnostics a refusal is one all the same.
    let asked = ["OPTIONS /", A, "ac-request-method: PUT"];
    assert_eq!(events(&refused_diagnosed, &asked).len(), 1);
}

#[test]
fn per_request_layers_make_the_same_events() {
    let policy = one_origin().build().unwrap();
    let chosen = policy.clone();
    let immediate =
        PerRequestLayer::new(move |head| (head.uri.path() != "/none").then(|| chosen.clone()));
    let awaited = AsyncPerRequestLayer::new(move |head| {
        let policy = (head.uri.path() != "/none").then(|| policy.clone());
        async { policy }
    });
    for (path, count) in [("/", 1), ("/none", 0)] {
        let asked = [&format!("GET {path}"), B];
        let seen = listen(Level::TRACE, || drop(through(&immediate, &asked, &["200"])));
        assert_eq!(seen.len(), count);
        let seen = listen(Level::TRACE, || {
            drop(call(&mut awaited.layer(Spy::new(&["200"])), request(&asked)));
        });
        assert_eq!(seen.len(), count);
    }
}

/// CVE-2024-1681: whatever a request says is escaped, and cut so that nobody can fill a log.
#[test]
fn what_a_request_says_is_escaped_and_cut() {
    let long = "\u{ff}".repeat(60_000);
    for hostile in ["\u{85}2026-01-01 INFO all is well", "\u{9b}2J", "\"\\", "\t", &long] {
        let mut asked = vec!["OPTIONS /".to_owned()];
        asked.push(format!("origin: {hostile}"));
        asked.push(format!("ac-request-method: {hostile}"));
        asked.extend((0..100).map(|_| format!("ac-request-headers: {hostile}")));
        let asked: Vec<_> = asked.iter().map(String::as_str).collect();
        let events = events(&one_origin(), &asked);
        assert_eq!(events.len(), 1);
        for (name, text) in &events[0].fields {
            assert!(text.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{name} {text:?}");
            assert!(text.len() < 20_000, "{name} {}", text.len());
        }
    }
}

/// A predicate sees each look-up: with a listener the nearest origin takes a fixed number of them,
/// without one there are none.
#[test]
fn the_nearest_is_looked_up_only_for_a_listener() {
    let count = Arc::new(AtomicUsize::new(0));
    let asked = count.clone();
    let listed: Vec<_> = (0..1000).map(|number| format!("https://o{number}.example")).collect();
    let layer = CorsLayer::new().allow_origins(listed).allow_origin_if(move |_| {
        asked.fetch_add(1, Ordering::SeqCst);
        false
    });
    let _ = layer.build().unwrap();
    for (rows, most) in [
        (&["OPTIONS /", "origin: http://no.example:1", GET][..], 6),
        (&["GET /", "origin: http://no.example:1"], 6),
    ] {
        let look_ups = |level: Option<Level>| {
            count.store(0, Ordering::SeqCst);
            let run = || drop(through(&layer, rows, &["200"]));
            match level {
                Some(level) => drop(listen(level, run)),
                None => run(),
            }
            count.load(Ordering::SeqCst)
        };
        assert_eq!(look_ups(None), 1, "{rows:?}");
        assert_eq!(look_ups(Some(Level::ERROR)), 1, "{rows:?}");
        let listened = look_ups(Some(Level::DEBUG));
        assert!(listened > 1 && listened <= most, "{rows:?} {listened}");
    }
}

/// The first refusal of each of the first 32 origins is a warning, then one a minute; all others are
/// at level debug, so that nobody can fill a log.
#[test]
fn the_first_refusal_of_each_origin_is_a_warning() {
    let layer = one_origin();
    let _ = layer.build().unwrap();
    let ask =
        |origin: &str| drop(through(&layer, &["GET /", &format!("origin: {origin}")], &["200"]));
    let levels = |seen: Vec<Seen>| seen.iter().map(|seen| seen.level).collect::<Vec<_>>();
    let seen = listen(Level::TRACE, || {
        for _ in 0..3 {
            (0..40).for_each(|number| ask(&format!("https://o{number}.example")));
        }
    });
    assert_eq!(seen.len(), 120);
    // 32 origins, each once.
    let warned: Vec<_> = levels(seen).into_iter().map(|level| level == Level::WARN).collect();
    assert_eq!(warned, (0..120).map(|number| number < 32).collect::<Vec<_>>());
    for level in [Level::INFO, Level::WARN, Level::ERROR] {
        assert_eq!(listen(level, || ask("https://o1.example")), [], "{level}");
    }
}

/// The count of what was left out comes with the next warning.
#[test]
fn a_listener_of_errors_hears_no_refusal() {
    let layer = one_origin();
    let _ = layer.build().unwrap();
    assert_eq!(listen(Level::ERROR, || drop(through(&layer, &["GET /", B], &["200"]))), []);
}

#[test]
fn a_refused_host_is_one_event() {
    one(
        events(&one_origin().allow_hosts("api.example"), &["GET /x", "host: evil.example"]),
        &[
            ("message", "host refused"),
            ("path", "/x"),
            ("origin", "(none)"),
            ("method", "GET"),
            ("reasons", "host"),
            ("fix", "allow_hosts = [\"api.example\", \"evil.example\"]"),
        ],
    );
}

#[test]
fn what_is_only_reported_is_not_called_refused() {
    let layer = one_origin()
        .allow_hosts("api.example")
        .enforce_origin(EnforceOrigin::StateChanging)
        .report_only(true);
    let message = |asked: &[&str]| match &events(&layer, asked)[..] {
        [event] => event.fields["message"].clone(),
        events => panic!("{events:?}"),
    };
    assert_eq!(
        message(&["GET /", "host: evil.example"]),
        "host would be refused, report_only lets it pass"
    );
    assert_eq!(
        message(&["POST /", "host: api.example", B]),
        "request would be refused, report_only lets it pass"
    );
}

// Start-up

#[test]
fn start_up_says_each_warning_and_note_once() {
    let layer = CorsLayer::new()
        .allow_origins(["http://a.example", "http://b.example", "null"])
        .allow_credentials(true)
        .tolerate(Risk::NullOrigin)
        .allow_headers(["Cookie"])
        .max_age(Duration::from_secs(100_000));
    let said = listen(Level::TRACE, || drop(layer.build().unwrap()));
    let policy = layer.build().unwrap();
    let text = |seen: &Seen| (seen.level, seen.fields["message"].clone());
    let expected: Vec<_> = policy
        .diagnostics()
        .iter()
        .map(|diagnostic| match diagnostic.severity() {
            Severity::Warning => (Level::WARN, diagnostic.to_string()),
            _ => (Level::INFO, diagnostic.to_string()),
        })
        .collect();
    // First of all the effective policy.
    assert_eq!(text(&said[0]), (Level::INFO, "CORS policy".to_owned()));
    assert_eq!(said[1..].iter().map(text).collect::<Vec<_>>(), expected);
    let levels: Vec<_> = expected.iter().map(|(level, _)| *level).collect();
    let (warn, info) = (Level::WARN, Level::INFO);
    // Two pages that are not encrypted; `null` is tolerated, a header and an age have no effect.
    assert_eq!(levels, [warn, warn, info, info, info], "{expected:?}");
    assert!(said.iter().all(|seen| seen.target == "tower_cors"));

    // Building again, serving it, and taking the policy back say nothing anew.
    let again = listen(Level::TRACE, || {
        let policy = layer.build().unwrap();
        let _ = layer.clone().layer(());
        let _ = CorsLayer::from(policy).layer(());
    });
    assert_eq!(again, []);
}

#[test]
fn start_up_says_the_effective_policy() {
    let listed: Vec<_> = (0..10).map(|number| format!("https://o{number}.example")).collect();
    let layer = CorsLayer::new().allow_origins(listed).allow_credentials(true);
    let said = listen(Level::TRACE, || drop(layer.build().unwrap()));
    let [policy] = &said[..] else { panic!("{said:?}") };
    assert_eq!((policy.level, &*policy.fields["message"]), (Level::INFO, "CORS policy"));
    assert!(policy.fields["origins"].ends_with("https://o7.example, and 2 more"), "{policy:?}");
    assert_eq!(policy.fields["credentials"], "true");
    assert_eq!(policy.fields["methods"], "GET");
    // What is not set is not said.
    let guards = ["hosts", "report_only", "inner_headers", "private_network", "preflight_status"];
    assert!(guards.iter().all(|guard| !policy.fields.contains_key(*guard)), "{policy:?}");
    let layer = layer
        .allow_hosts(["api.example.com", "localhost:8000"])
        .enforce_origin(EnforceOrigin::AllRequests)
        .report_only(true)
        .inner_headers(InnerHeaders::Keep)
        .allow_private_network(true)
        .preflight_status(StatusCode::NO_CONTENT);
    let said = listen(Level::TRACE, || drop(layer.build().unwrap()));
    let fields: Vec<_> = guards.iter().map(|guard| &*said[0].fields[*guard]).collect();
    assert_eq!(fields, ["api.example.com, localhost:8000", "true", "Keep", "true", "204"]);
    // A failed build says it all in its error.
    let wrong = CorsLayer::new().allow_origins(["https://a.example/"]);
    assert_eq!(listen(Level::TRACE, || drop(wrong.build().unwrap_err())), []);
}

/// The filter that people write.
#[test]
fn the_target_can_be_filtered() {
    use std::io::{self, Write};
    use tracing_subscriber::EnvFilter;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    for (filter, lines) in [
        ("tower_cors=debug", 1),
        ("tower_cors=warn", 1),
        ("tower_cors=error", 0),
        ("other=trace", 0),
    ] {
        let layer = one_origin();
        let _ = layer.build().unwrap();
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(filter))
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        with_default(subscriber, || drop(through(&layer, &["GET /", B], &["200"])));
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.lines().count(), lines, "{filter}: {log}");
        if lines == 1 {
            let said = [r#"origin="https://b.example""#, r#"method="GET""#, r#"reasons="origin""#];
            assert!(said.iter().all(|said| log.contains(said)), "{log}");
        }
    }
}
