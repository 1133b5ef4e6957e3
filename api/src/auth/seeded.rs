//! Faults that a test seeds, to show that the tests of the sign-in can fail: each is a check left out. They exist in builds with the
//! cargo feature `seeded` alone, which nothing that ships has (`tests/tests/policy.rs`); in every other build no fault can be asked for.

use jsonwebtoken::{Algorithm, DecodingKey, Header};

/// A check that is left out.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The token against forgery of a session is not compared.
    Csrf,
    /// Whoever was let in with the head of a request is not judged again when its body is there.
    Recheck,
    /// The state that comes back from the provider is not compared.
    State,
    /// Nobody looks after open sockets.
    Watch,
    /// A socket outlives the deputy or the access in emergency by which it was opened.
    Lent,
    /// The certificate's header counts from every address.
    Proxies,
    /// Every unknown key makes the issuer's keys read again.
    CoolDown,
    /// The header of a token chooses the algorithm.
    Header,
}

/// The variable that names the fault of a process.
#[cfg(feature = "seeded")]
pub const VARIABLE: &str = "YUSHI_TEST_FAULT";

/// Was this fault seeded?
#[cfg(feature = "seeded")]
pub fn is(fault: Fault) -> bool {
    std::env::var(VARIABLE).is_ok_and(|name| name == format!("{fault:?}"))
}

/// Never.
#[cfg(not(feature = "seeded"))]
pub const fn is(_: Fault) -> bool {
    false
}

/// The key and algorithm by which a token is judged where its header chooses: the public key is taken for a shared secret. `None` but
/// for the fault.
pub fn chosen(header: &Header, key: &DecodingKey) -> Option<(DecodingKey, Algorithm)> {
    let shared = is(Fault::Header) && header.alg == Algorithm::HS256;
    let bytes = key.try_get_as_bytes().ok().filter(|_| shared)?;
    Some((DecodingKey::from_secret(bytes), header.alg))
}
