//! Data that commands carry and the case keeps: grounds, conditions, decisions, receipts.

use super::approval::{Route, Vote};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

crate::terms! {
    /// Reasons to refuse (E.3, R1-R7) and causes to revoke (E.4, V1-V6). Never shown to the applicant.
    pub enum Ground {
        R1 = "R1", "申込内容と証憑の相違", "Application differs from the evidence";
        R2 = "R2", "申込・証憑の虚偽", "Application or evidence untrue";
        R3 = "R3", "担保評価の著変", "Valuation changed greatly";
        R4 = "R4", "法令違反・瑕疵・未登記", "Breach of law, defect or unregistered building";
        R5 = "R5", "信用状態の変化", "Credit standing changed";
        R6 = "R6", "反社会的勢力", "Anti-social force";
        R7 = "R7", "その他条件不履行", "Other condition not fulfilled";
        V1 = "V1", "期限の利益喪失事由", "Cause of acceleration (art. 11)";
        V2 = "V2", "債権譲渡・相続", "Claim assigned or inherited";
        V3 = "V3", "金融情勢の変化", "Change in financial conditions";
        V4 = "V4", "債権保全の必要", "Need to protect the claim";
        V5 = "V5", "実行条件の欠缺", "Mortgage or another condition missing";
        V6 = "V6", "延滞", "Arrears";
    }
}

impl Ground {
    /// R1-R7: may refuse before the contract and rescind (E.3).
    pub const fn is_refusal(self) -> bool {
        matches!(
            self,
            Ground::R1 | Ground::R2 | Ground::R3 | Ground::R4 | Ground::R5 | Ground::R6 | Ground::R7
        )
    }

    /// V1-V5: may terminate after the contract (E.4). V6 only suspends.
    pub const fn is_revocation(self) -> bool {
        matches!(self, Ground::V1 | Ground::V2 | Ground::V3 | Ground::V4 | Ground::V5)
    }

    /// R3-R6: an adverse fact since the approval (G-CREDIT-UNCHANGED).
    pub const fn is_adverse(self) -> bool {
        matches!(self, Ground::R3 | Ground::R4 | Ground::R5 | Ground::R6)
    }
}

crate::terms! {
    /// Why a case is declined or an approval rescinded (T08, T16, T17).
    pub enum DeclineGround {
        BankRefusal = "BANK_REFUSAL", "当金庫の審査", "The bank's own screening";
        GuarantorDeclined = "GUARANTOR_DECLINED", "保証不可", "Guarantor declined or revoked";
        InsuranceImpossible = "INSURANCE_IMPOSSIBLE", "団信加入不可", "No insurance possible, no exception";
        RefusalReason = "REFUSAL_REASON", "謝絶事由", "A recorded ground of E.3";
    }
}

crate::terms! {
    /// Why staff close a case (T47).
    pub enum ClosureGround {
        NoAnswer = "NO_ANSWER", "書類督促に応答なし", "No answer after the reminder (TM02)";
        ApplicantDied = "APPLICANT_DIED", "申込人死亡", "The applicant died (E-DEATH)";
    }
}

crate::terms! {
    /// What opens a change without the applicant (T43).
    pub enum ChangeCause {
        InsuranceRejected = "INSURANCE_REJECTED", "団信謝絶・期限切れ・変更", "Insurance refused, expired or changed";
        GuaranteeRevoked = "GUARANTEE_REVOKED", "保証撤回", "Guarantee revoked";
        PartyDied = "PARTY_DIED", "関係者死亡", "A joint debtor, guarantor or mortgagor died";
        RouteChanged = "ROUTE_CHANGED", "資格区分の変更", "New route changes fee or add-on";
    }
}

crate::terms! {
    /// Why a disbursement is held (T26).
    pub enum HoldGround {
        Arrears = "ARREARS", "延滞", "Arrears at the bank (I-08)";
        JoinGuard = "JOIN_GUARD", "実行条件の不充足", "A guard of the join turned false";
        RefusalGround = "REFUSAL_GROUND", "謝絶事由", "A ground R1-R7 was found";
        GuaranteeRevoked = "GUARANTEE_REVOKED", "保証撤回", "Guarantee revoked";
        Death = "DEATH", "死亡", "Death of a party (E-DEATH)";
        FundingDeadline = "FUNDING_DEADLINE", "資金交付期限の経過", "Funding deadline passed (TM07)";
    }
}

crate::terms! {
    /// Why a contract ends before full disbursement (T36, T37).
    pub enum TerminationGround {
        Revocation = "REVOCATION", "契約解除事由", "A cause V1-V5";
        RefusalGround = "REFUSAL_GROUND", "謝絶事由", "A ground R1-R7";
        FundingDeadline = "FUNDING_DEADLINE", "資金交付期限の経過", "Funding deadline passed without extension";
        Agreement = "AGREEMENT", "合意解約", "Mutual cancellation";
    }
}

crate::terms! {
    /// How a person of the bank stands to a case that is not his to decide (L-108-3).
    pub enum ConflictRelation {
        Own = "OWN", "本人", "The person's own application";
        Relative = "RELATIVE", "親族", "A relative's application";
        Business = "BUSINESS", "取引関係", "Business with a party of the case";
        Other = "OTHER", "その他", "Another interest in the outcome";
    }
}

crate::terms! {
    /// Papers of an extension of the funding deadline (S-12).
    pub enum ExtensionPaper {
        Request = "REQUEST", "期限延長の申出書", "Papers and cause of the delay";
        GuarantorConsent = "GUARANTOR_CONSENT", "保証機関の同意", "The guarantor agrees";
        ChangeAgreement = "CHANGE_AGREEMENT", "変更契約書", "Change agreement signed by debtors and joint guarantors";
    }
}

crate::terms! {
    /// When a condition of an approval must be met (E.4).
    pub enum ConditionStage {
        BeforeContract = "BEFORE_CONTRACT", "契約前", "Before the contract";
        BeforeDisbursement = "BEFORE_DISBURSEMENT", "実行前", "Before disbursement";
        AfterDisbursement = "AFTER_DISBURSEMENT", "実行後", "After disbursement";
    }
}

/// A paper that is missing, expired or contradictory (N02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defect {
    /// Document code of domain A.2.
    pub document: String,
    #[serde(default)]
    pub party_id: Option<String>,
    /// MISSING, EXPIRED or CONTRADICTORY, in words for the applicant.
    pub problem: String,
}

/// A condition as screening writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCondition {
    /// Short code, unique in the case: TERMS_CHANGED, INSURANCE_DECIDED, GUARANTEE_CONDITIONS, SELL_OLD_HOUSE ...
    pub code: String,
    pub stage: ConditionStage,
    pub text: String,
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// A condition of the approval with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    #[serde(flatten)]
    pub condition: NewCondition,
    /// What shows that it is met; absent while open.
    pub evidence: Option<String>,
}

impl Condition {
    /// No evidence yet.
    pub fn is_open(&self) -> bool {
        self.evidence.is_none()
    }
}

/// One loan part of the guarantor's answer (F-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuaranteedLoan {
    pub loan_no: u8,
    /// Percent per annum; MONTHLY_IN_RATE.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub monthly_rate_percent: Option<Decimal>,
    /// Yen; LUMP_SUM.
    #[serde(default)]
    pub lump_sum_fee_yen: Option<i64>,
}

/// The guarantor's answer (F-03). Reasons are not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeAnswer {
    pub guarantee_number: String,
    /// Yen that the guarantee covers.
    pub amount_yen: i64,
    pub term_months: u32,
    pub loans: Vec<GuaranteedLoan>,
    /// Where absent, the book's default validity applies.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
}

/// Registry receipt (H-37).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub office: String,
    pub received_on: NaiveDate,
    /// 受付番号: positive integer, unique per office and year.
    pub number: u32,
    /// What the sender of the filing has to follow it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<FilingProof>,
}

/// With both, somebody who did not send the filing asks the registry's online service how far it is (H-37): the receipt does not rest
/// on the scrivener's word alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilingProof {
    /// 申請番号 of the arrival notice: 4 to 40 letters, digits or hyphens.
    pub application_number: String,
    /// 状態確認番号 of the same notice, written alike.
    pub confirmation_number: String,
}

impl FilingProof {
    /// Are both numbers written as the arrival notice writes them?
    pub fn is_sound(&self) -> bool {
        [&self.application_number, &self.confirmation_number].into_iter().all(|number| {
            (4..=40).contains(&number.len())
                && number.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-')
        })
    }
}

/// Four eyes: what the first person proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// `P` and the case version at which it was made.
    pub id: String,
    /// Row of the table that approval would take.
    pub row: String,
    pub command: Box<super::verb::Command>,
    pub by: String,
    /// The absent person for whom it was made.
    #[serde(default)]
    pub on_behalf_of: Option<String>,
    pub at: DateTime<Utc>,
    /// Who decides, as the book said when it was made (E.2); a later book changes nothing.
    #[serde(default)]
    pub route: Route,
    /// What the members of a committee said so far.
    #[serde(default)]
    pub votes: Vec<Vote>,
}

/// A posting order to core banking (T28). INV-1: at most one effect per key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Idempotency key of the order.
    pub key: String,
    pub date: NaiveDate,
    /// Yen delivered to the account: the drawing, or main amount less drawings (I.20).
    pub amount_yen: i64,
    /// False for the full or main posting.
    pub drawing: bool,
    pub state: PostingState,
    /// The loans of a mix, each with an outcome of its own (C-56); empty where the order is for one loan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PostingPart>,
}

/// One loan of a mix in a posting order (C-56).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostingPart {
    pub loan_no: u8,
    /// Yen of the loan.
    pub amount_yen: i64,
    pub state: PostingState,
    /// Core banking's reference, once the part is settled.
    #[serde(default)]
    pub reference: Option<String>,
}

impl Posting {
    /// The part of a loan.
    pub fn part(&self, loan_no: u8) -> Option<&PostingPart> {
        self.parts.iter().find(|part| part.loan_no == loan_no)
    }

    /// Money of one loan is out and another loan was refused: what is out must be taken back (C-56).
    pub fn is_torn(&self) -> bool {
        let any = |state: PostingState| self.parts.iter().any(|part| part.state == state);
        any(PostingState::Posted) && any(PostingState::Rejected)
    }
}

crate::terms! {
    /// Outcome of a posting order. UNKNOWN is never sent again, only asked about (T32).
    pub enum PostingState {
        Ordered = "ORDERED", "指図済", "Ordered";
        Unknown = "UNKNOWN", "結果不明", "Unknown";
        Posted = "POSTED", "実行済", "Posted";
        Rejected = "REJECTED", "実行不能", "Rejected";
        Reversing = "REVERSING", "取消中", "Reversing";
        Reversed = "REVERSED", "取消済", "Reversed";
        Repaid = "REPAID", "完済", "Repaid";
    }
}
