//! Pieces of the benchmark command: a lean HTTP client, pgbench, figures.

pub mod http;
pub mod intake;
pub mod issuer;
pub mod parcels;
pub mod pgbench;
pub mod server;
pub mod sink;
pub mod worklist;

use std::time::Duration;

/// Figures of one measured stretch.
#[derive(Clone, Debug)]
pub struct Figures {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    pub errors: usize,
}

/// Condenses latencies of a stretch that took `seconds`.
pub fn figures(mut latencies: Vec<Duration>, errors: usize, seconds: f64) -> Figures {
    latencies.sort_unstable();
    let at = |percent: usize| latencies.get(latencies.len() * percent / 100).copied().unwrap_or_default();
    Figures { per_second: latencies.len() as f64 / seconds, p50: at(50), p99: at(99), errors }
}

/// The middle of an odd number of rounds.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_stretch() {
        let latencies = (1..=100).map(Duration::from_millis).collect();
        let found = figures(latencies, 2, 10.0);
        assert_eq!((found.p50.as_millis(), found.p99.as_millis(), found.errors), (51, 100, 2));
        assert!((found.per_second - 10.0).abs() < 1e-9);
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
    }
}
