//! Clones, axum, hyper, and policies chosen for each request.

use std::{convert::Infallible, future::ready, hint::black_box};

use axum::{Router, routing::get};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use tower::{Layer, Service};
use tower_cors::{AsyncPerRequestLayer, PerRequestLayer};

use super::{
    Build, Contender, NEAR, Scenario, Target, allowed, answering, app, expectation, grouped,
    preflight,
};
use crate::{
    limit::LimitLayer,
    policies::{Compared, ManyOrigins, OneOrigin},
    request::{Head, ORIGIN},
    subject::{Answer, Answering, BODY, Cloned, Connection, Expect, Repeating, Subject},
};

pub(super) fn clones() -> Vec<Scenario> {
    fn clone<T: Clone + 'static>(value: T) -> Option<Box<dyn Subject>> {
        Some(Box::new(Repeating::new(move || drop(black_box(value.clone())))))
    }
    let service = |count: usize| Scenario {
        name: format!("clone and drop the service, {} origins", grouped(count)),
        target: Target::AtMost(50),
        build: Box::new(move |contender| {
            let policy = ManyOrigins::new(count);
            match contender {
                Contender::Bare => clone(app()),
                Contender::Limit => clone(LimitLayer(policy).layer(app())),
                Contender::Ours => clone(policy.ours().layer(app())),
                Contender::Theirs => clone(policy.theirs().layer(app())),
            }
        }),
    };
    vec![
        service(10),
        service(1_000),
        Scenario {
            name: "clone and drop the layer, 1,000 origins".into(),
            target: Target::AtMost(50),
            build: Box::new(|contender| {
                let policy = ManyOrigins::new(1_000);
                match contender {
                    Contender::Bare => None,
                    Contender::Limit => clone(LimitLayer(policy)),
                    Contender::Ours => clone(policy.ours()),
                    Contender::Theirs => clone(policy.theirs()),
                }
            }),
        },
        Scenario {
            name: "clone and drop the policy, 1,000 origins".into(),
            target: Target::AtMost(50),
            build: Box::new(|contender| match contender {
                Contender::Ours => clone(ManyOrigins::new(1_000).ours().build().expect("a policy")),
                _ => None,
            }),
        },
    ]
}

pub(super) fn through_axum() -> Vec<Scenario> {
    fn routes() -> Router {
        Router::new().route("/things/{id}", get(async || BODY))
    }
    fn layered<P: Compared>(contender: Contender, policy: P) -> Router {
        match contender {
            Contender::Bare => routes(),
            Contender::Limit => routes().layer(LimitLayer(policy)),
            Contender::Ours => routes().layer(policy.ours()),
            Contender::Theirs => routes().layer(policy.theirs()),
        }
    }
    fn subject(contender: Contender, router: Router, answer: Answer) -> Option<Box<dyn Subject>> {
        let head = Head::get().from(&ManyOrigins::hit(1_000));
        let expect = expectation(contender, answer);
        let body: fn() -> axum::body::Body = axum::body::Body::empty;
        Some(Box::new(Answering::new(Cloned(router), head, body, expect)))
    }
    let origin = ManyOrigins::hit(1_000);
    let answer = Answer::new(
        200,
        &[
            ("access-control-allow-origin", &origin),
            ("content-length", "23"),
            ("content-type", "text/plain; charset=utf-8"),
            ("vary", "Origin"),
        ],
        BODY,
    );
    let other = answer.clone();
    let connection = |count: usize| Scenario {
        name: format!("axum, a connection, {} origins", grouped(count)),
        target: NEAR,
        build: Box::new(move |contender| {
            let router = layered(contender, ManyOrigins::new(count));
            Some(Box::new(Repeating::new(move || {
                drop(black_box(router.clone().with_state::<()>(())));
            })))
        }),
    };
    vec![
        connection(10),
        connection(1_000),
        Scenario {
            name: "axum, a request, 1,000 origins".into(),
            target: NEAR,
            build: Box::new(move |contender| {
                let router = layered(contender, ManyOrigins::new(1_000)).with_state(());
                subject(contender, router, answer.clone())
            }),
        },
        Scenario {
            name: "axum, a request, without `with_state`".into(),
            target: NEAR,
            build: Box::new(move |contender| {
                subject(contender, layered(contender, ManyOrigins::new(1_000)), other.clone())
            }),
        },
    ]
}

pub(super) fn per_request() -> Vec<Scenario> {
    let head = || Head::get().from(ORIGIN);
    let answer = allowed(ORIGIN, &[]);
    let row =
        |name: &str, build: Build| Scenario { name: name.to_owned(), target: Target::Free, build };
    let other = answer.clone();
    vec![
        row(
            "a policy for each request",
            Box::new(move |contender| {
                let expect = expectation(contender, answer.clone());
                let policy = OneOrigin.ours().build().expect("a policy");
                match contender {
                    Contender::Bare => answering(app(), head(), expect),
                    Contender::Limit => {
                        answering(LimitLayer(OneOrigin).layer(app()), head(), expect)
                    }
                    Contender::Ours => {
                        let layer = PerRequestLayer::new(move |_| Some(policy.clone()));
                        answering(layer.layer(app()), head(), expect)
                    }
                    Contender::Theirs => None,
                }
            }),
        ),
        row(
            "an awaited policy for each request",
            Box::new(move |contender| {
                let expect = expectation(contender, other.clone());
                let policy = OneOrigin.ours().build().expect("a policy");
                match contender {
                    Contender::Bare => answering(app(), head(), expect),
                    Contender::Limit => {
                        answering(LimitLayer(OneOrigin).layer(app()), head(), expect)
                    }
                    Contender::Ours => {
                        let layer = AsyncPerRequestLayer::new(move |_| ready(Some(policy.clone())));
                        answering(layer.layer(app()), head(), expect)
                    }
                    Contender::Theirs => None,
                }
            }),
        ),
    ]
}

pub(super) fn through_hyper() -> Vec<Scenario> {
    fn row(name: &str, head: fn() -> Head, answer: Answer) -> Scenario {
        Scenario {
            name: name.to_owned(),
            target: NEAR,
            build: Box::new(move |contender| {
                let expect = expectation(contender, answer.clone());
                match contender {
                    Contender::Bare => served(app(), head(), expect),
                    Contender::Limit => served(LimitLayer(OneOrigin).layer(app()), head(), expect),
                    Contender::Ours => served(OneOrigin.ours().layer(app()), head(), expect),
                    Contender::Theirs => served(OneOrigin.theirs().layer(app()), head(), expect),
                }
            }),
        }
    }
    vec![
        row("hyper, a request", || Head::get().from(ORIGIN), allowed(ORIGIN, &[])),
        row(
            "hyper, a preflight",
            || Head::preflight(ORIGIN, "GET"),
            preflight(200, "OK", &[("access-control-allow-origin", ORIGIN)]),
        ),
    ]
}

fn served<S, B>(service: S, head: Head, expect: Expect) -> Option<Box<dyn Subject>>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + 'static,
    B: Body<Data = Bytes, Error = Infallible> + 'static,
{
    Some(Box::new(Connection::new(service, &head, expect)))
}
