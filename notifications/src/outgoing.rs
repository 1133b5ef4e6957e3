//! HTTP to addresses that somebody else chose: nothing inside the bank's network can be reached through them.
//!
//! The host is resolved once, every address is judged, and the connection goes to the judged ones: a name that answers otherwise
//! the next time gains nothing. No redirect and no proxy of the environment is followed.

use async_trait::async_trait;
use reqwest::Url;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Time for everything: name, connection, request and answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read.
const LONGEST: usize = 64 * 1024;

/// Why nothing was sent, or no answer came. The words are for operators: none of them holds the answer of the other side.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Not an https address of a host alone.
    #[error("{0}: only https addresses without user and password are called")]
    Address(String),
    /// An address of the host lies inside.
    #[error("{host}: {address} is no public address")]
    Inside { host: String, address: IpAddr },
    #[error("{0}: the name has no address")]
    Unknown(String),
    #[error("no answer in {0:?}")]
    Slow(Duration),
    #[error("the connection failed: {0}")]
    Failed(String),
}

/// What came back. The body is for a machine to judge, never to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// At most 64 KiB.
    pub body: Vec<u8>,
    /// Was there more?
    pub cut: bool,
}

/// How names become addresses.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// The addresses of a host. Errors: it has none.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

#[async_trait]
impl Resolve for System {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.map(|address| address.ip()).collect())
    }
}

/// The way out.
#[derive(Clone)]
pub struct Outgoing {
    resolver: Arc<dyn Resolve>,
    /// One loopback listener that tests may reach over plain http.
    opened: Option<SocketAddr>,
    /// Exact hosts and ports that may lie inside, as the configuration names them.
    inside: Arc<[(String, u16)]>,
    patience: Duration,
}

/// An address that was judged, with where its connection goes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pinned {
    url: Url,
    host: String,
    addresses: Vec<SocketAddr>,
}

impl Default for Outgoing {
    fn default() -> Self {
        Outgoing { resolver: Arc::new(System), opened: None, inside: Arc::new([]), patience: PATIENCE }
    }
}

impl Outgoing {
    /// With another resolver.
    #[must_use]
    pub fn resolving(self, resolver: Arc<dyn Resolve>) -> Self {
        Outgoing { resolver, ..self }
    }

    /// For tests: opens one exact loopback address and port, also for plain http. `None` where it is no loopback address.
    pub fn opening(self, listener: SocketAddr) -> Option<Self> {
        listener.ip().is_loopback().then(|| Outgoing { opened: Some(listener), ..self })
    }

    /// Lets exact hosts and ports lie inside, each as `host:port` or `[address]:port`; they are still called over https, but for loopback
    /// addresses. `None` where one is no such text.
    pub fn allowing(self, hosts: &[String]) -> Option<Self> {
        let parsed = |text: &String| {
            let (host, port) = text.rsplit_once(':')?;
            let port = port.parse().ok().filter(|port| *port != 0)?;
            let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
            (!host.is_empty() && !host.contains(['/', '@', ' '])).then_some((host, port))
        };
        let inside = hosts.iter().map(parsed).collect::<Option<Vec<_>>>()?;
        Some(Outgoing { inside: inside.into(), ..self })
    }

    /// Judges an address as far as it can be judged without asking for names. Errors: it would never be called.
    pub fn judge(&self, url: &str) -> Result<(), Refused> {
        let (_, bare, _, literal, opened) = self.form(url)?;
        match literal {
            Some(address) if !opened && !is_public(address) => {
                Err(Refused::Inside { host: shown(&bare), address })
            }
            _ => Ok(()),
        }
    }

    /// With another time for everything.
    #[must_use]
    pub fn within(self, patience: Duration) -> Self {
        Outgoing { patience, ..self }
    }

    /// Sends a body. Errors: see [`Refused`]; a status of any kind is an answer.
    pub async fn post(&self, url: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Result<Answer, Refused> {
        let whole = async {
            let pinned = self.pin(url).await?;
            let mut request = client(&pinned, self.patience)?.post(pinned.url.clone()).body(body);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            read(request).await
        };
        tokio::time::timeout(self.patience, whole).await.unwrap_or(Err(Refused::Slow(self.patience)))
    }

    /// Asks for a document. Errors: as [`Outgoing::post`].
    pub async fn get(&self, url: &str) -> Result<Answer, Refused> {
        let whole = async {
            let pinned = self.pin(url).await?;
            read(client(&pinned, self.patience)?.get(pinned.url.clone())).await
        };
        tokio::time::timeout(self.patience, whole).await.unwrap_or(Err(Refused::Slow(self.patience)))
    }

    /// An address taken apart: address, bare host, port, literal address, and whether it may lie inside.
    fn form(&self, text: &str) -> Result<(Url, String, u16, Option<IpAddr>, bool), Refused> {
        let not_ours = || Refused::Address(shown(text));
        let url = Url::parse(text).map_err(|_| not_ours())?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(not_ours());
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(not_ours());
        }
        // The parser has turned decimal, octal and hexadecimal spellings into addresses by now.
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let literal: Option<IpAddr> = bare.parse().ok();
        let inside = self.inside.iter().any(|(host, open)| *open == port && *host == bare);
        let opened = literal.is_some_and(|ip| self.opened == Some(SocketAddr::new(ip, port))) || inside;
        let plain = opened && literal.is_some_and(|ip| ip.is_loopback()) && url.scheme() == "http";
        if url.scheme() != "https" && !plain {
            return Err(not_ours());
        }
        Ok((url, bare, port, literal, opened))
    }

    /// Judges an address and resolves its host, once.
    async fn pin(&self, text: &str) -> Result<Pinned, Refused> {
        let (url, bare, port, literal, opened) = self.form(text)?;
        let host = url.host_str().unwrap_or_default();
        let found = match literal {
            Some(ip) => vec![ip],
            None => {
                let host = host.trim_end_matches('.');
                self.resolver.resolve(host, port).await.map_err(|_| Refused::Unknown(shown(host)))?
            }
        };
        if found.is_empty() {
            return Err(Refused::Unknown(shown(&bare)));
        }
        if let Some(address) = found.iter().copied().find(|ip| !opened && !is_public(*ip)) {
            return Err(Refused::Inside { host: shown(&bare), address });
        }
        let addresses = found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        Ok(Pinned { host: host.to_owned(), url, addresses })
    }
}

/// A client that can reach the judged addresses and nothing else.
fn client(pinned: &Pinned, patience: Duration) -> Result<reqwest::Client, Refused> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(patience)
        .resolve_to_addrs(&pinned.host, &pinned.addresses)
        .build()
        .map_err(|error| failed(&error))
}

async fn read(request: reqwest::RequestBuilder) -> Result<Answer, Refused> {
    let mut response = request.send().await.map_err(|error| failed(&error))?;
    let status = response.status().as_u16();
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        let room = LONGEST - body.len();
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Ok(Answer { status, body, cut: true });
        }
    }
    Ok(Answer { status, body, cut: false })
}

/// What kind of failure it was, without the address and without what the other side said.
fn failed(error: &reqwest::Error) -> Refused {
    Refused::Failed(
        match () {
            () if error.is_timeout() => "time",
            () if error.is_connect() => "connection",
            () if error.is_body() || error.is_decode() => "body",
            () => "request",
        }
        .to_owned(),
    )
}

/// As much of an address as a log line bears.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Does the address belong to the public internet, whichever way it is written?
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let reserved = match (a, b, c) {
        // This network, carrier-grade translation, protocol assignments, relays of 6to4, benchmarks, reserved and multicast.
        (0, _, _) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _) | (224.., _, _) => {
            true
        }
        _ => false,
    };
    !(reserved || ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // Mapped and translated addresses are judged by the address inside.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Tunnels, benchmarks and documentation lie within the public range and are none of it.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests;
