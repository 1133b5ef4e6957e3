//! The counter: GraphQL over HTTP and WebSocket in front of the store, configuration and the commands of `yushi`.
//! No rule lives here.
//!
//! Reading order: `service` (what the counter is made of), `http` (the way in), `graphql` (what can be asked), `ws`
//! (subscriptions); `cli`, `config` and `commands` are the binary's.

pub mod auth;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod couriers;
pub mod demo;
pub mod documents;
pub mod events;
pub mod failpoint;
pub mod graphql;
pub mod hooks;
pub mod http;
pub mod letters;
pub mod live;
pub mod node;
pub mod outside;
pub mod sealer;
pub mod service;
pub mod tally;
pub mod worker;
mod ws;

pub use graphql::Wording;
pub use hooks::{Hooks, Sender};
pub use http::{router, serve};
pub use service::{Clock, Limits, RealClock, Service};
