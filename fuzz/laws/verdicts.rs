//! The laws of one request under one or several policies.

use std::cell::Cell;

use http::{HeaderMap, Request, StatusCode, header, request::Parts};
use tower_cors::{
    AsyncPerRequestLayer, CorsLayer, CorsPolicy, InnerHeaders, Part, PerRequestLayer, Refusal,
};

use super::{
    Answer, Inner, Reached, Told, carry_out, is_preflight,
    responses::{self, comparable, sorted},
    transcript::Transcript,
};

/// A request under policies: the service, `check`, `explain` and `decorate` give one verdict, the response is as the
/// reference says, layers that choose a policy give what the chosen one gives, and no policy changes.
pub(crate) fn one_verdict(data: &[u8]) -> Reached {
    let transcript = Transcript::read(data);
    let built =
        |config: &_| CorsLayer::from(Clone::clone(config)).build().expect("it built before");
    let policies: Vec<CorsPolicy> = transcript.configs.iter().map(built).collect();
    let before = format!("{policies:?}");
    let mut reached = of_one_policy(&policies[0], &transcript);
    reached.extend(of_chosen(&policies, &transcript));
    assert_eq!(format!("{policies:?}"), before);
    reached
}

fn of_one_policy(policy: &CorsPolicy, transcript: &Transcript) -> Reached {
    let head = &transcript.head;
    let explanation = policy.explain(head);
    assert!(!explanation.to_string().is_empty());
    let (response, told) = answer(policy, transcript);
    let refusal = response.extensions().get::<Refusal>().copied();
    let allows = response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let is_preflight = is_preflight(&head.method, &head.headers);
    let is_refused_before =
        refusal.is_some_and(|refusal| refusal.host() || refusal.origin() && !is_preflight);
    let found = |part| explanation.findings().iter().any(|one| one.part() == part && one.allowed());
    if is_refused_before {
        assert!(told.is_none() && !allows);
        return vec![if refusal.is_some_and(|it| it.host()) { "another host" } else { "enforced" }];
    }
    assert_eq!(told.is_none(), is_preflight);
    if !is_preflight {
        assert_eq!(refusal, None);
        return of_actual(policy, transcript, &response);
    }

    assert_eq!(refusal, explanation.refusal());
    let all_allowed = explanation.findings().iter().all(|finding| finding.allowed());
    assert_eq!(refusal.is_none(), all_allowed, "{explanation}");
    assert!(response.status().is_success() || refusal.is_some());
    assert_eq!(found(Part::Origin), allows, "{explanation}");
    if !head.headers.contains_key("access-control-request-private-network") {
        if let Some(checked) = checked(policy, head) {
            assert_eq!(checked.err(), refusal);
        }
    }
    let Some(refusal) = refusal else { return vec!["preflight allowed"] };
    let mut reached = vec![];
    reached.extend(refusal.origin().then_some("preflight refused: origin"));
    reached.extend(refusal.method().then_some("preflight refused: method"));
    reached.extend(refusal.headers().then_some("preflight refused: headers"));
    reached.extend(refusal.private_network().then_some("preflight refused: private network"));
    reached.extend(response.status().is_success().then_some("refused with a diagnostic status"));
    reached
}

/// The response to an actual request is as the reference says, and `decorate` makes the same of it.
fn of_actual(policy: &CorsPolicy, transcript: &Transcript, response: &Answer) -> Reached {
    let Transcript { head, status, inner, .. } = transcript;
    let config = policy.config();
    let is_allowed = is_allowed(policy, head);
    let sorts = config.allow_credentials && config.expose_headers.iter().any(|it| it.trim() == "*");
    let expected = responses::expected(Some(config), is_allowed, head, *status, inner, None);
    let found = comparable(response.headers(), sorts);
    assert_eq!(found, sorted(expected, sorts), "{config:?} {head:?} {status} {inner:?}");
    assert_eq!(response.status(), *status);

    let is_decorated = head.method != "CONNECT" && *status != 101;
    let varies_alike = config.enforce_origin == Default::default();
    if is_decorated && varies_alike && *status != 304 {
        let mut decorated = inner.clone();
        policy.decorate(&head.headers, &mut decorated);
        assert_eq!(comparable(&decorated, sorts), found, "{config:?} {head:?} {inner:?}");
    }

    let has = |name: &str| inner.contains_key(name);
    let mut reached = vec![match (head.headers.contains_key("origin"), is_allowed) {
        (false, _) => "no origin",
        (true, true) => "origin allowed",
        (true, false) => "origin refused",
    }];
    reached.extend((!is_decorated).then_some("tunnel"));
    let grants = has("access-control-allow-origin");
    reached.push(match config.inner_headers {
        InnerHeaders::Keep if grants => "inner grant kept",
        InnerHeaders::Remove if grants => "inner grant removed",
        _ if grants && is_allowed => "inner grant replaced",
        _ => "no inner grant",
    });
    let withdrawn = has("access-control-allow-credentials")
        && !found.contains_key("access-control-allow-credentials");
    reached.extend((withdrawn && is_allowed).then_some("inner credentials withdrawn"));
    reached.extend((sorts && is_allowed).then_some("exposed names written out"));
    reached.extend((sorts && is_allowed && *status == 304).then_some("not modified"));
    reached.extend(has("vary").then_some("inner vary"));
    reached
}

/// Layers that choose: of one policy they give what it gives, of several what the first one gives that allows the
/// Origin, else the last; and a request without policy is left alone.
fn of_chosen(policies: &[CorsPolicy], transcript: &Transcript) -> Reached {
    let Transcript { head, status, inner, .. } = transcript;
    let one = policies[0].clone();
    let expected = without_vary(&answer(&one, transcript));
    let chosen = one.clone();
    let layer = PerRequestLayer::new(move |_| Some(chosen.clone()));
    assert_eq!(without_vary(&answer(&layer, transcript)), expected);
    let layer = AsyncPerRequestLayer::new(move |_| std::future::ready(Some(one.clone())));
    assert_eq!(without_vary(&awaited(&layer, transcript)), expected);

    let layer = PerRequestLayer::new(|_| None).vary([http::HeaderName::from_static("x-tenant")]);
    let (response, told) = answer(&layer, transcript);
    assert!(told == Some(None) && response.status() == *status);
    let due = responses::expected(None, false, head, *status, inner, Some(&["x-tenant"]));
    assert_eq!(comparable(response.headers(), false), sorted(due, false));

    let Ok(first) = PerRequestLayer::try_from(policies.to_vec()) else {
        return vec!["other guards"];
    };
    let last = policies.len() - 1;
    let index = policies[..last].iter().position(|it| is_granted(it, head)).unwrap_or(last);
    assert_eq!(
        without_vary(&answer(&first, transcript)),
        without_vary(&answer(&policies[index], transcript)),
        "{index} of {policies:?}"
    );
    let explained = first.explain(head).expect("a policy answers");
    assert_eq!(explained.allowed(), policies[index].explain(head).allowed());
    vec![match index {
        _ if last == 0 => "one policy",
        0 => "first of several",
        _ if index < last => "one in between",
        _ => "last of several",
    }]
}

fn answer<L>(layer: &L, transcript: &Transcript) -> (Answer, Told)
where
    L: for<'a> tower::Layer<Inner<'a>, Service = tower_cors::Cors<Inner<'a>>>,
{
    let told = Cell::new(None);
    let inner = Inner { status: transcript.status, headers: &transcript.inner, told: &told };
    (carry_out(layer, Request::from_parts(transcript.head.clone(), ()), inner), told.get())
}

fn awaited(layer: &AsyncPerRequestLayer, transcript: &Transcript) -> (Answer, Told) {
    let told = Cell::new(None);
    let inner = Inner { status: transcript.status, headers: &transcript.inner, told: &told };
    (carry_out(layer, Request::from_parts(transcript.head.clone(), ()), inner), told.get())
}

/// All of an answer but Vary, in which a layer that chooses has more.
fn without_vary(
    (response, told): &(Answer, Told),
) -> (StatusCode, HeaderMap, Option<Refusal>, Told) {
    let mut headers = response.headers().clone();
    headers.remove(header::VARY);
    (response.status(), headers, response.extensions().get().copied(), *told)
}

/// Whether the one line of Origin is allowed.
fn is_allowed(policy: &CorsPolicy, head: &Parts) -> bool {
    let lines: Vec<_> = head.headers.get_all(header::ORIGIN).iter().collect();
    let [origin] = lines[..] else { return false };
    match origin.to_str() {
        Ok(origin) => policy.allows_origin(origin),
        // Nothing is read of it under `*`.
        Err(_) => is_any(policy),
    }
}

fn is_any(policy: &CorsPolicy) -> bool {
    let config = policy.config();
    !config.allow_credentials && config.allow_origins.iter().any(|item| item.trim() == "*")
}

/// Whether a policy grants anything to the Origin of a request, be it one line or several.
fn is_granted(policy: &CorsPolicy, head: &Parts) -> bool {
    head.headers.contains_key(header::ORIGIN) && (is_any(policy) || is_allowed(policy, head))
}

/// `check` takes one origin and one method, as text.
fn checked(policy: &CorsPolicy, head: &Parts) -> Option<Result<(), Refusal>> {
    let text = |name| {
        let mut lines = head.headers.get_all(name).iter();
        let line = lines.next()?.to_str().ok()?;
        lines.next().is_none().then_some(line)
    };
    let asked = head.headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let asked: Vec<_> = asked.map(|line| line.to_str().ok()).collect::<Option<_>>()?;
    let method = text(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    Some(policy.check(text(header::ORIGIN)?, method, &asked))
}
