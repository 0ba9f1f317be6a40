//! `Throttle`: which refusals are logged as warnings, so that no client can fill a log.

use std::{
    collections::HashSet,
    hash::BuildHasher,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use foldhash::fast::FixedState;

/// The number of origins with a warning for their first refusal.
const ORIGINS: usize = 32;
/// After that, one warning in this time.
const PAUSE: Duration = Duration::from_secs(60);

/// The warnings of one policy.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    /// Hashes, because an origin may be long.
    origins: HashSet<u64>,
    last: Option<Instant>,
    left_out: u64,
}

impl Throttle {
    /// `Some` if the refusal of an origin is a warning, with the number of refusals that were left
    /// out before it.
    pub(crate) fn admit(&self, origin: &[u8]) -> Option<u64> {
        self.admit_at(origin, Instant::now())
    }

    fn admit_at(&self, origin: &[u8], now: Instant) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = told.origins.len() < ORIGINS
            && told.origins.insert(FixedState::default().hash_one(origin));
        let is_due = told.last.is_none_or(|last| now.saturating_duration_since(last) >= PAUSE);
        if !is_new && !is_due {
            told.left_out += 1;
            return None;
        }
        told.last = Some(now);
        Some(if is_new { 0 } else { std::mem::take(&mut told.left_out) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_each_of_the_first_origins_then_one_a_minute() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let admit = |origin: &str, seconds| {
            throttle.admit_at(origin.as_bytes(), start + Duration::from_secs(seconds))
        };
        for origin in 0..ORIGINS {
            assert_eq!(admit(&origin.to_string(), 0), Some(0));
            // What was told a moment ago is not told again.
            assert_eq!(admit(&origin.to_string(), 1), None);
        }
        assert_eq!(admit("new", 59), None);
        assert_eq!(admit("new", 60), Some(33));
        assert_eq!(admit("0", 61), None);
        assert_eq!(admit("0", 119), None);
        assert_eq!(admit("0", 120), Some(2));
        assert_eq!(admit("0", 300), Some(0));
        assert_eq!(throttle.0.lock().unwrap().origins.len(), ORIGINS);
    }
}
