//! What one case's data key does for its files: seals them segment by segment, names them, and signs links to them (decision 21).
//!
//! Each use has a key of its own, derived from the data key: destroying that one makes bytes unreadable, names meaningless and links
//! void, all at once.

use super::{CaseId, Closer, Opener, ring};
use crate::read::Where;
use crate::wall::Within;
use crate::{Result, Store, StoreError};
use aws_lc_rs::aead::LessSafeKey;
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::io;
use std::sync::Arc;
use workflows::machine::Case;

/// Bytes of a segment before it is sealed. A file lies as segments of this size, the last one shorter.
pub const SEGMENT: usize = 1024 * 1024;

/// Number of segments of a file. An empty file has none.
pub const fn segments_of(bytes: u64) -> u64 {
    bytes.div_ceil(SEGMENT as u64)
}

/// A data key with what is derived from it.
pub(crate) struct DataKey {
    pub(super) texts: LessSafeKey,
    files: LessSafeKey,
    links: LessSafeKey,
    names: hmac::Key,
}

impl DataKey {
    pub(super) fn of(bytes: &[u8]) -> io::Result<DataKey> {
        let root = hmac::Key::new(HMAC_SHA256, bytes);
        let derived = |label: &str| hmac::sign(&root, label.as_bytes());
        Ok(DataKey {
            texts: ring::cipher(bytes)?,
            files: ring::cipher(derived("yushi files v1").as_ref())?,
            links: ring::cipher(derived("yushi links v1").as_ref())?,
            names: hmac::Key::new(HMAC_SHA256, derived("yushi names v1").as_ref()),
        })
    }
}

/// The files of one case: made from a case that the caller was shown.
#[derive(Clone)]
pub struct Drawer {
    case: CaseId,
    key: Arc<DataKey>,
}

/// The case alone: keys are never shown.
impl fmt::Debug for Drawer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawer").field("case", &self.case).finish_non_exhaustive()
    }
}

impl Drawer {
    pub(crate) fn of(closer: &Closer) -> Drawer {
        Drawer { case: closer.case.clone(), key: closer.key.clone() }
    }

    pub(crate) fn closer(&self) -> Closer {
        Closer { case: self.case.clone(), key: self.key.clone() }
    }

    fn context(&self, place: &str) -> String {
        format!("{}\u{1f}{place}", self.case.context())
    }

    /// Folder of the case's files: bank and id, which name nobody.
    pub fn folder(&self) -> String {
        format!("{}/{}", self.case.institution, self.case.id)
    }

    /// Name under which a file with this digest lies. It follows from the bytes, and equal papers of two cases have two names.
    pub fn name(&self, sha256: &str) -> String {
        hex::encode(hmac::sign(&self.key.names, sha256.as_bytes()))
    }

    /// Seals segment `index` of a file of `bytes` bytes: it opens at its own place in a file of its own name and length alone. Errors: the
    /// machine gives no random bytes.
    pub fn seal(&self, name: &str, bytes: u64, index: u64, plain: &[u8]) -> io::Result<Vec<u8>> {
        ring::close(&self.key.files, &self.context(&format!("file/{name}/{bytes}/{index}")), plain)
    }

    /// The segment again. `None`: changed, cut, or from another place, file or case.
    pub fn open(&self, name: &str, bytes: u64, index: u64, sealed: &[u8]) -> Option<Vec<u8>> {
        let place = self.context(&format!("file/{name}/{bytes}/{index}"));
        let plain = ring::open(&self.key.files, &place, sealed)?;
        let whole = (index + 1) * SEGMENT as u64 <= bytes;
        let length = if whole { SEGMENT as u64 } else { bytes.saturating_sub(index * SEGMENT as u64) };
        (plain.len() as u64 == length).then_some(plain)
    }

    /// Seals a piece of an upload under way, as it arrived.
    pub fn seal_piece(&self, upload: &str, piece: &str, plain: &[u8]) -> io::Result<Vec<u8>> {
        ring::close(&self.key.files, &self.context(&format!("piece/{upload}/{piece}")), plain)
    }

    /// The piece again. `None`: changed, or from another place.
    pub fn open_piece(&self, upload: &str, piece: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        ring::open(&self.key.files, &self.context(&format!("piece/{upload}/{piece}")), sealed)
    }

    /// A link to a file: what it grants, sealed so that nobody else makes or reads one. Errors: it cannot be written.
    pub fn ticket<T: Serialize>(&self, file: &str, grant: &T) -> Result<String> {
        let text = serde_json::to_vec(grant)?;
        let sealed = ring::close(&self.key.links, &self.context(&format!("link/{file}")), &text);
        Ok(URL_SAFE_NO_PAD.encode(sealed.map_err(super::KeyFault::Service)?))
    }

    /// What a link to this file grants. `None`: forged, changed, or a link to another file.
    pub fn read_ticket<T: DeserializeOwned>(&self, file: &str, ticket: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let text = ring::open(&self.key.links, &self.context(&format!("link/{file}")), &sealed)?;
        serde_json::from_slice(&text).ok()
    }
}

impl Opener {
    /// The drawer of the case; `None` where it has no data key. Errors: its data key does not unwrap.
    pub(crate) fn drawer(&self) -> Result<Option<Drawer>> {
        Ok(self.closer()?.map(|closer| Drawer::of(&closer)))
    }
}

impl Store {
    /// The drawer of a case that the caller was shown; `None` where the store has no vault, the case is of a time before it, or was
    /// erased. Errors: the database, or the data key does not open.
    pub async fn drawer(&self, case: &Case) -> Result<Option<Drawer>> {
        self.drawer_of(&case.institution, &case.id).await
    }

    pub(crate) async fn drawer_of(&self, institution: &str, id: &str) -> Result<Option<Drawer>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(institution));
        w.equals("k.institution", institution);
        w.equals("k.application_id", id);
        let sql = format!("SELECT k.kid || ':' || k.wrapped AS data_key FROM case_key k {}", w.sql());
        let Some(row) = self.row(sql, w).await? else { return Ok(None) };
        let wrapped: String = row.try_get("", "data_key").map_err(StoreError::from)?;
        self.opener(CaseId::new(institution, id), Some(wrapped)).await?.drawer()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawer(key: u8, id: &str) -> Drawer {
        let key = Arc::new(DataKey::of(&[key; 32]).unwrap());
        Drawer { case: CaseId::new("2963", id), key }
    }

    /// A file of so many whole segments and a rest, sealed.
    fn sealed(drawer: &Drawer, segments: usize, rest: usize, fill: u8) -> (u64, Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let mut plain: Vec<Vec<u8>> = (0..segments).map(|at| vec![fill ^ at as u8; SEGMENT]).collect();
        if rest > 0 {
            plain.push(vec![fill; rest]);
        }
        let bytes = plain.iter().map(Vec::len).sum::<usize>() as u64;
        let all =
            plain.iter().enumerate().map(|(at, one)| drawer.seal("name", bytes, at as u64, one).unwrap());
        let all = all.collect();
        (bytes, plain, all)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_file_opens_whole_and_in_its_order_or_not_at_all(
            segments in 1_usize..3, rest in 0_usize..5_000, fill: u8, at in any::<prop::sample::Index>(),
            byte in any::<prop::sample::Index>(), bit in 0_u8..8, cut in 1_usize..40,
        ) {
            let mine = drawer(7, "case");
            let (bytes, plain, all) = sealed(&mine, segments, rest, fill);
            prop_assert_eq!(segments_of(bytes), all.len() as u64);
            for (index, one) in all.iter().enumerate() {
                let opened = mine.open("name", bytes, index as u64, one);
                prop_assert_eq!(opened.as_deref(), Some(plain[index].as_slice()));
            }
            let chosen = at.index(all.len());
            let one = &all[chosen];
            // Another place, file, length, case or key.
            for other in (0..all.len() as u64 + 1).filter(|other| *other != chosen as u64) {
                prop_assert_eq!(mine.open("name", bytes, other, one), None);
            }
            let index = chosen as u64;
            prop_assert_eq!(mine.open("other", bytes, index, one), None);
            prop_assert_eq!(mine.open("name", bytes + 1, index, one), None);
            prop_assert_eq!(drawer(7, "other").open("name", bytes, index, one), None);
            prop_assert_eq!(drawer(8, "case").open("name", bytes, index, one), None);
            // One bit, a cut end, something behind it.
            let mut changed = one.clone();
            let place = byte.index(changed.len());
            changed[place] ^= 1 << bit;
            prop_assert_eq!(mine.open("name", bytes, index, &changed), None);
            prop_assert_eq!(mine.open("name", bytes, index, &one[..one.len() - cut.min(one.len())]), None);
            let longer = [one.as_slice(), &[0]].concat();
            prop_assert_eq!(mine.open("name", bytes, index, &longer), None);
        }
    }

    #[test]
    fn a_segment_that_was_sealed_too_short_is_no_segment() {
        let mine = drawer(7, "case");
        let bytes = SEGMENT as u64 + 10;
        let short = mine.seal("name", bytes, 0, &[1; 100]).unwrap();
        assert_eq!(mine.open("name", bytes, 0, &short), None, "it opens, and is not what belongs there");
    }

    #[test]
    fn names_follow_from_the_bytes_and_from_the_case() {
        let (one, other) = (drawer(1, "a"), drawer(2, "b"));
        let digest = "ab".repeat(32);
        assert_eq!(one.name(&digest), one.name(&digest));
        assert_ne!(one.name(&digest), other.name(&digest), "equal papers of two cases");
        assert!(!one.name(&digest).contains("abab"));
    }

    #[test]
    fn a_link_opens_its_own_file_in_its_own_case() {
        let (one, other) = (drawer(1, "a"), drawer(1, "b"));
        let ticket = one.ticket("file", &"grant").unwrap();
        assert_eq!(one.read_ticket::<String>("file", &ticket).as_deref(), Some("grant"));
        assert_eq!(one.read_ticket::<String>("other", &ticket), None);
        assert_eq!(other.read_ticket::<String>("file", &ticket), None);
        for wrong in ["", "AAAA", &ticket[1..], &ticket[..ticket.len() - 1], "öäü"] {
            assert_eq!(one.read_ticket::<String>("file", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn pieces_and_segments_are_not_taken_for_each_other() {
        let mine = drawer(1, "a");
        let piece = mine.seal_piece("upload", "0", b"bytes").unwrap();
        assert_eq!(mine.open_piece("upload", "0", &piece).as_deref(), Some(&b"bytes"[..]));
        assert_eq!(mine.open_piece("upload", "1", &piece), None);
        assert_eq!(mine.open_piece("other", "0", &piece), None);
        assert_eq!(mine.open("upload", 5, 0, &piece), None);
    }
}
