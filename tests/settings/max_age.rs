//! `max_age`: a duration in whole seconds, or none.

use std::time::Duration;

use http::HeaderValue;
use tower_cors::{CorsLayer, Kind::*, Severity};

use super::{
    common::{A, GET, one_origin, said, through},
    says,
};

#[test]
fn max_age_takes_a_duration_or_none() {
    let max_age = |layer: CorsLayer| {
        let layer = layer.allow_origins(["https://a.example"]);
        let (response, _) = through(&layer, &["OPTIONS /", A, GET], &["200"]);
        let config = layer.build().unwrap().config().max_age;
        let value = response.headers().get("access-control-max-age").cloned();
        assert_eq!(value, config.map(HeaderValue::from));
        config
    };
    assert_eq!(max_age(CorsLayer::new()), Some(600));
    assert_eq!(max_age(CorsLayer::new().max_age(Duration::from_secs(3600))), Some(3600));
    assert_eq!(max_age(CorsLayer::new().max_age(Some(Duration::from_secs(5)))), Some(5));
    assert_eq!(max_age(CorsLayer::new().max_age(Duration::ZERO)), Some(0));
    assert_eq!(max_age(CorsLayer::new().max_age(None)), None);
    assert_eq!(max_age(CorsLayer::new().max_age(Duration::from_millis(2000))), Some(2));
    // The last call counts, and a fraction that was overruled is no fault.
    let overruled = CorsLayer::new().max_age(Duration::from_millis(1)).max_age(None);
    assert_eq!(max_age(overruled), None);
}

#[test]
fn a_fraction_of_a_second_is_an_error() {
    for (max_age, value, whole) in [
        (Duration::from_millis(500), "500ms", "Duration::from_secs(1)"),
        (Duration::from_secs_f64(59.5), "59.5s", "Duration::from_secs(60)"),
        (Duration::from_nanos(1), "1ns", "Duration::from_secs(1)"),
        (
            Duration::MAX,
            "18446744073709551615.999999999s",
            "Duration::from_secs(18446744073709551615)",
        ),
    ] {
        let layer = one_origin().max_age(max_age);
        let said = layer.build().unwrap_err();
        let [error] = said.diagnostics() else { panic!("{said}") };
        let about = (error.kind(), error.value(), error.suggestion());
        assert_eq!(about, (FractionalMaxAge, Some(value), Some(whole)));
    }
}

/// Chromium keeps a preflight for two hours; only Firefox keeps it for longer, up to a day.
#[test]
fn more_than_browsers_keep_is_a_note() {
    let seconds = |seconds| one_origin().max_age(Duration::from_secs(seconds));
    says(&seconds(7_201), Severity::Note, ("7201", LongMaxAge, None));
    says(&seconds(86_400), Severity::Note, ("86400", LongMaxAge, None));
    says(&seconds(u64::MAX), Severity::Note, ("18446744073709551615", LongMaxAge, None));
    for kept in [seconds(7_200), seconds(600), seconds(0), one_origin().max_age(None)] {
        assert_eq!(said(&kept), []);
    }
}
