//! A dry run of a browser: would a page's request be allowed, why, and what must change?
//!
//! ```sh
//! echo 'allow_origins = ["https://app.example.com"]' > cors.toml
//! cargo run --example explain -- \
//!     --config cors.toml --origin https://app.example.com --method PUT --header 'X-Token: 1'
//! ```
//!
//! prints the verdict and the requests that a browser would send, with the layer's answers: a
//! preflight if one is needed, and the request itself unless the preflight fails. The exit status
//! is 0 if the page may read the response, 1 if not, 2 for wrong usage or an invalid file.

use std::{
    convert::Infallible,
    env,
    error::Error,
    fs,
    io::{self, Write},
    process::ExitCode,
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response,
    header::{
        ACCEPT, ACCEPT_LANGUAGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
        CONTENT_LANGUAGE, CONTENT_TYPE, HOST, ORIGIN,
    },
    request::Parts,
};
use http_body_util::{BodyExt, Full};
use tower::{Layer, ServiceExt, service_fn};
use tower_cors::{CorsConfig, CorsLayer, CorsPolicy, Explanation, Kind};

const USAGE: &str = "usage: explain --config FILE --origin ORIGIN \
    [--method METHOD] [--header 'NAME: VALUE']... [--credentials]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Prints the whole answer, and returns whether it is yes.
async fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = env::args_os().skip(1).map(|text| text.to_string_lossy().into_owned());
    let (file, page) = read_arguments(arguments).map_err(|error| format!("{error}\n{USAGE}"))?;
    let policy = read_policy(&file)?;
    let passes = |head: &Parts| page.explanation(&policy, head).allowed();

    let mut exchanges = Vec::new();
    let mut allowed = true;
    let unsafe_parts = page.unsafe_parts();
    if !unsafe_parts.is_empty() {
        let title = format!("the browser asks first, because of {}", unsafe_parts.join(", "));
        let preflight = page.preflight();
        allowed = passes(&preflight);
        exchanges.push((title, preflight));
    }
    // If the preflight is refused, the request is never sent.
    if allowed {
        let request = page.request();
        allowed = passes(&request);
        exchanges.push(("the browser sends the request".to_owned(), request));
    }

    let verdict = if allowed { "allowed" } else { "refused" };
    let with = if page.credentials { " with credentials" } else { "" };
    let origin = page.origin.as_bytes().escape_ascii();
    let mut report = format!("{verdict}: {} of {origin}{with}\n", page.method);
    for (title, head) in exchanges {
        let explanation = page.explanation(&policy, &head);
        let exchange = exchange(&policy, head).await?;
        report += &format!("\n{title}\n\n{exchange}\n{explanation}\n");
    }
    // A reader of only the first line (`| head -1`) closes the pipe. The exit status still tells
    // the result.
    _ = io::stdout().write_all(report.as_bytes());
    Ok(allowed)
}

/// A request and the layer's answer to it, as on the network.
async fn exchange(policy: &CorsPolicy, head: Parts) -> Result<String, Box<dyn Error>> {
    let mut text =
        format!("> {} {} HTTP/1.1\n{}", head.method, head.uri, lines("> ", &head.headers));
    let hello = async |_| Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("(the response)")));
    let service = CorsLayer::from(policy.clone()).layer(service_fn(hello));
    let (head, body) = service.oneshot(Request::from_parts(head, ())).await?.into_parts();
    text += &format!("\n< HTTP/1.1 {}\n{}<\n", head.status, lines("< ", &head.headers));
    let body = body.collect().await?.to_bytes();
    text += &format!("< {}\n", body.escape_ascii());
    Ok(text)
}

fn lines(mark: &str, headers: &HeaderMap) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        format!("{mark}{name}: {}\n", value.as_bytes().escape_ascii())
    };
    headers.iter().map(line).collect()
}

/// The request of a page.
struct Page {
    origin: HeaderValue,
    method: Method,
    headers: HeaderMap,
    credentials: bool,
}

impl Page {
    /// Why the browser sends a preflight; empty if it sends none.
    ///
    /// Fetch, "CORS-safelisted method" and "CORS-unsafe request-header names".
    fn unsafe_parts(&self) -> Vec<String> {
        let is_safe = [Method::GET, Method::HEAD, Method::POST].contains(&self.method);
        let method = (!is_safe).then(|| self.method.to_string());
        method.into_iter().chain(self.unsafe_names()).collect()
    }

    /// In the order of browsers.
    fn unsafe_names(&self) -> Vec<String> {
        let is_unsafe = |name: &&HeaderName| {
            self.headers.get_all(*name).iter().any(|value| !is_safelisted(name, value))
        };
        let mut names: Vec<_> =
            self.headers.keys().filter(is_unsafe).map(HeaderName::to_string).collect();
        names.sort();
        names
    }

    fn explanation(&self, policy: &CorsPolicy, head: &Parts) -> Explanation {
        if self.credentials { policy.explain_with_credentials(head) } else { policy.explain(head) }
    }

    fn preflight(&self) -> Parts {
        let mut head = self.head(Method::OPTIONS);
        let value = |text: &str| HeaderValue::from_str(text).expect("methods and names are values");
        head.headers.insert(ACCESS_CONTROL_REQUEST_METHOD, value(self.method.as_str()));
        let names = self.unsafe_names();
        if !names.is_empty() {
            head.headers.insert(ACCESS_CONTROL_REQUEST_HEADERS, value(&names.join(",")));
        }
        head
    }

    fn request(&self) -> Parts {
        let mut head = self.head(self.method.clone());
        head.headers.extend(self.headers.clone());
        head
    }

    fn head(&self, method: Method) -> Parts {
        let (mut head, ()) = Request::new(()).into_parts();
        head.method = method;
        head.headers.insert(HOST, HeaderValue::from_static("api.example"));
        head.headers.insert(ORIGIN, self.origin.clone());
        head
    }
}

/// Fetch, "CORS-safelisted request-header"; `Range` is left out, and so are lengths.
fn is_safelisted(name: &HeaderName, value: &HeaderValue) -> bool {
    let Ok(value) = value.to_str() else { return false };
    let is_plain = !value.contains(|c: char| c.is_ascii_control() || "\"():<>?@[\\]{}".contains(c));
    match *name {
        ACCEPT => is_plain,
        ACCEPT_LANGUAGE | CONTENT_LANGUAGE => {
            value.chars().all(|c| c.is_ascii_alphanumeric() || " *,-.;=".contains(c))
        }
        CONTENT_TYPE => {
            let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let safe = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
            is_plain && safe.contains(&essence.as_str())
        }
        _ => false,
    }
}

/// The file, and the request of the page.
fn read_arguments(
    mut arguments: impl Iterator<Item = String>,
) -> Result<(String, Page), Box<dyn Error>> {
    let (mut file, mut origin) = (None, None);
    let (mut method, mut headers, mut credentials) = (Method::GET, HeaderMap::new(), false);
    while let Some(option) = arguments.next() {
        let mut value =
            || arguments.next().ok_or_else(|| format!("{option}: its value is missing"));
        match option.as_str() {
            "--config" => file = Some(value()?),
            "--origin" => origin = Some(HeaderValue::from_str(&value()?)?),
            "--method" => method = read_method(&value()?)?,
            "--header" => {
                let (name, value) = read_header(&value()?)?;
                headers.append(name, value);
            }
            "--credentials" => credentials = true,
            _ => return Err(format!("{option}: no such option").into()),
        }
    }
    let file = file.ok_or("--config is missing")?;
    let origin = origin.ok_or("--origin is missing")?;
    Ok((file, Page { origin, method, headers, credentials }))
}

/// A method as `fetch()` accepts it: six names in any letter case, and three are refused.
fn read_method(text: &str) -> Result<Method, String> {
    let upper = text.to_ascii_uppercase();
    let method = match upper.as_str() {
        "CONNECT" | "TRACE" | "TRACK" => {
            return Err(format!("{text}: no browser lets a script send this method"));
        }
        "DELETE" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" => &upper,
        _ => text,
    };
    method.parse().map_err(|error| format!("{text:?}: {error}"))
}

/// A header as `fetch()` accepts it, from `NAME: VALUE` or only the name.
fn read_header(text: &str) -> Result<(HeaderName, HeaderValue), Box<dyn Error>> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let name: HeaderName = name.trim().parse().map_err(|error| format!("{text:?}: {error}"))?;
    // The crate knows which headers only browsers may set.
    let policy = CorsLayer::new().allow_headers([&name]).build()?;
    let kinds = policy.diagnostics().iter().map(|diagnostic| diagnostic.kind());
    if kinds.into_iter().any(|kind| kind == Kind::ForbiddenRequestHeader) {
        return Err(format!("{name}: no browser lets a script set this header").into());
    }
    Ok((name, value.trim().parse()?))
}

/// The policy of a file, or every mistake with the file and its key.
fn read_policy(file: &str) -> Result<CorsPolicy, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let config: CorsConfig = toml::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    CorsLayer::from(config).build().map_err(|error| {
        let faults = error.diagnostics().iter().map(|fault| format!("{file}: {fault}"));
        faults.collect::<Vec<_>>().join("\n")
    })
}
