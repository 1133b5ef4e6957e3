//! The counter: API, configuration and the commands of `yushi`.

pub mod cli;
pub mod commands;
pub mod config;
