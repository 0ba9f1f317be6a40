#!/usr/bin/env bash
# What the crate costs to compile, beside tower-http's `cors`: dependencies, build time, size added to an axum server.
# Prints a Markdown table. Builds beneath target/compile-cost, everything from scratch, once for each row and round.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-3}
root=$PWD
work=${CARGO_TARGET_DIR:-$root/target}/compile-cost
unset CARGO_TARGET_DIR

# package NAME DEPENDENCIES MAIN
package() {
    mkdir -p "$work/$1/src"
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n%s\n\n[profile.release]\nstrip = true\n\n[workspace]\n' \
        "$1" "$2" >"$work/$1/Cargo.toml"
    printf '%s\n' "$3" >"$work/$1/src/main.rs"
}

seconds() { # of a release build from scratch, the shortest of the rounds
    local best=
    for _ in $(seq "$rounds"); do
        rm -rf "$work/$1/target"
        local start end
        start=$(date +%s%N)
        (cd "$work/$1" && cargo build --release --quiet --offline)
        end=$(date +%s%N)
        local took=$(((end - start) / 1000000))
        if [ -z "$best" ] || [ "$took" -lt "$best" ]; then best=$took; fi
    done
    awk -v ms="$best" 'BEGIN { printf "%.1f", ms / 1000 }'
}

dependencies() { # without the package itself
    (cd "$work/$1" && cargo tree --offline --edges normal,build --prefix none --no-dedupe) | awk 'NR > 1 { print $1, $2 }' | sort -u | wc -l
}

size() { # of the stripped server, in KiB
    (cd "$work/$1" && cargo build --release --quiet --offline)
    echo $(($(stat -c %s "$work/$1/target/release/$1") / 1024))
}

ours="tower-cors = { path = \"$root\" }"
all="tower-cors = { path = \"$root\", features = [\"regex\", \"serde\", \"tracing\"] }"
theirs='tower-http = { version = "0.7", default-features = false, features = ["cors"] }'
axum='axum = { version = "0.8", default-features = false, features = ["http1", "tokio"] }
tokio = { version = "1", features = ["rt", "net", "macros"] }'
server() { # LAYER
    cat <<RUST
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let router: axum::Router = axum::Router::new().route("/", axum::routing::get(async || "Hello"))$1;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, router).await.unwrap();
}
RUST
}
our_layer='.layer(tower_cors::CorsLayer::new().allow_origins(["https://app.example.com"]).allow_credentials(true))'
our_regex='.layer(tower_cors::CorsLayer::new().allow_origins(["https://app.example.com"]).allow_origin_regex("https://[a-z]+[.]example[.]com").allow_credentials(true))'
their_layer='.layer(tower_http::cors::CorsLayer::new().allow_origin([axum::http::HeaderValue::from_static("https://app.example.com")]).allow_credentials(true))'

package cost-ours "$ours" 'fn main() { let _ = tower_cors::CorsLayer::new(); }'
package cost-ours-all "$all" 'fn main() { let _ = tower_cors::CorsLayer::new(); }'
package cost-theirs "$theirs" 'fn main() { let _ = tower_http::cors::CorsLayer::new(); }'
package axum-bare "$axum" "$(server '')"
package axum-ours "$axum
$ours" "$(server "$our_layer")"
package axum-ours-all "$axum
$all" "$(server "$our_regex")"
package axum-theirs "$axum
$theirs" "$(server "$their_layer")"
for name in cost-ours cost-ours-all cost-theirs axum-bare axum-ours axum-ours-all axum-theirs; do
    (cd "$work/$name" && cargo fetch --quiet)
done

bare=$(size axum-bare)
echo "| | dependencies | release build, s | added to an axum server ($bare KiB), KiB |"
echo "| --- | ---: | ---: | ---: |"
row() { echo "| $1 | $(dependencies "$2") | $(seconds "$2") | $(($(size "$3") - bare)) |"; }
row "tower-cors" cost-ours axum-ours
row "tower-cors, all features" cost-ours-all axum-ours-all
row "tower-http, \`cors\` alone" cost-theirs axum-theirs
