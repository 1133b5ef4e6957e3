//! What a browser holds: the secret of its session, and for some minutes that of an attempt to sign in. Everything else that has to
//! belong to one of them is derived from its secret.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Characters of a secret.
const SECRET: usize = 43;

/// The names of the cookies, and whether they travel over TLS alone.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// `__Host-`: this host alone, over TLS alone.
    Host,
    /// On this machine without TLS: under the demo.
    Plain,
}

impl Cookies {
    /// Name of the cookie of a session.
    pub const fn session(self) -> &'static str {
        match self {
            Cookies::Host => "__Host-yushi",
            Cookies::Plain => "yushi-demo",
        }
    }

    /// Name of the cookie of an attempt to sign in.
    pub const fn attempt(self) -> &'static str {
        match self {
            Cookies::Host => "__Host-yushi-sign-in",
            Cookies::Plain => "yushi-demo-sign-in",
        }
    }

    /// `Set-Cookie` for a value that lives so long; no time is until the browser is closed, nought ends it.
    pub fn set(self, name: &str, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
        let secure = if self == Cookies::Host { "; Secure" } else { "" };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        HeaderValue::from_str(&format!("{name}={value}; Path=/{secure}; HttpOnly; SameSite=Lax{age}")).ok()
    }
}

/// The value of a cookie. One that is there twice is none: somebody planted the other.
pub fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

/// 256 random bits.
pub fn secret() -> String {
    let bits: [u8; 32] = rand::rng().random();
    URL_SAFE_NO_PAD.encode(bits)
}

/// Has a text the shape of a secret?
pub fn is_secret(text: &str) -> bool {
    text.len() == SECRET && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What belongs to a secret under a label; the secret does not follow from it, nor what belongs to another label.
pub fn derived(label: &str, secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("yushi {label}\n{secret}")))
}

/// The digest under which a session is kept.
pub fn session_digest(secret: &str) -> String {
    hex::encode(Sha256::digest(format!("yushi session\n{secret}")))
}

/// The token against forgery of a session.
pub fn csrf(secret: &str) -> String {
    derived("csrf", secret)
}

/// Compares secrets; the time tells nothing but their length.
pub fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Is it a path of ours where a browser may be sent after signing in? Everything else would lead people away.
pub fn is_own_path(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let own = text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/auth/");
    plain && own && text.len() <= 512
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_followed() {
        for fine in ["/", "/cases/1?tab=2#x", "/a//b", "/%2f%2fevil.example"] {
            assert!(is_own_path(fine), "{fine}");
        }
        let long = format!("/{}", "a".repeat(600));
        for wrong in [
            "",
            "cases",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\nSet-Cookie: b",
            "/a b",
            "/\t/evil.example",
            "/auth/logout",
            &long,
        ] {
            assert!(!is_own_path(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_cookie_that_is_there_twice_is_none() {
        let with = |lines: &[&str]| {
            let mut map = HeaderMap::new();
            for line in lines {
                map.append(header::COOKIE, line.parse().expect("header"));
            }
            value(&map, "__Host-yushi").map(str::to_owned)
        };
        assert_eq!(with(&["a=b; __Host-yushi=x"]), Some("x".to_owned()));
        assert_eq!(with(&["__Host-yushi=x; __Host-yushi=y"]), None);
        assert_eq!(with(&["__Host-yushi=x", "__Host-yushi=y"]), None);
        assert_eq!(with(&["x__Host-yushi=x"]), None);
    }

    #[test]
    fn what_is_derived_differs_by_label_and_secret() {
        let (one, two) = (secret(), secret());
        assert!(is_secret(&one) && one != two && !is_secret("short"));
        let all =
            [csrf(&one), csrf(&two), derived("state", &one), derived("nonce", &one), session_digest(&one)];
        let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert!(is_same("a", "a") && !is_same("a", "b") && !is_same("a", "aa"));
    }

    #[test]
    fn over_tls_a_cookie_is_for_this_host_alone() {
        let set = |cookies: Cookies| cookies.set(cookies.session(), "v", None).expect("header");
        assert_eq!(set(Cookies::Host), "__Host-yushi=v; Path=/; Secure; HttpOnly; SameSite=Lax");
        assert_eq!(set(Cookies::Plain), "yushi-demo=v; Path=/; HttpOnly; SameSite=Lax");
    }
}
