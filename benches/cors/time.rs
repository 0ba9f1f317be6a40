//! Time, only ever as a ratio within one run: all contenders take turns.

use std::time::{Duration, Instant};

use crate::{
    scenarios::{Contender, Scenario},
    subject::Subject,
    valgrind::PerContender,
};

const ROUNDS: usize = 1_000;

/// So few that the requests, made before the clock runs, stay in the nearest cache.
const REQUESTS: usize = 8;

/// No scenario is measured for much longer.
const ENOUGH: Duration = Duration::from_millis(500);

/// Median time of each contender over that of this crate, round by round.
pub(crate) fn ratios(scenario: &Scenario) -> PerContender<f64> {
    let mut subjects = Contender::ALL.map(|contender| scenario.subject(contender));
    subjects.iter_mut().flatten().for_each(|subject| subject.verify());
    let start = Instant::now();
    let rounds: Vec<PerContender<f64>> = (0..ROUNDS)
        .take_while(|round| *round < 10 || start.elapsed() < ENOUGH)
        .map(|round| {
            let mut times = [None; 4];
            for turn in 0..4 {
                let contender = (round + turn) % 4;
                if let Some(subject) = &mut subjects[contender] {
                    times[contender] = Some(turn_of(&mut **subject).as_secs_f64());
                }
            }
            let ours = times[2];
            times.map(|time| Some(time? / ours?))
        })
        .collect();
    [0, 1, 2, 3].map(|contender| {
        let mut ratios: Vec<f64> = rounds.iter().filter_map(|round| round[contender]).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied()
    })
}

fn turn_of(subject: &mut dyn Subject) -> Duration {
    subject.prepare(REQUESTS);
    let start = Instant::now();
    subject.run();
    start.elapsed()
}
