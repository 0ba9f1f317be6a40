//! A configuration as a FastAPI application, as far as FastAPI has the same.

use tower_cors::{CorsConfig, CorsLayer, EnforceOrigin, InnerHeaders, Preset};

use crate::code::{WIDTH, bracketed};
use crate::form::Asked;
use crate::tabs::Front;

/// A FastAPI application; a comment names what it has no setting for.
pub(crate) fn code(config: &CorsConfig, asked: &Asked) -> String {
    let mut arguments = String::new();
    let mut argument = |name: &str, value: String| {
        arguments.push_str(&format!("    {name}={value},\n"));
    };
    let list =
        |items: Vec<String>| bracketed(items.iter().map(|item| quoted(item)), WIDTH - 20, "    ");

    let (patterns, origins): (Vec<_>, Vec<_>) =
        config.allow_origins.iter().partition(|origin| pattern(origin).is_some());
    if !origins.is_empty() {
        argument("allow_origins", list(origins.into_iter().cloned().collect()));
    }
    let regexes: Vec<_> = config
        .allow_origin_regex
        .iter()
        .cloned()
        .chain(patterns.iter().filter_map(|origin| pattern(origin)))
        .collect();
    if !regexes.is_empty() {
        argument("allow_origin_regex", raw(&regexes.join("|")));
    }
    let presets: Vec<_> = config.preset.iter().map(|preset| names(*preset)).collect();
    let with = |listed: &[String], names: fn(&CorsConfig) -> &Vec<String>| {
        let mut listed = listed.to_vec();
        for name in presets.iter().flat_map(names) {
            let taken = |known: &String| known == "*" || known.eq_ignore_ascii_case(name);
            if !listed.iter().any(taken) {
                listed.push(name.clone());
            }
        }
        listed
    };
    let methods = with(&config.allow_methods, |preset| &preset.allow_methods);
    if methods != ["GET"] {
        argument("allow_methods", list(methods));
    }
    for (name, listed) in [
        ("allow_headers", with(&config.allow_headers, |preset| &preset.allow_headers)),
        ("expose_headers", with(&config.expose_headers, |preset| &preset.expose_headers)),
    ] {
        if !listed.is_empty() {
            argument(name, list(listed));
        }
    }
    if config.allow_credentials {
        argument("allow_credentials", "True".to_owned());
    }
    if config.allow_private_network {
        argument("allow_private_network", "True".to_owned());
    }
    if let Some(seconds) = config.max_age
        && seconds != 600
    {
        argument("max_age", seconds.to_string());
    }

    let mut comment = String::new();
    if !patterns.is_empty() {
        comment.push_str("# FastAPI has no patterns, so this is a regular expression.\n");
    }
    let missing = without_counterpart(config, asked);
    if !missing.is_empty() {
        comment.push_str(&format!("# FastAPI has nothing like {}.\n", missing.join(", ")));
    }
    let place = match asked.front {
        Front::GatewayAnswers => "# Not added: only the gateway answers preflights.\n",
        Front::Login => {
            "# Added last, so preflights reach the login first.\napp.add_middleware(Login)\n"
        }
        Front::Limit => {
            "# Added last, so its 429 gets no CORS headers.\napp.add_middleware(Limit)\n"
        }
        Front::GatewayAdds | Front::GatewayNames => {
            "# The gateway in front writes the header, too.\n"
        }
        Front::Redirects => "# The gateway in front redirects before it.\n",
        Front::Nothing => "# Added last: it is outermost and answers preflights.\n",
    };
    let call = format!("app.add_middleware(\n    CORSMiddleware,\n{arguments})\n");
    let call = match asked.front {
        Front::GatewayAnswers => format!("{place}# {}\n", call.trim_end().replace('\n', "\n# ")),
        Front::Nothing => format!("{place}{call}"),
        _ => format!("{call}{place}"),
    };
    format!(
        "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n\n\
         app = FastAPI()\n\n{comment}{call}"
    )
}

fn without_counterpart(config: &CorsConfig, asked: &Asked) -> Vec<&'static str> {
    [
        (config.max_age.is_none(), "max_age(None)"),
        (config.mirror_methods, "mirror_methods"),
        (config.preflight_status != 200, "preflight_status"),
        (config.browser_diagnostics, "browser_diagnostics"),
        (config.constant_wildcard, "constant_wildcard"),
        (config.enforce_origin != EnforceOrigin::Nothing, "enforce_origin"),
        (!config.allow_hosts.is_empty(), "allow_hosts"),
        (config.report_only, "report_only"),
        (config.timing_allow_origin, "timing_allow_origin"),
        (asked.others, "a second policy for other origins"),
        (has_prefixes(config), "prefixes in allow_headers"),
        (config.inner_headers != InnerHeaders::Replace, "inner_headers"),
    ]
    .into_iter()
    .filter_map(|(used, name)| used.then_some(name))
    .collect()
}

/// `x-amz-meta-*`; a lone `*` is FastAPI's, too.
fn has_prefixes(config: &CorsConfig) -> bool {
    let presets = config.preset.iter().flat_map(|preset| names(*preset).allow_headers);
    config.allow_headers.iter().cloned().chain(presets).any(|name| name.ends_with("-*"))
}

/// A pattern of `allow_origins` as the regular expression that matches the same origins.
fn pattern(origin: &str) -> Option<String> {
    let (scheme, rest) = origin.split_once("://")?;
    let (rest, port) = match rest.strip_suffix(":*") {
        Some(rest) => (rest, "(:[0-9]+)?"),
        None => (rest, ""),
    };
    let (host, labels) = match rest.strip_prefix("*.") {
        Some(host) => (host, r"([a-z0-9_-]+\.)+"),
        None => (rest, ""),
    };
    let is_exact = port.is_empty() && labels.is_empty();
    let is_pattern = !is_exact && !host.contains('*');
    is_pattern.then(|| format!("{}://{labels}{}{port}", escaped(scheme), escaped(host)))
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, character| {
        if ".+[]".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
        escaped
    })
}

/// JSON's escapes are Python's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(crate) fn raw(text: &str) -> String {
    if text.contains(['"', '\n']) || text.ends_with('\\') {
        quoted(text)
    } else {
        format!("r\"{text}\"")
    }
}

/// The lists that a preset stands for.
fn names(preset: Preset) -> CorsConfig {
    let policy = CorsLayer::new().preset(preset).build();
    policy.expect("the crate's own names are valid").config().clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_a_regex_in_python() {
        assert_eq!(
            pattern("https://*.example.com:*").unwrap(),
            r"https://([a-z0-9_-]+\.)+example\.com(:[0-9]+)?"
        );
        assert_eq!(pattern("https://example.com"), None);
        assert_eq!(pattern("*"), None);
    }
}
