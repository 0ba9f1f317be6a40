use tower_cors::CorsLayer;

fn main() {
    let seconds: i32 = 600;
    let _ = CorsLayer::new().max_age(seconds);
}
