use tower_cors::CorsLayer;

fn main() {
    let _ = CorsLayer::new().allow_origin_if(|origin, _parts| origin == "https://a.example");
}
