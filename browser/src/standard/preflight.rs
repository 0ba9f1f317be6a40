//! Preflights: the request, and what its answer allows (Fetch, "CORS-preflight fetch").

use http::{
    HeaderMap, Method, StatusCode,
    header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE},
};

use super::{
    cors::{self, Fault},
    lists, method, redirect,
    request_header::AUTHORIZATION,
};
use crate::{
    Reason,
    engine::{BadMaxAge, Habits},
};

/// The request that a preflight is for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// As in its `Origin`.
    pub(crate) origin: String,
    pub(crate) with_credentials: bool,
    pub(crate) method: Method,
    /// In lower case, sorted, each once.
    pub(crate) names: Vec<String>,
    /// Fetch, "use-CORS-preflight flag".
    pub(crate) is_forced: bool,
}

/// What is kept of an accepted answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) methods: Vec<String>,
    /// In lower case.
    pub(crate) names: Vec<String>,
    /// In seconds.
    pub(crate) max_age: u64,
}

/// Without a max-age, in seconds.
const DEFAULT_MAX_AGE: u64 = 5;

impl Asked {
    /// Whether the answer allows the request.
    pub(crate) fn judge(
        &self,
        habits: &Habits,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Grant, Fault> {
        let grant = self.granted(habits, status, headers)?;
        self.is_allowed_by(&grant, habits)?;
        Ok(grant)
    }

    /// What the answer allows, for this request or others.
    pub(crate) fn granted(
        &self,
        habits: &Habits,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Grant, Fault> {
        let tests: [&dyn Fn() -> Result<(), Fault>; 2] =
            [&|| cors::check(&self.origin, self.with_credentials, headers), &|| {
                status_is_ok(status)
            }];
        // A redirect fails whatever its headers.
        if redirect::is_redirect(status) {
            status_is_ok(status)?;
        }
        let [first, second] = if habits.tests_status_first { [1, 0] } else { [0, 1] };
        tests[first]()?;
        tests[second]()?;

        let list = |name, reason| {
            lists::tokens(headers, name).map_err(|element| Fault::new(reason, element))
        };
        let methods = list(&ACCESS_CONTROL_ALLOW_METHODS, Reason::AllowMethodsInvalid)?;
        let names = list(&ACCESS_CONTROL_ALLOW_HEADERS, Reason::AllowHeadersInvalid)?;
        let methods = match methods {
            None if self.is_forced => vec![self.method.as_str().to_owned()],
            methods => methods.unwrap_or_default(),
        };
        let mut names = names.unwrap_or_default();
        names.iter_mut().for_each(|name| name.make_ascii_lowercase());
        Ok(Grant { methods, names, max_age: max_age(headers, habits) })
    }

    pub(crate) fn is_allowed_by(&self, grant: &Grant, habits: &Habits) -> Result<(), Fault> {
        let Grant { methods, names, .. } = grant;
        let covers =
            |list: &[String]| !self.with_credentials && list.iter().any(|item| item == "*");
        let method = self.method.as_str();
        if !method::is_safelisted(&self.method)
            && !methods.iter().any(|listed| listed == method)
            && !covers(methods)
        {
            return Err(Fault::new(Reason::MethodNotAllowed, method));
        }
        self.names_are_allowed(names, covers(names), habits)
    }

    fn names_are_allowed(
        &self,
        names: &[String],
        is_any: bool,
        habits: &Habits,
    ) -> Result<(), Fault> {
        let listed: std::collections::HashSet<_> = names.iter().map(String::as_str).collect();
        if self.names.iter().any(|name| name == AUTHORIZATION)
            && !listed.contains(AUTHORIZATION)
            && is_any
            && !habits.wildcard_covers_authorization
        {
            return Err(Fault::new(Reason::WildcardWithAuthorization, AUTHORIZATION));
        }
        let refused = self.names.iter().find(|name| !is_any && !listed.contains(name.as_str()));
        refused.map_or(Ok(()), |name| Err(Fault::new(Reason::HeaderNotAllowed, name.clone())))
    }
}

/// Fetch, "ok status".
fn status_is_ok(status: StatusCode) -> Result<(), Fault> {
    if status.is_success() {
        return Ok(());
    }
    let reason = if redirect::is_redirect(status) {
        Reason::PreflightRedirected
    } else {
        Reason::PreflightStatus
    };
    Err(Fault::new(reason, status.as_str()))
}

/// For how many seconds the answer is kept.
fn max_age(headers: &HeaderMap, habits: &Habits) -> u64 {
    let Some(value) = lists::combined(headers, &ACCESS_CONTROL_MAX_AGE) else {
        return DEFAULT_MAX_AGE;
    };
    let is_negative = |value: &[u8]| {
        value.split_first().is_some_and(|(sign, digits)| *sign == b'-' && is_digits(digits))
    };
    let seconds = match habits.bad_max_age {
        // Numbers that are too large are longer than any limit.
        _ if is_digits(&value) => digits(&value),
        BadMaxAge::NotKept if value.is_empty() => DEFAULT_MAX_AGE,
        BadMaxAge::NotKept => 0,
        BadMaxAge::NegativeIsZero if is_negative(&value) => 0,
        BadMaxAge::Default | BadMaxAge::NegativeIsZero => DEFAULT_MAX_AGE,
    };
    seconds.min(habits.longest_max_age)
}

fn is_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

fn digits(value: &[u8]) -> u64 {
    value.iter().fold(0, |number: u64, digit| {
        number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;
    use crate::Engine;

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
            })
            .fold(HeaderMap::new(), |mut all, (name, value)| {
                all.append(name, value);
                all
            })
    }

    const ACAO: &str = "access-control-allow-origin";
    const ACAC: &str = "access-control-allow-credentials";
    const ACAM: &str = "access-control-allow-methods";
    const ACAH: &str = "access-control-allow-headers";
    const ACMA: &str = "access-control-max-age";

    fn asked(method: &str, names: &[&str], with_credentials: bool) -> Asked {
        Asked {
            origin: "https://a.example".to_owned(),
            with_credentials,
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            names: names.iter().map(|name| name.to_string()).collect(),
            is_forced: false,
        }
    }

    #[track_caller]
    fn verdict(
        asked: &Asked,
        engine: Engine,
        status: u16,
        lines: &[(&str, &str)],
    ) -> Option<Reason> {
        let status = StatusCode::from_u16(status).unwrap();
        asked.judge(engine.habits(), status, &headers(lines)).err().map(|fault| fault.reason)
    }

    #[test]
    fn statuses_and_origins() {
        use Reason::*;
        let put = asked("PUT", &[], false);
        let rows = [
            (204, Some("*"), None, None),
            (299, Some("*"), None, None),
            (200, None, Some(AllowOriginMissing), Some(AllowOriginMissing)),
            (400, None, Some(AllowOriginMissing), Some(PreflightStatus)),
            (400, Some("*"), Some(PreflightStatus), Some(PreflightStatus)),
            (304, Some("*"), Some(PreflightStatus), Some(PreflightStatus)),
            (307, Some("*"), Some(PreflightRedirected), Some(PreflightRedirected)),
            (301, None, Some(PreflightRedirected), Some(PreflightRedirected)),
        ];
        for (status, origin, standard, webkit) in rows {
            let mut lines = vec![(ACAM, "PUT")];
            lines.extend(origin.map(|origin| (ACAO, origin)));
            assert_eq!(verdict(&put, Engine::Standard, status, &lines), standard, "{status}");
            assert_eq!(verdict(&put, Engine::WebKit, status, &lines), webkit, "{status}");
        }
    }

    #[test]
    fn methods_and_headers() {
        use Reason::*;
        type Row<'a> = (&'a str, &'a [&'a str], bool, &'a [(&'a str, &'a str)], Option<Reason>);
        let rows: [Row<'_>; 16] = [
            ("PUT", &[], false, &[(ACAM, "GET, PUT")], None),
            ("PUT", &[], false, &[(ACAM, "GET"), (ACAM, "PUT")], None),
            ("PUT", &[], false, &[(ACAM, "put")], Some(MethodNotAllowed)),
            ("PUT", &[], false, &[], Some(MethodNotAllowed)),
            ("PUT", &[], false, &[(ACAM, "*")], None),
            ("PUT", &[], true, &[(ACAM, "*")], Some(MethodNotAllowed)),
            ("*", &[], true, &[(ACAM, "*")], None),
            ("POST", &["x-a"], false, &[(ACAH, "X-A")], None),
            ("HEAD", &["x-a", "x-b"], false, &[(ACAH, "x-a")], Some(HeaderNotAllowed)),
            ("GET", &["x-a"], false, &[(ACAH, "*")], None),
            ("GET", &["x-a"], true, &[(ACAH, "*")], Some(HeaderNotAllowed)),
            ("GET", &["*"], true, &[(ACAH, "*")], None),
            ("GET", &["x-a"], false, &[(ACAH, "x-a, b c")], Some(AllowHeadersInvalid)),
            (
                "GET",
                &["x-a"],
                false,
                &[(ACAH, "x-a"), (ACAM, "GET POST")],
                Some(AllowMethodsInvalid),
            ),
            ("GET", &["authorization"], false, &[(ACAH, "*")], Some(WildcardWithAuthorization)),
            ("GET", &["authorization"], false, &[(ACAH, "*, Authorization")], None),
        ];
        for (method, names, with, lines, expected) in rows {
            let mut all = vec![(ACAO, "https://a.example"), (ACAC, "true")];
            all.extend(lines);
            let seen = verdict(&asked(method, names, with), Engine::Standard, 200, &all);
            assert_eq!(seen, expected, "{method} {names:?} {lines:?}");
        }
    }

    #[test]
    fn engines_differ() {
        let lines = [(ACAO, "*"), (ACAH, "*")];
        let token = asked("GET", &["authorization"], false);
        for engine in Engine::ENGINES {
            assert_eq!(verdict(&token, engine, 200, &lines), None, "{engine}");
        }
    }

    #[test]
    fn a_forced_preflight_needs_no_list() {
        let mut post = asked("POST", &[], false);
        post.is_forced = true;
        let grant = post.judge(Engine::Standard.habits(), StatusCode::OK, &headers(&[(ACAO, "*")]));
        assert_eq!(grant.unwrap().methods, ["POST"]);
    }

    #[test]
    fn ages() {
        // Standard, Chromium, Firefox, WebKit.
        let rows: [(&[&str], [u64; 4]); 11] = [
            (&[], [5; 4]),
            (&["0"], [0; 4]),
            (&["10"], [10; 4]),
            (&["86401"], [86_401, 7_200, 86_400, 600]),
            (&["99999999999999999999999"], [u64::MAX, 7_200, 86_400, 600]),
            (&["-1"], [5, 0, 0, 0]),
            (&["10m"], [5, 5, 0, 5]),
            (&["600.5"], [5, 5, 0, 5]),
            (&["60, 60"], [5, 5, 0, 5]),
            (&["60", "60"], [5, 5, 0, 5]),
            (&[""], [5; 4]),
        ];
        let engines = [Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit];
        for (lines, expected) in rows {
            let lines: Vec<_> = lines.iter().map(|line| (ACMA, *line)).collect();
            let seen = engines.map(|engine| max_age(&headers(&lines), engine.habits()));
            assert_eq!(seen, expected, "{lines:?}");
        }
    }
}
