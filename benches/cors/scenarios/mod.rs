//! The rows of the table.

mod actual;
mod around;
mod enforced;
mod hostile;
mod preflights;

use std::fmt::Debug;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Empty;
use tower::{Layer, Service};

pub(crate) use actual::many_origins;
pub(crate) use hostile::{hostile_lists, hostile_origins};

use crate::{
    limit::LimitLayer,
    policies::Compared,
    request::Head,
    subject::{Answer, Answering, App, BODY, Expect, JSON, Subject},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contender {
    Bare,
    Limit,
    Ours,
    Theirs,
}

impl Contender {
    pub(crate) const ALL: [Contender; 4] =
        [Contender::Bare, Contender::Limit, Contender::Ours, Contender::Theirs];
}

/// What this crate may cost, in instructions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// That many times what the limit takes in total.
    OfLimit(f64),
    /// So many for each byte of the list that is asked for, beyond [`SHORT_LIST`].
    PerByte(f64, usize),
    /// So many in all.
    AtMost(u64),
    /// None is set.
    Free,
}

/// What a preflight may cost, beyond the bare service, that asks for a short list.
pub(crate) const SHORT_LIST: f64 = 2_500.0;

type Build = Box<dyn Fn(Contender) -> Option<Box<dyn Subject>> + Sync>;

pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) target: Target,
    build: Build,
}

impl Scenario {
    /// `None` if the contender has no such thing.
    pub(crate) fn subject(&self, contender: Contender) -> Option<Box<dyn Subject>> {
        (self.build)(contender)
    }

    /// The same, after something was done to the whole program; the name gets an addition.
    pub(crate) fn after(self, addition: &str, prepare: fn()) -> Scenario {
        let build: Build = Box::new(move |contender| {
            prepare();
            (self.build)(contender)
        });
        Scenario { name: self.name + addition, target: self.target, build }
    }
}

pub(crate) fn all() -> Vec<Scenario> {
    let mut rows = actual::actual();
    rows.extend(enforced::enforced());
    rows.extend(preflights::preflights());
    rows.extend(hostile::hostile());
    rows.extend(around::clones());
    rows.extend(around::through_axum());
    rows.extend(around::per_request());
    rows.extend(around::through_hyper());
    rows
}

const TIGHT: Target = Target::OfLimit(1.05);
const NEAR: Target = Target::OfLimit(1.10);
const REGEX: Target = Target::OfLimit(1.12);
const FLAT: Target = Target::OfLimit(1.15);

/// 100,000 as people write it.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index != 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn app() -> App {
    App(&JSON)
}

pub(crate) fn size(length: usize) -> String {
    if length >= 1024 { format!("{} KiB", length / 1024) } else { format!("{length} B") }
}

/// A row for requests to one policy over one application.
fn answers<P: Compared>(
    name: &str,
    target: Target,
    policy: impl Fn() -> P + Sync + 'static,
    app: impl Fn() -> App + Sync + 'static,
    head: impl Fn() -> Head + Sync + 'static,
    answer: Answer,
) -> Scenario {
    let build: Build = Box::new(move |contender| {
        let (policy, app, head) = (policy(), app(), head());
        let expect = expectation(contender, answer.clone());
        match contender {
            Contender::Bare => answering(app, head, expect),
            Contender::Limit => answering(LimitLayer(policy).layer(app), head, expect),
            Contender::Ours => answering(policy.ours().layer(app), head, expect),
            Contender::Theirs => answering(policy.theirs().layer(app), head, expect),
        }
    });
    Scenario { name: name.to_owned(), target, build }
}

fn answering<S, B>(service: S, head: Head, expect: Expect) -> Option<Box<dyn Subject>>
where
    S: Service<Request<Empty<Bytes>>, Response = Response<B>, Error: Debug> + 'static,
    B: Body<Data = Bytes, Error: Debug> + 'static,
{
    Some(Box::new(Answering::new(service, head, Empty::new, expect)))
}

/// The limit and this crate give the same answer to the last header. tower-http never refuses a preflight.
fn expectation(contender: Contender, answer: Answer) -> Expect {
    match contender {
        Contender::Bare => Expect::Status(200),
        Contender::Limit | Contender::Ours => Expect::Same(answer),
        Contender::Theirs => {
            let origin = answer.header("access-control-allow-origin").map(str::to_owned);
            Expect::Allows(200, origin)
        }
    }
}

/// The answer to an actual request of an origin that is allowed; `headers` replaces or adds.
fn allowed(origin: &str, headers: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("access-control-allow-origin", origin)];
    fields.extend(headers);
    refused(&fields)
}

fn refused(headers: &[(&str, &str)]) -> Answer {
    let usual = [("content-type", "application/json"), ("vary", "Origin")];
    Answer::new(200, &merged(&usual, headers), BODY)
}

/// The answer to a preflight under the default settings; `headers` replaces or adds.
fn preflight(status: u16, body: &str, headers: &[(&str, &str)]) -> Answer {
    let usual = [
        ("access-control-allow-headers", "Accept, Accept-Language, Content-Language, Content-Type"),
        ("access-control-allow-methods", "GET"),
        ("access-control-max-age", "600"),
        ("content-type", "text/plain; charset=utf-8"),
        (
            "vary",
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
             Access-Control-Request-Private-Network",
        ),
    ];
    Answer::new(status, &merged(&usual, headers), body)
}

fn merged<'a>(
    usual: &[(&'a str, &'a str)],
    headers: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let replaced = |name: &str| headers.iter().any(|(other, _)| *other == name);
    usual.iter().filter(|(name, _)| !replaced(name)).chain(headers).copied().collect()
}
