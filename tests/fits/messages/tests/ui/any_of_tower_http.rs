use tower_cors::CorsLayer;
use tower_http::cors::Any;

fn main() {
    let _ = CorsLayer::new().allow_origins(Any);
    let _ = CorsLayer::new().allow_methods(Any).allow_headers(Any);
}
