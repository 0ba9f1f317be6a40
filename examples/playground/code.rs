//! A configuration as an axum application, with the layer in its place.

use tower_cors::{CorsConfig, EnforceOrigin, InnerHeaders};

use crate::form::Asked;
use crate::tabs::Front;

/// Longer lists are broken, one item a line.
pub(crate) const WIDTH: usize = 76;

/// An axum application, ready to be copied.
pub(crate) fn rust(configs: &[CorsConfig], asked: &Asked) -> String {
    let routing = match asked.method.to_ascii_uppercase().as_str() {
        "DELETE" => "delete",
        "GET" => "get",
        "PATCH" => "patch",
        "POST" => "post",
        "PUT" => "put",
        _ => "any",
    };
    let (before, layers) = match asked.front {
        Front::Nothing => {
            ("Added last: it is outermost and answers preflights.", "\n    .layer(cors)")
        }
        Front::GatewayAnswers => ("No .layer(cors): only the gateway answers preflights.", ""),
        Front::GatewayAdds | Front::GatewayNames => {
            ("The gateway in front writes the header, too.", "\n    .layer(cors)")
        }
        Front::Redirects => ("The gateway in front redirects before it.", "\n    .layer(cors)"),
        Front::Login => (
            "The login is added last, so preflights reach it first.",
            "\n    .layer(cors)\n    .layer(login)",
        ),
        Front::Limit => (
            "The limit is added last, so its 429 gets no CORS headers.",
            "\n    .layer(cors)\n    .layer(limit)",
        ),
    };
    let end = match layers {
        "" => format!(";\n// {before}"),
        layers => format!("\n    // {before}{layers};"),
    };
    let mut builder = Builder { calls: String::new(), imports: vec!["CorsLayer"] };
    let policies = match configs {
        [config] => {
            builder.policy(config);
            format!("let cors = CorsLayer::new(){};\n", builder.calls)
        }
        _ => {
            builder.import("PerRequestLayer");
            let names = ["trusted", "public"];
            let mut said = String::new();
            for (config, name) in configs.iter().zip(names) {
                builder.calls.clear();
                builder.policy(config);
                said.push_str(&format!("let {name} = CorsLayer::new(){};\n", builder.calls));
            }
            said + "let cors = PerRequestLayer::first([trusted.build()?, public.build()?]);\n"
        }
    };
    let imports = builder.imports(&policies);
    format!(
        "use axum::{{Router, routing::{routing}}};\n{imports}\n{policies}\n\
         let app = Router::new()\n    .route(\"/items\", {routing}(items)){end}\n"
    )
}

struct Builder {
    calls: String,
    imports: Vec<&'static str>,
}

impl Builder {
    /// The calls of every setting that differs from its default.
    fn policy(&mut self, config: &CorsConfig) {
        let builder = self;
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
            Some(seconds) => builder.call("max_age", &seconds.to_string()),
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
        builder.list("allow_hosts", &config.allow_hosts, &[]);
        builder.flag("report_only", config.report_only);
        builder.flag("timing_allow_origin", config.timing_allow_origin);
        if config.inner_headers != InnerHeaders::Replace {
            builder.named("inner_headers", "InnerHeaders", &config.inner_headers);
        }
        if config.enforce_origin != EnforceOrigin::Nothing {
            builder.named("enforce_origin", "EnforceOrigin", &config.enforce_origin);
        }
        for risk in &config.tolerate {
            builder.named("tolerate", "Risk", risk);
        }
    }

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

    /// `use` lines.
    fn imports(mut self, code: &str) -> String {
        self.imports.sort_unstable();
        let imports = match &self.imports[..] {
            [one] => (*one).to_owned(),
            several => format!("{{{}}}", several.join(", ")),
        };
        let status = if code.contains("StatusCode::") { "use http::StatusCode;\n" } else { "" };
        format!("{status}use tower_cors::{imports};\n")
    }
}

/// A raw string literal with as many `#` as its text needs.
fn raw(text: &str) -> String {
    let hashes = (0..).map(|count| "#".repeat(count));
    let fence = hashes.into_iter().find(|hashes| !text.contains(&format!("\"{hashes}")));
    let fence = fence.expect("a text does not contain every run of #");
    format!("r{fence}\"{text}\"{fence}")
}

pub(crate) fn bracketed(items: impl Iterator<Item = String>, room: usize, indent: &str) -> String {
    let items: Vec<_> = items.collect();
    let line = items.join(", ");
    if line.chars().count() <= room {
        return format!("[{line}]");
    }
    let lines: String = items.iter().map(|item| format!("\n{indent}    {item},")).collect();
    format!("[{lines}\n{indent}]")
}

#[cfg(test)]
pub(crate) mod tests {
    use tower_cors::Preset;

    use super::*;
    use crate::python;

    pub(crate) fn asked(method: &str, front: Front) -> Asked {
        let (origin, method, headers) = (String::new(), method.to_owned(), Vec::new());
        let answer = crate::tabs::Answer::Json;
        Asked { origin, method, headers, credentials: false, answer, front, others: false }
    }

    pub(crate) fn config(change: impl FnOnce(&mut CorsConfig)) -> CorsConfig {
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
            rust(std::slice::from_ref(&config), &asked("PUT", Front::Nothing)),
            "\
use axum::{Router, routing::put};
use tower_cors::CorsLayer;

let cors = CorsLayer::new()
    .allow_origins([\"http://localhost:3000\"]);

let app = Router::new()
    .route(\"/items\", put(items))
    // Added last: it is outermost and answers preflights.
    .layer(cors);
"
        );
        assert_eq!(
            python::code(&config, &asked("PUT", Front::Nothing)),
            "\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()

# Added last: it is outermost and answers preflights.
app.add_middleware(
    CORSMiddleware,
    allow_origins=[\"http://localhost:3000\"],
)
"
        );
    }

    #[test]
    fn what_stands_outside_of_the_layer_is_in_the_code() {
        let code = rust(&[CorsConfig::default()], &asked("GET", Front::Login));
        assert!(code.contains("    .layer(cors)\n    .layer(login);\n"), "{code}");
        let code = rust(&[CorsConfig::default()], &asked("GET", Front::GatewayAnswers));
        assert!(!code.contains("    .layer("), "{code}");
        let code = python::code(&CorsConfig::default(), &asked("GET", Front::GatewayAnswers));
        assert!(code.contains("\n# app.add_middleware(\n#     CORSMiddleware,\n# )\n"), "{code}");
    }

    #[test]
    fn several_policies_are_built_and_the_first_answers() {
        let mut asked = asked("GET", Front::Nothing);
        asked.others = true;
        let trusted = config(|config| {
            config.allow_origins = vec!["https://app.example.com".into()];
            config.allow_credentials = true;
            config.report_only = true;
        });
        let code = rust(&crate::form::configs(trusted, &asked), &asked);
        let expected = "\
use tower_cors::{Any, CorsLayer, PerRequestLayer};

let trusted = CorsLayer::new()
    .allow_origins([\"https://app.example.com\"])
    .allow_credentials(true)
    .report_only(true);
let public = CorsLayer::new()
    .allow_origins(Any)
    .report_only(true);
let cors = PerRequestLayer::first([trusted.build()?, public.build()?]);
";
        assert!(code.contains(expected), "{code}");
    }

    /// A new setting of the crate is not forgotten here.
    #[test]
    fn every_setting_is_a_call() {
        let names = serde_json::to_value(CorsConfig::default()).unwrap();
        let code = include_str!("code.rs");
        for name in names.as_object().unwrap().keys() {
            assert!(
                code.contains(&format!("builder.list(\"{name}\""))
                    || code.contains(&format!("builder.flag(\"{name}\""))
                    || code.contains(&format!("builder.named(\"{name}\""))
                    || code.contains(&format!("builder.call(\"{name}\"")),
                "{name}"
            );
        }
    }

    #[test]
    fn quotes_what_would_end_a_literal() {
        assert_eq!(raw(r#"a"b"#), r##"r#"a"b"#"##);
        assert_eq!(python::raw(r#"a"b"#), r#""a\"b""#);
        let config = config(|config| config.allow_origins = vec!["say \"hi\"".into()]);
        assert!(
            rust(std::slice::from_ref(&config), &asked("GET", Front::Nothing))
                .contains(r#".allow_origins(["say \"hi\""])"#)
        );
        assert!(
            python::code(&config, &asked("GET", Front::Nothing))
                .contains(r#"allow_origins=["say \"hi\""]"#)
        );
    }

    #[test]
    fn presets_are_lists_in_python_and_keep_the_methods_in_rust() {
        let config = config(|config| config.preset = vec![Preset::GrpcWeb]);
        let (rust, python) = (
            rust(std::slice::from_ref(&config), &asked("GET", Front::Nothing)),
            python::code(&config, &asked("GET", Front::Nothing)),
        );
        assert!(rust.contains(".allow_methods([\"GET\"])\n    .preset(Preset::GrpcWeb)"));
        assert!(python.contains("allow_methods=[\"GET\", \"POST\"]"));
        assert!(python.contains("\"Grpc-Status-Details-Bin\""));
    }
}
