//! Crashes on purpose: `YUSHI_FAILPOINT=before-commit:3` ends the process at the third commit.
//!
//! Only the demo and debug builds look at the variable: what a bank runs cannot be ended by its environment.

use std::sync::atomic::{AtomicU64, Ordering};

/// Moments at which a crash is most instructive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Everything is written, nothing is durable.
    BeforeCommit,
    /// Everything is durable, nobody has been told.
    AfterCommit,
    /// A notice or message has left, nothing about it is recorded.
    AfterSend,
}

/// An armed crash.
#[derive(Debug)]
pub struct Failpoint {
    point: Point,
    left: AtomicU64,
}

/// A value of the variable that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("YUSHI_FAILPOINT: `{0}` is none of before-commit:N, after-commit:N, after-send:N")]
pub struct BadFailpoint(pub String);

impl Failpoint {
    /// The crash that the environment asks for, where it may ask. Errors: the value means nothing.
    pub fn armed(demo: bool) -> Result<Option<Self>, BadFailpoint> {
        match std::env::var("YUSHI_FAILPOINT") {
            Ok(text) if demo || cfg!(debug_assertions) => Self::parse(&text).map(Some),
            _ => Ok(None),
        }
    }

    /// A crash from its text.
    pub fn parse(text: &str) -> Result<Self, BadFailpoint> {
        let wrong = || BadFailpoint(text.to_owned());
        let (point, count) = text.split_once(':').ok_or_else(wrong)?;
        let point = match point {
            "before-commit" => Point::BeforeCommit,
            "after-commit" => Point::AfterCommit,
            "after-send" => Point::AfterSend,
            _ => return Err(wrong()),
        };
        match count.parse() {
            Ok(count) if count > 0 => Ok(Self { point, left: AtomicU64::new(count) }),
            _ => Err(wrong()),
        }
    }

    /// Counts a pass. True exactly once: at the pass that was asked for.
    pub fn reached(&self, point: Point) -> bool {
        point == self.point && self.left.fetch_sub(1, Ordering::SeqCst) == 1
    }

    /// Counts a pass and ends the process at the one that was asked for: no destructor runs, no buffer is written.
    pub fn pass(&self, point: Point) {
        if self.reached(point) {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_reached_once_at_the_asked_pass() {
        let armed = Failpoint::parse("after-send:2").expect("a failpoint");
        let reached: Vec<bool> = [Point::AfterSend, Point::BeforeCommit, Point::AfterSend, Point::AfterSend]
            .map(|p| armed.reached(p))
            .into();
        assert_eq!(reached, [false, false, true, false]);
        for wrong in ["", "after-send", "after-send:0", "after-send:x", "soon:1"] {
            assert!(Failpoint::parse(wrong).is_err(), "{wrong}");
        }
    }
}
