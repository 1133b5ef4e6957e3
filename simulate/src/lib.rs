//! Applicants, branch staff, guarantor, insurers, member organisation, scrivener, registry and core banking as separate
//! clients of a running Yushi.
//!
//! Each party holds one credential of the demo's directory and knows the bank only by its published schema: this crate links
//! no other crate of the workspace, holds no signing key and speaks no SQL.

pub mod calendar;
mod client;
pub mod clock;
mod customer;
mod desk;
pub mod dice;
mod error;
mod file;
pub mod generate;
mod report;
mod run;
pub mod script;
mod sdl;
mod sight;
mod stats;
mod view;
mod world;

pub use error::{Error, Result};
pub use report::{Mismatch, Report, Scripted, Stopped};
pub use run::{Mode, Options, invented, run};
pub use sight::pages;
pub use world::Stop;
