//! `Question`: the page and the request that are asked about.

use tower_browser::Engine;
use url::Url;

use crate::arguments::field_name;

/// May a page of this origin send this and read the answer?
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) url: Url,
    pub(crate) origin: String,
    pub(crate) method: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<String>,
    pub(crate) with_credentials: bool,
    pub(crate) engine: Engine,
    /// Response headers that the script reads, in lower case.
    pub(crate) reads: Vec<String>,
    pub(crate) asks_for_dangers: bool,
    pub(crate) sends_unsafe: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// In lower case.
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            url: Url::parse("https://api.example.com/").expect("this is a URL"),
            origin: String::new(),
            method: "GET".to_owned(),
            headers: Vec::new(),
            body: None,
            with_credentials: false,
            engine: Engine::Standard,
            reads: Vec::new(),
            asks_for_dangers: false,
            sends_unsafe: false,
        }
    }
}

impl Header {
    /// `NAME` or `NAME: VALUE`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let (name, value) = match text.split_once(':') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (text.trim(), None),
        };
        let name = field_name("--header", name)?;
        // A value that needs a preflight. Safelisted values need none.
        let value = value.map(str::to_owned).unwrap_or_else(|| match name.as_str() {
            "authorization" => "Bearer cors-doctor".to_owned(),
            "content-type" => "application/json".to_owned(),
            _ => "cors-doctor".to_owned(),
        });
        Ok(Self { name, value })
    }
}

impl Question {
    /// The method as browsers send it: six names get upper case (Fetch, "normalize").
    pub(crate) fn sent_method(&self) -> String {
        let upper = self.method.to_ascii_uppercase();
        match upper.as_str() {
            "DELETE" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" => upper,
            _ => self.method.clone(),
        }
    }

    /// Whether a GET is sent instead of the method (RFC 9110, 9.2.1).
    pub(crate) fn has_stand_in(&self) -> bool {
        !self.sends_unsafe && !matches!(self.sent_method().as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// `PUT https://api.example.com/items`.
    pub(crate) fn request(&self) -> String {
        format!("{} {}", self.sent_method(), self.address())
    }

    /// Without the fragment, which is never sent.
    pub(crate) fn address(&self) -> &str {
        &self.url[..url::Position::AfterQuery]
    }

    pub(crate) fn host(&self) -> &str {
        &self.url[url::Position::BeforeHost..url::Position::AfterPort]
    }

    /// The names of the page's headers, as in a list of code: `"x-token", "x-trace"`.
    pub(crate) fn header_list(&self) -> String {
        let names: Vec<_> = self.headers.iter().map(|it| format!("{:?}", it.name)).collect();
        names.join(", ")
    }

    /// The layer that would allow this.
    pub(crate) fn layer(&self) -> String {
        let mut layer = format!("CorsLayer::new().allow_origins([{:?}])", self.origin);
        let method = self.sent_method();
        if !matches!(method.as_str(), "GET" | "HEAD" | "POST") {
            layer += &format!(".allow_methods([\"GET\", {method:?}])");
        } else if method == "POST" {
            layer += ".allow_methods([\"GET\", \"POST\"])";
        }
        if !self.headers.is_empty() {
            layer += &format!(".allow_headers([{}])", self.header_list());
        }
        if self.with_credentials {
            layer += ".allow_credentials(true)";
        }
        layer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_as_browsers_send_them() {
        for (written, sent) in
            [("put", "PUT"), ("Delete", "DELETE"), ("patch", "patch"), ("PATCH", "PATCH")]
        {
            let question = Question { method: written.to_owned(), ..Question::default() };
            assert_eq!(question.sent_method(), sent);
        }
    }
}
