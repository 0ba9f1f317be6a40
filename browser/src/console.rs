//! The exact message that each engine's console prints for a refusal.

use http::{
    StatusCode,
    header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS},
};

use crate::{
    Engine, Reason,
    exchange::Exchange,
    standard::{
        cors::{self, Fault},
        preflight::Asked,
    },
};

/// A refused response, with the values that the messages need.
pub(crate) struct Refused<'a> {
    pub(crate) exchange: &'a Exchange,
    /// The first URL of the request, if redirects led to this one.
    pub(crate) redirected_from: Option<&'a str>,
    /// The page's own origin, before any redirect changes it.
    pub(crate) page: &'a str,
    /// The request that the preflight or the response was for.
    pub(crate) asked: &'a Asked,
    /// The header's name as the script wrote it.
    pub(crate) spelled: &'a dyn Fn(&str) -> String,
}

impl Refused<'_> {
    /// The message of an engine. `None` if it allows this.
    pub(crate) fn printed(&self, engine: Engine) -> Option<String> {
        let status = self.exchange.status()?;
        let fault = self.fault(engine, status)?;
        Some(match engine {
            Engine::Chromium => self.chromium(&fault),
            Engine::Firefox => self.firefox(&fault, status),
            Engine::WebKit => self.webkit(&fault, status),
            Engine::Standard => return None,
        })
    }

    /// Engines check in different orders, so each checks again.
    fn fault(&self, engine: Engine, status: StatusCode) -> Option<Fault> {
        let headers = self.exchange.response_headers()?;
        if self.exchange.is_preflight {
            self.asked.judge(engine.habits(), status, headers).err()
        } else {
            cors::check(&self.asked.origin, self.asked.with_credentials, headers).err()
        }
    }

    fn chromium(&self, fault: &Fault) -> String {
        let Fault { reason, subject } = fault;
        let text = match reason {
            Reason::AllowOriginMissing => {
                "No 'Access-Control-Allow-Origin' header is present on the requested resource."
                    .to_owned()
            }
            Reason::AllowOriginMismatch => format!(
                "The 'Access-Control-Allow-Origin' header has a value '{subject}' that is not equal to the supplied origin. Have the server send the header with a valid value."
            ),
            Reason::AllowOriginMultiple => format!(
                "The 'Access-Control-Allow-Origin' header contains multiple values '{subject}', but only one is allowed. Have the server send the header with a valid value."
            ),
            Reason::AllowOriginInvalid => format!(
                "The 'Access-Control-Allow-Origin' header contains the invalid value '{subject}'. Have the server send the header with a valid value."
            ),
            Reason::WildcardWithCredentials => {
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.".to_owned()
            }
            Reason::AllowCredentialsNotTrue => format!(
                "The value of the 'Access-Control-Allow-Credentials' header in the response is '{subject}' which must be 'true' when the request's credentials mode is 'include'."
            ),
            Reason::PreflightRedirected => {
                "Redirect is not allowed for a preflight request.".to_owned()
            }
            Reason::PreflightStatus => "It does not have HTTP ok status.".to_owned(),
            Reason::MethodNotAllowed => format!(
                "Method {subject} is not allowed by Access-Control-Allow-Methods in preflight response."
            ),
            Reason::AllowMethodsInvalid => {
                "Cannot parse Access-Control-Allow-Methods response header field in preflight response.".to_owned()
            }
            Reason::AllowHeadersInvalid => {
                "Cannot parse Access-Control-Allow-Headers response header field in preflight response.".to_owned()
            }
            _ => format!(
                "Request header field {subject} is not allowed by Access-Control-Allow-Headers in preflight response."
            ),
        };
        // The lists are no part of what Chromium calls the access control check.
        let is_of_lists = matches!(
            reason,
            Reason::MethodNotAllowed
                | Reason::HeaderNotAllowed
                | Reason::AllowMethodsInvalid
                | Reason::AllowHeadersInvalid
        );
        let check = if self.exchange.is_preflight && !is_of_lists {
            "Response to preflight request doesn't pass access control check: "
        } else {
            ""
        };
        let from =
            self.redirected_from.map_or(String::new(), |url| format!(" (redirected from '{url}')"));
        format!(
            "Access to fetch at '{}'{from} from origin '{}' has been blocked by CORS policy: {check}{text}",
            self.exchange.url, self.page
        )
    }

    fn firefox(&self, fault: &Fault, status: StatusCode) -> String {
        let Fault { reason, subject } = fault;
        let status = status.as_u16();
        let text = match reason {
            Reason::AllowOriginMissing => format!(
                "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}."
            ),
            Reason::AllowOriginMismatch
            | Reason::AllowOriginMultiple
            | Reason::AllowOriginInvalid => {
                format!("CORS header ‘Access-Control-Allow-Origin’ does not match ‘{subject}’).")
            }
            Reason::WildcardWithCredentials => {
                "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).".to_owned()
            }
            Reason::AllowCredentialsNotTrue => {
                "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).".to_owned()
            }
            Reason::PreflightRedirected => {
                "CORS request external redirect not allowed).".to_owned()
            }
            Reason::PreflightStatus => {
                format!("CORS preflight response did not succeed). Status code: {status}.")
            }
            Reason::MethodNotAllowed => {
                "Did not find method in CORS header ‘Access-Control-Allow-Methods’).".to_owned()
            }
            Reason::AllowMethodsInvalid => {
                format!("invalid token ‘{subject}’ in CORS header ‘Access-Control-Allow-Methods’).")
            }
            Reason::AllowHeadersInvalid => {
                format!("invalid token ‘{subject}’ in CORS header ‘Access-Control-Allow-Headers’).")
            }
            _ => format!(
                "header ‘{subject}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response)."
            ),
        };
        let url = &self.exchange.url;
        let frame = format!(
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: "
        );
        if self.exchange.is_preflight {
            format!("{frame}{text}\n{frame}CORS request did not succeed). Status code: (null).")
        } else {
            format!("{frame}{text}")
        }
    }

    fn webkit(&self, fault: &Fault, status: StatusCode) -> String {
        let Fault { reason, subject } = fault;
        let status = status.as_u16();
        let text = match reason {
            Reason::AllowOriginMultiple if subject.contains(',') => {
                "Access-Control-Allow-Origin cannot contain more than one origin.".to_owned()
            }
            Reason::WildcardWithCredentials => {
                "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true."
                    .to_owned()
            }
            Reason::AllowCredentialsNotTrue => {
                "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\"."
                    .to_owned()
            }
            Reason::PreflightRedirected | Reason::PreflightStatus => {
                format!("Preflight response is not successful. Status code: {status}")
            }
            Reason::MethodNotAllowed => {
                format!("Method {subject} is not allowed by Access-Control-Allow-Methods.")
            }
            Reason::AllowMethodsInvalid | Reason::AllowHeadersInvalid => {
                let (name, list) = match reason {
                    Reason::AllowMethodsInvalid => {
                        ("Access-Control-Allow-Methods", ACCESS_CONTROL_ALLOW_METHODS)
                    }
                    _ => ("Access-Control-Allow-Headers", ACCESS_CONTROL_ALLOW_HEADERS),
                };
                let value = self.exchange.answered(&list).unwrap_or_default();
                format!("Header {name} has an invalid value: {value}")
            }
            Reason::HeaderNotAllowed => format!(
                "Request header field {} is not allowed by Access-Control-Allow-Headers.",
                (self.spelled)(subject)
            ),
            _ => format!(
                "Origin {} is not allowed by Access-Control-Allow-Origin. Status code: {status}",
                self.asked.origin
            ),
        };
        format!("{text}\nFetch API cannot load {} due to access control checks.", self.exchange.url)
    }
}
