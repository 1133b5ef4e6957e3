//! The counter driven as its clients drive it: over a real socket, with a fresh database.

mod access;
mod attacks;
mod demo;
mod faults;
mod house;
mod http;
mod keys;
mod payloads;
mod plan;
mod reads;
mod sockets;
