//! Settings from a TOML file and from `CORS_*` environment variables. The variables take
//! precedence.
//!
//! `cargo run --example from_config` makes a file, and prints its path and curl lines. The port is
//! the first argument, or else `PORT`, or else 8007. The second argument is your own file. All
//! mistakes are reported together, each with its file or variable and its key, and the exit status
//! is 2:
//!
//! ```sh
//! CORS_ALLOW_ORIGINS='https://app.example.com/, null' CORS_MAX_AGE=soon CORS_ALOW_METHODS=GET \
//!     cargo run --example from_config
//! ```

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use axum::{Router, routing::get};
use serde::Deserialize;
use tokio::net::TcpListener;
use toml::{Table, Value};
use tower_cors::{CorsConfig, CorsLayer, CorsPolicy, Diagnostic, Severity};

const SAMPLE: &str = r#"# The argument names of FastAPI's CORSMiddleware.
allow_origins = ["https://app.example.com", "http://localhost:*"]
allow_origin_regex = 'https://pr-\d+\.preview\.example\.com'
allow_methods = ["GET", "PUT"]
allow_headers = ["x-token"]
allow_credentials = true
max_age = 3600
"#;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let file = match env::args_os().nth(2) {
        Some(file) => PathBuf::from(file),
        None => sample()?,
    };
    let policy = match Settings::read(&file).and_then(Settings::build) {
        Ok(policy) => policy,
        Err(faults) => {
            eprintln!("{}", faults.join("\n"));
            return Ok(ExitCode::from(2));
        }
    };

    let app = Router::new()
        .route("/", get("Hello World\n").put("changed\n"))
        .layer(CorsLayer::from(policy));

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?), &file));
    axum::serve(listener, app).await?;
    Ok(ExitCode::SUCCESS)
}

struct Settings {
    file: String,
    /// Each key's value, and where it came from: the file or a variable.
    values: BTreeMap<String, (String, Value)>,
}

impl Settings {
    fn read(file: &Path) -> Result<Self, Vec<String>> {
        let file_name = file.display().to_string();
        let fault = |error: &dyn ToString| vec![format!("{file_name}: {}", error.to_string())];
        let text = fs::read_to_string(file).map_err(|error| fault(&error))?;
        let table: Table = text.parse().map_err(|error: toml::de::Error| fault(&error))?;

        let listed = table.into_iter().map(|(key, value)| (key, (file_name.clone(), value)));
        let variables = env::vars_os().filter_map(|(variable, text)| {
            let variable = variable.into_string().ok()?;
            let key = variable.strip_prefix("CORS_")?.to_ascii_lowercase();
            // A value that is not UTF-8 becomes a mistake of its key, instead of being ignored.
            Some((key, (variable, text.to_string_lossy().into_owned().into())))
        });
        // If a key has two values, the later one stays.
        Ok(Self { values: listed.chain(variables).collect(), file: file_name })
    }

    /// The policy, or everything that is wrong.
    fn build(self) -> Result<CorsPolicy, Vec<String>> {
        let mut faults = Vec::new();
        let mut readable = Table::new();
        // Key by key, so an unreadable value does not hide mistakes of other keys.
        for (key, (source, value)) in &self.values {
            let alone = Table::from_iter([(key.clone(), value.clone())]);
            match CorsConfig::deserialize(alone) {
                Ok(_) => _ = readable.insert(key.clone(), value.clone()),
                Err(error) => faults.push(format!("{source}: {}", error.message())),
            }
        }
        let config = CorsConfig::deserialize(readable).expect("each key was read before");
        let policy = CorsLayer::from(config).build().map_err(|error| {
            faults.extend(error.diagnostics().iter().map(|error| self.named(error)));
        });
        match policy {
            Ok(policy) if faults.is_empty() => {
                self.warn(&policy);
                Ok(policy)
            }
            _ => Err(faults),
        }
    }

    fn warn(&self, policy: &CorsPolicy) {
        for one in policy.diagnostics() {
            let severity = if one.severity() == Severity::Warning { "warning" } else { "note" };
            eprintln!("{severity}: {}", self.named(one));
        }
    }

    /// A diagnostic with the place where its key was set.
    fn named(&self, diagnostic: &Diagnostic) -> String {
        let key = diagnostic.setting().name();
        let source = self.values.get(key).map_or(&self.file, |(source, _)| source);
        format!("{source}: {diagnostic}")
    }
}

fn sample() -> Result<PathBuf, Box<dyn Error>> {
    let file = env::temp_dir().join("tower-cors-from-config.toml");
    fs::write(&file, SAMPLE)?;
    Ok(file)
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8007".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str, file: &Path) -> String {
    let file = file.display();
    format!(
        r#"listening on {url}, with the settings of {file} and of CORS_* variables

# a preflight that passes
curl -i -X OPTIONS {url}/ -H 'Origin: https://pr-7.preview.example.com' \
    -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: x-token'

# one that is refused: DELETE is not listed
curl -i -X OPTIONS {url}/ -H 'Origin: https://app.example.com' \
    -H 'Access-Control-Request-Method: DELETE'

# an actual request
curl -i {url}/ -H 'Origin: http://localhost:5173'
"#
    )
}
