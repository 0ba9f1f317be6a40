//! `Source`: where the policy of a request comes from; `decide`: what becomes of the request.

use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, Method, Request, request::Parts};

use crate::policy::{
    CorsPolicy,
    decision::{Answer, Choice, Decoration, vary_on_choice},
    request::{Head, PreflightRequest},
    rules::{Preflight, forbid},
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

/// Adds names to a choice.
pub(crate) fn vary_also(choice: &mut Choice, names: impl IntoIterator<Item = HeaderName>) {
    *choice = Some(choice.iter().flat_map(|known| known.iter().cloned()).chain(names).collect());
}

/// What becomes of a request: its response is decorated, or it is answered here.
#[inline]
pub(crate) fn decide<B>(
    policy: &CorsPolicy,
    choice: &Choice,
    request: &mut Request<B>,
) -> Result<Decoration, Answer> {
    if request.method() == Method::OPTIONS
        && let Some(answer) = preflight(policy, request.headers_mut())
    {
        vary_on_choice(request.headers_mut(), choice);
        return Err(answer);
    }
    let rules = policy.rules();
    let head = Head::from(&*request);
    if rules.stops(head) {
        #[cfg(feature = "tracing")]
        crate::events::stopped(policy, head);
        let answer = forbid(request.headers_mut());
        vary_on_choice(request.headers_mut(), choice);
        return Err(answer);
    }
    // The answer to CONNECT is a tunnel's; it leaves as it came.
    if head.method == Method::CONNECT {
        return Ok(Decoration::NONE);
    }
    let decoration = rules.actual(head.headers, choice);
    #[cfg(feature = "tracing")]
    crate::events::actual(policy, head, &decoration);
    Ok(decoration)
}

/// As [`decide`]. `None` leaves the request alone; that it did so depends on what the choice reads,
/// all the same.
pub(crate) fn decide_chosen<B>(
    policy: Option<&CorsPolicy>,
    choice: &Choice,
    request: &mut Request<B>,
) -> Result<Decoration, Answer> {
    match policy {
        Some(policy) => decide(policy, choice, request),
        None if request.method() == Method::CONNECT => Ok(Decoration::NONE),
        None => Ok(Decoration { choice: choice.clone(), ..Decoration::NONE }),
    }
}

/// Answers an OPTIONS request that is a preflight, with the memory of its own header map.
fn preflight(policy: &CorsPolicy, fields: &mut HeaderMap) -> Option<Answer> {
    let asked = PreflightRequest::read(fields)?;
    let rules = policy.rules();
    let refusal = rules.refusal(&asked);
    #[cfg(feature = "tracing")]
    crate::events::preflight(policy, &asked, refusal);
    Some(Preflight::new(rules, &asked, refusal).write(rules, fields))
}

impl fmt::Debug for Choose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choose").field("pick", &"<fn>").field("vary", &self.vary).finish()
    }
}
