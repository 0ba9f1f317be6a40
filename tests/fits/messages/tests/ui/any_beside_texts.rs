use tower_cors::{Any, CorsLayer};

fn main() {
    let _ = CorsLayer::new().allow_methods(["GET", Any]);
}
