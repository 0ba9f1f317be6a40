//! Requests under `enforce_origin` and `allow_hosts`. tower-http has neither, so it is not in these rows.

use super::{Build, Contender, NEAR, Scenario, Target, allowed, answering, app, refused};
use crate::{
    limit::LimitLayer,
    policies::{Compared, Enforced, Guarded},
    request::{Head, ORIGIN, STRANGER},
    subject::{Answer, Expect},
};

use tower::Layer;

pub(super) fn enforced() -> Vec<Scenario> {
    const METADATA: (&str, &str) =
        ("vary", "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest");
    const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");
    let own = || fetch("same-origin", "cors", "empty");
    let listed = || Head::get().from(ORIGIN);
    let grant = allowed(ORIGIN, &[CREDENTIALS, METADATA]);
    let passed = refused(&[METADATA]);
    let stopped = Answer::new(
        403,
        &[("cache-control", "no-store"), ("content-type", "text/plain; charset=utf-8"), METADATA],
        "Disallowed CORS origin",
    );
    vec![
        row("enforced: a listed origin", NEAR, Enforced, listed, grant.clone()),
        row("enforced: its own page, no Origin", NEAR, Enforced, own, passed.clone()),
        row(
            "enforced: its own page, with Origin",
            NEAR,
            Enforced,
            move || own().from("https://api.example.com"),
            passed.clone(),
        ),
        row(
            "enforced: a navigation",
            NEAR,
            Enforced,
            || fetch("cross-site", "navigate", "document"),
            passed.clone(),
        ),
        row("enforced: no browser", NEAR, Enforced, no_browser, passed.clone()),
        row("enforced, hosts: a listed origin", NEAR, Guarded, listed, grant),
        row("enforced, hosts: its own page, no Origin", NEAR, Guarded, own, passed),
        row(
            "enforced: a stranger, refused",
            Target::Free,
            Enforced,
            || Head::get().from(STRANGER),
            stopped,
        ),
    ]
}

fn fetch(site: &str, mode: &str, destination: &str) -> Head {
    let names = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"];
    let head = names.into_iter().fold(Head::get(), |head, name| head.without(name));
    let fields = names.into_iter().zip([site, mode, destination]);
    fields.fold(head, |head, (name, value)| head.with(name, value))
}

fn no_browser() -> Head {
    let names = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"];
    names.into_iter().fold(Head::get(), |head, name| head.without(name))
}

fn row<P: Compared + Copy + Sync>(
    name: &str,
    target: Target,
    policy: P,
    head: impl Fn() -> Head + Sync + 'static,
    answer: Answer,
) -> Scenario {
    let build: Build = Box::new(move |contender| {
        let (head, expect) = (head(), Expect::Same(answer.clone()));
        match contender {
            Contender::Bare => answering(app(), head, Expect::Status(200)),
            Contender::Limit => answering(LimitLayer(policy).layer(app()), head, expect),
            Contender::Ours => answering(policy.ours().layer(app()), head, expect),
            Contender::Theirs => None,
        }
    });
    Scenario { name: name.to_owned(), target, build }
}
