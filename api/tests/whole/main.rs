//! The whole system as a bank and its partners run it: the real binary as a process, outside clients against it, both databases.
//!
//! Short runs are part of every `cargo test`; `SOAK=1` plays everything there is. `YUSHI_TEST_BINARY` names another build of the
//! binary to prove, such as that of the profile `demo`.

mod bank;
mod crash;
mod file;
mod fuzz;
mod notices;
mod sample;
mod scripted;
mod storm;

use tests::patience::soak;
