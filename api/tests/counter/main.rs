//! The counter driven as its clients drive it: over a real socket, with a fresh database.

mod access;
mod attacks;
mod demo;
mod faults;
mod house;
mod http;
mod keys;
mod papers;
mod payloads;
mod plan;
mod price;
mod rates;
mod reads;
mod sockets;
#[path = "../../../workflows/tests/story/mod.rs"]
#[allow(dead_code)]
mod story;
