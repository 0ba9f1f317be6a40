//! A configuration as code: the builder's calls, and the call of FastAPI that means the same.

use tower_cors::{CorsConfig, CorsLayer, EnforceOrigin, Preset};

/// Longer lists are broken, one item a line.
const WIDTH: usize = 76;

/// `use` lines and the builder, ready to be copied.
pub(crate) fn rust(config: &CorsConfig) -> String {
    let mut builder = Builder { calls: String::new(), imports: vec!["CorsLayer"] };
    builder.list("allow_origins", &config.allow_origins, &[]);
    for regex in &config.allow_origin_regex {
        builder.call("allow_origin_regex", &raw(regex));
    }
    // The first call replaces the default, and so does a preset.
    let default: &[&str] = if config.preset.is_empty() { &["GET"] } else { &[] };
    builder.list("allow_methods", &config.allow_methods, default);
    builder.list("allow_headers", &config.allow_headers, &[]);
    builder.list("expose_headers", &config.expose_headers, &[]);
    for preset in &config.preset {
        builder.named("preset", "Preset", preset);
    }
    builder.flag("allow_credentials", config.allow_credentials);
    builder.flag("allow_private_network", config.allow_private_network);
    match config.max_age {
        Some(600) => {}
        Some(seconds) => builder.call("max_age", &format!("Duration::from_secs({seconds})")),
        None => builder.call("max_age", "None"),
    }
    if config.mirror_methods {
        builder.call("mirror_methods", "");
    }
    if config.preflight_status != 200 {
        let status = match config.preflight_status {
            204 => "StatusCode::NO_CONTENT".to_owned(),
            other => format!("StatusCode::from_u16({other})?"),
        };
        builder.call("preflight_status", &status);
    }
    builder.flag("browser_diagnostics", config.browser_diagnostics);
    builder.flag("constant_wildcard", config.constant_wildcard);
    if config.enforce_origin != EnforceOrigin::Nothing {
        builder.named("enforce_origin", "EnforceOrigin", &config.enforce_origin);
    }
    for risk in &config.tolerate {
        builder.named("tolerate", "Risk", risk);
    }
    builder.finish()
}

struct Builder {
    calls: String,
    imports: Vec<&'static str>,
}

impl Builder {
    fn call(&mut self, name: &str, argument: &str) {
        self.calls.push_str(&format!("\n    .{name}({argument})"));
    }

    fn flag(&mut self, name: &str, on: bool) {
        if on {
            self.call(name, "true");
        }
    }

    fn named(&mut self, name: &str, kind: &'static str, value: &dyn std::fmt::Debug) {
        self.import(kind);
        self.call(name, &format!("{kind}::{value:?}"));
    }

    fn list(&mut self, name: &str, items: &[String], default: &[&str]) {
        if items == default {
            return;
        }
        match items {
            [] => self.call(name, "[\"\"; 0]"),
            [any] if any == "*" => {
                self.import("Any");
                self.call(name, "Any");
            }
            items => {
                let items = items.iter().map(|item| format!("{item:?}"));
                let room = WIDTH - name.len();
                self.call(name, &bracketed(items, room, "    "));
            }
        }
    }

    fn import(&mut self, name: &'static str) {
        if !self.imports.contains(&name) {
            self.imports.push(name);
        }
    }

    fn finish(mut self) -> String {
        self.imports.sort_unstable();
        let imports = match &self.imports[..] {
            [one] => (*one).to_owned(),
            several => format!("{{{}}}", several.join(", ")),
        };
        let mut code = String::new();
        if self.calls.contains("Duration::") {
            code.push_str("use std::time::Duration;\n");
        }
        if self.calls.contains("StatusCode::") {
            code.push_str("use http::StatusCode;\n");
        }
        code.push_str(&format!(
            "use tower_cors::{imports};\n\nlet cors = CorsLayer::new(){};\n",
            self.calls
        ));
        code
    }
}

/// A raw string literal with as many `#` as its text needs.
fn raw(text: &str) -> String {
    let hashes = (0..).map(|count| "#".repeat(count));
    let fence = hashes.into_iter().find(|hashes| !text.contains(&format!("\"{hashes}")));
    let fence = fence.expect("a text does not contain every run of #");
    format!("r{fence}\"{text}\"{fence}")
}

fn bracketed(items: impl Iterator<Item = String>, room: usize, indent: &str) -> String {
    let items: Vec<_> = items.collect();
    let line = items.join(", ");
    if line.chars().count() <= room {
        return format!("[{line}]");
    }
    let lines: String = items.iter().map(|item| format!("\n{indent}    {item},")).collect();
    format!("[{lines}\n{indent}]")
}

/// FastAPI's call; what it has no words for stands in a comment.
pub(crate) fn python(config: &CorsConfig) -> String {
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
        argument("allow_origin_regex", python_raw(&regexes.join("|")));
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
        comment.push_str("# FastAPI has no patterns: they are a regular expression here.\n");
    }
    let missing = without_counterpart(config);
    if !missing.is_empty() {
        comment.push_str(&format!("# FastAPI has nothing like {}.\n", missing.join(", ")));
    }
    format!(
        "from fastapi.middleware.cors import CORSMiddleware\n\n{comment}app.add_middleware(\n    CORSMiddleware,\n{arguments})\n"
    )
}

fn without_counterpart(config: &CorsConfig) -> Vec<&'static str> {
    [
        (config.max_age.is_none(), "max_age(None)"),
        (config.mirror_methods, "mirror_methods"),
        (config.preflight_status != 200, "preflight_status"),
        (config.browser_diagnostics, "browser_diagnostics"),
        (config.constant_wildcard, "constant_wildcard"),
        (config.enforce_origin != EnforceOrigin::Nothing, "enforce_origin"),
    ]
    .into_iter()
    .filter_map(|(used, name)| used.then_some(name))
    .collect()
}

/// A pattern of `allow_origins` as the regular expression that takes the same.
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

fn python_raw(text: &str) -> String {
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

    fn config(change: impl FnOnce(&mut CorsConfig)) -> CorsConfig {
        let mut config = CorsConfig::default();
        change(&mut config);
        config
    }

    #[test]
    fn says_only_what_differs_from_the_defaults() {
        let config = config(|config| {
            config.allow_origins = vec!["http://localhost:3000".into()];
        });
        assert_eq!(
            rust(&config),
            "use tower_cors::CorsLayer;\n\n\
             let cors = CorsLayer::new()\n    \
                 .allow_origins([\"http://localhost:3000\"]);\n"
        );
        assert_eq!(
            python(&config),
            "from fastapi.middleware.cors import CORSMiddleware\n\n\
             app.add_middleware(\n    CORSMiddleware,\n    \
                 allow_origins=[\"http://localhost:3000\"],\n)\n"
        );
    }

    #[test]
    fn patterns_are_a_regex_in_python() {
        assert_eq!(
            pattern("https://*.example.com:*").unwrap(),
            r"https://([a-z0-9_-]+\.)+example\.com(:[0-9]+)?"
        );
        assert_eq!(pattern("https://example.com"), None);
        assert_eq!(pattern("*"), None);
    }

    #[test]
    fn quotes_what_would_end_a_literal() {
        assert_eq!(raw(r#"a"b"#), r##"r#"a"b"#"##);
        assert_eq!(python_raw(r#"a"b"#), r#""a\"b""#);
        let config = config(|config| config.allow_origins = vec!["say \"hi\"".into()]);
        assert!(rust(&config).contains(r#".allow_origins(["say \"hi\""])"#));
        assert!(python(&config).contains(r#"allow_origins=["say \"hi\""]"#));
    }

    #[test]
    fn presets_are_lists_in_python_and_keep_the_methods_in_rust() {
        let config = config(|config| config.preset = vec![Preset::GrpcWeb]);
        assert!(rust(&config).contains(".allow_methods([\"GET\"])\n    .preset(Preset::GrpcWeb)"));
        assert!(python(&config).contains("allow_methods=[\"GET\", \"POST\"]"));
        assert!(python(&config).contains("\"Grpc-Status-Details-Bin\""));
    }
}
