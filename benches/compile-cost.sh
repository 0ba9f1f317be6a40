#!/usr/bin/env bash
# What the crate costs to compile, beside tower-http's `cors`: crates, CPU seconds and bytes added to a fresh axum server.
# Prints a Markdown table. Builds beneath target/compile-cost, for the release profile with `strip`.
#
# The server is built first. Then the layer is added and it is built again: a row is what that costs, less what it costs
# to compile the unchanged server's own `main.rs` again. CPU seconds mean something on a machine that others use too.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-3}
root=$PWD
work=${CARGO_TARGET_DIR:-$root/target}/compile-cost
unset CARGO_TARGET_DIR
server=$work/server

# application DEPENDENCY LAYER: writes the server.
application() {
    mkdir -p "$server/src"
    cat >"$server/Cargo.toml" <<TOML
[package]
name = "server"
version = "0.0.0"
edition = "2024"

[dependencies]
axum = "0.8"
tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
$1

[profile.release]
strip = true

[workspace]
TOML
    cat >"$server/src/main.rs" <<RUST
#[tokio::main]
async fn main() {
    let router: axum::Router = axum::Router::new().route("/", axum::routing::get(async || "Hello"))$2;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, router).await.unwrap();
}
RUST
}

build() {
    (cd "$server" && cargo build --release --quiet --offline)
}

seconds() { # the CPU seconds of a build
    local TIMEFORMAT='%U %S'
    { time build; } 2>&1 | awk '{ print $1 + $2 }'
}

crates() { # without the server itself
    (cd "$server" && cargo tree --offline --edges normal,build --prefix none --no-dedupe) | awk 'NR > 1 { print $1, $2 }' | sort -u | wc -l
}

bytes() { # of the stripped server
    stat -c %s "$server/target/release/server"
}

row() { # NAME DEPENDENCY LAYER
    local best= took again
    for _ in $(seq "$rounds"); do
        rm -rf "$server/target"
        cp -a "$work/bare" "$server/target"
        application '' ''
        again=$(seconds)
        application "$2" "$3"
        took=$(awk -v all="$(seconds)" -v again="$again" 'BEGIN { print all - again }')
        best=$(printf '%s\n' $best "$took" | sort -g | head -1)
    done
    printf '| %s | %d | %.1f | %d |\n' "$1" $(($(crates) - bare_crates)) "$best" $((($(bytes) - bare_bytes + 1023) / 1024))
}

ours="tower-cors = { path = \"$root\""
layer='.layer(tower_cors::CorsLayer::new().allow_origins(["https://app.example.com"]).allow_credentials(true))'
regex='.layer(tower_cors::CorsLayer::new().allow_origins(["https://app.example.com"]).allow_origin_regex("https://[a-z]+[.]example[.]com").allow_credentials(true))'
theirs='tower-http = { version = "0.7", features = ["cors"] }'
their_layer='.layer(tower_http::cors::CorsLayer::new().allow_origin([axum::http::HeaderValue::from_static("https://app.example.com")]).allow_credentials(true))'

# One lock file for all, so that each row has the same versions of what they share.
application "$ours, features = [\"regex\", \"serde\"] }
$theirs" ''
(cd "$server" && cargo fetch --quiet)
application '' ''
rm -rf "$server/target"
build
bare_crates=$(crates)
bare_bytes=$(bytes)
rm -rf "$work/bare"
cp -a "$server/target" "$work/bare"

echo "| added to an axum server of $bare_crates crates and $((bare_bytes / 1024)) KiB | crates | CPU seconds of a release build | KiB |"
echo "| --- | ---: | ---: | ---: |"
row 'tower-cors' "$ours }" "$layer"
row 'tower-cors, without features' "$ours, default-features = false }" "$layer"
row 'tower-cors, `regex`' "$ours, features = [\"regex\"] }" "$regex"
row 'tower-cors, `regex` and `serde`' "$ours, features = [\"regex\", \"serde\"] }" "$regex"
row 'tower-http, `cors`' "$theirs" "$their_layer"
