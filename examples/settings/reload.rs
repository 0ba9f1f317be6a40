//! A policy that is replaced when its file changes, while requests run.
//!
//! `cargo run --example reload` makes a file of settings and prints its path, with curl lines and
//! with edits to try. After a wrong edit the old policy stays, and the terminal says what to write.
//! The port is the first argument, or else `PORT`, or else 8004. The second argument is your own
//! TOML file.

use std::{
    env,
    error::Error,
    fmt::Display,
    mem,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use axum::{Router, routing::get};
use tokio::{fs, net::TcpListener, sync::watch, task, time};
use tower_cors::{CorsConfig, CorsLayer, CorsPolicy, PerRequestLayer};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let file = match env::args_os().nth(2) {
        Some(file) => PathBuf::from(file),
        None => sample()?,
    };
    let text = read(&file).await;
    let policy = match build(&file, &text) {
        Ok(policy) => policy,
        Err(faults) => {
            eprintln!("{faults}");
            return Ok(ExitCode::from(2));
        }
    };
    let (policies, policy) = watch::channel(policy);
    tokio::spawn(reload(file.clone(), text, policies));

    // Each request reads the policy once, and keeps it to the end.
    let cors = PerRequestLayer::new(move |_| Some(policy.borrow().clone()));
    let app = Router::new().route("/", get("Hello World\n")).route("/slow", get(slow)).layer(cors);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?), &file));
    axum::serve(listener, app).await?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the file regularly. This needs no file watcher and works on every disk.
async fn reload(file: PathBuf, text: Text, policies: watch::Sender<CorsPolicy>) {
    let mut known = text;
    let mut seen = known.clone();
    let mut retired: Option<CorsPolicy> = None;
    let mut looks = time::interval(Duration::from_millis(250));
    loop {
        looks.tick().await;
        let text = read(&file).await;
        // A file may be incomplete while it is written, so a text counts only after it was read
        // twice.
        let is_settled = mem::replace(&mut seen, text.clone()) == text;
        if text == known || !is_settled {
            continue;
        }
        // With 100,000 origins this takes some time. Other tasks run on other threads.
        match task::block_in_place(|| build(&file, &text)) {
            Ok(policy) => {
                // Kept until the next replacement: otherwise a request may hold it last, and has to
                // free all its origins.
                drop(retired.replace(policies.send_replace(policy)));
                println!("{}: reloaded", file.display());
            }
            Err(faults) => eprintln!("{faults}\nthe old policy stays"),
        }
        known = text;
    }
}

/// The text of the file, or why it cannot be read.
type Text = Result<String, String>;

async fn read(file: &Path) -> Text {
    let text = fs::read_to_string(file).await;
    text.map_err(|error| format!("{}: {error}", file.display()))
}

/// A policy, or every mistake with its file and key.
fn build(file: &Path, text: &Text) -> Result<CorsPolicy, String> {
    let text = text.as_ref().map_err(String::clone)?;
    let named = |fault: &dyn Display| format!("{}: {fault}", file.display());
    let config: CorsConfig = toml::from_str(text).map_err(|error| named(&error))?;
    CorsLayer::from(config).build().map_err(|error| {
        let faults: Vec<_> = error.diagnostics().iter().map(|fault| named(fault)).collect();
        faults.join("\n")
    })
}

async fn slow() -> &'static str {
    time::sleep(Duration::from_secs(2)).await;
    "Hello at last\n"
}

fn sample() -> Result<PathBuf, Box<dyn Error>> {
    let file = env::temp_dir().join("tower-cors-reload.toml");
    std::fs::write(&file, "allow_origins = [\"https://app.example.com\"]\n")?;
    Ok(file)
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8004".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str, file: &Path) -> String {
    let file = file.display();
    format!(
        r#"listening on {url}, with the settings of {file}

# a preflight that passes, and one that is refused
curl -i -X OPTIONS {url}/ -H 'Origin: https://app.example.com' \
    -H 'Access-Control-Request-Method: GET'
curl -i -X OPTIONS {url}/ -H 'Origin: https://new.example.com' \
    -H 'Access-Control-Request-Method: GET'

# allow the other origin instead: the server says that it reloaded
echo 'allow_origins = ["https://new.example.com"]' > {file}

# an actual request, under the new policy
sleep 1; curl -i {url}/ -H 'Origin: https://new.example.com'

# two mistakes: the server names both, and goes on with the old policy
echo 'allow_origins = ["https://new.example.com/", "app.example.com"]' > {file}
sleep 1; curl -i {url}/ -H 'Origin: https://new.example.com'

# what runs while the file changes is answered under the policy that it began with
curl -i {url}/slow -H 'Origin: https://new.example.com' &
sleep 0.5; echo 'allow_origins = []' > {file}; wait
"#
    )
}
