//! How tests deal with time: they wait patiently for what must come, and hold a bound on wall time only where they run alone.

use std::time::Duration;

/// How long a test waits for what must come. Costs nothing where all is well: whoever runs out of it has found what never comes.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Is this a long run (`SOAK=1`), which has the machine to itself?
pub fn soak() -> bool {
    std::env::var("SOAK").is_ok_and(|value| value == "1")
}

/// Says how long something took. A long run holds it to its bound; every other one shares its processors with whatever else there
/// is, and holds it to [`PATIENCE`].
///
/// # Panics
/// When it took longer.
#[track_caller]
pub fn within(what: &str, took: Duration, bound: Duration) {
    println!("{what}: {took:?} of {bound:?}");
    assert!(took < if soak() { bound } else { PATIENCE }, "{what} took {took:?}");
}
