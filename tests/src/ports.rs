//! Ports for servers that are given one by number, and for places where nobody listens.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// A free loopback port from below those that the system gives to whoever asks for any: a server that comes later, or comes back,
/// finds it free although the machine opens connections and listeners all the time.
///
/// # Panics
/// When no port is free.
pub fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let given = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let end = given.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(32_768_u32);
    let (first, end) = if end > 12_000 { (10_000, end) } else { (20_000, 32_768) };
    for _ in 0..1_000 {
        // Processes begin at places far from one another.
        let place = std::process::id().wrapping_mul(2_654_435_761) / 7 + NEXT.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(first + place % (end - first)).expect("a port");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no loopback port is free");
}
