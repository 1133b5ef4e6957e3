//! The register of what was issued to people of the cases: how a document is numbered, which letter stands behind a notice, and what
//! is left out of a print batch. Pure.

use super::notice::NoticeId;
use crate::letters::LetterKind;

/// Most documents of one print batch.
pub const SHEETS_MOST: usize = 20;

crate::terms! {
    /// How it stands with what goes by letter.
    pub enum ByPost {
        Due = "DUE", "郵送待ち", "To be posted";
        Posted = "POSTED", "郵送済み", "Posted";
    }
}

crate::terms! {
    /// Why a document of a print batch has no sheet.
    pub enum NoSheet {
        Unknown = "UNKNOWN", "該当する書類がありません", "There is no such document";
        Same = "SAME", "同じ書類が既に選ばれています", "The same document is among those that were chosen";
        Closed = "CLOSED", "送付されずに終了した通知です", "It was closed without being sent";
        Erased = "ERASED", "保存期間が終了し消去されています", "It was erased when its time was over";
        Unreadable = "UNREADABLE", "この版では文面を作成できません", "This version cannot put it into words";
    }
}

/// Where a parcel of a case stands in its register.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentNo<'a> {
    /// `{version}.{n}`: the entry that left it, and which of its effects it is. The same for every channel and every copy.
    pub place: &'a str,
    /// 0 for the first, n for the n-th that was sent anew.
    pub copy: u32,
}

impl<'a> DocumentNo<'a> {
    /// From the id of a parcel, `{application}.{version}.{n}.{channel}` or the same with `.R{copy}`. `None`: it belongs to no transition.
    pub fn of(parcel: &'a str, application: &str) -> Option<DocumentNo<'a>> {
        let rest = parcel.strip_prefix(application)?.strip_prefix('.')?;
        let (first, copy) = match rest.rsplit_once(".R") {
            Some((first, copy)) => (first, copy.parse().ok()?),
            None => (rest, 0),
        };
        let (place, _channel) = first.rsplit_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (version, n) = place.split_once('.')?;
        (digits(version) && digits(n)).then_some(DocumentNo { place, copy })
    }

    /// As people read it, under the number of the case: `2950-101-2026-000042/3.1`.
    pub fn under(self, case: &str) -> String {
        format!("{case}/{}", self.place)
    }
}

/// The letter as PDF that tells a person of the case what the notice tells, where there is one.
pub const fn letter_behind(notice: NoticeId) -> Option<LetterKind> {
    match notice {
        NoticeId::N03 => Some(LetterKind::Approval),
        NoticeId::N04 => Some(LetterKind::Decline),
        NoticeId::N10 => Some(LetterKind::Appointment),
        NoticeId::N14 => Some(LetterKind::Disbursement),
        NoticeId::N15 => Some(LetterKind::Schedule),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "0198c0de-0000-7000-8000-000000000001";

    #[test]
    fn every_channel_and_copy_of_a_document_has_its_number() {
        for (end, place, copy) in [
            (".3.1.INBOX", "3.1", 0),
            (".3.1.EMAIL", "3.1", 0),
            (".3.1.EMAIL.R2", "3.1", 2),
            (".12.0.INBOX.R1", "12.0", 1),
        ] {
            let parcel = format!("{CASE}{end}");
            let found = DocumentNo::of(&parcel, CASE);
            assert_eq!(found, Some(DocumentNo { place, copy }), "{end}");
            assert_eq!(found.map(|no| no.under("2950-1")), Some(format!("2950-1/{place}")));
        }
    }

    #[test]
    fn what_no_transition_left_has_none() {
        for parcel in ["", "C.5f.EMAIL", ".3.INBOX", ".3.x.INBOX", ".3.1.EMAIL.Rx", "3.1.INBOX"] {
            let whole = if parcel.starts_with('.') { format!("{CASE}{parcel}") } else { parcel.to_owned() };
            assert_eq!(DocumentNo::of(&whole, CASE), None, "{parcel}");
        }
        assert_eq!(DocumentNo::of("other.3.1.INBOX", CASE), None, "another case's");
    }

    #[test]
    fn letters_to_customers_stand_behind_a_notice_and_the_scriveners_behind_none() {
        let behind: Vec<LetterKind> = NoticeId::ALL.iter().copied().filter_map(letter_behind).collect();
        for kind in LetterKind::ALL {
            assert_eq!(behind.contains(kind), *kind != LetterKind::Registration, "{}", kind.code());
        }
    }
}
