//! The counter driven as its clients drive it: over a real socket, with a fresh database.

mod access;
mod accounts;
mod approvals;
mod attacks;
mod audits;
mod bounces;
mod compliance;
mod day_end;
mod demo;
mod documents;
mod edges;
mod emergency;
mod engagement;
mod faults;
mod guarantors;
mod hooks;
mod house;
mod http;
mod incidents;
mod intake_drafts;
mod issued;
mod keeping;
mod keys;
mod letters;
mod looked;
mod node;
mod nodes;
mod offices;
mod papers;
mod payloads;
mod plan;
mod price;
mod provider;
mod rates;
mod reads;
mod rights;
#[cfg(feature = "seeded")]
mod seeded;
mod sessions;
mod settlements;
mod sign_in;
mod signings;
mod sockets;
#[path = "../../../workflows/tests/story/mod.rs"]
#[expect(dead_code, reason = "the papers play one story to its end; the stories' own tests use the rest")]
mod story;
mod tokens;
mod walk;
