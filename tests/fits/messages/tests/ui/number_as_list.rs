use tower_cors::CorsLayer;

fn main() {
    let _ = CorsLayer::new().allow_origins(8080);
}
