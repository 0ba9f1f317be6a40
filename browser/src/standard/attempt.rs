//! `Attempt`: one fetch, step by step (Fetch, "Main fetch" and "HTTP fetch").

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use url::Url;

use super::{
    cors::{self, Fault},
    method,
    origin::Origin,
    port,
    preflight::Asked,
    redirect::{self, Taint},
    request_header::{self, AUTHORIZATION, Field},
    response_header,
    session::Session,
    target,
};
use crate::{
    Blocked, Credentials, Fetch, Mode, Reason, Redirect, Verdict,
    engine::{AfterRedirect, Forgets},
    exchange::{Answer, Exchange},
    seen::{Kind, Seen},
};

/// A fetch under way.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(super) page: Origin,
    pub(super) method: Method,
    pub(super) fields: Vec<Field>,
    pub(super) body: Option<Bytes>,
    pub(super) mode: Mode,
    pub(super) credentials: Credentials,
    pub(super) redirect: Redirect,
    /// Fetch, "use-CORS-preflight flag".
    pub(super) is_forced: bool,
    /// Whether the first request was a POST.
    pub(super) was_post: bool,
    /// Never empty; the last is the current one.
    pub(super) urls: Vec<Url>,
    pub(super) tainting: Tainting,
    /// What a preflight would have requested at first, without what the last redirect removed.
    pub(super) remaining_names: Vec<String>,
    pub(super) original_names: Vec<String>,
    /// Whether the method or a header of the first request needs a preflight.
    pub(super) was_due_at_first: bool,
    /// What the current request needs, for preflights and checks.
    pub(super) asked: Asked,
    pub(super) is_preflighting: bool,
    /// Whether some hop needed a preflight, kept or not.
    pub(super) is_preflighted: bool,
    pub(super) body_limit: usize,
    /// The index of this fetch's first exchange in the session.
    pub(super) first_exchange: usize,
}

/// Fetch, "response tainting".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tainting {
    Basic,
    Cors,
    Opaque,
}

/// What `Page` must do next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Send this, then pass the response to [`Attempt::answer`].
    Send(Box<Request<Bytes>>),
    /// Read the body of the last response up to this many bytes, because the page may get it.
    Read(Box<Seen>, usize),
    Finish(Result<Box<Seen>, Blocked>),
}

/// The head of a response, or the text of the service's error.
pub(crate) type Head = Result<(StatusCode, HeaderMap), String>;

impl Attempt {
    pub(crate) fn start(fetch: Fetch, session: &mut Session) -> Result<(Self, Step), Blocked> {
        let mut attempt = Self::prepare(fetch, session)?;
        // Some engines keep them for no other fetch.
        let habits = session.engine.habits();
        let are_kept =
            if attempt.page.is_opaque() { habits.keeps_for_null } else { habits.keeps_for_tainted };
        if !are_kept {
            session.preflights.clear_null();
        }
        let step = attempt.main_fetch(session);
        Ok((attempt, step))
    }

    pub(super) fn url(&self) -> &Url {
        self.urls.last().expect("there is a first URL, and none is ever removed")
    }

    pub(super) fn taint(&self) -> Taint {
        redirect::taint(&self.page, &self.urls)
    }

    /// Fetch, "serializing a request origin".
    pub(super) fn serialized_origin(&self) -> &str {
        if self.taint() == Taint::SameOrigin { self.page.serialized() } else { "null" }
    }

    /// Fetch, "Main fetch": how the current URL may be asked.
    fn main_fetch(&mut self, session: &mut Session) -> Step {
        if port::is_bad(self.url()) {
            return self.unsent(session, Reason::BadPort, self.url().to_string());
        }
        let is_own = self.page.is_same(&Origin::of(self.url())) && self.tainting == Tainting::Basic;
        if is_own || self.mode == Mode::Navigate {
            self.set_asked(session);
            return self.send(session);
        }
        match self.mode {
            Mode::SameOrigin => {
                self.unsent(session, Reason::SameOriginMode, self.url().to_string())
            }
            Mode::NoCors if self.redirect != Redirect::Follow => {
                self.unsent(session, Reason::NoCorsRedirect, String::new())
            }
            Mode::NoCors => {
                self.tainting = Tainting::Opaque;
                self.set_asked(session);
                self.send(session)
            }
            Mode::Cors | Mode::Navigate => {
                self.tainting = Tainting::Cors;
                self.set_asked(session);
                self.cors_fetch(session)
            }
        }
    }

    /// Fetch, "HTTP fetch": with a preflight, if one is due and none is kept.
    fn cors_fetch(&mut self, session: &mut Session) -> Step {
        let is_redirected = self.urls.len() > 1;
        let asks_again = session.engine.habits().after_redirect != AfterRedirect::Due;
        let is_due = self.is_forced
            || !method::is_safelisted(&self.method)
            || !self.asked.names.is_empty()
            || (is_redirected && asks_again && self.was_due_at_first);
        if !is_due {
            return self.send(session);
        }
        self.is_preflighted = true;
        let url = target::sent(self.url()).to_owned();
        let habits = session.engine.habits();
        let is_new = habits.asks_for_conditions && self.is_conditional();
        if !is_new && session.preflights.allows(&self.asked, &url, session.now, habits) {
            return self.send(session);
        }
        self.is_preflighting = true;
        self.sending(self.preflight())
    }

    fn is_conditional(&self) -> bool {
        self.fields.iter().any(|field| request_header::CONDITIONS.iter().any(|name| field.is(name)))
    }

    fn set_asked(&mut self, session: &Session) {
        let habits = session.engine.habits();
        let is_redirected = self.urls.len() > 1;
        let (origin, names) = match habits.after_redirect {
            AfterRedirect::Remaining if is_redirected => {
                (self.page.serialized(), self.remaining_names.clone())
            }
            AfterRedirect::Original if is_redirected => {
                (self.serialized_origin(), self.original_names.clone())
            }
            _ => (self.serialized_origin(), request_header::unsafe_names(&self.fields, habits)),
        };
        self.asked = Asked {
            origin: origin.to_owned(),
            with_credentials: self.credentials == Credentials::Include,
            method: self.method.clone(),
            names,
            is_forced: self.is_forced,
        };
    }

    fn send(&mut self, session: &Session) -> Step {
        self.is_preflighting = false;
        // Firefox sends the page's origin, and checks with the origin after redirects.
        self.asked.origin = self.serialized_origin().to_owned();
        self.sending(self.actual(session))
    }

    fn sending(&self, request: Option<Request<Bytes>>) -> Step {
        match request {
            Some(request) => Step::Send(Box::new(request)),
            None => Step::Finish(Err(Blocked::too_long(self))),
        }
    }

    /// Handles the answer to the last request.
    pub(crate) fn answer(
        &mut self,
        request: Request<()>,
        head: Head,
        session: &mut Session,
    ) -> Step {
        let is_preflight = self.is_preflighting;
        let (parts, ()) = request.into_parts();
        let body = self.body.clone().filter(|_| !is_preflight).unwrap_or_default();
        session.exchanges.push(Exchange {
            method: parts.method,
            url: target::sent(self.url()).to_owned(),
            is_preflight,
            request: parts.headers,
            body,
            answer: match &head {
                Ok((status, headers)) => Answer::Response(*status, headers.clone()),
                Err(error) => Answer::Failure(error.clone()),
            },
            verdict: Verdict::Passed,
        });
        let (status, headers) = match head {
            Ok(head) => head,
            Err(error) => return self.blocked(session, Fault::new(Reason::ServiceError, error)),
        };
        if is_preflight {
            self.after_preflight(status, &headers, session)
        } else {
            self.after_response(status, &headers, session)
        }
    }

    fn after_preflight(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        session: &mut Session,
    ) -> Step {
        let habits = session.engine.habits();
        let grant = match self.asked.granted(habits, status, headers) {
            Err(fault) => return self.blocked(session, fault),
            Ok(grant) => grant,
        };
        let allowed = self.asked.is_allowed_by(&grant, habits);
        if allowed.is_ok() || habits.keeps_refusals {
            let url = target::sent(self.url()).to_owned();
            session.preflights.keep(&self.asked, &url, grant, session.now, habits);
        }
        match allowed {
            Err(fault) => self.blocked(session, fault),
            Ok(()) => self.send(session),
        }
    }

    /// Fetch, "HTTP fetch" from the response on.
    fn after_response(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        session: &mut Session,
    ) -> Step {
        // A failed check does not undo Set-Cookie (Fetch, "CORS protocol", examples).
        if self.includes_credentials() {
            self.store_cookies(headers, session);
        }
        if self.tainting == Tainting::Cors {
            let asked = &self.asked;
            if let Err(fault) = cors::check(&asked.origin, asked.with_credentials, headers) {
                return self.blocked(session, fault);
            }
        }
        if redirect::is_redirect(status) {
            let habits = session.engine.habits();
            let location = redirect::location(headers, self.url());
            match self.redirect {
                Redirect::Error if habits.error_needs_location && location == Ok(None) => {}
                Redirect::Error => {
                    let fault = Fault::new(Reason::UnexpectedRedirect, status.as_str());
                    return self.blocked(session, fault);
                }
                Redirect::Manual => {
                    return match redirect::fault_unless_followed(&location, habits) {
                        Some(fault) => self.blocked(session, fault),
                        None => self.finish(
                            session,
                            Verdict::Opaque,
                            Seen::hidden(Kind::OpaqueRedirect, self.url().to_string()),
                        ),
                    };
                }
                Redirect::Follow => match location {
                    Ok(None) => {}
                    Ok(Some(to)) => return self.follow(status, to, session),
                    Err(fault) => return self.blocked(session, fault),
                },
            }
        }
        let visible = match self.tainting {
            Tainting::Opaque => {
                return self.finish(
                    session,
                    Verdict::Opaque,
                    Seen::hidden(Kind::Opaque, self.url().to_string()),
                );
            }
            Tainting::Basic => (Kind::Basic, response_header::basic(headers)),
            Tainting::Cors => {
                (Kind::Cors, response_header::cors(headers, self.asked.with_credentials))
            }
        };
        let seen = Seen {
            status: status.as_u16(),
            is_redirected: self.urls.len() > 1,
            headers: visible.1,
            ..Seen::hidden(visible.0, target::sent(self.url()).to_owned())
        };
        // Fetch, "null body status"; and HEAD has none.
        let is_bodiless =
            self.method == Method::HEAD || matches!(status.as_u16(), 101 | 103 | 204 | 205 | 304);
        if is_bodiless {
            return self.finish(session, Verdict::Passed, seen);
        }
        Step::Read(Box::new(seen), self.body_limit)
    }

    fn finish(&self, session: &mut Session, verdict: Verdict, seen: Seen) -> Step {
        set_verdict(session, verdict);
        Step::Finish(Ok(Box::new(seen)))
    }

    /// Fetch, "HTTP-redirect fetch".
    fn follow(&mut self, status: StatusCode, to: Url, session: &mut Session) -> Step {
        let allowed = redirect::is_allowed(
            &to,
            &self.page,
            self.urls.len() - 1,
            self.mode == Mode::Cors,
            self.tainting == Tainting::Cors,
            session.engine.habits().refuses_passwords_always && self.mode != Mode::Navigate,
        );
        if let Err(fault) = allowed {
            return self.blocked(session, fault);
        }
        set_verdict(session, Verdict::Redirected);
        self.remaining_names.clone_from(&self.original_names);
        let is_foreign = !Origin::of(self.url()).is_same(&Origin::of(&to));
        let habits = session.engine.habits();
        if redirect::becomes_get(status, &self.method, is_foreign, habits) {
            self.method = Method::GET;
            self.body = None;
            self.fields.retain(|field| !request_header::is_of_body(&field.name));
            self.remaining_names.retain(|name| !request_header::is_of_body(name));
        }
        if is_foreign {
            self.fields.retain(|field| !field.is(AUTHORIZATION));
            self.remaining_names.retain(|name| name != AUTHORIZATION);
        }
        self.urls.push(to);
        self.main_fetch(session)
    }

    fn unsent(&mut self, session: &mut Session, reason: Reason, value: String) -> Step {
        self.forget(session, reason);
        Step::Finish(Err(Blocked::before_sending(self, reason, value)))
    }

    fn blocked(&mut self, session: &mut Session, fault: Fault) -> Step {
        set_verdict(session, Verdict::Blocked(fault.reason));
        self.forget(session, fault.reason);
        Step::Finish(Err(Blocked::of_response(self, session, fault)))
    }

    /// Fetch, "Main fetch": a network error of a request with a preflight clears what is kept.
    fn forget(&self, session: &mut Session, reason: Reason) {
        let habits = session.engine.habits();
        let forgets = match habits.forgets {
            Forgets::All => true,
            Forgets::ButUnexpectedRedirects => reason != Reason::UnexpectedRedirect,
            Forgets::None => false,
        };
        if self.is_preflighted && forgets {
            // Firefox asks with the page's origin what it checks with that of a redirect.
            for origin in [&*self.asked.origin, self.page.serialized()] {
                session.preflights.clear(origin, target::sent(self.url()));
            }
        }
    }
}

fn set_verdict(session: &mut Session, verdict: Verdict) {
    if let Some(last) = session.exchanges.last_mut() {
        last.verdict = verdict;
    }
}
