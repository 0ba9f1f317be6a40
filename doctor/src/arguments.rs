//! `Arguments`: the parsed command line.

use std::time::Duration;

use tower_browser::Engine;
use url::Url;

use crate::question::{Header, Question};

pub(crate) const USAGE: &str = "\
usage: cors-doctor URL --origin ORIGIN [options]

Says whether a page of ORIGIN can read URL. If not, it names the hop that breaks it, where to fix it and what to write.

  --origin ORIGIN     the page's origin, such as https://app.example.com; `null` for a sandboxed frame
  --method METHOD     what the page sends (GET)
  --header NAME       a header that the page sets; `NAME: VALUE` also sets its value; may be repeated
  --body TEXT         the request's body, as text/plain unless a header says otherwise; only sent with --send
  --credentials       the page asks with `credentials: \"include\"`
  --reads NAME        a response header that the page's script reads; may be repeated
  --as ENGINE         decide as chromium, firefox or webkit does (the Fetch standard)
  --send              send a method that is not safe, such as PUT; otherwise a GET is sent instead
  --dangers           also try origins that no server should allow, one request each
  --timeout SECONDS   for all requests together (10)
  --json              the report as JSON, as README.md describes it
  --help, --version

Exit status: 0 the page works, 1 it fails, 2 wrong usage or no usable answer.
At most five requests are sent, six more with --dangers. Without --send all of them are safe.";

/// What to do.
#[derive(Debug)]
pub(crate) enum Arguments {
    Examine(Box<Examine>),
    /// Prints this text and succeeds.
    Print(String),
}

#[derive(Debug)]
pub(crate) struct Examine {
    pub(crate) question: Question,
    pub(crate) timeout: Duration,
    pub(crate) as_json: bool,
}

const TIMEOUT: Duration = Duration::from_secs(10);
/// Ten minutes.
const LONGEST_TIMEOUT: f64 = 600.0;

impl Arguments {
    /// # Errors
    ///
    /// One line that says what is wrong and what to write.
    pub(crate) fn read(given: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut given = given.into_iter();
        let (mut url, mut origin, mut method) = (None, None, None);
        let (mut timeout, mut as_json) = (TIMEOUT, false);
        let mut question = Question::default();
        while let Some(argument) = given.next() {
            // `--name=value` is `--name value`.
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            let is_flag = matches!(
                name,
                "--credentials" | "--send" | "--dangers" | "--json" | "--help" | "--version"
            );
            if is_flag && attached.is_some() {
                return Err(format!("{name} has no value"));
            }
            let mut value = || {
                let value = attached.clone().or_else(|| given.next());
                value.ok_or_else(|| format!("{name} needs a value"))
            };
            match name {
                "--help" | "-h" => return Ok(Self::Print(USAGE.to_owned())),
                "--version" | "-V" => {
                    return Ok(Self::Print(format!("cors-doctor {}", env!("CARGO_PKG_VERSION"))));
                }
                "--origin" => set(&mut origin, "--origin", value()?)?,
                "--method" => set(&mut method, "--method", value()?)?,
                "--header" => question.headers.push(Header::read(&value()?)?),
                "--body" => set(&mut question.body, "--body", value()?)?,
                "--reads" => question.reads.push(field_name("--reads", &value()?)?),
                "--as" => question.engine = engine(&value()?)?,
                "--timeout" => timeout = seconds(&value()?)?,
                "--credentials" => question.with_credentials = true,
                "--send" => question.sends_unsafe = true,
                "--dangers" => question.asks_for_dangers = true,
                "--json" => as_json = true,
                _ if name.starts_with('-') => {
                    return Err(format!("unknown option {name}; cors-doctor --help lists them"));
                }
                _ => set(&mut url, "the URL", argument)?,
            }
        }
        question.url = address(&url.ok_or("which URL? cors-doctor URL --origin ORIGIN")?)?;
        question.origin = origin.ok_or(
            "the origin of the page is missing; write --origin https://app.example.com, as in the address bar",
        )?;
        question.method = method.unwrap_or("GET".to_owned());
        Ok(Self::Examine(Box::new(Examine { question, timeout, as_json })))
    }
}

fn set(place: &mut Option<String>, name: &str, value: String) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{name} is given twice")),
    }
}

fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text);
    match url {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        // `localhost:8000` parses as a scheme.
        _ if !text.contains("://") => {
            Err(format!("{text} is not a URL without its scheme; write https://{text}"))
        }
        Ok(url) => {
            Err(format!("the URL has the scheme {}; CORS needs http or https", url.scheme()))
        }
        Err(error) => Err(format!("{text} is no URL: {error}")),
    }
}

fn engine(name: &str) -> Result<Engine, String> {
    match name {
        "chromium" => Ok(Engine::Chromium),
        "firefox" => Ok(Engine::Firefox),
        "webkit" => Ok(Engine::WebKit),
        _ => Err(format!("unknown engine {name}; write --as chromium, firefox or webkit")),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= LONGEST_TIMEOUT => {
            Ok(Duration::from_secs_f64(seconds))
        }
        _ => Err(format!("--timeout {text}: write seconds, more than 0 and at most 600")),
    }
}

/// A header's name, in lower case.
pub(crate) fn field_name(option: &str, text: &str) -> Result<String, String> {
    match http::HeaderName::from_bytes(text.as_bytes()) {
        Ok(name) => Ok(name.as_str().to_owned()),
        Err(_) => Err(format!("{option} \"{text}\": this is not a header name")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, String> {
        Arguments::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn mistakes() {
        let rows = [
            ("", "which URL? cors-doctor URL --origin ORIGIN"),
            (
                "https://a/",
                "the origin of the page is missing; write --origin https://app.example.com, as in the address bar",
            ),
            ("https://a/ https://b/ --origin https://c", "the URL is given twice"),
            ("https://a/ --origin", "--origin needs a value"),
            ("https://a/ --origin x --origin y", "--origin is given twice"),
            (
                "a.example/x --origin x",
                "a.example/x is not a URL without its scheme; write https://a.example/x",
            ),
            (
                "localhost:80 --origin x",
                "localhost:80 is not a URL without its scheme; write https://localhost:80",
            ),
            ("ftp://a/ --origin x", "the URL has the scheme ftp; CORS needs http or https"),
            ("https:// --origin x", "https:// is no URL: empty host"),
            (
                "https://a/ --as opera",
                "unknown engine opera; write --as chromium, firefox or webkit",
            ),
            ("https://a/ --timeout 0", "--timeout 0: write seconds, more than 0 and at most 600"),
            (
                "https://a/ --timeout NaN",
                "--timeout NaN: write seconds, more than 0 and at most 600",
            ),
            ("https://a/ --reads a(", "--reads \"a(\": this is not a header name"),
            ("https://a/ --header :x", "--header \"\": this is not a header name"),
            ("https://a/ --json=yes", "--json has no value"),
            ("https://a/ --verbose", "unknown option --verbose; cors-doctor --help lists them"),
        ];
        for (line, expected) in rows {
            assert_eq!(read(line).unwrap_err(), expected, "{line}");
        }
    }

    #[test]
    fn all_of_it() {
        let line = "--origin=https://a.example https://b.example/x?y=z --method PUT --header x-token \
                    --header content-type:text/html --credentials --body {} --reads X-Total --as firefox --send \
                    --dangers --timeout 2.5 --json";
        let Arguments::Examine(read) = read(line).unwrap() else { panic!() };
        let Examine { question, timeout, as_json } = *read;
        assert_eq!((timeout, as_json), (Duration::from_millis(2500), true));
        assert_eq!(question.url.as_str(), "https://b.example/x?y=z");
        assert_eq!(
            (question.origin.as_str(), question.method.as_str()),
            ("https://a.example", "PUT")
        );
        assert_eq!(question.body.as_deref(), Some("{}"));
        assert_eq!(question.reads, ["x-total"]);
        assert_eq!(question.engine, Engine::Firefox);
        assert!(question.with_credentials && question.sends_unsafe && question.asks_for_dangers);
        let headers: Vec<_> =
            question.headers.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
        assert_eq!(headers, [("x-token", "cors-doctor"), ("content-type", "text/html")]);
    }
}
