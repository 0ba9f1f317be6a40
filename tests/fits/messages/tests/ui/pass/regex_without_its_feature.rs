use tower_cors::CorsLayer;

fn main() {
    let error = CorsLayer::new().allow_origin_regex("https://.*").build().unwrap_err().to_string();
    let sentence = "need the feature `regex` of tower-cors; enable it in Cargo.toml";
    assert!(error.contains(sentence), "{error}");
}
