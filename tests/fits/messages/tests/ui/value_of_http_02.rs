use tower_cors::CorsLayer;

fn main() {
    let _ = CorsLayer::new().allow_origins(http_02::HeaderValue::from_static("https://a.example"));
}
