//! What is said of a danger: who could do what, and the ways out that fit the settings.

use super::{risk::Risk, setting::Setting, words::Words};

/// A danger of one value, and the settings that choose the ways out.
#[derive(Clone, Debug)]
pub(crate) struct Danger<'a> {
    pub(crate) risk: Risk,
    pub(crate) setting: Setting,
    /// An origin that is really matched.
    pub(crate) example: Option<String>,
    pub(crate) context: Context<'a>,
}

/// What of the settings chooses the words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) words: Words,
    pub(crate) credentials: bool,
    pub(crate) enforced: bool,
    pub(crate) allow_headers: &'a [String],
    pub(crate) tolerated: &'a [Risk],
}

pub(crate) fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::AnyOrigin => {
            "any website could send requests as your logged-in user and read the answers"
        }
        Risk::NullOrigin => {
            "any website can make itself the origin null, and could then send requests as your logged-in user and read the answers"
        }
    }
}

impl Danger<'_> {
    pub(super) fn is_tolerated(&self) -> bool {
        self.context.tolerated.contains(&self.risk)
    }

    /// Who could do what, and a line for each way out.
    pub(super) fn text(&self) -> String {
        let example = self.example.as_ref();
        let example = example.map(|it| format!("it matches {it}, which anybody can obtain; "));
        let mut said = Vec::new();
        if self.is_tolerated() {
            said.push(format!("this is tolerated by {}", self.tolerate().trim_start_matches('.')));
        } else {
            said.push(self.consequence().to_owned());
            said.extend(self.ways());
            said.push(format!("this is intended: {}", self.tolerate()));
        }
        example.unwrap_or_default() + &said.join("\n  - ")
    }

    fn consequence(&self) -> &'static str {
        match self.risk {
            _ if self.setting == Setting::AllowHosts => {
                "any website could point its own DNS name at this server and read the answers"
            }
            _ if self.context.credentials => risk(self.risk),
            Risk::AnyOrigin => {
                "any website could send requests and open WebSockets as your logged-in user"
            }
            Risk::NullOrigin => {
                "any website can make itself the origin null, and could then send requests and open WebSockets as your logged-in user"
            }
        }
    }

    fn ways(&self) -> Vec<String> {
        let Context { words, credentials, .. } = self.context;
        let origins =
            words.list(Setting::AllowOrigins, &["https://app.example.com", "http://localhost:*"]);
        match self.risk {
            _ if self.setting == Setting::AllowHosts => {
                let hosts = words.list(Setting::AllowHosts, &["api.example.com"]);
                vec![format!("list the hosts of this server: write {hosts} instead")]
            }
            Risk::NullOrigin => {
                vec!["serve the page from its own origin, and list that origin instead".to_owned()]
            }
            Risk::AnyOrigin if credentials => vec![
                format!("the page sends a token in a header: {}", self.without_credentials()),
                format!("the page needs cookies: write {origins} instead"),
            ],
            Risk::AnyOrigin => vec![
                format!("any website may send requests: drop {}", enforcement(words)),
                format!("only some websites may: write {origins} instead"),
            ],
        }
    }

    /// A token needs no credentials, but an allowed header; and a page that asks for credentials
    /// nevertheless is refused.
    fn without_credentials(&self) -> String {
        let Context { words, enforced, allow_headers, .. } = self.context;
        let credentials = match words {
            Words::Builder => ".allow_credentials(true)",
            Words::Config => "allow_credentials = true",
        };
        let enforcement =
            if enforced { format!(" and {}", enforcement(words)) } else { String::new() };
        let is_token =
            |name: &String| matches!(&*name.trim().to_ascii_lowercase(), "*" | "authorization");
        let header = match words {
            _ if allow_headers.iter().any(is_token) => String::new(),
            Words::Builder => {
                format!(", and add {}", words.list(Setting::AllowHeaders, &["authorization"]))
            }
            Words::Config => {
                format!(
                    ", and write {}",
                    words.add(Setting::AllowHeaders, allow_headers, &["authorization"])
                )
            }
        };
        format!(
            "drop {credentials}{enforcement} here and credentials: \"include\" in the page{header}"
        )
    }

    fn tolerate(&self) -> String {
        let key = |risk: &Risk| match risk {
            Risk::AnyOrigin => "any_origin",
            Risk::NullOrigin => "null_origin",
        };
        match self.context.words {
            Words::Builder => format!(".tolerate(Risk::{:?})", self.risk),
            Words::Config => {
                let others = self.context.tolerated.iter().filter(|risk| **risk != self.risk);
                let risks: Vec<_> =
                    others.chain([&self.risk]).map(|risk| format!("{:?}", key(risk))).collect();
                format!("tolerate = [{}]", risks.join(", "))
            }
        }
    }
}

fn enforcement(words: Words) -> &'static str {
    match words {
        Words::Builder => ".enforce_origin(…)",
        Words::Config => "enforce_origin",
    }
}
