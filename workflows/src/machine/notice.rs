//! Notices N01-N33 (domain K) and the in-house ones, with the data that a template may use.
//!
//! `NoticeData` has no field for a reason, a ground, a memo or screening content: INV-7 holds by construction.

use crate::money::Rate;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

crate::terms! {
    /// Every notice. W-notices go to colleagues and partners only: "work is waiting".
    pub enum NoticeId {
        N01 = "N01", "申込受付のお知らせ", "Application received";
        N02 = "N02", "書類のご提出のお願い", "Documents missing";
        N03 = "N03", "審査結果のお知らせ", "Screening result";
        N04 = "N04", "審査結果のお知らせ（ご希望に添えない場合）", "Screening result (refusal)";
        N05 = "N05", "お申込み取下げのお知らせ", "Application withdrawn, case closed";
        N06 = "N06", "承認条件充足のお知らせ", "Conditions met";
        N07 = "N07", "変更のお申出受付のお知らせ", "Change received, re-screening";
        N08 = "N08", "承認取消のお知らせ", "Approval cancelled";
        N08a = "N08a", "当初承認継続のお知らせ", "Change not possible, earlier approval stands";
        N09 = "N09", "承認有効期限経過のお知らせ", "Approval expired";
        N10 = "N10", "ご契約手続のご案内", "Contract appointment";
        N11 = "N11", "契約書（写）のお渡し", "Copy of the contract";
        N12 = "N12", "融資実行日確定のお知らせ", "Disbursement date confirmed";
        N13 = "N13", "融資実行見合わせのお知らせ", "Disbursement suspended, not made or reversed";
        N14 = "N14", "融資実行のお知らせ", "Disbursement report";
        N15 = "N15", "ご返済予定表", "Repayment schedule";
        N16 = "N16", "契約終了のお知らせ", "Contract terminated";
        N17 = "N17", "有効期限のお知らせ", "Validity running out";
        N21 = "N21", "登記完了・異例のお知らせ", "Registration completed or exception";
        N27 = "N27", "完済に伴う書類返却のご案内", "Return of papers, cancellation guidance";
        N28 = "N28", "期限延長のお知らせ", "Extension granted";
        N29 = "N29", "代位弁済のお知らせ", "Subrogation made";
        N30 = "N30", "団体信用生命保険のお知らせ", "Insurance status";
        N31 = "N31", "変更取下げ・承認継続のお知らせ", "Change withdrawn, approval continues";
        N32 = "N32", "融資実行日取消のお知らせ", "Disbursement date cancelled";
        N33 = "N33", "実行保留解除のお知らせ", "Suspension lifted";
        W01 = "W01", "業務のお知らせ", "Work is waiting";
        W02 = "W02", "決裁のお願い", "A proposal is waiting";
        W03 = "W03", "差戻しのお知らせ", "A proposal was returned";
        W04 = "W04", "異例事象のお知らせ", "An exception needs attention";
    }
}

impl NoticeId {
    /// Told by mail at once, at night too: what the law or the day of the money does not let wait.
    pub const fn is_urgent(self) -> bool {
        matches!(self, NoticeId::N13 | NoticeId::N16 | NoticeId::N29 | NoticeId::N32 | NoticeId::N33)
    }

    /// May a desk's mail of it wait for the digest of the half-day? Not what is urgent, not an exception, and not what ends today.
    pub fn waits_for_digest(self, data: &NoticeData, today: NaiveDate) -> bool {
        !self.is_urgent() && self != NoticeId::W04 && data.until.is_none_or(|until| until > today)
    }
}

/// What templates may say. Fields that a notice does not use are absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeData {
    /// Case number.
    pub number: String,
    /// Japanese and English label of the stage reached.
    pub stage_ja: String,
    pub stage_en: String,
    /// Addressee's name; absent for desks and partners.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub addressee: Option<String>,
    /// Business date of the event.
    pub on: Option<NaiveDate>,
    /// Last valid day, deadline or disbursement date, as the notice says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<NaiveDate>,
    /// Papers, conditions or items, one line each.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub items: Vec<NoticeValue>,
    /// Label and value pairs: product, amount, rate and the like.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub facts: Vec<NoticeFact>,
}

/// One line of a notice: what, in both languages, and its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeFact {
    pub ja: String,
    pub en: String,
    pub value: NoticeValue,
}

/// A value as typed data: each language prints it in its own way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NoticeValue {
    /// Whole yen.
    Yen {
        yen: i64,
    },
    /// Percent per annum.
    Percent {
        percent: Rate,
    },
    Day {
        day: NaiveDate,
    },
    Said {
        ja: String,
        en: String,
    },
    /// The same in every language: a number, or what a person wrote.
    Plain(String),
}

impl NoticeValue {
    /// Words in both languages.
    pub fn said(ja: &str, en: &str) -> NoticeValue {
        NoticeValue::Said { ja: ja.to_owned(), en: en.to_owned() }
    }
}
