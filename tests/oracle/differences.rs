//! The differences from Starlette that DESIGN.md lists, each as a step from Starlette's answer to the
//! one that is due.
//!
//! No step skips a comparison: it changes what its difference is about, and the whole answer is
//! compared afterwards.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Case;
use crate::enforcement::allows_host;
use crate::grammar::is_well_formed;
use crate::row::{Headers, Reply};

/// The differences that an answer can show. The others (D5, D8) are about configurations that do
/// not build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// Several Access-Control-Request-Headers lines are one list, and empty elements do not count.
    D1,
    /// Actual responses give credentials and exposed headers only to allowed origins.
    D2,
    /// An Origin that is malformed or repeated is neither allowed nor echoed.
    D3,
    /// White space is HTTP's and letter case is ASCII's.
    D4,
    /// `*` beside other methods keeps them.
    D6,
    /// Vary is one line, neither says Origin twice nor adds to `*`.
    D7,
    /// An inner credentials grant goes where the origin is granted without credentials.
    D9,
    /// A request header name that ends in `-*` is a prefix.
    D11,
    /// Exposed `*` with credentials is written out.
    D12,
    /// Hosts: no redirect, listed ports match, malformed and repeated hosts do not, `*.` needs a label.
    D14,
}

impl Difference {
    pub(crate) const ALL: [Self; 10] = [
        Self::D1,
        Self::D2,
        Self::D3,
        Self::D4,
        Self::D6,
        Self::D7,
        Self::D9,
        Self::D11,
        Self::D12,
        Self::D14,
    ];
}

/// The answer that is due, and the differences that it took to get there from Starlette's.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) calls: usize,
    pub(crate) reply: Reply,
    pub(crate) differences: BTreeSet<Difference>,
}

impl Due {
    pub(crate) fn new(config: &Value, case: &Case) -> Self {
        let differences = BTreeSet::new();
        let mut due = Self { calls: case.calls, reply: case.reference.clone(), differences };
        let allows_host = allows_host(&list(config, "allow_hosts"), &case.ask.request());
        if let Some(outside) = &case.outside {
            assert!(matches!(outside.status, 307 | 400), "Starlette is misunderstood");
            // D14: Starlette redirects; it refuses a port that is listed.
            due.note(Difference::D14, allows_host || outside.status == 307);
        } else {
            // D14: Starlette takes the first Host line, ports that are none, and empty labels.
            due.note(Difference::D14, !allows_host);
        }
        match case.calls {
            _ if !allows_host => due.refuse_host(case),
            0 => due.preflight(config, case),
            _ => due.actual(config, case),
        }
        due
    }

    /// What Starlette answers, with the header that the server does not write.
    fn refuse_host(&mut self, case: &Case) {
        self.calls = 0;
        self.reply = match &case.outside {
            Some(outside) if outside.status == 400 => outside.clone(),
            _ => Reply {
                status: 400,
                body: "Invalid host header".to_owned(),
                headers: Headers(vec![(
                    "content-type".to_owned(),
                    "text/plain; charset=utf-8".to_owned(),
                )]),
            },
        };
        self.reply.headers.0.retain(|(name, _)| name != "content-length");
    }

    fn preflight(&mut self, config: &Value, case: &Case) {
        let origins = all(&case.ask.headers, "origin");
        let mut failed = Failed::read(&self.reply.body);
        assert_eq!(failed.origin, case.allowed == Some(false), "the reference contradicts itself");

        // D3: Starlette allows it, and echoes it unless `*` stands for every value.
        if case.allowed == Some(true) && !is_granted(config, &origins) {
            failed.origin = true;
            self.set(Difference::D3, "access-control-allow-origin", vec![]);
        }

        // D6: Starlette puts its eight methods in the place of the whole list.
        let others = methods_beside_star(config);
        if !others.is_empty() {
            let methods: Vec<_> = EIGHT.into_iter().chain(others).collect();
            let asked = all(&case.ask.headers, "access-control-request-method")[0];
            failed.method = !methods.contains(&asked);
            self.set(Difference::D6, "access-control-allow-methods", vec![methods.join(", ")]);
        }

        let lines = all(&case.ask.headers, "access-control-request-headers");
        if list(config, "allow_headers").contains(&"*") {
            // D1: Starlette echoes the first line.
            if !lines.is_empty() {
                self.set(Difference::D1, "access-control-allow-headers", vec![lines.join(", ")]);
            }
        } else {
            let python = |element: &str| element.trim().to_lowercase();
            let http = |element: &str| element.trim_matches([' ', '\t']).to_ascii_lowercase();
            let allowed = allowed_names(config);
            let has_other = |lines: &[&str], normal: &dyn Fn(&str) -> String, skips_empty: bool| {
                let mut elements = lines.iter().flat_map(|line| line.split(',')).map(normal);
                elements.any(|name| !(allowed.contains(&name) || skips_empty && name.is_empty()))
            };
            let first = &lines[..lines.len().min(1)];
            let recorded = failed.headers;
            assert_eq!(recorded, has_other(first, &python, false), "Starlette is misunderstood");
            // D1, then D4: Python strips NBSP and NEL too.
            let one_list = has_other(&lines, &python, true);
            self.note(Difference::D1, recorded != one_list);
            let to_the_letter = has_other(&lines, &http, true);
            self.note(Difference::D4, one_list != to_the_letter);
            failed.headers = self.prefixes(config, &lines, to_the_letter);
        }

        self.reply.body = failed.text();
        self.reply.status = if failed == Failed::default() { 200 } else { 400 };
        // The server writes Content-Length, from the exact size hint of the body: the replay looks
        // at that.
        self.reply.headers.0.retain(|(name, _)| name != "content-length");
    }

    /// D11: Starlette sends a prefix as if it were a name, and compares what is asked to the letter.
    fn prefixes(&mut self, config: &Value, lines: &[&str], failed: bool) -> bool {
        let items: BTreeSet<&str> = list(config, "allow_headers").into_iter().collect();
        let prefixes: Vec<_> =
            items.iter().filter_map(|item| Some(item.strip_suffix('*')?.to_lowercase())).collect();
        if prefixes.is_empty() {
            return failed;
        }
        let mut listed: Vec<&str> =
            items.into_iter().chain(SAFELISTED).filter(|item| !item.ends_with('*')).collect();
        listed.sort_unstable();
        listed.dedup();
        let is_listed = |name: &str| listed.iter().any(|item| item.eq_ignore_ascii_case(name));
        let is_under = |name: &str| {
            let name = name.to_ascii_lowercase();
            let goes_on = |prefix: &String| name.len() > prefix.len() && name.starts_with(prefix);
            prefixes.iter().any(goes_on) && name.bytes().all(is_token_byte)
        };
        let asked = lines.iter().flat_map(|line| line.split(','));
        let asked =
            asked.map(|name| name.trim_matches([' ', '\t'])).filter(|name| !name.is_empty());
        let (mut value, mut fails) = (listed.join(", "), false);
        for name in asked.filter(|name| !is_listed(name)) {
            match is_under(name) {
                true => value.push_str(&format!(", {name}")),
                false => fails = true,
            }
        }
        self.set(Difference::D11, "access-control-allow-headers", vec![value]);
        self.note(Difference::D11, fails != failed);
        fails
    }

    fn actual(&mut self, config: &Value, case: &Case) {
        let origins = all(&case.ask.headers, "origin");
        let inner = |name| owned(all(&case.inner.headers, name));
        let allowed = case.allowed == Some(true);
        let granted = allowed && is_granted(config, &origins);
        if !origins.is_empty() && !granted {
            if allowed {
                let name = "access-control-allow-origin";
                self.set(Difference::D3, name, inner(name));
            }
            for name in ["access-control-allow-credentials", "access-control-expose-headers"] {
                self.set(Difference::D2, name, inner(name));
            }
        }

        // D7: what the app inside said is enough.
        let members = vary(&case.inner.headers);
        if members.iter().any(|member| member == "origin" || member == "*") {
            let lines = inner("vary");
            let lines: Vec<_> = match lines.len() {
                1 => lines,
                _ => vec![
                    lines
                        .into_iter()
                        .filter(|line| !line.is_empty())
                        .collect::<Vec<_>>()
                        .join(", "),
                ],
            };
            self.set(Difference::D7, "vary", lines);
        }

        // D12: a browser would look for a header called `*`.
        let exposed = list(config, "expose_headers");
        if granted && config["allow_credentials"] == true && exposed.contains(&"*") {
            let mut names: Vec<&str> = Vec::new();
            let there = case.inner.headers.0.iter().map(|(name, _)| name.as_str());
            let there = there.filter(|name| !is_readable_or_hidden(name));
            for name in there.chain(exposed.into_iter().filter(|name| *name != "*")) {
                if !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                    names.push(name);
                }
            }
            let revalidates = self.reply.status == 304;
            let lines =
                if revalidates || names.is_empty() { vec![] } else { vec![names.join(", ")] };
            self.set(Difference::D12, "access-control-expose-headers", lines);
        }

        // D9: unless the inner app granted that very origin by itself.
        if granted && config["allow_credentials"] != true {
            let name = "access-control-allow-origin";
            if inner(name) != owned(all(&self.reply.headers, name)) {
                self.set(Difference::D9, "access-control-allow-credentials", vec![]);
            }
        }
    }

    /// Puts these lines in the place of all lines of that name, which is a difference if it changes
    /// anything.
    fn set(&mut self, difference: Difference, name: &str, values: Vec<String>) {
        self.note(difference, all(&self.reply.headers, name) != values);
        let lines = &mut self.reply.headers.0;
        lines.retain(|(other, _)| other != name);
        lines.extend(values.into_iter().map(|value| (name.to_owned(), value)));
    }

    fn note(&mut self, difference: Difference, shows: bool) {
        if shows {
            self.differences.insert(difference);
        }
    }
}

/// The values of all lines of a name.
pub(crate) fn all<'a>(headers: &'a Headers, name: &str) -> Vec<&'a str> {
    let lines = headers.0.iter().filter(|(other, _)| other == name);
    lines.map(|(_, value)| value.as_str()).collect()
}

/// The members of Vary in lower case.
pub(crate) fn vary(headers: &Headers) -> Vec<String> {
    let lines = all(headers, "vary").into_iter();
    let members =
        lines.flat_map(|line| line.split(',')).map(|member| member.trim_matches([' ', '\t']));
    members.filter(|member| !member.is_empty()).map(str::to_ascii_lowercase).collect()
}

/// Which parts of a preflight were refused; Starlette names them in this order.
#[derive(Debug, Default, PartialEq)]
struct Failed {
    origin: bool,
    method: bool,
    headers: bool,
    private_network: bool,
}

impl Failed {
    fn read(body: &str) -> Self {
        let Some(names) = body.strip_prefix(REFUSED) else {
            return Self::default();
        };
        let named = |name| names.split(", ").any(|other| other == name);
        Self {
            origin: named("origin"),
            method: named("method"),
            headers: named("headers"),
            private_network: named("private-network"),
        }
    }

    fn text(&self) -> String {
        let parts = [
            (self.origin, "origin"),
            (self.method, "method"),
            (self.headers, "headers"),
            (self.private_network, "private-network"),
        ];
        let names: Vec<_> =
            parts.iter().filter(|(failed, _)| *failed).map(|(_, name)| *name).collect();
        if names.is_empty() { "OK".to_owned() } else { format!("{REFUSED}{}", names.join(", ")) }
    }
}

const REFUSED: &str = "Disallowed CORS ";
const EIGHT: [&str; 8] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"];
const SAFELISTED: [&str; 4] = ["Accept", "Accept-Language", "Content-Language", "Content-Type"];

/// May an Origin that Starlette allows have the grant here? It must be one that browsers send,
/// unless nothing of it is echoed.
fn is_granted(config: &Value, origins: &[&str]) -> bool {
    let constant =
        list(config, "allow_origins").contains(&"*") && config["allow_credentials"] != true;
    constant || matches!(origins, [origin] if is_well_formed(origin))
}

/// The methods that Starlette forgets when `*` is among them.
fn methods_beside_star(config: &Value) -> Vec<&str> {
    let methods = list(config, "allow_methods");
    if !methods.contains(&"*") {
        return Vec::new();
    }
    let mut others = Vec::new();
    for method in methods {
        if method != "*" && !EIGHT.contains(&method) && !others.contains(&method) {
            others.push(method);
        }
    }
    others
}

/// RFC 9110, section 5.6.2.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What every script may read, none may, or is of CORS itself.
fn is_readable_or_hidden(name: &str) -> bool {
    let always = ["cache-control", "content-language", "content-length", "content-type"];
    let rest = ["expires", "last-modified", "pragma", "set-cookie", "set-cookie2"];
    always.contains(&name) || rest.contains(&name) || name.starts_with("access-control-")
}

fn allowed_names(config: &Value) -> BTreeSet<String> {
    let names = list(config, "allow_headers").into_iter().chain(SAFELISTED);
    names.map(str::to_ascii_lowercase).collect()
}

fn list<'a>(config: &'a Value, name: &str) -> Vec<&'a str> {
    config[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn owned(values: Vec<&str>) -> Vec<String> {
    values.into_iter().map(str::to_owned).collect()
}
