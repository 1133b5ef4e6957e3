//! What the bytes of a file are, whatever its name says. They pass by once, piece by piece; nothing but both ends of them is kept.

use sha2::{Digest, Sha256};
use workflows::machine::papers::MediaType;

workflows::terms! {
    /// Why a file is refused. The code stands in the record, the words go to whoever sent it.
    pub enum Fault {
        Empty = "EMPTY", "空のファイルです。", "The file is empty.";
        UnknownType = "UNKNOWN_TYPE", "PDF、JPEG、PNG、HEIC、TIFFのいずれでもありません。", "It is none of PDF, JPEG, PNG, HEIC and TIFF.";
        OtherName = "OTHER_NAME", "ファイル名の拡張子と中身の種類が違います。", "The ending of its name says another type than its bytes.";
        Encrypted = "ENCRYPTED", "パスワード等で保護されたPDFは受け付けられません。保護を外してください。", "A PDF that is protected cannot be taken: save it without protection.";
        TwoTypes = "TWO_TYPES", "二つ以上の形式として読めるファイルは受け付けられません。", "A file that reads as two types at once is not taken.";
        CutOff = "CUT_OFF", "ファイルが途中で切れています。", "The file is cut off.";
        OtherDigest = "OTHER_DIGEST", "届いた内容が、申告されたSHA-256と一致しません。", "What arrived has another SHA-256 than was announced.";
        Malware = "MALWARE", "ウイルス検査で問題が見つかりました。", "The malware scanner found something.";
        Lost = "LOST", "受信した内容を確認できません。もう一度送信してください。", "What arrived cannot be read any more: send it again.";
        NotNow = "NOT_NOW", "案件の状態が変わったため登録できません。", "The case does not take it any more.";
    }
}

/// Bytes of the beginning and of the end that are looked at.
const HEAD: usize = 4096;
const TAIL: usize = 66_000;
/// Longest reference behind `/Encrypt`, such as ` 4294967295 65535 R`.
const REFERENCE: usize = 32;
const ENCRYPT: &[u8] = b"/Encrypt";

/// Looks at a file as it passes by.
pub struct Inspector {
    digest: Sha256,
    bytes: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
    /// The last bytes of the piece before, where a word may begin.
    carry: Vec<u8>,
    encrypted: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// In hex.
    pub sha256: String,
    pub media_type: MediaType,
}

impl Default for Inspector {
    fn default() -> Self {
        Inspector {
            digest: Sha256::new(),
            bytes: 0,
            head: vec![],
            tail: vec![],
            carry: vec![],
            encrypted: false,
        }
    }
}

impl Inspector {
    /// The next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        let last = &bytes[bytes.len().saturating_sub(TAIL)..];
        let old = (self.tail.len() + last.len()).saturating_sub(TAIL);
        self.tail.drain(..old);
        self.tail.extend_from_slice(last);
        let window = [self.carry.as_slice(), bytes].concat();
        self.encrypted |= names_encryption(&window);
        let kept = window.len().saturating_sub(ENCRYPT.len() + REFERENCE);
        self.carry = window[kept..].to_vec();
    }

    /// What it was. `name` is the file's own, `announced` the digest that the sender gave. Errors: why it is refused.
    pub fn finish(self, name: Option<&str>, announced: Option<&str>) -> Result<Seen, Fault> {
        if self.bytes == 0 {
            return Err(Fault::Empty);
        }
        let sha256 = hex::encode(self.digest.finalize());
        if announced.is_some_and(|announced| !announced.eq_ignore_ascii_case(&sha256)) {
            return Err(Fault::OtherDigest);
        }
        if begins_elsewhere(&self.head) {
            return Err(Fault::TwoTypes);
        }
        let media_type = type_of(&self.head).ok_or(Fault::UnknownType)?;
        if is_also_another(media_type, &self.head, &self.tail) {
            return Err(Fault::TwoTypes);
        }
        if media_type == MediaType::Pdf && self.encrypted {
            return Err(Fault::Encrypted);
        }
        if !ends_well(media_type, &self.tail) {
            return Err(Fault::CutOff);
        }
        let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_lowercase());
        if ending.is_some_and(|ending| !media_type.endings().contains(&ending.as_str())) {
            return Err(Fault::OtherName);
        }
        Ok(Seen { sha256, media_type })
    }
}

fn type_of(head: &[u8]) -> Option<MediaType> {
    Some(match infer::get(head)?.mime_type() {
        "application/pdf" => MediaType::Pdf,
        "image/jpeg" => MediaType::Jpeg,
        "image/png" => MediaType::Png,
        "image/heif" => MediaType::Heic,
        "image/tiff" => MediaType::Tiff,
        _ => return None,
    })
}

/// A PDF whose header does not stand first: readers of PDF find it all the same, and everybody else reads something else.
fn begins_elsewhere(head: &[u8]) -> bool {
    let first = &head[..head.len().min(1024)];
    find(first, b"%PDF-").is_some_and(|at| at > 0)
}

/// Is it also an archive (readers of ZIP look at the end), or a page (browsers look at the beginning)?
fn is_also_another(media_type: MediaType, head: &[u8], tail: &[u8]) -> bool {
    let archive = find(tail, b"PK\x05\x06").is_some();
    let first = head[..head.len().min(1024)].to_ascii_lowercase();
    let page = [&b"<html"[..], b"<script", b"<svg", b"<!doctype", b"<?php"]
        .iter()
        .any(|word| find(&first, word).is_some());
    // XMP stands at the beginning of some photographs and is no page; it begins with none of these words.
    archive || (page && media_type != MediaType::Heic)
}

/// Does the end belong to the type, as far as a type says how it ends?
fn ends_well(media_type: MediaType, tail: &[u8]) -> bool {
    match media_type {
        // Some writers leave blanks behind the mark, and readers look for it in the last kilobyte.
        MediaType::Pdf => find(&tail[tail.len().saturating_sub(1024)..], b"%%EOF").is_some(),
        // Telephones put a moving picture behind the still one.
        MediaType::Jpeg => find(tail, &[0xff, 0xd9]).is_some(),
        MediaType::Png => find(tail, b"IEND").is_some(),
        MediaType::Heic | MediaType::Tiff => true,
    }
}

/// Does a PDF name a dictionary of encryption: `/Encrypt 12 0 R` or `/Encrypt << ..`?
fn names_encryption(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = find(rest, ENCRYPT) {
        let behind = &rest[at + ENCRYPT.len()..];
        let value = behind.iter().position(|byte| !byte.is_ascii_whitespace()).map(|at| &behind[at..]);
        let blank = behind.first().is_some_and(u8::is_ascii_whitespace);
        match value {
            Some(value) if value.starts_with(b"<<") => return true,
            Some(value) if blank && is_reference(value) => return true,
            _ => rest = behind,
        }
    }
    false
}

/// `12 0 R`.
fn is_reference(bytes: &[u8]) -> bool {
    let mut words = bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let number = |word: Option<&[u8]>| word.is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    number(words.next()) && number(words.next()) && words.next().is_some_and(|word| word.starts_with(b"R"))
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\0\0\0\0IEND\xaeB`\x82";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";
    const HEIC: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat";
    const TIFF: &[u8] = b"II*\0\x08\0\0\0\0\0\0\0\0\0";

    fn seen(bytes: &[u8], name: Option<&str>, pieces: usize) -> Result<MediaType, Fault> {
        let mut inspector = Inspector::default();
        bytes.chunks(pieces.max(1)).for_each(|piece| inspector.feed(piece));
        inspector.finish(name, None).map(|seen| seen.media_type)
    }

    #[test]
    fn bytes_say_what_a_file_is_in_pieces_of_any_size() {
        for (bytes, wanted, name) in [
            (PDF, MediaType::Pdf, "a.PDF"),
            (PNG, MediaType::Png, "a.png"),
            (JPEG, MediaType::Jpeg, "a.jpeg"),
            (HEIC, MediaType::Heic, "IMG_1.heic"),
            (TIFF, MediaType::Tiff, "fax.tif"),
        ] {
            for pieces in [1, 3, 7, 1000] {
                assert_eq!(seen(bytes, Some(name), pieces), Ok(wanted), "{name} in pieces of {pieces}");
            }
            assert_eq!(seen(bytes, None, 1000), Ok(wanted), "{name} without its name");
        }
    }

    #[test]
    fn what_is_not_taken_is_told_apart() {
        let with = |text: &str| [PDF, text.as_bytes(), b"\n%%EOF"].concat();
        let zipped = [PDF, b"PK\x05\x06\0\0\0\0"].concat();
        let moved = [b"GIF89a", PDF].concat();
        let page = [JPEG, b"<html>"].concat();
        for (bytes, name, fault) in [
            (b"".to_vec(), None, Fault::Empty),
            (b"MZ\x90\0".to_vec(), None, Fault::UnknownType),
            (b"hello".to_vec(), Some("a.pdf"), Fault::UnknownType),
            (PNG.to_vec(), Some("a.pdf"), Fault::OtherName),
            (PDF.to_vec(), Some("a.pdf.exe"), Fault::OtherName),
            (with("trailer << /Encrypt 12 0 R >>"), None, Fault::Encrypted),
            (with("trailer <</Encrypt<</Filter/Standard>>>>"), None, Fault::Encrypted),
            (zipped, None, Fault::TwoTypes),
            (moved, None, Fault::TwoTypes),
            (page, None, Fault::TwoTypes),
            (PDF[..40].to_vec(), None, Fault::CutOff),
            (PNG[..20].to_vec(), None, Fault::CutOff),
        ] {
            for pieces in [1, 5, 1000] {
                assert_eq!(seen(&bytes, name, pieces), Err(fault), "{fault} in pieces of {pieces}");
            }
        }
        // Words in a text are no encryption.
        assert_eq!(seen(&with("(about /Encrypt and /EncryptMetadata true)"), None, 1000), Ok(MediaType::Pdf));
    }

    #[test]
    fn another_digest_than_announced_is_refused() {
        let mut inspector = Inspector::default();
        inspector.feed(PDF);
        assert_eq!(inspector.finish(None, Some(&"0".repeat(64))), Err(Fault::OtherDigest));
        let mut inspector = Inspector::default();
        inspector.feed(PDF);
        let digest = hex::encode(Sha256::digest(PDF));
        assert_eq!(inspector.finish(None, Some(&digest.to_uppercase())).map(|seen| seen.sha256), Ok(digest));
    }
}
