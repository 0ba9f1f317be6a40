//! From what a script writes to a request, or to a `TypeError` (Fetch, "Request class").

use http::Method;

use super::{
    attempt::{Attempt, Tainting},
    method,
    preflight::Asked,
    request_header,
    session::Session,
    target,
};
use crate::{Blocked, Credentials, Fetch, Mode, Reason};

impl Attempt {
    /// What a script could not ask for at all is a `TypeError` (Fetch, "Request class").
    pub(super) fn prepare(fetch: Fetch, session: &Session) -> Result<Self, Blocked> {
        let refused = |reason, value: String| Blocked::unsent(&fetch, session, reason, value);
        let page =
            session.origin.clone().map_err(|malformed| Blocked::of_origin(&fetch, &malformed))?;
        let url = target::parse(&fetch.url, session.base.as_ref(), &["http", "https"])
            .map_err(|(reason, value)| refused(reason, value))?;
        let method = method::normalized(&fetch.method)
            .ok_or_else(|| refused(Reason::InvalidMethod, fetch.method.clone()))?;
        if method::is_forbidden(method.as_str()) {
            return Err(refused(Reason::ForbiddenMethod, fetch.method.clone()));
        }
        if fetch.mode == Mode::NoCors && !method::is_safelisted(&method) {
            return Err(refused(Reason::NoCorsMethod, fetch.method.clone()));
        }
        if fetch.body.is_some() && matches!(method, Method::GET | Method::HEAD) {
            return Err(refused(Reason::UnexpectedBody, method.to_string()));
        }
        let habits = session.engine.habits();
        let fields = request_header::allowed(&fetch, habits)
            .map_err(|name| refused(Reason::InvalidHeader, name))?;
        let names = request_header::unsafe_names(&fields, habits);
        let credentials = fetch.credentials.unwrap_or(match fetch.mode {
            Mode::Navigate => Credentials::Include,
            _ => Credentials::default(),
        });
        let asked = Asked {
            origin: String::new(),
            with_credentials: credentials == Credentials::Include,
            method: method.clone(),
            names: names.clone(),
            is_forced: fetch.has_upload_listener,
        };
        Ok(Self {
            page,
            method,
            fields,
            body: fetch.body.map(|content| content.bytes),
            mode: fetch.mode,
            credentials,
            redirect: fetch.redirect,
            is_forced: fetch.has_upload_listener,
            was_post: asked.method == Method::POST,
            urls: vec![url],
            tainting: Tainting::Basic,
            remaining_names: names.clone(),
            was_due_at_first: !names.is_empty() || !method::is_safelisted(&asked.method),
            original_names: names,
            asked,
            is_preflighting: false,
            is_preflighted: false,
            body_limit: fetch.body_limit,
            first_exchange: session.exchanges.len(),
        })
    }
}
