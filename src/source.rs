//! `Source`: where the policy of a request comes from; `decide`: what becomes of the request.

use std::{fmt, sync::Arc};

use http::{HeaderName, Method, Request, request::Parts};

use crate::policy::{
    CorsPolicy,
    decision::{Answer, Decoration, vary_on_choice},
    request::{Head, PreflightRequest},
    rules::stopped,
};

/// One policy for all requests, or one chosen for each.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Fixed(CorsPolicy),
    Chosen(Arc<Choose>),
}

/// A closure that picks the policy, and the request headers that it reads.
#[derive(Clone)]
pub(crate) struct Choose {
    pub(crate) pick: Arc<Pick>,
    pub(crate) vary: Choice,
}

pub(crate) type Pick = dyn Fn(&Parts) -> Option<CorsPolicy> + Send + Sync;

/// What the choice of a policy depends on beside Origin; `None` for nothing.
pub(crate) type Choice = Option<Arc<[HeaderName]>>;

/// Adds names to a choice.
pub(crate) fn vary_also(choice: &mut Choice, names: impl IntoIterator<Item = HeaderName>) {
    *choice = Some(choice.iter().flat_map(|known| known.iter().cloned()).chain(names).collect());
}

/// What becomes of a request.
pub(crate) enum Decision {
    Answer(Answer),
    Forward(Decoration),
}

/// A preflight is answered with the memory of its own header map.
#[inline]
pub(crate) fn decide<B>(policy: &CorsPolicy, request: &mut Request<B>) -> Decision {
    let rules = policy.rules();
    if let Some(asked) = PreflightRequest::read(request.method(), request.headers()) {
        let preflight = rules.answer(&asked);
        #[cfg(feature = "tracing")]
        crate::events::preflight(policy, &asked, preflight.refusal());
        return Decision::Answer(preflight.write(rules, request.headers_mut()));
    }
    let head = Head::from(&*request);
    if rules.stops(head) {
        #[cfg(feature = "tracing")]
        crate::events::stopped(policy, head);
        return Decision::Answer(stopped());
    }
    // The answer to CONNECT is a tunnel's; it leaves as it came.
    if *head.method == Method::CONNECT {
        return Decision::Forward(Decoration::NONE);
    }
    let decoration = rules.actual(head.headers);
    #[cfg(feature = "tracing")]
    crate::events::actual(policy, head, &decoration);
    Decision::Forward(decoration)
}

/// `None` leaves the request alone; that it did so depends on what the choice reads, all the same.
pub(crate) fn decide_chosen<B>(
    policy: Option<&CorsPolicy>,
    choice: &Choice,
    request: &mut Request<B>,
) -> Decision {
    let mut decision = match policy {
        Some(policy) => decide(policy, request),
        None => Decision::Forward(Decoration::NONE),
    };
    match (&mut decision, choice) {
        (_, None) => {}
        (Decision::Answer(answer), Some(names)) => vary_on_choice(&mut answer.headers, names),
        (Decision::Forward(_), Some(_)) if *request.method() == Method::CONNECT => {}
        (Decision::Forward(decoration), Some(names)) => decoration.choice = Some(names.clone()),
    }
    decision
}

impl fmt::Debug for Choose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choose").field("pick", &"<fn>").field("vary", &self.vary).finish()
    }
}
