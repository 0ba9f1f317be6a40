//! How an attempt's failures become a [`Blocked`].

use super::{
    attempt::Attempt,
    cors::Fault,
    session::{Malformed, Session},
    target,
};
use crate::{
    Blocked, Engine, Fetch, Reason,
    blocked::Refusal,
    cause::{Cause, Evidence},
    console::Refused,
    exchange::shown,
};

pub(super) const NOTHING: [(Engine, Option<String>); 3] =
    [(Engine::Chromium, None), (Engine::Firefox, None), (Engine::WebKit, None)];

impl Blocked {
    /// What no script could send.
    pub(super) fn unsent(
        fetch: &Fetch,
        session: &Session,
        reason: Reason,
        subject: String,
    ) -> Self {
        let page = match &session.origin {
            Ok(origin) => origin.serialized(),
            Err(malformed) => &malformed.value,
        };
        let asked = format!(
            "{} {} of a page of {page}",
            shown(fetch.method.as_bytes()),
            shown(fetch.url.as_bytes())
        );
        Self::new(Refusal { reason, subject, asked, exchange: None, console: NOTHING, cause: None })
    }

    pub(super) fn of_origin(fetch: &Fetch, malformed: &Malformed) -> Self {
        let method = shown(fetch.method.as_bytes());
        Self::malformed_origin(&format!("{method} {}", shown(fetch.url.as_bytes())), malformed)
    }

    /// A page of no origin that browsers know.
    pub(crate) fn malformed_origin(asked: &str, malformed: &Malformed) -> Self {
        let Malformed { value, instead } = malformed;
        let change = match (instead, value.as_str()) {
            (Some(instead), _) => format!("write Page::new(\"{instead}\")"),
            (None, "null") => "write Page::sandboxed()".to_owned(),
            (None, _) => {
                "write scheme, host and port alone: Page::new(\"https://app.example.com\")"
                    .to_owned()
            }
        };
        let why =
            "an origin is a scheme, a host and a port that is not the default one, in lower case"
                .to_owned();
        Self::new(Refusal {
            reason: Reason::MalformedOrigin,
            subject: format!("\"{value}\""),
            asked: format!("{asked} of a page of {}", shown(value.as_bytes())),
            exchange: None,
            console: NOTHING,
            cause: Some(Cause { why, change }),
        })
    }

    /// What was refused before it was sent.
    pub(super) fn before_sending(attempt: &Attempt, reason: Reason, subject: String) -> Self {
        let asked = attempt.asked_line();
        Self::new(Refusal { reason, subject, asked, exchange: None, console: NOTHING, cause: None })
    }

    pub(super) fn too_long(attempt: &Attempt) -> Self {
        let why = "it cannot be sent as a URI, or a header is too long".to_owned();
        Self::before_sending(attempt, Reason::MalformedUrl, why)
    }

    /// What failed at the session's last exchange.
    pub(super) fn of_response(attempt: &Attempt, session: &Session, fault: Fault) -> Self {
        let Fault { reason, subject } = fault;
        let asked = attempt.asked_line();
        let exchanges = session.exchanges.get(attempt.first_exchange..).unwrap_or_default();
        let Some(exchange) = exchanges.last() else {
            return Self::before_sending(attempt, reason, subject);
        };
        let page = attempt.page.serialized();
        let spelled = |name: &str| {
            let field = attempt.fields.iter().find(|field| field.is(name));
            field.map_or_else(|| name.to_owned(), |field| field.name.clone())
        };
        let first = target::sent(&attempt.urls[0]);
        let refused = Refused {
            exchange,
            redirected_from: (attempt.urls.len() > 1).then_some(first),
            page,
            asked: &attempt.asked,
            spelled: &spelled,
        };
        let mut console = NOTHING;
        if reason.is_of_cors() {
            for (engine, printed) in &mut console {
                *printed = refused.printed(*engine);
            }
        }
        let evidence = Evidence {
            reason,
            subject: &subject,
            exchange,
            exchanges,
            page,
            asked: &attempt.asked,
        };
        let cause = evidence.likely_cause();
        let exchange = Some(exchange.clone());
        Self::new(Refusal { reason, subject, asked, exchange, console, cause })
    }
}

impl Attempt {
    /// The request as one line.
    fn asked_line(&self) -> String {
        format!(
            "{} {} of a page of {} (credentials: {})",
            self.method,
            target::sent(&self.urls[0]),
            self.page.serialized(),
            self.credentials.as_str()
        )
    }
}
