//! The requests that are sent under faults, and the only answers that are right.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Expect {
    /// 200 of the inner service, and the origin may read it.
    Granted,
    /// 200 of the inner service, without a grant.
    Passed,
    /// `Granted` or 403, by the policy of the second.
    EitherOf,
    /// 200 of the layer: a preflight with a grant.
    Preflight,
    /// Status and text of the layer. The inner service never runs.
    Refused(&'static str, &'static str),
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) request: String,
    origin: &'static str,
    pub(crate) expect: Expect,
}

/// A request to this path ends the server with the layer: the layer refuses whatever is sent there.
pub(crate) const NEVER: &str = "/never";

/// What the inner service answers.
pub(crate) const BODY: &str = "{\"id\":7,\"name\":\"seven\"}";

pub(crate) const HOST: &str = "api.example.com";
pub(crate) const ALWAYS: &str = "https://app.example.com";
pub(crate) const EVEN: &str = "https://even.example.com";
pub(crate) const ODD: &str = "https://odd.example.com";
const STRANGER: &str = "https://evil.example";

pub(crate) fn cases() -> Vec<Case> {
    const ORIGIN: Expect = Expect::Refused("403", "Disallowed CORS origin");
    const HEADERS: Expect = Expect::Refused("400", "Disallowed CORS headers");
    let preflight = |origin, names: &str, expect| {
        let more = format!(
            "access-control-request-method: PUT\r\naccess-control-request-headers: {names}\r\n"
        );
        case("OPTIONS", origin, &more, expect)
    };
    let long = |text: &str| text.repeat(8192 / text.len());
    let lines = "access-control-request-headers: x-token\r\n".repeat(80);
    vec![
        case("GET", ALWAYS, "", Expect::Granted),
        case("POST", ALWAYS, "content-length: 0\r\n", Expect::Granted),
        case("GET", "", "", Expect::Passed),
        case("GET", EVEN, "", Expect::EitherOf),
        case("GET", ODD, "", Expect::EitherOf),
        case("GET", STRANGER, "", ORIGIN),
        case("POST", "", "sec-fetch-site: cross-site\r\ncontent-length: 0\r\n", ORIGIN),
        case("GET", STRANGER, "connection: upgrade\r\nupgrade: websocket\r\n", ORIGIN),
        rebound(case("GET", ALWAYS, "", Expect::Refused("400", "Invalid host header"))),
        preflight(ALWAYS, "content-type,x-token", Expect::Preflight),
        preflight(ALWAYS, "x-other", HEADERS),
        preflight(STRANGER, "x-token", Expect::Refused("400", "Disallowed CORS origin")),
        preflight(ALWAYS, &long(" ,"), Expect::Preflight),
        preflight(ALWAYS, &long("x-token,"), Expect::Preflight),
        preflight(ALWAYS, &long("x-unknown,"), HEADERS),
        preflight(ALWAYS, &long("x"), HEADERS),
        case(
            "OPTIONS",
            ALWAYS,
            &format!("access-control-request-method: PUT\r\n{lines}"),
            Expect::Preflight,
        ),
    ]
}

fn case(method: &str, origin: &'static str, more: &str, expect: Expect) -> Case {
    let path = if let Expect::Refused(..) = expect { NEVER } else { "/things/7" };
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {HOST}\r\n");
    if !origin.is_empty() {
        request += &format!("origin: {origin}\r\n");
    }
    Case { request: request + more + "\r\n", origin, expect }
}

fn rebound(case: Case) -> Case {
    let request = case.request.replace(HOST, "rebound.example");
    Case { request, ..case }
}

impl Case {
    /// Panics unless the answer is right. Says whether the origin may read it.
    pub(crate) fn check(&self, answer: &[u8], is_guarded: bool) -> bool {
        let text = std::str::from_utf8(answer).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a whole answer");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
        let fields = || lines.clone().filter_map(|line| line.split_once(": "));
        let values = |name: &str| {
            let found = fields().filter(|(field, _)| field.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_owned()).collect::<Vec<_>>()
        };
        let allowed = values("access-control-allow-origin");
        let with_credentials = values("access-control-allow-credentials");
        let is_granted = allowed == [self.origin] && with_credentials == ["true"];
        let is_silent = allowed.is_empty() && with_credentials.is_empty();
        let refused = |expected, text| status == expected && body == text;
        let is_right = if is_guarded {
            match self.expect {
                Expect::Granted => status == "200" && body == BODY && is_granted,
                Expect::Passed => status == "200" && body == BODY && is_silent,
                Expect::EitherOf => {
                    status == "200" && body == BODY && is_granted
                        || refused("403", "Disallowed CORS origin") && is_silent
                }
                Expect::Preflight => {
                    status == "200"
                        && body == "OK"
                        && is_granted
                        && values("access-control-allow-methods") == ["GET, POST, PUT"]
                }
                // A refused preflight of an allowed origin says so, that its page can tell why.
                Expect::Refused("400", text @ "Disallowed CORS headers") => {
                    refused("400", text) && is_granted
                }
                // `Access-Control-Allow-Credentials` may stand alone in a preflight's answer, as Starlette's does.
                Expect::Refused(status, text) => refused(status, text) && allowed.is_empty(),
            }
        } else {
            status == "200" && body == BODY && is_silent
        };
        assert!(is_right, "{:.400}\n{text}", self.request);
        is_granted
    }
}
