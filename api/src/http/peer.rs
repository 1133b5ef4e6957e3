//! Where a request comes from: the address of the connection, or what a proxy of ours says about it.

use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr};

/// The address of the connection, set by the listening side.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The address that pays for a request. `X-Forwarded-For` counts as far as proxies of ours wrote it: from the right, up to the
/// first address that is none of theirs.
pub fn address(peer: Peer, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let mut known = peer.0.to_canonical();
    if proxies.is_empty() {
        return network(known);
    }
    let listed = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let listed: Vec<&str> = listed.flat_map(|value| value.split(',')).map(str::trim).collect();
    for said in listed.into_iter().rev() {
        if !proxies.contains(&known) {
            break;
        }
        let Ok(said) = said.parse::<IpAddr>() else { break };
        known = said.to_canonical();
    }
    network(known)
}

/// One household or office of IPv6 has a /64: it pays as one.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, said: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in said {
            headers.append("x-forwarded-for", value.parse().expect("header"));
        }
        let ip = |text: &&str| text.parse::<IpAddr>().expect("address");
        let proxies: Vec<IpAddr> = proxies.iter().map(ip).collect();
        address(Peer(ip(&peer)), &headers, &proxies).to_string()
    }

    #[test]
    fn only_proxies_of_ours_are_believed() {
        let proxies = &["10.0.0.1", "10.0.0.2"];
        assert_eq!(of("203.0.113.7", &[], proxies), "203.0.113.7");
        assert_eq!(of("203.0.113.7", &["198.51.100.1"], proxies), "203.0.113.7");
        assert_eq!(of("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
        assert_eq!(of("10.0.0.1", &["198.51.100.1"], proxies), "198.51.100.1");
        // What the caller wrote himself stands to the left.
        assert_eq!(of("10.0.0.1", &["6.6.6.6, 198.51.100.1"], proxies), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["6.6.6.6", "198.51.100.1, 10.0.0.2"], proxies), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["nonsense"], proxies), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &[], proxies), "10.0.0.1");
    }

    #[test]
    fn a_network_of_ipv6_pays_as_one() {
        assert_eq!(of("2001:db8:1:2:3:4:5:6", &[], &[]), "2001:db8:1:2::");
        assert_eq!(of("::ffff:203.0.113.7", &[], &[]), "203.0.113.7");
    }
}
